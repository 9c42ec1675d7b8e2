"""Rows of the rulebook found, counted and taken together per code, for the command and the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.standard.catalogue import Domein
from app.standard.rulebook.regelrij import SOORTEN, Proeven, RegelRij, Staat


@dataclass(frozen=True, slots=True, kw_only=True)
class RegelVraag:
    """What to find; None, or an empty text, does not limit.

    Attributes:
        tekst: Words that all stand, in any case, in code, sentence, reason, element, retourcode or a function's name.
        code: Beginning of the code, in any case: `TR3`.
    """

    tekst: str = ""
    domein: Domein | None = None
    soort: str | None = None
    staat: Staat | None = None
    bericht: str | None = None
    code: str = ""

    def zonder_staat(self) -> RegelVraag:
        """The same question whatever the state, to count the states of what it finds."""
        return replace(self, staat=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regelgroep:
    """A code with its rows, those of both domeinen together."""

    code: str
    soort: str
    rijen: tuple[RegelRij, ...]

    @property
    def zin(self) -> str:
        """What it asks; the same in every row."""
        return self.rijen[0].zin

    @property
    def retourcode(self) -> str:
        """Its code of WJ001, or empty; the same in every row."""
        return self.rijen[0].retourcode

    @property
    def domeinen(self) -> tuple[Domein, ...]:
        """In which domeinen it stands."""
        return tuple(dict.fromkeys(rij.domein for rij in self.rijen))

    @property
    def staten(self) -> tuple[Staat, ...]:
        """The states of its rows, each once, in the order of `Staat`."""
        found = {rij.staat for rij in self.rijen}
        return tuple(staat for staat in Staat if staat in found)

    @property
    def redenen(self) -> tuple[str, ...]:
        """What is said about its rows, each once."""
        return tuple(dict.fromkeys(rij.waarom for rij in self.rijen if rij.waarom))

    @property
    def functies(self) -> tuple[str, ...]:
        """What sees to it, each once."""
        return tuple(dict.fromkeys(naam for rij in self.rijen for naam in rij.functies))

    @property
    def proeven(self) -> Proeven:
        """The tests of all its rows."""
        return Proeven.samen(rij.proeven for rij in self.rijen)


def zoek(rijen: Iterable[RegelRij], vraag: RegelVraag) -> tuple[RegelRij, ...]:
    """The rows that answer the question, in their own order."""
    words = vraag.tekst.casefold().split()
    code = vraag.code.casefold()
    return tuple(
        rij
        for rij in rijen
        if (vraag.domein is None or rij.domein == vraag.domein)
        and (vraag.soort is None or rij.soort == vraag.soort)
        and (vraag.staat is None or rij.staat is vraag.staat)
        and (vraag.bericht is None or vraag.bericht in rij.berichten)
        and rij.code.casefold().startswith(code)
        and _has_words(rij, words)
    )


def per_code(rijen: Iterable[RegelRij]) -> tuple[Regelgroep, ...]:
    """The rows per code, by kind and code."""
    volgorde = list(SOORTEN)
    ordered = sorted(rijen, key=lambda rij: (volgorde.index(rij.soort), rij.code, rij.domein))
    return tuple(
        Regelgroep(code=code, soort=soort, rijen=tuple(group))
        for (soort, code), group in groupby(ordered, key=lambda rij: (rij.soort, rij.code))
    )


def tel_staten(rijen: Iterable[RegelRij]) -> dict[Staat, int]:
    """How many rows have each state; every state is there."""
    counted = Counter(rij.staat for rij in rijen)
    return {staat: counted[staat] for staat in Staat}


def _has_words(rij: RegelRij, words: Sequence[str]) -> bool:
    """Whether every word stands somewhere in the row."""
    if not words:
        return True
    text = "\n".join((rij.code, rij.zin, rij.waarom, rij.element, rij.retourcode, *rij.functies)).casefold()
    return all(word in text for word in words)
