"""The transfers of a payment: ordered, confirmed, returned. Pure.

All transfers of one run have the month of its peildatum as the month they are paid for, so that one and its reverse are in the same month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.periode import maand_van
from app.ledger import Boeking
from app.ledger import Rekening as Grootboekrekening
from app.ledger.boeking import sleutel_van
from app.ledger.gebeurtenissen import BETAALOPDRACHT, BETALING, VOORSCHOT_VERREKEND
from app.ledger.rekeningschema import BANK, CREDITEUR, ONDERWEG, VOORSCHOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Plaats:
    """Between which accounts a line of a run moves money, and for which month."""

    gemeente: str
    agb: str
    peildatum: date

    def rekening(self, soort: str) -> Grootboekrekening:
        """The account of this soort."""
        return Grootboekrekening(soort, self.gemeente, "" if soort == BANK else self.agb)


class Boekblad:
    """Collects the transfers of one act and numbers them."""

    def __init__(self, handeling_nr: int, boekdatum: date, eerste: int = 1) -> None:
        """Begin with transfer `eerste` of this act, all dated `boekdatum`."""
        self.handeling_nr = handeling_nr
        self.boekingen: list[Boeking] = []
        self._boekdatum = boekdatum
        self._eerste = eerste

    def bestel(self, plaats: Plaats, *, verrekend_cent: int, bedrag_cent: int) -> None:
        """A line is approved: its advance is set off, the rest is ordered."""
        self._boek(VOORSCHOT_VERREKEND, plaats, CREDITEUR, VOORSCHOT, verrekend_cent)
        self._boek(BETAALOPDRACHT, plaats, CREDITEUR, ONDERWEG, bedrag_cent)

    def draai_terug(self, plaats: Plaats, *, verrekend_cent: int, bedrag_cent: int) -> None:
        """A line is not paid after all: everything it ordered is owed again."""
        self._boek(BETAALOPDRACHT, plaats, ONDERWEG, CREDITEUR, bedrag_cent)
        self._boek(VOORSCHOT_VERREKEND, plaats, VOORSCHOT, CREDITEUR, verrekend_cent)

    def bevestig(self, plaats: Plaats, bedrag_cent: int) -> int:
        """The bank confirmed an amount; returns the number of the transfer."""
        return self._boek(BETALING, plaats, ONDERWEG, BANK, bedrag_cent)

    def herroep(self, plaats: Plaats, bedrag_cent: int, *, handeling_nr: int, boekregel: int) -> None:
        """What was confirmed by this transfer came back."""
        self._boek(BETALING, plaats, BANK, ONDERWEG, bedrag_cent, storno_van=sleutel_van(handeling_nr, boekregel, BETALING, 0))

    def _boek(self, soort: str, plaats: Plaats, debet: str, credit: str, bedrag_cent: int, storno_van: str | None = None) -> int:
        nummer = self._eerste + len(self.boekingen)
        if bedrag_cent:
            self.boekingen.append(
                Boeking(
                    bericht_nr=self.handeling_nr,
                    regel=nummer,
                    soort=soort,
                    volgnr=0,
                    debet=plaats.rekening(debet),
                    credit=plaats.rekening(credit),
                    bedrag_cent=bedrag_cent,
                    domein="",
                    zorgvorm="",
                    zorgmaand=maand_van(plaats.peildatum),
                    dienst_van=None,
                    dienst_tot=None,
                    boekdatum=self._boekdatum,
                    storno_van=storno_van,
                )
            )
        return nummer


def totaal(boekingen: Iterable[Boeking]) -> int:
    """Cents moved, for the log."""
    return sum(each.bedrag_cent for each in boekingen)
