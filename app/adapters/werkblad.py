"""Tables as a workbook (XLSX) that a spreadsheet opens as it is: money as numbers, days as days, the head of a sheet in sight. Pure.

Text is always text: what begins with =, +, - or @ is no formula. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

EURO_VORM = "#,##0.00;[Red]-#,##0.00"
DAG_VORM = "dd-mm-yyyy"
NAAM_TEKENS_MAX = 31
BREEDTE_MIN, BREEDTE_MAX = 8, 60
KIJK_RIJEN = 200
"""Rows that decide how wide a column is."""
_NIET_IN_NAAM = re.compile(r"[\[\]:*?/\\']")
_VAST = datetime(2000, 1, 1)  # noqa: DTZ001 - a file in a zip has a clock reading without a zone


@dataclass(frozen=True, slots=True)
class Euro:
    """An amount in cents, shown in euros."""

    cent: int


Cel = str | int | Decimal | date | Euro | None


@dataclass(frozen=True, slots=True)
class Blad:
    """A sheet: its name, the names of its columns, and its rows, which may be made while they are written."""

    naam: str
    kop: Sequence[str]
    rijen: Iterable[Sequence[Cel]]


def maak_werkmap(bladen: Sequence[Blad]) -> bytes:
    """The workbook as bytes.

    Raises:
        ValueError: No sheet, or a row that does not fill the columns.
    """
    if not bladen:
        raise ValueError("a workbook has at least one sheet")
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "Solidair"
    workbook.properties.created = workbook.properties.modified = _VAST
    names: set[str] = set()
    for blad in bladen:
        name = _naam(blad.naam, names)
        names.add(name.casefold())
        _schrijf(workbook.create_sheet(name), blad)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _zonder_klok(buffer.getvalue())


def _schrijf(sheet: Any, blad: Blad) -> None:
    rows = iter(blad.rijen)
    first = list(islice(rows, KIJK_RIJEN))
    # openpyxl writes the widths before the rows, so they are decided first.
    for number, column in enumerate(zip(blad.kop, *(row for row in first if len(row) == len(blad.kop)), strict=True), start=1):
        longest = max(len(_getoond(cell)) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, BREEDTE_MIN), BREEDTE_MAX)
    sheet.freeze_panes = "A2"
    sheet.append([_kop(sheet, name) for name in blad.kop])
    for row in chain(first, rows):
        if len(row) != len(blad.kop):
            # Ended in order, because openpyxl writes the sheet from a generator that is still open.
            sheet.close()
            raise ValueError(f"a row of {len(row)} cells in a sheet of {len(blad.kop)} columns")
        sheet.append([_cel(sheet, value) for value in row])


def _kop(sheet: Any, name: str) -> Any:
    cell = _tekst(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cel(sheet: Any, value: Cel) -> Any:
    match value:
        case Euro():
            cell = WriteOnlyCell(sheet, Decimal(value.cent) / 100)  # type: ignore[arg-type]  # its stub does not know Decimal
            cell.number_format = EURO_VORM
            return cell
        case date():
            cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # nor a date
            cell.number_format = DAG_VORM
            return cell
        case str():
            return _tekst(sheet, value)
        case _:
            return value


def _tekst(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _getoond(value: Cel) -> str:
    match value:
        case None:
            return ""
        case Euro():
            return f"{value.cent / 100:,.2f}"
        case date():
            return "dd-mm-jjjj"
        case _:
            return str(value)


def _naam(wanted: str, taken: set[str]) -> str:
    """A name that a spreadsheet accepts and that no other sheet has, whatever its capitals."""
    plain = _NIET_IN_NAAM.sub(" ", wanted).strip() or "Blad"
    name, number = plain[:NAAM_TEKENS_MAX], 1
    while name.casefold() in taken:
        number += 1
        suffix = f" ({number})"
        name = plain[: NAAM_TEKENS_MAX - len(suffix)] + suffix
    return name


def _zonder_klok(data: bytes) -> bytes:
    """The same archive with one fixed time at every file and in the properties, where openpyxl puts the time of saving."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            out.writestr(zipfile.ZipInfo(item.filename, _VAST.timetuple()[:6]), content, compress_type=zipfile.ZIP_DEFLATED)
    return target.getvalue()
