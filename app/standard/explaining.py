"""Why a bericht does not fit its schema: every fault with its path, line and value, and one Dutch sentence that says what to change.

The door refuses with libxml2, which is fast but stops inside an element whose content broke, and speaks to schema authors. This walker goes
over the whole bericht with the structure of the same schema and speaks to the sender. It decides nothing: a bericht is refused by the
schema. What it says about codes comes from `codelists`. Values that are personal data are never repeated.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from app.domain.bevinding import Bevinding
from app.standard import waarden
from app.standard.plaats import line_of
from app.standard.structuur import Klasse, Veld, Waarde

if TYPE_CHECKING:
    from lxml import etree

BEVINDINGEN_MAX = 1000
RIGHT_VALUES_MAX = 10_000
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# Attributes that XML Schema itself gives a meaning to; schemaLocation only says where the sender keeps a copy of the schema.
XSI_HINTS = frozenset({f"{XSI}schemaLocation", f"{XSI}noNamespaceSchemaLocation", f"{XSI}type"})
WHITE = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitleg:
    """All faults that were found; `stopped_early` when there may be more."""

    bevindingen: tuple[Bevinding, ...]
    stopped_early: bool = False


def explain(
    root: etree._Element,
    structuur: Veld,
    domein: str,
    *,
    limit: int = BEVINDINGEN_MAX,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Uitleg:
    """Collect the faults of a bericht against the structure of its schema, in the order of the document.

    Args:
        root: The bericht, parsed without comments and processing instructions.
        structuur: From `read_structuur`, for the schema that refused it.
        domein: Whose code lists give the codes their meaning.
        limit: Number of findings after which it stops.
        out_of_time: Asked at every class; True stops the walk.
    Returns:
        No findings when the walker sees no fault; what a refusal means then is for the caller to decide.
    """
    walk = _Walk(domein=domein, limit=limit, out_of_time=out_of_time)
    stopped_early = False
    try:
        if root.tag != structuur.tag:
            walk.add(root, f"/{_local(root)}", f"Het eerste element is {_local(root)}. Verwacht is Bericht in {_namespace(structuur.tag)}.")
        else:
            walk.element(root, structuur, "/Bericht", parent="")
    except _StoppedEarly:
        stopped_early = True
    in_order = sorted(walk.found, key=lambda bevinding: bevinding.regelnummer or 0)
    return Uitleg(bevindingen=tuple(in_order), stopped_early=stopped_early)


class _StoppedEarly(Exception):
    """The walk reached its limit of findings or of time."""


@dataclass(slots=True, kw_only=True)
class _Walk:
    """One walk over one bericht. Paths are passed down as text; siblings that repeat carry their number."""

    domein: str
    limit: int
    out_of_time: Callable[[], bool]
    found: list[Bevinding] = field(default_factory=list)
    # Sequences of tags that were seen to be right, by class: a declaratie repeats the same few thousands of times.
    right: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)
    # Short values that were seen to be right, by type: codes, dates, amounts.
    right_values: set[tuple[int, str]] = field(default_factory=set)

    def add(self, element: etree._Element, path: str, melding: str, *, waarde: str | None = None) -> None:
        """Note one fault at an element."""
        if len(self.found) >= self.limit:
            raise _StoppedEarly
        self.found.append(Bevinding(regel="XSD", pad=path, regelnummer=line_of(element) or None, waarde=waarde, melding=melding))

    def element(self, element: etree._Element, veld: Veld, path: str, *, parent: str) -> None:
        """Everything about one element that stands where it may."""
        if element.attrib:
            self.attributes(element, veld, path)
        if isinstance(veld.inhoud, Waarde):
            self.value(element, veld, veld.inhoud, path, parent=parent)
        else:
            self.children(element, veld, veld.inhoud, path)

    def attributes(self, element: etree._Element, veld: Veld, path: str) -> None:
        """The standard has no attributes: only hints about the schema may stand there."""
        for name in element.attrib:
            if name not in XSI_HINTS:
                plain = str(name).rpartition("}")[2]
                self.add(element, path, f"{veld.naam} heeft een attribuut {_shown(plain)}. Verwijder het: attributen zijn niet toegestaan.")

    def value(self, element: etree._Element, veld: Veld, waarde: Waarde, path: str, *, parent: str) -> None:
        """An element that holds a value."""
        if len(element):
            inside = _shown(_local(element[0]))
            self.add(
                element, path, f"{veld.naam} bevat een element {inside}. Verwacht is een waarde: {waarden.expected(waarde, self.domein)}."
            )
            return
        text = element.text or ""
        if (id(waarde), text) in self.right_values:
            return
        fault = waarden.fault(veld.naam, waarde, text, self.domein, private=waarden.is_private(veld.naam, parent))
        if fault:
            self.add(element, path, fault, waarde=waarden.masked(veld.naam, parent, text))
        elif len(text) <= 12 and len(self.right_values) < RIGHT_VALUES_MAX:
            self.right_values.add((id(waarde), text))

    def children(self, element: etree._Element, veld: Veld, klasse: Klasse, path: str) -> None:
        """An element that holds elements: text between them, their order and number, then each of them."""
        if self.out_of_time():
            raise _StoppedEarly
        self.text_between(element, veld, path)
        # The children are gone through more than once and never kept: a million of them as Python objects would cost 300 MB.
        tags = tuple(sys.intern(str(child.tag)) for child in element)
        key = (id(klasse), tags)
        if key in self.right or _is_right(klasse, tags):
            if len(tags) <= 32:
                self.right.add(key)
            places: list[int | None] = [klasse.plaats[tag] for tag in tags]
        else:
            places = self.arrangement(element, veld, klasse, path)
        self.each(element, places, klasse, veld, path)

    def each(self, element: etree._Element, places: list[int | None], klasse: Klasse, veld: Veld, path: str) -> None:
        """Go into each child that the class knows."""
        seen = [0] * len(klasse.velden)
        for child, place in zip(element, places, strict=True):
            if place is None:
                continue
            seen[place] += 1
            below = klasse.velden[place]
            number = f"[{seen[place]}]" if below.repeats or seen[place] > 1 else ""
            self.element(child, below, f"{path}/{below.naam}{number}", parent=veld.naam)

    def text_between(self, element: etree._Element, veld: Veld, path: str) -> None:
        """Text beside elements, where only elements may stand."""
        between = chain((element.text,), (child.tail for child in element))
        if any(text and text.strip(WHITE) for text in between):
            self.add(element, path, f"In {veld.naam} staat tekst tussen de elementen. Verwijder die: alleen elementen zijn toegestaan.")

    def arrangement(self, element: etree._Element, veld: Veld, klasse: Klasse, path: str) -> list[int | None]:
        """Note what is wrong with the order and number of the children; give the place of each, None for one that does not belong.

        The faults come in the order in which the children should stand.
        """
        places = [_place(klasse, child) for child in element]
        kept = _longest_in_order(places)
        seen: Counter[int] = Counter()
        strange: Counter[str] = Counter()
        for number, (child, place) in enumerate(zip(element, places, strict=True)):
            if place is None:
                strange[_local(child)] += 1
                self.unknown(child, veld, klasse, path, strange[_local(child)])
                continue
            seen[place] += 1
            self.known(child, klasse, place, path, seen[place], in_order=bool(kept[number]))
        for place, missing in enumerate(klasse.velden):
            if seen[place] < missing.minimaal:
                self.missing(element, veld, klasse, place, path, places)
        return places

    def known(self, child: etree._Element, klasse: Klasse, place: int, path: str, count: int, *, in_order: bool) -> None:
        """A child of the class: in the right namespace, not too often, in its place."""
        veld = klasse.velden[place]
        below = f"{path}/{veld.naam}" + (f"[{count}]" if veld.repeats or count > 1 else "")
        if child.tag != veld.tag:
            self.add(child, below, f"{veld.naam} staat in een verkeerde namespace. Verwacht is {_namespace(veld.tag)}.")
        if veld.maximaal is not None and count > veld.maximaal:
            self.add(child, below, f"{veld.naam} komt te vaak voor: hoogstens {veld.maximaal} keer.")
        elif not in_order:
            self.add(child, below, f"{veld.naam} staat op de verkeerde plaats. {_where(klasse, place)}")

    def unknown(self, child: etree._Element, veld: Veld, klasse: Klasse, path: str, count: int) -> None:
        """A child that the class does not know; `count` is its number among those of the same name."""
        name = _local(child)
        near = next((each.naam for each in klasse.velden if each.naam.lower() == name.lower()), None)
        advice = f"Bedoeld is {near}?" if near else f"Toegestaan zijn {_listed(each.naam for each in klasse.velden)}."
        below = f"{path}/{_shown(name)}" + (f"[{count}]" if count > 1 else "")
        self.add(child, below, f"{_shown(name)} is in {veld.naam} niet toegestaan. {advice}")

    def missing(
        self,
        element: etree._Element,
        veld: Veld,
        klasse: Klasse,
        place: int,
        path: str,
        places: list[int | None],
    ) -> None:
        """A required child that is not there, told by the one after which it should stand."""
        gone = klasse.velden[place]
        before = [number for number, each in enumerate(places) if each is not None and each < place]
        below = f"{path}/{gone.naam}" + ("[1]" if gone.repeats else "")
        if before:
            last = max(before, key=lambda number: (places[number] or 0, number))
            self.add(element[last], below, f"Na {klasse.velden[places[last] or 0].naam} ontbreekt {gone.naam}.")
        else:
            self.add(element, below, f"In {veld.naam} ontbreekt {gone.naam}, het eerste element.")


def _is_right(klasse: Klasse, tags: tuple[str, ...]) -> bool:
    """True when the children stand in order and each of them often enough and not too often."""
    counts = Counter(tags)
    if any(tag not in klasse.plaats for tag in counts):
        return False
    places = [klasse.plaats[tag] for tag in tags]
    return all(one <= other for one, other in pairwise(places)) and all(
        veld.minimaal <= counts[veld.tag] and (veld.maximaal is None or counts[veld.tag] <= veld.maximaal) for veld in klasse.velden
    )


def _place(klasse: Klasse, child: etree._Element) -> int | None:
    """The place of a child in its class; by its name alone when only the namespace is wrong."""
    place = klasse.plaats.get(str(child.tag))
    if place is not None:
        return place
    name = _local(child)
    return next((number for number, veld in enumerate(klasse.velden) if veld.naam == name), None)


def _longest_in_order(places: list[int | None]) -> bytearray:
    """For each child 1 when it is in a largest group of children that stand in the right order among themselves; the others are misplaced."""
    tops: list[int] = []
    ends: list[int] = []
    before = array("l", [-1]) * len(places)
    for number, place in enumerate(places):
        if place is None:
            continue
        length = bisect_right(tops, place)
        before[number] = ends[length - 1] if length else -1
        if length == len(tops):
            tops.append(place)
            ends.append(number)
        else:
            tops[length], ends[length] = place, number
    kept = bytearray(len(places))
    last = ends[-1] if ends else -1
    while last >= 0:
        kept[last] = 1
        last = before[last]
    return kept


def _where(klasse: Klasse, place: int) -> str:
    """Where an element of a class should stand."""
    if place > 0:
        return f"Verwacht is het na {klasse.velden[place - 1].naam}."
    return f"Verwacht is het vóór {klasse.velden[1].naam}."


def _listed(names: Iterator[str]) -> str:
    """Names with commas, the last with `en`."""
    *first, last = list(names)
    return f"{', '.join(first)} en {last}" if first else last


def _local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _namespace(tag: str) -> str:
    """The namespace of a tag."""
    return tag[1:].partition("}")[0]


def _shown(name: str) -> str:
    """A name that the sender made up, no longer than a line."""
    return name if len(name) <= 60 else f"{name[:57]}..."
