"""A simulation from the ledger: its own history per client, the budgets and measures of the region, and nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan
from app.domain.partij import SYSTEEM, Actor
from app.ledger import fold
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.risico.report import as_csv
from app.solidarity.risico.service import LedgerKeuze, simulate_ledger
from app.solidarity.risico.simulation import Instellingen, Simulatie
from app.solidarity.tomlform import read_document
from tests.builders import make_301, make_323
from tests.end_to_end.werkbank import REGIO, stuur, wereld_with_region
from workers.local import judge_all

BUDGETTEN = "gemeente,jaar,zorgvorm,bedrag_cent,bron\n0384,2026,,100,raad\n0664,2026,ambulant,48000,raad\n0687,2026,,1,raad\n"
DOCUMENT = """
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

[[regeling.sleutel]]
maatstaf = "inwoners"
"""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """One client in Goes, 480 euros of ambulant in May 2026."""
    async with wereld_with_region(database, tmp_path, {**REGIO, "budgetten.csv": BUDGETTEN}) as opened:
        await stuur(opened, make_301())
        await stuur(opened, make_323())
        await judge_all(opened, lot_size_max=50)
        yield opened


async def simulated(wereld: Wereld) -> Simulatie:
    """The year 2026 though it is not over: bearing one's own, sharing by name and by document."""
    keuze = LedgerKeuze(instellingen=Instellingen(aantal=400), jaren=range(2026, 2027))
    return await simulate_ledger(wereld, SYSTEEM, keuze, ["profijt", "waarborg:inwoners", read_document(DOCUMENT)])


async def test_simulates_the_clients_of_the_ledger_under_models_and_documents(wereld: Wereld) -> None:
    """N ~ Poisson(1) times 480 euros in Goes; shared by 117 000 inhabitants of three gemeenten, two of them without cost."""
    simulatie = await simulated(wereld)

    assert simulatie.past.codes == ("0384", "0664", "0687")
    assert simulatie.namen == ("profijt", "waarborg:inwoners", "Proef")
    assert set(simulatie.eigen[:, 1]) >= {0.0, 48_000.0, 96_000.0}
    assert list(simulatie.budget_cent) == [100, 48_000, 1]
    one = simulatie.eigen[:, 1] == 48_000
    assert [list(borne[one][0]) for borne in simulatie.bijdragen] == [[0, 48_000, 0], [12_308, 15_590, 20_103], [12_308, 15_590, 20_103]]


async def test_folding_the_balances_changes_no_outcome_and_nothing_is_stored(wereld: Wereld) -> None:
    before = as_csv(await simulated(wereld))
    await fold(wereld)

    after = as_csv(await simulated(wereld))

    assert after == before
    assert await wereld.pool.fetchval("select count(*) from saldo_client_delta") == 0
    assert await wereld.pool.fetchval("select count(*) from verevening_run") == 0


async def test_a_year_that_is_not_over_counts_only_when_asked(wereld: Wereld) -> None:
    with pytest.raises(RegelingOngeldig, match="geen jaar met kosten voor 2026"):
        await simulate_ledger(wereld, SYSTEEM, LedgerKeuze(instellingen=Instellingen()), ["profijt"])


async def test_only_a_controller_may_simulate(wereld: Wereld) -> None:
    with pytest.raises(NietToegestaan):
        await simulate_ledger(wereld, Actor(naam="inzage", gemeenten=None), LedgerKeuze(instellingen=Instellingen()), ["profijt"])
