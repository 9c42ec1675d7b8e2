"""Which products of one bericht overlap though they may not (TR302, TR361, TR386, TR410): one sweep over the periods, whatever their number.

Two products stand in each other's way when they are the same; one without code covers its whole category, one without category
everything. In iWmo the categories 11 to 14 stand in nobody's way. A deleted toewijzing takes no part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from app.domain.bericht import Domein
from app.domain.toewijzing import VERVALLEN_REDENEN, ToegewezenProduct

K = TypeVar("K", bound=Hashable)

VRIJE_CATEGORIEEN_IWMO = frozenset({"11", "12", "13", "14"})
NOOIT = 10_000_000
"""Later than every day of the calendar, as an ordinal: the end of an open period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zorgperiode(Generic[K]):
    """A product on the days from `begin` to `einde`, both included; without `einde` it is open. `sleutel` names it to the caller."""

    sleutel: K
    categorie: str | None
    code: str | None
    begin: date
    einde: date | None


def overlapping(domein: Domein, perioden: Iterable[Zorgperiode[K]]) -> list[K]:
    """The sleutels of periods that begin while another that stands in their way still runs, in order of begin."""
    reach = _Reach()
    found = []
    for periode in sorted((each for each in perioden if not _is_free(domein, each.categorie)), key=lambda each: each.begin):
        if reach.until(periode.categorie, periode.code) >= periode.begin.toordinal():
            found.append(periode.sleutel)
        reach.extend(periode.categorie, periode.code, NOOIT if periode.einde is None else periode.einde.toordinal())
    return found


def overlapping_numbers(domein: Domein, producten: Iterable[ToegewezenProduct]) -> frozenset[int]:
    """ToewijzingNummers of products that begin while another that stands in their way still runs (TR302)."""
    perioden = (
        Zorgperiode(
            sleutel=product.toewijzing_nummer,
            categorie=product.product.categorie if product.product else None,
            code=product.product.code if product.product else None,
            begin=product.ingangsdatum,
            einde=product.einddatum,
        )
        for product in producten
        if not _is_deleted(product)
    )
    return frozenset(overlapping(domein, perioden))


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


def _is_free(domein: Domein, categorie: str | None) -> bool:
    """Whether products of this category stand in nobody's way."""
    return domein == "iwmo" and categorie in VRIJE_CATEGORIEEN_IWMO


def _is_deleted(product: ToegewezenProduct) -> bool:
    """Whether the line takes the toewijzing away, so that it cannot overlap."""
    return product.reden_wijziging in VERVALLEN_REDENEN and product.einddatum == product.ingangsdatum
