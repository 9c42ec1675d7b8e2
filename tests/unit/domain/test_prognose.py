"""The forecast of a plafond: its warnings, the pace, the range and the day, at the edges of months and of what is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.prognose import (
    PlafondStand,
    Prognose,
    Sein,
    Uitputting,
    compleet_tot,
    dag_van_uitputting,
    lengte_in_maanden,
    voorspel,
)

EIND_APRIL = date(2026, 4, 30)


def maand(number: int) -> date:
    return date(2026, number, 1)


def make_stand(*bedragen: int, **changes: Any) -> PlafondStand:
    """A plafond of € 1.200 over 2026, with these amounts from January on."""
    fields = {
        "plafond_cent": 120_000,
        "van": date(2026, 1, 1),
        "tot": date(2026, 12, 31),
        "per_maand": {maand(number): cent for number, cent in enumerate(bedragen, start=1)},
    }
    return PlafondStand(**{**fields, **changes})


@pytest.mark.parametrize(
    ("toegekend", "sein"),
    [
        (0, Sein.GEEN),
        (95_999, Sein.GEEN),
        (96_000, Sein.LET_OP),
        (113_999, Sein.LET_OP),
        (114_000, Sein.BIJNA),
        (119_999, Sein.BIJNA),
        (120_000, Sein.BEREIKT),
        (500_000, Sein.BEREIKT),
        (-5, Sein.GEEN),
    ],
)
def test_a_warning_starts_exactly_at_its_percentage(toegekend: int, sein: Sein) -> None:
    assert make_stand(toegekend).sein is sein


def test_a_plafond_of_nothing_is_reached_by_the_first_cent_and_has_no_share() -> None:
    assert make_stand(0, plafond_cent=0).sein is Sein.GEEN
    assert make_stand(1, plafond_cent=0).sein is Sein.BEREIKT
    assert make_stand(1, plafond_cent=0).promille is None
    assert make_stand(119_999).promille == 999


@pytest.mark.parametrize(
    ("vandaag", "compleet"),
    [
        (date(2026, 6, 1), date(2026, 4, 30)),
        (date(2026, 6, 30), date(2026, 4, 30)),
        (date(2026, 1, 31), date(2025, 11, 30)),
        (date(2028, 4, 1), date(2028, 2, 29)),
    ],
)
def test_a_month_is_complete_when_the_next_one_is_over(vandaag: date, compleet: date) -> None:
    assert compleet_tot(vandaag) == compleet


def test_the_pace_goes_on_to_the_last_day() -> None:
    """Four months of 100 euro on average; eight months are open."""
    found = voorspel(make_stand(8_000, 12_000, 10_000, 10_000), EIND_APRIL)

    assert found == Prognose(
        laag_cent=40_000 + 8 * 8_000,
        midden_cent=120_000,
        hoog_cent=40_000 + 8 * 12_000,
        uitputting=Uitputting.VERWACHT,
        op=date(2026, 12, 31),
        maanden=4,
    )


def test_the_day_lies_within_its_month_by_the_days() -> None:
    """40.000 is granted at 10.000 a month; 35.000 more is three months and half of August: day 16 of 31."""
    found = voorspel(make_stand(10_000, 10_000, 10_000, 10_000, plafond_cent=75_000), EIND_APRIL)

    assert found.op == date(2026, 8, 16)


def test_a_slower_pace_does_not_use_it_up() -> None:
    found = voorspel(make_stand(10_000, 9_999, 10_000, 10_000), EIND_APRIL)

    assert (found.uitputting, found.op) == (Uitputting.NIET, None)


def test_what_is_reached_is_not_forecast_again() -> None:
    found = voorspel(make_stand(60_000, 60_000, 0, 0), EIND_APRIL)

    assert (found.uitputting, found.op) == (Uitputting.BEREIKT, None)
    assert found.midden_cent == 120_000 + 8 * 30_000


def test_open_months_do_not_slow_the_pace_and_never_go_below_what_is_granted() -> None:
    """May has claims of one early aanbieder: not a month to measure by, but money that is gone."""
    little, much = make_stand(10_000, 10_000, 10_000, 10_000, 1), make_stand(10_000, 10_000, 10_000, 10_000, 100_000)

    assert voorspel(little, EIND_APRIL).midden_cent == 120_000
    assert voorspel(much, EIND_APRIL) == Prognose(
        laag_cent=140_000, midden_cent=140_000, hoog_cent=140_000, uitputting=Uitputting.BEREIKT, maanden=4
    )


def test_what_waits_and_is_committed_lifts_the_top_only() -> None:
    found = voorspel(make_stand(1_000, 1_000, 1_000, 1_000, wacht_cent=20_000, verplicht_cent=30_000), EIND_APRIL)

    assert (found.laag_cent, found.midden_cent, found.hoog_cent) == (12_000, 12_000, 54_000)


@pytest.mark.parametrize(("compleet", "maanden"), [(date(2025, 11, 30), 0), (date(2026, 1, 31), 1)])
def test_with_fewer_than_two_complete_months_there_is_no_day_and_no_mean(compleet: date, maanden: int) -> None:
    found = voorspel(make_stand(50_000, wacht_cent=1, verplicht_cent=2), compleet)

    assert found == Prognose(laag_cent=50_000, midden_cent=None, hoog_cent=50_003, uitputting=Uitputting.ONBEKEND, maanden=maanden)
    assert voorspel(make_stand(120_000), compleet).uitputting is Uitputting.BEREIKT


def test_a_part_of_a_month_is_granted_but_is_no_pace() -> None:
    """A contract from 16 January: January is half a month, so February and March make the pace."""
    found = voorspel(make_stand(99_000, 3_000, 3_000, 3_000, van=date(2026, 1, 16), plafond_cent=999_999), EIND_APRIL)

    assert (found.maanden, found.midden_cent) == (3, 108_000 + 8 * 3_000)


def test_a_period_that_is_over_ends_at_what_is_granted() -> None:
    """Also one of three weeks, that has no complete month at all."""
    found = voorspel(make_stand(7_000, tot=date(2026, 1, 21)), EIND_APRIL)

    assert found == Prognose(laag_cent=7_000, midden_cent=7_000, hoog_cent=7_000, uitputting=Uitputting.NIET)


def test_months_of_credits_use_nothing_up() -> None:
    found = voorspel(make_stand(50_000, -10_000, -30_000, -20_000), EIND_APRIL)

    assert (found.uitputting, found.laag_cent) == (Uitputting.NIET, -10_000)
    assert found.midden_cent == -10_000


def test_length_counts_a_part_of_a_month_by_its_days() -> None:
    assert lengte_in_maanden(date(2026, 5, 1), date(2026, 12, 31)) == 8
    assert lengte_in_maanden(date(2026, 5, 16), date(2026, 6, 15)) == Fraction(16, 31) + Fraction(1, 2)
    assert lengte_in_maanden(date(2026, 5, 16), date(2026, 5, 15)) == 0


def test_the_day_is_the_first_one_when_nothing_is_left() -> None:
    assert dag_van_uitputting(0, Fraction(10), date(2026, 5, 3), date(2026, 5, 9)) == date(2026, 5, 3)
    assert dag_van_uitputting(1, Fraction(0), date(2026, 5, 3), date(2026, 5, 9)) is None


@given(
    bedragen=st.lists(st.integers(0, 10**9), min_size=4, max_size=6),
    plafond=st.integers(1, 10**11),
    wacht=st.integers(0, 10**9),
    verplicht=st.integers(0, 10**9),
)
def test_the_range_holds_the_mean_and_the_day_agrees_with_it(bedragen: list[int], plafond: int, wacht: int, verplicht: int) -> None:
    """The plafond is expected to be used up exactly when the mean ends at or above it (half a cent of rounding aside)."""
    stand = make_stand(*bedragen, plafond_cent=plafond, wacht_cent=wacht, verplicht_cent=verplicht)
    found = voorspel(stand, EIND_APRIL)

    assert found.midden_cent is not None
    assert stand.toegekend_cent <= found.laag_cent <= found.midden_cent <= found.hoog_cent
    assert found.hoog_cent >= stand.toegekend_cent + wacht + verplicht
    if found.uitputting is Uitputting.VERWACHT:
        assert found.op is not None
        assert found.op > EIND_APRIL
        assert found.midden_cent >= plafond
    if found.uitputting is Uitputting.NIET:
        assert found.midden_cent <= plafond
