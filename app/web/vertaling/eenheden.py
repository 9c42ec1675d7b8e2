"""Units of text in the source of a template: what a person reads as one phrase. Pure.

A unit runs between block tags and statements of Jinja. What stands inside it is named in its key: the first expression is `{1}`, the second
`{2}`; a link is `<a>…</a>`, a second one `<a2>…</a2>`. So `Zie <a>de regels</a> van {1}` is one unit, whatever the address and the expression,
and its text in another language may put them in another order, or leave one out by writing `{-1}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.web.vertaling.stukken import Soort, Stuk, kenmerken, stukken

Zoek = Callable[[str], str | None]
"""The text of a unit in the other language; None when there is none: then it stays Dutch."""

LEESBAAR = frozenset({"alt", "aria-description", "aria-label", "aria-roledescription", "data-label", "label", "placeholder", "title"})
"""Attributes that people read or hear; `data-label` is the head of a column on a phone."""
INLINE = frozenset({"a", "abbr", "b", "cite", "dfn", "em", "i", "kbd", "mark", "q", "small", "span", "strong", "sub", "sup", "time"})
"""Tags that may stand inside a phrase."""
LOS = frozenset(
    {"alleen-voorlezen", "blok", "klein", "klein-tekst", "knop", "status", "zacht", "rij__titel", "rij__feiten", "stap__naam", "stap__op"}
)
"""Classes of an inline tag that stands apart on the page, so that what it holds is a phrase of its own."""
LETTERLIJK = frozenset({"code", "pre", "script", "style", "textarea"})
"""What these hold is shown as it is."""
KAAL = frozenset({"option", "text", "title"})
"""These hold text without tags."""

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_KENMERK = re.compile(r"[a-z-]+=\"")
"""The attributes that a macro writes into a tag are no text."""
_PLEK = re.compile(r"\{(-?\d+)\}|<(/?[a-z]+\d*)>")
_UITDRUKKING = re.compile(r"\{\{([-+]?)(.*?)([-+]?)\}\}", re.DOTALL)
_PERSOON = re.compile(r"(?:[._]door|\bactor\.naam)\s*$")
"""Expressions that give the name of an account: `gemaakt_door`, `actor.naam`."""
_BLOK_TITEL = re.compile(r"\{%[-+]?\s*block\s+titel\b")
_EINDE_BLOK = re.compile(r"\{%[-+]?\s*endblock\b")


def eenheden(bron: str) -> list[str]:
    """The keys of the units in a source, in order, each once."""
    found: dict[str, None] = {}

    def noteer(sleutel: str) -> None:
        found.setdefault(sleutel)

    herschrijf(bron, noteer)
    return list(found)


def herschrijf(bron: str, zoek: Zoek, groep: str = "") -> str:
    """The source with each unit in the other language, and each expression that is shown passed through the filter for values.

    Args:
        bron: Source of a template.
        zoek: The catalogue.
        groep: Given to those filters, for words that mean something else in one group of templates; empty for none.
    Returns:
        A source that prints the same tags, attributes and values; expressions go through `vertaal_tekst` where a tag may be put around
        them, else through `vertaal`.
    """
    return _Schrijver(zoek=zoek, groep=groep).herschrijf(bron)


def plekken(tekst: str) -> list[str]:
    """What a unit refers to, sorted: `{1}`, `<a>`, `</a>`. A text in another language refers to the same; `{-1}` says that it leaves one out."""
    return sorted(found[0].replace("-", "") for found in _PLEK.finditer(tekst))


@dataclass(slots=True, kw_only=True)
class _Schrijver:
    """Goes through the pieces once; `run` is what may become a phrase, until a boundary."""

    zoek: Zoek
    groep: str
    uit: list[str] = field(default_factory=list)
    run: list[Stuk] = field(default_factory=list)
    letterlijk: list[str] = field(default_factory=list)
    kaal: bool = False

    def herschrijf(self, bron: str) -> str:
        for stuk in stukken(bron):
            if self.letterlijk:
                self._in_letterlijk(stuk)
            elif stuk.soort in (Soort.TEKST, Soort.UITDRUKKING) or _is_inline(stuk):
                self.run.append(stuk)
            else:
                self._grens(stuk)
        self._spoel()
        return "".join(self.uit)

    def _in_letterlijk(self, stuk: Stuk) -> None:
        """Inside a tag whose content is shown as it is, until that tag ends."""
        self.uit.append(stuk.bron)
        if stuk.naam == self.letterlijk[0]:
            if stuk.sluit:
                self.letterlijk.pop()
            else:
                self.letterlijk.append(stuk.naam)

    def _grens(self, stuk: Stuk) -> None:
        self._spoel()
        self.uit.append(self._tag(stuk.bron) if stuk.soort is Soort.TAG else stuk.bron)
        if _is_letterlijk(stuk):
            self.letterlijk.append(stuk.naam)
        elif stuk.naam in KAAL:
            self.kaal = not stuk.sluit
        elif _BLOK_TITEL.match(stuk.bron):
            self.kaal = True
        elif _EINDE_BLOK.match(stuk.bron):
            self.kaal = False

    def _spoel(self) -> None:
        """What was gathered, as phrases: an inline tag without its partner is a boundary too."""
        run, self.run = self.run, []
        paren = _paren(run)
        begin = 0
        for index, stuk in enumerate(run):
            if stuk.soort is Soort.TAG and index not in paren:
                self._frase(run[begin:index])
                self.uit.append(self._tag(stuk.bron))
                begin = index + 1
        self._frase(run[begin:])

    def _frase(self, run: Sequence[Stuk]) -> None:
        """One phrase; a pair of tags around the whole of it does not belong to it."""
        before, run, after = _bolster(run)
        self.uit.extend(self._stuk(each) for each in before)
        self.uit.append(self._zin(run, kaal=self.kaal))
        self.uit.extend(self._stuk(each) for each in after)

    def _zin(self, run: Sequence[Stuk], *, kaal: bool) -> str:
        sleutel, verwijzingen = _sleutel(run)
        if _KENMERK.match(sleutel):
            return "".join(each.bron for each in run)
        tekst = self.zoek(sleutel) if _LETTERS.search(_PLEK.sub("", sleutel)) else None
        if tekst is None:
            return "".join(self._stuk(each, kaal=kaal) for each in run)
        return _PLEK.sub(
            lambda found: "" if (found[1] or "").startswith("-") else self._stuk(verwijzingen[found[1] or found[2]], kaal=kaal), tekst
        )

    def _stuk(self, stuk: Stuk, *, kaal: bool = False) -> str:
        if stuk.soort is Soort.UITDRUKKING:
            naar = f"('{self.groep}')" if self.groep else ""
            return _gefilterd(stuk.bron, f"{'vertaal' if kaal else 'vertaal_tekst'}{naar}")
        return self._tag(stuk.bron) if stuk.soort is Soort.TAG else stuk.bron

    def _tag(self, tag: str) -> str:
        return "".join(self._waarde(deel) if naam in LEESBAAR else deel for deel, naam in kenmerken(tag))

    def _waarde(self, bron: str) -> str:
        """The value of an attribute that people read: phrases between statements."""
        parts: list[str] = []
        run: list[Stuk] = []
        for stuk in stukken(bron):
            if stuk.soort is Soort.OPDRACHT:
                parts += [self._kenmerkzin(run), stuk.bron]
                run = []
            else:
                run.append(stuk)
        return "".join([*parts, self._kenmerkzin(run)])

    def _kenmerkzin(self, run: Sequence[Stuk]) -> str:
        before, run, after = _rand(run)
        return "".join([*(each.bron for each in before), self._zin(run, kaal=True), *(each.bron for each in after)])


def _is_inline(stuk: Stuk) -> bool:
    if stuk.soort is not Soort.TAG or stuk.naam not in INLINE or _is_letterlijk(stuk):
        return False
    return not LOS & set((stuk.kenmerk("class") or "").split())


def _is_letterlijk(stuk: Stuk) -> bool:
    """A tag that opens what is not translated: code and the like, and what says itself in which language it is."""
    if stuk.soort is not Soort.TAG or stuk.sluit or not stuk.naam or stuk.naam == "html":
        return False
    return stuk.naam in LETTERLIJK or stuk.kenmerk("lang") is not None


def _paren(run: Sequence[Stuk]) -> dict[int, int]:
    """Of each tag in the run that has its partner there: where the partner stands."""
    open_: list[int] = []
    paren: dict[int, int] = {}
    for index, stuk in enumerate(run):
        if stuk.soort is not Soort.TAG:
            continue
        if not stuk.sluit:
            open_.append(index)
        elif open_ and run[open_[-1]].naam == stuk.naam:
            paren[index] = open_.pop()
            paren[paren[index]] = index
    return paren


def _rand(run: Sequence[Stuk]) -> tuple[list[Stuk], list[Stuk], list[Stuk]]:
    """White space before and after, apart from what stands between."""
    run = list(run)
    before: list[Stuk] = []
    after: list[Stuk] = []
    if run and run[0].soort is Soort.TEKST:
        tekst = run[0].bron
        kern = tekst.lstrip()
        before = [Stuk(soort=Soort.TEKST, bron=tekst[: len(tekst) - len(kern)])]
        run[:1] = [Stuk(soort=Soort.TEKST, bron=kern)] if kern else []
    if run and run[-1].soort is Soort.TEKST:
        tekst = run[-1].bron
        kern = tekst.rstrip()
        after = [Stuk(soort=Soort.TEKST, bron=tekst[len(kern) :])]
        run[-1:] = [Stuk(soort=Soort.TEKST, bron=kern)] if kern else []
    return before, run, after


def _bolster(run: Sequence[Stuk]) -> tuple[list[Stuk], list[Stuk], list[Stuk]]:
    """White space, and pairs of tags around everything, apart from the phrase inside them."""
    before, kern, after = _rand(run)
    while len(kern) > 1 and kern[0].soort is Soort.TAG and _paren(kern).get(0) == len(kern) - 1:
        inner_before, inner, inner_after = _rand(kern[1:-1])
        before = [*before, kern[0], *inner_before]
        after = [*inner_after, kern[-1], *after]
        kern = inner
    return before, kern, after


def _sleutel(run: Sequence[Stuk]) -> tuple[str, dict[str, Stuk]]:
    """The key of a phrase, and what the places in it stand for."""
    verwijzingen: dict[str, Stuk] = {}
    namen = _tagnamen(run)
    parts = []
    uitdrukkingen = 0
    for index, stuk in enumerate(run):
        if stuk.soort is Soort.UITDRUKKING:
            uitdrukkingen += 1
            verwijzingen[str(uitdrukkingen)] = stuk
            parts.append(f"{{{uitdrukkingen}}}")
        elif stuk.soort is Soort.TAG:
            verwijzingen[namen[index]] = stuk
            parts.append(f"<{namen[index]}>")
        else:
            parts.append(stuk.bron)
    return " ".join("".join(parts).split()), verwijzingen


def _tagnamen(run: Sequence[Stuk]) -> dict[int, str]:
    """What each tag is called in the key: `a` and `/a`, the second link `a2` and `/a2`."""
    namen: dict[int, str] = {}
    tellingen: dict[str, int] = {}
    for index, partner in sorted(_paren(run).items()):
        if index > partner:
            continue
        naam = run[index].naam
        tellingen[naam] = tellingen.get(naam, 0) + 1
        namen[index] = naam if tellingen[naam] == 1 else f"{naam}{tellingen[naam]}"
        namen[partner] = f"/{namen[index]}"
    return namen


def _gefilterd(bron: str, filter_: str) -> str:
    """An expression of Jinja through a filter; the marks for white space stay. Who did something is a name, and is not translated."""
    found = _UITDRUKKING.fullmatch(bron)
    assert found is not None
    if _PERSOON.search(found[2]):
        return bron
    return f"{{{{{found[1]} ({found[2].strip()})|{filter_} {found[3]}}}}}"
