"""The `solidair` command on a real database, as an operator uses it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.standard.writing import write
from tests.builders import make_301, make_323, make_prestatie
from tests.end_to_end.werkbank import REGIO, write_region


@pytest.fixture
def installation(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a region loaded; returns its folder."""
    monkeypatch.setenv("SOLIDAIR_DATABASE_URL", database)
    monkeypatch.setenv("SOLIDAIR_MODE", "test")
    monkeypatch.setenv("SOLIDAIR_NU", "2026-06-03T09:00")
    monkeypatch.setenv("SOLIDAIR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SOLIDAIR_LOG_LEVEL", "ERROR")
    assert main(["region", "load", str(write_region(tmp_path / "regio"))]) == 0
    return tmp_path


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command prints with `--json`."""
    capsys.readouterr()
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def write_berichten(folder: Path) -> list[str]:
    """A toewijzing, a declaratie on it, one that claims too much, and something that is no bericht."""
    too_much = make_323(make_prestatie("R9", geleverd_volume=500), identificatie="ID9")
    files = {"1.xml": write(make_301()), "2.xml": write(make_323()), "3.xml": write(too_much), "4.xml": b"<geen bericht"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [str(folder / name) for name in files]


def test_submit_prints_what_became_of_each_file(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Accepted, granted, rejected with its codes, refused at the door."""
    outcome = run_json(capsys, "submit", *write_berichten(installation))

    assert [item["status"] for item in outcome["berichten"]] == ["klaar", "verwerkt", "afgekeurd", "geweigerd"]
    assert set(outcome["berichten"][2]["retourcodes"]) == {"9333"}
    assert outcome["status"] == {"klaar": 1, "verwerkt": 1, "afgekeurd": 1, "geweigerd": 1}


def test_the_books_verify_and_settle_after_submitting(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was granted is what is settled, to the cent."""
    run_json(capsys, "submit", *write_berichten(installation))

    verified = run_json(capsys, "ledger", "verify")
    settled = run_json(capsys, "settle", "--jaar", "2026", "--model", "waarborg")

    assert verified["klopt"] is True
    assert settled["kosten_cent"] == settled["kosten_clienten_cent"] == 48000
    assert settled["som_cent"] == 0


def test_a_region_with_faults_is_not_loaded_at_all(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault with file, row and column; what was loaded stays."""
    broken = {
        **REGIO,
        "tarieven.csv": REGIO["tarieven.csv"].replace("6000", "zestig"),
        "gemeenten.csv": "code,naam,geldig_van,geldig_tot\n",
    }
    capsys.readouterr()

    code = main(["region", "load", str(write_region(installation / "kapot", broken))])

    errors = capsys.readouterr().err
    assert code == 1
    assert "tarieven.csv: rij 2 kolom tarief_cent" in errors
    assert "er is niets geladen" in errors
    assert main(["region", "export", str(installation / "uit")]) == 0
    assert "Goes" in (installation / "uit" / "gemeenten.csv").read_text(encoding="utf-8")


def test_a_token_is_printed_alone_and_can_be_revoked(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that a script can take it; the list shows it by number."""
    capsys.readouterr()
    main(["token", "maak", "aanbieder:42420001"])
    token = capsys.readouterr().out

    main(["token", "intrek", "1"])
    main(["token", "lijst"])
    listing = capsys.readouterr().out

    assert len(token.split()) == 1
    assert token.strip() not in listing
    assert "ingetrokken" in listing


def test_a_partij_that_is_none_gets_a_sentence(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback."""
    assert main(["token", "maak", "42420001"]) == 1
    assert "gemeente:0664 of aanbieder:42420001" in capsys.readouterr().err


def test_an_account_is_made_with_a_password_from_standard_input(
    installation: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A role that does not exist is refused."""
    monkeypatch.setattr("sys.stdin", io.StringIO("een lang genoeg wachtwoord\n"))

    assert main(["account", "maak", "jansen", "--rol", "controller", "--gemeente", "0664"]) == 0
    assert main(["account", "maak", "pietersen", "--rol", "baas"]) == 1
    assert "baas is geen rol" in capsys.readouterr().err


def test_validate_tells_which_files_are_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without any database; one JSON array."""
    good, bad = tmp_path / "goed.xml", tmp_path / "fout.xml"
    good.write_bytes(write(make_301()))
    bad.write_bytes(write(make_301()).replace(b"<jw301:Geslacht>2<", b"<jw301:Geslacht>7<"))

    code = main(["validate", str(good), str(bad), "--json"])

    outcome = json.loads(capsys.readouterr().out)
    assert code == 1
    assert [item["valid"] for item in outcome] == [True, False]
    assert "Toegestaan zijn" in outcome[1]["bevindingen"][0]["melding"]


def test_without_keys_a_command_says_what_to_set(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the demo makes keys itself."""
    monkeypatch.setenv("SOLIDAIR_DATABASE_URL", database)
    monkeypatch.setenv("SOLIDAIR_DATA_DIR", str(tmp_path))

    assert main(["ledger", "verify"]) == 1
    assert "SOLIDAIR_KEY_FILE" in capsys.readouterr().err


def test_a_clock_in_production_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """SOLIDAIR_NU is for demo and tests."""
    monkeypatch.setenv("SOLIDAIR_NU", "2026-06-03T09:00")

    assert main(["ledger", "verify"]) == 1
    assert "SOLIDAIR_MODE" in capsys.readouterr().err
