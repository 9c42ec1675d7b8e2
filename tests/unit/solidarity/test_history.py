"""Mergers and splits: who counts for what, seen from when."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.solidarity.agreement import KeyTerm, Membership
from app.solidarity.calculator import settle
from app.solidarity.costs import Costs
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import History, Merger
from app.solidarity.keys import key_shares
from app.solidarity.measures import Measures, MeasureValue
from tests.unit.solidarity.builders import a_pool, an_agreement, facts, line, members, settlements

D2019, D2021 = date(2019, 1, 1), date(2021, 1, 1)
SPLIT = History(
    mergers=(
        Merger(date=D2021, predecessor="Oud", successor="A", fraction=Fraction(1, 4)),
        Merger(date=D2021, predecessor="Oud", successor="B", fraction=Fraction(3, 4)),
    )
)
CHAIN = History(mergers=(Merger(date=D2021, predecessor="Y", successor="Z"), Merger(date=D2019, predecessor="X", successor="Y")))


def _values(measure: str, **years: dict[int, int]) -> Measures:
    return Measures(
        MeasureValue(measure=measure, municipality=name, year=year, value=Fraction(value))
        for name, per_year in years.items()
        for year, value in per_year.items()
    )


def test_history_moves_to_successors_by_fraction() -> None:
    """A line of before the split counts for a quarter and three quarters, but only from the split on."""
    before, after = date(2020, 12, 31), D2021

    assert SPLIT.bearers("Oud", before, as_of=after) == {"A": Fraction(1, 4), "B": Fraction(3, 4)}
    assert SPLIT.bearers("Oud", before, as_of=before) == {"Oud": 1}


def test_line_dated_after_a_split_is_refused() -> None:
    """Nobody can say whether it belongs to A or B."""
    with pytest.raises(RegelingOngeldig, match="gesplitst"):
        SPLIT.bearers("Oud", D2021, as_of=D2021)


def test_late_line_on_a_merged_predecessor_belongs_to_the_successor() -> None:
    """Coded on X three years after X became Y, which became Z."""
    assert CHAIN.bearers("X", date(2022, 3, 1), as_of=date(2022, 1, 1)) == {"Z": 1}
    assert CHAIN.bearers("X", date(2018, 3, 1), as_of=date(2020, 1, 1)) == {"Y": 1}


def test_legal_entity_follows_whole_mergers_only() -> None:
    """Z answers for X; what Oud still owes stays under its name, since no one successor owes it."""
    assert (CHAIN.legal_entity("X"), SPLIT.legal_entity("Oud")) == ("Z", "Oud")


def test_part_that_stays_itself_has_not_ended() -> None:
    """A border change: Oud keeps 90% and its own later lines."""
    border = History(
        mergers=(
            Merger(date=D2021, predecessor="Oud", successor="Oud", fraction=Fraction(9, 10)),
            Merger(date=D2021, predecessor="Oud", successor="A", fraction=Fraction(1, 10)),
        )
    )

    assert not border.ended("Oud", D2021)
    assert border.bearers("Oud", date(2022, 1, 1), as_of=date(2022, 1, 1)) == {"Oud": 1}
    assert border.bearers("Oud", date(2020, 1, 1), as_of=date(2022, 1, 1))["A"] == Fraction(1, 10)


def test_founded_successor_gets_the_measures_of_its_predecessors() -> None:
    """Nieuw, of A and B in 2021, has no inwoners of 2020 of its own."""
    history = History(mergers=tuple(Merger(date=D2021, predecessor=name, successor="Nieuw") for name in ("A", "B")))
    pool = a_pool(
        key_terms=(KeyTerm(measure="inwoners", lag_from=1, lag_to=1),),
        members=(Membership(municipality="Nieuw", since=D2021), *members("C")),
    )

    shares = key_shares(pool, "key", facts([], _values("inwoners", A={2020: 1}, B={2020: 2}, C={2020: 3}), history))

    assert shares == {"C": Fraction(1, 2), "Nieuw": Fraction(1, 2)}


def test_cost_history_of_predecessors_counts_once() -> None:
    """A key on last year's cost: 100 of A and 50 of its own are the history of Nieuw, 150 that of C."""
    history = History(mergers=(Merger(date=D2021, predecessor="A", successor="Nieuw"),))
    pool = a_pool(
        key_terms=(KeyTerm(measure="cost", lag_from=1, lag_to=1),),
        members=(Membership(municipality="Nieuw", since=D2021), *members("C")),
    )
    lines = [line("A", 60, 2020), line("A", 40, date(2020, 12, 31)), line("Nieuw", 50, 2020), line("C", 150, 2020)]

    assert key_shares(pool, "key", facts(lines, history=history)) == {"C": Fraction(1, 2), "Nieuw": Fraction(1, 2)}


def test_absorbing_municipality_adds_its_predecessor_to_its_own() -> None:
    """C was a member before; its own 2020 counts and is not optional."""
    history = History(mergers=(Merger(date=D2021, predecessor="A", successor="C"),))
    pool = a_pool(key_terms=(KeyTerm(measure="inwoners", lag_from=1, lag_to=1),), members=members("B", "C"))

    shares = key_shares(pool, "key", facts([], _values("inwoners", A={2020: 1}, B={2020: 2}, C={2020: 3}), history))

    assert shares["C"] == Fraction(2, 3)
    with pytest.raises(RegelingOngeldig, match="inwoners van C, jaar 2020 ontbreekt"):
        key_shares(pool, "key", facts([], _values("inwoners", A={2020: 1}, B={2020: 2}), history))


def test_merger_inside_a_year_uses_the_predecessors_of_that_year() -> None:
    """Nieuw starts on 1 July 2021: the inwoners of 2021 are those of A and B, whatever is recorded for Nieuw."""
    day = date(2021, 7, 1)
    history = History(mergers=tuple(Merger(date=day, predecessor=name, successor="Nieuw") for name in ("A", "B")))
    joined = (*(Membership(municipality=n, until=day) for n in ("A", "B")), Membership(municipality="Nieuw", since=day), *members("C"))
    known = _values("inwoners", A={2021: 1}, B={2021: 2}, C={2021: 3}, Nieuw={2021: 99})
    lines = [line("A", 600, date(2021, 3, 1)), line("C", 600, date(2021, 9, 1)), line("A", 12, date(2021, 9, 1))]

    rows = settle(an_agreement(members=joined), Costs(lines), known, history)

    assert [(row.municipality, row.own_cost_cent, row.contribution_cent) for row in rows] == [
        ("A", 600, 100), ("B", 0, 200), ("C", 0, 300), ("C", 600, 306), ("Nieuw", 12, 306),
    ]  # fmt: skip


def test_backfilled_measure_of_a_founded_municipality_is_refused() -> None:
    """Statistics publish Nieuw back in time; adding its predecessors would count everyone twice."""
    history = History(mergers=(Merger(date=D2021, predecessor="A", successor="Nieuw"),))
    pool = a_pool(key_terms=(KeyTerm(measure="inwoners", lag_from=1, lag_to=1),), members=(Membership(municipality="Nieuw", since=D2021),))

    with pytest.raises(RegelingOngeldig, match="ontstaat per 2021-01-01"):
        key_shares(pool, "key", facts([], _values("inwoners", A={2020: 1}, Nieuw={2020: 1}), history))


def test_own_cost_of_a_late_line_moves_with_the_merger() -> None:
    """A line of 2021 still coded on Oud is own cost of Nieuw."""
    history = History(mergers=(Merger(date=D2021, predecessor="Oud", successor="A"),))
    known = _values("inwoners", A={2021: 1}, B={2021: 1})

    rows = settle(an_agreement(), Costs([line("Oud", 100)]), known, history)

    assert settlements(rows) == {"A": -50, "B": 50}
