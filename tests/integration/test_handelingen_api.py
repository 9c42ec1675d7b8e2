"""`POST /v1/grootboek/handelingen`: typed bodies, one plan each, for a controller only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Actor, Rol
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import api_of
from tests.integration.test_grootboek import GELD, per_rekening, verified

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
    "woonplaats": {"soort": "woonplaats", "naar": "0687", "bedrag_cent": 50, **ZORG},
}
TWEEDE = Actor(naam="tweede", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
PAD = "/grootboek/handelingen"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with money in its region."""
    async with wereld_with_region(database, tmp_path, GELD) as world:
        yield world


async def post(wereld: Wereld, actor: Actor, body: dict[str, Any] | None, pad: str = PAD) -> httpx.Response:
    """What the interface answers to this actor."""
    return await ask(wereld, actor, "POST", pad, body)


async def ask(wereld: Wereld, actor: Actor, method: str, pad: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """The same for any call."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, pad, json=body)


async def test_each_act_books_once(wereld: Wereld) -> None:
    """The second time there is nothing to do, and the answer says so."""
    for name, body in BODIES.items():
        first, second = [await post(wereld, CONTROLLER, body) for _ in range(2)]

        assert first.status_code == second.status_code == 200, (name, first.text)
        assert first.json()["handelingen"], name
        assert second.json() == {"handelingen": [], "wachten": []}, name
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


@pytest.mark.parametrize("name", list(BODIES))
async def test_what_is_shown_is_what_is_booked(wereld: Wereld, name: str) -> None:
    """Every kind: the preview leaves nothing behind, and its fingerprint lets nothing else be booked."""
    if name == "woonplaats":
        assert (await post(wereld, CONTROLLER, BODIES["pgb_besteding"])).status_code == 200
    before = await _rows(wereld)

    shown = (await post(wereld, CONTROLLER, BODIES[name], f"{PAD}/voorbeeld")).json()
    nothing_left = await _rows(wereld)
    other = await post(wereld, CONTROLLER, BODIES[name], f"{PAD}?gezien={'0' * 64}")
    made = (await post(wereld, CONTROLLER, BODIES[name], f"{PAD}?gezien={shown['vingerafdruk']}")).json()
    booked = await wereld.pool.fetch(
        "select b.bedrag_cent, d.soort as debet, c.soort as credit from boeking b join rekening d on d.rekening_nr = debet"
        " join rekening c on c.rekening_nr = credit where b.bericht_nr = any($1::bigint[])",
        [int(nr) for nr in made["handelingen"]],
    )

    assert nothing_left == before
    assert other.status_code == 409
    assert shown["boekingen"]
    assert sorted((each["bedrag_cent"], each["debet"]["rekening"], each["credit"]["rekening"]) for each in shown["boekingen"]) == sorted(
        (row["bedrag_cent"], row["debet"], row["credit"]) for row in booked
    )


async def _rows(wereld: Wereld) -> list[int]:
    """How much stands in every table that an act writes."""
    tables = ("handeling", "handeling_voorstel", "boeking", "saldo_delta", "saldo_client_delta", "rekening")
    return [await wereld.pool.fetchval(f"select count(*) from {table}") for table in tables]


async def test_an_act_above_the_setting_waits_for_somebody_else(wereld: Wereld) -> None:
    """Exactly the amount does not wait; a cent more does. The list says so, and only a second controller lets it book."""
    body = BODIES["lokaal"]
    at = replace(wereld, vier_ogen_cent=60)
    assert (await post(at, CONTROLLER, body)).json()["wachten"] == []
    (nr,) = (await post(at, CONTROLLER, {**body, "bedrag_cent": 121})).json()["wachten"]
    same_plan = await post(at, CONTROLLER, {**body, "bedrag_cent": 61})
    listed = (await ask(at, CONTROLLER, "GET", f"{PAD}?status=wacht")).json()["items"]

    assert same_plan.status_code == 409
    assert [(each["handeling"], each["status"], each["bedrag_cent"], each["aantal"]) for each in listed] == [(nr, "wacht", 61, 0)]
    assert (await per_rekening(at))["kosten_lokaal", "0664"] == 60
    assert [(await post(at, actor, None, f"{PAD}/{nr}/goedkeuring")).status_code for actor in (CONTROLLER, MACHINE)] == [403, 403]
    agreed = await post(at, TWEEDE, None, f"{PAD}/{nr}/goedkeuring")
    assert (agreed.json()["status"], agreed.json()["goedgekeurd_door"], agreed.json()["aantal"]) == ("geboekt", "tweede", 1)
    assert (await per_rekening(at))["kosten_lokaal", "0664"] == 121
    assert (await post(at, TWEEDE, None, f"{PAD}/{nr}/intrekking")).status_code == 400
    assert (await post(at, TWEEDE, {"reden": "x"}, f"{PAD}/{nr}/intrekking")).status_code == 409
    assert (await post(at, TWEEDE, None, f"{PAD}/999/goedkeuring")).status_code == 404
    await verified(at)


async def test_the_routine_lists_what_the_plans_ask_until_it_is_booked(wereld: Wereld) -> None:
    """Terms of every month so far, advances and contributions of January; a plan that changed comes back with its difference."""

    async def tasks() -> dict[tuple[str, str], dict[str, Any]]:
        found = (await ask(wereld, CONTROLLER, "GET", f"{PAD}/maandlijst")).json()["taken"]
        return {(each["soort"], each["maand"]): each for each in found}

    first = await tasks()
    for soort, maand in first:
        extra = {"maatstaf": "inwoners"} if soort == "termijnen" else {}
        assert (await post(wereld, CONTROLLER, {"soort": soort, "maand": maand, "reden": "plan", **extra})).status_code == 200
    done = await tasks()
    await wereld.pool.execute("update bijdrage_plan set bedrag_cent = bedrag_cent + 7 where gemeente = '0664'")
    changed = await tasks()

    assert set(first) == {("termijnen", f"2026-{month:02d}") for month in range(1, 7)} | {
        (s, "2026-01") for s in ("voorschotten", "bijdragen")
    }
    assert first["voorschotten", "2026-01"]["bedrag_cent"] == 750_000
    assert done == {}
    assert [(key, each["bedrag_cent"], each["verschil"]) for key, each in changed.items()] == [(("bijdragen", "2026-01"), 7, True)]
    assert (await ask(wereld, MACHINE, "GET", f"{PAD}/maandlijst")).status_code == 403


async def test_acts_are_listed_page_by_page(wereld: Wereld) -> None:
    """Newest first, each once."""
    for cents in range(1, 6):
        assert (await post(wereld, CONTROLLER, {**BODIES["lokaal"], "bedrag_cent": cents})).status_code == 200
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await ask(wereld, CONTROLLER, "GET", f"{PAD}?soort=lokaal&limit=2{cursor and f'&cursor={cursor}'}")).json()
        seen, cursor = [*seen, *(int(each["handeling"]) for each in page["items"])], page["volgende"]

    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    assert (await ask(wereld, CONTROLLER, "GET", f"{PAD}/{seen[0]}")).json()["waarvoor"] == "2026-01:0664:ijw:ambulant"
    assert (await ask(wereld, CONTROLLER, "GET", f"{PAD}/{10**12}")).status_code == 404
    assert (await ask(wereld, MACHINE, "GET", f"{PAD}/{seen[0]}")).status_code == 403
