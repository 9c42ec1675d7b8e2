"""Whatever an access team chooses from a generated region: the 301 fits our schema and the official one, no rule finds fault with it, it reads back
as it was composed, and the sentence says what the ledger will commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from app.adapters.xml import Accepted, Schemas, accept, default_dir, parse
from app.composing import Besluit, Opstelling, compose_301, explain, new_product, with_current
from app.composing.betekenis import as_toewijzing
from app.composing.invullen import NIET_PER_DAG, Wie, Zorg, read_persoon, read_regel, read_zorg
from app.composing.opstellen import Productoptie, options
from app.composing.toewijzen import Regel
from app.domain.bericht import Client, Domein
from app.domain.snapshot import Snapshot
from app.judging.beoordelen import beoordeel
from app.ledger.verplichting import verwachtingen
from app.parties.beeld import beeld_van
from app.parties.generator import GeneratedRegion, generate
from app.parties.generator.personen import fictieve_bsns
from app.standard import catalogue
from app.standard.reading import read
from app.standard.rules.volume import EURO
from app.standard.writing import write
from tests.fixtures.official import OfficialSchemas

VANDAAG = date(2026, 6, 3)
TOT = date(2026, 6, 1)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])
BSNS = tuple(fictieve_bsns(200))
NAMEN = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40)


@cache
def regio() -> GeneratedRegion:
    """A region with every kind of contract."""
    return generate(seed=11, gemeenten=6, aanbieders=9, clienten=30, maanden=6, tot=TOT)


@cache
def schemas() -> Schemas:
    """Ours."""
    return Schemas(default_dir())


@cache
def region_of(domein: Domein, agb: str, gemeente: str) -> Snapshot:
    """The contracts of an aanbieder as judging sees them."""
    beeld = beeld_van(regio().region, domein, agb, {gemeente})
    return Snapshot(
        domein=domein, agb=agb, tarieven=beeld.tarieven, contracten=beeld.contracten, producten=beeld.producten, overgangen=beeld.overgangen
    )


@st.composite
def keuzes(draw: st.DrawFn) -> tuple[Wie, Zorg, Productoptie, dict[str, str]]:
    """What somebody could fill in: an aanbieder with a contract on the first day, one of its products, an omvang that goes with it."""
    region = regio().region
    domein: Domein = draw(st.sampled_from(("ijw", "iwmo")))
    wie = Wie(gemeente=draw(st.sampled_from(region.gemeenten)).code, domein=domein, bsn=draw(st.sampled_from(BSNS)))
    begin = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
    einde = draw(st.none() | st.integers(0, 900).map(lambda days: begin + timedelta(days=days)))
    agb = draw(st.sampled_from(region.aanbieders)).agb
    zorg = Zorg(ingangsdatum=begin, einddatum=einde, agb=agb)
    found = options(region_of(domein, agb, wie.gemeente), wie, zorg, {})
    assume(found)
    optie = draw(st.sampled_from(found))
    amounts = st.integers(1, 99_999_999)
    frequenties = [each for each in "1246" if each != "1" or optie.keuze.eenheid not in NIET_PER_DAG]
    cent = draw(amounts)
    euros = f"{cent // 100},{cent % 100:02d}"
    answers = {
        "bsn": wie.bsn, "achternaam": draw(NAMEN), "voornamen": draw(NAMEN), "geboortedatum": "2014-05-03", "geslacht": draw(st.sampled_from("012")),
        "straat": draw(NAMEN)[:24], "huisnummer": str(draw(st.integers(1, 99_999))), "postcode": "4461 AB", "plaats": draw(NAMEN),
        "ingangsdatum": begin.isoformat(), "einddatum": "" if einde is None else einde.isoformat(), "agb": agb, "product": optie.waarde,
        "volume": euros if optie.keuze.eenheid == EURO else str(draw(st.integers(1, 200))), "budget": euros,
        "frequentie": draw(st.sampled_from(frequenties)), "commentaar": draw(st.just("") | NAMEN),
    }  # fmt: skip
    return wie, zorg, optie, answers


@FEW
@given(keuzes())
def test_what_is_composed_is_sound(
    official_schemas: OfficialSchemas | None, chosen: tuple[Wie, Zorg, Productoptie, dict[str, str]]
) -> None:
    """Valid, faultless, unchanged after reading, and priced as it will be committed."""
    wie, zorg, optie, answers = chosen
    region = region_of(wie.domein, zorg.agb, wie.gemeente)
    client = read_persoon(answers, wie.bsn, None, VANDAAG)
    assert isinstance(client, Client)
    assert read_zorg(answers) == zorg
    regel = read_regel(answers, zorg, {optie.waarde: optie.keuze})
    if not isinstance(regel, Regel):
        assert [each.veld for each in regel] == ["einddatum"]
        return
    nieuw = new_product(regel, nummer=7, besluit=Besluit(datum=VANDAAG, tijd="09:00:00"))
    lines = with_current([nieuw], [], vandaag=VANDAAG)
    bericht = compose_301(
        domein=wie.domein,
        gemeente=wie.gemeente,
        agb=zorg.agb,
        client=client,
        producten=lines,
        identificatie="T00000000007",
        vandaag=VANDAAG,
    )

    data = write(bericht)
    accepted = accept(data, schemas())
    assert isinstance(accepted, Accepted), accepted
    soort = catalogue.soort(wie.domein, "301")
    if official_schemas is not None:
        official_schemas.check(data, soort)
        assert official_schemas.faults == []
    assert write(read(parse(data), soort)) == data
    outcome = beoordeel(bericht, replace(region, nieuwe_clienten={wie.bsn: 1}), vandaag=VANDAAG, bericht_nr=1)
    assert outcome.bevindingen == ()
    versie = as_toewijzing(regel, domein=wie.domein, gemeente=wie.gemeente, agb=zorg.agb, vandaag=VANDAAG)
    assert explain(versie, region).verwacht_cent == sum(each.cent for each in verwachtingen(versie, region))


def test_nothing_filled_in_is_not_sendable() -> None:
    """An empty form is not by accident complete."""
    assert not Opstelling(antwoorden={}).verzendbaar
