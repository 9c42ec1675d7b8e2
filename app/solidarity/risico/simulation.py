"""Ten thousand years of a region under several agreements: the same drawn years for each, so that they can be compared one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from math import isfinite

import numpy as np

from app.solidarity.agreement import Agreement
from app.solidarity.errors import refuse
from app.solidarity.measures import Facts
from app.solidarity.risico.arrays import Floats
from app.solidarity.risico.drawing import Draw, Known, Method, Plan, Sample, draws
from app.solidarity.risico.past import Past, merge_categories
from app.solidarity.risico.vectoragreement import VectorAgreement, columns_of

COUNT_MAX = 1_000_000
AGREEMENTS_MAX = 20
TAU_MAX = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instellingen:
    """How to simulate.

    Attributes:
        aantal: Simulated years.
        methode: `poisson` or `bootstrap`.
        seed: Of the drawing.
        verleden: Whether the years that keys look back on are drawn too (`simuleer`) or are as they were (`vast`).
        tau: Standard deviation of the common factor of a year; 0 is no common shock.
        budget_maatstaf: Measure in euros that is the budget; None: the register of budgets, else expected own cost x `budget_factor`.
        budget_factor: See above.
        grens: Part of the budget beyond which a settlement to pay is counted.
    """

    aantal: int = 10_000
    methode: Method = "bootstrap"
    seed: int = 1
    verleden: Known = "simuleer"
    tau: float = 0.0
    budget_maatstaf: str | None = None
    budget_factor: Fraction = Fraction(105, 100)
    grens: Fraction = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht(Instellingen):
    """What to simulate.

    Attributes:
        jaar: The year whose agreements, measures and budgets count.
        jaren: Years of the history that are drawn from.
    """

    jaar: int
    jaren: range

    @classmethod
    def of(cls, instellingen: Instellingen, *, jaar: int, jaren: range) -> Opdracht:
        """These settings for a year and a history."""
        return cls(jaar=jaar, jaren=jaren, **{each.name: getattr(instellingen, each.name) for each in fields(instellingen)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulatie:
    """The simulated years.

    Attributes:
        opdracht: What was asked.
        past: The history that was drawn from.
        namen: The agreements, in the order asked.
        budget_cent: Budget per gemeente.
        eigen: Own cost in whole cents: simulated year x gemeente.
        bijdragen: The same per agreement: what each gemeente bears under it.
        eigen_stil, bijdragen_stil: The same years without the common shock; the same arrays when there is none.
        boven_plafond: Per agreement the number of years in which the cost is above all plafonds: the agreement has no answer there.
    """

    opdracht: Opdracht
    past: Past
    namen: tuple[str, ...]
    budget_cent: Floats
    eigen: Floats
    bijdragen: tuple[Floats, ...]
    eigen_stil: Floats
    bijdragen_stil: tuple[Floats, ...]
    boven_plafond: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kandidaat:
    """An agreement with everything it settles by: measures, mergers, kept amounts."""

    agreement: Agreement
    facts: Facts


def simulate(
    opdracht: Opdracht,
    past: Past,
    kandidaten: Sequence[Kandidaat],
    budget_cent: Floats,
    *,
    progress: Callable[[int], object] = lambda years: None,
) -> Simulatie:
    """Simulate the year of `opdracht` under each agreement; `preparing` makes what this needs from what a region has.

    Args:
        opdracht: What to simulate.
        past: The history to draw from.
        kandidaten: The agreements, each with a name of its own.
        budget_cent: Budget per gemeente of `past`.
        progress: Told after each chunk how many years it had.
    Raises:
        RegelingOngeldig: Numbers out of bounds, too short a history, or an agreement or its figures contradict themselves.
        NietOndersteund: An agreement has a part that is not simulated.
    """
    _check(opdracht, [kandidaat.agreement for kandidaat in kandidaten])
    if not past.client_count:
        raise refuse("de historie", "de kosten noemen geen clienten, en zonder clienten is er geen toeval; vul de kolom client.")
    columns = columns_of((each.agreement for each in kandidaten), opdracht.jaar, past.categories)
    vectors = [VectorAgreement(each.agreement, opdracht.jaar, each.facts, past.codes, columns) for each in kandidaten]
    plan = Plan(
        method=opdracht.methode,
        jaar=opdracht.jaar,
        seed=opdracht.seed,
        lags=max(vector.lags for vector in vectors),
        known=opdracht.verleden,
        tau=opdracht.tau,
        bands=tuple(sorted({band for vector in vectors for band in vector.bands}, key=repr)),
    )
    return _run(opdracht, past, columns, vectors, plan, budget_cent, progress)


def _check(opdracht: Opdracht, agreements: Sequence[Agreement]) -> None:
    if not 2 <= opdracht.aantal <= COUNT_MAX:
        raise refuse("--aantal", f"kies tussen 2 en {COUNT_MAX} gesimuleerde jaren.")
    if not (isfinite(opdracht.tau) and 0 <= opdracht.tau <= TAU_MAX):
        raise refuse("--schok", f"kies een standaardafwijking van 0 tot en met {TAU_MAX:g} (0.05 is vijf procent).")
    if opdracht.seed < 0:
        raise refuse("--seed", "kies een geheel getal vanaf 0.")
    if opdracht.budget_factor <= 0 or opdracht.grens < 0:
        raise refuse("--budget-factor, --grens", "kies een getal boven 0.")
    if not 1 <= len(agreements) <= AGREEMENTS_MAX:
        raise refuse("--agreement", f"noem een tot {AGREEMENTS_MAX} overeenkomsten.")
    names = [agreement.name for agreement in agreements]
    if len(set(names)) < len(names):
        raise refuse("--agreement", "twee overeenkomsten heten hetzelfde; geef ze een eigen naam.")


def _run(
    opdracht: Opdracht,
    past: Past,
    columns: Mapping[str, int],
    vectors: Sequence[VectorAgreement],
    plan: Plan,
    budget: Floats,
    progress: Callable[[int], object],
) -> Simulatie:
    shape = (opdracht.aantal, len(past.codes))
    merged = merge_categories(past, columns)
    loud = _Collected(shape, len(vectors))
    quiet = _Collected(shape, len(vectors)) if plan.tau else loud
    first = 0
    for draw in draws(merged, plan, opdracht.aantal):
        rows = slice(first, first + len(draw.quiet.cost[0]))
        _evaluate(draw, vectors, plan, rows, loud, quiet)
        progress(rows.stop - rows.start)
        first = rows.stop
    return Simulatie(
        opdracht=opdracht,
        past=past,
        namen=tuple(vector.name for vector in vectors),
        budget_cent=budget,
        eigen=loud.own,
        bijdragen=tuple(loud.borne),
        eigen_stil=quiet.own,
        bijdragen_stil=tuple(quiet.borne),
        boven_plafond=tuple(loud.failed),
    )


class _Collected:
    """The arrays that chunks are written into."""

    def __init__(self, shape: tuple[int, int], agreements: int) -> None:
        self.own = np.zeros(shape)
        self.borne = [np.zeros(shape) for _ in range(agreements)]
        self.failed = [0] * agreements

    def add(self, sample: Sample, vectors: Sequence[VectorAgreement], plan: Plan, rows: slice) -> None:
        """Own cost and contributions of a chunk, in whole cents so that sums do not depend on their order."""
        self.own[rows] = np.rint(sample.cost[0].sum(axis=2))
        bands = dict(zip(plan.bands, sample.bands, strict=True))
        for number, vector in enumerate(vectors):
            contribution, failed = vector.contributions(sample, bands)
            self.borne[number][rows] = np.rint(contribution)
            self.failed[number] += int(failed.sum())


def _evaluate(draw: Draw, vectors: Sequence[VectorAgreement], plan: Plan, rows: slice, loud: _Collected, quiet: _Collected) -> None:
    loud.add(draw.shocked, vectors, plan, rows)
    if quiet is not loud:
        quiet.add(draw.quiet, vectors, plan, rows)
