"""Which waiting berichten of a lane are judged together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.judging.lot import LOT_BYTES_MAX, Wachtend, cut_lot

GROOT = 1_000_000


def wachtend(nr: int, soort: str = "305", *, grootte: int = 2000, pogingen: int = 0, opnieuw: bool = False) -> Wachtend:
    """A bericht that waits."""
    return Wachtend(
        bericht_nr=nr,
        soort=soort,
        grootte=grootte,
        ontvangst_datum=date(2026, 6, 3),
        pogingen=pogingen,
        is_herbeoordeling=opnieuw,
        zonder_contract_afwijzen=False,
    )


def cut(waiting: list[Wachtend], size_max: int = 50) -> list[int]:
    """The numbers of the lot."""
    return [bericht.bericht_nr for bericht in cut_lot(waiting, size_max=size_max, groot_bytes=GROOT)]


def test_nothing_waits() -> None:
    """No lot."""
    assert cut([]) == []


def test_small_ones_are_judged_together_up_to_the_maximum() -> None:
    """In order."""
    waiting = [wachtend(nr) for nr in range(1, 9)]

    assert cut(waiting) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert cut(waiting, size_max=3) == [1, 2, 3]
    assert cut(waiting, size_max=1) == [1]


@pytest.mark.parametrize(
    "special",
    [wachtend(2, grootte=GROOT + 1), wachtend(2, opnieuw=True), wachtend(2, pogingen=1)],
    ids=["big", "judged again (TR318)", "begun before"],
)
def test_some_stand_alone(special: Wachtend) -> None:
    """Whoever comes before it goes first without it, and whoever comes after waits."""
    assert cut([wachtend(1), special, wachtend(3)]) == [1]
    assert cut([special, wachtend(3)]) == [2]


def test_one_of_exactly_one_megabyte_is_small() -> None:
    """Over 1 MB is big."""
    assert cut([wachtend(1, grootte=GROOT), wachtend(2)]) == [1, 2]


def test_a_lot_holds_no_more_bytes_than_fit() -> None:
    """Eight of one megabyte, exactly; the ninth waits."""
    waiting = [wachtend(nr, grootte=GROOT) for nr in range(1, 11)]

    assert LOT_BYTES_MAX == 8 * GROOT
    assert cut(waiting) == list(range(1, 9))


def test_retourberichten_are_not_mixed_with_what_rules_judge() -> None:
    """Either way round; they may stand together among themselves."""
    assert cut([wachtend(1, "301"), wachtend(2, "302"), wachtend(3, "302"), wachtend(4, "305")]) == [1]
    assert cut([wachtend(2, "302"), wachtend(3, "302"), wachtend(4, "305")]) == [2, 3]
    assert cut([wachtend(2, "302"), wachtend(3, "320")]) == [2, 3]


BERICHTEN = st.builds(
    lambda soort, grootte, pogingen, opnieuw: wachtend(0, soort, grootte=grootte, pogingen=pogingen, opnieuw=opnieuw),
    st.sampled_from(["301", "302", "305", "323"]),
    st.integers(500, 25_000_000),
    st.integers(0, 5),
    st.booleans(),
)


@given(st.lists(BERICHTEN, max_size=60), st.integers(1, 60))
def test_lots_take_everything_in_order(berichten: list[Wachtend], size_max: int) -> None:
    """Cut after cut, no bericht is skipped, overtaken or forgotten, and no lot is empty while something waits."""
    waiting = [replace(bericht, bericht_nr=nr) for nr, bericht in enumerate(berichten)]

    taken: list[int] = []
    while waiting:
        lot = cut(waiting, size_max)
        assert 1 <= len(lot) <= size_max
        taken += lot
        waiting = waiting[len(lot) :]

    assert taken == list(range(len(berichten)))
