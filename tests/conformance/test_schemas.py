"""Our schemas accept exactly what the official ones accept, and are what the description says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from app.adapters.xml import Schemas
from app.standard import catalogue

CHECKOUT = Path(__file__).resolve().parents[2]
SCHEMAS = CHECKOUT / "schemas" / "xsd"


def test_checked_in_schemas_are_what_the_description_gives() -> None:
    """Nobody edits a schema by hand: the generator would write the same files."""
    done = subprocess.run([sys.executable, "tools/make_schemas.py", "--check"], cwd=CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_schema_is_there_that_the_catalogue_does_not_name() -> None:
    """28 berichten and two basisschemas."""
    expected = {each.schema_file for each in catalogue.alle()} | {f"{domein}/3.2/basisschema.xsd" for domein in catalogue.DOMEINEN}

    assert {path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*.xsd")} == expected


@pytest.mark.slow
def test_no_difference_with_the_standard(standard_dir: Path) -> None:
    """The comparison of the standard's keepers finds nothing that a document could show."""
    compare = standard_dir.parent / "tools" / "compare_schemas.py"
    if not compare.is_file():
        pytest.skip(f"no comparison program at {compare}")

    done = subprocess.run([sys.executable, compare, standard_dir, SCHEMAS], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differences in 0 of 28 messages" in done.stdout


def test_hyphen_in_tijd_is_refused_by_both_libraries() -> None:
    """The official pattern of LDT_Tijd is read by libxml2 as a range; ours says the same to every library."""
    schema = SCHEMAS / "ijw" / "3.2" / "basisschema.xsd"
    tijd = xmlschema.XMLSchema(str(schema)).types["LDT_Tijd"]
    around = etree.fromstring(
        b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:b="http://www.istandaarden.nl/ijw/3_2/basisschema/schema">'
        b'<xs:import namespace="http://www.istandaarden.nl/ijw/3_2/basisschema/schema" schemaLocation="' + schema.as_uri().encode() + b'"/>'
        b'<xs:element name="t" type="b:LDT_Tijd"/></xs:schema>'
    )
    compiled = etree.XMLSchema(around)

    for value, right in (("12:00:00", True), ("12:00:00-01:00", False), ("12:00:00+01:00", False), ("12:00:00Z", False)):
        assert tijd.is_valid(value) is right, value
        assert compiled.validate(etree.fromstring(f"<t>{value}</t>")) is right, value


def test_operator_may_use_the_official_schemas(standard_dir: Path) -> None:
    """A folder of an operator goes first; what it lacks comes from us."""
    schemas = Schemas(standard_dir)

    assert schemas.path(catalogue.by_code("JW323")) == standard_dir / "ijw-3.2" / "xsd" / "JW323.xsd"
    assert schemas.path(catalogue.by_code("WMO325")) == SCHEMAS / "iwmo" / "3.2" / "WMO325.xsd"
    assert schemas.structuur(catalogue.by_code("JW323")).tag == catalogue.by_code("JW323").root
