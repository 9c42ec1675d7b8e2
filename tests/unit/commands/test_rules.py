"""`solidair rules`: the list as JSON and as a table, its filters, and that it needs nothing but the program."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from app.cli import main
from app.commands.rules import print_table
from app.reports import Afgegaan
from app.standard.rulebook import RegelVraag, Staat, regelboek, tel_staten, zoek

KEYS = ["domein", "soort", "code", "berichten", "element", "zin", "staat", "waarom", "functie", "tests", "retourcode", "laatst"]
NOT_LOADED = ("sqlalchemy", "asyncpg", "fastapi", "pydantic", "lxml", "app.bootstrap")


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    """What the command prints with these arguments, as JSON."""
    assert main(["rules", "--json", *arguments]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_json_is_one_array_with_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    """713 rows of iJw and 634 of iWmo, each with a state and without a last time, for no database was asked."""
    rows = listed(capsys)

    assert [sum(row["domein"] == domein for row in rows) for domein in ("ijw", "iwmo")] == [713, 634]
    assert [len({row["code"] for row in rows if row["domein"] == domein}) for domein in ("ijw", "iwmo")] == [303, 230]
    assert {tuple(row) for row in rows} == {tuple(KEYS)}
    assert {row["staat"] for row in rows} <= {staat.value for staat in Staat}
    assert {row["laatst"] for row in rows} == {None}


def test_a_row_says_what_enforces_it(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = listed(capsys, "--code", "tr321", "--domein", "iwmo")

    assert row["berichten"] == ["323"]
    assert row["staat"] == "afgedwongen"
    assert row["functie"] == ["app.standard.rules.prestatie_volume.tr321_geleverd_volume_fits"]
    assert row["retourcode"] == "9321"
    assert row["tests"]["houdt"]
    assert row["tests"]["faalt"]


def test_filters_narrow_together(capsys: pytest.CaptureFixture[str]) -> None:
    rows = listed(capsys, "--staat", "niet_controleerbaar", "--code", "TR", "--domein", "ijw")

    assert [row["code"] for row in rows] == ["TR381"]
    assert "TR339" in rows[0]["waarom"]


def test_no_row_is_said_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json", "--code", "ZZ"]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "geen regel" in printed.err


def test_table_has_a_line_per_code_and_counts_at_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--code", "CD060"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line] == ["code", "CD060", "ijw:", "iwmo:"]
    assert "afgedwongen+proces" in lines[1]
    assert lines[-1] == "iwmo: 2 rijen, 1 codes: 1 afgedwongen, 1 proces"


def test_table_counts_are_those_of_the_rulebook(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0

    last = capsys.readouterr().out.splitlines()[-1]
    for staat, aantal in tel_staten(rij for rij in regelboek() if rij.domein == "iwmo").items():
        assert (f"{aantal} {staat.value.replace('_', ' ')}" in last) is (aantal > 0)


def test_table_shows_when_a_rule_last_fired() -> None:
    out = StringIO()

    print_table(
        zoek(regelboek(), RegelVraag(code="TR32")), {"TR322": Afgegaan(laatst=datetime(2026, 7, 3, 9, 0, tzinfo=UTC), berichten=4)}, out
    )

    assert {line.split()[0] for line in out.getvalue().splitlines() if "2026-07-03" in line} == {"TR322"}


def test_without_database_nothing_of_it_is_loaded() -> None:
    """That is what makes the command start at once."""
    program = f"import sys; from app.cli import main; main(['rules']); sys.exit(len([m for m in {NOT_LOADED} if m in sys.modules]))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
