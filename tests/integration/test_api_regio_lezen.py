"""Reading the region over HTTP, on a real database: who sees which row, what a list is filtered by, and whom a token of the region is for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM, Actor, Rol
from app.parties import RijVraag, bewaar_regio, lijst_rijen
from app.parties.generator import generate
from app.parties.region import TABELLEN, Contract, Rij
from app.parties.zichtbaar import ZICHTBARE_SOORTEN, getoond, zichtbaar
from tests.integration.regio_rijen import GOES, ONDER, PARTNER, REGIO, TARIEF, VLISSINGEN, VREEMD, Api, leeg_op, regio_op


@pytest.fixture
async def leeg(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """No region yet."""
    async with leeg_op(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def api(database: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The good region."""
    async with regio_op(database, tmp_path) as opened:
        yield opened


async def test_a_row_of_another_does_not_exist_and_only_the_region_changes(api: Api) -> None:
    """Somebody else's contract, budget or tariff is 404; a change and the history are 403 for who is not of the region."""
    shown = {
        ("/contracten/J1", ONDER): 200,
        ("/contracten/W1", ONDER): 404,
        ("/contracten/J1", VREEMD): 404,
        ("/contracten/J1", VLISSINGEN): 404,
        ("/tarieven/W1,02,02A01,16,2025-01-01", ONDER): 404,
        ("/tarieven/W1,02,02A01,16,2025-01-01", PARTNER): 200,
        ("/budgetten/0664,2026,", GOES): 200,
        ("/budgetten/0664,2026,", VLISSINGEN): 404,
        ("/contractplafonds/J1,jeugd_ambulant,2026", PARTNER): 404,
        ("/contractplafonds/J1,jeugd_ambulant,2026", GOES): 200,
        ("/partijen/gemeente:0664", GOES): 404,
        ("/voorschotten/99000001,0664,2026-01", PARTNER): 404,
        (f"/tarieven/{TARIEF}/historie", PARTNER): 403,
        ("/regio/ladingen", GOES): 403,
        ("/regio/ladingen/1", GOES): 403,
        ("/regio/ladingen/1/wijzigingen", GOES): 403,
        ("/berichten", REGIO): 403,
        ("/grootboek/saldi", REGIO): 403,
    }

    found = {(pad, wie): (await api.vraag("GET", pad, wie=wie)).status_code for pad, wie in shown}
    partner, gemeente = await api.toon("/contracten/J1", wie=PARTNER), await api.toon("/contracten/J1", wie=GOES)
    row = await api.toon(f"/tarieven/{TARIEF}", wie=PARTNER)
    put = [await api.vraag("PUT", f"/tarieven/{TARIEF}", wie=wie, json=row, kop={"If-Match": "*"}) for wie in (PARTNER, GOES)]
    away = await api.vraag("DELETE", "/contracten/W1", wie=ONDER, kop={"If-Match": "*"})
    patch = await api.vraag(
        "PATCH", "/regio", wie=GOES, json={"wijzigingen": [{"actie": "delete", "soort": "tarieven", "sleutel": TARIEF, "etag": "*"}]}
    )

    assert found == shown
    assert (partner["plafond_cent"], gemeente["plafond_cent"]) == (None, 120000000)
    # The etag of what an aanbieder sees may not tell what it does not see.
    assert partner["etag"] != gemeente["etag"] == (await api.toon("/contracten/J1"))["etag"]
    assert [each.status_code for each in (*put, away, patch)] == [403, 403, 404, 403]
    assert await api.ladingen() == 1


ACTOREN = {
    "region": SYSTEEM,
    "gemeente": Actor(naam="g", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"})),
    "person of two gemeenten": Actor(naam="p", gemeenten=frozenset({"0664", "0687"}), rollen=frozenset({Rol.INZAGE})),
    "nobody": Actor(naam="n"),
}


async def alle(wereld: Wereld, actor: Actor, soort: type[Rij], vraag: RijVraag = RijVraag(), limit: int = 200) -> list[Any]:  # noqa: B008
    """Every row of the pages of a list."""
    rows, cursor = list[Any](), None
    while True:
        page = await lijst_rijen(wereld.pool, actor, soort, vraag, cursor, limit)
        rows += [each.rij for each in page.items]
        cursor = page.volgende
        if cursor is None:
            return rows


async def test_lists_show_what_the_rule_in_memory_shows(leeg: Api) -> None:
    """For every kind of row and every kind of reader, over a generated region: the query and `zichtbaar` agree, on pages of any size."""
    region = generate(seed=5, gemeenten=5, aanbieders=12, clienten=10, maanden=14, tot=date(2026, 6, 1)).region
    await bewaar_regio(leeg.wereld.pool, region, nu=leeg.wereld.nu, actor=SYSTEEM)
    codes = [each.code for each in region.gemeenten]
    actoren = dict(ACTOREN) | {each.agb: Actor(naam=each.agb, partijen=frozenset({f"aanbieder:{each.agb}"})) for each in region.aanbieders}
    actoren |= {f"gemeente {code}": Actor(naam=code, gemeenten=frozenset({code})) for code in codes}
    actoren["both"] = Actor(
        naam="b", partijen=frozenset({f"aanbieder:{region.aanbieders[0].agb}", f"gemeente:{codes[0]}"}), gemeenten=frozenset({codes[0]})
    )

    for naam, actor in actoren.items():
        seen = zichtbaar(region, actor)
        for soort in TABELLEN:
            expected = seen.rijen(soort) if actor.gemeenten is None or soort in ZICHTBARE_SOORTEN else ()
            rows = await alle(leeg.wereld, actor, soort)
            assert set(rows) == {getoond(rij, actor) for rij in expected}, (naam, soort)
            assert len(rows) == len(expected), (naam, soort)
    contracten = await alle(leeg.wereld, SYSTEEM, Contract)
    assert await alle(leeg.wereld, SYSTEEM, Contract, limit=3) == contracten
    assert len(contracten) == len(region.contracten) > 3


async def test_what_no_longer_counts_shows_nothing(api: Api) -> None:
    """Who is no longer partner, subcontractor or gemeente of a contract does not see it or its tariffs from then on."""
    partner = "aanbieder:99000002"

    async def seen(wie: str) -> set[str]:
        contracten = {each["contract"] for each in (await api.toon("/contracten", wie=wie))["items"]}
        assert {each["contract"] for each in (await api.toon("/tarieven", wie=wie))["items"]} == contracten
        return contracten

    async def change(pad: str, **waarden: Any) -> None:
        row = await api.toon(pad)
        response = await api.vraag("PUT", pad, json=row | waarden, kop={"If-Match": f'"{row["etag"]}"'})
        assert response.status_code == 200, response.text

    before = [await seen(wie) for wie in (partner, ONDER, GOES)]
    await change("/aanbieders/99000002", contractpartner_agb=None)
    await change("/onderaannemers/99000001,99000003,J1,2025-07-01", declareert="partner")
    await change("/contracten/J1", gemeenten=["0687"])

    assert before == [{"J1", "W1"}, {"J1"}, {"J1", "W1"}]
    assert [await seen(wie) for wie in (partner, ONDER, GOES)] == [set(), set(), {"W1"}]


async def test_op_gives_what_is_valid_on_a_day(api: Api) -> None:
    """Rows with a period are filtered by it; a contract is valid as long as its exercised options say."""
    assert [each["tarief_cent"] for each in (await api.toon("/tarieven", op="2025-06-01", contract="J1", code="45A04"))["items"]] == [9000]
    assert [each["code"] for each in (await api.toon("/gemeenten", op="2027-01-01"))["items"]] == ["0664", "0687"]
    for dag in ("2024-12-31", "2025-01-01", "2027-12-31", "2028-12-31", "2029-01-01"):
        expected = [
            nummer
            for nummer, van, tot in (("J1", "2025-01-01", "2028-12-31"), ("W1", "2025-01-01", "9999-12-31"))
            if van <= dag <= tot
        ]  # fmt: skip
        assert [each["contract"] for each in (await api.toon("/contracten", op=dag))["items"]] == expected


@pytest.mark.parametrize(
    ("pad", "params"),
    [
        ("/tarieven", {"op": "morgen"}),
        ("/tarieven", {"kleur": "rood"}),
        ("/tarieven", {"categorie": "vijfenveertig"}),
        ("/contracten", {"aanbieder": "1"}),
        ("/budgetten", {"gemeente": "66"}),
        ("/tarieven", {"limit": 201}),
        ("/tarieven", {"cursor": "onzin"}),
        ("/tarieven", {"cursor": "MDY2NCwyMDI2LA"}),
        ("/regio/ladingen/1/wijzigingen", {"cursor": "bmE6OTk5OTk5OTk5OTk5OTk"}),
        ("/budgetten", {"op": "2026-01-01"}),
    ],
)
async def test_a_wrong_filter_or_cursor_is_refused(api: Api, pad: str, params: dict[str, Any]) -> None:
    """A filter that a list has not, a value that no row has, and a cursor that is not of this list."""
    response = await api.vraag("GET", pad, params=params)

    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"


async def test_filters_are_written_as_the_design_rules_say_and_as_the_columns_are_called(api: Api) -> None:
    """Query names in lowerCamelCase in the document; the name of the column works too."""
    document = (await api.client.get("/v1/openapi.json")).json()
    operations = [each for methods in document["paths"].values() for each in methods.values()]

    names = {each["name"] for operation in operations for each in operation.get("parameters", ()) if each["in"] == "query"}
    camel = await api.toon("/tarieven", geldigVan="2026-01-01")
    column = await api.toon("/tarieven", geldig_van="2026-01-01")

    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*", name)] == []
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [each["sleutel"] for each in camel["items"]] == [TARIEF]
    assert column == camel


async def test_a_token_of_the_region_opens_the_region_and_nothing_else(api: Api) -> None:
    """Every other address of the interface refuses it: berichten, postvakken, terms, books."""
    document = (await api.client.get("/v1/openapi.json")).json()
    calls = [
        (method, path, operation["tags"] == ["regio"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post")
    ]

    answers = {
        (method, path): (await api.vraag(method, re.sub(r"\{[a-z_]+\}", "1", path), kop={"Content-Type": "application/xml"})).status_code
        for method, path, is_region in calls
        if not is_region
    }

    assert len(answers) > 10
    assert {call: status for call, status in answers.items() if status != 403} == {}
