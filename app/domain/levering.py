"""What an aanbieder reports of delivery: start (305) and stop (307)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.klassen import Berichtklasse
from app.domain.toewijzing import Product

NIEUW = "1"
VERWIJDEREN = "3"
TIJDELIJK = "20"
"""RedenBeeindiging of a temporary stop; every other reason is definitive (TR413)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProduct(Berichtklasse):
    """Delivery of a toegewezen product began on `begindatum`; `status_aanlevering` 1 is new, 3 deletes by logical key (IV008)."""

    toewijzing_nummer: int | None = None
    product: Product | None = None
    toewijzing_ingangsdatum: date | None = None
    begindatum: date
    status_aanlevering: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StopProduct(Berichtklasse):
    """Delivery that began on `begindatum` ended after `einddatum` (included); reason 20 is temporary."""

    toewijzing_nummer: int | None = None
    product: Product | None = None
    toewijzing_ingangsdatum: date | None = None
    begindatum: date
    reden_beeindiging: str
    einddatum: date
    status_aanlevering: str
