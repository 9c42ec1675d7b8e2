"""A settlement explained to one gemeente: lines that lead from its own cost to its contribution, and add up to the cent (C41, R04). Pure.

Every pool is told in three steps: what of the own cost is shared and on what ground, what comes back by which key, and what is left to pay. The
steps of the calculator are exact fractions of cents; each line is rounded half up by itself, and one line `afronding` says what rounding made of
it. So every line can be checked with a pocket calculator, and no cent is hidden. The sentences are in `uitlegwoorden`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.periode import slotdag
from app.solidarity import uitlegwoorden as woorden
from app.solidarity.agreement import COST, KEY, REST, ZERO, Agreement, KeyTerm, Layer
from app.solidarity.budget import budgets
from app.solidarity.calculator import PoolSettlement
from app.solidarity.deposit import refund_shares
from app.solidarity.document import Overeenkomst
from app.solidarity.keys import term_shares
from app.solidarity.layers import client_parts, cost_parts, deviation_parts, kept_amounts
from app.solidarity.leavers import Leaver
from app.solidarity.measures import Facts
from app.solidarity.payment import AdvancePaid, installments
from app.solidarity.segments import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class UitlegRegel:
    """One line of an explanation: a sentence, its amount, and the article that it rests on (None: the agreement names none)."""

    tekst: str
    bedrag_cent: int
    artikel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JaarWaarde:
    """What a measure says of a year: the gemeente and all members together; cents for cost, else the unit of the measure."""

    jaar: int
    eigen: Fraction
    samen: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class TermUitleg:
    """One term of a key.

    Attributes:
        maatstaf: Name of the measure.
        bron: What it is and where it comes from, as the agreement says; empty when it does not.
        in_euro: Whether its values are cents.
        gemiddeld: Whether the share is the mean of the shares per year instead of the share in the sum.
        jaren: Its values per year, the latest first.
        gewicht: How much it counts.
        aandeel: The share of the gemeente in it.
        artikel: What the term rests on.
    """

    maatstaf: str
    bron: str
    in_euro: bool
    gemiddeld: bool
    jaren: tuple[JaarWaarde, ...]
    gewicht: Fraction
    aandeel: Fraction
    artikel: str | None

    @property
    def tekst(self) -> str:
        """The same in a sentence."""
        values = [(each.jaar, each.eigen, each.samen) for each in self.jaren]
        zin = woorden.term(self.maatstaf, values, self.aandeel, in_euro=self.in_euro, gemiddeld=self.gemiddeld)
        return zin if self.gewicht == 1 else f"{zin} Dit telt voor {woorden.procent(self.gewicht)} mee."


@dataclass(frozen=True, slots=True, kw_only=True)
class SleutelUitleg:
    """How a key gives the gemeente its share: the sum over its terms of weight x share."""

    naam: str
    aandeel: Fraction
    termen: tuple[TermUitleg, ...]

    @property
    def tekst(self) -> str:
        """The share as a fraction and a percentage."""
        return woorden.breuk_en_procent(self.aandeel)


@dataclass(frozen=True, slots=True, kw_only=True)
class PotUitleg:
    """One pool in one stretch of time, for one gemeente: own cost + `gedeeld` = `blijft_cent`, and that + `toegedeeld` = the contribution.

    Attributes:
        regeling: Code of the arrangement.
        zorgvormen: What the pool holds, by name.
        van: First day.
        tot_en_met: Last day.
        leden: How many gemeenten take part.
        eigen_kosten_cent: E_i.
        gedeeld: What goes out of the own cost; below zero, unless a surplus is handed in.
        toegedeeld: What comes to the gemeente, the rounding last.
        sleutels: The keys that were used.
    """

    regeling: str
    zorgvormen: tuple[str, ...]
    van: date
    tot_en_met: date
    leden: int
    eigen_kosten_cent: int
    gedeeld: tuple[UitlegRegel, ...]
    toegedeeld: tuple[UitlegRegel, ...]
    sleutels: tuple[SleutelUitleg, ...]

    @property
    def blijft_cent(self) -> int:
        """What the gemeente keeps of its own cost."""
        return self.eigen_kosten_cent + sum(regel.bedrag_cent for regel in self.gedeeld)

    @property
    def bijdrage_cent(self) -> int:
        """What the gemeente bears in this pool."""
        return self.blijft_cent + sum(regel.bedrag_cent for regel in self.toegedeeld)

    @property
    def verevening_cent(self) -> int:
        """Contribution - own cost: positive pays, negative receives."""
        return self.bijdrage_cent - self.eigen_kosten_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitleg:
    """All pools of a gemeente, and what is left to pay after what it already paid.

    Attributes:
        gemeente: Its code.
        naam: What it is called.
        potten: By arrangement, time and pool.
        bij_vertrek: Personal balances that the gemeente closes because it left; above zero it pays.
        betalingen: What was paid already, below zero: its own cost to aanbieders, or advances.
        termijnen: The settlements that are paid in steps; empty when all is due at once.
    """

    gemeente: str
    naam: str
    potten: tuple[PotUitleg, ...]
    bij_vertrek: tuple[UitlegRegel, ...]
    betalingen: tuple[UitlegRegel, ...]
    termijnen: tuple[UitlegRegel, ...] = ()

    @property
    def eigen_kosten_cent(self) -> int:
        """Own cost over all pools."""
        return sum(pot.eigen_kosten_cent for pot in self.potten)

    @property
    def bijdrage_cent(self) -> int:
        """Contribution over all pools."""
        return sum(pot.bijdrage_cent for pot in self.potten)

    @property
    def verevening_cent(self) -> int:
        """What the gemeente pays (positive) or receives in the settlement."""
        return self.bijdrage_cent - self.eigen_kosten_cent

    @property
    def saldo_cent(self) -> int:
        """What is still to be paid (positive) or received."""
        return self.bijdrage_cent + sum(regel.bedrag_cent for regel in (*self.bij_vertrek, *self.betalingen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bron:
    """What the sentences are made of next to the numbers: names, and the document with its articles if the run had one."""

    document: Overeenkomst | None = None
    gemeenten: Mapping[str, str] = field(default_factory=dict)
    zorgvormen: Mapping[str, str] = field(default_factory=dict)

    def gemeente(self, code: str) -> str:
        """The name of a gemeente; its code when nobody says."""
        return self.gemeenten.get(code) or (self.document.municipalities.get(code) if self.document else None) or code

    def zorgvorm(self, code: str) -> str:
        """The name of a zorgvorm; its code when nobody says."""
        return self.zorgvormen.get(code) or (self.document.categories.get(code) if self.document else None) or code

    def maatstaf(self, name: str) -> str:
        """What a measure is, as the document says."""
        return self.document.measures.get(name, "") if self.document else ""

    def artikel(self, pool: Pool, part: str = "") -> str | None:
        """The article of a part of the arrangement of a pool (`laag[1]`), or of the nearest part around it."""
        if self.document is None:
            return None
        for number, arrangement in enumerate(self.document.agreement.arrangements, start=1):
            if arrangement.code == pool.arrangement.code and arrangement.since <= pool.segment.since < arrangement.until:
                return self.document.article(f"regeling[{number}].{part}" if part else f"regeling[{number}]")
        return None


def leg_uit(
    settled: Iterable[PoolSettlement],
    facts: Facts,
    gemeente: str,
    *,
    bron: Bron,
    agreement: Agreement,
    voorschotten: Iterable[AdvancePaid] = (),
    vertrekkers: Iterable[Leaver] = (),
) -> Uitleg:
    """Explain a settlement to one gemeente.

    Args:
        settled: The pools of the settlement, with their steps.
        facts: What they were settled from.
        gemeente: Its code.
        bron: Names and articles.
        agreement: What was settled by, for its steps of payment.
        voorschotten: Advances on the contribution (2.11); when there are any, they are all that was paid. Without them every gemeente paid
            its own cost itself.
        vertrekkers: Personal balances that are closed (2.10).
    Returns:
        The explanation; without pools when the gemeente is in none of them.
    """
    everything = list(settled)
    pools = [pool for pool in everything if gemeente in pool.pool.members]
    potten = tuple(_pot(pool, facts, gemeente, bron) for pool in pools)
    eigen = sum(pot.eigen_kosten_cent for pot in potten)
    paid = tuple(_advance_lines(voorschotten, gemeente)) or (UitlegRegel(tekst=woorden.ZELF_BETAALD, bedrag_cent=-eigen),)
    return Uitleg(
        gemeente=gemeente,
        naam=bron.gemeente(gemeente),
        potten=potten,
        bij_vertrek=tuple(_leaver_lines(vertrekkers, gemeente)),
        betalingen=paid,
        termijnen=tuple(_steps(everything, agreement, gemeente)),
    )


def _pot(settled: PoolSettlement, facts: Facts, gemeente: str, bron: Bron) -> PotUitleg:
    pool = settled.pool
    own = settled.own[gemeente]
    gedeeld = tuple(_shared_lines(settled, facts, gemeente, bron))
    parts = tuple(_assigned_lines(settled, facts, gemeente, bron))
    before_rounding = own + sum(line.bedrag_cent for line in (*gedeeld, *parts))
    rounding = settled.rounded[gemeente] - before_rounding
    return PotUitleg(
        regeling=pool.arrangement.code,
        zorgvormen=tuple(map(bron.zorgvorm, pool.categories)),
        van=pool.segment.since,
        tot_en_met=slotdag(pool.segment.until),
        leden=len(pool.members),
        eigen_kosten_cent=own,
        gedeeld=gedeeld,
        toegedeeld=(*parts, *([UitlegRegel(tekst=woorden.AFRONDING, bedrag_cent=rounding)] if rounding else [])),
        sleutels=tuple(_key(pool, role, shares[gemeente], facts, gemeente, bron) for role, shares in settled.contribution.keys.items()),
    )


def _shared_lines(settled: PoolSettlement, facts: Facts, gemeente: str, bron: Bron) -> Iterator[UitlegRegel]:
    """What each layer takes out of the own cost, in the order of 2.5."""
    pool = settled.pool
    retained = kept_amounts(pool, facts)
    left = {name: settled.own[name] - retained[name] for name in pool.members}
    budget = budgets(pool, facts)[gemeente] if any(layer.basis == "deviation" for layer in pool.layers) else ZERO
    for parts_of in (client_parts, deviation_parts, cost_parts):
        for layer, part in parts_of(pool, left, facts):
            left = {name: left[name] - part[name] for name in pool.members}
            apart = retained[gemeente] if layer is pool.layers[0] else ZERO
            yield UitlegRegel(
                tekst=woorden.laag(layer, pool, budget, apart, first=_is_whole(pool, layer)),
                bedrag_cent=-round_half_up(part[gemeente]),
                artikel=bron.artikel(pool, _layer_path(pool, layer)),
            )


def _is_whole(pool: Pool, layer: Layer) -> bool:
    """Whether this layer works on the own cost as it is: no other basis goes before it."""
    order = ("client", "deviation", "cost")
    return not any(order.index(other.basis) < order.index(layer.basis) for other in pool.layers)


def _layer_path(pool: Pool, layer: Layer) -> str:
    """Where the layer stands in its regeling; the layer that counts when there is none stands nowhere."""
    layers = pool.arrangement.layers
    return next((f"laag[{number}]" for number, each in enumerate(layers, start=1) if each is layer), "")


def _assigned_lines(settled: PoolSettlement, facts: Facts, gemeente: str, bron: Bron) -> Iterator[UitlegRegel]:
    """What comes to the gemeente, in the order of 2.7 and 2.8."""
    pool, keys, split = settled.pool, settled.contribution.keys, settled.split
    for role in sorted(keys.keys() & split.shared.keys()):
        share, total = keys[role][gemeente], split.total(role)
        yield UitlegRegel(
            tekst=woorden.aandeel(woorden.sleutelnaam(role), share, total),
            bedrag_cent=round_half_up(share * total),
            artikel=bron.artikel(pool, _key_path(pool, role)),
        )
    if pool.arrangement.inleg != "none":
        yield from _deposit_lines(settled, gemeente, bron)
    if pool.arrangement.cap is not None:
        moved = settled.exact[gemeente] - settled.contribution.exact[gemeente]
        yield UitlegRegel(
            tekst=woorden.plafond(pool.arrangement.cap, budgets(pool, facts)[gemeente], moved),
            bedrag_cent=round_half_up(moved),
            artikel=bron.artikel(pool, "plafond"),
        )


def _deposit_lines(settled: PoolSettlement, gemeente: str, bron: Bron) -> Iterator[UitlegRegel]:
    """Deposit, no-claim, what is left after the deposits, and who pays the no-claim (2.6, 2.7)."""
    pool, made = settled.pool, settled.contribution
    yield UitlegRegel(tekst=woorden.inleg(pool), bedrag_cent=round_half_up(made.deposit[gemeente]), artikel=bron.artikel(pool, "inleg"))
    if pool.arrangement.no_claim is not None:
        use = settled.split.of(KEY, gemeente)
        yield UitlegRegel(
            tekst=woorden.no_claim(pool.arrangement.no_claim, use, made.no_claim[gemeente]),
            bedrag_cent=-round_half_up(made.no_claim[gemeente]),
            artikel=bron.artikel(pool, "no_claim"),
        )
    rest = made.keys.get(REST)
    if rest is None or pool.arrangement.reserve:
        return
    left = settled.split.total(KEY) - sum(made.deposit.values(), ZERO)
    yield UitlegRegel(
        tekst=woorden.rest(rest[gemeente], left),
        bedrag_cent=round_half_up(rest[gemeente] * left),
        artikel=bron.artikel(pool, _key_path(pool, REST)),
    )
    refunds = sum(made.no_claim.values(), ZERO)
    if refunds:
        share = refund_shares(pool, made.no_claim, rest)[gemeente]
        yield UitlegRegel(
            tekst=woorden.no_claim_betaald(share, refunds),
            bedrag_cent=round_half_up(share * refunds),
            artikel=bron.artikel(pool, "no_claim"),
        )


def _key_path(pool: Pool, role: str) -> str:
    """Where the first term of a key stands in its regeling."""
    terms = pool.arrangement.terms(role, pool.year)
    return _term_path(pool, terms[0]) if terms else ""


def _term_path(pool: Pool, term: KeyTerm) -> str:
    return next((f"sleutel[{number}]" for number, each in enumerate(pool.arrangement.key_terms, start=1) if each is term), "")


def _key(pool: Pool, role: str, share: Fraction, facts: Facts, gemeente: str, bron: Bron) -> SleutelUitleg:
    terms = pool.arrangement.terms(role, pool.year)
    return SleutelUitleg(
        naam=woorden.sleutelnaam(role), aandeel=share, termen=tuple(_term(pool, term, facts, gemeente, bron) for term in terms)
    )


def _term(pool: Pool, term: KeyTerm, facts: Facts, gemeente: str, bron: Bron) -> TermUitleg:
    values = {pool.year - lag: facts.values(pool, term.measure, lag) for lag in term.lags}
    return TermUitleg(
        maatstaf=woorden.maatstaf(term.measure),
        bron=bron.maatstaf(term.measure),
        in_euro=term.measure == COST,
        gemiddeld=term.averaging == "mean_share",
        jaren=tuple(JaarWaarde(jaar=year, eigen=of_year[gemeente], samen=sum(of_year.values(), ZERO)) for year, of_year in values.items()),
        gewicht=term.weight,
        aandeel=term_shares(pool, term, facts)[gemeente],
        artikel=bron.artikel(pool, _term_path(pool, term)),
    )


def _advance_lines(voorschotten: Iterable[AdvancePaid], gemeente: str) -> Iterator[UitlegRegel]:
    """Advances per arrangement, year and channel."""
    paid: dict[tuple[str, int, str], int] = {}
    given = list(voorschotten)
    for each in (each for each in given if each.municipality == gemeente):
        key = (each.arrangement, each.year, each.channel)
        paid[key] = paid.get(key, 0) + each.bedrag_cent
    for (code, year, channel), cents in sorted(paid.items()):
        yield UitlegRegel(tekst=woorden.voorschot(code, year, channel), bedrag_cent=-cents)
    if given and not paid:
        yield UitlegRegel(tekst=woorden.GEEN_VOORSCHOT, bedrag_cent=0)


def _leaver_lines(vertrekkers: Iterable[Leaver], gemeente: str) -> Iterator[UitlegRegel]:
    for each in (each for each in vertrekkers if each.municipality == gemeente):
        yield UitlegRegel(tekst=woorden.vertrek(each.arrangement, each.left_on), bedrag_cent=each.balance_cent)


def _steps(settled: Iterable[PoolSettlement], agreement: Agreement, gemeente: str) -> Iterator[UitlegRegel]:
    """The steps in which settlements are paid, for arrangements that spread them."""
    spread = {arrangement.code for arrangement in agreement.arrangements if arrangement.spread}
    rows = [row for pool in settled if pool.pool.arrangement.code in spread for row in pool.rows]
    for each in installments(rows, agreement):
        if each.municipality == gemeente:
            yield UitlegRegel(tekst=woorden.termijn(each.arrangement, each.year, each.step), bedrag_cent=each.bedrag_cent)
