"""The page of the rulebook on a real database: everybody may read it, it is bounded, and it counts only what the reader may see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.partij import SYSTEEM, Actor, Rol
from app.reports import KEREN_MAX, read_afgegaan
from app.reports.regels import CODES_MAX
from app.settings import Settings
from app.standard.rulebook import per_code, regelboek
from app.web.regels import BLAD_MAX
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import NU, Pagina, Rij, Vondst, schrijf, vul
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The world of the pages, with the clock at the moment of the rows."""
    async with open_wereld(Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU), database) as found:
        yield found


@pytest.fixture
async def nrs(wereld: Wereld) -> Pagina:
    """TR322 and TR338 fired once, in a declaratie to Goes (0664)."""
    return await vul(wereld)


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in and does not follow redirects."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


def codes_on(page: httpx.Response) -> list[str]:
    """The codes that a page shows, in its order."""
    return re.findall(r'<section class="regel" id="([^"]+)"', page.text)


def section(page: httpx.Response, code: str) -> str:
    """What a page says of one code."""
    found = re.search(rf'<section class="regel" id="{code}".*?</section>', page.text, re.DOTALL)
    assert found, code
    return found.group(0)


async def test_page_asks_to_sign_in(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/regels?zoek=TR321")

    assert response.status_code == 303
    assert response.headers["location"] == "/aanmelden?naar=%2Fregels%3Fzoek%3DTR321"


@pytest.mark.parametrize("rol", list(Rol))
async def test_every_role_may_read_it(wereld: Wereld, browser: httpx.AsyncClient, rol: Rol) -> None:
    """It stands in the menu of each of them."""
    await als(wereld, browser, rol)

    response = await browser.get("/regels")

    assert response.status_code == 200
    assert '<a class="subnav__link subnav__link--hier" href="/regels" aria-current="page">Regels van de standaard</a>' in response.text


async def test_pages_together_hold_every_code_once(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Each page is bounded; a page beyond the last one shows the last one."""
    await als(wereld, browser, Rol.INZAGE)
    seen: list[str] = []
    pad: str | None = "/regels"
    while pad:
        page = await browser.get(pad)
        assert 0 < len(codes_on(page)) <= BLAD_MAX
        seen += codes_on(page)
        following = re.search(r'href="(/regels[^"]*)" rel="next"', page.text)
        pad = following.group(1).replace("&amp;", "&") if following else None

    assert seen == [groep.code for groep in per_code(regelboek())]
    assert codes_on(await browser.get("/regels?blad=99")) == seen[-len(codes_on(page)) :]


async def test_filter_finds_by_words_kind_state_and_bericht(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.INZAGE)

    words = await browser.get("/regels", params={"zoek": "elfproef BSN", "soort": "CS"})
    unchecked = await browser.get("/regels", params={"staat": "niet_controleerbaar", "soort": "TR"})
    answer = await browser.get("/regels", params={"bericht": "325", "soort": "CD", "domein": "iwmo"})
    nothing = await browser.get("/regels", params={"zoek": "olifant"})

    assert codes_on(words) == ["CS002"]
    assert codes_on(unchecked) == ["TR381"]
    assert codes_on(answer) == ["CD060"]
    assert "Jeugdwet" not in section(answer, "CD060")
    assert codes_on(nothing) == []
    assert "Geen regels gevonden" in nothing.text


async def test_a_code_that_is_typed_comes_first(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Other rules lean on TR321 and mention it; they come after it."""
    await als(wereld, browser, Rol.INZAGE)

    found = codes_on(await browser.get("/regels?zoek=tr321"))

    assert found[0] == "TR321"
    assert len(found) > 1


async def test_filter_that_cannot_be_is_refused_and_words_are_no_html(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.INZAGE)

    for params in ({"soort": "XX"}, {"staat": "misschien"}, {"bericht": "999"}, {"blad": "0"}, {"zoek": "x" * 61}):
        assert (await browser.get("/regels", params=params)).status_code == 422, params
    page = await browser.get("/regels", params={"zoek": "<b>x</b>"})
    assert "<b>x</b>" not in page.text


async def test_a_rule_shows_its_sentence_function_tests_and_retourcode(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.INZAGE)

    text = section(await browser.get("/regels?zoek=TR321&soort=TR"), "TR321")

    assert "Het volume van één prestatie past in wat de omvang" in text
    assert "app.standard.rules.prestatie_volume.tr321_geleverd_volume_fits" in text
    assert "unit/standard/rules/test_prestatie.py::" in text
    assert '<span class="code">9321</span>' in text
    assert "Afgedwongen" in text
    assert "Niet afgegaan" in text


async def test_last_time_is_counted_in_the_readers_own_gemeenten(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """Goes sees that TR322 fired; Terneuzen, where it did not, sees nothing of it."""
    await als(wereld, browser, Rol.UITVAL, gemeenten=("0664",))
    goes = section(await browser.get("/regels?zoek=TR322&soort=TR"), "TR322")
    browser.cookies.clear()
    await als(wereld, browser, Rol.INZAGE, gemeenten=("0715",))
    terneuzen = section(await browser.get("/regels?zoek=TR322&soort=TR"), "TR322")

    assert ">1 bericht</a>" in goes
    assert "regel=TR322" in goes
    assert "Niet afgegaan" in terneuzen
    assert "1 bericht<" not in terneuzen


async def test_who_may_not_open_berichten_gets_no_link_to_them(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """A link to the berichten of a rule opens for everybody who has it."""
    for rol in Rol:
        browser.cookies.clear()
        await als(wereld, browser, rol)
        text = section(await browser.get("/regels?zoek=TR322&soort=TR"), "TR322")
        link = re.search(r'href="(/berichten[^"]*)"', text)

        if link:
            assert (await browser.get(link.group(1).replace("&amp;", "&"))).status_code == 200, rol
        else:
            assert (await browser.get("/berichten")).status_code == 403, rol


async def test_afgegaan_counts_berichten_not_findings_and_names_the_newest(wereld: Wereld, nrs: Pagina) -> None:
    """Two findings of TR322 are one bericht; a bericht of yesterday is newer than one of nine days ago."""
    vondst = Vondst(regel="TR338", retourcode="9338", pad="/Bericht", regelnummer=1, melding="x")
    await schrijf(wereld, Rij(identificatie="9", dagen_geleden=9), vondst)
    newest = await schrijf(wereld, Rij(identificatie="10", dagen_geleden=0), vondst)

    found = await read_afgegaan(wereld, SYSTEEM, {"TR322", "TR338", "TR999"})

    assert set(found) == {"TR322", "TR338"}
    assert found["TR322"].berichten == 1
    assert found["TR338"].berichten == 3
    assert found["TR338"].laatst == await wereld.pool.fetchval("select ontvangen_op from bericht where bericht_nr = $1", newest)


async def test_afgegaan_looks_at_the_newest_berichten_only(wereld: Wereld, nrs: Pagina) -> None:
    """Of a rule that fires all the time at most `KEREN_MAX` berichten are counted; who sees none of those sees nothing."""
    await wereld.pool.execute(
        """
        insert into bericht_oorzaak (bericht_nr, regel, retourcode, aantal, bedrag_cent)
        select bericht_nr, 'TR101', '0001', 1, 0 from bericht where gemeente = '0715' and richting = 'in'
        """
    )
    # Rows of berichten that are not there: what a cause knows of its bericht is given here instead of looked up.
    await wereld.pool.execute("alter table bericht_oorzaak disable trigger user")
    await wereld.pool.execute(
        """
        insert into bericht_oorzaak (bericht_nr, regel, retourcode, aantal, bedrag_cent, ontvangst_datum, van, deur)
        select $1 + n, 'TR101', '0001', 1, 0, date '2026-07-01', 'aanbieder:42420001', false from generate_series(1, $2::bigint) n
        """,
        10**9,
        KEREN_MAX,
    )

    assert await read_afgegaan(wereld, SYSTEEM, {"TR101"}) == {}
    assert await read_afgegaan(wereld, Actor(naam="x", gemeenten=frozenset({"0715"}), rollen=frozenset({Rol.INZAGE})), {"TR101"}) == {}


async def test_afgegaan_has_a_bound_and_asks_nothing_about_nothing(wereld: Wereld) -> None:
    assert await read_afgegaan(wereld, SYSTEEM, ()) == {}
    with pytest.raises(ValueError, match=str(CODES_MAX)):
        await read_afgegaan(wereld, SYSTEEM, {f"TR{number}" for number in range(CODES_MAX + 1)})
