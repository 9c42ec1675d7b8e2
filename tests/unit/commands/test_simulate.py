"""`solidair simulate` on a folder: a table, JSON, files; the same for one seed; and its refusals as one sentence."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main

FILES = {
    "input_arrangements.csv": "arrangement,valid_from,valid_to,categories\nWB,2024-01-01,2026-01-01,ZORG\n",
    "input_members.csv": "arrangement,municipality,from,to\nWB,Noord,,\nWB,Zuid,,\n",
    "input_key.csv": "arrangement,role,measure,lag_from,lag_to,averaging,weight\nWB,key,inwoners,0,0,sum,1\n",
    "input_measures.csv": "measure,municipality,category,year,value\n"
    + "".join(f"{m},{code},,{year},{value}\n" for year in (2024, 2025) for m, code, value in (
        ("inwoners", "Noord", 1000), ("inwoners", "Zuid", 3000), ("budget", "Noord", 900), ("budget", "Zuid", 2100))),
    "input_ledger.csv": "line,service_date,municipality,category,client,provider,amount\n"
    + "".join(f"L{n}{year},{year}-03-01,{'Noord' if n % 4 == 0 else 'Zuid'},{'ZORG' if n % 5 else 'CRISIS'},k{n},P,{100 + 37 * n}.50\n"
              for n in range(16) for year in (2024, 2025)),
}  # fmt: skip
DOCUMENT = """
naam = "Helft"
regio = "Test"
versie = "1"
geldig_van = 2024-01-01
geldig_tot = 2025-12-31
leden = ["Noord", "Zuid"]

[[regeling]]
code = "HELFT"
zorgvormen = ["ZORG"]

[maatstaven.inwoners]
bron = "CBS"

[[regeling.sleutel]]
maatstaf = "inwoners"

[[regeling.laag]]
basis = "kosten"
aandeel = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region of two gemeenten with its own arrangement and two years of clients."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_prints_a_table_of_profijt_the_own_agreement_and_waarborg(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--from", str(folder), "--aantal", "300", "--schok", "0.05"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in {"profijt", "map", "waarborg"}] == ["profijt", "map", "waarborg"]
    assert "16 clienten" in lines[0]
    assert any(line.startswith("wat delen wegneemt") for line in lines)


def test_json_has_every_figure_and_is_the_same_each_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a document, a budget from the measures and a known past."""
    (folder / "helft.toml").write_text(DOCUMENT)
    arguments = [
        "simulate",
        "--from",
        str(folder),
        "--aantal",
        "300",
        "--json",
        "--budget",
        "budget",
        "--verleden",
        "vast",
        "--jaar",
        "2025",
    ]
    arguments += ["--agreement", "profijt", "--agreement", "vlaktaks:1", "--agreement", str(folder / "helft.toml"), "--agreement", "map"]

    outputs = []
    for _ in range(2):
        assert main(arguments) == 0
        outputs.append(capsys.readouterr().out)

    document = json.loads(outputs[0])
    assert outputs[0] == outputs[1]
    assert document["opdracht"]["overeenkomsten"] == ["profijt", "vlaktaks:1", "Helft", "map"]
    assert len(document["cijfers"]) == 4 * 3
    assert {row["budget_cent"] for row in document["cijfers"] if row["gemeente"] == "Noord"} == {900_00}


def test_writes_tables_and_charts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "uit"

    assert (
        main(["simulate", "--from", str(folder), "--aantal", "200", "--methode", "poisson", "--zorgvorm", "ZORG", "--out", str(out)]) == 0
    )

    assert sorted(path.name for path in out.iterdir()) == ["grafieken.json", "poolwinst.csv", "risico.csv"]
    with (out / "risico.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["gemeente"] for row in rows[:3]] == ["Noord", "Zuid", "regio"]
    assert json.loads((out / "grafieken.json").read_text()).keys() == {"Noord", "Zuid", "regio"}
    assert str(out / "risico.csv") in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--schok", "veel"], "--schok veel: schrijf een getal"),
        (["--historie", "2025-2024"], "--historie 2025-2024: schrijf het eerste en het laatste jaar"),
        (["--historie", "1999"], "geen kosten in deze jaren"),
        (["--agreement", "onbekend.toml"], "Het bestand onbekend.toml bestaat niet"),
        (["--budget", "rijksbudget"], "rijksbudget van Noord, Zuid ontbreekt"),
        (["--agreement", "zeeland-geen"], "geen regeling geldt in 2025"),
    ],
)
def test_refuses_with_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert main(["simulate", "--from", str(folder), "--aantal", "50", *arguments]) == 1

    assert sentence in capsys.readouterr().err


def test_folder_without_agreement_has_no_map(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "input_arrangements.csv").unlink()

    assert main(["simulate", "--from", str(folder), "--aantal", "50", "--agreement", "map"]) == 1
    assert "geen input_arrangements.csv" in capsys.readouterr().err
    assert main(["simulate", "--from", str(folder), "--aantal", "50"]) == 0


def test_population_is_computed_and_not_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "input_population.csv").write_text("municipality,jeugdigen,clients_per_jeugdige\nNoord,1000,0.10\n")
    (tmp_path / "input_severity.csv").write_text("cost_per_client,probability\n5000,1\n")
    settings = "setting,value\nbudget_over_mean,1.05\nvlaktaks_years,3\nquota_share,0.5\nstop_loss_deductible,50000\n"
    (tmp_path / "input_settings.csv").write_text(settings)

    assert main(["simulate", "--from", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert main(["simulate", "--from", str(tmp_path), "--out", str(tmp_path / "uit")]) == 0

    assert printed.splitlines()[1].startswith("Noord,1000,100,500000.00,0.100000,0.100000,")
    assert (tmp_path / "uit" / "risico.csv").read_text() == printed


def test_help_loads_no_numpy() -> None:
    script = "import sys, app.cli; app.cli.make_parser(); print('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "False"
