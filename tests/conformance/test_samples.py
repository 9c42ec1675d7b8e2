"""Berichten named for what is wrong with them, each with its expected findings beside it: `<soort>/<what is wrong>.xml` and `.json`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from app.adapters.xml import Schemas
from app.judging.controle import judge_bestand, with_values

FOLDER = Path(__file__).parent
SAMPLES = sorted(FOLDER.glob("*/*.xml"))
SCHEMAS = Schemas()


def test_there_are_samples() -> None:
    """The folders are found, and no expectation is left without its bericht."""
    assert SAMPLES
    assert {path.with_suffix("") for path in FOLDER.glob("*/*.json")} == {path.with_suffix("") for path in SAMPLES}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_sample_has_its_findings(path: Path) -> None:
    """Everything that the file alone can tell, as `solidair validate --json` shows it to who holds the file."""
    data = path.read_bytes()

    oordeel = with_values(data, judge_bestand(data, SCHEMAS, niveau=2, vandaag=date(2026, 6, 3)).oordeel)

    assert oordeel.as_dict() == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
