"""Nothing of the standard is left out: every berichtsoort, every element, every code list, every retourcode.

What needs the published reference skips without it; the rest compares our own catalogue, schemas, values and lists with each other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree

from app.adapters import xml
from app.standard import catalogue, codelists
from app.standard.catalogue import BerichtSoort, Domein
from app.standard.reading import read
from app.standard.rules import TECHNISCH, Regel, registered_rules
from app.standard.structuur import XS, Klasse, Veld, Waarde
from app.standard.writing import write

SCHEMAS = xml.Schemas()
EACH_SOORT = pytest.mark.parametrize("soort", catalogue.alle(), ids=lambda soort: soort.code)
EACH_DOMEIN = pytest.mark.parametrize("domein", catalogue.DOMEINEN)

WITHOUT_EXAMPLE = {"WMO302", "WMO306", "WMO308", "WMO316", "WMO318", "WMO320", "WMO325"}
"""The published source has no example of these."""

REPAIRED = {
    "JW315": (b"2027-06-31", b"2027-06-30", 2),
    "JW318": (b"<jw318:RetourCode>9350</jw318:RetourCode>\n\t\t\t<jw318:Ongewijzigde", b"<jw318:Ongewijzigde", 1),
}
"""What is wrong in two published examples, what should stand there, and how often: a day that does not exist, a code outside its container."""

NOT_A_FILE_HERE = {"COD002-VEKTIS": "the berichtcodes are a column of the catalogue"}
NAMED_OTHERWISE = {"CBS-gemeentecodes": "Gemeente", "Fo01": "FoutcodeGgk"}
IN_THE_ANSWER = {"Declaratie": "DeclaratieAntwoord"}
"""A 325 says what it has to say of the Declaratie at a class of another name."""

CBS_LIST_OF = date(2026, 1, 1)
TEST_BSN = "999900006"


# ---- catalogue and schemas ----


@EACH_SOORT
def test_every_soort_has_a_schema_that_compiles(soort: BerichtSoort) -> None:
    """And refuses a bericht without content."""
    schema = SCHEMAS.compiled(soort)

    assert not schema.validate(etree.Element(soort.root))


@EACH_SOORT
def test_klassen_of_the_catalogue_are_those_of_the_schema(soort: BerichtSoort) -> None:
    """In the same order. Of an answer they are exactly the classes that can carry RetourCodes."""
    classes = classes_of(soort)

    assert [naam for naam in classes if naam in soort.klassen] == list(soort.klassen)
    if soort.antwoord_op is not None:
        assert tuple(naam for naam, inhoud in classes.items() if "RetourCodes" in names(inhoud)) == soort.klassen


@EACH_SOORT
def test_logical_keys_are_elements_of_their_klasse(soort: BerichtSoort) -> None:
    """Each path of a key leads to a value."""
    for klasse, paths in soort.sleutels.items():
        for path in paths:
            assert isinstance(inhoud_at(classes_of(soort)[klasse], path), Waarde), f"{klasse}/{path}"


@pytest.mark.parametrize("regel", registered_rules(), ids=lambda regel: regel.functie.__name__)
def test_every_rule_can_be_answered(regel: Regel) -> None:
    """The answer has the class a rule is about, or the header for niveau 2, and its schema knows the retourcode.

    A 325 has no answer: what is wrong with it is for the one who received it.
    """
    for soort in (catalogue.soort(domein, nummer) for domein in regel.domeinen for nummer in regel.berichten if nummer != "325"):
        own = [naam for naam in map(element_name, regel.klassen) if naam in soort.klassen]
        assert own, soort.code
        answer = classes_of(catalogue.soort(soort.domein, str(soort.antwoord)))
        for klasse in ["Header"] if regel.retourcode == TECHNISCH else own:
            known = inhoud_at(answer[IN_THE_ANSWER.get(klasse, klasse)], "RetourCodes/RetourCode")
            assert isinstance(known, Waarde)
            assert regel.retourcode in known.codes, soort.code


# ---- reader and writer ----


@EACH_SOORT
def test_every_element_is_read_and_written(soort: BerichtSoort) -> None:
    """A bericht with every element the schema allows, each with another value, comes back whole."""
    root = Filler(soort).document()
    assert xml.schema_faults(etree.tostring(root), soort, SCHEMAS) == ()

    written = write(read(root, soort))

    assert xml.schema_faults(written, soort, SCHEMAS) == ()
    assert elements(xml.parse(written)) == elements(root)


@pytest.mark.parametrize("code", [soort.code for soort in catalogue.alle() if soort.code not in WITHOUT_EXAMPLE])
def test_every_published_example_is_read_and_written_whole(code: str, standard_dir: Path) -> None:
    """Every element comes back in the same order with the same text; two examples are repaired first."""
    soort = catalogue.by_code(code)
    data = published_example(standard_dir, soort)
    assert xml.schema_faults(data, soort, SCHEMAS) == ()
    root = xml.parse(data)

    written = write(read(root, soort))

    assert xml.schema_faults(written, soort, SCHEMAS) == ()
    assert elements(xml.parse(written)) == elements(root)


def test_examples_are_missing_where_we_say_so(standard_dir: Path) -> None:
    """An example that is published later is noticed."""
    published = {path.stem for path in standard_dir.glob("i*-3.2/examples/*.xml")}

    assert {soort.code for soort in catalogue.alle()} - published == WITHOUT_EXAMPLE


# ---- code lists ----


@EACH_DOMEIN
def test_every_published_list_has_our_codes(domein: Domein, standard_dir: Path) -> None:
    """No code more, none less; of the gemeenten those of the day of the published list, for ours keep those that ended."""
    for number in published_index(standard_dir, domein):
        if number in NOT_A_FILE_HERE:
            continue
        lijst = NAMED_OTHERWISE.get(number, number)
        on = CBS_LIST_OF if lijst == "Gemeente" else None

        assert sorted(codelists.codes(domein, lijst, on)) == sorted(row["code"] for row in published_list(standard_dir, domein, number))


@EACH_DOMEIN
def test_every_list_of_ours_is_published(domein: Domein, standard_dir: Path) -> None:
    """We made up no list. StUF's own codes are of another standard, described in the reference of the envelope."""
    numbers = {NAMED_OTHERWISE.get(number, number) for number in published_index(standard_dir, domein)} - set(NOT_A_FILE_HERE)
    ours = [each for each in codelists.lijsten().values() if each.lijst != "FoutcodeStuf" and codelists.codes(domein, each.lijst)]

    assert {each.lijst for each in ours if {each.lijst, each.ijw if domein == "ijw" else each.iwmo}.isdisjoint(numbers)} == set()


@EACH_DOMEIN
def test_published_validity_is_ours(domein: Domein, standard_dir: Path) -> None:
    """Where the publisher gives a first or last day, it stands in our list."""
    for number in set(published_index(standard_dir, domein)) - set(NOT_A_FILE_HERE):
        ours = {row.code: row for row in codelists.rows(domein, NAMED_OTHERWISE.get(number, number))}
        for row in published_list(standard_dir, domein, number):
            for published, own in (("valid_from", ours[row["code"]].geldig_van), ("valid_to", ours[row["code"]].geldig_tot)):
                assert not row[published] or date.fromisoformat(row[published]) == own, f"{number} {row['code']}"


@EACH_DOMEIN
def test_each_official_enumeration_equals_our_list(domein: Domein, standard_dir: Path) -> None:
    """The enumerations of the official basisschema, type by type; a list of soort `schema` is one of them."""
    basis = etree.parse(standard_dir / f"{domein}-3.2" / "xsd" / "basisschema.xsd")
    official = {
        str(simple_type.get("name")).removeprefix("LDT_"): [str(each.get("value")) for each in simple_type.iter(f"{XS}enumeration")]
        for simple_type in basis.getroot().iter(f"{XS}simpleType")
    }

    assert {lijst: sorted(found) for lijst, found in official.items() if found} == {
        each.lijst: sorted(codelists.codes(domein, each.lijst)) for each in codelists.lijsten().values() if each.soort == "schema"
    }


@EACH_DOMEIN
def test_wj001_gives_each_retourcode_to_the_same_rule_and_berichten(domein: Domein, standard_dir: Path) -> None:
    """The columns of our list are those of the published one."""
    published = {
        row["code"]: (row["tr_rule"] or None, {catalogue.by_code(code).nummer for code in row["messages"].split()})
        for row in published_list(standard_dir, domein, "WJ001")
    }

    assert {row.code: (row.regel, set(row.berichten)) for row in codelists.rows(domein, "RetourCode")} == published


@EACH_DOMEIN
def test_cod002_is_the_column_of_the_catalogue(domein: Domein, standard_dir: Path) -> None:
    """The berichtcodes of Vektis."""
    published = {row["code"]: row["meaning"] for row in published_list(standard_dir, domein, "COD002-VEKTIS")}

    assert published == {soort.bericht_code: soort.code for soort in catalogue.alle() if soort.domein == domein}


def test_transport_codes_are_reported_by_whom_the_list_says(standard_dir: Path) -> None:
    """The list of the GGk names who reports each code."""
    published = {row["code"]: row["sender"].replace(" / ", " ").split() for row in published_list(standard_dir, "ijw", "Fo01")}

    assert {row["code"]: row["melders"].split() for row in codelists.read_rows("FoutcodeGgk")} == published


# ---- the published files ----


def published_index(standard_dir: Path, domein: Domein) -> list[str]:
    """Numbers of the lists that are published for a domein."""
    return [row["list"] for row in rows_of(standard_dir / f"{domein}-3.2" / "codelists" / "index.csv")]


def published_list(standard_dir: Path, domein: Domein, number: str) -> list[dict[str, str]]:
    """The rows of a published list."""
    return rows_of(standard_dir / f"{domein}-3.2" / "codelists" / f"{number}.csv")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_example(standard_dir: Path, soort: BerichtSoort) -> bytes:
    """The published example, repaired where it is not what its own schema allows."""
    data = (standard_dir / f"{soort.domein}-3.2" / "examples" / f"{soort.code}.xml").read_bytes()
    if soort.code not in REPAIRED:
        return data
    wrong, right, times = REPAIRED[soort.code]
    data = data.replace(b"\r\n", b"\n")
    assert data.count(wrong) == times
    return data.replace(wrong, right)


# ---- what a schema holds ----


def classes_of(soort: BerichtSoort) -> dict[str, Klasse]:
    """Every class below the root that is no container, in order of the schema, by the name of its element."""
    root = SCHEMAS.structuur(soort).inhoud
    assert isinstance(root, Klasse)
    return dict(_classes(root))


def _classes(klasse: Klasse) -> Iterator[tuple[str, Klasse]]:
    for veld in klasse.velden:
        if isinstance(veld.inhoud, Klasse):
            if not any(below.repeats for below in veld.inhoud.velden):
                yield veld.naam, veld.inhoud
            yield from _classes(veld.inhoud)


def names(klasse: Klasse) -> set[str]:
    """Names of the elements directly in a class."""
    return {veld.naam for veld in klasse.velden}


def inhoud_at(klasse: Klasse, path: str) -> Klasse | Waarde:
    """What stands at a path below a class."""
    first, _, rest = path.partition("/")
    inhoud = {veld.naam: veld.inhoud for veld in klasse.velden}[first]
    if not rest:
        return inhoud
    assert isinstance(inhoud, Klasse)
    return inhoud_at(inhoud, rest)


def element_name(klasse: type) -> str:
    """Name of the element of a domain class."""
    return {"DeclaratieClient": "Client"}.get(klasse.__name__, klasse.__name__)


def elements(root: etree._Element) -> list[tuple[str, str]]:
    """Every element with its text, in order of the document."""
    return [(str(element.tag), (element.text or "").strip()) for element in root.iter()]


@dataclass(slots=True)
class Filler:
    """Makes a bericht with every element the schema allows, and two of each that may repeat; values differ as far as their types let them."""

    soort: BerichtSoort
    _count: int = field(default=0, init=False)

    def document(self) -> etree._Element:
        """The bericht as XML."""
        return self._element(SCHEMAS.structuur(self.soort))

    def _element(self, veld: Veld) -> etree._Element:
        element = etree.Element(veld.tag)
        if isinstance(veld.inhoud, Waarde):
            element.text = self._text(veld.inhoud)
            return element
        for below in veld.inhoud.velden:
            element.extend(self._element(below) for _ in range(2 if below.repeats else 1))
        return element

    def _text(self, waarde: Waarde) -> str:
        """A value of this type that was not used just before; fails for a type that none of the candidates fits."""
        self._count += 1
        if waarde.codes:
            return waarde.codes[self._count % len(waarde.codes)]
        fitting = [text for text in self._candidates(waarde) if fits(waarde, text)]
        assert fitting, f"no value for {waarde.type_naam}"
        return fitting[0]

    def _candidates(self, waarde: Waarde) -> list[str]:
        """Values that differ each time, then those that only fit where there is no choice."""
        number = self._count
        letters = f"{chr(ord('a') + number // 26 % 26)}{chr(ord('a') + number % 26)}"
        match waarde.soort:
            case "date":
                return [str(date(2026, 1, 1) + timedelta(days=number))]
            case "time":
                return [f"12:{number % 60:02}:00"]
            case "integer":
                return [str(number), str(number % 10), catalogue.BERICHT_VERSIE, catalogue.BERICHT_SUBVERSIE]
            case "string":
                digits = [f"{number:04}", f"{number:08}", TEST_BSN]
                return [letters, letters[-1], *digits, f"1.0.{number}", self.soort.bericht_code]


def fits(waarde: Waarde, text: str) -> bool:
    """Whether a text has the length and the patterns of a type, or a number its bounds."""
    if waarde.soort == "integer" and not (waarde.waarde_min or 0) <= int(text) <= (waarde.waarde_max or int(text)):
        return False
    if waarde.soort == "string" and not waarde.lengte_min <= len(text) <= (waarde.lengte_max or len(text)):
        return False
    return all(pattern.fullmatch(text) for pattern in waarde.patronen)
