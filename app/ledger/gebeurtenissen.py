"""Why money moves: every soort of boeking, between which kinds of account, what is its source, and whether it may be turned round. Pure.

The same table stands in the database (`gebeurtenis`, migration 0006): a boeking of another soort, or between other accounts, is refused there,
whoever inserts it. A test holds the two together; `docs/ledger.md` shows it to readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.ledger.rekeningschema import (
    BANK,
    CREDITEUR,
    INLEG,
    KAS,
    KOSTEN,
    KOSTEN_LOKAAL,
    ONDERWEG,
    ORGANISATIEKOSTEN,
    VEREVENING,
    VERPLICHTING,
    VERPLICHTING_TEGEN,
    VOORSCHOT,
    VOORSCHOT_SVB,
)

PRESTATIE = "prestatie"
PRESTATIE_CREDIT = "prestatie_credit"
VERPLICHTING_SOORT = "verplichting"
LUMPSUM_TERMIJN = "lumpsum_termijn"
SUBSIDIE_TERMIJN = "subsidie_termijn"
GARANTIE_TERMIJN = "garantie_termijn"
GARANTIE_AANVULLING = "garantie_aanvulling"
VOORSCHOT_SOORT = "voorschot"
VOORSCHOT_VERREKEND = "voorschot_verrekend"
BETAALOPDRACHT = "betaalopdracht"
BETALING = "betaling"
AFREKENING = "afrekening"
AFREKENING_TERUG = "afrekening_terug"
PGB_VOORSCHOT = "pgb_voorschot"
PGB_BESTEDING = "pgb_besteding"
OUDERBIJDRAGE = "ouderbijdrage"
WOONPLAATS = "woonplaats"
LOKAAL = "lokaal"
BIJDRAGE = "bijdrage"
VEREVENING_SOORT = "verevening"
ORGANISATIE = "organisatiekosten"


class Bron(StrEnum):
    """What a `bericht_nr` of a boeking names; the two draw from one sequence."""

    BERICHT = "bericht"
    HANDELING = "handeling"
    BEIDE = "beide"


class Client(StrEnum):
    """Whether a boeking names the client it is about."""

    ALTIJD = "altijd"
    MAG = "mag"
    NOOIT = "nooit"


class Omkering(StrEnum):
    """Whether the reverse of a transfer, debit and credit exchanged, is a transfer of the same soort."""

    NOEMT = "noemt"
    """Yes, and it names the boeking that it undoes (`storno_van`)."""
    VRIJ = "vrij"
    """Yes: it lowers what was booked before, whichever boeking that was."""
    GEEN = "geen"
    """No."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gebeurtenis:
    """A soort of boeking.

    Attributes:
        soort: Its name in the books.
        paren: Kinds of account (debet, credit) between which it moves money.
        bron: What its source is.
        client: Whether it names a client.
        zorg: Whether it is about a zorgvorm in a zorgmaand. Otherwise domein and zorgvorm are empty, unless the money is of one domain or
            zorgvorm, and its zorgmaand is the month that it is paid for.
        omkering: Whether it can be turned round.
        noemt: Whether it names an earlier boeking itself (a credit prestatie names its debit).
        betekenis: What happened, in one Dutch sentence.
    """

    soort: str
    paren: tuple[tuple[str, str], ...]
    bron: Bron
    client: Client
    zorg: bool
    omkering: Omkering
    noemt: bool = False
    betekenis: str


class Paar(NamedTuple):
    """A row of the table in the database: one direction of one soort."""

    soort: str
    debet: str
    credit: str
    tegen: bool
    noemt_eerdere: bool
    bron: str
    client: str


GEBEURTENISSEN: tuple[Gebeurtenis, ...] = (
    Gebeurtenis(
        soort=PRESTATIE,
        paren=((KOSTEN, CREDITEUR),),
        bron=Bron.BERICHT,
        client=Client.ALTIJD,
        zorg=True,
        omkering=Omkering.NOEMT,
        betekenis="Een gedeclareerde prestatie is toegekend.",
    ),
    Gebeurtenis(
        soort=PRESTATIE_CREDIT,
        paren=((CREDITEUR, KOSTEN),),
        bron=Bron.BERICHT,
        client=Client.ALTIJD,
        zorg=True,
        omkering=Omkering.NOEMT,
        noemt=True,
        betekenis="Een creditprestatie is toegekend: zij heft de toegekende prestatie op die zij noemt.",
    ),
    Gebeurtenis(
        soort=VERPLICHTING_SOORT,
        paren=((VERPLICHTING, VERPLICHTING_TEGEN),),
        bron=Bron.BEIDE,
        client=Client.MAG,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Een verplichting ontstaat of stijgt; omgekeerd: zij daalt, wordt gebruikt door prestaties of valt vrij.",
    ),
    Gebeurtenis(
        soort=LUMPSUM_TERMIJN,
        paren=((KOSTEN, CREDITEUR),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Een termijn van een lumpsum is verschuldigd.",
    ),
    Gebeurtenis(
        soort=SUBSIDIE_TERMIJN,
        paren=((KOSTEN, CREDITEUR),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Een termijn van een subsidie is verschuldigd.",
    ),
    Gebeurtenis(
        soort=GARANTIE_TERMIJN,
        paren=((VOORSCHOT, CREDITEUR),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Een termijn van het gegarandeerde deel van een budget is verschuldigd, vooruit op de declaraties.",
    ),
    Gebeurtenis(
        soort=GARANTIE_AANVULLING,
        paren=((KOSTEN, CREDITEUR),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Na afloop van het jaar: wat van het gegarandeerde deel niet met toegekende prestaties is verdiend.",
    ),
    Gebeurtenis(
        soort=VOORSCHOT_SOORT,
        paren=((VOORSCHOT, BANK),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="Een voorschot is aan de aanbieder betaald.",
    ),
    Gebeurtenis(
        soort=VOORSCHOT_VERREKEND,
        paren=((CREDITEUR, VOORSCHOT),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="Een voorschot is verrekend met wat de gemeente de aanbieder schuldig was.",
    ),
    Gebeurtenis(
        soort=BETAALOPDRACHT,
        paren=((CREDITEUR, ONDERWEG),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="Een post is in een betaalopdracht gezet; omgekeerd: de opdracht is ingetrokken of door de bank geweigerd.",
    ),
    Gebeurtenis(
        soort=BETALING,
        paren=((CREDITEUR, BANK), (ONDERWEG, BANK)),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.NOEMT,
        betekenis="De aanbieder is betaald; uit een betaalopdracht pas als de bank het heeft bevestigd.",
    ),
    Gebeurtenis(
        soort=AFREKENING,
        paren=((KOSTEN, CREDITEUR),),
        bron=Bron.HANDELING,
        client=Client.MAG,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Een verschil dat gemeente en aanbieder bij de jaarafrekening hebben vastgesteld.",
    ),
    Gebeurtenis(
        soort=AFREKENING_TERUG,
        paren=((BANK, VOORSCHOT), (BANK, CREDITEUR)),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.NOEMT,
        betekenis="De aanbieder betaalt terug wat na de afrekening te veel was.",
    ),
    Gebeurtenis(
        soort=PGB_VOORSCHOT,
        paren=((VOORSCHOT_SVB, BANK),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="De SVB kreeg een voorschot voor pgb's; omgekeerd: de SVB betaalde terug.",
    ),
    Gebeurtenis(
        soort=PGB_BESTEDING,
        paren=((KOSTEN, VOORSCHOT_SVB),),
        bron=Bron.HANDELING,
        client=Client.MAG,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="De SVB heeft pgb-bestedingen verantwoord.",
    ),
    Gebeurtenis(
        soort=OUDERBIJDRAGE,
        paren=((BANK, KOSTEN),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Ouderbijdragen zijn ontvangen; zij verlagen de kosten van de zorgvorm.",
    ),
    Gebeurtenis(
        soort=WOONPLAATS,
        paren=((KOSTEN, KAS),),
        bron=Bron.HANDELING,
        client=Client.MAG,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="Kosten gaan over naar de gemeente waar de client zijn woonplaats heeft; omgekeerd: weg van de gemeente die ze droeg.",
    ),
    Gebeurtenis(
        soort=LOKAAL,
        paren=((KOSTEN_LOKAAL, BANK),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=True,
        omkering=Omkering.VRIJ,
        betekenis="De gemeente betaalde lokale kosten die buiten de pot blijven.",
    ),
    Gebeurtenis(
        soort=BIJDRAGE,
        paren=((INLEG, KAS),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="De gemeente draagt bij aan de regio.",
    ),
    Gebeurtenis(
        soort=VEREVENING_SOORT,
        paren=((VEREVENING, KAS),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="De gemeente betaalt in de verevening; omgekeerd: zij krijgt.",
    ),
    Gebeurtenis(
        soort=ORGANISATIE,
        paren=((ORGANISATIEKOSTEN, KAS),),
        bron=Bron.HANDELING,
        client=Client.NOOIT,
        zorg=False,
        omkering=Omkering.VRIJ,
        betekenis="Het deel van de gemeente in de kosten van de inkooporganisatie.",
    ),
)
"""Every soort of boeking."""

PER_SOORT: Mapping[str, Gebeurtenis] = {each.soort: each for each in GEBEURTENISSEN}
"""The same by name."""


def paren() -> Iterator[Paar]:
    """Every soort in every direction that it has: the rows of the table in the database."""
    for each in GEBEURTENISSEN:
        for debet, credit in each.paren:
            yield Paar(each.soort, debet, credit, False, each.noemt, each.bron, each.client)
            if each.omkering is not Omkering.GEEN:
                yield Paar(each.soort, credit, debet, True, each.omkering is Omkering.NOEMT, each.bron, each.client)
