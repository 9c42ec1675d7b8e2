"""Which calculation a folder of section 2.14 asks for, by the files that are in it; and its results as texts. Pure.

A settlement is one of five. The others need no agreement: depletion of budgets, the most expensive cases, cost from a raw ledger, and the
exact risk of a population. Each reads its own files and refuses the rest, so that a misspelled name never leaves something out in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.solidarity.csvform import read_inputs
from app.solidarity.csvreport import read_aggregation, read_depletion, read_top_cases
from app.solidarity.csvresult import settle_inputs
from app.solidarity.errors import Bezwaar, RegelingOngeldig

Texts = Mapping[str, str]
"""Text per file name."""


def _risk(files: Texts) -> dict[str, str]:
    from app.solidarity.risico.population import read_population, risk_table  # Loaded when asked for: most folders are settlements.

    return {"settlement.csv": risk_table(read_population(files))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Berekening:
    """A calculation that is no settlement: how it is called in a sentence, the files that it reads, and what makes its results."""

    naam: str
    bestanden: tuple[str, ...]
    maak: Callable[[Texts], dict[str, str]]


BEREKENINGEN: Final[Mapping[str, Berekening]] = {
    "input_month_costs.csv": Berekening(
        naam="de budgetuitputting",
        bestanden=("input_budget.csv", "input_month_costs.csv", "input_provider_ceilings.csv"),
        maak=read_depletion,
    ),
    "input_client_costs.csv": Berekening(naam="de duurste casussen", bestanden=("input_client_costs.csv",), maak=read_top_cases),
    "input_ledger_raw.csv": Berekening(naam="kosten uit een ruw grootboek", bestanden=("input_ledger_raw.csv",), maak=read_aggregation),
    "input_population.csv": Berekening(
        naam="de risicoanalyse", bestanden=("input_population.csv", "input_severity.csv", "input_settings.csv"), maak=_risk
    ),
}
"""By the file that asks for it."""


def calculate(files: Texts, name: str) -> dict[str, str]:
    """The results of a folder, text per file name.

    Args:
        files: The texts of the folder.
        name: Name of the agreement, when it is a settlement.
    Raises:
        RegelingOngeldig: Files of two calculations together, or what the calculation objects to.
        NietOndersteund: Something that section 2 knows and this version does not.
    """
    asked = [file for file in BEREKENINGEN if file in files]
    if "input_arrangements.csv" in files or not asked:
        return settle_inputs(read_inputs(files, name=name))
    berekening = BEREKENINGEN[asked[0]]
    strangers = sorted(file for file in files if file.startswith("input_") and file not in berekening.bestanden)
    if strangers:
        zin = f"dit bestand hoort niet bij {berekening.naam} ({asked[0]}); zet het in een eigen map of verbeter de naam."
        raise RegelingOngeldig([Bezwaar(waar=file, zin=zin) for file in strangers])
    return berekening.maak(files)
