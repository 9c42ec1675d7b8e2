"""Dutch forms of values, CSV cells, and the geometry of charts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.web.csvbestand import csv_tekst, euro_cel
from app.web.grafiek import Meting, balken, schaal
from app.web.pagina import query
from app.web.woorden import datum, datum_kort, euro_heel, euro_kort, euro_of_streep, getal, grootte, partij_woord, procent, tijdstip


def test_amounts_in_dutch() -> None:
    assert euro_of_streep(123_456_789) == "€\u00a01.234.567,89"
    assert euro_of_streep(-5) == "-€\u00a00,05"
    assert euro_of_streep(None) == "–"
    assert euro_heel(-123_456) == "-€\u00a01.234"
    assert euro_heel(-99) == "€\u00a00"
    assert [euro_kort(cents) for cents in (0, 99_900, 2_500_000, 250_000_000, 1_000_000_000, -2_500_000)] == [
        "€\u00a00",
        "€\u00a0999",
        "€\u00a025k",
        "€\u00a02,5\u00a0mln",
        "€\u00a010\u00a0mln",
        "-€\u00a025k",
    ]


def test_days_and_moments_in_dutch_time() -> None:
    assert datum(date(2026, 7, 3)) == "3 juli 2026"
    assert datum_kort(date(2026, 7, 3)) == "03-07-2026"
    assert tijdstip(datetime(2026, 7, 3, 22, 30, tzinfo=UTC)) == "04-07-2026 00:30"
    assert datum(None) == datum_kort(None) == tijdstip(None) == "–"


def test_numbers_and_sizes() -> None:
    assert getal(1_234_567) == "1.234.567"
    assert procent(873) == "87,3%"
    assert procent(None) == "–"
    assert [grootte(size) for size in (999, 31_999, 24_960_000)] == ["999 bytes", "31 kB", "24,9 MB"]


def test_party_is_called_by_its_name_or_else_its_code() -> None:
    assert partij_woord("gemeente:0664", "Goes") == "Goes (0664)"
    assert partij_woord("aanbieder:42420001") == "aanbieder 42420001"
    assert partij_woord(None) == "onbekend"


def test_query_leaves_out_what_is_empty_and_escapes_the_rest() -> None:
    assert query({"a": "x&y", "b": None, "c": ""}, d=2, e=False) == "?a=x%26y&d=2"
    assert query({"a": 1}, a=None) == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    assert csv_tekst(("a",), [(f"{start}1",)]).splitlines()[1].strip('"').startswith("'")


def test_csv_keeps_numbers_quotes_and_empty_cells() -> None:
    text = csv_tekst(("a", "b", "c"), [(euro_cel(-123_405), 'x;"y"', None)])

    assert text == '\ufeffa;b;c\r\n-1234,05;"x;""y""";\r\n'


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 0, (0, 50)),
        (0, 1_000_000, (0, 500_000, 1_000_000)),
        (0, 1_200_000, (0, 500_000, 1_000_000, 1_500_000)),
        (-250_000, 250_000, (-400_000, -200_000, 0, 200_000, 400_000)),
        (-300, 0, (-300, -200, -100, 0)),
    ],
)
def test_axis_has_round_marks_around_all_values(low: int, high: int, marks: tuple[int, ...]) -> None:
    assert schaal(low, high, 5) == marks


def test_bars_start_at_zero_and_keep_their_proportion() -> None:
    chart = balken(
        [Meting(naam="a", waarde_cent=1000, grens_cent=500), Meting(naam="b", waarde_cent=500), Meting(naam="c", waarde_cent=-500)]
    )

    a, b, c = chart.balken
    assert [each.toon for each in chart.balken] == ["over", "gewoon", "min"]
    assert a.x == b.x == chart.nul_x
    assert a.breedte == pytest.approx(2 * b.breedte, abs=0.2)
    assert a.grens_x == pytest.approx(b.x + b.breedte, abs=0.2)
    assert c.x + c.breedte == pytest.approx(chart.nul_x, abs=0.2)
    assert all(each.x >= 0 and each.x + each.breedte <= chart.breedte for each in chart.balken)


def test_chart_without_values_is_an_empty_drawing() -> None:
    assert balken([]).balken == ()
    assert balken([Meting(naam="a", waarde_cent=0)], smal=True, breedte=340).balken[0].breedte == 0
