"""`solidair settle compare A B …`: agreements side by side, from a folder or over the years of the ledger (docs/laboratory.md)."""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.adapters.wereld import Wereld
    from app.solidarity.document import Overeenkomst
    from app.solidarity.vergelijken import Vergelijking

OWN = "map"
"""The agreement that came with the folder of `--from`."""
YEARS = re.compile(r"([12]\d{3})(?:-([12]\d{3}))?", re.ASCII)


def run(arguments: argparse.Namespace) -> int:
    """Compare, print a table or JSON, and with `--out` write CSV."""
    from app.solidarity.folder import write_folder
    from app.solidarity.vergelijken_rapport import as_csv, as_json, as_text

    if len(arguments.namen) < 2:
        raise OngeldigVerzoek("noem na compare twee of meer overeenkomsten: een model, een sjabloon of een document")
    found = _from_folder(arguments) if arguments.bron is not None else _from_ledger(arguments)
    if arguments.uit is not None:
        paths = write_folder(arguments.uit, as_csv(found))
        print("\n".join(map(str, paths)), file=sys.stderr if arguments.as_json else sys.stdout)
    if arguments.as_json:
        print(json.dumps(as_json(found), ensure_ascii=False, indent=2))
    elif arguments.uit is None:
        print(as_text(found))
    return 0


def _from_ledger(arguments: argparse.Namespace) -> Vergelijking:
    from app.commands.settle_runs import actor_of
    from app.commands.wereld import with_wereld
    from app.solidarity.service import vergelijk_uit_grootboek

    keuzes = [find_agreement(text) for text in arguments.namen]
    jaren = years_of(arguments)

    async def compare(wereld: Wereld) -> Vergelijking:
        return await vergelijk_uit_grootboek(wereld, await actor_of(wereld, arguments.door), keuzes, jaren)

    return with_wereld(compare)


def _from_folder(arguments: argparse.Namespace) -> Vergelijking:
    """The facts of a folder of section 2.14; its own agreement is called `map`."""
    from app.solidarity.costs import Costs
    from app.solidarity.csvform import read_facts, read_inputs
    from app.solidarity.document import document_of
    from app.solidarity.folder import read_folder
    from app.solidarity.modellen import Gebied
    from app.solidarity.runinvoer import Lid
    from app.solidarity.vergelijken import Achtergrond, totals_of_lines, vergelijk
    from app.solidarity.vergelijken_keuze import Regio, maak_variant

    texts = read_folder(arguments.bron)
    with_own = "input_arrangements.csv" in texts
    given = read_inputs(texts, name=OWN) if with_own else read_facts(texts)
    kosten = totals_of_lines(given.lines)
    if not kosten:
        raise OngeldigVerzoek("de map heeft geen kosten om mee te vergelijken")
    found = sorted({year for _, _, year in kosten})
    jaren = years_of(arguments) or range(found[0], found[-1] + 1)
    members = {member.municipality for each in given.agreement.arrangements for member in each.members}
    leden = [Lid(code=code, geldig_van=date(1900, 1, 1), geldig_tot=None) for code in sorted({code for code, _, _ in kosten} | members)]
    zorgvormen = sorted({zorgvorm for _, zorgvorm, _ in kosten})
    regio = Regio(
        gebied=Gebied(leden=leden, zorgvormen=zorgvormen, jaren=jaren), values=given.measures, history=given.history, stuurbaarheid={}
    )
    varianten = []
    for text in arguments.namen:
        if text == OWN and not with_own:
            raise OngeldigVerzoek("de map heeft geen input_arrangements.csv; noem een model, een sjabloon of een document")
        chosen = document_of(given, region=OWN, version="1") if text == OWN else find_agreement(text)
        varianten.append(maak_variant(chosen, regio))
    achtergrond = Achtergrond(
        jaren=jaren,
        kosten=kosten,
        costs=Costs(given.lines),
        namen={},
        inwoners={(v.municipality, v.year): v.value for v in given.measures if v.measure == "inwoners" and v.category is None},
        stuurbaarheid={},
        history=given.history,
    )
    return vergelijk(achtergrond, varianten)


def years_of(arguments: argparse.Namespace) -> range | None:
    """`--jaren 2022-2024`, or `--jaar 2024`; None without.

    Raises:
        OngeldigVerzoek: It is neither, or ends before it begins.
    """
    if arguments.jaren is None:
        return None if arguments.jaar is None else range(arguments.jaar, arguments.jaar + 1)
    found = YEARS.fullmatch(arguments.jaren)
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise OngeldigVerzoek(f"--jaren {arguments.jaren}: schrijf het eerste en het laatste jaar, zoals 2022-2024")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def find_agreement(text: str) -> str | Overeenkomst:
    """The name of a model as it is; else the template of that name, or the document at that path.

    Raises:
        NietGevonden, RegelingOngeldig: There is no such document, or it is wrong.
    """
    from app.solidarity.folder import read_agreement
    from app.solidarity.modellen import is_model
    from app.solidarity.sjablonen import template_text, templates
    from app.solidarity.tomlform import read_document

    if is_model(text):
        return text
    return read_document(template_text(text), text) if text in templates() else read_agreement(Path(text))
