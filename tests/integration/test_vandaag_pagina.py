"""The start page: what needs a person today, counted by one query, for its own gemeenten only."""

from __future__ import annotations

import httpx

from app.adapters.wereld import Wereld
from app.domain.partij import Actor, Rol
from app.reports import read_vandaag
from tests.integration.pagina_rijen import Pagina
from tests.integration.test_pages import als, browser, nrs, wereld  # noqa: F401 - fixtures

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
