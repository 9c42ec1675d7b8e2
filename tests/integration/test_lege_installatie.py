"""A new user in an installation without a region and without berichten: every page opens, says why it is empty, and what comes next."""

from __future__ import annotations

import re

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder
from app.web.rechten import paginas
from tests.builders import AGB
from tests.integration.pagina_rijen import GEMEENTEN
from tests.integration.test_pages import als, browser, wereld  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow

ZELF_VOL = {
    "/controle": "Er wordt niets verstuurd en niets bewaard",
    "/regels": "Elke regel van iJw 3.2 en iWmo 3.2",
    "/controles": "Druk op de knop",
}
"""Pages that do not wait for anybody's berichten: what they say."""
LEEG = re.compile(r'class="leeg__titel">([^<]+)</p>\s*<p>([^<]{30,})')


def uitleg(text: str) -> list[tuple[str, str]]:
    """What a page says about being empty: a heading and a sentence of some length."""
    return LEEG.findall(text)


async def test_every_page_of_the_region_opens_and_explains_itself(wereld: Wereld, browser: httpx.AsyncClient) -> None:  # noqa: F811
    await als(wereld, browser, Rol.BEHEER)
    wrong = {}
    for pad in paginas():
        response = await browser.get(pad)
        told = ZELF_VOL[pad] in response.text if pad in ZELF_VOL else bool(uitleg(response.text))
        if response.status_code not in (200, 403) or (response.status_code == 200 and not told):
            wrong[pad] = (response.status_code, uitleg(response.text))

    assert wrong == {}


async def test_every_page_of_a_gemeente_does_so(wereld: Wereld, browser: httpx.AsyncClient) -> None:  # noqa: F811
    """A person of one gemeente, before that gemeente was loaded."""
    rollen = (Rol.TOEGANG, Rol.UITVAL, Rol.CONTROLLER, Rol.CONTRACTBEHEER, Rol.INZAGE)
    await als(wereld, browser, *rollen, gemeenten=(next(iter(GEMEENTEN)),))
    pages = re.findall(r'<a class="nav__link[^"]*" href="([^"]+)"', (await browser.get("/")).text)

    assert len(set(pages)) >= 6
    for pad in dict.fromkeys(pages):
        response = await browser.get(pad)
        below = re.findall(r'<a class="subnav__link[^"]*" href="([^"]+)"', response.text)
        for each in dict.fromkeys((pad, *below)):
            found = await browser.get(each)
            assert found.status_code == 200, each
            assert uitleg(found.text) or each in ZELF_VOL or each == "/toegang/nieuw", each


async def test_an_aanbieder_without_toewijzingen_is_told_so(wereld: Wereld, browser: httpx.AsyncClient) -> None:  # noqa: F811
    await als(wereld, browser, Rol.AANBIEDER, gemeenten=(), partijen=(aanbieder(AGB),))
    start = await browser.get("/")

    assert start.status_code == 200
    assert "Zo begint u" not in start.text
    assert uitleg(start.text)


async def test_the_start_page_of_the_region_says_how_to_begin(wereld: Wereld, browser: httpx.AsyncClient) -> None:  # noqa: F811
    await als(wereld, browser, Rol.BEHEER)

    empty = (await browser.get("/")).text
    await wereld.pool.execute("insert into gemeente (code, naam, geldig_van) values ('0664', 'Goes', '2010-01-01')")
    loaded = (await browser.get("/")).text

    assert "Zo begint u" in empty
    assert "solidair region load" in empty
    assert "Niets wacht op u" not in empty
    assert "Gedaan" not in empty
    assert loaded.count("Gedaan") == 1


def test_the_pages_that_fill_themselves_are_pages_of_the_navigation() -> None:
    assert set(ZELF_VOL) <= set(paginas())
