"""What an access team looks up: its toewijzingen with where they stand, one of them with all that followed, the history of a client.

Only of the gemeenten of the actor; names come from the 301s that these gemeenten sent themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog

from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store, store_concepten, store_tonen
from app.composing.betekenis import hoeveel, omvang_zin
from app.composing.service import Concept, open_concept
from app.composing.wie import eigen_gemeenten, zichtbare_gemeenten
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.snapshot import Toewijzing
from app.mailbox import kenmerk
from app.mailbox.bladzijde import Bladzijde, make_cursor, read_sleutel
from app.standard import catalogue
from app.standard.reading import read
from app.standard.rules.bsn import is_bsn
from app.standard.rules.volume import as_basis, volume_over_looptijd

log = structlog.get_logger(__name__)

LIJST_MAX = 25
LIJST_GRENS = 200
STUK_MAX = 25
STATUSSEN = ("verstuurd", "opgehaald", "aanvaard", "gestart", "gestopt", "afgelopen", "geweigerd", "ingetrokken")
"""Where a toewijzing stands, in the order in which it goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToewijzingFilter:
    """What to list; None is everything. `status` is one of `STATUSSEN`."""

    gemeente: str | None = None
    domein: str | None = None
    agb: str | None = None
    status: str | None = None
    nummer: int | None = None
    client_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToewijzingRegel:
    """A toewijzing in its version that counts, and where it stands.

    Attributes:
        naam: Of the client, as the 301 has it.
        status: One of `STATUSSEN`.
        verwacht_cent, toegekend_cent: What it was expected to cost in all, and what was granted so far.
    """

    versie: Toewijzing
    naam: str = field(repr=False)
    aanbieder_naam: str
    omschrijving: str
    status: str
    gestart_op: date | None
    gestopt_op: date | None
    verwacht_cent: int
    toegekend_cent: int

    @property
    def omvang(self) -> str:
        """The omvang in words."""
        return omvang_zin(self.versie.omvang, self.versie.budget)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebeurtenis:
    """Something that happened to a toewijzing; `bericht_nr` is the bericht that says so."""

    op: date
    wat: str
    toelichting: str
    bericht_nr: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maandgebruik:
    """What was expected and granted in a month of care, in cents."""

    maand: date
    verwacht_cent: int
    toegekend_cent: int
    prestaties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToewijzingBeeld:
    """One toewijzing with all that followed.

    Attributes:
        versies: What counts, oldest first; a line that a later 301 repeated unchanged stands there once.
        gebruikt, hoogstens: Granted volume and the most there may be, in words; None when there is none or no bound.
        gebruikt_promille: Of the volume, None without a bound.
    """

    regel: ToewijzingRegel
    stand_van: datetime
    versies: tuple[Toewijzing, ...]
    verloop: tuple[Gebeurtenis, ...]
    maanden: tuple[Maandgebruik, ...]
    gebruikt: str | None
    hoogstens: str | None
    gebruikt_promille: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vastgelopen:
    """What was sent from here and did not reach the register: not judged yet, or stopped."""

    concept: Concept
    bericht_nr: int
    status: str
    ontvangen_op: datetime


async def lijst_toewijzingen(
    wereld: Wereld, actor: Actor, vraag: ToewijzingFilter, cursor: str | None = None, limit: int = LIJST_MAX
) -> Bladzijde[ToewijzingRegel]:
    """One page of toewijzingen, the last sent first.

    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        CursorOngeldig: The cursor is not one of ours.
    """
    limit = max(1, min(limit, LIJST_GRENS))
    gemeenten = _narrowed(zichtbare_gemeenten(actor), vraag.gemeente)
    na = None
    if cursor is not None:
        bericht_nr, volgnr = read_sleutel(cursor, 2)
        na = store_tonen.Plek(bericht_nr=bericht_nr, volgnr=volgnr)
    async with wereld.pool.acquire() as connection:
        rows = await store_tonen.list_regels(
            connection,
            wereld.vandaag,
            gemeenten,
            domein=vraag.domein,
            agb=vraag.agb,
            status=vraag.status,
            nummer=vraag.nummer,
            client_id=vraag.client_id,
            na=na,
            limit=limit + 1,
        )
    kept = rows[:limit]
    items = await asyncio.to_thread(_as_regels, wereld, kept)
    return Bladzijde(items=items, volgende=make_cursor(kept[-1]["bericht_nr"], kept[-1]["volgnr"]) if len(rows) > limit else None)


async def toon_toewijzing(wereld: Wereld, actor: Actor, domein: str, gemeente: str, nummer: int) -> ToewijzingBeeld:
    """One toewijzing with its versions, answers, deliveries and use.

    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        NietGevonden: There is no such toewijzing, or not for this actor.
    """
    gemeenten = zichtbare_gemeenten(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await store_tonen.find_regel(connection, wereld.vandaag, gemeenten, domein, gemeente, nummer)
        if row is None:
            raise NietGevonden("Deze toewijzing bestaat niet, of niet voor u.")
        versies = await store_tonen.versions(connection, domein, gemeente, nummer)
        leveringen = await store_tonen.deliveries(connection, domein, row["agb"], row["client_id"], gemeente, nummer)
        maanden = await store_tonen.months(connection, domein, gemeente, nummer)
        volumes = await store_tonen.volumes(connection, domein, gemeente, nummer)
    [regel] = await asyncio.to_thread(_as_regels, wereld, [row])
    gebruikt, hoogstens, promille = _use(regel.versie, volumes)
    return ToewijzingBeeld(
        regel=regel,
        stand_van=wereld.nu,
        versies=tuple(_distinct(versies)),
        verloop=tuple(sorted((*_sent(versies), *_delivered(leveringen)), key=lambda each: (each.op, each.bericht_nr or 0))),
        maanden=tuple(Maandgebruik(**dict(each)) for each in maanden),
        gebruikt=gebruikt,
        hoogstens=hoogstens,
        gebruikt_promille=promille,
    )


async def zoek_client(wereld: Wereld, actor: Actor, bsn: str) -> int:
    """The client with a Bsn; that it was asked is logged, the number is not.

    Raises:
        OngeldigVerzoek: It is no Bsn.
        NietGevonden: The gemeenten of the actor have no toewijzing of this client.
    """
    digits = "".join(character for character in bsn if character.isdecimal())
    if not is_bsn(digits):
        raise OngeldigVerzoek("Dit is geen geldig BSN. Een BSN heeft 9 cijfers; controleer of er geen cijfers zijn verwisseld.")
    gemeenten = zichtbare_gemeenten(actor)
    log.info("bsn_searched", by=actor.naam)
    async with wereld.pool.acquire() as connection:
        client_id = await store.find_client(connection, wereld.kluis.pseudoniem(digits))
        if client_id is not None:
            found = await store_tonen.list_regels(connection, wereld.vandaag, gemeenten, client_id=client_id, limit=1)
            if found:
                return client_id
    raise NietGevonden("Van deze cliënt heeft uw gemeente geen toewijzing.")


async def lijst_vastgelopen(wereld: Wereld, actor: Actor) -> tuple[Vastgelopen, ...]:
    """What was sent from here and waits or was stopped, newest first."""
    async with wereld.pool.acquire() as connection:
        rows = await store_concepten.sent_and_stuck(connection, sorted(eigen_gemeenten(actor)), STUK_MAX)
    extra = ("status", "ontvangen_op", "agb", "park_reden")
    return tuple(
        Vastgelopen(
            concept=open_concept(wereld, store_concepten.as_rij({name: value for name, value in row.items() if name not in extra})),
            bericht_nr=row["bericht_nr"],
            status=row["status"],
            ontvangen_op=row["ontvangen_op"],
        )
        for row in rows
    )


def _narrowed(gemeenten: list[str] | None, wanted: str | None) -> list[str] | None:
    """The gemeenten to list: the one that is asked for, if the actor sees it."""
    if wanted is None:
        return gemeenten
    return [wanted] if gemeenten is None or wanted in gemeenten else []


def _as_regels(wereld: Wereld, rows: Sequence[Any]) -> tuple[ToewijzingRegel, ...]:
    """Rows as values, with the name in the 301 of each; a 301 that several lines share is read once."""
    names: dict[int, str] = {}
    for row in rows:
        if row["bericht_nr"] not in names:
            names[row["bericht_nr"]] = _name_in(wereld, row)
    fields = ("aanbieder_naam", "omschrijving", "status", "gestart_op", "gestopt_op", "verwacht_cent", "toegekend_cent")
    return tuple(
        ToewijzingRegel(versie=store.as_versie(row), naam=names[row["bericht_nr"]], **{name: row[name] for name in fields}) for row in rows
    )


def _name_in(wereld: Wereld, row: Any) -> str:
    """The name of the client in a stored 301."""
    data = wereld.kluis.lees(row["sleutel_versie"], row["inhoud"], kenmerk(row["sha256"]))
    client = read(parse(data), catalogue.soort(row["domein"], "301")).client
    if client is None or client.naam is None:
        return "naam onbekend"
    naam = client.naam
    parts = (naam.voornamen or naam.voorletters, naam.geslachtsnaam.voorvoegsel, naam.geslachtsnaam.achternaam)
    return " ".join(part for part in parts if part)


def _distinct(rows: Iterable[Any]) -> Iterable[Toewijzing]:
    """Versions that count, by their moment; a repeat carries the moment it had (IV013)."""
    seen: dict[tuple[date, str], Toewijzing] = {}
    for row in rows:
        if row["ingetrokken_door"] is None:
            versie = store.as_versie(row)
            seen.setdefault(versie.volgorde, versie)
    return [seen[moment] for moment in sorted(seen)]


def _sent(rows: Iterable[Any]) -> Iterable[Gebeurtenis]:
    """Each 301 with its first line of a moment, and what the aanbieder said of it."""
    known: set[tuple[date, str]] = set()
    for row in rows:
        versie = store.as_versie(row)
        is_repeat = versie.volgorde in known
        known.add(versie.volgorde)
        if not is_repeat:
            wat = "Toewijzing verstuurd (301)" if len(known) == 1 else "Wijziging verstuurd (301)"
            wat = "Toewijzing ingetrokken (301)" if versie.is_verwijderd else wat
            until = "zonder einddatum" if versie.einddatum is None else f"tot en met {versie.einddatum:%d-%m-%Y}"
            toelichting = f"{omvang_zin(versie.omvang, versie.budget)}, van {versie.ingangsdatum:%d-%m-%Y} {until}"
            yield Gebeurtenis(op=row["ontvangen_op"].date(), wat=wat, toelichting=toelichting, bericht_nr=versie.bericht_nr)
        if row["antwoord_op"] is not None and (not is_repeat or row["ingetrokken_door"] is not None):
            rejected = row["ingetrokken_door"] is not None
            yield Gebeurtenis(
                op=row["antwoord_op"].date(),
                wat="Geweigerd door de aanbieder (302)" if rejected else "Aanvaard door de aanbieder (302)",
                toelichting="De 301 telt als niet verstuurd; het bericht zegt waarom." if rejected else "",
                bericht_nr=row["ingetrokken_door"] or row["antwoord_nr"],
            )


def _delivered(rows: Iterable[Any]) -> Iterable[Gebeurtenis]:
    for row in rows:
        if row["einddatum"] is None:
            yield Gebeurtenis(op=row["begindatum"], wat="Zorg gestart (305)", toelichting=_heard(row), bericht_nr=row["bericht_nr"])
        else:
            yield Gebeurtenis(op=row["einddatum"], wat="Zorg gestopt (307)", toelichting=_heard(row), bericht_nr=row["bericht_nr"])


def _heard(row: Any) -> str:
    return f"gemeld op {row['ontvangen']:%d-%m-%Y}"


def _use(versie: Toewijzing, volumes: Sequence[Any]) -> tuple[str | None, str | None, int | None]:
    """Granted volume and its bound, in words and in thousandths (TR322)."""
    words = ", ".join(hoeveel(row["volume"], row["eenheid"]) for row in volumes if row["volume"]) or None
    if versie.omvang is None:
        return words, None, None
    most = volume_over_looptijd(versie.omvang, (versie.ingangsdatum, versie.einddatum))
    if not most:
        return words, None, None
    used = sum(as_basis(row["volume"], row["eenheid"]) for row in volumes)
    return words, hoeveel(most, versie.omvang.eenheid), max(0, used) * 1000 // as_basis(most, versie.omvang.eenheid)
