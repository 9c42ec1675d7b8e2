"""From an XML tree in memory to the values of `domain`, in one pass and about as fast as the schema check itself.

For each domain class one Python function is written out and compiled (as `dataclasses` does for `__init__`), the first time a bericht of
that soort is read. A schema fixes the order of elements, so the function takes the mandatory ones by their place and looks at the name of
the optional ones only: asking lxml for every name would cost a third more. For StopProduct it reads, shortened to two fields:

    def read(element):
        value = new(open_twin)
        value.regelnummer = line_of(element)
        children = iter(element)
        child = next(children, None)
        try:
            if child is not None and child.tag == '{…}ToewijzingNummer':
                value.toewijzing_nummer = int(child.text)
                child = next(children, None)
            else:
                value.toewijzing_nummer = leeg_toewijzing_nummer
            if child is None: raise incomplete(element, 'Begindatum')
            value.begindatum = read_datum(child.text)
            child = next(children, None)
        …
        value.__class__ = klasse
        return value

A frozen dataclass sets each field through `object.__setattr__`, which takes eight times as long as an assignment. So the value is filled as
an instance of a twin of its class, with the same slots and without the guard, and becomes frozen when it is complete.

The text that is compiled comes from the names in `vorm` alone, never from a bericht.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from app.domain.bericht import Bericht
from app.domain.klassen import Berichtklasse
from app.standard.catalogue import BerichtSoort
from app.standard.plaats import line_of, pad_of
from app.standard.vorm import WITTEKENS, Element, Inhoud, elementen

Reader = Callable[[etree._Element], Any]


class Leesfout(ValueError):
    """This tree cannot be read as the bericht it should be.

    Attributes:
        pad: Path of the element, as in a Bevinding.
        regelnummer: Its line, from 1; 0 when the tree has no lines.
        element: Its name without namespace.
    """

    def __init__(self, reden: str, element: etree._Element) -> None:
        self.pad = pad_of(element)
        self.regelnummer = line_of(element)
        self.element = etree.QName(element).localname
        super().__init__(f"{self.pad}: {reden}")


class WaardeBuitenBereik(Leesfout):
    """A value that the schema allows and we cannot hold: a date before the year 1 or after 9999, a number of thousands of digits.

    `waarde` is the text as written; it is not in the message of the error, because it may be personal data.
    """

    def __init__(self, element: etree._Element) -> None:
        super().__init__("the value is outside what can be processed", element)
        self.waarde = element.text or ""


class NietVolgensSchema(Leesfout):
    """An element is missing or too many: the tree was not validated against the schema of this soort.

    A last guard, no substitute for the schema: mandatory elements that are exchanged are not noticed.
    """


def read(root: etree._Element, soort: BerichtSoort) -> Bericht:
    """The bericht as values.

    Comments and processing instructions have no meaning and are left out, also in the middle of a value. Numbers and dates may have white
    space around them and numbers a plus sign or leading zeros, as XML Schema allows; text is kept as it is.

    Args:
        root: Element Bericht of a tree that is valid against the schema of `soort`; it is not changed.
        soort: From the catalogue.
    Returns:
        The bericht; every berichtklasse knows its line.
    Raises:
        WaardeBuitenBereik: A value that the schema allows but that is too big or too far away to be held.
        NietVolgensSchema: The tree is not a bericht of this soort.
    """
    if root.tag != soort.root:
        raise NietVolgensSchema(f"expected {soort.root}", root)
    if next(root.iter(etree.Comment, etree.PI), None) is not None:
        root = deepcopy(root)
        etree.strip_tags(root, etree.Comment, etree.PI)
    children = root.iterchildren()
    values: dict[str, Any] = {"domein": soort.domein, "soort": soort.nummer}
    child = next(children, None)
    for element in elementen(Bericht):
        if child is not None and child.tag == f"{{{soort.namespace}}}{element.naam}" and element.klasse is not None:
            values[element.veld] = _reader(element.klasse, soort.namespace, soort.basis_namespace)(child)
            child = next(children, None)
        elif element.verplicht:
            raise _incomplete(root, element.naam)
    if child is not None:
        raise _unexpected(child)
    return Bericht(**values)


@cache
def _reader(klasse: type, namespace: str, basis_namespace: str) -> Reader:
    """The function that reads one value of `klasse` from its element."""
    scope: dict[str, Any] = {
        "klasse": klasse,
        "open_twin": _open_twin(klasse),
        "new": object.__new__,
        "line_of": line_of,
        "read_datum": _read_datum,
        "incomplete": _incomplete,
        "unexpected": _unexpected,
        "buiten_bereik": WaardeBuitenBereik,
        "leesfout": Leesfout,
    }
    first = "pass"
    if issubclass(klasse, Berichtklasse):
        first = "value.regelnummer = line_of(element)"
    lines: list[str] = []
    for element in elementen(klasse):
        scope[f"leeg_{element.veld}"] = element.leeg
        if element.klasse is not None:
            scope[f"read_{element.veld}"] = _reader(element.klasse, namespace, basis_namespace)
        tag = f"{{{basis_namespace if klasse.basis else namespace}}}{element.naam}"  # type: ignore[attr-defined]
        lines += _read_verplicht(element) if element.verplicht else _read_optional(element, tag)
    source = _FUNCTION.format(
        regelnummer=first,
        elementen="\n        ".join(lines),
    )
    exec(compile(source, f"<reader of {klasse.__name__}>", "exec"), scope)  # noqa: S102 - see the module docstring
    read_one: Reader = scope["read"]
    return read_one


_FUNCTION = """
def read(element):
    value = new(open_twin)
    {regelnummer}
    children = iter(element)
    child = next(children, None)
    try:
        {elementen}
    except leesfout:
        raise
    except ValueError as error:
        raise buiten_bereik(child) from error
    if child is not None:
        raise unexpected(child)
    value.__class__ = klasse
    return value
"""


def _open_twin(klasse: type) -> type:
    """A class that lies in memory as `klasse` does, whose fields may be assigned; never seen outside a reader."""
    unguarded = {"__slots__": klasse.__dict__["__slots__"], "__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(klasse.__name__, klasse.__bases__, unguarded)


def _read_verplicht(element: Element) -> Iterator[str]:
    """Statements that take the next child as this element."""
    yield f"if child is None: raise incomplete(element, {element.naam!r})"
    yield f"value.{element.veld} = {_value(element)}"
    yield "child = next(children, None)"


def _read_optional(element: Element, tag: str) -> Iterator[str]:
    """Statements that take the next child if it is this element, and else leave it for the following one."""
    yield f"if child is not None and child.tag == {tag!r}:"
    yield f"    value.{element.veld} = {_value(element)}"
    yield "    child = next(children, None)"
    yield "else:"
    yield f"    value.{element.veld} = leeg_{element.veld}"


def _value(element: Element) -> str:
    """The expression for the value in `child`."""
    match element.inhoud:
        case Inhoud.TEKST:
            return "child.text"
        case Inhoud.TIJD:
            return f"child.text.strip({WITTEKENS!r})"
        case Inhoud.GEHEEL:
            return "int(child.text)"
        case Inhoud.DATUM:
            return "read_datum(child.text)"
        case Inhoud.KLASSE:
            return f"read_{element.veld}(child)"
        case Inhoud.LIJST:
            return f"tuple(map(read_{element.veld}, child))"
        case Inhoud.CODES:
            return "tuple([code.text for code in child])"


@lru_cache(maxsize=4096)
def _read_datum(text: str) -> date:
    """An xs:date without time zone; raises ValueError for a year that Python does not have.

    Remembered, because a declaratie of 28 000 prestaties names a few dates 56 000 times; one and the same value also compares faster.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.fromisoformat(text.strip(WITTEKENS))


def _incomplete(parent: etree._Element, naam: str) -> NietVolgensSchema:
    """The error for an element that ends before it is complete."""
    return NietVolgensSchema(f"{naam} is missing", parent)


def _unexpected(child: etree._Element) -> NietVolgensSchema:
    """The error for an element that has no place where it stands."""
    return NietVolgensSchema("is not expected here", child)
