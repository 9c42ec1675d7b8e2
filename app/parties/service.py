"""Loading, exporting and showing the region; each is one transaction. Who may do it is decided here, once."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from app.adapters.database import Pool, transaction
from app.domain.errors import NietToegestaan, RegioOngeldig
from app.domain.partij import Actor, Rol
from app.parties import store
from app.parties.checking import check_folder
from app.parties.folder import RegioFout, read_folder, write_folder
from app.parties.region import TABELLEN, Aanbieder, Budget, Contract, Gemeente, Maatstaf, Region, RegioProduct, Tarief, geordend, region_van
from app.parties.verschil import RegioVerschil, verschil

NAMED_MAX = 3
"""So many faults are named in the sentence of the error; all of them are in its facts."""


def lees_regio(folder: Path) -> Region:
    """The region in a folder, when nothing is wrong with it.

    Raises:
        RegioOngeldig: The folder contradicts itself; `feiten["fouten"]` holds every fault (bestand, rij, kolom, waarde, melding).
        OSError: The folder cannot be read.
    """
    region, fouten = check_folder(read_folder(folder))
    if fouten:
        raise _ongeldig(fouten)
    return region


def _ongeldig(fouten: tuple[RegioFout, ...]) -> RegioOngeldig:
    named = "; ".join(_plaats(fout) for fout in fouten[:NAMED_MAX])
    meer = f" en nog {len(fouten) - NAMED_MAX}" if len(fouten) > NAMED_MAX else ""
    melding = f"De regiomap bevat {len(fouten)} {'fout' if len(fouten) == 1 else 'fouten'}; er is niets geladen: {named}{meer}."
    return RegioOngeldig(melding, fouten=[fout.as_dict() for fout in fouten])


def _plaats(fout: RegioFout) -> str:
    rij = f" rij {fout.rij}" if fout.rij else ""
    kolom = f" kolom {fout.kolom}" if fout.kolom else ""
    return f"{fout.bestand}{rij}{kolom}"


async def laad_regio(pool: Pool, folder: Path, *, nu: datetime, actor: Actor) -> RegioVerschil:
    """Make the region in a folder the region: all or nothing, in one transaction.

    What the folder no longer has ends now and stays as history; rows that say the same keep their id.
    Args:
        pool: The database.
        folder: With the CSV files of DESIGN section 5.
        nu: Instant at which rows end and the load is noted.
        actor: Must have the role contractbeheer.
    Raises:
        RegioOngeldig: The folder contradicts itself; nothing has changed.
        NietToegestaan: The actor may not.
        OSError: The folder cannot be read.
        Unavailable: The database does not answer.
    """
    if not actor.heeft(Rol.CONTRACTBEHEER):
        raise NietToegestaan("Alleen contractbeheer mag de regio laden.")
    region = await asyncio.to_thread(lees_regio, folder)
    async with transaction(pool) as connection:
        await store.lock_region(connection)
        changes = verschil(await store.fetch_huidig(connection), {soort: region.rijen(soort) for soort in TABELLEN})
        await store.save_verschil(connection, changes, nu=nu)
        await store.save_lading(connection, changes, nu=nu, door=actor.naam)
    return changes


async def exporteer_regio(pool: Pool, folder: Path) -> Region:
    """Write the region that counts now into a folder; loading that folder changes nothing.

    Raises:
        OSError: The folder cannot be written.
        Unavailable: The database does not answer.
    """
    async with transaction(pool) as connection:
        region = await store.fetch_region(connection)
    await asyncio.to_thread(write_folder, region, folder)
    return region


async def toon_regio(pool: Pool, actor: Actor) -> Region:
    """What this actor may see of gemeenten, aanbieders, producten, contracten, tarieven, budgetten and maatstaven.

    Names and products are for everybody. An aanbieder sees its own contracts and tariffs and those it delivers under; a gemeente sees the
    contracts that hold for it, and money and measures of its own only.
    """
    soorten = (Gemeente, Aanbieder, RegioProduct, Contract, Tarief, Budget, Maatstaf)
    async with transaction(pool) as connection:
        region = geordend(region_van(await store.fetch_huidig(connection, soorten)))
    return zichtbaar(region, actor)


def zichtbaar(region: Region, actor: Actor) -> Region:
    """The part of the region that an actor may see; the one place where this is decided."""
    if actor.gemeenten is None:
        return region
    gemeenten = actor.gemeenten
    own = {agb for agb in (each.agb for each in region.aanbieders) if f"aanbieder:{agb}" in actor.partijen}
    partners = {each.contractpartner_agb for each in region.aanbieders if each.agb in own}
    contracten = tuple(
        each
        for each in region.contracten
        if each.agb in own or each.agb in partners or (gemeenten and (each.alle_gemeenten or not gemeenten.isdisjoint(each.gemeenten)))
    )
    nummers = {each.contract for each in contracten}
    return Region(
        gemeenten=region.gemeenten,
        aanbieders=region.aanbieders,
        producten=region.producten,
        contracten=contracten,
        tarieven=tuple(each for each in region.tarieven if each.contract in nummers),
        budgetten=tuple(each for each in region.budgetten if each.gemeente in gemeenten),
        maatstaven=tuple(each for each in region.maatstaven if each.gemeente in gemeenten),
    )
