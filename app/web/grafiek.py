"""Bars for a chart: where each one starts and ends on a drawing of a given width. Pure; the SVG itself is in `templates/_grafiek.html`.

A chart always stands beside its table: the table is what a screen reader reads and what the numbers are taken from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.web.woorden import euro_kort

BREEDTE_SMAL = 340
ROW_HEIGHT = 30
ROW_HEIGHT_NARROW = 46
TICKS_MAX = 5
AXIS_HEIGHT = 26
MARGIN = 22
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meting:
    """One bar to draw: a value in cents and, where there is one, the limit it is compared with."""

    naam: str
    waarde_cent: int
    grens_cent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balk:
    """One row of a chart, in units of the drawing; `toon` is `gewoon`, `over` (above its limit) or `min` (below zero)."""

    naam: str
    y: int
    x: float
    breedte: float
    grens_x: float | None
    grens_breedte: float
    toon: str
    tekst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grafiek:
    """A drawing of horizontal bars; `smal` puts the name above its bar, for a phone."""

    breedte: int
    hoogte: int
    links: int
    nul_x: float
    smal: bool
    rij_hoogte: int
    assen: tuple[tuple[float, str], ...]
    balken: tuple[Balk, ...]


def balken(
    metingen: Sequence[Meting], *, breedte: int = 860, links: int = 190, smal: bool = False, tekst: Callable[[int], str] = euro_kort
) -> Grafiek:
    """The bars of a chart in the given order; names stand in the first `links` units, or above the bar when `smal`; `tekst` writes a value."""
    left = MARGIN if smal else links
    values = [0, *(each.waarde_cent for each in metingen), *(each.grens_cent for each in metingen if each.grens_cent is not None)]
    marks = schaal(min(values), max(values), TICKS_MAX - 2 if smal else TICKS_MAX)
    low, span = marks[0], max(marks[-1] - marks[0], 1)
    width = breedte - left - 2 * MARGIN

    def at(cent: int) -> float:
        return round(left + (cent - low) * width / span, 1)

    row_height = ROW_HEIGHT_NARROW if smal else ROW_HEIGHT
    return Grafiek(
        breedte=breedte,
        hoogte=AXIS_HEIGHT + row_height * len(metingen) + 4,
        links=left,
        nul_x=at(0),
        smal=smal,
        rij_hoogte=row_height,
        assen=tuple((at(mark), tekst(mark)) for mark in marks),
        balken=tuple(
            Balk(
                naam=each.naam,
                y=AXIS_HEIGHT + row_height * index,
                x=at(min(0, each.waarde_cent)),
                breedte=round(abs(at(each.waarde_cent) - at(0)), 1),
                grens_x=None if each.grens_cent is None else at(each.grens_cent),
                grens_breedte=0 if each.grens_cent is None else round(abs(at(each.grens_cent) - at(0)), 1),
                toon=_toon(each),
                tekst=tekst(each.waarde_cent),
            )
            for index, each in enumerate(metingen)
        ),
    )


def breed_en_smal(metingen: Sequence[Meting], *, tekst: Callable[[int], str] = euro_kort) -> tuple[Grafiek, Grafiek]:
    """The same chart for a screen and for a phone; the style sheet shows one of them."""
    return balken(metingen, tekst=tekst), balken(metingen, breedte=BREEDTE_SMAL, smal=True, tekst=tekst)


def _toon(meting: Meting) -> str:
    if meting.waarde_cent < 0:
        return "min"
    return "over" if meting.grens_cent is not None and meting.waarde_cent > meting.grens_cent else "gewoon"


def schaal(low: int, high: int, ticks_max: int, *, span_min: int = 100) -> tuple[int, ...]:
    """Round marks from at or below `low` to at or above `high`, about `ticks_max` of them; steps are 1, 2 or 5 times a power of ten."""
    step = _step(max(high - low, span_min), ticks_max - 1)
    first, last = low // step, -(-high // step)
    return tuple(step * number for number in range(first, max(last, first + 1) + 1))


def _step(span: int, parts: int) -> int:
    power = 1
    while True:
        for factor in STEPS:
            if factor * power * parts >= span:
                return factor * power
        power *= 10
