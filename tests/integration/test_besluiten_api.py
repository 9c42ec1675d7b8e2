"""Deciding on a request and changing a toewijzing over HTTP: the software of a gemeente, and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.identity import maak_token
from tests.builders import GEMEENTE, NUMMER, make_301, make_315, make_aangevraagd_product
from tests.end_to_end.werkbank import klopt, stuur, wereld_with_region
from tests.fixtures.apps import api_of
from workers.local import judge_all

WIJZIGING = f"/toewijzingen/ijw/{GEMEENTE}/{NUMMER}/wijziging"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The default toewijzing, and one product asked for next year."""
    async with wereld_with_region(database, tmp_path) as world:
        await stuur(world, make_301())
        await judge_all(world, lot_size_max=20)
        await stuur(
            world, make_315(make_aangevraagd_product(toewijzing_ingangsdatum=date(2027, 1, 1), toewijzing_einddatum=date(2027, 6, 30)))
        )
        await judge_all(world, lot_size_max=20)
        yield world


@pytest.fixture
async def api(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the interface without a token."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def _als(wereld: Wereld, partij: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {await maak_token(wereld, [partij], 'test')}"}


async def _besluit(wereld: Wereld) -> str:
    nr = await wereld.pool.fetchval("select bericht_nr from verzoek")
    return f"/verzoeken/{nr}-1/besluit"


async def test_decide_on_a_request(wereld: Wereld, api: httpx.AsyncClient) -> None:
    """Looked at first, then sent; what is missing is named; a decided request is a conflict."""
    headers, pad = await _als(wereld, "gemeente:0664"), await _besluit(wereld)

    looked = await api.post(f"{pad}?controle=true", headers=headers, json={"keus": "toewijzen"})
    wrong = await api.post(pad, headers=headers, json={"keus": "afwijzen"})
    sent = await api.post(pad, headers=headers, json={"keus": "toewijzen"})
    await judge_all(wereld, lot_size_max=20)
    again = await api.post(pad, headers=headers, json={"keus": "toewijzen"})

    assert looked.status_code == 200
    assert looked.json()["effect"]["na_cent"] > looked.json()["effect"]["voor_cent"]
    assert (wrong.status_code, [each["veld"] for each in wrong.json()["fouten"]]) == (422, ["reden"])
    assert sent.status_code == 202
    assert sent.headers["Location"].endswith(f"/berichten/{sent.json()['bericht']}")
    assert again.status_code == 409
    assert await wereld.pool.fetchval("select status from verzoek") == "toegewezen"
    await klopt(wereld)


async def test_change_a_toewijzing(wereld: Wereld, api: httpx.AsyncClient) -> None:
    """Looked at first, then sent; what the standard forbids is refused with its rule."""
    headers = await _als(wereld, "gemeente:0664")
    change = {"actie": "verkorten", "einddatum": "2026-09-30", "reden": "05"}

    looked = await api.post(f"{WIJZIGING}?controle=true", headers=headers, json=change)
    wrong = await api.post(WIJZIGING, headers=headers, json={"actie": "omvang", "volume": 12, "reden": "12"})
    sent = await api.post(WIJZIGING, headers=headers, json=change)
    await judge_all(wereld, lot_size_max=20)

    assert looked.json()["effect"]["na_cent"] < looked.json()["effect"]["voor_cent"]
    assert wrong.status_code == 422
    assert "IV066" in wrong.json()["fouten"][0]["melding"]
    assert sent.status_code == 202
    assert await wereld.pool.fetchval("select einddatum from toewijzing_versie order by bericht_nr desc limit 1") == date(2026, 9, 30)


@pytest.mark.parametrize(("partij", "status"), [("gemeente:0687", 404), ("aanbieder:42420001", 403)])
async def test_nobody_else(wereld: Wereld, api: httpx.AsyncClient, partij: str, status: int) -> None:
    """For another gemeente it does not exist; an aanbieder has no business here."""
    headers = await _als(wereld, partij)
    assert (await api.post(await _besluit(wereld), headers=headers, json={"keus": "toewijzen"})).status_code == status
    assert (await api.post(WIJZIGING, headers=headers, json={"actie": "intrekken"})).status_code == status
