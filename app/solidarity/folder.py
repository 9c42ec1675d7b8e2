"""`solidair settle --from DIR --out DIR2`: reads the files of section 2.14 and writes the results. This file touches the file system.

It imports nothing but the pure files of this room, so that the command starts at once. Deciding is in those; here are only
bytes in and bytes out. Results are first all computed and then written, each file by a rename: never half a result.
"""

from __future__ import annotations

import os
from pathlib import Path

from app.domain.errors import NietGevonden
from app.solidarity.csvform import read_inputs
from app.solidarity.csvresult import settle_inputs
from app.solidarity.errors import Bezwaar, RegelingOngeldig

FILE_BYTES_MAX = 200_000_000
"""Largest input file that is read; about two million ledger lines."""


def run_from_folder(source: Path, out: Path) -> list[Path]:
    """Settle the folder `source` and write the results into `out`, which is made if it is not there.

    Returns:
        The files written, by name.
    Raises:
        NietGevonden: `source` is not a folder.
        RegelingOngeldig: The files contradict themselves; every objection names file, row and column where it has them.
        NietOndersteund: Something that section 2 knows and this version does not.
    """
    results = settle_inputs(read_inputs(read_folder(source), name=source.resolve().name))
    out.mkdir(parents=True, exist_ok=True)
    return [_write(out / name, text) for name, text in sorted(results.items())]


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
