"""`solidair ledger boek`: what a controller books without a bericht; doing it again books nothing, after a change the difference."""

from __future__ import annotations

import argparse
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from app.adapters.wereld import Wereld
from app.commands.maand import read_month
from app.commands.settle_runs import actor_of
from app.commands.wereld import with_wereld
from app.domain.errors import OngeldigVerzoek
from app.domain.partij import Actor
from app.ledger import (
    boek_bijdragen,
    boek_lokaal,
    boek_organisatiekosten,
    boek_ouderbijdrage,
    boek_pgb_besteding,
    boek_pgb_voorschot,
    boek_termijnen,
    boek_voorschotten,
)

NODIG: Mapping[str, tuple[str, ...]] = {
    "termijnen": ("maatstaf",),
    "voorschotten": (),
    "bijdragen": (),
    "organisatiekosten": ("bedrag", "maatstaf"),
    "pgb_voorschot": ("gemeente", "bedrag"),
    "pgb_besteding": ("gemeente", "domein", "zorgvorm", "bedrag"),
    "ouderbijdrage": ("gemeente", "domein", "zorgvorm", "bedrag"),
    "lokaal": ("gemeente", "domein", "zorgvorm", "bedrag"),
}
"""Per kind of act what it needs besides the month and the reason."""
_VAN_ZORG: Mapping[str, Callable[..., Awaitable[int | None]]] = {
    "pgb_besteding": boek_pgb_besteding,
    "ouderbijdrage": boek_ouderbijdrage,
    "lokaal": boek_lokaal,
}


def run(arguments: argparse.Namespace) -> int:
    """Book, and print the numbers of the acts that booked something."""
    maand = read_month(arguments.maand)
    check_given(arguments)

    async def boek(wereld: Wereld) -> list[int]:
        return await _boek(wereld, await actor_of(wereld, arguments.door), maand, arguments)

    made = with_wereld(boek)
    if arguments.as_json:
        print(json.dumps({"handelingen": [str(nr) for nr in made]}))
    else:
        print("\n".join(f"geboekt door handeling {nr}" for nr in made) or "alles stond er al; er is niets geboekt")
    return 0


def check_given(arguments: argparse.Namespace) -> None:
    """Exactly what this kind of act takes.

    Raises:
        OngeldigVerzoek: Something is missing, or is not used.
    """
    needed = NODIG[arguments.soort]
    given = {name for name in ("gemeente", "domein", "zorgvorm", "bedrag", "maatstaf") if getattr(arguments, name) is not None}
    missing, unused = [name for name in needed if name not in given], sorted(given - set(needed))
    if missing:
        raise OngeldigVerzoek(f"{arguments.soort} heeft nog nodig: {', '.join(f'--{name}' for name in missing)}")
    if unused:
        raise OngeldigVerzoek(f"{arguments.soort} kent geen {', '.join(f'--{name}' for name in unused)}")


def read_cents(text: str) -> int:
    """An amount in euros, `1234,56` or `1234.56`, as cents.

    Raises:
        OngeldigVerzoek: It is no amount in whole cents.
    """
    try:
        cents = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation as error:
        raise OngeldigVerzoek(f"{text} is geen bedrag; schrijf bijvoorbeeld 1234,56") from error
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise OngeldigVerzoek(f"{text} is geen bedrag in hele centen; schrijf bijvoorbeeld 1234,56")
    return int(cents)


async def _boek(wereld: Wereld, actor: Actor, maand: date, given: argparse.Namespace) -> list[int]:
    reden, soort = given.reden, given.soort
    made: list[int | None]
    match soort:
        case "termijnen":
            made = [*await boek_termijnen(wereld, actor, maand, maatstaf=given.maatstaf, reden=reden)]
        case "voorschotten":
            made = [await boek_voorschotten(wereld, actor, maand, reden=reden)]
        case "bijdragen":
            made = [await boek_bijdragen(wereld, actor, maand, reden=reden)]
        case "organisatiekosten":
            cents = read_cents(given.bedrag)
            made = [await boek_organisatiekosten(wereld, actor, maand, bedrag_cent=cents, maatstaf=given.maatstaf, reden=reden)]
        case "pgb_voorschot":
            made = [await boek_pgb_voorschot(wereld, actor, given.gemeente, maand, bedrag_cent=read_cents(given.bedrag), reden=reden)]
        case _:
            place = {"domein": given.domein, "zorgvorm": given.zorgvorm, "bedrag_cent": read_cents(given.bedrag)}
            made = [await _VAN_ZORG[soort](wereld, actor, given.gemeente, maand, reden=reden, **place)]
    return [nr for nr in made if nr is not None]
