"""Columns in time: how high they are, which have a name, and that a narrow drawing is the same one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from app.web.kolomgrafiek import BOVEN, NAMEN_MAX, NAMEN_SMAL_MAX, Hoeveelheid, kolommen, kolommen_breed_en_smal

UREN = [Hoeveelheid(naam=f"{uur:02d}:00", aantal=uur * 10, deel=uur) for uur in range(24)]


def test_a_column_is_as_high_as_its_part_of_the_scale() -> None:
    drawing = kolommen([Hoeveelheid(naam="a", aantal=300), Hoeveelheid(naam="b", aantal=100, deel=50)])

    first, second = drawing.kolommen
    assert [text for _, text in drawing.assen] == ["0", "100", "200", "300"]
    assert (first.y, first.y + first.hoogte) == (BOVEN, drawing.voet)
    assert second.hoogte * 3 == pytest.approx(first.hoogte, abs=0.2)
    assert second.deel_y + second.deel_hoogte == drawing.voet
    assert second.deel_hoogte * 2 == pytest.approx(second.hoogte, abs=0.2)


def test_small_counts_have_a_scale_of_their_own() -> None:
    assert [text for _, text in kolommen([Hoeveelheid(naam="a", aantal=3)]).assen] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("hoeveelheden", [[], [Hoeveelheid(naam="a", aantal=0)]])
def test_nothing_is_drawn_as_nothing(hoeveelheden: list[Hoeveelheid]) -> None:
    drawing = kolommen(hoeveelheden)

    (height, text), *_ = drawing.assen
    assert height == drawing.voet
    assert text == "0"
    assert all(each.hoogte == 0 for each in drawing.kolommen)


def test_the_newest_always_has_its_name_and_names_fit() -> None:
    wide, narrow = kolommen_breed_en_smal(UREN)

    for drawing, most in ((wide, NAMEN_MAX), (narrow, NAMEN_SMAL_MAX)):
        names = [each.naam for each in drawing.kolommen if each.naam]
        assert names[-1] == "23:00"
        assert 1 < len(names) <= most


def test_columns_stay_inside_the_drawing_and_beside_each_other() -> None:
    for drawing in kolommen_breed_en_smal(UREN):
        edges = [(each.x, each.x + each.breedte) for each in drawing.kolommen]
        assert edges[0][0] >= drawing.links
        assert edges[-1][1] <= drawing.rechts
        assert all(right < left for (_, right), (left, _) in pairwise(edges))
