"""A region folder becomes the region in PostgreSQL, all or nothing, keeps its history, and comes back as the same folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.adapters.database import Pool, open_pool
from app.domain.bericht import Domein
from app.domain.errors import Conflict, NietToegestaan, OngeldigVerzoek, RegioOngeldig
from app.domain.partij import SYSTEEM, Actor, Rol
from app.domain.snapshot import Overgang, ProductOpDatum, Tariefregel
from app.parties import (
    Contractbeeld,
    PartijInstelling,
    Region,
    bewaar_regio,
    contractbeeld,
    exporteer_regio,
    historie,
    ken_gemeente,
    laad_regio,
    ladingen,
    partij_instelling,
    regio_op,
    rijen_van_lading,
    toon_regio,
    vergelijk_regio,
    wijzig_regio,
)
from app.parties.beeld import beeld_van
from app.parties.checking import check_folder, check_region
from app.parties.folder import write_files
from app.parties.generator import generate
from app.parties.region import Tarief
from app.parties.store import fetch_region
from tests.property.test_regio_laden import AGBS, map_van
from tests.unit.parties.mappen import GOED, als_bytes, map_met_rij, map_met_wijziging

pytestmark = pytest.mark.slow

NU = datetime(2026, 7, 3, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Connections to a migrated, empty database."""
    opened = await open_pool(database, size_max=3)
    yield opened
    await opened.close()


def write(folder: Path, bestanden: Mapping[str, bytes]) -> Path:
    """The files in a folder."""
    folder.mkdir(exist_ok=True)
    for naam, inhoud in bestanden.items():
        (folder / naam).write_bytes(inhoud)
    return folder


async def load(pool: Pool, folder: Path, bestanden: Mapping[str, bytes], nu: datetime = NU) -> dict[str, dict[str, int]]:
    """Load these files and give the counts of what changed."""
    return (await laad_regio(pool, write(folder, bestanden), nu=nu, actor=SYSTEEM)).as_dict()


def counts(**changed: int) -> dict[str, int]:
    """What happened to the rows of a file."""
    return dict.fromkeys(("nieuw", "gewijzigd", "beeindigd", "vervallen", "blijft"), 0) | changed


async def test_load_export_load_is_the_identity(pool: Pool, tmp_path: Path) -> None:
    """What was loaded is what is exported, and loading the export changes nothing."""
    expected, _ = check_folder(als_bytes(GOED))
    await load(pool, tmp_path / "in", als_bytes(GOED))

    exported = await exporteer_regio(pool, tmp_path / "out")
    again = await laad_regio(pool, tmp_path / "out", nu=LATER, actor=SYSTEEM)

    assert exported == expected
    assert again.is_leeg
    assert again.as_dict()["tarieven.csv"] == counts(blijft=4)


async def test_a_corrected_row_takes_the_place_of_the_old_one(pool: Pool, tmp_path: Path) -> None:
    """The old row is void as a whole and kept as history; unchanged rows keep their id, so that bookings keep pointing at them."""
    await load(pool, tmp_path, als_bytes(GOED))
    before = {row["tarief_cent"]: row["tarief_id"] for row in await pool.fetch("select tarief_id, tarief_cent from tarief")}

    done = await load(pool, tmp_path, map_met_wijziging("tarieven.csv", "04,9300", "04,9400"), LATER)

    assert done["tarieven.csv"] == counts(gewijzigd=1, blijft=3)
    assert done["contracten.csv"] == counts(blijft=2)
    rows = {row["tarief_cent"]: row for row in await pool.fetch("select * from tarief")}
    assert rows[9300]["vervallen_op"] == LATER
    assert rows[9400]["vervallen_op"] is None
    assert rows[9000]["tarief_id"] == before[9000]


async def test_what_is_no_longer_in_the_folder_ends_stays_or_is_void(pool: Pool, tmp_path: Path) -> None:
    """A running row ends the day before the load, a past one stays, one still to come is void; history says who did it and when."""
    still_to_come = map_met_rij("tarieven.csv", "J1,50,50B01,82,100000,2026-09-01,")
    await load(pool, tmp_path / "voor", still_to_come)
    only_w1 = "".join(line for line in GOED["tarieven.csv"].splitlines(keepends=True) if not line.startswith("J1,45"))

    done = await load(pool, tmp_path / "na", als_bytes(GOED | {"tarieven.csv": only_w1}), LATER)

    assert done["tarieven.csv"] == counts(beeindigd=1, vervallen=1, blijft=3)
    async with pool.acquire() as connection:
        lines = {rij.geldig_van: rij for rij in (await fetch_region(connection)).tarieven if rij.code == "45A04"}
    assert {van: rij.geldig_tot for van, rij in lines.items()} == {
        date(2025, 1, 1): date(2025, 12, 31),
        date(2026, 1, 1): date(2026, 7, 31),
    }
    versions = await historie(pool, Tarief, {"contract": "J1", "code": "45A04", "geldig_van": date(2026, 1, 1)})
    assert [(each.rij.geldig_tot, each.geladen_op, each.vervallen_op) for each in versions] == [
        (None, NU, LATER),
        (date(2026, 7, 31), LATER, None),
    ]
    assert {(each.geladen_door, each.vervallen_door) for each in versions} == {("systeem", "systeem"), ("systeem", None)}


async def test_the_region_of_an_earlier_instant(pool: Pool, tmp_path: Path) -> None:
    """What was loaded by then and had not lapsed, the gemeenten of its contracts included."""
    between = datetime(2026, 7, 15, 9, 0, tzinfo=UTC)
    await load(pool, tmp_path / "voor", als_bytes(GOED))
    await load(pool, tmp_path / "na", map_met_wijziging("contracten.csv", "0664 0687", "0664"), LATER)

    assert await regio_op(pool, between) == check_folder(als_bytes(GOED))[0]
    assert (await regio_op(pool, LATER)).contracten[0].gemeenten == ("0664",)
    assert await regio_op(pool, datetime(2026, 7, 1, tzinfo=UTC)) == Region()


async def test_each_load_knows_its_rows(pool: Pool, tmp_path: Path) -> None:
    """Newest first; the rows that a load stored and let lapse, by file; a load that changed nothing has none."""
    await load(pool, tmp_path / "voor", als_bytes(GOED))
    await load(pool, tmp_path / "na", map_met_wijziging("tarieven.csv", "04,9300", "04,9400"), LATER)
    await load(pool, tmp_path / "na", {}, LATER)

    last, changed, first = await ladingen(pool)
    rows = await rijen_van_lading(pool, changed.lading_nr)

    assert (first.geladen_op, changed.geladen_op, changed.verschil["tarieven.csv"]["gewijzigd"]) == (NU, LATER, 1)
    assert [(each.rij.tarief_cent, each.geladen_lading, each.vervallen_lading) for each in rows["tarieven.csv"]] == [
        (9300, first.lading_nr, changed.lading_nr),
        (9400, changed.lading_nr, None),
    ]
    assert set(rows) == {"tarieven.csv"}
    assert await rijen_van_lading(pool, last.lading_nr) == {}
    assert [each.lading_nr for each in await ladingen(pool, hoogstens=1, voor=last.lading_nr)] == [changed.lading_nr]


async def test_history_is_asked_by_key(pool: Pool) -> None:
    """Another column would be a search through everything; it is refused with those that may be used."""
    with pytest.raises(OngeldigVerzoek, match="contract, categorie"):
        await historie(pool, Tarief, {"tarief_cent": 9300})


async def test_what_was_shown_is_what_is_applied(pool: Pool, tmp_path: Path) -> None:
    """When another loads in between, or midnight passes, nothing is applied: it would do something else than was agreed to."""
    await load(pool, tmp_path / "voor", als_bytes(GOED))
    without = als_bytes(GOED | {"tarieven.csv": GOED["tarieven.csv"].replace("W1,02,02A01,16,5100,2025-01-01,\n", "")})
    region = check_folder(without)[0]
    shown = await vergelijk_regio(pool, region, nu=LATER)

    with pytest.raises(Conflict):
        await bewaar_regio(pool, region, nu=LATER + timedelta(days=1), actor=SYSTEEM, verwacht=shown)
    done = await bewaar_regio(pool, region, nu=LATER, actor=SYSTEEM, verwacht=shown)
    with pytest.raises(Conflict):
        await bewaar_regio(pool, region, nu=LATER, actor=SYSTEEM, verwacht=shown)

    assert done == shown
    assert shown.as_dict()["tarieven.csv"] == counts(beeindigd=1, blijft=3)
    assert len(await ladingen(pool)) == 2


async def test_some_rows_are_changed_at_once(pool: Pool, tmp_path: Path) -> None:
    """A change of a few rows is a load like any other: checked as a whole, kept, and refused when another came first."""
    await load(pool, tmp_path, als_bytes(GOED))
    [first] = await ladingen(pool)

    def cheaper(region: Region) -> Region:
        return replace(region, tarieven=tuple(replace(each, tarief_cent=each.tarief_cent and 1) for each in region.tarieven))

    done = await wijzig_regio(pool, cheaper, nu=LATER, actor=SYSTEEM, verwacht_lading=first.lading_nr)

    assert done.as_dict()["tarieven.csv"] == counts(gewijzigd=3, blijft=1)
    with pytest.raises(Conflict):
        await wijzig_regio(pool, cheaper, nu=LATER, actor=SYSTEEM, verwacht_lading=first.lading_nr)
    with pytest.raises(RegioOngeldig):
        await wijzig_regio(pool, lambda region: replace(region, aanbieders=region.aanbieders[1:]), nu=LATER, actor=SYSTEEM)
    with pytest.raises(NietToegestaan):
        await wijzig_regio(pool, cheaper, nu=LATER, actor=Actor(naam="g", gemeenten=None))


@pytest.mark.parametrize("ending", ["", ".xlsx"])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_generated_region_goes_through_the_database_unchanged(pool: Pool, tmp_path: Path, seed: int, ending: str) -> None:
    """Load, export, load: the same region, and the last load changes nothing, as a folder and as a workbook."""
    region = generate(seed=seed, gemeenten=4, aanbieders=8, clienten=20, maanden=3, tot=date(2026, 6, 1)).region
    await load(pool, tmp_path / "in", write_files(region))

    exported = await exporteer_regio(pool, tmp_path / f"uit{ending}")
    again = await laad_regio(pool, tmp_path / f"uit{ending}", nu=LATER, actor=SYSTEEM)

    assert exported == region
    assert again.is_leeg


async def test_changed_gemeenten_of_a_contract_make_a_new_version(pool: Pool, tmp_path: Path) -> None:
    """The gemeenten belong to the contract: the version with the earlier ones ends with them."""
    await load(pool, tmp_path, als_bytes(GOED))

    done = await load(pool, tmp_path, map_met_wijziging("contracten.csv", "0664 0687", "0664"), LATER)

    assert done["contracten.csv"] == counts(gewijzigd=1, blijft=1)
    async with pool.acquire() as connection:
        assert (await fetch_region(connection)).contracten[0].gemeenten == ("0664",)
        assert (await contractbeeld(connection, "ijw", "99000001")).contracten == {"0664"}


async def test_missing_optional_file_ends_what_it_held(pool: Pool, tmp_path: Path) -> None:
    """A folder is the whole region: without budgetten.csv there are no budgets."""
    await load(pool, tmp_path / "met", als_bytes(GOED))
    bestanden = als_bytes(GOED)
    del bestanden["budgetten.csv"]

    done = await load(pool, tmp_path / "zonder", bestanden, LATER)

    assert done["budgetten.csv"] == counts(vervallen=2)


async def test_folder_with_a_fault_changes_nothing(pool: Pool, tmp_path: Path) -> None:
    """The running region stays when a folder contradicts itself, and the error carries every fault."""
    await load(pool, tmp_path, als_bytes(GOED))

    with pytest.raises(RegioOngeldig) as caught:
        await load(pool, tmp_path, map_met_rij("tarieven.csv", "J9,45,45A04,04,1,2025-01-01,\nJ1,45,45A04,04,0,2027-01-01,"), LATER)

    assert "3 fouten" in caught.value.melding
    fouten = caught.value.feiten["fouten"]
    assert isinstance(fouten, list)
    assert {"bestand": "tarieven.csv", "rij": 6, "kolom": "contract", "waarde": "J9"}.items() <= fouten[0].items()
    async with pool.acquire() as connection:
        assert await fetch_region(connection) == check_folder(als_bytes(GOED))[0]
    assert await pool.fetchval("select count(*) from regio_lading") == 1


async def test_failure_halfway_changes_nothing(pool: Pool, tmp_path: Path) -> None:
    """A load is one transaction: what was stored before a statement failed is rolled back."""
    await pool.execute("alter table partij add constraint kapot check (partij <> 'gemeente:0664')")

    with pytest.raises(Exception, match="kapot"):
        await load(pool, tmp_path, als_bytes(GOED))

    assert await pool.fetchval("select count(*) from gemeente") == 0


async def test_every_load_is_noted(pool: Pool, tmp_path: Path) -> None:
    """Who loaded when, and how much changed."""
    await load(pool, tmp_path, als_bytes(GOED))

    row = await pool.fetchrow("select * from regio_lading")

    assert row is not None
    assert (row["geladen_op"], row["geladen_door"]) == (NU, "systeem")
    assert row["verschil"]["gemeenten.csv"] == counts(nieuw=3)


async def test_only_contractbeheer_loads(pool: Pool, tmp_path: Path) -> None:
    """A person with another role, or a machine, cannot change the region."""
    controller = Actor(naam="c", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))

    with pytest.raises(NietToegestaan):
        await laad_regio(pool, write(tmp_path, als_bytes(GOED)), nu=NU, actor=controller)


async def test_contractbeeld_of_the_contract_holder(pool: Pool, tmp_path: Path) -> None:
    """Lines are spread over the gemeenten of the contract and cut to its period; euros carry no tariff; products come with their zorgvorm."""
    await load(pool, tmp_path, als_bytes(GOED))

    async with pool.acquire() as connection:
        beeld = await contractbeeld(connection, "ijw", "99000001", {("45", "45A04"), ("50", "50B01")})

    assert {(gemeente, code): len(regels) for (gemeente, _, code), regels in beeld.tarieven.items()} == {
        ("0664", "45A04"): 2,
        ("0687", "45A04"): 2,
        ("0664", "50B01"): 1,
        ("0687", "50B01"): 1,
    }
    last = beeld.tarieven["0664", "45", "45A04"][1]
    assert last == Tariefregel(
        tarief_id=last.tarief_id,
        contract="J1",
        gemeente="0664",
        categorie="45",
        code="45A04",
        eenheid="04",
        tarief_cent=9300,
        geldig_van=date(2026, 1, 1),
        geldig_tot=date(2028, 12, 31),
    )
    assert beeld.tarieven["0664", "50", "50B01"][0].tarief_cent is None
    assert beeld.contracten == {"0664", "0687"}
    assert beeld.producten["45", "45A04"] == (
        ProductOpDatum(categorie="45", code="45A04", zorgvorm="jeugd_ambulant", geldig_van=date(2025, 1, 1)),
    )


async def test_contractbeeld_of_who_delivers_for_a_contractpartner(pool: Pool, tmp_path: Path) -> None:
    """An aanbieder without contracts of its own delivers under those of its contractpartner; a `*` is every gemeente of the region."""
    await load(pool, tmp_path, als_bytes(GOED))

    async with pool.acquire() as connection:
        beeld = await contractbeeld(connection, "iwmo", "99000002")

    assert beeld.contracten == {"0664", "0687", "0718"}
    assert {key[0] for key in beeld.tarieven} == {"0664", "0687", "0718"}
    assert set(beeld.producten) == {("02", "02A01")}


async def test_contractbeeld_asks_only_for_the_products_named(pool: Pool, tmp_path: Path) -> None:
    """No product named gives no lines, but still says for whom there is a contract."""
    await load(pool, tmp_path, als_bytes(GOED))

    async with pool.acquire() as connection:
        beeld = await contractbeeld(connection, "ijw", "99000001", set())
        stranger = await contractbeeld(connection, "ijw", "99009999")

    assert [*beeld.tarieven, *beeld.producten] == []
    assert beeld.contracten == {"0664", "0687"}
    assert [*stranger.tarieven, *stranger.contracten] == []


async def test_contractbeeld_of_a_subcontractor(pool: Pool, tmp_path: Path) -> None:
    """Who claims itself does so on the lines of the main contractor, in the days of its row; who lets the partner claim has none."""
    await load(pool, tmp_path, map_met_rij("onderaannemers.csv", "99000001,99000003,W1,partner,2025-01-01,"))

    async with pool.acquire() as connection:
        own = await contractbeeld(connection, "ijw", "99000003")
        partner = await contractbeeld(connection, "iwmo", "99000003")

    assert [(regel.geldig_van, regel.geldig_tot) for regel in own.tarieven["0664", "45", "45A04"]] == [
        (date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert own.contracten == {"0664", "0687"}
    assert [*partner.tarieven, *partner.contracten] == []


async def test_contractbeeld_of_the_gemeenten_asked_for(pool: Pool, tmp_path: Path) -> None:
    """Those of the lot and the ones that took them over by then; a part of a gemeente takes nobody over."""
    files = map_met_wijziging("herindelingen.csv", "2027-01-01,0718,0687,3/4\n2027-01-01,0718,0664,0.25", "2027-01-01,0718,0664,1")
    await load(pool, tmp_path, files)

    async with pool.acquire() as connection:
        merged = await contractbeeld(connection, "iwmo", "99000001", gemeenten={"0718"})
        other = await contractbeeld(connection, "iwmo", "99000001", gemeenten={"0687"})

    assert {key[0] for key in merged.tarieven} == merged.contracten == {"0718", "0664"}
    assert {key[0] for key in other.tarieven} == other.contracten == {"0687"}


async def test_contractbeeld_follows_joint_purchase(pool: Pool, tmp_path: Path) -> None:
    """A contract for `*` counts while the gemeente takes part in the zorgvorm of that day; one that names the gemeente counts regardless."""
    producten = GOED["producten.csv"].replace(
        "iwmo,02,02A01,Begeleiding,16,wmo_begeleiding,2025-01-01,",
        "iwmo,02,02A01,Begeleiding,16,wmo_begeleiding,2025-01-01,2025-12-31\niwmo,02,02A01,Begeleiding,16,wmo_nieuw,2026-01-01,",
    )
    deelname = "gemeente,zorgvorm,geldig_van,geldig_tot\n0664,wmo_begeleiding,2025-03-01,\n0664,wmo_nieuw,2026-02-01,2026-06-30\n"
    files = GOED | {
        "producten.csv": producten,
        "deelname.csv": deelname,
        "zorgvormen.csv": GOED["zorgvormen.csv"] + "wmo_nieuw,Nieuw,iwmo,\n",
    }
    await load(pool, tmp_path, als_bytes(files))

    async with pool.acquire() as connection:
        region = await fetch_region(connection)
        joint = await contractbeeld(connection, "iwmo", "99000001")
        local = await contractbeeld(connection, "ijw", "99000001")
        nobody = await contractbeeld(connection, "iwmo", "99000001", gemeenten={"0687"})

    assert {key: [(regel.geldig_van, regel.geldig_tot) for regel in regels] for key, regels in joint.tarieven.items()} == {
        ("0664", "02", "02A01"): [(date(2025, 3, 1), date(2025, 12, 31)), (date(2026, 2, 1), date(2026, 6, 30))]
    }
    assert joint.contracten == {"0664"}
    assert without_ids(joint) == without_ids(beeld_van(region, "iwmo", "99000001"))
    assert {key[0] for key in local.tarieven} == {"0664", "0687"}
    assert [*nobody.tarieven, *nobody.contracten] == []


async def test_overgangen_are_whole_mergers(pool: Pool, tmp_path: Path) -> None:
    """A herindeling that splits a gemeente says nothing about who bears the care of one client."""
    await load(pool, tmp_path, map_met_rij("herindelingen.csv", "2028-01-01,0687,0664,1"))

    async with pool.acquire() as connection:
        beeld = await contractbeeld(connection, "ijw", "99000001")

    assert beeld.overgangen == (Overgang(datum=date(2028, 1, 1), van="0687", naar="0664"),)


async def test_ken_gemeente_looks_at_the_day(pool: Pool, tmp_path: Path) -> None:
    """A gemeente takes part from its first to its last day, that day included."""
    await load(pool, tmp_path, als_bytes(GOED))

    async with pool.acquire() as connection:
        assert await ken_gemeente(connection, "0718", date(2026, 12, 31))
        assert not await ken_gemeente(connection, "0664", date(2014, 12, 31))
        assert not await ken_gemeente(connection, "0384", date(2026, 1, 1))


async def test_ken_gemeente_follows_a_herindeling(pool: Pool, tmp_path: Path) -> None:
    """A gemeente that went over is known by its old code as long as a successor takes part; one that only ended is not."""
    met_einde = als_bytes(GOED) | {
        "gemeenten.csv": GOED["gemeenten.csv"].encode() + b"0715,Terneuzen,2015-01-01,2026-12-31\n0716,Tholen,2028-01-01,\n",
        "herindelingen.csv": GOED["herindelingen.csv"].encode() + b"2028-01-01,0687,0716,1\n",
    }
    await load(pool, tmp_path, met_einde)

    async with pool.acquire() as connection:
        assert await ken_gemeente(connection, "0718", date(2027, 1, 1)), "its successors take part"
        assert await ken_gemeente(connection, "0718", date(2028, 1, 1)), "and so do theirs"
        assert not await ken_gemeente(connection, "0715", date(2027, 1, 1)), "nobody took it over"
        assert not await ken_gemeente(connection, "0716", date(2027, 12, 31)), "it has yet to begin"


async def test_partij_instelling_has_defaults(pool: Pool, tmp_path: Path) -> None:
    """What the region says about a partij, and a postvak for who it says nothing about."""
    await load(pool, tmp_path, als_bytes(GOED))

    async with pool.acquire() as connection:
        named = await partij_instelling(connection, "gemeente:0664")
        other = await partij_instelling(connection, "gemeente:0687")

    assert named == PartijInstelling(partij="gemeente:0664", kopie=True, antwoordt="zelf")
    assert other == PartijInstelling(partij="gemeente:0687")


async def test_each_sees_what_is_its_own(pool: Pool, tmp_path: Path) -> None:
    """Contracts and money are for who they concern; the region sees all."""
    await load(pool, tmp_path, als_bytes(GOED))
    gemeente = Actor(naam="g", partijen=frozenset({"gemeente:0718"}), gemeenten=frozenset({"0718"}))
    aanbieder = Actor(naam="a", partijen=frozenset({"aanbieder:99000002"}), gemeenten=frozenset())
    vreemd = Actor(naam="v", gemeenten=frozenset())

    assert len((await toon_regio(pool, SYSTEEM)).budgetten) == 2
    assert [each.contract for each in (await toon_regio(pool, gemeente)).contracten] == ["W1"]
    assert (await toon_regio(pool, gemeente)).budgetten == ()
    assert [each.contract for each in (await toon_regio(pool, aanbieder)).contracten] == ["J1", "W1"]
    assert (await toon_regio(pool, aanbieder)).maatstaven == ()
    assert (await toon_regio(pool, vreemd)).tarieven == ()
    assert len((await toon_regio(pool, vreemd)).gemeenten) == 3


async def test_ceilings_and_funding_are_hidden_from_aanbieders(pool: Pool, tmp_path: Path) -> None:
    """A subcontractor sees the contract it claims on, its options and tariffs; what is paid at most is for gemeenten and the region."""
    await load(pool, tmp_path, als_bytes(GOED))
    onder = Actor(naam="o", partijen=frozenset({"aanbieder:99000003"}), gemeenten=frozenset())
    gemeente = Actor(naam="g", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"}))

    seen, shown = await toon_regio(pool, onder), await toon_regio(pool, gemeente)

    assert [each.contract for each in seen.contracten] == ["J1"]
    assert (len(seen.contractopties), len(seen.onderaannemers)) == (2, 1)
    assert [*seen.plafonds, *seen.bekostigingen] == []
    assert (len(shown.plafonds), len(shown.bekostigingen), len(shown.onderaannemers)) == (1, 1, 1)


@pytest.mark.parametrize("domein", ["ijw", "iwmo"])
async def test_contractbeeld_is_that_of_the_region_in_memory(pool: Pool, tmp_path: Path, domein: Domein) -> None:
    """For every aanbieder of a generated region the database says what the pure function over the same region says."""
    region = generate(seed=5, gemeenten=5, aanbieders=12, clienten=10, maanden=14, tot=date(2026, 6, 1)).region
    await load(pool, tmp_path, write_files(region))

    async with pool.acquire() as connection:
        for each in region.aanbieders:
            stored, expected = await contractbeeld(connection, domein, each.agb), beeld_van(region, domein, each.agb)
            assert (stored.contracten, stored.producten) == (expected.contracten, expected.producten)
            assert without_ids(stored) == without_ids(expected)


async def test_contractbeeld_of_any_region_is_that_of_the_region_in_memory(pool: Pool, tmp_path: Path) -> None:
    """Options, subcontractors, joint purchase and mergers of all sorts, loaded one after another: for all gemeenten and for one of them."""
    folders = [map_ for map_ in (map_van(Random(seed)) for seed in range(25)) if check_region(map_) == ()]
    lines = 0
    for day, map_ in enumerate(folders):
        await load(pool, tmp_path, write_files(map_), NU + timedelta(days=day))
        async with pool.acquire() as connection:
            region = await fetch_region(connection)
            for agb in AGBS:
                for gemeenten in (None, {"0718"}):
                    stored = await contractbeeld(connection, "ijw", agb, gemeenten=gemeenten)
                    expected = beeld_van(region, "ijw", agb, gemeenten)
                    assert (stored.contracten, stored.producten, stored.overgangen) == (
                        expected.contracten,
                        expected.producten,
                        expected.overgangen,
                    )
                    assert without_ids(stored) == without_ids(expected)
                    lines += sum(map(len, stored.tarieven.values()))

    assert len(folders) > 10
    assert lines > 300


def without_ids(beeld: Contractbeeld) -> dict[tuple[str, str, str], list[Tariefregel]]:
    """Tariff lines as if they had no id: the database gives its own."""
    return {
        key: sorted((replace(regel, tarief_id=0) for regel in regels), key=lambda regel: (regel.eenheid, regel.geldig_van, regel.contract))
        for key, regels in beeld.tarieven.items()
    }
