"""What an aanbieder looks up of its own: its toewijzingen with where they stand and what they ask, and one of them with all that followed.

Only of the AGB-code of the actor (`wie_aanbieder`); names come from the 301s that were sent to it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog

from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store, store_aanbieder, store_tonen, store_wijzigen
from app.composing.betekenis import hoeveel, omvang_zin
from app.composing.melden import Meldoptie, Meldstand, options
from app.composing.store_aanbieder import Dagen, Keuze
from app.composing.wie_aanbieder import eigen_agb
from app.domain.bericht import Client
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.periode import laatste_dag
from app.domain.snapshot import Toewijzing
from app.mailbox import kenmerk
from app.mailbox.bladzijde import Bladzijde, make_cursor, read_sleutel
from app.standard import catalogue
from app.standard.reading import read
from app.standard.rules.bsn import is_bsn
from app.standard.rules.volume import EURO, MINUTEN_PER_UUR, MINUUT, UUR, as_basis, passende_eenheid, volume_over_looptijd

log = structlog.get_logger(__name__)

LIJST_MAX = 25
STANDEN = ("niet_gestart", "loopt", "onderbroken", "afgelopen", "gestopt", "komt", "verlopen", "ingetrokken")
"""Where delivery on a toewijzing stands."""
MERKEN = ("nieuw", "gewijzigd")
"""What the postvak still holds about a toewijzing."""


class Vraag(StrEnum):
    """What a toewijzing asks of its aanbieder."""

    START_MELDEN = "start_melden"
    STOP_MELDEN = "stop_melden"
    DECLAREREN = "declareren"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebruik:
    """How much of the omvang was granted, in words; without a total over the whole toewijzing only `gebruikt` is filled.

    Attributes:
        promille: Of the total; above 1000 never, for more is not granted.
    """

    gebruikt: str | None = None
    hoogstens: str | None = None
    resteert: str | None = None
    promille: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EigenToewijzing:
    """A toewijzing of the aanbieder in its version that counts.

    Attributes:
        naam: Of the client, as the 301 has it.
        stand: One of `STANDEN`; `merk` one of `MERKEN`, or empty.
        vraagt: What has to be done, most urgent first.
        maand: First day of the month before this one, which `Vraag.DECLAREREN` is about.
        gedeclareerd: Whether a prestatie in `maand` was granted.
    """

    versie: Toewijzing
    naam: str = field(repr=False)
    gemeente_naam: str
    omschrijving: str
    stand: str
    merk: str
    gestart_op: date | None
    gestopt_op: date | None
    gebruik: Gebruik
    toegekend_cent: int
    vraagt: tuple[Vraag, ...]
    maand: date
    gedeclareerd: bool

    @property
    def omvang(self) -> str:
        """The omvang in words."""
        return omvang_zin(self.versie.omvang, self.versie.budget)

    @property
    def kan_declareren(self) -> bool:
        """Whether `maand` lies in the toewijzing and nothing of it was granted yet; a start is not needed for that (OP364)."""
        versie = self.versie
        lies_in = versie.ingangsdatum <= laatste_dag(self.maand) and (versie.einddatum or self.maand) >= self.maand
        return lies_in and not versie.is_verwijderd and not self.gedeclareerd


@dataclass(frozen=True, slots=True, kw_only=True)
class EigenPrestatie:
    """One claimed line on a toewijzing; `bedrag_cent` is negative for a credit."""

    bericht_nr: int
    begindatum: date
    einddatum: date
    hoeveel: str
    bedrag_cent: int
    is_credit: bool
    toegekend: bool
    is_gecrediteerd: bool
    retourcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemeld:
    """A start or stop that counts; `einddatum` and `reden` of a stop."""

    bericht_nr: int
    begindatum: date
    einddatum: date | None
    reden: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EigenBeeld:
    """One toewijzing with all that followed.

    Attributes:
        client: As the 301 has it.
        versies: What counts, oldest first; a line that a later 301 repeated unchanged stands there once.
        opties: What may be reported now.
    """

    regel: EigenToewijzing
    stand_van: datetime
    client: Client = field(repr=False)
    stand: Meldstand
    versies: tuple[Toewijzing, ...]
    gemeld: tuple[Gemeld, ...]
    prestaties: tuple[EigenPrestatie, ...]
    opties: tuple[Meldoptie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EigenWerk:
    """What asks for attention; numbers of toewijzingen, and of berichten in the postvak."""

    stand_van: datetime
    nieuw: int
    gewijzigd: int
    niet_gestart: int
    afgelopen: int
    loopt: int
    postvak: int


async def lijst_eigen_toewijzingen(wereld: Wereld, actor: Actor, keuze: Keuze, cursor: str | None = None) -> Bladzijde[EigenToewijzing]:
    """One page of the toewijzingen of the aanbieder, the last sent first.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        CursorOngeldig: The cursor is not one of ours.
    """
    agb, days = eigen_agb(actor), dagen_op(wereld.vandaag)
    na = None
    if cursor is not None:
        bericht_nr, volgnr = read_sleutel(cursor, 2)
        na = (bericht_nr, volgnr)
    async with wereld.pool.acquire() as connection:
        rows = await store_aanbieder.list_own(connection, agb, days, keuze, na, LIJST_MAX + 1)
    kept = rows[:LIJST_MAX]
    items = await asyncio.to_thread(_as_eigen, wereld, kept, days)
    return Bladzijde(items=items, volgende=make_cursor(kept[-1]["bericht_nr"], kept[-1]["volgnr"]) if len(rows) > LIJST_MAX else None)


async def toon_eigen_toewijzing(wereld: Wereld, actor: Actor, domein: str, gemeente: str, nummer: int) -> EigenBeeld:
    """One toewijzing of the aanbieder.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        NietGevonden: The aanbieder has no such toewijzing.
    """
    agb, days = eigen_agb(actor), dagen_op(wereld.vandaag)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await store_aanbieder.find_own(connection, agb, days, domein, gemeente, nummer)
        if row is None:
            raise NietGevonden("Deze toewijzing bestaat niet, of is niet aan u gestuurd.")
        versie = store.as_versie(row)
        versies = await store_tonen.versions(connection, domein, gemeente, nummer)
        leveringen = await store_wijzigen.deliveries(connection, versie)
        prestaties = await store_aanbieder.prestaties(connection, agb, domein, gemeente, nummer)
    client = await asyncio.to_thread(_client_in, wereld, row)
    stand = Meldstand(versie=versie, leveringen=leveringen)
    return EigenBeeld(
        regel=_as_regel(row, client, days),
        stand_van=wereld.nu,
        client=client,
        stand=stand,
        versies=_distinct(row for row in versies if row["agb"] == agb),
        gemeld=tuple(
            Gemeld(bericht_nr=each.bericht_nr, begindatum=each.begindatum, einddatum=each.einddatum, reden=each.reden_beeindiging)
            for each in leveringen
        ),
        prestaties=tuple(_as_prestatie(each) for each in prestaties),
        opties=options(stand, wereld.vandaag),
    )


async def zoek_eigen_client(wereld: Wereld, actor: Actor, bsn: str) -> int:
    """The client with a Bsn; that it was asked is logged, the number is not.

    Raises:
        OngeldigVerzoek: It is no Bsn.
        NietGevonden: The aanbieder has no toewijzing of this client.
    """
    agb = eigen_agb(actor)
    digits = "".join(character for character in bsn if character.isdecimal())
    if not is_bsn(digits):
        raise OngeldigVerzoek("Dit is geen geldig BSN. Een BSN heeft 9 cijfers; controleer of er geen cijfers zijn verwisseld.")
    log.info("bsn_searched", by=actor.naam)
    async with wereld.pool.acquire() as connection:
        client_id = await store.find_client(connection, wereld.kluis.pseudoniem(digits))
        if client_id is not None:
            keuze = Keuze(client_id=client_id)
            if await store_aanbieder.list_own(connection, agb, dagen_op(wereld.vandaag), keuze, None, 1):
                return client_id
    raise NietGevonden("Van deze cliënt hebt u geen toewijzing.")


async def tel_eigen_werk(wereld: Wereld, actor: Actor) -> EigenWerk:
    """What asks for attention of the aanbieder.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    async with wereld.pool.acquire() as connection:
        row = await store_aanbieder.count_own(connection, eigen_agb(actor), wereld.vandaag)
    return EigenWerk(stand_van=wereld.nu, **dict(row))


async def toewijzingen_in(wereld: Wereld, actor: Actor, bericht_nr: int) -> tuple[tuple[str, str, int], ...]:
    """The toewijzingen that a 301 to the aanbieder is about, as (domein, gemeente, number); none for another bericht.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    async with wereld.pool.acquire() as connection:
        rows = await store_aanbieder.lines_of(connection, bericht_nr, eigen_agb(actor))
    return tuple((row["domein"], row["gemeente"], row["toewijzing_nummer"]) for row in rows)


async def eigen_gemeente_namen(wereld: Wereld, actor: Actor) -> dict[str, str]:
    """The gemeenten that sent a toewijzing to the aanbieder, by code, in order of name.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    async with wereld.pool.acquire() as connection:
        return await store_aanbieder.own_gemeenten(connection, eigen_agb(actor))


def dagen_op(vandaag: date) -> Dagen:
    """Today with the month before it."""
    last = vandaag.replace(day=1) - timedelta(days=1)
    return Dagen(vandaag=vandaag, maand_van=last.replace(day=1), maand_tot=last)


def asks(
    versie: Toewijzing,
    stand: str,
    gestart_op: date | None,
    gestopt_op: date | None,
    gedeclareerd: bool,
    dagen: Dagen,
    *,
    is_op: bool = False,
) -> tuple[Vraag, ...]:
    """What a toewijzing asks: to report a start or a stop, and to claim the month before when care was delivered in it and something is left."""
    found = []
    if stand == "niet_gestart":
        found.append(Vraag.START_MELDEN)
    if stand == "afgelopen":
        found.append(Vraag.STOP_MELDEN)
    until = min(gestopt_op or date.max, versie.einddatum or date.max)
    delivered = gestart_op is not None and gestart_op <= dagen.maand_tot and until >= dagen.maand_van and stand != "ingetrokken"
    if delivered and not gedeclareerd and not is_op:
        found.append(Vraag.DECLAREREN)
    return tuple(found)


def use_of(versie: Toewijzing, verbruik: dict[str, int]) -> Gebruik:
    """Granted volume and what is left (TR322), hours in hours when both are whole."""
    words = ", ".join(hoeveel(volume, eenheid) for eenheid, volume in sorted(verbruik.items()) if volume) or None
    if versie.omvang is None:
        return Gebruik(gebruikt=words)
    eenheid = versie.omvang.eenheid
    most = volume_over_looptijd(versie.omvang, (versie.ingangsdatum, versie.einddatum))
    if not most:
        return Gebruik(gebruikt=words)
    total = as_basis(most, eenheid)
    used = sum(as_basis(volume, each) for each, volume in verbruik.items() if passende_eenheid(eenheid, each))
    left = max(0, total - used)
    in_hours = eenheid == UUR and left % MINUTEN_PER_UUR == 0
    rest = hoeveel(left // MINUTEN_PER_UUR, UUR) if in_hours else hoeveel(left, MINUUT if eenheid == UUR else eenheid)
    return Gebruik(gebruikt=words, hoogstens=hoeveel(most, eenheid), resteert=rest, promille=max(0, used) * 1000 // total)


def is_used_up(versie: Toewijzing, gebruik: Gebruik, verbruik: dict[str, int]) -> bool:
    """Whether nothing is left to claim: of the omvang (TR322), or of the budget in euros (TR369)."""
    of_budget = versie.budget is not None and verbruik.get(EURO, 0) >= versie.budget
    return of_budget or (gebruik.promille is not None and gebruik.promille >= 1000)


def _as_eigen(wereld: Wereld, rows: Sequence[Any], dagen: Dagen) -> tuple[EigenToewijzing, ...]:
    """Rows as values; a 301 that several lines share is read once."""
    clients: dict[int, Client] = {}
    for row in rows:
        if row["bericht_nr"] not in clients:
            clients[row["bericht_nr"]] = _client_in(wereld, row)
    return tuple(_as_regel(row, clients[row["bericht_nr"]], dagen) for row in rows)


def _as_regel(row: Any, client: Client, dagen: Dagen) -> EigenToewijzing:
    versie = store.as_versie(row)
    gestart, gestopt, verbruik = row["gestart_op"], row["gestopt_op"], json.loads(row["verbruik"] or "{}")
    gebruik = use_of(versie, verbruik)
    return EigenToewijzing(
        versie=versie,
        naam=_name(client),
        gebruik=gebruik,
        vraagt=asks(versie, row["stand"], gestart, gestopt, row["gedeclareerd"], dagen, is_op=is_used_up(versie, gebruik, verbruik)),
        maand=dagen.maand_van,
        **{
            name: row[name]
            for name in ("gemeente_naam", "omschrijving", "stand", "merk", "gestart_op", "gestopt_op", "toegekend_cent", "gedeclareerd")
        },
    )


def _client_in(wereld: Wereld, row: Any) -> Client:
    """The client of a stored 301."""
    data = wereld.kluis.lees(row["sleutel_versie"], row["inhoud"], kenmerk(row["sha256"]))
    client = read(parse(data), catalogue.soort(row["domein"], "301")).client
    if client is None:
        raise AssertionError("a 301 that was accepted has a client")
    return client


def _name(client: Client) -> str:
    naam = client.naam
    if naam is None:
        return "naam onbekend"
    parts = (naam.voornamen or naam.voorletters, naam.geslachtsnaam.voorvoegsel, naam.geslachtsnaam.achternaam)
    return " ".join(part for part in parts if part)


def _as_prestatie(row: Any) -> EigenPrestatie:
    return EigenPrestatie(
        bericht_nr=row["bericht_nr"],
        begindatum=row["begindatum"],
        einddatum=row["einddatum"],
        hoeveel=hoeveel(row["volume"], row["eenheid"]),
        bedrag_cent=-row["bedrag_cent"] if row["is_credit"] else row["bedrag_cent"],
        is_credit=row["is_credit"],
        toegekend=row["toegekend"],
        is_gecrediteerd=row["is_gecrediteerd"],
        retourcodes=tuple(row["retour_codes"]),
    )


def _distinct(rows: Iterable[Any]) -> tuple[Toewijzing, ...]:
    """Versions that count, by their moment; a repeat carries the moment it had (IV013)."""
    seen: dict[tuple[date, str], Toewijzing] = {}
    for row in rows:
        if row["ingetrokken_door"] is None:
            versie = store.as_versie(row)
            seen.setdefault(versie.volgorde, versie)
    return tuple(seen[moment] for moment in sorted(seen))
