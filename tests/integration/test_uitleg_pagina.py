"""The page that explains a settlement to a gemeente, on a run from the ledger: it adds up, and shows a gemeente no other."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from app.adapters.database import transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.domain.partij import SYSTEEM, Actor, Rol
from app.ledger import Boeking, Rekening, open_handeling
from app.ledger.gebeurtenissen import BIJDRAGE
from app.ledger.rekeningschema import INLEG, KAS
from app.ledger.store import Boekstuk, book
from app.reports import read_uitleg
from app.solidarity.service import Keuze, Model, vereven, vereven_overeenkomst
from app.solidarity.tomlform import read_document
from tests.end_to_end.werkbank import wereld_with_region
from tests.fixtures.apps import pages_of
from tests.integration.test_pages import als
from tests.integration.test_verevening import claim_in_goes
from tests.pdftekst import text_of

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
[[regeling.laag]]
basis = "kosten"
aandeel = "75%"
artikel = "art. 5 lid 2"
[[regeling.sleutel]]
maatstaf = "inwoners"
artikel = "art. 6"
"""


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """480 euros of cost in Goes."""
    async with wereld_with_region(database, tmp_path) as opened:
        await claim_in_goes(opened)
        yield opened


@pytest.fixture
async def browser(wereld: Wereld) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that is not signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages_of(wereld)), base_url="http://solidair.test") as client:
        yield client


def amounts(text: str) -> list[int]:
    """Every amount in the cells of a piece of a page, in cents."""
    cells = re.findall(r'class="bedrag[^"]*">([^<]*)<', text)
    return [int(re.sub(r"[^\d-]", "", html.unescape(cell))) for cell in cells]


async def test_page_of_an_agreement_names_articles_and_adds_up(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Three quarters of 480 euros shared by inhabitants: Goes bears 120.00 + 360.00 x 38/117 and receives the rest."""
    run = await vereven_overeenkomst(wereld, SYSTEEM, read_document(OVEREENKOMST))
    await als(wereld, browser, Rol.CONTROLLER)

    text = html.unescape((await browser.get(f"/geld/verevening/{run.run_nr}/0664")).text)

    assert "75% van de eigen kosten gaat in de pot." in text
    assert "art. 5 lid 2" in text
    assert "art. 6" in text
    assert "Inwoners 2026: 38.000 van 117.000 voor alle gemeenten. Dat geeft 38/117 (32,48%)." in text
    assert "Bron: CBS." in text
    body, foot = text[text.index('<h2 id="pot-1"') :].split("<tfoot>", 1)
    eigen, gedeeld, blijft, toegedeeld = amounts(body)
    bijdrage, verevening = amounts(foot.split("</tfoot>")[0])
    assert (eigen, eigen + gedeeld, blijft + toegedeeld, bijdrage - eigen) == (48_000, blijft, bijdrage, verevening)
    row = next(row for row in run.rows if row.municipality == "0664")
    assert (bijdrage, verevening) == (row.contribution_cent, row.settlement_cent)


@pytest.mark.parametrize("model", [Model.PROFIJT, Model.WAARBORG, Model.VLAKTAKS])
async def test_every_gemeente_of_a_model_is_explained(wereld: Wereld, model: Model) -> None:
    """Together the explanations are the run."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=model))

    pages = [await read_uitleg(wereld, SYSTEEM, run.run_nr, code) for code in ("0384", "0664", "0687")]

    assert [page.uitleg.verevening_cent for page in pages] == [
        sum(row.settlement_cent for row in run.rows if row.municipality == code) for code in ("0384", "0664", "0687")
    ]


async def test_what_was_booked_later_changes_no_explanation(wereld: Wereld) -> None:
    """A run is explained from what it was made of; what was paid to the region by then is shown, and not set off."""
    async with transaction(wereld.pool) as connection:
        nr = await open_handeling(connection, soort=BIJDRAGE, door="contr", op=wereld.nu, reden="bijdrage")
        paid = Boeking(
            bericht_nr=nr, regel=1, soort=BIJDRAGE, volgnr=0, debet=Rekening(INLEG, "0664"), credit=Rekening(KAS), bedrag_cent=500,
            domein="", zorgvorm="", zorgmaand=date(2026, 3, 1), dienst_van=None, dienst_tot=None, boekdatum=wereld.vandaag,
        )  # fmt: skip
        await book(connection, Boekstuk.van([paid, paid._replace(regel=2, zorgmaand=date(2025, 3, 1))]))
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    before = await read_uitleg(wereld, SYSTEEM, run.run_nr, "0664")
    await wereld.pool.execute("delete from maatstaf")

    after = await read_uitleg(wereld, SYSTEEM, run.run_nr, "0664")

    assert after == before
    assert after.inleg_cent == 500
    assert after.uitleg.saldo_cent == after.uitleg.verevening_cent


async def test_run_that_does_not_give_what_was_stored_is_not_explained(wereld: Wereld) -> None:
    """Nobody is told a story beside the figures; nor one of a run that was not stored in full. The database refuses both to others."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    await wereld.pool.execute("alter table verevening_run disable trigger user")
    await wereld.pool.execute(
        "update verevening_run set uitkomst = jsonb_set(uitkomst, '{0,contribution_cent}', '1') where run_nr = $1", run.run_nr
    )
    with pytest.raises(Conflict, match="iets anders dan is bewaard"):
        await read_uitleg(wereld, SYSTEEM, run.run_nr, "0664")

    await wereld.pool.execute("update verevening_run set invoer = '{}' where run_nr = $1", run.run_nr)
    with pytest.raises(OngeldigVerzoek, match="opgeslagen voordat alle invoer werd bewaard"):
        await read_uitleg(wereld, SYSTEEM, run.run_nr, "0664")


async def test_gemeente_reads_its_own_page_only(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Another gemeente, a run that is not there and a gemeente outside the run are the same: not found. Other roles are refused."""
    run = await vereven(wereld, SYSTEEM, Keuze(jaar=2026, model=Model.WAARBORG))
    goes = Actor(naam="goes", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))
    assert (await read_uitleg(wereld, goes, run.run_nr, "0664")).gemeenten == (("0664", "Goes"),)
    for nr, code in ((run.run_nr, "0687"), (run.run_nr + 999, "0664")):
        with pytest.raises(NietGevonden):
            await read_uitleg(wereld, goes, nr, code)

    await als(wereld, browser, Rol.CONTROLLER, gemeenten=("0664",))
    assert (await browser.get(f"/geld/verevening/{run.run_nr}/0664")).status_code == 200
    assert (await browser.get(f"/geld/verevening/{run.run_nr}/0687")).status_code == 404
    assert (await browser.get(f"/geld/verevening/{run.run_nr}/9999")).status_code == 404
    await als(wereld, browser, Rol.TOEGANG)
    assert (await browser.get(f"/geld/verevening/{run.run_nr}/0664")).status_code == 403


async def test_the_file_says_what_the_page_says(wereld: Wereld, browser: httpx.AsyncClient) -> None:
    """Every amount of the page stands in the PDF; who may not see the page does not get the file."""
    run = await vereven_overeenkomst(wereld, SYSTEEM, read_document(OVEREENKOMST))
    await als(wereld, browser, Rol.CONTROLLER)
    pad = f"/geld/verevening/{run.run_nr}/664"

    page = html.unescape((await browser.get(pad)).text)
    answer = await browser.get(f"{pad}.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    printed = [int(re.sub(r"[^\d-]", "", each)) for each in re.findall(r"€\s?-?[\d.]+,\d\d", text_of(answer.content))]
    assert {abs(each) for each in amounts(page)} - {0} <= {abs(each) for each in printed}
    assert "art. 5 lid 2" in text_of(answer.content)
    await als(wereld, browser, Rol.CONTROLLER, Rol.INZAGE, gemeenten=("0687",))
    assert (await browser.get(f"{pad}.pdf")).status_code == 404
