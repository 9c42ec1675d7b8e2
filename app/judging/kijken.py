"""What each part of a bericht may be compared with: its `Kijk`, cut from the Snapshot. Pure.

Here is decided what the sender can see: a toewijzing of another aanbieder, or of another client, is not in the Kijk, as if it did not
exist (OP095).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from app.domain.bericht import Bericht
from app.domain.levering import StartProduct, StopProduct
from app.domain.partij import aanbieder
from app.domain.snapshot import Kijk, Levering, Snapshot, Toewijzing
from app.register import afzender_van, gemeente_van
from app.standard.rules.binnen import find_repetitions

BRENGT_CLIENT = frozenset({"301", "315"})
"""Berichten that may be about a client of whom this aanbieder has no toewijzing yet."""


def kijk_op_bericht(bericht: Bericht, snapshot: Snapshot, *, vandaag: date, zonder_contract_afwijzen: bool = False) -> Kijk:
    """The Kijk for Header and Declaratie, and the base of every other one; `vandaag` is the local day of receipt."""
    return Kijk(
        vandaag=vandaag,
        van=afzender_van(bericht),
        gemeente=gemeente_van(bericht),
        bericht=bericht,
        snapshot=snapshot,
        binnen=find_repetitions(bericht),
        zonder_contract_afwijzen=zonder_contract_afwijzen,
    )


def kijk_op_client(kijk: Kijk, bsn: str) -> Kijk:
    """The Kijk for a Client and what stands in it; a 301 or 315 may bring a client that was not known before."""
    snapshot = kijk.snapshot
    client_id = (snapshot.nieuwe_clienten if kijk.bericht.soort in BRENGT_CLIENT else snapshot.clienten).get(bsn)
    return Kijk(
        vandaag=kijk.vandaag,
        van=kijk.van,
        gemeente=kijk.gemeente,
        bericht=kijk.bericht,
        snapshot=snapshot,
        binnen=kijk.binnen,
        client_id=client_id,
        bsn=bsn,
        zonder_contract_afwijzen=kijk.zonder_contract_afwijzen,
    )


def turn_to_client(kijk: Kijk, bsn: str) -> None:
    """Turn a Kijk of `kijk_op_client` to the next Client of the same declaratie: one Kijk for 7 000 clients."""
    kijk.bsn, kijk.client_id = bsn, kijk.snapshot.clienten.get(bsn)


def kijk_op_levering(kijk: Kijk, levering: StartProduct | StopProduct, leveringen: Iterable[Levering]) -> Kijk:
    """The Kijk for a start or stop; `leveringen` are those of the client that count at this moment."""
    nummer = levering.toewijzing_nummer
    found = visible_toewijzing(kijk, nummer)
    return replace(
        kijk,
        toewijzing=None if found is None or found.is_verwijderd else found,
        is_verwijderd=found is not None and found.is_verwijderd,
        leveringen=tuple(each for each in leveringen if each.toewijzing_nummer == nummer),
    )


def kijk_op_toewijzing(kijk: Kijk, nummer: int) -> Kijk:
    """The Kijk for a part of a 317 that names a toewijzing."""
    found = visible_toewijzing(kijk, nummer)
    is_verwijderd = found is not None and found.is_verwijderd
    return replace(kijk, toewijzing=None if is_verwijderd else found, is_verwijderd=is_verwijderd)


def kijk_op_verzoek(kijk: Kijk, referentie: str | None) -> Kijk:
    """The Kijk for a part of a 301 or 319 that may answer a request."""
    return kijk if referentie is None else replace(kijk, verzoek=kijk.snapshot.verzoeken.get((kijk.gemeente, referentie)))


def visible_toewijzing(kijk: Kijk, nummer: int | None) -> Toewijzing | None:
    """The current version with this number, deleted ones included: of this client, and sent to the aanbieder that sends the bericht."""
    if nummer is None:
        return None
    versies = kijk.snapshot.toewijzingen.get((kijk.gemeente, nummer))
    if not versies:
        return None
    found = versies[-1]
    return found if found.client_id == kijk.client_id and kijk.van == aanbieder(found.agb) else None
