"""The rules about starts and stops."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.levering import TIJDELIJK, VERWIJDEREN, StartProduct
from app.domain.snapshot import Kijk, Levering
from app.domain.toewijzing import Product
from app.standard.rules.binnen import find_repetitions
from tests.builders import VANDAAG, make_305, make_307, make_kijk, make_levering, make_start, make_stop, next_day
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds, has_rule

ANDER_PRODUCT = Product(categorie="45", code="45A05")


def start_kijk(*leveringen: Levering, starts: tuple[StartProduct, ...] = (), **changes: object) -> Kijk:
    """The Kijk on a 305 with these earlier leveringen."""
    bericht = make_305(*starts)
    return make_kijk(bericht, **{"leveringen": leveringen, "binnen": find_repetitions(bericht), **changes})


def stop_kijk(*leveringen: Levering, **changes: object) -> Kijk:
    """The Kijk on a 307 with these earlier leveringen."""
    return make_kijk(make_307(), **{"leveringen": leveringen, **changes})


def stopped(**changes: object) -> Levering:
    """An accepted stop of the default start."""
    return make_levering(**{"volgnr": 2, "reden_beeindiging": TIJDELIJK, "einddatum": date(2026, 3, 31), **changes})


@pytest.mark.parametrize("status", ["2", "9"])
def test_cs058_refuses_status_2_and_9(status: str) -> None:
    """Only 1 and 3 are allowed, in both berichten."""
    for good in ("1", VERWIJDEREN):
        assert_holds("CS058", make_start(status_aanlevering=good), start_kijk())
    assert_fails("CS058", make_start(status_aanlevering=status), start_kijk())
    assert_fails("CS058", make_stop(status_aanlevering=status), stop_kijk())


def test_tr101_refuses_a_start_twice() -> None:
    """Deletion and replacement with the same key do not fit in one bericht (IV008)."""
    start, deletion = make_start(), make_start(status_aanlevering=VERWIJDEREN)

    assert_holds("TR101", start, start_kijk(starts=(start, make_start(begindatum=date(2026, 2, 1)))))
    assert_fails("TR101", start, start_kijk(starts=(start, deletion)))


def test_tr101_refuses_a_stop_twice() -> None:
    """Einddatum and reason are part of the key of a stop."""
    stop, other = make_stop(), make_stop(einddatum=date(2026, 5, 1))

    different, same = make_307(stop, other), make_307(stop, make_stop(status_aanlevering=VERWIJDEREN))

    assert_holds("TR101", stop, make_kijk(different, binnen=find_repetitions(different)))
    assert_fails("TR101", stop, make_kijk(same, binnen=find_repetitions(same)))


def test_tr134_refuses_reporting_ahead() -> None:
    """A start or stop on the day of Dagtekening is allowed, the day after is not."""
    assert_holds("TR134", make_start(begindatum=VANDAAG), start_kijk())
    assert_fails("TR134", make_start(begindatum=next_day(VANDAAG)), start_kijk())
    assert_holds("TR134", make_stop(einddatum=VANDAAG), stop_kijk())
    assert_fails("TR134", make_stop(einddatum=next_day(VANDAAG)), stop_kijk())


def test_tr018_refuses_a_stop_before_its_start() -> None:
    """Stopped on the first day is allowed."""
    assert_holds("TR018", make_stop(einddatum=date(2026, 1, 10)), stop_kijk())
    assert_fails("TR018", make_stop(einddatum=date(2026, 1, 9)), stop_kijk())


def test_tr019_asks_a_toewijzing() -> None:
    """For starts and stops, with or without a number in them."""
    assert_holds("TR019", make_start(), start_kijk())
    assert_fails("TR019", make_start(), start_kijk(toewijzing=None))
    assert_fails("TR019", make_stop(toewijzing_nummer=None), stop_kijk(toewijzing=None))


def test_tr063_refuses_deleting_what_is_not_there() -> None:
    """The whole logical key counts; a stop is no start."""
    start, stop = make_start(status_aanlevering=VERWIJDEREN), make_stop(status_aanlevering=VERWIJDEREN, einddatum=date(2026, 3, 31))
    definitief = stopped(reden_beeindiging="31")

    assert_holds("TR063", start, start_kijk(make_levering()))
    assert_fails("TR063", start, start_kijk(make_levering(begindatum=date(2026, 1, 11))))
    assert_fails("TR063", start, start_kijk(definitief))
    assert_holds("TR063", stop, stop_kijk(make_levering(), definitief))
    assert_fails("TR063", stop, stop_kijk(make_levering(), stopped()))


def test_tr071_refuses_deleting_a_start_that_has_a_stop() -> None:
    """A stop of another start is no obstacle."""
    start = make_start(status_aanlevering=VERWIJDEREN)

    assert_holds("TR071", start, start_kijk(make_levering(), stopped(begindatum=date(2025, 1, 1))))
    assert_fails("TR071", start, start_kijk(make_levering(), stopped()))


def test_tr074_refuses_the_same_key_again() -> None:
    """Another Begindatum, Einddatum or reason makes another key."""
    assert_holds("TR074", make_start(), start_kijk(make_levering(begindatum=date(2025, 1, 1)), stopped()))
    assert_fails("TR074", make_start(), start_kijk(make_levering()))
    same = stopped(reden_beeindiging="31", einddatum=date(2026, 4, 30))
    assert_holds("TR074", make_stop(), stop_kijk(make_levering(), stopped(einddatum=date(2026, 4, 30))))
    assert_fails("TR074", make_stop(), stop_kijk(make_levering(), same))


def test_tr326_refuses_a_start_while_one_is_open() -> None:
    """A stop, also a temporary one, closes it; a start of another product does not count."""
    again = make_start(begindatum=date(2026, 5, 1))

    assert_fails("TR326", again, start_kijk(make_levering()))
    assert_holds("TR326", again, start_kijk(make_levering(), stopped()))
    assert_holds("TR326", again, start_kijk(make_levering(code="45A05")))
    assert_holds("TR326", again, start_kijk())


def test_tr382_refuses_a_stop_without_its_start() -> None:
    """Number, product and Begindatum are those of the start."""
    assert_holds("TR382", make_stop(), stop_kijk(make_levering()))
    assert_fails("TR382", make_stop(begindatum=date(2026, 1, 11)), stop_kijk(make_levering()))
    assert_fails("TR382", make_stop(product=ANDER_PRODUCT), stop_kijk(make_levering()))


def test_tr413_refuses_a_second_temporary_stop() -> None:
    """After a temporary stop only a definitive one may follow."""
    temporary = make_stop(reden_beeindiging=TIJDELIJK)

    assert_holds("TR413", temporary, stop_kijk(make_levering()))
    assert_holds("TR413", make_stop(), stop_kijk(make_levering(), stopped()))
    assert_fails("TR413", temporary, stop_kijk(make_levering(), stopped()))
    assert_holds("TR413", temporary, stop_kijk(make_levering(), stopped(begindatum=date(2025, 1, 1))))


def test_tr414_refuses_einddatum_before_the_previous() -> None:
    """The same day is allowed."""
    assert_holds("TR414", make_stop(einddatum=date(2026, 3, 31)), stop_kijk(make_levering(), stopped()))
    assert_fails("TR414", make_stop(einddatum=date(2026, 3, 30)), stop_kijk(make_levering(), stopped()))


def test_tr415_refuses_a_stop_after_a_definitive_one() -> None:
    """A temporary stop may be followed by a definitive one, a definitive one by nothing."""
    assert_holds("TR415", make_stop(), stop_kijk(make_levering(), stopped()))
    assert_fails("TR415", make_stop(), stop_kijk(make_levering(), stopped(reden_beeindiging="31")))


def test_deletion_is_judged_by_its_key_alone() -> None:
    """TR063: no further content checks on StatusAanlevering 3."""
    start, stop = make_start(status_aanlevering=VERWIJDEREN), make_stop(status_aanlevering=VERWIJDEREN)

    assert not any(has_rule(code, start, start_kijk()) for code in ("TR019", "TR074", "TR134", "TR326"))
    assert not any(has_rule(code, stop, stop_kijk()) for code in ("TR018", "TR019", "TR074", "TR134", "TR382", "TR413", "TR414", "TR415"))
