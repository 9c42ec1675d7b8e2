"""Comparing, loading, changing and showing the region; each is one transaction. Who may do it is decided here, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from app.adapters.clock import local_date
from app.adapters.database import Connection, Pool, transaction
from app.domain.errors import Conflict, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.parties import store
from app.parties.checking import check_region
from app.parties.folder import Voortgang, niemand, write_folder
from app.parties.keuren import lees_regio, ongeldig
from app.parties.region import TABELLEN, Region, Rij, geordend
from app.parties.verschil import RegioVerschil, verschil
from app.parties.versies import Lading, Versie
from app.parties.zichtbaar import ZICHTBARE_SOORTEN, zichtbaar

LADINGEN_MAX = 200


async def laad_regio(pool: Pool, bron: Path, *, nu: datetime, actor: Actor) -> RegioVerschil:
    """Make the region in a folder or workbook the region: all or nothing, in one transaction.

    What it no longer has ends and stays as history; rows that say the same keep their id (decision 0010).
    Args:
        pool: The database.
        bron: A folder with CSV files, or a workbook.
        nu: Instant of the load; what is gone ends on the day before it.
        actor: Must have the role contractbeheer.
    Raises:
        RegioOngeldig: The folder contradicts itself, or what stays beside it; nothing has changed.
        NietToegestaan: The actor may not.
        OSError: The folder cannot be read.
        Unavailable: The database does not answer.
    """
    _check_mag_wijzigen(actor)
    region = await asyncio.to_thread(lees_regio, bron)
    return await bewaar_regio(pool, region, nu=nu, actor=actor, is_gekeurd=True)


async def vergelijk_regio(pool: Pool, region: Region, *, nu: datetime) -> RegioVerschil:
    """What saving this region would do now; nothing changes.

    Raises:
        RegioOngeldig: It contradicts what stays beside it.
        Unavailable: The database does not answer.
    """
    async with transaction(pool) as connection:
        return await _vergelijk(connection, region, nu, is_gekeurd=True)


async def bewaar_regio(
    pool: Pool,
    region: Region,
    *,
    nu: datetime,
    actor: Actor,
    verwacht: RegioVerschil | None = None,
    is_gekeurd: bool = False,
    voortgang: Voortgang = niemand,
) -> RegioVerschil:
    """Make this the region: all or nothing, in one transaction.

    Args:
        pool: The database.
        region: The whole region.
        nu: Instant of the load; what is gone ends on the day before it.
        actor: Must have the role contractbeheer.
        verwacht: What `vergelijk_regio` said it would do; None: whatever it does.
        is_gekeurd: The region was read by `lees_regio`, so that it need not be checked again.
        voortgang: Told after each file that was stored.
    Raises:
        RegioOngeldig: It contradicts itself, or what stays beside it; nothing has changed.
        Conflict: It would do something else than expected, because the region or the day is another; nothing has changed.
        NietToegestaan: The actor may not.
        Unavailable: The database does not answer.
    """
    _check_mag_wijzigen(actor)
    async with transaction(pool) as connection:
        await store.lock_region(connection)
        changes = await _vergelijk(connection, region, nu, is_gekeurd=is_gekeurd)
        if verwacht is not None and changes != verwacht:
            raise Conflict("De regio is intussen gewijzigd; bekijk opnieuw wat er verandert.")
        await _bewaar(connection, changes, nu, actor, voortgang)
    return changes


async def wijzig_regio(
    pool: Pool, verander: Callable[[Region], Region], *, nu: datetime, actor: Actor, verwacht_lading: int | None = None
) -> RegioVerschil:
    """Change some rows of the region that counts now, in one transaction.

    Args:
        pool: The database.
        verander: Gets the region that counts now and returns what it should be; pure, and it may raise a DomainError.
        nu, actor: As in `bewaar_regio`.
        verwacht_lading: The last load that was seen; None: whatever was loaded since.
    Raises:
        RegioOngeldig: The outcome contradicts itself; nothing has changed.
        Conflict: Another load came after `verwacht_lading`; nothing has changed.
        NietToegestaan: The actor may not.
        Unavailable: The database does not answer.
    """
    _check_mag_wijzigen(actor)
    async with transaction(pool) as connection:
        await store.lock_region(connection)
        if verwacht_lading is not None and verwacht_lading != await store.fetch_laatste_lading(connection):
            raise Conflict("De regio is intussen gewijzigd; haal haar opnieuw op.")
        region = verander(await store.fetch_region(connection))
        changes = await _vergelijk(connection, region, nu, is_gekeurd=False)
        await _bewaar(connection, changes, nu, actor, niemand)
    return changes


def _check_mag_wijzigen(actor: Actor) -> None:
    if not actor.heeft(Rol.CONTRACTBEHEER):
        raise NietToegestaan("Alleen contractbeheer mag de regio laden.")


async def _vergelijk(connection: Connection, region: Region, nu: datetime, *, is_gekeurd: bool) -> RegioVerschil:
    huidig = await store.fetch_huidig(connection)

    def compare() -> RegioVerschil:
        changes = verschil(huidig, region, local_date(nu))
        # What stays was checked with what it stood beside then, not with this folder.
        fouten = () if is_gekeurd and changes.na == geordend(region) else check_region(changes.na)
        if fouten:
            raise ongeldig(fouten)
        return changes

    return await asyncio.to_thread(compare)


async def _bewaar(connection: Connection, changes: RegioVerschil, nu: datetime, actor: Actor, voortgang: Voortgang) -> None:
    lading_nr = await store.save_lading(connection, changes, nu=nu, door=actor.naam)
    await store.save_verschil(connection, changes, nu=nu, lading_nr=lading_nr, voortgang=voortgang)


async def exporteer_regio(pool: Pool, doel: Path) -> Region:
    """Write the region that counts now into a folder or a workbook (`.xlsx`); loading that changes nothing.

    Raises:
        OSError: It cannot be written.
        Unavailable: The database does not answer.
    """
    async with transaction(pool) as connection:
        region = await store.fetch_region(connection)
    await asyncio.to_thread(_write, region, doel)
    return region


def _write(region: Region, doel: Path) -> None:
    if doel.suffix.lower() == ".xlsx":
        from app.parties.werkmap import write_werkmap

        doel.write_bytes(write_werkmap(region))
    else:
        write_folder(region, doel)


async def regio_op(pool: Pool, tijdstip: datetime) -> Region:
    """The region as it counted at an instant: what was loaded by then and had not lapsed.

    Rows of which it was not kept when they were loaded (migration 0004) count from the beginning.
    """
    async with transaction(pool) as connection:
        return await store.fetch_region_op(connection, tijdstip)


async def historie(pool: Pool, soort: type[Rij], sleutel: Mapping[str, Any]) -> tuple[Versie, ...]:
    """Every version of a row, or of the rows that share part of a key, in the order in which they were stored.

    Args:
        pool: The database.
        soort: Kind of row.
        sleutel: Values of some or all columns of its key: `{"contract": "J1"}` gives all tariffs that J1 ever had.
    Raises:
        OngeldigVerzoek: A column is not of the key.
    """
    if wrong := [kolom for kolom in sleutel if kolom not in soort.sleutel]:
        raise OngeldigVerzoek(f"{wrong[0]} is geen kolom van de sleutel van {soort.bestand}; kies uit {', '.join(soort.sleutel)}.")
    async with transaction(pool) as connection:
        return await store.fetch_versies(connection, soort, sleutel)


async def ladingen(pool: Pool, *, hoogstens: int = LADINGEN_MAX, voor: int | None = None) -> tuple[Lading, ...]:
    """Who changed the region when, and how much; newest first, at most 200."""
    async with transaction(pool) as connection:
        return await store.fetch_ladingen(connection, hoogstens=min(hoogstens, LADINGEN_MAX), voor=voor)


async def rijen_van_lading(pool: Pool, lading_nr: int) -> dict[str, tuple[Versie, ...]]:
    """Per file the rows that one load stored or let lapse; files that it left alone are not named."""
    async with transaction(pool) as connection:
        found = {soort.bestand: await store.fetch_van_lading(connection, soort, lading_nr) for soort in TABELLEN}
    return {bestand: versies for bestand, versies in found.items() if versies}


async def toon_regio(pool: Pool, actor: Actor) -> Region:
    """What this actor may see of the region (`zichtbaar`)."""
    async with transaction(pool) as connection:
        rijen = await store.fetch_huidig(connection, ZICHTBARE_SOORTEN)
    return zichtbaar(store.als_region(rijen), actor)
