"""Uitval by cause on a real database: what counts as a cause, who sees it, and what people do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.errors import OngeldigVerzoek
from app.domain.oorzaak import OorzaakSleutel
from app.domain.partij import Actor, Rol
from app.judging import alle_opnieuw, markeer_opgelost
from app.reports import Stand, UitvalFilter, list_uitval
from app.settings import Settings
from tests.fixtures.apps import pages_of
from tests.integration.pagina_rijen import NU, Pagina, Rij, Vondst, prestatie_pad, schrijf, vul
from tests.integration.test_pages import als, csrf_in

pytestmark = pytest.mark.slow

VOLUME = "afgekeurd.TR322.9322.aanbieder"
REGIO = Actor(naam="regio", gemeenten=None, rollen=frozenset({Rol.UITVAL}))
GOES = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.UITVAL}))
TERNEUZEN = Actor(naam="terneuzen", gemeenten=frozenset({"0715"}), rollen=frozenset({Rol.UITVAL}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The world of the pages, with the clock at the moment of the rows."""
    settings = Settings(mode="test", database_url=database, data_dir=tmp_path, nu=NU)
    async with open_wereld(settings, database) as found:
        yield found


@pytest.fixture
async def nrs(wereld: Wereld) -> Pagina:
    """The rows."""
    return await vul(wereld)


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in and does not follow redirects."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


def volume(cents: int) -> Vondst:
    """The same cause as in the rows."""
    return Vondst(regel="TR322", retourcode="9322", pad=prestatie_pad(1), regelnummer=12, melding="Te veel volume.", bedrag_cent=cents)


async def namen(wereld: Wereld, actor: Actor, vraag: UitvalFilter | None = None) -> list[str]:
    """The causes that an actor sees, most money first."""
    return [str(each.sleutel) for each in (await list_uitval(wereld, actor, vraag or UitvalFilter())).oorzaken]


async def test_each_bericht_is_counted_under_its_cause_and_only_for_who_sees_it(wereld: Wereld, nrs: Pagina) -> None:
    """Money first: what waits for a contract, then what was rejected; what another gemeente received does not exist."""
    for agb, gemeente in (("42420002", "0664"), ("42420003", "0664"), ("42420001", "0715")):
        row = Rij(van=f"aanbieder:{agb}", agb=agb, gemeente=gemeente, aan=f"gemeente:{gemeente}", status="afgekeurd", identificatie=agb)
        await schrijf(wereld, row, volume(1_000))
    await schrijf(wereld, Rij(soort="305", status="verwerkt", termijn_dagen=-3, identificatie="laat"))

    found = {str(each.sleutel): each for each in (await list_uitval(wereld, REGIO, UitvalFilter())).oorzaken}

    assert list(found)[:3] == ["wacht_op_contract", VOLUME, "afgekeurd.TR338.9338.aanbieder"]
    assert {name.split(".")[0] for name in found} == {
        "wacht_op_contract",
        "afgekeurd",
        "geweigerd",
        "geparkeerd",
        "afgekeurd_door_ontvanger",
        "te_laat",
    }
    assert "te_laat.305.wij" in found
    cause = found[VOLUME]
    assert (cause.aantal, cause.berichten, cause.bedrag_cent, cause.afzenders) == (5, 4, 203_000, 3)
    assert [partij for partij, _ in cause.top] == ["aanbieder:42420001", "aanbieder:42420002", "aanbieder:42420003"]
    assert cause.top[2][1] == "Praktijk De Duinen"
    assert await namen(wereld, TERNEUZEN) == [VOLUME]
    assert VOLUME not in await namen(wereld, REGIO, UitvalFilter(gemeente="0664", afzender="gemeente:0664"))
    assert await namen(wereld, REGIO, UitvalFilter(gemeente="0715", bericht="323")) == [VOLUME]


async def test_a_cause_that_was_solved_opens_again_with_a_new_bericht(wereld: Wereld, nrs: Pagina) -> None:
    """For the gemeenten of who said so; and when an old bericht is judged again with the same outcome."""
    sleutel = OorzaakSleutel.lees(VOLUME)
    assert sleutel is not None
    await schrijf(wereld, Rij(gemeente="0715", aan="gemeente:0715", status="afgekeurd", identificatie="t"), volume(5))

    await markeer_opgelost(wereld, GOES, sleutel, opgelost=True)
    stands = [await stand(wereld, actor) for actor in (GOES, TERNEUZEN, REGIO)]
    await markeer_opgelost(wereld, REGIO, sleutel, opgelost=True)
    solved = [await stand(wereld, actor) for actor in (GOES, TERNEUZEN, REGIO)]
    await schrijf(wereld, Rij(status="afgekeurd", identificatie="nieuw"), volume(5))
    after = [await stand(wereld, actor) for actor in (GOES, TERNEUZEN, REGIO)]

    assert stands == [Stand.OPGELOST, Stand.OPEN, Stand.OPEN]
    assert solved == [Stand.OPGELOST] * 3
    assert after == [Stand.OPEN, Stand.OPGELOST, Stand.OPEN]


async def stand(wereld: Wereld, actor: Actor) -> Stand:
    """Where the cause is, for an actor."""
    return next(each.stand for each in (await list_uitval(wereld, actor, UitvalFilter())).oorzaken if str(each.sleutel) == VOLUME)


async def test_a_cause_leads_to_its_berichten_and_the_line_that_is_wrong(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """From cause to bericht to the next, within the filter; the second place in the bericht can be chosen."""
    older = await schrijf(wereld, Rij(status="afgekeurd", identificatie="ouder", dagen_geleden=20), volume(1_000))
    await als(wereld, browser, Rol.UITVAL)

    lijst = (await browser.get("/uitval")).text
    oorzaak = (await browser.get(f"/uitval/{VOLUME}")).text
    eerste = (await browser.get(f"/uitval/{VOLUME}/{nrs.deels_afgekeurd}")).text
    tweede = (await browser.get(f"/uitval/{VOLUME}/{nrs.deels_afgekeurd}?bevinding=2")).text
    week = (await browser.get(f"/uitval/{VOLUME}/{nrs.deels_afgekeurd}?periode=7")).text

    assert f'href="/uitval/{VOLUME}"' in lijst
    assert f'href="/uitval/{VOLUME}/{nrs.deels_afgekeurd}"' in oorzaak
    assert f'href="/berichten/{older}"' in oorzaak
    assert "resteert 6 uur" in eerste
    assert "P00014" in eerste
    assert "P00080" not in eerste
    assert "P00080" in tweede
    assert f'href="/berichten/{nrs.antwoord}"' in eerste
    assert f'rel="prev" href="/uitval/{VOLUME}/{older}"' in eerste
    assert 'rel="next"' not in eerste
    assert 'rel="prev"' not in week


async def test_what_is_not_there_or_not_yours_is_not_found(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """Another gemeente's cause and bericht, a bericht without the cause, and names that are none; and no form without its token."""
    await als(wereld, browser, Rol.UITVAL, gemeenten=("0715",))
    adressen = (
        f"/uitval/{VOLUME}",
        f"/uitval/{VOLUME}/{nrs.deels_afgekeurd}",
        f"/uitval/{VOLUME}/{nrs.ander}",
        "/uitval/geparkeerd.000000000000",
        "/uitval/afgekeurd",
        "/uitval/onzin",
        "/uitval/geparkeerd.000000000000/opnieuw",
    )

    statuses = {pad: (await browser.get(pad)).status_code for pad in adressen}
    token = csrf_in((await browser.get("/uitval")).text)
    written = [
        (await browser.post(f"/uitval/{VOLUME}/{pad}", data={"csrf": csrf, "tekst": "x", "actie": "oppakken"})).status_code
        for pad in ("notities", "opvolging")
        for csrf in (token, "x")
    ]

    assert statuses == dict.fromkeys(adressen, 404)
    assert written == [404, 403, 404, 403]
    assert await wereld.pool.fetchval("select count(*) from oorzaak_notitie") == 0


async def test_notes_and_who_takes_a_cause_up(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    """A note stays; one with a BSN does not, and what was typed does; a reader only reads."""
    await als(wereld, browser, Rol.UITVAL, gemeenten=("0664",))
    token = csrf_in((await browser.get(f"/uitval/{VOLUME}")).text)
    pad = f"/uitval/{VOLUME}/notities?periode=90"

    kept = await browser.post(pad, data={"csrf": token, "tekst": "Gebeld met <b>Het Scheldehuis</b>."})
    refused = await browser.post(pad, data={"csrf": token, "tekst": "Gaat over 999900006 van vorige maand"})
    taken = await browser.post(f"/uitval/{VOLUME}/opvolging", data={"csrf": token, "actie": "oppakken"})
    nobody = await browser.post(f"/uitval/{VOLUME}/opvolging", data={"csrf": token, "actie": "geven", "aan": "niemand"})
    page = (await browser.get(f"/uitval/{VOLUME}")).text

    assert (kept.status_code, kept.headers["location"]) == (303, f"/uitval/{VOLUME}?periode=90#kop-notities")
    assert refused.status_code == 422
    assert "van vorige maand</textarea>" in refused.text
    assert taken.status_code == 303
    assert nobody.status_code == 422
    assert "&lt;b&gt;Het Scheldehuis&lt;/b&gt;" in page
    assert "999900006" not in page.partition('id="kop-notities"')[2]
    assert "<strong>proef-uitval</strong> werkt aan deze oorzaak" in page
    assert "opgepakt door proef-uitval" in (await browser.get("/uitval")).text

    await als(wereld, browser, Rol.INZAGE)
    token = csrf_in((await browser.get(f"/uitval/{VOLUME}")).text)
    page = (await browser.get(f"/uitval/{VOLUME}")).text
    refused = await browser.post(pad, data={"csrf": token, "tekst": "Ook ik."})

    assert "Het Scheldehuis" in page
    assert "Bewaar notitie" not in page
    assert refused.status_code == 403


async def test_all_that_was_parked_for_one_reason_is_judged_again_after_a_look(
    wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina
) -> None:
    """The trace id in the reason makes no other cause; what was shown is what goes, and once."""
    reden = "Solidair kon dit bericht niet beoordelen door een fout van ons (kenmerk {}). Beheer is op de hoogte."
    parked = [
        await schrijf(wereld, Rij(soort="305", status="geparkeerd", identificatie=letter, park_reden=reden.format(letter * 8)))
        for letter in "ab"
    ]
    await als(wereld, browser, Rol.UITVAL)
    name = next(each for each in await namen(wereld, REGIO, UitvalFilter(bericht="305")) if each.startswith("geparkeerd."))

    page = await browser.get(f"/uitval/{name}/opnieuw")
    token = csrf_in(page.text)
    later = await schrijf(wereld, Rij(soort="305", status="geparkeerd", identificatie="c", park_reden=reden.format("c")))
    refused = await browser.post(f"/uitval/{name}/opnieuw", data={"csrf": "x", "nrs": f"{parked[0]}"})
    done = await browser.post(f"/uitval/{name}/opnieuw", data={"csrf": token, "nrs": " ".join(map(str, parked))})
    again = await browser.post(f"/uitval/{name}/opnieuw", data={"csrf": token, "nrs": " ".join(map(str, parked))})

    assert f'value="{parked[0]} {parked[1]}"' in page.text
    assert refused.status_code == 403
    assert "2 berichten worden opnieuw beoordeeld" in done.text
    assert "Niets meer te doen" in again.text
    rows = await wereld.pool.fetch("select status from bericht where bericht_nr = any($1::bigint[]) order by 1", [*parked, later])
    assert [row["status"] for row in rows] == ["geparkeerd", "ontvangen", "ontvangen"]
    assert await alle_opnieuw(wereld, TERNEUZEN, [later]) == 0
    with pytest.raises(OngeldigVerzoek):
        await alle_opnieuw(wereld, REGIO, [])


async def test_the_file_holds_the_causes_of_the_page(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:
    await als(wereld, browser, Rol.UITVAL)

    lines = (await browser.get("/uitval.csv?wie=aanbieder")).text.splitlines()
    page = (await browser.get("/uitval?wie=aanbieder")).text

    assert [line.split(";")[0] for line in lines[1:]] == [VOLUME, "geweigerd.XSD..aanbieder"]
    assert ";2;1;2000,00;" in lines[1]
    assert page.count('role="rowheader"') == 2
