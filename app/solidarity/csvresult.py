"""Results as the CSV texts of section 2.14: settlement, reserve, final, installments and by_entity. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.solidarity.calculator import ShareRow, settle
from app.solidarity.costs import Costs
from app.solidarity.csvform import SettlementInput
from app.solidarity.csvtable import euros, write_rows
from app.solidarity.leavers import Leaver, leavers
from app.solidarity.measures import Measures
from app.solidarity.payment import EntityRow, FinalRow, Installment, ReserveRow, final_settlement, installments, reserve_course, roll_up


def settle_inputs(given: SettlementInput) -> dict[str, str]:
    """Settle what was read from files.

    Returns:
        Text per file name: `settlement.csv`, and what applies of `reserve.csv` (an arrangement with a reserve),
        `leavers.csv` (somebody left it), `final.csv`
        (advances were given), `installments.csv` (an arrangement is spread) and `by_entity.csv` (mergers were given).
    Raises:
        RegelingOngeldig: The input contradicts itself or misses something.
        NietOndersteund: Something that section 2 knows and this version does not.
    """
    rows = settle(given.agreement, Costs(given.lines), Measures(given.measures), given.history)
    texts = {"settlement.csv": settlement_csv(rows)}
    if any(arrangement.reserve for arrangement in given.agreement.arrangements):
        texts["reserve.csv"] = reserve_csv(reserve_course(rows, given.agreement, given.history))
        if left := leavers(rows, given.agreement, given.history):
            texts["leavers.csv"] = leavers_csv(left)
    if given.advances:
        texts["final.csv"] = final_csv(final_settlement(rows, given.advances))
    if any(arrangement.spread for arrangement in given.agreement.arrangements):
        texts["installments.csv"] = installments_csv(installments(rows, given.agreement))
    if given.history.mergers:
        texts["by_entity.csv"] = by_entity_csv(roll_up(rows, given.history))
    return texts


def settlement_csv(rows: Iterable[ShareRow]) -> str:
    """One line per municipality, pool and segment, in the order given."""
    header = (
        "arrangement", "period_from", "period_to", "pool", "municipality",
        "own_cost", "contribution", "settlement", "contribution_exact_cents",
    )  # fmt: skip
    return write_rows(
        header,
        [
            (
                row.arrangement,
                row.period_from,
                row.period_to,
                row.pool,
                row.municipality,
                euros(row.own_cost_cent),
                euros(row.contribution_cent),
                euros(row.settlement_cent),
                row.contribution_exact_cents,
            )
            for row in rows
        ],
    )


def reserve_csv(rows: Sequence[ReserveRow]) -> str:
    """The course of reserves; with a column `leavers` when somebody closed its personal balance."""
    left = any(row.leavers_cent for row in rows)
    header = ("arrangement", "period_from", "period_to", "pool", "opening", "contributions", "cost", *(["leavers"] * left), "closing")
    return write_rows(header, [_reserve_cells(row, left) for row in rows])


def _reserve_cells(row: ReserveRow, left: bool) -> list[object]:
    amounts = [row.opening_cent, row.contributions_cent, row.cost_cent, *([row.leavers_cent] * left), row.closing_cent]
    return [row.arrangement, row.period_from, row.period_to, row.pool, *map(euros, amounts)]


def leavers_csv(rows: Iterable[Leaver]) -> str:
    """Personal balances of who left an arrangement with a reserve."""
    header = ("arrangement", "left_on", "municipality", "balance")
    return write_rows(header, [(row.arrangement, row.left_on, row.municipality, euros(row.balance_cent)) for row in rows])


def final_csv(rows: Iterable[FinalRow]) -> str:
    """Contribution against advances."""
    header = ("arrangement", "year", "municipality", "contribution", "advances_paid", "balance_due")
    return write_rows(
        header,
        [
            (
                row.arrangement,
                row.year,
                row.municipality,
                euros(row.contribution_cent),
                euros(row.advances_paid_cent),
                euros(row.balance_due_cent),
            )
            for row in rows
        ],
    )


def installments_csv(rows: Iterable[Installment]) -> str:
    """Steps of spread settlements."""
    header = ("arrangement", "year", "step", "municipality", "amount")
    return write_rows(header, [(row.arrangement, row.year, row.step, row.municipality, euros(row.bedrag_cent)) for row in rows])


def by_entity_csv(rows: Iterable[EntityRow]) -> str:
    """Results per legal entity."""
    header = ("arrangement", "year", "legal_entity", "own_cost", "contribution", "settlement")
    return write_rows(
        header,
        [
            (
                row.arrangement,
                row.year,
                row.legal_entity,
                euros(row.own_cost_cent),
                euros(row.contribution_cent),
                euros(row.settlement_cent),
            )
            for row in rows
        ],
    )
