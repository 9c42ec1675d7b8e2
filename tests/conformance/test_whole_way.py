"""The published examples go the whole way: each is taken in as its sender's, and what leaves fits the official schema."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from app.adapters.wereld import Wereld
from app.adapters.xml import Accepted, accept
from app.domain.partij import SYSTEEM, aanbieder, gemeente
from app.mailbox import toon_bericht, xml_van
from app.standard import catalogue
from tests.end_to_end.werkbank import klopt, status, stuur, wereld_with_region
from workers.local import judge_all

SOORTEN = ("301", "302", "305", "306", "307", "308", "323", "325")
ANTWOORD = {"305": "306", "307": "308", "323": "325"}
REFERENTIE = re.compile(rb"\s*<(\w+):ReferentieAanbieder>[^<]*</\1:ReferentieAanbieder>")


def example(standard_dir: Path, code: str) -> bytes:
    """A published example; skips where the source has none (seven iWmo types)."""
    path = standard_dir / f"{'ijw' if code.startswith('JW') else 'iwmo'}-3.2" / "examples" / f"{code}.xml"
    if not path.exists():
        pytest.skip(f"the source has no example {code}")
    return path.read_bytes()


def own_initiative(data: bytes) -> bytes:
    """The same toewijzing without the references of requests that were never made here (TR379)."""
    return REFERENTIE.sub(b"", data)


def sender(data: bytes, wereld: Wereld) -> str:
    """The partij that really sends it (IV028)."""
    accepted = accept(data, wereld.schemas)
    assert isinstance(accepted, Accepted), accepted
    return gemeente(accepted.van) if accepted.soort.van == "gemeente" else aanbieder(accepted.van)


def region_of(data: bytes) -> dict[str, str]:
    """A region of the gemeenten in the header, with one contract."""
    root = etree.fromstring(data)
    codes = {element.text or "" for element in root.iter("{*}Afzender", "{*}Ontvanger") if len(element.text or "") == 4}
    rows = "".join(f"{code},Gemeente {code},2015-01-01,\n" for code in sorted(codes))
    return {
        "gemeenten.csv": f"code,naam,geldig_van,geldig_tot\n{rows}",
        "aanbieders.csv": "agb,naam,contractpartner_agb\n42420001,Voorbeeld,\n",
        "zorgvormen.csv": "zorgvorm,naam,domein,stuurbaarheid\nhulp,Hulp,ijw,\n",
        "producten.csv": "domein,categorie,code,omschrijving,eenheid,zorgvorm,geldig_van,geldig_tot\nijw,45,45A04,Hulp,04,hulp,2020-01-01,\n",
        "contracten.csv": "contract,agb,domein,gemeenten,geldig_van,geldig_tot,uitvoeringsvariant,bekostiging,plafond_cent\n"
        "C,42420001,ijw,*,2020-01-01,,inspanning,PxQ,\n",
        "tarieven.csv": "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\nC,45,45A04,04,6000,2020-01-01,\n",
    }


def official(standard_dir: Path, domein: str, nummer: str) -> etree.XMLSchema:
    """The official schema of a type; skips where the source has none."""
    path = standard_dir / f"{domein}-3.2" / "xsd" / f"{catalogue.soort(domein, nummer).code}.xsd"
    if not path.exists():
        pytest.skip(f"the source has no schema {path.name}")
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.mark.parametrize("nummer", SOORTEN)
@pytest.mark.parametrize("prefix", ["JW", "WMO"])
async def test_an_example_gets_the_answer_of_its_type(standard_dir: Path, database: str, tmp_path: Path, prefix: str, nummer: str) -> None:
    """305, 307 and 323 are answered; a 301 leaves or is refused without a 302; 302 has no answer; what a gemeente may not send is refused."""
    data = example(standard_dir, f"{prefix}{nummer}")
    if nummer == "301":
        data = own_initiative(data)
    async with wereld_with_region(database, tmp_path, region_of(data)) as wereld:
        nr = await stuur(wereld, data, sender(data, wereld))
        await judge_all(wereld, lot_size_max=50)

        shown = await toon_bericht(wereld, SYSTEEM, nr)

        if nummer in ("306", "308", "325"):
            assert shown.status == "geweigerd"
        elif nummer in ANTWOORD:
            assert shown.antwoord is not None
            assert (await toon_bericht(wereld, SYSTEEM, int(shown.antwoord))).bericht == ANTWOORD[nummer]
            assert await status(wereld, int(shown.antwoord)) == "klaar"
        else:
            assert shown.antwoord is None
            assert shown.status == ("klaar" if nummer == "301" else "afgekeurd")
        await klopt(wereld)


@pytest.mark.parametrize("prefix", ["JW", "WMO"])
async def test_tr379_refuses_an_example_301_that_honours_requests_nobody_made(
    standard_dir: Path, database: str, tmp_path: Path, prefix: str
) -> None:
    """As published the 301 carries references of an aanbieder that asked nothing here: every line with one gets 9379, and nothing leaves."""
    data = example(standard_dir, f"{prefix}301")
    async with wereld_with_region(database, tmp_path, region_of(data)) as wereld:
        nr = await stuur(wereld, data, sender(data, wereld))
        await judge_all(wereld, lot_size_max=50)

        shown = await toon_bericht(wereld, SYSTEEM, nr)

        assert (shown.status, shown.retourcodes, shown.antwoord) == ("afgekeurd", {"9379": len(REFERENTIE.findall(data))}, None)
        await klopt(wereld)


@pytest.mark.parametrize("nummer", sorted(ANTWOORD))
@pytest.mark.parametrize("prefix", ["JW", "WMO"])
async def test_the_answer_to_an_example_fits_the_official_schema(
    standard_dir: Path, database: str, tmp_path: Path, prefix: str, nummer: str
) -> None:
    """Valid against the schema of the standard itself, not only against ours."""
    data = example(standard_dir, f"{prefix}{nummer}")
    schema = official(standard_dir, "ijw" if prefix == "JW" else "iwmo", ANTWOORD[nummer])
    async with wereld_with_region(database, tmp_path, region_of(data)) as wereld:
        nr = await stuur(wereld, data, sender(data, wereld))
        await judge_all(wereld, lot_size_max=50)
        shown = await toon_bericht(wereld, SYSTEEM, nr)
        assert shown.antwoord is not None

        answer = etree.fromstring(await xml_van(wereld, SYSTEEM, int(shown.antwoord)))

    assert schema.validate(answer), schema.error_log
