"""Payment runs in PostgreSQL, sets at a time: open items, runs with their lines, and what the lines are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import Connection
from app.settlement.betalingen import Blokkade, Post, RegelStatus, Rekening, RunStatus, Specificatieregel, Voorstelregel, end_to_end_id

ACT_RUN = "betaalrun"
ACT_INTREKKING = "betaalrun_ingetrokken"
ACT_WEIGERING = "betaling_geweigerd"
ACT_AFSCHRIFT = "bankafschrift"
ACT_OPGELOST = "bankregel_opgelost"
BETAALHANDELINGEN = (ACT_RUN, ACT_INTREKKING, ACT_WEIGERING, ACT_AFSCHRIFT, ACT_OPGELOST)
"""Acts of payments: what they book on a crediteur is no open item but the settling of some."""


async def lock_gemeente(connection: Connection, gemeente: str) -> None:
    """Let payments of a gemeente follow each other until the transaction ends; a statement of its own, so that what follows sees all of them."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"solidair betalingen:{gemeente}")


# Every transfer of the creditors of one gemeente, whenever it was booked: what was judged again long after counts too.
_OPEN_POSTEN = """
with crediteur as (
    select rekening_nr, agb from rekening where soort = 'crediteur' and gemeente = $1
), geboekt as (
    select agb, bericht_nr, sum(cent) as cent from (
        select c.agb, b.bericht_nr, b.bedrag_cent as cent from boeking b join crediteur c on c.rekening_nr = b.credit
        union all
        select c.agb, b.bericht_nr, -b.bedrag_cent from boeking b join crediteur c on c.rekening_nr = b.debet) b
     group by 1, 2
), verwerkt as (
    select r.agb, p.bericht_nr, sum(p.bedrag_cent) as cent
      from betaalrun n join betaalregel r using (run_nr) join betaalpost p using (run_nr, regel)
     where n.gemeente = $1 and r.status in ('voorgesteld', 'onderweg', 'verrekend', 'betaald') group by 1, 2
)
select agb, bericht_nr, (coalesce(g.cent, 0) - coalesce(v.cent, 0))::bigint as cent
  from geboekt g full join verwerkt v using (agb, bericht_nr)
 where coalesce(g.cent, 0) <> coalesce(v.cent, 0)
   and not exists (select from handeling h where h.bericht_nr = g.bericht_nr and h.soort = any($2::text[]))
 order by agb, bericht_nr
"""


async def open_posten(connection: Connection, gemeente: str) -> list[Post]:
    """What a gemeente owes per aanbieder and source, less what is in a payment; one pass over the transfers."""
    rows = await connection.fetch(_OPEN_POSTEN, gemeente, list(BETAALHANDELINGEN))
    return [Post(row["agb"], row["bericht_nr"], row["cent"]) for row in rows]


async def voorschotten(connection: Connection, gemeente: str) -> dict[str, int]:
    """Per AGB-code the advance that is not set off, less what stands in proposals that are not booked yet."""
    rows = await connection.fetch(
        """
        select agb, sum(cent)::bigint as cent from (
            select r.agb, s.bedrag_cent as cent
              from rekening r join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s
             using (rekening_nr) where r.soort = 'voorschot' and r.gemeente = $1
            union all
            select r.agb, -r.verrekend_cent from betaalregel r join betaalrun n using (run_nr)
             where n.gemeente = $1 and r.status = 'voorgesteld') v
         group by agb
        """,
        gemeente,
    )
    return {row["agb"]: row["cent"] for row in rows}


async def rekeningen(connection: Connection, partijen: Collection[str]) -> dict[str, Rekening]:
    """The bank accounts of parties that count now."""
    rows = await connection.fetch(
        "select partij, iban, tenaamstelling, bic from bankrekening where vervallen_op is null and partij = any($1::text[])", list(partijen)
    )
    return {row["partij"]: Rekening(iban=row["iban"], tenaamstelling=row["tenaamstelling"], bic=row["bic"]) for row in rows}


async def is_gemeente(connection: Connection, code: str) -> bool:
    """Whether the region has this gemeente, now or before."""
    found: bool = await connection.fetchval("select exists (select from gemeente where code = $1 and vervallen_op is null)", code)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NieuweRun:
    """A run to store."""

    run_nr: int
    gemeente: str
    peildatum: date
    uitvoeren_op: date
    rekening: Rekening
    verrekening: Mapping[str, Any]


async def save_run(connection: Connection, run: NieuweRun, regels: Sequence[Voorstelregel]) -> None:
    """A proposal with its lines and what they are made of; three statements whatever their number."""
    await connection.execute(
        "insert into betaalrun (run_nr, gemeente, status, peildatum, uitvoeren_op, iban, tenaamstelling, bic, verrekening)"
        " values ($1, $2, 'concept', $3, $4, $5, $6, $7, $8)",
        run.run_nr,
        run.gemeente,
        run.peildatum,
        run.uitvoeren_op,
        run.rekening.iban,
        run.rekening.tenaamstelling,
        run.rekening.bic,
        dict(run.verrekening),
    )
    columns = (
        "run_nr", "regel", "agb", "status", "open_cent", "verrekend_cent", "bedrag_cent", "blokkade", "iban", "tenaamstelling", "bic",
        "end_to_end_id",
    )  # fmt: skip
    records = [_as_record(run, nummer, each) for nummer, each in enumerate(regels, start=1)]
    await connection.copy_records_to_table("betaalregel", records=records, columns=columns)
    posten = [
        (run.run_nr, nummer, post.bericht_nr, post.bedrag_cent) for nummer, each in enumerate(regels, start=1) for post in each.posten
    ]
    await connection.copy_records_to_table("betaalpost", records=posten, columns=("run_nr", "regel", "bericht_nr", "bedrag_cent"))


def _as_record(run: NieuweRun, nummer: int, regel: Voorstelregel) -> tuple[Any, ...]:
    status = RegelStatus.GEBLOKKEERD if regel.blokkade else RegelStatus.VOORGESTELD
    pays = regel.bedrag_cent > 0 and regel.rekening is not None
    where = (regel.rekening.iban, regel.rekening.tenaamstelling, regel.rekening.bic) if pays and regel.rekening else (None, None, None)
    return (
        run.run_nr, nummer, regel.agb, status.value, regel.open_cent, regel.verrekend_cent, regel.bedrag_cent, regel.blokkade.value, *where,
        end_to_end_id(run.gemeente, run.run_nr, nummer) if pays else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Betaalrun:
    """A run as it stands. `goedgekeurd_door` is empty while nobody did; `bestand_versie` is the key version of the stored file."""

    run_nr: int
    gemeente: str
    gemeente_naam: str
    status: RunStatus
    peildatum: date
    uitvoeren_op: date
    iban: str
    tenaamstelling: str
    bic: str
    reden: str
    gemaakt_op: datetime
    gemaakt_door: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None
    ingetrokken_reden: str | None
    ingetrokken_door: str | None
    verzonden_op: datetime | None
    verzonden_door: str | None
    verrekening: Mapping[str, Any]
    aantal: int
    geblokkeerd: int
    bedrag_cent: int
    verrekend_cent: int
    betaald_cent: int


_RUNS = """
select n.run_nr, n.gemeente, coalesce((select max(g.naam) from gemeente g where g.code = n.gemeente and g.vervallen_op is null), n.gemeente)
         as gemeente_naam, n.status, n.peildatum, n.uitvoeren_op, n.iban, n.tenaamstelling, n.bic, h.reden, h.gemaakt_op, h.gemaakt_door,
       h.goedgekeurd_op, h.goedgekeurd_door, i.reden as ingetrokken_reden, i.gemaakt_door as ingetrokken_door, n.verzonden_op, n.verzonden_door,
       n.verrekening, r.*
  from betaalrun n
  join handeling h on h.bericht_nr = n.run_nr
  left join handeling i on i.bericht_nr = n.ingetrokken_nr
  cross join lateral (
       select count(*) filter (where status <> 'geblokkeerd') as aantal, count(*) filter (where status = 'geblokkeerd') as geblokkeerd,
              coalesce(sum(bedrag_cent), 0)::bigint as bedrag_cent, coalesce(sum(verrekend_cent), 0)::bigint as verrekend_cent,
              coalesce(sum(betaald_cent), 0)::bigint as betaald_cent
         from betaalregel r where r.run_nr = n.run_nr) r
"""


async def fetch_run(connection: Connection, run_nr: int) -> Betaalrun | None:
    """A run by its number."""
    row = await connection.fetchrow(f"{_RUNS} where n.run_nr = $1", run_nr)
    return _as_run(row) if row else None


async def fetch_runs(
    connection: Connection, gemeenten: Collection[str] | None, *, gemeente: str | None, voor: int | None, limit: int
) -> list[Betaalrun]:
    """Runs of these gemeenten (None: all), newest first, before number `voor`."""
    rows = await connection.fetch(
        f"{_RUNS} where ($1::text[] is null or n.gemeente = any($1)) and ($2::text is null or n.gemeente = $2)"
        " and ($3::bigint is null or n.run_nr < $3) order by n.run_nr desc limit $4",
        None if gemeenten is None else list(gemeenten),
        gemeente,
        voor,
        limit,
    )
    return [_as_run(row) for row in rows]


def _as_run(row: Any) -> Betaalrun:
    return Betaalrun(**{**dict(row), "status": RunStatus(row["status"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Betaalregel:
    """A line of a run.

    Attributes:
        vorige_iban: To which the aanbieder was last paid by this gemeente; None when it never was.
        iban_nu: What the region says now.
        posten: How many berichten and acts it is made of.
    """

    run_nr: int
    regel: int
    agb: str
    naam: str
    status: RegelStatus
    open_cent: int
    verrekend_cent: int
    bedrag_cent: int
    betaald_cent: int
    blokkade: Blokkade
    iban: str | None
    tenaamstelling: str | None
    bic: str | None
    end_to_end_id: str | None
    posten: int
    vorige_iban: str | None
    iban_nu: str | None

    @property
    def is_iban_nieuw(self) -> bool:
        """Whether it goes to another account than the last payment of this gemeente went to."""
        return self.iban is not None and self.vorige_iban is not None and self.iban != self.vorige_iban


_REGELS = """
select r.run_nr, r.regel, r.agb, coalesce(a.naam, r.agb) as naam, r.status, r.open_cent, r.verrekend_cent, r.bedrag_cent, r.betaald_cent, r.blokkade,
       r.iban, r.tenaamstelling, r.bic, r.end_to_end_id, coalesce(p.posten, 0) as posten, v.iban as vorige_iban, k.iban as iban_nu
  from betaalregel r
  join betaalrun n using (run_nr)
  left join aanbieder a on a.agb = r.agb and a.vervallen_op is null
  left join bankrekening k on k.partij = 'aanbieder:' || r.agb and k.vervallen_op is null
  left join (select regel, count(*) as posten from betaalpost where run_nr = $1 group by regel) p on p.regel = r.regel
  left join lateral (select e.iban from betaalregel e join betaalrun m using (run_nr)
                      where e.agb = r.agb and m.gemeente = n.gemeente and e.run_nr < r.run_nr and e.status in ('onderweg', 'betaald')
                        and e.iban is not null
                      order by e.run_nr desc limit 1) v on true
 where r.run_nr = $1
 order by r.regel
"""


async def fetch_regels(connection: Connection, run_nr: int) -> list[Betaalregel]:
    """The lines of a run."""
    rows = await connection.fetch(_REGELS, run_nr)
    return [Betaalregel(**{**dict(row), "status": RegelStatus(row["status"]), "blokkade": Blokkade(row["blokkade"])}) for row in rows]


async def set_run(connection: Connection, run_nr: int, status: RunStatus, ingetrokken_nr: int | None = None) -> None:
    """Bring a run to a status; the database refuses a course that there is not."""
    await connection.execute(
        "update betaalrun set status = $2, ingetrokken_nr = $3 where run_nr = $1 and status <> $2", run_nr, status.value, ingetrokken_nr
    )


async def set_regels(connection: Connection, run_nr: int, statussen: Mapping[int, RegelStatus]) -> None:
    """Bring lines of a run to their statuses; what comes back is no longer paid."""
    await connection.execute(
        "update betaalregel r set status = u.status, betaald_cent = case when u.status = 'teruggekomen' then 0 else r.betaald_cent end"
        " from unnest($2::int[], $3::text[]) u (regel, status) where r.run_nr = $1 and r.regel = u.regel",
        run_nr,
        list(statussen),
        [status.value for status in statussen.values()],
    )


async def save_bestand(connection: Connection, run_nr: int, *, op: datetime, door: str, versie: int, bestand: bytes, sha256: bytes) -> None:
    """Keep the file of a run, which is sent from then on."""
    await connection.execute(
        "update betaalrun set status = 'verzonden', verzonden_op = $2, verzonden_door = $3, sleutel_versie = $4, bestand = $5,"
        " bestand_sha256 = $6 where run_nr = $1",
        run_nr,
        op,
        door,
        versie,
        bestand,
        sha256,
    )


async def fetch_bestand(connection: Connection, run_nr: int) -> tuple[int, bytes] | None:
    """Key version and stored form of the file of a run; None while there is none."""
    row = await connection.fetchrow("select sleutel_versie, bestand from betaalrun where run_nr = $1 and bestand is not null", run_nr)
    return (row["sleutel_versie"], row["bestand"]) if row else None


async def fetch_specificatie(connection: Connection, run_nr: int, regel: int, *, na: int = 0, limit: int) -> list[Specificatieregel]:
    """What a line is made of, in order of bericht_nr, after number `na`.

    Granted and credited are the transfers of the bericht in the share that this payment has: of one that was judged again between two payments
    the difference is in the later one.
    """
    rows = await connection.fetch(
        """
        select case when d.bericht_nr is null then coalesce(h.soort, '') else 'declaratie' end as soort, p.bericht_nr,
               coalesce(d.domein, '') as domein, coalesce(d.declaratie_nummer, '') as declaratie_nummer, d.begindatum as van, d.einddatum as tot,
               p.bedrag_cent, coalesce(t.debet_cent, 0)::bigint as gecrediteerd_cent,
               not exists (select from betaalpost e join betaalregel er using (run_nr, regel)
                            where e.bericht_nr = p.bericht_nr and e.run_nr < p.run_nr and er.agb = r.agb
                              and er.status in ('onderweg', 'verrekend', 'betaald')) as is_eerste,
               coalesce(t.saldo_cent, 0)::bigint as saldo_cent
          from betaalpost p
          join betaalregel r using (run_nr, regel)
          join betaalrun n using (run_nr)
          left join declaratie d on d.bericht_nr = p.bericht_nr
          left join handeling h on h.bericht_nr = p.bericht_nr
          left join lateral (
               select sum(b.bedrag_cent) filter (where k.rekening_nr = b.debet) as debet_cent,
                      sum(case when k.rekening_nr = b.credit then b.bedrag_cent else -b.bedrag_cent end) as saldo_cent
                 from boeking b join rekening k on k.rekening_nr in (b.debet, b.credit)
                where b.bericht_nr = p.bericht_nr and k.soort = 'crediteur' and k.gemeente = n.gemeente and k.agb = r.agb) t on true
         where p.run_nr = $1 and p.regel = $2 and p.bericht_nr > $3
         order by p.bericht_nr limit $4
        """,
        run_nr,
        regel,
        na,
        limit,
    )
    return [_as_specificatie(row) for row in rows]


def _as_specificatie(row: Any) -> Specificatieregel:
    """Granted and credited apart where the payment has the whole bericht; else only what it adds is sure."""
    bedrag = row["bedrag_cent"]
    whole = row["is_eerste"] and row["saldo_cent"] == bedrag
    credited = row["gecrediteerd_cent"] if whole else max(0, -bedrag)
    names = ("soort", "bericht_nr", "domein", "declaratie_nummer", "van", "tot")
    return Specificatieregel(**{name: row[name] for name in names}, toegekend_cent=bedrag + credited, gecrediteerd_cent=credited)


@dataclass(frozen=True, slots=True, kw_only=True)
class BetalingAanAanbieder:
    """A payment as its aanbieder sees it: under way, or confirmed by the bank; amounts in cents."""

    run_nr: int
    regel: int
    gemeente: str
    agb: str
    status: RegelStatus
    uitvoeren_op: date
    end_to_end_id: str | None
    open_cent: int
    verrekend_cent: int
    bedrag_cent: int
    betaald_cent: int


_AAN_AANBIEDER = """
select r.run_nr, r.regel, n.gemeente, r.agb, r.status, n.uitvoeren_op, r.end_to_end_id, r.open_cent, r.verrekend_cent, r.bedrag_cent, r.betaald_cent
  from betaalregel r join betaalrun n using (run_nr)
 where n.status in ('verzonden', 'afgerond') and r.status in ('onderweg', 'verrekend', 'betaald', 'teruggekomen')
"""


async def fetch_betalingen(
    connection: Connection, agbs: Collection[str], *, voor: tuple[int, int] | None, limit: int
) -> list[BetalingAanAanbieder]:
    """Payments to these aanbieders, newest first."""
    rows = await connection.fetch(
        f"{_AAN_AANBIEDER} and r.agb = any($1::text[]) and ($2::bigint is null or (r.run_nr, r.regel) < ($2, $3::int))"
        " order by r.run_nr desc, r.regel desc limit $4",
        list(agbs),
        *(voor or (None, None)),
        limit,
    )
    return [BetalingAanAanbieder(**{**dict(row), "status": RegelStatus(row["status"])}) for row in rows]


async def fetch_betaling(connection: Connection, run_nr: int, regel: int) -> BetalingAanAanbieder | None:
    """One payment that was sent."""
    row = await connection.fetchrow(f"{_AAN_AANBIEDER} and r.run_nr = $1 and r.regel = $2", run_nr, regel)
    return BetalingAanAanbieder(**{**dict(row), "status": RegelStatus(row["status"])}) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemeentestand:
    """What a gemeente owes and has under way, in cents; `in_voorstel_cent` is the part of what it owes that stands in proposals."""

    gemeente: str
    naam: str
    schuld_cent: int
    in_voorstel_cent: int
    onderweg_cent: int
    voorschot_cent: int
    heeft_rekening: bool


async def fetch_standen(connection: Connection, gemeenten: Collection[str] | None) -> list[Gemeentestand]:
    """The gemeenten of the region now (None: all), by code; from balances."""
    rows = await connection.fetch(
        """
        with stand as (
            select r.gemeente, r.soort, sum(s.bedrag_cent)::bigint as cent
              from rekening r join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s
             using (rekening_nr) where r.soort in ('crediteur', 'onderweg', 'voorschot') group by 1, 2
        )
        select g.code as gemeente, max(g.naam) as naam,
               coalesce(-(select cent from stand where gemeente = g.code and soort = 'crediteur'), 0) as schuld_cent,
               coalesce((select sum(r.open_cent)::bigint from betaalrun n join betaalregel r using (run_nr)
                          where n.gemeente = g.code and n.status = 'concept' and r.status = 'voorgesteld'), 0) as in_voorstel_cent,
               coalesce(-(select cent from stand where gemeente = g.code and soort = 'onderweg'), 0) as onderweg_cent,
               coalesce((select cent from stand where gemeente = g.code and soort = 'voorschot'), 0) as voorschot_cent,
               exists (select from bankrekening b where b.partij = 'gemeente:' || g.code and b.vervallen_op is null) as heeft_rekening
          from gemeente g where g.vervallen_op is null and ($1::text[] is null or g.code = any($1))
         group by g.code order by g.code
        """,
        None if gemeenten is None else list(gemeenten),
    )
    return [Gemeentestand(**dict(row)) for row in rows]
