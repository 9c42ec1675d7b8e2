"""Commitments outside judging: of 301s that a 302 withdrew, of a lane whose tariffs or verdicts changed, of a new year, and what is released."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from app.adapters.database import Connection, lock_lane, transaction
from app.adapters.wereld import Wereld
from app.domain.bericht import Domein
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.snapshot import Snapshot, Toewijzing
from app.ledger import store_verplichting as rows
from app.ledger.handeling import must_be_controller, open_handeling
from app.ledger.store import Boekstuk, book
from app.ledger.verplichting import Plek
from app.ledger.verplichtingen import boek, verschil
from app.parties import contractbeeld

HERREKEND = "verplichting_herrekend"
VRIJVAL = "verplichting_vrijval"
VRIJVAL_MAANDEN = 12
"""Months after which what is left of a month of care is released: claims that come later are exceptions, and cost without commitment."""


async def trek_in(connection: Connection, domein: Domein, agb: str, withdrawn: Sequence[tuple[int, int]], vandaag: date) -> None:
    """Book what 302s do that reject 301s: the version before counts again, or none.

    Args:
        connection: In the transaction that judges, after the versions were withdrawn; the lane is locked.
        domein, agb: The lane.
        withdrawn: (nr of the 301, nr of the 302), in order of judging.
        vandaag: Local date of judging.
    """
    found = await rows.load_versies(connection, domein, agb, [nr for nr, _ in withdrawn]) if withdrawn else {}
    if not found:
        return
    region = await _region(connection, domein, agb, (versie for each in found.values() for versie, _ in each.versies))
    stand = await rows.load(connection, domein, list(found), [])
    boekingen = []
    for index, (nr, door) in enumerate(withdrawn):
        later = frozenset(each for _, each in withdrawn[index + 1 :])
        touched = {sleutel: each for sleutel, each in found.items() if any(versie.bericht_nr == nr for versie, _ in each.versies)}
        deltas = stand.herzie({sleutel: each.actueel(ook_ingetrokken_door=later) for sleutel, each in touched.items()}, region)
        boekingen += boek(deltas, nr=door, domein=domein, boekdatum=vandaag)
    await rows.save(connection, domein, agb, stand, list(found))
    await book(connection, Boekstuk.van(boekingen), agb=agb)


async def standen_van_baan(connection: Connection, domein: str, agb: str) -> dict[Plek, int]:
    """What the toewijzingen of a lane commit now; the lane is locked."""
    found = await rows.load_versies(connection, domein, agb, None)
    return (await rows.load(connection, domein, list(found), [])).standen_van(found)


async def herreken_baan(
    connection: Connection,
    wereld: Wereld,
    domein: Domein,
    agb: str,
    *,
    door: str,
    reden: str,
    voor: Mapping[Plek, int] | None = None,
    tot_en_met: date | None = None,
) -> int | None:
    """Bring the commitments of a lane to the tariffs, products, herindelingen and prestaties of now, dated today; the lane is locked.

    Args:
        connection: In a transaction.
        wereld: The world.
        domein, agb: The lane.
        door: Who makes the act.
        reden: Why.
        voor: What the lane committed before prestaties changed outside judging (`standen_van_baan`); None when they did not.
        tot_en_met: Up to where toewijzingen without Einddatum commit, when that is later than before.
    Returns:
        The number of the act; None when nothing changes in the books.
    """
    found = await rows.load_versies(connection, domein, agb, None)
    if not found:
        return None
    actueel = {sleutel: each.actueel() for sleutel, each in found.items()}
    region = await _region(connection, domein, agb, (versie for versie in actueel.values() if versie is not None))
    stand = await rows.load(connection, domein, list(found), [])
    before = stand.standen_van(found) if voor is None else voor
    expected = dict(stand.verwacht)
    stand.herzie(actueel, region, tot_en_met=tot_en_met)
    changed = [sleutel for sleutel in found if stand.verwacht[sleutel] != expected.get(sleutel, ())]
    stand.versies = {sleutel: stand.versies[sleutel] for sleutel in changed}
    await rows.save(connection, domein, agb, stand, changed)
    deltas = verschil(before, stand.standen_van(found))
    if not deltas:
        return None
    nr = await open_handeling(connection, soort=HERREKEND, sleutel=f"{domein}:{agb}", door=door, op=wereld.nu, reden=reden)
    await book(connection, Boekstuk.van(boek(deltas, nr=nr, domein=domein, boekdatum=wereld.vandaag)), agb=agb)
    return nr


async def herreken_verplichtingen(wereld: Wereld, actor: Actor, *, reden: str, tot_en_met: date | None = None) -> list[int]:
    """Bring all commitments to the region of now, lane by lane: what `werk_verplichtingen_bij` does by itself, when somebody asks for it.

    Done again it changes nothing. Returns the acts that booked something.

    Raises:
        NietToegestaan: The actor is no controller of the region.
    """
    must_be_controller(actor)
    async with wereld.pool.acquire() as connection:
        banen = await rows.lanes(connection)
    made: list[int] = []
    for domein, agb in banen:
        async with transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            nr = await herreken_baan(connection, wereld, cast(Domein, domein), agb, door=actor.naam, reden=reden, tot_en_met=tot_en_met)
            made += [] if nr is None else [nr]
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Vrijval:
    """What releasing would take off one aanbieder and gemeente: so many months of care before the limit, and what they still commit."""

    domein: str
    agb: str
    gemeente: str
    eerste_maand: date
    laatste_maand: date
    bedrag_cent: int


async def toon_vrijval(wereld: Wereld, actor: Actor, *, voor: date) -> list[Vrijval]:
    """What `laat_vrijvallen` would release now, the largest amount first; nothing changes.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: `voor` is not the first day of a month, or lies ahead.
    """
    must_be_controller(actor)
    _check_voor(voor, wereld.vandaag)
    async with wereld.pool.acquire() as connection:
        banen = await rows.lanes(connection, voor)
    found: list[Vrijval] = []
    for domein, agb in banen:
        async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            versies = await rows.load_versies(connection, cast(Domein, domein), agb, None)
            stand = await rows.load(connection, domein, list(versies), [])
        before = stand.standen_van(versies)
        stand.geef_vrij(voor, 0)
        found += _per_gemeente(domein, agb, verschil(stand.standen_van(versies), before))
    return sorted(found, key=lambda each: (-each.bedrag_cent, each.domein, each.agb, each.gemeente))


def _per_gemeente(domein: str, agb: str, released: Mapping[Plek, int]) -> Iterator[Vrijval]:
    for gemeente in sorted({plek.drager for plek in released}):
        months = sorted(plek.zorgmaand for plek in released if plek.drager == gemeente)
        cents = sum(cent for plek, cent in released.items() if plek.drager == gemeente)
        yield Vrijval(domein=domein, agb=agb, gemeente=gemeente, eerste_maand=months[0], laatste_maand=months[-1], bedrag_cent=cents)


def _check_voor(voor: date, vandaag: date) -> None:
    if voor.day != 1 or voor > vandaag:
        raise OngeldigVerzoek("Vrijval gaat over zorgmaanden voor de eerste dag van een maand die al is begonnen.")


async def laat_vrijvallen(wereld: Wereld, actor: Actor, *, voor: date, reden: str) -> list[int]:
    """Release what is left of commitments for months of care before `voor` (the first day of a month), lane by lane.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: `voor` is not the first day of a month, or lies ahead.
    """
    must_be_controller(actor)
    _check_voor(voor, wereld.vandaag)
    async with wereld.pool.acquire() as connection:
        banen = await rows.lanes(connection, voor)
    made: list[int] = []
    for domein, agb in banen:
        async with transaction(wereld.pool) as connection:
            await lock_lane(connection, domein, agb)
            before = await standen_van_baan(connection, domein, agb)
            nr = await open_handeling(
                connection, soort=VRIJVAL, sleutel=f"{voor:%Y-%m}:{domein}:{agb}", door=actor.naam, op=wereld.nu, reden=reden
            )
            await rows.release(connection, domein, agb, voor, nr)
            deltas = verschil(before, await standen_van_baan(connection, domein, agb))
            await book(connection, Boekstuk.van(boek(deltas, nr=nr, domein=domein, boekdatum=wereld.vandaag)), agb=agb)
            made.append(nr)
    return made


async def _region(connection: Connection, domein: Domein, agb: str, versies: Iterable[Toewijzing]) -> Snapshot:
    """The region as `verwachtingen` reads it, for the products and gemeenten of these versions."""
    known = list(versies)
    products = {(each.categorie, each.code) for each in known if each.categorie is not None and each.code is not None}
    beeld = await contractbeeld(connection, domein, agb, products, {each.gemeente for each in known})
    return Snapshot(domein=domein, agb=agb, tarieven=beeld.tarieven, producten=beeld.producten, overgangen=beeld.overgangen)
