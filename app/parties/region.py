"""The region as data: one frozen value for each row of the CSV files (`docs/region-folder.md`), and `Region`, which holds them all.

Owns what a row says, with units and meaning. How a row looks in a file is `folder`, whether the rows agree with each other is `checking`,
where they are kept is `store`. Periods include their last day; money is whole cents; an open period has `geldig_tot` None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from app.domain.bericht import Domein

Stuurbaarheid = Literal["", "licht", "zwaar"]
Uitvoeringsvariant = Literal["", "inspanning", "output", "taak"]
Bekostiging = Literal["", "pxq", "lumpsum", "subsidie", "budget"]
Vorm = Literal["pxq", "lumpsum", "subsidie", "budget"]
Niveau = Literal["", "lokaal", "regionaal", "bovenregionaal", "landelijk"]
Declareert = Literal["eigen", "partner"]
Kanaal = Literal["postvak", "webhook", "ggk"]
Antwoordt = Literal["", "zelf"]

EURO = "83"
"""Eenheid that carries no tariff (CD087)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rij:
    """A row of one of the files; `bestand` names the file, `sleutel` the columns that may not occur twice together."""

    bestand: ClassVar[str]
    sleutel: ClassVar[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemeente(Rij):
    """A gemeente that takes part, with its CBS code; after a herindeling a code ends and another begins.

    `jeugdregio` is the name of the jeugdzorgregio it belongs to in the period, empty when that is not said.
    """

    bestand: ClassVar[str] = "gemeenten.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("code", "geldig_van")

    code: str
    naam: str
    geldig_van: date
    geldig_tot: date | None = None
    jeugdregio: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Herindeling(Rij):
    """From `datum` on, the share `fractie` of what was of `van` is of `naar`; the fractions of one `van` add up to 1."""

    bestand: ClassVar[str] = "herindelingen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("datum", "van", "naar")

    datum: date
    van: str
    naar: str
    fractie: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Aanbieder(Rij):
    """A provider with its AGB-code; `contractpartner_agb` is the main contractor whose contracts it delivers under, on every day.

    What holds for a period or for one contract stands in `Onderaannemer`.
    """

    bestand: ClassVar[str] = "aanbieders.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("agb",)

    agb: str
    naam: str
    contractpartner_agb: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zorgvorm(Rij):
    """A care category, the level at which cost is shared; `stuurbaarheid` says how far a gemeente can steer it.

    `niveau` is the level at which the care is organised (K08). Of a zorgvorm with `crisis` the toewijzing is made after the care has begun; a
    prestatie still names one (TR338).
    """

    bestand: ClassVar[str] = "zorgvormen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("zorgvorm",)

    zorgvorm: str
    naam: str
    domein: Domein
    stuurbaarheid: Stuurbaarheid = ""
    niveau: Niveau = ""
    crisis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Productgroep(Rij):
    """A name for products of one domein that belong together, for lists and reports."""

    bestand: ClassVar[str] = "productgroepen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("groep",)

    groep: str
    naam: str
    domein: Domein


@dataclass(frozen=True, slots=True, kw_only=True)
class RegioProduct(Rij):
    """A product that the region buys, and the zorgvorm (and productgroep, if any) it belongs to in a period (K11)."""

    bestand: ClassVar[str] = "producten.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("domein", "categorie", "code", "geldig_van")

    domein: Domein
    categorie: str
    code: str
    omschrijving: str
    eenheid: str
    zorgvorm: str
    geldig_van: date
    geldig_tot: date | None = None
    groep: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Rij):
    """An agreement with an aanbieder or contractpartner.

    `gemeenten` are codes in order; `("*",)` is every gemeente of the region, each while it takes part (`Deelname`). `geldig_tot` is the last day
    without extension (`Contractoptie`). `bekostiging` holds where `Financiering` says nothing. `plafond_cent` is over the whole contract; it
    warns and never rejects (K07).
    """

    bestand: ClassVar[str] = "contracten.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("contract",)

    contract: str
    agb: str
    domein: Domein
    gemeenten: tuple[str, ...]
    geldig_van: date
    geldig_tot: date | None = None
    uitvoeringsvariant: Uitvoeringsvariant = ""
    bekostiging: Bekostiging = ""
    plafond_cent: int | None = None

    @property
    def alle_gemeenten(self) -> bool:
        """Whether the contract is for the whole region."""
        return self.gemeenten == ALLE_GEMEENTEN


ALLE_GEMEENTEN = ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contractoptie(Rij):
    """An option to extend a contract up to and including `tot` (K06); `uitgeoefend_op` is None while nobody has exercised it."""

    bestand: ClassVar[str] = "contractopties.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("contract", "tot")

    contract: str
    tot: date
    uitgeoefend_op: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Onderaannemer(Rij):
    """A subcontractor of a main contractor in a period (K03, K10); an empty `contract` is every contract of the main contractor.

    With `declareert` eigen the subcontractor claims under its own AGB-code on the lines of the main contractor; with partner the main contractor
    claims for it, and the row gives the subcontractor no lines.
    """

    bestand: ClassVar[str] = "onderaannemers.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("hoofdaannemer_agb", "onderaannemer_agb", "contract", "geldig_van")

    hoofdaannemer_agb: str
    onderaannemer_agb: str
    contract: str = ""
    declareert: Declareert
    geldig_van: date
    geldig_tot: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tarief(Rij):
    """What a contract pays for one eenheid of a product in a period; None or 1 for eenheid 83, where the amount is the volume."""

    bestand: ClassVar[str] = "tarieven.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("contract", "categorie", "code", "eenheid", "geldig_van")

    contract: str
    categorie: str
    code: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Financiering(Rij):
    """How a contract is paid in a year, for one zorgvorm or (empty) for all of them (K02, K05, K10, K12).

    `gegarandeerd_cent` is paid whatever is delivered, `variabel_cent` at most on top of it, both over the year and in `termijnen` equal parts;
    `administratie_promille` is the fee of a contractpartner, in thousandths of what its group is granted.
    """

    bestand: ClassVar[str] = "bekostigingen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("contract", "zorgvorm", "jaar")

    contract: str
    zorgvorm: str = ""
    jaar: int
    vorm: Vorm
    gegarandeerd_cent: int = 0
    variabel_cent: int = 0
    administratie_promille: int = 0
    termijnen: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Plafond(Rij):
    """A ceiling of a contract in a year, for one zorgvorm or (empty) for all of them together (K04); it warns and never rejects (K07)."""

    bestand: ClassVar[str] = "plafonds.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("contract", "zorgvorm", "jaar")

    contract: str
    zorgvorm: str = ""
    jaar: int
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deelname(Rij):
    """A gemeente buys a zorgvorm jointly in a period (C05, C16, C31); no row at all in the file: all take part in all.

    It decides for whom a contract with gemeenten `*` counts; a contract that names the gemeente counts regardless (local purchase).
    """

    bestand: ClassVar[str] = "deelname.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("gemeente", "zorgvorm", "geldig_van")

    gemeente: str
    zorgvorm: str
    geldig_van: date
    geldig_tot: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Rij):
    """What a gemeente set aside for a year; an empty `zorgvorm` is all of them together."""

    bestand: ClassVar[str] = "budgetten.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("gemeente", "jaar", "zorgvorm")

    gemeente: str
    jaar: int
    zorgvorm: str = ""
    bedrag_cent: int
    bron: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maatstaf(Rij):
    """A figure of a gemeente in a year that a model divides by: inwoners, jeugdigen, rijksbudget (euros), and others."""

    bestand: ClassVar[str] = "maatstaven.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("maatstaf", "gemeente", "zorgvorm", "jaar")

    maatstaf: str
    gemeente: str
    zorgvorm: str = ""
    jaar: int
    waarde: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Voorschot(Rij):
    """An advance that a gemeente pays an aanbieder in a month (`maand` is its first day)."""

    bestand: ClassVar[str] = "voorschotten.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("agb", "gemeente", "maand")

    agb: str
    gemeente: str
    maand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bijdrage(Rij):
    """What a gemeente pays to the region in a month (`maand` is its first day)."""

    bestand: ClassVar[str] = "bijdragen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("gemeente", "maand")

    gemeente: str
    maand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartijInstelling(Rij):
    """How a partij is reached, whether a gemeente gets a copy of what aanbieders send (`kopie`), and whether it answers itself."""

    bestand: ClassVar[str] = "partijen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("partij",)

    partij: str
    kanaal: Kanaal = "postvak"
    adres: str = ""
    kopie: bool = False
    antwoordt: Antwoordt = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bankrekening(Rij):
    """The bank account of a gemeente (from which it pays) or an aanbieder (on which it is paid); only the region sees these rows.

    A file of its own, because rows of gemeenten and aanbieders are for everybody. `bic` may be empty: inside SEPA the IBAN is enough.
    """

    bestand: ClassVar[str] = "bankrekeningen.csv"
    sleutel: ClassVar[tuple[str, ...]] = ("partij",)

    partij: str
    iban: str
    tenaamstelling: str
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """All that a region folder says, a tuple of rows for each file."""

    gemeenten: tuple[Gemeente, ...] = ()
    herindelingen: tuple[Herindeling, ...] = ()
    aanbieders: tuple[Aanbieder, ...] = ()
    zorgvormen: tuple[Zorgvorm, ...] = ()
    productgroepen: tuple[Productgroep, ...] = ()
    producten: tuple[RegioProduct, ...] = ()
    contracten: tuple[Contract, ...] = ()
    contractopties: tuple[Contractoptie, ...] = ()
    onderaannemers: tuple[Onderaannemer, ...] = ()
    tarieven: tuple[Tarief, ...] = ()
    bekostigingen: tuple[Financiering, ...] = ()
    plafonds: tuple[Plafond, ...] = ()
    deelname: tuple[Deelname, ...] = ()
    budgetten: tuple[Budget, ...] = ()
    maatstaven: tuple[Maatstaf, ...] = ()
    voorschotten: tuple[Voorschot, ...] = ()
    bijdragen: tuple[Bijdrage, ...] = ()
    partijen: tuple[PartijInstelling, ...] = ()
    bankrekeningen: tuple[Bankrekening, ...] = ()

    def rijen(self, soort: type[Rij]) -> tuple[Any, ...]:
        """The rows of one kind."""
        rows: tuple[Any, ...] = getattr(self, TABELLEN[soort])
        return rows


TABELLEN: dict[type[Rij], str] = {
    Gemeente: "gemeenten",
    Herindeling: "herindelingen",
    Aanbieder: "aanbieders",
    Zorgvorm: "zorgvormen",
    Productgroep: "productgroepen",
    RegioProduct: "producten",
    Contract: "contracten",
    Contractoptie: "contractopties",
    Onderaannemer: "onderaannemers",
    Tarief: "tarieven",
    Financiering: "bekostigingen",
    Plafond: "plafonds",
    Deelname: "deelname",
    Budget: "budgetten",
    Maatstaf: "maatstaven",
    Voorschot: "voorschotten",
    Bijdrage: "bijdragen",
    PartijInstelling: "partijen",
    Bankrekening: "bankrekeningen",
}
"""Each kind of row and the field of `Region` that holds it, in the order in which a region is best read."""

PER_PERIODE: dict[type[Rij], tuple[str, ...]] = {
    Gemeente: ("code",),
    RegioProduct: ("domein", "categorie", "code"),
    Contract: ("contract",),
    Onderaannemer: ("hoofdaannemer_agb", "onderaannemer_agb", "contract"),
    Tarief: ("contract", "categorie", "code", "eenheid"),
    Deelname: ("gemeente", "zorgvorm"),
}
"""Rows with a period; those with these columns the same follow each other in time and may not overlap."""

VERPLICHT: tuple[type[Rij], ...] = (Gemeente, Aanbieder, Zorgvorm, RegioProduct, Contract, Tarief)
"""Files without which there is no region; a missing other one means none."""


def region_van(rijen: Mapping[type[Rij], Iterable[Any]]) -> Region:
    """The region with these rows; a kind of row that is not named has none."""
    velden: dict[str, Any] = {TABELLEN[soort]: tuple(rows) for soort, rows in rijen.items()}
    return Region(**velden)


def sleutel_van(rij: Rij) -> tuple[Any, ...]:
    """The values of the key columns of a row."""
    return tuple(getattr(rij, kolom) for kolom in rij.sleutel)


def reeks_van(rij: Rij) -> tuple[Any, ...]:
    """What a row with a period is about: rows with the same follow each other in time."""
    return tuple(getattr(rij, kolom) for kolom in PER_PERIODE[type(rij)])


def geordend(region: Region) -> Region:
    """The same region with the rows of each file in order of their keys, so that equal regions are equal values."""
    return replace(region, **{veld: tuple(sorted(getattr(region, veld), key=sleutel_van)) for veld in TABELLEN.values()})


def kolommen(soort: type[Rij]) -> tuple[str, ...]:
    """The columns of a file, in their order."""
    return tuple(veld.name for veld in fields(soort))
