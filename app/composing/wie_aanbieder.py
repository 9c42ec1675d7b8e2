"""For which aanbieder a person may compose and look. Pure; the one place in this room where that is decided."""

from __future__ import annotations

from app.domain.errors import NietToegestaan
from app.domain.partij import Actor, Rol, aanbieder, code_van


def eigen_agb(actor: Actor) -> str:
    """The AGB-code of the aanbieder whose person this is.

    Raises:
        NietToegestaan: The actor is no person of an aanbieder.
    """
    own = [code_van(partij) for partij in actor.partijen if partij == aanbieder(code_van(partij))]
    if Rol.AANBIEDER not in actor.rollen or len(own) != 1:
        raise NietToegestaan("Deze pagina is voor medewerkers van een aanbieder.")
    return own[0]
