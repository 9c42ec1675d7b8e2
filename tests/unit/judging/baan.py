"""One lane, judged in memory: each bericht on the Snapshot that the berichten before it left, as judging a lot does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.bedrag import BedragMetDC
from app.domain.bericht import Bericht, Domein
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.oordeel import Oordeel
from app.domain.partij import aanbieder, gemeente
from app.domain.periode import GeslotenPeriode
from app.domain.snapshot import ProductOpDatum, Snapshot, Tariefregel, Toewijzing
from app.domain.toewijzing import Omvang
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from tests.builders import (
    AGB,
    BSN,
    GEMEENTE,
    NUMMER,
    make_323,
    make_declaratie,
    make_month,
    make_prestatie,
    make_snapshot,
    make_tariefregel,
    make_toewijzing,
)

NA_AFLOOP = date(2027, 1, 15)
"""A day on which everything of the examples may be claimed."""
OUDSTE = date(2020, 1, 1)
EURO = "83"
PRODUCT = {"ijw": ("45", "45A04"), "iwmo": ("02", "02A03")}
"""A product of each domain: examples name none, or one of the other domain."""


@dataclass
class Baan:
    """Judges berichten in order; what counts as sent is in the past of the next one."""

    snapshot: Snapshot
    vandaag: date = NA_AFLOOP
    nummer: int = 0

    @property
    def domein(self) -> Domein:
        """Of the lane."""
        return self.snapshot.domein

    def beoordeel(self, bericht: Bericht) -> Oordeel:
        """The oordeel on the next bericht."""
        self.nummer += 1
        oordeel = beoordeel(bericht, self.snapshot, vandaag=self.vandaag, bericht_nr=self.nummer)
        van = gemeente(GEMEENTE) if bericht.soort in ("301", "319") else aanbieder(AGB)
        self.snapshot = bijwerken(self.snapshot, oordeel, bericht_nr=self.nummer, van=van)
        return oordeel

    def declareer(self, *prestaties: Prestatie, maand: GeslotenPeriode | None = None, **changes: Any) -> Oordeel:
        """The oordeel on a declaratie of these lines, over `maand` or the month before `vandaag`, with numbers of its own."""
        client = DeclaratieClient(bsn=BSN, prestaties=prestaties)
        fields = {
            "declaratie_nummer": f"D{self.nummer}",
            "declaratie_periode": maand or make_month(self.vandaag.year - 1, 12),
            "declaratie_dagtekening": self.vandaag,
        }
        declaratie = make_declaratie([client], **{**fields, **changes})
        return self.beoordeel(
            make_323(declaratie=declaratie, domein=self.domein, identificatie=f"B{self.nummer}", dagtekening=self.vandaag)
        )


def baan_met(*toewijzingen: Toewijzing, domein: Domein = "ijw", tarieven: Iterable[Tariefregel] | None = None, **changes: Any) -> Baan:
    """A lane of one domain with these toewijzingen, their products and, unless given, a contract line for each of them."""
    lines = [_contract_line(each) for each in toewijzingen] if tarieven is None else tarieven
    producten = {
        (each.categorie or "", each.code or ""): (
            ProductOpDatum(categorie=each.categorie or "", code=each.code or "", zorgvorm="ambulant", geldig_van=OUDSTE),
        )
        for each in toewijzingen
    }
    nummers = {(GEMEENTE, each.client_id): frozenset(other.toewijzing_nummer for other in toewijzingen) for each in toewijzingen}
    snapshot = make_snapshot(*toewijzingen, tarieven=lines, domein=domein, producten=producten, nummers_van_client=nummers)
    return Baan(snapshot, **changes)


def toewijzing_voor(omvang: Omvang, van: date, tot: date | None, domein: Domein = "ijw", **changes: Any) -> Toewijzing:
    """A toewijzing of the product of the domain with this omvang and duration."""
    categorie, code = PRODUCT[domein]
    fields = {"domein": domein, "categorie": categorie, "code": code, "omvang": omvang, "ingangsdatum": van, "einddatum": tot}
    return make_toewijzing(**{"toewijzingsdatum": van, **fields, **changes})


def regel_op(toewijzing: Toewijzing, referentie: str, periode: GeslotenPeriode, volume: int, **changes: Any) -> Prestatie:
    """A debit line on a toewijzing, in its eenheid unless another is given, and at the tariff of `baan_met`."""
    assert toewijzing.omvang is not None
    eenheid = changes.pop("eenheid", toewijzing.omvang.eenheid)
    fields = {
        "toewijzing_nummer": toewijzing.toewijzing_nummer,
        "product_categorie": toewijzing.categorie,
        "product_code": toewijzing.code,
        "periode": periode,
        "geleverd_volume": volume,
        "eenheid": eenheid,
        "product_tarief": None if eenheid == EURO else 6000,
    }
    return make_prestatie(referentie, **{**fields, **changes})


def credit_van(debet: Prestatie, referentie: str, **changes: Any) -> Prestatie:
    """The debit once more with a number of its own, the debit's number and C (IV091); `changes` spoil the likeness."""
    own = replace(
        debet.product_referentie, referentie_nummer=referentie, vorig_referentie_nummer=debet.product_referentie.referentie_nummer
    )
    bedrag = BedragMetDC(bedrag=debet.ingediend_bedrag.bedrag, debet_credit="C")
    return replace(debet, **{"product_referentie": own, "ingediend_bedrag": bedrag, **changes})


def retourcodes_per_regel(oordeel: Oordeel) -> list[tuple[str, ...]]:
    """The codes of each line in order of the XML; an empty tuple for a line that was granted."""
    return [line.retour_codes for line in oordeel.prestaties]


def _contract_line(toewijzing: Toewijzing) -> Tariefregel:
    """A tariff in the eenheid of the toewijzing: € 60,00, or none for euros (CD087)."""
    eenheid = toewijzing.omvang.eenheid if toewijzing.omvang else "04"
    return make_tariefregel(
        tarief_id=NUMMER + toewijzing.toewijzing_nummer,
        categorie=toewijzing.categorie,
        code=toewijzing.code,
        eenheid=eenheid,
        tarief_cent=None if eenheid == EURO else 6000,
        geldig_van=OUDSTE,
    )
