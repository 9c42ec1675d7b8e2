"""The examples of requests that the standard works out, as berichten in both directions (IV093 example 2, IV094, IV097).

What each line of these examples may and may not say is in `tests/unit/judging/test_voorbeelden_verzoeken.py`; here they go the whole way, with
their retourberichten, the antwoordbericht in between, the terms and, where care is claimed, the money.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from app.adapters.clock import AMSTERDAM, clock_from
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient
from app.domain.partij import SYSTEEM
from app.domain.toewijzing import Omvang, Product
from app.domain.verzoek import AFGEWEZEN, Antwoord, NieuwProduct, OngewijzigdProduct, TeWijzigenProduct
from app.ledger import SaldoFilter, saldi
from tests.builders import (
    BSN,
    days,
    make_301,
    make_315,
    make_317,
    make_319,
    make_323,
    make_aangevraagd_product,
    make_declaratie,
    make_month,
    make_prestatie,
    make_retour,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.werkbank import REGIO, antwoord_op, klopt, retourcodes, status, stuur, wereld_with_region
from workers.local import judge_all

A, B, C, B_ANDERS = (Product(categorie="45", code=code) for code in ("45A01", "45B01", "45C01", "45B09"))
REGIO_VAN_DE_VOORBEELDEN = {
    **REGIO,
    "producten.csv": REGIO["producten.csv"] + "".join(f"ijw,45,{each.code},Hulp,04,ambulant,2020-01-01,\n" for each in (A, B, C, B_ANDERS)),
    "tarieven.csv": REGIO["tarieven.csv"] + "".join(f"J1,45,{each.code},04,6000,2020-01-01,\n" for each in (A, B, C, B_ANDERS)),
}
DRIE_UUR = Omvang(volume=3, eenheid="04", frequentie="2")
JANUARI, EINDE = date(2025, 1, 1), date(2025, 12, 31)
DOOR_AANBIEDER = "12"


@dataclass
class Verloop:
    """An example on its way: each bericht is sent on the day it is dated and judged before the next."""

    wereld: Wereld
    gestuurd: int = 0

    async def stuur(self, bericht: Bericht, op: date) -> tuple[int, Bericht]:
        """The number of the bericht and the bericht as it was sent: with this Dagtekening and an Identificatie of its own."""
        self.gestuurd += 1
        self.wereld = replace(self.wereld, clock=clock_from(datetime.combine(op, time(9), AMSTERDAM)))
        own = replace(bericht.header.bericht_identificatie, identificatie=f"B{self.gestuurd}", dagtekening=op)
        sent = replace(bericht, header=replace(bericht.header, bericht_identificatie=own))
        nr = await stuur(self.wereld, sent)
        await judge_all(self.wereld, lot_size_max=1)
        return nr, sent

    async def antwoord_aanbieder(self, heen: Bericht, *codes: str) -> int:
        """The 302 or 320 of the aanbieder, accepting without codes."""
        retour = make_retour(heen, *codes)
        self.gestuurd += 1
        dated = replace(retour.header, identificatie_retour=f"R{self.gestuurd}", dagtekening_retour=self.wereld.vandaag)
        nr = await stuur(self.wereld, replace(retour, header=dated))
        await judge_all(self.wereld, lot_size_max=1)
        return nr

    async def verzoek(self, referentie: str) -> tuple[str, date]:
        """Status of a request, and the day that goes with it: on which it was decided, or by which it must be."""
        row = await self.wereld.pool.fetchrow(
            "select status, coalesce(besluit_datum, beslistermijn) from verzoek where referentie_aanbieder = $1", referentie
        )
        assert row is not None
        return tuple(row)

    async def aangenomen(self, nr: int) -> bool:
        """Whether a 315 or 317 got a retourbericht with a header alone and without codes."""
        answer = await antwoord_op(self.wereld, nr)
        return await status(self.wereld, nr) == "verwerkt" and answer.header.retour_codes == () and answer.client is None


@asynccontextmanager
async def verloop_in(database: str, folder: Path) -> AsyncIterator[Verloop]:
    """An example in a world of its own, that must be in order at its end."""
    start = datetime.combine(JANUARI, time(9), AMSTERDAM)
    async with wereld_with_region(database, folder, REGIO_VAN_DE_VOORBEELDEN, nu=start) as wereld:
        verloop = Verloop(wereld)
        yield verloop
        await klopt(verloop.wereld)


def claim_of_c(van: date, nummer: str) -> Bericht:
    """Six hours of C from a day in May to the end of it."""
    line = make_prestatie(
        f"{nummer}-1", toewijzing_nummer=345003, product_code=C.code, periode=days(van, date(2025, 5, 31)), geleverd_volume=6
    )
    client = DeclaratieClient(bsn=BSN, prestaties=(line,))
    declaratie = make_declaratie(
        [client], declaratie_nummer=nummer, declaratie_periode=make_month(2025, 5), declaratie_dagtekening=date(2025, 6, 3)
    )
    return make_323(declaratie=declaratie)


@pytest.mark.parametrize(
    ("einde_b", "begin_c"), [(date(2025, 5, 23), date(2025, 5, 24)), (date(2025, 5, 15), date(2025, 5, 16))], ids=["2a", "2b"]
)
async def test_iv093_example_2_an_investigated_request_is_granted_late(database: str, tmp_path: Path, einde_b: date, begin_c: date) -> None:
    """Request in April, in onderzoek, granted on 23 May; what is delivered of C in May can be claimed only after that, from its first day.

    The example does not say when the gemeente announces its onderzoek (within five working days, OP346) and leaves the year of the request at
    2023. A 302 that rejects the grant undoes it, and sending it again decides once more (OP286): that is ours.
    """
    a = make_toegewezen_product(
        toewijzing_nummer=345001, product=A, omvang=DRIE_UUR, ingangsdatum=JANUARI, einddatum=EINDE, toewijzingsdatum=JANUARI
    )
    b = replace(a, toewijzing_nummer=345002, product=B)
    asked = make_verzoek(
        "A001",
        ongewijzigde_producten=(OngewijzigdProduct(toewijzing_nummer=345001),),
        te_wijzigen_producten=(
            TeWijzigenProduct(toewijzing_nummer=345002, gewenste_ingangsdatum=JANUARI, einddatum=date(2025, 5, 15), omvang=DRIE_UUR),
        ),
        nieuwe_producten=(NieuwProduct(product=C, gewenste_ingangsdatum=date(2025, 5, 16), einddatum=EINDE, omvang=DRIE_UUR),),
    )
    besluit = date(2025, 5, 23)
    granted = make_301(
        replace(a, referentie_aanbieder="A001"),
        replace(b, einddatum=einde_b, referentie_aanbieder="A001", reden_wijziging=DOOR_AANBIEDER, toewijzingsdatum=besluit),
        replace(b, toewijzing_nummer=345003, product=C, ingangsdatum=begin_c, referentie_aanbieder="A001", toewijzingsdatum=besluit),
    )
    async with verloop_in(database, tmp_path) as verloop:
        _, first = await verloop.stuur(make_301(a, b), JANUARI)
        await verloop.antwoord_aanbieder(first)
        request, _ = await verloop.stuur(make_317(asked), date(2025, 4, 15))
        assert await verloop.aangenomen(request)
        assert await verloop.verzoek("A001") == ("open", date(2025, 4, 24)), "five working days; Good Friday and Easter Monday are none"

        onderzoek, sent = await verloop.stuur(make_319("A001"), date(2025, 4, 16))
        await verloop.antwoord_aanbieder(sent)
        assert await status(verloop.wereld, onderzoek) == "beantwoord"
        assert await verloop.verzoek("A001") == ("in_onderzoek", date(2025, 6, 10)), "eight weeks after the request"

        too_early, _ = await verloop.stuur(claim_of_c(begin_c, "D1"), date(2025, 5, 22))
        _, rejected = await verloop.stuur(granted, besluit)
        assert await verloop.verzoek("A001") == ("toegewezen", besluit)
        await verloop.antwoord_aanbieder(rejected, "0001")
        assert (await verloop.verzoek("A001"))[0] == "in_onderzoek"
        grant, accepted = await verloop.stuur(granted, besluit)
        await verloop.antwoord_aanbieder(accepted)

        assert await status(verloop.wereld, grant) == "beantwoord"
        assert (await verloop.verzoek("A001"))[0] == "toegewezen"
        claim, _ = await verloop.stuur(claim_of_c(begin_c, "D2"), date(2025, 6, 3))
        assert await status(verloop.wereld, too_early) == "afgekeurd"
        assert await status(verloop.wereld, claim) == "verwerkt"
        kosten = await saldi(verloop.wereld, SYSTEEM, SaldoFilter(rekening="kosten"))
        assert [(row.zorgmaand, row.bedrag_cent) for row in kosten] == [(date(2025, 5, 1), 6 * 60_00)]


async def test_iv094_and_iv097_a_315_is_decided_product_by_product(database: str, tmp_path: Path) -> None:
    """Two products: one is granted as another product, the other is refused; what ran already goes along without reference.

    Afterwards the gemeente ends the granted toewijzing on its own account, without reference (IV097); with it the 301 does not leave. The 319
    and the 320 that rejects it are ours: IV094 is about what is granted.
    """
    running = make_toegewezen_product(
        toewijzing_nummer=500, product=C, omvang=DRIE_UUR, ingangsdatum=JANUARI, einddatum=EINDE, toewijzingsdatum=JANUARI
    )
    juni, mei = date(2025, 6, 1), date(2025, 5, 15)
    wensen = [
        make_aangevraagd_product(referentie, product=product, toewijzing_ingangsdatum=juni, toewijzing_einddatum=EINDE, omvang=DRIE_UUR)
        for referentie, product in (("VR1", A), ("VR2", B))
    ]
    other = replace(running, toewijzing_nummer=501, product=B_ANDERS, ingangsdatum=juni, referentie_aanbieder="VR2", toewijzingsdatum=mei)
    refusal = make_319(antwoord=Antwoord(referentie_aanbieder="VR1", verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek="1"))
    async with verloop_in(database, tmp_path) as verloop:
        await verloop.stuur(make_301(running), JANUARI)
        request, _ = await verloop.stuur(make_315(*wensen), mei)
        assert await verloop.aangenomen(request)

        grant, sent = await verloop.stuur(make_301(running, other), date(2025, 5, 20))
        await verloop.antwoord_aanbieder(sent)
        assert await status(verloop.wereld, grant) == "beantwoord"
        assert [(await verloop.verzoek(referentie))[0] for referentie in ("VR1", "VR2")] == ["open", "toegewezen"]
        _, refused = await verloop.stuur(refusal, date(2025, 5, 21))
        assert await verloop.verzoek("VR1") == ("afgewezen", date(2025, 5, 21))
        await verloop.antwoord_aanbieder(refused, "9355")
        assert await verloop.verzoek("VR1") == ("open", date(2025, 5, 22))
        await verloop.stuur(refusal, date(2025, 5, 22))

        september = date(2025, 9, 1)
        ended = replace(other, einddatum=date(2025, 9, 30), reden_wijziging="05", toewijzingsdatum=september)
        with_reference, _ = await verloop.stuur(make_301(running, ended), september)
        without, _ = await verloop.stuur(make_301(running, replace(ended, referentie_aanbieder=None)), september)
        assert (await status(verloop.wereld, with_reference), await retourcodes(verloop.wereld, with_reference)) == ("afgekeurd", {"9379"})
        assert await status(verloop.wereld, without) == "klaar"
        assert [(await verloop.verzoek(referentie))[0] for referentie in ("VR1", "VR2")] == ["afgewezen", "toegewezen"]
