"""What readers ask about terms and requests; each answer is one read of the database at one moment, in a constant number of queries."""

from __future__ import annotations

from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.mailbox.bladzijde import Bladzijde, make_cursor, read_sleutel
from app.reports import store_termijnen as store
from app.reports.berichten import CSV_MAX, LIJST_MAX
from app.reports.lezen import lezen
from app.reports.termijnen import GROEP_MAX, Klok, Plaats, Termijn, TermijnenPagina, TermijnFilter, VerzoekFilter, VerzoekRegel, Wie


async def list_termijnen(
    wereld: Wereld, actor: Actor, vraag: TermijnFilter, cursor: str | None = None, limit: int = LIJST_MAX
) -> Bladzijde[Termijn]:
    """One page of the terms that run, what ends first first; at most `CSV_MAX`.

    Raises:
        CursorOngeldig: The cursor is not one of ours.
    """
    limit = max(1, min(limit, CSV_MAX))
    na = None if cursor is None else Plaats.van_cursor(cursor)
    async with lezen(wereld) as connection:
        rows = await store.list_termijnen(connection, actor, vraag, _klok(wereld), na=na, limit=limit + 1)
    kept = tuple(rows[:limit])
    return Bladzijde(items=kept, volgende=kept[-1].plaats.cursor if len(rows) > limit else None)


async def read_termijnen(wereld: Wereld, actor: Actor, vraag: TermijnFilter, cursor: str | None = None) -> TermijnenPagina:
    """The terms that run with their counts: the first of each group, or a page of the one group that is asked for.

    Raises:
        CursorOngeldig: The cursor is not one of ours.
    """
    klok = _klok(wereld)
    na = None if cursor is None else Plaats.van_cursor(cursor)
    async with lezen(wereld) as connection:
        tellingen = await store.count_termijnen(connection, actor, vraag, klok)
        if vraag.wie is None:
            found = await store.list_per_groep(connection, actor, vraag, klok, limit=GROEP_MAX)
            groepen = {wie: tuple(each for each in found if each.wie is wie) for wie in Wie}
            return TermijnenPagina(stand_van=wereld.nu, groepen=groepen, tellingen=tellingen)
        rows = await store.list_termijnen(connection, actor, vraag, klok, na=na, limit=LIJST_MAX + 1)
    kept = tuple(rows[:LIJST_MAX])
    volgende = kept[-1].plaats.cursor if len(rows) > LIJST_MAX else None
    return TermijnenPagina(stand_van=wereld.nu, groepen={vraag.wie: kept}, tellingen=tellingen, volgende=volgende)


async def list_verzoeken(
    wereld: Wereld, actor: Actor, vraag: VerzoekFilter, cursor: str | None = None, limit: int = LIJST_MAX
) -> Bladzijde[VerzoekRegel]:
    """One page of requests, newest bericht first and in the order of the bericht; at most `CSV_MAX`.

    Raises:
        CursorOngeldig: The cursor is not one of ours.
    """
    limit = max(1, min(limit, CSV_MAX))
    voor = None
    if cursor is not None:
        bericht_nr, volgnr = read_sleutel(cursor, 2)
        voor = bericht_nr, volgnr
    async with lezen(wereld) as connection:
        rows = await store.list_verzoeken(connection, actor, vraag, voor=voor, limit=limit + 1)
    kept = tuple(rows[:limit])
    return Bladzijde(items=kept, volgende=make_cursor(kept[-1].bericht_nr, kept[-1].volgnr) if len(rows) > limit else None)


def _klok(wereld: Wereld) -> Klok:
    return Klok.op(wereld.vandaag, vrije_dagen())
