"""What a region agreed on: arrangements with members, keys, layers, deposits, no-claim and plafond (README 2.2-2.8).

Plain values, in the words of section 2. What happened (cost, measures, mergers, kept amounts) is in `costs`, `measures` and
`history`; whether an agreement makes sense is decided in `validation`.

Dates are half-open: `until` is the first day that no longer counts. Shares, weights and percentages are exact fractions of 1.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

PoolBy = Literal["arrangement", "category"]
Inleg = Literal["none", "budget", "premium", "history"]
Averaging = Literal["sum", "mean_share"]
Basis = Literal["client", "deviation", "cost"]
Side = Literal["over", "under", "both"]
Unit = Literal["pct", "eur"]

ZERO, ONE = Fraction(0), Fraction(1)

COST = "cost"
"""The special measure: own cost in the categories of the pool (2.4)."""
KEY, REST, PREMIUM = "key", "rest", "premium"
"""Roles of keys with a meaning of their own; a layer may name any other (2.4)."""
WHOLE_ARRANGEMENT = "*"
"""Name of the one pool of an arrangement that is not pooled per category (2.14)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Years:
    """A range of calendar years, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)

    @property
    def sensible(self) -> bool:
        """Whether the last year does not come before the first."""
        return self.first is None or self.last is None or self.first <= self.last


EVERY_YEAR = Years()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A municipality takes part from `since` (None: from the start) until `until` (None: to the end)."""

    municipality: str
    since: date | None = None
    until: date | None = None

    def covers(self, since: date, until: date) -> bool:
        """Whether the municipality is a member on every day of `[since, until)`."""
        return (self.since is None or self.since <= since) and (self.until is None or until <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTerm:
    """One term of a key (2.4): the share in a measure over the years t-lag_from .. t-lag_to, counted for `weight`."""

    role: str = KEY
    measure: str
    lag_from: int = 0
    lag_to: int = 0
    averaging: Averaging = "sum"
    weight: Fraction = ONE
    years: Years = EVERY_YEAR

    @property
    def lags(self) -> range:
        """The lags in years; 0 is the year of the segment itself."""
        return range(self.lag_from, self.lag_to + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Which part of the cost is shared (2.5): `share` of what lies between `lower` and `upper`.

    Attributes:
        basis: `client` (cost of one client), `deviation` (from the budget b_i) or `cost` (a quota of what is left).
        side: Only for `deviation`: overruns, underruns or both.
        unit: `eur`: the bounds are cents per whole year; `pct`: fractions of b_i (only for `deviation`).
        lower: Lower bound L in that unit.
        upper: Upper bound U, None is no upper bound.
        share: Pooled part p.
        role: The key by which this part is divided.
        years: Years in which the layer counts.
    """

    basis: Basis
    side: Side | None = None
    unit: Unit = "eur"
    lower: Fraction = ZERO
    upper: Fraction | None = None
    share: Fraction = ONE
    role: str = KEY
    years: Years = EVERY_YEAR


EVERYTHING = Layer(basis="cost")
"""What counts when an arrangement names no layers at all: the whole cost is shared (2.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoClaim:
    """Refund for low use (2.6).

    Attributes:
        kind: `gap`: `rate` times what the use stays below threshold x deposit; `flat`: `rate` times the deposit.
        threshold: theta, fraction of the deposit.
        rate: nu.
        paid_by: Who bears the refunds: `all` members, or the `claimers`, those without a refund.
    """

    kind: Literal["gap", "flat"]
    threshold: Fraction
    rate: Fraction
    paid_by: Literal["all", "claimers"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """One regeling: some categories, some members, one way of sharing, for a period.

    Attributes:
        code: Name in results; free text per region.
        since: First day.
        until: First day that no longer counts.
        categories: Zorgvormen, in the order in which results are shown.
        pool_by: One pool for all of them, or one per category.
        members: Who takes part, with dates.
        key_terms: The terms of all keys; a role without terms of its own uses those of `key`.
        layers: Empty means that the whole cost is shared.
        inleg: Which deposit the members owe.
        budget_measure: Measure in euros that is the budget B_i.
        local_share: Fraction f of the budget that stays outside the pool.
        reserve: True: the difference between contributions and cost goes to a reserve instead of to the key `rest`.
        no_claim: Refund for low use, or None.
        cap: Plafond g: nobody pays more than g x b_i; None is no plafond.
        fallback_measure: Used when a key has no weight at all, and to fill gaps.
        spread: Fractions of the yearly settlement paid per step; empty is at once (2.11).
    """

    code: str
    since: date
    until: date
    categories: tuple[str, ...]
    members: tuple[Membership, ...]
    pool_by: PoolBy = "arrangement"
    key_terms: tuple[KeyTerm, ...] = ()
    layers: tuple[Layer, ...] = ()
    inleg: Inleg = "none"
    budget_measure: str | None = None
    local_share: Fraction = ZERO
    reserve: bool = False
    no_claim: NoClaim | None = None
    cap: Fraction | None = None
    fallback_measure: str | None = None
    spread: tuple[Fraction, ...] = ()

    @property
    def years(self) -> range:
        """Calendar years that the arrangement touches."""
        return range(self.since.year, self.until.year + (self.until > date(self.until.year, 1, 1)))

    def terms(self, role: str, year: int) -> tuple[KeyTerm, ...]:
        """The terms of a key that count in a year; `rest` and `premium` without own terms are those of `key` (2.4)."""
        if role in (REST, PREMIUM) and not any(term.role == role for term in self.key_terms):
            role = KEY
        return tuple(term for term in self.key_terms if term.role == role and year in term.years)

    def layers_in(self, year: int) -> tuple[Layer, ...]:
        """The layers that count in a year; none named at all is one cost layer that shares everything (2.5)."""
        return tuple(layer for layer in self.layers or (EVERYTHING,) if year in layer.years)

    def roles_used(self, year: int) -> set[str]:
        """Roles whose key divides something in a year."""
        roles = {layer.role for layer in self.layers_in(year) if layer.share}
        if self.inleg != "none":
            roles.discard(KEY)  # With a deposit the part under `key` is divided by `rest` (2.7).
            roles |= set() if self.reserve else {REST}
        return roles | ({REST} if self.cap is not None else set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All arrangements of a region. What falls in none of them is profijtbeginsel: every municipality its own cost."""

    name: str
    arrangements: tuple[Arrangement, ...] = ()


def of_year(agreement: Agreement, year: int) -> Agreement:
    """What holds in one calendar year. Segments never cross a year, so the results of that year stay the same."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return replace(
        agreement,
        arrangements=tuple(
            replace(arrangement, since=max(arrangement.since, first), until=min(arrangement.until, after))
            for arrangement in agreement.arrangements
            if arrangement.since < after and first < arrangement.until
        ),
    )


def combine(name: str, *agreements: Agreement) -> Agreement:
    """One agreement with the arrangements of several, such as another model for each zorgvorm."""
    return Agreement(name=name, arrangements=tuple(a for agreement in agreements for a in agreement.arrangements))
