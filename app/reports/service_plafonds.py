"""What readers ask about plafonds: one read of the database at one moment, in a constant number of queries, worked out beside the event loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan
from app.domain.partij import SYSTEEM, Actor, aanbieder, code_van
from app.domain.periode import EEN_DAG
from app.domain.prognose import Sein, compleet_tot
from app.mailbox.bladzijde import make_cursor, read_cursor
from app.reports import store_plafonds as store
from app.reports.lezen import lezen, stempel_van
from app.reports.plafonds import PAGINA_MAX, PLAFONDS_MAX, Gegevens, PlafondPagina, PlafondVraag, Toegezegd, beloofd, bereken

ALLE_PLAFONDS_MAX = 10 * PLAFONDS_MAX
"""Of these what toewijzingen promise is known; a reader is shown `PLAFONDS_MAX` of his own."""


async def read_plafonds(
    wereld: Wereld, actor: Actor, vraag: PlafondVraag, cursor: str | None = None, limit: int = PAGINA_MAX
) -> PlafondPagina:
    """The plafonds of a year, the most urgent first, and the contracts that end soon.

    Of a contract that counts for one of the reader's gemeenten everything is shown, because a plafond is about the whole contract.

    Raises:
        NietToegestaan: An aanbieder asks, or somebody without a gemeente (OP095: a plafond is hidden from aanbieders).
        CursorOngeldig: The cursor is not one of ours.
    """
    check_is_gemeente(actor)
    skipped = 0 if cursor is None else read_cursor(cursor)
    vandaag = wereld.vandaag
    jaar = store.Jaar(jaar=vraag.jaar or vandaag.year)
    compleet = compleet_tot(vandaag)
    toegezegd = await _toegezegd(wereld, jaar, compleet)
    async with lezen(wereld) as connection:
        found = await store.list_plafonds(connection, actor, jaar)
        rijen = tuple(found[:PLAFONDS_MAX])
        gegevens = Gegevens(
            rijen=rijen,
            toegekend=await store.load_toegekend(connection, rijen),
            wachtend=await store.load_wachtend(connection, rijen),
            beloofd=toegezegd.beloofd,
        )
        aflopend = await store.list_aflopend(connection, actor, vandaag)
        jaren = await store.list_jaren(connection)
    plafonds = await asyncio.to_thread(bereken, gegevens, vandaag)
    tellingen = Counter(each.sein for each in plafonds)
    wanted = [each for each in plafonds if vraag.sein in (None, each.sein)]
    return PlafondPagina(
        stand_van=toegezegd.stand_van,
        jaar=jaar.jaar,
        jaren=tuple(sorted({*jaren, vandaag.year, jaar.jaar}, reverse=True)),
        compleet=compleet,
        items=tuple(wanted[skipped : skipped + limit]),
        tellingen={sein: tellingen[sein] for sein in reversed(Sein)},
        niet_toegerekend=toegezegd.niet_toegerekend,
        meer=len(found) > PLAFONDS_MAX,
        aflopend=tuple(aflopend),
        volgende=make_cursor(skipped + limit) if len(wanted) > skipped + limit else None,
    )


async def _toegezegd(wereld: Wereld, jaar: store.Jaar, compleet: date) -> Toegezegd:
    """What toewijzingen promise under all plafonds of a year, whoever asks: every toewijzing is weighed, so the answer is kept."""

    async def maak() -> Toegezegd:
        nu = wereld.nu
        async with lezen(wereld) as connection:
            rijen = await store.list_plafonds(connection, SYSTEEM, jaar, limit=ALLE_PLAFONDS_MAX)
            toezeggingen, niet_toegerekend = await store.load_toezeggingen(connection, rijen, jaar, compleet + EEN_DAG)
        parts = await asyncio.to_thread(beloofd, toezeggingen)
        return Toegezegd(stand_van=nu, beloofd=parts, niet_toegerekend=niet_toegerekend)

    return await wereld.bewaard.haal(("toegezegd", jaar, compleet), await stempel_van(wereld), maak)


def check_is_gemeente(actor: Actor) -> None:
    """Refuse who may not see a plafond: an actor that acts for an aanbieder never may, whatever else it is."""
    for_aanbieder = any(partij == aanbieder(code_van(partij)) for partij in actor.partijen)
    if for_aanbieder or (actor.gemeenten is not None and not actor.gemeenten):
        raise NietToegestaan("Plafonds zijn er voor gemeenten en voor de regio, niet voor aanbieders.")
