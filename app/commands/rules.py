"""`solidair rules [--json]`: every row of the rules of the standard, with what is done about it; needs no database.

With `--database` it also says when each rule last fired, in the database of the settings. That is asked for by name and not by a setting, so
that the list is the same wherever it is made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from app.domain.errors import NietGevonden
from app.standard.rulebook import Regelgroep, RegelRij, RegelVraag, Staat, per_code, regelboek, tel_staten, zoek

if TYPE_CHECKING:
    from app.reports import Afgegaan

ZIN_LENGTE_MAX = 90
KOP = ("code", "domein", "rijen", "staat", "retourcode", "tests", "laatst", "wat de regel vraagt")
BREEDTES = (9, 8, 5, 19, 10, 5, 10)


def run(arguments: argparse.Namespace) -> int:
    """Print the rows that were asked for.

    Raises:
        NietGevonden: No row answers the filters.
    """
    vraag = RegelVraag(domein=arguments.domein, staat=Staat(arguments.staat) if arguments.staat else None, code=arguments.code or "")
    rijen = zoek(regelboek(), vraag)
    if not rijen:
        raise NietGevonden("geen regel past bij deze keuze")
    laatst = _afgegaan(rijen) if arguments.database else {}
    if arguments.as_json:
        print(as_json(rijen, laatst))
    else:
        print_table(rijen, laatst, sys.stdout)
    return 0


def as_json(rijen: Sequence[RegelRij], laatst: Mapping[str, Afgegaan]) -> str:
    """One array with a row on each line: indenting inside a row would take as long as all the rest."""
    return "[\n" + ",\n".join(json.dumps(_as_object(rij, laatst), ensure_ascii=False) for rij in rijen) + "\n]"


def print_table(rijen: Sequence[RegelRij], laatst: Mapping[str, Afgegaan], out: TextIO) -> None:
    """One line per code, and at the end how many rows of each domein have each state."""
    print(_line(KOP), file=out)
    for groep in per_code(rijen):
        print(_line(_cells(groep, laatst.get(groep.code))), file=out)
    print(file=out)
    for domein in dict.fromkeys(rij.domein for rij in rijen):
        own = [rij for rij in rijen if rij.domein == domein]
        counted = ", ".join(f"{aantal} {staat.value.replace('_', ' ')}" for staat, aantal in tel_staten(own).items() if aantal)
        print(f"{domein}: {len(own)} rijen, {len({rij.code for rij in own})} codes: {counted}", file=out)


def _cells(groep: Regelgroep, afgegaan: Afgegaan | None) -> tuple[str, ...]:
    """A code as the cells of its line; a code with more than one state has them all."""
    zin = groep.zin if len(groep.zin) <= ZIN_LENGTE_MAX else f"{groep.zin[: ZIN_LENGTE_MAX - 1]}…"
    return (
        groep.code,
        "+".join(groep.domeinen),
        str(len(groep.rijen)),
        "+".join(staat.value for staat in groep.staten),
        groep.retourcode or "-",
        str(len(groep.proeven.alle)),
        f"{afgegaan.laatst:%Y-%m-%d}" if afgegaan else "-",
        zin,
    )


def _line(cells: Sequence[str]) -> str:
    """Cells under each other; the last one is as long as it is."""
    return "  ".join([*(cell.ljust(width) for cell, width in zip(cells, BREEDTES, strict=False)), cells[-1]])


def _as_object(rij: RegelRij, laatst: Mapping[str, Afgegaan]) -> dict[str, object]:
    """A row as an object; `laatst` is null when the rule did not fire, or no database was asked."""
    afgegaan = laatst.get(rij.code)
    return {
        "domein": rij.domein,
        "soort": rij.soort,
        "code": rij.code,
        "berichten": list(rij.berichten),
        "element": rij.element or None,
        "zin": rij.zin,
        "staat": rij.staat.value,
        "waarom": rij.waarom or None,
        "functie": list(rij.functies),
        "tests": {"houdt": list(rij.proeven.houdt), "faalt": list(rij.proeven.faalt), "toont": list(rij.proeven.toont)},
        "retourcode": rij.retourcode or None,
        "laatst": afgegaan.laatst.isoformat(timespec="seconds") if afgegaan else None,
    }


def _afgegaan(rijen: Sequence[RegelRij]) -> dict[str, Afgegaan]:
    """When the rules last fired, for the operator: over every gemeente."""
    # Imported here: without --database the command starts at once.
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.reports import read_afgegaan

    codes = {rij.code for rij in rijen}
    return with_wereld(lambda wereld: read_afgegaan(wereld, SYSTEEM, codes))
