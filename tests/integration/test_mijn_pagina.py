"""The pages of an aanbieder without software: its toewijzingen, start and stop by forms, its postvak, and nothing of anybody else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

import app.web
from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder
from tests.builders import AGB, ANDERE_BSN, BSN, GEMEENTE, NUMMER, make_301, make_305, make_client, make_start, make_toegewezen_product
from tests.end_to_end.werkbank import ANDERE_AGB, klopt, status, stuur, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als, csrf_in
from workers.local import judge_all

PAD = f"/mijn/toewijzingen/ijw/{GEMEENTE}/{NUMMER}"
VAN_EEN_ANDER = 2001
OPEN = {"/", "/mijn", "/mijn/afrekeningen", "/mijn/berichten", "/mijn/declaraties", "/mijn/declaraties/nieuw", "/controle", "/regels"}
"""What a person of an aanbieder opens."""
VOOR_IEDEREEN = {"/aanmelden"}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which this aanbieder has a toewijzing and another aanbieder has one too."""
    async with wereld_with_region(database, tmp_path) as world:
        await stuur(world, make_301(identificatie="EIGEN"))
        ander = make_toegewezen_product(toewijzing_nummer=VAN_EEN_ANDER)
        client = make_client(bsn=ANDERE_BSN, toegewezen_producten=(ander,))
        await stuur(world, make_301(client=client, ontvanger=ANDERE_AGB, identificatie="ANDER"))
        await judge_all(world, lot_size_max=10)
        yield world


@pytest.fixture
def pages(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> ASGIApp:
    """The pages; nobody judges while they wait, so they do not."""
    monkeypatch.setattr("app.web.mijn.WACHT_S", 0.0)
    return pages_of(wereld)


@pytest.fixture
async def browser(wereld: Wereld, pages: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of a person of the aanbieder."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://solidair.test") as client:
        await als(wereld, client, Rol.AANBIEDER)
        yield client


async def press(browser: httpx.AsyncClient, pad: str, **fields: str) -> httpx.Response:
    """Fill in a form and send it."""
    return await browser.post(pad, data={"csrf": csrf_in((await browser.get("/mijn")).text), **fields})


def hidden(text: str, naam: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{naam}" value="([^"]*)"', text)
    assert found is not None
    return found[1]


async def report(wereld: Wereld, browser: httpx.AsyncClient, soort: str, **fields: str) -> httpx.Response:
    """Fill in a report, send what the preview shows, and let it be judged; the page after it."""
    preview = await press(browser, f"{PAD}/{soort}", **fields)
    assert preview.status_code == 200, preview.text
    seal = hidden(preview.text, "zegel")
    sent = await press(browser, f"{PAD}/{soort}/versturen", zegel=seal, **fields)
    again = await press(browser, f"{PAD}/{soort}/versturen", zegel=seal, **fields)
    assert (sent.status_code, again.headers["location"]) == (303, sent.headers["location"])
    await judge_all(wereld, lot_size_max=10)
    return await browser.get(sent.headers["location"])


async def test_from_a_toewijzing_by_start_to_stop(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The list asks for a start; the preview says it in words; after it the stop can be reported, and both answers lie in the postvak."""
    listed = (await browser.get("/mijn")).text
    started = await report(wereld, browser, "start", begindatum="4-5-2026")
    stopped = await report(wereld, browser, "stop", einddatum="2026-05-29", reden="31")
    postvak = (await browser.get("/mijn/berichten")).text

    assert f'href="{PAD}/start"' in listed
    assert "nog 530 uur over" in listed
    assert "verstuurd en aanvaard" in started.text
    assert "Zorg gestart (305)" in started.text
    assert "Zorg gestopt (307)" in stopped.text
    assert "levering is volgens plan beëindigd" in stopped.text
    assert [soort for soort in ("301", "306", "308") if f">{soort} " in postvak] == ["301", "306", "308"]
    assert await wereld.pool.fetchval("select count(*) from bericht where richting = 'in' and van = $1", aanbieder(AGB)) == 2
    assert all(BSN not in text for text in (listed, started.text, stopped.text, postvak))
    await klopt(wereld)


async def test_a_mistake_is_taken_back(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A start that was wrong is deleted, after which another may be reported."""
    await report(wereld, browser, "start", begindatum="2026-05-04")

    gone = await report(wereld, browser, "start-terug")
    anew = await report(wereld, browser, "start", begindatum="2026-05-06")

    assert "Nog niets gemeld" in gone.text
    assert "06-05-2026" in anew.text


async def test_faults_stand_above_and_beside_and_nothing_is_lost(browser: httpx.AsyncClient) -> None:
    """The summary links to the field, the field names its fault, what was typed stays."""
    response = await press(browser, f"{PAD}/start", begindatum="31-12-2026")

    assert response.status_code == 422
    assert '<a href="#veld-begindatum">' in response.text
    assert 'aria-describedby="hint-begindatum fout-begindatum" aria-invalid="true"' in response.text
    assert 'value="31-12-2026"' in response.text
    assert "<title>Fout: " in response.text


async def test_going_back_from_the_preview_keeps_what_was_filled_in(browser: httpx.AsyncClient) -> None:
    """As the field for days wants it, whatever was typed."""
    preview = await press(browser, f"{PAD}/start", begindatum="4-5-2026")

    again = await press(browser, f"{PAD}/start", begindatum=hidden(preview.text, "begindatum"), wijzig="1")

    assert "De zorg voor Voorbeeld is begonnen op 4 mei 2026" in preview.text
    assert again.status_code == 200
    assert 'type="date" value="2026-05-04"' in again.text


async def test_what_cannot_be_reported_says_why(browser: httpx.AsyncClient) -> None:
    """A stop without a start; also when the form is sent all the same, or without a preview."""
    page = await browser.get(f"{PAD}/stop")
    sent = await press(browser, f"{PAD}/stop", einddatum="2026-05-29", reden="31")
    blind = await press(browser, f"{PAD}/start/versturen", begindatum="2026-05-04", zegel="A1|2026-06-03")

    assert "hoort altijd bij een start" in page.text
    assert '<button class="knop" type="submit">Bekijk' not in page.text
    assert sent.status_code == 422
    assert blind.status_code == 422


async def test_a_bericht_is_explained_fetched_and_marked_as_done(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The 301 leads to its toewijzing; marking it answers the gemeente and takes it out of the postvak, twice is the same as once."""
    page = (await browser.get("/mijn/berichten/1")).text
    xml = await browser.get("/mijn/berichten/1/xml")
    done = [await press(browser, "/mijn/berichten/1/verwerkt") for _ in range(2)]
    after = (await browser.get("/mijn/berichten")).text

    assert f'href="{PAD}"' in page
    assert "Ik heb dit verwerkt" in page
    assert xml.headers["content-type"] == "application/xml"
    assert BSN.encode() in xml.content
    assert [each.status_code for each in done] == [303, 303]
    assert "Niets te verwerken" in after
    assert await status(wereld, 1) == "bezorgd"
    await judge_all(wereld, lot_size_max=10)
    assert await status(wereld, 1) == "beantwoord"
    assert await wereld.pool.fetch("select status from bericht where van = $1 and soort = '302'", aanbieder(AGB)) == [("verwerkt",)]
    answered = (await browser.get("/mijn/berichten/1")).text
    assert "Ik heb dit verwerkt" not in answered


async def test_a_refused_bericht_is_explained_in_a_sentence(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """What the own software sent wrong is found in the postvak, with what to do."""
    nr = await stuur(wereld, make_305(make_start(toewijzing_nummer=7777), identificatie="FOUT"))
    await judge_all(wereld, lot_size_max=10)

    own = (await browser.get(f"/mijn/berichten/{nr}")).text
    answer = (await browser.get(f"/mijn/berichten/{await antwoord_op(wereld, nr)}")).text

    for text in (own, answer):
        assert "Wat er niet klopt" in text
        assert "geen geldige toewijzing 7777" in text


async def test_a_client_is_found_by_bsn_in_a_form(browser: httpx.AsyncClient) -> None:
    """In the body, never in an address; a client of another aanbieder is not found."""
    found = await press(browser, "/mijn/zoek", bsn=BSN)
    other = await press(browser, "/mijn/zoek", bsn=ANDERE_BSN)
    wrong = await press(browser, "/mijn/zoek", bsn="123456789")

    assert found.status_code == 303
    assert f"Toewijzing {NUMMER}" in (await browser.get(found.headers["location"])).text
    assert (other.status_code, wrong.status_code) == (404, 422)
    assert "geen toewijzing" in other.text


async def test_filters_find_what_they_say(browser: httpx.AsyncClient) -> None:
    """By where it stands, what is new, the number and the law."""
    shown = {
        vraag: f'href="{PAD}"' in (await browser.get(f"/mijn?{vraag}")).text
        for vraag in (
            "stand=nieuw",
            "stand=niet_gestart",
            f"nummer={NUMMER}",
            "domein=ijw",
            "stand=loopt",
            "nummer=1",
            "domein=iwmo",
            "stand=",
        )
    }

    assert [vraag for vraag, is_shown in shown.items() if not is_shown] == ["stand=loopt", "nummer=1", "domein=iwmo"]


async def test_the_start_page_counts_what_waits(browser: httpx.AsyncClient) -> None:
    text = (await browser.get("/")).text

    assert "Nieuwe toewijzingen" in text
    assert "Toewijzingen zonder start" in text
    assert "Afgelopen toewijzingen zonder stop" not in text


async def test_what_is_of_another_aanbieder_does_not_exist(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A toewijzing, a client, a bericht and its XML; nor one of mine under another law or gemeente."""
    other = await wereld.pool.fetchval("select client_id from toewijzing_versie where toewijzing_nummer = $1", VAN_EEN_ANDER)
    pages = (
        f"/mijn/toewijzingen/ijw/{GEMEENTE}/{VAN_EEN_ANDER}",
        f"/mijn/toewijzingen/ijw/{GEMEENTE}/{VAN_EEN_ANDER}/start",
        f"/mijn/toewijzingen/iwmo/{GEMEENTE}/{NUMMER}",
        f"/mijn/toewijzingen/ijw/0687/{NUMMER}",
        f"/mijn/clienten/{other}",
        "/mijn/berichten/2",
        "/mijn/berichten/2/xml",
        f"{PAD}?klaar=2",
    )

    assert [pad for pad in pages if (await browser.get(pad)).status_code != 404] == []


async def test_forms_for_another_aanbieder_or_without_token_do_nothing(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """404 for what is not mine, 403 for a form that our page did not make."""
    other = f"/mijn/toewijzingen/ijw/{GEMEENTE}/{VAN_EEN_ANDER}/start"
    seal = "A00000000001|2026-06-03"

    mine = {pad: (await press(browser, pad, begindatum="2026-05-04", zegel=seal)).status_code for pad in (other, f"{other}/versturen")}
    posts = ("/mijn/zoek", f"{PAD}/start", f"{PAD}/start/versturen", "/mijn/berichten/1/verwerkt")
    forged = {pad: (await browser.post(pad, data={"csrf": "x", "zegel": seal, "begindatum": "2026-05-04"})).status_code for pad in posts}

    assert set(mine.values()) == {404}
    assert (await press(browser, "/mijn/berichten/2/verwerkt")).status_code == 404
    assert set(forged.values()) == {403}
    assert await status(wereld, 1) == "klaar"
    assert await wereld.pool.fetchval("select count(*) from bericht where van = $1", aanbieder(AGB)) == 0


async def test_other_roles_do_not_open_the_pages_of_an_aanbieder(wereld: Wereld, pages: ASGIApp) -> None:
    """Not even beheer: these pages are about one aanbieder."""
    own = ("/mijn", PAD, f"{PAD}/start", "/mijn/berichten", "/mijn/berichten/1")
    for rol in Rol:
        if rol is Rol.AANBIEDER:
            continue
        async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://solidair.test") as browser:
            await als(wereld, browser, rol)
            assert {(await browser.get(pad)).status_code for pad in own} == {403}, rol


async def test_a_person_of_an_aanbieder_opens_its_own_pages_and_no_others(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Every page there is: with numbers of others filled in where an address asks for one."""
    other = await wereld.pool.fetchval("select client_id from toewijzing_versie where toewijzing_nummer = $1", VAN_EEN_ANDER)
    filled = {
        "domein": "ijw",
        "gemeente": GEMEENTE,
        "nummer": str(VAN_EEN_ANDER),
        "soort": "start",
        "maand": "2026-05",
        "agb": ANDERE_AGB,
        "client_id": str(other),
    }
    routers = [each.router for each in vars(app.web).values() if hasattr(each, "router")]
    paths = sorted(
        {route.path for router in routers for route in router.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())}
    )
    opened = {}
    for path in paths:
        pad = re.sub(r"{(\w+)(:\w+)?}", lambda found: filled.get(found[1], "2"), path)
        opened[path] = (await browser.get(pad)).status_code

    assert len(paths) > 60
    assert {path for path, code in opened.items() if code not in (403, 404, 422)} == OPEN | VOOR_IEDEREEN


async def antwoord_op(wereld: Wereld, nr: int) -> int:
    """The bericht that answers this one."""
    found: int = await wereld.pool.fetchval("select antwoord_nr from bericht where bericht_nr = $1", nr)
    return found
