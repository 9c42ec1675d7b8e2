"""Who may see payments, and who may make them. Pure."""

from __future__ import annotations

from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol, code_van
from app.domain.partij import gemeente as partij_van
from app.settlement.store_betalingen import Betaalrun


def must_see(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor sees payments: a person with money as work, or software of a gemeente."""
    if not actor.heeft(Rol.CONTROLLER, Rol.INZAGE, Rol.CONTRACTBEHEER) and not any(map(_is_gemeente, actor.partijen)):
        raise NietToegestaan("Alleen een controller of de gemeente zelf ziet betalingen.")


def must_be_person(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor is a controller."""
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Alleen een controller doet dit.")


def must_pay_for(actor: Actor, gemeente: str) -> None:
    if not actor.heeft(Rol.CONTROLLER) and not actor.mag_namens(partij_van(gemeente)):
        raise NietToegestaan("Alleen een controller of de gemeente zelf doet betalingen.")
    if not sees(actor, gemeente):
        raise NietGevonden(f"De regio heeft geen gemeente {gemeente}, of niet voor u.")


def sees(actor: Actor, gemeente: str) -> bool:
    return actor.gemeenten is None or gemeente in actor.gemeenten


def _is_gemeente(partij: str) -> bool:
    return partij.startswith("gemeente:")


def agbs_van(actor: Actor) -> frozenset[str]:
    return frozenset(code_van(partij) for partij in actor.partijen if partij.startswith("aanbieder:"))


def visible(run: Betaalrun | None, actor: Actor, run_nr: int) -> Betaalrun:
    if run is None or not sees(actor, run.gemeente):
        raise NietGevonden(f"Betaalrun {run_nr} is er niet, of niet voor u.")
    return run
