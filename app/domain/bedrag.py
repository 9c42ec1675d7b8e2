"""Money in whole eurocent (IV024) and the one rounding the product uses: half up, away from zero (IV081).

`round()` of Python rounds half to even and is not used on money anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.domain.klassen import Samengesteld

DebetCredit = Literal["D", "C"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BedragMetDC(Samengesteld):
    """An amount in cents, never negative; the sign is `debet_credit` (CDT_BedragMetDC)."""

    bedrag: int
    debet_credit: DebetCredit

    @property
    def cent(self) -> int:
        """The amount with its sign: debit positive, credit negative."""
        return self.bedrag if self.debet_credit == "D" else -self.bedrag


@dataclass(frozen=True, slots=True, kw_only=True)
class TotaalBedragMetDC(Samengesteld):
    """A total in cents, never negative; the sign is `debet_credit` (CDT_TotaalBedragMetDC)."""

    totaal_bedrag: int
    debet_credit: DebetCredit

    @property
    def cent(self) -> int:
        """The total with its sign: debit positive, credit negative."""
        return self.totaal_bedrag if self.debet_credit == "D" else -self.totaal_bedrag


def totaal_met_dc(cent: int) -> TotaalBedragMetDC:
    """A signed number of cents as the standard writes a total; zero counts as debit (CS325)."""
    return TotaalBedragMetDC(totaal_bedrag=abs(cent), debet_credit="C" if cent < 0 else "D")


def round_half_up(value: Fraction) -> int:
    """Round to a whole number, half away from zero (IV081): 2.5 becomes 3, -2.5 becomes -3."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    rounded = whole + (2 * rest >= value.denominator)
    return rounded if value >= 0 else -rounded


def euro(cent: int) -> str:
    """Cents in Dutch form for a sentence: 123456 becomes `€ 1.234,56`."""
    euros, cents = divmod(abs(cent), 100)
    text = f"{euros:,}".replace(",", ".")
    return f"{'-' if cent < 0 else ''}€ {text},{cents:02d}"
