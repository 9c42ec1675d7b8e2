"""Afrekeningen on a real database: from messages to a fixed and booked settlement, objections, late corrections and money that comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.ledger import Boeking, Rekening, open_handeling, verify
from app.ledger.store import Boekstuk, book
from app.settlement import (
    AfrekeningStatus,
    Maat,
    Oorzaak,
    Verschil,
    bied_afrekening_aan,
    geef_akkoord,
    lijst_afrekeningen,
    maak_afrekening,
    maak_bezwaar,
    ontvang_terugbetaling,
    stel_afrekening_vast,
    toon_afrekening,
    trek_afrekening_in,
    vernieuw_afrekening,
)
from tests.builders import AGB, BSN, make_credit, make_month, make_prestatie
from tests.end_to_end.werkbank import wereld_with_region
from tests.integration.afrekening_rijen import JAAR, MEI_2025, alles, declareer
from tests.integration.betaal_rijen import CONTROLLER, DE_VESTE, ELDERS, HET_ANKER, TWEEDE, region_met, saldi_van
from tests.integration.test_betalingen import send

GOES = Actor(naam="gerda", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
INZAGE = Actor(naam="ilse", gemeenten=None, rollen=frozenset({Rol.INZAGE}))
TOEGANG = Actor(naam="tom", gemeenten=None, rollen=frozenset({Rol.TOEGANG}))
VESTE_PARTIJ = f"aanbieder:{AGB}"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which everything of `afrekening_rijen` happened."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        await alles(world)
        yield world


async def boek(wereld: Wereld, soort: str, debet: Rekening, credit: Rekening, cents: int, zorgvorm: str = "") -> None:
    """An act in the care year."""
    async with transaction(wereld.pool) as connection:
        nr = await open_handeling(connection, soort=soort, door="test", op=wereld.nu, reden="test")
        boeking = Boeking(
            bericht_nr=nr,
            regel=1,
            soort=soort,
            volgnr=0,
            debet=debet,
            credit=credit,
            bedrag_cent=cents,
            domein="ijw" if zorgvorm else "",
            zorgvorm=zorgvorm,
            zorgmaand=date(JAAR, 5, 1),
            dienst_van=None,
            dienst_tot=None,
            boekdatum=wereld.vandaag,
        )
        await book(connection, Boekstuk.van([boeking]))


async def voorschot(wereld: Wereld, cents: int) -> None:
    """Goes paid De Veste in advance for the care year."""
    await boek(wereld, "voorschot", Rekening("voorschot", "0664", AGB), Rekening("bank", "0664"), cents)


async def maak(wereld: Wereld, *verschillen: Verschil) -> int:
    """A concept."""
    return await maak_afrekening(wereld, CONTROLLER, AGB, JAAR, reden="jaarafrekening", verschillen=verschillen)


async def akkoord(wereld: Wereld, nr: int) -> None:
    """Offered, and agreed by all."""
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    versie = (await toon_afrekening(wereld, CONTROLLER, nr)).afrekening.versie
    await geef_akkoord(wereld, DE_VESTE, nr, VESTE_PARTIJ, versie)
    await geef_akkoord(wereld, GOES, nr, "gemeente:0664", versie)
    await geef_akkoord(wereld, ELDERS, nr, "gemeente:0687", versie)


async def vast(wereld: Wereld, *verschillen: Verschil) -> int:
    """One that is fixed."""
    nr = await maak(wereld, *verschillen)
    await akkoord(wereld, nr)
    await stel_afrekening_vast(wereld, TWEEDE, nr)
    return nr


async def verified(wereld: Wereld) -> None:
    """Nothing contradicts the books."""
    assert [each for each in await verify(wereld) if not each.klopt] == []


async def test_numbers_and_causes_by_hand(wereld: Wereld) -> None:
    """The table of `afrekening_rijen`, worked out on paper."""
    nr = await maak(wereld)

    found = await toon_afrekening(wereld, CONTROLLER, nr)

    goes, middelburg = found.gemeenten["0664"], found.gemeenten["0687"]
    assert [goes[each] for each in (Maat.TOEGEWEZEN, Maat.INGEDIEND, Maat.AFGEWEZEN, Maat.NIET_OPNIEUW)] == [792000, 116000, 14000, 14000]
    assert [goes[each] for each in (Maat.TOEGEKEND, Maat.GECREDITEERD, Maat.VERSCHULDIGD, Maat.OPEN)] == [102000, 30000, 72000, 72000]
    assert [middelburg[each] for each in (Maat.TOEGEWEZEN, Maat.TOEGEKEND, Maat.TE_BETALEN)] == [72000, 6000, 6000]
    assert {(row.gemeente, row.oorzaak, row.detail): (row.aantal, row.bedrag_cent) for row in found.oorzaken} == {
        ("0664", Oorzaak.ZONDER_DECLARATIE, ""): (1, 72000),
        ("0664", Oorzaak.MINDER_GEDECLAREERD, ""): (1, 634000),
        ("0664", Oorzaak.AFGEWEZEN, "0611"): (1, 14000),
        ("0664", Oorzaak.TARIEF, ""): (1, -6000),
        ("0664", Oorzaak.LAAT, ""): (1, 72000),
        ("0687", Oorzaak.MINDER_GEDECLAREERD, ""): (1, 66000),
        ("0687", Oorzaak.ZONDER_START, ""): (1, 6000),
        ("0687", Oorzaak.LAAT, ""): (1, 6000),
    }


async def test_life_of_an_afrekening_with_money_that_comes_back(wereld: Wereld) -> None:
    """An advance of 1000.00 against 720.00 of care and 50.00 agreed beside: 230.00 comes back, in two parts and no more."""
    await voorschot(wereld, 100000)
    nr = await maak(wereld, Verschil("0664", "ijw", "ambulant", 5000))
    with pytest.raises(Conflict, match="dit kan nu niet"):
        await geef_akkoord(wereld, DE_VESTE, nr, VESTE_PARTIJ, 1)
    await akkoord(wereld, nr)
    with pytest.raises(NietToegestaan, match="Een ander"):
        await stel_afrekening_vast(wereld, CONTROLLER, nr)
    await stel_afrekening_vast(wereld, TWEEDE, nr)

    after = await saldi_van(wereld)
    found = await toon_afrekening(wereld, CONTROLLER, nr)
    with pytest.raises(OngeldigVerzoek, match="23000"):
        await ontvang_terugbetaling(wereld, GOES, nr, "0664", 23001, reden="overgemaakt")
    await ontvang_terugbetaling(wereld, GOES, nr, "0664", 20000, reden="overgemaakt")
    await ontvang_terugbetaling(wereld, GOES, nr, "0664", 3000, reden="rest")
    with pytest.raises(OngeldigVerzoek):
        await ontvang_terugbetaling(wereld, GOES, nr, "0664", 1, reden="te veel")

    assert after == {("voorschot", AGB): 23000, ("bank", ""): -100000}
    assert (found.afrekening.status, found.afrekening.goedgekeurd_door) == (AfrekeningStatus.VASTGESTELD, "bram")
    assert [(row.soort, row.bedrag_cent) for row in found.boekplan] == [("afrekening", 5000), ("voorschot_verrekend", 77000)]
    assert (found.gemeenten["0664"][Maat.TE_ONTVANGEN], found.gemeenten["0687"][Maat.TE_BETALEN]) == (23000, 6000)
    assert await saldi_van(wereld) == {("bank", ""): -77000}
    assert (await toon_afrekening(wereld, CONTROLLER, nr)).terug_cent == {"0664": 23000}
    await verified(wereld)


async def test_objection_makes_a_new_version_and_all_must_agree_anew(wereld: Wereld) -> None:
    """The note is kept; agreements with another content do not count for the next version."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    await geef_akkoord(wereld, GOES, nr, "gemeente:0664", 1)

    versie = await maak_bezwaar(wereld, DE_VESTE, nr, VESTE_PARTIJ, 1, toelichting="Juli hoort erbij.")
    await vernieuw_afrekening(wereld, CONTROLLER, nr, reden="juli erbij", verschillen=[Verschil("0664", "ijw", "ambulant", 12000)])
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    with pytest.raises(Conflict, match="niet de laatste"):
        await geef_akkoord(wereld, DE_VESTE, nr, VESTE_PARTIJ, 1)
    await geef_akkoord(wereld, DE_VESTE, nr, VESTE_PARTIJ, 3)
    found = await toon_afrekening(wereld, DE_VESTE, nr)

    assert versie == 2
    assert found.afrekening.status is AfrekeningStatus.AANGEBODEN
    assert [(each.versie, each.partij, each.is_akkoord, each.toelichting) for each in found.stemmen] == [
        (3, VESTE_PARTIJ, True, ""),
        (1, VESTE_PARTIJ, False, "Juli hoort erbij."),
        (1, "gemeente:0664", True, ""),
    ]
    assert found.wacht_op == ["gemeente:0664", "gemeente:0687"]
    assert found.verschil("0664", Maat.TE_BETALEN) == 12000


async def test_payment_between_offer_and_fixing_is_taken_along(wereld: Wereld) -> None:
    """What was agreed on stays agreed; a last version says that 720.00 was paid meanwhile."""
    nr = await maak(wereld)
    await akkoord(wereld, nr)
    await send(wereld)

    await stel_afrekening_vast(wereld, TWEEDE, nr)
    found = await toon_afrekening(wereld, CONTROLLER, nr)

    assert found.afrekening.versie == 2
    assert (found.gemeenten["0664"][Maat.BETAALD], found.gemeenten["0664"][Maat.OPEN]) == (72000, 0)
    await verified(wereld)


async def test_late_correction_makes_an_afrekening_of_the_difference(wereld: Wereld) -> None:
    """May is credited after the advance of 480.00 was set off with it: the next afrekening asks back those 480.00, once."""
    await voorschot(wereld, 72000)
    first = await vast(wereld)
    with pytest.raises(Conflict, match="niets veranderd"):
        await maak(wereld)

    await declareer(wereld, 5, BSN, make_credit("A-mei-C", make_prestatie("A-mei", toewijzing_nummer=1001, periode=MEI_2025)))
    second = await vast(wereld)
    found = await toon_afrekening(wereld, CONTROLLER, second)

    assert (found.afrekening.volgnr, found.afrekening.vorige_nr) == (2, first)
    assert found.verschil("0664", Maat.GECREDITEERD) == 48000
    assert found.gemeenten["0664"][Maat.TE_ONTVANGEN] == 48000
    assert found.boekplan == []
    await ontvang_terugbetaling(wereld, CONTROLLER, second, "0664", 48000, reden="overgemaakt")
    assert ("crediteur", AGB) not in await saldi_van(wereld)
    await verified(wereld)


async def test_change_of_content_undoes_the_offer(wereld: Wereld) -> None:
    """After a claim more nobody fixes what was agreed on."""
    nr = await maak(wereld)
    await akkoord(wereld, nr)
    august = make_prestatie("A-aug", toewijzing_nummer=1001, periode=make_month(JAAR, 8), geleverd_volume=1)
    await declareer(wereld, 6, BSN, august)

    with pytest.raises(Conflict, match="maak een nieuwe versie"):
        await stel_afrekening_vast(wereld, TWEEDE, nr)

    assert (await toon_afrekening(wereld, CONTROLLER, nr)).afrekening.status is AfrekeningStatus.AKKOORD


async def test_guarantee_that_was_not_earned_is_booked_once(wereld: Wereld) -> None:
    """Guaranteed 1000.00, earned 720.00: 280.00 is cost, and the whole advance is set off."""
    await boek(wereld, "garantie_termijn", Rekening("voorschot", "0664", AGB), Rekening("crediteur", "0664", AGB), 100000, "ambulant")
    nr = await vast(wereld)

    found = await toon_afrekening(wereld, CONTROLLER, nr)

    assert [(row.soort, row.bedrag_cent) for row in found.boekplan] == [("garantie_aanvulling", 28000), ("voorschot_verrekend", 100000)]
    assert [row.bedrag_cent for row in found.oorzaken if row.oorzaak is Oorzaak.GARANTIE] == [28000]
    assert await saldi_van(wereld) == {("crediteur", AGB): -100000}
    with pytest.raises(Conflict, match="niets veranderd"):
        await maak(wereld)
    await verified(wereld)


async def test_terms_of_a_lumpsum_stand_beside_the_production(wereld: Wereld) -> None:
    """Terms of 900.00 against 720.00 granted: 180.00 less was produced (K05)."""
    await boek(wereld, "lumpsum_termijn", Rekening("kosten", "0664"), Rekening("crediteur", "0664", AGB), 90000, "ambulant")

    found = await toon_afrekening(wereld, CONTROLLER, await maak(wereld))

    assert [(row.detail, row.bedrag_cent) for row in found.oorzaken if row.oorzaak is Oorzaak.TERMIJNEN] == [("ijw/ambulant", -18000)]
    assert found.gemeenten["0664"][Maat.TERMIJNEN] == 90000


async def test_who_sees_and_who_speaks(wereld: Wereld) -> None:
    """A gemeente sees its own part; another aanbieder sees nothing; only controllers speak for a gemeente."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)

    assert set((await toon_afrekening(wereld, ELDERS, nr)).gemeenten) == {"0687"}
    assert set((await toon_afrekening(wereld, DE_VESTE, nr)).gemeenten) == {"0664", "0687"}
    assert (await lijst_afrekeningen(wereld, HET_ANKER)).items == ()
    assert [each.te_betalen_cent for each in (await lijst_afrekeningen(wereld, ELDERS)).items] == [6000]
    diemen = Actor(naam="dirk", gemeenten=frozenset({"0384"}), rollen=frozenset({Rol.CONTROLLER}))
    for stranger in (HET_ANKER, diemen):
        with pytest.raises(NietGevonden):
            await toon_afrekening(wereld, stranger, nr)
    with pytest.raises(NietToegestaan):
        await toon_afrekening(wereld, TOEGANG, nr)
    with pytest.raises(NietGevonden):
        await geef_akkoord(wereld, ELDERS, nr, "gemeente:0664", 1)
    for other, partij in ((CONTROLLER, VESTE_PARTIJ), (INZAGE, "gemeente:0664"), (DE_VESTE, "gemeente:0664")):
        with pytest.raises((NietToegestaan, NietGevonden)):
            await geef_akkoord(wereld, other, nr, partij, 1)
    with pytest.raises(NietToegestaan):
        await maak_afrekening(wereld, ELDERS, AGB, JAAR, reden="x")


REFUSED: tuple[Callable[[int], tuple[str, str]], ...] = (
    lambda nr: (f"update afrekening set status = 'concept' where afrekening_nr = {nr}", "onveranderlijk"),
    lambda nr: (f"delete from afrekening where afrekening_nr = {nr}", "onveranderlijk"),
    lambda nr: (f"update afrekening_bedrag set bedrag_cent = 0 where afrekening_nr = {nr}", "onveranderlijk"),
    lambda nr: (
        f"insert into afrekening_stem values ({nr}, 1, 'gemeente:0384', true, now(), 'x', '')",
        "komt niets meer bij",
    ),
)


async def test_database_refuses_change_after_fixing_and_fixing_without_agreement(wereld: Wereld) -> None:
    """Whoever tries."""
    nr = await maak(wereld)
    await bied_afrekening_aan(wereld, CONTROLLER, nr)
    await wereld.pool.execute("update handeling set goedgekeurd_op = now(), goedgekeurd_door = 'x' where bericht_nr = $1", nr)
    await wereld.pool.execute("update afrekening set status = 'akkoord' where afrekening_nr = $1", nr)
    with pytest.raises(asyncpg.CheckViolationError, match="nog niet akkoord"):
        await wereld.pool.execute("update afrekening set status = 'vastgesteld' where afrekening_nr = $1", nr)
    await trek_afrekening_in(wereld, CONTROLLER, nr, reden="anders")

    fixed = await vast(wereld)

    for statement, words in (each(fixed) for each in REFUSED):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=words):
            await wereld.pool.execute(statement)


TAMPERED = (
    (
        "afrekening_bedrag",
        "update afrekening_bedrag set bedrag_cent = bedrag_cent + 1 where groep = 'boekplan' and naam = 'afrekening'",
        "geboekt",
    ),
    ("afrekening_bedrag", "update afrekening_bedrag set bedrag_cent = bedrag_cent + 1 where naam = 'zonder_declaratie'", "oorzaken"),
    ("afrekening_bedrag", "update afrekening_bedrag set bedrag_cent = 1 where naam = 'te_ontvangen'", "niet meer terug"),
    ("afrekening_stem", "delete from afrekening_stem where partij = 'gemeente:0687'", "het akkoord"),
)


async def test_verify_names_what_was_tampered_with(wereld: Wereld) -> None:
    """By who may switch the triggers off: each change is found by its own sentence."""
    await voorschot(wereld, 100000)
    nr = await vast(wereld, Verschil("0664", "ijw", "ambulant", 5000))
    await ontvang_terugbetaling(wereld, CONTROLLER, nr, "0664", 23000, reden="overgemaakt")

    for table, statement, words in TAMPERED:
        async with wereld.pool.acquire() as connection:
            await connection.execute(f"alter table {table} disable trigger user")
            await connection.execute(statement)
            await connection.execute(f"alter table {table} enable trigger user")
        found = [each.regel for each in await verify(wereld) if not each.klopt]
        assert any(words in sentence for sentence in found), words
