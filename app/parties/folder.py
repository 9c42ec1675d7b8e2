"""A region folder: CSV files as in `docs/region-folder.md`, read into a `Region` and written back.

UTF-8 with or without BOM, `;` or `,` between the cells (seen from the header), a header row, empty rows left out. Parsing is pure over the
bytes of the files; only `read_folder` and `write_folder` touch the disk. Written files have commas, no BOM, and the same bytes each time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.parties.cellen import KOLOMMEN, CelFout
from app.parties.region import TABELLEN, VERPLICHT, Region, Rij, geordend, region_van

Voortgang = Callable[[str, int], None]
"""Told after each file: its name and how many rows were done."""


def niemand(_bestand: str, _rijen: int) -> None:
    """Progress that nobody looks at."""


FILE_SIZE_MAX = 50_000_000
ROWS_MAX = 500_000
BESTANDEN = {soort.bestand: soort for soort in TABELLEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegioFout:
    """One thing that is wrong with a region folder.

    Attributes:
        bestand: File name, such as `tarieven.csv`.
        rij: Row as a spreadsheet counts: the header is row 1. None when the whole file is meant.
        kolom: Name of the column, None when no single one is meant.
        waarde: The text in the cell, cut at 80 characters.
        melding: One Dutch sentence that says what to do.
    """

    bestand: str
    rij: int | None = None
    kolom: str | None = None
    waarde: str | None = None
    melding: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The fault as the HTTP interface and `--json` show it."""
        return {"bestand": self.bestand, "rij": self.rij, "kolom": self.kolom, "waarde": self.waarde, "melding": self.melding}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gelezen:
    """What could be read of a folder.

    Attributes:
        region: The rows without a fault of form, in the order of the files.
        rijnummers: Per file the row number of each of those rows.
        gebroken: Per file the cells of the rows with a fault of form: they are not judged further, but what refers to them is not unknown.
        fouten: Faults of form.
    """

    region: Region
    rijnummers: Mapping[type[Rij], tuple[int, ...]]
    gebroken: Mapping[type[Rij], tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    fouten: tuple[RegioFout, ...] = ()


def parse_folder(bestanden: Mapping[str, bytes], voortgang: Voortgang = niemand) -> Gelezen:
    """The files of a region, by name, as rows; what cannot be read is a fault, never an exception."""
    fouten = list(_missing_files(bestanden))
    fouten.extend(_misspelled_files(bestanden))
    per_file = dict[type[Rij], _Bestand]()
    for soort in TABELLEN:
        if soort.bestand in bestanden:
            per_file[soort] = parse_file(soort, bestanden[soort.bestand])
            voortgang(soort.bestand, len(per_file[soort].rijen))
    return Gelezen(
        region=region_van({soort: [rij for _, rij in parsed.rijen] for soort, parsed in per_file.items()}),
        rijnummers={soort: tuple(nummer for nummer, _ in parsed.rijen) for soort, parsed in per_file.items()},
        gebroken={soort: tuple(parsed.gebroken) for soort, parsed in per_file.items() if parsed.gebroken},
        fouten=(*fouten, *(fout for parsed in per_file.values() for fout in parsed.fouten)),
    )


def _missing_files(bestanden: Mapping[str, bytes]) -> Iterator[RegioFout]:
    for soort in VERPLICHT:
        if soort.bestand not in bestanden:
            kop = ",".join(KOLOMMEN[soort])
            yield RegioFout(bestand=soort.bestand, melding=f"Dit bestand ontbreekt; voeg het toe met de kolommen {kop}.")


def _misspelled_files(bestanden: Mapping[str, bytes]) -> Iterator[RegioFout]:
    """A file that we do not know is left alone, unless its name looks like one of ours: then it was meant."""
    for naam in sorted(bestanden):
        if naam not in BESTANDEN and (meant := get_close_matches(naam.lower(), BESTANDEN, n=1, cutoff=0.8)):
            yield RegioFout(bestand=naam, melding=f"Dit bestand wordt niet gelezen; noem het {meant[0]} of haal het weg.")


@dataclass(slots=True)
class _Bestand:
    """What one file yields while it is read."""

    rijen: list[tuple[int, Rij]] = field(default_factory=list)
    gebroken: list[Mapping[str, str]] = field(default_factory=list)
    fouten: list[RegioFout] = field(default_factory=list)


def parse_file(soort: type[Rij], inhoud: bytes) -> _Bestand:
    """The rows of one file."""
    found = _Bestand()
    try:
        rows = _raw_rows(inhoud)
    except CelFout as error:
        found.fouten.append(RegioFout(bestand=soort.bestand, melding=str(error)))
        return found
    kop = [cel.strip().lower() for cel in rows[0][1]] if rows else []
    found.fouten.extend(_faults_of_header(soort, kop))
    usable = not found.fouten
    for nummer, cellen in rows[1:]:
        if usable and len(cellen) != len(kop):
            found.fouten.append(_other_length(soort, nummer, cellen, kop))
        cells = {kolom: cel.strip() for kolom, cel in zip(kop, cellen, strict=False)}
        rij = _parse_row(soort, nummer, cells, found.fouten) if usable and len(cellen) == len(kop) else None
        if rij is None:
            found.gebroken.append(cells)
        else:
            found.rijen.append((nummer, rij))
    return found


def _raw_rows(inhoud: bytes) -> list[tuple[int, list[str]]]:
    """The filled rows of a file with their numbers; raises CelFout for what is no CSV in UTF-8."""
    if len(inhoud) > FILE_SIZE_MAX:
        raise CelFout(f"Dit bestand is groter dan {FILE_SIZE_MAX // 1_000_000} MB; splits de regio of haal regels weg.")
    try:
        text = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CelFout(f"Dit bestand is geen UTF-8 (byte {error.start + 1}); sla het op als CSV UTF-8.") from error
    header = text.partition("\n")[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(nummer, cellen) for nummer, cellen in enumerate(reader, start=1) if any(cel.strip() for cel in cellen)]
    except csv.Error as error:
        raise CelFout(f"Dit bestand is geen CSV vanaf regel {reader.line_num}; controleer de aanhalingstekens.") from error
    if len(rows) > ROWS_MAX:
        raise CelFout(f"Dit bestand heeft meer dan {ROWS_MAX} rijen.")
    return rows


def _faults_of_header(soort: type[Rij], kop: Sequence[str]) -> Iterator[RegioFout]:
    unknown = [kolom for kolom in kop if kolom and kolom not in KOLOMMEN[soort]]
    for kolom, how in KOLOMMEN[soort].items():
        if kolom not in kop and not how.optioneel:
            zin = f"De kolom {kolom} ontbreekt; voeg haar toe aan de eerste rij."
            yield RegioFout(bestand=soort.bestand, rij=1, kolom=kolom, melding=zin)
        elif kolom not in kop and (meant := get_close_matches(kolom, unknown, n=1, cutoff=0.8)):
            zin = f"De kolom {meant[0]} wordt niet gelezen; noem haar {kolom} of haal haar weg."
            yield RegioFout(bestand=soort.bestand, rij=1, kolom=meant[0], melding=zin)
        elif kop.count(kolom) > 1:
            yield RegioFout(bestand=soort.bestand, rij=1, kolom=kolom, melding=f"De kolom {kolom} staat er twee keer; haal er één weg.")


def _other_length(soort: type[Rij], nummer: int, cellen: Sequence[str], kop: Sequence[str]) -> RegioFout:
    zin = f"Deze rij heeft {len(cellen)} cellen en de eerste rij {len(kop)}; zet tekst met een scheidingsteken tussen aanhalingstekens."
    return RegioFout(bestand=soort.bestand, rij=nummer, melding=zin)


def _parse_row(soort: type[Rij], nummer: int, cells: Mapping[str, str], fouten: list[RegioFout]) -> Rij | None:
    """One row as a value; None when a cell cannot be read, which is then noted."""
    values: dict[str, Any] = {}
    for kolom, how in KOLOMMEN[soort].items():
        text = cells.get(kolom, "")
        try:
            values[kolom] = how.read(text)
        except CelFout as error:
            fouten.append(RegioFout(bestand=soort.bestand, rij=nummer, kolom=kolom, waarde=text[:80], melding=str(error)))
    return soort(**values) if len(values) == len(KOLOMMEN[soort]) else None


def write_files(region: Region) -> dict[str, bytes]:
    """The region as files by name: all of them, rows in order of their keys, the same bytes each time."""
    ordered = geordend(region)
    return {soort.bestand: _write_file(soort, ordered.rijen(soort)) for soort in TABELLEN}


def _write_file(soort: type[Rij], rijen: Sequence[Rij]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = KOLOMMEN[soort]
    writer.writerow(columns)
    writer.writerows([how.write(getattr(rij, kolom)) for kolom, how in columns.items()] for rij in rijen)
    return text.getvalue().encode()


def read_folder(folder: Path) -> dict[str, bytes]:
    """The CSV files that stand directly in a folder.

    Raises:
        OSError: The folder or a file in it cannot be read.
    """
    return {path.name: _read_at_most(path) for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv" and path.is_file()}


def _read_at_most(path: Path) -> bytes:
    """The bytes of a file; of one that is too big enough to see that it is."""
    with path.open("rb") as file:
        return file.read(FILE_SIZE_MAX + 1)


def write_folder(region: Region, folder: Path) -> None:
    """Write the region's files into a folder, which is made when it is not there.

    Raises:
        OSError: The folder or a file in it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for naam, inhoud in write_files(region).items():
        (folder / naam).write_bytes(inhoud)
