"""What the rows of a region may refer to, and the faults of a reference that leads nowhere. Pure.

Rows with a fault of form are known by what can be read of them, so that one mistake gives one fault.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.periode import overlappen
from app.parties.folder import Gelezen, RegioFout
from app.parties.looptijd import einden
from app.parties.region import (
    TABELLEN,
    Aanbieder,
    Contract,
    Contractoptie,
    Gemeente,
    Productgroep,
    Region,
    RegioProduct,
    Rij,
    Tarief,
    Zorgvorm,
)

Producten = Mapping[tuple[str, str, str], tuple[RegioProduct, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """A row with the number it has in its file."""

    rij: Any
    nummer: int

    def fout(self, kolom: str | None, melding: str) -> RegioFout:
        """A fault at one column of this row."""
        waarde = getattr(self.rij, kolom) if kolom else None
        text = None if waarde is None else " ".join(waarde) if isinstance(waarde, tuple) else str(waarde)
        return RegioFout(bestand=self.rij.bestand, rij=self.nummer, kolom=kolom, waarde=text, melding=melding)


Regels = Mapping[type[Rij], tuple[Regel, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bekend:
    """The keys that the region has, those of rows with a fault of form included; what the references of other rows are looked up in.

    Attributes:
        gemeenten, aanbieders: Codes.
        zorgvormen, groepen: Name to domein; empty when the row could not be read.
        contracten: Number to contract; None when the row could not be read.
        einden: Number to the last day with exercised options; None is open.
        producten: (domein, categorie, code) to its rows; empty when one of them could not be read.
        contractpartners: AGB-code to that of the contractpartner, for those that have one.
        geleverd: Per contract the zorgvormen of its tariff lines; a contract of which a line or product could not be read is not in it.
    """

    gemeenten: frozenset[str]
    aanbieders: frozenset[str]
    zorgvormen: Mapping[str, str]
    groepen: Mapping[str, str]
    contracten: Mapping[str, Contract | None]
    einden: Mapping[str, date | None]
    producten: Producten
    contractpartners: Mapping[str, str]
    geleverd: Mapping[str, frozenset[str]]


def genummerd(gelezen: Gelezen) -> Regels:
    """The rows that could be read with their numbers, per kind of which there is a file."""
    return {
        soort: tuple(
            Regel(rij=rij, nummer=nummer) for rij, nummer in zip(gelezen.region.rijen(soort), gelezen.rijnummers[soort], strict=True)
        )
        for soort in TABELLEN
        if soort in gelezen.rijnummers
    }


def bekend_van(gelezen: Gelezen) -> Bekend:
    """The keys that other rows may refer to."""
    region = gelezen.region
    producten = _producten(gelezen)
    onzeker = _broken_keys(gelezen, Tarief, "contract") | _broken_keys(gelezen, Contractoptie, "contract")
    return Bekend(
        gemeenten=frozenset({rij.code for rij in region.gemeenten} | _broken_keys(gelezen, Gemeente, "code")),
        aanbieders=frozenset({rij.agb for rij in region.aanbieders} | _broken_keys(gelezen, Aanbieder, "agb")),
        zorgvormen=dict.fromkeys(_broken_keys(gelezen, Zorgvorm, "zorgvorm"), "") | {rij.zorgvorm: rij.domein for rij in region.zorgvormen},
        groepen=dict.fromkeys(_broken_keys(gelezen, Productgroep, "groep"), "") | {rij.groep: rij.domein for rij in region.productgroepen},
        # Of a contract that stands there twice the first row counts, so that the second gives no other fault than that.
        contracten=dict.fromkeys(_broken_keys(gelezen, Contract, "contract")) | {rij.contract: rij for rij in reversed(region.contracten)},
        einden=einden(region),
        producten=producten,
        contractpartners={rij.agb: rij.contractpartner_agb for rij in region.aanbieders if rij.contractpartner_agb is not None},
        geleverd=_geleverd(region, producten, onzeker),
    )


def _producten(gelezen: Gelezen) -> dict[tuple[str, str, str], tuple[RegioProduct, ...]]:
    producten: defaultdict[tuple[str, str, str], tuple[RegioProduct, ...]] = defaultdict(tuple)
    for product in gelezen.region.producten:
        producten[product.domein, product.categorie, product.code] += (product,)
    for cells in gelezen.gebroken.get(RegioProduct, ()):
        producten[cells.get("domein", ""), cells.get("categorie", ""), cells.get("code", "")] = ()
    return dict(producten)


def _geleverd(region: Region, producten: Producten, onzeker: set[str]) -> dict[str, frozenset[str]]:
    """The zorgvormen that each contract has tariff lines for, on the days of the line."""
    domeinen = {rij.contract: rij.domein for rij in region.contracten}
    found: dict[str, set[str]] = {nummer: set() for nummer in domeinen if nummer not in onzeker}
    for tarief in region.tarieven:
        own = producten.get((domeinen.get(tarief.contract, ""), tarief.categorie, tarief.code))
        if not own:
            # The line names no product that could be read; that is its own fault, and what the contract delivers is not certain.
            found.pop(tarief.contract, None)
        elif tarief.contract in found:
            found[tarief.contract].update(each.zorgvorm for each in own if overlap(tarief, each))
    return {nummer: frozenset(zorgvormen) for nummer, zorgvormen in found.items()}


def _broken_keys(gelezen: Gelezen, soort: type[Rij], kolom: str) -> set[str]:
    return {cells[kolom] for cells in gelezen.gebroken.get(soort, ()) if cells.get(kolom)}


def is_reversed(rij: Rij) -> bool:
    """Whether a row has a period that ends before it begins."""
    tot: date | None = getattr(rij, "geldig_tot", None)
    return tot is not None and tot < getattr(rij, "geldig_van", tot)


def overlap(een: Any, ander: Any) -> bool:
    """Whether the periods of two rows share a day."""
    return overlappen(een.geldig_van, een.geldig_tot, ander.geldig_van, ander.geldig_tot)


def unknown_gemeente(regel: Regel, kolom: str, bekend: Bekend) -> Iterator[RegioFout]:
    """The gemeente of this column is not in the region."""
    if getattr(regel.rij, kolom) not in bekend.gemeenten:
        yield regel.fout(kolom, "Deze gemeente staat niet in gemeenten.csv; verbeter de code of voeg de gemeente toe.")


def unknown_aanbieder(regel: Regel, kolom: str, bekend: Bekend) -> Iterator[RegioFout]:
    """The aanbieder of this column is not in the region."""
    if getattr(regel.rij, kolom) not in bekend.aanbieders:
        yield regel.fout(kolom, "Deze AGB-code staat niet in aanbieders.csv; verbeter de code of voeg de aanbieder toe.")


def unknown_zorgvorm(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The zorgvorm is filled and not in the region."""
    if regel.rij.zorgvorm and regel.rij.zorgvorm not in bekend.zorgvormen:
        yield regel.fout("zorgvorm", "Deze zorgvorm staat niet in zorgvormen.csv; verbeter de naam of voeg de zorgvorm toe.")


def unknown_contract(regel: Regel, bekend: Bekend) -> Iterator[RegioFout]:
    """The contract is not in the region."""
    if regel.rij.contract not in bekend.contracten:
        yield regel.fout("contract", "Dit contract staat niet in contracten.csv; verbeter het nummer of voeg het contract toe.")
