"""The boundary of what is shared: whether use moves towards pooled zorgvormen since an agreement began (R10, C19). Pure; whole cents.

What is shared costs the others too, so a gemeente may lean on it more than on what it pays alone. Here only the shift is measured, and put in
order of size; why it happened is for people to find out. No test of significance: a region has too few gemeenten for one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.solidarity.agreement import Agreement, Arrangement
from app.solidarity.costs import ClientYearCost, MonthCost

KWARTALEN_MAX = 8
"""Quarters on each side of the beginning: two years, so that every season counts on both."""
MAANDEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Deel:
    """A part of a whole: cents, or numbers of clients."""

    deel: int = 0
    geheel: int = 0

    @property
    def promille(self) -> int | None:
        """In thousandths, rounded half up; None of nothing, or of a net credit."""
        return (2000 * self.deel + self.geheel) // (2 * self.geheel) if self.geheel > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kwartaal:
    """A quarter by its first day, and which part of the cost was in pooled zorgvormen."""

    begin: date
    kosten: Deel

    @property
    def naam(self) -> str:
        """`2026 kw 3`."""
        return f"{self.begin.year} kw {(self.begin.month - 1) // MAANDEN + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verschuiving:
    """One gemeente on both sides of the beginning.

    Attributes:
        gemeente: Its code.
        begin: First day that something of it was shared.
        zorgvormen: What is shared.
        kwartalen: The quarters looked at, in order of time; the quarter in which `begin` falls counts as after.
        voor, na: Their sums.
        clienten_voor, clienten_na: Clients with cost in a pooled zorgvorm, of all clients, in the calendar years before and from `begin`.
        rang: 1 for the largest shift towards what is shared; None when one side has no cost.
    """

    gemeente: str
    begin: date
    zorgvormen: tuple[str, ...]
    kwartalen: tuple[Kwartaal, ...]
    voor: Deel
    na: Deel
    clienten_voor: Deel
    clienten_na: Deel
    rang: int | None

    @property
    def verschil_promille(self) -> int | None:
        """By how many thousandths the pooled part of the cost grew; None when one side has no cost."""
        return _verschil(self.voor, self.na)

    @property
    def clienten_verschil_promille(self) -> int | None:
        """The same of clients."""
        return _verschil(self.clienten_voor, self.clienten_na)


def verschuivingen(
    agreement: Agreement, kosten: Iterable[MonthCost], clienten: Iterable[ClientYearCost], tot: date
) -> tuple[Verschuiving, ...]:
    """The shift of every gemeente that shares something, the largest first.

    Args:
        agreement: What is shared, by whom and since when.
        kosten: Cost per gemeente, zorgvorm and zorgmaand; of every zorgvorm, shared or not.
        clienten: Cost per client and zorgjaar likewise.
        tot: First day whose quarter is not looked at: its declaraties are still coming in.
    """
    maanden: dict[str, list[MonthCost]] = defaultdict(list)
    for month in kosten:
        maanden[month.gemeente].append(month)
    jaren: dict[str, list[ClientYearCost]] = defaultdict(list)
    for client in clienten:
        jaren[client.gemeente].append(client)
    found = [
        _verschuiving(code, begin, zorgvormen, maanden[code], jaren[code], tot) for code, (begin, zorgvormen) in _gedeeld(agreement).items()
    ]
    ordered = sorted(found, key=lambda each: (each.verschil_promille is None, -(each.verschil_promille or 0), each.gemeente))
    return tuple(replace(each, rang=None if each.verschil_promille is None else number) for number, each in enumerate(ordered, start=1))


def deelt(arrangement: Arrangement) -> bool:
    """Whether an arrangement shares anything, in any year."""
    return arrangement.inleg != "none" or not arrangement.layers or any(layer.share for layer in arrangement.layers)


def kwartaal_van(dag: date) -> date:
    """The first day of the quarter of a day."""
    return date(dag.year, (dag.month - 1) // MAANDEN * MAANDEN + 1, 1)


def _gedeeld(agreement: Agreement) -> Mapping[str, tuple[date, tuple[str, ...]]]:
    """Per gemeente since when it shares, and which zorgvormen."""
    since: dict[str, date] = {}
    zorgvormen: dict[str, set[str]] = defaultdict(set)
    for arrangement in filter(deelt, agreement.arrangements):
        for member in arrangement.members:
            begin = max(arrangement.since, member.since or arrangement.since)
            since[member.municipality] = min(begin, since.get(member.municipality, begin))
            zorgvormen[member.municipality] |= set(arrangement.categories)
    return {code: (begin, tuple(sorted(zorgvormen[code]))) for code, begin in sorted(since.items())}


def _verschuiving(
    gemeente: str, begin: date, zorgvormen: tuple[str, ...], maanden: list[MonthCost], jaren: list[ClientYearCost], tot: date
) -> Verschuiving:
    grens = kwartaal_van(begin)
    per_kwartaal: dict[date, Deel] = defaultdict(Deel)
    for month in maanden:
        kwartaal = kwartaal_van(month.zorgmaand)
        if kwartaal < kwartaal_van(tot):
            per_kwartaal[kwartaal] = _plus(per_kwartaal[kwartaal], month.bedrag_cent, shared=month.zorgvorm in zorgvormen)
    before = sorted(each for each in per_kwartaal if each < grens)[-KWARTALEN_MAX:]
    after = sorted(each for each in per_kwartaal if each >= grens)[:KWARTALEN_MAX]
    return Verschuiving(
        gemeente=gemeente,
        begin=begin,
        zorgvormen=zorgvormen,
        kwartalen=tuple(Kwartaal(begin=each, kosten=per_kwartaal[each]) for each in (*before, *after)),
        voor=_som(per_kwartaal[each] for each in before),
        na=_som(per_kwartaal[each] for each in after),
        clienten_voor=_clienten((each for each in jaren if each.zorgjaar < begin.year), zorgvormen),
        clienten_na=_clienten((each for each in jaren if each.zorgjaar >= begin.year), zorgvormen),
        rang=None,
    )


def _plus(som: Deel, cent: int, *, shared: bool) -> Deel:
    return Deel(deel=som.deel + (cent if shared else 0), geheel=som.geheel + cent)


def _som(delen: Iterable[Deel]) -> Deel:
    every = list(delen)
    return Deel(deel=sum(each.deel for each in every), geheel=sum(each.geheel for each in every))


def _clienten(rows: Iterable[ClientYearCost], zorgvormen: tuple[str, ...]) -> Deel:
    """Clients per year added up over the years: who is there two years counts twice."""
    every, shared = set(), set()
    for row in rows:
        every.add((row.client, row.zorgjaar))
        if row.zorgvorm in zorgvormen:
            shared.add((row.client, row.zorgjaar))
    return Deel(deel=len(shared), geheel=len(every))


def _verschil(voor: Deel, na: Deel) -> int | None:
    if voor.promille is None or na.promille is None:
        return None
    return na.promille - voor.promille
