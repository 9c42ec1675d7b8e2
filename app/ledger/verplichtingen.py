"""How commitments follow berichten: each bericht raises or lowers what the toewijzingen it touches still commit, and that is booked. Pure.

`Verplichtingenstand` holds what a lot needs of the past and is brought on bericht by bericht, so that a lot books what its berichten would book one
by one. What one bericht does is summed per place before it is booked: a declaratie of 28 000 lines makes a handful of transfers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.oordeel import Oordeel
from app.domain.periode import laatste_dag, maand_van
from app.domain.snapshot import Snapshot, Toewijzing
from app.ledger.boeking import Boeking, Rekening
from app.ledger.gebeurtenissen import VERPLICHTING_SOORT
from app.ledger.rekeningschema import VERPLICHTING, VERPLICHTING_TEGEN
from app.ledger.verplichting import Plek, Sleutel, Verwachting, standen, verwachtingen


@dataclass(slots=True, kw_only=True)
class Verplichtingenstand:
    """What toewijzingen commit at a moment, as far as a lot needs it; changed in place, one bericht after another.

    Attributes:
        verwacht: Per toewijzing what it is expected to cost, oldest month first.
        gebruikt: Per toewijzing the granted cents per month of care, credits taken off.
        versies: The version of each toewijzing whose expectation changed here, to be stored; None when it counts no more.
    """

    verwacht: dict[Sleutel, tuple[Verwachting, ...]] = field(default_factory=dict)
    gebruikt: dict[Sleutel, dict[date, int]] = field(default_factory=dict)
    versies: dict[Sleutel, Toewijzing | None] = field(default_factory=dict)

    def standen_van(self, sleutels: Iterable[Sleutel]) -> dict[Plek, int]:
        """What these toewijzingen commit together."""
        found: dict[Plek, int] = {}
        for sleutel in sleutels:
            for plek, cents in standen(self.verwacht.get(sleutel, ()), self.gebruikt.get(sleutel, {})).items():
                found[plek] = found.get(plek, 0) + cents
        return found

    def herzie(self, versies: Mapping[Sleutel, Toewijzing | None], region: Snapshot, *, tot_en_met: date | None = None) -> dict[Plek, int]:
        """From now on these versions count; returns what that changes.

        A toewijzing that already reached further (the year was moved on) keeps doing so.
        """
        before = self.standen_van(versies)
        for sleutel, versie in versies.items():
            reached = [laatste_dag(each.plek.zorgmaand) for each in self.verwacht.get(sleutel, ())]
            until = max([*reached, tot_en_met] if tot_en_met else reached, default=None)
            released = {each.plek.zorgmaand: each.vrijgevallen for each in self.verwacht.get(sleutel, ())}
            self.verwacht[sleutel] = tuple(
                each._replace(vrijgevallen=released.get(each.plek.zorgmaand)) for each in verwachtingen(versie, region, tot_en_met=until)
            )
            self.versies[sleutel] = versie
        return verschil(before, self.standen_van(versies))

    def geef_vrij(self, voor: date, nr: int) -> None:
        """From now on months before `voor` commit nothing, by act `nr`; what was released before stays with its own act."""
        for sleutel, expected in self.verwacht.items():
            self.verwacht[sleutel] = tuple(
                each._replace(vrijgevallen=nr) if each.vrijgevallen is None and each.plek.zorgmaand < voor else each for each in expected
            )

    def gebruik(self, toegekend: Iterable[tuple[Sleutel, date, int]]) -> dict[Plek, int]:
        """So many cents were granted (credits: minus) per toewijzing and month; returns what that changes."""
        per_sleutel: dict[Sleutel, dict[date, int]] = {}
        for sleutel, maand, cents in toegekend:
            if sleutel in self.verwacht:
                months = per_sleutel.setdefault(sleutel, {})
                months[maand] = months.get(maand, 0) + cents
        before = self.standen_van(per_sleutel)
        for sleutel, months in per_sleutel.items():
            used = self.gebruikt.setdefault(sleutel, {})
            for maand, cents in months.items():
                used[maand] = used.get(maand, 0) + cents
        return verschil(before, self.standen_van(per_sleutel))


def verschil(before: Mapping[Plek, int], after: Mapping[Plek, int]) -> dict[Plek, int]:
    """What must be booked to get from one to the other, per place; zeros are left out."""
    deltas = {plek: after.get(plek, 0) - before.get(plek, 0) for plek in (before.keys() | after.keys())}
    return {plek: cents for plek, cents in deltas.items() if cents}


def toegekend_van(oordeel: Oordeel) -> Iterator[tuple[Sleutel, date, int]]:
    """The granted lines of a judged 323 as (toewijzing, month of care, cents with their sign)."""
    declaratie = oordeel.bericht.declaratie
    if declaratie is None:
        return
    gemeente = oordeel.bericht.header.ontvanger
    for line in oordeel.prestaties:
        if line.toegekend:
            prestatie = declaratie.clienten[line.client_index].prestaties[line.prestatie_index]
            maand = maand_van(prestatie.product_periode.begindatum)
            yield Sleutel(gemeente, prestatie.toewijzing_nummer), maand, prestatie.ingediend_bedrag.cent


def volg(stand: Verplichtingenstand, oordelen: Mapping[int, Oordeel], snapshot: Snapshot, boekdatum: date) -> list[Boeking]:
    """The transfers of a lot, in order of judging; `stand` is brought on to after it.

    Args:
        stand: Of every toewijzing that these berichten touch, before the lot.
        oordelen: Those that count as sent, per bericht_nr, in order of judging.
        snapshot: The past before the lot, with the tariffs of the products in it.
    """
    boekingen: list[Boeking] = []
    versies = dict(snapshot.toewijzingen)
    for nr, oordeel in oordelen.items():
        if oordeel.toewijzingen:
            changed: dict[Sleutel, Toewijzing | None] = {}
            for versie in oordeel.toewijzingen:
                sleutel = Sleutel(versie.gemeente, versie.toewijzing_nummer)
                versies[sleutel] = tuple(sorted((*versies.get(sleutel, ()), versie), key=lambda each: each.volgorde))
                changed[sleutel] = versies[sleutel][-1]
            client_id = oordeel.toewijzingen[0].client_id
            boekingen += boek(stand.herzie(changed, snapshot), nr=nr, domein=snapshot.domein, boekdatum=boekdatum, client_id=client_id)
        elif oordeel.prestaties:
            boekingen += boek(stand.gebruik(toegekend_van(oordeel)), nr=nr, domein=snapshot.domein, boekdatum=boekdatum)
    return boekingen


def boek(deltas: Mapping[Plek, int], *, nr: int, domein: str, boekdatum: date, client_id: int | None = None) -> list[Boeking]:
    """One transfer for each place that changes: raised, or the reverse when lowered, used up or released; numbered in order of place."""
    return [
        boek_verplichting(plek, cents, nr=nr, regel=regel, domein=domein, boekdatum=boekdatum, client_id=client_id)
        for regel, (plek, cents) in enumerate(sorted(deltas.items()), 1)
    ]


def boek_verplichting(plek: Plek, cents: int, *, nr: int, regel: int, domein: str, boekdatum: date, client_id: int | None) -> Boeking:
    """The transfer that changes a commitment by so many cents, not zero."""
    own, counter = Rekening(VERPLICHTING, plek.drager), Rekening(VERPLICHTING_TEGEN, plek.drager)
    return Boeking(
        bericht_nr=nr,
        regel=regel,
        soort=VERPLICHTING_SOORT,
        volgnr=0,
        debet=own if cents > 0 else counter,
        credit=counter if cents > 0 else own,
        bedrag_cent=abs(cents),
        domein=domein,
        zorgvorm=plek.zorgvorm,
        zorgmaand=plek.zorgmaand,
        dienst_van=None,
        dienst_tot=None,
        boekdatum=boekdatum,
        client_id=client_id,
    )


def touched(oordelen: Iterable[Oordeel]) -> tuple[list[Sleutel], list[tuple[Sleutel, date]]]:
    """The toewijzingen of which a new version comes, and those of which prestaties use up months, each once."""
    renewed = {Sleutel(versie.gemeente, versie.toewijzing_nummer): None for oordeel in oordelen for versie in oordeel.toewijzingen}
    used = {(sleutel, maand): None for oordeel in oordelen for sleutel, maand, _ in toegekend_van(oordeel)}
    return list(renewed), list(used)


def known_before(renewed: Sequence[Sleutel], snapshot: Snapshot) -> list[Sleutel]:
    """Of these toewijzingen those that had a version before the lot; the others are new and commit nothing yet."""
    return [sleutel for sleutel in renewed if sleutel in snapshot.toewijzingen]
