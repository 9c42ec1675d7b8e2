"""Gemeenten that go over into another one within the months: one on 1 January, one on 1 July, as far as those days lie in the months.

Of half of the clients there the successor orders the care anew under its own code and numbers; of the others the old toewijzing stays, and
what is sent about it names the old code (TR378) while the successor bears the care.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.periode import EEN_DAG
from app.parties.generator.zaken import Loop, Toegewezen, Zaak
from app.parties.generator.zeeland import Plaats

PLAATSEN_MIN = 4
"""With fewer gemeenten none goes over, for both that go need one to go to."""
JANUARI, JULI = 1, 7
VOORAF_DAGEN = 60
DAARNA_DAGEN = 90
"""So long before and after the day a toewijzing must run to be ordered anew; a shorter one runs out under the old code."""
BESLUIT_DAGEN = 14
"""So many days before the day both gemeenten send their 301."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusie:
    """From `datum` on everything of `van` is of `naar`."""

    datum: date
    van: Plaats
    naar: Plaats


def make_fusies(plaatsen: Sequence[Plaats], venster: tuple[date, date]) -> tuple[Fusie, ...]:
    """The last gemeente goes over into the first on 1 January, the one before it into the second on 1 July."""
    if len(plaatsen) < PLAATSEN_MIN:
        return ()
    paren = ((JANUARI, plaatsen[-1], plaatsen[0]), (JULI, plaatsen[-2], plaatsen[1]))
    dagen = [(laatste(maand, venster[1]), van, naar) for maand, van, naar in paren]
    return tuple(Fusie(datum=dag, van=van, naar=naar) for dag, van, naar in dagen if venster[0] <= dag)


def laatste(maand: int, tot: date) -> date:
    """The last first day of a calendar month that is not after `tot`."""
    dag = date(tot.year, maand, 1)
    return dag if dag <= tot else date(tot.year - 1, maand, 1)


def drager(plaats: Plaats, dag: date, fusies: Iterable[Fusie]) -> Plaats:
    """The gemeente that bears the care of a day."""
    return next((fusie.naar for fusie in fusies if fusie.van == plaats and fusie.datum <= dag), plaats)


def herindeel(zaken: Iterable[Zaak], eerste_nummer: int) -> Iterator[Zaak]:
    """The zaken, those that are ordered anew split into one of the old and one of the new gemeente; new ones are numbered on."""
    nummer = eerste_nummer
    for zaak in zaken:
        if not _gaat_over(zaak):
            yield zaak
            continue
        yield _old(zaak)
        yield _new(zaak, nummer)
        nummer += 1


def _gaat_over(zaak: Zaak) -> bool:
    """Whether the zaak is an ordinary one that runs well before and well after the day; every other one of those."""
    if zaak.fusie_datum is None or zaak.loop is not Loop.GEWOON or zaak.start is None or zaak.index % 2:
        return False
    voor, na = zaak.fusie_datum - timedelta(days=VOORAF_DAGEN), zaak.fusie_datum + timedelta(days=DAARNA_DAGEN)
    return all(each.ingangsdatum <= voor and (each.einddatum is None or each.einddatum >= na) for each in zaak.toewijzingen)


def _old(zaak: Zaak) -> Zaak:
    """What the old gemeente ordered, until the day before."""
    assert zaak.fusie_datum is not None
    einde = zaak.fusie_datum - EEN_DAG
    ended = tuple(replace(each, einddatum_nu=einde) for each in zaak.toewijzingen)
    return replace(zaak, loop=Loop.HERINGEDEELD, toewijzingen=ended, gewijzigd_op=zaak.fusie_datum - timedelta(days=BESLUIT_DAGEN))


def _new(zaak: Zaak, index: int) -> Zaak:
    """The rest of it at the successor, under numbers that are given later."""
    assert zaak.fusie_datum is not None
    assert zaak.opvolger is not None
    return replace(
        zaak,
        index=index,
        plaats=zaak.opvolger,
        fusie_datum=None,
        opvolger=None,
        aanvraag=None,
        toewijzingen=tuple(_from(each, zaak.fusie_datum) for each in zaak.toewijzingen),
        toegewezen_op=zaak.fusie_datum - timedelta(days=BESLUIT_DAGEN),
        start=zaak.fusie_datum,
    )


def _from(toegewezen: Toegewezen, dag: date) -> Toegewezen:
    return replace(toegewezen, ingangsdatum=dag)
