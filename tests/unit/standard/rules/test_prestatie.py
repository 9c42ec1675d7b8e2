"""The rules about a Prestatie: by the bericht, against its toewijzing, its volume, and its contract."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.bericht import Bericht, Domein
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.periode import GeslotenPeriode
from app.domain.snapshot import Kijk
from app.domain.toewijzing import Omvang
from app.standard.rules.binnen import find_repetitions
from tests.builders import (
    ANDERE_BSN,
    ANDERE_CLIENT_ID,
    BSN,
    GEMEENTE,
    MEI,
    VANDAAG,
    days,
    make_323,
    make_credit,
    make_debet,
    make_declaratie,
    make_kijk,
    make_month,
    make_prestatie,
    make_snapshot,
    make_tariefregel,
    make_toewijzing,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds, has_rule

CREDIT = make_credit("R9", make_prestatie("R0"))
PER_UUR_8730 = make_tariefregel(tarief_cent=8730)


def kijk_on(bericht: Bericht, **changes: object) -> Kijk:
    """The Kijk on a line of this bericht, with what repeats in it."""
    return make_kijk(bericht, **{"binnen": find_repetitions(bericht), **changes})


def allocated(omvang: Omvang | None, **changes: object) -> Kijk:
    """The Kijk with a toewijzing of this Omvang."""
    verbruik = changes.pop("verbruik", {})
    return make_kijk(toewijzing=make_toewijzing(omvang=omvang, **changes), verbruik=verbruik)


def minutes(volume: int, tarief: int, bedrag: int) -> Prestatie:
    """A line in minutes."""
    return make_prestatie(eenheid="01", geleverd_volume=volume, product_tarief=tarief, bedrag=bedrag)


# By the bericht itself.


def test_tr101_refuses_a_reference_twice_within_a_client() -> None:
    """The same number at another client is another key (TR314 refuses it)."""
    one, two = make_prestatie("R1"), make_prestatie("R1", periode=make_month(2026, 4))
    other = DeclaratieClient(bsn=ANDERE_BSN, prestaties=(two,))

    assert_fails("TR101", one, kijk_on(make_323(one, two)))
    assert_holds("TR101", one, kijk_on(make_323(clienten=(DeclaratieClient(bsn=BSN, prestaties=(one,)), other))))
    assert_holds("TR101", one, kijk_on(make_323(one)))


def test_tr315_refuses_crediting_one_debit_twice() -> None:
    """VorigReferentieNummer occurs once."""
    again = make_credit("R10", make_prestatie("R0"))

    assert_holds("TR315", CREDIT, kijk_on(make_323(CREDIT)))
    assert_holds("TR315", make_prestatie(), kijk_on(make_323(make_prestatie(), make_prestatie("R2"))))
    assert_fails("TR315", CREDIT, kijk_on(make_323(CREDIT, again)))


def test_tr316_refuses_crediting_a_debit_of_the_same_bericht() -> None:
    """Creditering comes after the declaratie-antwoord."""
    debet = make_prestatie("R0")

    assert_holds("TR316", CREDIT, kijk_on(make_323(CREDIT, make_prestatie("R1"))))
    assert_fails("TR316", CREDIT, kijk_on(make_323(CREDIT, debet)))


def test_tr416_refuses_two_debits_for_one_period() -> None:
    """Another month, product or toewijzing is another debit; a credit beside a debit is no repetition."""
    one, again = make_prestatie("R1"), make_prestatie("R2")
    others = (
        make_prestatie("R3", periode=make_month(2026, 4)),
        make_prestatie("R4", toewijzing_nummer=2),
        make_prestatie("R5", product_code="45A05"),
    )

    assert_holds("TR416", one, kijk_on(make_323(one, *others, CREDIT)))
    assert_fails("TR416", one, kijk_on(make_323(one, again)))


def test_cd060_vorig_referentie_nummer_marks_a_credit() -> None:
    """Filled if and only if C."""
    assert_holds("CD060", make_prestatie(), make_kijk())
    assert_holds("CD060", CREDIT, make_kijk())
    assert_fails("CD060", make_prestatie(vorig="R0"), make_kijk())
    assert_fails("CD060", make_prestatie(debet_credit="C"), make_kijk())


def test_cs325_asks_d_for_zero() -> None:
    """Zero is a debit."""
    assert_holds("CS325", make_prestatie(bedrag=0), make_kijk())
    assert_holds("CS325", CREDIT, make_kijk())
    assert_fails("CS325", make_prestatie(bedrag=0, debet_credit="C", vorig="R0"), make_kijk())


def test_tr137_refuses_a_period_that_is_not_over() -> None:
    """Up to Dagtekening; never ending before it begins."""
    assert_holds("TR137", make_prestatie(periode=days(date(2026, 6, 1), VANDAAG)), make_kijk())
    assert_fails("TR137", make_prestatie(periode=days(date(2026, 6, 1), date(2026, 6, 4))), make_kijk())
    assert_fails("TR137", make_prestatie(periode=days(date(2026, 5, 31), date(2026, 5, 1))), make_kijk())


def test_tr335_refuses_more_than_five_years() -> None:
    """Five years to the day is allowed."""
    assert_holds("TR335", make_prestatie(periode=days(date(2021, 6, 1), date(2021, 6, 3))), make_kijk())
    assert_fails("TR335", make_prestatie(periode=days(date(2021, 6, 1), date(2021, 6, 2))), make_kijk())


def test_cs100_refuses_before_2021() -> None:
    """The first of January 2021 is the first day."""
    assert_holds("CS100", make_prestatie(periode=make_month(2021, 1)), make_kijk())
    assert_fails("CS100", make_prestatie(periode=make_month(2020, 12)), make_kijk())


def test_cs337_refuses_a_period_over_two_months() -> None:
    """Same month of another year is another month."""
    assert_holds("CS337", make_prestatie(), make_kijk())
    assert_fails("CS337", make_prestatie(periode=days(date(2026, 4, 30), date(2026, 5, 1))), make_kijk())
    assert_fails("CS337", make_prestatie(periode=days(date(2025, 5, 1), date(2026, 5, 31))), make_kijk())


def test_cd087_tarief_unless_euros() -> None:
    """ProductTarief is absent for eenheid 83 and filled for the others."""
    assert_holds("CD087", make_prestatie(), make_kijk())
    assert_holds("CD087", make_prestatie(eenheid="83", product_tarief=None), make_kijk())
    assert_fails("CD087", make_prestatie(eenheid="83"), make_kijk())
    assert_fails("CD087", make_prestatie(product_tarief=None), make_kijk())


def test_cs339_euros_are_the_volume() -> None:
    """Only for eenheid 83."""
    euros: dict[str, Any] = {"eenheid": "83", "product_tarief": None, "geleverd_volume": 500}

    assert_holds("CS339", make_prestatie(**euros, bedrag=500), make_kijk())
    assert_holds("CS339", make_prestatie(), make_kijk())
    assert_fails("CS339", make_prestatie(**euros, bedrag=501), make_kijk())


# Against the toewijzing and earlier declaraties.


def test_tr314_refuses_a_reference_used_before_or_twice() -> None:
    """Within the bericht every line with the number is refused; another gemeente counts by itself."""
    one, other_client = make_prestatie("R1"), DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie("R1"),))
    twice = make_323(clienten=(DeclaratieClient(bsn=BSN, prestaties=(one,)), other_client))

    assert_holds("TR314", one, make_kijk(snapshot=make_snapshot(referentie_nummers=frozenset({("0687", "R1"), (GEMEENTE, "R2")}))))
    assert_fails("TR314", one, make_kijk(snapshot=make_snapshot(referentie_nummers=frozenset({(GEMEENTE, "R1")}))))
    assert_fails("TR314", one, kijk_on(twice))
    assert_fails("TR314", CREDIT, make_kijk(snapshot=make_snapshot(referentie_nummers=frozenset({(GEMEENTE, "R9")}))))


def test_tr319_refuses_a_period_after_the_declaratieperiode() -> None:
    """The month itself and earlier months are allowed."""
    april = make_323(declaratie=make_declaratie((), declaratie_periode=make_month(2026, 4)))

    assert_holds("TR319", make_prestatie(), make_kijk())
    assert_holds("TR319", make_prestatie(periode=make_month(2025, 5)), make_kijk())
    assert_fails("TR319", make_prestatie(), make_kijk(april))
    assert_fails("TR319", CREDIT, make_kijk(april))


def test_tr338_asks_a_toewijzing() -> None:
    """A deleted one is left to TR384."""
    for line in (make_prestatie(), CREDIT):
        assert_holds("TR338", line, make_kijk())
        assert_holds("TR338", line, make_kijk(toewijzing=None, is_verwijderd=True))
        assert_fails("TR338", line, make_kijk(toewijzing=None))


def test_tr384_refuses_a_deleted_toewijzing() -> None:
    """A credit may undo what was granted before the deletion."""
    deleted = make_kijk(toewijzing=None, is_verwijderd=True)

    assert_holds("TR384", make_prestatie(), make_kijk())
    assert_fails("TR384", make_prestatie(), deleted)
    assert not has_rule("TR384", CREDIT, deleted)


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        pytest.param("TR307", days(date(2026, 5, 8), date(2026, 5, 31)), days(date(2026, 5, 7), date(2026, 5, 31)), id="TR307"),
        pytest.param("TR308", days(date(2026, 6, 1), date(2026, 6, 17)), days(date(2026, 6, 1), date(2026, 6, 18)), id="TR308"),
        pytest.param("TR387", days(date(2026, 5, 8), date(2026, 5, 31)), days(date(2026, 5, 1), date(2026, 5, 31)), id="TR387-first-month"),
        pytest.param("TR387", make_month(2026, 6), days(date(2026, 6, 2), date(2026, 6, 30)), id="TR387-later-month"),
        pytest.param("TR388", days(date(2026, 6, 1), date(2026, 6, 17)), make_month(2026, 6), id="TR388-last-month"),
        pytest.param(
            "TR388", days(date(2026, 5, 8), date(2026, 5, 31)), days(date(2026, 5, 8), date(2026, 5, 30)), id="TR388-earlier-month"
        ),
    ],
)
def test_tr307_tr308_tr387_tr388_product_periode(code: str, good: GeslotenPeriode, bad: GeslotenPeriode) -> None:
    """IV089: month ∩ toewijzing; here the toewijzing runs from 8 May to 17 June."""
    kijk = make_kijk(toewijzing=make_toewijzing(ingangsdatum=date(2026, 5, 8), einddatum=date(2026, 6, 17)))

    assert_holds(code, make_prestatie(periode=good), kijk)
    assert_fails(code, make_prestatie(periode=bad), kijk)


def test_tr308_tr388_of_an_open_toewijzing() -> None:
    """Without Einddatum a period ends with its month."""
    open_end = make_kijk(toewijzing=make_toewijzing(einddatum=None))

    assert_holds("TR308", make_prestatie(), open_end)
    assert_holds("TR388", make_prestatie(), open_end)
    assert_fails("TR388", make_prestatie(periode=days(date(2026, 5, 1), date(2026, 5, 30))), open_end)


def test_iv089_periods_of_the_worked_case() -> None:
    """IV089: a toewijzing from 08-04-2026 to 17-06-2026 has these three ProductPeriodes."""
    kijk = make_kijk(toewijzing=make_toewijzing(ingangsdatum=date(2026, 4, 8), einddatum=date(2026, 6, 17)))

    for periode in (days(date(2026, 4, 8), date(2026, 4, 30)), MEI, days(date(2026, 6, 1), date(2026, 6, 17))):
        for code in ("TR307", "TR308", "TR387", "TR388"):
            assert_holds(code, make_prestatie(periode=periode), kijk)


def test_tr339_tr340_product_is_the_allocated_one() -> None:
    """Only as far as the toewijzing names it."""
    aspecifiek = make_kijk(toewijzing=make_toewijzing(code=None))
    generiek = make_kijk(toewijzing=make_toewijzing(categorie=None, code=None))

    assert_holds("TR339", make_prestatie(), make_kijk())
    assert_holds("TR339", make_prestatie(product_categorie="46"), generiek)
    assert_fails("TR339", make_prestatie(product_categorie="46"), aspecifiek)
    assert_holds("TR340", make_prestatie(product_code="45A05"), aspecifiek)
    assert_fails("TR340", make_prestatie(product_code="45A05"), make_kijk())


def test_tr341_eenheid_fits_the_toewijzing() -> None:
    """The same, or minutes for hours; never hours for minutes."""
    hours, minuten = allocated(Omvang(volume=1, eenheid="04", frequentie="4")), allocated(Omvang(volume=1, eenheid="01", frequentie="4"))

    assert_holds("TR341", make_prestatie(eenheid="04"), hours)
    assert_holds("TR341", make_prestatie(eenheid="01"), hours)
    assert_fails("TR341", make_prestatie(eenheid="82"), hours)
    assert_fails("TR341", make_prestatie(eenheid="04"), minuten)


def test_tr341_without_omvang_asks_an_eenheid_of_the_contract() -> None:
    """An aspecifieke toewijzing has no eenheid; the contract has. Without contract lines there is nothing to compare with."""
    assert_holds("TR341", make_prestatie(eenheid="01"), allocated(None))
    assert_fails("TR341", make_prestatie(eenheid="14"), allocated(None))
    assert_holds("TR341", make_prestatie(eenheid="14"), make_kijk(toewijzing=make_toewijzing(omvang=None), tarieven=()))


def test_tr389_refuses_a_second_debit() -> None:
    """Until the first is credited."""
    assert_holds("TR389", make_prestatie(), make_kijk())
    assert_fails("TR389", make_prestatie(), make_kijk(is_tweede_debet=True))


def test_tr323_credit_equals_a_granted_debit() -> None:
    """Unknown, refused or of another client: no debit to undo."""
    assert_holds("TR323", CREDIT, make_kijk(debet=make_debet()))
    for debet in (None, make_debet(toegekend=False), make_debet(client_id=ANDERE_CLIENT_ID)):
        assert_fails("TR323", CREDIT, make_kijk(debet=debet))


@pytest.mark.parametrize(
    "difference",
    [
        {"toewijzing_nummer": 2},
        {"categorie": "46"},
        {"code": "45A05"},
        {"begindatum": date(2026, 5, 2)},
        {"einddatum": date(2026, 5, 30)},
        {"volume": 9},
        {"eenheid": "01"},
        {"tarief_cent": 6001},
        {"tarief_cent": None},
        {"bedrag_cent": 48001},
    ],
)
def test_tr323_refuses_a_credit_that_differs(difference: dict[str, Any]) -> None:
    """IV091: identical but for ReferentieNummer, VorigReferentieNummer and DebetCredit."""
    assert_fails("TR323", CREDIT, make_kijk(debet=make_debet(**difference)))


def test_tr390_refuses_crediting_again() -> None:
    """OP360: once."""
    assert_holds("TR390", CREDIT, make_kijk(debet=make_debet()))
    assert_holds("TR390", CREDIT, make_kijk(debet=None))
    assert_fails("TR390", CREDIT, make_kijk(debet=make_debet(gecrediteerd=True)))


def test_credit_is_not_judged_by_volume_tariff_period_or_product() -> None:
    """It undoes what was granted under the rules of then (IV085)."""
    for code in (
        "TR137",
        "TR307",
        "TR308",
        "TR321",
        "TR322",
        "TR335",
        "TR339",
        "TR340",
        "TR341",
        "TR346",
        "TR369",
        "TR387",
        "TR388",
        "TR389",
        "TR418",
    ):
        assert not has_rule(code, CREDIT, make_kijk())
        assert has_rule(code, make_prestatie(), make_kijk())


# Volume and budget.


@pytest.mark.parametrize(
    ("omvang", "eenheid", "fits", "too_much"),
    [
        pytest.param(Omvang(volume=10, eenheid="04", frequentie="2"), "04", 50, 51, id="hours-per-week"),
        pytest.param(Omvang(volume=10, eenheid="04", frequentie="2"), "01", 3000, 3001, id="minutes-for-hours"),
        pytest.param(Omvang(volume=2, eenheid="01", frequentie="1"), "01", 62, 63, id="minutes-per-day"),
        pytest.param(Omvang(volume=7, eenheid="14", frequentie="4"), "14", 7, 8, id="days-per-month"),
        pytest.param(Omvang(volume=40, eenheid="16", frequentie="6"), "16", 40, 41, id="in-total"),
        pytest.param(Omvang(volume=30_000, eenheid="83", frequentie="2"), "83", 150_000, 150_001, id="euros-per-week-five-sundays"),
        pytest.param(Omvang(volume=1, eenheid="82", frequentie="2"), "82", 5, 6, id="pieces-per-week"),
    ],
)
def test_tr321_refuses_volume_above_toewijzing(omvang: Omvang, eenheid: str, fits: int, too_much: int) -> None:
    """May 2026 touches five ISO weeks and has five Sundays."""
    assert_holds("TR321", make_prestatie(eenheid=eenheid, geleverd_volume=fits), allocated(omvang))
    assert_fails("TR321", make_prestatie(eenheid=eenheid, geleverd_volume=too_much), allocated(omvang))


def test_tr321_iwmo_category_01_may_hold_six_weeks() -> None:
    """Huishoudelijke hulp per week: six times the weekly volume, in iWmo only."""
    omvang = Omvang(volume=10, eenheid="04", frequentie="2")
    line: dict[str, Any] = {"product_categorie": "01", "product_code": "01A01"}

    def kijk(domein: Domein) -> Kijk:
        toewijzing = make_toewijzing(domein=domein, omvang=omvang, categorie="01", code="01A01")
        return make_kijk(make_323(domein=domein), toewijzing=toewijzing)

    assert_holds("TR321", make_prestatie(**line, geleverd_volume=60), kijk("iwmo"))
    assert_fails("TR321", make_prestatie(**line, geleverd_volume=61), kijk("iwmo"))
    assert_fails("TR321", make_prestatie(**line, geleverd_volume=51), kijk("ijw"))


def test_tr321_tr322_have_nothing_to_say_without_comparable_omvang() -> None:
    """No Omvang, or an eenheid that does not fit (TR341)."""
    for code in ("TR321", "TR322"):
        assert_holds(code, make_prestatie(geleverd_volume=9999), allocated(None))
        assert_holds(code, make_prestatie(geleverd_volume=9999), allocated(Omvang(volume=1, eenheid="01", frequentie="4")))
        assert_holds(code, make_prestatie(geleverd_volume=9999), make_kijk(toewijzing=None))


def test_tr322_refuses_more_than_the_total() -> None:
    """What was granted counts, hours and minutes together; the sentence says what is left."""
    omvang = Omvang(volume=40, eenheid="04", frequentie="6")
    used = {"04": 30, "01": 240}

    assert_holds("TR322", make_prestatie(geleverd_volume=6), allocated(omvang, verbruik=used))
    bevinding = assert_fails("TR322", make_prestatie(geleverd_volume=7), allocated(omvang, verbruik=used))
    assert bevinding.melding == "Van 40 uur resteren 6 uur; u declareert 7 uur."
    assert_fails("TR322", make_prestatie(eenheid="01", geleverd_volume=361, product_tarief=100), allocated(omvang, verbruik=used))


@pytest.mark.parametrize(
    ("omvang", "used", "line", "melding"),
    [
        pytest.param(
            Omvang(volume=40, eenheid="04", frequentie="6"),
            {"01": 2310},
            {"eenheid": "01", "geleverd_volume": 121},
            "Van 40 uur resteren 1 uur en 30 minuten; u declareert 2 uur en 1 minuut.",
            id="minutes-on-hours",
        ),
        pytest.param(
            Omvang(volume=600, eenheid="01", frequentie="6"),
            {"01": 599},
            {"eenheid": "01", "geleverd_volume": 30},
            "Van 600 minuten resteert 1 minuut; u declareert 30 minuten.",
            id="minutes-stay-minutes",
        ),
        pytest.param(
            Omvang(volume=3, eenheid="14", frequentie="6"),
            {"14": 3},
            {"eenheid": "14", "geleverd_volume": 1},
            "Van 3 etmalen resteert niets; u declareert 1 etmaal.",
            id="nothing-left",
        ),
        pytest.param(
            Omvang(volume=50_000, eenheid="83", frequentie="6"),
            {"83": 45_000},
            {"eenheid": "83", "geleverd_volume": 5_001},
            "Van € 500,00 resteert € 50,00; u declareert € 50,01.",
            id="euros",
        ),
    ],
)
def test_tr322_says_what_is_left_in_the_unit_of_the_toewijzing(
    omvang: Omvang, used: dict[str, int], line: dict[str, Any], melding: str
) -> None:
    """Hours in hours, also when minutes were declared; every other eenheid in its own."""
    bevinding = assert_fails("TR322", make_prestatie(**line), allocated(omvang, verbruik=used))

    assert bevinding.melding == melding


def test_tr322_of_weeks_counts_the_whole_duration() -> None:
    """IV076: nine weeks of three hours are 27 hours."""
    omvang = Omvang(volume=3, eenheid="04", frequentie="2")
    period = {"ingangsdatum": date(2025, 7, 7), "einddatum": date(2025, 9, 7)}

    assert_holds("TR322", make_prestatie(geleverd_volume=3), allocated(omvang, verbruik={"04": 24}, **period))
    assert_fails("TR322", make_prestatie(geleverd_volume=4), allocated(omvang, verbruik={"04": 24}, **period))


def test_tr322_of_an_open_toewijzing_has_no_total() -> None:
    """Per month without end: TR321 and TR389 bound each month."""
    omvang = Omvang(volume=10, eenheid="04", frequentie="4")

    assert_holds("TR322", make_prestatie(), allocated(omvang, einddatum=None, verbruik={"04": 10_000}))


def test_tr369_refuses_more_than_the_budget() -> None:
    """In cents: for eenheid 83 the volume, for the others the amount."""
    toewijzing = make_toewijzing(omvang=None, code=None, budget=100_000)
    euros: dict[str, Any] = {"eenheid": "83", "product_tarief": None}

    for line, check in (
        (make_prestatie(**euros, geleverd_volume=40_000), assert_holds),
        (make_prestatie(**euros, geleverd_volume=40_001), assert_fails),
        (make_prestatie(bedrag=40_000), assert_holds),
        (make_prestatie(bedrag=40_001), assert_fails),
    ):
        check("TR369", line, make_kijk(toewijzing=toewijzing, besteed=60_000))
    assert_holds("TR369", make_prestatie(), make_kijk(besteed=10**9))
    bevinding = assert_fails("TR369", make_prestatie(bedrag=40_001), make_kijk(toewijzing=toewijzing, besteed=60_000))
    assert bevinding.melding == "Van het Budget van € 1.000,00 resteert € 400,00; u declareert € 400,01."


# Against the contract.


def test_tr346_amount_is_volume_times_tarief() -> None:
    """To the cent; eenheid 83 is left to CS339."""
    assert_holds("TR346", make_prestatie(), make_kijk())
    assert_fails("TR346", make_prestatie(bedrag=48_001), make_kijk())
    assert_holds("TR346", make_prestatie(eenheid="83", product_tarief=None, bedrag=1), make_kijk())


def test_tr346_hour_tariff_in_minutes_is_divided_last() -> None:
    """IV081: € 87,30 an hour × 95 minutes / 60 = € 138,23, not 95 × € 1,46."""
    assert_holds("TR346", minutes(95, 146, 13_823), make_kijk(tarieven=(PER_UUR_8730,)))
    assert_fails("TR346", minutes(95, 146, 13_870), make_kijk(tarieven=(PER_UUR_8730,)))


def test_tr346_without_a_matching_line_follows_the_declared_tariff() -> None:
    """TR418 speaks of the tariff; the amount is right when it follows it, or the hour tariff of the contract."""
    for line in (minutes(95, 150, 95 * 150), minutes(95, 150, 13_823)):
        assert_holds("TR346", line, make_kijk(tarieven=(PER_UUR_8730,)))
    assert_fails("TR346", minutes(95, 150, 14_000), make_kijk(tarieven=(PER_UUR_8730,)))
    assert_holds("TR346", make_prestatie(product_tarief=1, bedrag=8), make_kijk(tarieven=()))


def test_tr418_tariff_is_that_of_the_contract() -> None:
    """A cent more or less is refused, and the sentence says what was agreed."""
    assert_holds("TR418", make_prestatie(), make_kijk())
    for tarief in (5999, 6001):
        bevinding = assert_fails("TR418", make_prestatie(product_tarief=tarief), make_kijk())
        assert "€ 60,00" in bevinding.melding
    assert_holds("TR418", minutes(95, 146, 13_823), make_kijk(tarieven=(PER_UUR_8730,)))
    assert_fails("TR418", minutes(95, 145, 13_823), make_kijk(tarieven=(PER_UUR_8730,)))


def test_tr418_refuses_another_period_or_eenheid() -> None:
    """The first day of the ProductPeriode decides."""
    until_april = make_tariefregel(geldig_tot=date(2026, 4, 30))
    until_first = make_tariefregel(geldig_tot=date(2026, 5, 1))
    per_day = make_tariefregel(eenheid="14")

    assert_holds("TR418", make_prestatie(), make_kijk(tarieven=(until_first,)))
    assert "01-05-2026" in assert_fails("TR418", make_prestatie(), make_kijk(tarieven=(until_april,))).melding
    assert "per eenheid 14" in assert_fails("TR418", make_prestatie(), make_kijk(tarieven=(per_day,))).melding


def test_tr418_without_omvang_leaves_the_eenheid_to_tr341() -> None:
    """One fault, one code."""
    kijk = make_kijk(toewijzing=make_toewijzing(omvang=None), tarieven=(make_tariefregel(eenheid="14"),))

    assert_fails("TR341", make_prestatie(), kijk)
    assert_holds("TR418", make_prestatie(), kijk)


def test_tr418_without_any_line_waits_until_told_otherwise() -> None:
    """DESIGN section 5: the 323 waits for the contract; when waiting is given up it is 0611."""
    assert_holds("TR418", make_prestatie(), make_kijk(tarieven=()))
    assert_fails("TR418", make_prestatie(), make_kijk(tarieven=(), zonder_contract_afwijzen=True))


def test_tr418_euros_ask_a_line_of_that_day() -> None:
    """Eenheid 83 has no tariff, but a line it must have."""
    euros = make_prestatie(eenheid="83", product_tarief=None, geleverd_volume=100)
    line = make_tariefregel(eenheid="83", tarief_cent=None)

    assert_holds("TR418", euros, make_kijk(tarieven=(line,)))
    assert_fails("TR418", euros, make_kijk(tarieven=(make_tariefregel(eenheid="83", tarief_cent=None, geldig_van=date(2026, 5, 2)),)))
