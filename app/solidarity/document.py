"""An agreement as a document: what a region lays down in `overeenkomst.toml`, as one value (docs/agreements.md).

It is more than the calculator needs: a name, a version, the article of the by-law beside each parameter, the measures with
their source, and what the region already knows about members. `tomlform` reads it, `tomlwriting` writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from app.domain.periode import slotdag
from app.solidarity.agreement import COST, Agreement, Arrangement
from app.solidarity.csvform import SettlementInput
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.history import History
from app.solidarity.measures import MeasureValue

Cell = tuple[str, str, str | None, int]
"""Measure, municipality, category or None, year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wijziging:
    """A change of a measure during the year, such as a meicirculaire: what comes on top of the value that was there (C28).

    Attributes:
        amount: In the unit of the measure; negative takes away.
        decided_on: Day on which the change became known.
        reason: Why, for who reads the document.
    """

    measure: str
    municipality: str
    year: int
    amount: Fraction
    decided_on: date
    reason: str
    category: str | None = None

    @property
    def cell(self) -> Cell:
        """The value that it changes."""
        return (self.measure, self.municipality, self.category, self.year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overeenkomst:
    """One version of the agreement of a region.

    Attributes:
        name: Of the agreement.
        region: Of the municipalities together.
        version: Free text; a change is a new version.
        since: First day.
        until: First day that no longer counts (the document itself writes the last day).
        agreement: What the calculator settles by.
        history: Kept amounts, opening reserves, gaps and mergers as far as the document has them.
        municipalities: Name per code; empty when the document leaves them to the region.
        categories: Name per zorgvorm; empty likewise.
        measures: What each measure is and where it comes from.
        values: Values of measures that the document itself lays down, such as premiums.
        changes: Changes on top of values, of the document or of the region.
        articles: Article of the by-law per path (`regeling[1].plafond`).
        notes: Explanation per path.
    """

    name: str
    region: str
    version: str
    since: date
    until: date
    agreement: Agreement
    history: History = field(default_factory=History)
    municipalities: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    values: tuple[MeasureValue, ...] = ()
    changes: tuple[Wijziging, ...] = ()
    articles: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def last_year(self) -> int:
        """The calendar year of the last day."""
        return slotdag(self.until).year

    def article(self, path: str) -> str | None:
        """The article of a parameter, or of the nearest part around it that has one."""
        while path and path not in self.articles:
            path = path.rpartition(".")[0]
        return self.articles.get(path)

    def measure_values(self, known: Iterable[MeasureValue] = ()) -> tuple[MeasureValue, ...]:
        """The values of the document and those `known` elsewhere, with every change added to the value it changes.

        A value that both give alike is given once; where they differ both stay, for `Measures` to refuse.

        Raises:
            RegelingOngeldig: A change has no value to change, though the measure has values in that year.
        """
        own = set(self.values)
        extra: dict[Cell, Fraction] = {}
        for change in self.changes:
            extra[change.cell] = extra.get(change.cell, Fraction(0)) + change.amount
        values = [*self.values, *(value for value in known if value not in own)]
        cells = {_cell(value) for value in values}
        years = {(value.measure, value.year) for value in values}
        lost = [change for change in self.changes if change.cell not in cells and (change.measure, change.year) in years]
        if lost:
            raise RegelingOngeldig(
                Bezwaar(
                    waar=f"maatstaven.{change.measure}.wijziging van {change.municipality}, {change.year}",
                    zin=f"{change.municipality} heeft in {change.year} geen waarde die kan wijzigen; geef haar op of verbeter deze wijziging.",
                )
                for change in lost
            )
        return tuple(replace(value, value=value.value + extra.get(_cell(value), Fraction(0))) for value in values)

    def settlement_input(self, facts: SettlementInput) -> SettlementInput:
        """What happened (cost, measures, advances) settled by this document instead of by the arrangements that came with it."""
        return replace(
            facts, agreement=self.agreement, measures=self.measure_values(facts.measures), history=joined(self.history, facts.history)
        )


def _cell(value: MeasureValue) -> Cell:
    return (value.measure, value.municipality, value.category, value.year)


def joined(own: History, other: History) -> History:
    """Two histories as one; what both say is said once."""
    return History(
        mergers=tuple(dict.fromkeys((*own.mergers, *other.mergers))),
        gaps=own.gaps | other.gaps,
        kept=tuple(dict.fromkeys((*own.kept, *other.kept))),
        reserve_cent={**other.reserve_cent, **own.reserve_cent},
    )


def document_of(given: SettlementInput, *, region: str, version: str) -> Overeenkomst:
    """The document of an agreement that came as CSV (2.14); it takes the history, and leaves cost, values of measures and advances.

    Raises:
        ValueError: There is no arrangement.
    """
    arrangements = given.agreement.arrangements
    named = {name for arrangement in arrangements for name in measures_of(arrangement)}
    opening = given.history.reserve_cent
    named |= {gap.measure for gap in given.history.gaps} | {value.measure for value in given.measures}
    return Overeenkomst(
        name=given.agreement.name,
        region=region,
        version=version,
        since=min(arrangement.since for arrangement in arrangements),
        until=max(arrangement.until for arrangement in arrangements),
        agreement=given.agreement,
        history=replace(given.history, reserve_cent={a.code: opening[a.code] for a in arrangements if a.reserve and a.code in opening}),
        measures=dict.fromkeys(sorted(named - {COST}), ""),
    )


def measures_of(arrangement: Arrangement) -> list[str]:
    """The measures that an arrangement names, in the order in which it does; not the special measure `cost`."""
    named = [*(term.measure for term in arrangement.key_terms), arrangement.budget_measure, arrangement.fallback_measure]
    return [name for name in dict.fromkeys(named) if name not in (None, COST)]
