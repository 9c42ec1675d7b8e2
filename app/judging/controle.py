"""The check of one file before it is sent, as far as the file itself can tell: controleniveau 1 and 2, without a database.

For `solidair validate`, the page and the check over HTTP. What earlier berichten add (niveau 3 and 4) is asked by `service_vragen`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from app.adapters.xml import Accepted, Schemas, parse, read_tree
from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding
from app.domain.errors import Parkeren
from app.domain.partij import aanbieder, gemeente
from app.domain.snapshot import Snapshot
from app.intake.validating import Oordeel, not_judged, validate_bytes
from app.judging.inhoud import judge_inhoud
from app.judging.kijken import kijk_op_bericht
from app.judging.resterend import Resterend
from app.standard.plaats import line_of
from app.standard.reading import NietVolgensSchema, WaardeBuitenBereik, read
from app.standard.rules.engine import GEMASKEERD
from app.standard.waarden import AFGESCHERMD

WAARDE_LENGTE_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Controle:
    """The outcome of a check.

    Attributes:
        oordeel: What was found, and up to which controleniveau was judged.
        bericht: As read; None when its structure is wrong or its content cannot be read yet.
        resterend: Of a 323 that was judged against earlier berichten: what is left of each toewijzing it names; None otherwise.
        resterend_afgekapt: True when the 323 names more toewijzingen than `resterend` lists.
    """

    oordeel: Oordeel
    bericht: Bericht | None = None
    resterend: tuple[Resterend, ...] | None = None
    resterend_afgekapt: bool = False


def judge_bestand(data: bytes, schemas: Schemas, *, niveau: int, vandaag: date) -> Controle:
    """Judge one file by its structure and, from niveau 2 on, by the rules that the bericht alone decides (retourcode 0001).

    A berichtsoort whose content we cannot read is judged by its structure only; `beoordeeld_tot` then says 1.

    Args:
        niveau: 1 structure only; 2 or more also the content.
        vandaag: Local day; a few rules of niveau 2 compare with it.
    """
    oordeel = validate_bytes(data, schemas)
    accepted = oordeel.accepted
    if accepted is None or niveau < 2:
        return Controle(oordeel=oordeel)
    try:
        root = parse(data)
        bericht = read(root, accepted.soort)
    except NietVolgensSchema:
        # It fits its schema, so what `read` does not know is a part of a soort that has no values in `domain` yet.
        return Controle(oordeel=oordeel)
    except WaardeBuitenBereik as fout:
        return Controle(oordeel=found_in(oordeel, [_out_of_range(fout)], beoordeeld_tot=1))
    try:
        found = judge_inhoud(kijk_op_bericht(bericht, _no_past(accepted), vandaag=vandaag))
    except Parkeren as reden:
        return Controle(oordeel=could_not(oordeel, reden), bericht=bericht)
    return Controle(oordeel=found_in(oordeel, at_their_lines(root, found), beoordeeld_tot=2), bericht=bericht)


def at_their_lines(root: etree._Element, bevindingen: Iterable[Bevinding]) -> list[Bevinding]:
    """Findings with the line of the element they point at, or of the nearest one around it; a rule itself knows that of its class only."""
    places = _Places(root)
    return [replace(bevinding, regelnummer=places.line(bevinding.pad) or bevinding.regelnummer) for bevinding in bevindingen]


def found_in(oordeel: Oordeel, bevindingen: Iterable[Bevinding], *, beoordeeld_tot: int) -> Oordeel:
    """The outcome for a file of valid structure in which this was found, in the order of the file."""
    ordered = tuple(sorted(bevindingen, key=lambda bevinding: bevinding.regelnummer or 0))
    return replace(oordeel, valid=not ordered, bevindingen=ordered, beoordeeld_tot=beoordeeld_tot)


def could_not(oordeel: Oordeel, reden: Parkeren) -> Oordeel:
    """The outcome for a file of valid structure on which a rule could not be judged."""
    return replace(not_judged(reden.reden, domein=oordeel.domein, bericht=oordeel.bericht), accepted=oordeel.accepted)


def afzender_partij(accepted: Accepted) -> str:
    """The partij that really sends this bericht (IV028)."""
    return gemeente(accepted.van) if accepted.soort.van == "gemeente" else aanbieder(accepted.van)


def with_values(data: bytes, oordeel: Oordeel) -> Oordeel:
    """The outcome with the values that findings hide because they are personal data: only for who holds the file, never to be stored."""
    if not any(_is_masked(bevinding) for bevinding in oordeel.bevindingen):
        return oordeel
    root = read_tree(data)
    if isinstance(root, Bevinding):
        return oordeel
    places = _Places(root)
    return replace(oordeel, bevindingen=tuple(_unmask(bevinding, places) for bevinding in oordeel.bevindingen))


def _no_past(accepted: Accepted) -> Snapshot:
    """Nothing happened before: the rules of niveau 2 look at the bericht only."""
    agb = accepted.aan if accepted.soort.van == "gemeente" else accepted.van
    return Snapshot(domein=accepted.soort.domein, agb=agb)


def _out_of_range(fout: WaardeBuitenBereik) -> Bevinding:
    return Bevinding(
        regel="XSD",
        pad=fout.pad,
        regelnummer=fout.regelnummer or None,
        melding=f"{fout.element} heeft een waarde die het schema toestaat maar die niet te verwerken is. "
        "Gebruik een datum in de jaren 1 tot en met 9999 en een getal van gewone lengte.",
    )


def _is_masked(bevinding: Bevinding) -> bool:
    return bevinding.waarde in (GEMASKEERD, AFGESCHERMD)


def _unmask(bevinding: Bevinding, places: _Places) -> Bevinding:
    """A masked finding with the value of its element; as it is when the element is not there or holds no value."""
    if not _is_masked(bevinding):
        return bevinding
    element = places.find(bevinding.pad)
    text = None if element is None or len(element) else element.text
    if not text:
        return bevinding
    waarde = text if len(text) <= WAARDE_LENGTE_MAX else f"{text[: WAARDE_LENGTE_MAX - 1]}…"
    return replace(bevinding, waarde=waarde, melding=bevinding.melding.replace(GEMASKEERD, waarde))


class _Places:
    """The elements of one bericht by the path of a finding; every element is indexed once, however many findings ask. Lives in one call."""

    def __init__(self, root: etree._Element) -> None:
        self._found: dict[str, etree._Element | None] = {f"/{etree.QName(root).localname}": root}
        self._children: dict[str, dict[str, list[etree._Element]]] = {}

    def find(self, pad: str) -> etree._Element | None:
        """The element at a path such as `/Bericht/Client/Relaties/Relatie[2]`; None when there is none."""
        if pad in self._found:
            return self._found[pad]
        above, _, step = pad.rpartition("/")
        parent = self.find(above) if above else None
        found = None if parent is None else self._child(above, parent, step)
        self._found[pad] = found
        return found

    def line(self, pad: str) -> int:
        """The line of the element at a path, or of the nearest element above it; 0 when not even its root is there."""
        while pad:
            if (element := self.find(pad)) is not None:
                return line_of(element)
            pad = pad.rpartition("/")[0]
        return 0

    def _child(self, pad: str, parent: etree._Element, step: str) -> etree._Element | None:
        name, _, index = step.rstrip("]").partition("[")
        if pad not in self._children:
            by_name: dict[str, list[etree._Element]] = {}
            for child in parent:
                by_name.setdefault(etree.QName(child).localname, []).append(child)
            self._children[pad] = by_name
        children = self._children[pad].get(name, [])
        place = int(index) - 1 if index else 0
        return children[place] if place < len(children) else None
