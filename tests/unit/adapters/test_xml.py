"""The door on bytes: a big bericht is judged without a tree exactly as a small one with it, and what somebody made up does not stay behind."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters import xml
from app.adapters.xml import Accepted, SchemaIgnored, Schemas, accept
from app.commands.bench_case import SOORT, make_geval
from app.intake.validating import EXPLAIN_ELEMENTS_MAX, validate_bytes

SCHEMAS = Schemas()
BIG = make_geval(3 * xml.FEED_BYTES, dicht=True).data
"""Three pieces for the parser."""
ELEMENTS = EXPLAIN_ELEMENTS_MAX + 1


def refusal(data: bytes) -> str:
    """The rule by which the door refuses."""
    outcome = accept(data, SCHEMAS)
    assert not isinstance(outcome, Accepted)
    return outcome[0].regel


def test_a_big_bericht_gives_the_same_header_as_with_its_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever way it went, the facts are the same."""
    streamed = accept(BIG, SCHEMAS)
    monkeypatch.setattr(xml, "TREE_BYTES_MAX", len(BIG))
    by_tree = accept(BIG, SCHEMAS)

    assert isinstance(streamed, Accepted)
    assert streamed == by_tree


@pytest.mark.parametrize("place", [b"<BerichtCode>", b"<Eenheid>"], ids=["first piece", "last piece"])
def test_a_fault_in_any_piece_is_found(place: bytes) -> None:
    """The first value that is wrong refuses, and so does the last."""
    before, after = BIG.split(place, 1) if place == b"<BerichtCode>" else BIG.rsplit(place, 1)

    assert refusal(before + place + b"x" + after) == "XSD"


@pytest.mark.parametrize(
    ("spoil", "regel"),
    [
        (lambda data: data[:-1], "OP192"),
        (lambda data: data[: len(data) // 2], "OP192"),
        (lambda data: data[: data.rindex(b"</Bericht>")], "OP192"),
        (lambda data: data + b"<a/>", "OP192"),
        (lambda data: data.replace(b"<Eenheid>", b"&x;<Eenheid>", 1), "OP192"),
        (lambda data: data.replace(b"<Eenheid>", b"<x:a/><Eenheid>", 1), "OP192"),
        (lambda data: data.replace(b"<Eenheid>", b"los<Eenheid>", 1), "XSD"),
        (lambda data: data.replace(b"<Eenheid>", b"<Eenheid a=''>", 1), "XSD"),
        (lambda data: re.sub(rb"<Clienten>.*</Clienten>", b"", data, flags=re.DOTALL) + b" " * len(data), "XSD"),
        (lambda data: data.replace(b"<Header>", b"<!--" + b"a" * xml.FEED_BYTES + b"--><Kop>", 1), "OP192"),
    ],
)
def test_a_big_bericht_is_refused_as_a_small_one(spoil: Callable[[bytes], bytes], regel: str) -> None:
    """Cut off, not well-formed or not fitting: without a tree nothing of it slips through."""
    assert refusal(spoil(BIG)) == regel


@pytest.mark.parametrize(
    "harmless",
    [b"<!--" + b"a" * 2 * xml.FEED_BYTES + b"-->", b"<?a b?>", b" \r\n" * 1000],
    ids=["comment", "instruction", "space"],
)
def test_what_xml_allows_between_elements_is_accepted(harmless: bytes) -> None:
    """Also in front of the Header, which is then in a later piece."""
    assert isinstance(accept(BIG.replace(b"<Header>", harmless + b"<Header>", 1), SCHEMAS), Accepted)


def test_a_warning_of_the_parser_is_no_fault() -> None:
    """A namespace that is no address is allowed, however libxml2 grumbles."""
    assert isinstance(accept(BIG.replace(b"<Header>", b'<Header xmlns:los="naam">', 1), SCHEMAS), Accepted)


def test_a_schema_that_the_parser_does_not_heed_is_not_used(tmp_path: Path) -> None:
    """When an empty Bericht gets through, faults are not reported, and nothing may be accepted."""
    open_schema = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{SOORT.namespace}">
        <xs:element name="Bericht"/></xs:schema>"""
    (tmp_path / f"{SOORT.code}.xsd").write_text(open_schema, encoding="utf-8")

    with pytest.raises(SchemaIgnored, match=SOORT.code):
        accept(BIG, Schemas(tmp_path))


def test_op179_refuses_attributes_by_the_million() -> None:
    """However they are written; the same number of equals signs in text is left to the schema."""
    for attribute in (b" a%d=''", b' a%d = "1"'):
        many = b"".join(attribute % number for number in range(xml.ATTRIBUTES_MAX + 1))
        found = accept(BIG.replace(b"<Eenheid>", b"<Eenheid" + many + b">", 1), SCHEMAS)
        assert not isinstance(found, Accepted)
        assert (found[0].regel, "500.000 attributen" in found[0].melding) == ("OP179", True)

    signs = BIG.replace(b"<Eenheid>", b"<Eenheid>" + b"=" * (xml.ATTRIBUTES_MAX + 1), 1)
    assert refusal(signs) == "XSD"


def test_a_name_that_is_none_is_refused() -> None:
    """The parser gives the name `A:` before it sees that the file is no XML."""
    assert validate_bytes(b"<A:>\x00", SCHEMAS).bevindingen[0].pad == "/A:"


@pytest.mark.slow
def test_names_of_refused_files_are_freed() -> None:
    """lxml keeps the names it reads in a dictionary of the thread, and an abandoned parser keeps that alive: 30 MB of each of these files.

    They have more elements than are explained, so that the test is about parsing only.
    """
    resident = re.compile(r"VmRSS:\s+(\d+) kB")

    def judge(round_: int) -> int:
        names = b"".join(b"<n%d-%d/>" % (round_, number) for number in range(ELEMENTS))
        assert not validate_bytes(BIG.replace(b"<Eenheid>", names + b"<Eenheid>", 1), SCHEMAS).valid
        gc.collect()
        found = resident.search(Path("/proc/self/status").read_text(encoding="ascii"))
        assert found is not None
        return int(found[1])

    warm = max(judge(0), judge(1))

    assert max(judge(2), judge(3)) < warm + 20_000
