"""What may be changed on a toewijzing: every actie with its reason and rule, what is filled in, and the line it makes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.composing.toewijzen import Besluit
from app.composing.wijzigen import (
    REDENEN,
    Actie,
    Maandprestaties,
    Stand,
    Wijziging,
    after,
    change_product,
    left_outside,
    possibilities,
    read_wijziging,
)
from app.domain.toewijzing import Omvang
from tests.builders import make_levering, make_toewijzing

VANDAAG = date(2026, 6, 3)
NU = Besluit(datum=VANDAAG, tijd="09:00:00")
WEEK = make_toewijzing()
TOTAAL = make_toewijzing(omvang=Omvang(volume=40, eenheid="04", frequentie="6"))
BUDGET = make_toewijzing(omvang=None, budget=100_000)
OPEN = make_toewijzing(einddatum=None, omvang=Omvang(volume=10, eenheid="04", frequentie="4"))
VOORBIJ = make_toewijzing(einddatum=date(2026, 5, 31))
EEN_DAG = make_toewijzing(einddatum=date(2026, 1, 1))
WEG = make_toewijzing(einddatum=date(2026, 1, 1), reden_wijziging="13")
MEI = Maandprestaties(begindatum=date(2026, 5, 1), einddatum=date(2026, 5, 31), aantal=2, bedrag_cent=48_000, volume=8, eenheid="04")
START = make_levering(begindatum=date(2026, 1, 10))
STOP = make_levering(begindatum=date(2026, 1, 10), einddatum=date(2026, 4, 30), reden_beeindiging="31")
START_OP_EIND = make_levering(begindatum=date(2026, 12, 31))

GEVALLEN = [
    (Stand(versie=WEEK), Actie.VERLENGEN, True, "OP033x1", "later"),
    (Stand(versie=OPEN), Actie.VERLENGEN, False, "OP033x1", "geen einddatum"),
    (Stand(versie=VOORBIJ), Actie.VERLENGEN, False, "OP380", "31-05-2026"),
    (Stand(versie=WEEK), Actie.VERKORTEN, True, "OP033x1", "01-01-2026"),
    (Stand(versie=WEEK, leveringen=(START,)), Actie.VERKORTEN, True, "OP033x1", "10-01-2026"),
    (Stand(versie=WEEK, leveringen=(START_OP_EIND,)), Actie.VERKORTEN, False, "TR019", "31-12-2026"),
    (Stand(versie=OPEN), Actie.VERKORTEN, True, "OP033x1", "vroeger"),
    (Stand(versie=EEN_DAG), Actie.VERKORTEN, False, "CS003", "één dag"),
    (Stand(versie=WEEK), Actie.OMVANG, False, "IV066", "10 uur per week"),
    (Stand(versie=TOTAAL), Actie.OMVANG, True, "OP033x1", "instemming"),
    (Stand(versie=BUDGET), Actie.OMVANG, False, "TR332", "budget"),
    (Stand(versie=BUDGET), Actie.BUDGET, True, "IV066", "overleg"),
    (Stand(versie=WEEK), Actie.BUDGET, False, "TR332", "geen budget"),
    (Stand(versie=WEEK), Actie.INTREKKEN, True, "CS335", "reden 13"),
    (Stand(versie=WEEK, prestaties=(MEI,)), Actie.INTREKKEN, False, "TR385", "2 toegekende prestaties"),
    *((Stand(versie=WEG), actie, False, "OP033x1", "niet verstuurd") for actie in Actie),
]


@pytest.mark.parametrize(("stand", "actie", "mag", "regel", "woord"), GEVALLEN)
def test_what_may_be_done_and_why(stand: Stand, actie: Actie, mag: bool, regel: str, woord: str) -> None:
    """Each answer says by which rule, in a sentence."""
    found = {each.actie: each for each in possibilities(stand, VANDAAG)}[actie]

    assert (found.mag, found.regel) == (mag, regel)
    assert woord in found.uitleg


def test_a_stop_is_worth_knowing_but_stops_nothing() -> None:
    """A start may follow any stop (OP379); after it there is nothing to warn about."""
    stopped = Stand(versie=WEEK, leveringen=(START, STOP))
    again = replace(stopped, leveringen=(START, STOP, make_levering(begindatum=date(2026, 5, 15))))

    assert "30-04-2026" in possibilities(stopped, VANDAAG)[0].let_op
    assert possibilities(again, VANDAAG)[0].let_op == ""


@pytest.mark.parametrize(
    ("stand", "antwoorden", "veld"),
    [
        (Stand(versie=WEEK), {}, "actie"),
        (Stand(versie=WEEK), {"actie": "omvang", "volume": "12", "reden": "12"}, "actie"),
        (Stand(versie=WEEK), {"actie": "verlengen", "reden": "04"}, "einddatum"),
        (Stand(versie=WEEK), {"actie": "verlengen", "einddatum": "31-12-2026", "reden": "04"}, "einddatum"),
        (Stand(versie=WEEK), {"actie": "verlengen", "einddatum": "31-12-2027", "reden": "05"}, "reden"),
        (Stand(versie=WEEK), {"actie": "verkorten", "einddatum": "31-12-2026", "reden": "05"}, "einddatum"),
        (Stand(versie=WEEK), {"actie": "verkorten", "einddatum": "31-12-2025", "reden": "05"}, "einddatum"),
        (Stand(versie=WEEK, leveringen=(START,)), {"actie": "verkorten", "einddatum": "09-01-2026", "reden": "05"}, "einddatum"),
        (Stand(versie=TOTAAL), {"actie": "omvang", "volume": "40", "reden": "12"}, "volume"),
        (Stand(versie=TOTAAL, prestaties=(MEI,)), {"actie": "omvang", "volume": "7", "reden": "12"}, "volume"),
        (Stand(versie=BUDGET), {"actie": "budget", "budget": "1.000,00", "reden": "12"}, "budget"),
        (Stand(versie=BUDGET, prestaties=(MEI,)), {"actie": "budget", "budget": "479,99", "reden": "12"}, "budget"),
        (Stand(versie=BUDGET), {"actie": "budget", "budget": "veel", "reden": "12"}, "budget"),
    ],
)
def test_what_is_wrong_stands_at_its_field(stand: Stand, antwoorden: dict[str, str], veld: str) -> None:
    """One fault, at the field that can be mended."""
    found = read_wijziging(stand, antwoorden, VANDAAG)

    assert isinstance(found, tuple)
    assert [each.veld for each in found] == [veld]


def test_a_change_keeps_number_product_and_first_day() -> None:
    """Only what the actie is about changes; the reason is filled, the reference is not (IV097, IV099)."""
    wijziging = read_wijziging(Stand(versie=WEEK), {"actie": "verkorten", "einddatum": "2026-07-31", "reden": "02"}, VANDAAG)
    assert isinstance(wijziging, Wijziging)
    line = change_product(WEEK, wijziging, NU)

    assert (line.toewijzing_nummer, line.ingangsdatum, line.omvang) == (WEEK.toewijzing_nummer, WEEK.ingangsdatum, WEEK.omvang)
    assert (line.einddatum, line.reden_wijziging, line.referentie_aanbieder) == (date(2026, 7, 31), "02", None)
    assert (line.toewijzingsdatum, line.toewijzingstijd) == (VANDAAG, "09:00:00")


def test_taking_back_lasts_one_day_with_reason_13() -> None:
    """CS335."""
    wijziging = read_wijziging(Stand(versie=OPEN), {"actie": "intrekken"}, VANDAAG)
    assert isinstance(wijziging, Wijziging)
    line = change_product(OPEN, wijziging, NU)

    assert (line.einddatum, line.reden_wijziging) == (OPEN.ingangsdatum, "13")


def test_versions_are_ordered_also_within_a_second() -> None:
    """Nothing orders two versions with the same moment (IV013); midnight is a new day."""
    same = make_toewijzing(toewijzingsdatum=VANDAAG, toewijzingstijd="09:00:00")
    midnight = make_toewijzing(toewijzingsdatum=VANDAAG, toewijzingstijd="23:59:59")

    assert after(same, NU) == Besluit(datum=VANDAAG, tijd="09:00:01")
    assert after(midnight, NU) == Besluit(datum=date(2026, 6, 4), tijd="00:00:00")
    assert after(WEEK, NU) == NU


def test_prestaties_after_the_new_end_are_counted() -> None:
    """A month that the new end cuts counts whole."""
    stand = Stand(versie=WEEK, prestaties=(replace(MEI, begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30)), MEI))
    wijziging = Wijziging(actie=Actie.VERKORTEN, reden="05", einddatum=date(2026, 5, 15))

    found = left_outside(stand, change_product(WEEK, wijziging, NU))

    assert (found.aantal, found.bedrag_cent) == (2, 48_000)


def test_reason_01_is_never_offered() -> None:
    """CS336."""
    assert all("01" not in codes for codes in REDENEN.values())
