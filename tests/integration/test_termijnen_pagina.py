"""The page of the legal clock, its file, and its part of the HTTP interface, through the whole application."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder, gemeente
from app.identity import maak_token
from tests.builders import (
    AGB,
    BSN,
    CATEGORIE,
    CODE,
    GEMEENTE,
    make_315,
    make_aangevraagd_product,
)
from tests.end_to_end.werkbank import ANDERE_AGB, stuur, wereld_with_region
from tests.fixtures.apps import app_of
from tests.integration.termijn_rijen import schrijf_termijnen
from tests.integration.test_pages import ONS_SCRIPT, als
from workers.local import judge_all


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region of three gemeenten and two aanbieders on Wednesday 3 June 2026, nine o'clock."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application: pages and interface."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(wereld)), base_url="http://solidair.test") as opened:
        yield opened


async def vraag_api(wereld: Wereld, client: httpx.AsyncClient, path: str, *partijen: str) -> httpx.Response:
    """What these parties get at an address of the interface."""
    token = await maak_token(wereld, partijen, "test")
    return await client.get(path, headers={"Authorization": f"Bearer {token}"})


async def test_the_page_shows_three_groups_with_what_is_left(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nrs = await schrijf_termijnen(wereld)
    await als(wereld, client, Rol.UITVAL)

    page = (await client.get("/termijnen")).text

    for kop in ("Wij moeten antwoorden", "Wij wachten op een aanbieder", "Een gemeente moet besluiten"):
        assert f">{kop} <" in page, kop
    assert [int(nr) for nr in re.findall(r'<th role="rowheader".*?/berichten/(\d+)"', page)] == [
        nrs[name] for name in ("wij goes", "wij middelburg", "wacht goes", "wacht iwmo", "verzoek")
    ]
    for words in ("1 werkdag te laat", "vandaag de laatste dag", "nog 2 werkdagen", "nog 7 werkdagen", "Iedereen (5)", "Te laat (1)"):
        assert words in page, words
    assert "verzoek VR1" in page
    assert "VR2" not in page
    assert "<script" not in page.replace(ONS_SCRIPT, "")


async def test_the_page_filters_and_pages_through_one_group(
    wereld: Wereld, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    nrs = await schrijf_termijnen(wereld)
    monkeypatch.setattr("app.reports.service_termijnen.LIJST_MAX", 1)
    await als(wereld, client, Rol.TOEGANG)

    first = (await client.get("/termijnen?wie=aanbieder&domein=&gemeente=&stand=")).text
    following = re.search(r'href="(/termijnen[^"]+)" rel="next"', first)
    assert following
    second = (await client.get(following.group(1).replace("&amp;", "&"))).text

    assert f"/berichten/{nrs['wacht goes']}" in first
    assert f"/berichten/{nrs['wacht iwmo']}" not in first
    assert f"/berichten/{nrs['wacht iwmo']}" in second
    assert 'rel="next"' not in second
    assert "Wij moeten antwoorden" not in second


async def test_an_empty_page_says_that_nothing_is_owed(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.UITVAL)

    page = (await client.get("/termijnen")).text
    filtered = (await client.get("/termijnen?stand=te_laat")).text

    for words in ("Geen antwoord open", "Geen retourbericht open", "Geen besluit open"):
        assert words in page, words
    assert "/termijnen.csv" not in page
    assert "Geen termijn past bij dit filter." in filtered


async def test_the_page_of_an_aanbieder_speaks_of_the_region(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nrs = await schrijf_termijnen(wereld)
    await als(wereld, client, Rol.INZAGE, gemeenten=(), partijen=(aanbieder(ANDERE_AGB),))

    page = (await client.get("/termijnen")).text

    assert "De regio moet antwoorden" in page
    assert "Wij " not in page
    assert {int(nr) for nr in re.findall(r"/berichten/(\d+)", page)} == {nrs["wij middelburg"]}


async def test_a_question_that_is_not_well_formed_gets_a_sentence(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.UITVAL)

    for path, code in (("?wie=niemand", 422), ("?stand=x", 422), ("?gemeente=abc", 422), ("?wie=wij&na=x", 400)):
        assert (await client.get(f"/termijnen{path}")).status_code == code, path


async def test_the_file_holds_the_filtered_list_and_no_formulas(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nrs = await schrijf_termijnen(wereld)
    await wereld.pool.execute("update bericht set identificatie = '=1+1' where bericht_nr = $1", nrs["wij goes"])
    await als(wereld, client, Rol.CONTROLLER)

    response = await client.get("/termijnen.csv?gemeente=0664")

    lines = response.text.splitlines()
    assert lines[0].startswith("\ufeffeindigt_op;stand;werkdagen;wie;wat")
    assert lines[1] == (f"02-06-2026;te_laat;-1;wij;antwoord;JW305;{nrs['wij goes']};;'=1+1;ijw;0664;Goes;{AGB};De Veste;verwerkt;")
    assert [line.split(";")[6] for line in lines[1:]] == [str(nrs[name]) for name in ("wij goes", "wacht goes", "verzoek")]


async def test_the_page_of_a_bericht_tells_its_term_and_its_requests(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nrs = await schrijf_termijnen(wereld)
    await als(wereld, client, Rol.UITVAL)

    late = (await client.get(f"/berichten/{nrs['wij goes']}")).text
    met_late = (await client.get(f"/berichten/{nrs['wij klaar']}")).text
    met = (await client.get(f"/berichten/{nrs['verzoek']}")).text
    awaited = (await client.get(f"/berichten/{nrs['wacht iwmo']}")).text

    assert re.search(r"Antwoord namens de gemeente uiterlijk 2 juni 2026\s+<span class=\"status status--fout\">Te laat", late)
    assert re.search(r"uiterlijk 1 juni 2026\s+<span class=\"status status--let-op\">Te laat voldaan</span> .*op 2 juni 2026", met_late)
    assert re.search(r"uiterlijk 1 juni 2026\s+<span class=\"status status--goed\">Voldaan</span>", met)
    assert re.search(r"Retourbericht van De Veste uiterlijk 12 juni 2026\s+<span class=\"status\">Loopt", awaited)
    assert "Verzoeken in dit bericht" in met
    assert "uiterlijk 5 juni 2026" in met
    assert f'<a href="/berichten/{nrs["wacht goes"]}">3 juni 2026</a>' in met
    assert "Verzoeken in dit bericht" not in late


async def test_the_interface_gives_terms_in_the_agreed_shape(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nrs = await schrijf_termijnen(wereld)

    response = await vraag_api(wereld, client, "/v1/termijnen?wie=gemeente", aanbieder(AGB))

    assert response.json() == {
        "items": [
            {
                "wat": "besluit",
                "wie": "gemeente",
                "bericht_nr": str(nrs["verzoek"]),
                "volgnr": 1,
                "domein": "ijw",
                "bericht": "315",
                "gemeente": "0664",
                "gemeente_naam": "Goes",
                "agb": AGB,
                "aanbieder_naam": "De Veste",
                "kenmerk": "VR1",
                "status": "open",
                "eindigt_op": "2026-06-05",
                "woonplaats_tot": None,
                "werkdagen": 2,
                "stand": "eindigt_binnenkort",
                "link": f"/v1/berichten/{nrs['verzoek']}",
            }
        ],
        "volgende": None,
    }


async def test_the_interface_gives_requests_without_the_person(wereld: Wereld, client: httpx.AsyncClient) -> None:
    """From a real 315: nothing of the client is in it."""
    nr = await stuur(wereld, make_315(make_aangevraagd_product("VR1")))
    await judge_all(wereld, lot_size_max=50)

    response = await vraag_api(wereld, client, f"/v1/verzoeken?status=open&gemeente={GEMEENTE}", gemeente(GEMEENTE))
    others = await vraag_api(wereld, client, "/v1/verzoeken", gemeente("0687"))

    assert BSN not in response.text
    assert others.json() == {"items": [], "volgende": None}
    (item,) = response.json()["items"]
    assert item == {
        "bericht_nr": str(nr),
        "volgnr": 1,
        "domein": "ijw",
        "gemeente": GEMEENTE,
        "agb": AGB,
        "soort": "315",
        "referentie_aanbieder": "VR1",
        "status": "open",
        "categorie": CATEGORIE,
        "code": CODE,
        "ontvangst_datum": "2026-06-03",
        "beslistermijn": "2026-06-10",
        "woonplaatstermijn": "2026-06-17",
        "besluit": None,
        "besluit_datum": None,
    }


async def test_pages_of_the_interface_follow_their_cursor(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await schrijf_termijnen(wereld)

    for path, total in (("/v1/termijnen", 4), ("/v1/verzoeken", 2)):
        seen: list[tuple[str, int | None]] = []
        cursor = ""
        while True:
            content = (await vraag_api(wereld, client, f"{path}?limit=1{cursor}", aanbieder(AGB))).json()
            seen += [(item["bericht_nr"], item["volgnr"]) for item in content["items"]]
            if content["volgende"] is None:
                break
            cursor = f"&cursor={content['volgende']}"
        assert len(seen) == len(set(seen)) == total, path
        refused = await vraag_api(wereld, client, f"{path}?cursor=x", aanbieder(AGB))
        assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert (await client.get("/v1/termijnen")).status_code == 401
