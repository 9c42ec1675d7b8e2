"""The pages of the access team by forms: a toewijzing from the first step to sent, faults beside fields, and who may see what."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.composing import lijst_concepten
from app.domain.partij import Rol, gemeente
from tests.builders import BSN
from tests.end_to_end.werkbank import status, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als, csrf_in
from tests.integration.test_toewijzing_uitgeven import ANDERE, INGEVULD, TOEGANG
from workers.local import judge_all

STAPPEN = {
    "client": ("gemeente", "domein", "bsn"),
    "persoon": ("voornamen", "voorvoegsel", "achternaam", "geboortedatum", "geslacht", "straat", "huisnummer", "postcode", "plaats"),
    "zorg": ("ingangsdatum", "einddatum", "agb"),
    "omvang": ("product", "volume", "frequentie", "commentaar"),
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with contracts."""
    async with wereld_with_region(database, tmp_path) as world:
        yield world


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of the access team of Goes."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        await als(wereld, client, Rol.TOEGANG, gemeenten=("0664",), partijen=(gemeente("0664"),))
        yield client


async def press(browser: httpx.AsyncClient, pad: str, **fields: str) -> httpx.Response:
    """Fill in a form and send it."""
    return await browser.post(pad, data={"csrf": csrf_in((await browser.get("/toegang/nieuw")).text), **fields})


def answers(stap: str) -> dict[str, str]:
    """What is filled in at a step."""
    return {name: INGEVULD[name] for name in STAPPEN[stap]}


async def fill_in(browser: httpx.AsyncClient) -> str:
    """Every step of a new toewijzing; the address of its draft."""
    response = await press(browser, "/toegang/nieuw", **answers("client"))
    assert response.status_code == 303
    pad = response.headers["location"].removesuffix("/persoon")
    for stap in ("persoon", "zorg", "omvang"):
        response = await press(browser, f"{pad}/{stap}", **answers(stap))
        assert response.status_code == 303, stap
    assert response.headers["location"] == f"{pad}/controle"
    return str(pad)


async def test_from_the_first_step_to_the_postvak(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The check says what it means and shows the XML; sending leads to the number, the list and the page of the toewijzing."""
    pad = await fill_in(browser)
    controle = (await browser.get(f"{pad}/controle")).text

    sent = await press(browser, f"{pad}/versturen")
    done = (await browser.get(sent.headers["location"])).text
    waiting = (await browser.get("/toegang")).text
    await judge_all(wereld, lot_size_max=10)
    listed = (await browser.get("/toegang")).text
    page = (await browser.get("/toegang/toewijzingen/ijw/0664/1")).text
    found = await press(browser, "/toegang/zoek", bsn=BSN)
    history = (await browser.get(found.headers["location"])).text

    assert "5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 7.800,00" in controle
    assert "&lt;jw301:ToewijzingNummer&gt;1&lt;" in controle
    assert sent.status_code == 303
    assert "nummer 1" in done
    assert "Wordt beoordeeld" in waiting
    assert await status(wereld, 1) == "klaar"
    assert "Betje van de Oesterput" in listed
    assert "Klaar voor de aanbieder" in page
    assert "Toewijzing verstuurd (301)" in page
    assert found.headers["location"] == "/toegang/clienten/1"
    assert "Toewijzing 1" in history
    assert all(BSN not in text for text in (done, waiting, listed, page, history))


async def test_faults_stand_above_and_beside_and_nothing_is_lost(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The summary links to each field, the field names its fault, and what was typed stays, also in the draft."""
    begun = await press(browser, "/toegang/nieuw", **answers("client"))
    pad = begun.headers["location"]

    response = await press(browser, pad, **{**answers("persoon"), "postcode": "44", "achternaam": ""})

    assert response.status_code == 422
    assert re.findall(r'<a href="#(veld-\w+)">', response.text) == ["veld-achternaam", "veld-postcode"]
    assert 'aria-describedby="fout-postcode" aria-invalid="true"' in response.text
    assert 'value="44"' in response.text
    [concept] = (await lijst_concepten(wereld, TOEGANG)).items
    assert concept.antwoorden["postcode"] == "44"
    assert "<title>Fout: " in response.text


async def test_a_wrong_bsn_is_said_at_the_first_step(browser: httpx.AsyncClient) -> None:
    """The 11-proef; the draft stays at its first step, and later steps lead back to it."""
    response = await press(browser, "/toegang/nieuw", **{**answers("client"), "bsn": "123456789"})

    assert response.status_code == 422
    assert "geen geldig BSN" in response.text
    assert (await browser.get("/toegang/concepten/1/omvang")).headers["location"] == "/toegang/concepten/1/client?fouten=1"


async def test_the_search_for_an_aanbieder_narrows_the_list(browser: httpx.AsyncClient) -> None:
    """By name or code, without leaving the step; what was filled in stays."""
    begun = await press(browser, "/toegang/nieuw", **answers("client"))
    pad = begun.headers["location"].replace("persoon", "zorg")

    response = await press(browser, pad, ingangsdatum="2026-06-15", zoek_aanbieder="anker", zoek="1")

    assert response.status_code == 200
    assert "Het Anker" in response.text
    assert "De Veste" not in response.text
    assert 'value="2026-06-15"' in response.text


async def test_overlap_is_warned_of_and_found_before_sending(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A second toewijzing of the same product cannot be sent, also not by pressing on."""
    await press(browser, f"{await fill_in(browser)}/versturen")
    await judge_all(wereld, lot_size_max=10)
    pad = await fill_in(browser)

    controle = (await browser.get(f"{pad}/controle")).text
    forced = await press(browser, f"{pad}/versturen")

    assert "TR302" in controle
    assert "Verstuur de toewijzing" not in controle
    assert "De cliënt heeft dit product al van De Veste" in controle
    assert forced.status_code == 422
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '301'") == 1


async def test_another_gemeente_gets_404(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Drafts, toewijzingen, clients."""
    pad = await fill_in(browser)
    await press(browser, f"{pad}/versturen")
    await judge_all(wereld, lot_size_max=10)
    await browser.post("/afmelden", data={"csrf": csrf_in((await browser.get("/toegang/nieuw")).text)})
    await als(wereld, browser, Rol.TOEGANG, Rol.INZAGE, gemeenten=("0687",), partijen=tuple(ANDERE.partijen))

    for each in (pad, f"{pad}/controle", f"{pad}/verstuurd", "/toegang/toewijzingen/ijw/0664/1", "/toegang/clienten/1"):
        assert (await browser.get(each)).status_code == 404, each
    for each in ("versturen", "verwijderen", "heropenen", "persoon"):
        assert (await press(browser, f"{pad}/{each}")).status_code == 404, each
    assert (await press(browser, "/toegang/zoek", bsn=BSN)).status_code == 404
    assert "Oesterput" not in (await browser.get("/toegang")).text


async def test_role_and_csrf(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A form of another page does nothing; another role opens nothing."""
    for pad in ("/toegang/nieuw", "/toegang/zoek", "/toegang/concepten/1/persoon", "/toegang/concepten/1/versturen"):
        assert (await browser.post(pad, data={"csrf": "x"})).status_code == 403, pad
    await browser.post("/afmelden", data={"csrf": csrf_in((await browser.get("/toegang/nieuw")).text)})
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    for pad in ("/toegang", "/toegang/nieuw", "/toegang/concepten/1/persoon", "/toegang/toewijzingen/ijw/0664/1", "/toegang/clienten/1"):
        assert (await browser.get(pad)).status_code == 403, pad


async def test_someone_of_the_region_is_told_why_nothing_can_be_sent(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Beheer may look; the first step says what is missing."""
    await browser.post("/afmelden", data={"csrf": csrf_in((await browser.get("/toegang/nieuw")).text)})
    await als(wereld, browser, Rol.BEHEER)

    assert "nog niet namens een gemeente" in (await browser.get("/toegang/nieuw")).text
    assert (await browser.get("/toegang")).status_code == 200
