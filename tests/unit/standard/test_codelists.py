"""The code lists: meanings per domein, validity, what is known about gemeenten, and who acts on a refusal of the transport."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from importlib.resources import files
from typing import get_args

import pytest

from app.adapters.xml import Schemas
from app.standard import catalogue, codelists
from app.standard.codelists import codes, gemeente, is_gemeente, is_known_gemeente, meaning, retourcode
from app.standard.codelists.foutcodes import AanZet, Bron, foutcode, foutcodes
from app.standard.structuur import Klasse, Veld, Waarde


@pytest.mark.parametrize("domein", catalogue.DOMEINEN)
def test_each_enumeration_of_the_schemas_equals_its_list(domein: str) -> None:
    """No code is in only one of the two, and a list is of soort `schema` if and only if a schema enumerates it."""
    schemas = Schemas()
    enumerations: dict[str, tuple[str, ...]] = {}
    for each in catalogue.alle():
        if each.domein == domein:
            enumerations |= {waarde.lijst: waarde.codes for waarde in values_in(schemas.structuur(each)) if waarde.codes}

    assert {lijst: sorted(found) for lijst, found in enumerations.items()} == {
        lijst: sorted(codes(domein, lijst)) for lijst, each in codelists.lijsten().items() if each.soort == "schema"
    }


def values_in(veld: Veld) -> list[Waarde]:
    """All value types at or below an element."""
    if isinstance(veld.inhoud, Waarde):
        return [veld.inhoud]
    assert isinstance(veld.inhoud, Klasse)
    return [waarde for below in veld.inhoud.velden for waarde in values_in(below)]


@pytest.mark.parametrize("lijst", codelists.lijsten())
def test_rows_are_complete_and_periods_run_forward(lijst: str) -> None:
    """A domein that has the list has rows in it, each row has a meaning, and a period does not end before it begins."""
    for domein, number in (("ijw", codelists.lijsten()[lijst].ijw), ("iwmo", codelists.lijsten()[lijst].iwmo)):
        rows = codelists.rows(domein, lijst)
        assert bool(rows) is bool(number)
        assert all(row.betekenis.strip() == row.betekenis != "" for row in rows)
        assert all(row.geldig_van <= row.geldig_tot for row in rows if row.geldig_van and row.geldig_tot)


@pytest.mark.parametrize("lijst", codelists.lijsten())
def test_no_code_stands_twice_in_a_domein(lijst: str) -> None:
    """A row for both domeinen excludes one for either: the reader holds one row of a code, a second would hide the first."""
    for domein in catalogue.DOMEINEN:
        found = Counter(row["code"] for row in codelists.read_rows(lijst) if row["domein"] in ("", domein))

        assert [code for code, times in found.items() if times > 1] == []
    assert {row["domein"] for row in codelists.read_rows(lijst)} <= {"", *catalogue.DOMEINEN}


def test_every_file_is_in_the_index() -> None:
    """A list that nobody can find by name does not exist, and a name without file neither."""
    folder = files("app.standard.codelists")

    assert {path.name.removesuffix(".csv") for path in folder.iterdir() if path.name.endswith(".csv")} == {"index", *codelists.lijsten()}


def test_a_list_that_a_domein_lacks_has_no_number_there() -> None:
    """The product codes of aids are of iWmo alone; an empty number finds nothing."""
    assert meaning("iwmo", "WMO-hulpmiddelen-2022", "11X31") == "buggy"
    assert codes("ijw", "Hulpmiddel") == ()
    with pytest.raises(KeyError):
        codes("ijw", "")


def test_an_aid_is_in_the_category_its_code_begins_with() -> None:
    """11 to 13 are categories of iWmo, and of aids alone."""
    assert {code[:2] for code in codes("iwmo", "Hulpmiddel")} == {"11", "12", "13"} <= set(codes("iwmo", "ProductCategorie"))


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


def test_gemeente_that_changed_its_name_has_another_code_from_that_day() -> None:
    """Without a border moving: Groesbeek became Berg en Dal in 2016, De Friese Meren became De Fryske Marren on 1 July 2015."""
    for old, new, first_day in (("0241", "1945", date(2016, 1, 1)), ("1921", "1940", date(2015, 7, 1))):
        assert is_gemeente(old, first_day - timedelta(days=1))
        assert not is_gemeente(old, first_day)
        assert not is_gemeente(new, first_day - timedelta(days=1))
        assert is_gemeente(new, first_day)


def test_gemeente_that_was_split_has_each_that_took_a_part_as_opvolger() -> None:
    """Littenseradiel went to three gemeenten in 2018; a gemeente that goes on has none."""
    split, going_on = gemeente("0140"), gemeente("0384")

    assert split is not None
    assert going_on is not None
    assert split.opvolgers == ("0080", "1900", "1949")
    assert going_on.opvolgers == ()
    assert gemeente("9999") is None


def test_every_gemeente_that_ended_was_taken_over_the_next_day() -> None:
    """Its opvolgers exist on the day after its last one, and only a gemeente that ended has them."""
    for row in codelists.rows("ijw", "Gemeente"):
        assert (row.geldig_tot is None) is (row.opvolgers == ()), row.code
        if row.geldig_tot is not None:
            assert all(is_gemeente(each, row.geldig_tot + timedelta(days=1)) for each in row.opvolgers), row.code


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2014-01-01", 403),
        ("2015-01-01", 393),
        ("2015-07-01", 393),
        ("2016-01-01", 390),
        ("2017-01-01", 388),
        ("2018-01-01", 380),
        ("2019-01-01", 355),
        ("2020-01-01", 355),
        ("2021-01-01", 352),
        ("2022-01-01", 345),
        ("2022-03-24", 344),
        ("2023-01-01", 342),
        ("2026-01-01", 342),
    ],
)
def test_number_of_gemeenten_is_what_the_cbs_counted(day: str, count: int) -> None:
    """With every herindeling since 2014 in the list, each count comes out."""
    assert len(codes("ijw", "Gemeente", on=date.fromisoformat(day))) == count


def test_retourcode_carries_rule_and_berichten() -> None:
    """WJ001 names the rule that gives a code and the berichten it may be given to."""
    found = retourcode("9321")

    assert found is not None
    assert (found.regel, found.berichten) == ("TR321", ("323",))
    assert retourcode("1234") is None


def test_the_same_foutcode_is_asked_for_with_its_list() -> None:
    """A list answers for its own codes only; a network may add codes, so an unknown one is no error."""
    found = foutcode("FoutcodeGgk", "IB003")

    assert found is not None
    assert (found.melders, found.aan_zet) == (("BIDN",), AanZet.AFZENDER)
    assert "25 MB" in found.betekenis
    assert foutcode("FoutcodeVecozo", "IB003") is None
    assert foutcode("FoutcodeGgk", "IB999") is None


@pytest.mark.parametrize("lijst", get_args(Bron))
def test_every_foutcode_says_who_reports_it_who_acts_and_how(lijst: Bron) -> None:
    """Nothing is left to guess, and sentences end without full stop, as all our meanings."""
    assert codelists.lijsten()[lijst].soort == "transport"
    assert [each.code for each in foutcodes(lijst)] == list(codes("ijw", lijst)) == list(codes("iwmo", lijst))
    for each in foutcodes(lijst):
        assert each.melders, each.code
        assert each.handeling, each.code
        assert not each.betekenis.endswith("."), each.code
        assert not each.handeling.endswith("."), each.code


def test_the_networks_have_a_reader_each() -> None:
    """No list of the transport is left without one."""
    assert set(get_args(Bron)) == {lijst for lijst, each in codelists.lijsten().items() if each.soort == "transport"}
