"""The language in which somebody reads the pages: Dutch, or English by a switch that a cookie remembers."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from fastapi import Request

TAAL_COOKIE = "solidair_taal"
"""Holds `nl` or `en`, nothing about the person; anything else counts as Dutch."""


class Taal(StrEnum):
    """A language of the pages; the value is its code in HTML."""

    NEDERLANDS = "nl"
    ENGELS = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lezing:
    """How the page of this request is read: its language, and where the reader stays after changing it."""

    taal: Taal = Taal.NEDERLANDS
    pad: str = "/"


_LEZING: ContextVar[Lezing] = ContextVar("lezing")


def lezing() -> Lezing:
    """Of the request that is being answered; Dutch outside a request."""
    return _LEZING.get(Lezing())


def begin_lezing(request: Request) -> None:
    """Take the language of a request for the pages made while it is answered."""
    _LEZING.set(Lezing(taal=als_taal(request.cookies.get(TAAL_COOKIE, "")), pad=_hier(request)))


def als_taal(code: str) -> Taal:
    """The language of a code; Dutch for what is none."""
    return Taal.ENGELS if code == Taal.ENGELS else Taal.NEDERLANDS


def _hier(request: Request) -> str:
    """The page that is open; after a form that was refused, the page that the form stood on."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    vorige = urlsplit(request.headers.get("referer", ""))
    if vorige.netloc != request.url.netloc or not vorige.path:
        return "/"
    return vorige.path + (f"?{vorige.query}" if vorige.query else "")
