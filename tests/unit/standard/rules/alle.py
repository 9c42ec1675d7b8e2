"""Every case of this folder as a call, so that tools and tests can run them all and ask which rule held and which failed where."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.unit.standard.rules import gevallen

FOLDER = Path(__file__).parent
NOT_CASES = frozenset({"test_completeness.py", "test_engine.py"})
"""Files that ask about the rules instead of showing one."""


def every_case() -> Iterator[tuple[str, Callable[[], None]]]:
    """Each test as `file.py::test` with a call, once per set of parameters."""
    for path in sorted(FOLDER.glob("test_*.py")):
        if path.name in NOT_CASES:
            continue
        module = importlib.import_module(f"tests.unit.standard.rules.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                yield from ((f"{path.name}::{name}", case) for case in _with_parameters(function))


def outcomes_per_test() -> dict[str, set[tuple[str, bool]]]:
    """Which rule's function held or failed in which test, by running every case.

    Raises:
        AssertionError: A case does not hold.
    """
    found: dict[str, set[tuple[str, bool]]] = {}
    before = set(gevallen.OUTCOMES)
    for name, case in every_case():
        gevallen.OUTCOMES.clear()
        case()
        found.setdefault(name, set()).update(gevallen.OUTCOMES)
        before |= gevallen.OUTCOMES
    gevallen.OUTCOMES.update(before)
    return found


def _with_parameters(function: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """A test as calls without arguments; one that asks for a fixture is none of these."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        if not inspect.signature(function).parameters:
            yield function
        return
    names, values = marks[0].args
    for value in values:
        yield _bound(function, [names] if isinstance(names, str) and "," not in names else _names(names), value)


def _names(names: str | tuple[str, ...] | list[str]) -> list[str]:
    """The parameters of a mark, given as a list or as one text."""
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)


def _bound(function: Callable[..., None], names: list[str], value: Any) -> Callable[[], None]:
    """The test with one set of parameters."""
    values = getattr(value, "values", None)  # of pytest.param
    arguments = values if isinstance(values, tuple) else (value,) if len(names) == 1 else value
    return lambda: function(**dict(zip(names, arguments, strict=True)))
