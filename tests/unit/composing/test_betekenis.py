"""What an omvang means: the sentence, the tariff over the year boundary, and the days without a contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.composing.betekenis import as_toewijzing, explain, fitting_lines, uncovered
from app.composing.toewijzen import Regel
from app.domain.snapshot import Overgang, Snapshot, Tariefregel, Toewijzing
from app.domain.toewijzing import Omvang
from app.ledger.verplichting import verwachtingen

GEMEENTE, AGB = "0664", "42420001"


def line(eenheid: str = "04", cent: int | None = 7000, van: date = date(2026, 1, 1), tot: date | None = None, nr: int = 1) -> Tariefregel:
    """A line of a contract."""
    return Tariefregel(
        tarief_id=nr,
        contract="J1",
        gemeente=GEMEENTE,
        categorie="45",
        code="45A04",
        eenheid=eenheid,
        tarief_cent=cent,
        geldig_van=van,
        geldig_tot=tot,
    )


def region(*lines: Tariefregel, overgangen: tuple[Overgang, ...] = ()) -> Snapshot:
    """Contracts of one product."""
    return Snapshot(domein="ijw", agb=AGB, tarieven={(GEMEENTE, "45", "45A04"): lines}, overgangen=overgangen)


def versie(volume: int = 5, eenheid: str = "04", frequentie: str = "2", **changes: Any) -> Toewijzing:
    """26 weeks from Monday 6 July 2026, unless it says otherwise."""
    fields = {
        "categorie": "45",
        "code": "45A04",
        "ingangsdatum": date(2026, 7, 6),
        "einddatum": date(2027, 1, 3),
        "omvang": Omvang(volume=volume, eenheid=eenheid, frequentie=frequentie),
    }
    regel = Regel(**{**fields, **changes})
    return as_toewijzing(regel, domein="ijw", gemeente=GEMEENTE, agb=AGB, vandaag=date(2026, 6, 3))


SENTENCES = [
    pytest.param(versie(), "5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 9.100,00", id="the example of the issue"),
    pytest.param(
        versie(einddatum=date(2027, 1, 4)), "5 uur per week, 27 weken, hoogstens 135 uur, naar schatting € 9.150,00", id="a day more"
    ),
    pytest.param(
        versie(volume=1, frequentie="4"), "1 uur per maand, 7 maanden, hoogstens 7 uur, naar schatting € 490,00", id="broken months count"
    ),
    pytest.param(
        versie(frequentie="1", einddatum=date(2026, 7, 6)), "5 uur per dag, 1 dag, hoogstens 5 uur, naar schatting € 350,00", id="one day"
    ),
    pytest.param(versie(volume=40, frequentie="6"), "40 uur in totaal, naar schatting € 2.800,00", id="in total"),
    pytest.param(
        versie(volume=2, frequentie="4", einddatum=None),
        "2 uur per maand, naar schatting € 840,00 tot en met 31-12-2026",
        id="without an end to the end of the year",
    ),
    pytest.param(versie(omvang=None, code=None, budget=125_000), "budget van € 1.250,00", id="a budget"),
    pytest.param(versie(volume=9, frequentie="6", code="45A05"), "9 uur in totaal, nog zonder prijs: er is geen tarief", id="no such line"),
]


@pytest.mark.parametrize(("given", "zin"), SENTENCES)
def test_the_sentence(given: Toewijzing, zin: str) -> None:
    """At € 70 an hour; weeks as TR322 counts them, euros as the ledger commits them."""
    assert explain(given, region(line())).zin == zin


def test_the_estimate_is_the_commitment_to_the_cent_also_over_the_year_boundary() -> None:
    """Each month of care at its own tariff, told by year, with both tariffs in words."""
    tarieven = region(line(tot=date(2026, 12, 31)), line(cent=7350, van=date(2027, 1, 1), nr=2))
    given = versie(einddatum=date(2027, 3, 28))

    found = explain(given, tarieven)

    assert found.verwacht_cent == sum(each.cent for each in verwachtingen(given, tarieven))
    assert dict(found.per_jaar) == {2026: 895_000, 2027: 456_750}
    assert found.tarieven == (
        "€ 70,00 per uur van 06-07-2026 tot en met 31-12-2026",
        "€ 73,50 per uur van 01-01-2027 tot en met 28-03-2027",
    )


def test_euros_are_their_own_price() -> None:
    """Of eenheid 83 the Volume is the amount in cents."""
    given = versie(volume=150_000, eenheid="83", frequentie="6")

    assert explain(given, region(line("83", None))).zin == "€ 1.500,00 in totaal, naar schatting € 1.500,00"


def test_hours_on_a_line_in_minutes_cost_sixty_times() -> None:
    """TR341: minutes may be claimed on hours."""
    given = versie(volume=2, frequentie="6")

    found = explain(given, region(line("01", 110)))

    assert found.verwacht_cent == 2 * 60 * 110
    assert found.tarieven == ("€ 1,10 per minuut van 06-07-2026 tot en met 03-01-2027",)


@pytest.mark.parametrize(
    ("lines", "gaps"),
    [
        pytest.param([], [(date(2026, 7, 6), date(2027, 1, 3))], id="none at all"),
        pytest.param([line()], [], id="all"),
        pytest.param([line(tot=date(2026, 12, 31))], [(date(2027, 1, 1), date(2027, 1, 3))], id="ends before"),
        pytest.param([line(van=date(2026, 8, 1))], [(date(2026, 7, 6), date(2026, 7, 31))], id="begins later"),
        pytest.param(
            [line(tot=date(2026, 9, 30)), line(van=date(2026, 11, 1), nr=2)], [(date(2026, 10, 1), date(2026, 10, 31))], id="a hole"
        ),
        pytest.param([line(tot=date(2026, 9, 30)), line(van=date(2026, 10, 1), nr=2)], [], id="joined"),
        pytest.param([line(tot=date(2026, 12, 1)), line(van=date(2026, 8, 1), tot=date(2026, 9, 1), nr=2)],
                     [(date(2026, 12, 2), date(2027, 1, 3))], id="one inside the other"),
    ],
)  # fmt: skip
def test_days_without_a_contract(lines: list[Tariefregel], gaps: list[tuple[date, date]]) -> None:
    """Periods with both days included."""
    assert list(uncovered(fitting_lines(versie(), region(*lines)), date(2026, 7, 6), date(2027, 1, 3))) == gaps


def test_a_line_of_another_eenheid_or_product_does_not_fit() -> None:
    """Only what may be claimed on the omvang counts."""
    other = Snapshot(domein="ijw", agb=AGB, tarieven={(GEMEENTE, "45", "45A05"): (line(),), (GEMEENTE, "45", "45A04"): (line("14"),)})

    assert fitting_lines(versie(), other) == ()
