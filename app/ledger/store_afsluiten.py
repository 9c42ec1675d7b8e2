"""Closed months in PostgreSQL: what a month holds, laying its sources down, and comparing what was closed with what stands there now.

The database works the hash of every source out itself, in one statement and in order, so closing and verifying take fixed memory here however
many transfers a month has. `afsluiten` says what the same hash is in Python; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.database import Connection
from app.domain.periode import volgende_maand
from app.ledger.afsluiten import KOLOMMEN, Boekstand, Bron, Maandhash

AFSLUITEN_LOCK = "solidair maand afsluiten"
"""Shared by every booking and taken alone by a closing; the triggers of migration 0006 know it by this name."""
BRONNEN_PER_KEER = 2000
AFSLUITEN_TIMEOUT_S = 900
VERIFY_TIMEOUT_S = 3600

_WAARDEN = {
    **{f"{side}_nr": f"b.{side}" for side in ("debet", "credit")},
    **{f"{side}_{name}": f"{side[0]}.{name}" for side in ("debet", "credit") for name in ("soort", "gemeente", "agb")},
}
_REGEL = f"json_build_array({', '.join(_WAARDEN.get(name, f'b.{name}') for name in KOLOMMEN)})::text || E'\\n'"
_BRONNEN = f"""
select date_trunc('month', b.boekdatum)::date as boekmaand, b.bericht_nr, count(*)::int as aantal, sum(b.bedrag_cent)::bigint as bedrag_cent,
       sha256(convert_to(string_agg({_REGEL}, '' order by b.regel, b.soort collate "C", b.volgnr), 'UTF8')) as hash
  from boeking b
  left join rekening d on d.rekening_nr = b.debet
  left join rekening c on c.rekening_nr = b.credit
 where b.boekdatum >= $1 and b.boekdatum < $2
 group by 1, 2
"""  # noqa: S608 - names of columns, a constant
"""The sources of the months from $1 until $2, as they stand now."""


async def lock_afsluiten(connection: Connection) -> None:
    """Wait for bookings under way and hold new ones until the transaction ends; a statement of its own, so that what follows sees them all."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", AFSLUITEN_LOCK)


async def stand(connection: Connection) -> Boekstand:
    """How far the books are closed, and which later months hold transfers."""
    last = await connection.fetchrow("select boekmaand, hash from maand_afsluiting order by boekmaand desc limit 1")
    rows = await connection.fetch(
        """
        select boekmaand from saldo where boekmaand > coalesce($1::date, '-infinity')
        union select boekmaand from saldo_delta where boekmaand > coalesce($1::date, '-infinity') order by 1
        """,
        last and last["boekmaand"],
    )
    return Boekstand(
        gesloten_tot=last and last["boekmaand"], hash=last and last["hash"], open_maanden=tuple(row["boekmaand"] for row in rows)
    )


async def leg_bronnen_vast(connection: Connection, maand: date) -> None:
    """Lay down what every source booked in a month; before the month itself is stored, after which it takes no more of them."""
    await connection.execute(
        f"insert into maand_afsluiting_bron (boekmaand, bericht_nr, aantal, bedrag_cent, hash) {_BRONNEN}",
        maand,
        volgende_maand(maand),
        timeout=AFSLUITEN_TIMEOUT_S,
    )


async def bronnen(connection: Connection, maand: date) -> AsyncIterator[list[Bron]]:
    """The sources laid down for a month in order of their number, some at a time; needs a transaction."""
    cursor = await connection.cursor(
        "select bericht_nr, aantal, bedrag_cent, hash from maand_afsluiting_bron where boekmaand = $1 order by bericht_nr", maand
    )
    while rows := await cursor.fetch(BRONNEN_PER_KEER):
        yield [Bron(bericht_nr=nr, aantal=aantal, bedrag_cent=cents, hash=made) for nr, aantal, cents, made in rows]


async def hash_maand(connection: Connection, maand: date, vorige: bytes | None, gesloten_op: datetime, gesloten_door: str) -> Maandhash:
    """The hash of a month over the sources laid down for it."""
    made = Maandhash(maand, vorige=vorige, gesloten_op=gesloten_op, gesloten_door=gesloten_door)
    async for some in bronnen(connection, maand):
        made.add(some)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Afsluiting:
    """A closed month as it is stored; hash of the month closed before it, number and cents of its transfers."""

    boekmaand: date
    gesloten_op: datetime
    gesloten_door: str
    hash: bytes
    vorige_hash: bytes | None
    aantal: int
    bedrag_cent: int


async def save_afsluiting(connection: Connection, made: Afsluiting) -> None:
    """The month is closed."""
    await connection.execute(
        """
        insert into maand_afsluiting (boekmaand, gesloten_op, gesloten_door, hash, vorige_hash, aantal, bedrag_cent)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        made.boekmaand,
        made.gesloten_op,
        made.gesloten_door,
        made.hash,
        made.vorige_hash,
        made.aantal,
        made.bedrag_cent,
    )


async def afsluitingen(connection: Connection, *, voor: date | None = None, limit: int | None = None) -> list[Afsluiting]:
    """Closed months, the last first; those before `voor`."""
    rows = await connection.fetch(
        """
        select boekmaand, gesloten_op, gesloten_door, hash, vorige_hash, aantal, bedrag_cent from maand_afsluiting
         where boekmaand < coalesce($1::date, 'infinity') order by boekmaand desc limit $2
        """,
        voor,
        limit,
    )
    return [Afsluiting(**row) for row in rows]


async def per_soort(connection: Connection, maand: date) -> list[tuple[str, int, int]]:
    """What a month holds, as (soort, number, cents), by soort."""
    rows = await connection.fetch(
        """
        select soort, count(*) as aantal, sum(bedrag_cent)::bigint as cent from boeking where boekdatum >= $1 and boekdatum < $2
         group by soort order by soort
        """,
        maand,
        volgende_maand(maand),
    )
    return [tuple(row) for row in rows]


async def onbeoordeeld(connection: Connection, tot: date) -> Mapping[str, tuple[int, int]]:
    """Berichten received before `tot` without an outcome, as number and claimed cents per status."""
    rows = await connection.fetch(
        """
        select status, count(*) as aantal, coalesce(sum(ingediend_cent), 0)::bigint as cent from bericht
         where status in ('ontvangen', 'wacht_op_contract', 'vastgehouden', 'geparkeerd') and ontvangst_datum < $1 group by status
        """,
        tot,
    )
    return {row["status"]: (row["aantal"], row["cent"]) for row in rows}


async def wachtende_betaalruns(connection: Connection, tot: datetime) -> int:
    """Payment runs proposed before an instant that a second person has not approved; they book when that is done."""
    count: int = await connection.fetchval(
        "select count(*) from betaalrun r join handeling h on h.bericht_nr = r.run_nr where r.status = 'concept' and h.gemaakt_op < $1", tot
    )
    return count


async def saldo_tot_en_met(connection: Connection, rekening: str, maand: date) -> int:
    """The balance of a kind of account at the end of a boekmaand, in cents, debit positive."""
    cents: int = await connection.fetchval(
        """
        select coalesce(sum(s.bedrag_cent), 0)::bigint from rekening r
          join (select rekening_nr, boekmaand, bedrag_cent from saldo union all select rekening_nr, boekmaand, bedrag_cent from saldo_delta) s
         using (rekening_nr) where r.soort = $1 and s.boekmaand <= $2
        """,
        rekening,
        maand,
    )
    return cents


GEWIJZIGDE_BRONNEN = f"""
with nu as ({_BRONNEN})
select to_char(boekmaand, 'YYYY-MM') as boekmaand, bericht_nr,
       case when n.hash is null then 'de boekingen van deze bron zijn weg uit de maand'
            when m.hash is null then 'deze bron boekte in de maand nadat zij was afgesloten'
            when n.aantal <> m.aantal then 'het aantal boekingen van deze bron is veranderd'
            else 'een boeking van deze bron is veranderd' end as fout,
       m.aantal as aantal_toen, n.aantal as aantal_nu, m.bedrag_cent as bedrag_cent_toen, n.bedrag_cent as bedrag_cent_nu
  from nu n full join (select * from maand_afsluiting_bron where boekmaand < $2) m using (boekmaand, bericht_nr)
 where m.hash is distinct from n.hash or m.aantal is distinct from n.aantal or m.bedrag_cent is distinct from n.bedrag_cent
 order by 1, 2
 limit 100
"""  # noqa: S608 - a constant
LOSSE_HANDELINGEN = """
select sleutel as boekmaand, bericht_nr, 'deze maand is afgesloten, maar haar afsluiting is weg' as fout from handeling h
 where soort = 'maand_afsluiting' and not exists (select from maand_afsluiting m where to_char(m.boekmaand, 'YYYY-MM') = h.sleutel)
 order by 1
 limit 100
"""


async def gewijzigde_bronnen(connection: Connection) -> list[dict[str, object]]:
    """Sources in closed months that no longer have the hash they had, first month first, at most 100."""
    last = await connection.fetchval("select max(boekmaand) from maand_afsluiting")
    if last is None:
        return []
    # What was booked before the first month that was closed is closed too: it was passed over because it held nothing.
    rows = await connection.fetch(GEWIJZIGDE_BRONNEN, date.min, volgende_maand(last), timeout=VERIFY_TIMEOUT_S)
    return [dict(row) for row in rows]


async def keten_breuken(connection: Connection) -> list[dict[str, object]]:
    """Closed months of which hash, link, sums or act are not what they should be, first month first; needs a transaction."""
    acts = {row["sleutel"]: row["hash"] for row in await connection.fetch(_HASH_VAN_HANDELING)}
    found: list[dict[str, object]] = []
    vorige: bytes | None = None
    for each in reversed(await afsluitingen(connection)):
        made = await hash_maand(connection, each.boekmaand, each.vorige_hash, each.gesloten_op, each.gesloten_door)
        key = f"{each.boekmaand:%Y-%m}"
        faults = (
            (each.vorige_hash != vorige, "de hash van de maand ervoor is niet die waarop deze maand is gesloten"),
            (made.digest() != each.hash, "de hash is niet die van wat bij het afsluiten is vastgelegd"),
            ((made.aantal, made.bedrag_cent) != (each.aantal, each.bedrag_cent), "aantal of bedrag is niet de som van de bronnen"),
            (acts.get(key) != each.hash.hex(), "de handeling die de maand sloot noemt een andere hash, of is er niet"),
        )
        found += [{"boekmaand": key, "fout": sentence} for is_wrong, sentence in faults if is_wrong]
        vorige = each.hash
    return [*found, *(dict(row) for row in await connection.fetch(LOSSE_HANDELINGEN))][:100]


_HASH_VAN_HANDELING = """
select distinct on (sleutel) sleutel, gegevens ->> 'hash' as hash from handeling where soort = 'maand_afsluiting' order by sleutel, bericht_nr
"""
