"""Rules about a verzoek om wijziging (317) against the toewijzingen that the client has now (controleniveau 3).

`kijk.toewijzing` is the toewijzing of this client with the ToewijzingNummer of an OngewijzigdProduct or TeWijzigenProduct. Without one
TR350 or TR351 fails and the rules that compare with it hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.domain.bericht import Client
from app.domain.periode import EEN_DAG
from app.domain.snapshot import Kijk, Toewijzing
from app.domain.verzoek import NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek
from app.standard.rules.engine import BERICHTOVERSTIJGEND, rule
from app.standard.rules.stapeling import Zorgperiode, overlapping
from app.standard.rules.verzoek import ends_after_transition
from app.standard.rules.verzoek_om_wijziging import BERICHTEN, dagtekening
from app.standard.rules.volume import TOTAAL

GENOEMD_MAX = 5
"""So many toewijzingen or products a sentence names; of the rest it gives the number."""


@rule(
    "TR304",
    retourcode="8187",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Client,
    element="Bsn",
    melding=lambda client, kijk: (
        "U hebt voor een client met dit Bsn geen toewijzing; neem het Bsn over uit het toewijzingsbericht of stuur een verzoek om toewijzing."
    ),
    kijkt_naar=("clienten",),
)
def tr304_bsn_of_317_is_of_a_client(client: Client, kijk: Kijk) -> bool:
    """Bsn is that of a client of this aanbieder.

    Source: iJw 3.2 and iWmo 3.2, TR304. That the code stands on Client is inferred.
    """
    return kijk.client_id is not None


@rule(
    "TR349",
    retourcode="9349",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Verzoek,
    melding=lambda verzoek, kijk: (
        f"Neem ook op als OngewijzigdProduct of TeWijzigenProduct: {_some(f'toewijzing {nummer}' for nummer in missing(verzoek, kijk))}; "
        "een verzoek noemt alle actuele toewijzingen van de client."
    ),
    kijkt_naar=("clienten", "toewijzingen_van_client", "vandaag"),
)
def tr349_every_current_toewijzing_is_named(verzoek: Verzoek, kijk: Kijk) -> bool:
    """Each current toewijzing of the client at this aanbieder stands in OngewijzigdProduct or TeWijzigenProduct.

    Source: iJw 3.2 and iWmo 3.2, TR349: current is what holds on the day of receipt or will later, and is not deleted.
    """
    return not missing(verzoek, kijk)


@rule(
    "TR361",
    retourcode="9361",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=Verzoek,
    melding=lambda verzoek, kijk: (
        f"Hetzelfde product is op één dag meer dan eens gewenst: {_some(overlaps(verzoek, kijk))}; laat de perioden op elkaar aansluiten."
    ),
    kijkt_naar=("clienten", "toewijzingen_van_client"),
)
def tr361_wanted_products_do_not_overlap(verzoek: Verzoek, kijk: Kijk) -> bool:
    """In the situation that is wanted no product stands twice on one day, whichever of the three classes it is in.

    Source: iJw 3.2 and iWmo 3.2, TR361: a toewijzing takes part with its own product; without code compared by category, without category
    with every other product; iWmo exempts the categories 11 to 14. A change from a later day leaves the toewijzing as it is until then.
    The code stands on Verzoek: which of two products that overlap is the wrong one, is not said.
    """
    return not overlaps(verzoek, kijk)


@rule(
    "TR350",
    retourcode="9350",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=OngewijzigdProduct,
    element="ToewijzingNummer",
    melding=lambda product, kijk: why_not_current(product, kijk),
    kijkt_naar=("clienten", "toewijzing", "vandaag"),
)
def tr350_ongewijzigd_product_is_current(product: OngewijzigdProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer of an OngewijzigdProduct is that of a current toewijzing of the client.

    Source: iJw 3.2 and iWmo 3.2, TR350; what is current: TR349.
    """
    return _is_current(kijk)


@rule(
    "TR351",
    retourcode="9351",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="ToewijzingNummer",
    melding=lambda product, kijk: why_not_current(product, kijk),
    kijkt_naar=("clienten", "toewijzing", "vandaag"),
)
def tr351_te_wijzigen_product_is_current(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """ToewijzingNummer of a TeWijzigenProduct is that of a current toewijzing of the client.

    Source: iJw 3.2 and iWmo 3.2, TR351; what is current: TR349.
    """
    return _is_current(kijk)


@rule(
    "TR357",
    retourcode="9357",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="GewensteIngangsdatum",
    melding=lambda product, kijk: (
        f"GewensteIngangsdatum ligt niet na de Dagtekening {dagtekening(kijk):%d-%m-%Y}; vul dan de Ingangsdatum van de toewijzing, "
        f"{_toewijzing(kijk).ingangsdatum:%d-%m-%Y}, of een datum in de toekomst."
    ),
    kijkt_naar=("toewijzing",),
)
def tr357_past_change_is_for_the_whole_toewijzing(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """A GewensteIngangsdatum on or before Dagtekening is the Ingangsdatum of the toewijzing.

    Source: iJw 3.2 and iWmo 3.2, TR357.
    """
    if kijk.toewijzing is None or product.gewenste_ingangsdatum > dagtekening(kijk):
        return True
    return product.gewenste_ingangsdatum == kijk.toewijzing.ingangsdatum


@rule(
    "TR373",
    retourcode="9373",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="GewensteIngangsdatum",
    melding=lambda product, kijk: (
        f"Een ander {'Budget' if _toewijzing(kijk).budget is not None else 'totaal (Frequentie 6)'} geldt voor de hele toewijzing; vul als "
        f"GewensteIngangsdatum haar Ingangsdatum, {_toewijzing(kijk).ingangsdatum:%d-%m-%Y}."
    ),
    kijkt_naar=("toewijzing",),
)
def tr373_other_total_is_for_the_whole_toewijzing(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """Who wants another Budget, or another Omvang than the total (Frequentie 6) of the toewijzing, wants it from its Ingangsdatum.

    Source: iJw 3.2 and iWmo 3.2, TR373, with IV092: what the toewijzing has decides, not what it is to become.
    """
    toewijzing = kijk.toewijzing
    return toewijzing is None or product.gewenste_ingangsdatum == toewijzing.ingangsdatum or not changes_total(product, toewijzing)


@rule(
    "TR375",
    retourcode="9375",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="Omvang",
    melding=lambda product, kijk: f"Laat Omvang leeg, want toewijzing {product.toewijzing_nummer} heeft geen Product; vraag een Budget.",
    kijkt_naar=("toewijzing",),
)
def tr375_no_omvang_without_product(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """Omvang is empty when the toewijzing has no Product, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, TR375; that it is about Omvang follows from retourcode 9375, that it is about the Einddatum of the
    TeWijzigenProduct is inferred.
    """
    toewijzing = kijk.toewijzing
    if toewijzing is None or product.omvang is None or not ends_after_transition(product.einddatum):
        return True
    return toewijzing.categorie is not None


@rule(
    "TR411",
    retourcode="9411",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="Omvang",
    melding=lambda product, kijk: (
        f"Vul Omvang, want toewijzing {product.toewijzing_nummer} heeft een productcode, {_toewijzing(kijk).code}; blijft de omvang gelijk, "
        "herhaal haar dan."
    ),
    kijkt_naar=("toewijzing",),
)
def tr411_code_of_toewijzing_asks_omvang(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """Omvang is filled when the Product of the toewijzing has a Code.

    Source: iJw 3.2 and iWmo 3.2, TR411.
    """
    return product.omvang is not None or kijk.toewijzing is None or kijk.toewijzing.code is None


@rule(
    "TR412",
    retourcode="9412",
    niveau=BERICHTOVERSTIJGEND,
    berichten=BERICHTEN,
    klasse=TeWijzigenProduct,
    element="Omvang",
    melding=lambda product, kijk: (
        f"Laat Omvang leeg, want toewijzing {product.toewijzing_nummer} heeft wel een categorie, {_toewijzing(kijk).categorie}, maar geen "
        "productcode."
    ),
    kijkt_naar=("toewijzing",),
)
def tr412_no_omvang_without_code(product: TeWijzigenProduct, kijk: Kijk) -> bool:
    """Omvang is empty when the Product of the toewijzing has no Code, for what ends after 31-12-2020 or is open.

    Source: iJw 3.2 and iWmo 3.2, TR412; about Omvang by retourcode 9412, about the Einddatum of the TeWijzigenProduct as TR375. A
    toewijzing without any Product has TR375, so that one fault has one code.
    """
    toewijzing = kijk.toewijzing
    if toewijzing is None or product.omvang is None or not ends_after_transition(product.einddatum):
        return True
    return toewijzing.categorie is None or toewijzing.code is not None


def missing(verzoek: Verzoek, kijk: Kijk) -> list[int]:
    """Numbers of the current toewijzingen of the client that the verzoek leaves out; none for a client without a number."""
    if kijk.client_id is None:
        return []
    genoemd = {blijft.toewijzing_nummer for blijft in verzoek.ongewijzigde_producten}
    genoemd |= {wijzigt.toewijzing_nummer for wijzigt in verzoek.te_wijzigen_producten}
    actueel = kijk.snapshot.actuele_van(kijk.gemeente, kijk.client_id, kijk.vandaag)
    return [toewijzing.toewijzing_nummer for toewijzing in actueel if toewijzing.toewijzing_nummer not in genoemd]


def overlaps(verzoek: Verzoek, kijk: Kijk) -> list[str]:
    """The products that begin while another that stands in their way still runs, in words, each once."""
    return list(dict.fromkeys(overlapping(kijk.bericht.domein, _wanted(verzoek, kijk))))


def why_not_current(product: OngewijzigdProduct | TeWijzigenProduct, kijk: Kijk) -> str:
    """The sentence for a ToewijzingNummer that is not that of a current toewijzing."""
    nummer = product.toewijzing_nummer
    if kijk.is_verwijderd:
        return f"Toewijzing {nummer} is door de gemeente verwijderd; laat haar weg uit het verzoek."
    if kijk.toewijzing is None:
        return f"U hebt voor deze client geen toewijzing {nummer}; neem het nummer over uit het toewijzingsbericht."
    einde = kijk.toewijzing.einddatum
    if einde is None or einde >= kijk.vandaag:
        return f"Toewijzing {nummer} is vervallen (RedenWijziging {kijk.toewijzing.reden_wijziging}); laat haar weg uit het verzoek."
    return f"Toewijzing {nummer} is geëindigd op {einde:%d-%m-%Y}; laat haar weg uit het verzoek."


def changes_total(product: TeWijzigenProduct, toewijzing: Toewijzing) -> bool:
    """Whether the toewijzing has a Budget or a total (Frequentie 6) and the verzoek asks for another."""
    if toewijzing.budget is not None:
        return product.budget != toewijzing.budget
    return toewijzing.omvang is not None and toewijzing.omvang.frequentie == TOTAAL and product.omvang != toewijzing.omvang


def _wanted(verzoek: Verzoek, kijk: Kijk) -> Iterator[Zorgperiode[str]]:
    """The situation that is wanted; a product whose toewijzing is not known takes no part (TR350 and TR351 refuse it)."""
    for blijft in verzoek.ongewijzigde_producten:
        if toewijzing := _known(kijk, blijft.toewijzing_nummer):
            yield _as_it_is(toewijzing)
    for wijzigt in verzoek.te_wijzigen_producten:
        if toewijzing := _known(kijk, wijzigt.toewijzing_nummer):
            yield from _changed(toewijzing, wijzigt)
    yield from (_new(nieuw) for nieuw in verzoek.nieuwe_producten)


def _known(kijk: Kijk, nummer: int) -> Toewijzing | None:
    """The toewijzing with this number: of this client, visible to the sender, and not deleted."""
    found = kijk.snapshot.actueel(kijk.gemeente, nummer)
    if found is None or found.is_verwijderd or found.client_id != kijk.client_id:
        return None
    return found if kijk.van in found.zichtbaar_voor else None


def _as_it_is(toewijzing: Toewijzing) -> Zorgperiode[str]:
    """A toewijzing over its own period."""
    return Zorgperiode(
        sleutel=f"toewijzing {toewijzing.toewijzing_nummer}",
        categorie=toewijzing.categorie,
        code=toewijzing.code,
        begin=toewijzing.ingangsdatum,
        einde=toewijzing.einddatum,
    )


def _changed(toewijzing: Toewijzing, product: TeWijzigenProduct) -> Iterator[Zorgperiode[str]]:
    """A toewijzing over the period that is wanted, and as it is until then."""
    sleutel = f"toewijzing {toewijzing.toewijzing_nummer}"
    gewenst = product.gewenste_ingangsdatum
    if toewijzing.ingangsdatum < gewenst:
        tot = gewenst - EEN_DAG
        einde = tot if toewijzing.einddatum is None else min(tot, toewijzing.einddatum)
        yield Zorgperiode(sleutel=sleutel, categorie=toewijzing.categorie, code=toewijzing.code, begin=toewijzing.ingangsdatum, einde=einde)
    yield Zorgperiode(sleutel=sleutel, categorie=toewijzing.categorie, code=toewijzing.code, begin=gewenst, einde=product.einddatum)


def _new(product: NieuwProduct) -> Zorgperiode[str]:
    """A NieuwProduct over the period that is wanted, named by what is filled of its product."""
    categorie, code = (product.product.categorie, product.product.code) if product.product else (None, None)
    wat = f"NieuwProduct {code or categorie}" if categorie else "NieuwProduct zonder product"
    return Zorgperiode(
        sleutel=f"{wat} per {product.gewenste_ingangsdatum:%d-%m-%Y}",
        categorie=categorie,
        code=code,
        begin=product.gewenste_ingangsdatum,
        einde=product.einddatum,
    )


def _some(namen: Iterable[str]) -> str:
    """The first of these names, and how many there are more."""
    alle: Sequence[str] = list(namen)
    rest = len(alle) - GENOEMD_MAX
    return ", ".join(alle[:GENOEMD_MAX]) + (f" en nog {rest}" if rest > 0 else "")


def _is_current(kijk: Kijk) -> bool:
    """Whether the toewijzing that is named is there and current on the day of receipt."""
    return kijk.toewijzing is not None and kijk.toewijzing.is_actueel(kijk.vandaag)


def _toewijzing(kijk: Kijk) -> Toewijzing:
    """The toewijzing that a failed rule compared with."""
    if kijk.toewijzing is None:
        raise ValueError("a rule that compares with the toewijzing failed without one")
    return kijk.toewijzing
