"""Pages and interface of runs of the verevening: from the form to the books, who may do what, and who sees which gemeente."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app.adapters.wereld import Wereld
from app.domain.partij import Actor, Rol
from app.settlement import stel_verevening_vast
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import api_of, pages_of
from tests.integration.test_pages import als, csrf_in
from tests.integration.test_verevening_runs import ANNA, BEN, GOES, JUNI, cost, make, make_and_book, per_gemeente

pytestmark = pytest.mark.slow

MACHINE = Actor(naam="veste", partijen=frozenset({"aanbieder:42420001"}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the workbench with 480 euros in Goes."""
    async with wereld_with_region(database, tmp_path) as opened:
        await cost(opened, 48000)
        yield opened


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def post(browser: httpx.AsyncClient, pad: str, **fields: str) -> httpx.Response:
    """Send a form of the list page."""
    return await browser.post(pad, data={"csrf": csrf_in((await browser.get("/geld/verevening")).text), **fields})


async def test_from_form_to_books(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """One controller computes, another fixes and books; the page says who did what and that it adds up."""
    await als(wereld, browser, Rol.CONTROLLER)
    made = await post(browser, "/geld/verevening", jaar="2026", keuze="waarborg", maatstaf="inwoners")
    pad = made.headers["location"]
    refused = await post(browser, f"{pad}/vaststellen")
    await als(wereld, browser, Rol.BEHEER)
    fixed = await post(browser, f"{pad}/vaststellen")
    booked = await post(browser, f"{pad}/boeken", reden="besluit van de raden")

    text = (await browser.get(pad)).text

    assert (made.status_code, refused.status_code, fixed.status_code, booked.status_code) == (303, 403, 303, 303)
    assert "Een andere controller" in refused.text
    assert "Vastgesteld op" in text
    assert "door proef-beheer" in text
    assert 'ontvangt <span class="bedrag">€\u00a0324,10' in text
    assert "wat de een betaalt, ontvangt de ander" in text
    assert await per_gemeente(wereld) == {"0384": 12308, "0664": -32410, "0687": 20102}
    assert "Geboekt" in (await browser.get("/geld/verevening")).text


async def test_a_form_that_cannot_be_computed_says_so_and_stays_filled(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Every objection on its own line, and what was typed is still there."""
    await als(wereld, browser, Rol.CONTROLLER)

    wrong = await post(browser, "/geld/verevening", jaar="2026", keuze="waarborg", maatstaf="schoenmaat", document="")
    broken = await post(browser, "/geld/verevening", jaar="2026", keuze="", document='naam = "x"')
    no_year = await post(browser, "/geld/verevening", jaar="volgend", keuze="waarborg")

    assert [each.status_code for each in (wrong, broken, no_year)] == [422, 422, 422]
    assert "schoenmaat" in wrong.text
    assert "naam = &#34;x&#34;" in broken.text
    assert "vier cijfers" in no_year.text
    assert await wereld.pool.fetchval("select count(*) from verevening_run") == 0


async def test_an_agreement_is_pasted_and_chosen_again(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The document is kept byte for byte, and can be chosen by its name."""
    document = """naam = "Proef"
regio = "Test"
versie = "1"
geldig_van = 2026-01-01
geldig_tot = 2026-12-31
leden = ["0384", "0664", "0687"]
# een opmerking die blijft
[maatstaven.inwoners]
bron = "CBS"
[[regeling]]
code = "AMB"
zorgvormen = ["ambulant"]
[[regeling.sleutel]]
maatstaf = "inwoners"
"""
    await als(wereld, browser, Rol.CONTROLLER)
    first = await post(browser, "/geld/verevening", jaar="2026", document=document.replace("\n", "\r\n"))
    second = await post(browser, "/geld/verevening", jaar="2026", keuze="Proef (1)")

    assert (first.status_code, second.status_code) == (303, 303)
    for made in (first, second):
        assert (await browser.get(f"{made.headers['location']}/bestand/overeenkomst.toml")).text == document


async def test_the_page_says_why_a_later_run_differs(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Old, new and the contribution of late cost; a gemeente sees its own row only."""
    first = await make_and_book(wereld)
    await cost(wereld, 11701, "0687", JUNI)
    second = await make(wereld)
    await als(wereld, browser, Rol.CONTROLLER)

    text = (await browser.get(f"/geld/verevening/{second}")).text
    await als(wereld, browser, Rol.INZAGE, gemeenten=("0664",))
    own = (await browser.get(f"/geld/verevening/{second}")).text

    assert f"geboekte berekening {first}" in text
    assert "door kosten van ambulant" in text
    assert "0687, 2026: van € 0,00 naar € 117,01" in text
    assert "Middelburg" in text
    assert "Middelburg" not in own
    assert "0687" not in own
    assert "geboekte berekening" in own


async def test_downloads_and_a_run_made_again(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """The kept file byte for byte, rows as a Dutch CSV, and the verdict of computing again."""
    nr = await make(wereld)
    await als(wereld, browser, Rol.CONTROLLER)

    kept = await browser.get(f"/geld/verevening/{nr}/bestand/settlement.csv")
    rows = (await browser.get(f"/geld/verevening/{nr}/regels.csv")).text.splitlines()
    again = await post(browser, f"/geld/verevening/{nr}/herhalen")

    assert kept.text.splitlines()[0].startswith("arrangement,period_from")
    assert f"{nr};2026;WAARBORG;ambulant;0664;480,00;155,90;-324,10" in rows
    assert "elke byte van de uitkomst is gelijk" in again.text
    assert (await browser.get(f"/geld/verevening/{nr}/bestand/geheim.csv")).status_code == 404
    book = load_workbook(BytesIO((await browser.get(f"/geld/verevening/{nr}/regels.xlsx")).content))
    assert book.sheetnames == ["per gemeente", "regels"]
    assert [row[1] for row in book["per gemeente"].iter_rows(min_row=2, values_only=True)] == ["Diemen", "Goes", "Middelburg"]


async def test_who_may_open_and_do(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """403 for another role, for a controller of one gemeente and without the token of the form; 404 for what is not there."""
    nr = await make(wereld)
    await als(wereld, browser, Rol.UITVAL)
    assert (await browser.get("/geld/verevening")).status_code == 403
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    assert "Nieuwe berekening" not in (await browser.get("/geld/verevening")).text
    token = csrf_in((await browser.get(f"/geld/verevening/{nr}")).text)
    for pad in ("", f"/{nr}/vaststellen", f"/{nr}/boeken", f"/{nr}/intrekken"):
        form = {"csrf": token, "jaar": "2026", "keuze": "waarborg", "reden": "x"}
        assert (await browser.post(f"/geld/verevening{pad}", data=form)).status_code == 403, pad
        assert (await browser.post(f"/geld/verevening{pad}", data={**form, "csrf": "x"})).status_code == 403, pad
    assert (await browser.get(f"/geld/verevening/{nr}/bestand/settlement.csv")).status_code == 404
    assert (await browser.get("/geld/verevening/999999")).status_code == 404
    assert await wereld.pool.fetchval("select status from verevening_run") == "concept"


async def call(wereld: Wereld, actor: Actor, method: str, pad: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """What the interface answers to this actor."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api_of(wereld, actor)), base_url="http://test") as client:
        return await client.request(method, f"/verevening{pad}", json=body)


async def test_the_interface_goes_the_same_way(wereld: Wereld) -> None:
    """Create, approve, book once, correct, and the difference with its reasons."""
    made = await call(wereld, ANNA, "POST", "/runs", {"jaar": 2026, "model": "waarborg"})
    pad = f"/runs/{made.json()['id']}"
    assert made.status_code == 201
    assert made.headers["location"] == f"/v1/verevening{pad}"
    assert (await call(wereld, ANNA, "POST", f"{pad}/vaststellen")).status_code == 403
    assert (await call(wereld, ANNA, "POST", f"{pad}/boeken", {"reden": "x"})).status_code == 409
    assert (await call(wereld, BEN, "POST", f"{pad}/vaststellen")).json()["status"] == "vastgesteld"
    booked = (await call(wereld, ANNA, "POST", f"{pad}/boeken", {"reden": "besluit"})).json()
    assert (booked["status"], booked["geboekt_door"]) == ("geboekt", "anna")
    assert (await call(wereld, ANNA, "POST", f"{pad}/boeken", {"reden": "besluit"})).json() == booked
    assert (await call(wereld, ANNA, "POST", f"{pad}/intrekken")).status_code == 409
    await cost(wereld, 11701, "0687", JUNI)
    later = (await call(wereld, ANNA, "POST", "/runs", {"jaar": 2026})).json()["id"]

    found = (await call(wereld, ANNA, "GET", f"/runs/{later}/verschil")).json()

    assert found["vorige"] == made.json()["id"]
    assert sum(found["verschil"].values()) == 0
    assert [reden["wat"] for reden in found["redenen"]] == ["kosten van ambulant"]
    assert (await call(wereld, ANNA, "POST", f"/runs/{later}/herhaling")).json()["gelijk"] is True


async def test_the_interface_shows_each_its_own(wereld: Wereld) -> None:
    """A gemeente sees its rows, an aanbieder nothing; a list goes on with its cursor."""
    numbers = [await make(wereld) for _ in range(3)]

    own = (await call(wereld, GOES, "GET", f"/runs/{numbers[0]}")).json()
    page = (await call(wereld, ANNA, "GET", "/runs?limit=2")).json()
    rest = (await call(wereld, ANNA, "GET", f"/runs?limit=2&cursor={page['volgende']}")).json()

    assert set(own["te_boeken"]) == {"0664"}
    assert {row["gemeente"] for row in own["regels"]} == {"0664"}
    assert own["bestanden"] == []
    assert (await call(wereld, GOES, "GET", f"/runs/{numbers[0]}/bestanden/settlement.csv")).status_code == 404
    assert (await call(wereld, MACHINE, "GET", f"/runs/{numbers[0]}")).status_code == 404
    assert (await call(wereld, MACHINE, "GET", "/runs")).json()["items"] == []
    assert [item["id"] for item in (*page["items"], *rest["items"])] == [str(nr) for nr in reversed(numbers)]
    assert rest["volgende"] is None


async def test_agreements_are_templates_and_those_that_were_used(wereld: Wereld) -> None:
    """Each text is a document that can be settled by."""
    await make(wereld)

    items = (await call(wereld, ANNA, "GET", "/overeenkomsten")).json()["items"]

    assert [each["naam"] for each in items if each["herkomst"] == "berekening"] == ["waarborg (inwoners)"]
    assert any(re.fullmatch("zeeland-.*", each["naam"]) for each in items)


async def test_a_withdrawn_run_has_no_buttons(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """And one that was fixed has only that of booking."""
    withdrawn, fixed = await make(wereld), await make(wereld)
    await als(wereld, browser, Rol.CONTROLLER)
    assert (await post(browser, f"/geld/verevening/{withdrawn}/intrekken")).status_code == 303
    await stel_verevening_vast(wereld, BEN, fixed)

    first, second = [(await browser.get(f"/geld/verevening/{nr}")).text for nr in (withdrawn, fixed)]

    assert "Ingetrokken op" in first
    assert "/vaststellen" not in first
    assert "/boeken" not in first
    assert "/boeken" in second
    assert "/intrekken" not in second
