"""A small region folder in which nothing is wrong; a test replaces what it is about."""

from __future__ import annotations

from collections.abc import Mapping

GOED: dict[str, str] = {
    "gemeenten.csv": "code,naam,geldig_van,geldig_tot\n0664,Goes,2015-01-01,\n0687,Middelburg,2015-01-01,\n0718,Vlissingen,2015-01-01,2026-12-31\n",
    "herindelingen.csv": "datum,van,naar,fractie\n2027-01-01,0718,0687,3/4\n2027-01-01,0718,0664,0.25\n",
    "aanbieders.csv": "agb,naam,contractpartner_agb\n99000001,Zorgpartner Oost,\n99000002,De Wadden,99000001\n99000003,De Horst,\n",
    "zorgvormen.csv": "zorgvorm,naam,domein,stuurbaarheid\njeugd_ambulant,Ambulante jeugdhulp,ijw,licht\nwmo_begeleiding,Begeleiding,iwmo,\n",
    "producten.csv": (
        "domein,categorie,code,omschrijving,eenheid,zorgvorm,geldig_van,geldig_tot\n"
        "ijw,45,45A04,Begeleiding,04,jeugd_ambulant,2025-01-01,\n"
        "ijw,50,50B01,Arrangement,83,jeugd_ambulant,2025-01-01,\n"
        "iwmo,02,02A01,Begeleiding,16,wmo_begeleiding,2025-01-01,\n"
    ),
    "contracten.csv": (
        "contract,agb,domein,gemeenten,geldig_van,geldig_tot,uitvoeringsvariant,bekostiging,plafond_cent\n"
        "J1,99000001,ijw,0664 0687,2025-01-01,2027-12-31,inspanning,pxq,120000000\n"
        "W1,99000001,iwmo,*,2025-01-01,,,,\n"
    ),
    "tarieven.csv": (
        "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\n"
        "J1,45,45A04,04,9000,2025-01-01,2025-12-31\n"
        "J1,45,45A04,04,9300,2026-01-01,\n"
        "J1,50,50B01,83,,2025-01-01,\n"
        "W1,02,02A01,16,5100,2025-01-01,\n"
    ),
    "productgroepen.csv": "groep,naam,domein\nbegeleiding,Begeleiding,ijw\n",
    "contractopties.csv": "contract,tot,uitgeoefend_op\nJ1,2028-12-31,2027-09-01\nJ1,2029-12-31,\n",
    "onderaannemers.csv": (
        "hoofdaannemer_agb,onderaannemer_agb,contract,declareert,geldig_van,geldig_tot\n99000001,99000003,J1,eigen,2025-07-01,2026-12-31\n"
    ),
    "bekostigingen.csv": (
        "contract,zorgvorm,jaar,vorm,gegarandeerd_cent,variabel_cent,administratie_promille,termijnen\n"
        "J1,,2026,budget,60000000,20000000,25,4\n"
    ),
    "plafonds.csv": "contract,zorgvorm,jaar,bedrag_cent\nJ1,jeugd_ambulant,2026,50000000\n",
    "deelname.csv": (
        "gemeente,zorgvorm,geldig_van,geldig_tot\n0664,jeugd_ambulant,2025-01-01,\n"
        "0664,wmo_begeleiding,2025-01-01,\n0687,wmo_begeleiding,2025-01-01,\n0718,wmo_begeleiding,2025-01-01,2026-12-31\n"
    ),
    "budgetten.csv": "gemeente,jaar,zorgvorm,bedrag_cent,bron\n0664,2026,,100000000,begroting\n0664,2026,jeugd_ambulant,40000000,begroting\n",
    "maatstaven.csv": "maatstaf,gemeente,zorgvorm,jaar,waarde\ninwoners,0664,,2026,40100\ndraagkracht,0664,,2026,0.975\n",
    "voorschotten.csv": "agb,gemeente,maand,bedrag_cent\n99000001,0664,2026-01,500000\n",
    "bijdragen.csv": "gemeente,maand,bedrag_cent\n0664,2026-01,100000\n",
    "partijen.csv": (
        "partij,kanaal,adres,kopie,antwoordt\ngemeente:0664,postvak,,ja,zelf\naanbieder:99000002,webhook,https://zorg.example/in,nee,\n"
    ),
    "bankrekeningen.csv": (
        "partij,iban,tenaamstelling,bic\ngemeente:0664,NL07TEST9900000664,Gemeente Goes,\n"
        "aanbieder:99000002,NL39TEST0099000002,Het Anker,TESTNL2A\n"
    ),
}


def als_bytes(bestanden: Mapping[str, str]) -> dict[str, bytes]:
    """The files as they stand on disk."""
    return {naam: text.encode() for naam, text in bestanden.items()}


def map_met(**vervangen: str) -> dict[str, bytes]:
    """The good folder with other files (`tarieven="…"`)."""
    return als_bytes(GOED | {f"{naam}.csv": text for naam, text in vervangen.items()})


def map_met_rij(bestand: str, rij: str) -> dict[str, bytes]:
    """The good folder with one more row at the end of a file."""
    return als_bytes(GOED | {bestand: GOED[bestand] + rij + "\n"})


def map_met_wijziging(bestand: str, oud: str, nieuw: str) -> dict[str, bytes]:
    """The good folder with one text in one file changed."""
    assert GOED[bestand].count(oud) == 1, f"{oud!r} does not stand exactly once in {bestand}"
    return als_bytes(GOED | {bestand: GOED[bestand].replace(oud, nieuw)})
