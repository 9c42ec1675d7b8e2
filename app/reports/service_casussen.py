"""What controllers ask about the most expensive cases: one read of the database at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from app.adapters.crypto import Kluis
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.reports import store, store_casussen
from app.reports.casussen import AANTAL_MAX, CasussenOverzicht, GemeenteCasussen
from app.reports.lezen import lezen
from app.solidarity import topcasussen
from app.solidarity.topcasussen import AANTAL, Casus, TopCasus, TopVerloop

PSEUDONIEM_TEKENS = 12
"""Hexadecimal digits: among ten thousand clients two alike once in five million regions."""


async def top_casussen(
    wereld: Wereld, actor: Actor, jaar: int | None = None, gemeente: str | None = None, aantal: int = AANTAL
) -> CasussenOverzicht:
    """The most expensive cases of a year of care per gemeente, each with whether it was among them the year before.

    Args:
        wereld, actor: The world, and who asks.
        jaar: Year of care; without it the last that has cost.
        gemeente: Only this one; None is every gemeente of the actor that has clients in one of the two years.
        aantal: How many cases a top has.
    Raises:
        NietToegestaan: The actor is no controller: what one client costs is not for every reader of totals.
        NietGevonden: The gemeente is not in the region, or not the actor's.
        OngeldigVerzoek: `aantal` is not from 1 to `AANTAL_MAX`.
    """
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller ziet wat afzonderlijke cliënten kosten.")
    if not 1 <= aantal <= AANTAL_MAX:
        raise OngeldigVerzoek(f"Vraag 1 tot en met {AANTAL_MAX} casussen.")
    async with lezen(wereld) as connection:
        namen = await store.load_gemeentenamen(connection)
        if gemeente is not None and (gemeente not in namen or (actor.gemeenten is not None and gemeente not in actor.gemeenten)):
            raise NietGevonden("Deze gemeente bestaat niet in de regio, of u werkt er niet voor.")
        jaren = await store_casussen.list_zorgjaren(connection, actor)
        year = jaar if jaar is not None else max(jaren, default=wereld.vandaag.year)
        rows = await store_casussen.load_top(connection, actor, year, gemeente, aantal)
        kosten = await store_casussen.load_totalen(connection, actor, year, gemeente)
    casussen = [
        Casus(gemeente=code, jaar=zorgjaar, client=pseudoniem(wereld.kluis, client), bedrag_cent=cent)
        for code, zorgjaar, client, cent in rows
    ]
    top = topcasussen.top_casussen(casussen, aantal)
    return CasussenOverzicht(
        stand_van=wereld.nu,
        jaar=year,
        jaren=tuple(sorted({*jaren, year}, reverse=True)),
        aantal=aantal,
        gemeenten=_per_gemeente(year, top, namen, kosten),
    )


def pseudoniem(kluis: Kluis, client_id: int) -> str:
    """The name of a client in reports: the same in every report of this installation, another in every other."""
    digits = kluis.pseudoniem(f"casus:{client_id}").hex()[:PSEUDONIEM_TEKENS]
    return "-".join(digits[start : start + 4] for start in range(0, PSEUDONIEM_TEKENS, 4))


def _per_gemeente(
    jaar: int, top: Sequence[TopCasus], namen: Mapping[str, str], kosten: Mapping[tuple[str, int], int]
) -> tuple[GemeenteCasussen, ...]:
    verloop: dict[str, TopVerloop] = {each.gemeente: each for each in topcasussen.top_verloop(top) if each.jaar == jaar}
    this_year = groupby((casus for casus in top if casus.jaar == jaar), key=lambda casus: casus.gemeente)
    found = [
        GemeenteCasussen(
            gemeente=code,
            naam=namen.get(code, code),
            top=tuple(cases),
            verloop=verloop.get(code),
            kosten_cent=kosten.get((code, jaar), 0),
            vorige_kosten_cent=kosten.get((code, jaar - 1), 0),
        )
        for code, cases in this_year
    ]
    return tuple(sorted(found, key=lambda each: (each.naam, each.gemeente)))
