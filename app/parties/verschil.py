"""What a loaded folder changes: per kind of row what is new, corrected, ended or void, and what stays (decision 0010). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.parties.blijven import samen, wat_blijft
from app.parties.region import TABELLEN, Region, Rij, geordend, region_van, sleutel_van

Huidig = Mapping[type[Rij], Mapping[Any, int]]
"""Per kind of row the rows that count now, each with its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wijziging:
    """What happens to the rows of one file.

    Attributes:
        nieuw: Rows with a key that did not count before.
        gewijzigd: Corrections: the row that counted and the one with the same key that takes its place, from its own first day.
        beeindigd: Rows that are gone from the folder, each with what stays of it: the days before today that the folder does not name.
        vervallen: Rows that are gone and count on no day any more.
        vervallen_ids: Of the rows that no longer count: those corrected, ended and void.
        blijft: How many stay as they are, in the folder or as history.
    """

    nieuw: tuple[Any, ...] = ()
    gewijzigd: tuple[tuple[Any, Any], ...] = ()
    beeindigd: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    vervallen: tuple[Any, ...] = ()
    vervallen_ids: tuple[int, ...] = ()
    blijft: int = 0

    @property
    def is_leeg(self) -> bool:
        """Whether nothing happens to this file."""
        return not (self.nieuw or self.vervallen_ids)

    @property
    def erbij(self) -> tuple[Any, ...]:
        """The rows to store."""
        return (*self.nieuw, *(rij for _, rij in self.gewijzigd), *(stuk for _, stukken in self.beeindigd for stuk in stukken))

    def as_dict(self) -> dict[str, int]:
        """The counts, as they are shown and kept."""
        return {
            "nieuw": len(self.nieuw),
            "gewijzigd": len(self.gewijzigd),
            "beeindigd": len(self.beeindigd),
            "vervallen": len(self.vervallen),
            "blijft": self.blijft,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RegioVerschil:
    """What loading a folder does, per file name, and the region `na` the load."""

    per_bestand: Mapping[str, Wijziging] = field(default_factory=dict)
    na: Region = field(default_factory=Region)

    @property
    def is_leeg(self) -> bool:
        """Whether the folder said what was already loaded."""
        return all(each.is_leeg for each in self.per_bestand.values())

    def as_dict(self) -> dict[str, dict[str, int]]:
        """Counts per file, as they are shown and kept."""
        return {bestand: each.as_dict() for bestand, each in self.per_bestand.items()}


def verschil(huidig: Huidig, map_: Region, vandaag: date) -> RegioVerschil:
    """Compare what counts now with what a folder says; rows that say the same keep their id, so that bookings keep pointing at them.

    Args:
        huidig: The rows that count now; without faults.
        map_: What the folder says; without faults.
        vandaag: Local day of the load.
    """
    resten = wat_blijft(region_van({soort: rijen.keys() for soort, rijen in huidig.items()}), map_, vandaag)
    return RegioVerschil(
        per_bestand={soort.bestand: _wijziging(huidig.get(soort, {}), map_.rijen(soort), resten[soort]) for soort in TABELLEN},
        na=geordend(samen(map_, resten)),
    )


def _wijziging(huidig: Mapping[Any, int], map_: Iterable[Any], resten: Mapping[Any, tuple[Any, ...]]) -> Wijziging:
    per_key = {sleutel_van(rij): rij for rij in huidig}
    changed = [(per_key.get(sleutel_van(rij)), rij) for rij in map_ if rij not in huidig]
    corrected = tuple((oud, rij) for oud, rij in changed if oud is not None)
    ended = tuple((rij, stukken) for rij, stukken in resten.items() if stukken and stukken != (rij,))
    void = tuple(rij for rij, stukken in resten.items() if not stukken)
    lapsed = [*(oud for oud, _ in corrected), *(rij for rij, _ in ended), *void]
    return Wijziging(
        nieuw=tuple(rij for oud, rij in changed if oud is None),
        gewijzigd=corrected,
        beeindigd=ended,
        vervallen=void,
        vervallen_ids=tuple(sorted(huidig[rij] for rij in lapsed)),
        blijft=len(huidig) - len(lapsed),
    )
