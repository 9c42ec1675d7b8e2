"""Deposit, premium, no-claim and plafond, each by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from app.solidarity.agreement import KeyTerm, Layer, Membership, NoClaim
from app.solidarity.calculator import settle_pool
from app.solidarity.deposit import deposits, refund_shares
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.measures import Measures, MeasureValue
from tests.unit.solidarity.builders import YEAR, a_pool, facts, line, measures, members

PREMIUMS = measures({"premium": {"A": 60, "B": 40}, "inwoners": {"A": 1, "B": 1}})
GAP = NoClaim(kind="gap", threshold=Fraction(4, 5), rate=Fraction(1, 2))
FLAT = NoClaim(kind="flat", threshold=Fraction(4, 5), rate=Fraction(1, 10), paid_by="claimers")


def _exact(lines: list[tuple[str, int]], known: Measures = PREMIUMS, **changes: Any) -> dict[str, Fraction]:
    """q_i in cents of one year."""
    return dict(settle_pool(a_pool(**changes), facts([line(*each) for each in lines], known)).exact)


def test_rest_is_divided_by_its_own_key() -> None:
    """Premiums of 60 and 40 euro, cost 120: the missing 20 euro by the key rest, 3 to 1."""
    known = measures({"premium": {"A": 60, "B": 40}, "inwoners": {"A": 1, "B": 1}, "draagkracht": {"A": 3, "B": 1}})
    terms = (KeyTerm(measure="inwoners"), KeyTerm(role="rest", measure="draagkracht"))

    assert _exact([("A", 12_000)], known, inleg="premium", key_terms=terms) == {"A": 7_500, "B": 4_500}


def test_premium_total_is_divided_by_the_key_and_indexed() -> None:
    """100 euro x 1.1 by inwoners 3 to 1; without a role premium the key counts."""
    region = [("premium_total", Fraction(100)), ("premium_index", Fraction(11, 10))]
    values = [MeasureValue(measure=measure, municipality="*", year=YEAR, value=value) for measure, value in region]
    values += [MeasureValue(measure="inwoners", municipality=name, year=YEAR, value=Fraction(n)) for name, n in (("A", 3), ("B", 1))]

    assert deposits(a_pool(inleg="premium"), facts(measures=Measures(values))) == {"A": 8_250, "B": 2_750}


def test_no_claim_gap_is_paid_back_by_all() -> None:
    """A uses 20 of 60: half of the 28 below 80% is 14, paid by both; B bears what it used too much with A."""
    exact = _exact([("A", 2_000), ("B", 8_000)], inleg="premium", no_claim=GAP)

    assert exact == {"A": 6_000 - 1_400 + 700, "B": 4_000 + 700}


def test_no_claim_exactly_on_the_threshold_is_none() -> None:
    """80% of the premium used: no refund, in either form."""
    for terms in (GAP, FLAT):
        assert _exact([("A", 4_800), ("B", 5_200)], inleg="premium", no_claim=terms) == {"A": 6_000, "B": 4_000}


def test_no_claim_gap_is_at_most_the_deposit() -> None:
    """A credit of 100 euro would refund 74 euro of a deposit of 60."""
    exact = _exact([("A", -10_000), ("B", 20_000)], inleg="premium", no_claim=GAP)

    assert exact["A"] == 6_000 - 6_000 + 3_000


def test_flat_no_claim_is_paid_by_the_claimers() -> None:
    """A stays below: 10% of 60 euro, paid by B alone."""
    assert _exact([("A", 2_000), ("B", 8_000)], inleg="premium", no_claim=FLAT) == {"A": 5_400, "B": 4_600}


def test_everybody_below_the_threshold_pays_the_refund_together() -> None:
    """No claimers: all pay; refunds of 6 and 4, paid 5 each; the surplus of 90 is shared."""
    assert _exact([("A", 500), ("B", 500)], inleg="premium", no_claim=FLAT) == {
        "A": 6_000 - 600 - 4_500 + 500,
        "B": 4_000 - 400 - 4_500 + 500,
    }


def test_claimers_without_weight_cannot_pay() -> None:
    """The refund would have no bearer: refused, not spread by a guess."""
    rest = {"A": Fraction(1), "B": Fraction(0)}

    with pytest.raises(RegelingOngeldig, match="gewicht 0"):
        refund_shares(a_pool(no_claim=FLAT), {"A": Fraction(5), "B": Fraction(0)}, rest)


def test_deposit_from_history_is_the_mean_of_the_lags_and_never_negative() -> None:
    """A: (100 + 200) / 2; B had more credits than cost."""
    terms = (KeyTerm(measure="cost"), KeyTerm(role="premium", measure="cost", lag_from=1, lag_to=2))
    lines = [line("A", 100, 2020), line("A", 200, 2019), line("B", -30, 2020)]

    assert deposits(a_pool(inleg="history", key_terms=terms), facts(lines)) == {"A": 150, "B": 0}


def test_deposits_count_for_the_days_of_the_segment() -> None:
    """Half a year of budget and of premium."""
    half = (*members("A"), Membership(municipality="B", until=date(YEAR, 7, 1)))
    known = facts(measures=measures({"premium": {"A": 365, "B": 730}}))

    for changes in ({"inleg": "premium"}, {"inleg": "budget", "budget_measure": "premium"}):
        assert deposits(a_pool(members=half, **changes), known) == {"A": 18_100, "B": 36_200}


def test_plafond_cascades_to_the_others() -> None:
    """A pays at most 110; its excess of 40 lifts B over 55, whose excess goes on to C."""
    known = measures({"budget": {"A": 100, "B": 50, "C": 1_000}, "inwoners": {"A": 1, "B": 1, "C": 1}})
    own = [("A", 15_000), ("B", 4_000), ("C", 1_000)]
    changes = {"cap": Fraction(11, 10), "budget_measure": "budget", "layers": (Layer(basis="cost", share=Fraction(0)),)}

    exact = _exact(own, known, members=members("A", "B", "C"), **changes)

    assert exact == {"A": 11_000, "B": 5_500, "C": 3_500}


def test_cost_above_all_plafonds_is_refused() -> None:
    """Somebody must pay: an agreement that says nobody does cannot be settled."""
    known = measures({"budget": {"A": 1, "B": 1}, "inwoners": {"A": 1, "B": 1}})

    with pytest.raises(RegelingOngeldig, match="plafonds samen"):
        _exact([("A", 1_000)], known, cap=Fraction(11, 10), budget_measure="budget")
