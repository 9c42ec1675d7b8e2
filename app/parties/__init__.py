"""Gemeenten, aanbieders, contracten, tarieven and budgetten of the region, all valid from and to a date."""

from app.parties.beeld import Contractbeeld
from app.parties.checking import Keuring, check_folder, check_region
from app.parties.folder import RegioFout
from app.parties.historie import Lading, Versie
from app.parties.region import PartijInstelling, Region
from app.parties.service import (
    bewaar_regio,
    exporteer_regio,
    historie,
    keur_regio,
    laad_regio,
    ladingen,
    lees_regio,
    regio_op,
    rijen_van_lading,
    toon_regio,
    vergelijk_regio,
    wijzig_regio,
)
from app.parties.store import ken_gemeente, partij_instelling
from app.parties.store_beeld import contractbeeld
from app.parties.verschil import RegioVerschil, Wijziging

__all__ = [
    "Contractbeeld",
    "Keuring",
    "Lading",
    "PartijInstelling",
    "RegioFout",
    "RegioVerschil",
    "Region",
    "Versie",
    "Wijziging",
    "bewaar_regio",
    "check_folder",
    "check_region",
    "contractbeeld",
    "exporteer_regio",
    "historie",
    "ken_gemeente",
    "keur_regio",
    "laad_regio",
    "ladingen",
    "lees_regio",
    "partij_instelling",
    "regio_op",
    "rijen_van_lading",
    "toon_regio",
    "vergelijk_regio",
    "wijzig_regio",
]
