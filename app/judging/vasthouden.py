"""Holding a declaratie before it is judged: until when, for whom, and what waits behind it. Pure.

A held declaratie keeps the later ones of the same aanbieder, gemeente and domein waiting: they may credit it, replace it, or declare the same
hours, so judged in another order the books could differ. Everything else in the lane goes on (decision 0014).
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.partij import Rol
from app.domain.periode import EEN_DAG
from app.domain.werkdagen import na_werkdagen

ROLLEN = (Rol.UITVAL, Rol.CONTROLLER, Rol.CONTRACTBEHEER)
"""Who may hold a declaratie and release it."""
VRIJ_WERKDAGEN = 3
"""So many working days before its term a declaratie is released by itself: enough to judge it and to mend what then turns out."""
REDEN_LENGTE_MIN, REDEN_LENGTE_MAX = 5, 500
REGEL_DAGEN_MAX = 92
"""A rule ends by itself after at most three months, so that none is forgotten."""
TE_HOUDEN = frozenset({"ontvangen", "wacht_op_contract"})
"""Statuses without an outcome in which a declaratie can be held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rij:
    """One open hold of a lane; `volgt` when it only waits behind an earlier one."""

    bericht_nr: int
    gemeente: str
    volgt: bool
    termijn: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vrijgave:
    """What a release does: `vrij` is judged now, `volgt` is no longer held itself but waits behind an earlier one."""

    vrij: tuple[int, ...]
    volgt: tuple[int, ...]


def grens(vandaag: date, vrije_dagen: Container[date]) -> date:
    """What has its term on or before this day is not held any more."""
    return na_werkdagen(vandaag, VRIJ_WERKDAGEN, vrije_dagen)


def vrij_vanaf(termijn: date, vrije_dagen: Container[date]) -> date:
    """The first day on which a declaratie with this term is released by itself: three working days before it."""
    dag = termijn
    while grens(dag - EEN_DAG, vrije_dagen) >= termijn:
        dag -= EEN_DAG
    return dag


def belet(*, soort: str, status: str, termijn: date | None, vandaag: date, vrije_dagen: Container[date]) -> str | None:
    """Why a bericht cannot be held, as a sentence; None when it can."""
    if soort != "323":
        return "Alleen een declaratie (323) kan worden vastgehouden."
    if status == "vastgehouden":
        return "Deze declaratie wordt al vastgehouden."
    if status not in TE_HOUDEN:
        return "Deze declaratie is al beoordeeld of geparkeerd; vasthouden kan alleen daarvoor."
    if termijn is None or termijn <= grens(vandaag, vrije_dagen):
        return "De termijn eindigt binnen drie werkdagen; de declaratie moet nu worden beoordeeld."
    return None


def aan_de_beurt(rijen: Iterable[Rij], limiet: date) -> set[int]:
    """What must be released because a term is near: its own, or that of one behind it. `limiet` is `grens`."""
    rows = list(rijen)
    laatste: dict[str, int] = {}
    for rij in rows:
        if rij.termijn is None or rij.termijn <= limiet:
            laatste[rij.gemeente] = max(laatste.get(rij.gemeente, 0), rij.bericht_nr)
    return {rij.bericht_nr for rij in rows if not rij.volgt and rij.bericht_nr <= laatste.get(rij.gemeente, 0)}


def vrijgave(rijen: Iterable[Rij], los: Collection[int]) -> Vrijgave:
    """What follows when the holds `los` end: what is still behind a held one of its gemeente waits on, in order of intake."""
    vrij: list[int] = []
    volgt: list[int] = []
    dicht: set[str] = set()
    for rij in sorted(rijen, key=lambda each: each.bericht_nr):
        if not rij.volgt and rij.bericht_nr not in los:
            dicht.add(rij.gemeente)
        elif rij.gemeente not in dicht:
            vrij.append(rij.bericht_nr)
        elif not rij.volgt:
            volgt.append(rij.bericht_nr)
    return Vrijgave(vrij=tuple(vrij), volgt=tuple(volgt))


def schoon(reden: str) -> str:
    """The reason on one line."""
    return " ".join(reden.split())


def fout_in_reden(reden: str) -> str | None:
    """What is wrong with a reason that was made clean, as a sentence."""
    if len(reden) < REDEN_LENGTE_MIN:
        return "Schrijf in een paar woorden waarom, minstens 5 tekens. Een collega moet het kunnen begrijpen."
    if len(reden) > REDEN_LENGTE_MAX:
        return "De reden is te lang; gebruik hoogstens 500 tekens."
    if not reden.isprintable():
        return "De reden bevat tekens die wij niet kunnen tonen."
    return None
