"""The whole rulebook: the rows of the standard joined with the rules that are registered, what stands in their place, and their tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from app.standard.catalogue import Domein
from app.standard.rulebook.reading import (
    Plek,
    Proef,
    RegelboekOngeldig,
    Voorschrift,
    Werkwijze,
    ZonderFunctie,
    read_plekken,
    read_proeven,
    read_voorschriften,
    read_werkwijzen,
    read_zonder_functie,
)
from app.standard.rulebook.regelrij import SOORTEN, Proeven, RegelRij, Staat
from app.standard.rules import Regel, registered_rules

SCHEMA_WAAROM = "Het schema van het bericht weigert dit aan de deur, met pad, regel en wat er verwacht is."
SCHEMA_WAAR = ("app.adapters.xml.accept",)
_UITKOMSTEN: dict[str, Callable[[tuple[str, ...]], Proeven]] = {
    "houdt": lambda tests: Proeven(houdt=tests),
    "faalt": lambda tests: Proeven(faalt=tests),
    "toont": lambda tests: Proeven(toont=tests),
}
_VOLGORDE = {soort: place for place, soort in enumerate(SOORTEN)}


@cache
def regelboek() -> tuple[RegelRij, ...]:
    """Every row of both domeinen, by domein, kind and code; made once, for rules and files do not change while the program runs.

    Raises:
        RegelboekOngeldig: A file names a code, a bericht or a state that cannot be.
    """
    register = _by_code(registered_rules())
    proeven = _proeven(read_proeven())
    voorschriften = read_voorschriften()
    redenen = _redenen(read_zonder_functie())
    rijen: list[RegelRij] = []
    for plek in read_plekken():
        if plek.code not in voorschriften:
            raise RegelboekOngeldig(f"plekken.csv: technisch.csv has no {plek.code}")
        functies = register.get(plek.code, ())
        rijen.extend(_technisch(voorschriften[plek.code], plek, domein, functies, redenen, proeven) for domein in plek.domeinen)
    for werkwijze in read_werkwijzen():
        rijen.extend(_werkwijze(werkwijze, domein, register, proeven) for domein in werkwijze.domeinen)
    return tuple(sorted(rijen, key=lambda rij: (rij.domein, _VOLGORDE[rij.soort], rij.code)))


def rules_at(regels: Iterable[Regel], domein: Domein, bericht: str, element: str) -> tuple[Regel, ...]:
    """The rules that judge a place: in this bericht, and on its berichtklasse when the element names one.

    A class of ours may have a longer name than that of the standard: `DeclaratieClient` is the Client of a declaratie.
    """
    klasse = element.partition("/")[0]
    return tuple(
        regel
        for regel in regels
        if domein in regel.domeinen and bericht in regel.berichten and any(each.__name__.endswith(klasse) for each in regel.klassen)
    )


def _by_code(regels: Iterable[Regel]) -> dict[str, tuple[Regel, ...]]:
    """The registered rules by code."""
    found: dict[str, list[Regel]] = defaultdict(list)
    for regel in regels:
        found[regel.code].append(regel)
    return {code: tuple(each) for code, each in found.items()}


def _redenen(rows: Iterable[ZonderFunctie]) -> dict[tuple[str, str], ZonderFunctie]:
    """Why there is no function, by code and bericht; raises RegelboekOngeldig when two rows speak of the same."""
    found: dict[tuple[str, str], ZonderFunctie] = {}
    for row in rows:
        for bericht in row.berichten:
            if (row.code, bericht) in found:
                raise RegelboekOngeldig(f"zonder_functie.csv: two reasons for {row.code} in {bericht}")
            found[row.code, bericht] = row
    return found


def _proeven(rows: Iterable[Proef]) -> dict[str, Proeven]:
    """The tests by function or code."""
    found: dict[str, list[Proeven]] = defaultdict(list)
    for row in rows:
        found[row.functie].append(_UITKOMSTEN[row.uitkomst]((row.test,)))
    return {naam: Proeven.samen(each) for naam, each in found.items()}


def _technisch(
    voorschrift: Voorschrift,
    plek: Plek,
    domein: Domein,
    regels: tuple[Regel, ...],
    redenen: dict[tuple[str, str], ZonderFunctie],
    proeven: dict[str, Proeven],
) -> RegelRij:
    """A row of kind TR, CD, CS or RS: by its functions, else by the schema, else by the reason that is given for each bericht."""
    soort = plek.code[:2]
    if soort == "RS" or (soort == "CS" and not voorschrift.retourcode):
        return _rij(voorschrift, plek, domein, Staat.SCHEMA, SCHEMA_WAAROM, SCHEMA_WAAR, proeven.get(plek.code, Proeven()))
    per_bericht = {bericht: rules_at(regels, domein, bericht, plek.element) for bericht in plek.berichten}
    functies = {regel.functie.__name__: regel for found in per_bericht.values() for regel in found}
    without = [bericht for bericht, found in per_bericht.items() if not found]
    elders = {id(reason): reason for bericht in without if (reason := redenen.get((plek.code, bericht)))}.values()
    missing = tuple(bericht for bericht in without if (plek.code, bericht) not in redenen)
    waarom = " ".join(f"{' '.join(each.berichten)}: {each.waarom}" if functies else each.waarom for each in elders)
    names = (*map(_dotted, functies.values()), *(naam for each in elders for naam in each.waar))
    shown = Proeven.samen([*(proeven.get(naam, Proeven()) for naam in functies), *(Proeven(toont=each.tests) for each in elders)])
    staat = Staat.AFGEDWONGEN if functies else next((each.staat for each in elders), Staat.OPEN)
    return _rij(voorschrift, plek, domein, staat, waarom, names, shown, missing)


def _rij(
    voorschrift: Voorschrift,
    plek: Plek,
    domein: Domein,
    staat: Staat,
    waarom: str,
    functies: tuple[str, ...],
    proeven: Proeven,
    open_berichten: tuple[str, ...] = (),
) -> RegelRij:
    """A row of `plek` with its outcome."""
    return RegelRij(
        domein=domein,
        soort=plek.code[:2],
        code=plek.code,
        berichten=plek.berichten,
        element=plek.element,
        zin=voorschrift.zin,
        staat=staat,
        waarom=waarom,
        functies=tuple(dict.fromkeys(functies)),
        proeven=proeven,
        retourcode=voorschrift.retourcode,
        open_berichten=open_berichten,
    )


def _werkwijze(row: Werkwijze, domein: Domein, register: dict[str, tuple[Regel, ...]], proeven: dict[str, Proeven]) -> RegelRij:
    """A row of kind UP, OP or IV; where it names a rule, that rule's functions of this domein and their tests are its own."""
    regels = [regel for naam in row.waar for regel in register.get(naam, ()) if domein in regel.domeinen]
    return RegelRij(
        domein=domein,
        soort=row.soort,
        code=row.code,
        berichten=row.berichten,
        element="",
        zin=row.zin,
        staat=row.staat,
        waarom=row.waarom,
        functies=tuple(dict.fromkeys(_expand(row.waar, regels))),
        proeven=Proeven.samen(proeven[naam] for naam in (row.code, *(regel.functie.__name__ for regel in regels)) if naam in proeven),
    )


def _expand(waar: tuple[str, ...], regels: list[Regel]) -> Iterator[str]:
    """Dotted names as they are; codes of rules as the functions they are, or as the code when the schema or the process sees to it."""
    for naam in waar:
        own = [_dotted(regel) for regel in regels if regel.code == naam]
        yield from own or [naam]


def _dotted(regel: Regel) -> str:
    """Where the function of a rule stands."""
    return f"{regel.functie.__module__}.{regel.functie.__name__}"
