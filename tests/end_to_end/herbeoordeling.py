"""Two worlds whose books must be equal: one in which the region was corrected late, one in which it was right from the start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.adapters.wereld import Wereld
from app.domain.partij import SYSTEEM
from app.judging.service_herbeoordelen import Keuze, reken_door, voer_uit
from app.parties import laad_regio
from tests.builders import AGB, CATEGORIE, CODE
from tests.end_to_end.werkbank import REGIO, write_region

TARIEVEN_KOP = "contract,categorie,code,eenheid,tarief_cent,geldig_van,geldig_tot\n"
OVERIGE_TARIEVEN = f"J2,{CATEGORIE},{CODE},04,6000,2020-01-01,\nW1,02,02A03,04,5000,2020-01-01,\n"
CONTRACTBEHEER = SYSTEEM


def regio(*lines: str, **files: str) -> dict[str, str]:
    """The default region with these lines of tarieven.csv for contract J1, as `eenheid,cent,van,tot`; other files by name without `.csv`."""
    tarieven = TARIEVEN_KOP + "".join(f"J1,{CATEGORIE},{CODE},{line}\n" for line in lines) + OVERIGE_TARIEVEN
    return {**REGIO, "tarieven.csv": tarieven, **{f"{name}.csv": text for name, text in files.items()}}


async def laad(wereld: Wereld, folder: Path, files: Mapping[str, str]) -> int:
    """Load a region; returns the number of the load."""
    await laad_regio(wereld.pool, write_region(folder, files), nu=wereld.nu, actor=SYSTEEM)
    nr: int = await wereld.pool.fetchval("select max(lading_nr) from regio_lading")
    return nr


async def herbeoordeel_alles(wereld: Wereld, lading_nr: int, **changes: Any) -> int:
    """Preview and carry out what a load changed."""
    keuze = Keuze(**{"reden": "tarief te laat ingevoerd", "lading_nr": lading_nr, **changes})
    nr = await reken_door(wereld, CONTRACTBEHEER, keuze)
    await voer_uit(wereld, CONTRACTBEHEER, nr)
    return nr


@dataclass(frozen=True, slots=True, kw_only=True)
class Netto:
    """Net books and verdicts by source: what must be equal however often was judged again."""

    boekingen: Mapping[tuple[Any, ...], int]
    regels: Mapping[tuple[Any, ...], tuple[Any, ...]]
    berichten: Mapping[tuple[Any, ...], tuple[Any, ...]]
    saldi: Mapping[tuple[Any, ...], int]


_BOEKINGEN = """
select encode(b.sha256, 'hex') as bron, b.poging, t.regel, t.soort, d.soort || ':' || d.gemeente || ':' || d.agb as debet,
       c.soort || ':' || c.gemeente || ':' || c.agb as credit, t.zorgvorm, t.zorgmaand, t.client_id, t.bedrag_cent
  from boeking t join bericht b using (bericht_nr) join rekening d on d.rekening_nr = t.debet join rekening c on c.rekening_nr = t.credit
 where t.soort <> 'verplichting'
"""
"""Without commitments: what a correction changes in those is booked by an act of its own, so only their saldi come out the same."""
_REGELS = """
select encode(b.sha256, 'hex') as bron, b.poging, p.regel, p.toegekend, p.retour_codes, p.zorgvorm, p.gemeente_drager,
       encode(g.sha256, 'hex') as gecrediteerd_door, p.client_id
  from prestatie p join bericht b using (bericht_nr) left join bericht g on g.bericht_nr = p.gecrediteerd_door
"""
_BERICHTEN = """
select encode(b.sha256, 'hex') as bron, b.poging, b.status, b.telt, b.ingediend_cent, b.toegekend_cent,
       (select array_agg(o.regel || ' ' || o.retourcode || ' ' || o.aantal || ' ' || o.bedrag_cent order by o.regel, o.retourcode)
          from bericht_oorzaak o where o.bericht_nr = b.bericht_nr) as oorzaken,
       (select array_agg(v.pad || v.regel || v.melding order by v.pad, v.regel) from bevinding v where v.bericht_nr = b.bericht_nr) as gevonden
  from bericht b where b.richting = 'in'
"""
_SALDI = """
select r.soort, r.gemeente, r.agb, zorgvorm, zorgmaand, sum(bedrag_cent)::bigint as cent
  from (select rekening_nr, zorgvorm, zorgmaand, bedrag_cent from saldo
        union all select rekening_nr, zorgvorm, zorgmaand, bedrag_cent from saldo_delta) s join rekening r using (rekening_nr)
 group by 1, 2, 3, 4, 5 having sum(bedrag_cent) <> 0
"""


async def netto(wereld: Wereld) -> Netto:
    """Everything that must be equal; a transfer and the one that undoes it leave nothing."""
    net: Counter[tuple[Any, ...]] = Counter()
    for bron, poging, regel, soort, debet, credit, *rest, cents in await wereld.pool.fetch(_BOEKINGEN):
        first, second = sorted((debet, credit))
        net[bron, poging, regel, soort, first, second, *rest] += cents if (debet, credit) == (first, second) else -cents
    return Netto(
        boekingen={key: cents for key, cents in net.items() if cents},
        regels={tuple(row)[:3]: _hashable(tuple(row)[3:]) for row in await wereld.pool.fetch(_REGELS)},
        berichten={tuple(row)[:2]: _hashable(tuple(row)[2:]) for row in await wereld.pool.fetch(_BERICHTEN)},
        saldi={tuple(row)[:-1]: row["cent"] for row in await wereld.pool.fetch(_SALDI)},
    )


def _hashable(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in values)


async def oordelen(wereld: Wereld) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Per ReferentieNummer whether it is granted, and its codes."""
    rows = await wereld.pool.fetch("select referentie_nummer, toegekend, retour_codes from prestatie where agb = $1", AGB)
    return {row["referentie_nummer"]: (row["toegekend"], tuple(row["retour_codes"])) for row in rows}
