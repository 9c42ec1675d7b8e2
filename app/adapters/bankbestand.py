"""Files of and for the bank: a pain.001 made by sepaxml and held to its ISO 20022 schema, and safe parsing of what the bank sends.

Making the same order twice gives the same bytes. What stands in these files (names, accounts) is never logged.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lxml import etree

from app.adapters.xml import SAFE, apart
from app.domain.errors import OngeldigVerzoek

if TYPE_CHECKING:
    from collections.abc import Iterator

PAIN_001 = "pain.001.001.09"
NAMESPACE_ISO = "urn:iso:std:iso:20022:tech:xsd:"
AFSCHRIFT_BYTES_MAX = 10_000_000
ELEMENTEN_MAX = 1_000_000
DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


class BestandOngeldig(OngeldigVerzoek):
    """Dit bestand is niet te lezen als een XML-bestand van een bank."""


class BetaalbestandOngeldig(Exception):
    """We made a pain.001 that does not fit its schema: a bug of ours, never given out; the text names elements, no values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overboeking:
    """One transfer: to whom, how much in cents, under which reference, and what the receiver reads (at most 140 characters)."""

    end_to_end_id: str
    bedrag_cent: int
    iban: str
    tenaamstelling: str
    bic: str
    omschrijving: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Betaalopdracht:
    """A batch of transfers from one account on one day; `kenmerk` is MsgId and PmtInfId, texts are in the characters of SEPA."""

    kenmerk: str
    gemaakt_op: datetime
    uitvoeren_op: date
    iban: str
    tenaamstelling: str
    bic: str
    overboekingen: Sequence[Overboeking]


def maak_pain001(opdracht: Betaalopdracht) -> bytes:
    """The order as pain.001.001.09.

    Raises:
        BetaalbestandOngeldig: It does not fit the schema.
    """
    config: dict[str, Any] = {"name": opdracht.tenaamstelling, "IBAN": opdracht.iban, "batch": True, "currency": "EUR"}
    document = _new_transfer(config | ({"BIC": opdracht.bic} if opdracht.bic else {}))
    for each in opdracht.overboekingen:
        payment: dict[str, Any] = {
            "name": each.tenaamstelling,
            "IBAN": each.iban,
            "amount": each.bedrag_cent,
            "execution_date": opdracht.uitvoeren_op,
            "description": each.omschrijving,
            "endtoend_id": each.end_to_end_id,
        }
        document.add_payment(payment | ({"BIC": each.bic} if each.bic else {}))
    data = _with_own_references(document.export(validate=False), opdracht)
    if faults := pain001_faults(data):
        raise BetaalbestandOngeldig(f"{opdracht.kenmerk}: {'; '.join(faults)}")
    return data


def _new_transfer(config: dict[str, Any]) -> Any:
    from sepaxml import SepaTransfer

    return SepaTransfer(config, schema=PAIN_001, clean=False)


def _with_own_references(data: bytes, opdracht: Betaalopdracht) -> bytes:
    """The document with our references and instant where sepaxml draws random ones and asks the clock."""
    root = etree.fromstring(data, etree.XMLParser(**SAFE))
    ours = {"MsgId": opdracht.kenmerk, "PmtInfId": opdracht.kenmerk, "CreDtTm": opdracht.gemaakt_op.strftime("%Y-%m-%dT%H:%M:%S")}
    for name, text in ours.items():
        for element in root.iter(f"{{{NAMESPACE_ISO}{PAIN_001}}}{name}"):
            element.text = text
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def pain001_faults(data: bytes) -> tuple[str, ...]:
    """What the schema of pain.001.001.09 has against a document, without its values; nothing when it fits."""
    schema = etree.XMLSchema(etree.parse(str(_schema_file()), etree.XMLParser(**SAFE)))
    if schema.validate(etree.fromstring(data, etree.XMLParser(**SAFE))):
        return ()
    return tuple(f"regel {entry.line}: {entry.type_name}" for entry in _entries(schema))


def _entries(schema: etree.XMLSchema) -> Iterator[Any]:
    log: Any = schema.error_log
    yield from list(log)[:10]


@cache
def _schema_file() -> Path:
    """The schema of the ISO as sepaxml carries it."""
    import sepaxml

    return Path(sepaxml.__file__).parent / "schemas" / f"{PAIN_001}.xsd"


def lees_bankbestand(data: bytes) -> etree._Element:
    """The root of an XML file of a bank; bytes that somebody else made.

    Raises:
        BestandOngeldig: Too big, another encoding than UTF-8, a DOCTYPE, too many elements, or no XML.
    """
    if len(data) > AFSCHRIFT_BYTES_MAX:
        raise BestandOngeldig(f"Het bestand is groter dan {AFSCHRIFT_BYTES_MAX // 1_000_000} MB; vraag de bank om kortere afschriften.")
    body = data.removeprefix(codecs.BOM_UTF8)
    declared = DECLARED.match(body)
    if b"\x00" in body or (declared and declared[1].upper() not in (b"UTF-8", b"UTF8")):
        raise BestandOngeldig("Het bestand is niet in UTF-8. Vraag het in die codering bij de bank op.")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BestandOngeldig("Het bestand bevat een DOCTYPE of entiteiten; die zijn niet toegestaan.")
    if body.count(b"<") > ELEMENTEN_MAX:
        raise BestandOngeldig("Het bestand bevat te veel elementen; vraag de bank om kortere afschriften.")
    return apart(lambda: _parse(body))


def _parse(body: bytes) -> etree._Element:
    try:
        return etree.fromstring(body, etree.XMLParser(remove_comments=True, remove_pis=True, **SAFE))
    except etree.XMLSyntaxError as error:
        raise BestandOngeldig(f"Het bestand is geen goed gevormde XML (regel {error.lineno}).") from error
