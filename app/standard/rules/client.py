"""Rules about Client and Relatie in a bericht about one client (301, 305, 307, 315, 317)."""

from __future__ import annotations

from datetime import date

from app.domain.bericht import Client, Geboortedatum, Relatie
from app.domain.snapshot import Kijk
from app.standard.rules.bsn import is_bsn
from app.standard.rules.engine import GEMASKEERD, rule

EEN_CLIENT = ("301", "305", "307", "315", "317")
MET_GEBOORTEDATUM = ("301", "305", "307", "315")
"""Of the berichten about one client those that say more of the client than its Bsn."""
ONBEKENDE_GEBOORTEDATUM = date(1900, 1, 1)
HOOGSTE_LEEFTIJD_JAREN = 120
NIET_NATUURLIJK_PERSOON = "6"
BRP_CORRESPONDENTIE_VERBLIJF = frozenset({"01", "02", "03"})
TOLK_TAAL = "1"


@rule(
    "CS002",
    berichten=EEN_CLIENT,
    klasse=Client,
    element="Bsn",
    melding=lambda client, kijk: f"Bsn {GEMASKEERD} doorstaat de elfproef niet.",
)
def cs002_bsn_passes_the_11_proef(client: Client, kijk: Kijk) -> bool:
    """Bsn passes the 11-proef.

    Source: iJw 3.2 and iWmo 3.2, CS002.
    """
    return is_bsn(client.bsn)


@rule(
    "TR002",
    berichten=MET_GEBOORTEDATUM,
    klasse=(Client, Relatie),
    element="Geboortedatum/Datum",
    melding=lambda klasse, kijk: (
        f"Geboortedatum ligt meer dan {HOOGSTE_LEEFTIJD_JAREN} jaar voor de Dagtekening; is de datum onbekend, vul dan DatumGebruik 3 "
        "en 1900-01-01."
    ),
)
def tr002_geboortedatum_is_not_too_old(klasse: Client | Relatie, kijk: Kijk) -> bool:
    """Geboortedatum is at most 120 years before Dagtekening, or unknown (DatumGebruik 3 with 1900-01-01).

    Source: iJw 3.2 and iWmo 3.2, TR002; applied to every Geboortedatum of the bericht.
    """
    geboren = klasse.geboortedatum
    if geboren is None or (geboren.datum_gebruik == "3" and geboren.datum == ONBEKENDE_GEBOORTEDATUM):
        return True
    return geboren.datum >= years_before(_dagtekening(kijk), HOOGSTE_LEEFTIJD_JAREN)


@rule(
    "TR134",
    berichten=MET_GEBOORTEDATUM,
    klasse=(Client, Relatie),
    element="Geboortedatum/Datum",
    melding=lambda klasse, kijk: f"Geboortedatum ligt na de Dagtekening {_dagtekening(kijk):%d-%m-%Y}.",
)
def tr134_geboortedatum_is_not_after_dagtekening(klasse: Client | Relatie, kijk: Kijk) -> bool:
    """Geboortedatum is not later than Dagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR134 (the texts name no element; this is one of the dates that must lie in the past).
    """
    return klasse.geboortedatum is None or klasse.geboortedatum.datum <= _dagtekening(kijk)


@rule(
    "CS139",
    berichten=MET_GEBOORTEDATUM,
    klasse=(Client, Relatie),
    element="Geboortedatum/DatumGebruik",
    melding=lambda klasse, kijk: (
        "DatumGebruik en Datum passen niet bij elkaar: bij 1 is de dag 01, bij 2 zijn dag en maand 01, bij 3 is de datum 1900-01-01."
    ),
)
def cs139_datum_gebruik_agrees_with_datum(klasse: Client | Relatie, kijk: Kijk) -> bool:
    """The unknown parts of Geboortedatum are filled as DatumGebruik says.

    Source: iJw 3.2 and iWmo 3.2, CS139.
    """
    return klasse.geboortedatum is None or _agrees(klasse.geboortedatum)


def _agrees(geboren: Geboortedatum) -> bool:
    """Whether the parts that DatumGebruik calls unknown have their agreed value."""
    match geboren.datum_gebruik:
        case "1":
            return geboren.datum.day == 1
        case "2":
            return (geboren.datum.month, geboren.datum.day) == (1, 1)
        case "3":
            return geboren.datum == ONBEKENDE_GEBOORTEDATUM
        case _:
            return True


@rule(
    "CS318",
    berichten=("301",),
    klasse=Client,
    element="Naam/NaamGebruik",
    melding=lambda client, kijk: "Een client is een natuurlijk persoon: vul NaamGebruik met 1, 2, 3 of 4, niet met 6.",
)
def cs318_client_is_a_natural_person(client: Client, kijk: Kijk) -> bool:
    """NaamGebruik of a Client is not 6 (niet-natuurlijk persoon).

    Source: iJw 3.2 and iWmo 3.2, CS318.
    """
    return client.naam is None or client.naam.naam_gebruik != NIET_NATUURLIJK_PERSOON


@rule(
    "CS050",
    berichten=("301",),
    klasse=(Client, Relatie),
    element="Naam/NaamGebruik",
    melding=lambda klasse, kijk: (
        "Vul NaamGebruik met 1, 2, 3 of 4, want Partnernaam is gevuld."
        if klasse.naam is not None and klasse.naam.partnernaam
        else "Vul NaamGebruik met 1 (of 6 voor een organisatie), want Partnernaam is niet gevuld."
    ),
)
def cs050_naam_gebruik_fits_partnernaam(klasse: Client | Relatie, kijk: Kijk) -> bool:
    """NaamGebruik is 1 to 4 with a Partnernaam, 1 or 6 without.

    Source: iJw 3.2 and iWmo 3.2, CS050.
    """
    naam = klasse.naam
    return naam is None or naam.naam_gebruik in (("1", "2", "3", "4") if naam.partnernaam else ("1", "6"))


@rule(
    "CD007",
    berichten=("301",),
    klasse=Client,
    element="Communicatie/Taal",
    melding=lambda client, kijk: (
        "Vul Taal, want Vorm 1 vraagt een tolk."
        if client.communicatie and client.communicatie.vorm == TOLK_TAAL
        else "Laat Taal leeg, want Vorm is niet 1 (tolk taal)."
    ),
)
def cd007_taal_only_with_tolk(client: Client, kijk: Kijk) -> bool:
    """Taal is filled if and only if Vorm is 1 (tolk taal).

    Source: iJw 3.2 and iWmo 3.2, CD007.
    """
    vorm = client.communicatie
    return vorm is None or (vorm.vorm == TOLK_TAAL) == (vorm.taal is not None)


@rule(
    "TR061",
    berichten=("301",),
    klasse=Client,
    element="Contactgegevens",
    melding=lambda client, kijk: "Geef de client minstens een Adres met Soort 01 (BRP), 02 (correspondentie) of 03 (verblijf).",
)
def tr061_client_has_an_adres(client: Client, kijk: Kijk) -> bool:
    """A Client has at least one Adres of Soort 01, 02 or 03.

    Source: iJw 3.2 and iWmo 3.2, TR061.
    """
    return any(contact.adres is not None and contact.soort in BRP_CORRESPONDENTIE_VERBLIJF for contact in client.contactgegevens)


@rule(
    "TR101",
    berichten=("301",),
    klasse=Relatie,
    element="Nummer",
    melding=lambda relatie, kijk: "Dit Nummer van Relatie komt vaker voor; geef elke relatie van de client een eigen Nummer.",
)
def tr101_relatie_occurs_once(relatie: Relatie, kijk: Kijk) -> bool:
    """Nummer of a Relatie is unique within the Client.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    return ("Relatie", relatie.nummer) not in kijk.binnen.dubbele_sleutels


def years_before(dag: date, jaren: int) -> date:
    """The same day so many years earlier; 28 February for 29 February of a year that has none."""
    try:
        return dag.replace(year=dag.year - jaren)
    except ValueError:
        return dag.replace(year=dag.year - jaren, day=28)


def _dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
