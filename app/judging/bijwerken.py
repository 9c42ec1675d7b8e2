"""The Snapshot after a bericht, so that the next one of the same lot sees it. Pure: a new Snapshot, of which only what changes is copied.

Judging a lot this way gives what judging each bericht on a freshly loaded Snapshot gives. A bericht that counts as not sent changes nothing
(OP286), and neither does a 323 that waits for a contract: it is judged as if it came when the contract is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from app.domain.declaratie import Declaratie, Prestatie
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel, Verdict
from app.domain.snapshot import DebetSleutel, EerderePrestatie, EerderVerzoek, Levering, Snapshot, Toewijzing
from app.standard.rules.prestatie import debet_sleutel

K = TypeVar("K")
V = TypeVar("V")


def bijwerken(snapshot: Snapshot, oordeel: Oordeel, *, bericht_nr: int, van: str) -> Snapshot:
    """The Snapshot as it is after this oordeel.

    Args:
        snapshot: As the bericht was judged on.
        oordeel: Of that bericht.
        bericht_nr: Its number, the source of the prestaties it adds.
        van: Partij that sent it (TR056).
    """
    if not oordeel.telt_als_verzonden or oordeel.verdict is Verdict.WACHT_OP_CONTRACT:
        return snapshot
    bericht = oordeel.bericht
    used = (bericht.soort, van, bericht.header.bericht_identificatie.identificatie)
    snapshot = replace(snapshot, gebruikte_identificaties=snapshot.gebruikte_identificaties | {used})
    snapshot = _after_verzoeken(snapshot, oordeel)
    if bericht.declaratie is not None:
        return _after_declaratie(snapshot, oordeel, bericht.declaratie, bericht_nr)
    if bericht.soort == "301":
        return _after_toewijzingen(snapshot, oordeel)
    return _after_leveringen(snapshot, oordeel) if bericht.soort in ("305", "307") else snapshot


def _after_toewijzingen(snapshot: Snapshot, oordeel: Oordeel) -> Snapshot:
    """New versions in their place, and a client that has a toewijzing now; ordered by the moment of deciding (IV013, OP080)."""
    toewijzingen = dict(snapshot.toewijzingen)
    for versie in oordeel.toewijzingen:
        key = (versie.gemeente, versie.toewijzing_nummer)
        toewijzingen[key] = tuple(sorted((*toewijzingen.get(key, ()), versie), key=_volgorde))
    nummers = {
        (each.gemeente, each.client_id): snapshot.nummers_van_client.get((each.gemeente, each.client_id), frozenset())
        for each in oordeel.toewijzingen
    }
    for each in oordeel.toewijzingen:
        nummers[each.gemeente, each.client_id] |= {each.toewijzing_nummer}
    snapshot = replace(snapshot, toewijzingen=toewijzingen, nummers_van_client=_with(snapshot.nummers_van_client, nummers))
    client = oordeel.bericht.client
    if client is None or client.bsn not in snapshot.nieuwe_clienten:
        return snapshot
    clienten = _with(snapshot.clienten, {client.bsn: snapshot.nieuwe_clienten[client.bsn]})
    return replace(snapshot, clienten=clienten)


def _after_verzoeken(snapshot: Snapshot, oordeel: Oordeel) -> Snapshot:
    """New requests with their references, and requests on which this bericht decides."""
    if not oordeel.verzoeken and not oordeel.verzoek_besluiten:
        return snapshot
    changed = {(each.gemeente, each.referentie_aanbieder): each for each in oordeel.verzoeken}
    for verzoek in snapshot.verzoeken.values():
        if (status := oordeel.verzoek_besluiten.get(verzoek.referentie_aanbieder)) is not None:
            changed[verzoek.gemeente, verzoek.referentie_aanbieder] = replace(verzoek, status=status)
    return replace(
        snapshot,
        verzoeken=_with(snapshot.verzoeken, changed),
        verzoek_referenties=snapshot.verzoek_referenties | {each.referentie_aanbieder for each in oordeel.verzoeken},
        onderhanden=_with(snapshot.onderhanden, _undecided(snapshot, changed.values())),
    )


def _undecided(snapshot: Snapshot, changed: Iterable[EerderVerzoek]) -> Mapping[tuple[str, int], frozenset[str]]:
    """The undecided requests per client after these changes, for the clients that they concern."""
    found: dict[tuple[str, int], frozenset[str]] = {}
    for verzoek in changed:
        key, reference = (verzoek.gemeente, verzoek.client_id), {verzoek.referentie_aanbieder}
        before = found.get(key, snapshot.onderhanden.get(key, frozenset()))
        found[key] = before | reference if verzoek.status.is_onderhanden else before - reference
    return found


def _volgorde(versie: Toewijzing) -> tuple[object, ...]:
    return versie.volgorde


def _after_leveringen(snapshot: Snapshot, oordeel: Oordeel) -> Snapshot:
    """Without the starts and stops that were deleted, with the new ones."""
    gemeente = oordeel.bericht.header.ontvanger
    gone = set(oordeel.vervallen_leveringen)
    bsn = oordeel.bericht.client.bsn if oordeel.bericht.client else ""
    client_id = snapshot.clienten.get(bsn)
    if client_id is None:
        return snapshot
    key = (gemeente, client_id)
    left: tuple[Levering, ...] = tuple(each for each in snapshot.leveringen.get(key, ()) if (each.bericht_nr, each.volgnr) not in gone)
    return replace(snapshot, leveringen=_with(snapshot.leveringen, {key: (*left, *oordeel.leveringen)}))


def _after_declaratie(snapshot: Snapshot, oordeel: Oordeel, declaratie: Declaratie, bericht_nr: int) -> Snapshot:
    """Numbers used, the last period, and what its lines granted and credited."""
    gemeente = oordeel.bericht.header.ontvanger
    begin = declaratie.declaratie_periode.begindatum
    last = max(begin, snapshot.laatste_declaratieperiode.get(gemeente, begin))
    lines = list(_lines(oordeel, declaratie))
    granted = [(line, prestatie) for line, prestatie in lines if line.toegekend]
    open_debets = _open_debets(snapshot.open_debets.get(gemeente, frozenset()), granted)
    verbruik, besteed = _consumption(snapshot, gemeente, granted)
    return replace(
        snapshot,
        declaratie_nummers=snapshot.declaratie_nummers | {(gemeente, declaratie.declaratie_nummer)},
        laatste_declaratieperiode=_with(snapshot.laatste_declaratieperiode, {gemeente: last}),
        referentie_nummers=snapshot.referentie_nummers | {(gemeente, each.product_referentie.referentie_nummer) for _, each in lines},
        debets=_debets(snapshot, gemeente, lines, bericht_nr),
        open_debets=_with(snapshot.open_debets, {gemeente: open_debets}),
        verbruik=verbruik,
        besteed=besteed,
        goedgekeurd=_goedgekeurd(snapshot, gemeente, granted, open_debets),
    )


def _lines(oordeel: Oordeel, declaratie: Declaratie) -> Iterator[tuple[GeoordeeldePrestatie, Prestatie]]:
    """Every judged line with what was claimed."""
    for line in oordeel.prestaties:
        yield line, declaratie.clienten[line.client_index].prestaties[line.prestatie_index]


def _open_debets(before: frozenset[DebetSleutel], granted: list[tuple[GeoordeeldePrestatie, Prestatie]]) -> frozenset[DebetSleutel]:
    """Keys of granted debits that stand: without what was credited, with what is new; credits come first (OP366)."""
    credited = {debet_sleutel(prestatie) for _, prestatie in granted if prestatie.is_credit}
    return (before - credited) | {debet_sleutel(prestatie) for _, prestatie in granted if not prestatie.is_credit}


def _consumption(
    snapshot: Snapshot, gemeente: str, granted: list[tuple[GeoordeeldePrestatie, Prestatie]]
) -> tuple[Mapping[tuple[str, int], Mapping[str, int]], Mapping[tuple[str, int], int]]:
    """Granted volume and cents per toewijzing, the granted lines added with their sign."""
    verbruik: dict[tuple[str, int], dict[str, int]] = {}
    besteed: dict[tuple[str, int], int] = {}
    for _, prestatie in granted:
        key, sign = (gemeente, prestatie.toewijzing_nummer), -1 if prestatie.is_credit else 1
        per_eenheid = verbruik.setdefault(key, dict(snapshot.verbruik.get(key, {})))
        per_eenheid[prestatie.eenheid] = per_eenheid.get(prestatie.eenheid, 0) + sign * prestatie.geleverd_volume
        besteed[key] = besteed.get(key, snapshot.besteed.get(key, 0)) + prestatie.ingediend_bedrag.cent
    return _with(snapshot.verbruik, verbruik), _with(snapshot.besteed, besteed)


def _goedgekeurd(
    snapshot: Snapshot, gemeente: str, granted: list[tuple[GeoordeeldePrestatie, Prestatie]], open_debets: frozenset[DebetSleutel]
) -> frozenset[tuple[str, int]]:
    """Toewijzingen with granted debits that stand, after these lines (TR385)."""
    touched = {(gemeente, prestatie.toewijzing_nummer) for _, prestatie in granted}
    standing = {(gemeente, sleutel[0]) for sleutel in open_debets}
    return (snapshot.goedgekeurd - touched) | (touched & standing)


def _debets(
    snapshot: Snapshot, gemeente: str, lines: list[tuple[GeoordeeldePrestatie, Prestatie]], bericht_nr: int
) -> Mapping[tuple[str, str], EerderePrestatie]:
    """The debits that a later credit may name: those of this declaratie, and those before it with what was credited now."""
    changed: dict[tuple[str, str], EerderePrestatie] = {}
    for line, prestatie in lines:
        referentie = prestatie.product_referentie
        own = (gemeente, referentie.referentie_nummer)
        if not prestatie.is_credit:
            # A refused line that repeats a number does not hide the granted one that has it.
            if line.toegekend or own not in snapshot.debets:
                changed[own] = _as_debet(line, prestatie, bericht_nr)
        elif line.toegekend and referentie.vorig_referentie_nummer is not None:
            key = (gemeente, referentie.vorig_referentie_nummer)
            changed[key] = replace(snapshot.debets[key], gecrediteerd=True)
    return _with(snapshot.debets, changed)


def _as_debet(line: GeoordeeldePrestatie, prestatie: Prestatie, bericht_nr: int) -> EerderePrestatie:
    """A judged debit as a later credit finds it; a line without client cannot be granted and so never credited."""
    periode = prestatie.product_periode
    return EerderePrestatie(
        bericht_nr=bericht_nr,
        regel=line.regel,
        referentie_nummer=prestatie.product_referentie.referentie_nummer,
        client_id=line.client_id or 0,
        toewijzing_nummer=prestatie.toewijzing_nummer,
        categorie=prestatie.product_categorie,
        code=prestatie.product_code,
        begindatum=periode.begindatum,
        einddatum=periode.einddatum,
        volume=prestatie.geleverd_volume,
        eenheid=prestatie.eenheid,
        tarief_cent=prestatie.product_tarief,
        bedrag_cent=prestatie.ingediend_bedrag.bedrag,
        toegekend=line.toegekend,
        gecrediteerd=False,
        zorgvorm=line.zorgvorm,
        gemeente_drager=line.gemeente_drager,
        tarief_id=line.tarief_id,
    )


def _with(before: Mapping[K, V], changes: Mapping[K, V]) -> Mapping[K, V]:
    """A copy with these changes; the same mapping when there are none."""
    return {**before, **changes} if changes else before
