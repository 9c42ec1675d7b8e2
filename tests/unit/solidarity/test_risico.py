"""Simulated years follow the closed forms of section 4, are the same for one seed, and are what the calculator makes of the drawn clients."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
import pytest

from app.domain.errors import NietOndersteund
from app.solidarity.agreement import Agreement, KeyTerm, Layer
from app.solidarity.calculator import settle
from app.solidarity.costs import CostLine, Costs
from app.solidarity.csvtable import euros
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import History, Merger
from app.solidarity.measures import Measures, MeasureValue
from app.solidarity.risico import drawing
from app.solidarity.risico.charts import PERCENTAGES, verdelingen
from app.solidarity.risico.choice import Region, expected_values, named_agreement
from app.solidarity.risico.closedform import Severity, Variation, with_shock
from app.solidarity.risico.drawing import Drawn, expected_cent, shocks
from app.solidarity.risico.figures import REGIO, Cijfers, cijfers, expected_shortfall, poolwinst, quantile
from app.solidarity.risico.past import Key, make_past, totals_of_lines
from app.solidarity.risico.preparing import Regio, Voorstel, budgets_of, make_opdracht, simulate_region
from app.solidarity.risico.report import as_csv, as_json, as_text, charts_json
from app.solidarity.risico.simulation import Instellingen, Opdracht, Simulatie
from tests.unit.solidarity.builders import YEAR, line

YEARS = range(YEAR - 3, YEAR + 1)
SEVERITY = Severity(chances={Fraction(5_000): Fraction(8, 10), Fraction(25_000): Fraction(15, 100), Fraction(120_000): Fraction(5, 100)})
"""That of the worked example, in euros."""
COUNT = 20_000


def clients_of(code: str, number: int) -> dict[Key, int]:
    """`number` clients (a multiple of 20) with exactly the chances of `SEVERITY`, all of them in the last year."""
    shares = [(amount, int(number * chance)) for amount, chance in SEVERITY.chances.items()]
    amounts = [int(100 * amount) for amount, count in shares for _ in range(count)]
    return {(code, f"{code}-{index}", "ZORG", YEAR): cents for index, cents in enumerate(amounts)}


def equal_region(gemeenten: int, clients: int) -> Regio:
    """Gemeenten of the same size with alike clients."""
    return Regio(totals={key: cents for number in range(gemeenten) for key, cents in clients_of(f"G{number}", clients).items()})


def simulated(regio: Regio, *keuzes: str | Voorstel, **settings: Any) -> Simulatie:
    """Simulate the one year there is."""
    years = range(YEAR, YEAR + 1) if "jaren" not in settings else settings.pop("jaren")
    return simulate_region(Opdracht.of(Instellingen(**{"aantal": COUNT, **settings}), jaar=YEAR, jaren=years), regio, keuzes)


def cv(simulatie: Simulatie, number: int = 0) -> float:
    """sd / mean of what the first gemeente bears under an agreement."""
    borne = simulatie.bijdragen[number][:, 0]
    return float(borne.std(ddof=1) / borne.mean())


def near(found: float, exact: float, kurtosis: float = 3.0, count: int = COUNT) -> bool:
    """Whether a drawn standard deviation is within four of its standard errors; the seed is fixed, so that this never changes."""
    return abs(found / exact - 1) < 4 * sqrt((kurtosis - 1) / (4 * count))


@pytest.mark.parametrize("methode", ["poisson", "bootstrap"])
def test_mean_and_variance_are_those_of_a_compound_poisson(methode: str) -> None:
    """E[S] = lambda m1 and Var[S] = lambda m2."""
    simulatie = simulated(equal_region(1, 60), "profijt", methode=methode)

    mean, sd = float(60 * SEVERITY.moment(1)), sqrt(60 * SEVERITY.moment(2))
    assert abs(simulatie.eigen.mean() / 100 - mean) < 4 * sd / sqrt(COUNT)
    assert near(simulatie.eigen.std(ddof=1) / 100, sd)


def test_poisson_draws_the_mean_number_of_clients_per_year() -> None:
    """A client of one of four years counts for a quarter of a client in each simulated year."""
    totals: dict[Key, int] = {("A", f"{year}-{number}", "ZORG", year): 100 for year in YEARS for number in range(year - YEARS.start)}

    simulatie = simulated(Regio(totals=totals), "profijt", methode="poisson", jaren=YEARS)

    assert abs(simulatie.eigen.mean() / 100 - 1.5) < 4 * sqrt(1.5 / COUNT)


@pytest.mark.parametrize("gemeenten", [2, 8])
def test_sharing_divides_the_variance_by_the_number_of_equal_gemeenten(gemeenten: int) -> None:
    """Waarborg among n alike: the variance of chance is divided by n, and that much is reported as taken away."""
    simulatie = simulated(equal_region(gemeenten, 40), "profijt", "waarborg")

    gone = [each.weggenomen for each in poolwinst(simulatie) if each.overeenkomst == "waarborg"]
    assert near(cv(simulatie, 1), cv(simulatie, 0) / sqrt(gemeenten), kurtosis=5)
    assert all(share is not None and abs(share - (1 - 1 / gemeenten)) < 0.05 for share in gone[:-1])
    assert gone[-1] == pytest.approx(0, abs=1e-9)


def test_a_common_shock_does_not_shrink() -> None:
    """Sharing among twenty takes nearly all chance away, and nothing of the shock: tau stays tau, for each and for the region."""
    tau = 0.1
    simulatie = simulated(equal_region(20, 40), "profijt", "waarborg", tau=tau, aantal=10_000)

    mean = float(40 * SEVERITY.moment(1)) * 100
    for each in poolwinst(simulatie):
        size = 20 if each.gemeente == REGIO else 1
        chance = sqrt(size * 40 * SEVERITY.moment(2)) * 100
        exact = sqrt((tau * size * mean) ** 2 + (tau * chance) ** 2)
        noise = 4 * chance * sqrt((tau * size * mean) ** 2 + chance**2) / (exact * sqrt(10_000)) / exact
        assert abs(each.eigen_gezamenlijk_cent / exact - 1) < 0.1 + noise
        if each.overeenkomst == "waarborg" and each.gemeente != REGIO:
            assert each.toeval_cent < 0.3 * each.eigen_toeval_cent
            assert abs(each.gezamenlijk_cent / (tau * mean) - 1) < 0.06


def test_shock_adds_its_variance_to_the_square_of_the_cv() -> None:
    squared = Variation(severity=SEVERITY, clients=Fraction(400), region=Fraction(400)).profijt

    simulatie = simulated(equal_region(1, 400), "profijt", tau=0.2)

    assert near(cv(simulatie), sqrt(with_shock(squared, Fraction(1, 5))), kurtosis=4)
    assert near(cv(simulatie), sqrt(squared + Fraction(1, 25)), kurtosis=6)


def test_shocks_have_mean_one_and_the_variance_that_was_asked() -> None:
    drawn = shocks(drawing.shock_stream(3), 0.3, 100_000, 2)

    assert abs(drawn.mean() - 1) < 4 * 0.3 / sqrt(200_000)
    assert abs(drawn.std() - 0.3) < 0.006
    assert abs(((drawn[:, 0] - 1) * (drawn[:, 1] - 1)).mean()) < 0.02 * 0.09
    assert (drawn > 0).all()


def test_each_model_has_the_variation_of_its_closed_form() -> None:
    """The table of section 4, for a gemeente with a fifth of the clients: profijt, waarborg, quota and stop-loss to sampling error."""
    totals = {**clients_of("A", 40), **clients_of("B", 160)}
    variation = Variation(severity=SEVERITY, clients=Fraction(40), region=Fraction(200))

    simulatie = simulated(Regio(totals=totals), "profijt", "waarborg", "quotum:0.5", "stoploss:50000")

    exact = [variation.profijt, variation.waarborg, variation.quota(Fraction(1, 2)), variation.stop_loss(Fraction(50_000))]
    for number, squared in enumerate(exact):
        assert near(cv(simulatie, number), sqrt(squared), kurtosis=4), simulatie.namen[number]


def test_vlaktaks_has_the_variation_of_its_closed_form() -> None:
    """Uitstel over three independent years divides the variance by three; omslag is known to first order."""
    totals: dict[Key, int] = {(code, f"{name}-{year}", vorm, year): cents for year in YEARS for (code, name, vorm, _), cents in
              {**clients_of("A", 60), **clients_of("B", 240)}.items()}  # fmt: skip
    variation = Variation(severity=SEVERITY, clients=Fraction(60), region=Fraction(300))

    simulatie = simulated(Regio(totals=totals), "uitstel:3", "vlaktaks:3", methode="poisson", jaren=YEARS)

    assert near(cv(simulatie, 0), sqrt(variation.uitstel(3)), kurtosis=4)
    assert abs(cv(simulatie, 1) / sqrt(variation.omslag(3)) - 1) < 0.03


def test_bootstrap_keeps_whoever_is_expensive_expensive() -> None:
    """A client with the same cost every year makes the years of a replicate the same, so that uitstel takes nothing away."""
    totals: dict[Key, int] = {("A", f"{number}", "ZORG", year): 1_000_00 for number in range(50) for year in YEARS}

    bootstrap = simulated(Regio(totals=totals), "profijt", "uitstel:3", jaren=YEARS)
    independent = simulated(Regio(totals=totals), "profijt", "uitstel:3", jaren=YEARS, methode="poisson")

    assert np.array_equal(bootstrap.bijdragen[1], bootstrap.bijdragen[0])
    assert near(cv(independent, 1), cv(independent, 0) / sqrt(3))


def test_a_known_past_makes_the_premium_certain() -> None:
    totals: dict[Key, int] = {("A", f"{number}", "ZORG", year): 1_000_00 for number in range(50) for year in YEARS}

    simulatie = simulated(Regio(totals=totals), "uitstel:3", jaren=YEARS, verleden="vast", aantal=100)

    assert set(simulatie.bijdragen[0][:, 0]) == {50 * 1_000_00.0}


def history_lines() -> list[CostLine]:
    """Three gemeenten, two zorgvormen, four years; clients with several of both, a credit, and cost without client."""
    lines = [line("A", 700_00, year) for year in YEARS]
    for number in range(14):
        for year in YEARS[number % 3 :]:
            cents = 10_000 * (number + 1) ** 2 + 37 * year if number % 5 or year % 2 else -5_000
            lines.append(line("ABC"[number % 3], cents, year, client=f"c{number}"))
            if number % 4 == 0:
                lines.append(line("ABC"[number % 3], 123_456, year, client=f"c{number}", category="LICHT"))
    return lines


def values_of(**measures: Sequence[int]) -> tuple[MeasureValue, ...]:
    """Measures of A, B and C in the simulated year."""
    return tuple(
        MeasureValue(measure=measure, municipality=code, year=YEAR, value=Fraction(value))
        for measure, row in measures.items()
        for code, value in zip("ABC", row, strict=True)
    )


def test_simulated_years_are_what_the_calculator_makes_of_the_drawn_clients() -> None:
    """From end to end: the same clients drawn once more by hand, written as ledger lines, and settled to the cent."""
    lines, count = history_lines(), 12
    region = Region(gemeenten="ABC", categories=("LICHT", "ZORG"), jaar=YEAR)
    values = values_of(inwoners=(500, 900, 1_700))
    per_category = replace(named_agreement("waarborg:inwoners", region).arrangements[0], code="PER", pool_by="category")
    keuzes = ["profijt", "vlaktaks:2", "uitstel:3", "stoploss:2500:inwoners", "quotum:1/3:inwoners"]
    own = Voorstel(agreement=Agreement(name="per zorgvorm", arrangements=(per_category,)), values=values)

    simulatie = simulated(Regio(totals=totals_of_lines(lines), values=values), *keuzes, own, jaren=YEARS, aantal=count, seed=7)

    drawn = [drawn_by_hand(lines, code, drawing.gemeente_stream(7, code), count) for code in "ABC"]
    agreements = [*(named_agreement(name, region) for name in keuzes), own.agreement]
    for number, agreement in enumerate(agreements):
        for year in range(count):
            rows = settle(agreement, Costs(each for part in drawn for each in part[year]), Measures(values))
            borne = {code: sum(row.contribution_cent for row in rows if row.municipality == code) for code in "ABC"}
            pools = len({row.pool for row in rows})
            assert np.abs(simulatie.bijdragen[number][year] - [borne[code] for code in "ABC"]).max() <= pools, (agreement.name, year)
    assert simulatie.eigen.std(axis=0).min() > 0


def drawn_by_hand(lines: list[CostLine], code: str, stream: np.random.Generator, count: int) -> list[list[CostLine]]:
    """The lines of every client that is drawn, under another name each time; cost without client is there every year."""
    names = sorted({each.client for each in lines if each.municipality == code and each.client})
    drawn = Drawn(stream, float(len(names)), len(names), count)
    picks, years = iter(drawn.picks), []
    for number in drawn.numbers:
        year = [each for each in lines if each.municipality == code and each.client is None]
        for copy in range(number):
            name = names[next(picks)]
            year += [replace(each, client=f"{name}#{copy}") for each in lines if each.municipality == code and each.client == name]
        years.append(year)
    return years


def test_shock_makes_more_clients_reach_a_stop_loss() -> None:
    """A year that is twice as dear takes every client twice as far, as the calculator says of lines that are twice as dear."""
    lines = history_lines()
    past = make_past(totals_of_lines(lines), History(), jaar=YEAR, years=YEARS)
    band = drawing.ClientBand(columns=(0, 1), lower=2_500_00.0, upper=9_000_00.0)
    plan = drawing.Plan(method="bootstrap", jaar=YEAR, seed=5, tau=0.4, bands=(band,))

    (draw,) = drawing.draws(past, plan, 300)

    factors = shocks(drawing.shock_stream(5), 0.4, 300, 1)[:, 0]
    by_hand = drawn_by_hand(lines, "C", drawing.gemeente_stream(5, "C"), 300)
    for year in range(300):
        net = [sum(each.bedrag_cent for each in by_hand[year] if each.client == name and each.service_date.year == YEAR)
               for name in {each.client for each in by_hand[year] if each.client}]  # fmt: skip
        for factor, found in ((1.0, draw.quiet), (factors[year], draw.shocked)):
            assert found.bands[0][year, 2] == pytest.approx(sum(max(0, min(factor * x, 9_000_00) - 2_500_00) for x in net), abs=1e-3)
    assert not np.allclose(draw.shocked.bands[0], draw.quiet.bands[0])


def test_both_ways_to_add_up_the_drawn_clients_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = np.arange(60, dtype=np.float64).reshape(20, 3)
    found = []
    for cost in (0.0, 1e9):
        monkeypatch.setattr(drawing, "LOOKUP_COST", cost)
        found.append(Drawn(drawing.gemeente_stream(1, "A"), 1.5, 20, 50).sums(amounts))

    assert np.array_equal(found[0], found[1])
    assert (found[0] == 0).any()


def test_one_seed_gives_one_outcome() -> None:
    """To the last figure; another seed gives another."""
    regio = Regio(totals=totals_of_lines(history_lines()))

    first, again, other = (simulated(regio, "profijt", "vlaktaks:2", jaren=YEARS, aantal=1_500, tau=0.05, seed=seed) for seed in (1, 1, 2))

    assert as_csv(first) == as_csv(again)
    assert as_json(first) == as_json(again)
    assert as_csv(first) != as_csv(other)


def test_the_numbers_of_a_seed_are_these() -> None:
    """Written down, so that another machine or a change of the drawing shows."""
    simulatie = simulated(Regio(totals=totals_of_lines(history_lines())), "profijt", "waarborg", jaren=YEARS, aantal=2_000, seed=1)

    assert [(each.gemeente, each.gemiddelde_cent, each.sd_cent) for each in cijfers(simulatie)[:4]] == PINNED


PINNED = [("A", 3931764, 2199835), ("B", 4624700, 2578127), ("C", 3150547, 1888276), ("regio", 11707011, 3882541)]


def test_another_gemeente_changes_nothing_for_the_others() -> None:
    regio = Regio(totals=totals_of_lines(history_lines()))

    with_more = simulated(
        replace(regio, totals={("0", "x", "ZORG", YEAR): 5_00, **regio.totals}), "profijt", jaren=YEARS, aantal=1_200, tau=0.1
    )

    assert np.array_equal(with_more.eigen[:, 1:], simulated(regio, "profijt", jaren=YEARS, aantal=1_200, tau=0.1).eigen)


def test_figures_of_a_handful_of_years() -> None:
    """By hand: contributions of 1 to 20 euros against a budget of 18."""
    regio = Regio(totals={("A", "c", "ZORG", YEAR): 100}, budgetten={("A", "", YEAR): 1_800})
    simulatie = simulated(regio, "profijt", aantal=20)
    amounts = np.arange(100.0, 2_001.0, 100.0)[:, None]

    found = cijfers(replace(simulatie, eigen=amounts - 50, bijdragen=(amounts,)))[0]

    assert found == Cijfers(
        overeenkomst="profijt", gemeente="A", gemiddelde_cent=1_050, sd_cent=592, budget_cent=1_800, sd_op_budget=sqrt(350_000) / 1_800,
        kans_overschrijding=0.1, kans_fout=sqrt(0.1 * 0.9 / 20), var95_cent=100, es95_cent=200, p5_cent=100, p50_cent=1_000, p95_cent=1_900,
        kans_verevening=0.0, verschil_cent=0, verschil_sd_cent=0,
    )  # fmt: skip


def test_settlement_beyond_the_bound_and_difference_with_the_first() -> None:
    regio = Regio(totals={("A", "c", "ZORG", YEAR): 100}, budgetten={("A", "", YEAR): 1_000})
    simulatie = simulated(regio, "profijt", "waarborg", aantal=4)
    own = np.array([[1_000.0], [900.0], [1_100.0], [1_000.0]])

    found = cijfers(replace(simulatie, eigen=own, bijdragen=(own, np.array([[1_000.0], [951.0], [1_000.0], [1_050.0]]))))[2]

    assert (found.overeenkomst, found.kans_verevening, found.verschil_cent) == ("waarborg", 0.25, round((51 - 100 + 50) / 4))


def test_tail_of_a_hundred_years() -> None:
    ordered = np.arange(1.0, 101.0)

    assert quantile(ordered, 0.95) == 95
    assert quantile(ordered, 0.05) == 5
    assert expected_shortfall(ordered) == 98
    assert expected_shortfall(ordered[:3]) == 3


def test_region_adds_the_gemeenten_up() -> None:
    simulatie = simulated(equal_region(3, 20), "profijt", "waarborg", aantal=500)

    per_agreement = {name: [each for each in cijfers(simulatie) if each.overeenkomst == name] for name in simulatie.namen}
    for rows in per_agreement.values():
        assert [each.gemeente for each in rows] == ["G0", "G1", "G2", REGIO]
        assert abs(sum(each.gemiddelde_cent for each in rows[:3]) - rows[3].gemiddelde_cent) <= 2
    assert per_agreement["profijt"][3].sd_cent == pytest.approx(per_agreement["waarborg"][3].sd_cent, rel=1e-6)


def test_charts_hold_every_year_and_the_same_bars() -> None:
    simulatie = simulated(equal_region(3, 20), "profijt", "waarborg", aantal=1_000)

    for code in ("G1", REGIO):
        charts = verdelingen(simulatie, code, bins=25)
        assert [each.overeenkomst for each in charts] == ["profijt", "waarborg"]
        assert charts[0].randen_cent == charts[1].randen_cent
        for each in charts:
            assert (len(each.delen), len(each.randen_cent)) == (25, 26)
            assert sum(each.delen) == pytest.approx(1)
            assert tuple(each.waaier_cent) == PERCENTAGES
            assert list(each.waaier_cent.values()) == sorted(each.waaier_cent.values())
    with pytest.raises(ValueError, match="no chart of G9"):
        verdelingen(simulatie, "G9")


def test_report_says_the_same_in_each_form() -> None:
    simulatie = simulated(equal_region(2, 20), "profijt", "waarborg", aantal=500, tau=0.05)

    text, files, document = as_text(simulatie), as_csv(simulatie), json.loads(json.dumps(as_json(simulatie)))

    assert len(document["cijfers"]) == len(document["poolwinst"]) == 2 * 3
    assert files.keys() == {"risico.csv", "poolwinst.csv"}
    for row, written in zip(document["cijfers"], files["risico.csv"].splitlines()[1:], strict=True):
        assert written.startswith(f"{row['overeenkomst']},{row['gemeente']},{euros(row['gemiddelde_cent'])},")
    assert "500 gesimuleerde jaren" in text
    assert "wat delen wegneemt" in text
    assert charts_json(simulatie).keys() == {"G0", "G1", REGIO}


def test_budget_is_the_measure_else_the_register_else_expected_cost() -> None:
    regio = Regio(
        totals=totals_of_lines(history_lines()),
        values=values_of(rijksbudget=(10, 20, 30)),
        budgetten={("A", "", YEAR): 7, ("A", "ZORG", YEAR): 9, ("B", "ZORG", YEAR): 1, ("B", "LICHT", YEAR): 2, ("C", "LICHT", YEAR): 5},
    )
    past = make_past(regio.totals, History(), jaar=YEAR, years=YEARS)
    opdracht = Opdracht(jaar=YEAR, jaren=YEARS)

    assert list(budgets_of(replace(opdracht, budget_maatstaf="rijksbudget"), past, regio)) == [1_000, 2_000, 3_000]
    assert list(budgets_of(opdracht, past, regio)) == [7, 3, 5]
    expected = budgets_of(replace(opdracht, budget_factor=Fraction(2)), past, replace(regio, budgetten=None))
    assert list(expected) == list(2 * expected_cent(past, "bootstrap"))
    with pytest.raises(RegelingOngeldig, match="draagkracht van A, B, C ontbreekt"):
        budgets_of(replace(opdracht, budget_maatstaf="draagkracht"), past, regio)


@pytest.mark.parametrize("keuze", ["profijt", "waarborg", "quotum:0.5", "stoploss:50000"])
def test_a_herindeling_in_the_year_counts_from_its_first_day(keuze: str) -> None:
    """Half-way the year X becomes part of B: the whole year is simulated as if it always was, with the budgets of both."""
    totals = clients_of("A", 60) | clients_of("B", 60) | clients_of("X", 60)
    budgetten = {(code, "", YEAR): 1_000_000 for code in "ABX"}
    halfway = History(mergers=(Merger(date=date(YEAR, 7, 1), predecessor="X", successor="B"),))
    values = tuple(
        MeasureValue(measure=name, municipality=code, category=None, year=year, value=Fraction(10))
        for name in ("inwoners", "rijksbudget") for code in "ABX" for year in range(YEAR - 6, YEAR + 1)
    )  # fmt: skip

    simulatie = simulated(Regio(totals=totals, history=halfway, budgetten=budgetten, values=values, gemeenten=("A", "B", "X")), keuze)

    assert simulatie.past.codes == ("A", "B")
    assert list(simulatie.budget_cent) == [1_000_000, 2_000_000]
    assert simulatie.bijdragen[0].shape[1] == 2


def test_past_follows_mergers_and_refuses_splits() -> None:
    totals: dict[Key, int] = {(code, "1", "ZORG", YEAR - 1): 50 for code in ("X", "B")}
    whole = History(mergers=(Merger(date=date(YEAR, 1, 1), predecessor="X", successor="B"),))
    split = History(mergers=tuple(Merger(date=date(YEAR, 1, 1), predecessor="X", successor=code, fraction=Fraction(1, 2)) for code in "AB"))

    past = make_past(totals, whole, jaar=YEAR, years=YEARS, gemeenten=["A"])

    assert past.codes == ("A", "B")
    assert past.gemeenten[1].cost_cent.sum() == 100
    assert past.client_count == 1
    with pytest.raises(NietOndersteund, match="X is gesplitst"):
        make_past(totals, split, jaar=YEAR, years=YEARS)


def test_expected_cost_is_the_key_of_a_model_without_measure() -> None:
    past = make_past(totals_of_lines(history_lines()), History(), jaar=YEAR, years=YEARS)

    values = expected_values(past, "poisson", YEAR)

    total = sum(each.bedrag_cent for each in history_lines())
    assert sum(value.value for value in values) == pytest.approx(Fraction(total, 400))


def test_finished_year_is_seen_from_its_own_past() -> None:
    totals = totals_of_lines(history_lines())

    assert make_opdracht(Instellingen(), totals, jaar=None, jaren=None).jaren == YEARS
    assert make_opdracht(Instellingen(), totals, jaar=None, jaren=None, before=YEAR).jaar == YEAR - 1
    assert make_opdracht(Instellingen(), totals, jaar=YEAR - 1, jaren=None).jaren == YEARS[:-1]
    assert make_opdracht(Instellingen(), totals, jaar=YEAR + 1, jaren=None).jaren == YEARS
    assert make_opdracht(Instellingen(), totals, jaar=YEAR - 1, jaren=YEARS).jaren == YEARS
    with pytest.raises(RegelingOngeldig, match="geen jaar met kosten voor 2000"):
        make_opdracht(Instellingen(), totals, jaar=None, jaren=None, before=2000)


@pytest.mark.parametrize(
    ("settings", "keuzes", "sentence"),
    [
        ({"aantal": 1}, ["profijt"], "tussen 2 en"),
        ({"tau": -0.1}, ["profijt"], "standaardafwijking van 0"),
        ({"tau": float("nan")}, ["profijt"], "standaardafwijking van 0"),
        ({"seed": -1}, ["profijt"], "geheel getal vanaf 0"),
        ({"budget_factor": Fraction(0)}, ["profijt"], "getal boven 0"),
        ({}, [], "noem een tot 20"),
        ({}, ["profijt", "profijt"], "heten hetzelfde"),
        ({}, ["waarborg:draagkracht"], "draagkracht van A"),
        ({}, ["vlaktaks:0"], "niet herkend"),
        ({}, ["quotum:1.5"], "niet herkend"),
        ({}, ["profijt:x"], "niet herkend"),
        ({}, ["waarbrg"], "bedoelt u 'waarborg'"),
        ({}, ["vlaktaks:4"], "kijkt 4 jaar terug"),
        ({"verleden": "vast", "methode": "poisson"}, ["vlaktaks:4"], "kijkt 4 jaar terug"),
    ],
)
def test_refuses_with_a_sentence(settings: dict[str, Any], keuzes: list[str], sentence: str) -> None:
    regio = Regio(totals=totals_of_lines(history_lines()))

    with pytest.raises(RegelingOngeldig, match=sentence):
        simulated(regio, *keuzes, jaren=YEARS, **{"aantal": 10, **settings})


def test_refuses_a_history_without_clients_or_cost() -> None:
    with pytest.raises(RegelingOngeldig, match="noemen geen clienten"):
        simulated(Regio(totals={("A", None, "ZORG", YEAR): 5}), "profijt")
    with pytest.raises(RegelingOngeldig, match="geen kosten in deze jaren"):
        simulated(Regio(totals={("A", "c", "ZORG", YEAR - 9): 5}), "profijt")


def test_zorgvorm_outside_every_pool_stays_with_its_gemeente() -> None:
    lines = history_lines()
    plain = named_agreement("waarborg:inwoners", Region(gemeenten="ABC", categories=("ZORG",), jaar=YEAR))
    shared = Agreement(name="alleen ZORG", arrangements=(replace(plain.arrangements[0], layers=(Layer(basis="cost"),)),))
    values = values_of(inwoners=(1, 0, 0))

    simulatie = simulated(Regio(totals=totals_of_lines(lines)), Voorstel(agreement=shared, values=values), jaren=YEARS, aantal=50)

    assert simulatie.bijdragen[0][:, 1].max() > 0
    assert (simulatie.bijdragen[0][:, 1:] % 123_456 == 0).all()
    assert plain.arrangements[0].key_terms == (KeyTerm(measure="inwoners"),)


def test_gemeente_without_cost_takes_part_without_chance() -> None:
    """It has a budget but no clients: its own cost is always nothing, and it may still share in that of others."""
    regio = Regio(totals=totals_of_lines(history_lines()), budgetten={(code, "", YEAR): 1_000_00 for code in "ABCZ"})
    values = tuple(MeasureValue(measure="inwoners", municipality=code, year=YEAR, value=Fraction(1)) for code in "ABCZ")

    simulatie = simulated(replace(regio, values=values), "profijt", "waarborg:inwoners", jaren=YEARS, aantal=50)

    assert simulatie.past.codes == ("A", "B", "C", "Z")
    assert set(simulatie.bijdragen[0][:, 3]) == {0.0}
    assert np.allclose(simulatie.bijdragen[1][:, 3], simulatie.eigen.sum(axis=1) / 4, atol=1)
    assert [each.weggenomen for each in poolwinst(simulatie) if each.gemeente == "Z"] == [None, None]
