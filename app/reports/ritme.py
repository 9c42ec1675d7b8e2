"""The rhythm of a sender: on which working day of a month its first declaratie (323) usually comes, and who is later than that. Pure.

Learned from the last twelve finished months per aanbieder and domein, by medians: one odd month says nothing. A sender is only missed when it has
been regular for four months or longer, and no longer than three months: who then still sends nothing has stopped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from app.domain.periode import EEN_DAG, maand_van
from app.domain.werkdagen import is_werkdag

MAANDEN_LEREN = 12
"""Finished months that a rhythm is learned from."""
MAANDEN_MIN = 4
"""Months with a declaratie, at the least, before there is a rhythm."""
REGELMAAT_PROMILLE = 750
"""Of the months from the first to the last with a declaratie so many have one: who sends now and then is not missed."""
GESTOPT_MAANDEN = 3
"""After more whole months than this without a declaratie a sender has stopped, and is no longer missed."""
SPELING_MIN_WERKDAGEN = 1
"""Nobody is late on the day after the usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zendmaand:
    """What one aanbieder sent in one month of receipt, in one domein.

    Attributes:
        maand: Its first day.
        eerste: The day of receipt of the first 323.
        ingediend_cent: Claimed in all 323 of the month together.
    """

    domein: str
    agb: str
    maand: date
    eerste: date
    ingediend_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ritme:
    """What is usual for one aanbieder in one domein.

    Attributes:
        maanden: How many months it was learned from.
        werkdag: The working day of the month on which the first 323 usually comes; the first working day is 1.
        speling: How many working days later is still usual.
        bedrag_cent: What a month usually claims.
        laatste_maand: The last finished month with a declaratie, by its first day.
    """

    domein: str
    agb: str
    maanden: int
    werkdag: int
    speling: int
    bedrag_cent: int
    laatste_maand: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Stilte:
    """A sender that is later than usual.

    Attributes:
        hele_maanden: Finished months after its last declaratie that went by without one.
        te_laat: This month is late as well.
        gemist_cent: What the months that are missed usually claim.
    """

    ritme: Ritme
    hele_maanden: int
    te_laat: bool
    gemist_cent: int


def leer_ritmes(zendmaanden: Iterable[Zendmaand], vrije_dagen: Container[date]) -> tuple[Ritme, ...]:
    """The rhythm of every sender that has one."""
    per_zender: defaultdict[tuple[str, str], list[Zendmaand]] = defaultdict(list)
    for each in zendmaanden:
        per_zender[each.domein, each.agb].append(each)
    dagen = {each.eerste: werkdag_van_maand(each.eerste, vrije_dagen) for rows in per_zender.values() for each in rows}
    return tuple(ritme for rows in per_zender.values() if (ritme := _ritme(rows, dagen)) is not None)


def _ritme(rows: Sequence[Zendmaand], dagen: dict[date, int]) -> Ritme | None:
    """The rhythm of one sender; None when it has too few months, or sends now and then."""
    maanden = sorted(each.maand for each in rows)
    if len(rows) < MAANDEN_MIN or len(rows) * 1000 < REGELMAAT_PROMILLE * (_nummer(maanden[-1]) - _nummer(maanden[0]) + 1):
        return None
    werkdagen = [dagen[each.eerste] for each in rows]
    usual = median_low(werkdagen)
    return Ritme(
        domein=rows[0].domein,
        agb=rows[0].agb,
        maanden=len(rows),
        werkdag=usual,
        speling=max(SPELING_MIN_WERKDAGEN, median_low(abs(each - usual) for each in werkdagen)),
        bedrag_cent=median_low(each.ingediend_cent for each in rows),
        laatste_maand=maanden[-1],
    )


def stiltes(
    ritmes: Iterable[Ritme], gehoord: Collection[tuple[str, str]], vandaag: date, vrije_dagen: Container[date]
) -> tuple[Stilte, ...]:
    """Who is later than usual today, most money first.

    Args:
        gehoord: (domein, agb) of who sent a 323 this month.
    """
    werkdag = werkdag_van_maand(vandaag, vrije_dagen)
    found = (_stilte(ritme, werkdag, vandaag) for ritme in ritmes if (ritme.domein, ritme.agb) not in gehoord)
    late = [each for each in found if each is not None]
    return tuple(sorted(late, key=lambda each: (-each.gemist_cent, each.ritme.agb, each.ritme.domein)))


def _stilte(ritme: Ritme, werkdag: int, vandaag: date) -> Stilte | None:
    """What is missed of a sender that was not heard this month; None when nothing is, or when it has stopped."""
    whole = _nummer(maand_van(vandaag)) - _nummer(ritme.laatste_maand) - 1
    late = werkdag > ritme.werkdag + ritme.speling
    if whole > GESTOPT_MAANDEN or not (whole or late):
        return None
    return Stilte(ritme=ritme, hele_maanden=whole, te_laat=late, gemist_cent=ritme.bedrag_cent * (whole + late))


def werkdag_van_maand(dag: date, vrije_dagen: Container[date]) -> int:
    """Which working day of its month this is; a free day counts with the working day before it, and with the first when there is none."""
    eerste = maand_van(dag)
    days = (eerste + EEN_DAG * each for each in range(dag.day))
    return max(1, sum(is_werkdag(each, vrije_dagen) for each in days))


def _nummer(maand: date) -> int:
    """Months counted, so that a difference is a number of months."""
    return maand.year * 12 + maand.month
