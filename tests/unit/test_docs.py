"""What the documents say is what the program does: settings, commands, columns, rules, links; and nothing of one machine is in them."""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.cli import make_parser
from app.domain.partij import Rol
from app.parties.region import TABELLEN, Rij, kolommen
from app.settings import Settings
from app.web.woorden import STATUSSEN

CHECKOUT = Path(__file__).resolve().parents[2]
README = CHECKOUT / "README.md"
DOCS = CHECKOUT / "docs"
DEPLOY = CHECKOUT / "deploy"
PAGES = [*sorted(CHECKOUT.glob("*.md")), *sorted(DOCS.rglob("*.md")), *sorted(DEPLOY.rglob("*.md"))]
DEPLOYED = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.parent.name != "secrets"]

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SETTING = re.compile(r"\bSOLIDAIR_[A-Z_]+\b")
NOT_OURS_TO_SET = {"SOLIDAIR_TOKEN", "SOLIDAIR_TEST_DATABASE_URL", "SOLIDAIR_TEST_AMQP_URL", "SOLIDAIR_STANDARD_DIR"}
"""Read by the command `submit` and by the tests, not by the class of settings."""
READ_BY_THE_CONTAINER = {"SOLIDAIR_DATABASE_URL_FILE", "SOLIDAIR_AMQP_URL_FILE"}
MACHINE = re.compile(
    r"/wor[k]/|/roo[t]/|/home/[a-z]|\bpyp[i]\b|pythonhoste[d]|npmj[s]|deb\.debia[n]|--index-url|\bproxy\b.*://", re.IGNORECASE
)
"""Written with classes of one letter, so that this file does not hold what it looks for."""


def name(path: Path) -> str:
    """A file as a test names it."""
    return str(path.relative_to(CHECKOUT))


def settings() -> dict[str, object]:
    """Every setting by its variable, with its default in production."""
    defaults = Settings()
    return {f"SOLIDAIR_{field.upper()}": getattr(defaults, field) for field in Settings.model_fields}


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its header."""
    below = text.split(f"\n{heading}\n", maxsplit=1)[1]
    section = re.split(r"\n#{1,6} ", below, maxsplit=1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    assert len(rows) > 2, f"{heading} has no table"
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_settings_table_has_every_setting_with_its_default() -> None:
    """In the order of the class or any other, but each once, with the default that the class gives."""
    rows = table(README.read_text(), "## Settings")

    documented = {row[0].strip("`"): row[1].strip("`") for row in rows}
    actual = {variable: as_written(default) for variable, default in settings().items()}

    assert len(documented) == len(rows)
    assert documented == actual


def as_written(default: object) -> str:
    """A default as the table writes it."""
    if default is None:
        return "–"
    return str(default).lower() if isinstance(default, bool) else str(default)


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=name)
def test_settings_that_are_named_exist(page: Path) -> None:
    found = set(SETTING.findall(page.read_text()))

    assert found <= {*settings(), *NOT_OURS_TO_SET, *READ_BY_THE_CONTAINER}


def test_commands_of_the_readme_are_those_of_the_program() -> None:
    """The table names every command, and no other; so does what stands in code elsewhere in the README."""
    text = README.read_text()
    listed = {spoken(row[0].strip("`")) for row in table(text, "## The command line")}
    commands = set(leaves(make_parser()))

    assert listed == commands
    for other in re.findall(r"`solidair ([a-z][a-z ]*)", text):
        assert other.split()[0] in {each.split()[0] for each in commands}


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=name)
def test_commands_in_examples_exist(page: Path) -> None:
    """A line of an example that begins with `solidair` names a command that there is."""
    commands = set(leaves(make_parser()))

    for line in re.findall(r"(?m)^solidair ([a-z].*)$", page.read_text()):
        assert any(line == command or line.startswith(f"{command} ") for command in commands), line


def spoken(usage: str) -> str:
    """`solidair region load DIR` is the command `region load`."""
    words = usage.removeprefix("solidair ").split()
    return " ".join(word for word in words if word.islower())


def leaves(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every command that does something, with the one above it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                deeper = list(leaves(below))
                yield from (f"{word} {each}" for each in deeper)
                if not deeper:
                    yield word


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_point_at_what_exists(page: Path) -> None:
    """Files of this repository, and headings in them."""
    for target in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} does not exist"
        assert there.is_relative_to(CHECKOUT), f"{target} is outside the repository"
        assert not anchor or anchor in anchors(there), f"{target}: no such heading"


def anchors(page: Path) -> set[str]:
    """The headings of a page as they are linked to."""
    headings = re.findall(r"(?m)^#{1,6} (.+)$", page.read_text())
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, *DEPLOYED], ids=name)
def test_nothing_of_one_machine_or_registry_is_written_down(page: Path) -> None:
    text = page.read_text()

    assert [line for line in text.splitlines() if MACHINE.search(line)] == []


def test_every_decision_is_numbered_once_and_has_its_parts() -> None:
    """In a row from 0001, with the headings of the template."""
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))

    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]}. ")
        assert re.search(r"(?m)^Date: \d{4}-\d\d-\d\d\. Status: (accepted|replaced by \d{4})\.$", text)
        assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Decision", "Rejected", "Consequences"]


def test_worked_cases_name_every_test_of_theirs() -> None:
    """The page lists each test of a casus or voorbeeld, and no other."""
    tests = CHECKOUT / "tests"
    modules = [*tests.glob("end_to_end/test_casussen_*.py"), *tests.glob("unit/judging/test_voorbeelden_*.py")]
    text = (DOCS / "worked-cases.md").read_text()

    assert {f"tests/{module.relative_to(tests)}" for module in modules} == set(re.findall(r"`(tests/[a-z_/]+\.py)`", text))
    assert {found for module in modules for found in re.findall(r"(?m)^(?:async )?def (test_\w+)", module.read_text())} == set(
        re.findall(r"`(test_\w+)`", text)
    )


def test_rules_page_is_what_the_register_says() -> None:
    """When this fails: python tools/make_rules_doc.py."""
    assert (DOCS / "rules.md").read_text() == load_tool("make_rules_doc").document()


def load_tool(tool: str) -> ModuleType:
    """A script of `tools/` as a module."""
    spec = importlib.util.spec_from_file_location(tool, CHECKOUT / "tools" / f"{tool}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("soort", TABELLEN, ids=lambda soort: soort.bestand)
def test_region_page_has_the_columns_of_each_file(soort: type[Rij]) -> None:
    rows = table((DOCS / "region-folder.md").read_text(), f"## {soort.bestand}")

    assert tuple(row[0] for row in rows) == kolommen(soort)


def test_operations_page_has_every_status_and_role() -> None:
    text = (DOCS / "operations.md").read_text()

    assert {row[0].strip("`") for row in table(text, "## What the statuses mean")} == set(STATUSSEN)
    assert {row[0].strip("`") for row in table(text, "## Tokens and accounts")} == {rol.value for rol in Rol}


def test_example_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The class takes what the example says, for both ways of deploying."""
    lines = [line for line in (DEPLOY / "settings.example.env").read_text().splitlines() if line and not line.startswith("#")]
    configured = re.findall(r'(?m)^  (SOLIDAIR_[A-Z_]+): "?([^"\n]+)"?$', (DEPLOY / "kubernetes" / "settings.yaml").read_text())
    example = dict(line.split("=", maxsplit=1) for line in lines)
    for variable, value in example.items():
        monkeypatch.setenv(variable, value)

    read = Settings()

    assert dict(configured) == example
    assert read.mode == "productie"
    assert read.secure_cookies


def test_entrypoint_reads_secrets_from_files(tmp_path: Path) -> None:
    """The setting holds what the file says; arguments go through unchanged; the variable that names the file is gone."""
    (tmp_path / "url").write_text("postgresql://solidair:a$b'c@db/solidair\n")

    done = run_entrypoint(tmp_path, "serve", "--alleen http", SOLIDAIR_DATABASE_URL_FILE=str(tmp_path / "url"))

    assert done.returncode == 0
    assert done.stdout == "<postgresql://solidair:a$b'c@db/solidair><><serve><--alleen http>"


def test_entrypoint_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = run_entrypoint(tmp_path, "serve", SOLIDAIR_AMQP_URL_FILE=str(tmp_path / "absent"))

    assert done.returncode == 2
    assert "SOLIDAIR_AMQP_URL_FILE" in done.stderr
    assert done.stdout == ""


def run_entrypoint(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the container's entrypoint with a `solidair` that prints what it got."""
    program = folder / "solidair"
    program.write_text('#!/bin/sh\nprintf "<%s>" "${SOLIDAIR_DATABASE_URL:-}" "${SOLIDAIR_DATABASE_URL_FILE:-}" "$@"\n')
    program.chmod(0o755)
    known = {"PATH": f"{folder}{os.pathsep}{os.defpath}", **environment}
    command = ["/bin/sh", str(DEPLOY / "entrypoint.sh"), *arguments]
    return subprocess.run(command, env=known, capture_output=True, text=True, check=False, timeout=20)
