"""Where a prestatie stands in its file, which version of a toewijzing counted, and how a total is told: all without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.herkomst import HerkomstFilter, HerkomstTotaal, OpbouwRegel, ToewijzingVersie, versie_voor
from app.reports.herkomst_plek import fragment_van, plek_van_prestatie
from app.reports.herkomst_verevening import afspraak_van, bronnen_van, cellen_in_run, potten_in_run
from app.reports.herkomst_woorden import omvang, per_eenheid
from app.reports.store_herkomst import reeksen
from app.standard.writing import write
from tests.builders import make_323, make_credit, make_prestatie

JAN, MEI = date(2026, 1, 1), date(2026, 5, 1)
MELDING = b"""<?xml version="1.0"?>
<d:Bericht xmlns:d="x">
  <!-- <d:Prestatie>not one</d:Prestatie> -->
  <d:Clienten>
    <d:Client>
      <d:Bsn>999900006</d:Bsn>
      <d:Prestaties>
        <d:Prestatie>
          <d:Nummer>1</d:Nummer>
        </d:Prestatie>
      </d:Prestaties>
    </d:Client>
    <d:Client><d:Prestaties><d:Prestatie><d:Nummer>2</d:Nummer></d:Prestatie><d:Prestatie a="1"
      ><d:Nummer><![CDATA[</d:Prestatie>]]></d:Nummer></d:Prestatie></d:Prestaties></d:Client>
  </d:Clienten>
</d:Bericht>
"""


@pytest.mark.parametrize(
    ("regel", "lines", "pad", "text"),
    [
        (1, (8, 10), "Client[1]/Prestaties/Prestatie[1]", "<d:Nummer>1</d:Nummer>"),
        (2, (13, 13), "Client[2]/Prestaties/Prestatie[1]", "<d:Nummer>2</d:Nummer>"),
        (3, (13, 14), "Client[2]/Prestaties/Prestatie[2]", "CDATA"),
    ],
)
def test_place_is_counted_over_all_clients(regel: int, lines: tuple[int, int], pad: str, text: str) -> None:
    """Comments and CDATA are no elements; the path counts within the client, the number over the bericht."""
    plek = plek_van_prestatie(MELDING, regel)

    assert plek is not None
    assert (plek.van_regel, plek.tot_regel) == lines
    assert plek.pad.endswith(pad)
    fragment = fragment_van(MELDING, plek)
    assert text in fragment
    assert "Bsn" not in fragment
    assert fragment.startswith("<d:Prestatie")


def test_there_is_no_place_beyond_the_last() -> None:
    assert plek_van_prestatie(MELDING, 4) is None


@given(st.integers(1, 12), st.data())
def test_place_in_a_written_bericht_is_that_prestatie(count: int, data: st.DataObject) -> None:
    """Of what we write ourselves: the bytes of the place are one element, with that reference."""
    lines = [make_prestatie(f"R{number}") for number in range(1, count)]
    xml = write(make_323(*lines, make_credit("LAATSTE", make_prestatie("R1"))))
    regel = data.draw(st.integers(1, count))

    plek = plek_van_prestatie(xml, regel)

    assert plek is not None
    element = xml[plek.van_byte : plek.tot_byte]
    assert element.count(b"ReferentieNummer>") >= 2
    assert (b">LAATSTE<" if regel == count else f">R{regel}<".encode()) in element
    assert plek_van_prestatie(xml, count + 1) is None


def versie(bericht_nr: int, oordeel_nr: int | None, toewijzingsdatum: date, **changes: int | None) -> ToewijzingVersie:
    """A version of toewijzing 1001."""
    made = ToewijzingVersie(
        domein="ijw", gemeente="0664", toewijzing_nummer=1001, bericht_nr=bericht_nr, volgnr=1, oordeel_nr=oordeel_nr,
        toewijzingsdatum=toewijzingsdatum, toewijzingstijd="10:00:00", ingangsdatum=JAN, einddatum=None, volume=None, eenheid=None,
        frequentie=None, budget_cent=None, ingetrokken_door=None, ingetrokken_oordeel_nr=None,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_version_is_the_latest_by_its_own_date_among_those_judged_before() -> None:
    """Not by arrival (OP080); what came later, was not judged, or was withdrawn by then does not count."""
    old, newer = versie(1, 1, JAN), versie(9, 2, MEI)
    late = versie(3, 8, date(2026, 6, 1))

    assert versie_voor([newer, old, late], 5) == newer
    assert versie_voor([newer, old, late], 9) == late
    assert versie_voor([newer, old], 2) == old
    assert versie_voor([old], 1) is None
    assert versie_voor([versie(1, None, JAN)], 5) is None
    assert versie_voor([old], None) is None


def test_version_withdrawn_later_still_counted_then() -> None:
    withdrawn = versie(9, 2, MEI, ingetrokken_door=20, ingetrokken_oordeel_nr=7)

    assert versie_voor([versie(1, 1, JAN), withdrawn], 5) == withdrawn
    assert versie_voor([versie(1, 1, JAN), withdrawn], 8) == versie(1, 1, JAN)


@given(st.sets(st.integers(0, 40)))
def test_rows_of_months_cover_exactly_those_months(numbers: set[int]) -> None:
    """In as few rows as there are gaps, whatever the order."""
    maanden = [date(2023 + number // 12, number % 12 + 1, 1) for number in numbers]

    rows = reeksen(maanden)

    covered = [maand for maand in (date(2023 + n // 12, n % 12 + 1, 1) for n in range(60)) if any(a <= maand <= b for a, b in rows)]
    assert covered == sorted(maanden)
    assert len(rows) == sum(number - 1 not in numbers for number in numbers)


def test_total_is_told_per_event_and_per_month() -> None:
    rows = [("prestatie", MEI, 2, 500), ("lumpsum_termijn", MEI, 1, 70), ("prestatie", JAN, 3, 900)]
    totaal = HerkomstTotaal(
        vraag=HerkomstFilter(),
        stand_van=datetime(2026, 6, 1, tzinfo=UTC),
        saldo_cent=1_470,
        opbouw=tuple(OpbouwRegel(soort=a, boekmaand=b, aantal=c, bedrag_cent=d) for a, b, c, d in rows),
    )

    assert (totaal.totaal_cent, totaal.aantal, totaal.sluit) == (1_470, 6, True)
    assert [(row.soort, row.aantal, row.bedrag_cent) for row in totaal.per_soort] == [("lumpsum_termijn", 1, 70), ("prestatie", 5, 1_400)]
    assert [(row.boekmaand, row.bedrag_cent) for row in totaal.per_maand] == [(JAN, 900), (MEI, 570)]
    assert not replace(totaal, saldo_cent=1_469).sluit


def test_filter_is_written_as_its_address() -> None:
    vraag = HerkomstFilter(gemeente="0664", zorgmaand=MEI, zorgjaar=2026, geboekt_vanaf=date(2026, 6, 3))

    assert vraag.as_query() == {
        "rekening": "kosten", "gemeente": "0664", "zorgmaand": "2026-05", "zorgjaar": "2026", "geboekt_vanaf": "2026-06-03",
    }  # fmt: skip
    assert not vraag.heeft_saldo
    assert replace(vraag, geboekt_vanaf=MEI).heeft_saldo
    assert not HerkomstFilter(soort="prestatie").heeft_saldo


def test_units_are_words() -> None:
    assert [omvang(1, "01"), omvang(30, "01"), omvang(8, "04"), omvang(2, "99")] == ["1 minuut", "30 minuten", "8 uur", "2 van eenheid 99"]
    assert (per_eenheid("04"), per_eenheid("99")) == ("per uur", "per eenheid 99")


FUSIE = """
naam = "Verevening"
regio = "R"
versie = "1"
geldig_van = 2026-01-01
geldig_tot = 2026-12-31
leden = ["0664", "0687"]
[maatstaven.inwoners]
bron = "CBS"
[[regeling]]
code = "A"
zorgvormen = ["verblijf", "crisis"]
artikel = "art. 4"
[[regeling.sleutel]]
maatstaf = "inwoners"
"""


def test_balances_of_a_run_follow_herindelingen_and_pools() -> None:
    """A predecessor's cost is that of its successor; another zorgvorm, year or gemeente does not go in; what is new since shows."""
    afspraak = afspraak_van(FUSIE, [["2026-01-01", "0600", "0664", "1"]], 2026)
    kosten = [
        ["0664", "verblijf", "2026-05-01", 100], ["0600", "crisis", "2026-02-01", 30], ["0687", "verblijf", "2026-05-01", 7],
        ["0664", "ambulant", "2026-05-01", 9], ["0664", "verblijf", "2025-05-01", 11],
    ]  # fmt: skip
    in_run = cellen_in_run(afspraak, kosten, "0664")
    row = {
        "arrangement": "A", "period_from": "2026-01-01", "pool": afspraak.potten[0].name, "municipality": "0664", "own_cost_cent": 130,
        "contribution_cent": 90, "settlement_cent": -40,
    }  # fmt: skip
    nu = {**in_run, ("0664", "crisis", MEI): 5, ("0687", "crisis", MEI): 1}

    (pot,) = potten_in_run(afspraak, [row], "0664", in_run, nu)

    assert in_run == {("0664", "verblijf", MEI): 100, ("0600", "crisis", date(2026, 2, 1)): 30}
    assert bronnen_van(afspraak, "0664") == {"0664", "0600"}
    assert (pot.artikel, pot.saldi_cent, pot.eigen_kosten_cent, pot.verevening_cent, pot.later_cent) == ("art. 4", 130, 130, -40, 5)
