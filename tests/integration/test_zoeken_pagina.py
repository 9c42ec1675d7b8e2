"""Finding berichten: by gemeente and sender, by toewijzing, and by a BSN that stays out of every address and of the log."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog

from app.adapters.wereld import Wereld
from app.domain.declaratie import DeclaratieClient
from app.domain.partij import Rol
from tests.builders import (
    ANDERE_BSN,
    BSN,
    NUMMER,
    make_301,
    make_305,
    make_323,
    make_client,
    make_declaratie,
    make_prestatie,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.integration.test_pages import als, browser, csrf_in
from workers.local import judge_all

__all__ = ["browser"]

pytestmark = pytest.mark.slow

NERGENS = "999900031"


@dataclass(frozen=True, kw_only=True)
class Nrs:
    """The berichten that were sent."""

    toewijzing: int
    start: int
    goed: int
    onbekend: int
    ander: int


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region at its first day."""
    async with wereld_with_region(database, tmp_path) as world:
        yield world


@pytest.fixture
async def nrs(wereld: Wereld) -> Nrs:
    """A toewijzing with a start and two declaraties, of which the second names a number that does not exist; and one of another person."""
    other = make_client(bsn=ANDERE_BSN, toegewezen_producten=(make_toegewezen_product(toewijzing_nummer=NUMMER + 1),))
    sent = [make_301(), make_305(), make_323()]
    lines = [DeclaratieClient(bsn=BSN, prestaties=(make_prestatie("R2", toewijzing_nummer=NUMMER + 5),), regelnummer=14)]
    unknown = make_323(declaratie=make_declaratie(lines, declaratie_nummer="D2"), identificatie="ONBEKEND1")
    found = []
    for bericht in (*sent, unknown, make_301(client=other, identificatie="ANDER1")):
        found.append(await stuur(wereld, bericht))
        await judge_all(wereld, lot_size_max=10)
    return Nrs(toewijzing=found[0], start=found[1], goed=found[2], onbekend=found[3], ander=found[4])


async def gevonden(browser: httpx.AsyncClient, adres: str) -> set[int]:
    """The berichten on a page of the list."""
    response = await browser.get(adres)
    assert response.status_code == 200, adres
    return {int(number) for number in re.findall(r'rowheader" scope="row" data-label="Bericht"><a href="/berichten/(\d+)"', response.text)}


async def test_find_by_toewijzing_gemeente_and_sender(wereld: Wereld, browser: httpx.AsyncClient, nrs: Nrs) -> None:
    """Of a toewijzing: itself, its start, and what was declared on it; a rejected line is found by the number that it names."""
    await als(wereld, browser, Rol.UITVAL)

    assert await gevonden(browser, f"/berichten?toewijzing={NUMMER}") == {nrs.toewijzing, nrs.start, nrs.goed}
    assert await gevonden(browser, f"/berichten?toewijzing={NUMMER + 5}") == {nrs.onbekend}
    assert await gevonden(browser, "/berichten?toewijzing=999999999") == set()
    assert await gevonden(browser, "/berichten?gemeente=0664&partij=aanbieder:42420001&soort=323") == {nrs.goed, nrs.onbekend}
    assert await gevonden(browser, "/berichten?gemeente=0687") == set()
    assert await gevonden(browser, "/berichten?afzender=gemeente") == {nrs.toewijzing, nrs.ander}
    assert (await browser.get("/berichten?toewijzing=x")).status_code == 422


async def test_find_by_bsn(wereld: Wereld, browser: httpx.AsyncClient, nrs: Nrs) -> None:
    """The address names the client by our own number; the log says that somebody searched, not for whom."""
    await als(wereld, browser, Rol.UITVAL)
    token = csrf_in((await browser.get("/berichten")).text)

    with structlog.testing.capture_logs() as logs:
        answer = await browser.post("/berichten/client", data={"csrf": token, "bsn": f"{BSN[:4]} {BSN[4:]}"})
        wrong = await browser.post("/berichten/client", data={"csrf": token, "bsn": "123456789"})
        nobody = await browser.post("/berichten/client", data={"csrf": token, "bsn": NERGENS})
        forged = await browser.post("/berichten/client", data={"csrf": "x", "bsn": BSN})

    assert answer.status_code == 303
    assert BSN not in answer.headers["location"]
    assert await gevonden(browser, answer.headers["location"]) == {nrs.toewijzing, nrs.start, nrs.goed, nrs.onbekend}
    assert (wrong.status_code, nobody.status_code, forged.status_code) == (422, 404, 403)
    assert 'value="123456789"' in wrong.text
    assert "geen geldig BSN" in wrong.text
    assert [each["by"] for each in logs if each["event"] == "bsn_searched"] == ["proef-uitval"] * 2
    assert BSN not in str(logs)


async def test_clients_of_another_gemeente_are_not_found_and_some_roles_do_not_search(
    wereld: Wereld, browser: httpx.AsyncClient, nrs: Nrs
) -> None:
    """Known elsewhere or not known at all: the same words; and by its number a client shows nothing either."""
    client = await wereld.pool.fetchval("select min(client_id) from toewijzing_versie")
    await als(wereld, browser, Rol.UITVAL, gemeenten=("0687",))
    token = csrf_in((await browser.get("/berichten")).text)

    elders = await browser.post("/berichten/client", data={"csrf": token, "bsn": BSN})
    nergens = await browser.post("/berichten/client", data={"csrf": token, "bsn": NERGENS})

    assert (elders.status_code, nergens.status_code) == (404, 404)
    assert elders.text.replace(BSN, "") == nergens.text.replace(NERGENS, "")
    assert await gevonden(browser, f"/berichten?client={client}") == set()

    await als(wereld, browser, Rol.CONTROLLER)
    page = await browser.get("/berichten")

    assert "Zoek op BSN" not in page.text
    for adres in (f"/berichten?client={client}", f"/berichten.csv?client={client}"):
        assert (await browser.get(adres)).status_code == 403
    assert (await browser.post("/berichten/client", data={"csrf": csrf_in(page.text), "bsn": BSN})).status_code == 403
