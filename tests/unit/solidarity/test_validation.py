"""Every way an agreement can contradict itself gets a sentence that names the place and the remedy."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import Agreement, KeyTerm, Layer, Membership, NoClaim, Years
from app.solidarity.calculator import settle
from app.solidarity.costs import costs_from_months
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import Gap, History, KeptAmount, Merger
from app.solidarity.measures import Measures
from app.solidarity.validation import check_settlement
from tests.unit.solidarity.builders import an_agreement, an_arrangement, members

HALF = Fraction(1, 2)
D2021, MID = date(2021, 1, 1), date(2021, 7, 1)
OVER = Layer(basis="deviation", side="over")

MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"until": date(2021, 1, 1)}, "regeling R, geldigheid: valid_to 2021-01-01 moet na valid_from"),
    ({"until": date(9999, 1, 1)}, "regeling R, geldigheid: een regeling loopt hoogstens 100 jaar"),
    ({"categories": ()}, "categories: noem minstens één zorgvorm"),
    ({"categories": ("",)}, "categories: noem minstens één zorgvorm"),
    ({"categories": ("ZORG", "ZORG")}, "een zorgvorm staat er vaker in"),
    ({"members": ()}, "leden: de regeling heeft geen leden"),
    ({"members": (Membership(municipality="A", since=MID, until=MID),)}, "lid A: to 2021-07-01 moet na from"),
    ({"members": members("A", "A")}, "regeling R, lid A: A, zorgvorm ZORG, valt op 2021-01-01 twee keer in regeling R"),
    ({"inleg": "budget"}, "inleg: dit vraagt een budget"),
    ({"cap": HALF}, "cap_pct: dit vraagt een budget"),
    ({"cap": Fraction(0), "budget_measure": "b"}, "cap_pct: het plafond is een fractie boven 0"),
    ({"local_share": HALF}, "local_share: dit vraagt een budget"),
    ({"local_share": Fraction(3), "budget_measure": "b"}, "local_share: het lokale deel is een fractie van 0"),
    ({"layers": (OVER,)}, "lagen: dit vraagt een budget"),
    ({"reserve": True}, "rest: een reserve vraagt een inleg"),
    ({"inleg": "history"}, "inleg: een inleg uit het verleden vraagt sleuteltermen met role premium"),
    ({"no_claim": NoClaim(kind="gap", threshold=HALF, rate=HALF)}, "no_claim_type: een no-claim vraagt een inleg"),
    ({"inleg": "premium", "no_claim": NoClaim(kind="gap", threshold=HALF, rate=Fraction(2))}, "no_claim_rate: de drempel"),
    ({"key_terms": ()}, "sleutel key: er zijn geen termen voor key in 2021"),
    ({"key_terms": (KeyTerm(measure="inwoners", weight=HALF),)}, "sleutel key: de gewichten van key in 2021 zijn samen 1/2; maak er 1 van"),
    ({"key_terms": (KeyTerm(measure="inwoners", years=Years(last=2020)),)}, "sleutel key: er zijn geen termen voor key in 2021"),
    ({"key_terms": (KeyTerm(measure="inwoners", lag_from=2, lag_to=1),)}, "sleutel key: lag_from 2 en lag_to 1 lopen van klein naar groot"),
    (
        {"key_terms": (KeyTerm(measure="a", weight=Fraction(2)), KeyTerm(measure="b", weight=Fraction(-1)))},
        "een gewicht is minstens 0, niet -1",
    ),
    (
        {"key_terms": (KeyTerm(measure="inwoners", lag_from=-1, lag_to=2),)},
        "sleutel key: lag_from -1 en lag_to 2 kijken vooruit; een sleutel kijkt 0 of meer jaren terug",
    ),
    ({"key_terms": (KeyTerm(measure="inwoners", years=Years(first=2022, last=2020)),)}, "year_to 2020 ligt voor year_from 2022"),
    ({"layers": (Layer(basis="cost", years=Years(first=2022, last=2020)),)}, "laag cost: year_to 2020 ligt voor year_from 2022"),
    ({"key_terms": (KeyTerm(measure=""),)}, "sleutel key: de sleutel noemt geen maatstaf"),
    ({"code": " "}, "code: de regeling heeft geen code"),
    ({"layers": (Layer(basis="cost", role="eigen"),)}, "sleutel eigen: er zijn geen termen voor eigen in 2021"),
    ({"layers": (Layer(basis="cost", share=Fraction(2)),)}, "laag cost: share is een fractie van 0 tot en met 1, niet 2"),
    ({"layers": (Layer(basis="cost"), Layer(basis="cost", share=HALF))}, "laag cost: in 2021 delen de lagen cost samen meer"),
    (
        {"layers": (Layer(basis="client"), Layer(basis="client", lower=Fraction(5)))},
        "laag client: in 2021 delen de lagen client samen meer",
    ),
    ({"layers": (OVER, OVER), "budget_measure": "b"}, "laag deviation: in 2021 delen de lagen deviation samen meer"),
    ({"layers": (Layer(basis="client", lower=Fraction(5), upper=Fraction(5)),)}, "laag client: lower is minstens 0"),
    ({"layers": (Layer(basis="client", side="over"),)}, "laag client: side (over, under of both) hoort bij een laag deviation"),
    ({"layers": (Layer(basis="deviation"),), "budget_measure": "b"}, "laag deviation: side"),
    ({"layers": (Layer(basis="client", unit="pct"),)}, "laag client: unit pct hoort alleen bij"),
    ({"layers": (Layer(basis="cost", lower=Fraction(5)),)}, "laag cost: een laag cost deelt een vast deel"),
    ({"spread": (HALF, HALF, HALF)}, "spreiding: de stappen zijn fracties"),
]


@pytest.mark.parametrize(("changes", "sentence"), MALFORMED, ids=[sentence[:60] for _, sentence in MALFORMED])
def test_malformed_agreement_is_refused_with_place_and_remedy(changes: dict[str, Any], sentence: str) -> None:
    """Nothing is computed, and the sentence says where and what."""
    with pytest.raises(RegelingOngeldig) as refused:
        check_settlement(an_agreement(**changes), History(), whole_months=False)

    assert sentence in refused.value.melding


def _refusal(agreement: Agreement, history: History, whole_months: bool = False) -> str:
    with pytest.raises(RegelingOngeldig) as refused:
        check_settlement(agreement, history, whole_months=whole_months)
    return refused.value.melding


def test_plain_agreement_is_accepted() -> None:
    """The builder makes a sound one, so each case above fails for its own reason."""
    check_settlement(an_agreement(), History(), whole_months=True)


def test_all_objections_are_collected() -> None:
    """Three mistakes, three sentences."""
    refusal = _refusal(an_agreement(members=(), categories=(), cap=HALF), History())

    assert len(refusal.splitlines()) == 3


def test_one_day_in_two_arrangements_is_refused() -> None:
    """A in both from 1 July: that would be pooled twice."""
    later = an_arrangement(code="S", since=MID, until=date(2022, 7, 1), members=members("A"))

    refusal = _refusal(an_agreement(an_arrangement(), later), History())

    assert refusal == (
        "regeling S, categories: A, zorgvorm ZORG, valt op 2021-07-01 in de regelingen R en S; "
        "op elke dag mag dat er één zijn, pas leden, zorgvormen of data aan."
    )


def test_arrangements_that_follow_each_other_do_not_overlap() -> None:
    """`until` is the first day that no longer counts, so R may end on the day S begins; a leaver may come back that day too."""
    later = an_arrangement(code="S", since=date(2022, 1, 1), until=date(2023, 1, 1))
    back = (Membership(municipality="A", until=MID), Membership(municipality="A", since=MID))

    check_settlement(an_agreement(an_arrangement(members=back), later), History(), whole_months=False)


def test_same_code_twice_is_refused() -> None:
    """Results could not be told apart."""
    assert "geef elke regeling een eigen code" in _refusal(an_agreement(an_arrangement(), an_arrangement(categories=("X",))), History())


@pytest.mark.parametrize(
    ("mergers", "sentence"),
    [
        ((Merger(date=D2021, predecessor="X", successor="A", fraction=HALF),), "de fracties zijn groter dan 0 en samen precies 1"),
        ((Merger(date=D2021, predecessor="X", successor="X"),), "kan niet in zichzelf opgaan"),
        (tuple(Merger(date=D2021, predecessor="X", successor="A", fraction=HALF) for _ in "ab"), "een opvolger staat er vaker in"),
        ((Merger(date=MID, predecessor="X", successor="A"),), "valt op 2021-07-01 binnen een periode met dezelfde leden"),
        ((Merger(date=D2021, predecessor="A", successor="B"),), "lid A: A bestaat op 2021-01-01 niet meer"),
    ],
)
def test_mergers_that_cannot_be_are_refused(mergers: tuple[Merger, ...], sentence: str) -> None:
    """Fractions, self-mergers, repeats, a merger that no membership follows, a member that is gone."""
    assert sentence in _refusal(an_agreement(), History(mergers=mergers))


@pytest.mark.parametrize(("code", "year", "name"), [("X", 2021, "A"), ("R", 2022, "A"), ("R", 2021, "C")])
def test_kept_amount_without_a_member_is_refused(code: str, year: int, name: str) -> None:
    """Unknown arrangement, other year, no member: it would silently vanish."""
    kept = KeptAmount(arrangement=code, year=year, municipality=name, bedrag_cent=1)

    refusal = _refusal(an_agreement(), History(kept=(kept,)))

    assert f"ingehouden bedrag van {name}, {year}: " in refusal
    assert f"{name} in {year} hoort bij geen lid" in refusal


def test_dates_inside_a_month_are_refused_for_the_ledger() -> None:
    """Cost per month cannot be cut on the 15th; from lines by day it can."""
    leaver = Membership(municipality="B", until=date(2021, 7, 15))
    agreement = an_agreement(members=(*members("A"), leaver))

    with pytest.raises(RegelingOngeldig, match="regeling R, lid B: 2021-07-15 ligt binnen een maand"):
        settle(agreement, costs_from_months([]), Measures())
    check_settlement(agreement, History(), whole_months=False)


@pytest.mark.parametrize(
    ("changes", "category", "sentence"),
    [
        ({"pool_by": "category", "categories": ("X", "Y")}, None, "noem bij het ingehouden bedrag de zorgvorm"),
        ({"pool_by": "category", "categories": ("X", "Y")}, "Z", "zorgvorm Z hoort niet bij deze regeling"),
        ({}, "ZORG", "vraagt een pool per zorgvorm; laat de zorgvorm weg"),
    ],
)
def test_kept_amount_leaves_exactly_one_pool(changes: dict[str, Any], category: str | None, sentence: str) -> None:
    """With a pool per zorgvorm it must be said which, with one pool it must not."""
    kept = KeptAmount(arrangement="R", year=2021, municipality="A", bedrag_cent=1, category=category)

    assert sentence in _refusal(an_agreement(**changes), History(kept=(kept,)))


def test_what_section_2_leaves_open_is_refused_by_name() -> None:
    """Never a guess: the sentence begins with 'nog niet ondersteund'."""
    merger = Merger(date=D2021, predecessor="X", successor="A")
    history = History(mergers=(merger,), gaps=frozenset({Gap(municipality="X", measure="cost", year=2020)}))

    with pytest.raises(NietOndersteund, match="nog niet ondersteund: een gat in cost van X"):
        check_settlement(an_agreement(), history, whole_months=False)
