"""`solidair serve`: the HTTP process; without a broker it judges too."""

from __future__ import annotations

import argparse
import asyncio
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager

import uvicorn

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.adapters.wereld import Wereld
from app.bootstrap import database_of, open_wereld
from app.commands.wereld import read_settings
from app.domain.errors import OngeldigVerzoek
from app.main import maak_app, warm_up
from app.settings import Settings
from workers.run import run_workers, stop_on_signals

PORTS_TRIED_MAX = 50
THRESHOLDS = (10_000, 10, 100)
"""New values before Python looks through the young, the middle and the old ones: the young a few milliseconds at a time, the old almost never."""


def run(arguments: argparse.Namespace) -> int:
    """Until SIGINT or SIGTERM; requests and lots in hand are finished first."""
    settings = read_settings()
    configure_logging(level=settings.log_level)
    with database_of(settings) as dsn:
        migrate(dsn)
        asyncio.run(_serve(settings, dsn, judge=settings.amqp_url is None and not arguments.alleen_http))
    return 0


async def _serve(settings: Settings, dsn: str, *, judge: bool) -> None:
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        wereld = await stack.enter_async_context(open_wereld(settings, dsn))
        listener = free_socket(settings.host, settings.port)
        print(f"Solidair luistert op {address_of(listener)}", flush=True)
        stop_on_signals(stop, stack)
        async with asyncio.TaskGroup() as group:
            group.create_task(serve_http(wereld, settings, listener, stop, once_warm=stay_in_memory))
            if judge:
                group.create_task(run_workers(wereld, settings, dsn, stop))


async def serve_http(
    wereld: Wereld, settings: Settings, listener: socket.socket, stop: asyncio.Event, once_warm: Callable[[], object] = lambda: None
) -> None:
    """Serve on an open socket until `stop` is set; `once_warm` is called when everything that lasts has been made."""
    app = maak_app(settings, wereld)
    await warm_up(app)
    once_warm()
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=10)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    # Pages that listen for what is new would keep the server waiting.
    app.state.live.sluit()
    server.should_exit = True
    await serving
    stop.set()


def stay_in_memory() -> None:
    """Tell Python that what there is now stays: looking through it for values that hold on to each other stops every page for 0.3 s."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)


class _Server(uvicorn.Server):
    """Leaves signals to us: the workers must hear them too."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield


def free_socket(host: str, port: int) -> socket.socket:
    """A listening socket on `port`, or the next free one.

    Raises:
        OngeldigVerzoek: None of the next 50 ports is free, or the host is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + PORTS_TRIED_MAX, 65536)):
        # Named as TCP, because asyncio switches Nagle's delay off only then: an answer of two writes would take 40 ms more.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        listener.setblocking(False)
        return listener
    raise OngeldigVerzoek(f"op {host} is vanaf poort {port} geen poort vrij; kies een andere met SOLIDAIR_PORT")


def address_of(listener: socket.socket) -> str:
    """Where a browser finds it."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
