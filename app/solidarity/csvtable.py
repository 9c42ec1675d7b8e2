"""Cells of a CSV text as typed values; every wrong cell becomes an objection with file, row and column.

Numbers are read exactly: decimals (`0.75`) and fractions (`1/3`) become fractions, euros become whole cents. Never a float.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.solidarity.errors import Bezwaar

NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)
FRACTION = re.compile(r"-?\d{1,20}/0*[1-9]\d{0,19}", re.ASCII)
EUROS = re.compile(r"-?\d{1,15}(\.\d{1,2}0*)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file; a cell that cannot be read is noted in `bezwaren` and yields a harmless value."""

    file: str
    number: int
    cells: dict[str, str]
    bezwaren: list[Bezwaar] = field(compare=False, repr=False)

    def object_to(self, column: str, zin: str) -> None:
        """Note what is wrong with a cell."""
        self.bezwaren.append(Bezwaar(waar=f"{self.file}, rij {self.number}, kolom {column}", zin=zin))

    def optional(self, column: str) -> str | None:
        """The text of a cell, None when it is empty or the column is absent."""
        return self.cells.get(column) or None

    def text(self, column: str) -> str:
        """The text of a cell that must not be empty."""
        value = self.optional(column)
        if value is None:
            self.object_to(column, "deze cel mag niet leeg zijn; vul haar in.")
        return value or ""

    def choice(self, column: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of a few words; an empty cell is `default` if there is one."""
        value = self.optional(column) or default
        if value is None or value not in choices:
            self.object_to(column, f"'{value or ''}' is geen keuze; kies uit {', '.join(choices)}.")
            return choices[0]
        return value

    def optional_number(self, column: str) -> Fraction | None:
        """An exact number, None when the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        if not NUMBER.fullmatch(value) and not FRACTION.fullmatch(value):
            self.object_to(column, f"'{value}' is geen getal; schrijf 0.75 of 1/3, met een punt en zonder duizendtallen.")
            return Fraction(0)
        return Fraction(value)

    def number_of(self, column: str, default: Fraction | None = None) -> Fraction:
        """An exact number; an empty cell is `default`, or wrong when there is none."""
        value = self.optional_number(column)
        if value is None and default is None:
            self.text(column)
        return (default if value is None else value) or Fraction(0)

    def optional_integer(self, column: str) -> int | None:
        """A whole number, None when the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,9}", value):
            self.object_to(column, f"'{value}' is geen geheel getal.")
            return 0
        return int(value)

    def integer(self, column: str) -> int:
        """A whole number."""
        value = self.optional_integer(column)
        if value is None:
            self.text(column)
        return value or 0

    def year(self, column: str) -> int:
        """A calendar year of four digits."""
        value = self.optional(column) or ""
        if not re.fullmatch(r"[12]\d{3}", value):
            self.object_to(column, f"'{value}' is geen jaar van vier cijfers.")
            return 2000
        return int(value)

    def cents(self, column: str) -> int:
        """Euros with at most two decimals, as whole cents."""
        value = self.text(column)
        if not value:
            return 0
        if not EUROS.fullmatch(value):
            self.object_to(column, f"'{value}' is geen bedrag in euro's; schrijf 1234.56, met hoogstens twee decimalen.")
            return 0
        return int(Fraction(value) * 100)

    def optional_day(self, column: str) -> date | None:
        """A date, None when the cell is empty."""
        value = self.optional(column)
        if value is None:
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # A day such as 2021-02-30: noted below like any other text that is no date.
        self.object_to(column, f"'{value}' is geen datum; schrijf jjjj-mm-dd.")
        return date(2000, 1, 1)

    def day(self, column: str) -> date:
        """A date."""
        value = self.optional_day(column)
        if value is None:
            self.text(column)
        return value or date(2000, 1, 1)


def read_rows(file: str, text: str, required: Sequence[str], bezwaren: list[Bezwaar]) -> Iterator[Row]:
    """The rows of a CSV text with a header; wholly empty rows are skipped, row 1 is the header.

    Args:
        file: Name of the file, for objections.
        text: Its contents; a byte order mark is ignored.
        required: Columns that must be in the header.
        bezwaren: Where objections are noted.
    """
    lines = _cells(file, text, bezwaren)
    header = [name.strip() for _, cells in itertools.islice(lines, 1) for name in cells]
    absent = [name for name in required if name not in header]
    if absent or len(set(header)) < len(header):
        zin = f"in de kop ontbreken {', '.join(absent)}; voeg ze toe." if absent else "een kolom staat er twee keer in."
        bezwaren.append(Bezwaar(waar=f"{file}, rij 1", zin=zin))
        return
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(
            file=file,
            number=number,
            cells=dict(zip(header, (cell.strip() for cell in cells), strict=False)),
            bezwaren=bezwaren,
        )
        if len(cells) != len(header):
            row.object_to(header[-1], f"de rij heeft {len(cells)} cellen en de kop {len(header)}; maak ze gelijk.")
            continue
        yield row


def _cells(file: str, text: str, bezwaren: list[Bezwaar]) -> Iterator[tuple[int, list[str]]]:
    """Row number (its first line) and cells; reading stops at a row that is no CSV, such as a quote that is never closed."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        zin = "deze regel is geen CSV: een aanhalingsteken staat los of een cel is te lang; verbeter de regel."
        bezwaren.append(Bezwaar(waar=f"{file}, rij {number}", zin=zin))


def write_rows(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A CSV text with header; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()


def exact_text(number: Fraction) -> str:
    """An exact number as a cell: `0.75` when its decimals end, else `1/3`."""
    rest, decimals = number.denominator, 0
    while rest % 2 == 0 or rest % 5 == 0:
        rest //= 10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5
        decimals += 1
    if rest != 1:
        return str(number)
    digits = f"{abs(number.numerator) * 10**decimals // number.denominator:0{decimals + 1}d}"
    text = f"{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}" if decimals else digits
    return f"{'-' if number < 0 else ''}{text}"


def euros(cent: int) -> str:
    """Whole cents as euros with two decimals: -5 becomes `-0.05`."""
    whole, rest = divmod(abs(cent), 100)
    return f"{'-' if cent < 0 else ''}{whole}.{rest:02d}"
