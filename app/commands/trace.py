"""`solidair trace`: where money comes from and where it ended, as a list of steps or as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from app.adapters.wereld import Wereld
from app.commands.wereld import with_wereld
from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import SYSTEEM
from app.reports import (
    HerkomstFilter,
    HerkomstRegel,
    HerkomstTotaal,
    Stap,
    list_herkomst,
    read_spoor,
    read_totaal,
    read_verevening_spoor,
    stappen_van,
)

REGELS_MAX = 200
"""Transfers that one call lists; the total is always over all of them."""


def run(arguments: argparse.Namespace) -> int:
    """Print what was asked; exit code 1 when balances and transfers contradict."""
    return _ACTIONS[arguments.actie](arguments)


def _saldo(arguments: argparse.Namespace) -> int:
    vraag = HerkomstFilter(
        rekening=arguments.rekening,
        gemeente=arguments.gemeente,
        aanbieder=arguments.aanbieder,
        zorgvorm=arguments.zorgvorm,
        zorgjaar=arguments.jaar,
        zorgmaand=_maand(arguments.maand),
        boekmaand=_maand(arguments.boekmaand),
    )

    async def read(wereld: Wereld) -> tuple[HerkomstTotaal, tuple[HerkomstRegel, ...]]:
        page = await list_herkomst(wereld, SYSTEEM, vraag, limit=min(arguments.aantal, REGELS_MAX))
        return await read_totaal(wereld, SYSTEEM, vraag), page.items

    totaal, regels = with_wereld(read)
    if arguments.as_json:
        _print({**asdict(totaal), "totaal_cent": totaal.totaal_cent, "sluit": totaal.sluit, "boekingen": [_as_dict(row) for row in regels]})
    else:
        print(f"{euro(totaal.totaal_cent)} in {totaal.aantal} boekingen")
        for part in totaal.opbouw:
            print(f"  {part.boekmaand:%Y-%m}  {part.soort:<22}{part.aantal:>8}{euro(part.bedrag_cent):>20}")
        if totaal.saldo_cent is not None:
            print(f"saldi: {euro(totaal.saldo_cent)}, {'gelijk' if totaal.sluit else 'NIET gelijk'}")
        for row in regels:
            print(f"  {row.boekdatum}  {row.sleutel:<32}{euro(row.telt_cent):>16}  {_bron(row)}")
    return 0 if totaal.sluit else 1


def _maand(text: str | None) -> date | None:
    """The first day of a month written as `2026-06`.

    Raises:
        OngeldigVerzoek: It is not written so.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise OngeldigVerzoek(f"'{text}' is geen maand; schrijf JJJJ-MM") from error


def _bron(row: HerkomstRegel) -> str:
    if row.prestatie is not None:
        tarief = "" if row.tarief is None else f", contract {row.tarief.contract}"
        return f"toewijzing {row.prestatie.toewijzing_nummer}{tarief}, regelset {row.regelset}"
    if row.handeling is not None:
        return f"{row.handeling.soort} door {row.handeling.gemaakt_door}: {row.handeling.reden}"
    return ""


def _prestatie(arguments: argparse.Namespace) -> int:
    spoor = with_wereld(lambda wereld: read_spoor(wereld, SYSTEEM, arguments.bericht_nr, arguments.regel))
    if arguments.as_json:
        _print(
            {
                "bericht": spoor.prestatie.bericht_nr,
                "regel": spoor.prestatie.regel,
                "client": spoor.client,
                "stappen": _steps(spoor.stappen),
            }
        )
    else:
        _show(spoor.stappen)
    return 0


def _verevening(arguments: argparse.Namespace) -> int:
    spoor = with_wereld(lambda wereld: read_verevening_spoor(wereld, SYSTEEM, arguments.run_nr, arguments.gemeente))
    if arguments.as_json:
        sums = {name: getattr(spoor, name) for name in ("verevening_cent", "later_cent")}
        _print({**asdict(spoor), **sums, "stappen": _steps(stappen_van(spoor))})
    else:
        _show(stappen_van(spoor))
    return 0


def _show(stappen: Iterable[Stap]) -> None:
    for number, step in enumerate(stappen, 1):
        print(f"{number:>3}. {step.zin}")


def _steps(stappen: Iterable[Stap]) -> list[dict[str, Any]]:
    return [
        {"soort": step.soort, "zin": step.zin, "bedrag_cent": step.bedrag_cent, "op": step.op, "gegevens": dict(step.gegevens)}
        for step in stappen
    ]


def _as_dict(row: HerkomstRegel) -> dict[str, Any]:
    return {"sleutel": row.sleutel, "telt_cent": row.telt_cent, **asdict(row)}


def _print(document: dict[str, Any]) -> None:
    print(json.dumps(document, default=str, ensure_ascii=False, indent=2))


_ACTIONS = {"saldo": _saldo, "prestatie": _prestatie, "verevening": _verevening}
"""What can be traced."""
