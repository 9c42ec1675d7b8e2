"""The first day of a region, from an empty installation: what is installed by commands, then the first task of every role, in a browser.

The tests follow each other as the people do: a toewijzing, care that begins, a claim, its money.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.cli import main
from tests.builders import AGB, make_323
from tests.end_to_end.browsen import aangemeld, cent_in, ga, rijen
from tests.end_to_end.werkbank import REGIO, settings_for, stuur, write_region
from tests.fixtures.chromium import Openen
from tests.fixtures.database import copy_of_template
from tests.fixtures.site import WACHTWOORD, Draaiend, draaiend

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

NU = datetime(2026, 7, 6, 9)  # noqa: DTZ001 - local time in the Netherlands
POORT = 8560
BSN = "999999400"
PERSOON = {
    "Voornamen": "Leuntje", "Achternaam": "Zilverduin", "Geboortedatum": "2014-05-03", "Straat": "Kreekpad", "Huisnummer": "12",
    "Postcode": "4461 AB", "Woonplaats": "Goes",
}  # fmt: skip
BESTANDEN = REGIO | {
    "budgetten.csv": "gemeente,jaar,zorgvorm,bedrag_cent,bron\n0664,2026,ambulant,10000000,begroting\n0687,2026,ambulant,12000000,begroting\n",
    "plafonds.csv": "contract,zorgvorm,jaar,bedrag_cent\nJ1,,2026,5000000\n",
}
MENSEN = {
    "toegang": ("--rol", "toegang", "--gemeente", "0664", "--partij", "gemeente:0664"),
    "praktijk": ("--rol", "aanbieder", "--partij", f"aanbieder:{AGB}"),
    "contract": ("--rol", "contractbeheer"),
    "uitval": ("--rol", "uitval", "--rol", "inzage"),
    "controller": ("--rol", "controller", "--rol", "inzage"),
    "tweede": ("--rol", "controller"),
}
"""Login names, and how the commands say who they are."""


@pytest.fixture(scope="module")
def dag(postgres_server: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Draaiend]:
    """The product on an empty database, with the environment in which its commands work on it."""
    folder = tmp_path_factory.mktemp("eerste-dag")
    with copy_of_template(postgres_server, template_database) as dsn, pytest.MonkeyPatch.context() as patch:
        for naam, waarde in {"MODE": "test", "DATABASE_URL": dsn, "DATA_DIR": folder, "NU": NU.isoformat()}.items():
            patch.setenv(f"SOLIDAIR_{naam}", str(waarde))
        with draaiend(dsn, settings_for(folder, nu=NU, port=POORT)) as running:
            yield running


def solidair(*arguments: str, invoer: str = "") -> int:
    """A command, in a thread of its own: that of the test belongs to the browser."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(max_workers=1) as executor:
        patch.setattr("sys.stdin", io.StringIO(invoer))
        return executor.submit(main, list(arguments)).result()


def maak_account(naam: str, *opties: str) -> None:
    assert solidair("account", "maak", naam, *opties, invoer=f"{WACHTWOORD}\n") == 0


def kijk_tot(page: Page, gezocht: str | Locator) -> None:
    """Look at the page again until it says something, or shows something: judging takes a moment."""
    found = page.locator("main").get_by_text(gezocht) if isinstance(gezocht, str) else gezocht
    for _ in range(40):
        if found.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    assert found.count(), f"{gezocht} is still not on {page.url}"


def veld(page: Page, label: str, waarde: str) -> None:
    """Type in the field with a label that begins so."""
    gevonden = page.locator(f"label:text-matches('^{label}')").first
    page.locator(f"#{gevonden.get_attribute('for')}").fill(waarde)


def verder(page: Page) -> None:
    page.get_by_role("button", name="Bewaar en ga verder").click()


def test_who_installs_is_told_how_to_begin(venster: Openen, dag: Draaiend, tmp_path: Path) -> None:
    """From the first account, by what the start page says, to a region and people who may sign in."""
    maak_account("beheer", "--rol", "beheer")
    with aangemeld(venster, dag, "beheer") as page:
        expect(page.locator("main")).to_contain_text("Zo begint u")
        expect(page.locator("main")).to_contain_text("solidair region load")

        assert solidair("region", "load", str(write_region(tmp_path / "regio", BESTANDEN)), "--ja") == 0
        for naam, opties in MENSEN.items():
            maak_account(naam, *opties)
        page.reload()

        expect(page.locator("main")).to_contain_text("Gedaan")
        ga(page, dag, "/contracten/lijst")
        assert len(rijen(page, "Contracten, op naam van de aanbieder")) == 3


def test_contractbeheer_sees_what_was_agreed(venster: Openen, dag: Draaiend) -> None:
    with aangemeld(venster, dag, "contract") as page:
        page.get_by_role("link", name="Contracten", exact=True).first.click()
        expect(page.locator("main")).to_contain_text("€ 50.000")
        page.get_by_role("link", name="Contract J1").click()

        (prijs,) = rijen(page, "Prijzen van contract J1")
        assert "Begeleiding" in prijs
        assert cent_in(prijs) == [6000]


def test_toegang_issues_the_first_toewijzing(venster: Openen, dag: Draaiend) -> None:
    """Without seeing XML, for somebody who is not known yet; it is judged and waits for the aanbieder."""
    with aangemeld(venster, dag, "toegang") as page:
        page.get_by_role("link", name="Toegang", exact=True).first.click()
        page.get_by_role("link", name="Nieuwe toewijzing").first.click()
        page.get_by_role("radio", name="Jeugdwet").check()
        veld(page, "Burgerservicenummer", BSN)
        verder(page)
        for label, waarde in PERSOON.items():
            veld(page, label, waarde)
        page.get_by_role("radio", name="vrouwelijk").check()
        verder(page)
        veld(page, "Ingangsdatum", "2026-06-01")
        veld(page, "Einddatum", "2026-12-31")
        page.locator("#veld-agb").select_option(AGB)
        verder(page)
        page.locator("#veld-product").select_option(index=1)
        veld(page, "Aantal of bedrag", "2")
        page.get_by_role("radio", name="week").check()
        verder(page)
        expect(page.locator(".groot-zin")).to_contain_text("2 uur per week")
        page.get_by_role("button", name="Verstuur de toewijzing").click()
        page.wait_for_url("**/verstuurd")

        ga(page, dag, "/toegang")
        kijk_tot(page, page.locator("tr", has_text="Zilverduin").filter(has_text="De Veste"))


def test_an_aanbieder_reports_the_start_and_claims_the_first_month(venster: Openen, dag: Draaiend) -> None:
    """Found on the start page; shown before it is sent; every line has its outcome in euros."""
    with aangemeld(venster, dag, "praktijk") as page:
        kijk_tot(page, "Nieuwe toewijzingen")
        page.get_by_role("link", name="Nieuwe toewijzingen").click()
        page.get_by_role("link", name=re.compile("Zilverduin")).click()
        toewijzing = page.url
        page.get_by_role("link", name="Start melden").click()
        veld(page, "Eerste dag van de zorg", "2026-06-01")
        page.get_by_role("button", name="Bekijk wat u verstuurt").click()
        page.get_by_role("button", name="Verstuur naar de gemeente").click()
        page.goto(toewijzing)
        kijk_tot(page, "Stop melden")

        ga(page, dag, "/mijn/declaraties")
        page.get_by_role("button", name="Begin").click()
        page.locator("input[name^=volume-]").fill("8")
        page.get_by_role("button", name="Bekijk de declaratie").first.click()
        page.get_by_role("button", name="Verstuur de declaratie").click()
        kijk_tot(page, "De regels van deze declaratie met hun uitkomst")

        (regel,) = rijen(page, "De regels van deze declaratie met hun uitkomst")
        assert cent_in(regel)[-1] == 48_000


def test_uitval_finds_and_takes_up_what_software_sent_wrongly(venster: Openen, dag: Draaiend) -> None:
    """A claim on a toewijzing that does not exist: a cause with its money, the sentence that says why, somebody who takes it up."""
    dag.run(stuur(dag.wereld, make_323(identificatie="FOUT1", dagtekening=NU.date())))

    with aangemeld(venster, dag, "uitval") as page:
        page.get_by_role("link", name="Uitval", exact=True).first.click()
        kijk_tot(page, "480,00")
        (oorzaak,) = rijen(page, "Oorzaken van afkeuring")
        assert "Aanbieder" in oorzaak
        page.locator("main tbody th a").first.click()
        page.get_by_role("button", name="Ik pak het op").click()

        expect(page.locator("main")).to_contain_text("uitval werkt aan deze oorzaak")


def test_the_controller_follows_the_first_euro_and_shares_the_cost(venster: Openen, dag: Draaiend) -> None:
    """What was claimed stands at the gemeente, is traced to its bericht, and is settled by two people."""
    with aangemeld(venster, dag, "controller") as page:
        page.get_by_role("link", name="Geld", exact=True).first.click()
        kosten = page.locator("tr", has_text="Goes").first
        assert cent_in(kosten.inner_text())[0] == 48_000
        kosten.get_by_role("link").first.click()
        expect(page.locator(".lead")).to_contain_text("480,00")

        ga(page, dag, "/geld/verevening")
        page.get_by_label("Volgens").select_option("waarborg")
        page.get_by_role("button", name="Bereken als concept").click()
        expect(page.locator("main")).to_contain_text("een andere controller stelt haar vast")
        pad = page.url.removeprefix(dag.url)
    with aangemeld(venster, dag, "tweede") as page:
        ga(page, dag, pad)
        page.get_by_role("button", name="Stel vast").click()
        page.get_by_role("button", name="Boek", exact=True).click()
        expect(page.locator("main")).to_contain_text("Geboekt op")
