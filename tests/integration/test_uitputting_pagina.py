"""The page and the interface of the depletion report: who opens it, what it shows, and that files say the same; releasing commitments over HTTP."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app.adapters.wereld import Wereld
from app.domain.partij import Actor, Rol
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from tests.builders import AGB, make_301, make_323, make_client, make_toegewezen_product
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.fixtures.apps import api_of
from tests.integration.test_pages import als, browser
from tests.integration.test_uitputting import APRIL, GELD, JUNI, boek, pgb

__all__ = ["browser"]

CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
GOES = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))
VESTE = Actor(naam="veste", partijen=frozenset({f"aanbieder:{AGB}"}))
PAD = "/geld/uitputting"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """On 3 June 2026: budgets, ten hours a month from April to June at 60 euro, eight of May granted, and pgb far above the budget of Middelburg."""
    async with wereld_with_region(database, tmp_path, GELD) as world:
        product = make_toegewezen_product(
            ingangsdatum=APRIL, einddatum=JUNI.replace(day=30), omvang=Omvang(volume=10, eenheid="04", frequentie="4")
        )
        await stuur(world, make_301(client=make_client(toegewezen_producten=(product,))))
        await verwerk_baan(world, "ijw", AGB, lot_size_max=1)
        await stuur(world, make_323())
        await verwerk_baan(world, "ijw", AGB, lot_size_max=1)
        await boek(world, [pgb("0687", 60_000, APRIL)])
        yield world


async def vraag(wereld: Wereld, actor: Actor, method: str, pad: str, **rest: Any) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, pad, **rest)


async def test_the_page_says_where_the_year_ends_and_why(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Middelburg spent 600 of 1 000 in four months counted as five: 1 440, so 440 short."""
    await als(wereld, browser, Rol.CONTROLLER)

    page = (await browser.get(PAD, params={"jaar": 2026, "maand": 5})).text

    assert "Op koers voor € 440 tekort: 44,0 % boven budget." in page
    assert "Goes, april 2026: € 0 van de verwachte € 600 is toegekend" in page
    assert "Nieuwe toewijzingen" in page
    assert "Wat er in juni 2026 veranderde" in page
    assert 'class="verloop__band"' in page
    assert " style=" not in page


@pytest.mark.parametrize("per", ["gemeente", "zorgvorm", "aanbieder"])
@pytest.mark.parametrize("basis", ["zorg", "boek"])
async def test_every_choice_has_a_page_and_a_file(wereld: Wereld, browser: httpx.AsyncClient, per: str, basis: str) -> None:
    """With empty fields of the form too."""
    await als(wereld, browser, Rol.INZAGE)
    choice = {"jaar": "2026", "maand": "", "gemeente": "", "per": per, "basis": basis}

    page = await browser.get(PAD, params=choice)
    file = await browser.get(f"{PAD}.csv", params=choice)

    book = await browser.get(f"{PAD}.xlsx", params=choice)
    report = await browser.get(f"{PAD}.pdf", params={**choice, "gemeente": "0664"})

    assert (page.status_code, file.status_code, book.status_code, report.status_code) == (200, 200, 200, 200)
    sheets = load_workbook(io.BytesIO(book.content), read_only=True)
    assert sheets.sheetnames == ["uitputting", "verloop", "veranderd", "toelichting"]
    assert len(list(sheets["uitputting"].iter_rows())) == len(file.text.splitlines())
    assert report.content.startswith(b"%PDF-")
    assert report.headers["content-disposition"] == f'attachment; filename="uitputting-2026-05-{per}-0664.pdf"'
    assert file.headers["content-disposition"] == f'attachment; filename="uitputting-2026-05-{per}.csv"'
    assert file.text.splitlines()[-1].startswith(";Totaal;")


async def test_a_year_with_nothing_has_an_empty_page(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """It says so."""
    await als(wereld, browser, Rol.CONTROLLER)

    page = await browser.get(PAD, params={"jaar": 2019})

    assert page.status_code == 200
    assert "Geen kosten, geen verplichtingen en geen budget" in page.text


async def test_another_role_and_another_gemeente_are_kept_out(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """403 for who has no business with money, 404 for a gemeente of others, and nothing of it on the own page."""
    await als(wereld, browser, Rol.TOEGANG)
    refused = (await browser.get(PAD)).status_code, (await browser.get(f"{PAD}.csv")).status_code
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    other = await browser.get(PAD, params={"gemeente": "0687"})
    own = await browser.get(PAD, params={"jaar": 2026})

    assert refused == (403, 403)
    assert other.status_code == 404
    assert "Goes" in own.text
    assert "Middelburg" not in own.text


async def test_the_interface_says_what_the_file_says(wereld: Wereld) -> None:
    """JSON, CSV by suffix and CSV by Accept; a cursor for the rows; amounts in cents and in euros."""
    answer = (await vraag(wereld, GOES, "GET", "/rapportages/uitputting", params={"jaar": 2026, "maand": 5})).json()
    by_suffix = await vraag(wereld, GOES, "GET", "/rapportages/uitputting.csv", params={"jaar": 2026, "maand": 5})
    by_accept = await vraag(
        wereld, GOES, "GET", "/rapportages/uitputting", params={"jaar": 2026, "maand": 5}, headers={"Accept": "text/csv"}
    )
    first = (await vraag(wereld, CONTROLLER, "GET", "/rapportages/uitputting", params={"jaar": 2026, "limit": 1})).json()

    assert [item["code"] for item in answer["items"]] == ["0664"]
    goes = answer["items"][0]
    assert (goes["toegekend_cent"], goes["verplicht_cent"], goes["uitputting_honderdsten"]) == (48_000, 132_000, 960)
    assert {each["oorzaak"] for each in goes["veranderd"]} == {"nieuw", "declaraties"}
    assert by_suffix.text == by_accept.text
    assert "0664;Goes;5000,00;480,00;9,60;41,67;0,00;1320,00;0,00;1152,00;" in by_suffix.text
    assert first["volgende"] is not None
    assert len(first["items"]) == 1


async def test_the_interface_refuses_an_aanbieder_and_a_gemeente_of_others(wereld: Wereld) -> None:
    """403, 404; 400 for a month that is none."""
    assert (await vraag(wereld, VESTE, "GET", "/rapportages/uitputting")).status_code == 403
    assert (await vraag(wereld, GOES, "GET", "/rapportages/uitputting", params={"gemeente": "0687"})).status_code == 404
    assert (await vraag(wereld, GOES, "GET", "/rapportages/uitputting", params={"maand": 13})).status_code == 400


async def test_releasing_over_http_is_shown_and_then_done(wereld: Wereld) -> None:
    """600 of April and 120 of May; only for a controller of the region, and not for months ahead."""
    shown = (await vraag(wereld, CONTROLLER, "GET", "/grootboek/vrijval", params={"voor": "2026-06"})).json()
    refused = await vraag(wereld, GOES, "POST", "/grootboek/vrijval", json={"voor": "2026-06", "reden": "oud"})
    ahead = await vraag(wereld, CONTROLLER, "POST", "/grootboek/vrijval", json={"voor": "2026-07", "reden": "oud"})
    done = await vraag(wereld, CONTROLLER, "POST", "/grootboek/vrijval", json={"voor": "2026-06", "reden": "oud"})
    after = (await vraag(wereld, CONTROLLER, "GET", "/grootboek/vrijval", params={"voor": "2026-06"})).json()

    assert shown["bedrag_cent"] == 72_000
    assert [(each["gemeente"], each["eerste_maand"], each["laatste_maand"]) for each in shown["regels"]] == [("0664", "2026-04", "2026-05")]
    assert (refused.status_code, ahead.status_code, done.status_code) == (403, 422, 200)
    assert len(done.json()["handelingen"]) == 1
    assert (after["bedrag_cent"], after["regels"]) == (0, [])
