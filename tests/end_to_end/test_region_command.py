"""`solidair region` as an operator uses it: check, see what changes, be asked, load, and write back."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from tests.end_to_end.werkbank import REGIO, write_region

CHEAPER = {**REGIO, "tarieven.csv": REGIO["tarieven.csv"].replace("6000", "5900")}


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def installation(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a region loaded, which needs no yes; returns its folder."""
    monkeypatch.setenv("SOLIDAIR_DATABASE_URL", database)
    monkeypatch.setenv("SOLIDAIR_MODE", "test")
    monkeypatch.setenv("SOLIDAIR_NU", "2026-06-03T09:00")
    monkeypatch.setenv("SOLIDAIR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SOLIDAIR_LOG_LEVEL", "ERROR")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert main(["region", "load", str(write_region(tmp_path / "regio"))]) == 0
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, what was printed, and what was complained about."""
    capsys.readouterr()
    code = main(["region", *arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_diff_shows_what_loading_would_change_and_changes_nothing(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The row by its key, the column from what to what, and the counts; twice the same."""
    folder = str(write_region(installation / "nieuw", CHEAPER))

    first, again = run(capsys, "diff", folder), run(capsys, "diff", folder)
    _, counts, _ = run(capsys, "diff", folder, "--json")

    assert first == again
    assert first[0] == 0
    assert "tarief_cent 6000 → 5900" in first[1]
    assert json.loads(counts)["verschil"]["tarieven.csv"]["gewijzigd"] == 2
    assert run(capsys, "diff", str(installation / "regio"))[1] == "er verandert niets\n"


def test_load_without_a_terminal_needs_a_yes(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script says `--ja`, and a load that changes nothing needs no yes."""
    folder = str(write_region(installation / "nieuw", CHEAPER))

    refused = run(capsys, "load", folder)
    unchanged = run(capsys, "diff", str(installation / "regio"))
    loaded = run(capsys, "load", folder, "--ja")

    assert refused[0] == 1
    assert "--ja" in refused[2]
    assert "tarief_cent 6000 → 5900" in refused[1]
    assert unchanged[1] == "er verandert niets\n"
    assert loaded[0] == 0
    assert run(capsys, "load", folder)[0] == 0


@pytest.mark.parametrize(("answer", "code", "left"), [("j\n", 0, "er verandert niets\n"), ("n\n", 1, None), ("\n", 1, None), ("", 1, None)])
def test_load_asks_a_person(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str, code: int, left: str | None
) -> None:
    """Only j or ja loads; anything else leaves the region as it was."""
    folder = str(write_region(installation / "nieuw", CHEAPER))
    monkeypatch.setattr(sys, "stdin", Terminal(answer))

    outcome = run(capsys, "load", folder)

    assert outcome[0] == code
    assert "Doorgaan? [j/N]" in outcome[2]
    after = run(capsys, "diff", folder)[1]
    assert after == left if left else "tarief_cent 6000 → 5900" in after


def test_what_ends_and_what_is_void_is_shown(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is gone keeps the days before today."""
    first, *lines = REGIO["tarieven.csv"].splitlines(keepends=True)
    folder = str(write_region(installation / "nieuw", {**REGIO, "tarieven.csv": first + "".join(lines[1:])}))

    _, shown, _ = run(capsys, "diff", folder)

    assert "tot en met 2026-06-02" in shown
    assert "beëindigd: " in shown


def test_export_and_load_as_a_workbook(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is written is what is loaded."""
    book = installation / "regio.xlsx"

    assert run(capsys, "export", str(book))[0] == 0
    assert run(capsys, "check", str(book))[0] == 0
    assert run(capsys, "load", str(book))[1].startswith("er verandert niets\n")


def test_check_names_every_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With file, row and column; needs no database, no settings and no yes."""
    broken = {**REGIO, "tarieven.csv": REGIO["tarieven.csv"].replace("6000", "zestig")}

    good = run(capsys, "check", str(write_region(tmp_path / "goed")))
    bad = run(capsys, "check", str(write_region(tmp_path / "fout", broken)))
    _, document, _ = run(capsys, "check", str(tmp_path / "fout"), "--json")

    assert (good[0], bad[0]) == (0, 1)
    assert "geen fouten" in good[1]
    assert "tarieven.csv: rij 2 kolom tarief_cent" in bad[2]
    assert json.loads(document)["fouten"][0]["kolom"] == "tarief_cent"
    assert json.loads(document)["geldig"] is False


def test_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, no traceback."""
    for name in ("weg", "weg.xlsx"):
        code, _, error = run(capsys, "check", str(tmp_path / name))

        assert code == 1
        assert "kan niet worden gelezen" in error


def test_check_starts_without_what_a_database_needs(tmp_path: Path) -> None:
    """A command that needs no database starts within 0.3 s (DESIGN section 8): nothing heavy is imported for it."""
    folder = write_region(tmp_path / "regio")
    program = (
        "import sys; from app.cli import main; main(['region', 'check', sys.argv[1]]);"
        " print([name for name in ('sqlalchemy', 'asyncpg', 'openpyxl', 'fastapi', 'lxml') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
