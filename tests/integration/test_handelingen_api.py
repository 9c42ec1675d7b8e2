"""`POST /v1/grootboek/handelingen`: typed bodies, one plan each, for a controller only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.api import maak_api
from app.api.toegang import iedere_actor_van
from app.domain.partij import Actor, Rol
from tests.end_to_end.werkbank import wereld_with_region
from tests.integration.test_grootboek import GELD, per_rekening

CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
MACHINE = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))
ZORG = {"gemeente": "0664", "maand": "2026-01", "domein": "ijw", "zorgvorm": "ambulant", "reden": "x"}
BODIES: dict[str, dict[str, Any]] = {
    "termijnen": {"soort": "termijnen", "maand": "2026-01", "maatstaf": "inwoners", "reden": "x"},
    "voorschotten": {"soort": "voorschotten", "maand": "2026-01", "reden": "x"},
    "bijdragen": {"soort": "bijdragen", "maand": "2026-01", "reden": "x"},
    "organisatiekosten": {"soort": "organisatiekosten", "maand": "2026-01", "maatstaf": "inwoners", "bedrag_cent": 900, "reden": "x"},
    "pgb_voorschot": {"soort": "pgb_voorschot", "gemeente": "0664", "maand": "2026-01", "bedrag_cent": 900, "reden": "x"},
    "pgb_besteding": {"soort": "pgb_besteding", "bedrag_cent": 800, **ZORG},
    "ouderbijdrage": {"soort": "ouderbijdrage", "bedrag_cent": 70, **ZORG},
    "lokaal": {"soort": "lokaal", "bedrag_cent": 60, **ZORG},
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with money in its region."""
    async with wereld_with_region(database, tmp_path, GELD) as world:
        yield world


async def post(wereld: Wereld, actor: Actor, body: dict[str, Any]) -> httpx.Response:
    """What the interface answers to this actor."""
    api = maak_api(lambda: wereld)
    api.dependency_overrides[iedere_actor_van] = lambda: actor
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://test") as client:
        return await client.post("/grootboek/handelingen", json=body)


async def test_each_act_books_once(wereld: Wereld) -> None:
    """The second time there is nothing to do, and the answer says so."""
    for name, body in BODIES.items():
        first, second = [await post(wereld, CONTROLLER, body) for _ in range(2)]

        assert first.status_code == second.status_code == 200, (name, first.text)
        assert first.json()["handelingen"], name
        assert second.json() == {"handelingen": []}, name
    saldi = await per_rekening(wereld)
    assert saldi["voorschot_svb", "0664"] == 100
    assert saldi["kosten_lokaal", "0664"] == 60
    assert sum(saldi.values()) == 0


async def test_a_machine_books_nothing_and_a_wrong_body_is_told(wereld: Wereld) -> None:
    """403 for who is no controller; 400 for a soort or month that is none; 422 for a zorgvorm the region does not know; 404 for a run that
    is not there."""
    assert (await post(wereld, MACHINE, BODIES["bijdragen"])).status_code == 403
    wrong = ({"soort": "cadeau", "reden": "x"}, {**BODIES["lokaal"], "maand": "2026-13"}, {**BODIES["lokaal"], "zorgvorm": "geen"})
    assert [(await post(wereld, CONTROLLER, body)).status_code for body in wrong] == [400, 400, 422]
    assert (await post(wereld, CONTROLLER, {"soort": "verevening", "run_nr": 99, "reden": "x"})).status_code == 404
    assert await wereld.pool.fetchval("select count(*) from handeling") == 0
