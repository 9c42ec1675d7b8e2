"""Clients and their toewijzingen through the months: what is ordered, what changes, when delivery starts and stops. No berichten yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.domain.bericht import Domein
from app.domain.periode import laatste_dag, volgende_maand
from app.domain.toewijzing import Omvang
from app.parties.generator.aanbod import Aanbod
from app.parties.generator.kans import Kans
from app.parties.generator.personen import Persoon, fictieve_bsns, make_persoon
from app.parties.generator.zeeland import Aanbodproduct, Plaats

IJW_PROMILLE = 750
EERSTE_NUMMER = 100_001
LOOPTIJD_MIN_DAGEN = 90
"""Long enough that a volume per week holds what a broken week adds at both ends."""


class Loop(StrEnum):
    """What becomes of a zaak; `GEWOON` may end within the months and is then stopped as planned."""

    GEWOON = "gewoon"
    VERLENGD = "verlengd"
    VERKORT = "verkort"
    ONDERBROKEN = "onderbroken"
    VERWIJDERD = "verwijderd"
    GEWEIGERD = "geweigerd"


LOOP_ELKE = (
    (50, 13, Loop.VERWIJDERD),
    (200, 57, Loop.GEWEIGERD),
    (12, 5, Loop.VERLENGD),
    (16, 7, Loop.VERKORT),
    (25, 11, Loop.ONDERBROKEN),
)
"""(every so many, beginning at, what): by number and not by chance, so that a small region has each of them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toegewezen:
    """One toegewezen product as first ordered; `einddatum_nu` is the one after a change."""

    nummer: int
    product: Aanbodproduct
    ingangsdatum: date
    einddatum: date | None
    einddatum_nu: date | None
    omvang: Omvang | None
    budget: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaak:
    """One client with one aanbieder, and all that is ordered there.

    Attributes:
        toegewezen_op: Day on which the toewijzing is made and sent.
        gewijzigd_op: Day of the change, for a zaak that has one.
        start: First day of delivery, None when it never starts.
        pauze: Last day before and first day after an interruption.
    """

    index: int
    client: Persoon
    plaats: Plaats
    domein: Domein
    agb: str
    loop: Loop
    toewijzingen: tuple[Toegewezen, ...]
    toegewezen_op: date
    gewijzigd_op: date | None = None
    start: date | None = None
    pauze: tuple[date, date] | None = None

    @property
    def is_geleverd(self) -> bool:
        """Whether care is delivered at all."""
        return self.start is not None


def make_zaken(seed: int, plaatsen: tuple[Plaats, ...], aanbod: Aanbod, clienten: int, venster: tuple[date, date]) -> list[Zaak]:
    """A zaak for each client, within the days of `venster` or running into them; numbers of toewijzingen are unique per gemeente."""
    nummers: dict[str, int] = {}
    gewogen = [plaats for plaats in plaatsen for _ in range(max(1, plaats.jeugdigen // 400))]
    zaken = []
    for index, bsn in enumerate(fictieve_bsns(clienten)):
        kans = Kans(seed, "zaak", index)
        domein: Domein = "ijw" if kans.promille(IJW_PROMILLE) else "iwmo"
        plaats = kans.kies(gewogen)
        client = make_persoon(bsn, is_jeugd=domein == "ijw", plaats=plaats, peildatum=venster[0], kans=kans)
        zaak = _make_zaak(index, client, plaats, domein, aanbod, venster, kans)
        zaken.append(_numbered(zaak, nummers))
    return zaken


def _make_zaak(index: int, client: Persoon, plaats: Plaats, domein: Domein, aanbod: Aanbod, venster: tuple[date, date], kans: Kans) -> Zaak:
    gewogen = [pair for pair in aanbod.leveranciers[domein, plaats.code] for _ in range(pair[1].gewicht)]
    agb, product = kans.kies(gewogen)
    ingang = _ingangsdatum(venster, kans)
    producten = [product]
    others = [
        other for supplier, other in aanbod.leveranciers[domein, plaats.code] if supplier == agb and other.categorie != product.categorie
    ]
    if others and kans.promille(150):
        producten.append(kans.kies(others))
    zaak = Zaak(
        index=index,
        client=client,
        plaats=plaats,
        domein=domein,
        agb=agb,
        loop=Loop.GEWOON,
        toewijzingen=tuple(_toegewezen(each, ingang, kans) for each in producten),
        toegewezen_op=ingang - timedelta(days=kans.geheel(1, 10)),
    )
    return _with_loop(zaak, venster, kans)


def _ingangsdatum(venster: tuple[date, date], kans: Kans) -> date:
    """Half of the zaken run already when the months begin; the others start in them, often on the first of a month."""
    van, tot = venster
    if kans.promille(500):
        return van - timedelta(days=kans.geheel(1, 150))
    dag = van + timedelta(days=kans.geheel(0, max(0, (tot - van).days - 20)))
    return dag.replace(day=1) if kans.promille(500) else dag


def _toegewezen(product: Aanbodproduct, ingang: date, kans: Kans) -> Toegewezen:
    einde = ingang + timedelta(days=kans.geheel(LOOPTIJD_MIN_DAGEN, 420))
    einde = laatste_dag(einde) if kans.promille(600) else einde
    is_open = product.frequentie == "4" and kans.promille(300)
    volume = kans.geheel(*product.volume)
    return Toegewezen(
        nummer=0,
        product=product,
        ingangsdatum=ingang,
        einddatum=None if is_open else einde,
        einddatum_nu=None if is_open else einde,
        omvang=None if product.is_budget else Omvang(volume=volume, eenheid=product.eenheid, frequentie=product.frequentie),
        budget=volume if product.is_budget else None,
    )


def _with_loop(zaak: Zaak, venster: tuple[date, date], kans: Kans) -> Zaak:
    """The zaak with what becomes of it, where its dates allow that; else it is an ordinary one."""
    wish = next((loop for elke, vanaf, loop in LOOP_ELKE if zaak.index % elke == vanaf), Loop.GEWOON)
    if wish in (Loop.VERWIJDERD, Loop.GEWEIGERD):
        op = zaak.toegewezen_op + timedelta(days=1) if wish is Loop.VERWIJDERD else None
        return replace(zaak, loop=wish, gewijzigd_op=op)
    started = replace(zaak, start=zaak.toewijzingen[0].ingangsdatum + timedelta(days=kans.geheel(0, 6)))
    if wish is Loop.VERLENGD:
        return _prolonged(started, venster, kans)
    if wish is Loop.VERKORT:
        return _shortened(started, venster, kans)
    if wish is Loop.ONDERBROKEN:
        return _interrupted(started, venster, kans)
    return started


def _prolonged(zaak: Zaak, venster: tuple[date, date], kans: Kans) -> Zaak:
    """A later Einddatum, ordered in the weeks before the first one (oprekken, OP380)."""
    first, *rest = zaak.toewijzingen
    if first.einddatum is None or not venster[0] <= first.einddatum <= venster[1]:
        return zaak
    later = replace(first, einddatum_nu=laatste_dag(first.einddatum + timedelta(days=kans.geheel(40, 150))))
    op = first.einddatum - timedelta(days=kans.geheel(3, 15))
    return replace(zaak, loop=Loop.VERLENGD, toewijzingen=(later, *rest), gewijzigd_op=op)


def _shortened(zaak: Zaak, venster: tuple[date, date], kans: Kans) -> Zaak:
    """An earlier Einddatum, ordered in the same month, before that month is claimed (intrekken)."""
    first, *rest = zaak.toewijzingen
    earliest = max(first.ingangsdatum + timedelta(days=60), venster[0])
    einde = laatste_dag(earliest) - timedelta(days=kans.geheel(3, 9))
    if einde < earliest:
        einde = laatste_dag(volgende_maand(earliest)) - timedelta(days=kans.geheel(3, 9))
    if einde > venster[1] or (first.einddatum is not None and einde >= first.einddatum):
        return zaak
    earlier = replace(first, einddatum_nu=einde)
    return replace(zaak, loop=Loop.VERKORT, toewijzingen=(earlier, *rest), gewijzigd_op=einde - timedelta(days=kans.geheel(1, 10)))


def _interrupted(zaak: Zaak, venster: tuple[date, date], kans: Kans) -> Zaak:
    """Delivery stops for some weeks (temporary stop) and starts again, well before the end."""
    first = zaak.toewijzingen[0]
    assert zaak.start is not None
    stop = max(zaak.start, venster[0]) + timedelta(days=kans.geheel(15, 40))
    again = stop + timedelta(days=kans.geheel(8, 25))
    last = min((each.einddatum_nu or date.max for each in zaak.toewijzingen), default=date.max)
    if again + timedelta(days=14) > min(last, venster[1]):
        return zaak
    assert first.ingangsdatum <= stop
    return replace(zaak, loop=Loop.ONDERBROKEN, pauze=(stop, again))


def _numbered(zaak: Zaak, nummers: dict[str, int]) -> Zaak:
    """The zaak with ToewijzingNummers, counted per gemeente over both domains."""
    begin = nummers.get(zaak.plaats.code, EERSTE_NUMMER)
    nummers[zaak.plaats.code] = begin + len(zaak.toewijzingen)
    return replace(zaak, toewijzingen=tuple(replace(each, nummer=begin + index) for index, each in enumerate(zaak.toewijzingen)))
