"""The pages, the interface and the command that follow money: what they say, where they lead, and to whom they are open."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.commands import trace
from app.domain.declaratie import DeclaratieClient
from app.domain.partij import SYSTEEM, Rol, aanbieder, gemeente
from app.identity import maak_token
from app.reports.service_casussen import pseudoniem
from app.solidarity.service import Keuze, Model, vereven
from tests.builders import AGB, BSN, make_301, make_323, make_credit, make_declaratie, make_month, make_prestatie
from tests.end_to_end.test_herbeoordelen import speel
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import app_of
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """Goes: 480 euros of April, credited later, and 180 of May; one verevening."""
    async with wereld_with_region(database, tmp_path) as opened:
        april = make_prestatie(periode=make_month(2026, 4))
        credit = DeclaratieClient(bsn=BSN, prestaties=(make_credit("C1", april),))
        await speel(
            opened,
            [
                make_301(),
                make_323(april, make_prestatie("R2", geleverd_volume=3)),
                make_323(declaratie=make_declaratie([credit], declaratie_nummer="D2"), identificatie="CREDIT"),
            ],
        )
        await vereven(opened, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
        yield opened


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in, and the interface beside the pages."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def nrs(wereld: Wereld) -> tuple[int, int]:
    """Number of the first declaratie and of the run."""
    bericht = await wereld.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")
    return bericht, await wereld.pool.fetchval("select run_nr from verevening_run")


async def page(browser: httpx.AsyncClient, pad: str) -> str:
    """The text of a page that must be there."""
    response = await browser.get(pad)
    assert response.status_code == 200, (pad, response.text[-500:])
    return html.unescape(response.text)


def links(text: str, start: str) -> list[str]:
    """Where a page leads to, of the addresses that begin so."""
    return [found for found in re.findall(r'href="([^"]*)"', text) if found.startswith(start)]


async def test_from_geld_every_number_leads_down_to_the_bytes(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A controller follows links only: total, transfers, prestatie, the lines of the file; and back up."""
    await als(wereld, browser, Rol.CONTROLLER, Rol.UITVAL)
    geld = await page(browser, "/geld?jaar=2026")

    for link in links(geld, "/geld/herkomst"):
        await page(browser, link)
    totaal = await page(browser, "/geld/herkomst?gemeente=0664&zorgjaar=2026")
    bericht, run = await nrs(wereld)
    spoor = await page(browser, links(totaal, f"/geld/herkomst/prestaties/{bericht}/2")[0])

    assert "/geld/herkomst?gemeente=0664&zorgjaar=2026" in geld
    assert f"/geld/herkomst/verevening/{run}/0664" in geld
    assert "Kosten van Goes in zorgjaar 2026" in totaal
    assert "in 3 boekingen" in totaal
    assert "Klopt:" in totaal
    assert "3 × €\u00a060,00 = €\u00a0180,00" in spoor
    assert (await wereld.pool.fetchval("select encode(sha256, 'hex') from bericht where bericht_nr = $1", bericht)) in spoor
    assert ">R2</" in spoor
    assert BSN not in spoor
    assert BSN not in totaal
    for link in links(spoor, "/geld/herkomst") + links(spoor, "/berichten/"):
        await page(browser, link)


async def test_share_in_the_verevening_leads_to_its_balances(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    _, run = await nrs(wereld)

    text = await page(browser, f"/geld/herkomst/verevening/{run}/0664")

    assert "in de verevening 2026" in text
    assert "Ambulante hulp, mei 2026" in text
    assert "samen zijn de saldi die erin gingen nu nog even hoog" in text
    for link in links(text, "/geld/herkomst?"):
        await page(browser, link)


async def test_toewijzing_shows_expected_and_used(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    text = await page(browser, "/geld/herkomst/toewijzingen/ijw/0664/1001")

    assert "Verwacht en gebruikt" in text
    assert "gecrediteerd door bericht" in text


async def test_line_of_a_bericht_leads_to_its_money(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """For who may see money; an access team sees the line without that way."""
    bericht, _ = await nrs(wereld)
    await als(wereld, browser, Rol.CONTROLLER)
    assert f"/geld/herkomst/prestaties/{bericht}/1" in await page(browser, f"/berichten/{bericht}/regels/1")

    await als(wereld, browser, Rol.TOEGANG)
    assert "/geld/herkomst" not in await page(browser, f"/berichten/{bericht}/regels/1")


async def test_pages_are_turned_by_cursor(wereld: Wereld, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next page goes on and says the same total; a cursor of another list is refused."""
    await als(wereld, browser, Rol.CONTROLLER)
    monkeypatch.setattr("app.reports.service_herkomst.page_size", lambda limit: 2)

    first = await page(browser, "/geld/herkomst")
    second = await page(browser, links(first, "/geld/herkomst?rekening=kosten&cursor")[0])

    assert "in 3 boekingen" in second
    assert "Naar het begin" in second
    assert (await browser.get("/geld/herkomst?cursor=onzin")).status_code == 400


async def test_who_may_open_what(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another gemeente finds nothing, a role without money is refused, a wrong filter is said; a reader sees no client and no file."""
    bericht, run = await nrs(wereld)
    paden = (
        "/geld/herkomst?gemeente=0664",
        f"/geld/herkomst/prestaties/{bericht}/1",
        "/geld/herkomst/toewijzingen/ijw/0664/1001",
        f"/geld/herkomst/verevening/{run}/0664",
    )
    client = pseudoniem(wereld.kluis, await wereld.pool.fetchval("select client_id from client"))
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0687",))
    assert [(await browser.get(pad)).status_code for pad in paden] == [404] * 4
    await als(wereld, browser, Rol.UITVAL)
    assert [(await browser.get(pad)).status_code for pad in paden] == [403] * 4
    await als(wereld, browser, Rol.INZAGE, gemeenten=("0664",))
    texts = [await page(browser, pad) for pad in paden]
    assert not any(client in text or "In het bestand" in text for text in texts)
    assert (await browser.get("/geld/herkomst?zorgmaand=mei")).status_code == 422
    assert (await browser.get("/herkomst?gemeente=0664")).headers["location"] == "/geld/herkomst?gemeente=0664"


async def test_empty_selection_says_so(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    assert "Geen boekingen" in await page(browser, "/geld/herkomst?zorgjaar=2019")


async def headers(wereld: Wereld, *partijen: str) -> dict[str, str]:
    """A token of these parties."""
    return {"Authorization": f"Bearer {await maak_token(wereld, partijen, label='proef')}"}


async def test_interface_gives_totals_transfers_and_steps(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The sum of the pages is the total, and every `naar` leads somewhere."""
    own = await headers(wereld, gemeente("0664"))
    bericht, run = await nrs(wereld)

    async def get(pad: str) -> Any:
        response = await browser.get(pad, headers=own)
        assert response.status_code == 200, (pad, response.text)
        return response.json()

    totaal = await get("/v1/herkomst/totaal?zorgjaar=2026")
    items: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        body = await get(f"/v1/herkomst/boekingen?zorgjaar=2026&limit=1{f'&cursor={cursor}' if cursor else ''}")
        items += body["items"]
        cursor = body["volgende"]
    spoor = await get(f"/v1/herkomst/prestaties/{bericht}/2")
    share = await get(f"/v1/herkomst/verevening/{run}/0664")

    assert (totaal["totaal_cent"], totaal["saldo_cent"], totaal["sluit"], totaal["aantal"]) == (18_000, 18_000, True, 3)
    assert sum(item["telt_cent"] for item in items) == 18_000
    assert [item["prestatie"]["is_credit"] for item in items] == [False, False, True]
    assert items[0]["teruggedraaid_door"] == [items[2]["sleutel"]]
    assert items[0]["tarief"] == {
        "contract": "J1", "eenheid": "04", "tarief_cent": 6000, "geldig_van": "2020-01-01", "geldig_tot": None, "lading": 1,
        "verwacht_cent": 48_000,
    }  # fmt: skip
    assert [step["soort"] for step in spoor["stappen"]][-1] == "verevening"
    assert share["potten"][0]["saldi"][-1]["in_run_cent"] == 18_000
    for naar in [step["naar"] for step in spoor["stappen"] + share["stappen"] if step["naar"]] + [share["potten"][0]["saldi"][0]["naar"]]:
        await get(naar)


async def test_interface_is_closed_to_others(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """An aanbieder is refused, another gemeente finds nothing, without a token nobody gets in."""
    bericht, run = await nrs(wereld)
    paden = (f"/v1/herkomst/prestaties/{bericht}/1", f"/v1/herkomst/verevening/{run}/0664", "/v1/herkomst/toewijzingen/ijw/0664/1001")
    other, veste = await headers(wereld, gemeente("0687")), await headers(wereld, aanbieder(AGB))

    assert [(await browser.get(pad, headers=other)).status_code for pad in paden] == [404] * 3
    assert [(await browser.get(pad, headers=veste)).status_code for pad in (*paden, "/v1/herkomst/totaal")] == [403] * 4
    assert (await browser.get("/v1/herkomst/totaal")).status_code == 401
    assert (await browser.get("/v1/herkomst/totaal", headers=other)).json()["aantal"] == 0


async def test_command_prints_the_same(wereld: Wereld, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Total, prestatie and share, as text and as JSON."""
    import asyncio
    import threading

    from app.cli import make_parser

    bericht, run = await nrs(wereld)
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(trace, "with_wereld", lambda work: asyncio.run_coroutine_threadsafe(work(wereld), loop).result(30))

    async def call(*words: str) -> str:
        arguments = make_parser().parse_args(["trace", *words])
        capsys.readouterr()
        assert await asyncio.to_thread(trace.run, arguments) == 0, threading.current_thread()
        return capsys.readouterr().out

    saldo = await call("saldo", "--gemeente", "0664", "--zorgvorm", "ambulant", "--jaar", "2026")
    as_json = json.loads(await call("saldo", "--gemeente", "0664", "--json"))
    steps = await call("prestatie", str(bericht), "2")
    share = json.loads(await call("verevening", str(run), "0664", "--json"))

    assert "€ 180,00 in 3 boekingen" in saldo
    assert "saldi: € 180,00, gelijk" in saldo
    assert (as_json["totaal_cent"], len(as_json["boekingen"])) == (18_000, 3)
    assert "3 × € 60,00 = € 180,00" in steps
    assert share["stappen"][0]["bedrag_cent"] == share["verevening_cent"]
