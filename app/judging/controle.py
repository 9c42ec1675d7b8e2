"""Which findings of a check before sending the sender asked for. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.bevinding import Bevinding

TECHNISCH = "0001"


def up_to(niveau: int, bevindingen: Iterable[Bevinding]) -> list[Bevinding]:
    """The findings up to a controleniveau: 2 is what the bericht alone can tell (retourcode 0001), 4 is everything."""
    return [bevinding for bevinding in bevindingen if niveau > 2 or bevinding.retourcode in (None, TECHNISCH)]
