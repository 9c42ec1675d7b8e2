"""What may be changed on a toewijzing, why something may not, and the line that a change makes. Pure.

On the same number only Einddatum, Budget and, with Frequentie 6, Volume may change, and the toewijzing may be taken back (OP033x1, IV066, TR332).
Product, Ingangsdatum and every other Omvang are fixed: then this one is ended and a new one issued (OP257).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.composing.betekenis import hoeveel, omvang_zin
from app.composing.invullen import BUDGET_CENT_MAX, COMMENTAAR_MAX, VOLUME_MAX, Lezing, Veldfout, as_cent
from app.composing.toewijzen import Besluit, repeat_product
from app.domain.bedrag import euro
from app.domain.snapshot import Levering, Toewijzing
from app.domain.toewijzing import VERVALLEN_REDENEN, VERWIJDERD, ToegewezenProduct
from app.standard.rules.volume import EURO, TOTAAL, as_basis

DOOR_AANBIEDER = "12"
"""RedenWijziging: asked by the aanbieder, as when a 317 is granted (IV093)."""
TIJDELIJK = "20"
"""RedenBeeindiging of a stop after which care goes on."""


class Actie(StrEnum):
    """What can be asked of a toewijzing, in the order in which it is shown."""

    VERLENGEN = "verlengen"
    VERKORTEN = "verkorten"
    OMVANG = "omvang"
    BUDGET = "budget"
    INTREKKEN = "intrekken"


REDENEN: Mapping[Actie, tuple[str, ...]] = {
    Actie.VERLENGEN: ("04", "12", "03", "10", "11", "14"),
    Actie.VERKORTEN: ("05", "02", "03", "06", "07", "08", "09", "10", "11", "12", "14"),
    Actie.OMVANG: ("12", "03", "10", "14"),
    Actie.BUDGET: ("12", "03", "10", "14"),
    Actie.INTREKKEN: (VERWIJDERD,),
}
"""RedenWijziging that fits an actie, the usual one first (IV099); 01 is not used any more (CS336)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maandprestaties:
    """What is granted and not credited for a ProductPeriode of a toewijzing: how many prestaties, and their euros in cents."""

    begindatum: date
    einddatum: date
    aantal: int
    bedrag_cent: int
    volume: int
    eenheid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A toewijzing as it is now.

    Attributes:
        versie: The version that counts.
        leveringen: Starts and stops that count, oldest first.
        prestaties: Granted and not credited, oldest first.
    """

    versie: Toewijzing
    leveringen: Sequence[Levering] = ()
    prestaties: Sequence[Maandprestaties] = ()

    @property
    def is_vervallen(self) -> bool:
        """Whether it was taken back: it counts as never sent."""
        return self.versie.reden_wijziging in VERVALLEN_REDENEN and self.versie.einddatum == self.versie.ingangsdatum

    @property
    def laatste_start(self) -> date | None:
        """The day of the last start; an Einddatum before it would leave that start outside the toewijzing."""
        return max((each.begindatum for each in self.leveringen if not each.is_stop), default=None)

    @property
    def gestopt_op(self) -> date | None:
        """The day of the last stop, when no start came after it and care is not to go on."""
        stops = [each for each in self.leveringen if each.einddatum is not None and each.reden_beeindiging != TIJDELIJK]
        if not stops:
            return None
        last = max(each.einddatum for each in stops if each.einddatum is not None)
        return None if self.laatste_start is not None and self.laatste_start > last else last

    @property
    def besteed_cent(self) -> int:
        """Granted so far, in cents."""
        return sum(each.bedrag_cent for each in self.prestaties)

    @property
    def aantal_prestaties(self) -> int:
        """How many prestaties are granted."""
        return sum(each.aantal for each in self.prestaties)

    @property
    def verbruik_basis(self) -> int:
        """Granted volume, hours counted in minutes."""
        return sum(as_basis(each.volume, each.eenheid) for each in self.prestaties)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mogelijkheid:
    """Whether an actie may be done, why (not) in a sentence, and by which rule; `let_op` is worth knowing and stops nothing."""

    actie: Actie
    mag: bool
    uitleg: str
    regel: str
    let_op: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wijziging:
    """A change as it is filled in; what the actie does not touch stays None."""

    actie: Actie
    reden: str
    einddatum: date | None = None
    volume: int | None = None
    budget: int | None = None
    commentaar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buiten:
    """Granted prestaties that a change leaves outside the toewijzing."""

    aantal: int
    bedrag_cent: int


def possibilities(stand: Stand, vandaag: date) -> tuple[Mogelijkheid, ...]:
    """Every actie with whether it may be done."""
    if stand.is_vervallen:
        uitleg = "Deze toewijzing is ingetrokken en telt als niet verstuurd. Geef een nieuwe toewijzing uit."
        return tuple(Mogelijkheid(actie=actie, mag=False, uitleg=uitleg, regel="OP033x1") for actie in Actie)
    return (_extend(stand, vandaag), _shorten(stand), _volume(stand), _budget(stand), _withdraw(stand))


def _extend(stand: Stand, vandaag: date) -> Mogelijkheid:
    einde = stand.versie.einddatum
    if einde is None:
        uitleg = "Deze toewijzing heeft geen einddatum: zij loopt door tot u er een geeft."
        return Mogelijkheid(actie=Actie.VERLENGEN, mag=False, uitleg=uitleg, regel="OP033x1")
    if einde < vandaag:
        uitleg = f"Deze toewijzing is op {einde:%d-%m-%Y} afgelopen. Oprekken hoort voor de einddatum; geef een nieuwe toewijzing uit."
        return Mogelijkheid(actie=Actie.VERLENGEN, mag=False, uitleg=uitleg, regel="OP380")
    gestopt = stand.gestopt_op
    let_op = ""
    if gestopt is not None:
        let_op = (
            f"De aanbieder meldde dat de zorg op {gestopt:%d-%m-%Y} stopte. Na een verlenging moet hij opnieuw een start melden (OP379)."
        )
    uitleg = "De einddatum mag later worden, in overleg met de aanbieder; omvang en product blijven gelijk."
    return Mogelijkheid(actie=Actie.VERLENGEN, mag=True, uitleg=uitleg, regel="OP033x1", let_op=let_op)


def _shorten(stand: Stand) -> Mogelijkheid:
    eerste = earliest_end(stand)
    einde = stand.versie.einddatum
    if einde is not None and einde <= eerste:
        start = stand.laatste_start
        if start is not None and start >= einde:
            uitleg = f"De aanbieder meldde een start op {start:%d-%m-%Y}; de einddatum kan daar niet voor liggen."
            return Mogelijkheid(actie=Actie.VERKORTEN, mag=False, uitleg=uitleg, regel="TR019")
        uitleg = "Deze toewijzing duurt één dag; korter kan niet. Intrekken is iets anders: dan telt zij als niet verstuurd."
        return Mogelijkheid(actie=Actie.VERKORTEN, mag=False, uitleg=uitleg, regel="CS003")
    uitleg = f"De einddatum mag vroeger worden, in overleg met de aanbieder, op zijn vroegst {eerste:%d-%m-%Y}."
    return Mogelijkheid(actie=Actie.VERKORTEN, mag=True, uitleg=uitleg, regel="OP033x1")


def _volume(stand: Stand) -> Mogelijkheid:
    omvang = stand.versie.omvang
    if omvang is None:
        uitleg = "Deze toewijzing heeft geen omvang; zij heeft een budget."
        return Mogelijkheid(actie=Actie.OMVANG, mag=False, uitleg=uitleg, regel="TR332")
    if omvang.frequentie != TOTAAL:
        uitleg = (
            f"De omvang is {omvang_zin(omvang, None)} en ligt vast; alleen een totaal over de hele toewijzing mag anders worden. "
            "Verkort deze toewijzing en geef aansluitend een nieuwe uit."
        )
        return Mogelijkheid(actie=Actie.OMVANG, mag=False, uitleg=uitleg, regel="IV066")
    uitleg = "Het volume is een totaal over de hele toewijzing en mag anders worden, met instemming van de aanbieder."
    return Mogelijkheid(actie=Actie.OMVANG, mag=True, uitleg=uitleg, regel="OP033x1")


def _budget(stand: Stand) -> Mogelijkheid:
    if stand.versie.budget is None:
        uitleg = "Deze toewijzing heeft geen budget, en kan er op hetzelfde nummer geen krijgen."
        return Mogelijkheid(actie=Actie.BUDGET, mag=False, uitleg=uitleg, regel="TR332")
    uitleg = "Het budget mag anders worden, in overleg met de aanbieder."
    return Mogelijkheid(actie=Actie.BUDGET, mag=True, uitleg=uitleg, regel="IV066")


def _withdraw(stand: Stand) -> Mogelijkheid:
    if stand.aantal_prestaties:
        what = "1 toegekende prestatie" if stand.aantal_prestaties == 1 else f"{stand.aantal_prestaties} toegekende prestaties"
        uitleg = f"Er staat {what} op, samen {euro(stand.besteed_cent)}. Intrekken kan pas als de aanbieder ze heeft gecrediteerd."
        return Mogelijkheid(actie=Actie.INTREKKEN, mag=False, uitleg=uitleg, regel="TR385")
    let_op = ""
    if stand.laatste_start is not None:
        let_op = f"De aanbieder meldde een start op {stand.laatste_start:%d-%m-%Y}. Bel hem voordat u intrekt: wat hij levert, wordt niet betaald."
    uitleg = "De toewijzing telt daarna als niet verstuurd (reden 13); de aanbieder kan er niet op declareren."
    return Mogelijkheid(actie=Actie.INTREKKEN, mag=True, uitleg=uitleg, regel="CS335", let_op=let_op)


def earliest_end(stand: Stand) -> date:
    """The earliest Einddatum: the first day, or the last start that was reported."""
    return max(stand.versie.ingangsdatum, stand.laatste_start or date.min)


def read_wijziging(stand: Stand, antwoorden: Mapping[str, str], vandaag: date) -> Wijziging | tuple[Veldfout, ...]:
    """A change from what is filled in: `actie`, `einddatum`, `volume`, `budget`, `reden`, `commentaar`."""
    lezing = Lezing(antwoorden)
    actie = lezing.keuze("actie", lambda text: text in set(Actie), "Kies wat u wilt wijzigen.")
    if not actie:
        return tuple(lezing.fouten)
    gekozen = Actie(actie)
    found = next(each for each in possibilities(stand, vandaag) if each.actie is gekozen)
    if not found.mag:
        return (Veldfout(veld="actie", melding=f"{found.uitleg} ({found.regel})"),)
    # In the order of the form, so that the summary of faults has it too.
    einddatum = _read_einddatum(lezing, stand, gekozen)
    volume = _read_volume(lezing, stand) if gekozen is Actie.OMVANG else None
    budget = _read_budget(lezing, stand) if gekozen is Actie.BUDGET else None
    reden = VERWIJDERD
    if gekozen is not Actie.INTREKKEN:
        reden = lezing.keuze("reden", lambda text: text in REDENEN[gekozen], "Kies de reden van de wijziging.")
    commentaar = lezing.tekst("commentaar", lengte=COMMENTAAR_MAX)
    wijziging = Wijziging(actie=gekozen, reden=reden, einddatum=einddatum, volume=volume, budget=budget, commentaar=commentaar)
    return tuple(lezing.fouten) or wijziging


def _read_einddatum(lezing: Lezing, stand: Stand, actie: Actie) -> date | None:
    if actie is Actie.INTREKKEN:
        return stand.versie.ingangsdatum
    if actie not in (Actie.VERLENGEN, Actie.VERKORTEN):
        return None
    dag = lezing.datum("einddatum", leeg="Vul de nieuwe einddatum in.")
    was = stand.versie.einddatum
    if dag is None:
        return None
    if actie is Actie.VERLENGEN and was is not None and dag <= was:
        lezing.fout("einddatum", f"Vul een dag na de huidige einddatum {was:%d-%m-%Y} in, of kies verkorten.")
    if actie is Actie.VERKORTEN:
        eerste = earliest_end(stand)
        if was is not None and dag >= was:
            lezing.fout("einddatum", f"Vul een dag voor de huidige einddatum {was:%d-%m-%Y} in, of kies verlengen.")
        elif dag < stand.versie.ingangsdatum:
            lezing.fout("einddatum", f"De einddatum kan niet voor de ingangsdatum {eerste:%d-%m-%Y} liggen (CS003).")
        elif dag < eerste:
            lezing.fout("einddatum", f"De aanbieder meldde een start op {eerste:%d-%m-%Y}; de einddatum kan daar niet voor liggen (TR019).")
    return dag


def _read_volume(lezing: Lezing, stand: Stand) -> int | None:
    omvang = stand.versie.omvang
    assert omvang is not None, "possibilities allows OMVANG with an omvang only"
    volume = (
        _read_euros(lezing) if omvang.eenheid == EURO else lezing.geheel("volume", van=1, tot=VOLUME_MAX, leeg="Vul het nieuwe volume in.")
    )
    if volume is None:
        return None
    if volume == omvang.volume:
        lezing.fout("volume", f"Het volume is al {hoeveel(volume, omvang.eenheid)}.")
    if as_basis(volume, omvang.eenheid) < stand.verbruik_basis:
        lezing.fout("volume", "Er is al meer toegekend dan dit volume; wat is toegekend, blijft staan (TR322).")
    return volume


def _read_euros(lezing: Lezing) -> int | None:
    """A volume in euros, as cents."""
    text = lezing.tekst("volume", lengte=20, leeg="Vul het nieuwe bedrag in.")
    cents = None if text is None else as_cent(text)
    if text is not None and (cents is None or not 0 < cents <= VOLUME_MAX):
        lezing.fout("volume", "Vul een bedrag in, zoals 1.250,00.")
        return None
    return cents


def _read_budget(lezing: Lezing, stand: Stand) -> int | None:
    text = lezing.tekst("budget", lengte=20, leeg="Vul het nieuwe budget in.")
    if text is None:
        return None
    cents = as_cent(text)
    if cents is None or not 0 < cents <= BUDGET_CENT_MAX:
        lezing.fout("budget", f"Vul een bedrag in van € 0,01 tot en met {euro(BUDGET_CENT_MAX)}, zoals 1.250,00.")
        return None
    if cents == stand.versie.budget:
        lezing.fout("budget", f"Het budget is al {euro(cents)}.")
    if cents < stand.besteed_cent:
        lezing.fout("budget", f"Er is al {euro(stand.besteed_cent)} toegekend; het budget kan daar niet onder (TR369).")
    return cents


def change_product(versie: Toewijzing, wijziging: Wijziging, besluit: Besluit, *, referentie: str | None = None) -> ToegewezenProduct:
    """The new version of a toewijzing: same number, product and Ingangsdatum, a later Toewijzingsdatum and -tijd (IV013), with its reason (IV099)."""
    moment = after(versie, besluit)
    product = repeat_product(versie)
    omvang = versie.omvang
    if omvang is not None and wijziging.volume is not None:
        omvang = replace(omvang, volume=wijziging.volume)
    return replace(
        product,
        toewijzingsdatum=moment.datum,
        toewijzingstijd=moment.tijd,
        einddatum=versie.einddatum if wijziging.einddatum is None else wijziging.einddatum,
        omvang=omvang,
        budget=versie.budget if wijziging.budget is None else wijziging.budget,
        reden_wijziging=wijziging.reden,
        commentaar=wijziging.commentaar,
        referentie_aanbieder=referentie,
    )


def after(versie: Toewijzing, besluit: Besluit) -> Besluit:
    """The moment of a decision, at least a second after the version that it follows: otherwise nothing orders the two (IV013)."""
    if (besluit.datum, besluit.tijd) > versie.volgorde:
        return besluit
    last = datetime.fromisoformat(f"{versie.toewijzingsdatum.isoformat()}T{versie.toewijzingstijd[:8]}") + timedelta(seconds=1)
    return Besluit(datum=last.date(), tijd=f"{last:%H:%M:%S}")


def as_version(versie: Toewijzing, product: ToegewezenProduct) -> Toewijzing:
    """The register's version that this line would become: what a commitment is worked out from."""
    return replace(
        versie,
        einddatum=product.einddatum,
        reden_wijziging=product.reden_wijziging,
        omvang=product.omvang,
        budget=product.budget,
        toewijzingsdatum=product.toewijzingsdatum,
        toewijzingstijd=product.toewijzingstijd,
    )


def left_outside(stand: Stand, product: ToegewezenProduct) -> Buiten:
    """The granted prestaties with a day after the new Einddatum: they stay granted, but a correction of them would be refused (TR387)."""
    out = [each for each in stand.prestaties if product.einddatum is not None and each.einddatum > product.einddatum]
    return Buiten(aantal=sum(each.aantal for each in out), bedrag_cent=sum(each.bedrag_cent for each in out))
