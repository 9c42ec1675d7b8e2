"""The pages of contracts on a real database: the list with its filter, one contract with its prices, and who sees which."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol, aanbieder
from tests.builders import AGB, CATEGORIE, CODE, make_301, make_323
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, stuur, wereld_with_region
from tests.fixtures.apps import app_of
from tests.integration.test_pages import als
from workers.local import judge_all

LOPEND = r"Contract ([A-Z0-9/]+) ·"
BESTANDEN = REGIO | {
    "contracten.csv": REGIO["contracten.csv"]
    + f"K/1,{ANDERE_AGB},ijw,0687,2020-01-01,2024-12-31,taak,lumpsum,900000\nO1,{ANDERE_AGB},ijw,0664,2020-01-01,2025-12-31,output,subsidie,\n",
    "contractopties.csv": "contract,tot,uitgeoefend_op\nO1,2026-12-31,2025-11-03\nO1,2027-12-31,\n",
    "tarieven.csv": REGIO["tarieven.csv"].replace(
        f"J1,{CATEGORIE},{CODE},04,6000,2020-01-01,\n",
        f"J1,{CATEGORIE},{CODE},04,5500,2020-01-01,2025-12-31\nJ1,{CATEGORIE},{CODE},04,6000,2026-01-01,\n",
    )
    + f"O1,{CATEGORIE},{CODE},04,7250,2020-01-01,\n",
    "bekostigingen.csv": "contract,zorgvorm,jaar,vorm,gegarandeerd_cent,variabel_cent,administratie_promille,termijnen\n"
    "O1,ambulant,2026,budget,1200000,300000,25,12\n",
    "plafonds.csv": "contract,zorgvorm,jaar,bedrag_cent\nO1,ambulant,2026,5000000\n",
    "onderaannemers.csv": "hoofdaannemer_agb,onderaannemer_agb,contract,declareert,geldig_van,geldig_tot\n"
    f"{ANDERE_AGB},{AGB},O1,eigen,2026-01-01,\n",
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """Contracts of the whole region and of one gemeente, one that ended, one that was extended; one declaratie was granted on J1."""
    async with wereld_with_region(database, tmp_path, BESTANDEN) as opened:
        for bericht in (make_301(), make_323()):
            await stuur(opened, bericht)
        await judge_all(opened, lot_size_max=50)
        yield opened


@pytest.fixture
async def client(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(wereld)), base_url="http://solidair.test") as opened:
        yield opened


async def contracten(client: httpx.AsyncClient, **vraag: str) -> list[str]:
    """The contracts of the list, in its order."""
    answer = await client.get("/contracten/lijst", params=vraag)
    assert answer.status_code == 200, answer.text
    return re.findall(LOPEND, answer.text)


async def test_the_list_has_what_runs_today_by_name_and_finds_by_any_part_of_a_name(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    assert await contracten(client) == ["J1", "W1", "J2", "O1"]
    assert await contracten(client, alle="ja") == ["J1", "W1", "J2", "K/1", "O1"]
    assert await contracten(client, zoek=" ANKER ") == ["J2", "O1"]
    assert await contracten(client, zoek="o1") == ["O1"]
    assert await contracten(client, zoek="%") == []
    assert await contracten(client, zoek=AGB, domein="iwmo") == ["W1"]
    assert (await client.get("/contracten/lijst", params={"domein": "x"})).status_code == 422
    assert (await client.get("/contracten/lijst", params={"na": "x"})).status_code == 400


async def test_a_product_shows_what_every_aanbieder_is_paid_for_it_today(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    text = (await client.get("/contracten/lijst", params={"product": CODE.lower()})).text
    nothing = (await client.get("/contracten/lijst", params={"product": "99X99"})).text

    assert re.findall(LOPEND, text) == ["J1", "J2", "O1"]
    assert [re.sub(r"\s", " ", prijs) for prijs in re.findall(r'bedrag">(€[^<]+)<', text)] == ["€ 60,00", "€ 60,00", "€ 72,50"]
    assert await contracten(client, product="egeleid") == ["J1", "W1", "J2", "O1"]
    assert "Geen contracten gevonden" in nothing


async def test_the_list_goes_in_pages(wereld: Wereld, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.contract.list_contracten", _met_kleine_bladzijden())
    await als(wereld, client, Rol.CONTROLLER)

    first = (await client.get("/contracten/lijst")).text
    (na,) = re.findall(r'href="/contracten/lijst\?na=([^"]+)" rel="next"', first)
    rest = (await client.get(f"/contracten/lijst?na={na}")).text

    assert (re.findall(LOPEND, first), re.findall(LOPEND, rest)) == (["J1", "W1", "J2"], ["O1"])
    assert "Volgende contracten" not in rest
    assert "Naar het begin" in rest


def _met_kleine_bladzijden() -> Any:
    from app.reports import list_contracten

    async def klein(wereld: Wereld, actor: Any, vraag: Any, cursor: str | None = None) -> Any:
        return await list_contracten(wereld, actor, vraag, cursor, limit=3)

    return klein


async def test_a_contract_shows_its_prices_and_what_was_granted_on_each(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    today = (await client.get("/contracten/lijst/contract?contract=J1")).text
    ever = (await client.get("/contracten/lijst/contract?contract=J1&alle=ja")).text

    assert re.findall(r"€\s[\d.,]+", today) == ["€\xa060,00", "€\xa0480,00", "€\xa0480,00"]
    assert re.findall(r"€\s[\d.,]+", ever) == ["€\xa060,00", "€\xa0480,00", "€\xa055,00", "€\xa0480,00"]
    for words in ("Begeleiding", "Ambulante hulp", "Hele regio", "Inspanningsgericht", "De Veste", "Toegekend in 2026"):
        assert words in today, words
    assert "/herbeoordelen?contract=J1" in today


async def test_what_was_granted_before_a_price_was_corrected_stays_with_it(wereld: Wereld, client: httpx.AsyncClient) -> None:
    """A correction is another row with the same key."""
    await als(wereld, client, Rol.CONTRACTBEHEER)
    await wereld.pool.execute(
        "with oud as (update tarief set vervallen_op = now() where contract = 'J1' and geldig_van = '2026-01-01' returning *)"
        " insert into tarief (contract, categorie, code, eenheid, tarief_cent, geldig_van)"
        " select contract, categorie, code, eenheid, 6100, geldig_van from oud"
    )

    page = (await client.get("/contracten/lijst/contract?contract=J1")).text

    assert re.findall(r"€\s[\d.,]+", page) == ["€\xa061,00", "€\xa0480,00", "€\xa0480,00"]


async def test_a_contract_shows_everything_that_was_agreed(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTROLLER)

    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (await client.get("/contracten/lijst/contract?contract=O1")).text))

    for words in (
        "01-01-2020 t/m 31-12-2026",
        "zonder verlenging t/m 31-12-2025",
        "Optie tot en met 31-12-2026 uitgeoefend op 03-11-2025",
        "Optie tot en met 31-12-2027 nog niet uitgeoefend",
        "Goes",
        "Outputgericht",
        "2026 Ambulante hulp Budget vergoeding contractpartner 2,5%",
        "€ 12.000,00 € 3.000,00 12",
        "€ 50.000,00",
        "De Veste 42420001, 01-01-2026 en verder ; declareert zelf".replace("42420001", AGB),
        "€ 72,50 per uur",
    ):
        assert words in text, words
    assert "opnieuw beoordelen" not in text, "a controller may not judge again"


async def test_a_number_with_a_slash_is_found_and_one_without_prices_says_so(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    listed = (await client.get("/contracten/lijst?alle=ja")).text
    (link,) = re.findall(r'href="(/contracten/lijst/contract\?contract=K[^"]+)"', listed)
    page = await client.get(link)

    assert page.status_code == 200
    assert "Vandaag geen prijzen" in page.text
    assert "Geen prijzen" in (await client.get(f"{link}&alle=ja")).text


async def test_files_hold_what_the_pages_show(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    lines = (await client.get("/contracten/lijst.csv", params={"product": CODE})).content.decode("utf-8-sig").splitlines()
    sheet: Any = openpyxl.load_workbook(
        io.BytesIO((await client.get("/contracten/lijst/contract.xlsx?contract=J1&alle=ja")).content)
    ).active

    assert [line.split(";")[0] for line in lines] == ["contract", "J1", "J2", "O1"]
    assert lines[3].split(";")[8:] == [CODE, "72,50", "04"]
    assert [[float(row[8].value), float(row[11].value)] for row in sheet.iter_rows(min_row=2)] == [[60, 480], [55, 0]]


async def test_a_contract_of_another_gemeente_is_not_found(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER, gemeenten=("0687",))

    assert await contracten(client, alle="ja") == ["J1", "W1", "J2", "K/1"]
    for pad in ("lijst/contract?contract=O1", "lijst/contract.csv?contract=O1", "lijst/contract?contract=bestaat-niet"):
        assert (await client.get(f"/contracten/{pad}")).status_code == 404, pad
    assert (await client.get("/contracten/lijst/contract?contract=J1")).status_code == 200


async def test_other_roles_and_aanbieders_do_not_open_them(wereld: Wereld, client: httpx.AsyncClient) -> None:
    paden = ("lijst", "lijst.csv", "lijst/contract?contract=J1", "lijst/contract.csv?contract=J1")
    await als(wereld, client, Rol.TOEGANG, Rol.UITVAL, Rol.INZAGE)
    for pad in paden:
        assert (await client.get(f"/contracten/{pad}")).status_code == 403, pad

    await als(wereld, client, Rol.CONTRACTBEHEER, gemeenten=(), partijen=(aanbieder(AGB),))
    for pad in paden:
        answer = await client.get(f"/contracten/{pad}")
        assert answer.status_code == 403, pad
        assert "60,00" not in answer.text
