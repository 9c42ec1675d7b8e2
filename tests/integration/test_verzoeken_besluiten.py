"""Deciding on requests and changing toewijzingen by hand: the real way from a 315 or 317 to the register and the books."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.composing import (
    Actie,
    BesluitOngeldig,
    Nummer,
    WijzigingOngeldig,
    begin_afwijkend,
    bekijk_besluit,
    bekijk_wijziging,
    toon_concept,
    toon_mogelijkheden,
    toon_verzoek,
    verstuur_besluit,
    verstuur_wijziging,
    volgend_verzoek,
    werklijst,
)
from app.domain.errors import Conflict, NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol, aanbieder, gemeente
from app.domain.toewijzing import Omvang
from app.mailbox import lees_postvak
from tests.builders import (
    AGB,
    GEMEENTE,
    KORTE_NAAM,
    NUMMER,
    make_301,
    make_305,
    make_315,
    make_317,
    make_323,
    make_aangevraagd_product,
    make_client,
    make_prestatie,
    make_te_wijzigen,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.werkbank import klopt, status, stuur, wereld_with_region
from workers.local import judge_all

TOEGANG = Actor(naam="toegang", partijen=frozenset({gemeente("0664")}), gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.TOEGANG}))
ANDERE = Actor(naam="ander", partijen=frozenset({gemeente("0687")}), gemeenten=frozenset({"0687"}), rollen=frozenset({Rol.TOEGANG}))
DEZE = Nummer(domein="ijw", gemeente=GEMEENTE, nummer=NUMMER)


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world with the default toewijzing (ten hours a week in 2026) at € 60,00 an hour."""
    async with wereld_with_region(database, tmp_path) as world:
        await stuur(world, make_301())
        await judge_all(world, lot_size_max=20)
        yield world


async def _ask(wereld: Wereld, *berichten: object) -> list[int]:
    numbers = [await stuur(wereld, each) for each in berichten]  # type: ignore[arg-type]
    await judge_all(wereld, lot_size_max=20)
    return numbers


async def _committed(wereld: Wereld) -> int:
    value: int = await wereld.pool.fetchval(
        """
        select coalesce(sum(case when d.soort = 'verplichting' then bedrag_cent else -bedrag_cent end), 0)::bigint
          from boeking b join rekening d on d.rekening_nr = b.debet join rekening c on c.rekening_nr = b.credit
         where 'verplichting' in (d.soort, c.soort)
        """
    )
    return value


async def test_a_315_is_granted_as_asked_and_decided(wereld: Wereld) -> None:
    """The 301 carries the reference on its own line, repeats what goes on, is judged, delivered and booked for what was shown."""
    asked = make_aangevraagd_product(toewijzing_ingangsdatum=date(2027, 1, 1), toewijzing_einddatum=date(2027, 6, 30))
    [nr] = await _ask(wereld, make_315(asked))
    [kop] = (await werklijst(wereld, TOEGANG)).items
    before = await _committed(wereld)
    voorstel = await bekijk_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"})

    first = await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"}, voorstel.zegel)
    again = await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"}, voorstel.zegel)
    await judge_all(wereld, lot_size_max=20)
    later = await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"}, voorstel.zegel)

    assert (kop.bericht_nr, kop.naam, kop.aanbieder_naam, kop.werkdagen) == (nr, "Voorbeeld", "De Veste", 5)
    assert first == again == later
    assert await status(wereld, first) == "klaar"
    assert [each.referentie_aanbieder for each in voorstel.lines] == ["VR1", None]
    assert voorstel.effect is not None
    assert await _committed(wereld) - before == voorstel.effect.verschil_cent > 0
    assert (await werklijst(wereld, TOEGANG)).items == ()
    assert (await toon_verzoek(wereld, TOEGANG, nr, 1)).kop.besluit_nr == first
    postvak = await lees_postvak(wereld, Actor(naam="a", partijen=frozenset({aanbieder(AGB)})), aanbieder(AGB))
    assert [item.bericht for item in postvak.items] == ["301", "316", "301"]
    with pytest.raises(Conflict):
        await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "afwijzen", "reden": "1"})
    await klopt(wereld)


async def test_a_317_is_granted_as_a_whole(wereld: Wereld) -> None:
    """Another omvang ends the old number the day before and makes a new one; each line has the reference and reason 12 where it changed."""
    [nr] = await _ask(wereld, make_317())
    beeld = await toon_verzoek(wereld, TOEGANG, nr, 1)
    voorstel = await bekijk_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"})
    before = await _committed(wereld)

    sent = await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"}, voorstel.zegel)
    await judge_all(wereld, lot_size_max=20)

    assert [each.soort.value for each in beeld.zijden] == ["vervangt"]
    assert await status(wereld, sent) == "klaar"
    old, new = voorstel.lines
    assert (old.toewijzing_nummer, old.einddatum, old.reden_wijziging) == (NUMMER, date(2026, 6, 30), "12")
    assert (new.ingangsdatum, new.omvang, new.reden_wijziging) == (date(2026, 7, 1), Omvang(volume=12, eenheid="04", frequentie="2"), None)
    assert {old.referentie_aanbieder, new.referentie_aanbieder} == {"VW1"}
    assert voorstel.effect is not None
    assert await _committed(wereld) - before == voorstel.effect.verschil_cent
    assert await wereld.pool.fetchval("select status from verzoek") == "toegewezen"
    await klopt(wereld)


async def test_a_317_that_only_lasts_longer_keeps_its_number(wereld: Wereld) -> None:
    """Extending is mandatory on the same number when nothing else changes (OP380)."""
    wijzigt = make_te_wijzigen(
        gewenste_ingangsdatum=date(2026, 1, 1), einddatum=date(2027, 3, 31), omvang=Omvang(volume=10, eenheid="04", frequentie="2")
    )
    [nr] = await _ask(wereld, make_317(make_verzoek(te_wijzigen_producten=(wijzigt,))))
    sent = await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"})
    await judge_all(wereld, lot_size_max=20)

    assert await status(wereld, sent) == "klaar"
    [row] = await wereld.pool.fetch(
        "select toewijzing_nummer, einddatum, reden_wijziging from toewijzing_versie where bericht_nr = $1", sent
    )
    assert tuple(row) == (NUMMER, date(2027, 3, 31), "12")


async def test_refusing_and_looking_into(wereld: Wereld) -> None:
    """In onderzoek once, then a refusal with its code; the next request is offered."""
    first, second = await _ask(
        wereld,
        make_315(make_aangevraagd_product("VR1", toewijzing_ingangsdatum=date(2027, 1, 1), toewijzing_einddatum=date(2027, 2, 28)),
                 make_aangevraagd_product("VR2", toewijzing_ingangsdatum=date(2027, 3, 1), toewijzing_einddatum=date(2027, 6, 30))),
        make_305(),
    )  # fmt: skip
    assert second
    following = await volgend_verzoek(wereld, TOEGANG, first, 1)
    await verstuur_besluit(wereld, TOEGANG, first, 1, {"keus": "onderzoek"})
    await judge_all(wereld, lot_size_max=20)
    again = await bekijk_besluit(wereld, TOEGANG, first, 1, {"keus": "onderzoek"})

    sent = await verstuur_besluit(wereld, TOEGANG, first, 1, {"keus": "afwijzen", "reden": "8", "gemeente": "0687"})
    await judge_all(wereld, lot_size_max=20)

    assert following is not None
    assert (following.bericht_nr, following.volgnr) == (first, 2)
    assert [each.veld for each in again.fouten] == ["keus"]
    assert await status(wereld, sent) == "klaar"
    assert [row["status"] for row in await wereld.pool.fetch("select status from verzoek order by volgnr")] == ["afgewezen", "open"]
    await klopt(wereld)


async def test_another_gemeente_has_no_such_request_or_toewijzing(wereld: Wereld) -> None:
    """What another gemeente has does not exist; who only looks may not send; an aanbieder has no business here."""
    [nr] = await _ask(wereld, make_317())
    for work in (
        toon_verzoek(wereld, ANDERE, nr, 1),
        bekijk_besluit(wereld, ANDERE, nr, 1, {}),
        verstuur_besluit(wereld, ANDERE, nr, 1, {}),
    ):
        with pytest.raises(NietGevonden):
            await work
    for other in (
        toon_mogelijkheden(wereld, ANDERE, DEZE),
        bekijk_wijziging(wereld, ANDERE, DEZE, {}),
        verstuur_wijziging(wereld, ANDERE, DEZE, {}),
    ):
        with pytest.raises(NietGevonden):
            await other
    assert (await werklijst(wereld, ANDERE)).items == ()
    kijker = replace(TOEGANG, partijen=frozenset())
    assert len((await werklijst(wereld, kijker)).items) == 1
    with pytest.raises(NietToegestaan):
        await verstuur_besluit(wereld, kijker, nr, 1, {"keus": "toewijzen"})
    with pytest.raises(NietToegestaan):
        await bekijk_wijziging(wereld, kijker, DEZE, {"actie": "intrekken"})
    with pytest.raises(NietToegestaan):
        await werklijst(wereld, Actor(naam="a", partijen=frozenset({aanbieder(AGB)})))


async def test_shortening_shows_what_it_does_and_does_it(wereld: Wereld) -> None:
    """Commitment before and after, prestaties that fall outside, then the version and the books that were shown; pressed twice it is sent once."""
    await _ask(wereld, make_305(), make_323(make_prestatie()))
    answers = {"actie": "verkorten", "einddatum": "15-05-2026", "reden": "05"}
    voorstel = await bekijk_wijziging(wereld, TOEGANG, DEZE, answers)
    before = await _committed(wereld)

    sent = await verstuur_wijziging(wereld, TOEGANG, DEZE, answers, voorstel.zegel)
    await judge_all(wereld, lot_size_max=20)
    again = await verstuur_wijziging(wereld, TOEGANG, DEZE, answers, voorstel.zegel)

    assert sent == again
    assert voorstel.effect is not None
    assert voorstel.effect.verschil_cent < 0
    assert await _committed(wereld) - before == voorstel.effect.verschil_cent
    [row] = await wereld.pool.fetch("select einddatum, reden_wijziging from toewijzing_versie where bericht_nr = $1", sent)
    assert tuple(row) == (date(2026, 5, 15), "05")
    await klopt(wereld)


async def test_prestaties_outside_are_counted_and_block_taking_back(wereld: Wereld) -> None:
    """A granted month after the new end is told with its euros; taking back waits for a credit (TR385)."""
    await _ask(wereld, make_323(make_prestatie()))
    beeld = await toon_mogelijkheden(wereld, TOEGANG, DEZE)
    [last] = beeld.stand.prestaties
    voorstel = await bekijk_wijziging(
        wereld, TOEGANG, DEZE, {"actie": "verkorten", "einddatum": last.begindatum.isoformat(), "reden": "05"}
    )

    assert voorstel.buiten is not None
    assert (voorstel.buiten.aantal, voorstel.buiten.bedrag_cent) == (1, last.bedrag_cent)
    with pytest.raises(WijzigingOngeldig) as refused:
        await verstuur_wijziging(wereld, TOEGANG, DEZE, {"actie": "intrekken"})
    assert "TR385" in refused.value.voorstel.fouten[0].melding


async def test_taking_back_frees_the_commitment(wereld: Wereld) -> None:
    """Reason 13 on one day; nothing may be done after it."""
    sent = await verstuur_wijziging(wereld, TOEGANG, DEZE, {"actie": "intrekken"})
    await judge_all(wereld, lot_size_max=20)

    assert await status(wereld, sent) == "klaar"
    assert await _committed(wereld) == 0
    assert not (await toon_mogelijkheden(wereld, TOEGANG, DEZE)).kan_iets
    await klopt(wereld)


async def test_volume_of_a_total_changes_on_its_number(wereld: Wereld) -> None:
    """Frequentie 6 may change its volume; the other toewijzing goes along unchanged (OP087)."""
    await _ask(
        wereld,
        make_301(
            make_toegewezen_product(),
            make_toegewezen_product(
                toewijzing_nummer=77,
                ingangsdatum=date(2027, 1, 1),
                einddatum=date(2027, 12, 31),
                omvang=Omvang(volume=40, eenheid="04", frequentie="6"),
            ),
            identificatie="TWEE",
        ),
    )
    nummer = replace(DEZE, nummer=77)
    voorstel = await bekijk_wijziging(wereld, TOEGANG, nummer, {"actie": "omvang", "volume": "60", "reden": "12"})
    sent = await verstuur_wijziging(wereld, TOEGANG, nummer, {"actie": "omvang", "volume": "60", "reden": "12"}, voorstel.zegel)
    await judge_all(wereld, lot_size_max=20)

    assert voorstel.effect is not None
    assert voorstel.effect.verschil_cent == 20 * 6000
    assert [each.toewijzing_nummer for each in voorstel.mee] == [NUMMER]
    assert await status(wereld, sent) == "klaar"
    mag = {each.actie: each.mag for each in (await toon_mogelijkheden(wereld, TOEGANG, nummer)).mogelijkheden}
    assert mag == {Actie.VERLENGEN: True, Actie.VERKORTEN: True, Actie.OMVANG: True, Actie.BUDGET: False, Actie.INTREKKEN: True}


async def test_a_request_can_be_granted_otherwise_by_a_draft(wereld: Wereld) -> None:
    """What a 315 asks is filled in, to be changed (IV094); a 317 is granted as it was asked or not at all (IV093)."""
    [nr] = await _ask(wereld, make_315())
    concept = await toon_concept(wereld, TOEGANG, await begin_afwijkend(wereld, TOEGANG, nr, 1))

    assert concept.antwoorden["referentie"] == "VR1"
    assert (concept.antwoorden["volume"], concept.antwoorden["frequentie"]) == ("10", "2")


async def test_what_judging_would_refuse_is_not_sent(wereld: Wereld) -> None:
    """A product that the client has on the same days is found before sending (TR302), and nothing leaves."""
    [nr] = await _ask(wereld, make_315(make_aangevraagd_product(toewijzing_ingangsdatum=date(2026, 8, 1))))
    with pytest.raises(BesluitOngeldig) as refused:
        await verstuur_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"})

    assert {each.regel for each in refused.value.voorstel.bevindingen} == {"TR302"}
    assert await wereld.pool.fetchval("select count(*) from bericht where soort = '301'") == 1


async def test_a_client_without_address_needs_a_draft(wereld: Wereld) -> None:
    """A 315 names no address and a 301 must: that is said before a number is given."""
    asked = make_aangevraagd_product("VR7")
    [nr] = await _ask(
        wereld, make_315(client=make_client(bsn="999900018", aangevraagde_producten=(asked,), contactgegevens=(), naam=KORTE_NAAM))
    )

    voorstel = await bekijk_besluit(wereld, TOEGANG, nr, 1, {"keus": "toewijzen"})

    assert voorstel.beletsel is not None
    assert "adres" in voorstel.beletsel
    assert not voorstel.verzendbaar
    assert await wereld.pool.fetchval("select count(*) from nummerreeks") == 0
