"""The exact chance that a compound Poisson cost stays below a bound, by Panjer's recursion (README section 4). No NumPy.

g_0 = exp(-lambda (1 - f_0)), g_s = (lambda / s) sum over j of j f_j g_(s-j), on a grid of whole steps. Every term is positive, so nothing is lost
by cancelling; decimals of 40 digits with their wide exponents hold exp(-3200), which a float does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction

DIGITS = 40
STEPS_MAX = 5_000_000
"""Most steps times jumps that are computed: some seconds."""


def chance_above(expected: Fraction, severity: Mapping[int, Fraction], limit: int) -> Decimal:
    """P(S > limit) for S the sum of N ~ Poisson(expected) amounts.

    Args:
        expected: lambda.
        severity: Chance per amount in whole steps of the grid, 0 included if it can be; together 1.
        limit: Bound in steps, at least 0.
    Raises:
        ValueError: Chances that do not add up to 1, a negative amount, or more steps than `STEPS_MAX`.
    """
    if sum(severity.values()) != 1 or min(severity.values()) < 0 or min(severity) < 0 or limit < 0 or expected < 0:
        raise ValueError("the chances of a severity must be positive and add up to 1, and amounts and limit must not be negative")
    if limit * len(severity) > STEPS_MAX:
        raise ValueError(f"{limit} steps are too many; take a coarser grid")
    context = Context(prec=DIGITS, traps=[])
    jumps = [(step, _decimal(step * expected * chance, context)) for step, chance in sorted(severity.items()) if step and chance]
    start = context.exp(_decimal(-expected * (1 - severity.get(0, Fraction(0))), context))
    chances = [start]
    for total in range(1, limit + 1):
        reached = Decimal(0)
        for step, weight in jumps:
            if step > total:
                break
            reached = context.fma(weight, chances[total - step], reached)
        chances.append(context.divide(reached, Decimal(total)))
    below = Decimal(0)
    for chance in chances:
        below = context.add(below, chance)
    return max(Decimal(0), context.subtract(Decimal(1), below))


def _decimal(value: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))
