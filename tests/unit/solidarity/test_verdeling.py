"""Largest remainder: nothing lost, ties by name, credits floored downwards."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.verdeling import divide, largest_remainder

THIRD = Fraction(1, 3)


def test_tied_cents_go_to_the_names_that_sort_first() -> None:
    """Of ten cents over three equal shares the tenth goes to A, whatever the order of the mapping."""
    assert largest_remainder({"C": 10 * THIRD, "A": 10 * THIRD, "B": 10 * THIRD}, 10) == {"C": 3, "A": 4, "B": 3}


def test_names_sort_by_code_point() -> None:
    """Z sorts before a: no locale decides who pays a cent."""
    assert largest_remainder({"a": Fraction(1, 2), "Z": Fraction(1, 2)}, 1) == {"a": 0, "Z": 1}


def test_credit_is_floored_towards_minus_infinity() -> None:
    """-1 cent over three: all are floored to -1 and two get a cent back."""
    assert largest_remainder({"A": -THIRD, "B": -THIRD, "C": -THIRD}, -1) == {"A": 0, "B": 0, "C": -1}


def test_whole_amounts_never_get_a_cent() -> None:
    """Only amounts with a fractional part take part in the rounding."""
    assert largest_remainder({"A": Fraction(2), "B": Fraction(1, 2), "C": Fraction(1, 2)}, 3) == {"A": 2, "B": 1, "C": 0}


@pytest.mark.parametrize("total", [0, 4])
def test_total_out_of_reach_is_a_bug_of_the_caller(total: int) -> None:
    """A total that differs by a cent or more per name cannot be reached."""
    with pytest.raises(ValueError, match="do not round"):
        largest_remainder({"A": Fraction(3, 2), "B": Fraction(1, 2)}, total)


def test_divide_by_days_keeps_the_total() -> None:
    """9 200.01 euro over 61 and 31 days."""
    assert divide(920_001, {"2015": 61, "2016": 31}) == {"2015": 610_001, "2016": 310_000}


@pytest.mark.parametrize("weights", [{}, {"A": 0}, {"A": 2, "B": -1}])
def test_divide_refuses_weights_that_mean_nothing(weights: dict[str, int]) -> None:
    """No weight above zero, or one below it."""
    with pytest.raises(ValueError, match="weights"):
        divide(100, weights)
