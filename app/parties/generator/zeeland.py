"""What the generated region looks like: the gemeenten of Zeeland, zorgvormen, products and what they cost.

Codes and names of the gemeenten are real; every figure beside them is made up in the right order of size, and so are all products' tariffs.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.bericht import Domein
from app.parties.region import Niveau, Stuurbaarheid


@dataclass(frozen=True, slots=True, kw_only=True)
class Plaats:
    """A gemeente: CBS code, name, inhabitants and youth in round made-up numbers, four digits for postcodes."""

    code: str
    naam: str
    inwoners: int
    jeugdigen: int
    postcode: str


PLAATSEN = (
    Plaats(code="0664", naam="Goes", inwoners=40_000, jeugdigen=7_900, postcode="4461"),
    Plaats(code="0687", naam="Middelburg", inwoners=50_000, jeugdigen=9_900, postcode="4331"),
    Plaats(code="0718", naam="Vlissingen", inwoners=45_000, jeugdigen=8_100, postcode="4381"),
    Plaats(code="0715", naam="Terneuzen", inwoners=55_000, jeugdigen=10_100, postcode="4531"),
    Plaats(code="1676", naam="Schouwen-Duiveland", inwoners=34_500, jeugdigen=5_900, postcode="4301"),
    Plaats(code="0716", naam="Tholen", inwoners=27_000, jeugdigen=6_200, postcode="4691"),
    Plaats(code="0677", naam="Hulst", inwoners=27_500, jeugdigen=4_500, postcode="4561"),
    Plaats(code="1714", naam="Sluis", inwoners=23_500, jeugdigen=3_500, postcode="4501"),
    Plaats(code="0654", naam="Borsele", inwoners=23_000, jeugdigen=5_000, postcode="4451"),
    Plaats(code="0703", naam="Reimerswaal", inwoners=23_500, jeugdigen=5_800, postcode="4416"),
    Plaats(code="0717", naam="Veere", inwoners=22_000, jeugdigen=4_000, postcode="4351"),
    Plaats(code="0678", naam="Kapelle", inwoners=13_000, jeugdigen=2_700, postcode="4421"),
    Plaats(code="1695", naam="Noord-Beveland", inwoners=7_500, jeugdigen=1_200, postcode="4491"),
)

ZORGVORMEN: tuple[tuple[str, str, Domein, Stuurbaarheid], ...] = (
    ("jeugd_ambulant", "Ambulante jeugdhulp", "ijw", "licht"),
    ("jeugd_dagbehandeling", "Dagbehandeling jeugd", "ijw", "licht"),
    ("jeugd_ggz", "Jeugd-ggz", "ijw", "licht"),
    ("jeugd_verblijf", "Jeugdhulp met verblijf", "ijw", "zwaar"),
    ("jeugd_crisis", "Crisishulp jeugd", "ijw", "zwaar"),
    ("jeugd_landelijk", "Landelijk ingekochte jeugdhulp", "ijw", "zwaar"),
    ("wmo_huishouden", "Hulp bij het huishouden", "iwmo", ""),
    ("wmo_begeleiding", "Begeleiding Wmo", "iwmo", ""),
    ("wmo_dagbesteding", "Dagbesteding Wmo", "iwmo", ""),
    ("wmo_beschermd_wonen", "Beschermd wonen", "iwmo", ""),
)
NIVEAUS: dict[str, Niveau] = {
    "jeugd_verblijf": "bovenregionaal",
    "jeugd_crisis": "bovenregionaal",
    "jeugd_landelijk": "landelijk",
    "wmo_huishouden": "lokaal",
}
"""The level of a zorgvorm that is not regional (K08)."""
CRISIS = "jeugd_crisis"
"""Care that begins before its toewijzing is made."""
PRODUCTGROEPEN: tuple[tuple[str, str, Domein], ...] = (
    ("thuis", "Hulp aan huis en overdag", "ijw"),
    ("verblijf", "Verblijf", "ijw"),
    ("wmo", "Maatschappelijke ondersteuning", "iwmo"),
)
JEUGDREGIO = "Zeeland"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aanbodproduct:
    """A product with what is usual for it.

    Attributes:
        eenheid: In which it is allocated and contracted.
        frequentie: 2 per week, 4 per month, 6 in total; empty for an allocation of a Budget without code (aspecifiek).
        volume: Least and most of the allocated volume (cents for a Budget).
        tarief_cent: Around which the tariffs of contracts lie; 0 for eenheid 83.
        gewicht: How often it is chosen.
    """

    domein: Domein
    categorie: str
    code: str
    omschrijving: str
    zorgvorm: str
    eenheid: str
    frequentie: str
    volume: tuple[int, int]
    tarief_cent: int
    gewicht: int

    @property
    def sleutel(self) -> tuple[Domein, str, str]:
        """Domain, category and code."""
        return self.domein, self.categorie, self.code

    @property
    def is_budget(self) -> bool:
        """Whether it is allocated as a Budget, without code and Omvang (CD077, CD080)."""
        return not self.frequentie

    @property
    def groep(self) -> str:
        """Its productgroep."""
        if self.domein == "iwmo":
            return "wmo"
        return "verblijf" if self.zorgvorm in ("jeugd_verblijf", "jeugd_crisis", "jeugd_landelijk") else "thuis"


def _product(
    domein: Domein, code: str, omschrijving: str, zorgvorm: str, omvang: str, volume: tuple[int, int], cent: int, gewicht: int
) -> Aanbodproduct:
    eenheid, _, frequentie = omvang.partition("/")
    return Aanbodproduct(
        domein=domein, categorie=code[:2], code=code, omschrijving=omschrijving, zorgvorm=zorgvorm, eenheid=eenheid, frequentie=frequentie,
        volume=volume, tarief_cent=cent, gewicht=gewicht,
    )  # fmt: skip


PRODUCTEN = (
    _product("ijw", "45A04", "Ambulante begeleiding", "jeugd_ambulant", "04/2", (1, 4), 8_937, 30),
    _product("ijw", "45A53", "Ambulante behandeling", "jeugd_ambulant", "04/4", (6, 16), 11_250, 18),
    _product("ijw", "42A01", "Vervoer naar jeugdhulp", "jeugd_ambulant", "82/4", (8, 20), 1_850, 6),
    _product("ijw", "50B20", "Maatwerkarrangement", "jeugd_ambulant", "83/", (300_000, 900_000), 0, 4),
    _product("ijw", "41A02", "Dagbehandeling", "jeugd_dagbehandeling", "16/2", (2, 6), 7_215, 12),
    _product("ijw", "54A01", "Diagnostiek en behandeling", "jeugd_ggz", "82/6", (4, 10), 45_000, 14),
    _product("ijw", "44A12", "Gezinshuis", "jeugd_verblijf", "14/2", (7, 7), 18_640, 5),
    _product("ijw", "43A10", "Behandelgroep", "jeugd_verblijf", "14/4", (31, 31), 34_975, 2),
    _product("ijw", "46A03", "Crisisverblijf", "jeugd_crisis", "14/6", (28, 60), 39_120, 3),
    _product("ijw", "55A01", "Landelijk specialistische jeugd-ggz", "jeugd_landelijk", "82/6", (3, 8), 98_000, 2),
    _product("iwmo", "01A10", "Hulp bij het huishouden", "wmo_huishouden", "01/2", (90, 180), 62, 24),
    _product("iwmo", "02A12", "Begeleiding individueel", "wmo_begeleiding", "04/2", (1, 4), 6_445, 14),
    _product("iwmo", "07A20", "Dagbesteding", "wmo_dagbesteding", "16/2", (2, 8), 4_350, 9),
    _product("iwmo", "15A05", "Beschermd wonen", "wmo_beschermd_wonen", "14/2", (7, 7), 13_480, 2),
)

NAMEN_VOOR = ("Zilte", "Blauwe", "Stille", "Nieuwe", "Groene", "Lichte", "Open", "Zachte", "Warme", "Ruime")
NAMEN_MIDDEN = ("Kreek", "Dijk", "Haven", "Kust", "Polder", "Schelp", "Vliet", "Wieken", "Brug", "Horizon")
NAMEN_ACHTER = ("Zorg", "Jeugdhulp", "Thuis", "Begeleiding", "Groep", "Huis")
