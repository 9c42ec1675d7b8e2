"""Rules about a Prestatie against the contract: its amount (TR346) and its tariff (TR418), on the first day of the ProductPeriode.

`kijk.tarieven` are the lines of the aanbieder's own contracts for the product and the gemeente that bears the care: facts it can know
(OP095). When there is none at all, the line waits for the contract (DESIGN section 5) and TR418 holds, unless waiting has been given up.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.domain.bedrag import euro
from app.domain.declaratie import Prestatie
from app.domain.snapshot import Kijk, Tariefregel
from app.standard.rules.engine import BERICHTOVERSTIJGEND, EXTERNE_BRON, rule
from app.standard.rules.prestatie import BERICHTEN, DEBET
from app.standard.rules.tarief import geldige_regels, is_uurtarief_in_minuten, passende_regel, product_tarief, verwacht_bedrag
from app.standard.rules.volume import EURO, passende_eenheid


@rule(
    "TR346",
    retourcode="9346",
    niveau=EXTERNE_BRON,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="IngediendBedrag",
    melding=lambda prestatie, kijk: (
        f"IngediendBedrag is {euro(prestatie.ingediend_bedrag.bedrag)}, verwacht is "
        f"{euro(verwacht_bedrag(prestatie, passende_regel(prestatie, kijk.tarieven)))}: {_explained(prestatie, kijk)}."
    ),
    kijkt_naar=("tarieven",),
)
def tr346_amount_is_volume_times_tarief(prestatie: Prestatie, kijk: Kijk) -> bool:
    """IngediendBedrag is GeleverdVolume times ProductTarief; at an hour tariff claimed in minutes it is hour tariff × minutes / 60, half
    up.

    Source: iJw 3.2 and iWmo 3.2, TR346, IV081. Eenheid 83 is left to CS339.
    """
    if prestatie.eenheid == EURO:
        return True
    bedrag = prestatie.ingediend_bedrag.bedrag
    regel = passende_regel(prestatie, kijk.tarieven)
    if regel is None:
        # No line explains the tariff, so TR418 speaks; the amount may follow ProductTarief or any hour tariff that is valid then.
        lines = geldige_regels(kijk.tarieven, prestatie.eenheid, prestatie.product_periode.begindatum)
        return bedrag == verwacht_bedrag(prestatie, None) or any(bedrag == verwacht_bedrag(prestatie, line) for line in lines)
    return bedrag == verwacht_bedrag(prestatie, regel)


@rule(
    "TR418",
    retourcode="0611",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Prestatie,
    alleen=DEBET,
    element="ProductTarief",
    melding=lambda prestatie, kijk: _what_the_contract_says(prestatie, kijk),
    kijkt_naar=("toewijzing", "tarieven"),
)
def tr418_tarief_is_that_of_the_contract(prestatie: Prestatie, kijk: Kijk) -> bool:
    """ProductTarief is that of a contract line of the product, valid on the first day of the ProductPeriode.

    Source: iJw 3.2 and iWmo 3.2, TR418; DESIGN section 5 for what happens without any contract line. An eenheid of no line at all is
    left to TR341 when the toewijzing has no Omvang.
    """
    if not kijk.tarieven:
        return not kijk.zonder_contract_afwijzen
    if passende_regel(prestatie, kijk.tarieven) is not None:
        return True
    zonder_omvang = kijk.toewijzing is not None and kijk.toewijzing.omvang is None
    return zonder_omvang and not any(passende_eenheid(regel.eenheid, prestatie.eenheid) for regel in kijk.tarieven)


def _explained(prestatie: Prestatie, kijk: Kijk) -> str:
    """How the expected amount comes about, for a sentence."""
    regel = passende_regel(prestatie, kijk.tarieven)
    if regel is not None and regel.tarief_cent is not None and is_uurtarief_in_minuten(regel, prestatie.eenheid):
        return f"uurtarief {euro(regel.tarief_cent)} × {prestatie.geleverd_volume} minuten / 60"
    return f"GeleverdVolume {prestatie.geleverd_volume} × ProductTarief {euro(prestatie.product_tarief or 0)}"


def _what_the_contract_says(prestatie: Prestatie, kijk: Kijk) -> str:
    """What of the contract does not fit: product, period, eenheid or tariff, with what it says instead."""
    product, dag = prestatie.product_code, prestatie.product_periode.begindatum
    if not kijk.tarieven:
        return f"Voor product {product} is met u geen tarief overeengekomen."
    op_dag = [regel for regel in kijk.tarieven if regel.geldt_op(dag)]
    if not op_dag:
        return f"Uw contract heeft voor product {product} geen tarief op {_datum(dag)}."
    passend = [regel for regel in op_dag if passende_eenheid(regel.eenheid, prestatie.eenheid)]
    if not passend:
        eenheden = " of ".join(sorted({regel.eenheid for regel in op_dag}))
        return f"Uw contract heeft voor product {product} op {_datum(dag)} een tarief per eenheid {eenheden}, niet per {prestatie.eenheid}."
    return f"ProductTarief is volgens uw contract op {_datum(dag)} {_amounts(passend, prestatie.eenheid)}."


@lru_cache(maxsize=1024)
def _datum(dag: date) -> str:
    """A day in a sentence; writing one takes longer than the rule itself, and a declaratie names few days."""
    return f"{dag:%d-%m-%Y}"


def _amounts(regels: list[Tariefregel], eenheid: str) -> str:
    """The tariffs of these lines, for a sentence."""
    tarieven = {product_tarief(regel, eenheid) for regel in regels}
    return " of ".join(euro(tarief) for tarief in sorted(tarief for tarief in tarieven if tarief is not None)) or "leeg"
