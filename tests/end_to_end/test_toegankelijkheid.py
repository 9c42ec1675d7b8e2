"""Every page that a role can reach, in a real browser at desktop and phone width: no rule of WCAG 2.2 A or AA that a machine can check is
broken, nothing needs sideways scrolling, and without JavaScript there is the same to read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, paden, te_breed
from tests.fixtures.chromium import BREED, SMAL, Openen
from tests.fixtures.site import Site

pytestmark = pytest.mark.slow

WHO = ("uitval", "controller", "contractbeheer", "toegang", "aanbieder")
ALLES = (("beheer", 15), ("aanbieder", 7))
"""Who between them open every page, and how many each has at least."""
DIEPER_MAX = 40
"""Pages one step beyond the navigation that are looked at, one of each kind."""


def reachable(page: Page, site: Site) -> list[str]:
    """The navigation, the navigation inside its parts, and one page of each kind that those pages link to."""
    top = paden(page, site)
    below: dict[str, str] = {}
    for pad in top:
        ga(page, site, pad)
        for link in paden(page, site, keuze="main a, .subnav a"):
            plain = link.partition("#")[0]
            below.setdefault(kind(plain), plain)
    found = [*top, *(link for link in list(below.values())[:DIEPER_MAX] if not is_file(link))]
    return list(dict.fromkeys(found))


def kind(link: str) -> str:
    """A link without what differs from row to row."""
    path, _, query = link.partition("?")
    steps = ("*" if step.isdigit() or ":" in step else step for step in path.split("/"))
    names = sorted(pair.partition("=")[0] for pair in query.split("&") if pair)
    return f"{'/'.join(steps)}?{'&'.join(names)}"


def is_file(link: str) -> bool:
    """Whether the link downloads something."""
    path = link.partition("?")[0]
    return path.endswith((".csv", ".xlsx", ".xml", ".pdf", "/xml"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("naam", "aantal_min"), ALLES)
def test_every_page_holds_the_rules_of_wcag_and_fits_a_phone(venster: Openen, site: Site, naam: str, aantal_min: int) -> None:
    """Beheer opens all but those of an aanbieder; the second layout is that of the same page in a narrow window."""
    wrong: dict[str, list[str]] = {}
    with aangemeld(venster, site, naam) as page:
        pages = reachable(page, site)
        assert len(pages) > aantal_min
        for pad in pages:
            if found := faults(page, site, pad):
                wrong[pad] = found

    assert wrong == {}


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
    """What is wrong with a page, at desktop width and then at that of a phone."""
    page.set_viewport_size({"width": BREED[0], "height": BREED[1]})
    ga(page, site, pad)
    found = [*axe_fouten(page), *(["wider than a desktop"] if te_breed(page) else [])]
    page.set_viewport_size({"width": SMAL[0], "height": SMAL[1]})
    return [*found, *(["wider than a phone"] if te_breed(page) else [])]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("naam", [naam for naam, _ in ALLES])
def test_without_script_there_is_the_same_to_read(venster: Openen, site: Site, naam: str) -> None:
    with aangemeld(venster, site, naam) as page:
        pages = reachable(page, site)
        texts = {pad: read(page, site, pad) for pad in pages}

    with aangemeld(venster, site, naam, script=False) as page:
        assert {pad: read(page, site, pad) for pad in pages} == texts


def read(page: Page, site: Site, pad: str) -> str:
    """The heading of a page and how many tables and forms it has: what a reader needs, without what changes from moment to moment."""
    ga(page, site, pad)
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
