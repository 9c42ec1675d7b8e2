"""The sentences of the depletion report, and where its drawing puts things."""

from __future__ import annotations

from datetime import date

import pytest

from app.reports.uitputting import Onvolledig, UitputtingRij, verloop
from app.reports.uitputting_prognose import Bereik
from app.reports.uitputting_zinnen import euro_heel, onvolledig_zin, procent, sein, tempo
from app.web.uitputting_grafiek import lijngrafiek


def rij(budget_cent: int | None, verwacht_cent: int) -> UitputtingRij:
    """A row of six months of 100 000 cents, and a forecast."""
    return UitputtingRij(
        sleutel="0664",
        naam="Goes",
        budget_cent=budget_cent,
        verplicht_cent=0,
        ingediend=None,
        betaald_cent=None,
        maanden=verloop("0664", 2026, 6, dict.fromkeys(range(1, 7), 100_000), budget_cent),
        prognose=Bereik(verwacht_cent - 100, verwacht_cent, verwacht_cent + 100),
    )


@pytest.mark.parametrize(
    ("budget", "verwacht", "zin"),
    [
        (941_176_471, 973_176_471, "Op koers voor € 320.000 tekort: 3,4 % boven budget."),
        (1_000_000, 900_000, "Op koers om € 1.000 over te houden: 10,0 % onder budget."),
        (1_000_000, 1_000_000, "Op koers om precies op het budget uit te komen."),
        (None, 1_200_050, "Op koers voor € 12.001; er is geen budget geladen."),
        (0, 5_000, "Op koers voor € 50 tekort."),
    ],
)
def test_the_signal_says_where_the_year_ends(budget: int | None, verwacht: int, zin: str) -> None:
    """A shortage, something left, neither, no budget, and a budget of nothing."""
    assert sein(rij(budget, verwacht)) == zin


def test_the_pace_stands_beside_the_norm() -> None:
    """Half a year of 6 000 of 10 000; nothing to say without a budget."""
    assert tempo(rij(1_000_000, 0)) == "60,0 % van het budget is toegekend; bij een gelijkmatig verloop is dat 50,0 %."
    assert tempo(rij(None, 0)) is None


def test_amounts_and_percentages_are_rounded_half_away_from_zero() -> None:
    """Whole euros and tenths of a percent; nothing is never minus nothing."""
    assert [euro_heel(cents) for cents in (149, 150, -150, -49)] == ["€ 1", "€ 2", "-€ 2", "€ 0"]
    assert [procent(value) for value in (345, -345, -4, None, 123_456)] == ["3,5 %", "-3,5 %", "0,0 %", "–", "1.234,6 %"]
    assert procent(6263, decimalen=2) == "62,63 %"


def test_what_is_missing_is_named_with_a_bound() -> None:
    """Five names, and how many more."""
    each = Onvolledig(sleutel="0664", naam="Goes", maand=date(2026, 3, 1), aanbieders=tuple("abcdefg"))

    assert onvolledig_zin(each) == (
        "Goes, maart 2026: nog niets toegekend van aanbieders die anders elke maand declareren: a, b, c, d, e en nog 2."
    )


def test_the_drawing_starts_at_nothing_and_ends_at_the_forecast() -> None:
    """Seven points of what is granted; a band of three corners; no line of the budget without one."""
    drawing = lijngrafiek(rij(None, 1_200_000))

    assert len(drawing.toegekend.split()) == 7
    assert drawing.toegekend.split()[0] == f"{float(drawing.links)},{float(drawing.onder)}"
    assert len(drawing.band.split()) == 3
    assert drawing.prognose.split()[1].split(",")[0] == str(float(drawing.rechts))
    assert drawing.norm == ""
