"""A region that is kept over HTTP: what waits for a contract goes on when its tariff is put, and the history says how it came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.identity import maak_token
from tests.builders import AGB, CATEGORIE, CODE, make_301, make_323
from tests.end_to_end.werkbank import REGIO, antwoord_op, klopt, status, stuur, wereld_with_region
from tests.fixtures.apps import app_of
from workers.local import judge_all

ZONDER_TARIEF = {**REGIO, "tarieven.csv": REGIO["tarieven.csv"].replace(f"J1,{CATEGORIE},{CODE},04,6000,2020-01-01,\n", "")}


@pytest.fixture
async def zonder_tarief(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region in which contract J1 has no tariff yet."""
    async with wereld_with_region(database, tmp_path, ZONDER_TARIEF) as opened:
        yield opened


@pytest.fixture
async def contractbeheer(zonder_tarief: Wereld, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The software in which the region keeps its contracts."""
    token = await maak_token(zonder_tarief, ["regio"], "contractsysteem")
    transport = httpx.ASGITransport(app=app_of(zonder_tarief))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test/v1", headers=headers) as client:
        yield client


async def test_a_tariff_that_is_put_wakes_the_claim_that_waited_for_it(zonder_tarief: Wereld, contractbeheer: httpx.AsyncClient) -> None:
    """Nobody loads a folder or asks for a replay: the claim is judged, granted and answered."""
    assert ZONDER_TARIEF["tarieven.csv"] != REGIO["tarieven.csv"]
    await stuur(zonder_tarief, make_301())
    claim = await stuur(zonder_tarief, make_323())
    await judge_all(zonder_tarief, lot_size_max=50)
    waiting = await status(zonder_tarief, claim)
    sleutel = f"J1,{CATEGORIE},{CODE},04,2020-01-01"
    tarief = {"contract": "J1", "categorie": CATEGORIE, "code": CODE, "eenheid": "04", "tarief_cent": 6000, "geldig_van": "2020-01-01"}

    refused = await contractbeheer.put(f"/tarieven/{sleutel}", json={**tarief, "tarief_cent": 0}, headers={"If-None-Match": "*"})
    untouched = await zonder_tarief.pool.fetchval("select count(*) from outbox")
    made = await contractbeheer.put(f"/tarieven/{sleutel}", json=tarief, headers={"If-None-Match": "*"})
    await judge_all(zonder_tarief, lot_size_max=50)

    assert waiting == "wacht_op_contract"
    assert (refused.status_code, untouched, made.status_code) == (422, 0, 201)
    assert await status(zonder_tarief, claim) == "verwerkt"
    assert (await antwoord_op(zonder_tarief, claim)).header.retour_codes == ("0200",)
    await klopt(zonder_tarief)


async def test_the_aanbieder_sees_what_the_region_put_for_it(zonder_tarief: Wereld, contractbeheer: httpx.AsyncClient) -> None:
    """Its own tariff is there for it from then on, for another it does not exist."""
    sleutel = f"J1,{CATEGORIE},{CODE},04,2020-01-01"
    tarief = {"contract": "J1", "categorie": CATEGORIE, "code": CODE, "eenheid": "04", "tarief_cent": 6000, "geldig_van": "2020-01-01"}
    await contractbeheer.put(f"/tarieven/{sleutel}", json=tarief, headers={"If-None-Match": "*"})

    found = []
    for agb in (AGB, "42420002"):
        token = await maak_token(zonder_tarief, [f"aanbieder:{agb}"], agb)
        found.append(await contractbeheer.get(f"/tarieven/{sleutel}", headers={"Authorization": f"Bearer {token}"}))

    assert [each.status_code for each in found] == [200, 404]
    assert found[0].json()["tarief_cent"] == 6000
