"""Controleniveau 2: the rules that the bericht itself decides, on every part of it. Pure; all findings are collected."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.bericht import Client, Contact, Header, Relatie
from app.domain.bevinding import Bevinding
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie
from app.domain.klassen import Berichtklasse
from app.domain.levering import StartProduct, StopProduct
from app.domain.snapshot import Kijk
from app.domain.toewijzing import ToegewezenProduct
from app.domain.verzoek import (
    AangevraagdProduct,
    Antwoord,
    NieuwProduct,
    OngewijzigdProduct,
    TeWijzigenProduct,
    Verzoek,
    Woonplaatsbeginsel,
)
from app.judging.kijken import kijk_op_client, turn_to_client
from app.judging.verdict import DECLARATIE_PAD, HEADER_PAD
from app.standard.rules import Toetsing, evaluate, findings_of, rules_for

ANTWOORD_PAD = "/Bericht/Antwoord"

Deel = tuple[type[Berichtklasse], Berichtklasse, str, str | None]
"""Class, part, path and variant (see `Regel.alleen`)."""


def judge_inhoud(kijk: Kijk) -> list[Bevinding]:
    """The findings of controleniveau 2 on the whole bericht.

    Raises:
        Parkeren: A rule could not be judged.
    """
    bericht = kijk.bericht
    found = _evaluate_parts(kijk, [(Header, bericht.header, HEADER_PAD, None)])
    if bericht.client is not None:
        found += _evaluate_parts(kijk_op_client(kijk, bericht.client.bsn), _parts_of_client(bericht.client))
    if bericht.antwoord is not None:
        found += _evaluate_parts(kijk, _parts_of_antwoord(bericht.antwoord))
    if bericht.declaratie is not None:
        found += _judge_declaratie(kijk, bericht.declaratie)
    return found


def _evaluate_parts(kijk: Kijk, parts: Iterator[Deel] | list[Deel]) -> list[Bevinding]:
    """The findings on these parts; few rules apply to each, so they are looked up per part."""
    found: list[Bevinding] = []
    for klasse, part, pad, variant in parts:
        regels = rules_for(kijk.bericht.domein, kijk.bericht.soort, klasse, inhoud=True, variant=variant)
        found += evaluate(regels, part, kijk, pad)
    return found


def _parts_of_client(client: Client) -> Iterator[Deel]:
    """A Client and every class in it, with its path."""
    pad = "/Bericht/Client"
    yield Client, client, pad, None
    for index, relatie in enumerate(client.relaties, 1):
        yield Relatie, relatie, f"{pad}/Relaties/Relatie[{index}]", None
        yield Contact, relatie.contact, f"{pad}/Relaties/Relatie[{index}]/Contact", None
    for index, contact in enumerate(client.contactgegevens, 1):
        yield Contact, contact, f"{pad}/Contactgegevens/Contact[{index}]", None
    for index, product in enumerate(client.toegewezen_producten, 1):
        yield ToegewezenProduct, product, f"{pad}/ToegewezenProducten/ToegewezenProduct[{index}]", None
    for index, start in enumerate(client.start_producten, 1):
        yield StartProduct, start, f"{pad}/StartProducten/StartProduct[{index}]", start.status_aanlevering
    for index, stop in enumerate(client.stop_producten, 1):
        yield StopProduct, stop, f"{pad}/StopProducten/StopProduct[{index}]", stop.status_aanlevering
    for index, gevraagd in enumerate(client.aangevraagde_producten, 1):
        yield AangevraagdProduct, gevraagd, f"{pad}/AangevraagdeProducten/AangevraagdProduct[{index}]", None
    if client.verzoek is not None:
        yield from _parts_of_verzoek(client.verzoek)


def _parts_of_verzoek(verzoek: Verzoek) -> Iterator[Deel]:
    """A Verzoek and every class in it, with its path."""
    pad = "/Bericht/Client/Verzoek"
    yield Verzoek, verzoek, pad, None
    for index, blijft in enumerate(verzoek.ongewijzigde_producten, 1):
        yield OngewijzigdProduct, blijft, f"{pad}/OngewijzigdeProducten/OngewijzigdProduct[{index}]", None
    for index, wijzigt in enumerate(verzoek.te_wijzigen_producten, 1):
        yield TeWijzigenProduct, wijzigt, f"{pad}/TeWijzigenProducten/TeWijzigenProduct[{index}]", None
    for index, nieuw in enumerate(verzoek.nieuwe_producten, 1):
        yield NieuwProduct, nieuw, f"{pad}/NieuweProducten/NieuwProduct[{index}]", None


def _parts_of_antwoord(antwoord: Antwoord) -> Iterator[Deel]:
    """An Antwoord and the class in it, with its path."""
    yield Antwoord, antwoord, ANTWOORD_PAD, None
    if antwoord.woonplaatsbeginsel is not None:
        yield Woonplaatsbeginsel, antwoord.woonplaatsbeginsel, f"{ANTWOORD_PAD}/Woonplaatsbeginsel", None


def _judge_declaratie(kijk: Kijk, declaratie: Declaratie) -> list[Bevinding]:
    """The findings on a Declaratie and what is in it: a loop as tight as it can be, for there may be 45 000 prestaties."""
    found = _evaluate_parts(kijk, [(Declaratie, declaratie, DECLARATIE_PAD, None)])
    domein, soort = kijk.bericht.domein, kijk.bericht.soort
    for_clients = rules_for(domein, soort, DeclaratieClient, inhoud=True)
    for_debits = Toetsing(rules_for(domein, soort, Prestatie, inhoud=True, variant="D"))
    for_credits = Toetsing(rules_for(domein, soort, Prestatie, inhoud=True, variant="C"))
    view = kijk_op_client(kijk, "")
    for client_index, client in enumerate(declaratie.clienten, 1):
        turn_to_client(view, client.bsn)
        pad = f"{DECLARATIE_PAD}/Clienten/Client[{client_index}]"
        found += evaluate(for_clients, client, view, pad)
        for index, prestatie in enumerate(client.prestaties, 1):
            if failed := (for_credits if prestatie.is_credit else for_debits).failed(prestatie, view):
                found += findings_of(failed, prestatie, view, f"{pad}/Prestaties/Prestatie[{index}]")
    return found
