"""Measures m_i(y) per municipality and year: as recorded, seen through mergers, with declared gaps imputed (README 2.4, 2.10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.solidarity.agreement import COST, ZERO
from app.solidarity.costs import Costs
from app.solidarity.errors import Bezwaar, RegelingOngeldig, refuse
from app.solidarity.history import Gap, History
from app.solidarity.segments import Pool

REGION = "*"
"""In place of a municipality: a measure of the whole region, such as `premium_total`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureValue:
    """One recorded value, in euros or units; `category` None counts for every category without a value of its own."""

    measure: str
    municipality: str
    year: int
    value: Fraction
    category: str | None = None


class Measures:
    """All recorded values, by name.

    Raises:
        RegelingOngeldig: A value is given twice, or for the measure `cost`, which comes from the lines.
    """

    def __init__(self, values: Iterable[MeasureValue] = ()) -> None:
        self._values: dict[tuple[str, str, str | None, int], Fraction] = {}
        bezwaren = []
        for value in values:
            name = (value.measure, value.municipality, value.category, value.year)
            if value.measure == COST:
                bezwaren.append(Bezwaar(waar="maatstaf cost", zin="deze maatstaf volgt uit de kosten zelf; geef er geen waarden voor."))
            if name in self._values:
                bezwaren.append(Bezwaar(waar=_described(*name), zin="deze waarde staat er twee keer; laat er een staan."))
            self._values[name] = value.value
        if bezwaren:
            raise RegelingOngeldig(bezwaren)

    def recorded(self, measure: str, municipality: str, categories: tuple[str, ...], year: int) -> Fraction | None:
        """The value as recorded, None without one; that of the category goes before that of the municipality (2.4)."""
        if len(categories) == 1:
            specific = self._values.get((measure, municipality, categories[0], year))
            if specific is not None:
                return specific
        return self._values.get((measure, municipality, None, year))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that is known about a region next to its agreement."""

    costs: Costs
    measures: Measures
    history: History

    def values(self, pool: Pool, measure: str, lag: int = 0) -> dict[str, Fraction]:
        """m_i(t-lag) of each member of the pool: cents for `cost`, else the unit of the measure.

        Lag 0 of `cost` is the segment itself. Gaps are imputed in proportion to the fallback measure of year t.

        Raises:
            RegelingOngeldig: A value is missing, or a gap cannot be filled.
        """
        if measure == COST and lag == 0:
            return {name: Fraction(amount) for name, amount in self.costs.own(pool, self.history).items()}
        year = pool.year - lag
        gaps = {name for name in pool.members if Gap(municipality=name, measure=measure, year=year) in self.history.gaps}
        known = self._known(pool, measure, year, gaps)
        return {**known, **self._imputed(pool, measure, known, gaps)} if gaps else known

    def region_value(self, pool: Pool, measure: str) -> Fraction | None:
        """A measure of the whole region in year t, None when there is none."""
        return self.measures.recorded(measure, REGION, pool.categories, pool.year)

    def _known(self, pool: Pool, measure: str, year: int, gaps: set[str]) -> dict[str, Fraction]:
        if measure == COST:
            return {name: cost for name, cost in self.costs.of_year(pool, year, self.history).items() if name not in gaps}
        found = {name: self._through_mergers(pool, measure, name, year) for name in pool.members if name not in gaps}
        missing = [name for name, value in found.items() if value is None]
        if missing:
            raise RegelingOngeldig(
                Bezwaar(waar=str(pool), zin=f"{_described(measure, name, pool.name, year)} ontbreekt; geef een waarde op, desnoods 0.")
                for name in missing
            )
        return {name: value for name, value in found.items() if value is not None}

    def _imputed(self, pool: Pool, measure: str, known: Mapping[str, Fraction], gaps: set[str]) -> dict[str, Fraction]:
        """fallback_i(t) x sum of m_j / sum of fallback_j(t) over the members j with data (2.4)."""
        fallback_measure = pool.arrangement.fallback_measure
        if fallback_measure is None or fallback_measure == measure:
            raise refuse(str(pool), f"maatstaf {measure} heeft een gat; noem een andere maatstaf als fallback_measure om het te vullen.")
        fallback = self.values(pool, fallback_measure)
        basis = sum((fallback[name] for name in known), ZERO)
        if not basis:
            raise refuse(str(pool), f"een gat in {measure} is niet te vullen: {fallback_measure} is 0 voor wie wel gegevens heeft.")
        level = sum(known.values(), ZERO) / basis
        return {name: fallback[name] * level for name in gaps}

    def _through_mergers(self, pool: Pool, measure: str, municipality: str, year: int) -> Fraction | None:
        """m_i(year) with what predecessors brought in; a year counts for who existed on its first of January (2.10)."""
        first = date(year, 1, 1)
        total = ZERO
        for source in {municipality} | self.history.predecessors:
            if self.history.ended(source, first):
                continue
            part = self.history.bearers(source, first, pool.segment.since).get(municipality, ZERO)
            if not part:
                continue
            value = self._as_recorded(pool, measure, source, year)
            if value is None:
                return None
            total += part * value
        return total

    def _as_recorded(self, pool: Pool, measure: str, municipality: str, year: int) -> Fraction | None:
        """The municipality's own value; 0 for one that a later merger founds, for its predecessors carry that year."""
        value = self.measures.recorded(measure, municipality, pool.categories, year)
        founded = self.history.founded(municipality, date(year, 1, 1), pool.segment.since)
        if founded is None or self._existed(pool, municipality, founded):
            return value
        if value is not None and year < founded.year:
            raise refuse(
                _described(measure, municipality, pool.name, year),
                f"{municipality} ontstaat per {founded}; voor {year} tellen haar voorgangers, laat deze waarde weg.",
            )
        return ZERO

    def _existed(self, pool: Pool, municipality: str, day: date) -> bool:
        """Whether the municipality was there before a merger: as a member, or with cost in an earlier year."""
        member = any(m.municipality == municipality and (m.since is None or m.since < day) for m in pool.arrangement.members)
        first_year = self.costs.first_year(municipality)
        return member or (first_year is not None and first_year < day.year)


def _described(measure: str, municipality: str, category: str | None, year: int) -> str:
    return f"maatstaf {measure} van {municipality}{f' ({category})' if category not in (None, REGION) else ''}, jaar {year}"
