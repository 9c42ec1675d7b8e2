"""Where an element stands in its document: its line and its path."""

from __future__ import annotations

from typing import cast

from lxml import etree

from app.standard.vorm import containers

# libxml2 keeps line numbers up to here in the element itself, and later ones at the text that follows it.
LINE_IN_ELEMENT_MAX = 65534


def line_of(element: etree._Element) -> int:
    """The line on which an element begins; 0 when it was not parsed from a document.

    Beyond line 65534 libxml2 gives the line where the text after the opening tag ends, so the line ends in that text are taken off again.
    """
    line = cast("int | None", element.sourceline)
    if line is None:
        return 0
    if line > LINE_IN_ELEMENT_MAX and element.text:
        return line - element.text.count("\n")
    return line


def pad_of(element: etree._Element) -> str:
    """The path of an element as a Bevinding writes it: `/Bericht/Client/Relaties/Relatie[2]`."""
    steps = []
    for step in (element, *element.iterancestors()):
        name = etree.QName(step).localname
        parent = step.getparent()
        indexed = parent is not None and etree.QName(parent).localname in containers()
        steps.append(f"{name}[{sum(1 for _ in step.itersiblings(step.tag, preceding=True)) + 1}]" if indexed else name)
    return "/" + "/".join(reversed(steps))
