"""Using the pages as a person does: sign in, find what breaks a rule of WCAG, list the pages there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.fixtures.chromium import BREED, Openen
from tests.fixtures.site import WACHTWOORD, Draaiend

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
"""Which rules of axe-core: those of WCAG 2.2 A and AA."""
TABS_MAX = 80


@contextmanager
def aangemeld(venster: Openen, site: Draaiend, naam: str, *, maat: tuple[int, int] = BREED, script: bool = True) -> Iterator[Page]:
    """A window in which `naam` is signed in, on the start page."""
    with venster(maat=maat, script=script) as page:
        meld_aan(page, site, naam)
        yield page


def meld_aan(page: Page, site: Draaiend, naam: str) -> None:
    """Sign in through the form."""
    page.goto(f"{site.url}/aanmelden")
    page.get_by_label("Naam").fill(naam)
    page.get_by_label("Wachtwoord").fill(WACHTWOORD)
    page.get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(f"{site.url}/")


def ga(page: Page, site: Draaiend, pad: str) -> None:
    """Open a page that must be there."""
    response = page.goto(f"{site.url}{pad}")
    assert response is not None
    assert response.status == 200, f"{pad} answered {response.status}"


def axe_fouten(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA once the page is loaded with its style: rule, and the first elements that break it."""
    page.wait_for_load_state()
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{each['id']}: {each['help']} – {[node['target'] for node in each['nodes'][:3]]}" for each in found]


def te_breed(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def paden(page: Page, site: Draaiend, *, keuze: str = "nav a") -> list[str]:
    """Where the links of the navigation lead, once each."""
    links = [str(link.get_attribute("href")) for link in page.locator(keuze).all()]
    return list(dict.fromkeys(link for link in links if link.startswith("/")))


def tab_naar(page: Page, doel: str | Locator) -> None:
    """Press Tab until what has the focus is `doel` (a CSS selector, or one element); a test fails when Tab never gets there."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if isinstance(doel, Locator):
            if doel.evaluate("each => each === document.activeElement"):
                return
        elif page.evaluate("css => document.activeElement.matches(css)", doel):
            return
    pytest.fail(f"Tab never reaches {doel} on {page.url}")


def rijen(page: Page, bijschrift: str) -> list[str]:
    """The rows of the table with this caption, each as one line of words."""
    tabel = page.locator("table", has=page.locator("caption", has_text=bijschrift)).first
    return [" ".join(each.split()) for each in tabel.locator("tbody tr").all_inner_texts()]


def cent_in(tekst: str) -> list[int]:
    """The amounts in a text, in cents: "-€ 1.234,56" is -123456."""
    found = re.findall(r"(-?)€\s?([\d.]+),(\d\d)", tekst)
    return [int(f"{min_teken}{euro.replace('.', '')}{cent}") for min_teken, euro, cent in found]
