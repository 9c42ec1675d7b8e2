"""The afrekeningen of an aanbieder on its own pages: seen, agreed with once, objected to with a note, and nobody else's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder
from app.settlement import bied_afrekening_aan
from tests.builders import BSN
from tests.end_to_end.werkbank import ANDERE_AGB, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.afrekening_rijen import alles
from tests.integration.betaal_rijen import CONTROLLER, region_met
from tests.integration.test_afrekening import VESTE_PARTIJ, maak
from tests.integration.test_betalingen_pagina import press
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow

BEGIN = "/mijn/afrekeningen"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which everything of `afrekening_rijen` happened."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        await alles(world)
        yield world


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which a person of the aanbieder is signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        await als(wereld, client, Rol.AANBIEDER)
        yield client


async def test_concept_then_offered_then_agreed_once(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Nothing can be said about a concept; agreement is with the version on the page, and given once."""
    empty = (await browser.get(BEGIN)).text
    nr = await maak(wereld)
    pad = f"{BEGIN}/{nr}"
    concept = (await browser.get(pad)).text
    early = await press(browser, f"{pad}/akkoord", pad, versie="1")
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    offered = (await browser.get(pad)).text
    agreed = [await press(browser, f"{pad}/akkoord", pad, versie="1") for _ in range(2)]
    after = (await browser.get(pad)).text
    said = await wereld.pool.fetch("select partij, is_akkoord from afrekening_stem where afrekening_nr = $1", nr)

    assert "Nog geen afrekeningen" in empty
    assert "werkt nog aan deze afrekening" in concept
    assert f'action="{pad}' not in concept
    assert early.status_code == 409
    assert "Akkoord met versie 1" in offered
    assert [each.status_code for each in agreed] == [303, 409]
    assert "Akkoord met versie 1" not in after
    assert "U: akkoord, versie 1" in after
    assert [tuple(each) for each in said] == [(VESTE_PARTIJ, True)]
    assert f'href="{pad}"' in (await browser.get(BEGIN)).text


async def test_objection_needs_a_note_and_makes_a_new_version(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Without one the field says so; with one it is a concept again, and the note is shown as text."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    pad = f"{BEGIN}/{nr}"
    bare = await press(browser, f"{pad}/bezwaar", pad, versie="1", toelichting="  ")
    long = await press(browser, f"{pad}/bezwaar", pad, versie="1", toelichting="juli " * 101 + "einde")
    sent = await press(browser, f"{pad}/bezwaar", pad, versie="1", toelichting="<b>Juli</b> mist")
    page = (await browser.get(pad)).text

    assert (bare.status_code, long.status_code, sent.status_code) == (422, 422, 303)
    assert 'aria-invalid="true"' in bare.text
    assert 'href="#veld-toelichting"' in bare.text
    assert "juli einde</textarea>" in long.text
    assert "&lt;b&gt;Juli&lt;/b&gt; mist" in page
    assert "Versie 2" in page


async def test_statement_holds_no_bsn(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    nr = await maak(wereld)
    files = [await browser.get(f"{BEGIN}/{nr}/staat.{soort}") for soort in ("csv", "xlsx", "pdf")]

    assert [each.status_code for each in files] == [200] * 3
    assert all(BSN.encode() not in each.content for each in files)
    assert "samenvatting;0664;Toegekend" in files[0].text


async def test_nobody_else_sees_or_says_anything(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A form without its token, other roles, and another aanbieder."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    pad = f"{BEGIN}/{nr}"
    forged = [(await browser.post(f"{pad}/{each}", data={"csrf": "x", "versie": "1"})).status_code for each in ("akkoord", "bezwaar")]
    browser.cookies.clear()
    await als(wereld, browser, Rol.CONTROLLER)
    wrong_role = [(await browser.get(each)).status_code for each in (BEGIN, pad, f"{pad}/staat.csv")]
    browser.cookies.clear()
    await wereld.pool.execute("truncate account cascade")
    await als(wereld, browser, Rol.AANBIEDER, partijen=(aanbieder(ANDERE_AGB),))
    elsewhere = [(await browser.get(each)).status_code for each in (pad, f"{pad}/staat.csv")]
    token_from = "/mijn/berichten"
    spoken = [
        (await press(browser, f"{pad}/{each}", token_from, versie="1", toelichting="x")).status_code for each in ("akkoord", "bezwaar")
    ]

    assert (forged, wrong_role, elsewhere, spoken) == ([403, 403], [403] * 3, [404, 404], [404, 404])
    assert "Nog geen afrekeningen" in (await browser.get(BEGIN)).text
    assert await wereld.pool.fetchval("select count(*) from afrekening_stem") == 0
