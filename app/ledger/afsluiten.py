"""Closing a boekmaand: when it may be closed, and what exactly its hash says. Pure.

A closed month is a promise that its transfers stay what they are. The promise is a hash that anybody can work out again from three layers:

1. a transfer is one line: a JSON array of its values (`KOLOMMEN`), the accounts written out in full beside their numbers;
2. a source (bericht or act) has the SHA-256 of the lines of its transfers in that month, in order of their key. So a month that no longer
   fits its hash says which source is another;
3. a month has the SHA-256 of a first line, with the hash of the month closed before it, and of a line for each source, in order of its number.

A hash proves that nothing changed since it was made, to who kept it elsewhere: who can rewrite every row can also make a new chain. That is why
the hash is printed, shown and returned when a month closes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.errors import Conflict, OngeldigVerzoek
from app.domain.periode import maand_van
from app.ledger.boeking import Boeking

VORM = "solidair boekmaand 1"
"""Names this form in the first line of every month; another form has another name, and old months keep theirs."""
KOLOMMEN = (
    *(name for name in Boeking._fields if name not in ("debet", "credit")),
    *(f"{side}_{name}" for side in ("debet", "credit") for name in ("nr", "soort", "gemeente", "agb")),
)
"""The values of a transfer in its line, in order: its columns, then both accounts."""


def regel_van(waarden: Sequence[object]) -> bytes:
    """The line of a transfer: its values in the order of `KOLOMMEN` as a JSON array; days as ISO 8601, what is not there as null.

    JSON says where a value begins and ends and whether it is text or a number, so no two transfers have the same line. PostgreSQL's
    `json_build_array` writes the same characters.
    """
    return json.dumps([each.isoformat() if isinstance(each, date) else each for each in waarden], ensure_ascii=False).encode() + b"\n"


def bron_hash(regels: Iterable[bytes]) -> bytes:
    """The hash of a source: of its lines in order of (regel, soort, volgnr), text compared byte by byte."""
    made = hashlib.sha256()
    for regel in regels:
        made.update(regel)
    return made.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bron:
    """What one bericht or act booked in a month: how many transfers, their amounts added up in cents, their hash."""

    bericht_nr: int
    aantal: int
    bedrag_cent: int
    hash: bytes


class Maandhash:
    """The hash of a month while its sources pass by, in order of their number; holds no more than the sums."""

    def __init__(self, boekmaand: date, *, vorige: bytes | None, gesloten_op: datetime, gesloten_door: str) -> None:
        before = None if vorige is None else vorige.hex()
        self._made = hashlib.sha256(regel_van([VORM, boekmaand, before, gesloten_op.astimezone(UTC).isoformat(), gesloten_door]))
        self.aantal = 0
        self.bedrag_cent = 0

    def add(self, bronnen: Iterable[Bron]) -> None:
        """The next sources."""
        for bron in bronnen:
            self._made.update(b'[%d, %d, %d, "%s"]\n' % (bron.bericht_nr, bron.aantal, bron.bedrag_cent, bron.hash.hex().encode()))
            self.aantal += bron.aantal
            self.bedrag_cent += bron.bedrag_cent

    def digest(self) -> bytes:
        """The hash of what passed so far."""
        return self._made.digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Boekstand:
    """How far the books are closed.

    Attributes:
        gesloten_tot: The last month that is closed; bookings up to and including it are refused. None: none is.
        hash: Of that month.
        open_maanden: Later months that hold transfers, in order.
    """

    gesloten_tot: date | None
    hash: bytes | None
    open_maanden: tuple[date, ...]

    def is_gesloten(self, maand: date) -> bool:
        """Whether this month takes no bookings; a month that was passed over without transfers neither."""
        return self.gesloten_tot is not None and maand <= self.gesloten_tot


def belet(maand: date, stand: Boekstand, *, vandaag: date) -> str | None:
    """Why this month cannot be closed now, in one sentence; None when it can."""
    if stand.is_gesloten(maand):
        return f"Boekmaand {maand:%Y-%m} is al afgesloten."
    if maand >= maand_van(vandaag):
        return f"Boekmaand {maand:%Y-%m} is nog niet voorbij; wat vandaag wordt geboekt, staat in {vandaag:%Y-%m}."
    if stand.open_maanden and stand.open_maanden[0] < maand:
        return f"Sluit eerst {stand.open_maanden[0]:%Y-%m}: maanden sluiten op volgorde."
    return None


def check_sluitbaar(maand: date, stand: Boekstand, *, vandaag: date) -> None:
    """Raise unless this month can be closed now.

    Raises:
        OngeldigVerzoek: This is not the first day of a month.
        Conflict: It is closed already, not over yet, or not the next one.
    """
    check_eerste_dag(maand)
    reason = belet(maand, stand, vandaag=vandaag)
    if reason is not None:
        raise Conflict(reason)


def check_eerste_dag(maand: date) -> None:
    """Raise OngeldigVerzoek unless this is the first day of a month."""
    if maand.day != 1:
        raise OngeldigVerzoek("Een maand heet naar haar eerste dag.")


def maanden_van_jaar(jaar: int, stand: Boekstand) -> tuple[date, ...]:
    """The months to close so that a year is closed: from its first open month with transfers to December, or December alone."""
    december = date(jaar, 12, 1)
    if stand.is_gesloten(december):
        return ()
    first = next((maand for maand in stand.open_maanden if maand.year == jaar), december)
    return tuple(maand for maand in (date(jaar, nr, 1) for nr in range(first.month, 13)) if not stand.is_gesloten(maand))
