"""Cost against budget per gemeente, zorgvorm and month: what the rows of the ledger add up to. Pure; whole cents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Basis(StrEnum):
    """Which month cost is counted in: that of the care, or that of its booking (what is late counts in the month that was open)."""

    ZORG = "zorg"
    BOEK = "boek"


@dataclass(frozen=True, slots=True, kw_only=True)
class KostenCel:
    """Cost of one gemeente, zorgvorm and month (its first day; zorgmaand or boekmaand, by the basis), in cents."""

    gemeente: str
    domein: str
    zorgvorm: str
    maand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCel:
    """Budget of one gemeente in one year; zorgvorm empty means all of them together."""

    gemeente: str
    zorgvorm: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KostenRegel:
    """One row of a table of cost; `budget_cent` is None where there is no budget at this level."""

    sleutel: str
    naam: str
    kosten_cent: int
    budget_cent: int | None = None
    verevening_cent: int | None = None

    @property
    def rest_cent(self) -> int | None:
        """What is left of the budget; negative when it is overspent."""
        return None if self.budget_cent is None else self.budget_cent - self.kosten_cent

    @property
    def besteed_promille(self) -> int | None:
        """Share of the budget that is spent, in thousandths, rounded down."""
        return self.kosten_cent * 1000 // self.budget_cent if self.budget_cent else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VereveningRun:
    """One run of the settlement; `som_cent` adds up all gemeenten of the region, also those the reader does not see."""

    run_nr: int
    gemaakt_op: datetime
    gemaakt_door: str
    jaar: int
    model: str
    status: str
    regels: tuple[VereveningRegel, ...]
    som_cent: int

    @property
    def per_gemeente(self) -> tuple[VereveningRegel, ...]:
        """The same rows added up over all pools, one row a gemeente, in their order."""
        sums: dict[tuple[str, str], list[int]] = {}
        for regel in self.regels:
            cells = sums.setdefault((regel.gemeente, regel.naam), [0, 0, 0])
            for index, cent in enumerate((regel.eigen_kosten_cent, regel.bijdrage_cent, regel.verevening_cent)):
                cells[index] += cent
        return tuple(
            VereveningRegel(
                regeling="", pool="*", gemeente=code, naam=naam, eigen_kosten_cent=own, bijdrage_cent=share, verevening_cent=difference
            )
            for (code, naam), (own, share, difference) in sums.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VereveningRegel:
    """One gemeente in one pool: what it cost, what it contributes, and the difference it pays (positive) or receives (negative)."""

    regeling: str
    pool: str
    gemeente: str
    naam: str
    eigen_kosten_cent: int
    bijdrage_cent: int
    verevening_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KostenOverzicht:
    """Everything the page of a controller shows of one year; by booking month there is no verevening, which is of years of care."""

    stand_van: datetime
    basis: Basis
    jaar: int
    jaren: tuple[int, ...]
    gemeenten: tuple[KostenRegel, ...]
    zorgvormen: tuple[KostenRegel, ...]
    maanden: tuple[KostenRegel, ...]
    totaal: KostenRegel
    verevening: VereveningRun | None
    runs: tuple[VereveningRun, ...]


def per_gemeente(
    kosten: Iterable[KostenCel], budgetten: Sequence[BudgetCel], namen: Mapping[str, str], verevening: Mapping[str, int] | None
) -> tuple[KostenRegel, ...]:
    """A row for every gemeente that has cost or budget, by name."""
    sums: dict[str, int] = defaultdict(int)
    for cel in kosten:
        sums[cel.gemeente] += cel.bedrag_cent
    budget = budget_per_gemeente(budgetten)
    codes = sums.keys() | budget.keys() | (verevening or {}).keys()
    rows = (
        KostenRegel(
            sleutel=code,
            naam=namen.get(code, code),
            kosten_cent=sums.get(code, 0),
            budget_cent=budget.get(code),
            verevening_cent=None if verevening is None else verevening.get(code),
        )
        for code in codes
    )
    return tuple(sorted(rows, key=lambda row: (row.naam, row.sleutel)))


def budget_per_gemeente(budgetten: Iterable[BudgetCel]) -> dict[str, int]:
    """The whole budget of each gemeente: its row for all zorgvormen where it has one, else the sum of its rows per zorgvorm."""
    whole: dict[str, int] = defaultdict(int)
    parts: dict[str, int] = defaultdict(int)
    for cel in budgetten:
        (parts if cel.zorgvorm else whole)[cel.gemeente] += cel.bedrag_cent
    return {**parts, **whole}


def per_zorgvorm(kosten: Iterable[KostenCel], budgetten: Iterable[BudgetCel], namen: Mapping[str, str]) -> tuple[KostenRegel, ...]:
    """A row for every zorgvorm with cost or a budget of its own, the most expensive first."""
    sums: dict[str, int] = defaultdict(int)
    budget: dict[str, int] = defaultdict(int)
    for cel in kosten:
        sums[cel.zorgvorm] += cel.bedrag_cent
    for cel_budget in budgetten:
        if cel_budget.zorgvorm:
            budget[cel_budget.zorgvorm] += cel_budget.bedrag_cent
    rows = (
        KostenRegel(sleutel=code, naam=namen.get(code, code), kosten_cent=sums.get(code, 0), budget_cent=budget.get(code))
        for code in sums.keys() | budget.keys()
    )
    return tuple(sorted(rows, key=lambda row: (-row.kosten_cent, row.naam)))


def per_maand(kosten: Iterable[KostenCel], jaar: int) -> tuple[KostenRegel, ...]:
    """The twelve months of the year, months without cost included."""
    sums: dict[int, int] = defaultdict(int)
    for cel in kosten:
        sums[cel.maand.month] += cel.bedrag_cent
    return tuple(
        KostenRegel(sleutel=f"{jaar}-{maand:02d}", naam=MAANDEN[maand - 1], kosten_cent=sums.get(maand, 0)) for maand in range(1, 13)
    )


def totaal(regels: Sequence[KostenRegel]) -> KostenRegel:
    """The sum of rows; its budget is that of the rows that have one."""
    budgets = [row.budget_cent for row in regels if row.budget_cent is not None]
    shares = [row.verevening_cent for row in regels if row.verevening_cent is not None]
    return KostenRegel(
        sleutel="",
        naam="Totaal",
        kosten_cent=sum(row.kosten_cent for row in regels),
        budget_cent=sum(budgets) if budgets else None,
        verevening_cent=sum(shares) if shares else None,
    )


def verevening_regels(uitkomst: object, namen: Mapping[str, str]) -> tuple[VereveningRegel, ...]:
    """The stored outcome of a run as rows, by gemeente.

    Raises:
        ValueError: The stored outcome is not a list of rows as `solidair settle` stores them.
    """
    if not isinstance(uitkomst, list):
        raise ValueError("de opgeslagen uitkomst van de verevening is geen lijst van regels")
    rows = [_verevening_regel(row, namen) for row in uitkomst]
    return tuple(sorted(rows, key=lambda row: (row.naam, row.gemeente, row.regeling, row.pool)))


def _verevening_regel(row: object, namen: Mapping[str, str]) -> VereveningRegel:
    if not isinstance(row, dict) or "municipality" not in row or "settlement_cent" not in row:
        raise ValueError("een regel van de verevening heeft geen municipality of settlement_cent")
    gemeente = str(row["municipality"])
    return VereveningRegel(
        regeling=str(row.get("arrangement", "")),
        pool=str(row.get("pool", "")),
        gemeente=gemeente,
        naam=namen.get(gemeente, gemeente),
        eigen_kosten_cent=int(row.get("own_cost_cent", 0)),
        bijdrage_cent=int(row.get("contribution_cent", 0)),
        verevening_cent=int(row["settlement_cent"]),
    )


def verevening_per_gemeente(regels: Iterable[VereveningRegel]) -> dict[str, int]:
    """What each gemeente pays (positive) or receives over all its pools."""
    sums: dict[str, int] = defaultdict(int)
    for row in regels:
        sums[row.gemeente] += row.verevening_cent
    return dict(sums)


MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
