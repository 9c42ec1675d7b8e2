"""What a toewijzing asks of its aanbieder, and what is left of it; for whom a person may look."""

from __future__ import annotations

from datetime import date

import pytest

from app.composing.service_aanbieder import Gebruik, Vraag, asks, dagen_op, is_used_up, use_of
from app.composing.wie_aanbieder import eigen_agb
from app.domain.errors import NietToegestaan
from app.domain.partij import Actor, Rol
from app.domain.toewijzing import Omvang
from tests.builders import make_toewijzing

JUNI = dagen_op(date(2026, 6, 3))
WEEK = make_toewijzing()
MEI_1, MEI_31, APRIL_30 = date(2026, 5, 1), date(2026, 5, 31), date(2026, 4, 30)


def test_the_month_before_is_the_whole_of_it() -> None:
    """Also over the turn of a year."""
    januari = dagen_op(date(2026, 1, 1))

    assert (JUNI.maand_van, JUNI.maand_tot) == (MEI_1, MEI_31)
    assert (januari.maand_van, januari.maand_tot) == (date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("stand", "gestart", "gestopt", "gedeclareerd", "vraagt"),
    [
        ("niet_gestart", None, None, False, (Vraag.START_MELDEN,)),
        ("komt", None, None, False, ()),
        ("loopt", MEI_31, None, False, (Vraag.DECLAREREN,)),
        ("loopt", MEI_31, None, True, ()),
        ("loopt", date(2026, 6, 1), None, False, ()),
        ("afgelopen", MEI_1, None, True, (Vraag.STOP_MELDEN,)),
        ("gestopt", date(2026, 1, 1), MEI_1, False, (Vraag.DECLAREREN,)),
        ("gestopt", date(2026, 1, 1), APRIL_30, False, ()),
        ("ingetrokken", date(2026, 1, 1), None, False, ()),
    ],
)
def test_it_asks_for_what_has_to_be_reported_or_claimed(
    stand: str, gestart: date | None, gestopt: date | None, gedeclareerd: bool, vraagt: tuple[Vraag, ...]
) -> None:
    """A month counts when care was delivered on a day of it."""
    assert asks(WEEK, stand, gestart, gestopt, gedeclareerd, JUNI) == vraagt


@pytest.mark.parametrize(
    ("verbruik", "budget", "is_op"),
    [({"04": 529}, None, False), ({"04": 530}, None, True), ({"83": 99_999}, 100_000, False), ({"83": 100_000}, 100_000, True)],
)
def test_nothing_is_asked_to_be_claimed_when_nothing_is_left(verbruik: dict[str, int], budget: int | None, is_op: bool) -> None:
    """Of the omvang, or of a budget in euros."""
    versie = WEEK if budget is None else make_toewijzing(omvang=None, budget=budget)

    assert is_used_up(versie, use_of(versie, verbruik), verbruik) is is_op
    assert (asks(WEEK, "loopt", MEI_31, None, False, JUNI, is_op=is_op) == ()) is is_op


def test_what_is_left_is_counted_in_hours_while_both_are_whole() -> None:
    """53 weeks of ten hours; minutes claimed on hours are counted too."""
    whole = use_of(WEEK, {"04": 10, "01": 120})
    broken = use_of(WEEK, {"01": 90})

    assert whole == Gebruik(gebruikt="120 minuten, 10 uur", hoogstens="530 uur", resteert="518 uur", promille=22)
    assert broken.resteert == "31.710 minuten"


def test_without_a_total_nothing_is_left_over() -> None:
    """A budget, and a volume a month without an end."""
    budget = make_toewijzing(omvang=None, budget=100_000)
    endless = make_toewijzing(einddatum=None, omvang=Omvang(volume=10, eenheid="04", frequentie="4"))

    assert use_of(budget, {"04": 8}) == Gebruik(gebruikt="8 uur")
    assert use_of(endless, {}) == Gebruik()


@pytest.mark.parametrize(
    "actor",
    [
        Actor(naam="machine", partijen=frozenset({"aanbieder:42420001"})),
        Actor(naam="beheer", gemeenten=None, rollen=frozenset({Rol.BEHEER})),
        Actor(naam="twee", partijen=frozenset({"aanbieder:42420001", "aanbieder:42420002"}), rollen=frozenset({Rol.AANBIEDER})),
        Actor(naam="geen", rollen=frozenset({Rol.AANBIEDER})),
    ],
)
def test_only_a_person_of_one_aanbieder_has_pages_of_its_own(actor: Actor) -> None:
    with pytest.raises(NietToegestaan):
        eigen_agb(actor)
