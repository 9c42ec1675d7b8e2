"""What the door says of bytes that are no bericht: one Dutch sentence each, that tells the sender what to change."""

from __future__ import annotations

import re

from lxml import etree

from app.domain.bevinding import Bevinding
from app.standard import catalogue
from app.standard.catalogue import BerichtSoort

NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/(ijw|iwmo)/([0-9]+)_([0-9]+)/")

NOT_WELLFORMED = {
    "ERR_DOCUMENT_EMPTY": "hier staat geen element",
    "ERR_DOCUMENT_END": "na het laatste element staat nog iets",
    "ERR_INVALID_CHAR": "hier staat een teken dat in XML niet mag",
    "ERR_UNDECLARED_ENTITY": "hier staat een entiteit die XML niet kent",
    "ERR_ENTITYREF_SEMICOL_MISSING": "het teken & moet als &amp; worden geschreven",
    "ERR_NAME_REQUIRED": "hier ontbreekt een naam (schrijf & als &amp; en < als &lt;)",
    "ERR_TAG_NAME_MISMATCH": "een element wordt met een andere naam afgesloten dan het begint",
    "ERR_TAG_NOT_FINISHED": "het bestand houdt op voordat alle elementen zijn afgesloten",
    "ERR_GT_REQUIRED": "hier ontbreekt het teken >",
    "ERR_LT_REQUIRED": "hier ontbreekt het teken <",
    "ERR_LT_IN_ATTRIBUTE": "het teken < mag niet in een attribuut staan",
    "ERR_ATTRIBUTE_NOT_STARTED": "de waarde van een attribuut moet tussen aanhalingstekens staan",
    "ERR_ATTRIBUTE_REDEFINED": "een attribuut staat twee keer in hetzelfde element",
    "ERR_COMMENT_NOT_FINISHED": "commentaar is niet afgesloten",
    "ERR_CDATA_NOT_FINISHED": "een CDATA-deel is niet afgesloten",
    "ERR_PI_NOT_FINISHED": "een verwerkingsinstructie is niet afgesloten",
    "ERR_RESERVED_XML_NAME": "de XML-declaratie mag alleen helemaal aan het begin staan",
    "ERR_RESOURCE_LIMIT": "de elementen zijn te diep genest of één waarde is langer dan 10 MB",
    "ERR_INTERNAL_ERROR": "de elementen zijn te diep genest",
    "NS_ERR_UNDEFINED_NAMESPACE": "een prefix is niet aan een namespace verbonden",
}


def not_wellformed(fault: etree.XMLSyntaxError) -> Bevinding:
    """The finding for bytes that are not XML. libxml2's own text may repeat values and is not used."""
    line, column = fault.position
    reason = NOT_WELLFORMED.get(etree.ErrorTypes._getName(getattr(fault, "code", 0), ""), "hier klopt de opbouw niet")
    melding = f"Het bestand is geen goed gevormde XML: {reason} (regel {line}, kolom {column})."
    return Bevinding(regel="OP192", pad="/", regelnummer=line or None, melding=melding)


def unknown_root(name: str, namespace: str, soort: BerichtSoort | None) -> str:
    """Why a root element with this name and namespace is not a bericht we can take; `soort` is the one with that namespace."""
    if soort is not None:
        return f"Het eerste element is {cut(name)}. Verwacht is Bericht."
    release = NAMESPACE.match(namespace)
    if release and (release[2], release[3]) != tuple(catalogue.RELEASE.split(".")):
        return f"Dit is een bericht van release {release[2]}.{release[3]}. Wij verwerken release {catalogue.RELEASE} van iJw en iWmo."
    if not namespace:
        return f"Het eerste element {cut(name)} heeft geen namespace. Verwacht is die van een bericht van iJw of iWmo 3.2."
    return f"De namespace {cut(namespace)} is niet van een bericht van iJw of iWmo {catalogue.RELEASE}."


def schema_refusal(soort: BerichtSoort) -> Bevinding:
    """The finding for a bericht that its schema refuses, before the faults have been looked for."""
    return Bevinding(regel="XSD", melding=f"Het bericht voldoet niet aan het schema van {soort.code}, release {catalogue.RELEASE}.")


def transport(regel: str, melding: str) -> Bevinding:
    """A finding about the file as a whole."""
    return Bevinding(regel=regel, pad="/", melding=melding)


def element_in(message: str) -> str:
    """The name of the element in a message of libxml2."""
    found = re.match(r"Element '(?:\{[^}]*\})?([^']{1,60})'", message)
    return found[1] if found else "Bericht"


def cut(text: str) -> str:
    """A text of the sender, no longer than a line."""
    return text if len(text) <= 80 else f"{text[:77]}..."
