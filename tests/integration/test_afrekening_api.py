"""`/afrekeningen` over HTTP: the life of one, what an aanbieder's token sees and answers, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from tests.builders import AGB
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import api_of
from tests.integration.afrekening_rijen import JAAR, alles
from tests.integration.betaal_rijen import CONTROLLER, DE_VESTE, ELDERS, HET_ANKER, TWEEDE, region_met
from tests.integration.test_afrekening import GOES, voorschot

MACHINE = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which everything of `afrekening_rijen` happened."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        await alles(world)
        yield world


async def ask(wereld: Wereld, actor: Actor, method: str, pad: str, **given: Any) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, f"/afrekeningen{pad}", **given)


async def test_an_afrekening_over_http(wereld: Wereld) -> None:
    """Offered, objected to by the aanbieder's software, made anew with a difference, agreed by all, fixed, paid back."""
    await voorschot(wereld, 100000)
    made = await ask(wereld, CONTROLLER, "POST", "", json={"agb": AGB, "jaar": JAAR, "reden": "jaarafrekening"})
    pad = f"/{made.json()['afrekening']}"
    vraag = {"partij": f"aanbieder:{AGB}", "versie": 1}

    await ask(wereld, CONTROLLER, "POST", f"{pad}/aanbod")
    objected = await ask(wereld, DE_VESTE, "POST", f"{pad}/bezwaar", json={**vraag, "toelichting": "juli"})
    agreed = [{"gemeente": "0664", "domein": "ijw", "zorgvorm": "ambulant", "bedrag_cent": 12000}]
    await ask(wereld, CONTROLLER, "POST", f"{pad}/versies", json={"reden": "juli", "verschillen": agreed})
    await ask(wereld, CONTROLLER, "POST", f"{pad}/aanbod")
    for actor, partij in ((DE_VESTE, f"aanbieder:{AGB}"), (GOES, "gemeente:0664"), (ELDERS, "gemeente:0687")):
        last = await ask(wereld, actor, "POST", f"{pad}/akkoord", json={"partij": partij, "versie": 3})
        assert last.status_code == 200
    fixed = (await ask(wereld, TWEEDE, "POST", f"{pad}/vaststelling")).json()
    terug = {"gemeente": "0664", "bedrag_cent": 16000, "reden": "afschrift 3"}
    back = await ask(wereld, GOES, "POST", f"{pad}/terugbetalingen", json=terug)
    seen = (await ask(wereld, DE_VESTE, "GET", pad)).json()

    assert made.status_code == back.status_code == 201
    assert (objected.json()["status"], objected.json()["versie"]) == ("concept", 2)
    assert (fixed["status"], fixed["vastgesteld_door"], fixed["te_ontvangen_cent"], fixed["wacht_op"]) == ("vastgesteld", "bram", 16000, [])
    assert {row["soort"]: row["bedrag_cent"] for row in fixed["boekplan"]} == {"afrekening": 12000, "voorschot_verrekend": 84000}
    assert sum(row["bedrag_cent"] for row in fixed["oorzaken"] if row["telt"] and row["gemeente"] == "0664") == 792000 - 72000
    assert (seen["terug_cent"], seen["te_betalen_cent"]) == ({"0664": 16000}, 6000)


async def test_who_sees_what_over_http(wereld: Wereld) -> None:
    """Software of a gemeente reads its part and cannot agree; another aanbieder finds nothing; a year long gone is 400."""
    given = {"agb": AGB, "jaar": JAAR, "reden": "jaarafrekening"}
    nr = (await ask(wereld, CONTROLLER, "POST", "", json=given)).json()["afrekening"]
    await ask(wereld, CONTROLLER, "POST", f"/{nr}/aanbod")

    part = (await ask(wereld, MACHINE, "GET", f"/{nr}")).json()
    listed = [(await ask(wereld, actor, "GET", f"?jaar={JAAR}")).json()["items"] for actor in (MACHINE, DE_VESTE, HET_ANKER)]
    answers = [
        await ask(wereld, MACHINE, "POST", f"/{nr}/akkoord", json={"partij": "gemeente:0664", "versie": 1}),
        await ask(wereld, HET_ANKER, "GET", f"/{nr}"),
        await ask(wereld, HET_ANKER, "GET", f"/{nr}/staat"),
        await ask(wereld, DE_VESTE, "POST", "", json=given),
        await ask(wereld, CONTROLLER, "POST", "", json={**given, "jaar": 1999}),
        await ask(wereld, CONTROLLER, "POST", "", json=given),
        await ask(wereld, DE_VESTE, "GET", f"/{nr}/staat?vorm=pdf"),
    ]

    assert list(part["gemeenten"]) == ["0664"]
    assert [len(each) for each in listed] == [1, 1, 0]
    assert [each.status_code for each in answers] == [403, 404, 404, 403, 400, 409, 200]
