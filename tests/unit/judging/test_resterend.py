"""What is left of the toewijzingen that a 323 names, without a database."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.snapshot import Snapshot
from app.domain.toewijzing import Omvang
from app.judging.kijken import kijk_op_bericht
from app.judging.resterend import Resterend, what_is_left
from tests.builders import (
    ANDERE_BSN,
    BSN,
    GEMEENTE,
    NUMMER,
    VANDAAG,
    make_323,
    make_credit,
    make_prestatie,
    make_snapshot,
    make_toewijzing,
)


def omvang(volume: int = 40, eenheid: str = "04", frequentie: str = "6") -> Omvang:
    """Forty hours in all, unless said otherwise."""
    return Omvang(volume=volume, eenheid=eenheid, frequentie=frequentie)


def left(bericht: Bericht, snapshot: Snapshot, rows_max: int = 1000) -> tuple[tuple[Resterend, ...], bool]:
    """What is left, asked as the check asks it."""
    assert bericht.declaratie is not None
    return what_is_left(kijk_op_bericht(bericht, snapshot, vandaag=VANDAAG), bericht.declaratie, rows_max=rows_max)


def amounts(row: Resterend) -> tuple[str, int, int, int, int]:
    """Its eenheid and its four amounts."""
    return row.eenheid, row.toegestaan, row.verbruikt, row.in_dit_bericht, row.resterend


@pytest.mark.parametrize(
    ("allowed", "used", "line", "expected"),
    [
        pytest.param(omvang(), {"04": 30, "01": 240}, {"geleverd_volume": 10}, ("04", 40, 34, 10, -4), id="hours-and-minutes-used"),
        pytest.param(omvang(), {}, {"geleverd_volume": 90, "eenheid": "01"}, ("01", 2400, 0, 90, 2310), id="half-hours-in-minutes"),
        pytest.param(omvang(40, "16"), {"16": 1}, {"geleverd_volume": 2, "eenheid": "16"}, ("16", 40, 1, 2, 37), id="dagdelen"),
        pytest.param(omvang(600, "01"), {}, {"geleverd_volume": 9, "eenheid": "04"}, ("01", 600, 0, 0, 600), id="eenheid-does-not-fit"),
        pytest.param(omvang(10, "04", "2"), {}, {"geleverd_volume": 8}, ("04", 530, 0, 8, 522), id="53-weeks-touched-in-2026"),
    ],
)
def test_amounts_are_in_the_eenheid_of_the_toewijzing(
    allowed: Omvang, used: dict[str, int], line: dict[str, Any], expected: tuple[str, int, int, int, int]
) -> None:
    """Whole hours in hours, other hours in minutes, the rest as it is."""
    snapshot = make_snapshot(make_toewijzing(omvang=allowed), verbruik={(GEMEENTE, NUMMER): used})

    rows, has_more = left(make_323(make_prestatie(**line)), snapshot)

    assert [amounts(row) for row in rows] == [expected]
    assert has_more is False


def test_a_credit_gives_back() -> None:
    """Debits less credits of the bericht count."""
    debet = make_prestatie("R0", geleverd_volume=6)
    bericht = make_323(make_credit("R1", debet), make_prestatie("R2", geleverd_volume=10))

    rows, _ = left(bericht, make_snapshot(make_toewijzing(omvang=omvang()), verbruik={(GEMEENTE, NUMMER): {"04": 36}}))

    assert amounts(rows[0]) == ("04", 40, 36, 4, 0)


def test_nothing_is_told_without_a_total_or_of_another() -> None:
    """Without Omvang, without end, deleted, of another aanbieder, or named for a client that it does not belong to."""
    unbounded = {"omvang": omvang(10, "04", "4"), "einddatum": None}
    for hidden in (
        make_toewijzing(omvang=None),
        make_toewijzing(**unbounded),
        make_toewijzing(omvang=omvang(), reden_wijziging="13"),
        make_toewijzing(omvang=omvang(), agb="42420002"),
        make_toewijzing(omvang=omvang(), client_id=2),
    ):
        assert left(make_323(make_prestatie()), make_snapshot(hidden)) == ((), False)


def test_lines_of_the_wrong_client_do_not_count() -> None:
    """A toewijzing named by its own client and by another: only the lines of its own are counted."""
    clienten = [
        DeclaratieClient(bsn=bsn, prestaties=(make_prestatie(referentie, geleverd_volume=8),))
        for bsn, referentie in ((BSN, "R1"), (ANDERE_BSN, "R2"))
    ]
    snapshot = make_snapshot(make_toewijzing(omvang=omvang()))

    for order in (clienten, clienten[::-1]):
        rows, _ = left(make_323(clienten=order), snapshot)

        assert [amounts(row) for row in rows] == [("04", 40, 0, 8, 32)]


def test_a_long_list_is_cut_off_and_says_so() -> None:
    """The first by number; exactly so many is not cut off."""
    toewijzingen = [make_toewijzing(toewijzing_nummer=nummer, omvang=omvang()) for nummer in (5, 3, 9)]
    lines = [make_prestatie(f"R{each.toewijzing_nummer}", toewijzing_nummer=each.toewijzing_nummer) for each in toewijzingen]
    snapshot = make_snapshot(*toewijzingen)

    rows, has_more = left(make_323(*lines), snapshot, rows_max=2)
    assert ([row.toewijzing_nummer for row in rows], has_more) == ([3, 5], True)
    rows, has_more = left(make_323(*lines), snapshot, rows_max=3)
    assert ([row.toewijzing_nummer for row in rows], has_more) == ([3, 5, 9], False)
