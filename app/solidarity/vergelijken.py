"""The laboratory: several agreements over the same years and the same cost, side by side (C07, C10, C19, C41, R12). Pure.

Every amount is what the calculator settles, to the cent. What a gemeente bears is its own cost of all compared zorgvormen plus its settlement, so a
zorgvorm that one agreement shares and another leaves alone counts in both. The marginal share is exact: one euro more of own use, and the change of
the contribution before rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import floor

from app.domain.bedrag import round_half_up
from app.solidarity.agreement import COST, ONE, ZERO, Agreement
from app.solidarity.calculator import PoolSettlement, settle_pool, settle_pools
from app.solidarity.costs import CostLine, Costs, MonthCost
from app.solidarity.history import History
from app.solidarity.measures import Facts, Measures, MeasureValue
from app.solidarity.segments import Pool

VARIANTEN_MAX = 6
STAP_CENT = 100
"""The extra euro; the calculator is exact before rounding, so a larger step would only hide a kink."""
GRENS_BELANG = Fraction(1, 4)
"""Below this part of an extra euro a gemeente that decides on use hardly feels it (C19)."""
GRENS_OPSCHALEN = Fraction(1, 2)
"""A heavy zorgvorm that costs a gemeente so much less of an extra euro than a light one rewards scaling up (C19)."""

Cel = tuple[str, str, int]
"""Gemeente, zorgvorm and year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """An agreement to compare: what holds in each year, the measures and history it is settled with, and what was fitted to the region."""

    naam: str
    agreements: Mapping[int, Agreement]
    values: tuple[MeasureValue, ...]
    history: History
    opmerkingen: tuple[str, ...] = ()

    @property
    def met_clienten(self) -> bool:
        """Whether a layer of a compared year looks at the cost of each client."""
        return any(
            layer.basis == "client"
            for jaar, agreement in self.agreements.items()
            for arrangement in agreement.arrangements
            for layer in arrangement.layers_in(jaar)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Achtergrond:
    """What is the same for every agreement.

    Attributes:
        jaren: The compared years.
        kosten: Cents per gemeente, zorgvorm and year, of the compared zorgvormen.
        costs: The same for the calculator, with the years before.
        namen: Name per gemeente; who is not in it is called by its code.
        inwoners: Inhabitants per gemeente and year, when the region recorded them.
        stuurbaarheid: `licht`, `zwaar` or empty per zorgvorm.
        history: Mergers: results are shown per legal entity.
        zorgvormnamen: Name per zorgvorm; what is not in it is called by its code.
    """

    jaren: range
    kosten: Mapping[Cel, int]
    costs: Costs
    namen: Mapping[str, str]
    inwoners: Mapping[tuple[str, int], Fraction]
    stuurbaarheid: Mapping[str, str]
    history: History
    zorgvormnamen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What a gemeente bears under one agreement over all compared years, in cents."""

    eigen_kosten_cent: int
    verevening_cent: int

    @property
    def bijdrage_cent(self) -> int:
        """Own cost and settlement together: what it pays in the end."""
        return self.eigen_kosten_cent + self.verevening_cent


@dataclass(frozen=True, slots=True, kw_only=True)
class Marge:
    """What one extra euro of own use costs the gemeente itself: in the same year, and by keys that look back in the later compared years."""

    gemeente: str
    zorgvorm: str
    nu: Fraction
    later: Fraction

    @property
    def samen(self) -> Fraction:
        """Over all compared years."""
        return self.nu + self.later


@dataclass(frozen=True, slots=True, kw_only=True)
class Signaal:
    """Who decides on use does not bear its cost; `soort` is `geen_belang`, or `opschalen`: `zorgvorm` is heavy, `ten_opzichte_van` are light.

    `laagste` and `hoogste` are the shares of an extra euro over the gemeenten that it is about.
    """

    soort: str
    zorgvorm: str
    ten_opzichte_van: tuple[str, ...]
    gemeenten: tuple[str, ...]
    laagste: Fraction
    hoogste: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Afronding:
    """The rounding of all pools: how many pools, how many cents went by largest remainder, the most that one result was rounded."""

    potten: int
    restcenten: int
    grootste: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantUitkomst:
    """One agreement over the compared years; `reserve_cent` is what reserves gain."""

    variant: Variant
    lasten: Mapping[str, Last]
    per_jaar: Mapping[int, Mapping[str, int]]
    marges: tuple[Marge, ...]
    signalen: tuple[Signaal, ...]
    afronding: Afronding

    @property
    def naam(self) -> str:
        """Of the agreement."""
        return self.variant.naam

    @property
    def reserve_cent(self) -> int:
        """What all pay together above the cost."""
        return sum(last.verevening_cent for last in self.lasten.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verandering:
    """What changes for a gemeente against the first agreement, in cents; positive: it pays more. Per inhabitant per year, None without them."""

    gemeente: str
    verschil_cent: int
    per_inwoner_cent: int | None


@dataclass(frozen=True, kw_only=True)
class Vergelijking:
    """Agreements side by side; the first is what the others are held against."""

    achtergrond: Achtergrond
    uitkomsten: tuple[VariantUitkomst, ...]

    @cached_property
    def gemeenten(self) -> tuple[str, ...]:
        """Everybody with cost or a settlement, by name."""
        codes = {code for each in self.uitkomsten for code in each.lasten}
        return tuple(sorted(codes, key=lambda code: (self.naam(code), code)))

    def naam(self, code: str) -> str:
        """What a gemeente is called."""
        return self.achtergrond.namen.get(code, code)

    def vorm(self, zorgvorm: str) -> str:
        """What a zorgvorm is called."""
        return self.achtergrond.zorgvormnamen.get(zorgvorm, zorgvorm)

    def last(self, uitkomst: VariantUitkomst, code: str) -> Last:
        """What a gemeente bears; nothing when an agreement and the cost do not know it."""
        return uitkomst.lasten.get(code, Last(eigen_kosten_cent=0, verevening_cent=0))

    def veranderingen(self, uitkomst: VariantUitkomst) -> tuple[Verandering, ...]:
        """Per gemeente, by name, against the first agreement."""
        found = []
        for code in self.gemeenten:
            change = self.last(uitkomst, code).bijdrage_cent - self.last(self.uitkomsten[0], code).bijdrage_cent
            people = self._inwonerjaren(code)
            per_head = None if not people else round_half_up(Fraction(change) / people)
            found.append(Verandering(gemeente=code, verschil_cent=change, per_inwoner_cent=per_head))
        return tuple(found)

    @property
    def met_inwoners(self) -> bool:
        """Whether the region recorded inhabitants of everybody in every compared year."""
        return all(self._inwonerjaren(code) for code in self.gemeenten)

    def _inwonerjaren(self, code: str) -> Fraction | None:
        """Inhabitants added up over the compared years; None when one is missing."""
        found = [self.achtergrond.inwoners.get((code, jaar)) for jaar in self.achtergrond.jaren]
        return None if any(each is None for each in found) else sum((each for each in found if each is not None), ZERO)


def vergelijk(achtergrond: Achtergrond, varianten: Sequence[Variant]) -> Vergelijking:
    """Settle every year under every agreement, and measure what an extra euro costs.

    Raises:
        RegelingOngeldig, NietOndersteund: An agreement does not fit the years, or a value is missing.
    """
    return Vergelijking(achtergrond=achtergrond, uitkomsten=tuple(_uitkomst(achtergrond, each) for each in varianten))


def totals(months: Iterable[MonthCost]) -> dict[Cel, int]:
    """Cost of the ledger per gemeente, zorgvorm and year."""
    found: dict[Cel, int] = defaultdict(int)
    for month in months:
        found[month.gemeente, month.zorgvorm, month.zorgmaand.year] += month.bedrag_cent
    return dict(found)


def totals_of_lines(lines: Iterable[CostLine]) -> dict[Cel, int]:
    """Cost of a folder per gemeente, zorgvorm and year."""
    found: dict[Cel, int] = defaultdict(int)
    for line in lines:
        found[line.municipality, line.category, line.service_date.year] += line.bedrag_cent
    return dict(found)


def _uitkomst(achtergrond: Achtergrond, variant: Variant) -> VariantUitkomst:
    measures = Measures(variant.values)
    pools: dict[int, list[PoolSettlement]] = {}
    for jaar in achtergrond.jaren:
        agreement = variant.agreements[jaar]
        pools[jaar] = settle_pools(agreement, achtergrond.costs, measures, of_agreement(variant.history, agreement, jaar))
    marges = tuple(_marges(achtergrond, variant, measures, pools))
    return VariantUitkomst(
        variant=variant,
        lasten=_lasten(achtergrond, pools),
        per_jaar={jaar: _verevening(achtergrond, settled) for jaar, settled in pools.items()},
        marges=marges,
        signalen=tuple(_signalen(marges, achtergrond.stuurbaarheid)),
        afronding=_afronding(each for settled in pools.values() for each in settled),
    )


def of_agreement(history: History, agreement: Agreement, jaar: int) -> History:
    """The history with the kept amounts and reserves of this agreement only, in this year."""
    codes = {each.code for each in agreement.arrangements}
    return History(
        mergers=history.mergers,
        gaps=history.gaps,
        kept=tuple(each for each in history.kept if each.arrangement in codes and each.year == jaar),
        reserve_cent={code: cents for code, cents in history.reserve_cent.items() if code in codes},
    )


def _verevening(achtergrond: Achtergrond, settled: Iterable[PoolSettlement]) -> dict[str, int]:
    """What each gemeente (its legal entity) pays or receives."""
    found: dict[str, int] = defaultdict(int)
    for pool in settled:
        for row in pool.rows:
            found[achtergrond.history.legal_entity(row.municipality)] += row.settlement_cent
    return dict(found)


def _lasten(achtergrond: Achtergrond, pools: Mapping[int, list[PoolSettlement]]) -> dict[str, Last]:
    own: dict[str, int] = defaultdict(int)
    for (code, _, jaar), cents in achtergrond.kosten.items():
        if jaar in achtergrond.jaren:
            own[achtergrond.history.legal_entity(code)] += cents
    settled = _verevening(achtergrond, (each for found in pools.values() for each in found))
    return {
        code: Last(eigen_kosten_cent=own.get(code, 0), verevening_cent=settled.get(code, 0)) for code in sorted(own.keys() | settled.keys())
    }


def _marges(achtergrond: Achtergrond, variant: Variant, measures: Measures, pools: Mapping[int, list[PoolSettlement]]) -> Iterable[Marge]:
    """An extra euro of every gemeente in every zorgvorm, on the first of July of the first compared year."""
    jaar = achtergrond.jaren[0]
    day = date(jaar, 7, 1)
    zorgvormen = sorted({zorgvorm for _, zorgvorm, year in achtergrond.kosten if year in achtergrond.jaren})
    codes = sorted({code for code, _, year in achtergrond.kosten if year in achtergrond.jaren} | _members(pools[jaar], day))
    alive = [code for code in codes if not achtergrond.history.ended(code, day)]
    for zorgvorm in zorgvormen:
        touched = [each for found in pools.values() for each in found if zorgvorm in each.pool.categories and _is_touched(each.pool, day)]
        for code in alive:
            extra = CostLine(municipality=code, category=zorgvorm, service_date=day, bedrag_cent=STAP_CENT)
            costs = achtergrond.costs.plus(extra)
            nu, later = ZERO, ZERO
            shared = False
            for before in (each for each in touched if code in each.pool.members):
                history = of_agreement(variant.history, variant.agreements[before.pool.year], before.pool.year)
                after = settle_pool(before.pool, Facts(costs=costs, measures=measures, history=history))
                change = (after.exact[code] - before.exact[code]) / STAP_CENT
                if before.pool.year == jaar:
                    nu, shared = nu + change, True
                else:
                    later += change
            yield Marge(gemeente=code, zorgvorm=zorgvorm, nu=nu if shared else ONE, later=later)


def _members(settled: Iterable[PoolSettlement], day: date) -> set[str]:
    return {code for each in settled if each.pool.segment.since <= day < each.pool.segment.until for code in each.pool.members}


def _is_touched(pool: Pool, day: date) -> bool:
    """Whether cost of a day can change the contributions of a pool: it is in its segment, or a key or deposit of a later year looks back."""
    if pool.year == day.year:
        return pool.segment.since <= day < pool.segment.until
    looks_back = any(
        term.measure == COST and term.lag_from <= pool.year - day.year <= term.lag_to and pool.year in term.years
        for term in pool.arrangement.key_terms
    )
    return pool.year > day.year and looks_back


def _signalen(marges: Sequence[Marge], stuurbaarheid: Mapping[str, str]) -> Iterable[Signaal]:
    """Where the one who decides does not bear the cost: per zorgvorm that gemeenten can steer, and from light to heavy."""
    per_vorm: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for marge in marges:
        per_vorm[marge.zorgvorm][marge.gemeente] = marge.samen
    for zorgvorm, shares in per_vorm.items():
        low = {code: share for code, share in shares.items() if share < GRENS_BELANG}
        if low and stuurbaarheid.get(zorgvorm) != "zwaar":
            yield _signaal("geen_belang", zorgvorm, (), low)
    light = {zorgvorm: shares for zorgvorm, shares in per_vorm.items() if stuurbaarheid.get(zorgvorm) == "licht"}
    for heavy, shares in ((zorgvorm, shares) for zorgvorm, shares in per_vorm.items() if stuurbaarheid.get(zorgvorm) == "zwaar"):
        rewarded = {
            zorgvorm: {code for code, share in own.items() if code in shares and share - shares[code] >= GRENS_OPSCHALEN}
            for zorgvorm, own in light.items()
        }
        if codes := {code for found in rewarded.values() for code in found}:
            others = tuple(zorgvorm for zorgvorm, found in rewarded.items() if found)
            yield _signaal("opschalen", heavy, others, {code: shares[code] for code in codes})


def _signaal(soort: str, zorgvorm: str, others: tuple[str, ...], shares: Mapping[str, Fraction]) -> Signaal:
    return Signaal(
        soort=soort,
        zorgvorm=zorgvorm,
        ten_opzichte_van=others,
        gemeenten=tuple(sorted(shares)),
        laagste=min(shares.values()),
        hoogste=max(shares.values()),
    )


def _afronding(settled: Iterable[PoolSettlement]) -> Afronding:
    potten, restcenten, grootste = 0, 0, ZERO
    for pool in settled:
        potten += 1
        restcenten += sum(pool.rounded[name] - floor(exact) for name, exact in pool.exact.items())
        grootste = max([grootste, *(abs(pool.rounded[name] - exact) for name, exact in pool.exact.items())])
    return Afronding(potten=potten, restcenten=restcenten, grootste=grootste)
