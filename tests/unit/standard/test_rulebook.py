"""The rulebook says of every row what is done about it, and what it says is so: functions, tests and retourcodes exist and fit."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from app.standard.catalogue import DOMEINEN
from app.standard.codelists import retourcode
from app.standard.rulebook import SOORTEN, RegelRij, RegelVraag, Staat, per_code, regelboek, tel_staten, zoek
from app.standard.rulebook.joining import rules_at
from app.standard.rulebook.reading import read_plekken, read_proeven, read_voorschriften, read_werkwijzen, read_zonder_functie
from app.standard.rules import registered_rules

TESTS = Path(__file__).resolve().parents[2]
CHECKOUT = TESTS.parent


def test_every_row_has_a_state() -> None:
    """In each bericht it names: a function judges it there, or the schema or the process does, or somebody said why nobody can."""
    assert [(rij.sleutel, rij.open_berichten) for rij in regelboek() if rij.staat is Staat.OPEN or rij.open_berichten] == []


def test_each_row_stands_there_once() -> None:
    sleutels = [rij.sleutel for rij in regelboek()]

    assert len(set(sleutels)) == len(sleutels)
    assert {rij.domein for rij in regelboek()} == set(DOMEINEN)
    assert {rij.soort for rij in regelboek()} == set(SOORTEN)


def test_each_code_has_one_sentence_of_its_own() -> None:
    """A whole sentence, the same at every place of the code; two codes say the same only where one is about a 315 and one about a 317."""
    zinnen: dict[str, str] = {}
    for rij in regelboek():
        assert zinnen.setdefault(rij.code, rij.zin) == rij.zin, rij.code
        assert rij.zin[0].isupper(), rij.code
        assert rij.zin.endswith((".", "?")), rij.code
        assert 20 <= len(rij.zin) <= 320, (rij.code, len(rij.zin))

    assert len(set(zinnen.values())) == len(zinnen)


def test_what_no_function_enforces_says_why() -> None:
    """By the schema, by the process or not at all: with a sentence; by the process also with a place in the code."""
    for rij in regelboek():
        if rij.staat not in (Staat.AFGEDWONGEN, Staat.OPEN):
            assert rij.waarom.endswith("."), rij.code
        if rij.staat is Staat.PROCES:
            assert rij.functies, f"{rij.code} is seen to by the process, but nowhere"
        if rij.staat is Staat.AFGEDWONGEN:
            assert rij.functies, rij.code


def test_every_function_of_a_rule_has_its_row() -> None:
    """No function judges a bericht under a code that the standard does not have for it."""
    rows = {(plek.code, domein, bericht) for plek in read_plekken() for domein in plek.domeinen for bericht in plek.berichten}

    judged = {(regel.code, domein, bericht) for regel in registered_rules() for domein in regel.domeinen for bericht in regel.berichten}

    assert judged <= rows


def test_every_row_with_an_element_has_a_function_on_its_klasse() -> None:
    """A function that is registered for a code and bericht is also found by the element of each row."""
    for regel in registered_rules():
        for domein in regel.domeinen:
            for bericht in regel.berichten:
                places = [p.element for p in read_plekken() if p.code == regel.code and bericht in p.berichten and domein in p.domeinen]
                assert any(regel in rules_at((regel,), domein, bericht, element) for element in places), (regel.code, bericht)


@pytest.mark.parametrize("functie", sorted({regel.functie.__name__ for regel in registered_rules()}))
def test_every_enforced_rule_has_a_holding_and_a_failing_case(functie: str) -> None:
    outcomes = {proef.uitkomst for proef in read_proeven() if proef.functie == functie}

    assert outcomes == {"houdt", "faalt"}


def test_every_row_that_is_enforced_shows_both_sides() -> None:
    """Whatever its kind; of what the schema sees to those kinds that say which values (RS, CS), the others lean on these."""
    for rij in regelboek():
        if rij.staat is Staat.AFGEDWONGEN or (rij.staat is Staat.SCHEMA and rij.soort in ("CS", "RS")):
            assert rij.proeven.houdt, rij.sleutel
            assert rij.proeven.faalt, rij.sleutel


def test_the_list_of_tests_is_what_the_tests_do() -> None:
    """When this fails: python tools/make_rulebook_tests.py. A test that names a code (`toont`) may be there before it is listed."""
    written = set((CHECKOUT / "app" / "standard" / "rulebook" / "tests.csv").read_text().splitlines())
    actual = set(load_tool("make_rulebook_tests").document().splitlines())

    assert written <= actual
    assert [row for row in sorted(actual - written) if ",toont," not in row] == []


def test_each_retourcode_we_send_is_in_wj001_for_that_bericht() -> None:
    """The code of a row is in the list, is the one its function gives, and may be given in each bericht that the function judges."""
    voorschriften = read_voorschriften()
    for regel in registered_rules():
        code = retourcode(regel.retourcode)
        assert code is not None, regel.code
        assert set(regel.berichten) <= set(code.berichten), f"{regel.code}: {regel.retourcode} is not for {regel.berichten}"
        assert regel.retourcode == voorschriften[regel.code].retourcode, regel.code
    assert [rij.code for rij in regelboek() if rij.retourcode and retourcode(rij.retourcode) is None] == []


def test_no_reason_is_given_for_what_a_function_judges() -> None:
    """`zonder_functie.csv` speaks of places without function only, and of places that the standard has."""
    rows = {(plek.code, bericht) for plek in read_plekken() for bericht in plek.berichten}
    judged = {(regel.code, bericht) for regel in registered_rules() for bericht in regel.berichten}
    given = {(row.code, bericht) for row in read_zonder_functie() for bericht in row.berichten}

    assert given <= rows
    assert not given & judged


def test_every_code_with_a_sentence_has_a_place_and_the_other_way_round() -> None:
    assert {plek.code for plek in read_plekken()} == set(read_voorschriften())


def test_every_place_in_the_code_exists() -> None:
    """What `waar` names is a rule of the standard, or something that can be imported."""
    codes = {rij.code for rij in regelboek()}
    names = {naam for row in read_zonder_functie() for naam in row.waar} | {naam for row in read_werkwijzen() for naam in row.waar}

    assert [naam for naam in sorted(names - codes) if not exists(naam)] == []


def exists(naam: str) -> bool:
    """Whether a dotted name is a module of ours, or something in one."""
    if not naam.startswith(("app.", "workers.")):
        return False
    parts = naam.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        if is_module(module):
            found: object = importlib.import_module(module)
            for part in parts[end:]:
                if not hasattr(found, part):
                    return False
                found = getattr(found, part)
            return True
    return False


@cache
def is_module(naam: str) -> bool:
    """Whether there is a module of this name."""
    try:
        return importlib.util.find_spec(naam) is not None
    except ModuleNotFoundError:
        return False


def test_every_test_that_is_named_exists() -> None:
    """Also those that stand behind what the process sees to."""
    named = {test for rij in regelboek() for test in rij.proeven.alle}

    assert [
        test for test in sorted(named) if test.partition("::")[2].partition("[")[0] not in names_of_tests(test.partition("::")[0])
    ] == []


@cache
def names_of_tests(path: str) -> frozenset[str]:
    """The names of the tests in a file below `tests/`."""
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def test_a_row_for_several_berichten_says_what_of_each() -> None:
    """TR056: a function for what comes in, and a reason for the 325 that Solidair writes itself."""
    rij = one(RegelVraag(code="TR056", domein="ijw"))

    assert rij.staat is Staat.AFGEDWONGEN
    assert "325: Solidair ontvangt geen 325" in rij.waarom
    assert "app.standard.rules.header.tr056_identificatie_is_new" in rij.functies


def test_rows_of_one_code_may_differ() -> None:
    """CD060 is judged in a 323; in a 325 it follows from how that is written."""
    rijen = {rij.berichten: rij for rij in zoek(regelboek(), RegelVraag(code="CD060", domein="iwmo"))}

    assert rijen[("323",)].staat is Staat.AFGEDWONGEN
    assert rijen[("325",)].staat is Staat.PROCES
    (groep,) = per_code(rijen.values())
    assert groep.staten == (Staat.AFGEDWONGEN, Staat.PROCES)
    assert groep.domeinen == ("iwmo",)


def test_search_takes_every_word_in_any_case_and_anywhere() -> None:
    """Words may stand in the sentence, the code, the element or the name of a function; all of them must."""
    assert {rij.code for rij in zoek(regelboek(), RegelVraag(tekst="ELFPROEF bsn", soort="CS"))} == {"CS002"}
    assert {rij.code for rij in zoek(regelboek(), RegelVraag(tekst="tr321_geleverd_volume_fits", soort="TR"))} == {"TR321"}
    assert zoek(regelboek(), RegelVraag(tekst="elfproef olifant")) == ()
    assert {rij.soort for rij in zoek(regelboek(), RegelVraag(soort="CD", bericht="323"))} == {"CD"}
    assert all("323" in rij.berichten for rij in zoek(regelboek(), RegelVraag(bericht="323")))


def test_counts_name_every_state_and_add_up() -> None:
    counted = tel_staten(regelboek())

    assert tuple(counted) == tuple(Staat)
    assert sum(counted.values()) == len(regelboek())
    assert tel_staten(()) == dict.fromkeys(Staat, 0)


def test_groups_hold_every_row_once_in_the_order_of_the_standard() -> None:
    groepen = per_code(regelboek())

    assert sum(len(groep.rijen) for groep in groepen) == len(regelboek())
    assert list(dict.fromkeys(groep.soort for groep in groepen)) == list(SOORTEN)
    assert len({groep.code for groep in groepen}) == len(groepen)


def one(vraag: RegelVraag) -> RegelRij:
    """The only row that answers a question."""
    (rij,) = zoek(regelboek(), vraag)
    return rij


def load_tool(tool: str) -> ModuleType:
    """A script of `tools/` as a module."""
    spec = importlib.util.spec_from_file_location(tool, CHECKOUT / "tools" / f"{tool}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[tool] = module
    spec.loader.exec_module(module)
    return module
