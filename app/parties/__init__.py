"""Gemeenten, aanbieders, contracten, tarieven and budgetten of the region, all valid from and to a date."""

from app.parties.beeld import Contractbeeld
from app.parties.checking import check_folder, check_region
from app.parties.folder import RegioFout
from app.parties.region import PartijInstelling, Region
from app.parties.service import exporteer_regio, laad_regio, lees_regio, toon_regio
from app.parties.store import contractbeeld, ken_gemeente, partij_instelling
from app.parties.verschil import RegioVerschil

__all__ = [
    "Contractbeeld",
    "PartijInstelling",
    "RegioFout",
    "RegioVerschil",
    "Region",
    "check_folder",
    "check_region",
    "contractbeeld",
    "exporteer_regio",
    "ken_gemeente",
    "laad_regio",
    "lees_regio",
    "partij_instelling",
    "toon_regio",
]
