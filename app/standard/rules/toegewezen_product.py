"""Rules about ToegewezenProduct (301): what one line of a toewijzing must and may not hold, and what may change on an existing number."""

from __future__ import annotations

from datetime import date

from app.domain.snapshot import Kijk, Toewijzing
from app.domain.toewijzing import VERWIJDERD, Omvang, ToegewezenProduct
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule
from app.standard.rules.volume import PER_WEEK, TOTAAL

BERICHTEN = ("301",)
VERVALLEN = "01"
ZONDER_FREQUENTIE_DAG = frozenset({"14", "16", "83", "84"})
EINDE_OVERGANG = date(2020, 12, 31)
"""Toewijzingen that end on or before this day fall outside CD080 and CS338."""


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="ToewijzingNummer",
    melding=lambda product, kijk: f"ToewijzingNummer {product.toewijzing_nummer} komt vaker voor in het bericht; neem het eenmaal op.",
)
def tr101_toewijzing_nummer_occurs_once(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer is unique within the bericht.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    return ("ToegewezenProduct", product.toewijzing_nummer) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR134",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Toewijzingsdatum",
    melding=lambda product, kijk: f"Toewijzingsdatum ligt na de Dagtekening {_dagtekening(kijk):%d-%m-%Y}; vul de dag waarop is besloten.",
)
def tr134_toewijzingsdatum_is_not_after_dagtekening(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Toewijzingsdatum is not later than Dagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR134 (the texts name no element; a toewijzing is sent after it is decided).
    """
    return product.toewijzingsdatum <= _dagtekening(kijk)


@rule(
    "TR302",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Product",
    melding=lambda product, kijk: (
        f"Toewijzing {product.toewijzing_nummer} overlapt met een andere toewijzing van hetzelfde product in dit bericht; laat de "
        "perioden op elkaar aansluiten."
    ),
)
def tr302_product_does_not_overlap(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """The same product is not allocated twice on one day.

    Source: iJw 3.2 and iWmo 3.2, TR302: without code compared by category, without category with every other product; iWmo exempts the
    categories 11 to 14. How they are found: `stapeling.py`.
    """
    return product.toewijzing_nummer not in kijk.binnen.gestapeld


@rule(
    "CS003",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Einddatum",
    melding=lambda product, kijk: (
        f"Einddatum ligt voor de Ingangsdatum {product.ingangsdatum:%d-%m-%Y}; vul een latere datum of laat haar leeg."
    ),
)
def cs003_toewijzing_ends_after_it_begins(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Einddatum is not before Ingangsdatum.

    Source: iJw 3.2 and iWmo 3.2, CS003.
    """
    return product.einddatum is None or product.ingangsdatum <= product.einddatum


@rule(
    "CD041",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Omvang",
    melding=lambda product, kijk: "Vul Omvang, want Code in Product is gevuld.",
)
def cd041_code_asks_omvang(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Omvang is filled when Code is.

    Source: iJw 3.2 and iWmo 3.2, CD041.
    """
    return not _has_code(product) or product.omvang is not None


@rule(
    "CD075",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Einddatum",
    melding=lambda product, kijk: "Vul Einddatum, want Budget is gevuld.",
)
def cd075_budget_asks_einddatum(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Einddatum is filled when Budget is.

    Source: iJw 3.2 and iWmo 3.2, CD075.
    """
    return product.budget is None or product.einddatum is not None


@rule(
    "CD076",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Einddatum",
    melding=lambda product, kijk: "Vul Einddatum, want de Omvang is per week (Frequentie 2).",
)
def cd076_per_week_asks_einddatum(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Einddatum is filled when Frequentie is 2 (per week).

    Source: iJw 3.2 and iWmo 3.2, CD076.
    """
    return product.omvang is None or product.omvang.frequentie != PER_WEEK or product.einddatum is not None


@rule(
    "CD077",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Omvang",
    melding=lambda product, kijk: "Laat Omvang leeg, want Budget is gevuld.",
)
def cd077_budget_excludes_omvang(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Omvang is empty when Budget is filled.

    Source: iJw 3.2 and iWmo 3.2, CD077.
    """
    return product.budget is None or product.omvang is None


@rule(
    "CD078",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Budget",
    melding=lambda product, kijk: "Laat Budget leeg, want Omvang is gevuld.",
)
def cd078_omvang_excludes_budget(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Budget is empty when Omvang is filled.

    Source: iJw 3.2 and iWmo 3.2, CD078.
    """
    return product.omvang is None or product.budget is None


@rule(
    "CD079",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Product",
    melding=lambda product, kijk: "Vul Product, want Budget is leeg.",
)
def cd079_no_budget_asks_product(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Product is filled when Budget is empty.

    Source: iJw 3.2 and iWmo 3.2, CD079.
    """
    return product.budget is not None or product.product is not None


@rule(
    "CD080",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Omvang",
    melding=lambda product, kijk: "Laat Omvang leeg, want Code in Product is leeg.",
)
def cd080_omvang_only_with_code(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Omvang is empty when Code is, for a toewijzing that ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CD080.
    """
    return product.omvang is None or _has_code(product) or not _ends_after_transition(product)


@rule(
    "CS335",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="RedenWijziging",
    melding=lambda product, kijk: (
        f"Bij RedenWijziging 13 (verwijderd) is Einddatum gelijk aan Ingangsdatum, {product.ingangsdatum:%d-%m-%Y}; pas de Einddatum of "
        "de reden aan."
    ),
)
def cs335_deletion_lasts_one_day(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """RedenWijziging 13 only with Einddatum equal to Ingangsdatum.

    Source: iJw 3.2 and iWmo 3.2, CS335.
    """
    return product.reden_wijziging != VERWIJDERD or product.einddatum == product.ingangsdatum


@rule(
    "CS336",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="RedenWijziging",
    melding=lambda product, kijk: "RedenWijziging 01 is vervallen; gebruik 13 om te verwijderen of 14 voor een administratieve correctie.",
)
def cs336_reden_01_is_not_used(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """RedenWijziging 01 (vervallen) is not used.

    Source: iJw 3.2 and iWmo 3.2, CS336.
    """
    return product.reden_wijziging != VERVALLEN


@rule(
    "CS338",
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="Omvang/Frequentie",
    melding=lambda product, kijk: f"Bij Eenheid {product.omvang.eenheid} is Frequentie 2 (week), 4 (maand) of 6 (totaal), niet per dag.",
)
def cs338_eenheid_fits_frequentie(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """Eenheid 14, 16, 83 and 84 go with Frequentie 2, 4 or 6, for a toewijzing that ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CS338.
    """
    omvang = product.omvang
    if omvang is None or omvang.eenheid not in ZONDER_FREQUENTIE_DAG or not _ends_after_transition(product):
        return True
    return omvang.frequentie in ("2", "4", "6")


@rule(
    "TR332",
    retourcode="9332",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="ToewijzingNummer",
    melding=lambda product, kijk: (
        f"ToewijzingNummer {product.toewijzing_nummer} is al in gebruik: "
        f"{why_not_a_version(product, kijk) or 'op een nummer wijzigen alleen Einddatum, Budget en Volume'}. Geef een nieuw nummer."
    ),
    kijkt_naar=("clienten", "toewijzingnummers"),
)
def tr332_number_is_new_or_its_own(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer is new in the gemeente, or this is a version of the same toewijzing.

    Source: iJw 3.2 and iWmo 3.2, TR332, with what may change on a number: Einddatum, Budget, Volume if Frequentie is 6, deletion
    (OP033x1, IV066).
    A version that carries the Toewijzingsdatum and -tijd of a known one must be that one (IV013): otherwise nothing orders the two.
    """
    return why_not_a_version(product, kijk) is None


def why_not_a_version(product: ToegewezenProduct, kijk: Kijk) -> str | None:
    """Why the line is no version of the toewijzing that has its number, in words; None when it is, or when the number is free."""
    versies = kijk.snapshot.toewijzingen.get((kijk.gemeente, product.toewijzing_nummer))
    if not versies:
        return None
    bekend = versies[-1]
    if (bekend.agb, bekend.client_id) != (kijk.snapshot.agb, kijk.client_id):
        return "het hoort bij een andere client of aanbieder"
    if _identity(product) != (bekend.categorie, bekend.code, bekend.ingangsdatum):
        return "Product en Ingangsdatum van een toewijzing liggen vast"
    if not _omvang_may_become(bekend.omvang, product.omvang):
        return "de Omvang ligt vast, behalve het Volume bij Frequentie 6"
    if (bekend.budget is None) != (product.budget is None):
        return "een toewijzing met Budget blijft dat en een zonder ook"
    moment = (product.toewijzingsdatum, product.toewijzingstijd)
    if any(versie.volgorde == moment and not _same_content(versie, product) for versie in versies):
        return "deze Toewijzingsdatum en -tijd horen bij een versie met een andere inhoud"
    return None


@rule(
    "TR385",
    retourcode="9385",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=ToegewezenProduct,
    element="RedenWijziging",
    melding=lambda product, kijk: (
        f"Toewijzing {product.toewijzing_nummer} heeft goedgekeurde prestaties; verwijderen kan pas als de aanbieder ze heeft gecrediteerd."
    ),
    kijkt_naar=("goedgekeurd",),
)
def tr385_deletes_nothing_that_is_granted(product: ToegewezenProduct, kijk: Kijk) -> bool:
    """A toewijzing with granted prestaties that are not credited is not deleted.

    Source: iJw 3.2 and iWmo 3.2, TR385.
    """
    return product.reden_wijziging != VERWIJDERD or (kijk.gemeente, product.toewijzing_nummer) not in kijk.snapshot.goedgekeurd


def _identity(product: ToegewezenProduct) -> tuple[str | None, str | None, date]:
    """Category, code and Ingangsdatum: what a number stands for."""
    if product.product is None:
        return None, None, product.ingangsdatum
    return product.product.categorie, product.product.code, product.ingangsdatum


def _omvang_may_become(bekend: Omvang | None, nieuw: Omvang | None) -> bool:
    """Whether a version may change the omvang: not at all, or only the Volume within Frequentie 6."""
    if bekend is None or nieuw is None:
        return bekend is nieuw
    if bekend == nieuw:
        return True
    return bekend.frequentie == TOTAAL and (bekend.eenheid, bekend.frequentie) == (nieuw.eenheid, nieuw.frequentie)


def _same_content(versie: Toewijzing, product: ToegewezenProduct) -> bool:
    """Whether a line sent again says the same; RedenWijziging may have gone, for it tells what changed since the last time (IV099)."""
    same = (versie.einddatum, versie.omvang, versie.budget) == (product.einddatum, product.omvang, product.budget)
    return same and versie.is_verwijderd == (product.reden_wijziging == VERWIJDERD)


def _has_code(product: ToegewezenProduct) -> bool:
    """Whether the toewijzing names a product code."""
    return product.product is not None and product.product.code is not None


def _ends_after_transition(product: ToegewezenProduct) -> bool:
    """Whether the toewijzing ends after 31-12-2020 or is open."""
    return product.einddatum is None or product.einddatum > EINDE_OVERGANG


def _dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
