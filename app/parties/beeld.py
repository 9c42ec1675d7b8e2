"""What judging sees of contracts: the parties' part of a Snapshot. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.bericht import Domein
from app.domain.snapshot import Overgang, ProductOpDatum, Tariefregel
from app.parties.region import EURO, Contract, Region, Tarief


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractbeeld:
    """Tariff lines, gemeenten with a contract, products and herindelingen for one lane; the fields are those of `Snapshot`."""

    tarieven: Mapping[tuple[str, str, str], tuple[Tariefregel, ...]] = field(default_factory=dict)
    contracten: frozenset[str] = frozenset()
    producten: Mapping[tuple[str, str], tuple[ProductOpDatum, ...]] = field(default_factory=dict)
    overgangen: tuple[Overgang, ...] = ()


def beeld_van(region: Region, domein: Domein, agb: str) -> Contractbeeld:
    """The same from a region in memory, for all products; `tarief_id` is the place of the line in `region.tarieven`, from 1."""
    holders = {agb, *(each.contractpartner_agb for each in region.aanbieders if each.agb == agb)}
    contracten = {each.contract: each for each in region.contracten if each.domein == domein and each.agb in holders}
    lines = (
        regel
        for index, tarief in enumerate(region.tarieven, start=1)
        if tarief.contract in contracten
        for regel in _spread(region, contracten[tarief.contract], tarief, index)
    )
    return Contractbeeld(
        tarieven=group_tarieven(sorted(lines, key=lambda regel: (regel.gemeente, regel.eenheid, regel.geldig_van))),
        contracten=frozenset(code for each in contracten.values() for code in _gemeenten(region, each)),
        producten=group_producten(
            ProductOpDatum(
                categorie=each.categorie, code=each.code, zorgvorm=each.zorgvorm, geldig_van=each.geldig_van, geldig_tot=each.geldig_tot
            )
            for each in region.producten
            if each.domein == domein
        ),
        overgangen=tuple(Overgang(datum=each.datum, van=each.van, naar=each.naar) for each in region.herindelingen if each.fractie == 1),
    )


def _gemeenten(region: Region, contract: Contract) -> tuple[str, ...]:
    return tuple(sorted({each.code for each in region.gemeenten})) if contract.alle_gemeenten else contract.gemeenten


def _spread(region: Region, contract: Contract, tarief: Tarief, tarief_id: int) -> Iterator[Tariefregel]:
    """A tariff line for each gemeente of its contract, in the days that both are valid."""
    van = max(tarief.geldig_van, contract.geldig_van)
    tot = min((each for each in (tarief.geldig_tot, contract.geldig_tot) if each is not None), default=None)
    for gemeente in _gemeenten(region, contract) if tot is None or van <= tot else ():
        yield Tariefregel(
            tarief_id=tarief_id,
            contract=contract.contract,
            gemeente=gemeente,
            categorie=tarief.categorie,
            code=tarief.code,
            eenheid=tarief.eenheid,
            tarief_cent=None if tarief.eenheid == EURO else tarief.tarief_cent,
            geldig_van=van,
            geldig_tot=tot,
        )


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
