"""Drawing simulated years: how many clients a gemeente has, which ones, and what the year does to all of them (README section 4).

Two ways. `poisson` (compound Poisson): in every year N ~ Poisson(lambda) clients, lambda the mean number per year, each with the cost of a
random client in a random year; years are independent. `bootstrap`: N ~ Poisson(observed number) clients, each with its whole course over the
years, so that who is expensive stays expensive and the top ten keeps changing as it did. A client with several zorgvormen is drawn as one:
Poisson numbers make that the same as drawing per zorgvorm, and the cost per client stays whole.

Cost without a client is not drawn: its mean per year (`poisson`) or its own year (`bootstrap`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from app.solidarity.errors import refuse
from app.solidarity.risico.arrays import Floats, Whole
from app.solidarity.risico.past import GemeentePast, Past

Method = Literal["poisson", "bootstrap"]
Known = Literal["simuleer", "vast"]

BLOCK_CELLS = 2_000_000
"""Years times clients that are drawn at once: 16 MB. It decides the order of the drawing, so that changing it changes every result."""
LOOKUP_COST = 0.4
"""Looking up one amount against counting one client, in time; it changes no result."""
CHUNK = 1_000
"""Simulated years that are computed at once; it decides the order of the drawing too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBand:
    """What of the cost of each client (its sum over some zorgvormen) lies between two bounds in cents; `upper` None is no bound."""

    columns: tuple[int, ...]
    lower: float
    upper: float | None

    def of(self, cost: Floats) -> Floats:
        """max(0, min(x, U) - L) (2.5)."""
        top = cost if self.upper is None else np.minimum(cost, self.upper)
        return np.maximum(0.0, top - self.lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to draw.

    Attributes:
        method: `poisson` or `bootstrap`.
        jaar: The simulated year; it matters for the years before it that are as they were.
        seed: Of all numbers; the same seed gives the same years.
        lags: How many years before the simulated one are needed for keys and deposits.
        known: `simuleer`: those years are drawn too, as in the closed forms; `vast`: they are as they were.
        tau: Standard deviation of the common factor of a year, which has mean 1; 0 is none.
        bands: What to know of the cost per client.
    """

    method: Method
    jaar: int
    seed: int
    lags: int = 0
    known: Known = "simuleer"
    tau: float = 0.0
    bands: tuple[ClientBand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Some simulated years.

    Attributes:
        cost: Cents per lag (0 is the year itself): simulated year x gemeente x zorgvorm.
        bands: Cents per band: simulated year x gemeente.
    """

    cost: tuple[Floats, ...]
    bands: tuple[Floats, ...]

    def of(self, lag: int, gemeenten: Sequence[int], columns: Sequence[int]) -> Floats:
        """Cost of some gemeenten in some zorgvormen together: simulated year x gemeente."""
        return np.asarray(self.cost[lag][:, list(gemeenten)][:, :, list(columns)].sum(axis=2), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """The same simulated years twice: with the common shock and without it (the same object when there is none)."""

    quiet: Sample
    shocked: Sample


def draws(past: Past, plan: Plan, count: int) -> Iterator[Draw]:
    """Simulated years in chunks of at most `CHUNK`, `count` in all.

    Every gemeente has its own stream of numbers, and so has the shock: a gemeente more or less changes nothing for the others.

    Raises:
        RegelingOngeldig: The history is too short for the years that are looked back on.
    """
    _enough_years(past, plan)
    shock, streams = shock_stream(plan.seed), [gemeente_stream(plan.seed, code) for code in past.codes]
    for first in range(0, count, CHUNK):
        yield _draw(past, plan, shock, streams, min(CHUNK, count - first))


def expected_cent(past: Past, method: Method) -> Floats:
    """Expected own cost per gemeente in cents, exactly as it is drawn: the mean over the years, or for the bootstrap the last year."""
    yearly = [each.cost_cent.sum(axis=(0, 2)) + each.other_cent.sum(axis=1) for each in past.gemeenten]
    return np.array([cost[-1] if method == "bootstrap" else cost.mean() for cost in yearly], dtype=np.float64)


class Drawn:
    """Which clients were drawn in each of some years: N ~ Poisson(expected) of `population`, with replacement.

    Attributes:
        numbers: N per simulated year.
        picks: The number of each drawn client, one year after the other.
    """

    def __init__(self, stream: Generator, expected: float, population: int, size: int) -> None:
        self.population = population
        self.numbers: Whole = stream.poisson(expected, size) if population else np.zeros(size, dtype=np.int64)
        self.picks: Whole = stream.integers(0, max(population, 1), int(self.numbers.sum()))
        self._counts: Floats | None = None

    def sums(self, amounts: Floats) -> Floats:
        """The sum over the drawn clients of each column of amounts (client x column); simulated year x column.

        Few draws and columns are looked up one by one, many by how often each client was drawn. Both are exact for whole cents.
        """
        cells = len(self.numbers) * self.population
        if LOOKUP_COST * len(self.picks) * amounts.shape[1] <= cells:
            return np.stack([self.sum_of(column[self.picks]) for column in np.ascontiguousarray(amounts.T)], axis=1)
        return np.asarray(self._how_often() @ amounts, dtype=np.float64)

    def sum_of(self, drawn: Floats) -> Floats:
        """The sum per simulated year of an amount of each drawn client."""
        found = np.zeros(len(self.numbers))
        some = self.numbers > 0
        if some.any():
            found[some] = np.add.reduceat(drawn, (np.cumsum(self.numbers) - self.numbers)[some])
        return found

    def per_draw(self, per_year: Floats) -> Floats:
        """A number of each simulated year, for each client drawn in it."""
        return np.repeat(per_year, self.numbers)

    def _how_often(self) -> Floats:
        if self._counts is None:
            size = len(self.numbers)
            cells = np.repeat(np.arange(size) * self.population, self.numbers) + self.picks
            counts = np.bincount(cells, minlength=size * self.population)
            self._counts = counts.reshape(size, self.population).astype(np.float64)
        return self._counts


def shocks(stream: Generator, tau: float, size: int, years: int) -> Floats:
    """Common factors: lognormal with mean 1 and variance tau**2; simulated year x lag. Nine decimals, so that machines agree."""
    sigma = sqrt(log(1 + tau * tau))
    factors = np.exp(sigma * stream.standard_normal((size, years)) - sigma * sigma / 2)
    return np.asarray(np.round(factors, 9), dtype=np.float64)


def gemeente_stream(seed: int, code: str) -> Generator:
    """The random numbers of one gemeente; they depend on its code, not on who else there is."""
    return Generator(PCG64(SeedSequence(seed, spawn_key=(1, *code.encode()))))


def shock_stream(seed: int) -> Generator:
    """The random numbers of the common factor."""
    return Generator(PCG64(SeedSequence(seed, spawn_key=(0,))))


def _enough_years(past: Past, plan: Plan) -> None:
    first = _known_year(past, plan, plan.lags)
    if plan.lags and first is not None and not 0 <= first < len(past.years):
        zin = (
            f"een overeenkomst kijkt {plan.lags} jaar terug en de historie is {past.years.start} tot en met {past.years.stop - 1};"
            " gebruik methode poisson met een gesimuleerd verleden, of geef een langere historie."
        )
        raise refuse("de historie", zin)
    if plan.known == "vast" and plan.lags and not 0 <= plan.jaar - 1 - past.years.start < len(past.years):
        raise refuse("de historie", f"het jaar voor {plan.jaar} staat er niet in; simuleer een ander jaar of simuleer het verleden mee.")


def _known_year(past: Past, plan: Plan, lag: int) -> int | None:
    """The number of the year of the history that a lag stands for; None when it is drawn from all years."""
    if lag and plan.known == "vast":
        return plan.jaar - lag - past.years.start
    return len(past.years) - 1 - lag if plan.method == "bootstrap" else None


def _draw(past: Past, plan: Plan, shock: Generator, streams: Sequence[Generator], size: int) -> Draw:
    factors = shocks(shock, plan.tau, size, plan.lags + 1) if plan.tau else None
    shape = (size, len(past.gemeenten))
    both = [_empty(past, plan, shape), _empty(past, plan, shape)] if factors is not None else [_empty(past, plan, shape)]
    for index, gemeente in enumerate(past.gemeenten):
        source = _Source(past, gemeente, plan)
        block = max(1, min(size, BLOCK_CELLS // max(1, source.population)))
        for first in range(0, size, block):
            rows = slice(first, min(size, first + block))
            _fill(both, source, streams[index], index, rows, factors)
    return Draw(quiet=both[0], shocked=both[-1])


def _empty(past: Past, plan: Plan, shape: tuple[int, int]) -> Sample:
    return Sample(
        cost=tuple(np.zeros((*shape, len(past.categories))) for _ in range(plan.lags + 1)),
        bands=tuple(np.zeros(shape) for _ in plan.bands),
    )


class _Source:
    """What is drawn from for one gemeente: which rows of clients, how many of them, and what they cost in the year of each lag."""

    def __init__(self, past: Past, gemeente: GemeentePast, plan: Plan) -> None:
        self.past, self.gemeente, self.plan = past, gemeente, plan
        self._active = gemeente.active if plan.method == "poisson" else gemeente.cost_cent[:, 0]
        self.population = len(self._active)
        self.columns = len(past.categories)
        self.expected = self.population / (len(past.years) if plan.method == "poisson" else 1)

    def fixed(self, lag: int) -> bool:
        """Whether the year is not drawn but as it was."""
        return lag > 0 and self.plan.known == "vast"

    def clients(self, lag: int) -> Floats:
        """Cents per client and zorgvorm."""
        year = _known_year(self.past, self.plan, lag)
        return self._active if year is None else self.gemeente.cost_cent[:, year]

    def other(self, lag: int) -> Floats:
        """Cents without client per zorgvorm."""
        year = _known_year(self.past, self.plan, lag)
        return np.asarray(self.gemeente.other_cent.mean(axis=0) if year is None else self.gemeente.other_cent[year], dtype=np.float64)


def _fill(samples: Sequence[Sample], source: _Source, stream: Generator, index: int, rows: slice, factors: Floats | None) -> None:
    """The years in `rows` of one gemeente, in the quiet sample and, if there is one, in the shocked one."""
    drawn = Drawn(stream, source.expected, source.population, rows.stop - rows.start)
    for lag, cost in enumerate(_costs(source, drawn, stream)):
        samples[0].cost[lag][rows, index] = cost
        if factors is not None:
            samples[1].cost[lag][rows, index] = cost if source.fixed(lag) else cost * factors[rows, lag, None]
    _fill_bands(samples, source, drawn, index, rows, factors)


def _costs(source: _Source, drawn: Drawn, stream: Generator) -> Iterator[Floats]:
    """Cents per simulated year and zorgvorm, of each lag in order."""
    lags = [lag for lag in range(source.plan.lags + 1) if not source.fixed(lag)]
    if source.plan.method == "bootstrap":
        together = drawn.sums(np.concatenate([source.clients(lag) for lag in lags], axis=1))
        found = np.split(together, len(lags), axis=1)
    else:
        size, others = len(drawn.numbers), lags[1:]
        again = (Drawn(stream, source.expected, source.population, size) for _ in others)
        found = [drawn.sums(source.clients(0)), *(each.sums(source.clients(lag)) for lag, each in zip(others, again, strict=True))]
    for lag, cost in zip(lags, found, strict=True):
        yield cost + source.other(lag)
    for lag in range(len(lags), source.plan.lags + 1):
        yield np.broadcast_to(source.clients(lag).sum(axis=0) + source.other(lag), (len(drawn.numbers), source.columns))


def _fill_bands(samples: Sequence[Sample], source: _Source, drawn: Drawn, index: int, rows: slice, factors: Floats | None) -> None:
    """What the drawn clients have in each band; a common factor makes every client dearer, so that more of them reach a bound."""
    for number, band in enumerate(source.plan.bands):
        per_client = source.clients(0)[:, list(band.columns)].sum(axis=1)
        samples[0].bands[number][rows, index] = drawn.sums(band.of(per_client)[:, None])[:, 0]
        if factors is not None:
            dearer = drawn.per_draw(factors[rows, 0]) * per_client[drawn.picks]
            samples[1].bands[number][rows, index] = drawn.sum_of(band.of(dearer))
