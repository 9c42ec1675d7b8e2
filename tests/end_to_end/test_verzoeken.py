"""Requests from the first bericht to the decision: 315 and 317, their retourberichten, 319 and 320, and the 301 that grants them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht, Domein
from app.domain.partij import SYSTEEM
from app.domain.toewijzing import Product
from app.domain.verzoek import AFGEWEZEN, WOONPLAATSBEGINSEL, Antwoord, Woonplaatsbeginsel
from app.mailbox import lees_postvak
from tests.builders import (
    AGB,
    GEMEENTE,
    make_301,
    make_315,
    make_317,
    make_319,
    make_aangevraagd_product,
    make_retour,
    make_te_wijzigen,
    make_toegewezen_product,
    make_verzoek,
)
from tests.end_to_end.werkbank import antwoord_op, klopt, retourcodes, status, stuur, wereld_with_region
from workers.local import judge_all

REFUSED = Antwoord(referentie_aanbieder="VR1", verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek="1")


async def verzoeken(wereld: Wereld) -> dict[str, dict[str, Any]]:
    """The requests in the register by reference."""
    rows = await wereld.pool.fetch("select * from verzoek order by bericht_nr, volgnr")
    return {row["referentie_aanbieder"]: dict(row) for row in rows}


async def send(wereld: Wereld, *berichten: Bericht) -> list[int]:
    """Send berichten and judge them, each in a lot of its own."""
    numbers = []
    for bericht in berichten:
        numbers.append(await stuur(wereld, bericht))
        await judge_all(wereld, lot_size_max=1)
    return numbers


async def test_a_request_is_taken_up_granted_and_closed(wereld: Wereld) -> None:
    """A 315 gets a 316 without codes and five working days; the 301 with its reference closes it (OP274, TR379)."""
    asked = make_315(make_aangevraagd_product("VR1"), make_aangevraagd_product("VR2", product=Product(categorie="45", code="45A05")))
    (nr,) = await send(wereld, asked)

    answer = await antwoord_op(wereld, nr)
    assert (answer.soort, answer.header.retour_codes, answer.client) == ("316", (), None)
    stored = await verzoeken(wereld)
    assert {key: row["status"] for key, row in stored.items()} == {"VR1": "open", "VR2": "open"}
    assert stored["VR1"]["beslistermijn"] == date(2026, 6, 10), "five working days after Wednesday 3 June"
    assert stored["VR1"]["woonplaatstermijn"] == date(2026, 6, 17), "two weeks"

    grant = make_301(make_toegewezen_product(referentie_aanbieder="VR1", toewijzingsdatum=date(2026, 6, 3)))
    (granted,) = await send(wereld, grant)
    assert await status(wereld, granted) == "klaar"
    stored = await verzoeken(wereld)
    assert (stored["VR1"]["status"], stored["VR1"]["besluit_nr"], stored["VR1"]["besluit_datum"]) == (
        "toegewezen",
        granted,
        date(2026, 6, 3),
    )
    assert stored["VR2"]["status"] == "open", "a 315 is answered per product"
    await klopt(wereld)


async def test_a_rejected_301_reopens_the_request_that_it_granted(wereld: Wereld) -> None:
    """The 301 counts as not sent (OP286), so the request is undecided again."""
    grant = make_301(make_toegewezen_product(referentie_aanbieder="VR1"))
    await send(wereld, make_315(), grant, make_retour(grant, "9056"))

    stored = await verzoeken(wereld)
    assert (stored["VR1"]["status"], stored["VR1"]["besluit_nr"], stored["VR1"]["besluit_datum"]) == ("open", None, None)


async def test_in_onderzoek_gives_eight_weeks_once(wereld: Wereld) -> None:
    """A 319 with answer 2 moves the term; a second one is not sent (TR360), a refusal after it is."""
    _, first, second, refusal = await send(
        wereld,
        make_315(),
        make_319(),
        make_319(identificatie="ID319B"),
        make_319(antwoord=REFUSED, identificatie="ID319C"),
    )

    assert [await status(wereld, nr) for nr in (first, second, refusal)] == ["klaar", "afgekeurd", "klaar"]
    assert "9360" in await retourcodes(wereld, second)
    stored = (await verzoeken(wereld))["VR1"]
    assert (stored["status"], stored["onderzoek_nr"], stored["besluit_nr"]) == ("afgewezen", first, refusal)
    assert stored["beslistermijn"] == date(2026, 7, 29), "eight weeks, also after the decision: it was in time"
    waiting = await lees_postvak(wereld, SYSTEEM, f"aanbieder:{AGB}")
    assert [item.bericht for item in waiting.items] == ["316", "319", "319"]


async def test_a_rejected_319_counts_as_not_sent(wereld: Wereld) -> None:
    """The 320 takes back what its 319 said: first the refusal, then the onderzoek."""
    onderzoek, refusal = make_319(), make_319(antwoord=REFUSED, identificatie="ID319B")
    await send(wereld, make_315(), onderzoek, refusal, make_retour(refusal, "9355"))
    assert (await verzoeken(wereld))["VR1"]["status"] == "in_onderzoek"

    await send(wereld, make_retour(onderzoek, "9355"))
    stored = (await verzoeken(wereld))["VR1"]
    assert (stored["status"], stored["onderzoek_nr"], stored["beslistermijn"]) == ("open", None, date(2026, 6, 10))


async def test_an_accepted_319_is_answered_and_its_term_ends(wereld: Wereld) -> None:
    """Three working days for the 320 run until it comes."""
    onderzoek = make_319()
    _, sent = await send(wereld, make_315(), onderzoek)
    row = await wereld.pool.fetchrow("select termijn, termijn_wie, termijn_voldaan_op from bericht where bericht_nr = $1", sent)
    assert tuple(row) == (date(2026, 6, 8), f"aanbieder:{AGB}", None)

    await send(wereld, make_retour(onderzoek))
    assert await status(wereld, sent) == "beantwoord"
    assert await wereld.pool.fetchval("select termijn_voldaan_op from bericht where bericht_nr = $1", sent) == date(2026, 6, 3)


async def test_a_second_request_waits_for_the_first(wereld: Wereld) -> None:
    """One undecided request per client (TR374), whether 315 or 317; a used reference is refused (TR347)."""
    toewijzing, first, change, again = await send(
        wereld,
        make_301(),
        make_317(),
        make_317(make_verzoek("VW2"), identificatie="ID317B"),
        make_315(make_aangevraagd_product("VW1"), identificatie="ID315B"),
    )

    assert await status(wereld, first) == "verwerkt"
    assert await retourcodes(wereld, change) == {"9374"}
    assert await retourcodes(wereld, again) == {"9374", "9347"}
    assert await status(wereld, toewijzing) == "klaar"
    assert set(await verzoeken(wereld)) == {"VW1"}


async def test_a_317_names_every_current_toewijzing(wereld: Wereld) -> None:
    """A toewijzing that is left out is missed (TR349), one that does not exist is refused (TR351); the client comes back with codes."""
    second = make_toegewezen_product(toewijzing_nummer=1002, ingangsdatum=date(2027, 1, 1), einddatum=date(2027, 6, 30))
    unknown = make_verzoek(te_wijzigen_producten=(make_te_wijzigen(toewijzing_nummer=4711),))
    _, nr = await send(wereld, make_301(make_toegewezen_product(), second), make_317(unknown))

    answer = await antwoord_op(wereld, nr)
    assert answer.client is not None
    assert answer.client.verzoek is not None
    assert answer.client.retour_codes == ("0200",)
    assert answer.client.verzoek.retour_codes == ("9349",)
    assert "9351" in answer.client.verzoek.te_wijzigen_producten[0].retour_codes


async def test_a_317_of_an_unknown_client_is_not_judged_further(wereld: Wereld) -> None:
    """8187 on the Client, 0233 on everything below it."""
    (nr,) = await send(wereld, make_317())

    answer = await antwoord_op(wereld, nr)
    assert answer.client is not None
    assert answer.client.verzoek is not None
    assert answer.client.retour_codes == ("8187",)
    assert answer.client.verzoek.retour_codes == ("0233",)
    assert answer.client.verzoek.te_wijzigen_producten[0].retour_codes == ("0233",)


async def test_the_woonplaatsbeginsel_names_the_gemeente(wereld: Wereld) -> None:
    """Reason 8 with the gemeente that bears the care leaves; without it 0001 and nothing leaves (TR377)."""
    wonen = Woonplaatsbeginsel(gemeente="0384")
    antwoord = Antwoord(
        referentie_aanbieder="VR1", verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek=WOONPLAATSBEGINSEL, woonplaatsbeginsel=wonen
    )
    bare = Antwoord(referentie_aanbieder="VR1", verzoek_antwoord=AFGEWEZEN, reden_afwijzing_verzoek=WOONPLAATSBEGINSEL)
    _, refused, sent = await send(wereld, make_315(), make_319(antwoord=bare), make_319(antwoord=antwoord))

    assert (await status(wereld, refused), await retourcodes(wereld, refused)) == ("afgekeurd", {"0001"})
    assert await status(wereld, sent) == "klaar"


async def test_requests_in_one_lot_see_each_other(wereld: Wereld) -> None:
    """One lot of 301, 317, 319 and 301 ends as judging them one by one does."""
    grant = make_301(
        make_toegewezen_product(referentie_aanbieder="VW1"),
        make_toegewezen_product(
            toewijzing_nummer=1002, referentie_aanbieder="VW1", ingangsdatum=date(2027, 1, 1), einddatum=date(2027, 6, 30)
        ),
        identificatie="ID301B",
    )
    numbers = [await stuur(wereld, bericht) for bericht in (make_301(), make_317(), make_319("VW1"), grant)]
    await judge_all(wereld, lot_size_max=50)

    assert [await status(wereld, nr) for nr in numbers] == ["klaar", "verwerkt", "klaar", "klaar"]
    stored = (await verzoeken(wereld))["VW1"]
    assert (stored["status"], stored["onderzoek_nr"], stored["besluit_nr"]) == ("toegewezen", numbers[2], numbers[3])


@pytest.mark.parametrize("domein", ["ijw", "iwmo"])
async def test_terms_run_over_holidays(database: str, tmp_path: Path, domein: Domein) -> None:
    """A request of Christmas Eve: Christmas, the weekends and New Year's Day do not count."""
    kerstavond = datetime(2026, 12, 24, 9, 0, tzinfo=AMSTERDAM)
    async with wereld_with_region(database, tmp_path, nu=kerstavond) as wereld:
        product = make_aangevraagd_product() if domein == "ijw" else make_aangevraagd_product(product=Product(categorie="02", code="02A03"))
        await send(wereld, make_315(product, domein=domein, dagtekening=kerstavond.date()))
        stored = (await verzoeken(wereld))["VR1"]

    assert stored["gemeente"] == GEMEENTE
    assert stored["beslistermijn"] == date(2027, 1, 4), "28, 29, 30, 31 December and 4 January"
    assert (stored["woonplaatstermijn"] is None) is (domein == "iwmo")
