"""From the values of `domain` to the bytes of a bericht: canonical, so that the same bericht always gives the same bytes.

UTF-8 without BOM, an XML declaration, the prefixes of the published examples (`jw301:` for the bericht, `ijw:` for the basisschema),
elements in the order of the schema, nothing written for what is absent. Whether the outcome is valid is asked of the schema, by who stores
or sends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from app.domain.bericht import Bericht
from app.standard import catalogue
from app.standard.vorm import Element, Inhoud, elementen

Append = Callable[[str], None]
Writer = Callable[[Any, Append], None]

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\r\n'
NEWLINE = "\r\n"

# A carriage return is written as a reference: a parser turns a bare one into a line feed.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TO_ESCAPE = re.compile("[&<>\r]")


def write(bericht: Bericht, *, indent: bool = False) -> bytes:
    """The bericht as XML in UTF-8; reading it back gives an equal bericht.

    Args:
        bericht: Its `domein` and `soort` say which namespaces it is written in.
        indent: With a line for each element, CR/LF and tabs, as the published examples; answers are written without.
    Raises:
        KeyError: The catalogue has no such soort.
        UnicodeEncodeError: A text holds half a surrogate pair; one that was read from XML never does.
    """
    soort = catalogue.soort(bericht.domein, bericht.soort)
    prefix, basis_prefix = soort.code.lower(), soort.domein
    parts = [
        DECLARATION,
        f'<{prefix}:Bericht xmlns:{basis_prefix}="{soort.basis_namespace}" xmlns:{prefix}="{soort.namespace}">',
    ]
    _writer(Bericht, prefix, basis_prefix, 1 if indent else None)(bericht, parts.append)
    parts.append(f"{NEWLINE if indent else ''}</{prefix}:Bericht>{NEWLINE if indent else ''}")
    return "".join(parts).encode()


@cache
def _writer(klasse: type, prefix: str, basis_prefix: str, depth: int | None) -> Writer:
    """The function that appends the elements inside one value of `klasse`; `depth` counts tabs, None is without indentation."""
    own_prefix = basis_prefix if getattr(klasse, "basis", False) else prefix
    fields = tuple((element.veld, _element_writer(element, own_prefix, prefix, basis_prefix, depth)) for element in elementen(klasse))

    def write_elements(value: Any, append: Append) -> None:
        for veld, write_element in fields:
            content = getattr(value, veld)
            if content is not None and content != ():
                write_element(content, append)

    return write_elements


def _element_writer(element: Element, own_prefix: str, prefix: str, basis_prefix: str, depth: int | None) -> Writer:
    """The function that appends one element, with its tags and all that is in it."""
    opening = f"{_break(depth)}<{own_prefix}:{element.naam}>"
    closing = f"</{own_prefix}:{element.naam}>"
    inner = None if depth is None else depth + 1
    match element.inhoud:
        case Inhoud.KLASSE:
            assert element.klasse is not None
            return _wrapped(opening, _writer(element.klasse, prefix, basis_prefix, inner), _break(depth) + closing)
        case Inhoud.LIJST:
            assert element.klasse is not None
            write_item = _writer(element.klasse, prefix, basis_prefix, None if depth is None else depth + 2)
            item = _wrapped(f"{_break(inner)}<{own_prefix}:{element.item}>", write_item, f"{_break(inner)}</{own_prefix}:{element.item}>")
            return _repeated(opening, item, _break(depth) + closing)
        case Inhoud.CODES:
            item = _simple(f"{_break(inner)}<{own_prefix}:{element.item}>", escape, f"</{own_prefix}:{element.item}>")
            return _repeated(opening, item, _break(depth) + closing)
        case Inhoud.TEKST | Inhoud.TIJD:
            return _simple(opening, escape, closing)
        case Inhoud.GEHEEL | Inhoud.DATUM:
            return _simple(opening, str, closing)


def escape(text: str) -> str:
    """Text as it stands in an element; what cannot be misread is left alone."""
    if _TO_ESCAPE.search(text) is None:
        return text
    return _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)


def _simple(opening: str, as_text: Callable[[Any], str], closing: str) -> Writer:
    """One element with a value; a date is ISO, which is what `str` of it gives."""

    def write_value(content: Any, append: Append) -> None:
        append(opening + as_text(content) + closing)

    return write_value


def _wrapped(opening: str, write_content: Writer, closing: str) -> Writer:
    """One element with elements in it."""

    def write_value(content: Any, append: Append) -> None:
        append(opening)
        write_content(content, append)
        append(closing)

    return write_value


def _repeated(opening: str, write_item: Writer, closing: str) -> Writer:
    """A container with its items."""

    def write_items(items: Any, append: Append) -> None:
        append(opening)
        for item in items:
            write_item(item, append)
        append(closing)

    return write_items


def _break(depth: int | None) -> str:
    """What stands before a tag: nothing, or a new line and tabs."""
    return "" if depth is None else NEWLINE + "\t" * depth
