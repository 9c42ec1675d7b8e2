"""Random events in random order on a real database: berichten new, late, twice and credited; judged in lots of any size; tariffs corrected and judged
again; acts, payments, balances folded, months closed between. After every step all invariants hold, and in the end the stored berichten, sent
again into an empty database with the region of the end, give the same books.

What hypothesis chooses is the order and the numbers; a step that the product refuses with a sentence (a month that may not be closed yet, nothing to
pay) is a step that must change nothing. `SOLIDAIR_TEST_TOESTANDEN` asks for more examples.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.adapters.wereld import Wereld
from app.bootstrap import open_wereld
from app.domain.bericht import Bericht
from app.domain.errors import Conflict, OngeldigVerzoek
from app.domain.partij import SYSTEEM
from app.judging import verwerk_baan
from app.ledger import (
    boek_lokaal,
    boek_ouderbijdrage,
    boek_pgb_besteding,
    boek_pgb_voorschot,
    boek_woonplaats,
    fold,
    keur_opdracht_goed,
    sluit_maand,
    trek_opdracht_in,
    verify,
    werk_verplichtingen_bij,
)
from app.ledger import store as ledger_store
from app.ledger.boeking import SaldoSleutel, saldo_client_deltas, saldo_deltas
from app.mailbox import xml_van
from app.parties import laad_regio
from app.settlement import exporteer_betaalrun, keur_betaalrun_goed, stel_betalingen_voor
from app.settlement.betalingen import ALLES
from tests.builders import AGB
from tests.end_to_end.herbeoordeling import Netto, herbeoordeel_alles, laad, netto, regio
from tests.end_to_end.werkbank import NU, settings_for, stuur, write_region
from tests.end_to_end.werklast import Baan
from tests.fixtures.database import copy_of_template
from tests.integration.betaal_rijen import CONTROLLER, REKENINGEN, TWEEDE, advance
from tests.property.test_books import berichten_of, random_course
from tests.property.verlopen import Verloop

T = TypeVar("T")

VOORBEELDEN = int(os.environ.get("SOLIDAIR_TEST_TOESTANDEN", "20"))
STAPPEN = 25
VIER_OGEN_CENT = 10_000
"""Acts of more wait for a second person: some of them do."""
BANKREKENINGEN = "partij,iban,tenaamstelling\n" + "".join(f"{partij},{iban},{naam}\n" for partij, (iban, naam) in REKENINGEN.items())
REGIOS = (
    regio("04,6000,2020-01-01,2026-02-28", "04,6001,2026-03-01,", bankrekeningen=BANKREKENINGEN),
    regio("04,6000,2020-01-01,2026-03-31", "04,6001,2026-04-01,2026-04-30", "04,6000,2026-05-01,", bankrekeningen=BANKREKENINGEN),
    regio("04,6000,2020-01-01,", bankrekeningen=BANKREKENINGEN),
)
"""Tariff lines that are corrected into each other."""
_GEBOEKT_ZONDER_AKKOORD = """
select v.handeling_nr, v.status from handeling_voorstel v
 where (v.status = 'geboekt') <> exists (select from boeking b where b.bericht_nr = v.handeling_nr)
"""
BEDRAGEN = st.sampled_from([0, 1, 2_500, 6_000, 12_001, 24_000, 47_003])
MAANDEN = st.sampled_from([date(2026, month, 1) for month in range(1, 7)])


class Klok:
    """A clock that stands still until a step moves it."""

    def __init__(self) -> None:
        self.nu = NU

    def __call__(self) -> datetime:
        """This instant."""
        return self.nu


class Boekhouding(RuleBasedStateMachine):
    """One region, one lane, one ledger."""

    server: str
    template: str
    gezien: Counter[str]
    """What happened in all examples together."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = AsyncExitStack()
        self._runner = asyncio.Runner()
        self._klok = Klok()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="solidair-toestanden-")))
        self._sent: list[Bericht] = []
        self._regio = 0
        self._loads = 0

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    @initialize(seed=st.integers(1, 10_000), regio=st.integers(0, len(REGIOS) - 1))
    def begin(self, seed: int, regio: int) -> None:
        """A database with a region, the course that the berichten are taken from, and its first ten."""
        self._regio = regio
        chance = random.Random(seed)
        claims = berichten_of(random_course(seed, 120))
        others = list(Verloop(chance=chance, baan=Baan(nummer=2, domein="ijw", agb=AGB), retour=True).berichten(40))
        # Both in their own order: claims of two clients, and everything that berichten can be about others.
        self._verloop: Iterator[Bericht] = iter(
            [(claims if chance.random() < 0.8 and claims else others or claims).pop(0) for _ in range(100)]
        )
        self._wereld = self._run(self._open(self.server, self.template))
        self.send(10, judged=True)

    async def _open(self, server: str, template: str) -> Wereld:
        dsn = self._stack.enter_context(copy_of_template(server, template))
        opened = await self._stack.enter_async_context(open_wereld(settings_for(self._folder / "sleutels"), dsn))
        wereld = replace(opened, clock=self._klok, vier_ogen_cent=VIER_OGEN_CENT)
        folder = write_region(self._folder / f"regio{id(wereld)}", REGIOS[self._regio])
        await laad_regio(wereld.pool, folder, nu=wereld.nu, actor=SYSTEEM)
        return wereld

    @rule(count=st.integers(2, 12), judged=st.booleans())
    def send(self, count: int, judged: bool) -> None:
        """The next berichten of the course: claims of any month, credits, changed and deleted toewijzingen, answers."""
        for bericht in islice(self._verloop, count):
            self._send(bericht)
        if judged:
            self.judge_all()

    def _send(self, bericht: Bericht) -> None:
        self._sent.append(bericht)
        self._run(stuur(self._wereld, bericht))

    @rule(number=st.integers(0, 200))
    def send_again(self, number: int) -> None:
        """The same bytes once more."""
        if self._sent:
            self._send(self._sent[number % len(self._sent)])

    @rule(lot_size_max=st.sampled_from([1, 3, 50]))
    def judge(self, lot_size_max: int) -> None:
        """One lot."""
        self._run(verwerk_baan(self._wereld, "ijw", AGB, lot_size_max=lot_size_max))

    @rule()
    def judge_all(self) -> None:
        """Until nothing waits."""
        self._run(_oordeel_alles(self._wereld))

    @rule(regio=st.integers(0, len(REGIOS) - 1))
    def correct(self, regio: int) -> None:
        """Other tariffs are loaded, what they touch is judged again, and commitments follow."""
        self.judge_all()
        self._regio, self._loads = regio, self._loads + 1
        self._run(self._correct())

    async def _correct(self) -> None:
        before = await self._wereld.pool.fetchval("select max(lading_nr) from regio_lading")
        lading = await laad(self._wereld, self._folder / f"lading{self._loads}", REGIOS[self._regio])
        if lading != before:
            with suppress(Conflict):  # Nothing that was claimed is touched.
                await herbeoordeel_alles(self._wereld, lading)
                self.gezien["herbeoordeeld"] += 1
        await werk_verplichtingen_bij(self._wereld)

    @rule(
        maand=MAANDEN,
        cents=BEDRAGEN,
        soort=st.sampled_from(["pgb", "ouderbijdrage", "lokaal", "voorschot", "woonplaats"]),
        answer=st.sampled_from(["agree", "withdraw", "later"]),
    )
    def act(self, maand: date, cents: int, soort: str, answer: str) -> None:
        """A controller books without a bericht; the same total again books nothing, another one the difference; much waits for an answer."""
        self._refused_or(self._act(maand, cents, soort))
        if answer != "later":
            self._refused_or(self._decide(answer == "agree"))

    async def _act(self, maand: date, cents: int, soort: str) -> None:
        given: dict[str, Any] = {"domein": "ijw", "zorgvorm": "ambulant", "bedrag_cent": cents, "reden": "proef"}
        match soort:
            case "pgb":
                await boek_pgb_voorschot(self._wereld, CONTROLLER, "0664", maand, bedrag_cent=2 * cents, reden="proef")
                await boek_pgb_besteding(self._wereld, CONTROLLER, "0664", maand, **given)
            case "ouderbijdrage":
                await boek_ouderbijdrage(self._wereld, CONTROLLER, "0664", maand, **given)
            case "lokaal":
                await boek_lokaal(self._wereld, CONTROLLER, "0664", maand, **given)
            case "woonplaats":
                about = 1001 if cents % 2 else None
                await boek_woonplaats(self._wereld, CONTROLLER, "0664", "0687", maand, toewijzing_nummer=about, **given)
                self.gezien["verhuisd"] += 1
            case _ if cents:
                await advance(self._wereld, cents)

    @rule(agree=st.booleans())
    def second_person(self, agree: bool) -> None:
        """Somebody else agrees with the oldest act that waits, or withdraws it."""
        self._refused_or(self._decide(agree))

    async def _decide(self, agree: bool) -> None:
        nr = await self._wereld.pool.fetchval("select min(handeling_nr) from handeling_voorstel where status = 'wacht'")
        if nr is None:
            return
        if agree:
            await keur_opdracht_goed(self._wereld, TWEEDE, nr)
        else:
            await trek_opdracht_in(self._wereld, TWEEDE, nr, reden="proef")
        self.gezien["goedgekeurd" if agree else "ingetrokken"] += 1

    @rule()
    def pay(self) -> None:
        """What is open is proposed, approved by another and given to the bank, less the advances."""
        self._refused_or(self._pay())

    async def _pay(self) -> None:
        nr = await stel_betalingen_voor(self._wereld, CONTROLLER, "0664", verrekening=ALLES, reden="proef")
        await keur_betaalrun_goed(self._wereld, TWEEDE, nr)
        await exporteer_betaalrun(self._wereld, CONTROLLER, nr)
        self.gezien["betaald"] += 1

    @rule()
    def fold(self) -> None:
        """Deltas become balances."""
        self._run(fold(self._wereld))

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        """Time passes."""
        self._klok.nu += timedelta(days=days)

    @rule()
    def close_month(self) -> None:
        """The month before this one, when it may be closed."""
        last = self._wereld.vandaag.replace(day=1) - timedelta(days=1)
        self._refused_or(self._sluit(last.replace(day=1)))

    async def _sluit(self, maand: date) -> None:
        await sluit_maand(self._wereld, CONTROLLER, maand, reden="proef")
        self.gezien["gesloten"] += 1

    def _refused_or(self, work: Coroutine[Any, Any, None]) -> None:
        with suppress(Conflict, OngeldigVerzoek):
            self._run(work)

    @invariant()
    def nothing_contradicts(self) -> None:
        """Balances, sources, register, commitments, payments, states of berichten, closed months."""
        if hasattr(self, "_wereld"):
            assert [each for each in self._run(verify(self._wereld)) if not each.klopt] == []
            assert self._run(self._wereld.pool.fetch(_GEBOEKT_ZONDER_AKKOORD)) == []

    def teardown(self) -> None:
        """The end: everything judged, then the same berichten into an empty database."""
        try:
            if hasattr(self, "_wereld"):
                self.judge_all()
                self.correct(self._regio)
                self.nothing_contradicts()
                found, again = self._run(self._both())
                self.gezien["geboekt"] += len(found.boekingen)
                self.gezien["gecrediteerd"] += sum(line[4] is not None for line in found.regels.values())
                assert _zonder_client(found.regels) == _zonder_client(again.regels)
                assert _per_bron(found) == _per_bron(again)
                assert _standing(found) == _standing(again)
        finally:
            self._run(self._stack.aclose())
            self._runner.close()

    async def _both(self) -> tuple[Netto, Netto]:
        """Net books of this world, and of one in which the stored bytes came in at the same moments and were judged once."""
        second = await self._open(self.server, self.template)
        stored = await self._wereld.pool.fetch(
            "select bericht_nr, van, poging, ontvangen_op from bericht where richting = 'in' order by bericht_nr"
        )
        for row in stored:
            if row["poging"]:  # The same bytes count again only once the first are known not to.
                await _oordeel_alles(second)
            self._klok.nu = row["ontvangen_op"]
            await stuur(second, await xml_van(self._wereld, SYSTEEM, row["bericht_nr"]), row["van"])
        await _oordeel_alles(second)
        return await netto(self._wereld), await netto(second)


async def _oordeel_alles(wereld: Wereld) -> None:
    while await verwerk_baan(wereld, "ijw", AGB, lot_size_max=50):
        pass


def _zonder_client(regels: Mapping[tuple[Any, ...], tuple[Any, ...]]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Outcomes of lines; the pseudonym of a client is a number of its database."""
    return {key: values[:-1] for key, values in regels.items()}


def _per_bron(books: Netto) -> Counter[tuple[Any, ...]]:
    """Net transfers by their source, likewise."""
    net: Counter[tuple[Any, ...]] = Counter()
    for key, cents in books.boekingen.items():
        net[key[:-1]] += cents
    return net


def _standing(books: Netto) -> dict[tuple[Any, ...], int]:
    """Balances that follow from berichten alone."""
    return {key: cents for key, cents in books.saldi.items() if key[0] == "verplichting"}


@pytest.fixture
def machine(postgres_server: str, template_database: str) -> type[Boekhouding]:
    """The machine on the server of this session."""

    class OnServer(Boekhouding):
        server, template, gezien = postgres_server, template_database, Counter[str]()

    return OnServer


def examples(count: int) -> settings:
    """The same courses in every run."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    # A failure is not made smaller: each try costs two databases, and the steps that are printed can be followed as they are.
    return settings(
        max_examples=count,
        stateful_step_count=STAPPEN,
        deadline=None,
        derandomize=True,
        suppress_health_check=checks,
        phases=(Phase.generate,),
        print_blob=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_books_hold_whatever_happens(machine: type[Boekhouding]) -> None:
    run_state_machine_as_test(machine, settings=examples(VOORBEELDEN))

    print(dict(machine.gezien))
    assert machine.gezien.keys() >= {
        "geboekt",
        "gecrediteerd",
        "herbeoordeeld",
        "betaald",
        "gesloten",
        "verhuisd",
        "goedgekeurd",
        "ingetrokken",
    }
    assert machine.gezien["geboekt"] > VOORBEELDEN


def _saldo_too_high(stuk: Any) -> Any:
    """One balance gets a cent that no transfer moved."""
    first: SaldoSleutel | None = next(iter(stuk.saldi), None)
    return replace(stuk, saldi={key: cents + (key == first) for key, cents in stuk.saldi.items()})


def _delta_forgotten(stuk: Any) -> Any:
    """One balance is not told."""
    last = next(reversed(stuk.saldi), None)
    return replace(stuk, saldi={key: 0 if key == last else cents for key, cents in stuk.saldi.items()})


def _client_forgotten(stuk: Any) -> Any:
    """What clients cost is not kept."""
    return replace(stuk, saldi_client={})


def _prestatie_not_booked(stuk: Any) -> Any:
    """The last transfer is lost, and its balances with it: nothing but the register can tell."""
    kept = [each for each in stuk.boekingen if each.soort != "prestatie"]
    return replace(stuk, boekingen=kept, saldi=saldo_deltas(kept), saldi_client=saldo_client_deltas(kept))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("sabotage", [_saldo_too_high, _delta_forgotten, _client_forgotten, _prestatie_not_booked])
def test_what_goes_wrong_is_found(machine: type[Boekhouding], monkeypatch: pytest.MonkeyPatch, sabotage: Callable[[Any], Any]) -> None:
    """The machine can fail: whatever is booked wrongly is noticed."""
    original = ledger_store.Boekstuk.van.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(ledger_store.Boekstuk, "van", classmethod(lambda cls, boekingen: sabotage(original(cls, boekingen))))

    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=examples(3))
