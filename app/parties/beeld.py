"""What judging sees of contracts: the parties' part of a Snapshot. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.snapshot import Overgang, ProductOpDatum, Tariefregel


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractbeeld:
    """Tariff lines, gemeenten with a contract, products and herindelingen for one lane; the fields are those of `Snapshot`."""

    tarieven: Mapping[tuple[str, str, str], tuple[Tariefregel, ...]] = field(default_factory=dict)
    contracten: frozenset[str] = frozenset()
    producten: Mapping[tuple[str, str], tuple[ProductOpDatum, ...]] = field(default_factory=dict)
    overgangen: tuple[Overgang, ...] = ()


def group_tarieven(regels: Iterable[Tariefregel]) -> dict[tuple[str, str, str], tuple[Tariefregel, ...]]:
    """Lines by (gemeente, categorie, code), in their order."""
    grouped: defaultdict[tuple[str, str, str], list[Tariefregel]] = defaultdict(list)
    for regel in regels:
        grouped[regel.gemeente, regel.categorie, regel.code].append(regel)
    return {key: tuple(lines) for key, lines in grouped.items()}


def group_producten(producten: Iterable[ProductOpDatum]) -> dict[tuple[str, str], tuple[ProductOpDatum, ...]]:
    """Products by (categorie, code), in their order."""
    grouped: defaultdict[tuple[str, str], list[ProductOpDatum]] = defaultdict(list)
    for product in producten:
        grouped[product.categorie, product.code].append(product)
    return {key: tuple(lines) for key, lines in grouped.items()}
