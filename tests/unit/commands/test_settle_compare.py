"""`solidair settle compare` from a folder: table, JSON, files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main

FOLDER = {
    "input_arrangements.csv": "arrangement,valid_from,valid_to,categories,pool_by\nSALDO,2026-01-01,2027-01-01,SALDO,arrangement\n",
    "input_members.csv": "arrangement,municipality,from,to\n*,Aadorp,,\n*,Bedorp,,\n",
    "input_key.csv": "arrangement,role,measure,lag_from,lag_to,averaging,weight\nSALDO,key,inwoners,0,0,sum,1\n",
    "input_ledger.csv": "service_date,municipality,category,client,amount\n2026-07-01,Aadorp,SALDO,,90.00\n2026-07-01,Bedorp,SALDO,,-30.00\n",
    "input_measures.csv": "measure,municipality,category,year,value\ninwoners,Aadorp,,2026,1\ninwoners,Bedorp,,2026,2\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Balances of two gemeenten with their agreement."""
    for name, text in FOLDER.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_compares_a_model_with_the_agreement_in_the_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """60 euros over one and two inhabitants: Aadorp pays 20 instead of 90."""
    assert main(["settle", "compare", "profijt", "map", "--from", str(folder), "--json"]) == 0

    base, own = json.loads(capsys.readouterr().out)["overeenkomsten"]
    assert [(g["gemeente"], g["bijdrage_cent"], g["verschil_cent"]) for g in own["gemeenten"]] == [
        ("Aadorp", 2000, -7000),
        ("Bedorp", 4000, 7000),
    ]
    assert [(m["gemeente"], m["nu"]) for m in base["marges"]] == [("Aadorp", "1"), ("Bedorp", "1")]
    assert [(m["gemeente"], m["nu"]) for m in own["marges"]] == [("Aadorp", "1/3"), ("Bedorp", "2/3")]


def test_prints_a_table_or_writes_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences on the screen; with `--out` the tables."""
    assert main(["settle", "compare", "profijt", "map", "--from", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert main(["settle", "compare", "profijt", "map", "--from", str(folder), "--out", str(tmp_path / "uit")]) == 0

    assert "Onder map betaalt Aadorp € 70,00 minder dan onder profijt, € 70,00 per inwoner per jaar." in shown
    table = (tmp_path / "uit" / "vergelijking.csv").read_text(encoding="utf-8").splitlines()
    assert table[3] == "map,Aadorp,Aadorp,90.00,-70.00,20.00,-70.00,-70.00"
    assert (tmp_path / "uit" / "marges.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["profijt"], "twee of meer"),
        (["profijt", "map", "--jaren", "2026-2025"], "--jaren"),
        (["profijt", "bestaat-niet.toml"], "bestaat niet"),
        (["profijt", "waarborg:schoenmaat"], "schoenmaat"),
    ],
)
def test_says_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["settle", "compare", *arguments, "--from", str(folder)]) != 0

    assert said in capsys.readouterr().err


def test_one_action_on_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    """Two actions at once are refused before anything is opened."""
    assert main(["settle", "--vaststellen", "1", "--boeken", "2"]) != 0

    assert "kies één van" in capsys.readouterr().err
