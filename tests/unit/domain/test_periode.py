"""Periods with their last day included, months, and the half-open form of the solidarity files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periode import geldt_op, half_open, is_hele_maand, laatste_dag, maand_van, maanden, overlappen, volgende_maand

DAGEN = st.dates(min_value=date(2019, 1, 1), max_value=date(2029, 12, 31))
EINDEN = st.none() | DAGEN


@pytest.mark.parametrize(
    ("dag", "laatste"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2026, 12, 5), date(2026, 12, 31)),
        (date(2026, 4, 30), date(2026, 4, 30)),
    ],
)
def test_the_last_day_of_a_month(dag: date, laatste: date) -> None:
    """Leap years included; the month after begins the next day."""
    assert laatste_dag(dag) == laatste
    assert volgende_maand(dag) == laatste + timedelta(days=1)
    assert maand_van(dag) == laatste.replace(day=1)


def test_a_whole_month_is_from_the_first_to_the_last() -> None:
    """Not a day less, not two months."""
    assert is_hele_maand(date(2026, 2, 1), date(2026, 2, 28))
    assert not is_hele_maand(date(2026, 2, 1), date(2026, 2, 27))
    assert not is_hele_maand(date(2026, 2, 2), date(2026, 2, 28))
    assert not is_hele_maand(date(2026, 1, 1), date(2026, 2, 28))


def test_the_first_and_the_last_day_belong_to_it() -> None:
    """The days beside them do not."""
    van, tot = date(2026, 1, 10), date(2026, 1, 20)

    assert [geldt_op(date(2026, 1, dag), van, tot) for dag in (9, 10, 20, 21)] == [False, True, True, False]
    assert geldt_op(date(2099, 1, 1), van, None)


def test_periods_that_touch_on_one_day_overlap() -> None:
    """Those that follow each other do not; an open one overlaps everything after its first day."""
    een, twee = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 1, 31), date(2026, 2, 28))

    assert overlappen(*een, *twee)
    assert not overlappen(*een, date(2026, 2, 1), date(2026, 2, 28))
    assert overlappen(date(2020, 1, 1), None, *een)
    assert not overlappen(date(2026, 2, 1), None, *een)


@given(DAGEN, EINDEN, DAGEN, EINDEN)
def test_overlapping_is_sharing_a_day(van_1: date, tot_1: date | None, van_2: date, tot_2: date | None) -> None:
    """Of periods that end after they begin: the later of the first days is in both. And it does not matter which is named first."""
    tot_1, tot_2 = tot_1 and max(van_1, tot_1), tot_2 and max(van_2, tot_2)
    later = max(van_1, van_2)

    assert overlappen(van_1, tot_1, van_2, tot_2) == (geldt_op(later, van_1, tot_1) and geldt_op(later, van_2, tot_2))
    assert overlappen(van_1, tot_1, van_2, tot_2) == overlappen(van_2, tot_2, van_1, tot_1)


def test_the_months_that_a_period_touches() -> None:
    """In order, over a new year; none when it ends before it begins."""
    assert list(maanden(date(2025, 11, 30), date(2026, 1, 1))) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]
    assert list(maanden(date(2026, 1, 31), date(2026, 1, 31))) == [date(2026, 1, 1)]
    assert list(maanden(date(2026, 3, 1), date(2026, 1, 31))) == []


@given(DAGEN, EINDEN, DAGEN)
def test_half_open_has_the_same_days(van: date, tot: date | None, dag: date) -> None:
    """[van, tot + 1)."""
    begin, end = half_open(van, tot)

    assert geldt_op(dag, van, tot) == (begin <= dag and (end is None or dag < end))
