"""Layers: what is shared, in which order, exactly at the thresholds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import Layer, Membership, Years
from app.solidarity.costs import ClientYearCost, Costs, MonthCost, client_totals_match, costs_from_months
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import History, KeptAmount
from app.solidarity.layers import split_costs
from app.solidarity.measures import Facts, Measures
from tests.unit.solidarity.builders import a_pool, an_arrangement, facts, line, measures, members

BUDGET = measures({"budget": {"A": 100, "B": 100}})
"""10 000 cents each."""


def _shared(own: int, *layers: Layer, **changes: object) -> Fraction:
    """What A shares of its own cost in cents under layers, all with role key."""
    pool = a_pool(layers=layers, budget_measure="budget", **changes)
    return split_costs(pool, {"A": own, "B": 0}, facts(measures=BUDGET)).of("key", "A")


def test_without_layers_everything_is_shared() -> None:
    """Full waarborg is the default."""
    assert _shared(123) == 123


def test_layers_of_other_years_share_nothing() -> None:
    """Layers are named, but none counts in 2021."""
    assert _shared(123, Layer(basis="cost", years=Years(last=2020))) == 0


@pytest.mark.parametrize(("own", "shared"), [(10_500, 0), (10_501, 1), (10_000, 0), (9_000, 0), (25_000, 14_500)])
def test_overrun_above_the_threshold(own: int, shared: int) -> None:
    """5% of a budget of 10 000 is own risk; exactly on the threshold nothing happens."""
    assert _shared(own, Layer(basis="deviation", side="over", unit="pct", lower=Fraction(1, 20))) == shared


@pytest.mark.parametrize(("own", "shared"), [(11_000, 0), (10_000, 0), (8_000, -500), (9_000, 0)])
def test_surplus_is_handed_to_the_pool_as_a_negative_part(own: int, shared: int) -> None:
    """Half of what stays more than 10% below the budget."""
    assert _shared(own, Layer(basis="deviation", side="under", unit="pct", lower=Fraction(1, 10), share=Fraction(1, 2))) == shared


def test_two_bands_meet_without_a_jump() -> None:
    """Half between 5 and 15%, everything above: at 20% it is 500 + 500."""
    band = Layer(basis="deviation", side="over", unit="pct", lower=Fraction(1, 20), upper=Fraction(3, 20), share=Fraction(1, 2))
    above = Layer(basis="deviation", side="over", unit="pct", lower=Fraction(3, 20))

    assert _shared(11_500, band, above) == 500
    assert _shared(12_000, band, above) == 1_000


def test_quota_works_on_what_deviation_left() -> None:
    """Overrun of 2 000 shared, then half of the remaining 10 000."""
    overrun, quota = Layer(basis="deviation", side="both", unit="eur"), Layer(basis="cost", share=Fraction(1, 2))

    assert _shared(12_000, overrun, quota) == 2_000 + 5_000


def test_local_share_is_rounded_before_it_is_taken_off() -> None:
    """f = 0.5% of 99.99 euro is 49.995 cents, so 50: b = 9 949."""
    layer = Layer(basis="deviation", side="over", unit="eur")
    pool = a_pool(layers=(layer,), budget_measure="budget", local_share=Fraction(1, 200))
    odd = measures({"budget": {"A": "99.99", "B": 1}})

    assert split_costs(pool, {"A": 9_950, "B": 0}, facts(measures=odd)).of("key", "A") == 1


def test_client_layers_count_net_cost_per_client() -> None:
    """Credits lower a client; lines without client never count; another client starts at zero again."""
    lines = [line("A", 700, client="k1"), line("A", -100, client="k1"), line("A", 400, client="k2"), line("A", 9_000)]
    layer = Layer(basis="client", lower=Fraction(500), share=Fraction(9, 10), role="stoploss")

    split = split_costs(a_pool(layers=(layer,)), {"A": 10_000, "B": 0}, facts(lines))

    assert split.of("stoploss", "A") == 90
    assert split.kept == {"A": 9_910, "B": 0}


def test_client_with_net_credit_shares_nothing() -> None:
    """No layer for a negative client."""
    lines = [line("A", -700, client="k1")]

    assert split_costs(a_pool(layers=(Layer(basis="client"),)), {"A": -700, "B": 0}, facts(lines)).of("key", "A") == 0


def test_amounts_per_year_count_for_the_days_of_the_segment() -> None:
    """Threshold of 36 500 cents, budget of 10 000 and 3 650 kept, for 181 of 365 days."""
    leaver = Membership(municipality="B", until=date(2021, 7, 1))
    layers = (Layer(basis="client", lower=Fraction(36_500), role="stoploss"), Layer(basis="deviation", side="both", unit="pct"))
    pool = a_pool(layers=layers, budget_measure="budget", members=(*members("A"), leaver))
    history = History(kept=(KeptAmount(arrangement="R", year=2021, municipality="A", bedrag_cent=3_650),))
    lines = [line("A", 20_000, date(2021, 6, 30), client="k1"), line("A", 99_999, date(2021, 7, 1), client="k1")]

    split = split_costs(pool, {"A": 20_000, "B": 0}, facts(lines, BUDGET, history))

    client, kept, budget = 20_000 - 18_100, 1_810, 10_000 * Fraction(181, 365)
    assert split.of("stoploss", "A") == client
    assert split.of("key", "A") == 20_000 - kept - client - budget
    assert split.kept["A"] == kept + budget


def test_ledger_totals_per_client_take_the_place_of_client_lines() -> None:
    """The saldi know no clients; saldo_client does."""
    months = [MonthCost(gemeente="A", zorgvorm="ZORG", zorgmaand=date(2021, 5, 1), bedrag_cent=900)]
    clients = [ClientYearCost(client="1", gemeente="A", zorgvorm="ZORG", zorgjaar=2021, bedrag_cent=900)]
    pool = a_pool(layers=(Layer(basis="client", lower=Fraction(500)),))
    known = Facts(costs=costs_from_months(months, clients), measures=Measures(), history=History())

    assert split_costs(pool, known.costs.own(pool, known.history), known).of("key", "A") == 400
    assert client_totals_match(months, clients) == {}
    assert client_totals_match(months, []) == {("A", "ZORG", 2021): 900}


def test_client_layer_without_client_totals_is_refused() -> None:
    """A run on saldi alone must not read 'no clients' as 'no expensive clients'."""
    pool = a_pool(layers=(Layer(basis="client"),))
    known = Facts(costs=costs_from_months([]), measures=Measures(), history=History())

    with pytest.raises(RegelingOngeldig, match="totalen per client"):
        split_costs(pool, {"A": 0, "B": 0}, known)


def test_client_layer_on_part_of_a_year_is_refused_from_the_ledger() -> None:
    """saldo_client is per year; half a year cannot be taken from it."""
    leaver = (*members("A"), Membership(municipality="B", until=date(2021, 7, 1)))
    pool = a_pool(layers=(Layer(basis="client"),), members=leaver)
    known = Facts(costs=Costs([], client_years=[]), measures=Measures(), history=History())

    with pytest.raises(NietOndersteund, match="heel kalenderjaar"):
        split_costs(pool, {"A": 0, "B": 0}, known)


def test_zorgmaand_is_a_first_day() -> None:
    """A day inside a month is a mistake of the caller's data."""
    with pytest.raises(RegelingOngeldig, match="eerste dag"):
        costs_from_months([MonthCost(gemeente="A", zorgvorm="ZORG", zorgmaand=date(2021, 5, 2), bedrag_cent=1)])


def test_deviation_without_budget_measure_is_refused() -> None:
    """An overrun of what?"""
    pool = an_arrangement(layers=(Layer(basis="deviation", side="over"),))

    with pytest.raises(RegelingOngeldig, match="budget_measure"):
        split_costs(a_pool(layers=pool.layers), {"A": 0, "B": 0}, facts())
