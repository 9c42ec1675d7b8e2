"""Transfers and balances in PostgreSQL, sets at a time.

Balances grow by inserted deltas (no row that every writer must lock); `fold_saldi` adds them up in one transaction that deletes what it adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.database import Connection
from app.ledger.boeking import Boeking, Rekening, SaldoClientSleutel, SaldoSleutel, saldo_client_deltas, saldo_deltas

BOEKING_COLUMNS = Boeking._fields
FOLD_LOCK = "solidair fold saldi"


async def rekening_nrs(connection: Connection, rekeningen: Iterable[Rekening]) -> dict[Rekening, int]:
    """The numbers of accounts; those that do not exist yet are opened."""
    wanted = sorted(set(rekeningen))
    arrays = [r.soort for r in wanted], [r.gemeente for r in wanted], [r.agb for r in wanted]
    find = (
        "select soort, gemeente, agb, rekening_nr from rekening"
        " join unnest($1::text[], $2::text[], $3::text[]) k (soort, gemeente, agb) using (soort, gemeente, agb)"
    )
    found = await connection.fetch(find, *arrays)
    if len(found) < len(wanted):
        await connection.execute(
            "insert into rekening (soort, gemeente, agb) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing",
            *arrays,
        )
        found = await connection.fetch(find, *arrays)
    return {Rekening(row["soort"], row["gemeente"], row["agb"]): row["rekening_nr"] for row in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boekstuk:
    """Transfers and what they do to the balances, worked out before the database is asked for anything."""

    boekingen: Sequence[Boeking]
    saldi: Mapping[SaldoSleutel, int]
    saldi_client: Mapping[SaldoClientSleutel, int]

    @classmethod
    def van(cls, boekingen: Sequence[Boeking]) -> Boekstuk:
        """Add up; pure."""
        return cls(boekingen=boekingen, saldi=saldo_deltas(boekingen), saldi_client=saldo_client_deltas(boekingen))


async def book(connection: Connection, stuk: Boekstuk) -> None:
    """Store transfers and what they do to the balances; a source that was booked before violates the primary key and undoes everything."""
    if not stuk.boekingen:
        return
    nrs = await rekening_nrs(connection, (rekening for rekening, *_ in stuk.saldi))
    rows = [(*b[:4], nrs[b.debet], nrs[b.credit], *b[6:]) for b in stuk.boekingen]
    await connection.copy_records_to_table("boeking", records=rows, columns=BOEKING_COLUMNS)
    await connection.copy_records_to_table(
        "saldo_delta",
        records=[(nrs[rekening], *rest, cents) for (rekening, *rest), cents in stuk.saldi.items()],
        columns=("rekening_nr", "domein", "zorgvorm", "zorgmaand", "boekmaand", "bedrag_cent"),
    )
    await connection.copy_records_to_table(
        "saldo_client_delta",
        records=[(*key, cents) for key, cents in stuk.saldi_client.items()],
        columns=("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent"),
    )


async def find_boekingen(connection: Connection, keys: Sequence[tuple[int, int, str, int]]) -> list[Boeking]:
    """Transfers by their keys (bericht_nr, regel, soort, volgnr), in no order."""
    if not keys:
        return []
    rows = await connection.fetch(
        f"""
        select {", ".join(f"b.{name}" for name in BOEKING_COLUMNS)}, d.soort, d.gemeente, d.agb, c.soort, c.gemeente, c.agb
          from unnest($1::bigint[], $2::int[], $3::text[], $4::smallint[]) k (bericht_nr, regel, soort, volgnr)
          join boeking b on b.bericht_nr = k.bericht_nr and b.regel = k.regel and b.soort = k.soort and b.volgnr = k.volgnr
          join rekening d on d.rekening_nr = b.debet join rekening c on c.rekening_nr = b.credit
        """,  # noqa: S608 - names of columns, a constant
        *map(list, zip(*keys, strict=True)),
    )
    width = len(BOEKING_COLUMNS)
    return [
        Boeking(*row[:width])._replace(debet=Rekening(*row[width : width + 3]), credit=Rekening(*row[width + 3 :]))
        for row in (tuple(each) for each in rows)
    ]


_FOLD = """
with weg as (delete from {delta} returning *)
insert into {saldo} as s ({key}, bedrag_cent)
select {key}, sum(bedrag_cent) from weg group by {key}
on conflict ({key}) do update set bedrag_cent = s.bedrag_cent + excluded.bedrag_cent
"""


async def fold_saldi(connection: Connection) -> bool:
    """Add the deltas to the balances. One at a time: returns False when another process is folding. Needs a transaction."""
    if not await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", FOLD_LOCK):
        return False
    key = "rekening_nr, domein, zorgvorm, zorgmaand, boekmaand"
    await connection.execute(_FOLD.format(delta="saldo_delta", saldo="saldo", key=key))
    key = "client_id, gemeente, zorgvorm, zorgjaar"
    await connection.execute(_FOLD.format(delta="saldo_client_delta", saldo="saldo_client", key=key))
    return True


_VERIFY_SALDI = """
with uit_boeking as (
    select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, sum(bedrag)::bigint as bedrag from (
        select debet as rekening_nr, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum)::date as boekmaand, bedrag_cent as bedrag
          from boeking
        union all
        select credit, domein, zorgvorm, zorgmaand, date_trunc('month', boekdatum)::date, -bedrag_cent from boeking) b
     group by 1, 2, 3, 4, 5
), uit_saldo as (
    select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, sum(bedrag_cent)::bigint as bedrag from (
        select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo
        union all select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta) s
     group by 1, 2, 3, 4, 5
)
select rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, coalesce(b.bedrag, 0) as boekingen, coalesce(s.bedrag, 0) as saldo
  from uit_boeking b full join uit_saldo s using (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand)
 where coalesce(b.bedrag, 0) <> coalesce(s.bedrag, 0)
 limit 100
"""
_VERIFY_CLIENT = """
with uit_boeking as (
    select client_id, r.gemeente, zorgvorm, extract(year from zorgmaand)::int as zorgjaar, sum(bedrag)::bigint as bedrag from (
        select client_id, debet as rekening_nr, zorgvorm, zorgmaand, bedrag_cent as bedrag from boeking where client_id is not null
        union all select client_id, credit, zorgvorm, zorgmaand, -bedrag_cent from boeking where client_id is not null) b
      join rekening r using (rekening_nr) where r.soort = 'kosten' group by 1, 2, 3, 4
), uit_saldo as (
    select client_id, gemeente, zorgvorm, zorgjaar, sum(bedrag_cent)::bigint as bedrag from (
        select client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent from saldo_client
        union all select client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent from saldo_client_delta) s group by 1, 2, 3, 4
)
select client_id, gemeente, zorgvorm, zorgjaar, coalesce(b.bedrag, 0) as boekingen, coalesce(s.bedrag, 0) as saldo
  from uit_boeking b full join uit_saldo s using (client_id, gemeente, zorgvorm, zorgjaar)
 where coalesce(b.bedrag, 0) <> coalesce(s.bedrag, 0)
 limit 100
"""
_VERIFY_PRESTATIES = """
with herboekt as (
    select bericht_nr, regel from boeking where volgnr > 0 and soort in ('prestatie', 'prestatie_credit') group by 1, 2
), staat as (
    select bericht_nr, regel, soort, zorgvorm, case when soort = 'prestatie' then debet else credit end as kosten, bedrag_cent
      from boeking b
     where soort in ('prestatie', 'prestatie_credit')
       and not exists (select from herboekt h where h.bericht_nr = b.bericht_nr and h.regel = b.regel)
    union all
    select bericht_nr, regel, soort, zorgvorm, kosten, sum(bedrag_cent)::bigint
      from (select b.bericht_nr, b.regel, b.soort, b.zorgvorm, n.is_storno, case when n.is_storno then -b.bedrag_cent else b.bedrag_cent end,
                   case when (b.soort = 'prestatie') <> n.is_storno then b.debet else b.credit end
              from boeking b join herboekt h using (bericht_nr, regel)
              cross join lateral (select coalesce(split_part(b.storno_van, ':', 3) = b.soort, false) as is_storno) n
             where b.soort in ('prestatie', 'prestatie_credit')) t (bericht_nr, regel, soort, zorgvorm, is_storno, bedrag_cent, kosten)
     group by 1, 2, 3, 4, 5 having sum(bedrag_cent) <> 0
)
select p.bericht_nr, p.regel, p.bedrag_cent as prestatie, coalesce(b.bedrag_cent, 0) as geboekt
  from prestatie p
  full join (select s.*, r.soort as rekening, r.gemeente from staat s left join rekening r on r.rekening_nr = s.kosten) b
    on b.bericht_nr = p.bericht_nr and b.regel = p.regel
 where coalesce(case when p.toegekend then p.bedrag_cent end, 0) <> coalesce(b.bedrag_cent, 0)
    or (b.soort is not null and ((b.soort = 'prestatie_credit') is distinct from p.is_credit or b.rekening is distinct from 'kosten'
                                 or b.gemeente is distinct from p.gemeente_drager or b.zorgvorm is distinct from p.zorgvorm))
 limit 100
"""
_VERIFY_STORNO = """
select s.bericht_nr, s.regel, s.soort, s.volgnr, s.storno_van
  from boeking s
  left join boeking b on b.bericht_nr = split_part(s.storno_van, ':', 1)::bigint and b.regel = split_part(s.storno_van, ':', 2)::int
                     and b.soort = split_part(s.storno_van, ':', 3) and b.volgnr = split_part(s.storno_van, ':', 4)::smallint
 where s.storno_van is not null
   and (b.bericht_nr is null or b.storno_van is not distinct from s.storno_van
        or (b.debet, b.credit, b.bedrag_cent, b.zorgvorm, b.zorgmaand) <> (s.credit, s.debet, s.bedrag_cent, s.zorgvorm, s.zorgmaand))
union all
select min(bericht_nr), min(regel), soort, null, storno_van from boeking
 where storno_van is not null group by soort, storno_van, split_part(storno_van, ':', 3) = soort
having split_part(storno_van, ':', 3) = soort and count(*) > 1
 limit 100
"""
_VERIFY_TOTALEN = """
select b.bericht_nr, b.ingediend_cent, b.toegekend_cent, p.ingediend, p.toegekend
  from bericht b
  left join (select bericht_nr, sum(case when is_credit then -bedrag_cent else bedrag_cent end)::bigint as ingediend,
                    coalesce(sum(case when is_credit then -bedrag_cent else bedrag_cent end) filter (where toegekend), 0)::bigint as toegekend
               from prestatie group by bericht_nr) p using (bericht_nr)
 where b.soort = '323' and b.richting = 'in' and b.telt
   and (b.ingediend_cent is distinct from p.ingediend or b.toegekend_cent is distinct from p.toegekend)
 limit 100
"""
_VERIFY_REKENING = """
select b.bericht_nr, b.regel, b.soort from boeking b
 where not exists (select 1 from rekening where rekening_nr = b.debet) or not exists (select 1 from rekening where rekening_nr = b.credit)
 limit 100
"""

VERIFICATIONS: tuple[tuple[str, str], ...] = (
    ("saldi zijn de som van de boekingen", _VERIFY_SALDI),
    ("kosten per client zijn de som van de boekingen", _VERIFY_CLIENT),
    ("elke toegekende prestatie is precies één keer geboekt, op haar gemeente en zorgvorm", _VERIFY_PRESTATIES),
    ("elke terugboeking heft precies één boeking op, voor hetzelfde bedrag", _VERIFY_STORNO),
    ("ingediend en toegekend van elke declaratie zijn de som van haar regels", _VERIFY_TOTALEN),
    ("elke boeking staat op bestaande rekeningen", _VERIFY_REKENING),
)
"""Each sentence with a query that yields the rows that contradict it."""


async def contradictions(connection: Connection) -> list[tuple[str, list[dict[str, object]]]]:
    """Every verification with the rows that contradict it, at most 100 each; in one snapshot when the transaction is REPEATABLE READ."""
    return [(sentence, [dict(row) for row in await connection.fetch(query)]) for sentence, query in VERIFICATIONS]
