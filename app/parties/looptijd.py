"""How long a contract runs, and for whom: options to extend it, and the aanbieders that may claim on its lines. Pure.

Source: requirements K03, K06 and K10. The same is asked of the database in one query (`store.LIJNEN`); a test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.parties.region import Contract, Contractoptie, Region

Periode = tuple[date, date | None]
"""First and last day, both included; None is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Houder:
    """On whose contracts an aanbieder may claim, and when.

    Attributes:
        agb: AGB-code that holds the contracts: its own, or that of a main contractor.
        contract: The one contract it is about; empty: every contract of `agb`.
        van, tot: First and last day; None is open.
    """

    agb: str
    contract: str = ""
    van: date = date.min
    tot: date | None = None


def houders_van(region: Region, agb: str) -> tuple[Houder, ...]:
    """The aanbieder itself, the contractpartner that administers for it, and each main contractor for which it claims itself (`eigen`)."""
    partners = (each.contractpartner_agb for each in region.aanbieders if each.agb == agb and each.contractpartner_agb is not None)
    hoofdaannemers = (
        Houder(agb=each.hoofdaannemer_agb, contract=each.contract, van=each.geldig_van, tot=each.geldig_tot)
        for each in region.onderaannemers
        if each.onderaannemer_agb == agb and each.declareert == "eigen"
    )
    return (Houder(agb=agb), *(Houder(agb=partner) for partner in partners), *hoofdaannemers)


def einden(region: Region) -> dict[str, date | None]:
    """The last day of each contract, with the options that were exercised; None is open. Of one that stands there twice, the first row's."""
    opties: defaultdict[str, list[Contractoptie]] = defaultdict(list)
    for each in region.contractopties:
        opties[each.contract].append(each)
    return {each.contract: einde_van(each, opties[each.contract]) for each in reversed(region.contracten)}


def einde_van(contract: Contract, opties: Iterable[Contractoptie]) -> date | None:
    """The last day of one contract: the latest `tot` of its exercised options, or its own; options do not shorten it."""
    if contract.geldig_tot is None:
        return None
    return max((contract.geldig_tot, *(each.tot for each in opties if each.uitgeoefend_op is not None)))


def doorsnede(een: Periode, ander: Periode) -> Periode | None:
    """The days that two periods share; None when there are none."""
    van = max(een[0], ander[0])
    tot = min((each for each in (een[1], ander[1]) if each is not None), default=None)
    return (van, tot) if tot is None or van <= tot else None


def contracten_van(region: Region, agb: str) -> Iterator[tuple[Contract, Periode]]:
    """Each contract on which an aanbieder may claim, with the period in which it may; the same pair comes once."""
    houders = houders_van(region, agb)
    last_days = einden(region)
    for contract in region.contracten:
        own = [each for each in houders if each.agb == contract.agb and each.contract in ("", contract.contract)]
        looptijd = (contract.geldig_van, last_days[contract.contract])
        periods = (doorsnede(looptijd, (each.van, each.tot)) for each in own)
        yield from dict.fromkeys((contract, period) for period in periods if period is not None)
