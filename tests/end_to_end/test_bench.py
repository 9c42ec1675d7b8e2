"""`solidair bench` on a small declaratie: what it prints is what happened, and it leaves no database behind. No test of speed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.adapters.xml import Accepted, Schemas, accept
from app.cli import main
from app.commands.bench import PREFIX
from app.commands.bench_case import BEDRAG_CENT, make_geval, valid_bsns
from app.commands.bench_product import peak_memory
from tests.fixtures.database import execute

SIZE = 100_000
ALL_TEST_BSNS = 9091


@pytest.mark.slow
def test_bench_measures_floor_and_product_and_leaves_nothing(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One JSON document with both times, their ratio, lines, bytes and the peak of the worker; the scratch databases are gone."""
    monkeypatch.setenv("SOLIDAIR_DATABASE_URL", postgres_server)
    monkeypatch.setenv("SOLIDAIR_DATA_DIR", str(tmp_path))

    code = main(["bench", "--bytes", str(SIZE), "--herhaal", "1", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert code == 0
    assert 0.9 * SIZE < report["bytes"] <= SIZE
    assert report["prestaties"] == make_geval(SIZE, dicht=False).prestaties
    assert 0 < report["aangenomen_s"] < report["antwoord_s"]
    assert report["verhouding"] == pytest.approx(report["antwoord_s"] / report["bodem_s"], rel=0.1)
    assert len(report["rondes"]) == 1
    assert report["worker_bytes"] is None or 20e6 < report["worker_bytes"] < 512e6
    assert execute(postgres_server, f"select datname from pg_database where datname like '{PREFIX}%'") == []


@pytest.mark.parametrize("arguments", [["--herhaal", "0"], ["--bytes", "100"]])
def test_bench_refuses_what_cannot_be_measured(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A sentence and exit code 1, before any database is made."""
    assert main(["bench", *arguments]) == 1
    assert "--herhaal" in capsys.readouterr().err


@pytest.mark.parametrize("dicht", [False, True])
def test_declaratie_of_the_bench_is_valid_and_not_over_its_size(dicht: bool) -> None:
    """Both forms fit the schema, claim what they say and hold about as many bytes as asked; dense holds more lines in them."""
    geval = make_geval(SIZE, dicht=dicht)

    assert isinstance(accept(geval.data, Schemas()), Accepted)
    assert isinstance(accept(geval.warm, Schemas()), Accepted)
    assert 0.9 * SIZE < len(geval.data) <= SIZE
    assert geval.toegekend_cent == geval.prestaties * BEDRAG_CENT
    assert geval.data.count(b"GeleverdVolume>") == 2 * geval.prestaties
    assert make_geval(SIZE, dicht=True).prestaties > 1.3 * make_geval(SIZE, dicht=False).prestaties


def test_every_test_bsn_is_in_the_range_of_fictitious_persons() -> None:
    """9 091 of them pass the 11-proef."""
    bsns = valid_bsns()

    assert len(bsns) == len(set(bsns)) == ALL_TEST_BSNS
    assert (bsns[0], bsns[-1]) == ("999900006", "999999990")


def test_peak_memory_of_a_process_that_is_gone_is_not_known() -> None:
    """No number is made up."""
    assert peak_memory(2**22 + 1) is None
