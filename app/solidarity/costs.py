"""Own cost (README 2.3): lines with a service date, indexed so that each pool reads only what is its own.

Two sources: lines of a file (every day, clients known) and monthly totals of the ledger (`costs_from_months`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.solidarity.errors import not_supported, refuse
from app.solidarity.history import History
from app.solidarity.segments import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """Cost of one municipality on one day; credits are negative. `client` is a pseudonym, None when there is none."""

    municipality: str
    category: str
    service_date: date
    bedrag_cent: int
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCost:
    """Cost per gemeente, zorgvorm and zorgmaand (its first day), as the saldi of the ledger give it; in cents."""

    gemeente: str
    zorgvorm: str
    zorgmaand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientYearCost:
    """Cost of one client (an id, no personal data) of a gemeente in a zorgvorm and zorgjaar, from `saldo_client`; in cents."""

    client: str
    gemeente: str
    zorgvorm: str
    zorgjaar: int
    bedrag_cent: int


Cell = tuple[str, int]
"""A category and a calendar year."""


class Costs:
    """All cost lines of a region, to be asked per pool; built once, never changed.

    Args:
        lines: In any order; several lines on one day add up.
        whole_months: The lines are totals per month: dates inside a month cannot be honoured.
        client_years: Totals per client and year when the lines carry no clients; None when they do.
    """

    def __init__(
        self, lines: Iterable[CostLine], *, whole_months: bool = False, client_years: Iterable[ClientYearCost] | None = None
    ) -> None:
        self.whole_months = whole_months
        self._cells: dict[Cell, dict[tuple[str, date], int]] = defaultdict(lambda: defaultdict(int))
        self._years: dict[Cell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._clients: dict[Cell, list[CostLine]] = defaultdict(list)
        self._client_years: dict[Cell, list[ClientYearCost]] | None = None
        for line in lines:
            cell = (line.category, line.service_date.year)
            self._cells[cell][line.municipality, line.service_date] += line.bedrag_cent
            self._years[cell][line.municipality] += line.bedrag_cent
            if line.client is not None:
                self._clients[cell].append(line)
        if client_years is not None:
            self._client_years = defaultdict(list)
            for total in client_years:
                self._client_years[total.zorgvorm, total.zorgjaar].append(total)

    def plus(self, line: CostLine) -> Costs:
        """The same cost with one line without client more; what does not change is shared, so it costs one cell and no rebuilding.

        Raises:
            ValueError: The line has a client: totals per client would no longer be those of the lines.
        """
        if line.client is not None:
            raise ValueError("only a line without client can be added")
        made = Costs((), whole_months=self.whole_months)
        cell, day = (line.category, line.service_date.year), (line.municipality, line.service_date)
        before, year = self._cells.get(cell, {}), self._years.get(cell, {})
        made._cells = {**self._cells, cell: {**before, day: before.get(day, 0) + line.bedrag_cent}}
        made._years = {**self._years, cell: {**year, line.municipality: year.get(line.municipality, 0) + line.bedrag_cent}}
        made._clients, made._client_years = self._clients, self._client_years
        return made

    @property
    def municipalities(self) -> frozenset[str]:
        """Everyone who has cost."""
        return frozenset(name for cell in self._years.values() for name in cell)

    def total_cent(self) -> int:
        """All cost together."""
        return sum(amount for cell in self._years.values() for amount in cell.values())

    def first_year(self, municipality: str) -> int | None:
        """First calendar year with a line of this municipality; None without any."""
        return min((year for (_, year), cell in self._years.items() if municipality in cell), default=None)

    def own(self, pool: Pool, history: History) -> dict[str, int]:
        """E_i: own cost in cents of each member in the pool and segment, zero without lines (2.3)."""
        own = dict.fromkeys(pool.members, 0)
        moved = {name: _one_bearer(history, name, pool) for name in history.predecessors & self._names(pool)}
        for municipality, amount in self._in_segment(pool):
            bearer = moved.get(municipality, municipality)
            if bearer in own:
                own[bearer] += amount
        return own

    def of_year(self, pool: Pool, year: int, history: History) -> dict[str, Fraction]:
        """m_i(year) of the measure `cost` (2.4): cost of a calendar year in the categories of the pool, member or not.

        What predecessors spent counts for their successors as seen on the first day of the segment (2.10).
        """
        cost = dict.fromkeys(pool.members, Fraction(0))
        for municipality, dated, amount in self._in_year(pool, year, history.predecessors):
            for bearer, part in history.bearers(municipality, dated, pool.segment.since).items():
                if bearer in cost:
                    cost[bearer] += part * amount
        return cost

    def per_client(self, pool: Pool, history: History) -> dict[str, list[int]]:
        """Net cost in cents of each client in the pool and segment, per member; lines without client never count (2.5)."""
        totals: dict[tuple[str, str], int] = defaultdict(int)
        moved = {name: _one_bearer(history, name, pool) for name in history.predecessors & self._names(pool)}
        for municipality, client, amount in self._client_amounts(pool):
            totals[moved.get(municipality, municipality), client] += amount
        clients: dict[str, list[int]] = {member: [] for member in pool.members}
        for (municipality, _), amount in totals.items():
            if municipality in clients:
                clients[municipality].append(amount)
        return clients

    def _names(self, pool: Pool) -> frozenset[str]:
        """Everyone with a line in the pool and its segment."""
        return frozenset(municipality for municipality, _ in self._in_segment(pool))

    def _in_segment(self, pool: Pool) -> Iterator[tuple[str, int]]:
        """Municipality and cents of everything in the pool and its segment."""
        for category in pool.categories:
            for (municipality, day), amount in self._cells.get((category, pool.year), {}).items():
                if pool.segment.since <= day < pool.segment.until:
                    yield municipality, amount

    def _in_year(self, pool: Pool, year: int, by_day: frozenset[str]) -> Iterator[tuple[str, date, int]]:
        """Municipality, a day and cents of a whole year; day by day for those in `by_day`, else one total."""
        for category in pool.categories:
            for municipality, amount in self._years.get((category, year), {}).items():
                if municipality not in by_day:
                    yield municipality, date(year, 1, 1), amount
            if by_day:
                for (municipality, day), amount in self._cells.get((category, year), {}).items():
                    if municipality in by_day:
                        yield municipality, day, amount

    def _client_amounts(self, pool: Pool) -> Iterator[tuple[str, str, int]]:
        """Municipality, client and cents of what clients cost in the pool and its segment."""
        cells = [(category, pool.year) for category in pool.categories]
        if self._client_years is not None:
            if pool.segment.phi != 1:
                raise not_supported(f"{pool}: een laag per client uit het grootboek kan alleen over een heel kalenderjaar.")
            for cell in cells:
                yield from ((total.gemeente, total.client, total.bedrag_cent) for total in self._client_years.get(cell, ()))
        elif self.whole_months:
            raise refuse(str(pool), "een laag per client vraagt totalen per client; die zijn bij deze run niet meegegeven.")
        else:
            for cell in cells:
                for line in self._clients.get(cell, ()):
                    if line.client is not None and pool.segment.since <= line.service_date < pool.segment.until:
                        yield line.municipality, line.client, line.bedrag_cent


def costs_from_months(rows: Iterable[MonthCost], client_years: Iterable[ClientYearCost] | None = None) -> Costs:
    """Costs of the ledger: totals per zorgmaand, optionally with totals per client and zorgjaar.

    Raises:
        RegelingOngeldig: A zorgmaand is not the first day of a month.
    """
    return Costs(map(_month_line, rows), whole_months=True, client_years=client_years)


def usage_cent(quantity: Fraction, tariff_euro: Fraction) -> int:
    """P x Q in cents: rounded per line, half away from zero, so that a credit mirrors its debit (2.3)."""
    return round_half_up(quantity * tariff_euro * 100)


def client_totals_match(lines: Iterable[MonthCost], clients: Iterable[ClientYearCost]) -> Mapping[tuple[str, str, int], int]:
    """Differences in cents per gemeente, zorgvorm and jaar between the two inputs of a run; empty when they add up."""
    difference: dict[tuple[str, str, int], int] = defaultdict(int)
    for line in lines:
        difference[line.gemeente, line.zorgvorm, line.zorgmaand.year] += line.bedrag_cent
    for client in clients:
        difference[client.gemeente, client.zorgvorm, client.zorgjaar] -= client.bedrag_cent
    return {cell: amount for cell, amount in difference.items() if amount}


def _month_line(row: MonthCost) -> CostLine:
    if row.zorgmaand.day != 1:
        raise refuse(f"kosten van {row.gemeente}", f"zorgmaand {row.zorgmaand} moet de eerste dag van een maand zijn.")
    return CostLine(municipality=row.gemeente, category=row.zorgvorm, service_date=row.zorgmaand, bedrag_cent=row.bedrag_cent)


def _one_bearer(history: History, municipality: str, pool: Pool) -> str:
    """Who bears a line inside the segment; mergers never fall inside one, so it is one municipality."""
    (bearer,) = history.bearers(municipality, pool.segment.since, pool.segment.since)
    return bearer
