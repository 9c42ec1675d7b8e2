"""Find the berichten of one client by its Bsn. That somebody looked is logged; for whom is not."""

from __future__ import annotations

import structlog

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.reports import store, store_zoeken
from app.reports.berichten import BerichtFilter, must_search_clients
from app.reports.lezen import lezen
from app.standard.rules.bsn import is_bsn

log = structlog.get_logger(__name__)


async def zoek_client(wereld: Wereld, actor: Actor, bsn: str) -> int:
    """The number of the client with a Bsn, for an address; only when the actor sees a bericht about that client.

    Raises:
        NietToegestaan: The actor may not read what is in berichten.
        OngeldigVerzoek: It is no Bsn.
        NietGevonden: The actor sees no bericht about this person; the same words whether others do.
    """
    must_search_clients(actor)
    digits = "".join(character for character in bsn if character.isdecimal())
    if not is_bsn(digits):
        raise OngeldigVerzoek("Dit is geen geldig BSN. Een BSN heeft 9 cijfers; controleer of er geen cijfers zijn verwisseld.")
    log.info("bsn_searched", by=actor.naam)
    async with lezen(wereld) as connection:
        client_id = await store_zoeken.find_client(connection, wereld.kluis.pseudoniem(digits))
        if client_id is not None:
            alles = BerichtFilter(richting=None, client=client_id)
            if await store.list_berichten(connection, actor, alles, 1):
                return client_id
    raise NietGevonden("Er zijn geen berichten gevonden over een cliënt met dit BSN.")
