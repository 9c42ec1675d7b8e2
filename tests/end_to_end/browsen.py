"""Using the pages as a person does: sign in, find what breaks a rule of WCAG, list the pages there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.fixtures.chromium import BREED, Openen
from tests.fixtures.site import WACHTWOORD, Site

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
"""Which rules of axe-core: those of WCAG 2.2 A and AA."""


@contextmanager
def aangemeld(venster: Openen, site: Site, naam: str, *, maat: tuple[int, int] = BREED, script: bool = True) -> Iterator[Page]:
    """A window in which `naam` is signed in, on the start page."""
    with venster(maat=maat, script=script) as page:
        meld_aan(page, site, naam)
        yield page


def meld_aan(page: Page, site: Site, naam: str) -> None:
    """Sign in through the form."""
    page.goto(f"{site.url}/aanmelden")
    page.get_by_label("Naam").fill(naam)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(f"{site.url}/")


def ga(page: Page, site: Site, pad: str) -> None:
    """Open a page that must be there."""
    response = page.goto(f"{site.url}{pad}")
    assert response is not None
    assert response.status == 200, f"{pad} answered {response.status}"


def axe_fouten(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA: rule, and the first elements that break it."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['help']} – {[node['target'] for node in each['nodes'][:3]]}" for each in found]


def te_breed(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def paden(page: Page, site: Site, *, keuze: str = "nav a") -> list[str]:
    """Where the links of the navigation lead, once each."""
    links = [str(link.get_attribute("href")) for link in page.locator(keuze).all()]
    return list(dict.fromkeys(link for link in links if link.startswith("/")))
