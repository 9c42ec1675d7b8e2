"""What readers ask about uitval: the causes, one cause with its berichten and what people wrote, and one bericht within a cause."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.oorzaak import MET_REGEL, OorzaakSleutel, Uitvalsoort
from app.domain.partij import Actor
from app.reports import store, store_uitval
from app.reports.berichten import LIJST_MAX, BerichtRegel, BevindingRegel
from app.reports.lezen import lezen
from app.reports.service import BerichtPagina, read_bericht, toon
from app.reports.uitval import OORZAKEN_MAX, Notitie, UitvalFilter, UitvalLijst, UitvalOorzaak
from app.reports.xmlweergave import XmlWeergave

BEVINDINGEN_MAX = 200
"""Bevindingen of one cause in one bericht that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OorzaakPagina:
    """One cause. `oorzaak` is within the filter; `volgende` is the cursor of older berichten, None at the end."""

    stand_van: datetime
    oorzaak: UitvalOorzaak
    berichten: tuple[BerichtRegel, ...]
    volgende: int | None
    notities: tuple[Notitie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UitvalBericht:
    """One bericht within a cause.

    Attributes:
        bevindingen: Those of this cause; all of them when it is no rule.
        gekozen: The one whose line is shown; None without bevindingen.
        xml: The lines around it; None when the actor may not read the XML or it is not kept.
        vorige, volgende: The newer and the older bericht of the cause within the filter.
    """

    pagina: BerichtPagina
    bevindingen: tuple[BevindingRegel, ...]
    gekozen: BevindingRegel | None
    xml: XmlWeergave | None
    vorige: int | None
    volgende: int | None


async def list_uitval(wereld: Wereld, actor: Actor, vraag: UitvalFilter) -> UitvalLijst:
    """The causes of a filter, most money first."""
    async with lezen(wereld) as connection:
        found = [] if vraag.soort is not None and vraag.soort not in MET_REGEL else await store_uitval.list_regels(connection, actor, vraag)
        if vraag.soort not in MET_REGEL:
            found += await store_uitval.list_wachtend(connection, actor, vraag, wereld.vandaag)
        found = sorted(found, key=lambda cause: (-abs(cause.bedrag_cent), -cause.aantal, str(cause.sleutel)))
        shown = await _aangevuld(connection, actor, found[:OORZAKEN_MAX])
    return UitvalLijst(stand_van=wereld.nu, oorzaken=tuple(shown), afgekapt=len(found) > OORZAKEN_MAX)


async def read_oorzaak(
    wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, vraag: UitvalFilter, *, voor: int | None = None, limit: int = LIJST_MAX
) -> OorzaakPagina:
    """One cause with its newest berichten, those before `voor`.

    Raises:
        NietGevonden: Nothing that the actor sees has this cause, whatever the filter.
    """
    vraag = replace(vraag, soort=None)
    async with lezen(wereld) as connection:
        oorzaak = await _oorzaak(connection, actor, sleutel, vraag, wereld.vandaag)
        nrs = await store_uitval.list_nrs(connection, actor, vraag, sleutel, wereld.vandaag, voor=voor, limit=limit + 1)
        rows = await store.list_nrs(connection, actor, nrs[:limit])
        notities = await store_uitval.list_notities(connection, actor, sleutel)
    return OorzaakPagina(
        stand_van=wereld.nu,
        oorzaak=oorzaak,
        berichten=tuple(rows),
        volgende=nrs[limit - 1] if len(nrs) > limit else None,
        notities=tuple(notities),
    )


async def read_uitvalbericht(
    wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, vraag: UitvalFilter, bericht_nr: int, volgnr: int | None = None
) -> UitvalBericht:
    """One bericht of a cause, with the bevinding `volgnr` or the first.

    Raises:
        NietGevonden: The actor does not see it, or it does not have this cause.
    """
    pagina = await read_bericht(wereld, actor, bericht_nr)
    async with lezen(wereld) as connection:
        vandaag = wereld.vandaag
        alles = replace(vraag, vanaf=None, gemeente=None, afzender=None, bericht=None)
        if await store_uitval.list_nrs(connection, actor, alles, sleutel, vandaag, voor=bericht_nr + 1, limit=1) != [bericht_nr]:
            raise NietGevonden("Dit bericht heeft deze oorzaak niet, of niet meer.")
        newer = await store_uitval.list_nrs(connection, actor, vraag, sleutel, vandaag, na=bericht_nr, limit=1)
        older = await store_uitval.list_nrs(connection, actor, vraag, sleutel, vandaag, voor=bericht_nr, limit=1)
        rule = (sleutel.detail, sleutel.retourcode) if sleutel.soort in MET_REGEL else None
        found = await store.list_bevindingen(connection, bericht_nr, na=0, limit=BEVINDINGEN_MAX, oorzaak=rule)
        stored = await store.load_inhoud(connection, bericht_nr) if pagina.mag_inhoud else None
    chosen = next((each for each in found if each.volgnr == volgnr), found[0] if found else None)
    shown = () if chosen is None else (chosen,)
    return UitvalBericht(
        pagina=pagina,
        bevindingen=tuple(found),
        gekozen=chosen,
        xml=None if stored is None else await asyncio.to_thread(toon, wereld, stored, shown),
        vorige=newer[0] if newer else None,
        volgende=older[0] if older else None,
    )


async def list_geparkeerd(wereld: Wereld, actor: Actor, sleutel: OorzaakSleutel, vraag: UitvalFilter, limit: int) -> tuple[int, ...]:
    """The oldest parked berichten of a cause, which can be judged again together.

    Raises:
        NietGevonden: It is not a cause of what is parked.
    """
    if sleutel.soort is not Uitvalsoort.GEPARKEERD:
        raise NietGevonden("Alleen geparkeerde berichten kunnen samen opnieuw worden beoordeeld.")
    async with lezen(wereld) as connection:
        return tuple(await store_uitval.list_nrs(connection, actor, vraag, sleutel, wereld.vandaag, na=0, limit=limit))


async def _oorzaak(connection: AsyncConnection, actor: Actor, sleutel: OorzaakSleutel, vraag: UitvalFilter, vandaag: date) -> UitvalOorzaak:
    """The cause within the filter; with nothing in it, as it is without."""
    for each in (vraag, UitvalFilter()):
        if sleutel.soort in MET_REGEL:
            found = await store_uitval.list_regels(connection, actor, each, sleutel)
        else:
            found = await store_uitval.get_wachtend(connection, actor, each, sleutel, vandaag)
        if found:
            return (await _aangevuld(connection, actor, found))[0]
    raise NietGevonden("Deze oorzaak komt niet of niet meer voor in wat u ziet.")


async def _aangevuld(connection: AsyncConnection, actor: Actor, causes: list[UitvalOorzaak]) -> list[UitvalOorzaak]:
    """With names, and with what people do about them."""
    named = await store_uitval.with_namen(connection, causes)
    done = await store_uitval.load_opvolging(connection, actor, [cause.sleutel for cause in named])
    return [replace(cause, opvolging=done.get(str(cause.sleutel))) for cause in named]
