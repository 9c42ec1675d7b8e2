"""The declaraties of an aanbieder as it sees them: the list, and one with what became of every line.

Who may: a person of the aanbieder, for that aanbieder (`wie_aanbieder`). A declaratie of another aanbieder does not exist.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store_declareren
from app.composing.declareren import PLEK, Opgave
from app.composing.wie_aanbieder import eigen_agb
from app.domain.bericht import Domein
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.mailbox import kenmerk
from app.mailbox.bladzijde import Bladzijde, make_cursor, page_size, read_cursor
from app.standard import catalogue
from app.standard.reading import read

WACHT = frozenset({"ontvangen", "wacht_op_contract", "vastgehouden", "geparkeerd"})
"""While a declaratie is in one of these, nothing was decided about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratiekop:
    """A declaratie that was sent. `periode` is empty while it was not judged, `termijn` the day on which the answer is due."""

    bericht_nr: int
    domein: str
    gemeente: str
    gemeente_naam: str
    identificatie: str | None
    status: str
    ontvangen_op: datetime
    termijn: date | None
    ingediend_cent: int | None
    toegekend_cent: int | None
    aantal_regels: int | None
    antwoord_nr: int | None
    periode: date | None

    @property
    def afgewezen_cent(self) -> int | None:
        """What was claimed and not granted; None while it was not judged."""
        if self.ingediend_cent is None or self.toegekend_cent is None or self.status in WACHT:
            return None
        return self.ingediend_cent - self.toegekend_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomstregel:
    """A line of a declaratie and what became of it; the amounts are in cents without sign."""

    regel: int
    toewijzing_nummer: int
    referentie_nummer: str
    vorig_referentie_nummer: str | None
    is_credit: bool
    categorie: str
    code: str
    omschrijving: str
    begindatum: date
    einddatum: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    bedrag_cent: int
    toegekend: bool
    retour_codes: Sequence[str]
    is_teruggedraaid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratiebeeld:
    """A declaratie with its lines, refused ones first.

    Attributes:
        meldingen: Per line what judging found in it, in sentences.
        algemeen: What was found in the declaratie as a whole.
    """

    kop: Declaratiekop
    regels: tuple[Uitkomstregel, ...]
    meldingen: Mapping[int, Sequence[str]] = field(default_factory=dict)
    algemeen: Sequence[str] = ()


async def lijst_declaraties(wereld: Wereld, actor: Actor, *, cursor: str | None = None, limit: int = 25) -> Bladzijde[Declaratiekop]:
    """The declaraties of the own aanbieder, newest first, however they were sent.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        CursorOngeldig: The cursor is not one of ours.
    """
    agb, size = eigen_agb(actor), page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        rows = await store_declareren.list_declaraties(connection, agb, voor=voor, limit=size + 1)
    items = tuple(Declaratiekop(**dict(row)) for row in rows[:size])
    return Bladzijde(items=items, volgende=make_cursor(items[-1].bericht_nr) if len(rows) > size else None)


async def toon_declaratie(wereld: Wereld, actor: Actor, bericht_nr: int) -> Declaratiebeeld:
    """A declaratie with what became of each line, granted ones too.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        NietGevonden: The own aanbieder sent no such declaratie.
    """
    agb = eigen_agb(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await store_declareren.get_declaratie(connection, agb, bericht_nr)
        if row is None:
            raise NietGevonden("Deze declaratie bestaat niet, of niet voor u.")
        lines = await store_declareren.lines_of(connection, bericht_nr, agb)
        findings = await store_declareren.findings_of(connection, bericht_nr)
        in_lines = any(PLEK.match(pad) for pad, _ in findings)
        content = await store_declareren.content_of(connection, bericht_nr, agb) if lines and in_lines else None
    kop = Declaratiekop(**dict(row))
    sizes = () if content is None else await asyncio.to_thread(_sizes, wereld, kop.domein, content)
    meldingen, algemeen = sentences_by_line(findings, sizes)
    return Declaratiebeeld(kop=kop, regels=tuple(Uitkomstregel(**dict(line)) for line in lines), meldingen=meldingen, algemeen=algemeen)


def sentences_by_line(findings: Sequence[tuple[str, str]], sizes: Sequence[int]) -> tuple[dict[int, list[str]], list[str]]:
    """Sentences by the number of their line, from 1 in the order of the XML; what is about a client is about all its lines.

    Args:
        findings: Path and sentence of each.
        sizes: How many lines each client has; empty when there is nothing to tell apart.
    Returns:
        Those of lines, and those of the declaratie as a whole.
    """
    by_line: dict[int, list[str]] = {}
    algemeen: list[str] = []
    for pad, melding in findings:
        place = PLEK.match(pad)
        client = 0 if place is None else int(place[1])
        if place is None or not 0 < client <= len(sizes):
            algemeen.append(melding)
            continue
        before, size = sum(sizes[: client - 1]), sizes[client - 1]
        for number in range(1, size + 1) if place[2] is None else (int(place[2]),):
            by_line.setdefault(before + number, []).append(melding)
    return by_line, list(dict.fromkeys(algemeen))


def _sizes(wereld: Wereld, domein: str, content: tuple[int, bytes, bytes]) -> tuple[int, ...]:
    """How many lines each client of a 323 has."""
    versie, inhoud, sha256 = content
    domain: Domein = "iwmo" if domein == "iwmo" else "ijw"
    declaratie = read(parse(wereld.kluis.lees(versie, inhoud, kenmerk(sha256))), catalogue.soort(domain, "323")).declaratie
    return () if declaratie is None else tuple(len(each.prestaties) for each in declaratie.clienten)


def opnieuw_in_te_dienen(beeld: Declaratiebeeld) -> tuple[Opgave, ...]:
    """The refused debits of a declaratie as lines to fill in again, with what was declared then."""
    return tuple(
        Opgave(nummer=each.toewijzing_nummer, prijs=f"{each.code}/{each.eenheid}", volume=_as_volume(each))
        for each in beeld.regels
        if not each.toegekend and not each.is_credit
    )


def _as_volume(regel: Uitkomstregel) -> str:
    return f"{regel.volume // 100},{regel.volume % 100:02d}" if regel.tarief_cent is None else str(regel.volume)
