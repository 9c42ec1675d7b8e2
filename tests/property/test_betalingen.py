"""Whatever is owed, taken back, advanced, proposed, approved, withdrawn, sent, confirmed in parts, returned or read twice: the books hold.

Nothing is paid that is not owed and nothing twice; what the bank did and what the books say of it are the same after every step.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, OngeldigVerzoek
from app.ledger import verify
from app.settlement import (
    exporteer_betaalrun,
    keur_betaalrun_goed,
    lijst_betaalruns,
    meld_geweigerd,
    stel_betalingen_voor,
    toon_betaalrun,
    trek_betaalrun_in,
)
from app.settlement.betalingen import (
    ALLES,
    NIETS,
    OVERBOEKING_CENT_MAX,
    Blokkade,
    Post,
    RegelStatus,
    Rekening,
    RunStatus,
    Verrekening,
    stel_voor,
)
from app.settlement.service_camt import lees_afschrift
from tests.builders import AGB
from tests.end_to_end.werkbank import ANDERE_AGB, wereld_with_region
from tests.integration.betaal_rijen import CONTROLLER, TWEEDE, VESTE, advance, entry, owe, part, region_met, saldi_van, statement

CENTEN = st.integers(-OVERBOEKING_CENT_MAX, OVERBOEKING_CENT_MAX)
POSTEN = st.lists(st.builds(Post, st.sampled_from(["1", "2", "3"]), st.integers(1, 9), CENTEN.filter(bool)), max_size=12)
KEUZE = st.builds(
    Verrekening, procent=st.integers(0, 100), maximum_cent=st.dictionaries(st.sampled_from(["1", "2"]), st.integers(0, 10**9))
)
STAPPEN = 40


@given(
    posten=POSTEN,
    voorschotten=st.dictionaries(st.sampled_from(["1", "2", "3"]), CENTEN),
    keuze=KEUZE,
    bekend=st.sets(st.sampled_from(["1", "2"])),
)
def test_a_proposal_never_pays_more_than_is_owed(
    posten: list[Post], voorschotten: dict[str, int], keuze: Verrekening, bekend: set[str]
) -> None:
    """Every aanbieder with an item is in it once; what is paid and set off is what is open, or nothing with a reason."""
    rekening = Rekening(iban=VESTE, tenaamstelling="De Veste")

    found = stel_voor(posten, voorschotten, dict.fromkeys(bekend, rekening), keuze)

    assert [each.agb for each in found] == sorted({post.agb for post in posten})
    for each in found:
        assert each.open_cent == sum(post.bedrag_cent for post in posten if post.agb == each.agb)
        if each.blokkade is Blokkade.GEEN:
            assert each.bedrag_cent + each.verrekend_cent == each.open_cent == sum(post.bedrag_cent for post in each.posten)
            assert 0 <= each.verrekend_cent <= max(0, voorschotten.get(each.agb, 0))
            assert each.verrekend_cent <= keuze.maximum_cent.get(each.agb, each.verrekend_cent)
            assert 0 <= each.bedrag_cent <= OVERBOEKING_CENT_MAX
            assert each.bedrag_cent == 0 or each.agb in bekend
        else:
            assert (each.bedrag_cent, each.verrekend_cent, each.posten) == (0, 0, ())
            assert each.blokkade is not Blokkade.SCHULD or each.open_cent < 0


@dataclass(kw_only=True)
class Bank:
    """A bank that carries out what it is sent, and remembers its statements; `paid` is what left the account per aanbieder, less what came back."""

    saldo: int = 10_000_000
    nr: int = 0
    paid: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    files: list[bytes] = field(default_factory=list)

    def statement(self, cents: int, reference: str, *, debet: bool) -> bytes:
        """One more statement with one entry."""
        self.nr += 1
        text = entry(cents, part(reference, cents, retour="" if debet else "AC04"), debet=debet, ref=f"R{self.nr}")
        self.files.append(statement(text, begin=self.saldo, nr=1, kenmerk=f"ST{self.nr}"))
        self.saldo += -cents if debet else cents
        return self.files[-1]


async def step(wereld: Wereld, rng: random.Random, bank: Bank) -> None:
    """Something happens; what is refused with a sentence is no step."""
    agb = rng.choice((AGB, ANDERE_AGB))
    runs = (await lijst_betaalruns(wereld, CONTROLLER)).items
    run = rng.choice(runs[:3]) if runs else None
    match rng.choice(("owe", "owe", "credit", "advance", "propose", "propose", "again", *["run"] * 6)):
        case "owe":
            await owe(wereld, rng.randrange(1, 900), agb)
        case "credit":
            await owe(wereld, -rng.randrange(1, 500), agb)
        case "advance":
            await advance(wereld, rng.randrange(1, 600), agb)
        case "propose":
            choice = rng.choice((ALLES, NIETS, Verrekening(procent=33), Verrekening(maximum_cent={AGB: 50})))
            await stel_betalingen_voor(wereld, CONTROLLER, "0664", verrekening=choice, reden="proef")
        case "run" if run:
            await _next(wereld, rng, bank, run.run_nr, run.status)
        case "again" if bank.files:
            assert not (await lees_afschrift(wereld, CONTROLLER, rng.choice(bank.files))).is_nieuw


async def _next(wereld: Wereld, rng: random.Random, bank: Bank, run_nr: int, status: RunStatus) -> None:
    """A run goes on, or is stopped."""
    stops = rng.random() < 0.15
    match status:
        case RunStatus.CONCEPT | RunStatus.GOEDGEKEURD if stops:
            await trek_betaalrun_in(wereld, CONTROLLER, run_nr, reden="proef")
        case RunStatus.CONCEPT:
            await keur_betaalrun_goed(wereld, TWEEDE, run_nr)
        case RunStatus.GOEDGEKEURD:
            await exporteer_betaalrun(wereld, CONTROLLER, run_nr)
        case RunStatus.VERZONDEN if stops:
            await meld_geweigerd(wereld, CONTROLLER, run_nr, 1, reden="proef")
        case RunStatus.VERZONDEN | RunStatus.AFGEROND:
            await _bank_acts(wereld, rng, bank, run_nr)


async def _bank_acts(wereld: Wereld, rng: random.Random, bank: Bank, run_nr: int) -> None:
    """The bank pays a line of a run that it has, in whole or in part, or gives one back."""
    found = await toon_betaalrun(wereld, CONTROLLER, run_nr)
    for line in found.regels:
        assert line.end_to_end_id is not None or not line.bedrag_cent
        rest = line.bedrag_cent - line.betaald_cent
        if line.status is RegelStatus.ONDERWEG:
            cents = rng.choice((rest, rest, rng.randrange(1, rest + 1)))
            await lees_afschrift(wereld, CONTROLLER, bank.statement(cents, line.end_to_end_id or "", debet=True))
            bank.paid[line.agb] += cents
        elif line.status is RegelStatus.BETAALD and rng.random() < 0.3:
            await lees_afschrift(wereld, CONTROLLER, bank.statement(line.bedrag_cent, line.end_to_end_id or "", debet=False))
            bank.paid[line.agb] -= line.bedrag_cent


async def check(wereld: Wereld, bank: Bank) -> None:
    """The books are right, and what the bank says was paid is what they say."""
    assert [each for each in await verify(wereld) if not each.klopt] == []
    saldi = await saldi_van(wereld)
    advanced: int = await wereld.pool.fetchval("select coalesce(sum(bedrag_cent), 0)::bigint from boeking where soort = 'voorschot'")
    assert -saldi.get(("bank", ""), 0) == sum(bank.paid.values()) + advanced
    for agb in (AGB, ANDERE_AGB):
        assert saldi.get(("onderweg", agb), 0) <= 0
        assert saldi.get(("voorschot", agb), 0) >= 0


@pytest.mark.parametrize("seed", range(3))
async def test_any_course_of_payments(database: str, tmp_path: Path, seed: int) -> None:
    """After each step nothing contradicts the books."""
    rng, bank = random.Random(seed), Bank()
    async with wereld_with_region(database, tmp_path, region_met()) as wereld:
        await owe(wereld, 5000)
        await owe(wereld, 5000, ANDERE_AGB)
        for _ in range(STAPPEN):
            try:
                await step(wereld, rng, bank)
            except (Conflict, OngeldigVerzoek):
                continue
            await check(wereld, bank)
        assert bank.nr
