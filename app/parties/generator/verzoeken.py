"""What aanbieders ask and gemeenten answer: 315 and 317, the 319 and its 320. What grants is a 301 and stands in `toewijzen`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.domain.bericht import Client
from app.domain.periode import laatste_dag
from app.domain.verzoek import (
    AFGEWEZEN,
    IN_ONDERZOEK,
    WOONPLAATSBEGINSEL,
    AangevraagdProduct,
    Antwoord,
    OngewijzigdProduct,
    TeWijzigenProduct,
    Verwijzer,
    Verzoek,
    Woonplaatsbeginsel,
)
from app.parties.generator.bouwen import from_aanbieder, from_gemeente, make_client, make_retour, product_of
from app.parties.generator.zaken import Toegewezen, Verzoekloop, Zaak
from app.parties.generator.zending import Nummering, Zending

HUISARTS, ZELF = "02", "06"
VERWIJZER_AGB = "01010101"
GEMEENTE_ELDERS = "0363"
"""Bears the care where the woonplaatsbeginsel says so; outside every generated region."""
ANDER_ZORGPLAN = "2"
GEVRAAGD_DAGEN = 60


def make_verzoekzendingen(zaak: Zaak, nummering: Nummering) -> Iterator[Zending]:
    """The requests about a zaak, and what is said to them but for the 301."""
    if zaak.aanvraag is not None:
        yield _make_315(zaak, zaak.aanvraag, nummering)
        yield from _antwoorden(zaak, zaak.aanvraag, nummering)
    if zaak.wijziging is not None:
        yield _make_317(zaak, zaak.wijziging, nummering)
        yield from _antwoorden(zaak, zaak.wijziging, nummering)


def _make_315(zaak: Zaak, verzoek: Verzoekloop, nummering: Nummering) -> Zending:
    producten = tuple(_asked(each, referentie, zaak.index) for each, referentie in zip(zaak.toewijzingen, verzoek.referenties, strict=True))
    client = replace(make_client(zaak.client, volledig=False), aangevraagde_producten=producten)
    return from_aanbieder(zaak, "315", nummering, verzoek.op, client)


def _asked(toegewezen: Toegewezen, referentie: str, index: int) -> AangevraagdProduct:
    """What will be ordered when it is granted."""
    verwijzer = Verwijzer(type=ZELF) if index % 3 == 0 else Verwijzer(type=HUISARTS, zorgverlener_code=VERWIJZER_AGB)
    return AangevraagdProduct(
        referentie_aanbieder=referentie,
        product=product_of(toegewezen),
        toewijzing_ingangsdatum=toegewezen.ingangsdatum,
        toewijzing_einddatum=toegewezen.einddatum,
        omvang=toegewezen.omvang,
        budget=toegewezen.budget,
        verwijzer=verwijzer,
    )


def _make_317(zaak: Zaak, verzoek: Verzoekloop, nummering: Nummering) -> Zending:
    """A later Einddatum for the first toewijzing, from its Ingangsdatum (TR357); the others stay as they are (TR349)."""
    first, *rest = zaak.toewijzingen
    wijzigt = TeWijzigenProduct(
        toewijzing_nummer=first.nummer,
        gewenste_ingangsdatum=first.ingangsdatum,
        einddatum=_wanted_end(first),
        omvang=first.omvang,
        budget=first.budget,
    )
    inhoud = Verzoek(
        referentie_aanbieder=verzoek.referenties[0],
        reden_verzoek=ANDER_ZORGPLAN,
        ongewijzigde_producten=tuple(OngewijzigdProduct(toewijzing_nummer=each.nummer) for each in rest),
        te_wijzigen_producten=(wijzigt,),
    )
    return from_aanbieder(zaak, "317", nummering, verzoek.op, Client(bsn=zaak.client.bsn, verzoek=inhoud))


def _wanted_end(toegewezen: Toegewezen) -> date | None:
    """The Einddatum that is granted, or one that will be refused."""
    if toegewezen.einddatum is None or toegewezen.einddatum != toegewezen.einddatum_nu:
        return toegewezen.einddatum_nu
    return laatste_dag(toegewezen.einddatum + timedelta(days=GEVRAAGD_DAGEN))


def _antwoorden(zaak: Zaak, verzoek: Verzoekloop, nummering: Nummering) -> Iterator[Zending]:
    """A 319 for each reference that the gemeente takes time for or refuses; every third zaak says with a 320 that it came."""
    for referentie in verzoek.referenties:
        for dag, antwoord in _answers(verzoek, referentie):
            sent = from_gemeente(zaak, "319", nummering, dag, antwoord=antwoord)
            yield sent
            if zaak.index % 3 == 0:
                yield make_retour(sent, nummering, dag + timedelta(days=1))


def _answers(verzoek: Verzoekloop, referentie: str) -> Iterator[tuple[date, Antwoord]]:
    if verzoek.onderzoek_op is not None:
        yield verzoek.onderzoek_op, Antwoord(referentie_aanbieder=referentie, verzoek_antwoord=IN_ONDERZOEK)
    if verzoek.afgewezen_op is not None:
        elders = Woonplaatsbeginsel(gemeente=GEMEENTE_ELDERS) if verzoek.reden == WOONPLAATSBEGINSEL else None
        refused = Antwoord(
            referentie_aanbieder=referentie,
            verzoek_antwoord=AFGEWEZEN,
            reden_afwijzing_verzoek=verzoek.reden,
            woonplaatsbeginsel=elders,
        )
        yield verzoek.afgewezen_op, refused
