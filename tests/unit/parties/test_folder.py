"""A region folder is read as DESIGN section 5 says, and every fault of form is found with its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.parties.checking import check_folder
from app.parties.folder import BESTANDEN, FILE_SIZE_MAX, parse_folder, read_folder, write_files, write_folder
from app.parties.region import Contract, Herindeling, Tarief
from tests.unit.parties.mappen import GOED, als_bytes, map_met, map_met_rij, map_met_wijziging


def test_good_folder_has_no_faults() -> None:
    """The folder that the other tests break is good itself, and every file of it is read."""
    region, fouten = check_folder(als_bytes(GOED))

    assert fouten == ()
    assert set(GOED) == set(BESTANDEN)
    assert all(region.rijen(soort) for soort in BESTANDEN.values())


def test_values_are_exact() -> None:
    """Shares are fractions, measures decimals, money whole cents, open ends None."""
    region, _ = check_folder(als_bytes(GOED))

    assert region.herindelingen[0] == Herindeling(datum=date(2027, 1, 1), van="0718", naar="0664", fractie=Fraction(1, 4))
    assert region.maatstaven[0].waarde == Decimal("0.975")
    assert region.contracten[0].gemeenten == ("0664", "0687")
    assert region.contracten[1].alle_gemeenten
    assert region.contracten[0].plafond_cent == 120_000_000
    assert region.tarieven[1].geldig_tot is None
    assert region.voorschotten[0].maand == date(2026, 1, 1)
    assert region.partijen[1].kopie


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_form_of_file_does_not_matter(separator: str, bom: bytes, newline: str) -> None:
    """Comma or semicolon, with or without BOM, with either line end, capitals in the header, blank rows and other columns: the same region."""
    text = GOED["tarieven.csv"].replace("contract,", "Contract,").replace("J1,50", "\nJ1,50")
    text = "".join(f"{line},opmerking\n" if line else "\n" for line in text.splitlines())
    bestanden = als_bytes(GOED) | {"tarieven.csv": bom + text.replace(",", separator).replace("\n", newline).encode()}

    region, fouten = check_folder(bestanden)

    assert fouten == ()
    assert region == check_folder(als_bytes(GOED))[0]


def test_row_numbers_count_blank_rows() -> None:
    """A fault is reported at the row a spreadsheet shows, with the header as row 1."""
    _, fouten = check_folder(map_met_rij("bijdragen.csv", "\n\n0664,2026-02,twee"))

    assert [(fout.bestand, fout.rij, fout.kolom, fout.waarde) for fout in fouten] == [("bijdragen.csv", 5, "bedrag_cent", "twee")]


def test_writing_and_reading_is_the_identity() -> None:
    """What is written reads back as the same region, and writing again gives the same bytes."""
    region, _ = check_folder(als_bytes(GOED))

    written = write_files(region)

    assert check_folder(written) == (region, ())
    assert write_files(check_folder(written)[0]) == written


def test_folder_on_disk_is_written_and_read(tmp_path: Path) -> None:
    """A file for each kind of row stands in the folder; other files in it are left alone."""
    region, _ = check_folder(als_bytes(GOED))
    (tmp_path / "leesmij.txt").write_text("geen csv")

    write_folder(region, tmp_path)

    assert check_folder(read_folder(tmp_path)) == (region, ())
    assert len(list(tmp_path.glob("*.csv"))) == len(BESTANDEN)


def test_optional_files_may_be_missing() -> None:
    """A region is gemeenten, aanbieders, zorgvormen, producten, contracten and tarieven; every other missing file means none."""
    mandatory = ("gemeenten.csv", "aanbieders.csv", "zorgvormen.csv", "producten.csv", "contracten.csv", "tarieven.csv")

    region, fouten = check_folder({naam: GOED[naam].encode() for naam in mandatory})

    assert fouten == ()
    assert [*region.budgetten, *region.deelname, *region.partijen] == []


@pytest.mark.parametrize(
    "bestand", ["gemeenten.csv", "aanbieders.csv", "zorgvormen.csv", "producten.csv", "contracten.csv", "tarieven.csv"]
)
def test_mandatory_file_missing(bestand: str) -> None:
    """A missing mandatory file is named with the columns it needs."""
    bestanden = als_bytes(GOED)
    del bestanden[bestand]

    fouten = parse_folder(bestanden).fouten

    assert [(fout.bestand, fout.rij) for fout in fouten] == [(bestand, None)]
    assert "ontbreekt" in fouten[0].melding
    assert bestanden.get(bestand) is None


def test_misspelled_file_name() -> None:
    """A file whose name looks like one of ours is not silently left out; the list of faults of the generator is no such file."""
    bestanden = als_bytes(GOED) | {"budget.csv": b"x", "fouten.csv": b"x"}

    _, fouten = check_folder(bestanden)

    assert [(fout.bestand, "budgetten.csv" in fout.melding) for fout in fouten] == [("budget.csv", True)]


FORM = [
    pytest.param("gemeenten.csv", "0664,Goes", "664,Goes", 2, "code", "vier cijfers", id="gemeentecode"),
    pytest.param("gemeenten.csv", "0664,Goes", "0664,", 2, "naam", "niet leeg", id="empty name"),
    pytest.param("gemeenten.csv", "Goes,2015-01-01", "Goes,01-01-2015", 2, "geldig_van", "2026-01-31", id="Dutch date"),
    pytest.param("gemeenten.csv", "Goes,2015-01-01", "Goes,2015-02-30", 2, "geldig_van", "bestaat niet", id="no such day"),
    pytest.param("gemeenten.csv", "Goes,2015-01-01", "Goes,", 2, "geldig_van", "niet leeg", id="no first day"),
    pytest.param("gemeenten.csv", "2026-12-31", "31 dec", 4, "geldig_tot", "jaar-maand-dag", id="last day"),
    pytest.param("gemeenten.csv", "Goes", "G" * 201, 2, "naam", "hoogstens 200", id="long text"),
    pytest.param("gemeenten.csv", "Goes", "G\x00s", 2, "naam", "nulteken", id="nul"),
    pytest.param("herindelingen.csv", "3/4", "75%", 2, "fractie", "1/4", id="fraction form"),
    pytest.param("herindelingen.csv", "3/4", "5/4", 2, "fractie", "hoogstens 1", id="fraction above one"),
    pytest.param("herindelingen.csv", "3/4", "0", 2, "fractie", "groter dan 0", id="fraction zero"),
    pytest.param("herindelingen.csv", "3/4", "3/0", 2, "fractie", "1/4", id="fraction of zero"),
    pytest.param("aanbieders.csv", "99000002,De", "9900002,De", 3, "agb", "acht cijfers", id="agb"),
    pytest.param("aanbieders.csv", "Wadden,99000001", "Wadden,1", 3, "contractpartner_agb", "acht cijfers", id="partner agb"),
    pytest.param("zorgvormen.csv", "jeugd_ambulant,A", "jeugd ambulant,A", 2, "zorgvorm", "één woord", id="zorgvorm"),
    pytest.param("zorgvormen.csv", "ijw,licht", "jw,licht", 2, "domein", "'ijw', 'iwmo'", id="domein"),
    pytest.param("zorgvormen.csv", "ijw,licht", "ijw,matig", 2, "stuurbaarheid", "leeg, 'licht', 'zwaar'", id="stuurbaarheid"),
    pytest.param("producten.csv", "ijw,45,", "ijw,4,", 2, "categorie", "twee cijfers", id="categorie"),
    pytest.param("producten.csv", "45A04,Begeleiding", "45-A04,Begeleiding", 2, "code", "vijf letters", id="productcode"),
    pytest.param("producten.csv", "04,jeugd_ambulant", "05,jeugd_ambulant", 2, "eenheid", "WJ756", id="eenheid"),
    pytest.param("producten.csv", "04,jeugd_ambulant", "04,", 2, "zorgvorm", "niet leeg", id="product without zorgvorm"),
    pytest.param("contracten.csv", "J1,99000001", ",99000001", 2, "contract", "niet leeg", id="contract"),
    pytest.param("contracten.csv", "ijw,0664 0687", "ijw,", 2, "gemeenten", "ten minste één gemeente", id="contract without gemeente"),
    pytest.param("contracten.csv", "ijw,0664 0687", "ijw,0664/0687", 2, "gemeenten", "spaties", id="gemeenten form"),
    pytest.param("contracten.csv", "ijw,0664 0687", "ijw,0664 0664", 2, "gemeenten", "twee keer", id="gemeente twice"),
    pytest.param("contracten.csv", "inspanning", "inspannend", 2, "uitvoeringsvariant", "'taak'", id="uitvoeringsvariant"),
    pytest.param("contracten.csv", "pxq", "stuks", 2, "bekostiging", "'lumpsum'", id="bekostiging"),
    pytest.param("contracten.csv", "120000000", "-1", 2, "plafond_cent", "hele centen", id="plafond"),
    pytest.param("tarieven.csv", "9000", '"90,00"', 2, "tarief_cent", "hele centen", id="tariff in euros"),
    pytest.param("tarieven.csv", "9000", "100000000", 2, "tarief_cent", "99999999", id="tariff too high"),
    pytest.param("budgetten.csv", "2026,,", "26,,", 2, "jaar", "2026", id="year"),
    pytest.param("budgetten.csv", "100000000", "€ 1000000", 2, "bedrag_cent", "euroteken", id="budget"),
    pytest.param("maatstaven.csv", "inwoners", "in woners", 2, "maatstaf", "één woord", id="maatstaf"),
    pytest.param("maatstaven.csv", "40100", '"40.100,5"', 2, "waarde", "met een punt", id="measure"),
    pytest.param("voorschotten.csv", "2026-01,", "2026-01-15,", 2, "maand", "zonder dag", id="month"),
    pytest.param("voorschotten.csv", "2026-01,", "jan 2026,", 2, "maand", "2026-01-31", id="month form"),
    pytest.param("contractopties.csv", "2028-12-31", "eind 2028", 2, "tot", "2026-01-31", id="option day"),
    pytest.param("onderaannemers.csv", "eigen", "zelf", 2, "declareert", "'eigen', 'partner'", id="declareert"),
    pytest.param("bekostigingen.csv", "budget", "vast", 2, "vorm", "'lumpsum'", id="vorm"),
    pytest.param("bekostigingen.csv", "25,4", "2500,4", 2, "administratie_promille", "2,5 procent is 25", id="promille"),
    pytest.param("bekostigingen.csv", "25,4", "25,3", 2, "termijnen", "'12'", id="termijnen"),
    pytest.param("bekostigingen.csv", "60000000", "6e7", 2, "gegarandeerd_cent", "hele centen", id="guaranteed"),
    pytest.param("plafonds.csv", "50000000", "", 2, "bedrag_cent", "niet leeg", id="ceiling"),
    pytest.param("productgroepen.csv", "begeleiding,B", "be geleiding,B", 2, "groep", "één woord", id="groep"),
    pytest.param("contracten.csv", "2027-12-31", "9999-12-31", 2, "geldig_tot", "open einde", id="end of time"),
    pytest.param("partijen.csv", "gemeente:0664", "0664", 2, "partij", "gemeente:0664", id="partij"),
    pytest.param("partijen.csv", "postvak", "fax", 2, "kanaal", "'ggk'", id="kanaal"),
    pytest.param("partijen.csv", "ja,zelf", "soms,zelf", 2, "kopie", "'ja', 'nee'", id="kopie"),
    pytest.param("partijen.csv", "ja,zelf", "ja,wij", 2, "antwoordt", "'zelf'", id="antwoordt"),
]


@pytest.mark.parametrize(("bestand", "oud", "nieuw", "rij", "kolom", "zin"), FORM)
def test_cell_of_wrong_form(bestand: str, oud: str, nieuw: str, rij: int, kolom: str, zin: str) -> None:
    """One wrong cell gives one fault in its file, with its place and what to write (rows elsewhere may refer to a key that is now another)."""
    _, fouten = check_folder(map_met_wijziging(bestand, oud, nieuw))

    own = [fout for fout in fouten if fout.bestand == bestand]
    assert [(fout.rij, fout.kolom) for fout in own] == [(rij, kolom)]
    assert zin in own[0].melding


def test_no_cell_that_a_reader_refuses_goes_unmentioned() -> None:
    """Every wrong cell of a row is reported, not the first only."""
    _, fouten = check_folder(map_met_rij("budgetten.csv", "12,26,jeugd ambulant,1.50,"))

    assert [fout.kolom for fout in fouten] == ["gemeente", "jaar", "zorgvorm", "bedrag_cent"]


def test_missing_column_is_reported_once() -> None:
    """Without a column no row of the file can be judged; what refers to its rows is not called unknown."""
    _, fouten = check_folder(map_met(contracten=GOED["contracten.csv"].replace("plafond_cent", "plafond")))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [("contracten.csv", 1, "plafond_cent")]
    assert "ontbreekt" in fouten[0].melding


def test_column_twice() -> None:
    """A column that stands twice would be read as either; that is not guessed."""
    _, fouten = check_folder(map_met(bijdragen="gemeente,maand,bedrag_cent,maand\n0664,2026-01,1,2026-02\n"))

    assert [(fout.bestand, fout.rij, fout.kolom) for fout in fouten] == [("bijdragen.csv", 1, "maand")]
    assert "twee keer" in fouten[0].melding


def test_row_of_other_length() -> None:
    """A row with more cells than the header has a separator inside a text."""
    _, fouten = check_folder(map_met_rij("aanbieders.csv", "99000004,Zorg, Wonen en Meer,"))

    assert [(fout.bestand, fout.rij) for fout in fouten] == [("aanbieders.csv", 5)]
    assert "aanhalingstekens" in fouten[0].melding


def test_empty_mandatory_file() -> None:
    """A mandatory file with a header only says that there is nothing in the region."""
    _, fouten = check_folder(map_met(tarieven=GOED["tarieven.csv"].partition("\n")[0]))

    assert [(fout.bestand, fout.rij) for fout in fouten] == [("tarieven.csv", 2)]
    assert "geen rijen" in fouten[0].melding


@pytest.mark.parametrize(
    ("inhoud", "zin"),
    [
        pytest.param("gemeente,maand,bedrag_cent\n0664,2026-01,1\n".encode("utf-16"), "UTF-8", id="utf-16"),
        pytest.param("partij\né".encode("latin-1"), "UTF-8", id="latin-1"),
        pytest.param(b'gemeente,maand,bedrag_cent\n"0664,2026-01,1\n', "aanhalingstekens", id="open quote"),
        pytest.param(b"x" * (FILE_SIZE_MAX + 1), "groter dan", id="too big"),
    ],
)
def test_file_that_is_no_csv(inhoud: bytes, zin: str) -> None:
    """A file that cannot be read at all gives one fault for the file."""
    _, fouten = check_folder(als_bytes(GOED) | {"bijdragen.csv": inhoud})

    assert [(fout.bestand, fout.rij) for fout in fouten] == [("bijdragen.csv", None)]
    assert zin in fouten[0].melding


def test_fault_as_dict() -> None:
    """A fault travels to HTTP and the command line with all it knows."""
    _, fouten = check_folder(map_met_wijziging("tarieven.csv", "9000", "90.0"))

    assert fouten[0].as_dict() == {
        "bestand": "tarieven.csv",
        "rij": 2,
        "kolom": "tarief_cent",
        "waarde": "90.0",
        "melding": "Schrijf een bedrag in hele centen, zonder punt, komma of euroteken: 12,50 euro is 1250.",
    }


def test_kinds_of_row_name_their_file() -> None:
    """The names of the files are those of DESIGN section 5."""
    assert {Contract.bestand, Tarief.bestand} <= set(BESTANDEN)
    assert len(BESTANDEN) == 19
