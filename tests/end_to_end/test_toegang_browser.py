"""The access team in a real browser: a toewijzing issued with the keyboard alone and without JavaScript, every step within WCAG 2.2 A and AA."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from app.adapters.kalender import vrije_dagen
from app.domain.werkdagen import na_werkdagen
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, te_breed
from tests.fixtures.chromium import BREED, SMAL, Openen
from tests.fixtures.site import Site

pytestmark = pytest.mark.slow

BSN = "999999400"
"""A test Bsn that no client of the region has."""
PERSOON = {
    "Voornamen": "Leuntje", "Achternaam": "Zilverduin", "Straat": "Kreekpad", "Huisnummer": "12", "Postcode": "4461 AB", "Woonplaats": "Goes",
}  # fmt: skip


def fill(page: Page, label: str, value: str) -> None:
    """Type in the field with a label that begins so."""
    field = page.locator(f"label:text-matches('^{label}')").first
    page.locator(f"#{field.get_attribute('for')}").fill(value)


def go_on(page: Page) -> None:
    """To the next step, by Enter in the button as a keyboard does."""
    page.get_by_role("button", name="Bewaar en ga verder").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def check(page: Page, site: Site, wrong: dict[str, list[str]]) -> None:
    """What is wrong with the page as it stands, at both widths."""
    naam = page.url.removeprefix(site.url)
    found = axe_fouten(page)
    page.set_viewport_size({"width": SMAL[0], "height": SMAL[1]})
    found += [*axe_fouten(page), *(["wider than a phone"] if te_breed(page) else [])]
    page.set_viewport_size({"width": BREED[0], "height": BREED[1]})
    if found:
        wrong[f"{naam} ({page.title()})"] = found


@pytest.mark.timeout(200)
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_toewijzing_is_issued_step_by_step(venster: Openen, site: Site, script: bool) -> None:
    """From the list to the page that says it was sent; first with faults, so that the summary is seen too."""
    wrong: dict[str, list[str]] = {}
    with aangemeld(venster, site, "toegang", script=script) as page:
        ga(page, site, "/toegang")

        def looks() -> None:
            if script:  # axe is a script itself
                check(page, site, wrong)

        looks()
        page.get_by_role("link", name="Nieuwe toewijzing").first.click()
        page.get_by_role("radio", name="Jeugdwet").check()
        fill(page, "Burgerservicenummer", "123456789")
        go_on(page)
        assert "geen geldig BSN" in page.locator("#foutlijst").inner_text()
        looks()
        fill(page, "Burgerservicenummer", BSN if script else "999999412")
        go_on(page)
        for label, value in PERSOON.items():
            fill(page, label, value)
        go_on(page)
        assert page.locator("#foutlijst li").count() == 2
        looks()
        fill(page, "Geboortedatum", "2014-05-03" if page.locator("#veld-geboortedatum").get_attribute("type") == "date" else "03-05-2014")
        page.get_by_role("radio", name="vrouwelijk").check()
        go_on(page)
        begin = na_werkdagen(site.wereld.vandaag, 5, vrije_dagen())
        fill(page, "Ingangsdatum", begin.isoformat())
        fill(page, "Einddatum", (begin + timedelta(days=20)).isoformat())
        looks()
        page.locator("#veld-agb").select_option(index=1)
        go_on(page)
        page.locator("#veld-product").select_option(index=1)
        fill(page, "Aantal of bedrag", "2")
        page.get_by_role("radio", name="maand").check()
        looks()
        go_on(page)
        assert "naar schatting" in page.locator(".groot-zin").inner_text()
        page.get_by_text("Bekijk het bericht zelf (XML)").click()
        looks()
        page.get_by_role("button", name="Verstuur de toewijzing").press("Enter")
        page.wait_for_url("**/verstuurd")
        looks()
        ga(page, site, "/toegang")
        page.get_by_role("link", name="Leuntje Zilverduin").first.click()
        looks()

    assert wrong == {}
