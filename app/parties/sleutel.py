"""A row of the region under one name: its key as text for an address, and the etag of one version of it. Pure.

A `sleutel` is the cells of the key columns as they stand in a file, with commas between them. What is not a letter, digit, `.`, `-`, `_` or
`:` is written as `~` and two hexadecimal digits for each byte of UTF-8, and so is the first point of a part that is points only: servers and
proxies between us and the reader take such a text for what it is, which they do not with an encoded `/`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from app.parties.cellen import KOLOMMEN, CelFout
from app.parties.region import Rij, kolommen

SLEUTEL_LENGTE_MAX = 1_000
ETAG_LENGTE = 32
_VREEMD = re.compile(r"[^A-Za-z0-9._:-]|^\.(?=\.*$)")
_CODE = re.compile(r"(?:~[0-9A-F]{2})+")


class GeenSleutel(ValueError):
    """A text that is not the key of any row of this kind."""


def sleuteltekst(rij: Rij) -> str:
    """The key of a row as text."""
    columns = KOLOMMEN[type(rij)]
    return ",".join(_VREEMD.sub(_as_code, columns[kolom].write(getattr(rij, kolom))) for kolom in rij.sleutel)


def lees_sleutel(soort: type[Rij], tekst: str) -> dict[str, Any]:
    """The values of the key columns, in their order.

    Raises:
        GeenSleutel: This is not how the key of such a row is written.
    """
    parts = tekst.split(",")
    if len(tekst) > SLEUTEL_LENGTE_MAX or len(parts) != len(soort.sleutel):
        raise GeenSleutel(tekst)
    try:
        cells = [_CODE.sub(_as_text, part) for part in parts]
        values = {kolom: KOLOMMEN[soort][kolom].read(cell) for kolom, cell in zip(soort.sleutel, cells, strict=True)}
    except (CelFout, UnicodeDecodeError) as error:
        raise GeenSleutel(tekst) from error
    # One key has one text, or one row would have several addresses.
    written = ",".join(_VREEMD.sub(_as_code, KOLOMMEN[soort][kolom].write(value)) for kolom, value in values.items())
    if written != tekst:
        raise GeenSleutel(tekst)
    return values


def etag_van(rij: Rij, nr: int) -> str:
    """What this version of a row is known by: other values or another stored row give another.

    Args:
        rij: The row as it is shown; what is hidden from the reader may not be in it, for it could be guessed back from the etag.
        nr: Its id.
    """
    cells = celwaarden(rij)
    text = "\x1f".join((rij.bestand, str(nr), *(cells[kolom] for kolom in kolommen(type(rij)))))
    return hashlib.sha256(text.encode()).hexdigest()[:ETAG_LENGTE]


def celwaarden(rij: Rij) -> Mapping[str, str]:
    """The columns of a row as they stand in a file."""
    return {kolom: how.write(getattr(rij, kolom)) for kolom, how in KOLOMMEN[type(rij)].items()}


def _as_code(found: re.Match[str]) -> str:
    return "".join(f"~{byte:02X}" for byte in found.group().encode())


def _as_text(found: re.Match[str]) -> str:
    return bytes.fromhex(found.group().replace("~", "")).decode()
