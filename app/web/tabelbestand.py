"""A table of a page as a download: CSV for any program, XLSX with money and days as a spreadsheet knows them; the same cells in both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from fastapi.responses import Response

from app.adapters.csvbestand import Bedrag
from app.adapters.werkblad import Blad, Cel, Euro, maak_werkmap
from app.web.csvbestand import csv_tekst

Vorm = Literal["csv", "xlsx"]
"""The forms of a file, as its address ends."""
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def tabel_bestand(naam: str, vorm: Vorm, kop: Sequence[str], rijen: Iterable[Sequence[object]]) -> Response:
    """The rows as a file called `naam` with the ending of its form; made in a thread, because a workbook of many rows takes a while.

    Cells are text, whole numbers, days, and amounts made by `euro_cel`.
    """
    headers = {"Content-Disposition": f'attachment; filename="{naam}.{vorm}"'}
    if vorm == "csv":
        return Response(await asyncio.to_thread(csv_tekst, kop, rijen), media_type=CSV, headers=headers)
    sheet = Blad(naam, kop, ([_cel(value) for value in rij] for rij in rijen))
    return Response(await asyncio.to_thread(maak_werkmap, [sheet]), media_type=XLSX, headers=headers)


def _cel(value: object) -> Cel:
    """A cell of a spreadsheet."""
    match value:
        case Bedrag():
            return Euro(value.cent)
        case bool():
            return "ja" if value else "nee"
        case None | str() | int() | Decimal() | date():
            return value
        case _:
            return str(value)
