"""The inbox: each bericht once, its bytes unaltered and encrypted, with its wake-up in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.adapters.database import Connection
from app.domain.bevinding import Bevinding
from app.mailbox.outbox import GROOT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Inkomend:
    """A bericht that passed the door, ready to be stored. `inhoud` is encrypted under `kenmerk(sha256)`."""

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
    poging: int
    grootte: int
    ontvangen_op: datetime
    ontvangst_datum: date
    termijn: date | None
    ingediend_door: str
    sleutel_versie: int
    inhoud: bytes


def kenmerk(sha256: bytes) -> str:
    """What stored bytes are bound to: the digest of the plain bytes, so that they cannot stand in for another bericht."""
    return f"bericht:{sha256.hex()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eerder:
    """The newest bericht with the same bytes of the same sender. `telt` is false when it was rejected as a whole, None when not judged."""

    bericht_nr: int
    poging: int
    status: str
    telt: bool | None


async def find_same_bytes(connection: Connection, van: str, sha256: bytes) -> Eerder | None:
    """The newest bericht of `van` with these bytes."""
    row = await connection.fetchrow(
        "select bericht_nr, poging, status, telt from bericht where van = $1 and sha256 = $2 order by poging desc limit 1", van, sha256
    )
    return None if row is None else Eerder(**dict(row))


_STORE = """
with nieuw as (
    insert into bericht (richting, domein, soort, van, aan, gemeente, agb, identificatie, dagtekening, identificatie_retour, sha256, poging,
                         grootte, status, ontvangen_op, ontvangst_datum, termijn, termijn_wie, ingediend_door)
    values ('in', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'ontvangen', $13, $14, $15,
            case when $15::date is null then null else 'regio' end, $16)
    returning bericht_nr
), inhoud as (
    insert into bericht_inhoud (bericht_nr, sleutel_versie, inhoud) select bericht_nr, $17, $18 from nieuw
), wek as (
    insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op)
    select 'verwerken', bericht_nr, $1, $6, $1 || '.' || $2 || '.' || split_part($4, ':', 2), $12 > $19, $13 from nieuw
)
select bericht_nr from nieuw
"""


async def store(connection: Connection, bericht: Inkomend) -> int:
    """Store bericht, bytes and wake-up; returns its bericht_nr, which follows the order of commit within a lane (`lock_intake` is held).

    Who waits for wake-ups is told by `outbox.ring` after the commit.
    """
    row = await connection.fetchrow(
        _STORE,
        bericht.domein,
        bericht.soort,
        bericht.van,
        bericht.aan,
        bericht.gemeente,
        bericht.agb,
        bericht.identificatie,
        bericht.dagtekening,
        bericht.identificatie_retour,
        bericht.sha256,
        bericht.poging,
        bericht.grootte,
        bericht.ontvangen_op,
        bericht.ontvangst_datum,
        bericht.termijn,
        bericht.ingediend_door,
        bericht.sleutel_versie,
        bericht.inhoud,
        GROOT_BYTES,
    )
    assert row is not None
    nr: int = row["bericht_nr"]
    return nr


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A bericht refused at the door: what is known of its header, its digest, and at most 64 kB of its bytes (encrypted)."""

    domein: str | None
    soort: str | None
    van: str
    aan: str | None
    gemeente: str | None
    agb: str | None
    identificatie: str | None
    sha256: bytes
    grootte: int
    ontvangen_op: datetime
    ontvangst_datum: date
    ingediend_door: str
    sleutel_versie: int
    inhoud: bytes
    bevindingen: Sequence[Bevinding]


async def store_refused(connection: Connection, geweigerd: Refused) -> int:
    """Store a refusal so that operations can see it; returns its bericht_nr. The same bytes refused again are a new attempt (`poging`)."""
    row = await connection.fetchrow(
        """
        with nieuw as (
            insert into bericht (richting, domein, soort, van, aan, gemeente, agb, identificatie, sha256, poging, grootte, status, telt,
                                 ontvangen_op, ontvangst_datum, ingediend_door)
            select 'in', $1, $2, $3, $4, $5, $6, $7, $8, coalesce(max(b.poging) + 1, 0), $9, 'geweigerd', false, $10, $11, $12
              from (select poging from bericht where van = $3 and sha256 = $8) b
            returning bericht_nr
        ), inhoud as (
            insert into bericht_inhoud (bericht_nr, sleutel_versie, inhoud) select bericht_nr, $13, $14 from nieuw
        )
        select bericht_nr from nieuw
        """,
        geweigerd.domein,
        geweigerd.soort,
        geweigerd.van,
        geweigerd.aan,
        geweigerd.gemeente,
        geweigerd.agb,
        geweigerd.identificatie,
        geweigerd.sha256,
        geweigerd.grootte,
        geweigerd.ontvangen_op,
        geweigerd.ontvangst_datum,
        geweigerd.ingediend_door,
        geweigerd.sleutel_versie,
        geweigerd.inhoud,
    )
    assert row is not None
    nr: int = row["bericht_nr"]
    await store_bevindingen(connection, {nr: geweigerd.bevindingen})
    return nr


async def store_bevindingen(
    connection: Connection, per_bericht: Mapping[int, Sequence[Bevinding]], money: Mapping[tuple[int, str], int] | None = None
) -> None:
    """Replace the bevindingen of berichten, and their sums per cause.

    `money` is in cents per (bericht_nr, path of a bevinding): the claim of the line that it is about.
    """
    await connection.execute(
        """
        with weg as (delete from bevinding where bericht_nr = any($1::bigint[]))
        delete from bericht_oorzaak where bericht_nr = any($1::bigint[])
        """,
        list(per_bericht),
    )
    rows = [
        (nr, volgnr, b.regel, b.retourcode, b.pad, b.regelnummer, b.waarde, b.melding)
        for nr, bevindingen in per_bericht.items()
        for volgnr, b in enumerate(bevindingen, 1)
    ]
    if not rows:
        return
    await connection.copy_records_to_table(
        "bevinding", records=rows, columns=["bericht_nr", "volgnr", "regel", "retourcode", "pad", "regelnummer", "waarde", "melding"]
    )
    causes: dict[tuple[int, str, str], list[int]] = {}
    for nr, _, regel, retourcode, pad, *_ in rows:
        cause = causes.setdefault((nr, regel, retourcode or ""), [0, 0])
        cause[0] += 1
        cause[1] += (money or {}).get((nr, pad), 0)
    await connection.copy_records_to_table(
        "bericht_oorzaak",
        records=[(*key, count, cents) for key, (count, cents) in causes.items()],
        columns=["bericht_nr", "regel", "retourcode", "aantal", "bedrag_cent"],
    )
