"""The pages of payments: the life of a run by forms, who may open and press what, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.iban import make_iban
from app.domain.partij import SYSTEEM, Rol
from app.parties import laad_regio
from app.settlement import lijst_bankregels
from tests.builders import AGB
from tests.end_to_end.werkbank import ANDERE_AGB, wereld_with_region, write_region
from tests.fixtures.apps import pages_of
from tests.integration.betaal_rijen import CONTROLLER, GOES, VESTE, entry, owe, part, region_met, statement
from tests.integration.test_betalingen import propose, send
from tests.integration.test_pages import als, csrf_in

BEGIN = "/geld/betalingen"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which Het Anker has no bank account, nor Middelburg."""
    async with wereld_with_region(database, tmp_path, region_met("gemeente:0664", f"aanbieder:{AGB}")) as world:
        await owe(world, 5000)
        await owe(world, 70, ANDERE_AGB)
        yield world


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def press(browser: httpx.AsyncClient, pad: str, van: str = BEGIN, **fields: str) -> httpx.Response:
    """Fill in a form of a page and send it."""
    return await browser.post(pad, data={"csrf": csrf_in((await browser.get(van)).text), **fields})


async def test_a_run_by_forms(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Proposed by one, approved on the page by another, downloaded twice the same, confirmed by an uploaded statement."""
    nr = await propose(wereld)
    await als(wereld, browser, Rol.CONTROLLER)
    pad = f"{BEGIN}/{nr}"
    concept = (await browser.get(pad)).text

    assert (await press(browser, f"{pad}/goedkeuren", pad)).status_code == 303
    files = [await press(browser, f"{pad}/bestand", pad) for _ in range(2)]
    csrf = csrf_in((await browser.get(BEGIN)).text)
    data = statement(entry(5000, part(f"SOL0664-{nr}-1", 5000)), entry(9, ref="KOSTEN"))
    uploaded = await browser.post(f"{BEGIN}/afschriften", data={"csrf": csrf}, files={"bestand": ("a.xml", data)})
    overview = (await browser.get(BEGIN)).text
    [waiting] = (await lijst_bankregels(wereld, CONTROLLER)).items
    solved = await press(browser, f"{BEGIN}/afschriften/{waiting.afschrift_nr}/{waiting.volgnr}", reden="bankkosten")
    done = (await browser.get(pad)).text
    sheet = await browser.get(f"{pad}/1/specificatie.csv")

    assert "Geen IBAN bekend" in concept
    assert files[0].content == files[1].content
    assert files[0].headers["content-disposition"] == f'attachment; filename="SOL0664-{nr}.xml"'
    assert uploaded.status_code == solved.status_code == 303
    assert "noemt geen betaalopdracht" in overview
    assert "Afgerond" in done
    assert "50,00" in sheet.text
    assert "Niets te doen" in (await browser.get(BEGIN)).text
    assert all(iban not in page for iban in (GOES, VESTE) for page in (concept, overview, done))


async def test_who_made_it_cannot_approve_it_and_is_told(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The form proposes; what is open is then in a proposal, so a second proposal is refused above the form."""
    await als(wereld, browser, Rol.CONTROLLER)

    made = await press(browser, BEGIN, gemeente="0664", reden="mei", procent="100")
    pad = made.headers["location"]
    shown = (await browser.get(pad)).text
    approved = await press(browser, f"{pad}/goedkeuren", pad)
    wrong = await press(browser, BEGIN, gemeente="0687", reden="<mei>", procent="100")
    number = await press(browser, BEGIN, gemeente="0664", reden="mei", procent="veel")
    withdrawn = await press(browser, f"{pad}/intrekken", pad, reden="toch niet")

    assert made.status_code == withdrawn.status_code == 303
    assert "een ander keurt het goed" in shown
    assert approved.status_code == 403
    assert wrong.status_code == number.status_code == 422
    assert "geen bankrekening bekend" in wrong.text
    assert "&lt;mei&gt;" in wrong.text
    assert "Ingetrokken" in (await browser.get(pad)).text


async def test_a_changed_account_is_shown_and_must_be_ticked(wereld: Wereld, browser: httpx.AsyncClient, tmp_path: Path) -> None:
    """Without the tick nothing is approved."""
    await send(wereld)
    await owe(wereld, 800)
    changed = region_met("gemeente:0664", f"aanbieder:{AGB}", **{AGB: make_iban("NL", "TEST0000000001")})
    await laad_regio(wereld.pool, write_region(tmp_path / "anders", changed), nu=wereld.nu, actor=SYSTEEM)
    pad = f"{BEGIN}/{await propose(wereld)}"
    await als(wereld, browser, Rol.CONTROLLER)

    refused = await press(browser, f"{pad}/goedkeuren", pad)
    ticked = await press(browser, f"{pad}/goedkeuren", pad, ibans="ja")

    assert "Andere rekening dan de vorige betaling" in refused.text
    assert (refused.status_code, ticked.status_code) == (409, 303)


async def test_who_may_look_and_who_may_act(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another gemeente's run is not there; inzage looks and has no buttons; a form without its token is refused."""
    nr = await send(wereld)
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0687",))
    assert [(await browser.get(f"{BEGIN}/{nr}{rest}")).status_code for rest in ("", "/1/specificatie.csv")] == [404, 404]
    assert (await browser.post(f"{BEGIN}/{nr}/intrekken", data={"csrf": "x", "reden": "x"})).status_code == 403
    assert (await browser.post(f"{BEGIN}/afschriften", data={"csrf": "x"}, files={"bestand": ("a.xml", statement())})).status_code == 403

    await als(wereld, browser, Rol.INZAGE)
    page = await browser.get(f"{BEGIN}/{nr}")
    assert page.status_code == (await browser.get(BEGIN)).status_code == 200
    assert 'method="post" action="/geld' not in page.text
    assert (await browser.post(f"{BEGIN}/{nr}/bestand", data={"csrf": "x"})).status_code == 403

    await als(wereld, browser, Rol.TOEGANG)
    assert (await browser.get(BEGIN)).status_code == 403
