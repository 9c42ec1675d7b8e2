"""The plafond: nobody pays more than g times its budget, the others take over what is above it (README 2.8)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.solidarity.agreement import REST, ZERO
from app.solidarity.budget import budgets
from app.solidarity.errors import refuse
from app.solidarity.keys import normalised
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool


def apply_plafond(
    pool: Pool, exact: Mapping[str, Fraction], keys: Mapping[str, Mapping[str, Fraction]], facts: Facts
) -> dict[str, Fraction]:
    """q_i after the plafond: what is above it goes to the members that are still free, by `rest`, until all fits.

    Raises:
        RegelingOngeldig: The cost is higher than all plafonds together.
    """
    capped = dict(exact)
    if pool.arrangement.cap is None:
        return capped
    caps = {name: pool.arrangement.cap * budget for name, budget in budgets(pool, facts).items()}
    free = set(pool.members)
    while above := {name for name in free if capped[name] > caps[name]}:
        excess = sum((capped[name] - caps[name] for name in above), ZERO)
        capped |= {name: caps[name] for name in above}
        free -= above
        if not free:
            raise refuse(str(pool), "de kosten zijn hoger dan alle plafonds samen; verhoog cap_pct of het budget.")
        for name, share in normalised({name: keys[REST][name] for name in free}).items():
            capped[name] += share * excess
    return capped
