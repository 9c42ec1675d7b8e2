"""The explanation of a settlement adds up to the cent, for every gemeente of every template; and says what was done in words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.solidarity import Costs, Measures, MeasureValue
from app.solidarity.agreement import Agreement, Arrangement, KeyTerm, Layer, Membership
from app.solidarity.calculator import PoolSettlement, settle_pools
from app.solidarity.costs import CostLine
from app.solidarity.history import History
from app.solidarity.leavers import Leaver
from app.solidarity.measures import Facts
from app.solidarity.payment import AdvancePaid
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document
from app.solidarity.uitleg import Bron, PotUitleg, Uitleg, leg_uit
from app.solidarity.uitlegwoorden import AFRONDING, breuk_en_procent, getal, procent, term
from tests.unit.solidarity.test_sjablonen import invented_lines, invented_values


def adds_up(uitleg: Uitleg, settled: list[PoolSettlement]) -> None:
    """Every pool leads from own cost to contribution as the calculator has them; rounding is less than a cent a line."""
    results = {(pool.pool.arrangement.code, pool.pool.segment.since, pool.pool.name): pool for pool in settled}
    mine = [pool for pool in results.values() if uitleg.gemeente in pool.pool.members]
    assert len(uitleg.potten) == len(mine)
    for pot, pool in zip(uitleg.potten, mine, strict=True):
        assert pot.eigen_kosten_cent == pool.own[uitleg.gemeente]
        assert pot.bijdrage_cent == pool.rounded[uitleg.gemeente]
        assert abs(afronding(pot)) <= len(pot.gedeeld) + len(pot.toegedeeld)
        assert {sleutel.aandeel for sleutel in pot.sleutels} == {shares[uitleg.gemeente] for shares in pool.contribution.keys.values()}
        for sleutel in pot.sleutels:
            assert sum(each.gewicht * each.aandeel for each in sleutel.termen) == sleutel.aandeel
    assert uitleg.verevening_cent == sum(pool.rounded[uitleg.gemeente] - pool.own[uitleg.gemeente] for pool in mine)


def afronding(pot: PotUitleg) -> int:
    return sum(regel.bedrag_cent for regel in pot.toegedeeld if regel.tekst == AFRONDING)


@pytest.mark.parametrize("name", sorted(templates()))
def test_explanation_of_every_template_adds_up(name: str) -> None:
    """For every gemeente, over an invented region."""
    document = read_document(template_text(name), f"{name}.toml")
    facts = Facts(
        costs=Costs(invented_lines(document)),
        measures=Measures(document.measure_values(invented_values(document))),
        history=document.history,
    )
    settled = settle_pools(document.agreement, facts.costs, facts.measures, facts.history)
    bron = Bron(document=document)

    for gemeente in sorted({name for pool in settled for name in pool.pool.members}):
        uitleg = leg_uit(settled, facts, gemeente, bron=bron, agreement=document.agreement)

        adds_up(uitleg, settled)
        assert uitleg.saldo_cent == uitleg.verevening_cent
        spread = {a.code for a in document.agreement.arrangements if a.spread}
        gespreid = sum(pot.verevening_cent for pot in uitleg.potten if pot.regeling in spread)
        assert sum(regel.bedrag_cent for regel in uitleg.termijnen) == gespreid


YEAR = 2026
LINES = [
    CostLine(municipality="A", category="ZORG", service_date=date(YEAR, 3, 1), bedrag_cent=15_000_00, client="k1"),
    CostLine(municipality="B", category="ZORG", service_date=date(YEAR, 3, 1), bedrag_cent=1_000_01, client="k2"),
]
INWONERS = [MeasureValue(measure="inwoners", municipality=code, year=YEAR, value=Fraction(value)) for code, value in (("A", 1), ("B", 2))]


def explained(**changes: object) -> tuple[Uitleg, list[PoolSettlement]]:
    """A and B share by inhabitants, one to two."""
    given: dict[str, object] = {
        "code": "R",
        "since": date(YEAR, 1, 1),
        "until": date(YEAR + 1, 1, 1),
        "categories": ("ZORG",),
        "members": (Membership(municipality="A"), Membership(municipality="B")),
        "key_terms": (KeyTerm(measure="inwoners"),),
        **changes,
    }
    agreement = Agreement(name="proef", arrangements=(Arrangement(**given),))  # type: ignore[arg-type]
    facts = Facts(costs=Costs(LINES), measures=Measures(INWONERS), history=History())
    settled = settle_pools(agreement, facts.costs, facts.measures, facts.history)
    bron = Bron(gemeenten={"A": "Aadorp"}, zorgvormen={"ZORG": "Alle zorg"})
    return leg_uit(settled, facts, "A", bron=bron, agreement=agreement), settled


def test_sentences_say_what_was_shared_and_by_which_key() -> None:
    """A third of 16 000.01 is 5 333.34 (rounded half up from 5333.3367)."""
    uitleg, settled = explained()

    (pot,) = uitleg.potten
    assert (uitleg.naam, pot.zorgvormen, pot.tot_en_met, pot.leden) == ("Aadorp", ("Alle zorg",), date(YEAR, 12, 31), 2)
    assert [(regel.tekst, regel.bedrag_cent) for regel in pot.gedeeld] == [("Alles van de eigen kosten gaat in de pot.", -1_500_000)]
    assert [(regel.tekst, regel.bedrag_cent) for regel in pot.toegedeeld] == [
        (
            "Aandeel volgens de hoofdsleutel: 1/3 (33,33%) van de €\u00a016.000,01 die alle gemeenten samen in de pot brengen.",
            533_334,
        )
    ]
    (made,) = pot.sleutels[0].termen
    assert (made.maatstaf, made.jaren[0].eigen, made.jaren[0].samen, made.aandeel) == ("inwoners", Fraction(1), Fraction(3), Fraction(1, 3))
    assert uitleg.saldo_cent == uitleg.verevening_cent == 533_334 - 1_500_000
    adds_up(uitleg, settled)


def test_layers_are_told_in_their_order() -> None:
    """Above ten thousand euros a client everything, then half of what is left."""
    layers = (Layer(basis="client", lower=Fraction(10_000_00)), Layer(basis="cost", share=Fraction(1, 2)))

    uitleg, settled = explained(layers=layers)

    assert [(regel.tekst, regel.bedrag_cent) for regel in uitleg.potten[0].gedeeld] == [
        ("Alles van wat een cliënt kost boven €\u00a010.000,00 gaat in de pot.", -500_000),
        ("50% van wat dan nog over is van de eigen kosten gaat in de pot.", -500_000),
    ]
    assert uitleg.potten[0].blijft_cent == 500_000
    adds_up(uitleg, settled)


def test_advances_are_all_that_was_paid() -> None:
    """The balance is contribution minus advances, whoever paid the aanbieders (2.11)."""
    uitleg, settled = explained()
    agreement = Agreement(name="proef", arrangements=(settled[0].pool.arrangement,))
    facts = Facts(costs=Costs(LINES), measures=Measures(INWONERS), history=History())
    paid = [
        AdvancePaid(arrangement="R", year=YEAR, municipality="A", channel=channel, paid_on=date(YEAR, 1, 31), bedrag_cent=cents)
        for channel, cents in (("SVB", 100), ("regio", 200), ("regio", 300))
    ]

    with_advances = leg_uit(settled, facts, "A", bron=Bron(), agreement=agreement, voorschotten=paid)
    without = leg_uit(settled, facts, "B", bron=Bron(), agreement=agreement, voorschotten=paid)

    assert [(regel.tekst, regel.bedrag_cent) for regel in with_advances.betalingen] == [
        ("Voorschot op R in 2026, via SVB.", -100),
        ("Voorschot op R in 2026, via regio.", -500),
    ]
    assert with_advances.saldo_cent == uitleg.bijdrage_cent - 600
    assert without.saldo_cent == without.bijdrage_cent


def test_balance_closed_by_a_leaver_is_due_too() -> None:
    """That of others is not."""
    uitleg, settled = explained()
    agreement = Agreement(name="proef", arrangements=(settled[0].pool.arrangement,))
    facts = Facts(costs=Costs(LINES), measures=Measures(INWONERS), history=History())
    left = [
        Leaver(arrangement="R", left_on=date(YEAR + 1, 1, 1), municipality=name, balance_cent=cent) for name, cent in (("A", 7), ("B", 9))
    ]

    after = leg_uit(settled, facts, "A", bron=Bron(), agreement=agreement, vertrekkers=left)

    assert after.saldo_cent == uitleg.verevening_cent + 7
    assert after.bij_vertrek[0].tekst.startswith("Bij vertrek uit R per 01-01-2027")


def test_who_takes_no_part_gets_no_pool() -> None:
    _, settled = explained()
    facts = Facts(costs=Costs(LINES), measures=Measures(INWONERS), history=History())

    uitleg = leg_uit(settled, facts, "Z", bron=Bron(), agreement=Agreement(name="proef"))

    assert (uitleg.potten, uitleg.verevening_cent) == ((), 0)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(38, 117), "38/117 (32,48%)"),
        (Fraction(1), "100%"),
        (Fraction(0), "0%"),
        (Fraction(123456789, 1234567801), "10,000001%"),
    ],
)
def test_share_as_fraction_and_percentage(share: Fraction, text: str) -> None:
    """A fraction that nobody can read is shown as a percentage with more decimals."""
    assert breuk_en_procent(share) == text


def test_numbers_as_a_dutch_reader_writes_them() -> None:
    assert procent(Fraction(11, 10)) == "110%"
    assert procent(Fraction(-1, 8)) == "-12,5%"
    assert getal(Fraction(38000), in_euro=False) == "38.000"
    assert getal(Fraction(1, 3), in_euro=False) == "0,33"
    assert getal(Fraction(150), in_euro=True) == "€\u00a01,50"


def test_term_says_its_years() -> None:
    """One year, several added up, or the mean of their shares."""
    one = [(2026, Fraction(1), Fraction(3))]
    two = [(2025, Fraction(100), Fraction(400)), (2024, Fraction(300), Fraction(400))]

    assert term("inwoners", one, Fraction(1, 3), in_euro=False, gemiddeld=False) == (
        "Inwoners 2026: 1 van 3 voor alle gemeenten. Dat geeft 1/3 (33,33%)."
    )
    assert term("eigen kosten", two, Fraction(1, 2), in_euro=True, gemiddeld=False) == (
        "Eigen kosten 2024 tot en met 2025 samen: €\u00a04,00 van €\u00a08,00 voor alle gemeenten. Dat geeft 1/2 (50%)."
    )
    assert term("eigen kosten", two, Fraction(1, 2), in_euro=True, gemiddeld=True) == (
        "Eigen kosten 2025: €\u00a01,00 van €\u00a04,00, 2024: €\u00a03,00 van €\u00a04,00 voor alle gemeenten. "
        "Het deel is het gemiddelde van de delen per jaar; dat geeft 1/2 (50%)."
    )
