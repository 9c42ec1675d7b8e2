"""`solidair rules --database` on a database in which rules fired, as an operator asks it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from app.cli import main
from app.standard.writing import write
from tests.builders import make_301, make_305
from tests.end_to_end.werkbank import write_region


def test_the_list_says_when_a_rule_last_fired(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A start before its toewijzing breaks TR019; no other rule fired, and without `--database` nothing is said of it."""
    for name, value in {"DATABASE_URL": database, "MODE": "test", "NU": "2026-06-03T09:00", "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"SOLIDAIR_{name}", value)
    monkeypatch.setenv("SOLIDAIR_LOG_LEVEL", "ERROR")
    assert main(["region", "load", str(write_region(tmp_path / "regio"))]) == 0
    for name, data in {"1.xml": write(make_305()), "2.xml": write(make_301())}.items():
        (tmp_path / name).write_bytes(data)
    main(["submit", str(tmp_path / "1.xml"), str(tmp_path / "2.xml")])
    capsys.readouterr()

    assert main(["rules", "--json", "--database"]) == 0
    fired = {row["code"]: row["laatst"] for row in json.loads(capsys.readouterr().out) if row["laatst"]}
    assert main(["rules", "--json"]) == 0
    unasked = {row["laatst"] for row in json.loads(capsys.readouterr().out)}

    assert set(fired) == {"TR019"}
    assert datetime.fromisoformat(fired["TR019"]).isoformat() == "2026-06-03T07:00:00+00:00"
    assert unasked == {None}
