"""Closing months on a real database: what is late goes to the open month, and whoever changes a closed one is found out."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.adapters.clock import AMSTERDAM
from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.errors import Conflict, NietToegestaan, OngeldigVerzoek, Unavailable
from app.domain.partij import Actor, Rol
from app.domain.periode import GeslotenPeriode, laatste_dag
from app.judging import verwerk_baan
from app.ledger import SaldoFilter, blik_vooruit, boek_lokaal, boekmaanden, saldi, sluit_jaar, sluit_maand, verify
from app.ledger.afsluiten import KOLOMMEN, bron_hash, regel_van
from app.ledger.boeking import Boeking, Rekening
from app.ledger.store import Boekstuk, book
from app.ledger.store_afsluiten import afsluitingen, hash_maand, leg_bronnen_vast
from app.ledger.store_verificatie import contradictions
from app.reports import Basis, read_kosten
from tests.builders import AGB, BSN, make_301, make_323, make_declaratie, make_prestatie
from tests.end_to_end.werkbank import settings_for, status, stuur, wereld_with_region
from tests.integration.test_grootboek import CONTROLLER, GELD

BRONNEN = "elke afgesloten boekmaand bevat nog precies de boekingen van toen"
KETEN = "de afgesloten boekmaanden vormen een ketting zonder breuk"
STATEN = "elk bericht is in precies één toestand en heeft wat die toestand nodig heeft"
MAART, MEI, JUNI, JULI = (date(2026, maand, 1) for maand in (3, 5, 6, 7))
REDEN = "maand gecontroleerd"


@dataclass(frozen=True)
class Tijd:
    """One database, looked at on several days."""

    dsn: str
    folder: Path

    def op(self, maand: int, dag: int, jaar: int = 2026) -> AbstractAsyncContextManager[Wereld]:
        """The world on that morning."""
        return open_wereld(settings_for(self.folder, nu=datetime(jaar, maand, dag, 9, 0, tzinfo=AMSTERDAM)), self.dsn)


@pytest.fixture
async def tijd(database: str, tmp_path: Path) -> Tijd:
    """A toewijzing and a declaratie over April and May booked in June, next to an act; a contribution in July and one in August."""
    async with wereld_with_region(database, tmp_path, GELD) as wereld:
        await stuur(wereld, make_301())
        nr = await stuur(wereld, declaratie(1, (4, 8), (5, 3)))
        await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)
        assert await status(wereld, nr) == "verwerkt"
        await boek_lokaal(wereld, CONTROLLER, "0664", MEI, domein="ijw", zorgvorm="ambulant", bedrag_cent=700, reden="x")
    tijd = Tijd(database, tmp_path)
    for maand, cents in ((7, 800), (8, 900)):
        async with tijd.op(maand, 2) as wereld:
            await boek_lokaal(wereld, CONTROLLER, "0664", MEI, domein="ijw", zorgvorm="ambulant", bedrag_cent=cents, reden="x")
    return tijd


def declaratie(nummer: int, *uren: tuple[int, int]) -> Bericht:
    """A declaratie of hours in months of 2026, as (month, hours)."""
    lines = [
        make_prestatie(f"R{nummer}.{maand}", periode=GeslotenPeriode(begindatum=day, einddatum=laatste_dag(day)), geleverd_volume=volume)
        for maand, volume in uren
        for day in [date(2026, maand, 1)]
    ]
    client = DeclaratieClient(bsn=BSN, prestaties=tuple(lines))
    return make_323(declaratie=make_declaratie([client], declaratie_nummer=f"D{nummer}"), identificatie=f"ID{nummer}")


async def fouten(wereld: Wereld) -> dict[str, list[dict[str, object]]]:
    """What contradicts the books, by sentence."""
    return {each.regel: each.tegenspraken for each in await verify(wereld) if not each.klopt}


async def bytes_van(wereld: Wereld, maand: date) -> list[tuple[Any, ...]]:
    """Every value of every transfer of a month, in order."""
    rows = await wereld.pool.fetch("select * from boeking where date_trunc('month', boekdatum) = $1 order by 1, 2, 3, 4", maand)
    return [tuple(row) for row in rows]


async def test_what_is_late_goes_to_the_open_month_and_keeps_its_care_month(tijd: Tijd) -> None:
    """End to end with a real declaratie: the closed month is what it was, and the late line is in both bases."""
    async with tijd.op(7, 3) as wereld:
        closed = await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        before = await bytes_van(wereld, JUNI)
        nr = await stuur(wereld, declaratie(2, (3, 2)))
        await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)

        assert await status(wereld, nr) == "verwerkt"
        assert await bytes_van(wereld, JUNI) == before
        assert closed.aantal == len(before)
        assert closed.bedrag_cent == sum(row[6] for row in before)
        booked = await wereld.pool.fetch("select zorgmaand, boekdatum from boeking where bericht_nr = $1 and soort = 'prestatie'", nr)
        assert [tuple(row) for row in booked] == [(MAART, date(2026, 7, 3))]
        assert await fouten(wereld) == {}

        late = await saldi(wereld, CONTROLLER, SaldoFilter(rekening="kosten", boekmaand=JULI))
        both = await saldi(wereld, CONTROLLER, SaldoFilter(rekening="kosten", zorgjaar=2026, boekjaar=2026))

    assert [(row.zorgmaand, row.bedrag_cent) for row in late] == [(MAART, 12_000)]
    assert sum(row.bedrag_cent for row in both) == 12_000 + 11 * 6000


async def test_cost_is_shown_by_month_of_care_and_by_booking_month(tijd: Tijd) -> None:
    """The same cents, in March to May of the one and in June and July of the other."""
    async with tijd.op(7, 3) as wereld:
        await stuur(wereld, declaratie(2, (3, 2)))
        await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)

        zorg = await read_kosten(wereld, CONTROLLER, 2026)
        boek = await read_kosten(wereld, CONTROLLER, 2026, basis=Basis.BOEK)

    assert {row.naam: row.kosten_cent for row in zorg.maanden if row.kosten_cent} == {"maart": 12_000, "april": 48_000, "mei": 18_000}
    assert {row.naam: row.kosten_cent for row in boek.maanden if row.kosten_cent} == {"juni": 66_000, "juli": 12_000}
    assert zorg.totaal.kosten_cent == boek.totaal.kosten_cent


async def test_months_close_in_order_once_and_not_before_they_are_over(tijd: Tijd) -> None:
    """And only by a controller of the region, with a reason."""
    gemeente = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
    inkoop = Actor(naam="inkoop", gemeenten=None, rollen=frozenset({Rol.CONTRACTBEHEER}))
    async with tijd.op(8, 31) as wereld:
        for actor in (gemeente, inkoop):
            with pytest.raises(NietToegestaan):
                await sluit_maand(wereld, actor, JUNI, reden=REDEN)
            with pytest.raises(NietToegestaan):
                await blik_vooruit(wereld, actor, JUNI)
        with pytest.raises(OngeldigVerzoek):
            await sluit_maand(wereld, CONTROLLER, JUNI, reden=" ")
        with pytest.raises(Conflict, match="Sluit eerst 2026-06"):
            await sluit_maand(wereld, CONTROLLER, JULI, reden=REDEN)
        for maand in (date(2026, 8, 1), date(2026, 9, 1)):
            with pytest.raises(Conflict, match="nog niet voorbij"):
                await sluit_maand(wereld, CONTROLLER, maand, reden=REDEN)
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        for maand in (JUNI, date(2026, 1, 1)):
            with pytest.raises(Conflict, match="al afgesloten"):
                await sluit_maand(wereld, CONTROLLER, maand, reden=REDEN)

        shown = await boekmaanden(wereld, CONTROLLER)
        of_goes = await boekmaanden(wereld, gemeente)
        acts = await wereld.pool.fetch("select sleutel, gemaakt_door, reden, gegevens from handeling where soort = 'maand_afsluiting'")

    assert [(each.boekmaand, each.is_gesloten) for each in shown] == [(date(2026, 8, 1), False), (JULI, False), (JUNI, True)]
    assert [(each.boekmaand, each.gesloten_door, each.aantal, each.hash) for each in of_goes][-1] == (JUNI, "contr", None, None)
    assert [(row["sleutel"], row["gemaakt_door"], row["reden"], row["gegevens"]["hash"]) for row in acts] == [
        ("2026-06", "contr", REDEN, shown[-1].hash)
    ]


async def test_a_year_closes_in_order_and_goes_on_where_it_stopped(tijd: Tijd) -> None:
    """A month that holds nothing closes too; the year after says that it is closed."""
    async with tijd.op(8, 31) as wereld:
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        with pytest.raises(Conflict, match="nog niet voorbij"):
            await sluit_jaar(wereld, CONTROLLER, 2026, reden=REDEN)
    async with tijd.op(1, 5, 2027) as wereld:
        closed = await sluit_jaar(wereld, CONTROLLER, 2026, reden=REDEN)
        with pytest.raises(Conflict, match="al afgesloten"):
            await sluit_jaar(wereld, CONTROLLER, 2026, reden=REDEN)

        assert [each.boekmaand.month for each in closed] == [7, 8, 9, 10, 11, 12]
        assert [each.aantal for each in closed] == [1, 1, 0, 0, 0, 0]
        assert await fouten(wereld) == {}


async def test_two_who_close_the_same_month_close_it_once(tijd: Tijd) -> None:
    """The second is told that it is closed."""
    async with tijd.op(8, 31) as wereld:
        done = await asyncio.gather(*(sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN) for _ in range(3)), return_exceptions=True)

        assert sorted(type(each).__name__ for each in done) == ["Boekmaand", "Conflict", "Conflict"]
        assert await wereld.pool.fetchval("select count(*) from handeling where soort = 'maand_afsluiting'") == 1
        assert await fouten(wereld) == {}


async def test_at_midnight_a_booking_of_the_month_that_closes_is_tried_again(tijd: Tijd) -> None:
    """Dated on the last day, stored after the month was closed: not our bug and not lost, but the world that says later."""
    late = Boeking(
        bericht_nr=10**6, regel=1, soort="lokaal", volgnr=0, debet=Rekening("kosten_lokaal", "0664"), credit=Rekening("bank", "0664"),
        bedrag_cent=5, domein="ijw", zorgvorm="ambulant", zorgmaand=MEI, dienst_van=None, dienst_tot=None, boekdatum=date(2026, 6, 30),
    )  # fmt: skip
    async with tijd.op(7, 1) as wereld:
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)

        with pytest.raises(Unavailable, match="afgesloten"):
            async with transaction(wereld.pool) as connection:
                await book(connection, Boekstuk.van([late]))
        # A month before it that held nothing was passed over, and takes nothing any more either.
        with pytest.raises(Unavailable, match="afgesloten"):
            async with transaction(wereld.pool) as connection:
                await book(connection, Boekstuk.van([late._replace(boekdatum=date(2025, 1, 1))]))
        async with transaction(wereld.pool) as connection:
            await book(connection, Boekstuk.van([late._replace(boekdatum=date(2026, 7, 1))]))


async def test_a_closing_waits_for_what_is_being_booked(tijd: Tijd) -> None:
    """What was dated in the month before it closes is in its hash."""
    async with tijd.op(7, 1) as wereld:
        async with wereld.pool.acquire() as connection:
            under_way = connection.transaction()
            await under_way.start()
            await connection.execute(COPY_OF_AN_ACT, date(2026, 6, 30))
            closing = asyncio.create_task(sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN))
            await asyncio.sleep(0.2)
            assert not closing.done()
            await under_way.commit()
        closed = await closing

        assert closed.aantal == len(await bytes_van(wereld, JUNI))
        assert BRONNEN not in await fouten(wereld)


COPY_OF_AN_ACT = """
insert into boeking select 1000000, regel, soort, volgnr, debet, credit, bedrag_cent, domein, zorgvorm, zorgmaand, dienst_van, dienst_tot, $1::date,
       client_id, prestatie_nr, tarief_id, regelset, storno_van from boeking where soort = 'lokaal' limit 1
"""


async def test_the_database_hashes_a_source_as_python_does(tijd: Tijd) -> None:
    """The same characters for every kind of value, also for text with quotes, backslashes, controls and letters of the world."""
    async with tijd.op(7, 1) as wereld:
        await wereld.pool.execute(COPY_OF_AN_ACT, date(2026, 6, 30))
        odd = 'a"b\\c\td\ne\x01\x1f\x7f é € \U0001f600 </>'
        await tamper(tijd.dsn, "update boeking set zorgvorm = $1 where bericht_nr = 1000000", odd)
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)

        names = [name for name in KOLOMMEN if not name.startswith(("debet_", "credit_"))]
        rows = await wereld.pool.fetch(
            f"""
            select {", ".join(f"b.{name}" for name in names)}, b.debet, d.soort, d.gemeente, d.agb, b.credit, c.soort, c.gemeente, c.agb
              from boeking b join rekening d on d.rekening_nr = b.debet join rekening c on c.rekening_nr = b.credit
             where b.boekdatum between '2026-06-01' and '2026-06-30' order by b.bericht_nr, b.regel, b.soort collate "C", b.volgnr
            """
        )
        stored = {row["bericht_nr"]: row["hash"] for row in await wereld.pool.fetch("select bericht_nr, hash from maand_afsluiting_bron")}

    lines: dict[int, list[bytes]] = {}
    for row in rows:
        lines.setdefault(row[0], []).append(regel_van(tuple(row)))
    assert odd in [row["zorgvorm"] for row in rows]
    assert stored == {nr: bron_hash(found) for nr, found in lines.items()}


async def tamper(dsn: str, statement: str, *arguments: object) -> None:
    """Change rows as somebody would who owns the database: triggers do not run."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("set session_replication_role = replica")
        changed = await connection.execute(statement, *arguments)
        assert not changed.endswith(" 0"), "this changed nothing"
    finally:
        await connection.close()


EEN = "(bericht_nr, regel, soort, volgnr) = (select bericht_nr, regel, soort, volgnr from boeking where soort = 'prestatie' order by 1, 2 limit 1)"
SWAP = """
update boeking b set bedrag_cent = a.bedrag_cent from boeking a
 where a.soort = 'prestatie' and b.soort = 'prestatie' and a.bericht_nr = b.bericht_nr and a.regel <> b.regel
"""
MAAND = "update maand_afsluiting set {} where boekmaand = '2026-06-01'"
TAMPERED: dict[str, tuple[str, str, str, str]] = {
    "a changed amount": (f"update boeking set bedrag_cent = bedrag_cent + 1 where {EEN}", BRONNEN, "2026-06", "is veranderd"),
    "a changed zorgmaand": (f"update boeking set zorgmaand = '2026-01-01' where {EEN}", BRONNEN, "2026-06", "is veranderd"),
    "a changed client": (f"update boeking set client_id = client_id + 1 where {EEN}", BRONNEN, "2026-06", "is veranderd"),
    "two swapped amounts": (SWAP, BRONNEN, "2026-06", "een boeking van deze bron is veranderd"),
    "an account of somebody else": ("update rekening set agb = '42420002' where soort = 'crediteur'", BRONNEN, "2026-06", "is veranderd"),
    "a deleted transfer": (f"delete from boeking where {EEN}", BRONNEN, "2026-06", "het aantal boekingen"),
    "a deleted source": ("delete from boeking where soort = 'lokaal' and boekdatum < '2026-07-01'", BRONNEN, "2026-06", "zijn weg"),
    "one moved to another month": (f"update boeking set boekdatum = '2026-08-01' where {EEN}", BRONNEN, "2026-06", "het aantal boekingen"),
    "one moved before all months": (f"update boeking set boekdatum = '2025-08-01' where {EEN}", BRONNEN, "2025-08", "nadat zij was afgesloten"),
    "an inserted one": (COPY_OF_AN_ACT.replace("$1::date", "date '2026-06-30'"), BRONNEN, "2026-06", "nadat zij was afgesloten"),
    "a changed source": ("update maand_afsluiting_bron set hash = sha256('x') where boekmaand = '2026-06-01'", KETEN, "2026-06", "vastgelegd"),
    "a changed hash": (MAAND.format("hash = sha256('x')"), KETEN, "2026-06", "de hash is niet"),
    "another who closed it": (MAAND.format("gesloten_door = 'ander'"), KETEN, "2026-06", "de hash is niet"),
    "another number": (MAAND.format("aantal = aantal + 1"), KETEN, "2026-06", "aantal of bedrag"),
    "another month before it": (
        "update maand_afsluiting set vorige_hash = sha256('x') where boekmaand = '2026-07-01'", KETEN, "2026-07", "maand ervoor",
    ),
    "a closing taken away": ("delete from maand_afsluiting where boekmaand = '2026-07-01'", KETEN, "2026-07", "afsluiting is weg"),
    "the first closing taken away": ("delete from maand_afsluiting where boekmaand = '2026-06-01'", KETEN, "2026-07", "maand ervoor"),
}  # fmt: skip


async def contradicted(wereld: Wereld, statement: str) -> dict[str, list[dict[str, object]]]:
    """What contradicts the books after a change by somebody who owns the database; it is undone."""
    async with wereld.pool.acquire() as connection:
        change = connection.transaction()
        await change.start()
        try:
            await connection.execute("set local session_replication_role = replica")
            assert not (await connection.execute(statement)).endswith(" 0"), "this changed nothing"
            return {sentence: rows for sentence, rows in await contradictions(connection) if rows}
        finally:
            await change.rollback()


async def test_who_changes_a_closed_month_is_found_out(tijd: Tijd) -> None:
    """With the month and the first thing that is wrong, whatever was changed behind the back of the triggers."""
    async with tijd.op(8, 31) as wereld:
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        await sluit_maand(wereld, CONTROLLER, JULI, reden=REDEN)
        for name, (statement, sentence, maand, fout) in TAMPERED.items():
            first = (await contradicted(wereld, statement)).get(sentence, [{}])[0]

            assert first.get("boekmaand") == maand, name
            assert fout in str(first["fout"]), name
        assert await fouten(wereld) == {}


async def test_who_makes_the_hash_fit_again_breaks_the_chain_after_it(tijd: Tijd) -> None:
    """A month that is hashed anew after a change no longer is the month that the next one was closed upon, nor that of its act."""
    async with tijd.op(8, 31) as wereld:
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        await sluit_maand(wereld, CONTROLLER, JULI, reden=REDEN)
        await tamper(tijd.dsn, f"update boeking set bedrag_cent = bedrag_cent + 1 where {EEN}")
        await tamper(tijd.dsn, "delete from maand_afsluiting_bron where boekmaand = '2026-06-01'")
        async with transaction(wereld.pool) as connection:
            await connection.execute("set local session_replication_role = replica")
            await leg_bronnen_vast(connection, JUNI)
            [june] = [each for each in await afsluitingen(connection) if each.boekmaand == JUNI]
            made = await hash_maand(connection, JUNI, None, june.gesloten_op, june.gesloten_door)
            sums = made.digest(), made.aantal, made.bedrag_cent
            await connection.execute(MAAND.format("hash = $1, aantal = $2, bedrag_cent = $3"), *sums)

        wrong = await fouten(wereld)

    assert BRONNEN not in wrong
    assert [(row["boekmaand"], row["fout"]) for row in wrong[KETEN]] == [
        ("2026-06", "de handeling die de maand sloot noemt een andere hash, of is er niet"),
        ("2026-07", "de hash van de maand ervoor is niet die waarop deze maand is gesloten"),
    ]


REFUSED = (
    # Not after the last one; not upon its hash; and a source that comes, changes or goes afterwards.
    "insert into maand_afsluiting select '2026-01-01', gesloten_op, 'x', hash, hash, 0, 0 from maand_afsluiting",
    "insert into maand_afsluiting select '2026-07-01', gesloten_op, 'x', hash, null, 0, 0 from maand_afsluiting",
    "insert into maand_afsluiting_bron values ('2026-06-01', 999, 1, 1, sha256('x'))",
    "update maand_afsluiting_bron set aantal = 2",
    "delete from maand_afsluiting_bron",
)


async def test_the_database_refuses_a_closing_that_does_not_fit(tijd: Tijd) -> None:
    """Whoever inserts it."""
    async with tijd.op(8, 31) as wereld:
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        for statement in REFUSED:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await wereld.pool.execute(statement)


STATES: dict[str, tuple[str, str]] = {
    "waiting in no queue": ("update bericht set status = 'ontvangen', telt = null where soort = '301'", "wachtrij"),
    "parked without reason": ("update bericht set status = 'geparkeerd' where soort = '323'", "zonder reden"),
    "judged without answer": ("update bericht set antwoord_nr = null where soort = '323'", "zonder antwoord"),
    "judged without a judgement": ("update bericht set oordeel_nr = null where soort = '301'", "zonder oordeel"),
    "not in a postvak": ("delete from postvak where partij like 'aanbieder:%'", "niet in haar postvak"),
    "fetched by nobody": ("update bericht set status = 'bezorgd' where soort = '325'", "niet opgehaald"),
    "an answer to nothing": ("update bericht set antwoord_op_nr = null where soort = '325'", "waarop het antwoordt"),
    "granted otherwise": ("update bericht set toegekend_cent = 1 where soort = '323'", "niet wat is ingediend"),
}


async def test_a_bericht_without_what_its_state_needs_is_found(tijd: Tijd) -> None:
    """By its number."""
    async with tijd.op(7, 1) as wereld:
        assert await fouten(wereld) == {}
        for name, (statement, fout) in STATES.items():
            found = (await contradicted(wereld, statement)).get(STATEN, [])

            assert any(fout in str(row["fout"]) for row in found), name
            assert all(row["bericht_nr"] for row in found), name


async def test_a_preview_says_what_a_month_holds_and_what_still_waits(tijd: Tijd) -> None:
    """What waits stops nothing."""
    async with tijd.op(6, 30) as wereld:
        await stuur(wereld, declaratie(4, (2, 1)))
    async with tijd.op(7, 1) as wereld:
        await stuur(wereld, declaratie(5, (1, 1)))
        await wereld.pool.execute(RUNS, datetime(2026, 6, 30, 12, 0, tzinfo=AMSTERDAM))
        june = await blik_vooruit(wereld, CONTROLLER, JUNI)
        july = await blik_vooruit(wereld, CONTROLLER, JULI)
        await sluit_maand(wereld, CONTROLLER, JUNI, reden=REDEN)
        again = await blik_vooruit(wereld, CONTROLLER, JUNI)

    sums = {each.soort: (each.aantal, each.bedrag_cent) for each in june.soorten}
    assert sums["prestatie"] == (2, 66_000)
    assert sums["lokaal"] == (1, 700)
    assert june.belet is None
    assert [(each.wat, each.aantal) for each in june.wacht] == [("ontvangen", 1), ("betaalrun_concept", 1)]
    assert july.belet is not None
    assert again.belet == "Boekmaand 2026-06 is al afgesloten."


RUNS = """
with voorstel as (
    insert into handeling (soort, gemaakt_op, gemaakt_door, reden) select 'betaalrun', $1, 'contr', status
      from unnest('{concept,goedgekeurd}'::text[]) status returning bericht_nr, reden)
insert into betaalrun (run_nr, gemeente, status, peildatum, uitvoeren_op, iban, tenaamstelling, verrekening)
select bericht_nr, '0664', reden, $1::timestamptz::date, $1::timestamptz::date, 'NL00BANK0000000000', 'Goes', '{}' from voorstel
"""
