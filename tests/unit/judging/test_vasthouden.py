"""Until when a declaratie may be held, and what is released because a term is near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.kalender import vrije_dagen
from app.judging.vasthouden import Rij, aan_de_beurt, belet, fout_in_reden, grens, schoon, vrij_vanaf

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
WOENSDAG = date(2026, 6, 3)


def rij(nr: int, termijn: date | None, *, gemeente: str = "0664", volgt: bool = False) -> Rij:
    """An open hold."""
    return Rij(bericht_nr=nr, gemeente=gemeente, volgt=volgt, termijn=termijn)


@settings(deadline=None)  # The first day of a year makes its holidays.
@given(DAYS)
def test_the_first_day_of_release_is_the_first_on_which_the_term_is_near(termijn: date) -> None:
    """On the day before it is not; nobody is told a day on which nothing happens."""
    dag = vrij_vanaf(termijn, vrije_dagen())

    assert grens(dag, vrije_dagen()) >= termijn
    assert grens(dag - timedelta(days=1), vrije_dagen()) < termijn


@pytest.mark.parametrize(
    ("termijn", "vrij"),
    [
        (date(2026, 6, 17), date(2026, 6, 12)),
        (date(2026, 4, 8), date(2026, 4, 1)),  # Good Friday and Easter Monday lie between.
        (date(2026, 5, 6), date(2026, 4, 30)),  # 5 May is free, and the weekend before it.
    ],
)
def test_three_working_days_are_left(termijn: date, vrij: date) -> None:
    assert vrij_vanaf(termijn, vrije_dagen()) == vrij


def test_who_is_near_takes_along_what_is_held_before_it_in_its_gemeente() -> None:
    """Also when only one that waits behind it is near; what comes later, or is of another gemeente, stays."""
    near, far = WOENSDAG, WOENSDAG + timedelta(days=9)

    assert aan_de_beurt([rij(1, far), rij(2, near), rij(3, far), rij(4, far, gemeente="0677")], WOENSDAG) == {1, 2}
    assert aan_de_beurt([rij(1, far), rij(2, near, volgt=True), rij(3, far)], WOENSDAG) == {1}
    assert aan_de_beurt([rij(1, far), rij(2, None)], WOENSDAG) == {1, 2}
    assert aan_de_beurt([rij(1, far)], WOENSDAG) == set()


@pytest.mark.parametrize(
    ("soort", "status", "dagen", "zin"),
    [
        ("323", "ontvangen", 14, None),
        ("323", "wacht_op_contract", 14, None),
        ("305", "ontvangen", 14, "Alleen een declaratie"),
        ("323", "vastgehouden", 14, "al vastgehouden"),
        ("323", "geparkeerd", 14, "al beoordeeld of geparkeerd"),
        ("323", "verwerkt", 14, "al beoordeeld"),
        ("323", "ontvangen", 5, "binnen drie werkdagen"),
        ("323", "ontvangen", None, "binnen drie werkdagen"),
    ],
)
def test_what_stands_in_the_way_is_said(soort: str, status: str, dagen: int | None, zin: str | None) -> None:
    termijn = None if dagen is None else WOENSDAG + timedelta(days=dagen)

    why = belet(soort=soort, status=status, termijn=termijn, vandaag=WOENSDAG, vrije_dagen=vrije_dagen())

    assert why is None if zin is None else why is not None and zin in why


def test_a_reason_is_one_line_of_some_words() -> None:
    assert schoon("  eerst\n\tnakijken ") == "eerst nakijken"
    assert fout_in_reden("eerst nakijken") is None
    assert {fout_in_reden(each) is None for each in ("", "kort", "x" * 501, "een\x00nul")} == {False}
