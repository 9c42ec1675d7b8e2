"""`solidair region load|export|generate`."""

from __future__ import annotations

import argparse
import sys

from app.commands.maand import read_month
from app.domain.errors import RegioOngeldig


def run(arguments: argparse.Namespace) -> int:
    """Load is all or nothing: every error of the folder is printed with file, row and column, and nothing changes."""
    if arguments.actie == "generate":
        return _generate(arguments)
    from app.adapters.wereld import Wereld
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.judging import wek_wachtenden
    from app.parties import exporteer_regio, laad_regio

    async def load(wereld: Wereld) -> str:
        difference = await laad_regio(wereld.pool, arguments.map, nu=wereld.nu, actor=SYSTEEM)
        woken = await wek_wachtenden(wereld, alle=True)
        lines = [
            f"{name:<20} {counts['nieuw']:>7} nieuw {counts['vervallen']:>7} vervallen {counts['blijft']:>7} gelijk"
            for name, counts in difference.as_dict().items()
        ]
        return "\n".join([*lines, f"{woken} declaraties die op een contract wachtten worden opnieuw beoordeeld"])

    async def export(wereld: Wereld) -> str:
        await exporteer_regio(wereld.pool, arguments.map)
        return f"de regio staat in {arguments.map}"

    try:
        print(with_wereld(load if arguments.actie == "load" else export))
    except RegioOngeldig as error:
        for fout in error.fouten:
            place = " ".join(f"{name} {fout[name]}" for name in ("rij", "kolom", "waarde") if fout.get(name))
            print(f"{fout['bestand']}: {place}: {fout['melding']}", file=sys.stderr)
        print(f"solidair: {len(error.fouten)} fouten; er is niets geladen", file=sys.stderr)
        return 1
    return 0


def _generate(arguments: argparse.Namespace) -> int:
    from app.parties.generator import generate, write_region

    generated = generate(
        seed=arguments.seed,
        gemeenten=arguments.gemeenten,
        aanbieders=arguments.aanbieders,
        clienten=arguments.clienten,
        maanden=arguments.maanden,
        tot=read_month(arguments.tot),
    )
    write_region(generated, arguments.map)
    print(
        f"regio en {len(generated.berichten)} berichten staan in {arguments.map}, {len(generated.fouten)} opzettelijke fouten in fouten.csv"
    )
    return 0
