"""What was judged again or would be: for the people who decide about it. Every list has a stated maximum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.judging.service_herbeoordelen import must_be_allowed

HERBEOORDELINGEN_MAX = 100
TOTALEN_MAX = 200
REGELS_PER_BLADZIJDE = 100
LADINGEN_MAX = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Herbeoordeling:
    """One act of judging again; `verschil_cent` is what is granted more (or less) by the lines that change, `regels` how many those are."""

    herbeoordeling_nr: int
    reden: str
    lading_nr: int | None
    contract: str | None
    van: date | None
    tot: date | None
    nieuw_antwoord: bool
    status: str
    gemaakt_op: datetime
    gemaakt_door: str
    afgerond_op: datetime | None
    afgerond_door: str | None
    banen: int
    achterhaald: int
    uitgevoerd: int
    declaraties: int
    beoordeelde_regels: int
    regels: int
    verschil_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totaal:
    """What was granted and what is, over the lines that change, in cents: per aanbieder, gemeente that bears the care, and month of care."""

    agb: str
    aanbieder_naam: str | None
    gemeente: str
    zorgmaand: date
    was_cent: int
    wordt_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GewijzigdeRegel:
    """A line that changes; amount with the sign of a credit, in cents."""

    bericht_nr: int
    regel: int
    agb: str
    gemeente: str
    zorgmaand: date
    bedrag_cent: int
    was_toegekend: bool
    was_codes: tuple[str, ...]
    was_zorgvorm: str
    was_drager: str
    wordt_toegekend: bool
    wordt_codes: tuple[str, ...]
    wordt_zorgvorm: str
    wordt_drager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorvertoning:
    """A herbeoordeling with what changes: totals (the biggest first), and a page of lines; `volgende` is where the next page begins."""

    herbeoordeling: Herbeoordeling
    totalen: tuple[Totaal, ...]
    regels: tuple[GewijzigdeRegel, ...]
    volgende: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lading:
    """A load of the region, and how many rows it brought or ended."""

    lading_nr: int
    geladen_op: datetime
    geladen_door: str
    rijen: int


_HERBEOORDELING = """
select h.herbeoordeling_nr, h.reden, h.lading_nr, h.contract, h.van, h.tot, h.nieuw_antwoord, h.status, h.gemaakt_op, h.gemaakt_door,
       h.afgerond_op, h.afgerond_door, b.banen, b.achterhaald, b.uitgevoerd, b.declaraties, b.beoordeelde_regels, r.regels, r.verschil_cent
  from herbeoordeling h
 cross join lateral (
       select count(*)::int as banen, count(*) filter (where status = 'achterhaald')::int as achterhaald,
              count(*) filter (where status = 'uitgevoerd')::int as uitgevoerd,
              coalesce(sum(declaraties), 0)::bigint as declaraties, coalesce(sum(regels), 0)::bigint as beoordeelde_regels
         from herbeoordeling_baan where herbeoordeling_nr = h.herbeoordeling_nr) b
 cross join lateral (
       select count(*)::int as regels,
              coalesce(sum((wordt_toegekend::int - was_toegekend::int) * case when is_credit then -bedrag_cent else bedrag_cent end), 0)::bigint
                  as verschil_cent
         from herbeoordeling_regel where herbeoordeling_nr = h.herbeoordeling_nr) r
"""
_TOTALEN = """
with beweging as (
    select agb, was_drager as gemeente, zorgmaand, case when is_credit then -bedrag_cent else bedrag_cent end as was, 0 as wordt
      from herbeoordeling_regel where herbeoordeling_nr = $1 and was_toegekend
    union all
    select agb, wordt_drager, zorgmaand, 0, case when is_credit then -bedrag_cent else bedrag_cent end
      from herbeoordeling_regel where herbeoordeling_nr = $1 and wordt_toegekend
)
select agb, (select naam from aanbieder a where a.agb = t.agb and a.vervallen_op is null limit 1) as aanbieder_naam, gemeente, zorgmaand,
       was_cent, wordt_cent
  from (select agb, gemeente, zorgmaand, sum(was)::bigint as was_cent, sum(wordt)::bigint as wordt_cent
          from beweging group by 1, 2, 3) t
 order by abs(wordt_cent - was_cent) desc, agb, gemeente, zorgmaand limit $2
"""
_REGELS = """
select bericht_nr, regel, agb, gemeente, zorgmaand, case when is_credit then -bedrag_cent else bedrag_cent end as bedrag_cent, was_toegekend,
       was_codes, was_zorgvorm, was_drager, wordt_toegekend, wordt_codes, wordt_zorgvorm, wordt_drager
  from herbeoordeling_regel where herbeoordeling_nr = $1 and (bericht_nr, regel) > ($2, $3) order by bericht_nr, regel limit $4
"""
_LADINGEN = """
select lading_nr, geladen_op, geladen_door,
       (select coalesce(sum((v.value ->> 'nieuw')::int + (v.value ->> 'vervallen')::int), 0)::int from jsonb_each(verschil) v
         where jsonb_typeof(v.value) = 'object') as rijen
  from regio_lading order by lading_nr desc limit $1
"""


async def lijst_herbeoordelingen(wereld: Wereld, actor: Actor) -> list[Herbeoordeling]:
    """The newest first.

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
    """
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        found = await connection.fetch(f"{_HERBEOORDELING} order by h.herbeoordeling_nr desc limit $1", HERBEOORDELINGEN_MAX)
    return [Herbeoordeling(**dict(row)) for row in found]


async def toon_herbeoordeling(wereld: Wereld, actor: Actor, nr: int, na: tuple[int, int] = (0, 0)) -> Voorvertoning:
    """One herbeoordeling with its totals and the lines after (bericht_nr, regel).

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
        NietGevonden: There is none with this number.
    """
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        row = await connection.fetchrow(f"{_HERBEOORDELING} where h.herbeoordeling_nr = $1", nr)
        if row is None:
            raise NietGevonden(f"Er is geen herbeoordeling {nr}.")
        totalen = await connection.fetch(_TOTALEN, nr, TOTALEN_MAX)
        regels = [_as_regel(each) for each in await connection.fetch(_REGELS, nr, *na, REGELS_PER_BLADZIJDE + 1)]
    shown = regels[:REGELS_PER_BLADZIJDE]
    return Voorvertoning(
        herbeoordeling=Herbeoordeling(**dict(row)),
        totalen=tuple(Totaal(**dict(each)) for each in totalen),
        regels=tuple(shown),
        volgende=(shown[-1].bericht_nr, shown[-1].regel) if len(regels) > len(shown) else None,
    )


def _as_regel(row: Any) -> GewijzigdeRegel:
    return GewijzigdeRegel(**{**row, "was_codes": tuple(row["was_codes"]), "wordt_codes": tuple(row["wordt_codes"])})


async def lijst_ladingen(wereld: Wereld, actor: Actor) -> list[Lading]:
    """The newest loads of the region, to choose from.

    Raises:
        NietToegestaan: The actor is not contractbeheer of the whole region.
    """
    must_be_allowed(actor)
    async with transaction(wereld.pool) as connection:
        return [Lading(**dict(row)) for row in await connection.fetch(_LADINGEN, LADINGEN_MAX)]
