"""Invariants of section 2.7 to 2.11 on generated agreements and cost, and an independent computation of small cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, groupby
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.verdeling import divide, largest_remainder
from app.solidarity import (
    Agreement,
    Arrangement,
    CostLine,
    Costs,
    KeyTerm,
    Layer,
    Measures,
    MeasureValue,
    Membership,
    NoClaim,
    ShareRow,
    Years,
    monthly_advance,
    settle,
    waarborg,
)
from app.solidarity.agreement import Averaging, Inleg, Side, Unit
from app.solidarity.csvform import SettlementInput, read_inputs
from app.solidarity.csvinput import write_inputs
from app.solidarity.history import Gap, History, KeptAmount
from app.solidarity.payment import spread_settlement

pytestmark = pytest.mark.slow

NAMES = ("Aadorp", "Beekveld", "Cromhoek", "Duinrade", "Élst")
FIRST_YEAR, LAST_YEAR = 2019, 2022
MEASURES = ("inwoners", "budget", "premium")

names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True).map(sorted)
cents = st.integers(-50_000, 500_000)
fractions = st.fractions(0, 1, max_denominator=12)
days = st.dates(date(2021, 1, 2), date(2021, 12, 31))


@dataclass(frozen=True)
class Case:
    """Everything a settlement needs."""

    arrangement: Arrangement
    lines: tuple[CostLine, ...]
    values: tuple[MeasureValue, ...]
    history: History

    def rows(self) -> list[ShareRow]:
        """Settle it."""
        return settle(Agreement(name="test", arrangements=(self.arrangement,)), Costs(self.lines), Measures(self.values), self.history)


@st.composite
def cost_lines(draw: st.DrawFn) -> tuple[CostLine, ...]:
    """Lines of four years, two categories, some with a client; credits too."""
    one = st.builds(
        CostLine,
        municipality=st.sampled_from(NAMES),
        category=st.sampled_from(("GEN", "SPEC")),
        service_date=st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)),
        bedrag_cent=cents,
        client=st.sampled_from((None, "k1", "k2")),
    )
    return tuple(draw(st.lists(one, max_size=25)))


@st.composite
def measure_values(draw: st.DrawFn) -> tuple[MeasureValue, ...]:
    """A value for every measure, municipality and year; some are zero."""
    return tuple(
        MeasureValue(measure=measure, municipality=name, year=year, value=Fraction(draw(st.integers(0, 40)), 4))
        for measure in MEASURES
        for name in NAMES
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    )


@st.composite
def key_terms(draw: st.DrawFn, role: str) -> list[KeyTerm]:
    """One or two terms that weigh 1 together."""
    weights = draw(st.sampled_from([(Fraction(1),), (Fraction(1, 3), Fraction(2, 3))]))
    found = []
    for weight in weights:
        lag_from = draw(st.integers(0, 2))
        term = KeyTerm(
            role=role,
            measure=draw(st.sampled_from(("cost", "inwoners"))),
            lag_from=lag_from,
            lag_to=draw(st.integers(lag_from, 2)),
            averaging=draw(st.sampled_from(get_args(Averaging))),
            weight=weight,
        )
        found.append(term)
    return found


@st.composite
def layers(draw: st.DrawFn) -> tuple[Layer, ...]:
    """None, or one of each basis, with bounds in any unit."""
    if draw(st.booleans()):
        return ()
    found = []
    if draw(st.booleans()):
        bounds = sorted(draw(st.lists(st.integers(0, 300_000), min_size=2, max_size=2, unique=True)))
        found.append(Layer(basis="client", lower=Fraction(bounds[0]), upper=Fraction(bounds[1]), share=draw(fractions), role="eigen"))
    if draw(st.booleans()):
        side, unit = draw(st.sampled_from(get_args(Side))), draw(st.sampled_from(get_args(Unit)))
        found.append(Layer(basis="deviation", side=side, unit=unit, lower=draw(fractions), share=draw(fractions)))
    return (*found, Layer(basis="cost", share=draw(fractions)))


@st.composite
def cases(draw: st.DrawFn, /, **fixed: Any) -> Case:
    """Any agreement of one arrangement over 2021 and 2022 without reserve or plafond, with a joiner or leaver inside 2021."""
    group = draw(names)
    moments = [draw(st.sampled_from(("stays", "joins", "leaves"))) for _ in group]
    day = draw(days)
    inleg: Inleg = draw(st.sampled_from(get_args(Inleg)))
    terms = [term for role in ("key", "rest", "eigen") for term in draw(key_terms(role))]
    history_terms = [KeyTerm(role="premium", measure="cost", lag_from=1, lag_to=2)] if inleg == "history" else []
    no_claim = st.builds(NoClaim, kind=st.sampled_from(("gap", "flat")), threshold=fractions, rate=fractions, paid_by=st.just("all"))
    arrangement = Arrangement(
        code="R",
        since=date(2021, 1, 1),
        until=date(2023, 1, 1),
        categories=("SPEC", "GEN"),
        pool_by=draw(st.sampled_from(("arrangement", "category"))),
        members=tuple(
            Membership(municipality=name, since=day if moment == "joins" else None, until=day if moment == "leaves" else None)
            for name, moment in zip(group, moments, strict=True)
        ),
        key_terms=(*terms, *history_terms),
        layers=draw(layers()),
        inleg=inleg,
        budget_measure="budget",
        local_share=draw(fractions),
        no_claim=draw(st.none() | no_claim) if inleg != "none" else None,
        fallback_measure="inwoners",
    )
    return Case(replace(arrangement, **fixed), draw(cost_lines()), draw(measure_values()), History())


@given(cases())
@settings(max_examples=80, deadline=None)
def test_every_pool_closes_to_the_cent(case: Case) -> None:
    """Settlements add up to zero, contributions to the cost, each within a cent of its exact value."""
    for _, pool in groupby(case.rows(), key=lambda row: (row.period_from, row.pool)):
        rows = list(pool)
        assert sum(row.settlement_cent for row in rows) == 0
        assert sum(row.contribution_cent for row in rows) == sum(row.own_cost_cent for row in rows)
        assert sum(row.contribution_exact_cents for row in rows) == sum(row.own_cost_cent for row in rows)
        assert all(abs(row.contribution_cent - row.contribution_exact_cents) < 1 for row in rows)


@given(cases())
@settings(max_examples=40, deadline=None)
def test_pooled_cost_is_the_cost_of_members_while_they_are_one(case: Case) -> None:
    """Own cost of all rows is the sum of the lines of members, on their days, in the categories: no line lost or counted twice."""
    expected = sum(
        line.bedrag_cent
        for line in case.lines
        for member in case.arrangement.members
        if line.municipality == member.municipality
        and line.service_date.year in (2021, 2022)
        and (member.since is None or member.since <= line.service_date)
        and (member.until is None or line.service_date < member.until)
    )

    assert sum(row.own_cost_cent for row in case.rows()) == expected


@given(cases(inleg="none", no_claim=None, layers=(Layer(basis="cost", share=Fraction(0)),)))
@settings(max_examples=50, deadline=None)
def test_profijt_settles_nothing(case: Case) -> None:
    """Nothing shared: everyone pays its own cost."""
    assert all(row.settlement_cent == 0 and row.contribution_exact_cents == row.own_cost_cent for row in case.rows())


@given(names, st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), cents), max_size=10), measure_values())
@settings(max_examples=40, deadline=None)
def test_waarborg_does_not_depend_on_who_had_the_cost(
    group: list[str], costs: list[tuple[str, str, int]], values: tuple[MeasureValue, ...]
) -> None:
    """The same cost with other members: equal contributions."""
    agreement = waarborg(["SPEC"], group, range(2021, 2022))
    one, other = (
        [
            CostLine(
                municipality=group[NAMES.index(who[side]) % len(group)], category="SPEC", service_date=date(2021, 5, 1), bedrag_cent=who[2]
            )
            for who in costs
        ]
        for side in (0, 1)
    )

    found = [
        [(row.municipality, row.contribution_cent) for row in settle(agreement, Costs(lines), Measures(values))] for lines in (one, other)
    ]

    assert found[0] == found[1]


@given(cases(), st.permutations(NAMES))
@settings(max_examples=40, deadline=None)
def test_renaming_municipalities_only_renames_exact_results(case: Case, new_names: list[str]) -> None:
    """Names decide nothing but ties in the rounding."""
    new = dict(zip(NAMES, new_names, strict=True))
    members = tuple(replace(member, municipality=new[member.municipality]) for member in case.arrangement.members)
    renamed = Case(
        replace(case.arrangement, members=members),
        tuple(replace(line, municipality=new[line.municipality]) for line in case.lines),
        tuple(replace(value, municipality=new[value.municipality]) for value in case.values),
        History(),
    )

    def exact(rows: list[ShareRow], names: Mapping[str, str]) -> dict[tuple[date, str, str], Fraction]:
        return {(row.period_from, row.pool, names[row.municipality]): row.contribution_exact_cents for row in rows}

    assert exact(case.rows(), new) == exact(renamed.rows(), {name: name for name in NAMES})


@given(cases(), st.data())
@settings(max_examples=40, deadline=None)
def test_splitting_and_shuffling_lines_changes_nothing(case: Case, data: st.DataObject) -> None:
    """A line in two parts with the same client and day is the same cost."""
    split: list[CostLine] = []
    for line in case.lines:
        part = data.draw(cents)
        split += [replace(line, bedrag_cent=part), replace(line, bedrag_cent=line.bedrag_cent - part)]
    shuffled = tuple(data.draw(st.permutations(split)))

    assert replace(case, lines=shuffled).rows() == case.rows()


@given(cases(), st.sampled_from((Fraction(1), Fraction(11, 10))))
@settings(max_examples=100, deadline=None)
def test_plafond_is_never_exceeded(case: Case, cap: Fraction) -> None:
    """Plafonds of an equal part of all cost and one euro more: nobody is above its own, and the pool still closes."""
    everyone = tuple(replace(member, since=None, until=None) for member in case.arrangement.members)
    plafond = sum(abs(line.bedrag_cent) for line in case.lines) // len(everyone) + 100
    values = tuple(replace(v, value=plafond / cap / 100) if v.measure == "budget" else v for v in case.values)
    capped = replace(case.arrangement, cap=cap, local_share=Fraction(0), pool_by="arrangement", members=everyone)

    rows = replace(case, arrangement=capped, values=values).rows()

    assert all(row.contribution_exact_cents <= plafond for row in rows)
    assert sum(row.settlement_cent for row in rows) == 0


@given(cases(inleg="history", reserve=True, no_claim=None, layers=()), st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_deferral_pays_each_euro_in_equal_yearly_parts(case: Case, n: int) -> None:
    """Vlaktaks uitstel: what somebody spent in 2019 and 2020 and pays on after that is 1/n of it in each of n years (2.12)."""
    nobody_moves = tuple(replace(member, since=None, until=None) for member in case.arrangement.members)
    terms = (KeyTerm(measure="cost"), KeyTerm(role="premium", measure="cost", lag_from=1, lag_to=n))
    deferred = replace(
        case.arrangement, members=nobody_moves, key_terms=terms, until=date(2022 + n, 1, 1), pool_by="arrangement", fallback_measure=None
    )
    positive = tuple(replace(line, bedrag_cent=abs(line.bedrag_cent), service_date=date(2020, 3, 1)) for line in case.lines)

    paid: dict[str, Fraction] = defaultdict(Fraction)
    for row in replace(case, arrangement=deferred, lines=positive).rows():
        paid[row.municipality] += row.contribution_exact_cents

    for member in nobody_moves:
        assert paid[member.municipality] == sum(line.bedrag_cent for line in positive if line.municipality == member.municipality)


@given(st.dictionaries(st.sampled_from(NAMES), st.fractions(-100, 100, max_denominator=9), min_size=1))
@settings(max_examples=150, deadline=None)
def test_largest_remainder_equals_trying_every_choice(exact: dict[str, Fraction]) -> None:
    """Of all ways to give the missing cents, the one that serves the largest fractional parts and then the first names."""
    total = round(sum(exact.values()))

    found = largest_remainder(exact, total)

    assert found == _rounded_by_trying(exact, total)


@given(st.integers(-1000, 1000), st.dictionaries(st.sampled_from(NAMES), st.integers(0, 50), min_size=1).filter(lambda w: any(w.values())))
@settings(max_examples=100, deadline=None)
def test_divided_parts_add_up(total: int, weights: dict[str, int]) -> None:
    """Nothing lost, and no part for weight zero."""
    parts = divide(total, weights)

    assert sum(parts.values()) == total
    assert all(parts[name] == 0 for name, weight in weights.items() if not weight)


@given(st.dictionaries(st.sampled_from(NAMES), cents, min_size=2), st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any))
@settings(max_examples=100, deadline=None)
def test_spread_is_exact_by_row_and_by_column(settlement: dict[str, int], weights: list[int]) -> None:
    """Each step adds up to zero, each municipality to its settlement."""
    last = max(settlement)
    settlement |= {last: settlement[last] - sum(settlement.values())}

    steps = spread_settlement(settlement, [Fraction(weight, sum(weights)) for weight in weights])

    assert all(sum(step.values()) == 0 for step in steps)
    assert {name: sum(step[name] for step in steps) for name in settlement} == settlement


@given(st.integers(-(10**12), 10**12))
@settings(max_examples=100, deadline=None)
def test_twelve_advances_make_the_year(year_cent: int) -> None:
    """Whatever the amount."""
    assert sum(monthly_advance(year_cent, month) for month in range(1, 13)) == year_cent


@given(cases(), st.booleans())
@settings(max_examples=40, deadline=None)
def test_input_survives_writing_and_reading(case: Case, with_facts: bool) -> None:
    """The stored texts of a run give the same input, so the same result."""
    kept = KeptAmount(arrangement="R", year=2021, municipality="Aadorp", bedrag_cent=-5, reason='met "aanhaling", en komma')
    history = History(gaps=frozenset({Gap(municipality="Élst", measure="cost", year=2020)}), kept=(kept,)) if with_facts else History()
    given_input = SettlementInput(
        agreement=Agreement(name="regeling", arrangements=(case.arrangement,)), lines=case.lines, measures=case.values, history=history
    )

    assert read_inputs(write_inputs(given_input)) == given_input


@given(
    amounts=st.lists(st.integers(-5, 60), max_size=12),
    bounds=st.tuples(st.integers(0, 40), st.none() | st.integers(1, 40)),
    share=fractions,
    leaves=days,
)
@settings(max_examples=80, deadline=None)
def test_client_layer_equals_its_definition(amounts: list[int], bounds: tuple[int, int | None], share: Fraction, leaves: date) -> None:
    """p x max(0, min(x, U) - L) per client, with bounds for the days of the segment; clients are numbered."""
    lower, upper = Fraction(bounds[0]), None if bounds[1] is None else Fraction(bounds[0] + bounds[1])
    arrangement = Arrangement(
        code="R",
        since=date(2021, 1, 1),
        until=leaves,
        categories=("SPEC",),
        members=(Membership(municipality="A"), Membership(municipality="B")),
        key_terms=(KeyTerm(measure="geen", lag_from=1, lag_to=1),),
        layers=(Layer(basis="client", lower=lower, upper=upper, share=share),),
    )
    lines = tuple(
        CostLine(municipality="A", category="SPEC", service_date=date(2021, 1, 1), bedrag_cent=amount, client=str(number))
        for number, amount in enumerate(amounts)
    )
    values = tuple(MeasureValue(measure="geen", municipality=name, year=2020, value=Fraction(name == "B")) for name in "AB")

    (_, other) = Case(arrangement, lines, values, History()).rows()

    phi = Fraction((leaves - date(2021, 1, 1)).days, 365)
    tops = [Fraction(amount) if upper is None else min(Fraction(amount), upper * phi) for amount in amounts]
    assert other.contribution_exact_cents == share * sum(max(Fraction(0), top - lower * phi) for top in tops)


@given(
    group=names,
    lines=cost_lines(),
    values=measure_values(),
    n=st.integers(1, 2),
    averaging=st.sampled_from(get_args(Averaging)),
    quota=fractions,
    leaves=days,
)
@settings(max_examples=80, deadline=None)
def test_vlaktaks_with_quota_equals_an_independent_computation(
    group: list[str],
    lines: tuple[CostLine, ...],
    values: tuple[MeasureValue, ...],
    n: int,
    averaging: Averaging,
    quota: Fraction,
    leaves: date,
) -> None:
    """The first member leaves inside 2021; shares, quota and rounding recomputed day by day from the definitions."""
    arrangement = Arrangement(
        code="R",
        since=date(2021, 1, 1),
        until=date(2022, 1, 1),
        categories=("SPEC", "GEN"),
        members=tuple(Membership(municipality=name, until=leaves if name == group[0] else None) for name in group),
        key_terms=(KeyTerm(measure="cost", lag_from=1, lag_to=n, averaging=averaging),),
        layers=(Layer(basis="cost", share=quota, years=Years(first=2021)),),
        fallback_measure="inwoners",
    )

    found = {(row.period_from, row.municipality): row.contribution_cent for row in Case(arrangement, lines, values, History()).rows()}

    inwoners = {v.municipality: v.value for v in values if v.measure == "inwoners" and v.year == 2021}
    expected = {}
    for since, until, present in ((date(2021, 1, 1), leaves, group), (leaves, date(2022, 1, 1), group[1:])):
        for name, amount in _brute_force(present, lines, inwoners, n, averaging, quota, since, until).items():
            expected[since, name] = amount
    assert found == expected


def _brute_force(
    group: list[str],
    lines: tuple[CostLine, ...],
    inwoners: dict[str, Fraction],
    n: int,
    averaging: Averaging,
    quota: Fraction,
    since: date,
    until: date,
) -> dict[str, int]:
    """One segment, straight from the definitions and day by day; shares no code with the calculator."""
    span = {since + timedelta(days=i) for i in range((until - since).days)}
    own = {i: sum(line.bedrag_cent for line in lines if line.municipality == i and line.service_date in span) for i in group}
    past = {
        (i, lag): sum(line.bedrag_cent for line in lines if line.municipality == i and line.service_date.year == 2021 - lag)
        for i in group
        for lag in range(1, n + 1)
    }
    if averaging == "sum":
        windows = [{i: sum(past[i, lag] for lag in range(1, n + 1)) for i in group}]
    else:
        windows = [{i: past[i, lag] for i in group} for lag in range(1, n + 1)]
    weight = {i: Fraction(0) for i in group}
    for window in windows:
        raw = {i: Fraction(max(0, amount)) for i, amount in window.items()}
        if sum(raw.values()) == 0:
            raw = {i: inwoners[i] for i in group} if any(inwoners[i] for i in group) else dict.fromkeys(group, Fraction(1))
        for i in group:
            weight[i] += raw[i] / sum(raw.values()) / len(windows)
    pool = quota * sum(own.values())
    return _rounded_by_trying({i: (1 - quota) * own[i] + weight[i] * pool for i in group}, sum(own.values()))


def _rounded_by_trying(exact: Mapping[str, Fraction], total: int) -> dict[str, int]:
    """Largest remainder by looking at every set of names that could get the missing cents."""
    floors = {name: int(amount // 1) for name, amount in exact.items()}
    missing = total - sum(floors.values())
    ordered = sorted(exact)
    best = max(
        combinations(ordered, missing),
        key=lambda chosen: (
            sorted((exact[name] - floors[name] for name in chosen), reverse=True),
            [-ordered.index(name) for name in chosen],
        ),
        default=(),
    )
    return {name: floors[name] + (name in best) for name in exact}
