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
from app.solidarity.service import Keuze, Model, Run, vereven, vereven_overeenkomst
from app.solidarity.tomlform import read_document
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


AGREEMENT = """
naam = "Proef"
regio = "Test"
versie = "2026-1"
geldig_van = 2026-01-01
geldig_tot = 2026-12-31
leden = ["0384", "0664", "0687"]

[maatstaven.inwoners]
bron = "CBS"

[[regeling]]
code = "AMB"
zorgvormen = ["ambulant"]
"""
KEY = '[[regeling.sleutel]]\nmaatstaf = "inwoners"\n'


async def settle_by(wereld: Wereld, text: str, jaar: int = 2026) -> Run:
    """Settle by a document."""
    return await vereven_overeenkomst(wereld, SYSTEEM, read_document(text), jaar)


async def test_a_document_settles_the_ledger_and_is_stored_with_the_run(wereld: Wereld) -> None:
    """The same shares as the model waarborg; the text of the document is in the stored input and reads back to itself."""
    run = await settle_by(wereld, AGREEMENT + KEY)

    assert {code: cells[1] for code, cells in per_gemeente(run).items()} == {"0384": 12308, "0664": 15590, "0687": 20102}
    assert run.kosten_cent == run.kosten_clienten_cent == 48000
    stored = await wereld.pool.fetchrow("select jaar, model, invoer from verevening_run where run_nr = $1", run.run_nr)
    assert (stored["jaar"], stored["model"]) == (2026, "Proef (2026-1)")
    assert read_document(stored["invoer"]["overeenkomst"]) == read_document(AGREEMENT + KEY)


async def test_a_layer_per_client_reads_the_balances_per_client(wereld: Wereld) -> None:
    """Of the client's 480 euros what lies above 180 is shared by inhabitants, the rest stays with Goes."""
    layer = '[[regeling.laag]]\nbasis = "client"\nondergrens = 180\naandeel = 1\n'

    run = await settle_by(wereld, AGREEMENT + KEY + layer)

    assert {code: cells[1] for code, cells in per_gemeente(run).items()} == {"0384": 7692, "0664": 18000 + 9744, "0687": 12564}
    assert run.som_cent == 0


async def test_what_the_region_does_not_know_is_named_all_at_once(wereld: Wereld) -> None:
    """A gemeente and a zorgvorm that are not in the region, with the nearest code."""
    text = (AGREEMENT + KEY).replace('"0687"]', '"0688"]').replace('["ambulant"]', '["ambulant", "crisis"]')

    with pytest.raises(RegelingOngeldig) as refused:
        await settle_by(wereld, text)

    assert refused.value.melding.splitlines() == [
        "regeling AMB, leden: gemeente '0688' is er in 2026 niet in de regio (bedoelt u '0687'?); verbeter de code of de data.",
        "regeling AMB, zorgvormen: zorgvorm 'crisis' kent de regio niet; verbeter de naam of voeg haar toe aan zorgvormen.csv.",
    ]


async def test_a_year_outside_the_document_and_a_day_inside_a_month_are_refused(wereld: Wereld) -> None:
    """The ledger knows months; and who asks another year is told so."""
    with pytest.raises(RegelingOngeldig, match="geen regeling geldt in 2025"):
        await settle_by(wereld, AGREEMENT + KEY, 2025)
    halfway = (AGREEMENT + KEY).replace('"0687"]', '{ gemeente = "0687", tot = 2026-06-14 }]')
    with pytest.raises(RegelingOngeldig, match="2026-06-15 ligt binnen een maand"):
        await settle_by(wereld, halfway)


async def test_a_member_that_leaves_during_the_year_shares_until_then(wereld: Wereld) -> None:
    """Goes had its cost in May; Diemen leaves on the last day of April and bears none of it."""
    run = await settle_by(wereld, (AGREEMENT + KEY).replace('["0384"', '[{ gemeente = "0384", tot = 2026-04-30 }'))

    assert {row.municipality for row in run.rows if row.contribution_cent} == {"0664", "0687"}
    assert run.som_cent == 0


async def test_only_a_controller_may_settle_by_a_document(wereld: Wereld) -> None:
    """As for a model."""
    with pytest.raises(NietToegestaan):
        await vereven_overeenkomst(wereld, Actor(naam="inzage", gemeenten=None), read_document(AGREEMENT + KEY), 2026)
