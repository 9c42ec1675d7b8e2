"""A world with a small region, for tests that go the whole way; and the books that the workload gives when nothing disturbs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from tests.end_to_end.werkbank import Boeken, boeken, klopt, wereld_with_region
from tests.end_to_end.werklast import REGIO_MET_MEER_AANBIEDERS, eerste_golf, stuur_golf, tweede_golf
from tests.fixtures.chromium import chromium, venster
from tests.fixtures.database import copy_of_template
from tests.fixtures.site import site
from workers.local import judge_all

__all__ = ["chromium", "site", "venster"]
"""Fixtures of other files; here, because only these tests need them and they load the whole product."""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A migrated database with the region of `werkbank.REGIO`, keys and a clock of its own."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def drukke_wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The same with the region of the workload: four aanbieders, both domains."""
    async with wereld_with_region(database, tmp_path, REGIO_MET_MEER_AANBIEDERS) as opened:
        yield opened


@pytest.fixture(scope="session")
def ongestoord(postgres_server: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Boeken:
    """Books and verdicts of both waves of the workload, judged in one process without a broker: what every other way must equal."""

    async def judge(dsn: str) -> Boeken:
        async with wereld_with_region(dsn, tmp_path_factory.mktemp("ongestoord"), REGIO_MET_MEER_AANBIEDERS) as opened:
            for golf in (eerste_golf(), tweede_golf()):
                await stuur_golf(opened, golf, seed=0)
                await judge_all(opened, lot_size_max=50)
            await klopt(opened)
            return await boeken(opened)

    with copy_of_template(postgres_server, template_database) as dsn, ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(lambda: asyncio.run(judge(dsn))).result()
