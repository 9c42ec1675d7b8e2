"""Reading: a tree that is valid against its schema becomes the values of `domain`."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
from lxml import etree

from app.adapters import xml
from app.domain.bedrag import BedragMetDC, TotaalBedragMetDC
from app.domain.bericht import Achternaam, Bericht, BerichtIdentificatie, Client, Geboortedatum, Header, Naam, XsdVersie
from app.domain.declaratie import Declaratie, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.levering import StartProduct
from app.domain.periode import GeslotenPeriode
from app.domain.toewijzing import Product
from app.standard import catalogue
from app.standard.plaats import pad_of
from app.standard.reading import NietVolgensSchema, WaardeBuitenBereik, read

STARTBERICHT = """<?xml version="1.0" encoding="UTF-8"?>
<b:Bericht xmlns:b="http://www.istandaarden.nl/iwmo/3_2/wmo305/schema" xmlns:t="http://www.istandaarden.nl/iwmo/3_2/basisschema/schema">
  <b:Header><b:BerichtCode>418</b:BerichtCode><b:BerichtVersie>3</b:BerichtVersie><b:BerichtSubversie>2</b:BerichtSubversie>
    <b:Afzender>42420001</b:Afzender><b:Ontvanger>0384</b:Ontvanger>
    <b:BerichtIdentificatie><t:Identificatie>A1</t:Identificatie><t:Dagtekening>2026-05-06</t:Dagtekening></b:BerichtIdentificatie>
    <b:XsdVersie><t:BasisschemaXsdVersie>1.0.0</t:BasisschemaXsdVersie><t:BerichtXsdVersie>1.0.1</t:BerichtXsdVersie></b:XsdVersie>
  </b:Header>
  <b:Client>
    <b:Bsn>999900006</b:Bsn><b:Geboortedatum><t:Datum>1950-02-14</t:Datum></b:Geboortedatum><b:Geslacht>2</b:Geslacht>
    <b:Naam><t:Geslachtsnaam><t:Achternaam> De  Wit &amp; Zn </t:Achternaam></t:Geslachtsnaam></b:Naam>
    <b:StartProducten>
      <b:StartProduct>
        <b:Begindatum>2026-05-01</b:Begindatum>
        <b:StatusAanlevering>1</b:StatusAanlevering>
      </b:StartProduct>
      <b:StartProduct>
        <b:ToewijzingNummer>301</b:ToewijzingNummer><b:Product><t:Categorie>02</t:Categorie><t:Code>02A01</t:Code></b:Product>
        <b:ToewijzingIngangsdatum>2026-04-01</b:ToewijzingIngangsdatum>
        <b:Begindatum>2026-05-02</b:Begindatum><b:StatusAanlevering>3</b:StatusAanlevering>
      </b:StartProduct>
    </b:StartProducten>
  </b:Client>
</b:Bericht>
"""

DECLARATIE = """<Bericht xmlns="http://www.istandaarden.nl/ijw/3_2/jw323/schema" xmlns:t="http://www.istandaarden.nl/ijw/3_2/basisschema/schema">
<Header><BerichtCode>490</BerichtCode><BerichtVersie>3</BerichtVersie><BerichtSubversie>2</BerichtSubversie>
<Afzender>42420001</Afzender><Ontvanger>0384</Ontvanger>
<BerichtIdentificatie><t:Identificatie>A1</t:Identificatie><t:Dagtekening>2026-05-06</t:Dagtekening></BerichtIdentificatie>
<XsdVersie><t:BasisschemaXsdVersie>1.0.0</t:BasisschemaXsdVersie><t:BerichtXsdVersie>1.0.0</t:BerichtXsdVersie></XsdVersie></Header>
<Declaratie><DeclaratieNummer>DN1</DeclaratieNummer>
<DeclaratiePeriode><t:Begindatum>2026-04-01</t:Begindatum><t:Einddatum>2026-04-30</t:Einddatum></DeclaratiePeriode>
<DeclaratieDagtekening>2026-05-06</DeclaratieDagtekening>
<TotaalIngediendBedrag><t:TotaalBedrag>5000</t:TotaalBedrag><t:DebetCredit>C</t:DebetCredit></TotaalIngediendBedrag>
<Clienten><Client><Bsn>999900006</Bsn><Prestaties>
<Prestatie>
<ProductReferentie><t:ReferentieNummer>R2</t:ReferentieNummer><t:VorigReferentieNummer>R1</t:VorigReferentieNummer></ProductReferentie>
<ToewijzingNummer>300201</ToewijzingNummer><ProductCategorie>45</ProductCategorie><ProductCode>45A03</ProductCode>
<ProductPeriode><t:Begindatum>2026-04-01</t:Begindatum><t:Einddatum>2026-04-30</t:Einddatum></ProductPeriode>
<GeleverdVolume>4</GeleverdVolume><Eenheid>04</Eenheid><ProductTarief>1250</ProductTarief>
<IngediendBedrag><t:Bedrag>5000</t:Bedrag><t:DebetCredit>C</t:DebetCredit></IngediendBedrag>
</Prestatie>
</Prestaties></Client></Clienten></Declaratie></Bericht>"""


@pytest.fixture(scope="module")
def schemas() -> xml.Schemas:
    return xml.Schemas()


def read_valid(text: str, code: str, schemas: xml.Schemas) -> Bericht:
    """Reads a document after making sure that the schema accepts it."""
    soort = catalogue.by_code(code)
    assert xml.schema_faults(text.encode(), soort, schemas) == ()
    return read(etree.fromstring(text.encode()), soort)


def test_startbericht_becomes_values(schemas: xml.Schemas) -> None:
    """Every element lands in its field, text keeps its white space, absent elements are None."""
    bericht = read_valid(STARTBERICHT, "WMO305", schemas)

    assert bericht == Bericht(
        domein="iwmo",
        soort="305",
        header=Header(
            bericht_code="418",
            afzender="42420001",
            ontvanger="0384",
            bericht_identificatie=BerichtIdentificatie(identificatie="A1", dagtekening=date(2026, 5, 6)),
            xsd_versie=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.1"),
        ),
        client=Client(
            bsn="999900006",
            geboortedatum=Geboortedatum(datum=date(1950, 2, 14)),
            geslacht="2",
            naam=Naam(geslachtsnaam=Achternaam(achternaam=" De  Wit & Zn ")),
            start_producten=(
                StartProduct(begindatum=date(2026, 5, 1), status_aanlevering="1"),
                StartProduct(
                    toewijzing_nummer=301,
                    product=Product(categorie="02", code="02A01"),
                    toewijzing_ingangsdatum=date(2026, 4, 1),
                    begindatum=date(2026, 5, 2),
                    status_aanlevering="3",
                ),
            ),
        ),
    )


def test_declaratie_becomes_values(schemas: xml.Schemas) -> None:
    """A 323 gives its own kind of client, with whole numbers and cents."""
    bericht = read_valid(DECLARATIE, "JW323", schemas)

    assert bericht.declaratie == Declaratie(
        declaratie_nummer="DN1",
        declaratie_periode=GeslotenPeriode(begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30)),
        declaratie_dagtekening=date(2026, 5, 6),
        totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=5000, debet_credit="C"),
        clienten=(
            DeclaratieClient(
                bsn="999900006",
                prestaties=(
                    Prestatie(
                        product_referentie=ProductReferentie(referentie_nummer="R2", vorig_referentie_nummer="R1"),
                        toewijzing_nummer=300201,
                        product_categorie="45",
                        product_code="45A03",
                        product_periode=GeslotenPeriode(begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30)),
                        geleverd_volume=4,
                        eenheid="04",
                        product_tarief=1250,
                        ingediend_bedrag=BedragMetDC(bedrag=5000, debet_credit="C"),
                    ),
                ),
            ),
        ),
    )


def test_every_klasse_knows_its_line(schemas: xml.Schemas) -> None:
    """The line is that of the opening tag."""
    bericht = read_valid(STARTBERICHT, "WMO305", schemas)

    assert bericht.client is not None
    assert bericht.header.regelnummer == 3
    assert bericht.client.regelnummer == 8
    assert [product.regelnummer for product in bericht.client.start_producten] == [12, 16]


def test_lines_are_exact_beyond_what_libxml2_keeps_in_an_element(schemas: xml.Schemas) -> None:
    """Line 70 000 is line 70 000, with the first child on the same line, on the next, or some lines later."""
    text = DECLARATIE.replace("<Clienten>", "\n" * 70_000 + "<Clienten>")
    one = text[text.index("<Prestatie>") : text.index("</Prestaties>")]
    text = text.replace(one, one + one.replace("<Prestatie>\n", "<Prestatie>") + one.replace("<Prestatie>\n", "<Prestatie>\n \n\t\n"))

    bericht = read_valid(text, "JW323", schemas)

    expected = [number for number, line in enumerate(text.split("\n"), start=1) if "<Prestatie>" in line]
    assert bericht.declaratie is not None
    assert [prestatie.regelnummer for prestatie in bericht.declaratie.clienten[0].prestaties] == expected
    assert expected[0] > 70_000


def test_a_tree_without_a_document_has_line_zero() -> None:
    """A tree that was built in memory has no lines."""
    soort = catalogue.by_code("WMO305")
    built = etree.Element(soort.root)

    with pytest.raises(NietVolgensSchema) as caught:
        read(built, soort)

    assert caught.value.regelnummer == 0


@pytest.mark.parametrize(
    ("written", "meant"),
    [("+05", 5), ("  12\t", 12), ("\r\n007 ", 7), ("-0", 0), ("0" * 30 + "1", 1)],
)
def test_numbers_in_every_form_of_the_schema(written: str, meant: int, schemas: xml.Schemas) -> None:
    """A plus sign, leading zeros and white space around a number mean nothing."""
    text = DECLARATIE.replace("<GeleverdVolume>4<", f"<GeleverdVolume>{written}<")

    bericht = read_valid(text, "JW323", schemas)

    assert bericht.declaratie is not None
    assert bericht.declaratie.clienten[0].prestaties[0].geleverd_volume == meant


def test_white_space_around_a_date_means_nothing(schemas: xml.Schemas) -> None:
    """xs:date collapses white space, xs:string does not."""
    text = DECLARATIE.replace("<DeclaratieDagtekening>2026-05-06<", "<DeclaratieDagtekening>\n\t2026-05-06 <")

    bericht = read_valid(text, "JW323", schemas)

    assert bericht.declaratie is not None
    assert bericht.declaratie.declaratie_dagtekening == date(2026, 5, 6)


@pytest.mark.parametrize("written", ["12026-05-06", "-0001-05-06", "-0004-02-29"])
def test_a_date_that_python_lacks_is_refused_with_its_place(written: str, schemas: xml.Schemas) -> None:
    """XML Schema knows years that Python does not: the error says which element on which line, and keeps the value out of its message."""
    text = DECLARATIE.replace("<ProductPeriode><t:Begindatum>2026-04-01<", f"<ProductPeriode><t:Begindatum>{written}<")

    with pytest.raises(WaardeBuitenBereik) as caught:
        read_valid(text, "JW323", schemas)

    assert caught.value.pad == "/Bericht/Declaratie/Clienten/Client[1]/Prestaties/Prestatie[1]/ProductPeriode/Begindatum"
    assert caught.value.regelnummer == 14
    assert caught.value.element == "Begindatum"
    assert caught.value.waarde == written
    assert written not in str(caught.value)


def test_comments_and_instructions_mean_nothing(schemas: xml.Schemas) -> None:
    """A comment in the middle of an amount does not cut it off; the tree that was given stays as it was."""
    text = (
        DECLARATIE.replace("<t:Bedrag>5000<", "<t:Bedrag>50<!-- en -->00<")
        .replace("<Prestaties>", "<Prestaties><!-- een --><?pi twee?>")
        .replace("<ProductCode>45A03<", "<ProductCode>45<?pi?>A03<")
        .replace("<Declaratie>", "<!-- drie --><Declaratie>")
    )
    root = etree.fromstring(text.encode())
    before = etree.tostring(root)

    bericht = read(root, catalogue.by_code("JW323"))

    assert bericht == read_valid(DECLARATIE, "JW323", schemas)
    assert etree.tostring(root) == before


@pytest.mark.parametrize(
    ("good", "bad", "pad"),
    [
        ("</Prestatie>", "</Prestatie><Prestatie/>", "/Bericht/Declaratie/Clienten/Client[1]/Prestaties/Prestatie[2]"),
        ("<t:DebetCredit>C</t:DebetCredit></IngediendBedrag>", "</IngediendBedrag>", "/Bericht/Declaratie/Clienten/Client[1]/Prestaties"),
        ("</Prestatie>", "<Meer/></Prestatie>", "/Bericht/Declaratie/Clienten/Client[1]/Prestaties/Prestatie[1]/Meer"),
        ("</Declaratie>", "</Declaratie><Client/>", "/Bericht/Client"),
    ],
)
def test_a_tree_that_was_not_validated_is_refused(good: str, bad: str, pad: str) -> None:
    """Too few or too many elements is an error that says where."""
    root = etree.fromstring(DECLARATIE.replace(good, bad).encode())

    with pytest.raises(NietVolgensSchema) as caught:
        read(root, catalogue.by_code("JW323"))

    assert caught.value.pad.startswith(pad)


def test_what_was_read_is_frozen_at_every_level(schemas: xml.Schemas) -> None:
    """A value that was read is an ordinary value of its class: it cannot be changed and it can be hashed."""
    bericht = read_valid(DECLARATIE, "JW323", schemas)

    assert bericht.declaratie is not None
    prestatie = bericht.declaratie.clienten[0].prestaties[0]
    for value, field in ((prestatie, "geleverd_volume"), (prestatie, "regelnummer"), (prestatie.product_periode, "einddatum")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field, None)
    assert type(prestatie) is Prestatie
    assert hash(prestatie) == hash(replace(prestatie, regelnummer=0))


def test_another_soort_is_refused() -> None:
    """The namespace of the root must be that of the soort asked for."""
    root = etree.fromstring(DECLARATIE.encode())

    with pytest.raises(NietVolgensSchema):
        read(root, catalogue.by_code("WMO323"))


def test_path_counts_items_of_containers_only() -> None:
    """An item of a container has an index, from 1; a single element has none."""
    root = etree.fromstring(STARTBERICHT.encode())
    products = root.findall(".//{*}StartProduct")

    assert [pad_of(product) for product in products] == [
        "/Bericht/Client/StartProducten/StartProduct[1]",
        "/Bericht/Client/StartProducten/StartProduct[2]",
    ]
    assert pad_of(products[1][0]) == "/Bericht/Client/StartProducten/StartProduct[2]/ToewijzingNummer"
