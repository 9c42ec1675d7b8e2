"""Whatever an aanbieder fills in, the 323 that is made of it is right: by the schema and by every rule that the bericht alone decides."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.xml import Schemas
from app.composing.declareren import Declarabel, Opgave, compose_323, declarable, read_opgaven
from app.domain.snapshot import Snapshot, Tariefregel
from app.domain.toewijzing import Omvang
from app.judging.controle import judge_bestand
from app.standard.rules.volume import EURO, MINUUT, PER_WEEK, UUR
from app.standard.writing import write
from tests.builders import AGB, GEMEENTE, make_toewijzing

SCHEMAS = Schemas()
MAANDEN = st.sampled_from([date(2026, month, 1) for month in (1, 2, 5)])
"""Of 31 and of 28 days."""
BSNS = ("999900006", "999900018", "999900031")


@st.composite
def a_case(draw: st.DrawFn) -> tuple[date, dict[int, Declarabel], list[Opgave]]:
    """Some toewijzingen with their contract lines, and a volume for some of them."""
    maand = draw(MAANDEN)
    known: dict[int, Declarabel] = {}
    opgaven: list[Opgave] = []
    for nummer in range(1, draw(st.integers(2, 6))):
        eenheid = draw(st.sampled_from([UUR, MINUUT, EURO, "14", "16"]))
        tarief = None if eenheid == EURO else draw(st.integers(1, 99_999))
        line = Tariefregel(
            tarief_id=nummer,
            contract="J1",
            gemeente=GEMEENTE,
            categorie="45",
            code=f"45A0{nummer}",
            eenheid=eenheid,
            tarief_cent=tarief,
            geldig_van=date(2025, 1, 1),
        )
        omvang = None if eenheid == EURO else Omvang(volume=draw(st.integers(1, 40)), eenheid=eenheid, frequentie=PER_WEEK)
        toewijzing = make_toewijzing(
            toewijzing_nummer=nummer,
            code=line.code,
            omvang=omvang,
            budget=100_000 if omvang is None else None,
            ingangsdatum=draw(st.dates(date(2025, 12, 1), date(2026, 5, 31))),
        )
        region = Snapshot(domein="ijw", agb=AGB, tarieven={(GEMEENTE, "45", line.code): (line,)})
        found = declarable(toewijzing, maand, region, {}, bsn=draw(st.sampled_from(BSNS)), naam="Jo")
        if found is not None:
            known[nummer] = found
            prijs = draw(st.sampled_from(found.prijzen))
            opgaven.append(Opgave(nummer=nummer, prijs=prijs.waarde, volume=str(draw(st.integers(1, 9_999)))))
    return maand, known, opgaven


@settings(max_examples=60, deadline=None)
@given(a_case())
def test_what_is_filled_in_becomes_a_right_323(case: tuple[date, dict[int, Declarabel], list[Opgave]]) -> None:
    """Each line once, in order of its client; the total is the sum; nothing is found."""
    maand, known, opgaven = case
    regels, fouten = read_opgaven(opgaven, known, "A00000000001")
    assert len(regels) + len(fouten) == len(opgaven)
    assert all("meer dan één regel mag noemen" in fout.melding for fout in fouten)
    if not regels:
        return
    bericht = compose_323(
        domein="ijw", gemeente=GEMEENTE, agb=AGB, regels=regels, periode=maand, identificatie="A00000000001", dagtekening=date(2026, 6, 30)
    )
    controle = judge_bestand(write(bericht), SCHEMAS, niveau=2, vandaag=date(2026, 6, 30))

    assert list(controle.oordeel.bevindingen) == []
    assert bericht.declaratie is not None
    assert [each.bsn for each in bericht.declaratie.clienten] == list(dict.fromkeys(each.declarabel.bsn for each in regels))
    assert bericht.declaratie.totaal_ingediend_bedrag.cent == sum(each.prestatie.ingediend_bedrag.cent for each in regels)
