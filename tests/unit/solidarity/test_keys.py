"""Keys: lags, both averaging rules, weights, clamping, fallback, gaps."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.solidarity.agreement import KeyTerm
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import Gap, History
from app.solidarity.keys import key_shares, normalised
from app.solidarity.measures import Measures, MeasureValue
from tests.unit.solidarity.builders import a_pool, facts, line, measures

WINDOW = (KeyTerm(measure="cost", lag_from=1, lag_to=2),)
CHEAP_THEN_DEAR = [line("A", 90, 2019), line("B", 10, 2019), line("A", 300, 2020), line("B", 600, 2020)]


def test_sum_weighs_the_expensive_year_more() -> None:
    """(90 + 300) / 1000 and (10 + 600) / 1000."""
    shares = key_shares(a_pool(key_terms=WINDOW), "key", facts(CHEAP_THEN_DEAR))

    assert shares == {"A": Fraction(39, 100), "B": Fraction(61, 100)}


def test_mean_share_weighs_every_year_the_same() -> None:
    """A: (90/100 + 300/900) / 2."""
    term = KeyTerm(measure="cost", lag_from=1, lag_to=2, averaging="mean_share")

    shares = key_shares(a_pool(key_terms=(term,)), "key", facts(CHEAP_THEN_DEAR))

    assert shares == {"A": Fraction(37, 60), "B": Fraction(23, 60)}


def test_negative_window_counts_as_zero_after_summing() -> None:
    """-50 + 20 is clamped once, not per year."""
    lines = [line("A", -50, 2019), line("A", 20, 2020), line("B", 5, 2019)]

    assert key_shares(a_pool(key_terms=WINDOW), "key", facts(lines)) == {"A": 0, "B": 1}


def test_negative_year_counts_as_zero_per_year_for_mean_share() -> None:
    """The credit of 2019 does not lower the share of 2020."""
    term = KeyTerm(measure="cost", lag_from=1, lag_to=2, averaging="mean_share")
    lines = [line("A", -50, 2019), line("A", 20, 2020), line("B", 5, 2019), line("B", 20, 2020)]

    assert key_shares(a_pool(key_terms=(term,)), "key", facts(lines)) == {"A": Fraction(1, 4), "B": Fraction(3, 4)}


def test_lag_zero_of_cost_is_the_segment_itself() -> None:
    """A key on the own cost of the year divides by use."""
    lines = [line("A", 30), line("B", 10), line("B", 500, 2020)]

    assert key_shares(a_pool(key_terms=(KeyTerm(measure="cost"),)), "key", facts(lines)) == {"A": Fraction(3, 4), "B": Fraction(1, 4)}


def test_terms_are_mixed_by_weight() -> None:
    """A third by old budget, two thirds by the new one."""
    terms = (KeyTerm(measure="oud", weight=Fraction(1, 3)), KeyTerm(measure="nieuw", weight=Fraction(2, 3)))
    known = facts(measures=measures({"oud": {"A": 1, "B": 0}, "nieuw": {"A": 1, "B": 3}}))

    assert key_shares(a_pool(key_terms=terms), "key", known) == {"A": Fraction(1, 2), "B": Fraction(1, 2)}


def test_fallback_measure_decides_when_nobody_has_weight() -> None:
    """No history at all: by inwoners."""
    pool = a_pool(key_terms=WINDOW, fallback_measure="inwoners")

    assert key_shares(pool, "key", facts(measures=measures({"inwoners": {"A": 3, "B": 1}})))["A"] == Fraction(3, 4)


def test_equal_shares_when_the_fallback_is_zero_too() -> None:
    """Nothing known and nothing to fall back on."""
    assert key_shares(a_pool(key_terms=WINDOW), "key", facts())["A"] == Fraction(1, 2)
    assert normalised({"A": Fraction(0), "B": Fraction(0), "C": Fraction(0)})["C"] == Fraction(1, 3)


def test_gap_is_imputed_from_the_others_by_the_fallback() -> None:
    """B has no 2020: it gets the cost per inwoner of A, 200 / 10 x 5."""
    pool = a_pool(key_terms=(KeyTerm(measure="cost", lag_from=1, lag_to=1),), fallback_measure="inwoners")
    history = History(gaps=frozenset({Gap(municipality="B", measure="cost", year=2020)}))
    lines = [line("A", 200, 2020), line("B", 7, 2020)]

    shares = key_shares(pool, "key", facts(lines, measures({"inwoners": {"A": 10, "B": 5}}), history))

    assert shares == {"A": Fraction(2, 3), "B": Fraction(1, 3)}


@pytest.mark.parametrize("fallback", [None, "inwoners"])
def test_gap_that_cannot_be_filled_is_refused(fallback: str | None) -> None:
    """No fallback measure, or one that is zero for those with data."""
    pool = a_pool(key_terms=WINDOW, fallback_measure=fallback)
    history = History(gaps=frozenset({Gap(municipality="B", measure="cost", year=2020)}))

    with pytest.raises(RegelingOngeldig, match="gat"):
        key_shares(pool, "key", facts([line("A", 1, 2020)], measures({"inwoners": {"A": 0, "B": 5}}), history))


def test_missing_value_is_refused_and_named() -> None:
    """Never read as zero; every missing municipality is named."""
    with pytest.raises(RegelingOngeldig) as refused:
        key_shares(a_pool(), "key", facts(measures=measures({"inwoners": {"A": 1}}, years=[2020])))

    assert [bezwaar.zin for bezwaar in refused.value.bezwaren] == [
        "maatstaf inwoners van A, jaar 2021 ontbreekt; geef een waarde op, desnoods 0.",
        "maatstaf inwoners van B, jaar 2021 ontbreekt; geef een waarde op, desnoods 0.",
    ]


def test_value_of_the_category_goes_before_that_of_the_municipality() -> None:
    """Clients are counted per zorgvorm; inwoners are not."""
    values = [
        MeasureValue(measure="inwoners", municipality="A", year=2021, value=Fraction(1)),
        MeasureValue(measure="inwoners", municipality="A", year=2021, value=Fraction(9), category="ZORG"),
        MeasureValue(measure="inwoners", municipality="B", year=2021, value=Fraction(1)),
    ]

    assert key_shares(a_pool(), "key", facts(measures=Measures(values)))["A"] == Fraction(9, 10)


def test_value_given_twice_is_refused() -> None:
    """Two budgets for one year: nobody can say which counts."""
    twice = [MeasureValue(measure="inwoners", municipality="A", year=2021, value=Fraction(n)) for n in (1, 2)]

    with pytest.raises(RegelingOngeldig, match="twee keer"):
        Measures(twice)


def test_cost_is_no_measure_to_give() -> None:
    """The measure cost follows from the lines."""
    with pytest.raises(RegelingOngeldig, match="volgt uit de kosten"):
        Measures([MeasureValue(measure="cost", municipality="A", year=2021, value=Fraction(1))])
