"""From rows to plafonds: which amounts count where, what toewijzingen promise, and the order of the list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.prognose import Sein
from app.reports.plafonds import Gegevens, PlafondRij, Toezegging, Wachtend, beloofd, bereken, verwacht_cent
from app.reports.store_plafonds import over_maanden

VANDAAG = date(2026, 6, 3)
JAAR = (date(2026, 1, 1), date(2026, 12, 31))


def make_rij(**changes: Any) -> PlafondRij:
    fields = {
        "contract": "J1", "agb": "42420001", "aanbieder_naam": "De Veste", "domein": "ijw", "zorgvorm": "", "zorgvorm_naam": "",
        "jaar": 2026, "plafond_cent": 100_000, "van": JAAR[0], "tot": JAAR[1],
    }  # fmt: skip
    return PlafondRij(**{**fields, **changes})


def make_toezegging(**changes: Any) -> Toezegging:
    """Ten hours a week at € 60,00, open from 1 May to the end of the year."""
    fields = {
        "contract": "J1", "zorgvorm": "ambulant", "tot": JAAR[1], "open_van": date(2026, 5, 1), "open_tot": JAAR[1],
        "ingangsdatum": date(2026, 5, 1), "einddatum": JAAR[1], "volume": 10, "eenheid": "04", "frequentie": "2", "tarief_cent": 6_000,
        "tarief_eenheid": "04", "totaal_cent": None, "besteed_cent": 0, "aantal": 1,
    }  # fmt: skip
    return Toezegging(**{**fields, **changes})


def only(gegevens: Gegevens) -> Any:
    (plafond,) = bereken(gegevens, VANDAAG)
    return plafond


@pytest.mark.parametrize(
    ("changes", "cent"),
    [
        ({}, 36 * 10 * 6_000),  # weeks 18 to 53
        ({"frequentie": "1", "open_tot": date(2026, 5, 10)}, 10 * 10 * 6_000),
        ({"frequentie": "4"}, 8 * 10 * 6_000),
        ({"frequentie": "4", "open_van": date(2026, 5, 31), "open_tot": date(2026, 6, 1)}, 2 * 10 * 6_000),
        ({"frequentie": "6"}, 10 * 6_000),
        ({"frequentie": "6", "besteed_cent": 20_000}, 40_000),
        ({"frequentie": "6", "besteed_cent": 60_001}, 0),
        ({"frequentie": "6", "tarief_cent": 100, "tarief_eenheid": "01"}, 10 * 60 * 100),
        ({"frequentie": "6", "eenheid": "01", "volume": 90}, 9_000),
        ({"frequentie": "6", "eenheid": "01", "volume": 1, "tarief_cent": 6_030}, 101),  # 100,5 cent, half up
        ({"frequentie": "6", "eenheid": "83", "volume": 123_456, "tarief_cent": None, "tarief_eenheid": "83"}, 123_456),
        ({"frequentie": "4", "eenheid": "83", "volume": 1_000, "tarief_cent": None, "tarief_eenheid": "83"}, 8_000),
    ],
)
def test_a_volume_costs_what_its_open_days_hold_at_the_tariff(changes: dict[str, Any], cent: int) -> None:
    assert verwacht_cent(make_toezegging(**changes)) == cent


def test_weekly_output_counts_by_the_sundays_of_the_toewijzing() -> None:
    """1 to 10 May 2026 has two Sundays; the toewijzing goes on, so the broken week is paid later (IV077)."""
    output = {"eenheid": "82", "tarief_eenheid": "82", "open_tot": date(2026, 5, 12), "volume": 1, "tarief_cent": 5}

    assert verwacht_cent(make_toezegging(**output, einddatum=None)) == 2 * 5
    assert verwacht_cent(make_toezegging(**output, einddatum=date(2026, 5, 12))) == 3 * 5


def test_without_omvang_the_budget_that_is_left_counts_and_without_both_nothing() -> None:
    bare = {"volume": None, "eenheid": None, "frequentie": None}

    assert verwacht_cent(make_toezegging(**bare, totaal_cent=50_000, besteed_cent=20_000)) == 30_000
    assert verwacht_cent(make_toezegging(**bare)) is None


def test_a_total_that_goes_on_after_the_period_counts_for_its_days() -> None:
    """From 1 December 2026 to 30 January 2027 are 61 days, of which 31 lie in the year."""
    over = make_toezegging(
        frequentie="6", volume=61, tarief_cent=100, open_van=date(2026, 12, 1), open_tot=JAAR[1], einddatum=date(2027, 1, 30)
    )

    assert verwacht_cent(over) == 3_100


def test_an_unknown_frequentie_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="frequentie"):
        verwacht_cent(make_toezegging(frequentie="9"))


def test_a_plafond_counts_its_own_zorgvorm_contract_and_period() -> None:
    toegekend = {
        ("J1", "ambulant", date(2026, 1, 1)): 1,
        ("J1", "verblijf", date(2026, 12, 1)): 10,
        ("J1", "ambulant", date(2025, 12, 1)): 100,
        ("J2", "ambulant", date(2026, 1, 1)): 1_000,
    }

    def granted(**rij: Any) -> int:
        return int(only(Gegevens(rijen=(make_rij(**rij),), toegekend=toegekend)).stand.toegekend_cent)

    assert granted() == 11
    assert granted(zorgvorm="ambulant") == 1
    assert granted(zorgvorm="geen") == 0
    assert granted(jaar=None, van=date(2025, 12, 15)) == 111


def test_what_is_claimed_of_the_open_months_is_no_longer_only_promised() -> None:
    """36 weeks are promised; what was granted in May is part of that, what was granted in April is not."""
    toegekend = {("J1", "ambulant", date(2026, 4, 1)): 7, ("J1", "ambulant", date(2026, 5, 1)): 160_000}
    gegevens = Gegevens(rijen=(make_rij(),), toegekend=toegekend, beloofd=beloofd((make_toezegging(),)))

    assert only(gegevens).stand.verplicht_cent == 2_160_000 - 160_000
    more = {("J1", "ambulant", date(2026, 5, 1)): 9_999_999}
    assert only(Gegevens(rijen=(make_rij(),), toegekend=more, beloofd=beloofd((make_toezegging(),)))).stand.verplicht_cent == 0


def test_a_promise_counts_for_the_plafond_of_its_zorgvorm_and_for_that_of_all() -> None:
    toezeggingen = (
        make_toezegging(frequentie="6"),
        make_toezegging(frequentie="6", zorgvorm="verblijf", volume=1),
        make_toezegging(volume=None, eenheid=None, frequentie=None, zorgvorm="verblijf", aantal=3),
        make_toezegging(frequentie="6", contract="J2"),
        make_toezegging(frequentie="6", tot=date(2027, 12, 31)),
    )

    def promised(**rij: Any) -> tuple[int, int]:
        found = only(Gegevens(rijen=(make_rij(**rij),), beloofd=beloofd(toezeggingen)))
        return found.stand.verplicht_cent, found.onbekend

    assert promised() == (66_000, 3)
    assert promised(zorgvorm="ambulant") == (60_000, 0)
    assert promised(zorgvorm="verblijf") == (6_000, 3)


def test_waiting_credits_never_lower_the_forecast() -> None:
    wachtend = {"J1": Wachtend(aantal=1, bedrag_cent=-500)}

    found = only(Gegevens(rijen=(make_rij(),), wachtend=wachtend))

    assert (found.stand.wacht_cent, found.wachtend.bedrag_cent, found.prognose.hoog_cent) == (0, -500, 0)


def test_the_most_urgent_goes_first_by_warning_then_share_then_name() -> None:
    rijen = tuple(
        make_rij(contract=name, plafond_cent=plafond) for name, plafond in (("C", 100), ("B", 200), ("A", 200), ("D", 99), ("E", 105))
    )
    toegekend = {(rij.contract, "ambulant", date(2026, 1, 1)): 100 for rij in rijen}

    found = bereken(Gegevens(rijen=rijen, toegekend=toegekend), VANDAAG)

    assert [each.rij.contract for each in found] == ["D", "C", "E", "A", "B"]
    assert [each.sein for each in found] == [Sein.BEREIKT, Sein.BEREIKT, Sein.BIJNA, Sein.GEEN, Sein.GEEN]


@pytest.mark.parametrize(
    ("dag", "later"),
    [
        (date(2026, 6, 3), date(2026, 9, 3)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 9, 30), date(2026, 12, 30)),
    ],
)
def test_three_months_later_is_the_same_day_or_the_last_of_the_month(dag: date, later: date) -> None:
    assert over_maanden(dag, 3) == later
