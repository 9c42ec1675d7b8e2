"""The page of health: one read of the database at one moment. Rhythms are learned from a year of declaraties, so that is done once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.kalender import vrije_dagen
from app.adapters.wereld import Wereld
from app.domain.errors import NietToegestaan
from app.domain.partij import Actor, Rol, aanbieder
from app.domain.periode import EEN_DAG, maand_van
from app.reports import store, store_termijnen
from app.reports import store_gezondheid as own
from app.reports.gezondheid import STILTES_MAX, Gezondheid, vul_dagen, vul_uren
from app.reports.lezen import lezen
from app.reports.ritme import MAANDEN_LEREN, Ritme, leer_ritmes, stiltes, werkdag_van_maand
from app.reports.termijnen import Klok, TermijnFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Geleerd:
    """The rhythms as they were learned on a day."""

    op: date
    ritmes: tuple[Ritme, ...]


_GELEERD: WeakKeyDictionary[Engine, _Geleerd] = WeakKeyDictionary()
"""Of each database that this process reads: finished months do not change any more, but for what is still judged of the last one."""


async def read_gezondheid(wereld: Wereld, actor: Actor) -> Gezondheid:
    """How the installation is doing.

    Raises:
        NietToegestaan: The actor does not watch the whole region.
        Unavailable: The database does not answer.
    """
    _must_watch(actor)
    nu, vandaag, vrij = wereld.nu, wereld.vandaag, vrije_dagen()
    async with lezen(wereld) as connection:
        uren, antwoordtijd = await own.load_uren(connection, nu)
        ritmes = await _ritmes(wereld, connection)
        late = stiltes(ritmes, await own.load_gehoord(connection, maand_van(vandaag), vandaag), vandaag, vrij)
        namen = await store.load_namen(connection, {aanbieder(each.ritme.agb) for each in late[:STILTES_MAX]})
        return Gezondheid(
            stand_van=nu,
            uren=vul_uren(uren, nu),
            dagen=vul_dagen(await own.load_dagen(connection, vandaag), vandaag),
            antwoordtijd=antwoordtijd,
            wachtrijen=await own.load_wachtrijen(connection),
            onbeantwoord=await own.load_onbeantwoord(connection),
            banen=await own.load_banen(connection, nu),
            uitgang=await own.load_uitgang(connection, nu),
            termijnen=await store_termijnen.count_termijnen(connection, actor, TermijnFilter(), Klok.op(vandaag, vrij)),
            zenders=len(ritmes),
            stiltes=late[:STILTES_MAX],
            stiltes_totaal=len(late),
            namen={partij.partition(":")[2]: naam for partij, naam in namen.items()},
            werkdag=werkdag_van_maand(vandaag, vrij),
            is_geboekt=await own.load_is_geboekt(connection),
            nagerekend=await own.load_nagerekend(connection),
        )


async def _ritmes(wereld: Wereld, connection: AsyncConnection) -> tuple[Ritme, ...]:
    """The rhythms, learned today from the last finished months."""
    vandaag = wereld.vandaag
    known = _GELEERD.get(wereld.engine.sync_engine)
    if known is None or known.op != vandaag:
        voor = maand_van(vandaag)
        van = voor
        for _ in range(MAANDEN_LEREN):
            van = maand_van(van - EEN_DAG)
        known = _Geleerd(op=vandaag, ritmes=leer_ritmes(await own.load_zendmaanden(connection, van, voor), vrije_dagen()))
        _GELEERD[wereld.engine.sync_engine] = known
    return known.ritmes


def _must_watch(actor: Actor) -> None:
    """Raise NietToegestaan unless the actor works on rejections, or keeps the installation, for the whole region."""
    if not actor.heeft(Rol.UITVAL) or actor.gemeenten is not None:
        raise NietToegestaan("De gezondheid gaat over de hele installatie; zij is voor wie uitval behandelt voor de hele regio.")
