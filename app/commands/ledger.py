"""`solidair ledger …`: the books recomputed from the transfers, and the closing of months and years."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from app.commands.maand import read_month
from app.commands.wereld import with_wereld
from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import SYSTEEM
from app.ledger import Boekmaand, Verificatie, boekmaanden, sluit_jaar, sluit_maand, verifieer


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; exit code 1 when anything contradicts the books."""
    return _ACTIES[arguments.actie](arguments)


def _verify(arguments: argparse.Namespace) -> int:
    """Recompute everything and keep the outcome, which the page with the invariants shows."""
    made: Verificatie = with_wereld(lambda wereld: verifieer(wereld, SYSTEEM))
    if arguments.as_json:
        rows = [{"regel": check.regel, "klopt": check.klopt, "tegenspraken": check.tegenspraken} for check in made.controles]
        print(json.dumps({"klopt": made.klopt, "controles": rows}, default=str, ensure_ascii=False, indent=2))
    else:
        for check in made.controles:
            print(f"{'klopt' if check.klopt else 'FOUT '}  {check.regel}")
            for row in check.tegenspraken:
                print(f"       {row}")
    return 0 if made.klopt else 1


def _close(arguments: argparse.Namespace) -> int:
    """Close one month, or what is open of a year, and print the hashes to keep elsewhere."""
    if (arguments.maand is None) == (arguments.jaar is None):
        raise OngeldigVerzoek("noem de maand als JJJJ-MM, of met --jaar het jaar")
    if arguments.maand is not None:
        maand = read_month(arguments.maand)
        made = [with_wereld(lambda wereld: sluit_maand(wereld, SYSTEEM, maand, reden=arguments.reden))]
    else:
        made = with_wereld(lambda wereld: sluit_jaar(wereld, SYSTEEM, arguments.jaar, reden=arguments.reden))
    _print_months(made, arguments.as_json)
    return 0


def _months(arguments: argparse.Namespace) -> int:
    """The months of the books, the last first."""
    _print_months(with_wereld(lambda wereld: boekmaanden(wereld, SYSTEEM)), arguments.as_json)
    return 0


_ACTIES: dict[str, Callable[[argparse.Namespace], int]] = {"verify": _verify, "close": _close, "months": _months}


def _print_months(months: list[Boekmaand], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"maanden": [as_dict(each) for each in months]}, ensure_ascii=False, indent=2))
        return
    for each in months:
        print(as_line(each))
    if not months:
        print("er is nog niets geboekt")


def as_line(each: Boekmaand) -> str:
    """A month in one line; the hash in full, because who keeps it needs all of it."""
    if each.gesloten_op is None:
        return f"{each.boekmaand:%Y-%m}  open"
    sums = "" if each.bedrag_cent is None else f"  {each.aantal} boekingen, {euro(each.bedrag_cent)}"
    return f"{each.boekmaand:%Y-%m}  gesloten op {each.gesloten_op:%Y-%m-%d %H:%M} UTC door {each.gesloten_door}{sums}  {each.hash or ''}".rstrip()


def as_dict(each: Boekmaand) -> dict[str, object]:
    """A month as JSON says it."""
    return {
        "maand": f"{each.boekmaand:%Y-%m}",
        "gesloten": each.is_gesloten,
        "gesloten_op": None if each.gesloten_op is None else each.gesloten_op.isoformat(),
        "gesloten_door": each.gesloten_door,
        "aantal": each.aantal,
        "bedrag_cent": each.bedrag_cent,
        "hash": each.hash,
    }
