"""Read after write is the same, for every bericht that a schema allows, and what is written is canonical."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.adapters import xml
from app.adapters.xml import Schemas
from app.domain.bericht import Bericht
from app.domain.klassen import Berichtklasse, Samengesteld
from app.standard import catalogue
from app.standard.catalogue import BerichtSoort
from app.standard.reading import read
from app.standard.structuur import Klasse
from app.standard.vorm import Inhoud, elementen
from app.standard.writing import write
from tests.property.berichten import SCHEMAS, berichten

pytestmark = pytest.mark.slow

SOORTEN = catalogue.alle()
ANTWOORDEN = frozenset({"302", "306", "308", "316", "318", "320", "325"})


ALL_SOORTEN = pytest.mark.parametrize("soort", SOORTEN, ids=lambda soort: soort.code)
MAKING_TAKES_LONG = [HealthCheck.too_slow, HealthCheck.data_too_large]


@ALL_SOORTEN
@settings(max_examples=15, deadline=None, suppress_health_check=MAKING_TAKES_LONG)
@given(data=st.data(), indent=st.booleans())
def test_read_after_write_is_the_same(soort: BerichtSoort, data: st.DataObject, indent: bool) -> None:
    """What is written may be sent and reads as the same values, with and without indentation."""
    bericht: Bericht = data.draw(berichten(soort))

    written = write(bericht, indent=indent)

    xml.validate_outgoing(written, soort, SCHEMAS)
    assert_canonical(written, soort, indent=indent)
    assert read(xml.parse(written), soort) == bericht


@ALL_SOORTEN
@settings(max_examples=2, deadline=None, suppress_health_check=MAKING_TAKES_LONG)
@given(data=st.data(), indent=st.booleans())
def test_the_fullest_bericht_is_read_as_it_was_written(soort: BerichtSoort, data: st.DataObject, indent: bool) -> None:
    """With every element that the schema allows; an answer then has retourcodes at every class."""
    bericht: Bericht = data.draw(berichten(soort, vol=True))

    written = write(bericht, indent=indent)

    xml.validate_outgoing(written, soort, SCHEMAS)
    assert read(xml.parse(written), soort) == bericht
    assert {bool(klasse.retour_codes) for klasse in klassen_in(bericht)} == {soort.nummer in ANTWOORDEN}


@ALL_SOORTEN
@settings(max_examples=5, deadline=None, suppress_health_check=MAKING_TAKES_LONG)
@given(data=st.data())
def test_two_different_berichten_are_written_differently(soort: BerichtSoort, data: st.DataObject) -> None:
    """Nothing of a bericht is left out: other values give other bytes."""
    one, other = data.draw(berichten(soort)), data.draw(berichten(soort))
    assume(one != other)

    assert write(one) != write(other)


@ALL_SOORTEN
def test_what_is_written_is_valid_against_the_official_schema(soort: BerichtSoort, standard_dir: Path) -> None:
    """The schema of the standard itself accepts what we write, for each soort that it has a schema of."""
    official = Schemas(standard_dir)
    if not official.path(soort).is_relative_to(standard_dir):
        pytest.skip(f"the reference has no schema of {soort.code}")

    @settings(max_examples=8, deadline=None, suppress_health_check=MAKING_TAKES_LONG)
    @given(bericht=st.one_of(berichten(soort), berichten(soort, vol=True)))
    def check(bericht: Bericht) -> None:
        xml.validate_outgoing(write(bericht), soort, official)

    check()


def assert_canonical(written: bytes, soort: BerichtSoort, *, indent: bool) -> None:
    """UTF-8 without BOM, a declaration, CR/LF line ends only, and the prefixes and namespaces of the published examples."""
    declaration, root, *rest = written.split(b"\r\n") if indent else (*written.split(b"\r\n", 1), b"")
    prefix = soort.code.lower()
    namespaces = f' xmlns:{soort.domein}="{soort.basis_namespace}" xmlns:{prefix}="{soort.namespace}"'

    assert declaration == b'<?xml version="1.0" encoding="UTF-8"?>'
    assert root.decode("utf-8").startswith(f"<{prefix}:Bericht{namespaces}>")
    assert set(re.findall(rb"</?([a-z0-9]+):", written)) == {prefix.encode(), soort.domein.encode()}
    assert written.count(b"xmlns") == 2
    assert b"\r" not in written.replace(b"\r\n", b"")
    assert (rest[-1] == b"" and rest[0].startswith(b"\t<")) if indent else b">\r" not in root


def klassen_in(value: Any) -> Iterator[Berichtklasse]:
    """Every berichtklasse in a bericht, however deep."""
    if isinstance(value, Berichtklasse):
        yield value
    inner = [getattr(value, each.name) for each in fields(value)] if is_dataclass(value) else value if isinstance(value, tuple) else ()
    for each in inner:
        yield from klassen_in(each)


@ALL_SOORTEN
def test_every_element_of_the_schema_has_a_field_in_the_same_order(soort: BerichtSoort) -> None:
    """The domain has a place for all that a schema allows, in the order of the schema."""
    structuur = SCHEMAS.structuur(soort).inhoud
    assert isinstance(structuur, Klasse)

    assert list(_misplaced(Bericht, structuur, "/Bericht")) == []


def _misplaced(klasse: type, structuur: Klasse, pad: str) -> list[str]:
    """Paths where the elements of the schema are not, in that order, among those of the domain class."""
    own = {element.naam: element for element in elementen(klasse)}
    in_schema = [veld.naam for veld in structuur.velden]
    found = [] if [naam for naam in own if naam in in_schema] == in_schema else [pad]
    for veld in structuur.velden:
        element = own.get(veld.naam)
        if element is None or not isinstance(veld.inhoud, Klasse) or element.inhoud is Inhoud.CODES:
            continue
        inner = veld.inhoud.velden[0].inhoud if element.inhoud is Inhoud.LIJST else veld.inhoud
        assert element.klasse is not None
        assert isinstance(inner, Klasse)
        assert issubclass(element.klasse, Berichtklasse | Samengesteld)
        found += _misplaced(element.klasse, inner, f"{pad}/{veld.naam}")
    return found
