"""Rules that a verzoek om toewijzing (315) and a verzoek om wijziging (317) share: its reference, its client, and how much is asked.

What differs between the two stands in `verzoek_om_toewijzing` and `verzoek_om_wijziging`.
"""

from __future__ import annotations

from datetime import date

from app.domain.bericht import Client
from app.domain.snapshot import Kijk
from app.domain.toewijzing import Omvang, Product
from app.domain.verzoek import AangevraagdProduct, NieuwProduct, TeWijzigenProduct, Verzoek
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule
from app.standard.rules.toegewezen_product import EINDE_OVERGANG, ZONDER_FREQUENTIE_DAG
from app.standard.rules.volume import PER_MAAND, PER_WEEK, TOTAAL

BERICHTEN = ("315", "317")

MetProduct = AangevraagdProduct | NieuwProduct
"""Names the product that is asked for."""
Gevraagd = MetProduct | TeWijzigenProduct
"""Asks for an omvang or a budget."""


@rule(
    "TR347",
    retourcode="9347",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=(AangevraagdProduct, Verzoek),
    element="ReferentieAanbieder",
    melding=lambda klasse, kijk: (
        f"ReferentieAanbieder {klasse.referentie_aanbieder} is al gebruikt voor een eerder verzoek; geef elk verzoek een nieuwe referentie."
    ),
    kijkt_naar=("verzoeken",),
)
def tr347_referentie_is_new(klasse: AangevraagdProduct | Verzoek, kijk: Kijk) -> bool:
    """ReferentieAanbieder was not used before by this aanbieder in the domein, in a 315 or a 317, to whichever gemeente.

    Source: iJw 3.2 and iWmo 3.2, TR347. A verzoek that counts as not sent (OP286) leaves its reference free; within one 315 TR383 watches.
    """
    return klasse.referentie_aanbieder not in kijk.snapshot.verzoek_referenties


@rule(
    "TR374",
    retourcode="9374",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Client,
    melding=lambda client, kijk: (
        f"Voor deze client loopt nog een verzoek van u ({_named(pending_references(kijk))}); wacht tot de gemeente daarop heeft beslist."
    ),
    kijkt_naar=("clienten", "verzoeken"),
)
def tr374_no_request_is_pending(client: Client, kijk: Kijk) -> bool:
    """The aanbieder has no undecided request for this client at this gemeente.

    Source: iJw 3.2 and iWmo 3.2, TR374: a request is pending until a 319 refuses it (VerzoekAntwoord 1) or a 301 carries its reference.
    """
    return not pending_references(kijk)


@rule(
    "CD041",
    berichten=BERICHTEN,
    klasse=(AangevraagdProduct, NieuwProduct),
    element="Omvang",
    melding=lambda product, kijk: "Vul Omvang, want Code in Product is gevuld.",
)
def cd041_asked_code_asks_omvang(product: MetProduct, kijk: Kijk) -> bool:
    """Omvang is filled when Code is.

    Source: iJw 3.2 and iWmo 3.2, CD041.
    """
    return not has_code(product.product) or product.omvang is not None


@rule(
    "CD077",
    berichten=BERICHTEN,
    klasse=(AangevraagdProduct, NieuwProduct, TeWijzigenProduct),
    element="Omvang",
    melding=lambda product, kijk: "Laat Omvang leeg, want Budget is gevuld.",
)
def cd077_asked_budget_excludes_omvang(product: Gevraagd, kijk: Kijk) -> bool:
    """Omvang is empty when Budget is filled.

    Source: iJw 3.2 and iWmo 3.2, CD077.
    """
    return product.budget is None or product.omvang is None


@rule(
    "CD078",
    berichten=BERICHTEN,
    klasse=(AangevraagdProduct, NieuwProduct, TeWijzigenProduct),
    element="Budget",
    melding=lambda product, kijk: "Laat Budget leeg, want Omvang is gevuld.",
)
def cd078_asked_omvang_excludes_budget(product: Gevraagd, kijk: Kijk) -> bool:
    """Budget is empty when Omvang is filled.

    Source: iJw 3.2 and iWmo 3.2, CD078.
    """
    return product.omvang is None or product.budget is None


@rule(
    "CD079",
    berichten=BERICHTEN,
    klasse=(AangevraagdProduct, NieuwProduct),
    element="Product",
    melding=lambda product, kijk: "Vul Product, want Budget is leeg.",
)
def cd079_no_asked_budget_asks_product(product: MetProduct, kijk: Kijk) -> bool:
    """Product is filled when Budget is empty.

    Source: iJw 3.2 and iWmo 3.2, CD079.
    """
    return product.budget is not None or product.product is not None


def pending_references(kijk: Kijk) -> frozenset[str]:
    """References of the undecided requests of this aanbieder for the client of the Kijk; none for a client without a number."""
    if kijk.client_id is None:
        return frozenset()
    return kijk.snapshot.onderhanden.get((kijk.gemeente, kijk.client_id), frozenset())


def has_code(product: Product | None) -> bool:
    """Whether a product code is asked for."""
    return product is not None and product.code is not None


def ends_after_transition(einde: date | None) -> bool:
    """Whether what is asked ends after 31-12-2020 or is open: only that falls under CD095, CD096, CS338, CS343, TR375 and TR412."""
    return einde is None or einde > EINDE_OVERGANG


def fits_frequentie(omvang: Omvang | None, einde: date | None) -> bool:
    """Whether the Frequentie goes with the Eenheid: not per day for 14, 16, 83 and 84, after the transition (CS338, CS343)."""
    if omvang is None or omvang.eenheid not in ZONDER_FREQUENTIE_DAG or not ends_after_transition(einde):
        return True
    return omvang.frequentie in (PER_WEEK, PER_MAAND, TOTAAL)


def melding_frequentie(product: Gevraagd) -> str:
    """The sentence for a Frequentie that does not go with the Eenheid."""
    eenheid = product.omvang.eenheid if product.omvang else ""
    return f"Bij Eenheid {eenheid} is Frequentie 2 (week), 4 (maand) of 6 (totaal), niet per dag."


def _named(referenties: frozenset[str]) -> str:
    """The references in words, in one order."""
    return ", ".join(sorted(referenties))
