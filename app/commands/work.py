"""`solidair work`: a worker process."""

from __future__ import annotations

import argparse
import asyncio
import os

import structlog

from app.adapters.database import migrate
from app.adapters.log import configure_logging
from app.bootstrap import database_of, open_wereld
from app.commands.wereld import read_settings
from app.settings import Settings
from workers.liveness import GeenVoortgang
from workers.run import run_workers, stop_on_signals

EXIT_NO_PROGRESS = 70

log = structlog.get_logger(__name__)


def run(arguments: argparse.Namespace) -> int:
    """Until SIGTERM; exit code 70 without progress, so that whoever started it starts it again."""
    settings = read_settings()
    configure_logging(level=settings.log_level)
    with database_of(settings) as dsn:
        migrate(dsn)
        return asyncio.run(_work(settings, dsn))


async def _work(settings: Settings, dsn: str) -> int:
    stop = asyncio.Event()
    stop_on_signals(stop)
    async with open_wereld(settings, dsn) as wereld:
        try:
            await run_workers(wereld, settings, dsn, stop)
        except GeenVoortgang as reason:
            log.error("worker_without_progress", reason=str(reason))
            # At once: closing the pool, and the interpreter, would wait for what hangs.
            os._exit(EXIT_NO_PROGRESS)
    return 0
