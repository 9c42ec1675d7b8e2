"""A generated region goes the whole way: each deliberate fault is found with its own code at its own place, and nothing else is rejected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.commands.demo import demo_clock
from app.domain.partij import SYSTEEM
from app.ledger import verify
from app.parties import laad_regio
from app.parties.generator import GeneratedRegion, VerwachteFout, generate, write_region
from app.solidarity.service import Keuze, Model, vereven
from tests.end_to_end.werkbank import klopt, settings_for, stuur
from workers.local import judge_all

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


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [1, 7])
async def test_exactly_the_labelled_faults_are_rejected(database: str, tmp_path: Path, seed: int) -> None:
    """Half a year of a small region in both domains."""
    generated = generate(seed=seed, gemeenten=5, aanbieders=6, clienten=120, maanden=6, tot=date(2026, 6, 1))
    folder = tmp_path / "regio"
    write_region(generated, folder)
    async with open_wereld(settings_for(tmp_path, nu=demo_clock("2026-06")), database) as wereld:
        await laad_regio(wereld.pool, folder, nu=wereld.nu, actor=SYSTEEM)
        names = await send(wereld, generated)

        rows = await wereld.pool.fetch("select bericht_nr, status from bericht where richting = 'in'")
        rejected = {names[row["bericht_nr"]] for row in rows if row["status"] in AFGEWEZEN}
        found = {
            Gevonden(naam=names[row["bericht_nr"]], regel=row["regel"], retourcode=row["retourcode"] or "", pad=row["pad"])
            for row in await wereld.pool.fetch("select bericht_nr, regel, retourcode, pad from bevinding")
        }

        assert rejected == {fout.bestand for fout in generated.fouten}
        missing = {
            fout.bestand: (fout, [item for item in found if item.naam == fout.bestand])
            for fout in generated.fouten
            if not any(matches(fout, item) for item in found)
        }
        assert not missing, "\n".join(f"{fout} {there}" for fout, there in missing.values())
        await klopt(wereld)
        run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
        assert run.som_cent == 0
        assert run.kosten_cent == run.kosten_clienten_cent > 0
        assert all(controle.klopt for controle in await verify(wereld))
