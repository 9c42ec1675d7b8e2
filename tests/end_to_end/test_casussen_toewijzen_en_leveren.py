"""The four cases that the standard works out (casusbeschrijvingen iWmo 3.2 en iJw 3.2), step by step through door, judging and postvak.

The two copies of the text differ in their dates: that of iJw plays in 2025, that of iWmo in 2023. The text says that either domain may be
read for the other, so each case is played from the copy of iJw in iJw and from that of iWmo in iWmo, with a product and reasons that the
domain has. Where a copy cannot be followed to the letter, the test beside the case says what then happens.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Client, Domein
from app.domain.declaratie import DeclaratieClient
from app.domain.levering import TIJDELIJK, VERWIJDEREN, StartProduct, StopProduct
from app.domain.partij import SYSTEEM
from app.domain.periode import GeslotenPeriode
from app.domain.toewijzing import Omvang, Product, ToegewezenProduct
from app.ledger import SaldoFilter, saldi
from app.mailbox import lees_postvak
from tests.builders import (
    AGB,
    BSN,
    KORTE_NAAM,
    make_301,
    make_305,
    make_307,
    make_323,
    make_client,
    make_declaratie,
    make_month,
    make_prestatie,
    make_retour,
    make_start,
    make_stop,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import REGIO, antwoord_op, klopt, retourcodes, status, stuur, wereld_with_region
from workers.local import judge_all

PRODUCTEN = (
    ("ijw", "41", "41A12", "ambulant"),
    ("ijw", "41", "41A01", "ambulant"),
    ("iwmo", "07", "07A12", "wmo"),
    ("iwmo", "07", "07A01", "wmo"),
)
REGIO_VAN_DE_CASUSSEN = {
    **REGIO,
    "producten.csv": REGIO["producten.csv"]
    + "".join(f"{domein},{categorie},{code},Dagbesteding,16,{zorgvorm},2020-01-01,\n" for domein, categorie, code, zorgvorm in PRODUCTEN),
}
AMBULANT: dict[Domein, Product] = {"ijw": Product(categorie="45", code="45A04"), "iwmo": Product(categorie="02", code="02A03")}
TARIEF_CENT: dict[Domein, int] = {"ijw": 6000, "iwmo": 5000}
DRIE_UUR_PER_WEEK = Omvang(volume=3, eenheid="04", frequentie="2")
ZES_DAGDELEN_PER_WEEK = Omvang(volume=6, eenheid="16", frequentie="2")
VAN_BEIDE_TEKSTEN = pytest.mark.parametrize(("domein", "jaar"), [("ijw", 2025), ("iwmo", 2023)], ids=["tekst van iJw", "tekst van iWmo"])


@dataclass
class Verloop:
    """A case on its way: sends its berichten one by one and judges each before the next is sent."""

    wereld: Wereld
    domein: Domein
    gestuurd: int = 0

    async def stuur(self, bericht: Bericht) -> int:
        """The next bericht, with an Identificatie of its own; returns its number."""
        self.gestuurd += 1
        own = replace(bericht.header.bericht_identificatie, identificatie=f"B{self.gestuurd}")
        nr = await stuur(self.wereld, replace(bericht, header=replace(bericht.header, bericht_identificatie=own)))
        await judge_all(self.wereld, lot_size_max=1)
        return nr

    async def wijs_toe(self, product: ToegewezenProduct) -> None:
        """A 301 that arrives and is accepted by the aanbieder (the 302 that the cases leave out)."""
        heen = make_301(product, domein=self.domein, dagtekening=product.toewijzingsdatum)
        nr = await self.stuur(heen)
        assert await status(self.wereld, nr) == "klaar"
        named = replace(heen.header.bericht_identificatie, identificatie=f"B{self.gestuurd}")
        retour = make_retour(replace(heen, header=replace(heen.header, bericht_identificatie=named)))
        await stuur(self.wereld, replace(retour, header=replace(retour.header, identificatie_retour=f"R{self.gestuurd}")))
        await judge_all(self.wereld, lot_size_max=1)
        assert await status(self.wereld, nr) == "beantwoord"

    async def meld(self, *delen: StartProduct | StopProduct) -> int:
        """A 305 or 307 that is accepted: processed, and answered with a header without codes; returns its number."""
        nr = await self.stuur(melding(self.domein, *delen))
        assert (await status(self.wereld, nr), await retourcodes(self.wereld, nr)) == ("verwerkt", set())
        answer = await antwoord_op(self.wereld, nr)
        assert (answer.header.retour_codes, answer.client) == ((), None)
        return nr

    async def leveringen(self) -> list[tuple[date, str | None, date | None]]:
        """The starts and stops that count: begin, reason and end."""
        rows = await self.wereld.pool.fetch(
            "select begindatum, reden_beeindiging, einddatum from levering where vervallen_door is null order by bericht_nr, volgnr"
        )
        return [tuple(row) for row in rows]

    async def postvak(self) -> list[str]:
        """What waits for the aanbieder."""
        page = await lees_postvak(self.wereld, SYSTEEM, f"aanbieder:{AGB}")
        return [item.bericht for item in page.items]


def melding(domein: Domein, *delen: StartProduct | StopProduct, bsn: str = BSN) -> Bericht:
    """The 305 or 307 that holds these starts or stops."""
    starts = tuple(deel for deel in delen if isinstance(deel, StartProduct))
    stops = tuple(deel for deel in delen if isinstance(deel, StopProduct))
    client: Client = make_client(bsn=bsn, start_producten=starts, stop_producten=stops, contactgegevens=(), naam=KORTE_NAAM)
    return make_305(domein=domein, client=client) if starts else make_307(domein=domein, client=client)


@asynccontextmanager
async def verloop_in(domein: Domein, database: str, folder: Path) -> AsyncIterator[Verloop]:
    """A case in a world of its own, that must be in order at its end."""
    async with wereld_with_region(database, folder, REGIO_VAN_DE_CASUSSEN) as wereld:
        yield Verloop(wereld, domein)
        await klopt(wereld)


# ---- Casus 1: from a toewijzing to its extension ----


def casus_1(domein: Domein, jaar: int, **changes: object) -> ToegewezenProduct:
    """Step 1: three hours a week in the first half of the year."""
    fields = {
        "toewijzing_nummer": 667899,
        "product": AMBULANT[domein],
        "toewijzingsdatum": date(jaar, 1, 1),
        "ingangsdatum": date(jaar, 1, 1),
        "einddatum": date(jaar, 6, 30),
        "omvang": DRIE_UUR_PER_WEEK,
    }
    return make_toegewezen_product(**{**fields, **changes})


def start_op(product: ToegewezenProduct, begin: date) -> StartProduct:
    """A start of a toegewezen product."""
    return make_start(
        toewijzing_nummer=product.toewijzing_nummer,
        product=product.product,
        toewijzing_ingangsdatum=product.ingangsdatum,
        begindatum=begin,
    )


def stop_van(start: StartProduct, reden: str, einde: date, **changes: object) -> StopProduct:
    """A stop of what began with a start."""
    fields = {
        "toewijzing_nummer": start.toewijzing_nummer,
        "product": start.product,
        "toewijzing_ingangsdatum": start.toewijzing_ingangsdatum,
        "begindatum": start.begindatum,
        "reden_beeindiging": reden,
        "einddatum": einde,
    }
    return make_stop(**{**fields, **changes})


@VAN_BEIDE_TEKSTEN
async def test_casus_1_a_toewijzing_is_extended_on_its_own_number(database: str, tmp_path: Path, domein: Domein, jaar: int) -> None:
    """Casus 1: toewijzing, start on 5 January, and in May a new Einddatum on the same number (OP380), with reason 04.

    What it is for, which the case does not play: care of July may be claimed after the extension and not before, and is booked.
    """
    async with verloop_in(domein, database, tmp_path) as verloop:
        await verloop.wijs_toe(casus_1(domein, jaar))
        await verloop.meld(start_op(casus_1(domein, jaar), date(jaar, 1, 5)))
        before = await verloop.stuur(claim(domein, make_month(jaar, 7), "D1"))

        extended = casus_1(domein, jaar, toewijzingsdatum=date(jaar, 5, 10), einddatum=date(jaar, 12, 31), reden_wijziging="04")
        await verloop.wijs_toe(extended)

        versies = await verloop.wereld.pool.fetch("select einddatum, reden_wijziging from toewijzing_versie order by toewijzingsdatum")
        assert [tuple(row) for row in versies] == [(date(jaar, 6, 30), None), (date(jaar, 12, 31), "04")]
        assert await verloop.leveringen() == [(date(jaar, 1, 5), None, None)]
        after = await verloop.stuur(claim(domein, make_month(jaar, 7), "D2"))
        assert (await status(verloop.wereld, before), await retourcodes(verloop.wereld, before)) == ("afgekeurd", {"9308"})
        assert await status(verloop.wereld, after) == "verwerkt"
        kosten = await saldi(verloop.wereld, SYSTEEM, SaldoFilter(rekening="kosten"))
        assert [(row.zorgmaand, row.bedrag_cent) for row in kosten] == [(date(jaar, 7, 1), 12 * TARIEF_CENT[domein])]
        assert await verloop.postvak() == ["301", "306", "325", "301", "325"]


def claim(domein: Domein, maand: GeslotenPeriode, nummer: str) -> Bericht:
    """Twelve hours of a month on the toewijzing of casus 1."""
    line = make_prestatie(
        f"{nummer}-1",
        toewijzing_nummer=667899,
        product_categorie=AMBULANT[domein].categorie,
        product_code=AMBULANT[domein].code,
        periode=maand,
        geleverd_volume=12,
        product_tarief=TARIEF_CENT[domein],
    )
    client = DeclaratieClient(bsn=BSN, prestaties=(line,))
    return make_323(declaratie=make_declaratie([client], declaratie_nummer=nummer, declaratie_periode=maand), domein=domein)


async def test_casus_1_with_another_client_in_step_4_is_refused(database: str, tmp_path: Path) -> None:
    """The copy of iJw changes the Bsn on the way; as it stands, the number belongs to someone else (TR332)."""
    async with verloop_in("ijw", database, tmp_path) as verloop:
        await verloop.wijs_toe(casus_1("ijw", 2025))
        extended = casus_1("ijw", 2025, toewijzingsdatum=date(2025, 5, 10), einddatum=date(2025, 12, 31), reden_wijziging="04")

        nr = await verloop.stuur(make_301(client=make_client(bsn="999996770", toegewezen_producten=(extended,))))

        assert (await status(verloop.wereld, nr), await retourcodes(verloop.wereld, nr)) == ("afgekeurd", {"9332"})


# ---- Casus 2: a temporary stop that becomes definitive on the same day ----

DAGBESTEDING: dict[Domein, Product] = {"iwmo": Product(categorie="07", code="07A12"), "ijw": Product(categorie="41", code="41A12")}
VOORTIJDIG: dict[Domein, str] = {"iwmo": "23", "ijw": "34"}
"""Ended early by agreement; the codes of the domains differ (WMO588, JZ588)."""


@VAN_BEIDE_TEKSTEN
async def test_casus_2_a_temporary_stop_becomes_definitive_on_the_same_day(
    database: str, tmp_path: Path, domein: Domein, jaar: int
) -> None:
    """Casus 2: the client goes into hospital (reason 20) and does not come back: the definitive stop has the same Einddatum (TR414, OP377)."""
    ingang, begin = (date(2025, 5, 12), date(2025, 5, 15)) if jaar == 2025 else (date(2023, 5, 15), date(2023, 5, 17))
    product = make_toegewezen_product(
        toewijzing_nummer=668877,
        product=DAGBESTEDING[domein],
        toewijzingsdatum=date(jaar, 5, 9),
        ingangsdatum=ingang,
        einddatum=date(jaar, 12, 31),
        omvang=ZES_DAGDELEN_PER_WEEK,
    )
    start, einde = start_op(product, begin), date(jaar, 6, 20)
    async with verloop_in(domein, database, tmp_path) as verloop:
        await verloop.wijs_toe(product)
        await verloop.meld(start)
        await verloop.meld(stop_van(start, TIJDELIJK, einde))
        second = await verloop.stuur(melding(domein, stop_van(start, TIJDELIJK, date(jaar, 6, 27))))

        await verloop.meld(stop_van(start, VOORTIJDIG[domein], einde))

        third = await verloop.stuur(melding(domein, stop_van(start, VOORTIJDIG[domein], date(jaar, 6, 27))))
        assert await retourcodes(verloop.wereld, second) == {"9413"}, "after a temporary stop only a definitive one (OP378)"
        assert await retourcodes(verloop.wereld, third) == {"9415"}, "after a definitive one none"
        assert await verloop.leveringen() == [(begin, None, None), (begin, TIJDELIJK, einde), (begin, VOORTIJDIG[domein], einde)]
        assert await verloop.postvak() == ["301", "306", "308", "308", "308", "308"]


# ---- Casus 3: a temporary stop that becomes definitive on a later day ----


@VAN_BEIDE_TEKSTEN
async def test_casus_3_a_temporary_stop_becomes_definitive_on_a_later_day(database: str, tmp_path: Path, domein: Domein, jaar: int) -> None:
    """Casus 3: as casus 2, but Einddatum is the day on which it was known; an earlier day than the temporary stop is refused (TR414).

    Toewijzing and start go before, as the case says without playing them; their omvang and end are ours.
    """
    ingang, begin = (date(2025, 3, 17), date(2025, 3, 31)) if jaar == 2025 else (date(2020, 3, 16), date(2020, 3, 30))
    temporary, definitive = date(jaar, 6, 7), date(jaar, 6, 27 if jaar == 2025 else 29)
    product = make_toegewezen_product(
        toewijzing_nummer=12563,
        product=replace(DAGBESTEDING[domein], code=f"{DAGBESTEDING[domein].categorie}A01"),
        toewijzingsdatum=ingang,
        ingangsdatum=ingang,
        einddatum=date(jaar, 12, 31),
        omvang=ZES_DAGDELEN_PER_WEEK,
    )
    start = start_op(product, begin)
    async with verloop_in(domein, database, tmp_path) as verloop:
        await verloop.wijs_toe(product)
        await verloop.meld(start)
        await verloop.meld(stop_van(start, TIJDELIJK, temporary))
        too_early = await verloop.stuur(melding(domein, stop_van(start, VOORTIJDIG[domein], date(jaar, 6, 6))))

        await verloop.meld(stop_van(start, VOORTIJDIG[domein], definitive))

        assert await retourcodes(verloop.wereld, too_early) == {"9414"}
        assert (await verloop.leveringen())[1:] == [(begin, TIJDELIJK, temporary), (begin, VOORTIJDIG[domein], definitive)]


async def test_casus_3_with_a_bsn_of_eight_digits_is_refused_at_the_door(database: str, tmp_path: Path) -> None:
    """The copy of iJw lost a digit: controleniveau 1, so no 308 is made (IV032)."""
    start = start_op(make_toegewezen_product(toewijzing_nummer=12563, product=DAGBESTEDING["iwmo"]), date(2025, 3, 31))
    async with verloop_in("iwmo", database, tmp_path) as verloop:
        nr = await verloop.stuur(melding("iwmo", stop_van(start, TIJDELIJK, date(2025, 6, 7)), bsn="99996782"))

        assert await status(verloop.wereld, nr) == "geweigerd"
        assert await verloop.postvak() == []


# ---- Casus 4: a stop with the wrong reason is corrected ----

DOOR_AANBIEDER: dict[Domein, str] = {"ijw": "33", "iwmo": "22"}
VOLGENS_PLAN: dict[Domein, str] = {"ijw": "31", "iwmo": "19"}
"""The case sends a JW307 with 19, which only iWmo has; of iJw it is 31."""


@VAN_BEIDE_TEKSTEN
async def test_casus_4_a_stop_is_deleted_and_replaced_in_one_bericht(database: str, tmp_path: Path, domein: Domein, jaar: int) -> None:
    """Casus 4: the stop says that the aanbieder ended it, which should be that it went as planned; the 307 that corrects it holds both (IV008)."""
    begin = date(2025, 1, 6) if jaar == 2025 else date(2023, 1, 5)
    product = casus_1(domein, jaar)
    start, einde = start_op(product, begin), date(jaar, 6, 17)
    wrong = stop_van(start, DOOR_AANBIEDER[domein], einde)
    async with verloop_in(domein, database, tmp_path) as verloop:
        await verloop.wijs_toe(product)
        await verloop.meld(start)
        await verloop.meld(wrong)

        await verloop.meld(replace(wrong, status_aanlevering=VERWIJDEREN), stop_van(start, VOLGENS_PLAN[domein], einde))

        assert await verloop.leveringen() == [(begin, None, None), (begin, VOLGENS_PLAN[domein], einde)]
        assert await verloop.postvak() == ["301", "306", "308", "308"]


async def test_casus_4_in_the_order_replacement_first_ends_the_same(database: str, tmp_path: Path) -> None:
    """The order within a bericht has no meaning: the deletion is processed first (IV008)."""
    product = casus_1("ijw", 2025)
    start, einde = start_op(product, date(2025, 1, 6)), date(2025, 6, 17)
    wrong = stop_van(start, DOOR_AANBIEDER["ijw"], einde)
    async with verloop_in("ijw", database, tmp_path) as verloop:
        await verloop.wijs_toe(product)
        await verloop.meld(start)
        await verloop.meld(wrong)

        await verloop.meld(stop_van(start, VOLGENS_PLAN["ijw"], einde), replace(wrong, status_aanlevering=VERWIJDEREN))

        assert (await verloop.leveringen())[1:] == [(start.begindatum, VOLGENS_PLAN["ijw"], einde)]


async def test_casus_4_with_a_reason_of_iwmo_in_a_jw307_is_refused_at_the_door(database: str, tmp_path: Path) -> None:
    """Both copies write 19, and that of iWmo 22, in a JW307; the code list of iJw has neither."""
    start = start_op(casus_1("ijw", 2025), date(2025, 1, 6))
    async with verloop_in("ijw", database, tmp_path) as verloop:
        numbers = [await verloop.stuur(melding("ijw", stop_van(start, reden, date(2025, 6, 17)))) for reden in ("19", "22")]

        assert [await status(verloop.wereld, nr) for nr in numbers] == ["geweigerd", "geweigerd"]
