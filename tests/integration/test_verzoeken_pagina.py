"""The pages of requests and of changing a toewijzing: who may open them, what they say, and working through the list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol
from tests.builders import GEMEENTE, NUMMER, make_301, make_315, make_aangevraagd_product
from tests.end_to_end.werkbank import klopt, stuur, wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als, csrf_in
from workers.local import judge_all

WIJZIGEN = f"/toegang/toewijzingen/ijw/{GEMEENTE}/{NUMMER}/wijzigen"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs beside these tests, so that waiting for judging would be in vain."""
    monkeypatch.setattr("app.web.verzoeken.WACHT_S", 0.0)
    monkeypatch.setattr("app.web.wijzigen.WACHT_S", 0.0)


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The default toewijzing, and two products asked for next year."""
    async with wereld_with_region(database, tmp_path) as world:
        await stuur(world, make_301())
        first = make_aangevraagd_product("VR1", toewijzing_ingangsdatum=date(2027, 1, 1), toewijzing_einddatum=date(2027, 2, 28))
        second = make_aangevraagd_product("VR2", toewijzing_ingangsdatum=date(2027, 3, 1), toewijzing_einddatum=date(2027, 6, 30))
        await judge_all(world, lot_size_max=20)
        await stuur(world, make_315(first, second))
        await judge_all(world, lot_size_max=20)
        yield world


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


async def _verzoek(wereld: Wereld, volgnr: int = 1) -> str:
    nr = await wereld.pool.fetchval("select bericht_nr from verzoek where volgnr = $1", volgnr)
    return f"/toegang/verzoeken/{nr}-{volgnr}"


def _zegel_in(page: str) -> str:
    return page.split('name="zegel" value="', 1)[1].split('"', 1)[0]


async def test_only_the_access_team_of_the_gemeente(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another role has no such pages; another gemeente no such request or toewijzing; a form of elsewhere is refused."""
    pad = await _verzoek(wereld)
    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    for each in ("/toegang/verzoeken", pad, WIJZIGEN):
        assert (await browser.get(each)).status_code == 403

    browser.cookies.clear()
    await als(wereld, browser, Rol.TOEGANG, gemeenten=("0687",), partijen=("gemeente:0687",))
    page = await browser.get("/toegang/verzoeken")
    assert "Geen open verzoeken" in page.text
    csrf = csrf_in(page.text)
    for each in (pad, WIJZIGEN):
        assert (await browser.get(each)).status_code == 404
        assert (await browser.post(each, data={"csrf": csrf, "keus": "toewijzen", "actie": "intrekken"})).status_code == 404
        assert (await browser.post(each, data={"csrf": "vals"})).status_code == 403
    assert (await browser.post(f"{pad}/anders", data={"csrf": csrf})).status_code == 404


async def test_working_through_the_list(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Grant the first, be offered the second, refuse it, and be told that nothing is left."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=("0664",), partijen=("gemeente:0664",))
    pad = await _verzoek(wereld)
    page = await browser.get("/toegang/verzoeken")
    assert f'href="{pad}"' in page.text
    assert "nog 5 werkdagen" in page.text
    page = await browser.get(pad)
    csrf = csrf_in(page.text)

    shown = await browser.post(pad, data={"csrf": csrf, "keus": "toewijzen"})
    sent = await browser.post(f"{pad}/versturen", data={"csrf": csrf, "keus": "toewijzen", "zegel": _zegel_in(shown.text)})
    await judge_all(wereld, lot_size_max=20)
    following = await browser.get(sent.headers["Location"])
    second = await _verzoek(wereld, 2)
    wrong = await browser.post(second, data={"csrf": csrf, "keus": "afwijzen"})
    shown = await browser.post(second, data={"csrf": csrf, "keus": "afwijzen", "reden": "2"})
    last = await browser.post(f"{second}/versturen", data={"csrf": csrf, "keus": "afwijzen", "reden": "2", "zegel": _zegel_in(shown.text)})
    await judge_all(wereld, lot_size_max=20)
    done = await browser.get(last.headers["Location"])

    assert sent.headers["Location"].startswith(second)
    assert "Dit is het volgende verzoek" in following.text
    assert wrong.status_code == 422
    assert 'href="#veld-reden"' in wrong.text
    assert "checked" in wrong.text
    assert "past niet binnen budget" in shown.text
    assert last.headers["Location"].startswith("/toegang/verzoeken?klaar=")
    assert "Geen open verzoeken" in done.text
    assert "de aanbieder kan het ophalen" in done.text
    assert [row["status"] for row in await wereld.pool.fetch("select status from verzoek order by volgnr")] == ["toegewezen", "afgewezen"]
    await klopt(wereld)


async def test_granting_otherwise_opens_a_draft(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """What is asked is filled in already."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=("0664",), partijen=("gemeente:0664",))
    pad = await _verzoek(wereld)
    made = await browser.post(f"{pad}/anders", data={"csrf": csrf_in((await browser.get(pad)).text)})

    assert made.headers["Location"].startswith("/toegang/concepten/")
    assert (await browser.get(made.headers["Location"])).status_code == 303


async def test_changing_from_the_page_of_a_toewijzing(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """What may not be is there with its reason; what may be is shown before it is sent; a fault stays beside its field with what was typed."""
    await als(wereld, browser, Rol.TOEGANG, gemeenten=("0664",), partijen=("gemeente:0664",))
    detail = await browser.get(WIJZIGEN.removesuffix("/wijzigen"))
    closed = await browser.get(f"{WIJZIGEN}?actie=omvang")
    form = await browser.get(f"{WIJZIGEN}?actie=verlengen")
    csrf = csrf_in(form.text)
    wrong = await browser.post(WIJZIGEN, data={"csrf": csrf, "actie": "verlengen", "einddatum": "1 juni", "reden": "04"})
    answers = {"csrf": csrf, "actie": "verlengen", "einddatum": "2027-03-31", "reden": "04"}

    overlap = await browser.post(WIJZIGEN, data={**answers, "einddatum": "2027-03-31"})
    zegel = _zegel_in(overlap.text)
    sent = await browser.post(f"{WIJZIGEN}/versturen", data={**answers, "zegel": zegel})
    await judge_all(wereld, lot_size_max=20)

    assert f'href="{WIJZIGEN}?actie=verlengen"' in detail.text
    assert f'href="{WIJZIGEN}?actie=omvang"' not in detail.text
    assert "IV066" in detail.text
    assert "10 uur per week" in closed.text
    assert wrong.status_code == 422
    assert 'value="1 juni"' in wrong.text
    assert "De verplichting" in overlap.text or "Verplichting" in overlap.text
    assert sent.status_code == 303
    assert await wereld.pool.fetchval("select max(einddatum) from toewijzing_versie") == date(2027, 3, 31)
    assert (await browser.post(f"{WIJZIGEN}/versturen", data={**answers, "zegel": "verzonnen"})).status_code == 422
    await klopt(wereld)
