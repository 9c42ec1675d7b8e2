"""Statements of the bank: read one, book what it confirms and returns, and let a person deal with what it does not explain.

A file is read in one transaction, under the lock of its gemeente: all of it counts or nothing. The same file again, and the same line in another
file, change nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog

from app.adapters.bankbestand import lees_bankbestand
from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.bedrag import euro
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.domain.partij import gemeente as partij_van
from app.ledger import open_handeling
from app.ledger.store import Boekstuk, book
from app.mailbox import Bladzijde, make_cursor, read_cursor
from app.mailbox.bladzijde import page_size, read_sleutel
from app.settlement import store_betalingen as runs
from app.settlement import store_camt as rows
from app.settlement.betalingen_boeken import Boekblad, Plaats
from app.settlement.betalingen_wie import must_be_person, must_see
from app.settlement.camt053 import Afschrift, Afschriftregel, lees_camt
from app.settlement.camt_koppelen import BankregelStatus, Koppelaar, Opdracht, Uitkomst
from app.settlement.store_camt import AfschriftInBeeld, BankregelInBeeld, Bevestiging

log = structlog.get_logger(__name__)

ANDERE_REKENING = "Dit afschrift is van een rekening die in bankrekeningen.csv niet van een van uw gemeenten is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Gelezen:
    """What came of a file. `is_nieuw` is False when the same bytes were read before; nothing was booked then."""

    afschriften: tuple[AfschriftInBeeld, ...]
    is_nieuw: bool


async def lees_afschrift(wereld: Wereld, actor: Actor, data: bytes) -> Gelezen:
    """Read a camt.053 file and book what its lines confirm and return.

    Raises:
        OngeldigVerzoek: No camt.053, balances that do not add up, or an account that is of none of the actor's gemeenten.
        NietToegestaan: The actor is no controller of the gemeente, nor its software.
    """
    must_see(actor)
    sha256 = hashlib.sha256(data).digest()
    statements = await asyncio.to_thread(lambda: lees_camt(lees_bankbestand(data)))
    async with transaction(wereld.pool) as connection:
        gemeenten = [await _gemeente(connection, actor, iban) for iban in sorted({each.iban for each in statements})]
        for gemeente in sorted(set(gemeenten)):
            await runs.lock_gemeente(connection, gemeente)
        before = await rows.afschriften_van_bestand(connection, sha256)
        nrs = before or await _lees(connection, wereld, actor, statements, sha256)
        shown = await rows.fetch_afschriften(connection, actor.gemeenten, nrs=nrs, limit=len(nrs))
    log.info("camt_read", afschriften=len(nrs), new=not before, by=actor.naam)
    return Gelezen(afschriften=tuple(shown), is_nieuw=not before)


async def _gemeente(connection: Connection, actor: Actor, iban: str) -> str:
    """Whose account it is; the sentence is the same whether it is of nobody or of somebody else."""
    gemeente = await rows.gemeente_van(connection, iban)
    if gemeente is None or not (actor.gemeenten is None or gemeente in actor.gemeenten):
        raise OngeldigVerzoek(ANDERE_REKENING)
    if not actor.heeft(Rol.CONTROLLER) and not actor.mag_namens(partij_van(gemeente)):
        raise NietToegestaan("Alleen een controller of de gemeente zelf leest afschriften in.")
    return gemeente


async def _lees(connection: Connection, wereld: Wereld, actor: Actor, statements: Sequence[Afschrift], sha256: bytes) -> list[int]:
    nrs = []
    for statement in sorted(statements, key=lambda each: (each.iban, each.tot, each.volgnummer)):
        gemeente = await rows.gemeente_van(connection, statement.iban)
        assert gemeente is not None
        nr = await open_handeling(
            connection,
            soort=runs.ACT_AFSCHRIFT,
            sleutel=gemeente,
            door=actor.naam,
            op=wereld.nu,
            reden=f"Afschrift {statement.kenmerk} van {statement.van} tot en met {statement.tot}",
        )
        await _verwerk(connection, wereld.vandaag, nr, gemeente, statement, sha256)
        nrs.append(nr)
    return nrs


async def _verwerk(connection: Connection, vandaag: date, nr: int, gemeente: str, afschrift: Afschrift, sha256: bytes) -> None:
    """Match the lines of one statement, store them, and book what they did."""
    regels = afschrift.regels
    orders = await _opdrachten(connection, gemeente, regels)
    known = await rows.bekende_vingerafdrukken(connection, [each.vingerafdruk for each in regels])
    outcomes = Koppelaar((order for order, _ in orders), known).koppel(regels)
    warning = volgt_op(afschrift, await rows.vorig_afschrift(connection, afschrift.iban, afschrift.van))
    await rows.save_afschrift(connection, nr, gemeente, afschrift, sha256=sha256, waarschuwing=warning, uitkomsten=outcomes)
    blad = _Boeken(nr, vandaag, gemeente, {(order.run_nr, order.regel): day for order, day in orders})
    await blad.boek(connection, nr, list(enumerate(outcomes, start=1)))


async def _opdrachten(connection: Connection, gemeente: str, regels: Sequence[Afschriftregel]) -> list[tuple[Opdracht, date]]:
    end_to_end_ids = {each.end_to_end_id for each in regels if each.end_to_end_id}
    batches = {each.batch_kenmerk for each in regels if each.batch_kenmerk and not each.end_to_end_id}
    return await rows.opdrachten(connection, gemeente, end_to_end_ids=end_to_end_ids, batches=batches)


def volgt_op(afschrift: Afschrift, vorige: tuple[str, int] | None) -> str:
    """What seems to be missing between two statements of an account; empty when nothing does."""
    if vorige is None:
        return ""
    volgnummer, eind_cent = vorige
    if volgnummer.isdecimal() and afschrift.volgnummer.isdecimal() and int(afschrift.volgnummer) > int(volgnummer) + 1:
        return f"Er ontbreken afschriften: na nummer {volgnummer} komt nummer {afschrift.volgnummer}."
    if eind_cent != afschrift.begin_cent and volgnummer != afschrift.volgnummer:
        verschil = euro(afschrift.begin_cent - eind_cent)
        return f"Het beginsaldo sluit niet aan op het vorige afschrift (verschil {verschil}); er ontbreekt er mogelijk een."
    return ""


class _Boeken:
    """Books what lines of a statement did, by one act."""

    def __init__(self, handeling_nr: int, vandaag: date, gemeente: str, peildata: dict[tuple[int, int], date]) -> None:
        self._blad = Boekblad(handeling_nr, vandaag)
        self._gemeente = gemeente
        self._peildata = peildata

    async def boek(self, connection: Connection, afschrift_nr: int, uitkomsten: Sequence[tuple[int, Uitkomst]]) -> None:
        """Book and store the outcomes of lines (by volgnr) of a statement; confirmations before what comes back in the same statement."""
        confirmed = [self._bevestig(afschrift_nr, volgnr, order, cents) for volgnr, each in uitkomsten for order, cents in each.bevestigd]
        await rows.save_bevestigingen(connection, confirmed)
        returned = [order for _, each in uitkomsten for order in each.retour]
        await self._herroep(connection, returned)
        await book(connection, Boekstuk.van(self._blad.boekingen))
        await rows.save_retouren(connection, self._blad.handeling_nr, [(order.run_nr, order.regel) for order in returned])
        await rows.finish_runs(connection, {*(each.run_nr for each in confirmed), *(order.run_nr for order in returned)})

    def _plaats(self, order: Opdracht) -> Plaats:
        return Plaats(gemeente=self._gemeente, agb=order.agb, peildatum=self._peildata[order.run_nr, order.regel])

    def _bevestig(self, afschrift_nr: int, volgnr: int, order: Opdracht, cents: int) -> Bevestiging:
        return Bevestiging(
            handeling_nr=self._blad.handeling_nr,
            boekregel=self._blad.bevestig(self._plaats(order), cents),
            run_nr=order.run_nr,
            regel=order.regel,
            afschrift_nr=afschrift_nr,
            volgnr=volgnr,
            bedrag_cent=cents,
        )

    async def _herroep(self, connection: Connection, orders: Sequence[Opdracht]) -> None:
        keys = [(order.run_nr, order.regel) for order in orders]
        paid = await rows.betalingen_van(connection, {run for run, _ in keys}) if keys else {}
        set_off = await rows.regels_van(connection, keys) if keys else {}
        for order, key in zip(orders, keys, strict=True):
            plaats = self._plaats(order)
            for handeling_nr, boekregel, cents in paid.get(key, ()):
                self._blad.herroep(plaats, cents, handeling_nr=handeling_nr, boekregel=boekregel)
            self._blad.draai_terug(plaats, verrekend_cent=set_off[key], bedrag_cent=order.bedrag_cent)


async def los_bankregel_op(
    wereld: Wereld, actor: Actor, afschrift_nr: int, volgnr: int, *, reden: str, end_to_end_id: str | None = None
) -> None:
    """A person deals with a line that matched nothing: it is none of ours, or it belongs to this order after all.

    Args:
        wereld, actor: The world, and who does it.
        afschrift_nr, volgnr: The line.
        reden: What it was.
        end_to_end_id: The order that it confirms or returns, booked as if the bank had named it; None: nothing is booked.
    Raises:
        NietGevonden: There is no such line or order, or not for this actor.
        Conflict: The line is dealt with already, or does not fit the order.
    """
    must_be_person(actor)
    async with transaction(wereld.pool) as connection:
        found = await _locked_regel(connection, actor, afschrift_nr, volgnr)
        if found.status is not BankregelStatus.ONGEKOPPELD:
            raise Conflict(f"Deze regel is al {found.status.value}.")
        nr = await open_handeling(
            connection,
            soort=runs.ACT_OPGELOST,
            sleutel=found.gemeente,
            door=actor.naam,
            op=wereld.nu,
            reden=reden,
            gegevens={"afschrift": afschrift_nr, "volgnr": volgnr, "opdracht": end_to_end_id},
        )
        if end_to_end_id is not None:
            await _koppel_met_de_hand(connection, wereld.vandaag, nr, found, end_to_end_id)
        await rows.save_opgelost(connection, afschrift_nr, volgnr, nr=nr, reden=reden.strip())
    log.info("bankregel_resolved", afschrift=afschrift_nr, volgnr=volgnr, handeling=nr, booked=end_to_end_id is not None, by=actor.naam)


async def _koppel_met_de_hand(connection: Connection, vandaag: date, nr: int, found: BankregelInBeeld, end_to_end_id: str) -> None:
    """Book a line on the order that a person names; the rules are those of the bank's own reference."""
    orders = await rows.opdrachten(connection, found.gemeente, end_to_end_ids=[end_to_end_id], batches=[])
    if not orders:
        raise NietGevonden(f"Gemeente {found.gemeente} heeft geen verzonden betaalopdracht {end_to_end_id}.")
    regel = replace(_as_regel(found), end_to_end_id=end_to_end_id, is_retour=not found.is_debet)
    [outcome] = Koppelaar((order for order, _ in orders), ()).koppel([regel])
    if outcome.status is not BankregelStatus.VERWERKT:
        raise Conflict(outcome.reden)
    blad = _Boeken(nr, vandaag, found.gemeente, {(order.run_nr, order.regel): day for order, day in orders})
    await blad.boek(connection, found.afschrift_nr, [(found.volgnr, outcome)])


def _as_regel(found: BankregelInBeeld) -> Afschriftregel:
    return Afschriftregel(
        boekdatum=found.boekdatum,
        bedrag_cent=found.bedrag_cent,
        is_debet=found.is_debet,
        is_geboekt=True,
        is_retour=found.is_retour,
        retour_code=found.retour_code,
        end_to_end_id=found.end_to_end_id,
        batch_kenmerk=found.batch_kenmerk,
        bankreferentie=found.bankreferentie,
    )


async def _locked_regel(connection: Connection, actor: Actor, afschrift_nr: int, volgnr: int) -> BankregelInBeeld:
    def visible(found: BankregelInBeeld | None) -> BankregelInBeeld:
        if found is None or not (actor.gemeenten is None or found.gemeente in actor.gemeenten):
            raise NietGevonden("Deze regel van een afschrift is er niet, of niet voor u.")
        return found

    await runs.lock_gemeente(connection, visible(await rows.fetch_bankregel(connection, afschrift_nr, volgnr)).gemeente)
    return visible(await rows.fetch_bankregel(connection, afschrift_nr, volgnr))


async def lijst_afschriften(wereld: Wereld, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> Bladzijde[AfschriftInBeeld]:
    """Statements of the gemeenten of the actor, newest first."""
    must_see(actor)
    size = page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        found = await rows.fetch_afschriften(connection, actor.gemeenten, voor=voor, limit=size + 1)
    return Bladzijde(items=tuple(found[:size]), volgende=make_cursor(found[size - 1].afschrift_nr) if len(found) > size else None)


async def lijst_bankregels(
    wereld: Wereld,
    actor: Actor,
    *,
    status: BankregelStatus = BankregelStatus.ONGEKOPPELD,
    cursor: str | None = None,
    limit: int = 50,
) -> Bladzijde[BankregelInBeeld]:
    """Lines of one status, oldest first: without a choice those that wait for a person."""
    must_see(actor)
    size = page_size(limit)
    na = (0, 0) if cursor is None else read_sleutel(cursor, 2)
    async with wereld.pool.acquire() as connection:
        found = await rows.fetch_bankregels(connection, actor.gemeenten, status, na=(na[0], na[1]), limit=size + 1)
    last = found[size - 1] if len(found) > size else None
    return Bladzijde(items=tuple(found[:size]), volgende=make_cursor(last.afschrift_nr, last.volgnr) if last else None)
