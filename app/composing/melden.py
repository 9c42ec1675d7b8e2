"""What an aanbieder reports of a toewijzing: that care started (305) or stopped (307), or that such a report was a mistake. Pure.

What may be reported follows from what was reported before (TR071, TR074, TR326, TR382, TR413 to TR415); the rules themselves are judged once more
before sending. On two points a form asks more than the standard does: care lies within the toewijzing, and a new start lies after the last stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.composing.invullen import Lezing, Veldfout
from app.domain.bericht import Bericht, BerichtIdentificatie, Client, Header, Naam, XsdVersie
from app.domain.levering import NIEUW, TIJDELIJK, VERWIJDEREN, StartProduct, StopProduct
from app.domain.snapshot import Levering, Toewijzing
from app.domain.toewijzing import Product
from app.standard import catalogue, codelists


class Meldsoort(StrEnum):
    """What can be reported; the last two take a report back (StatusAanlevering 3)."""

    START = "start"
    STOP = "stop"
    START_TERUG = "start-terug"
    STOP_TERUG = "stop-terug"

    @property
    def bericht(self) -> str:
        """Number of the bericht that says so."""
        return "305" if self in (Meldsoort.START, Meldsoort.START_TERUG) else "307"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meldstand:
    """A toewijzing in its version that counts, with the starts and stops on it that count, oldest first."""

    versie: Toewijzing
    leveringen: tuple[Levering, ...] = ()

    @property
    def laatste_start(self) -> Levering | None:
        """The last start."""
        return max((each for each in self.leveringen if not each.is_stop), key=lambda each: each.begindatum, default=None)

    @property
    def stops(self) -> tuple[Levering, ...]:
        """The stops of the last start, oldest first."""
        start = self.laatste_start
        found = (each for each in self.leveringen if each.is_stop and start is not None and each.begindatum == start.begindatum)
        return tuple(sorted(found, key=_einde))

    @property
    def is_tijdelijk_gestopt(self) -> bool:
        """Whether care stopped and is expected to go on."""
        return bool(self.stops) and not self.is_gestopt

    @property
    def is_gestopt(self) -> bool:
        """Whether care stopped for good."""
        return any(each.reden_beeindiging != TIJDELIJK for each in self.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meldoptie:
    """Whether something may be reported, why (not) in a sentence, and by which rule."""

    soort: Meldsoort
    mag: bool
    uitleg: str
    regel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Melding:
    """A report as it is filled in; `einddatum` and `reden` are those of a stop."""

    soort: Meldsoort
    begindatum: date
    einddatum: date | None = None
    reden: str | None = None


def options(stand: Meldstand, vandaag: date) -> tuple[Meldoptie, ...]:
    """Everything that can be reported, with whether it may be now."""
    return (_start(stand, vandaag), _stop(stand), _start_terug(stand), _stop_terug(stand))


def _start(stand: Meldstand, vandaag: date) -> Meldoptie:
    versie, last = stand.versie, stand.laatste_start
    if versie.is_verwijderd:
        return _dicht(Meldsoort.START, "Deze toewijzing is ingetrokken. Er hoeft niets te worden gemeld.", "TR019")
    if versie.ingangsdatum > vandaag:
        uitleg = f"Deze toewijzing gaat in op {versie.ingangsdatum:%d-%m-%Y}. Meld de start als de zorg is begonnen."
        return _dicht(Meldsoort.START, uitleg, "OP271")
    if last is not None and not stand.stops:
        uitleg = f"De start van {last.begindatum:%d-%m-%Y} is al gemeld. Een nieuwe start kan pas na een stop."
        return _dicht(Meldsoort.START, uitleg, "TR326")
    if stand.stops:
        eerste = max(_einde(each) for each in stand.stops)
        if eerste >= vandaag or (versie.einddatum is not None and eerste >= versie.einddatum):
            return _dicht(Meldsoort.START, f"De zorg stopte op {eerste:%d-%m-%Y}. Opnieuw starten kan op een latere dag.", "OP379")
        uitleg = f"De zorg stopte op {eerste:%d-%m-%Y}. Gaat de zorg weer verder, meld dan opnieuw een start."
        return Meldoptie(soort=Meldsoort.START, mag=True, uitleg=uitleg, regel="OP379")
    return Meldoptie(soort=Meldsoort.START, mag=True, uitleg="Meld op welke dag de zorg is begonnen.", regel="OP271")


def _stop(stand: Meldstand) -> Meldoptie:
    last = stand.laatste_start
    if last is None:
        return _dicht(Meldsoort.STOP, "Er is nog geen start gemeld. Een stop hoort altijd bij een start.", "TR382")
    if stand.is_gestopt:
        return _dicht(Meldsoort.STOP, "De zorg is al definitief gestopt. Klopt dat niet, trek dan eerst die stop in.", "TR415")
    if stand.is_tijdelijk_gestopt:
        uitleg = "De zorg is tijdelijk gestopt. U kunt nog melden dat de zorg definitief is gestopt."
        return Meldoptie(soort=Meldsoort.STOP, mag=True, uitleg=uitleg, regel="TR413")
    uitleg = f"De zorg loopt sinds {last.begindatum:%d-%m-%Y}. Meld de laatste dag en de reden als de zorg stopt."
    return Meldoptie(soort=Meldsoort.STOP, mag=True, uitleg=uitleg, regel="OP272")


def _start_terug(stand: Meldstand) -> Meldoptie:
    last = stand.laatste_start
    if last is None:
        return _dicht(Meldsoort.START_TERUG, "Er is geen start gemeld.", "TR063")
    if stand.stops:
        return _dicht(Meldsoort.START_TERUG, "Bij deze start is een stop gemeld. Trek eerst die stop in.", "TR071")
    uitleg = f"Was de start van {last.begindatum:%d-%m-%Y} een vergissing, trek hem dan in. Daarna kunt u de goede datum melden."
    return Meldoptie(soort=Meldsoort.START_TERUG, mag=True, uitleg=uitleg, regel="IV008")


def _stop_terug(stand: Meldstand) -> Meldoptie:
    if not stand.stops:
        return _dicht(Meldsoort.STOP_TERUG, "Er is geen stop gemeld bij de laatste start.", "TR063")
    uitleg = f"Was de stop van {_einde(stand.stops[-1]):%d-%m-%Y} een vergissing, trek hem dan in. Daarna kunt u de goede stop melden."
    return Meldoptie(soort=Meldsoort.STOP_TERUG, mag=True, uitleg=uitleg, regel="IV008")


def _dicht(soort: Meldsoort, uitleg: str, regel: str) -> Meldoptie:
    return Meldoptie(soort=soort, mag=False, uitleg=uitleg, regel=regel)


def reasons(domein: str, stand: Meldstand, vandaag: date) -> tuple[tuple[str, str], ...]:
    """The reasons to stop that may be chosen, as (code, words); temporary only once (TR413)."""
    found = []
    for code in codelists.codes(domein, "RedenBeeindiging", vandaag):
        if code != TIJDELIJK or not stand.stops:
            words = codelists.meaning(domein, "RedenBeeindiging", code) or code
            found.append((code, words[:1].upper() + words[1:]))
    return tuple(found)


def read_melding(stand: Meldstand, soort: Meldsoort, antwoorden: Mapping[str, str], vandaag: date) -> Melding | tuple[Veldfout, ...]:
    """The report that is filled in, or what is wrong with it.

    Args:
        antwoorden: `begindatum` of a start; `einddatum` and `reden` of a stop; nothing for taking one back.
    """
    optie = next(each for each in options(stand, vandaag) if each.soort is soort)
    start = stand.laatste_start
    if not optie.mag:
        return (Veldfout(veld="soort", melding=optie.uitleg),)
    if soort is Meldsoort.START:
        return _read_start(stand, antwoorden, vandaag)
    if start is None:
        raise AssertionError("only a start may be reported without an earlier one")
    if soort is Meldsoort.STOP:
        return _read_stop(stand, start, antwoorden, vandaag)
    if soort is Meldsoort.START_TERUG:
        return Melding(soort=soort, begindatum=start.begindatum)
    stop = stand.stops[-1]
    return Melding(soort=soort, begindatum=stop.begindatum, einddatum=stop.einddatum, reden=stop.reden_beeindiging)


def _read_start(stand: Meldstand, antwoorden: Mapping[str, str], vandaag: date) -> Melding | tuple[Veldfout, ...]:
    lezing, versie = Lezing(antwoorden), stand.versie
    dag = lezing.datum("begindatum", leeg="Vul in op welke dag de zorg is begonnen.")
    if dag is not None:
        if dag > vandaag:
            lezing.fout("begindatum", f"Een start meldt u als de zorg is begonnen: uiterlijk vandaag, {vandaag:%d-%m-%Y}.")
        elif dag < versie.ingangsdatum:
            lezing.fout("begindatum", f"De toewijzing gaat in op {versie.ingangsdatum:%d-%m-%Y}. Zorg van eerder valt er niet onder.")
        elif versie.einddatum is not None and dag > versie.einddatum:
            lezing.fout("begindatum", f"De toewijzing eindigt op {versie.einddatum:%d-%m-%Y}. Zorg van later valt er niet onder.")
        elif stand.stops and dag <= max(_einde(each) for each in stand.stops):
            einde = max(_einde(each) for each in stand.stops)
            lezing.fout("begindatum", f"De zorg stopte op {einde:%d-%m-%Y}. Kies een latere dag, of trek eerst de stop in.")
    if dag is None or lezing.fouten:
        return tuple(lezing.fouten)
    return Melding(soort=Meldsoort.START, begindatum=dag)


def _read_stop(stand: Meldstand, start: Levering, antwoorden: Mapping[str, str], vandaag: date) -> Melding | tuple[Veldfout, ...]:
    lezing = Lezing(antwoorden)
    dag = lezing.datum("einddatum", leeg="Vul de laatste dag in waarop zorg is geleverd.")
    known = {code for code, _ in reasons(stand.versie.domein, stand, vandaag)}
    reden = lezing.keuze("reden", known.__contains__, "Kies waarom de zorg stopt.")
    if dag is not None:
        earlier = [_einde(each) for each in stand.stops]
        if dag > vandaag:
            lezing.fout("einddatum", f"Een stop meldt u als de zorg is gestopt: uiterlijk vandaag, {vandaag:%d-%m-%Y}.")
        elif dag < start.begindatum:
            lezing.fout("einddatum", f"De zorg begon op {start.begindatum:%d-%m-%Y}. De laatste dag kan niet eerder zijn.")
        elif earlier and dag < max(earlier):
            lezing.fout(
                "einddatum", f"U meldde eerder een tijdelijke stop op {max(earlier):%d-%m-%Y}. De laatste dag kan niet eerder zijn."
            )
    if dag is None or lezing.fouten:
        return tuple(lezing.fouten)
    return Melding(soort=Meldsoort.STOP, begindatum=start.begindatum, einddatum=dag, reden=reden)


def compose_melding(stand: Meldstand, melding: Melding, client: Client, *, identificatie: str, vandaag: date) -> Bericht:
    """The 305 or 307 of the aanbieder of a toewijzing to its gemeente.

    Args:
        client: As the 301 has it; of it goes along what a 305 and a 307 ask (OP: no address, a short name).
        identificatie: At most 12 characters, not used before by the aanbieder (TR056).
        vandaag: Local day of sending: the Dagtekening.
    """
    versie = stand.versie
    soort = catalogue.soort(versie.domein, melding.soort.bericht)
    header = Header(
        bericht_code=soort.bericht_code,
        afzender=versie.agb,
        ontvanger=versie.gemeente,
        bericht_identificatie=BerichtIdentificatie(identificatie=identificatie, dagtekening=vandaag),
        xsd_versie=XsdVersie(basisschema_xsd_versie=soort.xsd_versie.basisschema, bericht_xsd_versie=soort.xsd_versie.bericht),
    )
    product = _product_of(stand, melding)
    status = VERWIJDEREN if melding.soort in (Meldsoort.START_TERUG, Meldsoort.STOP_TERUG) else NIEUW
    starts: tuple[StartProduct, ...] = ()
    stops: tuple[StopProduct, ...] = ()
    if melding.einddatum is None or melding.reden is None:
        start = StartProduct(
            toewijzing_nummer=versie.toewijzing_nummer,
            product=product,
            toewijzing_ingangsdatum=versie.ingangsdatum,
            begindatum=melding.begindatum,
            status_aanlevering=status,
        )
        starts = (start,)
    else:
        stop = StopProduct(
            toewijzing_nummer=versie.toewijzing_nummer,
            product=product,
            toewijzing_ingangsdatum=versie.ingangsdatum,
            begindatum=melding.begindatum,
            reden_beeindiging=melding.reden,
            einddatum=melding.einddatum,
            status_aanlevering=status,
        )
        stops = (stop,)
    about = _short(client, starts, stops)
    return Bericht(domein=versie.domein, soort=melding.soort.bericht, header=header, client=about)


def _product_of(stand: Meldstand, melding: Melding) -> Product | None:
    """The product of the toewijzing for a new start; for everything else that of the start it belongs to, for the keys must agree (TR382)."""
    start = stand.laatste_start
    source: Toewijzing | Levering = stand.versie if melding.soort is Meldsoort.START or start is None else start
    return None if source.categorie is None else Product(categorie=source.categorie, code=source.code)


def _short(client: Client, starts: tuple[StartProduct, ...], stops: tuple[StopProduct, ...]) -> Client:
    """The client with what a 305 and a 307 say of it."""
    naam = client.naam
    return Client(
        bsn=client.bsn,
        geboortedatum=client.geboortedatum,
        geslacht=client.geslacht,
        naam=None if naam is None else Naam(geslachtsnaam=naam.geslachtsnaam, voornamen=naam.voornamen, voorletters=naam.voorletters),
        start_producten=starts,
        stop_producten=stops,
    )


def field_of(pad: str) -> str:
    """The field of the form that an element of the bericht was filled from; `soort` when there is none."""
    return {"Begindatum": "begindatum", "Einddatum": "einddatum", "RedenBeeindiging": "reden"}.get(pad.rpartition("/")[2], "soort")


def _einde(levering: Levering) -> date:
    """The last day of a stop."""
    return levering.einddatum or date.max
