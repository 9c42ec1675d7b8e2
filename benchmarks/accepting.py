"""What the door costs: accepting a bericht against the least it could cost, and explaining a broken one of 25 MB.

Accepting is `app.adapters.xml.accept`, from bytes to the facts of the header: size, encoding, DTD, number of tags, sha-256, schema, header. Its
floor is what lxml needs to parse and validate the same bytes, in the cheapest of its two ways: a tree that is then validated, or a parser that
the schema is bound to. The three programs take turns, in processor time of their thread; what counts is the median over the rounds of accept
against the floor of the same round. Over 100 kB accept may cost 1.3 times its floor, below that 60 microseconds more.

Explaining is `app.intake.validating.validate_bytes`, each case in a process of its own: seconds by the clock, and peak memory of the whole
process, interpreter and bytes included. A broken bericht may take ten seconds and 512 MB.

Small berichten are our own 301, 305 and 307 of `benchmarks.klein`, and every valid published example when the reference of the standard is there
(`SOLIDAIR_STANDARD_DIR`, else `../shared/standard` beside the checkout).

Run: `python -m benchmarks.accepting [--rounds 9] [--only accept|explain] [--size 25000000]`. Ends with an error when a budget is not met.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from app.adapters.xml import SIZE_BYTES_MAX, Accepted, Schemas, accept
from app.commands.bench_case import make_geval
from app.intake.validating import validate_bytes
from app.standard.catalogue import BerichtSoort
from benchmarks.klein import make_lanes

CHECKOUT = Path(__file__).resolve().parents[1]
SIZES = (110_000, 1_000_000, SIZE_BYTES_MAX)
RATIO_MAX, MICROSECONDS_MAX = 1.3, 60.0
SECONDS_MAX, PEAK_BYTES_MAX = 10.0, 512_000_000
SMALL_ROUNDS_PER_ROUND = 40
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
DEPTH_MAX = 250
"""Just within the 256 levels of libxml2."""


def main() -> None:
    """Print a line for each bericht and each case, and end with an error when one is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="rounds for a bericht of 25 MB; smaller ones get more")
    parser.add_argument("--only", choices=("accept", "explain"))
    parser.add_argument("--size", type=int, default=SIZE_BYTES_MAX, help="bytes of a broken bericht")
    parser.add_argument("--explain-file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.explain_file:
        print(json.dumps(explain_file(options.explain_file)))
        return
    over: list[str] = []
    if options.only != "explain":
        over += report_small(options.rounds) + report_big(options.rounds)
    if options.only != "accept":
        over += report_broken(options.size)
    if over:
        raise SystemExit(f"over budget: {', '.join(over)}")


# ---- accepting ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Kosten:
    """Seconds of floor and accept in each round, in the order of the rounds."""

    floor: list[float]
    accept: list[float]

    @property
    def ratio(self) -> float:
        """Accept against the floor, the median over the rounds."""
        return statistics.median(own / floor for own, floor in zip(self.accept, self.floor, strict=True))

    @property
    def extra_microseconds(self) -> float:
        """What accept costs more than the floor, the median over the rounds."""
        return 1e6 * statistics.median(own - floor for own, floor in zip(self.accept, self.floor, strict=True))


def report_small(rounds: int) -> list[str]:
    """Measure every small bericht; returns those over their budget."""
    over = []
    schemas = Schemas()
    for name, data in small():
        kosten = measure(data, schemas, rounds * SMALL_ROUNDS_PER_ROUND)
        extra, floor = kosten.extra_microseconds, 1e6 * statistics.median(kosten.floor)
        print(f"{name:14} {len(data):9,} bytes   parse+XSD {floor:7.0f} µs   accept {extra:+6.0f} µs", flush=True)
        if extra > MICROSECONDS_MAX:
            over.append(name)
    return over


def report_big(rounds: int) -> list[str]:
    """Measure declaraties from 100 kB, indented and dense; returns those over their budget."""
    over = []
    schemas = Schemas()
    for size in SIZES:
        for dicht in (False, True):
            data = make_geval(size, dicht=dicht).data
            kosten = measure(data, schemas, rounds * min(SMALL_ROUNDS_PER_ROUND, SIZES[-1] // size))
            name = f"323 {'dense' if dicht else 'indented'}"
            floor, own = 1e3 * statistics.median(kosten.floor), 1e3 * statistics.median(kosten.accept)
            print(f"{name:14} {len(data):9,} bytes   parse+XSD {floor:7.1f} ms   accept {own:7.1f} ms = {kosten.ratio:.2f} x", flush=True)
            if kosten.ratio > RATIO_MAX:
                over.append(f"{name} of {size}")
    return over


def small() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of our own small berichten, and of the published ones that are valid."""
    for klein, nummer in zip(make_lanes(1)[0], ("301", "305", "307"), strict=True):
        yield f"own {nummer}", klein.data
    standard_dir = Path(os.environ.get("SOLIDAIR_STANDARD_DIR") or CHECKOUT.parent / "shared" / "standard")
    schemas = Schemas()
    for path in sorted(standard_dir.glob("i*-3.2/examples/*.xml")):
        data = path.read_bytes()
        if isinstance(accept(data, schemas), Accepted):
            yield path.stem, data


def measure(data: bytes, schemas: Schemas, rounds: int) -> Kosten:
    """The three programs in turns over the same bytes; the floor is the cheapest of its two ways in the median."""
    accepted = accept(data, schemas)
    assert isinstance(accepted, Accepted), accepted
    programs = (*floors(data, accepted.soort, schemas), lambda: accept(data, schemas))
    times: tuple[list[float], ...] = tuple([] for _ in programs)
    for _ in range(rounds):
        for own, program in zip(times, programs, strict=True):
            own.append(seconds(program))
    return Kosten(floor=min(times[:-1], key=statistics.median), accept=times[-1])


def floors(data: bytes, soort: BerichtSoort, schemas: Schemas) -> tuple[Callable[[], object], Callable[[], object]]:
    """The two ways in which lxml parses and validates."""
    schema = schemas.fresh(soort)
    return lambda: schema.validate(etree.fromstring(data)), lambda: etree.fromstring(data, etree.XMLParser(schema=schema))


def seconds(program: Callable[[], object]) -> float:
    """Processor time of one run on this thread, letting go of what it made included."""
    begin = time.thread_time()
    program()
    return time.thread_time() - begin


# ---- explaining ----


def report_broken(size: int) -> list[str]:
    """Measure every broken bericht; returns those that take too long or too much, or that were not refused with a finding."""
    over = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bericht.xml"
        for name, make in BROKEN.items():
            path.write_bytes(make(size))
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.accepting", "--explain-file", str(path)], capture_output=True, text=True, check=True
            )
            found = json.loads(done.stdout)
            early = ", stopped early" if found["stopped_early"] else ""
            print(
                f"{name:36} {path.stat().st_size / 1e6:5.1f} MB   {found['seconds']:5.2f} s   {found['peak_bytes'] / 1e6:4.0f} MB   "
                f"{found['bevindingen']:4} findings{early}: {found['first'][:70]}",
                flush=True,
            )
            if found["seconds"] > SECONDS_MAX or found["peak_bytes"] > PEAK_BYTES_MAX or not found["bevindingen"]:
                over.append(name)
    return over


def explain_file(path: Path) -> dict[str, object]:
    """Validate one broken bericht in this process. `getrusage` would count the memory of the process that started this one: /proc does not."""
    data = path.read_bytes()
    schemas = Schemas()
    begin = time.perf_counter()
    oordeel = validate_bytes(data, schemas)
    took = time.perf_counter() - begin
    peak = PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak is not None
    return {
        "seconds": took,
        "peak_bytes": int(peak[1]) * 1024,
        "bevindingen": len(oordeel.bevindingen),
        "stopped_early": oordeel.stopped_early,
        "first": oordeel.bevindingen[0].melding if oordeel.bevindingen else "",
    }


def valid(size: int, *, dicht: bool = True) -> bytes:
    """A declaratie a little under `size`, so that what is broken does not make it too big for the door."""
    return make_geval(size * 97 // 100, dicht=dicht).data


def inside_first_prestatie(size: int, filling: Callable[[int], bytes]) -> bytes:
    """A small declaratie with something in front of the Eenheid of its first prestatie; `filling` gets the room that is left."""
    before, after = valid(10_000).split(b"<Eenheid>", 1)
    return before + filling(size - len(before) - len(after) - 100) + b"<Eenheid>" + after


def repeated(piece: bytes, *, most: int | None = None) -> Callable[[int], bytes]:
    """A filling of one piece over and over, at most so many times."""
    return lambda room: piece * min(room // len(piece), room if most is None else most)


def each_prestatie(old: str, new: bytes) -> Callable[[int], bytes]:
    """A declaratie in which what a pattern finds is replaced everywhere."""
    return lambda size: re.sub(old.encode(), new, valid(size))


def last_value(size: int) -> bytes:
    """A declaratie in which only the last Eenheid is wrong."""
    before, after = valid(size).rsplit(b"<Eenheid>04", 1)
    return before + b"<Eenheid>0x" + after


def siblings_out_of_order(size: int) -> bytes:
    """The clients of a declaratie in one class with known elements in alternating order."""
    return inside_first_prestatie(size, repeated(b"<Eenheid>04</Eenheid><ToewijzingNummer>1</ToewijzingNummer>", most=330_000))


NESTED = b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX
BROKEN: dict[str, Callable[[int], bytes]] = {
    "a wrong code on every line": each_prestatie("<Eenheid>04", b"<Eenheid>0x"),
    "a wrong code on every line, indented": lambda size: valid(size, dicht=False).replace(b"Eenheid>04", b"Eenheid>0x"),
    "every value wrong": each_prestatie(r">([0-9A-Z][^<>]*)</", rb">\1!</"),
    "one wrong code at the end": last_value,
    "the last tag is missing": lambda size: valid(size)[: -len("</Bericht>")],
    "an element missing in each prestatie": each_prestatie("<Eenheid>04</Eenheid>", b""),
    "two elements swapped in each": each_prestatie(r"(<Eenheid>04</Eenheid>)(<ProductTarief>[0-9]+</ProductTarief>)", rb"\2\1"),
    "an unknown element in each prestatie": each_prestatie("<Eenheid>04</Eenheid>", b"<Eenheid>04</Eenheid><a/>"),
    "every element unknown": lambda size: re.sub(rb"<(/?)(b:)?(?!Bericht[ >]|b:)([A-Za-z])", rb"<\1\2x\3", valid(size * 9 // 10)),
    "an attribute in each prestatie": each_prestatie("<Eenheid>04", b'<Eenheid a="">04'),
    "text in each prestatie": each_prestatie("<Eenheid>04</Eenheid>", b"<Eenheid>04</Eenheid>x"),
    "six million empty elements": repeated(b"<a/>"),
    "as many inside a bericht": lambda size: inside_first_prestatie(size, repeated(b"<a/>")),
    "2.4 million empty elements": lambda size: inside_first_prestatie(size, repeated(b"<a/>", most=2_400_000)),
    "990 000 empty elements": lambda size: inside_first_prestatie(size, repeated(b"<a/>", most=990_000)),
    "990 000 known elements too many": lambda size: inside_first_prestatie(size, repeated(b"<Eenheid/>", most=990_000)),
    "660 000 elements out of order": siblings_out_of_order,
    "100 000 levels": lambda size: inside_first_prestatie(size, lambda _: b"<a>" * 100_000),
    "250 levels, over and over": lambda size: inside_first_prestatie(size, repeated(NESTED, most=1_990)),
    "a value of 20 MB": lambda size: inside_first_prestatie(size, lambda _: b"x" * 20_000_000),
    "values of 9 MB": lambda size: inside_first_prestatie(size, repeated(b"<a>" + b"x" * 9_000_000 + b"</a>")),
    "a code of 9 MB": lambda size: valid(20_000).replace(b"<Eenheid>04", b"<Eenheid>" + b"x" * 9_000_000, 1),
    "a million attributes": lambda size: inside_first_prestatie(
        size, lambda room: b"<a " + b" ".join(b'a%d=""' % number for number in range(room // 13)) + b"/>"
    ),
    "a million namespaces": lambda size: inside_first_prestatie(
        size, lambda room: b"".join(b'<a xmlns="u:%d"/>' % number for number in range(room // 22))
    ),
    "a name of 9 MB": lambda size: inside_first_prestatie(size, lambda _: b"<" + b"a" * 9_000_000 + b"/>"),
    "comments only": lambda size: inside_first_prestatie(size, repeated(b"<!---->", most=2_400_000)) + b"x",
    "line ends only": lambda size: inside_first_prestatie(size, lambda room: b"\n" * min(room, 9_900_000)).replace(b">04<", b">x<"),
}


if __name__ == "__main__":
    main()
