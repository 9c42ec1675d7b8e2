"""Which load and year the commitments must follow, whether they do, and the lanes to be gone through."""

from __future__ import annotations

from typing import NamedTuple

from app.adapters.database import Connection

BIJGEWERKT = "verplichtingen_bijgewerkt"
BEURT = "solidair verplichtingen bijwerken"
ZONDER_GEVOLG = (
    "maatstaven.csv", "voorschotten.csv", "bijdragen.csv", "budgetten.csv", "partijen.csv", "bankrekeningen.csv", "bekostigingen.csv",
    "plafonds.csv",
)  # fmt: skip
"""Files of the region that say nothing about what a toewijzing is expected to cost; a load of these alone changes no commitment."""


class Doel(NamedTuple):
    """What commitments should follow: the last load that can change them (0: none yet), and the year up to whose end open ones commit."""

    lading_nr: int
    jaar: int

    @property
    def sleutel(self) -> str:
        """How the act that says so is found again."""
        return f"{self.lading_nr}:{self.jaar}"


async def laatste_lading(connection: Connection) -> int:
    """The last load that changed something commitments depend on; 0 when there is none."""
    nr: int = await connection.fetchval(
        """
        select coalesce(max(lading_nr), 0) from regio_lading l
         where exists (select from jsonb_each(l.verschil) f (bestand, telling)
                        where bestand <> all($1::text[])
                          and exists (select from jsonb_each_text(telling) t (wat, aantal) where wat <> 'blijft' and aantal <> '0'))
        """,
        list(ZONDER_GEVOLG),
    )
    return nr


async def is_bijgewerkt(connection: Connection, doel: Doel) -> bool:
    """Whether every lane follows it."""
    found: bool = await connection.fetchval(
        "select exists (select from handeling where soort = $1 and sleutel = $2)", BIJGEWERKT, doel.sleutel
    )
    return found


async def neem_beurt(connection: Connection) -> bool:
    """Take the turn until the transaction ends; False when another process has it."""
    taken: bool = await connection.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", BEURT)
    return taken


async def banen(connection: Connection) -> list[tuple[str, str]]:
    """Every lane with toewijzingen, and every lane that is being judged: its first toewijzing may be stored at this moment."""
    rows = await connection.fetch(
        """
        select distinct domein, agb from toewijzing_versie
         union
        select distinct domein, agb from bericht where status = 'ontvangen' and soort = '301' and domein is not null and agb is not null
         order by 1, 2
        """
    )
    return [(row["domein"], row["agb"]) for row in rows]
