"""Answers: each case of IV028 (retourbericht) and IV087 (declaratie-antwoord), and what is refused because the Oordeel contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters import xml
from app.domain.bedrag import BedragMetDC, DebetCredit, TotaalBedragMetDC, totaal_met_dc
from app.domain.bericht import (
    Achternaam,
    Bericht,
    BerichtIdentificatie,
    Client,
    Contact,
    Domein,
    Geboortedatum,
    Header,
    Naam,
    Relatie,
    XsdVersie,
)
from app.domain.declaratie import Declaratie, DeclaratieAntwoord, DeclaratieClient, Prestatie, ProductReferentie
from app.domain.levering import StartProduct, StopProduct
from app.domain.oordeel import Niveau, Oordeel, Verdict
from app.domain.periode import GeslotenPeriode
from app.domain.toewijzing import ToegewezenProduct
from app.standard import catalogue
from app.standard.answering import GeenAntwoord, antwoord, declaratie_antwoord, retourbericht
from app.standard.reading import read
from app.standard.writing import write

DAG = date(2026, 5, 7)
APRIL = GeslotenPeriode(begindatum=date(2026, 4, 1), einddatum=date(2026, 4, 30))
NAAM = Naam(geslachtsnaam=Achternaam(achternaam="Wit"))
VOLLEDIGE_NAAM = replace(NAAM, naam_gebruik="1")

DECLARATIE = "/Bericht/Declaratie"
CLIENT_1 = f"{DECLARATIE}/Clienten/Client[1]"
CLIENT_2 = f"{DECLARATIE}/Clienten/Client[2]"


@pytest.fixture(scope="module")
def schemas() -> xml.Schemas:
    return xml.Schemas()


def bericht(domein: Domein, nummer: str, **inhoud: Any) -> Bericht:
    """A heenbericht with line numbers, as if it had been read."""
    soort = catalogue.soort(domein, nummer)
    codes = ("0384", "42420001") if soort.van == "gemeente" else ("42420001", "0384")
    header = Header(
        bericht_code=soort.bericht_code,
        afzender=codes[0],
        ontvanger=codes[1],
        bericht_identificatie=BerichtIdentificatie(identificatie="HEEN1", dagtekening=date(2026, 5, 6)),
        xsd_versie=XsdVersie(basisschema_xsd_versie="0.1.0", bericht_xsd_versie="0.2.0"),
        regelnummer=3,
    )
    return Bericht(domein=domein, soort=nummer, header=header, **inhoud)


def client(**inhoud: Any) -> Client:
    """A client of a 305 or 307."""
    gegevens = {"geboortedatum": Geboortedatum(datum=date(2010, 2, 14)), "geslacht": "1", "naam": NAAM, "regelnummer": 17}
    return Client(bsn="999900006", **{**gegevens, **inhoud})


def startbericht(domein: Domein = "ijw") -> Bericht:
    """A 305 with two products."""
    products = tuple(StartProduct(toewijzing_nummer=nummer, begindatum=date(2026, 5, 1), status_aanlevering="1") for nummer in (1, 2))
    return bericht(domein, "305", client=client(start_producten=products))


def stopbericht(domein: Domein = "ijw") -> Bericht:
    """A 307 with one product."""
    product = StopProduct(begindatum=date(2026, 4, 1), einddatum=date(2026, 5, 1), reden_beeindiging="20", status_aanlevering="1")
    return bericht(domein, "307", client=client(stop_producten=(product,)))


def toewijzingsbericht(domein: Domein = "ijw") -> Bericht:
    """A 301 with a relation, two contacts and a product: every place where a class can stand."""
    relatie = Relatie(nummer="1", soort="10", naam=VOLLEDIGE_NAAM, contact=Contact(soort="01"))
    product = ToegewezenProduct(
        toewijzing_nummer=300201,
        toewijzingsdatum=DAG,
        toewijzingstijd="12:00:00",
        ingangsdatum=date(2026, 5, 1),
        einddatum=date(2026, 6, 1),
    )
    inhoud = {
        "naam": VOLLEDIGE_NAAM,
        "relaties": (relatie,),
        "contactgegevens": (Contact(soort="01"), Contact(soort="03")),
        "toegewezen_producten": (product,),
    }
    return bericht(domein, "301", client=client(**inhoud))


def prestatie(nummer: str, cent: int, soort: DebetCredit = "D") -> Prestatie:
    """One line of a declaratie, in euro."""
    return Prestatie(
        product_referentie=ProductReferentie(referentie_nummer=nummer, vorig_referentie_nummer="R0" if soort == "C" else None),
        toewijzing_nummer=300201,
        product_categorie="45",
        product_code="45A03",
        product_periode=APRIL,
        geleverd_volume=cent,
        eenheid="83",
        ingediend_bedrag=BedragMetDC(bedrag=cent, debet_credit=soort),
        regelnummer=99,
    )


def declaratie(domein: Domein = "ijw") -> Bericht:
    """A 323 of two clients: 100 and 250 for the first, 40 and a credit of 1000 for the second; together 610 credit."""
    clienten = (
        DeclaratieClient(bsn="999900006", prestaties=(prestatie("A1", 100), prestatie("A2", 250)), regelnummer=20),
        DeclaratieClient(bsn="999900018", prestaties=(prestatie("B1", 40), prestatie("B2", 1000, "C")), regelnummer=60),
    )
    inhoud = Declaratie(
        declaratie_nummer="DN1",
        declaratie_periode=APRIL,
        declaratie_dagtekening=date(2026, 5, 6),
        totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=610, debet_credit="C"),
        clienten=clienten,
        regelnummer=15,
    )
    return bericht(domein, "323", declaratie=inhoud)


def afgekeurd(heen: Bericht, niveau: Niveau, retourcodes: Mapping[str, tuple[str, ...]], **overig: Any) -> Oordeel:
    """An Oordeel that rejects."""
    return Oordeel(bericht=heen, **{"verdict": Verdict.AFGEKEURD, "niveau": niveau, "retourcodes": retourcodes, **overig})


def make(oordeel: Oordeel, schemas: xml.Schemas) -> Bericht:
    """The answer, after making sure that its schema accepts it and that it reads back the same."""
    answer = antwoord(oordeel, identificatie="ANTWOORD1", dagtekening=DAG)
    soort = catalogue.soort(answer.domein, answer.soort)
    written = write(answer)
    assert xml.schema_faults(written, soort, schemas) == ()
    assert read(xml.parse(written), soort) == answer
    return answer


def judged(answer: Bericht) -> DeclaratieAntwoord:
    """The DeclaratieAntwoord that must be there."""
    assert answer.declaratie_antwoord is not None
    return answer.declaratie_antwoord


@pytest.mark.parametrize(
    ("heen", "nummer", "code"),
    [
        (toewijzingsbericht("ijw"), "302", "437"),
        (toewijzingsbericht("iwmo"), "302", "415"),
        (startbericht("ijw"), "306", "439"),
        (startbericht("iwmo"), "306", "419"),
        (stopbericht("ijw"), "308", "441"),
        (stopbericht("iwmo"), "308", "421"),
    ],
)
def test_accepted_retourbericht_is_a_header_without_codes(heen: Bericht, nummer: str, code: str, schemas: xml.Schemas) -> None:
    """The header is that of the heenbericht with another BerichtCode and the data of the answer (IV028); nothing follows it."""
    answer = make(Oordeel(bericht=heen, verdict=Verdict.VERWERKT), schemas)

    assert answer == Bericht(
        domein=heen.domein,
        soort=nummer,
        header=replace(
            heen.header,
            bericht_code=code,
            identificatie_retour="ANTWOORD1",
            dagtekening_retour=DAG,
            xsd_versie_retour=XsdVersie(basisschema_xsd_versie=catalogue.XSD_VERSIE, bericht_xsd_versie=catalogue.XSD_VERSIE),
        ),
    )
    assert answer.header.regelnummer == 0


def test_technical_rejection_is_a_header_with_0001(schemas: xml.Schemas) -> None:
    """A fault of niveau 2 gives 0001 alone, whatever the classes below would have had (IV028, IV032)."""
    oordeel = afgekeurd(startbericht(), Niveau.TECHNISCH, {"/Bericht/Header": ("0001",), "/Bericht/Client": ("0001",)})

    answer = make(oordeel, schemas)

    assert answer.header.retour_codes == ("0001",)
    assert answer.client is None


def test_header_rejection_is_a_header_with_its_codes(schemas: xml.Schemas) -> None:
    """A fault of niveau 3 or 4 in the header gives its own codes, each once, and nothing below the header."""
    oordeel = afgekeurd(startbericht(), Niveau.HEADER, {"/Bericht/Header": ("9056", "8848", "9056")})

    answer = make(oordeel, schemas)

    assert answer.header.retour_codes == ("9056", "8848")
    assert answer.client is None


def test_rejected_klasse_returns_the_whole_client(schemas: xml.Schemas) -> None:
    """Every class comes back unchanged with its own code or 0200 (OP065, IV028's example)."""
    heen = startbericht("iwmo")
    oordeel = afgekeurd(heen, Niveau.KLASSE, {"/Bericht/Client/StartProducten/StartProduct[2]": ("9063",)})

    answer = make(oordeel, schemas)

    assert heen.client is not None
    first, second = heen.client.start_producten
    assert answer.header.retour_codes == ("0200",)
    assert answer.client == replace(
        heen.client,
        retour_codes=("0200",),
        start_producten=(replace(first, retour_codes=("0200",)), replace(second, retour_codes=("9063",))),
    )


def test_every_klasse_of_a_302_carries_a_code(schemas: xml.Schemas) -> None:
    """Relations, their contact, the contacts of the client and the products all have codes of their own."""
    paden = {
        "/Bericht/Client/Relaties/Relatie[1]/Contact": ("S300",),
        "/Bericht/Client/Contactgegevens/Contact[2]": ("9332",),
        "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]": ("9385", "9379"),
    }

    answer = make(afgekeurd(toewijzingsbericht(), Niveau.KLASSE, paden), schemas)

    assert answer.client is not None
    assert answer.client.retour_codes == ("0200",)
    assert answer.client.relaties[0].retour_codes == ("0200",)
    assert answer.client.relaties[0].contact.retour_codes == ("S300",)
    assert [contact.retour_codes for contact in answer.client.contactgegevens] == [("0200",), ("9332",)]
    assert answer.client.toegewezen_producten[0].retour_codes == ("9385", "9379")


def test_what_was_not_judged_carries_0233_down_to_the_last_klasse(schemas: xml.Schemas) -> None:
    """A class in niet_beoordeeld and all below it get 0233; one that has a code of its own keeps that."""
    oordeel = afgekeurd(
        toewijzingsbericht(),
        Niveau.KLASSE,
        {"/Bericht/Client": ("8187",), "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]": ("9332",)},
        niet_beoordeeld=frozenset({"/Bericht/Client/Relaties/Relatie[1]", "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]"}),
    )

    answer = make(oordeel, schemas)

    assert answer.client is not None
    assert answer.client.retour_codes == ("8187",)
    assert answer.client.relaties[0].retour_codes == ("0233",)
    assert answer.client.relaties[0].contact.retour_codes == ("0233",)
    assert [contact.retour_codes for contact in answer.client.contactgegevens] == [("0200",), ("0200",)]
    assert answer.client.toegewezen_producten[0].retour_codes == ("9332",)


@pytest.mark.parametrize("domein", ["ijw", "iwmo"])
def test_granted_declaratie(domein: Domein, schemas: xml.Schemas) -> None:
    """All is granted: own header with the parties exchanged, 0200, and 8001 with granted as submitted (IV087)."""
    heen = declaratie(domein)

    answer = make(Oordeel(bericht=heen, verdict=Verdict.VERWERKT, ingediend_cent=-610, toegekend_cent=-610), schemas)

    assert answer == Bericht(
        domein=domein,
        soort="325",
        header=Header(
            bericht_code=catalogue.soort(domein, "325").bericht_code,
            afzender="0384",
            ontvanger="42420001",
            bericht_identificatie=BerichtIdentificatie(identificatie="ANTWOORD1", dagtekening=DAG),
            xsd_versie=XsdVersie(basisschema_xsd_versie=catalogue.XSD_VERSIE, bericht_xsd_versie=catalogue.XSD_VERSIE),
            declaratie_identificatie=heen.header.bericht_identificatie,
            xsd_versie_declaratie=heen.header.xsd_versie,
            retour_codes=("0200",),
        ),
        declaratie_antwoord=DeclaratieAntwoord(
            declaratie_nummer="DN1",
            totaal_ingediend_bedrag=totaal_met_dc(-610),
            totaal_toegekend_bedrag=totaal_met_dc(-610),
            retour_codes=("8001",),
        ),
    )


@pytest.mark.parametrize(
    ("niveau", "retourcodes", "expected"),
    [(Niveau.TECHNISCH, {}, ("0001",)), (Niveau.HEADER, {"/Bericht/Header": ("9056",)}, ("9056",))],
)
def test_declaratie_rejected_at_its_header(
    niveau: Niveau, retourcodes: dict[str, tuple[str, ...]], expected: tuple[str, ...], schemas: xml.Schemas
) -> None:
    """A technical fault or one in the header gives a header alone."""
    answer = make(afgekeurd(declaratie(), niveau, retourcodes), schemas)

    assert answer.header.retour_codes == expected
    assert answer.declaratie_antwoord is None


def test_rejected_declaratie_grants_nothing(schemas: xml.Schemas) -> None:
    """A code on Declaratie: header 0200, that code, zero as debit (CS325), and no clients."""
    answer = make(afgekeurd(declaratie(), Niveau.KLASSE, {DECLARATIE: ("9333",)}, toegekend_cent=0), schemas)

    assert answer.header.retour_codes == ("0200",)
    assert judged(answer) == DeclaratieAntwoord(
        declaratie_nummer="DN1",
        totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=610, debet_credit="C"),
        totaal_toegekend_bedrag=TotaalBedragMetDC(totaal_bedrag=0, debet_credit="D"),
        retour_codes=("9333",),
    )


def test_rejected_client_returns_all_its_lines_unjudged(schemas: xml.Schemas) -> None:
    """The code on Client, 0233 on every line of it; the other client is granted and so absent."""
    heen = declaratie()
    oordeel = afgekeurd(heen, Niveau.KLASSE, {CLIENT_2: ("8187",)}, verdict=Verdict.DEELS_AFGEKEURD, toegekend_cent=350)

    answer = judged(make(oordeel, schemas))

    assert heen.declaratie is not None
    second = heen.declaratie.clienten[1]
    lines = tuple(replace(line, retour_codes=("0233",)) for line in second.prestaties)
    assert answer.retour_codes == ("0200",)
    assert answer.clienten == (replace(second, prestaties=lines, retour_codes=("8187",)),)
    assert answer.totaal_toegekend_bedrag == TotaalBedragMetDC(totaal_bedrag=350, debet_credit="D")


def test_rejected_lines_explain_the_difference(schemas: xml.Schemas) -> None:
    """Only the rejected lines come back, each with its codes; their signed sum is submitted less granted (TR342)."""
    heen = declaratie()
    retourcodes = {f"{CLIENT_1}/Prestaties/Prestatie[2]": ("9321", "0611"), f"{CLIENT_2}/Prestaties/Prestatie[2]": ("8017",)}
    oordeel = afgekeurd(heen, Niveau.KLASSE, retourcodes, verdict=Verdict.DEELS_AFGEKEURD, ingediend_cent=-610, toegekend_cent=140)

    answer = judged(make(oordeel, schemas))

    assert [(each.bsn, each.retour_codes) for each in answer.clienten] == [("999900006", ("0200",)), ("999900018", ("0200",))]
    lines = [line for each in answer.clienten for line in each.prestaties]
    assert [(line.product_referentie.referentie_nummer, line.retour_codes) for line in lines] == [
        ("A2", ("9321", "0611")),
        ("B2", ("8017",)),
    ]
    assert answer.retour_codes == ("0200",)
    assert sum(line.ingediend_bedrag.cent for line in lines) == answer.totaal_ingediend_bedrag.cent - answer.totaal_toegekend_bedrag.cent
    assert answer.totaal_toegekend_bedrag == TotaalBedragMetDC(totaal_bedrag=140, debet_credit="D")


def test_a_line_in_a_rejected_client_is_not_judged_whatever_it_had(schemas: xml.Schemas) -> None:
    """The client's code goes before those of its lines (IV087)."""
    retourcodes = {CLIENT_1: ("8187",), f"{CLIENT_1}/Prestaties/Prestatie[1]": ("9321",)}
    oordeel = afgekeurd(declaratie(), Niveau.KLASSE, retourcodes, verdict=Verdict.DEELS_AFGEKEURD)

    (rejected,) = judged(make(oordeel, schemas)).clienten

    assert [line.retour_codes for line in rejected.prestaties] == [("0233",), ("0233",)]


def test_every_line_rejected_grants_zero_as_debit(schemas: xml.Schemas) -> None:
    """All lines back: granted is zero, and zero is debit (CS325)."""
    retourcodes = {f"{pad}/Prestaties/Prestatie[{nummer}]": ("9338",) for pad in (CLIENT_1, CLIENT_2) for nummer in (1, 2)}

    answer = judged(make(afgekeurd(declaratie(), Niveau.KLASSE, retourcodes, toegekend_cent=0), schemas))

    assert answer.totaal_toegekend_bedrag == TotaalBedragMetDC(totaal_bedrag=0, debet_credit="D")
    assert [len(each.prestaties) for each in answer.clienten] == [2, 2]


@pytest.mark.parametrize(
    "oordeel",
    [
        pytest.param(afgekeurd(startbericht(), Niveau.HEADER, {}), id="header rejected without a code"),
        pytest.param(afgekeurd(startbericht(), Niveau.KLASSE, {}), id="class rejected without a code"),
        pytest.param(afgekeurd(startbericht(), Niveau.KLASSE, {"/Bericht/Client": ()}), id="empty code"),
        pytest.param(
            afgekeurd(startbericht(), Niveau.KLASSE, {"/Bericht/Client/StartProducten/StartProduct[3]": ("9063",)}), id="no such product"
        ),
        pytest.param(afgekeurd(declaratie(), Niveau.KLASSE, {}), id="declaratie rejected without a code"),
        pytest.param(afgekeurd(declaratie(), Niveau.KLASSE, {f"{CLIENT_1}/Prestaties/Prestatie[3]": ("9321",)}), id="no such line"),
        pytest.param(
            afgekeurd(declaratie(), Niveau.KLASSE, {f"{CLIENT_1}/Prestaties/Prestatie[2]": ("9321",)}, toegekend_cent=-610),
            id="granted does not fit (TR342)",
        ),
        pytest.param(Oordeel(bericht=declaratie(), verdict=Verdict.VERWERKT, toegekend_cent=0), id="granted all but nothing"),
        pytest.param(Oordeel(bericht=declaratie(), verdict=Verdict.WACHT_OP_CONTRACT), id="waits for a contract"),
        pytest.param(Oordeel(bericht=startbericht(), verdict=Verdict.AFGEKEURD), id="rejected without a place"),
        pytest.param(Oordeel(bericht=startbericht(), verdict=Verdict.VERWERKT, niveau=Niveau.KLASSE), id="accepted with a place"),
        pytest.param(
            Oordeel(bericht=startbericht(), verdict=Verdict.VERWERKT, retourcodes={"/Bericht/Client": ("9074",)}), id="accepted with codes"
        ),
        pytest.param(Oordeel(bericht=bericht("ijw", "306"), verdict=Verdict.VERWERKT), id="an answer has no answer"),
    ],
)
def test_an_oordeel_that_contradicts_itself_has_no_answer(oordeel: Oordeel) -> None:
    """Rather no answer than one that hides a rejection or makes one up."""
    with pytest.raises(GeenAntwoord):
        antwoord(oordeel, identificatie="ANTWOORD1", dagtekening=DAG)


def test_the_two_kinds_of_answer_are_not_exchanged() -> None:
    """A 323 has no retourbericht, a 305 no declaratie-antwoord."""
    with pytest.raises(GeenAntwoord):
        retourbericht(Oordeel(bericht=declaratie(), verdict=Verdict.VERWERKT), identificatie="A", dagtekening=DAG)
    with pytest.raises(GeenAntwoord):
        declaratie_antwoord(Oordeel(bericht=startbericht(), verdict=Verdict.VERWERKT), identificatie="A", dagtekening=DAG)


@pytest.mark.parametrize("identificatie", ["", "   ", "1234567890123"])
@pytest.mark.parametrize("heen", [startbericht(), declaratie()], ids=["306", "325"])
def test_identificatie_has_one_to_twelve_characters(heen: Bericht, identificatie: str) -> None:
    """A number that the schema cannot hold is refused before the answer is made."""
    with pytest.raises(ValueError, match="12"):
        antwoord(Oordeel(bericht=heen, verdict=Verdict.VERWERKT), identificatie=identificatie, dagtekening=DAG)


@pytest.mark.parametrize(
    "oordeel",
    [
        Oordeel(bericht=toewijzingsbericht(), verdict=Verdict.VERWERKT),
        afgekeurd(toewijzingsbericht(), Niveau.KLASSE, {"/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]": ("9332",)}),
        afgekeurd(startbericht(), Niveau.HEADER, {"/Bericht/Header": ("9056",)}),
        afgekeurd(startbericht(), Niveau.KLASSE, {"/Bericht/Client/StartProducten/StartProduct[1]": ("9063",)}),
        afgekeurd(stopbericht(), Niveau.KLASSE, {"/Bericht/Client/StopProducten/StopProduct[1]": ("9069",)}),
        Oordeel(bericht=declaratie(), verdict=Verdict.VERWERKT),
        afgekeurd(declaratie(), Niveau.TECHNISCH, {}),
        afgekeurd(declaratie(), Niveau.KLASSE, {DECLARATIE: ("9333",)}),
        afgekeurd(declaratie(), Niveau.KLASSE, {f"{CLIENT_1}/Prestaties/Prestatie[2]": ("9321", "0611")}),
        afgekeurd(declaratie(), Niveau.KLASSE, {CLIENT_2: ("8187",)}),
    ],
    ids=lambda oordeel: f"{oordeel.bericht.soort}-{oordeel.niveau or 'verwerkt'}",
)
def test_answer_is_valid_against_the_official_schema(oordeel: Oordeel, standard_dir: Path) -> None:
    """What we answer in iJw is accepted by the published schema (the source has none of the iWmo answers)."""
    answer = antwoord(oordeel, identificatie="ANTWOORD1", dagtekening=DAG)
    soort = catalogue.soort("ijw", answer.soort)
    official = xml.Schemas(standard_dir / "ijw-3.2" / "xsd")

    faults = xml.schema_faults(write(answer), soort, official)

    assert official.path(soort).is_relative_to(standard_dir)
    assert faults == ()
