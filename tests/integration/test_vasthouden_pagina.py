"""The pages of holding, through the whole application: preview, reason, release, rules; roles, gemeenten and tokens of forms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM, Rol
from app.judging import NieuweRegel, houd_vast, maak_regel
from tests.builders import AGB, GEMEENTE, make_305, make_323
from tests.end_to_end.werkbank import status, stuur, wereld_with_region
from tests.fixtures.apps import app_of
from tests.integration.test_pages import als, csrf_in

pytestmark = pytest.mark.slow

REDEN = "mei is <b>dubbel</b> ingediend"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region on Wednesday 3 June 2026."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(wereld)), base_url="http://solidair.test") as opened:
        yield opened


async def test_holding_is_shown_before_it_is_done_and_undone_by_releasing(wereld: Wereld, client: httpx.AsyncClient) -> None:
    """From the page of the declaratie to the list and back."""
    nr = await stuur(wereld, make_323())
    later_nr = await stuur(wereld, make_323(identificatie="ID2"))
    await als(wereld, client, Rol.UITVAL, gemeenten=(GEMEENTE,))

    pad = f"/berichten/{nr}/vasthouden"
    assert f'href="{pad}"' in (await client.get(f"/berichten/{nr}")).text
    form = (await client.get(pad)).text
    assert "Eén latere declaratie van deze aanbieder aan deze gemeente wacht dan ook." in form
    assert "Op 12 juni 2026 wordt de declaratie vanzelf beoordeeld." in form

    refused = await client.post(pad, data={"csrf": csrf_in(form), "reden": " nee "})
    assert refused.status_code == 422
    assert 'href="#veld-reden"' in refused.text
    assert "> nee </textarea>" in refused.text
    assert await status(wereld, nr) == "ontvangen"

    held = await client.post(pad, data={"csrf": csrf_in(form), "reden": REDEN})
    assert held.headers["location"] == f"/berichten/{nr}"
    page = (await client.get(f"/berichten/{nr}")).text
    assert "mei is &lt;b&gt;dubbel&lt;/b&gt; ingediend" in page
    assert "1 latere declaratie wacht erachter." in page
    assert f'href="/berichten/{nr}">nr. {nr}</a>' in (await client.get(f"/berichten/{later_nr}")).text
    twice = await client.post(pad, data={"csrf": csrf_in(form), "reden": REDEN})
    assert twice.status_code == 409
    assert "wordt al vastgehouden" in twice.text

    lijst = (await client.get("/vasthouden")).text
    assert "nog 10 werkdagen; vanzelf vrij op 12 juni 2026" in lijst
    released = await client.post(f"/berichten/{nr}/vrijgeven", data={"csrf": csrf_in(lijst), "naar": "lijst"})
    assert released.headers["location"] == "/vasthouden"
    assert [await status(wereld, each) for each in (nr, later_nr)] == ["ontvangen", "ontvangen"]
    assert "Niets wordt vastgehouden" in (await client.get("/vasthouden")).text
    assert "Eerder vastgehouden" in (await client.get(f"/berichten/{nr}")).text
    again = await client.post(f"/berichten/{nr}/vrijgeven", data={"csrf": csrf_in(lijst)})
    assert again.status_code == 409
    assert "wordt niet vastgehouden" in again.text


async def test_another_gemeente_and_another_role_find_nothing(wereld: Wereld, client: httpx.AsyncClient) -> None:
    nr, start_nr = await stuur(wereld, make_323()), await stuur(wereld, make_305())
    await als(wereld, client, Rol.CONTROLLER, gemeenten=("0687",))
    csrf = csrf_in((await client.get("/vasthouden")).text)

    assert (await client.get(f"/berichten/{nr}/vasthouden")).status_code == 404
    assert (await client.post(f"/berichten/{nr}/vasthouden", data={"csrf": csrf, "reden": REDEN})).status_code == 404
    await houd_vast(wereld, SYSTEEM, nr, REDEN)
    regel_nr = await maak_regel(wereld, SYSTEEM, NieuweRegel(agb=AGB, domein=None, gemeente=GEMEENTE, reden=REDEN, tot=wereld.vandaag))
    assert (await client.post(f"/berichten/{nr}/vrijgeven", data={"csrf": csrf})).status_code == 404
    assert (await client.post(f"/vasthouden/regels/{regel_nr}/beeindig", data={"csrf": csrf})).status_code == 404
    assert "dubbel" not in (await client.get("/vasthouden")).text
    for pad in (
        f"/berichten/{nr}/vasthouden",
        f"/berichten/{nr}/vrijgeven",
        "/vasthouden/regels/nieuw",
        f"/vasthouden/regels/{regel_nr}/beeindig",
    ):
        assert (await client.post(pad, data={"reden": REDEN})).status_code == 403, pad
    client.cookies.clear()

    await als(wereld, client, Rol.TOEGANG, gemeenten=(GEMEENTE,))
    for pad in ("/vasthouden", "/vasthouden/regels/nieuw", f"/berichten/{nr}/vasthouden"):
        assert (await client.get(pad)).status_code == 403, pad
    seen = (await client.get(f"/berichten/{nr}")).text
    assert "Vastgehouden op" in seen
    assert "Geef vrij" not in seen
    assert await status(wereld, nr) == "vastgehouden"
    assert "Houd vast" not in (await client.get(f"/berichten/{start_nr}")).text


async def test_a_rule_keeps_what_was_filled_in_and_can_be_ended(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)
    form = (await client.get("/vasthouden/regels/nieuw", params={"agb": AGB})).text
    assert f'<option value="{AGB}" selected>' in form
    filled = {"csrf": csrf_in(form), "agb": AGB, "domein": "ijw", "gemeente": "", "tot": "2026-06-30", "reden": REDEN}

    wrong = (("tot", "30 juni", "Kies een laatste dag"), ("tot", "2027-06-30", "hoogstens 92 dagen"), ("agb", "", "acht cijfers"))
    for veld, value, sentence in wrong:
        refused = await client.post("/vasthouden/regels/nieuw", data={**filled, veld: value})
        assert refused.status_code == 422
        assert sentence in refused.text
        assert "mei is &lt;b&gt;dubbel&lt;/b&gt; ingediend</textarea>" in refused.text
    made = await client.post("/vasthouden/regels/nieuw", data=filled)
    assert made.headers["location"] == "/vasthouden#kop-regels"
    lijst = (await client.get("/vasthouden")).text
    assert "alle gemeenten" in lijst
    assert "Loopt" in lijst

    [nr] = [row["regel_nr"] for row in await wereld.pool.fetch("select regel_nr from vasthoudregel")]
    ended = await client.post(f"/vasthouden/regels/{nr}/beeindig", data={"csrf": csrf_in(lijst), "vrijgeven": "ja"})
    assert ended.status_code == 303
    assert "Voorbij" in (await client.get("/vasthouden")).text


async def test_the_start_page_counts_what_is_held_and_not_what_waits_behind_it(wereld: Wereld, client: httpx.AsyncClient) -> None:
    """Only in ones own gemeenten."""
    nr = await stuur(wereld, make_323())
    await stuur(wereld, make_323(identificatie="ID2"))
    await houd_vast(wereld, SYSTEEM, nr, REDEN)

    await als(wereld, client, Rol.UITVAL, gemeenten=(GEMEENTE,))
    assert '<a class="rij__titel" href="/vasthouden">declaratie wordt vastgehouden</a>' in (await client.get("/")).text, "one, so singular"
    client.cookies.clear()
    await als(wereld, client, Rol.UITVAL, Rol.INZAGE, gemeenten=("0687",))
    assert "vastgehouden" not in (await client.get("/")).text
