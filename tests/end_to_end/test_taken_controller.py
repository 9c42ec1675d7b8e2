"""What a controller does most, in a browser: follow cost and budget, trace it, close, pay, settle. The second controller is `tweede`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.adapters.clock import AMSTERDAM
from app.domain.declaratie import DeclaratieClient
from app.domain.partij import Actor, Rol
from app.domain.toewijzing import Omvang, Product
from app.ledger import boek_bijdragen
from tests.builders import make_301, make_323, make_client, make_declaratie, make_month, make_prestatie, make_toegewezen_product
from tests.end_to_end.browsen import aangemeld, cent_in, ga, rijen, tab_naar
from tests.end_to_end.werkbank import stuur
from tests.fixtures.chromium import Openen
from tests.fixtures.site import JAAR, Site
from workers.local import judge_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

GOES, MIDDELBURG = "0664", "0687"
JUNI = datetime(JAAR, 6, 15, 9, 0, tzinfo=AMSTERDAM)
CONTROLLER = Actor(naam="controller", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site) -> Iterator[Page]:
    """The first controller, signed in for the whole file."""
    with aangemeld(venster, site, "controller") as opened:
        yield opened


@pytest.fixture(scope="module")
def zonder_script(venster: Openen, site: Site) -> Iterator[Page]:
    """The same person in a browser that runs no JavaScript."""
    with aangemeld(venster, site, "controller", script=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def tweede(venster: Openen, site: Site) -> Iterator[Page]:
    """The second controller, at another desk."""
    with aangemeld(venster, site, "tweede") as opened:
        yield opened


@pytest.fixture(scope="module")
def geboekt_in_juni(site: Site) -> int:
    """Contributions booked in June, so that there is a month to close; their sum in cents."""
    june = replace(site.wereld, clock=lambda: JUNI)
    site.run(boek_bijdragen(june, CONTROLLER, date(JAAR, 1, 1), reden="bijdragen van januari"))
    total: int = site.run(
        site.wereld.pool.fetchval(
            "select coalesce(sum(bedrag_cent), 0)::bigint from boeking where boekdatum between $1 and $2", *JUNI_DAGEN
        )
    )
    return total


NUMMER_2025, BSN_2025 = 900_101, "999996083"


@pytest.fixture(scope="module")
def zorg_vorig_jaar(site: Site) -> str:
    """Two hours of care of a year that is over, allocated and claimed; the AGB-code of its aanbieder."""
    return site.run(_care_of_last_year(site))


async def _care_of_last_year(site: Site) -> str:
    december, today = make_month(JAAR - 1, 12), site.wereld.vandaag
    line = await site.wereld.pool.fetchrow(
        """select c.agb, t.categorie, t.code, t.tarief_cent from tarief t join contract c using (contract)
            where c.domein = 'ijw' and t.eenheid = '04' and t.tarief_cent > 1 and t.vervallen_op is null and c.vervallen_op is null
              and t.geldig_van <= $1 and coalesce(t.geldig_tot, $2) >= $2
            order by c.agb, t.code limit 1""",
        december.begindatum,
        december.einddatum,
    )
    agb = str(line["agb"])
    product = Product(categorie=line["categorie"], code=line["code"])
    allocated = make_toegewezen_product(
        toewijzing_nummer=NUMMER_2025,
        product=product,
        toewijzingsdatum=date(JAAR - 1, 11, 20),
        ingangsdatum=december.begindatum,
        einddatum=december.einddatum,
        omvang=Omvang(volume=10, eenheid="04", frequentie="4"),
    )
    client = make_client(bsn=BSN_2025, toegewezen_producten=(allocated,))
    header: dict[str, Any] = {"dagtekening": today, "identificatie": "TK-2025"}
    await stuur(site.wereld, make_301(client=client, afzender=site.gemeente, ontvanger=agb, **header))
    await judge_all(site.wereld, lot_size_max=10)
    prestatie = make_prestatie(
        "TK-2025",
        toewijzing_nummer=NUMMER_2025,
        product_categorie=product.categorie,
        product_code=product.code,
        periode=december,
        geleverd_volume=2,
        product_tarief=line["tarief_cent"],
    )
    declaratie = make_declaratie(
        (DeclaratieClient(bsn=BSN_2025, prestaties=(prestatie,), regelnummer=14),),
        declaratie_nummer="TK2025",
        declaratie_periode=make_month(JAAR, 6),
        declaratie_dagtekening=today,
    )
    nr = await stuur(site.wereld, make_323(declaratie=declaratie, afzender=agb, ontvanger=site.gemeente, **header))
    await judge_all(site.wereld, lot_size_max=10)
    found = await site.wereld.pool.fetch("select regel, melding from bevinding where bericht_nr = $1", nr)
    assert [tuple(each) for each in found] == []
    return agb


JUNI_DAGEN = (date(JAAR, 6, 1), date(JAAR, 6, 30))


def enter(page: Page) -> None:
    """Enter, which leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_see_cost_and_budget_of_a_year(zonder_script: Page, site: Site) -> None:
    """Per gemeente and together; what the rows say adds up to the total."""
    page = zonder_script
    ga(page, site, f"/geld?jaar={JAAR}")
    gemeenten = rijen(page, "Kosten, budget en verevening per gemeente")
    total = page.locator("tfoot").first.inner_text()

    assert len(gemeenten) > 1
    assert sum(cent_in(row)[0] for row in gemeenten) == cent_in(total)[0]
    assert sum(cent_in(row)[1] for row in gemeenten) == cent_in(total)[1]
    assert "Totaal" in total


def test_see_cost_by_month_of_booking_by_keyboard_alone(page: Page, site: Site) -> None:
    """The same year counted the other way: by when it was booked."""
    ga(page, site, f"/geld?jaar={JAAR}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    tab_naar(page, "select[name=basis]")
    page.keyboard.type("Boek")
    tab_naar(page, page.get_by_role("button", name="Toon"))
    enter(page)

    assert "basis=boek" in page.url
    expect(page.get_by_label("Telt naar")).to_have_value("boek")
    expect(page.locator("main")).to_contain_text("boekmaand")


def test_see_how_far_a_budget_is_used_per_zorgvorm(zonder_script: Page, site: Site) -> None:
    """What is granted, committed and expected for a gemeente, and where the year ends."""
    page = zonder_script
    ga(page, site, "/geld/uitputting")
    page.get_by_label("Per", exact=True).select_option("zorgvorm")
    page.get_by_label("Gemeente", exact=True).select_option(GOES)
    page.get_by_role("button", name="Toon").click()

    expect(page.get_by_role("heading", name="Waar het jaar op uitkomt")).to_be_visible()
    for word in ("Toegekend", "Nog verplicht", "Prognose heel jaar"):
        expect(page.locator("main dl").first).to_contain_text(word)
    expect(page.locator("main table", has_text="Ambulante jeugdhulp").first).to_be_visible()


def test_trace_an_amount_to_the_bericht_it_came_from(zonder_script: Page, site: Site) -> None:
    """From the cost of a gemeente to a transfer, its way, and the bericht; its XML names clients and is not for a controller."""
    page = zonder_script
    ga(page, site, f"/geld?jaar={JAAR}")
    cost = page.locator("table", has=page.locator("caption", has_text="Kosten, budget en verevening")).locator("tbody tr a").first
    amount = cost.inner_text()
    cost.click()
    expect(page.locator(".lead")).to_contain_text(amount)
    page.locator("a[href^='/geld/herkomst/prestaties/']").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Waar dit geld bleef")
    steps = page.locator(".verloop .stap")
    expect(steps.first).to_contain_text("Het bestand")
    expect(page.locator(".verloop")).to_contain_text("De boeking")
    steps.first.get_by_role("link", name="Naar het bericht").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("323 declaratie")
    expect(page.locator("main")).to_contain_text("Niet voor uw rol")


def test_see_the_most_expensive_cases_of_a_gemeente(zonder_script: Page, site: Site) -> None:
    """By pseudonym, in order of cost; no name and no BSN."""
    page = zonder_script
    ga(page, site, f"/geld/casussen?jaar={JAAR}")
    page.get_by_role("link", name="Goes", exact=True).click()
    cases = [cent_in(row)[0] for row in rijen(page, "Duurste casussen van Goes")]

    assert len(cases) > 3
    assert cases == sorted(cases, reverse=True)
    assert re.search(r"\b99\d{7}\b", page.locator("main").inner_text()) is None


def test_close_a_month_by_keyboard_alone(page: Page, site: Site, geboekt_in_juni: int) -> None:
    """What it holds is shown first; without a reason nothing happens; afterwards its hash is there."""
    ga(page, site, f"/geld/maanden?maand={JAAR}-06")
    assert cent_in(page.locator("tfoot").first.inner_text()) == [geboekt_in_juni]
    tab_naar(page, "#veld-reden")
    page.keyboard.type("aansluiting gecontroleerd")
    enter(page)
    june = page.locator("tr", has_text=f"juni {JAAR}")

    expect(june).to_contain_text("Afgesloten")
    expect(june).to_contain_text("controller")
    expect(june.locator("code").first).to_have_text(re.compile("[0-9a-f]{12}"))
    expect(page.get_by_role("button", name=re.compile("Sluit juni"))).to_have_count(0)


def test_pay_aanbieders_with_two_people(page: Page, tweede: Page, site: Site) -> None:
    """One proposes and cannot approve; the other approves and takes the file for the bank, once and for all the same."""
    ga(page, site, "/geld/betalingen")
    page.get_by_label("Gemeente", exact=True).select_option(MIDDELBURG)
    page.get_by_label("Reden").fill("maandbetaling juni")
    page.get_by_role("button", name="Maak voorstel").click()
    expect(page.locator("main")).to_contain_text("een ander keurt het goed")
    expect(page.get_by_role("button", name="Keur goed")).to_have_count(0)
    pad = page.url.removeprefix(site.url)

    ga(tweede, site, pad)
    tweede.get_by_role("button", name="Keur goed").click()
    with tweede.expect_download() as download:
        tweede.get_by_role("button", name="Download pain.001").click()
    file = download.value.path().read_text(encoding="utf-8")
    ga(page, site, pad)
    total = cent_in(page.locator("dl.cijfers div", has_text="Te betalen").inner_text())[0]

    assert "pain.001.001" in file
    assert f"<CtrlSum>{total // 100}.{total % 100:02d}</CtrlSum>" in file
    expect(page.locator("main")).to_contain_text("goedgekeurd op")
    expect(page.get_by_role("button", name="Trek in")).to_have_count(0)


def test_settle_between_gemeenten_with_two_people(page: Page, tweede: Page, site: Site) -> None:
    """One computes, the other fixes and books; what gemeenten pay is what gemeenten receive."""
    ga(page, site, "/geld/verevening")
    page.get_by_label("Volgens").select_option("waarborg")
    page.get_by_role("button", name="Bereken als concept").click()
    expect(page.locator("main")).to_contain_text("een andere controller stelt haar vast")
    pad = page.url.removeprefix(site.url)
    rows = rijen(page, "Verevening per gemeente")

    assert sum(-cent_in(row)[2] if "ontvangt" in row else cent_in(row)[2] for row in rows) == 0
    ga(tweede, site, pad)
    tweede.get_by_role("button", name="Stel vast").click()
    tweede.get_by_role("button", name="Boek", exact=True).click()
    expect(tweede.locator("main")).to_contain_text("Geboekt op")
    ga(page, site, pad)
    expect(page.locator("main")).to_contain_text(re.compile("Vastgesteld op .* door tweede"))


def test_book_what_comes_without_a_bericht(page: Page, site: Site) -> None:
    """The list of the month says what is left to book; what will be booked is shown first, and afterwards it is off the list."""
    ga(page, site, "/geld/boekingen")
    task = page.get_by_role("button", name=re.compile(f"bijdragen van februari {JAAR}"))
    task.click()
    expect(page.get_by_role("heading", name=re.compile("Dit wordt geboekt"))).to_be_visible()
    page.get_by_role("button", name="Boek", exact=True).click()
    ga(page, site, "/geld/boekingen")

    expect(task).to_have_count(0)
    expect(page.locator("table", has_text="Volgens plan").first).to_contain_text("controller")


def test_draw_up_the_final_settlement_with_an_aanbieder(page: Page, site: Site, zorg_vorig_jaar: str) -> None:
    """Of a year that runs it is refused with the reason; of a year that is over it shows what differs and why, and is offered."""
    ga(page, site, "/geld/afrekeningen")
    for jaar in (JAAR, JAAR - 1):
        page.locator("#nieuw-agb").select_option(zorg_vorig_jaar)
        page.locator("#nieuw-jaar").fill(str(jaar))
        page.locator("#nieuw-reden").fill("jaarafrekening")
        page.get_by_role("button", name="Bereken").click()
        if jaar == JAAR:
            expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"zorgjaar {JAAR - 1}")
    expect(page.get_by_role("heading", name="Waardoor het verschilt")).to_be_visible()
    page.get_by_role("button", name="Bied aan").click()

    expect(page.locator("main")).to_contain_text("Nog niet akkoord met versie 1")


def test_explain_to_a_gemeente_what_it_pays(zonder_script: Page, site: Site) -> None:
    """Step by step on the page, and the same as a PDF for the council."""
    page = zonder_script
    ga(page, site, "/geld/verevening")
    page.locator("main tbody a[href^='/geld/verevening/']").first.click()
    page.get_by_role("link", name="Middelburg", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Middelburg")
    expect(page.get_by_role("heading", name="Wat er nog te betalen is")).to_be_visible()
    pdf = page.locator("a[href*='pdf']").first
    file = page.request.get(f"{site.url}{pdf.get_attribute('href')}")
    assert file.headers["content-type"].startswith("application/pdf")
    assert file.body().startswith(b"%PDF-")


def test_compare_two_agreements_on_the_own_history(page: Page, site: Site) -> None:
    """Each gemeente under both, for a council that chooses."""
    ga(page, site, "/geld/vergelijken")
    page.get_by_label("Vergelijk met").select_option("profijt")
    page.get_by_label("Overeenkomst 2").select_option("waarborg")
    page.get_by_role("button", name="Vergelijk").click()

    for name in ("Goes", "Middelburg", "Vlissingen"):
        expect(page.locator("main table").first).to_contain_text(name)


def test_see_how_often_a_year_is_over_budget(zonder_script: Page, site: Site, zorg_vorig_jaar: str) -> None:
    """Per gemeente with and without sharing, drawn from the years that are over, whose number is said."""
    page = zonder_script
    ga(page, site, "/geld/risico")
    chances = rijen(page, "Kans op een jaar boven budget per gemeente")

    assert any(row.startswith("Goes") for row in chances)
    expect(page.locator("main")).to_contain_text(f"{JAAR - 1} tot en met {JAAR - 1}")


def test_take_the_cost_along_as_csv(page: Page, site: Site) -> None:
    """What is on the page, under the same names."""
    ga(page, site, f"/geld?jaar={JAAR}")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()

    assert len(lines) >= len(rijen(page, "Kosten, budget en verevening per gemeente"))
    assert any("Goes" in line for line in lines)


def test_begin_an_agreement_from_an_example(zonder_script: Page, site: Site) -> None:
    """The text of an example stands in the form; as long as nothing is filled in it is refused, and what was typed stays."""
    page = zonder_script
    ga(page, site, "/geld/verevening")
    page.get_by_text("Of plak een nieuwe overeenkomst").click()
    page.get_by_role("link", name="Zeeland: gedeeltelijke solidariteit").click()
    expect(page.get_by_label("Document (overeenkomst.toml)")).to_have_value(re.compile("INVULLEN"))
    page.get_by_role("button", name="Bereken als concept").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Document (overeenkomst.toml)")).to_have_value(re.compile("INVULLEN"))
