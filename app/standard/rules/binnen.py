"""What the parts of one bericht say about each other: numbers and keys that occur more than once (TR101, TR314 to TR316, TR383, TR416),
products that overlap (TR302, TR386, TR410), and the references of a 301 (TR379).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TypeVar

from app.domain.bericht import Bericht, Client
from app.domain.declaratie import Declaratie, Prestatie
from app.domain.snapshot import Binnen, DebetSleutel
from app.standard.rules.levering import start_sleutel
from app.standard.rules.prestatie import debet_sleutel
from app.standard.rules.stapeling import Zorgperiode, overlapping, overlapping_numbers
from app.standard.rules.verzoek_om_toewijzing import aangevraagd_sleutel, aangevraagde_periode
from app.standard.rules.verzoek_om_wijziging import nieuw_sleutel, nieuwe_periode, toewijzing_sleutel

T = TypeVar("T", bound=Hashable)


def find_repetitions(bericht: Bericht) -> Binnen:
    """One pass over the bericht; a declaratie of 28 000 prestaties takes a few hundredths of a second."""
    if bericht.declaratie is not None:
        return _in_declaratie(bericht.declaratie)
    if bericht.client is not None:
        return Binnen(
            dubbele_sleutels=repeated(list(_keys_of_client(bericht.client))),
            gestapeld=overlapping_numbers(bericht.domein, bericht.client.toegewezen_producten),
            referenties=frozenset(product.referentie_aanbieder for product in bericht.client.toegewezen_producten),
            overlappend=frozenset(overlapping(bericht.domein, _asked_periods(bericht.client))),
        )
    return Binnen()


def repeated(values: Sequence[T]) -> frozenset[T]:
    """The values that occur more than once; nearly always none, which is quick to see."""
    if len(set(values)) == len(values):
        return frozenset()
    seen: set[T] = set()
    twice: set[T] = set()
    for value in values:
        if value in seen:
            twice.add(value)
        seen.add(value)
    return frozenset(twice)


def _keys_of_client(client: Client) -> Iterator[tuple[object, ...]]:
    """The logical keys of the classes below a Client; a Relatie has one Contact, so only those of the Client itself can repeat."""
    yield from (("Contact", contact.soort) for contact in client.contactgegevens)
    yield from (("Relatie", relatie.nummer) for relatie in client.relaties)
    yield from (("ToegewezenProduct", product.toewijzing_nummer) for product in client.toegewezen_producten)
    yield from (("StartProduct", *start_sleutel(start)) for start in client.start_producten)
    yield from (("StopProduct", *start_sleutel(stop), stop.reden_beeindiging, stop.einddatum) for stop in client.stop_producten)
    yield from (aangevraagd_sleutel(product) for product in client.aangevraagde_producten)
    if client.verzoek is not None:
        yield from (toewijzing_sleutel(product) for product in client.verzoek.ongewijzigde_producten)
        yield from (toewijzing_sleutel(product) for product in client.verzoek.te_wijzigen_producten)
        yield from (nieuw_sleutel(product) for product in client.verzoek.nieuwe_producten)


def _asked_periods(client: Client) -> Iterator[Zorgperiode[tuple[object, ...]]]:
    """The products that are asked for with their days: of a 315, or the new ones of a 317."""
    yield from (aangevraagde_periode(product) for product in client.aangevraagde_producten)
    if client.verzoek is not None:
        yield from (nieuwe_periode(product) for product in client.verzoek.nieuwe_producten)


def _in_declaratie(declaratie: Declaratie) -> Binnen:
    """The repetitions of a 323. Keys of prestaties can repeat only where ReferentieNummers do, so they are counted only then."""
    prestaties = [prestatie for client in declaratie.clienten for prestatie in client.prestaties]
    referenties = [prestatie.product_referentie.referentie_nummer for prestatie in prestaties]
    enkele_referenties = frozenset(referenties)
    is_unique = len(enkele_referenties) == len(referenties)
    dubbele_sleutels = repeated(list(_keys_of_prestaties(declaratie))) if not is_unique else frozenset()
    vorige = [prestatie.product_referentie.vorig_referentie_nummer for prestatie in prestaties]
    return Binnen(
        dubbele_sleutels=dubbele_sleutels | repeated([("Client", client.bsn) for client in declaratie.clienten]),
        referentie_nummers=enkele_referenties,
        dubbele_referenties=frozenset() if is_unique else repeated(referenties),
        dubbele_vorige=repeated([vorig for vorig in vorige if vorig is not None]),
        dubbele_debets=_dubbele_debets(prestaties),
    )


def _dubbele_debets(prestaties: Sequence[Prestatie]) -> frozenset[DebetSleutel]:
    """Keys of debits that occur more than once; only lines of a toewijzing that occurs more than once need looking at."""
    dubbel = repeated([prestatie.toewijzing_nummer for prestatie in prestaties])
    if not dubbel:
        return frozenset()
    again = [prestatie for prestatie in prestaties if prestatie.toewijzing_nummer in dubbel]
    return repeated([debet_sleutel(prestatie) for prestatie in again if not prestatie.is_credit])


def _keys_of_prestaties(declaratie: Declaratie) -> Iterator[tuple[object, ...]]:
    """The logical keys of the prestaties, each with the Bsn above it."""
    for client in declaratie.clienten:
        for prestatie in client.prestaties:
            referentie = prestatie.product_referentie
            yield "Prestatie", client.bsn, referentie.referentie_nummer, referentie.vorig_referentie_nummer
