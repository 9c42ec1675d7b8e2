"""The worklist of requests by keyboard alone: open the first, decide, look, send, and the next one is there; each page holds WCAG on a phone too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.toewijzing import Product
from tests.builders import KORTE_NAAM, make_315, make_aangevraagd_product, make_client
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, te_breed
from tests.end_to_end.werkbank import stuur
from tests.fixtures.chromium import BREED, SMAL, Openen
from tests.fixtures.site import Site
from workers.local import judge_all

pytestmark = pytest.mark.slow

TABS_MAX = 80


async def ask(site: Site) -> None:
    """Two requests of an aanbieder to the gemeente, judged."""
    row = await site.wereld.pool.fetchrow(
        "select agb, categorie, code from toewijzing_versie where gemeente = $1 and domein = 'ijw' and code is not null limit 1",
        site.gemeente,
    )
    for nr, bsn in (("TB-1", "999995911"), ("TB-2", "999995923")):
        product = make_aangevraagd_product(nr, product=Product(categorie=row["categorie"], code=row["code"]))
        client = make_client(bsn=bsn, aangevraagde_producten=(product,), contactgegevens=(), naam=KORTE_NAAM)
        await stuur(site.wereld, make_315(client=client, identificatie=nr, afzender=row["agb"], ontvanger=site.gemeente))
    await judge_all(site.wereld, lot_size_max=20)


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus matches a selector."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if page.evaluate("(css) => document.activeElement.matches(css)", wanted):
            return
    pytest.fail(f"Tab never reaches {wanted}")


def look(page: Page, naam: str) -> None:
    """What axe finds, in both widths."""
    for breedte, hoogte in (SMAL, BREED):
        page.set_viewport_size({"width": breedte, "height": hoogte})
        assert axe_fouten(page) == [], naam
        assert not te_breed(page), naam


@pytest.mark.timeout(180)
def test_deciding_with_tab_and_enter(venster: Openen, site: Site) -> None:
    """From the list to a refusal that is sent, without a mouse."""
    site.run(ask(site))
    with aangemeld(venster, site, "toegang", script=True) as page:
        ga(page, site, "/toegang/verzoeken")
        look(page, "verzoeken")
        page.keyboard.press("Home")
        tab_to(page, "main table a")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Besluit", exact=True)).to_be_visible()
        first = page.url
        look(page, "verzoek")
        page.get_by_role("heading", level=1).click()
        tab_to(page, "input[name=keus]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        # The gemeente does not know these clients: it is told to fill in their address.
        expect(page.get_by_role("alert")).to_contain_text("adres")
        look(page, "toewijzen")
        page.goto(first)
        tab_to(page, "input[name=keus]")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Kies de reden")
        look(page, "fout")
        tab_to(page, "select[name=reden]")
        page.keyboard.press("ArrowDown")
        tab_to(page, "main form button")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Afwijzen: nakijken")
        look(page, "afwijzen")
        tab_to(page, "main form[action$=versturen] button")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("de aanbieder kan het ophalen")
        assert page.url != first


@pytest.mark.timeout(180)
def test_every_page_of_changing_a_toewijzing(venster: Openen, site: Site) -> None:
    """The actions with their reasons, a form, a fault, and the preview."""
    with aangemeld(venster, site, "toegang") as page:
        ga(page, site, "/toegang")
        links = [str(each.get_attribute("href")) for each in page.locator("main a[href*='/toegang/toewijzingen/']").all()]
        for link in links:
            ga(page, site, link)
            if page.locator("a[href$='actie=verkorten']").count():
                break
        look(page, "toewijzing")
        page.locator("a[href$='actie=verkorten']").click()
        look(page, "verkorten")
        page.get_by_role("button", name=re.compile("Bekijk wat dit doet")).click()
        expect(page.get_by_role("alert")).to_contain_text("Vul de nieuwe einddatum in")
        look(page, "verkorten-fout")
