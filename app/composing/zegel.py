"""The numbers and the moment that a preview has fixed, carried through the form that sends it. Pure.

With the same seal the same bytes are composed, and the door takes the same bytes once: pressing twice sends once. A seal proves nothing: numbers
that somebody else has are refused by judging as in every bericht (TR056, TR332).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.composing.toewijzen import Besluit
from app.domain.errors import OngeldigVerzoek

NUMMERS_MAX = 50
_VORM = re.compile(r"(T[0-9]{11})\|([0-9]{4}-[0-9]{2}-[0-9]{2})\|([0-2][0-9]:[0-5][0-9]:[0-5][0-9])\|((?:[0-9]{1,9}(?:,[0-9]{1,9})*)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zegel:
    """Identificatie of the bericht, moment of the decision, and the ToewijzingNummers of new lines in order."""

    identificatie: str
    besluit: Besluit
    nummers: tuple[int, ...] = ()

    @property
    def tekst(self) -> str:
        """As a hidden field carries it."""
        numbers = ",".join(str(each) for each in self.nummers)
        return f"{self.identificatie}|{self.besluit.datum.isoformat()}|{self.besluit.tijd}|{numbers}"

    @classmethod
    def van_tekst(cls, tekst: str, vandaag: date) -> Zegel:
        """The seal in a hidden field.

        Raises:
            OngeldigVerzoek: We did not make it, or not today: a decision carries the day on which it is taken.
        """
        found = _VORM.fullmatch(tekst)
        if found is None:
            raise OngeldigVerzoek("Bekijk eerst wat er wordt verstuurd.")
        numbers = tuple(int(each) for each in found[4].split(",")) if found[4] else ()
        if found[2] != vandaag.isoformat() or len(numbers) > NUMMERS_MAX:
            raise OngeldigVerzoek("Dit voorbeeld is van een eerdere dag. Bekijk opnieuw wat er wordt verstuurd.")
        return cls(identificatie=found[1], besluit=Besluit(datum=vandaag, tijd=found[3]), nummers=numbers)


def proef(besluit: Besluit, aantal: int, eerste: int = 999_999_999) -> Zegel:
    """A seal with numbers that nobody has, for what is only looked at."""
    return Zegel(identificatie="T-CONTROLE", besluit=besluit, nummers=tuple(eerste - each for each in range(aantal)))
