"""The codes by which the networks refuse a bericht before its receiver sees it, and who has to act.

VECOZO and the GGk carry berichten between gemeente and aanbieder. What they refuse comes back as a foutbericht (Fo01, Fo03) or a melding,
never as a retourbericht: these codes are no retourcodes (WJ001). The older list of 2018 gave IB007, IB009 and BRS06 another meaning, so a
code is always asked for together with its list.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal

from app.standard.codelists import read_rows

Bron = Literal["FoutcodeVecozo", "FoutcodeGgk", "FoutcodeStuf"]


class AanZet(StrEnum):
    """Who has to act on a foutcode; seen from the bericht that was refused."""

    AFZENDER = "afzender"
    """The gemeente or aanbieder whose bericht it is."""
    INDIENER = "indiener"
    """Who handed it in: the afzender, or a party that does so for it."""
    GEADRESSEERDE = "geadresseerde"
    """Who should have received it."""
    SOFTWARELEVERANCIER = "softwareleverancier"
    """Who makes the software of the afzender; for what we send, we ourselves."""
    BEHEERDER = "beheerder"
    """Who runs the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foutcode:
    """One foutcode of one network.

    Attributes:
        lijst: The list it is of; the same code may mean something else in another.
        code: As it is reported: `BRS13`, `IB003`, `StUF055`.
        betekenis: A Dutch sentence without full stop.
        melders: Who may report it; `ontvanger` is whichever end received the envelope.
        aan_zet: Who has to act.
        handeling: What that party has to do, a Dutch sentence without full stop.
    """

    lijst: Bron
    code: str
    betekenis: str
    melders: tuple[str, ...]
    aan_zet: AanZet
    handeling: str


def foutcode(lijst: Bron, code: str) -> Foutcode | None:
    """The foutcode, None when the list does not have it: a network may add codes at any time."""
    return _by_code(lijst).get(code)


def foutcodes(lijst: Bron) -> tuple[Foutcode, ...]:
    """The whole list, in its own order."""
    return tuple(_by_code(lijst).values())


@cache
def _by_code(lijst: Bron) -> dict[str, Foutcode]:
    return {row["code"]: _as_foutcode(lijst, row) for row in read_rows(lijst)}


def _as_foutcode(lijst: Bron, row: dict[str, str]) -> Foutcode:
    """A row of the CSV file as a value; raises ValueError when nobody we know has to act."""
    return Foutcode(
        lijst=lijst,
        code=row["code"],
        betekenis=row["betekenis"],
        melders=tuple(row["melders"].split()),
        aan_zet=AanZet(row["aan_zet"]),
        handeling=row["handeling"],
    )
