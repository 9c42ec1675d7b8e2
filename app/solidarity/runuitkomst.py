"""What a run of the verevening decides, from its input alone: settlement, course of reserves, leavers, and what is to be booked. Pure.

The outcome is a function of `Invoer`, so computing it again gives the same bytes (`as_data`, `canonical`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.solidarity.agreement import Agreement, Arrangement, of_year
from app.solidarity.calculator import ShareRow, settle
from app.solidarity.costs import costs_from_months
from app.solidarity.csvresult import by_entity_csv, installments_csv, leavers_csv, reserve_csv, settlement_csv
from app.solidarity.document import Overeenkomst, joined
from app.solidarity.history import History
from app.solidarity.leavers import Leaver, leavers
from app.solidarity.measures import Measures
from app.solidarity.payment import ReserveRow, installments, reserve_course, roll_up
from app.solidarity.runinvoer import Invoer


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """The outcome of a run.

    Attributes:
        rows: Per arrangement, segment of the year, pool and gemeente.
        reserve: The course of each reserve in the year; empty without one.
        vertrekkers: Who left an arrangement with a reserve during the year or at its end, with the balance that it closes.
        te_boeken: Cents that each gemeente pays (positive) or receives through kas(regio): its settlement and the balance it closes, at the
            gemeente that answers for it on the day of the run.
        bestanden: The same as texts in the form of section 2.14, by file name.
    """

    rows: tuple[ShareRow, ...]
    reserve: tuple[ReserveRow, ...]
    vertrekkers: tuple[Leaver, ...]
    te_boeken: Mapping[str, int]
    bestanden: Mapping[str, str]

    @property
    def reserve_cent(self) -> int:
        """What the reserves gain (lose: minus); all that is booked together."""
        return sum(row.closing_cent - row.opening_cent for row in self.reserve)


def bereken(invoer: Invoer) -> Uitkomst:
    """The outcome of an input.

    An arrangement with a reserve is computed from its first day, because its opening balance of this year follows from the years before.

    Raises:
        RegelingOngeldig: Agreement, measures and history contradict each other or a value is missing.
        NietOndersteund: Something that section 2 knows and this version does not.
        ArithmeticError: What is booked is not what the reserves gain: a fault of ours, never stored.
    """
    document = invoer.overeenkomst
    agreement = with_past(document.agreement, invoer.jaar)
    history = history_of(invoer, document, agreement)
    costs = costs_from_months(invoer.kosten, invoer.clienten)
    every = settle(agreement, costs, Measures(document.measure_values(invoer.maatstaven)), history)
    rows = tuple(row for row in every if row.period_from.year == invoer.jaar)
    # Whether somebody leaves at the end of the year is seen in the arrangement as it goes on after it.
    going_on = replace(agreement, arrangements=tuple(_going_on(document.agreement, each.code) for each in agreement.arrangements))
    course = [row for row in reserve_course(every, going_on, history) if row.period_from.year == invoer.jaar]
    left = [each for each in leavers(every, going_on, history) if date(invoer.jaar, 1, 1) < each.left_on <= date(invoer.jaar + 1, 1, 1)]
    found = Uitkomst(
        rows=rows,
        reserve=tuple(course),
        vertrekkers=tuple(left),
        te_boeken=_te_boeken(invoer, history, rows, left),
        bestanden=_bestanden(rows, course, left, of_year(document.agreement, invoer.jaar), history),
    )
    if sum(found.te_boeken.values()) != found.reserve_cent:
        raise ArithmeticError(f"{sum(found.te_boeken.values())} cents to book while the reserves gain {found.reserve_cent}")
    return found


def with_past(agreement: Agreement, jaar: int) -> Agreement:
    """What holds in the year; of an arrangement with a reserve also the years before it."""
    after = date(jaar + 1, 1, 1)
    holding = {each.code for each in of_year(agreement, jaar).arrangements}
    return replace(
        agreement,
        arrangements=tuple(
            replace(each, since=each.since if each.reserve else max(each.since, date(jaar, 1, 1)), until=min(each.until, after))
            for each in agreement.arrangements
            if each.code in holding
        ),
    )


def client_years(agreement: Agreement, jaar: int) -> range:
    """The years of which cost per client is needed to settle a year; empty when no layer asks for it."""
    asked = [
        year
        for arrangement in with_past(agreement, jaar).arrangements
        for year in arrangement.years
        if any(layer.basis == "client" for layer in arrangement.layers_in(year))
    ]
    return range(min(asked), max(asked) + 1) if asked else range(0)


def history_of(invoer: Invoer, document: Overeenkomst, agreement: Agreement) -> History:
    """Mergers of region and document, and what the document keeps apart in the years that are computed."""
    history = joined(document.history, History(mergers=invoer.herindelingen))
    years = {arrangement.code: arrangement.years for arrangement in agreement.arrangements}
    return replace(history, kept=tuple(kept for kept in history.kept if kept.year in years.get(kept.arrangement, ())))


def _going_on(agreement: Agreement, code: str) -> Arrangement:
    return next(each for each in agreement.arrangements if each.code == code)


def _te_boeken(invoer: Invoer, history: History, rows: tuple[ShareRow, ...], left: list[Leaver]) -> dict[str, int]:
    """Settlement and closed balances at who answers for them on the day of the run."""
    known = replace(history, mergers=tuple(merger for merger in history.mergers if merger.date <= invoer.rekendag))
    amounts: dict[str, int] = defaultdict(int)
    for row in rows:
        amounts[known.legal_entity(row.municipality)] += row.settlement_cent
    for each in left:
        amounts[known.legal_entity(each.municipality)] += each.balance_cent
    return dict(sorted(amounts.items()))


def _bestanden(
    rows: tuple[ShareRow, ...], course: list[ReserveRow], left: list[Leaver], agreement: Agreement, history: History
) -> dict[str, str]:
    texts = {"settlement.csv": settlement_csv(rows)}
    if course:
        texts["reserve.csv"] = reserve_csv(course)
    if left:
        texts["leavers.csv"] = leavers_csv(left)
    if any(arrangement.spread for arrangement in agreement.arrangements):
        texts["installments.csv"] = installments_csv(installments(rows, agreement))
    if history.mergers:
        texts["by_entity.csv"] = by_entity_csv(roll_up(rows, history))
    return texts


def as_data(uitkomst: Uitkomst) -> dict[str, Any]:
    """The outcome as it is stored: `uitkomst` (rows), `te_boeken` and `bestanden`."""
    return {
        "uitkomst": [row_as_dict(row) for row in uitkomst.rows],
        "te_boeken": dict(uitkomst.te_boeken),
        "bestanden": dict(uitkomst.bestanden),
    }


def row_as_dict(row: ShareRow) -> dict[str, Any]:
    """A row of the result as it is stored and shown; amounts in cents, the exact contribution as a fraction."""
    return {
        "arrangement": row.arrangement,
        "period_from": row.period_from.isoformat(),
        "period_to": row.period_to.isoformat(),
        "pool": row.pool,
        "municipality": row.municipality,
        "own_cost_cent": row.own_cost_cent,
        "contribution_cent": row.contribution_cent,
        "settlement_cent": row.settlement_cent,
        "contribution_exact_cents": str(row.contribution_exact_cents),
    }
