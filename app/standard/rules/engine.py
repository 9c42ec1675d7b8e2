"""How a rule of the standard becomes code: the decorator, the register of rules, and their evaluation.

A rule is a pure function `(klasse, kijk) -> bool` under its code. This file knows which rules there are for a berichtklasse, evaluates
them and makes a `Bevinding` of each that does not hold. What follows from the findings is decided in `judging`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar

from app.domain.bedrag import BedragMetDC, TotaalBedragMetDC
from app.domain.bericht import Client, Contact, Domein, Relatie
from app.domain.bevinding import Bevinding
from app.domain.declaratie import DeclaratieClient
from app.domain.errors import Parkeren
from app.domain.klassen import Berichtklasse
from app.domain.periode import GeslotenPeriode, OpenPeriode
from app.domain.snapshot import Kijk
from app.standard.rules.facts import FEITEN, hidden_fact

BERICHTINHOUD = 2
"""Controleniveau 2: decided from the bericht alone; retourcode 0001."""
BERICHTOVERSTIJGEND = 3
"""Controleniveau 3: against earlier berichten."""
EXTERNE_BRON = 4
"""Controleniveau 4: against a list or agreement outside the berichten."""

TECHNISCH = "0001"
GEMASKEERD = "***"

PERSOON: tuple[type[Berichtklasse], ...] = (Client, DeclaratieClient, Relatie, Contact)
"""Classes whose values are personal data; a bevinding on them shows no value."""

Functie = Callable[[Any, Kijk], bool]
Melding = Callable[[Any, Kijk], str]
F = TypeVar("F", bound=Functie)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """One rule of the standard that is enforced.

    Attributes:
        code: `TR321`, `CS002`.
        retourcode: Code of WJ001 in the answer when the rule does not hold.
        niveau: Controleniveau 2, 3 or 4.
        berichten: Numbers of the berichten it is about.
        domeinen: `ijw`, `iwmo` or both.
        klassen: Berichtklassen it judges, one at a time.
        element: Path of the element below the class that a bevinding points at; None for the class itself.
        melding: Makes the Dutch sentence, only for a class that failed.
        kijkt_naar: Facts of the past it looks at (names of `facts.FEITEN`); empty for niveau 2.
        alleen: Variant of the class it is about: `D` or `C` of a Prestatie, StatusAanlevering of a start or stop; None for every variant.
        volgt_uit: Fields of the class (`product_periode.begindatum`) that alone decide whether the rule holds, besides what is the same for the
            whole bericht; empty when it looks at more, or when saying so gains nothing. `Toetsing` asks it once for each combination of values.
        functie: The rule itself.
    """

    code: str
    retourcode: str
    niveau: int
    berichten: tuple[str, ...]
    domeinen: tuple[Domein, ...]
    klassen: tuple[type[Berichtklasse], ...]
    element: str | None
    melding: Melding
    kijkt_naar: tuple[str, ...]
    alleen: str | None
    volgt_uit: tuple[str, ...] = ()
    functie: Functie


_REGELS: list[Regel] = []
_SELECTED: dict[tuple[str, str, type[Berichtklasse], bool, str | None], tuple[Regel, ...]] = {}


def rule(
    code: str,
    *,
    retourcode: str = TECHNISCH,
    niveau: int = BERICHTINHOUD,
    berichten: tuple[str, ...],
    klasse: type[Berichtklasse] | tuple[type[Berichtklasse], ...],
    melding: Melding,
    element: str | None = None,
    kijkt_naar: tuple[str, ...] = (),
    domeinen: tuple[Domein, ...] = ("ijw", "iwmo"),
    alleen: str | None = None,
    volgt_uit: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Register a function as the rule `code`; the arguments are those of `Regel`.

    Raises:
        ValueError: The function's name does not start with the code, or a fact has no owner in `facts.FEITEN`.
    """

    def register(functie: F) -> F:
        if not functie.__name__.startswith(f"{code.lower()}_"):
            raise ValueError(f"the function of {code} is called {functie.__name__}")
        if unknown := [feit for feit in kijkt_naar if feit not in FEITEN]:
            raise ValueError(f"{code} looks at {unknown}, which facts.py does not know")
        regel = Regel(
            code=code,
            retourcode=retourcode,
            niveau=niveau,
            berichten=berichten,
            domeinen=domeinen,
            klassen=klasse if isinstance(klasse, tuple) else (klasse,),
            element=element,
            melding=melding,
            kijkt_naar=kijkt_naar,
            alleen=alleen,
            volgt_uit=volgt_uit,
            functie=functie,
        )
        _REGELS.append(regel)
        return functie

    return register


def registered_rules() -> tuple[Regel, ...]:
    """Every registered rule, in order of registration."""
    return tuple(_REGELS)


def rules_for(domein: Domein, soort: str, klasse: type[Berichtklasse], *, inhoud: bool, variant: str | None = None) -> tuple[Regel, ...]:
    """The rules about one berichtklasse, in order of registration; selected once, then remembered.

    Args:
        domein, soort: Of the bericht: `ijw`, `323`.
        klasse: Class of the part that is judged.
        inhoud: True for controleniveau 2, False for 3 and 4.
        variant: See `Regel.alleen`; a rule without it always takes part.
    """
    key = (domein, soort, klasse, inhoud, variant)
    found = _SELECTED.get(key)
    if found is None:
        found = _SELECTED[key] = tuple(
            regel
            for regel in _REGELS
            if domein in regel.domeinen
            and soort in regel.berichten
            and klasse in regel.klassen
            and (regel.niveau == BERICHTINHOUD) is inhoud
            and regel.alleen in (None, variant)
        )
    return found


def failed_rules(regels: Sequence[Regel], klasse: Berichtklasse, kijk: Kijk) -> Sequence[Regel]:
    """The rules that do not hold for this part of the bericht; each is asked once.

    Raises:
        Parkeren: A rule raised; not being able to judge is never an approval.
    """
    try:
        return [regel for regel in regels if not regel.functie(klasse, kijk)]
    except Exception as fout:
        raise could_not_be_judged(regels, klasse, kijk) from fout


def could_not_be_judged(regels: Sequence[Regel], klasse: Berichtklasse, kijk: Kijk) -> Parkeren:
    """Why the bericht is parked: the first rule that raises is named by asking them again, one by one.

    A rule that raised and does not raise now says one thing and then another; that judges nothing either.
    """
    for regel in regels:
        try:
            regel.functie(klasse, kijk)
        except Parkeren as reden:
            return reden
        except Exception as fout:  # noqa: BLE001 - whatever it is, the caller raises what is made of it here
            return Parkeren(f"regel {regel.code} kon niet worden beoordeeld op {_where(klasse)}: {type(fout).__name__}")
    return Parkeren(f"een regel was niet eenduidig te beoordelen op {_where(klasse)}")


def make_bevinding(regel: Regel, klasse: Berichtklasse, kijk: Kijk, pad: str) -> Bevinding:
    """The finding of a rule that does not hold for the class at `pad`.

    Raises:
        Parkeren: The rule rests on a fact that the sender cannot see (OP095), or its sentence cannot be made.
    """
    if feit := hidden_fact(regel.kijkt_naar, kijk):
        raise Parkeren(f"regel {regel.code} steunt op {feit}, dat de afzender niet kan zien (OP095), op {_where(klasse)}")
    try:
        melding = regel.melding(klasse, kijk)
    except Exception as fout:
        raise Parkeren(f"de melding van regel {regel.code} kon niet worden gemaakt op {_where(klasse)}: {type(fout).__name__}") from fout
    return Bevinding(
        regel=regel.code,
        retourcode=regel.retourcode,
        pad=f"{pad}/{regel.element}" if regel.element else pad,
        regelnummer=klasse.regelnummer or None,
        waarde=value_at(klasse, regel.element),
        melding=melding,
    )


def evaluate(regels: Sequence[Regel], klasse: Berichtklasse, kijk: Kijk, pad: str) -> list[Bevinding]:
    """The findings of these rules on one part of the bericht, whose path is `pad`.

    Raises:
        Parkeren: A rule raised, or a finding rests on a fact hidden from the sender.
    """
    return findings_of(failed_rules(regels, klasse, kijk), klasse, kijk, pad)


def findings_of(failed: Iterable[Regel], klasse: Berichtklasse, kijk: Kijk, pad: str) -> list[Bevinding]:
    """The findings of rules that failed on a part of the bericht, whose path is `pad`.

    Raises:
        Parkeren: As `make_bevinding`.
    """
    return [make_bevinding(regel, klasse, kijk, pad) for regel in failed]


def value_at(klasse: Berichtklasse, element: str | None) -> str | None:
    """The value of an element below a class as a bevinding shows it: masked for personal data, None when it is absent or composed."""
    if element is None:
        return None
    value: object = klasse
    for name in _fields_of(element):
        value = getattr(value, name, None)
        if value is None:
            return None
    text = _as_text(value)
    return GEMASKEERD if text is not None and isinstance(klasse, PERSOON) else text


@cache
def _fields_of(element: str) -> tuple[str, ...]:
    """`ProductPeriode/Einddatum` as the fields on the way to it: `product_periode`, `einddatum`."""
    return tuple(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in element.split("/"))


def _as_text(value: object) -> str | None:
    """A simple value, an amount or a period as text; None for what has no short text."""
    if isinstance(value, (str, int, date)):
        return str(value)
    if isinstance(value, BedragMetDC):
        return f"{value.bedrag} {value.debet_credit}"
    if isinstance(value, TotaalBedragMetDC):
        return f"{value.totaal_bedrag} {value.debet_credit}"
    if isinstance(value, (GeslotenPeriode, OpenPeriode)):
        return f"{value.begindatum} t/m {value.einddatum}"
    return None


def _where(klasse: Berichtklasse) -> str:
    """Class and line, for the reason of a parked bericht; no value, for it may be personal data."""
    naam = "Client" if isinstance(klasse, DeclaratieClient) else type(klasse).__name__
    return f"{naam}, regel {klasse.regelnummer}" if klasse.regelnummer else naam
