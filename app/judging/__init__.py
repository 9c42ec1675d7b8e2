"""Controleniveau 2, 3 and 4: bevindingen, verdict, changes, boekingen and answer, in one transaction.

The names of the services are looked up when they are used, because `solidair validate` must start without loading what a database needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.judging.controle import Controle, with_values
from app.judging.resterend import Resterend

if TYPE_CHECKING:
    from app.judging.service import verwerk_baan
    from app.judging.service_vragen import controleer, opnieuw, wek_wachtenden

__all__ = ["Controle", "Resterend", "controleer", "opnieuw", "verwerk_baan", "wek_wachtenden", "with_values"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from app.judging import service, service_vragen

    return getattr(service if name == "verwerk_baan" else service_vragen, name)
