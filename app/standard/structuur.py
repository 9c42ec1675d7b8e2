"""What a schema says about a bericht, as plain values: which elements, in what order, how often, and which values.

Read from the schema itself, so that `explaining` says exactly what the schema in use says, also when an operator uses the official one.
Reads only what the schemas of iJw and iWmo use: sequences of elements, and simple types by restriction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
XS_NAMESPACE = XS[1:-1]
Soort = Literal["string", "integer", "date", "time"]


class UnknownStructuur(Exception):
    """A schema uses a construct that this reader does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waarde:
    """What a value may be: all facets of a simple type and of the types it restricts.

    Attributes:
        type_naam: Name of the named type, such as `LDT_Postcode`.
        soort: The built-in type it comes from.
        patronen: Every pattern must fit the whole value; as Python patterns.
        codes: The enumeration, empty when there is none.
        lengte_min, lengte_max: In characters, for strings.
        waarde_min, waarde_max: For integers.
    """

    type_naam: str
    soort: Soort
    patronen: tuple[re.Pattern[str], ...] = ()
    codes: tuple[str, ...] = ()
    lengte_min: int = 0
    lengte_max: int | None = None
    waarde_min: int | None = None
    waarde_max: int | None = None

    @property
    def lijst(self) -> str:
        """Name of the codelijst of an enumeration: the type without its prefix."""
        return self.type_naam.removeprefix("LDT_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Veld:
    """One element of a class; `inhoud` is another class or a value, `maximaal` is None when it may repeat without bound."""

    tag: str
    naam: str
    minimaal: int
    maximaal: int | None
    inhoud: Klasse | Waarde

    @property
    def repeats(self) -> bool:
        """Whether it may stand there more than once, so that a path needs an index."""
        return self.maximaal is None or self.maximaal > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Klasse:
    """A sequence of elements; `plaats` gives the place of each in the sequence by its tag."""

    velden: tuple[Veld, ...]
    plaats: dict[str, int] = field(compare=False, repr=False)


def read_structuur(bericht: etree._Element, basis: etree._Element) -> Veld:
    """The root element of a bericht with all that is below it.

    Args:
        bericht: Root of the schema of the bericht.
        basis: Root of the basisschema it imports.
    Raises:
        UnknownStructuur: The schema has no element Bericht or uses something this reader does not know.
    """
    reader = _Reader({str(schema.get("targetNamespace")): schema for schema in (bericht, basis)})
    for element in bericht.iterchildren(f"{XS}element"):
        if element.get("name") == "Bericht":
            return reader.veld(element)
    raise UnknownStructuur("no element Bericht")


class _Reader:
    """Looks types up by qualified name and reads each of them once."""

    def __init__(self, schemas: dict[str, etree._Element]) -> None:
        self._types = {
            (namespace, str(child.get("name"))): child
            for namespace, schema in schemas.items()
            for child in schema.iterchildren(f"{XS}complexType", f"{XS}simpleType")
        }
        self._read: dict[tuple[str, str], Klasse | Waarde] = {}

    def veld(self, element: etree._Element) -> Veld:
        """An xs:element with its type, named or its own."""
        own = element.find(f"{XS}simpleType")
        inhoud = self.waarde(own) if own is not None else self.by_name(element, str(element.get("type")))
        maximaal = element.get("maxOccurs", "1")
        namespace = str(element.getroottree().getroot().get("targetNamespace"))
        return Veld(
            tag=f"{{{namespace}}}{element.get('name')}",
            naam=str(element.get("name")),
            minimaal=int(element.get("minOccurs", "1")),
            maximaal=None if maximaal == "unbounded" else int(maximaal),
            inhoud=inhoud,
        )

    def by_name(self, element: etree._Element, name: str) -> Klasse | Waarde:
        """The type that `name` refers to where `element` stands."""
        prefix, _, local = name.rpartition(":")
        namespace = element.nsmap.get(prefix or None, "")
        if namespace == XS_NAMESPACE:
            return _built_in(local)
        key = (namespace, local)
        if key not in self._read:
            if key not in self._types:
                raise UnknownStructuur(f"type {name}")
            found = self._types[key]
            self._read[key] = self.klasse(found) if found.tag == f"{XS}complexType" else self.waarde(found)
        return self._read[key]

    def klasse(self, complex_type: etree._Element) -> Klasse:
        """An xs:complexType that is a sequence of elements."""
        parts = [child for child in complex_type.iterchildren("*") if child.tag != f"{XS}annotation"]
        if [part.tag for part in parts] != [f"{XS}sequence"]:
            raise UnknownStructuur(f"complexType {complex_type.get('name')}")
        velden = tuple(self.veld(child) for child in parts[0].iterchildren(f"{XS}element"))
        return Klasse(velden=velden, plaats={veld.tag: place for place, veld in enumerate(velden)})

    def waarde(self, simple_type: etree._Element) -> Waarde:
        """An xs:simpleType that restricts another, with the facets of both."""
        restriction = simple_type.find(f"{XS}restriction")
        if restriction is None:
            raise UnknownStructuur(f"simpleType {simple_type.get('name')}")
        base = self.by_name(restriction, str(restriction.get("base")))
        if isinstance(base, Klasse):
            raise UnknownStructuur(f"simpleType {simple_type.get('name')}")
        named = replace(base, type_naam=simple_type.get("name") or base.type_naam)
        return _restrict(named, restriction)


def _built_in(local: str) -> Waarde:
    """A built-in type of XML Schema without facets."""
    match local:
        case "string" | "integer" | "date" | "time":
            return Waarde(type_naam=local, soort=local)
        case _:
            raise UnknownStructuur(f"built-in type {local}")


def _restrict(base: Waarde, restriction: etree._Element) -> Waarde:
    """A value type with the facets of one restriction added. The patterns of one restriction are alternatives."""
    result, patterns, codes = base, [], []
    for facet in restriction.iterchildren("*"):
        value = str(facet.get("value"))
        match str(facet.tag).removeprefix(XS):
            case "pattern":
                patterns.append(value)
            case "enumeration":
                codes.append(value)
            case "minLength":
                result = replace(result, lengte_min=int(value))
            case "maxLength":
                result = replace(result, lengte_max=int(value))
            case "minInclusive":
                result = replace(result, waarde_min=int(value))
            case "maxInclusive":
                result = replace(result, waarde_max=int(value))
            case "annotation" | "simpleType":
                continue
            case other:
                raise UnknownStructuur(f"facet {other}")
    if patterns:
        both = re.compile("|".join(f"(?:{as_python_pattern(each)})" for each in patterns))
        result = replace(result, patronen=(*result.patronen, both))
    return replace(result, codes=tuple(codes)) if codes else result


def as_python_pattern(pattern: str) -> str:
    r"""A pattern of XML Schema as a pattern for `re.fullmatch`.

    Python's `\s` and `\d` mean more than those of XML Schema, its `.` includes the carriage return, and `^` and `$` are anchors in Python
    but plain characters in XML Schema.
    """
    parts: list[str] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "[":
            end = _class_end(pattern, place)
            parts.append(_class(pattern[place + 1 : end]))
            place = end + 1
        elif character == "\\":
            parts.append(_ESCAPES.get(pattern[place + 1], "\\" + pattern[place + 1]))
            place += 2
        else:
            parts.append(_OUTSIDE.get(character, character))
            place += 1
    return "".join(parts)


_SPACE = r" \t\r\n"
_ESCAPES = {"s": f"[{_SPACE}]", "S": f"[^{_SPACE}]", "d": "[0-9]", "D": "[^0-9]"}
_OUTSIDE = {".": r"[^\n\r]", "^": r"\^", "$": r"\$"}


def _class_end(pattern: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    place = start + 1
    while pattern[place] != "]":
        place += 2 if pattern[place] == "\\" else 1
    return place


def _class(body: str) -> str:
    r"""A character class; `\S` inside one becomes an alternative of its own."""
    negative = body.startswith("^")
    inside = body.removeprefix("^").replace(r"\s", _SPACE).replace(r"\d", "0-9")
    if r"\S" not in inside:
        return f"[{'^' if negative else ''}{inside}]"
    if negative:
        raise UnknownStructuur(f"class [{body}]")
    rest = inside.replace(r"\S", "")
    return f"(?:[{rest}]|[^{_SPACE}])" if rest else f"[^{_SPACE}]"
