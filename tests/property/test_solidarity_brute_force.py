"""The calculator against section 2 computed by hand (`verevening_met_de_hand`), on generated agreements, ledgers and mergers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.solidarity import (
    Agreement,
    Arrangement,
    CostLine,
    Costs,
    Gap,
    History,
    KeptAmount,
    KeyTerm,
    Layer,
    Measures,
    MeasureValue,
    Membership,
    Merger,
    NoClaim,
    RegelingOngeldig,
    ShareRow,
    Years,
    reserve_course,
    roll_up,
    settle,
)
from app.solidarity.agreement import Averaging, Inleg, Side, Unit
from app.solidarity.agreementcheck import agreement_objections
from app.solidarity.csvform import SettlementInput
from app.solidarity.document import document_of
from app.solidarity.documentcheck import value_objections
from app.solidarity.leavers import leavers
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document
from app.solidarity.words import DocumentNaming
from tests.property.verevening_met_de_hand import Geweigerd, Outcome, settle_by_hand

pytestmark = pytest.mark.slow

START, END = date(2020, 1, 1), date(2022, 1, 1)
"""Two settled years, the first a leap year; keys look back to 2018."""
MERGED, SUCCESSOR = ("Dorp", "Engh"), "Fenne"
STAYING = ("Aad", "Beek", "Cromme")
CATEGORIES = ("GEN", "SPEC")
fractions = st.fractions(0, 1, max_denominator=6)
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@dataclass(frozen=True)
class World:
    """A region with one arrangement."""

    arrangement: Arrangement
    lines: tuple[CostLine, ...]
    values: tuple[MeasureValue, ...]
    history: History

    @property
    def agreement(self) -> Agreement:
        """Its agreement."""
        return Agreement(name="test", arrangements=(self.arrangement,))

    def rows(self) -> list[ShareRow]:
        """Settled by the calculator."""
        return settle(self.agreement, Costs(self.lines), Measures(self.values), self.history)

    def by_hand(self) -> Outcome:
        """Settled by hand."""
        return settle_by_hand([self.arrangement], list(self.lines), list(self.values), self.history)


def years() -> st.SearchStrategy[Years]:
    """Mostly always."""
    return st.sampled_from((Years(), Years(), Years(first=2020), Years(last=2021)))


@st.composite
def terms(draw: st.DrawFn, role: str) -> list[KeyTerm]:
    """A key of one or two terms that weigh 1, or another key from the second year on."""
    kind = draw(st.sampled_from(("one", "two", "changes")))
    spans = {
        "one": [(Fraction(1), Years())],
        "two": [(Fraction(1, 3), Years()), (Fraction(2, 3), Years())],
        "changes": [(Fraction(1), Years(last=2020)), (Fraction(1), Years(first=2021))],
    }
    found = []
    for weight, span in spans[kind]:
        lag = draw(st.integers(0, 2))
        found.append(
            KeyTerm(
                role=role,
                measure=draw(st.sampled_from(("cost", "inwoners"))),
                lag_from=lag,
                lag_to=draw(st.integers(lag, 2)),
                averaging=draw(st.sampled_from(get_args(Averaging))),
                weight=weight,
                years=span,
            )
        )
    return found


@st.composite
def layers(draw: st.DrawFn) -> list[Layer]:
    """Up to two client layers that follow each other, deviations on both sides, a quota; any of them under a key of its own."""
    found: list[Layer] = []
    if draw(st.booleans()):
        low, high = sorted(draw(st.lists(st.integers(0, 3_000), min_size=2, max_size=2, unique=True)))
        role = draw(st.sampled_from(("key", "dure")))
        found.append(
            Layer(basis="client", lower=Fraction(low), upper=Fraction(high), share=draw(fractions), role=role, years=draw(years()))
        )
        if draw(st.booleans()):
            found.append(Layer(basis="client", lower=Fraction(high), share=draw(fractions), role="dure"))
    if draw(st.booleans()):
        unit: Unit = draw(st.sampled_from(get_args(Unit)))
        edge = draw(fractions) + Fraction(1, 6) if unit == "pct" else Fraction(draw(st.integers(1, 2_000)))
        side: Side = draw(st.sampled_from(get_args(Side)))
        found.append(Layer(basis="deviation", side=side, unit=unit, upper=edge, share=draw(fractions), years=draw(years())))
        if draw(st.booleans()):
            found.append(Layer(basis="deviation", side=side, unit=unit, lower=edge, share=draw(fractions)))
    if draw(st.booleans()):
        found.append(Layer(basis="cost", share=draw(fractions), role=draw(st.sampled_from(("key", "dure"))), years=draw(years())))
    return found


@st.composite
def members(draw: st.DrawFn, merging: date | None) -> list[Membership]:
    """Who stays, one who joins or leaves, and with a merger the two predecessors until that day and the successor after it."""
    moment = draw(st.dates(date(2020, 2, 1), date(2021, 12, 1)))
    change = draw(st.sampled_from(("stays", "joins", "leaves")))
    found = [Membership(municipality=name) for name in STAYING[: draw(st.integers(1, 2))]]
    found.append(
        Membership(municipality="Cromme", since=moment if change == "joins" else None, until=moment if change == "leaves" else None)
    )
    if merging is not None:
        found += [Membership(municipality=name, until=merging) for name in MERGED]
        found.append(Membership(municipality=SUCCESSOR, since=merging))
    return found


@st.composite
def ledgers(draw: st.DrawFn, merging: date | None) -> tuple[CostLine, ...]:
    """Lines of four years, credits too, clients or not; lines after the merger still coded on a predecessor too."""
    names = (*STAYING, *MERGED, *([SUCCESSOR] if merging else []))
    one = st.builds(
        CostLine,
        municipality=st.sampled_from(names),
        category=st.sampled_from(CATEGORIES),
        service_date=st.dates(date(2018, 1, 1), date(2021, 12, 31)),
        bedrag_cent=st.integers(-1_500, 6_000),
        client=st.sampled_from((None, "k1", "k2")),
    )
    lines = draw(st.lists(one, max_size=14))
    return tuple(line for line in lines if not (merging and line.municipality == SUCCESSOR and line.service_date < merging))


@st.composite
def measured(draw: st.DrawFn, merging: date | None) -> tuple[MeasureValue, ...]:
    """Every measure of who existed on 1 January; sometimes one of a category, sometimes a premium of the whole region."""
    found = []
    for measure in ("inwoners", "budget", "premium"):
        for year in range(2018, 2022):
            first = date(year, 1, 1)
            old = [name for name in MERGED if not (merging and merging <= first)]
            new = [SUCCESSOR] if merging and merging <= first else []
            for name in (*STAYING, *old, *new):
                value = Fraction(draw(st.integers(0, 60)), 4)
                found.append(MeasureValue(measure=measure, municipality=name, year=year, value=value))
    if draw(st.booleans()):
        found.append(MeasureValue(measure="inwoners", municipality="Aad", year=2020, value=Fraction(7), category="SPEC"))
    if draw(st.booleans()):
        found += [MeasureValue(measure="premium_total", municipality="*", year=year, value=Fraction(40)) for year in (2020, 2021)]
        found.append(MeasureValue(measure="premium_index", municipality="*", year=2021, value=Fraction(11, 10)))
    return tuple(found)


@st.composite
def worlds(draw: st.DrawFn, /, **fixed: Any) -> World:
    """Any arrangement that passes its own checks, over 2020 and 2021."""
    merging = draw(st.none() | st.dates(date(2020, 2, 1), date(2021, 11, 1)) | st.just(date(2021, 1, 1)))
    inleg: Inleg = draw(st.sampled_from(("none", *get_args(Inleg))))
    found_layers = draw(layers())
    roles = ["key", "rest", *sorted({layer.role for layer in found_layers} - {"key"})]
    premium = [KeyTerm(role="premium", measure="cost", lag_from=1, lag_to=draw(st.integers(1, 2)))] if inleg == "history" else []
    no_claim = st.builds(
        NoClaim, kind=st.sampled_from(("gap", "flat")), threshold=fractions, rate=fractions, paid_by=st.sampled_from(("all", "claimers"))
    )
    arrangement = Arrangement(
        code="R",
        since=START,
        until=END,
        categories=CATEGORIES,
        pool_by=draw(st.sampled_from(("arrangement", "category"))),
        members=tuple(draw(members(merging))),
        key_terms=(*(term for role in roles for term in draw(terms(role))), *premium),
        layers=tuple(found_layers),
        inleg=inleg,
        budget_measure="budget",
        local_share=draw(st.sampled_from((Fraction(0), Fraction(3, 100), Fraction(1, 3)))),
        reserve=inleg != "none" and draw(st.booleans()),
        no_claim=draw(st.none() | no_claim) if inleg != "none" else None,
        cap=draw(st.none() | st.just(Fraction(40))),
        fallback_measure="inwoners",
    )
    arrangement = replace(arrangement, **fixed)
    gaps = frozenset({Gap(municipality="Cromme", measure="cost", year=2019)}) if draw(st.booleans()) else frozenset()
    kept: tuple[KeptAmount, ...] = ()
    if draw(st.booleans()):
        category = "SPEC" if arrangement.pool_by == "category" else None
        kept = (KeptAmount(arrangement="R", year=2020, municipality="Aad", bedrag_cent=draw(st.integers(0, 900)), category=category),)
    mergers = tuple(Merger(date=merging, predecessor=name, successor=SUCCESSOR) for name in MERGED) if merging else ()
    world = World(
        arrangement,
        draw(ledgers(merging)),
        draw(measured(merging)),
        History(mergers=mergers, gaps=gaps, kept=kept, reserve_cent={"R": 1_000}),
    )
    assume(not agreement_objections(world.agreement))
    return world


def settled_or_none(world: World) -> list[ShareRow] | None:
    """The rows, or None when the region cannot be settled."""
    try:
        return world.rows()
    except RegelingOngeldig:
        return None


@given(worlds())
@SLOW
def test_calculator_equals_the_definitions_computed_by_hand(world: World) -> None:
    """Own cost, exact and rounded contribution of every row; what the one refuses the other refuses."""
    assert_equal_by_hand(world)


CLAIMERS = NoClaim(kind="gap", threshold=Fraction(4, 5), rate=Fraction(1, 2), paid_by="claimers")
RARE: dict[str, dict[str, Any]] = {
    "refunds paid by claimers": {"inleg": "premium", "reserve": False, "no_claim": CLAIMERS, "cap": None},
    "flat refunds": {"inleg": "budget", "reserve": False, "no_claim": replace(CLAIMERS, kind="flat"), "cap": None},
    "a plafond that binds": {"inleg": "none", "reserve": False, "no_claim": None, "cap": Fraction(3)},
    "a reserve": {"reserve": True, "no_claim": None, "cap": None},
}
"""Parts of section 2 that a wholly random agreement seldom reaches."""


@pytest.mark.parametrize("fixed", RARE.values(), ids=RARE)
@given(data=st.data())
@settings(SLOW, max_examples=30)
def test_what_is_rare_equals_the_definitions_too(fixed: dict[str, Any], data: st.DataObject) -> None:
    """The same comparison where it is seldom drawn."""
    assert_equal_by_hand(data.draw(worlds(**fixed)))


def assert_equal_by_hand(world: World) -> None:
    """The calculator and the computation by hand agree, or both refuse."""
    try:
        expected: Outcome | None = world.by_hand()
    except Geweigerd:
        expected = None

    rows = settled_or_none(world)

    found = None
    if rows is not None:
        found = {
            (row.arrangement, row.period_from, row.period_to, row.pool, row.municipality): (
                row.own_cost_cent,
                row.contribution_cent,
                row.contribution_exact_cents,
            )
            for row in rows
        }
    assert found == expected


@given(worlds())
@SLOW
def test_every_pool_closes_and_a_reserve_carries_the_difference(world: World) -> None:
    """2.7: contributions are the cost, or the cost plus the change of the reserve; closing follows from opening."""
    rows = settled_or_none(world)
    assume(rows is not None)

    assert rows is not None
    per_pool: dict[tuple[date, str], int] = defaultdict(int)
    for row in rows:
        per_pool[row.period_from, row.pool] += row.settlement_cent
        assert abs(row.contribution_cent - row.contribution_exact_cents) < 1
        assert row.settlement_cent == row.contribution_cent - row.own_cost_cent
    if not world.arrangement.reserve:
        assert set(per_pool.values()) <= {0}
        return
    course = reserve_course(rows, world.agreement, world.history)
    closed = sum(leaver.balance_cent for leaver in leavers(rows, world.agreement, world.history))
    assert course[-1].closing_cent == 1_000 + sum(per_pool.values()) + closed


@given(worlds(reserve=True, inleg="premium"))
@SLOW
def test_a_leaver_of_a_reserve_leaves_nothing_behind(world: World) -> None:
    """2.10: what a leaver paid and closes together is its own cost while it was a member."""
    rows = settled_or_none(world)
    assume(rows is not None)

    assert rows is not None
    for leaver in leavers(rows, world.agreement, world.history):
        mine = [row for row in rows if row.municipality == leaver.municipality]
        assert leaver.municipality == "Cromme"
        assert leaver.balance_cent + sum(row.contribution_cent for row in mine) == sum(row.own_cost_cent for row in mine)


@given(worlds())
@SLOW
def test_roll_up_per_legal_entity_loses_nothing(world: World) -> None:
    """2.10: what predecessors bore is charged to the successor, and the whole stays the whole."""
    rows = settled_or_none(world)
    assume(rows is not None)

    assert rows is not None
    entities = roll_up(rows, world.history)

    assert sum(entity.contribution_cent for entity in entities) == sum(row.contribution_cent for row in rows)
    assert sum(entity.own_cost_cent for entity in entities) == sum(row.own_cost_cent for row in rows)
    assert not (world.history.mergers and {entity.legal_entity for entity in entities} & set(MERGED))


@given(worlds(), st.permutations(("Aad", "Beek", "Cromme", *MERGED, SUCCESSOR)), st.randoms(use_true_random=False))
@SLOW
def test_names_and_order_decide_nothing(world: World, new_names: list[str], random: Any) -> None:
    """Other names give the same exact results under those names; another order of members and lines gives the same rows."""
    new = dict(zip(("Aad", "Beek", "Cromme", *MERGED, SUCCESSOR), new_names, strict=True)) | {"*": "*"}
    a, h = world.arrangement, world.history
    renamed = World(
        replace(a, members=tuple(replace(m, municipality=new[m.municipality]) for m in a.members)),
        tuple(replace(line, municipality=new[line.municipality]) for line in world.lines),
        tuple(replace(value, municipality=new[value.municipality]) for value in world.values),
        replace(
            h,
            mergers=tuple(replace(m, predecessor=new[m.predecessor], successor=new[m.successor]) for m in h.mergers),
            gaps=frozenset(replace(gap, municipality=new[gap.municipality]) for gap in h.gaps),
            kept=tuple(replace(kept, municipality=new[kept.municipality]) for kept in h.kept),
        ),
    )
    members, lines, values = list(a.members), list(world.lines), list(world.values)
    random.shuffle(members)
    random.shuffle(lines)
    random.shuffle(values)
    reordered = World(replace(a, members=tuple(members)), tuple(lines), tuple(values), h)

    rows, other = settled_or_none(world), settled_or_none(renamed)

    assert settled_or_none(reordered) == rows
    assert (rows is None) == (other is None)
    if rows is not None and other is not None:
        assert {(r.period_from, r.pool, new[r.municipality]): r.contribution_exact_cents for r in rows} == {
            (r.period_from, r.pool, r.municipality): r.contribution_exact_cents for r in other
        }


@given(worlds(), st.data())
@SLOW
def test_a_line_in_parts_is_the_same_line(world: World, data: st.DataObject) -> None:
    """Splitting a ledger line changes nothing, with every layer, merger and gap."""
    parts: list[CostLine] = []
    for line in world.lines:
        part = data.draw(st.integers(-2_000, 2_000))
        parts += [replace(line, bedrag_cent=part), replace(line, bedrag_cent=line.bedrag_cent - part)]

    assert settled_or_none(replace(world, lines=tuple(parts))) == settled_or_none(world)


@given(
    costs=st.lists(
        st.tuples(st.sampled_from(("Aad", "Beek", "Dorp")), st.integers(2018, 2021), st.integers(1, 9_000)), min_size=1, max_size=12
    ),
    people=st.tuples(*(st.integers(1, 50) for _ in range(3))),
    fraction=st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=10),
    by=st.sampled_from(("cost", "inwoners")),
)
@settings(max_examples=80, deadline=None)
def test_a_municipality_in_two_parts_bears_the_same_together(
    costs: list[tuple[str, int, int]], people: tuple[int, ...], fraction: Fraction, by: str
) -> None:
    """Dorp is divided over Engh and Fenne on 1 January 2021: for the others nothing changes, and the two bear what Dorp would."""
    members = tuple(Membership(municipality=name) for name in ("Aad", "Beek", "Dorp"))
    term = KeyTerm(measure=by, lag_from=1, lag_to=3) if by == "cost" else KeyTerm(measure=by)
    whole = Arrangement(
        code="R", since=date(2021, 1, 1), until=END, categories=("GEN",), members=members, key_terms=(term,), fallback_measure="inwoners"
    )
    inwoners = dict(zip(("Aad", "Beek", "Dorp"), map(Fraction, people), strict=True))
    lines = [CostLine(municipality=name, category="GEN", service_date=date(year, 5, 1), bedrag_cent=cent) for name, year, cent in costs]
    parts = {"Engh": fraction, "Fenne": 1 - fraction}
    divided = replace(whole, members=(*members[:2], *(Membership(municipality=name) for name in parts)))
    mergers = tuple(Merger(date=date(2021, 1, 1), predecessor="Dorp", successor=name, fraction=part) for name, part in parts.items())
    moved = [
        replace(line, municipality="Engh") if line.municipality == "Dorp" and line.service_date.year == 2021 else line for line in lines
    ]

    def exact(arrangement: Arrangement, lines: list[CostLine], values: dict[str, Fraction], history: History) -> dict[str, Fraction]:
        measures = Measures(MeasureValue(measure="inwoners", municipality=name, year=2021, value=value) for name, value in values.items())
        rows = settle(Agreement(name="t", arrangements=(arrangement,)), Costs(lines), measures, history)
        return {row.municipality: row.contribution_exact_cents for row in rows}

    before = exact(whole, lines, inwoners, History())
    after = exact(
        divided,
        moved,
        {name: inwoners[name] for name in ("Aad", "Beek")} | {name: part * inwoners["Dorp"] for name, part in parts.items()},
        History(mergers=mergers),
    )

    assert (after["Aad"], after["Beek"]) == (before["Aad"], before["Beek"])
    assert after["Engh"] + after["Fenne"] == before["Dorp"]


@given(worlds(inleg="none", no_claim=None, reserve=False, cap=None, layers=()), fractions, st.integers(1, 5_000))
@SLOW
def test_one_more_euro_of_ones_own_costs_what_the_table_says(world: World, quota: Fraction, extra: int) -> None:
    """2.12: with a quota p and a key that does not see this year, own use costs 1 - p(1 - w_i) of itself, the others p w_j (C10)."""
    key = KeyTerm(measure="inwoners", lag_from=1, lag_to=2)
    arrangement = replace(world.arrangement, key_terms=(key,), layers=(Layer(basis="cost", share=quota),), pool_by="arrangement")
    before = replace(world, arrangement=arrangement, history=replace(world.history, kept=()))
    more = CostLine(municipality="Aad", category="GEN", service_date=date(2020, 1, 1), bedrag_cent=extra)

    one, other = (
        {r.municipality: r.contribution_exact_cents for r in rows if r.period_from == START}
        for rows in (before.rows(), replace(before, lines=(*before.lines, more)).rows())
    )

    rises = {name: (other[name] - one[name]) / extra for name in one}
    assert sum(rises.values()) == 1
    assert 1 - quota <= rises["Aad"] <= 1
    assert all(rise >= 0 for rise in rises.values())
    if quota:
        weight = 1 - (1 - rises["Aad"]) / quota
        assert 0 <= weight <= 1
        assert sum(rise for name, rise in rises.items() if name != "Aad") == quota * (1 - weight)


@given(
    use=st.lists(st.integers(0, 3_000), min_size=2, max_size=2).map(sorted),
    rate=fractions,
    threshold=fractions,
    kind=st.sampled_from(("gap", "flat")),
)
@settings(max_examples=80, deadline=None)
def test_who_uses_more_never_gets_a_higher_refund(use: list[int], rate: Fraction, threshold: Fraction, kind: Any) -> None:
    """2.6: the no-claim falls as use rises, and is never more than the deposit."""
    arrangement = Arrangement(
        code="R",
        since=START,
        until=date(2021, 1, 1),
        categories=("GEN",),
        members=(Membership(municipality="Aad"), Membership(municipality="Beek")),
        key_terms=(KeyTerm(measure="inwoners"),),
        inleg="premium",
        no_claim=NoClaim(kind=kind, threshold=threshold, rate=rate),
        reserve=True,
    )
    values = tuple(
        MeasureValue(measure=measure, municipality=name, year=2020, value=Fraction(20))
        for measure in ("inwoners", "premium")
        for name in ("Aad", "Beek")
    )
    lines = tuple(
        CostLine(municipality=name, category="GEN", service_date=START, bedrag_cent=cent)
        for name, cent in zip(("Aad", "Beek"), use, strict=True)
    )

    low, high = (2_000 - row.contribution_exact_cents for row in World(arrangement, lines, values, History()).rows())

    assert 2_000 >= low >= high >= 0


@given(worlds(), st.text(max_size=20), st.text(max_size=20))
@SLOW
def test_a_document_survives_writing_and_reading(world: World, name: str, article: str) -> None:
    """Any agreement with its history and measures, under any name: read back equal, and written the same again."""
    assume(name.strip() == name and name and article.strip() == article and article)
    facts = SettlementInput(agreement=Agreement(name=name, arrangements=(world.arrangement,)), lines=(), measures=(), history=world.history)
    whole = document_of(facts, region=name, version=article)
    document = replace(
        whole,
        values=world.values,
        measures={**whole.measures, **{value.measure: article for value in world.values}},
        articles={"regeling[1].inleg": article, "regeling[1].sleutel[1]": article, "naam": article},
        notes={"regeling[1]": article},
    )
    assume(not value_objections(document, DocumentNaming("x")))

    text = write_document(document)
    back = read_document(text)

    assert (back.agreement, back.history, back.articles, back.notes) == (
        document.agreement,
        document.history,
        document.articles,
        document.notes,
    )
    assert (set(back.values), back.measures) == (set(document.values), document.measures)
    assert write_document(back) == text
