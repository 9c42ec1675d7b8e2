"""A wrong twin of a good bericht: what every deliberate fault of a whole bericht has in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.domain.bericht import Bericht, BerichtIdentificatie, Client, Header
from app.parties.generator.zending import Opzet, Zending

VOOR, NA = -1, 1

Maker = Callable[[Zending, Zending | None], Zending | None]
"""From a good bericht, and one of the same sender to the same receiver that was sent before it, a wrong twin; None when it cannot be."""


def twin(zending: Zending, bericht: Bericht, label: Opzet, moment: int) -> Zending:
    """A bericht that is sent just before or just after a good one."""
    return replace(zending, volgnr=zending.volgnr + moment, bericht=bericht, fouten=(label,), bewerking=None)


def client_of(zending: Zending) -> Client:
    """The client of a bericht that has one."""
    assert zending.bericht.client is not None
    return zending.bericht.client


def with_identificatie(header: Header, identificatie: BerichtIdentificatie) -> Header:
    """The header under another Identificatie and Dagtekening."""
    return replace(header, bericht_identificatie=identificatie)


def own_identificatie(zending: Zending) -> BerichtIdentificatie:
    """An Identificatie for a twin that comes after the good bericht, which has used its own."""
    return BerichtIdentificatie(identificatie=f"X{zending.bericht.header.bericht_identificatie.identificatie[1:]}", dagtekening=zending.dag)
