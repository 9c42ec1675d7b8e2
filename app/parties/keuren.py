"""Reading a region folder or workbook from the disk, with all that is to be said about it; no database."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import RegioOngeldig
from app.parties.checking import Keuring, keur_folder
from app.parties.folder import RegioFout, Voortgang, niemand, read_folder
from app.parties.region import Region

NAMED_MAX = 3
"""So many faults are named in the sentence of the error; all of them are in its facts."""


def keur_regio(bron: Path, voortgang: Voortgang = niemand) -> Keuring:
    """What is in a region folder or workbook, every fault in it and every warning about it; needs no database.

    Args:
        bron: A folder with CSV files, or a workbook (`.xlsx`) with a sheet for each file.
        voortgang: Told after each file that was read.
    Raises:
        OSError: It cannot be read.
    """
    if bron.suffix.lower() == ".xlsx":
        from app.parties.werkmap import keur_werkmap, read_bytes  # Only here: it loads a package that nothing else needs.

        return keur_werkmap(read_bytes(bron), voortgang)
    return keur_folder(read_folder(bron), voortgang)


def lees_regio(bron: Path, voortgang: Voortgang = niemand) -> Region:
    """The region in a folder or workbook, when nothing is wrong with it.

    Raises:
        RegioOngeldig: It contradicts itself; `feiten["fouten"]` holds every fault (bestand, rij, kolom, waarde, melding).
        OSError: It cannot be read.
    """
    keuring = keur_regio(bron, voortgang)
    if keuring.fouten:
        raise ongeldig(keuring.fouten)
    return keuring.region


def ongeldig(fouten: tuple[RegioFout, ...]) -> RegioOngeldig:
    """The error that carries these faults."""
    named = "; ".join(_plaats(fout) for fout in fouten[:NAMED_MAX])
    meer = f" en nog {len(fouten) - NAMED_MAX}" if len(fouten) > NAMED_MAX else ""
    melding = f"De regiomap bevat {len(fouten)} {'fout' if len(fouten) == 1 else 'fouten'}; er is niets geladen: {named}{meer}."
    return RegioOngeldig(melding, fouten=[fout.as_dict() for fout in fouten])


def _plaats(fout: RegioFout) -> str:
    rij = f" rij {fout.rij}" if fout.rij else ""
    kolom = f" kolom {fout.kolom}" if fout.kolom else ""
    return f"{fout.bestand}{rij}{kolom}"
