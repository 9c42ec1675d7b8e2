"""The closed lists of the standard, as data: what a code means, in which domain, and when it was valid.

Owns the CSV files beside it (README.md says what is missing). The product codes of a region are not here: they belong to `parties`.
The lists are part of the program: they are read once, when first asked for, and never change while it runs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row of a codelijst.

    Attributes:
        code: As it stands in a bericht: `07`, `S300`, `NL`.
        betekenis: Short Dutch label; for a retourcode a sentence without full stop.
        domein: `ijw`, `iwmo`, or None when both have it.
        geldig_van: First day, None when no first day is known.
        geldig_tot: Last day, itself included; None when it has not ended.
        regel: For a retourcode: the technical rule that gives it, else None.
        berichten: For a retourcode: the numbers of the berichten it may be given to.
    """

    code: str
    betekenis: str
    domein: str | None
    geldig_van: date | None
    geldig_tot: date | None
    regel: str | None = None
    berichten: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """True when `day` lies in the period of this code; an unknown bound does not limit."""
        return (self.geldig_van is None or self.geldig_van <= day) and (self.geldig_tot is None or day <= self.geldig_tot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lijst:
    """What a codelijst is called: our name (that of the schema type), its title, and its number in each domain."""

    lijst: str
    naam: str
    ijw: str
    iwmo: str
    uitgever: str


def meaning(domein: str, lijst: str, code: str) -> str | None:
    """What a code means; None when the list has no such code in this domain.

    Args:
        domein: `ijw` or `iwmo`; the same code may mean something else in the other (RedenBeeindiging 31).
        lijst: Name of the list, such as `Geslacht`, or its number in the domain, such as `COD046`.
    Raises:
        KeyError: There is no such list.
    """
    found = _by_code(domein, _name(domein, lijst)).get(code)
    return found.betekenis if found else None


def codes(domein: str, lijst: str, on: date | None = None) -> tuple[str, ...]:
    """The codes of a list in its own order, all of them or those valid on a day; raises KeyError for an unknown list."""
    rows = _by_code(domein, _name(domein, lijst)).values()
    return tuple(row.code for row in rows if on is None or row.is_valid_on(on))


def rows(domein: str, lijst: str) -> tuple[Code, ...]:
    """The whole list in one domain; raises KeyError for an unknown list."""
    return tuple(_by_code(domein, _name(domein, lijst)).values())


def is_gemeente(code: str, on: date) -> bool:
    """True when `code` was the code of a gemeente on that day (TR378).

    Codes that ended before 2019 are unknown and give False; a gemeente that began before 2013 counts as having always been there.
    """
    row = _by_code("ijw", "Gemeente").get(code)
    return row is not None and row.is_valid_on(on)


def is_known_gemeente(code: str) -> bool:
    """True when `code` is, or after 2018 was, the code of a gemeente, whatever the day."""
    return code in _by_code("ijw", "Gemeente")


def retourcode(code: str) -> Code | None:
    """The retourcode of list WJ001, with its rule and its berichten; None when it is not in the list."""
    return _by_code("ijw", "RetourCode").get(code)


@cache
def lijsten() -> dict[str, Lijst]:
    """All lists by name."""
    return {row["lijst"]: Lijst(**row) for row in _read("index")}


@cache
def _name(domein: str, lijst: str) -> str:
    """Our name of a list that is given by name or by number."""
    if lijst in lijsten():
        return lijst
    for each in lijsten().values():
        if lijst == (each.ijw if domein == "ijw" else each.iwmo):
            return each.lijst
    raise KeyError(f"no codelijst {lijst} in {domein}")


@cache
def _by_code(domein: str, lijst: str) -> dict[str, Code]:
    """The rows of one list that hold in a domain, by code."""
    parsed = (_as_code(row) for row in _read(lijst))
    return {code.code: code for code in parsed if code.domein in (None, domein)}


def _read(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files beside this module."""
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _as_code(row: dict[str, str]) -> Code:
    """A row of a CSV file as a value."""
    return Code(
        code=row["code"],
        betekenis=row["betekenis"],
        domein=row["domein"] or None,
        geldig_van=date.fromisoformat(row["geldig_van"]) if row["geldig_van"] else None,
        geldig_tot=date.fromisoformat(row["geldig_tot"]) if row["geldig_tot"] else None,
        regel=row.get("regel") or None,
        berichten=tuple(row.get("berichten", "").split()),
    )
