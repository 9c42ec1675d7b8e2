"""The English texts are those of the pages: none lacks, none is left over, each refers to what its Dutch refers to.

When the first test fails: `python tools/extract_texts.py` says what to translate, and how.
"""

from __future__ import annotations

import json
import re

import pytest

from app.web.vertaling import plekken
from tools.extract_texts import CATALOGUS, catalogus, ontbrekend, overbodig

NEDERLANDS = re.compile(r"\b(aan|bij|dat|de|deze|een|geen|heeft|het|maar|naar|niet|nog|uit|van|voor|wordt|zijn)\b")


def test_every_text_has_its_english_and_nothing_is_left_over() -> None:
    assert ontbrekend() == {}
    assert overbodig() == []


@pytest.mark.parametrize("naam", sorted(catalogus()))
def test_a_text_refers_to_what_its_dutch_refers_to(naam: str) -> None:
    """The same expressions and tags, in any order; no markup of its own, and nothing that Jinja would run."""
    for key, text in catalogus()[naam].items():
        assert plekken(text) == plekken(key), key
        assert text.strip(), key
        assert not re.search(r"\{\{|\{%|\{#|<[^a-z/]|\"", re.sub(r"<(/?[a-z]+\d*)>", "", text)), key


@pytest.mark.parametrize("naam", sorted(catalogus()))
def test_a_text_is_english(naam: str) -> None:
    """No Dutch word but between brackets, where a page says the term once."""
    left = {key: text for key, text in catalogus()[naam].items() if NEDERLANDS.search(re.sub(r"\([a-z]+\)", "", text))}

    assert left == {}


@pytest.mark.parametrize("naam", sorted(catalogus()))
def test_a_file_is_as_the_tool_writes_it(naam: str) -> None:
    """Sorted, a text on a line, so that two people who add texts seldom touch the same line."""
    text = (CATALOGUS / f"{naam}.json").read_text(encoding="utf-8")

    assert text == json.dumps(dict(sorted(json.loads(text).items())), ensure_ascii=False, indent=1) + "\n"
