"""Single rows of the region: pages of them, one by its key, changes of some, and who changed what when. One transaction each.

Reading is for who may see the row (`zichtbaar`); changing, and the history with the names of who changed what, is for the region itself.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import structlog

from app.adapters.clock import local_date
from app.adapters.database import Connection, Pool, transaction
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.mailbox import LIMIT_MAX, Bladzijde, CursorOngeldig, make_cursor, read_cursor
from app.parties import store, store_rijen
from app.parties.cellen import KOLOMMEN, CelFout
from app.parties.region import TABELLEN, Contract, Rij, sleutel_van
from app.parties.rijwijziging import Rijwijziging, bereken
from app.parties.sleutel import GeenSleutel, etag_van, lees_sleutel, sleuteltekst
from app.parties.store_rijen import Genummerd
from app.parties.verschil import RegioVerschil
from app.parties.versies import Lading, Versie
from app.parties.zichtbaar import getoond

log = structlog.get_logger(__name__)

WIJZIGINGEN_MAX = 500
"""So many rows are changed at once; more is a folder."""
CURSOR_LENGTE_MAX = 1_400
OVERGANGEN_VER = 10_000_000
"""More rows of one kind than a load ever changes; it keeps kinds apart in one number of a cursor."""
MEER_FILTERS: Mapping[type[Rij], Mapping[str, str]] = {Contract: {"aanbieder": "agb", "domein": "domein"}}
"""Filters besides the columns of the key, and the column that each is about."""


class FilterOngeldig(OngeldigVerzoek):
    """Een filter is niet goed ingevuld."""

    status = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RijInBeeld:
    """A row as somebody sees it, under its key, with the version it is."""

    rij: Any
    sleutel: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RijVraag:
    """Which rows of a kind: cells by the name of a filter, and the day on which they are valid (of kinds with a period)."""

    filters: Mapping[str, str] = field(default_factory=dict)
    op: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What some changes came to.

    Attributes:
        lading_nr: Under which it is kept; None: the region said this already.
        rijen: Per change the row that counts now; None: it counts no more on any day.
        is_nieuw: Per change whether there was no such row before.
    """

    lading_nr: int | None
    rijen: tuple[RijInBeeld | None, ...]
    is_nieuw: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebeurtenis:
    """One moment in the life of a row: from what to what, when and by whom; None where that was not kept (before migration 0004)."""

    lading_nr: int | None
    op: datetime | None
    door: str | None
    van: Rij | None
    naar: Rij | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overgang:
    """What a load did to one row: `van` None: it is new; `naar` None: it counts no more."""

    soort: type[Rij]
    sleutel: str
    van: Rij | None
    naar: Rij | None


async def lijst_rijen(pool: Pool, actor: Actor, soort: type[Rij], vraag: RijVraag, cursor: str | None, limit: int) -> Bladzijde[RijInBeeld]:
    """A page of the rows of a kind that count now, in order of their keys.

    Raises:
        FilterOngeldig: A value that no such row can have, or a filter that this kind has not.
        CursorOngeldig: The cursor is not of this list.
    """
    size = max(1, min(limit, LIMIT_MAX))
    filters, na = _filters(soort, vraag.filters), _lees_cursor(soort, cursor)
    async with transaction(pool) as connection:
        found = await store_rijen.fetch_rijen(connection, soort, actor, filters=filters, op=vraag.op, na=na, limit=size + 1)
    items = tuple(_in_beeld(each, actor) for each in found[:size])
    return Bladzijde(items=items, volgende=_maak_cursor(items[-1].sleutel) if len(found) > size else None)


async def toon_rij(pool: Pool, actor: Actor, soort: type[Rij], sleutel: str) -> RijInBeeld:
    """The row with this key that counts now.

    Raises:
        NietGevonden: There is none, or not for this actor.
    """
    async with transaction(pool) as connection:
        found = await store_rijen.fetch_rij(connection, soort, actor, _lees_sleutel(soort, sleutel))
    if found is None:
        raise NietGevonden
    return _in_beeld(found, actor)


async def wijzig_rijen(pool: Pool, wijzigingen: Sequence[Rijwijziging], *, nu: datetime, actor: Actor) -> Uitkomst:
    """Change some rows: all or nothing, checked as a whole like a folder, kept as one load.

    Who calls wakes what waits for a contract, when there is a `lading_nr`.

    Raises:
        Verouderd, RegioOngeldig, Conflict: As in `bereken`; nothing has changed.
        NietToegestaan: The actor may not.
        Unavailable: The database does not answer.
    """
    check_mag_wijzigen(actor)
    if not 0 < len(wijzigingen) <= WIJZIGINGEN_MAX:
        raise OngeldigVerzoek(f"Een verzoek heeft 1 tot {WIJZIGINGEN_MAX} wijzigingen; laad meer als map.")
    async with transaction(pool) as connection:
        await store.lock_region(connection)
        huidig = await store.fetch_huidig(connection)
        changes = await asyncio.to_thread(bereken, huidig, wijzigingen, local_date(nu))
        lading_nr = None if changes.is_leeg else await _bewaar(connection, changes, nu, actor)
        known = {soort: [Genummerd(rij=rij, nr=nr) for rij, nr in huidig[soort].items()] for soort in {each.soort for each in wijzigingen}}
        if lading_nr is not None:
            for soort, rijen in known.items():
                gone = set(changes.per_bestand[soort.bestand].vervallen_ids)
                new = await store_rijen.fetch_nieuw(connection, soort, lading_nr)
                known[soort] = [*(each for each in rijen if each.nr not in gone), *new]
    log.info("region_changed", lading_nr=lading_nr, rows=len(wijzigingen), by=actor.naam)
    return _uitkomst(wijzigingen, changes, huidig, known, lading_nr)


async def historie_van_rij(pool: Pool, actor: Actor, soort: type[Rij], sleutel: str) -> tuple[Gebeurtenis, ...]:
    """All that happened to the row with this key, oldest first.

    Raises:
        NietGevonden: There never was such a row.
        NietToegestaan: The actor is not of the region.
    """
    _check_is_regio(actor)
    async with transaction(pool) as connection:
        versies = await store.fetch_versies(connection, soort, _lees_sleutel(soort, sleutel))
    if not versies:
        raise NietGevonden
    return gebeurtenissen(versies)


def gebeurtenissen(versies: Sequence[Versie]) -> tuple[Gebeurtenis, ...]:
    """The versions of one row as what happened to it, in order; a version that lapsed by the load that stored the next is one moment."""
    found: dict[tuple[Any, ...], Gebeurtenis] = {}
    for versie in versies:
        stored = Gebeurtenis(lading_nr=versie.geladen_lading, op=versie.geladen_op, door=versie.geladen_door, van=None, naar=versie.rij)
        moment = (versie.geladen_op, versie.geladen_lading)
        found[moment] = replace(found[moment], naar=versie.rij) if moment in found else stored
        if versie.vervallen_op is not None:
            moment = (versie.vervallen_op, versie.vervallen_lading)
            found[moment] = Gebeurtenis(
                lading_nr=versie.vervallen_lading, op=versie.vervallen_op, door=versie.vervallen_door, van=versie.rij, naar=None
            )
    return tuple(found.values())


async def lijst_ladingen(pool: Pool, actor: Actor, cursor: str | None, limit: int) -> Bladzijde[Lading]:
    """Who changed the region when, and how much; newest first.

    Raises:
        CursorOngeldig: The cursor is not of this list.
        NietToegestaan: The actor is not of the region.
    """
    _check_is_regio(actor)
    size = max(1, min(limit, LIMIT_MAX))
    voor = None if cursor is None else read_cursor(cursor)
    async with transaction(pool) as connection:
        found = await store.fetch_ladingen(connection, hoogstens=size + 1, voor=voor)
    return Bladzijde(items=found[:size], volgende=make_cursor(found[size - 1].lading_nr) if len(found) > size else None)


async def toon_lading(pool: Pool, actor: Actor, lading_nr: int) -> Lading:
    """One change of the region.

    Raises:
        NietGevonden: There is none with this number.
        NietToegestaan: The actor is not of the region.
    """
    _check_is_regio(actor)
    async with transaction(pool) as connection:
        return await _lading(connection, lading_nr)


async def lijst_overgangen(
    pool: Pool, actor: Actor, lading_nr: int, soort: type[Rij] | None, cursor: str | None, limit: int
) -> Bladzijde[Overgang]:
    """What one load changed, row by row, per kind in order of the keys.

    Raises:
        NietGevonden: There is no load with this number.
        CursorOngeldig: The cursor is not of this list.
        NietToegestaan: The actor is not of the region.
    """
    _check_is_regio(actor)
    size = max(1, min(limit, LIMIT_MAX))
    begin, skip = divmod(0 if cursor is None else read_cursor(cursor), OVERGANGEN_VER)
    soorten = tuple(TABELLEN)
    if begin >= len(soorten):
        raise CursorOngeldig
    items = list[Overgang]()
    async with transaction(pool) as connection:
        await _lading(connection, lading_nr)
        for index in range(begin, len(soorten)):
            if soort not in (None, soorten[index]):
                continue
            first = skip if index == begin else 0
            room = size - len(items)
            pairs = await store_rijen.fetch_overgangen(connection, soorten[index], lading_nr, skip=first, limit=room + 1)
            items.extend(_overgang(soorten[index], van, naar) for van, naar in pairs[:room])
            if len(pairs) > room:
                return Bladzijde(items=tuple(items), volgende=make_cursor(index * OVERGANGEN_VER + first + room))
    return Bladzijde(items=tuple(items))


def check_mag_wijzigen(actor: Actor) -> None:
    """Only who keeps the contracts of the whole region changes it.

    Raises:
        NietToegestaan: The actor may not.
    """
    if not actor.heeft(Rol.CONTRACTBEHEER) or actor.gemeenten is not None:
        raise NietToegestaan("Alleen contractbeheer van de regio mag haar wijzigen.")


def _check_is_regio(actor: Actor) -> None:
    if actor.gemeenten is not None:
        raise NietToegestaan("Wie wat wanneer wijzigde is alleen voor de regio zelf.")


async def _bewaar(connection: Connection, changes: RegioVerschil, nu: datetime, actor: Actor) -> int:
    lading_nr = await store.save_lading(connection, changes, nu=nu, door=actor.naam)
    await store.save_verschil(connection, changes, nu=nu, lading_nr=lading_nr)
    return lading_nr


async def _lading(connection: Connection, lading_nr: int) -> Lading:
    found = await store.fetch_ladingen(connection, hoogstens=1, voor=lading_nr + 1)
    if not found or found[0].lading_nr != lading_nr:
        raise NietGevonden
    return found[0]


def _uitkomst(
    wijzigingen: Sequence[Rijwijziging],
    changes: RegioVerschil,
    huidig: Mapping[type[Rij], Mapping[Any, int]],
    known: Mapping[type[Rij], Sequence[Genummerd]],
    lading_nr: int | None,
) -> Uitkomst:
    after = {soort: {sleutel_van(each.rij): each for each in rijen} for soort, rijen in known.items()}
    before = {soort: {sleutel_van(rij): rij for rij in huidig[soort]} for soort in known}
    rijen = list[RijInBeeld | None]()
    is_new = list[bool]()
    for each in wijzigingen:
        key = tuple(lees_sleutel(each.soort, each.sleutel).values())
        is_new.append(key not in before[each.soort])
        rest = dict(changes.per_bestand[each.soort.bestand].beeindigd).get(before[each.soort].get(key), ())
        # What stays of a row that is taken out may have another key: an option is cut to another last day.
        found = after[each.soort].get(sleutel_van(rest[0]) if rest else key)
        rijen.append(None if found is None else _zichtbaar_voor_de_regio(found))
    return Uitkomst(lading_nr=lading_nr, rijen=tuple(rijen), is_nieuw=tuple(is_new))


def _zichtbaar_voor_de_regio(found: Genummerd) -> RijInBeeld:
    return RijInBeeld(rij=found.rij, sleutel=sleuteltekst(found.rij), etag=etag_van(found.rij, found.nr))


def _in_beeld(found: Genummerd, actor: Actor) -> RijInBeeld:
    rij = getoond(found.rij, actor)
    return RijInBeeld(rij=rij, sleutel=sleuteltekst(rij), etag=etag_van(rij, found.nr))


def _overgang(soort: type[Rij], van: Rij | None, naar: Rij | None) -> Overgang:
    known = naar if van is None else van
    assert known is not None  # A full join has one of the two.
    return Overgang(soort=soort, sleutel=sleuteltekst(known), van=van, naar=naar)


def _filters(soort: type[Rij], filters: Mapping[str, str]) -> dict[str, Any]:
    """The values by column, typed."""
    names = {kolom: kolom for kolom in soort.sleutel} | dict(MEER_FILTERS.get(soort, {}))
    values = {}
    for naam, cel in filters.items():
        if naam not in names:
            raise FilterOngeldig(f"{naam} is geen filter van deze lijst.")
        try:
            values[names[naam]] = KOLOMMEN[soort][names[naam]].read(cel.strip())
        except CelFout as error:
            raise FilterOngeldig(f"{naam}: {error}") from error
    return values


def _lees_sleutel(soort: type[Rij], sleutel: str) -> dict[str, Any]:
    try:
        return lees_sleutel(soort, sleutel)
    except GeenSleutel as error:
        raise NietGevonden from error


def _maak_cursor(sleutel: str) -> str:
    return base64.urlsafe_b64encode(sleutel.encode()).decode().rstrip("=")


def _lees_cursor(soort: type[Rij], cursor: str | None) -> dict[str, Any] | None:
    """The key after which a page begins; None is the first page."""
    if cursor is None:
        return None
    try:
        if len(cursor) > CURSOR_LENGTE_MAX:
            raise ValueError("too long")
        sleutel = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
        return lees_sleutel(soort, sleutel)
    except (ValueError, binascii.Error) as error:
        raise CursorOngeldig from error
