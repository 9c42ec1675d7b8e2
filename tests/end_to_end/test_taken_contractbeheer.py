"""What a contract desk does most, in a browser: ceilings, what a contract says of a line, and putting right what was loaded wrong."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.domain.partij import SYSTEEM
from app.parties import laad_regio
from app.parties.generator import write_region
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, rijen, tab_naar
from tests.fixtures.chromium import Openen
from tests.fixtures.site import JAAR, Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

TARIEF_ANDERS = "/berichten?status=deels_afgekeurd&soort=323&regel=TR418"
PLAFONDS = f"Plafonds van {JAAR}"


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site) -> Iterator[Page]:
    """Signed in for the whole file."""
    with aangemeld(venster, site, "contractbeheer") as opened:
        yield opened


@pytest.fixture(scope="module")
def zonder_script(venster: Openen, site: Site) -> Iterator[Page]:
    """The same person in a browser that runs no JavaScript."""
    with aangemeld(venster, site, "contractbeheer", script=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def gewijzigd_tarief(site: Site, tmp_path_factory: pytest.TempPathFactory) -> int:
    """The region loaded again with another price in one line, on which one prestatie was granted; the number of that load."""
    return site.run(_load_again(site, tmp_path_factory.mktemp("regio")))


async def _load_again(site: Site, folder: Path) -> int:
    line = await site.wereld.pool.fetchrow(
        """select t.contract, t.categorie, t.code, t.eenheid, t.geldig_van from tarief t join prestatie p using (tarief_id)
            where p.toegekend and not p.is_credit and p.gecrediteerd_door is null and t.tarief_cent > 1
            group by t.tarief_id order by count(*), t.tarief_id limit 1"""
    )
    tarieven = tuple(
        replace(each, tarief_cent=(each.tarief_cent or 0) + 100)
        if tuple(getattr(each, name) for name in each.sleutel) == tuple(line)
        else each
        for each in site.generated.region.tarieven
    )
    assert tarieven != site.generated.region.tarieven
    write_region(replace(site.generated, region=replace(site.generated.region, tarieven=tarieven), berichten=()), folder)
    await laad_regio(site.wereld.pool, folder, nu=site.wereld.nu, actor=SYSTEEM)
    nr: int = await site.wereld.pool.fetchval("select max(lading_nr) from regio_lading")
    return nr


def enter(page: Page) -> None:
    """Enter, which leads to another page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_see_which_ceilings_are_reached(zonder_script: Page, site: Site) -> None:
    """The most used first, and only those that are reached when one asks for them."""
    page = zonder_script
    ga(page, site, "/contracten")
    everything = rijen(page, PLAFONDS)
    page.get_by_role("navigation", name="Stand van het plafond").get_by_role("link", name=re.compile("^Bereikt")).click()
    reached = rijen(page, PLAFONDS)

    assert 0 < len(reached) < len(everything)
    assert all("Bereikt" in row for row in reached)
    used = [float(re.findall(r"(\d+,\d)%", row)[0].replace(",", ".")) for row in everything]
    assert used == sorted(used, reverse=True)


def test_take_the_ceilings_along_as_csv(page: Page, site: Site) -> None:
    """As many lines as on the page, a line per ceiling."""
    ga(page, site, "/contracten")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("CSV")).click()
    lines = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))

    assert len(lines) == len(rijen(page, PLAFONDS)) + 1


def test_understand_how_a_ceiling_is_worked_out(page: Page, site: Site) -> None:
    """Help beside the figures, opened with a key."""
    ga(page, site, "/contracten")
    summary = page.get_by_text("Hoe deze cijfers zijn gerekend")
    tab_naar(page, "main details summary")
    page.keyboard.press("Enter")

    expect(summary).to_be_visible()
    expect(page.get_by_text("doorgetrokken tot de laatste dag")).to_be_visible()


def test_see_what_rejections_the_contract_desk_can_solve(zonder_script: Page, site: Site) -> None:
    """Uitval, only of who can mend the contract."""
    page = zonder_script
    ga(page, site, "/uitval?periode=alles")
    page.get_by_role("navigation", name="Wie lost op").get_by_role("link", name=re.compile("^Contractbeheer")).click()
    causes = rijen(page, "Oorzaken van afkeuring")

    assert causes
    assert all("Contractbeheer" in row for row in causes)
    assert any("tarief" in row for row in causes)


def test_see_what_the_contract_says_of_a_rejected_line(zonder_script: Page, site: Site) -> None:
    """Contract, price and period beside what was claimed, and what the aanbieder reads."""
    page = zonder_script
    ga(page, site, TARIEF_ANDERS)
    page.locator("tbody th a").first.click()
    page.locator(".bevinding", has_text="0611").first.get_by_role("link", name="waarom?").click()

    expect(page.locator("main")).to_contain_text("Stap voor stap")
    expect(page.locator("main")).to_contain_text("De aanbieder leest")
    expect(page.locator("main")).to_contain_text(re.compile(r"Contract\s*[JL]\d{4}"))


def test_see_the_price_on_which_a_line_was_granted(zonder_script: Page, site: Site) -> None:
    """From cost to contract, price and first day of it."""
    page = zonder_script
    ga(page, site, "/geld/herkomst?rekening=kosten")
    page.locator("a[href^='/geld/herkomst/prestaties/']").first.click()

    expect(page.locator(".stap", has_text="Contract en tarief")).to_contain_text(re.compile(r"[JL]\d{4}"))


def test_preview_and_carry_out_judging_again(page: Page, site: Site, gewijzigd_tarief: int) -> None:
    """A price was corrected: which lines change and by how much is shown first, then it is done."""
    ga(page, site, "/herbeoordelen")
    page.get_by_label("Reden").fill("tarief verkeerd geladen")
    page.get_by_label("Wat is gewijzigd sinds een lading van de regio").select_option(str(gewijzigd_tarief))
    page.get_by_role("button", name="Reken door").click()
    expect(page.locator(".statusregel")).to_contain_text("Concept")
    changed = rijen(page, "Regels waarvan de uitkomst verandert")
    assert len(changed) == 1
    assert "toegekend" in changed[0]
    assert "0611" in changed[0]
    assert axe_fouten(page) == []

    page.get_by_role("button", name="Uitvoeren").click()
    expect(page.locator(".statusregel")).to_contain_text("Uitgevoerd")
    expect(page.get_by_role("button", name="Uitvoeren")).to_have_count(0)


def test_let_a_preview_lapse_by_keyboard_alone(page: Page, site: Site) -> None:
    """A choice that cannot be made keeps what was typed; a preview that is not wanted changes nothing."""
    ga(page, site, "/herbeoordelen")
    tab_naar(page, "#veld-reden")
    page.keyboard.type("kijken wat er zou gebeuren")
    enter(page)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Reden")).to_have_value("kijken wat er zou gebeuren")
    tab_naar(page, "#veld-contract")
    page.keyboard.type("J0001")
    tab_naar(page, "#veld-van")
    page.keyboard.type(f"0101{JAAR}")
    tab_naar(page, "#veld-tot")
    page.keyboard.type(f"0202{JAAR}")
    enter(page)
    expect(page.locator(".statusregel")).to_contain_text("Concept")
    tab_naar(page, page.get_by_role("button", name="Laten vervallen"))
    enter(page)

    expect(page.locator(".statusregel")).to_contain_text("Vervallen")


def test_look_up_which_rules_look_at_the_contract(zonder_script: Page, site: Site) -> None:
    page = zonder_script
    ga(page, site, "/regels")
    page.get_by_label("Code of woorden").fill("contract")
    page.get_by_label("Bericht", exact=True).select_option("323")
    page.get_by_role("button", name="Zoek").click()

    expect(page.locator("#TR418")).to_contain_text("Afgedwongen")
    expect(page.locator("main")).not_to_contain_text("Geen regels gevonden")


def test_see_which_declaraties_wait_for_a_contract(zonder_script: Page, site: Site) -> None:
    """From the list of statuses; when there are none, that is said."""
    page = zonder_script
    ga(page, site, "/berichten")
    page.get_by_label("Status", exact=True).select_option("wacht_op_contract")
    page.get_by_role("button", name="Toon").click()

    found = site.run(site.wereld.pool.fetchval("select count(*) from bericht where status = 'wacht_op_contract'"))
    assert len(rijen(page, "Berichten")) == found
    expect(page.get_by_role("link", name="Wis filter")).to_be_visible()
    if not found:
        expect(page.locator("main")).to_contain_text("Geen berichten gevonden")


def test_see_which_terms_run(zonder_script: Page, site: Site) -> None:
    """Of one law, with the filter of the page."""
    page = zonder_script
    ga(page, site, "/termijnen")
    page.get_by_label("Wet").select_option("iwmo")
    page.get_by_role("button", name="Toon").click()

    rows = rijen(page, "Wij wachten op een aanbieder")
    assert rows
    assert all(row.startswith("WMO") for row in rows)
