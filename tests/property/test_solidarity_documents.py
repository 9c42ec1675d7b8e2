"""A spoiled document is read or refused with sentences, never anything else: no other exception, no half an answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document
from tests.unit.solidarity.test_tomlform import FULL

pytestmark = pytest.mark.slow

TEXTS = [FULL, *map(template_text, templates())]
VALUES = (
    "1", "-1", "0", "true", "1.005", "1e400", "nan", "9" * 23, '""', '"x"', '"*"', '"1/0"', '"1/3"', '"200%"', '"kosten"', '"hoofd"',
    "[]", "{}", "[[1]]", "[{}]", "{ a = 1 }", '["A", "A"]', "[-1, 2]", "[1, 99]",
    "0001-01-01", "2026-01-01", "9999-12-31", "2026-01-01T00:00:00", "12:00:00",
)  # fmt: skip
HEADS = (
    "[regeling]",
    "[[regeling]]",
    "[[regeling.laag]]",
    "[regeling.reserve]",
    "[[leemte]]",
    "[maatstaven.kosten]",
    "[gemeenten]",
    "x = [",
)


@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from((*VALUES, *HEADS, None, "again"))), min_size=1, max_size=3),
)
@settings(max_examples=150, deadline=None)
def test_a_spoiled_document_is_read_or_refused_with_sentences(text: str, faults: list[tuple[int, str | None]]) -> None:
    """Up to three lines get another value or heading, go, or come twice; what is still sound is written and read back."""
    lines = text.splitlines()
    for where, fault in faults:
        number = where % len(lines)
        field = re.match(r"\S+ = ", lines[number])
        if fault is None:
            lines[number] = ""
        elif fault == "again":
            lines.insert(number, lines[number])
        elif fault in HEADS:
            lines[number] = fault
        elif field:
            lines[number] = field[0] + fault

    bezwaren, written = outcome("\n".join(lines))

    assert all(bezwaar.waar.startswith("overeenkomst.toml") and bezwaar.zin.endswith(".") for bezwaar in bezwaren)
    assert bezwaren or outcome(written) == ((), written)


def outcome(text: str) -> tuple[tuple[Bezwaar, ...], str]:
    """The objections, or the document written again."""
    try:
        return (), write_document(read_document(text))
    except RegelingOngeldig as refused:
        return refused.bezwaren, ""
