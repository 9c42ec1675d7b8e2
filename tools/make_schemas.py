#!/usr/bin/env python3
"""Write schemas/xsd from the description in schemas/beschrijving, the code lists and the catalogue.

Usage:
    python tools/make_schemas.py             write the 30 schemas
    python tools/make_schemas.py --check     write nothing; exit 1 and name the files that differ from what would be written

The description has two files that a person can read in one go: typen.txt (shared types) and berichten.txt (structure of the berichten).
Each explains its own notation. The schemas are checked in, because they are part of the product and read without this program.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import quoteattr

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from app.standard import catalogue, codelists  # noqa: E402  the checkout need not be installed

DESCRIPTION = CHECKOUT / "schemas" / "beschrijving"
SCHEMAS = CHECKOUT / "schemas" / "xsd"
BOUNDS = {"": (1, "1"), "?": (0, "1"), "+": (1, "unbounded")}


class DescriptionError(Exception):
    """A line of the description that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element of a class: `type` is None when it is the class of the same name; `times` is a key of BOUNDS."""

    name: str
    type: str | None
    times: str = ""
    domein: str | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Klasse:
    """A complex type: a sequence of elements."""

    name: str
    elements: tuple[Element, ...] = ()
    domein: str | None = None

    @property
    def repeats_one(self) -> bool:
        """Whether it only holds another class, once or more (Clienten): such a class carries no retourcodes."""
        return len(self.elements) == 1 and self.elements[0].times == "+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bericht:
    """The classes of one bericht, `Bericht` (the root) first; Header holds only what is added to every header."""

    nummer: str
    naam: str
    klassen: tuple[Klasse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that is in the folder with descriptions."""

    simple: dict[str, str] = field(default_factory=dict)
    composite: tuple[Klasse, ...] = ()
    berichten: tuple[Bericht, ...] = ()


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, write or compare; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--check",
        action="store_true",
        help="compare with the files that are there, write nothing",
    )
    options = parser.parse_args(arguments)
    made = make_schemas(read_description(DESCRIPTION))
    if options.check:
        different = [name for name, text in made.items() if not same(SCHEMAS / name, text)]
        print("\n".join(different) or f"{len(made)} schemas are up to date")
        return 1 if different else 0
    for name, text in made.items():
        (SCHEMAS / name).parent.mkdir(parents=True, exist_ok=True)
        (SCHEMAS / name).write_bytes(text.encode())
    print(f"{len(made)} schemas written below {SCHEMAS.relative_to(CHECKOUT)}")
    return 0


def same(path: Path, text: str) -> bool:
    """Whether a file holds exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode()


# ---- reading the description ----


def read_description(folder: Path) -> Description:
    """Read both files; raises DescriptionError for a line that does not follow the notation."""
    simple: dict[str, str] = {}
    composite: list[Klasse] = []
    for where, indented, text in lines_of(folder / "typen.txt"):
        if indented:
            composite[-1] = add_element(composite, text, where)
        elif text.endswith(":"):
            composite.append(Klasse(name=text[:-1]))
        else:
            name, _, facets = text.partition(" ")
            simple[name] = facets.strip()
    return Description(
        simple=simple,
        composite=tuple(composite),
        berichten=tuple(read_berichten(folder / "berichten.txt")),
    )


def lines_of(path: Path) -> list[tuple[str, bool, str]]:
    """The lines that say something: place, whether indented, and the text. A line that begins with # is a remark."""
    numbered = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [(f"{path.name}:{number}", line[0] == " ", line.strip()) for number, line in numbered if line.strip() and line[0] != "#"]


def add_element(klassen: list[Klasse], text: str, where: str) -> Klasse:
    """The last class with one more element."""
    if not klassen:
        raise DescriptionError(f"{where}: an element outside a class")
    return replace(klassen[-1], elements=(*klassen[-1].elements, read_element(text, where)))


def read_element(text: str, where: str) -> Element:
    """One line such as `Product?  CDT_Product  @ijw` or `DeclaratieNummer  LDT_X  patroon ([a-z])+`."""
    text, _, pattern = text.partition(" patroon ")
    name, *words = text.split()
    domein = next((word[1:] for word in words if word.startswith("@")), None)
    types = [word for word in words if not word.startswith("@")]
    times = name[-1] if name[-1] in BOUNDS else ""
    if len(types) > 1 or (domein and domein not in catalogue.DOMEINEN):
        raise DescriptionError(f"{where}: {text}")
    plain = name.removesuffix(times)
    return Element(
        name=plain,
        type=types[0] if types else None,
        times=times,
        domein=domein,
        pattern=pattern.strip() or None,
    )


def read_berichten(path: Path) -> list[Bericht]:
    """The berichten in order; a retourbericht is made from the one before it that it answers."""
    berichten: dict[str, Bericht] = {}
    nummer = ""
    for where, indented, text in lines_of(path):
        words = text.split()
        if indented:
            klassen = list(berichten[nummer].klassen)
            klassen[-1] = add_element(klassen, text, where)
            berichten[nummer] = replace(berichten[nummer], klassen=tuple(klassen))
        elif words[0] == "bericht":
            nummer = words[1]
            berichten[nummer] = Bericht(nummer=nummer, naam=" ".join(words[2:]), klassen=())
        elif words[0] == "retour" and words[2] == "van" and words[3] in berichten:
            berichten[words[1]] = make_retour(berichten[words[3]], words[1])
        elif words[0].endswith(":"):
            domein = words[1][1:] if len(words) > 1 else None
            klasse = Klasse(name=words[0][:-1], domein=domein)
            berichten[nummer] = replace(berichten[nummer], klassen=(*berichten[nummer].klassen, klasse))
        else:
            raise DescriptionError(f"{where}: {text}")
    return list(berichten.values())


RETOUR_HEADER = (
    Element(name="IdentificatieRetour", type="LDT_IdentificatieBericht"),
    Element(name="DagtekeningRetour", type="LDT_Datum"),
    Element(name="XsltVersie", type="LDT_Versie", times="?"),
    Element(name="XsdVersieRetour", type="CDT_XsdVersie"),
    Element(name="RetourCodes", type=None, times="?"),
)
RETOUR_CODES = Klasse(
    name="RetourCodes",
    elements=(Element(name="RetourCode", type="LDT_RetourCode", times="+"),),
)


def make_retour(heen: Bericht, nummer: str) -> Bericht:
    """The retourbericht of a heenbericht, as the notation in berichten.txt defines it (IV028)."""
    root, *rest = heen.klassen
    optional = replace(root, elements=tuple(replace(element, times="?") for element in root.elements))
    header = Klasse(name="Header", elements=RETOUR_HEADER)
    codes = Element(name="RetourCodes", type=None)
    judged = [each if each.repeats_one else replace(each, elements=(*each.elements, codes)) for each in rest]
    return Bericht(
        nummer=nummer,
        naam=f"{heen.naam} retour",
        klassen=(optional, header, RETOUR_CODES, *judged),
    )


# ---- writing the schemas ----


def make_schemas(description: Description) -> dict[str, str]:
    """The text of every schema by its path below schemas/xsd."""
    made: dict[str, str] = {}
    for domein in catalogue.DOMEINEN:
        made[f"{domein}/{catalogue.RELEASE}/basisschema.xsd"] = make_basisschema(domein, description)
        for bericht in description.berichten:
            soort = catalogue.soort(domein, bericht.nummer)
            made[soort.schema_file] = make_bericht(soort, bericht)
    return made


def make_basisschema(domein: str, description: Description) -> str:
    """The schema with the shared types of a domein."""
    namespace = catalogue.soort(domein, "301").basis_namespace
    body = [line for klasse in description.composite for line in complex_type(klasse, domein, own="", prefix=domein)]
    body += [line for name, facets in description.simple.items() for line in simple_type(name, facets, domein)]
    head = [
        schema_tag(namespace, {domein: namespace}),
        *appinfo(domein, "basisschema", ("Basisschema",)),
    ]
    return as_file([*head, *body])


def make_bericht(soort: catalogue.BerichtSoort, bericht: Bericht) -> str:
    """The schema of one berichtsoort."""
    own, prefix = soort.code.lower(), soort.domein
    head = [
        schema_tag(soort.namespace, {prefix: soort.basis_namespace, own: soort.namespace}),
        f'\t<xs:import namespace="{soort.basis_namespace}" schemaLocation="basisschema.xsd"/>',
        *appinfo(soort.domein, own, ("Bericht", "Basisschema")),
        f'\t<xs:element name="Bericht" type="{own}:Root"/>',
    ]
    root, header, rest = complete(bericht)
    body = [line for klasse in (root, *rest) for line in complex_type(klasse, soort.domein, own=own, prefix=prefix)]
    return as_file([*head, *header_type(soort, header, own, prefix), *body])


def schema_tag(namespace: str, prefixes: dict[str, str]) -> str:
    """The opening tag of a schema."""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in prefixes.items())
    target = f'targetNamespace="{namespace}" elementFormDefault="qualified"'
    return f'<xs:schema {target} xmlns:xs="http://www.w3.org/2001/XMLSchema"{declared}>'


def complete(bericht: Bericht) -> tuple[Klasse, tuple[Element, ...], list[Klasse]]:
    """The root with its Header, what this bericht adds to the header, and the other classes."""
    root, *rest = bericht.klassen
    added = next((klasse.elements for klasse in rest if klasse.name == "Header"), ())
    header = Element(name="Header", type=None)
    return (
        replace(root, name="Root", elements=(header, *root.elements)),
        added,
        [each for each in rest if each.name != "Header"],
    )


def header_type(soort: catalogue.BerichtSoort, added: tuple[Element, ...], own: str, prefix: str) -> list[str]:
    """The class Header: the fixed codes as patterns, because `fixed` would let an empty element pass."""
    party = {"gemeente": "LDT_Gemeente", "aanbieder": "LDT_AgbCode"}
    afzender = soort.header_afzender_is
    elements = (
        Element(name="BerichtCode", type="LDT_BerichtCode", pattern=soort.bericht_code),
        Element(
            name="BerichtVersie",
            type="LDT_BerichtVersie",
            pattern=catalogue.BERICHT_VERSIE,
        ),
        Element(
            name="BerichtSubversie",
            type="LDT_BerichtSubversie",
            pattern=catalogue.BERICHT_SUBVERSIE,
        ),
        Element(name="Afzender", type=party[afzender]),
        Element(
            name="Ontvanger",
            type=party["aanbieder" if afzender == "gemeente" else "gemeente"],
        ),
        Element(name="BerichtIdentificatie", type="CDT_BerichtIdentificatie"),
        Element(name="XsdVersie", type="CDT_XsdVersie"),
        *added,
    )
    return complex_type(Klasse(name="Header", elements=elements), soort.domein, own=own, prefix=prefix)


def appinfo(domein: str, bericht: str, versions: tuple[str, ...]) -> list[str]:
    """The version of the schema, in the elements the standard has for it."""
    prefix = domein
    facts = [
        ("standaard", domein),
        ("bericht", bericht),
        ("release", catalogue.RELEASE),
    ]
    facts += [(f"{part}Xsd{bound}Versie", catalogue.XSD_VERSIE) for part in versions for bound in ("", "Min", "Max")]
    lines = [f"\t\t\t<{prefix}:{name}>{value}</{prefix}:{name}>" for name, value in facts]
    return [
        "\t<xs:annotation>",
        "\t\t<xs:appinfo>",
        *lines,
        "\t\t</xs:appinfo>",
        "\t</xs:annotation>",
    ]


def complex_type(klasse: Klasse, domein: str, *, own: str, prefix: str) -> list[str]:
    """A class as xs:complexType; nothing when the domein does not have it."""
    if klasse.domein not in (None, domein):
        return []
    elements = [element for element in klasse.elements if element.domein in (None, domein)]
    body = [line for element in elements for line in element_lines(element, own=own, prefix=prefix)]
    return [
        f'\t<xs:complexType name="{klasse.name}">',
        "\t\t<xs:sequence>",
        *body,
        "\t\t</xs:sequence>",
        "\t</xs:complexType>",
    ]


def element_lines(element: Element, *, own: str, prefix: str) -> list[str]:
    """An element as xs:element, with a restriction of its own when it has a pattern."""
    low, high = BOUNDS[element.times]
    bounds = (' minOccurs="0"' if low == 0 else "") + (f' maxOccurs="{high}"' if high != "1" else "")
    type_name = f"{prefix}:{element.type}" if element.type else f"{own}:{element.name}"
    start = f'\t\t\t<xs:element name="{element.name}"'
    if element.pattern is None:
        return [f'{start} type="{type_name}"{bounds}/>']
    return [
        f"{start}{bounds}>",
        "\t\t\t\t<xs:simpleType>",
        f'\t\t\t\t\t<xs:restriction base="{type_name}">',
        f"\t\t\t\t\t\t<xs:pattern value={quoteattr(element.pattern)}/>",
        "\t\t\t\t\t</xs:restriction>",
        "\t\t\t\t</xs:simpleType>",
        "\t\t\t</xs:element>",
    ]


XSD_BASE = {
    "tekst": "string",
    "gevuld": "string",
    "codelijst": "string",
    "geheel": "integer",
    "datum": "date",
    "tijd": "time",
}
# One line with a character that is no white space, written so that no part of it can match in two ways: libxml2 then needs one pass.
FILLED = r"[ \t]*\S.*"


def simple_type(name: str, described: str, domein: str) -> list[str]:
    """A simple type as xs:simpleType with its facets."""
    kind, *rest = described.split(None, 2)
    facets = [f"\t\t\t<xs:{facet} value={quoteattr(value)}/>" for facet, value in facets_of(name, kind, rest, domein)]
    restriction = f'\t\t<xs:restriction base="xs:{XSD_BASE[kind]}">'
    return [
        f'\t<xs:simpleType name="{name}">',
        restriction,
        *facets,
        "\t\t</xs:restriction>",
        "\t</xs:simpleType>",
    ]


def facets_of(name: str, kind: str, rest: list[str], domein: str) -> list[tuple[str, str]]:
    """The facets behind one line of typen.txt; raises DescriptionError for a kind that does not exist."""
    if kind == "codelijst":
        codes = codelists.codes(domein, name.removeprefix("LDT_"))
        return [*(("enumeration", code) for code in codes), ("maxLength", rest[0])]
    if kind in ("datum", "tijd"):
        return [("pattern", rest[0])]
    low, _, high = rest[0].partition("..")
    if kind == "geheel":
        return [("minInclusive", low), ("maxInclusive", high)]
    if kind in ("tekst", "gevuld"):
        pattern = [FILLED] if kind == "gevuld" else rest[1:]
        return [
            ("minLength", low),
            *([("maxLength", high)] if high else []),
            *(("pattern", each) for each in pattern),
        ]
    raise DescriptionError(f"{name}: {kind} is not a kind of type")


def as_file(lines: list[str]) -> str:
    """The lines as the text of a schema file."""
    note = "<!-- Gemaakt door tools/make_schemas.py uit schemas/beschrijving: wijzig de beschrijving, niet dit bestand. -->"
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', note, *lines, "</xs:schema>", ""])


if __name__ == "__main__":
    sys.exit(main())
