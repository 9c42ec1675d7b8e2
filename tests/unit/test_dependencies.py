"""Each package we depend on has its reason written down, and the locks know it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
TO_RUN = PROJECT["project"]["dependencies"]
TO_TEST = [entry for group in PROJECT["dependency-groups"].values() for entry in group if isinstance(entry, str)]


def name_of(requirement: str) -> str:
    """`sqlalchemy[asyncio]>=2.0` is sqlalchemy."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


@pytest.mark.parametrize("requirement", [*TO_RUN, *TO_TEST])
def test_reason_is_written_down(requirement: str) -> None:
    reasons = (CHECKOUT / "docs" / "decisions" / "0001-dependencies.md").read_text()

    rows = [row.split("|") for row in reasons.splitlines() if row.startswith("|")]
    found = [reason for _, packages, reason, _ in rows if name_of(requirement) in map(name_of, packages.strip().split(", "))]

    assert len(found) == 1
    assert len(found[0].split()) >= 2


@pytest.mark.parametrize(
    ("lock", "requirements"), [("requirements.lock", TO_RUN), ("requirements-dev.lock", [*TO_RUN, *TO_TEST])], ids=["run", "test"]
)
def test_lock_pins_it_with_hashes_and_names_no_registry(lock: str, requirements: list[str]) -> None:
    text = (CHECKOUT / lock).read_text()
    pinned = set(re.findall(r"(?m)^([a-z0-9-]+)==", text))
    without_hash = re.findall(r"(?m)^[a-z0-9-]+==[^\\\n]*$", text)

    assert {name_of(requirement) for requirement in requirements} <= pinned
    assert without_hash == []
    assert "://" not in text
