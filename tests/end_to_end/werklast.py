"""A workload for tests of transport and crashes: some hundred berichten over six lanes, with credits, faults, repeats and colliding numbers.

What the berichten add up to depends on the order within each lane only: every number that must be unique across lanes is used by one lane,
except one that a lane uses in the second wave after another had it accepted in the first, so that whoever is faster makes no difference.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein, XsdVersie
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.toewijzing import Product
from app.standard import catalogue
from tests.builders import (
    CATEGORIE,
    CODE,
    KORTE_NAAM,
    make_301,
    make_305,
    make_307,
    make_323,
    make_client,
    make_credit,
    make_declaratie,
    make_prestatie,
    make_start,
    make_stop,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import REGIO, stuur

AGBS = ("42420001", "42420002", "42420003", "42420004")
CLIENTEN_PER_LANE = 7
UUR_CENT = 6000
WMO_PRODUCT = Product(categorie="02", code="02A03")
JEUGD_PRODUCT = Product(categorie=CATEGORIE, code=CODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baan:
    """A lane of the workload: `nummer` makes its numbers differ from those of the others."""

    nummer: int
    domein: Domein
    agb: str


BANEN = (
    Baan(nummer=1, domein="ijw", agb=AGBS[0]),
    Baan(nummer=2, domein="ijw", agb=AGBS[1]),
    Baan(nummer=3, domein="ijw", agb=AGBS[2]),
    Baan(nummer=4, domein="ijw", agb=AGBS[3]),
    Baan(nummer=5, domein="iwmo", agb=AGBS[0]),
    Baan(nummer=6, domein="iwmo", agb=AGBS[1]),
)

REGIO_MET_MEER_AANBIEDERS = {
    **REGIO,
    "aanbieders.csv": "agb,naam,contractpartner_agb\n" + "".join(f"{agb},Aanbieder {agb},\n" for agb in AGBS),
    "contracten.csv": "contract,agb,domein,gemeenten,geldig_van,geldig_tot,uitvoeringsvariant,bekostiging,plafond_cent\n"
    + "".join(f"C{baan.nummer},{baan.agb},{baan.domein},*,2020-01-01,,inspanning,PxQ,\n" for baan in BANEN),
    "tarieven.csv": "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\n"
    + "".join(
        f"C{baan.nummer},{product.categorie},{product.code},04,{UUR_CENT},2020-01-01,\n"
        for baan in BANEN
        for product in (JEUGD_PRODUCT if baan.domein == "ijw" else WMO_PRODUCT,)
    ),
}


def maak_bsn(volgnummer: int) -> str:
    """A fictitious Bsn: the test range from 999900006 on, those that pass the 11-proef, counted from 0."""
    passing = (bsn for bsn in map(str, range(999_900_006, 1_000_000_000)) if _elfproef(bsn))
    return next(islice(passing, volgnummer, None))


def _elfproef(bsn: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(int(digit) * weight for digit, weight in zip(bsn, weights, strict=True)) % 11 == 0


def eerste_golf(banen: Sequence[Baan] = BANEN) -> dict[Baan, list[Bericht]]:
    """What is sent first, per lane in order."""
    return {baan: [bericht for volgnr in range(CLIENTEN_PER_LANE) for bericht in _client(baan, volgnr)] for baan in banen}


def tweede_golf(banen: Sequence[Baan] = BANEN) -> dict[Baan, list[Bericht]]:
    """What is sent when the first wave was judged: bytes that were refused or accepted then, corrections, and a number of another lane."""
    return {baan: list(_later(baan, banen)) for baan in banen}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Zaak:
    """One client of a lane with its toewijzing."""

    baan: Baan
    volgnr: int

    @property
    def bsn(self) -> str:
        # Lanes share clients: each has every second client of its neighbour.
        return maak_bsn(self.volgnr * 2 + (self.baan.nummer if self.volgnr % 2 else 0))

    @property
    def toewijzing_nummer(self) -> int:
        return self.baan.nummer * 1000 + self.volgnr

    @property
    def product(self) -> Product:
        return JEUGD_PRODUCT if self.baan.domein == "ijw" else WMO_PRODUCT

    def kop(self, naam: str) -> dict[str, Any]:
        """The changes of a header that make a bericht of this lane, with an Identificatie of its own."""
        return {"identificatie": f"{naam}{self.baan.nummer}{self.volgnr:02d}"}

    def prestatie(self, naam: str, **changes: object) -> Prestatie:
        assert self.product.code is not None
        fields: dict[str, Any] = {
            "toewijzing_nummer": self.toewijzing_nummer,
            "product_categorie": self.product.categorie,
            "product_code": self.product.code,
            **changes,
        }
        return make_prestatie(f"{naam}{self.baan.nummer}{self.volgnr:02d}", **fields)

    def toewijzing(self, naam: str = "T", **changes: object) -> Bericht:
        fields = {"toewijzing_nummer": self.toewijzing_nummer, "product": self.product, **changes}
        client = make_client(bsn=self.bsn, toegewezen_producten=(make_toegewezen_product(**fields),))
        return make_301(domein=self.baan.domein, client=client, ontvanger=self.baan.agb, **self.kop(naam))

    def start(self, naam: str = "S", **changes: object) -> Bericht:
        start = make_start(toewijzing_nummer=self.toewijzing_nummer, product=self.product, **changes)
        client = make_client(bsn=self.bsn, start_producten=(start,), contactgegevens=(), naam=KORTE_NAAM)
        return make_305(domein=self.baan.domein, client=client, afzender=self.baan.agb, **self.kop(naam))

    def stop(self, naam: str = "E", **changes: object) -> Bericht:
        stop = make_stop(toewijzing_nummer=self.toewijzing_nummer, product=self.product, **changes)
        client = make_client(bsn=self.bsn, stop_producten=(stop,), contactgegevens=(), naam=KORTE_NAAM)
        return make_307(domein=self.baan.domein, client=client, afzender=self.baan.agb, **self.kop(naam))

    def declaratie(self, naam: str, *prestaties: Prestatie) -> Bericht:
        client = DeclaratieClient(bsn=self.bsn, prestaties=prestaties)
        declaratie = make_declaratie([client], declaratie_nummer=f"{naam}{self.baan.nummer}{self.volgnr:02d}")
        return make_323(declaratie=declaratie, domein=self.baan.domein, afzender=self.baan.agb, **self.kop(naam))


def _client(baan: Baan, volgnr: int) -> Iterator[Bericht]:
    """The berichten about one client; what goes wrong differs per client."""
    zaak = _Zaak(baan=baan, volgnr=volgnr)
    heen = zaak.toewijzing()
    claim = zaak.prestatie("P")
    if volgnr == 5:
        yield zaak.start("V")  # before its toewijzing: rejected, and sent again in the second wave
    yield heen
    if volgnr == 6:
        yield antwoord_302(heen, "0001")  # the aanbieder rejects it: what follows has no ground
    elif volgnr % 2 == 0:
        yield antwoord_302(heen)
    yield zaak.start()
    if volgnr != 6:
        yield zaak.start()  # the same bytes: the door knows them (of a rejected one it would matter whether it was judged already)
    if volgnr == 1:
        yield zaak.start("N")  # a second start of the same care is refused
        yield zaak.toewijzing("T", einddatum=date(2026, 11, 30))  # an Identificatie that was used before (TR056)
    yield zaak.declaratie("D", claim)
    match volgnr:
        case 0:
            yield zaak.declaratie("C", make_credit(f"C{baan.nummer}00", claim), zaak.prestatie("Q", geleverd_volume=6))
        case 2:
            yield zaak.declaratie("F", zaak.prestatie("F", product_tarief=UUR_CENT + 1))  # a tariff of nobody
            yield zaak.declaratie("D", zaak.prestatie("G"))  # a number of a declaratie that exists
        case 3:
            yield zaak.declaratie("B", zaak.prestatie("B"))  # claimed twice
            yield zaak.declaratie("K", make_credit(f"K{baan.nummer}03", zaak.prestatie("ONBEKEND")))  # nothing to undo
        case 4:
            yield zaak.declaratie("M", zaak.prestatie("M", geleverd_volume=500))  # more than was granted
            yield zaak.stop()
            yield zaak.stop("Z")  # stopped already
        case _:
            pass


def _later(baan: Baan, banen: Sequence[Baan]) -> Iterator[Bericht]:
    yield _Zaak(baan=baan, volgnr=5).start("V")
    first = _Zaak(baan=baan, volgnr=3)
    yield first.declaratie("D", first.prestatie("P"))
    yield first.declaratie("W", make_credit(f"W{baan.nummer}03", first.prestatie("P")))
    yield first.declaratie("X", first.prestatie("X", geleverd_volume=7))
    six = _Zaak(baan=baan, volgnr=6)
    yield six.toewijzing("H")  # free again, after the 302 that rejected it
    yield six.declaratie("Y", six.prestatie("Y"))
    others = [other for other in banen if other.domein == baan.domein and other.nummer < baan.nummer]
    if others:
        zaak = _Zaak(baan=baan, volgnr=9)
        yield zaak.toewijzing("L", toewijzing_nummer=_Zaak(baan=others[0], volgnr=2).toewijzing_nummer)  # of another lane (TR332)


def antwoord_302(heen: Bericht, *codes: str) -> Bericht:
    """The aanbieder's answer to a 301: accepted without codes, rejected in the header with them."""
    header = replace(
        heen.header,
        bericht_code=catalogue.soort(heen.domein, "302").bericht_code,
        identificatie_retour=f"R{heen.header.bericht_identificatie.identificatie}",
        dagtekening_retour=date(2026, 6, 3),
        xsd_versie_retour=XsdVersie(basisschema_xsd_versie="1.0.0", bericht_xsd_versie="1.0.0"),
        retour_codes=codes,
    )
    return Bericht(domein=heen.domein, soort="302", header=header)


def dooreen(golf: dict[Baan, list[Bericht]], seed: int) -> list[Bericht]:
    """The lanes interleaved at random, the order within each lane kept."""
    rest = {baan: iter(berichten) for baan, berichten in golf.items()}
    turns = [baan for baan, berichten in golf.items() for _ in berichten]
    random.Random(seed).shuffle(turns)
    return [next(rest[baan]) for baan in turns]


async def stuur_golf(wereld: Wereld, golf: dict[Baan, list[Bericht]], seed: int) -> list[int]:
    """Take a wave in, lanes interleaved; returns the numbers in order of sending."""
    return [await stuur(wereld, bericht) for bericht in dooreen(golf, seed)]
