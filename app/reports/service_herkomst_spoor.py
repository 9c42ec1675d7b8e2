"""The way of one prestatie: from the file in which it was declared to the verevening in which it ended, as steps a controller can follow.

Every kind of step has a giver in `STAPGEVERS`; a new place where money can end (another table) is a new giver and nothing else. A giver asks a
constant number of queries and gives no step where its table says nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import local_date
from app.adapters.wereld import Wereld
from app.domain.bedrag import euro
from app.domain.errors import NietGevonden
from app.domain.partij import Actor, aanbieder, gemeente
from app.domain.periode import maand_van
from app.ledger import REKENINGSOORTEN
from app.mailbox import kenmerk, make_cursor
from app.mailbox.bladzijde import page_size, read_sleutel
from app.reports import store, store_herkomst
from app.reports import store_herkomst_spoor as rows
from app.reports.berichten import mag_inhoud_zien
from app.reports.herkomst import (
    BerichtBron,
    Doel,
    HerkomstFilter,
    HerkomstRegel,
    PrestatieBron,
    PrestatieSpoor,
    Stap,
    StapSoort,
    ToewijzingSpoor,
    Verwijzing,
    versie_voor,
)
from app.reports.herkomst_plek import Plek, fragment_van, plek_van_prestatie
from app.reports.herkomst_verevening import Afspraak, afspraak_van, regel_van
from app.reports.herkomst_woorden import betaalt, dag, frequentie, maand, maand_en_jaar, omvang, per_eenheid, pot_woord
from app.reports.lezen import lezen
from app.reports.oorzaken import betekenis
from app.reports.service_herkomst import met_bronnen, must_see_money, naam_van_client
from app.reports.store_herkomst import ToewijzingSleutel
from app.solidarity.runinvoer import VORM

NIET_GEVONDEN = "Deze prestatie bestaat niet, of zij is niet van een gemeente waarvoor u werkt."
BOEKINGEN_MAX = 50
"""Transfers of one prestatie: one when it was granted, two more each time it was judged anew."""
BOEKINGSOORTEN = frozenset({"prestatie", "prestatie_credit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Onderwerp:
    """What the givers of steps share: who asks, the prestatie, and what was read of it already.

    Attributes:
        namen: Names of gemeenten by code, of aanbieders and gemeenten by partij.
        plek: Where it stands in the bytes; None when those are not kept.
        transfers: Its transfers, in order.
    """

    wereld: Wereld
    actor: Actor
    prestatie: PrestatieBron
    bericht: BerichtBron
    namen: Mapping[str, str]
    zorgvormen: Mapping[str, str]
    plek: Plek | None
    transfers: tuple[HerkomstRegel, ...]

    def naam(self, partij: str) -> str:
        """A party by name, or by its code."""
        return self.namen.get(partij) or partij.partition(":")[2]

    @property
    def drager(self) -> str:
        """The gemeente that bears the cost, by name."""
        return self.naam(gemeente(self.prestatie.gemeente_drager))

    @property
    def zorgvorm(self) -> str:
        """The zorgvorm by name."""
        return self.zorgvormen.get(self.prestatie.zorgvorm) or self.prestatie.zorgvorm

    @property
    def toewijzing(self) -> ToewijzingSleutel:
        """The toewijzing that it was declared on."""
        return ToewijzingSleutel(self.prestatie.domein, self.prestatie.gemeente, self.prestatie.toewijzing_nummer)


Stapgever = Callable[[AsyncConnection, Onderwerp], Awaitable[list[Stap]]]
"""Gives the steps of one kind."""


async def read_spoor(wereld: Wereld, actor: Actor, bericht_nr: int, regel: int) -> PrestatieSpoor:
    """The way of a prestatie.

    Raises:
        NietToegestaan: The actor is an aanbieder.
        NietGevonden: There is no such prestatie, or it is of another gemeente.
    """
    must_see_money(actor)
    async with lezen(wereld) as connection:
        prestatie = (await store_herkomst.load_prestaties(connection, {(bericht_nr, regel)})).get((bericht_nr, regel))
        if prestatie is None or not _mag_zien(actor, prestatie):
            raise NietGevonden(NIET_GEVONDEN)
        bericht = (await store_herkomst.load_berichten(connection, {bericht_nr}))[bericht_nr]
        stored = await store.load_inhoud(connection, bericht_nr)
        plek, fragment = (None, None) if stored is None else await asyncio.to_thread(_zoek, wereld, stored, regel)
        found = await store_herkomst.list_transfers_van(connection, bericht_nr, regel, BOEKINGSOORTEN, BOEKINGEN_MAX)
        onderwerp = Onderwerp(
            wereld=wereld,
            actor=actor,
            prestatie=prestatie,
            bericht=bericht,
            namen=await store.load_namen(
                connection, {aanbieder(prestatie.agb), gemeente(prestatie.gemeente), gemeente(prestatie.gemeente_drager)}
            ),
            zorgvormen=await store.load_zorgvormnamen(connection),
            plek=plek,
            transfers=tuple(await met_bronnen(connection, wereld, actor, found)),
        )
        stappen = [stap for gever in STAPGEVERS for stap in await gever(connection, onderwerp)]
    mag_inhoud = mag_inhoud_zien(actor, bericht.van, bericht.aan)
    return PrestatieSpoor(
        stand_van=wereld.nu,
        prestatie=prestatie,
        client=naam_van_client(wereld, actor, prestatie.client_id),
        stappen=tuple(stappen),
        mag_inhoud=mag_inhoud,
        fragment=fragment if mag_inhoud else None,
    )


def _mag_zien(actor: Actor, prestatie: PrestatieBron) -> bool:
    """Who was sent it, and who bears it."""
    return actor.gemeenten is None or not actor.gemeenten.isdisjoint({prestatie.gemeente, prestatie.gemeente_drager})


def _zoek(wereld: Wereld, stored: tuple[int, bytes, bytes], regel: int) -> tuple[Plek | None, str | None]:
    """Decrypting and searching 25 MB takes longer than the event loop may wait."""
    sleutel_versie, inhoud, sha256 = stored
    xml = wereld.kluis.lees(sleutel_versie, inhoud, kenmerk(sha256))
    plek = plek_van_prestatie(xml, regel)
    return (None, None) if plek is None else (plek, fragment_van(xml, plek))


async def bestand(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The bytes, and the lines among them."""
    where = "" if o.plek is None else f", regel {o.plek.van_regel} tot en met {o.plek.tot_regel} van het bestand"
    zin = (
        f"{o.naam(o.bericht.van)} stuurde declaratie {o.bericht.identificatie or 'zonder nummer'} (bericht {o.bericht.bericht_nr}) aan"
        f" {o.naam(o.bericht.aan or '')}{where}."
    )
    place = () if o.plek is None else (("van_regel", o.plek.van_regel), ("tot_regel", o.plek.tot_regel), ("pad", o.plek.pad))
    return [
        Stap(
            soort=StapSoort.BESTAND,
            zin=zin,
            op=o.bericht.ontvangen_op,
            gegevens=(("bericht", o.bericht.bericht_nr), ("sha256", o.bericht.sha256), *place),
            naar=Verwijzing(doel=Doel.BERICHT, sleutel=(str(o.bericht.bericht_nr),)),
        )
    ]


async def prestatie(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """What was declared."""
    p = o.prestatie
    what = f"creditregel op referentie {p.vorig_referentie_nummer}" if p.is_credit else "prestatie"
    zin = (
        f"Regel {p.regel} is een {what}: product {p.categorie} {p.code}, {omvang(p.volume, p.eenheid)},"
        f" {dag(p.begindatum)} tot en met {dag(p.einddatum)}."
    )
    facts = (("regel", p.regel), ("referentie", p.referentie_nummer), ("zorgvorm", p.zorgvorm), ("zorgmaand", maand(p.zorgmaand)))
    naar = Verwijzing(doel=Doel.REGEL, sleutel=(str(p.bericht_nr), str(p.regel)))
    return [
        Stap(soort=StapSoort.PRESTATIE, zin=zin, bedrag_cent=-p.bedrag_cent if p.is_credit else p.bedrag_cent, gegevens=facts, naar=naar)
    ]


async def oordeel(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """When it was judged, by which rules, and what they said."""
    p = o.prestatie
    regelset = o.transfers[-1].regelset if o.transfers else None
    by = f" met regelset {regelset}" if regelset else ""
    if p.toegekend:
        zin = f"Toegekend{by}."
    else:
        codes = ", ".join(f"{code} ({betekenis('', code)})" for code in p.retour_codes)
        zin = f"Afgewezen{f': {codes}' if codes else ''}."
    if p.volgnr:
        zin += f" Dit is de uitkomst na {p.volgnr} keer opnieuw beoordelen."
    found = [] if o.plek is None else await rows.list_bevindingen_op(connection, p.bericht_nr, o.plek.pad)
    zin += "".join(f" {row['melding']}" for row in found)
    facts = (
        ("toegekend", p.toegekend),
        ("retourcodes", " ".join(p.retour_codes)),
        ("regelset", regelset),
        ("oordeel_nr", o.bericht.oordeel_nr),
    )
    return [Stap(soort=StapSoort.OORDEEL, zin=zin, op=o.bericht.beoordeeld_op, gegevens=facts)]


async def toewijzing(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The version of the toewijzing by which was judged."""
    versies = (await store_herkomst.load_toewijzingen(connection, [o.toewijzing])).get(o.toewijzing, [])
    found = versie_voor(versies, o.bericht.oordeel_nr)
    number = o.prestatie.toewijzing_nummer
    if found is None:
        return [Stap(soort=StapSoort.TOEWIJZING, zin=f"Toen er werd beoordeeld was er geen toewijzing {number}.")]
    until = f"tot en met {dag(found.einddatum)}" if found.einddatum else "zonder einddatum"
    allowed = (
        f", {omvang(found.volume, found.eenheid)} {frequentie(found.frequentie)}" if found.volume is not None and found.eenheid else ""
    )
    zin = f"Op toewijzing {number} van {dag(found.toewijzingsdatum)} (bericht {found.bericht_nr}): {dag(found.ingangsdatum)} {until}{allowed}."
    facts = (("toewijzing_nummer", number), ("bericht", found.bericht_nr), ("volgnr", found.volgnr), ("versies", len(versies)))
    naar = Verwijzing(doel=Doel.TOEWIJZING, sleutel=tuple(map(str, o.toewijzing)))
    return [Stap(soort=StapSoort.TOEWIJZING, zin=zin, op=found.toewijzingsdatum, gegevens=facts, naar=naar)]


async def tarief(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The line of the contract by which was judged, and what it says that this should cost."""
    p = o.prestatie
    found = (await store_herkomst.load_tarieven(connection, set() if p.tarief_id is None else {p.tarief_id})).get(p.tarief_id or 0)
    if found is None:
        return []
    contract = await rows.load_contract(connection, found.contract, p.begindatum, o.bericht.beoordeeld_op or o.wereld.nu)
    per = "zonder tarief" if found.tarief_cent is None else f"{euro(found.tarief_cent)} {per_eenheid(found.eenheid)}"
    until = f" tot en met {dag(found.geldig_tot)}" if found.geldig_tot else ""
    zin = f"Contract {found.contract}: {per}, geldig vanaf {dag(found.geldig_van)}{until}."
    verwacht = p.verwacht_cent(found)
    if verwacht is not None:
        zin += f" {p.volume} × {euro(found.tarief_cent or 0)} = {euro(verwacht)}."
    facts: tuple[tuple[str, str | int | None], ...] = (
        ("contract", found.contract),
        ("tarief_id", found.tarief_id),
        ("tarief_cent", found.tarief_cent),
        ("geldig_van", found.geldig_van.isoformat()),
        ("geldig_tot", found.geldig_tot.isoformat() if found.geldig_tot else None),
        ("lading_nr", found.lading_nr),
        ("contract_geldig_van", contract.geldig_van.isoformat() if contract else None),
        ("contract_geldig_tot", contract.geldig_tot.isoformat() if contract and contract.geldig_tot else None),
    )
    return [Stap(soort=StapSoort.TARIEF, zin=zin, bedrag_cent=verwacht, gegevens=facts)]


async def boekingen(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """What it moved in the books, each with what undid it."""
    return [_boeking(row) for row in o.transfers]


def _boeking(row: HerkomstRegel) -> Stap:
    zin = f"Geboekt op {dag(row.boekdatum)}: van {_rekening(row.credit.soort)} naar {_rekening(row.debet.soort)}."
    if row.draait_terug:
        zin += f" Dit draait boeking {row.draait_terug} terug."
    if row.teruggedraaid_door:
        zin += f" Later teruggedraaid door {', '.join(row.teruggedraaid_door)}."
    facts = (("boeking", row.sleutel), ("draait_terug", row.draait_terug), ("teruggedraaid_door", " ".join(row.teruggedraaid_door)))
    return Stap(soort=StapSoort.BOEKING, zin=zin, bedrag_cent=row.telt_cent, op=row.boekdatum, gegevens=facts)


_REKENINGEN = {each.soort: each.soort.replace("_", " ") for each in REKENINGSOORTEN}


def _rekening(soort: str) -> str:
    return _REKENINGEN.get(soort, soort)


async def verplichting(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """How much of what the toewijzing was expected to cost in that month is used."""
    months = await rows.load_verplichting(connection, o.toewijzing)
    month = next((each for each in months if each.zorgmaand == o.prestatie.zorgmaand), None)
    if month is None:
        return []
    expected, used = sum(each.verwacht_cent for each in months), sum(each.gebruikt_cent for each in months)
    zin = (
        f"Voor {maand_en_jaar(month.zorgmaand)} was van de toewijzing {euro(month.verwacht_cent)} verwacht; toegekend is over die maand"
        f" {euro(month.gebruikt_cent)}. Over de hele toewijzing: {euro(expected)} verwacht, {euro(used)} toegekend."
    )
    facts = (("verwacht_cent", month.verwacht_cent), ("gebruikt_cent", month.gebruikt_cent), ("vrijgevallen", month.vrijgevallen))
    naar = Verwijzing(doel=Doel.TOEWIJZING, sleutel=tuple(map(str, o.toewijzing)))
    return [Stap(soort=StapSoort.VERPLICHTING, zin=zin, bedrag_cent=month.gebruikt_cent, gegevens=facts, naar=naar)]


async def saldo(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The balance of cost that it is part of."""
    p = o.prestatie
    if not o.transfers or not _ziet(o.actor, p.gemeente_drager):
        return []
    vraag = HerkomstFilter(gemeente=p.gemeente_drager, domein=p.domein, zorgvorm=p.zorgvorm, zorgmaand=p.zorgmaand)
    nrs = await store_herkomst.load_rekeningen(connection, o.actor, vraag)
    total = sum(each.bedrag_cent for each in await store_herkomst.load_maanden(connection, nrs, vraag))
    zin = f"Deel van de kosten {o.zorgvorm} van {o.drager} in {maand_en_jaar(p.zorgmaand)}: {euro(total)}."
    naar = Verwijzing(doel=Doel.BOEKINGEN, vraag=vraag)
    return [Stap(soort=StapSoort.SALDO, zin=zin, bedrag_cent=total, naar=naar)]


def _ziet(actor: Actor, code: str) -> bool:
    return actor.gemeenten is None or code in actor.gemeenten


async def afsluiting(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The closed months in which it was booked, with the hash that fixes them."""
    months = {maand_van(row.boekdatum) for row in o.transfers}
    closed = await rows.load_afsluitingen(connection, months) if months else []
    return [
        Stap(
            soort=StapSoort.AFSLUITING,
            zin=f"Boekmaand {maand_en_jaar(row['boekmaand'])} is afgesloten door {row['gesloten_door']}; de keten legt haar vast met"
            f" {row['hash'].hex()[:12]}….",
            op=row["gesloten_op"],
            gegevens=(("boekmaand", maand(row["boekmaand"])), ("hash", row["hash"].hex())),
        )
        for row in closed
    ]


async def betaling(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """The lines of payment runs with which the declaratie is paid."""
    if not o.transfers or not _ziet(o.actor, o.prestatie.gemeente_drager):
        return []
    found = await rows.load_betalingen(connection, o.prestatie.bericht_nr, o.prestatie.gemeente_drager)
    return [
        Stap(
            soort=StapSoort.BETALING,
            zin=f"In betaalrun {row['run_nr']} ({row['run_status']}), uit te voeren op {dag(row['uitvoeren_op'])}, staat van deze declaratie"
            f" {euro(row['bericht_cent'])}; de regel is {row['status']}.",
            bedrag_cent=row["bericht_cent"],
            op=row["verzonden_op"] or row["uitvoeren_op"],
            gegevens=tuple(
                (name, row[name])
                for name in ("run_nr", "regel", "status", "end_to_end_id", "bedrag_cent", "verrekend_cent", "betaald_cent")
            ),
            naar=Verwijzing(doel=Doel.BETAALRUN, sleutel=(str(row["run_nr"]),)),
        )
        for row in found
    ]


async def verevening(connection: AsyncConnection, o: Onderwerp) -> list[Stap]:
    """Each run of the year in which its balance was shared, with the share of the gemeente that bears it."""
    p = o.prestatie
    if not o.transfers:
        return []
    found = await rows.load_runs(connection, p.zorgmaand.year, (p.gemeente_drager, p.zorgvorm, p.zorgmaand))
    steps: list[Stap] = []
    for run in found:
        if run.vorm == VORM and run.overeenkomst is not None and run.in_run_cent is not None:
            afspraak = await asyncio.to_thread(afspraak_van, run.overeenkomst, run.herindelingen, run.jaar)
            steps += _in_run(o, run, run.in_run_cent, afspraak)
    return steps


def _in_run(o: Onderwerp, run: rows.RunMetCel, in_run_cent: int, afspraak: Afspraak) -> list[Stap]:
    """The share that this cost went into; none when nobody shares it or the actor may not see who bears it."""
    p = o.prestatie
    place = afspraak.pot_van(p.gemeente_drager, p.zorgvorm, p.zorgmaand)
    if place is None or not _ziet(o.actor, place[1]):
        return []
    pool, bearer = place
    share = regel_van(run.uitkomst, pool, bearer)
    if share is None:
        return []
    cents, artikel = int(share["settlement_cent"]), afspraak.artikel(pool)
    zin = (
        f"{o.namen.get(gemeente(bearer)) or bearer} {betaalt(cents)} in verevening {run.run_nr} over {run.jaar} ({run.status}),"
        f" {pot_woord(pool.name, o.zorgvormen)} van regeling {pool.arrangement.code}{f' ({artikel})' if artikel else ''}."
        f" Die ging uit van {euro(in_run_cent)} kosten {o.zorgvorm} van {o.drager} in {maand_en_jaar(p.zorgmaand)}."
    )
    if any(each.boekdatum > local_date(run.gemaakt_op) for each in o.transfers):
        zin += " Een boeking van deze prestatie is van na die berekening."
    return [
        Stap(
            soort=StapSoort.VEREVENING,
            zin=zin,
            bedrag_cent=cents,
            op=run.gemaakt_op,
            gegevens=(("run_nr", run.run_nr), ("gemeente", bearer), ("regeling", pool.arrangement.code), ("artikel", artikel)),
            naar=Verwijzing(doel=Doel.VEREVENING, sleutel=(str(run.run_nr), bearer)),
        )
    ]


STAPGEVERS: tuple[Stapgever, ...] = (
    bestand,
    prestatie,
    oordeel,
    toewijzing,
    tarief,
    boekingen,
    verplichting,
    saldo,
    afsluiting,
    betaling,
    verevening,
)
"""In the order in which money goes."""


async def read_toewijzing(
    wereld: Wereld, actor: Actor, domein: str, code: str, toewijzing_nummer: int, cursor: str | None = None, limit: int = 50
) -> ToewijzingSpoor:
    """A toewijzing: its versions, what it committed and used per month, and its granted prestaties.

    Raises:
        NietToegestaan: The actor is an aanbieder.
        NietGevonden: There is no such toewijzing, or it is of another gemeente.
        CursorOngeldig: The cursor is not of this list.
    """
    must_see_money(actor)
    # Its own gemeente sees all of it; another one what it bears of it, after a herindeling.
    dragers = None if _ziet(actor, code) else actor.gemeenten
    na = (0, 0) if cursor is None else read_sleutel(cursor, 2)
    size = page_size(limit)
    key = ToewijzingSleutel(domein, code, toewijzing_nummer)
    async with lezen(wereld) as connection:
        versies = (await store_herkomst.load_toewijzingen(connection, [key])).get(key, [])
        maanden = await rows.load_verplichting(connection, key, dragers)
        lines = await store_herkomst.list_prestaties_van(connection, key, dragers=dragers, na=(na[0], na[1]), limit=size + 1)
        if not versies or (dragers is not None and not maanden and not lines):
            raise NietGevonden("Deze toewijzing bestaat niet, of zij is niet van een gemeente waarvoor u werkt.")
        agb, client_id = await rows.load_wie(connection, key)
    last = lines[size - 1] if len(lines) > size else None
    return ToewijzingSpoor(
        stand_van=wereld.nu,
        domein=domein,
        gemeente=code,
        toewijzing_nummer=toewijzing_nummer,
        agb=agb,
        client=naam_van_client(wereld, actor, client_id),
        versies=tuple(versies),
        maanden=tuple(maanden),
        prestaties=tuple(lines[:size]),
        volgende=None if last is None else make_cursor(last.bericht_nr, last.regel),
    )
