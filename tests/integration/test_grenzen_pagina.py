"""The page that watches the boundary of what is shared, on a run from the ledger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import NietGevonden
from app.domain.partij import SYSTEEM, Actor, Rol
from app.reports import read_grenzen
from app.settings import Settings
from app.solidarity.service import vereven_overeenkomst
from app.solidarity.tomlform import read_document
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import GEMEENTEN, NU, vul
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow

OVEREENKOMST = f"""
naam = "Verevening verblijf"
regio = "Testregio"
versie = "2026-1"
geldig_van = 2025-07-01
geldig_tot = 2026-12-31
leden = [{", ".join(f'"{code}"' for code in GEMEENTEN)}]
[[regeling]]
code = "V"
zorgvormen = ["verblijf"]
[[regeling.sleutel]]
maatstaf = "kosten"
"""


@pytest.fixture
async def leeg(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the pages: its run is from before documents were kept."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        await vul(found)
        yield found


@pytest.fixture
async def wereld(leeg: Wereld) -> Wereld:
    """Goes moved from a quarter to a half in verblijf since July 2025; Terneuzen stayed at a third."""
    nrs = {row["gemeente"]: row["rekening_nr"] for row in await leeg.pool.fetch("select * from rekening where soort = 'kosten'")}
    parts = [("0664", date(2025, 4, 1), 25, 75), ("0664", date(2025, 8, 1), 50, 50), ("0715", date(2025, 5, 1), 100, 200),
             ("0715", date(2025, 9, 1), 100, 200)]  # fmt: skip
    rows = [(nrs[code], vorm, maand, cent * 100) for code, maand, zwaar, licht in parts
            for vorm, cent in (("verblijf", zwaar), ("ambulant", licht))]  # fmt: skip
    await leeg.pool.executemany(
        "insert into saldo_delta (rekening_nr, domein, zorgvorm, zorgmaand, boekmaand, bedrag_cent) values ($1, 'ijw', $2, $3, $3, $4)",
        rows,
    )
    clients = [(1, "0664", "ambulant", 2024), (2, "0664", "verblijf", 2024), (1, "0664", "verblijf", 2025), (2, "0664", "verblijf", 2025)]
    await leeg.pool.executemany(
        "insert into saldo_client_delta (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent) values ($1, $2, $3, $4, 5)", clients
    )
    await vereven_overeenkomst(leeg, SYSTEEM, read_document(OVEREENKOMST), 2025)
    return leeg


@pytest.fixture
async def browser(leeg: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(leeg)), base_url="http://solidair.test") as client:
        yield client


async def test_shift_is_seen_from_the_balances(wereld: Wereld) -> None:
    """Goes first with a quarter of a point; the quarter that is not complete on 7 July 2026 is left out."""
    found = await read_grenzen(wereld, SYSTEEM)

    first, second = found.rijen[:2]
    assert (first.gemeente, first.voor.promille, first.na.promille, first.verschil_promille, first.rang) == ("0664", 250, 500, 250, 1)
    assert (first.clienten_voor.promille, first.clienten_na.promille) == (500, 1000)
    assert (second.gemeente, second.verschil_promille) == ("0715", 0)
    assert [kwartaal.naam for kwartaal in first.kwartalen] == ["2025 kw 2", "2025 kw 3"]
    assert found.overeenkomst == "Verevening verblijf, versie 2026-1"


async def test_page_and_file_show_a_gemeente_its_own_row(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    text = (await browser.get("/geld/grenzen")).text
    file = (await browser.get("/geld/grenzen.csv")).text.removeprefix("\ufeff").splitlines()

    assert "+25,0 punt" in text
    assert "Er is nog niets te vergelijken" not in text
    assert "Goes" in text
    assert "Terneuzen" not in text
    assert file[1:] == [
        "0664;Goes;01-07-2025;01-04-2025;nee;25,00;100,00;250",
        "0664;Goes;01-07-2025;01-07-2025;ja;50,00;100,00;500",
    ]


async def test_without_a_run_the_page_says_so(leeg: Wereld, browser: httpx.AsyncClient) -> None:
    """And a run that is not there is not found; other roles are refused."""
    assert (await read_grenzen(leeg, SYSTEEM)).rijen == ()
    with pytest.raises(NietGevonden):
        await read_grenzen(leeg, SYSTEEM, 10**9)
    with pytest.raises(NietGevonden):
        await read_grenzen(leeg, Actor(naam="nergens", gemeenten=frozenset(), rollen=frozenset({Rol.CONTROLLER})))

    await als(leeg, browser, Rol.CONTROLLER)
    assert "Geen gedeelde zorgvormen" in (await browser.get("/geld/grenzen")).text
    await als(leeg, browser, Rol.INZAGE)
    assert (await browser.get("/geld/grenzen")).status_code == 403


async def test_agreement_that_only_just_began_has_nothing_to_compare(leeg: Wereld, browser: httpx.AsyncClient) -> None:
    """Rows without figures, a sentence instead of an empty drawing."""
    await vereven_overeenkomst(leeg, SYSTEEM, read_document(OVEREENKOMST), 2025)
    await als(leeg, browser, Rol.CONTROLLER)

    text = (await browser.get("/geld/grenzen")).text

    assert "Er is nog niets te vergelijken" in text
    assert "<svg" not in text[text.index("kop-verschuiving") :]
