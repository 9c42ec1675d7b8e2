"""The terms of the standard and of the law: who must act on a bericht and on which day at the latest. Pure.

Terms run from the day after receipt. A term in working days ends on a working day by itself; one in weeks that would end on a Saturday,
Sunday or holiday runs on until the next working day (Algemene termijnenwet, article 1).
Source: OP090 (3 working days), OP090x4 (10 working days), OP274 and OP346 (5 working days, 8 weeks), OP359 (2 weeks).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.periode import EEN_DAG
from app.domain.werkdagen import is_werkdag, na_werkdagen

REGIO = "regio"
"""Who must act when Solidair answers in the name of a gemeente."""

BESLUIT_WERKDAGEN = 5
ONDERZOEK_WEKEN = 8
WOONPLAATS_WEKEN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzoektermijnen:
    """The last days (included) to decide on a request: by 301 or 319, once it is in onderzoek, and to refuse by the woonplaatsbeginsel."""

    ontvangen: date
    antwoord: date
    onderzoek: date
    woonplaats: date | None


def na_weken(dag: date, weken: int, vrije_dagen: Container[date]) -> date:
    """The last day of a term of whole weeks that starts on the day after `dag`, on a working day."""
    einde = dag + timedelta(weeks=weken)
    while not is_werkdag(einde, vrije_dagen):
        einde += EEN_DAG
    return einde


def verzoektermijnen(*, domein: str, soort: str, ontvangen: date, dagtekening: date, vrije_dagen: Container[date]) -> Verzoektermijnen:
    """The terms of the requests in a 315 or 317.

    Five working days to decide; eight weeks once the request is in onderzoek, of a 315 after receipt (OP274), of a 317 after its Dagtekening
    (OP346); two weeks to refuse a 315 by the woonplaatsbeginsel, which only the Jeugdwet has (OP359).
    """
    return Verzoektermijnen(
        ontvangen=ontvangen,
        antwoord=na_werkdagen(ontvangen, BESLUIT_WERKDAGEN, vrije_dagen),
        onderzoek=na_weken(ontvangen if soort == "315" else dagtekening, ONDERZOEK_WEKEN, vrije_dagen),
        woonplaats=na_weken(ontvangen, WOONPLAATS_WEKEN, vrije_dagen) if (domein, soort) == ("ijw", "315") else None,
    )
