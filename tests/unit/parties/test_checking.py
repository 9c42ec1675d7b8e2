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
    pytest.param("contractopties.csv", "J9,2030-12-31,", 4, "contract", "contracten.csv", id="option on unknown contract"),
    pytest.param("contractopties.csv", "W1,2030-12-31,", 4, "contract", "open einde", id="option on open contract"),
    pytest.param("contractopties.csv", "J1,2027-12-31,2027-01-01", 4, "tot", "na de laatste dag", id="option before the end"),
    pytest.param("contractopties.csv", "J1,2028-12-31,", 4, "contract", "ook op rij 2", id="option twice"),
    pytest.param("contractopties.csv", "J1,2031-12-31,2028-01-01", 4, "uitgeoefend_op", "rij 3 gaat hieraan vooraf", id="option skipped"),
    pytest.param(
        "onderaannemers.csv", "99000009,99000003,,eigen,2025-01-01,", 3, "hoofdaannemer_agb", "aanbieders.csv", id="unknown main contractor"
    ),
    pytest.param(
        "onderaannemers.csv", "99000001,99000009,,eigen,2025-01-01,", 3, "onderaannemer_agb", "aanbieders.csv", id="unknown subcontractor"
    ),
    pytest.param("onderaannemers.csv", "99000001,99000001,,eigen,2025-01-01,", 3, "onderaannemer_agb", "zijn eigen", id="its own sub"),
    pytest.param(
        "onderaannemers.csv", "99000001,99000003,J9,eigen,2025-01-01,", 3, "contract", "contracten.csv", id="sub on unknown contract"
    ),
    pytest.param("onderaannemers.csv", "99000003,99000002,J1,eigen,2025-01-01,", 3, "contract", "van 99000001", id="contract of another"),
    pytest.param(
        "onderaannemers.csv", "99000001,99000003,J1,eigen,2029-01-01,", 3, "geldig_van", "2028-12-31", id="sub after the contract"
    ),
    pytest.param(
        "onderaannemers.csv", "99000001,99000003,J1,eigen,2026-01-01,", 3, "geldig_van", "overlapt met die van rij 2", id="sub overlaps"
    ),
    pytest.param(
        "onderaannemers.csv",
        "99000001,99000003,,partner,2026-01-01,",
        2,
        "declareert",
        "Rij 3 zegt voor alle",
        id="sub says otherwise for all",
    ),
    pytest.param(
        "onderaannemers.csv", "99000001,99000002,,partner,2026-01-01,", 3, "declareert", "aanbieders.csv", id="partner of who claims itself"
    ),
    pytest.param("bekostigingen.csv", "J9,,2026,pxq,,,,", 3, "contract", "contracten.csv", id="funding of unknown contract"),
    pytest.param("bekostigingen.csv", "J1,crisis,2026,pxq,,,,", 3, "zorgvorm", "zorgvormen.csv", id="funding of unknown zorgvorm"),
    pytest.param("bekostigingen.csv", "J1,wmo_begeleiding,2026,pxq,,,,", 3, "zorgvorm", "kies uit jeugd_ambulant", id="not delivered"),
    pytest.param("bekostigingen.csv", "J1,,2029,pxq,,,,", 3, "jaar", "2028-12-31", id="funding after the contract"),
    pytest.param("bekostigingen.csv", "J1,,2027,pxq,100,,,", 3, "gegarandeerd_cent", "kies budget", id="pxq with a guarantee"),
    pytest.param("bekostigingen.csv", "J1,,2027,lumpsum,,,,", 3, "gegarandeerd_cent", "hoort een bedrag", id="lumpsum of nothing"),
    pytest.param("bekostigingen.csv", "J1,,2026,pxq,,,,", 3, "contract", "ook op rij 2", id="funding twice"),
    pytest.param("plafonds.csv", "J9,,2026,1", 3, "contract", "contracten.csv", id="ceiling of unknown contract"),
    pytest.param(
        "plafonds.csv", "J1,wmo_begeleiding,2026,1", 3, "zorgvorm", "kies uit jeugd_ambulant", id="ceiling of what is not delivered"
    ),
    pytest.param("plafonds.csv", "J1,,2024,1", 3, "jaar", "loopt niet in dit jaar", id="ceiling before the contract"),
    pytest.param("productgroepen.csv", "begeleiding,x,ijw", 3, "groep", "ook op rij 2", id="group twice"),
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
    pytest.param(
        "bankrekeningen.csv", "gemeente:0687,NL00TEST9900000687,Middelburg,", 4, "iban", "geen geldig IBAN", id="check digits of an IBAN"
    ),
    pytest.param(
        "bankrekeningen.csv", "gemeente:0687,NL65TEST990000068,Middelburg,", 4, "iban", "geen geldig IBAN", id="length of an IBAN"
    ),
    pytest.param(
        "bankrekeningen.csv", "gemeente:0687,NL65TEST9900000687,Middelburg,RABO", 4, "bic", "Een BIC heeft 8 of 11", id="form of a BIC"
    ),
    pytest.param("bankrekeningen.csv", "gemeente:0999,NL65TEST9900000687,Iemand,", 4, "partij", "gemeenten.csv", id="account of nobody"),
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


def test_tariff_in_the_extension_of_a_contract_is_inside_it() -> None:
    """The periods are compared with the contract as it runs with its exercised options; an option that nobody exercised does not count."""
    _, inside = check_folder(map_met_rij("tarieven.csv", "J1,45,45A04,01,150,2028-01-01,"))
    _, outside = check_folder(map_met_rij("tarieven.csv", "J1,45,45A04,01,150,2029-01-01,"))

    assert inside == ()
    assert [(fout.rij, fout.kolom) for fout in outside] == [(6, "geldig_van")]


@pytest.mark.parametrize(("groep", "zin"), [("wonen", "productgroepen.csv"), ("begeleiding", "is van ijw")])
def test_group_of_a_product_is_known_and_of_its_domein(groep: str, zin: str) -> None:
    """`groep` is an optional column: here it stands at the product of iwmo."""
    lines = GOED["producten.csv"].splitlines()
    producten = "\n".join([f"{lines[0]},groep", *(f"{line}," for line in lines[1:-1]), f"{lines[-1]},{groep}"])

    _, fouten = check_folder(map_met(producten=producten))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [("producten.csv", 4, "groep")]
    assert zin in fouten[0].melding


def test_ring_of_contractpartners_is_reported_once() -> None:
    """1 administers for 2, 2 for 3 and 3 for 1: nobody holds the contracts; who only points into the ring is not blamed."""
    rows = "99000001,a,99000003\n99000002,b,99000001\n99000003,c,99000002\n99000004,d,99000003\n"

    _, fouten = check_folder(map_met(aanbieders=f"agb,naam,contractpartner_agb\n{rows}"))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [("aanbieders.csv", 2, "contractpartner_agb")]
    assert "99000001, 99000003, 99000002" in fouten[0].melding


def test_contract_without_lines_may_be_paid_per_zorgvorm() -> None:
    """A contract that is paid as a whole need not have tariffs; what it delivers is then not said, so any zorgvorm may be named."""
    contracten = GOED["contracten.csv"] + "L1,99000003,ijw,*,2026-01-01,,,lumpsum,\n"
    bestanden = map_met(contracten=contracten) | {"plafonds.csv": b"contract,zorgvorm,jaar,bedrag_cent\nL1,jeugd_ambulant,2026,1\n"}

    assert check_folder(bestanden)[1] == ()


def test_optional_columns_may_be_missing_but_not_misspelled() -> None:
    """A folder of before the column loads unchanged; a name that looks like it is not silently left out."""
    old = GOED["gemeenten.csv"]
    spelled = "\n".join(f"{line},{cell}" for line, cell in zip(old.splitlines(), ["jeugdregios", "A", "A", "B"], strict=True))

    region, fouten = check_folder(als_bytes(GOED))
    _, misspelled = check_folder(map_met(gemeenten=spelled))
    read, none = check_folder(map_met(gemeenten=spelled.replace("jeugdregios", "jeugdregio")))

    assert (fouten, none) == ((), ())
    assert {each.jeugdregio for each in region.gemeenten} == {""}
    assert [each.jeugdregio for each in read.gemeenten] == ["A", "A", "B"]
    assert [(fout.rij, fout.kolom, "jeugdregio" in fout.melding) for fout in misspelled] == [(1, "jeugdregios", True)]


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
