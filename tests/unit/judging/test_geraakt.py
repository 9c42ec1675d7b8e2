"""Which days a change of the region concerns: what held and no longer holds, or the other way round."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.judging.geraakt import Bereik, Gewijzigd, Regiorij, gewijzigde_dagen

BEREIK = Bereik(agb="42420001", domein="ijw", categorie="45", code="45A04")
BEGIN = date(2026, 1, 1)


def rij(cent: str, van: date, tot: date | None, *, telde: bool, telt: bool) -> Regiorij:
    """A tariff line of € `cent`."""
    return Regiorij(("J1", "04", cent), BEREIK, van, tot, telde, telt)


def test_a_line_cut_in_two_concerns_only_the_days_that_differ() -> None:
    """60,00 from 2020 on was corrected to 65,00 from 1 March: nothing before that day."""
    rijen = [
        rij("6000", date(2020, 1, 1), None, telde=True, telt=False),
        rij("6000", date(2020, 1, 1), date(2026, 2, 28), telde=False, telt=True),
        rij("6500", date(2026, 3, 1), None, telde=False, telt=True),
    ]

    assert set(gewijzigde_dagen(rijen)) == {Gewijzigd(BEREIK, date(2026, 3, 1), date.max)}


def test_the_same_row_again_concerns_nothing() -> None:
    """Another id, the same words."""
    rijen = [rij("6000", BEGIN, None, telde=True, telt=False), rij("6000", BEGIN, None, telde=False, telt=True)]

    assert list(gewijzigde_dagen(rijen)) == []


def test_what_came_and_went_between_concerns_nothing() -> None:
    """It counted neither before the first load nor now."""
    assert list(gewijzigde_dagen([rij("6000", BEGIN, None, telde=False, telt=False)])) == []


PERIODES = st.tuples(st.integers(0, 20), st.integers(0, 10), st.booleans(), st.booleans())


@given(st.lists(PERIODES, max_size=8))
def test_a_day_is_concerned_exactly_when_the_region_says_something_else_on_it(periodes: list[tuple[int, int, bool, bool]]) -> None:
    """Against the day by day definition."""
    rijen = [
        rij("6000", BEGIN + timedelta(days=begin), BEGIN + timedelta(days=begin + length), telde=telde, telt=telt)
        for begin, length, telde, telt in periodes
    ]
    found = {
        day for each in gewijzigde_dagen(rijen) for day in (BEGIN + timedelta(days=n) for n in range(40)) if each.van <= day <= each.tot
    }

    def holds(day: date, *, now: bool) -> bool:
        return any(each.van <= day <= (each.tot or date.max) for each in rijen if (each.telt if now else each.telde))

    days = [BEGIN + timedelta(days=n) for n in range(40)]
    assert found == {day for day in days if holds(day, now=True) is not holds(day, now=False)}
