"""Periods of days that include their last day, as in the standard, and the calendar arithmetic on them.

This file alone converts to half-open ranges (`[van, tot)`), which the solidarity files use.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.klassen import Samengesteld

EEN_DAG = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeslotenPeriode(Samengesteld):
    """First and last day, both included (CDT_GeslotenPeriode)."""

    begindatum: date
    einddatum: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPeriode(Samengesteld):
    """First and last day, both included, each of them may be absent (CDT_OpenPeriode)."""

    begindatum: date | None = None
    einddatum: date | None = None


def maand_van(dag: date) -> date:
    """The first day of the calendar month of `dag`; months are named by it (zorgmaand, boekmaand)."""
    return dag.replace(day=1)


def laatste_dag(dag: date) -> date:
    """The last day of the calendar month of `dag`."""
    return dag.replace(day=monthrange(dag.year, dag.month)[1])


def volgende_maand(dag: date) -> date:
    """The first day of the month after that of `dag`."""
    return laatste_dag(dag) + EEN_DAG


def is_hele_maand(begindatum: date, einddatum: date) -> bool:
    """Whether the period is exactly one full calendar month."""
    return begindatum.day == 1 and einddatum == laatste_dag(begindatum)


def geldt_op(dag: date, geldig_van: date, geldig_tot: date | None) -> bool:
    """Whether `dag` lies in the period; `geldig_tot` is included, None means open."""
    return geldig_van <= dag and (geldig_tot is None or dag <= geldig_tot)


def overlappen(van_1: date, tot_1: date | None, van_2: date, tot_2: date | None) -> bool:
    """Whether two periods share a day; last days included, None means open."""
    return (tot_2 is None or van_1 <= tot_2) and (tot_1 is None or van_2 <= tot_1)


def maanden(van: date, tot: date) -> Iterator[date]:
    """The first days of the calendar months that the period touches, in order."""
    maand = maand_van(van)
    while maand <= tot:
        yield maand
        maand = volgende_maand(maand)


def half_open(van: date, tot: date | None) -> tuple[date, date | None]:
    """The period as `[van, tot)`: the day after the last one, or None when open."""
    return van, None if tot is None else tot + EEN_DAG


def slotdag(tot: date) -> date:
    """The last day of a half-open period `[van, tot)`: the other way round of `half_open`."""
    return tot - EEN_DAG
