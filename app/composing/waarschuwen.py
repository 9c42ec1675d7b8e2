"""What an access team should know before it sends a toewijzing; none of it stops the bericht. Pure.

What the standard or the contract would refuse is said by `judging.controleer`. A warning names nothing that the gemeente may not see: of care under
another gemeente only that it is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.composing.betekenis import fitting_lines, uncovered
from app.composing.invullen import Stap
from app.domain.bedrag import euro
from app.domain.snapshot import Snapshot, Toewijzing
from app.ledger.verplichting import horizon
from app.standard.rules.client import years_before
from app.standard.rules.stapeling import VRIJE_CATEGORIEEN_IWMO

MEERDERJARIG, JEUGD_UITERLIJK = 18, 23
VER_IN_HET_VERLEDEN_DAGEN = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Waarschuwing:
    """Something to look at; `stap` and `veld` lead to what can be changed, None when nothing can."""

    soort: str
    melding: str
    stap: Stap | None = None
    veld: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVerzoek:
    """A request of an aanbieder about this client that is not decided; `soort` 315 or 317."""

    bericht_nr: int
    soort: str
    agb: str
    aanbieder_naam: str
    referentie: str
    ontvangen: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruimte:
    """The budget of the gemeente in a year of care for a zorgvorm (its name; empty: for all), and what is granted and committed of it, in cents."""

    jaar: int
    zorgvorm: str
    budget_cent: int
    gebruikt_cent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feiten:
    """What is known around a new line.

    Attributes:
        versie: The new line (`betekenis.as_toewijzing`).
        region: Contract lines, products and herindelingen of the aanbieder.
        geboortedatum: Of the client.
        eigen: The current toewijzingen of the client under this gemeente in this domein, at every aanbieder.
        namen: Names of aanbieders by AGB-code.
        elders: Whether the client has a current toewijzing under another gemeente of the region.
        verzoeken: Undecided requests about this client to this gemeente.
        ruimte: Budgets that the new line draws on.
        per_jaar: What the new line will commit, by year of care.
    """

    versie: Toewijzing
    region: Snapshot
    geboortedatum: date
    vandaag: date
    eigen: Sequence[Toewijzing] = ()
    namen: dict[str, str] = field(default_factory=dict)
    elders: bool = False
    verzoeken: Sequence[OpenVerzoek] = ()
    ruimte: Sequence[Ruimte] = ()
    per_jaar: Sequence[tuple[int, int]] = ()


def warnings_about(feiten: Feiten) -> tuple[Waarschuwing, ...]:
    """Everything worth a look, what is most likely a mistake first."""
    return (
        *_overlap(feiten),
        *_contract(feiten),
        *_periode(feiten),
        *_leeftijd(feiten),
        *_verzoeken(feiten),
        *_elders(feiten),
        *_budget(feiten),
    )


def _overlap(feiten: Feiten) -> Iterator[Waarschuwing]:
    """The same product at the same time under another number, here or at another aanbieder (TR302, OP259)."""
    nieuw = feiten.versie
    for each in feiten.eigen:
        if each.is_actueel(feiten.vandaag) and _same_product(nieuw, each) and _overlaps(nieuw, each):
            until = "zonder einddatum" if each.einddatum is None else f"tot en met {each.einddatum:%d-%m-%Y}"
            who = feiten.namen.get(each.agb, each.agb)
            rule = (
                "Bij dezelfde aanbieder keurt de standaard dit af (TR302): laat de perioden op elkaar aansluiten."
                if each.agb == nieuw.agb
                else "Is dat de bedoeling?"
            )
            yield Waarschuwing(
                soort="overlap",
                melding=f"De cliënt heeft dit product al van {who}: toewijzing {each.toewijzing_nummer}, {until}. {rule}",
                stap=Stap.ZORG,
                veld="ingangsdatum",
            )


def _same_product(een: Toewijzing, ander: Toewijzing) -> bool:
    """Whether two toewijzingen stand in each other's way: the same code, or one of them leaves it open (TR302)."""
    if een.domein == "iwmo" and een.categorie in VRIJE_CATEGORIEEN_IWMO:
        return False
    if een.categorie is None or ander.categorie is None:
        return True
    return een.categorie == ander.categorie and (een.code == ander.code or een.code is None or ander.code is None)


def _overlaps(een: Toewijzing, ander: Toewijzing) -> bool:
    """Whether two periods share a day."""
    return een.ingangsdatum <= (ander.einddatum or date.max) and ander.ingangsdatum <= (een.einddatum or date.max)


def _contract(feiten: Feiten) -> Iterator[Waarschuwing]:
    """Days of the period on which no contract line counts."""
    tot = feiten.versie.einddatum or horizon(feiten.versie)
    for begin, einde in uncovered(fitting_lines(feiten.versie, feiten.region), feiten.versie.ingangsdatum, tot):
        yield Waarschuwing(
            soort="contract",
            melding=f"Van {begin:%d-%m-%Y} tot en met {einde:%d-%m-%Y} is er voor dit product geen contract met een tarief. "
            "De aanbieder kan die dagen niet declareren tot er een contract is.",
            stap=Stap.ZORG,
            veld="einddatum" if begin > feiten.versie.ingangsdatum else "ingangsdatum",
        )


def _periode(feiten: Feiten) -> Iterator[Waarschuwing]:
    versie = feiten.versie
    if versie.einddatum is None:
        yield Waarschuwing(
            soort="einddatum",
            melding=f"Er is geen einddatum. De verplichting wordt geboekt tot en met {horizon(versie):%d-%m-%Y} en daarna elk jaar verlengd.",
            stap=Stap.ZORG,
            veld="einddatum",
        )
    if (feiten.vandaag - versie.ingangsdatum).days > VER_IN_HET_VERLEDEN_DAGEN:
        yield Waarschuwing(
            soort="verleden",
            melding=f"De ingangsdatum ligt {(feiten.vandaag - versie.ingangsdatum).days} dagen terug.",
            stap=Stap.ZORG,
            veld="ingangsdatum",
        )


def _leeftijd(feiten: Feiten) -> Iterator[Waarschuwing]:
    """Jeugdhulp is for who is under 18, longer only as verlengde jeugdhulp; the Wmo is for adults."""
    begin = feiten.versie.ingangsdatum
    is_adult = feiten.geboortedatum <= years_before(begin, MEERDERJARIG)
    if feiten.versie.domein == "iwmo" and not is_adult:
        melding = "De cliënt is op de ingangsdatum jonger dan 18. Hulp voor een kind valt meestal onder de Jeugdwet."
    elif feiten.versie.domein == "ijw" and feiten.geboortedatum <= years_before(begin, JEUGD_UITERLIJK):
        melding = "De cliënt is op de ingangsdatum 23 of ouder. Jeugdhulp kan dan niet meer, ook niet verlengd."
    elif feiten.versie.domein == "ijw" and is_adult:
        melding = "De cliënt is op de ingangsdatum 18 of ouder. Jeugdhulp kan dan alleen als verlengde jeugdhulp."
    else:
        return
    yield Waarschuwing(soort="leeftijd", melding=melding, stap=Stap.PERSOON, veld="geboortedatum")


def _verzoeken(feiten: Feiten) -> Iterator[Waarschuwing]:
    for each in feiten.verzoeken:
        kind = "verzoek om toewijzing (315)" if each.soort == "315" else "verzoek om wijziging (317)"
        yield Waarschuwing(
            soort="verzoek",
            melding=f"Van {each.aanbieder_naam} loopt een {kind} voor deze cliënt, ontvangen op {each.ontvangen:%d-%m-%Y} "
            f"(referentie {each.referentie}). Beantwoordt deze toewijzing dat verzoek, vul dan de referentie in.",
            stap=Stap.OMVANG,
            veld="referentie",
        )


def _elders(feiten: Feiten) -> Iterator[Waarschuwing]:
    if feiten.elders:
        yield Waarschuwing(
            soort="woonplaats",
            melding="De cliënt heeft ook hulp via een andere gemeente in de regio. Ga na of het woonplaatsbeginsel naar uw gemeente wijst.",
        )


def _budget(feiten: Feiten) -> Iterator[Waarschuwing]:
    """Budgets that the new commitment takes over their end."""
    expected = dict(feiten.per_jaar)
    for each in feiten.ruimte:
        after = each.gebruikt_cent + expected.get(each.jaar, 0)
        if after > each.budget_cent:
            what = f" voor {each.zorgvorm}" if each.zorgvorm else ""
            yield Waarschuwing(
                soort="budget",
                melding=f"Met deze toewijzing is van het budget {each.jaar}{what} {euro(after)} toegekend of verplicht; het budget is "
                f"{euro(each.budget_cent)}.",
            )
