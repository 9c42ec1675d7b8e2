"""A lot judged at once gives what judging bericht by bericht on a freshly loaded past gives: in memory, and in the database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.oordeel import Oordeel
from app.judging import verwerk_baan
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.register import afzender_van
from tests.builders import VANDAAG
from tests.end_to_end.werkbank import Boeken, boeken, stuur, wereld_with_region
from tests.end_to_end.werklast import REGIO_MET_MEER_AANBIEDERS
from tests.fixtures.database import copy_of_template
from tests.property.geladen import Beoordeeld, geladen
from tests.property.verlopen import EERSTE_BAAN, VERLOPEN, VOORBEELDEN, alles_beoordeeld, nothing_yet, verloop


def judge_in_lots(berichten: Sequence[Bericht], sizes: Sequence[int]) -> list[Oordeel]:
    """A course in lots of these sizes, over and over: the past is loaded for each lot, and kept up within it."""
    verleden: list[Beoordeeld] = []
    while len(verleden) < len(berichten):
        begin = len(verleden)
        lot = berichten[begin : begin + sizes[begin % len(sizes)]]
        snapshot = geladen(nothing_yet(), verleden, lot)
        for nr, bericht in enumerate(lot, begin + 1):
            oordeel = beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)
            verleden.append(Beoordeeld(nr=nr, oordeel=oordeel))
            snapshot = bijwerken(snapshot, oordeel, bericht_nr=nr, van=afzender_van(bericht))
    return [each.oordeel for each in verleden]


@VOORBEELDEN
@given(VERLOPEN, st.lists(st.integers(1, 50), min_size=1, max_size=5))
def test_lots_of_any_size_give_the_oordelen_of_lots_of_one(berichten: list[Bericht], sizes: list[int]) -> None:
    """The whole Oordeel is the same: findings with their sentences, retourcodes, what it adds to the register, what it grants."""
    one_by_one = judge_in_lots(berichten, [1])

    assert judge_in_lots(berichten, sizes) == one_by_one
    assert judge_in_lots(berichten, [len(berichten)]) == one_by_one


REGISTER = {
    "toewijzing_versie": "client_id",
    "levering": "client_id",
    "verzoek": "client_id",
    "prestatie": "client_id",
    "declaratie": "",
    "gebruikt_nummer": "",
}
"""Tables of the register, and the column that is not compared: who gets which client_id depends on the lots."""


async def register(wereld: Wereld) -> dict[str, list[dict[str, Any]]]:
    """Every row of the register, in one order."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, left_out in REGISTER.items():
        rows = [
            {name: value for name, value in row.items() if name != left_out} for row in await wereld.pool.fetch(f"select * from {table}")
        ]
        tables[table] = sorted(rows, key=lambda row: [str(value) for value in row.values()])
    return tables


async def judged_in_database(
    server: str, template: str, folder: Path, berichten: Sequence[Bericht], sizes: Sequence[int], chance: random.Random
) -> tuple[Boeken, dict[str, list[dict[str, Any]]]]:
    """Books and register of a course that is judged in lots of at most these sizes, drawn at random."""
    with copy_of_template(server, template) as dsn:
        async with wereld_with_region(dsn, folder, REGIO_MET_MEER_AANBIEDERS) as wereld:
            for bericht in berichten:
                await stuur(wereld, bericht)
            while await verwerk_baan(wereld, EERSTE_BAAN.domein, EERSTE_BAAN.agb, lot_size_max=chance.choice(sizes)):
                pass
            await alles_beoordeeld(wereld)
            return await boeken(wereld), await register(wereld)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_lots_of_any_size_give_the_same_books_and_register(
    postgres_server: str, template_database: str, tmp_path: Path, seed: int
) -> None:
    """Every kind of bericht that is judged, 302 and 320 included: in lots of one, of fifty, and of whatever comes."""
    berichten = verloop(seed, 80, retour=True)
    outcomes = []
    for sizes in ((1,), (50,), (1, 2, 5, 17)):
        folder = tmp_path / "-".join(map(str, sizes))
        outcomes.append(await judged_in_database(postgres_server, template_database, folder, berichten, sizes, random.Random(seed)))

    (books, rows), *others = outcomes
    assert others == [(books, rows)] * 2
    assert {bericht.soort for bericht in berichten} == {"301", "302", "305", "307", "315", "317", "319", "320", "323"}
    assert books.boekingen
    assert all(rows.values())
