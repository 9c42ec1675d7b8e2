"""The body of a request that carries XML: read in pieces, counted, never more than the door wants to see."""

from __future__ import annotations

import asyncio

from fastapi import HTTPException, Request

BERICHT_BYTES_MAX = 25_000_000
"""OP179."""
LEES_S_MAX = 300
XML_TYPES = ("application/xml", "text/xml")


async def read_xml(request: Request) -> bytes:
    """The body. Of one that is too big the first 25 000 001 bytes: enough for the door to see that, and to keep its beginning.

    Raises:
        HTTPException: 415 when it is not sent as XML, 408 when it takes longer than five minutes.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in XML_TYPES:
        raise HTTPException(415, "Stuur het bericht als XML: Content-Type: application/xml.")
    try:
        async with asyncio.timeout(LEES_S_MAX):
            return await _read(request, BERICHT_BYTES_MAX + 1)
    except TimeoutError as error:
        raise HTTPException(408, f"Het bericht was na {LEES_S_MAX} seconden nog niet binnen.") from error


async def _read(request: Request, bytes_max: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece[: bytes_max - len(body)]
        if len(body) >= bytes_max:
            break
    return bytes(body)
