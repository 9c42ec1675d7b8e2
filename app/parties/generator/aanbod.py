"""Who delivers what: aanbieders, contracten and tarieven of the generated region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.bericht import Domein
from app.domain.periode import EEN_DAG
from app.parties.generator.kans import Kans
from app.parties.generator.zeeland import NAMEN_ACHTER, NAMEN_MIDDEN, NAMEN_VOOR, PRODUCTEN, Aanbodproduct, Plaats
from app.parties.region import ALLE_GEMEENTEN, EURO, Aanbieder, Contract, Tarief

AGB_EERSTE = 99_000_001
INDEX_JAAR = Fraction(103, 100)
PARTNER_ELKE = 7
"""Every seventh aanbieder delivers under the contracts of another one."""
DOMEINEN: tuple[Domein, ...] = ("ijw", "iwmo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aanbod:
    """The market of the region.

    Attributes:
        leveranciers: Per (domein, gemeente) who delivers which products there; every combination has at least one.
        tarieven_van: Per (agb, domein, categorie, code) the tariff lines, by the agb that claims.
        in_minuten: Aanbieders that claim hours in minutes.
    """

    aanbieders: tuple[Aanbieder, ...]
    contracten: tuple[Contract, ...]
    tarieven: tuple[Tarief, ...]
    leveranciers: dict[tuple[Domein, str], tuple[tuple[str, Aanbodproduct], ...]]
    tarieven_van: dict[tuple[str, Domein, str, str], tuple[Tarief, ...]]
    in_minuten: frozenset[str]

    def tarief_op(self, agb: str, product: Aanbodproduct, dag: date) -> int | None:
        """The tariff in cents of a product on a day; None for euros.

        Raises:
            KeyError: The aanbieder has no line for the product on that day.
        """
        for regel in self.tarieven_van[(agb, *product.sleutel)]:
            if regel.geldig_van <= dag and (regel.geldig_tot is None or dag <= regel.geldig_tot):
                return regel.tarief_cent
        raise KeyError((agb, product.sleutel, dag))


def make_aanbod(seed: int, plaatsen: tuple[Plaats, ...], aantal: int, *, eerste_jaar: int, laatste_jaar: int) -> Aanbod:
    """The market for these gemeenten in these years; tariffs rise on 1 January, and of one product in two also in mid-year once."""
    aanbieders = _make_aanbieders(seed, aantal)
    houders = [each for each in aanbieders if each.contractpartner_agb is None]
    contracten: list[Contract] = []
    tarieven: list[Tarief] = []
    for index, houder in enumerate(houders):
        kans = Kans(seed, "contract", houder.agb)
        for domein in _domeinen_of(index):
            contract = _make_contract(houder, domein, plaatsen, kans, alles=index < 2, eerste_jaar=eerste_jaar)
            contracten.append(contract)
            tarieven += _make_tarieven(contract, kans, alles=index < 2, jaren=range(eerste_jaar, laatste_jaar + 1))
    tarieven_van = _by_claimant(aanbieders, contracten, tarieven)
    return Aanbod(
        aanbieders=aanbieders,
        contracten=tuple(contracten),
        tarieven=tuple(tarieven),
        leveranciers=_leveranciers(aanbieders, contracten, tarieven_van, plaatsen),
        tarieven_van=tarieven_van,
        in_minuten=frozenset(each.agb for index, each in enumerate(aanbieders) if index % 3 == 1),
    )


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


def _domeinen_of(index: int) -> tuple[Domein, ...]:
    """The first aanbieder works in both domains, of the others one in four for the Wmo."""
    if index == 0:
        return DOMEINEN
    return ("iwmo",) if index % 4 == 1 else ("ijw",)


def _make_contract(
    houder: Aanbieder, domein: Domein, plaatsen: tuple[Plaats, ...], kans: Kans, *, alles: bool, eerste_jaar: int
) -> Contract:
    codes = [plaats.code for plaats in plaatsen]
    for_all = alles or len(codes) < 3 or kans.promille(400)
    return Contract(
        contract=f"{'J' if domein == 'ijw' else 'W'}{houder.agb[-4:]}",
        agb=houder.agb,
        domein=domein,
        gemeenten=ALLE_GEMEENTEN if for_all else tuple(sorted(kans.trek(codes, kans.geheel(2, len(codes))))),
        geldig_van=date(eerste_jaar, 1, 1),
        uitvoeringsvariant="inspanning",
        bekostiging="pxq",
        plafond_cent=kans.geheel(20, 90) * 10_000_000 if kans.promille(300) else None,
    )


def _make_tarieven(contract: Contract, kans: Kans, *, alles: bool, jaren: range) -> list[Tarief]:
    offered = [product for product in PRODUCTEN if product.domein == contract.domein]
    chosen = offered if alles else kans.trek(offered, kans.geheel(2, len(offered)))
    return [regel for product in chosen for regel in _price_lines(contract, product, kans, jaren)]


def _price_lines(contract: Contract, product: Aanbodproduct, kans: Kans, jaren: range) -> list[Tarief]:
    """The lines of one product: one for ever for euros, else one a year, the last one open; some have a second line from 1 July."""
    if product.eenheid == EURO:
        return [_price_line(contract, product, None, contract.geldig_van, None)]
    cent = round_half_up(Fraction(product.tarief_cent * kans.geheel(940, 1060), 1000))
    begins = [date(jaar, 1, 1) for jaar in jaren]
    if kans.promille(500):
        begins.append(date(jaren[-1], 7, 1) if len(jaren) == 1 else date(jaren[-2], 7, 1))
        begins.sort()
    ends = [next_begin - EEN_DAG for next_begin in begins[1:]] + [None]
    lines = []
    for begin, end in zip(begins, ends, strict=True):
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


def _by_claimant(
    aanbieders: tuple[Aanbieder, ...], contracten: list[Contract], tarieven: list[Tarief]
) -> dict[tuple[str, Domein, str, str], tuple[Tarief, ...]]:
    """Tariff lines by who claims under them: the contract holder and those it is the contractpartner of."""
    by_contract: dict[str, list[Tarief]] = {}
    for regel in tarieven:
        by_contract.setdefault(regel.contract, []).append(regel)
    found: dict[tuple[str, Domein, str, str], tuple[Tarief, ...]] = {}
    for aanbieder in aanbieders:
        for contract in contracten:
            if contract.agb in (aanbieder.agb, aanbieder.contractpartner_agb):
                for regel in by_contract[contract.contract]:
                    key = (aanbieder.agb, contract.domein, regel.categorie, regel.code)
                    found[key] = (*found.get(key, ()), regel)
    return found


def _leveranciers(
    aanbieders: tuple[Aanbieder, ...],
    contracten: list[Contract],
    tarieven_van: dict[tuple[str, Domein, str, str], tuple[Tarief, ...]],
    plaatsen: tuple[Plaats, ...],
) -> dict[tuple[Domein, str], tuple[tuple[str, Aanbodproduct], ...]]:
    """Per domain and gemeente the pairs of aanbieder and product that a toewijzing can name."""
    return {
        (domein, plaats.code): tuple(
            (aanbieder.agb, product)
            for aanbieder in aanbieders
            for product in PRODUCTEN
            if product.domein == domein
            and (aanbieder.agb, *product.sleutel) in tarieven_van
            and any(
                contract.agb in (aanbieder.agb, aanbieder.contractpartner_agb)
                and contract.domein == domein
                and (contract.alle_gemeenten or plaats.code in contract.gemeenten)
                for contract in contracten
            )
        )
        for domein in DOMEINEN
        for plaats in plaatsen
    }
