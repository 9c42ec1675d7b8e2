"""`solidair simulate`: what a year may cost each gemeente under each agreement, from its own history (docs/risk.md)."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.solidarity.document import Overeenkomst
    from app.solidarity.risico.simulation import Instellingen, Simulatie

OWN = "map"
"""The agreement that came with the folder of `--from`."""
ALWAYS = ("profijt", "waarborg")
"""What is compared when nothing is asked for."""
CHARTS_FILE = "grafieken.json"
NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?|\d{1,9}/[1-9]\d{0,8}", re.ASCII)
YEARS = re.compile(r"([12]\d{3})(?:-([12]\d{3}))?", re.ASCII)


def run(arguments: argparse.Namespace) -> int:
    """Simulate from a folder or from the ledger; print a table or JSON, and with `--out` write CSV."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # The matrices are thin: threads of NumPy wait for each other more than they do.
    if arguments.bron is not None:
        from app.solidarity.folder import read_folder

        texts = read_folder(arguments.bron)
        if "input_population.csv" in texts:
            return _population(texts, arguments.uit)
        simulatie = _from_folder(arguments, texts)
    else:
        simulatie = _from_ledger(arguments)
    _show(arguments, simulatie)
    return 0


def _population(texts: dict[str, str], out: Path | None) -> int:
    """Numbers of youths instead of a history: computed exactly, nothing is drawn."""
    from app.solidarity.folder import write_folder
    from app.solidarity.risico.population import read_population, risk_table

    table = risk_table(read_population(texts))
    if out is None:
        print(table, end="")
    else:
        for path in write_folder(out, {"risico.csv": table}):
            print(path)
    return 0


def _from_folder(arguments: argparse.Namespace, texts: dict[str, str]) -> Simulatie:
    from app.solidarity.csvform import read_facts, read_inputs
    from app.solidarity.risico.past import totals_of_lines
    from app.solidarity.risico.preparing import Regio, Voorstel, make_opdracht, simulate_region

    with_own = "input_arrangements.csv" in texts
    given = read_inputs(texts, name=OWN) if with_own else read_facts(texts)
    own = Voorstel(agreement=given.agreement, values=given.measures, history=given.history)
    lines = [each for each in given.lines if arguments.zorgvormen is None or each.category in arguments.zorgvormen]
    regio = Regio(totals=totals_of_lines(lines), values=given.measures, history=given.history)
    opdracht = make_opdracht(settings_of(arguments), regio.totals, jaar=arguments.jaar, jaren=years_of(arguments.historie))
    asked = arguments.overeenkomsten or [ALWAYS[0], *([OWN] if with_own else []), *ALWAYS[1:]]
    keuzes: list[str | Voorstel] = []
    for text in asked:
        if text == OWN and not with_own:
            raise OngeldigVerzoek("de map heeft geen input_arrangements.csv; noem een model of een document")
        found = own if text == OWN else find_agreement(text)
        if isinstance(found, str | Voorstel):
            keuzes.append(found)
        else:
            keuzes.append(Voorstel(agreement=found.agreement, values=found.measure_values(given.measures), history=found.history))
    with _Progress(opdracht.aantal) as progress:
        return simulate_region(opdracht, regio, keuzes, progress=progress)


def _from_ledger(arguments: argparse.Namespace) -> Simulatie:
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.solidarity.risico.service import LedgerKeuze, simulate_ledger

    keuze = LedgerKeuze(
        instellingen=settings_of(arguments),
        jaar=arguments.jaar,
        jaren=years_of(arguments.historie),
        zorgvormen=arguments.zorgvormen,
    )
    keuzes = [find_agreement(text) for text in arguments.overeenkomsten or ALWAYS]
    with _Progress(arguments.aantal) as progress:
        return with_wereld(lambda wereld: simulate_ledger(wereld, SYSTEEM, keuze, keuzes, progress=progress))


def settings_of(arguments: argparse.Namespace) -> Instellingen:
    """The arguments as settings.

    Raises:
        OngeldigVerzoek: A number cannot be read.
    """
    from app.solidarity.risico.simulation import Instellingen

    return Instellingen(
        aantal=arguments.aantal,
        methode=arguments.methode,
        seed=arguments.seed,
        verleden=arguments.verleden,
        tau=float(_number("--schok", arguments.schok)),
        budget_maatstaf=arguments.budget,
        budget_factor=_number("--budget-factor", arguments.budget_factor),
        grens=_number("--grens", arguments.grens),
    )


def years_of(text: str | None) -> range | None:
    """`2021-2024` or `2024` as years.

    Raises:
        OngeldigVerzoek: It is neither, or ends before it begins.
    """
    if text is None:
        return None
    found = YEARS.fullmatch(text)
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise OngeldigVerzoek(f"--historie {text}: schrijf het eerste en het laatste jaar, zoals 2021-2024")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def find_agreement(text: str) -> str | Overeenkomst:
    """The name of a model as it is; else the template of that name or the document at that path.

    Raises:
        NietGevonden, RegelingOngeldig: There is no such document, or it is wrong.
    """
    from app.solidarity.folder import read_agreement
    from app.solidarity.risico.choice import is_name
    from app.solidarity.sjablonen import template_text, templates
    from app.solidarity.tomlform import read_document

    if is_name(text):
        return text
    return read_document(template_text(text), text) if text in templates() else read_agreement(Path(text))


def _number(option: str, text: str) -> Fraction:
    if not NUMBER.fullmatch(text):
        raise OngeldigVerzoek(f"{option} {text}: schrijf een getal zoals 0.05 of 1/20")
    return Fraction(text)


def _show(arguments: argparse.Namespace, simulatie: Simulatie) -> None:
    from app.solidarity.folder import write_folder
    from app.solidarity.risico.report import as_csv, as_json, as_text, charts_json

    if arguments.uit is not None:
        charts = json.dumps(charts_json(simulatie), ensure_ascii=False, indent=1) + "\n"
        paths = write_folder(arguments.uit, {**as_csv(simulatie), CHARTS_FILE: charts})
        print("\n".join(map(str, paths)), file=sys.stderr if arguments.as_json else sys.stdout)
    if arguments.as_json:
        print(json.dumps(as_json(simulatie), ensure_ascii=False, indent=2))
    elif arguments.uit is None:
        print(as_text(simulatie))


class _Progress:
    """A bar on stderr that counts simulated years; nothing where nobody looks."""

    def __init__(self, total: int) -> None:
        from tqdm import tqdm  # Only here: `--help` must start fast.

        self.bar = tqdm(total=total, unit="jaar", desc="simuleren", file=sys.stderr, disable=None, delay=0.5)

    def __enter__(self) -> Callable[[int], object]:
        return self.bar.update

    def __exit__(self, *error: object) -> None:
        self.bar.close()
