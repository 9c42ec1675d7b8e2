"""Judging a 301 against the register, and the versions it adds. Pure."""

from __future__ import annotations

from app.domain.bericht import Client
from app.domain.bevinding import Bevinding
from app.domain.errors import Parkeren
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import Kijk, Toewijzing, VerzoekStatus
from app.domain.toewijzing import ToegewezenProduct
from app.judging.kijken import kijk_op_client, kijk_op_verzoek
from app.judging.verdict import reject_classes
from app.standard.rules import evaluate, rules_for


def judge_toewijzingen(kijk: Kijk, client: Client, bericht_nr: int) -> Oordeel:
    """The oordeel on a 301 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: The register gave the client no number, or a rule could not be judged.
    """
    view = kijk_op_client(kijk, client.bsn)
    if view.client_id is None:
        raise Parkeren("het register heeft de client van dit toewijzingsbericht nog geen nummer gegeven")
    regels = rules_for(kijk.bericht.domein, kijk.bericht.soort, ToegewezenProduct, inhoud=False)
    found: dict[str, list[Bevinding]] = {}
    for index, product in enumerate(client.toegewezen_producten, 1):
        pad = f"/Bericht/Client/ToegewezenProducten/ToegewezenProduct[{index}]"
        if bevindingen := evaluate(regels, product, kijk_op_verzoek(view, product.referentie_aanbieder), pad):
            found[pad] = bevindingen
    if found:
        return reject_classes(kijk.bericht, found)
    versies = tuple(
        _as_version(view, product, view.client_id, bericht_nr) for product in client.toegewezen_producten if not _is_known(view, product)
    )
    return Oordeel(bericht=kijk.bericht, verdict=Verdict.VERWERKT, toewijzingen=versies, verzoek_besluiten=_granted(view, client))


def _granted(kijk: Kijk, client: Client) -> dict[str, VerzoekStatus]:
    """The undecided requests that the toewijzingen of this 301 grant, by reference."""
    named = {product.referentie_aanbieder for product in client.toegewezen_producten if product.referentie_aanbieder is not None}
    verzoeken = (kijk_op_verzoek(kijk, referentie).verzoek for referentie in sorted(named))
    return {each.referentie_aanbieder: VerzoekStatus.TOEGEWEZEN for each in verzoeken if each is not None and each.status.is_onderhanden}


def _is_known(kijk: Kijk, product: ToegewezenProduct) -> bool:
    """Whether this very version is registered: a toewijzing that is sent again keeps Toewijzingsdatum and -tijd (IV013)."""
    moment = (product.toewijzingsdatum, product.toewijzingstijd)
    return any(versie.volgorde == moment for versie in kijk.snapshot.toewijzingen.get((kijk.gemeente, product.toewijzing_nummer), ()))


def _as_version(kijk: Kijk, product: ToegewezenProduct, client_id: int, bericht_nr: int) -> Toewijzing:
    """The line of the 301 as the register keeps it."""
    return Toewijzing(
        bericht_nr=bericht_nr,
        domein=kijk.bericht.domein,
        gemeente=kijk.gemeente,
        agb=kijk.snapshot.agb,
        client_id=client_id,
        toewijzing_nummer=product.toewijzing_nummer,
        categorie=product.product.categorie if product.product else None,
        code=product.product.code if product.product else None,
        toewijzingsdatum=product.toewijzingsdatum,
        toewijzingstijd=product.toewijzingstijd,
        ingangsdatum=product.ingangsdatum,
        einddatum=product.einddatum,
        reden_wijziging=product.reden_wijziging,
        omvang=product.omvang,
        budget=product.budget,
        referentie_aanbieder=product.referentie_aanbieder,
    )
