"""Rows of berichten for judging: the waiting lot, what it contains, and where its outcome goes. Sets at a time, SQL straight on asyncpg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from app.adapters.database import Connection, Pool, notify
from app.judging.lot import Wachtend
from app.judging.retour import WACHT_OP_ANTWOORD, Verzonden

log = structlog.get_logger(__name__)

BEOORDEELD_CHANNEL = "bericht_beoordeeld"
LOT_SCAN_MAX = 500


async def waiting(connection: Connection, domein: str, agb: str, limit: int) -> list[Wachtend]:
    """The berichten of a lane that wait, in order of intake; the lane is locked."""
    rows = await connection.fetch(
        """
        select bericht_nr, soort, grootte, ontvangst_datum, pogingen, zonder_contract_afwijzen,
               beoordeeld_op is not null or exists (select from vasthouding v where v.bericht_nr = b.bericht_nr) as is_herbeoordeling,
               exists (select from vasthouding where domein = $1 and agb = $2 and vrij_op is null)
               or exists (select from vasthoudregel where agb = $2 and beeindigd_op is null) as in_vastgehouden_baan
          from bericht b where domein = $1 and agb = $2 and status = 'ontvangen' order by bericht_nr limit $3
        """,
        domein,
        agb,
        min(limit, LOT_SCAN_MAX),
    )
    return [Wachtend(**dict(row)) for row in rows]


async def count_attempt(pool: Pool, bericht_nrs: Sequence[int]) -> None:
    """Raise `pogingen` in a transaction of its own: a bericht that kills the process must not be tried for ever."""
    await pool.execute("update bericht set pogingen = pogingen + 1 where bericht_nr = any($1::bigint[])", list(bericht_nrs))


@dataclass(frozen=True, slots=True)
class Inhoud:
    """Stored bytes of a bericht, still encrypted."""

    bericht_nr: int
    sha256: bytes
    sleutel_versie: int
    inhoud: bytes


async def contents(connection: Connection, bericht_nrs: Sequence[int]) -> list[Inhoud]:
    """The stored bytes of berichten, in order of bericht_nr."""
    rows = await connection.fetch(
        """
        select bericht_nr, sha256, sleutel_versie, inhoud from bericht join bericht_inhoud using (bericht_nr)
         where bericht_nr = any($1::bigint[]) order by bericht_nr
        """,
        list(bericht_nrs),
    )
    return [Inhoud(*row) for row in rows]


async def next_numbers(connection: Connection, *, antwoorden: int, oordelen: int) -> tuple[list[int], list[int]]:
    """Fresh bericht_nrs for answers and oordeel_nrs, in one query."""
    rows = await connection.fetch(
        """
        select nextval('bericht_nr_seq') as nr, true as antwoord from generate_series(1, $1)
        union all select nextval('oordeel_nr_seq'), false from generate_series(1, $2)
        """,
        antwoorden,
        oordelen,
    )
    return [row["nr"] for row in rows if row["antwoord"]], sorted(row["nr"] for row in rows if not row["antwoord"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What the row of a judged bericht becomes."""

    bericht_nr: int
    status: str
    telt: bool | None
    oordeel_nr: int | None = None
    antwoord_nr: int | None = None
    termijn: date | None = None
    termijn_wie: str | None = None
    voldaan_op: date | None = None
    ingediend_cent: int | None = None
    toegekend_cent: int | None = None
    aantal_regels: int | None = None
    park_reden: str | None = None
    trace_id: str | None = None


async def save_outcomes(connection: Connection, outcomes: Sequence[Uitkomst], nu: datetime) -> None:
    """Update the rows and end their wake-ups; `tell_judged` after the commit tells who waits for them."""
    columns = [
        [getattr(outcome, name) for outcome in outcomes]
        for name in (
            "bericht_nr", "status", "telt", "oordeel_nr", "antwoord_nr", "termijn", "ingediend_cent", "toegekend_cent", "aantal_regels",
            "park_reden", "trace_id", "termijn_wie", "voldaan_op",
        )
    ]  # fmt: skip
    await connection.execute(
        """
        with nieuw as (
            select * from unnest($1::bigint[], $2::text[], $3::bool[], $4::bigint[], $5::bigint[], $6::date[], $7::bigint[], $8::bigint[],
                                 $9::int[], $10::text[], $11::text[], $12::text[], $13::date[])
                as n (bericht_nr, status, telt, oordeel_nr, antwoord_nr, termijn, ingediend_cent, toegekend_cent, aantal_regels, park_reden,
                      trace_id, termijn_wie, voldaan_op)
        ), klaar as (
            delete from outbox o using nieuw n where o.taak = 'verwerken' and o.bericht_nr = n.bericht_nr
        )
        update bericht b
           set status = n.status, telt = n.telt, oordeel_nr = n.oordeel_nr, antwoord_nr = n.antwoord_nr,
               termijn = coalesce(n.termijn, b.termijn), termijn_wie = coalesce(n.termijn_wie, b.termijn_wie),
               termijn_voldaan_op = coalesce(b.termijn_voldaan_op, n.voldaan_op), ingediend_cent = n.ingediend_cent,
               toegekend_cent = n.toegekend_cent, aantal_regels = n.aantal_regels, park_reden = n.park_reden, trace_id = n.trace_id,
               beoordeeld_op = $14
          from nieuw n where b.bericht_nr = n.bericht_nr
        """,
        *columns,
        nu,
    )


async def tell_judged(pool: Pool, bericht_nrs: Sequence[int]) -> None:
    """Tell who waits for these, after the commit."""
    await notify(pool, BEOORDEELD_CHANNEL, [str(nr) for nr in bericht_nrs])


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitgaand:
    """An answer that leaves, encrypted under its digest."""

    bericht_nr: int
    domein: str
    soort: str
    van: str
    aan: str
    gemeente: str
    agb: str
    identificatie: str
    dagtekening: date
    identificatie_retour: str | None
    sha256: bytes
    grootte: int
    antwoord_op_nr: int
    sleutel_versie: int
    inhoud: bytes


async def save_answers(connection: Connection, answers: Sequence[Uitgaand], nu: datetime, vandaag: date) -> None:
    """Store answers as outgoing berichten with their bytes."""
    if not answers:
        return
    await connection.copy_records_to_table(
        "bericht",
        records=[
            (
                a.bericht_nr, "uit", a.domein, a.soort, a.van, a.aan, a.gemeente, a.agb, a.identificatie, a.dagtekening, a.identificatie_retour,
                a.sha256, a.grootte, "klaar", True, nu, vandaag, a.antwoord_op_nr, "systeem",
            )
            for a in answers
        ],
        columns=(
            "bericht_nr", "richting", "domein", "soort", "van", "aan", "gemeente", "agb", "identificatie", "dagtekening", "identificatie_retour",
            "sha256", "grootte", "status", "telt", "ontvangen_op", "ontvangst_datum", "antwoord_op_nr", "ingediend_door",
        ),
    )  # fmt: skip
    await connection.copy_records_to_table(
        "bericht_inhoud",
        records=[(a.bericht_nr, a.sleutel_versie, a.inhoud) for a in answers],
        columns=("bericht_nr", "sleutel_versie", "inhoud"),
    )


async def find_sent(
    connection: Connection, domein: str, agb: str, keys: Sequence[tuple[str, str, str]]
) -> Mapping[tuple[str, str, str], Verzonden]:
    """The newest bericht per (soort, gemeente, identificatie) that was sent to this aanbieder and counts, one that awaits an answer first."""
    rows = await connection.fetch(
        """
        select distinct on (b.soort, b.gemeente, b.identificatie) b.soort, b.gemeente, b.identificatie, b.bericht_nr, b.status,
               exists (select 1 from toewijzing_versie t
                         join prestatie p on p.domein = t.domein and p.gemeente = t.gemeente and p.toewijzing_nummer = t.toewijzing_nummer
                        where t.bericht_nr = b.bericht_nr and p.toegekend and not p.is_credit and p.gecrediteerd_door is null) as heeft_toegekend
          from bericht b
          join unnest($3::text[], $4::text[], $5::text[]) k (soort, gemeente, identificatie) using (soort, gemeente, identificatie)
         where b.domein = $1 and b.agb = $2 and b.richting = 'in' and b.telt
         order by b.soort, b.gemeente, b.identificatie, b.status = any($6::text[]) desc, b.bericht_nr desc
        """,
        domein,
        agb,
        *(list(column) for column in zip(*keys, strict=True)),
        list(WACHT_OP_ANTWOORD),
    )
    return {
        (row["soort"], row["gemeente"], row["identificatie"]): Verzonden(
            bericht_nr=row["bericht_nr"], status=row["status"], heeft_toegekend=row["heeft_toegekend"]
        )
        for row in rows
    }


async def mark_answered(connection: Connection, answered: Sequence[tuple[int, int, str, date]]) -> None:
    """Berichten that a retourbericht answered, as (bericht_nr, nr of the retourbericht, new status, day it came); their term ends."""
    if answered:
        await connection.execute(
            """
            update bericht b
               set status = k.status, antwoord_nr = k.door, telt = k.status <> 'afgekeurd_door_ontvanger',
                   termijn_voldaan_op = coalesce(b.termijn_voldaan_op, k.op)
              from unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[]) k (bericht_nr, door, status, op)
             where b.bericht_nr = k.bericht_nr
            """,
            *(list(column) for column in zip(*answered, strict=True)),
        )


async def end_terms(connection: Connection, came: Sequence[tuple[int, date]]) -> None:
    """What was awaited came, although a person must decide first what follows from it; as (bericht_nr, day it came)."""
    await connection.execute(
        """
        update bericht b set termijn_voldaan_op = k.op
          from (select bericht_nr, min(op) as op from unnest($1::bigint[], $2::date[]) u (bericht_nr, op) group by bericht_nr) k
         where b.bericht_nr = k.bericht_nr and b.termijn_voldaan_op is null
        """,
        *(list(column) for column in zip(*came, strict=True)),
    )


async def parties_with_copy(connection: Connection) -> frozenset[str]:
    """Parties that want a copy of everything that concerns them in their postvak (`partijen.csv`, kopie)."""
    rows = await connection.fetch("select partij from partij where kopie and vervallen_op is null")
    return frozenset(row["partij"] for row in rows)


async def status_of(connection: Connection, bericht_nr: int, gemeenten: Sequence[str] | None) -> str | None:
    """The status of a received bericht, locked, for who sees these gemeenten (None: all)."""
    status: str | None = await connection.fetchval(
        "select status from bericht where bericht_nr = $1 and richting = 'in' and ($2::text[] is null or gemeente = any($2)) for update",
        bericht_nr,
        gemeenten,
    )
    return status


async def reopen(connection: Connection, bericht_nrs: Sequence[int]) -> None:
    """These wait to be judged (again), with a fresh number of attempts."""
    await connection.execute(
        "update bericht set status = 'ontvangen', pogingen = 0, park_reden = null, trace_id = null where bericht_nr = any($1::bigint[])",
        list(bericht_nrs),
    )


async def waiting_for_contract(connection: Connection, termijn_tot: date | None) -> list[int]:
    """Declaraties that wait for a contract, locked; only those whose term ends on or before `termijn_tot` when it is given."""
    rows = await connection.fetch(
        """
        select bericht_nr from bericht where status = 'wacht_op_contract' and ($1::date is null or termijn <= $1)
         order by bericht_nr for update skip locked
        """,
        termijn_tot,
    )
    return [row["bericht_nr"] for row in rows]


async def stop_waiting(connection: Connection, bericht_nrs: Sequence[int], termijn_tot: date) -> None:
    """Lines without a contract are rejected from now on, for those whose term is near."""
    await connection.execute(
        "update bericht set zonder_contract_afwijzen = true where bericht_nr = any($1::bigint[]) and termijn <= $2",
        list(bericht_nrs),
        termijn_tot,
    )


async def park(connection: Connection, nu: datetime, parked: Sequence[tuple[Wachtend, str | None, str | None]]) -> None:
    """Park berichten, each with its reason and the trace id of the log event that tells more."""
    if not parked:
        return
    outcomes = [
        Uitkomst(bericht_nr=bericht.bericht_nr, status="geparkeerd", telt=None, park_reden=reden, trace_id=trace_id)
        for bericht, reden, trace_id in parked
    ]
    await save_outcomes(connection, outcomes, nu)
    log.warning("berichten_parked", berichten=[outcome.bericht_nr for outcome in outcomes])
