"""What the past says, as plain values: all that judging one bericht may look at besides the bericht itself.

`register` and `parties` fill a `Snapshot` with a constant number of queries, for the keys that occur in the bericht; rules see it through a
`Kijk`, the part that concerns one berichtklasse. Each fact says who can see it (`zichtbaar_voor`, partijen): a finding on a fact that is
hidden from the sender is refused by the engine (OP095).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.bericht import Bericht, Domein
from app.domain.partij import aanbieder, gemeente
from app.domain.periode import geldt_op
from app.domain.toewijzing import VERVALLEN_REDENEN, VERWIJDERD, Omvang


@dataclass(frozen=True, slots=True, kw_only=True)
class Toewijzing:
    """One version of a toegewezen product as a 301 registered it.

    Versions of a number are ordered by `toewijzingsdatum` and `toewijzingstijd`, never by arrival (IV013, OP080); the last one counts.
    `bericht_nr` is the 301 it came with; `ingangsdatum` and `einddatum` are included; `budget` is in cents.
    """

    bericht_nr: int
    domein: Domein
    gemeente: str
    agb: str
    client_id: int
    toewijzing_nummer: int
    categorie: str | None = None
    code: str | None = None
    toewijzingsdatum: date
    toewijzingstijd: str
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: str | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    referentie_aanbieder: str | None = None

    @property
    def is_verwijderd(self) -> bool:
        """Whether this version deletes the toewijzing (RedenWijziging 13, CS335)."""
        return self.reden_wijziging == VERWIJDERD

    def is_actueel(self, vandaag: date) -> bool:
        """Whether it holds on `vandaag` or will later: not deleted (13, or 01 on one day) and not ended before that day (TR349)."""
        if self.reden_wijziging in VERVALLEN_REDENEN and self.einddatum == self.ingangsdatum:
            return False
        return self.einddatum is None or self.einddatum >= vandaag

    @property
    def zichtbaar_voor(self) -> frozenset[str]:
        """The gemeente that sent it and the aanbieder that received it."""
        return frozenset((gemeente(self.gemeente), aanbieder(self.agb)))

    @property
    def volgorde(self) -> tuple[date, str]:
        """Key that orders the versions of a number."""
        return self.toewijzingsdatum, self.toewijzingstijd


@dataclass(frozen=True, slots=True, kw_only=True)
class Levering:
    """A start (`einddatum` None) or stop that was accepted and not deleted since.

    `bericht_nr` and `volgnr` (from 1 in its bericht) name its source. The logical key is toewijzing_nummer, categorie, code, begindatum, and for
    a stop also reden and einddatum.
    """

    bericht_nr: int
    volgnr: int
    client_id: int
    toewijzing_nummer: int | None
    categorie: str | None
    code: str | None
    begindatum: date
    reden_beeindiging: str | None = None
    einddatum: date | None = None

    @property
    def is_stop(self) -> bool:
        """Whether it is a stop (307); otherwise a start (305)."""
        return self.einddatum is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EerderePrestatie:
    """A debit prestatie of an earlier declaratie, found by ReferentieNummer.

    `toegekend` says whether the 325 granted it; `gecrediteerd` whether a granted credit has undone it. The other fields are as claimed, amounts
    in cents; `zorgvorm`, `gemeente_drager`, `tarief_id` are as booked, so that a credit mirrors the booking of then, which `volgnr` names: 0 unless
    the debit was judged again.
    """

    bericht_nr: int
    regel: int
    referentie_nummer: str
    client_id: int
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
    gecrediteerd: bool
    zorgvorm: str = ""
    gemeente_drager: str = ""
    tarief_id: int | None = None
    volgnr: int = 0


class VerzoekStatus(StrEnum):
    """Where a request of an aanbieder stands; the first two are open (TR374)."""

    OPEN = "open"
    IN_ONDERZOEK = "in_onderzoek"
    """A 319 said that the gemeente needs more time."""
    TOEGEWEZEN = "toegewezen"
    """A 301 carries its reference."""
    AFGEWEZEN = "afgewezen"
    """A 319 refused it."""

    @property
    def is_onderhanden(self) -> bool:
        """Whether the gemeente has still to decide."""
        return self in (VerzoekStatus.OPEN, VerzoekStatus.IN_ONDERZOEK)


@dataclass(frozen=True, slots=True, kw_only=True)
class EerderVerzoek:
    """A request that was accepted: one AangevraagdProduct of a 315, or a 317 as a whole.

    `bericht_nr` and `volgnr` (from 1 in its bericht) name its source; `referentie_aanbieder` is its name between gemeente and aanbieder.
    `categorie` and `code` are of the AangevraagdProduct, empty for a 317.
    """

    bericht_nr: int
    volgnr: int
    soort: str
    gemeente: str
    client_id: int
    referentie_aanbieder: str
    status: VerzoekStatus = VerzoekStatus.OPEN
    categorie: str | None = None
    code: str | None = None


DebetSleutel = tuple[int, str, str, date, date]
"""toewijzing_nummer, categorie, code, first and last day of the ProductPeriode: at most one uncredited debit (TR389)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariefregel:
    """One line of a contract of this aanbieder, or of the contractpartner that administers for it, for one gemeente.

    `tarief_cent` is per `eenheid`; None for eenheid 83 (euro), which carries no tariff (CD087). Valid `geldig_van`..`geldig_tot`, both included
    (the intersection of contract and tariff line). `zorgvorm` is not of the line but of the product; see `ProductOpDatum`.
    """

    tarief_id: int
    contract: str
    gemeente: str
    categorie: str
    code: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None = None

    def geldt_op(self, dag: date) -> bool:
        """Whether the line is valid on `dag`."""
        return geldt_op(dag, self.geldig_van, self.geldig_tot)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOpDatum:
    """A product of the region and the zorgvorm it belongs to in a period (both days included)."""

    categorie: str
    code: str
    zorgvorm: str
    geldig_van: date
    geldig_tot: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overgang:
    """A herindeling with fraction 1: care of `van` on or after `datum` is borne by `naar`."""

    datum: date
    van: str
    naar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The past, as far as one lot of berichten of one lane needs it.

    Attributes:
        domein, agb: The lane.
        clienten: Bsn to client_id, for the Bsns of these berichten for whom this aanbieder has a toewijzing that counts (TR304).
        nieuwe_clienten: Bsn to client_id for every Bsn of the 301s and 315s among these berichten: the id that a new toewijzing or request gets,
            whether or not the client was known before. `bijwerken` adds the client of an accepted 301 to `clienten`.
        gebruikte_identificaties: (soort, van, identificatie) already used by a bericht that counts as sent (TR056).
        toewijzingen: Per (gemeente, toewijzing_nummer) all versions that count, oldest first.
        nummers_van_client: Per (gemeente, client_id) the ToewijzingNummers of this aanbieder, for the clients of 317s (TR349); their versions are in
            `toewijzingen`.
        verzoeken: Per (gemeente, referentie_aanbieder) the accepted request with that reference, for the references in these berichten (TR355).
        verzoek_referenties: References of requests of this aanbieder in this domein, whatever the gemeente, of those in these berichten (TR347).
        onderhanden: Per (gemeente, client_id) the references of undecided requests of this aanbieder (TR374), for the clients of 315s and 317s.
        leveringen: Per (gemeente, client_id) the starts and stops of this aanbieder that count, oldest first.
        declaratie_nummers: (gemeente, declaratie_nummer) used by a declaratie that counts as sent (TR333).
        laatste_declaratieperiode: Per gemeente the first day of the last DeclaratiePeriode (TR318).
        referentie_nummers: (gemeente, referentie_nummer) used before (TR314), of those in these berichten.
        debets: Per (gemeente, referentie_nummer) the debit that a credit of these berichten names (TR323, TR390).
        open_debets: Per gemeente the keys of granted debits not credited since, for the toewijzingen of these berichten (TR389).
        verbruik: Per (gemeente, toewijzing_nummer) the granted volume per eenheid, debits less credits (TR322).
        besteed: Per (gemeente, toewijzing_nummer) the granted amount in cents, debits less credits (TR369).
        goedgekeurd: (gemeente, toewijzing_nummer) with granted debits that are not credited (TR385), of those in these berichten.
        tarieven: Per (gemeente, categorie, code) the lines of this aanbieder's contracts, all periods.
        contracten: Gemeenten for which the aanbieder has a contract at all in this domain.
        producten: Per (categorie, code) the zorgvorm by period.
        overgangen: Herindelingen of the region, by date.
    """

    domein: Domein
    agb: str
    clienten: Mapping[str, int] = field(default_factory=dict)
    nieuwe_clienten: Mapping[str, int] = field(default_factory=dict)
    gebruikte_identificaties: frozenset[tuple[str, str, str]] = frozenset()
    toewijzingen: Mapping[tuple[str, int], tuple[Toewijzing, ...]] = field(default_factory=dict)
    nummers_van_client: Mapping[tuple[str, int], frozenset[int]] = field(default_factory=dict)
    verzoeken: Mapping[tuple[str, str], EerderVerzoek] = field(default_factory=dict)
    verzoek_referenties: frozenset[str] = frozenset()
    onderhanden: Mapping[tuple[str, int], frozenset[str]] = field(default_factory=dict)
    leveringen: Mapping[tuple[str, int], tuple[Levering, ...]] = field(default_factory=dict)
    declaratie_nummers: frozenset[tuple[str, str]] = frozenset()
    laatste_declaratieperiode: Mapping[str, date] = field(default_factory=dict)
    referentie_nummers: frozenset[tuple[str, str]] = frozenset()
    debets: Mapping[tuple[str, str], EerderePrestatie] = field(default_factory=dict)
    open_debets: Mapping[str, frozenset[DebetSleutel]] = field(default_factory=dict)
    verbruik: Mapping[tuple[str, int], Mapping[str, int]] = field(default_factory=dict)
    besteed: Mapping[tuple[str, int], int] = field(default_factory=dict)
    goedgekeurd: frozenset[tuple[str, int]] = frozenset()
    tarieven: Mapping[tuple[str, str, str], tuple[Tariefregel, ...]] = field(default_factory=dict)
    contracten: frozenset[str] = frozenset()
    producten: Mapping[tuple[str, str], tuple[ProductOpDatum, ...]] = field(default_factory=dict)
    overgangen: tuple[Overgang, ...] = ()

    def actueel(self, gemeente_code: str, toewijzing_nummer: int | None) -> Toewijzing | None:
        """The version of the toewijzing that counts now, a deleting one included; None when there is none."""
        if toewijzing_nummer is None:
            return None
        versies = self.toewijzingen.get((gemeente_code, toewijzing_nummer))
        return versies[-1] if versies else None

    def actuele_van(self, gemeente_code: str, client_id: int, vandaag: date) -> tuple[Toewijzing, ...]:
        """The current toewijzingen of a client at this aanbieder on `vandaag`, by number: not deleted, not ended before that day (TR349)."""
        nummers = sorted(self.nummers_van_client.get((gemeente_code, client_id), ()))
        versies = (self.actueel(gemeente_code, nummer) for nummer in nummers)
        return tuple(versie for versie in versies if versie is not None and versie.is_actueel(vandaag))

    def drager(self, gemeente_code: str, dag: date) -> str:
        """The gemeente that bears care on `dag` of who is addressed as `gemeente_code` (herindelingen followed)."""
        for overgang in self.overgangen:
            if overgang.van == gemeente_code and overgang.datum <= dag:
                gemeente_code = overgang.naar
        return gemeente_code

    def zorgvorm(self, categorie: str, code: str, dag: date) -> str | None:
        """The zorgvorm of a product on `dag`; None when the region does not know the product then."""
        for product in self.producten.get((categorie, code), ()):
            if geldt_op(dag, product.geldig_van, product.geldig_tot):
                return product.zorgvorm
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binnen:
    """What the parts of one bericht say about each other, made once per bericht, so that a rule about a part need not search the others.

    Attributes:
        dubbele_sleutels: Logical keys that occur more than once, each with the keys of the classes above it (TR101).
        gestapeld: ToewijzingNummers of a 301 whose product overlaps with another in it (TR302).
        referenties: Every ReferentieAanbieder of the products of a 301, None when one of them has none (TR379).
        overlappend: Logical keys of AangevraagdProducten (TR386) and NieuwProducten (TR410) that overlap with another of their class.
        referentie_nummers: Every ReferentieNummer of a 323 (TR316).
        dubbele_referenties, dubbele_vorige: ReferentieNummers and VorigReferentieNummers that occur more than once (TR314, TR315).
        dubbele_debets: Keys of debits that occur more than once (TR416).
    """

    dubbele_sleutels: frozenset[tuple[object, ...]] = frozenset()
    gestapeld: frozenset[int] = frozenset()
    referenties: frozenset[str | None] = frozenset()
    overlappend: frozenset[tuple[object, ...]] = frozenset()
    referentie_nummers: frozenset[str] = frozenset()
    dubbele_referenties: frozenset[str] = frozenset()
    dubbele_vorige: frozenset[str] = frozenset()
    dubbele_debets: frozenset[DebetSleutel] = frozenset()


NIETS_BINNEN = Binnen()
"""Of a bericht in which nothing repeats."""


@dataclass(slots=True, kw_only=True, eq=False)
class Kijk:
    """What a rule about one berichtklasse may look at.

    Made for one class and read by its rules, which never change it. It is not frozen, because the judging of a declaratie turns one Kijk to each
    of up to 45 000 prestaties in turn (`judging.declaratie`); nobody keeps it beyond the line it is turned to.

    Attributes:
        vandaag: Local day of receipt of the bericht (`ontvangst_datum`); never the clock.
        van: Partij that sent the bericht; every fact here is visible to it.
        gemeente: Gemeentecode of the bericht.
        bericht: The whole bericht, for rules that compare with another part of it.
        snapshot: The past; a rule takes what it needs from the fields below first.
        binnen: What the parts of the bericht say about each other.
        client_id: The client that the register knows by this Bsn.
        bsn: Bsn of the Client the class belongs to; empty outside a Client.
        toewijzing: Current version of the toewijzing with this ToewijzingNummer: of this client, visible to the sender and not deleted.
        is_verwijderd: There is such a toewijzing, but its current version deletes it (TR384).
        verzoek: The accepted request that an Antwoord (319) or a ToegewezenProduct (301) names by its ReferentieAanbieder, if this aanbieder has
            made one to this gemeente.
        leveringen: Accepted starts and stops of this client and toewijzing.
        debet: The earlier debit that a credit prestatie names (TR323).
        verbruik: Granted volume per eenheid on this toewijzing so far, lines of this bericht that were granted before this one included.
        besteed: Granted cents on this toewijzing so far, likewise.
        is_tweede_debet: Whether an uncredited debit with the same key was granted before (TR389), credits of this bericht taken into account.
        tarieven: Contract lines of this aanbieder for product and bearing gemeente, all periods and eenheden.
        zonder_contract_afwijzen: A line without any contract line is refused instead of waiting for the contract (DESIGN section 5).
    """

    vandaag: date
    van: str
    gemeente: str
    bericht: Bericht
    snapshot: Snapshot
    binnen: Binnen = NIETS_BINNEN
    client_id: int | None = None
    bsn: str = ""
    toewijzing: Toewijzing | None = None
    is_verwijderd: bool = False
    verzoek: EerderVerzoek | None = None
    leveringen: tuple[Levering, ...] = ()
    debet: EerderePrestatie | None = None
    verbruik: Mapping[str, int] = field(default_factory=dict)
    besteed: int = 0
    is_tweede_debet: bool = False
    tarieven: tuple[Tariefregel, ...] = ()
    zonder_contract_afwijzen: bool = False
