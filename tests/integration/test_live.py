"""Live rejections over real HTTP: who hears of what, one poller for all, and every end: of the session, of the reader, of the process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.commands.serve import address_of, free_socket, serve_http
from app.domain.partij import Rol
from app.notices import live, store
from app.settings import Settings
from app.web import SESSIE_COOKIE
from tests.end_to_end.werkbank import wereld_with_region
from tests.integration.pagina_rijen import Rij, Vondst, schrijf
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow

ANTWOORD_S_MAX = 5.0
FOUT = Vondst(regel="TR321", retourcode="9321", pad="/Bericht", regelnummer=1, melding="Te veel.")


@dataclass(frozen=True, kw_only=True)
class Server:
    """The product, listening; `stop` ends it."""

    url: str
    stop: asyncio.Event
    running: asyncio.Task[None]


@pytest.fixture
async def wereld(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wereld]:
    """A region; what the poller does goes faster."""
    for name, seconds in (("KIJK_S", 0.05), ("SESSIE_S", 0.1), ("HARTSLAG_S", 0.2)):
        monkeypatch.setattr(live, name, seconds)
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def server(wereld: Wereld, tmp_path: Path) -> AsyncIterator[Server]:
    """The HTTP process."""
    listener, stop = free_socket("127.0.0.1", 8470), asyncio.Event()
    running = asyncio.create_task(serve_http(wereld, Settings(mode="test", data_dir=tmp_path), listener, stop))
    yield Server(url=address_of(listener), stop=stop, running=running)
    stop.set()
    await running


@asynccontextmanager
async def browser(
    wereld: Wereld, server: Server, *rollen: Rol, gemeenten: tuple[str, ...] | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is signed in."""
    async with httpx.AsyncClient(base_url=server.url, timeout=ANTWOORD_S_MAX) as client:
        await als(wereld, client, *rollen, gemeenten=gemeenten)
        yield client


@asynccontextmanager
async def stroom(client: httpx.AsyncClient, sinds: int = 0) -> AsyncIterator[AsyncIterator[str]]:
    """The lines of a stream that was opened."""
    async with client.stream("GET", "/live", params={"sinds": sinds}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield response.aiter_lines()


async def lees(lines: AsyncIterator[str], event: str) -> str:
    """The data of the next event of this kind."""
    async with asyncio.timeout(ANTWOORD_S_MAX):
        async for line in lines:
            if line == f"event: {event}":
                return (await anext(lines)).removeprefix("data: ")
    raise AssertionError(f"the stream ended without {event}")


async def keur_af(wereld: Wereld, code: str, identificatie: str) -> int:
    """A rejected declaratie to a gemeente; returns its number."""
    rij = Rij(status="afgekeurd", gemeente=code, aan=f"gemeente:{code}", identificatie=identificatie)
    return await schrijf(wereld, rij, FOUT)


async def test_new_rejections_of_ones_own_gemeenten_are_told_at_once(wereld: Wereld, server: Server) -> None:
    """Those of another gemeente are not; each bericht counts once; and who comes back is told the same."""
    async with browser(wereld, server, Rol.UITVAL, gemeenten=("0664",)) as goes, browser(wereld, server, Rol.TOEGANG) as regio:
        await keur_af(wereld, "0664", "0")
        before = await wereld.pool.fetchval("select max(rij_nr) from bericht_oorzaak")
        assert f'data-bron="/live?sinds={before}"' in (await goes.get("/uitval")).text
        assert f'data-bron="/live?sinds={before}"' in (await goes.get("/")).text
        async with stroom(goes, before) as own, stroom(regio, before) as all_of_them:
            await keur_af(wereld, "0687", "1")
            assert await lees(all_of_them, "afkeuringen") == "1"
            await keur_af(wereld, "0664", "2")
            assert await lees(own, "afkeuringen") == "1"
            assert await lees(all_of_them, "afkeuringen") == "2"
        async with stroom(goes, before) as again:
            assert await lees(again, "afkeuringen") == "1"


async def test_who_may_not_see_rejections_hears_nothing(wereld: Wereld, server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as nobody:
        assert (await nobody.get("/live", params={"sinds": 0})).headers["location"].startswith("/aanmelden")
    async with browser(wereld, server, Rol.CONTROLLER) as controller:
        assert (await controller.get("/live", params={"sinds": 0})).status_code == 403
        assert 'id="live"' not in (await controller.get("/")).text


async def test_the_stream_ends_with_the_session(wereld: Wereld, server: Server) -> None:
    """Another tab signs out, or twelve hours pass."""
    async with browser(wereld, server, Rol.UITVAL) as client, stroom(client) as lines:
        await wereld.pool.execute("update sessie set verloopt_op = $1", wereld.nu)

        assert await lees(lines, "einde") == "-"


async def test_one_poller_serves_all_and_rests_when_nobody_listens(wereld: Wereld, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection costs no query; a seventh of one person is refused; and a person who left is forgotten."""
    asked: list[float] = []
    real = store.afkeuringen

    async def counted(*args: Any, **kwargs: Any) -> Any:
        asked.append(time.monotonic())
        return await real(*args, **kwargs)

    monkeypatch.setattr(store, "afkeuringen", counted)
    async with browser(wereld, server, Rol.UITVAL) as client:
        async with asyncio.TaskGroup() as group:
            left = asyncio.Event()
            for _ in range(live.PER_PERSOON_MAX):
                group.create_task(_hold(client, left))
            await asyncio.sleep(0.3)
            asked.clear()
            begin = time.monotonic()
            await asyncio.sleep(0.5)
            assert 1 <= len(asked) <= (time.monotonic() - begin) / live.KIJK_S + 1
            assert (await client.get("/live", params={"sinds": 0})).status_code == 429
            left.set()
        await asyncio.sleep(0.5)
        asked.clear()
        await asyncio.sleep(0.3)
        assert asked == []
        async with stroom(client):
            pass


async def _hold(client: httpx.AsyncClient, left: asyncio.Event) -> None:
    async with stroom(client):
        await left.wait()


async def test_the_process_stops_at_once_while_somebody_listens(wereld: Wereld, server: Server) -> None:
    """Without waiting for readers to go away."""
    async with browser(wereld, server, Rol.UITVAL) as client, stroom(client) as lines:
        assert SESSIE_COOKIE in client.cookies
        begin = time.monotonic()
        server.stop.set()

        assert await lees(lines, "einde") == "-"
        await asyncio.wait_for(server.running, 3)
        assert time.monotonic() - begin < 3
