"""When each rule last fired, and how often: for the rulebook on its page and for `solidair rules --database`.

Beside the store the only file here that asks the database something; its query belongs to one question. An answer is bounded: of each rule
it looks at the newest `KEREN_MAX` berichten in which it fired, and then at which of those the actor may see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters import tables as t
from app.domain.partij import Actor
from app.mailbox.zichtbaar import zichtbaar

KEREN_MAX = 200
"""Berichten per rule that are looked at, newest first. By the index on (regel, bericht_nr) this is one short range for each rule; what costs
is looking each bericht up, about 10 µs: 25 rules that fire all the time take 50 ms among 10⁶ berichten."""
CODES_MAX = 400
"""Codes in one question; the standard has 303."""

b = t.bericht.c
o = t.bericht_oorzaak.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Afgegaan:
    """A rule that fired: `laatst` is when the newest bericht was received, `berichten` how many of the newest `KEREN_MAX` the actor sees."""

    laatst: datetime
    berichten: int


async def list_afgegaan(connection: AsyncConnection, actor: Actor, codes: Collection[str]) -> dict[str, Afgegaan]:
    """When these rules last fired in what the actor sees, by code; a code that is absent did not.

    Raises:
        ValueError: More than `CODES_MAX` codes.
    """
    if len(codes) > CODES_MAX:
        raise ValueError(f"at most {CODES_MAX} codes")
    if not codes:
        return {}
    asked = func.unnest(array(sorted(codes), type_=Text)).table_valued("code").render_derived()
    newest = (
        select(o.bericht_nr).distinct().where(o.regel == asked.c.code).order_by(o.bericht_nr.desc()).limit(KEREN_MAX).lateral("nieuwste")
    )
    query = (
        select(asked.c.code, func.max(b.ontvangen_op).label("laatst"), func.count().label("berichten"))
        .select_from(asked)
        .join(newest, true())
        .join(t.bericht, b.bericht_nr == newest.c.bericht_nr)
        .where(zichtbaar(actor))
        .group_by(asked.c.code)
    )
    return {row.code: Afgegaan(laatst=row.laatst, berichten=row.berichten) for row in await connection.execute(query)}
