"""The most expensive cases: their order, and what changed since the year before."""

from __future__ import annotations

from fractions import Fraction

from app.solidarity.topcasussen import Casus, top_casussen, top_verloop


def casus(client: str, cent: int, jaar: int = 2026, gemeente: str = "A") -> Casus:
    return Casus(gemeente=gemeente, jaar=jaar, client=client, bedrag_cent=cent)


def test_equal_cost_goes_by_client_code() -> None:
    """And amounts of one client in several zorgvormen add up."""
    top = top_casussen([casus("c2", 5), casus("c1", 2), casus("c1", 3), casus("c3", 9), casus("c0", 5)], aantal=3)

    assert [(row.rang, row.client, row.bedrag_cent) for row in top] == [(1, "c3", 9), (2, "c0", 5), (3, "c1", 5)]


def test_first_year_knows_no_year_before() -> None:
    """Not in the top of last year is something else than no last year; another gemeente is no year before."""
    top = top_casussen([casus("c1", 1, 2024), casus("c1", 1, 2026), casus("c1", 1, 2025, "B"), casus("c2", 1, 2026, "B")])

    assert [(row.gemeente, row.jaar, row.in_vorige_top) for row in top] == [
        ("A", 2024, None),
        ("A", 2026, None),
        ("B", 2025, None),
        ("B", 2026, False),
    ]


def test_churn_and_jaccard_of_full_tops() -> None:
    """Two of three stayed: churn 1/3, jaccard 2 of 4."""
    cases = [casus(f"c{n}", 10 - n, 2025) for n in (1, 2, 3)] + [casus(f"c{n}", 20 - n) for n in (2, 3, 4)]

    (verloop,) = top_verloop(top_casussen(cases, aantal=3))

    assert (verloop.gebleven, verloop.vervangen, verloop.uitstroom, verloop.jaccard) == (2, 1, Fraction(1, 3), Fraction(1, 2))
    assert (verloop.totaal_cent, verloop.vorig_totaal_cent, verloop.verschil_cent) == (51, 24, 27)


def test_short_top_counts_its_own_cases() -> None:
    """A small gemeente with one client now and two then: nobody is counted who is not there."""
    cases = [casus("c1", 1, 2025), casus("c2", 2, 2025), casus("c1", 1)]

    (verloop,) = top_verloop(top_casussen(cases))

    assert (verloop.aantal, verloop.uitstroom, verloop.jaccard) == (1, Fraction(0), Fraction(1, 2))
