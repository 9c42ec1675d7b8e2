"""Which berichten are about a toewijzing or a client, by what the register made of them.

A bericht that was rejected as a whole is not in the register, except a declaratie, whose rejected lines are: so it is not found here. Granted
lines are found by their toewijzing, rejected ones by indexes of their own, so that looking costs nothing where lines are granted.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CompoundSelect, Select, not_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters import tables as t

DOMEINEN = ("ijw", "iwmo")

w = t.toewijzing_versie.c
p = t.prestatie.c
v = t.levering.c


def berichten_van_toewijzing(nummer: int) -> CompoundSelect[Any]:
    """Numbers of the berichten about toewijzingen with this number; each gemeente has its own numbers."""
    # The key begins with domein and gemeente: naming them all makes of each a lookup.
    of_nummer = (w.domein.in_(DOMEINEN), w.gemeente.in_(select(t.gemeente.c.code)), w.toewijzing_nummer == nummer)
    rejected = select(p.bericht_nr).where(p.toewijzing_nummer == nummer, not_(p.toegekend))
    return union(select(w.bericht_nr).where(*of_nummer), _starts_and_stops(*of_nummer), _granted(*of_nummer), rejected)


def berichten_van_client(client_id: int) -> CompoundSelect[Any]:
    """Numbers of the berichten about a client."""
    z = t.verzoek.c
    mine = w.client_id == client_id
    return union(
        select(w.bericht_nr).where(mine),
        select(v.bericht_nr).where(v.client_id == client_id),
        select(z.bericht_nr).where(z.client_id == client_id),
        _granted(mine),
        select(p.bericht_nr).where(p.client_id == client_id, not_(p.toegekend)),
    )


def _starts_and_stops(*conditions: Any) -> Select[Any]:
    same = (v.client_id == w.client_id, v.domein == w.domein, v.gemeente == w.gemeente, v.toewijzing_nummer == w.toewijzing_nummer)
    return select(v.bericht_nr).where(*conditions, *same)


def _granted(*conditions: Any) -> Select[Any]:
    same = (p.domein == w.domein, p.gemeente == w.gemeente, p.toewijzing_nummer == w.toewijzing_nummer, p.toegekend)
    return select(p.bericht_nr).where(*conditions, *same)


async def find_client(connection: AsyncConnection, pseudoniem: bytes) -> int | None:
    """The client with this pseudonym."""
    found: int | None = await connection.scalar(select(t.client.c.client_id).where(t.client.c.bsn_hmac == pseudoniem))
    return found
