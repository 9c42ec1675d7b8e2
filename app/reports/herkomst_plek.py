"""Where a prestatie stands in the bytes of its declaratie: lines, bytes, and the path that its bevindingen have. Pure.

The bericht passed its schema at the door, so tags can be found by their form; comments and CDATA are stepped over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FRAGMENT_BYTES_MAX = 20_000
_TAG = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(/?)(?:[^\s:/>!?]+:)?(Client|Prestatie)(?=[\s/>])[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plek:
    """The place of one prestatie.

    Attributes:
        van_regel, tot_regel: First and last line, from 1; both 1 in a bericht without line ends.
        van_byte, tot_byte: The same in bytes, half-open.
        pad: The path of the element, as bevindingen write it.
    """

    van_regel: int
    tot_regel: int
    van_byte: int
    tot_byte: int
    pad: str


def plek_van_prestatie(xml: bytes, regel: int) -> Plek | None:
    """The place of the prestatie with this number, from 1 in the order of the XML; None when there are not so many."""
    clients = in_client = number = 0
    begin = None
    for tag in _TAG.finditer(xml):
        match tag[1], tag[2]:
            case b"", b"Client":
                clients, in_client = clients + 1, 0
            case b"", b"Prestatie":
                number, in_client = number + 1, in_client + 1
                begin = tag.start() if number == regel else None
            case b"/", b"Prestatie" if begin is not None:
                pad = f"/Bericht/Declaratie/Clienten/Client[{clients}]/Prestaties/Prestatie[{in_client}]"
                first = xml.count(b"\n", 0, begin) + 1
                last = first + xml.count(b"\n", begin, tag.end())
                return Plek(van_regel=first, tot_regel=last, van_byte=begin, tot_byte=tag.end(), pad=pad)
    return None


def fragment_van(xml: bytes, plek: Plek) -> str:
    """The element as text, without the indentation that its lines share; cut off when it is unreasonably long."""
    start = xml.rfind(b"\n", 0, plek.van_byte) + 1
    indent = xml[start : plek.van_byte]
    element = xml[plek.van_byte : min(plek.tot_byte, plek.van_byte + FRAGMENT_BYTES_MAX)]
    lines = (
        ((indent if not indent.strip() else b"") + element)
        .decode("utf-8", errors="replace")
        .replace("\r\n", "\n")
        .expandtabs(2)
        .split("\n")
    )
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)
