"""Whatever the forms of an aanbieder let through in whatever order, on the toewijzingen of a generated region: the 305 or 307 fits our schema and the
official one, reads back as it was composed, and judging finds no fault in it given all that was reported before."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.adapters.xml import Accepted, Schemas, accept, default_dir, parse
from app.composing import Melding, Meldsoort, stopredenen
from app.composing.melden import Meldstand, compose_melding, options, read_melding
from app.domain.bericht import Client
from app.domain.levering import TIJDELIJK
from app.domain.snapshot import Levering, Snapshot, Toewijzing
from app.judging.beoordelen import beoordeel
from app.parties.generator import generate
from app.standard import catalogue
from app.standard.reading import read
from app.standard.writing import write
from tests.fixtures.official import OfficialSchemas

CLIENT_ID = 1
VANDAAG = date(2026, 7, 3)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.explicit, Phase.generate])
STAPPEN_MAX = 8


@cache
def toegewezen() -> tuple[tuple[Toewijzing, Client], ...]:
    """Every line of the 301s of a small region with its client."""
    found = []
    region = generate(seed=5, gemeenten=3, aanbieders=5, clienten=30, maanden=5, tot=date(2026, 6, 1))
    wrong = {each.bestand for each in region.fouten}
    for item in region.berichten:
        bericht = item.zending.bericht
        if bericht.soort != "301" or item.bestand in wrong or bericht.client is None:
            continue
        for line in bericht.client.toegewezen_producten:
            versie = Toewijzing(
                bericht_nr=1,
                domein=bericht.domein,
                gemeente=bericht.header.afzender,
                agb=bericht.header.ontvanger,
                client_id=CLIENT_ID,
                toewijzing_nummer=line.toewijzing_nummer,
                categorie=None if line.product is None else line.product.categorie,
                code=None if line.product is None else line.product.code,
                toewijzingsdatum=line.toewijzingsdatum,
                toewijzingstijd=line.toewijzingstijd,
                ingangsdatum=line.ingangsdatum,
                einddatum=line.einddatum,
                reden_wijziging=line.reden_wijziging,
                omvang=line.omvang,
                budget=line.budget,
            )
            found.append((versie, bericht.client))
    return tuple(found)


@cache
def schemas() -> Schemas:
    """Ours."""
    return Schemas(default_dir())


@FEW
@given(st.data())
def test_what_the_forms_let_through_is_accepted(official_schemas: OfficialSchemas | None, data: st.DataObject) -> None:
    """Each step fills in something; what is refused at a field changes nothing, what is let through is judged and then counts."""
    versie, client = data.draw(st.sampled_from(toegewezen()))
    stand, vandaag = Meldstand(versie=versie), VANDAAG
    for step in range(data.draw(st.integers(1, STAPPEN_MAX))):
        vandaag += timedelta(days=data.draw(st.integers(0, 20)))
        soort = data.draw(st.sampled_from([each.soort for each in options(stand, vandaag) if each.mag] or list(Meldsoort)))
        days = st.integers(-5, (vandaag - versie.ingangsdatum).days + 5 if vandaag > versie.ingangsdatum else 5)
        antwoorden = {
            "begindatum": (versie.ingangsdatum + timedelta(days=data.draw(days))).isoformat(),
            "einddatum": (versie.ingangsdatum + timedelta(days=data.draw(days))).isoformat(),
            "reden": data.draw(st.sampled_from([TIJDELIJK, *(code for code, _ in stopredenen(versie.domein, stand, vandaag))])),
        }
        melding = read_melding(stand, soort, antwoorden, vandaag)
        if isinstance(melding, Melding):
            check(official_schemas, stand, melding, client, vandaag, step)
            stand = after(stand, melding, step)


def check(official: OfficialSchemas | None, stand: Meldstand, melding: Melding, client: Client, vandaag: date, step: int) -> None:
    """The bericht of a report is sound."""
    versie = stand.versie
    bericht = compose_melding(stand, melding, client, identificatie=f"A{step:011d}", vandaag=vandaag)
    soort = catalogue.soort(versie.domein, melding.soort.bericht)

    data = write(bericht)

    accepted = accept(data, schemas())
    assert isinstance(accepted, Accepted), accepted
    if official is not None:
        official.check(data, soort)
        assert official.faults == []
    assert write(read(parse(data), soort)) == data
    past = Snapshot(
        domein=versie.domein,
        agb=versie.agb,
        clienten={client.bsn: CLIENT_ID},
        toewijzingen={(versie.gemeente, versie.toewijzing_nummer): (versie,)},
        leveringen={(versie.gemeente, CLIENT_ID): stand.leveringen},
    )
    assert beoordeel(bericht, past, vandaag=vandaag, bericht_nr=100 + step).bevindingen == ()


def after(stand: Meldstand, melding: Melding, step: int) -> Meldstand:
    """What counts after a report that was accepted."""
    made = Levering(
        bericht_nr=100 + step,
        volgnr=1,
        client_id=CLIENT_ID,
        toewijzing_nummer=stand.versie.toewijzing_nummer,
        categorie=stand.versie.categorie,
        code=stand.versie.code,
        begindatum=melding.begindatum,
        reden_beeindiging=melding.reden,
        einddatum=melding.einddatum,
    )
    if melding.soort in (Meldsoort.START, Meldsoort.STOP):
        return Meldstand(versie=stand.versie, leveringen=(*stand.leveringen, made))
    key = (made.begindatum, made.reden_beeindiging, made.einddatum)
    left = tuple(each for each in stand.leveringen if (each.begindatum, each.reden_beeindiging, each.einddatum) != key)
    assert len(left) == len(stand.leveringen) - 1
    return Meldstand(versie=stand.versie, leveringen=left)
