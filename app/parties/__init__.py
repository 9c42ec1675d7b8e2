"""Gemeenten, aanbieders, contracten, tarieven and budgetten of the region, all valid from and to a date.

What needs a database is looked up when it is used, because `solidair region check` must start without loading that.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.parties.checking import Keuring, check_folder, check_region
from app.parties.folder import RegioFout
from app.parties.keuren import keur_regio, lees_regio
from app.parties.region import PartijInstelling, Region
from app.parties.rijwijziging import ELKE, Rijfout, Rijwijziging
from app.parties.verschil import RegioVerschil, Wijziging
from app.parties.versies import Lading, Versie

if TYPE_CHECKING:
    from app.parties.beeld import Contractbeeld
    from app.parties.service import (
        bewaar_regio,
        exporteer_regio,
        historie,
        laad_regio,
        ladingen,
        regio_op,
        rijen_van_lading,
        toon_regio,
        vergelijk_regio,
        wijzig_regio,
    )
    from app.parties.store import ken_gemeente, partij_instelling
    from app.parties.store_beeld import contractbeeld
    from app.parties.wijzigen import (
        Gebeurtenis,
        Overgang,
        RijInBeeld,
        RijVraag,
        Uitkomst,
        historie_van_rij,
        lijst_ladingen,
        lijst_overgangen,
        lijst_rijen,
        toon_lading,
        toon_rij,
        wijzig_rijen,
    )

__all__ = [
    "ELKE",
    "Contractbeeld",
    "Gebeurtenis",
    "Keuring",
    "Lading",
    "Overgang",
    "PartijInstelling",
    "RegioFout",
    "RegioVerschil",
    "Region",
    "RijInBeeld",
    "RijVraag",
    "Rijfout",
    "Rijwijziging",
    "Uitkomst",
    "Versie",
    "Wijziging",
    "bewaar_regio",
    "check_folder",
    "check_region",
    "contractbeeld",
    "exporteer_regio",
    "historie",
    "historie_van_rij",
    "ken_gemeente",
    "keur_regio",
    "laad_regio",
    "ladingen",
    "lees_regio",
    "lijst_ladingen",
    "lijst_overgangen",
    "lijst_rijen",
    "partij_instelling",
    "regio_op",
    "rijen_van_lading",
    "toon_lading",
    "toon_regio",
    "toon_rij",
    "vergelijk_regio",
    "wijzig_regio",
    "wijzig_rijen",
]

_ELDERS = {
    "Contractbeeld": "beeld",
    "contractbeeld": "store_beeld",
    "ken_gemeente": "store",
    "partij_instelling": "store",
    **dict.fromkeys(("Gebeurtenis", "Overgang", "RijInBeeld", "RijVraag", "Uitkomst"), "wijzigen"),
    **dict.fromkeys(("historie_van_rij", "lijst_ladingen", "lijst_overgangen", "lijst_rijen"), "wijzigen"),
    **dict.fromkeys(("toon_lading", "toon_rij", "wijzig_rijen"), "wijzigen"),
}
"""Where a name is that is not in `service`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ELDERS.get(name, 'service')}"), name)
