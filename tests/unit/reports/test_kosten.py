"""Rows of the ledger as tables of cost, budget and settlement."""

from __future__ import annotations

from datetime import date

import pytest

from app.reports.kosten import (
    BudgetCel,
    KostenCel,
    KostenRegel,
    per_gemeente,
    per_maand,
    per_zorgvorm,
    totaal,
    verevening_per_gemeente,
    verevening_regels,
)

NAMEN = {"0664": "Goes", "0654": "Borsele"}


def cel(gemeente: str = "0664", zorgvorm: str = "ambulant", maand: int = 1, cent: int = 100) -> KostenCel:
    return KostenCel(gemeente=gemeente, domein="ijw", zorgvorm=zorgvorm, maand=date(2026, maand, 1), bedrag_cent=cent)


def budget(gemeente: str = "0664", zorgvorm: str = "", cent: int = 1000) -> BudgetCel:
    return BudgetCel(gemeente=gemeente, zorgvorm=zorgvorm, bedrag_cent=cent)


def test_gemeenten_stand_by_name_with_cost_budget_and_settlement() -> None:
    rows = per_gemeente([cel(), cel(maand=2), cel("0654", cent=7)], [budget()], NAMEN, {"0664": 5, "0999": -5})

    assert [(row.naam, row.kosten_cent, row.budget_cent, row.verevening_cent) for row in rows] == [
        ("0999", 0, None, -5),
        ("Borsele", 7, None, None),
        ("Goes", 200, 1000, 5),
    ]


def test_gemeente_with_budget_and_no_cost_is_shown() -> None:
    (row,) = per_gemeente([], [budget()], NAMEN, None)

    assert (row.kosten_cent, row.rest_cent, row.besteed_promille) == (0, 1000, 0)


def test_budget_for_all_zorgvormen_goes_before_the_sum_of_its_parts() -> None:
    parts = [budget("0654", "ambulant", 1), budget("0654", "x", 2)]

    rows = per_gemeente([], [budget(cent=1000), budget(zorgvorm="ambulant", cent=300), *parts], NAMEN, None)

    assert {row.sleutel: row.budget_cent for row in rows} == {"0664": 1000, "0654": 3}


def test_zorgvormen_stand_by_cost_and_have_only_budgets_of_their_own() -> None:
    rows = per_zorgvorm(
        [cel(), cel(zorgvorm="verblijf", cent=900)], [budget(), budget(zorgvorm="ambulant", cent=50)], {"verblijf": "Verblijf"}
    )

    assert [(row.naam, row.kosten_cent, row.budget_cent) for row in rows] == [("Verblijf", 900, None), ("ambulant", 100, 50)]


def test_year_has_twelve_months() -> None:
    rows = per_maand([cel(maand=2), cel(maand=12, cent=-3)], 2026)

    assert len(rows) == 12
    assert (rows[1].sleutel, rows[1].naam, rows[1].kosten_cent) == ("2026-02", "februari", 100)
    assert rows[11].kosten_cent == -3


def test_rest_and_share_of_an_overspent_budget() -> None:
    row = KostenRegel(sleutel="a", naam="a", kosten_cent=1500, budget_cent=1000)

    assert (row.rest_cent, row.besteed_promille) == (-500, 1500)
    assert KostenRegel(sleutel="a", naam="a", kosten_cent=1, budget_cent=0).besteed_promille is None


def test_total_adds_what_is_there() -> None:
    rows = per_gemeente([cel(), cel("0654")], [budget()], NAMEN, {"0664": 5, "0654": -5})

    assert (totaal(rows).kosten_cent, totaal(rows).budget_cent, totaal(rows).verevening_cent) == (200, 1000, 0)
    assert totaal([]).budget_cent is None


def test_settlement_adds_the_pools_of_a_gemeente() -> None:
    stored = [{"municipality": "0664", "pool": pool, "settlement_cent": cents} for pool, cents in (("a", 5), ("b", -2))]

    rows = verevening_regels(stored, NAMEN)

    assert [(row.naam, row.pool, row.verevening_cent) for row in rows] == [("Goes", "a", 5), ("Goes", "b", -2)]
    assert verevening_per_gemeente(rows) == {"0664": 3}


@pytest.mark.parametrize("stored", [None, {}, "x", [1], [{"municipality": "0664"}]])
def test_stored_outcome_of_another_form_is_not_guessed_at(stored: object) -> None:
    with pytest.raises(ValueError, match="verevening"):
        verevening_regels(stored, NAMEN)
