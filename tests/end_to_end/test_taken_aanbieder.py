"""What people of a small aanbieder without software of its own do most, in a browser: toewijzingen, start and stop, claiming, the postvak."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.domain.bericht import Achternaam, Naam
from app.domain.toewijzing import Omvang, Product
from tests.builders import KORTE_NAAM, make_301, make_305, make_client, make_start, make_toegewezen_product
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, rijen, tab_naar
from tests.end_to_end.werkbank import stuur
from tests.fixtures.chromium import Openen
from tests.fixtures.site import MAAND, Site, eerste_agb
from workers.local import judge_all

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]

BEGIN, EINDE = date(2026, 6, 1), date(2026, 12, 31)
UITKOMSTEN = "De regels van deze declaratie met hun uitkomst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaak:
    """A client with one toewijzing of two hours a week since the first of June; `gestart` when the start was reported already."""

    bsn: str
    achternaam: str
    nummer: int
    gestart: bool = False


STARTEN = Zaak(bsn="999996095", achternaam="Lisdodde", nummer=900_201)
STOPPEN = Zaak(bsn="999996022", achternaam="Zeewering", nummer=900_202, gestart=True)
DECLAREREN = Zaak(bsn="999996034", achternaam="Duindoorn", nummer=900_203, gestart=True)
ZAKEN = (STARTEN, STOPPEN, DECLAREREN)


@pytest.fixture(scope="module")
def gevuld(site: Site) -> str:
    """The cases, sent by the gemeente, of two the start by the aanbieder; its AGB-code."""
    return site.run(_fill(site))


async def _fill(site: Site) -> str:
    agb, today = eerste_agb(site.generated), site.wereld.vandaag
    row = await site.wereld.pool.fetchrow(
        """select t.categorie, t.code from toewijzing_versie t join prestatie p using (domein, gemeente, toewijzing_nummer, categorie, code)
            where t.gemeente = $1 and t.domein = 'ijw' and t.agb = $2 and t.eenheid = '04' and p.toegekend and p.begindatum = $3
            order by 1, 2 limit 1""",
        site.gemeente,
        agb,
        BEGIN,
    )
    product = Product(categorie=row["categorie"], code=row["code"])
    for zaak in ZAKEN:
        line = make_toegewezen_product(
            toewijzing_nummer=zaak.nummer,
            product=product,
            toewijzingsdatum=BEGIN,
            ingangsdatum=BEGIN,
            einddatum=EINDE,
            omvang=Omvang(volume=2, eenheid="04", frequentie="2"),
        )
        naam = Naam(voornamen="Wende", geslachtsnaam=Achternaam(achternaam=zaak.achternaam), naam_gebruik="1")
        client = make_client(bsn=zaak.bsn, naam=naam, toegewezen_producten=(line,))
        order = make_301(client=client, identificatie=f"TA{zaak.nummer}", afzender=site.gemeente, ontvanger=agb, dagtekening=today)
        await stuur(site.wereld, order)
    await judge_all(site.wereld, lot_size_max=20)
    for zaak in ZAKEN:
        if zaak.gestart:
            start = make_start(toewijzing_nummer=zaak.nummer, product=product, toewijzing_ingangsdatum=BEGIN, begindatum=BEGIN)
            client = make_client(bsn=zaak.bsn, naam=KORTE_NAAM, contactgegevens=(), start_producten=(start,))
            started = make_305(client=client, identificatie=f"TS{zaak.nummer}", afzender=agb, ontvanger=site.gemeente, dagtekening=today)
            await stuur(site.wereld, started)
    await judge_all(site.wereld, lot_size_max=20)
    return agb


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site, gevuld: str) -> Iterator[Page]:
    """Signed in for the whole file."""
    with aangemeld(venster, site, "aanbieder") as opened:
        yield opened


@pytest.fixture(scope="module")
def zonder_script(venster: Openen, site: Site, gevuld: str) -> Iterator[Page]:
    """The same person in a browser that runs no JavaScript."""
    with aangemeld(venster, site, "aanbieder", script=False) as opened:
        yield opened


def pad_van(site: Site, zaak: Zaak) -> str:
    """Where the toewijzing of a case is."""
    return f"/mijn/toewijzingen/ijw/{site.gemeente}/{zaak.nummer}"


def enter_in_button(page: Page, naam: str) -> None:
    """Tab to a button and press Enter, which leads to another page."""
    tab_naar(page, page.get_by_role("button", name=naam))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_see_which_toewijzingen_are_new(zonder_script: Page, site: Site) -> None:
    """From the start page to the list, to what the gemeente allocated."""
    page = zonder_script
    ga(page, site, "/")
    page.get_by_role("link", name="Nieuwe toewijzingen").click()
    row = page.locator("tr", has_text=str(STARTEN.nummer))
    expect(row).to_contain_text("2 uur per week")
    row.get_by_role("link", name=re.compile(STARTEN.achternaam)).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text(str(STARTEN.nummer))
    expect(page.locator("dl.feiten").first).to_contain_text("1 juni 2026 tot en met 31 december 2026")


def test_find_a_client_by_bsn(zonder_script: Page, site: Site) -> None:
    """The number stands in no address."""
    page = zonder_script
    ga(page, site, "/mijn")
    page.get_by_label("Zoek een cliënt op BSN").fill(STOPPEN.bsn)
    page.get_by_role("button", name="Zoek").click()

    expect(page.locator("main")).to_contain_text(STOPPEN.achternaam)
    expect(page.locator("main")).to_contain_text(str(STOPPEN.nummer))
    assert STOPPEN.bsn not in page.url


def test_report_that_care_began_by_keyboard_alone(page: Page, site: Site) -> None:
    """First without a date: the fault leads to its field; then it is shown, sent, and stands on the toewijzing."""
    ga(page, site, pad_van(site, STARTEN))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    tab_naar(page, page.get_by_role("link", name="Start melden"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter_in_button(page, "Bekijk wat u verstuurt")
    tab_naar(page, "#foutlijst a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "begindatum"
    page.keyboard.type("8-6-2026")
    enter_in_button(page, "Bekijk wat u verstuurt")
    expect(page.locator("main")).to_contain_text("Er is nog niets verstuurd")
    enter_in_button(page, "Verstuur naar de gemeente")

    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, pad_van(site, STARTEN))
    expect(page.locator("main")).to_contain_text("08-06-2026")


def test_report_that_care_stopped_and_take_it_back(page: Page, site: Site) -> None:
    """With the reason of the standard; a stop that was a mistake is withdrawn in the same way."""
    ga(page, site, f"{pad_van(site, STOPPEN)}/stop")
    page.get_by_label("Laatste dag van de zorg").fill("2026-06-30")
    page.get_by_label("Reden van de stop").select_option(index=1)
    page.get_by_role("button", name="Bekijk wat u verstuurt").click()
    assert axe_fouten(page) == []
    page.get_by_role("button", name="Verstuur naar de gemeente").click()
    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, pad_van(site, STOPPEN))
    expect(page.locator("main")).to_contain_text("30-06-2026")

    page.get_by_role("link", name="Stop intrekken").click()
    page.get_by_role("button", name="Bekijk wat u verstuurt").click()
    page.get_by_role("button", name="Verstuur naar de gemeente").click()
    site.run(judge_all(site.wereld, lot_size_max=10))
    ga(page, site, pad_van(site, STOPPEN))
    expect(page.get_by_role("link", name="Stop melden")).to_be_visible()


def test_declare_a_month_and_see_first_what_would_be_refused(page: Page, site: Site) -> None:
    """More than was allocated is refused before it is sent; with less it is sent, and every line has its outcome."""
    ga(page, site, f"/mijn/declaraties/nieuw?maand={MAAND}&aan=ijw:{site.gemeente}&toewijzing={DECLAREREN.nummer}")
    volume = page.locator(f"#veld-volume-{DECLAREREN.nummer}")
    volume.fill("200")
    page.get_by_role("button", name="Bekijk de declaratie").first.click()
    expect(page.get_by_role("alert")).to_contain_text(str(DECLAREREN.nummer))
    expect(page.get_by_role("button", name="Verstuur de declaratie")).to_have_count(0)
    page.get_by_role("button", name="Pas aan").click()
    expect(volume).to_have_value("200")
    volume.fill("4")
    page.get_by_role("button", name="Bekijk de declaratie").first.click()
    assert axe_fouten(page) == []
    page.get_by_role("button", name="Verstuur de declaratie").click()

    site.run(judge_all(site.wereld, lot_size_max=10))
    page.reload()
    (line,) = rijen(page, UITKOMSTEN)
    assert "Toegekend" in line
    assert "4 uur" in line


def test_declare_with_a_file(page: Page, site: Site) -> None:
    """The form as CSV, filled in elsewhere; a wrong row is named and nothing is taken, a right one is shown before it is sent."""
    ga(page, site, f"/mijn/declaraties/nieuw?maand={MAAND}&aan=ijw:{site.gemeente}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download het formulier als CSV").click()
    form = download.value.path().read_text(encoding="utf-8-sig")

    upload(page, fill_in(form, "veel"))
    expect(page.get_by_role("alert")).to_contain_text("kolom volume")
    upload(page, fill_in(form, "3"))

    expect(page.get_by_role("heading", name="Nakijken en versturen")).to_be_visible()
    (line,) = rijen(page, "De regels van deze declaratie")
    assert "3 uur" in line


def fill_in(form: str, volume: str) -> bytes:
    """The form with a volume at the toewijzing of a case, in the first eenheid that it offers."""
    delimiter = csv.Sniffer().sniff(form.splitlines()[0], ";,").delimiter
    rows = list(csv.DictReader(io.StringIO(form), delimiter=delimiter))
    (number,) = (name for name in rows[0] if "toewijzing" in name)
    wanted = next(row for row in rows if row[number] == str(STOPPEN.nummer))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows({**row, "volume": volume if row is wanted else ""} for row in rows)
    return out.getvalue().encode()


def upload(page: Page, data: bytes) -> None:
    """Send a filled in file."""
    page.get_by_label("Ingevuld bestand (CSV)").set_input_files(FilePayload(name="declaratie.csv", mimeType="text/csv", buffer=data))
    page.locator("form[action$=bestand] button").click()


def open_refused(page: Page, site: Site) -> None:
    """A declaratie of which a part was refused."""
    ga(page, site, "/mijn/declaraties")
    page.locator("tr", has_text="Deels afgekeurd").first.locator("th a").click()


def test_see_the_outcome_of_every_line(zonder_script: Page, site: Site) -> None:
    """The refused with the reason in words, the granted too, which the answer of the standard leaves out."""
    page = zonder_script
    open_refused(page, site)
    lines = rijen(page, UITKOMSTEN)

    assert "Afgewezen" in lines[0]
    assert re.search(r"\d{4} [A-Z]", lines[0])
    assert any("Toegekend" in line for line in lines)


def test_send_refused_lines_again(page: Page, site: Site) -> None:
    """The form is filled with what was refused, to be put right."""
    open_refused(page, site)
    page.get_by_role("link", name="Dien de afgewezen regels opnieuw in").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Declaratie over")
    filled = [each.input_value() for each in page.locator("input[name^=volume-]").all()]
    assert any(filled)


def test_work_through_the_postvak_by_keyboard_alone(page: Page, site: Site) -> None:
    """Open what waits longest, read it, say that it is done: it is off the list."""
    ga(page, site, "/mijn/berichten")
    waiting = page.locator("section", has=page.locator("#kop-wacht")).locator("tbody th a")
    first = str(waiting.first.get_attribute("href"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the navigation
    tab_naar(page, f"a[href='{first}']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_naar(page, f"form[action='{first}/verwerkt'] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    ga(page, site, "/mijn/berichten")
    assert first not in [each.get_attribute("href") for each in waiting.all()]


def test_check_an_own_file_before_sending(page: Page, site: Site, gevuld: str) -> None:
    """Against what was sent before too: the same declaratie again is refused here, and nothing is sent."""
    sent = next(each for each in site.generated.berichten if each.van == f"aanbieder:{gevuld}" and b"DeclaratieNummer" in each.inhoud)
    ga(page, site, "/controle")
    page.get_by_label("Bestand met een bericht").set_input_files(
        FilePayload(name="declaratie.xml", mimeType="application/xml", buffer=sent.inhoud)
    )
    page.get_by_role("radio", name=re.compile("Ook tegen eerdere berichten")).check()
    page.get_by_role("button", name="Controleer", exact=True).click()

    expect(page.locator("main")).to_contain_text("9056")
    expect(page.locator("main")).to_contain_text("Er is niets verstuurd")


@pytest.mark.parametrize("pad", ["/geld", "/uitval", "/toegang", "/contracten"])
def test_what_is_of_others_is_closed(page: Page, site: Site, pad: str) -> None:
    """The pages of gemeenten and region."""
    response = page.goto(f"{site.url}{pad}")

    assert response is not None
    assert response.status == 403
