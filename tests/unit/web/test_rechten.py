"""The navigation: who sees which parts, and which of them is said to be open."""

from __future__ import annotations

import pytest

from app.domain.partij import Actor, Rol
from app.web.rechten import menu, submenu

BEHEER = Actor(naam="b", gemeenten=None, rollen=frozenset({Rol.BEHEER}))
TOEGANG = Actor(naam="t", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.TOEGANG}))


def open_in(pad: str) -> tuple[list[str], list[str]]:
    """Names of the parts and of the pages in them that are said to be open."""
    return [item.naam for item in menu(BEHEER, pad) if item.hier], [item.naam for item in submenu(BEHEER, pad) if item.hier]


@pytest.mark.parametrize(
    ("pad", "part", "page"),
    [
        ("/", ["Start"], ["Start"]),
        ("/berichten/12/regels/3", ["Berichten"], ["Berichten"]),
        ("/geld", ["Geld"], ["Kosten en budget"]),
        ("/geld/herkomst/verevening/3/0664", ["Geld"], ["Herkomst"]),
        ("/geld/verevening", ["Verevening"], ["Berekeningen"]),
        ("/geld/verevening/7/0664", ["Verevening"], ["Berekeningen"]),
        ("/geld/risico", ["Verevening"], ["Risico"]),
        ("/controle", ["Berichten"], ["Bestand controleren"]),
        ("/controles", ["Uitval"], ["Boekcontrole"]),
        ("/nergens", [], []),
    ],
)
def test_one_part_and_one_page_are_open(pad: str, part: list[str], page: list[str]) -> None:
    assert open_in(pad) == (part, page)


def test_a_role_sees_its_own_parts() -> None:
    assert [item.naam for item in menu(TOEGANG, "/")] == ["Start", "Toegang", "Berichten", "Uitval"]
    assert "/controles" not in {item.pad for item in submenu(TOEGANG, "/uitval")}


def test_a_part_begins_at_the_first_page_that_one_may_open() -> None:
    """A controller may not see rejections, but may hold a declaratie and check the books."""
    controller = Actor(naam="c", gemeenten=None, rollen=frozenset({Rol.CONTROLLER}))

    assert next(item.pad for item in menu(controller, "/") if item.naam == "Uitval") == "/vasthouden"
    assert [item.pad for item in submenu(controller, "/vasthouden")] == ["/vasthouden", "/controles"]


def test_pages_about_the_whole_region_are_for_who_works_for_all_of_it() -> None:
    own = Actor(naam="c", gemeenten=frozenset({"0664"}), rollen=frozenset({Rol.CONTROLLER}))

    assert "/geld/vergelijken" in {item.pad for item in submenu(BEHEER, "/geld/verevening")}
    assert "/geld/vergelijken" not in {item.pad for item in submenu(own, "/geld/verevening")}
    assert [item.pad for item in submenu(own, "/vasthouden")] == ["/vasthouden"]
