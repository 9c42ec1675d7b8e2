"""One row of the rulebook as a value: what the standard asks at one place, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.standard.catalogue import Domein

SOORTEN = {
    "UP": "Uitgangspunt",
    "OP": "Bedrijfsregel",
    "IV": "Invulinstructie",
    "TR": "Technische regel",
    "CD": "Conditie",
    "CS": "Constraint",
    "RS": "Restrictie",
}
"""Kind of a rule by the letters its code begins with, in the order of the standard."""


class Staat(StrEnum):
    """What is done about a row.

    `OPEN` is no answer: nothing enforces the row and nobody has said why. The tests name every row that is open.
    """

    AFGEDWONGEN = "afgedwongen"
    SCHEMA = "schema"
    PROCES = "proces"
    NIET_CONTROLEERBAAR = "niet_controleerbaar"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proeven:
    """The tests of a row, as `file.py::test`.

    Attributes:
        houdt: Those in which the rule holds.
        faalt: Those in which it fails; many show both sides.
        toont: Those that show how the process sees to it, or work out an example of it.
    """

    houdt: tuple[str, ...] = ()
    faalt: tuple[str, ...] = ()
    toont: tuple[str, ...] = ()

    @property
    def alle(self) -> tuple[str, ...]:
        """Every test once."""
        return tuple(sorted({*self.houdt, *self.faalt, *self.toont}))

    @classmethod
    def samen(cls, each: Iterable[Proeven]) -> Proeven:
        """The tests of several, each once."""
        alle = tuple(each)
        return cls(
            houdt=tuple(sorted({test for proeven in alle for test in proeven.houdt})),
            faalt=tuple(sorted({test for proeven in alle for test in proeven.faalt})),
            toont=tuple(sorted({test for proeven in alle for test in proeven.toont})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegelRij:
    """One row of the rules of a domein; `sleutel` is what makes it the row it is.

    Attributes:
        domein: `ijw` or `iwmo`.
        soort: Kind, a key of `SOORTEN`.
        code: `TR321`, `OP033x1`.
        berichten: Numbers of the berichten that the row names; empty where the standard names none (UP, IV).
        element: Path of the element with the names of the schema; empty where the standard names none.
        zin: What it asks, in one sentence of our own.
        staat: What is done about it. A row with a function for some of its berichten is `AFGEDWONGEN`; `waarom` then says what of the others.
        waarom: How Solidair sees to it, or why a receiver cannot check it; may be empty when a function does.
        functies: Dotted names of what sees to it.
        proeven: The tests that show it.
        retourcode: Code of WJ001 when it does not hold; empty when it has none.
        open_berichten: Berichten of the row about which nothing is said yet.
    """

    domein: Domein
    soort: str
    code: str
    berichten: tuple[str, ...]
    element: str
    zin: str
    staat: Staat
    waarom: str = ""
    functies: tuple[str, ...] = ()
    proeven: Proeven = field(default_factory=Proeven)
    retourcode: str = ""
    open_berichten: tuple[str, ...] = ()

    @property
    def sleutel(self) -> tuple[str, str, str, tuple[str, ...], str]:
        """(domein, soort, code, berichten, element): one row of the standard."""
        return (self.domein, self.soort, self.code, self.berichten, self.element)
