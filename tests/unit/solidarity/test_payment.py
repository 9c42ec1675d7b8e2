"""Advances, final settlement, steps, reserve and roll-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import KeyTerm
from app.solidarity.calculator import ShareRow
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import History, Merger
from app.solidarity.payment import (
    AdvancePaid,
    final_settlement,
    installments,
    monthly_advance,
    reserve_course,
    roll_up,
    spread_settlement,
)
from tests.unit.solidarity.builders import an_agreement

THIRD = Fraction(1, 3)
ROW = ShareRow(
    arrangement="R",
    period_from=date(2021, 1, 1),
    period_to=date(2022, 1, 1),
    pool="*",
    municipality="A",
    own_cost_cent=100,
    contribution_cent=90,
    settlement_cent=-10,
    contribution_exact_cents=Fraction(90),
)
PAID = AdvancePaid(arrangement="R", year=2021, municipality="A", channel="ZIN", paid_on=date(2021, 1, 15), bedrag_cent=60)


@pytest.mark.parametrize("year_cent", [0, 1, 11, 12, 25_001, 2_251_337_500, -7])
def test_twelve_advances_are_exactly_the_year(year_cent: int) -> None:
    """And no two of them differ by more than a cent."""
    months = [monthly_advance(year_cent, month) for month in range(1, 13)]

    assert sum(months) == year_cent
    assert max(months) - min(months) <= 1


@pytest.mark.parametrize("month", [0, 13])
def test_thirteenth_month_is_a_bug(month: int) -> None:
    """Months count from 1 to 12."""
    with pytest.raises(ValueError, match="not 1 to 12"):
        monthly_advance(100, month)


def test_final_settlement_adds_pools_and_advances() -> None:
    """Two pools of 90, two payments of 60, and somebody who only paid."""
    rows = [replace(ROW, pool="X"), replace(ROW, pool="Y")]

    found = final_settlement(rows, [PAID, PAID, replace(PAID, municipality="B")])

    assert [(row.municipality, row.balance_due_cent) for row in found] == [("A", 60), ("B", -60)]


def test_advance_for_another_year_is_refused() -> None:
    """It would vanish from the balance."""
    with pytest.raises(RegelingOngeldig, match="voor 2020 niet afgerekend"):
        final_settlement([ROW], [replace(PAID, year=2020)])


def test_steps_are_exact_both_ways() -> None:
    """Ten cents from A and B to C in three steps: each step adds up to zero, each municipality to its settlement."""
    whole = {"A": 5, "B": 5, "C": -10}

    steps = spread_settlement(whole, [THIRD, THIRD, THIRD])

    assert [sum(step.values()) for step in steps] == [0, 0, 0]
    assert {name: sum(step[name] for step in steps) for name in whole} == whole


def test_spread_with_reserve_is_refused() -> None:
    """Settlements with a reserve are not together zero; section 2.11 does not say how to spread them."""
    agreement = an_agreement(inleg="premium", reserve=True, spread=(Fraction(1),))

    with pytest.raises(NietOndersteund, match="spreiding"):
        installments([ROW], agreement)


def test_reserve_goes_on_from_year_to_year() -> None:
    """The closing of one segment is the opening of the next, whatever the order of the rows."""
    agreement = an_agreement(inleg="history", reserve=True, key_terms=(KeyTerm(measure="cost"),))
    later = replace(ROW, period_from=date(2022, 1, 1), period_to=date(2023, 1, 1), contribution_cent=150)

    course = reserve_course([later, ROW], agreement, History(reserve_cent={"R": 5}))

    assert [(row.opening_cent, row.closing_cent) for row in course] == [(5, -5), (-5, 45)]


def test_reserve_without_opening_is_refused() -> None:
    """A missing balance is never zero."""
    with pytest.raises(RegelingOngeldig, match="beginstand ontbreekt"):
        reserve_course([ROW], an_agreement(inleg="premium", reserve=True), History())


def test_successor_bears_the_results_of_its_predecessors() -> None:
    """A and B became C after 2021: C owes both."""
    mergers = tuple(Merger(date=date(2022, 1, 1), predecessor=name, successor="C") for name in ("A", "B"))

    (entity,) = roll_up([ROW, replace(ROW, municipality="B")], History(mergers=mergers))

    assert (entity.legal_entity, entity.own_cost_cent, entity.settlement_cent) == ("C", 200, -20)
