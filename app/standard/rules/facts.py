"""Which facts of the past a rule may look at, and who can see each of them (OP095).

A rule names its facts in `kijkt_naar`. The engine asks here, for each finding, whether the sender of the bericht can see them; a finding
that rests on a fact hidden from the sender must not exist, so the bericht is parked instead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from app.domain.partij import aanbieder, gemeente
from app.domain.snapshot import Kijk

REGIO = frozenset({"regio"})


def _both_parties(kijk: Kijk) -> frozenset[str]:
    """What went between this gemeente and this aanbieder: berichten, their numbers, what was granted."""
    return _parties(kijk.gemeente, kijk.snapshot.agb)


@lru_cache(maxsize=1024)
def _parties(gemeente_code: str, agb: str) -> frozenset[str]:
    """The two partijen of a lane, the same for every finding of a bericht."""
    return frozenset((gemeente(gemeente_code), aanbieder(agb)))


def _of_toewijzing(kijk: Kijk) -> frozenset[str]:
    """Who sent and who received the toewijzing; without one there is nothing to hide."""
    return kijk.toewijzing.zichtbaar_voor if kijk.toewijzing else _both_parties(kijk)


def _everybody(kijk: Kijk) -> frozenset[str]:
    """What anybody can look up: the calendar and the lists of the standard."""
    return frozenset({kijk.van})


def _region_only(_: Kijk) -> frozenset[str]:
    """What only the region knows."""
    return REGIO


FEITEN: dict[str, Callable[[Kijk], frozenset[str]]] = {
    "vandaag": _everybody,
    "gemeentelijst": _everybody,
    "identificaties": _both_parties,
    "clienten": _both_parties,
    "toewijzing": _of_toewijzing,
    "toewijzingnummers": lambda kijk: frozenset({gemeente(kijk.gemeente)}),
    "toewijzingen_van_client": _both_parties,
    "verzoeken": _both_parties,
    "leveringen": _both_parties,
    "declaraties": _both_parties,
    "referentienummers": _both_parties,
    "debet": _both_parties,
    "open_debets": _both_parties,
    "verbruik": _both_parties,
    "goedgekeurd": _both_parties,
    "tarieven": _both_parties,
    "plafond": _region_only,
    "budget": _region_only,
}
"""Name of a fact to the partijen that can see it. `toewijzingnummers` are those of the whole gemeente, other aanbieders included
(TR332)."""


def hidden_fact(kijkt_naar: tuple[str, ...], kijk: Kijk) -> str | None:
    """The first of these facts that the sender cannot see, or None."""
    for feit in kijkt_naar:
        if kijk.van not in FEITEN[feit](kijk):
            return feit
    return None
