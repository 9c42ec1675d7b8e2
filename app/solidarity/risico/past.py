"""The history that is resampled: the cost of every client per calendar year and zorgvorm, by the gemeente that bears it.

A client is an opaque id; no personal data is here. What predecessors bore counts for the gemeente that they are part of today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np

from app.solidarity.costs import CostLine
from app.solidarity.errors import not_supported, refuse
from app.solidarity.history import History
from app.solidarity.risico.arrays import Floats

CLIENTS_MAX = 1_000_000
"""More pairs of client and gemeente than this are refused: they are not one region."""
Key = tuple[str, str | None, str, int]
"""Gemeente, client or None, zorgvorm, calendar year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GemeentePast:
    """What one gemeente bore.

    Attributes:
        gemeente: Its code.
        clients: Ids, by name.
        cost_cent: Cost in whole cents per client, year and zorgvorm; credits are negative.
        other_cent: Cost without client per year and zorgvorm.
    """

    gemeente: str
    clients: tuple[str, ...]
    cost_cent: Floats
    other_cent: Floats

    @property
    def active(self) -> Floats:
        """The years of clients in which they had any cost: one row per client and year, with the cost per zorgvorm."""
        rows = self.cost_cent.reshape(-1, self.cost_cent.shape[-1])
        return np.asarray(rows[np.any(rows != 0, axis=1)], dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The history of a region: gemeenten by code, consecutive calendar years, zorgvormen by code."""

    years: range
    categories: tuple[str, ...]
    gemeenten: tuple[GemeentePast, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the gemeenten, in the order of every array."""
        return tuple(past.gemeente for past in self.gemeenten)

    @property
    def client_count(self) -> int:
        """Pairs of client and gemeente."""
        return sum(len(past.clients) for past in self.gemeenten)


def totals_of_lines(lines: Iterable[CostLine]) -> dict[Key, int]:
    """Cost in cents per gemeente, client, zorgvorm and year, from lines of a file."""
    totals: dict[Key, int] = defaultdict(int)
    for line in lines:
        totals[line.municipality, line.client, line.category, line.service_date.year] += line.bedrag_cent
    return totals


def make_past(totals: Mapping[Key, int], history: History, *, jaar: int, years: range, gemeenten: Iterable[str] = ()) -> Past:
    """The history as arrays.

    Args:
        totals: From `totals_of_lines`, or from the balances per client.
        history: Mergers; the gemeenten of 1 January of `jaar` bear what their predecessors bore.
        jaar: The year that is simulated.
        years: Years to look at.
        gemeenten: Gemeenten to have also without cost.
    Raises:
        OngeldigVerzoek: There is no cost in these years, or more clients than a region has.
        NietOndersteund: A gemeente was split: the cost of one client would be that of several gemeenten.
    """
    current = _current(totals, history, jaar, years)
    if not current:
        raise refuse("de historie", "er zijn geen kosten in deze jaren; noem andere jaren of lever een grootboek aan.")
    categories = tuple(sorted({category for _, _, category, _ in current}))
    rows: dict[str, dict[Key, int]] = {code: {} for code in sorted({code for code, *_ in current} | set(gemeenten))}
    for key, cents in current.items():
        rows[key[0]][key] = cents
    if sum(len({client for _, client, _, _ in mine}) for mine in rows.values()) > CLIENTS_MAX:
        raise refuse("de historie", f"meer dan {CLIENTS_MAX} clienten; simuleer minder jaren of gemeenten tegelijk.")
    return Past(
        years=years, categories=categories, gemeenten=tuple(_gemeente(code, mine, years, categories) for code, mine in rows.items())
    )


def merge_categories(past: Past, column: Mapping[str, int]) -> Past:
    """The same history with zorgvormen added up: `column` numbers where each goes, from 0 without holes."""
    numbers = [column[category] for category in past.categories]
    adding = np.zeros((len(numbers), max(numbers) + 1))
    adding[range(len(numbers)), numbers] = 1
    names = tuple("|".join(name for name in past.categories if column[name] == number) for number in range(max(numbers) + 1))
    gemeenten = tuple(replace(each, cost_cent=each.cost_cent @ adding, other_cent=each.other_cent @ adding) for each in past.gemeenten)
    return Past(years=past.years, categories=names, gemeenten=gemeenten)


def _current(totals: Mapping[Key, int], history: History, jaar: int, years: range) -> dict[Key, int]:
    """The totals of the years, by the gemeente that bears them on the first day of the simulated year."""

    @cache
    def bearer(code: str, year: int) -> str:
        parts = history.bearers(code, date(year, 1, 1), date(jaar, 1, 1))
        if len(parts) > 1:
            raise not_supported(f"gemeente {code} is gesplitst; haar historie is niet per client over opvolgers te verdelen.")
        return next(iter(parts))

    found: dict[Key, int] = defaultdict(int)
    for (code, client, category, year), cents in totals.items():
        if year in years:
            found[bearer(code, year), client, category, year] += cents
    return found


def _gemeente(code: str, totals: dict[Key, int], years: range, categories: tuple[str, ...]) -> GemeentePast:
    clients = tuple(sorted({client for _, client, _, _ in totals if client is not None}))
    row = {client: index for index, client in enumerate(clients)}
    column = {category: index for index, category in enumerate(categories)}
    cost = np.zeros((len(clients), len(years), len(categories)))
    other = np.zeros((len(years), len(categories)))
    for (_, client, category, year), cents in totals.items():
        cell = (year - years.start, column[category])
        if client is None:
            other[cell] += cents
        else:
            cost[(row[client], *cell)] += cents
    return GemeentePast(gemeente=code, clients=clients, cost_cent=cost, other_cent=other)
