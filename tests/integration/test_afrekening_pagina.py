"""The pages of afrekeningen: the life of one by forms, the files, who may open and press what."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app.adapters.wereld import Wereld
from app.domain.partij import Rol
from app.reports.service_casussen import pseudoniem
from app.settlement import bied_afrekening_aan, geef_akkoord
from app.web.afrekeningen import lees_euro
from tests.builders import AGB, BSN
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.afrekening_rijen import JAAR, alles
from tests.integration.betaal_rijen import CONTROLLER, DE_VESTE, region_met
from tests.integration.test_afrekening import VESTE_PARTIJ, maak, vast, voorschot
from tests.integration.test_betalingen_pagina import press
from tests.integration.test_pages import als

BEGIN = "/geld/afrekeningen"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which everything of `afrekening_rijen` happened, and 1000.00 was paid in advance."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        await alles(world)
        await voorschot(world, 100000)
        yield world


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def test_an_afrekening_by_forms(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Fixed by who did not make it, and money that comes back is booked from the page."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    await geef_akkoord(wereld, DE_VESTE, nr, VESTE_PARTIJ, 1)
    await als(wereld, browser, Rol.CONTROLLER)
    pad = f"{BEGIN}/{nr}"

    offered = (await browser.get(pad)).text
    for code in ("0664", "0687"):
        assert (await press(browser, f"{pad}/akkoord", pad, partij=f"gemeente:{code}", versie="1")).status_code == 303
    fixed = await press(browser, f"{pad}/vaststelling", pad)
    wrong = await press(browser, f"{pad}/terugbetaling", pad, gemeente="0664", bedrag="280,01", toelichting="afschrift 3")
    paid = await press(browser, f"{pad}/terugbetaling", pad, gemeente="0664", bedrag="280,00", toelichting="afschrift 3")
    done = (await browser.get(pad)).text
    overview = (await browser.get(f"{BEGIN}?jaar={JAAR}")).text

    assert "Nog niet akkoord met versie 1: Goes, Middelburg." in offered
    assert "Afgewezen en niet opnieuw ingediend" in offered
    assert (fixed.status_code, wrong.status_code, paid.status_code) == (303, 422, 303)
    assert "Vastgesteld op" in done
    assert "Boek de terugbetaling" not in done
    assert "De Veste" in overview
    assert "Nog geen afrekeningen" in (await browser.get(f"{BEGIN}?jaar={JAAR - 1}")).text


async def test_made_objected_and_made_anew_by_forms(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """What cannot be is said above the form, which stays filled; an objection is shown with its note, as text."""
    await als(wereld, browser, Rol.CONTROLLER)
    refused = await press(browser, BEGIN, agb=AGB, jaar="2026", reden="<te vroeg>")
    made = await press(browser, BEGIN, agb=AGB, jaar=str(JAAR), reden="jaarafrekening")
    pad = made.headers["location"]
    steps = [
        await press(browser, f"{pad}/aanbod", pad),
        await press(browser, f"{pad}/bezwaar", pad, partij="gemeente:0664", versie="1", toelichting="<b>nee</b>"),
        await press(browser, f"{pad}/versie", pad, gemeente="0664", zorg="ijw/ambulant", bedrag="-1.050,5", toelichting="afspraak"),
    ]
    shown = (await browser.get(pad)).text
    withdrawn = await press(browser, f"{pad}/intrekking", pad, toelichting="anders")

    assert (refused.status_code, made.status_code) == (422, 303)
    assert "nog niet voorbij" in refused.text
    assert "&lt;te vroeg&gt;" in refused.text
    assert [each.status_code for each in (*steps, withdrawn)] == [303] * 4
    assert "&lt;b&gt;nee&lt;/b&gt;" in shown
    assert "1.050,50" in shown
    assert "Ingetrokken" in (await browser.get(pad)).text


async def test_files_say_what_the_books_say(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The same sums in CSV and workbook, no BSN in any file, and the pseudonym that other reports give a client."""
    nr = await vast(wereld)
    await als(wereld, browser, Rol.INZAGE)
    files = {soort: await browser.get(f"{BEGIN}/{nr}/staat.{soort}") for soort in ("csv", "xlsx", "pdf")}

    book = load_workbook(io.BytesIO(files["xlsx"].content), read_only=True)
    sheets: dict[str, list[list[Any]]] = {
        name: [list(row) for row in book[name].iter_rows(min_row=2, values_only=True)] for name in book.sheetnames
    }
    client_id = await wereld.pool.fetchval("select client_id from prestatie where referentie_nummer = 'A-mei'")
    summary = {row[0]: row[1:] for row in sheets["samenvatting"]}
    books = await wereld.pool.fetchval(
        "select sum(b.bedrag_cent)::bigint from boeking b join rekening r on r.rekening_nr = b.credit"
        " where r.soort = 'crediteur' and r.gemeente = '0664' and b.soort = 'prestatie'"
    )

    assert [each.status_code for each in files.values()] == [200] * 3
    assert files["pdf"].content.startswith(b"%PDF")
    assert all(BSN.encode() not in each.content for each in files.values())
    assert float(summary["Toegekend"][0]) * 100 == books == 102000
    assert [sum(float(row[4]) for row in sheets["clienten"]), float(summary["Afgewezen"][2])] == [140.0, 140.0]
    assert pseudoniem(wereld.kluis, client_id) in [row[1] for row in sheets["clienten"]]
    assert ("0664", "crediteur:prestatie", -1020.0) in [(row[0], row[1], float(row[4])) for row in sheets["grootboek"]]
    assert "samenvatting;0664;Toegekend;;;1020,00" in files["csv"].text
    assert 'filename="afrekening-42420001-2025-1.csv"' in files["csv"].headers["content-disposition"]


async def test_who_may_look_and_who_may_act(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another gemeente's is not there, its part is its own, inzage has no buttons, and a form without its token is refused."""
    nr = await maak(wereld)
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0384",))
    assert [(await browser.get(f"{BEGIN}/{nr}{rest}")).status_code for rest in ("", "/staat.csv")] == [404, 404]
    assert (await browser.post(f"{BEGIN}/{nr}/aanbod", data={"csrf": "x"})).status_code == 403
    assert (await press(browser, BEGIN, agb=AGB, jaar=str(JAAR), reden="x")).status_code == 403

    await als(wereld, browser, Rol.INZAGE, gemeenten=("0687",))
    page = (await browser.get(f"{BEGIN}/{nr}")).text
    assert "Middelburg" in page
    assert "Goes" not in page
    assert f'action="{BEGIN}' not in page

    await als(wereld, browser, Rol.TOEGANG)
    assert (await browser.get(BEGIN)).status_code == 403


@pytest.mark.parametrize(("text", "cents"), [("1.234,56", 123456), ("€ 50", 5000), ("-0,5", -50), ("1000,00", 100000)])
def test_amounts_as_people_write_them(text: str, cents: int) -> None:
    assert lees_euro(text) == cents
