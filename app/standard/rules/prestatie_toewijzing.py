"""Rules about a Prestatie against its toewijzing and earlier declaraties (controleniveau 3), the volume excepted.

`kijk.toewijzing` is the toewijzing of this client with the ToewijzingNummer; without one TR338 or TR384 fails and the rules that compare
with it hold. Starts and stops take no part (OP364).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.domain.declaratie import Prestatie
from app.domain.periode import laatste_dag
from app.domain.snapshot import Kijk, Toewijzing
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule
from app.standard.rules.prestatie import BERICHTEN, CREDIT, DEBET
from app.standard.rules.volume import passende_eenheid


@rule(
    "TR314",
    retourcode="8021",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductReferentie/ReferentieNummer",
    melding=lambda prestatie, kijk: (
        f"ReferentieNummer {prestatie.product_referentie.referentie_nummer} is al gebruikt; geef elke prestatie een nieuw nummer."
    ),
    kijkt_naar=("referentienummers",),
)
def tr314_referentie_nummer_is_new(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ReferentieNummer is unique for the aanbieder in the domain, within the bericht and before; counted per gemeente.

    Source: iJw 3.2 and iWmo 3.2, TR314. Of lines with the same number in one bericht none is unique, so each is refused.
    """
    dubbel, eerder = kijk.binnen.dubbele_referenties, kijk.snapshot.referentie_nummers
    if not dubbel and not eerder:
        return True
    nummer = prestatie.product_referentie.referentie_nummer
    return nummer not in dubbel and (kijk.gemeente, nummer) not in eerder


@rule(
    "TR319",
    retourcode="9319",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ProductPeriode",
    melding=lambda prestatie, kijk: (
        "De ProductPeriode ligt na de DeclaratiePeriode; declareer haar met de maand waarin zij valt of een latere."
    ),
)
def tr319_product_periode_is_not_after_declaratieperiode(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductPeriode lies in the DeclaratiePeriode or an earlier month.

    Source: iJw 3.2 and iWmo 3.2, TR319.
    """
    declaratie = kijk.bericht.declaratie
    return declaratie is None or prestatie.product_periode.einddatum <= declaratie.declaratie_periode.einddatum


@rule(
    "TR338",
    retourcode="9338",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    element="ToewijzingNummer",
    melding=lambda prestatie, kijk: (
        f"U hebt voor deze client geen toewijzing {prestatie.toewijzing_nummer}; neem het nummer over uit het toewijzingsbericht."
    ),
    kijkt_naar=("clienten", "toewijzing"),
)
def tr338_prestatie_has_a_toewijzing(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ToewijzingNummer names a toewijzing of this client to this aanbieder; a deleted one counts here (TR384 refuses it).

    Source: iJw 3.2 and iWmo 3.2, TR338.
    """
    return kijk.toewijzing is not None or kijk.is_verwijderd


@rule(
    "TR384",
    retourcode="9384",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ToewijzingNummer",
    melding=lambda prestatie, kijk: f"Toewijzing {prestatie.toewijzing_nummer} is door de gemeente verwijderd (RedenWijziging 13).",
    kijkt_naar=("toewijzing",),
)
def tr384_toewijzing_is_not_deleted(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Nothing is claimed on a toewijzing with RedenWijziging 13.

    Source: iJw 3.2 and iWmo 3.2, TR384.
    """
    return not kijk.is_verwijderd


@rule(
    "TR307",
    retourcode="9307",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Begindatum",
    melding=lambda prestatie, kijk: (
        f"De ProductPeriode begint voor de Ingangsdatum van de toewijzing, {_toewijzing(kijk).ingangsdatum:%d-%m-%Y}."
    ),
    kijkt_naar=("toewijzing",),
)
def tr307_product_periode_begins_in_toewijzing(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Begindatum of ProductPeriode is not before Ingangsdatum of the toewijzing.

    Source: iJw 3.2 and iWmo 3.2, TR307.
    """
    return kijk.toewijzing is None or prestatie.product_periode.begindatum >= kijk.toewijzing.ingangsdatum


@rule(
    "TR308",
    retourcode="9308",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Einddatum",
    melding=lambda prestatie, kijk: f"De ProductPeriode eindigt na de Einddatum van de toewijzing, {_toewijzing(kijk).einddatum:%d-%m-%Y}.",
    kijkt_naar=("toewijzing",),
)
def tr308_product_periode_ends_in_toewijzing(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Einddatum of ProductPeriode is not after Einddatum of the toewijzing, if that is filled.

    Source: iJw 3.2 and iWmo 3.2, TR308.
    """
    toewijzing = kijk.toewijzing
    return toewijzing is None or toewijzing.einddatum is None or prestatie.product_periode.einddatum <= toewijzing.einddatum


@rule(
    "TR387",
    retourcode="9387",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Begindatum",
    melding=lambda prestatie, kijk: (
        f"De ProductPeriode begint op {first_day_to_claim(_toewijzing(kijk), prestatie.product_periode.begindatum):%d-%m-%Y}: de eerste "
        "van de maand, of de Ingangsdatum van de toewijzing als die later is."
    ),
    kijkt_naar=("toewijzing",),
)
def tr387_product_periode_begins_with_the_month(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Begindatum is the first of the month, or Ingangsdatum of the toewijzing when that is later in the same month.

    Source: iJw 3.2 and iWmo 3.2, TR387, IV089.
    """
    toewijzing, begin = kijk.toewijzing, prestatie.product_periode.begindatum
    if toewijzing is None or begin == toewijzing.ingangsdatum:
        return True
    # On the first of a month, what began earlier began in an earlier month.
    return begin.day == 1 and (toewijzing.ingangsdatum < begin or not _same_month(begin, toewijzing.ingangsdatum))


@rule(
    "TR388",
    retourcode="9388",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode/Einddatum",
    melding=lambda prestatie, kijk: (
        f"De ProductPeriode eindigt op {last_day_to_claim(_toewijzing(kijk), prestatie.product_periode.einddatum):%d-%m-%Y}: de laatste "
        "dag van de maand, of de Einddatum van de toewijzing als die eerder is."
    ),
    kijkt_naar=("toewijzing",),
)
def tr388_product_periode_ends_with_the_month(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Einddatum is the last of the month, or Einddatum of the toewijzing when that is earlier in the same month.

    Source: iJw 3.2 and iWmo 3.2, TR388, IV089.
    """
    toewijzing, einde = kijk.toewijzing, prestatie.product_periode.einddatum
    if toewijzing is None or einde == toewijzing.einddatum:
        return True
    # On the last of a month, what ends later ends in a later month.
    return is_last_of_month(einde) and (
        toewijzing.einddatum is None or toewijzing.einddatum > einde or not _same_month(einde, toewijzing.einddatum)
    )


@rule(
    "TR339",
    retourcode="9339",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductCategorie",
    melding=lambda prestatie, kijk: f"ProductCategorie is in de toewijzing {_toewijzing(kijk).categorie}; neem die over.",
    kijkt_naar=("toewijzing",),
)
def tr339_categorie_is_the_allocated_one(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductCategorie is that of the toewijzing, when that has one.

    Source: iJw 3.2 and iWmo 3.2, TR339.
    """
    toewijzing = kijk.toewijzing
    return toewijzing is None or toewijzing.categorie is None or toewijzing.categorie == prestatie.product_categorie


@rule(
    "TR340",
    retourcode="9340",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductCode",
    melding=lambda prestatie, kijk: f"ProductCode is in de toewijzing {_toewijzing(kijk).code}; neem die over.",
    kijkt_naar=("toewijzing",),
)
def tr340_code_is_the_allocated_one(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductCode is that of the toewijzing, when that has one.

    Source: iJw 3.2 and iWmo 3.2, TR340.
    """
    toewijzing = kijk.toewijzing
    return toewijzing is None or toewijzing.code is None or toewijzing.code == prestatie.product_code


@rule(
    "TR341",
    retourcode="9341",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="Eenheid",
    melding=lambda prestatie, kijk: f"Eenheid past niet: verwacht {_expected_eenheden(kijk)}.",
    kijkt_naar=("toewijzing", "tarieven"),
)
def tr341_eenheid_fits(prestatie: Prestatie, kijk: Kijk) -> bool:
    """Eenheid is that of the toewijzing, or minutes for hours; without Omvang it is one of the contract, when there is a contract line.

    Source: iJw 3.2 and iWmo 3.2, TR341, IV081.
    """
    toewijzing = kijk.toewijzing
    if toewijzing is None:
        return True
    if toewijzing.omvang is not None:
        return passende_eenheid(toewijzing.omvang.eenheid, prestatie.eenheid)
    return not kijk.tarieven or any(passende_eenheid(regel.eenheid, prestatie.eenheid) for regel in kijk.tarieven)


@rule(
    "TR389",
    retourcode="9389",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductPeriode",
    melding=lambda prestatie, kijk: "Over deze toewijzing en ProductPeriode is al een prestatie toegekend; crediteer die eerst.",
    kijkt_naar=("open_debets",),
)
def tr389_earlier_debit_is_credited(prestatie: Prestatie, kijk: Kijk) -> bool:
    """No granted debit for the same toewijzing, product and period stands uncredited.

    Source: iJw 3.2 and iWmo 3.2, TR389. A debit that was refused is no obstacle; credits of the same bericht come first (OP366).
    """
    return not kijk.is_tweede_debet


@rule(
    "TR323",
    retourcode="8017",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=CREDIT,
    element="ProductReferentie/VorigReferentieNummer",
    melding=lambda prestatie, kijk: (
        f"Er is geen toegekende debetprestatie {prestatie.product_referentie.vorig_referentie_nummer} die verder gelijk is aan deze "
        "credit; neem alle velden ongewijzigd over."
    ),
    kijkt_naar=("clienten", "debet"),
)
def tr323_credit_mirrors_a_granted_debit(prestatie: Prestatie, kijk: Kijk) -> bool:
    """VorigReferentieNummer names a granted debit, and the credit equals it but for its number and D.

    Source: iJw 3.2 and iWmo 3.2, TR323, IV085, IV091.
    """
    debet = kijk.debet
    if debet is None or not debet.toegekend or debet.client_id != kijk.client_id:
        return False
    periode = prestatie.product_periode
    return (
        prestatie.toewijzing_nummer,
        prestatie.product_categorie,
        prestatie.product_code,
        periode.begindatum,
        periode.einddatum,
        prestatie.geleverd_volume,
        prestatie.eenheid,
        prestatie.product_tarief,
        prestatie.ingediend_bedrag.bedrag,
    ) == (
        debet.toewijzing_nummer,
        debet.categorie,
        debet.code,
        debet.begindatum,
        debet.einddatum,
        debet.volume,
        debet.eenheid,
        debet.tarief_cent,
        debet.bedrag_cent,
    )


@rule(
    "TR390",
    retourcode="9390",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=CREDIT,
    element="ProductReferentie/VorigReferentieNummer",
    melding=lambda prestatie, kijk: (
        f"Prestatie {prestatie.product_referentie.vorig_referentie_nummer} is al gecrediteerd; dat kan eenmaal."
    ),
    kijkt_naar=("debet",),
)
def tr390_debit_is_not_credited_before(prestatie: Prestatie, kijk: Kijk) -> bool:
    """The debit was not credited before.

    Source: iJw 3.2 and iWmo 3.2, TR390, OP360.
    """
    return kijk.debet is None or not kijk.debet.gecrediteerd


def first_day_to_claim(toewijzing: Toewijzing, dag: date) -> date:
    """The first day of the ProductPeriode in the month of `dag`."""
    return toewijzing.ingangsdatum if _same_month(dag, toewijzing.ingangsdatum) else dag.replace(day=1)


def last_day_to_claim(toewijzing: Toewijzing, dag: date) -> date:
    """The last day of the ProductPeriode in the month of `dag`."""
    einde = toewijzing.einddatum
    return einde if einde is not None and _same_month(dag, einde) else laatste_dag(dag)


@lru_cache(maxsize=4096)
def is_last_of_month(dag: date) -> bool:
    """Whether a day is the last of its month; remembered, because a declaratie asks it of the same few days."""
    return dag == laatste_dag(dag)


def _same_month(one: date, other: date) -> bool:
    """Whether two days lie in the same month of the same year."""
    return one.month == other.month and one.year == other.year


def _toewijzing(kijk: Kijk) -> Toewijzing:
    """The toewijzing that a failed rule compared with."""
    if kijk.toewijzing is None:
        raise ValueError("a rule that compares with the toewijzing failed without one")
    return kijk.toewijzing


def _expected_eenheden(kijk: Kijk) -> str:
    """The eenheden that fit, for a sentence."""
    omvang = _toewijzing(kijk).omvang
    bases = {omvang.eenheid} if omvang else {regel.eenheid for regel in kijk.tarieven}
    return " of ".join(sorted(bases | ({"01"} if "04" in bases else set())))
