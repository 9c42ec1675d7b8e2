"""The headers by which a change says which version of a row it is based on (RFC 9110, section 13), and what the document says of the answers."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Header

from app.api.problems import probleem_antwoord
from app.domain.errors import KenmerkNodig, OngeldigVerzoek

ETAGS = re.compile(r'\s*(?:\*|(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*)\s*')
ETAG = re.compile(r'(W/)?"([^"]*)"')

IfMatch = Annotated[str | None, Header(alias="If-Match", description='de versie die u wijzigt: "etag", of * voor elke', max_length=1_000)]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="* voor een rij die er nog niet is", max_length=1_000)]

ETAG_HEADER = {"ETag": {"description": "De versie van deze rij.", "schema": {"type": "string"}}}
LOCATION_HEADER = {"Location": {"description": "Het adres van de rij.", "schema": {"type": "string"}}}
ANTWOORDEN: dict[int | str, dict[str, Any]] = {
    403: probleem_antwoord("Alleen contractbeheer van de regio."),
    412: probleem_antwoord("De rij is intussen anders; ETag is de versie die nu geldt.") | {"headers": ETAG_HEADER},
    422: probleem_antwoord("De regio zou zichzelf tegenspreken; `rijen` noemt alles."),
}
KENMERK_NODIG: dict[int | str, dict[str, Any]] = {428: probleem_antwoord("Zonder If-Match of If-None-Match.")}
ALLEEN_REGIO: dict[int | str, dict[str, Any]] = {403: probleem_antwoord("Alleen voor de regio zelf.")}


class KopOngeldig(OngeldigVerzoek):
    """Schrijf If-Match als "etag" of *, en If-None-Match als *; één van beide."""

    status = 400


def versies_van(if_match: str | None, if_none_match: str | None = None) -> frozenset[str]:
    """The versions that may be replaced; empty: the row must be new.

    Raises:
        KenmerkNodig: Neither header.
        KopOngeldig: Both, or one that is not well-formed.
    """
    if if_match is None and if_none_match is None:
        raise KenmerkNodig
    if if_match is None:
        if (if_none_match or "").strip() != "*":
            raise KopOngeldig
        return frozenset()
    if if_none_match is not None or not ETAGS.fullmatch(if_match):
        raise KopOngeldig
    if if_match.strip() == "*":
        return frozenset("*")
    # A weak etag never matches here (RFC 9110, 8.8.3.2); it stays in the set as something that no row has.
    return frozenset(f"{weak}{etag}" for weak, etag in ETAG.findall(if_match))
