"""The rows of the generated region: everything that stands in its CSV files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.iban import make_iban
from app.domain.periode import EEN_DAG
from app.parties.generator.aanbod import Aanbod
from app.parties.generator.declareren import Regel
from app.parties.generator.fusies import Fusie, fusie_van
from app.parties.generator.geld import JAREN_TERUG, make_bijdragen, make_budgetten, make_maatstaven, make_plafonds, make_voorschotten
from app.parties.generator.zaken import Zaak
from app.parties.generator.zeeland import CRISIS, JEUGDREGIO, NIVEAUS, PRODUCTEN, PRODUCTGROEPEN, ZORGVORMEN, Plaats
from app.parties.region import Bankrekening, Gemeente, Herindeling, PartijInstelling, Productgroep, Region, RegioProduct, Zorgvorm, geordend

KOPIE_ELKE = 4
TESTBANK = "TEST"
"""A bank that does not exist: no file made from this region can move money."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemaakt:
    """What the region was made of and for; `venster` is the first and last day of the months."""

    seed: int
    plaatsen: tuple[Plaats, ...]
    fusies: tuple[Fusie, ...]
    aanbod: Aanbod
    zaken: Sequence[Zaak]
    regels: Sequence[Regel]
    venster: tuple[date, date]

    @property
    def begin(self) -> date:
        """First day of what is as old as the region."""
        return date(self.venster[1].year - JAREN_TERUG, 1, 1)


def make_region(gemaakt: Gemaakt) -> Region:
    """The region, in order of its keys."""
    aanbod, plaatsen, fusies, venster = gemaakt.aanbod, gemaakt.plaatsen, gemaakt.fusies, gemaakt.venster
    budgetten = make_budgetten(gemaakt.seed, plaatsen, fusies, gemaakt.regels, venster)
    return geordend(
        Region(
            gemeenten=tuple(_gemeenten(gemaakt)),
            herindelingen=tuple(
                Herindeling(datum=each.datum, van=each.van.code, naar=each.naar.code, fractie=Fraction(1)) for each in fusies
            ),
            aanbieders=aanbod.aanbieders,
            zorgvormen=tuple(_zorgvormen()),
            productgroepen=tuple(Productgroep(groep=groep, naam=naam, domein=domein) for groep, naam, domein in PRODUCTGROEPEN),
            producten=tuple(_producten(gemaakt.begin)),
            contracten=aanbod.contracten,
            contractopties=aanbod.opties,
            onderaannemers=aanbod.onderaannemers,
            tarieven=aanbod.tarieven,
            bekostigingen=aanbod.bekostigingen,
            plafonds=make_plafonds(gemaakt.regels, venster[1].year),
            deelname=aanbod.deelname,
            budgetten=budgetten,
            maatstaven=make_maatstaven(gemaakt.seed, plaatsen, fusies, gemaakt.zaken, venster[1].year),
            voorschotten=make_voorschotten(gemaakt.regels, venster),
            bijdragen=make_bijdragen(budgetten, fusies, venster),
            partijen=tuple(_partijen(gemaakt)),
            bankrekeningen=tuple(_bankrekeningen(gemaakt)),
        )
    )


def _gemeenten(gemaakt: Gemaakt) -> Iterator[Gemeente]:
    for plaats in gemaakt.plaatsen:
        fusie = fusie_van(plaats, gemaakt.fusies)
        last = fusie.datum - EEN_DAG if fusie else None
        yield Gemeente(code=plaats.code, naam=plaats.naam, geldig_van=gemaakt.begin, geldig_tot=last, jeugdregio=JEUGDREGIO)


def _zorgvormen() -> Iterator[Zorgvorm]:
    for zorgvorm, naam, domein, stuurbaarheid in ZORGVORMEN:
        niveau = NIVEAUS.get(zorgvorm, "regionaal")
        yield Zorgvorm(zorgvorm=zorgvorm, naam=naam, domein=domein, stuurbaarheid=stuurbaarheid, niveau=niveau, crisis=zorgvorm == CRISIS)


def _producten(begin: date) -> Iterator[RegioProduct]:
    for product in PRODUCTEN:
        yield RegioProduct(
            domein=product.domein,
            categorie=product.categorie,
            code=product.code,
            omschrijving=product.omschrijving,
            eenheid=product.eenheid,
            zorgvorm=product.zorgvorm,
            geldig_van=begin,
            groep=product.groep,
        )


def _partijen(gemaakt: Gemaakt) -> Iterator[PartijInstelling]:
    for index, plaats in enumerate(gemaakt.plaatsen):
        yield PartijInstelling(partij=f"gemeente:{plaats.code}", kopie=index % KOPIE_ELKE == 0)
    for aanbieder in gemaakt.aanbod.aanbieders:
        yield PartijInstelling(partij=f"aanbieder:{aanbieder.agb}")


def _bankrekeningen(gemaakt: Gemaakt) -> Iterator[Bankrekening]:
    """Accounts with right check digits; their ten digits hold the code of whose they are."""
    for plaats in gemaakt.plaatsen:
        iban = make_iban("NL", f"{TESTBANK}99{plaats.code:0>8}")
        yield Bankrekening(partij=f"gemeente:{plaats.code}", iban=iban, tenaamstelling=f"Gemeente {plaats.naam}")
    for aanbieder in gemaakt.aanbod.aanbieders:
        iban = make_iban("NL", f"{TESTBANK}00{aanbieder.agb}")
        yield Bankrekening(partij=f"aanbieder:{aanbieder.agb}", iban=iban, tenaamstelling=aanbieder.naam)
