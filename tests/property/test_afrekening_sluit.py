"""An afrekening adds up whatever happened: all years together are the balances, and the causes bridge allocated and granted."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settlement.afrekening import bereken, geldstand
from app.settlement.afrekening_waarden import TELT, Afwijzing, Betaalpost, Geboekt, Invoer, Laat, Maat, SluitNiet, Toewijzingsregel

JAAR = 2025
CENTS = st.integers(0, 10**7)
JAREN = st.integers(JAAR - 1, JAAR + 1)


@st.composite
def invoeren(draw: st.DrawFn) -> Invoer:
    """Toewijzingen with claims, sources over several years of care, advances, and payments that set some of them off."""
    toewijzingen, laat, afwijzingen = [], [], []
    for client_id in range(1, draw(st.integers(1, 4)) + 1):
        granted, credited, refused = draw(CENTS), draw(CENTS), draw(CENTS)
        open_refused = draw(st.integers(0, refused))
        toewijzingen.append(
            Toewijzingsregel("0664", client_id, draw(CENTS), granted + refused, refused, open_refused, granted, credited, 0, 0, 0, 0)
        )
        afwijzingen.append(Afwijzing("0664", client_id, "0611", 1, open_refused))
        laat.append(Laat("0664", client_id, granted - credited, 0))
    geboekt, posten = [], []
    saldi: dict[tuple[str, str], int] = defaultdict(int)
    for nr in range(1, draw(st.integers(1, 5)) + 1):
        owed = {jaar: draw(st.integers(-(10**6), 10**6)) for jaar in draw(st.sets(JAREN, min_size=1))}
        geboekt += [
            Geboekt("crediteur", "0664", nr, jaar, "prestatie", "ijw", "ambulant", False, False, -cents) for jaar, cents in owed.items()
        ]
        saldi["crediteur", "0664"] -= sum(owed.values())
        posten += [Betaalpost("0664", 10 + run, nr, 0, nr, draw(st.integers(-(10**6), 10**6))) for run in range(draw(st.integers(0, 2)))]
    for jaar in draw(st.sets(JAREN)):
        cents = draw(CENTS)
        geboekt.append(Geboekt("voorschot", "0664", 50, jaar, "voorschot", "", "", False, False, cents))
        saldi["voorschot", "0664"] += cents
    settled = [each._replace(verrekend_cent=draw(st.integers(0, max(each.bedrag_cent, 0)))) for each in posten]
    for each in settled:
        geboekt += [
            Geboekt("crediteur", "0664", each.run_nr, JAAR, "betaalopdracht", "", "", True, False, each.bedrag_cent),
            Geboekt("voorschot", "0664", each.run_nr, JAAR, "voorschot_verrekend", "", "", True, False, -each.verrekend_cent),
        ]
        saldi["crediteur", "0664"] += each.bedrag_cent
        saldi["voorschot", "0664"] -= each.verrekend_cent
    return Invoer(jaar=JAAR, toewijzingen=toewijzingen, afwijzingen=afwijzingen, laat=laat, geboekt=geboekt, posten=settled, saldi=saldi)


@settings(max_examples=60, deadline=None)
@given(invoeren())
def test_all_years_together_are_the_balances(invoer: Invoer) -> None:
    """Nothing is lost or counted twice, whichever year a payment is counted in."""
    years = geldstand(invoer)["0664"].values()

    assert sum(each[Maat.OPEN] for each in years) == -invoer.saldi["crediteur", "0664"]
    assert sum(each[Maat.VOORSCHOT_OPEN] for each in years) == invoer.saldi["voorschot", "0664"]
    assert sum(each[Maat.VERREKEND] for each in years) == sum(each.verrekend_cent for each in invoer.posten)


@settings(max_examples=60, deadline=None)
@given(invoeren())
def test_plan_settles_what_it_can_and_the_causes_bridge(invoer: Invoer) -> None:
    """Per gemeente one of the two sides pays, unless more was set off than was paid in advance."""
    found = bereken(invoer)
    maten = found.gemeenten.get("0664")
    if maten is None:
        return

    assert sum(row.bedrag_cent for row in found.oorzaken if row.oorzaak in TELT) == (
        maten[Maat.TOEGEWEZEN] - maten[Maat.TOEGEKEND] + maten[Maat.GECREDITEERD]
    )
    assert min(maten[Maat.TE_BETALEN], maten[Maat.TE_ONTVANGEN]) == 0 or maten[Maat.VOORSCHOT_OPEN] < 0
    assert maten[Maat.TE_BETALEN] - maten[Maat.TE_ONTVANGEN] == maten[Maat.OPEN] - max(maten[Maat.VOORSCHOT_OPEN], 0)


def test_register_that_differs_from_the_books_is_not_settled() -> None:
    """Then nothing may be offered, let alone booked."""
    regel = Toewijzingsregel("0664", 1, 100, 100, 0, 0, 100, 0, 0, 0, 0, 0)
    invoer = Invoer(jaar=JAAR, toewijzingen=[regel], afwijzingen=[], laat=[Laat("0664", 1, 99, 0)], geboekt=[], posten=[], saldi={})

    with pytest.raises(SluitNiet, match="0664"):
        bereken(invoer)
