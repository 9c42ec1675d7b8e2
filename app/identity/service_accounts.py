"""Managing accounts of people: listing, changing what one may, another password, and ending one; for who runs the machine."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Rol
from app.identity import store_accounts, wachtwoord
from app.identity.service import as_rollen, check_rechten
from app.identity.store_accounts import AccountRegel
from app.identity.verbinding import verbinding

log = structlog.get_logger(__name__)

ACCOUNTS_PER_LIJST_MAX = 200


async def lijst_accounts(wereld: Wereld, *, na: str = "", limit: int = ACCOUNTS_PER_LIJST_MAX) -> tuple[AccountRegel, ...]:
    """Accounts by name, at most 200, those after `na`; ended ones too."""
    async with verbinding(wereld) as connection:
        return await store_accounts.select_accounts(connection, na=na, limit=max(1, min(limit, ACCOUNTS_PER_LIJST_MAX)))


async def wijzig_account(
    wereld: Wereld,
    naam: str,
    *,
    rollen: Collection[Rol | str] | None = None,
    gemeenten: Collection[str] | None = None,
    alle_gemeenten: bool = False,
    partijen: Collection[str] | None = None,
) -> AccountRegel:
    """Replace what an account may; what is not given stays. It counts from the next page that the person opens.

    Args:
        rollen, gemeenten, partijen: As in `maak_account`; None leaves them.
        alle_gemeenten: Sees all of the region from now on.
    Returns:
        The account as it was.
    Raises:
        NietGevonden: There is no such account, or it has ended.
        OngeldigVerzoek: Nothing is given, or what results does not go together.
    """
    if rollen is None and gemeenten is None and not alle_gemeenten and partijen is None:
        raise OngeldigVerzoek("Zeg wat er anders wordt: rollen, gemeenten of partijen.")
    if gemeenten is not None and alle_gemeenten:
        raise OngeldigVerzoek("Kies gemeenten of alle gemeenten, niet allebei.")
    async with verbinding(wereld) as connection:
        was = await _lock(connection, naam)
        values: dict[str, Any] = {
            "rollen": list(was.rollen) if rollen is None else list(as_rollen(rollen)),
            "gemeenten": None if alle_gemeenten else sorted(set(gemeenten)) if gemeenten is not None else _as_list(was.gemeenten),
            "partijen": list(was.partijen) if partijen is None else sorted(set(partijen)),
        }
        check_rechten(values["rollen"], values["gemeenten"], values["partijen"])
        await store_accounts.change(connection, was.account_nr, values)
    log.info("account_changed", account_nr=was.account_nr, rollen=values["rollen"])
    return was


async def zet_wachtwoord(wereld: Wereld, naam: str, wachtwoord_: str) -> None:
    """Give an account another password; whoever is signed in with it is signed out, and a delay after failures ends.

    Raises:
        NietGevonden: There is no such account, or it has ended.
        OngeldigVerzoek: The password will not do.
    """
    wachtwoord.check_nieuw(wachtwoord_, naam.strip().lower())
    fresh = await wachtwoord.hash_wachtwoord(wachtwoord_)
    async with verbinding(wereld) as connection:
        was = await _lock(connection, naam)
        values = {"wachtwoord_hash": fresh, "mislukte_pogingen": 0, "geblokkeerd_op": None}
        await store_accounts.change(connection, was.account_nr, values)
        await store_accounts.end_sessions(connection, was.account_nr)
    log.info("account_password_set", account_nr=was.account_nr)


async def beeindig_account(wereld: Wereld, naam: str) -> None:
    """End an account from this moment on: nobody is signed in or signs in with it. Its name stays with what the person did, and is not free again.

    Raises:
        NietGevonden: There is no such account, or it has ended.
    """
    async with verbinding(wereld) as connection:
        was = await _lock(connection, naam)
        await store_accounts.change(connection, was.account_nr, {"beeindigd_op": wereld.nu})
        await store_accounts.end_sessions(connection, was.account_nr)
    log.info("account_ended", account_nr=was.account_nr)


async def _lock(connection: AsyncConnection, naam: str) -> AccountRegel:
    found = await store_accounts.lock_regel(connection, naam.strip().lower())
    if found is None or found.beeindigd_op is not None:
        raise NietGevonden(f"Er is geen account {naam} dat loopt.")
    return found


def _as_list(gemeenten: Collection[str] | None) -> list[str] | None:
    return None if gemeenten is None else list(gemeenten)
