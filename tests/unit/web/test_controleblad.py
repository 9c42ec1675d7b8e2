"""What the page of a check says: the verdict, causes, and what is left, in words."""

from __future__ import annotations

from datetime import date

import pytest

from app.adapters.xml import Schemas
from app.domain.bericht import Bericht
from app.domain.bevinding import Bevinding
from app.intake import Oordeel
from app.judging import Controle, Resterend
from app.judging.controle import judge_bestand
from app.standard.writing import write
from app.web.controleblad import BEVINDINGEN_MAX, PER_OORZAAK_MAX, Blad, group_by_cause, is_text, make_blad
from tests.builders import BSN, make_301, make_323, make_client, make_prestatie, make_relatie, make_toegewezen_product

SCHEMAS = Schemas()
NAMEN = {"gemeente:0664": "Goes", "aanbieder:42420001": "De Veste"}


def controle_of(data: bytes, niveau: int = 2) -> Controle:
    """The outcome of a check without a past."""
    return judge_bestand(data, SCHEMAS, niveau=niveau, vandaag=date(2026, 6, 3))


def blad_of(bericht: Bericht | bytes) -> Blad:
    """The page of a bericht."""
    data = bericht if isinstance(bericht, bytes) else write(bericht, indent=True)
    return make_blad(data, controle_of(data), NAMEN)


def vondsten(*causes: tuple[str, int]) -> Oordeel:
    """An outcome with so many findings of each rule, mixed as they would be in a file."""
    rows = [
        Bevinding(regel=regel, retourcode="0001", regelnummer=n, melding=f"{regel} {n}") for regel, count in causes for n in range(count)
    ]
    rows.sort(key=lambda each: each.regelnummer or 0)
    return Oordeel(valid=False, domein="ijw", bericht="JW323", bevindingen=tuple(rows))


def test_a_right_declaratie_is_summed_up() -> None:
    """Who, to whom, how many clients and prestaties, how much money."""
    blad = blad_of(make_323(make_prestatie("R1"), make_prestatie("R2", toewijzing_nummer=1002)))

    assert blad.goed
    assert blad.zin == "Dit bericht is goed: JW323 declaratie van De Veste (42420001) aan Goes (0664)."
    assert "eerdere berichten" in blad.bereik
    assert dict(blad.feiten) == {
        "Bericht": "JW323 declaratie",
        "Wet": "Jeugdwet (iJw)",
        "Van": "De Veste (42420001)",
        "Aan": "Goes (0664)",
        "Identificatie": "ID323",
        "Dagtekening": "3 juni 2026",
        "Cliënten": "1",
        "Prestaties": "2",
        "Totaal": "€\u00a0960,00",
    }
    assert blad.groepen == ()


def test_without_a_name_a_party_is_its_code() -> None:
    """The visitor may not know every aanbieder."""
    data = write(make_301())

    assert "van gemeente 0664 aan aanbieder 42420001" in make_blad(data, controle_of(data), {}).zin


def test_faults_are_counted_by_cause() -> None:
    """Two of one kind and one of another; each is marked at its line, with the value that stands there."""
    client = make_client(bsn="999900007", relaties=(make_relatie(), make_relatie()), toegewezen_producten=(make_toegewezen_product(),))

    blad = blad_of(make_301(client=client))

    assert blad.zin == "Deze JW301 is niet goed: 3 fouten in 2 soorten."
    assert [(groep.regel, groep.aantal) for groep in blad.groepen] == [("TR101", 2), ("CS002", 1)]
    (bsn,) = blad.groepen[1].getoond
    assert (bsn.volgnr, bsn.waarde, bsn.melding) == (3, "999900007", "Bsn 999900007 doorstaat de elfproef niet.")
    assert blad.xml is not None
    marked = {line.nummer: line.tekst for window in blad.xml.vensters for line in window if line.bevindingen}
    assert "<jw301:Bsn>999900007</jw301:Bsn>" in marked[blad.xml.regel_van[3]]


def test_one_fault_is_one_fault() -> None:
    """No plural, no kinds."""
    blad = blad_of(make_301(client=make_client(bsn="999900007", toegewezen_producten=(make_toegewezen_product(),))))

    assert blad.zin == "Deze JW301 is niet goed: 1 fout."


def test_structure_comes_first() -> None:
    """The content of a bericht that does not fit its schema is not judged, and the page says so; personal data is the visitor's own."""
    blad = blad_of(write(make_301(), indent=True).replace(BSN.encode(), b"99"))

    assert "Zolang dat zo is, zijn de inhoud en eerdere berichten niet gecontroleerd" in blad.bereik
    assert [each.waarde for each in blad.groepen[0].getoond] == ["99"]
    assert blad.feiten == ()


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 \x00", b"PK\x03\x04", b"", b"bsn;bedrag\n", b"<a/>", b"<!DOCTYPE a []><a/>", b"\xff\xfe<\x00a\x00"]
)
def test_what_is_no_bericht_has_a_page_too(data: bytes) -> None:
    """One sentence, at least one finding, and lines only of what begins as XML."""
    blad = blad_of(data)

    assert blad.zin == "Dit is geen bericht van iJw of iWmo 3.2 dat wij kunnen lezen."
    assert blad.groepen
    assert (blad.xml is not None) == data.startswith(b"<")
    assert is_text(b"\xef\xbb\xbf\r\n<a/>")


def test_causes_are_ordered_by_their_number_and_cut_off() -> None:
    """The count is the whole truth, the examples are the first of the file; their numbers run on down the page."""
    groepen = group_by_cause(vondsten(("TR358", 1), ("TR101", 4000), ("TR416", PER_OORZAAK_MAX)))

    assert [(groep.regel, groep.aantal, len(groep.getoond)) for groep in groepen] == [
        ("TR101", 4000, PER_OORZAAK_MAX),
        ("TR416", PER_OORZAAK_MAX, PER_OORZAAK_MAX),
        ("TR358", 1, 1),
    ]
    assert [each.volgnr for groep in groepen for each in groep.getoond] == list(range(1, 2 * PER_OORZAAK_MAX + 2))
    assert groepen[0].getoond[0].melding == "TR101 0"


def test_every_cause_has_an_example_however_many_there_are() -> None:
    """Fifty causes of a hundred findings: all fifty are there, the page stays short."""
    groepen = group_by_cause(vondsten(*((f"TR{n:03d}", 100) for n in range(50))))

    assert len(groepen) == 50
    assert all(groep.getoond for groep in groepen)
    assert sum(len(groep.getoond) for groep in groepen) <= BEVINDINGEN_MAX + 50


def test_there_may_be_more_than_is_listed() -> None:
    """The walk over the structure stops at a thousand faults."""
    data = write(make_301())
    oordeel = Oordeel(valid=False, domein="ijw", bericht="JW301", bevindingen=vondsten(("XSD", 1000)).bevindingen, stopped_early=True)

    assert make_blad(data, Controle(oordeel=oordeel), {}).zin == "Deze JW301 is niet goed: ten minste 1.000 fouten in 1 soort."


def test_a_content_that_could_not_be_read_is_no_approval_of_it() -> None:
    """Valid by its structure only."""
    data = write(make_301())

    blad = make_blad(data, controle_of(data, niveau=1), {})

    assert blad.goed
    assert "niet kunnen controleren" in blad.bereik


def test_what_is_left_is_told_in_its_eenheid() -> None:
    """Euros as euros, and what was declared too much stands out."""
    rows = tuple(
        Resterend(
            toewijzing_nummer=nummer, eenheid=eenheid, toegestaan=5000, verbruikt=4000, in_dit_bericht=declared, resterend=1000 - declared
        )
        for nummer, eenheid, declared in ((1, "83", 1001), (2, "01", 1000))
    )
    data = write(make_323())
    checked = controle_of(data)

    blad = make_blad(data, Controle(oordeel=checked.oordeel, bericht=checked.bericht, resterend=rows), {})

    assert [(row.eenheid, row.toegestaan, row.resterend, row.te_veel) for row in blad.resterend] == [
        ("euro", "€\u00a050,00", "-€\u00a00,01", True),
        ("minuten", "5.000", "0", False),
    ]
    assert blad.resterend_meer is False
