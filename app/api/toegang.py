"""Who asks: the bearer token of a request made into an actor, and the world that the services need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.adapters.wereld import Wereld
from app.domain.errors import NietAangemeld, NietGevonden, NietToegestaan
from app.domain.partij import Actor
from app.identity import actor_van_token

ID_LENGTE_MAX = 18

bearer = HTTPBearer(auto_error=False, description="Token van een partij: Authorization: Bearer sol_…", scheme_name="token")


def wereld_van(request: Request) -> Wereld:
    """The world of this process."""
    wereld_of: Callable[[], Wereld] = request.app.state.wereld_of
    return wereld_of()


async def iedere_actor_van(
    wereld: Annotated[Wereld, Depends(wereld_van)], credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Actor:
    """The machine whose token this is.

    Raises:
        NietAangemeld: No token, or one that is not valid.
    """
    if credentials is None:
        raise NietAangemeld("Stuur een token mee: Authorization: Bearer <token>.")
    return await actor_van_token(wereld, credentials.credentials)


IedereActorDep = Annotated[Actor, Depends(iedere_actor_van)]
"""Also the software of the region; for routes about the region only."""


async def actor_van(actor: IedereActorDep) -> Actor:
    """The same, of a gemeente or aanbieder: a token of the region opens no berichten and no books.

    Raises:
        NietToegestaan: This is the software of the region.
    """
    if actor.is_regiosoftware:
        raise NietToegestaan("Dit token is voor de gegevens van de regio; berichten en het grootboek zijn van de partijen zelf.")
    return actor


WereldDep = Annotated[Wereld, Depends(wereld_van)]
ActorDep = Annotated[Actor, Depends(actor_van)]


def nr_van(bericht_id: str) -> int:
    """The bericht_nr in an id of the interface.

    Raises:
        NietGevonden: This is no id of ours, so there is no such bericht.
    """
    if not bericht_id.isascii() or not bericht_id.isdecimal() or len(bericht_id) > ID_LENGTE_MAX or bericht_id.startswith("0"):
        raise NietGevonden("Dit bericht bestaat niet, of niet voor u.")
    return int(bericht_id)
