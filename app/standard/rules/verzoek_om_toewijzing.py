"""Rules about AangevraagdProduct: one product of a verzoek om toewijzing (315), with who referred the client.

What a 317 asks in the same way stands in `verzoek`.
"""

from __future__ import annotations

from app.domain.snapshot import Kijk
from app.domain.verzoek import AangevraagdProduct
from app.standard.rules.engine import rule
from app.standard.rules.stapeling import Zorgperiode
from app.standard.rules.verzoek import ends_after_transition, fits_frequentie, has_code, melding_frequentie
from app.standard.rules.volume import PER_WEEK

BERICHTEN = ("315",)
VERWIJZERS_MET_CODE = frozenset({"02", "03", "04", "05"})
"""Types of Verwijzer that are named by their AGB-code, or by name when it is not known (CD066 to CD068)."""


@rule(
    "TR101",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="ReferentieAanbieder",
    melding=lambda product, kijk: (
        f"Het AangevraagdProduct met ReferentieAanbieder {product.referentie_aanbieder} komt vaker voor; neem het eenmaal op."
    ),
)
def tr101_aangevraagd_product_occurs_once(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """The logical key of an AangevraagdProduct is unique within the bericht.

    Source: iJw 3.2 and iWmo 3.2, TR101; the key is ReferentieAanbieder, so that TR383 fails with it.
    """
    return aangevraagd_sleutel(product) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR383",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="ReferentieAanbieder",
    melding=lambda product, kijk: (
        f"ReferentieAanbieder {product.referentie_aanbieder} staat bij meer dan één AangevraagdProduct; geef elk product een eigen referentie."
    ),
)
def tr383_referentie_is_unique_in_bericht(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """Each AangevraagdProduct has a ReferentieAanbieder of its own.

    Source: iJw 3.2 and iWmo 3.2, TR383.
    """
    return aangevraagd_sleutel(product) not in kijk.binnen.dubbele_sleutels


@rule(
    "TR386",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Product",
    melding=lambda product, kijk: (
        f"AangevraagdProduct {product.referentie_aanbieder} overlapt met een ander AangevraagdProduct van hetzelfde product; laat de "
        "perioden op elkaar aansluiten."
    ),
)
def tr386_aangevraagd_product_does_not_overlap(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """The same product is not asked for twice on one day.

    Source: iJw 3.2 and iWmo 3.2, TR386: without code compared by category, without category with every other product; iWmo exempts the
    categories 11 to 14. How they are found: `stapeling.py`.
    """
    return aangevraagd_sleutel(product) not in kijk.binnen.overlappend


@rule(
    "CD043",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="BeschikkingIngangsdatum",
    melding=lambda product, kijk: (
        "Laat BeschikkingIngangsdatum leeg, want BeschikkingNummer is leeg."
        if product.beschikking_nummer is None
        else "Vul BeschikkingIngangsdatum, want BeschikkingNummer is gevuld."
    ),
)
def cd043_beschikking_has_both_or_neither(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """BeschikkingIngangsdatum is filled if and only if BeschikkingNummer is.

    Source: iJw 3.2 and iWmo 3.2, CD043.
    """
    return (product.beschikking_nummer is None) == (product.beschikking_ingangsdatum is None)


@rule(
    "CD066",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Verwijzer",
    melding=lambda product, kijk: (
        f"Laat Naam van de Verwijzer leeg, want bij Type {product.verwijzer.type} volstaat de gevulde ZorgverlenerCode."
    ),
)
def cd066_verwijzer_with_code_has_no_naam(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """Naam of a Verwijzer of Type 02 to 05 is empty when ZorgverlenerCode is filled.

    Source: iJw 3.2 and iWmo 3.2, CD066. The finding points at Verwijzer, not at Naam: who it is, is not shown.
    """
    verwijzer = product.verwijzer
    return not _has_type_with_code(product) or verwijzer.zorgverlener_code is None or verwijzer.naam is None


@rule(
    "CD067",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Verwijzer/Naam",
    melding=lambda product, kijk: (
        f"Vul Naam van de Verwijzer, want bij Type {product.verwijzer.type} is ZorgverlenerCode leeg; of vul die code."
    ),
)
def cd067_verwijzer_without_code_has_naam(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """Naam of a Verwijzer of Type 02 to 05 is filled when ZorgverlenerCode is empty.

    Source: iJw 3.2 and iWmo 3.2, CD067.
    """
    verwijzer = product.verwijzer
    return not _has_type_with_code(product) or verwijzer.zorgverlener_code is not None or verwijzer.naam is not None


@rule(
    "CD068",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Verwijzer",
    melding=lambda product, kijk: (
        f"Laat ZorgverlenerCode van de Verwijzer leeg, want Type {product.verwijzer.type} is niet 02, 03, 04 of 05."
    ),
)
def cd068_only_some_verwijzers_have_a_code(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """ZorgverlenerCode of a Verwijzer of another Type than 02 to 05 is empty.

    Source: iJw 3.2 and iWmo 3.2, CD068. The finding points at Verwijzer, not at the code: who it is, is not shown.
    """
    return _has_type_with_code(product) or product.verwijzer.zorgverlener_code is None


@rule(
    "CD075",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="ToewijzingEinddatum",
    melding=lambda product, kijk: "Vul ToewijzingEinddatum, want Budget is gevuld.",
)
def cd075_aangevraagd_budget_asks_einddatum(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """ToewijzingEinddatum is filled when Budget is.

    Source: iJw 3.2 and iWmo 3.2, CD075.
    """
    return product.budget is None or product.toewijzing_einddatum is not None


@rule(
    "CD076",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="ToewijzingEinddatum",
    melding=lambda product, kijk: "Vul ToewijzingEinddatum, want de Omvang is per week (Frequentie 2).",
)
def cd076_aangevraagd_per_week_asks_einddatum(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """ToewijzingEinddatum is filled when Frequentie is 2 (per week).

    Source: iJw 3.2 and iWmo 3.2, CD076.
    """
    return product.omvang is None or product.omvang.frequentie != PER_WEEK or product.toewijzing_einddatum is not None


@rule(
    "CD095",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Omvang",
    melding=lambda product, kijk: "Laat Omvang leeg, want Code in Product is leeg.",
)
def cd095_aangevraagde_omvang_only_with_code(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """Omvang is empty when Code is, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CD095.
    """
    return product.omvang is None or has_code(product.product) or not ends_after_transition(product.toewijzing_einddatum)


@rule(
    "CS003",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="ToewijzingEinddatum",
    melding=lambda product, kijk: (
        f"ToewijzingEinddatum ligt voor de ToewijzingIngangsdatum {product.toewijzing_ingangsdatum:%d-%m-%Y}; vul een latere datum of "
        "laat haar leeg."
    ),
)
def cs003_aangevraagd_product_ends_after_it_begins(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """ToewijzingEinddatum is not before ToewijzingIngangsdatum.

    Source: iJw 3.2 and iWmo 3.2, CS003.
    """
    return product.toewijzing_einddatum is None or product.toewijzing_ingangsdatum <= product.toewijzing_einddatum


@rule(
    "CS343",
    berichten=BERICHTEN,
    klasse=AangevraagdProduct,
    element="Omvang/Frequentie",
    melding=lambda product, kijk: melding_frequentie(product),
)
def cs343_aangevraagde_eenheid_fits_frequentie(product: AangevraagdProduct, kijk: Kijk) -> bool:
    """Eenheid 14, 16, 83 and 84 go with Frequentie 2, 4 or 6, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, CS343.
    """
    return fits_frequentie(product.omvang, product.toewijzing_einddatum)


def aangevraagd_sleutel(product: AangevraagdProduct) -> tuple[object, ...]:
    """The logical key of an AangevraagdProduct, with the name of its class."""
    return "AangevraagdProduct", product.referentie_aanbieder


def aangevraagde_periode(product: AangevraagdProduct) -> Zorgperiode[tuple[object, ...]]:
    """The days that are asked for, under the logical key."""
    return Zorgperiode(
        sleutel=aangevraagd_sleutel(product),
        categorie=product.product.categorie if product.product else None,
        code=product.product.code if product.product else None,
        begin=product.toewijzing_ingangsdatum,
        einde=product.toewijzing_einddatum,
    )


def _has_type_with_code(product: AangevraagdProduct) -> bool:
    """Whether the Verwijzer is of a Type that has an AGB-code."""
    return product.verwijzer.type in VERWIJZERS_MET_CODE
