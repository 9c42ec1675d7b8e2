"""Changes of single rows as values: what they make of the region, and what of them cannot be. Pure.

Each change says which version of the row it is based on, so that two people who change the same row never undo each other unseen. What a
change means for the past is decided where a whole folder is compared (`verschil`, decision 0010): a row that is put is a correction from its
first day, a row that is taken out ends on the day before today or, when it was still to come, never was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import Conflict, OngeldigVerzoek, RegioOngeldig, Verouderd
from app.parties.cellen import KOLOMMEN, CelFout
from app.parties.checking import FAULTS_MAX, check_region
from app.parties.folder import RegioFout
from app.parties.region import TABELLEN, Region, Rij, region_van, sleutel_van
from app.parties.sleutel import GeenSleutel, etag_van, lees_sleutel, sleuteltekst
from app.parties.verschil import Huidig, RegioVerschil, verschil

ELKE = "*"
"""As an etag: whatever version there is."""
_RIJNUMMER = re.compile(r"\brij ([0-9]+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rijwijziging:
    """One row to be put or taken out.

    Attributes:
        soort: Kind of row.
        sleutel: Its key as text.
        cellen: Its columns as they stand in a file, those of the key included; None: take it out.
        etags: The versions it may replace, or ELKE; empty: there may be no such row yet.
    """

    soort: type[Rij]
    sleutel: str
    cellen: Mapping[str, str] | None
    etags: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rijfout:
    """What is wrong with a row: `waarde` is the text of its cell, or of another version its etag."""

    soort: type[Rij]
    sleutel: str | None
    kolom: str | None = None
    waarde: str | None = None
    melding: str

    def as_dict(self) -> dict[str, object]:
        """The fault as the HTTP interface shows it."""
        return {"bestand": self.soort.bestand, "sleutel": self.sleutel, "kolom": self.kolom, "waarde": self.waarde, "melding": self.melding}


def bereken(huidig: Huidig, wijzigingen: Sequence[Rijwijziging], vandaag: date) -> RegioVerschil:
    """What these changes, together, do to the region that counts now.

    Raises:
        Verouderd: A change is based on another version than the one that counts.
        RegioOngeldig: A value cannot be read, or the region would contradict itself.
        Conflict: A row that is taken out stays, because it has ended or because others name it.
    """
    per_soort = {soort: {sleutel_van(rij): rij for rij in huidig.get(soort, {})} for soort in {each.soort for each in wijzigingen}}
    oude = [per_soort[each.soort].get(tuple(_sleutel(each).values())) for each in wijzigingen]
    _check_versies(huidig, wijzigingen, oude)
    for each, rij in zip(wijzigingen, _nieuwe_rijen(wijzigingen), strict=True):
        if rij is None:
            del per_soort[each.soort][tuple(_sleutel(each).values())]
        else:
            per_soort[each.soort][sleutel_van(rij)] = rij
    region = region_van({soort: per_soort[soort].values() if soort in per_soort else huidig.get(soort, {}) for soort in TABELLEN})
    changes = verschil(huidig, region, vandaag)
    if fouten := check_region(changes.na):
        raise _ongeldig(_met_sleutels(fouten, changes.na))
    _check_weg(wijzigingen, oude, changes)
    return changes


def _sleutel(wijziging: Rijwijziging) -> dict[str, Any]:
    try:
        return lees_sleutel(wijziging.soort, wijziging.sleutel)
    except GeenSleutel as error:
        columns = ", ".join(wijziging.soort.sleutel)
        zin = f"Dit is geen sleutel; schrijf {columns} met komma's ertussen."
        raise _ongeldig([_fout(wijziging, None, wijziging.sleutel[:80], zin)]) from error


def _check_versies(huidig: Huidig, wijzigingen: Sequence[Rijwijziging], oude: Sequence[Rij | None]) -> None:
    fouten = list[Rijfout]()
    for each, oud in zip(wijzigingen, oude, strict=True):
        etag = None if oud is None else etag_van(oud, huidig[each.soort][oud])
        if oud is None and each.etags:
            fouten.append(_fout(each, None, None, "Deze rij is er niet (meer)."))
        elif oud is not None and not each.etags:
            fouten.append(_fout(each, None, etag, "Deze rij is er al; noem de versie die u wilt vervangen."))
        elif oud is not None and etag not in each.etags and ELKE not in each.etags:
            fouten.append(_fout(each, None, etag, "Deze rij is intussen gewijzigd; haal haar opnieuw op."))
    if fouten:
        zinnen = "; ".join(f"{each.soort.bestand} {each.sleutel}: {each.melding}" for each in fouten[:3])
        raise Verouderd(f"Er is niets gewijzigd. {zinnen}", fouten=[each.as_dict() for each in fouten])


def _nieuwe_rijen(wijzigingen: Sequence[Rijwijziging]) -> list[Rij | None]:
    """The row of each change, None where it is taken out."""
    fouten = list[Rijfout]()
    rijen = [None if each.cellen is None else _lees(each, each.cellen, fouten) for each in wijzigingen]
    seen = set[tuple[type[Rij], str]]()
    for each in wijzigingen:
        if (each.soort, each.sleutel) in seen:
            fouten.append(_fout(each, None, None, "Deze rij staat twee keer in uw verzoek; noem haar één keer."))
        seen.add((each.soort, each.sleutel))
    if fouten:
        raise _ongeldig(fouten)
    return rijen


def _lees(wijziging: Rijwijziging, cellen: Mapping[str, str], fouten: list[Rijfout]) -> Rij | None:
    values: dict[str, Any] = {}
    for kolom, how in KOLOMMEN[wijziging.soort].items():
        cel = cellen.get(kolom, "").strip()
        try:
            values[kolom] = how.read(cel)
        except CelFout as error:
            fouten.append(_fout(wijziging, kolom, cel[:80], str(error)))
    if len(values) < len(KOLOMMEN[wijziging.soort]):
        return None
    rij = wijziging.soort(**values)
    if sleuteltekst(rij) != wijziging.sleutel:
        kolom = wijziging.soort.sleutel[0]
        zin = f"Deze waarden horen bij {sleuteltekst(rij)}, niet bij {wijziging.sleutel}; wijzig de sleutel niet, maar beëindig deze rij."
        fouten.append(_fout(wijziging, kolom, cellen.get(kolom, "")[:80], zin))
    return rij


def _check_weg(wijzigingen: Sequence[Rijwijziging], oude: Sequence[Rij | None], changes: RegioVerschil) -> None:
    """Whoever takes a row out is told when that does nothing."""
    for each, oud in zip(wijzigingen, oude, strict=True):
        change = changes.per_bestand[each.soort.bestand]
        if each.cellen is None and oud not in change.vervallen and oud not in (rij for rij, _ in change.beeindigd):
            raise Conflict(
                f"{each.soort.bestand} {each.sleutel}: deze rij blijft; zij is al afgelopen of andere rijen noemen haar. Er is niets gewijzigd."
            )


def _fout(wijziging: Rijwijziging, kolom: str | None, waarde: str | None, melding: str) -> Rijfout:
    return Rijfout(soort=wijziging.soort, sleutel=wijziging.sleutel, kolom=kolom, waarde=waarde, melding=melding)


def _met_sleutels(fouten: Iterable[RegioFout], region: Region) -> list[Rijfout]:
    """The faults of the region, with keys where a folder has row numbers."""
    soorten = {soort.bestand: soort for soort in TABELLEN}

    def named(soort: type[Rij], nummer: int | None) -> str | None:
        rijen = region.rijen(soort)
        return sleuteltekst(rijen[nummer - 2]) if nummer is not None and 0 <= nummer - 2 < len(rijen) else None

    def as_rijfout(fout: RegioFout) -> Rijfout:
        soort = soorten[fout.bestand]
        zin = _RIJNUMMER.sub(lambda found: f"rij {named(soort, int(found[1]))}", fout.melding)
        return Rijfout(soort=soort, sleutel=named(soort, fout.rij), kolom=fout.kolom, waarde=fout.waarde, melding=zin)

    return [as_rijfout(fout) for fout in fouten]


def _ongeldig(fouten: Sequence[Rijfout]) -> OngeldigVerzoek:
    first = fouten[0]
    plaats = " ".join(part for part in (first.soort.bestand, first.sleutel, first.kolom) if part)
    meer = f" (en nog {len(fouten) - 1})" if len(fouten) > 1 else ""
    shown = [each.as_dict() for each in fouten[:FAULTS_MAX]]
    return RegioOngeldig(f"Er is niets gewijzigd. {plaats}: {first.melding}{meer}", fouten=shown)
