"""The door and the explanation: published berichten, attacks, and mutated berichten on which every judge must agree."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from lxml import etree

from app.adapters import xml
from app.adapters.xml import Accepted, Schemas, accept
from app.cli import main
from app.domain.bericht import Bericht, Client
from app.intake.validating import NIET_BEOORDEELD, Oordeel, validate_bytes, validate_files
from app.judging import controle
from app.judging.controle import judge_bestand
from app.standard import catalogue
from app.standard.explaining import explain
from app.standard.reading import NietVolgensSchema
from app.standard.rules import evaluate, registered_rules
from app.standard.structuur import Klasse, Veld
from tests.conformance.evil import documents

pytestmark = pytest.mark.slow

INVALID_EXAMPLES = {
    "JW315": [
        "/Bericht/Client/AangevraagdeProducten/AangevraagdProduct[1]/ToewijzingEinddatum",
        "/Bericht/Client/AangevraagdeProducten/AangevraagdProduct[2]/ToewijzingEinddatum",
    ],
    "JW318": ["/Bericht/Client/Verzoek/RetourCode"],
}
SCHEMAS = Schemas()
VANDAAG = date(2026, 6, 3)


def examples(standard_dir: Path) -> dict[str, bytes]:
    """The published berichten by code."""
    return {path.stem: path.read_bytes() for path in sorted(standard_dir.glob("i*-3.2/examples/*.xml"))}


def valid_examples(standard_dir: Path) -> dict[str, bytes]:
    """Those that fit their schema."""
    return {code: data for code, data in examples(standard_dir).items() if code not in INVALID_EXAMPLES}


@pytest.fixture(scope="session")
def declaratie(standard_dir: Path) -> bytes:
    """The published JW323."""
    return examples(standard_dir)["JW323"]


# ---- published berichten ----


def test_every_published_bericht_is_judged_as_published(standard_dir: Path) -> None:
    """All are accepted but JW315 and JW318, whose known faults are found where they are."""
    for code, data in examples(standard_dir).items():
        oordeel = validate_bytes(data, SCHEMAS)

        assert oordeel.bericht == code
        assert oordeel.valid == (code not in INVALID_EXAMPLES), oordeel.bevindingen
        assert [each.pad for each in oordeel.bevindingen] == INVALID_EXAMPLES.get(code, [])


def test_header_facts_of_a_declaratie(declaratie: bytes) -> None:
    """The door reads who, to whom, which and when."""
    accepted = accept(declaratie, SCHEMAS)

    assert isinstance(accepted, Accepted)
    assert (accepted.soort.code, accepted.van, accepted.aan) == ("JW323", "65656055", "0384")
    assert (accepted.identificatie, accepted.dagtekening.isoformat()) == ("765432198", "2026-05-06")
    assert (accepted.basis_xsd_versie, accepted.bericht_xsd_versie, accepted.size) == ("1.0.0", "1.0.0", len(declaratie))


def test_iv028_header_facts_of_a_retourbericht(standard_dir: Path) -> None:
    """The one who really sent it is the Ontvanger of its header, and its own identificatie is told apart."""
    accepted = accept(examples(standard_dir)["JW306"], SCHEMAS)

    assert isinstance(accepted, Accepted)
    assert (accepted.van, accepted.aan) == (accepted.ontvanger, accepted.afzender)
    assert accepted.identificatie_retour not in (None, accepted.identificatie)


# ---- sentences ----


@pytest.mark.parametrize(
    ("code", "old", "new", "pad", "melding"),
    [
        ("JW301", "Geslacht>1<", "Geslacht>7<", "/Bericht/Client/Geslacht",
         "Geslacht heeft de waarde 7. Toegestaan zijn 0 (onbekend), 1 (mannelijk), 2 (vrouwelijk)."),
        ("JW323", "<jw323:DeclaratieDagtekening>2026-05-06</jw323:DeclaratieDagtekening>", "", "/Bericht/Declaratie/DeclaratieDagtekening",
         "Na DeclaratiePeriode ontbreekt DeclaratieDagtekening."),
        ("JW323", "BerichtSubversie>2<", "BerichtSubversie>1<", "/Bericht/Header/BerichtSubversie",
         "BerichtSubversie heeft de waarde 1. Verwacht is 2: wij verwerken release 3.2."),
        ("JW323", "Afzender>65656055<", "Afzender>6565605<", "/Bericht/Header/Afzender",
         "Afzender heeft de waarde 6565605. Verwacht is een AGB-code van 8 cijfers."),
        ("JW323", "TotaalBedrag>79000<", "TotaalBedrag>790,00<", "/Bericht/Declaratie/TotaalIngediendBedrag/TotaalBedrag",
         "TotaalBedrag heeft de waarde 790,00. Verwacht is een geheel getal van 0 tot en met 999999999999."),
        ("JW323", "2026-04-30", "2026-04-31", "/Bericht/Declaratie/DeclaratiePeriode/Einddatum",
         "Einddatum heeft de waarde 2026-04-31. Die dag bestaat niet: april 2026 heeft 30 dagen."),
        ("JW323", "Identificatie>765432198<", "Identificatie>7654321987654<", "/Bericht/Header/BerichtIdentificatie/Identificatie",
         "Identificatie is te lang: 13 tekens, hoogstens 12."),
        ("JW323", "Identificatie>765432198<", "Identificatie><", "/Bericht/Header/BerichtIdentificatie/Identificatie",
         "Identificatie is leeg. Verwacht is tekst van 1 tot en met 12 tekens."),
        ("JW323", "<jw323:Clienten>", "<jw323:Clienten>los", "/Bericht/Declaratie/Clienten",
         "In Clienten staat tekst tussen de elementen. Verwijder die: alleen elementen zijn toegestaan."),
        ("JW323", "<jw323:Clienten>", '<jw323:Clienten aantal="3">', "/Bericht/Declaratie/Clienten",
         "Clienten heeft een attribuut aantal. Verwijder het: attributen zijn niet toegestaan."),
    ],
)  # fmt: skip
def test_one_good_sentence(standard_dir: Path, code: str, old: str, new: str, pad: str, melding: str) -> None:
    """The first finding names the place and says what to change."""
    text = examples(standard_dir)[code].decode()
    assert old in text

    found = validate_bytes(text.replace(old, new, 1).encode(), SCHEMAS).bevindingen

    assert (found[0].pad, found[0].melding) == (pad, melding)


def test_a_misplaced_element_is_one_finding(declaratie: bytes) -> None:
    """The last of a class put first is told once, not as a fault of all the others."""
    versie = b"<jw323:BerichtVersie>3</jw323:BerichtVersie>"
    moved = declaratie.replace(versie, b"").replace(b"<jw323:BerichtCode>", versie + b"<jw323:BerichtCode>")

    found = validate_bytes(moved, SCHEMAS).bevindingen

    assert len(found) == 1
    assert found[0].melding.startswith(("BerichtVersie staat op de verkeerde plaats", "BerichtCode staat op de verkeerde plaats"))


def test_all_faults_are_found_with_their_lines(declaratie: bytes) -> None:
    """Three faults far apart give three findings in the order of the file, each at its own line."""
    broken = declaratie.replace(b"BerichtVersie>3<", b"BerichtVersie>4<").replace(b"DN001", b"DN 1").replace(b"Eenheid>", b"Maat>")

    found = validate_bytes(broken, SCHEMAS).bevindingen

    assert len({each.pad for each in found}) == len(found) >= 4
    lines = broken.decode().splitlines()
    assert [each.regelnummer for each in found] == sorted(each.regelnummer or 0 for each in found)
    assert "DN 1" in lines[next(each.regelnummer or 0 for each in found if each.waarde == "DN 1") - 1]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("JW323", "Bsn>999900006<", "Bsn>99990000612345<"),
        ("JW301", "Postcode>", "Postcode>1234567890"),
        ("JW301", "Straatnaam>", "Straatnaam>Langestraatnaamdiezekernietpast"),
        ("JW301", "Voorletters>", "Voorletters>9Geheim"),
    ],
)
def test_personal_data_is_not_repeated(standard_dir: Path, code: str, old: str, new: str) -> None:
    """Neither value nor sentence shows what stood in the bericht."""
    text = examples(standard_dir)[code].decode()
    assert old in text

    found = validate_bytes(text.replace(old, new, 1).encode(), SCHEMAS).bevindingen

    assert found[0].waarde == "(afgeschermd)"
    assert new.partition(">")[2].rstrip("<") not in json.dumps(found[0].as_dict())


def test_a_thousand_findings_and_no_more(declaratie: bytes) -> None:
    """The walk stops at its limit and says so."""
    client = declaratie[declaratie.index(b"<jw323:Client>") : declaratie.index(b"</jw323:Client>") + 15]
    many = declaratie.replace(client, client.replace(b"Eenheid>", b"Eenheid>x") * 1100, 1)

    oordeel = validate_bytes(many, SCHEMAS)

    assert len(oordeel.bevindingen) == 1000
    assert oordeel.stopped_early


def test_out_of_time_is_said(declaratie: bytes) -> None:
    """A refused bericht is never without a finding, also when there was no time to look."""
    oordeel = validate_bytes(declaratie.replace(b"DN001", b"DN 1"), SCHEMAS, seconds_max=-1)

    assert not oordeel.valid
    assert oordeel.stopped_early
    assert oordeel.bevindingen


# ---- attacks ----


def test_every_evil_document_is_refused_with_its_reason(declaratie: bytes) -> None:
    """Each gets one finding of the right rule whose sentence names what is wrong; none raises."""
    for evil in documents.make(declaratie):
        oordeel = validate_bytes(evil.data, SCHEMAS)

        assert not oordeel.valid, evil.name
        assert len(oordeel.bevindingen) == 1, evil.name
        assert oordeel.bevindingen[0].regel == evil.regel, (evil.name, oordeel.bevindingen[0])
        assert evil.words in oordeel.bevindingen[0].melding, (evil.name, oordeel.bevindingen[0].melding)


@pytest.mark.parametrize(
    "harmless",
    [b"<!-- <!DOCTYPE a> -->", b"<?xml-stylesheet href='a'?>", b"\r\n\r\n"],
)
def test_what_xml_allows_before_the_root_is_accepted(declaratie: bytes, harmless: bytes) -> None:
    """A comment, even one that names a DOCTYPE, is no reason to refuse."""
    assert isinstance(accept(declaratie.replace(b"?>", b"?>" + harmless, 1), SCHEMAS), Accepted)


def test_a_comment_or_cdata_inside_a_value_does_not_cut_it(declaratie: bytes) -> None:
    """The header is read as the schema reads it."""
    for written in (b"7654<!-- x -->32198", b"<![CDATA[765432198]]>", b"7654<?x?>32198", b"&#55;65432198"):
        accepted = accept(declaratie.replace(b"Identificatie>765432198<", b"Identificatie>" + written + b"<"), SCHEMAS)

        assert isinstance(accepted, Accepted)
        assert accepted.identificatie == "765432198"


def test_bytes_of_chance_never_raise() -> None:
    """Random bytes and random cuts of markup are refused with a finding."""
    chance = random.Random(20260322)
    pieces = [
        b"<",
        b">",
        b"/",
        b"Bericht",
        b' xmlns="http://www.istandaarden.nl/ijw/3_2/jw323/schema"',
        b"&",
        b"<?xml",
        b"?>",
        b"\x00",
        b"\xff",
    ]
    for _ in range(300):
        data = b"".join(chance.choice([*pieces, chance.randbytes(3)]) for _ in range(chance.randrange(30)))
        oordeel = validate_bytes(data, SCHEMAS)
        assert not oordeel.valid
        assert oordeel.bevindingen


# ---- every judge agrees ----


def test_both_ways_of_accepting_agree(standard_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The streaming parser refuses what the tree parser refuses: mutations of elements and cuts of bytes."""
    mutants = list(mutate(valid_examples(standard_dir), seed=7, count=150))
    chance = random.Random(8)
    mutants += [(code, data[: chance.randrange(len(data) * 3 // 4, len(data) - 3)]) for code, data in valid_examples(standard_dir).items()]
    by_tree = [isinstance(accept(data, SCHEMAS), Accepted) for _, data in mutants]

    monkeypatch.setattr(xml, "TREE_BYTES_MAX", 0)
    monkeypatch.setattr(xml, "FEED_BYTES", 61)
    by_stream = [isinstance(accept(data, SCHEMAS), Accepted) for _, data in mutants]

    assert by_stream == by_tree
    assert True in by_tree
    assert False in by_tree


@pytest.mark.slow
def test_door_walker_and_both_libraries_agree_on_mutants(standard_dir: Path) -> None:
    """Removed, doubled, swapped, renamed and changed elements: one verdict, whoever gives it."""
    second = {code: xmlschema.XMLSchema(str(SCHEMAS.path(catalogue.by_code(code)))) for code in valid_examples(standard_dir)}
    verdicts = {True: 0, False: 0}
    for code, data in mutate(valid_examples(standard_dir), seed=42, count=600):
        soort = catalogue.by_code(code)
        root = xml.parse(data)
        by_lxml = SCHEMAS.fresh(soort).validate(root)
        walked = not walk(data, SCHEMAS.structuur(soort), soort.domein)

        assert isinstance(accept(data, SCHEMAS), Accepted) == by_lxml, data.decode()
        assert walked == by_lxml, data.decode()
        assert second[code].is_valid(root) == by_lxml, data.decode()
        verdicts[by_lxml] += 1
    assert min(verdicts.values()) > 30


def test_findings_name_the_broken_element(standard_dir: Path) -> None:
    """Of 200 berichten with one broken value the first finding has the path of that value."""
    right = total = 0
    chance = random.Random(3)
    codes = sorted(valid_examples(standard_dir))
    while total < 200:
        code = chance.choice(codes)
        root = xml.parse(valid_examples(standard_dir)[code])
        leaf = chance.choice([element for element in root.iter() if not len(element)])
        leaf.text = chance.choice(["", "\n", "x" * 300, "é€"]) if "Commentaar" not in str(leaf.tag) else ""
        oordeel = validate_bytes(etree.tostring(root, encoding="UTF-8"), SCHEMAS)
        if oordeel.valid:
            continue
        total += 1
        right += [each.pad for each in oordeel.bevindingen] == [path_of(leaf, SCHEMAS.structuur(catalogue.by_code(code)))]
    assert right >= 190


def walk(data: bytes, structuur: Veld, domein: str) -> tuple[object, ...]:
    """What the walker alone finds."""
    return explain(xml.parse(data), structuur, domein).bevindingen


def path_of(element: etree._Element, structuur: Veld) -> str:
    """The path of an element as findings write it: worked out from the tree, not by the walker."""
    steps: list[str] = []
    chain = [element, *element.iterancestors()][::-1]
    veld = structuur
    for above, below in pairwise(chain):
        assert isinstance(veld.inhoud, Klasse)
        veld = next(each for each in veld.inhoud.velden if each.tag == below.tag)
        number = [each for each in above if each.tag == below.tag].index(below) + 1
        steps.append(f"{veld.naam}[{number}]" if veld.repeats else veld.naam)
    return "/".join(["", "Bericht", *steps])


def mutate(berichten: dict[str, bytes], *, seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Berichten with one change each; about one in ten still fits its schema."""
    chance = random.Random(seed)
    codes = sorted(berichten)
    for number in range(count):
        code = codes[number % len(codes)]
        root = xml.parse(berichten[code])
        change(root, chance)
        yield code, etree.tostring(root, encoding="UTF-8", xml_declaration=True)


VALUES = [
    *("", " ", "0", "1", "01", "9", "-1", "+1", "1.0", " 1 ", "٣", "a", "é", "A1", "x" * 13, "x" * 201, "999999999", "1000000000"),
    *("2026-02-29", "2024-02-29", "2026-1-1", "2026-04-31", "12026-01-01", "0000-01-01", "-0001-01-01", " 2026-01-01\n", "2026-01-01Z"),
    *(
        "12:00:00",
        "24:00:00",
        "24:00:01",
        "12:00",
        "12:00:00.5",
        "12:00:00-01:00",
        "1.0.0",
        "01.0.0",
        "D",
        "NL",
        "0384",
        "a\nb",
        "0" * 40 + "1",
    ),
]


def change(root: etree._Element, chance: random.Random) -> None:
    """Remove, double, swap, rename or change one element."""
    element = chance.choice([each for each in root.iter() if each is not root])
    parent = element.getparent()
    assert parent is not None
    match chance.choice(["remove", "double", "swap", "rename", "namespace", "value", "value", "value", "text", "attribute"]):
        case "remove":
            parent.remove(element)
        case "double":
            parent.insert(parent.index(element), etree.fromstring(etree.tostring(element)))
        case "swap":
            parent.insert(chance.randrange(len(parent)), element)
        case "rename":
            element.tag = f"{element.tag}x"
        case "namespace":
            element.tag = etree.QName(element).localname
        case "text":
            parent.text = "los"
        case "attribute":
            element.set(chance.choice(["soort", "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"]), "http://example.com a.xsd")
        case _:
            leaf = chance.choice([each for each in root.iter() if not len(each)])
            leaf.text = chance.choice(VALUES)


# ---- the command ----


def judge(data: bytes) -> Oordeel:
    """Controleniveau 1 and 2, on a day after the published berichten."""
    return judge_bestand(data, SCHEMAS, niveau=2, vandaag=VANDAAG).oordeel


def validate(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and outcome of `solidair validate --json`, run in this process."""
    status = main(["validate", "--json", *map(str, arguments)])
    results: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return status, results


def test_validate_files_as_json(standard_dir: Path, tmp_path: Path) -> None:
    """One array with an object for each file, in order; exit status 1 because one is wrong."""
    folder = standard_dir / "ijw-3.2" / "examples"
    out = io.StringIO()

    status = validate_files([folder / "JW301.xml", folder / "JW315.xml", tmp_path / "absent.xml"], judge=judge, as_json=True, out=out)

    results = json.loads(out.getvalue())
    assert status == 1
    assert [(each["valid"], each["domein"], each["bericht"], each["beoordeeld_tot"]) for each in results] == [
        (True, "ijw", "JW301", 2),
        (False, "ijw", "JW315", 1),
        (False, None, None, 1),
    ]
    assert {"regel", "retourcode", "pad", "regelnummer", "waarde", "melding"} == set(results[1]["bevindingen"][0])


def test_validate_files_for_a_reader(standard_dir: Path) -> None:
    """Lines with place and sentence, and exit status 0 when all is well."""
    out = io.StringIO()

    status = validate_files([standard_dir / "iwmo-3.2" / "examples" / "WMO301.xml"], judge=judge, as_json=False, out=out)

    assert (status, out.getvalue().count("\n")) == (0, 1)
    assert out.getvalue().endswith("WMO301, goed\n")


def test_published_berichten_break_the_rules_that_the_reference_names(standard_dir: Path) -> None:
    """Of those that fit their schema, JW323 names RN004 twice and claims one toewijzing for two clients; the others break no rule that
    we know of the soorten that we have rules for."""
    for code in ("JW301", "JW305", "JW307", "WMO301", "WMO305", "WMO307", "WMO323"):
        assert judge(examples(standard_dir)[code]).bevindingen == (), code
    found = judge(examples(standard_dir)["JW323"])

    assert (found.valid, found.beoordeeld_tot) == (False, 2)
    assert {(each.regel, each.retourcode) for each in found.bevindingen} == {("TR101", "0001"), ("TR416", "0001")}
    assert [each.regelnummer for each in found.bevindingen] == sorted(each.regelnummer or 0 for each in found.bevindingen)


@pytest.mark.parametrize(
    ("code", "old", "new", "pad", "waarde", "melding"),
    [
        ("JW301", "Geslacht>1<", "Geslacht>7<", "/Bericht/Client/Geslacht", "7",
         "Geslacht heeft de waarde 7. Toegestaan zijn 0 (onbekend), 1 (mannelijk), 2 (vrouwelijk)."),
        ("JW301", "<jw301:Toewijzingstijd>12:34:56</jw301:Toewijzingstijd>", "",
         "/Bericht/Client/ToegewezenProducten/ToegewezenProduct[1]/Toewijzingstijd", None, "Na Toewijzingsdatum ontbreekt Toewijzingstijd."),
        ("JW301", "Bsn>999900006<", "Bsn>123456789<", "/Bericht/Client/Bsn", "123456789", "Bsn 123456789 doorstaat de elfproef niet."),
        ("WMO323", "Bsn>999900006<", "Bsn>123456789<", "/Bericht/Declaratie/Clienten/Client[1]/Bsn", "123456789",
         "Bsn 123456789 doorstaat de elfproef niet."),
        ("JW305", "Bsn>999900006<", "Bsn>99990<", "/Bericht/Client/Bsn", "99990", "De waarde van Bsn is niet goed. Verwacht is 9 cijfers."),
    ],
)  # fmt: skip
def test_the_command_shows_the_holder_of_a_file_what_is_wrong(
    standard_dir: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    code: str,
    old: str,
    new: str,
    pad: str,
    waarde: str,
    melding: str,
) -> None:
    """The sentence names the value, a Bsn too: it is the file of who runs the command."""
    text = examples(standard_dir)[code].decode()
    assert old in text
    path = tmp_path / "bericht.xml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    status, results = validate(capsys, path)

    assert status == 1
    found = results[0]["bevindingen"][0]
    assert (found["pad"], found["waarde"], found["melding"]) == (pad, waarde, melding)


def test_what_is_stored_or_sent_hides_a_bsn(standard_dir: Path) -> None:
    """Judging itself masks: only `with_values` shows, to who holds the file."""
    wrong = examples(standard_dir)["JW301"].replace(b"Bsn>999900006<", b"Bsn>123456789<")

    oordeel = judge(wrong)

    assert (oordeel.bevindingen[0].regel, oordeel.bevindingen[0].waarde) == ("CS002", "***")
    assert "123456789" not in json.dumps(oordeel.as_dict())


def test_niveau_1_stops_at_the_structure(standard_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The published JW323 fits its schema; what is wrong with it is found at niveau 2."""
    path = standard_dir / "ijw-3.2" / "examples" / "JW323.xml"

    assert [(status, results[0]["valid"], results[0]["beoordeeld_tot"]) for status, results in (
        validate(capsys, path, "--niveau", 1), validate(capsys, path, "--niveau", 2), validate(capsys, path)
    )] == [(0, True, 1), (1, False, 2), (1, False, 2)]  # fmt: skip


def test_a_soort_that_cannot_be_read_is_judged_by_its_structure_only(standard_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is listed by soort: what `read` does not know is judged to niveau 1, and says so."""
    data = examples(standard_dir)["JW317"]

    def read_without_verzoeken(root: etree._Element, soort: catalogue.BerichtSoort) -> Bericht:
        raise NietVolgensSchema("AangevraagdeProducten is not known", root)

    monkeypatch.setattr(controle, "read", read_without_verzoeken)
    oordeel = judge(data)
    out = io.StringIO()
    validate_files([standard_dir / "ijw-3.2" / "examples" / "JW317.xml"], judge=judge, as_json=False, out=out)

    assert (oordeel.valid, oordeel.beoordeeld_tot) == (True, 1)
    assert "JW317, goed (alleen controleniveau 1)" in out.getvalue()


def test_a_rule_that_raises_is_a_finding(
    standard_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not being able to judge is never an approval, and the next file is judged all the same."""
    wrong = tmp_path / "fout.xml"
    wrong.write_bytes(examples(standard_dir)["JW301"].replace(b"Geslacht>1<", b"Geslacht>7<"))
    broken = next(regel for regel in registered_rules() if regel.code == "CS002" and Client in regel.klassen)
    monkeypatch.setattr(
        controle, "judge_inhoud", lambda kijk: evaluate([replace(broken, functie=_raise)], kijk.bericht.client, kijk, "/Bericht")
    )

    status, results = validate(capsys, standard_dir / "ijw-3.2" / "examples" / "JW301.xml", wrong)

    assert status == 1
    assert [each["valid"] for each in results] == [False, False]
    assert results[0]["bevindingen"][0]["regel"] == NIET_BEOORDEELD
    assert "regel CS002 kon niet worden beoordeeld op Client" in results[0]["bevindingen"][0]["melding"]
    assert results[1]["bevindingen"][0]["pad"] == "/Bericht/Client/Geslacht"


def _raise(_klasse: object, _kijk: object) -> bool:
    raise KeyError("".join(("9999", "00006")))


def test_a_bug_in_one_file_does_not_stop_the_others(
    standard_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It counts as invalid, says that the fault is ours, and leaves a trace without values on standard error."""
    monkeypatch.setattr(controle, "judge_inhoud", lambda kijk: _raise(kijk, kijk))
    path = standard_dir / "ijw-3.2" / "examples" / "JW301.xml"

    status = main(["validate", "--json", str(path)])

    printed = capsys.readouterr()
    found = json.loads(printed.out)[0]["bevindingen"][0]
    assert (status, found["regel"]) == (1, NIET_BEOORDEELD)
    assert found["melding"] == "Dit bericht kon niet worden beoordeeld door een fout van Solidair: KeyError."
    assert "test_validate.py" in printed.err
    assert "999900006" not in printed.err


def test_validating_loads_no_database_and_no_web() -> None:
    """`solidair validate` must start at once: neither SQLAlchemy nor FastAPI comes along."""
    program = (
        "import sys, app.commands.validate; print({'sqlalchemy', 'fastapi', 'asyncpg', 'tqdm', 'structlog', 'pydantic'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])

    assert done.stdout.strip() == "set()"


def test_help_of_validate_is_there_at_once() -> None:
    """Within the 0.3 s of DESIGN section 8; the fastest of three, for a machine that is busy."""
    command = [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main(['validate', '--help']))"]
    took = []
    for _ in range(3):
        begin = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parents[2])
        took.append(time.perf_counter() - begin)

    assert min(took) < 0.3


def test_oordeel_without_findings_is_valid(declaratie: bytes) -> None:
    """Valid means: nothing found, and the facts of the header are there."""
    oordeel = validate_bytes(declaratie, SCHEMAS)

    assert isinstance(oordeel, Oordeel)
    assert oordeel.valid
    assert oordeel.accepted is not None
    assert oordeel.as_dict()["bevindingen"] == []
