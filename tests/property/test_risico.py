"""On generated agreements and cost the vectorised form of an agreement is the calculator; and simulated years keep what every settlement keeps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.solidarity import Agreement, Costs, Measures, RegelingOngeldig, settle
from app.solidarity.agreement import of_year
from app.solidarity.history import History
from app.solidarity.measures import Facts
from app.solidarity.risico.arrays import Floats
from app.solidarity.risico.drawing import ClientBand, Sample
from app.solidarity.risico.past import Key, Past, make_past, totals_of_lines
from app.solidarity.risico.preparing import Regio, simulate_region
from app.solidarity.risico.simulation import Instellingen, Opdracht
from app.solidarity.risico.vectoragreement import VectorAgreement, columns_of
from tests.property.test_solidarity import FIRST_YEAR, NAMES, Case, cases

pytestmark = pytest.mark.slow

YEAR = 2022
YEARS = range(FIRST_YEAR, YEAR + 1)


def as_drawn_once(past: Past, bands: frozenset[ClientBand]) -> tuple[Sample, dict[ClientBand, Floats]]:
    """The history itself as the one simulated year: every client once."""
    cost = tuple(
        np.array([[gemeente.cost_cent[:, year].sum(axis=0) + gemeente.other_cent[year] for gemeente in past.gemeenten]])
        for year in reversed(range(len(past.years)))
    )
    found = {
        band: np.array([[band.of(gemeente.cost_cent[:, -1, list(band.columns)].sum(axis=1)).sum() for gemeente in past.gemeenten]])
        for band in bands
    }
    return Sample(cost=cost, bands=()), found


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_year_as_it_was_is_what_the_calculator_settles(case: Case) -> None:
    """To a hundredth of a cent, for any agreement that lasts the year; both refuse the same. A flat no-claim jumps and is tested elsewhere."""
    no_claim = case.arrangement.no_claim and replace(case.arrangement.no_claim, kind="gap")
    agreement = of_year(Agreement(name="R", arrangements=(replace(case.arrangement, no_claim=no_claim),)), YEAR)
    totals: dict[Key, int] = {("nobody", None, category, YEAR): 0 for category in case.arrangement.categories}
    past = make_past({**totals, **totals_of_lines(case.lines)}, History(), jaar=YEAR, years=YEARS, gemeenten=NAMES)
    columns = {category: number for number, category in enumerate(past.categories)}
    facts = Facts(costs=Costs(case.lines), measures=Measures(case.values), history=History())
    try:
        rows = settle(agreement, facts.costs, facts.measures)
    except RegelingOngeldig as refused:
        sentence = str(refused.bezwaren[0].zin)
        with pytest.raises(RegelingOngeldig, match=sentence[:30]):
            VectorAgreement(agreement, YEAR, facts, past.codes, columns).contributions(*as_drawn_once(past, frozenset()))
        return

    vector = VectorAgreement(agreement, YEAR, facts, past.codes, columns)
    found, _ = vector.contributions(*as_drawn_once(past, vector.bands))

    for number, code in enumerate(past.codes):
        mine = [row for row in rows if row.municipality == code]
        outside = sum(each.bedrag_cent for each in case.lines if not mine and each.municipality == code and each.service_date.year == YEAR)
        exact = float(sum((row.contribution_exact_cents for row in mine), Fraction(0))) + outside
        assert abs(found[0, number] - exact) < 0.01


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(("k1", "k2", "k3")), st.sampled_from(("LICHT", "ZWAAR")), st.sampled_from(YEARS)),
        st.integers(-50_000, 500_000),
        min_size=1,
    ),
    st.sampled_from(("bootstrap", "poisson")),
    st.integers(0, 2**31),
)
@settings(max_examples=40, deadline=None)
def test_every_simulated_year_is_borne_in_full(totals: dict[Key, int], methode: str, seed: int) -> None:
    """Whatever shares without a reserve bears the cost of the region, to a cent per gemeente; profijt bears each its own."""
    instellingen = Instellingen(aantal=40, methode="poisson" if methode == "poisson" else "bootstrap", seed=seed, tau=0.1)

    simulatie = simulate_region(
        Opdracht.of(instellingen, jaar=YEAR, jaren=YEARS),
        Regio(totals=totals),
        ["profijt", "waarborg", "vlaktaks:2", "quotum:1/3", "stoploss:1000"],
    )

    assert np.array_equal(simulatie.bijdragen[0], simulatie.eigen)
    for borne, quiet in zip(simulatie.bijdragen, simulatie.bijdragen_stil, strict=True):
        assert np.abs(borne.sum(axis=1) - simulatie.eigen.sum(axis=1)).max() <= 3
        assert np.abs(quiet.sum(axis=1) - simulatie.eigen_stil.sum(axis=1)).max() <= 3
    assert columns_of([], YEAR, ("LICHT", "ZWAAR")) == {"LICHT": 0, "ZWAAR": 0}
