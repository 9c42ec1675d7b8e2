"""The parts of the generator: chance that repeats, fictitious persons, and numbers that are refused."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.errors import OngeldigVerzoek
from app.parties.checking import check_region
from app.parties.generator import generate, personen
from app.parties.generator.kans import Kans
from app.standard.rules.bsn import is_bsn

TOT = date(2026, 6, 30)


def test_chance_repeats_for_the_same_name_only() -> None:
    """A stream belongs to its name: the same name gives the same numbers, another name others."""
    draws = [[kans.geheel(1, 1000) for _ in range(5)] for kans in (Kans(1, "a"), Kans(1, "a"), Kans(1, "b"), Kans(2, "a"))]

    assert draws[0] == draws[1]
    assert len({tuple(draw) for draw in draws}) == 3


def test_chance_stays_within_its_bounds() -> None:
    """Both ends are included, a draw has no doubles, and promille counts thousandths."""
    kans = Kans("bounds")

    assert {kans.geheel(1, 3) for _ in range(200)} == {1, 2, 3}
    assert len(set(kans.trek("abcdef", 4))) == 4
    assert kans.trek((1, 2, 3), 5) == [1, 2, 3]
    assert not any(kans.promille(0) for _ in range(50))
    assert all(kans.promille(1000) for _ in range(50))


def test_there_are_9091_test_bsns() -> None:
    """All of 999900006..999999990 that pass the 11-proef, in order; some are kept for faults."""
    bsns = personen.fictieve_bsns(100_000)

    assert (len(bsns), bsns[0], bsns[-1]) == (9_091, "999900006", "999999990")
    assert all(is_bsn(bsn) for bsn in bsns)
    assert bsns == sorted(set(bsns))
    assert set(personen.spare_bsns()).isdisjoint(personen.fictieve_bsns(personen.CLIENTEN_MAX))


@pytest.mark.parametrize(
    ("naam", "aantal", "hoogstens"), [("gemeenten", 14, 13), ("aanbieders", 0, 500), ("clienten", 9_001, 9_000), ("maanden", 121, 120)]
)
def test_number_out_of_bounds_is_refused(naam: str, aantal: int, hoogstens: int) -> None:
    """A region that cannot be made is refused with the bounds in the sentence."""
    with pytest.raises(OngeldigVerzoek, match=f"{naam} is {aantal}; kies een getal van 1 tot en met {hoogstens}"):
        generate(seed=1, tot=TOT, **{naam: aantal})


def test_smallest_region_is_whole() -> None:
    """One gemeente, one aanbieder, one client, one month: still a region without contradictions."""
    generated = generate(seed=1, gemeenten=1, aanbieders=1, clienten=1, maanden=1, tot=TOT)

    assert check_region(generated.region) == ()
    assert generated.berichten


def test_any_day_of_the_last_month_gives_the_same() -> None:
    """`tot` names a month."""
    first, last = (generate(seed=1, gemeenten=2, aanbieders=2, clienten=4, maanden=2, tot=tot) for tot in (date(2026, 6, 1), TOT))

    assert first == last
