"""Cost that goes over to the gemeente of the woonplaats: through the kas, per client when one is named, never more than there was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import OngeldigVerzoek
from app.judging import verwerk_baan
from app.ledger import boek_woonplaats
from tests.builders import AGB, make_301, make_323
from tests.end_to_end.werkbank import stuur, wereld_with_region
from tests.integration.test_grootboek import CONTROLLER, GELD, per_rekening, verified

ZORG: dict[str, Any] = {"domein": "ijw", "zorgvorm": "ambulant", "reden": "verhuisd"}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """One declaratie of one client of Goes."""
    async with wereld_with_region(database, tmp_path, GELD) as opened:
        await stuur(opened, make_301())
        await stuur(opened, make_323())
        await verwerk_baan(opened, "ijw", AGB, lot_size_max=10)
        yield opened


async def claimed(wereld: Wereld) -> tuple[date, int, int]:
    """The month of care, the cost of Goes, and the toewijzing."""
    row = await wereld.pool.fetchrow("select begindatum, bedrag_cent, toewijzing_nummer from prestatie where toegekend")
    return row["begindatum"].replace(day=1), row["bedrag_cent"], row["toewijzing_nummer"]


async def per_client(wereld: Wereld) -> dict[str, int]:
    """Cost of clients per gemeente."""
    rows = await wereld.pool.fetch(
        "select gemeente, sum(bedrag_cent)::bigint as cent from (select gemeente, bedrag_cent from saldo_client"
        " union all select gemeente, bedrag_cent from saldo_client_delta) s group by 1 having sum(bedrag_cent) <> 0"
    )
    return {row["gemeente"]: row["cent"] for row in rows}


async def test_cost_of_a_client_goes_over_and_comes_back(wereld: Wereld) -> None:
    """With the cost per client; the kas stays empty; zero takes it back."""
    maand, cents, nummer = await claimed(wereld)

    nr = await boek_woonplaats(wereld, CONTROLLER, "0664", "0687", maand, bedrag_cent=cents, toewijzing_nummer=nummer, **ZORG)
    again = await boek_woonplaats(wereld, CONTROLLER, "0664", "0687", maand, bedrag_cent=cents, toewijzing_nummer=nummer, **ZORG)

    assert nr is not None
    assert again is None
    found = await per_rekening(wereld)
    assert (found.get(("kosten", "0664")), found["kosten", "0687"], found.get(("kas", ""))) == (None, cents, None)
    assert await per_client(wereld) == {"0687": cents}
    await verified(wereld)

    await boek_woonplaats(wereld, CONTROLLER, "0664", "0687", maand, bedrag_cent=0, toewijzing_nummer=nummer, **ZORG)
    assert await per_client(wereld) == {"0664": cents}
    await verified(wereld)


async def test_a_total_leaves_the_cost_per_client_where_it_is(wereld: Wereld) -> None:
    """It is of no one client."""
    maand, cents, _ = await claimed(wereld)

    await boek_woonplaats(wereld, CONTROLLER, "0664", "0687", maand, bedrag_cent=cents // 2, **ZORG)

    found = await per_rekening(wereld)
    assert (found["kosten", "0664"], found["kosten", "0687"]) == (cents - cents // 2, cents // 2)
    assert await per_client(wereld) == {"0664": cents}
    await verified(wereld)


@pytest.mark.parametrize("wrong", ["more", "back", "self", "minus", "unknown", "toewijzing", "month"])
async def test_what_cannot_go_over_is_refused_and_nothing_is_booked(wereld: Wereld, wrong: str) -> None:
    """More than is borne, taking back what is gone, to itself, less than nothing, what the region does not know."""
    maand, cents, nummer = await claimed(wereld)
    given: dict[str, Any] = {"van": "0664", "naar": "0687", "maand": maand, "bedrag_cent": cents, **ZORG}
    changed: dict[str, dict[str, Any]] = {
        "more": {"bedrag_cent": cents + 1},
        "back": {"van": "0687", "naar": "0664"},
        "self": {"naar": "0664"},
        "minus": {"bedrag_cent": -1},
        "unknown": {"naar": "9999"},
        "toewijzing": {"toewijzing_nummer": nummer + 1},
        "month": {"maand": maand.replace(day=2)},
    }
    before = await wereld.pool.fetchval("select count(*) from boeking")

    with pytest.raises(OngeldigVerzoek):
        await boek_woonplaats(wereld, CONTROLLER, **{**given, **changed[wrong]})

    assert await wereld.pool.fetchval("select count(*) from boeking") == before
    assert await wereld.pool.fetchval("select count(*) from handeling where soort = 'woonplaats'") == 0
