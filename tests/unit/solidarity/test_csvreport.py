"""The calculations of section 2.14 that are no settlement: what their files must say, and the sentence when they do not."""

from __future__ import annotations

import pytest

from app.solidarity.csvcalculation import calculate
from app.solidarity.errors import RegelingOngeldig

DEPLETION = {
    "input_budget.csv": "municipality,year,budget\nA,2026,100.00\n",
    "input_month_costs.csv": "municipality,year,month,cost\nA,2026,1,10.00\n",
    "input_provider_ceilings.csv": "provider,year,ceiling,realised\nP,2026,,5.00\n",
}
CASES = {"input_client_costs.csv": "municipality,year,client,cost\nA,2026,c1,10.00\n"}
LEDGER = {
    "input_ledger_raw.csv": (
        "line,booking_date,service_from,service_to,municipality,category,client,kind,amount\n"
        "G1,2026-02-01,2026-01-01,2026-02-01,A,GGZ,,invoice,10.00\n"
    )
}
RISK = {
    "input_population.csv": "municipality,jeugdigen,clients_per_jeugdige\nA,100,0.1\n",
    "input_severity.csv": "cost_per_client,probability\n5000,1\n",
    "input_settings.csv": "setting,value\nbudget_over_mean,1.05\nvlaktaks_years,3\nquota_share,0.5\nstop_loss_deductible,50000\n",
}


@pytest.mark.parametrize(("folder", "names"), [
    (DEPLETION, ["settlement.csv", "providers.csv"]),
    ({name: text for name, text in DEPLETION.items() if "ceilings" not in name}, ["settlement.csv"]),
    (CASES, ["settlement.csv", "summary.csv"]),
    (LEDGER, ["settlement.csv"]),
    (RISK, ["settlement.csv"]),
])  # fmt: skip
def test_folder_says_what_it_asks(folder: dict[str, str], names: list[str]) -> None:
    """By its files; plafonds are written only when they were given."""
    assert list(calculate(folder, "map")) == names


@pytest.mark.parametrize(
    ("file", "old", "new", "objection"),
    [
        ("input_budget.csv", "A,2026,100.00", "A,2026,veel", "input_budget.csv, rij 2, kolom budget: 'veel' is geen bedrag in euro's"),
        ("input_budget.csv", "100.00", "-1.00", "input_budget.csv, rij 2, kolom budget: een budget is niet negatief; verbeter"),
        ("input_budget.csv", "A,2026,100.00", "A,2026,1.00\nA,2026,2.00", "rij 3, kolom municipality: het budget van A in 2026 staat er twee keer"),
        ("input_budget.csv", "A,2026", "B,2026", "input_month_costs.csv, rij 2, kolom municipality: A heeft in 2026 geen budget; voeg het toe"),
        ("input_budget.csv", "municipality,year,budget", "municipality,budget", "input_budget.csv, rij 1: in de kop ontbreken year; voeg"),
        ("input_month_costs.csv", "2026,1,", "2026,13,", "input_month_costs.csv, rij 2, kolom month: '13' is geen maand; kies 1 tot en met 12"),
        ("input_month_costs.csv", "2026,1,", "2026,jan,", "input_month_costs.csv, rij 2, kolom month: 'jan' is geen geheel getal"),
        ("input_month_costs.csv", "10.00", "10.00\nA,2026,1,2.00", "rij 3, kolom month: maand 1 van 2026 staat er voor A twee keer; tel"),
        ("input_month_costs.csv", "10.00", "", "input_month_costs.csv, rij 2, kolom cost: deze cel mag niet leeg zijn; vul haar in"),
        ("input_provider_ceilings.csv", ",,", ",-1.00,", "input_provider_ceilings.csv, rij 2, kolom ceiling: een plafond is niet negatief"),
        ("input_provider_ceilings.csv", "5.00", "5.00\nP,2026,,1.00", "rij 3, kolom provider: P staat er in 2026 twee keer; laat één rij staan"),
        ("input_client_costs.csv", "c1", "", "input_client_costs.csv, rij 2, kolom client: deze cel mag niet leeg zijn"),
        ("input_client_costs.csv", "2026", "26", "input_client_costs.csv, rij 2, kolom year: '26' is geen jaar van vier cijfers"),
        ("input_client_costs.csv", "10.00", "10,00", "input_client_costs.csv, rij 2, kolom cost: de rij heeft 5 cellen en de kop 4"),
        ("input_ledger_raw.csv", "invoice", "factuur", "input_ledger_raw.csv, rij 2, kolom kind: 'factuur' is geen keuze; kies uit invoice"),
        ("input_ledger_raw.csv", "2026-01-01,2026-02-01", "2026-02-01,2026-02-01", "kolom service_to: deze dag is de dag na de laatste"),
        ("input_ledger_raw.csv", "2026-02-01,A", "9999-12-31,A", "rij 2, kolom service_to: 9999 is geen jaar van 1900 tot en met 2199"),
        ("input_ledger_raw.csv", "2026-02-01,2026-01-01", "1-2-2026,2026-01-01", "rij 2, kolom booking_date: '1-2-2026' is geen datum"),
        ("input_ledger_raw.csv", "10.00\n", "10.00\nG1,2026-02-01,2026-01-01,2026-02-01,A,GGZ,,invoice,1.00\n",
         "input_ledger_raw.csv, rij 3, kolom line: regel G1 staat er twee keer; haal de dubbele weg"),
        ("input_population.csv", "100", "nul", "input_population.csv, rij 2, kolom jeugdigen: 'nul' is geen getal"),
        ("input_severity.csv", "5000,1", "5000,0.9", "input_severity.csv: de kansen tellen niet op tot 1"),
    ],
)  # fmt: skip
def test_mistake_is_named_by_file_row_and_column(file: str, old: str, new: str, objection: str) -> None:
    """And by what to change."""
    folder = next(each for each in (DEPLETION, CASES, LEDGER, RISK) if file in each)
    assert old in folder[file]

    with pytest.raises(RegelingOngeldig) as refused:
        calculate({**folder, file: folder[file].replace(old, new, 1)}, "map")

    assert objection in refused.value.melding


def test_missing_file_is_named() -> None:
    with pytest.raises(RegelingOngeldig, match=r"input_budget\.csv: dit bestand ontbreekt; voeg het toe"):
        calculate({"input_month_costs.csv": DEPLETION["input_month_costs.csv"]}, "map")


def test_two_calculations_in_one_folder_are_refused() -> None:
    """And so is a misspelled name: nothing is left out in silence."""
    with pytest.raises(RegelingOngeldig) as refused:
        calculate({**DEPLETION, **CASES, "input_provider_ceiling.csv": ""}, "map")

    assert [bezwaar.waar for bezwaar in refused.value.bezwaren] == ["input_client_costs.csv", "input_provider_ceiling.csv"]


def test_folder_of_nothing_lacks_an_agreement() -> None:
    with pytest.raises(RegelingOngeldig, match=r"input_arrangements\.csv: dit bestand ontbreekt"):
        calculate({"notes.txt": ""}, "map")
