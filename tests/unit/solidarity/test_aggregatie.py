"""From a raw ledger to cost per year: which lines are cost, and in which year."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.solidarity.aggregatie import GEEN_KOSTEN_SOORTEN, Basis, Grootboekregel, kosten_per_jaar, splits_per_jaar, splits_per_maand


def regel(soort: str = "invoice", bedrag_cent: int = 100, **rest: date) -> Grootboekregel:
    """A line over the turn of the year, booked in the second."""
    periode = {"boekdatum": date(2026, 2, 1), "dienst_van": date(2025, 12, 31), "dienst_tot": date(2026, 1, 3), **rest}
    return Grootboekregel(gemeente="A", zorgvorm="GGZ", soort=soort, bedrag_cent=bedrag_cent, **periode)


def test_service_splits_by_days_and_booking_does_not() -> None:
    """One day of three in the first year: 33 of 100 cents."""
    assert kosten_per_jaar([regel()], Basis.SERVICE) == {("A", "GGZ", 2025): 33, ("A", "GGZ", 2026): 67}
    assert kosten_per_jaar([regel()], Basis.BOOKING) == {("A", "GGZ", 2026): 100}


@pytest.mark.parametrize("soort", GEEN_KOSTEN_SOORTEN)
def test_what_is_no_cost_makes_no_cell(soort: str) -> None:
    assert kosten_per_jaar([regel(soort)], Basis.SERVICE) == {}


def test_cell_that_cancels_out_stays() -> None:
    """A correction that moves everything away leaves a zero to be seen, not a hole."""
    lines = [regel(), regel("woonplaats_correction", -100)]

    assert kosten_per_jaar(lines, Basis.BOOKING) == {("A", "GGZ", 2026): 0}


def test_end_on_new_year_is_no_day_of_that_year() -> None:
    assert splits_per_jaar(100, date(2025, 1, 1), date(2026, 1, 1)) == {2025: 100}


def test_leap_day_counts() -> None:
    assert splits_per_maand(60, date(2024, 2, 1), date(2024, 3, 2)) == {date(2024, 2, 1): 58, date(2024, 3, 1): 2}


def test_period_without_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="no days"):
        splits_per_jaar(100, date(2026, 1, 1), date(2026, 1, 1))


@given(cent=st.integers(-(10**9), 10**9), van=st.dates(date(2015, 1, 1), date(2030, 1, 1)), dagen=st.integers(1, 1500))
def test_months_add_up_to_years_and_years_to_the_amount(cent: int, van: date, dagen: int) -> None:
    """To the cent, whatever the sign; and each year differs less than a cent from its exact part."""
    tot = van + timedelta(days=dagen)

    jaren, maanden = splits_per_jaar(cent, van, tot), splits_per_maand(cent, van, tot)

    summed: dict[int, int] = defaultdict(int)
    for maand, deel in maanden.items():
        summed[maand.year] += deel
    assert dict(summed) == jaren
    assert sum(jaren.values()) == cent
    for jaar, deel in jaren.items():
        days = (min(tot, date(jaar + 1, 1, 1)) - max(van, date(jaar, 1, 1))).days
        assert abs(deel * dagen - cent * days) < dagen
