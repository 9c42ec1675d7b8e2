"""The volume arithmetic against the worked examples of IV076 to IV079, and around its edges.

Where the texts contradict themselves the method counts (reference README, "Known defects"): IV076 July is 12 hours, IV077 has 4 Sundays in October
2025 and its December is weeks 49 to 52 and 01, IV078 touches 4 weeks in 2026.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from app.domain.toewijzing import Omvang
from app.standard.rules.volume import (
    Looptijd,
    as_basis,
    hele_uren,
    months_touched,
    passende_eenheid,
    sundays,
    volume_over_looptijd,
    volume_per_periode,
    weeks_output,
    weeks_touched,
)

DRIE_UUR = Omvang(volume=3, eenheid="04", frequentie="2")
DRIEHONDERD_EURO = Omvang(volume=30_000, eenheid="83", frequentie="2")


def d(text: str) -> date:
    """A date as the examples write it: dd-mm-yyyy."""
    dag, maand, jaar = map(int, text.split("-"))
    return date(jaar, maand, dag)


@pytest.mark.parametrize(
    ("looptijd", "periode", "uren"),
    [
        pytest.param(("07-07-2025", "07-09-2025"), ("07-07-2025", "31-07-2025"), 12, id="IV076-juli"),
        pytest.param(("07-07-2025", "07-09-2025"), ("01-08-2025", "31-08-2025"), 15, id="IV076-augustus"),
        pytest.param(("07-07-2025", "07-09-2025"), ("01-09-2025", "07-09-2025"), 3, id="IV076-september"),
        pytest.param(("07-10-2025", "30-12-2025"), ("07-10-2025", "31-10-2025"), 12, id="IV077-oktober"),
        pytest.param(("07-10-2025", "30-12-2025"), ("01-11-2025", "30-11-2025"), 15, id="IV077-november"),
        pytest.param(("07-10-2025", "30-12-2025"), ("01-12-2025", "30-12-2025"), 15, id="IV077-december"),
        pytest.param(("12-11-2025", "13-12-2025"), ("12-11-2025", "30-11-2025"), 9, id="IV078-2025"),
        pytest.param(("12-11-2026", "13-12-2026"), ("12-11-2026", "30-11-2026"), 12, id="IV078-2026"),
    ],
)
def test_inspanning_per_week(looptijd: tuple[str, str], periode: tuple[str, str], uren: int) -> None:
    """An inspanningsgerichte line holds the weekly volume for each ISO week that its period touches."""
    assert volume_per_periode(DRIE_UUR, Looptijd(d(looptijd[0]), d(looptijd[1])), d(periode[0]), d(periode[1])) == uren


@pytest.mark.parametrize(
    ("looptijd", "periode", "euro"),
    [
        pytest.param(("07-07-2025", "07-09-2025"), ("07-07-2025", "31-07-2025"), 900, id="IV076-1-juli"),
        pytest.param(("07-07-2025", "07-09-2025"), ("01-08-2025", "31-08-2025"), 1500, id="IV076-1-augustus"),
        pytest.param(("07-07-2025", "07-09-2025"), ("01-09-2025", "07-09-2025"), 300, id="IV076-1-september"),
        pytest.param(("07-07-2025", "06-09-2025"), ("07-07-2025", "31-07-2025"), 900, id="IV076-2-juli"),
        pytest.param(("07-07-2025", "06-09-2025"), ("01-08-2025", "31-08-2025"), 1800, id="IV076-2-augustus"),
        pytest.param(("07-07-2025", "06-09-2025"), ("01-09-2025", "06-09-2025"), 0, id="IV076-2-september"),
        pytest.param(("07-10-2025", "31-12-2025"), ("07-10-2025", "31-10-2025"), 900, id="IV077-1-oktober"),
        pytest.param(("01-10-2025", "31-12-2025"), ("01-10-2025", "31-10-2025"), 1200, id="IV077-1-oktober-from-the-first"),
        pytest.param(("07-10-2025", "31-12-2025"), ("01-11-2025", "30-11-2025"), 1500, id="IV077-1-november"),
        pytest.param(("07-10-2025", "31-12-2025"), ("01-12-2025", "31-12-2025"), 1500, id="IV077-1-december"),
        pytest.param(("07-07-2025", "05-09-2025"), ("01-08-2025", "31-08-2025"), 1800, id="IV077-2-augustus"),
    ],
)
def test_output_per_week(looptijd: tuple[str, str], periode: tuple[str, str], euro: int) -> None:
    """An outputgerichte line holds the weekly volume for each Sunday in its period, the last broken week with the last Sunday."""
    most = volume_per_periode(DRIEHONDERD_EURO, Looptijd(d(looptijd[0]), d(looptijd[1])), d(periode[0]), d(periode[1]))

    assert most == euro * 100


@pytest.mark.parametrize(
    ("omvang", "van", "tot", "total"),
    [
        pytest.param(DRIE_UUR, "07-07-2025", "07-09-2025", 27, id="IV076-nine-weeks"),
        pytest.param(DRIE_UUR, "07-10-2025", "30-12-2025", 39, id="IV077-thirteen-weeks"),
        pytest.param(DRIEHONDERD_EURO, "07-07-2025", "06-09-2025", 270_000, id="output-nine-weeks"),
        pytest.param(Omvang(volume=15, eenheid="04", frequentie="4"), "14-10-2026", "13-12-2026", 45, id="IV078-three-months"),
        pytest.param(Omvang(volume=15, eenheid="04", frequentie="6"), "14-10-2026", "13-12-2026", 15, id="in-total"),
        pytest.param(Omvang(volume=2, eenheid="01", frequentie="1"), "01-02-2026", "28-02-2026", 56, id="per-day"),
    ],
)
def test_total_over_the_toewijzing(omvang: Omvang, van: str, tot: str, total: int) -> None:
    """The total follows from frequentie and duration."""
    assert volume_over_looptijd(omvang, Looptijd(d(van), d(tot))) == total


def test_an_open_toewijzing_has_a_total_only_in_total() -> None:
    """Without Einddatum only frequentie 6 bounds the sum."""
    open_end = Looptijd(date(2026, 1, 1), None)

    assert volume_over_looptijd(Omvang(volume=15, eenheid="04", frequentie="4"), open_end) is None
    assert volume_over_looptijd(Omvang(volume=15, eenheid="04", frequentie="1"), open_end) is None
    assert volume_over_looptijd(Omvang(volume=15, eenheid="04", frequentie="6"), open_end) == 15


def test_a_broken_month_holds_the_full_monthly_volume() -> None:
    """IV078: 15 hours a month also from 14 October."""
    omvang = Omvang(volume=15, eenheid="04", frequentie="4")

    assert volume_per_periode(omvang, Looptijd(d("14-10-2026"), d("13-12-2026")), d("14-10-2026"), d("31-10-2026")) == 15


def test_weeks_are_pairs_of_year_and_week() -> None:
    """Over the turn of the year the count agrees with the calendar, day by day, for every length up to seven weeks."""
    first = date(2025, 12, 1)
    for start in range(40):
        van = first + timedelta(days=start)
        for length in range(50):
            tot = van + timedelta(days=length)
            dagen = [van + timedelta(days=each) for each in range(length + 1)]

            assert weeks_touched(van, tot) == len({dag.isocalendar()[:2] for dag in dagen})
            assert sundays(van, tot) == sum(dag.isoweekday() == 7 for dag in dagen)


def test_a_full_month_touches_four_to_six_weeks() -> None:
    """February 2027 is exactly four weeks, August 2026 touches six."""
    assert weeks_touched(date(2027, 2, 1), date(2027, 2, 28)) == 4
    assert weeks_touched(date(2026, 8, 1), date(2026, 8, 31)) == 6


def test_output_periods_add_up_to_the_total() -> None:
    """The monthly maxima of an output toewijzing together are its total, however it begins and ends."""
    for start in range(14):
        for length in (0, 1, 5, 6, 20, 45, 61):
            van = date(2026, 3, 20) + timedelta(days=start)
            tot = van + timedelta(days=length)
            looptijd = Looptijd(van, tot)
            edges = [date(2026, month, 1) for month in range(3, 8)]
            parts = [(max(van, begin), min(tot, end - timedelta(days=1))) for begin, end in itertools.pairwise(edges)]

            assert sum(weeks_output(looptijd, begin, end) for begin, end in parts if begin <= end) == weeks_output(looptijd, van, tot)


def test_a_toewijzing_without_sunday_has_one_week() -> None:
    """Monday to Wednesday is one broken week of output."""
    van, tot = date(2026, 3, 2), date(2026, 3, 4)

    assert weeks_output(Looptijd(van, tot), van, tot) == 1


def test_months_touched_over_a_year() -> None:
    """From November to January are three months."""
    assert months_touched(date(2025, 11, 30), date(2026, 1, 1)) == 3


@pytest.mark.parametrize(("minuten", "uren"), [(380, 6), (1, 1), (89, 1), (90, 2), (0, 1), (150, 3)])
def test_minutes_become_whole_hours_once_per_line(minuten: int, uren: int) -> None:
    """IV079: 4 × 95 minutes are 6 hours; 30 minutes or more go up, at least one hour."""
    assert hele_uren(minuten) == uren


def test_only_hours_are_converted() -> None:
    """Hours compare in minutes; minutes fit hours, hours do not fit minutes."""
    assert as_basis(2, "04") == 120
    assert as_basis(2, "01") == 2
    assert passende_eenheid("04", "01")
    assert not passende_eenheid("01", "04")


def test_an_unknown_frequentie_is_an_error() -> None:
    """A frequentie that the schema does not know must never yield a bound."""
    with pytest.raises(ValueError, match="frequentie"):
        volume_per_periode(Omvang(volume=1, eenheid="04", frequentie="3"), Looptijd(date(2026, 1, 1), None), *[date(2026, 1, 1)] * 2)
