"""What is held, by which rules, and what would wait: for the people who decide about it. Every list has a stated maximum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import Connection, transaction
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.domain.werkdagen import werkdagen_tot
from app.judging import vasthouden
from app.judging.service_vasthouden import gemeenten_van
from app.judging.store_vasthouden import REGELS_MAX, plek

PER_BLADZIJDE = 100
KEREN_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Vastgehouden:
    """A declaratie that is held.

    Attributes:
        vrij_vanaf: The day on which it is released by itself.
        werkdagen: Working days until its term ends; negative when late.
        achter: How many later ones of the same aanbieder, gemeente and domein wait, held themselves or not.
        regel_nr: The rule that holds it; None when a person holds this one.
    """

    bericht_nr: int
    domein: str
    identificatie: str | None
    agb: str
    aanbieder_naam: str | None
    gemeente: str
    gemeente_naam: str | None
    ontvangst_datum: date
    reden: str
    sinds: datetime
    door: str
    regel_nr: int | None
    termijn: date | None
    vrij_vanaf: date | None
    werkdagen: int | None
    achter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bladzijde:
    """A page of what is held; `volgende` is where the next one begins, None at the end."""

    stand_van: datetime
    items: tuple[Vastgehouden, ...]
    volgende: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vasthoudregel:
    """A rule: hold every declaratie of an aanbieder. `houdt` is how many it holds now; `loopt` whether it holds new ones."""

    regel_nr: int
    agb: str
    aanbieder_naam: str | None
    domein: str | None
    gemeente: str | None
    gemeente_naam: str | None
    reden: str
    sinds: datetime
    door: str
    tot: date
    beeindigd_op: datetime | None
    beeindigd_door: str | None
    houdt: int
    loopt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Keer:
    """One time that a bericht was held, or waited behind another (`volgt`); `vrij_op` is None while it lasts."""

    volgt: bool
    reden: str | None
    regel_nr: int | None
    sinds: datetime
    door: str
    vrij_op: datetime | None
    vrij_door: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blik:
    """A bericht, and what holding it would do or does.

    Attributes:
        belet: Why it cannot be held, as a sentence; None when it can.
        achter: Declaraties of the same aanbieder, gemeente and domein that wait, or would wait, until it is released.
        achter_nr: The held one that it waits behind itself; None when it waits behind none.
        keren: When it was held, the last first.
    """

    bericht_nr: int
    identificatie: str | None
    status: str
    termijn: date | None
    vrij_vanaf: date | None
    belet: str | None
    achter: int
    achter_nr: int | None
    keren: tuple[Keer, ...]

    @property
    def nu(self) -> Keer | None:
        """The hold that lasts."""
        return next((keer for keer in self.keren if keer.vrij_op is None), None)


_HELD = """
select v.bericht_nr, v.domein, b.identificatie, v.agb, a.naam as aanbieder_naam, v.gemeente, g.naam as gemeente_naam, b.ontvangst_datum,
       v.reden, v.sinds, v.door, v.regel_nr, b.termijn,
       (select count(*)::int from vasthouding f
         where f.vrij_op is null and f.domein = v.domein and f.agb = v.agb and f.gemeente = v.gemeente
           and f.bericht_nr > v.bericht_nr) as achter
  from vasthouding v
  join bericht b using (bericht_nr)
  left join lateral (select naam from aanbieder where agb = v.agb and vervallen_op is null order by aanbieder_id desc limit 1) a on true
  left join lateral (select naam from gemeente where code = v.gemeente and vervallen_op is null order by geldig_van desc limit 1) g on true
 where v.vrij_op is null and not v.volgt and v.bericht_nr > $1 and ($2::text[] is null or v.gemeente = any($2))
 order by v.bericht_nr
 limit $3
"""


async def lijst_vastgehouden(wereld: Wereld, actor: Actor, *, na: int = 0) -> Bladzijde:
    """What is held in the gemeenten of this actor, in order of receipt, so the term that ends first comes first; at most 100 after `na`."""
    async with transaction(wereld.pool) as connection:
        found = await connection.fetch(_HELD, na, gemeenten_van(actor), PER_BLADZIJDE + 1)
    items = tuple(_held(dict(row), wereld.vandaag) for row in found[:PER_BLADZIJDE])
    return Bladzijde(stand_van=wereld.nu, items=items, volgende=items[-1].bericht_nr if len(found) > PER_BLADZIJDE else None)


def _held(row: dict[str, Any], vandaag: date) -> Vastgehouden:
    termijn = row["termijn"]
    return Vastgehouden(
        **row,
        vrij_vanaf=None if termijn is None else vasthouden.vrij_vanaf(termijn, vrije_dagen()),
        werkdagen=None if termijn is None else werkdagen_tot(vandaag, termijn, vrije_dagen()),
    )


async def lijst_vasthoudregels(wereld: Wereld, actor: Actor) -> tuple[Vasthoudregel, ...]:
    """The rules that concern the gemeenten of this actor: those that run first, then the newest; at most 200."""
    async with transaction(wereld.pool) as connection:
        found = await connection.fetch(
            """
            select r.regel_nr, r.agb, a.naam as aanbieder_naam, r.domein, r.gemeente, g.naam as gemeente_naam, r.reden, r.sinds, r.door, r.tot,
                   r.beeindigd_op, r.beeindigd_door, r.beeindigd_op is null and r.tot >= $1 as loopt,
                   (select count(*)::int from vasthouding v
                     where v.regel_nr = r.regel_nr and v.vrij_op is null and ($2::text[] is null or v.gemeente = any($2))) as houdt
              from vasthoudregel r
              left join lateral (select naam from aanbieder where agb = r.agb and vervallen_op is null order by aanbieder_id desc limit 1) a on true
              left join lateral (select naam from gemeente where code = r.gemeente and vervallen_op is null order by geldig_van desc limit 1) g
                on true
             where $2::text[] is null or r.gemeente is null or r.gemeente = any($2)
             order by loopt desc, r.regel_nr desc limit $3
            """,
            wereld.vandaag,
            gemeenten_van(actor),
            REGELS_MAX,
        )
    return tuple(Vasthoudregel(**dict(row)) for row in found)


async def blik_vasthouden(wereld: Wereld, actor: Actor, bericht_nr: int) -> Blik:
    """What holding this bericht would do, or does.

    Raises:
        NietGevonden: There is no such bericht for this actor.
    """
    async with transaction(wereld.pool) as connection:
        found = await plek(connection, bericht_nr, gemeenten_van(actor))
        if found is None:
            raise NietGevonden
        row = await _around(connection, bericht_nr)
        keren = await _times(connection, bericht_nr)
    why = vasthouden.belet(soort=found.soort, status=found.status, termijn=found.termijn, vandaag=wereld.vandaag, vrije_dagen=vrije_dagen())
    return Blik(
        **row,
        bericht_nr=bericht_nr,
        status=found.status,
        termijn=found.termijn,
        vrij_vanaf=None if found.termijn is None else vasthouden.vrij_vanaf(found.termijn, vrije_dagen()),
        belet=why,
        keren=keren,
    )


async def _around(connection: Connection, bericht_nr: int) -> dict[str, Any]:
    """Its identificatie, how many declaraties wait behind it, and behind which held one it waits."""
    row = await connection.fetchrow(
        """
        select b.identificatie,
               (select count(*)::int from bericht l
                 where l.domein = b.domein and l.agb = b.agb and l.gemeente = b.gemeente and l.soort = '323' and l.bericht_nr > b.bericht_nr
                   and l.status in ('ontvangen', 'vastgehouden')) as achter,
               (select max(h.bericht_nr) from vasthouding h
                 where h.vrij_op is null and not h.volgt and h.domein = b.domein and h.agb = b.agb and h.gemeente = b.gemeente
                   and h.bericht_nr < b.bericht_nr) as achter_nr
          from bericht b where b.bericht_nr = $1
        """,
        bericht_nr,
    )
    assert row is not None
    return dict(row)


async def _times(connection: Connection, bericht_nr: int) -> tuple[Keer, ...]:
    rows = await connection.fetch(
        """
        select volgt, reden, regel_nr, sinds, door, vrij_op, vrij_door from vasthouding
         where bericht_nr = $1 order by vasthouding_nr desc limit $2
        """,
        bericht_nr,
        KEREN_MAX,
    )
    return tuple(Keer(**dict(row)) for row in rows)
