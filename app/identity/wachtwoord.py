"""Passwords: argon2id, computed in a few threads of their own, so that signing in takes neither the event loop nor all memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.domain.errors import OngeldigVerzoek, Unavailable

LENGTE_MIN = 12
LENGTE_MAX = 256
TEGELIJK_MAX = 2
"""One computation takes 64 MiB and a core for some 50 ms."""
WACHTEND_MAX = 32

T = TypeVar("T")

_HASHER = PasswordHasher()
_PLAATSEN = threading.BoundedSemaphore(WACHTEND_MAX)


class TeDruk(Unavailable):
    """Er melden zich te veel mensen tegelijk aan; probeer het over een minuut weer."""


def check_nieuw(wachtwoord: str, naam: str) -> None:
    """Whether a new password will do: long enough, and not the name itself.

    Raises:
        OngeldigVerzoek: It will not; the sentence says why.
    """
    if not LENGTE_MIN <= len(wachtwoord) <= LENGTE_MAX:
        raise OngeldigVerzoek(f"Een wachtwoord heeft {LENGTE_MIN} tot {LENGTE_MAX} tekens.")
    if wachtwoord.lower() == naam.lower():
        raise OngeldigVerzoek("Een wachtwoord mag niet de naam van het account zijn.")


async def hash_wachtwoord(wachtwoord: str) -> str:
    """The argon2id hash to store, with its own salt and parameters."""
    return await _elders(_HASHER.hash, wachtwoord)


async def klopt(opgeslagen: str | None, wachtwoord: str) -> bool:
    """Whether the password fits the stored hash; without one (unknown name) the same work is done, so that time tells nothing.

    Raises:
        TeDruk: Too many computations are waiting.
    """
    if len(wachtwoord) > LENGTE_MAX:
        return False
    return await _elders(_verify, opgeslagen, wachtwoord)


def is_verouderd(opgeslagen: str) -> bool:
    """Whether the hash was made with other parameters than we use now."""
    return _HASHER.check_needs_rehash(opgeslagen)


def _verify(opgeslagen: str | None, wachtwoord: str) -> bool:
    try:
        _HASHER.verify(opgeslagen or _niemand(), wachtwoord)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return opgeslagen is not None


@cache
def _niemand() -> str:
    """A hash that belongs to no account."""
    return _HASHER.hash("van niemand")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=TEGELIJK_MAX, thread_name_prefix="wachtwoord")


async def _elders(work: Callable[..., T], *args: object) -> T:
    if not _PLAATSEN.acquire(blocking=False):
        raise TeDruk(TeDruk.__doc__)
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads(), work, *args)
    finally:
        _PLAATSEN.release()
