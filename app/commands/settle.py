"""`solidair settle`: the verevening, from a folder of CSV without a database, or from the ledger; and the documents it settles by."""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.adapters.wereld import Wereld
    from app.solidarity.service import Run


def run(arguments: argparse.Namespace) -> int:
    """Compute, print, and with `--from` write files; or one of the actions on documents."""
    from app.commands import settle_runs

    if settle_runs.asked(arguments):
        return settle_runs.run(arguments)
    if arguments.actie is not None:
        return _ACTIONS[arguments.actie](arguments)
    if arguments.bron is not None:
        return _from_folder(arguments)
    return _from_ledger(arguments)


def _from_ledger(arguments: argparse.Namespace) -> int:
    if arguments.jaar is None and arguments.overeenkomst is None:
        raise OngeldigVerzoek("geef met --jaar het zorgjaar, met --agreement een overeenkomst, of met --from een map met CSV-bestanden")
    from app.commands.settle_runs import actor_of
    from app.commands.wereld import with_wereld
    from app.solidarity.service import Keuze, Model, row_as_dict, vereven, vereven_overeenkomst

    if arguments.overeenkomst is not None:
        from app.solidarity.folder import read_agreement

        document = read_agreement(arguments.overeenkomst)
        text = arguments.overeenkomst.read_bytes().decode("utf-8-sig")

        async def settle(wereld: Wereld) -> Run:
            actor = await actor_of(wereld, arguments.door)
            return await vereven_overeenkomst(wereld, actor, document, arguments.jaar, tekst=text)

        result = with_wereld(settle)
    else:
        keuze = Keuze(jaar=arguments.jaar, model=Model(arguments.model), maatstaf=arguments.maatstaf, jaren_terug=arguments.jaren_terug)

        async def settle_by_model(wereld: Wereld) -> Run:
            return await vereven(wereld, await actor_of(wereld, arguments.door), keuze)

        result = with_wereld(settle_by_model)
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
    for path in run_from_folder(arguments.bron, arguments.uit, arguments.overeenkomst):
        print(path)
    return 0


def _template(arguments: argparse.Namespace) -> int:
    """List the templates, or print one."""
    from app.solidarity.sjablonen import template_text, templates

    if arguments.namen:
        print(template_text(arguments.namen[0]), end="")
        return 0
    found = templates()
    width = max(map(len, found))
    for name, title in found.items():
        print(f"{name:<{width}}  {title}")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Read a document and say that it is sound; what is wrong with it is refused with every fault."""
    from app.solidarity.folder import read_agreement

    document = read_agreement(_path(arguments))
    count = len(document.agreement.arrangements)
    print(f"{document.name} ({document.version}): {count} {'regeling' if count == 1 else 'regelingen'}, geen fouten gevonden")
    return 0


def _convert(arguments: argparse.Namespace) -> int:
    """A folder of CSV as a document on the screen, or a document as a folder of CSV."""
    from app.solidarity.folder import agreement_from_folder, agreement_to_folder

    source = _path(arguments)
    if source.is_dir():
        print(agreement_from_folder(source), end="")
        return 0
    if arguments.uit is None:
        raise OngeldigVerzoek("geef met --out de map waarin de CSV-bestanden komen")
    for path in agreement_to_folder(source, arguments.uit):
        print(path)
    return 0


def _path(arguments: argparse.Namespace) -> Path:
    if len(arguments.namen) != 1:
        raise OngeldigVerzoek(f"noem na {arguments.actie} één document")
    return Path(arguments.namen[0])


def _compare(arguments: argparse.Namespace) -> int:
    from app.commands.settle_compare import run as compare

    return compare(arguments)


def _runs(arguments: argparse.Namespace) -> int:
    from app.commands.settle_runs import show_list

    return show_list(arguments)


_ACTIONS = {"sjabloon": _template, "controleer": _check, "omzetten": _convert, "compare": _compare, "runs": _runs}
"""What can be done with documents and runs without a new run."""


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
