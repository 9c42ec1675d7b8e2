"""The worked examples of the solidarity reference, reproduced to the last field.

The folder is the sibling `solidarity/examples` of SOLIDAIR_STANDARD_DIR; without it, of `../shared/standard` beside the checkout.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.folder import run_from_folder

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
