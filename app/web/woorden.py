"""Values as a Dutch reader expects them: euros, dates, numbers, and a word for every status. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from app.adapters.clock import AMSTERDAM
from app.composing import EENHEDEN, hoeveel
from app.domain.bedrag import euro
from app.domain.oorzaak import Uitvalsoort
from app.domain.partij import code_van
from app.reports import MAANDEN, Oplosser
from app.standard.rulebook import Staat

STATUSSEN: dict[str, tuple[str, str]] = {
    "ontvangen": ("Wacht op beoordeling", "rustig"),
    "wacht_op_contract": ("Wacht op contract", "let-op"),
    "vastgehouden": ("Vastgehouden", "let-op"),
    "geparkeerd": ("Geparkeerd", "fout"),
    "geweigerd": ("Geweigerd aan de deur", "fout"),
    "afgekeurd": ("Afgekeurd", "fout"),
    "deels_afgekeurd": ("Deels afgekeurd", "let-op"),
    "verwerkt": ("Verwerkt", "goed"),
    "klaar": ("Klaar voor ontvanger", "rustig"),
    "bezorgd": ("Opgehaald", "rustig"),
    "beantwoord": ("Beantwoord", "goed"),
    "afgekeurd_door_ontvanger": ("Afgekeurd door ontvanger", "fout"),
}
"""Word and tone of each status, in the order in which a reader wants them."""

DOMEINEN = {"ijw": "Jeugdwet (iJw)", "iwmo": "Wmo (iWmo)"}

OPLOSSERS = {
    Oplosser.AANBIEDER: "Aanbieder",
    Oplosser.TOEGANG: "Toegang",
    Oplosser.CONTRACTBEHEER: "Contractbeheer",
    Oplosser.WIJ: "Wij zelf",
}

UITVALSOORTEN = {
    Uitvalsoort.AFGEKEURD: "Afgekeurd",
    Uitvalsoort.GEWEIGERD: "Geweigerd aan de deur",
    Uitvalsoort.GEPARKEERD: "Geparkeerd",
    Uitvalsoort.WACHT_OP_CONTRACT: "Wacht op contract",
    Uitvalsoort.VASTGEHOUDEN: "Vastgehouden",
    Uitvalsoort.TERUG: "Afgekeurd door ontvanger",
    Uitvalsoort.TE_LAAT: "Over de termijn",
}
"""What happened to the berichten of a cause."""

REGEL_STATEN: dict[Staat, tuple[str, str]] = {
    Staat.AFGEDWONGEN: ("Afgedwongen", "goed"),
    Staat.SCHEMA: ("Door het schema", "goed"),
    Staat.PROCES: ("Door de werkwijze", "rustig"),
    Staat.NIET_CONTROLEERBAAR: ("Niet te controleren", "let-op"),
    Staat.OPEN: ("Nog niet", "fout"),
}
"""Word and tone of what is done about a rule."""

RUN_STATUSSEN = {"concept": "Concept", "vastgesteld": "Vastgesteld", "geboekt": "Geboekt"}


def status_woord(status: str) -> str:
    """What a status is called on the pages."""
    return STATUSSEN[status][0]


def status_toon(status: str) -> str:
    """How a status is coloured: rustig, goed, let-op or fout; the word always stands beside it."""
    return STATUSSEN[status][1]


def euro_of_streep(cent: int | None) -> str:
    """Cents as euros; a dash when there is no amount."""
    return "–" if cent is None else euro(cent).replace("€ ", "€\u00a0")


def euro_heel(cent: int | None) -> str:
    """Cents as whole euros for large figures; cut off towards zero, so that it never says more than there is."""
    if cent is None:
        return "–"
    sign = "-" if cent <= -100 else ""
    return f"{sign}€\u00a0{getal(abs(cent) // 100)}"


def euro_kort(cent: int) -> str:
    """Cents on an axis: `€ 250.000` becomes `€ 250k`, millions `€ 2,5 mln`."""
    euros = abs(cent) // 100
    sign = "-" if cent < 0 else ""
    if euros >= 1_000_000:
        whole, tenth = divmod(euros // 100_000, 10)
        return f"{sign}€\u00a0{getal(whole)}{f',{tenth}' if tenth else ''}\u00a0mln"
    if euros >= 10_000:
        return f"{sign}€\u00a0{getal(euros // 1000)}k"
    return f"{sign}€\u00a0{getal(euros)}"


def getal(number: int) -> str:
    """A whole number with points: 12.345."""
    return f"{number:,}".replace(",", ".")


def procent(promille: int | None) -> str:
    """Thousandths as a percentage with one decimal: 873 becomes `87,3%`."""
    if promille is None:
        return "–"
    whole, tenth = divmod(abs(promille), 10)
    return f"{'-' if promille < 0 else ''}{getal(whole)},{tenth}%"


def datum(day: date | None) -> str:
    """`3 juli 2026`."""
    return "–" if day is None else f"{day.day} {MAANDEN[day.month - 1]} {day.year}"


def maandnaam(day: date) -> str:
    """`juli 2026`."""
    return f"{MAANDEN[day.month - 1]} {day.year}"


def jjjj_mm(day: date) -> str:
    """`2026-07`, for an address."""
    return f"{day:%Y-%m}"


def datum_kort(day: date | None) -> str:
    """`03-07-2026`."""
    return "–" if day is None else f"{day:%d-%m-%Y}"


def tijdstip(instant: datetime | None) -> str:
    """`03-07-2026 09:00`, in the time of the Netherlands."""
    return "–" if instant is None else f"{instant.astimezone(AMSTERDAM):%d-%m-%Y %H:%M}"


def klok(instant: datetime) -> str:
    """`09:00`, in the time of the Netherlands."""
    return f"{instant.astimezone(AMSTERDAM):%H:%M}"


def duur(lengte: timedelta) -> str:
    """How long something takes or waits, in the largest unit that says enough: `45 seconden`, `3 uur`, `2 dagen`; cut off."""
    seconds = int(lengte.total_seconds())
    if seconds < 1:
        return "minder dan een seconde"
    if seconds < 60:
        return f"{seconds} {'seconde' if seconds == 1 else 'seconden'}"
    if seconds < 3600:
        return f"{seconds // 60} {'minuut' if seconds < 120 else 'minuten'}"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} uur"
    return f"{getal(seconds // 86_400)} dagen"


def grootte(number_of_bytes: int) -> str:
    """A size in bytes, kB or MB (of a thousand and a million bytes, as OP179 counts)."""
    if number_of_bytes < 1000:
        return f"{number_of_bytes} bytes"
    if number_of_bytes < 1_000_000:
        return f"{number_of_bytes // 1000} kB"
    return f"{number_of_bytes // 1_000_000},{number_of_bytes // 100_000 % 10} MB"


def partij_woord(partij: str | None, naam: str | None = None) -> str:
    """A party with its name: `Kapelle (0678)`; without a name its kind and code."""
    if not partij:
        return "onbekend"
    kind, _, code = partij.partition(":")
    if naam:
        return f"{naam} ({code})"
    return f"{kind} {code}".strip()


def hoeveelheid(volume: int, eenheid: str) -> str:
    """`8 uur`; of an eenheid that has no word its code."""
    return hoeveel(volume, eenheid) if eenheid in EENHEDEN else f"{getal(volume)} van eenheid {eenheid}"


def eenheid_woord(eenheid: str) -> str:
    """`uur`; of an eenheid that has no word its code."""
    return EENHEDEN[eenheid][0] if eenheid in EENHEDEN else f"eenheid {eenheid}"


def aanbieders_van(partijen: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of parties with their names the aanbieders as (AGB-code, name), to choose from."""
    return [(code_van(partij), naam) for partij, naam in partijen if partij.startswith("aanbieder:")]
