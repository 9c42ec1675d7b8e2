"""Showing payments: what gemeenten owe, runs with their lines, and to an aanbieder what it was paid for."""

from __future__ import annotations

from dataclasses import dataclass

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.mailbox import Bladzijde, make_cursor, read_cursor
from app.mailbox.bladzijde import page_size, read_sleutel
from app.settlement import store_betalingen as rows
from app.settlement.betalingen import Specificatieregel
from app.settlement.betalingen_wie import agbs_van, must_see, sees, visible
from app.settlement.store_betalingen import Betaalregel, Betaalrun, BetalingAanAanbieder, Gemeentestand


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInBeeld:
    """A run with its lines."""

    run: Betaalrun
    regels: tuple[Betaalregel, ...]

    @property
    def gewijzigd(self) -> tuple[Betaalregel, ...]:
        """Lines that go to another account than the last payment did: who approves looks at these."""
        return tuple(each for each in self.regels if each.is_iban_nieuw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Specificatie:
    """What a payment is made of: its totals and a page of its lines."""

    betaling: BetalingAanAanbieder
    regels: Bladzijde[Specificatieregel]


async def lijst_standen(wereld: Wereld, actor: Actor) -> tuple[Gemeentestand, ...]:
    """What each gemeente of the actor owes, has in proposals and has under way."""
    must_see(actor)
    async with wereld.pool.acquire() as connection:
        return tuple(await rows.fetch_standen(connection, actor.gemeenten))


async def lijst_betaalruns(
    wereld: Wereld, actor: Actor, *, gemeente: str | None = None, cursor: str | None = None, limit: int = 50
) -> Bladzijde[Betaalrun]:
    """Runs of the gemeenten of the actor, newest first."""
    must_see(actor)
    size = page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        found = await rows.fetch_runs(connection, actor.gemeenten, gemeente=gemeente, voor=voor, limit=size + 1)
    return Bladzijde(items=tuple(found[:size]), volgende=make_cursor(found[size - 1].run_nr) if len(found) > size else None)


async def toon_betaalrun(wereld: Wereld, actor: Actor, run_nr: int) -> RunInBeeld:
    """A run with its lines, those that are blocked too.

    Raises:
        NietGevonden: There is no such run, or not for this actor.
    """
    must_see(actor)
    async with wereld.pool.acquire() as connection:
        run = visible(await rows.fetch_run(connection, run_nr), actor, run_nr)
        return RunInBeeld(run=run, regels=tuple(await rows.fetch_regels(connection, run_nr)))


async def lijst_betalingen(wereld: Wereld, actor: Actor, *, cursor: str | None = None, limit: int = 50) -> Bladzijde[BetalingAanAanbieder]:
    """Payments to the aanbieders that the actor acts for, newest first."""
    size = page_size(limit)
    voor = None if cursor is None else read_sleutel(cursor, 2)
    async with wereld.pool.acquire() as connection:
        before = None if voor is None else (voor[0], voor[1])
        found = await rows.fetch_betalingen(connection, agbs_van(actor), voor=before, limit=size + 1)
    last = found[size - 1] if len(found) > size else None
    return Bladzijde(items=tuple(found[:size]), volgende=make_cursor(last.run_nr, last.regel) if last else None)


async def toon_specificatie(
    wereld: Wereld, actor: Actor, run_nr: int, regel: int, *, cursor: str | None = None, limit: int = 200
) -> Specificatie:
    """What a payment is made of, for its aanbieder and its gemeente.

    Raises:
        NietGevonden: There is no such payment, it was not sent, or it is not for this actor.
    """
    size = page_size(limit)
    na = 0 if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        found = await rows.fetch_betaling(connection, run_nr, regel)
        if found is None or not (found.agb in agbs_van(actor) or sees(actor, found.gemeente)):
            raise NietGevonden("Deze betaling is er niet, of niet voor u.")
        lines = await rows.fetch_specificatie(connection, run_nr, regel, na=na, limit=size + 1)
    volgende = make_cursor(lines[size - 1].bericht_nr) if len(lines) > size else None
    return Specificatie(betaling=found, regels=Bladzijde(items=tuple(lines[:size]), volgende=volgende))
