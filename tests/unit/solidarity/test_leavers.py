"""Who leaves an arrangement with a reserve closes its personal balance, booked against the reserve (2.10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import Agreement, KeyTerm, Membership
from app.solidarity.calculator import settle
from app.solidarity.costs import CostLine, Costs
from app.solidarity.csvform import SettlementInput
from app.solidarity.csvresult import settle_inputs
from app.solidarity.history import History, Merger
from app.solidarity.leavers import Leaver, leavers
from app.solidarity.measures import Measures
from app.solidarity.payment import reserve_course
from tests.unit.solidarity.builders import an_arrangement, line, members

DEFERRED = an_arrangement(
    since=date(2021, 1, 1),
    until=date(2024, 1, 1),
    inleg="history",
    reserve=True,
    key_terms=(KeyTerm(measure="cost"), KeyTerm(role="premium", measure="cost", lag_from=1, lag_to=1)),
)
"""Everybody pays last year's own cost; the reserve carries the difference."""
LEAVES_2023 = Membership(municipality="B", until=date(2023, 1, 1))
LINES = [
    line("A", 500, 2021), line("A", 400, 2022), line("A", 300, 2023),
    line("B", 90, 2020), line("B", 1_000, 2021), line("B", 700, 2022), line("B", 5, 2023),
]  # fmt: skip


def closed(agreement: Agreement, history: History, lines: list[CostLine] = LINES) -> list[Leaver]:
    """The balances that are closed."""
    return leavers(settle(agreement, Costs(lines), Measures(), history), agreement, history)


def agreement_with(*memberships: Membership) -> Agreement:
    """The deferred arrangement with these members."""
    return Agreement(name="test", arrangements=(replace(DEFERRED, members=memberships),))


def test_a_leaver_pays_what_it_spent_and_has_not_paid_yet() -> None:
    """B spent 1 000 and 700 as a member and paid 90 and 1 000: 610 is left. Who stays closes nothing."""
    found = closed(agreement_with(*members("A"), LEAVES_2023), History())

    assert found == [Leaver(arrangement="R", left_on=date(2023, 1, 1), municipality="B", balance_cent=610)]


def test_the_balance_goes_into_the_reserve() -> None:
    """After it, the reserve is what the others paid more or less than they spent."""
    agreement, history = agreement_with(*members("A"), LEAVES_2023), History(reserve_cent={"R": 0})
    rows = settle(agreement, Costs(LINES), Measures(), history)

    course = reserve_course(rows, agreement, history)

    assert [row.leavers_cent for row in course] == [0, 610, 0]
    assert course[-1].closing_cent == sum(row.settlement_cent for row in rows if row.municipality == "A") == 500 + 400 - 1_200


def test_nobody_leaves_when_the_arrangement_ends() -> None:
    """Members to the last day have no balance to close; a membership that goes on under a new row has none either."""
    again = (Membership(municipality="B", until=date(2022, 7, 1)), Membership(municipality="B", since=date(2022, 7, 1)))

    assert closed(agreement_with(*members("A", "B")), History()) == []
    assert closed(agreement_with(*members("A"), *again), History()) == []


def test_who_comes_back_starts_anew() -> None:
    """Two spells, two balances; the second counts from the day it joined again."""
    spells = (
        Membership(municipality="B", until=date(2022, 1, 1)),
        Membership(municipality="B", since=date(2022, 7, 1), until=date(2023, 1, 1)),
    )

    found = closed(agreement_with(*members("A"), *spells), History())

    half = Fraction(184, 365) * 1_000
    assert [(leaver.left_on.year, leaver.balance_cent) for leaver in found] == [(2022, 1_000 - 90), (2023, 700 - round(half))]


def test_a_merged_municipality_hands_its_balance_to_its_successor() -> None:
    """C takes over what B had not paid on 1 January 2022 and closes all of it when it leaves a year later."""
    merger = Merger(date=date(2022, 1, 1), predecessor="B", successor="C")
    memberships = (
        *members("A"),
        Membership(municipality="B", until=date(2022, 1, 1)),
        Membership(municipality="C", since=date(2022, 1, 1), until=date(2023, 1, 1)),
    )
    lines = [replace(found, municipality="C") if found.municipality == "B" and found.service_date.year > 2021 else found for found in LINES]

    found = closed(agreement_with(*memberships), History(mergers=(merger,)), lines)

    assert [(leaver.municipality, leaver.balance_cent) for leaver in found] == [("C", (1_000 - 90) + (700 - 1_000))]


def test_a_part_that_goes_outside_the_group_is_closed_by_who_takes_it() -> None:
    """Of B's 910 a tenth goes to D, which is no member: D owes 91."""
    mergers = tuple(
        Merger(date=date(2022, 1, 1), predecessor="B", successor=name, fraction=part)
        for name, part in (("C", Fraction(9, 10)), ("D", Fraction(1, 10)))
    )
    memberships = (
        *members("A"),
        Membership(municipality="B", until=date(2022, 1, 1)),
        Membership(municipality="C", since=date(2022, 1, 1)),
    )
    lines = [found for found in LINES if found.municipality == "A" or found.service_date.year < 2022]

    found = closed(agreement_with(*memberships), History(mergers=mergers), lines)

    assert [(leaver.municipality, leaver.balance_cent) for leaver in found] == [("D", 91)]


def test_files_have_the_balances_and_the_reserve_names_them() -> None:
    """`leavers.csv`, and a column in `reserve.csv` that is only there when somebody left."""

    def files(agreement: Agreement) -> dict[str, str]:
        return settle_inputs(SettlementInput(agreement=agreement, lines=tuple(LINES), measures=(), history=History(reserve_cent={"R": 0})))

    left, stayed = files(agreement_with(*members("A"), LEAVES_2023)), files(agreement_with(*members("A", "B")))

    assert left["leavers.csv"] == "arrangement,left_on,municipality,balance\nR,2023-01-01,B,6.10\n"
    assert left["reserve.csv"].splitlines()[0].endswith("cost,leavers,closing")
    assert "leavers.csv" not in stayed
    assert stayed["reserve.csv"].splitlines()[0].endswith("cost,closing")
