"""The worked example of the risk analysis (solidarity README section 4), to the last decimal; and the simulation agrees with it."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from math import sqrt
from pathlib import Path

import pytest

from app.solidarity.folder import read_folder
from app.solidarity.risico.past import Key
from app.solidarity.risico.population import read_population, risk_table
from app.solidarity.risico.preparing import Regio, simulate_region
from app.solidarity.risico.simulation import Instellingen, Opdracht
from tests.conformance.test_solidarity_examples import EXAMPLES

FOLDER = EXAMPLES / "risico_samengestelde_poisson"
YEAR, COUNT = 2025, 8_000

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")


def test_risk_example_is_reproduced_to_the_last_decimal() -> None:
    table = risk_table(read_population(read_folder(FOLDER)))

    assert table == _text(FOLDER / "expected.csv")


def test_simulation_agrees_with_the_example() -> None:
    """Clients made as the example says: every CV within 4 %, every chance of overrun within four standard errors."""
    population = read_population(read_folder(FOLDER))
    totals: dict[Key, int] = {}
    for gemeente in population.gemeenten:
        amounts = [amount for amount, chance in population.severity.chances.items() for _ in range(round(gemeente.clients * chance * 20))]
        for number, amount in enumerate(amounts):  # Twenty years of clients, so that small gemeenten have whole numbers of each amount.
            totals[gemeente.code, f"c{number}", "ZORG", YEAR - number % 20] = int(100 * amount)
    opdracht = Opdracht.of(
        Instellingen(aantal=COUNT, methode="poisson", budget_factor=Fraction(105, 100)), jaar=YEAR, jaren=range(YEAR - 19, YEAR + 1)
    )

    simulatie = simulate_region(opdracht, Regio(totals=totals), ["profijt", "waarborg", "quotum:0.5", "stoploss:50000"])

    expected = list(csv.DictReader(io.StringIO(_text(FOLDER / "expected.csv"))))
    for number, column in enumerate(("cv_profijt", "cv_waarborg", "cv_quota", "cv_stop_loss")):
        borne = simulatie.bijdragen[number]
        for index, row in enumerate(expected):
            assert borne[:, index].std() / borne[:, index].mean() == pytest.approx(float(row[column]), rel=0.04), (
                row["municipality"],
                column,
            )
    over = (simulatie.bijdragen[0] > simulatie.budget_cent).mean(axis=0)
    for found, row in zip(over, expected, strict=True):
        chance = float(row["prob_over_budget"])
        assert abs(found - chance) < 4 * sqrt(chance * (1 - chance) / COUNT)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
