"""Columns in time on a drawing: one per hour or day, from the oldest to the newest. Pure; the SVG itself is in `templates/_kolomgrafiek.html`.

A chart always stands beside its table, as with `grafiek`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.grafiek import BREEDTE_SMAL, schaal
from app.web.woorden import getal

BREEDTE = 860
HOOGTE, HOOGTE_SMAL = 220, 180
BOVEN, ONDER = 12, 26
LINKS, RECHTS = 56, 22
TICKS = 4
NAMEN_MAX, NAMEN_SMAL_MAX = 12, 5
"""Names under the columns; more do not fit beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoeveelheid:
    """One column: how many in all, and how many of those are set apart at its foot."""

    naam: str
    aantal: int
    deel: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolom:
    """One column in units of the drawing; its part apart begins at `deel_y`; `naam` is empty where it would not fit."""

    naam: str
    midden: float
    x: float
    breedte: float
    y: float
    hoogte: float
    deel_y: float
    deel_hoogte: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolomgrafiek:
    """A drawing of columns on a line at height `voet`; `assen` are heights with their figure."""

    breedte: int
    hoogte: int
    links: int
    rechts: int
    voet: int
    assen: tuple[tuple[float, str], ...]
    kolommen: tuple[Kolom, ...]


def kolommen(hoeveelheden: Sequence[Hoeveelheid], *, smal: bool = False) -> Kolomgrafiek:
    """The columns in the given order."""
    width, height = (BREEDTE_SMAL, HOOGTE_SMAL) if smal else (BREEDTE, HOOGTE)
    marks = schaal(0, max((each.aantal for each in hoeveelheden), default=0), TICKS, span_min=TICKS - 1)
    foot, span = height - ONDER, max(marks[-1], 1)
    step = (width - LINKS - RECHTS) / max(len(hoeveelheden), 1)
    every = -(-len(hoeveelheden) // (NAMEN_SMAL_MAX if smal else NAMEN_MAX)) or 1

    def tall(aantal: int) -> float:
        return round(aantal * (foot - BOVEN) / span, 1)

    return Kolomgrafiek(
        breedte=width,
        hoogte=height,
        links=LINKS,
        rechts=width - RECHTS,
        voet=foot,
        assen=tuple((round(foot - tall(mark), 1), getal(mark)) for mark in marks),
        kolommen=tuple(
            Kolom(
                # Counted from the newest, so that the last column always has its name.
                naam=each.naam if (len(hoeveelheden) - 1 - index) % every == 0 else "",
                midden=round(LINKS + step * (index + 0.5), 1),
                x=round(LINKS + step * (index + 0.15), 1),
                breedte=round(step * 0.7, 1),
                y=round(foot - tall(each.aantal), 1),
                hoogte=tall(each.aantal),
                deel_y=round(foot - tall(each.deel), 1),
                deel_hoogte=tall(each.deel),
            )
            for index, each in enumerate(hoeveelheden)
        ),
    )


def kolommen_breed_en_smal(hoeveelheden: Sequence[Hoeveelheid]) -> tuple[Kolomgrafiek, Kolomgrafiek]:
    """The same chart for a screen and for a phone; the style sheet shows one of them."""
    return kolommen(hoeveelheden), kolommen(hoeveelheden, smal=True)
