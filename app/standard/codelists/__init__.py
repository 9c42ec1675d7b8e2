"""The closed lists of the standard, as data: what a code means, in which domain, and when it was valid.

Owns the CSV files beside it (README.md says what is missing). The product codes of a region are not here: they belong to `parties`. Who acts
on a code of the transport (VECOZO, GGk, StUF) is in `foutcodes`. The lists are part of the program: they are read once, when first asked
for, and never change while it runs.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

Soort = Literal["schema", "verwijzing", "transport"]


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
        opvolgers: For a gemeente that ended: the codes of the gemeenten that took over its territory, from the day after `geldig_tot`.
    """

    code: str
    betekenis: str
    domein: str | None
    geldig_van: date | None
    geldig_tot: date | None
    regel: str | None = None
    berichten: tuple[str, ...] = ()
    opvolgers: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """True when `day` lies in the period of this code; an unknown bound does not limit."""
        return (self.geldig_van is None or self.geldig_van <= day) and (self.geldig_tot is None or day <= self.geldig_tot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lijst:
    """What a codelijst is called and where its codes stand.

    Attributes:
        lijst: Our name; for a list in the schemas that of its type without `LDT_`.
        naam: Its title.
        ijw, iwmo: Its number in each domain, None when the domain does not have it.
        uitgever: Who keeps it.
        soort: `schema` when the schemas enumerate it, `verwijzing` when a bericht refers to it without the schema checking that, `transport`
            when its codes come from the networks that carry berichten and never stand in one.
    """

    lijst: str
    naam: str
    ijw: str | None
    iwmo: str | None
    uitgever: str
    soort: Soort


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

    Right for every day from 1 January 2014 on. Codes that ended before are unknown and give False; a gemeente that began before 2013 counts
    as having always been there.
    """
    row = _by_code("ijw", "Gemeente").get(code)
    return row is not None and row.is_valid_on(on)


def is_known_gemeente(code: str) -> bool:
    """True when `code` is, or after 2013 was, the code of a gemeente, whatever the day."""
    return code in _by_code("ijw", "Gemeente")


def gemeente(code: str) -> Code | None:
    """The gemeente with this code, ended or not, with the gemeenten that took it over; None when there was none after 2013."""
    return _by_code("ijw", "Gemeente").get(code)


def retourcode(code: str) -> Code | None:
    """The retourcode of list WJ001, with its rule and its berichten; None when it is not in the list."""
    return _by_code("ijw", "RetourCode").get(code)


@cache
def lijsten() -> dict[str, Lijst]:
    """All lists by name."""
    return {row["lijst"]: _as_lijst(row) for row in read_rows("index")}


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
    parsed = (_as_code(row) for row in read_rows(lijst))
    return {code.code: code for code in parsed if code.domein in (None, domein)}


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the CSV files beside this module, as they stand there; raises FileNotFoundError when there is no such file."""
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
        opvolgers=tuple(row.get("opvolgers", "").split()),
    )


def _as_lijst(row: dict[str, str]) -> Lijst:
    """A row of the index as a value; raises ValueError for a soort that does not exist."""
    match row["soort"]:
        case "schema" | "verwijzing" | "transport" as soort:
            return Lijst(
                lijst=row["lijst"],
                naam=row["naam"],
                ijw=row["ijw"] or None,
                iwmo=row["iwmo"] or None,
                uitgever=row["uitgever"],
                soort=soort,
            )
        case other:
            raise ValueError(f"codelijst {row['lijst']} has soort {other}")
