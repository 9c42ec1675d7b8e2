"""Meldingen on a real database: once each, also with two sweepers at once; whose they are, what is read, and how long they stay."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import NietGevonden
from app.domain.partij import SYSTEEM, Actor, Rol
from app.judging import geef_vrij, houd_vast
from app.notices import lees_alles, lees_melding, lijst_meldingen, maak_meldingen, tel_ongelezen
from app.settings import Settings
from tests.fixtures.apps import app_of
from tests.integration.pagina_rijen import NU, Rij, Vondst, schrijf
from tests.integration.test_pages import als, csrf_in

pytestmark = pytest.mark.slow

GOES = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.UITVAL}))
ELDERS = Actor(naam="elders", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.UITVAL}))
REGIO = Actor(naam="regio", gemeenten=None, rollen=frozenset({Rol.UITVAL}))
FOUT = Vondst(regel="TR321", retourcode="9321", pad="/Bericht", regelnummer=1, melding="Te veel.")
OORZAAK = "afgekeurd.TR321.9321.aanbieder"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """An empty region on Tuesday 7 July 2026."""
    async with open_wereld(Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU), database) as found:
        await found.pool.execute("insert into gemeente (code, naam, geldig_van) values ('0664', 'Goes', '2015-01-01')")
        yield found


async def keur_af(wereld: Wereld, identificatie: str, code: str = "0664") -> int:
    """A rejected declaratie."""
    return await schrijf(wereld, Rij(status="afgekeurd", gemeente=code, aan=f"gemeente:{code}", identificatie=identificatie), FOUT)


async def gezien(wereld: Wereld, actor: Actor) -> list[tuple[str, str, int]]:
    """What somebody was told, the newest first."""
    return [(each.soort.value, each.onderwerp, each.aantal) for each in (await lijst_meldingen(wereld, actor)).items]


async def test_a_cause_that_begins_is_told_once_to_who_sees_it(wereld: Wereld) -> None:
    """Whatever comes after it, until two weeks of silence; then it may begin again."""
    await keur_af(wereld, "1")
    await keur_af(wereld, "2")
    assert await maak_meldingen(wereld) == 2
    await keur_af(wereld, "3")
    assert await maak_meldingen(wereld) == 0

    assert await gezien(wereld, GOES) == [("oorzaak_nieuw", OORZAAK, 2)]
    assert await gezien(wereld, REGIO) == [("oorzaak_nieuw", OORZAAK, 2)]
    assert await gezien(wereld, ELDERS) == []

    later = replace(wereld, clock=lambda: NU + timedelta(days=15))
    assert await maak_meldingen(later) == 2
    assert await maak_meldingen(later) == 0
    await keur_af(wereld, "4")
    assert await maak_meldingen(later) == 2
    assert [soort for soort, *_ in await gezien(later, GOES)] == ["oorzaak_nieuw", "oorzaak_voorbij", "oorzaak_nieuw"]


async def test_two_sweepers_at_once_tell_it_once(wereld: Wereld) -> None:
    """The second goes by, or finds it told."""
    for round_nr in range(5):
        await schrijf(wereld, Rij(status="afgekeurd", identificatie=f"R{round_nr}"), replace(FOUT, regel=f"TR{300 + round_nr}"))
        made = await asyncio.gather(*(maak_meldingen(wereld) for _ in range(4)))
        assert sum(made) == 2

    assert await wereld.pool.fetchval("select count(*) from melding") == 10


async def test_what_a_process_began_that_died_is_told_by_the_next(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of its round is there."""
    await keur_af(wereld, "1")
    with monkeypatch.context() as patch:
        patch.setattr("app.notices.store_meldingen.throw_away", _crash)
        with pytest.raises(SystemError):
            await maak_meldingen(wereld)
    assert await wereld.pool.fetchval("select count(*) from melding") == 0

    assert await maak_meldingen(wereld) == 2


async def _crash(*_args: object) -> None:
    raise SystemError("killed")


async def test_a_hold_that_ends_tomorrow_and_terms_that_are_near_are_told(wereld: Wereld) -> None:
    """Received with a term of Friday 17 July: released on the 14th, told on the 13th; and the answer is owed from the 15th on."""
    nr = await schrijf(wereld, Rij(status="ontvangen", termijn_dagen=10, identificatie="1"))
    await houd_vast(wereld, SYSTEEM, nr, "eerst nakijken")

    async def told_on(dagen: int) -> int:
        return await maak_meldingen(replace(wereld, clock=lambda: NU + timedelta(days=dagen)))

    assert [await told_on(dagen) for dagen in (0, 3, 6, 6, 7)] == [0, 0, 1, 0, 0]
    assert await gezien(wereld, GOES) == await gezien(wereld, REGIO) == [("vasthouding_eindigt", str(nr), 1)]
    [melding] = (await lijst_meldingen(wereld, GOES)).items
    assert melding.dag.isoformat() == "2026-07-14"
    await geef_vrij(wereld, SYSTEEM, nr)
    assert [await told_on(dagen) for dagen in (8, 8, 9)] == [2, 0, 2]
    assert (await gezien(wereld, GOES))[0] == ("termijnen", "", 1)


async def test_reading_is_of_one_person_and_old_ones_go(wereld: Wereld) -> None:
    await keur_af(wereld, "1")
    await keur_af(wereld, "2", "0687")
    await maak_meldingen(wereld)
    [own] = (await lijst_meldingen(wereld, GOES)).items
    colleague = replace(GOES, naam="collega")

    with pytest.raises(NietGevonden):
        await lees_melding(wereld, ELDERS, own.melding_nr)
    assert (own.gemeente_naam, own.gelezen, await tel_ongelezen(wereld, GOES)) == ("Goes", False, 1)
    await lees_melding(wereld, GOES, own.melding_nr)
    await lees_melding(wereld, GOES, own.melding_nr)
    assert [await tel_ongelezen(wereld, each) for each in (GOES, colleague, ELDERS, REGIO)] == [0, 1, 1, 1]
    assert await lees_alles(wereld, colleague, 10**9) == 1
    assert await tel_ongelezen(wereld, ELDERS) == 1

    await maak_meldingen(replace(wereld, clock=lambda: NU + timedelta(days=61)))
    assert [soort for soort, *_ in await gezien(wereld, GOES)] == ["oorzaak_voorbij"]
    assert await wereld.pool.fetchval("select count(*) from melding_gelezen") == 0


async def test_the_page_shows_what_is_new_and_the_head_of_every_page_how_many(wereld: Wereld) -> None:
    """Reading one, then all; the token of the form, another's melding, and a role that gets none."""
    await keur_af(wereld, "1")
    await keur_af(wereld, "2", "0687")
    await maak_meldingen(wereld)
    [elsewhere] = (await lijst_meldingen(wereld, ELDERS)).items
    transport = httpx.ASGITransport(app=app_of(wereld))
    async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
        await als(wereld, client, Rol.CONTROLLER, gemeenten=("0664",))
        page = (await client.get("/meldingen")).text
        csrf = csrf_in(page)

        assert "Nieuwe oorzaak" in page
        assert 'class="kop__teller">1<' in page
        assert "/uitval/" not in page, "a controller may not open it"
        assert (await client.post(f"/meldingen/{elsewhere.melding_nr}/gelezen", data={"csrf": csrf})).status_code == 404
        assert (await client.post("/meldingen/gelezen", data={"tot": "9"})).status_code == 403
        assert (await client.post("/meldingen/gelezen", data={"tot": "9", "csrf": csrf})).headers["location"] == "/meldingen"
        after = (await client.get("/")).text
        assert 'href="/meldingen"' in after
        assert "kop__teller" not in after
        client.cookies.clear()
        await als(wereld, client, Rol.UITVAL)
        assert f'href="/uitval/{OORZAAK}?' in (await client.get("/meldingen")).text
