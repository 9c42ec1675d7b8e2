"""What an afrekening is made of: its amounts, its causes, what it is computed from and what comes out. Pure; amounts are cents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.ledger.gebeurtenissen import LUMPSUM_TERMIJN, PRESTATIE, PRESTATIE_CREDIT, SUBSIDIE_TERMIJN

GEEN_CLIENT = 0
"""Of amounts that are of a gemeente as a whole."""
TERMIJNEN = frozenset({LUMPSUM_TERMIJN, SUBSIDIE_TERMIJN})
PRODUCTIE = frozenset({PRESTATIE, PRESTATIE_CREDIT})


class AfrekeningStatus(StrEnum):
    """Where an afrekening is."""

    CONCEPT = "concept"
    AANGEBODEN = "aangeboden"
    AKKOORD = "akkoord"
    VASTGESTELD = "vastgesteld"
    INGETROKKEN = "ingetrokken"


OPEN = frozenset({AfrekeningStatus.CONCEPT, AfrekeningStatus.AANGEBODEN, AfrekeningStatus.AKKOORD})


class Maat(StrEnum):
    """What is counted, in the order in which a reader meets it."""

    TOEGEWEZEN = "toegewezen"
    INGEDIEND = "ingediend"
    AFGEWEZEN = "afgewezen"
    NIET_OPNIEUW = "niet_opnieuw"
    """Of what was rejected: what was not claimed again, nor granted in another line."""
    TOEGEKEND = "toegekend"
    GECREDITEERD = "gecrediteerd"
    TERMIJNEN = "termijnen"
    GARANTIE = "garantie"
    AANVULLING = "aanvulling"
    VERSCHIL = "verschil"
    """Booked by earlier afrekeningen of the year."""
    VERSCHULDIGD = "verschuldigd"
    VERREKEND = "verrekend"
    BETAALD = "betaald"
    TERUGBETAALD = "terugbetaald"
    OPEN = "open"
    VOORSCHOT = "voorschot"
    VOORSCHOT_OPEN = "voorschot_open"
    TE_BETALEN = "te_betalen"
    """To the aanbieder, once the afrekening is booked."""
    TE_ONTVANGEN = "te_ontvangen"
    """From the aanbieder, once the afrekening is booked."""


INHOUD = (
    Maat.TOEGEWEZEN, Maat.INGEDIEND, Maat.AFGEWEZEN, Maat.NIET_OPNIEUW, Maat.TOEGEKEND, Maat.GECREDITEERD, Maat.TERMIJNEN, Maat.GARANTIE,
    Maat.AANVULLING, Maat.VERSCHIL, Maat.VERSCHULDIGD,
)  # fmt: skip
"""What both sides agree on; what was paid of it meanwhile does not undo their agreement."""
PER_CLIENT = (Maat.TOEGEWEZEN, Maat.INGEDIEND, Maat.AFGEWEZEN, Maat.NIET_OPNIEUW, Maat.TOEGEKEND, Maat.GECREDITEERD)


class Oorzaak(StrEnum):
    """Why amounts differ."""

    ZONDER_DECLARATIE = "zonder_declaratie"
    MINDER_GEDECLAREERD = "minder_gedeclareerd"
    MEER_DAN_TOEGEWEZEN = "meer_dan_toegewezen"
    AFGEWEZEN = "afgewezen"
    ZONDER_START = "zonder_start"
    TARIEF = "tarief"
    LAAT = "laat"
    TERMIJNEN = "termijnen"
    GARANTIE = "garantie"


TELT = frozenset({Oorzaak.ZONDER_DECLARATIE, Oorzaak.MINDER_GEDECLAREERD, Oorzaak.MEER_DAN_TOEGEWEZEN, Oorzaak.AFGEWEZEN})
"""Together: what was allocated less what was granted."""


class Toewijzingsregel(NamedTuple):
    """One toewijzing in the year, for the gemeente that bears it."""

    gemeente: str
    client_id: int
    toegewezen_cent: int
    ingediend_cent: int
    afgewezen_cent: int
    niet_opnieuw_cent: int
    toegekend_cent: int
    gecrediteerd_cent: int
    zonder_start: int
    zonder_start_cent: int
    gecorrigeerd: int
    tarief_cent: int


class Afwijzing(NamedTuple):
    """Rejected lines of a client that were not claimed again, by the first retourcode of each."""

    gemeente: str
    client_id: int
    retourcode: str
    aantal: int
    bedrag_cent: int


class Geboekt(NamedTuple):
    """What one source did to an account of the aanbieder, debit positive. `eigen`: by the afrekening of that year."""

    rekening: str
    gemeente: str
    bericht_nr: int
    jaar: int
    soort: str
    domein: str
    zorgvorm: str
    betaling: bool
    eigen: bool
    bedrag_cent: int


class Laat(NamedTuple):
    """Per client what the books hold of prestaties of the year, and how much of it was booked after that year."""

    gemeente: str
    client_id: int
    netto_cent: int
    laat_cent: int


class Betaalpost(NamedTuple):
    """What a payment that was booked held of one source; `verrekend_cent` is of its whole line."""

    gemeente: str
    run_nr: int
    regel: int
    verrekend_cent: int
    bericht_nr: int
    bedrag_cent: int


class Verschil(NamedTuple):
    """A difference that gemeente and aanbieder agree on beside the claims; positive: the gemeente owes it."""

    gemeente: str
    domein: str
    zorgvorm: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoer:
    """What an afrekening is computed from; `saldi` are the balances (rekening, gemeente) of the books, debit positive."""

    jaar: int
    toewijzingen: Sequence[Toewijzingsregel]
    afwijzingen: Sequence[Afwijzing]
    laat: Sequence[Laat]
    geboekt: Sequence[Geboekt]
    posten: Sequence[Betaalpost]
    saldi: Mapping[tuple[str, str], int]
    verschillen: Sequence[Verschil] = ()


class Oorzaakregel(NamedTuple):
    """A cause in one gemeente; `client_id` 0: not of one client."""

    gemeente: str
    client_id: int
    oorzaak: Oorzaak
    detail: str
    aantal: int
    bedrag_cent: int


class Boekregel(NamedTuple):
    """What is booked of one soort."""

    gemeente: str
    soort: str
    domein: str
    zorgvorm: str
    bedrag_cent: int


Maten = Mapping[Maat, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """An afrekening as computed.

    Attributes:
        gemeenten: Amounts per gemeente.
        clienten: Per (gemeente, client_id) those of `PER_CLIENT`.
        oorzaken: Per gemeente, client and detail.
        boekplan: What fixing it books.
        geboekt: What the books hold of the year on accounts of the aanbieder, per gemeente, `rekening:soort`; debit positive.
        verschillen: The agreed differences that the plan holds.
    """

    gemeenten: Mapping[str, Maten]
    clienten: Mapping[tuple[str, int], Maten]
    oorzaken: Sequence[Oorzaakregel]
    boekplan: Sequence[Boekregel]
    geboekt: Sequence[Boekregel]
    verschillen: Sequence[Verschil]


class SluitNiet(Exception):
    """The amounts of an afrekening are not those of the books; says where."""
