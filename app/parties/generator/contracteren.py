"""How the market of the generated region is made up: aanbieders, subcontractors, contracten with their tarieven, and joint purchase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.bericht import Domein
from app.domain.periode import EEN_DAG, laatste_dag, maanden
from app.parties.generator.aanbod import Aanbod, Lijn, Ontbrekend, Sleutel, Uittreding
from app.parties.generator.fusies import JULI, Fusie, fusie_van, laatste
from app.parties.generator.kans import Kans
from app.parties.generator.zeeland import (
    NAMEN_ACHTER,
    NAMEN_MIDDEN,
    NAMEN_VOOR,
    PRODUCTEN,
    ZORGVORMEN,
    Aanbodproduct,
    Plaats,
)
from app.parties.region import (
    ALLE_GEMEENTEN,
    EURO,
    Aanbieder,
    Contract,
    Contractoptie,
    Deelname,
    Financiering,
    Onderaannemer,
    Tarief,
)

AGB_EERSTE = 99_000_001
INDEX_JAAR = Fraction(103, 100)
LOKAAL = Fraction(102, 100)
"""Local purchase of light care costs a little more."""
PARTNER_ELKE = 7
"""Every seventh aanbieder delivers under the contracts of another one."""
AFLOPEND, ONDERAANNEMER, ONTBREKEND, VIA_HOOFDAANNEMER = 2, 3, 4, 5
"""Places of the aanbieders of whom a contract ends, who is subcontractor, of whom a line is missing, and for whom another one claims."""
ROLLEN_VANAF = 6
"""With fewer aanbieders nobody has such a part."""
UITTREDER = 2
"""Place of the gemeente that leaves, and where the line is missing."""
MAANDEN_MIN = 4
"""In fewer months nobody leaves and no contract ends."""
ONTBREKEND_PRODUCT = "42A01"
DOMEINEN: tuple[Domein, ...] = ("ijw", "iwmo")
LICHT = frozenset(zorgvorm for zorgvorm, _, domein, stuurbaarheid in ZORGVORMEN if domein == "ijw" and stuurbaarheid == "licht")
TERMIJNEN = (1, 2, 4, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Markt:
    """What the market is made for.

    Attributes:
        venster: First and last day of the months.
        einde: Last day of the contract that ends, None when none does.
        rollen: Whether there are enough aanbieders for a part for each.
    """

    seed: int
    plaatsen: tuple[Plaats, ...]
    fusies: tuple[Fusie, ...]
    venster: tuple[date, date]
    aanbieders: tuple[Aanbieder, ...]
    onderaannemers: tuple[Onderaannemer, ...]
    einde: date | None
    uittreding: Uittreding | None
    rollen: bool

    @property
    def mist_lijn(self) -> bool:
        """Whether an aanbieder delivers what the region has no line for."""
        return self.rollen and len(self.plaatsen) > UITTREDER

    @property
    def begin(self) -> date:
        """First day of every contract."""
        return _begin(self.venster)


def make_aanbod(seed: int, plaatsen: tuple[Plaats, ...], fusies: tuple[Fusie, ...], aantal: int, venster: tuple[date, date]) -> Aanbod:
    """The market for these gemeenten in these months; tariffs rise on 1 January, and of one product in two also on the last 1 July."""
    markt = _make_markt(seed, plaatsen, fusies, aantal, venster)
    contracten, tarieven = _make_contracten(markt)
    ontbrekend = _make_ontbrekend(markt)
    if ontbrekend is not None:
        tarieven = [each for each in tarieven if not _is_of(each, ontbrekend.tarieven[0])]
    if markt.uittreding is not None:
        lokaal, lines = _make_lokaal(markt.uittreding, contracten[0], tarieven)
        contracten.append(lokaal)
        tarieven += lines
    opties = tuple(_make_opties(contracten, markt))
    lijnen = list(_make_lijnen(markt, contracten, tarieven))
    if ontbrekend is not None:
        lijnen += [(each, _as_lijn(each, each.geldig_tot, frozenset({ontbrekend.gemeente}))) for each in ontbrekend.tarieven]
    return Aanbod(
        aanbieders=markt.aanbieders,
        contracten=tuple(contracten),
        opties=opties,
        onderaannemers=markt.onderaannemers,
        tarieven=tuple(tarieven),
        bekostigingen=tuple(_make_bekostigingen(contracten, venster[1].year)),
        deelname=tuple(_make_deelname(markt)),
        uittreding=markt.uittreding,
        lijnen=_by_claimant(markt, contracten, lijnen),
        ontbrekend=ontbrekend,
        in_minuten=frozenset(each.agb for index, each in enumerate(markt.aanbieders) if index % 3 == 1),
    )


def _make_markt(seed: int, plaatsen: tuple[Plaats, ...], fusies: tuple[Fusie, ...], aantal: int, venster: tuple[date, date]) -> Markt:
    rollen = aantal >= ROLLEN_VANAF
    months = list(maanden(*venster))
    lang = len(months) >= MAANDEN_MIN
    leaves = lang and len(plaatsen) > UITTREDER
    aanbieders = _make_aanbieders(seed, aantal)
    return Markt(
        seed=seed,
        plaatsen=plaatsen,
        fusies=fusies,
        venster=venster,
        aanbieders=aanbieders,
        onderaannemers=tuple(_make_onderaannemers(aanbieders, _begin(venster))) if rollen else (),
        einde=laatste_dag(months[-1 - len(months) // 4]) if rollen and lang else None,
        uittreding=Uittreding(gemeente=plaatsen[UITTREDER].code, datum=months[len(months) // 3]) if leaves else None,
        rollen=rollen,
    )


def _begin(venster: tuple[date, date]) -> date:
    return date(venster[0].year - 1, 1, 1)


def _make_aanbieders(seed: int, aantal: int) -> tuple[Aanbieder, ...]:
    kans = Kans(seed, "aanbieders")
    namen: dict[str, None] = {}
    while len(namen) < aantal:
        naam = f"{kans.kies(NAMEN_VOOR)} {kans.kies(NAMEN_MIDDEN)} {kans.kies(NAMEN_ACHTER)}"
        namen[naam if naam not in namen else f"{naam} {len(namen) + 1}"] = None
    return tuple(
        Aanbieder(
            agb=str(AGB_EERSTE + index),
            naam=naam,
            contractpartner_agb=str(AGB_EERSTE) if index and index % PARTNER_ELKE == 0 else None,
        )
        for index, naam in enumerate(namen)
    )


def _make_onderaannemers(aanbieders: Sequence[Aanbieder], begin: date) -> Iterator[Onderaannemer]:
    """One that claims itself on one contract of the first aanbieder, and one for which the first aanbieder claims."""
    hoofd = aanbieders[0].agb
    yield Onderaannemer(
        hoofdaannemer_agb=hoofd,
        onderaannemer_agb=aanbieders[ONDERAANNEMER].agb,
        contract=_contractnummer(hoofd, "ijw"),
        declareert="eigen",
        geldig_van=begin,
    )
    via = aanbieders[VIA_HOOFDAANNEMER].agb
    yield Onderaannemer(hoofdaannemer_agb=hoofd, onderaannemer_agb=via, declareert="partner", geldig_van=begin)


def _contractnummer(agb: str, domein: Domein) -> str:
    return f"{'J' if domein == 'ijw' else 'W'}{agb[-4:]}"


def _domeinen_of(index: int) -> tuple[Domein, ...]:
    """The first aanbieder works in both domains, of the others one in four for the Wmo."""
    if index == 0:
        return DOMEINEN
    return ("iwmo",) if index % 4 == 1 else ("ijw",)


def _make_contracten(markt: Markt) -> tuple[list[Contract], list[Tarief]]:
    """The contracts of all who have their own, and their tariff lines."""
    contracten: list[Contract] = []
    tarieven: list[Tarief] = []
    zonder = {each.onderaannemer_agb for each in markt.onderaannemers}
    for index, houder in enumerate(markt.aanbieders):
        if houder.contractpartner_agb is not None or houder.agb in zonder:
            continue
        kans = Kans(markt.seed, "contract", houder.agb)
        for domein in _domeinen_of(index):
            einde = markt.einde if index == AFLOPEND else None
            contract = _make_contract(markt, index, domein, kans)
            contracten.append(replace(contract, geldig_tot=date(markt.begin.year, 12, 31)) if einde else contract)
            offered = [product for product in PRODUCTEN if product.domein == domein]
            chosen = offered if index < 2 else kans.trek(offered, kans.geheel(2, len(offered)))
            tarieven += [regel for product in chosen for regel in _price_lines(contract, product, kans, einde or markt.venster[1])]
    return contracten, tarieven


def _make_contract(markt: Markt, index: int, domein: Domein, kans: Kans) -> Contract:
    """The first two are for the whole region; that of which a line is missing names the gemeente where it is missed."""
    agb = markt.aanbieders[index].agb
    codes = [plaats.code for plaats in markt.plaatsen]
    for_all = index < 2 or len(codes) < 3 or kans.promille(400)
    named = set(kans.trek(codes, kans.geheel(2, len(codes))))
    if markt.mist_lijn and index == ONTBREKEND:
        for_all = False
        named.add(codes[UITTREDER])
    # Who delivers in a gemeente that goes over also has a contract with its successor.
    named |= {fusie.naar.code for fusie in markt.fusies if fusie.van.code in named}
    return Contract(
        contract=_contractnummer(agb, domein),
        agb=agb,
        domein=domein,
        gemeenten=ALLE_GEMEENTEN if for_all else tuple(sorted(named)),
        geldig_van=markt.begin,
        uitvoeringsvariant="inspanning",
        bekostiging="pxq",
        plafond_cent=kans.geheel(20, 90) * 10_000_000 if kans.promille(300) else None,
    )


def _price_lines(contract: Contract, product: Aanbodproduct, kans: Kans, tot: date) -> list[Tarief]:
    """The lines of one product: one for ever for euros, else one a year, the last one open; some have a second line from 1 July."""
    if product.eenheid == EURO:
        return [_price_line(contract, product, None, contract.geldig_van, None)]
    cent = round_half_up(Fraction(product.tarief_cent * kans.geheel(940, 1060), 1000))
    begins = {date(jaar, 1, 1) for jaar in range(contract.geldig_van.year, tot.year + 1)}
    if kans.promille(500):
        begins.add(max(laatste(JULI, tot), contract.geldig_van))
    in_order = sorted(begins)
    ends = [next_begin - EEN_DAG for next_begin in in_order[1:]] + [None]
    lines = []
    for begin, end in zip(in_order, ends, strict=True):
        lines.append(_price_line(contract, product, cent, begin, end))
        cent = round_half_up(cent * INDEX_JAAR)
    return lines


def _price_line(contract: Contract, product: Aanbodproduct, cent: int | None, van: date, tot: date | None) -> Tarief:
    return Tarief(
        contract=contract.contract,
        categorie=product.categorie,
        code=product.code,
        eenheid=product.eenheid,
        tarief_cent=cent,
        geldig_van=van,
        geldig_tot=tot,
    )


def _make_opties(contracten: Iterable[Contract], markt: Markt) -> Iterator[Contractoptie]:
    """Of the contract with a last day: an option that was exercised in time, and one after it that was not."""
    for contract in contracten:
        if contract.geldig_tot is not None and markt.einde is not None:
            yield Contractoptie(contract=contract.contract, tot=markt.einde, uitgeoefend_op=contract.geldig_tot.replace(month=10, day=1))
            yield Contractoptie(contract=contract.contract, tot=markt.einde.replace(year=markt.einde.year + 1, day=28))


def _make_ontbrekend(markt: Markt) -> Ontbrekend | None:
    """Who delivers what the region has no line for, where, and the lines that it believes in."""
    if not markt.mist_lijn:
        return None
    agb = markt.aanbieders[ONTBREKEND].agb
    product = next(each for each in PRODUCTEN if each.code == ONTBREKEND_PRODUCT)
    believed = Contract(contract=_contractnummer(agb, "ijw"), agb=agb, domein="ijw", gemeenten=ALLE_GEMEENTEN, geldig_van=markt.begin)
    lines = _price_lines(believed, product, Kans(markt.seed, "ontbrekend"), markt.venster[1])
    return Ontbrekend(agb=agb, product=product, gemeente=markt.plaatsen[UITTREDER].code, tarieven=tuple(lines))


def _is_of(tarief: Tarief, ander: Tarief) -> bool:
    return (tarief.contract, tarief.categorie, tarief.code) == (ander.contract, ander.categorie, ander.code)


def _make_lokaal(uittreding: Uittreding, gezamenlijk: Contract, tarieven: Iterable[Tarief]) -> tuple[Contract, list[Tarief]]:
    """The contract of the gemeente that left with the first aanbieder, for all light care, a little dearer."""
    lokaal = replace(
        gezamenlijk,
        contract=f"L{uittreding.gemeente}",
        gemeenten=(uittreding.gemeente,),
        geldig_van=uittreding.datum,
        plafond_cent=None,
    )
    light = {(product.categorie, product.code) for product in PRODUCTEN if product.domein == "ijw" and product.zorgvorm in LICHT}
    lines = [
        replace(
            each,
            contract=lokaal.contract,
            tarief_cent=None if each.tarief_cent is None else round_half_up(each.tarief_cent * LOKAAL),
            geldig_van=max(each.geldig_van, uittreding.datum),
        )
        for each in tarieven
        if each.contract == gezamenlijk.contract
        and (each.categorie, each.code) in light
        and (each.geldig_tot is None or each.geldig_tot >= uittreding.datum)
    ]
    return lokaal, lines


def _make_deelname(markt: Markt) -> Iterator[Deelname]:
    """Every gemeente takes part in everything from the begin, but for who leaves; no row at all when nobody does."""
    if markt.uittreding is None:
        return
    for plaats in markt.plaatsen:
        fusie = fusie_van(plaats, markt.fusies)
        for zorgvorm, *_ in ZORGVORMEN:
            leaves = plaats.code == markt.uittreding.gemeente and zorgvorm in LICHT
            last = markt.uittreding.datum - EEN_DAG if leaves else fusie.datum - EEN_DAG if fusie else None
            yield Deelname(gemeente=plaats.code, zorgvorm=zorgvorm, geldig_van=markt.begin, geldig_tot=last)


def _make_bekostigingen(contracten: Sequence[Contract], jaar: int) -> Iterator[Financiering]:
    """Open contracts of which a sum is guaranteed, each paid in another number of parts; the first one has a fee for administration."""
    for index, contract in enumerate([each for each in contracten if each.geldig_tot is None][: len(TERMIJNEN)]):
        yield Financiering(
            contract=contract.contract,
            jaar=jaar,
            vorm="budget" if index else "pxq",
            gegarandeerd_cent=index * 2_500_000,
            variabel_cent=index * 1_000_000,
            administratie_promille=0 if index else 15,
            termijnen=TERMIJNEN[index],
        )


def _make_lijnen(markt: Markt, contracten: Iterable[Contract], tarieven: Iterable[Tarief]) -> Iterator[tuple[Tarief, Lijn]]:
    """Each tariff line as what may be claimed: within its contract, and under `*` only while a gemeente buys jointly."""
    per_nummer = {each.contract: each for each in contracten}
    codes = frozenset(plaats.code for plaats in markt.plaatsen)
    light = {(product.domein, product.categorie, product.code) for product in PRODUCTEN if product.zorgvorm in LICHT}
    for tarief in tarieven:
        contract = per_nummer[tarief.contract]
        tot = _earliest(tarief.geldig_tot, markt.einde if contract.geldig_tot is not None else None)
        if not contract.alle_gemeenten:
            yield tarief, _as_lijn(tarief, tot, frozenset(contract.gemeenten))
            continue
        left = markt.uittreding if (contract.domein, tarief.categorie, tarief.code) in light else None
        yield tarief, _as_lijn(tarief, tot, codes - {left.gemeente} if left else codes)
        if left is not None:
            yield tarief, _as_lijn(tarief, _earliest(tot, left.datum - EEN_DAG), frozenset({left.gemeente}))


def _earliest(een: date | None, ander: date | None) -> date | None:
    return min((each for each in (een, ander) if each is not None), default=None)


def _as_lijn(tarief: Tarief, tot: date | None, gemeenten: frozenset[str]) -> Lijn:
    return Lijn(contract=tarief.contract, cent=tarief.tarief_cent, van=tarief.geldig_van, tot=tot, gemeenten=gemeenten)


def _by_claimant(markt: Markt, contracten: Iterable[Contract], lijnen: Iterable[tuple[Tarief, Lijn]]) -> dict[Sleutel, tuple[Lijn, ...]]:
    """Lines by who claims under them: the contract holder, those it is the contractpartner of, and subcontractors that claim themselves."""
    per_nummer = {each.contract: each for each in contracten}
    claimants: defaultdict[str, list[str]] = defaultdict(list)
    for contract in per_nummer.values():
        claimants[contract.contract] = [each.agb for each in markt.aanbieders if contract.agb in (each.agb, each.contractpartner_agb)]
    for each in markt.onderaannemers:
        if each.declareert == "eigen":
            claimants[each.contract].append(each.onderaannemer_agb)
    found: defaultdict[Sleutel, list[Lijn]] = defaultdict(list)
    for tarief, lijn in lijnen:
        for agb in claimants[tarief.contract]:
            found[agb, per_nummer[tarief.contract].domein, tarief.categorie, tarief.code].append(lijn)
    return {key: tuple(lines) for key, lines in found.items()}
