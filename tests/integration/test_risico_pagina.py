"""The page on risk on a real database: what it says, that it is kept and bounded, and who may open it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import NietToegestaan, OngeldigVerzoek
from app.domain.partij import SYSTEEM, Actor, Rol
from app.reports import Deelwijze, read_risico, service_risico
from app.settings import Settings
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import GEMEENTEN, NU, vul
from tests.integration.test_pages import als

pytestmark = pytest.mark.slow


@pytest.fixture
async def leeg(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the pages: cost of this year only, which is not over."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        await vul(found)
        yield found


@pytest.fixture
async def wereld(leeg: Wereld) -> Wereld:
    """And two finished years in which each gemeente has a few clients, one of them dear."""
    rows = [
        (100 * number + client, code, jaar, 2_000_000 if client == 0 else 100_000 + client)
        for number, code in enumerate(GEMEENTEN)
        for client in range(8)
        for jaar in (2024, 2025)
    ]
    await leeg.pool.executemany(
        "insert into saldo_client_delta (client_id, gemeente, zorgvorm, zorgjaar, bedrag_cent) values ($1, $2, 'verblijf', $3, $4)", rows
    )
    return leeg


@pytest.fixture
async def browser(leeg: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(leeg)), base_url="http://solidair.test") as client:
        yield client


async def test_sharing_everything_softens_the_worst_years_and_leaves_the_shock(wereld: Wereld) -> None:
    """Thirteen equal gemeenten: chance divides out, the common shock does not, and the region as a whole gains nothing.

    One client in eight is dear, so most years of one gemeente are good: sharing makes an overrun likelier and much smaller, and the page says both.
    """
    found = await read_risico(wereld, SYSTEEM, Deelwijze.WAARBORG, 50)

    assert (found.jaar, found.van, found.tot_en_met, found.clienten) == (2025, 2024, 2025, 8 * len(GEMEENTEN))
    assert found.minder_slecht == found.gestegen == len(GEMEENTEN)
    assert all(each.weggenomen_promille is not None and each.weggenomen_promille > 600 for each in found.gemeenten)
    assert all(each.met.p95_cent - each.met.p5_cent < each.zonder.p95_cent - each.zonder.p5_cent for each in found.gemeenten)
    assert found.regio.met.kans_promille == found.regio.zonder.kans_promille
    assert abs(found.regio.met.p95_cent - found.regio.zonder.p95_cent) < 100  # Simulated shares are rounded apart.
    without_shock = await read_risico(wereld, SYSTEEM, Deelwijze.WAARBORG, 0)
    assert without_shock.regio.gezamenlijk_cent == 0 < found.regio.gezamenlijk_cent


async def test_answer_is_kept_until_the_books_change(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer for the same input; one more euro is another input. Within five seconds the first time."""
    started = time.perf_counter()
    first = await read_risico(wereld, SYSTEEM)
    known = len(service_risico._ANTWOORDEN)
    assert time.perf_counter() - started < 5

    assert await read_risico(wereld, SYSTEEM) == first
    assert len(service_risico._ANTWOORDEN) == known
    await wereld.pool.execute("update saldo_client_delta set bedrag_cent = bedrag_cent + 100 where client_id = 0 and zorgjaar = 2025")
    assert await read_risico(wereld, SYSTEEM) != first

    monkeypatch.setattr(service_risico, "ONTHOUDEN_MAX", 1)
    await read_risico(wereld, SYSTEEM, Deelwijze.QUOTUM)
    assert len(service_risico._ANTWOORDEN) == 1


async def test_gemeente_sees_its_own_row_and_the_region(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """In the tables and in the file."""
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))

    text = (await browser.get("/geld/risico?delen=stoploss:50000&schok=0")).text
    file = (await browser.get("/geld/risico.csv?schok=0")).text.removeprefix("\ufeff").splitlines()

    assert "Kans op een jaar boven budget" in text
    assert "Goes" in text
    assert "Terneuzen" not in text
    assert [line.split(";")[1:4] for line in file[1:]] == [
        ["0664", "Goes", "niet"],
        ["0664", "Goes", "waarborg"],
        ["", "Hele regio", "niet"],
        ["", "Hele regio", "waarborg"],
    ]


async def test_without_a_finished_year_the_page_says_so(leeg: Wereld, browser: httpx.AsyncClient) -> None:
    """And the file is refused with the same sentence."""
    await als(leeg, browser, Rol.CONTROLLER)

    page, file = await browser.get("/geld/risico"), await browser.get("/geld/risico.csv")

    assert (page.status_code, file.status_code) == (200, 422)
    assert "Nog niet te simuleren" in page.text
    assert "er is geen jaar met kosten" in page.text


async def test_only_a_controller_and_only_what_the_page_offers(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    with pytest.raises(NietToegestaan):
        await read_risico(wereld, Actor(naam="kijk", gemeenten=None, rollen=frozenset({Rol.INZAGE})))
    with pytest.raises(OngeldigVerzoek):
        await read_risico(wereld, SYSTEEM, Deelwijze.WAARBORG, 31)
    await als(wereld, browser, Rol.INZAGE)
    assert (await browser.get("/geld/risico")).status_code == 403
    await als(wereld, browser, Rol.CONTROLLER)
    assert (await browser.get("/geld/risico?delen=quotum:1/3")).status_code == 422
