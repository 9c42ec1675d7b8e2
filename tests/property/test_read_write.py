"""Read after write is the same, for every bericht that a schema allows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.adapters import xml
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

GEBOUWD = ("301", "302", "305", "306", "307", "308", "323", "325")
SOORTEN = [soort for soort in catalogue.alle() if soort.nummer in GEBOUWD]


@pytest.mark.parametrize("soort", SOORTEN, ids=lambda soort: soort.code)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), indent=st.booleans())
def test_read_after_write_is_the_same(soort: BerichtSoort, data: st.DataObject, indent: bool) -> None:
    """What is written is valid against the schema and reads as the same values, with and without indentation."""
    bericht: Bericht = data.draw(berichten(soort))

    written = write(bericht, indent=indent)

    assert xml.schema_faults(written, soort, SCHEMAS) == ()
    assert read(xml.parse(written), soort) == bericht


@pytest.mark.parametrize("soort", SOORTEN, ids=lambda soort: soort.code)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_two_different_berichten_are_written_differently(soort: BerichtSoort, data: st.DataObject) -> None:
    """Nothing of a bericht is left out: other values give other bytes."""
    one, other = data.draw(berichten(soort)), data.draw(berichten(soort))
    assume(one != other)

    assert write(one) != write(other)


@pytest.mark.parametrize("soort", SOORTEN, ids=lambda soort: soort.code)
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
