"""Showing afrekeningen: the list of a year, and one with its amounts, causes, versions and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.adapters.crypto import Kluis
from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.domain.partij import Actor, aanbieder, code_van, gemeente
from app.mailbox import Bladzijde, make_cursor, read_cursor
from app.mailbox.bladzijde import page_size
from app.settlement import store_afrekening as rows
from app.settlement.afrekening_waarden import Boekregel, Maat, Oorzaakregel
from app.settlement.afrekening_wie import deel_te_zien, gemeenten_te_zien, must_see
from app.settlement.betalingen_wie import agbs_van
from app.settlement.service_afrekening import zichtbaar
from app.settlement.store_afrekening import Afrekening, Codes, Stem, Versie

PSEUDONIEM_TEKENS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AfrekeningInBeeld:
    """An afrekening as an actor sees it.

    Attributes:
        namen: Names of the gemeenten by code.
        gemeenten: Amounts per gemeente of the last version.
        vorige: Those of the version before; without one those of the afrekening before; empty when there is neither.
        oorzaken: Per gemeente, the largest first.
        boekplan: What fixing it books, or booked.
        stemmen: What was said about each version, newest first.
        wacht_op: Parties that have not agreed with the last version.
        terug_cent: Per gemeente what came back after it was fixed.
    """

    afrekening: Afrekening
    namen: Mapping[str, str]
    gemeenten: Mapping[str, Mapping[Maat, int]]
    vorige: Mapping[str, Mapping[Maat, int]]
    oorzaken: Sequence[Oorzaakregel]
    boekplan: Sequence[Boekregel]
    versies: Sequence[Versie]
    stemmen: Sequence[Stem]
    wacht_op: Sequence[str]
    terug_cent: Mapping[str, int]

    def totaal(self, maat: Maat) -> int:
        """The sum of the gemeenten."""
        return sum(maten.get(maat, 0) for maten in self.gemeenten.values())

    def verschil(self, code: str, maat: Maat) -> int:
        """What an amount of a gemeente changed since the one before."""
        return self.gemeenten.get(code, {}).get(maat, 0) - self.vorige.get(code, {}).get(maat, 0)


class Clientbedragen(NamedTuple):
    """The amounts of a client in a gemeente, under a pseudonym."""

    gemeente: str
    client: str
    maten: Mapping[Maat, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staat:
    """What the statement for the accountant holds: the afrekening, its clients, and what the books held per account and soort."""

    beeld: AfrekeningInBeeld
    clienten: Sequence[Clientbedragen]
    geboekt: Sequence[Boekregel]


def pseudoniem(kluis: Kluis, client_id: int) -> str:
    """The name of a client in statements: the one that reports give it (`casus:`), the same in every statement of this installation."""
    digits = kluis.pseudoniem(f"casus:{client_id}").hex()[:PSEUDONIEM_TEKENS]
    return "-".join(digits[start : start + 4] for start in range(0, PSEUDONIEM_TEKENS, 4))


async def lijst_afrekeningen(
    wereld: Wereld, actor: Actor, *, jaar: int | None = None, cursor: str | None = None, limit: int = 50
) -> Bladzijde[Afrekening]:
    """Those that the actor has a part in, newest first; amounts are of the gemeenten that the actor sees."""
    must_see(actor)
    size = page_size(limit)
    voor = None if cursor is None else read_cursor(cursor)
    async with wereld.pool.acquire() as connection:
        found = await rows.fetch_afrekeningen(
            connection, gemeenten=gemeenten_te_zien(actor), agbs=agbs_van(actor), jaar=jaar, voor=voor, limit=size + 1
        )
    volgende = make_cursor(found[size - 1].afrekening_nr) if len(found) > size else None
    return Bladzijde(items=tuple(found[:size]), volgende=volgende)


async def toon_afrekening(wereld: Wereld, actor: Actor, nr: int) -> AfrekeningInBeeld:
    """One, as far as the actor sees it.

    Raises:
        NietGevonden: There is none, or not for this actor.
    """
    async with wereld.pool.acquire() as connection:
        return await _beeld(connection, actor, nr)


async def toon_staat(wereld: Wereld, actor: Actor, nr: int) -> Staat:
    """The statement of one, as far as the actor sees it.

    Raises:
        NietGevonden: There is none, or not for this actor.
    """
    async with wereld.pool.acquire() as connection:
        beeld = await _beeld(connection, actor, nr)
        which = nr, beeld.afrekening.versie, deel_te_zien(actor, beeld.afrekening)
        return Staat(
            beeld=beeld,
            clienten=[
                Clientbedragen(row.gemeente, pseudoniem(wereld.kluis, row.client_id), row.maten)
                for row in await rows.fetch_clienten(connection, *which)
            ],
            geboekt=await rows.fetch_boekregels(connection, *which, groep="geboekt"),
        )


async def _beeld(connection: Connection, actor: Actor, nr: int) -> AfrekeningInBeeld:
    found = await zichtbaar(connection, actor, nr)
    part = deel_te_zien(actor, found)
    gemeenten = await rows.fetch_maten(connection, nr, found.versie, part)
    stemmen = await rows.fetch_stemmen(connection, nr)
    parties = {aanbieder(found.agb), *map(gemeente, gemeenten)}
    agreed = {each.partij for each in stemmen if each.versie == found.versie and each.is_akkoord}
    back = await rows.terugontvangen(connection, nr)
    return AfrekeningInBeeld(
        afrekening=found,
        namen=await rows.namen_van(connection, list(gemeenten)),
        gemeenten=gemeenten,
        vorige=await _vorige(connection, found, part),
        oorzaken=await rows.fetch_oorzaken(connection, nr, found.versie, part),
        boekplan=await rows.fetch_boekregels(connection, nr, found.versie, part),
        versies=await rows.fetch_versies(connection, nr),
        stemmen=[each for each in stemmen if each.partij == aanbieder(found.agb) or part is None or code_van(each.partij) in part],
        wacht_op=sorted(parties - agreed) if found.goedgekeurd_door is None else (),
        terug_cent={code: sum(parts.values()) for code, parts in back.items() if code in gemeenten},
    )


async def _vorige(connection: Connection, found: Afrekening, part: Codes) -> Mapping[str, Mapping[Maat, int]]:
    if found.versie > 1:
        return await rows.fetch_maten(connection, found.afrekening_nr, found.versie - 1, part)
    if found.vorige_nr is None:
        return {}
    return await rows.fetch_maten(connection, found.vorige_nr, (await rows.fetch_versies(connection, found.vorige_nr))[0].versie, part)
