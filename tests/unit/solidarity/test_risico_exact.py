"""What can be computed without drawing: Panjer's recursion, the closed forms, and the worked example of section 4 to the last decimal."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from math import exp, factorial

import pytest

from app.solidarity.errors import RegelingOngeldig
from app.solidarity.risico.closedform import Severity, Variation, clients_needed, root, with_shock
from app.solidarity.risico.panjer import chance_above
from app.solidarity.risico.population import read_population, risk_table

POPULATION = "municipality,jeugdigen,clients_per_jeugdige\nNoord,1000,0.10\nZuid,3000,1/10\n"
SEVERITY = "cost_per_client,probability\n5000,0.80\n25000,0.15\n120000,0.05\n"
SETTINGS = "setting,value\nbudget_over_mean,1.05\nvlaktaks_years,3\nquota_share,0.5\nstop_loss_deductible,50000\n"
FILES = {"input_population.csv": POPULATION, "input_severity.csv": SEVERITY, "input_settings.csv": SETTINGS}


def test_panjer_with_one_amount_is_the_poisson_distribution() -> None:
    below = sum(exp(-2) * 2**n / factorial(n) for n in range(4))

    assert float(chance_above(Fraction(2), {3: Fraction(1)}, 11)) == pytest.approx(1 - below, rel=1e-12)


def test_panjer_agrees_with_adding_up_every_number_of_clients() -> None:
    """By convolution, client by client; the chance of no cost at all is part of the severity."""
    expected, severity = 3.0, {0: Fraction(1, 4), 1: Fraction(1, 2), 4: Fraction(1, 4)}
    below, convolution = 0.0, {0: 1.0}
    for number in range(40):
        below += exp(-expected) * expected**number / factorial(number) * sum(part for total, part in convolution.items() if total <= 6)
        grown: dict[int, float] = {}
        for total, part in convolution.items():
            for step, chance in severity.items():
                grown[total + step] = grown.get(total + step, 0.0) + part * float(chance)
        convolution = grown

    assert float(chance_above(Fraction(3), severity, 6)) == pytest.approx(1 - below, rel=1e-9)


def test_panjer_holds_for_thousands_of_clients() -> None:
    """exp(-5000) is nothing to a float; half of the years are above the mean, but for a little skewness."""
    chance = chance_above(Fraction(5_000), {1: Fraction(1)}, 5_000)

    assert Decimal("0.49") < chance < Decimal("0.5")


@pytest.mark.parametrize(
    "wrong", [(Fraction(1), {1: Fraction(1, 2)}, 5), (Fraction(1), {-1: Fraction(1)}, 5), (Fraction(1), {1: Fraction(1)}, 10**8)]
)
def test_panjer_refuses(wrong: tuple[Fraction, dict[int, Fraction], int]) -> None:
    with pytest.raises(ValueError, match=r"chances|coarser"):
        chance_above(*wrong)


def test_closed_forms_meet_at_their_ends() -> None:
    """A quota of nothing is profijt and of everything waarborg, and so is a stop-loss above the dearest client or from the first euro."""
    severity = Severity(
        chances={Fraction(5_000): Fraction(8, 10), Fraction(25_000): Fraction(15, 100), Fraction(120_000): Fraction(5, 100)}
    )
    variation = Variation(severity=severity, clients=Fraction(50), region=Fraction(800))

    assert variation.profijt == Fraction(833_750_000, 13_750**2) / 50
    assert variation.quota(Fraction(0)) == variation.profijt == variation.stop_loss(Fraction(120_000)) == variation.omslag(1)
    assert variation.quota(Fraction(1)) == variation.waarborg == variation.stop_loss(Fraction(0))
    assert variation.uitstel(4) == variation.profijt / 4
    assert clients_needed(severity, Fraction(1, 10)) == 100 * Fraction(833_750_000, 13_750**2)
    assert with_shock(Fraction(0), Fraction(1, 20)) == Fraction(1, 400)
    assert root(Fraction(2), 6) == "1.414214"


def test_table_of_a_population() -> None:
    """CV of 100 clients out of 400; half of it is left of profijt under waarborg."""
    header, noord, _ = risk_table(read_population(FILES)).splitlines()

    cells = dict(zip(header.split(","), noord.split(","), strict=True))
    assert cells["lambda"] == "100"
    assert cells["mean_cost"] == "1375000.00"
    assert (cells["cv_profijt"], cells["cv_waarborg"]) == ("0.209998", "0.104999")
    assert 0.3 < float(cells["prob_over_budget"]) < 0.4


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("input_severity.csv", "25000", "25001", r"input_severity.csv, rij 3, kolom cost_per_client: kies een veelvoud"),
        ("input_severity.csv", "0.80", "0.81", "tellen niet op tot 1"),
        ("input_severity.csv", "0.80", "-0.80", "rij 2, kolom probability"),
        ("input_population.csv", "1000", "0", r"input_population.csv, rij 2, kolom jeugdigen"),
        ("input_population.csv", "Zuid", "Noord", "elke gemeente een keer"),
        ("input_population.csv", "3000", "3000000000", "te groot voor de exacte berekening"),
        ("input_settings.csv", "vlaktaks_years,3", "vlaktaks_years,2.5", "vlaktaks_years is geen heel getal"),
        ("input_settings.csv", "quota_share,0.5\n", "", "quota_share ontbreekt"),
    ],
)
def test_malformed_population_is_refused_with_its_place(file: str, old: str, new: str, sentence: str) -> None:
    with pytest.raises(RegelingOngeldig, match=sentence):
        read_population({**FILES, file: FILES[file].replace(old, new)})


def test_missing_file_is_named() -> None:
    with pytest.raises(RegelingOngeldig, match=r"input_severity.csv: dit bestand ontbreekt"):
        read_population({file: text for file, text in FILES.items() if file != "input_severity.csv"})


def test_needs_no_numpy() -> None:
    script = "import sys, app.solidarity.risico.population; print('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "False"
