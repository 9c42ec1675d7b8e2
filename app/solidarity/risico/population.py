"""Risk from numbers of youths instead of a history: `input_population`, `input_severity` and `input_settings` (README 2.14, section 4). No NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from app.solidarity.csvtable import Row, exact_text, read_rows, write_rows
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.risico.closedform import Severity, Variation, root
from app.solidarity.risico.panjer import STEPS_MAX, chance_above

GRID_EURO = 5_000
DECIMALS = 6
FILES: Final = {
    "input_population.csv": ("municipality", "jeugdigen", "clients_per_jeugdige"),
    "input_severity.csv": ("cost_per_client", "probability"),
    "input_settings.csv": ("setting", "value"),
}
SETTINGS: Final = ("budget_over_mean", "vlaktaks_years", "quota_share", "stop_loss_deductible")
HEADER: Final = (
    "municipality", "jeugdigen", "lambda", "mean_cost", "cv_profijt", "cv_waarborg", "cv_vlaktaks_uitstel", "cv_vlaktaks_omslag_delta",
    "cv_quota", "cv_stop_loss", "prob_over_budget",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemeente:
    """A gemeente with its youths and how many clients each of them gives on average in a year."""

    code: str
    jeugdigen: Fraction
    rate: Fraction

    @property
    def clients(self) -> Fraction:
        """lambda."""
        return self.jeugdigen * self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The three files as values; `settings` has every name of `SETTINGS`."""

    gemeenten: tuple[Gemeente, ...]
    severity: Severity
    settings: Mapping[str, Fraction]


def read_population(files: Mapping[str, str]) -> Population:
    """Read the texts of a folder.

    Raises:
        RegelingOngeldig: With every wrong cell: file, row, column and what to change.
    """
    bezwaren = [Bezwaar(waar=file, zin="dit bestand ontbreekt; voeg het toe.") for file in FILES if file not in files]
    rows = {file: list(read_rows(file, files[file], FILES[file], bezwaren)) for file in FILES if file in files}
    gemeenten = tuple(map(_gemeente, rows.get("input_population.csv", ())))
    severity = _severity(rows.get("input_severity.csv", ()))
    settings = {row.text("setting"): row.number_of("value") for row in rows.get("input_settings.csv", ())}
    bezwaren += _objections(gemeenten, severity, settings) if not bezwaren else []
    if bezwaren:
        raise RegelingOngeldig(bezwaren)
    return Population(gemeenten=gemeenten, severity=severity, settings=settings)


def risk_table(population: Population) -> str:
    """Per gemeente the mean cost, the CV under each model and the chance of more cost than the budget, as CSV with six decimals."""
    region = sum((gemeente.clients for gemeente in population.gemeenten), Fraction(0))
    return write_rows(HEADER, [_row(gemeente, population, region) for gemeente in population.gemeenten])


def _gemeente(row: Row) -> Gemeente:
    found = Gemeente(code=row.text("municipality"), jeugdigen=row.number_of("jeugdigen"), rate=row.number_of("clients_per_jeugdige"))
    for column, value in (("jeugdigen", found.jeugdigen), ("clients_per_jeugdige", found.rate)):
        if value <= 0:
            row.object_to(column, "dit getal moet groter dan 0 zijn.")
    return found


def _severity(rows: list[Row] | tuple[Row, ...]) -> Severity:
    chances: dict[Fraction, Fraction] = {}
    for row in rows:
        amount, chance = row.number_of("cost_per_client"), row.number_of("probability")
        if amount < 0 or amount % GRID_EURO:
            row.object_to("cost_per_client", f"kies een veelvoud van {GRID_EURO} euro; de kans wordt op dat rooster berekend.")
        if chance < 0:
            row.object_to("probability", "een kans is niet negatief.")
        chances[amount] = chances.get(amount, Fraction(0)) + chance
    return Severity(chances=chances)


def _objections(gemeenten: tuple[Gemeente, ...], severity: Severity, settings: Mapping[str, Fraction]) -> list[Bezwaar]:
    found = [
        Bezwaar(waar="input_settings.csv", zin=f"{name} ontbreekt of is geen getal boven 0; vul het in.")
        for name in SETTINGS
        if settings.get(name, Fraction(0)) <= 0
    ]
    if not gemeenten or len({gemeente.code for gemeente in gemeenten}) < len(gemeenten):
        found.append(Bezwaar(waar="input_population.csv", zin="geef elke gemeente een keer, en minstens een."))
    if sum(severity.chances.values()) != 1 or not severity.moment(1):
        found.append(Bezwaar(waar="input_severity.csv", zin="de kansen tellen niet op tot 1, of alle kosten zijn 0; verbeter ze."))
    if not found:
        limits = [_limit(gemeente, severity, settings["budget_over_mean"]) for gemeente in gemeenten]
        if max(limits) * len(severity.chances) > STEPS_MAX:
            found.append(Bezwaar(waar="input_population.csv", zin="een gemeente is te groot voor de exacte berekening; simuleer haar."))
    if not found and settings["vlaktaks_years"].denominator != 1:
        found.append(Bezwaar(waar="input_settings.csv", zin="vlaktaks_years is geen heel getal; vul een aantal jaren in."))
    return found


def _limit(gemeente: Gemeente, severity: Severity, over: Fraction) -> int:
    """The budget in whole steps of the grid."""
    return int(gemeente.clients * severity.moment(1) * over // GRID_EURO)


def _row(gemeente: Gemeente, population: Population, region: Fraction) -> list[str]:
    severity, settings = population.severity, population.settings
    variation = Variation(severity=severity, clients=gemeente.clients, region=region)
    years = int(settings["vlaktaks_years"])
    squares = (
        variation.profijt,
        variation.waarborg,
        variation.uitstel(years),
        variation.omslag(years),
        variation.quota(settings["quota_share"]),
        variation.stop_loss(settings["stop_loss_deductible"]),
    )
    steps = {int(amount // GRID_EURO): chance for amount, chance in severity.chances.items()}
    chance = chance_above(gemeente.clients, steps, _limit(gemeente, severity, settings["budget_over_mean"]))
    return [
        gemeente.code,
        exact_text(gemeente.jeugdigen),
        exact_text(gemeente.clients),
        _decimals(gemeente.clients * severity.moment(1), 2),
        *(root(square, DECIMALS) for square in squares),
        str(chance.quantize(Decimal(1).scaleb(-DECIMALS), rounding="ROUND_HALF_UP")),
    ]


def _decimals(value: Fraction, decimals: int) -> str:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP"))
