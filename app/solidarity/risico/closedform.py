"""The closed forms of section 4: the coefficient of variation (CV: sd / mean) of cost and contribution. Exact but for the last square root.

They hold for clients who are alike in every gemeente, independent years, and the key that equals the share in the expected cost. No NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """The cost of one client in a year: a chance per amount, together 1; the amounts in any one unit."""

    chances: Mapping[Fraction, Fraction]

    def moment(self, power: int) -> Fraction:
        """E[X**power]."""
        return sum((chance * amount**power for amount, chance in self.chances.items()), Fraction(0))

    def split_moments(self, deductible: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """E[min(X,d)^2], E[(X-d)+^2] and E[min(X,d) (X-d)+]."""
        below = {amount: min(amount, deductible) for amount in self.chances}
        return (
            sum((chance * below[x] ** 2 for x, chance in self.chances.items()), Fraction(0)),
            sum((chance * (x - below[x]) ** 2 for x, chance in self.chances.items()), Fraction(0)),
            sum((chance * below[x] * (x - below[x]) for x, chance in self.chances.items()), Fraction(0)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Squares of the CV of what one gemeente bears, per model; see the table in section 4.

    Args:
        severity: Of every client in the region.
        clients: lambda of this gemeente.
        region: lambda of all gemeenten together.
    """

    severity: Severity
    clients: Fraction
    region: Fraction

    @property
    def weight(self) -> Fraction:
        """w: the share of the gemeente in the expected cost of the region."""
        return self.clients / self.region

    @property
    def profijt(self) -> Fraction:
        """CV_i**2 = m2 / (lambda m1**2)."""
        return self.severity.moment(2) / (self.clients * self.severity.moment(1) ** 2)

    @property
    def waarborg(self) -> Fraction:
        """CV_T**2 = CV_i**2 w."""
        return self.profijt * self.weight

    def quota(self, share: Fraction) -> Fraction:
        """CV_i**2 ((1-p)**2 (1-w) + w)."""
        return self.profijt * ((1 - share) ** 2 * (1 - self.weight) + self.weight)

    def uitstel(self, years: int) -> Fraction:
        """CV_i**2 / n."""
        return self.profijt / years

    def omslag(self, years: int) -> Fraction:
        """About CV_T**2 + (CV_i**2 - CV_T**2) / n, to first order."""
        return self.waarborg + (self.profijt - self.waarborg) / years

    def stop_loss(self, deductible: Fraction) -> Fraction:
        """What a client costs above d is shared in full."""
        below, above, mixed = self.severity.split_moments(deductible)
        variance = below + self.weight * above + 2 * self.weight * mixed
        return variance / (self.clients * self.severity.moment(1) ** 2)


def clients_needed(severity: Severity, variation: Fraction) -> Fraction:
    """lambda above which the CV is at most `variation`: m2 / (c**2 m1**2)."""
    return severity.moment(2) / (variation**2 * severity.moment(1) ** 2)


def with_shock(squared: Fraction, tau: Fraction) -> Fraction:
    """The square of a CV in years that a common factor with mean 1 and variance tau**2 makes dearer or cheaper: tau**2 is added to it,
    and every other part grows by a factor 1 + tau**2, which is the same to first order (section 4)."""
    return squared * (1 + tau**2) + tau**2


def root(squared: Fraction, decimals: int) -> str:
    """The square root as text with so many decimals, half up."""
    with localcontext() as context:
        context.prec = DIGITS
        exact = (Decimal(squared.numerator) / Decimal(squared.denominator)).sqrt()
        return str(exact.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_UP"))
