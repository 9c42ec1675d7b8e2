"""A bericht as numbered lines: windows around the bevindingen, and a layout for what stands on one line."""

from __future__ import annotations

import pytest

from app.reports import BevindingRegel, XmlWeergave
from app.reports.xmlweergave import AROUND, LINE_LENGTH_MAX, LINES_MAX, WHOLE_LINES_MAX, lay_out, sharpen, weergave


def vondst(volgnr: int, regelnummer: int | None, pad: str = "/Bericht") -> BevindingRegel:
    return BevindingRegel(volgnr=volgnr, regel="TR1", retourcode=None, pad=pad, regelnummer=regelnummer, waarde=None, melding="m")


def lines_of(found: XmlWeergave) -> list[int]:
    return [line.nummer for window in found.vensters for line in window]


def test_small_bericht_is_shown_as_a_whole() -> None:
    found = weergave(b"<a>\r\n  <b/>\r\n</a>", [vondst(1, 2)])

    (window,) = found.vensters
    assert [(line.nummer, line.tekst) for line in window] == [(1, "<a>"), (2, "  <b/>"), (3, "</a>")]
    assert [len(line.bevindingen) for line in window] == [0, 1, 0]
    assert not found.opgemaakt


def test_big_bericht_shows_windows_that_join_when_they_touch() -> None:
    xml = "\n".join(f"    <r{n}/>" for n in range(1, 1001)).encode()

    found = weergave(xml, [vondst(1, 500), vondst(2, 510), vondst(3, 900), vondst(4, 500)])

    assert [(window[0].nummer, window[-1].nummer) for window in found.vensters] == [(494, 516), (894, 906)]
    assert [line.bevindingen[0].volgnr for window in found.vensters for line in window if line.bevindingen] == [1, 2, 3]
    assert found.vensters[0][0].tekst == "<r494/>", "the indentation that all lines share is left out"
    assert found.regels_totaal == 1000


def test_window_at_the_edges_stays_inside_the_bericht() -> None:
    xml = b"\n".join([b"<r/>"] * (WHOLE_LINES_MAX + 1))

    found = weergave(xml, [vondst(1, 1), vondst(2, WHOLE_LINES_MAX + 1)])

    assert [(window[0].nummer, window[-1].nummer) for window in found.vensters] == [
        (1, 1 + AROUND),
        (WHOLE_LINES_MAX + 1 - AROUND, WHOLE_LINES_MAX + 1),
    ]


def test_lines_shown_are_bounded_and_what_has_no_place_is_named() -> None:
    xml = b"\n".join([b"<r/>"] * 100_000)

    found = weergave(xml, [vondst(n, 100 * n) for n in range(1, 200)])

    assert len(lines_of(found)) <= LINES_MAX + 2 * AROUND + 1
    shown = {each.volgnr for window in found.vensters for line in window for each in line.bevindingen}
    assert shown | {each.volgnr for each in found.zonder_regel} == set(range(1, 200))
    assert shown.isdisjoint(each.volgnr for each in found.zonder_regel)


@pytest.mark.parametrize("number", [None, 0, 99])
def test_bevinding_without_a_line_in_the_bericht_is_kept_apart(number: int | None) -> None:
    found = weergave(b"<a/>", [vondst(1, number)])

    assert [each.volgnr for each in found.zonder_regel] == [1]


def test_bericht_on_one_line_gets_its_bevinding_at_the_element_of_its_path() -> None:
    clients = "".join(f"<x:Client><x:Bsn>{n}</x:Bsn><x:Leeg/></x:Client>" for n in range(1, 41))
    xml = f"<?xml version='1.0'?><x:Bericht><x:Clienten>{clients}</x:Clienten></x:Bericht>".encode()

    found = weergave(xml, [vondst(1, 1, "/Bericht/Clienten/Client[7]/Bsn"), vondst(2, 1, "/Bericht/Clienten/Client[9]/Ontbreekt")])

    flagged = {each.volgnr: line.tekst.strip() for window in found.vensters for line in window for each in line.bevindingen}
    assert flagged == {1: "<x:Bsn>7</x:Bsn>", 2: "<x:Client>"}
    assert found.opgemaakt


PRESTATIE = [
    "<x:Prestatie>",
    "<x:ProductReferentie>",
    "<y:ReferentieNummer>1</y:ReferentieNummer>",
    "</x:ProductReferentie>",
    "<x:ProductPeriode>",
    "<y:Begindatum>2026-01-01</y:Begindatum>",
    "</x:ProductPeriode>",
    "</x:Prestatie>",
]


@pytest.mark.parametrize(
    ("number", "pad", "expected"),
    [
        (1, "/Bericht/Prestaties/Prestatie[3]/ProductPeriode/Begindatum", 6),
        (1, "/Bericht/Prestaties/Prestatie[3]/ProductPeriode", 5),
        (1, "/Bericht/Prestaties/Prestatie[3]/ProductPeriode/Einddatum", 5),
        (1, "/Bericht/Prestaties/Prestatie[3]/Ontbreekt", 1),
        (1, "/Bericht/Prestaties/Prestatie[3]", 1),
        (6, "/Bericht/Prestaties/Prestatie[3]/ProductPeriode/Begindatum", 6),
        (1, "/Iets/Anders", 1),
        (4, "/Bericht/Prestaties/Prestatie[3]/ProductPeriode", 4),
        (99, "/Bericht", 99),
        (None, "/Bericht", None),
    ],
)
def test_bevinding_of_a_berichtklasse_is_put_at_its_element(number: int | None, pad: str, expected: int | None) -> None:
    assert sharpen(PRESTATIE, number, pad) == expected


def test_layout_closes_what_it_opens() -> None:
    lines, places = lay_out("<a><b>1</b><c/><d><e> x </e></d></a>")

    assert lines == ["<a>", "  <b>1</b>", "  <c/>", "  <d>", "    <e>x</e>", "  </d>", "</a>"]
    assert places["/a[1]/d[1]/e[1]"] == 5


@pytest.mark.parametrize("text", ["", "geen xml", "</a></b>", "<a", "<a><b>", "<!-- a", "a" * (LINE_LENGTH_MAX + 1), "<a>\x00\ufffd"])
def test_text_that_is_not_xml_is_shown_as_far_as_it_goes(text: str) -> None:
    found = weergave(text.encode(), [vondst(1, 1, "/Bericht/Header")])

    assert lines_of(found)


def test_bytes_that_are_not_utf8_are_shown_with_a_replacement_sign() -> None:
    found = weergave(b"<a>\xff</a>", [])

    assert found.vensters[0][0].tekst == "<a>\ufffd</a>"


def test_line_that_is_too_long_is_cut_with_its_length_beside_it() -> None:
    xml = b"<a>" + b"x" * 2_000_000 + b"</a>"

    found = weergave(xml, [])

    assert len(found.vensters[0][0].tekst) < LINE_LENGTH_MAX + 50
    assert "2000007 tekens" in found.vensters[0][0].tekst
