"""A whole agreement over many simulated years: its pools, and what no pool shares (profijtbeginsel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from app.solidarity.agreement import Agreement, of_year
from app.solidarity.errors import Bezwaar, RegelingOngeldig, refuse
from app.solidarity.measures import Facts
from app.solidarity.risico.arrays import Flags, Floats
from app.solidarity.risico.drawing import ClientBand, Sample
from app.solidarity.risico.vectorpool import VectorPool
from app.solidarity.segments import pools
from app.solidarity.validation import check_settlement


class VectorAgreement:
    """What an agreement makes of simulated years.

    Args:
        agreement: Only what holds in `jaar` counts.
        jaar: The simulated year.
        facts: Measures, history and the cost of the past.
        codes: All gemeenten of the simulation.
        columns: The column of each zorgvorm of the simulation (`columns_of`).
    Raises:
        NietOndersteund: A part of the agreement has no vectorised form.
        RegelingOngeldig: The agreement contradicts itself, does not hold in this year, or a measure has no value.
    """

    def __init__(self, agreement: Agreement, jaar: int, facts: Facts, codes: Sequence[str], columns: Mapping[str, int]) -> None:
        self.name = agreement.name
        in_force = of_year(agreement, jaar)
        if not in_force.arrangements:
            raise refuse(f"overeenkomst {agreement.name}", f"geen regeling geldt in {jaar}; kies met --jaar een jaar waarin zij geldt.")
        check_settlement(in_force, facts.history, whole_months=False)
        self.pools: list[VectorPool] = []
        bezwaren: list[Bezwaar] = []
        for pool in (pool for arrangement in in_force.arrangements for pool in pools(arrangement)):
            try:
                self.pools.append(VectorPool(pool, facts, codes, columns))
            except RegelingOngeldig as refused:  # Collected, so that every missing value is named at once.
                bezwaren += refused.bezwaren
        if bezwaren:
            raise RegelingOngeldig(dict.fromkeys(bezwaren))
        self._unshared = self._outside(len(codes), max(columns.values()) + 1)

    @property
    def lags(self) -> int:
        """How many years before the simulated one it looks back on the cost of."""
        return max((pool.lags for pool in self.pools), default=0)

    @property
    def bands(self) -> frozenset[ClientBand]:
        """What it has to know of the cost per client."""
        return frozenset(band for pool in self.pools for band in pool.bands)

    def contributions(self, sample: Sample, bands: Mapping[ClientBand, Floats]) -> tuple[Floats, Flags]:
        """Cents per simulated year and gemeente, and the years in which the cost is above all plafonds of a pool."""
        borne = (sample.cost[0] * self._unshared).sum(axis=2)
        failed: Flags = np.zeros(len(borne), dtype=np.bool_)
        for pool in self.pools:
            contribution, too_low = pool.contributions(sample, bands)
            borne[:, pool.members] += contribution
            failed |= too_low
        return borne, failed

    def _outside(self, gemeenten: int, columns: int) -> Floats:
        """1 where a gemeente bears a zorgvorm itself because no pool has both."""
        outside = np.ones((gemeenten, columns))
        for pool in self.pools:
            outside[np.ix_(pool.members, pool.columns)] = 0
        return outside


def columns_of(agreements: Iterable[Agreement], jaar: int, categories: Sequence[str]) -> dict[str, int]:
    """A number per zorgvorm; those that are in the same pools of every agreement share one, so that they are simulated as one."""
    used = [pool.categories for agreement in agreements for a in of_year(agreement, jaar).arrangements for pool in pools(a)]
    seen: dict[tuple[bool, ...], int] = {}
    return {category: seen.setdefault(tuple(category in names for names in used), len(seen)) for category in categories}
