"""`solidair region check|diff|load|export|generate`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands.maand import read_month
from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.adapters.wereld import Wereld
    from app.parties import Keuring, RegioVerschil, Wijziging
    from app.parties.folder import Voortgang
    from app.parties.region import Rij

EXAMPLES_MAX = 5
"""So many rows of each kind of change are shown for each file; the counts are always whole."""
VOORTGANG_VAN = 20_000
"""Below so many rows there is nothing to wait for, and no bar is shown."""


def run(arguments: argparse.Namespace) -> int:
    """Load is all or nothing: every fault is printed with file, row and column, and nothing changes."""
    if arguments.actie == "generate":
        return _generate(arguments)
    if arguments.actie == "export":
        return _export(arguments.map)
    keuring = _keur(arguments.map)
    if keuring.fouten or arguments.actie == "check":
        return _report(keuring, arguments)
    return _diff(keuring, arguments) if arguments.actie == "diff" else _load(keuring, arguments)


def _keur(bron: Path) -> Keuring:
    from app.parties.keuren import keur_regio

    try:
        with progress("lezen") as voortgang:
            return keur_regio(bron, voortgang)
    except OSError as error:
        raise OngeldigVerzoek(f"{bron} kan niet worden gelezen: {error.strerror or error}") from error


@contextmanager
def progress(stap: str, totaal: int | None = None) -> Iterator[Voortgang]:
    """A bar on a terminal that counts rows."""
    from tqdm import tqdm  # Only here: most commands need no bar.

    # On a terminal only, and not for what is done before one could read it.
    quiet = True if totaal is not None and totaal < VOORTGANG_VAN else None
    with tqdm(total=totaal, unit="rij", desc=stap, file=sys.stderr, disable=quiet, delay=0.5) as bar:

        def voortgang(bestand: str, rijen: int) -> None:
            bar.set_postfix_str(bestand, refresh=False)
            bar.update(rijen)

        yield voortgang


def _report(keuring: Keuring, arguments: argparse.Namespace) -> int:
    """All that is wrong and all that stands out; exit code 1 when there is a fault."""
    fouten = [fout.as_dict() for fout in keuring.fouten]
    waarschuwingen = [fout.as_dict() for fout in keuring.waarschuwingen]
    if arguments.as_json:
        print(json.dumps({"geldig": not fouten, "fouten": fouten, "waarschuwingen": waarschuwingen}, ensure_ascii=False))
        return 1 if fouten else 0
    _print_places("", fouten)
    _print_places("waarschuwing: ", waarschuwingen)
    if fouten:
        print(f"solidair: {_aantal(len(fouten), 'fout', 'fouten')}; er is niets geladen", file=sys.stderr)
        return 1
    print(f"{arguments.map}: geen fouten, {_aantal(len(waarschuwingen), 'waarschuwing', 'waarschuwingen')}")
    return 0


def _print_places(soort: str, fouten: Sequence[dict[str, Any]]) -> None:
    for fout in fouten:
        place = " ".join(f"{name} {fout[name]}" for name in ("rij", "kolom", "waarde") if fout.get(name))
        print(f"{soort}{fout['bestand']}: {f'{place}: ' if place else ''}{fout['melding']}", file=sys.stderr)


def _aantal(aantal: int, een: str, meer: str) -> str:
    return f"{aantal} {een if aantal == 1 else meer}"


def _diff(keuring: Keuring, arguments: argparse.Namespace) -> int:
    """What loading would change; nothing changes."""
    from app.commands.wereld import with_wereld
    from app.parties import vergelijk_regio

    async def compare(wereld: Wereld) -> RegioVerschil:
        return await vergelijk_regio(wereld.pool, keuring.region, nu=wereld.nu)

    return _show(with_wereld(compare), keuring, arguments)


def _show(changes: RegioVerschil, keuring: Keuring, arguments: argparse.Namespace) -> int:
    if arguments.as_json:
        waarschuwingen = [fout.as_dict() for fout in keuring.waarschuwingen]
        print(json.dumps({"verschil": changes.as_dict(), "waarschuwingen": waarschuwingen}, ensure_ascii=False))
    else:
        print("\n".join(describe(changes, arguments.voorbeelden)))
        _print_places("waarschuwing: ", [fout.as_dict() for fout in keuring.waarschuwingen])
    return 0


def _load(keuring: Keuring, arguments: argparse.Namespace) -> int:
    """Show what changes, ask, and apply exactly that; a first load and one that changes nothing are not asked about."""
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.judging import wek_wachtenden
    from app.ledger import werk_verplichtingen_bij
    from app.parties import bewaar_regio, vergelijk_regio

    async def load(wereld: Wereld) -> int:
        changes = await vergelijk_regio(wereld.pool, keuring.region, nu=wereld.nu)
        _show(changes, keuring, arguments)
        if touches_what_counts(changes) and not arguments.ja and not _confirmed():
            print("solidair: er is niets geladen", file=sys.stderr)
            return 1
        totaal = sum(len(each.erbij) + len(each.vervallen_ids) for each in changes.per_bestand.values())
        with progress("opslaan", totaal) as voortgang:
            await bewaar_regio(
                wereld.pool, keuring.region, nu=wereld.nu, actor=SYSTEEM, verwacht=changes, is_gekeurd=True, voortgang=voortgang
            )
        woken = await wek_wachtenden(wereld, alle=True)
        changed = await werk_verplichtingen_bij(wereld)
        if not arguments.as_json:
            print(f"de regio is geladen; {woken} declaraties die op een contract wachtten worden opnieuw beoordeeld")
            if changed:
                print(f"de verplichtingen van {_aantal(len(changed), 'aanbieder', 'aanbieders')} zijn bijgewerkt")
        return 0

    return with_wereld(load)


def touches_what_counts(changes: RegioVerschil) -> bool:
    """Whether something counts no more as it did, or rows come beside rows that count already."""
    return any(each.vervallen_ids or (each.nieuw and each.blijft) for each in changes.per_bestand.values())


def _confirmed() -> bool:
    """Whether the person at the terminal says yes.

    Raises:
        OngeldigVerzoek: There is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise OngeldigVerzoek("dit wijzigt de geladen regio; bekijk het met `region diff` en geef --ja om het te laden")
    print("Doorgaan? [j/N] ", end="", flush=True, file=sys.stderr)
    return sys.stdin.readline().strip().lower() in ("j", "ja")


def describe(changes: RegioVerschil, voorbeelden: int = EXAMPLES_MAX) -> Iterator[str]:
    """The difference for people: counts for each file that changes, and the first rows of each kind of change."""
    if changes.is_leeg:
        yield "er verandert niets"
        return
    yield f"{'bestand':<20} {'nieuw':>9} {'gewijzigd':>9} {'beëindigd':>9} {'vervallen':>9} {'gelijk':>9}"
    for bestand, change in changes.per_bestand.items():
        if not change.is_leeg:
            counts = change.as_dict()
            yield f"{bestand:<20} " + " ".join(f"{counts[name]:>9}" for name in counts)
            yield from (f"    {line}" for line in _examples(change, voorbeelden))


def _examples(change: Wijziging, voorbeelden: int) -> Iterator[str]:
    lines = {
        "nieuw": [_as_text(rij) for rij in change.nieuw[:voorbeelden]],
        "gewijzigd": [f"{_key(oud)}: {_changed(oud, rij)}" for oud, rij in change.gewijzigd[:voorbeelden]],
        "beëindigd": [f"{_key(oud)}: blijft {_days(stukken)}" for oud, stukken in change.beeindigd[:voorbeelden]],
        "vervallen": [_as_text(rij) for rij in change.vervallen[:voorbeelden]],
    }
    totals = dict(zip(lines, (change.nieuw, change.gewijzigd, change.beeindigd, change.vervallen), strict=True))
    for name, shown in lines.items():
        yield from (f"{name}: {line}" for line in shown)
        if shown and len(totals[name]) > len(shown):
            yield f"{name}: … en nog {len(totals[name]) - len(shown)}"


def _cells(rij: Rij) -> dict[str, str]:
    """The columns of a row as they stand in a file."""
    from app.parties.cellen import KOLOMMEN

    return {kolom: how.write(getattr(rij, kolom)) for kolom, how in KOLOMMEN[type(rij)].items()}


def _as_text(rij: Rij) -> str:
    return ", ".join(cell for cell in _cells(rij).values() if cell)


def _key(rij: Rij) -> str:
    cells = _cells(rij)
    return " ".join(cells[kolom] for kolom in rij.sleutel if cells[kolom])


def _changed(oud: Rij, nieuw: Rij) -> str:
    before, after = _cells(oud), _cells(nieuw)
    return ", ".join(f"{kolom} {before[kolom] or 'leeg'} → {after[kolom] or 'leeg'}" for kolom in before if before[kolom] != after[kolom])


def _days(stukken: Sequence[Any]) -> str:
    """The days that stay of a row that is gone."""
    if not hasattr(stukken[0], "geldig_van"):
        return f"tot en met {stukken[0].tot}"
    return " en ".join(f"{stuk.geldig_van} tot en met {stuk.geldig_tot}" for stuk in stukken)


def _export(doel: Path) -> int:
    from app.commands.wereld import with_wereld
    from app.parties import exporteer_regio

    async def export(wereld: Wereld) -> None:
        await exporteer_regio(wereld.pool, doel)

    with_wereld(export)
    print(f"de regio staat in {doel}")
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
