"""What the servers that we start ourselves have in common: who uses one, and that it is stopped by the last who does.

Owns the locks and the signals. Which server it is, and how it starts and stops, is left to `embedded` (PostgreSQL) and `broker_node`
(RabbitMQ).

A server of ours has two lock files. The *turn* is exclusive and held only while somebody starts or stops it. The *lease* is shared and
held for as long as a process uses the server; the kernel drops it when the process dies, however it dies. Who lets go and finds no other
lease is the last, and stops the server. So two commands share one server, and a server that a killed process left behind is found,
used and stopped by the next.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from app.domain.errors import Unavailable

_END_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_TURN_PAUSE_S = 0.05


class ServerUnavailable(Unavailable):
    """A server of our own cannot be had on this machine; the message says why and what helps."""


@contextmanager
def turn(path: Path, *, wait_s_max: float = 180.0) -> Iterator[None]:
    """Be the only one that starts or stops the server whose turn file is `path`.

    Raises:
        ServerUnavailable: Another process held the turn for longer than `wait_s_max`.
    """
    deadline = time.monotonic() + wait_s_max
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _try_lock(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerUnavailable(f"Another process has been starting or stopping the server for {wait_s_max:.0f} s ({path}).")
            time.sleep(_TURN_PAUSE_S)
        yield
    finally:
        os.close(descriptor)


def hold(path: Path) -> int | None:
    """Lock `path` for as long as the returned descriptor is open; None when another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _try_lock(descriptor, fcntl.LOCK_EX):
        return descriptor
    os.close(descriptor)
    return None


class Lease:
    """The mark of one process that it uses a server. Take and release it only within the `turn`."""

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    @property
    def held(self) -> bool:
        """Whether this lease has not been released yet."""
        return self._descriptor is not None

    def is_last(self) -> bool:
        """Whether nobody else uses the server. Asking leaves the lease shared, so who starts after the turn can still join."""
        if self._descriptor is None or not _try_lock(self._descriptor, fcntl.LOCK_EX):
            return False
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)
        return True

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def exit_on_signal() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the program by SystemExit, so that every `finally` runs, as SIGINT already does.

    A handler that somebody else installed stays: then that one ends the program. Outside the main thread nothing changes, because
    Python delivers signals to the main thread only.
    """
    ours = [number for number in _END_SIGNALS if _in_main_thread() and signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _exit)
    try:
        yield
    finally:
        for number in ours:
            if signal.getsignal(number) is _exit:
                signal.signal(number, signal.SIG_DFL)


@contextmanager
def signals_deferred() -> Iterator[None]:
    """Hold SIGINT, SIGTERM and SIGHUP back while a server is being stopped; the first that came is delivered afterwards."""
    if not _in_main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_END_SIGNALS)}
    held = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in held:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def tail(path: Path, *, lines: int = 15) -> str:
    """The last lines of a log, for the message of an error; empty when there is no log."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 16_384))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
