"""What is called what in another language: texts as they stand, and texts with places in them. Pure but for `lees_catalogus`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.web.vertaling.getalvormen import engelse_vorm

ALGEMEEN = "algemeen"
"""The file of what templates of more than one group say."""
WOORDEN = "woorden"
"""The file of what Python says; only of its texts the places are looked for in a value."""
_PLEK = re.compile(r"\{(\d+)\}")
_VULPLEK = re.compile(r"\{(-?\d+)\}")
_GETAL = re.compile(r"-?(?:€\s?)?[\d.,]+(?:\s?%)?")
_ZINNEN = re.compile(r"(?<=[.!?:;]) ")
_DIEPTE_MAX = 3
"""A value inside a text inside a text; deeper is not looked."""
_WOORD = re.compile(r"\w+")
_HEEL_WOORD = re.compile(r"(?<=\W)[^\W_]+(?=\W)")
"""A word that touches no place, which might make it a part of a longer one."""
_NAAM_WOORDEN_MAX = 7
"""No name of a party, product or person has more words."""
_TEKENS_MAX = 2_000
"""Longer values are not texts of ours."""


class Catalogus:
    """The texts of one language by their Dutch.

    Args:
        bestanden: By name: a file for each group of templates, `ALGEMEEN` for what more than one of them says, and `WOORDEN` for what Python says,
            where a key with `{1}` holds for every value that fills it. The file of a group goes before the others in that group's templates.
    """

    def __init__(self, bestanden: Mapping[str, Mapping[str, str]]) -> None:
        self._groepen = bestanden
        self._teksten = {key: text for naam in (*bestanden, WOORDEN, ALGEMEEN) for key, text in bestanden.get(naam, {}).items()}
        self._woorden = bestanden.get(WOORDEN, {})

    def tekst(self, sleutel: str, groep: str = ALGEMEEN) -> str | None:
        """The text of a unit of a template of a group."""
        return self._groepen.get(groep, {}).get(sleutel) or self._teksten.get(sleutel)

    def waarde(self, waarde: str, groep: str = ALGEMEEN) -> str:
        """A value as the reader of this language sees it: a known text, a form of a number or date, or else unchanged."""
        if len(waarde) > _TEKENS_MAX:
            return waarde
        kern = waarde.strip()
        found = self._groepen.get(groep, {}).get(kern) or self._zoek(kern, _DIEPTE_MAX)
        return waarde if found is None else waarde.replace(kern, found, 1)

    def _zoek(self, tekst: str, diepte: int) -> str | None:
        if not tekst or diepte == 0:
            return None
        found = self._vast(tekst) or engelse_vorm(tekst)
        if found is None and " " in tekst:
            found = self._patroon(tekst, diepte) or self._na_nummer(tekst) or self._zinnen(tekst, diepte)
        return found

    def _vast(self, tekst: str) -> str | None:
        """A text without places; one that differs in its first letter keeps that letter's case."""
        found = self._teksten.get(tekst)
        if found is not None:
            return found
        eerste = tekst[0]
        anders = self._teksten.get(eerste.swapcase() + tekst[1:]) if eerste.isalpha() else None
        if anders is None:
            return None
        return (anders[0].upper() if eerste.isupper() else anders[0].lower()) + anders[1:]

    def _patroon(self, tekst: str, diepte: int) -> str | None:
        for patroon, engels in self._kandidaten(tekst):
            found = patroon.delen(tekst)
            delen = {plek: self._deel(deel, diepte) for plek, deel in found.items()} if found is not None else {}
            if found is not None and None not in delen.values():
                return _vul(engels, {plek: deel for plek, deel in delen.items() if deel is not None})
        return None

    def _deel(self, tekst: str, diepte: int) -> str | None:
        """What fills a place: known itself, or a name; None when it is so long that it is no name, and the text another one."""
        kern = tekst.strip()
        found = self._zoek(kern, diepte - 1)
        if found is None:
            return tekst if kern.count(" ") < _NAAM_WOORDEN_MAX else None
        return tekst.replace(kern, found, 1)

    def _na_nummer(self, tekst: str) -> str | None:
        """A known word after a number or code: `323 declaratie`."""
        nummer, _, rest = tekst.partition(" ")
        found = self._vast(rest.strip()) if rest.strip() and any(each.isdigit() for each in nummer) else None
        return None if found is None else f"{nummer} {found}"

    def _zinnen(self, tekst: str, diepte: int) -> str | None:
        """Several sentences, each of them known."""
        zinnen = _ZINNEN.split(tekst)
        if len(zinnen) < 2:
            return None
        found = [self._zoek(zin, diepte - 1) for zin in zinnen]
        return None if None in found else " ".join(each for each in found if each is not None)

    def _kandidaten(self, tekst: str) -> list[tuple[Patroon, str]]:
        """The texts with places that may be this one: those of which it has the longest word; the one that says most itself first."""
        words = set(_WOORD.findall(tekst))
        found = sorted(rang for word in ("", *words) for rang in self._op_woord.get(word, ()))
        return [self._patronen[rang] for rang in found]

    @cached_property
    def _patronen(self) -> list[tuple[Patroon, str]]:
        keys = sorted((key for key in self._woorden if _PLEK.search(key)), key=lambda key: -len(_PLEK.sub("", key)))
        return [(Patroon.van(key), self._woorden[key]) for key in keys]

    @cached_property
    def _op_woord(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for rang, (patroon, _) in enumerate(self._patronen):
            found.setdefault(patroon.woord, []).append(rang)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Patroon:
    """A text with places: what is fixed, the places between, and the longest word of what is fixed (empty: none that touches no place).

    Matching goes once from left to right, so that no text makes it slow.
    """

    vast: tuple[str, ...]
    plekken: tuple[str, ...]
    woord: str

    @classmethod
    def van(cls, sleutel: str) -> Patroon:
        """Of a key with places."""
        parts = _PLEK.split(sleutel)
        words = _HEEL_WOORD.findall(f" {_PLEK.sub('_', sleutel)} ")
        return cls(vast=tuple(parts[::2]), plekken=tuple(parts[1::2]), woord=max(words, key=len, default=""))

    def delen(self, tekst: str) -> dict[str, str] | None:
        """What fills each place; None when the text is another one. A place may be empty, and takes a number or amount whole."""
        if not tekst.startswith(self.vast[0]) or not tekst.endswith(self.vast[-1]):
            return None
        found: dict[str, str] = {}
        begin, laatste = len(self.vast[0]), len(self.plekken) - 1
        for index, plek in enumerate(self.plekken):
            vast = self.vast[index + 1]
            einde = len(tekst) - len(vast) if index == laatste else _einde(tekst, begin, vast)
            if einde < begin:
                return None
            found[plek] = tekst[begin:einde]
            begin = einde + len(vast)
        return found


def _einde(tekst: str, begin: int, vast: str) -> int:
    """Where a place ends: after a number that what is fixed follows at once, else before the first place of what is fixed; -1 for nowhere."""
    getal = _GETAL.match(tekst, begin)
    na_getal = begin + len(getal[0].rstrip(".,")) if getal else begin
    return na_getal if tekst.startswith(vast, na_getal) else tekst.find(vast, begin)


def _vul(tekst: str, delen: Mapping[str, str]) -> str:
    """A text with its places filled; `{-1}` is left out."""
    return _VULPLEK.sub(lambda plek: "" if plek[1].startswith("-") else delen[plek[1]], tekst)


def lees_catalogus(map_: Path) -> Catalogus:
    """The catalogue in a folder of JSON files."""
    return Catalogus({path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(map_.glob("*.json"))})


def groep_van(sjabloon: str) -> str:
    """The group of a template: the first word of its name; `ALGEMEEN` for the pieces that many of them use."""
    return ALGEMEEN if sjabloon.startswith("_") else sjabloon.removesuffix(".html").partition("_")[0]
