"""The source of a template cut into pieces: text, expressions and statements of Jinja, tags of HTML. Nothing is lost: joined they are the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_UITDRUKKING = r"\{\{(?:\"[^\"]*\"|'[^']*'|\{[^{}]*\}|(?!\}\}).)*\}\}"
_OPDRACHT = r"\{%(?:\"[^\"]*\"|'[^']*'|(?!%\}).)*%\}"
_JINJA = rf"\{{#.*?#\}}|{_UITDRUKKING}|{_OPDRACHT}"
_TAG = rf"<!--.*?-->|<![^>]*>|</?[a-zA-Z](?:{_JINJA}|\"(?:{_JINJA}|[^\"])*\"|[^>\"])*>"
_RAUW = r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}"
_STUK = re.compile(rf"(?P<vast>{_RAUW}|\{{#.*?#\}})|(?P<uitdrukking>{_UITDRUKKING})|(?P<opdracht>{_OPDRACHT})|(?P<tag>{_TAG})", re.DOTALL)
_KENMERK = re.compile(rf"(?P<naam>[a-zA-Z][\w:-]*)=\"(?P<waarde>(?:{_JINJA}|[^\"])*)\"", re.DOTALL)
_TAGNAAM = re.compile(r"</?([a-zA-Z][\w-]*)")


class Soort(Enum):
    """What a piece of a source is; VAST is what stays as it is (comments, raw blocks)."""

    TEKST = "tekst"
    UITDRUKKING = "uitdrukking"
    OPDRACHT = "opdracht"
    TAG = "tag"
    VAST = "vast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuk:
    """A piece of a source as it stands there."""

    soort: Soort
    bron: str

    @property
    def naam(self) -> str:
        """The name of a tag in lower case; empty for anything else, such as a doctype."""
        found = _TAGNAAM.match(self.bron) if self.soort is Soort.TAG else None
        return found[1].lower() if found else ""

    @property
    def sluit(self) -> bool:
        """Whether this is a closing tag."""
        return self.soort is Soort.TAG and self.bron.startswith("</")

    def kenmerk(self, naam: str) -> str | None:
        """The source of an attribute of a tag; None when the tag does not have it."""
        return next((found["waarde"] for found in _KENMERK.finditer(self.bron) if found["naam"] == naam), None)


def stukken(bron: str) -> Iterator[Stuk]:
    """The pieces of the source of a template, in order."""
    plek = 0
    for found in _STUK.finditer(bron):
        if found.start() > plek:
            yield Stuk(soort=Soort.TEKST, bron=bron[plek : found.start()])
        yield Stuk(soort=Soort(found.lastgroup), bron=found[0])
        plek = found.end()
    if plek < len(bron):
        yield Stuk(soort=Soort.TEKST, bron=bron[plek:])


def kenmerken(tag: str) -> Iterator[tuple[str, str | None]]:
    """A tag as parts: text that stays with None, and the value of each attribute with the name of that attribute."""
    plek = 0
    for found in _KENMERK.finditer(tag):
        start, end = found.span("waarde")
        yield tag[plek:start], None
        yield tag[start:end], found["naam"].lower()
        plek = end
    yield tag[plek:], None
