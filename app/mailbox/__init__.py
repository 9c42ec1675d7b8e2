"""Inbox (each bericht once), outbox (all that must leave, at least once) and postvak (what waits for a party)."""

from app.mailbox.bladzijde import LIMIT_MAX, Bladzijde, CursorOngeldig, make_cursor, read_cursor
from app.mailbox.inbox import kenmerk
from app.mailbox.lists import (
    BerichtFilters,
    BerichtRegel,
    PostvakRegel,
    bevestig_ontvangst,
    bevindingen_van,
    lees_postvak,
    lijst_berichten,
    toon_bericht,
    xml_van,
)
from app.mailbox.outbox import CHANNEL, GROOT_BYTES
from app.mailbox.stand import Stand, is_bereikbaar, lees_stand
from app.mailbox.wachten import wacht_op_oordeel

__all__ = [
    "CHANNEL",
    "GROOT_BYTES",
    "LIMIT_MAX",
    "BerichtFilters",
    "BerichtRegel",
    "Bladzijde",
    "CursorOngeldig",
    "PostvakRegel",
    "Stand",
    "bevestig_ontvangst",
    "bevindingen_van",
    "is_bereikbaar",
    "kenmerk",
    "lees_postvak",
    "lees_stand",
    "lijst_berichten",
    "make_cursor",
    "read_cursor",
    "toon_bericht",
    "wacht_op_oordeel",
    "xml_van",
]
