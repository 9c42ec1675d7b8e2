"""Whatever was sent, in whatever lots: judged again after a correction, the books are those of a region that was right from the start."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.domain.bericht import Bericht
from app.judging import service_baan_opnieuw, verwerk_baan
from app.judging.herbeoordelen import porties
from tests.builders import AGB
from tests.end_to_end.herbeoordeling import Netto, herbeoordeel_alles, laad, netto, regio
from tests.end_to_end.werkbank import klopt, stuur, wereld_with_region
from tests.fixtures.database import copy_of_template
from tests.property.test_books import berichten_of, random_course

FOUT = regio("04,6000,2020-01-01,2026-02-28", "04,6001,2026-03-01,")
GOED = regio("04,6000,2020-01-01,2026-03-31", "04,6001,2026-04-01,2026-04-30", "04,6000,2026-05-01,")
"""Of the lines of a course one in eight is at 60,01, so each of the two refuses and grants what the other does not."""


async def _outcome(dsn: str, folder: Path, berichten: Sequence[Bericht], seed: int, regios: Sequence[dict[str, str]]) -> Netto:
    """Net books and verdicts after sending all of it under the first region, and judging again after each further one."""
    sizes = random.Random(seed)
    async with wereld_with_region(dsn, folder, regios[0]) as wereld:
        for bericht in berichten:
            await stuur(wereld, bericht)
            if sizes.random() < 0.3:
                await verwerk_baan(wereld, "ijw", AGB, lot_size_max=sizes.choice([1, 3, 50]))
        while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
            pass
        for index, files in enumerate(regios[1:]):
            lading = await laad(wereld, folder / f"keer{index}", files)
            await herbeoordeel_alles(wereld, lading, nieuw_antwoord=index % 2 == 0)
            await klopt(wereld)
        return await netto(wereld)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_books_after_a_correction_are_those_of_a_region_that_was_right(
    postgres_server: str, template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Corrected once; corrected, taken back and corrected again; and with the lane in pieces of a few lines."""
    berichten = berichten_of(random_course(seed, 50))
    courses = ((GOED,), (FOUT,), (FOUT, GOED), (FOUT, GOED, FOUT, GOED))
    outcomes = []
    for index, regios in enumerate(courses):
        if index == 3:
            monkeypatch.setattr(service_baan_opnieuw, "porties", lambda found: porties(found, regels_max=5))
        with copy_of_template(postgres_server, template_database) as dsn:
            outcomes.append(await _outcome(dsn, tmp_path / str(index), berichten, seed, regios))

    right, wrong, once, again = outcomes
    assert once == right
    assert again == right
    assert wrong != right
