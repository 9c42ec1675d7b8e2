"""The worked examples of the solidarity reference, reproduced to the last field.

The folder is the sibling `solidarity/examples` of SOLIDAIR_STANDARD_DIR; without it, of `../shared/standard` beside the checkout.
"""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.csvform import read_inputs
from app.solidarity.csvinput import write_inputs
from app.solidarity.document import document_of
from app.solidarity.folder import agreement_from_folder, read_folder, run_from_folder
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document

STANDARD_DIR = Path(os.environ.get("SOLIDAIR_STANDARD_DIR") or Path(__file__).resolve().parents[3] / "shared" / "standard")
EXAMPLES = STANDARD_DIR.parent / "solidarity" / "examples"
FOLDERS = sorted(path for path in EXAMPLES.iterdir() if path.is_dir()) if EXAMPLES.is_dir() else []

NOT_A_SETTLEMENT = {"budgetuitputting_maand", "grootboek_aggregatie", "risico_samengestelde_poisson", "top10_duurste_casussen"}
"""Depletion, aggregation, risk and top cases: other calculations than a settlement, refused until they are built."""


def test_examples_are_there() -> None:
    """At least the 31 settlements of the reference are found and computed; the rest is named."""
    if not FOLDERS:
        pytest.skip("the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")

    supported = {folder.name for folder in FOLDERS} - NOT_A_SETTLEMENT

    assert len(supported) >= 31


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_example_is_reproduced_to_the_last_field(folder: Path, tmp_path: Path) -> None:
    """Every `expected*.csv` equals what `solidair settle --from` writes, and nothing else is written."""
    if folder.name in NOT_A_SETTLEMENT:
        with pytest.raises(NietOndersteund, match="nog niet ondersteund"):
            run_from_folder(folder, tmp_path)
        pytest.skip(f"{folder.name}: nog niet ondersteund, wordt geweigerd")
    expected = {_result_name(path): path for path in folder.glob("expected*.csv")}

    written = {path.name: path for path in run_from_folder(folder, tmp_path)}

    assert written.keys() == expected.keys()
    for name, path in expected.items():
        assert _cells(written[name]) == _cells(path), name


def _result_name(path: Path) -> str:
    """`expected.csv` is settlement.csv, `expected_reserve.csv` is reserve.csv."""
    return f"{path.stem.removeprefix('expected').removeprefix('_') or 'settlement'}.csv"


def _cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


SETTLEMENTS = [folder for folder in FOLDERS if folder.name not in NOT_A_SETTLEMENT]


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


def test_all_examples_settle_within_five_seconds(tmp_path: Path) -> None:
    """In one process, files read and written (issue 7, Speed)."""
    if not SETTLEMENTS:
        pytest.skip("the solidarity examples are not on this machine; set SOLIDAIR_STANDARD_DIR")
    started = time.perf_counter()

    for folder in SETTLEMENTS:
        run_from_folder(folder, tmp_path / folder.name)

    assert time.perf_counter() - started < 5
