"""Requests of aanbieders (315, 317) as work: the list by the day they are due, one of them in words, and deciding on it.

A grant is a 301, everything else a 319; both go through the door of all berichten. Names come from the berichten of the request and of the gemeente.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import structlog

from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing import store, store_verzoeken, store_wijzigen
from app.composing.betekenis import Betekenis, explain
from app.composing.invullen import Veldfout, Wie, answers_of
from app.composing.opstellen import region_of
from app.composing.service import begin_concept
from app.composing.service_wijzigen import Effect, effect_of, judge, new_seal, sent_before, trial_seal
from app.composing.toewijzen import compose_301, with_current
from app.composing.verzoeken import (
    Besluitkeuze,
    Keus,
    Toekenning,
    Zij,
    answer_of,
    beside_315,
    beside_317,
    compose_319,
    grant_315,
    grant_317,
    read_keuze,
)
from app.composing.wie import eigen_gemeenten, zichtbare_gemeenten
from app.composing.zegel import Zegel
from app.domain.bericht import Bericht, Client, Domein
from app.domain.bevinding import Bevinding
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor
from app.domain.snapshot import Snapshot, Toewijzing, VerzoekStatus
from app.domain.toewijzing import ToegewezenProduct
from app.domain.verzoek import AangevraagdProduct, Verwijzer
from app.domain.werkdagen import werkdagen_tot
from app.intake import ontvang
from app.mailbox import kenmerk
from app.mailbox.bladzijde import Bladzijde, CursorOngeldig, make_cursor, read_sleutel
from app.standard import catalogue, codelists
from app.standard.reading import read

log = structlog.get_logger(__name__)

LIJST_MAX = 25
ONBEKEND_ADRES = (
    "Uw gemeente kent het adres van deze cliënt nog niet, en een toewijzing kan niet zonder. Kies ‘Vul een toewijzing in’: wat is gevraagd, "
    "staat al ingevuld; u vult het adres aan."
)
EUROS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzoekkop:
    """A request as the worklist has it; `wat` says in words what is asked.

    Attributes:
        beslistermijn: Last day to decide (OP274, OP346), `werkdagen` the working days left, negative when late.
        woonplaats_tot: Last day to refuse by the woonplaatsbeginsel (OP359), while it is still ahead.
    """

    bericht_nr: int
    volgnr: int
    domein: Domein
    gemeente: str
    agb: str
    client_id: int
    soort: str
    referentie: str
    status: VerzoekStatus
    ontvangen: date
    beslistermijn: date
    werkdagen: int
    woonplaats_tot: date | None
    besluit_nr: int | None
    besluit_datum: date | None
    aanbieder_naam: str
    naam: str = field(repr=False)
    wat: str

    @property
    def id(self) -> str:
        """As an address names it."""
        return f"{self.bericht_nr}-{self.volgnr}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzoekbeeld:
    """One request with all that a decision needs.

    Attributes:
        zijden: What is asked, beside what is there now.
        omschrijvingen: Names of products by (categorie, code).
        reden: Why the aanbieder asks (317), in words.
        client: As the gemeente knows it, or as the 315 has it; None when neither does.
        is_bekend: Whether the gemeente sent a 301 about the client before.
        eigen: The toewijzingen of the client under the gemeente, at every aanbieder, in their current version.
    """

    kop: Verzoekkop
    zijden: tuple[Zij, ...]
    omschrijvingen: Mapping[tuple[str, str], str]
    namen: Mapping[str, str]
    reden: str | None
    verwijzer: Verwijzer | None
    verwijzer_soort: str | None
    commentaar: str | None
    aangevraagd: AangevraagdProduct | None
    bericht: Bericht = field(repr=False)
    client: Client | None = field(repr=False)
    is_bekend: bool
    eigen: tuple[Toewijzing, ...]
    huidig: Mapping[int, Toewijzing]
    region: Snapshot = field(repr=False)
    mag_versturen: bool

    @property
    def is_open(self) -> bool:
        """Whether a decision is owed."""
        return self.kop.status.is_onderhanden


@dataclass(frozen=True, slots=True, kw_only=True)
class Besluitvoorstel:
    """What a decision would be and do.

    Attributes:
        lines: Of the 301, in order; empty for a 319.
        betekenissen: What each new or changed line means, by ToewijzingNummer.
        effect: On the commitment; None for a 319.
        beletsel: Why no bericht can be made of it, in a sentence.
    """

    beeld: Verzoekbeeld
    keuze: Besluitkeuze | None = None
    fouten: tuple[Veldfout, ...] = ()
    lines: tuple[ToegewezenProduct, ...] = ()
    betekenissen: Mapping[int, Betekenis] = field(default_factory=dict)
    effect: Effect | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    beletsel: str | None = None
    zegel: Zegel | None = None
    xml: bytes | None = field(default=None, repr=False)

    @property
    def verzendbaar(self) -> bool:
        """Whether it can be sent."""
        return self.xml is not None and not self.bevindingen and self.beeld.mag_versturen and self.beeld.is_open


class BesluitOngeldig(OngeldigVerzoek):
    """Dit besluit kan zo niet worden verstuurd."""

    def __init__(self, voorstel: Besluitvoorstel) -> None:
        super().__init__(voorstel.beletsel or "Dit besluit kan zo niet worden verstuurd. Bekijk wat er niet klopt.")
        self.voorstel = voorstel


async def werklijst(wereld: Wereld, actor: Actor, cursor: str | None = None, gemeente: str | None = None) -> Bladzijde[Verzoekkop]:
    """One page of undecided requests, what is due first first.

    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        CursorOngeldig: The cursor is not one of ours.
    """
    gemeenten = zichtbare_gemeenten(actor)
    na = None if cursor is None else _read_plek(cursor)
    async with wereld.pool.acquire() as connection:
        rows = await store_verzoeken.open_requests(connection, gemeenten, gemeente=gemeente, na=na, limit=LIJST_MAX + 1)
    kept = rows[:LIJST_MAX]
    items = await asyncio.to_thread(lambda: tuple(_as_kop(wereld, row, *_read_row(wereld, row)) for row in kept))
    last = items[-1] if len(rows) > LIJST_MAX else None
    volgende = None if last is None else make_cursor(last.beslistermijn.toordinal(), last.bericht_nr, last.volgnr)
    return Bladzijde(items=items, volgende=volgende)


async def volgend_verzoek(wereld: Wereld, actor: Actor, bericht_nr: int, volgnr: int) -> Verzoekkop | None:
    """The request that is due first besides this one; None when that was the last."""
    gemeenten = sorted(eigen_gemeenten(actor))
    async with wereld.pool.acquire() as connection:
        rows = await store_verzoeken.open_requests(connection, gemeenten, zonder=(bericht_nr, volgnr), limit=1)
    return None if not rows else await asyncio.to_thread(lambda: _as_kop(wereld, rows[0], *_read_row(wereld, rows[0])))


async def toon_verzoek(wereld: Wereld, actor: Actor, bericht_nr: int, volgnr: int) -> Verzoekbeeld:
    """One request.

    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        NietGevonden: There is no such request, or not for this actor.
    """
    gemeenten = zichtbare_gemeenten(actor)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await store_verzoeken.find_request(connection, bericht_nr, volgnr, gemeenten)
        if row is None:
            raise NietGevonden("Dit verzoek bestaat niet, of niet voor u.")
        gevraagd, eerder = await asyncio.to_thread(_read_row, wereld, row)
        kop = _as_kop(wereld, row, gevraagd, eerder)
        huidig = {each.toewijzing_nummer: each for each in await _current(connection, kop)}
        eigen = await store.current_of_client(connection, kop.client_id, kop.gemeente, kop.domein)
        asked = gevraagd.client
        assert asked is not None, "a request is about a client"
        zijden = beside_317(asked.verzoek, huidig) if asked.verzoek else beside_315(asked.aangevraagde_producten[kop.volgnr - 1])
        descriptions = await store.descriptions(connection, kop.domein, min((each.van for each in zijden), default=wereld.vandaag))
        names = await store.names_of(connection, sorted({each.agb for each in eigen}))
        region = await region_of(connection, Wie(gemeente=kop.gemeente, domein=kop.domein, bsn=""), kop.agb)
    aangevraagd = None if asked.verzoek else asked.aangevraagde_producten[kop.volgnr - 1]
    verwijzer = None if aangevraagd is None else aangevraagd.verwijzer
    return Verzoekbeeld(
        kop=kop,
        zijden=zijden,
        omschrijvingen={key: naam for key, (naam, _) in descriptions.items()},
        namen=names,
        reden=None if asked.verzoek is None else codelists.meaning(kop.domein, "RedenVerzoek", asked.verzoek.reden_verzoek),
        verwijzer=verwijzer,
        verwijzer_soort=None if verwijzer is None else codelists.meaning(kop.domein, "TypeVerwijzer", verwijzer.type),
        commentaar=None if aangevraagd is None else aangevraagd.commentaar,
        aangevraagd=aangevraagd,
        bericht=gevraagd,
        client=eerder or (None if asked.verzoek else replace(asked, aangevraagde_producten=())),
        is_bekend=eerder is not None,
        eigen=eigen,
        huidig=huidig,
        region=region,
        mag_versturen=kop.gemeente in eigen_gemeenten(actor),
    )


async def _current(connection: Any, kop: Verzoekkop) -> tuple[Toewijzing, ...]:
    return await store_wijzigen.of_client(connection, kop.client_id, kop.gemeente, kop.domein, kop.agb)


async def bekijk_besluit(
    wereld: Wereld,
    actor: Actor,
    bericht_nr: int,
    volgnr: int,
    antwoorden: Mapping[str, str],
    zegel: Zegel | None = None,
    *,
    proef: bool = False,
) -> Besluitvoorstel:
    """What a decision would be and do, judged against everything.

    Args:
        antwoorden: `keus`, `reden`, `gemeente` (see `read_keuze`).
        zegel: Of an earlier look; without it the bericht gets its numbers, or with `proef` numbers that nobody has.
    Raises:
        NietToegestaan: The actor is no access team and no gemeente.
        NietGevonden: There is no such request, or not for this actor.
    """
    beeld = await toon_verzoek(wereld, actor, bericht_nr, volgnr)
    kop = beeld.kop
    known = frozenset(row.code for row in codelists.rows("ijw", "Gemeente") if row.is_valid_on(wereld.vandaag))
    keuze = read_keuze(antwoorden, kop.domein, kop.status, known - {kop.gemeente})
    if not isinstance(keuze, Besluitkeuze):
        return Besluitvoorstel(beeld=beeld, fouten=keuze)
    if not beeld.is_open:
        return Besluitvoorstel(beeld=beeld, keuze=keuze, beletsel=f"Dit verzoek is al {kop.status.value}; er valt niets meer te besluiten.")
    if keuze.keus is Keus.TOEWIJZEN:
        return await _grant(wereld, actor, beeld, keuze, zegel, proef=proef)
    zegel = zegel or (trial_seal(wereld, 0) if proef else await new_seal(wereld, kop.domein, kop.gemeente, 0))
    bericht = compose_319(
        domein=kop.domein,
        gemeente=kop.gemeente,
        agb=kop.agb,
        antwoord=answer_of(keuze, kop.referentie),
        identificatie=zegel.identificatie,
        vandaag=wereld.vandaag,
    )
    return await _judged(wereld, actor, Besluitvoorstel(beeld=beeld, keuze=keuze, zegel=zegel), bericht)


async def _grant(
    wereld: Wereld, actor: Actor, beeld: Verzoekbeeld, keuze: Besluitkeuze, zegel: Zegel | None, *, proef: bool
) -> Besluitvoorstel:
    """The 301 that grants what was asked."""
    kop, voorstel = beeld.kop, Besluitvoorstel(beeld=beeld, keuze=keuze)
    if beeld.client is None:
        return replace(voorstel, beletsel="De gegevens van de cliënt zijn niet gevonden; wijs het verzoek af.")
    if not beeld.client.contactgegevens:
        return replace(voorstel, beletsel=ONBEKEND_ADRES)
    try:
        aantal = len(_toekenning(beeld, trial_seal(wereld, 0)).nieuw)
    except OngeldigVerzoek as error:
        return replace(voorstel, beletsel=error.melding)
    zegel = zegel or (trial_seal(wereld, aantal) if proef else await new_seal(wereld, kop.domein, kop.gemeente, aantal))
    if len(zegel.nummers) != aantal:
        return replace(voorstel, beletsel="De toewijzingen van de cliënt zijn intussen gewijzigd. Bekijk opnieuw wat er wordt verstuurd.")
    made = _toekenning(beeld, zegel).lines(zegel.nummers)
    # A granted 317 carries its reference on every line (IV093); a granted 315 only on its own (IV094).
    lines = with_current(made, beeld.huidig.values(), vandaag=wereld.vandaag, referentie=kop.referentie if kop.soort == "317" else None)
    versies = [_as_versie(beeld, each) for each in lines]
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        effect = await effect_of(connection, kop.domein, versies, beeld.region)
    bericht = compose_301(
        domein=kop.domein,
        gemeente=kop.gemeente,
        agb=kop.agb,
        client=beeld.client,
        producten=lines,
        identificatie=zegel.identificatie,
        vandaag=wereld.vandaag,
    )
    betekenissen = {each.toewijzing_nummer: explain(each, beeld.region) for each in versies}
    return await _judged(wereld, actor, replace(voorstel, lines=lines, betekenissen=betekenissen, effect=effect, zegel=zegel), bericht)


def _toekenning(beeld: Verzoekbeeld, zegel: Zegel) -> Toekenning:
    asked = beeld.bericht.client
    if beeld.aangevraagd is not None:
        return grant_315(beeld.aangevraagd, zegel.besluit)
    assert asked is not None
    assert asked.verzoek is not None
    return grant_317(asked.verzoek, beeld.huidig, zegel.besluit)


def _as_versie(beeld: Verzoekbeeld, line: ToegewezenProduct) -> Toewijzing:
    """The register's version that a line would become."""
    kop = beeld.kop
    return Toewijzing(
        bericht_nr=0,
        domein=kop.domein,
        gemeente=kop.gemeente,
        agb=kop.agb,
        client_id=kop.client_id,
        toewijzing_nummer=line.toewijzing_nummer,
        categorie=None if line.product is None else line.product.categorie,
        code=None if line.product is None else line.product.code,
        toewijzingsdatum=line.toewijzingsdatum,
        toewijzingstijd=line.toewijzingstijd,
        ingangsdatum=line.ingangsdatum,
        einddatum=line.einddatum,
        reden_wijziging=line.reden_wijziging,
        omvang=line.omvang,
        budget=line.budget,
        referentie_aanbieder=line.referentie_aanbieder,
    )


async def _judged(wereld: Wereld, actor: Actor, voorstel: Besluitvoorstel, bericht: Bericht) -> Besluitvoorstel:
    """With the bytes and what judging finds, for who may send."""
    if not voorstel.beeld.mag_versturen:
        return replace(voorstel, beletsel="U kunt niet namens deze gemeente versturen.")
    xml, bevindingen = await judge(wereld, actor, bericht)
    return replace(voorstel, xml=xml, bevindingen=bevindingen)


async def verstuur_besluit(
    wereld: Wereld, actor: Actor, bericht_nr: int, volgnr: int, antwoorden: Mapping[str, str], zegel: Zegel | None = None
) -> int:
    """Send a decision; returns the number of the 301 or 319. With the seal of a look, sending twice sends once.

    Raises:
        NietToegestaan: The actor may not send for the gemeente.
        NietGevonden: There is no such request, or not for this actor.
        Conflict: It was decided meanwhile.
        BesluitOngeldig: Something is missing, or judging would refuse it; carries what.
        Geweigerd: The door refuses it after all.
    """
    beeld = await toon_verzoek(wereld, actor, bericht_nr, volgnr)
    kop = beeld.kop
    if not beeld.mag_versturen:
        raise NietToegestaan("U kunt niet namens deze gemeente versturen. Vraag uw beheerder om uw account die gemeente te geven.")
    if zegel is not None and (sent := await sent_before(wereld, kop.domein, kop.gemeente, kop.agb, zegel)) is not None:
        return sent
    if not beeld.is_open:
        raise Conflict(f"Dit verzoek is al {kop.status.value}.")
    voorstel = await bekijk_besluit(wereld, actor, bericht_nr, volgnr, antwoorden, zegel)
    if not voorstel.verzendbaar or voorstel.xml is None or voorstel.keuze is None:
        raise BesluitOngeldig(voorstel)
    done = await ontvang(wereld, actor, voorstel.xml)
    log.info("besluit_sent", bericht_nr=done.bericht_nr, verzoek=kop.id, keus=voorstel.keuze.keus.value)
    return done.bericht_nr


async def begin_afwijkend(wereld: Wereld, actor: Actor, bericht_nr: int, volgnr: int) -> int:
    """A draft with what a product of a 315 asks, to grant it otherwise or to add what is not known of the client (IV094).

    Raises:
        NietGevonden: There is no such request, or not for this actor.
        OngeldigVerzoek: It is a 317, which is granted as it was asked or not at all (IV093).
    """
    beeld = await toon_verzoek(wereld, actor, bericht_nr, volgnr)
    asked, kop = beeld.aangevraagd, beeld.kop
    if asked is None:
        raise OngeldigVerzoek("Een verzoek om wijziging wordt toegewezen zoals het is gevraagd, of afgewezen (IV093).")
    client = beeld.bericht.client
    assert client is not None
    product = asked.product
    unit = "" if asked.omvang is None else asked.omvang.eenheid
    answers = {
        **answers_of(beeld.client or client),
        "gemeente": kop.gemeente,
        "domein": kop.domein,
        "bsn": client.bsn,
        "agb": kop.agb,
        "ingangsdatum": asked.toewijzing_ingangsdatum.isoformat(),
        "einddatum": "" if asked.toewijzing_einddatum is None else asked.toewijzing_einddatum.isoformat(),
        "product": "" if product is None else f"{product.categorie}|{product.code or ''}|{unit}",
        "volume": "" if asked.omvang is None else str(asked.omvang.volume),
        "frequentie": "" if asked.omvang is None else asked.omvang.frequentie,
        "budget": "" if asked.budget is None else f"{asked.budget // EUROS},{asked.budget % EUROS:02d}",
        "referentie": asked.referentie_aanbieder,
    }
    return await begin_concept(wereld, actor, answers)


def _read_plek(cursor: str) -> tuple[date, int, int]:
    dag, bericht_nr, volgnr = read_sleutel(cursor, 3)
    try:
        return date.fromordinal(dag), bericht_nr, volgnr
    except (ValueError, OverflowError) as error:
        raise CursorOngeldig from error


def _read_row(wereld: Wereld, row: Any) -> tuple[Bericht, Client | None]:
    """The 315 or 317 of a request, and the client as the newest 301 of the gemeente has it."""
    data = wereld.kluis.lees(row["sleutel_versie"], row["inhoud"], kenmerk(row["sha256"]))
    gevraagd = read(parse(data), catalogue.soort(row["domein"], row["soort"]))
    if row["eerder_inhoud"] is None:
        return gevraagd, None
    data = wereld.kluis.lees(row["eerder_sleutel_versie"], row["eerder_inhoud"], kenmerk(row["eerder_sha256"]))
    return gevraagd, read(parse(data), catalogue.soort(row["domein"], "301")).client


def _as_kop(wereld: Wereld, row: Any, gevraagd: Bericht, eerder: Client | None) -> Verzoekkop:
    termijn = row["woonplaatstermijn"]
    return Verzoekkop(
        bericht_nr=row["bericht_nr"],
        volgnr=row["volgnr"],
        domein=row["domein"],
        gemeente=row["gemeente"],
        agb=row["agb"],
        client_id=row["client_id"],
        soort=row["soort"],
        referentie=row["referentie_aanbieder"],
        status=VerzoekStatus(row["status"]),
        ontvangen=row["ontvangst_datum"],
        beslistermijn=row["beslistermijn"],
        werkdagen=werkdagen_tot(wereld.vandaag, row["beslistermijn"], vrije_dagen()),
        woonplaats_tot=termijn if termijn is not None and termijn >= wereld.vandaag else None,
        besluit_nr=row["besluit_nr"],
        besluit_datum=row["besluit_datum"],
        aanbieder_naam=row["aanbieder_naam"],
        naam=_name_of(eerder) or _name_of(gevraagd.client) or "naam onbekend",
        wat=_what(row, gevraagd),
    )


def _what(row: Any, gevraagd: Bericht) -> str:
    """What is asked, short."""
    client = gevraagd.client
    if client is not None and client.verzoek is not None:
        parts = ((len(client.verzoek.te_wijzigen_producten), "te wijzigen"), (len(client.verzoek.nieuwe_producten), "nieuw"))
        return "Wijziging: " + (", ".join(f"{count} {word}" for count, word in parts if count) or "niets verandert")
    return f"Toewijzing van {' '.join(part for part in (row['categorie'], row['code']) if part) or 'een budget'}"


def _name_of(client: Client | None) -> str:
    if client is None or client.naam is None:
        return ""
    naam = client.naam
    parts = (naam.voornamen or naam.voorletters, naam.geslachtsnaam.voorvoegsel, naam.geslachtsnaam.achternaam)
    return " ".join(part for part in parts if part)
