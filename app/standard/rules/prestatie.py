"""Rules about a Prestatie that the bericht itself decides (controleniveau 2): form, numbers within the bericht, amounts in euros.

A credit is judged by its own marks only (TR101, TR315, TR316, CD060, CS325); that the rest is right follows from its being identical to
its debit.
"""

from __future__ import annotations

from datetime import date

from app.domain.bedrag import euro
from app.domain.declaratie import Prestatie
from app.domain.snapshot import Kijk
from app.standard.rules.client import years_before
from app.standard.rules.declaratie import OUDSTE_DECLARATIE_JAREN, OUDSTE_PERIODE
from app.standard.rules.engine import rule
from app.standard.rules.volume import EURO

BERICHTEN = ("323",)
DEBET, CREDIT = "D", "C"

VORIG = ("product_referentie.vorig_referentie_nummer",)
PERIODE = ("product_periode.begindatum", "product_periode.einddatum")
"""Fields that several rules follow from (`Regel.volgt_uit`)."""


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductReferentie",
    melding=lambda prestatie, kijk: (
        f"ReferentieNummer {prestatie.product_referentie.referentie_nummer} komt bij deze client vaker voor; geef elke prestatie een "
        "eigen nummer."
    ),
)
def tr101_prestatie_occurs_once(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ReferentieNummer with VorigReferentieNummer is unique within the Client.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    dubbel = kijk.binnen.dubbele_sleutels
    if not dubbel:
        return True
    referentie = prestatie.product_referentie
    return ("Prestatie", kijk.bsn, referentie.referentie_nummer, referentie.vorig_referentie_nummer) not in dubbel


@rule(
    "TR315",
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductReferentie/VorigReferentieNummer",
    volgt_uit=VORIG,
    melding=lambda prestatie, kijk: (
        f"VorigReferentieNummer {prestatie.product_referentie.vorig_referentie_nummer} komt vaker voor; crediteer een prestatie eenmaal."
    ),
)
def tr315_debit_is_named_once(prestatie: Prestatie, kijk: Kijk) -> bool:
    """VorigReferentieNummer is unique within the bericht.

    Source: iJw 3.2 and iWmo 3.2, TR315.
    """
    return prestatie.product_referentie.vorig_referentie_nummer not in kijk.binnen.dubbele_vorige


@rule(
    "TR316",
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductReferentie/VorigReferentieNummer",
    volgt_uit=VORIG,
    melding=lambda prestatie, kijk: (
        f"Prestatie {prestatie.product_referentie.vorig_referentie_nummer} staat in dit bericht; crediteer haar pas na het "
        "declaratie-antwoord."
    ),
)
def tr316_debit_is_not_in_the_same_bericht(prestatie: Prestatie, kijk: Kijk) -> bool:
    """VorigReferentieNummer is not the ReferentieNummer of a Prestatie in the same bericht.

    Source: iJw 3.2 and iWmo 3.2, TR316.
    """
    return prestatie.product_referentie.vorig_referentie_nummer not in kijk.binnen.referentie_nummers


@rule(
    "TR416",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    melding=lambda prestatie, kijk: (
        f"Toewijzing {prestatie.toewijzing_nummer} is in dit bericht vaker gedeclareerd over dezelfde ProductPeriode; voeg de regels samen."
    ),
)
def tr416_debit_occurs_once(prestatie: Prestatie, kijk: Kijk) -> bool:
    """One debit per ToewijzingNummer, product and ProductPeriode in a bericht.

    Source: iJw 3.2 and iWmo 3.2, TR416.
    """
    dubbel = kijk.binnen.dubbele_debets
    return not dubbel or debet_sleutel(prestatie) not in dubbel


@rule(
    "CD060",
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductReferentie/VorigReferentieNummer",
    volgt_uit=(*VORIG, "ingediend_bedrag.debet_credit"),
    melding=lambda prestatie, kijk: (
        "Vul VorigReferentieNummer met het ReferentieNummer van de debetprestatie, want DebetCredit is C."
        if prestatie.is_credit
        else "Laat VorigReferentieNummer leeg, want DebetCredit is D."
    ),
)
def cd060_only_a_credit_names_a_debit(prestatie: Prestatie, kijk: Kijk) -> bool:
    """VorigReferentieNummer is filled if and only if the Prestatie is a credit.

    Source: iJw 3.2 and iWmo 3.2, CD060.
    """
    return (prestatie.product_referentie.vorig_referentie_nummer is not None) is (prestatie.ingediend_bedrag.debet_credit == CREDIT)


@rule(
    "CS325",
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="IngediendBedrag/DebetCredit",
    melding=lambda prestatie, kijk: "Vul DebetCredit met D, want het bedrag is 0.",
)
def cs325_zero_amount_is_debit(prestatie: Prestatie, kijk: Kijk) -> bool:
    """An amount of 0 is marked D.

    Source: iJw 3.2 and iWmo 3.2, CS325.
    """
    ingediend = prestatie.ingediend_bedrag
    return ingediend.bedrag != 0 or ingediend.debet_credit == DEBET


@rule(
    "TR137",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Einddatum",
    volgt_uit=PERIODE,
    melding=lambda prestatie, kijk: (
        f"Einddatum van de ProductPeriode ligt niet tussen haar Begindatum en de Dagtekening {_dagtekening(kijk):%d-%m-%Y}."
    ),
)
def tr137_product_periode_is_over(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Einddatum of ProductPeriode is between its Begindatum and Dagtekening, both included.

    Source: iJw 3.2 and iWmo 3.2, TR137.
    """
    periode = prestatie.product_periode
    return periode.begindatum <= periode.einddatum <= kijk.bericht.header.bericht_identificatie.dagtekening


@rule(
    "TR335",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Einddatum",
    volgt_uit=PERIODE,
    melding=lambda prestatie, kijk: f"De ProductPeriode is meer dan {OUDSTE_DECLARATIE_JAREN} jaar voor DeclaratieDagtekening geëindigd.",
)
def tr335_product_periode_is_not_too_old(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Einddatum of ProductPeriode is at most five years before DeclaratieDagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR335.
    """
    declaratie = kijk.bericht.declaratie
    if declaratie is None:
        return True
    einde, getekend = prestatie.product_periode.einddatum, declaratie.declaratie_dagtekening
    return einde.year > getekend.year - OUDSTE_DECLARATIE_JAREN or einde >= years_before(getekend, OUDSTE_DECLARATIE_JAREN)


@rule(
    "CS100",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode",
    volgt_uit=PERIODE,
    melding=lambda prestatie, kijk: f"Een ProductPeriode begint op of na {OUDSTE_PERIODE:%d-%m-%Y}.",
)
def cs100_product_periode_is_recent(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductPeriode lies on or after 01-01-2021.

    Source: iJw 3.2 and iWmo 3.2, CS100.
    """
    return prestatie.product_periode.begindatum >= OUDSTE_PERIODE


@rule(
    "CS337",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode",
    volgt_uit=PERIODE,
    melding=lambda prestatie, kijk: (
        "Begin- en Einddatum van de ProductPeriode liggen in dezelfde kalendermaand; splits een langere periode."
    ),
)
def cs337_product_periode_stays_in_a_month(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Begindatum and Einddatum of ProductPeriode lie in the same month.

    Source: iJw 3.2 and iWmo 3.2, CS337.
    """
    begin, einde = prestatie.product_periode.begindatum, prestatie.product_periode.einddatum
    return begin.month == einde.month and begin.year == einde.year


@rule(
    "CD087",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductTarief",
    volgt_uit=("eenheid", "product_tarief"),
    melding=lambda prestatie, kijk: (
        "Laat ProductTarief leeg, want Eenheid is 83 (euro's)."
        if prestatie.eenheid == EURO
        else f"Vul ProductTarief, want Eenheid is {prestatie.eenheid}."
    ),
)
def cd087_tarief_unless_euros(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductTarief is filled if and only if Eenheid is not 83.

    Source: iJw 3.2 and iWmo 3.2, CD087.
    """
    return (prestatie.product_tarief is None) is (prestatie.eenheid == EURO)


@rule(
    "CS339",
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="IngediendBedrag",
    melding=lambda prestatie, kijk: (
        f"Bij Eenheid 83 (euro's) is IngediendBedrag gelijk aan GeleverdVolume: {euro(prestatie.geleverd_volume)}, niet "
        f"{euro(prestatie.ingediend_bedrag.bedrag)}."
    ),
)
def cs339_euros_are_the_volume(prestatie: Prestatie, kijk: Kijk) -> bool:
    """With Eenheid 83 IngediendBedrag equals GeleverdVolume, both in cents.

    Source: iJw 3.2 and iWmo 3.2, CS339.
    """
    return prestatie.eenheid != EURO or prestatie.ingediend_bedrag.bedrag == prestatie.geleverd_volume


def debet_sleutel(prestatie: Prestatie) -> tuple[int, str, str, date, date]:
    """What may be claimed once as long as it is not credited: toewijzing, product and period (`DebetSleutel`)."""
    periode = prestatie.product_periode
    return prestatie.toewijzing_nummer, prestatie.product_categorie, prestatie.product_code, periode.begindatum, periode.einddatum


def _dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
