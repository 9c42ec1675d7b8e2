"""`/betalingen`: the life of a run over HTTP, who may do what, and what an aanbieder sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.bankbestand import pain001_faults
from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from tests.builders import AGB
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import api_of
from tests.integration.betaal_rijen import CONTROLLER, DE_VESTE, ELDERS, HET_ANKER, TWEEDE, entry, owe, part, region_met, statement

MACHINE = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which Het Anker has no bank account."""
    async with wereld_with_region(database, tmp_path, region_met("gemeente:0664", f"aanbieder:{AGB}")) as world:
        yield world


async def ask(wereld: Wereld, actor: Actor, method: str, pad: str, **given: Any) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, f"/betalingen{pad}", **given)


async def test_a_run_over_http(wereld: Wereld) -> None:
    """Software of the gemeente proposes, two eyes approve, the file goes out, a statement comes in, the aanbieder reads what it was paid for."""
    act = await owe(wereld, 5000)
    await owe(wereld, 70, "42420002")
    given = {"gemeente": "0664", "reden": "mei", "verrekening": {"procent": 50, "maximum_cent": {AGB: 100}}}
    run = (await ask(wereld, MACHINE, "POST", "/runs", json=given)).json()["run"]

    shown = (await ask(wereld, CONTROLLER, "GET", f"/runs/{run}")).json()
    by_machine = await ask(wereld, MACHINE, "POST", f"/runs/{run}/goedkeuring", json={})
    approved = await ask(wereld, TWEEDE, "POST", f"/runs/{run}/goedkeuring", json={})
    files = [await ask(wereld, MACHINE, "POST", f"/runs/{run}/bestand") for _ in range(2)]
    seen = (await ask(wereld, DE_VESTE, "GET", "")).json()["items"]
    data = statement(entry(5000, part(f"SOL0664-{run}-1", 5000)), entry(9))
    read = await ask(wereld, MACHINE, "POST", "/afschriften", content=data, headers={"Content-Type": "application/xml"})
    again = await ask(wereld, MACHINE, "POST", "/afschriften", content=data, headers={"Content-Type": "application/xml"})
    waiting = (await ask(wereld, MACHINE, "GET", "/bankregels")).json()["items"]
    solved = await ask(
        wereld, CONTROLLER, "POST", f"/bankregels/{waiting[0]['afschrift']}/{waiting[0]['volgnr']}/oplossing", json={"reden": "bankkosten"}
    )
    specified = (await ask(wereld, DE_VESTE, "GET", f"/{run}/1/specificatie")).json()

    assert [(each["agb"], each["bedrag_cent"], bool(each["blokkade"])) for each in shown["regels"]] == [
        (AGB, 5000, False),
        ("42420002", 0, True),
    ]
    assert by_machine.status_code == 403
    assert (approved.status_code, approved.json()["status"], approved.json()["goedgekeurd_door"]) == (200, "goedgekeurd", "bram")
    assert files[0].content == files[1].content
    assert pain001_faults(files[0].content) == ()
    assert [(each["run"], each["status"]) for each in seen] == [(run, "onderweg")]
    assert (read.json()["is_nieuw"], again.json()["is_nieuw"]) == (True, False)
    assert read.json()["afschriften"][0]["stand"] == {"verwerkt": 1, "ongekoppeld": 1}
    assert (len(waiting), waiting[0]["bedrag_cent"], solved.status_code) == (1, 9, 204)
    assert specified["betaling"]["status"] == "betaald"
    assert [(each["bericht"], each["soort"], each["bedrag_cent"]) for each in specified["items"]] == [(str(act), "afrekening", 5000)]


async def test_who_has_no_business_with_a_payment_does_not_find_it(wereld: Wereld) -> None:
    """Another gemeente and another aanbieder get 404, an aanbieder no runs and no statements, a body that is none 400."""
    await owe(wereld, 5000)
    run = (await ask(wereld, CONTROLLER, "POST", "/runs", json={"gemeente": "0664", "reden": "mei"})).json()["run"]
    xml = {"content": statement(), "headers": {"Content-Type": "application/xml"}}

    assert (await ask(wereld, ELDERS, "GET", f"/runs/{run}")).status_code == 404
    assert (await ask(wereld, ELDERS, "POST", f"/runs/{run}/intrekking", json={"reden": "x"})).status_code == 404
    assert (await ask(wereld, HET_ANKER, "GET", f"/{run}/1/specificatie")).status_code == 404
    assert (await ask(wereld, DE_VESTE, "GET", f"/{run}/1/specificatie")).status_code == 404  # Not sent yet.
    assert [(await ask(wereld, DE_VESTE, "GET", pad)).status_code for pad in ("/runs", f"/runs/{run}", "/afschriften", "/bankregels")] == [
        403
    ] * 4
    assert (await ask(wereld, DE_VESTE, "POST", "/afschriften", **xml)).status_code == 403
    assert (await ask(wereld, ELDERS, "POST", "/afschriften", **xml)).status_code == 422
    assert (
        await ask(wereld, CONTROLLER, "POST", "/runs", json={"gemeente": "0664", "reden": "mei"})
    ).status_code == 422  # Nothing is open.
    assert (await ask(wereld, CONTROLLER, "POST", "/runs", json={"gemeente": "x", "reden": "mei"})).status_code == 400
    assert (await ask(wereld, CONTROLLER, "POST", f"/runs/{run}/bestand")).status_code == 409
    assert (await ask(wereld, CONTROLLER, "POST", f"/runs/{run}/intrekking", json={"reden": "x"})).json()["status"] == "ingetrokken"
