"""Which keys a lot of berichten needs from the past: collected once, so that the store can ask for them as sets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.bericht import Bericht
from app.domain.levering import StartProduct, StopProduct
from app.domain.partij import aanbieder, gemeente


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleutels:
    """The keys of a lot.

    Attributes:
        bsns: Every Bsn of a client; `nieuwe_bsns` those of 301s.
        identificaties: (soort, van, identificatie) of the berichten themselves (TR056).
        toewijzingen: (gemeente, toewijzing_nummer).
        declaraties: (gemeente, declaratie_nummer).
        referenties: (gemeente, referentie_nummer), those that credits name included.
        heeft_leveringen: Whether there are 305s or 307s.
    """

    bsns: Sequence[str]
    nieuwe_bsns: frozenset[str]
    identificaties: Sequence[tuple[str, str, str]]
    toewijzingen: Sequence[tuple[str, int]]
    declaraties: Sequence[tuple[str, str]]
    referenties: Sequence[tuple[str, str]]
    heeft_leveringen: bool

    @classmethod
    def van(cls, berichten: Sequence[Bericht]) -> Sleutels:
        """The keys in 301s, 305s, 307s and 323s."""
        bsns: set[str] = set()
        nieuwe: set[str] = set()
        # Dicts stand for sets that keep the order of the bericht: sorting 30 000 keys would take longer than the query.
        toewijzingen: dict[tuple[str, int], None] = {}
        declaraties: list[tuple[str, str]] = []
        referenties: dict[tuple[str, str], None] = {}
        for bericht in berichten:
            code = gemeente_van(bericht)
            if bericht.client is not None:
                bsns.add(bericht.client.bsn)
                if bericht.soort == "301":
                    nieuwe.add(bericht.client.bsn)
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
            nieuwe_bsns=frozenset(nieuwe),
            identificaties=[identificatie_sleutel(bericht) for bericht in berichten],
            toewijzingen=list(toewijzingen),
            declaraties=declaraties,
            referenties=list(referenties),
            heeft_leveringen=any(bericht.soort in ("305", "307") for bericht in berichten),
        )


def gemeente_van(bericht: Bericht) -> str:
    """The gemeentecode of a heenbericht: Afzender of a 301, Ontvanger of what an aanbieder sends."""
    return bericht.header.afzender if bericht.soort == "301" else bericht.header.ontvanger


def identificatie_sleutel(bericht: Bericht) -> tuple[str, str, str]:
    """(soort, van, identificatie) of a heenbericht (TR056)."""
    header = bericht.header
    van = gemeente(header.afzender) if bericht.soort == "301" else aanbieder(header.afzender)
    return bericht.soort, van, header.bericht_identificatie.identificatie


def _nummers(bericht: Bericht) -> Iterable[int]:
    assert bericht.client is not None
    client = bericht.client
    yield from (product.toewijzing_nummer for product in client.toegewezen_producten)
    leveringen: tuple[StartProduct | StopProduct, ...] = (*client.start_producten, *client.stop_producten)
    yield from (levering.toewijzing_nummer for levering in leveringen if levering.toewijzing_nummer is not None)
