"""Payment runs on a real database: from what is owed to what the bank confirmed, and everything that may go otherwise on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from lxml import etree

from app.adapters.bankbestand import pain001_faults
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, NietToegestaan, OngeldigVerzoek
from app.domain.iban import make_iban
from app.domain.partij import SYSTEEM, Actor, Rol
from app.judging import verwerk_baan
from app.ledger import verify
from app.parties import laad_regio
from app.settlement import (
    exporteer_betaalrun,
    keur_betaalrun_goed,
    lijst_betaalruns,
    lijst_betalingen,
    meld_geweigerd,
    stel_betalingen_voor,
    toon_betaalrun,
    toon_specificatie,
    trek_betaalrun_in,
)
from app.settlement.betalingen import ALLES, NIETS, Blokkade, RegelStatus, RunStatus, Verrekening
from app.settlement.service_camt import lees_afschrift
from tests.builders import AGB, make_301, make_323, make_client, make_toegewezen_product
from tests.end_to_end.werkbank import ANDERE_AGB, stuur, wereld_with_region, write_region
from tests.integration.betaal_rijen import (
    CONTROLLER,
    DE_VESTE,
    ELDERS,
    GOES,
    HET_ANKER,
    TWEEDE,
    advance,
    entry,
    owe,
    part,
    region_met,
    saldi_van,
    statement,
)

ISO = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


@pytest.fixture
async def wereld(database: str, tmp_path: Path) -> AsyncIterator[Wereld]:
    """A world in which every party has a bank account."""
    async with wereld_with_region(database, tmp_path, region_met()) as world:
        yield world


async def verified(wereld: Wereld) -> None:
    """Nothing contradicts the books."""
    assert [each for each in await verify(wereld) if not each.klopt] == []


async def propose(wereld: Wereld, actor: Actor = CONTROLLER, **given: Any) -> int:
    """A proposal of Goes."""
    return await stel_betalingen_voor(wereld, actor, "0664", **{"verrekening": ALLES, "reden": "maandbetaling", **given})


async def send(wereld: Wereld, **given: Any) -> int:
    """A run of Goes that the bank has."""
    nr = await propose(wereld, **given)
    await keur_betaalrun_goed(wereld, TWEEDE, nr)
    await exporteer_betaalrun(wereld, CONTROLLER, nr)
    return nr


async def test_life_of_a_run_from_a_granted_declaratie_to_the_books(wereld: Wereld) -> None:
    """A 323 is granted, proposed, approved by another, sent, confirmed by the bank; the aanbieder finds its declaratie in the specification."""
    await stuur(wereld, make_301(client=make_client(toegewezen_producten=(make_toegewezen_product(),))))
    bericht_nr = await stuur(wereld, make_323())
    await verwerk_baan(wereld, "ijw", AGB, lot_size_max=10)
    granted = -(await saldi_van(wereld))["crediteur", AGB]
    await advance(wereld, 1000)

    nr = await propose(wereld)
    concept = await toon_betaalrun(wereld, TWEEDE, nr)
    assert (await saldi_van(wereld))["crediteur", AGB] == -granted
    await keur_betaalrun_goed(wereld, TWEEDE, nr)
    approved = await saldi_van(wereld)
    bestand = await exporteer_betaalrun(wereld, CONTROLLER, nr)
    [line] = concept.regels
    read = await lees_afschrift(wereld, CONTROLLER, statement(entry(line.bedrag_cent, part(f"SOL0664-{nr}-1", line.bedrag_cent))))
    paid = await saldi_van(wereld)
    run = await toon_betaalrun(wereld, CONTROLLER, nr)
    specificatie = await toon_specificatie(wereld, DE_VESTE, nr, 1)

    assert granted > 1000
    assert (concept.run.status, line.open_cent, line.verrekend_cent, line.bedrag_cent) == (RunStatus.CONCEPT, granted, 1000, granted - 1000)
    assert approved == {("onderweg", AGB): 1000 - granted, ("bank", ""): -1000}
    assert b"SOL0664" in bestand.inhoud
    assert [dict(each.stand) for each in read.afschriften] == [{"verwerkt": 1}]
    assert paid == {("bank", ""): -granted}
    assert (run.run.status, run.regels[0].status, run.run.goedgekeurd_door) == (RunStatus.AFGEROND, RegelStatus.BETAALD, "bram")
    [post] = specificatie.regels.items
    assert (post.soort, post.bericht_nr, post.toegekend_cent, post.gecrediteerd_cent) == ("declaratie", bericht_nr, granted, 0)
    assert post.declaratie_nummer
    assert (specificatie.betaling.verrekend_cent, specificatie.betaling.betaald_cent) == (1000, granted - 1000)
    await verified(wereld)


async def test_who_made_a_run_does_not_approve_it_nor_does_a_machine(wereld: Wereld) -> None:
    """Four eyes, in code and in the database."""
    await owe(wereld, 5000)
    nr = await propose(wereld)

    with pytest.raises(NietToegestaan, match="Een ander"):
        await keur_betaalrun_goed(wereld, CONTROLLER, nr)
    with pytest.raises(NietToegestaan):
        await keur_betaalrun_goed(wereld, Actor(naam="x", partijen=frozenset({"gemeente:0664"}), gemeenten=frozenset({"0664"})), nr)
    with pytest.raises(NietToegestaan):
        await keur_betaalrun_goed(wereld, replace(TWEEDE, rollen=frozenset({Rol.INZAGE})), nr)
    with pytest.raises(asyncpg.CheckViolationError, match="een ander"):
        await wereld.pool.execute("update betaalrun set status = 'goedgekeurd' where run_nr = $1", nr)
    with pytest.raises(Conflict, match="concept, niet goedgekeurd"):
        await exporteer_betaalrun(wereld, CONTROLLER, nr)
    await keur_betaalrun_goed(wereld, TWEEDE, nr)
    with pytest.raises(Conflict):
        await keur_betaalrun_goed(wereld, TWEEDE, nr)
    await verified(wereld)


async def test_run_of_another_gemeente_is_not_there(wereld: Wereld) -> None:
    """For a controller of Middelburg, and for an aanbieder that is not paid by it."""
    await owe(wereld, 5000)
    nr = await send(wereld)

    for ask in (toon_betaalrun(wereld, ELDERS, nr), keur_betaalrun_goed(wereld, ELDERS, nr), exporteer_betaalrun(wereld, ELDERS, nr),
                trek_betaalrun_in(wereld, ELDERS, nr, reden="x"), propose(wereld, ELDERS), toon_specificatie(wereld, HET_ANKER, nr, 1)):  # fmt: skip
        with pytest.raises(NietGevonden):
            await ask
    assert (await lijst_betaalruns(wereld, ELDERS)).items == ()
    assert (await lijst_betalingen(wereld, HET_ANKER)).items == ()
    assert [each.run_nr for each in (await lijst_betalingen(wereld, DE_VESTE)).items] == [nr]
    with pytest.raises(NietToegestaan):
        await lijst_betaalruns(wereld, DE_VESTE)


async def test_nothing_is_in_two_runs_also_when_they_are_made_at_once(wereld: Wereld) -> None:
    """The second waits for the first and finds nothing; what is owed later is all that a next one has."""
    await owe(wereld, 5000)

    first, second = await asyncio.gather(propose(wereld), propose(wereld), return_exceptions=True)
    [failed] = [each for each in (first, second) if isinstance(each, BaseException)]
    await owe(wereld, 700)
    later = await toon_betaalrun(wereld, CONTROLLER, await propose(wereld))

    assert isinstance(failed, OngeldigVerzoek)
    assert "niets open" in failed.melding
    assert [each.open_cent for each in later.regels] == [700]
    await verified(wereld)


async def test_credits_lower_a_payment_and_a_debt_is_carried(wereld: Wereld) -> None:
    """An aanbieder that owes is shown and not paid; when it has earned it back the rest is paid."""
    await owe(wereld, 5000)
    await owe(wereld, -1200)
    await owe(wereld, -900, ANDERE_AGB)
    shown = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))
    await owe(wereld, 2000, ANDERE_AGB)
    later = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))

    assert [(each.agb, each.open_cent, each.bedrag_cent, each.blokkade) for each in shown.regels] == [
        (AGB, 3800, 3800, Blokkade.GEEN),
        (ANDERE_AGB, -900, 0, Blokkade.SCHULD),
    ]
    assert [(each.agb, each.bedrag_cent) for each in later.regels] == [(ANDERE_AGB, 1100)]
    await verified(wereld)


@pytest.mark.parametrize(
    ("choice", "set_off"),
    [
        (ALLES, 3000),
        (NIETS, 0),
        (Verrekening(procent=25), 1250),
        (Verrekening(maximum_cent={AGB: 800}), 800),
        (Verrekening(maximum_cent={AGB: 0}), 0),
    ],
)
async def test_how_much_of_an_advance_is_set_off_is_a_choice(wereld: Wereld, choice: Verrekening, set_off: int) -> None:
    """All of it, nothing, a part of what is owed, or an amount per aanbieder."""
    await owe(wereld, 5000)
    await advance(wereld, 3000)

    await send(wereld, verrekening=choice)

    saldi = await saldi_van(wereld)
    assert saldi["onderweg", AGB] == set_off - 5000
    assert saldi.get(("voorschot", AGB), 0) == 3000 - set_off
    assert ("crediteur", AGB) not in saldi
    await verified(wereld)


async def test_an_advance_above_what_is_owed_leaves_nothing_to_pay(wereld: Wereld) -> None:
    """The run is finished when it is approved, has no file, and the rest of the advance waits."""
    await owe(wereld, 2000)
    await advance(wereld, 5000)
    nr = await propose(wereld)
    await keur_betaalrun_goed(wereld, TWEEDE, nr)

    run = await toon_betaalrun(wereld, CONTROLLER, nr)
    with pytest.raises(Conflict, match="afgerond"):
        await exporteer_betaalrun(wereld, CONTROLLER, nr)

    assert (run.run.status, run.regels[0].status) == (RunStatus.AFGEROND, RegelStatus.VERREKEND)
    assert await saldi_van(wereld) == {("voorschot", AGB): 3000, ("bank", ""): -5000}
    await verified(wereld)


@pytest.mark.parametrize("approve", [False, True], ids=["proposal", "approved"])
async def test_a_withdrawn_run_lets_go_of_everything(wereld: Wereld, approve: bool) -> None:
    """Books as before, and the next proposal has the same items and advance again."""
    await owe(wereld, 5000)
    await advance(wereld, 3000)
    before = await saldi_van(wereld)
    nr = await propose(wereld)
    if approve:
        await keur_betaalrun_goed(wereld, TWEEDE, nr)
    await trek_betaalrun_in(wereld, CONTROLLER, nr, reden="verkeerde dag")
    after = await saldi_van(wereld)
    again = await toon_betaalrun(wereld, CONTROLLER, await propose(wereld))

    assert after == before
    assert [(each.open_cent, each.verrekend_cent) for each in again.regels] == [(5000, 3000)]
    with pytest.raises(Conflict):
        await trek_betaalrun_in(wereld, CONTROLLER, nr, reden="nog eens")
    await verified(wereld)


async def test_a_sent_run_is_not_withdrawn_and_its_file_stays_the_same(wereld: Wereld) -> None:
    """Every download is the bytes of the first, valid against the schema of the ISO, and without a payment to who is not paid."""
    await owe(wereld, 5000)
    await owe(wereld, 333, ANDERE_AGB)
    nr = await send(wereld, uitvoeren_op=date(2026, 6, 6))
    bestanden = [await exporteer_betaalrun(wereld, CONTROLLER, nr) for _ in range(2)]
    root = etree.fromstring(bestanden[0].inhoud)

    with pytest.raises(Conflict, match="verzonden"):
        await trek_betaalrun_in(wereld, CONTROLLER, nr, reden="te laat")
    assert bestanden[0] == bestanden[1]
    assert pain001_faults(bestanden[0].inhoud) == ()
    assert [each.text for each in root.iter(f"{ISO}EndToEndId")] == [f"SOL0664-{nr}-1", f"SOL0664-{nr}-2"]
    assert [each.text for each in root.iter(f"{ISO}InstdAmt")] == ["50.00", "3.33"]
    assert [each.text for each in root.iter(f"{ISO}CtrlSum")] == ["53.33", "53.33"]
    assert [each.text for each in root.iter(f"{ISO}Nm")] == ["Gemeente Goes", "Gemeente Goes", "Stichting De Veste", "Zorg + Anker B.V."]
    assert [each.text for each in root.iter(f"{ISO}MsgId")] == [f"SOL0664-{nr}"]
    # The sixth of June 2026 is a Saturday.
    assert [each[0].text for each in root.iter(f"{ISO}ReqdExctnDt")] == ["2026-06-08"]
    stored = await wereld.pool.fetchval("select bestand from betaalrun where run_nr = $1", nr)
    assert GOES.encode() not in stored


async def test_an_aanbieder_without_account_is_shown_as_blocked(database: str, tmp_path: Path) -> None:
    """It is not paid and not left out; once its account is loaded the next run pays it. Without its own account a gemeente pays nobody."""
    known = region_met("gemeente:0664", f"aanbieder:{AGB}")
    async with wereld_with_region(database, tmp_path, known) as wereld:
        await owe(wereld, 5000)
        await owe(wereld, 400, ANDERE_AGB)
        await owe(wereld, 100, gemeente="0687")
        first = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))
        with pytest.raises(OngeldigVerzoek, match="geen bankrekening"):
            await stel_betalingen_voor(wereld, CONTROLLER, "0687", verrekening=ALLES, reden="x")
        await laad_regio(wereld.pool, write_region(tmp_path / "vol", region_met()), nu=wereld.nu, actor=SYSTEEM)
        second = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))

        assert [(each.agb, each.status, each.blokkade) for each in first.regels] == [
            (AGB, RegelStatus.ONDERWEG, Blokkade.GEEN),
            (ANDERE_AGB, RegelStatus.GEBLOKKEERD, Blokkade.GEEN_IBAN),
        ]
        assert (first.run.aantal, first.run.geblokkeerd) == (1, 1)
        assert [(each.agb, each.bedrag_cent) for each in second.regels] == [(ANDERE_AGB, 400)]
        await verified(wereld)


async def test_another_account_than_last_time_must_be_looked_at(wereld: Wereld, tmp_path: Path) -> None:
    """Approving says which aanbieder it is and goes on only when the approver has checked; changed after the proposal it is refused."""
    await owe(wereld, 5000)
    await send(wereld)
    await owe(wereld, 6000)
    stale = await propose(wereld)
    anders = make_iban("NL", "TEST0000000001")
    await laad_regio(wereld.pool, write_region(tmp_path / "anders", region_met(**{AGB: anders})), nu=wereld.nu, actor=SYSTEEM)

    with pytest.raises(Conflict, match="sinds het voorstel gewijzigd"):
        await keur_betaalrun_goed(wereld, TWEEDE, stale, ibans_gecontroleerd=True)
    await trek_betaalrun_in(wereld, CONTROLLER, stale, reden="nieuwe rekening")
    nr = await propose(wereld)
    shown = await toon_betaalrun(wereld, TWEEDE, nr)
    with pytest.raises(Conflict, match="andere rekening") as refused:
        await keur_betaalrun_goed(wereld, TWEEDE, nr)
    await keur_betaalrun_goed(wereld, TWEEDE, nr, ibans_gecontroleerd=True)

    assert [each.agb for each in shown.gewijzigd] == [AGB]
    assert anders not in refused.value.melding
    await verified(wereld)


async def test_what_was_taken_back_since_the_proposal_stops_the_approval(wereld: Wereld) -> None:
    """Nothing is paid that is no longer owed."""
    await owe(wereld, 5000)
    nr = await propose(wereld)
    await owe(wereld, -1)

    with pytest.raises(Conflict, match="teruggenomen"):
        await keur_betaalrun_goed(wereld, TWEEDE, nr)

    assert (await toon_betaalrun(wereld, CONTROLLER, nr)).run.goedgekeurd_door is None
    await verified(wereld)


async def test_an_order_that_the_bank_refuses_is_owed_again(wereld: Wereld) -> None:
    """Its advance too; the next run pays it, under another reference."""
    await owe(wereld, 5000)
    await advance(wereld, 1000)
    nr = await send(wereld)
    await meld_geweigerd(wereld, CONTROLLER, nr, 1, reden="rekening opgeheven")
    owed = await saldi_van(wereld)
    with pytest.raises(Conflict):
        await meld_geweigerd(wereld, CONTROLLER, nr, 1, reden="nog eens")
    again = await toon_betaalrun(wereld, CONTROLLER, await send(wereld))

    assert owed == {("crediteur", AGB): -5000, ("voorschot", AGB): 1000, ("bank", ""): -1000}
    assert (await toon_betaalrun(wereld, CONTROLLER, nr)).run.status is RunStatus.AFGEROND
    assert [(each.bedrag_cent, each.end_to_end_id) for each in again.regels] == [(4000, f"SOL0664-{again.run.run_nr}-1")]
    await verified(wereld)


@pytest.mark.parametrize(
    "step",
    [
        "update betaalrun set status = 'afgerond' where run_nr = $1",
        "update betaalregel set status = 'betaald', betaald_cent = bedrag_cent where run_nr = $1",
        "update betaalregel set bedrag_cent = bedrag_cent + 1, open_cent = open_cent + 1 where run_nr = $1",
        "update betaalrun set iban = 'NL00' where run_nr = $1",
        "update betaalpost set bedrag_cent = 1 where run_nr = $1",
        "delete from betaalregel where run_nr = $1",
        "delete from betaalrun where run_nr = $1",
    ],
)
async def test_the_database_refuses_a_course_that_there_is_not(wereld: Wereld, step: str) -> None:
    """Whoever tries it."""
    await owe(wereld, 5000)
    nr = await propose(wereld)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await wereld.pool.execute(step, nr)


async def test_a_step_that_breaks_halfway_leaves_everything_as_it_was(wereld: Wereld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is gone after the bookings and before the statuses: nothing was approved, and doing it again does."""
    await owe(wereld, 5000)
    nr = await propose(wereld)
    before = await saldi_van(wereld)

    async def gone(*_given: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("app.settlement.store_betalingen.set_regels", gone)
        with pytest.raises(Exception, match="database"):
            await keur_betaalrun_goed(wereld, TWEEDE, nr)
    after = await saldi_van(wereld)
    await keur_betaalrun_goed(wereld, TWEEDE, nr)

    assert after == before
    assert (await saldi_van(wereld))["onderweg", AGB] == -5000
    await verified(wereld)
