"""How a plafond will end: when the granted amount passes 80, 95 and 100 percent, and on which day it is used up. Pure.

A plafond warns and decides nothing: the duty to pay remains when it is used up (requirement K07), and WJ001 has no code to refuse with.
The method, in whole cents and fractions, without seasons:

- A care month is complete when the month after it is over too: care is claimed in the month after it (`compleet_tot`).
- The pace is the mean of the complete months that lie wholly in the period; it goes on to the last day. A part of a month counts by its days.
- The range goes from the slowest to the fastest of those months, is never below what is granted already, and reaches at least as high as what
  is granted, waits and is committed together.
- With fewer than two such months there is no pace, so no day and no forecast: only what is certain and what is committed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.periode import EEN_DAG, laatste_dag, maand_van, maanden

MAANDEN_MIN = 2
"""Complete months from which a pace is taken."""


class Sein(IntEnum):
    """From which percentage of the plafond a reader is warned; the granted amount has reached it."""

    GEEN = 0
    LET_OP = 80
    BIJNA = 95
    BEREIKT = 100


class Uitputting(StrEnum):
    """What is said about the day on which a plafond is used up."""

    BEREIKT = "bereikt"
    """What is granted reaches it already."""
    VERWACHT = "verwacht"
    """At this pace, on the day of `Prognose.op`."""
    NIET = "niet"
    """Not in this period, at this pace."""
    ONBEKEND = "onbekend"
    """Fewer than two complete months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondStand:
    """What is known of one plafond. Amounts in cents.

    Attributes:
        plafond_cent: What is agreed for the period.
        van, tot: First and last day that it counts for, both included.
        per_maand: Granted debits less credits by care month (its first day); no months outside the period.
        wacht_cent: Claimed and not judged yet; some of it may belong elsewhere.
        verplicht_cent: What toewijzingen may still cost in the period, beyond what is granted.
    """

    plafond_cent: int
    van: date
    tot: date
    per_maand: Mapping[date, int]
    wacht_cent: int = 0
    verplicht_cent: int = 0

    @property
    def toegekend_cent(self) -> int:
        """Granted so far in the period."""
        return sum(self.per_maand.values())

    @property
    def promille(self) -> int | None:
        """The granted share of the plafond in thousandths, rounded down; None of a plafond of nothing."""
        return self.toegekend_cent * 1000 // self.plafond_cent if self.plafond_cent else None

    @property
    def sein(self) -> Sein:
        """The highest warning that the granted amount has reached; nothing granted warns of nothing."""
        cent = self.toegekend_cent
        reached = (grens for grens in Sein if cent > 0 and cent * 100 >= grens * self.plafond_cent)
        return max(reached, default=Sein.GEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prognose:
    """Where a plafond ends on its last day, in cents, and when it is used up.

    Attributes:
        laag_cent, hoog_cent: The range.
        midden_cent: At the mean pace; None without a pace.
        uitputting: Which sentence holds about the day.
        op: That day, only when it is `VERWACHT`; it may have passed, as claims come later than care.
        maanden: How many complete months the pace is taken from.
    """

    laag_cent: int
    midden_cent: int | None
    hoog_cent: int
    uitputting: Uitputting
    op: date | None = None
    maanden: int = 0


def compleet_tot(vandaag: date) -> date:
    """The last day of the last care month whose claims have come: that of the month before the previous one."""
    vorige = maand_van(vandaag) - EEN_DAG
    return maand_van(vorige) - EEN_DAG


def voorspel(stand: PlafondStand, compleet: date) -> Prognose:
    """The forecast of one plafond.

    Args:
        stand: What is known of it.
        compleet: The last day of the last complete month (`compleet_tot`).
    """
    toegekend = stand.toegekend_cent
    grens = toegekend + stand.wacht_cent + stand.verplicht_cent
    volle = [maand for maand in maanden(stand.van, min(stand.tot, compleet)) if _ligt_heel_in(maand, stand)]
    if stand.tot > compleet and len(volle) < MAANDEN_MIN:
        return _zonder_tempo(stand, grens, len(volle))
    bedragen = [stand.per_maand.get(maand, 0) for maand in volle]
    open_van = max(stand.van, compleet + EEN_DAG)
    rest = lengte_in_maanden(open_van, stand.tot)
    vast = sum(cent for maand, cent in stand.per_maand.items() if maand <= compleet)
    tempo = Fraction(sum(bedragen), len(bedragen)) if bedragen else Fraction(0)
    midden = max(toegekend, vast + round_half_up(tempo * rest))
    op = None if toegekend >= stand.plafond_cent else dag_van_uitputting(stand.plafond_cent - vast, tempo, open_van, stand.tot)
    return Prognose(
        laag_cent=max(toegekend, vast + math.floor(min(bedragen, default=0) * rest)),
        midden_cent=midden,
        hoog_cent=max(midden, vast + math.ceil(max(bedragen, default=0) * rest), grens),
        uitputting=_uitputting(stand, op),
        op=op,
        maanden=len(volle),
    )


def _zonder_tempo(stand: PlafondStand, grens: int, aantal: int) -> Prognose:
    reached = stand.toegekend_cent >= stand.plafond_cent
    return Prognose(
        laag_cent=stand.toegekend_cent,
        midden_cent=None,
        hoog_cent=grens,
        uitputting=Uitputting.BEREIKT if reached else Uitputting.ONBEKEND,
        maanden=aantal,
    )


def _uitputting(stand: PlafondStand, op: date | None) -> Uitputting:
    if stand.toegekend_cent >= stand.plafond_cent:
        return Uitputting.BEREIKT
    return Uitputting.NIET if op is None else Uitputting.VERWACHT


def _ligt_heel_in(maand: date, stand: PlafondStand) -> bool:
    return stand.van <= maand and laatste_dag(maand) <= stand.tot


def lengte_in_maanden(van: date, tot: date) -> Fraction:
    """How many months a period has, both days included; a part of a month by its days. Nothing when it is empty."""
    return sum((Fraction(dagen, dagen_in_maand) for _, dagen, dagen_in_maand in _delen(van, tot)), Fraction(0))


def dag_van_uitputting(rest_cent: int, per_maand: Fraction, van: date, tot: date) -> date | None:
    """The day on which `rest_cent` is used up at this pace from `van` on; None when that is after `tot`, or never."""
    if per_maand <= 0 or van > tot:
        return None
    rest = Fraction(rest_cent)
    for begin, dagen, dagen_in_maand in _delen(van, tot):
        per_dag = per_maand / dagen_in_maand
        nodig = max(1, math.ceil(rest / per_dag))
        if nodig <= dagen:
            return begin + timedelta(days=nodig - 1)
        rest -= per_dag * dagen
    return None


def _delen(van: date, tot: date) -> Iterator[tuple[date, int, int]]:
    """The months of a period: the first day of each that lies in it, how many do, and how many the month has."""
    for maand in maanden(van, tot):
        begin, einde = max(maand, van), min(laatste_dag(maand), tot)
        if begin > einde:
            return
        yield begin, (einde - begin).days + 1, laatste_dag(maand).day
