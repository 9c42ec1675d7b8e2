"""Rules about the Header of any heenbericht: is it new, is it of today or before, is the gemeente one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.bericht import Header
from app.domain.levering import StartProduct, StopProduct
from app.domain.snapshot import Kijk
from app.standard.codelists import is_gemeente
from app.standard.rules.engine import BERICHTOVERSTIJGEND, EXTERNE_BRON, rule

HEEN = ("301", "305", "307", "315", "317", "319", "323")


@rule(
    "TR056",
    retourcode="9056",
    niveau=BERICHTOVERSTIJGEND,
    berichten=HEEN,
    klasse=Header,
    element="BerichtIdentificatie/Identificatie",
    melding=lambda header, kijk: (
        f"Identificatie {header.bericht_identificatie.identificatie} is al gebruikt voor een eerder {kijk.bericht.soort}-bericht; geef "
        "elk bericht een eigen nummer."
    ),
    kijkt_naar=("identificaties",),
)
def tr056_identificatie_is_new(header: Header, kijk: Kijk) -> bool:
    """Identificatie is unique per berichtsoort for the sending party.

    Source: iJw 3.2 and iWmo 3.2, TR056. A bericht that counts as not sent (OP286) leaves its number free.
    """
    key = (kijk.bericht.soort, kijk.van, header.bericht_identificatie.identificatie)
    return key not in kijk.snapshot.gebruikte_identificaties


@rule(
    "TR135",
    retourcode="8848",
    niveau=EXTERNE_BRON,
    berichten=HEEN,
    klasse=Header,
    element="BerichtIdentificatie/Dagtekening",
    melding=lambda header, kijk: f"Dagtekening ligt na de dag van ontvangst, {kijk.vandaag:%d-%m-%Y}; vul de dag van verzenden.",
    kijkt_naar=("vandaag",),
)
def tr135_dagtekening_is_not_in_the_future(header: Header, kijk: Kijk) -> bool:
    """Dagtekening is not later than the local day of receipt.

    Source: iJw 3.2 and iWmo 3.2, TR135.
    """
    return header.bericht_identificatie.dagtekening <= kijk.vandaag


@rule(
    "TR378",
    retourcode="S300",
    niveau=EXTERNE_BRON,
    berichten=("305", "307", "315", "317", "323"),
    klasse=Header,
    element="Ontvanger",
    melding=lambda header, kijk: (
        f"Gemeentecode {header.ontvanger} staat niet in de indeling van het CBS voor deze datum; vul een geldige code."
    ),
    kijkt_naar=("gemeentelijst",),
)
def tr378_ontvanger_is_a_gemeente(header: Header, kijk: Kijk) -> bool:
    """The gemeente that the bericht is addressed to existed on Dagtekening, or on the day the care of the bericht began.

    Source: iJw 3.2 and iWmo 3.2, TR378: after a herindeling the list of the Ingangsdatum may be used.
    """
    return _existed(header.ontvanger, kijk, header)


@rule(
    "TR378",
    retourcode="S300",
    niveau=EXTERNE_BRON,
    berichten=("301", "319"),
    klasse=Header,
    element="Afzender",
    melding=lambda header, kijk: (
        f"Gemeentecode {header.afzender} staat niet in de indeling van het CBS voor deze datum; vul een geldige code."
    ),
    kijkt_naar=("gemeentelijst",),
)
def tr378_afzender_is_a_gemeente(header: Header, kijk: Kijk) -> bool:
    """The gemeente that sends the toewijzing or antwoord existed on Dagtekening, or on an Ingangsdatum in it.

    Source: iJw 3.2 and iWmo 3.2, TR378.
    """
    return _existed(header.afzender, kijk, header)


def _existed(code: str, kijk: Kijk, header: Header) -> bool:
    """Whether the code was that of a gemeente on Dagtekening or on a day that TR378 allows instead."""
    return is_gemeente(code, header.bericht_identificatie.dagtekening) or any(is_gemeente(code, dag) for dag in _ingangsdata(kijk))


def _ingangsdata(kijk: Kijk) -> Iterator[date]:
    """The Ingangsdata that the bericht names: of its own products (301, 315), or of the toewijzingen it refers to."""
    client, declaratie = kijk.bericht.client, kijk.bericht.declaratie
    nummers: set[int | None] = set()
    if client is not None:
        yield from {product.ingangsdatum for product in client.toegewezen_producten}
        yield from {product.toewijzing_ingangsdatum for product in client.aangevraagde_producten}
        leveringen: tuple[StartProduct | StopProduct, ...] = (*client.start_producten, *client.stop_producten)
        yield from {levering.toewijzing_ingangsdatum for levering in leveringen if levering.toewijzing_ingangsdatum}
        nummers.update(levering.toewijzing_nummer for levering in leveringen)
        if client.verzoek is not None:
            nummers.update(product.toewijzing_nummer for product in client.verzoek.ongewijzigde_producten)
            nummers.update(product.toewijzing_nummer for product in client.verzoek.te_wijzigen_producten)
    if declaratie is not None:
        nummers.update(prestatie.toewijzing_nummer for each in declaratie.clienten for prestatie in each.prestaties)
    for nummer in nummers:
        toewijzing = kijk.snapshot.actueel(kijk.gemeente, nummer)
        if toewijzing is not None and kijk.van in toewijzing.zichtbaar_voor:
            yield toewijzing.ingangsdatum
