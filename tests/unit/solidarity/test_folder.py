"""The folder command: whole results or none, and a quick start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import NietGevonden
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.folder import run_from_folder

FILES = {
    "input_arrangements.csv": "arrangement,valid_from,valid_to,categories\nR,2021-01-01,2022-01-01,ZORG\n",
    "input_members.csv": "arrangement,municipality,from,to\n*,Súdwest-Fryslân,,\n",
    "input_ledger.csv": "service_date,municipality,category,amount\n2021-07-01,Súdwest-Fryslân,ZORG,1.00\n",
    "input_key.csv": "arrangement,role,measure,lag_from,lag_to,averaging,weight\nR,key,cost,0,0,sum,1\n",
    "notes.txt": "not read",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with one small settlement."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_results_are_written_as_utf8(source: Path, tmp_path: Path) -> None:
    """Into a folder that is made for them; nothing else is left there."""
    out = tmp_path / "a" / "b"

    written = run_from_folder(source, out)

    assert written == [out / "settlement.csv"]
    assert list(out.iterdir()) == written
    assert "R,2021-01-01,2022-01-01,*,Súdwest-Fryslân,1.00,1.00,0.00,100\n" in written[0].read_text(encoding="utf-8")


def test_refusal_writes_nothing(source: Path, tmp_path: Path) -> None:
    """An older result stays as it was."""
    (source / "input_key.csv").write_text("arrangement\nR\n", encoding="utf-8")

    with pytest.raises(RegelingOngeldig, match=r"input_key\.csv, rij 1"):
        run_from_folder(source, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_wrong_encoding_is_named(source: Path, tmp_path: Path) -> None:
    """Windows-1252 as old spreadsheets write it."""
    (source / "input_members.csv").write_bytes(FILES["input_members.csv"].encode("cp1252"))

    with pytest.raises(RegelingOngeldig, match=r"input_members\.csv: byte 37 is geen UTF-8"):
        run_from_folder(source, tmp_path / "out")


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """A typing mistake on the command line."""
    with pytest.raises(NietGevonden, match="bestaat niet"):
        run_from_folder(tmp_path / "nergens", tmp_path / "out")


def test_starts_without_database_or_numpy() -> None:
    """`solidair settle --from` must start within half a second: none of the heavy packages is imported."""
    heavy = {"sqlalchemy", "asyncpg", "numpy", "fastapi", "pydantic", "lxml", "asyncio"}
    script = "import sys, app.solidarity.folder; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()

    assert heavy & set(loaded) == set()
