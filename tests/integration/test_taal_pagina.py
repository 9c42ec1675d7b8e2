"""English by a switch: it stays over pages and signing out, asks nothing about the person, goes nowhere else, and changes only what is read."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.partij import Rol
from app.settings import Settings
from app.web.rechten import paginas
from app.web.talen import TAAL_COOKIE
from app.web.vertaling.eenheden import LEESBAAR
from tests.fixtures.apps import app_of
from tests.integration.pagina_rijen import NU, vul
from tests.integration.test_pages import als, csrf_in, meld_aan

pytestmark = pytest.mark.slow

HERE = "http://solidair.test"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The world of the pages, with the clock at the moment of the rows."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        yield found


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the whole application; it does not follow redirects."""
    transport = httpx.ASGITransport(app_of(wereld), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers={"accept": "text/html", "origin": HERE}) as client:
        yield client


async def kies(browser: httpx.AsyncClient, taal: str, terug: str = "/", **headers: str) -> httpx.Response:
    return await browser.post("/taal", data={"taal": taal, "terug": terug}, headers=headers)


async def test_the_language_stays_over_pages_and_signing_out(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Before signing in, after it, on a page that is not there, and after signing out."""
    assert '<html lang="nl">' in (await browser.get("/aanmelden")).text

    response = await kies(browser, "en", "/aanmelden?naar=%2Fgeld")

    assert (response.status_code, response.headers["location"]) == (303, "/aanmelden?naar=%2Fgeld")
    assert "Use the name and password" in (await browser.get("/aanmelden")).text
    await als(wereld, browser, Rol.BEHEER)
    for pad in ("/", "/geld", "/berichten/999999", "/bestaat-niet"):
        page = await browser.get(pad)
        assert '<html lang="en">' in page.text
        assert f'name="terug" value="{pad}"' in page.text
    await browser.post("/afmelden", data={"csrf": csrf_in((await browser.get("/")).text)})
    assert '<html lang="en">' in (await browser.get("/aanmelden")).text

    await kies(browser, "nl")

    assert '<html lang="nl">' in (await browser.get("/aanmelden")).text


async def test_the_cookie_says_the_language_alone(browser: httpx.AsyncClient) -> None:
    cookie = (await kies(browser, "en")).headers["set-cookie"]

    assert cookie.startswith(f"{TAAL_COOKIE}=en;")
    assert "SameSite=lax" in cookie
    assert "HttpOnly" in cookie


async def test_any_other_cookie_is_dutch(browser: httpx.AsyncClient) -> None:
    for waarde in ("", "EN", "fr", "en;nl", "../en", "x" * 4000):
        page = await browser.get("/aanmelden", headers={"cookie": f'{TAAL_COOKIE}="{waarde}"'})

        assert page.status_code == 200
        assert '<html lang="nl">' in page.text


async def test_the_switch_goes_nowhere_else(browser: httpx.AsyncClient) -> None:
    for terug in ("//evil.test", "https://evil.test/", "/\\evil.test", "evil.test", "", "/a\r\nX: y", "/taal", "/é"):
        assert (await kies(browser, "en", terug)).headers["location"] == "/"


async def test_a_form_of_another_site_changes_nothing(browser: httpx.AsyncClient) -> None:
    for origin in ("http://evil.test", "null", "http://solidair.test.evil.test"):
        response = await kies(browser, "en", origin=origin)

        assert response.status_code == 403
        assert "set-cookie" not in response.headers
    for site in ("cross-site", "same-site", "none"):
        assert (await browser.post("/taal", data={"taal": "en"}, headers={"sec-fetch-site": site})).status_code == 403


async def test_behind_a_proxy_what_the_browser_says_counts(browser: httpx.AsyncClient) -> None:
    """The proxy may call us by another name than the reader does."""
    headers = {"sec-fetch-site": "same-origin", "origin": "https://solidair.example.nl"}

    assert (await browser.post("/taal", data={"taal": "en"}, headers=headers)).status_code == 303


async def test_a_refused_form_leads_back_to_its_page(browser: httpx.AsyncClient) -> None:
    """The answer to a post is no address to go back to."""
    await meld_aan(browser, "niemand", "niets-dat-klopt")
    data = {"naam": "niemand", "wachtwoord": "fout", "csrf": csrf_in((await browser.get("/aanmelden")).text)}

    page = await browser.post("/aanmelden", data=data, headers={"referer": f"{HERE}/aanmelden?naar=%2Fgeld"})
    elders = await browser.post("/aanmelden", data=data, headers={"referer": "http://evil.test/x"})

    assert 'name="terug" value="/aanmelden?naar=%2Fgeld"' in page.text
    assert 'name="terug" value="/"' in elders.text


class Geraamte(HTMLParser):
    """A page without what people read: its tags, with every attribute that is not read; marks of language around a text are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.overgeslagen: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mark = tag == "span" and attrs == [("lang", "nl")]
        if tag == "span":
            self.overgeslagen.append(mark)
        kept = tuple(sorted((name, value) for name, value in attrs if name not in LEESBAAR | {"lang", "datetime"}))
        if not mark:
            self.tags.append((tag, kept))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self.overgeslagen.pop():
            return
        self.tags.append((f"/{tag}", ()))


def geraamte(text: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    text = re.sub(r'name="(csrf|sleutel)" value="[^"]*"', "", text)
    parser = Geraamte()
    parser.feed(re.sub(r'<form class="taal".*?</form>', "", text, flags=re.DOTALL))
    return parser.tags


async def test_only_what_is_read_differs(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Addresses, values of fields, classes and the order of everything are the same in both languages, on every page of the navigation."""
    nrs = await vul(wereld)
    await als(wereld, browser, Rol.BEHEER)
    for pad in (*paginas(), f"/berichten/{nrs.deels_afgekeurd}", "/uitval?periode=alles", "/geld?jaar=2026", "/aanmelden"):
        await kies(browser, "nl")
        dutch = await browser.get(pad)
        await kies(browser, "en")
        english = await browser.get(pad)

        assert (dutch.status_code, english.status_code) == (200, 200), pad
        assert geraamte(english.text) == geraamte(dutch.text), pad
        assert english.text != dutch.text
