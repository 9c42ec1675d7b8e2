"""Money: signs, totals, rounding half up and how cents are read by people."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bedrag import BedragMetDC, euro, round_half_up, totaal_met_dc

CENTEN = st.integers(-(10**12), 10**12)


def test_debit_is_positive_and_credit_negative() -> None:
    """The sign of an amount is its DebetCredit."""
    assert BedragMetDC(bedrag=125, debet_credit="D").cent == 125
    assert BedragMetDC(bedrag=125, debet_credit="C").cent == -125


def test_a_total_of_zero_is_debit() -> None:
    """CS325."""
    assert totaal_met_dc(0).debet_credit == "D"


@given(CENTEN)
def test_a_total_is_read_back_as_the_same_cents_and_is_never_negative(cent: int) -> None:
    """Writing and reading are each other's reverse."""
    totaal = totaal_met_dc(cent)

    assert totaal.cent == cent
    assert totaal.totaal_bedrag >= 0


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),
        (Fraction(249, 100), 2),
        (Fraction(251, 100), 3),
        (Fraction(7), 7),
        (Fraction(0), 0),
        (Fraction(10**20 * 2 + 1, 2), 10**20 + 1),
    ],
)
def test_half_is_rounded_away_from_zero(value: Fraction, rounded: int) -> None:
    """IV081; `round()` would make 2 of 2.5, and a float would lose the cent of a big amount."""
    assert round_half_up(value) == rounded


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_moves_at_most_half_and_is_the_same_on_both_sides_of_zero(value: Fraction) -> None:
    """And what is whole stays."""
    rounded = round_half_up(value)

    assert abs(rounded - value) <= Fraction(1, 2)
    assert round_half_up(-value) == -rounded
    assert round_half_up(Fraction(rounded)) == rounded


@pytest.mark.parametrize(
    ("cent", "text"),
    [
        (0, "€ 0,00"),
        (5, "€ 0,05"),
        (123456, "€ 1.234,56"),
        (-123456, "-€ 1.234,56"),
        (100000000000, "€ 1.000.000.000,00"),
        (99999, "€ 999,99"),
    ],
)
def test_cents_in_dutch(cent: int, text: str) -> None:
    """Points between thousands, a comma before the cents."""
    assert euro(cent) == text
