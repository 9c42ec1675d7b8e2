"""A page of a list and the cursor to the next one: opaque for the reader, the last key of this page for us."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.errors import OngeldigVerzoek

T = TypeVar("T")
R = TypeVar("R")

LIMIT_MAX = 200
CURSOR_LENGTE_MAX = 60
BIGINT_MAX = 2**63 - 1


class CursorOngeldig(OngeldigVerzoek):
    """Deze cursor is niet van deze lijst; begin opnieuw zonder cursor."""

    status = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Bladzijde(Generic[T]):
    """Part of a list. `volgende` is the cursor of the part after it; None at the end."""

    items: tuple[T, ...]
    volgende: str | None = None


def bladzijde(rows: Sequence[R], *, limit: int, key: Callable[[R], int], item: Callable[[R], T]) -> Bladzijde[T]:
    """A page of `limit` items from at most one row more, which says that there is a next page."""
    kept = rows[:limit]
    volgende = make_cursor(key(kept[-1])) if len(rows) > limit else None
    return Bladzijde(items=tuple(item(row) for row in kept), volgende=volgende)


def page_size(limit: int) -> int:
    """How many items a page has: what is asked, within 1 and 200."""
    return max(1, min(limit, LIMIT_MAX))


def make_cursor(*sleutel: int) -> str:
    """The cursor that goes on after the row with this key, of one number or more."""
    return base64.urlsafe_b64encode(f"na:{'.'.join(map(str, sleutel))}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """The key of one number in a cursor.

    Raises:
        CursorOngeldig: We did not make this.
    """
    return read_sleutel(cursor, 1)[0]


def read_sleutel(cursor: str, delen: int) -> tuple[int, ...]:
    """The key of so many numbers in a cursor.

    Raises:
        CursorOngeldig: We did not make this, or not for such a list.
    """
    try:
        if len(cursor) > CURSOR_LENGTE_MAX:
            raise ValueError("too long")
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
        sleutel = tuple(int(deel) for deel in text.removeprefix("na:").split("."))
    except (ValueError, binascii.Error) as error:
        raise CursorOngeldig from error
    if len(sleutel) != delen or not all(0 <= deel <= BIGINT_MAX for deel in sleutel) or make_cursor(*sleutel) != cursor:
        raise CursorOngeldig
    return sleutel
