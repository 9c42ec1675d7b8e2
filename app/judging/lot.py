"""Which waiting berichten of a lane are judged together. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

LOT_BYTES_MAX = 8_000_000
POGINGEN_MAX = 5
"""A bericht that was begun so often without an end is parked at the next attempt: it may be what kills the process."""
RETOUR = frozenset({"302", "320"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wachtend:
    """A bericht that waits to be judged.

    Attributes:
        is_herbeoordeling: It waited while later ones were judged: it was parked, held, or waited for a contract.
        in_vastgehouden_baan: Something in its lane is held, or a rule holds declaraties of its aanbieder.
    """

    bericht_nr: int
    soort: str
    grootte: int
    ontvangst_datum: date
    pogingen: int
    is_herbeoordeling: bool
    zonder_contract_afwijzen: bool
    in_vastgehouden_baan: bool = False


def cut_lot(waiting: Sequence[Wachtend], *, size_max: int, groot_bytes: int) -> list[Wachtend]:
    """The first berichten of a lane that can be judged in one transaction, in order.

    A big one stands alone, and so does one that had to wait, because it must not see what came after it (TR318), and one that was begun
    before without an end, so that what made the lot fail or killed the process takes no others with it. Retourberichten are matched to what was
    sent and are not mixed with berichten that are judged by rules.
    """
    lot: list[Wachtend] = []
    total = 0
    for bericht in waiting:
        alone = bericht.grootte > groot_bytes or bericht.is_herbeoordeling or bericht.pogingen > 0
        other_kind = bool(lot) and (bericht.soort in RETOUR) != (lot[0].soort in RETOUR)
        if lot and (alone or other_kind or len(lot) >= size_max or total + bericht.grootte > LOT_BYTES_MAX):
            break
        lot.append(bericht)
        total += bericht.grootte
        if alone:
            break
    return lot
