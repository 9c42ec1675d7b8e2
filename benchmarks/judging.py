"""How long judging a big declaratie takes, without reading or writing, beside what lxml needs to parse and validate the same bericht.

    python -m benchmarks.judging [--prestaties 28000] [--fout 0.05]

Prints seconds per step, microseconds per prestatie and the ratio. The data are made here: each client has one toewijzing of ten hours a week, claimed
over one month; of a given share the volume is too high.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from typing import TypeVar

from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from tests.builders import VANDAAG, make_323, make_prestatie, make_snapshot, make_toewijzing

T = TypeVar("T")
PER_CLIENT = 4
ROUNDS = 5


def test_bsns(count: int) -> list[str]:
    """Test-Bsns from 999900006 on that pass the 11-proef; they begin anew when they run out."""
    found = [
        str(n)
        for n in range(999_900_006, 1_000_000_000)
        if sum(int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
    ]
    if count > len(found):
        raise SystemExit(f"there are only {len(found)} test-Bsns; take fewer prestaties")
    return found[:count]


def make_case(prestaties: int, fout: float) -> tuple[Bericht, Snapshot]:
    """A declaratie of so many prestaties and the past that fits it."""
    bsns = test_bsns((prestaties + PER_CLIENT - 1) // PER_CLIENT)
    every = round(1 / fout) if fout else prestaties + 1
    clienten, toewijzingen, number = [], [], 0
    for client_id, bsn in enumerate(bsns, 1):
        lines = []
        for _ in range(min(PER_CLIENT, prestaties - number)):
            number += 1
            volume = 51 if number % every == 0 else 40
            lines.append(make_prestatie(f"R{number}", toewijzing_nummer=number, geleverd_volume=volume, regelnummer=number))
            toewijzingen.append(make_toewijzing(toewijzing_nummer=number, client_id=client_id))
        clienten.append(DeclaratieClient(bsn=bsn, prestaties=tuple(lines)))
    ids = {bsn: client_id for client_id, bsn in enumerate(bsns, 1)}
    return make_323(clienten=clienten), make_snapshot(*toewijzingen, clienten=ids)


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of the fastest of five rounds, and the last result."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        begin = time.process_time()
        result = work()
        best = min(best, time.process_time() - begin)
    return best, result


def parse_and_validate(bericht: Bericht) -> float:
    """Seconds that lxml needs to parse the written bericht with its schema bound to the parser."""
    from lxml import etree

    from app.standard import catalogue
    from app.standard.writing import write

    soort = catalogue.soort(bericht.domein, bericht.soort)
    data = write(bericht)
    schema = etree.XMLSchema(etree.parse(f"schemas/xsd/{soort.schema_file}"))
    seconds, _ = timed(lambda: etree.fromstring(data, etree.XMLParser(schema=schema, huge_tree=True)))
    print(f"{'parse and validate':24}{seconds:8.3f} s   ({len(data) / 1e6:.1f} MB without indentation)")
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--prestaties", type=int, default=28_000)
    parser.add_argument("--fout", type=float, default=0.05, help="share of faulty lines")
    arguments = parser.parse_args()
    bericht, snapshot = make_case(arguments.prestaties, arguments.fout)
    floor = parse_and_validate(bericht)
    seconds, oordeel = timed(lambda: beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=9))
    refused = sum(not line.toegekend for line in oordeel.prestaties)
    print(
        f"{'judge':24}{seconds:8.3f} s   {seconds / arguments.prestaties * 1e6:.1f} µs per prestatie, {refused} refused, {oordeel.verdict}"
    )
    print(f"{'judge / parse':24}{seconds / floor:8.2f}")
    after, _ = timed(lambda: bijwerken(snapshot, oordeel, bericht_nr=9, van="aanbieder:42420001"))
    print(f"{'snapshot after it':24}{after:8.3f} s")


if __name__ == "__main__":
    main()
