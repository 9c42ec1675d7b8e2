"""Every template loads, says what is to be filled in, survives writing, and settles a small invented region."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import groupby

import pytest

from app.domain.errors import NietGevonden
from app.solidarity import Costs, Measures, MeasureValue, ShareRow, settle
from app.solidarity.agreement import Agreement
from app.solidarity.costs import CostLine
from app.solidarity.document import Overeenkomst, measures_of
from app.solidarity.payment import installments, reserve_course
from app.solidarity.sjablonen import PLACEHOLDER, template_text, templates
from app.solidarity.tomlform import read_document
from app.solidarity.tomlwriting import write_document

NAMES = sorted(templates())
MODELS = {
    "zeeland-geen", "zeeland-gedeeltelijk", "zeeland-volledig", "zeeland-subregios", "zuid-holland-zuid", "ijsselland", "zuid-limburg",
    "groningen-verzekering", "groningen-vlaktax", "groningen-vlaktax-uitstel", "groningen-verrekening",
}  # fmt: skip
"""The models that the source documents name."""


def invented_lines(document: Overeenkomst) -> list[CostLine]:
    """One line per municipality, zorgvorm and year, of the years that a key looks back on too; every amount is another."""
    names = sorted({member.municipality for a in document.agreement.arrangements for member in a.members})
    categories = sorted({category for a in document.agreement.arrangements for category in a.categories})
    years = range(document.since.year - 3, document.until.year)
    existing = {merger.successor: merger.date for merger in document.history.mergers}
    ended = {merger.predecessor: merger.date for merger in document.history.mergers}
    return [
        CostLine(
            municipality=name, category=category, service_date=day, bedrag_cent=100_003 + 7_919 * n + 977 * m + 131 * year, client=name
        )
        for n, name in enumerate(names)
        for m, category in enumerate(categories)
        for year in years
        for day in [date(year, 6, 1)]
        if existing.get(name, date.min) <= day < ended.get(name, date.max)
    ]


def invented_values(document: Overeenkomst) -> list[MeasureValue]:
    """A value for every measure that the document leaves to the region."""
    own = {value.measure for value in document.values}
    named = {measure for a in document.agreement.arrangements for measure in measures_of(a)} - own
    names = sorted({member.municipality for a in document.agreement.arrangements for member in a.members})
    founded = {merger.successor: merger.date.year for merger in document.history.mergers}
    return [
        MeasureValue(measure=measure, municipality=name, year=year, value=Fraction(2_000_000 + 1000 * n))
        for measure in sorted(named)
        for n, name in enumerate(names)
        for year in range(document.since.year, document.until.year)
        if year >= founded.get(name, 0)
    ]


def settled(document: Overeenkomst) -> list[ShareRow]:
    """The template over the invented region."""
    values = document.measure_values(invented_values(document))
    return settle(document.agreement, Costs(invented_lines(document)), Measures(values), document.history)


def test_every_model_of_the_source_documents_has_a_template() -> None:
    """Zeeland's four, Zuid-Holland Zuid, IJsselland, Zuid-Limburg and Groningen's."""
    assert set(NAMES) == MODELS


@pytest.mark.parametrize("name", NAMES)
def test_template_is_sound_and_marks_what_is_to_be_filled_in(name: str) -> None:
    """It reads without a fault, its measures say where they come from, and no figure of ours passes for one of the source."""
    text = template_text(name)
    document = read_document(text, f"{name}.toml")

    assert PLACEHOLDER in text
    assert all(document.measures.values())
    assert read_document(write_document(document)) == document


@pytest.mark.parametrize("name", NAMES)
def test_template_settles_an_invented_region(name: str) -> None:
    """Every year of it has results, and every pool without a reserve closes to the cent."""
    document = read_document(template_text(name), f"{name}.toml")
    reserves = {a.code for a in document.agreement.arrangements if a.reserve}

    rows = settled(document)

    assert {row.period_from.year for row in rows} == set(range(document.since.year, document.until.year))
    for (code, _, _), pool in groupby(rows, key=lambda row: (row.arrangement, row.period_from, row.pool)):
        assert code in reserves or sum(row.settlement_cent for row in pool) == 0
    assert any(row.settlement_cent for row in rows)


def test_zeeland_without_solidarity_shares_the_crisis_service_only() -> None:
    """Availability needs joint funding, also without pooling (C09)."""
    rows = settled(read_document(template_text("zeeland-geen")))

    assert {row.arrangement for row in rows if row.settlement_cent} == {"CRISIS"}


def test_ijsselland_moves_from_all_to_nothing_and_counts_changes_of_the_budget() -> None:
    """Everything is shared in 2016 and nothing in 2019; Zwolle's budget of 2015 is 1.2 million lower."""
    document = read_document(template_text("ijsselland"))
    known = invented_values(document)

    rows = settled(document)

    assert any(row.settlement_cent for row in rows if row.period_from.year == 2016)
    assert not any(row.settlement_cent for row in rows if row.period_from.year == 2019)
    before, after = (
        {(v.municipality, v.year): v.value for v in values} for values in (known, document.measure_values(known))
    )  # fmt: skip
    assert {cell: after[cell] - before[cell] for cell in before if after[cell] != before[cell]} == {("0193", 2015): -1_200_000}


def test_zuid_limburg_leaves_light_care_and_stays_in_heavy_care() -> None:
    """One in 2017, three in 2019, and the merged Beekdaelen in place of its three predecessors."""
    rows = settled(read_document(template_text("zuid-limburg")))

    def members(code: str, year: int) -> set[str]:
        return {row.municipality for row in rows if row.arrangement == code and row.period_from.year == year}

    assert members("LICHT", 2016) - members("LICHT", 2017) == {"0899"}
    assert members("LICHT", 2018) - members("LICHT", 2019) == {"0882", "0917", "0986", "0881", "0951", "0962"}
    assert members("ZWAAR", 2018) - members("ZWAAR", 2019) == {"0881", "0951", "0962"}
    assert "1954" in members("LICHT", 2019) & members("ZWAAR", 2019)


def test_groningen_spreads_or_keeps_a_reserve() -> None:
    """One vlaktax pays in three steps that add up to zero, the other carries the difference in a reserve."""
    spread, deferred = (read_document(template_text(f"groningen-vlaktax{suffix}")) for suffix in ("", "-uitstel"))

    steps = installments(settled(spread), spread.agreement)
    course = reserve_course(settled(deferred), deferred.agreement, deferred.history)

    assert {step.step for step in steps} == {1, 2, 3}
    assert sum(step.bedrag_cent for step in steps) == 0
    assert [row.opening_cent for row in course] == [0, *(row.closing_cent for row in course[:-1])]


def test_unknown_template_is_refused_with_the_nearest_name() -> None:
    """And with all that there are."""
    with pytest.raises(NietGevonden, match=r"bedoelt u 'zuid-limburg'.*kies uit groningen-verrekening"):
        template_text("zuid-limbrug")


def test_document_name_is_the_name_of_its_agreement() -> None:
    """The calculator and the stored run show the same name."""
    document = read_document(template_text("ijsselland"))

    assert isinstance(document.agreement, Agreement)
    assert document.agreement.name == document.name == templates()["ijsselland"]
