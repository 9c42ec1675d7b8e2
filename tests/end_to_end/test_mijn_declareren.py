"""Pages of declaring and settling that only doing something shows, in a browser: faults, the preview, the outcome, an objection.

No rule of WCAG 2.2 A or AA that a machine can check is broken, at either width.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page

from app.domain.partij import Actor, Rol
from app.settlement import bied_afrekening_aan, maak_afrekening, trek_afrekening_in
from tests.end_to_end.browsen import aangemeld, axe_fouten, ga, te_breed
from tests.fixtures.chromium import BREED, SMAL, Openen
from tests.fixtures.site import JAAR, MAAND, Site, eerste_agb

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

REGIO = Actor(naam="regio", partijen=frozenset(), gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))


@pytest.fixture(scope="module")
def page(venster: Openen, site: Site) -> Iterator[Page]:
    """Signed in for the whole file."""
    with aangemeld(venster, site, "aanbieder") as opened:
        yield opened


def form_of(page: Page, site: Site) -> None:
    """The form of the last full month of the first gemeente."""
    ga(page, site, f"/mijn/declaraties/nieuw?maand={MAAND}&aan=ijw:{site.gemeente}")


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open, at both widths."""
    found: list[str] = []
    for naam, (breedte, hoogte) in (("desktop", BREED), ("phone", SMAL)):
        page.set_viewport_size({"width": breedte, "height": hoogte})
        found += axe_fouten(page) + ([f"wider than a {naam}"] if te_breed(page) else [])
    page.set_viewport_size({"width": BREED[0], "height": BREED[1]})
    return found


def test_faults_of_the_form(page: Page, site: Site) -> None:
    """The list at the top leads to the field."""
    form_of(page, site)
    assert faults(page) == []
    page.get_by_role("textbox", name="Geleverd voor").first.fill("veel")
    page.get_by_role("button", name="Bekijk de declaratie").first.click()

    assert faults(page) == []
    page.locator("#foutlijst a").first.click()
    assert page.evaluate("document.activeElement.value") == "veel"


def test_faults_of_a_file(page: Page, site: Site) -> None:
    """Row, column and what to change."""
    form_of(page, site)
    file = FilePayload(name="d.csv", mimeType="text/csv", buffer=b"toewijzing;volume\n1;8\nx;3\n")
    page.get_by_label("Ingevuld bestand").set_input_files(file)
    page.get_by_role("button", name="Bekijk de declaratie").last.click()

    assert "Rij 3, kolom toewijzing" in page.locator(".foutlijst").inner_text()
    assert faults(page) == []


def test_a_preview_with_a_line_that_would_be_refused(page: Page, site: Site) -> None:
    """Much too much: the line says so, and there is a way back with what was typed."""
    form_of(page, site)
    row = page.locator("tbody tr", has=page.get_by_role("textbox", name="Geleverd voor")).first
    for tick in row.get_by_role("checkbox").all():
        tick.check()
    row.get_by_role("textbox").fill("900")
    page.get_by_role("button", name="Bekijk de declaratie").first.click()

    assert faults(page) == []
    assert page.get_by_role("button", name="Verstuur de declaratie").count() == 0
    page.get_by_role("button", name="Pas aan").click()
    assert page.locator("input[value='900']").count() == 1


def test_an_outcome_with_refused_lines(page: Page, site: Site) -> None:
    """One that the generator made with a fault."""
    agb = eerste_agb(site.generated)
    query = "select max(bericht_nr) from prestatie where agb = $1 and not toegekend"
    nr = site.run(site.wereld.pool.fetchval(query, agb))
    ga(page, site, f"/mijn/declaraties/{nr}")

    assert page.get_by_text("Afgewezen", exact=True).count() > 0
    assert faults(page) == []


@pytest.fixture
def aangeboden(site: Site) -> Iterator[int]:
    """An afrekening of the year before that was offered; withdrawn afterwards, so that other tests can make theirs."""
    nr = site.run(maak_afrekening(site.wereld, REGIO, eerste_agb(site.generated), JAAR - 1, reden="jaarafrekening"))
    site.run(bied_afrekening_aan(site.wereld, REGIO, nr))
    yield nr
    site.run(trek_afrekening_in(site.wereld, REGIO, nr, reden="einde van de test"))


def test_an_afrekening_and_an_objection_without_a_reason(page: Page, site: Site, aangeboden: int) -> None:
    """Refused at its field, in the part that stays unfolded."""
    ga(page, site, f"/mijn/afrekeningen/{aangeboden}")
    assert faults(page) == []
    page.get_by_text("Ik ben het niet eens").click()
    page.get_by_role("button", name="Maak bezwaar").click()

    assert faults(page) == []
    page.locator("#foutlijst a").click()
    assert page.evaluate("document.activeElement.name") == "toelichting"
