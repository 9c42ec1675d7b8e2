"""The life of a run of the verevening: made again to the byte, fixed by a second controller, booked as a difference, withdrawn, explained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.partij import Actor, Rol
from app.ledger import boek_ouderbijdrage, boek_pgb_besteding
from app.settlement.verevening import boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil
from app.solidarity.service import Keuze, Model, herhaal_run, lijst_runs, overeenkomsten, read_run, vereven, vereven_overeenkomst
from app.solidarity.tomlform import read_document
from tests.end_to_end.werkbank import wereld_with_region

ANNA = Actor(naam="anna", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
BEN = Actor(naam="ben", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))
GOES = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
MEI, JUNI = date(2026, 5, 1), date(2026, 6, 1)
WAARBORG = Keuze(jaar=2026, model=Model.WAARBORG)

RESERVE = """
naam = "Met reserve"
regio = "Test"
versie = "1"
geldig_van = 2025-01-01
geldig_tot = 2028-12-31
leden = [{ gemeente = "0384", tot = 2026-12-31 }, "0664", "0687"]

[maatstaven.premium]
bron = "besluit"
[maatstaven.premium.waarden.2025]
"0384" = 100
"0664" = 100
"0687" = 100
[maatstaven.premium.waarden.2026]
"0384" = 200
"0664" = 200
"0687" = 200
[maatstaven.premium.waarden.2027]
"0664" = 200
"0687" = 200
[maatstaven.premium.waarden.2028]
"0664" = 200
"0687" = 200

[[regeling]]
code = "R"
zorgvormen = ["ambulant"]
inleg = "premie"

[regeling.reserve]
beginstand = 50

[[regeling.sleutel]]
maatstaf = "premium"
"""


async def cost(wereld: Wereld, cents: int, gemeente: str = "0664", maand: date = MEI) -> None:
    """Bring the cost of a gemeente in a month of care to an amount."""
    await boek_pgb_besteding(wereld, ANNA, gemeente, maand, domein="ijw", zorgvorm="ambulant", bedrag_cent=cents, reden="pgb")


async def per_gemeente(wereld: Wereld, soort: str = "verevening") -> dict[str, int]:
    """What each gemeente has on an account."""
    rows = await wereld.pool.fetch(
        "select r.gemeente, sum(s.bedrag_cent)::bigint as cent from rekening r join (select * from saldo union all select rekening_nr, domein,"
        " zorgvorm, zorgmaand, boekmaand, bedrag_cent from saldo_delta) s using (rekening_nr) where r.soort = $1 group by 1 order by 1",
        soort,
    )
    return {row["gemeente"]: row["cent"] for row in rows if row["cent"]}


async def make(wereld: Wereld, keuze: Keuze = WAARBORG) -> int:
    """A concept of Anna."""
    return (await vereven(wereld, ANNA, keuze)).run_nr


async def make_and_book(wereld: Wereld, keuze: Keuze = WAARBORG) -> int:
    """A run of Anna that Ben fixed and Anna booked."""
    nr = await make(wereld, keuze)
    await stel_verevening_vast(wereld, BEN, nr)
    await boek_run(wereld, ANNA, nr, reden="besluit")
    return nr


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """The region of the workbench with 480 euros in Goes."""
    async with wereld_with_region(database, tmp_path) as opened:
        await cost(opened, 48000)
        yield opened


async def test_a_run_is_made_again_to_the_byte_whatever_was_booked_since(wereld: Wereld) -> None:
    """Cost and measures change; the stored run does not, and gives itself again."""
    nr = await make(wereld)
    before = await read_run(wereld, ANNA, nr)
    await cost(wereld, 96000)
    await wereld.pool.execute("update maatstaf set waarde = waarde + 1000 where gemeente = '0664'")

    again = await herhaal_run(wereld, ANNA, nr)

    assert again.gelijk
    assert again.herhaald_sha256 == again.opgeslagen_sha256
    assert again.code_toen == again.code_nu
    assert await read_run(wereld, ANNA, nr) == before
    assert before.invoer.kosten_cent == 48000
    assert before.document is not None
    assert read_document(before.document).name == "waarborg (inwoners)"
    assert before.bestanden["settlement.csv"].count("\n") == 4


async def test_what_was_tampered_with_is_not_equal(wereld: Wereld) -> None:
    """Who gets around the trigger and moves a cent is found by repeating."""
    nr = await make(wereld)
    await wereld.pool.execute("alter table verevening_run disable trigger verevening_run_levensloop")
    await wereld.pool.execute("update verevening_run set uitkomst = jsonb_set(uitkomst, '{0,settlement_cent}', '1')")

    assert not (await herhaal_run(wereld, ANNA, nr)).gelijk


async def test_from_concept_to_books_with_four_eyes_and_once(wereld: Wereld) -> None:
    """The maker does not fix; a concept is not booked; booking twice books nothing the second time."""
    nr = await make(wereld)
    with pytest.raises(NietToegestaan, match="andere controller"):
        await stel_verevening_vast(wereld, ANNA, nr)
    with pytest.raises(Conflict, match="is concept"):
        await boek_run(wereld, ANNA, nr, reden="x")

    await stel_verevening_vast(wereld, BEN, nr)
    first = await boek_run(wereld, ANNA, nr, reden="besluit")
    second = await boek_run(wereld, ANNA, nr, reden="besluit")

    assert first is not None
    assert second is None
    assert await per_gemeente(wereld) == {"0384": 12308, "0664": -32410, "0687": 20102}
    kop = (await read_run(wereld, ANNA, nr)).kop
    assert (kop.status, kop.vastgesteld_door, kop.geboekt_door, kop.geboekt_nr) == ("geboekt", "ben", "anna", first)
    with pytest.raises(Conflict, match="is geboekt"):
        await trek_verevening_in(wereld, ANNA, nr)


async def test_a_later_run_books_only_the_difference_and_says_why(wereld: Wereld) -> None:
    """Late cost in Middelburg and a census that changed: the books go to the new plan, and the reasons add up to the cent."""
    first = await make_and_book(wereld)
    await cost(wereld, 11701, "0687", JUNI)
    await wereld.pool.execute("update maatstaf set waarde = 40000 where gemeente = '0664' and jaar = 2026")

    second = await make_and_book(wereld)
    found = await verklaar_verschil(wereld, ANNA, second)

    assert await per_gemeente(wereld) == dict(found.run.te_boeken)
    booked = await wereld.pool.fetch(
        "select b.bedrag_cent from boeking b where b.bericht_nr = (select geboekt_nr from verevening_run where run_nr = $1)", second
    )
    assert sorted(row["bedrag_cent"] for row in booked) == sorted(abs(cents) for cents in found.verschil.per_gemeente.values() if cents)
    assert found.vorige is not None
    assert found.vorige.run_nr == first
    assert [reden.wat for reden in found.verschil.redenen] == ["kosten van ambulant", "maatstaf inwoners"]
    assert found.verschil.redenen[0].toelichting == ("0687, 2026: van € 0,00 naar € 117,01",)
    assert found.verschil.redenen[1].toelichting == ("0664, 2026: van 38000 naar 40000",)
    for code, cents in found.verschil.per_gemeente.items():
        assert sum(reden.per_gemeente.get(code, 0) for reden in found.verschil.redenen) == cents
    with pytest.raises(Conflict):
        await stel_verevening_vast(wereld, BEN, first)


async def test_an_older_run_is_not_booked_over_a_newer_one(wereld: Wereld) -> None:
    """Both were fixed; the newer one was booked first, so the older one no longer counts."""
    older = await make(wereld)
    await stel_verevening_vast(wereld, BEN, older)
    newer = await make_and_book(wereld)

    with pytest.raises(Conflict, match=f"verevening {newer} geboekt"):
        await boek_run(wereld, ANNA, older, reden="x")


async def test_a_changed_agreement_names_its_articles(wereld: Wereld) -> None:
    """From shared by inhabitants to half of it: the field, its article and what it changes."""
    text = """naam = "Proef"
regio = "Test"
versie = "1"
geldig_van = 2026-01-01
geldig_tot = 2026-12-31
leden = ["0384", "0664", "0687"]
[maatstaven.inwoners]
bron = "CBS"
[[regeling]]
code = "AMB"
zorgvormen = ["ambulant"]
[[regeling.laag]]
basis = "kosten"
aandeel = 1
artikel = "artikel 5"
[[regeling.sleutel]]
maatstaf = "inwoners"
"""
    for version in (text, text.replace("aandeel = 1\n", "aandeel = 0.5\n").replace('versie = "1"', 'versie = "2"')):
        nr = (await vereven_overeenkomst(wereld, ANNA, read_document(version), 2026, tekst=version)).run_nr
        await stel_verevening_vast(wereld, BEN, nr)
        found = await verklaar_verschil(wereld, ANNA, nr)
        await boek_run(wereld, ANNA, nr, reden="besluit")

    (reden,) = found.verschil.redenen
    assert reden.wat == "de overeenkomst"
    assert "regeling[1].laag[1].aandeel: 1 wordt 0.5 (artikel 5)" in reden.toelichting
    assert reden.per_gemeente == {"0384": -6154, "0664": 16205, "0687": -10051}
    assert [name for name, _ in await overeenkomsten(wereld, ANNA)] == ["Proef (2)", "Proef (1)"]


async def test_a_reserve_is_followed_from_its_first_year_and_leavers_close_their_balance(wereld: Wereld) -> None:
    """Diemen never spent and leaves at the end of 2026: it gets back what it paid in; what is booked is what the reserve gains."""
    run = await vereven_overeenkomst(wereld, ANNA, read_document(RESERVE), 2026)
    await stel_verevening_vast(wereld, BEN, run.run_nr)
    await boek_run(wereld, ANNA, run.run_nr, reden="besluit")
    stored = await read_run(wereld, ANNA, run.run_nr)

    # 2025: 3 x 100 in; 2026: opening 50 + 300 = 350, 600 in, 480 cost, Diemen takes its 300.
    assert stored.bestanden["reserve.csv"].splitlines()[1] == "R,2026-01-01,2027-01-01,*,350.00,600.00,480.00,-300.00,170.00"
    assert stored.bestanden["leavers.csv"].splitlines()[1] == "R,2027-01-01,0384,-300.00"
    assert dict(stored.te_boeken) == {"0384": 20000 - 30000, "0664": 20000 - 48000, "0687": 20000}
    assert sum(stored.te_boeken.values()) == stored.kop.reserve_cent == -18000
    assert await per_gemeente(wereld) == dict(stored.te_boeken)
    assert (await herhaal_run(wereld, ANNA, run.run_nr)).gelijk


async def test_a_concept_is_withdrawn_and_stays_to_be_read(wereld: Wereld) -> None:
    """It cannot be fixed any more, and it is in the list."""
    nr = await make(wereld)

    await trek_verevening_in(wereld, ANNA, nr)

    with pytest.raises(Conflict):
        await stel_verevening_vast(wereld, BEN, nr)
    assert [(kop.run_nr, kop.status, kop.ingetrokken_door) for kop in await lijst_runs(wereld, ANNA)] == [(nr, "ingetrokken", "anna")]


@pytest.mark.parametrize(
    "statement",
    [
        "update verevening_run set invoer = '{}'",
        "update verevening_run set te_boeken = '{}'",
        "update verevening_run set status = 'geboekt', geboekt_op = now(), geboekt_door = 'x'",
        "update verevening_run set status = 'vastgesteld'",
        "update verevening_run set status = 'vastgesteld', vastgesteld_op = now(), vastgesteld_door = gemaakt_door",
        "update verevening_run set status = 'ingetrokken'",
        "delete from verevening_run",
        "truncate verevening_run",
    ],
)
async def test_the_database_refuses_what_no_code_does(wereld: Wereld, statement: str) -> None:
    """Input changed, a status skipped, nobody named, by the same person, deleted."""
    await make(wereld)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await wereld.pool.execute(statement)


async def test_who_may_do_what(wereld: Wereld) -> None:
    """A controller of one gemeente reads; making, fixing and booking are of the region; an aanbieder sees nothing."""
    nr = await make(wereld)
    for refused in (
        vereven(wereld, GOES, WAARBORG),
        stel_verevening_vast(wereld, GOES, nr),
        trek_verevening_in(wereld, GOES, nr),
        boek_run(wereld, GOES, nr, reden="x"),
    ):
        with pytest.raises(NietToegestaan):
            await refused
    assert (await read_run(wereld, GOES, nr)).run_nr == nr
    aanbieder = Actor(naam="veste", partijen=frozenset({"aanbieder:42420001"}))
    with pytest.raises(NietGevonden):
        await read_run(wereld, aanbieder, nr)
    assert await lijst_runs(wereld, aanbieder) == ()
    with pytest.raises(NietGevonden):
        await stel_verevening_vast(wereld, BEN, 999_999_999)


async def test_a_run_from_before_everything_was_kept_says_so(wereld: Wereld) -> None:
    """It is shown and booked, and cannot be made again."""
    nr = await wereld.pool.fetchval(
        "insert into verevening_run (gemaakt_op, gemaakt_door, jaar, model, invoer, uitkomst)"
        " values (now(), 'x', 2026, 'm', '{}', $1) returning run_nr",
        [{"municipality": "0664", "settlement_cent": 5}, {"municipality": "0687", "settlement_cent": -5}],
    )

    assert dict((await read_run(wereld, ANNA, nr)).te_boeken) == {"0664": 5, "0687": -5}
    with pytest.raises(OngeldigVerzoek, match="niet te herhalen"):
        await herhaal_run(wereld, ANNA, nr)


async def test_ouderbijdrage_that_came_late_lowers_the_cost(wereld: Wereld) -> None:
    """Cost is net of what parents paid, so the settlement follows."""
    await make_and_book(wereld)
    await boek_ouderbijdrage(wereld, ANNA, "0664", MEI, domein="ijw", zorgvorm="ambulant", bedrag_cent=48000, reden="laat")

    await make_and_book(wereld)

    assert await per_gemeente(wereld) == {}
