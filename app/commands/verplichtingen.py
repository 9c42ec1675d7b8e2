"""`solidair ledger verplichtingen`: bring commitments to the region of now, and release what is left of old months of care."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from app.commands.wereld import with_wereld
from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import SYSTEEM
from app.domain.periode import maand_van

if TYPE_CHECKING:
    from app.adapters.wereld import Wereld

MAANDEN_MAX = 120
REDEN = "met de opdracht solidair ledger verplichtingen"


def run(arguments: argparse.Namespace) -> int:
    """Without `--vrijval` every lane is worked out again; with it what is older is released, or only shown with `--toon`."""
    if arguments.vrijval is None:
        if arguments.toon:
            raise OngeldigVerzoek("--toon hoort bij --vrijval: het laat zien wat er zou vrijvallen")
        return _print(with_wereld(_herreken), arguments)
    if not 1 <= arguments.vrijval <= MAANDEN_MAX:
        raise OngeldigVerzoek(f"--vrijval is een aantal maanden van 1 tot en met {MAANDEN_MAX}")

    async def release(wereld: Wereld) -> dict[str, Any]:
        return await _vrijval(wereld, maanden_terug(wereld.vandaag, arguments.vrijval), alleen_tonen=arguments.toon)

    return _print(with_wereld(release), arguments)


def maanden_terug(vandaag: date, aantal: int) -> date:
    """The first day of the month that lies so many months before this one."""
    months = vandaag.year * 12 + vandaag.month - 1 - aantal
    return maand_van(date(months // 12, months % 12 + 1, 1))


async def _herreken(wereld: Wereld) -> dict[str, Any]:
    from app.ledger import herreken_verplichtingen

    made = await herreken_verplichtingen(wereld, SYSTEEM, reden=f"Herrekend {REDEN}", tot_en_met=date(wereld.vandaag.year, 12, 31))
    return {"handelingen": made}


async def _vrijval(wereld: Wereld, voor: date, *, alleen_tonen: bool) -> dict[str, Any]:
    from app.ledger import laat_vrijvallen, toon_vrijval

    shown = await toon_vrijval(wereld, SYSTEEM, voor=voor)
    made = [] if alleen_tonen else await laat_vrijvallen(wereld, SYSTEEM, voor=voor, reden=f"Vrijgevallen {REDEN}")
    regels = [
        {"domein": each.domein, "agb": each.agb, "gemeente": each.gemeente, "van": f"{each.eerste_maand:%Y-%m}",
         "tot_en_met": f"{each.laatste_maand:%Y-%m}", "bedrag_cent": each.bedrag_cent}
        for each in shown
    ]  # fmt: skip
    return {"voor": f"{voor:%Y-%m}", "getoond": alleen_tonen, "vrijval": regels, "handelingen": made}


def _print(done: dict[str, Any], arguments: argparse.Namespace) -> int:
    if arguments.as_json:
        print(json.dumps(done, ensure_ascii=False))
        return 0
    for each in done.get("vrijval", ()):
        months = f"{each['van']} t/m {each['tot_en_met']}"
        print(f"{each['gemeente']}  {each['agb']}  {each['domein']:4}  {months}  {euro(each['bedrag_cent']):>16}")
    if "vrijval" in done:
        total = euro(sum(each["bedrag_cent"] for each in done["vrijval"]))
        print(f"zorgmaanden voor {done['voor']}: {total} {'zou vrijvallen' if done['getoond'] else 'is vrijgevallen'}")
    else:
        changed = len(done["handelingen"])
        print(f"verplichtingen herrekend; {changed} {'aanbieder' if changed == 1 else 'aanbieders'} gewijzigd")
    return 0
