"""`solidair settle` with a stored run: show it, make it again, fix, book or withdraw it, and why it differs from the one before."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from app.domain.bedrag import euro
from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from app.adapters.wereld import Wereld
    from app.domain.partij import Actor
    from app.settlement import RunVerschil
    from app.solidarity.service import Herhaling, OpgeslagenRun, RunKop

LIJST_MAX = 200


def asked(arguments: argparse.Namespace) -> bool:
    """Whether the arguments are about a stored run."""
    return any(getattr(arguments, name) is not None for name in ("run_nr", "vaststellen", "boeken", "intrekken", "verschil"))


def run(arguments: argparse.Namespace) -> int:
    """One action on one run; exit 1 when a run made again is not the same."""
    from app.commands.wereld import with_wereld

    chosen = [name for name in ("run_nr", "vaststellen", "boeken", "intrekken", "verschil") if getattr(arguments, name) is not None]
    if len(chosen) > 1:
        raise OngeldigVerzoek("kies één van --run, --vaststellen, --boeken, --intrekken en --verschil")
    result = with_wereld(lambda wereld: _act(wereld, arguments, chosen[0]))
    data, text = result
    print(json.dumps(data, ensure_ascii=False, indent=2) if arguments.as_json else text)
    return 1 if data.get("gelijk") is False else 0


def show_list(arguments: argparse.Namespace) -> int:
    """`solidair settle runs`: what was computed, newest first."""
    from app.commands.wereld import with_wereld
    from app.domain.partij import SYSTEEM
    from app.solidarity.service import lijst_runs

    found = with_wereld(lambda wereld: lijst_runs(wereld, SYSTEEM, jaar=arguments.jaar, limit=LIJST_MAX))
    if arguments.as_json:
        print(json.dumps({"runs": [_kop_data(kop) for kop in found]}, ensure_ascii=False, indent=2))
    else:
        lines = [f"{'nr':>8}  {'jaar':>4}  {'status':<12}{'gemaakt':<18}{'door':<16}naam"]
        lines += [
            f"{k.run_nr:>8}  {k.jaar:>4}  {k.status:<12}{k.gemaakt_op:%Y-%m-%d %H:%M}  {k.gemaakt_door[:14]:<16}{k.naam}" for k in found
        ]
        print("\n".join(lines))
    return 0


async def _act(wereld: Wereld, arguments: argparse.Namespace, name: str) -> tuple[dict[str, Any], str]:
    from app.settlement import boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil
    from app.solidarity.service import herhaal_run, read_run

    actor = await actor_of(wereld, arguments.door)
    nr: int = getattr(arguments, name)
    if name == "run_nr" and arguments.herhaal:
        again = await herhaal_run(wereld, actor, nr)
        return _herhaling_data(again), _herhaling_text(again)
    if name == "verschil":
        found = await verklaar_verschil(wereld, actor, nr)
        return _verschil_data(found), _verschil_text(found)
    if name == "vaststellen":
        await stel_verevening_vast(wereld, actor, nr)
    elif name == "intrekken":
        await trek_verevening_in(wereld, actor, nr)
    elif name == "boeken":
        await boek_run(wereld, actor, nr, reden=arguments.reden or f"verevening {nr}")
    stored = await read_run(wereld, actor, nr)
    return _run_data(stored), _run_text(stored)


async def actor_of(wereld: Wereld, door: str | None) -> Actor:
    """In whose name a command works: the account that is named, else the product itself.

    Raises:
        NietGevonden: There is no such account.
    """
    from app.domain.partij import SYSTEEM
    from app.identity import actor_van_account

    return SYSTEEM if door is None else await actor_van_account(wereld, door)


def _kop_data(kop: RunKop) -> dict[str, Any]:
    names = ("run_nr", "jaar", "naam", "status", "gemaakt_door", "vastgesteld_door", "geboekt_door", "geboekt_nr", "ingetrokken_door")
    hashes = ("overeenkomst_sha256", "invoer_sha256", "uitkomst_sha256")
    return {
        **{name: getattr(kop, name) for name in names},
        "gemaakt_op": kop.gemaakt_op.isoformat(timespec="seconds"),
        "reserve_cent": kop.reserve_cent,
        **{name: getattr(kop, name) for name in hashes},
    }


def _run_data(run: OpgeslagenRun) -> dict[str, Any]:
    return {**_kop_data(run.kop), "te_boeken": dict(run.te_boeken), "regels": list(run.regels), "bestanden": dict(run.bestanden)}


def _run_text(run: OpgeslagenRun) -> str:
    kop = run.kop
    lines = [f"verevening {kop.run_nr}: {kop.naam}, zorgjaar {kop.jaar}, {kop.status}, berekend door {kop.gemaakt_door}"]
    lines += [f"{code:<10}{euro(cents):>20}" for code, cents in run.te_boeken.items()]
    lines.append(f"{'som':<10}{euro(sum(run.te_boeken.values())):>20}{' (naar de reserve)' if kop.reserve_cent else ''}")
    return "\n".join(lines)


def _herhaling_data(again: Herhaling) -> dict[str, Any]:
    names = ("run_nr", "gelijk", "opgeslagen_sha256", "herhaald_sha256", "code_toen", "code_nu")
    return {name: getattr(again, name) for name in names}


def _herhaling_text(again: Herhaling) -> str:
    verdict = "gelijk, byte voor byte" if again.gelijk else "NIET gelijk"
    code = "dezelfde rekenkern" if again.code_toen == again.code_nu else f"rekenkern toen {again.code_toen}, nu {again.code_nu}"
    return f"verevening {again.run_nr}: {verdict}; {code}\nopgeslagen {again.opgeslagen_sha256}\nherhaald   {again.herhaald_sha256}"


def _verschil_data(found: RunVerschil) -> dict[str, Any]:
    return {
        "run_nr": found.run.run_nr,
        "vorige": None if found.vorige is None else found.vorige.run_nr,
        "oud": dict(found.verschil.oud),
        "nieuw": dict(found.verschil.nieuw),
        "verschil": found.verschil.per_gemeente,
        "redenen": [
            {"wat": each.wat, "toelichting": list(each.toelichting), "per_gemeente": dict(each.per_gemeente)}
            for each in found.verschil.redenen
        ],
    }


def _verschil_text(found: RunVerschil) -> str:
    if found.vorige is None:
        return f"verevening {found.run.run_nr} is de eerste van {found.run.jaar}; er is niets geboekt om mee te vergelijken"
    diff = found.verschil
    lines = [f"verevening {found.run.run_nr} tegenover de geboekte {found.vorige.run_nr}", ""]
    lines.append(f"{'gemeente':<10}{'oud':>20}{'nieuw':>20}{'verschil':>20}")
    lines += [
        f"{code:<10}{euro(diff.oud.get(code, 0)):>20}{euro(diff.nieuw.get(code, 0)):>20}{euro(cents):>20}"
        for code, cents in diff.per_gemeente.items()
    ]
    for reden in diff.redenen:
        lines += ["", reden.wat, *(f"  {line}" for line in reden.toelichting)]
        lines += [f"  {code:<10}{euro(cents):>20}" for code, cents in reden.per_gemeente.items()]
    return "\n".join(lines)
