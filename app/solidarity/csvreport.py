"""Depletion, the most expensive cases and cost from a raw ledger: their files of section 2.14 read, and their results as texts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final

from app.solidarity.aggregatie import SOORTEN, Basis, Grootboekregel, kosten_per_jaar
from app.solidarity.csvtable import Row, euros, read_rows, write_rows
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.topcasussen import Casus, TopCasus, TopVerloop, top_casussen, top_verloop
from app.solidarity.uitputting import MAANDEN, MaandUitputting, PlafondGebruik, plafonds_gebruik, uitputting

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "input_budget.csv": ("municipality", "year", "budget"),
    "input_month_costs.csv": ("municipality", "year", "month", "cost"),
    "input_provider_ceilings.csv": ("provider", "year", "ceiling", "realised"),
    "input_client_costs.csv": ("municipality", "year", "client", "cost"),
    "input_ledger_raw.csv": ("booking_date", "service_from", "service_to", "municipality", "category", "kind", "amount"),
}
"""Every file and the columns it cannot do without."""

YEARS: Final = range(1900, 2200)
"""Years of care that are no typing mistake."""

Texts = Mapping[str, str]
"""Text per file name."""


def read_depletion(files: Texts) -> dict[str, str]:
    """The course of budgets, and with `input_provider_ceilings.csv` the use of plafonds.

    Returns:
        `settlement.csv`, and `providers.csv` when plafonds were given.
    Raises:
        RegelingOngeldig: With every wrong cell: file, row, column and what to change.
    """
    reader = _Reader(files)
    budgets = _budgets(reader)
    kosten = _month_costs(reader, budgets)
    plafonds = _ceilings(reader)
    reader.refuse_objections()
    texts = {"settlement.csv": depletion_csv(uitputting(budgets, kosten))}
    if "input_provider_ceilings.csv" in files:
        texts["providers.csv"] = providers_csv(plafonds_gebruik(plafonds))
    return texts


def read_top_cases(files: Texts) -> dict[str, str]:
    """The ten most expensive cases per municipality and year, and how they changed.

    Returns:
        `settlement.csv` and `summary.csv`.
    Raises:
        RegelingOngeldig: With every wrong cell: file, row, column and what to change.
    """
    reader = _Reader(files)
    casussen = [
        Casus(gemeente=row.text("municipality"), jaar=row.year("year"), client=row.text("client"), bedrag_cent=row.cents("cost"))
        for row in reader.rows("input_client_costs.csv")
    ]
    reader.refuse_objections()
    top = top_casussen(casussen)
    return {"settlement.csv": top_cases_csv(top), "summary.csv": top_summary_csv(top_verloop(top))}


def read_aggregation(files: Texts) -> dict[str, str]:
    """Cost of a raw ledger per basis, municipality, category and year.

    Raises:
        RegelingOngeldig: With every wrong cell: file, row, column and what to change.
    """
    reader = _Reader(files)
    regels = list(_ledger_lines(reader))
    reader.refuse_objections()
    return {"settlement.csv": aggregation_csv(regels)}


class _Reader:
    """The files of one folder, with the objections found so far."""

    def __init__(self, files: Texts) -> None:
        self.files = files
        self.bezwaren: list[Bezwaar] = []

    def rows(self, file: str, *, optional: bool = False) -> Iterable[Row]:
        """The rows of a file; one that is absent is an objection unless it is optional."""
        if file in self.files:
            return read_rows(file, self.files[file], COLUMNS[file], self.bezwaren)
        if not optional:
            self.bezwaren.append(Bezwaar(waar=file, zin="dit bestand ontbreekt; voeg het toe."))
        return ()

    def refuse_objections(self) -> None:
        """Raise what was found, if anything."""
        if self.bezwaren:
            raise RegelingOngeldig(self.bezwaren)


def _budgets(reader: _Reader) -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for row in reader.rows("input_budget.csv"):
        cell, cent = (row.text("municipality"), row.year("year")), row.cents("budget")
        if cell in found:
            row.object_to("municipality", f"het budget van {cell[0]} in {cell[1]} staat er twee keer; laat één rij staan.")
        if cent < 0:
            row.object_to("budget", "een budget is niet negatief; verbeter het bedrag.")
        found[cell] = cent
    return found


def _month_costs(reader: _Reader, budgets: Mapping[tuple[str, int], int]) -> dict[tuple[str, int, int], int]:
    found: dict[tuple[str, int, int], int] = {}
    for row in reader.rows("input_month_costs.csv"):
        gemeente, jaar, maand = row.text("municipality"), row.year("year"), row.integer("month")
        if not 1 <= maand <= MAANDEN:
            row.object_to("month", f"'{row.cells['month']}' is geen maand; kies 1 tot en met 12.")
        if (gemeente, jaar, maand) in found:
            row.object_to("month", f"maand {maand} van {jaar} staat er voor {gemeente} twee keer; tel de kosten op in één rij.")
        if gemeente and "input_budget.csv" in reader.files and (gemeente, jaar) not in budgets:
            row.object_to("municipality", f"{gemeente} heeft in {jaar} geen budget; voeg het toe aan input_budget.csv.")
        found[gemeente, jaar, maand] = row.cents("cost")
    return found


def _ceilings(reader: _Reader) -> list[tuple[str, int, int | None, int]]:
    found: dict[tuple[str, int], tuple[int | None, int]] = {}
    for row in reader.rows("input_provider_ceilings.csv", optional=True):
        cell = row.text("provider"), row.year("year")
        if cell in found:
            row.object_to("provider", f"{cell[0]} staat er in {cell[1]} twee keer; laat één rij staan.")
        ceiling = None if row.optional("ceiling") is None else row.cents("ceiling")
        if ceiling is not None and ceiling < 0:
            row.object_to("ceiling", "een plafond is niet negatief; verbeter het bedrag of laat de cel leeg als er geen plafond is.")
        found[cell] = ceiling, row.cents("realised")
    return [(*cell, *amounts) for cell, amounts in found.items()]


def _ledger_lines(reader: _Reader) -> Iterable[Grootboekregel]:
    seen: set[str] = set()
    for row in reader.rows("input_ledger_raw.csv"):
        number = row.optional("line")
        if number is not None and number in seen:
            row.object_to("line", f"regel {number} staat er twee keer; haal de dubbele weg of geef hem een eigen nummer.")
        seen.add(number or "")
        van, tot = row.day("service_from"), row.day("service_to")
        if tot <= van and row.optional("service_from") and row.optional("service_to"):
            row.object_to("service_to", "deze dag is de dag na de laatste van de zorg en moet later zijn dan service_from.")
        for column, day in (("service_from", van), ("service_to", tot)):
            if day.year not in YEARS:
                row.object_to(column, f"{day.year} is geen jaar van {YEARS.start} tot en met {YEARS.stop - 1}; verbeter de datum.")
        yield Grootboekregel(
            gemeente=row.text("municipality"),
            zorgvorm=row.text("category"),
            soort=row.choice("kind", SOORTEN),
            boekdatum=row.day("booking_date"),
            dienst_van=van,
            dienst_tot=tot,
            bedrag_cent=row.cents("amount"),
        )


def depletion_csv(rows: Iterable[MaandUitputting]) -> str:
    """One line per municipality and month."""
    header = (
        "municipality", "year", "month", "cost", "cumulative", "depletion_pct", "norm_pct", "forecast_year", "forecast_balance",
    )  # fmt: skip
    return write_rows(header, [_depletion_cells(row) for row in rows])


def _depletion_cells(row: MaandUitputting) -> list[object]:
    numbers = (
        row.kosten_cent, row.cumulatief_cent, row.uitputting_honderdsten, row.norm_honderdsten, row.prognose_cent, row.saldo_cent,
    )  # fmt: skip
    return [row.gemeente, row.jaar, row.maand, *map(_two_decimals, numbers)]


def providers_csv(rows: Iterable[PlafondGebruik]) -> str:
    """One line per provider and year; empty cells where it has no ceiling."""
    header = ("provider", "year", "ceiling", "realised", "used_pct", "over_ceiling")
    return write_rows(
        header,
        [
            (
                row.aanbieder,
                row.jaar,
                *map(_two_decimals, (row.plafond_cent, row.gerealiseerd_cent, row.gebruikt_honderdsten, row.boven_plafond_cent)),
            )
            for row in rows
        ],
    )


def top_cases_csv(rows: Iterable[TopCasus]) -> str:
    """One line per case in a top; `in_previous_top` is 1, 0, or empty in the first year."""
    return write_rows(
        ("municipality", "year", "rank", "client", "cost", "in_previous_top"),
        [
            (
                row.gemeente,
                row.jaar,
                row.rang,
                row.client,
                euros(row.bedrag_cent),
                None if row.in_vorige_top is None else int(row.in_vorige_top),
            )
            for row in rows
        ],
    )


def top_summary_csv(rows: Iterable[TopVerloop]) -> str:
    """One line per municipality and year that has a year before; churn and jaccard as fractions."""
    header = (
        "municipality", "year", "top_n", "top_total", "previous_total", "difference", "stayed", "replaced", "churn", "jaccard",
    )  # fmt: skip
    return write_rows(header, [_summary_cells(row) for row in rows])


def _summary_cells(row: TopVerloop) -> list[object]:
    amounts = map(euros, (row.totaal_cent, row.vorig_totaal_cent, row.verschil_cent))
    fractions: tuple[Fraction, Fraction] = (row.uitstroom, row.jaccard)
    return [row.gemeente, row.jaar, row.aantal, *amounts, row.gebleven, row.vervangen, *fractions]


def aggregation_csv(regels: Iterable[Grootboekregel]) -> str:
    """One line per basis, municipality, category and year, in that order."""
    lines = tuple(regels)
    return write_rows(
        ("basis", "municipality", "category", "year", "cost"),
        [(basis.value, *cel, euros(cent)) for basis in sorted(Basis) for cel, cent in kosten_per_jaar(lines, basis).items()],
    )


def _two_decimals(hundredths: int | None) -> str | None:
    """Cents as euros, or hundredths of a percent as percent; None is an empty cell."""
    return None if hundredths is None else euros(hundredths)
