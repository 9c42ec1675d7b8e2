"""A workbook says what a folder says, nothing in it is guessed or worked out, and one that is not what it seems is not opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.parties import keur_regio
from app.parties.checking import check_folder
from app.parties.folder import FILE_SIZE_MAX
from app.parties.generator import generate
from app.parties.werkmap import GEEN_WERKMAP, WERKMAP, keur_werkmap, write_werkmap
from tests.unit.parties.mappen import GOED, als_bytes

REGION = check_folder(als_bytes(GOED))[0]


def moment(*parts: int) -> datetime:
    """A day as a cell holds it: local, without zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def changed(change: Callable[[Workbook], None]) -> bytes:
    """The good workbook, changed as a person would."""
    book = load_workbook(io.BytesIO(write_werkmap(REGION)))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """A workbook as bytes."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_cell(blad: str, cell: str, value: Any) -> bytes:
    """The good workbook with another value in one cell."""

    def change(book: Workbook) -> None:
        book[blad][cell].value = value

    return changed(change)


def test_writing_and_reading_is_the_identity() -> None:
    """Days, months, shares, measures, codes with leading zeros and open ends all come back."""
    keuring = keur_werkmap(write_werkmap(REGION))

    assert (keuring.region, keuring.fouten) == (REGION, ())


def test_generated_region_goes_through_a_workbook_unchanged() -> None:
    region = generate(seed=3, gemeenten=4, aanbieders=6, clienten=20, maanden=3, tot=date(2026, 6, 1)).region

    keuring = keur_werkmap(write_werkmap(region))

    assert (keuring.region, keuring.fouten) == (region, ())


def test_amounts_and_days_are_numbers_and_dates() -> None:
    """So that a person can sort and add them; codes are texts, so that they keep their zeros."""
    book = load_workbook(io.BytesIO(write_werkmap(REGION)))

    assert [cell.value for cell in book["tarieven"][2]] == ["J1", "45", "45A04", "04", 9000, moment(2025, 1, 1), moment(2025, 12, 31)]
    assert book["gemeenten"]["A2"].value == "0664"
    assert book["gemeenten"]["C2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize(
    ("blad", "cell", "value"),
    [
        pytest.param("gemeenten", "C2", "2015-01-01", id="day as text"),
        pytest.param("gemeenten", "C2", 42005, id="day as a number that is shown as a day"),
        pytest.param("tarieven", "E2", 9000.0, id="whole number as float"),
        pytest.param("tarieven", "E2", "9000", id="number as text"),
        pytest.param("aanbieders", "A2", 99000001, id="agb without leading zeros as number"),
        pytest.param("voorschotten", "C2", moment(2026, 1, 1), id="month as day"),
        pytest.param("partijen", "D3", "JA", id="capitals"),
        pytest.param("budgetten", "C2", "  ", id="spaces"),
    ],
)
def test_other_form_of_the_same_value(blad: str, cell: str, value: object) -> None:
    """What a program may make of a cell is read as what it says."""
    keuring = keur_werkmap(with_cell(blad, cell, value))

    assert keuring.fouten == ()
    assert keuring.region.tarieven == REGION.tarieven
    assert keuring.region.aanbieders == REGION.aanbieders


@pytest.mark.parametrize(
    ("blad", "cell", "value", "kolom", "zin"),
    [
        pytest.param("gemeenten", "A2", 664, "code", "voorloopnullen", id="lost zeros of a gemeente"),
        pytest.param("tarieven", "D2", 4, "eenheid", "WJ756", id="lost zeros of an eenheid"),
        pytest.param("tarieven", "E2", 90.5, "tarief_cent", "hele centen", id="euros"),
        pytest.param("gemeenten", "C2", moment(2015, 1, 1, 12, 30), "geldig_van", "2026-01-31", id="day with a time"),
        pytest.param("tarieven", "E2", "=9000+0", "tarief_cent", "formule", id="formula"),
        pytest.param("tarieven", "G2", "=TODAY()", "geldig_tot", "formule", id="formula in a cell that may be empty"),
    ],
)
def test_cell_that_would_have_to_be_guessed(blad: str, cell: str, value: object, kolom: str, zin: str) -> None:
    """It is a fault at its place, with what to do."""
    keuring = keur_werkmap(with_cell(blad, cell, value))

    own = [fout for fout in keuring.fouten if fout.bestand == f"{blad}.csv"]
    assert [(fout.rij, fout.kolom) for fout in own] == [(2, kolom)]
    assert zin in own[0].melding


def test_rows_are_numbered_as_the_sheet_shows_them() -> None:
    """Empty rows count, and cells that were once filled at the end of a row do not."""

    def change(book: Workbook) -> None:
        book["bijdragen"].append([])
        book["bijdragen"].append(["0664", "2026-02", "twee"])
        book["bijdragen"]["E2"].value = " "

    keuring = keur_werkmap(changed(change))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in keuring.fouten] == [("bijdragen.csv", 4, "bedrag_cent")]


def test_sheets_with_other_names() -> None:
    """Capitals do not matter, other sheets are left alone, a name that looks like one of ours is not."""

    def change(book: Workbook) -> None:
        book["tarieven"].title = "even iets anders"
        book["even iets anders"].title = "Tarieven"
        book.create_sheet("toelichting").append(["vrije tekst"])
        book["plafonds"].title = "plafond"

    keuring = keur_werkmap(changed(change))

    assert keuring.region.tarieven == REGION.tarieven
    assert [(fout.bestand, "plafonds.csv" in fout.melding) for fout in keuring.fouten] == [("plafond.csv", True)]


def test_text_that_begins_with_an_equals_sign_stays_a_text() -> None:
    """What is written is not a formula for who opens it."""
    files = als_bytes(GOED | {"aanbieders.csv": GOED["aanbieders.csv"].replace("De Wadden", "=1+1")})
    region = check_folder(files)[0]

    written = write_werkmap(region)

    assert load_workbook(io.BytesIO(written))["aanbieders"]["B3"].data_type == "s"
    assert keur_werkmap(written).region == region


def with_part(name: str, content: bytes) -> bytes:
    """The good workbook with one part of it replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(write_werkmap(REGION))) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bad:
        for part in good.namelist():
            if part != name:
                bad.writestr(part, good.read(part))
        bad.writestr(name, content)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        pytest.param(lambda: b"geen zip", GEEN_WERKMAP, id="no zip"),
        pytest.param(lambda: b"", GEEN_WERKMAP, id="nothing"),
        pytest.param(lambda: with_part(SHEET, b"<geen xml"), GEEN_WERKMAP, id="no xml"),
        pytest.param(lambda: with_part("xl/workbook.xml", b"<iets/>"), GEEN_WERKMAP, id="no workbook"),
        pytest.param(lambda: with_part(SHEET, ENTITY), "DOCTYPE", id="entities"),
        pytest.param(lambda: with_part(SHEET, ENTITY.decode().encode("utf-16")), "DOCTYPE", id="entities in utf-16"),
        pytest.param(lambda: with_part(SHEET, b" " * (1 << 20) + ENTITY), "DOCTYPE", id="entities far away"),
        pytest.param(lambda: with_part("xl/media/bom.bin", b"\0" * 401_000_000), "uitgepakt groter", id="zip bomb"),
        pytest.param(lambda: b"PK" + b"x" * FILE_SIZE_MAX, "groter dan 50 MB", id="too big"),
    ],
)
def test_what_is_not_opened(inhoud: Callable[[], bytes], zin: str) -> None:
    """One fault for the whole file, with what to do; never an exception, never memory for what it claims to hold."""
    keuring = keur_werkmap(inhoud())

    assert [(fout.bestand, fout.rij) for fout in keuring.fouten] == [(WERKMAP, None)]
    assert zin in keuring.fouten[0].melding


def test_sheet_that_lies_about_its_size() -> None:
    """A cell in the last column or row does not make sixteen thousand columns or a million rows of nothing."""

    def change(book: Workbook) -> None:
        book["budgetten"]["XFD2"].value = "x"
        book["budgetten"]["A1048576"].value = "0664"

    keuring = keur_werkmap(changed(change))

    assert keuring.region.gemeenten == REGION.gemeenten


def test_reading_looks_at_the_name_of_the_file(tmp_path: Path) -> None:
    """A workbook by its ending, a folder otherwise."""
    (tmp_path / "regio.XLSX").write_bytes(write_werkmap(REGION))

    assert keur_regio(tmp_path / "regio.XLSX").region == REGION
