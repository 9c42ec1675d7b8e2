"""Which berichten an actor sees: the one condition that every read of this room carries. What it excludes does not exist for the actor."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, false, not_, or_, true

from app.adapters.tables import bericht
from app.domain.partij import Actor, aanbieder, code_van, gemeente, is_partij

VERTROKKEN = ("klaar", "bezorgd", "beantwoord", "afgekeurd_door_ontvanger")
"""Statuses of a bericht that has left for its addressee; one that was stopped here was never sent to an aanbieder."""

b = bericht.c


def zichtbaar(actor: Actor) -> ColumnElement[bool]:
    """The berichten that this actor sees.

    Sent by one of its parties: always. Addressed to one: a gemeente sees what comes in for it, an aanbieder only what left for it (a
    rejected 301 never did). Of a gemeente of a person: all, what was refused at the door included. A refusal without gemeente is for the
    region.
    """
    gemeenten = _in_gemeenten(actor)
    at_door = b.status == "geweigerd"
    partijen = sorted(actor.partijen)
    to_gemeente = [partij for partij in partijen if partij.startswith("gemeente:")]
    to_aanbieder = [partij for partij in partijen if partij.startswith("aanbieder:")]
    received = and_(
        not_(at_door), or_(_any_of(b.aan, to_gemeente), and_(_any_of(b.aan, to_aanbieder), b.status.in_(VERTROKKEN)), gemeenten)
    )
    refused = and_(at_door, gemeenten) if actor.rollen else false()
    return or_(_any_of(b.van, partijen), received, refused)


def banen(actor: Actor, partij: str | None, codes_max: int) -> Iterator[ColumnElement[bool]]:
    """Conditions, one index each, that together hold every bericht the actor sees (of `partij`, when given).

    They only speed up: who reads a list adds `zichtbaar` to each. Without one condition that narrows, there is none.
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
    yield and_(b.status == "geweigerd", _any_of(b.van, partijen))


def _in_gemeenten(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.gemeenten is None else _any_of(b.gemeente, sorted(actor.gemeenten))


def _any_of(column: ColumnElement[str], values: list[str]) -> ColumnElement[bool]:
    return column.in_(values) if values else false()
