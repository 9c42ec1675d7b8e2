"""A sender that costs next to nothing, so that what is measured is the server: HTTP/1.1 over one kept connection, straight on asyncio."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

UP_S_MAX = 30.0


class Verzender:
    """One connection to the server; requests go one after the other."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._host, self._port = parts.hostname, parts.port

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def post(self, data: bytes, token: str) -> int:
        """Submit a bericht; the HTTP status."""
        head = (
            f"POST /v1/berichten HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/xml\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return await self._exchange(head.encode() + data)

    async def healthz(self) -> int:
        """Ask whether the server is well; the HTTP status."""
        return await self._exchange(f"GET /healthz HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())

    async def _exchange(self, request: bytes) -> int:
        self._writer.write(request)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
        if int(length or 0):
            await self._reader.readexactly(int(length))
        return int(answer.split(b" ", 2)[1])


async def wait_until_up(url: str) -> None:
    """Until the server takes connections and answers.

    Raises:
        TimeoutError: It does not, within half a minute.
    """
    deadline = time.monotonic() + UP_S_MAX
    async with asyncio.timeout(UP_S_MAX):
        while time.monotonic() < deadline:
            try:
                async with Verzender(url) as verzender:
                    await verzender.healthz()
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(0.1)
            else:
                return
