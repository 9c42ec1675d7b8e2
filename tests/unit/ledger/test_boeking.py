"""What of a judged declaratie moves money, between which accounts, and what that does to the balances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.declaratie import Prestatie
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel, Verdict
from app.ledger.boeking import Boeking, Rekening, boekingen_van, prestatie_nr, saldo_client_deltas, saldo_deltas, storneer
from tests.builders import AGB, GEMEENTE, days, make_323, make_credit, make_month, make_prestatie

BOEKDATUM = date(2026, 6, 3)
KOSTEN = Rekening("kosten", GEMEENTE)
CREDITEUR = Rekening("crediteur", GEMEENTE, AGB)
MEI = date(2026, 5, 1)


def make_line(index: int = 0, **changes: Any) -> GeoordeeldePrestatie:
    """The granted line of the so-manieth prestatie of the first client."""
    fields: dict[str, Any] = {
        "regel": index + 1,
        "client_index": 0,
        "prestatie_index": index,
        "client_id": 1,
        "toegekend": True,
        "zorgvorm": "ambulant",
        "gemeente_drager": GEMEENTE,
        "tarief_id": 11,
    }
    return GeoordeeldePrestatie(**{**fields, **changes})


def book(lines: Sequence[GeoordeeldePrestatie], *prestaties: Prestatie) -> list[Boeking]:
    """The transfers of a declaratie with these prestaties that was judged so."""
    bericht = make_323(*prestaties)
    oordeel = Oordeel(bericht=bericht, verdict=Verdict.VERWERKT, prestaties=tuple(lines))
    return list(boekingen_van(oordeel, bericht_nr=30, agb=AGB, boekdatum=BOEKDATUM))


def test_a_granted_prestatie_is_cost_of_the_gemeente_owed_to_the_aanbieder() -> None:
    """Debet kosten, credit crediteur, in the month of care."""
    [boeking] = book([make_line()], make_prestatie())

    assert (boeking.debet, boeking.credit, boeking.bedrag_cent) == (KOSTEN, CREDITEUR, 48000)
    assert (boeking.soort, boeking.sleutel, boeking.storno_van) == ("prestatie", "30:1:prestatie:0", None)
    assert (boeking.zorgmaand, boeking.dienst_van, boeking.dienst_tot, boeking.boekdatum) == (MEI, MEI, date(2026, 5, 31), BOEKDATUM)
    assert (boeking.domein, boeking.zorgvorm, boeking.client_id, boeking.tarief_id) == ("ijw", "ambulant", 1, 11)
    assert boeking.prestatie_nr == prestatie_nr(30, 1)


def test_a_granted_credit_is_the_reverse_and_names_what_it_undoes() -> None:
    """An amount is positive in a transfer; the direction is in the accounts."""
    line = make_line(debet_bericht_nr=20, debet_regel=7)

    [boeking] = book([line], make_credit("R2", make_prestatie()))

    assert (boeking.debet, boeking.credit, boeking.bedrag_cent) == (CREDITEUR, KOSTEN, 48000)
    assert (boeking.soort, boeking.storno_van) == ("prestatie_credit", "20:7:prestatie:0")


def test_what_is_refused_or_worth_nothing_moves_nothing() -> None:
    """A transfer has a positive amount."""
    lines = [make_line(0, toegekend=False), make_line(1), make_line(2)]

    boekingen = book(lines, make_prestatie("R1"), make_prestatie("R2", bedrag=0), make_prestatie("R3", bedrag=1))

    assert [(boeking.regel, boeking.bedrag_cent) for boeking in boekingen] == [(3, 1)]


def test_a_declaratie_without_judged_lines_moves_nothing() -> None:
    """Rejected as a whole."""
    assert book([], make_prestatie()) == []


def test_each_line_is_booked_on_the_gemeente_that_bears_it() -> None:
    """After a herindeling that need not be the one it was sent to."""
    lines = [make_line(0, gemeente_drager="0687"), make_line(1)]

    boekingen = book(lines, make_prestatie("R1"), make_prestatie("R2", periode=make_month(2026, 4)))

    assert [boeking.debet for boeking in boekingen] == [Rekening("kosten", "0687"), KOSTEN]
    assert [boeking.credit for boeking in boekingen] == [Rekening("crediteur", "0687", AGB), CREDITEUR]
    assert [boeking.zorgmaand for boeking in boekingen] == [MEI, date(2026, 4, 1)]


def test_a_period_inside_a_month_keeps_its_days_and_its_month() -> None:
    """The zorgmaand is that of the first day of the ProductPeriode."""
    [boeking] = book([make_line()], make_prestatie(periode=days(date(2026, 5, 12), date(2026, 5, 20))))

    assert (boeking.zorgmaand, boeking.dienst_van, boeking.dienst_tot) == (MEI, date(2026, 5, 12), date(2026, 5, 20))


def test_judging_again_is_another_transfer_of_the_same_source() -> None:
    """`volgnr` counts the judgements; the key stays unique."""
    oordeel = Oordeel(bericht=make_323(), verdict=Verdict.VERWERKT, prestaties=(make_line(),))

    keys = {next(boekingen_van(oordeel, bericht_nr=30, agb=AGB, boekdatum=BOEKDATUM, volgnrs={1: nr})).sleutel for nr in range(3)}

    assert keys == {"30:1:prestatie:0", "30:1:prestatie:1", "30:1:prestatie:2"}


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 45_000)), unique=True, min_size=2, max_size=50))
def test_two_prestaties_never_have_one_number(sources: list[tuple[int, int]]) -> None:
    """Made of bericht and line; as many lines as 25 MB can hold."""
    assert len({prestatie_nr(*source) for source in sources}) == len(sources)


BOEKINGEN = st.lists(
    st.builds(
        lambda rekeningen, client_id, cents, zorgvorm, maand, dag: Boeking(
            bericht_nr=1,
            regel=1,
            soort="prestatie",
            volgnr=0,
            debet=rekeningen[0],
            credit=rekeningen[1],
            bedrag_cent=cents,
            domein="ijw",
            zorgvorm=zorgvorm,
            zorgmaand=date(2026, maand, 1),
            dienst_van=None,
            dienst_tot=None,
            boekdatum=date(2026, 6, dag),
            client_id=client_id,
        ),
        st.permutations([KOSTEN, CREDITEUR, Rekening("kosten", "0687"), Rekening("kas")]),
        st.sampled_from([None, 1, 2]),
        st.integers(1, 10**9),
        st.sampled_from(["ambulant", "verblijf"]),
        st.integers(1, 12),
        st.integers(1, 30),
    ),
    max_size=40,
)


@given(BOEKINGEN)
def test_balances_add_up_to_zero_per_zorgmaand_and_follow_the_transfers(boekingen: list[Boeking]) -> None:
    """What leaves one account arrives on another, in the same zorgvorm and months; an account holds what came minus what went."""
    deltas = saldo_deltas(boekingen)

    per_month: dict[tuple[object, ...], int] = {}
    for (_, *rest), cents in deltas.items():
        per_month[tuple(rest)] = per_month.get(tuple(rest), 0) + cents
    assert set(per_month.values()) <= {0}
    for rekening in {key[0] for key in deltas}:
        came = sum(b.bedrag_cent for b in boekingen if b.debet == rekening)
        went = sum(b.bedrag_cent for b in boekingen if b.credit == rekening)
        assert sum(cents for key, cents in deltas.items() if key[0] == rekening) == came - went
    assert {key[4] for key in deltas} <= {date(2026, 6, 1)}


@given(BOEKINGEN)
def test_cost_per_client_follows_the_transfers_on_kosten(boekingen: list[Boeking]) -> None:
    """Only accounts of cost, only transfers with a client."""
    deltas = saldo_client_deltas(boekingen)

    for client_id in (1, 2):
        own = [b for b in boekingen if b.client_id == client_id]
        expected = sum((b.debet.soort == "kosten") * b.bedrag_cent - (b.credit.soort == "kosten") * b.bedrag_cent for b in own)
        assert sum(cents for key, cents in deltas.items() if key[0] == client_id) == expected
    assert {key[3] for key in deltas} <= {2026}
    assert {key[0] for key in deltas} <= {1, 2}


@pytest.mark.parametrize("soort", ["kosten", "crediteur"])
def test_a_reversal_brings_the_balance_back_to_zero(soort: str) -> None:
    """Debit and credit of the same line."""
    debit = book([make_line()], make_prestatie())
    credit = book([make_line(debet_bericht_nr=30, debet_regel=1)], make_credit("R2", make_prestatie()))

    deltas = saldo_deltas([*debit, *credit])

    assert {key[0].soort for key in deltas} == {"kosten", "crediteur"}
    assert [cents for key, cents in deltas.items() if key[0].soort == soort] == [0]


def test_a_reversal_moves_the_same_back_on_its_own_day() -> None:
    """It names what it undoes, keeps the month of care, and together they leave nothing."""
    (boeking,) = book([make_line()], make_prestatie())
    terug = storneer(boeking, volgnr=1, boekdatum=date(2026, 9, 2))

    assert (terug.debet, terug.credit, terug.bedrag_cent, terug.zorgmaand) == (CREDITEUR, KOSTEN, boeking.bedrag_cent, MEI)
    assert (terug.storno_van, terug.sleutel) == ("30:1:prestatie:0", "30:1:prestatie:1")
    per_rekening: dict[object, int] = {}
    for (rekening, *_), cents in saldo_deltas([boeking, terug]).items():
        per_rekening[rekening] = per_rekening.get(rekening, 0) + cents
    assert set(per_rekening.values()) == {0}
    assert set(saldo_client_deltas([boeking, terug]).values()) == {0}


def test_a_credit_names_the_transfer_of_its_debit_that_stands() -> None:
    """Which is not the first when the debit was judged again."""
    credit = make_prestatie("R2", vorig="R1", debet_credit="C")
    (boeking,) = book([make_line(debet_bericht_nr=12, debet_regel=4, debet_volgnr=2)], credit)

    assert boeking.storno_van == "12:4:prestatie:2"
