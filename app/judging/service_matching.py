"""Explaining to who may see a declaratie how one of its prestaties matches toewijzing and contract, as both are now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from app.adapters.wereld import Wereld
from app.adapters.xml import parse
from app.domain.bericht import Bericht, Domein
from app.domain.declaratie import DeclaratieClient, Prestatie
from app.domain.errors import NietGevonden
from app.domain.partij import Actor, Rol
from app.judging import store, store_matching
from app.judging.kijken import kijk_op_bericht, kijk_op_client, visible_toewijzing
from app.judging.matching import Feiten, Uitleg, leg_uit
from app.judging.service import load_snapshot
from app.mailbox import kenmerk, toon_bericht
from app.register import gemeente_van
from app.standard import catalogue
from app.standard.reading import Leesfout, read

NA_ALLES = (1 << 63) - 1
"""Stands for a bericht_nr after everything that was received."""
CONTRACTDESK = (Rol.CONTRACTBEHEER, Rol.UITVAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regeluitleg:
    """A prestatie with its explanation. `voor_contractbeheer`: the reader may see the sentences that say everything."""

    bericht_nr: int
    regel: int
    regels_totaal: int
    prestatie: Prestatie
    uitleg: Uitleg
    voor_contractbeheer: bool


async def uitleg_van(wereld: Wereld, actor: Actor, bericht_nr: int, regel: int, *, client: int | None = None) -> Regeluitleg:
    """How a prestatie of a 323 matches.

    Args:
        regel: Which one, from 1 in the order of the XML; of that Client when `client` is given.
        client: Which Client of the declaratie, from 1, as paths of bevindingen count.
    Raises:
        NietGevonden: There is no such bericht for this actor, it is no 323 that could be read, or it has no such line.
    """
    shown = await toon_bericht(wereld, actor, bericht_nr)
    if shown.bericht != "323" or shown.domein is None or shown.status == "geweigerd":
        raise NietGevonden("Alleen een regel van een declaratiebericht heeft een uitleg.")
    domein: Domein = "ijw" if shown.domein == "ijw" else "iwmo"
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        stored = await store.contents(connection, [bericht_nr])
        if not stored:
            raise NietGevonden("Van dit bericht is geen inhoud bewaard.")
        one, regel, total = await asyncio.to_thread(_only_line, wereld, domein, stored[0], regel, client)
        found, prestatie = _line_of(one)
        agb = one.header.afzender
        snapshot = await load_snapshot(connection, wereld, domein, agb, [one], before=NA_ALLES)
        kijk = kijk_op_client(kijk_op_bericht(one, snapshot, vandaag=wereld.vandaag), found.bsn)
        gemeente, dag = gemeente_van(one), prestatie.product_periode.begindatum
        key = (prestatie.product_categorie, prestatie.product_code)
        drager = snapshot.drager(gemeente, dag)
        feiten = Feiten(
            agb=agb,
            gemeente=gemeente,
            drager=drager,
            toewijzing=visible_toewijzing(kijk, prestatie.toewijzing_nummer),
            producten=tuple(snapshot.producten.get(key, ())),
            contracten=await store_matching.contracten(connection, domein, agb, *key),
            deelname=await store_matching.deelname(connection, drager, snapshot.zorgvorm(*key, dag) or ""),
            debet=snapshot.debets.get((gemeente, prestatie.product_referentie.vorig_referentie_nummer or "")),
        )
    return Regeluitleg(
        bericht_nr=bericht_nr,
        regel=regel,
        regels_totaal=total,
        prestatie=prestatie,
        uitleg=leg_uit(prestatie, feiten),
        voor_contractbeheer=actor.heeft(*CONTRACTDESK),
    )


def _only_line(wereld: Wereld, domein: Domein, stored: store.Inhoud, regel: int, client_nr: int | None) -> tuple[Bericht, int, int]:
    """The bericht with this one line, so that only its keys are looked up; the number of the line, and how many there are."""
    data = wereld.kluis.lees(stored.sleutel_versie, stored.inhoud, kenmerk(stored.sha256))
    try:
        bericht = read(parse(data), catalogue.soort(domein, "323"))
    except Leesfout as fout:
        raise NietGevonden("Dit bericht is niet te lezen.") from fout
    assert bericht.declaratie is not None
    lines = [
        (nr, index, client, prestatie)
        for nr, client in enumerate(bericht.declaratie.clienten, 1)
        for index, prestatie in enumerate(client.prestaties, 1)
    ]
    for number, (nr, index, client, prestatie) in enumerate(lines, 1):
        if regel == (number if client_nr is None else index) and client_nr in (None, nr):
            only = replace(bericht.declaratie, clienten=(replace(client, prestaties=(prestatie,)),))
            return replace(bericht, declaratie=only), number, len(lines)
    raise NietGevonden(f"Dit bericht heeft {len(lines)} regels; regel {regel} is er niet bij.")


def _line_of(bericht: Bericht) -> tuple[DeclaratieClient, Prestatie]:
    assert bericht.declaratie is not None
    client = bericht.declaratie.clienten[0]
    return client, client.prestaties[0]
