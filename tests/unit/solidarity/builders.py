"""Small regions for tests: one category, one year, unless a test says otherwise. Amounts in cents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from app.solidarity.agreement import Agreement, Arrangement, KeyTerm, Membership
from app.solidarity.calculator import ShareRow
from app.solidarity.costs import CostLine, Costs
from app.solidarity.history import History
from app.solidarity.measures import Facts, Measures, MeasureValue
from app.solidarity.segments import Pool, pools

YEAR = 2021


def an_arrangement(**changes: Any) -> Arrangement:
    """A and B share category ZORG in 2021 by inwoners, everything in one pool."""
    plain = Arrangement(
        code="R",
        since=date(YEAR, 1, 1),
        until=date(YEAR + 1, 1, 1),
        categories=("ZORG",),
        members=members("A", "B"),
        key_terms=(KeyTerm(measure="inwoners"),),
    )
    return replace(plain, **changes)


def an_agreement(*arrangements: Arrangement, **changes: Any) -> Agreement:
    """An agreement of these arrangements, or of one plain one with changes."""
    return Agreement(name="test", arrangements=arrangements or (an_arrangement(**changes),))


def members(*names: str) -> tuple[Membership, ...]:
    """Members for the whole period."""
    return tuple(Membership(municipality=name) for name in names)


def line(municipality: str, cent: int, day: date | int = YEAR, client: str | None = None, category: str = "ZORG") -> CostLine:
    """One cost line; a year stands for 1 July of it."""
    dated = date(day, 7, 1) if isinstance(day, int) else day
    return CostLine(municipality=municipality, category=category, service_date=dated, bedrag_cent=cent, client=client)


def measures(values: Mapping[str, Mapping[str, int | str | Fraction]], years: Iterable[int] = (YEAR,)) -> Measures:
    """Values per measure and municipality, the same in every year."""
    return Measures(
        MeasureValue(measure=measure, municipality=name, year=year, value=Fraction(value))
        for measure, per_name in values.items()
        for name, value in per_name.items()
        for year in years
    )


def facts(lines: Iterable[CostLine] = (), measures: Measures | None = None, history: History | None = None) -> Facts:
    """Everything known, mostly nothing."""
    return Facts(costs=Costs(lines), measures=measures or Measures(), history=history or History())


def a_pool(**changes: Any) -> Pool:
    """The first pool of the plain arrangement with changes."""
    return pools(an_arrangement(**changes))[0]


def settlements(rows: Iterable[ShareRow]) -> dict[str, int]:
    """Settlement in cents per municipality, segments and pools added."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.municipality] = found.get(row.municipality, 0) + row.settlement_cent
    return found
