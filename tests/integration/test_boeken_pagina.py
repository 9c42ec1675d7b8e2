"""`/geld/boekingen`: what the plans ask, an order shown and booked, the second person, acts, and who may not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import Rol
from app.identity import maak_account
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_grootboek import GELD, per_rekening, verified
from tests.integration.test_pages import WACHTWOORD, als, csrf_in, meld_aan

VIER_OGEN_CENT = 500_000


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with money in its region, where five thousand euros need two persons."""
    async with wereld_with_region(database, tmp_path, GELD) as opened:
        yield replace(opened, vier_ogen_cent=VIER_OGEN_CENT)


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in and does not follow redirects."""
    async with browser_of(wereld) as client:
        yield client


def browser_of(wereld: Wereld) -> httpx.AsyncClient:
    """Another one."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test")


def hidden(text: str, action: str) -> dict[str, str]:
    """The hidden fields of the first form that goes to an address."""
    form = text.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', form))


async def count(wereld: Wereld, table: str) -> int:
    """Its rows."""
    return int(await wereld.pool.fetchval(f"select count(*) from {table}"))


async def test_the_routine_books_what_the_plans_ask_month_by_month(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Each task leads to its preview and books exactly that; then it is no longer on the list."""
    await als(wereld, browser, Rol.CONTROLLER)
    page = (await browser.get("/geld/boekingen")).text
    assert "Wat moet er deze maand" in page
    begin = page.count(">Bekijk en boek<")
    contribution = next(
        dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form))
        for form in page.split('action="/geld/boekingen/voorbeeld"')
        if 'value="bijdragen"' in form.partition("</form>")[0]
    )

    shown = await browser.post("/geld/boekingen/voorbeeld", data=contribution)
    assert (shown.status_code, await count(wereld, "boeking"), await count(wereld, "handeling")) == (200, 0, 0)
    assert shown.text.count("Bijdragen aan de regio, ") == 2
    assert "€\xa030,00" in shown.text
    done = await browser.post("/geld/boekingen", data={**hidden(shown.text, "/geld/boekingen"), "reden": "Volgens plan"})
    act = await browser.get(done.headers["location"])

    assert done.status_code == 303
    assert "Volgens plan" in act.text
    assert "€\xa030,00" in act.text
    assert await per_rekening(wereld) == {("inleg", "0664"): 1000, ("inleg", "0687"): 2000, ("kas", ""): -3000}
    assert (await browser.get("/geld/boekingen")).text.count(">Bekijk en boek<") == begin - 1
    await verified(wereld)


async def test_what_moves_much_waits_for_a_second_person_and_books_what_was_shown(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Nothing is booked until somebody else agrees; who asked cannot."""
    await als(wereld, browser, Rol.CONTROLLER)
    asked = {"soort": "voorschotten", "maand": "2026-01", "reden": "januari"}
    csrf = csrf_in((await browser.get("/geld/boekingen")).text)
    shown = await browser.post("/geld/boekingen/voorbeeld", data={**asked, "csrf": csrf})
    assert "tweede persoon" in shown.text
    made = await browser.post("/geld/boekingen", data={**hidden(shown.text, "/geld/boekingen"), "reden": "januari"})
    pad = made.headers["location"]

    waiting = await browser.get(pad)
    own = await browser.post(f"{pad}/goedkeuren", data={"csrf": csrf})
    again = await browser.post("/geld/boekingen", data={**asked, "csrf": csrf})
    assert "Wacht op tweede persoon" in waiting.text
    assert "een ander keurt het goed" in waiting.text
    assert waiting.text.count("Voorschotten, ") == 2
    assert (own.status_code, again.status_code, await count(wereld, "boeking")) == (403, 409, 0)
    assert "Wacht op een tweede persoon" in (await browser.get("/geld/boekingen")).text

    async with browser_of(wereld) as second:
        await maak_account(wereld, "tweede", WACHTWOORD, (Rol.CONTROLLER,), None, ())
        await meld_aan(second, "tweede")
        token = csrf_in((await second.get(pad)).text)
        assert (await second.post(f"{pad}/goedkeuren", data={"csrf": "x"})).status_code == 403
        agreed = await second.post(f"{pad}/goedkeuren", data={"csrf": token})
        after = await second.get(pad)
        twice = await second.post(f"{pad}/goedkeuren", data={"csrf": token})

    assert (agreed.status_code, twice.status_code) == (303, 409)
    assert "door tweede" in after.text
    assert (await per_rekening(wereld))["voorschot", "0664"] == 500_000
    await verified(wereld)


async def test_an_act_that_waits_can_be_withdrawn_and_is_refused_when_the_plan_changed(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """It books nothing then, and can be asked again."""
    await als(wereld, browser, Rol.CONTROLLER)
    csrf = csrf_in((await browser.get("/geld/boekingen")).text)
    asked = {"soort": "voorschotten", "maand": "2026-01", "reden": "januari", "csrf": csrf}
    shown = await browser.post("/geld/boekingen/voorbeeld", data=asked)
    fields = {**hidden(shown.text, "/geld/boekingen"), "reden": "januari"}
    pad = (await browser.post("/geld/boekingen", data=fields)).headers["location"]
    await wereld.pool.execute("update voorschot_plan set bedrag_cent = bedrag_cent + 1 where gemeente = '0664'")

    async with browser_of(wereld) as second:
        await maak_account(wereld, "tweede", WACHTWOORD, (Rol.CONTROLLER,), None, ())
        await meld_aan(second, "tweede")
        page = (await second.get(pad)).text
        stale = await second.post(f"{pad}/goedkeuren", data={"csrf": csrf_in(page)})
        without = await second.post(f"{pad}/intrekken", data={"csrf": csrf_in(page), "reden": " "})
        withdrawn = await second.post(f"{pad}/intrekken", data={"csrf": csrf_in(page), "reden": "plan gewijzigd"})
        after = (await second.get(pad)).text
    seen_before = await browser.post("/geld/boekingen", data=fields)

    assert "iets anders boeken" in page
    assert [each.status_code for each in (stale, without, withdrawn, seen_before)] == [409, 422, 303, 409]
    assert "Ingetrokken" in after
    assert "plan gewijzigd" in after
    assert "anders dan u zag" in seen_before.text
    assert await count(wereld, "boeking") == 0
    fresh = await browser.post("/geld/boekingen/voorbeeld", data=asked)
    assert "€\xa05.000,01" in fresh.text


@pytest.mark.parametrize(
    ("filled", "status"),
    [
        ({"maand": "2026-13"}, 422),
        ({"bedrag": "duizend"}, 422),
        ({"zorg": "ijw:bestaat-niet"}, 422),
        ({"zorg": ""}, 422),
        ({"gemeente": "9999"}, 422),
        ({"toewijzing_nummer": "1"}, 422),
        ({"csrf": "x"}, 403),
        ({"soort": "cadeau"}, 422),
    ],
)
async def test_what_cannot_be_is_said_and_the_form_stays_filled(
    wereld: Wereld, browser: httpx.AsyncClient, filled: dict[str, str], status: int
) -> None:
    """By the preview and by booking, the same."""
    await als(wereld, browser, Rol.CONTROLLER)
    form = await browser.get("/geld/boekingen/nieuw?soort=lokaal")
    right = {"soort": "lokaal", "maand": "2026-05", "gemeente": "0664", "zorg": "ijw:ambulant", "bedrag": "1.234,56", "reden": "jeugdteam"}
    asked = {**right, "csrf": csrf_in(form.text), **filled}

    found = [await browser.post(pad, data=asked) for pad in ("/geld/boekingen/voorbeeld", "/geld/boekingen")]

    assert [each.status_code for each in found] == [status, status]
    assert await count(wereld, "handeling") == 0
    if status == 422 and "soort" not in filled:
        assert 'value="jeugdteam"' in found[0].text


async def test_acts_are_listed_filtered_and_given_as_a_file(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """By kind, month, person and status."""
    await als(wereld, browser, Rol.CONTROLLER)
    csrf = csrf_in((await browser.get("/geld/boekingen")).text)
    for maand, bedrag in (("2026-04", "10"), ("2026-05", "20,50")):
        filled = {"soort": "lokaal", "maand": maand, "gemeente": "0664", "zorg": "ijw:ambulant", "bedrag": bedrag, "reden": f"team {maand}"}
        assert (await browser.post("/geld/boekingen", data={**filled, "csrf": csrf})).status_code == 409  # Not what was shown.
        shown = await browser.post("/geld/boekingen/voorbeeld", data={**filled, "csrf": csrf})
        fields = {**hidden(shown.text, "/geld/boekingen"), "reden": filled["reden"]}
        assert (await browser.post("/geld/boekingen", data=fields)).status_code == 303

    both = (await browser.get("/geld/boekingen?soort=lokaal")).text
    april = (await browser.get("/geld/boekingen?soort=lokaal&maand=2026-04&door=proef-controller&status=geboekt")).text
    nothing = (await browser.get("/geld/boekingen?status=wacht")).text
    file = await browser.get("/geld/boekingen.csv?soort=lokaal")

    assert [("team 2026-04" in page, "team 2026-05" in page) for page in (both, april, nothing)] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    assert file.headers["content-type"].startswith("text/csv")
    assert re.search(r";lokaal;2026-05:0664:ijw:ambulant;geboekt;[^;]+;proef-controller;;;team 2026-05;1;20,50", file.text)
    assert (await browser.get("/geld/boekingen?maand=2026")).status_code == 422
    assert (await browser.get("/geld/boekingen/999999999")).status_code == 404


@pytest.mark.parametrize("kind", [{"gemeenten": ("0664",), "rollen": (Rol.CONTROLLER,)}, {"gemeenten": None, "rollen": (Rol.INZAGE,)}])
async def test_only_a_controller_of_the_region_opens_it(
    wereld: Wereld, browser: httpx.AsyncClient, kind: dict[str, tuple[str, ...]]
) -> None:
    """Not one of a gemeente, not another role, and nobody without a session."""
    assert (await browser.get("/geld/boekingen")).status_code == 303
    await als(wereld, browser, *map(Rol, kind["rollen"]), gemeenten=kind["gemeenten"])
    page = (await browser.get("/geld")).text

    found = [await browser.get(f"/geld/boekingen{rest}") for rest in ("", ".csv", "/nieuw?soort=lokaal", "/1")]
    found += [
        await browser.post(f"/geld/boekingen{rest}", data={"soort": "bijdragen", "maand": "2026-01", "csrf": csrf_in(page), "reden": "x"})
        for rest in ("", "/voorbeeld", "/1/goedkeuren", "/1/intrekken")
    ]

    assert {each.status_code for each in found} == {403}
    assert "/geld/boekingen" not in page
