"""docs/agreements.md is what the program does: its example is sound, its tables have every field, word and template."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.solidarity import words
from app.solidarity.sjablonen import templates
from app.solidarity.tomlform import read_document
from tests.unit.solidarity.test_tomlform import FULL

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "agreements.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"[a-z_]{2,}", PAGE.split("## The whole document")[1]))


def fields(value: Any, path: str = "") -> set[str]:
    """The names of all fields in a document, not those of measures, years and municipalities."""
    if isinstance(value, list):
        return set().union(*(fields(item, path) for item in value))
    if not isinstance(value, dict):
        return set()
    free = path in ("maatstaven", "waarden", "per_zorgvorm", "gemeenten", "zorgvormen", "artikelen")
    inner = set().union(*(fields(item, "" if free else name) for name, item in value.items())) if value else set()
    return inner | (set() if free else set(value))


def test_the_first_document_of_the_page_is_sound() -> None:
    """It can be copied as it stands, and says what the comments say."""
    document = read_document(PAGE.split("```toml\n")[1].split("```")[0])

    assert document.article("regeling[1].plafond") == "art. 7 lid 1"
    assert [layer.share for layer in document.agreement.arrangements[0].layers] == [1, 0.75]


def test_the_tables_name_every_field() -> None:
    """Every field of a document that uses them all."""
    known = fields({name: value for name, value in tomllib.loads(FULL).items() if name != "artikelen"}) - {"X", "artikelen", "2026", "2027"}

    assert "jaren_terug" in known
    assert {name for name in known if name not in PAGE} == set()


@pytest.mark.parametrize(
    "table",
    [words.POOLS, words.DEPOSITS, words.AVERAGINGS, words.BASES, words.SIDES, words.UNITS, words.REFUNDS, words.PAYERS, words.ROLES],
)
def test_the_tables_name_every_word(table: dict[str, str]) -> None:
    """Each choice of each field."""
    assert set(table) - NAMED == set()


def test_the_templates_are_those_of_the_program() -> None:
    """No more and no fewer."""
    listed = PAGE.split("## Templates")[1].split("## Where")[0]

    assert set(re.findall(r"`([a-z-]+)`", listed)) == set(templates())
