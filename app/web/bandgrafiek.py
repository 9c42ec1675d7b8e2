"""Two bands per row on a drawing: from what is low to what is high, before and after; beside a line that both are measured against. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.grafiek import AXIS_HEIGHT, BREEDTE_SMAL, MARGIN, schaal
from app.web.woorden import procent

RIJ = 44
RIJ_SMAL = 58


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreiding:
    """One row: (low, middle, high) of two bands in thousandths of what they are measured against."""

    naam: str
    eerst: tuple[int, int, int]
    dan: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band in units of the drawing."""

    x: float
    y: int
    breedte: float
    midden_x: float
    toon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandrij:
    """A row with its two bands."""

    naam: str
    y: int
    banden: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bandgrafiek:
    """A drawing; `grens_x` is where the bands are measured against (100%)."""

    breedte: int
    hoogte: int
    links: int
    smal: bool
    grens_x: float
    assen: tuple[tuple[float, str], ...]
    rijen: tuple[Bandrij, ...]


def banden(rijen: Sequence[Spreiding], *, breedte: int = 860, links: int = 190, smal: bool = False) -> Bandgrafiek:
    """The bands in the given order; names stand in the first `links` units, or above the bands when `smal`."""
    left = MARGIN if smal else links
    values = [1000, *(value for rij in rijen for value in (*rij.eerst, *rij.dan))]
    marks = schaal(min(values), max(values), 4 if smal else 7)
    span = max(marks[-1] - marks[0], 1)
    width, height = breedte - left - 2 * MARGIN, RIJ_SMAL if smal else RIJ

    def at(promille: int) -> float:
        return round(left + (promille - marks[0]) * width / span, 1)

    def band(values: tuple[int, int, int], y: int, toon: str) -> Band:
        low, middle, high = values
        return Band(x=at(low), y=y, breedte=round(max(at(high) - at(low), 2.0), 1), midden_x=at(middle), toon=toon)

    return Bandgrafiek(
        breedte=breedte,
        hoogte=AXIS_HEIGHT + height * len(rijen) + 4,
        links=left,
        smal=smal,
        grens_x=at(1000),
        assen=tuple((at(mark), procent(mark).replace(",0%", "%")) for mark in marks),
        rijen=tuple(
            Bandrij(
                naam=rij.naam,
                y=top,
                banden=(band(rij.eerst, top + (18 if smal else 6), "eerst"), band(rij.dan, top + (36 if smal else 23), "dan")),
            )
            for top, rij in ((AXIS_HEIGHT + height * index, rij) for index, rij in enumerate(rijen))
        ),
    )


def banden_breed_en_smal(rijen: Sequence[Spreiding]) -> tuple[Bandgrafiek, Bandgrafiek]:
    """The same chart for a screen and for a phone."""
    return banden(rijen), banden(rijen, breedte=BREEDTE_SMAL, smal=True)
