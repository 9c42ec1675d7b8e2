"""Bands on a drawing: where they start and end, and the line that they are measured against."""

from __future__ import annotations

from app.web.bandgrafiek import Spreiding, banden


def test_bands_stand_on_one_scale_with_the_budget() -> None:
    """From 80% to 120% of the budget: the axis holds it, and 100% is in the middle of the band."""
    chart = banden([Spreiding(naam="Goes", eerst=(800, 1000, 1200), dan=(950, 1000, 1050))])

    eerst, dan = chart.rijen[0].banden
    assert eerst.midden_x == dan.midden_x == chart.grens_x
    assert eerst.x < dan.x < chart.grens_x < dan.x + dan.breedte < eerst.x + eerst.breedte
    assert abs(eerst.breedte - 4 * dan.breedte) < 0.5
    assert chart.links <= chart.assen[0][0] <= eerst.x
    assert eerst.x + eerst.breedte <= chart.assen[-1][0] <= chart.breedte


def test_band_without_width_can_still_be_seen() -> None:
    assert banden([Spreiding(naam="Goes", eerst=(1000, 1000, 1000), dan=(900, 900, 900))]).rijen[0].banden[0].breedte == 2.0


def test_narrow_drawing_puts_the_name_above() -> None:
    """Rows do not overlap, whatever their number."""
    chart = banden([Spreiding(naam=str(n), eerst=(1, 2, 3), dan=(1, 2, 3)) for n in range(3)], breedte=340, smal=True)

    ends = [rij.banden[1].y + 12 for rij in chart.rijen]
    assert all(end <= rij.y for end, rij in zip(ends, chart.rijen[1:], strict=False))
    assert ends[-1] <= chart.hoogte


def test_empty_drawing_is_no_error() -> None:
    assert banden([]).rijen == ()
