"""What a retourbericht (302) does to the bericht that it answers. Pure: matched by header, decided here, stored by the service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding


class Gevolg(StrEnum):
    """What becomes of the bericht that was answered."""

    BEANTWOORD = "beantwoord"
    INGETROKKEN = "ingetrokken"
    """Rejected by the receiver: it counts as not sent (OP286)."""
    NIETS = "niets"
    """The retourbericht belongs to nothing that waits for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzonden:
    """The bericht that a retourbericht names by its header; `heeft_toegekend`: granted prestaties stand on it."""

    bericht_nr: int
    status: str
    heeft_toegekend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetourOordeel:
    """What follows from a retourbericht. `park_reden` is filled when a person must decide first."""

    gevolg: Gevolg
    verzonden_nr: int | None = None
    bevindingen: tuple[Bevinding, ...] = ()
    park_reden: str | None = None


WACHT_OP_ANTWOORD = frozenset({"klaar", "bezorgd"})


def beoordeel_retour(bericht: Bericht, verzonden: Verzonden | None) -> RetourOordeel:
    """Decide on a 302 (or 320).

    Accepted means a header without RetourCodes (IV028). A rejection of a 301 on which prestaties were granted is parked for the gemeente: undoing
    the toewijzing would take the ground from money that is booked.
    """
    if verzonden is None or verzonden.status not in WACHT_OP_ANTWOORD:
        return RetourOordeel(gevolg=Gevolg.NIETS, bevindingen=(_unmatched(bericht, verzonden),))
    if not bericht.header.retour_codes:
        return RetourOordeel(gevolg=Gevolg.BEANTWOORD, verzonden_nr=verzonden.bericht_nr)
    if verzonden.heeft_toegekend:
        reden = "De aanbieder keurt een toewijzing af waarop al prestaties zijn toegekend; de gemeente moet met de aanbieder overleggen."
        return RetourOordeel(gevolg=Gevolg.NIETS, verzonden_nr=verzonden.bericht_nr, park_reden=reden)
    return RetourOordeel(gevolg=Gevolg.INGETROKKEN, verzonden_nr=verzonden.bericht_nr)


def _unmatched(bericht: Bericht, verzonden: Verzonden | None) -> Bevinding:
    identificatie = bericht.header.bericht_identificatie.identificatie
    if verzonden is None:
        melding = (
            f"Er is geen bericht met Identificatie {identificatie} aan u verzonden. Neem de header over van het bericht dat u beantwoordt."
        )
    else:
        melding = f"Het bericht met Identificatie {identificatie} is al beantwoord. Een tweede antwoord heeft geen gevolg."
    return Bevinding(
        regel="IV028",
        pad="/Bericht/Header/BerichtIdentificatie/Identificatie",
        regelnummer=bericht.header.regelnummer or None,
        waarde=identificatie,
        melding=melding,
    )
