"""The newest rejections in memory: counted per bericht, by number, for who sees the gemeente."""

from __future__ import annotations

from app.notices.ring import Afkeuring, Ring

GOES, HULST = frozenset({"0664"}), frozenset({"0677"})


def test_a_bericht_counts_once_after_the_row_that_one_began_at() -> None:
    """Whatever the number of its causes, and only for who sees its gemeente; one without a gemeente is for the region."""
    ring = Ring()

    assert ring.voeg_toe([Afkeuring(1, 10, "0664"), Afkeuring(2, 11, "0664"), Afkeuring(3, 11, "0664"), Afkeuring(4, 12, None)])

    assert [ring.aantal(sinds, GOES) for sinds in (0, 1, 2, 3, 4)] == [2, 1, 1, 0, 0]
    assert ring.aantal(0, HULST) == 0
    assert ring.aantal(0, None) == 3


def test_a_row_that_is_seen_again_is_nothing_new_and_one_that_comes_late_is() -> None:
    """Numbers are given before they are committed."""
    ring = Ring()
    ring.voeg_toe([Afkeuring(1, 10, "0664"), Afkeuring(3, 12, "0664")])

    assert not ring.voeg_toe([Afkeuring(3, 12, "0664")])
    assert ring.voeg_toe([Afkeuring(2, 11, "0664")])
    assert (ring.laatste, ring.aantal(1, GOES)) == (3, 2)


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    ring = Ring(size_max=2)
    ring.voeg_toe(Afkeuring(nr, nr, "0664") for nr in (1, 2, 3))

    assert ring.aantal(0, GOES) == 2
    assert ring.laatste == 3
