"""The queries behind uitval by cause.

Causes that are a rule are read from `bericht_oorzaak` alone, which has of each bericht what a list needs; what still waits is found by the
indexes on the status and the term of a bericht. So the cost follows the uitval of the period, not what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, bindparam, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.oorzaak import MET_REGEL, OorzaakSleutel, Uitvalsoort
from app.domain.partij import Actor
from app.reports.store import load_namen
from app.reports.uitval import OORZAKEN_MAX, TOP_AFZENDERS, Notitie, Opvolging, UitvalFilter, UitvalOorzaak

NOTITIES_MAX = 100
"""Notes with a cause, newest first."""
_REDEN = r"regexp_replace(coalesce({}.park_reden, ''), ' \(kenmerk [^)]*\)|(?<=niet te lezen): .*$', '', 'g')"
"""Why a bericht was parked, without what differs from one bericht to the next."""
_DETAIL = f"left(md5({_REDEN.format('b')}), 12)"
_WACHT = ("geparkeerd", "wacht_op_contract", "vastgehouden")
_KOLOM = {
    "vanaf": "ontvangst_datum >= :vanaf",
    "gemeente": "gemeente = :gemeente",
    "afzender": "van = :afzender",
    "bericht": "soort = :bericht",
}

Waarden = dict[str, Any]


def _zicht(actor: Actor, tabel: str) -> list[str]:
    """The condition under which a person sees a row: of its gemeenten, or sent by one of its parties."""
    if actor.gemeenten is None:
        return []
    return [f"({tabel}.gemeente = any(:zicht_gemeenten) or {tabel}.van = any(:zicht_partijen))"]


def _beperkt(vraag: UitvalFilter, tabel: str, *namen: str) -> list[str]:
    return [f"{tabel}.{_KOLOM[naam]}" for naam in namen if getattr(vraag, naam) is not None]


def _waarden(actor: Actor, vraag: UitvalFilter, **extra: object) -> Waarden:
    return {
        "zicht_gemeenten": sorted(actor.gemeenten or ()),
        "zicht_partijen": sorted(actor.partijen),
        "vanaf": vraag.vanaf,
        "gemeente": vraag.gemeente,
        "afzender": vraag.afzender,
        "bericht": vraag.bericht,
        **extra,
    }


_SOORTEN: dict[str, Any] = {
    **dict.fromkeys(("zicht_gemeenten", "zicht_partijen", "namen", "regels", "codes", "zijden"), ARRAY(Text)),
    **dict.fromkeys(("nrs", "merken"), ARRAY(BigInteger)),
}


async def _lees(connection: AsyncConnection, query: str, waarden: Mapping[str, Any]) -> CursorResult[Any]:
    """The rows of a query made of parts of this file, with the values that it names."""
    used = [name for name in waarden if re.search(rf"(?<!:):{name}\b", query)]
    return await connection.execute(text(query).bindparams(*(bindparam(name, waarden[name], type_=_SOORTEN.get(name)) for name in used)))


def _per_oorzaak(rijen: str, sleutel: str) -> str:
    """Rows summed per sender and then per cause, with the first senders; `sleutel` are the columns that make a cause."""
    return f"""
        with per_afzender as (
            select {sleutel}, van, min(reden) as reden, sum(aantal) as aantal, count(*) as berichten, coalesce(sum(cent), 0) as cent,
                   min(dag) as eerst, max(dag) as laatst, min(termijn) as termijn
              from ({rijen}) rij group by {sleutel}, van
        )
        select {sleutel}, min(reden) as reden, sum(aantal)::bigint as aantal, sum(berichten)::bigint as berichten, sum(cent)::bigint as cent,
               count(*)::bigint as afzenders, (array_agg(van order by abs(cent) desc, aantal desc, van))[1:{TOP_AFZENDERS}] as top,
               min(eerst) as eerst, max(laatst) as laatst, min(termijn) as termijn
          from per_afzender group by {sleutel}
         order by abs(sum(cent)) desc, sum(aantal) desc, {sleutel} limit {OORZAKEN_MAX + 1}"""  # noqa: S608 - parts of this file, no values


async def list_regels(
    connection: AsyncConnection, actor: Actor, vraag: UitvalFilter, sleutel: OorzaakSleutel | None = None
) -> list[UitvalOorzaak]:
    """Causes that are a rule: what was rejected and what was refused at the door; of one cause when it is given."""
    conditions = [*_zicht(actor, "o"), *_beperkt(vraag, "o", "vanaf", "gemeente", "afzender", "bericht"), *_van_sleutel(sleutel)]
    if vraag.soort is not None:
        conditions.append("o.deur" if vraag.soort is Uitvalsoort.GEWEIGERD else "not o.deur")
    rows = f"""
        select o.regel, o.retourcode, o.deur, split_part(o.van, ':', 1) as zijde, o.van, '' as reden, o.aantal, o.bedrag_cent as cent,
               o.ontvangst_datum as dag, null::date as termijn
          from bericht_oorzaak o where {_en(conditions)}"""  # noqa: S608
    query = _per_oorzaak(rows, "regel, retourcode, deur, zijde")
    found = (await _lees(connection, query, _waarden(actor, vraag, **_delen(sleutel)))).all()
    terms = await _termijnen(connection, actor, vraag, sleutel)
    causes = []
    for row in found:
        soort = Uitvalsoort.GEWEIGERD if row.deur else Uitvalsoort.AFGEKEURD
        cause = OorzaakSleutel(soort=soort, detail=row.regel, retourcode=row.retourcode, wie=row.zijde)
        causes.append(_as_oorzaak(cause, row, terms.get((row.regel, row.retourcode, row.zijde))))
    return causes


def _van_sleutel(sleutel: OorzaakSleutel | None) -> list[str]:
    if sleutel is None:
        return []
    deur = "o.deur" if sleutel.soort is Uitvalsoort.GEWEIGERD else "not o.deur"
    return ["o.regel = :detail", "o.retourcode = :retourcode", "o.van like :zijde", deur]


def _delen(sleutel: OorzaakSleutel | None) -> Waarden:
    if sleutel is None:
        return {}
    return {"detail": sleutel.detail, "retourcode": sleutel.retourcode, "zijde": f"{sleutel.wie}:%", "wie": sleutel.wie}


def _en(conditions: Iterable[str]) -> str:
    return " and ".join(conditions) or "true"


async def _termijnen(
    connection: AsyncConnection, actor: Actor, vraag: UitvalFilter, sleutel: OorzaakSleutel | None
) -> dict[tuple[str, str, str], date]:
    """The first term that is still open of the berichten with a rule that does not hold, per cause."""
    conditions = [*_zicht(actor, "o"), *_beperkt(vraag, "o", "vanaf", "gemeente", "afzender", "bericht"), *_van_sleutel(sleutel)]
    query = f"""
        select o.regel, o.retourcode, split_part(o.van, ':', 1) as zijde, min(b.termijn) as termijn
          from bericht b join bericht_oorzaak o using (bericht_nr)
         where b.termijn is not null and b.termijn_voldaan_op is null and {_en(conditions)} group by 1, 2, 3"""  # noqa: S608
    rows = await _lees(connection, query, _waarden(actor, vraag, **_delen(sleutel)))
    return {(row.regel, row.retourcode, row.zijde): row.termijn for row in rows}


def _as_oorzaak(sleutel: OorzaakSleutel, row: Any, termijn: date | None) -> UitvalOorzaak:
    return UitvalOorzaak(
        sleutel=sleutel,
        reden=row.reden,
        aantal=row.aantal,
        berichten=row.berichten,
        afzenders=row.afzenders,
        top=tuple((van, None) for van in row.top),
        bedrag_cent=row.cent,
        eerst=row.eerst,
        laatst=row.laatst,
        termijn=termijn,
    )


def _wachtend(actor: Actor, vraag: UitvalFilter, soorten: Iterable[Uitvalsoort]) -> str:
    """Berichten and requests that wait for somebody, each with the cause that it is counted under."""
    parts: list[str] = []
    open_term = "case when b.termijn_voldaan_op is null then b.termijn end"
    own = [*_zicht(actor, "b"), *_beperkt(vraag, "b", "gemeente", "bericht")]
    for soort in soorten:
        if soort is Uitvalsoort.TE_LAAT:
            parts += [_te_laat_bericht(own), _te_laat_verzoek(actor, vraag)]
            continue
        detail, reden = (_DETAIL, _REDEN.format("b")) if soort is Uitvalsoort.GEPARKEERD else ("''", "''")
        conditions = [f"b.status = '{soort.value}'", *own, *(_beperkt(vraag, "b", "vanaf") if soort is Uitvalsoort.TERUG else [])]
        van = "b.aan" if soort is Uitvalsoort.TERUG else "b.van"
        parts.append(f"""
            select b.bericht_nr, '{soort.value}' as soort, {detail} as detail, '' as wie, {van} as van, {reden} as reden, 1 as aantal,
                   b.ingediend_cent as cent, b.ontvangst_datum as dag, {open_term} as termijn
              from bericht b where {_en(conditions)}""")  # noqa: S608
    union = " union all ".join(parts)
    return f"select * from ({union}) w where w.van = :afzender" if vraag.afzender is not None else union  # noqa: S608


def _te_laat_bericht(own: Sequence[str]) -> str:
    wachtend = ", ".join(f"'{status}'" for status in _WACHT)
    wie = "case when b.termijn_wie = 'regio' then 'wij' else 'aanbieder' end"
    conditions = ["b.termijn is not null", "b.termijn_voldaan_op is null", "b.termijn < :vandaag", f"b.status not in ({wachtend})", *own]
    return f"""
        select b.bericht_nr, 'te_laat' as soort, b.soort as detail, {wie} as wie,
               case when b.termijn_wie = 'regio' then b.van else b.termijn_wie end as van, '' as reden, 1 as aantal,
               b.ingediend_cent as cent, b.ontvangst_datum as dag, b.termijn as termijn
          from bericht b where {_en(conditions)}"""  # noqa: S608


def _te_laat_verzoek(actor: Actor, vraag: UitvalFilter) -> str:
    conditions = ["v.besluit_nr is null", "v.beslistermijn < :vandaag", *_beperkt(vraag, "v", "gemeente", "bericht")]
    if actor.gemeenten is not None:
        conditions.append("v.gemeente = any(:zicht_gemeenten)")
    return f"""
        select v.bericht_nr, 'te_laat' as soort, v.soort as detail, 'gemeente' as wie, 'aanbieder:' || v.agb as van, '' as reden,
               1 as aantal, null::bigint as cent, v.ontvangst_datum as dag, v.beslistermijn as termijn
          from verzoek v where {_en(conditions)}"""  # noqa: S608


WACHTEND = tuple(soort for soort in Uitvalsoort if soort not in MET_REGEL)
"""Uitval that waits for somebody."""


async def list_wachtend(connection: AsyncConnection, actor: Actor, vraag: UitvalFilter, vandaag: date) -> list[UitvalOorzaak]:
    """What waits for somebody, by why it waits."""
    soorten = WACHTEND if vraag.soort is None else (vraag.soort,)
    query = _per_oorzaak(_wachtend(actor, vraag, soorten), "soort, detail, wie")
    causes = []
    for row in await _lees(connection, query, _waarden(actor, vraag, vandaag=vandaag)):
        cause = OorzaakSleutel(soort=Uitvalsoort(row.soort), detail=row.detail, wie=row.wie)
        causes.append(_as_oorzaak(cause, row, row.termijn))
    return causes


async def get_wachtend(
    connection: AsyncConnection, actor: Actor, vraag: UitvalFilter, sleutel: OorzaakSleutel, vandaag: date
) -> list[UitvalOorzaak]:
    """That one cause of what waits, or nothing."""
    rows = f"select * from ({_wachtend(actor, vraag, (sleutel.soort,))}) z where z.detail = :detail and z.wie = :wie"  # noqa: S608
    query = _per_oorzaak(rows, "soort, detail, wie")
    found = await _lees(connection, query, _waarden(actor, vraag, vandaag=vandaag, **_delen(sleutel)))
    return [_as_oorzaak(sleutel, row, row.termijn) for row in found]


async def with_namen(connection: AsyncConnection, causes: Sequence[UitvalOorzaak]) -> list[UitvalOorzaak]:
    """The causes with the names of their first senders."""
    namen = await load_namen(connection, {partij for cause in causes for partij, _ in cause.top})
    return [replace(cause, top=tuple((partij, namen.get(partij)) for partij, _ in cause.top)) for cause in causes]


async def list_nrs(
    connection: AsyncConnection,
    actor: Actor,
    vraag: UitvalFilter,
    sleutel: OorzaakSleutel,
    vandaag: date,
    *,
    voor: int | None = None,
    na: int | None = None,
    limit: int,
) -> list[int]:
    """The berichten of a cause within a filter: the newest before `voor`, or the oldest after `na`."""
    if sleutel.soort in MET_REGEL:
        conditions = [*_zicht(actor, "o"), *_beperkt(vraag, "o", "vanaf", "gemeente", "afzender", "bericht"), *_van_sleutel(sleutel)]
        source = f"select o.bericht_nr from bericht_oorzaak o where {_en(conditions)}"  # noqa: S608
    else:
        waiting = _wachtend(actor, vraag, (sleutel.soort,))
        source = f"select distinct z.bericht_nr from ({waiting}) z where z.detail = :detail and z.wie = :wie"  # noqa: S608
    place = "q.bericht_nr > :na" if na is not None else "q.bericht_nr < :voor" if voor is not None else "true"
    order = "asc" if na is not None else "desc"
    query = f"select q.bericht_nr from ({source}) q where {place} order by q.bericht_nr {order} limit :aantal"  # noqa: S608
    waarden = _waarden(actor, vraag, vandaag=vandaag, voor=voor, na=na, aantal=limit, **_delen(sleutel))
    return [row.bericht_nr for row in await _lees(connection, query, waarden)]


async def load_opvolging(connection: AsyncConnection, actor: Actor, sleutels: Sequence[OorzaakSleutel]) -> dict[str, Opvolging]:
    """What people do about these causes, by name: the newest row that concerns all that the actor sees."""
    scope = "f.gemeenten is null" if actor.gemeenten is None else "(f.gemeenten is null or f.gemeenten @> :zicht_gemeenten)"
    query = f"""
        select distinct on (f.oorzaak) f.oorzaak, f.op, f.door, f.toegewezen_aan, f.opgelost_tot
          from oorzaak_opvolging f where f.oorzaak = any(:namen) and {scope} order by f.oorzaak, f.opvolging_nr desc"""  # noqa: S608
    values = _waarden(actor, UitvalFilter(), namen=[str(sleutel) for sleutel in sleutels])
    rows = (await _lees(connection, query, values)).all()
    solved = {row.oorzaak: row.opgelost_tot for row in rows if row.opgelost_tot is not None}
    back = await _terug_sinds(connection, actor, {sleutel: solved[str(sleutel)] for sleutel in sleutels if str(sleutel) in solved})
    return {
        row.oorzaak: Opvolging(
            toegewezen_aan=row.toegewezen_aan,
            op=row.op,
            door=row.door,
            opgelost=row.oorzaak in solved and row.oorzaak not in back,
            heropend=row.oorzaak in back,
        )
        for row in rows
    }


async def _terug_sinds(connection: AsyncConnection, actor: Actor, solved: Mapping[OorzaakSleutel, int]) -> set[str]:
    """Which of these causes were written again after that row, in what the actor sees."""
    if not solved:
        return set()
    names, keys = [str(sleutel) for sleutel in solved], list(solved)
    query = f"""
        select s.naam from unnest(:namen, :regels, :codes, :zijden, :merken) as s (naam, regel, code, zijde, merk)
         where exists (select from bericht_oorzaak o
                        where o.regel = s.regel and o.retourcode = s.code and o.rij_nr > s.merk and o.van like s.zijde || ':%'
                          and o.deur = (s.naam like '{Uitvalsoort.GEWEIGERD.value}.%') and {_en(_zicht(actor, "o"))})"""  # noqa: S608
    values = _waarden(
        actor,
        UitvalFilter(),
        namen=names,
        regels=[key.detail for key in keys],
        codes=[key.retourcode for key in keys],
        zijden=[key.wie for key in keys],
        merken=list(solved.values()),
    )
    return {row.naam for row in await _lees(connection, query, values)}


async def list_notities(connection: AsyncConnection, actor: Actor, sleutel: OorzaakSleutel) -> list[Notitie]:
    """The notes with a cause that concern the actor, newest first: of the region, and of who works for one of its gemeenten."""
    scope = "true" if actor.gemeenten is None else "(n.gemeenten is null or n.gemeenten && :zicht_gemeenten)"
    query = (
        f"select n.op, n.door, n.tekst from oorzaak_notitie n where n.oorzaak = :naam and {scope} order by n.notitie_nr desc limit :aantal"  # noqa: S608
    )
    values = _waarden(actor, UitvalFilter(), naam=str(sleutel), aantal=NOTITIES_MAX)
    return [Notitie(op=row.op, door=row.door, tekst=row.tekst) for row in await _lees(connection, query, values)]
