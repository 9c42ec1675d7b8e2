"""May this party send this bericht for that party? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.adapters.xml import Accepted
from app.domain.bevinding import Bevinding
from app.domain.partij import Actor, aanbieder, gemeente

AFZENDER = "/Bericht/Header/Afzender"
ONTVANGER = "/Bericht/Header/Ontvanger"
ANTWOORDEN_VAN_GEMEENTE = frozenset({"306", "308", "316", "318", "325"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGegevens:
    """What the region says of the gemeente in the header: whether it takes part today, or went over into one that does (TR378)."""

    gemeente_bekend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Toegang:
    """The real direction of a bericht as partijen, its gemeentecode and AGB-code, and what stands in the way (empty: nothing)."""

    van: str
    aan: str
    gemeente: str
    agb: str
    bevindingen: tuple[Bevinding, ...] = ()


def check_toegang(accepted: Accepted, actor: Actor, gegevens: DoorGegevens, *, vandaag: date) -> Toegang:
    """The direction of the bericht, and every reason why this actor may not send it."""
    soort = accepted.soort
    from_gemeente = soort.van == "gemeente"
    code, agb = (accepted.van, accepted.aan) if from_gemeente else (accepted.aan, accepted.van)
    van, aan = (gemeente(code), aanbieder(agb)) if from_gemeente else (aanbieder(agb), gemeente(code))
    van_pad, gemeente_pad = _paths(accepted, code)
    found: list[Bevinding] = []
    if not actor.mag_namens(van):
        own = ", ".join(sorted(actor.partijen)) or "geen enkele partij"
        found.append(
            _bevinding(van_pad, accepted.van, f"{soort.code} komt van {van}, maar u bent aangemeld voor {own}. Verstuur namens uzelf.")
        )
    if not gegevens.gemeente_bekend:
        melding = f"Gemeente {code} doet op {vandaag:%d-%m-%Y} niet mee in deze regio. Stuur dit bericht naar die gemeente zelf."
        found.append(_bevinding(gemeente_pad, code, melding))
    if soort.nummer in ANTWOORDEN_VAN_GEMEENTE:
        melding = f"Solidair antwoordt namens gemeente {code}; een {soort.code} van de gemeente zelf wordt niet aangenomen."
        found.append(_bevinding("/Bericht/Header/BerichtCode", soort.bericht_code, melding))
    return Toegang(van=van, aan=aan, gemeente=code, agb=agb, bevindingen=tuple(found))


def _paths(accepted: Accepted, code: str) -> tuple[str, str]:
    van_pad = AFZENDER if accepted.van == accepted.afzender else ONTVANGER
    return van_pad, AFZENDER if code == accepted.afzender else ONTVANGER


def _bevinding(pad: str, waarde: str, melding: str) -> Bevinding:
    return Bevinding(regel="TOEGANG", pad=pad, waarde=waarde, melding=melding)
