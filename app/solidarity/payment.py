"""From settlement to payment: advances and final settlement, spreading, reserve, roll-up per legal entity (README 2.7, 2.10, 2.11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate

from app.domain.verdeling import largest_remainder
from app.solidarity.agreement import Agreement
from app.solidarity.calculator import ShareRow
from app.solidarity.errors import not_supported, refuse
from app.solidarity.history import History
from app.solidarity.leavers import leavers


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvancePaid:
    """Something a municipality paid in advance, to the region or through the SVB."""

    arrangement: str
    year: int
    municipality: str
    channel: str
    paid_on: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalRow:
    """Final settlement of an arrangement and year; a positive balance is still to be paid."""

    arrangement: str
    year: int
    municipality: str
    contribution_cent: int
    advances_paid_cent: int

    @property
    def balance_due_cent(self) -> int:
        """Contribution - advances paid."""
        return self.contribution_cent - self.advances_paid_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Installment:
    """What a municipality pays (positive) or receives in one step of a spread settlement; steps count from 1."""

    arrangement: str
    year: int
    step: int
    municipality: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveRow:
    """The course of a reserve over one segment: closing = opening + contributions - cost + personal balances of leavers."""

    arrangement: str
    period_from: date
    period_to: date
    pool: str
    opening_cent: int
    contributions_cent: int
    cost_cent: int
    leavers_cent: int = 0

    @property
    def closing_cent(self) -> int:
        """The reserve at the end of the segment, and after who left on its last day closed its balance."""
        return self.opening_cent + self.contributions_cent - self.cost_cent + self.leavers_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """Result of an arrangement and year per legal entity: what merged municipalities owe, their successor owes."""

    arrangement: str
    year: int
    legal_entity: str
    own_cost_cent: int
    contribution_cent: int

    @property
    def settlement_cent(self) -> int:
        """Contribution - own cost."""
        return self.contribution_cent - self.own_cost_cent


ArrangementYear = tuple[str, int]
"""Code of an arrangement and a calendar year."""


def monthly_advance(year_cent: int, month: int) -> int:
    """The advance of month 1..12 of a yearly amount: floor(b m / 12) - floor(b (m-1) / 12), together exactly b (2.11)."""
    if not 1 <= month <= 12:
        raise ValueError(f"month {month} is not 1 to 12")
    return year_cent * month // 12 - year_cent * (month - 1) // 12


def final_settlement(rows: Iterable[ShareRow], advances: Iterable[AdvancePaid]) -> list[FinalRow]:
    """Contribution against advances per arrangement, year and municipality, sorted by them."""
    contribution = _per_year(rows, lambda row: row.contribution_cent)
    paid: dict[tuple[str, int, str], int] = defaultdict(int)
    for advance in advances:
        if (advance.arrangement, advance.year) not in contribution:
            raise refuse(
                f"voorschot van {advance.municipality} op {advance.paid_on}",
                f"regeling {advance.arrangement} wordt voor {advance.year} niet afgerekend; verbeter regeling of jaar.",
            )
        paid[advance.arrangement, advance.year, advance.municipality] += advance.bedrag_cent
    bearers = {(code, year, name) for (code, year), amounts in contribution.items() for name in amounts}
    return [
        FinalRow(
            arrangement=code,
            year=year,
            municipality=name,
            contribution_cent=contribution[code, year].get(name, 0),
            advances_paid_cent=paid.get((code, year, name), 0),
        )
        for code, year, name in sorted(bearers | paid.keys())
    ]


def installments(rows: Iterable[ShareRow], agreement: Agreement) -> list[Installment]:
    """Settlements spread over the steps of their arrangement; exact per municipality and, in each step, together zero.

    Raises:
        NietOndersteund: An arrangement with a reserve is spread: its settlements are not together zero.
    """
    spread = {arrangement.code: arrangement.spread for arrangement in agreement.arrangements if arrangement.spread}
    for arrangement in agreement.arrangements:
        if arrangement.spread and arrangement.reserve:
            raise not_supported(f"regeling {arrangement.code}: spreiding van een regeling met reserve.")
    return [
        Installment(arrangement=code, year=year, step=step, municipality=name, bedrag_cent=amounts[name])
        for (code, year), settlements in sorted(_per_year(rows, lambda row: row.settlement_cent).items())
        for step, amounts in enumerate(spread_settlement(settlements, spread.get(code, ())), start=1)
        for name in sorted(amounts)
    ]


def spread_settlement(settlements: Mapping[str, int], fractions: Sequence[Fraction]) -> list[dict[str, int]]:
    """Steps of a settlement that adds up to zero: differences of the cumulative targets, each rounded to total zero (2.11)."""
    steps = []
    before = dict.fromkeys(settlements, 0)
    for fraction in accumulate(fractions):
        target = largest_remainder({name: amount * fraction for name, amount in settlements.items()}, 0)
        steps.append({name: target[name] - before[name] for name in settlements})
        before = target
    return steps


def reserve_course(rows: Sequence[ShareRow], agreement: Agreement, history: History) -> list[ReserveRow]:
    """The reserve of every arrangement that has one, segment by segment; its pools follow one another.

    Raises:
        RegelingOngeldig: The opening balance of a reserve is missing.
    """
    closed: dict[tuple[str, date], int] = defaultdict(int)
    for leaver in leavers(rows, agreement, history):
        closed[leaver.arrangement, leaver.left_on] += leaver.balance_cent
    course: list[ReserveRow] = []
    for arrangement in (arrangement for arrangement in agreement.arrangements if arrangement.reserve):
        opening = history.reserve_cent.get(arrangement.code)
        if opening is None:
            raise refuse(f"regeling {arrangement.code}, reserve", "de beginstand ontbreekt; geef haar op, desnoods 0.")
        for (since, until, pool), part in _by_period(rows, arrangement.code):
            row = ReserveRow(
                arrangement=arrangement.code,
                period_from=since,
                period_to=until,
                pool=pool,
                opening_cent=opening,
                contributions_cent=sum(row.contribution_cent for row in part),
                cost_cent=sum(row.own_cost_cent for row in part),
                leavers_cent=closed.pop((arrangement.code, until), 0),
            )
            course.append(row)
            opening = row.closing_cent
    return course


def _by_period(rows: Iterable[ShareRow], code: str) -> list[tuple[tuple[date, date, str], list[ShareRow]]]:
    """The rows of one arrangement per segment and pool, in order of time."""
    found: dict[tuple[date, date, str], list[ShareRow]] = defaultdict(list)
    for row in rows:
        if row.arrangement == code:
            found[row.period_from, row.period_to, row.pool].append(row)
    return sorted(found.items(), key=lambda item: item[0])


def roll_up(rows: Iterable[ShareRow], history: History) -> list[EntityRow]:
    """Results per arrangement, year and legal entity, sorted by them; a split predecessor keeps its own results."""
    own: dict[tuple[str, int, str], int] = defaultdict(int)
    contribution: dict[tuple[str, int, str], int] = defaultdict(int)
    for row in rows:
        entity = (row.arrangement, row.period_from.year, history.legal_entity(row.municipality))
        own[entity] += row.own_cost_cent
        contribution[entity] += row.contribution_cent
    return [
        EntityRow(arrangement=code, year=year, legal_entity=name, own_cost_cent=own[code, year, name], contribution_cent=amount)
        for (code, year, name), amount in sorted(contribution.items())
    ]


def _per_year(rows: Iterable[ShareRow], amount: Callable[[ShareRow], int]) -> dict[ArrangementYear, dict[str, int]]:
    """Amounts per arrangement and year and then per municipality; pools and segments added."""
    found: dict[ArrangementYear, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row.arrangement, row.period_from.year][row.municipality] += amount(row)
    return found
