"""Controleniveau 2, 3 and 4: bevindingen, verdict, changes, boekingen and answer, in one transaction.

The names of the services are looked up when they are used, because `solidair validate` must start without loading what a database needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.judging.controle import Controle, with_values
from app.judging.resterend import Resterend

if TYPE_CHECKING:
    from app.judging.service import verwerk_baan
    from app.judging.service_herbeoordelen import Keuze, laat_vervallen, reken_door, reken_opnieuw_door, voer_uit
    from app.judging.service_herbeoordelingen_tonen import lijst_herbeoordelingen, lijst_ladingen, toon_herbeoordeling
    from app.judging.service_matching import Regeluitleg, uitleg_van
    from app.judging.service_opvolging import (
        NOTITIE_MAX,
        OPNIEUW_MAX,
        OPVOLGERS,
        alle_opnieuw,
        markeer_opgelost,
        schrijf_notitie,
        wijs_toe,
    )
    from app.judging.service_vasthouden import beeindig_regel, geef_verlopen_vrij, geef_vrij, houd_vast, maak_regel
    from app.judging.service_vasthouden_tonen import Vastgehouden, Vasthoudregel, blik_vasthouden, lijst_vastgehouden, lijst_vasthoudregels
    from app.judging.service_vragen import controleer, opnieuw, wek_wachtenden
    from app.judging.store_vasthouden import NieuweRegel

__all__ = [
    "NOTITIE_MAX",
    "OPNIEUW_MAX",
    "OPVOLGERS",
    "Controle",
    "Keuze",
    "NieuweRegel",
    "Regeluitleg",
    "Resterend",
    "Vastgehouden",
    "Vasthoudregel",
    "alle_opnieuw",
    "beeindig_regel",
    "blik_vasthouden",
    "controleer",
    "geef_verlopen_vrij",
    "geef_vrij",
    "houd_vast",
    "laat_vervallen",
    "lijst_herbeoordelingen",
    "lijst_ladingen",
    "lijst_vastgehouden",
    "lijst_vasthoudregels",
    "maak_regel",
    "markeer_opgelost",
    "opnieuw",
    "reken_door",
    "reken_opnieuw_door",
    "schrijf_notitie",
    "toon_herbeoordeling",
    "uitleg_van",
    "verwerk_baan",
    "voer_uit",
    "wek_wachtenden",
    "wijs_toe",
    "with_values",
]

_WAAR = {
    "verwerk_baan": "service",
    **dict.fromkeys(("controleer", "opnieuw", "wek_wachtenden"), "service_vragen"),
    **dict.fromkeys(("Regeluitleg", "uitleg_van"), "service_matching"),
    **dict.fromkeys(
        ("NOTITIE_MAX", "OPNIEUW_MAX", "OPVOLGERS", "alle_opnieuw", "markeer_opgelost", "schrijf_notitie", "wijs_toe"), "service_opvolging"
    ),
    **dict.fromkeys(("Keuze", "laat_vervallen", "reken_door", "reken_opnieuw_door", "voer_uit"), "service_herbeoordelen"),
    **dict.fromkeys(("beeindig_regel", "geef_verlopen_vrij", "geef_vrij", "houd_vast", "maak_regel"), "service_vasthouden"),
    **dict.fromkeys(
        ("Vastgehouden", "Vasthoudregel", "blik_vasthouden", "lijst_vastgehouden", "lijst_vasthoudregels"), "service_vasthouden_tonen"
    ),
    "NieuweRegel": "store_vasthouden",
    **dict.fromkeys(("lijst_herbeoordelingen", "lijst_ladingen", "toon_herbeoordeling"), "service_herbeoordelingen_tonen"),
}
"""The file of each service."""


def __getattr__(name: str) -> Any:
    if name not in _WAAR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"app.judging.{_WAAR[name]}"), name)
