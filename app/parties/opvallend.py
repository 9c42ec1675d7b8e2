"""What is possible in a region but seldom meant: a gap between tariffs, a merger that loses inhabitants, a contract that counts for nobody. Pure.

A warning is shown before a load and stops nothing. Looked for only in a region without faults.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from app.domain.periode import EEN_DAG
from app.parties.bekend import Regel, Regels
from app.parties.folder import RegioFout
from app.parties.looptijd import Periode, doorsnede
from app.parties.region import (
    Aanbieder,
    Contract,
    Deelname,
    Gemeente,
    Herindeling,
    Maatstaf,
    Onderaannemer,
    RegioProduct,
    Tarief,
    reeks_van,
)

INWONERS = "inwoners"
INWONERS_VERSCHIL = Fraction(2, 100)
"""A merger may change the number of inhabitants by so much; more is a part that was forgotten."""


def opvallend(regels: Regels) -> Iterator[RegioFout]:
    """Every warning about these rows."""
    yield from gaten(regels.get(Tarief, ()))
    yield from zonder_opvolger(regels.get(Gemeente, ()), regels.get(Herindeling, ()))
    yield from loopt_door(regels.get(Gemeente, ()), regels.get(Herindeling, ()))
    yield from verloren_inwoners(regels.get(Herindeling, ()), regels.get(Maatstaf, ()))
    yield from zonder_deelname(regels)
    yield from dubbele_onderaannemers(regels.get(Onderaannemer, ()), regels.get(Aanbieder, ()))


def gaten(tarieven: Iterable[Regel]) -> Iterator[RegioFout]:
    """Days between two lines of a contract for the same product and eenheid: a prestatie then has no tariff.

    Both lines share a day with their contract, or that would be a fault, so the contract runs on the days between.
    """
    per_reeks: defaultdict[tuple[object, ...], list[Regel]] = defaultdict(list)
    for regel in tarieven:
        per_reeks[reeks_van(regel.rij)].append(regel)
    for lines in per_reeks.values():
        lines.sort(key=lambda regel: regel.rij.geldig_van)
        for eerder, later in pairwise(lines):
            van, tot = eerder.rij.geldig_tot + EEN_DAG, later.rij.geldig_van - EEN_DAG
            if van <= tot:
                zin = (
                    f"Van {van} tot en met {tot} heeft dit product in dit contract geen tarief; sluit de regel aan op rij {eerder.nummer}."
                )
                yield later.fout("geldig_van", zin)


def zonder_opvolger(gemeenten: Iterable[Regel], herindelingen: Iterable[Regel]) -> Iterator[RegioFout]:
    """A gemeente that ends and goes over into none: nobody bears its care from then on."""
    rows = tuple(gemeenten)
    begins = {(regel.rij.code, regel.rij.geldig_van) for regel in rows}
    gaat_over = {(regel.rij.van, regel.rij.datum) for regel in herindelingen}
    for regel in rows:
        daarna = None if regel.rij.geldig_tot is None else (regel.rij.code, regel.rij.geldig_tot + EEN_DAG)
        if daarna is not None and daarna not in gaat_over and daarna not in begins:
            zin = f"Deze gemeente eindigt zonder herindeling op {daarna[1]}; zeg in herindelingen.csv waarin zij overgaat."
            yield regel.fout("geldig_tot", zin)


def loopt_door(gemeenten: Iterable[Regel], herindelingen: Iterable[Regel]) -> Iterator[RegioFout]:
    """A gemeente that goes over into others as a whole and does not end."""
    rows = tuple(herindelingen)
    houdt_deel = {(regel.rij.van, regel.rij.datum) for regel in rows if regel.rij.van == regel.rij.naar}
    weg = {(regel.rij.van, regel.rij.datum) for regel in rows} - houdt_deel
    for regel in gemeenten:
        for datum in sorted(datum for code, datum in weg if code == regel.rij.code):
            if regel.rij.geldig_van < datum and (regel.rij.geldig_tot is None or regel.rij.geldig_tot >= datum):
                zin = f"Deze gemeente gaat op {datum} over in een andere en loopt door; vul {datum - EEN_DAG} in als laatste dag."
                yield regel.fout("geldig_tot", zin)


def verloren_inwoners(herindelingen: Iterable[Regel], maatstaven: Iterable[Regel]) -> Iterator[RegioFout]:
    """The parts that come together have, in the year before, more than 2 % more or fewer inhabitants than the whole in the year after.

    A merger on 1 January is looked at in the year before it and its own year; another in its own year and the next (the figures of that year
    are those of the old gemeenten). Without one of the figures nothing is said.
    """
    inwoners = {
        (regel.rij.gemeente, regel.rij.jaar): regel.rij.waarde
        for regel in maatstaven
        if regel.rij.maatstaf == INWONERS and not regel.rij.zorgvorm
    }
    per_naar: defaultdict[tuple[date, str], list[Regel]] = defaultdict(list)
    for regel in herindelingen:
        per_naar[regel.rij.datum, regel.rij.naar].append(regel)
    gesplitst = {(regel.rij.datum, regel.rij.van) for lines in per_naar.values() for regel in lines}
    for (datum, naar), lines in per_naar.items():
        after = datum.year if (datum.month, datum.day) == (1, 1) else datum.year + 1
        parts = [(regel.rij.fractie, inwoners.get((regel.rij.van, after - 1))) for regel in lines]
        if (datum, naar) not in gesplitst and (own := inwoners.get((naar, after - 1))) is not None:
            parts.append((Fraction(1), own))
        whole = inwoners.get((naar, after))
        if whole is None:
            continue
        before = _som(parts)
        if before is not None and abs(before - Fraction(whole)) > INWONERS_VERSCHIL * before:
            zin = (
                f"De delen van {naar} hebben in {after - 1} samen {round(before)} inwoners en {naar} heeft er in {after} {whole:f};"
                " voeg een deel toe of verbeter de maatstaven."
            )
            yield lines[0].fout("naar", zin)


def _som(parts: Iterable[tuple[Fraction, Decimal | None]]) -> Fraction | None:
    """The parts together; None when one of them has no figure."""
    total = Fraction(0)
    for fractie, waarde in parts:
        if waarde is None:
            return None
        total += fractie * Fraction(waarde)
    return total


def zonder_deelname(regels: Regels) -> Iterator[RegioFout]:
    """A contract for `*` with lines in a zorgvorm that no gemeente ever buys jointly while they are valid."""
    deelnames: defaultdict[str, list[Periode]] = defaultdict(list)
    for regel in regels.get(Deelname, ()):
        deelnames[regel.rij.zorgvorm].append((regel.rij.geldig_van, regel.rij.geldig_tot))
    if not deelnames:
        return
    producten: defaultdict[tuple[str, str, str], list[RegioProduct]] = defaultdict(list)
    for regel in regels.get(RegioProduct, ()):
        producten[regel.rij.domein, regel.rij.categorie, regel.rij.code].append(regel.rij)
    contracten = {regel.rij.contract: regel for regel in regels.get(Contract, ()) if regel.rij.alle_gemeenten}
    missing: dict[tuple[str, str], None] = {}
    for regel in regels.get(Tarief, ()):
        tarief: Tarief = regel.rij
        own = producten[contracten[tarief.contract].rij.domein, tarief.categorie, tarief.code] if tarief.contract in contracten else ()
        for product in own:
            days = doorsnede((tarief.geldig_van, tarief.geldig_tot), (product.geldig_van, product.geldig_tot))
            if days is not None and not any(doorsnede(days, each) for each in deelnames[product.zorgvorm]):
                missing[tarief.contract, product.zorgvorm] = None
    for nummer, zorgvorm in missing:
        zin = f"Geen gemeente neemt deel in {zorgvorm} terwijl dit contract er tarieven voor heeft; vul deelname.csv aan of noem de gemeenten."
        yield contracten[nummer].fout("gemeenten", zin)


def dubbele_onderaannemers(onderaannemers: Iterable[Regel], aanbieders: Iterable[Regel]) -> Iterator[RegioFout]:
    """A row with dates for who already claims on every contract of that contractpartner on every day."""
    partners = {(regel.rij.agb, regel.rij.contractpartner_agb) for regel in aanbieders}
    for regel in onderaannemers:
        if (regel.rij.onderaannemer_agb, regel.rij.hoofdaannemer_agb) in partners:
            zin = (
                "Deze rij verandert niets: volgens aanbieders.csv declareert deze aanbieder altijd op de contracten van deze hoofdaannemer."
            )
            yield regel.fout("onderaannemer_agb", zin)
