"""Documents made to hurt whoever reads them, each built around a valid bericht, with the rule and words of the refusal it must get."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Evil:
    """One attack or accident: its bytes, and what the one finding must say."""

    name: str
    data: bytes
    regel: str
    words: str


def make(valid: bytes) -> list[Evil]:
    """All of them, around a valid bericht that begins with an XML declaration and holds `<jw323:DeclaratieNummer>`."""
    declaration, rest = valid.split(b"?>", 1)

    def prolog(text: bytes) -> bytes:
        return declaration + b"?>" + text + rest

    def number(text: bytes) -> bytes:
        before, after = valid.split(b"<jw323:DeclaratieNummer>", 1)
        return before + b"<jw323:DeclaratieNummer>" + text + after[after.index(b"</") :]

    def evil(name: str, data: bytes, regel: str, words: str) -> Evil:
        return Evil(name=name, data=data, regel=regel, words=words)

    laughs = b'<!ENTITY a "ha">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    hidden = b"<!-- <!DOCTYPE a> --><!DOCTYPE Bericht [" + laughs + b"]>"
    return [
        evil("empty", b"", "OP192", "leeg"),
        evil("white-space", b" \r\n" * 10, "OP192", "leeg"),
        evil("not-xml", b"hallo", "OP192", "geen element"),
        evil("truncated", valid[: len(valid) // 2], "OP192", "goed gevormde XML"),
        evil("too-big", valid + b" " * 25_000_000, "OP179", "25.000.000"),
        evil("too-many-tags", number(b"<a/>" * 2_500_001), "OP179", "2.500.000"),
        evil("billion-laughs", prolog(b"<!DOCTYPE Bericht [" + laughs + b"]>"), "OP192", "DOCTYPE"),
        evil("doctype-after-a-comment-about-one", prolog(hidden), "OP192", "DOCTYPE"),
        evil("external-entity", prolog(b'<!DOCTYPE B [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "OP192", "DOCTYPE"),
        evil("external-dtd", prolog(b'<!DOCTYPE B SYSTEM "http://127.0.0.1:1/x.dtd">'), "OP192", "DOCTYPE"),
        evil("unknown-entity", number(b"&x;"), "OP192", "entiteit"),
        evil("deep", number(b"<a>" * 100_000), "OP192", "genest"),
        evil("long-text", number(b"x" * 11_000_000), "OP192", "10 MB"),
        evil("nul", number(b"DN\x00"), "OP192", "teken"),
        evil("control-character", number(b"DN\x01"), "OP192", "teken"),
        evil("utf-16", valid.decode().encode("utf-16"), "OP192", "UTF-16"),
        evil("utf-16-without-mark", valid.decode().encode("utf-16-le"), "OP192", "UTF-16"),
        evil("byte-order-mark", b"\xef\xbb\xbf" + valid, "OP192", "byte order mark"),
        evil("latin-1", number("DN\xe9".encode("latin-1")), "OP192", "geen UTF-8"),
        evil("declares-latin-1", valid.replace(b"UTF-8", b"ISO-8859-1", 1), "OP192", "ISO-8859-1"),
        evil("unbound-prefix", number(b"<x:a/>"), "OP192", "prefix"),
        evil("two-roots", valid + b"<a/>", "OP192", "na het laatste element"),
        evil("other-release", valid.replace(b"/3_2/", b"/3_1/"), "XSD", "release 3.1"),
        evil("other-root", valid.replace(b"jw323:Bericht", b"jw323:Brief"), "XSD", "Verwacht is Bericht"),
        evil("other-namespace", b'<a xmlns="http://example.com/"/>', "XSD", "http://example.com/"),
        evil("no-namespace", b"<Bericht/>", "XSD", "geen namespace"),
        evil("long-name", b"<" + b"a" * 40_000 + b"/>", "XSD", "geen namespace"),
    ]
