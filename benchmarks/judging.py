"""How long judging a big declaratie takes, without reading or writing, beside what lxml needs to parse and validate the same bytes.

    python -m benchmarks.judging [--prestaties 28000] [--rounds 7] [--profile]

Two declaraties, each without faults, with 5 % faulty lines and with every line faulty: `uniform`, in which all lines are alike and each has a
toewijzing of its own (as `solidair bench` makes it), and `varied`, with products, tariffs, periods, durations and volumes that differ, late lines of
earlier months on the same toewijzing, and credits. They are written indented with prefixes, as the published examples (28 000 prestaties are about
25 MB), and read back before they are judged. Parsing and judging take turns in one process; the medians count.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from lxml import etree

from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.oordeel import Oordeel
from app.domain.snapshot import EerderePrestatie, ProductOpDatum, Snapshot, Tariefregel, Toewijzing
from app.domain.toewijzing import Omvang
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.standard import catalogue
from app.standard.reading import read
from app.standard.writing import write
from tests.builders import (
    CATEGORIE,
    GEMEENTE,
    VANDAAG,
    days,
    make_323,
    make_credit,
    make_debet,
    make_month,
    make_prestatie,
    make_snapshot,
    make_tariefregel,
    make_toewijzing,
)
from workers.geheugen import rare_collections

PER_CLIENT = 4
SHARES = (0.0, 0.05, 1.0)
CODES = ("45A04", "45A05", "45A48", "45A53")
EENHEDEN = ("01", "04", "14", "84")
YEARS = range(2024, 2028)
WEEK, MAAND, TOTAAL = "2", "4", "6"


@dataclass(frozen=True, slots=True)
class Case:
    """A declaratie to judge and the past that fits it."""

    name: str
    data: bytes
    bericht: Bericht
    snapshot: Snapshot


def test_bsns(count: int) -> list[str]:
    """Test-Bsns from 999900006 on that pass the 11-proef."""
    found = [
        str(n)
        for n in range(999_900_006, 1_000_000_000)
        if sum(int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
    ]
    if count > len(found):
        raise SystemExit(f"there are only {len(found)} test-Bsns; take fewer prestaties")
    return found[:count]


def make_case(name: str, prestaties: int, share: float, source: Uniform | Varied) -> Case:
    """A declaratie of so many prestaties, of which this share is refused."""
    bsns = test_bsns((prestaties + PER_CLIENT - 1) // PER_CLIENT)
    clienten, number = [], 0
    every = round(1 / share) if share else prestaties + 1
    for client_id, bsn in enumerate(bsns, 1):
        lines = []
        for prestatie in source.lines(client_id, min(PER_CLIENT, prestaties - number)):
            number += 1
            lines.append(with_fault(prestatie, number) if number % every == 0 else prestatie)
        clienten.append(DeclaratieClient(bsn=bsn, prestaties=tuple(lines)))
    snapshot = make_snapshot(
        *source.toewijzingen,
        clienten={bsn: client_id for client_id, bsn in enumerate(bsns, 1)},
        tarieven=source.tarieven,
        producten={
            (CATEGORIE, code): (ProductOpDatum(categorie=CATEGORIE, code=code, zorgvorm="ambulant", geldig_van=date(2020, 1, 1)),)
            for code in CODES
        },
        debets=source.debets,
    )
    data = write(make_323(clienten=clienten), indent=True)
    return Case(f"{name}, {share:.0%} faulty", data, read(etree.fromstring(data), catalogue.soort("ijw", "323")), snapshot)


def with_fault(prestatie: Prestatie, number: int) -> Prestatie:
    """The line with one of the faults that occur: volume, tariff, amount, toewijzing, or another tariff with the amount that goes with it."""
    if prestatie.is_credit:
        return replace(prestatie, geleverd_volume=prestatie.geleverd_volume + 1)
    bedrag, volume, tarief = prestatie.ingediend_bedrag, prestatie.geleverd_volume, prestatie.product_tarief or 0
    match number % 4:
        case 0:
            return replace(prestatie, geleverd_volume=volume * 300, ingediend_bedrag=replace(bedrag, bedrag=bedrag.bedrag * 300))
        case 1:
            return replace(prestatie, product_tarief=tarief + 7, ingediend_bedrag=replace(bedrag, bedrag=volume * (tarief + 7)))
        case 2:
            return replace(prestatie, ingediend_bedrag=replace(bedrag, bedrag=bedrag.bedrag + 1))
        case _:
            return replace(prestatie, toewijzing_nummer=prestatie.toewijzing_nummer + 1_000_000)


class Uniform:
    """Every line forty hours in May on a toewijzing of its own: ten hours a week, the whole year."""

    def __init__(self) -> None:
        self.toewijzingen: list[Toewijzing] = []
        self.tarieven: list[Tariefregel] = [make_tariefregel()]
        self.debets: dict[tuple[str, str], EerderePrestatie] = {}

    def lines(self, client_id: int, count: int) -> Iterator[Prestatie]:
        """The lines of one client."""
        for _ in range(count):
            number = len(self.toewijzingen) + 1
            self.toewijzingen.append(make_toewijzing(toewijzing_nummer=number, client_id=client_id))
            yield make_prestatie(f"R{number}", toewijzing_nummer=number, geleverd_volume=40)


class Varied:
    """Toewijzingen that differ, each claimed over one to three months; one line in fifty is a credit of an earlier month."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self._count = 0
        self.toewijzingen: list[Toewijzing] = []
        self.tarieven: list[Tariefregel] = list(_tarieven())
        self.debets: dict[tuple[str, str], EerderePrestatie] = {}

    def lines(self, client_id: int, count: int) -> Iterator[Prestatie]:
        """The lines of one client, on a new toewijzing after every one to three."""
        while count:
            toewijzing = self._toewijzing(client_id)
            self.toewijzingen.append(toewijzing)
            for month in self._random.sample((3, 4, 5), min(count, self._random.choice((1, 1, 2, 3)))):
                count -= 1
                yield self._line(toewijzing, month)

    def _toewijzing(self, client_id: int) -> Toewijzing:
        chance = self._random
        month = date(chance.choice((2024, 2025)), chance.randint(1, 12), chance.choice((1, 1, chance.randint(1, 28))))
        index = chance.randrange(len(CODES))
        return make_toewijzing(
            toewijzing_nummer=len(self.toewijzingen) + 1,
            client_id=client_id,
            code=CODES[index],
            ingangsdatum=month,
            einddatum=chance.choice((None, date(2026, chance.randint(6, 12), chance.randint(1, 28)))),
            omvang=Omvang(volume=chance.randint(3, 40), eenheid=EENHEDEN[index], frequentie=chance.choice((WEEK, WEEK, MAAND, TOTAAL))),
        )

    def _line(self, toewijzing: Toewijzing, month: int) -> Prestatie:
        self._count += 1
        periode = make_month(2026, month)
        eenheid = toewijzing.omvang.eenheid if toewijzing.omvang else EENHEDEN[0]
        tarief = next(
            regel.tarief_cent
            for regel in self.tarieven
            if regel.code == toewijzing.code and regel.geldig_van.year == periode.begindatum.year
        )
        debet = make_prestatie(
            f"R{self._count}",
            toewijzing_nummer=toewijzing.toewijzing_nummer,
            product_code=toewijzing.code,
            periode=periode,
            geleverd_volume=1,
            eenheid=eenheid,
            product_tarief=tarief,
        )
        if self._count % 50:
            return debet
        named = replace(debet, product_referentie=replace(debet.product_referentie, referentie_nummer=f"V{self._count}"))
        self.debets[GEMEENTE, f"V{self._count}"] = make_debet(named, client_id=toewijzing.client_id)
        return make_credit(f"R{self._count}", named)


def _tarieven() -> Iterator[Tariefregel]:
    """A tariff per product and year."""
    for index, code in enumerate(CODES):
        for year in YEARS:
            whole = days(date(year, 1, 1), date(year, 12, 31))
            yield make_tariefregel(
                tarief_id=100 * index + year,
                code=code,
                eenheid=EENHEDEN[index],
                tarief_cent=1000 * (index + 1) + year,
                geldig_van=whole.begindatum,
                geldig_tot=whole.einddatum,
            )


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one run, without those of letting go of its result."""
    gc.collect()
    begin = time.process_time()
    result = work()
    taken = time.process_time() - begin
    del result
    return taken


def judge(case: Case) -> Oordeel:
    """The oordeel on the declaratie."""
    return beoordeel(case.bericht, case.snapshot, vandaag=VANDAAG, bericht_nr=9)


def measure(case: Case, rounds: int) -> Mapping[str, float]:
    """Median seconds of parsing with the schema, judging, and the Snapshot after it, taking turns, and the median of judging / parsing."""
    schema = etree.XMLSchema(etree.parse(f"schemas/xsd/{catalogue.soort('ijw', '323').schema_file}"))
    oordeel = judge(case)
    work: Mapping[str, Callable[[], object]] = {
        "parse": lambda: etree.fromstring(case.data, etree.XMLParser(schema=schema, huge_tree=True)),
        "judge": lambda: judge(case),
        "after": lambda: bijwerken(case.snapshot, oordeel, bericht_nr=9, van="aanbieder:42420001"),
    }
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, one in work.items():
            taken[name].append(seconds(one))
    ratio = median(judge / parse for judge, parse in zip(taken["judge"], taken["parse"], strict=True))
    return {"ratio": ratio, **{name: median(each) for name, each in taken.items()}}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--prestaties", type=int, default=28_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="show the functions that take most time, instead of measuring")
    arguments = parser.parse_args()
    print(f"{'':24}{'MB':>6}{'refused':>9}{'parse s':>9}{'judge s':>9}{'µs/line':>9}{'judge/parse':>13}{'after s':>9}")
    for share in SHARES:
        for name, source in (("uniform", Uniform()), ("varied", Varied())):
            case = make_case(name, arguments.prestaties, share, source)
            if arguments.profile:
                profile(case)
                continue
            with rare_collections():
                taken = measure(case, arguments.rounds)
            refused = sum(not line.toegekend for line in judge(case).prestaties)
            print(
                f"{case.name:24}{len(case.data) / 1e6:6.1f}{refused:9}{taken['parse']:9.3f}{taken['judge']:9.3f}"
                f"{taken['judge'] / arguments.prestaties * 1e6:9.1f}{taken['ratio']:13.2f}{taken['after']:9.3f}"
            )


def profile(case: Case) -> None:
    """Print the functions in which judging spends most time; the profiler itself makes calls look dearer than they are."""
    profiler = cProfile.Profile()
    profiler.runcall(judge, case)
    print(case.name)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
