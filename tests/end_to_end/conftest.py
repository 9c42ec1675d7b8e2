"""A world with a small region, for tests that go the whole way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from tests.end_to_end.werkbank import wereld_with_region


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A migrated database with the region of `werkbank.REGIO`, keys and a clock of its own."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened
