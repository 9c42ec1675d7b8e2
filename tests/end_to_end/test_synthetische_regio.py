"""A generated region goes the whole way: each deliberate fault is found with its own code at its own place, and nothing else is rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.commands.demo import demo_clock
from app.domain.partij import SYSTEEM
from app.judging import wek_wachtenden
from app.ledger import verify
from app.parties import laad_regio
from app.parties.folder import write_folder
from app.parties.generator import GeneratedRegion, VerwachteFout, generate, write_region
from app.parties.generator.geld import UITPUTTING_PROCENT
from app.solidarity.service import Keuze, Model, vereven
from tests.end_to_end.werkbank import klopt, settings_for, stuur
from workers.local import judge_all

BOOKED_ON = """
select distinct p.begindatum, k.gemeente from bericht b join prestatie p using (bericht_nr)
  join boeking t on t.bericht_nr = p.bericht_nr and t.regel = p.regel
  join rekening k on k.rekening_nr in (t.debet, t.credit) and k.soort = 'kosten'
 where b.gemeente = $1
"""
"""First day of the period and gemeente that bears the cost, of what was claimed under a gemeentecode."""
BOOKED_FROM = """
select t.bericht_nr from boeking t join rekening k on k.rekening_nr in (t.debet, t.credit) and k.soort = 'kosten'
 where k.gemeente = $1 and t.zorgmaand >= $2
"""
GRANTED = """
select t.contract, p.zorgvorm, extract(year from p.begindatum)::int as jaar,
       sum(case when p.is_credit then -p.bedrag_cent else p.bedrag_cent end)::bigint as cent
  from prestatie p join tarief t using (tarief_id) where p.toegekend group by 1, 2, 3
"""
AFGEWEZEN = frozenset({"afgekeurd", "deels_afgekeurd", "geweigerd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gevonden:
    """A finding of the product on one bericht."""

    naam: str
    regel: str
    retourcode: str
    pad: str


async def send(wereld: Wereld, generated: GeneratedRegion) -> dict[int, str]:
    """Send everything in order; returns the name of the file per bericht_nr."""
    names: dict[int, str] = {}
    for item in generated.berichten:
        names[await stuur(wereld, item.inhoud, item.van)] = f"berichten/{item.naam}"
    await judge_all(wereld, lot_size_max=50)
    return names


def matches(fout: VerwachteFout, found: Gevonden) -> bool:
    """Same file, rule and code, at the labelled class or an element of it."""
    at_place = found.pad == fout.pad or found.pad.startswith(f"{fout.pad}/")
    return (found.naam, found.regel, found.retourcode) == (fout.bestand, fout.regel, fout.retourcode) and at_place


@asynccontextmanager
async def loaded(dsn: str, folder: Path, generated: GeneratedRegion, maand: str) -> AsyncIterator[Wereld]:
    """A world with the region in it, on the day on which the declaraties of the last month come in."""
    write_region(generated, folder / "regio")
    async with open_wereld(settings_for(folder, nu=demo_clock(maand)), dsn) as wereld:
        await laad_regio(wereld.pool, folder / "regio", nu=wereld.nu, actor=SYSTEEM)
        yield wereld


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What became of a generated region."""

    namen: dict[int, str]
    per_status: dict[str, set[str]]
    gevonden: frozenset[Gevonden]

    def met_status(self, *statussen: str) -> set[str]:
        """Files of the berichten with one of these statuses."""
        return {bestand for status in statussen for bestand in self.per_status.get(status, ())}


async def outcome(wereld: Wereld, generated: GeneratedRegion) -> Uitkomst:
    """Send everything in order, judge it, and read what became of it."""
    namen = await send(wereld, generated)
    per_status: defaultdict[str, set[str]] = defaultdict(set)
    for row in await wereld.pool.fetch("select bericht_nr, status from bericht where richting = 'in'"):
        per_status[row["status"]].add(namen[row["bericht_nr"]])
    rows = await wereld.pool.fetch("select bericht_nr, regel, retourcode, pad from bevinding")
    found = frozenset(
        Gevonden(naam=namen[row["bericht_nr"]], regel=row["regel"], retourcode=row["retourcode"] or "", pad=row["pad"]) for row in rows
    )
    return Uitkomst(namen=namen, per_status=per_status, gevonden=found)


def assert_exactly_the_labels(uitkomst: Uitkomst, generated: GeneratedRegion) -> None:
    """Rejected is what is labelled, with the code, rule and place of the label; what waits is what should."""
    assert uitkomst.met_status("wacht_op_contract") == {each.bestand for each in generated.wachtend}
    rejected, labelled = uitkomst.met_status(*AFGEWEZEN), {fout.bestand for fout in generated.fouten}
    unlabelled = [str(item) for item in uitkomst.gevonden if item.naam in rejected - labelled]
    assert rejected == labelled, "\n".join([*sorted(labelled - rejected), *unlabelled])
    missing = {
        fout.bestand: (fout, [item for item in uitkomst.gevonden if item.naam == fout.bestand])
        for fout in generated.fouten
        if not any(matches(fout, item) for item in uitkomst.gevonden)
    }
    assert not missing, "\n".join(f"{fout} {there}" for fout, there in missing.values())


async def assert_books(wereld: Wereld, jaar: int) -> None:
    """The ledger verifies, and the settlement of the year adds up to zero over all of its cost."""
    await klopt(wereld)
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=jaar, model=Model.WAARBORG))
    assert run.som_cent == 0
    assert run.kosten_cent == run.kosten_clienten_cent > 0
    assert all(controle.klopt for controle in await verify(wereld))


@pytest.mark.parametrize("seed", [1, pytest.param(7, marks=pytest.mark.slow)])
@pytest.mark.timeout(300)
async def test_exactly_the_labelled_faults_are_rejected(database: str, tmp_path: Path, seed: int) -> None:
    """Half a year of a small region in both domains."""
    generated = generate(seed=seed, gemeenten=5, aanbieders=6, clienten=120, maanden=6, tot=date(2026, 6, 1))
    async with loaded(database, tmp_path, generated, "2026-06") as wereld:
        uitkomst = await outcome(wereld, generated)

        assert_exactly_the_labels(uitkomst, generated)
        await assert_books(wereld, 2026)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_year_with_everything_in_it(database: str, tmp_path: Path) -> None:
    """A year with mergers on 1 January and 1 July, a gemeente that leaves, tariffs that change in mid-year, a contract that ends and ceilings."""
    generated = generate(seed=1, gemeenten=13, aanbieders=20, clienten=1_200, maanden=12, tot=date(2026, 8, 1))
    assert {(each.datum.month, each.datum.day) for each in generated.region.herindelingen} == {(1, 1), (7, 1)}
    async with loaded(database, tmp_path, generated, "2026-08") as wereld:
        uitkomst = await outcome(wereld, generated)

        assert_exactly_the_labels(uitkomst, generated)
        assert uitkomst.met_status("wacht_op_contract")
        await assert_care_is_borne_by_date(wereld, generated)
        await assert_ceilings_are_used_as_made(wereld, generated)
        for jaar in (2025, 2026):
            await assert_books(wereld, jaar)
        await assert_late_lines_end_the_waiting(wereld, generated, tmp_path / "nagekomen", uitkomst)


async def assert_care_is_borne_by_date(wereld: Wereld, generated: GeneratedRegion) -> None:
    """Care from the day of a herindeling on is booked on the successor, also when it was claimed under the old code; before it on the old one."""
    for herindeling in generated.region.herindelingen:
        rows = await wereld.pool.fetch(BOOKED_ON, herindeling.van)
        assert {row["gemeente"] for row in rows if row["begindatum"] < herindeling.datum} == {herindeling.van}
        assert {row["gemeente"] for row in rows if row["begindatum"] >= herindeling.datum} == {herindeling.naar}
        booked = await wereld.pool.fetch(BOOKED_FROM, herindeling.van, herindeling.datum)
        assert booked == [], "nothing is borne by a gemeente that is no more"


async def assert_late_lines_end_the_waiting(wereld: Wereld, generated: GeneratedRegion, folder: Path, uitkomst: Uitkomst) -> None:
    """With the missing tariff lines in the region every declaratie that waited is granted whole, and the books are right again."""
    tarieven = (*generated.region.tarieven, *generated.nagekomen)
    write_folder(replace(generated.region, tarieven=tarieven), folder)
    await laad_regio(wereld.pool, folder, nu=wereld.nu, actor=SYSTEEM)
    await wek_wachtenden(wereld, alle=True)
    await judge_all(wereld, lot_size_max=50)

    waited = [nummer for nummer, bestand in uitkomst.namen.items() if bestand in uitkomst.met_status("wacht_op_contract")]
    rows = await wereld.pool.fetch("select distinct status from bericht where bericht_nr = any($1)", waited)
    assert [row["status"] for row in rows] == ["verwerkt"]
    await assert_books(wereld, 2026)


async def assert_ceilings_are_used_as_made(wereld: Wereld, generated: GeneratedRegion) -> None:
    """What was granted on each ceiling is what the generator meant: some above 80, some above 95 and some above 100 percent."""
    granted = {(row["contract"], row["zorgvorm"], row["jaar"]): row["cent"] for row in await wereld.pool.fetch(GRANTED)}
    used = [100 * granted[each.contract, each.zorgvorm, each.jaar] / each.bedrag_cent for each in generated.region.plafonds]
    assert {bound for percent in used for bound in (80, 95, 100) if bound <= percent} == {80, 95, 100}
    assert {round(percent) for percent in used} == set(UITPUTTING_PROCENT)
