"""How often Python looks for values that hold on to each other, in a process that judges.

Reading and judging a declaratie of 25 MB makes millions of small values that all stay until the outcome is stored. With Python's own thresholds
(700 new values) they are all walked through again and again, a quarter to a third of the time (m), to find nothing: what we make is freed by
counting references. Cycles come from exceptions and event loops, and are few.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (100_000, 20, 10)
"""New values before the young, the middle and the old are walked through. 100 000 values are about 10 MB: what may lie unnoticed."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect rarely while the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
