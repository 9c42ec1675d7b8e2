"""How the values of `domain` lie in the XML: for each class its elements in order, worked out from the dataclass itself.

One source of truth: the fields and types of the domain classes, by the naming of `domain/klassen.py`. `reading` and `writing` are made from
what stands here, so a new berichtklasse is a new dataclass and nothing else. What values a schema allows is not here (`structuur`).
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.klassen import Berichtklasse, Samengesteld

WITTEKENS = " \t\r\n"
"""White space of XML Schema; Python's own idea of it is wider."""

RETOUR_CODES = "retour_codes"
_ABOUT_THE_DOCUMENT: dict[type, frozenset[str]] = {Bericht: frozenset({"domein", "soort"})}
_ABOUT_THE_TEXT = frozenset({"regelnummer"})
_NAMED_OTHERWISE: dict[type, str] = {DeclaratieClient: "Client"}
_TIMES = frozenset({"toewijzingstijd"})


class Inhoud(Enum):
    """What stands in an element."""

    TEKST = "tekst"
    """xs:string: white space is kept."""
    TIJD = "tijd"
    """xs:time, kept as text because XML Schema knows 24:00:00; white space around it has no meaning."""
    GEHEEL = "geheel"
    DATUM = "datum"
    KLASSE = "klasse"
    """The elements of another class."""
    LIJST = "lijst"
    """A container with elements of one class."""
    CODES = "codes"
    """RetourCodes, with RetourCode in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One field of a domain class as an element.

    Attributes:
        veld: Name of the field.
        naam: Name of the element, without namespace.
        inhoud: What stands in it.
        klasse: Class of the value, or of the items of a LIJST.
        item: Element name of an item of a LIJST or CODES.
        verplicht: Whether every value of the class has it, in whichever bericht.
        leeg: What the field holds when the element is absent.
    """

    veld: str
    naam: str
    inhoud: Inhoud
    klasse: type | None = None
    item: str = ""
    verplicht: bool
    leeg: Any


@cache
def elementen(klasse: type) -> tuple[Element, ...]:
    """The elements of a domain class, in the order of the schema: RetourCodes is the last one.

    Args:
        klasse: `Bericht` itself, a Berichtklasse or a Samengesteld.
    Raises:
        TypeError: A field has a type that has no form in XML.
    """
    hints = get_type_hints(klasse)
    no_element = _ABOUT_THE_DOCUMENT.get(klasse, _ABOUT_THE_TEXT)
    found = [_element(field.name, hints[field.name], field.default) for field in fields(klasse) if field.name not in no_element]
    return tuple(sorted(found, key=lambda element: element.veld == RETOUR_CODES))


def element_naam(klasse: type) -> str:
    """The element name of one value of a class, when it is an item of a container."""
    return _NAMED_OTHERWISE.get(klasse, klasse.__name__)


@cache
def containers() -> frozenset[str]:
    """Names of the elements that only hold a list: the items in them carry an index in a path."""
    found: set[str] = set()
    waiting: list[type] = [Bericht]
    while waiting:
        for element in elementen(waiting.pop()):
            if element.inhoud in (Inhoud.LIJST, Inhoud.CODES):
                found.add(element.naam)
            if element.klasse is not None:
                waiting.append(element.klasse)
    return frozenset(found)


def _element(veld: str, hint: Any, default: Any) -> Element:
    """One field, by its type hint; optional when it has a default."""
    naam = "".join(part[:1].upper() + part[1:] for part in veld.split("_"))
    leeg = None if default is MISSING else default
    verplicht = default is MISSING
    kind = _without_none(hint)
    if veld == RETOUR_CODES:
        return Element(veld=veld, naam=naam, inhoud=Inhoud.CODES, item="RetourCode", verplicht=verplicht, leeg=leeg)
    if get_origin(kind) is tuple:
        item = get_args(kind)[0]
        return Element(veld=veld, naam=naam, inhoud=Inhoud.LIJST, klasse=item, item=element_naam(item), verplicht=verplicht, leeg=leeg)
    if isinstance(kind, type) and issubclass(kind, Berichtklasse | Samengesteld):
        return Element(veld=veld, naam=naam, inhoud=Inhoud.KLASSE, klasse=kind, verplicht=verplicht, leeg=leeg)
    return Element(veld=veld, naam=naam, inhoud=_simple(veld, kind), verplicht=verplicht, leeg=leeg)


def _simple(veld: str, kind: Any) -> Inhoud:
    """What a field without elements of its own holds; a Literal is a text with few values."""
    if veld in _TIMES:
        return Inhoud.TIJD
    if kind is int:
        return Inhoud.GEHEEL
    if kind is date:
        return Inhoud.DATUM
    if kind is str or (get_origin(kind) is Literal and all(isinstance(value, str) for value in get_args(kind))):
        return Inhoud.TEKST
    raise TypeError(f"field {veld}: {kind} has no form in XML")


def _without_none(hint: Any) -> Any:
    """`X` of `X | None`, else the hint itself."""
    options = [option for option in get_args(hint) if option is not NoneType]
    return options[0] if NoneType in get_args(hint) and len(options) == 1 else hint
