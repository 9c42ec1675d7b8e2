"""`solidair ledger boek`: the acts of a controller from the command line, once each, with a sentence for what is missing or wrong."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

import pytest

from app.cli import main
from app.commands.boeken import NODIG, check_given, read_cents
from app.domain.errors import OngeldigVerzoek
from tests.end_to_end.werkbank import NU, wereld_with_region
from tests.integration.test_grootboek import GELD, per_rekening

GEGEVEN = {
    "gemeente": "0664", "domein": "ijw", "zorgvorm": "ambulant", "bedrag": "9,00", "maatstaf": "inwoners",
}  # fmt: skip


@pytest.fixture
def regio(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with money in its region, and the settings of a command that works on it."""

    async def load() -> None:
        async with wereld_with_region(database, tmp_path, GELD):
            pass

    asyncio.run(load())
    for name, value in {"MODE": "test", "NU": NU.isoformat(), "DATABASE_URL": database, "DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(f"SOLIDAIR_{name}", value)
    return database


def opdracht(soort: str, *extra: str) -> list[str]:
    """The arguments of one act."""
    given = [part for name in NODIG[soort] for part in (f"--{name}", GEGEVEN[name])]
    return ["ledger", "boek", soort, "2026-01", "--reden", "proef", *given, *extra]


def test_every_act_books_once(regio: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second time there is nothing to do; the books balance."""
    for soort in NODIG:
        assert main(opdracht(soort, "--json")) == 0
        assert json.loads(capsys.readouterr().out)["handelingen"], soort
        assert main(opdracht(soort)) == 0
        assert "er is niets geboekt" in capsys.readouterr().out

    async def saldi() -> dict[tuple[str, str], int]:
        async with wereld_with_region(regio, tmp_path, GELD) as wereld:
            return await per_rekening(wereld)

    found = asyncio.run(saldi())
    assert found["kosten_lokaal", "0664"] == 900
    assert sum(found.values()) == 0


def test_in_the_name_of_somebody_who_may_not(regio: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An account that is not there is named."""
    assert main(opdracht("bijdragen", "--door", "niemand")) == 1
    assert "geen account niemand" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("soort", "anders", "zin"),
    [
        ("ouderbijdrage", {"zorgvorm": None}, "heeft nog nodig: --zorgvorm"),
        ("termijnen", {"bedrag": "1"}, "kent geen --bedrag"),
        ("organisatiekosten", {"maatstaf": None, "bedrag": None}, "--bedrag, --maatstaf"),
    ],
)
def test_what_is_missing_or_unused_is_named(soort: str, anders: dict[str, str | None], zin: str) -> None:
    given = {name: value if name in NODIG[soort] else None for name, value in GEGEVEN.items()} | anders

    with pytest.raises(OngeldigVerzoek, match=zin):
        check_given(argparse.Namespace(soort=soort, **given))


@pytest.mark.parametrize(("text", "cents"), [("1234,56", 123456), ("1234.5", 123450), ("-3", -300), ("0", 0)])
def test_amounts(text: str, cents: int) -> None:
    assert read_cents(text) == cents


@pytest.mark.parametrize("text", ["1,234", "twaalf", "1.234,56", "NaN", "Infinity", ""])
def test_no_amount(text: str) -> None:
    with pytest.raises(OngeldigVerzoek, match="is geen bedrag"):
        read_cents(text)
