"""The first models end to end: templates, cost per month, hand-computed results."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.solidarity import (
    MeasureValue,
    MonthCost,
    ShareRow,
    combine,
    costs_from_months,
    profijt,
    settle,
    settle_pools,
    vlaktaks_omslag,
    waarborg,
)
from app.solidarity.agreement import Averaging
from app.solidarity.costs import Costs, usage_cent
from app.solidarity.measures import Measures
from tests.unit.solidarity.builders import an_agreement, line, measures, members, settlements

INWONERS = measures({"inwoners": {"A": 2, "B": 1}}, years=range(2018, 2023))


def _months(**cents: dict[int, int]) -> list[MonthCost]:
    """March of each year, zorgvorm ZORG."""
    return [
        MonthCost(gemeente=name, zorgvorm="ZORG", zorgmaand=date(year, 3, 1), bedrag_cent=cent)
        for name, per_year in cents.items()
        for year, cent in per_year.items()
    ]


def test_waarborg_by_inwoners_from_months() -> None:
    """10.00 of cost by 2 to 1: 6.67 and 3.33."""
    rows = settle(waarborg(["ZORG"], ["A", "B"], range(2021, 2022)), costs_from_months(_months(A={2021: 0}, B={2021: 1_000})), INWONERS)

    assert rows == [
        ShareRow(
            arrangement="WAARBORG", period_from=date(2021, 1, 1), period_to=date(2022, 1, 1), pool="ZORG", municipality=name,
            own_cost_cent=own, contribution_cent=share, settlement_cent=share - own, contribution_exact_cents=exact,
        )
        for name, own, share, exact in (("A", 0, 667, Fraction(2000, 3)), ("B", 1_000, 333, Fraction(1000, 3)))
    ]  # fmt: skip


def test_waarborg_by_any_measure() -> None:
    """The measure is free: rijksbudget here."""
    budget = Measures(MeasureValue(measure="rijksbudget", municipality=n, year=2021, value=Fraction(v)) for n, v in (("A", 1), ("B", 3)))

    rows = settle(
        waarborg(["ZORG"], ["A", "B"], range(2021, 2022), measure="rijksbudget"), costs_from_months(_months(A={2021: 400})), budget
    )

    assert settlements(rows) == {"A": -300, "B": 300}


@pytest.mark.parametrize(("averaging", "share_a"), [("sum", Fraction(39, 100)), ("mean_share", Fraction(37, 60))])
def test_vlaktaks_omslag_with_both_averaging_rules(averaging: Averaging, share_a: Fraction) -> None:
    """90 + 300 of 1 000, or the mean of 9/10 and 3/9."""
    months = _months(A={2019: 90, 2020: 300, 2021: 6_000}, B={2019: 10, 2020: 600})

    rows = settle(
        vlaktaks_omslag(["ZORG"], ["A", "B"], range(2021, 2022), n_jaren=2, averaging=averaging), costs_from_months(months), INWONERS
    )

    assert rows[0].contribution_exact_cents == 6_000 * share_a


def test_vlaktaks_without_history_falls_back_on_inwoners() -> None:
    """The first year of a region without figures."""
    rows = settle(vlaktaks_omslag(["ZORG"], ["A", "B"], range(2021, 2022)), costs_from_months(_months(A={2021: 300})), INWONERS)

    assert settlements(rows) == {"A": -100, "B": 100}


def test_profijt_settles_nothing_and_needs_no_measures() -> None:
    """Rows with own cost, settlement zero."""
    rows = settle(profijt(["ZORG"], ["A", "B"], range(2021, 2022)), costs_from_months(_months(A={2021: 300})), Measures())

    assert [(row.contribution_cent, row.settlement_cent) for row in rows] == [(300, 0), (0, 0)]


def test_another_model_per_zorgvorm() -> None:
    """JT local, ZORG shared; a zorgvorm of no arrangement gets no row."""
    agreement = combine("regio", profijt(["JT"], ["A", "B"], range(2021, 2022)), waarborg(["ZORG"], ["A", "B"], range(2021, 2022)))
    lines = [line("A", 300), line("A", 300, category="JT"), line("A", 300, category="WMO")]

    rows = settle(agreement, Costs(lines), INWONERS)

    assert [(row.arrangement, row.pool, row.settlement_cent) for row in rows] == [
        ("PROFIJT", "JT", 0), ("PROFIJT", "JT", 0), ("WAARBORG", "ZORG", -100), ("WAARBORG", "ZORG", 100),
    ]  # fmt: skip


def test_pool_without_lines_has_rows_with_zeros() -> None:
    """So that a report shows that nothing was forgotten."""
    rows = settle(waarborg(["ZORG"], ["A", "B"], range(2021, 2022)), costs_from_months([]), INWONERS)

    assert [(row.municipality, row.contribution_cent) for row in rows] == [("A", 0), ("B", 0)]


def test_single_member_pays_its_own() -> None:
    """One member: settlement 0 under every key."""
    assert settlements(settle(an_agreement(members=members("A")), Costs([line("A", 777)]), INWONERS)) == {"A": 0}


def test_steps_of_a_pool_explain_its_rows() -> None:
    """Own cost, shared part and key lead to the contribution, in numbers that can be shown."""
    (settled,) = settle_pools(an_agreement(), Costs([line("B", 1_000)]), INWONERS)

    key = settled.contribution.keys["key"]
    assert {name: settled.split.kept[name] + key[name] * settled.split.total("key") for name in ("A", "B")} == settled.exact
    assert [row.contribution_cent for row in settled.rows] == [667, 333]


@pytest.mark.parametrize(
    ("quantity", "tariff", "cent"), [("2.5", "0.33", 83), ("-2.5", "0.33", -83), ("0.5", "0.01", 1), ("41.5", "87.35", 362_503)]
)
def test_usage_is_rounded_per_line_and_a_credit_mirrors_its_debit(quantity: str, tariff: str, cent: int) -> None:
    """Half a cent goes away from zero."""
    assert usage_cent(Fraction(quantity), Fraction(tariff)) == cent
