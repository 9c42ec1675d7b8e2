"""In whose name an actor may compose, and whose toewijzingen it sees. Pure; the one place in this room where that is decided."""

from __future__ import annotations

from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol, code_van, gemeente


def eigen_gemeenten(actor: Actor) -> frozenset[str]:
    """The gemeenten in whose name the actor may send: a person of the access team, or the software of the gemeente."""
    if actor.rollen and not actor.heeft(Rol.TOEGANG):
        return frozenset()
    return frozenset(code_van(partij) for partij in actor.partijen if partij == gemeente(code_van(partij)))


def zichtbare_gemeenten(actor: Actor) -> list[str] | None:
    """The gemeenten whose toewijzingen the actor sees; None is the whole region.

    Raises:
        NietToegestaan: No access team and no gemeente.
    """
    if actor.heeft(Rol.TOEGANG):
        return None if actor.gemeenten is None else sorted(actor.gemeenten)
    own = eigen_gemeenten(actor)
    if not own:
        raise NietToegestaan("Toewijzingen zijn er voor de toegang van een gemeente.")
    return sorted(own)


def check_namens(actor: Actor, code: str) -> None:
    """Refuse who may not send for this gemeente.

    Raises:
        NietGevonden: It is not a gemeente of the actor.
    """
    if code not in eigen_gemeenten(actor):
        raise NietGevonden("Dit concept bestaat niet, of niet voor u.")
