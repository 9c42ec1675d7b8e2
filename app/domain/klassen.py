"""What every berichtklasse has in common: how a field is named in the XML and where it stood.

A field name is the element name of the standard in snake case (`toewijzing_nummer` is `ToewijzingNummer`). A class marked `basis=True` is a
composed data type of the basisschema (CDT_…), so its children live in the namespace of the basisschema. A field that holds a tuple is a
container element named after the field, with one child per item (`relaties: tuple[Relatie, ...]` is `Relaties/Relatie`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Samengesteld:
    """A composed data type of the basisschema: no key, no retourcodes of its own."""

    basis: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Berichtklasse:
    """A part of a bericht that is judged on its own.

    Attributes:
        retour_codes: Codes of WJ001 that the receiver put at this class; empty in a heenbericht.
        regelnummer: Line of the opening tag in the XML, from 1; 0 when the value was not read from XML. No part of equality.
    """

    basis: ClassVar[bool] = False

    retour_codes: tuple[str, ...] = ()
    regelnummer: int = field(default=0, compare=False, repr=False)
