"""The verdict, in one place: what becomes of a bericht, given its bevindingen. Pure.

Every bericht but a 323 is rejected as a whole on any bevinding and counts as not sent then (OP286). A 323 is rejected as a whole on its
header or Declaratie, otherwise per prestatie (IV087).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding
from app.domain.oordeel import GeoordeeldePrestatie, Niveau, Oordeel, Verdict
from app.standard.rules import TECHNISCH

HEADER_PAD = "/Bericht/Header"
DECLARATIE_PAD = "/Bericht/Declaratie"


def reject_technical(bericht: Bericht, bevindingen: Sequence[Bevinding]) -> Oordeel:
    """Controleniveau 2 was not passed: 0001 on the header, wherever the faults are (IV032, IV088)."""
    return _reject(bericht, Niveau.TECHNISCH, bevindingen, {HEADER_PAD: (TECHNISCH,)})


def reject_header(bericht: Bericht, bevindingen: Sequence[Bevinding]) -> Oordeel:
    """The header was not passed: its own codes on it, and nothing below it is judged."""
    return _reject(bericht, Niveau.HEADER, bevindingen, {HEADER_PAD: codes_of(bevindingen)})


def reject_classes(bericht: Bericht, found: Mapping[str, Sequence[Bevinding]], *, niet_beoordeeld: frozenset[str] = frozenset()) -> Oordeel:
    """Classes were not passed, by path, and the bericht is rejected as a whole: any but a 323, or a 323 on its Declaratie.

    `niet_beoordeeld` are paths of classes that were not judged because of that (0233).
    """
    bevindingen = [bevinding for each in found.values() for bevinding in each]
    rejected = _reject(bericht, Niveau.KLASSE, bevindingen, {pad: codes_of(each) for pad, each in found.items()})
    return replace(rejected, niet_beoordeeld=niet_beoordeeld) if niet_beoordeeld else rejected


def verdict_on_lines(prestaties: Iterable[GeoordeeldePrestatie]) -> tuple[Verdict, Niveau | None]:
    """What becomes of a 323 whose lines were judged.

    One line that waits for a contract holds the whole 323, because it has one answer; a line that is refused anyway does not wait.
    """
    waits = granted = refused = False
    for prestatie in prestaties:
        if prestatie.toegekend:
            granted = True
        elif prestatie.wacht_op_contract:
            waits = True
        else:
            refused = True
    niveau = Niveau.KLASSE if refused else None
    if waits:
        return Verdict.WACHT_OP_CONTRACT, niveau
    if not refused:
        return Verdict.VERWERKT, niveau
    return (Verdict.DEELS_AFGEKEURD if granted else Verdict.AFGEKEURD), niveau


def codes_of(bevindingen: Iterable[Bevinding]) -> tuple[str, ...]:
    """The retourcodes of these bevindingen, each once, in order."""
    return tuple(dict.fromkeys([bevinding.retourcode for bevinding in bevindingen if bevinding.retourcode is not None]))


def _reject(bericht: Bericht, niveau: Niveau, bevindingen: Sequence[Bevinding], retourcodes: Mapping[str, tuple[str, ...]]) -> Oordeel:
    declaratie = bericht.declaratie
    return Oordeel(
        bericht=bericht,
        verdict=Verdict.AFGEKEURD,
        niveau=niveau,
        bevindingen=tuple(bevindingen),
        retourcodes=retourcodes,
        ingediend_cent=None if declaratie is None else declaratie.totaal_ingediend_bedrag.cent,
        toegekend_cent=None if declaratie is None else 0,
    )
