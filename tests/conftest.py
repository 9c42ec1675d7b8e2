"""What every test may rely on: a clean environment, and by name a database, a broker and the reference of the standard."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest
import structlog
from argon2 import PasswordHasher

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.broker", "tests.fixtures.standard", "tests.fixtures.official"]

_KEPT_PREFIXES = ("SOLIDAIR_TEST_", "SOLIDAIR_STANDARD_DIR")


def pytest_configure() -> None:
    """SIGTERM ends the session as Ctrl-C does, so that the servers of the tests are stopped."""
    signal.signal(signal.SIGTERM, _end_session)


def _end_session(_number: int, _frame: FrameType | None) -> None:
    pytest.exit("SIGTERM", returncode=143)


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """No setting of the person who runs the tests reaches the product; the settings of the tests themselves stay."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("SOLIDAIR_") and not name.startswith(_KEPT_PREFIXES):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def light_passwords() -> Iterator[None]:
    """Argon2id with the least work: a test signs in, and the real parameters take a quarter of a second each time; `test_identity` tests those."""
    from app.identity import wachtwoord

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wachtwoord, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """A command that a test runs in this process sets up logging on the standard error of that test; the next test must not write there."""
    yield
    structlog.reset_defaults()
