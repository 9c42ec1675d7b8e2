"""Why a prestatie matches, or which condition failed: toewijzing, product, contract, gemeente, tariff line, in that order. Pure.

It explains what judging decides and decides nothing itself. Each condition has a sentence for the aanbieder, with what it can know (its own
toewijzing, its own contracts), and one for the contract desk, with everything. No sentence speaks of a plafond or a budget (OP095).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.bedrag import euro
from app.domain.declaratie import Prestatie
from app.domain.periode import geldt_op
from app.domain.snapshot import EerderePrestatie, ProductOpDatum, Tariefregel, Toewijzing
from app.standard.rules.tarief import passende_regel, product_tarief
from app.standard.rules.volume import passende_eenheid

Periode = tuple[date, date | None]
"""First and last day, both included; None is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractfeit:
    """A contract on which this aanbieder may claim.

    Attributes:
        houder: AGB-code whose contract it is: the aanbieder's own, or that of a main contractor.
        van, tot: Days of the contract, exercised options included.
        via_van, via_tot: Days on which the aanbieder may claim under it; those of subcontracting when it is another's.
        gemeenten: Those it names; None for joint purchase, all that take part.
        tarieven: Every line for the product, all eenheden and periods.
    """

    contract: str
    houder: str
    van: date
    tot: date | None
    via_van: date = date.min
    via_tot: date | None = None
    gemeenten: frozenset[str] | None = None
    tarieven: tuple[Tariefregel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feiten:
    """What there is to know about one prestatie, all of it as it is now.

    Attributes:
        agb: Who claims.
        gemeente: Addressee of the declaratie; `drager` bears the care on the first day of the ProductPeriode.
        toewijzing: The current version that this aanbieder can see, for this client; a deleting one included.
        producten: The product in the region, every period.
        contracten: Every contract on which the aanbieder may claim, in this domein.
        deelname: When `drager` takes part in the zorgvorm of the product; None when there is no row of deelname at all: all take part in all.
        debet: Of a credit: the debit that it names.
    """

    agb: str
    gemeente: str
    drager: str
    toewijzing: Toewijzing | None
    producten: tuple[ProductOpDatum, ...] = ()
    contracten: tuple[Contractfeit, ...] = ()
    deelname: tuple[Periode, ...] | None = None
    debet: EerderePrestatie | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorwaarde:
    """One condition: what it is about, whether it holds, and how it came about in a sentence for each reader."""

    naam: str
    voldaan: bool
    aanbieder: str
    contractbeheer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitleg:
    """How a prestatie matches: the conditions in order, up to and including the first that fails.

    `contract`, `tariefregel` and `zorgvorm` are what was found as far as it got; None where it did not get.
    """

    gemeente_drager: str
    toewijzing_nummer: int
    voorwaarden: tuple[Voorwaarde, ...]
    zorgvorm: str | None = None
    contract: str | None = None
    tariefregel: Tariefregel | None = None

    @property
    def gemist(self) -> Voorwaarde | None:
        """The condition that failed; None when all hold."""
        return next((each for each in self.voorwaarden if not each.voldaan), None)


def leg_uit(prestatie: Prestatie, feiten: Feiten) -> Uitleg:
    """Which toewijzing, contract, tariff line and zorgvorm a prestatie has on the first day of its ProductPeriode, or what is missing.

    Of several contracts the one that gets furthest is explained. A credit follows its debit and is asked for nothing else (OP366).
    """
    if prestatie.is_credit:
        return _uitleg(prestatie, feiten, [_debet(prestatie, feiten)])
    paden = [(list(_until_failed(_contract(prestatie, feiten, each))), each) for each in feiten.contracten]
    voorwaarden: list[Voorwaarde] = []
    for each in (*_toewijzing(prestatie, feiten), _product(prestatie, feiten, past=any(pad[-1].voldaan for pad, _ in paden))):
        voorwaarden.append(each)
        if not each.voldaan:
            return _uitleg(prestatie, feiten, voorwaarden)
    zorgvorm = _zorgvorm(prestatie, feiten)
    if not paden:
        geen = Voorwaarde(
            naam="contract",
            voldaan=False,
            aanbieder="Er is met u geen contract in dit domein.",
            contractbeheer=f"Aanbieder {feiten.agb} heeft in dit domein geen contract en is van niemand onderaannemer.",
        )
        return _uitleg(prestatie, feiten, [*voorwaarden, geen], zorgvorm=zorgvorm)
    pad, contract = max(paden, key=lambda each: (each[0][-1].voldaan, len(each[0]), each[1].houder == feiten.agb))
    regel = passende_regel(prestatie, contract.tarieven) if pad[-1].voldaan else None
    return _uitleg(prestatie, feiten, [*voorwaarden, *pad], zorgvorm=zorgvorm, contract=contract.contract, tariefregel=regel)


def _uitleg(prestatie: Prestatie, feiten: Feiten, voorwaarden: Sequence[Voorwaarde], **found: object) -> Uitleg:
    return Uitleg(
        gemeente_drager=feiten.drager,
        toewijzing_nummer=prestatie.toewijzing_nummer,
        voorwaarden=tuple(voorwaarden),
        **found,  # type: ignore[arg-type]
    )


def _until_failed(voorwaarden: Iterable[Voorwaarde]) -> Iterator[Voorwaarde]:
    for each in voorwaarden:
        yield each
        if not each.voldaan:
            return


def _same(naam: str, voldaan: bool, zin: str) -> Voorwaarde:
    """A condition of which the aanbieder may know all there is."""
    return Voorwaarde(naam=naam, voldaan=voldaan, aanbieder=zin, contractbeheer=zin)


def _debet(prestatie: Prestatie, feiten: Feiten) -> Voorwaarde:
    """The debit that a credit undoes."""
    nummer = prestatie.product_referentie.vorig_referentie_nummer
    debet = feiten.debet
    if debet is None:
        return _same("debetprestatie", False, f"Prestatie {nummer}, die deze regel crediteert, is niet eerder ontvangen.")
    if not debet.toegekend:
        return _same("debetprestatie", False, f"Prestatie {nummer} is niet toegekend, dus er is niets te crediteren.")
    return _same("debetprestatie", True, f"Prestatie {nummer} is toegekend; deze regel volgt haar.")


def _toewijzing(prestatie: Prestatie, feiten: Feiten) -> Iterator[Voorwaarde]:
    """Known, not deleted, valid on the day, and of this product."""
    nummer, dag, found = prestatie.toewijzing_nummer, _dag(prestatie), feiten.toewijzing
    if found is None:
        yield _same(
            "toewijzing", False, f"Toewijzing {nummer} van gemeente {feiten.gemeente} is voor deze cliënt bij deze aanbieder niet bekend."
        )
        return
    if found.is_verwijderd:
        yield _same("toewijzing", False, f"Toewijzing {nummer} is door de gemeente verwijderd.")
        return
    yield _same("toewijzing", True, f"Toewijzing {nummer} is bekend.")
    loopt = f"Toewijzing {nummer} loopt van {_datum(found.ingangsdatum)} {_tot(found.einddatum)}"
    in_periode = geldt_op(dag, found.ingangsdatum, found.einddatum)
    yield _same("periode van de toewijzing", in_periode, f"{loopt}; de periode begint op {_datum(dag)}.")
    past = found.categorie in (None, prestatie.product_categorie) and found.code in (None, prestatie.product_code)
    toegewezen = " ".join(each for each in (found.categorie, found.code) if each) or "geen bepaald product"
    yield _same("product van de toewijzing", past, f"Toegewezen is {toegewezen}; gedeclareerd is {_product_naam(prestatie)}.")


def _product(prestatie: Prestatie, feiten: Feiten, *, past: bool) -> Voorwaarde:
    """Known in the region on the day; one that is not but `past` a contract all the same is booked under no zorgvorm."""
    product, dag = _product_naam(prestatie), _dag(prestatie)
    zorgvorm = _zorgvorm(prestatie, feiten)
    if zorgvorm is not None:
        return Voorwaarde(
            naam="product in de regio",
            voldaan=True,
            aanbieder=f"Product {product} is in deze regio bekend.",
            contractbeheer=f"Product {product} valt op {_datum(dag)} onder zorgvorm {zorgvorm}.",
        )
    if past:
        return Voorwaarde(
            naam="product in de regio",
            voldaan=True,
            aanbieder=f"Product {product} staat in uw contract.",
            contractbeheer=f"Product {product} staat in een contract maar is in de regio op {_datum(dag)} niet bekend; het wordt geboekt zonder "
            "zorgvorm.",
        )
    if not feiten.producten:
        return _same("product in de regio", False, f"Product {product} is in deze regio onbekend.")
    perioden = _opsomming(f"van {_datum(each.geldig_van)} {_tot(each.geldig_tot)}" for each in feiten.producten)
    return Voorwaarde(
        naam="product in de regio",
        voldaan=False,
        aanbieder=f"Product {product} is in deze regio op {_datum(dag)} niet bekend.",
        contractbeheer=f"Product {product} is in deze regio op {_datum(dag)} niet bekend; wel {perioden}.",
    )


def _contract(prestatie: Prestatie, feiten: Feiten, contract: Contractfeit) -> Iterator[Voorwaarde]:
    """What a contract must meet: its days, those of subcontracting, the gemeente, and a tariff line."""
    dag, eigen = _dag(prestatie), contract.houder == feiten.agb
    uw = f"Uw contract {contract.contract}" if eigen else "Het contract waaronder u declareert"
    ons = f"Contract {contract.contract}" if eigen else f"Contract {contract.contract} van {contract.houder}"
    yield _days("looptijd van het contract", uw, ons, dag, (contract.van, contract.tot))
    if not eigen:
        mag = geldt_op(dag, contract.via_van, contract.via_tot)
        periode = f"van {_datum(contract.via_van)} {_tot(contract.via_tot)}"
        yield Voorwaarde(
            naam="onderaanneming",
            voldaan=mag,
            aanbieder=f"U declareert op {_datum(dag)} {'' if mag else 'niet '}als onderaannemer onder een contract van een ander.",
            contractbeheer=f"{feiten.agb} declareert {periode} als onderaannemer van {contract.houder}; de periode begint op {_datum(dag)}.",
        )
    yield _gemeente(prestatie, feiten, contract, uw, ons)
    yield from _tarief(prestatie, contract, uw, ons)


def _days(naam: str, uw: str, ons: str, dag: date, periode: Periode) -> Voorwaarde:
    van, tot = periode
    if geldt_op(dag, van, tot):
        rest = f"loopt van {_datum(van)} {_tot(tot)}."
    elif tot is not None and tot < dag:
        rest = f"loopt af op {_datum(tot)}; de periode begint op {_datum(dag)}."
    else:
        rest = f"begint op {_datum(van)}; de periode begint op {_datum(dag)}."
    return Voorwaarde(naam=naam, voldaan=geldt_op(dag, van, tot), aanbieder=f"{uw} {rest}", contractbeheer=f"{ons} {rest}")


def _gemeente(prestatie: Prestatie, feiten: Feiten, contract: Contractfeit, uw: str, ons: str) -> Voorwaarde:
    """Named by the contract, or taking part in the zorgvorm on the day under joint purchase."""
    dag, code = _dag(prestatie), feiten.drager
    drager = "" if code == feiten.gemeente else f" (draagt op {_datum(dag)} de zorg van {feiten.gemeente})"
    if contract.gemeenten is not None:
        voldaan = code in contract.gemeenten
        waarom = f"{ons} {'noemt' if voldaan else 'noemt niet'} gemeente {code}{drager}."
    elif feiten.deelname is None:
        voldaan, waarom = True, f"{ons} geldt voor alle gemeenten, ook {code}{drager}."
    else:
        voldaan = any(geldt_op(dag, *periode) for periode in feiten.deelname)
        waarom = f"{_deelname_zin(prestatie, feiten, voldaan)}{drager}; {ons[0].lower()}{ons[1:]} geldt voor deelnemers."
    return Voorwaarde(
        naam="gemeente in het contract",
        voldaan=voldaan,
        aanbieder=f"{uw} geldt op {_datum(dag)} {'' if voldaan else 'niet '}voor gemeente {code}.",
        contractbeheer=waarom,
    )


def _deelname_zin(prestatie: Prestatie, feiten: Feiten, voldaan: bool) -> str:
    """Since when a gemeente takes part in the zorgvorm, or no longer does."""
    dag, zorgvorm, deelname = _dag(prestatie), _zorgvorm(prestatie, feiten), feiten.deelname or ()
    if voldaan:
        return f"Gemeente {feiten.drager} neemt op {_datum(dag)} deel aan zorgvorm {zorgvorm}"
    ended = max((tot for _, tot in deelname if tot is not None and tot < dag), default=None)
    if ended is not None:
        return (
            f"Gemeente {feiten.drager} neemt per {_datum(date.fromordinal(ended.toordinal() + 1))} niet meer deel aan zorgvorm {zorgvorm}"
        )
    begins = min((van for van, _ in deelname if van > dag), default=None)
    later = "" if begins is None else f", pas per {_datum(begins)}"
    return f"Gemeente {feiten.drager} neemt op {_datum(dag)} niet deel aan zorgvorm {zorgvorm}{later}"


def _tarief(prestatie: Prestatie, contract: Contractfeit, uw: str, ons: str) -> Iterator[Voorwaarde]:
    """A line for the product and eenheid on the day, with the declared tariff."""
    product, dag, eenheid = prestatie.product_code, _dag(prestatie), prestatie.eenheid
    passend = [regel for regel in contract.tarieven if passende_eenheid(regel.eenheid, eenheid)]
    op_dag = [regel for regel in passend if regel.geldt_op(dag)]
    if not op_dag:
        yield Voorwaarde(
            naam="tariefregel",
            voldaan=False,
            aanbieder=f"{uw} heeft geen tarief voor {product} per eenheid {eenheid} op {_datum(dag)}{_wel(passend, contract.tarieven)}.",
            contractbeheer=f"Geen tariefregel voor {product} per eenheid {eenheid} in {ons[0].lower()}{ons[1:]} op {_datum(dag)}"
            f"{_wel(passend, contract.tarieven)}.",
        )
        return
    tarieven = " of ".join(sorted({_bedrag(product_tarief(regel, eenheid)) for regel in op_dag}))
    zin = f"heeft voor {product} per eenheid {eenheid} op {_datum(dag)} tarief {tarieven}"
    voldaan = passende_regel(prestatie, op_dag) is not None
    gedeclareerd = "." if voldaan else f"; gedeclareerd is {_bedrag(prestatie.product_tarief)}."
    yield Voorwaarde(naam="tarief", voldaan=voldaan, aanbieder=f"{uw} {zin}{gedeclareerd}", contractbeheer=f"{ons} {zin}{gedeclareerd}")


def _wel(passend: Sequence[Tariefregel], alle: Sequence[Tariefregel]) -> str:
    """What there is instead: the days of lines in this eenheid, else the other eenheden."""
    if passend:
        return "; wel " + _opsomming(
            f"van {_datum(each.geldig_van)} {_tot(each.geldig_tot)} ({_bedrag(each.tarief_cent)})" for each in passend
        )
    eenheden = sorted({each.eenheid for each in alle})
    return f"; wel per eenheid {' en '.join(eenheden)}" if eenheden else ""


def _zorgvorm(prestatie: Prestatie, feiten: Feiten) -> str | None:
    dag = _dag(prestatie)
    return next((each.zorgvorm for each in feiten.producten if geldt_op(dag, each.geldig_van, each.geldig_tot)), None)


def _dag(prestatie: Prestatie) -> date:
    return prestatie.product_periode.begindatum


def _product_naam(prestatie: Prestatie) -> str:
    return f"{prestatie.product_categorie} {prestatie.product_code}"


def _bedrag(cents: int | None) -> str:
    return "zonder tarief" if cents is None else euro(cents)


def _tot(dag: date | None) -> str:
    return "af" if dag is None else f"tot en met {_datum(dag)}"


def _datum(dag: date) -> str:
    return "het begin" if dag == date.min else f"{dag:%d-%m-%Y}"


OPSOMMING_MAX = 3


def _opsomming(delen: Iterable[str]) -> str:
    """Some of them, for a sentence."""
    found = list(dict.fromkeys(delen))
    meer = f" en nog {len(found) - OPSOMMING_MAX}" if len(found) > OPSOMMING_MAX else ""
    return ", ".join(found[:OPSOMMING_MAX]) + meer
