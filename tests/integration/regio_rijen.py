"""An application with the small good region in it, asked as the software of the region or of a partij."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.partij import SYSTEEM
from app.identity import maak_token
from app.parties import laad_regio
from app.settings import Settings
from tests.fixtures.apps import app_of
from tests.unit.parties.mappen import GOED

REGIO = "regio"
GOES, VLISSINGEN = "gemeente:0664", "gemeente:0718"
PARTNER, ONDER, VREEMD = "aanbieder:99000001", "aanbieder:99000003", "aanbieder:99000099"
NIEUW = {"If-None-Match": "*"}
TARIEF = "J1,45,45A04,04,2026-01-01"


class Api(NamedTuple):
    """A running application with a region, and a client of it."""

    wereld: Wereld
    client: httpx.AsyncClient

    async def vraag(self, methode: str, pad: str, *, wie: str = REGIO, kop: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """What a request of this party comes to."""
        token = await maak_token(self.wereld, [wie], f"software van {wie}")
        return await self.client.request(methode, f"/v1{pad}", headers={"Authorization": f"Bearer {token}", **(kop or {})}, **more)

    async def toon(self, pad: str, *, wie: str = REGIO, **params: Any) -> Any:
        """What stands at an address."""
        response = await self.vraag("GET", pad, wie=wie, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    async def etag(self, pad: str) -> str:
        """The version that counts now, as a header has it."""
        return (await self.vraag("GET", pad)).headers["ETag"]

    async def ladingen(self) -> int:
        """How often the region was changed."""
        found: int = await self.wereld.pool.fetchval("select count(*) from regio_lading")
        return found


@asynccontextmanager
async def leeg_op(database: str, folder: Path) -> AsyncIterator[Api]:
    """The application on a fresh database, on 3 July 2026."""
    settings = Settings(mode="test", data_dir=folder, nu=datetime(2026, 7, 3, 9))  # noqa: DTZ001 - local time in the Netherlands
    async with open_wereld(settings, database) as wereld:
        transport = httpx.ASGITransport(app=app_of(wereld))
        async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
            yield Api(wereld, client)


@asynccontextmanager
async def regio_op(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The same with the good region in it."""
    folder = tmp_path / "regio"
    folder.mkdir()
    for naam, text in GOED.items():
        (folder / naam).write_text(text, encoding="utf-8")
    async with leeg_op(database, tmp_path) as api:
        await laad_regio(api.wereld.pool, folder, nu=api.wereld.nu, actor=SYSTEEM)
        yield api
