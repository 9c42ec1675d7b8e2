"""The start page: what needs a person today, counted by one query, for its own gemeenten only."""

from __future__ import annotations

import httpx

from app.adapters.wereld import Wereld
from app.domain.partij import Actor, Rol
from app.reports import read_gezondheid, read_vandaag
from app.reports.vandaag import Werk
from tests.integration.pagina_rijen import Pagina, Rij, schrijf
from tests.integration.test_pages import als, browser, nrs, wereld  # noqa: F401 - fixtures


async def tel(wereld: Wereld, actor: Actor) -> dict[Werk, int]:  # noqa: F811
    """How much there is of each kind of work."""
    return {taak.werk: taak.aantal for _, taken in (await read_vandaag(wereld, actor)).groepen for taak in taken}


ALLES = Actor(naam="a", gemeenten=None, partijen=frozenset({"aanbieder:42420001"}), rollen=frozenset({Rol.BEHEER}))


async def test_every_kind_of_work_can_be_counted(wereld: Wereld) -> None:  # noqa: F811
    found = await read_vandaag(wereld, ALLES)

    assert found.groepen == ()
    assert found.stand_van <= wereld.nu


async def test_start_shows_what_is_parked_to_who_solves_it(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:  # noqa: F811
    await als(wereld, browser, Rol.UITVAL)

    text = (await browser.get("/")).text

    assert "kon niet worden beoordeeld (geparkeerd)" in text
    assert 'href="/berichten?status=geparkeerd&amp;richting=alle"' in text


async def test_start_hides_work_of_another_role(wereld: Wereld, browser: httpx.AsyncClient, nrs: Pagina) -> None:  # noqa: F811
    await als(wereld, browser, Rol.CONTROLLER)

    assert "kon niet worden beoordeeld (geparkeerd)" not in (await browser.get("/")).text


async def test_work_of_another_gemeente_is_not_counted(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    elders = Actor(naam="b", gemeenten=frozenset({"9999"}), rollen=frozenset({Rol.UITVAL}))

    assert (await read_vandaag(wereld, elders)).groepen == ()


async def test_start_counts_the_signals_that_are_red_on_the_page_of_health(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    uitval = Actor(naam="u", gemeenten=None, rollen=frozenset({Rol.UITVAL}))

    found = {taak.werk: taak for _, taken in (await read_vandaag(wereld, uitval)).groepen for taak in taken}

    assert found[Werk.GEZONDHEID].aantal == len((await read_gezondheid(wereld, uitval)).rood) == 3


async def test_an_answer_that_is_due_soon_is_work_and_one_of_others_is_not(wereld: Wereld) -> None:  # noqa: F811
    await schrijf(wereld, Rij(soort="305", status="ontvangen", identificatie="1", termijn_dagen=2, dagen_geleden=0))
    await schrijf(wereld, Rij(soort="305", status="ontvangen", identificatie="2", termijn_dagen=9, dagen_geleden=0))
    await schrijf(wereld, Rij(soort="301", status="klaar", identificatie="3", termijn_dagen=1, termijn_wie="aanbieder:42420001"))
    uitval = Actor(naam="u", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.UITVAL}))

    assert await tel(wereld, uitval) == {Werk.NADERT: 1}


async def test_an_act_waits_for_everybody_but_who_made_it(wereld: Wereld) -> None:  # noqa: F811
    nr = await wereld.pool.fetchval(
        "insert into handeling (soort, sleutel, gemaakt_op, gemaakt_door, reden) values ('lokaal', '2026-06', $1, 'een', 'x') returning bericht_nr",
        wereld.nu,
    )
    await wereld.pool.execute("insert into handeling_voorstel values ($1, 'lokaal', '2026-06', 1, sha256('x'), 'wacht')", nr)

    assert (await tel(wereld, Actor(naam="twee", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))))[Werk.HANDELINGEN] == 1
    assert Werk.HANDELINGEN not in await tel(wereld, Actor(naam="een", gemeenten=None, rollen=frozenset({Rol.CONTROLLER})))
