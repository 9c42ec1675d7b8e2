"""Judging again in the database: how many statements it takes, what the ledger finds when its traces are wrong, and who is concerned."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.declaratie import DeclaratieClient
from app.domain.periode import GeslotenPeriode
from app.domain.toewijzing import Omvang
from app.judging import Keuze, reken_door, verwerk_baan, voer_uit
from app.judging.geraakt import gewijzigde_dagen
from app.judging.store_geraakt import banen_van_contract, deelname_begon_of_eindigde, eerste_geraakte, gewijzigde_rijen
from app.ledger import verify
from tests.builders import AGB, make_301, make_323, make_client, make_declaratie, make_prestatie, make_toegewezen_product
from tests.end_to_end.herbeoordeling import CONTRACTBEHEER, herbeoordeel_alles, laad
from tests.end_to_end.test_herbeoordelen import GOED, TE_LAAG, speel, verloop
from tests.end_to_end.werkbank import ANDERE_AGB, stuur, wereld_with_region
from tests.end_to_end.werklast import maak_bsn
from tests.fixtures.database import copy_of_template
from tests.integration.test_query_counts import counted_statements

pytestmark = pytest.mark.slow

DAGEN = 28
ONDERAANNEMERS = "hoofdaannemer_agb,onderaannemer_agb,contract,declareert,geldig_van,geldig_tot\n"


async def _send(wereld: Wereld, clients: int) -> None:
    """One declaratie with a line a day for each client, half of them at the tariff of later."""
    omvang = Omvang(volume=1000, eenheid="04", frequentie="6")
    for nr in range(clients):
        product = make_toegewezen_product(toewijzing_nummer=nr + 1, omvang=omvang)
        await stuur(wereld, make_301(client=make_client(bsn=maak_bsn(nr), toegewezen_producten=(product,)), identificatie=f"T{nr}"))
    lines = [
        DeclaratieClient(
            bsn=maak_bsn(nr),
            prestaties=tuple(
                make_prestatie(
                    f"R{nr}.{dag}",
                    toewijzing_nummer=nr + 1,
                    periode=GeslotenPeriode(begindatum=date(2026, 5, dag), einddatum=date(2026, 5, dag)),
                    product_tarief=6500 if dag % 2 else 6000,
                )
                for dag in range(1, DAGEN + 1)
            ),
        )
        for nr in range(clients)
    ]
    await stuur(wereld, make_323(declaratie=make_declaratie(lines)))
    while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
        pass


async def test_so_many_statements_whatever_the_number_of_lines(postgres_server: str, template_database: str, tmp_path: Path) -> None:
    """One client or twenty, every line changes: preview and carrying out send the same number."""
    counts = []
    for clients in (1, 20):
        with copy_of_template(postgres_server, template_database) as dsn:
            async with wereld_with_region(dsn, tmp_path / str(clients), TE_LAAG) as wereld:
                await _send(wereld, clients)
                lading = await laad(wereld, tmp_path / f"goed{clients}", GOED)
                with counted_statements() as preview:
                    nr = await reken_door(wereld, CONTRACTBEHEER, Keuze(reden="indexatie", lading_nr=lading))
                with counted_statements() as applied:
                    await voer_uit(wereld, CONTRACTBEHEER, nr)
                changed = await wereld.pool.fetchval("select count(*) from herbeoordeling_regel where herbeoordeling_nr = $1", nr)
                assert changed == clients * DAGEN
                assert [each for each in await verify(wereld) if not each.klopt] == []
        counts.append((len(preview), len(applied)))

    assert counts[0] == counts[1]
    assert max(counts[0]) < 55


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("update prestatie set zorgvorm = 'verblijf' where toegekend and referentie_nummer = 'R0'", "elke toegekende"),
        ("update prestatie set gemeente_drager = '0687' where toegekend and volgnr > 0", "elke toegekende"),
        ("update prestatie set toegekend = true where not toegekend and volgnr > 0", "elke toegekende"),
        (
            "alter table boeking disable trigger boeking_onveranderlijk;"
            " update boeking set storno_van = '1:1:prestatie:7' where volgnr = 1 and storno_van is not null",
            "elke terugboeking",
        ),
    ],
)  # fmt: skip
async def test_the_ledger_finds_a_line_that_is_not_where_it_was_booked(database: str, tmp_path: Path, spoil: str, sentence: str) -> None:
    """After judging again the sum of each source is what is granted, on its gemeente and zorgvorm, and each reversal undoes one transfer."""
    async with wereld_with_region(database, tmp_path, TE_LAAG) as wereld:
        await speel(wereld, verloop())
        await herbeoordeel_alles(wereld, await laad(wereld, tmp_path / "goed", GOED))
        await herbeoordeel_alles(wereld, await laad(wereld, tmp_path / "terug", TE_LAAG))
        await herbeoordeel_alles(wereld, await laad(wereld, tmp_path / "nogmaals", GOED))
        assert all(each.klopt for each in await verify(wereld))

        await wereld.pool.execute(spoil)

        assert any(not each.klopt and each.regel.startswith(sentence) for each in await verify(wereld))


async def _concerned(wereld: Wereld, lading: int) -> dict[tuple[str, str], int]:
    async with transaction(wereld.pool) as connection:
        changes = list(gewijzigde_dagen(await gewijzigde_rijen(connection, lading)))
        changes += await deelname_begon_of_eindigde(connection, lading)
        return await eerste_geraakte(connection, changes)


@pytest.mark.parametrize(
    ("name", "old", "new", "is_concerned"),
    [
        ("tarieven.csv", ",04,6000,2020-01-01,", ",04,6001,2020-01-01,", True),
        ("contracten.csv", "ijw,*,2020-01-01,,inspanning", "ijw,*,2020-01-01,2026-04-30,inspanning", True),
        ("contracten.csv", "ijw,*,2020-01-01,,inspanning,PxQ,", "ijw,*,2020-01-01,,inspanning,PxQ,100000000", False),
        ("producten.csv", ",Begeleiding,04,ambulant,", ",Andere naam,04,ambulant,", False),
        ("aanbieders.csv", "De Veste", "De Vesting", False),
        ("deelname.csv", "", "gemeente,zorgvorm,geldig_van,geldig_tot\n0664,ambulant,2026-04-01,\n", True),
        ("herindelingen.csv", "", "datum,van,naar,fractie\n2026-04-01,0664,0687,1\n", True),
        ("onderaannemers.csv", "", f"{ONDERAANNEMERS}{ANDERE_AGB},{AGB},,eigen,2026-01-01,\n", True),
        ("onderaannemers.csv", "", f"{ONDERAANNEMERS}{ANDERE_AGB},{AGB},,partner,2026-01-01,\n", False),
    ],
)  # fmt: skip
async def test_a_load_concerns_lanes_by_what_matching_looks_at(
    database: str, tmp_path: Path, name: str, old: str, new: str, is_concerned: bool
) -> None:
    """A name or a plafond concerns nobody; what decides a match does."""
    async with wereld_with_region(database, tmp_path, TE_LAAG) as wereld:
        await speel(wereld, verloop())
        text = TE_LAAG.get(name, "").replace(old, new) if old else new
        assert text != TE_LAAG.get(name, "")
        lading = await laad(wereld, tmp_path / "anders", {**TE_LAAG, name: text})

        assert set(await _concerned(wereld, lading)) == ({("ijw", AGB)} if is_concerned else set())


async def test_a_contract_is_claimed_on_by_its_aanbieder_and_who_it_speaks_for(database: str, tmp_path: Path) -> None:
    """The lanes of a contract, at whatever time."""
    onder = f"{ONDERAANNEMERS}{AGB},{ANDERE_AGB},J1,eigen,2021-01-01,2021-12-31\n"
    async with (
        wereld_with_region(database, tmp_path, {**TE_LAAG, "onderaannemers.csv": onder}) as wereld,
        transaction(wereld.pool) as connection,
    ):
        assert set(await banen_van_contract(connection, "J1")) == {("ijw", AGB), ("ijw", ANDERE_AGB)}
        assert await banen_van_contract(connection, "onbekend") == []
