"""The chart of accounts: every kind of rekening, whose it is, and on which side its balance normally stands. Pure.

The same table stands in the database (`rekeningsoort`, migration 0006), which refuses an account of another kind or with another owner; a test
holds the two together. `docs/ledger.md` shows it to readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

KOSTEN = "kosten"
KOSTEN_LOKAAL = "kosten_lokaal"
CREDITEUR = "crediteur"
VERPLICHTING = "verplichting"
VERPLICHTING_TEGEN = "verplichting_tegen"
VOORSCHOT = "voorschot"
VOORSCHOT_SVB = "voorschot_svb"
ONDERWEG = "onderweg"
BANK = "bank"
INLEG = "inleg"
VEREVENING = "verevening"
ORGANISATIEKOSTEN = "organisatiekosten"
KAS = "kas"


class Eigenaar(StrEnum):
    """Whose accounts of a kind are: it says which of gemeente and agb are filled."""

    GEMEENTE = "gemeente"
    """One for each gemeente: gemeente filled, agb empty."""
    AANBIEDER = "aanbieder"
    """One for each aanbieder and gemeente: both filled."""
    REGIO = "regio"
    """One: both empty."""


class Zijde(StrEnum):
    """A side of a transfer, or of a balance."""

    DEBET = "debet"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekeningsoort:
    """A kind of account.

    Attributes:
        soort: Its name in the books.
        eigenaar: Whose they are.
        normaal: The side on which the balance stands when nothing is odd; nothing enforces it (a credit nota may leave a crediteur in debit).
        betekenis: What its balance says, in one Dutch sentence.
    """

    soort: str
    eigenaar: Eigenaar
    normaal: Zijde
    betekenis: str


def _soort(soort: str, eigenaar: Eigenaar, normaal: Zijde, betekenis: str) -> Rekeningsoort:
    return Rekeningsoort(soort=soort, eigenaar=eigenaar, normaal=normaal, betekenis=betekenis)


_GEMEENTE, _AANBIEDER, _REGIO = Eigenaar.GEMEENTE, Eigenaar.AANBIEDER, Eigenaar.REGIO
_DEBET, _CREDIT = Zijde.DEBET, Zijde.CREDIT

REKENINGSOORTEN: tuple[Rekeningsoort, ...] = (
    _soort(KOSTEN, _GEMEENTE, _DEBET, "De zorg die de gemeente draagt, per zorgvorm en zorgmaand; hieruit rekent de verevening."),
    _soort(KOSTEN_LOKAAL, _GEMEENTE, _DEBET, "Lokale kosten die buiten de gezamenlijke pot blijven, zoals het jeugdteam."),
    _soort(CREDITEUR, _AANBIEDER, _CREDIT, "Wat de gemeente de aanbieder schuldig is."),
    _soort(VERPLICHTING, _GEMEENTE, _DEBET, "Wat de toewijzingen van de gemeente naar verwachting nog gaan kosten."),
    _soort(VERPLICHTING_TEGEN, _GEMEENTE, _CREDIT, "De tegenkant van de verplichtingen; samen zijn ze altijd nul."),
    _soort(VOORSCHOT, _AANBIEDER, _DEBET, "Wat de aanbieder vooruit kreeg en nog niet met declaraties is verrekend."),
    _soort(VOORSCHOT_SVB, _GEMEENTE, _DEBET, "Wat de SVB vooruit kreeg voor pgb's en nog niet als besteding heeft verantwoord."),
    _soort(ONDERWEG, _AANBIEDER, _CREDIT, "Wat in een betaalopdracht zit en de bank nog niet heeft bevestigd."),
    _soort(BANK, _GEMEENTE, _DEBET, "Wat over de bankrekening van de gemeente ging; betalingen maken haar credit."),
    _soort(INLEG, _GEMEENTE, _DEBET, "Wat de gemeente aan de regio bijdraagt."),
    _soort(VEREVENING, _GEMEENTE, _DEBET, "Wat de gemeente per saldo betaalt (debet) of krijgt (credit) in de verevening."),
    _soort(ORGANISATIEKOSTEN, _GEMEENTE, _DEBET, "Het deel van de gemeente in de kosten van de inkooporganisatie."),
    _soort(KAS, _REGIO, _CREDIT, "De kas van de regio: de enige weg waarlangs geld van de ene gemeente naar de andere gaat."),
)
"""Every kind of account, in the order in which a reader meets them."""

PER_SOORT: Mapping[str, Rekeningsoort] = {each.soort: each for each in REKENINGSOORTEN}
"""The same by name."""
