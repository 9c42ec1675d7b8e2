"""Gemeenten that go over into another one within the months: one on 1 January, one on 1 July, as far as those days lie in the months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.parties.generator.zeeland import Plaats

PLAATSEN_MIN = 4
"""With fewer gemeenten none goes over, for both that go need one to go to."""
JANUARI, JULI = 1, 7


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


def fusie_van(plaats: Plaats, fusies: Iterable[Fusie]) -> Fusie | None:
    """The merger in which a gemeente ends, if it does."""
    return next((fusie for fusie in fusies if fusie.van == plaats), None)
