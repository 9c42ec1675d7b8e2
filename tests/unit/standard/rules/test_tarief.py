"""Hour tariffs claimed in minutes, and which contract line a prestatie is in accordance with (IV081)."""

from __future__ import annotations

from datetime import date

import pytest

from app.standard.rules.tarief import bedrag_van_minuten, minuuttarief, passende_regel, verwacht_bedrag
from tests.builders import make_prestatie, make_tariefregel


@pytest.mark.parametrize(("uur", "minuut"), [(8730, 146), (8724, 145), (6000, 100), (8729, 145), (30, 1), (29, 0)])
def test_minute_tariff_is_rounded_half_up(uur: int, minuut: int) -> None:
    """IV081: 1,455 becomes 1,46 and 1,454 becomes 1,45."""
    assert minuuttarief(uur) == minuut


@pytest.mark.parametrize(
    ("uur", "minuten", "bedrag"), [(8730, 95, 13823), (8729, 95, 13821), (6000, 95, 9500), (8730, 1, 146), (8729, 60, 8729)]
)
def test_amount_is_divided_last(uur: int, minuten: int, bedrag: int) -> None:
    """Hour tariff × minutes / 60, rounded half up once; the rounded minute tariff is not used."""
    assert bedrag_van_minuten(uur, minuten) == bedrag


def test_line_is_that_of_the_first_day() -> None:
    """A tariff that changes during the period is that of its first day."""
    old = make_tariefregel(tarief_id=1, geldig_tot=date(2026, 5, 1))
    new = make_tariefregel(tarief_id=2, geldig_van=date(2026, 5, 2), tarief_cent=6100)

    assert passende_regel(make_prestatie(), (old, new)) == old
    assert passende_regel(make_prestatie(product_tarief=6100), (old, new)) is None


def test_line_that_explains_the_amount_goes_first() -> None:
    """A line per minute and a line per hour may give the same tariff; the amount tells which was used."""
    per_uur = make_tariefregel(tarief_id=1, tarief_cent=8729)
    per_minuut = make_tariefregel(tarief_id=2, eenheid="01", tarief_cent=145)
    lines = (per_uur, per_minuut)

    by_hour = make_prestatie(eenheid="01", geleverd_volume=95, product_tarief=145, bedrag=13821)
    by_minute = make_prestatie(eenheid="01", geleverd_volume=95, product_tarief=145, bedrag=95 * 145)

    assert passende_regel(by_hour, lines) == per_uur
    assert passende_regel(by_minute, lines) == per_minuut
    assert verwacht_bedrag(by_hour, per_uur) == 13821


def test_euros_have_no_tariff() -> None:
    """A line of eenheid 83 fits a prestatie in euros by its period alone."""
    regel = make_tariefregel(eenheid="83", tarief_cent=None)

    assert passende_regel(make_prestatie(eenheid="83", product_tarief=None, geleverd_volume=500), (regel,)) == regel
