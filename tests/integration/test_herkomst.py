"""Where money comes from, on a real database: every total is the sum of its pages, and every step is told from what is stored."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from app.adapters.clock import AMSTERDAM, clock_from
from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.declaratie import DeclaratieClient
from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import SYSTEEM, Actor, Rol
from app.ledger import Boeking, Rekening, sluit_maand
from app.ledger.store import Boekstuk, book
from app.mailbox import CursorOngeldig
from app.reports import read_xml
from app.reports.herkomst import HerkomstFilter, HerkomstRegel, StapSoort
from app.reports.service_casussen import pseudoniem
from app.reports.service_herkomst import list_herkomst, read_totaal
from app.reports.service_herkomst_spoor import read_spoor, read_toewijzing
from app.reports.service_herkomst_verevening import read_verevening_spoor, stappen_van, vraag_van
from app.settlement import keur_betaalrun_goed, stel_betalingen_voor
from app.settlement.betalingen import ALLES
from app.solidarity.service import Keuze, Model, vereven, vereven_overeenkomst
from app.solidarity.tomlform import read_document
from tests.builders import AGB, BSN, make_301, make_323, make_credit, make_declaratie, make_month, make_prestatie, make_toegewezen_product
from tests.end_to_end.herbeoordeling import herbeoordeel_alles, laad, regio
from tests.end_to_end.test_herbeoordelen import speel
from tests.end_to_end.werkbank import REGIO, wereld_with_region
from tests.integration.betaal_rijen import CONTROLLER, TWEEDE, region_met
from tests.integration.herkomst_rijen import AGBS, BOEKDAGEN, GEMEENTEN, ZORGMAANDEN, ZORGVORMEN, boek_willekeurig, boekmaand, touches
from tests.integration.test_query_counts import counted_statements

pytestmark = pytest.mark.slow

GOES = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
MIDDELBURG = Actor(naam="middelburg", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.CONTROLLER}))
LEZER = Actor(naam="lezer", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.INZAGE}))
AANBIEDER = Actor(naam="veste", partijen=frozenset({f"aanbieder:{AGB}"}))
MEI = date(2026, 5, 1)
OVEREENKOMST = """
naam = "Verevening jeugdhulp"
regio = "Testregio"
versie = "2026-1"
geldig_van = 2026-01-01
geldig_tot = 2026-12-31
leden = ["0664", "0687", "0384"]
[maatstaven.inwoners]
bron = "CBS"
[[regeling]]
code = "AMB"
zorgvormen = ["ambulant"]
artikel = "art. 4"
[[regeling.sleutel]]
maatstaf = "inwoners"
artikel = "art. 6"
"""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the workbench, without money."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def goes(wereld: Wereld) -> Wereld:
    """A toewijzing of Goes with two prestaties granted, that of April credited later, and one refused."""
    first = make_prestatie(periode=make_month(2026, 4))
    credit = DeclaratieClient(bsn=BSN, prestaties=(make_credit("C1", first),))
    await speel(
        wereld,
        [
            make_301(),
            make_323(first, make_prestatie("R2", geleverd_volume=3), make_prestatie("R3", toewijzing_nummer=999)),
            make_323(declaratie=make_declaratie([credit], declaratie_nummer="D2"), identificatie="CREDIT"),
        ],
    )
    return wereld


async def all_pages(wereld: Wereld, actor: Actor, vraag: HerkomstFilter, limit: int) -> list[HerkomstRegel]:
    """Every transfer of a selection, page by page."""
    found: list[HerkomstRegel] = []
    cursor = None
    while True:
        page = await list_herkomst(wereld, actor, vraag, cursor, limit)
        assert len(page.items) <= limit
        assert page.items or not found
        found += page.items
        cursor = page.volgende
        if cursor is None:
            return found
        assert len(page.items) == limit


def some_vraag(draw: random.Random) -> HerkomstFilter:
    """A selection as a page or a program may ask it."""

    def maybe(values: Sequence[object]) -> object:
        return draw.choice(values) if draw.random() < 0.2 else None

    return HerkomstFilter(
        rekening=draw.choice(("kosten", "kosten", "crediteur")),
        gemeente=maybe(GEMEENTEN),  # type: ignore[arg-type]
        aanbieder=maybe(AGBS),  # type: ignore[arg-type]
        zorgvorm=maybe(ZORGVORMEN),  # type: ignore[arg-type]
        zorgmaand=maybe(ZORGMAANDEN),  # type: ignore[arg-type]
        zorgjaar=maybe((2025, 2026)),  # type: ignore[arg-type]
        boekmaand=maybe((date(2026, 2, 1), date(2026, 3, 1), date(2026, 6, 1))),  # type: ignore[arg-type]
        boekjaar=maybe((2025, 2026)),  # type: ignore[arg-type]
        tot_en_met=maybe((date(2026, 4, 1), date(2026, 5, 1))),  # type: ignore[arg-type]
        geboekt_vanaf=maybe(BOEKDAGEN),  # type: ignore[arg-type]
        soort=maybe(("prestatie", "lumpsum_termijn")),  # type: ignore[arg-type]
    )


def expected(vraag: HerkomstFilter, booked: Sequence[Boeking]) -> list[tuple[str, int]]:
    """Key and signed cents of the transfers of a selection, from what was booked and by loops only; in the order of the pages."""
    found = []
    for row in booked:
        sign = touches(row, vraag.rekening, vraag.gemeente, vraag.aanbieder)
        fits = (
            vraag.zorgvorm in (None, row.zorgvorm)
            and vraag.zorgmaand in (None, row.zorgmaand)
            and vraag.zorgjaar in (None, row.zorgmaand.year)
            and vraag.boekmaand in (None, boekmaand(row))
            and vraag.boekjaar in (None, row.boekdatum.year)
            and (vraag.tot_en_met is None or boekmaand(row) <= vraag.tot_en_met)
            and (vraag.geboekt_vanaf is None or row.boekdatum >= vraag.geboekt_vanaf)
            and vraag.soort in (None, row.soort)
        )
        if sign and fits:
            found.append(((boekmaand(row), row.bericht_nr, row.regel, row.soort, row.volgnr), (row.sleutel, sign * row.bedrag_cent)))
    return [pair for _, pair in sorted(found)]


async def test_random_selections_are_the_sum_of_their_pages(wereld: Wereld) -> None:
    """Whatever is asked: the same transfers once each, in order, adding up to the total, and to the balances where those can say it."""
    booked = await boek_willekeurig(wereld, seed=7, berichten=60)
    draw = random.Random(7)
    asked = 0
    for _ in range(50):
        vraag = some_vraag(draw)

        pages = await all_pages(wereld, SYSTEEM, vraag, draw.choice((2, 7, 50)))
        total = await read_totaal(wereld, SYSTEEM, vraag)

        wanted = expected(vraag, booked)
        assert [(row.sleutel, row.telt_cent) for row in pages] == wanted, vraag
        assert (total.aantal, total.totaal_cent) == (len(wanted), sum(cents for _, cents in wanted)), vraag
        assert total.sluit, vraag
        assert (total.saldo_cent is not None) is vraag.heeft_saldo
        asked += bool(wanted)
    assert asked > 25


async def test_makeup_says_months_and_events(wereld: Wereld) -> None:
    booked = await boek_willekeurig(wereld, seed=3, berichten=30)

    total = await read_totaal(wereld, SYSTEEM, HerkomstFilter())

    assert {row.soort for row in total.per_soort} == {row.soort for row in booked}
    assert [row.boekmaand for row in total.per_maand] == sorted({boekmaand(row) for row in booked})
    assert sum(row.bedrag_cent for row in total.per_soort) == sum(row.bedrag_cent for row in total.per_maand) == total.totaal_cent


async def test_a_page_takes_as_many_statements_whatever_it_holds(wereld: Wereld) -> None:
    """Sets, not rows: one transfer or fifty, one month or five."""
    await boek_willekeurig(wereld, seed=5, berichten=60)
    counts = []
    for limit, vraag in ((1, HerkomstFilter()), (200, HerkomstFilter()), (50, HerkomstFilter(boekmaand=date(2026, 6, 1)))):
        with counted_statements() as seen:
            await list_herkomst(wereld, SYSTEEM, vraag, limit=limit)
        counts.append(sum("from" in statement.lower() for statement in seen))

    assert max(counts) <= 11
    assert max(counts) - min(counts) <= 4, "two more months at most, and what acts undid"


async def test_a_transfer_names_everything_it_rests_on(goes: Wereld) -> None:
    """Bericht and digest, prestatie, toewijzing version, tariff, rules, and the credit that undid it."""
    page = await list_herkomst(goes, SYSTEEM, HerkomstFilter(gemeente="0664", zorgjaar=2026))

    first, second, credit = page.items
    assert [row.telt_cent for row in page.items] == [48_000, 18_000, -48_000]
    assert first.bericht is not None
    assert first.bericht.sha256 == (
        await goes.pool.fetchval("select encode(sha256, 'hex') from bericht where bericht_nr = $1", first.bericht_nr)
    )
    assert first.prestatie is not None
    assert (first.prestatie.volume, first.verwacht_cent) == (8, 48_000)
    assert first.tarief is not None
    assert (first.tarief.contract, first.tarief.tarief_cent, first.tarief.geldig_van) == ("J1", 6000, date(2020, 1, 1))
    assert first.toewijzing is not None
    assert first.toewijzing.bericht_nr < first.bericht_nr
    assert first.teruggedraaid_door == (credit.sleutel,)
    assert credit.draait_terug == first.sleutel
    assert second.teruggedraaid_door == ()
    assert first.client == pseudoniem(goes.kluis, first.prestatie.client_id or 0)


async def test_the_version_of_then_is_told_not_that_of_now(goes: Wereld) -> None:
    """A later version of the toewijzing counts now, and changes nothing about what was judged before it."""
    later = make_toegewezen_product(toewijzingsdatum=date(2026, 6, 2), einddatum=date(2026, 6, 30), reden_wijziging="05")
    await speel(goes, [make_301(later, identificatie="LATER")])
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    spoor = await read_spoor(goes, SYSTEEM, nr, 1)

    (step,) = [step for step in spoor.stappen if step.soort is StapSoort.TOEWIJZING]
    assert "15 december 2025" in step.zin
    assert dict(step.gegevens)["versies"] == 2


async def test_the_way_of_a_prestatie_down_to_the_settlement(goes: Wereld) -> None:
    """File, lines, verdict, toewijzing, tariff, transfers, commitment, balance, settlement with its article; each with its amount."""
    run = await vereven_overeenkomst(goes, SYSTEEM, read_document(OVEREENKOMST))
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    spoor = await read_spoor(goes, SYSTEEM, nr, 2)

    steps = {step.soort: step for step in spoor.stappen}
    assert list(steps) == [
        StapSoort.BESTAND, StapSoort.PRESTATIE, StapSoort.OORDEEL, StapSoort.TOEWIJZING, StapSoort.TARIEF, StapSoort.BOEKING,
        StapSoort.VERPLICHTING, StapSoort.SALDO, StapSoort.VEREVENING,
    ]  # fmt: skip
    assert spoor.fragment is not None
    assert "<" in spoor.fragment
    assert "R2" in spoor.fragment
    assert "Bsn" not in spoor.fragment
    assert "3 × € 60,00 = € 180,00" in steps[StapSoort.TARIEF].zin
    assert steps[StapSoort.BOEKING].bedrag_cent == 18_000
    assert steps[StapSoort.SALDO].bedrag_cent == 18_000
    share = steps[StapSoort.VEREVENING]
    assert (share.bedrag_cent, dict(share.gegevens)["artikel"]) == (run.rows[1].settlement_cent, "art. 4")
    assert share.naar is not None
    assert share.naar.sleutel == (str(run.run_nr), "0664")


async def test_a_paid_prestatie_names_its_payment_run(database: str, tmp_path: Path) -> None:
    """How much of the run is this declaratie, and how its line stands."""
    async with wereld_with_region(database, tmp_path, region_met()) as wereld:
        await speel(wereld, [make_301(), make_323()])
        run = await stel_betalingen_voor(wereld, CONTROLLER, "0664", verrekening=ALLES, reden="maandbetaling")
        await keur_betaalrun_goed(wereld, TWEEDE, run)
        nr = await wereld.pool.fetchval("select bericht_nr from bericht where soort = '323'")

        spoor = await read_spoor(wereld, SYSTEEM, nr, 1)

    (step,) = [step for step in spoor.stappen if step.soort is StapSoort.BETALING]
    assert step.bedrag_cent == 48_000
    assert f"betaalrun {run} (goedgekeurd)" in step.zin
    assert step.naar is not None
    assert step.naar.sleutel == (str(run),)


async def test_a_closed_month_names_its_hash(goes: Wereld) -> None:
    """What was booked in June is fixed when June is closed."""
    later = replace(goes, clock=clock_from(datetime(2026, 7, 2, 9, 0, tzinfo=AMSTERDAM)))
    made = await sluit_maand(later, CONTROLLER, date(2026, 6, 1), reden="maandeinde")
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    spoor = await read_spoor(goes, SYSTEEM, nr, 2)

    (step,) = [step for step in spoor.stappen if step.soort is StapSoort.AFSLUITING]
    assert dict(step.gegevens) == {"boekmaand": "2026-06", "hash": made.hash}


async def test_a_refused_prestatie_ends_at_its_verdict(goes: Wereld) -> None:
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    spoor = await read_spoor(goes, SYSTEEM, nr, 3)

    assert [step.soort for step in spoor.stappen] == [StapSoort.BESTAND, StapSoort.PRESTATIE, StapSoort.OORDEEL, StapSoort.TOEWIJZING]
    verdict = spoor.stappen[2].zin
    assert verdict.startswith("Afgewezen: ")
    finding = await goes.pool.fetchval("select melding from bevinding where bericht_nr = $1 order by volgnr limit 1", nr)
    assert finding in verdict


async def test_lines_in_the_file_are_those_of_the_prestatie(goes: Wereld) -> None:
    """The line range, cut out of the stored bytes, is the element itself."""
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")
    _, xml = await read_xml(goes, SYSTEEM, nr)
    spoor = await read_spoor(goes, SYSTEEM, nr, 2)

    facts = dict(spoor.stappen[0].gegevens)
    lines = xml.decode().split("\n")[int(facts["van_regel"] or 0) - 1 : int(facts["tot_regel"] or 0)]
    assert ">R2<" in "\n".join(lines)
    assert facts["pad"] == "/Bericht/Declaratie/Clienten/Client[1]/Prestaties/Prestatie[2]"


async def test_judging_again_shows_what_was_undone_and_what_counts(database: str, tmp_path: Path) -> None:
    """Three transfers of one line: granted, undone, granted anew; only the last counts, by the tariff that was loaded."""
    async with wereld_with_region(database, tmp_path / "laag", regio("04,6000,2020-01-01,")) as wereld:
        await speel(wereld, [make_301(), make_323()])
        lading = await laad(
            wereld, tmp_path / "anders", {**regio("04,6000,2020-01-01,"), "zorgvormen.csv": ANDERE_ZORGVORM, "producten.csv": PRODUCTEN}
        )
        await herbeoordeel_alles(wereld, lading)
        nr = await wereld.pool.fetchval("select bericht_nr from bericht where soort = '323'")

        spoor = await read_spoor(wereld, SYSTEEM, nr, 1)

    moves = [step for step in spoor.stappen if step.soort is StapSoort.BOEKING]
    assert [step.bedrag_cent for step in moves] == [48_000, -48_000, 48_000]
    first, undo = (dict(step.gegevens) for step in moves[:2])
    assert first["teruggedraaid_door"] == undo["boeking"]
    assert undo["draait_terug"] == first["boeking"]
    verdict = next(step for step in spoor.stappen if step.soort is StapSoort.OORDEEL)
    assert "opnieuw beoordelen" in verdict.zin


ANDERE_ZORGVORM = REGIO["zorgvormen.csv"] + "licht,Lichte hulp,ijw,licht\n"
PRODUCTEN = REGIO["producten.csv"].replace("04,ambulant,", "04,licht,")


async def test_a_toewijzing_shows_what_it_committed_and_used(goes: Wereld) -> None:
    spoor = await read_toewijzing(goes, SYSTEEM, "ijw", "0664", 1001)

    may = next(month for month in spoor.maanden if month.zorgmaand == MEI)
    assert may.gebruikt_cent == 18_000
    assert may.verwacht_cent == await goes.pool.fetchval("select verwacht_cent from verplichting where zorgmaand = $1", MEI)
    assert len(spoor.versies) == 1
    assert [(each.regel, each.is_credit) for each in spoor.prestaties] == [(1, False), (2, False), (1, True)]
    first = await read_toewijzing(goes, SYSTEEM, "ijw", "0664", 1001, limit=2)
    rest = await read_toewijzing(goes, SYSTEEM, "ijw", "0664", 1001, first.volgende, 2)
    assert (*first.prestaties, *rest.prestaties) == spoor.prestaties
    assert rest.volgende is None


async def test_who_bears_a_toewijzing_of_another_sees_that_part(goes: Wereld) -> None:
    """After a herindeling: the lines it bears and no others."""
    await goes.pool.execute("update prestatie set gemeente_drager = '0687' where regel = 2")

    spoor = await read_toewijzing(goes, MIDDELBURG, "ijw", "0664", 1001)

    assert [each.regel for each in spoor.prestaties] == [2]
    assert spoor.maanden == ()
    assert len((await read_toewijzing(goes, GOES, "ijw", "0664", 1001)).prestaties) == 3


@pytest.mark.parametrize("model", [Model.WAARBORG, Model.VLAKTAKS, Model.PROFIJT])
async def test_a_share_leads_to_the_balances_that_went_in(goes: Wereld, model: Model) -> None:
    """They add up to the own cost, and each leads to transfers that add up to it."""
    run = await vereven(goes, SYSTEEM, Keuze(jaar=2026, model=model))

    spoor = await read_verevening_spoor(goes, SYSTEEM, run.run_nr, "0664")

    assert spoor.verevening_cent == sum(row.settlement_cent for row in run.rows if row.municipality == "0664")
    assert [(pot.saldi_cent, pot.eigen_kosten_cent) for pot in spoor.potten] == [(18_000, 18_000)]
    assert [saldo.in_run_cent for saldo in spoor.potten[0].saldi] == [0, 18_000]
    for saldo in (saldo for pot in spoor.potten for saldo in pot.saldi):
        rows = await all_pages(goes, SYSTEEM, vraag_van(saldo), 2)
        assert sum(row.telt_cent for row in rows) == saldo.in_run_cent == saldo.nu_cent
    assert "Goes" in stappen_van(spoor)[0].zin


async def test_what_is_booked_after_a_run_is_told_with_its_difference(goes: Wereld) -> None:
    """The stored input stays, the difference is what came since, and its link gives exactly that."""
    run = await vereven(goes, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    late = (await list_herkomst(goes, SYSTEEM, HerkomstFilter(gemeente="0664"))).items[1]
    extra = Boeking(
        bericht_nr=late.bericht_nr, regel=9, soort="prestatie", volgnr=0,
        debet=Rekening("kosten", "0664"), credit=Rekening("crediteur", "0664", AGB), bedrag_cent=700, domein="ijw", zorgvorm="ambulant",
        zorgmaand=MEI, dienst_van=None, dienst_tot=None, boekdatum=date(2026, 7, 1), client_id=1,
    )  # fmt: skip
    async with transaction(goes.pool) as connection:
        await book(connection, Boekstuk.van([extra]))

    spoor = await read_verevening_spoor(goes, SYSTEEM, run.run_nr, "0664")

    assert spoor.later_cent == 700
    _, saldo = spoor.potten[0].saldi
    assert (saldo.in_run_cent, saldo.nu_cent) == (18_000, 18_700)
    since = vraag_van(saldo, spoor)
    rows = await all_pages(goes, SYSTEEM, replace(since, geboekt_vanaf=date(2026, 6, 4)), 50)
    assert [row.telt_cent for row in rows] == [700]
    assert since.geboekt_vanaf == date(2026, 6, 3)


async def test_another_gemeente_finds_nothing(goes: Wereld) -> None:
    """Totals are narrowed, and what is another's does not exist."""
    run = await vereven(goes, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    assert (await list_herkomst(goes, MIDDELBURG, HerkomstFilter())).items == ()
    assert (await read_totaal(goes, MIDDELBURG, HerkomstFilter())).opbouw == ()
    assert (await read_totaal(goes, GOES, HerkomstFilter())).totaal_cent == 18_000
    for asked in (
        read_totaal(goes, MIDDELBURG, HerkomstFilter(gemeente="0664")),
        list_herkomst(goes, MIDDELBURG, HerkomstFilter(gemeente="0664")),
        read_spoor(goes, MIDDELBURG, nr, 1),
        read_spoor(goes, SYSTEEM, nr, 99),
        read_toewijzing(goes, MIDDELBURG, "ijw", "0664", 1001),
        read_toewijzing(goes, SYSTEEM, "ijw", "0664", 4004),
        read_verevening_spoor(goes, MIDDELBURG, run.run_nr, "0664"),
        read_verevening_spoor(goes, SYSTEEM, run.run_nr, "9999"),
        read_verevening_spoor(goes, SYSTEEM, 12345678, "0664"),
    ):
        with pytest.raises(NietGevonden):
            await asked


async def test_an_aanbieder_is_refused_and_a_reader_sees_no_client(goes: Wereld) -> None:
    nr = await goes.pool.fetchval("select min(bericht_nr) from bericht where soort = '323'")

    with pytest.raises(NietToegestaan):
        await list_herkomst(goes, AANBIEDER, HerkomstFilter())
    with pytest.raises(NietToegestaan):
        await read_spoor(goes, AANBIEDER, nr, 1)
    page = await list_herkomst(goes, LEZER, HerkomstFilter())
    spoor = await read_spoor(goes, LEZER, nr, 1)

    assert {row.client for row in page.items} == {None}
    assert (spoor.client, spoor.fragment, spoor.mag_inhoud) == (None, None, False)


@pytest.mark.parametrize("cursor", ["x", "bmE6MQ", "bmE6MjAyNjk5LjEuMS4xLjA", "bmE6MjAyNjA2LjEuMS45OTkuMA"])
async def test_a_cursor_that_is_not_ours_is_refused(goes: Wereld, cursor: str) -> None:
    with pytest.raises(CursorOngeldig):
        await list_herkomst(goes, SYSTEEM, HerkomstFilter(), cursor)
