"""A synthetic region: its data, the berichten of its months in the order in which they are sent, and what is wrong with them on purpose.

Pure: the same arguments give the same bytes, on every machine and every day. Nobody and nothing in it exists but the gemeenten.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from app.domain.bericht import Bericht
from app.domain.errors import OngeldigVerzoek
from app.domain.periode import laatste_dag, maand_van, volgende_maand
from app.parties.folder import write_folder
from app.parties.generator.aanbod import Aanbod
from app.parties.generator.berichtfouten import apply_bewerking, make_twins
from app.parties.generator.contracteren import make_aanbod
from app.parties.generator.declareren import Regel, make_323s, make_regels
from app.parties.generator.fusies import make_fusies
from app.parties.generator.herindelen import herindeel
from app.parties.generator.personen import CLIENTEN_MAX
from app.parties.generator.regelfouten import add_faults, make_boek
from app.parties.generator.regio import Gemaakt, make_region
from app.parties.generator.toewijzen import make_zendingen
from app.parties.generator.zaken import Loop, Zaak, make_zaken, numbered
from app.parties.generator.zeeland import PLAATSEN
from app.parties.generator.zending import Nummering, Zending
from app.parties.region import Region, Tarief
from app.standard import catalogue
from app.standard.writing import write

AANBIEDERS_MAX = 500
MAANDEN_MAX = 120
FOUT_PER_CLIENTEN = 500
"""One fault of each kind for so many clients, and at least one."""
BERICHTEN_MAP = "berichten"
FOUTEN_BESTAND = "fouten.csv"
WACHTEND_BESTAND = "wachtend.csv"
DAG_NA_DECLARATIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GegenereerdBericht:
    """One file of the folder with berichten.

    Attributes:
        naam: `000123_JW323.xml`; the order of the names is the order of sending.
        van: Partij that sends it.
        zending: What it was made from.
    """

    naam: str
    van: str
    zending: Zending

    @property
    def bestand(self) -> str:
        """Where it stands in the folder of the region."""
        return f"{BERICHTEN_MAP}/{self.naam}"

    @property
    def code(self) -> str:
        """`JW323`."""
        return self.naam.partition("_")[2].removesuffix(".xml")

    @property
    def bericht(self) -> Bericht:
        """The bericht, before a change of its bytes."""
        return self.zending.bericht

    @property
    def inhoud(self) -> bytes:
        """The bytes that are sent."""
        return apply_bewerking(write(self.zending.bericht, indent=True), self.zending)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerwachteFout:
    """One row of `fouten.csv`: where a deliberate fault is and what it must be answered with."""

    bestand: str
    bericht: str
    van: str
    pad: str
    regel: str
    retourcode: str
    waarom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerwachtWachten:
    """One row of `wachtend.csv`: a declaratie that waits for a contract, and why."""

    bestand: str
    bericht: str
    van: str
    waarom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedRegion:
    """The region, its berichten in order of sending, every deliberate fault in them, and what waits for a contract.

    `nagekomen` are the tariff lines that the region lacks: loaded with the others they end the waiting.
    """

    region: Region
    berichten: tuple[GegenereerdBericht, ...]
    fouten: tuple[VerwachteFout, ...]
    wachtend: tuple[VerwachtWachten, ...]
    nagekomen: tuple[Tarief, ...]


def generate(
    *, seed: int, gemeenten: int = 13, aanbieders: int = 20, clienten: int = 2_000, maanden: int = 12, tot: date
) -> GeneratedRegion:
    """Make a region and the berichten of so many months, of which `tot` lies in the last one.

    Raises:
        OngeldigVerzoek: A number is out of its bounds (13 gemeenten, 500 aanbieders, 9 000 clients, 120 months).
    """
    _check("gemeenten", gemeenten, len(PLAATSEN))
    _check("aanbieders", aanbieders, AANBIEDERS_MAX)
    _check("clienten", clienten, CLIENTEN_MAX)
    _check("maanden", maanden, MAANDEN_MAX)
    venster = (_first_of(tot, maanden), laatste_dag(tot))
    plaatsen = PLAATSEN[:gemeenten]
    fusies = make_fusies(plaatsen, venster)
    aanbod = make_aanbod(seed, plaatsen, fusies, aanbieders, venster)
    zaken = list(numbered(herindeel(make_zaken(seed, plaatsen, fusies, aanbod, clienten, venster), clienten)))
    zendingen, regels = _send(seed, zaken, aanbod, venster, aantal_fouten=max(1, clienten // FOUT_PER_CLIENTEN))
    berichten = tuple(_named(zendingen))
    return GeneratedRegion(
        region=make_region(
            Gemaakt(seed=seed, plaatsen=plaatsen, fusies=fusies, aanbod=aanbod, zaken=zaken, regels=regels, venster=venster)
        ),
        berichten=berichten,
        fouten=tuple(_labels(berichten)),
        wachtend=tuple(_waiting(berichten)),
        nagekomen=aanbod.ontbrekend.tarieven if aanbod.ontbrekend else (),
    )


def _check(naam: str, aantal: int, hoogstens: int) -> None:
    if not 1 <= aantal <= hoogstens:
        raise OngeldigVerzoek(f"Het aantal {naam} is {aantal}; kies een getal van 1 tot en met {hoogstens}.")


def _first_of(tot: date, aantal: int) -> date:
    """The first day of the first month."""
    months = tot.year * 12 + tot.month - 1 - (aantal - 1)
    return date(months // 12, months % 12 + 1, 1)


def _send(
    seed: int, zaken: Sequence[Zaak], aanbod: Aanbod, venster: tuple[date, date], *, aantal_fouten: int
) -> tuple[list[Zending], list[Regel]]:
    """Everything that is sent, in order, and the lines of the declaraties in it."""
    nummering = Nummering()
    zendingen = [zending for zaak in zaken for zending in make_zendingen(seed, zaak, nummering, venster[1])]
    good = [regel for zaak in zaken for regel in make_regels(seed, zaak, aanbod, nummering, venster)]
    regels = add_faults(make_boek(good, aanbod, nummering, venster), zaken, aantal_fouten)
    zendingen += make_323s(seed, regels, nummering)
    deletable = _deletable(zendingen, regels, venster)
    zendingen += make_twins(zendingen, aantal_fouten, deletable)
    return sorted(zendingen, key=lambda zending: zending.volgorde), regels


def _deletable(zendingen: Sequence[Zending], regels: Sequence[Regel], venster: tuple[date, date]) -> list[tuple[Zending, date]]:
    """First 301s of ordinary zaken with a granted, uncredited line on their first product, and a day after that was judged."""
    faulty = {regel.zaak.index for regel in regels if regel.fout is not None}
    first_line: dict[int, Regel] = {}
    for regel in regels:
        zaak = regel.zaak
        ordinary = zaak.loop is Loop.GEWOON and zaak.index not in faulty and regel.toegewezen.nummer == zaak.toewijzingen[0].nummer
        if ordinary and regel.is_schoon and volgende_maand(regel.maand) <= maand_van(venster[1]):
            first_line.setdefault(zaak.index, regel)
    orders = {
        (zending.bericht.header.afzender, zending.bericht.client.toegewezen_producten[0].toewijzing_nummer): zending
        for zending in zendingen
        if zending.bericht.soort == "301" and zending.bericht.client is not None
    }
    return [
        (orders[regel.zaak.plaats.code, regel.toegewezen.nummer], volgende_maand(regel.maand).replace(day=DAG_NA_DECLARATIES))
        for regel in first_line.values()
    ]


def _named(zendingen: Sequence[Zending]) -> Iterator[GegenereerdBericht]:
    for nummer, zending in enumerate(zendingen, start=1):
        code = catalogue.soort(zending.bericht.domein, zending.bericht.soort).code
        yield GegenereerdBericht(naam=f"{nummer:06d}_{code}.xml", van=zending.van, zending=zending)


def _labels(berichten: Sequence[GegenereerdBericht]) -> Iterator[VerwachteFout]:
    for bericht in berichten:
        for fout in bericht.zending.fouten:
            yield VerwachteFout(
                bestand=bericht.bestand,
                bericht=bericht.code,
                van=bericht.van,
                pad=fout.pad,
                regel=fout.regel,
                retourcode=fout.retourcode,
                waarom=fout.waarom,
            )


def _waiting(berichten: Sequence[GegenereerdBericht]) -> Iterator[VerwachtWachten]:
    for bericht in berichten:
        if bericht.zending.wacht:
            yield VerwachtWachten(bestand=bericht.bestand, bericht=bericht.code, van=bericht.van, waarom=bericht.zending.wacht)


def write_region(generated: GeneratedRegion, folder: Path) -> None:
    """Write the CSV files of the region, `berichten/` in order of sending, `fouten.csv` and `wachtend.csv`; earlier berichten in the folder go.

    Raises:
        OSError: The folder cannot be written.
    """
    write_folder(generated.region, folder)
    berichten = folder / BERICHTEN_MAP
    berichten.mkdir(exist_ok=True)
    for old in berichten.glob("[0-9][0-9][0-9][0-9][0-9][0-9]_*.xml"):
        old.unlink()
    for bericht in generated.berichten:
        (berichten / bericht.naam).write_bytes(bericht.inhoud)
    (folder / FOUTEN_BESTAND).write_bytes(as_csv(VerwachteFout, generated.fouten))
    (folder / WACHTEND_BESTAND).write_bytes(as_csv(VerwachtWachten, generated.wachtend))


def as_csv(soort: type[VerwachteFout | VerwachtWachten], rijen: Sequence[VerwachteFout | VerwachtWachten]) -> bytes:
    """The labels of one kind as a CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    kolommen = [veld.name for veld in fields(soort)]
    writer.writerow(kolommen)
    writer.writerows([getattr(rij, kolom) for kolom in kolommen] for rij in rijen)
    return text.getvalue().encode()
