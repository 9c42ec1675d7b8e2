"""Cutting in time: 1 January, members' dates, leap years."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from app.solidarity.agreement import Membership
from app.solidarity.segments import cut, pools
from tests.unit.solidarity.builders import an_arrangement, members


def test_cut_at_new_year_and_at_each_member_date() -> None:
    """B leaves on 1 July 2021: three segments in two years."""
    leaver = Membership(municipality="B", until=date(2021, 7, 1))

    segments = cut(an_arrangement(until=date(2023, 1, 1), members=(*members("A"), leaver)))

    assert [(s.since, s.until, s.members) for s in segments] == [
        (date(2021, 1, 1), date(2021, 7, 1), ("A", "B")),
        (date(2021, 7, 1), date(2022, 1, 1), ("A",)),
        (date(2022, 1, 1), date(2023, 1, 1), ("A",)),
    ]


def test_phi_counts_days_of_the_year() -> None:
    """181 of 365 days, 182 of 366 in a leap year."""
    half = [Membership(municipality="A", until=date(year, 7, 1)) for year in (2021, 2020)]

    phi = [cut(an_arrangement(since=date(m.until.year, 1, 1), until=m.until, members=(m,)))[0].phi for m in half if m.until]

    assert phi == [Fraction(181, 365), Fraction(182, 366)]


def test_stretch_without_members_has_no_segment() -> None:
    """Nobody is a member in the first half year, so nothing is settled there."""
    joiner = Membership(municipality="A", since=date(2021, 7, 1))

    assert [s.since for s in cut(an_arrangement(members=(joiner,)))] == [date(2021, 7, 1)]


def test_leaving_and_coming_back() -> None:
    """A municipality may have two memberships; in between it is no member."""
    twice = (Membership(municipality="A", until=date(2021, 4, 1)), Membership(municipality="A", since=date(2021, 10, 1)))

    assert [s.members for s in cut(an_arrangement(members=(*twice, *members("B"))))] == [("A", "B"), ("B",), ("A", "B")]


def test_pool_per_category_in_the_order_of_the_arrangement() -> None:
    """SPEC before GEN when the arrangement says so."""
    found = pools(an_arrangement(categories=("SPEC", "GEN"), pool_by="category"))

    assert [(pool.name, pool.categories) for pool in found] == [("SPEC", ("SPEC",)), ("GEN", ("GEN",))]
