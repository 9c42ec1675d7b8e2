"""How long ten thousand simulated years of a region of thirty gemeenten take under four agreements.

    python -m benchmarks.simulating [--clienten 9000] [--gemeenten 30] [--aantal 10000] [--schok 0.05]

Budget: 30 s (issue Solidarity, Speed). The region is made up by seed: gemeenten of unequal size, clients who stay some years, ten zorgvormen,
cost with a long tail. The agreements are those that ask most of it: full sharing with a pool per zorgvorm, vlaktaks over three drawn years, a
stop-loss per client, and a deposit with a band, a no-claim and a plafond. Reading files and the ledger is not in it.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from dataclasses import replace
from datetime import date
from fractions import Fraction

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # As the command does, before NumPy is loaded.
import numpy as np

from app.solidarity.agreement import Agreement, KeyTerm, Layer, NoClaim
from app.solidarity.measures import MeasureValue
from app.solidarity.risico.choice import Region, named_agreement
from app.solidarity.risico.past import Key
from app.solidarity.risico.preparing import Regio, Voorstel, simulate_region
from app.solidarity.risico.report import as_csv, as_json, charts_json
from app.solidarity.risico.simulation import Instellingen, Opdracht

YEARS = range(2021, 2026)
CATEGORIES = tuple(f"Z{number:02}" for number in range(10))
BUDGET_S = 30


def a_region(gemeenten: int, clienten: int, seed: int = 1) -> tuple[Regio, tuple[str, ...]]:
    """A made-up region; sizes fall as 1/rank."""
    random = np.random.default_rng(seed)
    codes = tuple(f"{1000 + number}" for number in range(gemeenten))
    sizes = 1 / np.arange(1, gemeenten + 1)
    homes = random.choice(gemeenten, clienten, p=sizes / sizes.sum())
    totals: dict[Key, int] = {}
    for client, home in enumerate(homes):
        first = int(random.integers(YEARS.start - 2, YEARS.stop))
        category = CATEGORIES[int(random.integers(len(CATEGORIES)))]
        for year in range(max(first, YEARS.start), min(YEARS.stop, first + int(random.geometric(0.4)))):
            totals[codes[home], f"c{client}", category, year] = int(np.exp(random.normal(13.2, 1.2)))
    needs: dict[str, int] = dict.fromkeys(codes, 0)
    for (code, _, _, year), cents in totals.items():
        needs[code] += cents if year == YEARS[-1] else 0
    values = tuple(
        MeasureValue(measure="budget", municipality=code, year=YEARS[-1], value=Fraction(max(cents, 100_000_00) // 100))
        for code, cents in needs.items()
    )
    return Regio(totals=totals, values=values), codes


def heavy_agreement(codes: tuple[str, ...]) -> Agreement:
    """A deposit by budget, a band of own risk, a stop-loss, a quota, a no-claim and a plafond in one pool."""
    plain = named_agreement("waarborg:budget", Region(gemeenten=codes, categories=CATEGORIES, jaar=YEARS[-1])).arrangements[0]
    made = replace(
        plain,
        code="ALLES",
        since=date(YEARS[-1], 1, 1),
        inleg="budget",
        budget_measure="budget",
        layers=(
            Layer(basis="client", lower=Fraction(50_000_00)),
            Layer(basis="deviation", side="both", unit="pct", lower=Fraction(1, 20), upper=Fraction(1, 4), share=Fraction(3, 4)),
            Layer(basis="cost", share=Fraction(1, 2)),
        ),
        key_terms=(KeyTerm(measure="budget"),),
        no_claim=NoClaim(kind="gap", threshold=Fraction(3, 10), rate=Fraction(1, 2), paid_by="claimers"),
        cap=Fraction(5),
    )
    return Agreement(name="alles tegelijk", arrangements=(made,))


def shared_per_zorgvorm(codes: tuple[str, ...]) -> Agreement:
    """Everything shared by budget, every zorgvorm in a pool of its own, so that none can be simulated together."""
    plain = named_agreement("waarborg:budget", Region(gemeenten=codes, categories=CATEGORIES, jaar=YEARS[-1])).arrangements[0]
    return Agreement(name="waarborg per zorgvorm", arrangements=(replace(plain, pool_by="category"),))


def main() -> None:
    """Measure both methods and print a line for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gemeenten", type=int, default=30)
    parser.add_argument("--clienten", type=int, default=9_000)
    parser.add_argument("--aantal", type=int, default=10_000)
    parser.add_argument("--schok", type=float, default=0.05)
    arguments = parser.parse_args()
    regio, codes = a_region(arguments.gemeenten, arguments.clienten)
    brought = [Voorstel(agreement=made(codes), values=regio.values) for made in (shared_per_zorgvorm, heavy_agreement)]
    keuzes: list[str | Voorstel] = ["vlaktaks:3", "stoploss:50000", *brought]
    for methode in ("bootstrap", "poisson"):
        for tau in (0.0, arguments.schok):
            instellingen = Instellingen(aantal=arguments.aantal, methode=methode, tau=tau)
            begin = time.perf_counter()
            simulatie = simulate_region(Opdracht.of(instellingen, jaar=YEARS[-1], jaren=YEARS), regio, keuzes)
            simulated = time.perf_counter()
            as_csv(simulatie), as_json(simulatie), charts_json(simulatie)
            done = time.perf_counter()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{methode:<10} schok {tau:4.0%}: {arguments.aantal} jaren, {len(codes)} gemeenten, {simulatie.past.client_count} clienten,"
                f" {len(keuzes)} overeenkomsten: {simulated - begin:.1f} s, cijfers {done - simulated:.1f} s (budget {BUDGET_S} s), piek {peak} MB"
            )


if __name__ == "__main__":
    main()
