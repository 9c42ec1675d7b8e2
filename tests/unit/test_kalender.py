"""The free days of the Netherlands: the calendar behind every term in working days."""

from __future__ import annotations

from datetime import date

import pytest

from app.adapters.kalender import vrije_dagen
from app.domain.werkdagen import na_werkdagen


@pytest.mark.parametrize(
    "dag",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ],
    ids=["nieuwjaar", "goede vrijdag", "pasen", "koningsdag", "bevrijdingsdag", "hemelvaart", "pinksteren", "kerst", "tweede kerstdag"],
)
def test_free_days_of_2026(dag: date) -> None:
    """Article 3 Algemene termijnenwet, with Good Friday and 5 May of every year."""
    assert dag in vrije_dagen()


@pytest.mark.parametrize("dag", [date(2026, 12, 31), date(2026, 12, 5), date(2026, 5, 15), date(2026, 6, 3), date(2026, 4, 2)])
def test_days_that_are_not_free(dag: date) -> None:
    """New Year's Eve, Sinterklaas, the day after Ascension, an ordinary Wednesday, Maundy Thursday."""
    assert dag not in vrije_dagen()


def test_koningsdag_moves_to_saturday_when_the_27th_is_a_sunday() -> None:
    """2025: on the 26th."""
    assert date(2025, 4, 26) in vrije_dagen()
    assert date(2025, 4, 27) not in vrije_dagen()


@pytest.mark.parametrize("jaar", [2015, 2023, 2031, 2040])
def test_the_calendar_has_every_year(jaar: int) -> None:
    """Made year by year as they are asked."""
    assert date(jaar, 12, 25) in vrije_dagen()
    assert date(jaar, 5, 5) in vrije_dagen()


def test_three_working_days_over_easter() -> None:
    """Received on Thursday 2 April 2026: Good Friday, the weekend and Easter Monday do not count (OP090)."""
    assert na_werkdagen(date(2026, 4, 2), 3, vrije_dagen()) == date(2026, 4, 9)
