"""Contracts as people read them: which there are, what each pays for, and what was granted on every price line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.bericht import Domein

PAGINA_MAX = 100
"""Contracts of a page of the list."""
CONTRACTEN_MAX = 5_000
"""Contracts of the list as a file."""
PRIJZEN_MAX = 2_000
"""Price lines of a contract that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVraag:
    """Which contracts: of a wet, that run on a day (None: also those that ended), with a price for a product on that day.

    `zoek` is a part of the name of the aanbieder or of the contract number, in any case, or an AGB-code; `product` is the code of a product or a
    part of its description.
    """

    dag: date | None = None
    domein: Domein | None = None
    product: str | None = None
    zoek: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractItem:
    """A contract in the list; `tot` is the last day with the options that were exercised, None when it is open.

    `prijzen` is the number of its price lines on the day asked about, or of all its price lines. `prijs` is what it then pays for the products
    asked about, as (code, cents, eenheid) by code from the lowest; cents None for eenheid 83, where the amount is the volume.
    """

    contract: str
    agb: str
    aanbieder_naam: str
    domein: Domein
    alle_gemeenten: bool
    gemeenten: tuple[str, ...]
    van: date
    tot: date | None
    prijzen: int
    prijs: tuple[tuple[str, int | None, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractLijst:
    """A page of the contracts, by name of the aanbieder; `volgende` is the cursor of the next."""

    stand_van: datetime
    items: tuple[ContractItem, ...]
    volgende: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Optie:
    """An option to extend a contract to `tot` inclusive (K06); `uitgeoefend_op` None: nobody has exercised it."""

    tot: date
    uitgeoefend_op: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BekostigingRegel:
    """How the contract is paid in a year, for a zorgvorm or (empty) for all (K02, K05); money in cents over the year."""

    jaar: int
    zorgvorm_naam: str
    vorm: str
    gegarandeerd_cent: int
    variabel_cent: int
    administratie_promille: int
    termijnen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlafondRegel:
    """A ceiling in cents of a year, for a zorgvorm or (empty) for all; it warns and never rejects (K07)."""

    jaar: int
    zorgvorm_naam: str
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnderaannemerRegel:
    """A subcontractor under this contract; `declareert` eigen: it claims on these price lines itself, partner: the main contractor does (K10)."""

    agb: str
    naam: str
    declareert: str
    geldig_van: date
    geldig_tot: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrijsRegel:
    """What the contract pays for an eenheid of a product, first and last day included; `tarief_cent` None for eenheid 83.

    `toegekend_cent` is what was granted on this line for care of the year asked about, credits taken off.
    """

    categorie: str
    code: str
    omschrijving: str
    zorgvorm_naam: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None
    toegekend_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractBlad:
    """One contract with everything that was agreed; `prijzen` those valid on `dag`, or all when that is None.

    Attributes:
        jaar: Of care, of what was granted.
        bekostiging: What holds where a year says nothing else; empty: by the price lines.
        plafond_cent: Ceiling over the whole contract; None: none.
        contractpartners: Aanbieders (agb, name) that deliver under all contracts of this one.
        meer: There are more price lines than are shown.
    """

    stand_van: datetime
    dag: date | None
    jaar: int
    contract: str
    agb: str
    aanbieder_naam: str
    domein: Domein
    alle_gemeenten: bool
    gemeenten: tuple[tuple[str, str], ...]
    van: date
    tot: date | None
    geldig_tot: date | None
    uitvoeringsvariant: str
    bekostiging: str
    plafond_cent: int | None
    opties: tuple[Optie, ...]
    bekostigingen: tuple[BekostigingRegel, ...]
    plafonds: tuple[PlafondRegel, ...]
    onderaannemers: tuple[OnderaannemerRegel, ...]
    contractpartners: tuple[tuple[str, str], ...]
    prijzen: tuple[PrijsRegel, ...]
    meer: bool

    @property
    def toegekend_cent(self) -> int:
        """Granted on the price lines that are shown."""
        return sum(each.toegekend_cent for each in self.prijzen)
