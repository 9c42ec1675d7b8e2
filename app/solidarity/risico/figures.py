"""What the simulated years say about each gemeente, and what sharing takes away (README section 4).

Amounts are whole cents. A year overruns when the contribution is above the budget. The shortfall of a year is its contribution minus the
budget; VaR 95 % is the shortfall that 95 of 100 years do not exceed, ES 95 % the mean of the five worst in a hundred: what a gemeente
needs as reserve (weerstandsvermogen). Both are negative when even those years stay within the budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from app.solidarity.risico.arrays import Floats
from app.solidarity.risico.simulation import Simulatie

REGIO = "regio"
"""In place of a gemeente: all of them together."""
TAIL = 0.05
"""The worst part of the years in VaR and ES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cijfers:
    """What an agreement means for one gemeente, or for the region.

    Attributes:
        gemiddelde_cent: Mean contribution.
        sd_cent: Standard deviation of the contribution.
        budget_cent: The budget.
        sd_op_budget: The one divided by the other; None without a budget above 0.
        kans_overschrijding: Part of the years in which the contribution is above the budget.
        kans_fout: Its standard error sqrt(p(1-p)/n).
        var95_cent, es95_cent: See above.
        p5_cent, p50_cent, p95_cent: Percentiles of the contribution: the smallest that so many percent of the years do not exceed.
        kans_verevening: Part of the years in which the settlement to pay is above `grens` x budget.
        verschil_cent, verschil_sd_cent: Mean and standard deviation of the difference with the first agreement, year by year.
    """

    overeenkomst: str
    gemeente: str
    gemiddelde_cent: int
    sd_cent: int
    budget_cent: int
    sd_op_budget: float | None
    kans_overschrijding: float
    kans_fout: float
    var95_cent: int
    es95_cent: int
    p5_cent: int
    p50_cent: int
    p95_cent: int
    kans_verevening: float
    verschil_cent: int
    verschil_sd_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Poolwinst:
    """How much of the uncertainty of one gemeente an agreement takes away, and how much it cannot.

    The variance is cut in two: what is left without the common shock (chance within the gemeente, `toeval`), and what the shock adds
    (`gezamenlijk`). Each is a standard deviation, so that eigen**2 = toeval**2 + gezamenlijk**2.

    Attributes:
        eigen_toeval_cent, eigen_gezamenlijk_cent: Of own cost, with nothing shared.
        toeval_cent, gezamenlijk_cent: Of the contribution under the agreement.
        weggenomen: Part of the variance by chance that is gone: 1 - toeval**2 / eigen_toeval**2; None without chance, negative when it grew.
    """

    overeenkomst: str
    gemeente: str
    eigen_toeval_cent: int
    eigen_gezamenlijk_cent: int
    toeval_cent: int
    gezamenlijk_cent: int
    weggenomen: float | None


def cijfers(simulatie: Simulatie) -> list[Cijfers]:
    """Per agreement: every gemeente by code, then the region."""
    own, budget = _with_region(simulatie.eigen), _with_region(simulatie.budget_cent)
    first = _with_region(simulatie.bijdragen[0])
    found = []
    for name, borne in zip(simulatie.namen, map(_with_region, simulatie.bijdragen), strict=True):
        for column, gemeente in enumerate((*simulatie.past.codes, REGIO)):
            contribution = borne[:, column]
            found.append(
                _cijfers(
                    name,
                    gemeente,
                    contribution,
                    float(budget[column]),
                    settlement=contribution - own[:, column],
                    difference=contribution - first[:, column],
                    grens=float(simulatie.opdracht.grens),
                )
            )
    return found


def poolwinst(simulatie: Simulatie) -> list[Poolwinst]:
    """Per agreement: every gemeente by code, then the region, which no agreement within the region relieves."""
    return list(_poolwinst(simulatie))


def quantile(ordered: Floats, part: float) -> float:
    """The smallest of sorted values that at least `part` of them do not exceed."""
    return float(ordered[max(0, ceil(part * len(ordered) - 1e-9) - 1)])


def expected_shortfall(ordered: Floats, tail: float = TAIL) -> float:
    """The mean of the highest `tail` of sorted values, of at least one."""
    count = max(1, int(tail * len(ordered) + 1e-9))
    return float(ordered[-count:].mean())


def _cijfers(
    name: str, gemeente: str, contribution: Floats, budget: float, *, settlement: Floats, difference: Floats, grens: float
) -> Cijfers:
    ordered = np.sort(contribution)
    count = len(ordered)
    sd, chance = float(contribution.std(ddof=1)), float((contribution > budget).mean())
    return Cijfers(
        overeenkomst=name,
        gemeente=gemeente,
        gemiddelde_cent=round(float(contribution.mean())),
        sd_cent=round(sd),
        budget_cent=round(budget),
        sd_op_budget=sd / budget if budget > 0 else None,
        kans_overschrijding=chance,
        kans_fout=sqrt(chance * (1 - chance) / count),
        var95_cent=round(quantile(ordered, 1 - TAIL) - budget),
        es95_cent=round(expected_shortfall(ordered) - budget),
        p5_cent=round(quantile(ordered, 0.05)),
        p50_cent=round(quantile(ordered, 0.50)),
        p95_cent=round(quantile(ordered, 0.95)),
        kans_verevening=float((settlement > grens * budget).mean()),
        verschil_cent=round(float(difference.mean())),
        verschil_sd_cent=round(float(difference.std(ddof=1))),
    )


def _poolwinst(simulatie: Simulatie) -> Iterator[Poolwinst]:
    own_total, own_quiet = _variances(simulatie.eigen), _variances(simulatie.eigen_stil)
    for name, borne, borne_quiet in zip(simulatie.namen, simulatie.bijdragen, simulatie.bijdragen_stil, strict=True):
        total, quiet = _variances(borne), _variances(borne_quiet)
        for column, gemeente in enumerate((*simulatie.past.codes, REGIO)):
            yield Poolwinst(
                overeenkomst=name,
                gemeente=gemeente,
                eigen_toeval_cent=_root(own_quiet[column]),
                eigen_gezamenlijk_cent=_root(own_total[column] - own_quiet[column]),
                toeval_cent=_root(quiet[column]),
                gezamenlijk_cent=_root(total[column] - quiet[column]),
                weggenomen=float(1 - quiet[column] / own_quiet[column]) if own_quiet[column] > 0 else None,
            )


def _variances(amounts: Floats) -> Floats:
    return np.asarray(_with_region(amounts).var(axis=0, ddof=1), dtype=np.float64)


def _root(variance: float) -> int:
    """As a standard deviation in whole cents; below zero, which only chance in the drawing can give, it is none."""
    return round(sqrt(max(0.0, float(variance))))


def _with_region(amounts: Floats) -> Floats:
    """With the sum of all gemeenten as one more column."""
    return np.concatenate([amounts, amounts.sum(axis=-1, keepdims=True)], axis=-1)
