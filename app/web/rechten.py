"""Which role opens which page. Whose data it then shows is decided by `reports`, per gemeente; this only says what the work is."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.partij import Actor, Rol

BERICHTEN = (Rol.INZAGE, Rol.TOEGANG, Rol.UITVAL, Rol.CONTRACTBEHEER, Rol.CONTROLLER)
UITVAL = (Rol.INZAGE, Rol.TOEGANG, Rol.UITVAL, Rol.CONTRACTBEHEER)
HERBEOORDELEN = (Rol.CONTRACTBEHEER,)
GELD = (Rol.INZAGE, Rol.CONTRACTBEHEER, Rol.CONTROLLER)
CASUSSEN = (Rol.CONTROLLER,)
RISICO = (Rol.CONTROLLER,)
CONTRACTEN = (Rol.CONTRACTBEHEER, Rol.CONTROLLER)
VEREVENING = (Rol.CONTROLLER,)
CONTROLES = (Rol.CONTROLLER, Rol.UITVAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of the main navigation."""

    naam: str
    pad: str


_MENU: tuple[tuple[str, str, tuple[Rol, ...]], ...] = (
    ("Start", "/", tuple(Rol)),
    ("Berichten", "/berichten", BERICHTEN),
    ("Termijnen", "/termijnen", BERICHTEN),
    ("Uitval", "/uitval", UITVAL),
    ("Geld", "/geld", GELD),
    ("Contracten", "/contracten", CONTRACTEN),
    ("Herbeoordelen", "/herbeoordelen", HERBEOORDELEN),
    ("Boekcontrole", "/controles", CONTROLES),
    ("Controleren", "/controle", tuple(Rol)),
    ("Regels", "/regels", tuple(Rol)),
)


_HELE_REGIO = frozenset({"/controles", "/geld/vergelijken"})
"""Pages about the whole region, for who works for all of it."""


def menu(actor: Actor) -> tuple[MenuItem, ...]:
    """The pages this actor may open."""
    return tuple(
        MenuItem(naam=naam, pad=pad)
        for naam, pad, rollen in _MENU
        if actor.heeft(*rollen) and (pad not in _HELE_REGIO or actor.gemeenten is None)
    )


_GELD_MENU: tuple[tuple[str, str, tuple[Rol, ...]], ...] = (
    ("Kosten en budget", "/geld", GELD),
    ("Uitputting", "/geld/uitputting", GELD),
    ("Verevening", "/geld/verevening", GELD),
    ("Vergelijken", "/geld/vergelijken", VEREVENING),
    ("Herkomst", "/geld/herkomst", GELD),
    ("Duurste casussen", "/geld/casussen", CASUSSEN),
    ("Risico", "/geld/risico", RISICO),
    ("Grenzen", "/geld/grenzen", RISICO),
    ("Maanden afsluiten", "/geld/maanden", GELD),
    ("Betalingen", "/geld/betalingen", GELD),
)


def submenu(actor: Actor, pad: str) -> tuple[MenuItem, ...]:
    """The pages beside this one in its part of the product; empty where a part is one page."""
    if pad != "/geld" and not pad.startswith("/geld/"):
        return ()
    return tuple(
        MenuItem(naam=naam, pad=to)
        for naam, to, rollen in _GELD_MENU
        if actor.heeft(*rollen) and (to not in _HELE_REGIO or actor.gemeenten is None)
    )
