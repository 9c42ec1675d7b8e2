"""Terms, shares, and transfers that bring the books to a plan."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.boeking import Rekening
from app.ledger.handeling_plan import Post, boekingen_naar, termijn_cent, termijn_in, verdeel

MEI = date(2026, 5, 1)


def make_post(gemeente: str = "0664") -> Post:
    """A contribution."""
    return Post(Rekening("inleg", gemeente), Rekening("kas"), "", "", MEI)


@given(st.integers(0, 10**12), st.sampled_from([1, 2, 4, 12]))
def test_the_terms_of_a_year_are_exactly_its_amount(bedrag_cent: int, termijnen: int) -> None:
    """And no two differ more than a cent."""
    terms = [termijn_cent(bedrag_cent, termijnen, nummer) for nummer in range(1, termijnen + 1)]

    assert sum(terms) == bedrag_cent
    assert max(terms) - min(terms) <= 1


@pytest.mark.parametrize(("termijnen", "months"), [(1, [1]), (2, [1, 7]), (4, [1, 4, 7, 10]), (12, list(range(1, 13)))])
def test_a_term_is_due_in_the_first_month_of_its_part_of_the_year(termijnen: int, months: list[int]) -> None:
    """Numbered from 1."""
    due = {month: termijn_in(date(2026, month, 1), termijnen) for month in range(1, 13)}

    assert [month for month, nummer in due.items() if nummer is not None] == months
    assert [nummer for nummer in due.values() if nummer is not None] == list(range(1, termijnen + 1))


@given(st.integers(-(10**12), 10**12), st.dictionaries(st.sampled_from(["0664", "0687", "0384"]), st.fractions(0, 10**6), min_size=1))
def test_shares_add_up_to_the_cent(bedrag_cent: int, gewichten: dict[str, Fraction]) -> None:
    """Each within a cent of its exact part; without any weight it is refused."""
    whole = sum(gewichten.values(), Fraction(0))
    if not whole:
        with pytest.raises(ValueError, match="at least one"):
            verdeel(bedrag_cent, gewichten)
        return

    shares = verdeel(bedrag_cent, gewichten)

    assert sum(shares.values()) == bedrag_cent
    assert all(abs(shares[code] - bedrag_cent * weight / whole) < 1 for code, weight in gewichten.items())


@given(
    st.dictionaries(st.sampled_from(["0664", "0687"]), st.integers(-1000, 1000)),
    st.dictionaries(st.sampled_from(["0664", "0687", "0384"]), st.integers(-1000, 1000)),
)
def test_transfers_bring_the_books_to_the_plan_and_then_there_are_none(first: dict[str, int], second: dict[str, int]) -> None:
    """Whatever was booked before; amounts are positive, the direction is in the accounts."""
    before = {make_post(code): cents for code, cents in first.items()}
    plan = {make_post(code): cents for code, cents in second.items()}

    boekingen = boekingen_naar(plan, before, soort="bijdrage", nr=7, boekdatum=date(2026, 6, 3))

    after = dict(before)
    for each in boekingen:
        gemeente = each.debet.gemeente or each.credit.gemeente
        sign = 1 if each.debet.soort == "inleg" else -1
        after[make_post(gemeente)] = after.get(make_post(gemeente), 0) + sign * each.bedrag_cent
        assert each.bedrag_cent > 0
    assert {post: cents for post, cents in after.items() if cents} == {post: cents for post, cents in plan.items() if cents}
    assert [each.regel for each in boekingen] == list(range(1, len(boekingen) + 1))
    assert boekingen_naar(plan, after, soort="bijdrage", nr=8, boekdatum=date(2026, 6, 3)) == []
