"""The vectorised form of an agreement is the calculator: the same contributions, whatever the agreement is made of."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import COST, Agreement, Arrangement, KeyTerm, Layer, Membership, NoClaim, Years
from app.solidarity.calculator import settle
from app.solidarity.costs import CostLine, Costs
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import Gap, History, KeptAmount, Merger
from app.solidarity.measures import Facts, Measures, MeasureValue
from app.solidarity.risico.drawing import ClientBand, Sample
from app.solidarity.risico.vectoragreement import VectorAgreement, columns_of
from tests.unit.solidarity.builders import YEAR, an_agreement, an_arrangement, line, members

CODES = ("A", "B", "C", "D")
CATEGORIES = ("LICHT", "ZORG", "ZWAAR")
LAGS = 3
COUNT = 25
VALUES = {
    "inwoners": (1_000, 3_333, 20_000, 7),
    "jeugdigen": (300, 800, 0, 5),
    "budget": (2_000, 3_001, 6_500, 900),
    "premium": (2_000, 3_000, 5_111, 1_500),
    "nul": (0, 0, 0, 0),
}
BY_BUDGET = {"inleg": "budget", "budget_measure": "budget", "local_share": Fraction(3, 100)}
HISTORY = {"inleg": "history", "key_terms": (KeyTerm(measure="inwoners"), KeyTerm(role="premium", measure=COST, lag_from=1, lag_to=3))}


def all_measures() -> list[MeasureValue]:
    """Every measure in every year; one of them also for one category, one for the whole region."""
    values = [
        MeasureValue(measure=measure, municipality=code, year=year, value=Fraction(value + 10 * (YEAR - year)) if value else Fraction(0))
        for measure, row in VALUES.items()
        for code, value in zip(CODES, row, strict=True)
        for year in range(YEAR - LAGS, YEAR + 1)
    ]
    return [*values, MeasureValue(measure="inwoners", municipality="A", year=YEAR, value=Fraction(9_999), category="ZORG")]


def region(measure: str, value: str) -> MeasureValue:
    """A measure of the region as a whole."""
    return MeasureValue(measure=measure, municipality="*", year=YEAR, value=Fraction(value))


def rules(**changes: Any) -> tuple[Arrangement, ...]:
    """One arrangement of A, B and C."""
    return (an_arrangement(**{"members": members("A", "B", "C"), **changes}),)


def layered(*layers: Layer, **changes: Any) -> tuple[Arrangement, ...]:
    """One arrangement with layers and a second key."""
    terms = (KeyTerm(measure="inwoners"), KeyTerm(role="anders", measure="jeugdigen"))
    return rules(layers=layers, key_terms=terms, budget_measure="budget", **changes)


def deviation(side: str, unit: str, lower: str, upper: str | None, share: str = "3/4", role: str = "key") -> Layer:
    """A layer of the deviation from the budget; euros as cents."""
    scale = 100 if unit == "eur" else 1
    top = None if upper is None else scale * Fraction(upper)
    return Layer(
        basis="deviation", side=side, unit=unit, lower=scale * Fraction(lower), upper=top, share=Fraction(share), role=role  # type: ignore[arg-type]
    )  # fmt: skip


CLIENT = Layer(basis="client", lower=Fraction(80_000), upper=Fraction(300_000), share=Fraction(9, 10))
ABOVE = Layer(basis="client", lower=Fraction(300_000), role="anders")
QUOTA = Layer(basis="cost", share=Fraction(1, 3))
BAND = deviation("both", "pct", "1/20", "1/4")

KINDS: dict[str, tuple[Arrangement, ...]] = {
    "profijt": rules(layers=(Layer(basis="cost", share=Fraction(0)),)),
    "waarborg": rules(),
    "two measures": rules(
        key_terms=(KeyTerm(measure="inwoners", weight=Fraction(1, 3)), KeyTerm(measure="jeugdigen", weight=Fraction(2, 3), lag_from=1, lag_to=2))
    ),
    "key of this year only": rules(key_terms=(KeyTerm(measure="inwoners"), KeyTerm(measure="budget", years=Years(last=YEAR - 1)))),
    "vlaktaks by sum": rules(key_terms=(KeyTerm(measure=COST, lag_from=1, lag_to=3),), fallback_measure="inwoners"),
    "vlaktaks by mean share": rules(
        key_terms=(KeyTerm(measure=COST, lag_from=1, lag_to=3, averaging="mean_share"),), fallback_measure="inwoners"
    ),
    "vlaktaks without fallback": rules(key_terms=(KeyTerm(measure=COST, lag_from=2, lag_to=2),)),
    "key of own cost": rules(key_terms=(KeyTerm(measure=COST),), layers=(QUOTA,)),
    "measure of zeros": rules(key_terms=(KeyTerm(measure="nul"),), fallback_measure="jeugdigen"),
    "measure of zeros without fallback": rules(key_terms=(KeyTerm(measure="nul"),)),
    "pool per category": rules(categories=CATEGORIES, pool_by="category"),
    "two categories in a pool": rules(categories=("LICHT", "ZWAAR")),
    "two arrangements": (*rules(), *rules(code="S", categories=("ZWAAR",), members=members("B", "D"), layers=(QUOTA,))),
    "quota": layered(QUOTA),
    "layer of another year": layered(replace(QUOTA, years=Years(first=YEAR + 1))),
    "client layers": layered(CLIENT, ABOVE),
    "client layer over categories": layered(CLIENT, categories=("LICHT", "ZORG")),
    "client layer per category": layered(CLIENT, categories=("LICHT", "ZORG"), pool_by="category"),
    "over, percent": layered(deviation("over", "pct", "1/20", "3/10")),
    "under, euros": layered(deviation("under", "eur", "100", None)),
    "both, open, euros": layered(deviation("both", "eur", "0", None, "1/2", "anders")),
    "two bands": layered(deviation("over", "pct", "0", "1/10", "1/4"), deviation("over", "pct", "1/10", None, "1")),
    "all layers": layered(CLIENT, ABOVE, BAND, QUOTA),
    "deposit by budget": rules(**BY_BUDGET),
    "deposit, rest by another key": rules(**BY_BUDGET, key_terms=(KeyTerm(measure="inwoners"), KeyTerm(role="rest", measure="jeugdigen"))),
    "deposit and layers": layered(CLIENT, ABOVE, BAND, **{key: value for key, value in BY_BUDGET.items() if key != "budget_measure"}),
    "premium per gemeente": rules(inleg="premium"),
    "reserve by premium": rules(inleg="premium", reserve=True),
    "uitstel": rules(**HISTORY, reserve=True),
    "premium by history, rest by key": rules(**HISTORY),
    "premium by history of a measure": rules(
        inleg="history", key_terms=(KeyTerm(measure="inwoners"), KeyTerm(role="premium", measure="budget", lag_from=1, lag_to=2))
    ),
    "gap, all": rules(**BY_BUDGET, no_claim=NoClaim(kind="gap", threshold=Fraction(9, 10), rate=Fraction(1, 2))),
    "flat, all": rules(**BY_BUDGET, no_claim=NoClaim(kind="flat", threshold=Fraction(9, 10), rate=Fraction(1, 10))),
    "gap, claimers": rules(**BY_BUDGET, no_claim=NoClaim(kind="gap", threshold=Fraction(2), rate=Fraction(1), paid_by="claimers")),
    "flat, claimers": rules(**BY_BUDGET, no_claim=NoClaim(kind="flat", threshold=Fraction(1), rate=Fraction(1, 4), paid_by="claimers")),
    "plafond": rules(budget_measure="budget", cap=Fraction(6, 5)),
    "tight plafond": rules(budget_measure="budget", cap=Fraction(3, 4), key_terms=(KeyTerm(measure="nul"),)),
    "everything": layered(
        CLIENT, ABOVE, BAND, QUOTA, inleg="budget", cap=Fraction(6, 5), no_claim=NoClaim(kind="gap", threshold=Fraction(1, 2), rate=Fraction(1, 3))
    ),
}  # fmt: skip


def some_year(seed: int) -> list[CostLine]:
    """Cost of four years, made up by seed: clients who come back, credits, a cost without client, and now and then nothing at all."""
    chance = random.Random(seed)
    lines = []
    for code in CODES:
        for client in range(chance.choice((0, 1, 3, 6))):
            for year in range(YEAR - LAGS, YEAR + 1):
                for category in CATEGORIES:
                    if chance.random() < 0.5:
                        cents = int(chance.lognormvariate(11.3, 1.1)) * (-1 if chance.random() < 0.08 else 1)
                        lines.append(line(code, cents, year, client=f"{code}{client}", category=category))
        lines.append(line(code, chance.choice((0, 12_345)), client=None))
    return lines


def sample_of(
    years: Sequence[Sequence[CostLine]], bands: Sequence[ClientBand], columns: dict[str, int]
) -> tuple[Sample, dict[ClientBand, Any]]:
    """The lines as arrays, counted one by one."""
    cost = [np.zeros((len(years), len(CODES), max(columns.values()) + 1)) for _ in range(LAGS + 1)]
    found = {band: np.zeros((len(years), len(CODES))) for band in bands}
    for number, lines in enumerate(years):
        clients: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for each in lines:
            where = (number, CODES.index(each.municipality), columns[each.category])
            cost[YEAR - each.service_date.year][where] += each.bedrag_cent
            if each.client is not None and each.service_date.year == YEAR:
                clients[each.municipality, each.client][columns[each.category]] += each.bedrag_cent
        for band in bands:
            for (code, _), amounts in clients.items():
                net = sum(amounts.get(column, 0) for column in band.columns)
                top = net if band.upper is None else min(net, band.upper)
                found[band][number, CODES.index(code)] += max(0, top - band.lower)
    return Sample(cost=tuple(cost), bands=()), found


def both(
    agreement: Agreement, extra: Sequence[MeasureValue] = (), history: History | None = None
) -> tuple[list[dict[str, Fraction]], Any, Any]:
    """Exact contributions per year, those of the vectorised form, and the years without an answer."""
    years = [some_year(seed) for seed in range(COUNT)]
    history = history or History()
    values = Measures([*all_measures(), *extra])
    columns = columns_of([agreement], YEAR, CATEGORIES)
    facts = Facts(costs=Costs(each for lines in years for each in lines), measures=values, history=history)
    vector = VectorAgreement(agreement, YEAR, facts, CODES, columns)
    sample, bands = sample_of(years, sorted(vector.bands, key=repr), columns)
    exact = []
    for lines in years:
        borne: dict[str, Fraction] = dict.fromkeys(CODES, Fraction(0))
        inside = {(m.municipality, category) for a in agreement.arrangements for m in a.members for category in a.categories}
        for each in lines:
            if each.service_date.year == YEAR and (each.municipality, each.category) not in inside:
                borne[each.municipality] += each.bedrag_cent
        try:
            for row in settle(agreement, Costs(lines), values, history):
                borne[row.municipality] += row.contribution_exact_cents
        except RegelingOngeldig as refused:
            if "hoger dan alle plafonds" not in str(refused):
                raise
            borne = {}
        exact.append(borne)
    return exact, *vector.contributions(sample, bands)


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_the_calculator(kind: str) -> None:
    """To a hundredth of a cent, before the rounding; a year that the calculator refuses is counted as such."""
    exact, found, failed = both(Agreement(name=kind, arrangements=KINDS[kind]))

    assert sum(map(bool, exact)) >= COUNT // 3
    for number, borne in enumerate(exact):
        assert failed[number] == (not borne)
        for index, code in enumerate(CODES):
            assert not borne or abs(float(borne[code]) - found[number, index]) < 0.01, f"year {number}, {code}"


def test_kinds_do_something() -> None:
    """Every kind but the trivial ones gives another outcome than bearing one's own cost."""
    _, alone, _ = both(Agreement(name="profijt", arrangements=KINDS["profijt"]))

    for kind, arrangements in KINDS.items():
        _, found, _ = both(Agreement(name=kind, arrangements=arrangements))
        assert np.array_equal(found, alone) == (kind in {"profijt", "layer of another year"}), kind


@pytest.mark.parametrize(
    ("kind", "part"), [(kind, part) for kind, (first, *_) in KINDS.items() for part in ("cap", "no_claim") if getattr(first, part)]
)
def test_plafond_and_no_claim_bite(kind: str, part: str) -> None:
    """What the samples are to test does happen in them: without it the outcome is another in several years."""
    _, with_it, _ = both(Agreement(name=kind, arrangements=KINDS[kind]))

    missing: dict[str, Any] = {part: None}
    _, without, _ = both(Agreement(name=kind, arrangements=(replace(KINDS[kind][0], **missing),)))

    assert (np.abs(with_it - without).max(axis=1) > 1).sum() >= 3


def test_agrees_with_kept_amounts() -> None:
    history = History(kept=(KeptAmount(arrangement="R", year=YEAR, municipality="B", bedrag_cent=54_321),))

    exact, found, _ = both(Agreement(name="ouderbijdrage", arrangements=KINDS["all layers"]), history=history)
    _, without, _ = both(Agreement(name="ouderbijdrage", arrangements=KINDS["all layers"]))

    assert not np.allclose(found, without)
    assert np.allclose(found, [[float(borne[code]) for code in CODES] for borne in exact], atol=0.01)


def test_agrees_with_one_premium_for_the_region() -> None:
    terms = (KeyTerm(measure="inwoners"), KeyTerm(role="premium", measure=COST, lag_from=1, lag_to=3))
    agreement = an_agreement(members=members("A", "B", "C"), inleg="premium", key_terms=terms, reserve=True)

    exact, found, _ = both(agreement, [region("premium_total", "25000"), region("premium_index", "1.031")])

    assert np.allclose(found, [[float(borne[code]) for code in CODES] for borne in exact], atol=0.01)


def test_agrees_after_a_merger_and_with_a_gap_in_a_measure() -> None:
    """X became part of B this year; the inwoners of C two years ago are not known."""
    values = [MeasureValue(measure="inwoners", municipality="X", year=year, value=Fraction(5_000)) for year in range(YEAR - LAGS, YEAR)]
    history = History(
        mergers=(Merger(date=date(YEAR, 1, 1), predecessor="X", successor="B"),),
        gaps=frozenset({Gap(municipality="C", measure="inwoners", year=YEAR - 2)}),
    )
    agreement = an_agreement(
        members=members("A", "B", "C"), key_terms=(KeyTerm(measure="inwoners", lag_from=1, lag_to=3),), fallback_measure="budget"
    )

    exact, found, _ = both(agreement, values, history)

    assert np.allclose(found, [[float(borne[code]) for code in CODES] for borne in exact], atol=0.01)


def test_years_above_all_plafonds_are_counted_and_still_borne() -> None:
    exact, found, failed = both(Agreement(name="krap", arrangements=KINDS["tight plafond"]))
    _, own, _ = both(Agreement(name="profijt", arrangements=KINDS["profijt"]))

    assert 0 < failed.sum() == sum(not borne for borne in exact) < COUNT
    assert np.allclose(found.sum(axis=1), own.sum(axis=1))


REFUSED: dict[str, tuple[Agreement, History, type[Exception], str]] = {
    "leaver within the year": (
        an_agreement(members=(*members("A"), Membership(municipality="B", until=date(YEAR, 7, 1)))), History(), NietOndersteund, "hele kalenderjaren",
    ),
    "gap in the cost": (
        an_agreement(key_terms=(KeyTerm(measure=COST, lag_from=1, lag_to=1),), fallback_measure="inwoners"),
        History(gaps=frozenset({Gap(municipality="B", measure=COST, year=YEAR - 1)})), NietOndersteund, "gat in de kosten",
    ),
    "premium by the cost of the year itself": (
        an_agreement(inleg="history", key_terms=(KeyTerm(measure="inwoners"), KeyTerm(role="premium", measure=COST))),
        History(), NietOndersteund, "minstens een jaar terug",
    ),
    "another year": (an_agreement(since=date(YEAR + 1, 1, 1), until=date(YEAR + 2, 1, 1)), History(), RegelingOngeldig, "geen regeling geldt"),
    "missing measure": (an_agreement(key_terms=(KeyTerm(measure="draagkracht"),)), History(), RegelingOngeldig, "draagkracht van A"),
    "weights": (an_agreement(key_terms=(KeyTerm(measure="inwoners", weight=Fraction(1, 2)),)), History(), RegelingOngeldig, "gewicht"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_sentence_what_it_cannot_simulate(name: str) -> None:
    agreement, history, kind, sentence = REFUSED[name]
    facts = Facts(costs=Costs(some_year(1)), measures=Measures(all_measures()), history=history)

    with pytest.raises(kind, match=sentence):
        VectorAgreement(agreement, YEAR, facts, CODES, columns_of([agreement], YEAR, CATEGORIES))
