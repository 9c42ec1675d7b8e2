"""The free days of the Netherlands: the calendar behind every term, held to the law year by year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from app.adapters.kalender import vrije_dagen
from app.domain.werkdagen import na_werkdagen

JAREN = range(2015, 2041)

BEKEND = {
    2023: "01-01 07-04 09-04 10-04 27-04 05-05 18-05 28-05 29-05 25-12 26-12",
    2024: "01-01 29-03 31-03 01-04 27-04 05-05 09-05 19-05 20-05 25-12 26-12",
    2025: "01-01 18-04 20-04 21-04 26-04 05-05 29-05 08-06 09-06 25-12 26-12",
    2026: "01-01 03-04 05-04 06-04 27-04 05-05 14-05 24-05 25-05 25-12 26-12",
    2027: "01-01 26-03 28-03 29-03 27-04 05-05 06-05 16-05 17-05 25-12 26-12",
    2028: "01-01 14-04 16-04 17-04 27-04 05-05 25-05 04-06 05-06 25-12 26-12",
}
"""The free days as they stand in a printed calendar: New Year, Good Friday, Easter, King's Day, 5 May, Ascension, Whitsun, Christmas."""


def dagen_van(jaar: int) -> Iterator[date]:
    """Every day of a year."""
    dag = date(jaar, 1, 1)
    while dag.year == jaar:
        yield dag
        dag += timedelta(days=1)


def easter(jaar: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher)."""
    gouden, eeuw, rest = jaar % 19, jaar // 100, jaar % 100
    epacta = (19 * gouden + eeuw - eeuw // 4 - (eeuw - (eeuw + 8) // 25 + 1) // 3 + 15) % 30
    zondag = (32 + 2 * (eeuw % 4) + 2 * (rest // 4) - epacta - rest % 4) % 7
    correctie = (gouden + 11 * epacta + 22 * zondag) // 451
    maand, dag = divmod(epacta + zondag - 7 * correctie + 114, 31)
    return date(jaar, maand, dag + 1)


def wettelijk(jaar: int) -> set[date]:
    """The days of article 3 Algemene termijnenwet, reckoned from Easter and the calendar alone; the two Sundays are in the library as well."""
    pasen = easter(jaar)
    koning = date(jaar, 4, 27)
    return {
        date(jaar, 1, 1),
        pasen - timedelta(days=2),
        pasen,
        pasen + timedelta(days=1),
        koning if koning.isoweekday() != 7 else date(jaar, 4, 26),
        date(jaar, 5, 5),
        pasen + timedelta(days=39),
        pasen + timedelta(days=49),
        pasen + timedelta(days=50),
        date(jaar, 12, 25),
        date(jaar, 12, 26),
    }


@pytest.mark.parametrize("jaar", BEKEND)
def test_the_free_days_of_a_year_are_those_of_a_printed_calendar(jaar: int) -> None:
    """Written out by hand, so that nothing is held to its own reckoning."""
    printed = {date(jaar, int(dag[3:]), int(dag[:2])) for dag in BEKEND[jaar].split()}

    assert {dag for dag in dagen_van(jaar) if dag in vrije_dagen()} == printed


@pytest.mark.parametrize("jaar", JAREN)
def test_the_free_days_are_those_of_the_law_and_no_others(jaar: int) -> None:
    """Article 3 Algemene termijnenwet: Good Friday counts as one (second paragraph), 5 May does so every year, not only every fifth."""
    assert {dag for dag in dagen_van(jaar) if dag in vrije_dagen()} == wettelijk(jaar)


@pytest.mark.parametrize(
    "dag",
    [date(2026, 2, 16), date(2026, 4, 2), date(2026, 5, 4), date(2026, 5, 15), date(2026, 11, 11), date(2026, 12, 24), date(2026, 12, 31)],
    ids=["carnaval", "witte donderdag", "dodenherdenking", "dag na hemelvaart", "sint maarten", "kerstavond", "oudejaarsdag"],
)
def test_days_that_people_take_off_are_working_days(dag: date) -> None:
    """They stand in no paragraph of article 3."""
    assert dag not in vrije_dagen()


@pytest.mark.parametrize("jaar", [2025, 2031, 2036])
def test_koningsdag_moves_to_saturday_when_the_27th_is_a_sunday(jaar: int) -> None:
    """The birthday is celebrated on the 26th then, and the Monday after it is a working day."""
    assert date(jaar, 4, 27).isoweekday() == 7
    assert date(jaar, 4, 26) in vrije_dagen()
    assert date(jaar, 4, 27) not in vrije_dagen()
    assert date(jaar, 4, 28) not in vrije_dagen()


def test_three_working_days_over_easter() -> None:
    """Received on Thursday 2 April 2026: Good Friday, the weekend and Easter Monday do not count (OP090)."""
    assert na_werkdagen(date(2026, 4, 2), 3, vrije_dagen()) == date(2026, 4, 9)
