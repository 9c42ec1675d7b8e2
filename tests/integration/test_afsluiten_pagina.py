"""Closing months and the invariants for people and software: who may, what they see, and what they cannot do."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import httpx
import pytest

from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.commands import ledger
from app.domain.errors import Conflict, NietToegestaan
from app.domain.partij import SYSTEEM, Actor, Rol
from app.judging import verwerk_baan
from app.ledger import boek_lokaal, boek_termijnen, laatste_verificatie, sluit_maand, verifieer
from app.reports import read_controles, read_overzicht
from tests.builders import AGB, make_301, make_323
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.fixtures.apps import api_of, pages_of
from tests.integration.test_afsluiten import tamper
from tests.integration.test_grootboek import CONTROLLER, GELD
from tests.integration.test_pages import als, csrf_in

JULI = datetime(2026, 7, 3, 9, 0, tzinfo=AMSTERDAM)
JUNI = date(2026, 6, 1)
GOES = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
UITVAL = Actor(naam="uitval", gemeenten=None, rollen=frozenset({Rol.UITVAL}))
MACHINE = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """Booked in June: a declaratie, terms that are cost too, local cost. It is July."""
    async with wereld_with_region(database, tmp_path, GELD) as june:
        await stuur(june, make_301())
        await stuur(june, make_323())
        await verwerk_baan(june, "ijw", AGB, lot_size_max=10)
        await boek_termijnen(june, CONTROLLER, date(2026, 1, 1), maatstaf="inwoners", reden="januari")
    async with wereld_with_region(database, tmp_path / "juli", GELD, nu=JULI, key_file=None, data_dir=tmp_path) as july:
        yield july


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in and does not follow redirects."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def ask(wereld: Wereld, actor: Actor, method: str, path: str, **body: object) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, path, json=body or None)


async def test_a_controller_of_the_region_previews_and_closes_a_month_on_the_page(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The page shows what it holds; without csrf or reason nothing happens; then it is closed, with its hash and by whom."""
    await als(wereld, browser, Rol.CONTROLLER)
    page = (await browser.get("/geld/maanden")).text
    assert "juni 2026" in page
    assert "Lumpsum termijn" in page
    form = {"csrf": csrf_in(page), "reden": "bank aangesloten"}

    without_csrf = await browser.post("/geld/maanden/2026-06", data={**form, "csrf": "x"})
    without_reason = await browser.post("/geld/maanden/2026-06", data={**form, "reden": " "})
    not_over = await browser.post("/geld/maanden/2026-07", data=form)
    no_month = await browser.post("/geld/maanden/2026-13", data=form)
    assert [each.status_code for each in (without_csrf, without_reason, not_over, no_month)] == [403, 422, 409, 404]
    assert "nog niet voorbij" in not_over.text
    assert 'value=" "' in without_reason.text
    assert await wereld.pool.fetchval("select count(*) from maand_afsluiting") == 0

    done = await browser.post("/geld/maanden/2026-06", data=form)
    after = (await browser.get("/geld/maanden")).text

    assert (done.status_code, done.headers["location"]) == (303, "/geld/maanden")
    assert "Afgesloten" in after
    assert "door proef-controller" in after
    assert "Niets af te sluiten" in after
    stored = await wereld.pool.fetchval("select encode(hash, 'hex') from maand_afsluiting")
    assert stored in after


async def test_who_works_for_a_gemeente_sees_the_months_but_no_totals_and_closes_nothing(
    wereld: Wereld, browser: httpx.AsyncClient
) -> None:
    """The totals are of the region."""
    await sluit_maand(wereld, CONTROLLER, JUNI, reden="x")
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    page = (await browser.get("/geld/maanden")).text
    refused = await browser.post("/geld/maanden/2026-06", data={"csrf": csrf_in(page), "reden": "x"})

    assert "juni 2026" in page
    assert "Hash" not in page
    assert "Boekcontrole" not in page
    assert (await browser.get("/controles")).status_code == 403
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["/geld/maanden", "/controles"])
async def test_who_has_no_such_work_opens_nothing(wereld: Wereld, browser: httpx.AsyncClient, path: str) -> None:
    """Without a session to the form; with another role 403."""
    assert (await browser.get(path)).status_code == 303
    await als(wereld, browser, Rol.TOEGANG)

    assert (await browser.get(path)).status_code == 403


async def test_the_cost_page_counts_by_month_of_care_or_by_booking_month(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The same total in other months."""
    await als(wereld, browser, Rol.CONTROLLER)

    zorg = (await browser.get("/geld?jaar=2026")).text
    boek = (await browser.get("/geld?jaar=2026&basis=boek")).text
    as_file = await browser.get("/geld/kosten.csv?jaar=2026&per=maand&basis=boek")

    assert "zorgjaar 2026" in zorg
    assert "boekjaar 2026" in boek
    assert "Per boekmaand" in boek
    assert "kop-verevening" not in boek
    assert re.search(r"2026-06;juni;[1-9]", as_file.text)
    assert re.search(r"2026-01;januari;0,00", as_file.text)
    assert "kosten-boekjaar-2026-per-maand.csv" in as_file.headers["content-disposition"]


async def test_the_invariants_are_green_until_something_contradicts_them(wereld: Wereld, database: str, browser: httpx.AsyncClient) -> None:
    """Each turns red with its row, on the page too, and what was recomputed stays with the moment it was true."""
    await sluit_maand(wereld, CONTROLLER, JUNI, reden="x")
    await als(wereld, browser, Rol.UITVAL)
    page = (await browser.get("/controles")).text
    assert "Klopt niet" not in page
    assert "Nog niet nagerekend" in page
    assert (await read_overzicht(wereld, CONTROLLER)).nagerekend is None
    assert (await browser.post("/controles", data={"csrf": "x"})).status_code == 403
    assert (await browser.post("/controles", data={"csrf": csrf_in(page)})).status_code == 303
    assert "door proef-uitval" in (await browser.get("/controles")).text
    seen = (await read_overzicht(wereld, CONTROLLER)).nagerekend
    assert seen is not None
    assert seen.klopt

    nr = await wereld.pool.fetchval("select bericht_nr from bericht where soort = '323'")
    changes = (
        "update saldo_delta set bedrag_cent = bedrag_cent + 7 where delta_nr = (select min(delta_nr) from saldo_delta)",
        "update bericht set antwoord_nr = null where soort = '323'",
        "update bericht set toegekend_cent = toegekend_cent - 1 where soort = '323'",
        "insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)"
        " select 'verwerken', bericht_nr, domein, agb, 'x', false, now() from bericht where soort = '323'",
        "update maand_afsluiting set vorige_hash = sha256('x')",
    )
    for statement in changes:
        await tamper(database, statement)
    found = await read_controles(wereld, UITVAL)
    red = (await browser.get("/controles")).text

    assert [each.klopt for each in found.invarianten] == [False] * 5
    assert found.laatste is not None
    assert found.laatste.klopt
    assert found.invarianten[0].rijen[0]["verschil_cent"] == 7
    assert found.invarianten[3].rijen[0]["bericht_nr"] == nr
    assert f'<a href="/berichten/{nr}">' in red
    assert red.count("Klopt niet") == 5


async def test_a_verification_is_kept_and_one_runs_at_a_time(wereld: Wereld, database: str) -> None:
    """By who may; the next one replaces it as the last."""
    assert await laatste_verificatie(wereld, UITVAL) is None
    for actor in (GOES, MACHINE):
        with pytest.raises(NietToegestaan):
            await verifieer(wereld, actor)
        with pytest.raises(NietToegestaan):
            await read_controles(wereld, actor)

    first = await verifieer(wereld, UITVAL)
    await tamper(database, "update bericht set status = 'geparkeerd' where soort = '323'")
    second = await verifieer(wereld, SYSTEEM)
    kept = await laatste_verificatie(wereld, UITVAL)

    assert first.klopt
    assert not second.klopt
    assert kept is not None
    assert (kept.door, kept.klopt, kept.begonnen_op) == ("systeem", False, second.begonnen_op)
    assert [each.regel for each in kept.controles if not each.klopt] == [each.regel for each in second.controles if not each.klopt]
    assert [list(row) for each in kept.controles for row in each.tegenspraken] == [
        list(row) for each in second.controles for row in each.tegenspraken
    ]
    async with wereld.pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock(hashtextextended('solidair verificatie', 0))")
        with pytest.raises(Conflict):
            await verifieer(wereld, UITVAL)


async def test_the_interface_lists_previews_closes_and_verifies(wereld: Wereld) -> None:
    """For who may: a machine of a gemeente may nothing of it."""
    await boek_lokaal(wereld, CONTROLLER, "0664", JUNI, domein="ijw", zorgvorm="ambulant", bedrag_cent=5, reden="x")
    path = "/grootboek/maanden/2026-06"

    assert [
        (await ask(wereld, MACHINE, *each)).status_code
        for each in (("GET", "/grootboek/maanden"), ("GET", path), ("GET", "/controles"), ("POST", "/controles"))
    ] == [403] * 4
    assert (await ask(wereld, MACHINE, "POST", f"{path}/afsluiting", reden="x")).status_code == 403
    preview = (await ask(wereld, CONTROLLER, "GET", path)).json()
    closed = await ask(wereld, CONTROLLER, "POST", f"{path}/afsluiting", reden="x")
    again = await ask(wereld, CONTROLLER, "POST", f"{path}/afsluiting", reden="x")
    first = (await ask(wereld, CONTROLLER, "GET", "/grootboek/maanden?limit=1")).json()
    second = (await ask(wereld, CONTROLLER, "GET", f"/grootboek/maanden?limit=1&cursor={first['volgende']}")).json()
    checks = (await ask(wereld, CONTROLLER, "GET", "/controles")).json()
    verified = (await ask(wereld, CONTROLLER, "POST", "/controles")).json()

    assert preview["belet"] is None
    assert closed.status_code == 200
    assert closed.json()["aantal"] == sum(each["aantal"] for each in preview["soorten"])
    assert again.status_code == 409
    assert [each["maand"] for page in (first, second) for each in page["items"]] == ["2026-07", "2026-06"]
    assert second["items"][0]["hash"] == closed.json()["hash"]
    assert second["volgende"] is None
    assert checks["klopt"]
    assert checks["laatste_verificatie"] is None
    assert verified["klopt"]
    by_year = (await ask(wereld, CONTROLLER, "GET", "/grootboek/saldi?rekening=kosten&boekjaar=2026&zorgjaar=2026")).json()["items"]
    assert by_year
    assert (await ask(wereld, CONTROLLER, "GET", "/grootboek/saldi?boekjaar=2025")).json()["items"] == []
    assert (await ask(wereld, CONTROLLER, "GET", "/grootboek/saldi?boekmaand=2026-07")).json()["items"]


async def test_the_command_prints_a_closed_month_with_its_whole_hash(wereld: Wereld, capsys: pytest.CaptureFixture[str]) -> None:
    """Who keeps the hash elsewhere needs all of it."""
    made = await sluit_maand(wereld, CONTROLLER, JUNI, reden="x")
    capsys.readouterr()

    ledger._print_months([made], as_json=False)
    line = capsys.readouterr().out
    ledger._print_months([made], as_json=True)
    document = json.loads(capsys.readouterr().out)

    assert made.hash is not None
    assert len(made.hash) == 64
    assert line.startswith("2026-06  gesloten op 2026-07-03")
    assert made.hash in line
    assert document["maanden"][0]["hash"] == made.hash
    assert document["maanden"][0]["gesloten"] is True
