"""The validator against everything: whatever the bytes are, it never raises and its outcome has the form that users count on.

The berichten that are spoiled here are built from the schemas themselves, one of each of the 28 soorten, so nothing of the reference is needed;
the published examples are spoiled too when the reference is there. Every choice is seeded: a failure comes back.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.adapters import xml
from app.adapters.xml import Accepted, Schemas, accept
from app.intake.validating import Oordeel, validate_bytes
from app.standard import catalogue, waarden
from app.standard.catalogue import BerichtSoort
from app.standard.structuur import Veld, Waarde

pytestmark = pytest.mark.slow

SCHEMAS = Schemas()
SPOILED_PER_SOORT = 60
SPOILED_PER_EXAMPLE = 15
BROKEN_PER_SOORT = 8
NAMED_SHARE_MIN = 0.95
MELDING_CHARACTERS_MAX = 2_000
WAARDE_CHARACTERS_MAX = 200
PAD_CHARACTERS_MAX = 500

# Among these is one for every type of value in the schemas that is no code, date or time.
CANDIDATES = (
    "1", "01", "001", "A", "Aa", "0384", "12345678", "42420001", "999900006", "1.0.0", "4461AA", "0612345678", "NL", "2026", "45A04",
    "a@example.nl", "1234567890",
)  # fmt: skip


# ---- valid berichten ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebouwd:
    """A bericht built from its schema, and its values with their paths."""

    soort: BerichtSoort
    root: etree._Element
    leaves: list[tuple[str, etree._Element]]

    @property
    def data(self) -> bytes:
        """As a sender would write it."""
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    def with_text(self, leaf: etree._Element, text: str) -> bytes:
        """The same with another text in one element."""
        before = leaf.text
        leaf.text = text
        changed = self.data
        leaf.text = before
        return changed


@cache
def build(soort: BerichtSoort) -> Gebouwd:
    """Every element that the schema allows, twice where it may repeat."""
    leaves: list[tuple[str, etree._Element]] = []
    veld = SCHEMAS.structuur(soort)
    root = etree.Element(veld.tag, nsmap={"b": soort.basis_namespace, soort.code.lower(): soort.namespace})
    fill(root, veld, "/Bericht", soort, leaves)
    return Gebouwd(soort=soort, root=root, leaves=leaves)


def fill(element: etree._Element, veld: Veld, pad: str, soort: BerichtSoort, leaves: list[tuple[str, etree._Element]]) -> None:
    """Give an element its value or its children."""
    if isinstance(veld.inhoud, Waarde):
        element.text = value_for(veld.inhoud, soort.domein)
        leaves.append((pad, element))
        return
    for below in veld.inhoud.velden:
        for number in range(1, 3 if below.repeats else 2):
            index = f"[{number}]" if below.repeats else ""
            fill(etree.SubElement(element, below.tag), below, f"{pad}/{below.naam}{index}", soort, leaves)


@cache
def value_for(waarde: Waarde, domein: str) -> str:
    """A value that the type allows, by the judge of values that the walker uses. Some patterns are one literal, such as the BerichtCode."""
    least = [str(waarde.waarde_min)] if waarde.waarde_min is not None else []
    literal = [pattern.pattern.strip("(?:)") for pattern in waarde.patronen]
    candidates = (*waarde.codes[:1], "2026-05-01", "12:00:00", *least, *literal, *CANDIDATES)
    return next(text for text in candidates if waarden.fault("Veld", waarde, text, domein, private=False) is None)


@cache
def all_built() -> tuple[bytes, ...]:
    """The bytes of one bericht of each soort."""
    return tuple(build(soort).data for soort in catalogue.alle())


# ---- the form of an outcome ----


def check(data: bytes) -> Oordeel:
    """Validate, and hold the outcome to its form; returns it."""
    oordeel = validate_bytes(data, SCHEMAS)

    assert oordeel.valid == (not oordeel.bevindingen)
    assert oordeel.valid == (oordeel.accepted is not None)
    for bevinding in oordeel.bevindingen:
        assert bevinding.regel
        assert bevinding.retourcode is None
        assert bevinding.pad.startswith("/")
        assert len(bevinding.pad) <= PAD_CHARACTERS_MAX
        assert bevinding.regelnummer is None or 1 <= bevinding.regelnummer <= data.count(b"\n") + data.count(b"\r") + 1
        assert bevinding.melding.rstrip().endswith((".", "?"))
        assert len(bevinding.melding) <= MELDING_CHARACTERS_MAX
        assert len(bevinding.waarde or "") <= WAARDE_CHARACTERS_MAX
    shown = oordeel.as_dict()
    assert json.loads(json.dumps(shown, ensure_ascii=False).encode()) == shown
    return oordeel


# ---- spoiling ----

TEXTS = (
    *("", " ", "\n\n", "x" * 300, "x" * 70_000, "-1", "1e9", "NaN", "2026-02-30", "99999-01-01", "24:00:01", "٣", "Ωмега", "漢字", "שלום"),
    *("e\u0301", "𝄞", "\u0085", "\u2028", "\u202e", "\ufeff", "\ufffd", "]]>", "<!--", "${jndi:x}", "%s%n", "' OR 1=1 --", "../../x", "0" * 401),
)  # fmt: skip
PIECES = (
    b"\x00", b"\x01", b"\x1b[0m", b"\x7f", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"&", b"&amp;",
    b"&x;", b"&#0;", b"&#1;", b"&#xD800;", b"&#x110000;", b"&#9;", b"&" * 50, b"<", b">", b"</", b"/>", b"<a/>", b"<a>", b"</a>", b"<x:a/>",
    b"<a xmlns='u:x'/>", b"<?a b?>", b"<?xml version='1.0'?>", b"<?xml-stylesheet href='a'?>", b"<!-- a -->", b"<!-- a -- b -->", b"<!--",
    b"<![CDATA[1]]>", b"<![CDATA[", b"]]>", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"\r\n", b"\t", b" a=''", b" xmlns=''", b" xsi:nil='true'",
    b" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:nil='true'", b" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='a'",
)  # fmt: skip


def flip(data: bytes, chance: random.Random) -> bytes:
    """A few bytes become others."""
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def cut_out(data: bytes, chance: random.Random) -> bytes:
    """A stretch is gone."""
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.choice((1, 5, 50, 500)) :]


def double(data: bytes, chance: random.Random) -> bytes:
    """A stretch stands there twice."""
    start = chance.randrange(len(data))
    end = start + chance.choice((1, 5, 50, 500))
    return data[:end] + data[start:end] + data[end:]


def truncate(data: bytes, chance: random.Random) -> bytes:
    """The rest is gone."""
    return data[: chance.randrange(len(data))]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Something stands where it was not expected: anywhere, or right behind a tag or its name."""
    after = chance.choice((b"", b">", b"Bericht", b"?>"))
    place = data.find(after, chance.randrange(len(data))) + len(after) if after else chance.randrange(len(data))
    return data[:place] + chance.choice(PIECES) + data[place:]


def encode(data: bytes, chance: random.Random) -> bytes:
    """Another encoding, declared or not."""
    text = data.decode().replace(">1<", ">é<", 1)
    coding = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp037", "utf-7", "utf-8-sig"))
    return text.replace("UTF-8", chance.choice(("UTF-8", coding, "x-unknown")), 1).encode(coding, "replace")


def entities(data: bytes, chance: random.Random) -> bytes:
    """A DTD with entities that grow, or that point elsewhere."""
    bomb = b"<!ENTITY a 'ha'>" + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    declared = chance.choice(
        (bomb, b"<!ENTITY i SYSTEM 'file:///etc/hostname'>", b"<!ENTITY % p SYSTEM 'http://127.0.0.1:1/'>%p;", b"<!ELEMENT B ANY>")
    )
    return data.replace(b"?>", b"?><!DOCTYPE Bericht [" + declared + b"]>", 1).replace(b">1<", b">&i;<", 1)


def change_tree(data: bytes, chance: random.Random) -> bytes:
    """Elements swapped, doubled, gone, renamed, in another namespace, nested, with an attribute, or with another text."""
    root = etree.fromstring(data)
    for _ in range(chance.choice((1, 1, 3, 10))):
        change_element(root, chance)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def change_element(root: etree._Element, chance: random.Random) -> None:
    """One change somewhere in a tree."""
    elements = [each for each in root.iter("*") if each is not root]
    element = chance.choice(elements)
    parent = element.getparent()
    assert parent is not None
    match chance.randrange(9):
        case 0:
            parent.insert(chance.randrange(len(parent)), element)
        case 1:
            parent.insert(0, deepcopy(element))
        case 2 if len(elements) > 1:
            parent.remove(element)
        case 3:
            element.tag = etree.QName(element).localname + chance.choice(("", "x", "é", "x" * 40_000))
        case 4:
            element.tag = f"{{{chance.choice(('u:x', 'http://www.istandaarden.nl/ijw/3_1/x'))}}}{etree.QName(element).localname}"
        case 5:
            element.set(chance.choice(("a", "{http://www.w3.org/2001/XMLSchema-instance}nil")), chance.choice(("true", "x" * 90_000)))
        case 6:
            for _ in range(chance.choice((5, 300))):
                element = etree.SubElement(element, "diep")
        case 7:
            element.addprevious(chance.choice((etree.Comment("a"), etree.ProcessingInstruction("a", "b"))))
        case _:
            element.text = chance.choice(TEXTS)


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(flip, cut_out, double, truncate, encode, entities),
    *(insert, insert, change_tree, change_tree, change_tree, change_tree),
)


def spoil(data: bytes, *, seed: str, count: int) -> Iterator[bytes]:
    """The bericht spoiled in so many ways."""
    chance = random.Random(seed)
    for number in range(count):
        yield WAYS[number % len(WAYS)](data, chance)


# ---- the tests ----


@pytest.mark.parametrize("soort", catalogue.alle(), ids=lambda soort: soort.code)
def test_a_spoiled_bericht_gets_a_wellformed_oordeel(soort: BerichtSoort) -> None:
    """What is built fits its schema; however it is spoiled, the outcome has its form, and most of what is spoiled is refused."""
    data = build(soort).data
    assert check(data).valid

    refused = sum(not check(spoiled).valid for spoiled in spoil(data, seed=soort.code, count=SPOILED_PER_SOORT))

    assert refused > SPOILED_PER_SOORT // 2


def test_tree_and_stream_agree_on_what_is_spoiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser without a tree, fed in small pieces, accepts exactly what is accepted by the tree, with the same facts."""
    spoiled = [each for data in all_built() for each in (data, *spoil(data, seed="agree", count=2 * len(WAYS)))]
    by_tree = [accept(data, SCHEMAS) for data in spoiled]

    monkeypatch.setattr(xml, "TREE_BYTES_MAX", 0)
    monkeypatch.setattr(xml, "FEED_BYTES", 997)
    by_stream = [accept(data, SCHEMAS) for data in spoiled]

    assert by_stream == by_tree
    assert {type(each) for each in by_tree} == {Accepted, list}


def test_a_spoiled_example_gets_a_wellformed_oordeel(standard_dir: Path) -> None:
    """The same for the published berichten."""
    for path in sorted(standard_dir.glob("i*-3.2/examples/*.xml")):
        for spoiled in spoil(path.read_bytes(), seed=path.stem, count=SPOILED_PER_EXAMPLE):
            check(spoiled)


def test_what_is_spoiled_by_a_dtd_is_refused_for_its_dtd() -> None:
    """No entity is ever read, whatever it would have been."""
    chance = random.Random(11)
    for data in all_built():
        found = check(entities(data, chance)).bevindingen

        assert [(each.regel, "DOCTYPE" in each.melding) for each in found] == [("OP192", True)]


def test_findings_name_the_broken_element_of_every_soort() -> None:
    """Of more than 200 berichten with one broken value, spread over all 28 soorten, nearly all get exactly the path of that value."""
    chance = random.Random(28)
    named = total = 0
    for soort in catalogue.alle():
        for _ in range(BROKEN_PER_SOORT):
            gebouwd = build(soort)
            pad, leaf = chance.choice([each for each in gebouwd.leaves if not each[0].endswith("Commentaar")])
            found = check(gebouwd.with_text(leaf, chance.choice(("", "\n", "x" * 300, "é€")))).bevindingen
            total += bool(found)
            named += [each.pad for each in found] == [pad]

    assert total >= 200
    assert named >= total * NAMED_SHARE_MIN


@pytest.mark.parametrize("depth", [10, 250, 255, 256, 257, 5_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    """Within libxml2's limit the walker explains it, beyond that it is not XML for us."""
    for data in all_built():
        place = data.rindex(b"</")
        assert not check(data[:place] + b"<a>" * depth + b"</a>" * depth + data[place:]).valid


@pytest.mark.parametrize(
    "attributes",
    [b' a="' + b"x" * 1_000_000 + b'"', b"".join(b' a%d=""' % number for number in range(5_000)), b' a="" a=""', b' xmlns:b="u:x"'],
    ids=["huge", "many", "twice", "prefix"],
)
def test_attributes_are_refused(attributes: bytes) -> None:
    """However big or many they are."""
    for data in all_built():
        place = data.rindex(b"</", 0, data.rindex(b"</"))
        assert not check(data[:place] + b"<a" + attributes + b"/>" + data[place:]).valid


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    pieces=st.lists(
        st.one_of(st.binary(max_size=40), st.sampled_from((*PIECES, b"<Bericht", b"<?xml version='1.0' encoding='UTF-8'?>"))), max_size=25
    )
)
def test_bytes_of_chance_get_a_wellformed_oordeel(pieces: list[bytes]) -> None:
    """What is no bericht at all is refused."""
    assert not check(b"".join(pieces)).valid


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_bytes_anywhere_in_a_bericht_get_a_wellformed_oordeel(data: st.DataObject) -> None:
    """Any bytes in the place of any others."""
    bericht = data.draw(st.sampled_from(all_built()))
    start = data.draw(st.integers(0, len(bericht)))
    end = data.draw(st.integers(start, min(len(bericht), start + 200)))

    check(bericht[:start] + data.draw(st.one_of(st.binary(max_size=60), st.sampled_from(PIECES))) + bericht[end:])


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_text_in_any_element_gets_a_wellformed_oordeel(data: st.DataObject) -> None:
    """Any characters that XML can hold, in any value of any soort."""
    gebouwd = build(data.draw(st.sampled_from(catalogue.alle())))
    _, leaf = data.draw(st.sampled_from(gebouwd.leaves))
    text = data.draw(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=60))

    check(gebouwd.with_text(leaf, text))
