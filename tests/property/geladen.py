"""The register as it is meant, in memory: from everything that was judged so far, the Snapshot that a database would give for some berichten.

A second way to the same values: `bijwerken` changes a Snapshot bericht by bericht, `register.store` asks a database for keys; here the whole
history is gone through each time and what the keys do not lead to is left out. Slow and plain on purpose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.bericht import Bericht
from app.domain.declaratie import Prestatie
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel, Verdict
from app.domain.snapshot import EerderePrestatie, EerderVerzoek, Levering, Snapshot, Toewijzing
from app.register import afzender_van, gemeente_van
from app.register.sleutels import Sleutels
from app.standard.rules.prestatie import debet_sleutel


@dataclass(frozen=True, slots=True, kw_only=True)
class Beoordeeld:
    """A bericht that was judged before, with its number."""

    nr: int
    oordeel: Oordeel

    @property
    def bericht(self) -> Bericht:
        return self.oordeel.bericht

    @property
    def gemeente(self) -> str:
        return gemeente_van(self.bericht)


def geladen(begin: Snapshot, verleden: Sequence[Beoordeeld], berichten: Sequence[Bericht]) -> Snapshot:
    """The past for judging these berichten.

    Args:
        begin: The lane, the contracts and the number of every client; nothing of its history counts.
        verleden: Everything that was judged, in order; what counts as not sent, or waits, is skipped here.
        berichten: Those that will be judged; their keys say what is needed.
    """
    keys = Sleutels.van(berichten)
    counted = [each for each in verleden if each.oordeel.telt_als_verzonden and each.oordeel.verdict is not Verdict.WACHT_OP_CONTRACT]
    versies = [versie for each in counted for versie in each.oordeel.toewijzingen]
    nummers = begin.nieuwe_clienten
    clienten = {bsn: nummers[bsn] for bsn in keys.bsns if any(versie.client_id == nummers.get(bsn) for versie in versies)}
    van_client = _nummers_van_client(versies, {clienten[bsn] for bsn in keys.wijzig_bsns if bsn in clienten})
    wanted = {*keys.toewijzingen, *((gemeente, nummer) for (gemeente, _), found in van_client.items() for nummer in found)}
    return replace(
        begin,
        clienten=clienten,
        nieuwe_clienten={bsn: nummers[bsn] for bsn in keys.nieuwe_bsns},
        gebruikte_identificaties=frozenset(_identificaties(counted)) & frozenset(keys.identificaties),
        toewijzingen=_toewijzingen(versies, wanted),
        nummers_van_client=van_client,
        leveringen=_leveringen(counted, {nummers[bsn] for bsn in keys.bsns}) if keys.heeft_leveringen else {},
        **_verzoeken(counted, set(keys.verzoeken), {nummers[bsn] for bsn in keys.verzoek_bsns}),
        **_declaraties(counted, keys),
        **_prestaties(counted, keys),
    )


def _nummers_van_client(versies: Sequence[Toewijzing], client_ids: set[int]) -> dict[tuple[str, int], frozenset[int]]:
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for versie in versies:
        if versie.client_id in client_ids:
            found[versie.gemeente, versie.client_id].add(versie.toewijzing_nummer)
    return {key: frozenset(nummers) for key, nummers in found.items()}


def _identificaties(counted: Sequence[Beoordeeld]) -> Iterator[tuple[str, str, str]]:
    for each in counted:
        yield each.bericht.soort, afzender_van(each.bericht), each.bericht.header.bericht_identificatie.identificatie


def _toewijzingen(versies: Sequence[Toewijzing], wanted: set[tuple[str, int]]) -> dict[tuple[str, int], tuple[Toewijzing, ...]]:
    """By the moment of deciding; of one moment by arrival."""
    found: dict[tuple[str, int], list[Toewijzing]] = defaultdict(list)
    for versie in versies:
        if (versie.gemeente, versie.toewijzing_nummer) in wanted:
            found[versie.gemeente, versie.toewijzing_nummer].append(versie)
    return {key: tuple(sorted(each, key=lambda versie: versie.volgorde)) for key, each in found.items()}


def _leveringen(counted: Sequence[Beoordeeld], client_ids: set[int]) -> dict[tuple[str, int], tuple[Levering, ...]]:
    found: dict[tuple[str, int], list[Levering]] = defaultdict(list)
    for each in counted:
        for nr, volgnr in each.oordeel.vervallen_leveringen:
            for leveringen in found.values():
                leveringen[:] = [levering for levering in leveringen if (levering.bericht_nr, levering.volgnr) != (nr, volgnr)]
        for levering in each.oordeel.leveringen:
            found[each.gemeente, levering.client_id].append(levering)
    return {key: tuple(leveringen) for key, leveringen in found.items() if key[1] in client_ids}


def _verzoeken(counted: Sequence[Beoordeeld], referenties: set[str], client_ids: set[int]) -> dict[str, Any]:
    """Requests with one of these references, and the undecided ones of these clients."""
    every: dict[tuple[str, str], EerderVerzoek] = {}
    for each in counted:
        every.update({(verzoek.gemeente, verzoek.referentie_aanbieder): verzoek for verzoek in each.oordeel.verzoeken})
        for referentie, status in each.oordeel.verzoek_besluiten.items():
            every[each.gemeente, referentie] = replace(every[each.gemeente, referentie], status=status)
    found = {
        key: verzoek
        for key, verzoek in every.items()
        if verzoek.referentie_aanbieder in referenties or (verzoek.client_id in client_ids and verzoek.status.is_onderhanden)
    }
    pending: dict[tuple[str, int], set[str]] = defaultdict(set)
    for verzoek in found.values():
        if verzoek.status.is_onderhanden:
            pending[verzoek.gemeente, verzoek.client_id].add(verzoek.referentie_aanbieder)
    return {
        "verzoeken": found,
        "verzoek_referenties": frozenset(referentie for _, referentie in found),
        "onderhanden": {key: frozenset(each) for key, each in pending.items()},
    }


def _declaraties(counted: Sequence[Beoordeeld], keys: Sleutels) -> dict[str, Any]:
    last: dict[str, date] = {}
    nummers: set[tuple[str, str]] = set()
    for each in counted:
        declaratie = each.bericht.declaratie
        if declaratie is not None and each.gemeente in {gemeente for gemeente, _ in keys.declaraties}:
            begin = declaratie.declaratie_periode.begindatum
            last[each.gemeente] = max(begin, last.get(each.gemeente, begin))
            nummers.add((each.gemeente, declaratie.declaratie_nummer))
    return {"laatste_declaratieperiode": last, "declaratie_nummers": frozenset(nummers) & frozenset(keys.declaraties)}


@dataclass(slots=True, kw_only=True)
class _Regel:
    """A line of a declaratie that counts."""

    nr: int
    gemeente: str
    line: GeoordeeldePrestatie
    prestatie: Prestatie
    gecrediteerd: bool = False

    @property
    def referentie(self) -> tuple[str, str]:
        return self.gemeente, self.prestatie.product_referentie.referentie_nummer

    @property
    def toewijzing(self) -> tuple[str, int]:
        return self.gemeente, self.prestatie.toewijzing_nummer

    @property
    def stands(self) -> bool:
        """Granted, a debit, and not undone."""
        return self.line.toegekend and not self.prestatie.is_credit and not self.gecrediteerd


def _prestaties(counted: Sequence[Beoordeeld], keys: Sleutels) -> dict[str, Any]:
    """What was claimed under these references, and what stands on these toewijzingen."""
    lines = _lines(counted)
    referenties, toewijzingen = set(keys.referenties), set(keys.toewijzingen)
    debets: dict[tuple[str, str], EerderePrestatie] = {}
    for line in lines:
        is_debet = not line.prestatie.is_credit and line.line.client_id is not None and line.referentie in referenties
        if is_debet and (line.referentie not in debets or line.line.toegekend):
            debets[line.referentie] = _as_debet(line)
    standing = [line for line in lines if line.stands and line.toewijzing in toewijzingen]
    verbruik: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    besteed: dict[tuple[str, int], int] = defaultdict(int)
    for line in standing:
        verbruik[line.toewijzing][line.prestatie.eenheid] += line.prestatie.geleverd_volume
        besteed[line.toewijzing] += line.prestatie.ingediend_bedrag.bedrag
    gemeenten = {line.gemeente for line in standing}
    return {
        "referentie_nummers": frozenset(line.referentie for line in lines) & referenties,
        "debets": debets,
        "open_debets": {
            gemeente: frozenset(debet_sleutel(line.prestatie) for line in standing if line.gemeente == gemeente) for gemeente in gemeenten
        },
        "verbruik": {key: dict(per_eenheid) for key, per_eenheid in verbruik.items()},
        "besteed": dict(besteed),
        "goedgekeurd": frozenset(line.toewijzing for line in standing),
    }


def _lines(counted: Sequence[Beoordeeld]) -> list[_Regel]:
    """Every judged line in order, with which debits a granted credit has undone."""
    lines: list[_Regel] = []
    for each in counted:
        declaratie = each.bericht.declaratie
        if declaratie is None:
            continue
        for judged in each.oordeel.prestaties:
            prestatie = declaratie.clienten[judged.client_index].prestaties[judged.prestatie_index]
            lines.append(_Regel(nr=each.nr, gemeente=each.gemeente, line=judged, prestatie=prestatie))
    undone = {(line.line.debet_bericht_nr, line.line.debet_regel) for line in lines if line.prestatie.is_credit and line.line.toegekend}
    for line in lines:
        line.gecrediteerd = (line.nr, line.line.regel) in undone
    return lines


def _as_debet(line: _Regel) -> EerderePrestatie:
    judged, prestatie = line.line, line.prestatie
    assert judged.client_id is not None
    return EerderePrestatie(
        bericht_nr=line.nr,
        regel=judged.regel,
        referentie_nummer=line.referentie[1],
        client_id=judged.client_id,
        toewijzing_nummer=prestatie.toewijzing_nummer,
        categorie=prestatie.product_categorie,
        code=prestatie.product_code,
        begindatum=prestatie.product_periode.begindatum,
        einddatum=prestatie.product_periode.einddatum,
        volume=prestatie.geleverd_volume,
        eenheid=prestatie.eenheid,
        tarief_cent=prestatie.product_tarief,
        bedrag_cent=prestatie.ingediend_bedrag.bedrag,
        toegekend=judged.toegekend,
        gecrediteerd=line.gecrediteerd,
        zorgvorm=judged.zorgvorm,
        gemeente_drager=judged.gemeente_drager,
        tarief_id=judged.tarief_id,
    )
