"""Tables of a TOML text as typed values; every wrong field becomes an objection with its path and a remedy.

As `csvtable` is for cells: numbers are exact (a decimal, `"1/3"` or `"75%"`), never a float; what cannot be read yields a harmless
value, so that reading goes on and names all faults at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from app.solidarity.csvtable import FRACTION, NUMBER
from app.solidarity.errors import Bezwaar, refuse

BYTES_MAX = 5_000_000
"""Largest document that is read: hundreds of regelingen."""
DIGITS_MAX = 20
"""Digits before and after the point of a number, as in CSV."""
PERCENT: Final = re.compile(r"(-?\d{1,9}(?:[.,]\d{1,9})?)\s?%", re.ASCII)
NOTES: Final = ("artikel", "artikelen", "toelichting")
"""Fields that every table may have: the article of the by-law, those of its fields, and an explanation."""

_SYNTAX: Final = (
    ("Cannot overwrite", "deze naam staat er twee keer; laat er één staan"),
    ("Cannot declare", "deze tabel staat er twee keer; schrijf [[...]] met dubbele haken als het er meer mogen zijn"),
    ("Expected '='", "na de naam van een veld hoort een '='"),
    ("Invalid date", "deze datum bestaat niet"),
    ("Invalid value", "deze waarde is niet te lezen; zet tekst tussen aanhalingstekens en gebruik een punt in getallen"),
    ("Expected newline", "na de waarde staat nog iets; begin een nieuwe regel, en gebruik een punt in getallen"),
    ("Unclosed array", "een lijst is niet gesloten; voeg ']' toe"),
    ("Unclosed inline", "een tabel is niet gesloten; voeg '}' toe"),
    ("Unterminated string", "een tekst is niet gesloten; voeg een aanhalingsteken toe"),
    ("Illegal character", "een teken mag hier niet staan; kijk of een aanhalingsteken ontbreekt"),
    ("Expected ']'", "een kop van een tabel is niet gesloten; schrijf [naam] of [[naam]]"),
)
"""How the reader of TOML begins its sentence, and ours."""


def parse(file: str, text: str) -> dict[str, Any]:
    """The text as nested tables.

    Raises:
        RegelingOngeldig: It is too large or no TOML; the sentence names line and column.
    """
    if len(text) > BYTES_MAX:
        raise refuse(file, f"het document is groter dan {BYTES_MAX // 1_000_000} MB; splits het.")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise refuse(*_syntax(file, str(error), text)) from error
    except (ValueError, RecursionError) as error:  # A number of thousands of digits, or lists in lists in lists.
        raise refuse(file, "een getal of lijst is veel te groot; maak het document eenvoudiger.") from error


def _syntax(file: str, reason: str, text: str) -> tuple[str, str]:
    """Place and sentence for a text that is no TOML."""
    place = re.search(r"at line (\d+), column (\d+)", reason)
    line, column = (place[1], place[2]) if place else (str(text.count("\n") + 1), "einde")
    sentence = next((dutch for start, dutch in _SYNTAX if start in reason), "dit is geen TOML; verbeter of verwijder deze regel")
    return f"{file}, regel {line}, kolom {column}", f"{sentence}."


@dataclass(slots=True, kw_only=True)
class Reading:
    """What reading one document has found so far, apart from its values.

    Attributes:
        file: Name of the document, first in every place.
        objections: Every fault.
        faulty: Paths with a fault, so that no second sentence follows from the harmless value that stands in.
        articles: Article per path.
        notes: Explanation per path.
    """

    file: str
    objections: list[Bezwaar] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    articles: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def object_to(self, path: str, sentence: str) -> None:
        """Note what is wrong at a path."""
        self.objections.append(Bezwaar(waar=f"{self.file}, {path}" if path else self.file, zin=sentence))
        self.faulty.add(path)


class Tabel:
    """One table of the document; each field is asked for once, and `close` objects to what nobody asked for."""

    def __init__(self, data: Mapping[str, Any], path: str, reading: Reading) -> None:
        self.data = data
        self.path = path
        self.reading = reading
        self._asked: dict[str, None] = dict.fromkeys(NOTES)

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def object_to(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field."""
        self.reading.object_to(self.at(name), sentence)

    def raw(self, name: str) -> Any:
        """The value as TOML has it, None when absent."""
        self._asked[name] = None
        return self.data.get(name)

    def optional(self, name: str) -> str | None:
        """A text, None when absent or empty."""
        value = self.raw(name)
        if value is not None and not isinstance(value, str):
            self.object_to(name, f"hier hoort tekst tussen aanhalingstekens, geen {_kind(value)}.")
            return None
        return (value or "").strip() or None

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.optional(name)
        if value is None and self.at(name) not in self.reading.faulty:
            self.object_to(name, "dit veld ontbreekt of is leeg; vul het in.")
        return value or ""

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        return tuple(_text_of(self, f"{name}[{n}]", item) for n, item in enumerate(self.items(name), start=1))

    def choice(self, name: str, words: Mapping[str, str], default: str | None = None) -> str:
        """One of the words of the document, as section 2 calls it; `default` (a word of section 2) when absent."""
        value = self.optional(name)
        if value is None and default is not None:
            return default
        if value is None:
            if self.at(name) not in self.reading.faulty:
                self.object_to(name, f"dit veld ontbreekt; kies uit {', '.join(words)}.")
        elif value in words:
            return words[value]
        else:
            self.object_to(name, f"'{value}' is geen keuze; kies uit {', '.join(words)}{nearest(value, words)}.")
        return default or next(iter(words.values()))

    def optional_number(self, name: str) -> Fraction | None:
        """An exact number, None when absent."""
        value = self.raw(name)
        return None if value is None else number_of(self, name, value)

    def number(self, name: str, default: Fraction | None = None) -> Fraction:
        """An exact number; wrong when it is absent and there is no default."""
        value = self.optional_number(name)
        if value is None and default is None:
            self.object_to(name, "dit veld ontbreekt; vul een getal in.")
        return value if value is not None else default or Fraction(0)

    def numbers(self, name: str) -> tuple[Fraction, ...]:
        """A list of exact numbers, empty when absent."""
        return tuple(number_of(self, f"{name}[{n}]", item) for n, item in enumerate(self.items(name), start=1))

    def cents(self, name: str) -> int:
        """Euros with at most two decimals, as whole cents."""
        cents = self.number(name) * 100
        if cents.denominator != 1:
            self.object_to(name, "een bedrag is in euro's met hoogstens twee decimalen; rond het af.")
        return int(cents)

    def optional_year(self, name: str) -> int | None:
        """A calendar year, None when absent."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 2999:
            self.object_to(name, f"hier hoort een jaar van vier cijfers, zoals 2026, geen {_shown(value)}.")
            return None
        return value

    def year(self, name: str) -> int:
        """A calendar year that must be there."""
        value = self.optional_year(name)
        if value is None and self.at(name) not in self.reading.faulty:
            self.object_to(name, "dit veld ontbreekt; vul een jaar in.")
        return value or 2000

    def optional_day(self, name: str) -> date | None:
        """A date, None when absent."""
        value = self.raw(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.object_to(name, f"hier hoort een datum zonder aanhalingstekens of tijd, zoals 2026-01-31, geen {_shown(value)}.")
        return None

    def day(self, name: str) -> date:
        """A date that must be there."""
        value = self.optional_day(name)
        if value is None and self.at(name) not in self.reading.faulty:
            self.object_to(name, "dit veld ontbreekt; vul een datum in, zoals 2026-01-31.")
        return value or date(2000, 1, 1)

    def items(self, name: str) -> Sequence[Any]:
        """A list, empty when absent."""
        value = self.raw(name)
        if value is not None and not isinstance(value, list):
            self.object_to(name, f"hier hoort een lijst tussen [ en ], geen {_kind(value)}.")
            return ()
        return value or ()

    def table(self, name: str) -> Tabel | None:
        """A table within this one, None when absent."""
        value = self.raw(name)
        if value is None or isinstance(value, dict):
            return None if value is None else Tabel(value, self.at(name), self.reading)
        self.object_to(name, f"hier hoort een tabel: schrijf [{plain_path(self.at(name))}] met daaronder de velden.")
        return None

    def tables(self, name: str) -> list[Tabel]:
        """A list of tables, each under its own `[[...]]`; numbered from 1."""
        value = self.raw(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.object_to(name, f"het mogen er meer zijn: schrijf elke keer [[{plain_path(self.at(name))}]] met dubbele haken.")
            return []
        return [Tabel(item, self.at(f"{name}[{number}]"), self.reading) for number, item in enumerate(value, start=1)]

    def close(self) -> None:
        """Keep the notes, and object to every field that nobody asked for."""
        article, note = self.optional("artikel"), self.optional("toelichting")
        if article:
            self.reading.articles[self.path] = article
        if note:
            self.reading.notes[self.path] = note
        known = [name for name in self._asked if name not in NOTES]
        per_field = self.table("artikelen")
        for name in per_field.data if per_field else ():
            if name not in known:
                self.object_to(f"artikelen.{name}", f"dit veld kent deze tabel niet{nearest(name, known)}; verbeter de naam.")
            elif per_field and (article := per_field.optional(name)):
                self.reading.articles[self.at(name)] = article
        for name in self.data:
            if name not in self._asked:
                self.object_to(name, f"dit veld is onbekend{nearest(name, [*known, *NOTES])}; verbeter de naam of haal het weg.")


def number_of(table: Tabel, name: str, value: Any) -> Fraction:
    """A value of TOML as an exact number."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**DIGITS_MAX:
        return Fraction(value)
    if isinstance(value, Decimal) and value.is_finite() and (not value or -DIGITS_MAX <= value.adjusted() < DIGITS_MAX):
        return Fraction(value)
    if isinstance(value, str):
        if NUMBER.fullmatch(value) or FRACTION.fullmatch(value):
            return Fraction(value)
        if percent := PERCENT.fullmatch(value):
            return Fraction(percent[1].replace(",", ".")) / 100
    table.object_to(name, f'hier hoort een getal, zoals 0.75, "1/3" of "75%", geen {_shown(value)}.')
    return Fraction(0)


def nearest(name: str, known: Sequence[str] | Mapping[str, str]) -> str:
    """` (bedoelt u 'x'?)` for the known name that looks most like it, else nothing."""
    import difflib  # Only for who made a mistake.

    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (bedoelt u '{close[0]}'?)" if close else ""


def plain_path(path: str) -> str:
    """A path as the head of a table: without numbers."""
    return re.sub(r"\[\d+\]", "", path)


def _text_of(table: Tabel, name: str, value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    table.object_to(name, f"hier hoort tekst tussen aanhalingstekens, geen {_shown(value)}.")
    return ""


def _kind(value: Any) -> str:
    kinds = {bool: "ja of nee", int: "getal", Decimal: "getal", str: "tekst", date: "datum", list: "lijst", dict: "tabel"}
    return kinds.get(type(value), "tijdstip")


def _shown(value: Any) -> str:
    """A value in a sentence: short ones as they are, others by kind."""
    if isinstance(value, bool | list | dict):
        return _kind(value)
    text = str(value)
    return f"'{text}'" if len(text) <= 40 else _kind(value)
