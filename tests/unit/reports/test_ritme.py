"""The rhythm of a sender: what is learned from its months, who is missed, and who is not."""

from __future__ import annotations

from datetime import date

import pytest

from app.reports.ritme import Ritme, Zendmaand, leer_ritmes, stiltes, werkdag_van_maand

GEEN: frozenset[date] = frozenset()
NIEUWJAAR = frozenset({date(2026, 1, 1)})
JAAR = [date(2025 + (month > 12), month if month <= 12 else month - 12, 1) for month in range(7, 19)]
"""July 2025 to June 2026: what is learned from in July 2026."""


def zendmaand(maand: date, dag: int = 3, cent: int = 1000, *, agb: str = "42420001", domein: str = "ijw") -> Zendmaand:
    return Zendmaand(domein=domein, agb=agb, maand=maand, eerste=maand.replace(day=dag), ingediend_cent=cent)


def ritme(*, werkdag: int = 3, speling: int = 1, laatste: date = date(2026, 6, 1), cent: int = 1000, agb: str = "42420001") -> Ritme:
    return Ritme(domein="ijw", agb=agb, maanden=12, werkdag=werkdag, speling=speling, bedrag_cent=cent, laatste_maand=laatste)


@pytest.mark.parametrize(
    ("dag", "werkdag"),
    [
        (date(2026, 7, 1), 1),  # A Wednesday.
        (date(2026, 7, 3), 3),
        (date(2026, 7, 4), 3),  # Saturday counts with Friday.
        (date(2026, 7, 7), 5),
        (date(2026, 8, 1), 1),  # A Saturday before the first working day.
        (date(2026, 1, 1), 1),
        (date(2026, 1, 2), 1),  # The day after New Year.
    ],
)
def test_the_working_day_of_a_month(dag: date, werkdag: int) -> None:
    assert werkdag_van_maand(dag, NIEUWJAAR) == werkdag


def test_medians_are_learned_so_one_odd_month_says_nothing() -> None:
    rows = [zendmaand(maand, 1) for maand in JAAR[:-1]] + [zendmaand(JAAR[-1], 26, 99_000)]

    (found,) = leer_ritmes(rows, GEEN)

    assert (found.maanden, found.werkdag, found.speling, found.bedrag_cent) == (12, 1, 1, 1000)
    assert found.laatste_maand == date(2026, 6, 1)


def test_who_differs_much_gets_more_time() -> None:
    """Working days 1, 8 and 15 in turn: a week more or less is usual."""
    rows = [zendmaand(maand, (1, 10, 19)[index % 3]) for index, maand in enumerate(JAAR)]

    (found,) = leer_ritmes(rows, GEEN)

    assert found.speling >= 5


@pytest.mark.parametrize(("maanden", "ritmes"), [(3, 0), (4, 1)])
def test_three_months_are_no_history(maanden: int, ritmes: int) -> None:
    assert len(leer_ritmes([zendmaand(maand) for maand in JAAR[-maanden:]], GEEN)) == ritmes


def test_who_sends_now_and_then_has_no_rhythm() -> None:
    assert leer_ritmes([zendmaand(maand) for maand in JAAR[::2]], GEEN) == ()


def test_the_domeinen_of_an_aanbieder_are_learned_apart() -> None:
    rows = [zendmaand(maand, dag, domein=domein) for maand in JAAR for domein, dag in (("ijw", 2), ("iwmo", 20))]

    assert {each.domein: each.werkdag for each in leer_ritmes(rows, GEEN)} == {"ijw": 2, "iwmo": 14}


@pytest.mark.parametrize(("dag", "gemist"), [(6, False), (7, True)])
def test_a_sender_is_missed_after_its_usual_day_and_what_is_usual_above_it(dag: int, gemist: bool) -> None:
    """Working day 3 and one of play: on working day 4 nothing is said, on 5 it is."""
    found = stiltes([ritme()], (), date(2026, 7, dag), GEEN)

    assert [(each.hele_maanden, each.te_laat, each.gemist_cent) for each in found] == ([(0, True, 1000)] if gemist else [])


def test_who_was_heard_this_month_is_not_missed() -> None:
    assert stiltes([ritme()], {("ijw", "42420001")}, date(2026, 7, 31), GEEN) == ()


def test_hearing_the_other_domein_does_not_count() -> None:
    assert len(stiltes([ritme()], {("iwmo", "42420001")}, date(2026, 7, 31), GEEN)) == 1


def test_a_month_that_was_missed_stays_missed_in_the_next() -> None:
    (found,) = stiltes([ritme(laatste=date(2026, 5, 1))], (), date(2026, 7, 1), GEEN)

    assert (found.hele_maanden, found.te_laat, found.gemist_cent) == (1, False, 1000)


@pytest.mark.parametrize(("laatste", "gemist_cent"), [(date(2026, 3, 1), [4000]), (date(2026, 2, 1), [])])
def test_after_more_than_three_months_a_sender_has_stopped(laatste: date, gemist_cent: list[int]) -> None:
    found = stiltes([ritme(laatste=laatste)], (), date(2026, 7, 31), GEEN)

    assert [each.gemist_cent for each in found] == gemist_cent


def test_december_is_the_month_before_january() -> None:
    assert stiltes([ritme(laatste=date(2025, 12, 1))], (), date(2026, 1, 2), NIEUWJAAR) == ()


def test_most_money_comes_first() -> None:
    found = stiltes([ritme(agb="1", cent=10), ritme(agb="2", cent=30), ritme(agb="3", cent=20)], (), date(2026, 7, 31), GEEN)

    assert [each.ritme.agb for each in found] == ["2", "3", "1"]
