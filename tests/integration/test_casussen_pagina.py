"""The page with the most expensive cases on a real database: who may open it, what it says, and whom it does not name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.partij import Rol
from app.reports.service_casussen import pseudoniem
from app.settings import Settings
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import NU, vul
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow

KOSTEN = [(1, 2025, 40_000_00), (2, 2025, 30_000_00), (2, 2026, 55_000_00), (3, 2026, 20_000_50)]
"""client_id, zorgjaar and cents of Goes; Terneuzen has client 9."""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the pages, with cost per client of two years."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        await vul(found)
        rows = [(client, "0664", jaar, cent) for client, jaar, cent in KOSTEN] + [(9, "0715", 2026, 1_000_00)]
        await found.pool.executemany(
            "insert into saldo_client_delta (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent) values ($1, $2, 'ambulant', $3, $4)",
            rows,
        )
        yield found


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def test_region_sees_every_gemeente_with_its_change(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """One row a gemeente, and a way to its cases and to the page from the others about money."""
    await als(wereld, browser, Rol.CONTROLLER)

    text = (await browser.get("/geld/casussen")).text

    assert 'href="/geld/casussen?jaar=2026&amp;gemeente=0664"' in text
    assert "€\u00a075.000,50" in text
    assert "1 van 2" in text
    assert "/geld/casussen" in (await browser.get("/geld")).text


async def test_gemeente_sees_its_cases_by_pseudonym(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """In order, with whether each was there last year; and what the change was, in a sentence."""
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    text = (await browser.get("/geld/casussen?jaar=2026")).text

    names = [pseudoniem(wereld.kluis, client) for client in (2, 3)]
    assert text.index(names[0], text.index("<tbody>")) < text.index(names[1], text.index("<tbody>"))
    assert "stonden er 1 een jaar eerder ook in de lijst; 1 is nieuw en kost samen" in text
    assert "€\u00a05.000,50</span> meer dan die van vorig jaar" in text
    assert pseudoniem(wereld.kluis, 9) not in text


async def test_csv_has_the_same_cases(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    response = await browser.get("/geld/casussen.csv?jaar=2026&gemeente=0664")

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.text.removeprefix("\ufeff").splitlines() == [
        "jaar;gemeente;naam;rang;casus;kosten;in_top_vorig_jaar",
        f"2026;0664;Goes;1;{pseudoniem(wereld.kluis, 2)};55000,00;ja",
        f"2026;0664;Goes;2;{pseudoniem(wereld.kluis, 3)};20000,50;nee",
    ]


async def test_year_without_clients_says_so(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    await als(wereld, browser, Rol.CONTROLLER)

    assert "Geen kosten per cliënt" in (await browser.get("/geld/casussen?jaar=2020")).text


@pytest.mark.parametrize("pad", ["/geld/casussen", "/geld/casussen.csv"])
async def test_other_gemeente_is_not_found_and_other_roles_are_refused(wereld: Wereld, browser: httpx.AsyncClient, pad: str) -> None:
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    assert (await browser.get(f"{pad}?gemeente=0715")).status_code == 404
    assert (await browser.get(f"{pad}?gemeente=9999")).status_code == 404
    assert (await browser.get(f"{pad}?gemeente=goes")).status_code == 422

    await als(wereld, browser, Rol.INZAGE)
    assert (await browser.get(pad)).status_code == 403
