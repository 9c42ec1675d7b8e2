"""The calculator: agreement, cost, measures and history in; contribution and settlement per municipality out (README 2).

Read it beside section 2: per pool own cost (2.3), layers (2.5), keys (2.4), deposit (2.6), contribution (2.7), plafond (2.8) and
the one rounding (2.9). Everything before the rounding is exact. No clock, no files, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.verdeling import largest_remainder
from app.solidarity.agreement import ZERO, Agreement
from app.solidarity.contribution import Contribution, contributions
from app.solidarity.costs import Costs
from app.solidarity.errors import Bezwaar, RegelingOngeldig
from app.solidarity.history import History
from app.solidarity.layers import Split, split_costs
from app.solidarity.measures import Facts, Measures
from app.solidarity.plafond import apply_plafond
from app.solidarity.segments import Pool, pools
from app.solidarity.validation import check_settlement

NOTHING_HAPPENED = History()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """The result for one municipality in one pool and segment `[period_from, period_to)`.

    Attributes:
        pool: Category, or `*` for the whole arrangement.
        own_cost_cent: E_i.
        contribution_cent: What the municipality bears.
        settlement_cent: Contribution - own cost: positive pays, negative receives.
        contribution_exact_cents: q_i before rounding, in cents.
    """

    arrangement: str
    period_from: date
    period_to: date
    pool: str
    municipality: str
    own_cost_cent: int
    contribution_cent: int
    settlement_cent: int
    contribution_exact_cents: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettlement:
    """One pool with every step of its calculation, to explain a result down to its parts (R04)."""

    pool: Pool
    own: Mapping[str, int]
    split: Split
    contribution: Contribution
    exact: Mapping[str, Fraction]
    rounded: Mapping[str, int]

    @property
    def rows(self) -> list[ShareRow]:
        """One row per member, by name."""
        return [
            ShareRow(
                arrangement=self.pool.arrangement.code,
                period_from=self.pool.segment.since,
                period_to=self.pool.segment.until,
                pool=self.pool.name,
                municipality=name,
                own_cost_cent=self.own[name],
                contribution_cent=self.rounded[name],
                settlement_cent=self.rounded[name] - self.own[name],
                contribution_exact_cents=self.exact[name],
            )
            for name in self.pool.members
        ]


def settle(agreement: Agreement, costs: Costs, measures: Measures, history: History = NOTHING_HAPPENED) -> list[ShareRow]:
    """The settlement between the municipalities, to the cent.

    Args:
        agreement: The arrangements, in the order in which results are shown.
        costs: Own cost of the settled years and of the years that keys look back on.
        measures: Budgets, inhabitants, premiums and the like.
        history: Mergers, gaps, kept amounts, opening reserves.
    Returns:
        Rows by arrangement, segment, pool and municipality. Per segment and pool the settlements add up to zero,
        unless the arrangement has a reserve.
    Raises:
        RegelingOngeldig: Agreement, measures and history contradict each other or a value is missing.
        NietOndersteund: Something that section 2 knows and this version does not.
    """
    return [row for settled in settle_pools(agreement, costs, measures, history) for row in settled.rows]


def settle_pools(agreement: Agreement, costs: Costs, measures: Measures, history: History = NOTHING_HAPPENED) -> list[PoolSettlement]:
    """As `settle`, with the steps of the calculation of each pool."""
    check_settlement(agreement, history, whole_months=costs.whole_months)
    facts = Facts(costs=costs, measures=measures, history=history)
    settled: list[PoolSettlement] = []
    bezwaren: list[Bezwaar] = []
    for pool in (pool for arrangement in agreement.arrangements for pool in pools(arrangement)):
        try:
            settled.append(settle_pool(pool, facts))
        except RegelingOngeldig as refused:  # Collected, so that every missing value is named at once.
            bezwaren += refused.bezwaren
    if bezwaren:
        raise RegelingOngeldig(dict.fromkeys(bezwaren))
    return settled


def settle_pool(pool: Pool, facts: Facts) -> PoolSettlement:
    """One segment and pool: 2.3 to 2.9 in order."""
    own = facts.costs.own(pool, facts.history)
    split = split_costs(pool, own, facts)
    contribution = contributions(pool, split, facts)
    exact = apply_plafond(pool, contribution.exact, contribution.keys, facts)
    total = sum(exact.values(), ZERO)
    if not pool.arrangement.reserve and total != sum(own.values()):
        raise ArithmeticError(f"{pool}: contributions of {total} cents do not add up to the cost of {sum(own.values())} cents")
    rounded = largest_remainder(exact, round_half_up(total))
    return PoolSettlement(pool=pool, own=own, split=split, contribution=contribution, exact=exact, rounded=rounded)
