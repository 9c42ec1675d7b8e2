"""The laboratory page on a real database: what it says, what it refuses, and who may look."""

from __future__ import annotations

from io import BytesIO

import httpx
import pytest
from openpyxl import load_workbook

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan, OngeldigVerzoek
from app.domain.partij import Rol
from app.solidarity.service import vergelijk_uit_grootboek
from tests.integration.test_pages import als
from tests.integration.test_verevening_pagina import browser, wereld
from tests.integration.test_verevening_runs import ANNA, GOES, make

pytestmark = pytest.mark.slow

__all__ = ["browser", "wereld"]
TWEE = "overeenkomst=profijt&overeenkomst=waarborg"


async def test_the_page_says_who_pays_more_and_what_an_extra_euro_costs(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Goes had 480 euros; shared by inhabitants it pays 155,90."""
    await als(wereld, browser, Rol.CONTROLLER)

    text = (await browser.get(f"/geld/vergelijken?{TWEE}&overeenkomst=&overeenkomst=&van=2026&tot=2026")).text

    assert "Onder waarborg betalen 2 gemeenten meer dan onder profijt, samen € 324,10, en betaalt 1 gemeente minder" in text
    assert "Onder waarborg betaalt Goes € 324,10 minder dan onder profijt, € 0,01 per inwoner per jaar." in text
    assert "<svg" in text
    assert "naar de grootste rest" in text
    assert "overeenkomst=profijt&amp;overeenkomst=waarborg" in text


async def test_an_empty_form_compares_nothing_and_offers_what_there_is(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Models, templates and the agreements that runs were made by."""
    await make(wereld)
    await als(wereld, browser, Rol.CONTROLLER)

    text = (await browser.get("/geld/vergelijken")).text

    assert "In het kort" not in text
    assert "Zeeland: volledige solidariteit" in text
    assert 'value="bewaard: waarborg (inwoners)"' in text
    stored = await browser.get("/geld/vergelijken?overeenkomst=waarborg&overeenkomst=bewaard:+waarborg+(inwoners)")
    assert "betaalt elke gemeente evenveel als onder waarborg" in stored.text


async def test_a_template_is_fitted_and_says_so(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A model of elsewhere on this region; what it misses is a sentence above the form."""
    await als(wereld, browser, Rol.CONTROLLER)

    missing = await browser.get("/geld/vergelijken?overeenkomst=profijt&overeenkomst=zeeland-volledig")
    fitted = await browser.get("/geld/vergelijken?overeenkomst=profijt&overeenkomst=groningen-vlaktax")

    assert missing.status_code == 422
    assert "maatstaf rijksbudget van 0664" in missing.text
    assert "Let op: de gemeenten van het document zijn vervangen door die van uw regio" in fitted.text


async def test_the_table_as_csv(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The same figures with a decimal comma."""
    await als(wereld, browser, Rol.CONTROLLER)

    rows = (await browser.get(f"/geld/vergelijken.csv?{TWEE}&van=2026&tot=2026")).text.splitlines()

    assert "waarborg;0664;Goes;480,00;-324,10;155,90;-324,10;-0,01" in rows
    assert len(rows) == 7


async def test_the_table_as_workbook(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The same, with amounts as numbers."""
    await als(wereld, browser, Rol.CONTROLLER)

    book = load_workbook(BytesIO((await browser.get(f"/geld/vergelijken.xlsx?{TWEE}&van=2026&tot=2026")).content))

    rows = list(book["vergelijking"].iter_rows(values_only=True))
    goes = next(row for row in rows if row[:2] == ("waarborg", "0664"))
    assert [float(str(value)) for value in goes[3:6]] == [480, -324.1, 155.9]
    assert book.sheetnames == ["vergelijking", "extra euro in promille"]


@pytest.mark.parametrize(
    "vraag", ["overeenkomst=profijt", f"{TWEE}&van=2026&tot=2024", f"{TWEE}&van=2001&tot=2026", "overeenkomst=profijt&overeenkomst=niets"]
)
async def test_what_cannot_be_compared_is_said(wereld: Wereld, browser: httpx.AsyncClient, vraag: str) -> None:
    """One agreement, years turned round or too many, an agreement that is not there: 422 with the form."""
    await als(wereld, browser, Rol.CONTROLLER)

    response = await browser.get(f"/geld/vergelijken?{vraag}")

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert "Overeenkomsten kiezen" in response.text


async def test_who_may_compare(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A controller of the region; not another role, not a controller of one gemeente."""
    await als(wereld, browser, Rol.INZAGE)
    assert (await browser.get("/geld/vergelijken")).status_code == 403
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    assert (await browser.get(f"/geld/vergelijken?{TWEE}")).status_code == 403
    with pytest.raises(NietToegestaan):
        await vergelijk_uit_grootboek(wereld, GOES, ["profijt", "waarborg"])
    with pytest.raises(OngeldigVerzoek, match="twee tot"):
        await vergelijk_uit_grootboek(wereld, ANNA, ["profijt"])
