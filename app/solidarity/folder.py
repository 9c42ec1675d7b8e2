"""`solidair settle --from DIR --out DIR2`: reads the files of section 2.14 and documents, and writes results. This file touches the disk.

It imports nothing but the pure files of this room, so that the command starts at once. Deciding is in those; here are only
bytes in and bytes out. Results are first all computed and then written, each file by a rename: never half a result.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from app.domain.errors import NietGevonden
from app.solidarity.csvcalculation import calculate
from app.solidarity.csvform import SettlementInput, read_facts, read_inputs
from app.solidarity.csvinput import write_inputs
from app.solidarity.csvresult import settle_inputs
from app.solidarity.document import Overeenkomst, document_of
from app.solidarity.errors import Bezwaar, RegelingOngeldig, refuse
from app.solidarity.tomlform import read_document
from app.solidarity.tomltable import BYTES_MAX
from app.solidarity.tomlwriting import write_document

FILE_BYTES_MAX = 200_000_000
"""Largest input file that is read; about two million ledger lines."""


def run_from_folder(source: Path, out: Path, agreement: Path | None = None) -> list[Path]:
    """Compute what the folder `source` asks for and write the results into `out`, which is made if it is not there.

    Without `agreement` the files decide: a settlement, or one of the other calculations of section 2.14 (`csvcalculation`).

    Args:
        source: With `input_*.csv`.
        out: Where results go.
        agreement: A document to settle by, instead of the agreement in the folder.
    Returns:
        The files written, by name.
    Raises:
        NietGevonden: `source` is not a folder, or `agreement` not a file.
        RegelingOngeldig: The files contradict themselves; every objection names file, row and column where it has them.
        NietOndersteund: Something that section 2 knows and this version does not.
    """
    texts = read_folder(source)
    if agreement is None:
        return write_folder(out, calculate(texts, name=source.resolve().name))
    given = read_agreement(agreement).settlement_input(read_facts(texts))
    return write_folder(out, settle_inputs(given))


def read_agreement(path: Path) -> Overeenkomst:
    """The document in a file.

    Raises:
        NietGevonden: There is no such file.
        RegelingOngeldig: It is too large, not UTF-8, no TOML, or it contradicts itself; every objection names file and field.
    """
    if not path.is_file():
        raise NietGevonden(f"Het bestand {path} bestaat niet; geef het pad van een overeenkomst, of zie solidair settle sjabloon.")
    if path.stat().st_size > BYTES_MAX:
        raise refuse(path.name, f"het document is groter dan {BYTES_MAX // 1_000_000} MB; splits het.")
    try:
        return read_document(path.read_bytes().decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise refuse(path.name, f"byte {error.start + 1} is geen UTF-8; sla het bestand op als UTF-8.") from error


def agreement_from_folder(source: Path) -> str:
    """The agreement of a folder of CSV as the text of a document."""
    given = read_inputs(read_folder(source), name=source.resolve().name)
    if not given.agreement.arrangements:
        raise refuse("input_arrangements.csv", "er staat geen regeling in; voeg er een toe.")
    return write_document(document_of(given, region=source.resolve().name, version="1"))


def agreement_to_folder(path: Path, out: Path) -> list[Path]:
    """A document as the files of section 2.14, without cost; returns the files written."""
    document = read_agreement(path)
    given = SettlementInput(agreement=document.agreement, lines=(), measures=document.measure_values(), history=document.history)
    return write_folder(out, write_inputs(given))


def write_folder(out: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write every text under its name; returns the files by name."""
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / name, text) for name, text in sorted(texts.items())]


def read_folder(source: Path) -> dict[str, str]:
    """The texts of all `input_*.csv` in a folder, by name.

    Raises:
        NietGevonden: It is not a folder.
        RegelingOngeldig: A file is too large or not UTF-8.
    """
    if not source.is_dir():
        raise NietGevonden(f"De map {source} bestaat niet.")
    texts, bezwaren = {}, []
    for path in sorted(source.glob("input_*.csv")):
        if path.stat().st_size > FILE_BYTES_MAX:
            zin = f"het bestand is groter dan {FILE_BYTES_MAX // 1_000_000} MB; splits de map per jaar."
            bezwaren.append(Bezwaar(waar=path.name, zin=zin))
            continue
        try:
            texts[path.name] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            bezwaren.append(Bezwaar(waar=path.name, zin=f"byte {error.start + 1} is geen UTF-8; sla het bestand op als UTF-8."))
    if bezwaren:
        raise RegelingOngeldig(bezwaren)
    return texts


def _write(path: Path, text: str) -> Path:
    part = path.with_name(path.name + ".part")
    part.write_bytes(text.encode())
    os.replace(part, path)
    return path
