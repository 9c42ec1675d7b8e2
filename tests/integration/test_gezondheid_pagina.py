"""The page of health on real rows: what it counts, whom it misses, what is red, and who may open it."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan
from app.domain.partij import SYSTEEM, Actor, Rol
from app.reports import Sein, Wie, read_gezondheid
from tests.integration.pagina_rijen import NU, VANDAAG, Pagina, Rij, schrijf
from tests.integration.test_pages import als, browser, nrs, wereld  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow

RITMISCH, STIL = "42420002", "42420003"


async def schrijf_jaar(wereld: Wereld, agb: str, *, deze_maand: bool, maanden: int = 6) -> None:  # noqa: F811
    """A 323 of € 50 on the second day of each of the last finished months, and of this one or not."""
    eerste = [date(2026, 6 - each, 2) for each in range(maanden)] + ([date(2026, 7, 2)] if deze_maand else [])
    for dag in eerste:
        row = Rij(
            van=f"aanbieder:{agb}",
            agb=agb,
            identificatie=f"R{agb}{dag:%m}",
            dagen_geleden=(VANDAAG - dag).days,
            ingediend_cent=5_000,
            toegekend_cent=5_000,
        )
        await schrijf(wereld, row)


async def test_an_empty_installation_is_healthy(wereld: Wereld) -> None:  # noqa: F811
    found = await read_gezondheid(wereld, SYSTEEM)

    assert found.rood == ()
    assert (found.wachtrijen, found.banen, found.onbeantwoord, found.antwoordtijd, found.zenders) == ({}, (), None, None, 0)
    assert sum(each.ontvangen for each in found.dagen) == sum(each.ontvangen for each in found.uren) == 0


async def test_what_came_in_is_counted_per_hour_and_day(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    found = await read_gezondheid(wereld, SYSTEEM)

    vandaag, gisteren = found.dagen[-1], found.dagen[-2]
    assert (vandaag.ontvangen, vandaag.verstuurd, vandaag.wacht) == (2, 0, 1)
    assert (gisteren.ontvangen, gisteren.verstuurd, gisteren.geweigerd) == (2, 2, 1)
    # Of today at 08:35; what came in yesterday at 08:35 is more than the 24 hours ago that are shown.
    assert [(each.ontvangen, each.wacht) for each in found.uren if each.ontvangen] == [(2, 1)]
    assert found.antwoordtijd is not None
    assert found.antwoordtijd.helft == found.antwoordtijd.p95 == timedelta(minutes=2)


async def test_what_waits_is_shown_with_its_oldest(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    found = await read_gezondheid(wereld, SYSTEEM)

    assert {status: rij.oudste_nr for status, rij in found.wachtrijen.items() if status != "wacht_op_contract"} == {
        "geparkeerd": nrs.geparkeerd,
        "ontvangen": nrs.lopend,
    }
    assert found.onbeantwoord is not None
    assert found.termijnen[Wie.WIJ].te_laat == 1
    assert {Sein.GEPARKEERD, Sein.TERMIJNEN} <= set(found.rood)


async def test_a_lane_that_judges_nothing_stands_still(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    (lane,) = (await read_gezondheid(wereld, SYSTEEM)).banen

    assert (lane.agb, lane.domein, lane.aantal, lane.oudste_nr, lane.staat_stil) == ("42420001", "ijw", 1, nrs.lopend, True)
    assert lane.laatst_op is not None


async def test_a_lane_that_judges_is_only_behind(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    await wereld.pool.execute("update bericht set beoordeeld_op = $1 where bericht_nr = $2", NU, nrs.deels_afgekeurd)

    (lane,) = (await read_gezondheid(wereld, SYSTEEM)).banen

    assert lane.staat_stil is False


async def test_a_task_that_nobody_passes_on_is_red(wereld: Wereld) -> None:  # noqa: F811
    add = "insert into outbox (taak, bericht_nr, domein, agb, routing_key, groot, beschikbaar_op) values ('verwerken', $1, 'ijw', '1', '', false, $2)"
    await wereld.pool.execute(add, 1, NU + timedelta(hours=1))  # Not due yet.
    assert Sein.DOORGEVEN not in (await read_gezondheid(wereld, SYSTEEM)).rood

    await wereld.pool.execute(add, 2, NU - timedelta(hours=1))

    found = await read_gezondheid(wereld, SYSTEEM)
    assert Sein.DOORGEVEN in found.rood
    assert (found.uitgang.taken, found.uitgang.oudste_op) == (2, NU - timedelta(hours=1))


async def test_who_is_later_than_usual_is_named_with_the_money(
    wereld: Wereld,  # noqa: F811
    browser: httpx.AsyncClient,  # noqa: F811
    nrs: Pagina,  # noqa: F811
) -> None:
    await schrijf_jaar(wereld, RITMISCH, deze_maand=True)
    await schrijf_jaar(wereld, STIL, deze_maand=False)
    await als(wereld, browser, Rol.UITVAL)

    text = (await browser.get("/gezondheid")).text

    assert "Geen 323 ontvangen op werkdag 5; meestal op werkdag" in text
    assert "Praktijk De Duinen" in text
    assert "€\u00a050" in text
    assert "Zorg &lt;b&gt;Co" not in text


async def test_three_months_teach_nothing(wereld: Wereld, nrs: Pagina) -> None:  # noqa: F811
    await schrijf_jaar(wereld, STIL, deze_maand=False, maanden=3)

    found = await read_gezondheid(wereld, SYSTEEM)

    assert (found.zenders, found.stiltes) == (0, ())


@pytest.mark.parametrize(
    ("rol", "status"), [(Rol.UITVAL, 200), (Rol.BEHEER, 200), (Rol.CONTROLLER, 403), (Rol.TOEGANG, 403), (Rol.INZAGE, 403)]
)
async def test_only_who_watches_the_installation_opens_it(wereld: Wereld, browser: httpx.AsyncClient, rol: Rol, status: int) -> None:  # noqa: F811
    await als(wereld, browser, rol)

    assert (await browser.get("/gezondheid")).status_code == status
    assert ('href="/gezondheid"' in (await browser.get("/uitval")).text) is (status == 200)


async def test_it_is_of_the_whole_region(wereld: Wereld, browser: httpx.AsyncClient) -> None:  # noqa: F811
    await als(wereld, browser, Rol.UITVAL, gemeenten=("0664",))

    assert (await browser.get("/gezondheid")).status_code == 403
    with pytest.raises(NietToegestaan):
        await read_gezondheid(wereld, Actor(naam="a", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.UITVAL})))
