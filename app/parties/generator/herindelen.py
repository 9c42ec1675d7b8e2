"""What a merger does to the zaken of a gemeente that ends.

Of half of the clients there the successor orders the care anew under its own code and numbers; of the others the old toewijzing stays, and
what is sent about it names the old code (TR378) while the successor bears the care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from app.domain.periode import EEN_DAG
from app.parties.generator.fusies import Fusie
from app.parties.generator.zaken import Loop, Zaak

VOORAF_DAGEN = 60
DAARNA_DAGEN = 90
"""So long before and after the day a toewijzing must run to be ordered anew; a shorter one runs out under the old code."""
BESLUIT_DAGEN = 14
"""So many days before the day both gemeenten send their 301."""


def herindeel(zaken: Iterable[Zaak], eerste_nummer: int) -> Iterator[Zaak]:
    """The zaken, those that are ordered anew as two: one of the old and one of the new gemeente; the new ones are numbered on."""
    nummer = eerste_nummer
    for zaak in zaken:
        if zaak.fusie is None or not _goes_over(zaak, zaak.fusie):
            yield zaak
            continue
        yield _old(zaak, zaak.fusie)
        yield _new(zaak, zaak.fusie, nummer)
        nummer += 1


def _goes_over(zaak: Zaak, fusie: Fusie) -> bool:
    """Whether the zaak is an ordinary one that runs well before and well after the day; every other one of those."""
    if zaak.loop is not Loop.GEWOON or zaak.start is None or zaak.index % 2:
        return False
    voor, na = fusie.datum - timedelta(days=VOORAF_DAGEN), fusie.datum + timedelta(days=DAARNA_DAGEN)
    return all(each.ingangsdatum <= voor and (each.einddatum is None or each.einddatum >= na) for each in zaak.toewijzingen)


def _old(zaak: Zaak, fusie: Fusie) -> Zaak:
    """What the old gemeente ordered, until the day before."""
    ended = tuple(replace(each, einddatum_nu=fusie.datum - EEN_DAG) for each in zaak.toewijzingen)
    return replace(zaak, loop=Loop.HERINGEDEELD, toewijzingen=ended, gewijzigd_op=fusie.datum - timedelta(days=BESLUIT_DAGEN))


def _new(zaak: Zaak, fusie: Fusie, index: int) -> Zaak:
    """The rest of it at the successor."""
    return replace(
        zaak,
        index=index,
        plaats=fusie.naar,
        fusie=None,
        aanvraag=None,
        toewijzingen=tuple(replace(each, ingangsdatum=fusie.datum) for each in zaak.toewijzingen),
        toegewezen_op=fusie.datum - timedelta(days=BESLUIT_DAGEN),
        start=fusie.datum,
    )
