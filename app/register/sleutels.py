"""Which keys a lot of berichten needs from the past: collected once, so that the store can ask for them as sets. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.bericht import Bericht
from app.domain.levering import StartProduct, StopProduct
from app.domain.partij import aanbieder, gemeente

VAN_GEMEENTE = frozenset({"301", "319"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleutels:
    """The keys of a lot.

    Attributes:
        bsns: Every Bsn of a client; `nieuwe_bsns` those of 301s and 315s, `verzoek_bsns` those of 315s and 317s, `wijzig_bsns` those of 317s.
        identificaties: (soort, van, identificatie) of the berichten themselves (TR056).
        toewijzingen: (gemeente, toewijzing_nummer).
        declaraties: (gemeente, declaratie_nummer).
        referenties: (gemeente, referentie_nummer), those that credits name included.
        verzoeken: References of requests that the berichten make, grant or answer.
        heeft_leveringen: Whether there are 305s or 307s.
    """

    bsns: Sequence[str]
    nieuwe_bsns: frozenset[str]
    verzoek_bsns: frozenset[str]
    wijzig_bsns: frozenset[str]
    identificaties: Sequence[tuple[str, str, str]]
    toewijzingen: Sequence[tuple[str, int]]
    declaraties: Sequence[tuple[str, str]]
    referenties: Sequence[tuple[str, str]]
    verzoeken: Sequence[str]
    heeft_leveringen: bool

    @classmethod
    def van(cls, berichten: Sequence[Bericht]) -> Sleutels:
        """The keys in heenberichten of every soort that is judged by rules."""
        bsns: set[str] = set()
        per_soort: dict[str, set[str]] = defaultdict(set)
        # Dicts stand for sets that keep the order of the bericht: sorting 30 000 keys would take longer than the query.
        toewijzingen: dict[tuple[str, int], None] = {}
        declaraties: list[tuple[str, str]] = []
        referenties: dict[tuple[str, str], None] = {}
        for bericht in berichten:
            code = gemeente_van(bericht)
            if bericht.client is not None:
                bsns.add(bericht.client.bsn)
                per_soort[bericht.soort].add(bericht.client.bsn)
                toewijzingen.update(dict.fromkeys((code, nummer) for nummer in _nummers(bericht)))
            if bericht.declaratie is not None:
                declaraties.append((code, bericht.declaratie.declaratie_nummer))
                for client in bericht.declaratie.clienten:
                    bsns.add(client.bsn)
                    for prestatie in client.prestaties:
                        referentie = prestatie.product_referentie
                        toewijzingen[code, prestatie.toewijzing_nummer] = None
                        referenties[code, referentie.referentie_nummer] = None
                        if referentie.vorig_referentie_nummer is not None:
                            referenties[code, referentie.vorig_referentie_nummer] = None
        return cls(
            bsns=sorted(bsns),
            nieuwe_bsns=frozenset(per_soort["301"] | per_soort["315"]),
            verzoek_bsns=frozenset(per_soort["315"] | per_soort["317"]),
            wijzig_bsns=frozenset(per_soort["317"]),
            identificaties=[identificatie_sleutel(bericht) for bericht in berichten],
            toewijzingen=list(toewijzingen),
            declaraties=declaraties,
            referenties=list(referenties),
            verzoeken=sorted({referentie for bericht in berichten for referentie in _verzoeken(bericht)}),
            heeft_leveringen=any(bericht.soort in ("305", "307") for bericht in berichten),
        )


def gemeente_van(bericht: Bericht) -> str:
    """The gemeentecode of a heenbericht: Afzender of a 301 or 319, Ontvanger of what an aanbieder sends."""
    return bericht.header.afzender if bericht.soort in VAN_GEMEENTE else bericht.header.ontvanger


def identificatie_sleutel(bericht: Bericht) -> tuple[str, str, str]:
    """(soort, van, identificatie) of a heenbericht (TR056)."""
    return bericht.soort, afzender_van(bericht), bericht.header.bericht_identificatie.identificatie


def afzender_van(bericht: Bericht) -> str:
    """The partij that sent a heenbericht."""
    code = bericht.header.afzender
    return gemeente(code) if bericht.soort in VAN_GEMEENTE else aanbieder(code)


def _nummers(bericht: Bericht) -> Iterable[int]:
    assert bericht.client is not None
    client = bericht.client
    yield from (product.toewijzing_nummer for product in client.toegewezen_producten)
    leveringen: tuple[StartProduct | StopProduct, ...] = (*client.start_producten, *client.stop_producten)
    yield from (levering.toewijzing_nummer for levering in leveringen if levering.toewijzing_nummer is not None)
    if client.verzoek is not None:
        yield from (product.toewijzing_nummer for product in client.verzoek.ongewijzigde_producten)
        yield from (product.toewijzing_nummer for product in client.verzoek.te_wijzigen_producten)


def _verzoeken(bericht: Bericht) -> Iterator[str]:
    """ReferentieAanbieder wherever it names a request."""
    client = bericht.client
    if client is not None:
        yield from (product.referentie_aanbieder for product in client.aangevraagde_producten)
        yield from (each.referentie_aanbieder for each in client.toegewezen_producten if each.referentie_aanbieder is not None)
        if client.verzoek is not None:
            yield client.verzoek.referentie_aanbieder
    if bericht.antwoord is not None:
        yield bericht.antwoord.referentie_aanbieder
