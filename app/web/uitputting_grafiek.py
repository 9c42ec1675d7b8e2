"""The course of a year as a drawing: what is granted so far, the even course to the budget, and the band in which the year may end. Pure.

The SVG is in `templates/uitputting.html`; the tables beside it hold the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.reports import UitputtingRij
from app.web.grafiek import BREEDTE_SMAL, TICKS_MAX, schaal
from app.web.woorden import euro_kort

MAANDEN = 12
BREEDTE = 860
BOVEN, ONDER = 14, 26
NAMEN = ("j", "f", "m", "a", "m", "j", "j", "a", "s", "o", "n", "d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lijngrafiek:
    """A drawing in its own units; every list of points is text for an SVG `points` attribute, empty where there is nothing to draw."""

    breedte: int
    hoogte: int
    links: int
    rechts: int
    onder: int
    assen: tuple[tuple[float, str], ...]
    maanden: tuple[tuple[float, str], ...]
    norm: str
    toegekend: str
    lineair: str
    band: str
    prognose: str


def lijngrafiek(rij: UitputtingRij, *, breedte: int = BREEDTE, hoogte: int = 300) -> Lijngrafiek:
    """The drawing of one row of the report."""
    left, right = (74, 16) if breedte > BREEDTE_SMAL else (74, 10)
    forecast = rij.prognose
    ends = [rij.lineair_cent] if forecast is None else [rij.lineair_cent, *forecast]
    values = [0, rij.budget_cent or 0, *(each.cumulatief_cent for each in rij.maanden), *ends]
    marks = schaal(min(values), max(values), TICKS_MAX)
    low, span = marks[0], max(marks[-1] - marks[0], 1)

    def x(maand: int) -> float:
        return round(left + maand * (breedte - left - right) / MAANDEN, 1)

    def y(cent: int) -> float:
        return round(BOVEN + (marks[-1] - cent) * (hoogte - BOVEN - ONDER) / span, 1)

    def line(*points: tuple[int, int]) -> str:
        return " ".join(f"{x(maand)},{y(cent)}" for maand, cent in points)

    last = rij.maanden[-1]
    now = (last.maand, last.cumulatief_cent)
    ahead = last.maand < MAANDEN or forecast is not None
    return Lijngrafiek(
        breedte=breedte,
        hoogte=hoogte,
        links=left,
        rechts=breedte - right,
        onder=hoogte - ONDER,
        assen=tuple((y(mark), euro_kort(mark)) for mark in marks if mark >= low),
        maanden=tuple((x(number) - round((breedte - left - right) / MAANDEN / 2, 1), name) for number, name in enumerate(NAMEN, 1)),
        norm="" if rij.budget_cent is None else line((0, 0), (MAANDEN, rij.budget_cent)),
        toegekend=line((0, 0), *((each.maand, each.cumulatief_cent) for each in rij.maanden)),
        lineair=line(now, (MAANDEN, rij.lineair_cent)) if last.maand < MAANDEN else "",
        band="" if forecast is None or not ahead else line(now, (MAANDEN, forecast.laag), (MAANDEN, forecast.hoog)),
        prognose="" if forecast is None else line(now, (MAANDEN, forecast.midden)),
    )


def breed_en_smal(rij: UitputtingRij) -> tuple[Lijngrafiek, Lijngrafiek]:
    """The same drawing for a screen and for a phone; the style sheet shows one of them."""
    return lijngrafiek(rij), lijngrafiek(rij, breedte=BREEDTE_SMAL, hoogte=240)
