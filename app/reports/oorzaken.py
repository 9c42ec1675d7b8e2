"""Causes instead of messages: who can take away a cause of rejection, and what that person should do, in one sentence.

Owns our judgement on each rule that rejects; what a retourcode means is in `standard/codelists`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.standard.codelists import retourcode as retourcode_van


class Oplosser(StrEnum):
    """Who can take a cause away."""

    AANBIEDER = "aanbieder"
    TOEGANG = "toegang"
    CONTRACTBEHEER = "contractbeheer"
    WIJ = "wij"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oorzaak:
    """All rejections with one cause, of one side.

    Attributes:
        afzender: `gemeente` or `aanbieder`: the side that sent the berichten.
        aantal: Number of bevindingen; `berichten` and `afzenders` count berichten and senders.
        bedrag_cent: Money of the lines concerned.
        eerst, laatst: First and last day of receipt.
    """

    regel: str
    retourcode: str
    afzender: str
    aantal: int
    berichten: int
    afzenders: int
    bedrag_cent: int
    eerst: date
    laatst: date

    @property
    def betekenis(self) -> str:
        """What is wrong, in a few words."""
        return betekenis(self.regel, self.retourcode)

    @property
    def oplosser(self) -> Oplosser:
        """Who can take this cause away."""
        return advies(self.regel, self.afzender)[0]

    @property
    def advies(self) -> str:
        """What that person should do."""
        return advies(self.regel, self.afzender)[1]


def betekenis(regel: str, retourcode: str) -> str:
    """What a cause means: the words of the retourcode, else of the kind of rule."""
    row = retourcode_van(retourcode) if retourcode and retourcode != "0001" else None
    return row.betekenis if row else _REGEL_BETEKENIS.get(regel, _soort_betekenis(regel))


def advies(regel: str, afzender: str) -> tuple[Oplosser, str]:
    """Who can solve a cause and how; `afzender` decides when it is the sender."""
    wie, zin = _ADVIES.get(regel, (None, _soort_advies(regel)))
    return wie or (Oplosser.TOEGANG if afzender == "gemeente" else Oplosser.AANBIEDER), zin


def _soort_betekenis(regel: str) -> str:
    return "De inhoud van een veld voldoet niet aan de standaard" if regel[:2] in ("CD", "CS", "RS") else f"Regel {regel} klopt niet"


def _soort_advies(regel: str) -> str:
    if regel[:2] in ("CD", "CS", "RS"):
        return "De afzender laat zijn softwareleverancier dit veld herstellen en stuurt het bericht opnieuw."
    return "De afzender herstelt wat in de melding staat en stuurt het bericht opnieuw."


_REGEL_BETEKENIS = {
    "XSD": "De opbouw van het bericht klopt niet met het schema",
    "OP192": "De afzender in het bericht is niet de partij die het instuurt",
    "TR101": "Een onderdeel komt meer dan eens voor met dezelfde sleutel",
    "TR315": "Twee creditprestaties verwijzen naar dezelfde debetprestatie",
    "TR316": "Een creditprestatie verwijst naar een debetprestatie in hetzelfde bericht",
    "TR358": "Het totaalbedrag is niet de som van de prestaties",
    "TR416": "Twee prestaties declareren hetzelfde product in dezelfde periode",
}

# None: whoever sent the bericht.
_ADVIES: dict[str, tuple[Oplosser | None, str]] = {
    "XSD": (None, "De softwareleverancier van de afzender herstelt de opbouw; tot dan komt zo'n bericht niet binnen."),
    "OP192": (
        Oplosser.WIJ,
        "Ga na of de instuurder een machtiging voor deze afzender hoort te hebben; leg die dan vast.",
    ),
    "TR019": (
        Oplosser.TOEGANG,
        "Ga na of de toewijzing ontbreekt of een ander nummer heeft, en stuur haar alsnog.",
    ),
    "TR056": (None, "Geef elk bericht een nieuw identificatienummer; is dit bericht dubbel verstuurd, dan is niets nodig."),
    "TR063": (None, "Het te verwijderen bericht kwam nooit aan; stuur alleen de goede gegevens als nieuw bericht."),
    "TR071": (None, "Verwijder eerst het stopbericht, daarna het startbericht."),
    "TR074": (None, "Deze start of stop is al bekend; stuur alleen wat nieuw is, of verwijder eerst de vorige."),
    "TR101": (None, "Laat de softwareleverancier dubbele onderdelen uit het bericht halen."),
    "TR135": (None, "Zet de systeemklok goed; de dagtekening mag niet in de toekomst liggen."),
    "TR304": (None, "Controleer voor welke cliënt het toewijzingnummer is afgegeven en declareer op die cliënt."),
    "TR307": (None, "Declareer vanaf de ingangsdatum van de toewijzing, of vraag de toegang om een eerdere ingangsdatum."),
    "TR308": (None, "Declareer tot en met de einddatum van de toewijzing, of vraag de toegang om verlenging."),
    "TR314": (None, "Geef elke prestatie een nieuw referentienummer."),
    "TR315": (None, "Laat één van de twee creditprestaties vervallen."),
    "TR316": (None, "Dien de debetprestatie en haar credit in verschillende declaraties in."),
    "TR318": (None, "Dien declaraties in volgorde van maand in; een eerdere maand kan alleen in de lopende declaratie mee."),
    "TR319": (None, "Splits de prestatie per kalendermaand."),
    "TR321": (None, "Breng het volume terug tot wat per periode is toegewezen, of vraag om een hogere toewijzing (JW317)."),
    "TR322": (None, "Er is meer gedeclareerd dan toegewezen; crediteer wat te veel is of vraag om uitbreiding (JW317)."),
    "TR323": (None, "Verwijs in de credit naar het referentienummer van een goedgekeurde debetprestatie."),
    "TR326": (None, "Stuur eerst het stopbericht van de lopende levering."),
    "TR332": (None, "Gebruik voor deze toewijzing een nieuw toewijzingnummer."),
    "TR333": (None, "Geef de declaratie een nieuw declaratienummer en dien haar opnieuw in."),
    "TR338": (Oplosser.TOEGANG, "Zoek of de toewijzing ontbreekt; stuur haar alsnog, of laat de aanbieder het juiste nummer gebruiken."),
    "TR339": (None, "Declareer op de productcategorie van de toewijzing, of vraag de toegang om een andere toewijzing."),
    "TR340": (None, "Declareer op de productcode van de toewijzing, of vraag de toegang om een andere toewijzing."),
    "TR341": (None, "Gebruik een eenheid die past bij die van de toewijzing, zoals minuten bij uren."),
    "TR346": (None, "Reken volume maal tarief opnieuw uit; afronden gaat per prestatie, op hele centen."),
    "TR358": (None, "Tel de prestaties opnieuw op: debet min credit is het totaal."),
    "TR378": (None, "Gebruik de CBS-code die de gemeente op de ingangsdatum had; let op herindelingen."),
    "TR382": (None, "Stuur eerst de start met dezelfde sleutel, daarna de stop."),
    "TR384": (Oplosser.TOEGANG, "De toewijzing is verwijderd terwijl er zorg op wordt gedeclareerd; ga na of dat klopt."),
    "TR385": (Oplosser.TOEGANG, "Op deze toewijzing is al zorg betaald; beëindig haar in plaats van haar te verwijderen."),
    "TR387": (None, "Laat de productperiode beginnen op de eerste dag van de maand of van de toewijzing."),
    "TR388": (None, "Laat de productperiode eindigen op de laatste dag van de maand of van de toewijzing."),
    "TR389": (None, "Deze zorg is al gedeclareerd; crediteer eerst de eerdere prestatie."),
    "TR390": (None, "Deze prestatie is al gecrediteerd; laat de tweede credit vervallen."),
    "TR413": (None, "De levering staat al tijdelijk stil; een tweede tijdelijke stop is niet nodig."),
    "TR414": (None, "Kies een einddatum die niet vóór de eerdere stop ligt."),
    "TR415": (None, "De levering is al definitief gestopt; er is niets nodig."),
    "TR416": (None, "Voeg de prestaties van hetzelfde product en dezelfde periode samen tot één."),
    "TR418": (
        Oplosser.CONTRACTBEHEER,
        "Vergelijk tarief en contract; pas het contract aan of wijs de aanbieder op het goede tarief.",
    ),
}
