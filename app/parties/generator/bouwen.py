"""Parts that berichten of several kinds share: the client, the product, the header of who sends, the retourbericht of an aanbieder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.domain.bericht import Bericht, Client, Contact
from app.domain.partij import aanbieder, gemeente
from app.domain.toewijzing import Product
from app.parties.generator.personen import Persoon, geboorte
from app.parties.generator.zaken import Toegewezen, Zaak
from app.parties.generator.zending import RANG, XSD_VERSIE, Nummering, Zending, make_header
from app.standard import catalogue


def make_client(persoon: Persoon, *, volledig: bool) -> Client:
    """The client as a 301 has it, or in short as in 305 and 307."""
    if not volledig:
        naam = replace(persoon.naam, naam_gebruik=None)
        return Client(bsn=persoon.bsn, geboortedatum=geboorte(persoon), geslacht=persoon.geslacht, naam=naam)
    return Client(
        bsn=persoon.bsn,
        geboortedatum=geboorte(persoon),
        geslacht=persoon.geslacht,
        naam=persoon.naam,
        relaties=(persoon.ouder,) if persoon.ouder else (),
        contactgegevens=(Contact(soort="01", adres=persoon.adres),),
    )


def from_aanbieder(zaak: Zaak, soort: str, nummering: Nummering, dag: date, client: Client) -> Zending:
    """A bericht of the aanbieder about the client."""
    van = aanbieder(zaak.agb)
    header = make_header(
        zaak.domein, soort, afzender=zaak.agb, ontvanger=zaak.plaats.code, identificatie=nummering.identificatie(van), dagtekening=dag
    )
    return Zending(dag=dag, rang=RANG[soort], van=van, bericht=Bericht(domein=zaak.domein, soort=soort, header=header, client=client))


def product_of(toegewezen: Toegewezen) -> Product:
    """The product as the toewijzing has it: without code for a Budget."""
    product = toegewezen.product
    return Product(categorie=product.categorie, code=None if product.is_budget else product.code)


def from_gemeente(zaak: Zaak, soort: str, nummering: Nummering, dag: date, **inhoud: object) -> Zending:
    """A bericht of the gemeente to the aanbieder."""
    van = gemeente(zaak.plaats.code)
    header = make_header(
        zaak.domein, soort, afzender=zaak.plaats.code, ontvanger=zaak.agb, identificatie=nummering.identificatie(van), dagtekening=dag
    )
    bericht: Bericht = replace(Bericht(domein=zaak.domein, soort=soort, header=header), **inhoud)  # type: ignore[arg-type]
    return Zending(dag=dag, rang=RANG[soort], van=van, bericht=bericht)


def make_retour(zending: Zending, nummering: Nummering, dag: date, *, codes: tuple[str, ...] = (), client: Client | None = None) -> Zending:
    """The 302 or 320 of the aanbieder: without codes it takes the bericht as it is (IV028)."""
    bericht = zending.bericht
    agb = bericht.header.ontvanger
    nummer = catalogue.soort(bericht.domein, bericht.soort).antwoord
    assert nummer is not None
    header = replace(
        bericht.header,
        bericht_code=catalogue.soort(bericht.domein, nummer).bericht_code,
        identificatie_retour=nummering.identificatie(aanbieder(agb)),
        dagtekening_retour=dag,
        xsd_versie_retour=XSD_VERSIE,
        retour_codes=codes,
    )
    retour = Bericht(domein=bericht.domein, soort=nummer, header=header, client=client)
    return Zending(dag=dag, rang=RANG[nummer], van=aanbieder(agb), bericht=retour)
