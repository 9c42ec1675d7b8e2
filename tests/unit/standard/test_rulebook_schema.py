"""What the rulebook says the schema refuses, the schema refuses: each RS, and each CS without retourcode, at every place it names.

A case has values just inside the bound and just outside it. The outside ones are refused everywhere; of the inside ones at least one is
accepted, but at the few places that have a narrower bound as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.adapters.xml import Schemas
from app.standard import catalogue
from app.standard.rulebook import RegelRij, Staat, regelboek
from app.standard.structuur import Klasse, Veld, Waarde
from app.standard.waarden import fault

NIET_IN_IWMO = {("315", "Client/GezagsdragerBekend"), ("319", "Woonplaatsbeginsel/Gemeente")}
"""Places that the standard names for iWmo, where the element belongs to youth care alone: there the schema refuses the element itself."""
NARROWER = {
    *((code, element) for code in ("RS001", "RS002") for element in ("Header/BerichtVersie", "Header/BerichtSubversie")),
    ("RS009", "Antwoord/RedenAfwijzingVerzoek"),
}
"""Places with a narrower bound as well: one fixed number (CS015, CS025), a code list with codes of one character."""


@dataclass(frozen=True, kw_only=True)
class Grens:
    """Values just inside and just outside a bound."""

    binnen: tuple[str, ...]
    buiten: tuple[str, ...]


def lengte(maximum: int) -> Grens:
    """At most so many characters; letters and digits, for some elements take one kind only."""
    return Grens(binnen=("1" * maximum, "A" * maximum), buiten=("1" * (maximum + 1), "A" * (maximum + 1)))


def cijfers(aantal: int) -> Grens:
    """Exactly so many digits."""
    return Grens(binnen=("0" * (aantal - 1) + "1", "9" * aantal), buiten=("1" * (aantal - 1), "1" * (aantal + 1), "1" * (aantal - 1) + "A"))


def maximum(hoogste: int) -> Grens:
    """A whole number up to this one."""
    return Grens(binnen=(str(hoogste),), buiten=(str(hoogste + 1),))


LENGTES = {
    "RS008": 1,
    "RS009": 2,
    "RS010": 3,
    "RS011": 4,
    "RS012": 5,
    "RS013": 6,
    "RS014": 8,
    "RS015": 9,
    "RS016": 10,
    "RS017": 12,
    "RS018": 15,
    "RS019": 20,
    "RS020": 24,
    "RS021": 25,
    "RS023": 35,
    "RS024": 36,
    "RS025": 64,
    "RS026": 80,
    "RS028": 200,
}
"""Code to the number of characters it allows."""

GRENZEN = {
    "RS001": Grens(binnen=("0",), buiten=("-1",)),
    "RS002": maximum(99),
    "RS004": maximum(99_999),
    "RS005": maximum(99_999_999),
    "RS006": maximum(999_999_999),
    **{code: lengte(hoogste) for code, hoogste in LENGTES.items()},
    "RS031": Grens(binnen=("x",), buiten=("", " ", "\t \n")),
    "RS032": Grens(binnen=("2026-02-28",), buiten=("2026-02-28Z", "2026-02-28+01:00", "2026-02-28-01:00")),
    "RS033": Grens(binnen=("1", "A", "x"), buiten=("", " ")),
    "RS034": Grens(binnen=("23:59:59",), buiten=("23:59:59Z", "23:59:59+01:00", "23:59:59-01:00")),
    "RS035": cijfers(4),
    "RS036": cijfers(8),
    "RS037": cijfers(9),
    "RS040": maximum(999_999_999_999),
    "RS045": Grens(binnen=("AB",), buiten=("A.B", "A B", "A.")),
    "RS046": Grens(binnen=("0612345678",), buiten=("06 12345678", "06-12345678")),
    "RS047": Grens(binnen=tuple(soort.bericht_code for soort in catalogue.alle()), buiten=("413", "492", "999")),
    "RS048": Grens(binnen=("1.0.0", "10.2.33"), buiten=("1.0", "1.0.0.0", "1.a.0")),
    "CS015": Grens(binnen=("2",), buiten=("1", "3")),
    "CS025": Grens(binnen=("3",), buiten=("2", "4")),
    "CS319": Grens(binnen=("AB12", "1"), buiten=("AB 12", "AB-12")),
}
"""The bound of every code that the schema sees to."""


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    return Schemas()


def rows_of(code: str) -> tuple[RegelRij, ...]:
    """The rows of a code."""
    return tuple(rij for rij in regelboek() if rij.code == code)


def places(code: str, schemas: Schemas) -> Iterator[tuple[catalogue.BerichtSoort, str, Veld]]:
    """Every element of every bericht that a code is about."""
    for rij in rows_of(code):
        for bericht in rij.berichten:
            soort = catalogue.soort(rij.domein, bericht)
            found = find(schemas.structuur(soort), rij.element)
            if not found:
                assert rij.domein == "iwmo"
                assert (bericht, rij.element) in NIET_IN_IWMO
            yield from ((soort, rij.element, veld) for veld in found)


def find(root: Veld, element: str) -> list[Veld]:
    """The elements at a path that begins with a berichtklasse, wherever that stands."""
    names = tuple(element.split("/"))
    return [veld for veld, trail in below(root) if trail[-len(names) :] == names]


def below(veld: Veld, trail: tuple[str, ...] = ()) -> Iterator[tuple[Veld, tuple[str, ...]]]:
    """Every value below an element, with the names on the way to it."""
    if isinstance(veld.inhoud, Waarde):
        yield veld, (*trail, veld.naam)
        return
    klasse: Klasse = veld.inhoud
    for child in klasse.velden:
        yield from below(child, (*trail, veld.naam))


def accepts(veld: Veld, value: str, domein: str) -> bool:
    """Whether the type of the element allows the value."""
    assert isinstance(veld.inhoud, Waarde)
    return fault(veld.naam, veld.inhoud, value, domein, private=False) is None


def test_every_code_of_the_schema_has_its_bound() -> None:
    assert {rij.code for rij in regelboek() if rij.staat is Staat.SCHEMA and rij.soort in ("RS", "CS")} == set(GRENZEN)


@pytest.mark.parametrize("code", sorted(GRENZEN))
def test_schema_accepts_just_inside(code: str, schemas: Schemas) -> None:
    """Every place accepts a value within the bound, unless something else narrows it there."""
    refusing = {
        (code, element)
        for soort, element, veld in places(code, schemas)
        if not any(accepts(veld, value, soort.domein) for value in inside(code, soort, veld))
    }

    assert refusing == {place for place in NARROWER if place[0] == code}


def inside(code: str, soort: catalogue.BerichtSoort, veld: Veld) -> tuple[str, ...]:
    """The values within a bound; of a length those of the element's own code list too."""
    assert isinstance(veld.inhoud, Waarde)
    if veld.naam == "BerichtCode":
        return (soort.bericht_code,)
    own = [each for each in veld.inhoud.codes if any(len(each) == len(value) for value in GRENZEN[code].binnen)]
    return (*GRENZEN[code].binnen, *own[:1])


@pytest.mark.parametrize("code", sorted(GRENZEN))
def test_schema_refuses_just_outside(code: str, schemas: Schemas) -> None:
    """Nothing beyond the bound is right at any place that the standard names."""
    wrong = [
        f"{soort.code} {element}: {value!r}"
        for soort, element, veld in places(code, schemas)
        for value in GRENZEN[code].buiten
        if accepts(veld, value, soort.domein)
    ]

    assert not wrong
