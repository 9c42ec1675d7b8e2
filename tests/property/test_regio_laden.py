"""Folders loaded one after another: what a folder leaves out keeps its past, ends, or is void, and nothing contradicts itself (0010)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.periode import EEN_DAG, geldt_op
from app.parties.checking import check_folder, check_region
from app.parties.folder import write_files
from app.parties.looptijd import einden
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
    Region,
    RegioProduct,
    Tarief,
    Zorgvorm,
    geordend,
    reeks_van,
    sleutel_van,
)
from app.parties.verschil import Huidig, RegioVerschil, verschil

BEGIN = date(2025, 1, 1)
AGBS = ("99000001", "99000002", "99000003")
CONTRACTEN = ("C1", "C2", "C3")
CODES = ("45A01", "45A02")
ZORGVORMEN = ("zorg1", "zorg2")
GEMEENTEN = ("0664", "0687", "0718")


def dag(kans: Random) -> date:
    """A day in the years of these folders."""
    return BEGIN + timedelta(days=kans.randrange(900))


def enige(kans: Random, waarden: Sequence[str], *, minimaal: int = 0) -> list[str]:
    """Some of these, in order."""
    return sorted(kans.sample(waarden, kans.randint(minimaal, len(waarden))))


def reeks(kans: Random) -> list[tuple[date, date | None]]:
    """Periods that follow each other, with or without gaps, the last one open or not."""
    cuts = sorted({dag(kans) for _ in range(kans.randint(1, 5))})
    periods: list[tuple[date, date | None]] = [(van, tot - EEN_DAG) for van, tot in pairwise(cuts)]
    periods.append((cuts[-1], kans.choice([None, cuts[-1] + timedelta(days=90)])))
    return [period for period in periods if kans.random() < 0.7] or periods[-1:]


def map_van(kans: Random) -> Region:
    """What a folder may say: a few aanbieders and contracts, their tariffs, options, subcontractors, joint purchase, perhaps a merger."""
    agbs = enige(kans, AGBS, minimaal=1)
    contracten = [_contract(kans, nummer, agbs) for nummer in enige(kans, CONTRACTEN, minimaal=1)]
    merged = kans.choice([None, *(BEGIN + timedelta(days=days) for days in (200, 400, 700))])
    region = Region(
        gemeenten=tuple(
            Gemeente(code=code, naam=code, geldig_van=BEGIN, geldig_tot=merged - EEN_DAG if merged and code == "0718" else None)
            for code in GEMEENTEN
        ),
        herindelingen=(Herindeling(datum=merged, van="0718", naar="0664", fractie=Fraction(1)),) if merged else (),
        aanbieders=tuple(Aanbieder(agb=agb, naam=kans.choice("ab")) for agb in agbs),
        zorgvormen=tuple(Zorgvorm(zorgvorm=zorgvorm, naam=zorgvorm, domein="ijw") for zorgvorm in ZORGVORMEN),
        producten=tuple(_product(kans, code, van, tot) for code in CODES for van, tot in reeks(kans)),
        contracten=tuple(contracten),
        contractopties=tuple(
            Contractoptie(contract=each.contract, tot=each.geldig_tot + timedelta(days=150 * step), uitgeoefend_op=each.geldig_tot)
            for each in contracten
            if each.geldig_tot is not None
            for step in range(1, kans.randint(1, 3))
        ),
        onderaannemers=tuple(
            Onderaannemer(hoofdaannemer_agb=agbs[0], onderaannemer_agb=agbs[1], declareert="eigen", geldig_van=van, geldig_tot=tot)
            for van, tot in (reeks(kans) if len(agbs) > 1 else ())
        ),
        deelname=tuple(
            Deelname(gemeente=gemeente, zorgvorm=zorgvorm, geldig_van=van, geldig_tot=tot)
            for gemeente in enige(kans, GEMEENTEN)
            for zorgvorm in enige(kans, ZORGVORMEN)
            for van, tot in reeks(kans)
        ),
    )
    tarieven = [
        Tarief(contract=nummer, categorie="45", code=code, eenheid="04", tarief_cent=kans.randint(1, 9), geldig_van=van, geldig_tot=tot)
        for nummer in (each.contract for each in contracten)
        for code in enige(kans, CODES)
        for van, tot in reeks(kans)
    ]
    return geordend(replace(region, tarieven=tuple(each for each in tarieven if not is_outside(each, region))))


def _contract(kans: Random, nummer: str, agbs: Sequence[str]) -> Contract:
    van = dag(kans)
    return Contract(
        contract=nummer,
        agb=kans.choice(agbs),
        domein="ijw",
        gemeenten=kans.choice([("*",), ("0664",), ("0664", "0687")]),
        geldig_van=van,
        geldig_tot=kans.choice([None, van + timedelta(days=200), van + timedelta(days=500)]),
    )


def _product(kans: Random, code: str, van: date, tot: date | None) -> RegioProduct:
    zorgvorm = kans.choice(ZORGVORMEN)
    return RegioProduct(
        domein="ijw", categorie="45", code=code, omschrijving="", eenheid="04", zorgvorm=zorgvorm, geldig_van=van, geldig_tot=tot
    )


# Without shrinking: the seed is printed, and the folders of another seed have nothing to do with those of this one.
GENOEG = settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])


@GENOEG
@given(st.integers(0, 1_000_000))
def test_folders_loaded_one_after_another(seed: int) -> None:
    """After each load: no contradiction, from today on exactly the folder, the past of what it does not name, and again changes nothing."""
    kans = Random(seed)
    huidig, vandaag = Region(), BEGIN + timedelta(days=100)
    for _ in range(kans.randint(2, 4)):
        map_, vandaag = map_van(kans), vandaag + timedelta(days=kans.randrange(300))
        if check_region(map_):
            continue
        changes = verschil(genummerd(huidig), map_, vandaag)

        na = changes.na
        assert check_region(na) == ()
        assert bewaard(huidig, changes) == na
        assert verschil(genummerd(na), map_, vandaag).is_leeg
        assert verschil(genummerd(na), map_, vandaag + timedelta(days=1)).na == na
        assert verschil(genummerd(na), check_folder(write_files(na))[0], vandaag + timedelta(days=400)).is_leeg
        from_today_on_is_the_folder(na, map_, vandaag)
        past_stays(huidig, map_, na, vandaag)
        huidig = na


def test_most_of_these_folders_can_be_loaded() -> None:
    """The test above is about something: few folders are passed over, and they differ in what they name."""
    folders = [map_van(Random(seed)) for seed in range(200)]

    good = [each for each in folders if check_region(each) == ()]

    assert len(good) > 100
    assert {len(each.contracten) for each in good} == {1, 2, 3}


def genummerd(region: Region) -> Huidig:
    """The rows of a region as the database has them, each with an id."""
    return {soort: {rij: index for index, rij in enumerate(region.rijen(soort), start=1)} for soort in TABELLEN}


def bewaard(huidig: Region, changes: RegioVerschil) -> Region:
    """The region that counts after these changes are stored row by row."""
    rows: dict[str, tuple[Any, ...]] = {}
    for soort, veld in TABELLEN.items():
        change = changes.per_bestand[soort.bestand]
        kept = [rij for rij, row_id in genummerd(huidig)[soort].items() if row_id not in change.vervallen_ids]
        rows[veld] = (*kept, *change.erbij)
    return geordend(Region(**rows))


def from_today_on_is_the_folder(na: Region, map_: Region, vandaag: date) -> None:
    """What counts today or later is what the folder says, no more and no less."""
    for soort in PER_PERIODE:
        assert set(map_.rijen(soort)) <= set(na.rijen(soort))
        assert {rij for rij in na.rijen(soort) if later(rij, vandaag)} <= set(map_.rijen(soort)), soort
    ends = einden(map_)
    for nummer, einde in einden(na).items():
        assert (nummer in ends and einde == ends[nummer]) or (einde is not None and einde < vandaag)


def later(rij: Any, vandaag: date) -> bool:
    """Whether a row counts today or on a later day."""
    return rij.geldig_tot is None or rij.geldig_tot >= vandaag


def past_stays(huidig: Region, map_: Region, na: Region, vandaag: date) -> None:
    """A row that is gone says on each day before today what it said, unless the folder says something about that day."""
    for soort in (Gemeente, RegioProduct, Contract, Tarief, Deelname):
        if soort is Deelname and not map_.deelname:
            assert na.deelname == ()
            continue
        keys = {sleutel_van(rij) for rij in map_.rijen(soort)}
        for rij in huidig.rijen(soort):
            if sleutel_van(rij) in keys or (soort is Tarief and rij.contract not in {each.contract for each in map_.contracten}):
                continue
            for day in sample(rij, vandaag):
                named = on(map_.rijen(soort), rij, day)
                assert on(na.rijen(soort), rij, day) == (named or [says(rij)]) or (soort is Tarief and not has_meaning(rij, na, day))


def sample(rij: Any, vandaag: date) -> list[date]:
    """The first and last day and a few between, of the days before today on which a row counts."""
    tot = min(rij.geldig_tot or date.max, vandaag - EEN_DAG)
    days = {rij.geldig_van, tot, *(rij.geldig_van + timedelta(days=step) for step in range(0, 900, 50))}
    return sorted(day for day in days if rij.geldig_van <= day <= tot)


def on(rijen: Sequence[Any], ander: Any, day: date) -> list[Any]:
    """What rows about the same thing say on a day, apart from their periods."""
    return [says(rij) for rij in rijen if reeks_van(rij) == reeks_van(ander) and geldt_op(day, rij.geldig_van, rij.geldig_tot)]


def says(rij: Any) -> Any:
    """A row without its period."""
    return replace(rij, geldig_van=BEGIN, geldig_tot=None)


def is_outside(tarief: Tarief, region: Region) -> bool:
    """Whether a tariff shares no day with its contract or with no row of its product."""
    contract, einde, producten = _of(tarief, region)
    return not shares(tarief, contract.geldig_van, einde) or not any(shares(tarief, each.geldig_van, each.geldig_tot) for each in producten)


def has_meaning(tarief: Tarief, region: Region, day: date) -> bool:
    """Whether contract and product are there on a day, so that the tariff of that day says something."""
    contract, einde, producten = _of(tarief, region)
    return geldt_op(day, contract.geldig_van, einde) and any(geldt_op(day, each.geldig_van, each.geldig_tot) for each in producten)


def _of(tarief: Tarief, region: Region) -> tuple[Contract, date | None, list[RegioProduct]]:
    [contract] = [each for each in region.contracten if each.contract == tarief.contract]
    return contract, einden(region)[tarief.contract], [each for each in region.producten if each.code == tarief.code]


def shares(tarief: Tarief, van: date, tot: date | None) -> bool:
    """Whether a tariff is valid on a day of a period."""
    return (tot is None or tarief.geldig_van <= tot) and (tarief.geldig_tot is None or van <= tarief.geldig_tot)
