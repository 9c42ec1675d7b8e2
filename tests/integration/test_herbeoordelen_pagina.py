"""The pages of judging again and of one prestatie, on a real database: who may open them, what they say, and what the buttons do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor, Rol, aanbieder
from app.judging import uitleg_van
from tests.builders import AGB
from tests.end_to_end.herbeoordeling import laad, oordelen
from tests.end_to_end.test_herbeoordelen import GOED, TE_LAAG, speel, verloop
from tests.end_to_end.werkbank import ANDERE_AGB, klopt, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als, csrf_in

pytestmark = pytest.mark.slow


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which the tariff was corrected after the course was judged; load 1 is the wrong one, 2 the right one."""
    async with wereld_with_region(database, tmp_path, TE_LAAG) as found:
        await speel(found, verloop())
        await laad(found, tmp_path / "goed", GOED)
        yield found


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def _begin(browser: httpx.AsyncClient, **fields: str) -> httpx.Response:
    csrf = csrf_in((await browser.get("/herbeoordelen")).text)
    return await browser.post("/herbeoordelen", data={"csrf": csrf, "reden": "indexatie <per> 1 maart", "nieuw_antwoord": "ja", **fields})


async def test_only_contractbeheer_of_the_whole_region_may(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Others have no such page; who sees some gemeenten only is told why it may not."""
    await als(wereld, browser, Rol.UITVAL)
    assert (await browser.get("/herbeoordelen")).status_code == 403

    browser.cookies.clear()
    await als(wereld, browser, Rol.CONTRACTBEHEER, gemeenten=("0664",))
    assert "hele regio" in (await browser.get("/herbeoordelen")).text


async def test_from_the_form_to_the_books(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Choose a load, look at what changes, carry it out; the list says so."""
    await als(wereld, browser, Rol.CONTRACTBEHEER)
    before = await oordelen(wereld)

    made = await _begin(browser, lading="2")
    assert made.status_code == 303
    page = await browser.get(made.headers["Location"])

    assert "indexatie &lt;per&gt; 1 maart" in page.text
    assert "Uitvoeren" in page.text
    assert "De Veste" in page.text
    assert await oordelen(wereld) == before
    done = await browser.post(f"{made.headers['Location']}/uitvoeren", data={"csrf": csrf_in(page.text)})
    assert done.status_code == 303
    assert await oordelen(wereld) != before
    page = await browser.get(made.headers["Location"])
    assert "Uitgevoerd" in page.text
    assert 'type="submit">Uitvoeren' not in page.text
    assert "Uitgevoerd" in (await browser.get("/herbeoordelen")).text
    await klopt(wereld)


async def test_a_choice_that_cannot_be_made_keeps_the_form(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The sentence stands above what was filled in."""
    await als(wereld, browser, Rol.CONTRACTBEHEER)

    for fields, zin in (
        ({}, "Kies een lading"),
        ({"lading": "99"}, "geen lading 99"),
        ({"contract": "X9", "van": "2026-01-01", "tot": "2026-02-01"}, "geen contract X9"),
        ({"contract": "J1", "van": "2026-01-01"}, "laatste dag van de periode"),
        ({"contract": "J1", "van": "2026-03-01", "tot": "2026-02-01"}, "eindigt voordat"),
        ({"contract": "J1", "van": "2031-01-01", "tot": "2031-02-01"}, "niets gedeclareerd"),
        ({"lading": "2", "reden": " "}, "Geef een reden"),
    ):
        response = await _begin(browser, **fields)
        assert response.status_code in (409, 422)
        assert zin in response.text
    assert await wereld.pool.fetchval("select count(*) from herbeoordeling") == 0


async def test_by_contract_and_letting_it_lapse(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A contract and a period lead to the same lines; a concept that lapsed can no longer be carried out."""
    await als(wereld, browser, Rol.CONTRACTBEHEER)
    made = await _begin(browser, contract="J1", van="2026-03-01", tot="2026-05-31")
    page = await browser.get(made.headers["Location"])
    csrf = csrf_in(page.text)

    assert (await browser.post(f"{made.headers['Location']}/vervallen", data={"csrf": csrf})).status_code == 303

    again = await browser.post(f"{made.headers['Location']}/uitvoeren", data={"csrf": csrf})
    assert again.status_code == 409
    assert "al vervallen" in again.text


async def test_a_form_of_another_page_is_refused(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """CSRF: nothing is worked out or carried out."""
    await als(wereld, browser, Rol.CONTRACTBEHEER)

    assert (await _begin(browser, lading="2", csrf="anders")).status_code == 403
    assert (await browser.post("/herbeoordelen/1/uitvoeren", data={"csrf": "anders"})).status_code == 403


async def test_a_finding_leads_to_why(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Beside the bevinding stands a link; the page says which step failed, to the contract desk with everything."""
    await als(wereld, browser, Rol.CONTRACTBEHEER)
    nr = await wereld.pool.fetchval("select bericht_nr from prestatie where referentie_nummer = 'R9'")
    bericht = await browser.get(f"/berichten/{nr}")
    assert f'href="/berichten/{nr}/regels?client=1&amp;prestatie=1"' in bericht.text

    by_place = await browser.get(f"/berichten/{nr}/regels?client=1&prestatie=1")
    by_number = await browser.get(f"/berichten/{nr}/regels/1")

    assert by_place.text.count("niet voldaan") == by_number.text.count("niet voldaan") == 1
    assert "niet bekend" in by_number.text  # The toewijzing was withdrawn since.
    other = await browser.get(f"/berichten/{nr}/regels/2")
    assert "Contract J1 heeft voor 45A04" in other.text
    assert (await browser.get(f"/berichten/{nr}/regels/3")).status_code == 404


async def test_the_aanbieder_reads_what_it_may_know_and_of_its_own_only(wereld: Wereld) -> None:
    """Another aanbieder does not find the bericht at all."""
    nr = await wereld.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")
    own = Actor(naam="token", partijen=frozenset({aanbieder(AGB)}))

    found = await uitleg_van(wereld, own, nr, 1)

    assert found.uitleg.gemist is None
    assert not found.voor_contractbeheer
    with pytest.raises(NietGevonden):
        await uitleg_van(wereld, Actor(naam="ander", partijen=frozenset({aanbieder(ANDERE_AGB)})), nr, 1)
