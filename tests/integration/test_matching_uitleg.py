"""The explanation agrees with the judging, whatever is wrong with the region; and over HTTP it says what an aanbieder may know."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app.domain.partij import SYSTEEM, aanbieder
from app.identity import maak_token
from app.judging import uitleg_van
from app.judging.matching import Uitleg
from tests.builders import AGB, CODE, make_301, make_323, make_prestatie
from tests.end_to_end.herbeoordeling import regio
from tests.end_to_end.test_herbeoordelen import speel
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, wereld_with_region
from tests.fixtures.apps import api_of

pytestmark = pytest.mark.slow

CONTRACTEN = REGIO["contracten.csv"]
ONDERAANNEMERS = "hoofdaannemer_agb,onderaannemer_agb,contract,declareert,geldig_van,geldig_tot\n"
DEELNAME = "gemeente,zorgvorm,geldig_van,geldig_tot\n"
GOED = regio("04,6000,2020-01-01,")


def contract(van: str = "2020-01-01", tot: str = "", gemeenten: str = "*") -> dict[str, str]:
    """The default region with another contract J1."""
    return {**GOED, "contracten.csv": CONTRACTEN.replace(f"J1,{AGB},ijw,*,2020-01-01,,", f"J1,{AGB},ijw,{gemeenten},{van},{tot},")}


OPTIE = "contract,tot,uitgeoefend_op\nJ1,2026-12-31,2026-03-01\n"
ONDER = {**contract(tot="2025-12-31"), "onderaannemers.csv": f"{ONDERAANNEMERS}{ANDERE_AGB},{AGB},,eigen,2026-01-01,\n"}
PRODUCT_AF = {**GOED, "producten.csv": GOED["producten.csv"].replace("04,ambulant,2020-01-01,", "04,ambulant,2020-01-01,2026-04-30")}
"""The product ended, the contract did not: judged by the contract, booked under no zorgvorm; under joint purchase it needs one."""


@pytest.mark.parametrize(
    ("files", "gemist"),
    [
        (GOED, None),
        (contract(tot="2026-04-30"), "looptijd van het contract"),
        ({**contract(tot="2026-04-30"), "contractopties.csv": OPTIE}, None),
        (contract(van="2026-06-01"), "looptijd van het contract"),
        (contract(gemeenten="0687"), "gemeente in het contract"),
        ({**GOED, "deelname.csv": f"{DEELNAME}0664,ambulant,2020-01-01,2026-02-28\n"}, "gemeente in het contract"),
        ({**GOED, "deelname.csv": f"{DEELNAME}0664,ambulant,2026-05-01,\n"}, None),
        ({**contract(gemeenten="0664"), "deelname.csv": f"{DEELNAME}0687,ambulant,2020-01-01,\n"}, None),
        (regio("04,6000,2020-01-01,2026-04-30"), "tariefregel"),
        (regio("14,6000,2020-01-01,"), "tariefregel"),
        (regio("04,6500,2020-01-01,"), "tarief"),
        (ONDER, None),
        ({**ONDER, "onderaannemers.csv": ONDER["onderaannemers.csv"].replace("2026-01-01,", "2026-06-01,")}, "onderaanneming"),
        (PRODUCT_AF, None),
        ({**PRODUCT_AF, "deelname.csv": f"{DEELNAME}0664,ambulant,2020-01-01,\n"}, "product in de regio"),
    ],
)  # fmt: skip
async def test_it_says_what_the_judging_does(database: str, tmp_path: Path, files: dict[str, str], gemist: str | None) -> None:
    """All conditions hold exactly when the line is granted; also for a 323 that waits, of which the register has no lines yet."""
    async with wereld_with_region(database, tmp_path, files) as wereld:
        await speel(wereld, [make_301(), make_323(make_prestatie())])
        nr, status = await wereld.pool.fetchrow("select bericht_nr, status from bericht where soort = '323'")

        uitleg = (await uitleg_van(wereld, SYSTEEM, nr, 1)).uitleg

    assert (uitleg.gemist is None) is (status == "verwerkt")
    assert (None if uitleg.gemist is None else uitleg.gemist.naam) == gemist, _told(uitleg)


def _told(uitleg: Uitleg) -> str:
    return " / ".join(each.contractbeheer for each in uitleg.voorwaarden)


async def test_the_aanbieder_asks_over_http(database: str, tmp_path: Path) -> None:
    """Its own lines, in sentences for it; of another's bericht it gets 404, as of a line that is not there."""
    deelname = {**GOED, "deelname.csv": f"{DEELNAME}0664,ambulant,2020-01-01,2026-02-28\n"}
    async with wereld_with_region(database, tmp_path, deelname) as wereld:
        await speel(wereld, [make_301(), make_323(make_prestatie())])
        nr = await wereld.pool.fetchval("select bericht_nr from bericht where soort = '323'")
        tokens = [await maak_token(wereld, [aanbieder(agb)], f"proef {agb}") for agb in (AGB, ANDERE_AGB)]
        transport = httpx.ASGITransport(app=api_of(wereld))
        async with httpx.AsyncClient(transport=transport, base_url="http://solidair.test") as client:
            path = f"/berichten/{nr}/prestaties/1/matching"
            own = await client.get(path, headers={"Authorization": f"Bearer {tokens[0]}"})
            other = await client.get(path, headers={"Authorization": f"Bearer {tokens[1]}"})
            beyond = await client.get(path.replace("/1/", "/2/"), headers={"Authorization": f"Bearer {tokens[0]}"})
            of_a_301 = await client.get(path.replace(f"/{nr}/", "/1/"), headers={"Authorization": f"Bearer {tokens[0]}"})

    body = own.json()
    assert body["gemist"] == "Uw contract J1 geldt op 01-05-2026 niet voor gemeente 0664."
    assert (body["regel"], body["past"], body["voorwaarden"][-1]["voldaan"]) == (1, False, False)
    assert "deelnemers" not in own.text
    assert [response.status_code for response in (other, beyond, of_a_301)] == [404, 404, 404]
    assert CODE in own.text
