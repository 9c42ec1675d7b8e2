"""Statements of the bank against sent runs: what matches is booked once, what does not waits for a person, what is wrong is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.settlement import toon_betaalrun
from app.settlement.betalingen import RegelStatus, RunStatus
from app.settlement.camt_koppelen import BankregelStatus
from app.settlement.service_camt import lees_afschrift, lijst_afschriften, lijst_bankregels, los_bankregel_op
from tests.builders import AGB
from tests.end_to_end.werkbank import ANDERE_AGB, wereld_with_region
from tests.integration.betaal_rijen import (
    CONTROLLER,
    DE_VESTE,
    ELDERS,
    MIDDELBURG,
    advance,
    document,
    entry,
    owe,
    part,
    region_met,
    saldi_van,
    statement,
)
from tests.integration.test_betalingen import send, verified


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which every party has a bank account."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        yield world


async def send_two(wereld: Wereld) -> tuple[str, str]:
    """A sent run that pays 50 and 30 euros; the references of its orders."""
    await owe(wereld, 5000)
    await owe(wereld, 3000, ANDERE_AGB)
    nr = await send(wereld)
    return f"SOL0664-{nr}-1", f"SOL0664-{nr}-2"


async def read(wereld: Wereld, *entries: str, nr: int = 1, versie: str = "08", **given: object) -> dict[str, int]:
    """Read a statement; how many lines ended in which state."""
    found = await lees_afschrift(wereld, CONTROLLER, statement(*entries, nr=nr, versie=versie, **given))  # type: ignore[arg-type]
    return dict(found.afschriften[0].stand)


async def reasons(wereld: Wereld) -> list[str]:
    """Why lines wait for a person."""
    return [each.reden for each in (await lijst_bankregels(wereld, CONTROLLER)).items]


@pytest.mark.parametrize("versie", ["02", "08"])
async def test_details_are_matched_by_their_reference(wereld: Wereld, versie: str) -> None:
    """One entry for the batch with a part for each order, in both versions."""
    one, two = await send_two(wereld)
    parts = (part(one, 5000, versie=versie), part(two, 3000, versie=versie))

    stand = await read(wereld, entry(8000, *parts, versie=versie), versie=versie)

    assert stand == {"verwerkt": 2}
    assert await saldi_van(wereld) == {("bank", ""): -8000}
    assert (await toon_betaalrun(wereld, CONTROLLER, int(one.split("-")[1]))).run.status is RunStatus.AFGEROND
    await verified(wereld)


async def test_one_total_for_a_batch_confirms_all_of_it(wereld: Wereld) -> None:
    """By the reference of the batch and exactly its total; another total waits for a person."""
    one, _ = await send_two(wereld)
    batch = one.rpartition("-")[0]

    wrong = await read(wereld, entry(7999, batch=batch))
    right = await read(wereld, entry(8000, batch=batch), nr=2, begin=9_992_001)

    assert (wrong, right) == ({"ongekoppeld": 1}, {"verwerkt": 1})
    assert "past niet" in (await reasons(wereld))[0]
    assert await saldi_van(wereld) == {("bank", ""): -8000}
    await verified(wereld)


async def test_an_amount_alone_matches_nothing(wereld: Wereld) -> None:
    """Other payments of the gemeente, and a receipt, wait for a person; a person says what they are."""
    await send_two(wereld)

    stand = await read(wereld, entry(5000, ref="A"), entry(3000, part("LOON-1", 3000)), entry(12, debet=False))
    waiting = await lijst_bankregels(wereld, CONTROLLER)
    await los_bankregel_op(wereld, CONTROLLER, waiting.items[0].afschrift_nr, 1, reden="salarissen")

    assert stand == {"ongekoppeld": 3}
    assert [each.bedrag_cent for each in waiting.items] == [5000, 3000, 12]
    assert len((await lijst_bankregels(wereld, CONTROLLER)).items) == 2
    with pytest.raises(Conflict, match="al opgelost"):
        await los_bankregel_op(wereld, CONTROLLER, waiting.items[0].afschrift_nr, 1, reden="nog eens")
    with pytest.raises(NietGevonden):
        await los_bankregel_op(wereld, ELDERS, waiting.items[0].afschrift_nr, 2, reden="niet van mij")
    assert (await lijst_bankregels(wereld, ELDERS)).items == ()
    assert (await lijst_afschriften(wereld, ELDERS)).items == ()
    await verified(wereld)


async def test_a_part_of_an_order_leaves_the_rest_under_way(wereld: Wereld) -> None:
    """The rest follows on another statement; what is more than the rest waits for a person."""
    one, _ = await send_two(wereld)

    await read(wereld, entry(2000, part(one, 2000), ref="A"))
    half = (await toon_betaalrun(wereld, CONTROLLER, int(one.split("-")[1]))).regels[0]
    too_much = await read(wereld, entry(3001, part(one, 3001), ref="B"), nr=2, begin=9_998_000)
    rest = await read(wereld, entry(3000, part(one, 3000), ref="C"), nr=3, begin=9_994_999)

    assert (half.status, half.betaald_cent) == (RegelStatus.ONDERWEG, 2000)
    assert (too_much, rest) == ({"ongekoppeld": 1}, {"verwerkt": 1})
    assert await saldi_van(wereld) == {("bank", ""): -5000, ("onderweg", ANDERE_AGB): -3000}
    await verified(wereld)


async def test_the_same_file_and_the_same_line_count_once(wereld: Wereld) -> None:
    """The very bytes again give the first statement; the line in another file is `dubbel`; two equal lines of one day are two."""
    one, two = await send_two(wereld)
    lines = (entry(5000, part(one, 5000)), entry(40), entry(40))
    data = statement(*lines)

    first = await lees_afschrift(wereld, CONTROLLER, data)
    again = await lees_afschrift(wereld, CONTROLLER, data)
    wider = await lees_afschrift(wereld, CONTROLLER, statement(*lines, entry(3000, part(two, 3000)), kenmerk="WEEK"))

    assert (first.is_nieuw, again.is_nieuw) == (True, False)
    assert again.afschriften == first.afschriften
    assert dict(wider.afschriften[0].stand) == {"dubbel": 3, "verwerkt": 1}
    assert await saldi_van(wereld) == {("bank", ""): -8000}
    assert len((await lijst_bankregels(wereld, CONTROLLER)).items) == 2
    await verified(wereld)


async def test_a_confirmation_that_comes_again_in_another_form_is_not_booked(wereld: Wereld) -> None:
    """First the total of the batch, then its parts: they are paid already, which a person may see."""
    one, two = await send_two(wereld)
    await read(wereld, entry(8000, batch=one.rpartition("-")[0]))

    again = await read(wereld, entry(8000, part(one, 5000), part(two, 3000)), nr=2, begin=9_992_000)

    assert again == {"ongekoppeld": 2}
    assert all("wacht niet op een bevestiging: betaald" in each for each in await reasons(wereld))
    assert await saldi_van(wereld) == {("bank", ""): -8000}
    await verified(wereld)


async def test_what_comes_back_is_owed_again_with_its_advance(wereld: Wereld) -> None:
    """A return on a later statement, and one on the statement of the payment itself; the next run pays both anew."""
    await advance(wereld, 1000)
    one, two = await send_two(wereld)
    await read(wereld, entry(4000, part(one, 4000)), entry(3000, part(two, 3000, retour="AC04"), debet=False), entry(3000, part(two, 3000)))
    same_day = await saldi_van(wereld)
    back = await read(wereld, entry(4000, part(one, 4000, retour="AC01"), debet=False), nr=2, begin=9_996_000)
    owed = await saldi_van(wereld)
    later = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))

    assert same_day == {("bank", ""): -5000, ("crediteur", ANDERE_AGB): -3000}
    assert back == {"verwerkt": 1}
    assert owed == {("bank", ""): -1000, ("voorschot", AGB): 1000, ("crediteur", AGB): -5000, ("crediteur", ANDERE_AGB): -3000}
    assert [(each.agb, each.open_cent, each.bedrag_cent) for each in later.regels] == [(AGB, 5000, 4000), (ANDERE_AGB, 3000, 3000)]
    await verified(wereld)


async def test_a_return_of_another_amount_waits_for_a_person(wereld: Wereld) -> None:
    """As does a receipt with our reference that the bank calls no return; a person may say that it is one."""
    one, two = await send_two(wereld)
    await read(wereld, entry(5000, part(one, 5000)), entry(3000, part(two, 3000)))
    back = (entry(4990, part(one, 4990, retour="AC04"), debet=False), entry(3000, part(two, 3000), debet=False))
    await read(wereld, *back, nr=2, begin=9_992_000)
    waiting = (await lijst_bankregels(wereld, CONTROLLER)).items

    with pytest.raises(Conflict, match="niet dat van de betaling"):
        await los_bankregel_op(wereld, CONTROLLER, waiting[0].afschrift_nr, 1, reden="retour", end_to_end_id=one)
    with pytest.raises(NietGevonden):
        await los_bankregel_op(wereld, CONTROLLER, waiting[1].afschrift_nr, 2, reden="retour", end_to_end_id="SOL0664-1-1")
    await los_bankregel_op(wereld, CONTROLLER, waiting[1].afschrift_nr, 2, reden="retour zonder code", end_to_end_id=two)

    assert len(waiting) == 2
    assert await saldi_van(wereld) == {("bank", ""): -5000, ("crediteur", ANDERE_AGB): -3000}
    await verified(wereld)


async def test_a_person_confirms_what_the_bank_did_not_name(wereld: Wereld) -> None:
    """Booked as if the bank had; not twice."""
    one, _ = await send_two(wereld)
    await read(wereld, entry(5000, ref="X"), entry(5000, ref="Y"))
    nr = (await lijst_bankregels(wereld, CONTROLLER)).items[0].afschrift_nr

    await los_bankregel_op(wereld, CONTROLLER, nr, 1, reden="zonder kenmerk", end_to_end_id=one)
    with pytest.raises(Conflict, match="betaald"):
        await los_bankregel_op(wereld, CONTROLLER, nr, 2, reden="nog eens", end_to_end_id=one)

    assert await saldi_van(wereld) == {("bank", ""): -5000, ("onderweg", ANDERE_AGB): -3000}
    assert [each.volgnr for each in (await lijst_bankregels(wereld, CONTROLLER, status=BankregelStatus.OPGELOST)).items] == [1]
    await verified(wereld)


async def test_what_is_only_announced_is_not_booked(wereld: Wereld) -> None:
    """Nor does it hide the entry when it comes."""
    one, _ = await send_two(wereld)

    announced = await read(wereld, entry(5000, part(one, 5000), status="PDNG", ref="A"))
    booked = await read(wereld, entry(5000, part(one, 5000), ref="A"), nr=2)

    assert (announced, booked) == ({"niet_geboekt": 1}, {"verwerkt": 1})
    await verified(wereld)


async def test_parts_that_do_not_add_up_are_not_believed(wereld: Wereld) -> None:
    """The entry then counts as a whole, and waits for a person."""
    one, two = await send_two(wereld)

    assert await read(wereld, entry(8000, part(one, 5000), part(two, 2999))) == {"ongekoppeld": 1}
    assert (await saldi_van(wereld))["onderweg", AGB] == -5000


async def test_a_missing_statement_is_said(wereld: Wereld) -> None:
    """By its number, or by a balance that does not follow; the first of an account follows nothing."""
    files = (statement(entry(10)), statement(entry(11), nr=2, begin=9_999_990), statement(nr=4, begin=1), statement(nr=5, begin=2))

    found = [(await lees_afschrift(wereld, CONTROLLER, data)).afschriften[0].waarschuwing for data in files]

    assert found[:2] == ["", ""]
    assert found[2] == "Er ontbreken afschriften: na nummer 2 komt nummer 4."
    assert "sluit niet aan" in found[3]


BOM = b"\xef\xbb\xbf"
REFUSED = {
    "no xml": (b"20;40;EUR", "geen goed gevormde XML"),
    "a DTD": (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DOCTYPE"),
    "another encoding": (b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>', "UTF-8"),
    "another document": (b"<Document/>", "camt.053 versie"),
    "a version we do not read": (document([], "04"), "camt.053 versie"),
    "no statement": (document([]), "geen afschrift"),
    "balances that do not follow": (statement(entry(5), eind=10_000_000), "niet het eindsaldo"),
    "another currency": (statement(munt="USD"), "andere munt"),
    "an account of nobody": (statement(iban="NL91ABNA0417164300"), "niet van een van uw gemeenten"),
    "too big": (b"x" * 10_000_001, "groter dan 10 MB"),
    "half a cent": (statement().replace(b"100000.00", b"100000.005"), "hele centen"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_read_is_refused_with_a_sentence(wereld: Wereld, name: str) -> None:
    """And nothing of it is kept."""
    data, sentence = REFUSED[name]

    with pytest.raises(OngeldigVerzoek, match=sentence):
        await lees_afschrift(wereld, CONTROLLER, data)

    assert (await lijst_afschriften(wereld, CONTROLLER)).items == ()


async def test_an_account_of_another_gemeente_is_as_unknown_as_one_of_nobody(wereld: Wereld) -> None:
    """For a controller of Middelburg Goes is not there; an aanbieder reads no statements at all; a byte order mark does not matter."""
    with pytest.raises(OngeldigVerzoek, match="niet van een van uw gemeenten"):
        await lees_afschrift(wereld, ELDERS, statement())
    with pytest.raises(NietToegestaan):
        await lees_afschrift(wereld, DE_VESTE, statement())
    found = await lees_afschrift(wereld, ELDERS, BOM + statement(iban=MIDDELBURG))

    assert found.afschriften[0].gemeente == "0687"


async def test_a_line_without_all_of_its_file_is_not_kept(wereld: Wereld) -> None:
    """Two statements of which the second is of nobody's account: the first is not read either."""
    mine, other = (
        statement(iban=iban).partition(b"</GrpHdr>")[2].partition(b"</BkToCstmrStmt>")[0].decode()
        for iban in (MIDDELBURG, "NL91ABNA0417164300")
    )

    with pytest.raises(OngeldigVerzoek):
        await lees_afschrift(wereld, CONTROLLER, document([mine, other]))

    assert (await lijst_afschriften(wereld, CONTROLLER)).items == ()
