"""What the berichten so far add up to: rows of the register turned into a Snapshot and back, sets at a time.

One lot of berichten of one lane costs the same number of queries, whatever its size: keys go in as arrays. SQL is prepared by asyncpg.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.adapters.crypto import Kluis
from app.adapters.database import Connection, Pool
from app.domain.bericht import Bericht, Domein
from app.domain.oordeel import Oordeel
from app.domain.snapshot import DebetSleutel, EerderePrestatie, Levering, Snapshot, Toewijzing
from app.domain.toewijzing import Omvang
from app.register import verzoeken
from app.register.sleutels import Sleutels

PRESTATIE_COLUMNS = (
    "bericht_nr", "regel", "domein", "gemeente", "agb", "client_id", "referentie_nummer", "vorig_referentie_nummer", "is_credit",
    "toewijzing_nummer", "categorie", "code", "begindatum", "einddatum", "volume", "eenheid", "tarief_cent", "bedrag_cent", "toegekend",
    "retour_codes", "zorgvorm", "gemeente_drager", "tarief_id",
)  # fmt: skip
TOEWIJZING_COLUMNS = (
    "domein", "gemeente", "toewijzing_nummer", "bericht_nr", "volgnr", "agb", "client_id", "categorie", "code", "toewijzingsdatum",
    "toewijzingstijd", "ingangsdatum", "einddatum", "reden_wijziging", "volume", "eenheid", "frequentie", "budget_cent",
    "referentie_aanbieder",
)  # fmt: skip
LEVERING_COLUMNS = (
    "bericht_nr", "volgnr", "domein", "gemeente", "agb", "client_id", "toewijzing_nummer", "categorie", "code", "begindatum",
    "reden_beeindiging", "einddatum",
)  # fmt: skip


async def ensure_clients(pool: Pool, kluis: Kluis, bsns: Iterable[str], nu: datetime) -> None:
    """Give every Bsn of a 301 or 315 a client_id, before judging and in a transaction of its own, so that lanes do not wait for each other.

    A client whose 301 is then rejected keeps an id without a toewijzing; nothing refers to it.
    """
    rows = sorted((kluis.pseudoniem(bsn), bsn) for bsn in set(bsns))
    if not rows:
        return
    known = await pool.fetch("select bsn_hmac from client where bsn_hmac = any($1::bytea[])", [key for key, _ in rows])
    known_keys = {row["bsn_hmac"] for row in known}
    new = [(key, *kluis.bewaar(bsn.encode(), f"client:{key.hex()}")) for key, bsn in rows if key not in known_keys]
    if new:
        await pool.execute(
            """
            insert into client (bsn_hmac, sleutel_versie, bsn_versleuteld, aangemaakt_op)
            select *, $4::timestamptz from unnest($1::bytea[], $2::smallint[], $3::bytea[]) on conflict (bsn_hmac) do nothing
            """,
            [key for key, _, _ in new],
            [versie for _, versie, _ in new],
            [stored for _, _, stored in new],
            nu,
        )


async def load_snapshot(
    connection: Connection,
    kluis: Kluis,
    domein: Domein,
    agb: str,
    berichten: Sequence[Bericht],
    *,
    before: int,
    zonder: Sequence[int] = (),
) -> Snapshot:
    """The register's part of the Snapshot of a lot: everything that the keys in these berichten can lead to, in at most ten queries.

    `before` is the first bericht_nr of the lot: the order of declaraties is that of intake, also for one that is judged again (TR318).
    `zonder` are declaraties that are judged again and left out, as if they had not been sent: what they granted, credited and used up is not
    there. Versions of toewijzingen that were withdrawn since are there then, because the declaraties may have seen them.
    Tarieven, contracten, producten and overgangen are of `parties` and stay empty here.
    """
    left_out = list(zonder)
    keys = Sleutels.van(berichten)
    known, new = await _clients(connection, kluis, domein, agb, keys)
    client_ids = sorted({*known.values(), *new.values()})
    van_client = await _nummers_van_client(connection, domein, agb, [known[bsn] for bsn in sorted(keys.wijzig_bsns) if bsn in known])
    nummers = list(dict.fromkeys((*keys.toewijzingen, *((code, nummer) for (code, _), each in van_client.items() for nummer in each))))
    approved = await _approved(connection, domein, keys, left_out)
    return Snapshot(
        domein=domein,
        agb=agb,
        clienten=known,
        nieuwe_clienten=new,
        gebruikte_identificaties=await _identificaties(connection, domein, keys, left_out),
        toewijzingen=await _toewijzingen(connection, domein, nummers, ook_ingetrokken=bool(zonder)),
        nummers_van_client=van_client,
        **await verzoeken.load(connection, domein, agb, keys, {**known, **new}),
        leveringen=await _leveringen(connection, domein, agb, client_ids) if keys.heeft_leveringen else {},
        **await _declaraties(connection, domein, agb, keys, before, left_out),
        **await _referenties(connection, domein, agb, keys, left_out),
        open_debets=approved.open_debets,
        verbruik=approved.verbruik,
        besteed=approved.besteed,
        goedgekeurd=approved.goedgekeurd,
    )


async def _clients(
    connection: Connection, kluis: Kluis, domein: str, agb: str, keys: Sleutels
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    by_key = {kluis.pseudoniem(bsn): bsn for bsn in keys.bsns}
    if not by_key:
        return {}, {}
    rows = await connection.fetch(
        """
        select c.bsn_hmac, c.client_id, exists (
                   select 1 from toewijzing_versie t
                    where t.domein = $2 and t.agb = $3 and t.client_id = c.client_id and t.ingetrokken_door is null) as heeft_toewijzing
          from client c where c.bsn_hmac = any($1::bytea[])
        """,
        list(by_key),
        domein,
        agb,
    )
    known = {by_key[row["bsn_hmac"]]: row["client_id"] for row in rows if row["heeft_toewijzing"]}
    new = {bsn: row["client_id"] for row in rows if (bsn := by_key[row["bsn_hmac"]]) in keys.nieuwe_bsns}
    return known, new


async def _identificaties(connection: Connection, domein: str, keys: Sleutels, zonder: list[int]) -> frozenset[tuple[str, str, str]]:
    rows = await connection.fetch(
        """
        select split_part(g.soort, ':', 2) as soort, g.partij, g.nummer
          from gebruikt_nummer g
          join unnest($2::text[], $3::text[], $4::text[]) k (soort, partij, nummer) using (soort, partij, nummer)
         where g.domein = $1 and g.bericht_nr <> all($5::bigint[])
        """,
        domein,
        [f"identificatie:{soort}" for soort, _, _ in keys.identificaties],
        [van for _, van, _ in keys.identificaties],
        [identificatie for _, _, identificatie in keys.identificaties],
        zonder,
    )
    return frozenset((row["soort"], row["partij"], row["nummer"]) for row in rows)


async def _nummers_van_client(
    connection: Connection, domein: str, agb: str, client_ids: Sequence[int]
) -> dict[tuple[str, int], frozenset[int]]:
    """The toewijzingen of these clients at this aanbieder, by number (TR349)."""
    if not client_ids:
        return {}
    rows = await connection.fetch(
        """
        select gemeente, client_id, array_agg(distinct toewijzing_nummer) as nummers
          from toewijzing_versie
         where domein = $1 and agb = $2 and client_id = any($3::bigint[]) and ingetrokken_door is null
         group by gemeente, client_id
        """,
        domein,
        agb,
        list(client_ids),
    )
    return {(row["gemeente"], row["client_id"]): frozenset(row["nummers"]) for row in rows}


async def _toewijzingen(
    connection: Connection, domein: Domein, nummers: Sequence[tuple[str, int]], *, ook_ingetrokken: bool
) -> dict[tuple[str, int], tuple[Toewijzing, ...]]:
    if not nummers:
        return {}
    rows = await connection.fetch(
        """
        select t.bericht_nr, t.gemeente, t.agb, t.client_id, t.toewijzing_nummer, t.categorie, t.code, t.toewijzingsdatum, t.toewijzingstijd,
               t.ingangsdatum, t.einddatum, t.reden_wijziging, t.volume, t.eenheid, t.frequentie, t.budget_cent, t.referentie_aanbieder
          from toewijzing_versie t
          join unnest($2::text[], $3::bigint[]) k (gemeente, toewijzing_nummer) using (gemeente, toewijzing_nummer)
         where t.domein = $1 and (t.ingetrokken_door is null or $4)
         order by t.bericht_nr, t.volgnr
        """,
        domein,
        [gemeente for gemeente, _ in nummers],
        [nummer for _, nummer in nummers],
        ook_ingetrokken,
    )
    versions: dict[tuple[str, int], tuple[Toewijzing, ...]] = {}
    omvangen: dict[tuple[int, str, str], Omvang] = {}
    for nr, gemeente, agb, client_id, nummer, categorie, code, datum, tijd, van, tot, reden, volume, eenheid, freq, budget, ref in rows:
        omvang = omvangen.get((volume, eenheid, freq))
        if omvang is None and volume is not None:
            omvang = omvangen[volume, eenheid, freq] = Omvang(volume=volume, eenheid=eenheid, frequentie=freq)
        versie = Toewijzing(
            bericht_nr=nr,
            domein=domein,
            gemeente=gemeente,
            agb=agb,
            client_id=client_id,
            toewijzing_nummer=nummer,
            categorie=categorie,
            code=code,
            toewijzingsdatum=datum,
            toewijzingstijd=tijd,
            ingangsdatum=van,
            einddatum=tot,
            reden_wijziging=reden,
            omvang=omvang,
            budget=budget,
            referentie_aanbieder=ref,
        )
        key = gemeente, nummer
        before = versions.get(key)
        # Python's sort keeps the order of arrival for equal moments, as `bijwerken` does.
        versions[key] = (versie,) if before is None else tuple(sorted((*before, versie), key=_volgorde))
    return versions


def _volgorde(versie: Toewijzing) -> tuple[date, str]:
    return versie.volgorde


async def _leveringen(
    connection: Connection, domein: str, agb: str, client_ids: Sequence[int]
) -> dict[tuple[str, int], tuple[Levering, ...]]:
    rows = await connection.fetch(
        """
        select gemeente, bericht_nr, volgnr, client_id, toewijzing_nummer, categorie, code, begindatum, reden_beeindiging, einddatum
          from levering
         where domein = $1 and agb = $2 and client_id = any($3::bigint[]) and vervallen_door is null
         order by bericht_nr, volgnr
        """,
        domein,
        agb,
        list(client_ids),
    )
    found: dict[tuple[str, int], list[Levering]] = defaultdict(list)
    for row in rows:
        fields = dict(row)
        found[fields.pop("gemeente"), fields["client_id"]].append(Levering(**fields))
    return {key: tuple(leveringen) for key, leveringen in found.items()}


async def _declaraties(connection: Connection, domein: str, agb: str, keys: Sleutels, before: int, zonder: list[int]) -> dict[str, Any]:
    if not keys.declaraties:
        return {}
    gemeenten = sorted({gemeente for gemeente, _ in keys.declaraties})
    rows = await connection.fetch(
        """
        select gemeente, max(begindatum) filter (where bericht_nr < $5) as laatste,
               array_agg(declaratie_nummer) filter (where declaratie_nummer = any($4::text[])) as nummers
          from declaratie
         where domein = $1 and agb = $2 and gemeente = any($3::text[]) and bericht_nr <> all($6::bigint[]) group by gemeente
        """,
        domein,
        agb,
        gemeenten,
        [nummer for _, nummer in keys.declaraties],
        before,
        zonder,
    )
    return {
        "laatste_declaratieperiode": {row["gemeente"]: row["laatste"] for row in rows if row["laatste"] is not None},
        "declaratie_nummers": frozenset((row["gemeente"], nummer) for row in rows for nummer in row["nummers"] or ()),
    }


async def _referenties(connection: Connection, domein: str, agb: str, keys: Sleutels, zonder: list[int]) -> dict[str, Any]:
    """Which ReferentieNummers were used before, and the debits that credits name."""
    if not keys.referenties:
        return {}
    rows = await connection.fetch(
        """
        select p.gemeente, p.bericht_nr, p.regel, p.referentie_nummer, p.is_credit, p.client_id, p.toewijzing_nummer, p.categorie, p.code,
               p.begindatum, p.einddatum, p.volume, p.eenheid, p.tarief_cent, p.bedrag_cent, p.toegekend,
               p.gecrediteerd_door is not null and p.gecrediteerd_door <> all($5::bigint[]) as gecrediteerd, p.zorgvorm, p.gemeente_drager,
               p.tarief_id, p.volgnr
          from prestatie p
          join unnest($3::text[], $4::text[]) k (gemeente, referentie_nummer) using (gemeente, referentie_nummer)
         where p.domein = $1 and p.agb = $2 and p.bericht_nr <> all($5::bigint[])
         order by p.bericht_nr, p.regel
        """,
        domein,
        agb,
        [gemeente for gemeente, _ in keys.referenties],
        [nummer for _, nummer in keys.referenties],
        zonder,
    )
    debets: dict[tuple[str, str], EerderePrestatie] = {}
    for row in rows:
        fields = dict(row)
        key = fields.pop("gemeente"), fields["referentie_nummer"]
        is_debit = not fields.pop("is_credit") and fields["client_id"] is not None
        # Should a number stand on a rejected line and on a granted one, the granted one is the debit.
        if is_debit and (key not in debets or fields["toegekend"]):
            debets[key] = EerderePrestatie(**fields)
    return {"referentie_nummers": frozenset((row["gemeente"], row["referentie_nummer"]) for row in rows), "debets": debets}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Approved:
    open_debets: Mapping[str, frozenset[DebetSleutel]]
    verbruik: Mapping[tuple[str, int], Mapping[str, int]]
    besteed: Mapping[tuple[str, int], int]
    goedgekeurd: frozenset[tuple[str, int]]


async def _approved(connection: Connection, domein: str, keys: Sleutels, zonder: list[int]) -> _Approved:
    """Granted debits that no credit has undone, of the toewijzingen in question."""
    rows: Sequence[Any] = []
    if keys.toewijzingen:
        rows = await connection.fetch(
            """
            select p.gemeente, p.toewijzing_nummer, p.categorie, p.code, p.begindatum, p.einddatum, p.volume, p.eenheid, p.bedrag_cent
              from prestatie p
              join unnest($2::text[], $3::bigint[]) k (gemeente, toewijzing_nummer) using (gemeente, toewijzing_nummer)
             where p.domein = $1 and p.toegekend and not p.is_credit and p.bericht_nr <> all($4::bigint[])
               and (p.gecrediteerd_door is null or p.gecrediteerd_door = any($4::bigint[]))
            """,
            domein,
            [gemeente for gemeente, _ in keys.toewijzingen],
            [nummer for _, nummer in keys.toewijzingen],
            zonder,
        )
    open_debets: dict[str, set[DebetSleutel]] = defaultdict(set)
    verbruik: dict[tuple[str, int], dict[str, int]] = {}
    besteed: dict[tuple[str, int], int] = defaultdict(int)
    for gemeente, nummer, categorie, code, begindatum, einddatum, volume, eenheid, bedrag_cent in rows:
        open_debets[gemeente].add((nummer, categorie, code, begindatum, einddatum))
        per_eenheid = verbruik.setdefault((gemeente, nummer), {})
        per_eenheid[eenheid] = per_eenheid.get(eenheid, 0) + volume
        besteed[gemeente, nummer] += bedrag_cent
    return _Approved(
        open_debets={gemeente: frozenset(found) for gemeente, found in open_debets.items()},
        verbruik=verbruik,
        besteed=dict(besteed),
        goedgekeurd=frozenset(verbruik),
    )


async def save_toewijzingen(connection: Connection, oordelen: Iterable[Oordeel]) -> None:
    """Add the versions of accepted 301s."""
    rows = [
        (
            t.domein, t.gemeente, t.toewijzing_nummer, t.bericht_nr, volgnr, t.agb, t.client_id, t.categorie, t.code, t.toewijzingsdatum,
            t.toewijzingstijd, t.ingangsdatum, t.einddatum, t.reden_wijziging,
            *((t.omvang.volume, t.omvang.eenheid, t.omvang.frequentie) if t.omvang else (None, None, None)),
            t.budget, t.referentie_aanbieder,
        )
        for oordeel in oordelen
        for volgnr, t in enumerate(oordeel.toewijzingen, 1)
    ]  # fmt: skip
    if rows:
        await connection.copy_records_to_table("toewijzing_versie", records=rows, columns=TOEWIJZING_COLUMNS)


async def save_leveringen(connection: Connection, oordelen: Mapping[int, Oordeel], agb: str) -> None:
    """Add accepted starts and stops, and end those that StatusAanlevering 3 deletes; keyed by bericht_nr."""
    rows = [
        (
            levering.bericht_nr, levering.volgnr, oordeel.bericht.domein, oordeel.bericht.header.ontvanger, agb, levering.client_id,
            levering.toewijzing_nummer, levering.categorie, levering.code, levering.begindatum, levering.reden_beeindiging, levering.einddatum,
        )
        for oordeel in oordelen.values()
        for levering in oordeel.leveringen
    ]  # fmt: skip
    if rows:
        await connection.copy_records_to_table("levering", records=rows, columns=LEVERING_COLUMNS)
    ended = [(nr, volgnr, door) for door, oordeel in oordelen.items() for nr, volgnr in oordeel.vervallen_leveringen]
    if ended:
        await connection.execute(
            """
            update levering l set vervallen_door = k.door
              from unnest($1::bigint[], $2::int[], $3::bigint[]) k (bericht_nr, volgnr, door)
             where l.bericht_nr = k.bericht_nr and l.volgnr = k.volgnr
            """,
            *map(list, zip(*ended, strict=True)),
        )


async def save_prestaties(connection: Connection, oordelen: Mapping[int, Oordeel], agb: str) -> None:
    """Add every judged line of 323s that count as sent, and mark the debits that granted credits undo; keyed by bericht_nr."""
    rows = [row for nr, oordeel in oordelen.items() for row in _prestatie_rows(nr, oordeel, agb)]
    if rows:
        await connection.copy_records_to_table("prestatie", records=rows, columns=PRESTATIE_COLUMNS)
    credited = [
        (line.debet_bericht_nr, line.debet_regel, nr)
        for nr, oordeel in oordelen.items()
        for line in oordeel.prestaties
        if line.toegekend and line.debet_bericht_nr is not None
    ]
    if credited:
        await connection.execute(
            """
            update prestatie p set gecrediteerd_door = k.door
              from unnest($1::bigint[], $2::int[], $3::bigint[]) k (bericht_nr, regel, door)
             where p.bericht_nr = k.bericht_nr and p.regel = k.regel
            """,
            *map(list, zip(*credited, strict=True)),
        )


def _prestatie_rows(bericht_nr: int, oordeel: Oordeel, agb: str) -> Iterable[tuple[object, ...]]:
    declaratie = oordeel.bericht.declaratie
    assert declaratie is not None
    domein, gemeente = oordeel.bericht.domein, oordeel.bericht.header.ontvanger
    for line in oordeel.prestaties:
        p = declaratie.clienten[line.client_index].prestaties[line.prestatie_index]
        periode, bedrag, referentie = p.product_periode, p.ingediend_bedrag, p.product_referentie
        yield (
            bericht_nr, line.regel, domein, gemeente, agb, line.client_id, referentie.referentie_nummer, referentie.vorig_referentie_nummer,
            p.is_credit, p.toewijzing_nummer, p.product_categorie, p.product_code, periode.begindatum, periode.einddatum, p.geleverd_volume,
            p.eenheid, p.product_tarief, bedrag.bedrag, line.toegekend, line.retour_codes, line.zorgvorm, line.gemeente_drager, line.tarief_id,
        )  # fmt: skip


async def save_declaraties(connection: Connection, oordelen: Mapping[int, Oordeel], agb: str) -> None:
    """Remember number and period of 323s that count as sent (TR333, TR318); keyed by bericht_nr."""
    rows = []
    for nr, oordeel in oordelen.items():
        declaratie = oordeel.bericht.declaratie
        assert declaratie is not None
        periode = declaratie.declaratie_periode
        gemeente = oordeel.bericht.header.ontvanger
        rows.append((nr, oordeel.bericht.domein, agb, gemeente, declaratie.declaratie_nummer, periode.begindatum, periode.einddatum))
    if rows:
        columns = ("bericht_nr", "domein", "agb", "gemeente", "declaratie_nummer", "begindatum", "einddatum")
        await connection.copy_records_to_table("declaratie", records=rows, columns=columns)


async def claim_nummers(connection: Connection, nummers: Sequence[tuple[str, str, str, str, int]]) -> list[tuple[str, str, str, str]]:
    """Claim numbers that may be used once, as (soort, domein, partij, nummer, bericht_nr); returns those that another bericht already has.

    Waits for a transaction of another lane that claims the same number. Sorted, so that two lanes cannot wait for each other in a ring.
    """
    rows = sorted(set(nummers))
    if not rows:
        return []
    taken = await connection.fetch(
        """
        with nieuw as (
            insert into gebruikt_nummer (soort, domein, partij, nummer, bericht_nr)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
            on conflict do nothing
            returning soort, domein, partij, nummer
        )
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) k (soort, domein, partij, nummer)
        except select soort, domein, partij, nummer from nieuw
        """,
        *map(list, zip(*rows, strict=True)),
    )
    return [(row["soort"], row["domein"], row["partij"], row["nummer"]) for row in taken]


async def release_nummers(connection: Connection, bericht_nrs: Sequence[int]) -> None:
    """Give back what these berichten claimed: they are judged anew, or count as not sent."""
    await connection.execute("delete from gebruikt_nummer where bericht_nr = any($1::bigint[])", list(bericht_nrs))


async def withdraw(connection: Connection, withdrawn: Sequence[tuple[int, int]]) -> None:
    """301s and 319s that their receiver rejected, as (bericht_nr, nr of the retourbericht): they count as not sent (OP286).

    Versions of toewijzingen no longer count, and requests on which the bericht decided are as they were before it. Numbers are free again,
    except a toewijzingnummer of which a later version still counts.
    """
    if not withdrawn:
        return
    nrs, doors = (list(column) for column in zip(*withdrawn, strict=True))
    await connection.execute(
        """
        update toewijzing_versie t set ingetrokken_door = k.door
          from unnest($1::bigint[], $2::bigint[]) k (bericht_nr, door) where t.bericht_nr = k.bericht_nr
        """,
        nrs,
        doors,
    )
    await verzoeken.undo(connection, nrs)
    await connection.execute(
        """
        delete from gebruikt_nummer g
         where g.bericht_nr = any($1::bigint[])
           and not (g.soort = 'toewijzing' and exists (
                   select 1 from toewijzing_versie t
                    where t.domein = g.domein and t.gemeente = split_part(g.partij, ':', 2) and t.toewijzing_nummer = g.nummer::bigint
                      and t.ingetrokken_door is null))
        """,
        nrs,
    )
