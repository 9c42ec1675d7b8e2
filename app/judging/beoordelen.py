"""Judging one bericht: a function of (bericht, Snapshot, day of receipt), nothing else.

The levels in the order of the standard (IV032, IV088): what the bericht itself decides, then the header, then the classes below it. A
level is judged only when the one before it was passed.
"""

from __future__ import annotations

from datetime import date

from app.domain.bericht import Bericht, Header
from app.domain.errors import Parkeren
from app.domain.oordeel import Oordeel
from app.domain.snapshot import Kijk, Snapshot
from app.judging.declaratie import judge_declaratie
from app.judging.inhoud import judge_inhoud
from app.judging.kijken import kijk_op_bericht
from app.judging.leveren import judge_leveringen
from app.judging.toewijzen import judge_toewijzingen
from app.judging.verdict import HEADER_PAD, reject_header, reject_technical
from app.judging.verzoeken import judge_antwoord, judge_verzoek_om_toewijzing, judge_verzoek_om_wijziging
from app.standard.rules import evaluate, rules_for


def beoordeel(bericht: Bericht, snapshot: Snapshot, *, vandaag: date, bericht_nr: int, zonder_contract_afwijzen: bool = False) -> Oordeel:
    """Judge a 301, 305, 307, 315, 317, 319 or 323.

    Args:
        bericht: As read; its structure was checked at the door (controleniveau 1).
        snapshot: The past, with every key that occurs in the bericht.
        vandaag: Local day of receipt; never the clock.
        bericht_nr: Number of the bericht, for what it adds to the register.
        zonder_contract_afwijzen: Refuse a line without any contract line (0611) instead of letting the 323 wait (DESIGN section 5).
    Raises:
        Parkeren: The bericht cannot be judged; that is never an approval.
    """
    kijk = kijk_op_bericht(bericht, snapshot, vandaag=vandaag, zonder_contract_afwijzen=zonder_contract_afwijzen)
    if technical := judge_inhoud(kijk):
        return reject_technical(bericht, technical)
    header_rules = rules_for(bericht.domein, bericht.soort, Header, inhoud=False)
    if found := evaluate(header_rules, bericht.header, kijk, HEADER_PAD):
        return reject_header(bericht, found)
    return _judge_body(kijk, bericht_nr)


def _judge_body(kijk: Kijk, bericht_nr: int) -> Oordeel:
    """What stands below the header, by berichtsoort."""
    bericht = kijk.bericht
    if bericht.soort == "323" and bericht.declaratie is not None:
        return judge_declaratie(kijk, bericht.declaratie)
    if bericht.client is not None:
        if bericht.soort == "301":
            return judge_toewijzingen(kijk, bericht.client, bericht_nr)
        if bericht.soort in ("305", "307"):
            return judge_leveringen(kijk, bericht.client, bericht_nr)
        if bericht.soort == "315":
            return judge_verzoek_om_toewijzing(kijk, bericht.client, bericht_nr)
        if bericht.soort == "317" and bericht.client.verzoek is not None:
            return judge_verzoek_om_wijziging(kijk, bericht.client, bericht.client.verzoek, bericht_nr)
    if bericht.antwoord is not None:
        return judge_antwoord(kijk, bericht.antwoord)
    raise Parkeren(f"een {bericht.soort}-bericht van deze inhoud wordt hier niet beoordeeld")
