"""The code lists: meanings per domein, validity, and what is known about gemeenten."""

from __future__ import annotations

from datetime import date

import pytest

from app.adapters.xml import Schemas
from app.standard import catalogue, codelists
from app.standard.codelists import codes, is_gemeente, is_known_gemeente, meaning, retourcode
from app.standard.structuur import Klasse, Veld, Waarde


@pytest.mark.parametrize("domein", catalogue.DOMEINEN)
def test_each_enumeration_of_the_schemas_equals_its_list(domein: str) -> None:
    """No code is in only one of the two, and no list of codes is without a schema type but Gemeente."""
    schemas = Schemas()
    enumerations: dict[str, tuple[str, ...]] = {}
    for each in catalogue.alle():
        if each.domein == domein:
            enumerations |= {waarde.lijst: waarde.codes for waarde in values_in(schemas.structuur(each)) if waarde.codes}

    assert {lijst: sorted(found) for lijst, found in enumerations.items()} == {
        lijst: sorted(codes(domein, lijst)) for lijst in codelists.lijsten() if lijst != "Gemeente"
    }


def values_in(veld: Veld) -> list[Waarde]:
    """All value types at or below an element."""
    if isinstance(veld.inhoud, Waarde):
        return [veld.inhoud]
    assert isinstance(veld.inhoud, Klasse)
    return [waarde for below in veld.inhoud.velden for waarde in values_in(below)]


@pytest.mark.parametrize("lijst", codelists.lijsten())
def test_rows_are_complete_and_periods_run_forward(lijst: str) -> None:
    """Each row has a meaning, no code stands twice in a domein, and a period does not end before it begins."""
    for domein in catalogue.DOMEINEN:
        rows = codelists.rows(domein, lijst)
        assert rows
        assert all(row.betekenis.strip() == row.betekenis != "" for row in rows)
        assert all(row.geldig_van <= row.geldig_tot for row in rows if row.geldig_van and row.geldig_tot)


def test_the_same_code_means_something_else_in_the_other_domein() -> None:
    """RedenBeeindiging 31 is the standing example."""
    assert meaning("ijw", "RedenBeeindiging", "31") == "levering is volgens plan beëindigd"
    assert meaning("iwmo", "RedenBeeindiging", "31") == "verhuizing naar een andere gemeente"
    assert meaning("iwmo", "RedenBeeindiging", "35") is None


def test_a_list_is_found_by_its_number_in_the_domein() -> None:
    """JZ588 and WMO588 are the same list of ours."""
    assert meaning("ijw", "JZ588", "02") == meaning("iwmo", "WMO588", "02") == "overlijden"
    with pytest.raises(KeyError):
        meaning("iwmo", "JZ588", "02")


def test_codes_on_a_day_leave_out_what_had_ended() -> None:
    """RedenWijziging 01 made way for 13 and 14 with release 3.1."""
    assert "01" in codes("ijw", "RedenWijziging", on=date(2022, 3, 31))
    assert {"01", "13", "14"} & set(codes("ijw", "RedenWijziging", on=date(2022, 4, 1))) == {"13", "14"}


def test_gemeente_is_valid_on_its_own_days_only() -> None:
    """Weesp went into Amsterdam on 24 March 2022; Voorne aan Zee began in 2023."""
    assert is_gemeente("0384", date(2026, 1, 1))
    assert is_gemeente("0457", date(2022, 3, 23))
    assert not is_gemeente("0457", date(2022, 3, 24))
    assert not is_gemeente("1992", date(2022, 12, 31))
    assert is_gemeente("1992", date(2023, 1, 1))
    assert is_known_gemeente("0457")
    assert not is_known_gemeente("9999")


@pytest.mark.parametrize(
    ("day", "count"),
    [("2019-01-01", 355), ("2021-01-01", 352), ("2022-01-01", 345), ("2022-03-24", 344), ("2023-01-01", 342), ("2026-01-01", 342)],
)
def test_number_of_gemeenten_is_what_the_cbs_counted(day: str, count: int) -> None:
    """With every herindeling since 2019 in the list, each count comes out."""
    assert len(codes("ijw", "Gemeente", on=date.fromisoformat(day))) == count


def test_retourcode_carries_rule_and_berichten() -> None:
    """WJ001 names the rule that gives a code and the berichten it may be given to."""
    found = retourcode("9321")

    assert found is not None
    assert (found.regel, found.berichten) == ("TR321", ("323",))
    assert retourcode("1234") is None
