"""Commitments in PostgreSQL: what a lot needs of them, and the expectations that changed. Sets at a time, a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from app.adapters.database import Connection
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang
from app.ledger.verplichting import Plek, Sleutel, Verwachting
from app.ledger.verplichtingen import Verplichtingenstand

COLUMNS = (
    "domein", "gemeente", "toewijzing_nummer", "zorgmaand", "agb", "versie_nr", "drager", "zorgvorm", "wijze", "verwacht_cent",
    "vrijgevallen_nr",
)  # fmt: skip
_STAAT = "p.toegekend and not p.is_credit and p.gecrediteerd_door is null"
"""Of prestaties: granted, and no credit has undone it; their sum is what was used."""
_RIJ = "v.gemeente, v.toewijzing_nummer, v.drager, v.zorgvorm, v.zorgmaand, v.wijze, v.verwacht_cent, v.vrijgevallen_nr"

_VAN_PRESTATIES = f"""
with gevraagd as (select * from unnest($2::text[], $3::bigint[], $4::date[]) k (gemeente, toewijzing_nummer, zorgmaand)),
     geraakt as (
       select v.* from gevraagd join verplichting v using (gemeente, toewijzing_nummer, zorgmaand) where v.domein = $1 and v.wijze = 'maand'
        union all
       select v.* from (select distinct gemeente, toewijzing_nummer from gevraagd) k
         join verplichting v using (gemeente, toewijzing_nummer) where v.domein = $1 and v.wijze = 'pot')
select {_RIJ}, (
         select coalesce(sum(p.bedrag_cent), 0)::bigint from prestatie p
          where p.domein = v.domein and p.gemeente = v.gemeente and p.toewijzing_nummer = v.toewijzing_nummer and {_STAAT}
            and (v.wijze = 'pot' or (p.begindatum >= v.zorgmaand and p.begindatum < v.zorgmaand + interval '1 month'))) as gebruikt_cent
  from geraakt v order by v.zorgmaand
"""  # noqa: S608 - constants
_VAN_TOEWIJZINGEN = f"""
select {_RIJ} from unnest($2::text[], $3::bigint[]) k (gemeente, toewijzing_nummer) join verplichting v using (gemeente, toewijzing_nummer)
 where v.domein = $1 order by v.zorgmaand
"""  # noqa: S608 - constants
_GEBRUIKT = f"""
select p.gemeente, p.toewijzing_nummer, date_trunc('month', p.begindatum)::date as maand, sum(p.bedrag_cent)::bigint as cent
  from unnest($2::text[], $3::bigint[]) k (gemeente, toewijzing_nummer) join prestatie p using (gemeente, toewijzing_nummer)
 where p.domein = $1 and {_STAAT} group by 1, 2, 3
"""  # noqa: S608 - constants


async def load(
    connection: Connection, domein: str, vernieuwd: Sequence[Sleutel], gebruikt: Sequence[tuple[Sleutel, date]]
) -> Verplichtingenstand:
    """What is expected and used before a lot: at most three queries, none when it touches nothing.

    Args:
        connection: Before the prestaties of the lot are stored; the lane is locked.
        domein: Of the lane.
        vernieuwd: Known toewijzingen of which a new version comes: every month of them is read.
        gebruikt: Months of toewijzingen that prestaties use up: only those are read, of a pot all.
    """
    stand = Verplichtingenstand()
    if vernieuwd:
        arrays = [each.gemeente for each in vernieuwd], [each.toewijzing_nummer for each in vernieuwd]
        for row in await connection.fetch(_VAN_TOEWIJZINGEN, domein, *arrays):
            _add(stand, row)
        for gemeente, nummer, maand, cents in await connection.fetch(_GEBRUIKT, domein, *arrays):
            stand.gebruikt.setdefault(Sleutel(gemeente, nummer), {})[maand] = cents
    read = set(vernieuwd)
    rest = [(sleutel, maand) for sleutel, maand in gebruikt if sleutel not in read]
    if rest:
        columns = [each.gemeente for each, _ in rest], [each.toewijzing_nummer for each, _ in rest], [maand for _, maand in rest]
        for row in await connection.fetch(_VAN_PRESTATIES, domein, *columns):
            sleutel = _add(stand, row)
            # Of a pot every row carries what was used of the whole, so the first month stands for all of them.
            month = stand.verwacht[sleutel][0].plek.zorgmaand if row["wijze"] == "pot" else row["zorgmaand"]
            stand.gebruikt.setdefault(sleutel, {})[month] = row["gebruikt_cent"]
    return stand


def _add(stand: Verplichtingenstand, row: Any) -> Sleutel:
    sleutel = Sleutel(row["gemeente"], row["toewijzing_nummer"])
    plek = Plek(row["drager"], row["zorgvorm"], row["zorgmaand"])
    verwacht = Verwachting(plek, row["wijze"], row["verwacht_cent"], row["vrijgevallen_nr"])
    stand.verwacht[sleutel] = (*stand.verwacht.get(sleutel, ()), verwacht)
    return sleutel


async def save(connection: Connection, domein: str, agb: str, stand: Verplichtingenstand, bekend: Iterable[Sleutel]) -> None:
    """Store the expectations that changed; `bekend` are toewijzingen that may have had some before."""
    old = [sleutel for sleutel in bekend if sleutel in stand.versies]
    if old:
        await connection.execute(
            """
            delete from verplichting v using unnest($2::text[], $3::bigint[]) k (gemeente, toewijzing_nummer)
             where v.domein = $1 and v.gemeente = k.gemeente and v.toewijzing_nummer = k.toewijzing_nummer
            """,
            domein,
            [each.gemeente for each in old],
            [each.toewijzing_nummer for each in old],
        )
    rows = [
        (
            domein, sleutel.gemeente, sleutel.toewijzing_nummer, each.plek.zorgmaand, agb, versie.bericht_nr, each.plek.drager, each.plek.zorgvorm,
            each.wijze, each.cent, each.vrijgevallen,
        )
        for sleutel, versie in stand.versies.items()
        if versie is not None
        for each in stand.verwacht[sleutel]
    ]  # fmt: skip
    if rows:
        await connection.copy_records_to_table("verplichting", records=rows, columns=COLUMNS)


class Versies(NamedTuple):
    """Every version of a toewijzing, oldest first, each with the 302 that withdrew it, if any."""

    versies: tuple[tuple[Toewijzing, int | None], ...]

    def actueel(self, *, ook_ingetrokken_door: frozenset[int] = frozenset()) -> Toewijzing | None:
        """The version that counts, or counted before these 302s."""
        found = [versie for versie, door in self.versies if door is None or door in ook_ingetrokken_door]
        return found[-1] if found else None


_VERSIES = """
select t.bericht_nr, t.domein, t.gemeente, t.agb, t.client_id, t.toewijzing_nummer, t.categorie, t.code, t.toewijzingsdatum, t.toewijzingstijd,
       t.ingangsdatum, t.einddatum, t.reden_wijziging, t.volume, t.eenheid, t.frequentie, t.budget_cent, t.ingetrokken_door
  from toewijzing_versie t
 where t.domein = $1 and t.agb = $2 and ($3::bigint[] is null or (t.gemeente, t.toewijzing_nummer) in (
           select gemeente, toewijzing_nummer from toewijzing_versie where bericht_nr = any($3)))
 order by t.gemeente, t.toewijzing_nummer, t.toewijzingsdatum, t.toewijzingstijd, t.bericht_nr
"""


async def load_versies(connection: Connection, domein: str, agb: str, van_berichten: Sequence[int] | None) -> Mapping[Sleutel, Versies]:
    """The versions of the toewijzingen of a lane, or of those of them that these 301s are about."""
    found: dict[Sleutel, list[tuple[Toewijzing, int | None]]] = {}
    for row in await connection.fetch(_VERSIES, domein, agb, None if van_berichten is None else list(van_berichten)):
        fields = dict(row)
        door, budget = fields.pop("ingetrokken_door"), fields.pop("budget_cent")
        volume, eenheid, frequentie = (fields.pop(name) for name in ("volume", "eenheid", "frequentie"))
        omvang = None if volume is None else Omvang(volume=volume, eenheid=eenheid, frequentie=frequentie)
        versie = Toewijzing(**fields, omvang=omvang, budget=budget)
        found.setdefault(Sleutel(versie.gemeente, versie.toewijzing_nummer), []).append((versie, door))
    return {sleutel: Versies(tuple(versies)) for sleutel, versies in found.items()}


async def release(connection: Connection, domein: str, agb: str, voor: date, nr: int) -> int:
    """What is left of months before `voor` commits nothing from now on, by act `nr`; returns how many rows that are. The lane is locked."""
    rows = await connection.fetch(
        """
        update verplichting set vrijgevallen_nr = $4
         where domein = $1 and agb = $2 and zorgmaand < $3 and vrijgevallen_nr is null returning 1
        """,
        domein,
        agb,
        voor,
        nr,
    )
    return len(rows)


async def lanes(connection: Connection, voor: date | None = None) -> list[tuple[str, str]]:
    """Lanes with toewijzingen; with `voor` those with something to release in months before it."""
    if voor is None:
        rows = await connection.fetch("select distinct domein, agb from toewijzing_versie order by 1, 2")
    else:
        rows = await connection.fetch(
            "select distinct domein, agb from verplichting where zorgmaand < $1 and vrijgevallen_nr is null order by 1, 2", voor
        )
    return [(row["domein"], row["agb"]) for row in rows]
