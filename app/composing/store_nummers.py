"""Numbers that are given here in the name of a gemeente or an aanbieder: of toewijzingen (TR332) and of berichten (TR056).

A gemeente may have software that gives numbers too, so a series goes on after the highest number that the register knows. A number that is given is
not given again, whether or not it is used; what another program takes at the same moment is found by the check before sending.
"""

from __future__ import annotations

from app.adapters.database import Connection
from app.domain.errors import Conflict

TOEWIJZING_NUMMER_MAX = 999_999_999
EIGEN_REEKS_MAX = 900_000_000
"""Higher numbers of other software are not followed: some begin at the top, and our series would be full at once."""
IDENTIFICATIE_MAX = 10**11 - 1

_TOEWIJZING = """
insert into nummerreeks as n (soort, domein, gemeente, laatste)
select 'toewijzing', $1, $2, coalesce(max(toewijzing_nummer), 0) + 1 from toewijzing_versie
 where domein = $1 and gemeente = $2 and toewijzing_nummer < $3
on conflict (soort, domein, gemeente) do update set laatste = greatest(n.laatste + 1, excluded.laatste)
returning laatste
"""
_IDENTIFICATIE = """
insert into nummerreeks as n (soort, domein, gemeente, laatste) values ('identificatie', '', $1, 1)
on conflict (soort, domein, gemeente) do update set laatste = n.laatste + 1
returning laatste
"""

_IDENTIFICATIE_AANBIEDER = """
insert into nummerreeks_aanbieder as n (agb, laatste)
select $1::text, coalesce(max(substr(identificatie, 2)::bigint), 0) + 1 from bericht
 where agb = $1 and van = 'aanbieder:' || $1 and identificatie ~ '^A[0-8][0-9]{10}$'
on conflict (agb) do update set laatste = greatest(n.laatste + 1, excluded.laatste)
returning laatste
"""


async def next_toewijzing_nummer(connection: Connection, domein: str, gemeente: str) -> int:
    """A fresh ToewijzingNummer of a gemeente in a domein; the row of the series is locked until the transaction ends.

    Raises:
        Conflict: The series is full.
    """
    nummer: int = await connection.fetchval(_TOEWIJZING, domein, gemeente, EIGEN_REEKS_MAX)
    if nummer > TOEWIJZING_NUMMER_MAX:
        raise Conflict(f"De toewijzingnummers van gemeente {gemeente} zijn op; vraag de beheerder om een nieuwe reeks.")
    return nummer


async def next_identificatie(connection: Connection, gemeente: str) -> str:
    """A fresh Identificatie of a bericht of a gemeente, 12 characters: `T` and eleven digits.

    Raises:
        Conflict: The series is full.
    """
    nummer: int = await connection.fetchval(_IDENTIFICATIE, gemeente)
    if nummer > IDENTIFICATIE_MAX:
        raise Conflict(f"De berichtnummers van gemeente {gemeente} zijn op; vraag de beheerder om een nieuwe reeks.")
    return f"T{nummer:011d}"


async def next_identificatie_aanbieder(connection: Connection, agb: str) -> str:
    """A fresh Identificatie of a bericht of an aanbieder, 12 characters: `A` and eleven digits.

    The series goes on after what the aanbieder's own software sent in the same form; other forms cannot be equal.

    Raises:
        Conflict: The series is full.
    """
    nummer: int = await connection.fetchval(_IDENTIFICATIE_AANBIEDER, agb)
    if nummer > IDENTIFICATIE_MAX:
        raise Conflict(f"De berichtnummers van aanbieder {agb} zijn op; vraag de beheerder om een nieuwe reeks.")
    return f"A{nummer:011d}"
