"""The legal clock on a real database: which term starts, when it is met and that it stays met, and who sees which terms in which order."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, event
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Connection as SyncConnection

from app.adapters.clock import AMSTERDAM, clock_from
from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM, Actor, Rol, aanbieder, gemeente
from app.domain.verzoek import AFGEWEZEN, Antwoord
from app.mailbox import CursorOngeldig
from app.mailbox.zichtbaar import zicht
from app.reports import (
    GROEP_MAX,
    Telling,
    Termijn,
    TermijnFilter,
    TermijnStand,
    VerzoekFilter,
    Wie,
    list_termijnen,
    list_verzoeken,
    read_bericht,
    read_overzicht,
    read_termijnen,
    store_termijnen,
)
from app.reports.termijnen import Klok
from tests.builders import (
    AGB,
    make_301,
    make_305,
    make_315,
    make_319,
    make_323,
    make_retour,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import ANDERE_AGB, status, stuur, wereld_with_region
from tests.integration.termijn_rijen import VERWACHT, namen, schrijf_termijnen
from workers.local import judge_all

REFUSED = Antwoord(referentie_aanbieder="VR1", verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek="1")


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A region of three gemeenten and two aanbieders on Wednesday 3 June 2026, nine o'clock."""
    async with wereld_with_region(database, tmp_path) as opened:
        yield opened


def op(wereld: Wereld, dag: date) -> Wereld:
    """The same world on another day."""
    return replace(wereld, clock=clock_from(datetime.combine(dag, time(9), AMSTERDAM)))


async def termijn_van(wereld: Wereld, nr: int) -> tuple[Any, ...]:
    """What is stored of a term: its last day, who must act, and when that was done."""
    row = await wereld.pool.fetchrow("select termijn, termijn_wie, termijn_voldaan_op from bericht where bericht_nr = $1", nr)
    assert row is not None
    return tuple(row)


# Which term starts, and when it is met.


async def test_an_answer_that_we_owe_is_met_on_the_day_it_is_made(wereld: Wereld) -> None:
    """Three working days for a 305 (OP090), ten for a 323 (OP090x4); they run while the bericht waits."""
    start, claim = await stuur(wereld, make_305()), await stuur(wereld, make_323())
    assert await termijn_van(wereld, start) == (date(2026, 6, 8), "regio", None)
    assert await termijn_van(wereld, claim) == (date(2026, 6, 17), "regio", None)

    await judge_all(op(wereld, date(2026, 6, 5)), lot_size_max=50)

    assert await termijn_van(wereld, start) == (date(2026, 6, 8), "regio", date(2026, 6, 5))
    assert await termijn_van(wereld, claim) == (date(2026, 6, 17), "regio", date(2026, 6, 5))
    assert not (await read_bericht(wereld, SYSTEEM, start)).bericht.is_te_laat_voldaan


async def test_an_answer_that_came_late_is_met_and_was_late(wereld: Wereld) -> None:
    """It leaves the list of what runs, and its page says that it came after the term."""
    nr = await stuur(wereld, make_305())
    later = op(wereld, date(2026, 6, 10))
    (open_term,) = (await list_termijnen(later, SYSTEEM, TermijnFilter())).items
    assert (open_term.stand, open_term.werkdagen) == (TermijnStand.TE_LAAT, -2)

    await judge_all(later, lot_size_max=50)

    assert (await list_termijnen(later, SYSTEEM, TermijnFilter())).items == ()
    shown = (await read_bericht(later, SYSTEEM, nr)).bericht
    assert (shown.termijn_voldaan_op, shown.is_te_laat_voldaan) == (date(2026, 6, 10), True)
    assert not shown.is_te_laat(later.vandaag)


async def test_an_awaited_retourbericht_is_met_on_the_day_it_came_and_only_once(wereld: Wereld) -> None:
    """The 302 came on its last day; that it was judged a week later, and that a second one follows, changes nothing."""
    heen = make_301()
    nr = await stuur(wereld, heen)
    await judge_all(wereld, lot_size_max=50)
    assert await termijn_van(wereld, nr) == (date(2026, 6, 8), aanbieder(AGB), None)

    await stuur(op(wereld, date(2026, 6, 8)), make_retour(heen))
    await judge_all(op(wereld, date(2026, 6, 15)), lot_size_max=50)
    assert await termijn_van(wereld, nr) == (date(2026, 6, 8), aanbieder(AGB), date(2026, 6, 8))

    later, tweede = op(wereld, date(2026, 6, 16)), make_retour(heen, "0001")
    await stuur(later, replace(tweede, header=replace(tweede.header, identificatie_retour="NOGEENS")))
    await judge_all(later, lot_size_max=50)
    assert await termijn_van(wereld, nr) == (date(2026, 6, 8), aanbieder(AGB), date(2026, 6, 8))
    assert await status(wereld, nr) == "beantwoord"


async def test_a_retourbericht_that_waits_for_a_person_has_come(wereld: Wereld) -> None:
    """A rejection of a toewijzing with money on it is parked: the aanbieder did answer, so nobody waits for it."""
    heen = make_301()
    nr = await stuur(wereld, heen)
    await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)

    vrijdag = op(wereld, date(2026, 6, 5))
    retour = await stuur(vrijdag, make_retour(heen, "0001"))
    await judge_all(vrijdag, lot_size_max=50)

    assert await status(wereld, retour) == "geparkeerd"
    assert await termijn_van(wereld, nr) == (date(2026, 6, 8), aanbieder(AGB), date(2026, 6, 5))


async def test_a_refused_301_starts_no_term(wereld: Wereld) -> None:
    """Nothing left, so nothing is awaited; the gemeente sees its findings."""
    nr = await stuur(wereld, make_301(make_toegewezen_product(), make_toegewezen_product()))
    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, nr) == "afgekeurd"
    assert await termijn_van(wereld, nr) == (None, None, None)


async def test_a_request_is_owed_a_decision_until_it_is_decided(wereld: Wereld) -> None:
    """Five working days; eight weeks once in onderzoek, also seen from the decision; its woonplaatstermijn beside it while it is ahead."""
    await stuur(wereld, make_315())
    await judge_all(wereld, lot_size_max=50)
    (owed,) = (await list_termijnen(wereld, SYSTEEM, TermijnFilter(wie=Wie.GEMEENTE))).items
    assert (owed.eindigt_op, owed.woonplaats_tot, owed.werkdagen) == (date(2026, 6, 10), date(2026, 6, 17), 5)
    assert (owed.wat.value, owed.code, owed.volgnr, owed.kenmerk, owed.status) == ("besluit", "JW315", 1, "VR1", "open")

    await stuur(wereld, make_319())
    await judge_all(wereld, lot_size_max=50)
    juli = op(wereld, date(2026, 7, 20))
    (owed,) = (await list_termijnen(juli, SYSTEEM, TermijnFilter(wie=Wie.GEMEENTE))).items
    assert (owed.eindigt_op, owed.woonplaats_tot, owed.status) == (date(2026, 7, 29), None, "in_onderzoek")

    await stuur(juli, make_319(antwoord=REFUSED, identificatie="ID319B"))
    await judge_all(juli, lot_size_max=50)
    assert (await list_termijnen(juli, SYSTEEM, TermijnFilter(wie=Wie.GEMEENTE))).items == ()
    (decided,) = (await list_verzoeken(juli, SYSTEEM, VerzoekFilter())).items
    assert (decided.status, decided.besluit_datum, decided.beslistermijn) == ("afgewezen", date(2026, 7, 20), date(2026, 7, 29))


# The list: order, filters, pages, who sees what.


async def test_the_list_holds_what_runs_and_nothing_that_is_met(wereld: Wereld) -> None:
    nrs = await schrijf_termijnen(wereld)

    items = (await list_termijnen(wereld, SYSTEEM, TermijnFilter())).items

    assert namen(items, nrs) == VERWACHT
    assert [(item.wie.value, item.wat.value) for item in items] == [
        ("wij", "antwoord"),
        ("aanbieder", "retourbericht"),
        ("wij", "antwoord"),
        ("gemeente", "besluit"),
        ("aanbieder", "retourbericht"),
    ]
    assert [item.werkdagen for item in items] == [-1, 0, 2, 2, 7]
    assert [item.stand.value for item in items] == ["te_laat", *["eindigt_binnenkort"] * 3, "loopt"]
    assert [item.volgnr for item in items] == [None, None, None, 1, None]
    assert {item.gemeente_naam for item in items} == {"Goes", "Middelburg"}
    assert {item.aanbieder_naam for item in items} == {"De Veste", "Het Anker"}


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_of_the_list_hold_every_term_once_in_order(wereld: Wereld, limit: int) -> None:
    nrs = await schrijf_termijnen(wereld)

    found: list[Termijn] = []
    cursor = None
    while True:
        page = await list_termijnen(wereld, SYSTEEM, TermijnFilter(), cursor, limit)
        assert len(page.items) <= limit
        found += page.items
        cursor = page.volgende
        if cursor is None:
            break

    assert namen(tuple(found), nrs) == VERWACHT


@pytest.mark.parametrize(
    ("vraag", "verwacht"),
    [
        (TermijnFilter(wie=Wie.WIJ), ["wij goes", "wij middelburg"]),
        (TermijnFilter(wie=Wie.AANBIEDER), ["wacht goes", "wacht iwmo"]),
        (TermijnFilter(wie=Wie.GEMEENTE), ["verzoek"]),
        (TermijnFilter(stand=TermijnStand.TE_LAAT), ["wij goes"]),
        (TermijnFilter(stand=TermijnStand.EINDIGT_BINNENKORT), ["wacht goes", "wij middelburg", "verzoek"]),
        (TermijnFilter(stand=TermijnStand.LOOPT), ["wacht iwmo"]),
        (TermijnFilter(domein="iwmo"), ["wacht iwmo"]),
        (TermijnFilter(gemeente="0687"), ["wij middelburg", "wacht iwmo"]),
        (TermijnFilter(gemeente="0687", wie=Wie.GEMEENTE), []),
    ],
)
async def test_filters_of_the_list_and_the_counts_agree(wereld: Wereld, vraag: TermijnFilter, verwacht: list[str]) -> None:
    nrs = await schrijf_termijnen(wereld)

    items = (await list_termijnen(wereld, SYSTEEM, vraag)).items
    page = await read_termijnen(wereld, SYSTEEM, vraag)

    assert namen(items, nrs) == verwacht
    counted = {wie: telling for wie, telling in page.tellingen.items() if vraag.wie in (None, wie)}
    assert sum(telling.van(vraag.stand) for telling in counted.values()) == len(verwacht)
    assert sorted(namen(tuple(item for group in page.groepen.values() for item in group), nrs)) == sorted(verwacht)


@pytest.mark.parametrize(
    ("actor", "verwacht"),
    [
        (SYSTEEM, VERWACHT),
        (Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.TOEGANG})), ["wij goes", "wacht goes", "verzoek"]),
        (Actor(naam="middelburg", partijen=frozenset({gemeente("0687")})), ["wij middelburg", "wacht iwmo"]),
        (Actor(naam="veste", partijen=frozenset({aanbieder(AGB)})), ["wij goes", "wacht goes", "verzoek", "wacht iwmo"]),
        (Actor(naam="anker", partijen=frozenset({aanbieder(ANDERE_AGB)})), ["wij middelburg"]),
        (Actor(naam="niemand"), []),
    ],
    ids=lambda value: value.naam if isinstance(value, Actor) else "",
)
async def test_everybody_sees_the_terms_of_its_own_berichten(wereld: Wereld, actor: Actor, verwacht: list[str]) -> None:
    """The list, the counts, the requests and the bericht itself agree on what exists for an actor."""
    nrs = await schrijf_termijnen(wereld)

    items = (await list_termijnen(wereld, actor, TermijnFilter())).items
    page = await read_termijnen(wereld, actor, TermijnFilter())
    requests = (await list_verzoeken(wereld, actor, VerzoekFilter())).items

    assert namen(items, nrs) == verwacht
    assert sum(page.tellingen.values(), Telling()).totaal == len(verwacht)
    assert len(requests) == (2 if "verzoek" in verwacht else 0)
    for item in items:
        assert (await read_bericht(wereld, actor, item.bericht_nr)).bericht.bericht_nr == item.bericht_nr


async def test_the_start_page_counts_decisions_that_are_owed_as_well(wereld: Wereld) -> None:
    await schrijf_termijnen(wereld)

    overzicht = await read_overzicht(wereld, SYSTEEM)

    assert overzicht.termijn_telling == Telling(te_laat=1, binnenkort=3, loopt=1)
    assert [item.wie for item in overzicht.termijnen] == [Wie.WIJ, Wie.AANBIEDER, Wie.WIJ, Wie.GEMEENTE, Wie.AANBIEDER]


async def test_requests_are_listed_newest_first_in_pages(wereld: Wereld) -> None:
    nrs = await schrijf_termijnen(wereld)

    first = await list_verzoeken(wereld, SYSTEEM, VerzoekFilter(), limit=1)
    rest = await list_verzoeken(wereld, SYSTEEM, VerzoekFilter(), first.volgende)

    assert [(item.bericht_nr, item.volgnr) for item in (*first.items, *rest.items)] == [(nrs["verzoek"], 1), (nrs["verzoek"], 2)]
    assert rest.volgende is None
    for vraag, references in (
        (VerzoekFilter(status="open"), ["VR1"]),
        (VerzoekFilter(status="toegewezen"), ["VR2"]),
        (VerzoekFilter(status="in_onderzoek"), []),
        (VerzoekFilter(gemeente="0687"), []),
        (VerzoekFilter(aanbieder=AGB, soort="315", domein="ijw"), ["VR1", "VR2"]),
        (VerzoekFilter(soort="317"), []),
    ):
        assert [item.referentie_aanbieder for item in (await list_verzoeken(wereld, SYSTEEM, vraag)).items] == references, vraag


@pytest.mark.parametrize("cursor", ["x", "bmE6MQ", "bmE6MS4yLjM0", "bmE6OTk5OTk5OTk5LjEuMQ", "bmE6LTEuMS4x"])
async def test_a_cursor_of_another_list_is_refused(wereld: Wereld, cursor: str) -> None:
    """No cursor, the key of one number, three numbers for a list of two, a day that does not exist, a negative number."""
    if cursor != "bmE6MS4yLjM0":
        with pytest.raises(CursorOngeldig):
            await list_termijnen(wereld, SYSTEEM, TermijnFilter(), cursor)
    with pytest.raises(CursorOngeldig):
        await list_verzoeken(wereld, SYSTEEM, VerzoekFilter(), cursor)


async def test_a_cursor_of_very_large_numbers_is_only_far_away(wereld: Wereld) -> None:
    """The numbers in a cursor of ours fit the columns; others that fit the form find nothing, or everything."""
    await schrijf_termijnen(wereld)
    far = base64.urlsafe_b64encode(f"na:1.{2**63 - 1}.{2**63 - 1}".encode()).decode().rstrip("=")
    huge = base64.urlsafe_b64encode(f"na:{2**63 - 1}.{2**63 - 1}".encode()).decode().rstrip("=")

    assert len((await list_termijnen(wereld, SYSTEEM, TermijnFilter(), far)).items) == 5
    assert len((await list_verzoeken(wereld, SYSTEEM, VerzoekFilter(), huge)).items) == 2


# What it costs.


@contextmanager
def counting(wereld: Wereld) -> Iterator[list[str]]:
    """The statements that an answer sends."""
    sent: list[str] = []

    def note(_connection: SyncConnection, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(wereld.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(wereld.engine.sync_engine, "before_cursor_execute", note)


async def fill(wereld: Wereld, berichten: int, *, open_elke: int) -> None:
    """So many berichten with a term, of which one in `open_elke` is not met, and as many requests."""
    await wereld.pool.execute(
        """
        insert into bericht (richting, domein, soort, van, aan, gemeente, agb, identificatie, sha256, poging, grootte, status, ontvangen_op,
                             ontvangst_datum, termijn, termijn_wie, termijn_voldaan_op, ingediend_door)
        select 'in', 'ijw', '305', 'aanbieder:' || agb, 'gemeente:' || gem, gem, agb, 'I' || n, sha256(n::text::bytea), 0, 100, 'verwerkt',
               now(), date '2026-01-01' + n % 150, date '2026-01-05' + n % 160, case when n % 7 = 0 then 'aanbieder:' || agb else 'regio' end,
               case when n % $2 = 0 then null else date '2026-01-02' + n % 150 end, 'proef'
          from (select n, (42420001 + n % 40)::text as agb, lpad((600 + n % 13)::text, 4, '0') as gem from generate_series(1, $1) n) rows
        """,
        berichten,
        open_elke,
    )
    await wereld.pool.execute(
        """
        with c as (
            insert into client (bsn_hmac, bsn_versleuteld, sleutel_versie, aangemaakt_op) values ('\\x01', '\\x02', 1, now()) returning client_id
        )
        insert into verzoek (bericht_nr, volgnr, domein, agb, gemeente, client_id, soort, referentie_aanbieder, ontvangst_datum, status,
                             antwoordtermijn, onderzoekstermijn, besluit_nr, besluit_datum)
        select b.bericht_nr, 1, 'ijw', b.agb, b.gemeente, c.client_id, '315', b.identificatie, b.ontvangst_datum,
               case when b.termijn_voldaan_op is null then 'open' else 'toegewezen' end, b.termijn, b.termijn + 50,
               case when b.termijn_voldaan_op is null then null else b.bericht_nr end, b.termijn_voldaan_op
          from bericht b, c
        """
    )
    await wereld.pool.execute("analyze bericht")
    await wereld.pool.execute("analyze verzoek")


async def plan_of(wereld: Wereld, actor: Actor, query: Select[Any]) -> str:
    """How the database answers a query."""
    compiled = query.compile(dialect=asyncpg.dialect(), compile_kwargs={"render_postcompile": True})  # type: ignore[no-untyped-call]
    values = {**compiled.params, **zicht(actor)}
    rows = await wereld.pool.fetch(f"explain (analyze, buffers) {compiled}", *(values[name] for name in compiled.positiontup or ()))
    return "\n".join(row[0] for row in rows)


async def test_an_answer_takes_as_many_queries_with_few_terms_as_with_many(wereld: Wereld) -> None:
    with counting(wereld) as few:
        await read_termijnen(wereld, SYSTEEM, TermijnFilter())
        await read_termijnen(wereld, SYSTEEM, TermijnFilter(wie=Wie.WIJ))
    await fill(wereld, 2_000, open_elke=2)
    with counting(wereld) as many:
        page = await read_termijnen(wereld, SYSTEEM, TermijnFilter())
        await read_termijnen(wereld, SYSTEEM, TermijnFilter(wie=Wie.WIJ))

    assert [len(group) for group in page.groepen.values()] == [GROEP_MAX] * 3
    assert len(many) == len(few) + 2, "the names of who takes part, once per answer"
    assert len(many) <= 6


@pytest.mark.slow
async def test_the_indexes_of_open_terms_serve_the_list_and_the_counts(wereld: Wereld) -> None:
    """With 30 000 berichten of which one in 20 has a term that runs: nothing is read whole, and what the region sees is read in order."""
    await fill(wereld, 30_000, open_elke=20)
    klok = Klok.op(wereld.vandaag, vrije_dagen())
    person = Actor(naam="zes", gemeenten=frozenset({"0606"}), rollen=frozenset({Rol.TOEGANG}))

    for actor in (SYSTEEM, person, Actor(naam="a", partijen=frozenset({aanbieder("42420007")}))):
        branches = store_termijnen.takken(actor, TermijnFilter(), klok, None, 51)
        plans = [await plan_of(wereld, actor, branch) for branch in branches]

        assert all("bericht_termijn_open" in plan for plan in plans[:2]), plans
        assert not any("Seq Scan" in plan for plan in plans), plans
        if actor is SYSTEEM:
            assert "verzoek_termijn" in plans[2], plans[2]
            assert not any("Sort" in plan for plan in plans), plans
