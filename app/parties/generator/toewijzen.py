"""The berichten of a zaak but for its money: 301 new, changed and deleted, its 302, and 305 and 307."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.domain.bericht import Bericht, Client
from app.domain.levering import NIEUW, TIJDELIJK, StartProduct, StopProduct
from app.domain.toewijzing import VERWIJDERD, Product, ToegewezenProduct
from app.parties.generator.bouwen import from_aanbieder, from_gemeente, make_client, make_retour, product_of
from app.parties.generator.kans import Kans
from app.parties.generator.verzoeken import make_verzoekzendingen
from app.parties.generator.zaken import Loop, Toegewezen, Zaak
from app.parties.generator.zending import Nummering, Zending

VERLENGD_REDEN, VERKORT_REDEN, HERINDELING_REDEN = "04", "05", "11"
VOLGENS_PLAN = {"ijw": "31", "iwmo": "19"}
ANTWOORD_302_PROMILLE = 150
GEWIJZIGD_TIJD = "14:00:00"


def make_zendingen(seed: int, zaak: Zaak, nummering: Nummering, tot: date) -> Iterator[Zending]:
    """All berichten about a zaak up to the last day of the months, in no order."""
    kans = Kans(seed, "zendingen", zaak.index)
    yield from make_verzoekzendingen(zaak, nummering)
    if zaak.loop is Loop.NOOIT_TOEGEWEZEN:
        return
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
    """All products; those that a 315 asked for carry its references (IV094)."""
    tijd = f"{kans.geheel(8, 12):02d}:{kans.geheel(0, 59):02d}:00"
    referenties: tuple[str | None, ...] = zaak.aanvraag.referenties if zaak.aanvraag else (None,) * len(zaak.toewijzingen)
    return tuple(
        replace(as_toegewezen_product(each, zaak.toegewezen_op, tijd), referentie_aanbieder=referentie)
        for each, referentie in zip(zaak.toewijzingen, referenties, strict=True)
    )


def _changed_products(zaak: Zaak, first: Bericht) -> tuple[ToegewezenProduct, ...]:
    """All products with the first one changed; what did not change is repeated with its own date and time (OP087, IV013).

    Deleted and ended by a merger are all of them. What grants a 317 carries its reference in every product (TR379).
    """
    assert first.client is not None
    assert zaak.gewijzigd_op is not None
    product, *rest = first.client.toegewezen_producten
    if zaak.loop is Loop.VERWIJDERD:
        return tuple(_changed(each, zaak.gewijzigd_op, VERWIJDERD, each.ingangsdatum) for each in (product, *rest))
    if zaak.loop is Loop.HERINGEDEELD:
        ends = (each.einddatum_nu for each in zaak.toewijzingen)
        return tuple(
            _changed(each, zaak.gewijzigd_op, HERINDELING_REDEN, einde) for each, einde in zip((product, *rest), ends, strict=True)
        )
    reden = VERKORT_REDEN if zaak.loop is Loop.VERKORT else VERLENGD_REDEN
    changed = (_changed(product, zaak.gewijzigd_op, reden, zaak.toewijzingen[0].einddatum_nu), *rest)
    if zaak.wijziging is None:
        return changed
    return tuple(replace(each, referentie_aanbieder=zaak.wijziging.referenties[0]) for each in changed)


def _changed(product: ToegewezenProduct, dag: date, reden: str, einde: date | None) -> ToegewezenProduct:
    """The product with another last day, decided by the gemeente itself; deleted is ended on its first day with reason 13 (CS335)."""
    return replace(
        product,
        toewijzingsdatum=dag,
        toewijzingstijd=GEWIJZIGD_TIJD,
        einddatum=einde,
        reden_wijziging=reden,
        referentie_aanbieder=None,
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
    client = replace(make_client(zaak.client, volledig=True), toegewezen_producten=producten)
    return from_gemeente(zaak, "301", nummering, dag, client=client)


def make_302(zending: Zending, nummering: Nummering, dag: date, geweigerd: str | None = None) -> Zending:
    """The aanbieder accepts a 301, or refuses its products with this code."""
    if geweigerd is None or zending.bericht.client is None:
        return make_retour(zending, nummering, dag)
    return make_retour(zending, nummering, dag, codes=("0200",), client=_with_codes(zending.bericht.client, geweigerd))


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
    # Of crisis care the toewijzing may come after the care began.
    dag = max(begin, zaak.toegewezen_op) + timedelta(days=1)
    return from_aanbieder(zaak, "305", nummering, dag, replace(make_client(zaak.client, volledig=False), start_producten=starts))


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
