"""What can be claimed over a month, the lines that are filled in, and the 323 they become."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.adapters.xml import Schemas
from app.composing.csvdeclaratie import als_csv, lees_csv, lees_opgaven, schrijf_opgaven
from app.composing.declareren import Declarabel, Eerder, Opgave, compose_323, declarable, read_opgaven, read_volume
from app.composing.service_declaraties import sentences_by_line
from app.domain.errors import OngeldigVerzoek
from app.domain.snapshot import Snapshot, Tariefregel
from app.domain.toewijzing import Omvang
from app.intake.validating import validate_bytes
from app.standard.rules.volume import EURO, MINUUT, UUR
from app.standard.writing import write
from tests.builders import AGB, BSN, CATEGORIE, CODE, GEMEENTE, NUMMER, make_toewijzing

MEI = date(2026, 5, 1)
NUMMERING = "A00000000001"


def region(eenheid: str = UUR, tarief: int | None = 6000, **changes: date | None) -> Snapshot:
    """One contract with one tariff from 2026 on."""
    valid = {"geldig_van": date(2026, 1, 1), "geldig_tot": None, **changes}
    line = Tariefregel(
        tarief_id=1,
        contract="J1",
        gemeente=GEMEENTE,
        categorie=CATEGORIE,
        code=CODE,
        eenheid=eenheid,
        tarief_cent=tarief,
        **valid,  # type: ignore[arg-type]
    )
    return Snapshot(domein="ijw", agb=AGB, tarieven={(GEMEENTE, CATEGORIE, CODE): (line,)})


def a_declarabel(snapshot: Snapshot | None = None, maand: date = MEI, **toewijzing: object) -> Declarabel:
    """The default toewijzing over May."""
    found = declarable(make_toewijzing(**toewijzing), maand, snapshot or region(), {(CATEGORIE, CODE): "Begeleiding"}, bsn=BSN, naam="Jo")
    assert found is not None
    return found


def eerder(referentie: str = "R1") -> Eerder:
    """Eight hours of May that were granted."""
    return Eerder(
        referentie_nummer=referentie,
        categorie=CATEGORIE,
        code=CODE,
        van=MEI,
        tot=date(2026, 5, 31),
        volume=8,
        eenheid=UUR,
        tarief_cent=6000,
        bedrag_cent=48_000,
    )


def test_hours_can_be_claimed_in_minutes() -> None:
    """At an hour tariff of € 87,30: ProductTarief is rounded, the amount is not made from it (IV081)."""
    hours, minutes = a_declarabel(region(tarief=8730)).prijzen

    assert (hours.waarde, minutes.waarde) == (f"{CODE}/{UUR}", f"{CODE}/{MINUUT}")
    assert (hours.tarief_regel, hours.bedrag_cent(2)) == (8730, 17_460)
    assert (minutes.tarief_regel, minutes.bedrag_cent(7)) == (146, 1_019)


def test_period_is_the_month_within_the_toewijzing() -> None:
    """TR387 and TR388; a month outside it cannot be claimed, nor one without a tariff."""
    begun = a_declarabel(ingangsdatum=date(2026, 5, 11), einddatum=date(2026, 5, 20))

    assert (begun.van, begun.tot) == (date(2026, 5, 11), date(2026, 5, 20))
    assert declarable(make_toewijzing(einddatum=date(2026, 4, 30)), MEI, region(), {}, bsn=BSN, naam="") is None
    assert a_declarabel(region(geldig_van=date(2026, 5, 2))).prijzen == ()


def test_tariff_is_that_of_the_first_day() -> None:
    """A toewijzing that begins in the month takes the tariff of its own first day."""
    late = a_declarabel(region(geldig_van=date(2026, 5, 11)), ingangsdatum=date(2026, 5, 11))

    assert len(late.prijzen) == 2


@pytest.mark.parametrize(
    ("tekst", "eenheid", "expected"),
    [
        ("8", UUR, 8),
        (" 1234,5 ", EURO, 123_450),
        ("€ 1.234,56", EURO, 123_456),
        ("0", UUR, "laat de regel leeg"),
        ("7,5", UUR, "of kies minuten"),
        ("-3", MINUUT, "heel aantal minuten"),
        ("1,234", EURO, "Vul een bedrag in"),
        ("٣", UUR, "heel aantal"),
        ("999999999", UUR, "tot en met"),
    ],
)
def test_volume_is_read_or_refused_with_what_to_change(tekst: str, eenheid: str, expected: int | str) -> None:
    found = read_volume(tekst, eenheid)

    assert found == expected if isinstance(expected, int) else expected in str(found)


def test_lines_are_numbered_and_make_a_valid_323() -> None:
    """A credit of the earlier line and a lower debit: one client, the total is the difference."""
    standing = a_declarabel()
    known = {NUMMER: replace(standing, eerder=(eerder(),))}
    regels, fouten = read_opgaven([Opgave(nummer=NUMMER, prijs=f"{CODE}/04", volume="6", crediteer="R1")], known, NUMMERING)
    bericht = compose_323(
        domein="ijw", gemeente=GEMEENTE, agb=AGB, regels=regels, periode=MEI, identificatie=NUMMERING, dagtekening=date(2026, 6, 2)
    )
    oordeel = validate_bytes(write(bericht), Schemas())

    assert fouten == ()
    assert bericht.declaratie is not None
    assert bericht.declaratie.totaal_ingediend_bedrag.cent == -12_000
    assert [each.prestatie.product_referentie.referentie_nummer for each in regels] == [f"{NUMMERING}00001", f"{NUMMERING}00002"]
    assert (oordeel.accepted is not None, list(oordeel.bevindingen)) == (True, [])


@pytest.mark.parametrize(
    ("opgave", "veld", "words"),
    [
        (Opgave(nummer=NUMMER, prijs=f"{CODE}/04", volume="6"), "crediteer", "Draai die eerst terug"),
        (Opgave(nummer=NUMMER, crediteer="R9"), "crediteer", "niet (meer) toegekend"),
        (Opgave(nummer=NUMMER, prijs="onzin/04", volume="6", crediteer="R1"), "prijs", f"{CODE}/04, {CODE}/01"),
        (Opgave(nummer=NUMMER + 1, volume="6"), "volume", "niet van u"),
    ],
)
def test_what_is_wrong_names_the_field(opgave: Opgave, veld: str, words: str) -> None:
    """TR389 and what is not there; a line that is right beside it still comes out."""
    known = {NUMMER: replace(a_declarabel(), eerder=(eerder(),))}
    regels, (fout,) = read_opgaven([opgave], known, NUMMERING)

    assert (regels, fout.veld, fout.plek) == ((), veld, 0)
    assert words in fout.melding


def test_form_as_a_file_says_what_was_filled_in() -> None:
    """Downloaded, filled in and read back; a row without a volume is no line."""
    known = {NUMMER: a_declarabel()}
    head, hours, minutes = als_csv(known.values()).splitlines()
    filled = f"{head}\r\n{hours.replace(';60,00;;', ';60,00;8;')}\r\n{minutes}\r\n"
    opgaven, rijen, fouten = lees_csv(filled, known)

    assert opgaven == (Opgave(nummer=NUMMER, prijs=f"{CODE}/04", volume="8"),)
    assert (rijen, fouten) == ((2,), ())


@pytest.mark.parametrize(
    ("row", "kolom", "words"),
    [
        ("x;45A04/04;;8", "toewijzing", "alleen cijfers"),
        ("9999;45A04/04;;8", "toewijzing", "niet van u"),
        (f"{NUMMER};99X99/04;;8", "product", "45A04/04, 45A04/01"),
        (f"{NUMMER};45A04;;8", "product", "45A04/04, 45A04/01"),
        (f"{NUMMER};45A04/04;61,00;8", "tarief", "is 60,00, niet 61,00"),
    ],
)
def test_wrong_row_is_named_with_its_column(row: str, kolom: str, words: str) -> None:
    _, _, (fout,) = lees_csv(f"toewijzing;product;tarief;volume\n\n{row}\n", {NUMMER: a_declarabel()})

    assert (fout.rij, fout.kolom) == (3, kolom)
    assert words in fout.melding


@pytest.mark.parametrize("tekst", ["", "naam;bedrag\n1;2\n", "toewijzing\n1\n"])
def test_file_without_the_columns_is_refused(tekst: str) -> None:
    with pytest.raises(OngeldigVerzoek, match="ontbreekt"):
        lees_csv(tekst, {})


def test_lines_go_through_a_form_unchanged() -> None:
    lines = (Opgave(nummer=7, prijs='a"b/04', volume="1,5"), Opgave(nummer=8, crediteer="R;1"))

    assert lees_opgaven(schrijf_opgaven(lines)) == lines
    with pytest.raises(OngeldigVerzoek):
        lees_opgaven("1;2\n")


def test_nothing_is_no_declaratie() -> None:
    with pytest.raises(OngeldigVerzoek, match="ten minste één regel"):
        compose_323(domein="ijw", gemeente=GEMEENTE, agb=AGB, regels=[], periode=MEI, identificatie=NUMMERING, dagtekening=MEI)


def test_budget_without_omvang_is_claimed_in_euros() -> None:
    """Eenheid 83 has no tariff, and its volume is its amount (CD087, CS339)."""
    (prijs,) = a_declarabel(region(eenheid=EURO, tarief=None), omvang=None, budget=100_000).prijzen

    assert (prijs.tarief_regel, prijs.bedrag_cent(123_450)) == (None, 123_450)


def test_toewijzing_of_a_category_offers_its_products() -> None:
    """Only in an eenheid that fits (TR341)."""
    found = a_declarabel(code=None, omvang=Omvang(volume=3, eenheid="14", frequentie="6"))

    assert found.prijzen == ()


def test_sentences_find_their_line() -> None:
    """Two clients with two lines and one: what is about the second client is about the third line, what has no line about the whole."""
    lines = "/Bericht/Declaratie/Clienten"
    findings = [
        (f"{lines}/Client[1]/Prestaties/Prestatie[2]/GeleverdVolume", "te veel"),
        (f"{lines}/Client[2]/Bsn", "onbekend"),
        ("/Bericht/Header/XsltVersie", "leeg"),
    ]

    assert sentences_by_line(findings, (2, 1)) == ({2: ["te veel"], 3: ["onbekend"]}, ["leeg"])
    assert sentences_by_line(findings[:1], ()) == ({}, ["te veel"])
