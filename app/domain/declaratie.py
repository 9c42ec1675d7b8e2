"""What an aanbieder claims (323) and what the gemeente answers (325)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.bedrag import BedragMetDC, TotaalBedragMetDC
from app.domain.klassen import Berichtklasse, Samengesteld
from app.domain.periode import GeslotenPeriode


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReferentie(Samengesteld):
    """Number of a prestatie, unique for the aanbieder (TR314), and of the debit that a credit undoes."""

    referentie_nummer: str
    vorig_referentie_nummer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prestatie(Berichtklasse):
    """One product, client and period that is claimed; the same class is echoed in a 325 when it is rejected.

    `geleverd_volume` counts whole `eenheid`; `product_tarief` is in cents per eenheid and absent for eenheid 83 (CD087).
    """

    product_referentie: ProductReferentie
    toewijzing_nummer: int
    product_categorie: str
    product_code: str
    product_periode: GeslotenPeriode
    geleverd_volume: int
    eenheid: str
    product_tarief: int | None = None
    ingediend_bedrag: BedragMetDC

    @property
    def is_credit(self) -> bool:
        """Whether the line undoes an earlier debit."""
        return self.ingediend_bedrag.debet_credit == "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaratieClient(Berichtklasse):
    """The prestaties of one client in a declaratie or its answer (element Client)."""

    bsn: str
    prestaties: tuple[Prestatie, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaratie(Berichtklasse):
    """A claim over one calendar month, with late lines and corrections; logical key `declaratie_nummer`."""

    declaratie_nummer: str
    declaratie_periode: GeslotenPeriode
    declaratie_dagtekening: date
    totaal_ingediend_bedrag: TotaalBedragMetDC
    clienten: tuple[DeclaratieClient, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaratieAntwoord(Berichtklasse):
    """The judgement of a declaratie: what was claimed, what was granted, and only the rejected lines (TR342)."""

    declaratie_nummer: str
    totaal_ingediend_bedrag: TotaalBedragMetDC
    totaal_toegekend_bedrag: TotaalBedragMetDC
    clienten: tuple[DeclaratieClient, ...] = ()
