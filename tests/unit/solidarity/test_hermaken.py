"""A run made again from its stored input gives the same rows, whichever way it was made; and incomplete input is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.solidarity.agreement import Agreement, Arrangement, KeyTerm, Layer, Membership, NoClaim, Years
from app.solidarity.calculator import settle
from app.solidarity.costs import ClientYearCost, MonthCost, costs_from_months
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.hermaken import agreement_of, maak_opnieuw
from app.solidarity.history import Merger
from app.solidarity.measures import Measures, MeasureValue
from app.solidarity.runinvoer import Invoer, Lid, Stand, as_data
from app.solidarity.templates import profijt, vlaktaks_omslag, waarborg
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document
from tests.unit.solidarity.malformed import SOUND

JAAR = 2026
LEDEN = [Lid(code=code, geldig_van=date(2015, 1, 1), geldig_tot=None) for code in ("0664", "0687")]


def gegevens(clienten: tuple[ClientYearCost, ...] | None = None, tekst: str = "") -> Invoer:
    """A year of cost, with inhabitants and a merger long ago."""
    return Invoer(
        jaar=JAAR,
        rekendag=date(JAAR, 12, 31),
        tekst=tekst,
        kosten=(
            MonthCost(gemeente="0664", zorgvorm="AMB", zorgmaand=date(JAAR, 3, 1), bedrag_cent=1_000_01),
            MonthCost(gemeente="0687", zorgvorm="AMB", zorgmaand=date(JAAR - 1, 3, 1), bedrag_cent=77),
        ),
        clienten=clienten,
        maatstaven=tuple(
            MeasureValue(measure="inwoners", municipality=code, year=JAAR, value=Fraction(value))
            for code, value in (("0664", 38000), ("0687", 49000))
        ),
        herindelingen=(
            Merger(date=date(2016, 1, 1), predecessor="0001", successor="0664", fraction=Fraction(1, 3)),
            Merger(date=date(2016, 1, 1), predecessor="0001", successor="0687", fraction=Fraction(2, 3)),
        ),
        leden=tuple(LEDEN),
        budgetten=(),
        voorschotten={},
        stand=Stand(boeking_nr=0, kosten_clienten_cent=0),
        code="",
    )


def by_model(agreement: Agreement, invoer: Invoer) -> dict[str, Any]:
    """As runs by a model were stored before each had a document."""
    return {"regeling": plain(asdict(agreement)), **{name: value for name, value in as_data(invoer).items() if name != "overeenkomst"}}


def plain(value: Any) -> Any:
    """A value as JSON knows it: fractions and dates as text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Fraction | date) else value


def stored(invoer: dict[str, Any]) -> dict[str, Any]:
    """As the database gives it back."""
    found: dict[str, Any] = json.loads(json.dumps(invoer))
    return found


@pytest.mark.parametrize("make", [profijt, waarborg, vlaktaks_omslag])
def test_run_of_a_model_gives_the_same_again(make: Callable[..., Agreement]) -> None:
    given_now = gegevens()
    agreement = make(["AMB"], [lid.code for lid in LEDEN], range(JAAR, JAAR + 1))
    rows = settle(agreement, costs_from_months(given_now.kosten), Measures(given_now.maatstaven))

    again = maak_opnieuw(stored(by_model(agreement, given_now)), JAAR)

    assert [row for pool in again.pools for row in pool.rows] == rows
    assert (again.agreement, again.document) == (agreement, None)


def test_run_of_a_document_keeps_its_articles() -> None:
    """And its layers per client read the clients that were stored."""
    text = SOUND + '\n[[regeling.laag]]\nbasis = "client"\nondergrens = 500\naandeel = 1\nartikel = "art. 5"\n'
    document = read_document(text)
    clients = (ClientYearCost(client="7", gemeente="0664", zorgvorm="AMB", zorgjaar=JAAR, bedrag_cent=1_000_01),)

    again = maak_opnieuw(stored(as_data(gegevens(clients, write_document(document)))), JAAR)

    rows = {row.municipality: (row.own_cost_cent, row.contribution_cent) for pool in again.pools for row in pool.rows}
    assert rows == {"0664": (100_001, 50_000 + 21_840), "0687": (0, 28_161)}
    assert again.document is not None
    assert again.document.article("regeling[1].laag[1]") == "art. 5"


fractions = st.fractions(0, 2, max_denominator=97)
years = st.builds(Years, first=st.none() | st.just(2020), last=st.none() | st.just(2030))
arrangements = st.builds(
    Arrangement,
    code=st.text(min_size=1, max_size=5),
    since=st.just(date(2026, 1, 1)),
    until=st.just(date(2027, 1, 1)),
    categories=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    members=st.lists(
        st.builds(Membership, municipality=st.text(max_size=4), since=st.none() | st.dates(), until=st.none() | st.dates()), max_size=2
    ).map(tuple),
    key_terms=st.lists(
        st.builds(KeyTerm, measure=st.text(max_size=3), weight=fractions, years=years, lag_to=st.integers(0, 3)), max_size=2
    ).map(tuple),
    layers=st.lists(
        st.builds(
            Layer, basis=st.sampled_from(["client", "cost"]), upper=st.none() | fractions, lower=fractions, share=fractions, years=years
        ),
        max_size=2,
    ).map(tuple),
    no_claim=st.none() | st.builds(NoClaim, kind=st.sampled_from(["gap", "flat"]), threshold=fractions, rate=fractions),
    cap=st.none() | fractions,
    local_share=fractions,
    spread=st.lists(fractions, max_size=2).map(tuple),
)


@given(st.builds(Agreement, name=st.text(max_size=5), arrangements=st.lists(arrangements, max_size=2).map(tuple)))
def test_agreement_survives_being_stored(agreement: Agreement) -> None:
    assert agreement_of(stored(plain(asdict(agreement)))) == agreement


@pytest.mark.parametrize(
    "invoer", [{}, {"regeling": {}}, {"regeling": {"name": "x", "arrangements": [{"code": "R"}]}}, {"overeenkomst": 3}]
)
def test_input_that_is_not_complete_is_refused(invoer: dict[str, Any]) -> None:
    """Such as that of a run from before everything was stored: never a guess."""
    with pytest.raises(RegelingOngeldig, match="niet volledig bewaard"):
        maak_opnieuw(invoer, JAAR)
