"""What a loaded folder changes: per kind of row what is new, what ends, what stays. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.parties.region import TABELLEN, Rij

Huidig = Mapping[type[Rij], Mapping[Any, int]]
"""Per kind of row the rows that count now, each with its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wijziging:
    """What happens to the rows of one file: `nieuw` is stored, the rows with the ids in `vervallen` end, `blijft` counts the rest."""

    nieuw: tuple[Any, ...] = ()
    vervallen: tuple[int, ...] = ()
    blijft: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegioVerschil:
    """What loading a folder did, per file name; a changed row is one that ended and a new one."""

    per_bestand: Mapping[str, Wijziging] = field(default_factory=dict)

    @property
    def is_leeg(self) -> bool:
        """Whether the folder said what was already loaded."""
        return not any(each.nieuw or each.vervallen for each in self.per_bestand.values())

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Counts per file, as they are shown and kept."""
        return {
            bestand: {"nieuw": len(each.nieuw), "vervallen": len(each.vervallen), "blijft": each.blijft}
            for bestand, each in self.per_bestand.items()
        }


def verschil(huidig: Huidig, nieuw: Mapping[type[Rij], tuple[Any, ...]]) -> RegioVerschil:
    """Compare what counts now with what a folder says; rows that say the same keep their id, so that bookings keep pointing at them."""
    return RegioVerschil(per_bestand={soort.bestand: _verschil(huidig.get(soort, {}), nieuw.get(soort, ())) for soort in TABELLEN})


def _verschil(huidig: Mapping[Any, int], nieuw: tuple[Any, ...]) -> Wijziging:
    wanted = set(nieuw)
    return Wijziging(
        nieuw=tuple(rij for rij in nieuw if rij not in huidig),
        vervallen=tuple(sorted(row_id for rij, row_id in huidig.items() if rij not in wanted)),
        blijft=sum(rij in wanted for rij in huidig),
    )
