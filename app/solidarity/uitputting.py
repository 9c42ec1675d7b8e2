"""How far a budget is used up month by month, and an aanbieder its plafond: the monthly report on depletion (README 2.14, R05). Pure; whole cents.

Percentages are whole hundredths of a percent (`_honderdsten`), so that nothing is rounded twice; every rounding is half away from zero.
A budget and a plafond warn; neither changes what is due (K07).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.domain.bedrag import round_half_up

MAANDEN = 12

Cel = tuple[str, int, int]
"""Gemeente, jaar and maand (1 to 12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaandUitputting:
    """How a gemeente stands at the end of one month.

    Attributes:
        gemeente: Whose budget it is.
        jaar: Year of the budget.
        maand: 1 to 12.
        kosten_cent: Cost of this month; negative when credits exceed it.
        cumulatief_cent: Cost of the year so far.
        uitputting_honderdsten: Cost so far as hundredths of a percent of the budget; None when the budget is zero.
        norm_honderdsten: What an even course through the year would have used: month / 12.
        prognose_cent: The whole year at the pace so far: cost so far x 12 / month.
        saldo_cent: Budget minus prognosis; negative is an expected overrun.
    """

    gemeente: str
    jaar: int
    maand: int
    kosten_cent: int
    cumulatief_cent: int
    uitputting_honderdsten: int | None
    norm_honderdsten: int
    prognose_cent: int
    saldo_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondGebruik:
    """What an aanbieder realised in a year against its plafond; without plafond both results are None."""

    aanbieder: str
    jaar: int
    plafond_cent: int | None
    gerealiseerd_cent: int
    gebruikt_honderdsten: int | None
    boven_plafond_cent: int | None


def uitputting(budget_cent: Mapping[tuple[str, int], int], kosten_cent: Mapping[Cel, int]) -> tuple[MaandUitputting, ...]:
    """The course of every budget.

    Source: solidarity README 2.14.
    Args:
        budget_cent: Per gemeente and jaar; a budget without cost gives no rows.
        kosten_cent: Per gemeente, jaar and maand; months that are not there give no row, as the report runs up to the last known month.
    Returns:
        By gemeente, jaar and maand.
    Raises:
        KeyError: Cost of a gemeente and jaar without budget.
    """
    so_far: dict[tuple[str, int], int] = defaultdict(int)
    rows = []
    for (gemeente, jaar, maand), kosten in sorted(kosten_cent.items()):
        so_far[gemeente, jaar] += kosten
        rows.append(
            maand_uitputting(
                gemeente=gemeente,
                jaar=jaar,
                maand=maand,
                kosten_cent=kosten,
                cumulatief_cent=so_far[gemeente, jaar],
                budget_cent=budget_cent[gemeente, jaar],
            )
        )
    return tuple(rows)


def maand_uitputting(*, gemeente: str, jaar: int, maand: int, kosten_cent: int, cumulatief_cent: int, budget_cent: int) -> MaandUitputting:
    """One month of a course, for who keeps the running total itself."""
    prognose = round_half_up(Fraction(cumulatief_cent * MAANDEN, maand))
    return MaandUitputting(
        gemeente=gemeente,
        jaar=jaar,
        maand=maand,
        kosten_cent=kosten_cent,
        cumulatief_cent=cumulatief_cent,
        uitputting_honderdsten=honderdsten_procent(cumulatief_cent, budget_cent),
        norm_honderdsten=round_half_up(Fraction(10_000 * maand, MAANDEN)),
        prognose_cent=prognose,
        saldo_cent=budget_cent - prognose,
    )


def plafond_gebruik(*, aanbieder: str, jaar: int, plafond_cent: int | None, gerealiseerd_cent: int) -> PlafondGebruik:
    """What was realised against a plafond; None is a contract without one (P x Q without an end)."""
    return PlafondGebruik(
        aanbieder=aanbieder,
        jaar=jaar,
        plafond_cent=plafond_cent,
        gerealiseerd_cent=gerealiseerd_cent,
        gebruikt_honderdsten=None if plafond_cent is None else honderdsten_procent(gerealiseerd_cent, plafond_cent),
        boven_plafond_cent=None if plafond_cent is None else max(0, gerealiseerd_cent - plafond_cent),
    )


def plafonds_gebruik(regels: Iterable[tuple[str, int, int | None, int]]) -> tuple[PlafondGebruik, ...]:
    """The same for rows (aanbieder, jaar, plafond in cents or None, realised in cents), by aanbieder and jaar."""
    return tuple(
        plafond_gebruik(aanbieder=aanbieder, jaar=jaar, plafond_cent=plafond, gerealiseerd_cent=gerealiseerd)
        for aanbieder, jaar, plafond, gerealiseerd in sorted(regels, key=lambda regel: regel[:2])
    )


def honderdsten_procent(deel: int, geheel: int) -> int | None:
    """`deel` in hundredths of a percent of `geheel`, half away from zero: 1 of 3 is 3333; None of nothing."""
    return round_half_up(Fraction(10_000 * deel, geheel)) if geheel else None
