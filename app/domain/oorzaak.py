"""The name of a cause of uitval: what many berichten have in common, written so that it fits in an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Uitvalsoort(StrEnum):
    """What happened to the berichten of a cause: rejected or refused, or still waiting for somebody."""

    AFGEKEURD = "afgekeurd"
    GEWEIGERD = "geweigerd"
    GEPARKEERD = "geparkeerd"
    WACHT_OP_CONTRACT = "wacht_op_contract"
    VASTGEHOUDEN = "vastgehouden"
    TERUG = "afgekeurd_door_ontvanger"
    TE_LAAT = "te_laat"


MET_REGEL = frozenset({Uitvalsoort.AFGEKEURD, Uitvalsoort.GEWEIGERD})
"""Causes that are a rule; they come back when a new bericht breaks it, the others go away when nothing waits any more."""

_REST = {
    Uitvalsoort.AFGEKEURD: re.compile(r"([A-Za-z0-9_]{1,20})\.([A-Z0-9]{0,4})\.(gemeente|aanbieder)"),
    Uitvalsoort.GEWEIGERD: re.compile(r"([A-Za-z0-9_]{1,20})\.([A-Z0-9]{0,4})\.(gemeente|aanbieder)"),
    Uitvalsoort.GEPARKEERD: re.compile(r"([0-9a-f]{12})()()"),
    Uitvalsoort.TE_LAAT: re.compile(r"(3[0-9]{2})()\.(wij|aanbieder|gemeente)"),
}
_GEEN_REST = re.compile("()()()")
LENGTE_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OorzaakSleutel:
    """Which cause.

    Attributes:
        detail: The rule that does not hold; of what is parked the first 12 hexadecimal digits of the MD5 of the reason; of what is late the
            number of the berichtsoort.
        retourcode: Of a rule; empty when it has none.
        wie: The side that sent the berichten; of what is late who must act: `wij`, `aanbieder` or `gemeente`.
    """

    soort: Uitvalsoort
    detail: str = ""
    retourcode: str = ""
    wie: str = ""

    def __str__(self) -> str:
        """`afgekeurd.TR321.9321.aanbieder`."""
        parts = [self.detail, self.retourcode, self.wie] if self.soort in MET_REGEL else [part for part in (self.detail, self.wie) if part]
        return ".".join((self.soort.value, *parts))

    @classmethod
    def lees(cls, tekst: str) -> OorzaakSleutel | None:
        """The cause with this name; None when it is no name of a cause."""
        name, _, rest = tekst.partition(".")
        if len(tekst) > LENGTE_MAX or name not in list(Uitvalsoort):
            return None
        soort = Uitvalsoort(name)
        found = _REST.get(soort, _GEEN_REST).fullmatch(rest)
        return None if found is None else cls(soort=soort, detail=found[1], retourcode=found[2], wie=found[3])
