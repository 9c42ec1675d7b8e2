"""The data of the charts: how likely which contribution is, and the fan of percentiles; drawn by a page, not here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.solidarity.risico.arrays import Floats
from app.solidarity.risico.figures import REGIO, quantile
from app.solidarity.risico.simulation import Simulatie

PERCENTAGES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
BINS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdeling:
    """The distribution of what one gemeente bears under one agreement.

    Attributes:
        budget_cent: To draw as a line.
        waaier_cent: Contribution per percentage of `PERCENTAGES`: so many percent of the years are at most this.
        randen_cent: Bounds of the bars, one more than there are bars; the same for every agreement, so that charts can be laid over each other.
        delen: Part of the years in each bar; together 1.
    """

    overeenkomst: str
    gemeente: str
    budget_cent: int
    waaier_cent: dict[int, int]
    randen_cent: tuple[int, ...]
    delen: tuple[float, ...]


def verdelingen(simulatie: Simulatie, gemeente: str, *, bins: int = BINS) -> list[Verdeling]:
    """The distributions of one gemeente, or of the region (`REGIO`), per agreement.

    Raises:
        ValueError: There is no such gemeente, or `bins` is below 1.
    """
    codes = (*simulatie.past.codes, REGIO)
    if gemeente not in codes or bins < 1:
        raise ValueError(f"no chart of {gemeente} with {bins} bars")
    columns = [_column(borne, codes.index(gemeente)) for borne in simulatie.bijdragen]
    edges = _edges(columns, bins)
    budget = _column(simulatie.budget_cent[None, :], codes.index(gemeente))[0]
    return [_verdeling(name, gemeente, column, edges, budget) for name, column in zip(simulatie.namen, columns, strict=True)]


def _verdeling(name: str, gemeente: str, contribution: Floats, edges: Floats, budget: float) -> Verdeling:
    ordered = np.sort(contribution)
    counts, _ = np.histogram(contribution, bins=edges)
    return Verdeling(
        overeenkomst=name,
        gemeente=gemeente,
        budget_cent=round(budget),
        waaier_cent={percentage: round(quantile(ordered, percentage / 100)) for percentage in PERCENTAGES},
        randen_cent=tuple(int(edge) for edge in edges),
        delen=tuple(float(count) / len(contribution) for count in counts),
    )


def _edges(columns: list[Floats], bins: int) -> Floats:
    """Bars of equal whole cents that hold every simulated year of every agreement."""
    low = min(float(column.min()) for column in columns)
    high = max(float(column.max()) for column in columns)
    width = max(1.0, np.ceil((high - low) / bins))
    return np.asarray(low + width * np.arange(bins + 1), dtype=np.float64)


def _column(amounts: Floats, number: int) -> Floats:
    """One gemeente, or the sum of all when the number is one past the last."""
    column = amounts.sum(axis=1) if number == amounts.shape[1] else amounts[:, number]
    return np.asarray(column, dtype=np.float64)
