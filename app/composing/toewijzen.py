"""The 301 of what an access team decides: new lines, the lines that go on, and the header around them. Pure.

A 301 holds every current toewijzing of the client at the aanbieder besides what is new or changed (OP087); what did not change keeps its own
Toewijzingsdatum and -tijd (IV013). Numbers are given by `store_nummers`, what may change on a number is decided in `wijzigen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.adapters.clock import AMSTERDAM
from app.domain.bericht import Bericht, BerichtIdentificatie, Client, Domein, Header, XsdVersie
from app.domain.snapshot import Toewijzing
from app.domain.toewijzing import Omvang, Product, ToegewezenProduct
from app.standard import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Besluit:
    """The moment that orders the versions of a number: Toewijzingsdatum and -tijd, in the time of the Netherlands."""

    datum: date
    tijd: str

    @classmethod
    def op(cls, nu: datetime) -> Besluit:
        """The moment of an instant."""
        local = nu.astimezone(AMSTERDAM)
        return cls(datum=local.date(), tijd=f"{local:%H:%M:%S}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """A new line of a toewijzing before it has a number: an omvang of a product, or a budget in cents (CD077, CD078)."""

    categorie: str
    code: str | None
    ingangsdatum: date
    einddatum: date | None
    omvang: Omvang | None = None
    budget: int | None = None
    commentaar: str | None = None
    referentie_aanbieder: str | None = None


def new_product(regel: Regel, *, nummer: int, besluit: Besluit) -> ToegewezenProduct:
    """A new line as the 301 has it; RedenWijziging stays empty (IV099)."""
    return ToegewezenProduct(
        toewijzing_nummer=nummer,
        referentie_aanbieder=regel.referentie_aanbieder,
        product=Product(categorie=regel.categorie, code=regel.code),
        toewijzingsdatum=besluit.datum,
        toewijzingstijd=besluit.tijd,
        ingangsdatum=regel.ingangsdatum,
        einddatum=regel.einddatum,
        omvang=regel.omvang,
        budget=regel.budget,
        commentaar=regel.commentaar,
    )


def repeat_product(versie: Toewijzing) -> ToegewezenProduct:
    """A line that goes on unchanged, with the date and time it had (IV013); nothing changed, so no reason and no reference (IV093, IV099)."""
    return ToegewezenProduct(
        toewijzing_nummer=versie.toewijzing_nummer,
        product=None if versie.categorie is None else Product(categorie=versie.categorie, code=versie.code),
        toewijzingsdatum=versie.toewijzingsdatum,
        toewijzingstijd=versie.toewijzingstijd,
        ingangsdatum=versie.ingangsdatum,
        einddatum=versie.einddatum,
        omvang=versie.omvang,
        budget=versie.budget,
    )


def with_current(
    nieuw: Sequence[ToegewezenProduct], bekend: Iterable[Toewijzing], *, vandaag: date, referentie: str | None = None
) -> tuple[ToegewezenProduct, ...]:
    """What is new or changed, followed by every other current toewijzing of the client at this aanbieder (OP087), by number.

    Args:
        nieuw: Lines with their numbers; a current version with one of these is not repeated.
        bekend: The current version of each toewijzing of the client at the aanbieder; those that are over or deleted are left out.
        referentie: ReferentieAanbieder of a 317 that is granted: it stands on every line (TR379).
    """
    numbers = {each.toewijzing_nummer for each in nieuw}
    going_on = sorted(
        (each for each in bekend if each.toewijzing_nummer not in numbers and each.is_actueel(vandaag)),
        key=lambda each: each.toewijzing_nummer,
    )
    lines = (*nieuw, *(repeat_product(each) for each in going_on))
    if referentie is None:
        return lines
    return tuple(replace(each, referentie_aanbieder=referentie) for each in lines)


def compose_301(
    *,
    domein: Domein,
    gemeente: str,
    agb: str,
    client: Client,
    producten: Sequence[ToegewezenProduct],
    identificatie: str,
    vandaag: date,
) -> Bericht:
    """The 301 of a gemeente to an aanbieder about one client.

    Args:
        gemeente, agb: Code of sender and receiver, without the kind of partij.
        client: Who it is about; lines it may carry are replaced.
        producten: Every line, in order (`with_current`).
        identificatie: At most 12 characters, not used before by the gemeente (TR056).
        vandaag: Local day of sending: the Dagtekening.
    Raises:
        ValueError: There is no line.
    """
    if not producten:
        raise ValueError("a 301 has at least one line")
    soort = catalogue.soort(domein, "301")
    header = Header(
        bericht_code=soort.bericht_code,
        afzender=gemeente,
        ontvanger=agb,
        bericht_identificatie=BerichtIdentificatie(identificatie=identificatie, dagtekening=vandaag),
        xsd_versie=XsdVersie(basisschema_xsd_versie=soort.xsd_versie.basisschema, bericht_xsd_versie=soort.xsd_versie.bericht),
    )
    return Bericht(domein=domein, soort="301", header=header, client=replace(client, toegewezen_producten=tuple(producten)))
