"""The words of the legal clock: stands, statuses of requests, what is left of a term, and whose turn it is. Pure."""

from __future__ import annotations

from typing import Any

from app.domain.partij import Actor
from app.reports import TermijnStand, Wie

STANDEN: dict[TermijnStand, tuple[str, str]] = {
    TermijnStand.TE_LAAT: ("Te laat", "fout"),
    TermijnStand.EINDIGT_BINNENKORT: ("Eindigt binnenkort", "let-op"),
    TermijnStand.LOOPT: ("Loopt", "rustig"),
}
"""Word and tone of each stand, most urgent first."""

VERZOEK_STATUSSEN = {
    "open": ("Open", "rustig"),
    "in_onderzoek": ("In onderzoek", "let-op"),
    "toegewezen": ("Toegewezen", "goed"),
    "afgewezen": ("Afgewezen", "fout"),
}
"""Word and tone of each status of a request."""

UITLEG = {
    Wie.WIJ: "Antwoord namens de gemeente: binnen 3 werkdagen na ontvangst, op een declaratie binnen 10.",
    Wie.AANBIEDER: "De aanbieder stuurt zijn retourbericht binnen 3 werkdagen nadat het bericht voor hem klaarlag.",
    Wie.GEMEENTE: "De gemeente besluit met een 301 of 319 binnen 5 werkdagen na ontvangst; is een verzoek in onderzoek, dan binnen 8 weken.",
}
LEEG = {
    Wie.WIJ: ("Geen antwoord open", "Op alles wat binnenkwam, is geantwoord."),
    Wie.AANBIEDER: ("Geen retourbericht open", "Op alles wat naar aanbieders ging, is geantwoord."),
    Wie.GEMEENTE: ("Geen besluit open", "Op elk verzoek van een aanbieder is besloten."),
}


def werkdagen_woord(werkdagen: int, stand: TermijnStand) -> str:
    """What is left of a term, as one says it."""
    aantal = abs(werkdagen)
    dagen = f"{aantal} {'werkdag' if aantal == 1 else 'werkdagen'}"
    if stand is TermijnStand.TE_LAAT:
        return f"{dagen} te laat" if aantal else "laatste dag voorbij"
    return f"nog {dagen}" if aantal else "vandaag de laatste dag"


def wie_namen(actor: Actor) -> dict[Wie, str]:
    """Who acts, in a word."""
    return {Wie.WIJ: "Wij" if _van_de_regio(actor) else "De regio", Wie.AANBIEDER: "Aanbieder", Wie.GEMEENTE: "Gemeente"}


def koppen(actor: Actor) -> dict[Wie, str]:
    """The headings of the groups; for somebody of an aanbieder the region is not `wij`."""
    van_de_regio = _van_de_regio(actor)
    return {
        Wie.WIJ: "Wij moeten antwoorden" if van_de_regio else "De regio moet antwoorden",
        Wie.AANBIEDER: "Wij wachten op een aanbieder" if van_de_regio else "Een aanbieder moet antwoorden",
        Wie.GEMEENTE: "Een gemeente moet besluiten",
    }


def _van_de_regio(actor: Actor) -> bool:
    return actor.gemeenten is None or bool(actor.gemeenten)


TERMIJN_WOORDEN: dict[str, Any] = {
    "standen": STANDEN,
    "verzoek_statussen": VERZOEK_STATUSSEN,
    "werkdagen_woord": werkdagen_woord,
}
"""What every page with terms needs."""
