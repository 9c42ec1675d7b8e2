"""A region as a workbook: an XLSX with one sheet for each file of the folder, named after it without `.csv`.

Owns what is different from a folder: the limits of a file that unpacks itself, and how a cell becomes the text that stands in a CSV. Nothing
is guessed: a number that lost its leading zeros is refused by the same reader that refuses it in a CSV, and a formula is not read, because its
outcome is what a program stored last, not what stands there. With `adapters.werkblad` the only place that uses openpyxl.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from app.parties.cellen import KOLOMMEN
from app.parties.checking import Keuring, in_volgorde, keur_gelezen
from app.parties.folder import FILE_SIZE_MAX, ROWS_MAX, Gelezen, RegioFout, Voortgang, niemand, parse_folder
from app.parties.region import TABELLEN, Region, Rij, geordend

UNPACKED_SIZE_MAX = 400_000_000
"""Bytes of all parts together once unpacked; 100 000 tariff lines are about 50 MB."""
PARTS_MAX = 500
COLUMNS_MAX = 64
"""Columns to the right of this are not read; a file has at most nine of its own."""
CHUNK_SIZE = 1 << 20
DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
WERKMAP = "werkmap"
GEEN_WERKMAP = "Dit is geen XLSX-werkmap; sla het bestand op als Excel-werkmap (.xlsx)."


def read_bytes(path: Path) -> bytes:
    """The bytes of a workbook; of one that is too big enough to see that it is.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return file.read(FILE_SIZE_MAX + 1)


def keur_werkmap(inhoud: bytes, voortgang: Voortgang = niemand) -> Keuring:
    """The region in a workbook, every fault in it, and every warning about it; rows are numbered as the sheet shows them."""
    fout = _unsafe(inhoud)
    if fout is not None:
        return Keuring(region=Region(), fouten=(RegioFout(bestand=WERKMAP, melding=fout),))
    try:
        bestanden, formulas = _bladen(inhoud)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError):
        # Whatever openpyxl trips over in a file that calls itself a workbook; its own words help nobody who filled in the sheets.
        return Keuring(region=Region(), fouten=(RegioFout(bestand=WERKMAP, melding=GEEN_WERKMAP),))
    if not bestanden:
        return Keuring(region=Region(), fouten=(RegioFout(bestand=WERKMAP, melding=GEEN_WERKMAP),))
    gelezen = parse_folder(bestanden, voortgang)
    if formulas:
        return Keuring(region=geordend(gelezen.region), fouten=in_volgorde([*_other_faults(gelezen, formulas), *formulas]))
    return keur_gelezen(gelezen)


def _other_faults(gelezen: Gelezen, formulas: Sequence[RegioFout]) -> Iterator[RegioFout]:
    """Faults of form besides those of the cells that hold a formula, which were read as if they were empty."""
    known = {(fout.bestand, fout.rij, fout.kolom) for fout in formulas}
    return (fout for fout in gelezen.fouten if (fout.bestand, fout.rij, fout.kolom) not in known)


def _unsafe(inhoud: bytes) -> str | None:
    """Why this file is not opened; None when it may be."""
    if len(inhoud) > FILE_SIZE_MAX:
        return f"Deze werkmap is groter dan {FILE_SIZE_MAX // 1_000_000} MB; splits de regio of haal regels weg."
    try:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as archive:
            parts = archive.infolist()
            # A reader of the archive never gives more than the size that stands in its directory.
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_SIZE_MAX:
                return f"Deze werkmap is uitgepakt groter dan {UNPACKED_SIZE_MAX // 1_000_000} MB; haal weg wat geen regio is."
            if any(_has_doctype(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
                return "Deze werkmap bevat een DOCTYPE en wordt niet geopend; sla haar op in een rekenprogramma als .xlsx."
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return GEEN_WERKMAP
    return None


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part declares entities, or is in an encoding in which that cannot be seen."""
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_SIZE):
            if (not tail and chunk.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00"))) or DOCTYPE.search(tail + chunk):
                return True
            tail = chunk[-16:]
    return False


def _bladen(inhoud: bytes) -> tuple[dict[str, bytes], list[RegioFout]]:
    """Each sheet as the CSV file it stands for, and the cells in it that hold a formula."""
    book = load_workbook(io.BytesIO(inhoud), read_only=True, keep_links=False)
    formulas: list[RegioFout] = []
    try:
        return {(naam := f"{blad.title.strip().lower()}.csv"): _as_csv(naam, blad, formulas) for blad in book.worksheets}, formulas
    finally:
        book.close()


def _as_csv(naam: str, blad: Any, formulas: list[RegioFout]) -> bytes:
    """The cells of a sheet as a CSV whose rows have the same numbers; a formula becomes an empty cell and a fault."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    header: list[str] = []
    # What a sheet says about its own size may be a lie that makes the reader fill up a million empty columns.
    blad.reset_dimensions()
    for nummer, cells in enumerate(blad.iter_rows(max_row=2 * ROWS_MAX, max_col=COLUMNS_MAX), start=1):
        row = [_as_text(cell.value) for cell in cells]
        for index, cell in enumerate(cells):
            if cell.data_type == "f":
                kolom = header[index] if index < len(header) else None
                formulas.append(_formula(naam, nummer, kolom, row[index]))
                row[index] = ""
        header = header or ([cel.strip().lower() for cel in row] if any(row) else [])
        writer.writerow(_to_width(row, len(header)))
    return text.getvalue().encode()


def _formula(naam: str, nummer: int, kolom: str | None, text: str) -> RegioFout:
    zin = "Deze cel bevat een formule, en die wordt niet uitgerekend; plak er de waarde overheen."
    return RegioFout(bestand=naam, rij=nummer, kolom=kolom, waarde=text[:80], melding=zin)


def _to_width(row: list[str], width: int) -> list[str]:
    """A row as long as the header: a sheet leaves out empty cells at the end, or has formatted ones beyond the last column."""
    while len(row) > width and not row[-1]:
        row.pop()
    return row + [""] * (width - len(row)) if any(row) else row


def _as_text(value: Any) -> str:
    """A cell as it would stand in a CSV; what has no such form stays as it is written and is refused by the reader of its column."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def write_werkmap(region: Region) -> bytes:
    """The region as a workbook: a sheet for each file, codes as text, days and amounts as what they are."""
    book = Workbook(write_only=True)
    ordered = geordend(region)
    for soort in TABELLEN:
        blad = book.create_sheet(soort.bestand.removesuffix(".csv"))
        blad.append(list(KOLOMMEN[soort]))
        for row in _rows(soort, ordered.rijen(soort)):
            blad.append([_as_cell(blad, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _rows(soort: type[Rij], rijen: Iterable[Any]) -> Iterator[list[Any]]:
    """The values of each row: as they are where a sheet can hold them exactly, else as the text of a CSV."""
    for rij in rijen:
        yield [_exact(getattr(rij, kolom), how.write) for kolom, how in KOLOMMEN[soort].items()]


def _exact(value: Any, write: Any) -> Any:
    is_day = isinstance(value, date) and len(write(value)) == len("2026-01-31")
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_day or is_whole else None if value is None else write(value)


def _as_cell(blad: Any, value: Any) -> Any:
    """A cell; a text that begins with `=` stays a text."""
    cell = WriteOnlyCell(blad, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell
