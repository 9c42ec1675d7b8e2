"""The order for the bank: characters, days, the same bytes for the same run, and the schema of the ISO."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.bankbestand import BetaalbestandOngeldig, maak_pain001, pain001_faults
from app.adapters.clock import AMSTERDAM
from app.adapters.kalender import target_sluitingsdagen
from app.domain.iban import make_iban
from app.settlement.betalingen import Rekening
from app.settlement.pain001 import BUITEN_SEPA, Betaalregel, als_sepa, eerste_bankdag, maak_opdracht

GOES = Rekening(iban=make_iban("NL", "TEST9900000664"), tenaamstelling="Gemeente Goes")
NU = datetime(2026, 6, 3, 9, 0, tzinfo=AMSTERDAM)


def opdracht_aan(naam: str, cents: int = 1) -> bytes:
    """A file with one transfer."""
    where = Rekening(iban=make_iban("NL", "TEST0042420001"), tenaamstelling=naam, bic="TESTNL2A")
    lines = [Betaalregel(end_to_end_id="SOL0664-12-1", bedrag_cent=cents, rekening=where, posten=1)]
    return maak_pain001(maak_opdracht("0664", 12, rekening=GOES, gemaakt_op=NU, uitvoeren_op=date(2026, 6, 4), regels=lines))


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ("Zörg & Cø Ĳssel", "Zorg + Co IJssel"),
        ("Stichting “De Brug” //Jeugd/", "Stichting De Brug /Jeugd"),
        ("Šárka Straße 5€", "Sarka Strasse 5EUR"),
        ("日本", ""),
        ("a" * 80, "a" * 70),
    ],
)
def test_texts_are_in_the_characters_of_sepa(given_: str, written: str) -> None:
    assert als_sepa(given_, 70) == written


@given(st.text(max_size=90))
def test_any_name_gives_a_valid_file_and_the_same_one_twice(naam: str) -> None:
    """Also an empty one, one of other scripts, and one with signs that mean something in XML."""
    data = opdracht_aan(naam)

    assert not BUITEN_SEPA.search(als_sepa(naam, 70))
    assert pain001_faults(data) == ()
    assert data == opdracht_aan(naam)


def test_the_highest_amount_is_written_without_a_float() -> None:
    assert b">999999999.99<" in opdracht_aan("De Veste", 99_999_999_999)
    assert b">0.01<" in opdracht_aan("De Veste")


def test_what_does_not_fit_the_schema_is_never_given_out() -> None:
    """An amount that no bank takes, a reference that is too long: the error names no value."""
    order = maak_opdracht("0664", 12, rekening=GOES, gemaakt_op=NU, uitvoeren_op=date(2026, 6, 4), regels=())

    with pytest.raises(BetaalbestandOngeldig) as refused:
        maak_pain001(replace(order, kenmerk="X" * 36))

    assert "X" * 36 + ":" in str(refused.value)
    assert GOES.iban not in str(refused.value)


@pytest.mark.parametrize(
    ("vanaf", "dag"),
    [
        (date(2026, 6, 3), date(2026, 6, 3)),
        (date(2026, 6, 6), date(2026, 6, 8)),
        (date(2026, 4, 3), date(2026, 4, 7)),
        (date(2026, 4, 27), date(2026, 4, 27)),
        (date(2026, 5, 1), date(2026, 5, 4)),
        (date(2026, 12, 25), date(2026, 12, 28)),
    ],
    ids=["a working day", "Saturday", "Good Friday to Easter Monday", "King's day is one for banks", "1 May is none", "Christmas"],
)
def test_first_day_that_banks_pay(vanaf: date, dag: date) -> None:
    assert eerste_bankdag(vanaf, target_sluitingsdagen()) == dag
