"""Issuing a toewijzing by hand: the real way from what is filled in to the postvak of the aanbieder, and what is seen of it after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import structlog

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.commands.demo import make_accounts
from app.composing import (
    NietVerzendbaar,
    Stap,
    ToewijzingFilter,
    begin_concept,
    bekijk_concept,
    bewaar_stap,
    controleer_toewijzing,
    geef_toewijzing_uit,
    gemeenten_van,
    heropen_concept,
    lijst_concepten,
    lijst_toewijzingen,
    lijst_vastgelopen,
    next_identificatie,
    next_toewijzing_nummer,
    toon_concept,
    toon_toewijzing,
    verstuur_concept,
    verwijder_concept,
    zoek_client,
)
from app.domain.errors import NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol, aanbieder, gemeente
from app.identity import actor_van_account
from app.intake import Geweigerd
from app.mailbox import lees_postvak
from tests.builders import AGB, BSN, CATEGORIE, CODE, GEMEENTE, make_301, make_305, make_client, make_start, make_toegewezen_product
from tests.end_to_end.werkbank import ANDERE_AGB, klopt, status, stuur, wereld_with_region
from workers.local import judge_all

TOEGANG = Actor(naam="toegang", partijen=frozenset({gemeente("0664")}), gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.TOEGANG}))
ANDERE = Actor(naam="ander", partijen=frozenset({gemeente("0687")}), gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.TOEGANG}))
INGEVULD = {
    "gemeente": "0664", "domein": "ijw", "bsn": "9999 00 006", "voornamen": "Betje", "voorvoegsel": "van de", "achternaam": "Oesterput",
    "geboortedatum": "05-04-2012", "geslacht": "2", "straat": "Kreekpad", "huisnummer": "12", "postcode": "4461 ab", "plaats": "Goes",
    "ingangsdatum": "2026-06-15", "einddatum": "13-12-2026", "agb": AGB, "product": f"{CATEGORIE}|{CODE}|04", "volume": "5",
    "frequentie": "2", "commentaar": "Graag binnen twee weken beginnen.",
}  # fmt: skip
"""26 weeks from a Monday to a Sunday."""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with contracts at € 60,00 an hour."""
    async with wereld_with_region(database, tmp_path) as world:
        yield world


async def test_from_draft_to_the_postvak_of_the_aanbieder(wereld: Wereld) -> None:
    """Step by step filled in, judged, sent, in the register, committed for what the sentence said, and waiting for the aanbieder."""
    nr = await begin_concept(wereld, TOEGANG, {name: INGEVULD[name] for name in ("gemeente", "domein", "bsn")})
    for stap in (Stap.PERSOON, Stap.ZORG, Stap.OMVANG):
        await bewaar_stap(wereld, TOEGANG, nr, stap, INGEVULD)
    _, opstelling = await bekijk_concept(wereld, TOEGANG, nr, controleren=True)

    bericht_nr = await verstuur_concept(wereld, TOEGANG, nr)
    again = await verstuur_concept(wereld, TOEGANG, nr)
    await judge_all(wereld, lot_size_max=20)

    assert opstelling.betekenis is not None
    assert opstelling.betekenis.zin == "5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 7.800,00"
    assert opstelling.bevindingen == ()
    assert again == bericht_nr
    assert await status(wereld, bericht_nr) == "klaar"
    postvak = await lees_postvak(wereld, Actor(naam="a", partijen=frozenset({aanbieder(AGB)})), aanbieder(AGB))
    assert [item.bericht for item in postvak.items] == ["301"]
    assert await wereld.pool.fetchval("select sum(verwacht_cent) from verplichting") == 780_000
    [regel] = (await lijst_toewijzingen(wereld, TOEGANG, ToewijzingFilter())).items
    assert (regel.naam, regel.status, regel.versie.toewijzing_nummer) == ("Betje van de Oesterput", "verstuurd", 1)
    assert (await lijst_concepten(wereld, TOEGANG)).items == ()
    await klopt(wereld)


async def test_a_known_client_is_filled_in_and_current_lines_are_repeated(wereld: Wereld) -> None:
    """The newest 301 of the own gemeente tells name and address; its other lines go along; the number goes on after the highest."""
    ander = make_toegewezen_product(toewijzing_nummer=41, product=None, omvang=None, budget=100_000)
    await stuur(wereld, make_301(ander, client=make_client(toegewezen_producten=(ander,)), identificatie="EERST"))
    await judge_all(wereld, lot_size_max=20)
    answers = {name: INGEVULD[name] for name in ("gemeente", "domein", "bsn", "ingangsdatum", "einddatum", "agb", "product")}

    found = await controleer_toewijzing(wereld, TOEGANG, {**answers, "volume": "5", "frequentie": "2"})

    assert found.client is not None
    assert found.client.naam is not None
    assert found.client.naam.geslachtsnaam.achternaam == "Voorbeeld"
    assert [each.toewijzing_nummer for each in found.lopend] == [41]
    assert found.bericht is not None
    assert found.bericht.client is not None
    assert [each.toewijzing_nummer for each in found.bericht.client.toegewezen_producten][1:] == [41]
    assert [each.soort for each in found.waarschuwingen] == ["overlap"]


async def test_the_same_product_twice_is_found_at_its_field(wereld: Wereld) -> None:
    """TR302 stands beside the product, and sending is refused without leaving anything."""
    await geef_toewijzing_uit(wereld, TOEGANG, INGEVULD)
    await judge_all(wereld, lot_size_max=20)

    with pytest.raises(NietVerzendbaar) as refused:
        await geef_toewijzing_uit(wereld, TOEGANG, INGEVULD)

    found = refused.value.opstelling.bevindingen
    assert found is not None
    assert [(each.bevinding.regel, each.stap, each.veld) for each in found] == [("TR302", Stap.OMVANG, "product")]
    assert (await lijst_concepten(wereld, TOEGANG)).items == ()


async def test_numbers_are_unique_and_follow_other_software(wereld: Wereld) -> None:
    """The series goes on after what the register knows, per gemeente and domein."""
    await stuur(wereld, make_301(make_toegewezen_product(toewijzing_nummer=700, einddatum=date(2026, 6, 14)), identificatie="ANDERS"))
    await judge_all(wereld, lot_size_max=20)

    _, first = await geef_toewijzing_uit(wereld, TOEGANG, INGEVULD)
    _, second = await geef_toewijzing_uit(wereld, TOEGANG, {**INGEVULD, "bsn": "999900018"})

    assert (first, second) == (701, 702)


async def test_every_step_is_saved_and_a_draft_can_be_deleted(wereld: Wereld) -> None:
    """What is wrong is kept too; who and when stand beside it; the stored bytes hold no name."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)
    await bewaar_stap(wereld, TOEGANG, nr, Stap.ZORG, {"ingangsdatum": "morgen", "onbekend": "x"})

    concept, opstelling = await bekijk_concept(wereld, TOEGANG, nr)
    stored = await wereld.pool.fetchval("select inhoud from concept")

    assert concept.antwoorden["ingangsdatum"] == "morgen"
    assert "onbekend" not in concept.antwoorden
    assert [each.veld for each in opstelling.fouten[Stap.ZORG]] == ["ingangsdatum"]
    assert b"Oesterput" not in stored
    [listed] = (await lijst_concepten(wereld, TOEGANG)).items
    assert (listed.naam, listed.gewijzigd_door) == ("Betje van de Oesterput", "toegang")
    await verwijder_concept(wereld, TOEGANG, nr)
    with pytest.raises(NietGevonden):
        await toon_concept(wereld, TOEGANG, nr)


async def test_another_gemeente_sees_nothing(wereld: Wereld) -> None:
    """Drafts, toewijzingen and clients of another gemeente do not exist; care elsewhere is told without saying where."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)
    _, nummer = await geef_toewijzing_uit(wereld, TOEGANG, INGEVULD)
    await judge_all(wereld, lot_size_max=20)

    for work in (toon_concept, verwijder_concept, heropen_concept, verstuur_concept):
        with pytest.raises(NietGevonden):
            await work(wereld, ANDERE, nr)
    with pytest.raises(NietGevonden):
        await toon_toewijzing(wereld, ANDERE, "ijw", "0664", nummer)
    with pytest.raises(NietGevonden):
        await zoek_client(wereld, ANDERE, BSN)
    with pytest.raises(NietGevonden):
        await geef_toewijzing_uit(wereld, ANDERE, INGEVULD)
    assert (await lijst_toewijzingen(wereld, ANDERE, ToewijzingFilter())).items == ()
    assert (await lijst_toewijzingen(wereld, ANDERE, ToewijzingFilter(gemeente="0664"))).items == ()
    found = await controleer_toewijzing(wereld, ANDERE, {**INGEVULD, "gemeente": "0687", "agb": ANDERE_AGB})
    assert [each.soort for each in found.waarschuwingen] == ["woonplaats"]
    assert "Goes" not in found.waarschuwingen[0].melding
    assert found.bekend is None


async def test_who_has_no_gemeente_cannot_begin(wereld: Wereld) -> None:
    """Somebody of the region sees toewijzingen, but sends for nobody; an aanbieder has no business here."""
    regio = Actor(naam="beheer", gemeenten=None, rollen=frozenset({Rol.BEHEER}))
    with pytest.raises(NietToegestaan):
        await begin_concept(wereld, regio, INGEVULD)
    with pytest.raises(NietToegestaan):
        await lijst_toewijzingen(wereld, Actor(naam="a", partijen=frozenset({aanbieder(AGB)})), ToewijzingFilter())
    controller = replace(TOEGANG, rollen=frozenset({Rol.CONTROLLER}))
    with pytest.raises(NietToegestaan):
        await begin_concept(wereld, controller, INGEVULD)


async def test_search_by_bsn_is_logged_without_the_number(wereld: Wereld) -> None:
    """Who asked is written down; whom they asked for is not."""
    await geef_toewijzing_uit(wereld, TOEGANG, INGEVULD)
    await judge_all(wereld, lot_size_max=20)
    with structlog.testing.capture_logs() as logs:
        client_id = await zoek_client(wereld, TOEGANG, "9999.00.006")
        with pytest.raises(OngeldigVerzoek):
            await zoek_client(wereld, TOEGANG, "123456789")

    assert {"event": "bsn_searched", "by": "toegang", "log_level": "info"} in logs
    assert BSN not in str(logs)
    assert [each.naam for each in (await lijst_toewijzingen(wereld, TOEGANG, ToewijzingFilter(client_id=client_id))).items] == [
        "Betje van de Oesterput"
    ]


async def test_what_followed_stands_in_the_timeline(wereld: Wereld) -> None:
    """A start makes it started, and the months show what was expected."""
    _, nummer = await geef_toewijzing_uit(wereld, TOEGANG, {**INGEVULD, "ingangsdatum": "2026-06-01"})
    await judge_all(wereld, lot_size_max=20)
    start = make_start(toewijzing_nummer=nummer, toewijzing_ingangsdatum=date(2026, 6, 1), begindatum=date(2026, 6, 2))
    await stuur(wereld, make_305(start))
    await judge_all(wereld, lot_size_max=20)

    beeld = await toon_toewijzing(wereld, TOEGANG, "ijw", GEMEENTE, nummer)

    assert beeld.regel.status == "gestart"
    assert [each.wat for each in beeld.verloop] == ["Zorg gestart (305)", "Toewijzing verstuurd (301)"]
    assert beeld.hoogstens == "140 uur"
    assert [each.maand.month for each in beeld.maanden] == [6, 7, 8, 9, 10, 11, 12]


async def test_what_was_stopped_can_be_filled_in_again(wereld: Wereld) -> None:
    """A 301 that judging refuses stands in the list of what needs work, and opens as a new draft."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)
    bericht_nr = await verstuur_concept(wereld, TOEGANG, nr)
    assert [(each.bericht_nr, each.status) for each in await lijst_vastgelopen(wereld, TOEGANG)] == [(bericht_nr, "ontvangen")]
    await wereld.pool.execute("update bericht set status = 'afgekeurd' where bericht_nr = $1", bericht_nr)

    [stuck] = await lijst_vastgelopen(wereld, TOEGANG)
    opened = await heropen_concept(wereld, TOEGANG, nr)

    assert (stuck.status, stuck.concept.concept_nr) == ("afgekeurd", nr)
    assert (await toon_concept(wereld, TOEGANG, opened)).antwoorden["achternaam"] == "Oesterput"


async def test_sending_again_after_a_process_went_away_sends_the_same(wereld: Wereld) -> None:
    """The door had the bytes, the draft did not know yet: it is the same bericht, and its own numbers are no fault."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)
    first = await verstuur_concept(wereld, TOEGANG, nr)
    await judge_all(wereld, lot_size_max=20)
    await wereld.pool.execute("update concept set bericht_nr = null")

    again = await verstuur_concept(wereld, TOEGANG, nr)

    assert again == first
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '301'") == 1


async def test_pressing_twice_at_once_sends_once(wereld: Wereld) -> None:
    """Whoever comes second gets the number of the first."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)

    numbers = await asyncio.gather(*(verstuur_concept(wereld, TOEGANG, nr) for _ in range(3)))

    assert len(set(numbers)) == 1
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '301'") == 1


async def test_what_the_door_refuses_can_be_mended(wereld: Wereld) -> None:
    """The gemeente takes part no longer: refused, and the draft is open again."""
    nr = await begin_concept(wereld, TOEGANG, INGEVULD)
    await wereld.pool.execute("update gemeente set geldig_tot = '2026-06-01' where code = '0664'")

    with pytest.raises(Geweigerd):
        await verstuur_concept(wereld, TOEGANG, nr)

    assert await wereld.pool.fetchval("select xml is null and bericht_nr is null from concept")
    assert (await bewaar_stap(wereld, TOEGANG, nr, Stap.OMVANG, INGEVULD)).concept_nr == nr


async def test_many_at_once_get_numbers_of_their_own(wereld: Wereld) -> None:
    """The row of the series is locked while a number is given."""

    async def take() -> tuple[int, str]:
        async with transaction(wereld.pool) as connection:
            return await next_toewijzing_nummer(connection, "ijw", "0664"), await next_identificatie(connection, "0664")

    taken = await asyncio.gather(*(take() for _ in range(20)))

    assert sorted(nummer for nummer, _ in taken) == list(range(1, 21))
    assert len({identificatie for _, identificatie in taken}) == 20
    assert {len(identificatie) for _, identificatie in taken} == {12}


async def test_the_access_team_of_the_demo_may_send(wereld: Wereld) -> None:
    """Its account has the first gemeente to see and to send for."""
    await make_accounts(wereld)

    actor = await actor_van_account(wereld, "toegang")

    assert await gemeenten_van(wereld, actor) == {"0384": "Diemen"}
