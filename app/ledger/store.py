"""Transfers and balances in PostgreSQL, sets at a time.

Balances grow by inserted deltas (no row that every writer must lock); `fold_saldi` adds them up in one transaction that deletes what it adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.adapters.database import CheckGeschonden, Connection
from app.domain.errors import Unavailable
from app.ledger.boeking import (
    Boeking,
    Rekening,
    SaldoClientSleutel,
    SaldoSleutel,
    saldo_client_deltas,
    saldo_deltas,
    saldo_verplichting_deltas,
)

BOEKING_COLUMNS = Boeking._fields
MAAND_OPEN = "boeking_maand_open"
"""What the database names when a transfer is dated in a closed month."""
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


async def book(connection: Connection, stuk: Boekstuk, *, agb: str = "") -> None:
    """Store transfers and what they do to the balances; a source that was booked before violates the primary key and undoes everything.

    Args:
        connection: In a transaction.
        stuk: What is booked.
        agb: Whose toewijzingen the commitments in it are of: their accounts are of a gemeente, and reports ask them per aanbieder.

    Raises:
        Unavailable: Their month was closed meanwhile: at midnight the last day of a month was still today when this began. Trying again dates
            them in the month that is open.
    """
    if not stuk.boekingen:
        return
    nrs = await rekening_nrs(connection, (rekening for rekening, *_ in stuk.saldi))
    rows = [(*b[:4], nrs[b.debet], nrs[b.credit], *b[6:]) for b in stuk.boekingen]
    try:
        await connection.copy_records_to_table("boeking", records=rows, columns=BOEKING_COLUMNS)
    except CheckGeschonden as error:
        if error.constraint_name != MAAND_OPEN:
            raise
        raise Unavailable("de boekmaand is intussen afgesloten; opnieuw boekt in de maand die open is") from error
    await connection.copy_records_to_table(
        "saldo_delta",
        records=[(nrs[rekening], *rest, cents) for (rekening, *rest), cents in stuk.saldi.items()],
        columns=("rekening_nr", "domein", "zorgvorm", "zorgmaand", "boekmaand", "bedrag_cent"),
    )
    if stuk.saldi_client:
        await connection.copy_records_to_table(
            "saldo_client_delta",
            records=[(*key, cents) for key, cents in stuk.saldi_client.items()],
            columns=("client_id", "gemeente", "zorgvorm", "zorgjaar", "bedrag_cent"),
        )
    if committed := saldo_verplichting_deltas(stuk.saldi):
        await connection.copy_records_to_table(
            "verplichting_saldo_delta",
            records=[(agb, *key, cents) for key, cents in committed.items()],
            columns=("agb", "domein", "gemeente", "zorgvorm", "zorgmaand", "bedrag_cent"),
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

_GEVOUWEN = (
    ("saldo", "rekening_nr, domein, zorgvorm, zorgmaand, boekmaand"),
    ("saldo_client", "client_id, gemeente, zorgvorm, zorgjaar"),
    ("verplichting_saldo", "domein, agb, gemeente, zorgvorm, zorgmaand"),
    ("tarief_saldo", "tarief_id, zorgvorm, zorgmaand"),
)
"""Balances and their keys; the deltas of `tarief_saldo` are made by the database when prestaties change (migration 0016)."""


async def fold_saldi(connection: Connection) -> bool:
    """Add the deltas to the balances. One at a time: returns False when another process is folding. Needs a transaction."""
    if not await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", FOLD_LOCK):
        return False
    for table, key in _GEVOUWEN:
        await connection.execute(_FOLD.format(delta=f"{table}_delta", saldo=table, key=key))
    return True
