"""What an access team does most, in a browser: issue, follow and change a toewijzing, and decide on what aanbieders ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain.bericht import Achternaam, Naam
from app.domain.toewijzing import Omvang, Product
from tests.builders import (
    KORTE_NAAM,
    make_301,
    make_315,
    make_317,
    make_aangevraagd_product,
    make_client,
    make_te_wijzigen,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, rijen, tab_naar
from tests.end_to_end.werkbank import stuur
from tests.fixtures.chromium import Openen
from tests.fixtures.site import Site
from workers.local import judge_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

BEGIN, EINDE = date(2026, 7, 1), date(2026, 12, 31)
TWEE_UUR = Omvang(volume=2, eenheid="04", frequentie="2")
NAAR_INHOUD = ("Tab", "Enter")
"""Keys that go past the navigation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaak:
    """A client with one running toewijzing of two hours a week."""

    bsn: str
    achternaam: str
    nummer: int


VERLENGEN = Zaak(bsn="999995947", achternaam="Waterlander", nummer=900_001)
VERKORTEN = Zaak(bsn="999995959", achternaam="Zandkreek", nummer=900_002)
WIJZIGING = Zaak(bsn="999995960", achternaam="Kwelder", nummer=900_003)
AANVRAAG = Zaak(bsn="999995972", achternaam="Schorrenkruid", nummer=900_004)
ZAKEN = (VERLENGEN, VERKORTEN, WIJZIGING, AANVRAAG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gevuld:
    """What the cases are at: the aanbieder, and a product of its contract."""

    agb: str
    product: Product


@pytest.fixture(scope="module")
def gevuld(site: Site) -> Gevuld:
    """The cases, sent by the gemeente itself; of two clients the aanbieder asks something."""
    return site.run(_fill(site))


async def _fill(site: Site) -> Gevuld:
    row = await site.wereld.pool.fetchrow(
        """select agb, categorie, code from toewijzing_versie
            where gemeente = $1 and domein = 'ijw' and eenheid = '04' and frequentie = '2' and code is not null and ingetrokken_door is null
            order by toewijzing_nummer limit 1""",
        site.gemeente,
    )
    product, today = Product(categorie=row["categorie"], code=row["code"]), site.wereld.vandaag
    for zaak in ZAKEN:
        line = make_toegewezen_product(
            toewijzing_nummer=zaak.nummer, product=product, toewijzingsdatum=today, ingangsdatum=BEGIN, einddatum=EINDE, omvang=TWEE_UUR
        )
        naam = Naam(voornamen="Pleun", geslachtsnaam=Achternaam(achternaam=zaak.achternaam), naam_gebruik="1")
        client = make_client(bsn=zaak.bsn, naam=naam, toegewezen_producten=(line,))
        order = make_301(client=client, identificatie=f"TK{zaak.nummer}", afzender=site.gemeente, ontvanger=row["agb"], dagtekening=today)
        await stuur(site.wereld, order)
    await judge_all(site.wereld, lot_size_max=20)
    asked = make_aangevraagd_product(
        "TK-315", product=product, toewijzing_ingangsdatum=date(2027, 1, 1), toewijzing_einddatum=date(2027, 6, 30), omvang=TWEE_UUR
    )
    client = make_client(bsn=AANVRAAG.bsn, naam=KORTE_NAAM, contactgegevens=(), aangevraagde_producten=(asked,))
    await stuur(
        site.wereld, make_315(client=client, identificatie="TK315", afzender=row["agb"], ontvanger=site.gemeente, dagtekening=today)
    )
    more = make_te_wijzigen(
        toewijzing_nummer=WIJZIGING.nummer,
        gewenste_ingangsdatum=today + timedelta(days=14),
        einddatum=EINDE,
        omvang=Omvang(volume=4, eenheid="04", frequentie="2"),
    )
    change = make_verzoek("TK-317", te_wijzigen_producten=(more,))
    await stuur(
        site.wereld,
        make_317(change, bsn=WIJZIGING.bsn, identificatie="TK317", afzender=row["agb"], ontvanger=site.gemeente, dagtekening=today),
    )
    await judge_all(site.wereld, lot_size_max=20)
    return Gevuld(agb=row["agb"], product=product)


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site, gevuld: Gevuld) -> Iterator[Page]:
    """Signed in for the whole file."""
    with aangemeld(venster, site, "toegang") as opened:
        yield opened


@pytest.fixture(scope="module")
def zonder_script(venster: Openen, site: Site, gevuld: Gevuld) -> Iterator[Page]:
    """The same person in a browser that runs no JavaScript."""
    with aangemeld(venster, site, "toegang", script=False) as opened:
        yield opened


def press(page: Page, *keys: str) -> None:
    """Keys one after another."""
    for key in keys:
        page.keyboard.press(key)


def enter(page: Page) -> None:
    """Enter, which leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_zaak(page: Page, site: Site, zaak: Zaak) -> None:
    """The page of the toewijzing of a case."""
    ga(page, site, f"/toegang/toewijzingen/ijw/{site.gemeente}/{zaak.nummer}")


def begin_draft(page: Page, site: Site, zaak: Zaak) -> None:
    """The first step for a client that the gemeente knows, by keyboard alone; ends at the second."""
    ga(page, site, "/toegang/nieuw")
    tab_naar(page, "input[name=domein]")
    page.keyboard.press("Space")
    tab_naar(page, "input[name=bsn]")
    page.keyboard.type(zaak.bsn)
    enter(page)
    expect(page.locator("#veld-achternaam")).to_have_value(zaak.achternaam)


def typ_datum(page: Page, naam: str, dag: date) -> None:
    """A date, digit by digit. Its day and month are equal, because whether the day comes first depends on the language of the browser."""
    tab_naar(page, f"input[name={naam}]")
    page.keyboard.type(f"{dag:%d%m%Y}")


def kies_optie(page: Page, naam: str, tekst: str) -> None:
    """Choose in a list by typing how the choice begins."""
    tab_naar(page, f"select[name={naam}]")
    page.keyboard.type(tekst)


def test_issue_a_toewijzing_by_keyboard_alone(page: Page, site: Site, gevuld: Gevuld) -> None:
    """From the list to "verstuurd" without a mouse, for a client whose data the gemeente sent before."""
    begin_draft(page, site, VERLENGEN)
    tab_naar(page, page.get_by_role("button", name="Bewaar en ga verder"))
    enter(page)
    typ_datum(page, "ingangsdatum", date(2027, 2, 2))
    typ_datum(page, "einddatum", date(2027, 3, 3))
    kies_optie(page, "agb", page.locator(f"#veld-agb option[value='{gevuld.agb}']").inner_text())
    enter_in_button(page, "Bewaar en ga verder")
    kies_optie(page, "product", page.locator("#veld-product option", has_text=str(gevuld.product.code)).first.inner_text())
    tab_naar(page, "input[name=volume]")
    page.keyboard.type("3")
    tab_naar(page, "input[name=frequentie]")
    page.keyboard.press("Space")
    enter_in_button(page, "Bewaar en ga verder")
    expect(page.locator(".groot-zin")).to_contain_text("3 uur per week")
    enter_in_button(page, "Verstuur de toewijzing")

    expect(page.get_by_role("heading", name="De toewijzing is verstuurd")).to_be_visible()


def enter_in_button(page: Page, naam: str) -> None:
    """Tab to a button and press Enter."""
    tab_naar(page, page.get_by_role("button", name=naam))
    enter(page)


def test_leave_a_draft_and_go_on_with_it_later(page: Page, site: Site) -> None:
    """What was typed is there again, at the step where it was left; then it is thrown away."""
    begin_draft(page, site, VERKORTEN)
    tab_naar(page, "input[name=huisnummer]")
    press(page, "Control+a")
    page.keyboard.type("77")
    page.get_by_role("button", name="Bewaar en ga later verder").click()
    concept = page.locator("section", has=page.get_by_role("heading", name="Concepten")).locator("tr", has_text=VERKORTEN.achternaam)
    expect(concept).to_contain_text("Persoonsgegevens")
    concept.get_by_role("link").click()
    page.get_by_role("navigation", name="Stappen").get_by_role("link", name="Persoonsgegevens").click()
    expect(page.locator("#veld-huisnummer")).to_have_value("77")

    ga(page, site, "/toegang")
    concept.get_by_role("button").click()
    expect(concept).to_have_count(0)


def test_a_warning_before_it_is_sent(page: Page, site: Site, gevuld: Gevuld) -> None:
    """The client has this product already in that period: said before sending, with the way to what causes it."""
    begin_draft(page, site, VERKORTEN)
    page.get_by_role("button", name="Bewaar en ga verder").click()
    page.locator("#veld-ingangsdatum").fill("2026-08-01")
    page.locator("#veld-einddatum").fill("2026-08-31")
    page.locator("#veld-agb").select_option(gevuld.agb)
    page.get_by_role("button", name="Bewaar en ga verder").click()
    page.locator("#veld-product").select_option(
        label=page.locator("#veld-product option", has_text=str(gevuld.product.code)).first.inner_text()
    )
    page.locator("#veld-volume").fill("1")
    page.get_by_role("radio", name="week").check()
    page.get_by_role("button", name="Bewaar en ga verder").click()

    expect(page.get_by_role("heading", name="Nakijken en versturen", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("TR302")
    expect(page.get_by_role("heading", name="Let op")).to_be_visible()
    expect(page.get_by_role("button", name="Verstuur de toewijzing")).to_have_count(0)
    page.get_by_role("button", name="Verwijder dit concept").click()


def test_follow_what_became_of_a_toewijzing(zonder_script: Page, site: Site) -> None:
    """Of what was started: its timeline, what was used of it, and each month."""
    page = zonder_script
    ga(page, site, "/toegang?status=gestart")
    page.locator("section", has=page.locator("#kop-lijst")).locator("tbody th a").first.click()

    expect(page.get_by_role("heading", name="Verloop")).to_be_visible()
    expect(page.locator(".verloop")).to_contain_text(re.compile("[Ss]tart"))
    expect(page.locator("dl.feiten")).to_contain_text("Toegekend tot nu toe")
    assert rijen(page, "Verwachte en toegekende kosten per zorgmaand")


def test_find_a_client_by_bsn_and_read_the_history(zonder_script: Page, site: Site) -> None:
    """The number stands in no address, and one that nobody has is said so."""
    page = zonder_script
    ga(page, site, "/toegang")
    page.get_by_label("Zoek een cliënt op BSN").fill(AANVRAAG.bsn)
    page.get_by_role("button", name="Zoek").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(AANVRAAG.achternaam)
    assert AANVRAAG.bsn not in page.url
    assert len(rijen(page, "Toewijzingen van deze cliënt")) >= 1
    ga(page, site, "/toegang")
    page.get_by_label("Zoek een cliënt op BSN").fill("123456789")
    page.get_by_role("button", name="Zoek").click()
    expect(page.get_by_role("alert")).to_contain_text("BSN")


def change(page: Page, site: Site, zaak: Zaak, actie: str, dag: date) -> None:
    """Another last day for the toewijzing of a case; ends at the preview."""
    open_zaak(page, site, zaak)
    page.get_by_role("link", name=re.compile(actie, re.IGNORECASE)).click()
    page.get_by_label("Nieuwe einddatum").fill(dag.isoformat())
    page.get_by_label("Reden van de wijziging").select_option(index=1)
    page.get_by_role("button", name="Bekijk wat dit doet").click()


def test_extend_a_toewijzing(page: Page, site: Site) -> None:
    """The preview says what it costs more; after sending, the toewijzing runs longer."""
    change(page, site, VERLENGEN, "verlengen", date(2027, 1, 31))

    expect(page.locator("table", has_text="Verplichting").first).to_contain_text("31-01-2027")
    assert axe_fouten(page) == []
    page.get_by_role("button", name="Verstuur de wijziging").click()
    site.run(judge_all(site.wereld, lot_size_max=10))
    open_zaak(page, site, VERLENGEN)
    expect(page.locator("dl.feiten")).to_contain_text("31 januari 2027")


def test_shorten_a_toewijzing_by_keyboard_alone(page: Page, site: Site) -> None:
    """First without a date: the fault is said at the top and leads to the field."""
    open_zaak(page, site, VERKORTEN)
    press(page, *NAAR_INHOUD)
    tab_naar(page, "a[href$='actie=verkorten']")
    enter(page)
    enter_in_button(page, "Bekijk wat dit doet")
    tab_naar(page, "#foutlijst a")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.name") == "einddatum"
    page.keyboard.type("30-11-2026")
    tab_naar(page, "select[name=reden]")
    press(page, "ArrowDown")
    enter_in_button(page, "Bekijk wat dit doet")
    enter_in_button(page, "Verstuur de wijziging")

    site.run(judge_all(site.wereld, lot_size_max=10))
    open_zaak(page, site, VERKORTEN)
    expect(page.locator("dl.feiten")).to_contain_text("30 november 2026")


def test_see_why_a_toewijzing_cannot_be_deleted(zonder_script: Page, site: Site) -> None:
    """Care was claimed and granted on it: the action is there, without a link and with the rule that forbids it."""
    page = zonder_script
    nummer = site.run(_granted_and_running(site))
    ga(page, site, f"/toegang/toewijzingen/ijw/{site.gemeente}/{nummer}")
    action = page.locator(".acties__actie", has_text="TR385")

    expect(action).to_contain_text("kan niet")
    expect(action.get_by_role("link")).to_have_count(0)


async def _granted_and_running(site: Site) -> int:
    nummer: int = await site.wereld.pool.fetchval(
        """select t.toewijzing_nummer from toewijzing_versie t join prestatie p using (domein, gemeente, toewijzing_nummer)
            where t.gemeente = $1 and t.domein = 'ijw' and t.einddatum > $2 and t.ingetrokken_door is null
              and p.toegekend and not p.is_credit and p.gecrediteerd_door is null
            order by 1 limit 1""",
        site.gemeente,
        site.wereld.vandaag,
    )
    return nummer


def open_verzoek(page: Page, site: Site, referentie: str) -> None:
    """A request of the worklist."""
    ga(page, site, "/toegang/verzoeken")
    page.locator("tr", has_text=referentie).get_by_role("link").click()
    expect(page.get_by_role("heading", name="Besluit", exact=True)).to_be_visible()


def test_grant_what_an_aanbieder_asks(page: Page, site: Site) -> None:
    """A 315 becomes a toewijzing with its reference: the commitment is said before, and it is off the list after."""
    open_verzoek(page, site, "TK-315")
    page.get_by_role("radio", name=re.compile("[Tt]oewijzen zoals gevraagd")).check()
    page.get_by_role("button", name="Bekijk wat er wordt verstuurd").click()
    expect(page.locator(".groot-zin")).to_contain_text("De verplichting gaat van")
    page.get_by_role("button", name="Verstuur dit besluit").click()

    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, "/toegang/verzoeken")
    expect(page.locator("tr", has_text="TK-315")).to_have_count(0)
    ga(page, site, "/toegang")
    expect(page.locator("main tr", has_text=AANVRAAG.achternaam).filter(has_text="01-01-2027")).to_have_count(1)


def test_refuse_a_change_with_a_reason_of_the_standard(page: Page, site: Site) -> None:
    """A 317: without a reason it is not sent; with one the toewijzing stays as it was."""
    open_verzoek(page, site, "TK-317")
    page.get_by_role("radio", name=re.compile("[Aa]fwijzen")).check()
    page.get_by_role("button", name="Bekijk wat er wordt verstuurd").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies de reden")
    page.get_by_label("Reden van de afwijzing").select_option(index=1)
    page.get_by_role("button", name="Bekijk wat er wordt verstuurd").click()
    expect(page.locator(".groot-zin")).to_contain_text("afgewezen")
    page.get_by_role("button", name="Verstuur dit besluit").click()

    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, "/toegang/verzoeken")
    expect(page.locator("tr", has_text="TK-317")).to_have_count(0)
    open_zaak(page, site, WIJZIGING)
    expect(page.locator("dl.feiten")).to_contain_text("2 uur per week")
