"""Terms of a contract that still names a gemeente that ended: who took it over pays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.ledger import boek_termijnen
from tests.builders import AGB
from tests.end_to_end.werkbank import wereld_with_region
from tests.integration.test_grootboek import CONTROLLER, GELD, per_rekening

KAPELLE = "0678"


@pytest.mark.parametrize(
    ("einde", "betalers"),
    [
        pytest.param("2025-12-31", {"0664", "0687"}, id="ended before the year"),
        pytest.param("2026-06-30", {"0664", "0678"}, id="ends in the year"),
    ],
)
async def test_heir_of_a_gemeente_that_ended_pays(database: str, tmp_path: Path, einde: str, betalers: set[str]) -> None:
    """A gemeente pays the terms of a year in which it existed; of later years its heir does."""
    begin = date.fromordinal(date.fromisoformat(einde).toordinal() + 1)
    regio = {
        **GELD,
        "gemeenten.csv": GELD["gemeenten.csv"] + f"{KAPELLE},Kapelle,2015-01-01,{einde}\n",
        "herindelingen.csv": f"datum,van,naar,fractie\n{begin},{KAPELLE},0687,1\n",
        "contracten.csv": GELD["contracten.csv"].replace(f"L1,{AGB},ijw,0664 0687", f"L1,{AGB},ijw,0664 {KAPELLE}"),
        "maatstaven.csv": GELD["maatstaven.csv"] + f"inwoners,{KAPELLE},,2026,9000\n",
    }
    async with wereld_with_region(database, tmp_path, regio) as wereld:
        await boek_termijnen(wereld, CONTROLLER, date(2026, 1, 1), maatstaf="inwoners", reden="januari")
        cost = {code for (soort, code), cents in (await per_rekening(wereld)).items() if soort == "kosten" and cents}

    assert cost == betalers
