"""The CSV files of the rulebook as values, each row checked for what a later reader relies on.

Owns the form of `technisch.csv`, `plekken.csv`, `zonder_functie.csv`, `proces.csv` and `tests.csv`; what follows from them is in `joining`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import cast

from app.standard.catalogue import DOMEINEN, NUMMERS, Domein
from app.standard.rulebook.regelrij import SOORTEN, Staat


class RegelboekOngeldig(ValueError):
    """A file of the rulebook says something that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorschrift:
    """What a code of kind TR, CD, CS or RS asks, and its retourcode; empty for what the schema refuses and for rules without one."""

    code: str
    retourcode: str
    zin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plek:
    """Where a code stands: one row of the standard in each of `domeinen`."""

    code: str
    domeinen: tuple[Domein, ...]
    berichten: tuple[str, ...]
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonderFunctie:
    """Why no function judges a code in these berichten: who sees to it instead, or why nobody can."""

    code: str
    berichten: tuple[str, ...]
    staat: Staat
    waarom: str
    waar: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Werkwijze:
    """A code of kind UP, OP or IV: what it asks and how Solidair works by it. `waar` holds dotted names and codes of rules."""

    code: str
    soort: str
    domeinen: tuple[Domein, ...]
    berichten: tuple[str, ...]
    staat: Staat
    zin: str
    waarom: str
    waar: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proef:
    """A test that shows a rule: `uitkomst` is `houdt`, `faalt`, or `toont` for one that names the code without judging by it.

    `functie` is the name of the rule's function, or the code for what no rule's function enforces.
    """

    functie: str
    uitkomst: str
    test: str


def read_voorschriften() -> dict[str, Voorschrift]:
    """`technisch.csv` by code."""
    return {row["code"]: Voorschrift(**row) for row in _rows("technisch")}


def read_plekken() -> tuple[Plek, ...]:
    """`plekken.csv`, in its own order: kind, code, berichten, element."""
    return tuple(
        Plek(code=row["code"], domeinen=_domeinen(row["domeinen"]), berichten=_berichten(row["berichten"]), element=row["element"])
        for row in _rows("plekken")
    )


def read_zonder_functie() -> tuple[ZonderFunctie, ...]:
    """`zonder_functie.csv`."""
    return tuple(
        ZonderFunctie(
            code=row["code"],
            berichten=_berichten(row["berichten"]),
            staat=_staat(row["staat"]),
            waarom=row["waarom"],
            waar=tuple(row["waar"].split()),
            tests=tuple(row["tests"].split()),
        )
        for row in _rows("zonder_functie")
    )


def read_werkwijzen() -> tuple[Werkwijze, ...]:
    """`proces.csv`.

    Raises:
        RegelboekOngeldig: A kind is not UP, OP or IV, or does not fit its code.
    """
    found = []
    for row in _rows("proces"):
        if row["soort"] not in SOORTEN or not row["code"].startswith(row["soort"]):
            raise RegelboekOngeldig(f"proces.csv: {row['code']} is no {row['soort']}")
        found.append(
            Werkwijze(
                code=row["code"],
                soort=row["soort"],
                domeinen=_domeinen(row["domeinen"]),
                berichten=_berichten(row["berichten"]),
                staat=_staat(row["staat"]),
                zin=row["zin"],
                waarom=row["waarom"],
                waar=tuple(row["waar"].split()),
            )
        )
    return tuple(found)


def read_proeven() -> tuple[Proef, ...]:
    """`tests.csv`, made by tools/make_rulebook_tests.py."""
    return tuple(Proef(**row) for row in _rows("tests"))


def _rows(naam: str) -> list[dict[str, str]]:
    """The rows of one of the files beside this module."""
    text = (files(__package__) / f"{naam}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def _domeinen(text: str) -> tuple[Domein, ...]:
    """`ijw iwmo` as values; raises RegelboekOngeldig for anything else."""
    found = tuple(text.split())
    if not found or not set(found) <= set(DOMEINEN):
        raise RegelboekOngeldig(f"domeinen {text!r}")
    return cast("tuple[Domein, ...]", found)


def _berichten(text: str) -> tuple[str, ...]:
    """`301 305` as values; raises RegelboekOngeldig for a number that no bericht has."""
    found = tuple(text.split())
    if not set(found) <= set(NUMMERS):
        raise RegelboekOngeldig(f"berichten {text!r}")
    return found


def _staat(text: str) -> Staat:
    """A state that may be written down; `open` may not."""
    staat = Staat(text)
    if staat is Staat.OPEN:
        raise RegelboekOngeldig("a row is not written down as open")
    return staat
