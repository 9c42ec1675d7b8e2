"""Whatever is held and in whatever order it is released: when nothing else changed, the books are those of a lane in which nothing was held."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bericht import Bericht
from app.domain.errors import Conflict
from app.domain.partij import SYSTEEM
from app.judging import geef_vrij, houd_vast, verwerk_baan
from app.judging.vasthouden import Rij, vrijgave
from tests.builders import AGB
from tests.end_to_end.werkbank import Boeken, boeken, klopt, status, stuur, wereld_with_region
from tests.fixtures.database import copy_of_template
from tests.property.test_books import berichten_of, random_course

_RIJEN = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from("AB"), st.booleans()), unique_by=lambda each: each[0], min_size=1, max_size=12
)


@given(_RIJEN, st.integers(0, 2**12))
def test_what_is_released_stands_behind_nothing_that_is_held(found: list[tuple[int, str, bool]], welke: int) -> None:
    """And everything else still waits: no declaratie overtakes one of its gemeente, none is lost."""
    rijen = [Rij(bericht_nr=nr, gemeente=code, volgt=volgt, termijn=None) for nr, code, volgt in found]
    heads = [rij.bericht_nr for rij in rijen if not rij.volgt]
    los = {nr for index, nr in enumerate(heads) if welke >> index & 1}

    outcome = vrijgave(rijen, los)

    held = {(rij.gemeente, rij.bericht_nr) for rij in rijen if not rij.volgt and rij.bericht_nr not in los}
    for rij in rijen:
        behind = any(code == rij.gemeente and nr < rij.bericht_nr for code, nr in held)
        is_held = (rij.gemeente, rij.bericht_nr) in held
        assert (rij.bericht_nr in outcome.vrij) == (not behind and not is_held)
        assert (rij.bericht_nr in outcome.volgt) == (behind and not is_held and not rij.volgt)


async def _judge_all(dsn: str, folder: Path, berichten: Sequence[Bericht], *, seed: int | None) -> tuple[Boeken, int]:
    """The books after everything was sent and judged; with a seed declaraties are held and released meanwhile. And how many were held."""
    chance = random.Random(seed)
    async with wereld_with_region(dsn, folder) as wereld:
        nrs = [await stuur(wereld, bericht) for bericht in berichten]
        held: set[int] = set()
        # The last first: what stands behind a held one waits already.
        for nr in sorted(set(nrs), reverse=True) if seed is not None else ():
            if chance.random() < 0.4:
                try:
                    await houd_vast(wereld, SYSTEEM, nr, "eerst nakijken")
                except Conflict:
                    continue
                held.add(nr)
        waiting = set(held)
        while waiting:
            await verwerk_baan(wereld, "ijw", AGB, lot_size_max=chance.choice([1, 3, 50]))
            nr = chance.choice(sorted(waiting))
            waiting.discard(nr)
            await geef_vrij(wereld, SYSTEEM, nr)
        while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
            pass
        assert [nr for nr in held if await status(wereld, nr) == "vastgehouden"] == []
        await klopt(wereld)
        return await boeken(wereld), len(held)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_books_are_those_without_a_hold(postgres_server: str, template_database: str, tmp_path: Path, seed: int) -> None:
    """Credits, replacements and volumes used up, in one lane."""
    course = berichten_of(random_course(seed, 45))
    # The toewijzingen first: one that comes while a declaratie is held counts for it, as for every bericht that waits.
    berichten = [*(each for each in course if each.soort != "323"), *(each for each in course if each.soort == "323")]
    outcomes = []
    for keer in (None, seed, seed + 100):
        with copy_of_template(postgres_server, template_database) as dsn:
            outcomes.append(await _judge_all(dsn, tmp_path / str(keer), berichten, seed=keer))

    (free, none_held), *others = outcomes
    assert none_held == 0
    for books, held in others:
        assert held > 3
        assert books == free
