"""The berichten of a zaak but for its money: 301 new, changed and deleted, its 302, and 305 and 307."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.domain.bericht import Bericht, Client, Contact
from app.domain.levering import NIEUW, TIJDELIJK, StartProduct, StopProduct
from app.domain.partij import aanbieder, gemeente
from app.domain.toewijzing import VERWIJDERD, Product, ToegewezenProduct
from app.parties.generator.kans import Kans
from app.parties.generator.personen import Persoon, geboorte
from app.parties.generator.zaken import Loop, Toegewezen, Zaak
from app.parties.generator.zending import RANG, XSD_VERSIE, Nummering, Zending, make_header
from app.standard import catalogue

VERLENGD_REDEN, VERKORT_REDEN = "04", "05"
VOLGENS_PLAN = {"ijw": "31", "iwmo": "19"}
ANTWOORD_302_PROMILLE = 150
GEWIJZIGD_TIJD = "14:00:00"


def make_zendingen(seed: int, zaak: Zaak, nummering: Nummering, tot: date) -> Iterator[Zending]:
    """All berichten about a zaak up to the last day of the months, in no order."""
    kans = Kans(seed, "zendingen", zaak.index)
    first = make_301(zaak, nummering, zaak.toegewezen_op, _first_products(zaak, kans))
    yield first
    if zaak.loop is Loop.GEWEIGERD:
        yield make_302(first, nummering, zaak.toegewezen_op + timedelta(days=1), geweigerd="S329")
    elif kans.promille(ANTWOORD_302_PROMILLE):
        yield make_302(first, nummering, zaak.toegewezen_op + timedelta(days=1))
    if zaak.gewijzigd_op is not None:
        yield make_301(zaak, nummering, zaak.gewijzigd_op, _changed_products(zaak, first.bericht))
    yield from _deliveries(zaak, nummering, tot)


def _first_products(zaak: Zaak, kans: Kans) -> tuple[ToegewezenProduct, ...]:
    tijd = f"{kans.geheel(8, 12):02d}:{kans.geheel(0, 59):02d}:00"
    return tuple(as_toegewezen_product(each, zaak.toegewezen_op, tijd) for each in zaak.toewijzingen)


def _changed_products(zaak: Zaak, first: Bericht) -> tuple[ToegewezenProduct, ...]:
    """All products with the first one changed; what did not change is repeated with its own date and time (OP087, IV013)."""
    assert first.client is not None
    assert zaak.gewijzigd_op is not None
    product, *rest = first.client.toegewezen_producten
    reden = {Loop.VERLENGD: VERLENGD_REDEN, Loop.VERKORT: VERKORT_REDEN, Loop.VERWIJDERD: VERWIJDERD}[zaak.loop]
    einde = product.ingangsdatum if zaak.loop is Loop.VERWIJDERD else zaak.toewijzingen[0].einddatum_nu
    changed = replace(product, toewijzingsdatum=zaak.gewijzigd_op, toewijzingstijd=GEWIJZIGD_TIJD, einddatum=einde, reden_wijziging=reden)
    if zaak.loop is not Loop.VERWIJDERD:
        return (changed, *rest)
    return (changed, *(_deleted(each, zaak.gewijzigd_op) for each in rest))


def _deleted(product: ToegewezenProduct, dag: date) -> ToegewezenProduct:
    """The product as never sent: ended on its first day with reason 13 (CS335)."""
    return replace(
        product, toewijzingsdatum=dag, toewijzingstijd=GEWIJZIGD_TIJD, einddatum=product.ingangsdatum, reden_wijziging=VERWIJDERD
    )


def as_toegewezen_product(toegewezen: Toegewezen, dag: date, tijd: str) -> ToegewezenProduct:
    """A new line of a 301."""
    product = toegewezen.product
    return ToegewezenProduct(
        toewijzing_nummer=toegewezen.nummer,
        product=Product(categorie=product.categorie, code=None if product.is_budget else product.code),
        toewijzingsdatum=dag,
        toewijzingstijd=tijd,
        ingangsdatum=toegewezen.ingangsdatum,
        einddatum=toegewezen.einddatum,
        omvang=toegewezen.omvang,
        budget=toegewezen.budget,
    )


def make_301(zaak: Zaak, nummering: Nummering, dag: date, producten: tuple[ToegewezenProduct, ...]) -> Zending:
    """The gemeente orders."""
    van = gemeente(zaak.plaats.code)
    header = make_header(
        zaak.domein, "301", afzender=zaak.plaats.code, ontvanger=zaak.agb, identificatie=nummering.identificatie(van), dagtekening=dag
    )
    client = make_client(zaak.client, volledig=True)
    bericht = Bericht(domein=zaak.domein, soort="301", header=header, client=replace(client, toegewezen_producten=producten))
    return Zending(dag=dag, rang=RANG["301"], van=van, bericht=bericht)


def make_302(zending: Zending, nummering: Nummering, dag: date, geweigerd: str | None = None) -> Zending:
    """The aanbieder accepts a 301, or refuses its products with this code."""
    bericht = zending.bericht
    agb = bericht.header.ontvanger
    header = replace(
        bericht.header,
        bericht_code=catalogue.soort(bericht.domein, "302").bericht_code,
        identificatie_retour=nummering.identificatie(aanbieder(agb)),
        dagtekening_retour=dag,
        xsd_versie_retour=XSD_VERSIE,
        retour_codes=("0200",) if geweigerd else (),
    )
    client = _with_codes(bericht.client, geweigerd) if geweigerd and bericht.client else None
    retour = Bericht(domein=bericht.domein, soort="302", header=header, client=client)
    return Zending(dag=dag, rang=RANG["302"], van=aanbieder(agb), bericht=retour)


def _with_codes(client: Client, code: str) -> Client:
    """The client as it came, every class with its code: the products refused, the rest in order."""
    return replace(
        client,
        retour_codes=("0200",),
        relaties=tuple(
            replace(each, retour_codes=("0200",), contact=replace(each.contact, retour_codes=("0200",))) for each in client.relaties
        ),
        contactgegevens=tuple(replace(each, retour_codes=("0200",)) for each in client.contactgegevens),
        toegewezen_producten=tuple(replace(each, retour_codes=(code,)) for each in client.toegewezen_producten),
    )


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


def _deliveries(zaak: Zaak, nummering: Nummering, tot: date) -> Iterator[Zending]:
    """Start, interruption and stop, as far as they happened by the last day."""
    if zaak.start is None or zaak.start > tot:
        return
    yield make_305(zaak, nummering, zaak.toewijzingen, zaak.start)
    begin = zaak.start
    if zaak.pauze is not None:
        stop, begin = zaak.pauze
        yield make_307(zaak, nummering, zaak.toewijzingen, zaak.start, stop, TIJDELIJK)
        yield make_305(zaak, nummering, zaak.toewijzingen, begin)
    for einde in sorted({each.einddatum_nu for each in zaak.toewijzingen if each.einddatum_nu is not None and each.einddatum_nu <= tot}):
        ended = tuple(each for each in zaak.toewijzingen if each.einddatum_nu == einde)
        yield make_307(zaak, nummering, ended, begin, einde, VOLGENS_PLAN[zaak.domein])


def make_305(zaak: Zaak, nummering: Nummering, toewijzingen: tuple[Toegewezen, ...], begin: date) -> Zending:
    """Delivery began."""
    starts = tuple(
        StartProduct(
            toewijzing_nummer=each.nummer,
            product=product_of(each),
            toewijzing_ingangsdatum=each.ingangsdatum,
            begindatum=begin,
            status_aanlevering=NIEUW,
        )
        for each in toewijzingen
    )
    return from_aanbieder(
        zaak, "305", nummering, begin + timedelta(days=1), replace(make_client(zaak.client, volledig=False), start_producten=starts)
    )


def make_307(zaak: Zaak, nummering: Nummering, toewijzingen: tuple[Toegewezen, ...], begin: date, einde: date, reden: str) -> Zending:
    """Delivery ended."""
    stops = tuple(
        StopProduct(
            toewijzing_nummer=each.nummer,
            product=product_of(each),
            toewijzing_ingangsdatum=each.ingangsdatum,
            begindatum=begin,
            reden_beeindiging=reden,
            einddatum=einde,
            status_aanlevering=NIEUW,
        )
        for each in toewijzingen
    )
    return from_aanbieder(
        zaak, "307", nummering, einde + timedelta(days=2), replace(make_client(zaak.client, volledig=False), stop_producten=stops)
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
