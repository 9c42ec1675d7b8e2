"""Depletion of budgets: running totals, percentages and forecasts, rounded once and half away from zero."""

from __future__ import annotations

import pytest

from app.solidarity.uitputting import honderdsten_procent, plafond_gebruik, plafonds_gebruik, uitputting


def test_forecast_is_the_pace_so_far() -> None:
    """Two months of 1.00 and 2.01 in a year of 12.00: 3.01 x 12 / 2 = 18.06."""
    january, february = uitputting({("A", 2026): 1200}, {("A", 2026, 2): 201, ("A", 2026, 1): 100})

    assert (january.cumulatief_cent, january.prognose_cent, january.saldo_cent) == (100, 1200, 0)
    assert (february.cumulatief_cent, february.prognose_cent, february.saldo_cent) == (301, 1806, -606)
    assert (february.uitputting_honderdsten, february.norm_honderdsten) == (2508, 1667)


def test_year_begins_at_zero() -> None:
    """December of one year does not count in January of the next."""
    december, january = uitputting({("A", 2025): 100, ("A", 2026): 100}, {("A", 2025, 12): 70, ("A", 2026, 1): 5})

    assert (december.cumulatief_cent, january.cumulatief_cent) == (70, 5)


def test_credits_round_away_from_zero_too() -> None:
    """Minus half a cent becomes minus one: a credit mirrors its debit."""
    (row,) = uitputting({("A", 2026): 8}, {("A", 2026, 8): -5})

    assert (row.prognose_cent, row.uitputting_honderdsten) == (-8, -6250)
    assert honderdsten_procent(-1, 20_000) == -1
    assert honderdsten_procent(1, 20_000) == 1


def test_cost_without_budget_is_an_error() -> None:
    """There is nothing to measure it against; a percentage would be invented."""
    with pytest.raises(KeyError):
        uitputting({}, {("A", 2026, 1): 1})


def test_budget_of_zero_has_no_percentage() -> None:
    (row,) = uitputting({("A", 2026): 0}, {("A", 2026, 1): 1})

    assert (row.uitputting_honderdsten, row.saldo_cent) == (None, -12)


def test_without_plafond_nothing_is_used_of_it() -> None:
    """And exactly on it is not above it; a plafond of zero has no percentage."""
    rows = plafonds_gebruik([("P2", 2026, None, 5), ("P1", 2026, 100, 100), ("P1", 2025, 100, 101), ("P0", 2026, 0, 7)])

    assert [(row.aanbieder, row.gebruikt_honderdsten, row.boven_plafond_cent) for row in rows] == [
        ("P0", None, 7),
        ("P1", 10100, 1),
        ("P1", 10000, 0),
        ("P2", None, None),
    ]
    assert plafond_gebruik(aanbieder="P", jaar=2026, plafond_cent=10, gerealiseerd_cent=-5).boven_plafond_cent == 0
