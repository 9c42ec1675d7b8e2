"""What needs somebody today, per role: the kinds of work, whose they are, and the sentence of each. Pure; the counts come from `store_vandaag`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.partij import Actor, Rol

TELLEN_TOT = 1_000
"""A count stops here: that there are more is all that a reader needs, and the query stays short."""
NIEUW_DAGEN = 7
"""A cause is new when it was first seen in the last seven days."""
AFLOOP_DAGEN = 42
"""Six weeks before a toewijzing ends, the access team looks whether the care goes on."""
START_DAGEN = (14, 42)
"""A start is missed when the toewijzing began two weeks ago or longer; after six weeks it is no news any more."""
BUDGET_PROMILLE = 900
PLAFOND_PROMILLE = 900


class Werk(StrEnum):
    """A kind of work that waits for a person."""

    VERZOEKEN = "verzoeken"
    TERUG = "terug"
    NIET_GESTART = "niet_gestart"
    LOOPT_AF = "loopt_af"
    CONCEPTEN = "concepten"
    GEPARKEERD = "geparkeerd"
    TE_LAAT = "te_laat"
    NIEUWE_OORZAKEN = "nieuwe_oorzaken"
    VASTGEHOUDEN = "vastgehouden"
    GEWEIGERD = "geweigerd"
    NADERT = "nadert"
    GEZONDHEID = "gezondheid"
    ZONDER_CONTRACT = "zonder_contract"
    CONTRACT_EINDIGT = "contract_eindigt"
    PLAFOND = "plafond"
    HERBEOORDELINGEN = "herbeoordelingen"
    PRODUCTEN = "producten"
    MAANDEN = "maanden"
    BETAALRUNS = "betaalruns"
    BANKREGELS = "bankregels"
    AFREKENINGEN = "afrekeningen"
    HANDELINGEN = "handelingen"
    BUDGET = "budget"
    VEREVENINGEN = "vereveningen"
    BOEKEN = "boeken"
    ACCOUNTS = "accounts"
    OPHALEN = "ophalen"
    AFGEKEURD = "afgekeurd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taakvorm:
    """What a kind of work looks like.

    Attributes:
        rol: Whose work; None is of who acts for an aanbieder.
        een, meer: The sentence of one, and of more.
        pad: Where it is done.
        dringend: A legal term or money stands still.
        hele_regio: Only for who works for the whole region.
    """

    rol: Rol | None
    een: str
    meer: str
    pad: str
    dringend: bool = False
    hele_regio: bool = False


VORMEN: Mapping[Werk, Taakvorm] = {
    Werk.TE_LAAT: Taakvorm(
        rol=Rol.UITVAL, een="termijn is voorbij", meer="termijnen zijn voorbij", pad="/termijnen?stand=te_laat", dringend=True
    ),
    Werk.NADERT: Taakvorm(
        rol=Rol.UITVAL,
        een="antwoord van ons moet er binnen twee werkdagen zijn",
        meer="antwoorden van ons moeten er binnen twee werkdagen zijn",
        pad="/termijnen?wie=wij&stand=eindigt_binnenkort",
        dringend=True,
    ),
    Werk.GEZONDHEID: Taakvorm(
        rol=Rol.UITVAL,
        een="sein van de installatie staat op rood",
        meer="seinen van de installatie staan op rood",
        pad="/gezondheid",
        dringend=True,
        hele_regio=True,
    ),
    Werk.GEPARKEERD: Taakvorm(
        rol=Rol.UITVAL,
        een="bericht kon niet worden beoordeeld (geparkeerd)",
        meer="berichten konden niet worden beoordeeld (geparkeerd)",
        pad="/berichten?status=geparkeerd&richting=alle",
        dringend=True,
    ),
    Werk.NIEUWE_OORZAKEN: Taakvorm(
        rol=Rol.UITVAL,
        een="oorzaak van uitval kwam deze week voor het eerst voor",
        meer="oorzaken van uitval kwamen deze week voor het eerst voor",
        pad="/uitval?periode=7",
    ),
    Werk.VASTGEHOUDEN: Taakvorm(
        rol=Rol.UITVAL, een="declaratie wordt vastgehouden", meer="declaraties worden vastgehouden", pad="/vasthouden"
    ),
    Werk.GEWEIGERD: Taakvorm(
        rol=Rol.UITVAL,
        een="bericht is deze week aan de deur geweigerd",
        meer="berichten zijn deze week aan de deur geweigerd",
        pad="/berichten?status=geweigerd",
    ),
    Werk.VERZOEKEN: Taakvorm(
        rol=Rol.TOEGANG,
        een="verzoek wacht op een besluit",
        meer="verzoeken wachten op een besluit",
        pad="/toegang/verzoeken",
        dringend=True,
    ),
    Werk.TERUG: Taakvorm(
        rol=Rol.TOEGANG,
        een="toewijzing is door de aanbieder afgekeurd",
        meer="toewijzingen zijn door de aanbieder afgekeurd",
        pad="/berichten?status=afgekeurd_door_ontvanger&richting=alle",
        dringend=True,
    ),
    Werk.NIET_GESTART: Taakvorm(
        rol=Rol.TOEGANG,
        een="toewijzing ging twee tot zes weken geleden in zonder startbericht",
        meer="toewijzingen gingen twee tot zes weken geleden in zonder startbericht",
        pad="/toegang?status=aanvaard",
    ),
    Werk.LOOPT_AF: Taakvorm(
        rol=Rol.TOEGANG,
        een="toewijzing eindigt binnen zes weken",
        meer="toewijzingen eindigen binnen zes weken",
        pad="/toegang?status=gestart",
    ),
    Werk.CONCEPTEN: Taakvorm(
        rol=Rol.TOEGANG, een="concept is nog niet verstuurd", meer="concepten zijn nog niet verstuurd", pad="/toegang"
    ),
    Werk.ZONDER_CONTRACT: Taakvorm(
        rol=Rol.CONTRACTBEHEER,
        een="declaratie wacht op een contract of tarief",
        meer="declaraties wachten op een contract of tarief",
        pad="/berichten?status=wacht_op_contract",
        dringend=True,
    ),
    Werk.PRODUCTEN: Taakvorm(
        rol=Rol.CONTRACTBEHEER,
        een="product is de laatste 30 dagen afgewezen omdat het niet zo in het contract staat",
        meer="producten zijn de laatste 30 dagen afgewezen omdat zij niet zo in het contract staan",
        pad="/berichten?retourcode=0611&richting=alle",
    ),
    Werk.CONTRACT_EINDIGT: Taakvorm(
        rol=Rol.CONTRACTBEHEER,
        een="contract eindigt binnen drie maanden",
        meer="contracten eindigen binnen drie maanden",
        pad="/contracten",
    ),
    Werk.PLAFOND: Taakvorm(
        rol=Rol.CONTRACTBEHEER,
        een="aanbieder heeft 90% van zijn plafonds van dit jaar gebruikt, of meer",
        meer="aanbieders hebben 90% van hun plafonds van dit jaar gebruikt, of meer",
        pad="/contracten",
        hele_regio=True,
    ),
    Werk.HERBEOORDELINGEN: Taakvorm(
        rol=Rol.CONTRACTBEHEER,
        een="herbeoordeling is nog niet afgerond",
        meer="herbeoordelingen zijn nog niet afgerond",
        pad="/herbeoordelen",
        hele_regio=True,
    ),
    Werk.BETAALRUNS: Taakvorm(
        rol=Rol.CONTROLLER,
        een="betaling wacht op goedkeuring",
        meer="betalingen wachten op goedkeuring",
        pad="/geld/betalingen",
        dringend=True,
    ),
    Werk.HANDELINGEN: Taakvorm(
        rol=Rol.CONTROLLER,
        een="boeking van een collega wacht op een tweede persoon",
        meer="boekingen van collega's wachten op een tweede persoon",
        pad="/geld/boekingen",
        dringend=True,
        hele_regio=True,
    ),
    Werk.AFREKENINGEN: Taakvorm(
        rol=Rol.CONTROLLER,
        een="afrekening wacht op akkoord of op vaststellen",
        meer="afrekeningen wachten op akkoord of op vaststellen",
        pad="/geld/afrekeningen",
    ),
    Werk.BANKREGELS: Taakvorm(
        rol=Rol.CONTROLLER,
        een="regel van de bank is nog niet gekoppeld",
        meer="regels van de bank zijn nog niet gekoppeld",
        pad="/geld/betalingen",
    ),
    Werk.MAANDEN: Taakvorm(
        rol=Rol.CONTROLLER, een="maand is nog niet gesloten", meer="maanden zijn nog niet gesloten", pad="/geld/maanden"
    ),
    Werk.BUDGET: Taakvorm(
        rol=Rol.CONTROLLER,
        een="gemeente heeft 90% van haar budget van dit jaar gebruikt, of meer",
        meer="gemeenten hebben 90% van hun budget van dit jaar gebruikt, of meer",
        pad="/geld/uitputting",
        dringend=True,
    ),
    Werk.VEREVENINGEN: Taakvorm(
        rol=Rol.CONTROLLER,
        een="berekening van de verevening is nog een concept",
        meer="berekeningen van de verevening zijn nog een concept",
        pad="/geld/verevening",
        hele_regio=True,
    ),
    Werk.BOEKEN: Taakvorm(
        rol=Rol.CONTROLLER,
        een="volledige controle van de boeken klopte niet: de laatste",
        meer="volledige controles van de boeken klopten niet",
        pad="/controles",
        dringend=True,
        hele_regio=True,
    ),
    Werk.ACCOUNTS: Taakvorm(
        rol=Rol.BEHEER,
        een="account is vertraagd na mislukte pogingen om aan te melden",
        meer="accounts zijn vertraagd na mislukte pogingen om aan te melden",
        pad="",
        hele_regio=True,
    ),
    Werk.OPHALEN: Taakvorm(
        rol=None,
        een="bericht voor u is nog niet opgehaald",
        meer="berichten voor u zijn nog niet opgehaald",
        pad="/berichten?richting=alle",
    ),
    Werk.AFGEKEURD: Taakvorm(
        rol=None,
        een="bericht van u is deze week helemaal of deels afgekeurd",
        meer="berichten van u zijn deze week helemaal of deels afgekeurd",
        pad="/berichten?richting=alle",
    ),
}
"""Every kind of work; within a role the most urgent first."""
GROEPEN: Mapping[Rol | None, str] = {
    None: "Voor uw organisatie",
    Rol.UITVAL: "Uitval",
    Rol.TOEGANG: "Toegang",
    Rol.CONTRACTBEHEER: "Contractbeheer",
    Rol.CONTROLLER: "Geld",
    Rol.BEHEER: "Beheer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taak:
    """Work of one kind; `meer` when it was counted no further."""

    werk: Werk
    aantal: int
    meer: bool
    zin: str
    pad: str
    dringend: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Vandaag:
    """What needs this person today, by group; a group without work is left out.

    `heeft_regio` and `heeft_berichten` say whether the installation is in use: a region was loaded, a bericht came in.
    """

    stand_van: datetime
    groepen: tuple[tuple[str, tuple[Taak, ...]], ...]
    heeft_regio: bool = True
    heeft_berichten: bool = True


def werk_voor(actor: Actor) -> tuple[Werk, ...]:
    """The kinds of work of the roles that this actor has itself, and of the parties that it acts for."""
    return tuple(werk for werk, vorm in VORMEN.items() if _is_van(vorm, actor))


def _is_van(vorm: Taakvorm, actor: Actor) -> bool:
    if vorm.hele_regio and actor.gemeenten is not None:
        return False
    if vorm.rol is None:
        return any(partij.startswith("aanbieder:") for partij in actor.partijen)
    return actor.heeft(vorm.rol) and (actor.gemeenten is None or bool(actor.gemeenten))


def vandaag_van(tellingen: Mapping[Werk, int], stand_van: datetime) -> Vandaag:
    """The work that there is, in the order of `GROEPEN` and `VORMEN`."""
    groepen = []
    for rol, naam in GROEPEN.items():
        taken = tuple(_taak(werk, tellingen[werk]) for werk, vorm in VORMEN.items() if vorm.rol == rol and tellingen.get(werk))
        if taken:
            groepen.append((naam, taken))
    return Vandaag(stand_van=stand_van, groepen=tuple(groepen))


def _taak(werk: Werk, aantal: int) -> Taak:
    vorm = VORMEN[werk]
    return Taak(
        werk=werk,
        aantal=min(aantal, TELLEN_TOT),
        meer=aantal > TELLEN_TOT,
        zin=vorm.een if aantal == 1 else vorm.meer,
        pad=vorm.pad,
        dringend=vorm.dringend,
    )
