"""Dividing a whole number over shares without losing or making a cent: the largest remainder method.

Used wherever shares must add up to the whole: verevening (solidarity README 2.9), cost split by days, installments.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def largest_remainder(exact: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Round exact amounts to whole cents that add up to `total`.

    Every amount is floored (towards minus infinity, so that credits work too); the cents that are then missing go
    one by one to the largest fractional parts, ties to the name that sorts first by Unicode code point.

    Source: solidarity README 2.9; STYLE section 7.
    Args:
        exact: Exact amount in cents per name.
        total: Whole cents that the results must add up to.
    Returns:
        Whole cents per name, in the order of `exact`; each differs less than one cent from its exact amount.
    Raises:
        ValueError: `total` cannot be reached by giving each name at most one cent more than its floor.
    """
    floors = {name: amount.numerator // amount.denominator for name, amount in exact.items()}
    missing = total - sum(floors.values())
    candidates = sorted((floors[name] - amount, name) for name, amount in exact.items() if floors[name] != amount)
    if not 0 <= missing <= len(candidates):
        raise ValueError(f"the exact amounts do not round to {total} cents: {missing} cents are left for {len(candidates)} names")
    raised = {name for _, name in candidates[:missing]}
    return {name: floor + (name in raised) for name, floor in floors.items()}


def divide(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Divide `total` cents in proportion to whole weights that are not all zero, by largest remainder.

    Raises:
        ValueError: A weight is negative, or there is no weight above zero.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError("weights must not be negative and at least one must be above zero")
    return largest_remainder({name: Fraction(total * weight, whole) for name, weight in weights.items()}, total)
