"""What somebody of operations does most, in a browser: from a cause to the line that is wrong, and what can be done about it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.adapters.xml import parse
from app.domain.partij import SYSTEEM
from app.mailbox import toon_bericht, xml_van
from app.standard import catalogue
from app.standard.reading import read
from tests.builders import make_323, make_retour
from tests.end_to_end.browsen import aangemeld, cent_in, ga, rijen, tab_naar
from tests.end_to_end.werkbank import stuur
from tests.fixtures.chromium import Openen
from tests.fixtures.site import Site
from workers.local import judge_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

FOUTE_DECLARATIE = Path(__file__).parents[1] / "conformance" / "jw323" / "inhoud_niet_goed.xml"
TARIEF_ANDERS = "/berichten?status=deels_afgekeurd&soort=323&regel=TR418"
VOLUME_TE_HOOG = "/berichten?status=deels_afgekeurd&soort=323&regel=TR322"


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site) -> Iterator[Page]:
    """Signed in for the whole file."""
    with aangemeld(venster, site, "uitval") as opened:
        yield opened


@pytest.fixture(scope="module")
def zonder_script(venster: Openen, site: Site) -> Iterator[Page]:
    """The same person in a browser that runs no JavaScript."""
    with aangemeld(venster, site, "uitval", script=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def geparkeerd(site: Site) -> int:
    """A bericht that judging parked: an aanbieder rejects a toewijzing on which prestaties were granted."""
    return site.run(_park_one(site))


async def _park_one(site: Site) -> int:
    nr = await site.wereld.pool.fetchval(
        """select b.bericht_nr from bericht b join toewijzing_versie t using (bericht_nr)
            join prestatie p on (p.domein, p.gemeente, p.toewijzing_nummer) = (t.domein, t.gemeente, t.toewijzing_nummer)
           where b.soort = '301' and b.status in ('klaar', 'bezorgd') and p.toegekend and not p.is_credit and p.gecrediteerd_door is null
           order by b.bericht_nr limit 1"""
    )
    sent = await toon_bericht(site.wereld, SYSTEEM, nr)
    assert sent.domein is not None
    heen = read(parse(await xml_van(site.wereld, SYSTEEM, nr)), catalogue.soort(sent.domein, "301"))
    parked = await stuur(site.wereld, make_retour(heen, "0001"))
    await judge_all(site.wereld, lot_size_max=10)
    return parked


def test_find_the_cause_with_the_most_money(zonder_script: Page, site: Site) -> None:
    """The causes stand in order of money, each with what to do and who solves it; the first leads to its own berichten."""
    page = zonder_script
    ga(page, site, "/uitval?periode=alles")
    causes = page.locator("table", has=page.locator("caption", has_text="Oorzaken van afkeuring")).first.locator("tbody tr")
    money = [amounts[0] for row in causes.all_inner_texts() if (amounts := cent_in(row))]

    assert len(money) > 5
    assert money == sorted(money, key=abs, reverse=True)
    expect(causes.first).to_contain_text(re.compile("Aanbieder|Toegang|Contractbeheer|Wij zelf"))
    cause = str(causes.first.locator("th a").inner_text())
    causes.first.locator("th a").click()
    expect(page.locator("main")).to_contain_text(cause)
    expect(page.locator("main a[href^='/berichten/']").first).to_be_visible()


def test_open_a_bericht_and_read_the_line_that_is_wrong(zonder_script: Page, site: Site) -> None:
    """The finding is a sentence that leads to its line, marked in the XML; the line leads back to the finding."""
    page = zonder_script
    ga(page, site, VOLUME_TE_HOOG)
    page.locator("tbody th a").first.click()
    finding = page.locator("#bevinding-1")

    expect(finding).to_contain_text("resteren")
    finding.get_by_role("link", name=re.compile(r"GeleverdVolume, regel \d+")).click()
    expect(page).to_have_url(re.compile("#regel-bevinding-1$"))
    expect(page.locator("#regel-bevinding-1")).to_contain_text("9322")
    expect(page.locator(".xml__regel--fout").first).to_contain_text("GeleverdVolume")
    page.locator("#regel-bevinding-1 a").click()
    expect(page).to_have_url(re.compile("#bevinding-1$"))


def test_explain_to_an_aanbieder_why_a_line_was_rejected(zonder_script: Page, site: Site) -> None:
    """Behind "waarom?": what was claimed beside the contract, step by step, with the step that fails."""
    page = zonder_script
    ga(page, site, TARIEF_ANDERS)
    page.locator("tbody th a").first.click()
    page.locator(".bevinding", has_text="0611").first.get_by_role("link", name="waarom?").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Regel")
    expect(page.locator("main")).to_contain_text("Gedeclareerd")
    expect(page.locator("main")).to_contain_text(re.compile(r"Tarief\w*\s+niet voldaan"))


def test_see_the_answer_that_was_sent(page: Page, site: Site) -> None:
    """From a declaratie to its answer and back."""
    ga(page, site, VOLUME_TE_HOOG)
    page.locator("tbody th a").first.click()
    declaratie = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name=re.compile("JW325 declaratie-antwoord")).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("JW325")
    expect(page.locator(".xml")).to_contain_text("9322")
    page.get_by_role("link", name=re.compile("JW323 declaratie")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(declaratie)


def test_narrow_the_list_by_keyboard_alone(page: Page, site: Site) -> None:
    """Choose in the filter with the arrow keys, Enter shows the list, and the way back to all is one link further."""
    ga(page, site, "/berichten")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    tab_naar(page, "select[name=status]")
    page.keyboard.type("Deels")
    tab_naar(page, "select[name=soort]")
    page.keyboard.type("323")
    tab_naar(page, "form.filter button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    shown = rijen(page, "Berichten")

    assert shown
    assert all("323 declaratie" in row and "Deels afgekeurd" in row for row in shown)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_naar(page, page.get_by_role("link", name="Wis filter"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert len(rijen(page, "Berichten")) > len(shown)


def test_take_the_list_along_as_csv(page: Page, site: Site) -> None:
    """The file holds the rows of the page, with the filter that is on."""
    ga(page, site, "/berichten?status=deels_afgekeurd&soort=323")
    shown = rijen(page, "Berichten")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("als CSV")).click()
    lines = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))

    assert len(lines) == len(shown) + 1
    assert len({len(line) for line in lines}) == 1


def test_judge_a_parked_bericht_again(page: Page, site: Site, geparkeerd: int) -> None:
    """It stands among what waits for a person, with the reason; the button judges it again and it is parked for the same reason."""
    ga(page, site, "/berichten?richting=alle&status=geparkeerd")
    expect(page.locator("tbody")).to_contain_text("waarop al prestaties zijn toegekend")
    page.locator(f"tbody a[href='/berichten/{geparkeerd}']").click()
    tab_naar(page, page.get_by_role("button", name="Beoordeel opnieuw"))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, f"/berichten/{geparkeerd}")
    expect(page.locator(".statusregel")).to_contain_text("Geparkeerd")
    expect(page.locator(".statusregel")).to_contain_text("waarop al prestaties zijn toegekend")


def test_check_a_file_of_an_aanbieder(page: Page, site: Site) -> None:
    """An aanbieder on the phone: upload the file, and every fault has its line."""
    ga(page, site, "/controle")
    page.get_by_label("Bestand met een bericht").set_input_files(FOUTE_DECLARATIE)
    page.get_by_role("button", name="Controleer", exact=True).click()

    expect(page.locator("main")).to_contain_text(re.compile(r"Regel \d+"))
    expect(page.locator(".xml__regel--fout").first).to_be_visible()


def test_see_which_terms_end_first(zonder_script: Page, site: Site) -> None:
    """What aanbieders owe us, nearest first."""
    page = zonder_script
    ga(page, site, "/termijnen")
    page.get_by_role("navigation", name="Wie moet handelen").get_by_role("link", name=re.compile("^Aanbieder")).click()
    rows = rijen(page, "Wij wachten op een aanbieder")

    assert rows
    assert all(
        re.search(r"\d+ (januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december) 20\d\d", row)
        for row in rows
    )
    expect(page.get_by_role("heading", name=re.compile("Wij moeten antwoorden"))).to_have_count(0)


def test_look_up_a_rule_of_the_standard(zonder_script: Page, site: Site) -> None:
    """A code from a finding: what it says, that we enforce it, and the berichten in which it failed."""
    page = zonder_script
    ga(page, site, "/regels")
    page.get_by_label("Code of woorden").fill("TR322")
    page.get_by_role("button", name="Zoek").click()
    rule = page.locator("#TR322")

    expect(rule).to_contain_text("Afgedwongen")
    expect(rule).to_contain_text("9322")
    rule.get_by_role("link", name=re.compile("bericht")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berichten")
    expect(page.locator("tbody")).to_contain_text("9322")


def test_see_that_the_books_add_up(page: Page, site: Site) -> None:
    ga(page, site, "/controles")

    expect(page.locator("main")).to_contain_text("De boeken zijn in balans")
    expect(page.get_by_role("button", name="Reken alles na")).to_be_visible()


def test_go_from_the_start_page_to_a_rejection_by_keyboard_alone(page: Page, site: Site) -> None:
    """What is new, the first cause, its first bericht: three times Enter."""
    ga(page, site, "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    tab_naar(page, "main a[href^='/uitval']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_naar(page, "main table th a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_naar(page, "main a[href^='/berichten/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Het bericht zelf")).to_be_visible()


def test_take_a_cause_and_leave_a_note_for_a_colleague(page: Page, site: Site) -> None:
    """Who works on it stands on the page; so does what was found out, and an empty note is refused beside its field."""
    ga(page, site, "/uitval?periode=alles")
    page.locator("main table th a", has_text="volumes van alle prestaties samen").click()
    page.get_by_role("button", name="Ik pak het op").click()
    expect(page.locator("main")).to_contain_text("uitval werkt aan deze oorzaak")
    page.get_by_role("button", name="Bewaar notitie").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Nieuwe notitie").fill("Gebeld: de aanbieder crediteert februari.")
    page.get_by_role("button", name="Bewaar notitie").click()

    expect(page.locator("article", has_text="crediteert februari")).to_contain_text("uitval")
    page.get_by_role("button", name="Laat los").click()
    expect(page.locator("main")).to_contain_text("Nog niemand")


async def _declare(site: Site, agb: str) -> int:
    """A declaratie that comes in; whatever is wrong with it, it waits when it is held."""
    nr = await stuur(site.wereld, make_323(afzender=agb, ontvanger=site.gemeente, identificatie="TK-VAST"))
    await judge_all(site.wereld, lot_size_max=10)
    return nr


def test_hold_the_declaraties_of_an_aanbieder_and_let_them_go(page: Page, site: Site) -> None:
    """A rule with its reason holds what comes in; letting go judges it, and the rule is ended."""
    agb = site.generated.region.aanbieders[-1].agb
    ga(page, site, "/vasthouden/regels/nieuw")
    page.get_by_role("button", name="Maak de regel").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Aanbieder", exact=True).select_option(agb)
    page.get_by_label("Laatste dag").fill(f"{site.wereld.vandaag + timedelta(days=7)}")
    page.get_by_label("Waarom?").fill("De aanbieder zoekt een dubbele maand uit.")
    page.get_by_role("button", name="Maak de regel").click()
    nr = site.run(_declare(site, agb))
    ga(page, site, "/vasthouden")
    held = page.locator("tr", has_text=f"nr. {nr}")

    expect(held).to_contain_text("dubbele maand")
    expect(held).to_contain_text("vanzelf vrij op")
    held.get_by_role("button").click()
    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, "/vasthouden")
    expect(held).to_have_count(0)
    page.get_by_role("button", name=re.compile("Beëindig")).click()
    expect(page.locator("main")).to_contain_text("Voorbij")


def test_sign_out(venster: Openen, site: Site) -> None:
    """Afterwards the pages ask to sign in, the one that was open too."""
    with aangemeld(venster, site, "uitval") as page:
        ga(page, site, "/uitval")
        page.get_by_role("button", name="Afmelden").press("Enter")
        page.wait_for_url("**/aanmelden*")
        page.goto(f"{site.url}/uitval")

        expect(page.get_by_label("Wachtwoord")).to_be_visible()
