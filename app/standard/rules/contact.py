"""Rules about Contact, of a Client and of a Relatie (301): what a way to reach somebody must hold."""

from __future__ import annotations

import re

from app.domain.bericht import Contact
from app.domain.snapshot import Kijk
from app.standard.rules.engine import rule

BERICHTEN = ("301",)
NEDERLAND = "NL"
TIJDELIJK_ADRES = "04"
POSTCODE_VERPLICHT = frozenset({"01", "03"})
POSTCODE_NL = re.compile(r"[1-9][0-9]{3}[a-zA-Z]{2}")


@rule(
    "TR006",
    berichten=BERICHTEN,
    klasse=Contact,
    melding=lambda contact, kijk: "Vul in Contact een Telefoon, of Huis en Postcode samen.",
)
def tr006_contact_can_be_reached(contact: Contact, kijk: Kijk) -> bool:
    """A Contact has Telefoon, or Huis together with Postcode, or both.

    Source: iJw 3.2 and iWmo 3.2, TR006.
    """
    adres = contact.adres
    return contact.telefoon is not None or (adres is not None and adres.huis is not None and adres.postcode is not None)


@rule(
    "CD025",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Adres/Huis",
    melding=lambda contact, kijk: "Vul Huis, want LandCode is NL.",
)
def cd025_dutch_adres_has_huis(contact: Contact, kijk: Kijk) -> bool:
    """Huis is filled when LandCode is NL.

    Source: iJw 3.2 and iWmo 3.2, CD025.
    """
    return contact.adres is None or contact.adres.land_code != NEDERLAND or contact.adres.huis is not None


@rule(
    "CD034",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Adres/Postcode",
    melding=lambda contact, kijk: f"Vul Postcode, want Soort is {contact.soort} (BRP-adres of verblijfadres).",
)
def cd034_brp_and_verblijf_have_postcode(contact: Contact, kijk: Kijk) -> bool:
    """Postcode is filled in an Adres of Soort 01 or 03.

    Source: iJw 3.2 and iWmo 3.2, CD034 (the text writes 1 and 3).
    """
    return contact.adres is None or contact.soort not in POSTCODE_VERPLICHT or contact.adres.postcode is not None


@rule(
    "CS089",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Adres/Postcode",
    melding=lambda contact, kijk: "Schrijf een Nederlandse Postcode als vier cijfers (de eerste geen 0) en twee letters, zonder spatie.",
)
def cs089_dutch_postcode_has_its_form(contact: Contact, kijk: Kijk) -> bool:
    """Postcode has the Dutch form when LandCode is NL.

    Source: iJw 3.2 and iWmo 3.2, CS089.
    """
    adres = contact.adres
    if adres is None or adres.postcode is None or adres.land_code != NEDERLAND:
        return True
    return POSTCODE_NL.fullmatch(adres.postcode) is not None


@rule(
    "CD005",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Adres/LandCode",
    melding=lambda contact, kijk: (
        "Vul LandCode, want Postcode is gevuld." if contact.adres.postcode else "Laat LandCode leeg, want Postcode is niet gevuld."
    ),
)
def cd005_land_code_goes_with_postcode(contact: Contact, kijk: Kijk) -> bool:
    """LandCode is filled if and only if Postcode is.

    Source: iJw 3.2 and iWmo 3.2, CD005.
    """
    return contact.adres is None or (contact.adres.postcode is None) == (contact.adres.land_code is None)


@rule(
    "CD009",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Periode",
    melding=lambda contact, kijk: "Laat Periode leeg: zij hoort alleen bij Soort 04 (tijdelijk verblijfadres).",
)
def cd009_periode_only_of_a_temporary_adres(contact: Contact, kijk: Kijk) -> bool:
    """Periode is filled only for Soort 04.

    Source: iJw 3.2 and iWmo 3.2, CD009.
    """
    return contact.periode is None or contact.soort == TIJDELIJK_ADRES


@rule(
    "CS003",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Periode/Einddatum",
    melding=lambda contact, kijk: "Einddatum van de Periode ligt voor de Begindatum; vul een latere datum of laat haar leeg.",
)
def cs003_periode_ends_after_it_begins(contact: Contact, kijk: Kijk) -> bool:
    """Einddatum of Periode is not before its Begindatum.

    Source: iJw 3.2 and iWmo 3.2, CS003.
    """
    periode = contact.periode
    if periode is None or periode.begindatum is None or periode.einddatum is None:
        return True
    return periode.begindatum <= periode.einddatum


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=Contact,
    element="Soort",
    melding=lambda contact, kijk: f"Soort {contact.soort} komt vaker voor; geef de client per Soort hoogstens een Contact.",
)
def tr101_contact_occurs_once(contact: Contact, kijk: Kijk) -> bool:
    """Soort of a Contact is unique within its Client; a Relatie has one Contact, so it always holds there.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    if ("Contact", contact.soort) not in kijk.binnen.dubbele_sleutels:
        return True
    return kijk.bericht.client is None or not any(contact is other for other in kijk.bericht.client.contactgegevens)
