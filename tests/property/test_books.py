"""Whatever an aanbieder and a gemeente send each other: the books balance, nothing is granted twice, and repeating changes nothing.

A course of events is a list of steps drawn at random, with numbers from so small a supply that they collide all the time.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.bericht import Bericht
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.oordeel import Oordeel, Verdict
from app.domain.snapshot import Snapshot
from app.domain.toewijzing import Omvang
from app.judging import verwerk_baan
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.ledger.boeking import Boeking, boekingen_van, saldo_deltas
from app.ledger.gebeurtenissen import VERPLICHTING_SOORT
from app.register import afzender_van
from app.standard.writing import write
from tests.builders import (
    AGB,
    ANDERE_BSN,
    BSN,
    GEMEENTE,
    KORTE_NAAM,
    VANDAAG,
    make_301,
    make_305,
    make_307,
    make_323,
    make_client,
    make_declaratie,
    make_month,
    make_prestatie,
    make_snapshot,
    make_start,
    make_stop,
    make_toegewezen_product,
)
from tests.end_to_end.werkbank import boeken, klopt, stuur, wereld_with_region

BSNS = (BSN, ANDERE_BSN)
MAANDEN = (1, 2, 3, 4, 5)
TARIEVEN = (*[6000] * 7, 6001)
ANDERS = (False, False, False, False, False, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regel:
    """A line of a declaratie: a debit, or the credit of the so-manieth debit before it; `anders`: on the toewijzing of the other client."""

    referentie: int
    vorig: int | None
    anders: bool
    maand: int
    volume: int
    tarief: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stap:
    """One bericht: its soort, whom it is about, whether it names the toewijzing of the other client, and its own number (another may have it)."""

    soort: str
    client: int
    anders: bool
    eigen_nummer: int
    volume: int
    regels: tuple[Regel, ...]


REGELS = st.builds(
    Regel,
    referentie=st.integers(0, 60),
    vorig=st.none() | st.integers(0, 60),
    anders=st.sampled_from(ANDERS),
    maand=st.sampled_from(MAANDEN),
    volume=st.integers(1, 40),
    tarief=st.sampled_from(TARIEVEN),
)
STAPPEN = st.builds(
    Stap,
    soort=st.sampled_from(["301", "305", "307", "323", "323", "323"]),
    client=st.integers(0, 1),
    anders=st.sampled_from(ANDERS),
    eigen_nummer=st.integers(0, 30),
    volume=st.integers(1, 20),
    regels=st.lists(REGELS, min_size=1, max_size=4).map(tuple),
)
OPENING = tuple(Stap(soort="301", client=client, anders=False, eigen_nummer=31 + client, volume=20, regels=()) for client in (0, 1))
"""Both clients have a toewijzing to begin with; otherwise most courses would hold refusals only."""
VERLOPEN = st.lists(STAPPEN, max_size=25).map(lambda stappen: [*OPENING, *stappen])


def random_course(seed: int, length: int) -> list[Stap]:
    """The same by a seed, for courses that go through a database."""
    chance = random.Random(seed)

    def regel() -> Regel:
        return Regel(
            referentie=chance.randrange(400),
            vorig=chance.randrange(400) if chance.random() < 0.3 else None,
            anders=chance.choice(ANDERS),
            maand=chance.choice(MAANDEN),
            volume=chance.randint(1, 40),
            tarief=chance.choice(TARIEVEN),
        )

    return [
        *OPENING,
        *(
            Stap(
                soort=chance.choice(["301", "305", "307", "323", "323", "323"]),
                client=chance.randrange(2),
                anders=chance.choice(ANDERS),
                eigen_nummer=chance.randrange(2 * length),
                volume=chance.randint(1, 20),
                regels=tuple(regel() for _ in range(chance.randint(1, 4))),
            )
            for _ in range(length)
        ),
    ]


def berichten_of(stappen: Iterable[Stap]) -> list[Bericht]:
    """The berichten of a course; of equal bytes only the first, for the door takes no more."""
    written: dict[bytes, Bericht] = {}
    debits: list[Prestatie] = []
    for stap in stappen:
        bericht = _bericht(stap, debits)
        written.setdefault(write(bericht), bericht)
    return list(written.values())


def _bericht(stap: Stap, debits: list[Prestatie]) -> Bericht:
    bsn, nummer, identificatie = BSNS[stap.client], _nummer(stap, stap.anders), f"ID{stap.eigen_nummer}"
    if stap.soort == "301":
        omvang = Omvang(volume=stap.volume, eenheid="04", frequentie="2")
        product = make_toegewezen_product(toewijzing_nummer=nummer, omvang=omvang, toewijzingstijd=f"10:00:{stap.eigen_nummer % 60:02d}")
        return make_301(client=make_client(bsn=bsn, toegewezen_producten=(product,)), identificatie=identificatie)
    if stap.soort == "323":
        prestaties = tuple(_prestatie(stap, regel, debits) for regel in stap.regels)
        periode = make_month(2026, 4 if stap.volume == 1 else 5)
        declaratie = make_declaratie(
            [DeclaratieClient(bsn=bsn, prestaties=prestaties)], declaratie_nummer=f"D{stap.eigen_nummer}", declaratie_periode=periode
        )
        return make_323(declaratie=declaratie, identificatie=identificatie)
    kind = {"contactgegevens": (), "naam": KORTE_NAAM, "bsn": bsn}
    if stap.soort == "305":
        return make_305(client=make_client(start_producten=(make_start(toewijzing_nummer=nummer),), **kind), identificatie=identificatie)
    return make_307(client=make_client(stop_producten=(make_stop(toewijzing_nummer=nummer),), **kind), identificatie=identificatie)


def _nummer(stap: Stap, anders: bool) -> int:
    return 1001 + (stap.client ^ anders)


def _prestatie(stap: Stap, regel: Regel, debits: list[Prestatie]) -> Prestatie:
    if regel.vorig is not None and debits:
        earlier = debits[regel.vorig % len(debits)]
        return make_prestatie(
            f"R{regel.referentie}",
            vorig=earlier.product_referentie.referentie_nummer,
            debet_credit="C",
            periode=earlier.product_periode,
            toewijzing_nummer=earlier.toewijzing_nummer,
            geleverd_volume=earlier.geleverd_volume,
            product_tarief=earlier.product_tarief,
        )
    debit = make_prestatie(
        f"R{regel.referentie}",
        toewijzing_nummer=_nummer(stap, regel.anders),
        periode=make_month(2026, regel.maand),
        geleverd_volume=regel.volume,
        product_tarief=regel.tarief,
    )
    debits.append(debit)
    return debit


def begin() -> Snapshot:
    """A past in which nothing happened yet, with the contract of the default aanbieder."""
    return make_snapshot(toewijzingen={}, clienten={})


def judge(berichten: Sequence[Bericht]) -> tuple[list[Oordeel], list[Boeking], Snapshot]:
    """One after another, each seeing what those before it changed."""
    snapshot = begin()
    oordelen: list[Oordeel] = []
    boekingen: list[Boeking] = []
    for nr, bericht in enumerate(berichten, 1):
        oordeel = beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)
        oordelen.append(oordeel)
        if oordeel.telt_als_verzonden:
            boekingen += boekingen_van(oordeel, bericht_nr=nr, agb=AGB, boekdatum=VANDAAG)
        snapshot = bijwerken(snapshot, oordeel, bericht_nr=nr, van=afzender_van(bericht))
    return oordelen, boekingen, snapshot


@given(VERLOPEN)
def test_the_books_balance_and_are_what_was_granted(stappen: list[Stap]) -> None:
    """Cost of the gemeente is what the aanbieder is owed is the sum of the 325s; no source is booked twice."""
    oordelen, boekingen, _ = judge(berichten_of(stappen))

    deltas = saldo_deltas(boekingen)
    cost = sum(cents for (rekening, *_), cents in deltas.items() if rekening.soort == "kosten")
    owed = sum(cents for (rekening, *_), cents in deltas.items() if rekening.soort == "crediteur")
    assert cost == -owed == sum(oordeel.toegekend_cent or 0 for oordeel in oordelen if oordeel.telt_als_verzonden)
    assert cost >= 0
    assert max(Counter(boeking.sleutel for boeking in boekingen).values(), default=1) == 1


@given(VERLOPEN)
def test_a_credit_undoes_one_granted_debit_for_its_own_amount(stappen: list[Stap]) -> None:
    """Never two of the same, never more or less than was booked."""
    _, boekingen, _ = judge(berichten_of(stappen))

    debits = {boeking.sleutel: boeking for boeking in boekingen if boeking.soort == "prestatie"}
    credits_ = [boeking for boeking in boekingen if boeking.soort == "prestatie_credit"]
    assert len({boeking.storno_van for boeking in credits_}) == len(credits_)
    for credit in credits_:
        assert credit.storno_van is not None
        debit = debits[credit.storno_van]
        assert (credit.bedrag_cent, credit.zorgmaand, credit.debet, credit.credit) == (
            debit.bedrag_cent,
            debit.zorgmaand,
            debit.credit,
            debit.debet,
        )


@given(VERLOPEN)
def test_of_what_is_granted_nothing_stands_open_twice(stappen: list[Stap]) -> None:
    """TR389: of one client, product and period there is at most one debit that no credit has undone; and none at another tariff (TR418)."""
    berichten = berichten_of(stappen)
    oordelen, boekingen, _ = judge(berichten)

    undone = {boeking.storno_van for boeking in boekingen if boeking.storno_van is not None}
    open_debits: Counter[tuple[object, ...]] = Counter()
    for nr, oordeel in enumerate(oordelen, 1):
        declaratie = oordeel.bericht.declaratie
        for line in oordeel.prestaties if oordeel.telt_als_verzonden and declaratie is not None else ():
            assert declaratie is not None
            prestatie = declaratie.clienten[line.client_index].prestaties[line.prestatie_index]
            if line.toegekend and not prestatie.is_credit:
                assert prestatie.product_tarief == 6000
                if f"{nr}:{line.regel}:prestatie:0" not in undone:
                    open_debits[prestatie.toewijzing_nummer, prestatie.product_periode] += 1
    assert set(open_debits.values()) <= {1}


@given(VERLOPEN)
def test_judging_again_gives_the_same(stappen: list[Stap]) -> None:
    """Judging is a function: no clock, no chance, no memory."""
    berichten = berichten_of(stappen)

    assert judge(berichten)[:2] == judge(berichten)[:2]


@given(VERLOPEN)
def test_sending_everything_again_grants_nothing(stappen: list[Stap]) -> None:
    """Whatever counted as sent is refused the second time (TR056), so a repeat of the whole course moves no cent of it."""
    berichten = berichten_of(stappen)
    oordelen, _, snapshot = judge(berichten)

    for nr, (bericht, first) in enumerate(zip(berichten, oordelen, strict=True), 1000):
        if first.telt_als_verzonden:
            again = beoordeel(bericht, snapshot, vandaag=VANDAAG, bericht_nr=nr)
            assert again.verdict is Verdict.AFGEKEURD
            assert list(boekingen_van(again, bericht_nr=nr, agb=AGB, boekdatum=VANDAAG)) == []


@settings(max_examples=50)
@given(VERLOPEN, st.integers(0, 27))
def test_what_counts_as_not_sent_leaves_no_trace(stappen: list[Stap], place: int) -> None:
    """Leave one rejected bericht out: all others have the same oordeel (OP286)."""
    berichten = berichten_of(stappen)
    oordelen, _, _ = judge(berichten)
    rejected = [index for index, oordeel in enumerate(oordelen) if not oordeel.telt_als_verzonden]
    if not rejected:
        return
    out = rejected[place % len(rejected)]

    fewer, _, _ = judge([*berichten[:out], *berichten[out + 1 :]])

    outcome = [(oordeel.verdict, oordeel.bevindingen, oordeel.toegekend_cent) for oordeel in oordelen]
    assert [(oordeel.verdict, oordeel.bevindingen, oordeel.toegekend_cent) for oordeel in fewer] == outcome[:out] + outcome[out + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_database_agrees_with_judging_in_memory_whatever_the_lots(database: str, tmp_path: Path, seed: int) -> None:
    """The register gives back what was put into it: same verdicts, same findings, same transfers, in lots of any size."""
    berichten = berichten_of(random_course(seed, 60))
    oordelen, boekingen, _ = judge(berichten)
    sizes = random.Random(seed)

    async with wereld_with_region(database, tmp_path) as wereld:
        for bericht in berichten:
            await stuur(wereld, bericht)
        while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=sizes.choice([1, 2, 5, 50])):
            pass
        await klopt(wereld)
        rows = await wereld.pool.fetch(
            """
            select b.status, array_agg(v.regel || v.pad) filter (where v.regel is not null) as gevonden
              from bericht b left join bevinding v using (bericht_nr) where b.richting = 'in' group by b.bericht_nr order by b.bericht_nr
            """
        )
        books = await boeken(wereld)

    assert [(row["status"], sorted(row["gevonden"] or [])) for row in rows] == [
        (
            "klaar" if (oordeel.bericht.soort, oordeel.verdict) == ("301", Verdict.VERWERKT) else oordeel.verdict.value,
            sorted(f"{bevinding.regel}{bevinding.pad}" for bevinding in oordeel.bevindingen),
        )
        for oordeel in oordelen
    ]
    assert Counter((b.soort, b.bedrag_cent, b.zorgmaand) for b in boekingen) == _by_amount(books.boekingen)
    assert len(boekingen) > 5
    assert any(boeking.soort == "prestatie_credit" for boeking in boekingen)
    assert {bericht.header.ontvanger for bericht in berichten} == {AGB, GEMEENTE}


def _by_amount(boekingen: Counter[tuple[object, ...]]) -> Counter[tuple[str, int, date]]:
    """The rows of `werkbank.boeken` by soort, amount and month of care, commitments left out."""
    found: Counter[tuple[str, int, date]] = Counter()
    for row, count in boekingen.items():
        soort, cents, maand = row[3], row[7], row[9]
        assert isinstance(soort, str)
        assert isinstance(cents, int)
        assert isinstance(maand, date)
        if soort != VERPLICHTING_SOORT:
            found[soort, cents, maand] += count
    return found
