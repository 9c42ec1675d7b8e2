"""What a gemeente orders (301): toegewezen producten with their product, omvang and budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.klassen import Berichtklasse, Samengesteld

VERWIJDERD = "13"
"""RedenWijziging of a toewijzing that counts as never sent (CS335, OP033x1)."""
VERVALLEN_REDENEN = frozenset({"01", VERWIJDERD})
"""RedenWijziging that, with Einddatum equal to Ingangsdatum, takes a toewijzing away: 01 until release 3.1, 13 since (TR349)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Samengesteld):
    """Category and, unless the toewijzing leaves it open, code of a product."""

    categorie: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Omvang(Samengesteld):
    """How much: whole `volume` of `eenheid` (WJ756) per `frequentie` (WMO757: 1 day, 2 week, 4 month, 6 whole toewijzing)."""

    volume: int
    eenheid: str
    frequentie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToegewezenProduct(Berichtklasse):
    """One line of a toewijzing; `toewijzing_nummer` is its logical key, unique in a gemeente and domain (TR332).

    `ingangsdatum` and `einddatum` are both included; `budget` is in cents.
    """

    toewijzing_nummer: int
    referentie_aanbieder: str | None = None
    product: Product | None = None
    toewijzingsdatum: date
    toewijzingstijd: str
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: str | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    commentaar: str | None = None
