"""`/toewijzingen`: the same core over HTTP, for the software of a gemeente."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Actor
from tests.builders import AGB, BSN, CATEGORIE, CODE
from tests.end_to_end.werkbank import klopt, status, wereld_with_region
from tests.fixtures.apps import api_of
from workers.local import judge_all

GOES = Actor(naam="goes", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))
ELDERS = Actor(naam="elders", partijen=frozenset({"gemeente:0687"}), gemeenten=frozenset({"0687"}))
DE_VESTE = Actor(naam="veste", partijen=frozenset({f"aanbieder:{AGB}"}))
VERZOEK: dict[str, Any] = {
    "gemeente": "0664",
    "domein": "ijw",
    "aanbieder": AGB,
    "client": {
        "bsn": BSN,
        "achternaam": "Zilverduin",
        "geboortedatum": "2012-04-05",
        "geslacht": "2",
        "adres": {"straat": "Kreekpad", "huisnummer": 12, "postcode": "4461 AB", "plaats": "Goes"},
    },
    "product": {"categorie": CATEGORIE, "code": CODE},
    "ingangsdatum": "2026-06-15",
    "einddatum": "2026-12-13",
    "omvang": {"volume": 5, "eenheid": "04", "frequentie": "2"},
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with contracts."""
    async with wereld_with_region(database, tmp_path) as world:
        yield world


async def ask(wereld: Wereld, actor: Actor, method: str, pad: str = "", **given: Any) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, f"/toewijzingen{pad}", **given)


async def test_issue_and_follow(wereld: Wereld) -> None:
    """Checked first without a trace, then sent; the second toewijzing of the client needs its Bsn alone; a budget goes the same way."""
    tried = await ask(wereld, GOES, "POST", "?controle=true", json=VERZOEK)
    before = await wereld.pool.fetchval("select (select count(*) from bericht) + (select count(*) from concept)")
    sent = await ask(wereld, GOES, "POST", json=VERZOEK)
    await judge_all(wereld, lot_size_max=10)
    known = {key: value for key, value in VERZOEK.items() if key != "omvang"} | {
        "client": {"bsn": BSN}, "product": {"categorie": CATEGORIE}, "budget_cent": 123_450, "ingangsdatum": "2027-01-01", "einddatum": "2027-03-31",
    }  # fmt: skip
    second = await ask(wereld, GOES, "POST", json=known)
    await judge_all(wereld, lot_size_max=10)
    listed = (await ask(wereld, GOES, "GET", "?domein=ijw&status=verstuurd&limit=1")).json()
    rest = (await ask(wereld, GOES, "GET", f"?limit=1&cursor={listed['volgende']}")).json()
    one = (await ask(wereld, GOES, "GET", "/ijw/0664/1")).json()

    assert (tried.status_code, tried.json()["bericht"], before) == (200, None, 0)
    assert tried.json()["betekenis"] == "5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 7.800,00"
    assert (sent.status_code, sent.json()["toewijzing_nummer"]) == (202, 1)
    assert sent.headers["location"].endswith(f"/berichten/{sent.json()['bericht']}")
    assert await status(wereld, int(sent.json()["bericht"])) == "klaar"
    assert (second.status_code, second.json()["betekenis"], second.json()["verwacht_cent"]) == (202, "budget van € 1.234,50", 123_450)
    assert {each["toewijzing_nummer"] for each in (*listed["items"], *rest["items"])} == {1, 2}
    assert (one["status"], one["verwacht_cent"], one["hoogstens"]) == ("verstuurd", 780_000, "130 uur")
    assert BSN not in str((listed, one))
    await klopt(wereld)


async def test_what_is_wrong_is_a_problem_with_fields_or_findings(wereld: Wereld) -> None:
    """Fields by name; what only judging knows as a finding; nothing stays behind."""
    unknown = await ask(wereld, GOES, "POST", json={**VERZOEK, "client": {"bsn": BSN}})
    await ask(wereld, GOES, "POST", json=VERZOEK)
    await judge_all(wereld, lot_size_max=10)
    twice = await ask(wereld, GOES, "POST", json=VERZOEK)

    assert unknown.status_code == twice.status_code == 422
    assert {each["veld"] for each in unknown.json()["fouten"]} == {
        "achternaam", "geboortedatum", "geslacht", "straat", "huisnummer", "postcode", "plaats",
    }  # fmt: skip
    assert [each["regel"] for each in twice.json()["bevindingen"]] == ["TR302"]
    assert await wereld.pool.fetchval("select count(*) from concept where bericht_nr is null") == 0


async def test_who_may(wereld: Wereld) -> None:
    """Another gemeente does not find it, an aanbieder has no business here."""
    await ask(wereld, GOES, "POST", json=VERZOEK)
    await judge_all(wereld, lot_size_max=10)

    assert (await ask(wereld, ELDERS, "POST", json=VERZOEK)).status_code == 404
    assert (await ask(wereld, ELDERS, "GET", "/ijw/0664/1")).status_code == 404
    assert (await ask(wereld, ELDERS, "GET")).json()["items"] == []
    assert (await ask(wereld, DE_VESTE, "GET")).status_code == 403
    assert (await ask(wereld, DE_VESTE, "POST", json=VERZOEK)).status_code == 404
