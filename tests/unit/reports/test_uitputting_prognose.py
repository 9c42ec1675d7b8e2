"""What past months say of late claims and realisation, where a year ends by it, and by what a forecast changed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.reports.uitputting_prognose import (
    MILJOEN,
    Bereik,
    Boekregel,
    Cel,
    Ervaring,
    leeftijd,
    leer,
    verwacht,
    voorspel,
)
from app.reports.uitputting_verschil import Moment, Mutatie, Waardoor, terug, verklaar

JAN = date(2026, 1, 1)


def maand(number: int, jaar: int = 2026) -> date:
    """A month of a year; 13 is January of the next."""
    return date(jaar + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def zorg(zorgmaand: date, boekmaand: date, toegekend: int, verplicht: int = 0) -> Boekregel:
    """A row of the books of zorgvorm `ambulant`."""
    return Boekregel("ambulant", zorgmaand, boekmaand, toegekend, verplicht)


def regelmatig(*, tot: int) -> list[Boekregel]:
    """Each month commits 100 before it begins; 60 is claimed a month later, 20 after that, and nothing then."""
    rows = []
    for number in range(1, tot + 1):
        rows.append(zorg(maand(number), maand(number), 0, 100))
        rows += [zorg(maand(number), maand(number + later), part, -part) for later, part in ((1, 60), (2, 20)) if number + later <= tot]
    return rows


def test_growth_is_the_chain_of_steps_to_the_oldest_age() -> None:
    """A month old: 60 of 80 has come, so it grows by 80/60; from two months on nothing more comes; at age 0 there is nothing to grow from."""
    found = leer(regelmatig(tot=6), maand(6))["ambulant"]

    assert {age: each.midden for age, each in found.groei.items()} == {1: 1_333_333, 2: MILJOEN, 3: MILJOEN, 4: MILJOEN, 5: MILJOEN}
    assert found.groei[1] == Bereik(1_333_333, 1_333_333, 1_333_333)


def test_realisation_is_what_old_months_were_granted_of_what_they_committed() -> None:
    """Eighty of a hundred, in each of the four months that are two months old."""
    found = leer(regelmatig(tot=6), maand(6))["ambulant"]

    assert found.realisatie == Bereik(800_000, 800_000, 800_000)
    assert found.maanden == 4


def test_what_is_booked_later_is_not_known_yet() -> None:
    """Experience as of April does not see what May and June booked."""
    assert leer(regelmatig(tot=6), maand(4)) == leer(regelmatig(tot=4), maand(4))


def test_the_range_is_of_single_months_and_the_middle_of_all_together() -> None:
    """One month realised 50 of 100, the next 90 of 100."""
    rows = [
        each
        for number, part in ((1, 50), (2, 90))
        for each in (zorg(maand(number), maand(number), 0, 100), zorg(maand(number), maand(number + 1), part, -part))
    ]

    found = leer(rows, maand(5))["ambulant"]

    assert found.realisatie == Bereik(500_000, 700_000, 900_000)


def test_young_books_know_nothing_of_late_claims() -> None:
    """Three months back must be seen before anything is called complete; until then commitments count in full, or not at all."""
    young = leer(regelmatig(tot=2), maand(2))["ambulant"]

    assert young.groei == {}
    assert young.realisatie is None
    assert verwacht(Cel(10, 0, 90), young, 0) == Bereik(10 * MILJOEN, 100 * MILJOEN, 100 * MILJOEN)


def test_a_month_that_mostly_came_grows_and_another_is_what_it_commits() -> None:
    """Age 1 has its 60; age 0 and ahead only commitments; a year old nothing is added."""
    ervaring = leer(regelmatig(tot=6), maand(6))["ambulant"]

    assert verwacht(Cel(60, 0, 40), ervaring, 1).midden == 60 * 1_333_333
    assert verwacht(Cel(0, 0, 100), ervaring, 0) == Bereik(*[80 * MILJOEN] * 3)
    assert verwacht(Cel(0, 0, 100), ervaring, -3).midden == 80 * MILJOEN
    assert verwacht(Cel(70, 0, 30), ervaring, 12) == Bereik(*[70 * MILJOEN] * 3)


def test_a_month_never_ends_below_what_is_granted_already() -> None:
    """Ninety granted of a hundred committed, where eighty is usual and the month is too young to grow."""
    ervaring = Ervaring(realisatie=Bereik(500_000, 800_000, 900_000))

    assert verwacht(Cel(85, 0, 15), ervaring, 0) == Bereik(85 * MILJOEN, 85 * MILJOEN, 90 * MILJOEN)


def test_the_year_is_the_sum_of_its_months_and_what_has_no_toewijzing_goes_on() -> None:
    """Six months of the regular course by hand: 4 x 80 granted, May 60 x 4/3, June to December 7 x 80; pgb 10 a month twelve times."""
    stand = {("0664", "ambulant", maand(n)): Cel(80, 10, 20) for n in range(1, 5)}
    stand |= {("0664", "ambulant", maand(5)): Cel(60, 10, 40), ("0664", "ambulant", maand(6)): Cel(0, 10, 100)}
    stand |= {("0664", "ambulant", maand(n)): Cel(0, 0, 100) for n in range(7, 13)}

    found = voorspel(stand, leer(regelmatig(tot=6), maand(6)), peil=maand(6), maanden=6)

    assert found == {"0664": Bereik(960 + 120, 960 + 120, 960 + 120)}


def test_what_is_booked_ahead_without_toewijzing_is_not_forgotten() -> None:
    """A lumpsum of the whole year booked in December, when half a year is counted."""
    stand = {("0664", "ambulant", maand(12)): Cel(0, 1200, 0)}

    assert voorspel(stand, {}, peil=maand(6), maanden=6)["0664"].midden == 1200


def test_age_counts_months_over_the_year() -> None:
    """December to February is two; a month ahead is minus one."""
    assert leeftijd(date(2025, 12, 1), date(2026, 2, 1)) == 2
    assert leeftijd(date(2026, 3, 1), date(2026, 2, 1)) == -1


CELLEN = st.builds(Cel, st.integers(-1000, 1000), st.integers(-500, 500), st.integers(-1000, 1000))
PLAATSEN = st.tuples(st.sampled_from(["0664", "0687"]), st.sampled_from(["ambulant", "verblijf"]), st.integers(1, 12).map(maand))
BEREIKEN = st.lists(st.integers(0, 3 * MILJOEN), min_size=3, max_size=3).map(lambda found: Bereik(*sorted(found)))
ERVARINGEN = st.builds(Ervaring, groei=st.dictionaries(st.integers(0, 5), BEREIKEN), realisatie=st.none() | BEREIKEN)
PER_ZORGVORM = st.fixed_dictionaries({"ambulant": ERVARINGEN, "verblijf": ERVARINGEN})
CAUSES = st.sampled_from([each for each in Waardoor if each is not Waardoor.TIJD])


@given(
    stand=st.dictionaries(PLAATSEN, CELLEN, max_size=12),
    mutaties=st.lists(st.builds(Mutatie, CAUSES, PLAATSEN, st.integers(1, 9), CELLEN), max_size=12),
    toen=PER_ZORGVORM,
    nu=PER_ZORGVORM,
)
def test_causes_add_up_to_the_difference(
    stand: dict[tuple[str, str, date], Cel],
    mutaties: list[Mutatie],
    toen: dict[str, Ervaring],
    nu: dict[str, Ervaring],
) -> None:
    """Of the forecast, of what was granted and of what is committed; whatever is booked, for every row, to the cent."""
    then, now = Moment(maand(6), 5, toen), Moment(maand(7), 6, nu)
    before = terug(stand, mutaties)

    found = verklaar(stand, mutaties, toen=then, nu=now)

    for sleutel in ("0664", "0687"):
        own = found.get(sleutel, ())
        old, new = then.midden(before).get(sleutel, 0), now.midden(stand).get(sleutel, 0)
        moved = [each.cel for each in mutaties if each.plaats[0] == sleutel]
        assert sum(each.prognose_cent for each in own) == new - old
        assert sum(each.toegekend_cent for each in own) == sum(cel.toegekend + cel.zonder_toewijzing for cel in moved)
        assert sum(each.verplicht_cent for each in own) == sum(cel.verplicht for cel in moved)


@given(stand=st.dictionaries(PLAATSEN, CELLEN, max_size=12), ervaringen=PER_ZORGVORM)
def test_the_expected_end_lies_in_its_range(stand: dict[tuple[str, str, date], Cel], ervaringen: dict[str, Ervaring]) -> None:
    """Whatever the books say; a month whose commitment is below zero cannot occur, and is left out."""
    sane = {plaats: cel._replace(toegekend=max(0, cel.toegekend), verplicht=max(0, cel.verplicht)) for plaats, cel in stand.items()}

    for each in voorspel(sane, ervaringen, peil=maand(6), maanden=5).values():
        assert each.laag <= each.midden <= each.hoog


def test_nothing_is_nothing() -> None:
    """No row of no cost."""
    assert voorspel({}, {}, peil=JAN, maanden=1) == {}
    assert Bereik(0, 0, 0).plus(Bereik(1, 2, 3)) == Bereik(1, 2, 3)
