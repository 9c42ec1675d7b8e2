"""Rules about a verzoek om wijziging (317) from the bericht alone: the Verzoek, its client, and the products it changes or adds.

What a 315 asks in the same way stands in `verzoek`, the comparison with the toewijzingen of the client in `verzoek_toewijzing`.
"""

from __future__ import annotations

from datetime import date

from app.domain.snapshot import Kijk
from app.domain.verzoek import NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek
from app.standard.rules.engine import rule
from app.standard.rules.stapeling import Zorgperiode
from app.standard.rules.verzoek import ends_after_transition, fits_frequentie, has_code, melding_frequentie
from app.standard.rules.volume import PER_WEEK

BERICHTEN = ("317",)


@rule(
    "TR352",
    berichten=BERICHTEN,
    klasse=Verzoek,
    melding=lambda verzoek, kijk: (
        "Neem minstens één OngewijzigdProduct of TeWijzigenProduct op; is er geen actuele toewijzing, stuur dan een verzoek om toewijzing."
    ),
)
def tr352_verzoek_starts_from_a_toewijzing(verzoek: Verzoek, kijk: Kijk) -> bool:
    """There is at least one OngewijzigdProduct or TeWijzigenProduct.

    Source: iJw 3.2 and iWmo 3.2, TR352.
    """
    return bool(verzoek.ongewijzigde_producten or verzoek.te_wijzigen_producten)


@rule(
    "TR353",
    berichten=BERICHTEN,
    klasse=Verzoek,
    melding=lambda verzoek, kijk: "Neem minstens één TeWijzigenProduct of NieuwProduct op; anders verandert er niets.",
)
def tr353_verzoek_changes_something(verzoek: Verzoek, kijk: Kijk) -> bool:
    """There is at least one TeWijzigenProduct or NieuwProduct.

    Source: iJw 3.2 and iWmo 3.2, TR353.
    """
    return bool(verzoek.te_wijzigen_producten or verzoek.nieuwe_producten)


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=(OngewijzigdProduct, TeWijzigenProduct),
    element="ToewijzingNummer",
    melding=lambda product, kijk: (
        f"ToewijzingNummer {product.toewijzing_nummer} staat meer dan eens in {type(product).__name__}; neem het eenmaal op."
    ),
)
def tr101_toewijzing_is_named_once(product: OngewijzigdProduct | TeWijzigenProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer is unique among the OngewijzigdProducten, and among the TeWijzigenProducten.

    Source: iJw 3.2 and iWmo 3.2, TR101; a number that stands in both classes asks for two things at once, which TR361 refuses.
    """
    return toewijzing_sleutel(product) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=NieuwProduct,
    element="Product",
    melding=lambda product, kijk: (
        f"Dit NieuwProduct per {product.gewenste_ingangsdatum:%d-%m-%Y} komt vaker voor; neem elk product met zijn ingangsdatum eenmaal op."
    ),
)
def tr101_nieuw_product_occurs_once(product: NieuwProduct, kijk: Kijk) -> bool:
    """Product and GewensteIngangsdatum of a NieuwProduct are unique within the Verzoek.

    Source: iJw 3.2 and iWmo 3.2, TR101.
    """
    return nieuw_sleutel(product) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR380",
    berichten=BERICHTEN,
    klasse=NieuwProduct,
    element="GewensteIngangsdatum",
    melding=lambda product, kijk: (
        f"GewensteIngangsdatum van een NieuwProduct ligt niet na de Dagtekening {dagtekening(kijk):%d-%m-%Y}; vul een latere datum."
    ),
)
def tr380_nieuw_product_begins_in_the_future(product: NieuwProduct, kijk: Kijk) -> bool:
    """GewensteIngangsdatum of a NieuwProduct is later than Dagtekening.

    Source: iJw 3.2 and iWmo 3.2, TR380 (the texts name no element; a TeWijzigenProduct may begin in the past by TR357).
    """
    return product.gewenste_ingangsdatum > dagtekening(kijk)


@rule(
    "TR410",
    berichten=BERICHTEN,
    klasse=NieuwProduct,
    element="Product",
    melding=lambda product, kijk: (
        f"Dit NieuwProduct per {product.gewenste_ingangsdatum:%d-%m-%Y} overlapt met een ander NieuwProduct van hetzelfde product; laat de "
        "perioden op elkaar aansluiten."
    ),
)
def tr410_nieuw_product_does_not_overlap(product: NieuwProduct, kijk: Kijk) -> bool:
    """The same product is not asked for twice on one day among the NieuwProducten.

    Source: iJw 3.2 and iWmo 3.2, TR410: without code compared by category, without category with every other product; iWmo exempts the
    categories 11 to 14. How they are found: `stapeling.py`.
    """
    return nieuw_sleutel(product) not in kijk.binnen.overlappend


@rule(
    "CD075",
    berichten=BERICHTEN,
    klasse=(NieuwProduct, TeWijzigenProduct),
    element="Einddatum",
    melding=lambda product, kijk: "Vul Einddatum, want Budget is gevuld.",
)
def cd075_gewenst_budget_asks_einddatum(product: NieuwProduct | TeWijzigenProduct, kijk: Kijk) -> bool:
    """Einddatum is filled when Budget is.

    Source: iJw 3.2 and iWmo 3.2, CD075.
    """
    return product.budget is None or product.einddatum is not None


@rule(
    "CD076",
    berichten=BERICHTEN,
    klasse=(NieuwProduct, TeWijzigenProduct),
    element="Einddatum",
    melding=lambda product, kijk: "Vul Einddatum, want de Omvang is per week (Frequentie 2).",
)
def cd076_gewenst_per_week_asks_einddatum(product: NieuwProduct | TeWijzigenProduct, kijk: Kijk) -> bool:
    """Einddatum is filled when Frequentie is 2 (per week).

    Source: iJw 3.2 and iWmo 3.2, CD076.
    """
    return product.omvang is None or product.omvang.frequentie != PER_WEEK or product.einddatum is not None


@rule(
    "CD096",
    berichten=BERICHTEN,
    klasse=NieuwProduct,
    element="Omvang",
    melding=lambda product, kijk: "Laat Omvang leeg, want Code in Product is leeg.",
)
def cd096_nieuwe_omvang_only_with_code(product: NieuwProduct, kijk: Kijk) -> bool:
    """Omvang is empty when Code is, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CD096.
    """
    return product.omvang is None or has_code(product.product) or not ends_after_transition(product.einddatum)


@rule(
    "CS003",
    berichten=BERICHTEN,
    klasse=(NieuwProduct, TeWijzigenProduct),
    element="Einddatum",
    melding=lambda product, kijk: (
        f"Einddatum ligt voor de GewensteIngangsdatum {product.gewenste_ingangsdatum:%d-%m-%Y}; vul een latere datum of laat haar leeg."
    ),
)
def cs003_gewenst_product_ends_after_it_begins(product: NieuwProduct | TeWijzigenProduct, kijk: Kijk) -> bool:
    """Einddatum is not before GewensteIngangsdatum.

    Source: iJw 3.2 and iWmo 3.2, CS003.
    """
    return product.einddatum is None or product.gewenste_ingangsdatum <= product.einddatum


@rule(
    "CS338",
    berichten=BERICHTEN,
    klasse=(NieuwProduct, TeWijzigenProduct),
    element="Omvang/Frequentie",
    melding=lambda product, kijk: melding_frequentie(product),
)
def cs338_gewenste_eenheid_fits_frequentie(product: NieuwProduct | TeWijzigenProduct, kijk: Kijk) -> bool:
    """Eenheid 14, 16, 83 and 84 go with Frequentie 2, 4 or 6, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CS338.
    """
    return fits_frequentie(product.omvang, product.einddatum)


def toewijzing_sleutel(product: OngewijzigdProduct | TeWijzigenProduct) -> tuple[object, ...]:
    """The logical key of a product that names a toewijzing, with the name of its class."""
    return type(product).__name__, product.toewijzing_nummer


def nieuw_sleutel(product: NieuwProduct) -> tuple[object, ...]:
    """The logical key of a NieuwProduct, with the name of its class."""
    return "NieuwProduct", product.product, product.gewenste_ingangsdatum


def nieuwe_periode(product: NieuwProduct) -> Zorgperiode[tuple[object, ...]]:
    """The days that are asked for, under the logical key."""
    return Zorgperiode(
        sleutel=nieuw_sleutel(product),
        categorie=product.product.categorie if product.product else None,
        code=product.product.code if product.product else None,
        begin=product.gewenste_ingangsdatum,
        einde=product.einddatum,
    )


def dagtekening(kijk: Kijk) -> date:
    """Dagtekening of the bericht."""
    return kijk.bericht.header.bericht_identificatie.dagtekening
