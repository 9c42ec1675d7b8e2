"""Rows that contradict each other are found, each at its own place with what to do, and nothing else is blamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.parties.checking import FAULTS_MAX, check_folder, check_region
from app.parties.region import Tarief, geordend
from tests.unit.parties.mappen import GOED, als_bytes, map_met, map_met_rij, map_met_wijziging

EXTRA_ROW = [
    pytest.param("gemeenten.csv", "0664,Goes,2015-01-01,", 5, "code", "ook op rij 2", id="gemeente twice"),
    pytest.param("gemeenten.csv", "0718,Vlissingen,2026-12-31,", 5, "geldig_van", "overlapt met die van rij 4", id="gemeente overlaps"),
    pytest.param("gemeenten.csv", "0717,Veere,2026-01-01,2025-12-31", 5, "geldig_tot", "draai de datums om", id="reversed"),
    pytest.param("herindelingen.csv", "2027-01-01,0654,0664,1", 4, "van", "gemeenten.csv", id="herindeling of unknown"),
    pytest.param("herindelingen.csv", "2027-01-01,0664,0654,1", 4, "naar", "gemeenten.csv", id="herindeling into unknown"),
    pytest.param("herindelingen.csv", "2027-01-01,0687,0687,1", 4, "naar", "zichzelf", id="into itself"),
    pytest.param("herindelingen.csv", "2028-01-01,0687,0664,2/3", 4, "fractie", "tot 2/3, niet tot 1", id="shares below one"),
    pytest.param("aanbieders.csv", "99000002,Dubbel,", 5, "agb", "ook op rij 3", id="aanbieder twice"),
    pytest.param("aanbieders.csv", "99000004,Nieuw,99000009", 5, "contractpartner_agb", "aanbieders.csv", id="unknown partner"),
    pytest.param("aanbieders.csv", "99000004,Nieuw,99000004", 5, "contractpartner_agb", "niet zijn eigen", id="its own partner"),
    pytest.param("zorgvormen.csv", "jeugd_ambulant,Nogmaals,ijw,", 4, "zorgvorm", "ook op rij 2", id="zorgvorm twice"),
    pytest.param("producten.csv", "ijw,45,45A05,x,04,crisis,2025-01-01,", 5, "zorgvorm", "zorgvormen.csv", id="unknown zorgvorm"),
    pytest.param(
        "producten.csv", "ijw,45,45A05,x,04,wmo_begeleiding,2025-01-01,", 5, "zorgvorm", "is van iwmo", id="zorgvorm of the other domain"
    ),
    pytest.param("producten.csv", "iwmo,45,45A05,x,04,wmo_begeleiding,2025-01-01,", 5, "categorie", "bestaat niet in iwmo", id="category"),
    pytest.param("producten.csv", "ijw,45,45A04,x,04,jeugd_ambulant,2026-01-01,", 5, "geldig_van", "overlapt", id="product overlaps"),
    pytest.param("contracten.csv", "J1,99000002,ijw,*,2025-01-01,,,,", 4, "contract", "ook op rij 2", id="contract twice"),
    pytest.param("contracten.csv", "J2,99000009,ijw,*,2025-01-01,,,,", 4, "agb", "aanbieders.csv", id="contract of unknown aanbieder"),
    pytest.param(
        "contracten.csv", "J2,99000002,ijw,0664 0999,2025-01-01,,,,", 4, "gemeenten", "Niet in gemeenten.csv: 0999", id="unknown gemeente"
    ),
    pytest.param("contracten.csv", "J2,99000002,ijw,*,2025-01-01,2024-12-31,,,", 4, "geldig_tot", "draai", id="contract reversed"),
    pytest.param("tarieven.csv", "J9,45,45A04,04,9000,2025-01-01,", 6, "contract", "contracten.csv", id="tariff of unknown contract"),
    pytest.param("tarieven.csv", "J1,45,45A09,04,9000,2025-01-01,", 6, "code", "producten.csv", id="tariff of unknown product"),
    pytest.param("tarieven.csv", "W1,45,45A04,04,9000,2025-01-01,", 6, "code", "van iwmo staat niet", id="product of the other domain"),
    pytest.param(
        "tarieven.csv", "J1,45,45A04,04,9100,2025-12-31,2025-12-31", 6, "geldig_van", "overlapt met die van rij 2", id="tariffs overlap"
    ),
    pytest.param("tarieven.csv", "J1,45,45A04,04,9100,2026-01-01,2026-06-30", 6, "contract", "ook op rij 3", id="tariff twice"),
    pytest.param("tarieven.csv", "J1,45,45A04,01,150,2029-01-01,", 6, "geldig_van", "buiten die van het contract", id="outside contract"),
    pytest.param("tarieven.csv", "J1,45,45A04,01,,2025-01-01,", 6, "tarief_cent", "boven 0 nodig", id="no amount"),
    pytest.param("tarieven.csv", "J1,45,45A04,01,0,2025-01-01,", 6, "tarief_cent", "boven 0 nodig", id="amount zero"),
    pytest.param("tarieven.csv", "J1,45,45A04,83,500,2025-01-01,", 6, "tarief_cent", "CD087", id="tariff on euros"),
    pytest.param("deelname.csv", "0999,jeugd_ambulant,2025-01-01,", 6, "gemeente", "gemeenten.csv", id="deelname of unknown"),
    pytest.param("deelname.csv", "0664,crisis,2025-01-01,", 6, "zorgvorm", "zorgvormen.csv", id="deelname in unknown"),
    pytest.param("deelname.csv", "0664,jeugd_ambulant,2026-01-01,", 6, "geldig_van", "overlapt", id="deelname overlaps"),
    pytest.param("budgetten.csv", "0999,2026,,1,", 4, "gemeente", "gemeenten.csv", id="budget of unknown"),
    pytest.param("budgetten.csv", "0664,2026,crisis,1,", 4, "zorgvorm", "zorgvormen.csv", id="budget for unknown"),
    pytest.param("budgetten.csv", "0664,2026,,5,", 4, "gemeente", "ook op rij 2", id="budget twice"),
    pytest.param("maatstaven.csv", "inwoners,0999,,2026,1", 4, "gemeente", "gemeenten.csv", id="measure of unknown"),
    pytest.param("maatstaven.csv", "inwoners,0664,crisis,2026,1", 4, "zorgvorm", "zorgvormen.csv", id="measure for unknown"),
    pytest.param("maatstaven.csv", "inwoners,0664,,2026,1", 4, "maatstaf", "ook op rij 2", id="measure twice"),
    pytest.param("voorschotten.csv", "99000009,0664,2026-02,1", 3, "agb", "aanbieders.csv", id="advance to unknown"),
    pytest.param("voorschotten.csv", "99000001,0999,2026-02,1", 3, "gemeente", "gemeenten.csv", id="advance by unknown"),
    pytest.param("bijdragen.csv", "0999,2026-02,1", 3, "gemeente", "gemeenten.csv", id="contribution of unknown"),
    pytest.param("bijdragen.csv", "0664,2026-01,1", 3, "gemeente", "ook op rij 2", id="contribution twice"),
    pytest.param("partijen.csv", "gemeente:0999,,,,", 4, "partij", "gemeenten.csv", id="unknown gemeente as partij"),
    pytest.param("partijen.csv", "aanbieder:99000009,,,,", 4, "partij", "aanbieders.csv", id="unknown aanbieder as partij"),
    pytest.param("partijen.csv", "gemeente:0687,webhook,,,", 4, "adres", "heeft een adres nodig", id="no address"),
    pytest.param("partijen.csv", "aanbieder:99000001,,,ja,", 4, "kopie", "alleen voor een gemeente", id="copy to aanbieder"),
    pytest.param("partijen.csv", "aanbieder:99000001,,,,zelf", 4, "antwoordt", "alleen voor een gemeente", id="aanbieder answers"),
]


@pytest.mark.parametrize(("bestand", "rij", "nummer", "kolom", "zin"), EXTRA_ROW)
def test_row_that_contradicts(bestand: str, rij: str, nummer: int, kolom: str, zin: str) -> None:
    """One wrong row gives one fault, at its row and column, with a sentence that says what to do."""
    _, fouten = check_folder(map_met_rij(bestand, rij))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [(bestand, nummer, kolom)]
    assert zin in fouten[0].melding


def test_tariff_of_product_that_does_not_exist_then() -> None:
    """A product that ended before the tariff begins has no day on which the tariff could be used."""
    bestanden = map_met_wijziging(
        "producten.csv", "45A04,Begeleiding,04,jeugd_ambulant,2025-01-01,", "45A04,x,04,jeugd_ambulant,2025-01-01,2025-06-30"
    )

    _, fouten = check_folder(bestanden)

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [("tarieven.csv", 3, "code")]
    assert "geen enkele dag" in fouten[0].melding


def test_gap_in_a_series_hides_no_overlap() -> None:
    """A long period is compared with every later one, not only with its neighbour."""
    tarieven = (
        "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\nJ1,45,45A04,04,1,2025-01-01,2026-12-31\n"
        "J1,45,45A04,04,2,2025-02-01,2025-02-28\nJ1,45,45A04,04,3,2026-05-01,2026-05-31\n"
    )

    _, fouten = check_folder(map_met(tarieven=tarieven))

    assert [(fout.rij, "rij 2" in fout.melding) for fout in fouten] == [(3, True), (4, True)]


def test_broken_row_is_not_called_unknown() -> None:
    """A gemeente whose row has a wrong date is reported there, not at everything that refers to it."""
    _, fouten = check_folder(map_met_wijziging("gemeenten.csv", "Goes,2015-01-01", "Goes,gisteren"))

    assert [(fout.bestand, fout.kolom) for fout in fouten] == [("gemeenten.csv", "geldig_van")]


def test_all_faults_are_found_at_once_in_order() -> None:
    """Faults in several files come together, by file and row."""
    bestanden = map_met_rij("partijen.csv", "gemeente:0999,,,,") | {
        "aanbieders.csv": (GOED["aanbieders.csv"] + "1,x,\n99000004,Nieuw,99000009\n").encode(),
    }

    _, fouten = check_folder(bestanden)

    assert [(fout.bestand, fout.rij) for fout in fouten] == [("aanbieders.csv", 5), ("aanbieders.csv", 6), ("partijen.csv", 4)]


def test_reported_faults_have_a_limit() -> None:
    """A folder that is wrong in every row does not give more than a thousand faults."""
    rows = "".join(f"0999,{2000 + index % 90},zorg{index},1,\n" for index in range(FAULTS_MAX))

    _, fouten = check_folder(map_met_rij("budgetten.csv", rows))

    assert len(fouten) == FAULTS_MAX


def test_region_in_memory_is_checked_the_same() -> None:
    """A region that no file was read for is checked by the same rules."""
    region, _ = check_folder(als_bytes(GOED))
    orphan = Tarief(contract="J9", categorie="45", code="45A04", eenheid="04", tarief_cent=1, geldig_van=date(2025, 1, 1))

    assert check_region(region) == ()
    assert [(fout.rij, fout.kolom) for fout in check_region(geordend(replace(region, tarieven=(*region.tarieven, orphan))))] == [
        (5, "contract")
    ]
