"""Closing months and years: only a controller of the region, in order, with a reason, and never the month that still takes bookings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import structlog

from app.adapters.clock import AMSTERDAM
from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietToegestaan
from app.domain.partij import Actor, Rol
from app.domain.periode import maand_van, volgende_maand
from app.ledger import store_afsluiten as rows
from app.ledger.afsluiten import Boekstand, belet, check_eerste_dag, check_sluitbaar, maanden_van_jaar
from app.ledger.handeling import must_be_controller, open_handeling
from app.ledger.rekeningschema import ONDERWEG
from app.ledger.store_afsluiten import Afsluiting

log = structlog.get_logger(__name__)

SOORT = "maand_afsluiting"
"""The soort of the act that closes a month."""
MAANDEN_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Boekmaand:
    """A month of the books: open, or closed with what it held then. Number, cents and hash only for who sees the whole region."""

    boekmaand: date
    gesloten_op: datetime | None = None
    gesloten_door: str | None = None
    hash: str | None = None
    aantal: int | None = None
    bedrag_cent: int | None = None

    @property
    def is_gesloten(self) -> bool:
        """Whether it takes no more bookings."""
        return self.gesloten_op is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soortsom:
    """What a month holds of one soort: number of transfers and their amounts added up, in cents."""

    soort: str
    aantal: int
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wacht:
    """What is not done yet and will be booked in a later month, with its care month kept; claimed cents where it has them."""

    wat: str
    aantal: int
    bedrag_cent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vooruitblik:
    """A month before it is closed. `belet` is why it cannot be now; what `wacht` does not stop it."""

    boekmaand: date
    belet: str | None
    soorten: tuple[Soortsom, ...]
    wacht: tuple[Wacht, ...]

    @property
    def aantal(self) -> int:
        """The number of transfers."""
        return sum(each.aantal for each in self.soorten)

    @property
    def bedrag_cent(self) -> int:
        """Their amounts added up."""
        return sum(each.bedrag_cent for each in self.soorten)


async def sluit_maand(wereld: Wereld, actor: Actor, maand: date, *, reden: str) -> Boekmaand:
    """Close a month: no transfer is dated in it or before it from now on, and its hash says what it holds.

    Bookings under way are waited for, and new ones wait until it is done (about eight seconds for a million transfers).

    Args:
        wereld, actor: The world, and who asks.
        maand: First day of the month.
        reden: Why, for who reads the books later.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: No month, or no reason.
        Conflict: It is closed already, not over yet, or an earlier month with transfers is open.
    """
    must_be_controller(actor)
    check_eerste_dag(maand)
    async with transaction(wereld.pool) as connection:
        await rows.lock_afsluiten(connection)
        stand = await rows.stand(connection)
        check_sluitbaar(maand, stand, vandaag=wereld.vandaag)
        made = await _sluit(connection, wereld, actor, maand, stand, reden)
    log.info("maand_closed", boekmaand=f"{maand:%Y-%m}", boekingen=made.aantal, hash=made.hash.hex(), by=actor.naam)
    return _as_maand(made)


async def _sluit(connection: Connection, wereld: Wereld, actor: Actor, maand: date, stand: Boekstand, reden: str) -> Afsluiting:
    nu = wereld.nu
    await rows.leg_bronnen_vast(connection, maand)
    sums = await rows.hash_maand(connection, maand, stand.hash, nu, actor.naam)
    made = Afsluiting(
        boekmaand=maand,
        gesloten_op=nu,
        gesloten_door=actor.naam,
        hash=sums.digest(),
        vorige_hash=stand.hash,
        aantal=sums.aantal,
        bedrag_cent=sums.bedrag_cent,
    )
    # The act keeps the hash too, so a closing that was taken away or changed is missed by the act that made it.
    given = {"hash": made.hash.hex(), "aantal": made.aantal, "bedrag_cent": made.bedrag_cent}
    await open_handeling(connection, soort=SOORT, sleutel=f"{maand:%Y-%m}", door=actor.naam, op=nu, reden=reden, gegevens=given)
    await rows.save_afsluiting(connection, made)
    return made


async def sluit_jaar(wereld: Wereld, actor: Actor, jaar: int, *, reden: str) -> list[Boekmaand]:
    """Close the months of a year that are still open, in order; the months that this call closed.

    One transaction per month, because each is complete in itself and holds bookings up while it lasts: what was closed when something stops it
    halfway is right, and calling it again goes on from there.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: No reason.
        Conflict: The year is not over yet, is closed already, or an earlier one has an open month with transfers.
    """
    must_be_controller(actor)
    if not 2000 <= jaar < wereld.vandaag.year:
        raise Conflict(f"Boekjaar {jaar} is nog niet voorbij; sluit de maanden die voorbij zijn.")
    async with transaction(wereld.pool) as connection:
        months = maanden_van_jaar(jaar, await rows.stand(connection))
    if not months:
        raise Conflict(f"Boekjaar {jaar} is al afgesloten.")
    return [await sluit_maand(wereld, actor, maand, reden=reden) for maand in months]


async def blik_vooruit(wereld: Wereld, actor: Actor, maand: date) -> Vooruitblik:
    """What a month holds, whether it can be closed, and what is still under way for it.

    What waits stops nothing: it is booked in the month that is open then and keeps its care month, and a controller who had to wait for every
    aanbieder would never close.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: No month.
    """
    must_be_controller(actor)
    check_eerste_dag(maand)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        stand = await rows.stand(connection)
        return Vooruitblik(
            boekmaand=maand,
            belet=belet(maand, stand, vandaag=wereld.vandaag),
            soorten=tuple(
                Soortsom(soort=soort, aantal=n, bedrag_cent=cents) for soort, n, cents in await rows.per_soort(connection, maand)
            ),
            wacht=tuple(each for each in await _wacht(connection, maand) if each.aantal),
        )


async def _wacht(connection: Connection, maand: date) -> list[Wacht]:
    after = volgende_maand(maand)
    unjudged = await rows.onbeoordeeld(connection, after)
    runs = await rows.wachtende_betaalruns(connection, datetime.combine(after, time(), AMSTERDAM))
    under_way = await rows.saldo_tot_en_met(connection, ONDERWEG, maand)
    return [
        *(Wacht(wat=status, aantal=n, bedrag_cent=cents) for status, (n, cents) in sorted(unjudged.items())),
        Wacht(wat="betaalrun_concept", aantal=runs),
        Wacht(wat="betaling_onderweg", aantal=1 if under_way else 0, bedrag_cent=abs(under_way)),
    ]


async def boekmaanden(wereld: Wereld, actor: Actor, *, voor: date | None = None, limit: int = MAANDEN_MAX) -> list[Boekmaand]:
    """The months of the books, the last first: open ones that hold transfers, and all that are closed; those before `voor`.

    Raises:
        NietToegestaan: The actor has no work in the books.
    """
    if not actor.heeft(Rol.CONTROLLER, Rol.INZAGE, Rol.CONTRACTBEHEER):
        raise NietToegestaan("De maanden van het grootboek zijn voor wie over het geld gaat.")
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        stand = await rows.stand(connection)
        closed = await rows.afsluitingen(connection, voor=voor, limit=limit)
    shown = [_as_maand(each) if actor.gemeenten is None else _zonder_bedragen(each) for each in closed]
    is_open = [Boekmaand(boekmaand=maand) for maand in reversed(stand.open_maanden) if voor is None or maand < voor]
    return [*is_open, *shown][:limit]


def _as_maand(made: Afsluiting) -> Boekmaand:
    return Boekmaand(
        boekmaand=made.boekmaand,
        gesloten_op=made.gesloten_op,
        gesloten_door=made.gesloten_door,
        hash=made.hash.hex(),
        aantal=made.aantal,
        bedrag_cent=made.bedrag_cent,
    )


def _zonder_bedragen(made: Afsluiting) -> Boekmaand:
    return Boekmaand(boekmaand=made.boekmaand, gesloten_op=made.gesloten_op, gesloten_door=made.gesloten_door)


def volgende_te_sluiten(maanden: list[Boekmaand], vandaag: date) -> date | None:
    """The month whose turn it is: the first open one that is over. None when there is none."""
    is_open = [each.boekmaand for each in maanden if not each.is_gesloten and each.boekmaand < maand_van(vandaag)]
    return min(is_open, default=None)
