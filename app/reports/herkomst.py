"""Where money comes from: what a reader can ask of a total, and what a transfer is shown with. Pure; whole cents.

A total is a selection of transfers: those that touch one kind of account, debit positive, narrowed by owner, care and month. Its transfers are
listed by boekmaand and then by their key, so that a page reads one month or a few and not the whole ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from app.domain.periode import maand_van


@dataclass(frozen=True, slots=True, kw_only=True)
class HerkomstFilter:
    """Which transfers make up a total; None means all. Months are named by their first day.

    Attributes:
        rekening: Kind of account; a transfer touches at most one of a kind, so each counts once, with one sign.
        gemeente, aanbieder: Whose account.
        domein, zorgvorm: Of the care.
        zorgmaand, zorgjaar: When the care was given.
        boekmaand, boekjaar: When it was booked.
        tot_en_met: Last boekmaand, included.
        geboekt_vanaf: First day of booking, included: what came since that day.
        soort: Event; a total of one event cannot be read from the balances.
    """

    rekening: str = "kosten"
    gemeente: str | None = None
    aanbieder: str | None = None
    domein: str | None = None
    zorgvorm: str | None = None
    zorgmaand: date | None = None
    zorgjaar: int | None = None
    boekmaand: date | None = None
    boekjaar: int | None = None
    tot_en_met: date | None = None
    geboekt_vanaf: date | None = None
    soort: str | None = None

    @property
    def heeft_saldo(self) -> bool:
        """Whether balances say what this total is: they know no events, and no day inside a month."""
        return self.soort is None and (self.geboekt_vanaf is None or self.geboekt_vanaf.day == 1)

    def as_query(self) -> dict[str, str]:
        """What is asked, as the parameters of an address; pages and API read the same names. Months are written as `2026-06`."""
        values = ((each.name, getattr(self, each.name)) for each in fields(self))
        return {name: _as_text(name, value) for name, value in values if value is not None}


_MAANDEN = frozenset({"zorgmaand", "boekmaand", "tot_en_met"})


def _as_text(name: str, value: object) -> str:
    return f"{value:%Y-%m}" if name in _MAANDEN else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaandSaldo:
    """What the balances say of one boekmaand of a selection; zero when its transfers cancel."""

    boekmaand: date
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpbouwRegel:
    """The transfers of one event in one boekmaand: how many, and what they add up to, debit positive."""

    soort: str
    boekmaand: date
    aantal: int
    bedrag_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HerkomstTotaal:
    """A total with how it is made up.

    Attributes:
        vraag: The selection.
        stand_van: When it was read.
        saldo_cent: What the balances say; None when they cannot say this.
        opbouw: By boekmaand and event, from the transfers themselves.
    """

    vraag: HerkomstFilter
    stand_van: datetime
    saldo_cent: int | None
    opbouw: tuple[OpbouwRegel, ...]

    @property
    def totaal_cent(self) -> int:
        """The sum of the transfers."""
        return sum(row.bedrag_cent for row in self.opbouw)

    @property
    def aantal(self) -> int:
        """How many transfers there are."""
        return sum(row.aantal for row in self.opbouw)

    @property
    def sluit(self) -> bool:
        """Whether balances and transfers say the same."""
        return self.saldo_cent is None or self.saldo_cent == self.totaal_cent

    @property
    def per_soort(self) -> tuple[OpbouwRegel, ...]:
        """The same added up over the months; named by the first of them."""
        rows = sorted(self.opbouw, key=lambda row: (row.soort, row.boekmaand))
        return tuple(_samen(list(group)) for _, group in groupby(rows, key=lambda row: row.soort))

    @property
    def per_maand(self) -> tuple[OpbouwRegel, ...]:
        """The same added up over the events; named by one of them."""
        rows = sorted(self.opbouw, key=lambda row: (row.boekmaand, row.soort))
        return tuple(_samen(list(group)) for _, group in groupby(rows, key=lambda row: row.boekmaand))


def _samen(rows: Sequence[OpbouwRegel]) -> OpbouwRegel:
    first = rows[0]
    return OpbouwRegel(
        soort=first.soort,
        boekmaand=first.boekmaand,
        aantal=sum(row.aantal for row in rows),
        bedrag_cent=sum(row.bedrag_cent for row in rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RekeningNaam:
    """An account by what it is and whose."""

    soort: str
    gemeente: str
    agb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BerichtBron:
    """The bericht that a transfer comes from; `sha256` (hexadecimal) is that of the bytes as they were received."""

    bericht_nr: int
    domein: str | None
    soort: str | None
    van: str
    aan: str | None
    identificatie: str | None
    ontvangen_op: datetime
    beoordeeld_op: datetime | None
    oordeel_nr: int | None
    status: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandelingBron:
    """The act that a transfer comes from: who, when, why, and who approved it."""

    bericht_nr: int
    soort: str
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariefVersie:
    """The line of the contract by which was judged; `lading_nr` is the load of the region that brought it in."""

    tarief_id: int
    contract: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None
    lading_nr: int | None
    vervallen_op: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToewijzingVersie:
    """A version of a toewijzing: the bericht that brought it, and what it allows."""

    domein: str
    gemeente: str
    toewijzing_nummer: int
    bericht_nr: int
    volgnr: int
    oordeel_nr: int | None
    toewijzingsdatum: date
    toewijzingstijd: str
    ingangsdatum: date
    einddatum: date | None
    volume: int | None
    eenheid: str | None
    frequentie: str | None
    budget_cent: int | None
    ingetrokken_door: int | None
    ingetrokken_oordeel_nr: int | None

    def telt_bij(self, oordeel_nr: int) -> bool:
        """Whether it was there, and not withdrawn, when the bericht with this place in the order of judging was judged."""
        if self.oordeel_nr is None or self.oordeel_nr >= oordeel_nr:
            return False
        return self.ingetrokken_door is None or (self.ingetrokken_oordeel_nr is not None and self.ingetrokken_oordeel_nr > oordeel_nr)


def versie_voor(versies: Iterable[ToewijzingVersie], oordeel_nr: int | None) -> ToewijzingVersie | None:
    """The version by which a bericht with this place in the order of judging was judged; None when there was none.

    Of those judged before it the latest by Toewijzingsdatum and Toewijzingstijd (OP080: never by arrival), without what was withdrawn by then.
    Judging again follows the same order, so this holds for it too.
    """
    if oordeel_nr is None:
        return None
    counted = (versie for versie in versies if versie.telt_bij(oordeel_nr))
    return max(counted, key=lambda versie: (versie.toewijzingsdatum, versie.toewijzingstijd, versie.bericht_nr), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestatieBron:
    """The line of a declaratie that a transfer is about, as it was judged last."""

    bericht_nr: int
    regel: int
    domein: str
    gemeente: str
    agb: str
    client_id: int | None
    referentie_nummer: str
    vorig_referentie_nummer: str | None
    is_credit: bool
    toewijzing_nummer: int
    categorie: str
    code: str
    begindatum: date
    einddatum: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    bedrag_cent: int
    toegekend: bool
    retour_codes: tuple[str, ...]
    zorgvorm: str
    gemeente_drager: str
    tarief_id: int | None
    gecrediteerd_door: int | None
    volgnr: int

    @property
    def zorgmaand(self) -> date:
        """The month that the care counts in."""
        return maand_van(self.begindatum)

    def verwacht_cent(self, tarief: TariefVersie | None) -> int | None:
        """Volume times the tariff of the contract; None when the contract has no tariff, or one per another eenheid."""
        if tarief is None or tarief.tarief_cent is None or tarief.eenheid != self.eenheid:
            return None
        return self.volume * tarief.tarief_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class HerkomstRegel:
    """One transfer with everything that it rests on.

    Attributes:
        teken: 1 when the selection is its debit side, -1 when it is its credit side.
        client: Pseudonym; None when there is none, or the reader may not see what one client costs.
        draait_terug: Key of the transfer that this one undoes or credits.
        teruggedraaid_door: Keys of the transfers that undid or credited this one.
    """

    bericht_nr: int
    regel: int
    soort: str
    volgnr: int
    debet: RekeningNaam
    credit: RekeningNaam
    bedrag_cent: int
    teken: int
    domein: str
    zorgvorm: str
    zorgmaand: date
    boekdatum: date
    regelset: str
    client: str | None
    draait_terug: str | None
    teruggedraaid_door: tuple[str, ...]
    bericht: BerichtBron | None
    handeling: HandelingBron | None
    prestatie: PrestatieBron | None
    toewijzing: ToewijzingVersie | None
    tarief: TariefVersie | None

    @property
    def sleutel(self) -> str:
        """Its key as text, as `storno_van` of another names it."""
        return f"{self.bericht_nr}:{self.regel}:{self.soort}:{self.volgnr}"

    @property
    def telt_cent(self) -> int:
        """What it adds to the total."""
        return self.teken * self.bedrag_cent

    @property
    def verwacht_cent(self) -> int | None:
        """What the contract says that the prestatie should cost."""
        return None if self.prestatie is None else self.prestatie.verwacht_cent(self.tarief)


@dataclass(frozen=True, slots=True, kw_only=True)
class HerkomstPagina:
    """Some transfers of a selection, and the cursor to those after them."""

    items: tuple[HerkomstRegel, ...]
    volgende: str | None


class StapSoort(StrEnum):
    """What a step of a chain is about, in the order in which money goes."""

    BESTAND = "bestand"
    PRESTATIE = "prestatie"
    OORDEEL = "oordeel"
    TOEWIJZING = "toewijzing"
    TARIEF = "tarief"
    BOEKING = "boeking"
    VERPLICHTING = "verplichting"
    SALDO = "saldo"
    AFSLUITING = "afsluiting"
    BETALING = "betaling"
    AFREKENING = "afrekening"
    VEREVENING = "verevening"


class Doel(StrEnum):
    """What a step leads to; API and pages each have an address for it."""

    BERICHT = "bericht"
    REGEL = "regel"
    PRESTATIE = "prestatie"
    TOEWIJZING = "toewijzing"
    BOEKINGEN = "boekingen"
    BETAALRUN = "betaalrun"
    VEREVENING = "verevening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verwijzing:
    """Where to read on: numbers or codes in the order of the address, or a selection."""

    doel: Doel
    sleutel: tuple[str, ...] = ()
    vraag: HerkomstFilter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stap:
    """One step of the way of money.

    Attributes:
        soort: What it is about.
        zin: One Dutch sentence for a controller.
        bedrag_cent: The amount of the step, if it has one.
        op: The day or instant on which it happened.
        gegevens: The same facts by name, for software.
        naar: Where to read on.
    """

    soort: StapSoort
    zin: str
    bedrag_cent: int | None = None
    op: date | datetime | None = None
    gegevens: tuple[tuple[str, str | int | bool | None], ...] = ()
    naar: Verwijzing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrestatieSpoor:
    """The way of one prestatie, from the file to where its money ended. `fragment` is None for who may not read berichten."""

    stand_van: datetime
    prestatie: PrestatieBron
    client: str | None
    stappen: tuple[Stap, ...]
    mag_inhoud: bool
    fragment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerplichtingMaand:
    """What a toewijzing was expected to cost in a month of care, and what its granted prestaties used."""

    zorgmaand: date
    zorgvorm: str
    verwacht_cent: int
    gebruikt_cent: int
    vrijgevallen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToewijzingSpoor:
    """A toewijzing with its versions, what it committed, and its prestaties, each leading to its own way."""

    stand_van: datetime
    domein: str
    gemeente: str
    toewijzing_nummer: int
    agb: str
    client: str | None
    versies: tuple[ToewijzingVersie, ...]
    maanden: tuple[VerplichtingMaand, ...]
    prestaties: tuple[PrestatieBron, ...]
    volgende: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaldoInRun:
    """A balance that went into a run, beside what it is now.

    Attributes:
        gemeente: Whose cost it is: the gemeente itself, or one that went up in it.
        in_run_cent: As stored with the run.
        nu_cent: In the ledger now.
    """

    gemeente: str
    zorgvorm: str
    zorgmaand: date
    in_run_cent: int
    nu_cent: int

    @property
    def verschil_cent(self) -> int:
        """What was booked since."""
        return self.nu_cent - self.in_run_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class PotInRun:
    """One pool of a run for one gemeente.

    Attributes:
        regeling, pot: Code of the arrangement; the zorgvorm, or `*` for all of them together.
        zorgvormen: What the pool holds.
        van, tot_en_met: Its days.
        artikel: What it rests on; None when the agreement names none.
        eigen_kosten_cent, bijdrage_cent: As stored.
        saldi: The balances that the own cost was taken from.
    """

    regeling: str
    pot: str
    zorgvormen: tuple[str, ...]
    van: date
    tot_en_met: date
    artikel: str | None
    eigen_kosten_cent: int
    bijdrage_cent: int
    saldi: tuple[SaldoInRun, ...]

    @property
    def verevening_cent(self) -> int:
        """Positive pays, negative receives."""
        return self.bijdrage_cent - self.eigen_kosten_cent

    @property
    def saldi_cent(self) -> int:
        """The balances added up; equal to the own cost, unless a herindeling divided them."""
        return sum(saldo.in_run_cent for saldo in self.saldi)

    @property
    def later_cent(self) -> int:
        """What was booked on these balances after the run."""
        return sum(saldo.verschil_cent for saldo in self.saldi)


@dataclass(frozen=True, slots=True, kw_only=True)
class VereveningSpoor:
    """The share of a gemeente in a run, down to its balances."""

    stand_van: datetime
    run_nr: int
    jaar: int
    model: str
    status: str
    gemaakt_op: datetime
    gemaakt_door: str
    gemeente: str
    naam: str
    potten: tuple[PotInRun, ...]

    @property
    def eigen_kosten_cent(self) -> int:
        """Over all pools."""
        return sum(pot.eigen_kosten_cent for pot in self.potten)

    @property
    def bijdrage_cent(self) -> int:
        """Over all pools."""
        return sum(pot.bijdrage_cent for pot in self.potten)

    @property
    def verevening_cent(self) -> int:
        """Positive pays, negative receives."""
        return self.bijdrage_cent - self.eigen_kosten_cent

    @property
    def later_cent(self) -> int:
        """What was booked after the run on the balances that went in."""
        return sum(pot.later_cent for pot in self.potten)
