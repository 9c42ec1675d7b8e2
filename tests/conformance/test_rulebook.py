"""The rulebook has exactly the rows of the standard, no more and no fewer, with its retourcodes and in words of our own."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from app.standard.catalogue import Domein
from app.standard.rulebook import regelboek

WOORDEN_GELIJK_MAX = 9
"""So many words in a row may be the same as in the text of the standard: names of elements and codes leave little choice."""


@pytest.mark.parametrize(("domein", "rijen", "codes"), [("ijw", 713, 303), ("iwmo", 634, 230)])
def test_every_row_of_the_standard_is_there(standard_dir: Path, domein: Domein, rijen: int, codes: int) -> None:
    """By kind, code, berichten and element; and the retourcode is the same."""
    theirs = {
        (row["kind"], row["code"], berichten(row["messages"]), row["element"]): row["retourcode"] for row in rules(standard_dir, domein)
    }

    ours = {(rij.soort, rij.code, rij.berichten, rij.element): rij.retourcode for rij in regelboek() if rij.domein == domein}

    assert ours == theirs
    assert (len(ours), len({rij.code for rij in regelboek() if rij.domein == domein})) == (rijen, codes)


@pytest.mark.parametrize("domein", ["ijw", "iwmo"])
def test_sentences_are_our_own(standard_dir: Path, domein: Domein) -> None:
    """No long run of words is that of the rule or its explanation."""
    theirs: dict[str, str] = {}
    for row in rules(standard_dir, domein):
        theirs[row["code"]] = f"{theirs.get(row['code'], '')} | {words(row['text'])} | {words(row['explanation'])} | "

    copied = {
        f"{rij.code}: {run}"
        for rij in regelboek()
        if rij.domein == domein
        for text in (rij.zin, rij.waarom)
        for run in runs(words(text), WOORDEN_GELIJK_MAX + 1)
        if f" {run} " in theirs[rij.code]
    }

    assert copied == set()


def rules(standard_dir: Path, domein: Domein) -> list[dict[str, str]]:
    """The rows of the standard."""
    with (standard_dir / f"{domein}-3.2" / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def berichten(messages: str) -> tuple[str, ...]:
    """`JW301 JW305` as numbers."""
    return tuple(re.sub("^(JW|WMO)", "", message) for message in messages.split())


def words(text: str) -> str:
    """A text as its words alone, in lower case."""
    return " ".join(re.findall(r"[0-9a-zà-ÿ]+", text.casefold()))


def runs(text: str, length: int) -> list[str]:
    """Every run of so many words."""
    each = text.split()
    return [" ".join(each[start : start + length]) for start in range(len(each) - length + 1)]
