"""The check behind every answer that the tests make: it sees what judging makes, and it can fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.adapters import xml
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.judging import werk
from app.standard import catalogue
from app.standard.writing import write
from tests.builders import make_301, make_305, make_retour
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.fixtures.official import OfficialSchemas
from workers.local import judge_all

JW306 = catalogue.by_code("JW306")


def test_judging_validates_with_the_check_behind_it(official_schemas: OfficialSchemas | None, standard_dir: Path) -> None:
    """The module that makes answers took the function that holds them to the official schema, not the one below it."""
    assert official_schemas is not None
    taken = vars(werk)["validate_outgoing"]
    assert taken is xml.validate_outgoing
    assert hasattr(taken, "__wrapped__")


def test_a_fault_is_remembered_in_the_words_of_the_schema(standard_dir: Path) -> None:
    """An answer without IdentificatieRetour is refused; one that is right is counted and nothing more."""
    official = OfficialSchemas(standard_dir)
    right = write(make_retour(make_305()))

    official.check(right, JW306)
    assert (official.validated["JW306"], official.take_faults()) == (1, [])

    official.check(re.sub(rb"<(jw306:IdentificatieRetour)>.*?</\1>", b"", right), JW306)
    [fault] = official.take_faults()
    assert "JW306, line " in fault
    assert "IdentificatieRetour" in fault
    assert official.take_faults() == []


def test_a_soort_without_official_schema_is_counted_as_such(standard_dir: Path) -> None:
    """Seven of iWmo are not in the reference; the summary names those that were made."""
    official = OfficialSchemas(standard_dir)
    bericht: Bericht = make_retour(make_305(domein="iwmo"))

    official.check(write(bericht), catalogue.by_code("WMO306"))

    if official.validated:
        pytest.skip("the reference has a schema of WMO306")
    assert official.summary().endswith("no schema of 1 others (WMO306 1)")


async def test_answers_of_judging_are_held_to_the_official_schema(
    database: str, tmp_path: Path, official_schemas: OfficialSchemas | None, standard_dir: Path
) -> None:
    """The 306 of one start is one more that was validated."""
    assert official_schemas is not None
    before = official_schemas.validated["JW306"]

    wereld: Wereld
    async with wereld_with_region(database, tmp_path) as wereld:
        for bericht in (make_301(), make_305()):
            await stuur(wereld, bericht)
        await judge_all(wereld, lot_size_max=50)

    assert official_schemas.validated["JW306"] == before + 1
