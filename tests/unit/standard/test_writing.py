"""Writing: the same bericht always gives the same bytes, in the form of the published examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from app.adapters import xml
from app.domain.bericht import Achternaam, Bericht, BerichtIdentificatie, Client, Geboortedatum, Header, Naam, XsdVersie
from app.domain.levering import StartProduct
from app.standard import catalogue
from app.standard.reading import read
from app.standard.writing import write

WITHOUT_EXAMPLE = {"WMO302", "WMO306", "WMO308", "WMO316", "WMO318", "WMO320", "WMO325"}
"""The published source has no example of these."""
INVALID_EXAMPLE = {"JW315", "JW318"}
"""The published example does not fit its own schema: 31 June, a RetourCode directly under Verzoek."""


HEADER = Header(
    bericht_code="418",
    afzender="42420001",
    ontvanger="0384",
    bericht_identificatie=BerichtIdentificatie(identificatie="A1", dagtekening=date(2026, 5, 6)),
    xsd_versie=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
)
CLIENT = Client(
    bsn="999900006",
    geboortedatum=Geboortedatum(datum=date(950, 2, 14)),
    geslacht="2",
    naam=Naam(geslachtsnaam=Achternaam(achternaam="Wit")),
    start_producten=(StartProduct(toewijzing_nummer=301, begindatum=date(2026, 5, 1), status_aanlevering="1"),),
)
STARTBERICHT = Bericht(domein="iwmo", soort="305", header=HEADER, client=CLIENT)


def test_answers_are_written_without_indentation() -> None:
    """Declaration, namespaces and prefixes as in the examples, and nothing between the elements."""
    written = write(STARTBERICHT).decode()

    assert written == (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n'
        '<wmo305:Bericht xmlns:iwmo="http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"'
        ' xmlns:wmo305="http://www.istandaarden.nl/iwmo/3_2/wmo305/schema"><wmo305:Header><wmo305:BerichtCode>418</wmo305:BerichtCode>'
        "<wmo305:BerichtVersie>3</wmo305:BerichtVersie><wmo305:BerichtSubversie>2</wmo305:BerichtSubversie>"
        "<wmo305:Afzender>42420001</wmo305:Afzender><wmo305:Ontvanger>0384</wmo305:Ontvanger>"
        "<wmo305:BerichtIdentificatie><iwmo:Identificatie>A1</iwmo:Identificatie><iwmo:Dagtekening>2026-05-06</iwmo:Dagtekening>"
        "</wmo305:BerichtIdentificatie><wmo305:XsdVersie><iwmo:BasisschemaXsdVersie>1.0.0</iwmo:BasisschemaXsdVersie>"
        "<iwmo:BerichtXsdVersie>1.0.0</iwmo:BerichtXsdVersie></wmo305:XsdVersie></wmo305:Header>"
        "<wmo305:Client><wmo305:Bsn>999900006</wmo305:Bsn>"
        "<wmo305:Geboortedatum><iwmo:Datum>0950-02-14</iwmo:Datum></wmo305:Geboortedatum><wmo305:Geslacht>2</wmo305:Geslacht>"
        "<wmo305:Naam><iwmo:Geslachtsnaam><iwmo:Achternaam>Wit</iwmo:Achternaam></iwmo:Geslachtsnaam></wmo305:Naam>"
        "<wmo305:StartProducten><wmo305:StartProduct><wmo305:ToewijzingNummer>301</wmo305:ToewijzingNummer>"
        "<wmo305:Begindatum>2026-05-01</wmo305:Begindatum><wmo305:StatusAanlevering>1</wmo305:StatusAanlevering></wmo305:StartProduct>"
        "</wmo305:StartProducten></wmo305:Client></wmo305:Bericht>"
    )


def test_retour_codes_are_the_last_element() -> None:
    """RetourCodes stands after every other element of its class."""
    retour = Bericht(domein="iwmo", soort="306", header=replace(HEADER, retour_codes=("0200", "9074")))

    header = etree.fromstring(write(retour))[0]

    assert [etree.QName(child).localname for child in header][-1] == "RetourCodes"
    assert [code.text for code in header[-1]] == ["0200", "9074"]


def test_indented_as_the_published_examples() -> None:
    """One line for each element, CR/LF and tabs."""
    lines = write(STARTBERICHT, indent=True).decode().split("\r\n")

    assert lines[1:5] == [
        '<wmo305:Bericht xmlns:iwmo="http://www.istandaarden.nl/iwmo/3_2/basisschema/schema" '
        'xmlns:wmo305="http://www.istandaarden.nl/iwmo/3_2/wmo305/schema">',
        "\t<wmo305:Header>",
        "\t\t<wmo305:BerichtCode>418</wmo305:BerichtCode>",
        "\t\t<wmo305:BerichtVersie>3</wmo305:BerichtVersie>",
    ]
    assert "\t\t\t\t<wmo305:Begindatum>2026-05-01</wmo305:Begindatum>" in lines
    assert lines[-2:] == ["</wmo305:Bericht>", ""]


@pytest.mark.parametrize("name", ["<script>", "A & B", "]]>", "twee\rregels", "een\r\ntwee", '"aangehaald"', "Zoë €", "𝄞", " wit "])
def test_text_comes_back_as_it_was(name: str) -> None:
    """What has a meaning in XML is escaped, a carriage return survives the parser."""
    client = replace(CLIENT, naam=Naam(geslachtsnaam=Achternaam(achternaam=name)))

    written = write(replace(STARTBERICHT, client=client))

    again = read(etree.fromstring(written), catalogue.by_code("WMO305")).client
    assert again is not None
    assert again.naam is not None
    assert again.naam.geslachtsnaam.achternaam == name


def test_unknown_soort_is_refused() -> None:
    """A soort that the catalogue lacks has no namespace to be written in."""
    with pytest.raises(KeyError):
        write(replace(STARTBERICHT, soort="999"))


@pytest.mark.parametrize("code", sorted({soort.code for soort in catalogue.alle()} - WITHOUT_EXAMPLE - INVALID_EXAMPLE))
def test_published_example_is_read_and_written_whole(code: str, standard_dir: Path) -> None:
    """Every element of a published example comes back in the same order with the same text."""
    soort = catalogue.by_code(code)
    example = standard_dir / f"{soort.domein}-3.2" / "examples" / f"{code}.xml"
    root = xml.parse(example.read_bytes())

    again = xml.parse(write(read(root, soort)))

    assert _elements(again) == _elements(root)


def _elements(root: etree._Element) -> list[tuple[str, str]]:
    """Every element with its text, in order of the document."""
    return [(str(element.tag), (element.text or "").strip()) for element in root.iter()]
