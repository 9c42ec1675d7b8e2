"""Every rule has a holding and a failing case, its retourcode is in WJ001, and what it looks at may be looked at."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.standard.codelists import retourcode
from app.standard.rules import BERICHTINHOUD, registered_rules
from tests.unit.standard.rules import gevallen

ENFORCED = """
TR002 TR006 TR018 TR019 TR056 TR061 TR063 TR071 TR074 TR101 TR134 TR135 TR137 TR302 TR304 TR307 TR308 TR314 TR315 TR316 TR318 TR319 TR321 TR322
TR323 TR326 TR332 TR333 TR335 TR338 TR339 TR340 TR341 TR346 TR347 TR349 TR350 TR351 TR352 TR353 TR355 TR357 TR358 TR359 TR360 TR361 TR365 TR369
TR373 TR374 TR375 TR377 TR378 TR379 TR380 TR382 TR383 TR384 TR385 TR386 TR387 TR388 TR389 TR390 TR409 TR410 TR411 TR412 TR413 TR414 TR415 TR416
TR418 CD005 CD007 CD009 CD025 CD034 CD041 CD043 CD060 CD066 CD067 CD068 CD075 CD076 CD077 CD078 CD079 CD080 CD085 CD086 CD087 CD095 CD096 CS002
CS003 CS050 CS058 CS089 CS100 CS139 CS318 CS325 CS335 CS336 CS337 CS338 CS339 CS340 CS343
"""


def test_every_rule_has_a_holding_and_a_failing_case() -> None:
    """Runs every case in this folder, so that it does not matter which tests ran before."""
    for case in _cases():
        case()

    for regel in registered_rules():
        for held in (True, False):
            assert (regel.functie.__name__, held) in gevallen.OUTCOMES, (
                f"{regel.functie.__name__} has no case that {'holds' if held else 'fails'}"
            )


def test_the_rules_enforced_are_these() -> None:
    """A rule that disappears, or comes without being listed, is noticed."""
    assert sorted({regel.code for regel in registered_rules()}) == sorted(ENFORCED.split())


def test_each_retourcode_is_in_wj001_for_its_berichten() -> None:
    """No answer may carry a code that the list does not give for that bericht, or that it gives to another rule."""
    for regel in registered_rules():
        code = retourcode(regel.retourcode)
        assert code is not None, regel.code
        assert set(regel.berichten) <= set(code.berichten), f"{regel.code}: {regel.retourcode} is not for {regel.berichten}"
        assert regel.niveau == BERICHTINHOUD or code.regel == regel.code or (regel.code, regel.retourcode) == ("TR382", "9069")


def test_rules_of_niveau_2_look_at_the_bericht_only() -> None:
    """0001 if and only if nothing outside the bericht takes part."""
    for regel in registered_rules():
        assert (regel.retourcode == "0001") is (regel.niveau == BERICHTINHOUD), regel.code
        assert regel.niveau != BERICHTINHOUD or not regel.kijkt_naar, regel.code


def test_op364_no_prestatie_is_judged_by_starts_and_stops() -> None:
    """Start and stop never condition payment."""
    assert not [regel.code for regel in registered_rules() if "323" in regel.berichten and "leveringen" in regel.kijkt_naar]


def test_every_rule_names_its_source() -> None:
    """The docstring of a rule says what holds and which rule of the standard says so."""
    for regel in registered_rules():
        assert f"{regel.code}" in (regel.functie.__doc__ or ""), regel.functie.__name__


def _cases() -> Iterator[Callable[[], None]]:
    """Every test of this folder but those of this file, once per set of parameters."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        module = importlib.import_module(f"tests.unit.standard.rules.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_") and function.__module__ == module.__name__:
                yield from _with_parameters(function)


def _with_parameters(function: Callable[..., None]) -> Iterator[Callable[[], None]]:
    """A test as calls without arguments."""
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if not marks:
        if not inspect.signature(function).parameters:
            yield function
        return
    names, values = marks[0].args
    for value in values:
        yield _bound(function, [names] if isinstance(names, str) else list(names), value)


def _bound(function: Callable[..., None], names: list[str], value: Any) -> Callable[[], None]:
    """The test with one set of parameters."""
    values = getattr(value, "values", None)  # of pytest.param
    arguments = values if isinstance(values, tuple) else (value,) if len(names) == 1 else value
    return lambda: function(**dict(zip(names, arguments, strict=True)))
