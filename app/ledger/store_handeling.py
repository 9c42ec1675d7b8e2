"""What acts read of the region and of what was booked before; a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.adapters.database import Connection
from app.ledger.boeking import Rekening
from app.ledger.gebeurtenissen import PER_SOORT
from app.ledger.handeling_plan import Bekostigd, Post

Geboekt = Mapping[Post, int]
"""What was booked per post, in cents."""


async def geboekt(connection: Connection, plannen: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Geboekt]:
    """What acts booked so far per soort and sleutel, in the direction of the event; zeros are left out."""
    wanted = sorted(set(plannen))
    rows = await connection.fetch(
        """
        select h.soort, h.sleutel, d.soort as debet, d.gemeente as debet_gemeente, d.agb as debet_agb, c.soort as credit,
               c.gemeente as credit_gemeente, c.agb as credit_agb, b.domein, b.zorgvorm, b.zorgmaand, sum(b.bedrag_cent)::bigint as cent
          from unnest($1::text[], $2::text[]) k (soort, sleutel)
          join handeling h on h.soort = k.soort and h.sleutel = k.sleutel
          join boeking b on b.bericht_nr = h.bericht_nr and b.soort = h.soort
          join rekening d on d.rekening_nr = b.debet join rekening c on c.rekening_nr = b.credit
         group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
        """,
        [soort for soort, _ in wanted],
        [sleutel for _, sleutel in wanted],
    )
    found: dict[tuple[str, str], dict[Post, int]] = {key: defaultdict(int) for key in wanted}
    for row in rows:
        debet = Rekening(row["debet"], row["debet_gemeente"], row["debet_agb"])
        credit = Rekening(row["credit"], row["credit_gemeente"], row["credit_agb"])
        rest = row["domein"], row["zorgvorm"], row["zorgmaand"]
        posts = found[row["soort"], row["sleutel"]]
        if (debet.soort, credit.soort) in PER_SOORT[row["soort"]].paren:
            posts[Post(debet, credit, *rest)] += row["cent"]
        else:
            posts[Post(credit, debet, *rest)] -= row["cent"]
    return {key: {post: cents for post, cents in posts.items() if cents} for key, posts in found.items()}


_BEKOSTIGINGEN = """
with recursive opvolger as (
       select code as van, code as code from gemeente where vervallen_op is null
        union
       select o.van, h.naar from opvolger o join herindeling h on h.van = o.code and h.datum <= $3 and h.vervallen_op is null),
     bestaat as (
       select distinct code from gemeente
        where vervallen_op is null and geldig_van <= $2 and coalesce(geldig_tot, 'infinity') >= $3)
select b.contract, c.agb, c.domein, b.zorgvorm, b.vorm, b.gegarandeerd_cent, b.termijnen,
       array(select g.code from bestaat g where c.alle_gemeenten
              union select o.code from contract_gemeente cg join opvolger o on o.van = cg.gemeente join bestaat using (code)
                     where not c.alle_gemeenten and cg.contract_id = c.contract_id
              order by 1) as gemeenten
  from bekostiging b
  join contract c on c.contract = b.contract and c.vervallen_op is null
 where b.vervallen_op is null and b.jaar = $1 and b.vorm in ('lumpsum', 'subsidie', 'budget') and b.gegarandeerd_cent > 0
 order by b.contract, b.zorgvorm
"""


async def bekostigingen(connection: Connection, jaar: int) -> list[Bekostigd]:
    """The contracts of a year that are paid by terms: lumpsum, subsidie, and the guaranteed part of a budget.

    Its gemeenten are those that exist in that year; where one ended before, who took it over by a herindeling stands in its place.
    """
    rows = await connection.fetch(_BEKOSTIGINGEN, jaar, date(jaar, 12, 31), date(jaar, 1, 1))
    return [Bekostigd(**{**row, "gemeenten": tuple(row["gemeenten"])}) for row in map(dict, rows)]


async def gewichten(connection: Connection, maatstaf: str, jaar: int) -> dict[str, Fraction]:
    """The values of a measure of the region per gemeente in a year, those that are not of one zorgvorm."""
    rows = await connection.fetch(
        "select gemeente, waarde from maatstaf where maatstaf = $1 and jaar = $2 and zorgvorm = '' and vervallen_op is null", maatstaf, jaar
    )
    return {row["gemeente"]: Fraction(row["waarde"]) for row in rows}


async def voorschotten(connection: Connection, van: date, tot: date) -> dict[date, dict[tuple[str, str], int]]:
    """Cents per (agb, gemeente) that the plan pays in advance, for each of these months (the last one included)."""
    rows = await connection.fetch(
        "select maand, agb, gemeente, sum(bedrag_cent)::bigint as cent from voorschot_plan where maand between $1 and $2 and vervallen_op is null"
        " group by 1, 2, 3",
        van,
        tot,
    )
    found: dict[date, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in rows:
        found[row["maand"]][row["agb"], row["gemeente"]] = row["cent"]
    return found


async def bijdragen(connection: Connection, van: date, tot: date) -> dict[date, dict[str, int]]:
    """Cents per gemeente that the plan asks for the region, for each of these months (the last one included)."""
    rows = await connection.fetch(
        "select maand, gemeente, sum(bedrag_cent)::bigint as cent from bijdrage_plan where maand between $1 and $2 and vervallen_op is null"
        " group by 1, 2",
        van,
        tot,
    )
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["maand"]][row["gemeente"]] = row["cent"]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verevend:
    """A run of the verevening: its status, what each gemeente pays (receives: minus) in cents, and a later run of its year that was booked."""

    status: str
    per_gemeente: Mapping[str, int]
    later_geboekt: int | None


async def verevening_jaar(connection: Connection, run_nr: int) -> int | None:
    """The year of a run, which never changes; None when there is no such run."""
    jaar: int | None = await connection.fetchval("select jaar from verevening_run where run_nr = $1", run_nr)
    return jaar


async def verevening(connection: Connection, run_nr: int) -> Verevend:
    """A run that is there, locked; one from before amounts were kept apart is added up from its rows."""
    row = await connection.fetchrow(
        """
        select r.status, r.uitkomst, r.te_boeken,
               (select max(l.run_nr) from verevening_run l where l.jaar = r.jaar and l.run_nr > r.run_nr and l.status = 'geboekt') as later_geboekt
          from verevening_run r where r.run_nr = $1 for update
        """,
        run_nr,
    )
    paid: dict[str, int] = defaultdict(int)
    if row["te_boeken"] is None:
        for each in row["uitkomst"]:
            paid[str(each["municipality"])] += int(each["settlement_cent"])
    return Verevend(status=row["status"], per_gemeente=row["te_boeken"] or dict(paid), later_geboekt=row["later_geboekt"])


async def mark_geboekt(connection: Connection, run_nr: int, *, nr: int | None, door: str, op: datetime) -> None:
    """The run is in the books, by this act; None when the books said the same already."""
    await connection.execute(
        "update verevening_run set status = 'geboekt', geboekt_nr = $2, geboekt_door = $3, geboekt_op = $4 where run_nr = $1",
        run_nr,
        nr,
        door,
        op,
    )


async def known_gemeenten(connection: Connection, codes: Sequence[str]) -> frozenset[str]:
    """Those of these codes that the region has."""
    rows = await connection.fetch("select distinct code from gemeente where code = any($1::text[]) and vervallen_op is null", list(codes))
    return frozenset(row["code"] for row in rows)


async def known_zorgvormen(connection: Connection, domein: str) -> frozenset[str]:
    """The zorgvormen of a domein."""
    rows = await connection.fetch("select distinct zorgvorm from zorgvorm where domein = $1 and vervallen_op is null", domein)
    return frozenset(row["zorgvorm"] for row in rows)


async def client_van_toewijzing(connection: Connection, domein: str, gemeente: str, nummer: int) -> int | None:
    """The pseudonym of the client of a toewijzing; None when there is no such toewijzing."""
    client_id: int | None = await connection.fetchval(
        "select client_id from toewijzing_versie where domein = $1 and gemeente = $2 and toewijzing_nummer = $3 limit 1",
        domein,
        gemeente,
        nummer,
    )
    return client_id


async def kosten_cent(connection: Connection, gemeente: str, domein: str, zorgvorm: str, zorgmaand: date) -> int:
    """What a gemeente bears of a zorgvorm in a month of care, what this transaction booked included."""
    cents: int = await connection.fetchval(
        """
        select coalesce(sum(bedrag_cent), 0)::bigint
          from (select rekening_nr, domein, zorgvorm, zorgmaand, bedrag_cent from saldo
                union all select rekening_nr, domein, zorgvorm, zorgmaand, bedrag_cent from saldo_delta) s
         where rekening_nr = (select rekening_nr from rekening where soort = 'kosten' and gemeente = $1 and agb = '')
           and domein = $2 and zorgvorm = $3 and zorgmaand = $4
        """,
        gemeente,
        domein,
        zorgvorm,
        zorgmaand,
    )
    return cents
