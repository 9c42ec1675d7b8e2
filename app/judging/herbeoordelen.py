"""Judging 323s again on the region as it is now and the rest of the past as it was then. Pure.

A lane is replayed from its first affected 323 on, in the order of judging: each sees what those before it grant now, the toewijzingen that
counted at its moment, and its own day of receipt. Only 323s are judged again; what other berichten did is part of the past. So the books end
as if the region had been right from the start (docs/decisions/0011-rejudging.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.domain.bericht import Bericht
from app.domain.errors import Conflict, Parkeren
from app.domain.oordeel import GeoordeeldePrestatie, Oordeel
from app.domain.periode import maand_van
from app.domain.snapshot import Snapshot, Toewijzing
from app.judging.beoordelen import beoordeel
from app.judging.bijwerken import bijwerken
from app.register import afzender_van, gemeente_van

PORTIE_REGELS_MAX = 50_000
"""So many lines are held in memory together; one declaratie of 25 MB has fewer."""


class Beoordeling(NamedTuple):
    """A 323 of the lane that counts as sent, as it was judged before. `oordeel_nr` is its place in the order of judging."""

    bericht_nr: int
    oordeel_nr: int
    gemeente: str
    grootte: int
    aantal_regels: int
    ontvangst_datum: date
    status: str
    toegekend_cent: int


class Stand(NamedTuple):
    """How a line stands: granted or not, with which codes, booked on whom; `tarief_id` is of no consequence for who gets what."""

    toegekend: bool
    retour_codes: tuple[str, ...]
    zorgvorm: str
    gemeente_drager: str
    tarief_id: int | None

    @property
    def uitkomst(self) -> tuple[bool, tuple[str, ...]]:
        """What the aanbieder is told of it."""
        return self.toegekend, self.retour_codes

    @property
    def plaats(self) -> tuple[str, str] | None:
        """What it is booked on; None when it is not."""
        return (self.gemeente_drager, self.zorgvorm) if self.toegekend else None


class Regelstand(NamedTuple):
    """A line in the register before it is judged again. `volgnr` is that of its last transfer."""

    regel: int
    client_id: int | None
    stand: Stand
    volgnr: int


class Wijziging(NamedTuple):
    """A line that stands otherwise than before; amounts as claimed, in cents, without sign."""

    bericht_nr: int
    regel: int
    gemeente: str
    zorgmaand: date
    is_credit: bool
    bedrag_cent: int
    was: Stand
    wordt: Stand

    @property
    def telt(self) -> bool:
        """Whether somebody notices: another outcome, or booked on another gemeente or zorgvorm."""
        return self.was.uitkomst != self.wordt.uitkomst or self.was.plaats != self.wordt.plaats

    @property
    def verplaatst_geld(self) -> bool:
        """Whether its transfer is undone, made, or made elsewhere."""
        return self.bedrag_cent > 0 and self.was.plaats != self.wordt.plaats


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When versions of a 301 counted, in order of judging: from `vanaf` (its own place), until the bericht in place `tot` withdrew it."""

    vanaf: int
    tot: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verleden:
    """What the Snapshot does not tell: what was there when.

    Attributes:
        momenten: Per bericht_nr of a 301 when its versions counted.
        declaraties: Per gemeente (bericht_nr, oordeel_nr, first day of the DeclaratiePeriode) of every declaratie of the lane that counts.
        regels: Per bericht_nr its lines as they stand, in order.
    """

    momenten: Mapping[int, Moment]
    declaraties: Mapping[str, Sequence[tuple[int, int, date]]]
    regels: Mapping[int, Sequence[Regelstand]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Herbeoordeeld:
    """A 323 judged again, with every line that stands otherwise."""

    was: Beoordeling
    oordeel: Oordeel
    wijzigingen: tuple[Wijziging, ...]

    @property
    def verandert_antwoord(self) -> bool:
        """Whether the aanbieder would read another 325."""
        return any(each.was.uitkomst != each.wordt.uitkomst for each in self.wijzigingen)


def porties(beoordelingen: Iterable[Beoordeling], *, regels_max: int = PORTIE_REGELS_MAX) -> Iterator[list[Beoordeling]]:
    """The 323s in order, cut so that a piece fits in memory; one that is bigger stands alone."""
    portie: list[Beoordeling] = []
    regels = 0
    for each in beoordelingen:
        if portie and regels + each.aantal_regels > regels_max:
            yield portie
            portie, regels = [], 0
        portie.append(each)
        regels += each.aantal_regels
    if portie:
        yield portie


def herbeoordeel(berichten: Sequence[tuple[Beoordeling, Bericht]], snapshot: Snapshot, verleden: Verleden) -> list[Herbeoordeeld]:
    """Judge 323s of a lane again, in the order given.

    Args:
        berichten: In the order of judging.
        snapshot: The past without these and later 323s, on the region of now; with versions that were withdrawn since.
        verleden: What was there when.
    Raises:
        Conflict: A bericht cannot be judged now, or would no longer count as sent, which no region data can be the reason of.
    """
    done: list[Herbeoordeeld] = []
    for was, bericht in berichten:
        oordeel = _judge(was, bericht, _at_its_moment(snapshot, was, bericht, verleden))
        snapshot = bijwerken(snapshot, oordeel, bericht_nr=was.bericht_nr, van=afzender_van(bericht))
        wijzigingen = tuple(_changes(was, oordeel, verleden.regels.get(was.bericht_nr, ())))
        done.append(Herbeoordeeld(was=was, oordeel=oordeel, wijzigingen=wijzigingen))
    return done


def _judge(was: Beoordeling, bericht: Bericht, snapshot: Snapshot) -> Oordeel:
    """As it was judged on its day. It has been answered, so a line without a contract line is refused and does not wait."""
    try:
        oordeel = beoordeel(bericht, snapshot, vandaag=was.ontvangst_datum, bericht_nr=was.bericht_nr, zonder_contract_afwijzen=True)
    except Parkeren as reden:
        raise Conflict(f"Bericht {was.bericht_nr} is nu niet te beoordelen: {reden.reden}.") from reden
    if not oordeel.telt_als_verzonden:
        raise Conflict(
            f"Bericht {was.bericht_nr} zou nu als geheel worden afgekeurd. Dat komt niet door de regio; er is niets gewijzigd.",
            codes=sorted({code for codes in oordeel.retourcodes.values() for code in codes}),
        )
    return oordeel


def _at_its_moment(snapshot: Snapshot, was: Beoordeling, bericht: Bericht, verleden: Verleden) -> Snapshot:
    """The Snapshot with the toewijzingen, clients and last DeclaratiePeriode as they were when this 323 was judged."""
    assert bericht.declaratie is not None
    gemeente = gemeente_van(bericht)
    toewijzingen: dict[tuple[str, int], tuple[Toewijzing, ...]] = {}
    clienten: dict[str, int] = {}
    regels = iter(verleden.regels.get(was.bericht_nr, ()))
    for client in bericht.declaratie.clienten:
        for prestatie in client.prestaties:
            key = (gemeente, prestatie.toewijzing_nummer)
            if key not in toewijzingen:
                toewijzingen[key] = _then(snapshot.toewijzingen.get(key, ()), was.oordeel_nr, verleden.momenten)
            # Which clients this aanbieder has a toewijzing for does not follow from the region, so it is as it was (TR304).
            if (line := next(regels, None)) is not None and line.client_id is not None:
                clienten[client.bsn] = line.client_id
    laatste = [
        begin
        for bericht_nr, oordeel_nr, begin in verleden.declaraties.get(gemeente, ())
        if bericht_nr < was.bericht_nr and oordeel_nr < was.oordeel_nr
    ]
    return replace(
        snapshot,
        toewijzingen=toewijzingen,
        clienten=clienten,
        laatste_declaratieperiode={gemeente: max(laatste)} if laatste else {},
    )


def _then(versies: Sequence[Toewijzing], oordeel_nr: int, momenten: Mapping[int, Moment]) -> tuple[Toewijzing, ...]:
    """The versions that counted at this place in the order of judging."""
    found = []
    for versie in versies:
        moment = momenten[versie.bericht_nr]
        if moment.vanaf < oordeel_nr and (moment.tot is None or oordeel_nr < moment.tot):
            found.append(versie)
    return tuple(found)


def _changes(was: Beoordeling, oordeel: Oordeel, before: Sequence[Regelstand]) -> Iterator[Wijziging]:
    """Every line that stands otherwise."""
    declaratie = oordeel.bericht.declaratie
    assert declaratie is not None
    for line, old in zip(oordeel.prestaties, before, strict=True):
        stand = stand_van(line)
        if stand == old.stand:
            continue
        prestatie = declaratie.clienten[line.client_index].prestaties[line.prestatie_index]
        yield Wijziging(
            bericht_nr=was.bericht_nr,
            regel=line.regel,
            gemeente=was.gemeente,
            zorgmaand=maand_van(prestatie.product_periode.begindatum),
            is_credit=prestatie.is_credit,
            bedrag_cent=prestatie.ingediend_bedrag.bedrag,
            was=old.stand,
            wordt=stand,
        )


def stand_van(line: GeoordeeldePrestatie) -> Stand:
    """How a judged line stands in the register."""
    return Stand(line.toegekend, line.retour_codes, line.zorgvorm, line.gemeente_drager, line.tarief_id)


def volgnrs_na(wijziging: Wijziging, volgnr: int) -> tuple[int | None, int | None]:
    """The volgnrs of the transfer that undoes what is booked, and of the new one; None where there is none. `volgnr` is the last one used.

    A source counts its transfers from 0: a line that never had one begins there.
    """
    storno = None
    if wijziging.was.toegekend:
        storno = volgnr = volgnr + 1
    elif volgnr == 0:
        return None, 0
    return storno, (volgnr + 1 if wijziging.wordt.toegekend else None)


def vingerafdruk(wijzigingen: Iterable[Wijziging]) -> bytes:
    """Digest of what changes for somebody, whatever the order."""
    digest = hashlib.sha256()
    for each in sorted(wijziging for wijziging in wijzigingen if wijziging.telt):
        was, wordt = each.was, each.wordt
        digest.update(repr((each[:6], *was.uitkomst, was.plaats, *wordt.uitkomst, wordt.plaats)).encode())
    return digest.digest()
