"""Write app/standard/rulebook/tests.csv: which test shows which rule holding and which shows it failing.

Made by running the cases of tests/unit/standard/rules, for a name says less than what happened; of what the schema sees to, from the cases of
tests/unit/standard/test_rulebook_schema.py; of the kinds UP, OP and IV, from the tests that name the code in their own name or docstring (`toont`),
and from `BY_HAND` where a code is enforced outside the rules. A test says when the file is no longer what the tests do.

Run: python tools/make_rulebook_tests.py
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "app" / "standard" / "rulebook" / "tests.csv"
COLUMNS = ("functie", "uitkomst", "test")
RULES = "unit/standard/rules"
SCHEMA = "unit/standard/test_rulebook_schema.py"
CODE = re.compile(r"(?<![A-Z0-9])(?:UP|OP|IV)[0-9]{3}(?:X[0-9])?(?![0-9])")

VALIDATE = "conformance/test_validate.py"
BY_HAND = {
    ("OP047", "houdt"): f"{VALIDATE}::test_every_published_bericht_is_judged_as_published",
    ("OP047", "faalt"): f"{VALIDATE}::test_every_evil_document_is_refused_with_its_reason",
    ("OP095", "houdt"): f"{RULES}/test_engine.py::test_op095_what_both_parties_know_may_be_used",
    ("OP095", "faalt"): f"{RULES}/test_engine.py::test_op095_a_finding_on_a_hidden_fact_is_refused",
    ("OP179", "houdt"): "unit/adapters/test_bytes.py::test_op179_accepts_25_mb_to_the_byte",
    ("OP179", "faalt"): "unit/adapters/test_bytes.py::test_op179_refuses_one_byte_more",
    ("OP192", "houdt"): "unit/adapters/test_bytes.py::test_op192_accepts_utf8_without_mark",
    ("OP192", "faalt"): "unit/adapters/test_bytes.py::test_op192_refuses_any_other_encoding",
    ("OP286", "houdt"): "unit/judging/test_toewijzen_en_leveren.py::test_identificatie_is_used_after_a_bericht_that_counts_as_sent",
    ("OP286", "faalt"): "unit/judging/test_declaratie.py::test_what_counts_as_not_sent_or_waits_changes_nothing",
}
"""Codes that something else than a rule enforces, with a test in which it lets through and one in which it stops."""


def document() -> str:
    """The file as it should be: a row for each function or code, outcome and test, in that order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    by_hand = {(code, outcome, test) for (code, outcome), test in BY_HAND.items()}
    writer.writerows(sorted({*_of_rules(), *_of_schema(), *_that_name_a_code(), *by_hand}))
    return text.getvalue()


def _of_rules() -> set[tuple[str, str, str]]:
    """What the cases of the rules did, by name of the rule's function."""
    from tests.unit.standard.rules.alle import outcomes_per_test

    return {
        (functie, "houdt" if held else "faalt", f"{RULES}/{test}")
        for test, outcomes in outcomes_per_test().items()
        for functie, held in outcomes
    }


def _of_schema() -> set[tuple[str, str, str]]:
    """The cases just inside and just outside each bound of the schema, by code."""
    from tests.unit.standard.test_rulebook_schema import GRENZEN

    names = (("houdt", "test_schema_accepts_just_inside"), ("faalt", "test_schema_refuses_just_outside"))
    return {(code, outcome, f"{SCHEMA}::{name}[{code}]") for code in GRENZEN for outcome, name in names}


def _that_name_a_code() -> Iterator[tuple[str, str, str]]:
    """The tests that name a code of kind UP, OP or IV, by code."""
    from app.standard.rulebook.reading import read_werkwijzen

    known = {row.code.upper(): row.code for row in read_werkwijzen()}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
                words = f"{node.name.replace('_', ' ')} {ast.get_docstring(node) or ''}".upper()
                for code in set(CODE.findall(words)) & set(known):
                    yield known[code], "toont", f"{path.relative_to(ROOT / 'tests').as_posix()}::{node.name}"


def main() -> int:
    """Write the file."""
    TARGET.write_text(document(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
