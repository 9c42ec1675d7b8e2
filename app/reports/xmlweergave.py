"""A stored bericht as numbered lines with each bevinding at its line; of a big one only the windows around the bevindingen.

Software often writes a bericht on one line, on which a line number says nothing. Such a bericht is laid out anew, one element a line, and a
bevinding is put at its path. The bytes themselves are never changed; who wants those downloads them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.reports.berichten import BevindingRegel

WHOLE_LINES_MAX = 100
"""A bericht of at most so many lines is shown as a whole; of a longer one without bevindingen so many lines."""
LINES_MAX = 600
"""Lines on one page, whatever the number of bevindingen."""
AROUND = 6
"""Lines shown before and after a line with a bevinding."""
LINE_LENGTH_MAX = 400
LOOK_AHEAD = 60
"""Lines below the start of a berichtklasse in which one of its elements is looked for."""
LAYOUT_BYTES_MAX = 2_000_000
"""Bigger than this a bericht on one line is not laid out; it can be downloaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlRegel:
    """One line; `bevindingen` are those that point at it."""

    nummer: int
    tekst: str
    bevindingen: tuple[BevindingRegel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlWeergave:
    """What is shown: windows of consecutive lines, in order.

    Attributes:
        opgemaakt: True when the lines are our layout and not those of the sender.
        regels_totaal: Lines the whole bericht has.
        zonder_regel: Bevindingen that have no place in the lines shown.
        regel_van: The line of each other bevinding, by its volgnr.
    """

    vensters: tuple[tuple[XmlRegel, ...], ...]
    opgemaakt: bool
    regels_totaal: int
    zonder_regel: tuple[BevindingRegel, ...]
    regel_van: Mapping[int, int]


def weergave(xml: bytes, bevindingen: Sequence[BevindingRegel]) -> XmlWeergave:
    """The lines to show of a bericht with these bevindingen; bytes that are not UTF-8 are shown with a replacement sign."""
    text = xml.decode("utf-8", errors="replace")
    lines = text.replace("\r\n", "\n").expandtabs(2).split("\n")
    opgemaakt = len(xml) <= LAYOUT_BYTES_MAX and any(len(line) > LINE_LENGTH_MAX for line in lines)
    if opgemaakt:
        lines, places = lay_out(text)
        line_of = {bevinding.volgnr: _find_place(places, bevinding.pad) for bevinding in bevindingen}
    else:
        line_of = {bevinding.volgnr: sharpen(lines, bevinding.regelnummer, bevinding.pad) for bevinding in bevindingen}
    at: dict[int, list[BevindingRegel]] = defaultdict(list)
    for bevinding in bevindingen:
        number = line_of[bevinding.volgnr]
        if number is not None and 1 <= number <= len(lines):
            at[number].append(bevinding)
    windows = _windows(len(lines), sorted(at))
    shown = {number for first, last in windows for number in range(first, last + 1)}
    return XmlWeergave(
        vensters=tuple(_window(lines, first, last, at) for first, last in windows),
        opgemaakt=opgemaakt,
        regels_totaal=len(lines),
        zonder_regel=tuple(bevinding for bevinding in bevindingen if line_of[bevinding.volgnr] not in shown),
        regel_van={volgnr: number for volgnr, number in line_of.items() if number in shown and number is not None},
    )


def sharpen(lines: Sequence[str], number: int | None, pad: str) -> int | None:
    """The line of the element that a path ends in, given the line of the berichtklasse around it, which is all a rule knows.

    It goes down the path from the element that starts at `number`, and stays at the last step that it finds.
    """
    if number is None or not 1 <= number <= len(lines):
        return number
    steps = pad.strip("/").split("/")
    names = [step.partition("[")[0] for step in steps]
    opened = _OPENED.findall(lines[number - 1])
    if not opened or opened[0] not in names:
        return number
    place = len(names) - names[::-1].index(opened[0])
    for step, name in zip(steps[place:], names[place:], strict=True):
        found = next((at for at in range(number, min(number + LOOK_AHEAD, len(lines)) + 1) if name in _OPENED.findall(lines[at - 1])), None)
        if found is None or step.endswith("]"):
            break
        number = found
    return number


def _window(lines: Sequence[str], first: int, last: int, at: Mapping[int, Sequence[BevindingRegel]]) -> tuple[XmlRegel, ...]:
    """The lines from `first` to `last`, without the indentation that all of them share."""
    texts = [_shorten(text) for text in lines[first - 1 : last]]
    margin = min((len(text) - len(text.lstrip(" ")) for text in texts if text.strip()), default=0)
    return tuple(
        XmlRegel(nummer=number, tekst=text[margin:], bevindingen=tuple(at.get(number, ()))) for number, text in enumerate(texts, first)
    )


def _shorten(text: str) -> str:
    if len(text) <= LINE_LENGTH_MAX:
        return text
    return f"{text[:LINE_LENGTH_MAX]} … ({len(text)} tekens op deze regel)"


def _windows(total: int, flagged: Sequence[int]) -> list[tuple[int, int]]:
    """First and last line of each window, in order, at most LINES_MAX lines together."""
    if total <= WHOLE_LINES_MAX:
        return [(1, total)]
    if not flagged:
        return [(1, WHOLE_LINES_MAX)]
    windows: list[tuple[int, int]] = []
    used = 0
    for number in flagged:
        first, last = max(1, number - AROUND), min(total, number + AROUND)
        if windows and first <= windows[-1][1] + 1:
            used += last - windows[-1][1]
            windows[-1] = (windows[-1][0], last)
        else:
            used += last - first + 1
            windows.append((first, last))
        if used >= LINES_MAX:
            break
    return windows


_TOKEN = re.compile(r"<!--.*?-->|<\?.*?\?>|<[^>]*>?|[^<]+", re.DOTALL)
_OPENED = re.compile(r"<(?:[^\s:/>!?]+:)?([^\s:/>!?]+)")
_NAME = re.compile(r"</?(?:[^\s:/>]+:)?([^\s:/>]+)")


def lay_out(text: str) -> tuple[list[str], dict[str, int]]:
    """One element a line, indented; with the line of each path, every step with its index (`/Bericht[1]/Client[1]`).

    It reads tags, not XML: text that is not well-formed is laid out as far as it goes.
    """
    lines: list[str] = []
    places: dict[str, int] = {}
    path: list[str] = []
    counts: list[dict[str, int]] = [defaultdict(int)]
    has_children = False
    for token in _TOKEN.findall(text):
        if token.startswith(("<!", "<?")):
            lines.append("  " * len(path) + token.strip())
        elif token.startswith("</"):
            if path:
                path.pop()
                counts.pop()
            if has_children or not lines:
                lines.append("  " * len(path) + token)
            else:
                lines[-1] += token
            has_children = True
        elif token.startswith("<"):
            name = match.group(1) if (match := _NAME.match(token)) else "?"
            counts[-1][name] += 1
            path.append(f"{name}[{counts[-1][name]}]")
            lines.append("  " * (len(path) - 1) + token.strip())
            places["/" + "/".join(path)] = len(lines)
            has_children = token.endswith("/>")
            if has_children:
                path.pop()
            else:
                counts.append(defaultdict(int))
        elif token.strip() and lines:
            lines[-1] += token.strip()
    return lines or [""], places


def _find_place(places: dict[str, int], pad: str) -> int | None:
    """The line of a path, or of the nearest element above it that exists."""
    steps = [step if step.endswith("]") else f"{step}[1]" for step in pad.strip("/").split("/")]
    while steps:
        found = places.get("/" + "/".join(steps))
        if found is not None:
            return found
        steps.pop()
    return None
