"""The whole way: bytes in, judged, booked, answered, in the postvak."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.partij import SYSTEEM, Actor
from app.judging import wek_wachtenden
from app.ledger import SaldoFilter, saldi
from app.mailbox import bevestig_ontvangst, lees_postvak
from app.parties import laad_regio
from tests.builders import (
    AGB,
    BSN,
    GEMEENTE,
    make_301,
    make_305,
    make_323,
    make_credit,
    make_declaratie,
    make_header,
    make_prestatie,
    make_retour,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import ANDERE_AGB, REGIO, antwoord_op, klopt, retourcodes, status, stuur, write_region
from workers.local import judge_all

AANBIEDER = Actor(naam="software", partijen=frozenset({f"aanbieder:{AGB}"}))


def second_claim(*prestaties: Prestatie) -> Bericht:
    """Another declaratie over the same month, with numbers of its own."""
    client = DeclaratieClient(bsn=BSN, prestaties=prestaties)
    return make_323(declaratie=make_declaratie([client], declaratie_nummer="D2"), identificatie="ID2")


async def test_a_claim_on_a_toewijzing_is_granted_booked_and_answered(wereld: Wereld) -> None:
    """301, 305 and 323 in that order: everything granted, cost on the gemeente, a 325 without clients in the postvak."""
    toewijzing = await stuur(wereld, make_301())
    start = await stuur(wereld, make_305())
    claim = await stuur(wereld, make_323())

    await judge_all(wereld, lot_size_max=50)

    assert [await status(wereld, nr) for nr in (toewijzing, start, claim)] == ["klaar", "verwerkt", "verwerkt"]
    answer = await antwoord_op(wereld, claim)
    assert answer.header.retour_codes == ("0200",)
    assert answer.declaratie_antwoord is not None
    assert answer.declaratie_antwoord.retour_codes == ("8001",)
    assert answer.declaratie_antwoord.totaal_toegekend_bedrag.cent == 48000
    cost = await saldi(wereld, SYSTEEM, SaldoFilter(rekening="kosten"))
    assert [(row.gemeente, row.zorgvorm, row.zorgmaand, row.bedrag_cent) for row in cost] == [
        (GEMEENTE, "ambulant", date(2026, 5, 1), 48000)
    ]
    owed = await saldi(wereld, SYSTEEM, SaldoFilter(rekening="crediteur"))
    assert [(row.aanbieder, row.bedrag_cent) for row in owed] == [(AGB, -48000)]
    await klopt(wereld)


async def test_the_postvak_holds_what_was_sent_until_it_is_acknowledged(wereld: Wereld) -> None:
    """The aanbieder finds the 301 and the answers in order, and not again after acknowledging them."""
    toewijzing = await stuur(wereld, make_301())
    await stuur(wereld, make_305())
    await judge_all(wereld, lot_size_max=50)

    waiting = await lees_postvak(wereld, AANBIEDER, f"aanbieder:{AGB}")
    await bevestig_ontvangst(wereld, AANBIEDER, f"aanbieder:{AGB}", toewijzing)
    after = await lees_postvak(wereld, AANBIEDER, f"aanbieder:{AGB}")

    assert [item.bericht for item in waiting.items] == ["301", "306"]
    assert [item.bericht for item in after.items] == ["306"]
    assert await status(wereld, toewijzing) == "bezorgd"


async def test_a_302_that_accepts_answers_the_301(wereld: Wereld) -> None:
    """The 301 is answered and its term ends; the 302 itself has no answer."""
    heen = make_301()
    toewijzing = await stuur(wereld, heen)
    retour = await stuur(wereld, make_retour(heen))

    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, toewijzing) == "beantwoord"
    assert await status(wereld, retour) == "verwerkt"


async def test_a_302_that_rejects_undoes_its_301(wereld: Wereld) -> None:
    """The toewijzing counts as not sent (OP286): a claim on it is refused, its number may be used again, the gemeente finds the 302."""
    heen = make_301()
    toewijzing = await stuur(wereld, heen)
    await judge_all(wereld, lot_size_max=50)
    await stuur(wereld, make_retour(heen, "0001"))
    await judge_all(wereld, lot_size_max=50)

    claim = await stuur(wereld, make_323())
    again = await stuur(wereld, make_301(identificatie="ANDER"))
    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, toewijzing) == "afgekeurd_door_ontvanger"
    assert await status(wereld, claim) == "afgekeurd"
    assert await retourcodes(wereld, claim) == {"8187"}
    assert await status(wereld, again) == "klaar"
    postvak = await lees_postvak(wereld, Actor(naam="g", partijen=frozenset({f"gemeente:{GEMEENTE}"})), f"gemeente:{GEMEENTE}")
    assert [item.bericht for item in postvak.items] == ["302"]
    await klopt(wereld)


async def test_a_302_that_rejects_a_toewijzing_with_granted_claims_is_parked(wereld: Wereld) -> None:
    """Money stands on it: a person of the gemeente decides, the toewijzing stays."""
    heen = make_301()
    await stuur(wereld, heen)
    await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)

    retour = await stuur(wereld, make_retour(heen, "0001"))
    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, retour) == "geparkeerd"
    assert await wereld.pool.fetchval("select count(*) from toewijzing_versie where ingetrokken_door is not null") == 0


async def test_a_credit_and_a_new_debit_replace_a_granted_line(wereld: Wereld) -> None:
    """The books show three transfers and the cost of the new line; the reversal names the booking it undoes."""
    await stuur(wereld, make_301())
    first = make_prestatie("R1")
    await stuur(wereld, make_323(first))
    await judge_all(wereld, lot_size_max=50)
    replacement = make_prestatie("R3", geleverd_volume=6)
    correction = await stuur(wereld, second_claim(make_credit("R2", first), replacement))

    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, correction) == "verwerkt"
    rows = await wereld.pool.fetch(
        "select soort, bedrag_cent, storno_van from boeking where soort <> 'verplichting' order by bericht_nr, regel"
    )
    assert [(row["soort"], row["bedrag_cent"]) for row in rows] == [
        ("prestatie", 48000),
        ("prestatie_credit", 48000),
        ("prestatie", 36000),
    ]
    assert rows[1]["storno_van"].endswith(":1:prestatie:0")
    await klopt(wereld)


async def test_the_same_bytes_again_change_nothing(wereld: Wereld) -> None:
    """The first number comes back and nothing is judged or booked twice."""
    await stuur(wereld, make_301())
    first = await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)

    second = await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)

    assert second == first
    assert await wereld.pool.fetchval("select count(*) from boeking where soort = 'prestatie'") == 1


async def test_the_same_bytes_after_a_rejection_as_a_whole_are_judged_anew(wereld: Wereld) -> None:
    """A start before its toewijzing was rejected; the same bytes after the 301 are accepted (OP286)."""
    first = await stuur(wereld, make_305())
    await judge_all(wereld, lot_size_max=50)
    await stuur(wereld, make_301())
    second = await stuur(wereld, make_305())
    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, first) == "afgekeurd"
    assert second != first
    assert await status(wereld, second) == "verwerkt"


async def test_a_toewijzingnummer_of_another_aanbieder_is_refused(wereld: Wereld) -> None:
    """The number is unique in the gemeente, across lanes (TR332)."""
    await stuur(wereld, make_301())
    await judge_all(wereld, lot_size_max=50)
    header = make_header("301", ontvanger=ANDERE_AGB, identificatie="ANDER")
    second = await stuur(wereld, replace(make_301(), header=header))

    await judge_all(wereld, lot_size_max=50)

    assert await status(wereld, second) == "afgekeurd"
    assert await retourcodes(wereld, second) == {"9332"}


async def test_numbers_taken_by_another_lane_at_the_same_moment_become_a_finding(wereld: Wereld) -> None:
    """Two lanes judge 301s with one Identificatie at once: exactly one of them is accepted (TR056), whoever is first."""
    one = make_301()
    product = make_toegewezen_product(toewijzing_nummer=2002)
    other = replace(make_301(product), header=make_header("301", ontvanger=ANDERE_AGB))
    numbers = [await stuur(wereld, one), await stuur(wereld, other)]

    await judge_all(wereld, lot_size_max=50)

    assert sorted([await status(wereld, nr) for nr in numbers]) == ["afgekeurd", "klaar"]
    [rejected] = [nr for nr in numbers if await status(wereld, nr) == "afgekeurd"]
    assert await retourcodes(wereld, rejected) == {"9056"}


async def test_a_claim_without_any_contract_line_waits_and_is_judged_when_the_region_has_it(wereld: Wereld, tmp_path: Path) -> None:
    """The 323 waits for the contract desk; loading the contract judges it (DESIGN section 5).

    The contract is corrected to another gemeente: a tariff that a folder leaves out keeps the days before the load (decision 0010).
    """
    without = {**REGIO, "contracten.csv": REGIO["contracten.csv"].replace(f"J1,{AGB},ijw,*", f"J1,{AGB},ijw,0687")}
    await laad_regio(wereld.pool, write_region(tmp_path / "zonder", without), nu=wereld.nu, actor=SYSTEEM)
    await stuur(wereld, make_301())
    claim = await stuur(wereld, make_323())
    await judge_all(wereld, lot_size_max=50)
    waiting = await status(wereld, claim)

    await laad_regio(wereld.pool, write_region(tmp_path / "met"), nu=wereld.nu, actor=SYSTEEM)
    await wek_wachtenden(wereld, alle=True)
    await judge_all(wereld, lot_size_max=50)

    assert waiting == "wacht_op_contract"
    assert await status(wereld, claim) == "verwerkt"
    await klopt(wereld)


@pytest.mark.parametrize("lot_size", [1, 2, 50])
async def test_lots_of_any_size_give_the_same_outcome(wereld: Wereld, lot_size: int) -> None:
    """Judging in lots sees what the berichten before it in the lot changed."""
    heen = make_301()
    numbers = [
        await stuur(wereld, heen),
        await stuur(wereld, make_retour(heen)),
        await stuur(wereld, make_305()),
        await stuur(wereld, make_305(identificatie="ID2")),
        await stuur(wereld, make_323()),
        await stuur(wereld, second_claim(make_prestatie("R9"))),
    ]

    await judge_all(wereld, lot_size_max=lot_size)

    assert [await status(wereld, nr) for nr in numbers] == ["beantwoord", "verwerkt", "verwerkt", "afgekeurd", "verwerkt", "afgekeurd"]
    assert await retourcodes(wereld, numbers[3]) == {"9074", "9326"}
    assert await retourcodes(wereld, numbers[5]) == {"9389"}
