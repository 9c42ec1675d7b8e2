"""Which part of the region an actor may see; the one place where this is decided. Pure.

Lists ask the same of the database (`store_rijen.ZICHT`); a test holds the two together.

Names, products and joint purchase are for everybody. An aanbieder sees its own contracts and tariffs and those it delivers under, never a
plafond, a budget or how another is paid (OP095); a gemeente sees the contracts that hold for it, and money and measures of its own only.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.partij import Actor
from app.parties.looptijd import houders_van
from app.parties.region import (
    Aanbieder,
    Budget,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    Plafond,
    Productgroep,
    Region,
    RegioProduct,
    Rij,
    Tarief,
    Zorgvorm,
)

ZICHTBARE_SOORTEN: tuple[type[Rij], ...] = (
    Gemeente,
    Herindeling,
    Aanbieder,
    Zorgvorm,
    Productgroep,
    RegioProduct,
    Contract,
    Contractoptie,
    Onderaannemer,
    Tarief,
    Financiering,
    Plafond,
    Deelname,
    Budget,
    Maatstaf,
)
"""What is shown at all; advances, contributions, and addresses and bank accounts of partijen are not."""


def zichtbaar(region: Region, actor: Actor) -> Region:
    """The part of the region that an actor may see."""
    if actor.gemeenten is None:
        return region
    gemeenten = actor.gemeenten
    own = {each.agb for each in region.aanbieders if f"aanbieder:{each.agb}" in actor.partijen}
    houders = {(houder.agb, houder.contract) for agb in own for houder in houders_van(region, agb)}
    contracten = tuple(
        each
        for each in region.contracten
        if not houders.isdisjoint({(each.agb, ""), (each.agb, each.contract)}) or _holds_for(each, gemeenten)
    )
    nummers = {each.contract for each in contracten}
    of_gemeenten = {each.contract for each in contracten if _holds_for(each, gemeenten)}
    return Region(
        gemeenten=region.gemeenten,
        herindelingen=region.herindelingen,
        aanbieders=region.aanbieders,
        zorgvormen=region.zorgvormen,
        productgroepen=region.productgroepen,
        producten=region.producten,
        contracten=contracten,
        contractopties=tuple(each for each in region.contractopties if each.contract in nummers),
        onderaannemers=tuple(each for each in region.onderaannemers if gemeenten or own & {each.hoofdaannemer_agb, each.onderaannemer_agb}),
        tarieven=tuple(each for each in region.tarieven if each.contract in nummers),
        bekostigingen=tuple(each for each in region.bekostigingen if each.contract in of_gemeenten),
        plafonds=tuple(each for each in region.plafonds if each.contract in of_gemeenten),
        deelname=region.deelname,
        budgetten=tuple(each for each in region.budgetten if each.gemeente in gemeenten),
        maatstaven=tuple(each for each in region.maatstaven if each.gemeente in gemeenten),
    )


def getoond(rij: Rij, actor: Actor) -> Rij:
    """A row that an actor may see, without what in it is not for this actor: the plafond of a contract is for its gemeenten."""
    if isinstance(rij, Contract) and actor.gemeenten is not None and not _holds_for(rij, actor.gemeenten):
        return replace(rij, plafond_cent=None)
    return rij


def _holds_for(contract: Contract, gemeenten: frozenset[str]) -> bool:
    """Whether a contract is for one of these gemeenten."""
    return bool(gemeenten) and (contract.alle_gemeenten or not gemeenten.isdisjoint(contract.gemeenten))
