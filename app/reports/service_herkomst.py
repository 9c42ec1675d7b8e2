"""What readers ask of a total: how it is made up, and its transfers with everything that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, NietToegestaan
from app.domain.partij import Actor, Rol
from app.ledger import GEBEURTENISSEN
from app.mailbox import CursorOngeldig, make_cursor
from app.mailbox.bladzijde import page_size, read_sleutel
from app.reports import store, store_herkomst
from app.reports.herkomst import HerkomstFilter, HerkomstPagina, HerkomstRegel, HerkomstTotaal, RekeningNaam, ToewijzingVersie, versie_voor
from app.reports.lezen import lezen, stempel_van
from app.reports.service_casussen import pseudoniem
from app.reports.store_herkomst import Sleutel, ToewijzingSleutel

SOORTEN = tuple(sorted(each.soort for each in GEBEURTENISSEN))
"""The events by name: a cursor has the place of one in this row."""
MAANDEN_PER_KEER = (1, 3, None)
"""A page reads one boekmaand, then three, then all that are left: at most three queries, and mostly one."""


async def read_totaal(wereld: Wereld, actor: Actor, vraag: HerkomstFilter) -> HerkomstTotaal:
    """A total from the balances beside the same from its transfers, by boekmaand and event.

    Adding up all transfers of a region takes a while, so the answer is kept (`adapters.bewaren`); `stand_van` says when it was made.

    Raises:
        NietToegestaan: The actor is an aanbieder.
        NietGevonden: The gemeente is not the actor's.
    """
    must_see_money(actor, vraag.gemeente)

    async def maak() -> HerkomstTotaal:
        return await _totaal_van_nu(wereld, actor, vraag)

    return await wereld.bewaard.haal(("herkomst", actor.gemeenten, vraag), await stempel_van(wereld), maak)


async def _totaal_van_nu(wereld: Wereld, actor: Actor, vraag: HerkomstFilter) -> HerkomstTotaal:
    nu = wereld.nu
    async with lezen(wereld) as connection:
        nrs = await store_herkomst.load_rekeningen(connection, actor, vraag)
        maanden = await store_herkomst.load_maanden(connection, nrs, vraag)
        opbouw = await store_herkomst.load_opbouw(connection, nrs, [each.boekmaand for each in maanden], vraag)
    return HerkomstTotaal(
        vraag=vraag,
        stand_van=nu,
        saldo_cent=sum(each.bedrag_cent for each in maanden) if vraag.heeft_saldo else None,
        opbouw=tuple(opbouw),
    )


async def list_herkomst(wereld: Wereld, actor: Actor, vraag: HerkomstFilter, cursor: str | None = None, limit: int = 50) -> HerkomstPagina:
    """The transfers of a total by boekmaand and key. All pages together are exactly what `read_totaal` adds up.

    Raises:
        NietToegestaan: The actor is an aanbieder.
        NietGevonden: The gemeente is not the actor's.
        CursorOngeldig: The cursor is not of this list.
    """
    must_see_money(actor, vraag.gemeente)
    na = None if cursor is None else _read_cursor(cursor)
    size = page_size(limit)
    async with lezen(wereld) as connection:
        nrs = await store_herkomst.load_rekeningen(connection, actor, vraag)
        maanden = [each.boekmaand for each in await store_herkomst.load_maanden(connection, nrs, vraag)]
        rows = await _transfers(connection, nrs, [maand for maand in maanden if na is None or maand >= na[0]], vraag, na, size + 1)
        items = await met_bronnen(connection, wereld, actor, rows[:size])
    return HerkomstPagina(items=tuple(items), volgende=_make_cursor(rows[size - 1]) if len(rows) > size else None)


async def read_zorgvormnamen(wereld: Wereld) -> dict[str, str]:
    """The zorgvormen of the region by code; what is named so, everybody who sees money may know."""
    async with lezen(wereld) as connection:
        return await store.load_zorgvormnamen(connection)


def must_see_money(actor: Actor, gemeente: str | None = None) -> None:
    """The one condition of this room: money is seen per gemeente, and an aanbieder has none.

    Raises:
        NietToegestaan: The actor sees no gemeente at all.
        NietGevonden: Not this one.
    """
    if actor.gemeenten is not None and not actor.gemeenten:
        raise NietToegestaan("De herkomst van geld is voor gemeenten en de regio; uw eigen declaraties staan bij uw berichten.")
    if gemeente is not None and actor.gemeenten is not None and gemeente not in actor.gemeenten:
        raise NietGevonden("Deze gemeente bestaat niet in de regio, of u werkt er niet voor.")


def mag_client_zien(actor: Actor) -> bool:
    """Whether the actor sees under which pseudonym a client costs money: controllers, and the software of a gemeente."""
    return actor.heeft(Rol.CONTROLLER) or not actor.rollen


def naam_van_client(wereld: Wereld, actor: Actor, client_id: int | None) -> str | None:
    """The pseudonym of a client, the same as in every report; None for who may not see it."""
    return pseudoniem(wereld.kluis, client_id) if client_id is not None and mag_client_zien(actor) else None


async def _transfers(
    connection: AsyncConnection,
    nrs: Sequence[int],
    maanden: Sequence[date],
    vraag: HerkomstFilter,
    na: tuple[date, Sleutel] | None,
    wanted: int,
) -> list[RowMapping]:
    """So many transfers from the first months on that have them."""
    rows: list[RowMapping] = []
    done = 0
    for number in MAANDEN_PER_KEER:
        some = maanden[done:] if number is None else maanden[done : done + number]
        rows += await store_herkomst.list_transfers(connection, nrs, some, vraag, na=na, limit=wanted - len(rows))
        done += len(some)
        if len(rows) == wanted or done == len(maanden):
            break
    return rows


def _make_cursor(row: RowMapping) -> str:
    boekdatum: date = row["boekdatum"]
    return make_cursor(boekdatum.year * 100 + boekdatum.month, row["bericht_nr"], row["regel"], SOORTEN.index(row["soort"]), row["volgnr"])


def _read_cursor(cursor: str) -> tuple[date, Sleutel]:
    maand, bericht_nr, regel, soort, volgnr = read_sleutel(cursor, 5)
    try:
        return date(*divmod(maand, 100), 1), (bericht_nr, regel, SOORTEN[soort], volgnr)
    except (ValueError, IndexError) as error:
        raise CursorOngeldig from error


async def met_bronnen(connection: AsyncConnection, wereld: Wereld, actor: Actor, rows: Sequence[RowMapping]) -> list[HerkomstRegel]:
    """Transfers with their source, prestatie, toewijzing, tariff and what undid them: six queries, whatever their number."""
    nrs = {row["bericht_nr"] for row in rows}
    berichten = await store_herkomst.load_berichten(connection, nrs)
    handelingen = await store_herkomst.load_handelingen(connection, nrs)
    prestaties = await store_herkomst.load_prestaties(
        connection, {(row["bericht_nr"], row["regel"]) for row in rows if row["prestatie_nr"] is not None}
    )
    tarieven = await store_herkomst.load_tarieven(connection, {row["tarief_id"] for row in rows if row["tarief_id"] is not None})
    keys = {key: ToewijzingSleutel(each.domein, each.gemeente, each.toewijzing_nummer) for key, each in prestaties.items()}
    versies = await store_herkomst.load_toewijzingen(connection, keys.values())
    undone = await store_herkomst.load_teruggedraaid(connection, rows, prestaties.values())

    def as_regel(row: RowMapping) -> HerkomstRegel:
        key, source = (row["bericht_nr"], row["regel"]), berichten.get(row["bericht_nr"])
        return HerkomstRegel(
            **{name: row[name] for name in _GELIJK},
            debet=_rekening(row, "debet"),
            credit=_rekening(row, "credit"),
            client=naam_van_client(wereld, actor, row["client_id"]),
            draait_terug=row["storno_van"],
            teruggedraaid_door=tuple(undone.get(":".join(str(row[name]) for name in _SLEUTEL), ())),
            bericht=source,
            handeling=handelingen.get(row["bericht_nr"]),
            prestatie=prestaties.get(key),
            toewijzing=_versie(versies, keys.get(key), None if source is None else source.oordeel_nr),
            tarief=tarieven.get(row["tarief_id"] or 0),
        )

    return [as_regel(row) for row in rows]


_SLEUTEL = ("bericht_nr", "regel", "soort", "volgnr")
_GELIJK = (*_SLEUTEL, "bedrag_cent", "teken", "domein", "zorgvorm", "zorgmaand", "boekdatum", "regelset")


def _rekening(row: RowMapping, side: str) -> RekeningNaam:
    return RekeningNaam(soort=row[f"{side}_soort"], gemeente=row[f"{side}_gemeente"], agb=row[f"{side}_agb"])


def _versie(
    versies: Mapping[ToewijzingSleutel, Sequence[ToewijzingVersie]], key: ToewijzingSleutel | None, oordeel_nr: int | None
) -> ToewijzingVersie | None:
    return None if key is None else versie_voor(versies.get(key, ()), oordeel_nr)
