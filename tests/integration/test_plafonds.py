"""Plafonds on a real database: they reject nothing, count what was judged, promised and waits, and no aanbieder ever sees them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from app.adapters.clock import AMSTERDAM, clock_from
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.errors import NietToegestaan
from app.domain.partij import SYSTEEM, Actor, Rol, aanbieder, gemeente
from app.domain.prognose import Sein, Uitputting
from app.domain.toewijzing import Omvang, Product
from app.identity import maak_token
from app.reports import Aflopend, Plafond, PlafondPagina, PlafondVraag, Wachtend, read_plafonds
from tests.builders import (
    AGB,
    BSN,
    CATEGORIE,
    CODE,
    make_301,
    make_323,
    make_client,
    make_credit,
    make_declaratie,
    make_month,
    make_prestatie,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, status, stuur, wereld_with_region
from tests.end_to_end.werklast import maak_bsn
from tests.fixtures.apps import app_of
from tests.integration.test_pages import ONS_SCRIPT, als
from workers.local import judge_all

MEI_CENT = 8 * 6_000
"""What the default declaratie claims."""
OPEN_WEKEN = 36
"""ISO weeks from 1 May to 31 December 2026."""
PLAFONDS = "contract,zorgvorm,jaar,bedrag_cent\n"
ONDERAANNEMERS = "hoofdaannemer_agb,onderaannemer_agb,contract,declareert,geldig_van,geldig_tot\n"


@asynccontextmanager
async def open_regio(dsn: str, folder: Path, plafonds: str = "J1,,2026,100000\n", **files: str) -> AsyncIterator[Wereld]:
    """The region of the workbench on 3 June 2026 with these plafonds, and other files instead of its own."""
    changed = {f"{name}.csv": text for name, text in files.items()}
    async with wereld_with_region(dsn, folder, REGIO | {"plafonds.csv": PLAFONDS + plafonds} | changed) as wereld:
        yield wereld


def op(wereld: Wereld, dag: date) -> Wereld:
    """The same world on another day."""
    return replace(wereld, clock=clock_from(datetime.combine(dag, time(9), AMSTERDAM)))


async def stuur_en_beoordeel(wereld: Wereld, *berichten: Any) -> list[int]:
    """Send, judge everything, give the numbers."""
    nrs = [await stuur(wereld, bericht) for bericht in berichten]
    await judge_all(wereld, lot_size_max=50)
    print(
        [
            tuple(r)
            for r in await wereld.pool.fetch(
                "select b.bericht_nr, b.status, v.regel, v.retourcode, v.melding from bericht b left join bevinding v using (bericht_nr)"
            )
        ]
    )
    return nrs


async def read(wereld: Wereld, actor: Actor = SYSTEEM, **vraag: Any) -> PlafondPagina:
    return await read_plafonds(wereld, actor, PlafondVraag(**vraag))


async def read_one(wereld: Wereld, **vraag: Any) -> Plafond:
    (plafond,) = (await read(wereld, **vraag)).items
    return plafond


def make_other(nummer: int, omvang: Omvang | None, header: dict[str, Any] | None = None, **changes: Any) -> Bericht:
    """A 301 for another client, with one product: a number, an Omvang and what the test is about."""
    product = make_toegewezen_product(**{"toewijzing_nummer": nummer, "omvang": omvang, **changes})
    client = make_client(bsn=maak_bsn(nummer), toegewezen_producten=(product,))
    return make_301(client=client, **{"identificatie": f"T{nummer}", **(header or {})})


def clienten_van(*prestaties: Prestatie) -> tuple[DeclaratieClient, ...]:
    """The default client with these prestaties."""
    return (DeclaratieClient(bsn=BSN, prestaties=prestaties),)


def totaal(volume: int) -> Omvang:
    """So many hours in the whole toewijzing."""
    return Omvang(volume=volume, eenheid="04", frequentie="6")


async def test_a_plafond_over_a_hundred_percent_grants(database: str, tmp_path: Path) -> None:
    """The duty to pay remains (K07): the same declaratie is granted in full, answered and booked with and without room."""
    async with open_regio(database, tmp_path, f"J1,,2026,{MEI_CENT - 1}\nJ1,ambulant,2026,0\n") as wereld:
        _, first = await stuur_en_beoordeel(wereld, make_301(), make_323())
        over = make_prestatie("R2", periode=make_month(2026, 4))
        nieuw = make_declaratie(clienten_van(over), declaratie_nummer="D2")
        assert all(each.sein is Sein.BEREIKT for each in (await read(wereld)).items)

        (second,) = await stuur_en_beoordeel(wereld, make_323(declaratie=nieuw, identificatie="NOG"))

        assert [await status(wereld, nr) for nr in (first, second)] == ["verwerkt", "verwerkt"]
        found = {each.rij.zorgvorm: each for each in (await read(wereld)).items}
        assert {each.stand.toegekend_cent for each in found.values()} == {2 * MEI_CENT}
        assert (found[""].stand.promille, found["ambulant"].stand.promille) == (2000, None)
        assert {each.prognose.uitputting for each in found.values()} == {Uitputting.BEREIKT}
        assert await wereld.pool.fetchval("select sum(bedrag_cent) from boeking where soort = 'prestatie'") == 2 * MEI_CENT


async def test_granted_is_counted_by_care_month_zorgvorm_and_contract_and_credits_go_off(database: str, tmp_path: Path) -> None:
    plafonds = "J1,,2026,100000\nJ1,ambulant,2026,200000\nJ1,,2025,100\nJ2,,2026,100\n"
    async with open_regio(database, tmp_path, plafonds) as wereld:
        first, second = make_prestatie("R1"), make_prestatie("R2", periode=make_month(2026, 4), geleverd_volume=1)
        await stuur_en_beoordeel(wereld, make_301(), make_323(first, second))

        def cells(pagina: PlafondPagina) -> dict[tuple[str, str], dict[date, int]]:
            return {(each.rij.contract, each.rij.zorgvorm): dict(each.stand.per_maand) for each in pagina.items}

        both = {date(2026, 4, 1): 6_000, date(2026, 5, 1): MEI_CENT}
        assert cells(await read(wereld)) == {("J1", ""): both, ("J1", "ambulant"): both, ("J2", ""): {}}
        assert cells(await read(wereld, jaar=2025)) == {("J1", ""): {}}

        credit = make_declaratie(clienten_van(make_credit("R3", first)), declaratie_nummer="D2")
        await stuur_en_beoordeel(wereld, make_323(declaratie=credit, identificatie="CREDIT"))
        assert cells(await read(wereld))["J1", ""] == {date(2026, 4, 1): 6_000, date(2026, 5, 1): 0}


async def test_a_plafond_of_a_whole_contract_counts_all_its_years_and_its_options(database: str, tmp_path: Path) -> None:
    contracten = REGIO["contracten.csv"].replace(
        f"J1,{AGB},ijw,*,2020-01-01,,inspanning,PxQ,", f"J1,{AGB},ijw,*,2025-02-01,2025-12-31,inspanning,PxQ,90000"
    )
    opties = "contract,tot,uitgeoefend_op\nJ1,2026-12-31,2025-10-01\nJ1,2027-12-31,\n"
    async with open_regio(database, tmp_path, "J1,,2026,100000\n", contracten=contracten, contractopties=opties) as wereld:
        toewijzing = make_toegewezen_product(ingangsdatum=date(2025, 12, 1), toewijzingsdatum=date(2025, 11, 1))
        old = make_prestatie("R0", periode=make_month(2025, 12), geleverd_volume=1)
        await stuur_en_beoordeel(wereld, make_301(toewijzing), make_323(old, make_prestatie()))

        found = {each.rij.jaar: each for each in (await read(wereld)).items}

        assert (found[2026].stand.toegekend_cent, found[None].stand.toegekend_cent) == (MEI_CENT, MEI_CENT + 6_000)
        assert (found[None].rij.van, found[None].rij.tot) == (date(2025, 2, 1), date(2026, 12, 31))
        assert found[None].stand.verplicht_cent == found[2026].stand.verplicht_cent == OPEN_WEKEN * 10 * 6_000 - MEI_CENT
        assert found[None].prognose.maanden == 15
        assert {each.rij.jaar for each in (await read(wereld, jaar=2025)).items} == {None}
        assert (await read(wereld, jaar=2027)).items == ()


async def test_a_contract_that_ends_with_an_open_option_is_shown_three_months_ahead(database: str, tmp_path: Path) -> None:
    contracten = (
        REGIO["contracten.csv"].splitlines()[0]
        + f"\nJ1,{AGB},ijw,0664,2020-01-01,2025-12-31,inspanning,PxQ,\nJ2,{ANDERE_AGB},ijw,0687,2020-01-01,2026-12-31,inspanning,PxQ,\n"
        + f"W1,{AGB},iwmo,*,2020-01-01,2026-12-31,inspanning,PxQ,\n"
    )
    opties = "contract,tot,uitgeoefend_op\nJ1,2026-12-31,2025-10-01\nJ1,2028-12-31,\nJ1,2027-12-31,\n"
    async with open_regio(database, tmp_path, contracten=contracten, contractopties=opties) as wereld:
        soon = Aflopend(contract="J1", agb=AGB, aanbieder_naam="De Veste", einde=date(2026, 12, 31), optie_tot=date(2027, 12, 31))
        middelburg = Actor(naam="m", gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.CONTROLLER}))

        assert (await read(op(wereld, date(2026, 9, 30)))).aflopend == ()
        assert (await read(op(wereld, date(2026, 10, 1)))).aflopend == (soon,)
        assert (await read(op(wereld, date(2026, 12, 31)))).aflopend == (soon,)
        assert (await read(op(wereld, date(2027, 1, 1)))).aflopend == ()
        assert (await read(op(wereld, date(2026, 12, 31)), middelburg)).aflopend == ()


async def test_what_waits_counts_with_its_amount_once_it_is_read(database: str, tmp_path: Path) -> None:
    """Before judging nobody has read the amount; a 323 that waits for a contract line has one."""
    zonder_lijn = REGIO["tarieven.csv"].replace(f"J1,{CATEGORIE},{CODE},04,6000,2020-01-01,\n", "")
    async with open_regio(database, tmp_path, "J1,,2026,100000\nJ2,,2026,100\n", tarieven=zonder_lijn) as wereld:
        await stuur_en_beoordeel(wereld, make_301())
        nr = await stuur(wereld, make_323())
        assert (await read(wereld)).items[0].wachtend == Wachtend(aantal=1, zonder_bedrag=1)

        await judge_all(wereld, lot_size_max=50)

        assert await status(wereld, nr) == "wacht_op_contract"
        found = {each.rij.contract: each for each in (await read(wereld)).items}
        assert found["J1"].wachtend == Wachtend(aantal=1, bedrag_cent=MEI_CENT)
        assert found["J1"].prognose.hoog_cent == MEI_CENT
        assert found["J2"].wachtend == Wachtend()


async def test_the_version_that_counts_promises_and_what_is_taken_away_does_not(database: str, tmp_path: Path) -> None:
    """A shorter version of a number takes the place of the first; a number that is withdrawn promises nothing; the past is over."""
    async with open_regio(database, tmp_path) as wereld:
        first = make_toegewezen_product()
        second = make_other(1002, first.omvang)
        await stuur_en_beoordeel(wereld, make_301(first), second, make_other(1003, first.omvang, einddatum=date(2026, 4, 30)))
        assert (await read_one(wereld)).stand.verplicht_cent == 2 * OPEN_WEKEN * 60_000

        later = date(2026, 6, 1)
        shorter = replace(first, einddatum=date(2026, 5, 10), reden_wijziging="03", toewijzingsdatum=later)
        gone = make_other(
            1002, first.omvang, {"identificatie": "WEG"}, einddatum=first.ingangsdatum, reden_wijziging="13", toewijzingsdatum=later
        )
        nrs = await stuur_en_beoordeel(wereld, make_301(shorter, identificatie="KORTER"), gone)

        assert [await status(wereld, nr) for nr in nrs] == ["klaar", "klaar"]
        assert (await read_one(wereld)).stand.verplicht_cent == 2 * 60_000


async def test_totals_and_budgets_promise_what_is_left_and_without_both_it_is_counted(database: str, tmp_path: Path) -> None:
    async with open_regio(database, tmp_path) as wereld:
        april = make_prestatie(periode=make_month(2026, 4), geleverd_volume=3)
        categorie = Product(categorie=CATEGORIE)
        nrs = await stuur_en_beoordeel(
            wereld,
            make_301(make_toegewezen_product(omvang=totaal(20))),
            make_other(1002, None, product=categorie, budget=70_000),
            make_other(1003, None, product=categorie),
            make_other(1004, None, product=Product(categorie="50"), budget=5),
            make_other(1005, None, product=None, budget=300),
            make_323(april),
        )
        assert [await status(wereld, nr) for nr in nrs] == ["klaar"] * 5 + ["verwerkt"]

        pagina = await read(wereld)

        assert pagina.items[0].stand.verplicht_cent == 17 * 6_000 + 70_000 + 300
        assert pagina.items[0].onbekend == 1
        assert pagina.niet_toegerekend == 1


async def test_a_toewijzing_is_counted_at_the_contract_of_its_gemeente_and_its_main_contractor(database: str, tmp_path: Path) -> None:
    """Het Anker claims for Goes on its own contract, elsewhere under De Veste, and only while it is its subcontractor."""
    kop = REGIO["contracten.csv"].splitlines()[0]
    rest = "2020-01-01,,inspanning,PxQ,\n"
    files = {
        "contracten": f"{kop}\nJ1,{AGB},ijw,*,{rest}J2,{ANDERE_AGB},ijw,0664,{rest}W1,{AGB},iwmo,*,{rest}",
        "onderaannemers": ONDERAANNEMERS + f"{AGB},{ANDERE_AGB},J1,eigen,2026-01-01,2026-06-30\n",
    }
    async with open_regio(database, tmp_path, "J1,,2026,1000\nJ2,,2026,1000\n", **files) as wereld:
        goes, middelburg = {"ontvanger": ANDERE_AGB}, {"ontvanger": ANDERE_AGB, "afzender": "0687"}
        nrs = await stuur_en_beoordeel(
            wereld,
            make_other(2000, totaal(1), goes),
            make_other(2001, totaal(2), middelburg),
            make_other(2002, totaal(4), middelburg, ingangsdatum=date(2026, 7, 1)),
        )
        assert [await status(wereld, nr) for nr in nrs] == ["klaar"] * 3

        pagina = await read(wereld)

        assert {each.rij.contract: each.stand.verplicht_cent for each in pagina.items} == {"J1": 2 * 6_000, "J2": 6_000}
        assert pagina.niet_toegerekend == 1


async def test_joint_purchase_decides_for_a_contract_of_all(database: str, tmp_path: Path) -> None:
    deelname = "gemeente,zorgvorm,geldig_van,geldig_tot\n0687,ambulant,2020-01-01,\n"
    async with open_regio(database, tmp_path, deelname=deelname) as wereld:
        await stuur_en_beoordeel(wereld, make_other(2000, totaal(1)), make_other(2001, totaal(2), {"afzender": "0687"}))

        pagina = await read(wereld)

        assert pagina.items[0].stand.verplicht_cent == 12_000
        assert pagina.niet_toegerekend == 1


async def test_the_gemeente_that_took_over_bears_the_toewijzing(database: str, tmp_path: Path) -> None:
    """Diemen went into Middelburg on 1 January 2026, and only Middelburg has the contract."""
    kop = REGIO["contracten.csv"].splitlines()[0]
    files = {
        "contracten": f"{kop}\nJ1,{AGB},ijw,0687,2020-01-01,,inspanning,PxQ,\nJ2,{ANDERE_AGB},ijw,*,2020-01-01,,inspanning,PxQ,\n"
        f"W1,{AGB},iwmo,*,2020-01-01,,inspanning,PxQ,\n",
        "gemeenten": REGIO["gemeenten.csv"].replace("0384,Diemen,2015-01-01,", "0384,Diemen,2015-01-01,2025-12-31"),
        "herindelingen": "datum,van,naar,fractie\n2026-01-01,0384,0687,1\n",
        "maatstaven": REGIO["maatstaven.csv"].replace("inwoners,0384,,2026,30000\n", ""),
    }
    async with open_regio(database, tmp_path, **files) as wereld:
        await wereld.pool.execute(
            "insert into client (bsn_hmac, sleutel_versie, bsn_versleuteld, aangemaakt_op) values ('\\x01', 1, '\\x01', now())"
        )
        await wereld.pool.execute(
            """
            insert into toewijzing_versie (domein, gemeente, toewijzing_nummer, bericht_nr, volgnr, agb, client_id, categorie, code,
                   toewijzingsdatum, toewijzingstijd, ingangsdatum, volume, eenheid, frequentie)
            select 'ijw', '0384', 1, 1, 1, $1, client_id, $2, $3, '2025-01-01', '10:00:00', '2025-01-01', 3, '04', '6' from client
            """,
            AGB,
            CATEGORIE,
            CODE,
        )

        assert (await read_one(wereld)).stand.verplicht_cent == 18_000


async def test_figures_cost_the_same_number_of_queries_whatever_there_is(database: str, tmp_path: Path) -> None:
    """Four plafonds, one, and none at all: nothing is granted under no plafond, so that is not asked."""
    many = "".join(f"J1,,{jaar},{jaar}\n" for jaar in range(2020, 2029)) + "J2,,2026,5\nW1,,2026,5\nJ1,ambulant,2026,5\n"
    async with open_regio(database, tmp_path, many) as wereld:
        await stuur_en_beoordeel(wereld, make_301(), make_323())
        counts: list[int] = []

        def count(*_: Any) -> None:
            counts[-1] += 1

        event.listen(wereld.engine.sync_engine, "before_cursor_execute", count)
        for jaar in (2026, 2025, 2035):
            counts.append(0)
            await read(wereld, jaar=jaar)

        assert counts == [9, 9, 8]


async def test_a_reader_sees_the_contracts_of_its_gemeenten_with_all_their_figures(database: str, tmp_path: Path) -> None:
    kop = REGIO["contracten.csv"].splitlines()[0]
    contracten = (
        f"{kop}\nJ1,{AGB},ijw,0664 0687,2020-01-01,,inspanning,PxQ,\nJ2,{ANDERE_AGB},ijw,0687,2020-01-01,,inspanning,PxQ,\n"
        f"W1,{AGB},iwmo,*,2020-01-01,,inspanning,PxQ,\n"
    )
    async with open_regio(database, tmp_path, "J1,,2026,1\nJ2,,2026,1\nW1,,2026,1\n", contracten=contracten) as wereld:
        await stuur_en_beoordeel(wereld, make_301(), make_323())

        async def sees(*gemeenten: str) -> dict[str, int]:
            actor = Actor(naam="proef", gemeenten=frozenset(gemeenten), rollen=frozenset({Rol.CONTROLLER}))
            return {each.rij.contract: each.stand.toegekend_cent for each in (await read(wereld, actor)).items}

        assert await sees("0664") == {"J1": MEI_CENT, "W1": 0}
        assert await sees("0687") == {"J1": MEI_CENT, "J2": 0, "W1": 0}
        assert await sees("0384") == {"W1": 0}


@pytest.mark.parametrize(
    "actor",
    [
        Actor(naam="token", partijen=frozenset({aanbieder(AGB)})),
        Actor(naam="niets"),
        Actor(naam="beide", partijen=frozenset({aanbieder(AGB), gemeente("0664")}), gemeenten=frozenset({"0664"})),
        Actor(naam="alles", partijen=frozenset({aanbieder(AGB)}), gemeenten=None, rollen=frozenset({Rol.BEHEER})),
    ],
    ids=lambda actor: actor.naam,
)
async def test_an_aanbieder_is_refused_whatever_else_it_is(database: str, tmp_path: Path, actor: Actor) -> None:
    async with open_regio(database, tmp_path) as wereld:
        with pytest.raises(NietToegestaan):
            await read(wereld, actor)


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """Two plafonds: one that is passed by what was granted, one that nothing touches."""
    async with open_regio(database, tmp_path, "J1,,2026,40000\nJ2,ambulant,2026,500000\n") as opened:
        await stuur_en_beoordeel(opened, make_301(), make_323())
        yield opened


@pytest.fixture
async def client(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application: pages and interface."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app_of(wereld)), base_url="http://solidair.test") as opened:
        yield opened


async def vraag_api(wereld: Wereld, client: httpx.AsyncClient, path: str, *partijen: str) -> httpx.Response:
    """What these parties get at an address of the interface."""
    token = await maak_token(wereld, partijen, "test")
    return await client.get(path, headers={"Authorization": f"Bearer {token}"})


async def test_the_page_shows_the_most_urgent_first_with_its_figures(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    page = (await client.get("/contracten")).text

    assert re.findall(r"Contract (J\d)<", page) == ["J1", "J2"]
    for words in (
        "120,0%",
        "Alle (2)",
        "Bereikt (1)",
        "Onder 80% (1)",
        "Alle zorgvormen",
        "Ambulante hulp",
        "Niet dit jaar",
        "Niets loopt af",
    ):
        assert words in page, words
    assert 'href="/contracten" aria-current="page"' in page
    assert "<script" not in page.replace(ONS_SCRIPT, "")
    assert "style=" not in page


async def test_the_page_filters_and_pages(wereld: Wereld, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    await als(wereld, client, Rol.CONTROLLER)

    reached = (await client.get("/contracten?sein=100&jaar=2026")).text
    below = (await client.get("/contracten?sein=0")).text
    empty = (await client.get("/contracten?jaar=2031&sein=")).text

    assert (re.findall(r"Contract (J\d)<", reached), re.findall(r"Contract (J\d)<", below)) == (["J1"], ["J2"])
    assert "Geen plafonds" in empty
    assert "/contracten.csv" not in empty
    for path, code in (("?sein=81", 422), ("?jaar=abc", 422), ("?na=x", 400)):
        assert (await client.get(f"/contracten{path}")).status_code == code, path


async def test_the_file_holds_amounts_as_numbers(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.CONTRACTBEHEER)

    file = await client.get("/contracten.csv?sein=100")

    assert file.headers["content-disposition"] == 'attachment; filename="plafonds-2026.csv"'
    kop, row = (line.split(";") for line in file.text.lstrip("\ufeff").splitlines())
    cells = dict(zip(kop, row, strict=True))
    assert (cells["contract"], cells["plafond"], cells["toegekend"], cells["promille"], cells["sein"]) == (
        "J1",
        "400,00",
        "480,00",
        "1200",
        "100",
    )


async def test_other_roles_and_aanbieders_do_not_get_the_page(wereld: Wereld, client: httpx.AsyncClient) -> None:
    await als(wereld, client, Rol.TOEGANG, Rol.UITVAL, Rol.INZAGE)
    for path in ("/contracten", "/contracten.csv"):
        assert (await client.get(path)).status_code == 403, path
    assert "Contracten" not in (await client.get("/")).text

    await als(wereld, client, Rol.CONTRACTBEHEER, Rol.CONTROLLER, gemeenten=(), partijen=(aanbieder(AGB),))
    for path in ("/contracten", "/contracten.csv"):
        answer = await client.get(path)
        assert answer.status_code == 403, path
        assert "400,00" not in answer.text


async def test_the_interface_is_for_gemeenten_and_refuses_an_aanbieder(wereld: Wereld, client: httpx.AsyncClient) -> None:
    seen = await vraag_api(wereld, client, "/v1/plafonds?limit=1", gemeente("0664"))
    (item,) = seen.json()["items"]
    rest = (await vraag_api(wereld, client, f"/v1/plafonds?cursor={seen.json()['volgende']}", gemeente("0664"))).json()
    refused = await vraag_api(wereld, client, "/v1/plafonds", aanbieder(AGB))

    assert (item["contract"], item["toegekend_cent"], item["promille"], item["sein"]) == ("J1", MEI_CENT, 1200, 100)
    assert item["prognose"]["uitputting"] == "bereikt"
    assert ([each["contract"] for each in rest["items"]], rest["volgende"]) == (["J2"], None)
    assert (await vraag_api(wereld, client, "/v1/plafonds?sein=80", gemeente("0664"))).json()["items"] == []
    assert refused.status_code == 403
    assert "plafond_cent" not in refused.text
    assert (await client.get("/v1/plafonds")).status_code == 401
