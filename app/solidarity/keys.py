"""Keys: each member's share w_i, made of measures over years (README 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.solidarity.agreement import ONE, ZERO, KeyTerm
from app.solidarity.errors import refuse
from app.solidarity.measures import Facts
from app.solidarity.segments import Pool

Shares = dict[str, Fraction]
"""Share per member; together 1."""


def key_shares(pool: Pool, role: str, facts: Facts) -> Shares:
    """w_i = sum over the terms of weight x share_i, for the key with this role.

    Raises:
        RegelingOngeldig: The role has no terms in this year, or a measure misses a value.
    """
    terms = pool.arrangement.terms(role, pool.year)
    if not terms:
        raise refuse(str(pool), f"sleutel {role} heeft geen termen in {pool.year}; voeg er een toe of pas de jaren aan.")
    shares = [(term.weight, term_shares(pool, term, facts)) for term in terms]
    return {name: sum((weight * share[name] for weight, share in shares), ZERO) for name in pool.members}


def term_shares(pool: Pool, term: KeyTerm, facts: Facts) -> Shares:
    """share_i of one term: of the sum over the lags, or the mean of the shares per lag."""
    yearly = [facts.values(pool, term.measure, lag) for lag in term.lags]
    if term.averaging == "sum":
        return _shares_of(pool, {name: sum((values[name] for values in yearly), ZERO) for name in pool.members}, facts)
    per_lag = [_shares_of(pool, values, facts) for values in yearly]
    return {name: sum((shares[name] for shares in per_lag), ZERO) / len(per_lag) for name in pool.members}


def normalised(weights: Mapping[str, Fraction]) -> Shares:
    """Weights divided by their sum; equal shares when they are all zero."""
    total = sum(weights.values(), ZERO)
    if not total:
        return dict.fromkeys(weights, ONE / len(weights))
    return {name: weight / total for name, weight in weights.items()}


def _shares_of(pool: Pool, raw: Mapping[str, Fraction], facts: Facts) -> Shares:
    """Raw values below zero count as zero; when all are zero the fallback measure decides, and then equal shares."""
    clamped = _clamped(raw)
    fallback = pool.arrangement.fallback_measure
    if not any(clamped.values()) and fallback is not None:
        clamped = _clamped(facts.values(pool, fallback))
    return normalised(clamped)


def _clamped(raw: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {name: max(ZERO, value) for name, value in raw.items()}
