"""The worked examples of the standard about volume and tariff (IV042, IV076 to IV079, IV081), as declaraties that are granted or refused.

Each line that an example allows is claimed and granted, one more is refused with the code. Where an example contradicts its own method the
method counts; the tests then say which figure of the text is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from app.domain.bericht import Domein
from app.domain.oordeel import Verdict
from app.domain.periode import GeslotenPeriode
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang
from app.standard.rules.volume import hele_uren
from tests.builders import days, make_month, make_tariefregel
from tests.unit.judging.baan import OUDSTE, Baan, baan_met, regel_op, retourcodes_per_regel, toewijzing_voor

DOMEINEN: tuple[Domein, ...] = ("ijw", "iwmo")
DRIE_UUR_PER_WEEK = Omvang(volume=3, eenheid="04", frequentie="2")
DRIEHONDERD_EURO_PER_WEEK = Omvang(volume=300_00, eenheid="83", frequentie="2")


@dataclass(frozen=True, kw_only=True)
class Voorbeeld:
    """A worked example: a toewijzing, and per ProductPeriode the most that may be claimed, in whole eenheid of the omvang."""

    bron: str
    omvang: Omvang
    van: date
    tot: date
    regels: tuple[tuple[GeslotenPeriode, int], ...]


VOORBEELDEN = (
    Voorbeeld(
        bron="IV042 voorbeeld 2, bedrag per maand",
        omvang=Omvang(volume=200_00, eenheid="83", frequentie="4"),
        van=date(2025, 1, 1),
        tot=date(2025, 12, 31),
        regels=((make_month(2025, 5), 200_00),),
    ),
    # The text says 9 hours for July beside a sum that gives 12.
    Voorbeeld(
        bron="IV076 inspanning",
        omvang=DRIE_UUR_PER_WEEK,
        van=date(2025, 7, 7),
        tot=date(2025, 9, 7),
        regels=(
            (days(date(2025, 7, 7), date(2025, 7, 31)), 12),
            (make_month(2025, 8), 15),
            (days(date(2025, 9, 1), date(2025, 9, 7)), 3),
        ),
    ),
    Voorbeeld(
        bron="IV076 output, voorbeeld 1, einde op zondag",
        omvang=DRIEHONDERD_EURO_PER_WEEK,
        van=date(2025, 7, 7),
        tot=date(2025, 9, 7),
        regels=(
            (days(date(2025, 7, 7), date(2025, 7, 31)), 900_00),
            (make_month(2025, 8), 1500_00),
            (days(date(2025, 9, 1), date(2025, 9, 7)), 300_00),
        ),
    ),
    Voorbeeld(
        bron="IV076 output, voorbeeld 2, einde niet op zondag",
        omvang=DRIEHONDERD_EURO_PER_WEEK,
        van=date(2025, 7, 7),
        tot=date(2025, 9, 6),
        regels=((days(date(2025, 7, 7), date(2025, 7, 31)), 900_00), (make_month(2025, 8), 1800_00)),
    ),
    # The text numbers the weeks of December from 48; they are 49 to 52 and 1, five as it says.
    Voorbeeld(
        bron="IV077 inspanning",
        omvang=DRIE_UUR_PER_WEEK,
        van=date(2025, 10, 7),
        tot=date(2025, 12, 30),
        regels=(
            (days(date(2025, 10, 7), date(2025, 10, 31)), 12),
            (make_month(2025, 11), 15),
            (days(date(2025, 12, 1), date(2025, 12, 30)), 15),
        ),
    ),
    # The text begins on 1 October but counts the Sundays from 7 October: as it counts, and as it begins.
    Voorbeeld(
        bron="IV077 output, voorbeeld 1, geteld vanaf 7 oktober",
        omvang=DRIEHONDERD_EURO_PER_WEEK,
        van=date(2025, 10, 7),
        tot=date(2025, 12, 31),
        regels=(
            (days(date(2025, 10, 7), date(2025, 10, 31)), 900_00),
            (make_month(2025, 11), 1500_00),
            (make_month(2025, 12), 1500_00),
        ),
    ),
    Voorbeeld(
        bron="IV077 output, voorbeeld 1, vanaf 1 oktober",
        omvang=DRIEHONDERD_EURO_PER_WEEK,
        van=date(2025, 10, 1),
        tot=date(2025, 12, 31),
        regels=((make_month(2025, 10), 1200_00), (make_month(2025, 11), 1500_00), (make_month(2025, 12), 1500_00)),
    ),
    Voorbeeld(
        bron="IV077 output, voorbeeld 2",
        omvang=DRIEHONDERD_EURO_PER_WEEK,
        van=date(2025, 7, 7),
        tot=date(2025, 9, 5),
        regels=((days(date(2025, 7, 7), date(2025, 7, 31)), 900_00), (make_month(2025, 8), 1800_00)),
    ),
    Voorbeeld(
        bron="IV078 voorbeeld 1, jaar van iWmo",
        omvang=DRIE_UUR_PER_WEEK,
        van=date(2025, 11, 12),
        tot=date(2025, 12, 13),
        regels=((days(date(2025, 11, 12), date(2025, 11, 30)), 9),),
    ),
    # iJw moved the example to 2026, where the same days touch four weeks; its text still says 9 hours.
    Voorbeeld(
        bron="IV078 voorbeeld 1, jaar van iJw",
        omvang=DRIE_UUR_PER_WEEK,
        van=date(2026, 11, 12),
        tot=date(2026, 12, 13),
        regels=((days(date(2026, 11, 12), date(2026, 11, 30)), 12),),
    ),
    Voorbeeld(
        bron="IV078 voorbeeld 2, per maand",
        omvang=Omvang(volume=15, eenheid="04", frequentie="4"),
        van=date(2025, 10, 14),
        tot=date(2025, 12, 13),
        regels=((days(date(2025, 10, 14), date(2025, 10, 31)), 15),),
    ),
)
GEVALLEN = [
    pytest.param(each, domein, periode, most, id=f"{each.bron}, {domein}, {periode.begindatum:%m-%Y}")
    for each in VOORBEELDEN
    for domein in DOMEINEN
    for periode, most in each.regels
]


def lane(example: Voorbeeld, domein: Domein) -> tuple[Baan, Toewijzing]:
    """The lane of an example with its toewijzing."""
    toewijzing = toewijzing_voor(example.omvang, example.van, example.tot, domein)
    return baan_met(toewijzing, domein=domein), toewijzing


@pytest.mark.parametrize(("voorbeeld", "domein", "periode", "most"), GEVALLEN)
def test_the_most_of_an_example_is_granted_and_one_more_is_refused(
    voorbeeld: Voorbeeld, domein: Domein, periode: GeslotenPeriode, most: int
) -> None:
    """TR321 with the figures of the example: its maximum fits, one minute, hour or cent above it does not."""
    baan, toewijzing = lane(voorbeeld, domein)

    above = baan.declareer(regel_op(toewijzing, "R1", periode, most + 1))
    within = baan.declareer(regel_op(toewijzing, "R2", periode, most))

    assert (above.verdict, above.toegekend_cent) == (Verdict.AFGEKEURD, 0)
    assert "9321" in retourcodes_per_regel(above)[0]
    assert (within.verdict, retourcodes_per_regel(within)) == (Verdict.VERWERKT, [()])
    assert within.toegekend_cent == within.ingediend_cent


@pytest.mark.parametrize("domein", DOMEINEN)
@pytest.mark.parametrize("volume", [20, 25])
def test_iv042_dagdelen_per_week_are_claimed_in_dagdelen(domein: Domein, volume: int) -> None:
    """IV042, example 1: five dagdelen a week; the twenty of a month fit, and so does all of the five weeks that May 2026 touches."""
    toewijzing = toewijzing_voor(Omvang(volume=5, eenheid="16", frequentie="2"), date(2026, 1, 1), date(2026, 12, 31), domein)

    oordeel = baan_met(toewijzing, domein=domein).declareer(regel_op(toewijzing, "R1", make_month(2026, 5), volume))

    assert retourcodes_per_regel(oordeel) == [()]


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv042_euros_are_cents_in_geleverdvolume(domein: Domein) -> None:
    """IV042, example 2: € 200 is 20000, as volume and as amount; 200 as volume of € 200 is refused as a whole (CS339)."""
    baan, toewijzing = lane(VOORBEELDEN[0], domein)

    in_euros = baan.declareer(regel_op(toewijzing, "R1", make_month(2025, 5), 200, bedrag=200_00))
    in_cents = baan.declareer(regel_op(toewijzing, "R2", make_month(2025, 5), 200_00, bedrag=200_00))

    assert in_euros.retourcodes == {"/Bericht/Header": ("0001",)}
    assert (in_cents.verdict, in_cents.toegekend_cent) == (Verdict.VERWERKT, 200_00)


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv076_two_and_a_half_hours_a_week_in_minutes(domein: Domein) -> None:
    """IV076, inspanning: four, four and one deliveries of 2,5 hours; claimed in minutes, for a volume is a whole number (IV042)."""
    baan, toewijzing = lane(VOORBEELDEN[1], domein)
    per_maand = zip(VOORBEELDEN[1].regels, (4, 4, 1), strict=True)

    lines = [
        regel_op(toewijzing, f"R{times}{periode.begindatum:%m}", periode, times * 150, eenheid="01", product_tarief=100)
        for (periode, _), times in per_maand
    ]

    assert retourcodes_per_regel(baan.declareer(*lines)) == [(), (), ()]


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv076_the_whole_toewijzing_holds_27_hours(domein: Domein) -> None:
    """IV076, inspanning: the maxima of July and August are all of the nine weeks, so nothing is left for September (TR322)."""
    baan, toewijzing = lane(VOORBEELDEN[1], domein)
    (juli, twelve), (augustus, fifteen), (september, _) = VOORBEELDEN[1].regels
    baan.declareer(regel_op(toewijzing, "R1", juli, twelve), regel_op(toewijzing, "R2", augustus, fifteen))

    oordeel = baan.declareer(regel_op(toewijzing, "R3", september, 1))

    assert retourcodes_per_regel(oordeel) == [("9322",)]


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv076_a_broken_last_week_is_not_claimed_in_its_own_month(domein: Domein) -> None:
    """IV076, output example 2: the last week went with August, so September holds no Sunday and not a cent fits."""
    baan, toewijzing = lane(VOORBEELDEN[3], domein)

    oordeel = baan.declareer(regel_op(toewijzing, "R1", days(date(2025, 9, 1), date(2025, 9, 6)), 1))

    assert retourcodes_per_regel(oordeel) == [("9321",)]


@pytest.mark.parametrize("domein", DOMEINEN)
def test_iv077_the_maxima_together_are_more_than_the_toewijzing(domein: Domein) -> None:
    """IV077, inspanning: 12, 15 and 15 hours fit one by one, but thirteen weeks hold 39; with 12 in December it is just full."""
    baan, toewijzing = lane(VOORBEELDEN[4], domein)
    (oktober, twelve), (november, fifteen), (december, most) = VOORBEELDEN[4].regels
    baan.declareer(regel_op(toewijzing, "R1", oktober, twelve), regel_op(toewijzing, "R2", november, fifteen))

    too_much = baan.declareer(regel_op(toewijzing, "R3", december, most))
    one_more = baan.declareer(regel_op(toewijzing, "R4", december, 13))
    just_full = baan.declareer(regel_op(toewijzing, "R5", december, 12))

    assert retourcodes_per_regel(too_much) == retourcodes_per_regel(one_more) == [("9322",)]
    assert retourcodes_per_regel(just_full) == [()]


def test_iv077_huishoudelijke_hulp_holds_six_weeks_in_any_month() -> None:
    """IV077 of iWmo: in category 01 a line holds six times the weekly volume, whatever the month; the total still bounds (TR322)."""
    toewijzing = toewijzing_voor(DRIE_UUR_PER_WEEK, date(2025, 10, 7), date(2025, 12, 30), "iwmo", categorie="01", code="01A02")
    baan = baan_met(toewijzing, domein="iwmo")

    above = baan.declareer(regel_op(toewijzing, "R1", make_month(2025, 11), 19))
    within = baan.declareer(regel_op(toewijzing, "R2", make_month(2025, 11), 18))

    assert retourcodes_per_regel(above) == [("9321",)]
    assert retourcodes_per_regel(within) == [()]


def test_iv079_hours_are_rounded_once_on_the_total() -> None:
    """IV079: four times 95 minutes is 6 hours and 20 minutes, claimed as 6; from thirty minutes up, and at least one."""
    assert hele_uren(4 * 95) == 6
    assert [hele_uren(minuten) for minuten in (1, 389, 390)] == [1, 6, 7]


@pytest.mark.parametrize("domein", DOMEINEN)
@pytest.mark.parametrize(("uurtarief", "minuuttarief", "bedrag"), [(87_30, 1_46, 145_50), (87_24, 1_45, 145_40)])
def test_iv081_an_hour_tariff_claimed_in_minutes(domein: Domein, uurtarief: int, minuuttarief: int, bedrag: int) -> None:
    """IV081: € 1,455 becomes 1,46 and € 1,454 becomes 1,45; a hundred minutes cost the hour tariff × 100 / 60, not the rounded one × 100."""
    toewijzing = toewijzing_voor(DRIE_UUR_PER_WEEK, date(2026, 1, 1), date(2026, 12, 31), domein)
    contract = make_tariefregel(
        categorie=toewijzing.categorie, code=toewijzing.code, eenheid="04", tarief_cent=uurtarief, geldig_van=OUDSTE
    )
    baan = baan_met(toewijzing, domein=domein, tarieven=[contract])

    def claim(referentie: str, tarief: int, amount: int) -> list[tuple[str, ...]]:
        line = regel_op(toewijzing, referentie, make_month(2026, 5), 100, eenheid="01", product_tarief=tarief, bedrag=amount)
        return retourcodes_per_regel(baan.declareer(line))

    assert claim("R1", minuuttarief, 100 * minuuttarief) == [("9346",)]
    assert claim("R2", minuuttarief, bedrag + 1) == [("9346",)]
    assert claim("R3", minuuttarief - 1, bedrag) == [("0611",)]
    assert claim("R4", minuuttarief, bedrag) == [()]


def test_iv081_the_rounding_of_a_bedrag_is_half_up() -> None:
    """IV081: the amount is rounded once, half up: an hour tariff of € 87,30 over 7 minutes is € 10,185, so € 10,19."""
    toewijzing = toewijzing_voor(DRIE_UUR_PER_WEEK, date(2026, 1, 1), date(2026, 12, 31))
    contract = make_tariefregel(eenheid="04", tarief_cent=87_30, geldig_van=OUDSTE)
    baan = baan_met(toewijzing, tarieven=[contract])

    down = baan.declareer(regel_op(toewijzing, "R1", make_month(2026, 5), 7, eenheid="01", product_tarief=146, bedrag=10_18))
    up = baan.declareer(regel_op(toewijzing, "R2", make_month(2026, 5), 7, eenheid="01", product_tarief=146, bedrag=10_19))

    assert retourcodes_per_regel(down) == [("9346",)]
    assert retourcodes_per_regel(up) == [()]
