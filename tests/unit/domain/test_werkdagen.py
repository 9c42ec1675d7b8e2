"""Working days and terms that are counted in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.werkdagen import is_werkdag, na_werkdagen

VRIJDAG = date(2026, 6, 5)
MAANDAG = date(2026, 6, 8)
DAGEN = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


def test_saturday_and_sunday_are_no_working_days() -> None:
    """Monday to Friday are."""
    week = [MAANDAG + timedelta(days=n) for n in range(7)]

    assert [is_werkdag(dag, ()) for dag in week] == [True, True, True, True, True, False, False]


def test_a_free_day_is_no_working_day() -> None:
    """Only the day that is handed in."""
    assert not is_werkdag(MAANDAG, {MAANDAG})
    assert is_werkdag(VRIJDAG, {MAANDAG})


@pytest.mark.parametrize(
    ("aantal", "vrij", "einde"),
    [
        (0, (), VRIJDAG),
        (1, (), MAANDAG),
        (5, (), date(2026, 6, 12)),
        (6, (), date(2026, 6, 15)),
        (1, (MAANDAG,), date(2026, 6, 9)),
        (1, (VRIJDAG,), MAANDAG),
    ],
)
def test_a_term_starts_on_the_day_after(aantal: int, vrij: tuple[date, ...], einde: date) -> None:
    """From a Friday: the day itself does not count, whether free or not."""
    assert na_werkdagen(VRIJDAG, aantal, vrij) == einde


@given(dag=DAGEN, aantal=st.integers(1, 40), vrij=st.frozensets(DAGEN, max_size=30))
def test_a_term_holds_exactly_so_many_working_days_and_ends_on_one(dag: date, aantal: int, vrij: frozenset[date]) -> None:
    """Counted the other way round."""
    einde = na_werkdagen(dag, aantal, vrij)

    passed = [dag + timedelta(days=n) for n in range(1, (einde - dag).days + 1)]
    assert sum(is_werkdag(each, vrij) for each in passed) == aantal
    assert is_werkdag(einde, vrij)
