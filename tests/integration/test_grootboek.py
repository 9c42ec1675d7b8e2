"""The books in PostgreSQL: what the database refuses whoever asks, acts that bring the books to a plan, and commitments over time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietToegestaan, OngeldigVerzoek
from app.domain.partij import SYSTEEM, Actor, Rol
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from app.ledger import (
    boek_bijdragen,
    boek_organisatiekosten,
    boek_ouderbijdrage,
    boek_pgb_besteding,
    boek_pgb_voorschot,
    boek_termijnen,
    boek_verevening,
    boek_voorschotten,
    fold,
    herreken_verplichtingen,
    keur_goed,
    laat_vrijvallen,
    open_handeling,
    verify,
)
from app.ledger.gebeurtenissen import paren
from app.ledger.rekeningschema import REKENINGSOORTEN
from app.parties import laad_regio
from tests.builders import AGB, CATEGORIE, CODE, make_301, make_323, make_client, make_toegewezen_product
from tests.end_to_end.werkbank import REGIO, stuur, wereld_with_region, write_region

CONTROLLER = Actor(naam="contr", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
JAN, MEI = date(2026, 1, 1), date(2026, 5, 1)
GELD = {
    **REGIO,
    "voorschotten.csv": f"agb,gemeente,maand,bedrag_cent\n{AGB},0664,2026-01,500000\n{AGB},0687,2026-01,250000\n",
    "bijdragen.csv": "gemeente,maand,bedrag_cent\n0664,2026-01,1000\n0687,2026-01,2000\n",
    "contracten.csv": REGIO["contracten.csv"]
    + f"L1,{AGB},ijw,0664 0687,2020-01-01,,taak,lumpsum,\nB1,{AGB},ijw,0664,2020-01-01,,taak,budget,\n",
    "bekostigingen.csv": "contract,zorgvorm,jaar,vorm,gegarandeerd_cent,variabel_cent,administratie_promille,termijnen\n"
    "L1,ambulant,2026,lumpsum,1000000,0,0,12\nB1,ambulant,2026,budget,400000,100000,0,4\n",
}


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> Any:
    """A world with money in its region."""
    async with wereld_with_region(database, tmp_path, GELD) as world:
        yield world


async def per_rekening(wereld: Wereld) -> dict[tuple[str, str], int]:
    """Balances per soort and gemeente, zeros left out."""
    rows = await wereld.pool.fetch(
        """
        select soort, gemeente, sum(bedrag_cent)::bigint as cent
          from rekening join (select rekening_nr, bedrag_cent from saldo union all select rekening_nr, bedrag_cent from saldo_delta) s
         using (rekening_nr) group by 1, 2 having sum(bedrag_cent) <> 0
        """
    )
    return {(row["soort"], row["gemeente"]): row["cent"] for row in rows}


async def verified(wereld: Wereld) -> None:
    """Nothing contradicts the books."""
    assert [each for each in await verify(wereld) if not each.klopt] == []


async def test_the_tables_in_the_database_are_those_in_code(wereld: Wereld) -> None:
    """Of accounts and events."""
    soorten = await wereld.pool.fetch("select soort, eigenaar, normaal from rekeningsoort")
    gebeurtenissen = await wereld.pool.fetch("select soort, debet, credit, tegen, noemt_eerdere, bron, client from gebeurtenis")

    assert {tuple(row) for row in soorten} == {(each.soort, str(each.eigenaar), str(each.normaal)) for each in REKENINGSOORTEN}
    assert {tuple(row) for row in gebeurtenissen} == set(paren())


INSERT = """
insert into boeking (bericht_nr, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, boekdatum, client_id, regelset,
                     storno_van)
values (1, 1, $1, 0, $2, $3, 100, 'ijw', 'ambulant', '2026-05-01', $6, $4, 'x', $5)
"""


async def insert(wereld: Wereld, soort: str, debet: tuple[str, str, str], credit: tuple[str, str, str], **changes: Any) -> None:
    """A transfer straight into the table, past every line of code."""
    nrs = []
    for each in (debet, credit):
        await wereld.pool.execute("insert into rekening (soort, gemeente, agb) values ($1, $2, $3) on conflict do nothing", *each)
        nrs.append(await wereld.pool.fetchval("select rekening_nr from rekening where (soort, gemeente, agb) = ($1, $2, $3)", *each))
    given = {"client_id": 1, "storno_van": None, "boekdatum": date(2026, 6, 3), **changes}
    await wereld.pool.execute(INSERT, soort, *nrs, given["client_id"], given["storno_van"], given["boekdatum"])


GOES = ("kosten", "0664", "")
SCHULD = ("crediteur", "0664", AGB)
REFUSED: dict[str, tuple[str, tuple[str, str, str], tuple[str, str, str], dict[str, Any]]] = {
    "unknown soort": ("cadeau", GOES, SCHULD, {}),
    "other accounts": ("prestatie", GOES, ("bank", "0664", ""), {}),
    "the reverse without what it undoes": ("prestatie", SCHULD, GOES, {}),
    "a debit that says it undoes something": ("prestatie", GOES, SCHULD, {"storno_van": "1:1:prestatie:0"}),
    "without client": ("prestatie", GOES, SCHULD, {"client_id": None}),
    "with a client where there is none": ("voorschot", ("voorschot", "0664", AGB), ("bank", "0664", ""), {}),
    "two gemeenten": ("prestatie", GOES, ("crediteur", "0687", AGB), {}),
    "two aanbieders": ("voorschot_verrekend", SCHULD, ("voorschot", "0664", "42420002"), {"client_id": None}),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_the_database_refuses_a_transfer_that_no_event_makes(wereld: Wereld, name: str) -> None:
    """Whoever inserts it."""
    soort, debet, credit, changes = REFUSED[name]

    with pytest.raises(asyncpg.CheckViolationError, match="past niet in het rekeningschema"):
        await insert(wereld, soort, debet, credit, **changes)

    assert await wereld.pool.fetchval("select count(*) from boeking") == 0


async def test_the_database_takes_what_an_event_makes(wereld: Wereld) -> None:
    """The same statement, so the refusals above are for their reason."""
    await insert(wereld, "prestatie", GOES, SCHULD)

    assert await wereld.pool.fetchval("select count(*) from boeking") == 1


@pytest.mark.parametrize(
    "rekening", [("spaarpot", "0664", ""), ("kosten", "", ""), ("kosten", "0664", AGB), ("crediteur", "0664", ""), ("kas", "0664", "")]
)
async def test_the_database_refuses_an_account_outside_the_chart(wereld: Wereld, rekening: tuple[str, str, str]) -> None:
    """Of another kind, or with another owner than its kind has."""
    with pytest.raises(asyncpg.CheckViolationError, match="rekeningschema"):
        await wereld.pool.execute("insert into rekening (soort, gemeente, agb) values ($1, $2, $3)", *rekening)


CLOSE = (
    "insert into maand_afsluiting (boekmaand, gesloten_op, gesloten_door, hash, aantal, bedrag_cent)"
    " values ('2026-06-01', now(), 'contr', 'x', 0, 0)"
)


async def test_a_closed_month_takes_no_transfer_of_whatever_care_month(wereld: Wereld) -> None:
    """Another booking month does; and the closing itself stays."""
    await wereld.pool.execute(CLOSE)

    with pytest.raises(asyncpg.CheckViolationError, match="boekmaand 2026-06 is afgesloten"):
        await insert(wereld, "prestatie", GOES, SCHULD)
    await insert(wereld, "prestatie", GOES, SCHULD, boekdatum=date(2026, 7, 1))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await wereld.pool.execute("delete from maand_afsluiting")


async def test_a_closing_waits_for_transfers_under_way_and_they_for_it(wereld: Wereld) -> None:
    """A transfer is committed before the month closes, or sees that it is closed."""
    await insert(wereld, "prestatie", GOES, SCHULD, boekdatum=date(2026, 7, 1))
    async with wereld.pool.acquire() as booking, wereld.pool.acquire() as closing:
        under_way = booking.transaction()
        await under_way.start()
        await booking.execute(
            "insert into boeking select bericht_nr + 1, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, dienst_van,"
            " dienst_tot, date '2026-06-03', client_id, prestatie_nr, tarief_id, regelset, storno_van from boeking"
        )
        closed = asyncio.create_task(closing.execute(CLOSE))
        await asyncio.sleep(0.2)
        assert not closed.done()

        await under_way.commit()
        await closed

    assert await wereld.pool.fetchval("select count(*) from boeking where boekdatum = '2026-06-03'") == 1


async def test_an_act_is_approved_once_by_another_and_never_changes(wereld: Wereld) -> None:
    """Four eyes, in code and in the database."""
    async with transaction(wereld.pool) as connection:
        nr = await open_handeling(connection, soort="betaalopdracht", door="contr", op=wereld.nu, reden="juni")
        with pytest.raises(NietToegestaan):
            await keur_goed(connection, nr, door="contr", op=wereld.nu)
        await keur_goed(connection, nr, door="ander", op=wereld.nu)
        with pytest.raises(Conflict):
            await keur_goed(connection, nr, door="derde", op=wereld.nu)

    for statement in ("update handeling set reden = 'anders'", "delete from handeling", "update handeling set goedgekeurd_door = 'derde'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await wereld.pool.execute(statement)
    with pytest.raises(asyncpg.CheckViolationError):
        await wereld.pool.execute(
            "insert into handeling (soort, gemaakt_op, gemaakt_door, reden, goedgekeurd_op, goedgekeurd_door)"
            " values ('x', now(), 'a', 'x', now(), 'a')"
        )


async def test_terms_advances_and_contributions_are_booked_by_plan_and_once(wereld: Wereld) -> None:
    """Lumpsum of two gemeenten by inhabitants, the guaranteed part of a budget as an advance that is owed; again nothing happens."""
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: boek_termijnen(wereld, CONTROLLER, JAN, maatstaf="inwoners", reden="januari"),
        lambda: boek_voorschotten(wereld, CONTROLLER, JAN, reden="januari"),
        lambda: boek_bijdragen(wereld, CONTROLLER, JAN, reden="januari"),
        lambda: boek_organisatiekosten(wereld, CONTROLLER, JAN, bedrag_cent=1001, maatstaf="inwoners", reden="januari"),
    ]

    assert all([await act() for act in acts])
    saldi = await per_rekening(wereld)
    assert not any([await act() for act in acts])

    assert await per_rekening(wereld) == saldi
    goes, middelburg = 36398, 46934  # 10 000 euro by 38 000 and 49 000 inhabitants, the first of twelve terms
    assert saldi["kosten", "0664"] == goes
    assert saldi["kosten", "0687"] == middelburg
    assert saldi["crediteur", "0664"] == -goes - 100_000
    assert saldi["voorschot", "0664"] == 600_000
    assert (saldi["inleg", "0664"], saldi["inleg", "0687"]) == (1000, 2000)
    assert saldi["kas", ""] == -3000 - 1001
    assert sum(saldi.values()) == 0
    await verified(wereld)


async def test_a_plan_that_changed_books_the_difference(wereld: Wereld, tmp_path: Path) -> None:
    """Also down, and also for a gemeente that is no longer in it."""
    await boek_bijdragen(wereld, CONTROLLER, JAN, reden="januari")
    files = {**GELD, "bijdragen.csv": "gemeente,maand,bedrag_cent\n0664,2026-01,400\n"}
    await laad_regio(wereld.pool, write_region(tmp_path / "nieuw", files), nu=wereld.nu, actor=SYSTEEM)

    nr = await boek_bijdragen(wereld, CONTROLLER, JAN, reden="bijgesteld")

    assert await per_rekening(wereld) == {("inleg", "0664"): 400, ("kas", ""): -400}
    assert await wereld.pool.fetchval("select array_agg(bedrag_cent order by bedrag_cent) from boeking where bericht_nr = $1", nr) == [
        600,
        2000,
    ]
    await verified(wereld)


async def test_pgb_is_advanced_spent_and_finally_settled_and_ouderbijdrage_lowers_cost(wereld: Wereld) -> None:
    """The final figure replaces the provisional one; what the SVB still holds is the balance of the advance."""
    given: dict[str, Any] = {"domein": "ijw", "zorgvorm": "ambulant"}
    await boek_pgb_voorschot(wereld, CONTROLLER, "0664", JAN, bedrag_cent=40_000, reden="voorschot")
    await boek_pgb_besteding(wereld, CONTROLLER, "0664", JAN, bedrag_cent=35_000, reden="voorlopig", **given)
    await boek_pgb_besteding(wereld, CONTROLLER, "0664", JAN, bedrag_cent=18_300, reden="definitief", **given)
    await boek_ouderbijdrage(wereld, CONTROLLER, "0664", JAN, bedrag_cent=3_210, reden="inning", **given)

    assert await per_rekening(wereld) == {
        ("voorschot_svb", "0664"): 40_000 - 18_300,
        ("kosten", "0664"): 18_300 - 3_210,
        ("bank", "0664"): -40_000 + 3_210,
    }
    with pytest.raises(OngeldigVerzoek, match="zorgvorm"):
        await boek_pgb_besteding(wereld, CONTROLLER, "0664", JAN, domein="ijw", zorgvorm="bestaat niet", bedrag_cent=1, reden="x")
    with pytest.raises(OngeldigVerzoek, match="gemeente"):
        await boek_pgb_voorschot(wereld, CONTROLLER, "9999", JAN, bedrag_cent=1, reden="x")
    await verified(wereld)


async def test_a_verevening_is_booked_when_it_is_fixed_and_once(wereld: Wereld) -> None:
    """Who pays is debited, who receives credited, all through the kas of the region, which ends at zero."""
    uitkomst = [{"municipality": code, "settlement_cent": cents} for code, cents in (("0664", 500), ("0687", -800), ("0664", 300))]
    run = await wereld.pool.fetchval(
        "insert into verevening_run (gemaakt_op, gemaakt_door, jaar, model, invoer, uitkomst)"
        " values (now(), 'x', 2025, 'm', '{}', $1) returning run_nr",
        uitkomst,
    )
    with pytest.raises(Conflict):
        await boek_verevening(wereld, CONTROLLER, run, reden="2025")
    await wereld.pool.execute("update verevening_run set status = 'vastgesteld', vastgesteld_op = now(), vastgesteld_door = 'y'")

    first = await boek_verevening(wereld, CONTROLLER, run, reden="2025")
    second = await boek_verevening(wereld, CONTROLLER, run, reden="2025")

    assert first is not None
    assert second is None
    assert await per_rekening(wereld) == {("verevening", "0664"): 800, ("verevening", "0687"): -800}
    assert await wereld.pool.fetchval("select status from verevening_run") == "geboekt"
    await verified(wereld)


async def test_only_a_controller_of_the_region_books(wereld: Wereld) -> None:
    """Not one of a gemeente, nor somebody else."""
    for actor in (
        Actor(naam="a", gemeenten=None, rollen=frozenset({Rol.CONTRACTBEHEER})),
        Actor(naam="b", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER})),
    ):
        with pytest.raises(NietToegestaan):
            await boek_bijdragen(wereld, actor, JAN, reden="x")
        with pytest.raises(NietToegestaan):
            await laat_vrijvallen(wereld, actor, voor=MEI, reden="x")


async def committed(wereld: Wereld) -> dict[date, int]:
    """What stands committed per month of care."""
    rows = await wereld.pool.fetch(
        """
        select zorgmaand, sum(bedrag_cent)::bigint as cent
          from rekening join (select * from saldo_delta) s using (rekening_nr) where soort = 'verplichting' group by 1 having sum(bedrag_cent) <> 0
        """
    )
    return {row["zorgmaand"]: row["cent"] for row in rows}


async def test_a_commitment_is_opened_used_up_repriced_and_released(wereld: Wereld, tmp_path: Path) -> None:
    """Ten hours a month at 60 euro; eight are granted in May; the tariff becomes 70; then what is left before June is released."""
    product = make_toegewezen_product(
        ingangsdatum=date(2026, 4, 1), einddatum=date(2026, 6, 30), omvang=Omvang(volume=10, eenheid="04", frequentie="4")
    )
    await stuur(wereld, make_301(client=make_client(toegewezen_producten=(product,))))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)
    opened = await committed(wereld)
    await stuur(wereld, make_323())
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)
    used = await committed(wereld)
    dearer = GELD["tarieven.csv"].replace(f"J1,{CATEGORIE},{CODE},04,6000", f"J1,{CATEGORIE},{CODE},04,7000")
    await laad_regio(wereld.pool, write_region(tmp_path / "duurder", {**GELD, "tarieven.csv": dearer}), nu=wereld.nu, actor=SYSTEEM)
    await verified(wereld)
    assert len(await herreken_verplichtingen(wereld, CONTROLLER, reden="indexatie")) == 1
    repriced = await committed(wereld)
    assert await herreken_verplichtingen(wereld, CONTROLLER, reden="nogmaals") == []
    await verified(wereld)
    await laat_vrijvallen(wereld, CONTROLLER, voor=date(2026, 6, 1), reden="oud")

    april, mei, juni = (date(2026, maand, 1) for maand in (4, 5, 6))
    assert opened == {april: 60_000, mei: 60_000, juni: 60_000}
    assert used == {april: 60_000, mei: 12_000, juni: 60_000}
    assert repriced == {april: 70_000, mei: 22_000, juni: 70_000}
    assert await committed(wereld) == {juni: 70_000}
    await verified(wereld)


async def test_verify_sees_a_commitment_that_the_register_does_not_bear_out(wereld: Wereld) -> None:
    """An expectation changed behind the back of the books."""
    await stuur(wereld, make_301())
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=1)
    await wereld.pool.execute(
        "update verplichting set verwacht_cent = verwacht_cent + 1 where zorgmaand = (select min(zorgmaand) from verplichting)"
    )

    wrong = [each.regel for each in await verify(wereld) if not each.klopt]

    assert wrong == [
        "verplichtingen zijn wat de toewijzingen naar verwachting kosten min wat is toegekend",
        "verplichtingen per aanbieder zijn wat zijn toewijzingen nog kosten",
    ]


@pytest.mark.parametrize("gevouwen", [False, True])
@pytest.mark.parametrize(
    ("tabel", "zin"),
    [
        ("verplichting_saldo", "verplichtingen per aanbieder zijn wat zijn toewijzingen nog kosten"),
        ("tarief_saldo", "toegekend per tariefregel en zorgmaand is de som van de prestaties"),
    ],
)
async def test_verify_sees_a_sum_that_its_rows_do_not_bear_out(wereld: Wereld, tabel: str, zin: str, gevouwen: bool) -> None:
    """What pages read instead of all rows is held to those rows, before and after it is folded."""
    await stuur(wereld, make_301())
    await stuur(wereld, make_323())
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50)
    assert all(each.klopt for each in await verify(wereld))
    if gevouwen:
        await fold(wereld)
    changed = tabel if gevouwen else f"{tabel}_delta"

    status = await wereld.pool.execute(f"update {changed} set bedrag_cent = bedrag_cent + 1")

    assert status != "UPDATE 0"
    assert [each.regel for each in await verify(wereld) if not each.klopt] == [zin]


async def test_what_is_granted_follows_prestaties_whatever_changes_them(wereld: Wereld) -> None:
    """Inserted, judged otherwise, and taken away: the sum per tariff line is that of the rows, and no delta says nothing."""
    await stuur(wereld, make_301())
    await stuur(wereld, make_323())
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50)
    som = "select coalesce(sum(bedrag_cent), 0)::bigint from tarief_saldo_delta"
    granted = await wereld.pool.fetchval(som)
    deltas = await wereld.pool.fetchval("select count(*) from tarief_saldo_delta")

    await wereld.pool.execute("update prestatie set gecrediteerd_door = bericht_nr")
    after_credit = await wereld.pool.fetchval("select count(*) from tarief_saldo_delta")
    await wereld.pool.execute("update prestatie set bedrag_cent = bedrag_cent + 7")
    raised = await wereld.pool.fetchval(som)
    await wereld.pool.execute("delete from prestatie")

    assert granted == await wereld.pool.fetchval("select toegekend_cent from bericht where soort = '323' and richting = 'in'") > 0
    assert after_credit == deltas
    assert raised == granted + 7
    assert await wereld.pool.fetchval(som) == 0
