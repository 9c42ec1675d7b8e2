"""The transfers of an afrekening: what fixing it books, and what an aanbieder pays back. Pure.

All of them are for December of the year of care, so that the books of that year close on them whenever they are booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.ledger import Boeking, Rekening
from app.ledger.gebeurtenissen import AFREKENING_TERUG, VOORSCHOT_VERREKEND
from app.ledger.rekeningschema import BANK, CREDITEUR, KOSTEN, VOORSCHOT
from app.settlement.afrekening_waarden import Boekregel


def boekingen_van_plan(plan: Sequence[Boekregel], *, agb: str, jaar: int, nr: int, boekdatum: date) -> list[Boeking]:
    """The transfers of a plan, numbered in its order; a negative amount goes the other way."""
    found = []
    for regel, each in enumerate(plan, 1):
        crediteur = Rekening(CREDITEUR, each.gemeente, agb)
        if each.soort == VOORSCHOT_VERREKEND:
            debet, credit = crediteur, Rekening(VOORSCHOT, each.gemeente, agb)
        else:
            debet, credit = Rekening(KOSTEN, each.gemeente), crediteur
        if each.bedrag_cent < 0:
            debet, credit = credit, debet
        found.append(_boeking(nr, regel, each.soort, debet, credit, abs(each.bedrag_cent), each.domein, each.zorgvorm, jaar, boekdatum))
    return found


def boekingen_van_terugbetaling(delen: dict[str, int], *, agb: str, gemeente: str, jaar: int, nr: int, boekdatum: date) -> list[Boeking]:
    """The transfers of money that came back, per account that it settles."""
    return [
        _boeking(nr, regel, AFREKENING_TERUG, Rekening(BANK, gemeente), Rekening(soort, gemeente, agb), cents, "", "", jaar, boekdatum)
        for regel, (soort, cents) in enumerate(sorted(delen.items()), 1)
        if cents
    ]


def verdeel_terugbetaling(bedrag_cent: int, *, voorschot_cent: int, crediteur_cent: int) -> dict[str, int]:
    """An amount over what is to come back: the advance first, then what was paid too much."""
    on_advance = min(bedrag_cent, voorschot_cent)
    return {VOORSCHOT: on_advance, CREDITEUR: min(bedrag_cent - on_advance, crediteur_cent)}


def _boeking(
    nr: int, regel: int, soort: str, debet: Rekening, credit: Rekening, cents: int, domein: str, zorgvorm: str, jaar: int, boekdatum: date
) -> Boeking:
    return Boeking(
        bericht_nr=nr,
        regel=regel,
        soort=soort,
        volgnr=0,
        debet=debet,
        credit=credit,
        bedrag_cent=cents,
        domein=domein,
        zorgvorm=zorgvorm,
        zorgmaand=date(jaar, 12, 1),
        dienst_van=None,
        dienst_tot=None,
        boekdatum=boekdatum,
    )
