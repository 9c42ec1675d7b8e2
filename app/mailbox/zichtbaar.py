"""Which berichten an actor sees: the one condition that every read of this room carries. What it excludes does not exist for the actor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, and_, any_, bindparam, not_, or_, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from app.adapters.tables import bericht
from app.domain.partij import Actor, aanbieder, code_van, gemeente, is_partij

VERTROKKEN = ("klaar", "bezorgd", "beantwoord", "afgekeurd_door_ontvanger")
"""Statuses of a bericht that has left for its addressee; one that was stopped here was never sent to an aanbieder."""

b = bericht.c


Parameter = Callable[[str, TypeEngine[Any]], ColumnElement[Any]]


def _condition(parameter: Parameter) -> ColumnElement[bool]:
    def any_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        return column == any_(parameter(name, ARRAY(Text)))

    at_the_door = b.status == "geweigerd"
    in_gemeenten = or_(parameter("zicht_alles", Boolean()), any_of(b.gemeente, "zicht_gemeenten"))
    left_for = and_(any_of(b.aan, "zicht_aanbieders"), or_(*(b.status == status for status in VERTROKKEN)))
    return or_(
        any_of(b.van, "zicht_partijen"),
        and_(not_(at_the_door), or_(any_of(b.aan, "zicht_gemeente_partijen"), left_for, in_gemeenten)),
        and_(at_the_door, parameter("zicht_persoon", Boolean()), in_gemeenten),
    )


ZICHTBAAR = _condition(lambda name, soort: bindparam(name, type_=soort))
"""The berichten that an actor sees; its parameters are `zicht(actor)`.

Sent by one of its parties: always. Addressed to one: a gemeente sees what comes in for it, an aanbieder only what left for it (a rejected 301
never did). Of a gemeente of a person: all, what was refused at the door included. A refusal without gemeente is for the region.
"""


def zicht(actor: Actor) -> dict[str, Any]:
    """The parameters of `ZICHTBAAR` for this actor."""
    partijen = sorted(actor.partijen)
    return {
        "zicht_partijen": partijen,
        "zicht_gemeente_partijen": [partij for partij in partijen if partij.startswith("gemeente:")],
        "zicht_aanbieders": [partij for partij in partijen if partij.startswith("aanbieder:")],
        "zicht_alles": actor.gemeenten is None,
        "zicht_gemeenten": sorted(actor.gemeenten or ()),
        "zicht_persoon": bool(actor.rollen),
    }


def zichtbaar(actor: Actor) -> ColumnElement[bool]:
    """The berichten that this actor sees, as a condition with its values in it, for queries of other rooms."""
    if actor.gemeenten is None and actor.rollen:
        return true()
    values = zicht(actor)
    return _condition(lambda name, soort: bindparam(None, values[name], type_=soort, unique=True))


def banen(actor: Actor, partij: str | None, codes_max: int) -> Iterator[ColumnElement[bool]]:
    """Conditions, one index each, that together hold every bericht the actor sees (of `partij`, when given).

    They only speed up: who reads a list adds `ZICHTBAAR` to each. Without one condition that narrows, there is none.
    """
    if partij is not None:
        yield from _banen_of([partij])
        return
    partijen = set(actor.partijen) | {gemeente(code) for code in actor.gemeenten or ()}
    if actor.gemeenten is None or len(partijen) > codes_max:
        yield true()
        return
    yield from _banen_of(sorted(partijen))


def van_of_aan(partij: str) -> ColumnElement[bool]:
    """Sent by or addressed to this party."""
    return or_(b.van == partij, b.aan == partij)


def mag_postvak_zien(actor: Actor, partij: str) -> bool:
    """Whether the actor may look into the postvak: its own; as a person that of a gemeente it covers, and for the region every one."""
    if not is_partij(partij):
        return False
    if actor.mag_namens(partij):
        return True
    if not actor.rollen:
        return False
    return actor.gemeenten is None or (partij == gemeente(code_van(partij)) and code_van(partij) in actor.gemeenten)


def _banen_of(partijen: list[str]) -> Iterator[ColumnElement[bool]]:
    for partij in partijen:
        if partij == aanbieder(code_van(partij)):
            yield b.agb == code_van(partij)
        else:
            yield b.gemeente == code_van(partij)
    # What was refused at the door may have no lane.
    yield and_(b.status == "geweigerd", b.van.in_(partijen))
