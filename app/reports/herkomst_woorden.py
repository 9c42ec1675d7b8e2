"""Days, months and units in the sentences of a trace. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.domain.bedrag import euro
from app.reports.kosten import MAANDEN

_EENHEDEN = {
    "01": ("minuut", "minuten"),
    "04": ("uur", "uur"),
    "14": ("etmaal", "etmalen"),
    "16": ("dagdeel", "dagdelen"),
    "82": ("stuk", "stuks"),
    "83": ("euro", "euro"),
    "84": ("stuk", "stuks"),
}
"""WJ756, one and more."""
_FREQUENTIES = {"1": "per dag", "2": "per week", "4": "per maand", "6": "in totaal"}
"""WJ757."""


def dag(day: date) -> str:
    """`3 juli 2026`."""
    return f"{day.day} {MAANDEN[day.month - 1]} {day.year}"


def maand(first_day: date) -> str:
    """`2026-07`, as addresses write a month."""
    return f"{first_day:%Y-%m}"


def maand_en_jaar(first_day: date) -> str:
    """`juli 2026`."""
    return f"{MAANDEN[first_day.month - 1]} {first_day.year}"


def omvang(volume: int, eenheid: str) -> str:
    """`1 minuut`, `12 minuten`."""
    one, more = _EENHEDEN.get(eenheid, (f"van eenheid {eenheid}", f"van eenheid {eenheid}"))
    return f"{volume} {one if volume == 1 else more}"


def per_eenheid(eenheid: str) -> str:
    """`per uur`, as a tariff says."""
    return f"per {_EENHEDEN[eenheid][0]}" if eenheid in _EENHEDEN else f"per eenheid {eenheid}"


def frequentie(code: str | None) -> str:
    """`per week`; empty for a code that says nothing."""
    return _FREQUENTIES.get(code or "", "")


def betaalt(cents: int) -> str:
    """What a share in a verevening means for who has it."""
    return f"betaalt {euro(cents)}" if cents > 0 else f"krijgt {euro(-cents)}" if cents < 0 else "betaalt niets en krijgt niets"


def pot_woord(pot: str, namen: Mapping[str, str]) -> str:
    """How a pool is called: by its zorgvorm, or by what it holds."""
    return "pot voor alle zorgvormen samen" if pot == "*" else f"pot {namen.get(pot, pot)}"
