"""What an access team fills in, step by step, as values or as faults beside their fields. Pure.

Answers are text by the name of the field, as a form sends them and a draft keeps them. Only what a form alone can tell is checked here; what the
standard and the past say is asked of `judging.controleer`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.composing.toewijzen import Regel
from app.domain.bericht import Achternaam, Adres, Client, Contact, Domein, Geboortedatum, Huis, Naam, Relatie, Telefoon, Telefoonnummers
from app.domain.toewijzing import Omvang
from app.standard import codelists
from app.standard.rules.bsn import is_bsn
from app.standard.rules.volume import EURO, PER_DAG, PER_WEEK

Antwoorden = Mapping[str, str]

BRP_ADRES, VERBLIJFADRES = "01", "03"
EIGEN_NAAM = "1"
NIET_PER_DAG = frozenset({"14", "16", "83", "84"})
"""Eenheden that go with Frequentie 2, 4 or 6 only (CS338)."""
VOLUME_MAX = BUDGET_CENT_MAX = 99_999_999
COMMENTAAR_MAX = 1000


class Stap(StrEnum):
    """The steps of the form, in order."""

    CLIENT = "client"
    PERSOON = "persoon"
    ZORG = "zorg"
    OMVANG = "omvang"
    CONTROLE = "controle"


VELDEN: Mapping[Stap, tuple[str, ...]] = {
    Stap.CLIENT: ("gemeente", "domein", "bsn"),
    Stap.PERSOON: (
        "voornamen", "voorletters", "voorvoegsel", "achternaam", "partner_voorvoegsel", "partnernaam", "naam_gebruik", "geboortedatum", "geslacht",
        "straat", "huisnummer", "huisletter", "toevoeging", "postcode", "plaats", "relatie_soort", "relatie_voornamen", "relatie_voorvoegsel",
        "relatie_achternaam", "relatie_telefoon",
    ),
    Stap.ZORG: ("ingangsdatum", "einddatum", "agb"),
    Stap.OMVANG: ("product", "volume", "frequentie", "budget", "commentaar", "referentie"),
}  # fmt: skip
"""The fields of each step; what else a form sends is not kept."""
VELD_LENGTE_MAX = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class Veldfout:
    """What is wrong with a field, in a sentence that says what to do."""

    veld: str
    melding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wie:
    """The first step: who decides, under which law, about whom."""

    gemeente: str
    domein: Domein
    bsn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Zorg:
    """The third step: when, and by whom."""

    ingangsdatum: date
    einddatum: date | None
    agb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Productkeuze:
    """What may be chosen: a product in one eenheid, or (`code` None) a budget for a whole category."""

    categorie: str
    code: str | None
    eenheid: str | None

    @property
    def waarde(self) -> str:
        """As the form sends it."""
        return f"{self.categorie}|{self.code or ''}|{self.eenheid or ''}"


class Lezing:
    """Reads the fields of one step and collects what is wrong with them; lives in one call."""

    def __init__(self, antwoorden: Antwoorden) -> None:
        self._antwoorden = antwoorden
        self.fouten: list[Veldfout] = []

    def fout(self, veld: str, melding: str) -> None:
        """Add a fault, one a field: the first says enough."""
        if all(each.veld != veld for each in self.fouten):
            self.fouten.append(Veldfout(veld=veld, melding=melding))

    def tekst(self, veld: str, *, lengte: int, leeg: str = "") -> str | None:
        """Text without spaces around it; None when it is empty, which is a fault when `leeg` says so."""
        text = self._antwoorden.get(veld, "").strip()
        if not text:
            if leeg:
                self.fout(veld, leeg)
            return None
        if len(text) > lengte:
            self.fout(veld, f"Gebruik hoogstens {lengte} tekens; dit zijn er {len(text)}.")
            return None
        if any(ord(character) < 32 and character not in "\r\n\t" for character in text):
            self.fout(veld, "Er staat een teken in dat niet is toegestaan. Typ de tekst opnieuw.")
            return None
        return text

    def datum(self, veld: str, *, leeg: str = "") -> date | None:
        """A day, as the field for days sends it or as `31-12-2026`."""
        text = self.tekst(veld, lengte=20, leeg=leeg)
        if text is None:
            return None
        found = as_datum(text)
        if found is None:
            self.fout(veld, f"‘{text}’ is geen dag. Schrijf een dag als 31-12-2026.")
        return found

    def geheel(self, veld: str, *, van: int, tot: int, leeg: str = "") -> int | None:
        """A whole number within bounds."""
        text = self.tekst(veld, lengte=12, leeg=leeg)
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal()) or not van <= int(text) <= tot:
            self.fout(veld, f"Vul een heel getal in van {van} tot en met {tot}.")
            return None
        return int(text)

    def keuze(self, veld: str, mogelijk: Callable[[str], bool], melding: str) -> str:
        """One of a list."""
        text = self._antwoorden.get(veld, "").strip()
        if not mogelijk(text):
            self.fout(veld, melding)
            return ""
        return text


def as_datum(text: str) -> date | None:
    """A day from `2026-12-31` or `31-12-2026`; None when it is neither."""
    turned = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", text)
    try:
        if turned is not None:
            return date(int(turned[3]), int(turned[2]), int(turned[1]))
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def as_cent(text: str) -> int | None:
    """Cents from `1.234,50`, `1234,5`, `1234` or `€ 1234`; None when it is no amount."""
    found = re.fullmatch(r"€? ?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,9})(?:,([0-9]{1,2}|-))?", text.strip())
    if found is None:
        return None
    cents = "" if found[2] in (None, "-") else found[2]
    return int(found[1].replace(".", "")) * 100 + int((cents or "0").ljust(2, "0"))


def read_wie(antwoorden: Antwoorden, gemeenten: frozenset[str]) -> Wie | tuple[Veldfout, ...]:
    """The first step; `gemeenten` are those in whose name the reader may send."""
    lezing = Lezing(antwoorden)
    gemeente = lezing.keuze("gemeente", lambda text: text in gemeenten, "Kies de gemeente die de toewijzing uitgeeft.")
    domein: Domein = "iwmo" if antwoorden.get("domein") == "iwmo" else "ijw"
    lezing.keuze("domein", lambda text: text in ("ijw", "iwmo"), "Kies jeugdhulp of Wmo.")
    bsn = re.sub(r"[\s.]", "", lezing.tekst("bsn", lengte=20, leeg="Vul het burgerservicenummer (BSN) in.") or "")
    if bsn and not is_bsn(bsn):
        lezing.fout("bsn", "Dit is geen geldig BSN. Een BSN heeft 9 cijfers; controleer of er geen cijfers zijn verwisseld.")
    return tuple(lezing.fouten) or Wie(gemeente=gemeente, domein=domein, bsn=bsn)


def read_persoon(antwoorden: Antwoorden, bsn: str, bekend: Client | None, vandaag: date) -> Client | tuple[Veldfout, ...]:
    """The second step; what the form does not ask (other relations and addresses, communication) stays as it is known."""
    lezing = Lezing(antwoorden)
    naam = _read_naam(lezing)
    geboren = lezing.datum("geboortedatum", leeg="Vul de geboortedatum in.")
    if geboren is not None and geboren > vandaag:
        lezing.fout("geboortedatum", "De geboortedatum ligt in de toekomst.")
    geslacht = lezing.keuze("geslacht", lambda text: text in ("0", "1", "2"), "Kies het geslacht, of ‘onbekend’.")
    adres = _read_adres(lezing)
    relatie = _read_relatie(lezing, adres)
    if lezing.fouten or naam is None or geboren is None or adres is None:
        return tuple(lezing.fouten)
    base = bekend or Client(bsn=bsn)
    known_birth = base.geboortedatum
    relaties = base.relaties if relatie is None else (*(each for each in base.relaties if each.nummer != relatie.nummer), relatie)
    return replace(
        base,
        bsn=bsn,
        geboortedatum=known_birth if known_birth is not None and known_birth.datum == geboren else Geboortedatum(datum=geboren),
        geslacht=geslacht,
        naam=naam,
        relaties=relaties,
        contactgegevens=(_contact(base, adres), *base.contactgegevens[1:]),
        toegewezen_producten=(),
    )


def _contact(base: Client, adres: Adres) -> Contact:
    """The first address of the client, with what it has besides the address."""
    if base.contactgegevens:
        return replace(base.contactgegevens[0], adres=adres)
    return Contact(soort=BRP_ADRES, adres=adres)


def _read_naam(lezing: Lezing) -> Naam | None:
    achternaam = lezing.tekst("achternaam", lengte=200, leeg="Vul de achternaam in.")
    voorvoegsel = lezing.tekst("voorvoegsel", lengte=10)
    voornamen = lezing.tekst("voornamen", lengte=200)
    letters = re.sub(r"[\s.]", "", lezing.tekst("voorletters", lengte=20) or "")
    if letters and not re.fullmatch(r"[a-zA-ZÀ-ỳ]{1,6}", letters):
        lezing.fout("voorletters", "Vul hoogstens 6 letters in, zonder punten.")
    partner = lezing.tekst("partnernaam", lengte=200)
    partner_voorvoegsel = lezing.tekst("partner_voorvoegsel", lengte=10)
    gebruik = EIGEN_NAAM
    if partner is not None:
        gebruik = lezing.keuze("naam_gebruik", lambda text: text in ("1", "2", "3", "4"), "Kies welke naam de cliënt gebruikt.")
    if achternaam is None:
        return None
    return Naam(
        geslachtsnaam=Achternaam(achternaam=achternaam, voorvoegsel=voorvoegsel),
        partnernaam=None if partner is None else Achternaam(achternaam=partner, voorvoegsel=partner_voorvoegsel),
        voornamen=voornamen,
        voorletters=letters or None,
        naam_gebruik=gebruik or EIGEN_NAAM,
    )


def _read_adres(lezing: Lezing) -> Adres | None:
    straat = lezing.tekst("straat", lengte=24, leeg="Vul de straat in.")
    nummer = lezing.geheel("huisnummer", van=1, tot=99_999, leeg="Vul het huisnummer in.")
    letter = lezing.tekst("huisletter", lengte=1)
    toevoeging = lezing.tekst("toevoeging", lengte=4)
    code = re.sub(r"\s", "", lezing.tekst("postcode", lengte=10, leeg="Vul de postcode in.") or "").upper()
    if code and not re.fullmatch(r"[1-9][0-9]{3}[A-Z]{2}", code):
        lezing.fout("postcode", "Een postcode heeft 4 cijfers en 2 letters, zoals 4461 AB.")
    plaats = lezing.tekst("plaats", lengte=80, leeg="Vul de woonplaats in.")
    if straat is None or nummer is None or plaats is None:
        return None
    huis = Huis(huisnummer=nummer, huisletter=letter, huisnummer_toevoeging=toevoeging)
    return Adres(huis=huis, postcode=code, straatnaam=straat, plaatsnaam=plaats, land_code="NL")


def _read_relatie(lezing: Lezing, adres: Adres | None) -> Relatie | None:
    """A parent or other contact; None when no name is filled in."""
    achternaam = lezing.tekst("relatie_achternaam", lengte=200)
    voornamen = lezing.tekst("relatie_voornamen", lengte=200)
    voorvoegsel = lezing.tekst("relatie_voorvoegsel", lengte=10)
    nummer = re.sub(r"[\s-]", "", lezing.tekst("relatie_telefoon", lengte=20) or "")
    if achternaam is None:
        if voornamen or nummer:
            lezing.fout("relatie_achternaam", "Vul de achternaam van de contactpersoon in, of laat alles leeg.")
        return None
    if nummer and not re.fullmatch(r"[0-9]{10,15}", nummer):
        lezing.fout("relatie_telefoon", "Vul een telefoonnummer in van minstens 10 cijfers, zoals 0113 123456.")
    soorten = codelists.codes("ijw", "SoortRelatie")
    soort = lezing.keuze("relatie_soort", lambda text: text in soorten, "Kies wat de contactpersoon van de cliënt is.")
    telefoon = Telefoonnummers(telefoon01=Telefoon(telefoonnummer=nummer, landnummer="0031")) if nummer else None
    naam = Naam(geslachtsnaam=Achternaam(achternaam=achternaam, voorvoegsel=voorvoegsel), voornamen=voornamen, naam_gebruik=EIGEN_NAAM)
    return Relatie(nummer="1", soort=soort, naam=naam, contact=Contact(soort=VERBLIJFADRES, adres=adres, telefoon=telefoon))


def read_zorg(antwoorden: Antwoorden, aanbieders: frozenset[str] | None = None) -> Zorg | tuple[Veldfout, ...]:
    """The third step; `aanbieders` are those with a contract on the first day, None when that is not known yet."""
    lezing = Lezing(antwoorden)
    begin = lezing.datum("ingangsdatum", leeg="Vul de ingangsdatum in.")
    einde = lezing.datum("einddatum")
    if begin is not None and einde is not None and einde < begin:
        lezing.fout("einddatum", "De einddatum ligt voor de ingangsdatum.")
    agb = lezing.keuze("agb", lambda text: re.fullmatch(r"[0-9]{8}", text) is not None, "Kies de aanbieder.")
    if agb and aanbieders is not None and agb not in aanbieders:
        lezing.fout("agb", "Deze aanbieder heeft op de ingangsdatum geen contract voor uw gemeente. Kies een andere aanbieder of dag.")
    if lezing.fouten or begin is None:
        return tuple(lezing.fouten)
    return Zorg(ingangsdatum=begin, einddatum=einde, agb=agb)


def read_regel(antwoorden: Antwoorden, zorg: Zorg, keuzes: Mapping[str, Productkeuze]) -> Regel | tuple[Veldfout, ...]:
    """The fourth step.

    Args:
        keuzes: What the contracts of the aanbieder allow, by `Productkeuze.waarde`.
    """
    lezing = Lezing(antwoorden)
    keuze = keuzes.get(lezing.keuze("product", lambda text: text in keuzes, "Kies een product uit het contract."))
    omvang, budget = None, None
    if keuze is not None and keuze.code is None:
        budget = _read_bedrag(lezing, "budget", "Vul het budget in.")
        if zorg.einddatum is None:
            lezing.fout("einddatum", "Een budget vraagt een einddatum. Vul bij ‘Periode en aanbieder’ een einddatum in.")
    elif keuze is not None:
        omvang = _read_omvang(lezing, keuze, zorg)
    commentaar = lezing.tekst("commentaar", lengte=COMMENTAAR_MAX)
    referentie = lezing.tekst("referentie", lengte=36)
    if lezing.fouten or keuze is None:
        return tuple(lezing.fouten)
    return Regel(
        categorie=keuze.categorie,
        code=keuze.code,
        ingangsdatum=zorg.ingangsdatum,
        einddatum=zorg.einddatum,
        omvang=omvang,
        budget=budget,
        commentaar=commentaar,
        referentie_aanbieder=referentie,
    )


def _read_omvang(lezing: Lezing, keuze: Productkeuze, zorg: Zorg) -> Omvang | None:
    if keuze.eenheid == EURO:
        volume = _read_bedrag(lezing, "volume", "Vul het bedrag in.")
    else:
        volume = lezing.geheel("volume", van=1, tot=VOLUME_MAX, leeg="Vul in hoeveel.")
    frequentie = lezing.keuze("frequentie", lambda text: text in ("1", "2", "4", "6"), "Kies of dit per dag, week, maand of in totaal is.")
    if frequentie == PER_DAG and keuze.eenheid in NIET_PER_DAG:
        lezing.fout("frequentie", "Dit product kan niet per dag. Kies per week, per maand of in totaal.")
    if frequentie == PER_WEEK and zorg.einddatum is None:
        lezing.fout("einddatum", "Een omvang per week vraagt een einddatum. Vul bij ‘Periode en aanbieder’ een einddatum in.")
    if volume is None or keuze.eenheid is None:
        return None
    return Omvang(volume=volume, eenheid=keuze.eenheid, frequentie=frequentie)


def _read_bedrag(lezing: Lezing, veld: str, leeg: str) -> int | None:
    text = lezing.tekst(veld, lengte=20, leeg=leeg)
    if text is None:
        return None
    cent = as_cent(text)
    if cent is None or not 0 < cent <= BUDGET_CENT_MAX:
        lezing.fout(veld, "Vul een bedrag in, zoals 1.250,00; hoogstens € 999.999,99.")
        return None
    return cent


def answers_of(client: Client) -> dict[str, str]:
    """What is known of a client, as answers of the second step."""
    naam, adres = client.naam, client.contactgegevens[0].adres if client.contactgegevens else None
    known: dict[str, str | int | None] = {"geslacht": client.geslacht}
    if client.geboortedatum is not None:
        known["geboortedatum"] = client.geboortedatum.datum.isoformat()
    if naam is not None:
        known |= {"voornamen": naam.voornamen, "voorletters": naam.voorletters, "naam_gebruik": naam.naam_gebruik}
        known |= {"voorvoegsel": naam.geslachtsnaam.voorvoegsel, "achternaam": naam.geslachtsnaam.achternaam}
        if naam.partnernaam is not None:
            known |= {"partner_voorvoegsel": naam.partnernaam.voorvoegsel, "partnernaam": naam.partnernaam.achternaam}
    if adres is not None:
        known |= {"straat": adres.straatnaam, "postcode": adres.postcode, "plaats": adres.plaatsnaam}
        if adres.huis is not None:
            known |= {
                "huisnummer": adres.huis.huisnummer,
                "huisletter": adres.huis.huisletter,
                "toevoeging": adres.huis.huisnummer_toevoeging,
            }
    return {name: str(value) for name, value in known.items() if value is not None}


_VELD_VAN_PAD: tuple[tuple[str, Stap, str], ...] = (
    (r"/Header/Ontvanger", Stap.ZORG, "agb"),
    (r"/Client/Bsn", Stap.CLIENT, "bsn"),
    (r"/Client/Geboortedatum", Stap.PERSOON, "geboortedatum"),
    (r"/Client/Naam/Voorletters", Stap.PERSOON, "voorletters"),
    (r"/Client/Naam/NaamGebruik", Stap.PERSOON, "naam_gebruik"),
    (r"/Client/Naam", Stap.PERSOON, "achternaam"),
    (r"/Client/Contactgegevens", Stap.PERSOON, "straat"),
    (r"/Client/Relaties", Stap.PERSOON, "relatie_achternaam"),
    (r"/ToegewezenProduct(\[1\])?/Ingangsdatum", Stap.ZORG, "ingangsdatum"),
    (r"/ToegewezenProduct(\[1\])?/Einddatum", Stap.ZORG, "einddatum"),
    (r"/ToegewezenProduct(\[1\])?/Omvang/Frequentie", Stap.OMVANG, "frequentie"),
    (r"/ToegewezenProduct(\[1\])?/Omvang", Stap.OMVANG, "volume"),
    (r"/ToegewezenProduct(\[1\])?/Budget", Stap.OMVANG, "budget"),
    (r"/ToegewezenProduct(\[1\])?/ReferentieAanbieder", Stap.OMVANG, "referentie"),
    (r"/ToegewezenProduct(\[1\])?/Commentaar", Stap.OMVANG, "commentaar"),
    (r"/ToegewezenProduct(\[1\])?(/Product|$)", Stap.OMVANG, "product"),
)


def field_of(pad: str) -> tuple[Stap, str] | None:
    """The step and field that a finding is about; None when it is about something that nobody filled in. The new line is the first of its 301."""
    for pattern, stap, veld in _VELD_VAN_PAD:
        if re.search(pattern, pad):
            return stap, veld
    return None
