"""When a cause begins and is over, per gemeente and for the region, and that the same is never told twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from app.notices.melding import (
    Gezien,
    Meldingsoort,
    NieuweMelding,
    OorzaakStand,
    Opgelost,
    na_nieuwe_rijen,
    na_oplossing,
    na_stilte,
    over_termijnen,
)

DAG = date(2026, 6, 3)
TR321, TR338 = "afgekeurd.TR321.9321.aanbieder", "afgekeurd.TR338.9338.aanbieder"


def standen(*each: OorzaakStand) -> dict[tuple[str, str], OorzaakStand]:
    """By cause and place."""
    return {(stand.oorzaak, stand.gemeente): stand for stand in each}


def gaat_door(gemeente: str = "", *, rij_nr: int = 5, laatst: date = DAG, keer: int = 1) -> OorzaakStand:
    """TR321, which goes on."""
    return OorzaakStand(oorzaak=TR321, gemeente=gemeente, is_open=True, keer=keer, laatst=laatst, rij_nr=rij_nr)


def waar(meldingen: Iterable[NieuweMelding]) -> list[tuple[str | None, bool, int]]:
    """For whom each is, and how many it is about."""
    return sorted(((each.gemeente, each.voor_regio, each.aantal) for each in meldingen), key=str)


def test_the_first_rows_of_a_cause_are_told_to_each_gemeente_and_once_to_the_region() -> None:
    """A refusal at the door that names no gemeente is for the region only."""
    changed, told = na_nieuwe_rijen({}, [Gezien(TR321, "0664", 3, 7), Gezien(TR321, "0677", 1, 5), Gezien(TR321, None, 1, 6)], DAG)

    assert waar(told) == [("0664", False, 3), ("0677", False, 1), (None, True, 5)]
    assert {each.soort for each in told} == {Meldingsoort.OORZAAK_NIEUW}
    assert {(each.gemeente, each.rij_nr, each.keer) for each in changed} == {("0664", 7, 1), ("0677", 5, 1), ("", 7, 1)}


def test_more_of_what_goes_on_is_not_told_but_keeps_it_going() -> None:
    changed, told = na_nieuwe_rijen(standen(gaat_door("0664"), gaat_door()), [Gezien(TR321, "0664", 1, 8)], DAG + timedelta(days=9))

    assert told == []
    assert {(each.gemeente, each.laatst, each.rij_nr) for each in changed} == {
        ("0664", DAG + timedelta(days=9), 8),
        ("", DAG + timedelta(days=9), 8),
    }


def test_rows_that_were_seen_before_change_nothing() -> None:
    """The last ones are read once more each time."""
    assert na_nieuwe_rijen(standen(gaat_door("0664"), gaat_door()), [Gezien(TR321, "0664", 4, 5)], DAG) == ([], [])


def test_what_is_over_and_comes_back_is_told_under_another_key() -> None:
    first, told = na_nieuwe_rijen({}, [Gezien(TR321, "0664", 1, 1)], DAG)
    over, ended = na_stilte(first, DAG + timedelta(days=15))
    _, again = na_nieuwe_rijen(standen(*over), [Gezien(TR321, "0664", 1, 2)], DAG + timedelta(days=16))

    keys = [each.sleutel for each in (*told, *ended, *again)]
    assert len(set(keys)) == len(keys) == 6


def test_two_weeks_of_silence_end_it_and_not_a_day_less() -> None:
    assert na_stilte([gaat_door()], DAG + timedelta(days=14)) == ([], [])
    [over], [told] = na_stilte([gaat_door()], DAG + timedelta(days=15))

    assert not over.is_open
    assert (told.soort, told.onderwerp, told.voor_regio) == (Meldingsoort.OORZAAK_VOORBIJ, TR321, True)


def test_what_a_person_solved_is_over_where_it_was_solved_unless_it_came_again() -> None:
    """For its gemeenten, or for all when the region said so; another cause goes on."""
    now = standen(gaat_door("0664"), gaat_door("0677", rij_nr=9), gaat_door(rij_nr=9))

    assert [each.gemeente for each in na_oplossing(now, [Opgelost(TR321, ("0664", "0677"), 8)], DAG)[0]] == ["0664"]
    assert {each.gemeente for each in na_oplossing(now, [Opgelost(TR321, None, 9)], DAG)[0]} == {"0664", "0677", ""}
    assert na_oplossing(now, [Opgelost(TR338, None, 9)], DAG) == ([], [])


def test_terms_are_told_per_gemeente_and_summed_for_the_region_once_a_day() -> None:
    told = over_termijnen({"0664": 2, "0677": 0, "0687": 1}, DAG, DAG + timedelta(days=2))

    assert waar(told) == [("0664", False, 2), ("0687", False, 1), (None, True, 3)]
    assert {each.sleutel for each in told}.isdisjoint(each.sleutel for each in over_termijnen({"0664": 2}, DAG + timedelta(days=1), DAG))
    assert over_termijnen({"0664": 0}, DAG, DAG) == []
