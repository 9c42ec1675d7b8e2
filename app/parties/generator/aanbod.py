"""Who may claim what, for whom and when: the market of the generated region. How it is made up stands in `contracteren`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from app.domain.bericht import Domein
from app.domain.periode import EEN_DAG
from app.parties.generator.zeeland import PRODUCTEN, Aanbodproduct
from app.parties.region import Aanbieder, Contract, Contractoptie, Deelname, Financiering, Onderaannemer, Tarief

Sleutel = tuple[str, Domein, str, str]
"""Who claims, domein, categorie, code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lijn:
    """What may be claimed for these gemeenten in these days: a tariff line, as long as contract and joint purchase last."""

    contract: str
    cent: int | None
    van: date
    tot: date | None
    gemeenten: frozenset[str]

    def geldt(self, gemeente: str, dag: date) -> bool:
        """Whether it counts for the gemeente on the day."""
        return gemeente in self.gemeenten and self.van <= dag and (self.tot is None or dag <= self.tot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uittreding:
    """A gemeente that leaves the joint purchase of light care on a day and buys it itself from then on."""

    gemeente: str
    datum: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ontbrekend:
    """An aanbieder that delivers a product in one gemeente while the region has no line for it: its declaraties wait for a contract.

    `tarieven` are the lines that it believes in; when they are loaded nothing waits any more.
    """

    agb: str
    product: Aanbodproduct
    gemeente: str
    tarieven: tuple[Tarief, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aanbod:
    """The market of the region.

    Attributes:
        opties: Of the contract that ends: an option that was exercised and one that was not.
        uittreding: Who leaves the joint purchase; None: all take part in all.
        lijnen: What who claims may claim, with what is `ontbrekend`: the aanbieder believes it, the region does not know it.
        in_minuten: Aanbieders that claim hours in minutes.
    """

    aanbieders: tuple[Aanbieder, ...]
    contracten: tuple[Contract, ...]
    opties: tuple[Contractoptie, ...]
    onderaannemers: tuple[Onderaannemer, ...]
    tarieven: tuple[Tarief, ...]
    bekostigingen: tuple[Financiering, ...]
    deelname: tuple[Deelname, ...]
    uittreding: Uittreding | None
    lijnen: dict[Sleutel, tuple[Lijn, ...]]
    ontbrekend: Ontbrekend | None
    in_minuten: frozenset[str]
    _gevonden: dict[tuple[Domein, str, int], tuple[tuple[str, Aanbodproduct], ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def einde(self) -> tuple[str, date] | None:
        """The contract that ends and its last day, if there is one."""
        return next(((each.contract, each.tot) for each in self.opties if each.uitgeoefend_op is not None), None)

    def lijn_op(self, agb: str, gemeente: str, product: Aanbodproduct, dag: date) -> Lijn | None:
        """The line of a product for the gemeente that bears the care on a day; None when there is none then."""
        return next((lijn for lijn in self.lijnen.get((agb, *product.sleutel), ()) if lijn.geldt(gemeente, dag)), None)

    def leveranciers(self, domein: Domein, gemeente: str, dag: date) -> tuple[tuple[str, Aanbodproduct], ...]:
        """The pairs of aanbieder and product that a toewijzing which begins on a day can name; there is at least one."""
        key = (domein, gemeente, bisect_right(self._wisselingen(), dag))
        if key not in self._gevonden:
            self._gevonden[key] = tuple(self._find_leveranciers(domein, gemeente, dag))
        return self._gevonden[key]

    def _wisselingen(self) -> list[date]:
        """Days on which who delivers may change; tariff lines follow each other without gaps."""
        return sorted([*([self.einde[1] + EEN_DAG] if self.einde else []), *([self.uittreding.datum] if self.uittreding else [])])

    def _find_leveranciers(self, domein: Domein, gemeente: str, dag: date) -> Iterator[tuple[str, Aanbodproduct]]:
        weg = self.ontbrekend
        for aanbieder in self.aanbieders:
            if weg is not None and (aanbieder.agb, gemeente) == (weg.agb, weg.gemeente):
                continue
            for product in PRODUCTEN:
                missing = weg is not None and (aanbieder.agb, product) == (weg.agb, weg.product)
                if product.domein == domein and not missing and self.lijn_op(aanbieder.agb, gemeente, product, dag) is not None:
                    yield aanbieder.agb, product
