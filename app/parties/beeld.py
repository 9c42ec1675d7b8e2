"""What judging sees of contracts: the parties' part of a Snapshot. Pure.

A line of a contract counts for the gemeenten of that contract: for those it names always, and under `*` for each gemeente of the region while
it takes part in the zorgvorm that the product has on that day (C05, C16, C31). Here a line is spread over those gemeenten and days; which
lines an aanbieder has is said by the database (`store.contractbeeld`) or by a region in memory (`beeld_van`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.bericht import Domein
from app.domain.snapshot import Overgang, ProductOpDatum, Tariefregel
from app.parties.looptijd import Periode, contracten_van, doorsnede
from app.parties.region import EURO, Contract, Deelname, Region

Deelnames = Mapping[tuple[str, str], tuple[Periode, ...]]
"""Per gemeente and zorgvorm the periods of joint purchase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractbeeld:
    """Tariff lines, gemeenten with a contract, products and herindelingen for one lane; the fields are those of `Snapshot`."""

    tarieven: Mapping[tuple[str, str, str], tuple[Tariefregel, ...]] = field(default_factory=dict)
    contracten: frozenset[str] = frozenset()
    producten: Mapping[tuple[str, str], tuple[ProductOpDatum, ...]] = field(default_factory=dict)
    overgangen: tuple[Overgang, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractlijn:
    """A tariff line that an aanbieder may claim on, in the days that contract, line and subcontracting share; for all its gemeenten at once."""

    tarief_id: int
    contract: str
    alle_gemeenten: bool
    gemeenten: tuple[str, ...]
    categorie: str
    code: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None


def beeld_van(region: Region, domein: Domein, agb: str, gemeenten: Collection[str] | None = None) -> Contractbeeld:
    """What the database says of this region, from the region in memory, for all products.

    Args:
        region: Without faults.
        domein, agb: The lane.
        gemeenten: Those whose care matters, successors by herindeling are added; None is all.
    Returns:
        Lines with as `tarief_id` their place in `region.tarieven`, from 1.
    """
    overgangen = tuple(Overgang(datum=each.datum, van=each.van, naar=each.naar) for each in region.herindelingen if each.fractie == 1)
    gevraagd = {each.code for each in region.gemeenten} if gemeenten is None else met_opvolgers(gemeenten, overgangen)
    held = [(each, periode) for each, periode in contracten_van(region, agb) if each.domein == domein]
    deelnames = deelnames_van(region.deelname)
    producten = group_producten(
        ProductOpDatum(
            categorie=each.categorie, code=each.code, zorgvorm=each.zorgvorm, geldig_van=each.geldig_van, geldig_tot=each.geldig_tot
        )
        for each in region.producten
        if each.domein == domein
    )
    return Contractbeeld(
        tarieven=spreid(_lijnen(region, held, gevraagd), producten, deelnames),
        contracten=frozenset(
            code for each, _ in held for code in met_contract(each.alle_gemeenten, _gemeenten(region, each, gevraagd), deelnames)
        ),
        producten=producten,
        overgangen=overgangen,
    )


def met_opvolgers(gemeenten: Collection[str], overgangen: Iterable[Overgang]) -> frozenset[str]:
    """These gemeenten, and those that took them over; `overgangen` in order of their dates."""
    found = set(gemeenten)
    for overgang in overgangen:
        if overgang.van in found:
            found.add(overgang.naar)
    return frozenset(found)


def deelnames_van(rijen: Iterable[Deelname]) -> Deelnames | None:
    """Joint purchase by gemeente and zorgvorm; None when there is no row at all: then all take part in all."""
    grouped: defaultdict[tuple[str, str], list[Periode]] = defaultdict(list)
    for rij in rijen:
        grouped[rij.gemeente, rij.zorgvorm].append((rij.geldig_van, rij.geldig_tot))
    return {key: tuple(periods) for key, periods in grouped.items()} if grouped else None


def met_contract(alle_gemeenten: bool, gemeenten: Iterable[str], deelnames: Deelnames | None) -> Iterable[str]:
    """The gemeenten of a contract for which it counts at all; under `*` those that take part in something."""
    if not alle_gemeenten or deelnames is None:
        return gemeenten
    taking_part = {gemeente for gemeente, _ in deelnames}
    return (gemeente for gemeente in gemeenten if gemeente in taking_part)


def _gemeenten(region: Region, contract: Contract, gevraagd: Collection[str]) -> tuple[str, ...]:
    codes = {each.code for each in region.gemeenten} if contract.alle_gemeenten else contract.gemeenten
    return tuple(sorted(code for code in codes if code in gevraagd))


def _lijnen(region: Region, held: Iterable[tuple[Contract, Periode]], gevraagd: Collection[str]) -> Iterator[Contractlijn]:
    """The tariff lines of these contracts, in the days that both are valid."""
    per_contract: defaultdict[str, list[tuple[Contract, Periode]]] = defaultdict(list)
    for contract, periode in held:
        per_contract[contract.contract].append((contract, periode))
    for index, tarief in enumerate(region.tarieven, start=1):
        for contract, periode in per_contract.get(tarief.contract, ()):
            days = doorsnede((tarief.geldig_van, tarief.geldig_tot), periode)
            if days is not None:
                yield Contractlijn(
                    tarief_id=index,
                    contract=contract.contract,
                    alle_gemeenten=contract.alle_gemeenten,
                    gemeenten=_gemeenten(region, contract, gevraagd),
                    categorie=tarief.categorie,
                    code=tarief.code,
                    eenheid=tarief.eenheid,
                    tarief_cent=None if tarief.eenheid == EURO else tarief.tarief_cent,
                    geldig_van=days[0],
                    geldig_tot=days[1],
                )


def spreid(
    lijnen: Iterable[Contractlijn], producten: Mapping[tuple[str, str], tuple[ProductOpDatum, ...]], deelnames: Deelnames | None
) -> dict[tuple[str, str, str], tuple[Tariefregel, ...]]:
    """Lines by (gemeente, categorie, code), each for the days on which it counts there, in order of eenheid, first day and id.

    Args:
        lijnen: Of the aanbieder, with the gemeenten that matter.
        producten: At least those of the lines.
        deelnames: At least those of the gemeenten; None when all take part in all.
    """
    grouped: defaultdict[tuple[str, str, str], list[Tariefregel]] = defaultdict(list)
    for lijn in lijnen:
        for gemeente, (van, tot) in _dagen(lijn, producten.get((lijn.categorie, lijn.code), ()), deelnames):
            regel = Tariefregel(
                tarief_id=lijn.tarief_id,
                contract=lijn.contract,
                gemeente=gemeente,
                categorie=lijn.categorie,
                code=lijn.code,
                eenheid=lijn.eenheid,
                tarief_cent=lijn.tarief_cent,
                geldig_van=van,
                geldig_tot=tot,
            )
            grouped[gemeente, lijn.categorie, lijn.code].append(regel)
    return {key: tuple(sorted(regels, key=_volgorde)) for key, regels in grouped.items()}


def _volgorde(regel: Tariefregel) -> tuple[str, date, int]:
    return regel.eenheid, regel.geldig_van, regel.tarief_id


def _dagen(lijn: Contractlijn, producten: tuple[ProductOpDatum, ...], deelnames: Deelnames | None) -> Iterator[tuple[str, Periode]]:
    """The gemeenten and periods for which a line counts; under `*` only the days of joint purchase of the zorgvorm of then."""
    whole = (lijn.geldig_van, lijn.geldig_tot)
    if not lijn.alle_gemeenten or deelnames is None:
        yield from ((gemeente, whole) for gemeente in lijn.gemeenten)
        return
    for product in producten:
        days = doorsnede(whole, (product.geldig_van, product.geldig_tot))
        if days is None:
            continue
        for gemeente in lijn.gemeenten:
            shared = (doorsnede(days, deelname) for deelname in deelnames.get((gemeente, product.zorgvorm), ()))
            yield from ((gemeente, periode) for periode in shared if periode is not None)


def group_producten(producten: Iterable[ProductOpDatum]) -> dict[tuple[str, str], tuple[ProductOpDatum, ...]]:
    """Products by (categorie, code), in their order."""
    grouped: defaultdict[tuple[str, str], list[ProductOpDatum]] = defaultdict(list)
    for product in producten:
        grouped[product.categorie, product.code].append(product)
    return {key: tuple(lines) for key, lines in grouped.items()}
