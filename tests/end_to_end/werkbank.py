"""A world to send berichten through, and what of its outcome must be equal whatever the transport: books and verdicts by source."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from app.adapters.clock import AMSTERDAM
from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.bootstrap import open_wereld
from app.domain.bericht import Bericht
from app.domain.partij import SYSTEEM, Actor, aanbieder, gemeente
from app.intake import Geweigerd, ontvang
from app.ledger import verify
from app.mailbox import toon_bericht, xml_van
from app.parties import laad_regio
from app.settings import Settings
from app.standard import catalogue
from app.standard.reading import read
from app.standard.writing import write
from tests.builders import AGB, CATEGORIE, CODE

NU = datetime(2026, 6, 3, 9, 0, tzinfo=AMSTERDAM)
ANDERE_AGB = "42420002"

REGIO = {
    "gemeenten.csv": "code,naam,geldig_van,geldig_tot\n0664,Goes,2015-01-01,\n0687,Middelburg,2015-01-01,\n0384,Diemen,2015-01-01,\n",
    "aanbieders.csv": f"agb,naam,contractpartner_agb\n{AGB},De Veste,\n{ANDERE_AGB},Het Anker,\n",
    "zorgvormen.csv": "zorgvorm,naam,domein,stuurbaarheid\nambulant,Ambulante hulp,ijw,licht\nwmo,Begeleiding,iwmo,\n",
    "producten.csv": "domein,categorie,code,omschrijving,eenheid,zorgvorm,geldig_van,geldig_tot\n"
    f"ijw,{CATEGORIE},{CODE},Begeleiding,04,ambulant,2020-01-01,\niwmo,02,02A03,Begeleiding,04,wmo,2020-01-01,\n",
    "contracten.csv": "contract,agb,domein,gemeenten,geldig_van,geldig_tot,uitvoeringsvariant,bekostiging,plafond_cent\n"
    f"J1,{AGB},ijw,*,2020-01-01,,inspanning,PxQ,\nJ2,{ANDERE_AGB},ijw,*,2020-01-01,,inspanning,PxQ,\n"
    f"W1,{AGB},iwmo,*,2020-01-01,,inspanning,PxQ,\n",
    "tarieven.csv": "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\n"
    f"J1,{CATEGORIE},{CODE},04,6000,2020-01-01,\nJ2,{CATEGORIE},{CODE},04,6000,2020-01-01,\nW1,02,02A03,04,5000,2020-01-01,\n",
    "maatstaven.csv": "maatstaf,gemeente,zorgvorm,jaar,waarde\n"
    + "".join(
        f"inwoners,{code},,{jaar},{waarde}\n"
        for jaar in range(2023, 2027)
        for code, waarde in (("0664", 38000), ("0687", 49000), ("0384", 30000))
    ),
}


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a test: keys in its own folder, a clock that starts at NU."""
    return Settings(**{"mode": "test", "nu": NU, "data_dir": folder, **changes})


def write_region(folder: Path, files: Mapping[str, str] = REGIO) -> Path:
    """A region folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@asynccontextmanager
async def wereld_with_region(dsn: str, folder: Path, files: Mapping[str, str] = REGIO, **changes: Any) -> AsyncIterator[Wereld]:
    """A world on a test database with a region loaded."""
    async with open_wereld(settings_for(folder, **changes), dsn) as wereld:
        await laad_regio(wereld.pool, write_region(folder / "regio", files), nu=wereld.nu, actor=SYSTEEM)
        yield wereld


def van_partij(bericht: Bericht) -> str:
    """Who sends a bericht: of a retourbericht the Ontvanger of its header (IV028)."""
    header = bericht.header
    match bericht.soort:
        case "301" | "319":
            return gemeente(header.afzender)
        case "302" | "320":
            return aanbieder(header.ontvanger)
        case _:
            return aanbieder(header.afzender)


async def stuur(wereld: Wereld, bericht: Bericht | bytes, partij: str | None = None) -> int:
    """Take a bericht in as its sender; returns its number, also when the door refused it."""
    data = bericht if isinstance(bericht, bytes) else write(bericht)
    van = partij or (van_partij(bericht) if isinstance(bericht, Bericht) else None)
    assert van is not None, "say who sends these bytes"
    try:
        return (await ontvang(wereld, Actor(naam="test", partijen=frozenset({van})), data)).bericht_nr
    except Geweigerd as refused:
        return int(refused.bericht_nr or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boeken:
    """Books and verdicts named by source, so that they can be compared between databases (DESIGN section 4)."""

    boekingen: Counter[tuple[Any, ...]]
    oordelen: Mapping[tuple[str, int], tuple[Any, ...]]


_BOOKINGS = """
select encode(b.sha256, 'hex') as bron, b.poging, t.regel, t.soort, t.volgnr, d.soort || ':' || d.gemeente || ':' || d.agb as debet,
       c.soort || ':' || c.gemeente || ':' || c.agb as credit, t.bedrag_cent, t.zorgvorm, t.zorgmaand
  from boeking t join bericht b using (bericht_nr) join rekening d on d.rekening_nr = t.debet join rekening c on c.rekening_nr = t.credit
"""
_VERDICTS = """
select encode(b.sha256, 'hex') as bron, b.poging, b.status, b.ingediend_cent, b.toegekend_cent,
       (select array_agg(o.regel || ' ' || o.retourcode || ' ' || o.aantal order by o.regel, o.retourcode)
          from bericht_oorzaak o where o.bericht_nr = b.bericht_nr) as oorzaken,
       (select a.soort from bericht a where a.bericht_nr = b.antwoord_nr) as antwoord
  from bericht b where b.richting = 'in'
"""


async def boeken(wereld: Wereld) -> Boeken:
    """Everything that must be equal."""
    bookings = Counter(tuple(row) for row in await wereld.pool.fetch(_BOOKINGS))
    rows = await wereld.pool.fetch(_VERDICTS)
    verdicts = {
        (row["bron"], row["poging"]): (
            row["status"],
            row["ingediend_cent"],
            row["toegekend_cent"],
            tuple(row["oorzaken"] or ()),
            row["antwoord"],
        )
        for row in rows
    }
    return Boeken(boekingen=bookings, oordelen=verdicts)


async def klopt(wereld: Wereld) -> None:
    """The ledger verifies and nothing waits or is parked."""
    assert [controle for controle in await verify(wereld) if not controle.klopt] == []
    assert await wereld.pool.fetchval("select count(*) from outbox") == 0
    assert await wereld.pool.fetchval("select count(*) from bericht where status in ('ontvangen', 'geparkeerd')") == 0


async def status(wereld: Wereld, nr: int) -> str:
    """The status of a bericht."""
    value: str = await wereld.pool.fetchval("select status from bericht where bericht_nr = $1", nr)
    return value


async def retourcodes(wereld: Wereld, nr: int) -> set[str]:
    """The codes among the findings of a bericht."""
    return {row["retourcode"] for row in await wereld.pool.fetch("select distinct retourcode from bevinding where bericht_nr = $1", nr)}


async def antwoord_op(wereld: Wereld, nr: int) -> Bericht:
    """The answer to a bericht, read back from its bytes."""
    shown = await toon_bericht(wereld, SYSTEEM, nr)
    assert shown.antwoord is not None
    answer = await toon_bericht(wereld, SYSTEEM, int(shown.antwoord))
    assert answer.domein is not None
    assert answer.bericht is not None
    root: etree._Element = parse(await xml_van(wereld, SYSTEEM, int(shown.antwoord)))
    return read(root, catalogue.soort(answer.domein, answer.bericht))
