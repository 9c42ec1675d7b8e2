"""The pages in English, in a real browser: switched by the button on the page, every page of the navigation holds the rules of WCAG, says its
language, and has no Dutch left but what says that it is Dutch."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from app.web.rechten import paginas, paginas_van_aanbieder
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, te_breed
from tests.fixtures.chromium import SMAL, Openen
from tests.fixtures.site import Site

pytestmark = pytest.mark.slow

NEDERLANDS = re.compile(r"\b(de|het|een|niet|van|voor|met|naar|geen|wordt|zijn|deze|bij)\b", re.IGNORECASE)
TITEL = re.compile(r"[\w’'-]+( [\w’'-]+)*: [a-z, -]+")
"""Titles of agreements of other regions in a list to choose from, as their documents name them: `Zeeland: geen solidariteit`."""

ZICHTBAAR = """() => {
    const copy = document.body.cloneNode(true);
    copy.querySelectorAll("[lang=nl], script").forEach(each => each.remove());
    const lines = [];
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) lines.push(walker.currentNode.textContent.replace(/\\s+/g, " ").trim());
    copy.querySelectorAll("[aria-label], [title], [placeholder], [data-label]").forEach(each => {
        ["aria-label", "title", "placeholder", "data-label"].forEach(name => each.hasAttribute(name) && lines.push(each.getAttribute(name)));
    });
    return [...lines, document.title].filter(line => line);
}"""
"""The texts of the page and of its attributes that are read, without what is marked as Dutch."""


def in_het_engels(page: Page) -> None:
    """Press the button, as a person does."""
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Nederlands").wait_for()


def namen(site: Site) -> list[str]:
    """What the region calls its parties, types of care and products: data, which no page translates."""
    region = site.generated.region
    zorgvormen = [each.naam for each in region.zorgvormen]
    return zorgvormen + [each.naam for each in region.aanbieders] + [each.naam for each in region.gemeenten]


def dutch_in(page: Page, namen: Sequence[str] = ()) -> list[str]:
    """Texts that are not marked as Dutch and look so, where names do not count."""
    found = []
    for line in map(str, page.evaluate(ZICHTBAAR)):
        rest = re.sub("|".join(map(re.escape, namen)), "", line) if namen else line
        if NEDERLANDS.search(rest) and not TITEL.fullmatch(line):
            found.append(line)
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("naam", "pages"), [("beheer", paginas()), ("aanbieder", paginas_van_aanbieder())], ids=["region", "aanbieder"])
def test_every_page_of_the_navigation_is_english(venster: Openen, site: Site, naam: str, pages: tuple[str, ...]) -> None:
    wrong: dict[str, list[str]] = {}
    known = namen(site)
    with aangemeld(venster, site, naam, maat=SMAL) as page:
        in_het_engels(page)
        for pad in pages:
            ga(page, site, pad)
            assert page.locator("html").get_attribute("lang") == "en"
            found = [*axe_fouten(page), *dutch_in(page, known), *(["wider than a phone"] if te_breed(page) else [])]
            if found:
                wrong[pad] = found

    assert wrong == {}, "\n".join(f"{pad}: {found}" for pad, found in wrong.items())


def test_the_check_finds_dutch(venster: Openen, site: Site) -> None:
    """On a Dutch page it finds a sentence; marked as Dutch the same sentence is left alone."""
    with venster() as page:
        ga(page, site, "/aanmelden")

        sentence = "Gebruik de naam en het wachtwoord die u van uw beheerder kreeg."
        assert sentence in dutch_in(page)
        page.evaluate("document.querySelector('.lead').lang = 'nl'")
        assert sentence not in dutch_in(page)


def test_the_language_is_chosen_before_signing_in_and_without_script(venster: Openen, site: Site) -> None:
    with venster(script=False) as page:
        ga(page, site, "/aanmelden")
        in_het_engels(page)

        assert page.get_by_label("Password").is_visible()
        assert page.url == f"{site.url}/aanmelden"
        page.get_by_role("button", name="Nederlands").click()
        assert page.get_by_label("Wachtwoord").is_visible()
