"""Random transfers, booked as the ledger books them: for totals that must be the sum of their pages."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM
from app.domain.periode import maand_van
from app.ledger import Boeking, Rekening, fold, open_handeling
from app.ledger.boeking import storneer
from app.ledger.store import Boekstuk, book

GEMEENTEN = ("0664", "0687", "0384")
AGBS = ("42420001", "42420002")
ZORGVORMEN = ("ambulant", "verblijf", "crisis")
ZORGMAANDEN = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
BOEKDAGEN = [date(2026, month, day) for month in (1, 2, 4, 5, 6) for day in (1, 3, 15, 28)]
"""No March: a row of months with a gap."""


def some_boeking(draw: random.Random, bericht_nr: int, regel: int, boekdatum: date) -> Boeking:
    """A granted prestatie of a random client."""
    gemeente = draw.choice(GEMEENTEN)
    return Boeking(
        bericht_nr=bericht_nr,
        regel=regel,
        soort="prestatie",
        volgnr=0,
        debet=Rekening("kosten", gemeente),
        credit=Rekening("crediteur", gemeente, draw.choice(AGBS)),
        bedrag_cent=draw.randint(1, 100_000),
        domein="ijw",
        zorgvorm=draw.choice(ZORGVORMEN),
        zorgmaand=draw.choice(ZORGMAANDEN),
        dienst_van=None,
        dienst_tot=None,
        boekdatum=boekdatum,
        client_id=draw.randint(1, 9),
    )


def some_act(draw: random.Random, bericht_nr: int, boekdatum: date) -> list[Boeking]:
    """Terms of a lumpsum, sometimes lowered."""
    gemeente, agb = draw.choice(GEMEENTEN), draw.choice(AGBS)
    sides = [Rekening("kosten", gemeente), Rekening("crediteur", gemeente, agb)]
    if draw.random() < 0.3:
        sides.reverse()
    return [
        Boeking(
            bericht_nr=bericht_nr,
            regel=regel,
            soort="lumpsum_termijn",
            volgnr=0,
            debet=sides[0],
            credit=sides[1],
            bedrag_cent=draw.randint(1, 100_000),
            domein="ijw",
            zorgvorm=draw.choice(ZORGVORMEN),
            zorgmaand=draw.choice(ZORGMAANDEN),
            dienst_van=None,
            dienst_tot=None,
            boekdatum=boekdatum,
        )
        for regel in range(1, draw.randint(2, 4))
    ]


async def boek_willekeurig(wereld: Wereld, seed: int, berichten: int) -> Sequence[Boeking]:
    """So many berichten and acts with their transfers, some undone again; half of the balances folded. Returns what was booked."""
    draw = random.Random(seed)
    booked: list[Boeking] = []
    for number in range(berichten):
        day = draw.choice(BOEKDAGEN)
        async with transaction(wereld.pool) as connection:
            if draw.random() < 0.3:
                nr = await open_handeling(connection, soort="proef", door=SYSTEEM.naam, op=wereld.nu, reden="willekeurig")
                rows = some_act(draw, nr, day)
            else:
                nr = await connection.fetchval("select nextval('bericht_nr_seq')")
                rows = [some_boeking(draw, nr, regel, day) for regel in range(1, draw.randint(2, 8))]
                rows += [storneer(row, volgnr=1, boekdatum=max(day, draw.choice(BOEKDAGEN))) for row in rows if draw.random() < 0.2]
            await book(connection, Boekstuk.van(rows))
        booked += rows
        if number == berichten // 2:
            assert await fold(wereld)
    return booked


def touches(row: Boeking, soort: str, gemeente: str | None, agb: str | None) -> int:
    """1 when the account is the debit side, -1 when it is the credit side, 0 when it is neither."""
    for side, sign in ((row.debet, 1), (row.credit, -1)):
        if side.soort == soort and gemeente in (None, side.gemeente) and agb in (None, side.agb):
            return sign
    return 0


def boekmaand(row: Boeking) -> date:
    """The month in which it was booked."""
    return maand_van(row.boekdatum)
