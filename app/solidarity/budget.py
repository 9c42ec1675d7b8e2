"""The budget b_i that a deviation, a deposit or a plafond is measured against (README 2.5)."""

from __future__ import annotations

from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.solidarity.errors import refuse
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool


def budgets(pool: Pool, facts: Facts) -> dict[str, Fraction]:
    """b_i = (B_i - round(f x B_i)) x phi, in exact cents: the budget without its local share, for the days of the segment.

    Raises:
        RegelingOngeldig: The arrangement names no budget measure, or a member has no budget in this year.
    """
    measure = pool.arrangement.budget_measure
    if measure is None:
        raise refuse(str(pool), "deze regeling vraagt een budget per gemeente; noem een budget_measure.")
    cents = {name: 100 * euros for name, euros in facts.values(pool, measure).items()}
    local = {name: round_half_up(pool.arrangement.local_share * budget) for name, budget in cents.items()}
    return {name: (cents[name] - local[name]) * pool.segment.phi for name in pool.members}
