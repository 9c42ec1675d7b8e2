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
    return row.betekenis if row else _REGEL_BETEKENIS.get(regel, f"Regel {regel} klopt niet")


def advies(regel: str, afzender: str) -> tuple[Oplosser, str]:
    """Who can solve a cause and how; `afzender` decides when it is the sender."""
    wie, zin = _ADVIES.get(regel, (None, _soort_advies(regel)))
    return wie or (Oplosser.TOEGANG if afzender == "gemeente" else Oplosser.AANBIEDER), zin


def _soort_advies(regel: str) -> str:
    if regel[:2] in ("CD", "CS", "RS"):
        return "Herstel dit veld en stuur het bericht opnieuw; gebeurt het vaker, vraag dan de softwareleverancier."
    return "Herstel wat in de melding staat en stuur het bericht opnieuw."


_REGEL_BETEKENIS = {
    "XSD": "De opbouw van het bericht klopt niet met het schema",
    "NIET_BEOORDEELD": "Wij konden dit bericht niet beoordelen",
    "OP179": "Het bestand is groter dan 25 MB",
    "OP192": "Het bestand is niet leesbaar: te groot, geen UTF-8, geen XML, of met een DOCTYPE",
    "TOEGANG": "De afzender mag dit bericht niet voor deze partij insturen",
    "IV028": "Het retourbericht hoort niet bij een verzonden bericht",
    "CD005": "Landcode en postcode staan niet samen in het adres",
    "CD007": "De taal ontbreekt bij een tolk, of staat er zonder tolk",
    "CD009": "Een periode staat bij een adres dat niet tijdelijk is",
    "CD025": "Het huisnummer ontbreekt in een Nederlands adres",
    "CD034": "De postcode ontbreekt in een woon- of verblijfadres",
    "CD041": "De omvang ontbreekt bij een productcode",
    "CD043": "Het beschikkingnummer en de ingangsdatum van de beschikking staan niet samen",
    "CD060": "Het vorige referentienummer past niet bij debet of credit",
    "CD066": "De verwijzer heeft een naam terwijl de AGB-code er staat",
    "CD067": "De verwijzer heeft geen AGB-code en geen naam",
    "CD068": "De verwijzer heeft een AGB-code die niet bij de soort verwijzer hoort",
    "CD075": "De einddatum ontbreekt bij een budget",
    "CD076": "De einddatum ontbreekt bij een volume per week",
    "CD077": "Omvang en budget zijn allebei gevuld",
    "CD078": "Budget en omvang zijn allebei gevuld",
    "CD079": "Product en budget ontbreken allebei",
    "CD080": "Omvang is gevuld zonder productcode",
    "CD085": "Een afwijzing heeft geen reden",
    "CD086": "Een verzoek in onderzoek heeft een reden van afwijzing",
    "CD087": "Het tarief past niet bij de eenheid",
    "CD095": "De gevraagde omvang staat er zonder productcode",
    "CD096": "De omvang van een nieuw product staat er zonder productcode",
    "CS002": "Het BSN voldoet niet aan de elfproef",
    "CS003": "De einddatum ligt vóór de begindatum",
    "CS050": "Het naamgebruik past niet bij de partnernaam",
    "CS058": "De status van aanlevering is niet 1 of 3",
    "CS089": "De postcode is geen Nederlandse postcode",
    "CS100": "De declaratieperiode ligt vóór 2021",
    "CS139": "De geboortedatum past niet bij het datumgebruik",
    "CS318": "Het naamgebruik is dat van een organisatie",
    "CS325": "Een totaal van nul staat als credit",
    "CS335": "Een verwijderde toewijzing heeft een einddatum na de ingangsdatum",
    "CS336": "De reden wijziging 01 (vervallen) bestaat niet meer",
    "CS337": "De productperiode loopt over meer dan één maand",
    "CS338": "De eenheid past niet bij de frequentie",
    "CS339": "Bij declareren in euro's is het volume niet gelijk aan het bedrag",
    "CS340": "De declaratieperiode is niet één hele maand",
    "CS343": "De eenheid past niet bij de frequentie van wat is gevraagd",
    "TR002": "De geboortedatum ligt meer dan 120 jaar terug",
    "TR006": "Een contact heeft geen telefoon en geen volledig adres",
    "TR018": "De einddatum ligt vóór de begindatum",
    "TR061": "De cliënt heeft geen adres",
    "TR101": "Een onderdeel komt meer dan eens voor met dezelfde sleutel",
    "TR134": "De geboortedatum ligt na de dagtekening",
    "TR137": "De declaratieperiode is nog niet voorbij",
    "TR302": "Hetzelfde product is op één dag twee keer toegewezen",
    "TR315": "Twee creditprestaties verwijzen naar dezelfde debetprestatie",
    "TR316": "Een creditprestatie verwijst naar een debetprestatie in hetzelfde bericht",
    "TR335": "De declaratieperiode is meer dan vijf jaar geleden",
    "TR352": "Een verzoek om wijziging noemt geen lopende toewijzing",
    "TR353": "Een verzoek om wijziging vraagt geen verandering",
    "TR358": "Het totaalbedrag is niet de som van de prestaties",
    "TR377": "Bij een afwijzing om het woonplaatsbeginsel ontbreekt de andere gemeente",
    "TR380": "Een nieuw product is gevraagd vanaf een dag die niet in de toekomst ligt",
    "TR383": "Twee gevraagde producten hebben dezelfde referentie",
    "TR386": "Hetzelfde product is op één dag twee keer gevraagd",
    "TR409": "Een andere gemeente staat bij een afwijzing die niet om het woonplaatsbeginsel gaat",
    "TR410": "Hetzelfde nieuwe product is op één dag twee keer gevraagd",
    "TR416": "Twee prestaties declareren hetzelfde product in dezelfde periode",
}

# None: whoever sent the bericht.
_ADVIES: dict[str, tuple[Oplosser | None, str]] = {
    "NIET_BEOORDEELD": (Oplosser.WIJ, "Meld het aan Solidair; aan het bericht hoeft misschien niets te veranderen."),
    "XSD": (None, "De softwareleverancier van de afzender herstelt de opbouw; tot dan komt zo'n bericht niet binnen."),
    "OP192": (None, "Sla het bestand op als XML in UTF-8 zonder BOM en DOCTYPE, van hoogstens 25 MB, en stuur het opnieuw."),
    "TOEGANG": (Oplosser.WIJ, "Ga na of de instuurder een machtiging voor deze afzender hoort te hebben; leg die dan vast."),
    "IV028": (None, "Neem de header over van het bericht waarop dit het antwoord is; op elk bericht past één antwoord."),
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
    "TR304": (None, "Controleer voor welke cliënt het toewijzingnummer is afgegeven en gebruik het BSN van die cliënt."),
    "TR307": (None, "Declareer vanaf de ingangsdatum van de toewijzing, of vraag de toegang om een eerdere ingangsdatum."),
    "TR308": (None, "Declareer tot en met de einddatum van de toewijzing, of vraag de toegang om verlenging."),
    "TR314": (None, "Geef elke prestatie een nieuw referentienummer."),
    "TR315": (None, "Laat één van de twee creditprestaties vervallen."),
    "TR316": (None, "Dien de debetprestatie en haar credit in verschillende declaraties in."),
    "TR318": (None, "Dien declaraties in volgorde van maand in; een eerdere maand kan alleen in de lopende declaratie mee."),
    "TR302": (None, "Laat de toewijzingen van dit product op elkaar aansluiten, of beëindig eerst de lopende."),
    "TR319": (None, "Declareer zorg uit een latere maand in de declaratie van die maand."),
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
    "TR347": (None, "Geef elk verzoek een nieuwe referentie, ook als een eerder verzoek is afgewezen."),
    "TR349": (None, "Neem elke toewijzing die de cliënt nu bij de aanbieder heeft in het verzoek op, ook wat ongewijzigd blijft."),
    "TR350": (None, "Laat toewijzingen die zijn geëindigd of verwijderd uit het verzoek om wijziging weg."),
    "TR351": (None, "Vraag voor een toewijzing die is geëindigd of verwijderd een nieuwe aan, met een verzoek om toewijzing (315)."),
    "TR355": (None, "Neem in het antwoord de referentie over uit het verzoek van deze aanbieder."),
    "TR357": (None, "Laat de wijziging in de toekomst ingaan, of vanaf de ingangsdatum van de toewijzing."),
    "TR358": (None, "Tel de prestaties opnieuw op: debet min credit is het totaal."),
    "TR359": (None, "Op dit verzoek is al toegewezen; pas zo nodig de toewijzing aan (301) in plaats van te antwoorden."),
    "TR360": (None, "Beslis nu op het verzoek: wijs toe met een 301 of wijs af; in onderzoek melden kan maar één keer."),
    "TR361": (None, "Laat de perioden van hetzelfde product op elkaar aansluiten, lopende toewijzingen meegerekend."),
    "TR365": (None, "Op dit verzoek is al beslist; een ander besluit gaat met een toewijzing (301)."),
    "TR369": (None, "Het toegewezen budget is op; crediteer wat te veel is of vraag om een hoger budget (JW317)."),
    "TR373": (None, "Vraag een ander budget of totaal aan vanaf de ingangsdatum van de toewijzing."),
    "TR374": (Oplosser.TOEGANG, "Beslis op het verzoek dat nog openstaat; tot dan kan de aanbieder voor deze cliënt niets nieuws vragen."),
    "TR375": (None, "Vraag bij een toewijzing zonder product een budget, geen omvang."),
    "TR378": (None, "Gebruik de CBS-code die de gemeente op de ingangsdatum had; let op herindelingen."),
    "TR379": (None, "Vul de referentie alleen bij een toewijzing die direct op een open verzoek volgt, en laat haar anders leeg."),
    "TR382": (None, "Stuur eerst de start met dezelfde sleutel, daarna de stop."),
    "TR384": (Oplosser.TOEGANG, "De toewijzing is verwijderd terwijl er zorg op wordt gedeclareerd; ga na of dat klopt."),
    "TR385": (Oplosser.TOEGANG, "Op deze toewijzing is al zorg betaald; beëindig haar in plaats van haar te verwijderen."),
    "TR387": (None, "Laat de productperiode beginnen op de eerste dag van de maand of van de toewijzing."),
    "TR388": (None, "Laat de productperiode eindigen op de laatste dag van de maand of van de toewijzing."),
    "TR389": (None, "Deze zorg is al gedeclareerd; crediteer eerst de eerdere prestatie."),
    "TR390": (None, "Deze prestatie is al gecrediteerd; laat de tweede credit vervallen."),
    "TR411": (None, "Herhaal de omvang van de toewijzing, ook als alleen de einddatum verandert."),
    "TR412": (None, "Vraag bij een toewijzing zonder productcode een budget of alleen een andere einddatum, geen omvang."),
    "TR413": (None, "De levering staat al tijdelijk stil; een tweede tijdelijke stop is niet nodig."),
    "TR414": (None, "Kies een einddatum die niet vóór de eerdere stop ligt."),
    "TR415": (None, "De levering is al definitief gestopt; er is niets nodig."),
    "TR416": (None, "Voeg de prestaties van hetzelfde product en dezelfde periode samen tot één."),
    "TR418": (
        Oplosser.CONTRACTBEHEER,
        "Vergelijk tarief en contract; pas het contract aan of wijs de aanbieder op het goede tarief.",
    ),
}
