"""TR056, TR135 and TR378 on the header of each heenbericht."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from app.domain.bericht import Bericht, BerichtIdentificatie
from app.domain.partij import aanbieder
from app.domain.verzoek import OngewijzigdProduct
from tests.builders import (
    AGB,
    GEMEENTE,
    NUMMER,
    VANDAAG,
    make_301,
    make_305,
    make_307,
    make_315,
    make_317,
    make_319,
    make_323,
    make_aangevraagd_product,
    make_client,
    make_header,
    make_kijk,
    make_snapshot,
    make_start,
    make_toewijzing,
    make_verzoek,
    next_day,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds

HEEN: tuple[Callable[..., Bericht], ...] = (make_301, make_305, make_307, make_315, make_317, make_319, make_323)


def test_tr056_refuses_identificatie_used_before() -> None:
    """The same number of the same sender and soort is refused; of another soort or sender it is not."""
    bericht = make_323(identificatie="A1")
    used = {("323", aanbieder(AGB), "A1")}
    others = {("305", aanbieder(AGB), "A1"), ("323", aanbieder("42420002"), "A1"), ("323", aanbieder(AGB), "A2")}

    assert_fails("TR056", bericht.header, make_kijk(bericht, snapshot=make_snapshot(gebruikte_identificaties=frozenset(used))))
    assert_holds("TR056", bericht.header, make_kijk(bericht, snapshot=make_snapshot(gebruikte_identificaties=frozenset(others))))


def test_tr135_refuses_dagtekening_after_receipt() -> None:
    """Dagtekening may be the day of receipt, not the day after."""
    for make in HEEN:
        today, tomorrow = make(dagtekening=VANDAAG), make(dagtekening=next_day(VANDAAG))

        assert_holds("TR135", today.header, make_kijk(today))
        assert_fails("TR135", tomorrow.header, make_kijk(tomorrow))


def test_tr378_refuses_code_that_is_no_gemeente() -> None:
    """9999 never was a gemeente; 0664 (Goes) is one. In a 301 and 319 it is the Afzender, elsewhere the Ontvanger."""
    for make in HEEN:
        goes, nowhere = make(), make(afzender="9999") if make in (make_301, make_319) else make(ontvanger="9999")

        assert_holds("TR378", goes.header, make_kijk(goes))
        bevinding = assert_fails("TR378", nowhere.header, make_kijk(nowhere))
        assert bevinding.waarde == "9999"


def test_tr378_accepts_code_of_the_ingangsdatum() -> None:
    """Brielle (0501) ended on 31-12-2022: fine for care that began in 2022, not for care that began in 2024."""

    def sent(ingangsdatum: date) -> Bericht:
        start = make_start(toewijzing_ingangsdatum=ingangsdatum, toewijzing_nummer=None)
        return make_305(client=make_client(start_producten=(start,)), ontvanger="0501")

    before, after = sent(date(2022, 6, 1)), sent(date(2024, 6, 1))

    assert_holds("TR378", before.header, make_kijk(before, gemeente="0501"))
    assert_fails("TR378", after.header, make_kijk(after, gemeente="0501"))


def test_tr378_accepts_code_of_the_toewijzing_claimed_on() -> None:
    """A declaratie has no Ingangsdatum of its own; that of its toewijzingen counts."""
    bericht = make_323(ontvanger="0501")
    old = make_toewijzing(gemeente="0501", ingangsdatum=date(2022, 6, 1))

    assert_holds("TR378", bericht.header, make_kijk(bericht, gemeente="0501", snapshot=make_snapshot(old)))
    assert_fails("TR378", bericht.header, make_kijk(bericht, gemeente="0501", snapshot=make_snapshot(make_toewijzing(gemeente=GEMEENTE))))


def test_tr378_accepts_code_of_what_is_asked_for() -> None:
    """A 315 names the ToewijzingIngangsdatum itself, a 317 the toewijzingen it keeps or changes."""
    then = make_315(make_aangevraagd_product(toewijzing_ingangsdatum=date(2022, 6, 1)), ontvanger="0501")
    now = make_315(make_aangevraagd_product(toewijzing_ingangsdatum=date(2023, 1, 1)), ontvanger="0501")
    keeps = make_317(
        make_verzoek(ongewijzigde_producten=(OngewijzigdProduct(toewijzing_nummer=NUMMER),), te_wijzigen_producten=()), ontvanger="0501"
    )
    changes = make_317(ontvanger="0501")
    old = make_snapshot(make_toewijzing(gemeente="0501", ingangsdatum=date(2022, 6, 1)))

    assert_holds("TR378", then.header, make_kijk(then, gemeente="0501"))
    assert_fails("TR378", now.header, make_kijk(now, gemeente="0501"))
    for bericht in (keeps, changes):
        assert_holds("TR378", bericht.header, make_kijk(bericht, gemeente="0501", snapshot=old))
        assert_fails("TR378", bericht.header, make_kijk(bericht, gemeente="0501"))


def test_header_of_the_builder_is_as_given() -> None:
    """The builder puts Identificatie and Dagtekening where they belong."""
    header = make_header("323", identificatie="X", dagtekening=date(2026, 1, 1))

    assert header.bericht_identificatie == BerichtIdentificatie(identificatie="X", dagtekening=date(2026, 1, 1))
