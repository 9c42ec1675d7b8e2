"""Dutch forms of dates, amounts and numbers as an English reader expects them. Pure.

The pages write them in Dutch in one place each (`woorden`); here the written form is read back, so that it does not matter who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAANDEN = {
    "januari": "January",
    "februari": "February",
    "maart": "March",
    "april": "April",
    "mei": "May",
    "juni": "June",
    "juli": "July",
    "augustus": "August",
    "september": "September",
    "oktober": "October",
    "november": "November",
    "december": "December",
}
KORT = {"jan": "Jan", "feb": "Feb", "mrt": "Mar", "apr": "Apr", "mei": "May", "jun": "Jun", "jul": "Jul", "aug": "Aug"} | {
    "sep": "Sep",
    "okt": "Oct",
    "nov": "Nov",
    "dec": "Dec",
}
_ENGELS_KORT = tuple(KORT.values())
_GETAL = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+"
_MAAND = "|".join([*MAANDEN, *KORT])

_VORMEN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"([-+–]?)€[\s\u00a0]?([-+]?)({_GETAL})(?:[\s\u00a0]?(k|mln))?"), lambda m: _euro(m)),
    (re.compile(rf"([-+–]?)({_GETAL})([\s\u00a0]?%|[\s\u00a0][kM]B)?"), lambda m: f"{m[1]}{_getal(m[2])}{m[3] or ''}"),
    (re.compile(rf"(\d{{1,2}} )?({_MAAND})\.?( \d{{4}})?", re.IGNORECASE), lambda m: f"{m[1] or ''}{_maand(m[2])}{m[3] or ''}"),
    (re.compile(r"(\d{2})-(\d{2})-(\d{4})( \d{2}:\d{2})?"), lambda m: _dag(m)),
)


def engelse_vorm(tekst: str) -> str | None:
    """`€ 1.234,56` is `€1,234.56`, `3 juli 2026` is `3 July 2026`, `03-07-2026` is `3 Jul 2026`; None when it is none of these."""
    for patroon, schrijf in _VORMEN:
        found = patroon.fullmatch(tekst)
        if found:
            return schrijf(found)
    return None


def _getal(tekst: str) -> str:
    return tekst.translate(str.maketrans(".,", ",."))


def _euro(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}€{_getal(found[3])}{'m' if found[4] == 'mln' else found[4] or ''}"


def _maand(naam: str) -> str:
    return MAANDEN.get(naam.lower()) or KORT[naam.lower()]


def _dag(found: re.Match[str]) -> str:
    """A day whose month does not exist stays as it was written."""
    maand = int(found[2])
    return f"{int(found[1])} {_ENGELS_KORT[maand - 1]} {found[3]}{found[4] or ''}" if 1 <= maand <= 12 else found[0]
