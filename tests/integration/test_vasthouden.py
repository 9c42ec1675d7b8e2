"""Holding on a real database: who may, in which state, what waits behind, rules, and the day on which it ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import SYSTEEM, Actor, Rol
from app.judging import (
    NieuweRegel,
    beeindig_regel,
    blik_vasthouden,
    geef_verlopen_vrij,
    geef_vrij,
    houd_vast,
    lijst_vastgehouden,
    lijst_vasthoudregels,
    maak_regel,
    verwerk_baan,
    wek_wachtenden,
)
from app.ledger import verify
from app.mailbox import outbox
from tests.builders import (
    AGB,
    BSN,
    GEMEENTE,
    make_301,
    make_305,
    make_323,
    make_credit,
    make_declaratie,
    make_prestatie,
)
from tests.end_to_end.werkbank import klopt, status, stuur, wereld_with_region

pytestmark = pytest.mark.slow

REDEN = "aanbieder zoekt het uit"
VAN_GOES = Actor(naam="goes", gemeenten=frozenset({GEMEENTE}), rollen=frozenset({Rol.UITVAL}))
REGEL = NieuweRegel(agb=AGB, domein="ijw", gemeente=GEMEENTE, reden=REDEN, tot=date(2026, 6, 5))
PRESTATIE = make_prestatie()
VAN_ELDERS = Actor(naam="elders", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.UITVAL}))


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region with one toewijzing, of Wednesday 3 June 2026."""
    async with wereld_with_region(database, tmp_path) as found:
        await stuur(found, make_301())
        await judge(found)
        yield found


def eerste() -> Bericht:
    """A declaratie of one prestatie."""
    return make_323(clienten=[DeclaratieClient(bsn=BSN, prestaties=(PRESTATIE,), regelnummer=14)], identificatie="ID1")


def credit() -> Bericht:
    """A later declaratie that takes it back; refused when the first is not there yet."""
    clienten = (DeclaratieClient(bsn=BSN, prestaties=(make_credit("C1", PRESTATIE),), regelnummer=14),)
    return make_323(declaratie=make_declaratie(clienten, declaratie_nummer="D2"), identificatie="ID2")


def opnieuw(nummer: str = "D3") -> Bericht:
    """One more declaratie, of which only the number differs."""
    clienten = (DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(f"R{nummer}"),), regelnummer=14),)
    return make_323(declaratie=make_declaratie(clienten, declaratie_nummer=nummer), identificatie=f"I{nummer}")


async def judge(wereld: Wereld) -> None:
    """Judge what is due in the lane."""
    while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
        pass


def later(wereld: Wereld, dag: date) -> Wereld:
    """The same world on a morning later on."""
    moment = datetime(dag.year, dag.month, dag.day, 9, tzinfo=AMSTERDAM)
    return replace(wereld, clock=lambda: moment)


async def test_a_held_declaratie_waits_with_its_reason_and_what_stands_behind_it(wereld: Wereld) -> None:
    """The credit waits, the start does not; after the release both declaraties are judged, in order."""
    nr = await stuur(wereld, eerste())
    await houd_vast(wereld, VAN_GOES, nr, f"  {REDEN}\n ")
    later_nr, start_nr = await stuur(wereld, credit()), await stuur(wereld, make_305())
    await judge(wereld)

    assert [await status(wereld, each) for each in (nr, later_nr, start_nr)] == ["vastgehouden", "vastgehouden", "verwerkt"]
    [item] = (await lijst_vastgehouden(wereld, VAN_GOES)).items
    assert (item.bericht_nr, item.reden, item.door, item.achter) == (nr, REDEN, "goes", 1)
    assert (item.termijn, item.vrij_vanaf, item.werkdagen) == (date(2026, 6, 17), date(2026, 6, 12), 10)
    behind = await blik_vasthouden(wereld, VAN_GOES, later_nr)
    assert behind.achter_nr == nr
    assert behind.nu is not None
    assert behind.nu.volgt
    assert all(controle.klopt for controle in await verify(wereld))

    await geef_vrij(wereld, VAN_GOES, nr)
    await judge(wereld)

    assert [await status(wereld, each) for each in (nr, later_nr)] == ["verwerkt", "verwerkt"]
    await klopt(wereld)
    assert (await lijst_vastgehouden(wereld, VAN_GOES)).items == ()
    [keer] = (await blik_vasthouden(wereld, VAN_GOES, nr)).keren
    assert (keer.reden, keer.vrij_door) == (REDEN, "goes")


async def test_the_proof_of_states_finds_a_hold_without_a_name_and_a_name_without_a_hold(wereld: Wereld) -> None:
    """A status and the reason for it come and go together."""
    nr = await stuur(wereld, eerste())
    await houd_vast(wereld, VAN_GOES, nr, REDEN)
    await wereld.pool.execute("update vasthouding set vrij_op = $1, vrij_door = 'x'", wereld.nu)
    assert [nr] == await _wrong(wereld)

    await wereld.pool.execute("update vasthouding set vrij_op = null, vrij_door = null")
    await wereld.pool.execute("update bericht set status = 'ontvangen' where bericht_nr = $1", nr)
    await outbox_put(wereld, nr)
    assert [nr] == await _wrong(wereld)


async def _wrong(wereld: Wereld) -> list[object]:
    """The berichten that the verification names."""
    return [row["bericht_nr"] for controle in await verify(wereld) for row in controle.tegenspraken]


async def outbox_put(wereld: Wereld, nr: int) -> None:
    """As if it waited to be judged."""
    async with wereld.pool.acquire() as connection:
        await outbox.put(connection, [nr], beschikbaar_op=wereld.nu)


async def test_a_released_one_waits_behind_an_earlier_one_that_is_held(wereld: Wereld) -> None:
    """Nothing overtakes."""
    nr, later_nr = await stuur(wereld, eerste()), await stuur(wereld, credit())
    await houd_vast(wereld, VAN_GOES, later_nr, REDEN)
    await houd_vast(wereld, VAN_GOES, nr, REDEN)

    await geef_vrij(wereld, VAN_GOES, later_nr)
    await judge(wereld)
    assert [await status(wereld, each) for each in (nr, later_nr)] == ["vastgehouden", "vastgehouden"]
    with pytest.raises(Conflict, match="achter een andere"):
        await geef_vrij(wereld, VAN_GOES, later_nr)

    await geef_vrij(wereld, VAN_GOES, nr)
    await judge(wereld)
    assert [await status(wereld, each) for each in (nr, later_nr)] == ["verwerkt", "verwerkt"]


async def test_who_may_hold_and_what(wereld: Wereld) -> None:
    """A role, a gemeente that one sees, a reason, a declaratie, without an outcome, and only once."""
    nr, start_nr = await stuur(wereld, eerste()), await stuur(wereld, make_305())
    reader = Actor(naam="lezer", gemeenten=None, rollen=frozenset({Rol.INZAGE, Rol.TOEGANG}))

    for act in (houd_vast(wereld, reader, nr, REDEN), geef_vrij(wereld, reader, nr)):
        with pytest.raises(NietToegestaan):
            await act
    for act in (houd_vast(wereld, VAN_ELDERS, nr, REDEN), geef_vrij(wereld, VAN_ELDERS, nr), houd_vast(wereld, VAN_GOES, 10**9, REDEN)):
        with pytest.raises(NietGevonden):
            await act
    for reden in ("", "  kort", "x" * 501, "een\0nul"):
        with pytest.raises(OngeldigVerzoek):
            await houd_vast(wereld, VAN_GOES, nr, reden)
    with pytest.raises(Conflict, match="Alleen een declaratie"):
        await houd_vast(wereld, VAN_GOES, start_nr, REDEN)
    with pytest.raises(Conflict, match="niet vastgehouden"):
        await geef_vrij(wereld, VAN_GOES, nr)
    await houd_vast(wereld, VAN_GOES, nr, REDEN)
    with pytest.raises(Conflict, match="al vastgehouden"):
        await houd_vast(wereld, VAN_GOES, nr, REDEN)
    with pytest.raises(NietGevonden):
        await geef_vrij(wereld, VAN_ELDERS, nr)
    await geef_vrij(wereld, VAN_GOES, nr)
    await judge(wereld)
    with pytest.raises(Conflict, match="al beoordeeld"):
        await houd_vast(wereld, VAN_GOES, nr, REDEN)
    assert (await lijst_vastgehouden(wereld, VAN_ELDERS)).items == ()


async def test_it_ends_by_itself_three_working_days_before_the_term(wereld: Wereld) -> None:
    """Received on Wednesday 3 June, so answered by the 17th at the latest and released on Friday the 12th; not on the 11th, and once."""
    nr = await stuur(wereld, eerste())
    with pytest.raises(Conflict, match="binnen drie werkdagen"):
        await houd_vast(later(wereld, date(2026, 6, 12)), VAN_GOES, nr, REDEN)
    await houd_vast(later(wereld, date(2026, 6, 11)), VAN_GOES, nr, REDEN)
    later_nr = await stuur(later(wereld, date(2026, 6, 4)), credit())
    await judge(wereld)

    assert await geef_verlopen_vrij(later(wereld, date(2026, 6, 11))) == 0
    assert await status(wereld, nr) == "vastgehouden"
    friday = later(wereld, date(2026, 6, 12))
    # Two sweepers at once release it once.
    assert sorted(await asyncio.gather(geef_verlopen_vrij(friday), geef_verlopen_vrij(friday))) == [0, 2]
    assert await geef_verlopen_vrij(friday) == 0
    await judge(friday)

    assert [await status(wereld, each) for each in (nr, later_nr)] == ["verwerkt", "verwerkt"]
    assert (await blik_vasthouden(wereld, VAN_GOES, nr)).keren[0].vrij_door == "systeem"


async def test_one_that_waits_for_a_contract_can_be_held_and_is_judged_again_after(wereld: Wereld) -> None:
    """A region load does not wake what is held."""
    await wereld.pool.execute("update tarief set vervallen_op = now()")
    nr = await stuur(wereld, eerste())
    await judge(wereld)
    assert await status(wereld, nr) == "wacht_op_contract"

    await houd_vast(wereld, VAN_GOES, nr, REDEN)
    await wereld.pool.execute("update tarief set vervallen_op = null")
    await wek_wachtenden(wereld, alle=True)
    await judge(wereld)
    assert await status(wereld, nr) == "vastgehouden"

    await geef_vrij(wereld, VAN_GOES, nr)
    await judge(wereld)
    assert await status(wereld, nr) == "verwerkt"
    await klopt(wereld)


async def test_a_rule_holds_what_comes_in_from_now_until_its_last_day(wereld: Wereld) -> None:
    """What was there before is judged; what was released is not held again; ending the rule releases the rest when that is asked."""
    before, thursday = await stuur(wereld, eerste()), later(wereld, date(2026, 6, 4))
    regel_nr = await maak_regel(thursday, VAN_GOES, REGEL)
    first, second = await stuur(thursday, credit()), await stuur(thursday, opnieuw())
    after = await stuur(later(wereld, date(2026, 6, 6)), opnieuw("D4"))
    await judge(thursday)

    assert [await status(wereld, each) for each in (before, first, second, after)] == ["verwerkt", *["vastgehouden"] * 3]
    assert {item.bericht_nr: item.regel_nr for item in (await lijst_vastgehouden(wereld, VAN_GOES)).items} == {
        first: regel_nr,
        second: regel_nr,
    }, "the last one only waits behind them"
    await geef_vrij(thursday, VAN_GOES, first)
    await judge(thursday)
    assert [await status(wereld, each) for each in (first, second)] == ["verwerkt", "vastgehouden"]

    with pytest.raises(NietGevonden):
        await beeindig_regel(thursday, VAN_ELDERS, regel_nr, ook_vrijgeven=True)
    assert await beeindig_regel(thursday, VAN_GOES, regel_nr, ook_vrijgeven=True) == 2
    await judge(thursday)

    assert "vastgehouden" not in {await status(wereld, each) for each in (second, after)}
    [seen] = await lijst_vasthoudregels(thursday, VAN_GOES)
    assert (seen.houdt, seen.loopt, seen.beeindigd_door) == (0, False, "goes")
    assert await lijst_vasthoudregels(thursday, VAN_ELDERS) == ()
    with pytest.raises(NietGevonden):
        await beeindig_regel(thursday, VAN_GOES, regel_nr, ook_vrijgeven=False)


async def test_what_a_rule_must_be(wereld: Wereld) -> None:
    """Of an aanbieder of the region, of a gemeente that one sees, for some time but not for ever."""
    wrong = {
        "agb": replace(REGEL, agb="99999999"),
        "domein": replace(REGEL, domein="wlz"),
        "gemeente": replace(REGEL, gemeente=None),
        "tot": replace(REGEL, tot=date(2026, 9, 4)),
        "reden": replace(REGEL, reden=" "),
    }
    for veld, regel in wrong.items():
        with pytest.raises(OngeldigVerzoek) as refused:
            await maak_regel(wereld, VAN_GOES, regel)
        assert refused.value.feiten["veld"] == veld
    with pytest.raises(NietToegestaan):
        await maak_regel(wereld, VAN_ELDERS, REGEL)
    assert await lijst_vasthoudregels(wereld, SYSTEEM) == ()
