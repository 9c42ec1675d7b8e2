"""What an aanbieder has dealt with leaves its postvak; a 301 or 319 is answered at the same time (302, 320), for only the aanbieder itself does that.

The answer of a person says that it came in well: a header without RetourCodes (IV028). Whoever disagrees with a toewijzing calls the gemeente; a
302 is about the bericht, never about the care.
"""

from __future__ import annotations

import asyncio
from datetime import date

import structlog

from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.composing.wie_aanbieder import eigen_agb
from app.domain.errors import NietGevonden
from app.domain.oordeel import Oordeel, Verdict
from app.domain.partij import Actor, aanbieder
from app.intake import ontvang
from app.mailbox import BerichtRegel, bevestig_ontvangst, toon_bericht, xml_van
from app.standard import catalogue
from app.standard.answering import retourbericht
from app.standard.reading import read
from app.standard.writing import write

log = structlog.get_logger(__name__)

BEANTWOORDBAAR = frozenset({"301", "319"})
WACHT_OP_ANTWOORD = frozenset({"klaar", "bezorgd"})


def wacht_op_antwoord(item: BerichtRegel) -> bool:
    """Whether a bericht of a gemeente still awaits the answer of its aanbieder."""
    return item.bericht in BEANTWOORDBAAR and item.status in WACHT_OP_ANTWOORD


async def verwerk_bericht(wereld: Wereld, actor: Actor, bericht_nr: int) -> None:
    """The aanbieder has dealt with a bericht. Twice is the same as once: the number of the answer follows from that of the bericht.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
        NietGevonden: The bericht is not in the postvak of this aanbieder.
        Geweigerd: The door refuses the answer.
    """
    partij = aanbieder(eigen_agb(actor))
    item = await toon_bericht(wereld, actor, bericht_nr)
    if item.aan != partij:
        raise NietGevonden("Dit bericht ligt niet in uw postvak.")
    if wacht_op_antwoord(item):
        data = await xml_van(wereld, actor, bericht_nr)
        xml = await asyncio.to_thread(_answer, data, item, wereld.vandaag)
        done = await ontvang(wereld, actor, xml)
        log.info("bericht_answered", bericht_nr=done.bericht_nr, antwoord_op=bericht_nr)
    await bevestig_ontvangst(wereld, actor, partij, bericht_nr)


def _answer(data: bytes, item: BerichtRegel, vandaag: date) -> bytes:
    """The retourbericht that takes a bericht as it is."""
    if item.bericht is None:
        raise AssertionError("only a 301 or 319 is answered")
    bericht = read(parse(data), catalogue.soort(item.domein or "", item.bericht))
    oordeel = Oordeel(bericht=bericht, verdict=Verdict.VERWERKT)
    return write(retourbericht(oordeel, identificatie=f"R{int(item.id):011d}", dagtekening=vandaag))
