"""The terms of the standard and of the law: from which day, how long, and on which day they may not end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.kalender import vrije_dagen
from app.domain.termijnen import na_weken, verzoektermijnen
from app.domain.werkdagen import is_werkdag, na_werkdagen, werkdagen_tot

DAGEN = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@pytest.mark.parametrize(
    ("ontvangen", "aantal", "einde"),
    [
        (date(2026, 6, 3), 3, date(2026, 6, 8)),
        (date(2026, 6, 5), 3, date(2026, 6, 10)),
        (date(2026, 6, 6), 3, date(2026, 6, 10)),
        (date(2026, 6, 7), 3, date(2026, 6, 10)),
        (date(2026, 5, 13), 3, date(2026, 5, 19)),
        (date(2026, 5, 22), 3, date(2026, 5, 28)),
        (date(2026, 4, 24), 5, date(2026, 5, 4)),
        (date(2026, 5, 4), 5, date(2026, 5, 12)),
        (date(2026, 12, 24), 5, date(2027, 1, 4)),
        (date(2026, 12, 24), 10, date(2027, 1, 11)),
        (date(2025, 4, 17), 10, date(2025, 5, 6)),
        (date(2024, 12, 31), 3, date(2025, 1, 6)),
    ],
    ids=[
        "woensdag",
        "vrijdag",
        "zaterdag",
        "zondag",
        "hemelvaart",
        "pinksteren",
        "koningsdag",
        "5 mei",
        "kerst 5",
        "kerst 10",
        "pasen, koningsdag op zaterdag, 5 mei",
        "nieuwjaar",
    ],
)
def test_terms_in_working_days(ontvangen: date, aantal: int, einde: date) -> None:
    """3, 5 and 10 working days from the day after receipt, counted by hand on the calendar (OP090, OP274, OP090x4)."""
    assert na_werkdagen(ontvangen, aantal, vrije_dagen()) == einde


@pytest.mark.parametrize(
    ("ontvangen", "weken", "einde"),
    [
        (date(2026, 6, 3), 2, date(2026, 6, 17)),
        (date(2026, 6, 3), 8, date(2026, 7, 29)),
        (date(2026, 6, 6), 2, date(2026, 6, 22)),
        (date(2026, 6, 7), 2, date(2026, 6, 22)),
        (date(2026, 5, 11), 2, date(2026, 5, 26)),
        (date(2026, 4, 30), 2, date(2026, 5, 15)),
        (date(2026, 3, 20), 2, date(2026, 4, 7)),
        (date(2025, 11, 6), 8, date(2026, 1, 2)),
        (date(2026, 10, 30), 8, date(2026, 12, 28)),
    ],
    ids=[
        "woensdag",
        "acht weken",
        "zaterdag",
        "zondag",
        "eindigt op tweede pinksterdag",
        "eindigt op hemelvaart",
        "eindigt op goede vrijdag",
        "eindigt op nieuwjaar",
        "eindigt op eerste kerstdag, dan weekend",
    ],
)
def test_terms_in_weeks_run_on_to_the_next_working_day(ontvangen: date, weken: int, einde: date) -> None:
    """Article 1 Algemene termijnenwet: not on a Saturday, Sunday or holiday (OP359, OP274)."""
    assert na_weken(ontvangen, weken, vrije_dagen()) == einde


@given(dag=DAGEN, weken=st.integers(1, 8))
def test_a_term_in_weeks_is_whole_and_only_lengthened_over_free_days(dag: date, weken: int) -> None:
    """It never ends early, and between its whole weeks and its end there is no working day."""
    whole = dag + timedelta(weeks=weken)
    einde = na_weken(dag, weken, vrije_dagen())

    assert einde >= whole
    assert is_werkdag(einde, vrije_dagen())
    assert not any(is_werkdag(whole + timedelta(days=n), vrije_dagen()) for n in range((einde - whole).days))


@pytest.mark.parametrize(
    ("domein", "soort", "onderzoek", "woonplaats"),
    [
        ("ijw", "315", date(2026, 7, 29), date(2026, 6, 17)),
        ("iwmo", "315", date(2026, 7, 29), None),
        ("ijw", "317", date(2026, 7, 27), None),
        ("iwmo", "317", date(2026, 7, 27), None),
    ],
)
def test_terms_of_a_request(domein: str, soort: str, onderzoek: date, woonplaats: date | None) -> None:
    """Eight weeks run from receipt of a 315 and from the Dagtekening of a 317; only the Jeugdwet has the woonplaatsbeginsel."""
    found = verzoektermijnen(
        domein=domein, soort=soort, ontvangen=date(2026, 6, 3), dagtekening=date(2026, 6, 1), vrije_dagen=vrije_dagen()
    )

    assert found.antwoord == date(2026, 6, 10)
    assert (found.onderzoek, found.woonplaats) == (onderzoek, woonplaats)


@pytest.mark.parametrize(
    ("dag", "rest"),
    [
        (date(2026, 7, 3), 0),
        (date(2026, 7, 4), 0),
        (date(2026, 7, 6), 1),
        (date(2026, 7, 7), 2),
        (date(2026, 7, 2), -1),
        (date(2026, 6, 26), -5),
        (date(2026, 6, 27), -5),
    ],
)
def test_working_days_that_are_left_on_a_friday(dag: date, rest: int) -> None:
    """Seen on Friday 3 July 2026: the last day itself leaves none, a passed one counts back."""
    assert werkdagen_tot(date(2026, 7, 3), dag, ()) == rest


@given(dag=DAGEN, aantal=st.integers(0, 30))
def test_what_is_left_of_a_new_term_is_its_length(dag: date, aantal: int) -> None:
    """Counting back and forth gives the same."""
    einde = na_werkdagen(dag, aantal, vrije_dagen())

    assert werkdagen_tot(dag, einde, vrije_dagen()) == aantal
    assert werkdagen_tot(einde, dag, vrije_dagen()) == -aantal
