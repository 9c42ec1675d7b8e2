"""The laboratory on small cases: what changes for whom, what an extra euro costs, what is said, and how templates are fitted to a region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.solidarity.costs import ClientYearCost, CostLine, Costs, MonthCost, costs_from_months
from app.solidarity.errors import RegelingOngeldig
from app.solidarity.history import History, Merger
from app.solidarity.measures import MeasureValue
from app.solidarity.modellen import Gebied
from app.solidarity.runinvoer import Lid
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document
from app.solidarity.vergelijken import Achtergrond, Vergelijking, totals, vergelijk
from app.solidarity.vergelijken_keuze import Regio, maak_variant
from app.solidarity.vergelijken_rapport import as_csv, as_json, as_text
from app.solidarity.vergelijken_woorden import samenvatting, zin_afronding, zin_over, zin_signaal

INWONERS = {"0001": 10_000, "0002": 30_000, "0003": 60_000}
NAMEN = {"0001": "Aadorp", "0002": "Bedorp", "0003": "Cedorp"}
STUURBAAR = {"ambulant": "licht", "verblijf": "zwaar", "crisis": ""}


def compare(
    *namen: str,
    kosten: Mapping[tuple[str, str, int], int] | None = None,
    jaren: range = range(2026, 2027),
    clienten: list[ClientYearCost] | None = None,
    inwoners: Mapping[str, int] = INWONERS,
) -> Vergelijking:
    """Models and templates over one region of three gemeenten."""
    costs = kosten if kosten is not None else {("0001", "ambulant", 2026): 90_000_00, ("0003", "verblijf", 2026): 10_000_00}
    months = [
        MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=date(jaar, 3, 1), bedrag_cent=cents)
        for (code, vorm, jaar), cents in costs.items()
    ]
    values = tuple(
        MeasureValue(measure=measure, municipality=code, year=jaar, value=Fraction(count * factor))
        for measure, factor in (("inwoners", 1), ("jeugdigen", 1), ("rijksbudget", 100))
        for jaar in range(2015, 2028)
        for code, count in inwoners.items()
    )
    gebied = Gebied(
        leden=[Lid(code=code, geldig_van=date(2000, 1, 1), geldig_tot=None) for code in NAMEN], zorgvormen=sorted(STUURBAAR), jaren=jaren
    )
    regio = Regio(gebied=gebied, values=values, history=History(), stuurbaarheid=STUURBAAR)
    achtergrond = Achtergrond(
        jaren=jaren,
        kosten=totals(months),
        costs=costs_from_months(months, clienten or ()),
        namen=NAMEN,
        inwoners={(v.municipality, v.year): v.value for v in values if v.measure == "inwoners"},
        stuurbaarheid=STUURBAAR,
        history=History(),
    )
    documents = [read_document(template_text(naam), naam) if naam in templates() else naam for naam in namen]
    return vergelijk(achtergrond, [maak_variant(each, regio) for each in documents])


def test_who_pays_more_and_who_less_and_what_that_is_per_inhabitant() -> None:
    """100 000 euros shared by inhabitants: Aadorp had 90 000 and bears 10 000."""
    found = compare("profijt", "waarborg")
    base, shared = found.uitkomsten

    changes = {each.gemeente: (each.verschil_cent, each.per_inwoner_cent) for each in found.veranderingen(shared)}

    assert changes == {"0001": (-80_000_00, -800), "0002": (30_000_00, 100), "0003": (50_000_00, 83)}
    assert {each.verschil_cent for each in found.veranderingen(base)} == {0}
    assert found.last(shared, "0001").bijdrage_cent == 10_000_00
    assert shared.reserve_cent == 0


def test_sentences_for_a_councillor() -> None:
    """Counts, amounts, the largest of both sides; singular and plural."""
    found = compare("profijt", "waarborg")
    shared = found.uitkomsten[1]
    change = next(each for each in found.veranderingen(shared) if each.gemeente == "0002")

    assert (
        zin_over(found, shared, change) == "Onder waarborg betaalt Bedorp € 30.000,00 meer dan onder profijt, € 1,00 per inwoner per jaar."
    )
    assert samenvatting(found, shared) == (
        "Onder waarborg betalen 2 gemeenten meer dan onder profijt, samen € 80.000,00, en betaalt 1 gemeente minder, samen € 80.000,00.",
        "Onder waarborg betaalt Cedorp € 50.000,00 meer dan onder profijt, € 0,83 per inwoner per jaar.",
        "Onder waarborg betaalt Aadorp € 80.000,00 minder dan onder profijt, € 8,00 per inwoner per jaar.",
    )
    same = compare("profijt", "profijt")
    assert samenvatting(same, same.uitkomsten[1]) == ("Onder profijt betaalt elke gemeente evenveel als onder profijt.",)


def test_the_extra_euro_is_exact() -> None:
    """Profijt: all of it. Full solidarity: the share in the key. A quota: what is not shared, and the share of what is."""
    found = compare("profijt", "waarborg", "quotum:0.5")

    shares = [{(m.gemeente, m.zorgvorm): m.samen for m in each.marges} for each in found.uitkomsten]

    assert set(shares[0].values()) == {Fraction(1)}
    assert shares[1]["0001", "ambulant"] == Fraction(1, 10)
    assert shares[1]["0003", "verblijf"] == Fraction(6, 10)
    assert shares[2]["0002", "ambulant"] == Fraction(1, 2) + Fraction(1, 2) * Fraction(3, 10)


def test_vlaktaks_costs_later_what_it_does_not_cost_now() -> None:
    """A key of one year back: in 2026 the share in 2025, in 2027 about the rest."""
    kosten = {(code, "ambulant", jaar): 30_000_00 for code in NAMEN for jaar in (2025, 2026, 2027)}
    found = compare("vlaktaks:1", "profijt", kosten=kosten, jaren=range(2026, 2028))

    marge = next(m for m in found.uitkomsten[0].marges if (m.gemeente, m.zorgvorm) == ("0001", "ambulant"))

    assert marge.nu == Fraction(1, 3)
    # 30 001 of 90 001 instead of a third of 90 000 euros.
    assert marge.later == Fraction(90_000) * (Fraction(30_001, 90_001) - Fraction(1, 3))


def test_congruence_is_warned_about_for_who_decides_and_from_light_to_heavy() -> None:
    """Heavy care shared and light care not rewards scaling up; heavy care alone that nobody can steer is no warning."""
    found = compare("profijt", "zeeland-gedeeltelijk")
    partial = found.uitkomsten[1]

    (signal,) = partial.signalen

    assert (signal.soort, signal.zorgvorm, signal.ten_opzichte_van) == ("opschalen", "verblijf", ("ambulant",))
    assert "Opschalen loont" in zin_signaal(found, signal)
    other = compare("profijt", "waarborg")
    full = other.uitkomsten[1]
    assert [(s.soort, s.zorgvorm, s.gemeenten) for s in full.signalen] == [("geen_belang", "ambulant", ("0001",))]
    assert zin_signaal(other, full.signalen[0]) == "Wie beslist voelt het niet: van een extra euro ambulant draagt Aadorp zelf 10 cent."


def test_a_client_layer_reads_totals_per_client() -> None:
    """Of a client of 90 000 what is above 50 000 is shared; an extra euro of somebody new stays with the gemeente."""
    client = ClientYearCost(client="7", gemeente="0001", zorgvorm="ambulant", zorgjaar=2026, bedrag_cent=90_000_00)
    found = compare("profijt", "stoploss:50000", clienten=[client])

    assert found.last(found.uitkomsten[1], "0001").verevening_cent == -36_000_00
    assert {m.samen for m in found.uitkomsten[1].marges} == {Fraction(1)}


def test_rounding_is_told() -> None:
    """100 cents over three equal gemeenten: one cent goes by largest remainder."""
    found = compare("profijt", "waarborg", kosten={("0001", "ambulant", 2026): 100}, inwoners=dict.fromkeys(INWONERS, 1))

    rounding = found.uitkomsten[1].afronding

    assert (rounding.potten, rounding.restcenten, rounding.grootste) == (3, 1, Fraction(2, 3))
    assert "1 cent gaat in 3 potten" in zin_afronding(found.uitkomsten[1])


def test_without_inhabitants_of_all_nothing_is_said_per_head() -> None:
    """One gemeente without a value: its amount per inhabitant is left out, and the text says why."""
    found = compare("profijt", "quotum:0", "waarborg:jeugdigen")
    without = Vergelijking(
        achtergrond=Achtergrond(
            **{name: getattr(found.achtergrond, name) for name in ("jaren", "kosten", "costs", "namen", "stuurbaarheid", "history")},
            inwoners={},
        ),
        uitkomsten=found.uitkomsten,
    )

    assert {each.per_inwoner_cent for each in without.veranderingen(without.uitkomsten[2])} == {None}
    assert "per inwoner" in as_text(without).splitlines()[-1]
    assert "per inwoner per jaar" not in as_text(without)


@pytest.mark.parametrize("naam", list(templates()))
def test_every_template_can_be_looked_at_in_another_region(naam: str) -> None:
    """Gemeenten, zorgvormen and years are replaced, and it says so; nothing is lost in the sum."""
    found = compare("profijt", naam)

    assert found.uitkomsten[1].variant.opmerkingen
    if not found.uitkomsten[1].reserve_cent:
        assert sum(each.verschil_cent for each in found.veranderingen(found.uitkomsten[1])) == 0


def test_a_fitted_template_follows_a_merger_inside_a_year() -> None:
    """Aadorp goes into Bedorp in July: a member until then, whatever year the template names."""
    half = [Lid(code="0001", geldig_van=date(2000, 1, 1), geldig_tot=date(2026, 6, 30)), *(
        Lid(code=code, geldig_van=date(2000, 1, 1), geldig_tot=None) for code in ("0002", "0003")
    )]  # fmt: skip
    gebied = Gebied(leden=half, zorgvormen=sorted(STUURBAAR), jaren=range(2026, 2027))
    document = read_document(template_text("zeeland-volledig"), "zeeland-volledig")

    fitted = maak_variant(document, Regio(gebied=gebied, values=(), history=History(), stuurbaarheid=STUURBAAR))

    (arrangement,) = fitted.agreements[2026].arrangements
    assert (arrangement.since, arrangement.until) == (date(2026, 1, 1), date(2027, 1, 1))
    assert [(m.municipality, m.since, m.until) for m in arrangement.members] == [
        ("0001", None, date(2026, 7, 1)),
        ("0002", None, None),
        ("0003", None, None),
    ]


def test_who_merged_is_in_the_group_of_its_successor() -> None:
    """Else a merger inside a year would fall between two groups."""
    leden = [Lid(code=code, geldig_van=date(2000, 1, 1), geldig_tot=None) for code in NAMEN]
    merger = Merger(date=date(2026, 7, 1), predecessor="0001", successor="0003")
    gebied = Gebied(leden=leden, zorgvormen=sorted(STUURBAAR), jaren=range(2026, 2027))
    document = read_document(template_text("zeeland-subregios"), "zeeland-subregios")

    fitted = maak_variant(document, Regio(gebied=gebied, values=(), history=History(mergers=(merger,)), stuurbaarheid=STUURBAAR))

    groups = [{m.municipality for m in each.members} for each in fitted.agreements[2026].arrangements]
    assert all(("0001" in group) == ("0003" in group) for group in groups)


def test_a_measure_that_the_region_lacks_is_named() -> None:
    """Nothing is guessed: the sentence says which measure of whom."""
    with pytest.raises(RegelingOngeldig, match=r"maatstaf draagkracht van 0001.*ontbreekt"):
        compare("profijt", "waarborg:draagkracht")


@pytest.mark.parametrize("naam", ["waarborgh", "waarborg:Rare Maat", "quotum:2", "quotum", "vlaktaks:nul", "stoploss:-1"])
def test_what_is_no_model_is_refused_with_how_to_write_it(naam: str) -> None:
    with pytest.raises(RegelingOngeldig, match=r"model|sjabloon"):
        compare("profijt", naam)


def test_tables_json_and_text_say_the_same() -> None:
    """The sum of the column verschil is zero, and each form has every gemeente."""
    found = compare("profijt", "waarborg")

    table = as_csv(found)["vergelijking.csv"].splitlines()
    data = as_json(found)

    assert len(table) == 1 + 2 * 3
    assert "waarborg,0001,Aadorp,90000.00,-80000.00,10000.00,-80000.00,-8.00" in table
    assert [each["naam"] for each in data["overeenkomsten"]] == ["profijt", "waarborg"]
    assert sum(each["verschil_cent"] for each in data["overeenkomsten"][1]["gemeenten"]) == 0
    assert as_csv(found)["marges.csv"].count("\n") == 1 + 2 * 3 * 2
    for name in NAMEN.values():
        assert name in as_text(found)


def test_adding_a_line_changes_nothing_else() -> None:
    """`plus` gives what building anew gives, and leaves the first as it was."""
    lines = [CostLine(municipality="A", category="X", service_date=date(2026, 1, 1), bedrag_cent=5)]
    extra = CostLine(municipality="A", category="X", service_date=date(2026, 1, 1), bedrag_cent=7)
    before = Costs(lines)

    assert before.plus(extra).total_cent() == Costs([*lines, extra]).total_cent() == 12
    assert before.total_cent() == 5
    with pytest.raises(ValueError, match="client"):
        before.plus(CostLine(municipality="A", category="X", service_date=date(2026, 1, 1), bedrag_cent=7, client="c"))


amounts = st.dictionaries(
    st.tuples(st.sampled_from(sorted(NAMEN)), st.sampled_from(sorted(STUURBAAR)), st.sampled_from([2025, 2026])),
    st.integers(-1_000_00, 50_000_00),
    min_size=1,
)
models = st.sampled_from(["profijt", "waarborg", "waarborg:jeugdigen", "vlaktaks:1", "quotum:1/3", "zeeland-volledig", "zuid-limburg"])


@given(amounts, st.lists(models, min_size=2, max_size=3))
def test_changes_add_up_and_equal_agreements_do_not_differ(kosten: dict[tuple[str, str, int], int], namen: list[str]) -> None:
    """Without a reserve what one pays more others pay less, and an agreement against itself changes nothing."""
    found = compare(*namen, namen[0], kosten=kosten, jaren=range(2025, 2027))

    for uitkomst in found.uitkomsten:
        assert sum(each.verschil_cent for each in found.veranderingen(uitkomst)) == 0
        assert uitkomst.reserve_cent == 0
    assert {each.verschil_cent for each in found.veranderingen(found.uitkomsten[-1])} <= {0}


@given(amounts)
def test_marginal_shares_of_profijt_and_full_solidarity(kosten: dict[tuple[str, str, int], int]) -> None:
    """1, and the share in the key, whatever the cost."""
    found = compare("profijt", "waarborg", kosten=kosten, jaren=range(2025, 2027))

    assert {each.samen for each in found.uitkomsten[0].marges} <= {Fraction(1)}
    for each in found.uitkomsten[1].marges:
        assert each.samen == Fraction(INWONERS[each.gemeente], sum(INWONERS.values()))
