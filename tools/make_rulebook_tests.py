"""Write app/standard/rulebook/tests.csv: which test shows which rule holding and which shows it failing.

Made by running the cases of tests/unit/standard/rules, for a name says less than what happened; of what the schema sees to, from the cases of
tests/unit/standard/test_rulebook_schema.py. A test says when the file is no longer what the tests do.

Run: python tools/make_rulebook_tests.py
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "app" / "standard" / "rulebook" / "tests.csv"
COLUMNS = ("functie", "uitkomst", "test")
RULES = "unit/standard/rules"
SCHEMA = "unit/standard/test_rulebook_schema.py"


def document() -> str:
    """The file as it should be: a row for each function or code, outcome and test, in that order."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted({*_of_rules(), *_of_schema()}))
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


def main() -> int:
    """Write the file."""
    TARGET.write_text(document(), encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)} written")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
