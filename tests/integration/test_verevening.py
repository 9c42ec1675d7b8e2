"""A run of the verevening from the ledger: it reads balances, states both inputs, adds up to zero and is stored with all it was made from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.domain.declaratie import DeclaratieClient
from app.domain.errors import NietToegestaan
from app.domain.partij import SYSTEEM, Actor
from app.ledger import fold
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.service import Keuze, Model, Run, vereven
from tests.builders import BSN, make_301, make_323, make_declaratie, make_month, make_prestatie, make_toegewezen_product
from tests.end_to_end.werkbank import REGIO, stuur, wereld_with_region
from workers.local import judge_all

INWONERS = {"0664": 38000, "0687": 49000, "0384": 30000}


async def claim_in_goes(wereld: Wereld) -> None:
    """480 euros of ambulant cost for Goes in May 2026."""
    await stuur(wereld, make_301())
    await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)


def per_gemeente(run: Run) -> dict[str, tuple[int, int, int]]:
    """Own cost, contribution and settlement in cents of the pool ambulant."""
    return {row.municipality: (row.own_cost_cent, row.contribution_cent, row.settlement_cent) for row in run.rows}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the workbench with cost in Goes."""
    async with wereld_with_region(database, tmp_path) as opened:
        await claim_in_goes(opened)
        yield opened


async def test_waarborg_shares_the_cost_by_inhabitants(wereld: Wereld) -> None:
    """48 000 cents over 117 000 inhabitants, largest remainder."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))

    contributions = {code: cells[1] for code, cells in per_gemeente(run).items()}
    assert contributions == {"0384": 12308, "0664": 15590, "0687": 20102}
    assert per_gemeente(run)["0664"] == (48000, 15590, -32410)
    assert run.som_cent == 0
    assert run.kosten_cent == run.kosten_clienten_cent == 48000


async def test_profijtbeginsel_settles_nothing(wereld: Wereld) -> None:
    """Everyone bears its own cost."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.PROFIJT))

    assert {cells[2] for cells in per_gemeente(run).values()} == {0}


async def test_vlaktaks_looks_at_the_cost_of_the_years_before(wereld: Wereld) -> None:
    """Only Goes had cost in 2025, so Goes bears all of 2026."""
    december = make_month(2025, 12)
    product = make_toegewezen_product(
        toewijzing_nummer=2002, toewijzingsdatum=date(2025, 11, 20), ingangsdatum=december.begindatum, einddatum=december.einddatum
    )
    await stuur(wereld, make_301(product, identificatie="OUD"))
    line = make_prestatie("R2025", toewijzing_nummer=2002, product_periode=december)
    client = DeclaratieClient(bsn=BSN, prestaties=(line,))
    await stuur(wereld, make_323(declaratie=make_declaratie([client], declaratie_nummer="D2025"), identificatie="LAAT"))
    await judge_all(wereld, lot_size_max=50)

    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.VLAKTAKS))

    assert {code: cells[1] for code, cells in per_gemeente(run).items()} == {"0384": 0, "0664": 48000, "0687": 0}


async def test_folding_the_balances_changes_no_outcome(wereld: Wereld) -> None:
    """Deltas and folded balances together are what is read."""
    before = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    await fold(wereld)

    after = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))

    assert after.rows == before.rows
    assert await wereld.pool.fetchval("select count(*) from saldo_delta") == 0


async def test_a_run_is_stored_with_what_it_was_made_from(wereld: Wereld) -> None:
    """Cost, measures, members and agreement are in the row: the run can be made again."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))

    stored = await wereld.pool.fetchrow("select * from verevening_run where run_nr = $1", run.run_nr)

    assert stored["status"] == "concept"
    assert stored["invoer"]["kosten"] == [["0664", "ambulant", "2026-05-01", 48000]]
    assert ["inwoners", "0687", "", 2026, "49000"] in stored["invoer"]["maatstaven"]
    assert sum(row["settlement_cent"] for row in stored["uitkomst"]) == 0


async def test_a_missing_measure_is_an_error_with_its_name(database: str, tmp_path: Path) -> None:
    """Never zero: who has no value cannot be settled."""
    files = {**REGIO, "maatstaven.csv": "maatstaf,gemeente,zorgvorm,jaar,waarde\ninwoners,0664,,2026,38000\n"}
    async with wereld_with_region(database, tmp_path, files) as wereld:
        await claim_in_goes(wereld)

        with pytest.raises(RegelingOngeldig, match="inwoners"):
            await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))


async def test_only_a_controller_may_settle(wereld: Wereld) -> None:
    """Others are told so, and nothing is stored."""
    with pytest.raises(NietToegestaan):
        await vereven(wereld, Actor(naam="inzage", gemeenten=None), Keuze(jaar=2026, model=Model.PROFIJT))

    assert await wereld.pool.fetchval("select count(*) from verevening_run") == 0
