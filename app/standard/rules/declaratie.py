"""Rules about Declaratie and the Client in it (323)."""

from __future__ import annotations

from datetime import date

from app.domain.bedrag import euro
from app.domain.declaratie import Declaratie, DeclaratieClient
from app.domain.periode import is_hele_maand
from app.domain.snapshot import Kijk
from app.standard.rules.bsn import is_bsn
from app.standard.rules.client import years_before
from app.standard.rules.engine import BERICHTOVERSTIJGEND, GEMASKEERD, rule

BERICHTEN = ("323",)
OUDSTE_PERIODE = date(2021, 1, 1)
"""Periods before this day are not claimed in this release (CS100)."""
OUDSTE_DECLARATIE_JAREN = 5
"""A period that ended more years before DeclaratieDagtekening is not claimed (TR335)."""


@rule(
    "TR134",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratieDagtekening",
    melding=lambda declaratie, kijk: f"DeclaratieDagtekening ligt na de Dagtekening van het bericht, {_dagtekening(kijk):%d-%m-%Y}.",
)
def tr134_declaratie_is_not_signed_after_dagtekening(declaratie: Declaratie, kijk: Kijk) -> bool:
    """DeclaratieDagtekening is not later than Dagtekening of the bericht.

    Source: iJw 3.2 and iWmo 3.2, TR134 (the texts name no element).
    """
    return declaratie.declaratie_dagtekening <= _dagtekening(kijk)


@rule(
    "TR137",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratiePeriode/Einddatum",
    melding=lambda declaratie, kijk: (
        f"Einddatum van de DeclaratiePeriode ligt niet tussen haar Begindatum en de Dagtekening {_dagtekening(kijk):%d-%m-%Y}; "
        "declareer een maand pas als zij voorbij is."
    ),
)
def tr137_declaratieperiode_is_over(declaratie: Declaratie, kijk: Kijk) -> bool:
    """Einddatum of DeclaratiePeriode is between its Begindatum and Dagtekening, both included.

    Source: iJw 3.2 and iWmo 3.2, TR137.
    """
    periode = declaratie.declaratie_periode
    return periode.begindatum <= periode.einddatum <= _dagtekening(kijk)


@rule(
    "TR335",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratiePeriode/Einddatum",
    melding=lambda declaratie, kijk: (
        f"De DeclaratiePeriode is meer dan {OUDSTE_DECLARATIE_JAREN} jaar voor DeclaratieDagtekening geëindigd."
    ),
)
def tr335_declaratieperiode_is_not_too_old(declaratie: Declaratie, kijk: Kijk) -> bool:
    """Einddatum of DeclaratiePeriode is at most five years before DeclaratieDagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR335.
    """
    return declaratie.declaratie_periode.einddatum >= years_before(declaratie.declaratie_dagtekening, OUDSTE_DECLARATIE_JAREN)


@rule(
    "TR358",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="TotaalIngediendBedrag",
    melding=lambda declaratie, kijk: (
        f"TotaalIngediendBedrag is {euro(declaratie.totaal_ingediend_bedrag.cent)}, maar de prestaties tellen op tot "
        f"{euro(sum_of_lines(declaratie))} (debet min credit)."
    ),
)
def tr358_total_is_sum_of_lines(declaratie: Declaratie, kijk: Kijk) -> bool:
    """TotaalIngediendBedrag is the sum of the debits less the credits.

    Source: iJw 3.2 and iWmo 3.2, TR358.
    """
    return declaratie.totaal_ingediend_bedrag.cent == sum_of_lines(declaratie)


@rule(
    "CS100",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratiePeriode",
    melding=lambda declaratie, kijk: f"Een DeclaratiePeriode begint op of na {OUDSTE_PERIODE:%d-%m-%Y}.",
)
def cs100_declaratieperiode_is_recent(declaratie: Declaratie, kijk: Kijk) -> bool:
    """DeclaratiePeriode lies on or after 01-01-2021.

    Source: iJw 3.2 and iWmo 3.2, CS100.
    """
    return declaratie.declaratie_periode.begindatum >= OUDSTE_PERIODE


@rule(
    "CS340",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratiePeriode",
    melding=lambda declaratie, kijk: "DeclaratiePeriode is precies één kalendermaand: van de eerste tot en met de laatste dag.",
)
def cs340_declaratieperiode_is_a_month(declaratie: Declaratie, kijk: Kijk) -> bool:
    """DeclaratiePeriode is exactly one calendar month.

    Source: iJw 3.2 and iWmo 3.2, CS340.
    """
    return is_hele_maand(declaratie.declaratie_periode.begindatum, declaratie.declaratie_periode.einddatum)


@rule(
    "CS325",
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="TotaalIngediendBedrag/DebetCredit",
    melding=lambda declaratie, kijk: "Vul DebetCredit met D, want het totaal is 0.",
)
def cs325_zero_total_is_debit(declaratie: Declaratie, kijk: Kijk) -> bool:
    """A total of 0 is marked D.

    Source: iJw 3.2 and iWmo 3.2, CS325.
    """
    totaal = declaratie.totaal_ingediend_bedrag
    return totaal.totaal_bedrag != 0 or totaal.debet_credit == "D"


@rule(
    "TR333",
    retourcode="9333",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratieNummer",
    melding=lambda declaratie, kijk: (
        f"DeclaratieNummer {declaratie.declaratie_nummer} is al gebruikt; geef elke declaratie een eigen nummer."
    ),
    kijkt_naar=("declaraties",),
)
def tr333_declaratie_nummer_is_new(declaratie: Declaratie, kijk: Kijk) -> bool:
    """DeclaratieNummer is unique for the aanbieder in the domain; counted per gemeente, in whose name the hub answers.

    Source: iJw 3.2 and iWmo 3.2, TR333.
    """
    return (kijk.gemeente, declaratie.declaratie_nummer) not in kijk.snapshot.declaratie_nummers


@rule(
    "TR318",
    retourcode="8214",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Declaratie,
    element="DeclaratiePeriode",
    melding=lambda declaratie, kijk: (
        f"De laatste DeclaratiePeriode was {kijk.snapshot.laatste_declaratieperiode[kijk.gemeente]:%m-%Y}; gebruik die maand of een "
        "latere, ook voor prestaties van eerdere maanden."
    ),
    kijkt_naar=("declaraties",),
)
def tr318_declaratieperiode_does_not_go_back(declaratie: Declaratie, kijk: Kijk) -> bool:
    """DeclaratiePeriode is the last one again or a later one; gaps are allowed.

    Source: iJw 3.2 and iWmo 3.2, TR318, with OP284 and IV090: whether care was delivered in a gap is not known to the receiver.
    """
    laatste = kijk.snapshot.laatste_declaratieperiode.get(kijk.gemeente)
    return laatste is None or declaratie.declaratie_periode.begindatum >= laatste


@rule(
    "CS002",
    berichten=BERICHTEN,
    klasse=DeclaratieClient,
    element="Bsn",
    melding=lambda client, kijk: f"Bsn {GEMASKEERD} doorstaat de elfproef niet.",
)
def cs002_declared_bsn_passes_the_11_proef(client: DeclaratieClient, kijk: Kijk) -> bool:
    """Bsn passes the 11-proef.

    Source: iJw 3.2 and iWmo 3.2, CS002.
    """
    return is_bsn(client.bsn)


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=DeclaratieClient,
    element="Bsn",
    melding=lambda client, kijk: "Deze client komt vaker voor in de declaratie; neem al haar prestaties onder één Client op.",
)
def tr101_client_occurs_once(client: DeclaratieClient, kijk: Kijk) -> bool:
    """Bsn is unique within the declaratie.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    return ("Client", client.bsn) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR304",
    retourcode="8187",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=DeclaratieClient,
    element="Bsn",
    melding=lambda client, kijk: (
        "U hebt voor een client met dit Bsn geen toewijzing; neem Bsn en ToewijzingNummer over uit het toewijzingsbericht."
        if kijk.client_id is None
        else "De toewijzingen van deze prestaties zijn van een andere client; neem het Bsn over uit het toewijzingsbericht."
    ),
    kijkt_naar=("clienten", "toewijzing"),
)
def tr304_bsn_is_of_a_client(client: DeclaratieClient, kijk: Kijk) -> bool:
    """Bsn is that of a client of this aanbieder, and not at odds with every toewijzing that its prestaties name.

    Source: iJw 3.2 and iWmo 3.2, TR304. That the code stands on Client is inferred. A single line with the toewijzing of another client
    is no reason
    to refuse them all: TR338 refuses that line.
    """
    if kijk.client_id is None:
        return False
    seen = False
    for prestatie in client.prestaties:
        versies = kijk.snapshot.toewijzingen.get((kijk.gemeente, prestatie.toewijzing_nummer))
        if versies and versies[-1].agb == kijk.snapshot.agb:
            if versies[-1].client_id == kijk.client_id:
                return True
            seen = True
    return not seen


def sum_of_lines(declaratie: Declaratie) -> int:
    """Debits less credits of every line, in cents."""
    return sum(prestatie.ingediend_bedrag.cent for client in declaratie.clienten for prestatie in client.prestaties)


def _dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
