"""The HTTP interface on a real database, through the whole application: who sees what, every error a problem, nothing said too much."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol
from app.identity import lijst_tokens, maak_token, trek_token_in
from app.judging import verwerk_baan
from app.mailbox import (
    BerichtFilters,
    bevestig_ontvangst,
    bevindingen_van,
    kenmerk,
    lees_postvak,
    lijst_berichten,
    toon_bericht,
    wacht_op_oordeel,
    xml_van,
)
from app.main import bouw_app, maak_app
from app.settings import Settings
from app.standard.writing import write
from tests.builders import make_301, make_toegewezen_product
from tests.fixtures.apps import app_of

GOES, VEERE = "gemeente:0664", "gemeente:0717"
ZORG, HULP = "aanbieder:42420001", "aanbieder:42420002"
XML = {"Content-Type": "application/xml"}


class Api(NamedTuple):
    """A running application and a client of it."""

    wereld: Wereld
    client: httpx.AsyncClient

    async def token(self, *partijen: str) -> dict[str, str]:
        """The header of somebody who acts for these parties."""
        return {"Authorization": f"Bearer {await maak_token(self.wereld, partijen, 'test')}"}

    async def get(self, path: str, *partijen: str, **params: Any) -> httpx.Response:
        """What these parties see at an address."""
        return await self.client.get(path, headers=await self.token(*partijen), params=params)


@pytest.fixture
async def api(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The application on a fresh database."""
    settings = Settings(mode="test", data_dir=tmp_path, nu=datetime(2026, 6, 3, 9))  # noqa: DTZ001 - local time in the Netherlands
    async with open_wereld(settings, database) as wereld:
        transport = httpx.ASGITransport(app=app_of(wereld))
        async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
            yield Api(wereld, client)


async def store(api: Api, **values: Any) -> int:
    """A bericht in the database: a 323 of ZORG for GOES, unless said otherwise."""
    content = values.pop("inhoud", b"<Bericht/>")
    row = {
        "richting": "in",
        "domein": "ijw",
        "soort": "323",
        "van": ZORG,
        "aan": GOES,
        "gemeente": "0664",
        "agb": "42420001",
        "identificatie": "ABC",
        "sha256": hashlib.sha256(content).digest(),
        "poging": await api.wereld.pool.fetchval("select count(*) from bericht"),
        "grootte": len(content),
        "status": "ontvangen",
        "ontvangen_op": datetime(2026, 7, 1, 12, tzinfo=UTC),
        "ontvangst_datum": date(2026, 7, 1),
        "ingediend_door": "test",
        **values,
    }
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    nr: int = await api.wereld.pool.fetchval(
        f"insert into bericht ({', '.join(row)}) values ({places}) returning bericht_nr", *row.values()
    )
    version, stored = api.wereld.kluis.bewaar(content, kenmerk(row["sha256"]))
    await api.wereld.pool.execute("insert into bericht_inhoud values ($1, $2, $3)", nr, version, stored)
    return nr


async def lay_in_postvak(api: Api, partij: str, nr: int) -> None:
    """Lay a bericht in a postvak."""
    await api.wereld.pool.execute("insert into postvak (partij, bericht_nr, klaar_op) values ($1, $2, $3)", partij, nr, api.wereld.nu)


async def join_region(api: Api, *codes: str) -> None:
    """Gemeenten that take part in the region."""
    for code in codes:
        await api.wereld.pool.execute("insert into gemeente (code, naam, geldig_van) values ($1, $1, '2015-01-01')", code)


def assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """A problem as RFC 9457 says, with our own members, and nothing from inside."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = response.json()
    assert content["status"] == status
    assert content["type"] == "about:blank"
    assert content["title"]
    assert content["detail"]
    assert content["trace_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text
    return content


async def test_without_a_valid_token_there_is_nothing_to_see(api: Api) -> None:
    """No token, another scheme, an unknown and a revoked token: 401, and the reader is told how to sign in."""
    ended = await api.token(ZORG)
    await trek_token_in(api.wereld, (await lijst_tokens(api.wereld))[0].token_nr)

    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer sol_x"}, {"Authorization": "Bearer "}, ended):
        for path in ("/v1/berichten", "/v1/berichten/1", f"/v1/postvakken/{ZORG}", "/v1/grootboek/saldi"):
            response = await api.client.get(path, headers=headers)

            assert_problem(response, 401)
            assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_bericht_is_shown_in_the_agreed_shape(api: Api) -> None:
    """All members of DESIGN section 8, ids as text, instants in UTC, bevindingen counted per retourcode."""
    nr = await store(api, status="deels_afgekeurd", ingediend_cent=12345, toegekend_cent=45, termijn=date(2026, 7, 15), termijn_wie="regio")
    answer = await store(api, richting="uit", soort="325", van=GOES, aan=ZORG, status="klaar", antwoord_op_nr=nr)
    await api.wereld.pool.execute("update bericht set antwoord_nr = $1, beoordeeld_op = ontvangen_op where bericht_nr = $2", answer, nr)
    causes = [(nr, "TR321", "9321", 2, 0), (nr, "TR322", "9321", 1, 0), (nr, "XSD", "", 4, 0)]
    await api.wereld.pool.executemany("insert into bericht_oorzaak values ($1, $2, $3, $4, $5)", causes)

    response = await api.get(f"/v1/berichten/{nr}", ZORG)

    assert response.json() == {
        "id": str(nr),
        "status": "deels_afgekeurd",
        "domein": "ijw",
        "bericht": "323",
        "van": ZORG,
        "aan": GOES,
        "identificatie": "ABC",
        "ontvangen_op": "2026-07-01T12:00:00Z",
        "beoordeeld_op": "2026-07-01T12:00:00Z",
        "antwoord": str(answer),
        "antwoord_op": None,
        "retourcodes": {"9321": 3},
        "ingediend_cent": 12345,
        "toegekend_cent": 45,
        "termijn": "2026-07-15",
        "termijn_wie": "regio",
        "termijn_voldaan_op": None,
    }
    assert (await api.get(f"/v1/berichten/{answer}", ZORG)).json()["antwoord_op"] == str(nr)


async def test_every_way_to_a_bericht_is_closed_for_others(api: Api) -> None:
    """Another aanbieder and another gemeente get the same 404 as for a number that does not exist."""
    nr = await store(api)
    await lay_in_postvak(api, GOES, nr)

    for partij in (HULP, VEERE):
        for path in ("/v1/berichten/{}", "/v1/berichten/{}/xml", "/v1/berichten/{}/bevindingen"):
            seen = assert_problem(await api.get(path.format(nr), partij), 404)
            unknown = assert_problem(await api.get(path.format(999999), partij), 404)
            assert seen["detail"] == unknown["detail"]
        assert_problem(await api.get(f"/v1/postvakken/{GOES}", partij), 404)
        assert (await api.get("/v1/berichten", partij)).json() == {"items": [], "volgende": None}
        acknowledged = await api.client.post(f"/v1/postvakken/{GOES}/{nr}/ontvangst", headers=await api.token(partij))
        assert_problem(acknowledged, 404)
    for partij in (ZORG, GOES):
        assert (await api.get(f"/v1/berichten/{nr}", partij)).json()["id"] == str(nr)


@pytest.mark.parametrize("status", ["ontvangen", "afgekeurd", "geparkeerd", "vastgehouden"])
async def test_an_aanbieder_does_not_see_a_301_that_did_not_leave(api: Api, status: str) -> None:
    """What was stopped here was never sent to it: the gemeente sees it, the addressee does not."""
    nr = await store(api, soort="301", van=GOES, aan=ZORG, status=status)

    assert (await api.get(f"/v1/berichten/{nr}", GOES)).status_code == 200
    assert_problem(await api.get(f"/v1/berichten/{nr}", ZORG), 404)
    assert (await api.get("/v1/berichten", ZORG)).json()["items"] == []

    await api.wereld.pool.execute("update bericht set status = 'klaar' where bericht_nr = $1", nr)
    assert (await api.get(f"/v1/berichten/{nr}", ZORG)).status_code == 200


async def test_a_refusal_at_the_door_is_seen_by_its_sender_only(api: Api) -> None:
    """The header of a refused bericht was not believed, so who it names does not see it."""
    nr = await store(api, status="geweigerd", domein=None, soort=None, aan=GOES, gemeente="0664", agb=None, identificatie=None)

    assert (await api.get("/v1/berichten", ZORG, status="geweigerd")).json()["items"][0]["id"] == str(nr)
    assert_problem(await api.get(f"/v1/berichten/{nr}", GOES), 404)
    assert (await api.get("/v1/berichten", GOES)).json()["items"] == []


async def test_the_list_has_every_bericht_once_on_pages(api: Api) -> None:
    """Newest first; what comes in between two pages does not shift them; a party of both lanes sees each once."""
    nrs = [await store(api) for _ in range(5)] + [await store(api, van=HULP, agb="42420002")]
    headers = await api.token(ZORG, HULP, GOES)

    first = (await api.client.get("/v1/berichten", headers=headers, params={"limit": 4})).json()
    await store(api)
    second = (await api.client.get("/v1/berichten", headers=headers, params={"limit": 4, "cursor": first["volgende"]})).json()

    assert [int(item["id"]) for item in first["items"] + second["items"]] == sorted(nrs, reverse=True)
    assert second["volgende"] is None


async def test_the_list_is_filtered(api: Api) -> None:
    """Each filter alone, and van and tot with their last day included."""
    first = await store(api, ontvangst_datum=date(2026, 6, 30), status="verwerkt")
    second = await store(api, domein="iwmo", soort="305", van=HULP, agb="42420002", status="afgekeurd")
    await api.wereld.pool.execute("insert into bericht_oorzaak values ($1, 'TR074', '9074', 1, 0)", second)

    async def found(**params: Any) -> list[int]:
        return [int(item["id"]) for item in (await api.get("/v1/berichten", GOES, **params)).json()["items"]]

    assert await found() == [second, first]
    assert await found(status="verwerkt") == [first]
    assert await found(domein="iwmo") == [second]
    assert await found(bericht="305") == [second]
    assert await found(bericht="JW323") == [first]
    assert await found(bericht="WMO323") == []
    assert await found(partij=HULP) == [second]
    assert await found(partij=VEERE) == []
    assert await found(retourcode="9074") == [second]
    assert await found(van="2026-07-01") == [second]
    assert await found(tot="2026-06-30") == [first]
    assert await found(van="2026-06-30", tot="2026-07-01") == [second, first]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"status": "weg"}, "status"),
        ({"bericht": "999"}, "bericht"),
        ({"partij": "gemeente:1"}, "partij"),
        ({"partij": "x\x00"}, "partij"),
        ({"retourcode": "' or 1=1"}, "retourcode"),
        ({"van": "gisteren"}, "van"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "x" * 200}, "cursor"),
    ],
)
async def test_a_wrong_parameter_is_named_but_not_repeated(api: Api, params: dict[str, str], field: str) -> None:
    """400 with the name of the parameter and what was expected."""
    response = await api.get("/v1/berichten", ZORG, **params)

    content = assert_problem(response, 400)
    assert [fout["veld"] for fout in content["fouten"]] == [field]
    if len(params[field]) > 3:
        assert params[field] not in response.text


@pytest.mark.parametrize("cursor", ["", "x", "bmE6LTE", "bmE6MQ==", "é", "bmE6OTk5OTk5OTk5OTk5OTk5OTk5OTk", "bmE6MDE"])
async def test_a_cursor_that_we_did_not_make_is_refused(api: Api, cursor: str) -> None:
    """Negative, padded, too large, with a leading zero: 400, never an error of ours."""
    assert_problem(await api.get("/v1/berichten", ZORG, cursor=cursor), 400)


@pytest.mark.parametrize("nr", ["0", "-1", "x", "1.0", "01", "٣", "99999999999999999999999", "%00", "1%20"])
async def test_an_id_that_cannot_be_ours_does_not_exist(api: Api, nr: str) -> None:
    """404, as for every other bericht that is not there."""
    assert_problem(await api.get(f"/v1/berichten/{nr}", ZORG), 404)


async def test_the_xml_is_given_back_unaltered(api: Api) -> None:
    """Byte for byte, as a file that a browser does not show."""
    content = "<Bericht>\r\n<A>é</A>\t</Bericht>".encode()
    nr = await store(api, inhoud=content)

    response = await api.get(f"/v1/berichten/{nr}/xml", ZORG)

    assert response.content == content
    assert response.headers["content-type"] == "application/xml"
    assert response.headers["content-disposition"].startswith("attachment")


async def test_bevindingen_come_in_pages_in_order_of_the_file(api: Api) -> None:
    """Every finding once."""
    nr = await store(api)
    rows = [(nr, n, "TR321", "9321", f"/Bericht/P[{n}]", n, None, "Te veel.") for n in range(1, 6)]
    await api.wereld.pool.copy_records_to_table("bevinding", records=rows)
    headers = await api.token(ZORG)

    path = f"/v1/berichten/{nr}/bevindingen"
    first = (await api.client.get(path, headers=headers, params={"limit": 3})).json()
    second = (await api.client.get(path, headers=headers, params={"limit": 3, "cursor": first["volgende"]})).json()

    assert [item["regelnummer"] for item in first["items"] + second["items"]] == [1, 2, 3, 4, 5]
    assert first["items"][0] == {
        "regel": "TR321",
        "retourcode": "9321",
        "pad": "/Bericht/P[1]",
        "regelnummer": 1,
        "waarde": None,
        "melding": "Te veel.",
    }
    assert second["volgende"] is None


async def test_a_postvak_is_read_and_acknowledged(api: Api) -> None:
    """Oldest first until acknowledged; then it is delivered and gone; once more changes nothing."""
    nrs = [await store(api, richting="uit", soort="325", van=GOES, aan=ZORG, status="klaar", antwoord_op_nr=7) for _ in range(3)]
    for nr in nrs:
        await lay_in_postvak(api, ZORG, nr)
    headers = await api.token(ZORG)

    first = (await api.client.get(f"/v1/postvakken/{ZORG}", headers=headers, params={"limit": 2})).json()
    rest = (await api.client.get(f"/v1/postvakken/{ZORG}", headers=headers, params={"cursor": first["volgende"]})).json()
    for _ in range(2):
        response = await api.client.post(f"/v1/postvakken/{ZORG}/{nrs[0]}/ontvangst", headers=headers)
        assert response.status_code == 204
        assert response.content == b""

    assert [int(item["id"]) for item in first["items"] + rest["items"]] == nrs
    assert set(first["items"][0]) == {"id", "domein", "bericht", "van", "aan", "identificatie", "klaar_op", "antwoord_op"}
    assert first["items"][0]["antwoord_op"] == "7"
    left = (await api.client.get(f"/v1/postvakken/{ZORG}", headers=headers)).json()["items"]
    assert [int(item["id"]) for item in left] == nrs[1:]
    assert (await api.client.get(f"/v1/berichten/{nrs[0]}", headers=headers)).json()["status"] == "bezorgd"
    assert (await api.client.get(f"/v1/berichten/{nrs[1]}", headers=headers)).json()["status"] == "klaar"


async def test_acknowledging_a_copy_is_not_the_delivery_and_an_answered_bericht_stays_answered(api: Api) -> None:
    """Only the addressee makes a bericht delivered, and only one that still waits for that."""
    waiting = await store(api, richting="uit", soort="325", van=GOES, aan=ZORG, status="klaar")
    answered = await store(api, soort="301", van=GOES, aan=ZORG, status="beantwoord")
    await lay_in_postvak(api, GOES, waiting)
    await lay_in_postvak(api, ZORG, answered)

    await api.client.post(f"/v1/postvakken/{GOES}/{waiting}/ontvangst", headers=await api.token(GOES))
    await api.client.post(f"/v1/postvakken/{ZORG}/{answered}/ontvangst", headers=await api.token(ZORG))

    rows = await api.wereld.pool.fetch("select status from bericht order by bericht_nr")
    assert [row["status"] for row in rows] == ["klaar", "beantwoord"]


async def test_what_does_not_lie_in_a_postvak_cannot_be_acknowledged(api: Api) -> None:
    """404; the bericht is as it was."""
    nr = await store(api, status="klaar")

    assert_problem(await api.client.post(f"/v1/postvakken/{ZORG}/{nr}/ontvangst", headers=await api.token(ZORG)), 404)

    assert await api.wereld.pool.fetchval("select status from bericht") == "klaar"


async def test_waiting_ends_when_the_bericht_is_judged(api: Api) -> None:
    """The answer comes with the notice, well before the time is up, for all who wait; then nobody listens any more."""
    nr = await store(api)
    headers = await api.token(ZORG)
    begin = time.monotonic()

    waiting = [asyncio.create_task(api.client.get(f"/v1/berichten/{nr}?wacht=30", headers=headers)) for _ in range(3)]
    await asyncio.sleep(0.3)
    async with api.wereld.pool.acquire() as connection, connection.transaction():
        await connection.execute("update bericht set status = 'verwerkt' where bericht_nr = $1", nr)
        await connection.execute("select pg_notify('bericht_beoordeeld', $1)", str(nr))
    answers = await asyncio.gather(*waiting)

    assert [answer.json()["status"] for answer in answers] == ["verwerkt"] * 3
    assert time.monotonic() - begin < 1.8, "the notice, not the safety net, must have woken them"
    listening = await api.wereld.pool.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'"
    )
    assert listening == 0


async def test_waiting_ends_without_a_notice_too(api: Api) -> None:
    """A notice that got lost costs seconds, not the whole time: there is a look now and then."""
    nr = await store(api)

    waiting = asyncio.create_task(api.get(f"/v1/berichten/{nr}", ZORG, wacht=30))
    await asyncio.sleep(0.3)
    await api.wereld.pool.execute("update bericht set status = 'verwerkt' where bericht_nr = $1", nr)
    answer = await asyncio.wait_for(waiting, 10)

    assert answer.json()["status"] == "verwerkt"


async def test_waiting_ends_when_time_is_up(api: Api) -> None:
    """Then the status is still ontvangen; a bericht of another is not waited for."""
    nr = await store(api)
    begin = time.monotonic()

    assert (await api.get(f"/v1/berichten/{nr}", ZORG, wacht=1)).json()["status"] == "ontvangen"
    assert 1.0 <= time.monotonic() - begin < 5.0
    begin = time.monotonic()
    assert_problem(await api.get(f"/v1/berichten/{nr}", HULP, wacht=30), 404)
    assert time.monotonic() - begin < 5.0
    assert_problem(await api.get(f"/v1/berichten/{nr}", ZORG, wacht=61), 400)


@pytest.mark.parametrize("path", ["/v1/berichten", "/v1/berichten/controle"])
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data", ""])
async def test_a_bericht_is_sent_as_xml(api: Api, path: str, content_type: str) -> None:
    """415 says which type."""
    response = await api.client.post(path, content=b"<a/>", headers={**await api.token(ZORG), "Content-Type": content_type})

    assert "application/xml" in assert_problem(response, 415)["detail"]


async def test_a_bericht_that_is_no_xml_is_refused_with_its_findings(api: Api) -> None:
    """400 with what to change; the refusal is kept under an id that the sender can look at."""
    headers = await api.token(ZORG)

    response = await api.client.post("/v1/berichten", content=b"<Bericht", headers={**headers, **XML})

    content = assert_problem(response, 400)
    assert content["bevindingen"][0]["melding"]
    kept = (await api.client.get(f"/v1/berichten/{content['bericht']}", headers=headers)).json()
    assert kept["status"] == "geweigerd"
    assert (await api.client.get(f"/v1/berichten/{content['bericht']}/xml", headers=headers)).content == b"<Bericht"


async def test_a_bericht_of_26_mb_is_not_read_to_its_end(api: Api) -> None:
    """It is streamed and counted: reading stops one byte past the limit, the answer is 413, the refusal is kept with its beginning."""
    sent = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100_000_000:
            sent += 1_000_000
            yield b" " * 1_000_000

    headers = await api.token(ZORG)
    response = await api.client.post("/v1/berichten", content=stream(), headers={**headers, **XML})

    content = assert_problem(response, 413)
    assert content["bevindingen"]
    row = await api.wereld.pool.fetchrow("select status, grootte from bericht")
    assert row is not None
    assert (row["status"], row["grootte"]) == ("geweigerd", 25_000_001)
    kept = await api.client.get(f"/v1/berichten/{content['bericht']}/xml", headers=headers)
    assert len(kept.content) <= 64_000


async def test_nobody_without_a_token_sends_25_mb(api: Api) -> None:
    """The token is looked at before the body."""

    read = 0

    async def stream() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b" " * 1_000_000

    assert_problem(await api.client.post("/v1/berichten", content=stream(), headers=XML), 401)
    assert read == 0


async def test_other_addresses_take_a_megabyte(api: Api) -> None:
    """Said in the header or found while streaming: 413 as a problem."""

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500_000

    for body in (b"x" * 1_000_001, stream()):
        response = await api.client.post("/aanmelden", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert response.status_code == 413


async def test_checking_stores_nothing_and_always_answers(api: Api) -> None:
    """200 with valid false, whatever is found."""
    headers = {**await api.token(ZORG), **XML}

    for niveau in ("1", "2", "4"):
        response = await api.client.post("/v1/berichten/controle", params={"niveau": niveau}, content=b"<Bericht/>", headers=headers)
        assert response.status_code == 200
        assert response.json()["valid"] is False
        assert response.json()["bevindingen"]
    assert_problem(await api.client.post("/v1/berichten/controle?niveau=3", content=b"<Bericht/>", headers=headers), 400)
    assert await api.wereld.pool.fetchval("select count(*) from bericht") == 0


async def test_a_machine_does_not_replay(api: Api) -> None:
    """Replaying is for people with the role uitval; a token has no roles."""
    nr = await store(api, status="geparkeerd")

    assert_problem(await api.client.post(f"/v1/berichten/{nr}/opnieuw", headers=await api.token(ZORG)), 403)

    assert await api.wereld.pool.fetchval("select status from bericht") == "geparkeerd"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/bestaat-niet", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/", 404),
        ("GET", "/v1/berichten/", 404),
        ("GET", "/bestaat-niet", 404),
        ("PUT", "/v1/berichten", 405),
        ("DELETE", "/v1/berichten/1", 405),
        ("POST", "/healthz", 405),
    ],
)
async def test_what_does_not_exist_is_a_problem_too(api: Api, method: str, path: str, status: int) -> None:
    """Without redirects; 405 says what is allowed."""
    response = await api.client.request(method, path, headers=await api.token(ZORG))

    assert_problem(response, status)
    assert status != 405 or response.headers["allow"]


async def test_our_own_bug_is_a_500_with_an_id_and_one_line_in_the_log(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing from inside goes out; the log has the place, not the message, which may hold a name."""

    secret = "999900006"

    async def broken(*_args: object) -> object:
        raise ValueError(secret)

    monkeypatch.setattr("app.api.berichten.lijst_berichten", broken)
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        response = await api.get("/v1/berichten", ZORG)

    content = assert_problem(response, 500)
    assert secret not in response.text
    failed = [line for line in logs if line["event"] == "request_failed"]
    assert len(failed) == 1
    assert failed[0]["error"] == "ValueError"
    assert failed[0]["trace_id"] == content["trace_id"]
    assert secret not in json.dumps(logs)


async def test_a_database_that_is_away_is_a_503(api: Api) -> None:
    """Try again later, says the answer; readyz says it too, healthz goes on."""
    headers = await api.token(ZORG)
    await api.wereld.pool.execute("alter table bericht rename to elders")

    assert (await api.client.get("/healthz")).status_code == 200
    assert_problem(await api.client.get("/readyz"), 503)
    await api.wereld.pool.execute("alter table elders rename to bericht")
    assert (await api.client.get("/readyz")).status_code == 200
    await api.wereld.pool.close()
    await api.wereld.engine.dispose()
    response = await api.client.get("/v1/berichten", headers=headers)
    assert assert_problem(response, 503)["detail"]
    assert response.headers["retry-after"]


async def test_every_answer_carries_version_id_and_safe_headers(api: Api) -> None:
    """Also when it is an error; the id of the caller is kept when it is one."""
    for path in ("/v1/berichten", "/v1/openapi.json", "/v1/niets"):
        response = await api.client.get(path, headers={**await api.token(ZORG), "X-Request-Id": "abcdef-123456"})
        assert response.headers["api-version"] == "1.0.0"
        assert response.headers["x-request-id"] == "abcdef-123456"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "strict-transport-security" not in response.headers
    refused = await api.client.get("/healthz", headers={"X-Request-Id": "een naam; met <tekens>"})
    assert "<" not in refused.headers["x-request-id"]


async def test_the_log_of_a_request_has_no_query_and_no_path_of_the_reader(api: Api) -> None:
    """Patterns of routes only: neither what was asked nor the token."""
    headers = await api.token(ZORG)
    with capture_logs() as logs:
        await api.client.get("/v1/berichten/123456?naam=Jansen", headers=headers)
        await api.client.get("/v1/Jansen/999900006", headers=headers)

    text = json.dumps(logs)
    assert [line["route"] for line in logs if line["event"] == "http_request"] == ["/v1/berichten/{bericht_id}", "-"]
    assert "Jansen" not in text
    assert "999900006" not in text
    assert headers["Authorization"][7:] not in text


async def test_metrics_count_without_saying_who(api: Api) -> None:
    """Berichten per status, backlog, age of the oldest, and requests; no party, no number."""
    await store(api)
    await store(api, status="verwerkt")
    await api.wereld.pool.execute("insert into outbox values (default, 'verwerken', 1, 'ijw', '42420001', 'x', false, now(), null)")
    # An application of its own, which has counted nothing yet.
    transport = httpx.ASGITransport(app=bouw_app(lambda: api.wereld))
    async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
        await client.get("/v1/berichten", headers=await api.token(ZORG))

        text = (await client.get("/metrics")).text

    lines = text.splitlines()
    assert 'solidair_berichten{status="ontvangen"} 1' in lines
    assert 'solidair_berichten{status="verwerkt"} 1' in lines
    assert 'solidair_outbox{taak="verwerken"} 1' in lines
    assert 'solidair_http_request_seconds_count{method="GET",route="/v1/berichten",status="200"} 1' in lines
    assert any(line.startswith('solidair_oldest_waiting_seconds{status="ontvangen"} ') for line in lines)
    assert "42420001" not in text


async def test_balances_and_transfers_are_limited_to_the_actor(api: Api) -> None:
    """A gemeente sees its own money, whole lines on a page, months as 2026-06."""
    nr = await store(api)
    await api.wereld.pool.execute(
        """
        insert into rekening (soort, gemeente, agb)
        values ('kosten', '0664', ''), ('crediteur', '0664', '42420001'), ('kosten', '0717', ''), ('crediteur', '0717', '42420002')
        """
    )
    for debet, credit in ((1, 2), (3, 4)):
        for regel in (1, 2, 3):
            await api.wereld.pool.execute(
                "insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, boekdatum,"
                " client_id, regelset) values ($1, $2, 'prestatie', 0, $3, $4, 250, 'ijw', 'jeugdhulp', '2026-06-01', '2026-07-02', 1, 'x')",
                nr + debet,
                regel,
                debet,
                credit,
            )
        for rekening, cents in ((debet, 750), (credit, -750)):
            await api.wereld.pool.execute(
                "insert into saldo_delta (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent)"
                " values ($1, 'ijw', 'jeugdhulp', '2026-06-01', '2026-07-01', $2)",
                rekening,
                cents,
            )

    saldi = (await api.get("/v1/grootboek/saldi", GOES)).json()["items"]
    first = (await api.get("/v1/grootboek/boekingen", GOES, bericht=str(nr + 1), limit=2)).json()
    second = (await api.get("/v1/grootboek/boekingen", GOES, bericht=str(nr + 1), limit=2, cursor=first["volgende"])).json()

    assert {item["gemeente"] for item in saldi} == {"0664"}
    assert {
        "rekening": "kosten",
        "gemeente": "0664",
        "aanbieder": "",
        "domein": "ijw",
        "zorgvorm": "jeugdhulp",
        "zorgmaand": "2026-06",
        "boekmaand": "2026-07",
        "bedrag_cent": 750,
    } in saldi
    assert [item["regel"] for item in first["items"] + second["items"]] == [1, 2, 3]
    assert first["items"][0]["debet"] == {"rekening": "kosten", "gemeente": "0664", "aanbieder": ""}
    assert (await api.get("/v1/grootboek/boekingen", GOES, bericht=str(nr + 3))).json()["items"] == []
    for name in ("tot_en_met", "totEnMet"):
        assert (await api.get("/v1/grootboek/saldi", GOES, **{name: "2026-06"})).json()["items"] == []
        assert len((await api.get("/v1/grootboek/saldi", GOES, **{name: "2026-07-01"})).json()["items"]) == 2
    page = (await api.get("/v1/grootboek/saldi", GOES, limit=1)).json()
    rest = (await api.get("/v1/grootboek/saldi", GOES, limit=1, cursor=page["volgende"])).json()
    assert page["items"] + rest["items"] == saldi
    assert_problem(await api.get("/v1/grootboek/saldi", GOES, zorgmaand="2026-13"), 400)


async def test_a_bericht_goes_from_door_to_postvak(api: Api) -> None:
    """A 301 is accepted, judged while its sender waits, lies in the postvak of the aanbieder, and is delivered when that says so."""
    await join_region(api, "0664")
    sender, receiver = {**await api.token(GOES), **XML}, await api.token(ZORG)
    data = write(make_301(make_toegewezen_product()))

    accepted = await api.client.post("/v1/berichten", content=data, headers=sender)
    location = accepted.headers["location"]
    waiting = asyncio.create_task(api.client.get(f"{location}?wacht=20", headers=sender))
    await asyncio.sleep(0.2)
    judged_count = await verwerk_baan(api.wereld, "ijw", "42420001", lot_size_max=50)
    judged = (await waiting).json()
    item = (await api.client.get(f"/v1/postvakken/{ZORG}", headers=receiver)).json()["items"][0]
    delivered = await api.client.get(f"/v1/berichten/{item['id']}/xml", headers=receiver)
    await api.client.post(f"/v1/postvakken/{ZORG}/{item['id']}/ontvangst", headers=receiver)

    assert accepted.status_code == 202
    assert accepted.json()["status"] == "ontvangen"
    assert location == f"/v1/berichten/{accepted.json()['id']}"
    assert judged_count == 1
    assert judged["status"] == "klaar"
    assert item["id"] == accepted.json()["id"]
    assert delivered.content == data
    assert (await api.client.get(location, headers=sender)).json()["status"] == "bezorgd"


async def test_the_same_bytes_again_are_the_same_bericht(api: Api) -> None:
    """200 with the first id, also when it arrives twice at once, and with a charset in the type."""
    await join_region(api, "0664")
    headers = {**await api.token(GOES), "Content-Type": "text/xml; charset=utf-8"}
    data = write(make_301(make_toegewezen_product()))

    answers = await asyncio.gather(*(api.client.post("/v1/berichten", content=data, headers=headers) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 202]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await api.wereld.pool.fetchval("select count(*) from bericht") == 1


async def test_nobody_sends_in_the_name_of_another(api: Api) -> None:
    """403 with a finding at the code of the sender; the refusal is for who sent it, not for who it names."""
    await join_region(api, "0664")
    headers = await api.token(HULP)

    response = await api.client.post("/v1/berichten", content=write(make_301(make_toegewezen_product())), headers={**headers, **XML})

    content = assert_problem(response, 403)
    assert content["bevindingen"][0]["pad"] == "/Bericht/Header/Afzender"
    assert (await api.client.get(f"/v1/berichten/{content['bericht']}", headers=headers)).json()["status"] == "geweigerd"
    for named in (GOES, ZORG):
        assert_problem(await api.get(f"/v1/berichten/{content['bericht']}", named), 404)


async def test_region_data_is_limited_to_the_actor(api: Api) -> None:
    """Names are for everybody; an aanbieder sees its own contract without plafond, a gemeente its own budget."""
    await join_region(api, "0664", "0717")
    await api.wereld.pool.execute(
        """
        insert into aanbieder (agb, naam) values ('42420001', 'Zorg'), ('42420002', 'Hulp');
        insert into contract (contract, agb, domein, alle_gemeenten, geldig_van, plafond_cent)
        values ('C1', '42420001', 'ijw', true, '2026-01-01', 1000), ('C2', '42420002', 'ijw', true, '2026-01-01', null);
        insert into tarief (contract, categorie, code, eenheid, tarief_cent, geldig_van) values ('C1', '45', '45A04', '04', 6000, '2026-01-01');
        insert into budget (gemeente, jaar, bedrag_cent) values ('0664', 2026, 500), ('0717', 2026, 600);
        """
    )

    async def items(path: str, *partijen: str, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await api.get(path, *partijen, **params)).json()["items"]
        return found

    assert [item["code"] for item in await items("/v1/gemeenten", ZORG)] == ["0664", "0717"]
    assert [item["agb"] for item in await items("/v1/aanbieders", ZORG)] == ["42420001", "42420002"]
    (own,) = await items("/v1/contracten", ZORG)
    assert own["contract"] == "C1"
    assert own["plafond_cent"] is None
    assert [item["tarief_cent"] for item in await items("/v1/tarieven", ZORG, contract="C1")] == [6000]
    assert [item["plafond_cent"] for item in await items("/v1/contracten", GOES)] == [1000, None]
    assert [item["contract"] for item in await items("/v1/contracten", GOES, aanbieder="42420002")] == ["C2"]
    assert await items("/v1/budgetten", ZORG) == []
    assert [item["bedrag_cent"] for item in await items("/v1/budgetten", GOES)] == [500]
    first = (await api.get("/v1/gemeenten", ZORG, limit=1)).json()
    assert [item["code"] for item in await items("/v1/gemeenten", ZORG, cursor=first["volgende"])] == ["0717"]


async def test_a_browser_gets_a_page_and_a_program_a_problem(api: Api) -> None:
    """An address that does not exist, in the form that the reader asked for; pages may load their own style and nothing else."""
    page = await api.client.get("/bestaat-niet", headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert_problem(await api.client.get("/bestaat-niet"), 404)
    assert (await api.client.get("/aanmelden")).status_code == 200


async def test_the_application_opens_its_own_world(database: str, tmp_path: Path) -> None:
    """Without a world given, it opens one from the settings when it starts and closes it when it stops."""
    app = maak_app(Settings(mode="test", data_dir=tmp_path, database_url=database, secure_cookies=True))

    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://solidair.test") as client:
            ready = await client.get("/readyz")
            assert ready.status_code == 200
            assert ready.headers["strict-transport-security"]
        wereld: Wereld = app.state.wereld_of()

    assert wereld.pool.is_closing()


PERSON = frozenset({Rol.INZAGE})
ACTORS = {
    "region": Actor(naam="r", gemeenten=None, rollen=PERSON),
    "person of Goes": Actor(naam="p", gemeenten=frozenset({"0664"}), rollen=PERSON),
    "person of nothing": Actor(naam="n", gemeenten=frozenset(), rollen=PERSON),
    "access team of Goes": Actor(naam="t", gemeenten=frozenset({"0664"}), partijen=frozenset({GOES}), rollen=PERSON),
    "system of Goes": Actor(naam="g", gemeenten=frozenset({"0664"}), partijen=frozenset({GOES})),
    "software of Zorg": Actor(naam="z", partijen=frozenset({ZORG})),
    "software of both": Actor(naam="b", partijen=frozenset({ZORG, HULP})),
    "many gemeenten": Actor(naam="m", gemeenten=frozenset({f"{n:04}" for n in range(600, 700)}), rollen=PERSON),
}


async def test_lists_and_single_berichten_agree_on_who_sees_what(api: Api) -> None:
    """For every kind of actor the list has exactly the berichten that can be opened one by one, and these are the right ones."""
    nrs = {
        "declaratie": await store(api),
        "declaratie elsewhere": await store(api, van=HULP, aan=VEERE, gemeente="0717", agb="42420002"),
        "stopped 301": await store(api, soort="301", van=GOES, aan=ZORG, status="afgekeurd"),
        "sent 301": await store(api, soort="301", van=GOES, aan=ZORG, status="bezorgd"),
        "answer": await store(api, soort="325", richting="uit", van=GOES, aan=ZORG, status="klaar"),
        "refused for Goes": await store(api, status="geweigerd"),
        "refused without header": await store(api, status="geweigerd", domein=None, soort=None, aan=None, gemeente=None, agb=None),
    }
    at_door = {"refused for Goes", "refused without header"}
    everything = set(nrs)
    of_goes = everything - {"declaratie elsewhere", "refused without header"}
    expected = {
        "region": everything,
        "person of Goes": of_goes,
        "person of nothing": set(),
        "access team of Goes": of_goes,
        "system of Goes": of_goes - at_door,
        "software of Zorg": everything - {"declaratie elsewhere", "stopped 301"},
        "software of both": everything - {"stopped 301"},
        "many gemeenten": of_goes,
    }

    for name, actor in ACTORS.items():
        listed = {item.id for item in (await lijst_berichten(api.wereld, actor, BerichtFilters())).items}
        opened = {str(nr) for nr in nrs.values() if await can_open(api, actor, nr)}
        seen = {label for label, nr in nrs.items() if str(nr) in listed}
        assert seen == expected[name], name
        assert opened == listed, name


async def can_open(api: Api, actor: Actor, nr: int) -> bool:
    """Whether the bericht and everything of it can be read; all of it or nothing."""
    outcomes = set()
    for read in (toon_bericht, xml_van, bevindingen_van):
        try:
            await read(api.wereld, actor, nr)
            outcomes.add(True)
        except NietGevonden:
            outcomes.add(False)
    assert len(outcomes) == 1
    return outcomes.pop()


async def test_a_person_looks_into_a_postvak_but_does_not_empty_it(api: Api) -> None:
    """Acknowledging is for who acts for the party; of an aanbieder only the region sees the postvak."""
    nr = await store(api, status="klaar", soort="325", richting="uit", van=GOES, aan=ZORG)
    await lay_in_postvak(api, ZORG, nr)
    await lay_in_postvak(api, GOES, nr)

    assert len((await lees_postvak(api.wereld, ACTORS["region"], ZORG)).items) == 1
    assert len((await lees_postvak(api.wereld, ACTORS["person of Goes"], GOES)).items) == 1
    for name, partij in (("person of Goes", ZORG), ("person of nothing", GOES), ("software of Zorg", GOES), ("region", "regio:1")):
        with pytest.raises(NietGevonden):
            await lees_postvak(api.wereld, ACTORS[name], partij)
    with pytest.raises(NietToegestaan):
        await bevestig_ontvangst(api.wereld, ACTORS["region"], ZORG, nr)
    await bevestig_ontvangst(api.wereld, ACTORS["access team of Goes"], GOES, nr)

    assert await api.wereld.pool.fetchval("select array_agg(partij) from postvak where ontvangen_op is null") == [ZORG]


async def test_who_comes_after_two_hundred_does_not_wait(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that waits is bounded; the rest gets the answer of now."""
    monkeypatch.setattr("app.mailbox.wachten.WACHTENDEN_MAX", 1)
    nr = await store(api)
    first = asyncio.create_task(wacht_op_oordeel(api.wereld, ACTORS["region"], nr, 3))
    await asyncio.sleep(0.2)
    begin = time.monotonic()

    second = await wacht_op_oordeel(api.wereld, ACTORS["region"], nr, 3)

    assert second.status == "ontvangen"
    assert time.monotonic() - begin < 1
    assert not first.done()
    await first


async def test_the_published_document_is_the_one_in_docs(api: Api) -> None:
    """docs/openapi.json is what the program says of itself; tools/make_openapi.py writes it."""
    from tools.make_openapi import TARGET, as_text

    published = (await api.client.get("/v1/openapi.json")).json()

    assert TARGET.read_text(encoding="utf-8") == as_text(published), "run python tools/make_openapi.py"


async def test_the_document_follows_the_design_rules(api: Api) -> None:
    """Every answer names API-Version, every error is a problem, input that is wrong is 400, no path ends with a slash."""
    document = (await api.client.get("/v1/openapi.json")).json()

    assert document["servers"] == [{"url": "/v1"}]
    assert set(document["info"]["contact"]) == {"name", "email", "url"}
    for path, operations in document["paths"].items():
        assert not path.endswith("/")
        for operation in operations.values():
            assert "400" in operation["responses"]
            for status, said in operation["responses"].items():
                response = document["components"]["responses"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said
                assert "API-Version" in response["headers"]
                assert status < "400" or list(response["content"]) == ["application/problem+json"]
