"""The history of the region as values: who stored which row when, and who let it lapse. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Lading:
    """One change of the region: a load of a folder or a change of some rows.

    `verschil` counts per file the rows that are new, changed (gewijzigd), ended (beeindigd), void (vervallen) and unchanged (blijft).
    """

    lading_nr: int
    geladen_op: datetime
    geladen_door: str
    verschil: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versie:
    """A row with its life in the books of the region; it counted from `geladen_op` until `vervallen_op`.

    Attributes:
        rij: What it says.
        geladen_lading, geladen_op, geladen_door: The load it came with; None when it is older than this was kept (migration 0004).
        vervallen_lading, vervallen_op, vervallen_door: The load that let it lapse; None while it counts.
    """

    rij: Any
    geladen_lading: int | None
    geladen_op: datetime | None
    geladen_door: str | None
    vervallen_lading: int | None = None
    vervallen_op: datetime | None = None
    vervallen_door: str | None = None
