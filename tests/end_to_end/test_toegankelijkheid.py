"""Every page that a role can reach, in a real browser at desktop and phone width: no rule of WCAG 2.2 A or AA that a machine can check is
broken, nothing needs sideways scrolling, and without JavaScript there is the same to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, paden, te_breed
from tests.fixtures.chromium import BREED, Openen
from tests.fixtures.site import Site

pytestmark = pytest.mark.slow

WHO = ("uitval", "controller", "contractbeheer", "toegang", "aanbieder")
ALLES = (("beheer", 35), ("aanbieder", 12))
"""Who between them open every page, and how many kinds of page each has at least."""
SOORTEN_MAX = 90
"""More kinds of page than this is a link that differs from row to row and is not recognised."""
_WISSELT = re.compile(r"\d+(-\d+)?|ijw|iwmo|[A-Z]{2}\d{3}[a-z]?|.*[.:].*|[a-z_]*_door_[a-z]+|[a-z]+_[a-z_]+")
"""A step of an address that differs from row to row: a number, a wet, a rule, a cause."""

REFLOW = (320, 800)
"""The narrowest window in which nothing may need sideways scrolling (WCAG 1.4.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blad:
    """A page that was opened: its address, what there is to read, and what is wrong with it."""

    pad: str
    tekst: str
    fouten: tuple[str, ...]


_BLADEN: dict[str, tuple[Blad, ...]] = {}


def bladen(venster: Openen, site: Site, naam: str) -> tuple[Blad, ...]:
    """One page of each kind that this person can reach by links, however deep; each is opened once, for all tests here."""
    if naam not in _BLADEN:
        with aangemeld(venster, site, naam) as page:
            _BLADEN[naam] = tuple(_walk(page, site))
    return _BLADEN[naam]


def _walk(page: Page, site: Site) -> Iterator[Blad]:
    waiting = {kind("/"): "/"}
    seen: set[str] = set()
    while waiting:
        soort, pad = next(iter(waiting.items()))
        del waiting[soort]
        seen.add(soort)
        assert len(seen) <= SOORTEN_MAX, sorted(seen)
        fouten = tuple(faults(page, site, pad))
        yield Blad(pad=pad, tekst=read(page), fouten=fouten)
        for link in paden(page, site, keuze="nav a, main a"):
            plain = link.partition("#")[0]
            if not is_file(plain) and kind(plain) not in seen:
                waiting.setdefault(kind(plain), plain)


def kind(link: str) -> str:
    """A link without what differs from row to row and without its filter."""
    return "/".join("*" if _WISSELT.fullmatch(unquote(step)) else step for step in link.partition("?")[0].split("/"))


def is_file(link: str) -> bool:
    """Whether the link downloads something."""
    path = link.partition("?")[0]
    return "/bestand/" in path or path.endswith((".csv", ".xlsx", ".xml", ".pdf", "/xml"))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("naam", "aantal_min"), ALLES)
def test_every_page_holds_the_rules_of_wcag_and_fits_a_narrow_window(venster: Openen, site: Site, naam: str, aantal_min: int) -> None:
    """Beheer opens all but those of an aanbieder; the second layout is that of the same page at 320 pixels."""
    found = bladen(venster, site, naam)

    assert {blad.pad: blad.fouten for blad in found if blad.fouten} == {}
    assert len(found) > aantal_min


@pytest.mark.parametrize("naam", WHO)
def test_the_start_page_of_every_role_does_so(venster: Openen, site: Site, naam: str) -> None:
    with aangemeld(venster, site, naam) as page:
        assert faults(page, site, "/") == []
        assert len(paden(page, site)) > 2


def test_signing_in_does_so(venster: Openen, site: Site) -> None:
    with venster() as page:
        assert faults(page, site, "/aanmelden") == []


def test_the_check_finds_what_is_wrong(venster: Openen, site: Site) -> None:
    """A picture without words, letters that nobody can read, and a block that does not fit."""
    with venster() as page:
        ga(page, site, "/aanmelden")
        page.evaluate("""() => {
            document.querySelector('main').innerHTML = '<img src="/static/solidair.svg"><p>bleek</p><div>breed</div>';
            document.querySelector('main p').style.color = '#f0f0f0';
            document.querySelector('main div').style.width = '2000px';
        }""")

        found = " ".join(axe_fouten(page))

        assert "image-alt" in found
        assert "color-contrast" in found
        assert te_breed(page)


def faults(page: Page, site: Site, pad: str) -> list[str]:
    """What is wrong with a page, at desktop width and then in a narrow window."""
    page.set_viewport_size({"width": BREED[0], "height": BREED[1]})
    ga(page, site, pad)
    found = [*axe_fouten(page), *(["wider than a desktop"] if te_breed(page) else [])]
    page.set_viewport_size({"width": REFLOW[0], "height": REFLOW[1]})
    return [*found, *(["wider than a narrow window"] if te_breed(page) else [])]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("naam", [naam for naam, _ in ALLES])
def test_without_script_there_is_the_same_to_read(venster: Openen, site: Site, naam: str) -> None:
    texts = {blad.pad: blad.tekst for blad in bladen(venster, site, naam)}

    with aangemeld(venster, site, naam, script=False) as page:
        found = {}
        for pad in texts:
            ga(page, site, pad)
            found[pad] = read(page)
    assert found == texts


def read(page: Page) -> str:
    """The heading of a page and how many tables and forms it has: what a reader needs, without what changes from moment to moment."""
    return f"{page.locator('h1').inner_text()} | {page.locator('main table').count()} | {page.locator('main form').count()}"


def test_the_keyboard_reaches_the_content_first(venster: Openen, site: Site) -> None:
    """The first stop of Tab is the link past the navigation, it can be seen, and Enter lands in the content."""
    with aangemeld(venster, site, "beheer") as page:
        ga(page, site, "/berichten")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Naar de inhoud")
        assert skip.evaluate("link => link === document.activeElement")
        assert skip.is_visible()
        assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")

        page.keyboard.press("Enter")
        page.keyboard.press("Tab")

        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("pad", ["/", "/berichten", "/geld", "/uitval?periode=alles"])
def test_the_keyboard_gets_through_a_page(venster: Openen, site: Site, pad: str) -> None:
    """Tab passes every link, field and button once and leaves the page: nowhere is it held, and what has the focus is never out of sight."""
    with aangemeld(venster, site, "beheer") as page:
        ga(page, site, pad)
        stops = page.locator("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")
        visible = sum(1 for each in stops.all() if each.is_visible())
        seen = 0
        for _ in range(visible + 20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            seen += 1
            assert page.evaluate("document.activeElement.getClientRects().length > 0")

        assert page.evaluate("document.activeElement === document.body"), "the focus never left the page"
        assert seen >= visible - 2
