"""What needs somebody today: who gets which kinds of work, and how a count becomes a sentence."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from app.domain.partij import Actor, Rol
from app.reports.store_vandaag import _QUERIES
from app.reports.vandaag import TELLEN_TOT, VORMEN, Werk, vandaag_van, werk_voor

NU = datetime(2026, 7, 3, 7, 0, tzinfo=UTC)


def test_every_kind_of_work_has_a_form_and_a_query() -> None:
    assert set(VORMEN) == set(Werk) == set(_QUERIES)


def test_no_role_gets_more_than_eight_kinds() -> None:
    assert max(Counter(vorm.rol for vorm in VORMEN.values()).values()) <= 8


@pytest.mark.parametrize("rol", [Rol.UITVAL, Rol.TOEGANG, Rol.CONTRACTBEHEER, Rol.CONTROLLER])
def test_a_person_gets_the_work_of_its_role_only(rol: Rol) -> None:
    actor = Actor(naam="a", gemeenten=None, rollen=frozenset({rol}))

    found = werk_voor(actor)

    assert found
    assert {VORMEN[werk].rol for werk in found} == {rol}


def test_what_is_of_the_whole_region_is_hidden_from_a_gemeente() -> None:
    actor = Actor(naam="a", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.BEHEER}))

    found = werk_voor(actor)

    assert found
    assert not any(VORMEN[werk].hele_regio for werk in found)


def test_who_acts_for_an_aanbieder_without_gemeente_sees_its_own_work_only() -> None:
    actor = Actor(naam="a", partijen=frozenset({"aanbieder:42420001"}), rollen=frozenset({Rol.CONTROLLER, Rol.UITVAL}))

    assert set(werk_voor(actor)) == {Werk.OPHALEN, Werk.AFGEKEURD}


def test_nothing_to_do_is_no_group() -> None:
    found = vandaag_van({Werk.GEPARKEERD: 0, Werk.VERZOEKEN: 1}, NU)

    assert [(naam, [taak.zin for taak in taken]) for naam, taken in found.groepen] == [("Toegang", ["verzoek wacht op een besluit"])]


def test_a_count_that_stopped_says_more_than() -> None:
    ((_, (taak,)),) = vandaag_van({Werk.GEPARKEERD: TELLEN_TOT + 1}, NU).groepen

    assert (taak.aantal, taak.meer, taak.zin) == (TELLEN_TOT, True, "berichten konden niet worden beoordeeld (geparkeerd)")
