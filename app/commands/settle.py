"""`solidair settle`: the verevening, from a folder of CSV without a database, or from the ledger."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.solidarity.service import Run


def run(arguments: argparse.Namespace) -> int:
    """Compute, print, and with `--from` write files."""
    if arguments.bron is not None:
        return _from_folder(arguments)
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.solidarity.service import Keuze, Model, row_as_dict, vereven

    if arguments.jaar is None:
        raise OngeldigVerzoek("geef met --jaar het zorgjaar, of met --from een map met CSV-bestanden")
    keuze = Keuze(jaar=arguments.jaar, model=Model(arguments.model), maatstaf=arguments.maatstaf, jaren_terug=arguments.jaren_terug)
    result = with_wereld(lambda wereld: vereven(wereld, SYSTEEM, keuze))
    if arguments.as_json:
        totals = {"run": result.run_nr, "kosten_cent": result.kosten_cent, "kosten_clienten_cent": result.kosten_clienten_cent}
        rows = [row_as_dict(row) for row in result.rows]
        print(json.dumps({**totals, "som_cent": result.som_cent, "regels": rows}, ensure_ascii=False, indent=2))
    else:
        print(as_text(result))
    return 0


def _from_folder(arguments: argparse.Namespace) -> int:
    from app.solidarity.folder import run_from_folder

    if arguments.uit is None:
        raise OngeldigVerzoek("geef met --out de map waarin de uitkomst komt")
    for path in run_from_folder(arguments.bron, arguments.uit):
        print(path)
    return 0


def as_text(result: Run) -> str:
    """The settlement per gemeente over all zorgvormen, with totals that must agree."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in result.rows:
        for index, cents in enumerate((row.own_cost_cent, row.contribution_cent, row.settlement_cent)):
            totals[row.municipality][index] += cents
    lines = [f"{'gemeente':<10}{'eigen kosten':>20}{'bijdrage':>20}{'verevening':>20}"]
    lines += [f"{code:<10}" + "".join(f"{euro(cents):>20}" for cents in cells) for code, cells in sorted(totals.items())]
    sums = [sum(cells[index] for cells in totals.values()) for index in range(3)]
    lines.append(f"{'som':<10}" + "".join(f"{euro(cents):>20}" for cents in sums))
    same = "gelijk aan" if result.kosten_cent == result.kosten_clienten_cent else "NIET gelijk aan"
    lines.append(f"kosten uit saldi {euro(result.kosten_cent)}, {same} de kosten per client {euro(result.kosten_clienten_cent)}")
    return "\n".join(lines)
