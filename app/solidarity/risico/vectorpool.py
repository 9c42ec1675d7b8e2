"""One pool of an agreement over many simulated years at once: the rules of section 2.4 to 2.8 in float64.

This is the calculator a second time, for simulation only: `calculator` settles, exactly and to the cent; this file says what ten thousand
years would be, and is held to the calculator by tests. It reads what is fixed before the year (budgets, measures, kept amounts) with the
functions of the calculator. Rounding (2.9) is left out: at most one cent per pool.

Every array has the axes simulated year x member; what does not depend on the year has length 1 on the first axis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from app.solidarity.agreement import COST, KEY, ONE, PREMIUM, REST, KeyTerm, Layer
from app.solidarity.budget import budgets
from app.solidarity.deposit import PREMIUM_INDEX, PREMIUM_TOTAL
from app.solidarity.errors import not_supported, refuse
from app.solidarity.layers import kept_amounts
from app.solidarity.measures import Facts
from app.solidarity.risico.arrays import Flags, Floats, normalised, row_sums
from app.solidarity.risico.drawing import ClientBand, Sample
from app.solidarity.segments import Pool

HALF_CENT = 0.5
"""What is above all plafonds together by less than this is rounding of floats."""


class VectorPool:
    """One pool of a whole calendar year.

    Args:
        pool: Of the simulated year.
        facts: Measures and history; its cost only tells which gemeenten existed.
        codes: All gemeenten of the simulation; the members are among them.
        columns: The column of each zorgvorm of the simulation; zorgvormen in one column are in the same pools (`columns_of`).
    Raises:
        NietOndersteund: The pool has a part that is not simulated.
        RegelingOngeldig: A measure has no value.
    """

    def __init__(self, pool: Pool, facts: Facts, codes: Sequence[str], columns: Mapping[str, int]) -> None:
        self.pool = pool
        self._facts = facts
        self.members = [codes.index(name) for name in pool.members]
        self.columns = sorted({columns[name] for name in pool.categories if name in columns})
        self._terms = {role: pool.arrangement.terms(role, pool.year) for role in sorted(pool.arrangement.roles_used(pool.year) | {PREMIUM})}
        _refuse_unknown(pool, facts, self._terms)
        self._kept = _vector(pool, kept_amounts(pool, facts))
        self._budget = _vector(pool, budgets(pool, facts)) if _needs_budget(pool) else None
        self._constants = {measure: self._constant(*measure) for measure in self._measures()}
        self._bands = {layer: self._band(layer) for layer in pool.layers if layer.basis == "client"}

    @property
    def lags(self) -> int:
        """How many years before the simulated one the pool looks back on the cost of."""
        return max((term.lag_to for terms in self._used_terms() for term in terms if term.measure == COST), default=0)

    @property
    def bands(self) -> tuple[ClientBand, ...]:
        """What it has to know of the cost per client."""
        return tuple(self._bands.values())

    def contributions(self, sample: Sample, bands: Mapping[ClientBand, Floats]) -> tuple[Floats, Flags]:
        """q_i in cents per simulated year and member, and the years in which the cost is above all plafonds together.

        In such a year the calculator refuses to settle; here what is above the plafonds is divided by the key `rest`, so that the
        cost of the region is still borne.
        """
        own = sample.of(0, self.members, self.columns)
        kept, shared = self._split(own, bands)
        keys = {role: self._key(role, sample) for role in sorted(self.pool.arrangement.roles_used(self.pool.year))}
        exact = kept
        for role in keys.keys() & shared.keys():  # As in the calculator: with a deposit the part under `key` is divided by `rest`.
            exact = exact + keys[role] * row_sums(shared[role])
        if self.pool.arrangement.inleg != "none":
            exact = self._with_deposit(exact, shared, keys, sample)
        return self._capped(np.broadcast_to(exact, own.shape), keys)

    # Layers (2.5).

    def _split(self, own: Floats, bands: Mapping[ClientBand, Floats]) -> tuple[Floats, dict[str, Floats]]:
        left = own - self._kept
        shared = {layer.role: np.zeros_like(own) for layer in self.pool.layers}
        for basis in ("client", "deviation", "cost"):
            parts = [(layer, self._part(layer, left, bands)) for layer in self.pool.layers if layer.basis == basis]
            for layer, part in parts:
                shared[layer.role] = shared[layer.role] + part
                left = left - part
        return self._kept + left, shared

    def _part(self, layer: Layer, left: Floats, bands: Mapping[ClientBand, Floats]) -> Floats:
        share = float(layer.share)
        if layer.basis == "client":
            return share * bands[self._bands[layer]][:, self.members]
        return share * (left if layer.basis == "cost" else self._deviation(layer, left))

    def _deviation(self, layer: Layer, left: Floats) -> Floats:
        assert self._budget is not None
        deviation = left - self._budget
        scale = self._budget if layer.unit == "pct" else np.ones_like(self._budget)
        size = np.abs(deviation)
        top = size if layer.upper is None else np.minimum(size, float(layer.upper) * scale)
        part = np.sign(deviation) * np.maximum(0.0, top - float(layer.lower) * scale)
        match layer.side:
            case "over":
                return np.asarray(np.where(deviation > 0, part, 0.0), dtype=np.float64)
            case "under":
                return np.asarray(np.where(deviation < 0, part, 0.0), dtype=np.float64)
            case _:
                return part

    # Keys (2.4).

    def _key(self, role: str, sample: Sample) -> Floats:
        terms = self._terms[role]
        if not terms:
            raise refuse(str(self.pool), f"sleutel {role} heeft geen termen in {self.pool.year}; voeg er een toe of pas de jaren aan.")
        return sum((float(term.weight) * self._term(term, sample) for term in terms), np.zeros((1, len(self.members))))

    def _term(self, term: KeyTerm, sample: Sample) -> Floats:
        yearly = [self._values(term.measure, lag, sample) for lag in term.lags]
        if term.averaging == "sum":
            return self._shares(sum(yearly[1:], yearly[0]), sample)
        shares = [self._shares(values, sample) for values in yearly]
        return sum(shares[1:], shares[0]) / len(shares)

    def _shares(self, raw: Floats, sample: Sample) -> Floats:
        clamped = np.maximum(0.0, raw)
        fallback = self.pool.arrangement.fallback_measure
        if fallback is not None:
            empty = row_sums(clamped) == 0
            if empty.any():
                clamped = np.where(empty, np.maximum(0.0, self._values(fallback, 0, sample)), clamped)
        return normalised(clamped)

    def _values(self, measure: str, lag: int, sample: Sample) -> Floats:
        """m_i(t-lag): cents for `cost`, else as recorded."""
        if measure == COST:
            return sample.of(lag, self.members, self.columns)
        return self._constants[measure, lag]

    # Deposit, no-claim and plafond (2.6 to 2.8).

    def _with_deposit(self, exact: Floats, shared: Mapping[str, Floats], keys: Mapping[str, Floats], sample: Sample) -> Floats:
        deposit = self._deposit(sample)
        use = shared.get(KEY, np.zeros_like(exact))
        no_claim = self._no_claim(deposit, use)
        exact = exact + deposit - no_claim
        if self.pool.arrangement.reserve:
            return exact
        rest = keys[REST]
        return exact + rest * row_sums(use - deposit) + self._refund(no_claim, rest)

    def _deposit(self, sample: Sample) -> Floats:
        match self.pool.arrangement.inleg:
            case "budget":
                assert self._budget is not None
                return self._budget
            case "premium":
                total = self._facts.region_value(self.pool, PREMIUM_TOTAL)
                if total is None:
                    return 100 * self._constants[PREMIUM, 0]
                return float(100 * total * self._index()) * self._key(PREMIUM, sample)
            case _:
                means = [self._mean(term, sample) for term in self._terms[PREMIUM]]
                return np.maximum(0.0, float(self._index()) * sum(means, np.zeros((1, len(self.members)))))

    def _mean(self, term: KeyTerm, sample: Sample) -> Floats:
        yearly = [self._values(term.measure, lag, sample) for lag in term.lags]
        cents = 1 if term.measure == COST else 100
        return float(term.weight) * cents * sum(yearly[1:], yearly[0]) / len(yearly)

    def _no_claim(self, deposit: Floats, use: Floats) -> Floats:
        terms = self.pool.arrangement.no_claim
        if terms is None:
            return np.zeros_like(use)
        threshold, rate = float(terms.threshold) * deposit, float(terms.rate)
        refund = rate * deposit if terms.kind == "flat" else np.minimum(deposit, rate * (threshold - use))
        return np.asarray(np.where(use >= threshold, 0.0, refund), dtype=np.float64)

    def _refund(self, no_claim: Floats, rest: Floats) -> Floats:
        terms = self.pool.arrangement.no_claim
        if terms is None:
            return np.zeros_like(no_claim)
        payers: Flags = np.ones(no_claim.shape, dtype=np.bool_)
        if terms.paid_by == "claimers":
            claimers = no_claim == 0
            payers = np.where(claimers.any(axis=1, keepdims=True), claimers, payers)
        weight = np.where(payers, rest, 0.0)
        total = row_sums(no_claim)
        if np.any((row_sums(weight) == 0) & (total != 0)):
            raise refuse(
                str(self.pool), "wie de no-claim moet betalen heeft gewicht 0 in de sleutel rest; kies paid_by all of een andere sleutel."
            )
        return normalised(weight) * total

    def _capped(self, exact: Floats, keys: Mapping[str, Floats]) -> tuple[Floats, Flags]:
        failed: Flags = np.zeros(len(exact), dtype=np.bool_)
        if self.pool.arrangement.cap is None:
            return exact, failed
        assert self._budget is not None
        caps = float(self.pool.arrangement.cap) * self._budget
        rest = np.broadcast_to(keys[REST], exact.shape)
        free: Flags = np.ones(exact.shape, dtype=np.bool_)
        while (above := free & (exact > caps)).any():
            excess = row_sums(np.where(above, exact - caps, 0.0))
            exact = np.where(above, caps, exact)
            free &= ~above
            full = ~free.any(axis=1, keepdims=True)
            failed |= (full & (excess > HALF_CENT))[:, 0]
            exact = exact + _divided(excess, rest, free | full)
        return exact, failed

    # What is fixed before the year.

    def _used_terms(self) -> list[tuple[KeyTerm, ...]]:
        """Terms that are computed: those of `premium` only where a deposit asks for them."""
        premium = _asks_premium(self.pool, self._facts)
        return [terms for role, terms in self._terms.items() if role in self.pool.arrangement.roles_used(self.pool.year) or premium]

    def _measures(self) -> set[tuple[str, int]]:
        """Every measure with its lag that is no cost."""
        named = {(term.measure, lag) for terms in self._used_terms() for term in terms for lag in term.lags}
        arrangement = self.pool.arrangement
        if arrangement.fallback_measure is not None and self._can_be_empty():
            named.add((arrangement.fallback_measure, 0))
        if arrangement.inleg == "premium" and self._facts.region_value(self.pool, PREMIUM_TOTAL) is None:
            named.add((PREMIUM, 0))
        return {(measure, lag) for measure, lag in named if measure != COST}

    def _can_be_empty(self) -> bool:
        """Whether a key may have no weight at all in a simulated year: it looks at cost, or at measures that are all zero."""
        terms = [term for terms in self._used_terms() for term in terms]
        recorded = [self._facts.values(self.pool, term.measure, lag) for term in terms if term.measure != COST for lag in term.lags]
        return any(term.measure == COST for term in terms) or any(not any(values.values()) for values in recorded)

    def _constant(self, measure: str, lag: int) -> Floats:
        return _vector(self.pool, self._facts.values(self.pool, measure, lag))

    def _band(self, layer: Layer) -> ClientBand:
        return ClientBand(columns=tuple(self.columns), lower=float(layer.lower), upper=None if layer.upper is None else float(layer.upper))

    def _index(self) -> Fraction:
        index = self._facts.region_value(self.pool, PREMIUM_INDEX)
        return ONE if index is None else index


def _divided(excess: Floats, rest: Floats, receivers: Flags) -> Floats:
    """An amount per year divided over the receivers by the key, equally where they have no weight in it."""
    weights = np.where(receivers, rest, 0.0)
    weights = np.where(row_sums(weights) == 0, receivers, weights)
    return normalised(weights) * excess


def _vector(pool: Pool, values: Mapping[str, Fraction]) -> Floats:
    return np.array([[float(values[name]) for name in pool.members]])


def _needs_budget(pool: Pool) -> bool:
    deviation = any(layer.basis == "deviation" for layer in pool.layers)
    return deviation or pool.arrangement.inleg == "budget" or pool.arrangement.cap is not None


def _asks_premium(pool: Pool, facts: Facts) -> bool:
    inleg = pool.arrangement.inleg
    return inleg == "history" or (inleg == "premium" and facts.region_value(pool, PREMIUM_TOTAL) is not None)


def _refuse_unknown(pool: Pool, facts: Facts, terms: Mapping[str, tuple[KeyTerm, ...]]) -> None:
    """What has no vectorised form is refused with the place and the reason."""
    if pool.segment.phi != 1:
        raise not_supported(f"{pool}: de simulatie rekent met hele kalenderjaren; laat regeling en leden per 1 januari wisselen.")
    if any(gap.measure == COST and gap.municipality in pool.members for gap in facts.history.gaps):
        raise not_supported(f"{pool}: een gat in de kosten is niet te simuleren; noem een andere maatstaf in de sleutel.")
    if pool.arrangement.inleg == "history" and any(term.measure == COST and term.lag_from < 1 for term in terms[PREMIUM]):
        raise not_supported(f"{pool}: een inleg uit het verleden kijkt bij kosten minstens een jaar terug (lag_from 1 of meer).")
