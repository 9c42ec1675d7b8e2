"""Where each kind of row of the region has its address."""

from __future__ import annotations

from app.parties.region import TABELLEN, Plafond, Rij

PAD: dict[type[Rij], str] = TABELLEN | {Plafond: "contractplafonds"}
"""The address of the rows of a kind: the name of their file, but for the plafonds; `/plafonds` says how far those are used."""
SOORT: dict[str, type[Rij]] = {pad: soort for soort, pad in PAD.items()}
_PAD_VAN_BESTAND = {soort.bestand: pad for soort, pad in PAD.items()}


def soort_van_bestand(bestand: object) -> str:
    """The address of the rows of a file; of another file its name."""
    return _PAD_VAN_BESTAND.get(str(bestand), str(bestand))
