"""Rows for judging again: what a lane was judged like, what of it changes, and what is kept of who did it. Sets at a time, SQL on asyncpg."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.database import Connection
from app.domain.snapshot import Snapshot
from app.judging.herbeoordelen import Beoordeling, Moment, Regelstand, Stand, Verleden, Wijziging

BEOORDEELD = ("verwerkt", "deels_afgekeurd", "afgekeurd")
REGEL_COLUMNS = (
    "herbeoordeling_nr", "bericht_nr", "regel", "domein", "agb", "gemeente", "zorgmaand", "is_credit", "bedrag_cent", "was_toegekend",
    "was_codes", "was_zorgvorm", "was_drager", "wordt_toegekend", "wordt_codes", "wordt_zorgvorm", "wordt_drager",
)  # fmt: skip


async def beoordelingen(connection: Connection, domein: str, agb: str, vanaf: int) -> list[Beoordeling]:
    """The 323s of a lane that count as sent, from a place in the order of judging on; the lane is locked."""
    rows = await connection.fetch(
        """
        select bericht_nr, oordeel_nr, gemeente, grootte, coalesce(aantal_regels, 0), ontvangst_datum, status, toegekend_cent
          from bericht
         where domein = $1 and agb = $2 and soort = '323' and richting = 'in' and telt and oordeel_nr >= $3 and status = any($4::text[])
         order by oordeel_nr
        """,
        domein,
        agb,
        vanaf,
        list(BEOORDEELD),
    )
    return [Beoordeling(*row) for row in rows]


async def verleden(connection: Connection, domein: str, agb: str, bericht_nrs: Sequence[int], snapshot: Snapshot) -> Verleden:
    """What the Snapshot of these 323s does not tell, in three queries."""
    return Verleden(
        momenten=await _momenten(connection, {versie.bericht_nr for versies in snapshot.toewijzingen.values() for versie in versies}),
        declaraties=await _declaraties(connection, domein, agb),
        regels=await _regels(connection, bericht_nrs),
    )


async def _momenten(connection: Connection, bericht_nrs: Iterable[int]) -> dict[int, Moment]:
    rows = await connection.fetch(
        """
        select b.bericht_nr, b.oordeel_nr, w.oordeel_nr as tot
          from bericht b
          left join lateral (select min(ingetrokken_door) as door from toewijzing_versie t where t.bericht_nr = b.bericht_nr) t on true
          left join bericht w on w.bericht_nr = t.door
         where b.bericht_nr = any($1::bigint[])
        """,
        list(bericht_nrs),
    )
    return {row["bericht_nr"]: Moment(vanaf=row["oordeel_nr"], tot=row["tot"]) for row in rows}


async def _declaraties(connection: Connection, domein: str, agb: str) -> dict[str, list[tuple[int, int, date]]]:
    rows = await connection.fetch(
        """
        select d.gemeente, d.bericht_nr, b.oordeel_nr, d.begindatum
          from declaratie d join bericht b using (bericht_nr) where d.domein = $1 and d.agb = $2
        """,
        domein,
        agb,
    )
    found: dict[str, list[tuple[int, int, date]]] = defaultdict(list)
    for gemeente, bericht_nr, oordeel_nr, begin in rows:
        found[gemeente].append((bericht_nr, oordeel_nr, begin))
    return found


async def _regels(connection: Connection, bericht_nrs: Sequence[int]) -> dict[int, list[Regelstand]]:
    rows = await connection.fetch(
        """
        select bericht_nr, regel, client_id, toegekend, retour_codes, zorgvorm, gemeente_drager, tarief_id, volgnr
          from prestatie where bericht_nr = any($1::bigint[]) order by bericht_nr, regel
        """,
        list(bericht_nrs),
    )
    found: dict[int, list[Regelstand]] = defaultdict(list)
    for bericht_nr, regel, client_id, toegekend, codes, zorgvorm, drager, tarief_id, volgnr in rows:
        found[bericht_nr].append(Regelstand(regel, client_id, Stand(toegekend, tuple(codes), zorgvorm, drager, tarief_id), volgnr))
    return found


async def save_standen(connection: Connection, wijzigingen: Sequence[Wijziging], volgnrs: Mapping[tuple[int, int], int]) -> None:
    """Let lines stand as they do now; `volgnrs` has the last transfer of those whose money moved."""
    if not wijzigingen:
        return
    rows = [
        (
            each.bericht_nr, each.regel, each.wordt.toegekend, ",".join(each.wordt.retour_codes), each.wordt.zorgvorm,
            each.wordt.gemeente_drager, each.wordt.tarief_id, volgnrs.get((each.bericht_nr, each.regel)),
        )
        for each in wijzigingen
    ]  # fmt: skip
    await connection.execute(
        """
        update prestatie p
           set toegekend = k.toegekend, retour_codes = string_to_array(k.codes, ','), zorgvorm = k.zorgvorm, gemeente_drager = k.drager,
               tarief_id = k.tarief_id, volgnr = coalesce(k.volgnr, p.volgnr)
          from unnest($1::bigint[], $2::int[], $3::bool[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::smallint[])
            as k (bericht_nr, regel, toegekend, codes, zorgvorm, drager, tarief_id, volgnr)
         where p.bericht_nr = k.bericht_nr and p.regel = k.regel
        """,
        *map(list, zip(*rows, strict=True)),
    )


async def save_credits(connection: Connection, bericht_nrs: Sequence[int], credited: Mapping[tuple[int, int], int]) -> None:
    """Mark the debits that credits of these 323s undo, and no others: (bericht_nr, regel) of a debit to the bericht with its credit."""
    rows = await connection.fetch(
        """
        select d.bericht_nr, d.regel, d.gecrediteerd_door
          from prestatie c
          join prestatie d on d.domein = c.domein and d.agb = c.agb and d.gemeente = c.gemeente
                          and d.referentie_nummer = c.vorig_referentie_nummer and d.gecrediteerd_door = c.bericht_nr
         where c.bericht_nr = any($1::bigint[]) and c.is_credit
        """,
        list(bericht_nrs),
    )
    before = {(nr, regel): door for nr, regel, door in rows}
    changed = {key: credited.get(key) for key in {*before, *credited} if before.get(key) != credited.get(key)}
    if not changed:
        return
    await connection.execute(
        """
        update prestatie p set gecrediteerd_door = k.door
          from unnest($1::bigint[], $2::int[], $3::bigint[]) k (bericht_nr, regel, door)
         where p.bericht_nr = k.bericht_nr and p.regel = k.regel
        """,
        [nr for nr, _ in changed],
        [regel for _, regel in changed],
        list(changed.values()),
    )


async def save_berichten(connection: Connection, rows: Sequence[tuple[int, str, int, int | None]], nu: datetime) -> None:
    """What 323s became, as (bericht_nr, status, toegekend_cent, nr of the new answer); their place in the order of judging stays."""
    if rows:
        await connection.execute(
            """
            update bericht b
               set status = k.status, toegekend_cent = k.cent, antwoord_nr = coalesce(k.antwoord, b.antwoord_nr), beoordeeld_op = $5
              from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) k (bericht_nr, status, cent, antwoord)
             where b.bericht_nr = k.bericht_nr
            """,
            *map(list, zip(*rows, strict=True)),
            nu,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BaanRij:
    """A lane of a herbeoordeling."""

    domein: str
    agb: str
    vanaf: int
    declaraties: int
    regels: int
    vingerafdruk: bytes
    status: str = "concept"


async def insert_herbeoordeling(connection: Connection, values: Mapping[str, Any]) -> int:
    """A new herbeoordeling; returns its number."""
    nr: int = await connection.fetchval(
        """
        insert into herbeoordeling (reden, lading_nr, contract, van, tot, nieuw_antwoord, status, gemaakt_op, gemaakt_door)
        values ($1, $2, $3, $4, $5, $6, 'concept', $7, $8) returning herbeoordeling_nr
        """,
        *(values[name] for name in ("reden", "lading_nr", "contract", "van", "tot", "nieuw_antwoord", "gemaakt_op", "gemaakt_door")),
    )
    return nr


async def save_banen(connection: Connection, nr: int, banen: Sequence[tuple[BaanRij, Sequence[Wijziging]]]) -> None:
    """The lanes of a herbeoordeling with the lines that change; a lane that was there already is replaced."""
    await connection.execute(
        """
        delete from herbeoordeling_baan b using unnest($2::text[], $3::text[]) k (domein, agb)
         where b.herbeoordeling_nr = $1 and b.domein = k.domein and b.agb = k.agb
        """,
        nr,
        [baan.domein for baan, _ in banen],
        [baan.agb for baan, _ in banen],
    )
    await connection.copy_records_to_table(
        "herbeoordeling_baan",
        records=[(nr, b.domein, b.agb, b.vanaf, b.declaraties, b.regels, b.vingerafdruk, b.status) for b, _ in banen],
        columns=(
            "herbeoordeling_nr", "domein", "agb", "vanaf_oordeel_nr", "declaraties", "regels", "vingerafdruk", "status",
        ),
    )  # fmt: skip
    await connection.copy_records_to_table(
        "herbeoordeling_regel",
        records=[
            (
                nr, w.bericht_nr, w.regel, baan.domein, baan.agb, w.gemeente, w.zorgmaand, w.is_credit, w.bedrag_cent, w.was.toegekend,
                w.was.retour_codes, w.was.zorgvorm, w.was.gemeente_drager, w.wordt.toegekend, w.wordt.retour_codes, w.wordt.zorgvorm,
                w.wordt.gemeente_drager,
            )
            for baan, wijzigingen in banen
            for w in wijzigingen
        ],
        columns=REGEL_COLUMNS,
    )  # fmt: skip


async def lock_herbeoordeling(connection: Connection, nr: int) -> tuple[str, bool] | None:
    """Status and `nieuw_antwoord` of a herbeoordeling, locked; None when there is none."""
    row = await connection.fetchrow("select status, nieuw_antwoord from herbeoordeling where herbeoordeling_nr = $1 for update", nr)
    return None if row is None else (row["status"], row["nieuw_antwoord"])


async def open_banen(connection: Connection, nr: int) -> list[BaanRij]:
    """The lanes that were not carried out yet."""
    rows = await connection.fetch(
        """
        select domein, agb, vanaf_oordeel_nr as vanaf, declaraties, regels, vingerafdruk, status
          from herbeoordeling_baan where herbeoordeling_nr = $1 and status <> 'uitgevoerd' order by domein, agb
        """,
        nr,
    )
    return [BaanRij(**dict(row)) for row in rows]


async def keuze_van(connection: Connection, nr: int) -> dict[str, Any]:
    """What was chosen when a herbeoordeling was made, by the names of its fields."""
    row = await connection.fetchrow(
        "select reden, lading_nr, contract, van, tot, nieuw_antwoord from herbeoordeling where herbeoordeling_nr = $1", nr
    )
    return dict(row)


async def done_banen(connection: Connection, nr: int) -> frozenset[tuple[str, str]]:
    """The lanes that were carried out."""
    found = await connection.fetch("select domein, agb from herbeoordeling_baan where herbeoordeling_nr = $1 and status = 'uitgevoerd'", nr)
    return frozenset((row["domein"], row["agb"]) for row in found)


async def lock_baan(connection: Connection, nr: int, domein: str, agb: str) -> BaanRij | None:
    """A lane of a herbeoordeling that is to be carried out, locked."""
    row = await connection.fetchrow(
        """
        select domein, agb, vanaf_oordeel_nr as vanaf, declaraties, regels, vingerafdruk, b.status
          from herbeoordeling_baan b join herbeoordeling h using (herbeoordeling_nr)
         where herbeoordeling_nr = $1 and domein = $2 and agb = $3 and b.status <> 'uitgevoerd' and h.status = 'concept' for update of b
        """,
        nr,
        domein,
        agb,
    )
    return None if row is None else BaanRij(**dict(row))


async def mark_baan(connection: Connection, nr: int, domein: str, agb: str, status: str) -> None:
    """What became of a lane."""
    await connection.execute(
        "update herbeoordeling_baan set status = $4 where herbeoordeling_nr = $1 and domein = $2 and agb = $3", nr, domein, agb, status
    )


async def finish(connection: Connection, nr: int, status: str, *, nu: datetime, door: str) -> bool:
    """End a herbeoordeling that is a concept; False when it is none any more."""
    done = await connection.fetchval(
        """
        update herbeoordeling set status = $2, afgerond_op = $3, afgerond_door = $4
         where herbeoordeling_nr = $1 and status = 'concept' returning true
        """,
        nr,
        status,
        nu,
        door,
    )
    return bool(done)
