"""Answers that are kept: exact while nothing is written, old for a while when that is allowed, made once however many ask, and bounded."""

from __future__ import annotations

import asyncio

import pytest

from app.adapters import bewaren
from app.adapters.bewaren import Bewaarplaats


class Klok:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.nu = 0.0

    def __call__(self) -> float:
        """Now."""
        return self.nu


class Bron:
    """Makes 1, 2, 3, … in so many seconds each, and waits for `verder` before each when it is told to."""

    def __init__(self, klok: Klok | None = None, duurt_s: float = 5) -> None:
        self.klok, self.duurt_s, self.gemaakt = klok or Klok(), duurt_s, 0
        self.verder = asyncio.Event()
        self.verder.set()

    async def maak(self) -> int:
        """The next one."""
        await self.verder.wait()
        self.klok.nu += self.duurt_s
        self.gemaakt += 1
        return self.gemaakt


async def klaar(plaats: Bewaarplaats) -> None:
    """Wait until nothing is being made beside readers."""
    while plaats._bezig:
        await asyncio.wait(list(plaats._bezig.values()))


@pytest.fixture
def onvermoeibaar(monkeypatch: pytest.MonkeyPatch) -> None:
    """New answers are made at once, however young the last one is and however long it took."""
    monkeypatch.setattr(bewaren, "JONG_S", -1)
    monkeypatch.setattr(bewaren, "RUST", -1)


def plaats_en_bron(oud_s_max: float, duurt_s: float = 5) -> tuple[Klok, Bewaarplaats, Bron]:
    """All with one clock."""
    klok = Klok()
    return klok, Bewaarplaats(oud_s_max=oud_s_max, klok=klok), Bron(klok, duurt_s)


async def test_an_answer_is_exact_while_nothing_is_written() -> None:
    plaats, bron = Bewaarplaats(), Bron()

    found = [await plaats.haal("vraag", stempel, bron.maak) for stempel in ("a", "a", "b", "b", "a")]

    assert found == [1, 1, 2, 2, 3]


@pytest.mark.usefixtures("onvermoeibaar")
async def test_after_a_write_the_old_answer_is_given_while_a_new_one_is_made() -> None:
    _, plaats, bron = plaats_en_bron(60)
    assert await plaats.haal("vraag", "a", bron.maak) == 1
    bron.verder.clear()

    assert [await plaats.haal("vraag", "b", bron.maak) for _ in range(3)] == [1, 1, 1]
    bron.verder.set()
    await klaar(plaats)

    assert await plaats.haal("vraag", "b", bron.maak) == 2
    assert bron.gemaakt == 2


@pytest.mark.parametrize(("duurt_s", "te_vroeg", "later"), [(5, 49, 2), (1, 29, 2)])
async def test_an_answer_rests_before_it_is_made_again(duurt_s: float, te_vroeg: float, later: float) -> None:
    """Ten times what it took, and half a minute: readers of a page that changes all the time do not keep a processor busy."""
    klok, plaats, bron = plaats_en_bron(1000, duurt_s)
    await plaats.haal("vraag", "a", bron.maak)
    made = []
    for wait in (te_vroeg, later):
        klok.nu += wait
        assert await plaats.haal("vraag", "b", bron.maak) == 1
        await klaar(plaats)
        made.append(bron.gemaakt)

    assert made == [1, 2]


async def test_an_answer_that_takes_no_time_is_exact() -> None:
    """However old an answer may be: in a small region nobody sees yesterday's figure."""
    _, plaats, bron = plaats_en_bron(1000, duurt_s=0.05)

    assert [await plaats.haal("vraag", stempel, bron.maak) for stempel in ("a", "a", "b")] == [1, 1, 2]


async def test_an_answer_that_is_too_old_is_waited_for() -> None:
    klok, plaats, bron = plaats_en_bron(60)
    await plaats.haal("vraag", "a", bron.maak)

    klok.nu += 61

    assert await plaats.haal("vraag", "a", bron.maak) == 1
    assert await plaats.haal("vraag", "b", bron.maak) == 2


async def test_it_is_made_once_however_many_ask_and_again_for_who_saw_a_later_state() -> None:
    plaats, bron = Bewaarplaats(), Bron()
    bron.verder.clear()
    early = [asyncio.create_task(plaats.haal("vraag", "a", bron.maak)) for _ in range(5)]
    late = asyncio.create_task(plaats.haal("vraag", "b", bron.maak))
    await asyncio.sleep(0)
    bron.verder.set()

    found = await asyncio.gather(*early)

    assert set(found) == {1}
    assert await late == 2
    assert bron.gemaakt == 2


async def test_who_gives_up_does_not_take_the_answer_away_from_others() -> None:
    plaats, bron = Bewaarplaats(), Bron()
    bron.verder.clear()
    first = asyncio.create_task(plaats.haal("vraag", "a", bron.maak))
    second = asyncio.create_task(plaats.haal("vraag", "a", bron.maak))
    await asyncio.sleep(0)
    first.cancel()
    bron.verder.set()

    assert await second == 1


async def _fail() -> int:
    raise ValueError("stuk")


@pytest.mark.usefixtures("onvermoeibaar")
async def test_what_fails_is_told_to_who_waits_and_not_kept() -> None:
    _, plaats, bron = plaats_en_bron(60)
    with pytest.raises(ValueError, match="stuk"):
        await plaats.haal("vraag", "a", _fail)
    await plaats.haal("vraag", "a", bron.maak)

    assert await plaats.haal("vraag", "b", _fail) == 1
    await klaar(plaats)

    assert await plaats.haal("vraag", "b", bron.maak) == 1


async def test_no_more_is_kept_than_was_said() -> None:
    """The one that nobody asked for the longest goes."""
    plaats, bron = Bewaarplaats(aantal_max=2), Bron()
    for vraag in ("een", "twee", "een", "drie"):
        await plaats.haal(vraag, "a", bron.maak)

    assert await plaats.haal("een", "a", bron.maak) == 1
    assert await plaats.haal("twee", "a", bron.maak) == 4


async def test_closing_stops_what_is_being_made() -> None:
    plaats, bron = Bewaarplaats(), Bron()
    bron.verder.clear()
    waiting = asyncio.create_task(plaats.haal("vraag", "a", bron.maak))
    await asyncio.sleep(0)

    await plaats.sluit()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert bron.gemaakt == 0


@pytest.mark.usefixtures("onvermoeibaar")
async def test_beside_readers_one_answer_is_made_at_a_time() -> None:
    """Whatever it is about; who has no answer at all does not wait for that."""
    klok, plaats, bron = plaats_en_bron(oud_s_max=60)
    for sleutel in ("a", "b"):
        await plaats.haal(sleutel, 1, bron.maak)
    bron.verder.clear()

    assert [await plaats.haal(sleutel, 2, bron.maak) for sleutel in ("a", "b")] == [1, 2]
    await asyncio.sleep(0)
    other = Bron(klok)
    assert await plaats.haal("c", 2, other.maak) == 1
    begun = set(plaats._bezig)
    bron.verder.set()
    await klaar(plaats)

    assert begun == {"a", "b"}
    assert bron.gemaakt == 4
    assert [await plaats.haal(sleutel, 2, bron.maak) for sleutel in ("a", "b")] == [3, 4]


@pytest.mark.usefixtures("onvermoeibaar")
async def test_what_waits_for_its_turn_can_be_stopped() -> None:
    _klok, plaats, bron = plaats_en_bron(oud_s_max=60)
    for sleutel in ("a", "b"):
        await plaats.haal(sleutel, 1, bron.maak)
    bron.verder.clear()
    for sleutel in ("a", "b"):
        await plaats.haal(sleutel, 2, bron.maak)

    await plaats.sluit()

    assert plaats._bezig == {}
