"""The worked examples of the solidarity reference, reproduced to the last byte.

The folder is the sibling `solidarity/examples` of SOLIDAIR_STANDARD_DIR; without it, of `../shared/standard` beside the checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.solidarity.csvform import read_inputs
from app.solidarity.csvinput import write_inputs
from app.solidarity.document import document_of
from app.solidarity.folder import agreement_from_folder, read_folder, run_from_folder
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document

STANDARD_DIR = Path(os.environ.get("SOLIDAIR_STANDARD_DIR") or Path(__file__).resolve().parents[3] / "shared" / "standard")
EXAMPLES = STANDARD_DIR.parent / "solidarity" / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir()) if EXAMPLES.is_dir() else []

EXAMPLES_COUNT = 35


def test_examples_are_all_there() -> None:
    """The reference has this many; none is left out below."""
    if not FOLDERS:
        pytest.skip("the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")

    assert len(FOLDERS) == EXAMPLES_COUNT


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_example_is_reproduced_to_the_byte(folder: Path, tmp_path: Path) -> None:
    """Every `expected*.csv` equals what `solidair settle --from` writes, and nothing else is written."""
    expected = {_result_name(path): path.read_bytes() for path in folder.glob("expected*.csv")}

    written = {path.name: path.read_bytes() for path in run_from_folder(folder, tmp_path)}

    assert written == expected


def _result_name(path: Path) -> str:
    """`expected.csv` is settlement.csv, `expected_reserve.csv` is reserve.csv."""
    return f"{path.stem.removeprefix('expected').removeprefix('_') or 'settlement'}.csv"


SETTLEMENTS = [folder for folder in FOLDERS if (folder / "input_arrangements.csv").is_file()]
"""The examples that have an agreement; depletion, aggregation, risk and top cases have none."""


@pytest.mark.parametrize("folder", SETTLEMENTS, ids=lambda folder: folder.name)
def test_example_settles_the_same_by_its_document(folder: Path, tmp_path: Path) -> None:
    """The agreement of the CSV as a TOML document, beside the folder without its agreement: the same results to the byte."""
    document = tmp_path / "overeenkomst.toml"
    document.write_text(agreement_from_folder(folder), encoding="utf-8")

    by_csv = run_from_folder(folder, tmp_path / "csv")
    by_document = run_from_folder(folder, tmp_path / "toml", document)

    assert [path.name for path in by_document] == [path.name for path in by_csv]
    assert [path.read_bytes() for path in by_document] == [path.read_bytes() for path in by_csv]


@pytest.mark.parametrize("folder", SETTLEMENTS, ids=lambda folder: folder.name)
def test_example_survives_csv_to_document_and_back(folder: Path, tmp_path: Path) -> None:
    """Both forms read to the same agreement and history, and each is written the same again."""
    given = read_inputs(read_folder(folder), name=folder.name)

    document = read_document(write_document(document_of(given, region="regio", version="1")))
    back = read_inputs(write_inputs(document.settlement_input(given)), name=folder.name)

    assert document.settlement_input(given) == given
    assert (back.agreement, back.history, back.measures, back.lines) == (given.agreement, given.history, given.measures, given.lines)


def test_all_examples_are_computed_within_five_seconds(tmp_path: Path) -> None:
    """In one process, files read and written (issue 7, Speed)."""
    if not FOLDERS:
        pytest.skip("the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")
    started = time.perf_counter()

    for folder in FOLDERS:
        run_from_folder(folder, tmp_path / folder.name)

    assert time.perf_counter() - started < 5


def test_the_command_answers_within_half_a_second(tmp_path: Path) -> None:
    """`solidair settle --from` as a process of its own, interpreter and imports included: the quickest of three (issue 7, Speed)."""
    if not FOLDERS:
        pytest.skip("the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")
    command = [sys.executable, "-m", "app.cli", "settle", "--from", str(EXAMPLES / "zeeland_2016_saldi"), "--out", str(tmp_path)]

    def seconds() -> float:
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - started

    assert min(seconds() for _ in range(3)) < 0.5
    assert (tmp_path / "settlement.csv").is_file()
