"""A small region in which every cause of a difference occurs, for tests of afrekeningen. All persons are fictitious (test BSNs).

Care of 2025 at 60 euros an hour, judged in June 2026. De Veste (AGB):

| client, gemeente | allocated | what happened |
|---|---|---|
| A, Goes | 10 hours a month: 7200.00 | May: 8 hours granted; June: 5 hours credited and claimed again as 4; July rejected for its tariff; started |
| B, Goes | 1 hour a month: 720.00 | never claimed |
| C, Middelburg | 1 hour a month: 720.00 | May: 1 hour granted; never started |
"""

from __future__ import annotations

from datetime import date

from app.adapters.wereld import Wereld
from app.domain.declaratie import DeclaratieClient
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from tests.builders import (
    AGB,
    BSN,
    make_301,
    make_305,
    make_323,
    make_client,
    make_credit,
    make_declaratie,
    make_month,
    make_prestatie,
    make_start,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import stuur

BSN_B, BSN_C = "999900018", "999900031"
JAAR = 2025
NUMMER_B, NUMMER_C = 1002, 2001


def _product(nummer: int, uren: int) -> object:
    return make_toegewezen_product(
        toewijzing_nummer=nummer,
        toewijzingsdatum=date(2024, 12, 15),
        ingangsdatum=date(JAAR, 1, 1),
        einddatum=date(JAAR, 12, 31),
        omvang=Omvang(volume=uren, eenheid="04", frequentie="4"),
    )


MEI_2025 = make_month(JAAR, 5)
JUNI_2025 = make_month(JAAR, 6)
JUNI = make_prestatie("A-juni", toewijzing_nummer=1001, periode=JUNI_2025, geleverd_volume=5)


async def alles(wereld: Wereld) -> None:
    """Send and judge everything of the table above."""
    await stuur(wereld, make_301(client=make_client(toegewezen_producten=(_product(1001, 10),))))
    await stuur(wereld, make_301(client=make_client(bsn=BSN_B, toegewezen_producten=(_product(NUMMER_B, 1),)), identificatie="TW2"))
    other = make_client(bsn=BSN_C, toegewezen_producten=(_product(NUMMER_C, 1),))
    await stuur(wereld, make_301(client=other, afzender="0687", identificatie="TW3"))
    start = make_start(toewijzing_nummer=1001, toewijzing_ingangsdatum=date(JAAR, 1, 1), begindatum=date(JAAR, 1, 10))
    await stuur(wereld, make_305(start))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=20)
    await declareer(wereld, 1, BSN, make_prestatie("A-mei", toewijzing_nummer=1001, periode=MEI_2025), JUNI)
    await declareer(wereld, 2, BSN, make_credit("A-juni-C", JUNI))
    again = make_prestatie("A-juni-2", toewijzing_nummer=1001, periode=JUNI_2025, geleverd_volume=4)
    wrong = make_prestatie("A-juli", toewijzing_nummer=1001, periode=make_month(JAAR, 7), geleverd_volume=2, product_tarief=7000)
    await declareer(wereld, 3, BSN, again, wrong)
    c_may = make_prestatie("C-mei", toewijzing_nummer=NUMMER_C, periode=MEI_2025, geleverd_volume=1)
    await declareer(wereld, 4, BSN_C, c_may, gemeente="0687")


async def declareer(wereld: Wereld, nummer: int, bsn: str, *prestaties: object, gemeente: str = "0664") -> int:
    """A 323 of one client, judged; its number."""
    client = DeclaratieClient(bsn=bsn, prestaties=prestaties, regelnummer=14)  # type: ignore[arg-type]
    declaratie = make_declaratie((client,), declaratie_nummer=f"D{nummer}", declaratie_periode=make_month(JAAR, 8))
    nr = await stuur(wereld, make_323(declaratie=declaratie, ontvanger=gemeente, identificatie=f"DC{nummer}"))
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=20)
    return nr
