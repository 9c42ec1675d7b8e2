"""Judging what an aanbieder asks (315, 317) and what the gemeente answers (319). Pure.

A 315 is answered per AangevraagdProduct, a 317 as a whole (OP274, OP346); the retourbericht (316, 318) only says whether the request could be
taken up. Any bevinding rejects the bericht as a whole (OP286).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.bericht import Client
from app.domain.bevinding import Bevinding
from app.domain.errors import Parkeren
from app.domain.klassen import Berichtklasse
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import EerderVerzoek, Kijk, VerzoekStatus
from app.domain.verzoek import AFGEWEZEN, Antwoord, Verzoek
from app.judging.inhoud import ANTWOORD_PAD
from app.judging.kijken import kijk_op_client, kijk_op_toewijzing, kijk_op_verzoek
from app.judging.verdict import reject_classes
from app.standard.rules import evaluate, rules_for

CLIENT_PAD = "/Bericht/Client"
VERZOEK_PAD = f"{CLIENT_PAD}/Verzoek"

Deel = tuple[str, Berichtklasse, Kijk]
"""Path, part, and what it may be compared with."""


def judge_verzoek_om_toewijzing(kijk: Kijk, client: Client, bericht_nr: int) -> Oordeel:
    """The oordeel on a 315 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: The register gave the client no number, or a rule could not be judged.
    """
    view = kijk_op_client(kijk, client.bsn)
    parts: list[Deel] = [(CLIENT_PAD, client, view)]
    parts += [
        (f"{CLIENT_PAD}/AangevraagdeProducten/AangevraagdProduct[{index}]", product, view)
        for index, product in enumerate(client.aangevraagde_producten, 1)
    ]
    if found := _evaluate(kijk, parts):
        return reject_classes(kijk.bericht, found)
    verzoeken = tuple(
        EerderVerzoek(
            bericht_nr=bericht_nr,
            volgnr=volgnr,
            soort="315",
            gemeente=kijk.gemeente,
            client_id=_client_id(view),
            referentie_aanbieder=product.referentie_aanbieder,
            categorie=product.product.categorie if product.product else None,
            code=product.product.code if product.product else None,
        )
        for volgnr, product in enumerate(client.aangevraagde_producten, 1)
    )
    return Oordeel(bericht=kijk.bericht, verdict=Verdict.VERWERKT, verzoeken=verzoeken)


def judge_verzoek_om_wijziging(kijk: Kijk, client: Client, verzoek: Verzoek, bericht_nr: int) -> Oordeel:
    """The oordeel on a 317 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: A rule could not be judged.
    """
    view = kijk_op_client(kijk, client.bsn)
    parts = list(_parts_of_verzoek(view, verzoek))
    if found := _evaluate(kijk, [(CLIENT_PAD, client, view)]):
        # Whoever has no toewijzing here has nothing to compare the request with: what is below the Client is not judged (0233).
        unknown = view.client_id is None
        return reject_classes(
            kijk.bericht,
            found if unknown else {**found, **_evaluate(kijk, parts)},
            niet_beoordeeld=frozenset(pad for pad, _, _ in parts) if unknown else frozenset(),
        )
    if found := _evaluate(kijk, parts):
        return reject_classes(kijk.bericht, found)
    asked = EerderVerzoek(
        bericht_nr=bericht_nr,
        volgnr=1,
        soort="317",
        gemeente=kijk.gemeente,
        client_id=_client_id(view),
        referentie_aanbieder=verzoek.referentie_aanbieder,
    )
    return Oordeel(bericht=kijk.bericht, verdict=Verdict.VERWERKT, verzoeken=(asked,))


def judge_antwoord(kijk: Kijk, antwoord: Antwoord) -> Oordeel:
    """The oordeel on a 319 that passed controleniveau 2 and the header rules.

    Raises:
        Parkeren: A rule could not be judged.
    """
    parts: list[Deel] = [(ANTWOORD_PAD, antwoord, kijk_op_verzoek(kijk, antwoord.referentie_aanbieder))]
    if antwoord.woonplaatsbeginsel is not None:
        parts.append((f"{ANTWOORD_PAD}/Woonplaatsbeginsel", antwoord.woonplaatsbeginsel, kijk))
    if found := _evaluate(kijk, parts):
        return reject_classes(kijk.bericht, found)
    status = VerzoekStatus.AFGEWEZEN if antwoord.verzoek_antwoord == AFGEWEZEN else VerzoekStatus.IN_ONDERZOEK
    return Oordeel(bericht=kijk.bericht, verdict=Verdict.VERWERKT, verzoek_besluiten={antwoord.referentie_aanbieder: status})


def _parts_of_verzoek(view: Kijk, verzoek: Verzoek) -> Iterator[Deel]:
    """The Verzoek and its products, each with the toewijzing it names."""
    yield VERZOEK_PAD, verzoek, view
    for index, blijft in enumerate(verzoek.ongewijzigde_producten, 1):
        pad = f"{VERZOEK_PAD}/OngewijzigdeProducten/OngewijzigdProduct[{index}]"
        yield pad, blijft, kijk_op_toewijzing(view, blijft.toewijzing_nummer)
    for index, wijzigt in enumerate(verzoek.te_wijzigen_producten, 1):
        pad = f"{VERZOEK_PAD}/TeWijzigenProducten/TeWijzigenProduct[{index}]"
        yield pad, wijzigt, kijk_op_toewijzing(view, wijzigt.toewijzing_nummer)
    for index, nieuw in enumerate(verzoek.nieuwe_producten, 1):
        yield f"{VERZOEK_PAD}/NieuweProducten/NieuwProduct[{index}]", nieuw, view


def _evaluate(kijk: Kijk, parts: list[Deel]) -> Mapping[str, list[Bevinding]]:
    """The findings of controleniveau 3 and 4, by path."""
    domein, soort = kijk.bericht.domein, kijk.bericht.soort
    judged = ((pad, evaluate(rules_for(domein, soort, type(part), inhoud=False), part, view, pad)) for pad, part, view in parts)
    return {pad: bevindingen for pad, bevindingen in judged if bevindingen}


def _client_id(kijk: Kijk) -> int:
    """The number of the client.

    Raises:
        Parkeren: The register gave none.
    """
    if kijk.client_id is None:
        raise Parkeren("het register heeft de client van dit verzoek nog geen nummer gegeven")
    return kijk.client_id
