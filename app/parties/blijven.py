"""What stays of the rows that a new folder no longer has (decision 0010). Pure.

A folder says how things are from now on and corrects what it names; it does not rewrite days that are past by leaving something out. So a row
that is gone keeps its days before today, as far as the folder says nothing else about them, and what those rows refer to stays with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.periode import EEN_DAG
from app.parties.looptijd import Periode, doorsnede, einde_van, einden
from app.parties.region import (
    PER_PERIODE,
    TABELLEN,
    Aanbieder,
    Contract,
    Contractoptie,
    Deelname,
    Gemeente,
    Herindeling,
    Onderaannemer,
    Productgroep,
    Region,
    RegioProduct,
    Rij,
    Tarief,
    Zorgvorm,
    reeks_van,
    region_van,
    sleutel_van,
)

Resten = dict[type[Rij], dict[Any, tuple[Any, ...]]]
"""Per kind each row that is gone and what stays of it: itself, a shorter one, or nothing."""


def wat_blijft(huidig: Region, map_: Region, vandaag: date) -> Resten:
    """For every row that counts now and whose key the folder does not have: what stays of it.

    Args:
        huidig: The region that counts now.
        map_: What the folder says, without faults.
        vandaag: Day of the load; what is gone ends the day before.
    """
    resten: Resten = {soort: dict.fromkeys(_weg(soort, huidig, map_), ()) for soort in TABELLEN}
    gisteren = vandaag - EEN_DAG
    for soort in PER_PERIODE:
        named = _periodes(map_.rijen(soort))
        for rij in resten[soort]:
            resten[soort][rij] = tuple(_stukken(rij, gisteren, named.get(reeks_van(rij), ())))
    if not map_.deelname:
        # A file without rows is a statement about every day: all take part in all.
        resten[Deelname] = dict.fromkeys(resten[Deelname], ())
    known = {rij.van for rij in map_.herindelingen}
    resten[Herindeling] = {rij: (rij,) if rij.datum <= vandaag and rij.van not in known else () for rij in resten[Herindeling]}
    resten[Contractoptie] = dict(_opties(resten, map_, gisteren))
    _drop_without_contract(resten, map_)
    _keep_what_is_named(resten, map_)
    return resten


def samen(map_: Region, resten: Resten) -> Region:
    """The region after the load: what the folder says, and what stays beside it."""
    return region_van({soort: (*map_.rijen(soort), *_blijvend(resten, soort)) for soort in TABELLEN})


def _weg(soort: type[Rij], huidig: Region, map_: Region) -> Iterator[Any]:
    named = {sleutel_van(rij) for rij in map_.rijen(soort)}
    return (rij for rij in huidig.rijen(soort) if sleutel_van(rij) not in named)


def _blijvend(resten: Resten, soort: type[Rij]) -> Iterator[Any]:
    return (stuk for stukken in resten[soort].values() for stuk in stukken)


def _periodes(rijen: Iterable[Any]) -> Mapping[tuple[Any, ...], list[Periode]]:
    grouped: defaultdict[tuple[Any, ...], list[Periode]] = defaultdict(list)
    for rij in rijen:
        grouped[reeks_van(rij)].append((rij.geldig_van, rij.geldig_tot))
    return grouped


def _stukken(rij: Any, gisteren: date, named: Iterable[Periode]) -> Iterator[Any]:
    """A row cut to the days up to `gisteren` that are in none of the periods that the folder names."""
    tot = gisteren if rij.geldig_tot is None else min(rij.geldig_tot, gisteren)
    van = rij.geldig_van
    for begin, einde in sorted(named, key=lambda periode: periode[0]):
        if begin > van and van <= tot:
            yield replace(rij, geldig_van=van, geldig_tot=min(tot, begin - EEN_DAG))
        van = max(van, date.max if einde is None or einde == date.max else einde + EEN_DAG)
    if van <= tot:
        yield replace(rij, geldig_van=van, geldig_tot=tot)


def _opties(resten: Resten, map_: Region, gisteren: date) -> Iterator[tuple[Contractoptie, tuple[Contractoptie, ...]]]:
    """An exercised option keeps the days before today by which it made its contract longer; one that nobody exercised is nothing."""
    contracten = {rij.contract: rij for rij in (*map_.contracten, *_blijvend(resten, Contract))}
    ends: dict[str, date | None] = {
        nummer: einde_van(contract, (optie for optie in map_.contractopties if optie.contract == nummer))
        for nummer, contract in contracten.items()
        if any(optie.contract == nummer for optie in resten[Contractoptie])
    }
    for optie in sorted(resten[Contractoptie], key=lambda rij: rij.tot):
        end = ends.get(optie.contract)
        tot = min(optie.tot, gisteren)
        if optie.uitgeoefend_op is None or end is None or tot <= end:
            yield optie, ()
        else:
            ends[optie.contract] = tot
            yield optie, (replace(optie, tot=tot),)


def _drop_without_contract(resten: Resten, map_: Region) -> None:
    """What stays of a contract that never ran, or of a tariff that shares no day with its contract or product, says nothing."""
    after = samen(map_, resten)
    contracten = {rij.contract: rij for rij in after.contracten}
    last_days = einden(after)
    producten = _periodes(after.producten)

    def holds(rij: Any) -> bool:
        contract = contracten.get(rij.contract)
        if contract is None or not isinstance(rij, Tarief):
            return contract is not None or rij.contract == ""
        own = (rij.geldig_van, rij.geldig_tot)
        product = producten.get((contract.domein, rij.categorie, rij.code), ())
        return doorsnede(own, (contract.geldig_van, last_days[rij.contract])) is not None and any(doorsnede(own, each) for each in product)

    for soort in (Contractoptie, Onderaannemer, Tarief):
        resten[soort] = {rij: tuple(stuk for stuk in stukken if holds(stuk)) for rij, stukken in resten[soort].items()}


def _keep_what_is_named(resten: Resten, map_: Region) -> None:
    """A gemeente, aanbieder, zorgvorm or productgroep that is gone stays while a row that stays names it."""
    for soort, code in ((Gemeente, "code"), (Zorgvorm, "zorgvorm"), (Productgroep, "groep"), (Aanbieder, "agb")):
        known = {getattr(rij, code) for rij in (*map_.rijen(soort), *_blijvend(resten, soort))}
        # An aanbieder that stays may name a contractpartner, which then stays too.
        while named := _named(resten, soort) - known:
            missing = [rij for rij in resten[soort] if getattr(rij, code) in named]
            resten[soort] |= {rij: (rij,) for rij in missing}
            known |= named


def _named(resten: Resten, soort: type[Rij]) -> set[str]:
    """The codes of this kind that rows which stay refer to."""
    found: set[str] = set()
    for van, kolommen in VERWIJST[soort].items():
        for rij in _blijvend(resten, van):
            waarden = [getattr(rij, kolom) for kolom in kolommen]
            found.update(*(waarde if isinstance(waarde, tuple) else (waarde,) for waarde in waarden))
    return found


VERWIJST: dict[type[Rij], dict[type[Rij], tuple[str, ...]]] = {
    Gemeente: {Herindeling: ("van", "naar"), Contract: ("gemeenten",), Deelname: ("gemeente",)},
    Zorgvorm: {RegioProduct: ("zorgvorm",), Deelname: ("zorgvorm",)},
    Productgroep: {RegioProduct: ("groep",)},
    Aanbieder: {
        Contract: ("agb",),
        Onderaannemer: ("hoofdaannemer_agb", "onderaannemer_agb"),
        Aanbieder: ("contractpartner_agb",),
    },
}
"""Per kind which columns of rows with a history refer to it; rows without one do not outlive the folder."""
