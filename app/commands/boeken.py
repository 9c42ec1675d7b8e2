"""`solidair ledger boek`: what a controller books without a bericht; doing it again books nothing, after a change the difference."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from app.adapters.wereld import Wereld
from app.commands.maand import read_month
from app.commands.settle_runs import actor_of
from app.commands.wereld import with_wereld
from app.domain.errors import OngeldigVerzoek
from app.ledger import Opdracht, OpdrachtSoort, Uitkomst, boek_opdracht

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


def run(arguments: argparse.Namespace) -> int:
    """Book, and print the numbers of the acts that booked something."""
    maand = read_month(arguments.maand)
    check_given(arguments)

    async def boek(wereld: Wereld) -> Uitkomst:
        actor = await actor_of(wereld, arguments.door)
        return await boek_opdracht(wereld, actor, _opdracht(arguments, maand), reden=arguments.reden)

    made = with_wereld(boek)
    booked, waits = ([str(stuk.nr) for stuk in made.stukken if stuk.wacht is wacht] for wacht in (False, True))
    if arguments.as_json:
        print(json.dumps({"handelingen": booked, "wachten": waits}))
    else:
        lines = [f"geboekt door handeling {nr}" for nr in booked]
        lines += [f"handeling {nr} wacht op een tweede persoon; er is nog niets geboekt" for nr in waits]
        print("\n".join(lines) or "alles stond er al; er is niets geboekt")
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


def _opdracht(given: argparse.Namespace, maand: date) -> Opdracht:
    """What is asked; `check_given` made sure that nothing is missing."""
    return Opdracht(
        soort=OpdrachtSoort(given.soort),
        maand=maand,
        gemeente=given.gemeente or "",
        domein=given.domein or "",
        zorgvorm=given.zorgvorm or "",
        maatstaf=given.maatstaf or "",
        bedrag_cent=None if given.bedrag is None else read_cents(given.bedrag),
    )
