"""What happened in the demo, in numbers that come from the database, and how it is printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from app.adapters.wereld import Wereld
from app.commands.submit import Uitkomst
from app.domain.bedrag import euro
from app.domain.partij import SYSTEEM
from app.ledger import Controle, verifieer
from app.solidarity.service import Keuze, Model, Run, vereven

_PER_STATUS = "select status, count(*) as aantal from bericht where richting = 'in' group by status order by aantal desc"
_PER_CODE = """
select o.retourcode, o.regel, count(*) as berichten, sum(o.aantal)::bigint as keren, sum(o.bedrag_cent)::bigint as cent
  from bericht_oorzaak o join bericht b using (bericht_nr) where b.richting = 'in'
 group by o.retourcode, o.regel order by o.retourcode, o.regel
"""
_MONEY = """
select coalesce(sum(ingediend_cent), 0)::bigint as ingediend, coalesce(sum(toegekend_cent), 0)::bigint as toegekend, count(*) as declaraties
  from bericht where soort = '323' and richting = 'in' and telt
"""
_BOOKED = """
select count(*) as boekingen, coalesce(sum(case soort when 'prestatie' then bedrag_cent else -bedrag_cent end), 0)::bigint as cent from boeking
 where soort in ('prestatie', 'prestatie_credit')
"""
_NAMES = "select distinct on (code) code, naam from gemeente where vervallen_op is null order by code, geldig_van desc"
_COUNT_LINES = "select count(*) as regels, count(*) filter (where toegekend) as toegekend from prestatie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verslag:
    """The outcome of a demo; money in cents."""

    aangeboden: int
    geweigerd: int
    per_status: dict[str, int]
    per_code: list[tuple[str, str, int, int, int]]
    regels: int
    regels_toegekend: int
    ingediend_cent: int
    toegekend_cent: int
    boekingen: int
    geboekt_cent: int
    controles: list[Controle]
    runs: list[Run]
    namen: dict[str, str]

    @property
    def klopt(self) -> bool:
        """Whether the books are right and every settlement adds up to zero."""
        books = all(controle.klopt for controle in self.controles) and self.geboekt_cent == self.toegekend_cent
        return books and all(run.som_cent == 0 and run.kosten_cent == run.kosten_clienten_cent for run in self.runs)


async def collect(wereld: Wereld, *, jaar: int, sent: list[Uitkomst]) -> Verslag:
    """Ask the database what happened, verify the ledger, and settle the year under two models."""
    pool = wereld.pool
    money = await pool.fetchrow(_MONEY)
    booked = await pool.fetchrow(_BOOKED)
    lines = await pool.fetchrow(_COUNT_LINES)
    runs = [await vereven(wereld, SYSTEEM, Keuze(jaar=jaar, model=model, jaren_terug=1)) for model in (Model.WAARBORG, Model.VLAKTAKS)]
    return Verslag(
        aangeboden=len(sent),
        geweigerd=sum(outcome.status == "geweigerd" for outcome in sent),
        per_status={row["status"]: row["aantal"] for row in await pool.fetch(_PER_STATUS)},
        per_code=[tuple(row) for row in await pool.fetch(_PER_CODE)],
        regels=lines["regels"],
        regels_toegekend=lines["toegekend"],
        ingediend_cent=money["ingediend"],
        toegekend_cent=money["toegekend"],
        boekingen=booked["boekingen"],
        geboekt_cent=booked["cent"],
        controles=list((await verifieer(wereld, SYSTEEM)).controles),
        runs=runs,
        namen={row["code"]: row["naam"] for row in await pool.fetch(_NAMES)},
    )


def print_verslag(verslag: Verslag, *, url: str, password: str | None, folder: Path) -> None:
    """The report on standard output; `password` is shown once, when the accounts are new."""
    print("\nBERICHTEN")
    if verslag.aangeboden:
        print(f"  aangeboden over HTTP            {verslag.aangeboden:>10}   waarvan aan de deur geweigerd {verslag.geweigerd}")
    for status, count in verslag.per_status.items():
        print(f"  {status:<32}{count:>10}")
    print("\nAFGEKEURD, PER RETOURCODE")
    for code, regel, berichten, times, cents in verslag.per_code:
        print(f"  {code or 'deur':<6}{regel:<10}{times:>7} keer in {berichten:>5} berichten {euro(cents):>18}")
    print("\nGELD")
    print(f"  prestaties                      {verslag.regels:>10}   toegekend {verslag.regels_toegekend}")
    print(f"  ingediend                       {euro(verslag.ingediend_cent):>20}")
    print(f"  toegekend                       {euro(verslag.toegekend_cent):>20}")
    print(f"  geboekt ({verslag.boekingen} boekingen){'':<5}{euro(verslag.geboekt_cent):>25}")
    print("\nGROOTBOEK NAGEREKEND")
    for controle in verslag.controles:
        print(f"  {'klopt' if controle.klopt else 'FOUT '}  {controle.regel}")
    for run in verslag.runs:
        _print_run(run, verslag.namen)
    print(f"\nPagina's: {url}")
    if password is not None:
        print(f"Aanmelden als beheer, uitval, controller, toegang of aanbieder met wachtwoord {password}")
    print(f"Regio, berichten en sleutels: {folder}")


def _print_run(run: Run, names: dict[str, str]) -> None:
    per_gemeente: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in run.rows:
        for index, cents in enumerate((row.own_cost_cent, row.contribution_cent, row.settlement_cent)):
            per_gemeente[row.municipality][index] += cents
    print(f"\nVEREVENING {run.keuze.jaar}, {run.keuze.model.value} (run {run.run_nr}; plus betaalt, min ontvangt)")
    print(f"  {'gemeente':<24}{'eigen kosten':>18}{'bijdrage':>18}{'verevening':>18}")
    for code, cells in sorted(per_gemeente.items()):
        print(f"  {names.get(code, code):<24}" + "".join(f"{euro(cents):>18}" for cents in cells))
    sums = [sum(cells[index] for cells in per_gemeente.values()) for index in range(3)]
    print(f"  {'som':<24}" + "".join(f"{euro(cents):>18}" for cents in sums))
