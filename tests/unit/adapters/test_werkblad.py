"""A workbook: values of their own kind, no formulas from text, names that a spreadsheet accepts."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from app.adapters.werkblad import Blad, Euro, maak_werkmap

KOP = ("gemeente", "kosten", "dag", "aantal", "deel", "leeg")


def rows(data: bytes, sheet: int = 0) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows(values_only=True))


def test_values_keep_their_kind() -> None:
    row = ("Goes", Euro(-123456), date(2026, 11, 22), 12, Decimal("0.25"), None)
    data = maak_werkmap([Blad(naam="Kosten", kop=KOP, rijen=iter([row]))])

    assert rows(data) == [KOP, ("Goes", -1234.56, datetime(2026, 11, 22), 12, 0.25, None)]  # noqa: DTZ001 - as openpyxl reads a day
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert "0.00" in sheet["B2"].number_format
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold


@pytest.mark.parametrize("text", ["=1+1", "+31", "-5", "@naam", "=HYPERLINK(1)"])
def test_text_is_never_a_formula(text: str) -> None:
    cell = load_workbook(io.BytesIO(maak_werkmap([Blad(naam="a", kop=("x",), rijen=[(text,)])]))).worksheets[0]["A2"]

    assert (cell.value, cell.data_type) == (text, "s")


def test_names_of_sheets_are_accepted_and_differ() -> None:
    long = "Afrekening per aanbieder en gemeente 2026"
    data = maak_werkmap([Blad(naam=name, kop=("x",), rijen=[]) for name in (long, long.upper(), "a/b: [c]?", "")])

    names = load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.casefold() for name in names}) == 4
    assert all(0 < len(name) <= 31 for name in names)


def test_the_same_input_gives_the_same_bytes() -> None:
    blad = Blad(naam="a", kop=("x", "y"), rijen=[("b", Euro(1))])

    assert maak_werkmap([blad]) == maak_werkmap([blad])


def test_many_rows_are_all_written() -> None:
    assert len(rows(maak_werkmap([Blad(naam="a", kop=("x",), rijen=((number,) for number in range(1_000)))]))) == 1_001


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sheet"):
        maak_werkmap([])
    with pytest.raises(ValueError, match="2 cells in a sheet of 1"):
        maak_werkmap([Blad(naam="a", kop=("x",), rijen=[*((1,) for _ in range(300)), (1, 2)])])


def test_a_control_character_is_left_out() -> None:
    assert rows(maak_werkmap([Blad(naam="a", kop=("x",), rijen=[("a\x07b",)])]))[1] == ("ab",)
