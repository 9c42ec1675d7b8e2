"""Who sees an afrekening, and who may speak for a party to it. Pure."""

from __future__ import annotations

from collections.abc import Collection

from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol, aanbieder, code_van, gemeente
from app.settlement.betalingen_wie import agbs_van
from app.settlement.store_afrekening import Afrekening


def gemeenten_te_zien(actor: Actor) -> Collection[str] | None:
    """The gemeenten whose part the actor sees by their work; None: all. Who has other work, and an aanbieder, sees none this way."""
    is_of_gemeente = any(partij.startswith("gemeente:") for partij in actor.partijen)
    return actor.gemeenten if is_of_gemeente or actor.heeft(Rol.CONTROLLER, Rol.INZAGE, Rol.CONTRACTBEHEER) else frozenset()


def deel_te_zien(actor: Actor, afrekening: Afrekening) -> Collection[str] | None:
    """The gemeenten whose amounts of this afrekening the actor sees: its aanbieder sees all of them."""
    return None if afrekening.agb in agbs_van(actor) else gemeenten_te_zien(actor)


def must_see(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor has to do with money, of a gemeente or of an aanbieder."""
    if not agbs_van(actor) and gemeenten_te_zien(actor) == frozenset():
        raise NietToegestaan("Alleen een controller, de gemeente of de aanbieder zelf ziet afrekeningen.")


def must_speak_for(actor: Actor, partij: str, afrekening: Afrekening, gemeenten: Collection[str]) -> None:
    """An aanbieder speaks for itself; for a gemeente a controller does, a person.

    Raises:
        NietGevonden: The party has no part in it, or not for this actor.
        NietToegestaan: The actor may not speak for it.
    """
    if partij == aanbieder(afrekening.agb):
        if not actor.mag_namens(partij):
            raise NietToegestaan("Alleen de aanbieder zelf spreekt zich hierover uit.")
        return
    code = code_van(partij)
    if partij != gemeente(code) or code not in gemeenten or not (actor.gemeenten is None or code in actor.gemeenten):
        raise NietGevonden(f"{partij} heeft geen deel in deze afrekening, of niet voor u.")
    if not actor.heeft(Rol.CONTROLLER):
        raise NietToegestaan("Namens een gemeente spreekt alleen een controller.")
