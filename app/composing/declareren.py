"""The 323 of an aanbieder without software: what can be claimed over a month, the lines that it fills in, and the declaratie they become. Pure.

Everything that can be looked up is: the period is the calendar month within the toewijzing (TR387, TR388), the tariff that of the contract on its
first day (TR384), the amount follows from both (TR346, IV081). A person gives only how much was delivered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.composing.betekenis import EENHEDEN
from app.domain.bedrag import BedragMetDC, euro, totaal_met_dc
from app.domain.bericht import Bericht, BerichtIdentificatie, Domein, Header, XsdVersie
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.errors import OngeldigVerzoek
from app.domain.periode import GeslotenPeriode, laatste_dag
from app.domain.snapshot import Snapshot, Tariefregel, Toewijzing
from app.standard import catalogue
from app.standard.rules.tarief import bedrag_van_minuten, minuuttarief
from app.standard.rules.volume import EURO, MINUUT, UUR, passende_eenheid

REGELS_MAX = 1000
"""Lines in one declaratie made here."""
VOLUME_MAX = 99_999_999
"""As the schema allows (GeleverdVolume)."""
PLEK = re.compile(r"^/Bericht/Declaratie/Clienten/Client\[(\d+)\](?:/Prestaties/Prestatie\[(\d+)\])?")
"""The client and, where it is about one, the line of a bevinding in a 323."""
BEDRAG_CENT_MAX = 99_999_999
"""As the schema allows for one line (IngediendBedrag)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prijs:
    """A product as it can be claimed. `tarief_cent` is that of the contract per `eenheid_contract`; None for euros (CD087)."""

    categorie: str
    code: str
    eenheid: str
    tarief_cent: int | None
    eenheid_contract: str
    omschrijving: str = ""

    @property
    def waarde(self) -> str:
        """As a form or file names it."""
        return f"{self.code}/{self.eenheid}"

    @property
    def tarief_regel(self) -> int | None:
        """ProductTarief in cents per `eenheid`: an hour tariff in minutes is rounded (IV081)."""
        if self.tarief_cent is not None and self.is_uurtarief_in_minuten:
            return minuuttarief(self.tarief_cent)
        return self.tarief_cent

    @property
    def is_uurtarief_in_minuten(self) -> bool:
        """Whether minutes are claimed at an hour tariff."""
        return self.eenheid_contract == UUR and self.eenheid == MINUUT

    @property
    def naam(self) -> str:
        """`41A02 Begeleiding, per uur € 60,00`."""
        product = f"{self.code} {self.omschrijving}".strip()
        if self.tarief_cent is None:
            return f"{product}, in euro's"
        return f"{product}, in {EENHEDEN[self.eenheid][1]}, {euro(self.tarief_cent)} per {EENHEDEN[self.eenheid_contract][0]}"

    def bedrag_cent(self, volume: int) -> int:
        """What a volume costs: euros are their own amount (CS339), minutes at an hour tariff are rounded once (IV081)."""
        if self.tarief_cent is None:
            return volume
        return bedrag_van_minuten(self.tarief_cent, volume) if self.is_uurtarief_in_minuten else volume * self.tarief_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Eerder:
    """A granted debit that was not credited: it can be undone, and stands in the way of a second one (TR389)."""

    referentie_nummer: str
    categorie: str
    code: str
    van: date
    tot: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarabel:
    """A toewijzing over one month.

    Attributes:
        van, tot: The calendar month within the toewijzing, both included.
        prijzen: The products and eenheden that its contracts have; empty when there is none.
        eerder: What was granted over this period before.
        over: What is left of the whole toewijzing and its eenheid; None without a total.
    """

    toewijzing: Toewijzing
    bsn: str = field(repr=False)
    naam: str = field(repr=False)
    van: date
    tot: date
    prijzen: tuple[Prijs, ...]
    eerder: tuple[Eerder, ...] = ()
    over: tuple[int, str] | None = None

    @property
    def nummer(self) -> int:
        """The ToewijzingNummer."""
        return self.toewijzing.toewijzing_nummer


@dataclass(frozen=True, slots=True, kw_only=True)
class Opgave:
    """What a person fills in for one line, as text: how much of which `Prijs.waarde`, and which earlier line is undone."""

    nummer: int
    prijs: str = ""
    volume: str = ""
    crediteer: str = ""

    @property
    def is_leeg(self) -> bool:
        """Whether nothing is claimed and nothing undone."""
        return not self.volume.strip() and not self.crediteer.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Regelfout:
    """Why a line cannot be claimed so; `plek` is its place among the lines, from 0, and `veld` what to change."""

    plek: int
    nummer: int
    veld: str
    melding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """A line as it will be claimed; `plek` is that of its `Opgave`."""

    plek: int
    declarabel: Declarabel
    prijs: Prijs | None
    prestatie: Prestatie


def declarable(
    toewijzing: Toewijzing, maand: date, region: Snapshot, namen: Mapping[tuple[str, str], str], *, bsn: str, naam: str
) -> Declarabel | None:
    """What can be claimed of a toewijzing over a month; None when it is not valid in it.

    Args:
        maand: Its first day.
        region: The contracts of the aanbieder.
        namen: What a product is called, by categorie and code.
    """
    van = max(maand, toewijzing.ingangsdatum)
    tot = min(laatste_dag(maand), toewijzing.einddatum or date.max)
    if toewijzing.is_verwijderd or van > tot:
        return None
    prijzen = {each.waarde: each for line in _lines(toewijzing, region, van) for each in _prices(toewijzing, line, namen)}
    return Declarabel(toewijzing=toewijzing, bsn=bsn, naam=naam, van=van, tot=tot, prijzen=tuple(prijzen.values()))


def _lines(toewijzing: Toewijzing, region: Snapshot, dag: date) -> Iterable[Tariefregel]:
    drager = region.drager(toewijzing.gemeente, dag)
    for (gemeente, categorie, code), lines in sorted(region.tarieven.items()):
        wanted = toewijzing.categorie in (None, categorie) and toewijzing.code in (None, code)
        if gemeente == drager and wanted:
            yield from (line for line in lines if line.geldt_op(dag))


def _prices(toewijzing: Toewijzing, line: Tariefregel, namen: Mapping[tuple[str, str], str]) -> Iterable[Prijs]:
    """A line of a contract in its own eenheid, and in minutes when it is per hour, as far as the toewijzing allows (TR341)."""
    for eenheid in (line.eenheid, MINUUT) if line.eenheid == UUR else (line.eenheid,):
        if toewijzing.omvang is None or passende_eenheid(toewijzing.omvang.eenheid, eenheid):
            yield Prijs(
                categorie=line.categorie,
                code=line.code,
                eenheid=eenheid,
                tarief_cent=None if line.eenheid == EURO else line.tarief_cent,
                eenheid_contract=line.eenheid,
                omschrijving=namen.get((line.categorie, line.code), ""),
            )


def read_opgaven(
    opgaven: Sequence[Opgave], declarabel: Mapping[int, Declarabel], identificatie: str
) -> tuple[tuple[Regel, ...], tuple[Regelfout, ...]]:
    """The lines that a person filled in, numbered after the bericht they will stand in, and what is wrong with the others.

    Args:
        opgaven: In order; empty ones are left out.
        declarabel: What can be claimed, by ToewijzingNummer.
        identificatie: Of the 323: with five digits behind it the ReferentieNummer of each line, so that it is new (TR314).
    """
    regels: list[Regel] = []
    fouten: list[Regelfout] = []
    credited = {each.crediteer for each in opgaven if each.crediteer}
    for plek, opgave in enumerate(opgaven):
        if opgave.is_leeg:
            continue
        found = declarabel.get(opgave.nummer)
        if found is None:
            fouten.append(_fout(plek, opgave, "volume", f"Toewijzing {opgave.nummer} is niet van u, of geldt niet in deze maand."))
            continue
        made = _read_opgave(plek, opgave, found, credited)
        if isinstance(made, Regelfout):
            fouten.append(made)
        else:
            regels.extend(made)
    numbered = tuple(_numbered(each, f"{identificatie}{index:05d}") for index, each in enumerate(regels, 1))
    return numbered, tuple(fouten)


def _read_opgave(plek: int, opgave: Opgave, declarabel: Declarabel, credited: set[str]) -> list[Regel] | Regelfout:
    """At most two lines: the earlier one undone, and what is claimed instead."""
    made: list[Regel] = []
    if opgave.crediteer:
        eerder = next((each for each in declarabel.eerder if each.referentie_nummer == opgave.crediteer), None)
        if eerder is None:
            return _fout(plek, opgave, "crediteer", "Deze regel is niet (meer) toegekend, of al teruggedraaid. Haal het vinkje weg.")
        made.append(Regel(plek=plek, declarabel=declarabel, prijs=None, prestatie=_credit(opgave.nummer, eerder)))
    if not opgave.volume.strip():
        return made
    prijs = _price_of(opgave, declarabel)
    if prijs is None:
        return _fout(plek, opgave, "prijs", _geen_prijs(declarabel))
    volume = read_volume(opgave.volume, prijs.eenheid)
    if isinstance(volume, str):
        return _fout(plek, opgave, "volume", volume)
    if prijs.bedrag_cent(volume) > BEDRAG_CENT_MAX:
        return _fout(plek, opgave, "volume", f"Dit kost meer dan één regel mag noemen ({euro(BEDRAG_CENT_MAX)}). Kijk het aantal na.")
    standing = [each for each in declarabel.eerder if (each.categorie, each.code) == (prijs.categorie, prijs.code)]
    if any(each.referentie_nummer not in credited for each in standing):
        return _fout(
            plek, opgave, "crediteer", "Over deze maand is al een regel toegekend. Draai die eerst terug: zet het vinkje bij ‘draai terug’."
        )
    made.append(Regel(plek=plek, declarabel=declarabel, prijs=prijs, prestatie=_debit(declarabel, prijs, volume)))
    return made


def _price_of(opgave: Opgave, declarabel: Declarabel) -> Prijs | None:
    """The chosen price; the only one when there is one."""
    if not opgave.prijs and len(declarabel.prijzen) == 1:
        return declarabel.prijzen[0]
    return next((each for each in declarabel.prijzen if each.waarde == opgave.prijs), None)


def _geen_prijs(declarabel: Declarabel) -> str:
    if not declarabel.prijzen:
        return "Uw contract heeft in deze maand geen tarief voor dit product. Vraag contractbeheer van de regio."
    names = ", ".join(each.waarde for each in declarabel.prijzen)
    return f"Kies het product en de eenheid: {names}."


def read_volume(tekst: str, eenheid: str) -> int | str:
    """How much was delivered, in whole `eenheid`, euros in cents; or a sentence that says what to change."""
    text = tekst.strip().replace("€", "").replace(" ", "")
    if eenheid == EURO:
        whole, _, cents = text.replace(".", "").partition(",")
        if not (whole.isascii() and whole.isdecimal() and (not cents or (cents.isascii() and cents.isdecimal() and len(cents) <= 2))):
            return "Vul een bedrag in als 1234,56."
        value = int(whole) * 100 + int((cents or "0").ljust(2, "0"))
    elif text.isascii() and text.isdecimal():
        value = int(text)
    else:
        instead = " of kies minuten" if eenheid == UUR else ""
        return f"Vul een heel aantal {EENHEDEN[eenheid][1]} in{instead}; afronden gebeurt één keer per regel."
    if not 0 < value <= VOLUME_MAX:
        return f"Vul een aantal in van 1 tot en met {VOLUME_MAX}; laat de regel leeg als er niets is geleverd."
    return value


def _debit(declarabel: Declarabel, prijs: Prijs, volume: int) -> Prestatie:
    return Prestatie(
        product_referentie=ProductReferentie(referentie_nummer=""),
        toewijzing_nummer=declarabel.nummer,
        product_categorie=prijs.categorie,
        product_code=prijs.code,
        product_periode=GeslotenPeriode(begindatum=declarabel.van, einddatum=declarabel.tot),
        geleverd_volume=volume,
        eenheid=prijs.eenheid,
        product_tarief=prijs.tarief_regel,
        ingediend_bedrag=BedragMetDC(bedrag=prijs.bedrag_cent(volume), debet_credit="D"),
    )


def _credit(nummer: int, eerder: Eerder) -> Prestatie:
    """The earlier line undone: the same but for its numbers and C (IV085)."""
    return Prestatie(
        product_referentie=ProductReferentie(referentie_nummer="", vorig_referentie_nummer=eerder.referentie_nummer),
        toewijzing_nummer=nummer,
        product_categorie=eerder.categorie,
        product_code=eerder.code,
        product_periode=GeslotenPeriode(begindatum=eerder.van, einddatum=eerder.tot),
        geleverd_volume=eerder.volume,
        eenheid=eerder.eenheid,
        product_tarief=eerder.tarief_cent,
        ingediend_bedrag=BedragMetDC(bedrag=eerder.bedrag_cent, debet_credit="C"),
    )


def _numbered(regel: Regel, referentie: str) -> Regel:
    numbers = replace(regel.prestatie.product_referentie, referentie_nummer=referentie)
    return replace(regel, prestatie=replace(regel.prestatie, product_referentie=numbers))


def _fout(plek: int, opgave: Opgave, veld: str, melding: str) -> Regelfout:
    return Regelfout(plek=plek, nummer=opgave.nummer, veld=veld, melding=melding)


def by_client(regels: Sequence[Regel]) -> tuple[tuple[str, tuple[Regel, ...]], ...]:
    """The lines per Bsn in order of first mention, as the 323 has them."""
    found: dict[str, list[Regel]] = {}
    for each in regels:
        found.setdefault(each.declarabel.bsn, []).append(each)
    return tuple((bsn, tuple(lines)) for bsn, lines in found.items())


def compose_323(
    *,
    domein: Domein,
    gemeente: str,
    agb: str,
    regels: Sequence[Regel],
    periode: date,
    identificatie: str,
    dagtekening: date,
) -> Bericht:
    """The 323 of an aanbieder to a gemeente; its Identificatie is its DeclaratieNummer too, so both are new (TR056, TR333).

    Args:
        periode: First day of the DeclaratiePeriode: one full month, not before that of an earlier declaratie (TR318).
    Raises:
        OngeldigVerzoek: No line, or more than `REGELS_MAX`.
    """
    if not 0 < len(regels) <= REGELS_MAX:
        raise OngeldigVerzoek(f"Vul ten minste één regel in, en hoogstens {REGELS_MAX}.")
    soort = catalogue.soort(domein, "323")
    clienten = tuple(DeclaratieClient(bsn=bsn, prestaties=tuple(each.prestatie for each in lines)) for bsn, lines in by_client(regels))
    return Bericht(
        domein=domein,
        soort="323",
        header=Header(
            bericht_code=soort.bericht_code,
            afzender=agb,
            ontvanger=gemeente,
            bericht_identificatie=BerichtIdentificatie(identificatie=identificatie, dagtekening=dagtekening),
            xsd_versie=XsdVersie(basisschema_xsd_versie=soort.xsd_versie.basisschema, bericht_xsd_versie=soort.xsd_versie.bericht),
        ),
        declaratie=Declaratie(
            declaratie_nummer=identificatie,
            declaratie_periode=GeslotenPeriode(begindatum=periode, einddatum=laatste_dag(periode)),
            declaratie_dagtekening=dagtekening,
            totaal_ingediend_bedrag=totaal_met_dc(sum(each.prestatie.ingediend_bedrag.cent for each in regels)),
            clienten=clienten,
        ),
    )
