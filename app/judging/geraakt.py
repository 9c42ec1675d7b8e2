"""Which days of which products a change of the region concerns: what held before is compared with what holds now, day by day. Pure.

A corrected row is a void one and a new one; where both say the same nothing changed, so a tariff that was cut in two at 1 May concerns only
what came to differ from that day on. What is found may be more than what changes an outcome, never less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

OPEN_EINDE = date.max


class Bereik(NamedTuple):
    """Whose prestaties: of a lane, a product, a gemeente. Empty means all; there is at least one of them."""

    agb: str = ""
    domein: str = ""
    categorie: str = ""
    code: str = ""
    gemeente: str = ""


class Regiorij(NamedTuple):
    """A row of the region that came or went: what it says, over whom, on which days (both included), and whether it counted then and now."""

    zegt: tuple[object, ...]
    bereik: Bereik
    van: date
    tot: date | None
    telde: bool
    telt: bool


class Gewijzigd(NamedTuple):
    """Days, both included, on which the region says something else about what is in `bereik`."""

    bereik: Bereik
    van: date
    tot: date


def gewijzigde_dagen(rijen: Iterable[Regiorij]) -> Iterator[Gewijzigd]:
    """The days on which something held and no longer does, or the other way round."""
    groups: dict[tuple[tuple[object, ...], Bereik], list[Regiorij]] = defaultdict(list)
    for rij in rijen:
        groups[rij.zegt, rij.bereik].append(rij)
    for (_, bereik), group in groups.items():
        before = [_days(rij) for rij in group if rij.telde]
        now = [_days(rij) for rij in group if rij.telt]
        for first, last in _difference(before, now):
            yield Gewijzigd(bereik, date.fromordinal(first), date.fromordinal(last))


def _days(rij: Regiorij) -> tuple[int, int]:
    return rij.van.toordinal(), (rij.tot or OPEN_EINDE).toordinal()


def _difference(before: Sequence[tuple[int, int]], now: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of days that are in one of the two and not in the other; days as ordinals, both included."""
    edges = sorted({edge for first, last in (*before, *now) if first <= last for edge in (first, last + 1)})
    begin: int | None = None
    for edge in edges:
        differs = _holds(before, edge) is not _holds(now, edge)
        if differs and begin is None:
            begin = edge
        elif not differs and begin is not None:
            yield begin, edge - 1
            begin = None


def _holds(stretches: Sequence[tuple[int, int]], day: int) -> bool:
    return any(first <= day <= last for first, last in stretches)
