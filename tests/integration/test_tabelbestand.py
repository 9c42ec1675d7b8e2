"""Tables of pages as files: every page of money that has a CSV has the same as a workbook, with amounts and days as such."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from httpx import ASGITransport, AsyncClient

from app.bootstrap import open_wereld
from app.domain.partij import Rol
from app.settings import Settings
from app.web.csvbestand import euro_cel
from app.web.tabelbestand import CSV, XLSX, tabel_bestand
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import NU, vul
from tests.integration.test_pages import als

KOP = ("naam", "bedrag", "dag", "aantal", "leeg", "formule")
RIJEN = (("Goes", euro_cel(-123456), date(2026, 5, 31), 3, None, "=1+1"),)


async def test_same_cells_in_both_forms() -> None:
    """A negative amount is a number and no formula; text that looks like a formula is text."""
    text = await tabel_bestand("proef", "csv", KOP, RIJEN)
    book = await tabel_bestand("proef", "xlsx", KOP, iter(RIJEN))

    assert bytes(text.body).decode("utf-8-sig").splitlines()[1] == "Goes;-1234,56;31-05-2026;3;;'=1+1"
    sheet: Any = openpyxl.load_workbook(io.BytesIO(bytes(book.body))).active
    name, amount, day, count, empty, formula = next(sheet.iter_rows(min_row=2))
    assert (name.value, Decimal(str(amount.value)), day.value.date()) == ("Goes", Decimal("-1234.56"), date(2026, 5, 31))
    assert (count.value, empty.value) == (3, None)
    assert (formula.value, formula.data_type) == ("=1+1", "s")
    assert [each.headers["content-type"] for each in (text, book)] == [CSV, XLSX]
    names = [each.headers["content-disposition"] for each in (text, book)]
    assert names == [f'attachment; filename="proef.{form}"' for form in ("csv", "xlsx")]


@pytest.mark.slow
async def test_every_table_of_money_comes_as_csv_and_as_workbook(database: str, tmp_path: Path) -> None:
    """With as many rows; another ending is no page, and who may not open the page gets no file."""
    async with open_wereld(Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU), database) as wereld:
        await vul(wereld)
        async with AsyncClient(transport=ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as browser:
            await als(wereld, browser, Rol.CONTROLLER)
            for pad in (
                "/geld/kosten",
                "/geld/casussen",
                "/geld/boekingen",
                "/geld/maanden",
                "/geld/herkomst",
                "/contracten",
                "/termijnen",
            ):
                text, book, other = [await browser.get(f"{pad}.{form}") for form in ("csv", "xlsx", "exe")]
                assert (text.status_code, book.status_code, other.status_code) == (200, 200, 404), pad
                sheet: Any = openpyxl.load_workbook(io.BytesIO(book.content)).active
                head, *rows = text.content.decode("utf-8-sig").splitlines()
                assert [cell.value for cell in next(sheet.iter_rows(max_row=1))] == head.split(";"), pad
                assert sheet.max_row - 1 == len(rows), pad
            await als(wereld, browser, Rol.TOEGANG, gemeenten=("0664",))
            refused = [(await browser.get(f"{pad}.xlsx")).status_code for pad in ("/geld/kosten", "/geld/boekingen", "/geld/herkomst")]
    assert refused == [403, 403, 403]
