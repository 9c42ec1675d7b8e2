"""Who looks at a page: the session cookie made into an `Actor`, and the token that every form of that person carries."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from app.adapters.wereld import Wereld
from app.domain.errors import NietAangemeld, NietToegestaan
from app.domain.partij import Actor, Rol
from app.identity import actor_van_sessie
from app.notices import LiveAfkeuringen, OngelezenTeller
from app.web.pagina import pagina
from app.web.rechten import MELDINGEN, menu, submenu

SESSIE_COOKIE = "solidair_sessie"
CONTROLES_MAX = 2
"""Files checked on the page at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omgeving:
    """What the pages need from the process; `secure_cookies` behind TLS. `controles` is held while a file is checked: each may be 25 MB.
    `live` tells who has a page open of new rejections."""

    wereld_of: Callable[[], Wereld]
    secure_cookies: bool
    live: LiveAfkeuringen
    ongelezen: OngelezenTeller = field(default_factory=OngelezenTeller, repr=False)
    controles: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONTROLES_MAX), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bezoeker:
    """A signed-in person looking at a page; `meldingen` is how many it did not read, None for who gets none."""

    wereld: Wereld
    actor: Actor
    csrf: str
    pad: str
    meldingen: int | None = None

    def check_csrf(self, token: str) -> None:
        """Refuse a form that our own page did not make.

        Raises:
            NietToegestaan: The token is not that of this session.
        """
        if not hmac.compare_digest(token.encode(), self.csrf.encode()):
            raise NietToegestaan("Dit formulier hoort niet bij uw sessie. Ga terug, ververs de pagina en probeer het opnieuw.")

    def pagina(self, template: str, **values: Any) -> Response:
        """A page with the navigation of this person around it."""
        sub = submenu(self.actor, self.pad)
        return pagina(template, bezoeker=self, menu=menu(self.actor, self.pad), submenu=sub, vandaag=self.wereld.vandaag, **values)


def omgeving(request: Request) -> Omgeving:
    """The surroundings that `maak_web` set."""
    found: Omgeving = request.state.solidair_web
    return found


def bezoeker_met(*rollen: Rol) -> Callable[[Request], Coroutine[Any, Any, Bezoeker]]:
    """A dependency: the signed-in person, who has one of these roles.

    Raises (when called):
        NietAangemeld: No session, or it is over.
        NietToegestaan: None of the roles.
    """

    async def find(request: Request) -> Bezoeker:
        token = request.cookies.get(SESSIE_COOKIE)
        if not token:
            raise NietAangemeld
        wereld = omgeving(request).wereld_of()
        actor, csrf = await actor_van_sessie(wereld, token)
        if not actor.heeft(*rollen):
            raise NietToegestaan("Uw rol geeft geen toegang tot deze pagina. Vraag uw beheerder als u haar voor uw werk nodig hebt.")
        gets = actor.heeft(*MELDINGEN) and actor.gemeenten != frozenset()
        unread = await omgeving(request).ongelezen.van(wereld, actor) if gets else None
        return Bezoeker(wereld=wereld, actor=actor, csrf=csrf, pad=request.url.path, meldingen=unread)

    return find
