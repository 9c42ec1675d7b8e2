"""Declaring for an aanbieder without software, on a real database: the form, the file, sending once, outcomes, undoing, and who may see it."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder
from app.judging import verwerk_baan
from tests.builders import AGB, BSN, CODE, NUMMER, make_301, make_305, make_323, make_prestatie
from tests.end_to_end.werkbank import ANDERE_AGB, stuur, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow

PAD = "/mijn/declaraties"
WIE = {"maand": "2026-05", "aan": "ijw:0664"}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A toewijzing of ten hours a week that was started."""
    async with wereld_with_region(database, tmp_path) as opened:
        await stuur(opened, make_301())
        await stuur(opened, make_305())
        await verwerk_baan(opened, "ijw", AGB, lot_size_max=10)
        yield opened


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which a person of the aanbieder is signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        await als(wereld, client, Rol.AANBIEDER)
        yield client


def hidden(text: str, naam: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{naam}" value="([^"]*)"', text)
    assert found, f"no field {naam}: {text[-1500:]}"
    return html.unescape(found[1])


async def csrf(browser: httpx.AsyncClient) -> str:
    """The token of the forms of who is signed in."""
    return hidden((await browser.get(f"{PAD}/nieuw", params=WIE)).text, "csrf")


async def preview(browser: httpx.AsyncClient, volume: str, **more: str) -> httpx.Response:
    """The page after the form was filled in."""
    data = {**WIE, "csrf": await csrf(browser), f"volume-{NUMMER}": volume, f"prijs-{NUMMER}": f"{CODE}/04", **more}
    return await browser.post(f"{PAD}/voorbeeld", data=data)


async def send(browser: httpx.AsyncClient, shown: httpx.Response) -> httpx.Response:
    """Press the button of a preview."""
    names = ("csrf", "maand", "aan", "regels", "zegel")
    return await browser.post(PAD, data={name: hidden(shown.text, name) for name in names})


async def judged(wereld: Wereld, sent: httpx.Response) -> str:
    """Where a declaratie that was sent can be seen, after judging."""
    assert sent.status_code == 303, sent.text[-1500:]
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)
    return sent.headers["location"]


async def test_declaratie_by_form_is_sent_once_and_granted(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The product is chosen among hours and minutes; the amount is that of the contract; a second press sends nothing."""
    shown = await preview(browser, "8")
    twice = [await send(browser, shown), await send(browser, shown)]
    place = await judged(wereld, twice[0])
    outcome = html.unescape((await browser.get(place)).text)

    assert "Er is nog niets verstuurd." in shown.text
    assert "€\u00a0480,00" in html.unescape(shown.text)
    assert [each.headers["location"] for each in twice] == [place, place]
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '323'") == 1
    assert 'status--goed">Toegekend' in outcome
    assert outcome.count("€\u00a0480,00") >= 4
    assert (await browser.get(f"{place}/regels.csv")).text.count("480,00;480,00;toegekend;") == 1


async def test_begins_with_a_month_and_to_whom(browser: httpx.AsyncClient) -> None:
    """With one gemeente the lines are there at once; a month without toewijzingen says so and lets choose another."""
    begin, lines = (await browser.get(PAD)).text, (await browser.get(f"{PAD}/nieuw?maand=2026-05")).text
    empty = (await browser.get(f"{PAD}/nieuw?maand=2024-11")).text

    assert '<option value="2026-05"' in begin
    assert "Nog niets gedeclareerd" in begin
    assert f'name="volume-{NUMMER}"' in lines
    assert "Geen toewijzingen" in empty
    assert '<option value="2026-05"' in empty


@pytest.mark.parametrize(
    ("volume", "sentence"),
    [("acht", "heel aantal"), ("7,5", "heel aantal"), ("0", "laat de regel leeg"), ("", "ten minste één regel")],
)
async def test_what_cannot_be_read_is_said_beside_the_field(browser: httpx.AsyncClient, volume: str, sentence: str) -> None:
    """And what was typed stays."""
    page = await preview(browser, volume)

    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{volume}"' in page.text


async def test_lines_that_would_be_refused_are_not_sent(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Far more than the toewijzing holds: the preview says so at the line, and a form made by hand does not get through either."""
    page = await preview(browser, "5000")
    data = {name: hidden(page.text, name) for name in ("csrf", "maand", "aan", "regels")}
    forged = await browser.post(PAD, data={**data, "zegel": f"A00000000099|{wereld.vandaag.isoformat()}"})

    assert "Deze regels zouden worden afgewezen" in page.text
    assert "Verstuur de declaratie" not in page.text
    assert "TR321" in page.text
    assert "kan zo niet worden verstuurd" in forged.text
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '323'") == 0


async def test_by_file_with_a_wrong_tariff_then_right(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The form as a file; one wrong row and nothing goes on; corrected it is granted; claimed again it must be undone first, and is."""
    form = (await browser.get(f"{PAD}/formulier.csv", params=WIE)).content.decode("utf-8-sig").splitlines()
    row = next(line for line in form[1:] if "/04;" in line).split(";")
    column = {name: place for place, name in enumerate(form[0].split(";"))}
    row[column["volume"]] = "8"
    right = ";".join(row)
    row[column["tarief"]] = "61,00"

    async def upload(line: str) -> httpx.Response:
        data = {**WIE, "csrf": await csrf(browser)}
        return await browser.post(
            f"{PAD}/bestand", data=data, files={"bestand": ("d.csv", f"{form[0]}\r\n{line}\r\n".encode(), "text/csv")}
        )

    wrong = html.unescape((await upload(";".join(row))).text)
    place = await judged(wereld, await send(browser, await upload(right)))
    again = await upload(right)
    page = (await browser.get(f"{PAD}/nieuw", params=WIE)).text
    referentie = hidden(page, f"crediteer-{NUMMER}")
    corrected = await preview(browser, "6", **{f"crediteer-{NUMMER}": referentie})
    second = await judged(wereld, await send(browser, corrected))

    assert "Rij 2, kolom tarief: Het tarief in uw contract is 60,00, niet 61,00." in wrong
    assert "er is niets van overgenomen" in wrong
    assert 'status--goed">Toegekend' in (await browser.get(place)).text
    assert "Rij 2, kolom draai_terug: Over deze maand is al een regel toegekend." in again.text
    assert "-€\u00a0120,00" in html.unescape(corrected.text)
    assert "later teruggedraaid" in (await browser.get(place)).text
    assert (
        await wereld.pool.fetchval("select sum(case when is_credit then -bedrag_cent else bedrag_cent end) from prestatie where toegekend")
        == 36_000
    )
    assert second != place


async def test_refused_lines_are_filled_in_again(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A line of other software that was refused: the reason in words, and the way to a form that holds it."""
    await stuur(wereld, make_323(make_prestatie(product_tarief=6100), make_prestatie("R2", toewijzing_nummer=NUMMER + 1)))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)
    nr = await wereld.pool.fetchval("select max(bericht_nr) from bericht where soort = '323'")
    page = html.unescape((await browser.get(f"{PAD}/{nr}")).text)
    way = re.search(r'href="(/mijn/declaraties/nieuw[^"]*)"', page)
    assert way, page[-2000:]
    filled = (await browser.get(way[1])).text

    assert page.count('status--fout">Afgewezen') == 2
    assert "(0611)" in page
    melding = str(await wereld.pool.fetchval("select melding from bevinding where bericht_nr = $1 and retourcode = '0611'", nr))
    first, second = page.split('role="rowgroup"')[-1].split('role="rowheader"')[1:3]
    assert (melding in first, melding in second) == (True, False)
    assert f'href="/mijn/berichten/{nr}/xml"' in page
    assert re.search(rf'name="volume-{NUMMER}"[^>]*value="8"', filled)


async def test_only_the_own_declaraties_are_there(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another aanbieder sees nothing of it; other roles have no such page; a form of another session is refused."""
    place = await judged(wereld, await send(browser, await preview(browser, "8")))
    stolen = {**WIE, "csrf": "x", f"volume-{NUMMER}": "1"}
    assert (await browser.post(f"{PAD}/voorbeeld", data=stolen)).status_code == 403
    browser.cookies.clear()
    await als(wereld, browser, Rol.INZAGE)
    refused = [
        (await browser.get(pad)).status_code for pad in (PAD, place, f"{PAD}/nieuw", f"{PAD}/formulier.csv?maand=2026-05&aan=ijw:0664")
    ]
    browser.cookies.clear()
    await wereld.pool.execute("truncate account cascade")
    await als(wereld, browser, Rol.AANBIEDER, partijen=(aanbieder(ANDERE_AGB),))
    elsewhere = [(await browser.get(pad)).status_code for pad in (place, f"{place}/regels.csv")]
    own = await browser.get(f"{PAD}/nieuw", params=WIE)

    assert refused == [403, 403, 403, 403]
    assert elsewhere == [404, 404]
    assert "Geen toewijzingen" in own.text
    assert BSN not in own.text


async def test_declaratie_that_was_rejected_as_a_whole_says_why(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """A DeclaratieNummer for the second time (TR333): no line was judged, and it counts as not sent."""
    await stuur(wereld, make_323(make_prestatie()))
    await stuur(wereld, make_323(make_prestatie("R2"), identificatie="323-twee"))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)
    nr = await wereld.pool.fetchval("select max(bericht_nr) from bericht where soort = '323'")
    melding = str(await wereld.pool.fetchval("select melding from bevinding where bericht_nr = $1 and regel = 'TR333'", nr))
    page = html.unescape((await browser.get(f"{PAD}/{nr}")).text)

    assert "als geheel afgekeurd" in page
    assert melding in page
    assert 'status--goed">Toegekend' not in page
