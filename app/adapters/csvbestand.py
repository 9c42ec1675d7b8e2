"""A table as a CSV file that a Dutch spreadsheet opens as it is: semicolons, a decimal comma, UTF-8 with a mark. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_tekst(kop: Sequence[str], rijen: Iterable[Sequence[object]]) -> str:
    """The file as text; days as 31-12-2026. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(kop)
    writer.writerows([_cel(value) for value in rij] for rij in rijen)
    return "\ufeff" + buffer.getvalue()


def euro_cel(cent: int | None) -> Bedrag | None:
    """An amount as a number of a Dutch spreadsheet: `-1234,56`; kept apart from text, which may not start with a minus."""
    return None if cent is None else Bedrag(cent)


class Bedrag(str):
    """An amount of `cent` cents, written out; not text, so no apostrophe."""

    cent: int

    def __new__(cls, cent: int) -> Bedrag:
        """Cents with a decimal comma and without points."""
        euros, cents = divmod(abs(cent), 100)
        made = super().__new__(cls, f"{'-' if cent < 0 else ''}{euros},{cents:02d}")
        made.cent = cent
        return made


def _cel(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Bedrag) and value.startswith(_FORMULA):
        return f"'{value}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d-%m-%Y}"
    return "" if value is None else value
