"""The share of one gemeente in a run of the verevening: its pools, the balances that went in, and whether they changed since."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import local_date
from app.adapters.wereld import Wereld
from app.domain.bedrag import euro
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.reports import store
from app.reports import store_herkomst_spoor as rows
from app.reports.herkomst import Doel, HerkomstFilter, PotInRun, SaldoInRun, Stap, StapSoort, VereveningSpoor, Verwijzing
from app.reports.herkomst_verevening import Afspraak, Cel, afspraak_van, bronnen_van, cellen_in_run, maanden_van, potten_in_run
from app.reports.herkomst_woorden import betaalt, maand_en_jaar, pot_woord
from app.reports.lezen import lezen
from app.reports.service_herkomst import must_see_money
from app.solidarity.runinvoer import VORM

NIET_GEVONDEN = "Deze berekening bestaat niet, of deze gemeente doet er niet in mee, of u werkt er niet voor."


async def read_verevening_spoor(wereld: Wereld, actor: Actor, run_nr: int, gemeente: str) -> VereveningSpoor:
    """What a gemeente pays or gets in a run, down to the balances of cost.

    Raises:
        NietToegestaan: The actor is an aanbieder.
        NietGevonden: There is no such run, the gemeente is not in it, or it is not the actor's.
        OngeldigVerzoek: The run was stored before everything was kept.
    """
    must_see_money(actor, gemeente)
    async with lezen(wereld) as connection:
        run = await rows.load_run(connection, run_nr)
        if run is None or all(row["municipality"] != gemeente for row in run["uitkomst"]):
            raise NietGevonden(NIET_GEVONDEN)
        if run["invoer"].get("vorm") != VORM:
            raise OngeldigVerzoek("Deze berekening is opgeslagen voordat alle invoer werd bewaard; haar herkomst is niet te tonen.")
        namen = await store.load_gemeentenamen(connection)
        afspraak, in_run = await asyncio.to_thread(_stored, run, gemeente)
        nu = await _nu(connection, afspraak, gemeente)
    potten = await asyncio.to_thread(potten_in_run, afspraak, run["uitkomst"], gemeente, in_run, nu)
    return VereveningSpoor(
        **{name: run[name] for name in ("run_nr", "jaar", "model", "status", "gemaakt_op", "gemaakt_door")},
        stand_van=wereld.nu,
        gemeente=gemeente,
        naam=namen.get(gemeente, gemeente),
        potten=potten,
    )


def _stored(run: RowMapping, gemeente: str) -> tuple[Afspraak, dict[Cel, int]]:
    """Reading the agreement and all balances of all years takes longer than the event loop may wait."""
    invoer = run["invoer"]
    afspraak = afspraak_van(invoer["overeenkomst"], invoer["herindelingen"], run["jaar"])
    return afspraak, cellen_in_run(afspraak, invoer["kosten"], gemeente)


async def _nu(connection: AsyncConnection, afspraak: Afspraak, gemeente: str) -> dict[Cel, int]:
    """The balances of its pools as they are now, those that have appeared since among them."""
    maanden = maanden_van(afspraak)
    zorgvormen = {zorgvorm for pool in afspraak.potten for zorgvorm in pool.categories}
    return {} if maanden is None else await rows.load_kosten(connection, bronnen_van(afspraak, gemeente), sorted(zorgvormen), maanden)


def stappen_van(spoor: VereveningSpoor, zorgvormen: Mapping[str, str] | None = None) -> tuple[Stap, ...]:
    """The same as steps: the share, its pools, and the balances per zorgvorm that lead to their transfers."""
    namen = zorgvormen or {}
    head = Stap(
        soort=StapSoort.VEREVENING,
        zin=f"{spoor.naam} {betaalt(spoor.verevening_cent)} in de verevening {spoor.jaar} ({spoor.model}, berekening {spoor.run_nr}).",
        bedrag_cent=spoor.verevening_cent,
        op=spoor.gemaakt_op,
        gegevens=(("run_nr", spoor.run_nr), ("gemeente", spoor.gemeente), ("status", spoor.status), ("later_cent", spoor.later_cent)),
    )
    return (head, *(step for pot in spoor.potten for step in _pot(pot, namen)))


def _pot(pot: PotInRun, namen: Mapping[str, str]) -> list[Stap]:
    artikel = f", {pot.artikel}" if pot.artikel else ""
    zin = (
        f"Regeling {pot.regeling}{artikel}, {pot_woord(pot.pot, namen)}: de eigen kosten zijn {euro(pot.eigen_kosten_cent)}, de bijdrage is"
        f" {euro(pot.bijdrage_cent)}; de gemeente {betaalt(pot.verevening_cent)}."
    )
    facts = (("regeling", pot.regeling), ("pot", pot.pot), ("artikel", pot.artikel))
    first = Stap(soort=StapSoort.VEREVENING, zin=zin, bedrag_cent=pot.verevening_cent, gegevens=facts)
    return [first, *(_saldo(saldo, namen) for saldo in pot.saldi)]


def _saldo(saldo: SaldoInRun, namen: Mapping[str, str]) -> Stap:
    zin = f"Kosten {namen.get(saldo.zorgvorm, saldo.zorgvorm)} van {saldo.gemeente} in {maand_en_jaar(saldo.zorgmaand)}: {euro(saldo.in_run_cent)}."
    if saldo.verschil_cent:
        zin += f" Sinds de berekening is daar {euro(saldo.verschil_cent)} bijgeboekt."
    return Stap(
        soort=StapSoort.SALDO,
        zin=zin,
        bedrag_cent=saldo.in_run_cent,
        gegevens=(("in_run_cent", saldo.in_run_cent), ("nu_cent", saldo.nu_cent), ("verschil_cent", saldo.verschil_cent)),
        naar=Verwijzing(doel=Doel.BOEKINGEN, vraag=vraag_van(saldo)),
    )


def vraag_van(saldo: SaldoInRun, spoor: VereveningSpoor | None = None) -> HerkomstFilter:
    """The transfers of a balance; with the run only those booked from the day of its making on."""
    return HerkomstFilter(
        gemeente=saldo.gemeente,
        zorgvorm=saldo.zorgvorm,
        zorgmaand=saldo.zorgmaand,
        geboekt_vanaf=None if spoor is None else local_date(spoor.gemaakt_op),
    )
