"""Which toegewezen producten of one bericht overlap though they may not (TR302): one sweep over the periods, whatever their number.

Two products stand in each other's way when they are the same; one without code covers its whole category, one without category
everything. In iWmo the categories 11 to 14 stand in nobody's way. A deleted toewijzing takes no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from app.domain.bericht import Domein
from app.domain.toewijzing import VERVALLEN_REDENEN, ToegewezenProduct

VRIJE_CATEGORIEEN_IWMO = frozenset({"11", "12", "13", "14"})
NOOIT = 10_000_000
"""Later than every day of the calendar, as an ordinal: the end of an open toewijzing."""


def overlapping_numbers(domein: Domein, producten: Iterable[ToegewezenProduct]) -> frozenset[int]:
    """ToewijzingNummers of products that begin while another that stands in their way still runs."""
    reach = _Reach()
    found = set()
    for product in sorted((each for each in producten if _counts(domein, each)), key=lambda each: each.ingangsdatum):
        einde = NOOIT if product.einddatum is None else product.einddatum.toordinal()
        categorie = product.product.categorie if product.product else None
        code = product.product.code if product.product else None
        if reach.until(categorie, code) >= product.ingangsdatum.toordinal():
            found.add(product.toewijzing_nummer)
        reach.extend(categorie, code, einde)
    return frozenset(found)


class _Reach:
    """How far the products seen so far reach, per scope in which they can stand in another's way."""

    def __init__(self) -> None:
        self._any = 0
        self._generic = 0
        self._in_category: dict[str, int] = defaultdict(int)
        self._whole_category: dict[str, int] = defaultdict(int)
        self._product: dict[tuple[str, str], int] = defaultdict(int)

    def until(self, categorie: str | None, code: str | None) -> int:
        """The last day, as an ordinal, on which something seen before stands in the way of this product."""
        if categorie is None:
            return self._any
        if code is None:
            return max(self._generic, self._in_category[categorie])
        return max(self._generic, self._whole_category[categorie], self._product[categorie, code])

    def extend(self, categorie: str | None, code: str | None, einde: int) -> None:
        """Add a product that runs until `einde`."""
        self._any = max(self._any, einde)
        if categorie is None:
            self._generic = max(self._generic, einde)
            return
        self._in_category[categorie] = max(self._in_category[categorie], einde)
        if code is None:
            self._whole_category[categorie] = max(self._whole_category[categorie], einde)
        else:
            self._product[categorie, code] = max(self._product[categorie, code], einde)


def _counts(domein: Domein, product: ToegewezenProduct) -> bool:
    """Whether the product can overlap at all: not when deleted, nor in a free category of iWmo."""
    if product.reden_wijziging in VERVALLEN_REDENEN and product.einddatum == product.ingangsdatum:
        return False
    categorie = product.product.categorie if product.product else None
    return domein != "iwmo" or categorie not in VRIJE_CATEGORIEEN_IWMO
