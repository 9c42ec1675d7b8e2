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
BOEKEN = (Rol.CONTROLLER,)
TOEGANG = (Rol.TOEGANG,)
RISICO = (Rol.CONTROLLER,)
CONTRACTEN = (Rol.CONTRACTBEHEER, Rol.CONTROLLER)
VEREVENING = (Rol.CONTROLLER,)
CONTROLES = (Rol.CONTROLLER, Rol.UITVAL)
MELDINGEN = (Rol.INZAGE, Rol.TOEGANG, Rol.UITVAL, Rol.CONTRACTBEHEER, Rol.CONTROLLER)
VASTHOUDEN = (Rol.UITVAL, Rol.CONTROLLER, Rol.CONTRACTBEHEER)
GEZONDHEID = (Rol.UITVAL,)
AANBIEDER = (Rol.AANBIEDER,)


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One entry of the navigation; `hier` when the page that is open is in this part of the product, or is this page."""

    naam: str
    pad: str
    hier: bool = False


Regels = tuple[tuple[str, str, tuple[Rol, ...]], ...]

_GELD_MENU: Regels = (
    ("Kosten en budget", "/geld", GELD),
    ("Uitputting", "/geld/uitputting", GELD),
    ("Herkomst", "/geld/herkomst", GELD),
    ("Duurste casussen", "/geld/casussen", CASUSSEN),
    ("Betalingen", "/geld/betalingen", GELD),
    ("Afrekeningen", "/geld/afrekeningen", GELD),
    ("Boekingen", "/geld/boekingen", BOEKEN),
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
    ("Verzoeken", "/toegang/verzoeken", TOEGANG),
)
_BERICHTEN_MENU: Regels = (
    ("Berichten", "/berichten", BERICHTEN),
    ("Termijnen", "/termijnen", BERICHTEN),
    ("Bestand controleren", "/controle", tuple(Rol)),
    ("Regels van de standaard", "/regels", tuple(Rol)),
)
_UITVAL_MENU: Regels = (
    ("Uitval", "/uitval", UITVAL),
    ("Vastgehouden", "/vasthouden", VASTHOUDEN),
    ("Gezondheid", "/gezondheid", GEZONDHEID),
    ("Boekcontrole", "/controles", CONTROLES),
)
_CONTRACTEN_MENU: Regels = (
    ("Plafonds en contracten", "/contracten", CONTRACTEN),
    ("Alle contracten", "/contracten/lijst", CONTRACTEN),
    ("Herbeoordelen", "/herbeoordelen", HERBEOORDELEN),
)
_DELEN: tuple[tuple[str, Regels], ...] = (
    ("Start", (("Start", "/", tuple(Rol)),)),
    ("Toegang", _TOEGANG_MENU),
    ("Berichten", _BERICHTEN_MENU),
    ("Uitval", _UITVAL_MENU),
    ("Geld", _GELD_MENU),
    ("Verevening", _VEREVENING_MENU),
    ("Contracten", _CONTRACTEN_MENU),
)
"""The parts of the product for people of region and gemeenten, each with its pages.

Who may open none of them does not see the part; others begin at the first they may open.
"""
_DELEN_AANBIEDER: tuple[tuple[str, Regels], ...] = (
    ("Start", (("Start", "/", AANBIEDER),)),
    ("Toewijzingen", (("Toewijzingen", "/mijn", AANBIEDER),)),
    ("Declaraties", (("Declaraties", "/mijn/declaraties", AANBIEDER), ("Afrekeningen", "/mijn/afrekeningen", AANBIEDER))),
    ("Postvak", (("Postvak", "/mijn/berichten", AANBIEDER),)),
    ("Naslag", (("Bestand controleren", "/controle", AANBIEDER), ("Regels van de standaard", "/regels", AANBIEDER))),
)
"""The parts for people of an aanbieder, who see what is their own and nothing else."""
_HELE_REGIO = frozenset({"/controles", "/gezondheid", "/geld/boekingen", "/geld/vergelijken", "/herbeoordelen"})
"""Pages about the whole region, for who works for all of it."""


def menu(actor: Actor, pad: str = "") -> tuple[MenuItem, ...]:
    """The parts of the product that this actor may open; `pad` is the page that is open."""
    delen = _delen(actor)
    hier = _dichtste(pad, [to for _, regels in delen for _, to, _ in regels])
    parts = ((naam, regels, _toegestaan(actor, regels)) for naam, regels in delen)
    return tuple(
        MenuItem(naam=naam, pad=allowed[0][1], hier=any(to == hier for _, to, _ in regels)) for naam, regels, allowed in parts if allowed
    )


def submenu(actor: Actor, pad: str) -> tuple[MenuItem, ...]:
    """The pages beside this one in its part of the product; empty for a page that is in no part."""
    delen = _delen(actor)
    hier = _dichtste(pad, [to for _, regels in delen for _, to, _ in regels])
    part = next((regels for _, regels in delen if any(to == hier for _, to, _ in regels)), ())
    return tuple(MenuItem(naam=naam, pad=to, hier=to == hier) for naam, to, _ in _toegestaan(actor, part))


def paginas() -> tuple[str, ...]:
    """The address of every page in the navigation of people of region and gemeenten."""
    return tuple(to for _, regels in _DELEN for _, to, _ in regels)


def paginas_van_aanbieder() -> tuple[str, ...]:
    """The address of every page in the navigation of people of an aanbieder."""
    return tuple(to for _, regels in _DELEN_AANBIEDER for _, to, _ in regels)


def is_van_aanbieder(actor: Actor) -> bool:
    """Whether this is a person of an aanbieder, who has pages of its own."""
    return Rol.AANBIEDER in actor.rollen


def _delen(actor: Actor) -> tuple[tuple[str, Regels], ...]:
    return _DELEN_AANBIEDER if is_van_aanbieder(actor) else _DELEN


def mag_openen(actor: Actor, pad: str) -> bool:
    """Whether this actor may open the page of the navigation that this address is, or is below; its query does not count."""
    hier = _dichtste(pad.partition("?")[0], paginas())
    return any(to == hier for _, regels in _DELEN for _, to, _ in _toegestaan(actor, regels))


def _toegestaan(actor: Actor, regels: Regels) -> Regels:
    """The pages that this actor may open."""
    return tuple(each for each in regels if actor.heeft(*each[2]) and (each[1] not in _HELE_REGIO or actor.gemeenten is None))


def _dichtste(pad: str, paden: Iterable[str]) -> str:
    """The longest of these addresses that is this page or a step above it; empty when there is none."""
    above = [each for each in paden if pad == each or (each != "/" and pad.startswith(f"{each}/"))]
    return max(above, key=len, default="")
