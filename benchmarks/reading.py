"""What reading and writing a declaratie of 25 MB costs, as a ratio of what lxml itself needs for it.

Two documents, as DESIGN section 10: about 28 000 prestaties indented as the published examples, and about 45 000 as dense as the schema
allows. Measured against lxml's own parse with the schema bound to the parser, and against the least that any reader must do: one pass that
takes the texts of every prestatie into tuples. The runs take turns, the best of each counts. Making 150 000 values wakes Python's
garbage collector hundreds of times, a quarter of the time; `--gc` sets its threshold as a process that reads big berichten should.

Run: `python -m benchmarks.reading [--gc 100000]`.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from app.adapters import xml
from app.domain.bedrag import BedragMetDC, totaal_met_dc
from app.domain.bericht import Bericht, BerichtIdentificatie, Header, XsdVersie
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.domain.periode import GeslotenPeriode
from app.standard import catalogue
from app.standard.answering import declaratie_antwoord
from app.standard.reading import read
from app.standard.writing import write

SIZE_BYTES = 25_000_000
PRESTATIES_PER_CLIENT = 4
APRIL = GeslotenPeriode(begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30))
SOORT = catalogue.soort("ijw", "323")
RATIO_MAX = 1.2
"""Reading may cost as much as parsing with validation; a fifth is for the noise of a shared machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds, each the best of its runs."""

    parse_validate: float
    tuples: float
    read: float


def main() -> None:
    """Print a line for each document, and end with an error when reading is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bytes", type=int, default=SIZE_BYTES)
    parser.add_argument("--gc", type=int, default=gc.get_threshold()[0], metavar="N", help="new values between two collections")
    options = parser.parse_args()
    gc.set_threshold(options.gc, *gc.get_threshold()[1:])
    ratios = [report(name, grow(make, options.bytes), options.runs) for name, make in (("indented", indented), ("dense", dense))]
    report_answer(options.runs)
    if max(ratios) > RATIO_MAX:
        raise SystemExit(f"reading costs {max(ratios):.2f} times parsing with validation; the budget is {RATIO_MAX}")


def report(name: str, data: bytes, runs: int) -> float:
    """Measure one document; returns reading as a ratio of parsing with validation."""
    times, prestaties = measure(data, runs)
    ratio = times.read / times.parse_validate
    print(
        f"{name:9} {len(data) / 1e6:5.1f} MB {prestaties:6} prestaties   parse+XSD {times.parse_validate:.3f} s   "
        f"tuples {times.tuples:.3f} s   read {times.read:.3f} s = {ratio:.2f} x parse+XSD, {times.read / times.tuples:.2f} x tuples"
    )
    return ratio


def measure(data: bytes, runs: int) -> tuple[Times, int]:
    """The three programs in turns over the same document, and its number of prestaties."""
    schema = xml.Schemas().fresh(SOORT)

    def parse_validate() -> object:
        return etree.fromstring(data, etree.XMLParser(schema=schema, remove_comments=True, remove_pis=True, **xml.SAFE))

    root = xml.parse(data)
    prestatie = f"{{{SOORT.namespace}}}Prestatie"
    programs: tuple[Callable[[], object], ...] = (
        parse_validate,
        lambda: [tuple([element.text for element in each.iter()]) for each in root.iter(prestatie)],
        lambda: read(root, SOORT),
    )
    best = [float("inf")] * len(programs)
    for _ in range(runs):
        best = [min(before, seconds(program)) for before, program in zip(best, programs, strict=True)]
    return Times(parse_validate=best[0], tuples=best[1], read=best[2]), sum(1 for _ in root.iter(prestatie))


def report_answer(runs: int) -> None:
    """Measure the biggest answer: a declaratie of 28 000 prestaties of which every line is refused."""
    heen = declaratie(28_000)
    assert heen.declaratie is not None
    codes = {
        f"/Bericht/Declaratie/Clienten/Client[{client}]/Prestaties/Prestatie[{line}]": ("9321",)
        for client in range(1, len(heen.declaratie.clienten) + 1)
        for line in range(1, PRESTATIES_PER_CLIENT + 1)
    }
    oordeel = Oordeel(bericht=heen, verdict=Verdict.AFGEKEURD, niveau=Niveau.KLASSE, retourcodes=codes)
    answer = declaratie_antwoord(oordeel, identificatie="A1", dagtekening=date(2026, 5, 7))
    building = min(seconds(lambda: declaratie_antwoord(oordeel, identificatie="A1", dagtekening=date(2026, 5, 7))) for _ in range(runs))
    writing = min(seconds(lambda: write(answer)) for _ in range(runs))
    print(f"answer    {len(write(answer)) / 1e6:5.1f} MB  28000 prestaties   answering {building:.3f} s   write {writing:.3f} s")


def seconds(program: Callable[[], object]) -> float:
    """How long one run takes, without letting go of what it made."""
    begin = time.perf_counter()
    made = program()
    end = time.perf_counter()
    del made
    return end - begin


def grow(make: Callable[[int], bytes], size: int) -> bytes:
    """The document of about `size` bytes: the number of prestaties follows from two small ones."""
    small, bigger = len(make(400)), len(make(800))
    return make(400 + (size - small) * 400 // (bigger - small) * 99 // 100)


def indented(prestaties: int) -> bytes:
    """As the published examples: prefixes, tabs, a line for each element."""
    return write(declaratie(prestaties), indent=True)


def dense(prestaties: int) -> bytes:
    """As dense as the schema allows: the namespace of the bericht without a prefix, the other one of a single letter."""
    text = write(declaratie(prestaties))
    return text.replace(b"xmlns:jw323=", b"xmlns=").replace(b"xmlns:ijw=", b"xmlns:b=").replace(b"jw323:", b"").replace(b"ijw:", b"b:")


def declaratie(prestaties: int) -> Bericht:
    """A declaratie with clients of four prestaties; one in ten in euro, one in twenty a credit."""
    lines = [prestatie(number) for number in range(1, prestaties + 1)]
    clienten = tuple(
        DeclaratieClient(bsn="999900006", prestaties=tuple(lines[start : start + PRESTATIES_PER_CLIENT]))
        for start in range(0, prestaties, PRESTATIES_PER_CLIENT)
    )
    header = Header(
        bericht_code=SOORT.bericht_code,
        afzender="42420001",
        ontvanger="0384",
        bericht_identificatie=BerichtIdentificatie(identificatie="BENCH", dagtekening=date(2026, 5, 6)),
        xsd_versie=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
    )
    inhoud = Declaratie(
        declaratie_nummer="DN1",
        declaratie_periode=APRIL,
        declaratie_dagtekening=date(2026, 5, 6),
        totaal_ingediend_bedrag=totaal_met_dc(sum(line.ingediend_bedrag.cent for line in lines)),
        clienten=clienten,
    )
    return Bericht(domein="ijw", soort="323", header=header, declaratie=inhoud)


def prestatie(number: int) -> Prestatie:
    """One line, with the optional elements in a fixed rhythm."""
    in_hours = Prestatie(
        product_referentie=ProductReferentie(referentie_nummer=f"R{number}"),
        toewijzing_nummer=number,
        product_categorie="45",
        product_code="45A03",
        product_periode=APRIL,
        geleverd_volume=4,
        eenheid="04",
        product_tarief=1250,
        ingediend_bedrag=BedragMetDC(bedrag=5000, debet_credit="D"),
    )
    if number % 20 == 0:
        referentie = ProductReferentie(referentie_nummer=f"R{number}", vorig_referentie_nummer=f"R{number - 1}")
        return replace(in_hours, product_referentie=referentie, ingediend_bedrag=BedragMetDC(bedrag=5000, debet_credit="C"))
    if number % 10 == 0:
        return replace(in_hours, eenheid="83", product_tarief=None, geleverd_volume=5000)
    return in_hours


if __name__ == "__main__":
    main()
