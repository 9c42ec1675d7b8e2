"""The invariants page: what holds at this moment, and what the last verification of everything found."""

from __future__ import annotations

from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from app.ledger import laatste_verificatie
from app.reports import store_controles as store
from app.reports.controles import Controles, invarianten
from app.reports.lezen import lezen


async def read_controles(wereld: Wereld, actor: Actor) -> Controles:
    """The invariants now, in one snapshot.

    Raises:
        NietToegestaan: The actor does not guard the whole region.
    """
    laatste = await laatste_verificatie(wereld, actor)
    async with lezen(wereld) as connection:
        stroom, onvolledig = await store.load_stroom(connection)
        found = invarianten(
            uit_balans=await store.load_uit_balans(connection),
            stroom=stroom,
            onvolledig=onvolledig,
            zonder_toestand=await store.load_zonder_toestand(connection),
            keten=await store.load_keten(connection),
        )
        return Controles(stand_van=wereld.nu, invarianten=found, laatste=laatste)
