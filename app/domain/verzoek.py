"""What an aanbieder asks of a gemeente (315, 317) and what the gemeente answers when it does not allocate (319)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.klassen import Berichtklasse, Samengesteld
from app.domain.toewijzing import Omvang, Product

AFGEWEZEN = "1"
"""VerzoekAntwoord: the request is refused, with RedenAfwijzingVerzoek (CD085)."""
IN_ONDERZOEK = "2"
"""VerzoekAntwoord: the gemeente needs more time; may be sent once (TR360)."""
WOONPLAATSBEGINSEL = "8"
"""RedenAfwijzingVerzoek: another gemeente bears the care, named in Woonplaatsbeginsel (TR377, TR409; iJw only)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verwijzer(Samengesteld):
    """Who referred the client; `type` is of list JZ002 or WMO002, `zorgverlener_code` an AGB-code."""

    type: str
    naam: str | None = None
    zorgverlener_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AangevraagdProduct(Berichtklasse):
    """One product of a verzoek om toewijzing (315), answered on its own; logical key `referentie_aanbieder` (TR383).

    `toewijzing_ingangsdatum` and `toewijzing_einddatum` are both included; `budget` is in cents.
    """

    referentie_aanbieder: str
    beschikking_nummer: int | None = None
    product: Product | None = None
    beschikking_ingangsdatum: date | None = None
    toewijzing_ingangsdatum: date
    toewijzing_einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None
    verwijzer: Verwijzer
    raamcontract: str | None = None
    commentaar: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OngewijzigdProduct(Berichtklasse):
    """A current toewijzing that stays as it is when the 317 is granted."""

    toewijzing_nummer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeWijzigenProduct(Berichtklasse):
    """A current toewijzing that should become something else from `gewenste_ingangsdatum`, until `einddatum` (included)."""

    toewijzing_nummer: int
    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NieuwProduct(Berichtklasse):
    """A product that the client does not have yet, wanted from `gewenste_ingangsdatum` until `einddatum` (included)."""

    product: Product | None = None
    gewenste_ingangsdatum: date
    einddatum: date | None = None
    omvang: Omvang | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verzoek(Berichtklasse):
    """A verzoek om wijziging (317): the whole situation that is wanted, granted or refused as a whole (OP346).

    `reden_verzoek` is of list JZ755 or its counterpart of iWmo; `referentie_aanbieder` names the request in the answer.
    """

    referentie_aanbieder: str
    reden_verzoek: str
    ongewijzigde_producten: tuple[OngewijzigdProduct, ...] = ()
    te_wijzigen_producten: tuple[TeWijzigenProduct, ...] = ()
    nieuwe_producten: tuple[NieuwProduct, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Woonplaatsbeginsel(Berichtklasse):
    """The gemeente that bears the care by the woonplaatsbeginsel of the Jeugdwet."""

    gemeente: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Antwoord(Berichtklasse):
    """Answer of a gemeente to one AangevraagdProduct or one Verzoek (319); a grant is a 301, not this."""

    referentie_aanbieder: str
    verzoek_antwoord: str
    reden_afwijzing_verzoek: str | None = None
    woonplaatsbeginsel: Woonplaatsbeginsel | None = None
