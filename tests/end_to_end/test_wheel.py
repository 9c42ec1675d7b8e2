"""The wheel carries all it needs: installed in an empty environment, it works in a folder that is no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.adapters import embedded

CHECKOUT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with the build backend of the lock."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("solidair-*.whl")
    return built


@pytest.fixture(scope="module")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the lock of the product and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for arguments in (["--require-hashes", "-r", str(CHECKOUT / "requirements.lock")], ["--no-deps", str(wheel)]):
        subprocess.run([*pip, *arguments], check=True, capture_output=True)
    return folder


@pytest.fixture
def solidair(empty_environment: Path, tmp_path: Path) -> Iterator[Run]:
    """Runs the installed command in an empty folder, with nothing of the checkout in its environment."""
    data = tmp_path / ".solidair"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SOLIDAIR_", "PYTHON"))}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(empty_environment / "bin" / "solidair"), *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500)

    yield run
    for pointer in [*data.rglob(embedded.POINTER), *data.rglob("cluster")]:
        embedded.remove(pointer.parent)


def test_wheel_carries_schemas_migrations_code_lists_and_licence(wheel: Path) -> None:
    """Every file of the folders outside `app` and of the pages, by name; and types, so that who imports us can check."""
    carried = set(zipfile.ZipFile(wheel).namelist())

    expected = {
        f"app/_data/{path.relative_to(CHECKOUT).as_posix()}"
        for folder, suffix in (("schemas", "*.xsd"), ("migrations", "*.py"), ("migrations", "*.mako"))
        for path in (CHECKOUT / folder).rglob(suffix)
    }
    lists = {path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "app" / "standard" / "codelists").glob("*.csv")}
    pages = {
        path.relative_to(CHECKOUT).as_posix()
        for suffix in ("*.html", "*.css", "*.js", "*.json")
        for path in (CHECKOUT / "app" / "web").rglob(suffix)
    }
    assert len(expected) > 20
    assert len(pages) > 50
    assert (expected | lists | pages | {"app/py.typed", "workers/py.typed"}) - carried == set()
    assert any(name.endswith("licenses/LICENSE") for name in carried)
    assert not any(name.startswith(("tests/", "tools/", "benchmarks/")) for name in carried)


def test_installed_command_refuses_an_invalid_file(solidair: Run, tmp_path: Path) -> None:
    (tmp_path / "fout.xml").write_text("<Bericht/>")

    done = solidair("validate", "--json", "fout.xml")

    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)[0]["valid"] is False


@pytest.mark.parametrize("domein", ["ijw", "iwmo"])
def test_installed_command_accepts_published_examples(solidair: Run, standard_dir: Path, domein: str) -> None:
    """The schemas come from the wheel: there is no checkout here."""
    examples = sorted(str(path) for path in (standard_dir / f"{domein}-3.2" / "examples").glob("*30[15]*.xml"))

    done = solidair("validate", "--json", *examples)

    assert examples
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(entry["valid"] for entry in json.loads(done.stdout))


def test_installed_command_migrates_its_own_database(solidair: Run) -> None:
    first, again = solidair("migrate"), solidair("migrate")

    assert first.returncode == 0, first.stderr
    assert again.returncode == 0, again.stderr


def test_installed_command_runs_the_demo(solidair: Run) -> None:
    done = solidair("demo", "--exit", "--gemeenten", "3", "--aanbieders", "3", "--clienten", "20", "--maanden", "2")

    assert done.returncode == 0, done.stdout + done.stderr
