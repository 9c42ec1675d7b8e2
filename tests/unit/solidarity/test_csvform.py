"""The files of section 2.14: exact numbers in, places of mistakes out, and back again unchanged."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import KeyTerm, Layer, NoClaim, Years
from app.solidarity.csvform import read_inputs
from app.solidarity.csvinput import write_inputs
from app.solidarity.csvresult import settle_inputs
from app.solidarity.csvtable import euros, exact_text
from app.solidarity.errors import RegelingOngeldig

FILES = {
    "input_arrangements.csv": (
        "arrangement,valid_from,valid_to,categories,pool_by,inleg,budget_measure,local_share,rest,"
        "no_claim_type,no_claim_threshold,no_claim_rate,no_claim_paid_by,cap_pct,fallback_measure\n"
        "R,2021-01-01,2022-01-01,ZORG|JB,category,premium,budget,0.03,,gap,0.8,1/3,claimers,1.1,inwoners\n"
    ),
    "input_members.csv": "arrangement,municipality,from,to\n*,A,,\nR,B,2021-01-01,2022-01-01\n",
    "input_key.csv": (
        "arrangement,role,measure,lag_from,lag_to,averaging,weight,year_from,year_to\n"
        "R,,inwoners,,,,1/3,,\nR,key,cost,1,3,mean_share,2/3,2021,\n"
    ),
    "input_layers.csv": (
        "arrangement,basis,side,unit,lower,upper,share,role,year_from,year_to\n"
        "R,client,,,100000,200000.50,0.9,,,\nR,deviation,both,pct,0.05,,1/2,band,2021,2021\n"
    ),
    "input_measures.csv": "measure,municipality,category,year,value\ninwoners,A,,2021,41250\ninwoners,B,JB,2021,1.5\n",
    "input_ledger.csv": "line,service_date,municipality,category,client,provider,amount\nL1,2021-07-01,A,ZORG,k1,P1,-12.30\n",
    "input_usage.csv": (
        "line,service_date,municipality,category,client,provider,product,quantity,tariff\n"
        "U1,2021-01-01,A,ZORG,,P,x,2.5,0.33\nU2,2021-01-01,A,ZORG,,P,x,-2.5,0.33\n"
    ),
    "input_mergers.csv": "date,predecessor,successor,fraction\n2021-01-01,X,A,0.25\n2021-01-01,X,B,3/4\n",
    "input_gaps.csv": "municipality,measure,year\nB,cost,2020\n",
    "input_retained.csv": "arrangement,year,municipality,amount,reason\nR,2021,A,1.00,ouderbijdrage\n",
    "input_reserve.csv": "arrangement,opening\nR,1000000.00\n",
    "input_advances.csv": "arrangement,year,municipality,channel,date,amount\nR,2021,A,ZIN,2021-01-15,5.05\n",
    "input_spread.csv": "arrangement,step,fraction\nR,2,2/3\nR,1,1/3\n",
}
"""Every file and every column once, not meant to make a sensible agreement."""


def test_every_column_arrives_exactly() -> None:
    """Fractions and decimals are exact, euros are cents, empty is default."""
    given = read_inputs(FILES)
    (arrangement,) = given.agreement.arrangements

    assert (arrangement.categories, arrangement.pool_by, arrangement.inleg) == (("ZORG", "JB"), "category", "premium")
    assert (arrangement.local_share, arrangement.cap) == (Fraction(3, 100), Fraction(11, 10))
    assert arrangement.no_claim == NoClaim(kind="gap", threshold=Fraction(4, 5), rate=Fraction(1, 3), paid_by="claimers")
    assert [(m.municipality, m.since) for m in arrangement.members] == [("A", None), ("B", date(2021, 1, 1))]
    assert arrangement.key_terms == (
        KeyTerm(measure="inwoners", weight=Fraction(1, 3)),
        KeyTerm(measure="cost", lag_from=1, lag_to=3, averaging="mean_share", weight=Fraction(2, 3), years=Years(first=2021)),
    )
    assert arrangement.layers == (
        Layer(basis="client", lower=Fraction(10_000_000), upper=Fraction(20_000_050), share=Fraction(9, 10)),
        Layer(
            basis="deviation", side="both", unit="pct", lower=Fraction(1, 20), share=Fraction(1, 2), role="band",
            years=Years(first=2021, last=2021),
        ),
    )  # fmt: skip
    assert arrangement.spread == (Fraction(1, 3), Fraction(2, 3))
    assert [line.bedrag_cent for line in given.lines] == [-1230, 83, -83]
    assert given.history.reserve_cent == {"R": 100_000_000}
    assert given.advances[0].bedrag_cent == 505


def test_written_inputs_read_back_the_same() -> None:
    """A run can be stored as these texts and repeated."""
    given = read_inputs(FILES)

    assert read_inputs(write_inputs(given)) == given


def test_byte_order_mark_crlf_and_empty_rows_are_no_mistake() -> None:
    """As spreadsheets write them."""
    excel = {name: "\ufeff" + text.replace("\n", "\r\n") + ",,\r\n" for name, text in FILES.items()}

    assert read_inputs(excel) == read_inputs(FILES)


@pytest.mark.parametrize(
    ("file", "old", "new", "objection"),
    [
        ("input_arrangements.csv", "2022-01-01", "2022-13-01", "input_arrangements.csv, rij 2, kolom valid_to: '2022-13-01' is geen datum"),
        ("input_arrangements.csv", "2021-01-01", "", "input_arrangements.csv, rij 2, kolom valid_from: deze cel mag niet leeg zijn"),
        ("input_arrangements.csv", "premium", "premie", "kolom inleg: 'premie' is geen keuze; kies uit none, budget, premium, history"),
        ("input_arrangements.csv", ",gap,", ",,", "kolom no_claim_rate: zonder no_claim_type heeft dit geen betekenis"),
        ("input_arrangements.csv", "valid_from,", "van,", "input_arrangements.csv, rij 1: in de kop ontbreken valid_from"),
        ("input_members.csv", "R,B,", "S,B,", "input_members.csv, rij 3, kolom arrangement: 'S' staat niet in input_arrangements.csv"),
        ("input_members.csv", "R,B,", "R,,", "input_members.csv, rij 3, kolom municipality: deze cel mag niet leeg zijn"),
        ("input_key.csv", "2/3", "2/0", "input_key.csv, rij 3, kolom weight: '2/0' is geen getal"),
        ("input_key.csv", ",1,3,", ",1,drie,", "input_key.csv, rij 3, kolom lag_to: 'drie' is geen geheel getal"),
        ("input_key.csv", "mean_share", "gemiddeld", "kolom averaging: 'gemiddeld' is geen keuze"),
        ("input_layers.csv", "0.9", "90%", "input_layers.csv, rij 2, kolom share: '90%' is geen getal"),
        ("input_layers.csv", "client,", "klant,", "input_layers.csv, rij 2, kolom basis: 'klant' is geen keuze"),
        ("input_measures.csv", "41250", "41.250,0", "input_measures.csv, rij 2, kolom value: de rij heeft 6 cellen en de kop 5"),
        ("input_measures.csv", "41250", "1e5", "input_measures.csv, rij 2, kolom value: '1e5' is geen getal"),
        ("input_measures.csv", "2021,41250", "21,41250", "input_measures.csv, rij 2, kolom year: '21' is geen jaar"),
        ("input_ledger.csv", "-12.30", "12.345", "input_ledger.csv, rij 2, kolom amount: '12.345' is geen bedrag"),
        ("input_ledger.csv", "-12.30", "", "input_ledger.csv, rij 2, kolom amount: deze cel mag niet leeg zijn"),
        ("input_ledger.csv", "2021-07-01", "1-7-2021", "input_ledger.csv, rij 2, kolom service_date: '1-7-2021' is geen datum"),
        ("input_ledger.csv", ",client,", ",municipality,", "input_ledger.csv, rij 1: een kolom staat er twee keer in"),
        ("input_ledger.csv", "L1,", '"L1,', "input_ledger.csv, rij 2: deze regel is geen CSV"),
        ("input_ledger.csv", "L1", "L" * 200_000, "input_ledger.csv, rij 2: deze regel is geen CSV"),
        ("input_ledger.csv", "-12.30", "-1٢.30", "input_ledger.csv, rij 2, kolom amount: '-1٢.30' is geen bedrag"),
        ("input_reserve.csv", "\nR", "\nR,1\nR", "input_reserve.csv, rij 3, kolom arrangement: de reserve van R staat er twee keer"),
        ("input_spread.csv", "R,2", "R,3", "input_spread.csv, rij 2, kolom step: stap 2 ontbreekt"),
    ],
)
def test_mistake_is_named_by_file_row_and_column(file: str, old: str, new: str, objection: str) -> None:
    """And by what is wrong with it."""
    with pytest.raises(RegelingOngeldig) as refused:
        read_inputs({**FILES, file: FILES[file].replace(old, new, 1)})

    assert objection in refused.value.melding


def test_mistakes_of_several_files_come_together() -> None:
    """One look at the list, one correction round."""
    broken = {
        "input_gaps.csv": FILES["input_gaps.csv"].replace("2020", "vorig jaar"),
        "input_usage.csv": FILES["input_usage.csv"].replace("2.5", "veel"),
    }

    with pytest.raises(RegelingOngeldig) as refused:
        read_inputs({**FILES, **broken})

    assert [bezwaar.waar for bezwaar in refused.value.bezwaren] == [
        "input_usage.csv, rij 2, kolom quantity",
        "input_usage.csv, rij 3, kolom quantity",
        "input_gaps.csv, rij 2, kolom year",
    ]


def test_unknown_input_file_is_refused() -> None:
    """A misspelled file name would leave out a part of the agreement."""
    with pytest.raises(NietOndersteund, match=r"input_layer\.csv"):
        read_inputs({**FILES, "input_layer.csv": ""})


def test_folder_without_arrangements_is_refused() -> None:
    """Nothing to settle."""
    with pytest.raises(RegelingOngeldig, match="dit bestand ontbreekt"):
        read_inputs({})


def test_result_files_follow_from_the_input() -> None:
    """Only what applies is written."""
    plain = {
        "input_arrangements.csv": "arrangement,valid_from,valid_to,categories\nR,2021-01-01,2022-01-01,ZORG\n",
        **{name: FILES[name] for name in ("input_members.csv", "input_ledger.csv")},
        "input_key.csv": "arrangement,role,measure,lag_from,lag_to,averaging,weight\nR,key,inwoners,0,0,sum,1\n",
        "input_measures.csv": "measure,municipality,year,value\ninwoners,A,2021,2\ninwoners,B,2021,1\n",
    }

    assert settle_inputs(read_inputs(plain)) == {
        "settlement.csv": (
            "arrangement,period_from,period_to,pool,municipality,own_cost,contribution,settlement,contribution_exact_cents\n"
            "R,2021-01-01,2022-01-01,*,A,-12.30,-8.20,4.10,-820\n"
            "R,2021-01-01,2022-01-01,*,B,0.00,-4.10,-4.10,-410\n"
        )
    }


@pytest.mark.parametrize(
    ("number", "text"),
    [("3/4", "0.75"), ("-1/8", "-0.125"), ("1/3", "1/3"), ("7", "7"), ("0", "0"), ("1/200", "0.005"), ("-7/6", "-7/6"), ("10", "10")],
)
def test_exact_text_is_a_decimal_where_decimals_end(number: str, text: str) -> None:
    """And reads back to the same number."""
    assert exact_text(Fraction(number)) == text
    assert Fraction(text) == Fraction(number)


@pytest.mark.parametrize(("cent", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-12345, "-123.45")])
def test_euros_keep_sign_and_leading_zero(cent: int, text: str) -> None:
    """Minus five cents is not '0.-5'."""
    assert euros(cent) == text
