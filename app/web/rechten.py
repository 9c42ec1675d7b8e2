"""Which role opens which page. Whose data it then shows is decided by `reports`, per gemeente; this only says what the work is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.partij import Actor, Rol

BERICHTEN = (Rol.INZAGE, Rol.TOEGANG, Rol.UITVAL, Rol.CONTRACTBEHEER, Rol.CONTROLLER)
UITVAL = (Rol.INZAGE, Rol.TOEGANG, Rol.UITVAL, Rol.CONTRACTBEHEER)
HERBEOORDELEN = (Rol.CONTRACTBEHEER,)
GELD = (Rol.INZAGE, Rol.CONTRACTBEHEER, Rol.CONTROLLER)
CASUSSEN = (Rol.CONTROLLER,)
TOEGANG = (Rol.TOEGANG,)
RISICO = (Rol.CONTROLLER,)
CONTRACTEN = (Rol.CONTRACTBEHEER, Rol.CONTROLLER)
VEREVENING = (Rol.CONTROLLER,)
CONTROLES = (Rol.CONTROLLER, Rol.UITVAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of the navigation; `hier` when the page that is open is in this part of the product, or is this page."""

    naam: str
    pad: str
    hier: bool = False


Regels = tuple[tuple[str, str, tuple[Rol, ...]], ...]

_MENU: Regels = (
    ("Start", "/", tuple(Rol)),
    ("Toegang", "/toegang", TOEGANG),
    ("Berichten", "/berichten", BERICHTEN),
    ("Termijnen", "/termijnen", BERICHTEN),
    ("Uitval", "/uitval", UITVAL),
    ("Geld", "/geld", GELD),
    ("Verevening", "/geld/verevening", GELD),
    ("Contracten", "/contracten", CONTRACTEN),
    ("Herbeoordelen", "/herbeoordelen", HERBEOORDELEN),
    ("Boekcontrole", "/controles", CONTROLES),
    ("Controleren", "/controle", tuple(Rol)),
    ("Regels", "/regels", tuple(Rol)),
)
_GELD_MENU: Regels = (
    ("Kosten en budget", "/geld", GELD),
    ("Uitputting", "/geld/uitputting", GELD),
    ("Herkomst", "/geld/herkomst", GELD),
    ("Duurste casussen", "/geld/casussen", CASUSSEN),
    ("Betalingen", "/geld/betalingen", GELD),
    ("Maanden", "/geld/maanden", GELD),
)
_VEREVENING_MENU: Regels = (
    ("Berekeningen", "/geld/verevening", GELD),
    ("Vergelijken", "/geld/vergelijken", VEREVENING),
    ("Risico", "/geld/risico", RISICO),
    ("Grenzen", "/geld/grenzen", RISICO),
)
_TOEGANG_MENU: Regels = (
    ("Toewijzingen", "/toegang", TOEGANG),
    ("Nieuwe toewijzing", "/toegang/nieuw", TOEGANG),
)
_DELEN: dict[str, Regels] = {"/toegang": _TOEGANG_MENU, "/geld": _GELD_MENU, "/geld/verevening": _VEREVENING_MENU}
"""Parts of the product that are more than one page, by the address of their entry in the main navigation."""
_HELE_REGIO = frozenset({"/controles", "/geld/vergelijken"})
"""Pages about the whole region, for who works for all of it."""


def menu(actor: Actor, pad: str = "") -> tuple[MenuItem, ...]:
    """The parts of the product that this actor may open; `pad` is the page that is open."""
    return _items(actor, _MENU, _deel_van(pad))


def submenu(actor: Actor, pad: str) -> tuple[MenuItem, ...]:
    """The pages beside this one in its part of the product; empty where a part is one page."""
    regels = _DELEN.get(_deel_van(pad), ())
    return _items(actor, regels, _dichtste(pad, [to for _, to, _ in regels]))


def _items(actor: Actor, regels: Regels, hier: str) -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(naam=naam, pad=pad, hier=pad == hier)
        for naam, pad, rollen in regels
        if actor.heeft(*rollen) and (pad not in _HELE_REGIO or actor.gemeenten is None)
    )


def _deel_van(pad: str) -> str:
    """The address of the part that a page belongs to: of the page or entry that its own address goes on from longest."""
    deel_van = {to: deel for deel, regels in _DELEN.items() for _, to, _ in regels}
    found = _dichtste(pad, [*deel_van, *(to for _, to, _ in _MENU)])
    return deel_van.get(found, found)


def _dichtste(pad: str, paden: Iterable[str]) -> str:
    """The longest of these addresses that is this page or a step above it; empty when there is none."""
    above = [each for each in paden if pad == each or (each != "/" and pad.startswith(f"{each}/"))]
    return max(above, key=len, default="")
