"""Fictitious persons with test Bsns: nobody in here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice

from app.domain.bericht import Achternaam, Adres, Contact, Geboortedatum, Huis, Naam, Relatie, Telefoon, Telefoonnummers
from app.parties.generator.kans import Kans
from app.parties.generator.zeeland import Plaats

BSN_VAN, BSN_TOT = 999_900_006, 999_999_990
CLIENTEN_MAX = 9_000
"""9 091 test Bsns exist; the last ones are kept for faults."""

VOORNAMEN = (
    ("1", "Adriaan"), ("2", "Betje"), ("1", "Cornelis"), ("2", "Dina"), ("1", "Emiel"), ("2", "Fenna"), ("1", "Gerben"), ("2", "Hilde"),
    ("1", "Ivo"), ("2", "Jacomina"), ("1", "Kees"), ("2", "Leuntje"), ("1", "Marinus"), ("2", "Neeltje"), ("1", "Omar"), ("2", "Pieternella"),
    ("1", "Quinten"), ("2", "Roos"), ("1", "Samir"), ("2", "Tannetje"), ("1", "Umut"), ("2", "Vera"), ("1", "Wisse"), ("2", "Yasmin"),
)  # fmt: skip
ACHTERNAMEN = (
    (None, "Zilverduin"), ("van de", "Oesterput"), (None, "Schelpenaar"), ("de", "Kreekman"), ("van", "Slikkenburg"), (None, "Zeekraal"),
    (None, "Dijkgraver"), ("van der", "Vlietweide"), ("de", "Strandloper"), (None, "Wierink"), ("van", "Mosselbank"), (None, "Duinroos"),
    ("den", "Polderbaas"), (None, "Kwelderman"), ("van 't", "Veerhuis"), (None, "Zandplaat"), ("de", "Meestoof"), (None, "Lamsoor"),
)  # fmt: skip
STRATEN = ("Oesterlaan", "Kreekpad", "Meestoofstraat", "Zeedijk", "Duinweg", "Lamsoorhof", "Schorrenpad", "Vlietkade")
LETTERS = "ABCDEGHJKLMNPRTVWXZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persoon:
    """A client of the generated region."""

    bsn: str
    geboortedatum: date
    geslacht: str
    naam: Naam
    adres: Adres
    ouder: Relatie | None


def fictieve_bsns(aantal: int) -> list[str]:
    """The first so many test Bsns, each passing the 11-proef: eight digits leave at most one choice for the ninth."""
    stems = (str(stem) for stem in range(BSN_VAN // 10, BSN_TOT // 10 + 1))
    remainders = ((stem, sum(int(digit) * (9 - place) for place, digit in enumerate(stem)) % 11) for stem in stems)
    return list(islice((f"{stem}{rest}" for stem, rest in remainders if rest < 10), aantal))


@cache
def spare_bsns() -> tuple[str, ...]:
    """Test Bsns that no client has, for faults."""
    return tuple(fictieve_bsns(BSN_TOT - BSN_VAN)[CLIENTEN_MAX:])


def make_persoon(bsn: str, *, is_jeugd: bool, plaats: Plaats, peildatum: date, kans: Kans) -> Persoon:
    """A person who is 3 to 17 years old on `peildatum`, or 30 to 94 for the Wmo."""
    geslacht, voornaam = kans.kies(VOORNAMEN)
    voorvoegsel, achternaam = kans.kies(ACHTERNAMEN)
    leeftijd_dagen = kans.geheel(4 * 365, 16 * 365) if is_jeugd else kans.geheel(30 * 365, 94 * 365)
    adres = make_adres(plaats, kans)
    geslachtsnaam = Achternaam(achternaam=achternaam, voorvoegsel=voorvoegsel)
    return Persoon(
        bsn=bsn,
        geboortedatum=peildatum - timedelta(days=leeftijd_dagen),
        geslacht=geslacht,
        naam=Naam(geslachtsnaam=geslachtsnaam, voornamen=voornaam, voorletters=voornaam[0], naam_gebruik="1"),
        adres=adres,
        ouder=make_ouder(geslachtsnaam, adres, kans) if is_jeugd and kans.promille(250) else None,
    )


def make_adres(plaats: Plaats, kans: Kans) -> Adres:
    """An address that looks like one in the gemeente; street and letters are made up."""
    return Adres(
        huis=Huis(huisnummer=kans.geheel(1, 180)),
        postcode=f"{plaats.postcode}{kans.kies(LETTERS)}{kans.kies(LETTERS)}",
        straatnaam=kans.kies(STRATEN),
        plaatsnaam=plaats.naam,
        land_code="NL",
    )


def make_ouder(geslachtsnaam: Achternaam, adres: Adres, kans: Kans) -> Relatie:
    """A parent at the same address."""
    geslacht, voornaam = kans.kies(VOORNAMEN)
    telefoon = Telefoonnummers(telefoon01=Telefoon(telefoonnummer=f"0113{kans.geheel(100000, 999999)}", landnummer="0031"))
    return Relatie(
        nummer="1",
        volgorde=1,
        soort="10",
        geslacht=geslacht,
        naam=Naam(geslachtsnaam=geslachtsnaam, voornamen=voornaam, voorletters=voornaam[0], naam_gebruik="1"),
        contact=Contact(soort="03", adres=adres, telefoon=telefoon),
    )


def geboorte(persoon: Persoon) -> Geboortedatum:
    """The day of birth as a bericht has it."""
    return Geboortedatum(datum=persoon.geboortedatum)
