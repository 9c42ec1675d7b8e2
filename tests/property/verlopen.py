"""Courses of events in a lane: berichten of every kind that is judged, from so small a supply of numbers that they collide all the time.

A course follows from its seed and length alone, so a test may judge it in memory and in a database, or twice. Each lane has numbers of its own
where the standard wants them unique across lanes: ToewijzingNummer (TR332) and the Identificatie of what a gemeente sends (TR056).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Client
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.levering import NIEUW, VERWIJDEREN
from app.domain.snapshot import ProductOpDatum, Snapshot
from app.domain.toewijzing import VERWIJDERD, Omvang, Product
from app.domain.verzoek import AFGEWEZEN, IN_ONDERZOEK, Antwoord, OngewijzigdProduct
from app.ledger import verify
from app.standard.writing import write
from tests.builders import (
    AGB,
    CATEGORIE,
    CODE,
    GEMEENTE,
    KORTE_NAAM,
    make_301,
    make_305,
    make_307,
    make_315,
    make_317,
    make_319,
    make_323,
    make_aangevraagd_product,
    make_client,
    make_credit,
    make_declaratie,
    make_month,
    make_prestatie,
    make_retour,
    make_snapshot,
    make_start,
    make_stop,
    make_tariefregel,
    make_te_wijzigen,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.werklast import JEUGD_PRODUCT, UUR_CENT, WMO_PRODUCT, Baan, maak_bsn

ANDERE_GEMEENTE = "0687"
GEMEENTEN = (*[GEMEENTE] * 5, ANDERE_GEMEENTE)
EERSTE_BAAN = Baan(nummer=1, domein="ijw", agb=AGB)
SOORTEN = ("301", "301", "305", "305", "307", "315", "315", "317", "317", "319", "319", "323", "323", "323", "323")
CLIENTEN = 3
LENGTE_MAX = 30

VOORBEELDEN = settings(max_examples=25, deadline=None, derandomize=True)
"""The same courses in every run: a failure is a failure for everybody."""


def bsn_van(client: int) -> str:
    """Clients are the same in every lane."""
    return maak_bsn(client)


class Zaak(NamedTuple):
    """What a bericht is about: a client at a gemeente, and a number or reference there."""

    client: int
    gemeente: str
    nummer: int = 0
    referentie: str = ""


@dataclass(slots=True, kw_only=True)
class Verloop:
    """Makes the berichten of one lane, one after the other; most refer to something that was sent before, some to nothing.

    With `retour` the aanbieder answers 301s and 319s too, now and then with a rejection.
    """

    chance: random.Random
    baan: Baan = EERSTE_BAAN
    retour: bool = False
    toegewezen: list[Zaak] = field(default_factory=list)
    gestart: list[Zaak] = field(default_factory=list)
    gevraagd: list[Zaak] = field(default_factory=list)
    debits: list[tuple[Zaak, Prestatie]] = field(default_factory=list)
    van_gemeente: list[Bericht] = field(default_factory=list)

    def berichten(self, length: int) -> Iterator[Bericht]:
        """Two clients get a toewijzing to begin with; otherwise most courses would hold refusals only."""
        for client in (0, 1):
            yield self._toewijzing(Zaak(client=client, gemeente=GEMEENTE, nummer=self.baan.nummer * 1000 + client))
        for _ in range(length):
            yield self._bericht(self.chance.choice((*SOORTEN, "302", "302", "320") if self.retour else SOORTEN))

    def _bericht(self, soort: str) -> Bericht:
        match soort:
            case "301":
                return self._toewijzing(self._new())
            case "305":
                return self._start(self._known(self.toegewezen))
            case "307":
                return self._stop(self._known(self.gestart))
            case "315":
                return self._aanvraag(self._new())
            case "317":
                return self._wijziging(self._known(self.toegewezen))
            case "319":
                return self._antwoord(self._known(self.gevraagd))
            case "302" | "320":
                return self._retour("301" if soort == "302" else "319")
            case _:
                return self._declaratie(self._known(self.toegewezen))

    def _new(self) -> Zaak:
        """Any client and gemeente, a number that is new or not, a reference likewise."""
        chance = self.chance
        client = chance.randrange(CLIENTEN)
        return Zaak(
            client=client,
            gemeente=chance.choice(GEMEENTEN),
            nummer=self.baan.nummer * 1000 + (client if chance.random() < 0.4 else chance.randrange(30)),
            referentie=f"V{len(self.gevraagd) if chance.random() < 0.8 else chance.randrange(8)}",
        )

    def _known(self, earlier: Sequence[Zaak]) -> Zaak:
        """One that was named before, nearly always."""
        return self.chance.choice(earlier) if earlier and self.chance.random() < 0.9 else self._new()

    def _toewijzing(self, zaak: Zaak) -> Bericht:
        """New, changed, deleted, or in answer to a request."""
        chance = self.chance
        asked = self._known(self.gevraagd) if chance.random() < 0.4 else None
        if asked is not None:
            zaak = zaak._replace(client=asked.client, gemeente=asked.gemeente)
        deleted = chance.random() < 0.1
        begin = date(2026, 1, 1)
        product = make_toegewezen_product(
            toewijzing_nummer=zaak.nummer,
            product=self._product,
            omvang=Omvang(volume=20, eenheid="04", frequentie="2"),
            toewijzingsdatum=date(2026, 1, chance.randint(1, 28)),
            ingangsdatum=begin,
            einddatum=begin if deleted else date(2026, chance.choice((4, 12)), 30),
            reden_wijziging=VERWIJDERD if deleted else None,
            referentie_aanbieder=asked.referentie if asked else None,
        )
        self.toegewezen.append(zaak)
        client = make_client(bsn=bsn_van(zaak.client), toegewezen_producten=(product,))
        return self._sent_by_gemeente(make_301(client=client, domein=self.baan.domein, **self._van_gemeente(zaak)))

    def _start(self, zaak: Zaak) -> Bericht:
        start = make_start(toewijzing_nummer=zaak.nummer, product=self._product, status_aanlevering=self._status())
        self.gestart.append(zaak)
        return make_305(client=self._client(zaak, start_producten=(start,)), domein=self.baan.domein, **self._van_aanbieder(zaak))

    def _stop(self, zaak: Zaak) -> Bericht:
        stop = make_stop(toewijzing_nummer=zaak.nummer, product=self._product, status_aanlevering=self._status())
        return make_307(client=self._client(zaak, stop_producten=(stop,)), domein=self.baan.domein, **self._van_aanbieder(zaak))

    def _aanvraag(self, zaak: Zaak) -> Bericht:
        """One or two products, of which the second follows the first."""
        first, second = date(2027, 1, 1), date(2028, 1, 1)
        asked = tuple(
            make_aangevraagd_product(
                f"{zaak.referentie}{letter}",
                product=self._product,
                toewijzing_ingangsdatum=begin,
                toewijzing_einddatum=begin.replace(month=6),
            )
            for letter, begin in self.chance.choice(((("A", first),), (("A", first), ("B", second))))
        )
        self.gevraagd += [zaak._replace(referentie=product.referentie_aanbieder) for product in asked]
        return make_315(client=self._client(zaak, aangevraagde_producten=asked), domein=self.baan.domein, **self._van_aanbieder(zaak))

    def _wijziging(self, zaak: Zaak) -> Bericht:
        """Names every number that the client may have, or leaves one out."""
        same = sorted({each.nummer for each in self.toegewezen if each[:2] == zaak[:2]} - {zaak.nummer})
        keep = same if self.chance.random() < 0.8 else same[1:]
        referentie = self._new().referentie
        verzoek = make_verzoek(
            referentie,
            te_wijzigen_producten=(make_te_wijzigen(toewijzing_nummer=zaak.nummer),),
            ongewijzigde_producten=tuple(OngewijzigdProduct(toewijzing_nummer=nummer) for nummer in keep),
        )
        self.gevraagd.append(zaak._replace(referentie=referentie))
        return make_317(verzoek, bsn=bsn_van(zaak.client), domein=self.baan.domein, **self._van_aanbieder(zaak))

    def _antwoord(self, zaak: Zaak) -> Bericht:
        answers = (
            Antwoord(referentie_aanbieder=zaak.referentie, verzoek_antwoord=IN_ONDERZOEK),
            Antwoord(referentie_aanbieder=zaak.referentie, verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek="1"),
        )
        made = make_319(antwoord=self.chance.choice(answers), domein=self.baan.domein, **self._van_gemeente(zaak))
        return self._sent_by_gemeente(made)

    def _retour(self, soort: str) -> Bericht:
        """On an earlier bericht of the gemeente, answered before or not; on a 301 when there is no 319 yet."""
        heen = self.chance.choice([bericht for bericht in self.van_gemeente if bericht.soort == soort] or self.van_gemeente[:1])
        return make_retour(heen, *self.chance.choice(((), (), ("0001",))))

    def _declaratie(self, zaak: Zaak) -> Bericht:
        """Of one to three months, and perhaps the credit of an earlier debit."""
        months = self.chance.sample(range(1, 5), k=self.chance.randint(1, 3))
        prestaties = [self._debit(zaak, month) for month in months]
        earlier = [debit for of, debit in self.debits if of == zaak]
        if earlier and self.chance.random() < 0.5:
            prestaties.append(make_credit(f"C{self.chance.randrange(400)}", self.chance.choice(earlier)))
        self.debits += [(zaak, prestatie) for prestatie in prestaties if not prestatie.is_credit]
        made = make_declaratie(
            [DeclaratieClient(bsn=bsn_van(zaak.client), prestaties=tuple(prestaties))],
            declaratie_nummer=f"D{self.chance.randrange(100)}",
            declaratie_periode=make_month(2026, 5 if self.chance.random() < 0.9 else 4),
        )
        return make_323(declaratie=made, domein=self.baan.domein, **self._van_aanbieder(zaak))

    def _debit(self, zaak: Zaak, month: int) -> Prestatie:
        product = self._product
        assert product.code is not None
        return make_prestatie(
            f"R{self.chance.randrange(400)}",
            toewijzing_nummer=zaak.nummer,
            product_categorie=product.categorie,
            product_code=product.code,
            periode=make_month(2026, month),
            geleverd_volume=self.chance.randint(1, 95),
            product_tarief=UUR_CENT + (self.chance.random() < 0.1),
        )

    @property
    def _product(self) -> Product:
        return JEUGD_PRODUCT if self.baan.domein == "ijw" else WMO_PRODUCT

    def _status(self) -> str:
        return self.chance.choice((NIEUW, NIEUW, NIEUW, VERWIJDEREN))

    def _client(self, zaak: Zaak, **products: Any) -> Client:
        return make_client(bsn=bsn_van(zaak.client), contactgegevens=(), naam=KORTE_NAAM, **products)

    def _sent_by_gemeente(self, bericht: Bericht) -> Bericht:
        self.van_gemeente.append(bericht)
        return bericht

    def _van_gemeente(self, zaak: Zaak) -> dict[str, Any]:
        identificatie = f"G{self.baan.nummer}N{self.chance.randrange(100)}"
        return {"afzender": zaak.gemeente, "ontvanger": self.baan.agb, "identificatie": identificatie}

    def _van_aanbieder(self, zaak: Zaak) -> dict[str, Any]:
        return {"afzender": self.baan.agb, "ontvanger": zaak.gemeente, "identificatie": f"A{self.chance.randrange(100)}"}


def verloop(seed: int, length: int, baan: Baan = EERSTE_BAAN, *, retour: bool = False) -> list[Bericht]:
    """The berichten of a course in order; of equal bytes only the first, for the door takes no more."""
    made = Verloop(chance=random.Random(f"{seed}:{baan.nummer}"), baan=baan, retour=retour).berichten(length)
    return list({write(bericht): bericht for bericht in reversed(list(made))}.values())[::-1]


VERLOPEN = st.builds(verloop, st.integers(0, 1_000_000), st.integers(0, LENGTE_MAX))
"""Courses of the first lane, judged by rules."""


def nothing_yet() -> Snapshot:
    """A past in which nothing happened, with the contracts of the first lane; every client has a number already."""
    regels = [
        make_tariefregel(tarief_id=id_, gemeente=gemeente, geldig_van=date(2020, 1, 1))
        for id_, gemeente in ((11, GEMEENTE), (12, ANDERE_GEMEENTE))
    ]
    snapshot = make_snapshot(tarieven=regels, contracten=frozenset({GEMEENTE, ANDERE_GEMEENTE}))
    zorgvorm = ProductOpDatum(categorie=CATEGORIE, code=CODE, zorgvorm="ambulant", geldig_van=date(2020, 1, 1))
    return replace(
        snapshot,
        toewijzingen={},
        clienten={},
        nieuwe_clienten={bsn_van(client): client + 1 for client in range(CLIENTEN)},
        producten={(CATEGORIE, CODE): (zorgvorm,)},
    )


async def alles_beoordeeld(wereld: Wereld) -> None:
    """The ledger verifies and nothing waits; parked is only what waits for a person by rule: a 302 that rejects what was granted upon."""
    assert [controle for controle in await verify(wereld) if not controle.klopt] == []
    assert await wereld.pool.fetchval("select count(*) from outbox") == 0
    assert await wereld.pool.fetchval("select count(*) from bericht where status = 'ontvangen'") == 0
    parked = await wereld.pool.fetch("select soort, park_reden, trace_id from bericht where status = 'geparkeerd'")
    assert [dict(row) for row in parked if row["soort"] != "302" or row["trace_id"] is not None] == []
