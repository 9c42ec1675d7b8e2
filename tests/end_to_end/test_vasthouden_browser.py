"""New rejections while a page is open, and holding all of one aanbieder, in a browser: by keyboard, and without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, rijen, tab_naar, te_breed
from tests.end_to_end.werkbank import status, stuur
from tests.fixtures.chromium import BREED, SMAL, Openen
from tests.fixtures.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

VASTGEHOUDEN = "Vastgehouden declaraties"
REDEN = "mei is dubbel ingediend; aanbieder zoekt het uit"


def weiger(site: Site, nummer: int) -> None:
    """A file that the door refuses."""
    site.run(stuur(site.wereld, f"<Geen bericht {nummer}>".encode(), site.generated.berichten[0].van))


def test_a_new_rejection_is_told_and_nothing_moves(venster: Openen, site: Site) -> None:
    """The page stays where it is; the link leads to what is new; with nothing new it says nothing."""
    with aangemeld(venster, site, "uitval", maat=SMAL) as page:
        ga(page, site, "/uitval?periode=alles")
        page.evaluate("window.scrollTo(0, 300)")
        place = page.locator("h2").first.bounding_box()
        expect(page.locator(".live__melding")).to_be_hidden()

        weiger(site, 1)
        expect(page.get_by_role("status")).to_contain_text("1 nieuwe afkeuring. Toon", use_inner_text=True)
        assert page.locator("h2").first.bounding_box() == place
        assert axe_fouten(page) == []
        assert not te_breed(page)
        weiger(site, 2)
        expect(page.get_by_role("status")).to_contain_text("2 nieuwe afkeuringen. Toon", use_inner_text=True)

        page.get_by_role("link", name="Toon", exact=True).click()
        expect(page).to_have_url(re.compile(r"/uitval\?periode=alles$"))
        expect(page.locator(".live__melding")).to_be_hidden()


@pytest.mark.parametrize("maat", [BREED, SMAL], ids=["breed", "smal"])
def test_what_was_told_can_be_read(venster: Openen, site: Site, maat: tuple[int, int]) -> None:
    """The bell of any page leads there; reading one makes the number one less."""
    with aangemeld(venster, site, "uitval", maat=maat) as page:
        page.get_by_role("link", name=re.compile(r"^Meldingen \d+ ongelezen$")).click()
        assert axe_fouten(page) == []
        assert not te_breed(page)
        unread = page.get_by_role("button", name=re.compile("^Gelezen"))
        before = unread.count()
        assert before
        unread.first.press("Enter")
        expect(page.get_by_role("button", name=re.compile("^Gelezen"))).to_have_count(before - 1)


def test_without_a_script_the_page_is_whole(venster: Openen, site: Site) -> None:
    """Only the hint is missing."""
    with aangemeld(venster, site, "uitval", script=False) as page:
        ga(page, site, "/uitval")

        expect(page.locator(".live__melding")).to_be_hidden()
        expect(page.get_by_role("heading", name="Uitval", exact=True)).to_be_visible()


def test_hold_all_of_one_aanbieder_by_keyboard_and_release_it(venster: Openen, site: Site) -> None:
    """A rule, the declaratie that it holds, and the end of both; nothing of it stays behind for other tests."""
    item = next(each for each in reversed(site.generated.berichten) if "JW323" in each.naam)
    with aangemeld(venster, site, "uitval") as page:
        maak_regel(page, site, item.van.partition(":")[2])
        try:
            again = re.sub(rb"(<(?:\w+:)?Identificatie>)[^<]*", rb"\g<1>HOUDVAST1", item.inhoud)
            nr = site.run(stuur(site.wereld, again, item.van))
            wacht_op_status(page, site, nr, "vastgehouden")

            ga(page, site, "/vasthouden")
            assert axe_fouten(page) == []
            [row] = [each for each in rijen(page, VASTGEHOUDEN) if f"nr. {nr} " in each]
            assert REDEN in row
            assert "nog 10 werkdagen" in row
            ga(page, site, f"/berichten/{nr}")
            assert axe_fouten(page) == []
            tab_naar(page, page.get_by_role("button", name="Geef vrij en beoordeel"))
            page.keyboard.press("Enter")
            expect(page.get_by_text("Eerder vastgehouden")).to_be_visible()
            wacht_op_status(page, site, nr, "afgekeurd", "deels_afgekeurd", "verwerkt")
        finally:
            ga(page, site, "/vasthouden")
            tab_naar(page, page.get_by_role("checkbox", name="Geef ook vrij wat de regel vasthoudt"))
            page.keyboard.press("Space")
            tab_naar(page, page.get_by_role("button", name=re.compile("^Beëindig")))
            page.keyboard.press("Enter")
            expect(page.get_by_text("Voorbij").first).to_be_visible()


def maak_regel(page: Page, site: Site, agb: str) -> None:
    """Fill in the rule, first without a reason: the summary leads to the field, and what was filled in stays."""
    last = site.wereld.vandaag + timedelta(days=10)
    ga(page, site, f"/vasthouden/regels/nieuw?agb={agb}")
    page.get_by_label("Laatste dag").fill(last.isoformat())
    tab_naar(page, page.get_by_role("button", name="Maak de regel"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf in een paar woorden waarom")
    assert axe_fouten(page) == []
    page.get_by_role("alert").get_by_role("link").press("Enter")
    expect(page.get_by_label("Waarom?")).to_be_focused()
    page.keyboard.type(REDEN)
    assert page.get_by_label("Laatste dag").input_value() == last.isoformat()
    tab_naar(page, page.get_by_role("button", name="Maak de regel"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/vasthouden#kop-regels$"))


def wacht_op_status(page: Page, site: Site, nr: int, *wanted: str) -> None:
    """Wait until the workers have brought a bericht there."""
    for _ in range(100):
        if site.run(status(site.wereld, nr)) in wanted:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"bericht {nr} is {site.run(status(site.wereld, nr))}, not {wanted}")
