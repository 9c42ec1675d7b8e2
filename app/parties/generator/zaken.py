"""Clients and their toewijzingen through the months: what is ordered, what changes, when delivery starts and stops. No berichten yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.domain.bericht import Domein
from app.domain.periode import laatste_dag, volgende_maand
from app.domain.toewijzing import Omvang
from app.domain.verzoek import WOONPLAATSBEGINSEL
from app.parties.generator.aanbod import Aanbod
from app.parties.generator.fusies import Fusie, fusie_van
from app.parties.generator.kans import Kans
from app.parties.generator.personen import Persoon, fictieve_bsns, make_persoon
from app.parties.generator.zeeland import CRISIS, Aanbodproduct, Plaats

IJW_PROMILLE = 750
EERSTE_NUMMER = 100_001
LOOPTIJD_MIN_DAGEN = 90
"""Long enough that a volume per week holds what a broken week adds at both ends."""


class Loop(StrEnum):
    """What becomes of a zaak; `GEWOON` may end within the months and is then stopped as planned.

    A zaak that is `OP_VERZOEK` is prolonged by a 317, `VERZOEK_GEWEIGERD` stays as it was after one, and `NOOIT_TOEGEWEZEN` was asked for
    by a 315 that was refused. `HERINGEDEELD` ends because the gemeente does.
    """

    GEWOON = "gewoon"
    VERLENGD = "verlengd"
    VERKORT = "verkort"
    ONDERBROKEN = "onderbroken"
    VERWIJDERD = "verwijderd"
    GEWEIGERD = "geweigerd"
    OP_VERZOEK = "op verzoek"
    VERZOEK_GEWEIGERD = "verzoek geweigerd"
    NOOIT_TOEGEWEZEN = "nooit toegewezen"
    HERINGEDEELD = "heringedeeld"


LOOP_ELKE = (
    (50, 13, Loop.VERWIJDERD),
    (200, 57, Loop.GEWEIGERD),
    (20, 3, Loop.OP_VERZOEK),
    (40, 9, Loop.VERZOEK_GEWEIGERD),
    (30, 1, Loop.NOOIT_TOEGEWEZEN),
    (12, 5, Loop.VERLENGD),
    (16, 7, Loop.VERKORT),
    (25, 11, Loop.ONDERBROKEN),
)
"""(every so many, beginning at, what): by number and not by chance, so that a small region has each of them too."""
WACHT_ELKE = (30, 17)
"""Clients of the aanbieder for whose product the region has no line."""
AANVRAAG_ELKE = (5, 2)
"""Clients for whom the aanbieder asked with a 315; the gemeente takes its time for every other one (319, in onderzoek)."""
WOONPLAATS_ELKE = (60, 31)
"""Of those that are refused: because another gemeente bears the care."""
MET_WIJZIGING = frozenset({Loop.OP_VERZOEK, Loop.VERZOEK_GEWEIGERD})
REDEN_BUDGET, REDEN_INHOUD = "2", "7"
BLIJFT_DAGEN = 75
"""So long after the months the toewijzingen of a 317 still run: the 317 names all that are current on the day of receipt, which may be the
day on which all berichten of the months come in at once (TR349)."""


def is_each(index: int, elke: tuple[int, int]) -> bool:
    """Whether a number is one of every so many, beginning at."""
    return index % elke[0] == elke[1]


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
class Verzoekloop:
    """A request and what the gemeente says to it; when it grants, it says so with a 301.

    Attributes:
        referenties: Of a 315 one for each product, of a 317 one.
        onderzoek_op: Day of the 319 that says that the gemeente needs more time.
        afgewezen_op: Day of the 319 that refuses, with `reden`.
    """

    op: date
    referenties: tuple[str, ...]
    onderzoek_op: date | None = None
    afgewezen_op: date | None = None
    reden: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zaak:
    """One client with one aanbieder, and all that is ordered there.

    Attributes:
        toegewezen_op: Day on which the toewijzing is made and sent.
        gewijzigd_op: Day of the change, for a zaak that has one.
        start: First day of delivery, None when it never starts.
        pauze: Last day before and first day after an interruption.
        fusie: When the gemeente goes over into another one: all berichten name the gemeente that ordered, the other bears the care.
        aanvraag: The 315 before the toewijzing.
        wijziging: The 317 after it.
        wacht: Whether its declaraties wait for a contract.
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
    fusie: Fusie | None = None
    aanvraag: Verzoekloop | None = None
    wijziging: Verzoekloop | None = None
    wacht: bool = False

    def drager(self, dag: date) -> Plaats:
        """The gemeente that bears the care of a day."""
        return self.plaats if self.fusie is None or dag < self.fusie.datum else self.fusie.naar

    @property
    def is_geleverd(self) -> bool:
        """Whether care is delivered at all."""
        return self.start is not None


def make_zaken(
    seed: int, plaatsen: tuple[Plaats, ...], fusies: tuple[Fusie, ...], aanbod: Aanbod, clienten: int, venster: tuple[date, date]
) -> list[Zaak]:
    """A zaak for each client, within the days of `venster` or running into them; toewijzingen have no number yet."""
    gewogen = [plaats for plaats in plaatsen for _ in range(max(1, plaats.jeugdigen // 400))]
    zaken = []
    for index, bsn in enumerate(fictieve_bsns(clienten)):
        kans = Kans(seed, "zaak", index)
        wacht = aanbod.ontbrekend is not None and is_each(index, WACHT_ELKE)
        is_jeugd = kans.promille(IJW_PROMILLE) or wacht or is_each(index, WOONPLAATS_ELKE)
        plaats = kans.kies(gewogen)
        if wacht and aanbod.ontbrekend is not None:
            plaats = next(each for each in plaatsen if each.code == aanbod.ontbrekend.gemeente)
        ingang = _ingangsdatum(venster, kans)
        fusie = fusie_van(plaats, fusies)
        if fusie is not None and ingang >= fusie.datum:
            plaats, fusie = fusie.naar, None
        client = make_persoon(bsn, is_jeugd=is_jeugd, plaats=plaats, peildatum=venster[0], kans=kans)
        begin = Begin(
            index=index, client=client, plaats=plaats, fusie=fusie, domein="ijw" if is_jeugd else "iwmo", ingang=ingang, wacht=wacht
        )
        zaken.append(_make_zaak(begin, aanbod, venster, kans))
    return zaken


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What is known of a zaak before anybody delivers."""

    index: int
    client: Persoon
    plaats: Plaats
    fusie: Fusie | None
    domein: Domein
    ingang: date
    wacht: bool

    @property
    def wens(self) -> Loop:
        """What is to become of the zaak, if its dates allow that."""
        if self.wacht:
            return Loop.GEWOON
        return next((loop for elke, vanaf, loop in LOOP_ELKE if is_each(self.index, (elke, vanaf))), Loop.GEWOON)


def _make_zaak(begin: Begin, aanbod: Aanbod, venster: tuple[date, date], kans: Kans) -> Zaak:
    agb, producten = _choose(begin, aanbod, kans)
    toewijzingen = tuple(_toegewezen(each, begin.ingang, kans) for each in producten)
    if begin.wens in MET_WIJZIGING:
        toewijzingen = tuple(_lasting(each, venster[1], kans) for each in toewijzingen)
    zaak = Zaak(
        index=begin.index,
        client=begin.client,
        plaats=begin.plaats,
        fusie=begin.fusie,
        domein=begin.domein,
        agb=agb,
        loop=Loop.GEWOON,
        toewijzingen=toewijzingen,
        toegewezen_op=_toegewezen_op(begin.ingang, producten, kans),
        wacht=begin.wacht,
    )
    return _with_aanvraag(_with_loop(zaak, begin.wens, venster, kans), kans)


def _choose(begin: Begin, aanbod: Aanbod, kans: Kans) -> tuple[str, list[Aanbodproduct]]:
    """Who delivers and what: sometimes two products, and always when a 317 is to name the one that stays as it is."""
    if begin.wacht and aanbod.ontbrekend is not None:
        return aanbod.ontbrekend.agb, [aanbod.ontbrekend.product]
    pairs = aanbod.leveranciers(begin.domein, begin.plaats.code, begin.ingang)
    agb, product = kans.kies([pair for pair in pairs for _ in range(pair[1].gewicht)])
    others = [other for supplier, other in pairs if supplier == agb and other.categorie != product.categorie]
    if others and (begin.wens in MET_WIJZIGING or kans.promille(150)):
        return agb, [product, kans.kies(others)]
    return agb, [product]


def _toegewezen_op(ingang: date, producten: Iterable[Aanbodproduct], kans: Kans) -> date:
    """Some days before the care begins; of crisis care when it has begun, and before its month is claimed."""
    if any(each.zorgvorm == CRISIS for each in producten):
        return min(ingang + timedelta(days=kans.geheel(1, 5)), laatste_dag(ingang))
    return ingang - timedelta(days=kans.geheel(1, 10))


def _lasting(toegewezen: Toegewezen, tot: date, kans: Kans) -> Toegewezen:
    """With an Einddatum well after the months."""
    einde = laatste_dag(tot + timedelta(days=kans.geheel(BLIJFT_DAGEN, BLIJFT_DAGEN + 200)))
    return replace(toegewezen, einddatum=einde, einddatum_nu=einde)


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


def _with_loop(zaak: Zaak, wens: Loop, venster: tuple[date, date], kans: Kans) -> Zaak:
    """The zaak with what becomes of it, where its dates allow that; else it is an ordinary one."""
    match wens:
        case Loop.VERWIJDERD:
            return replace(zaak, loop=wens, gewijzigd_op=zaak.toegewezen_op + timedelta(days=1))
        case Loop.GEWEIGERD:
            return replace(zaak, loop=wens)
        case Loop.NOOIT_TOEGEWEZEN:
            return _refused(zaak, kans)
    started = replace(zaak, start=zaak.toewijzingen[0].ingangsdatum + timedelta(days=kans.geheel(0, 6)))
    match wens:
        case Loop.VERLENGD:
            return _prolonged(started, venster, kans)
        case Loop.VERKORT:
            return _shortened(started, venster, kans)
        case Loop.ONDERBROKEN:
            return _interrupted(started, venster, kans)
        case Loop.OP_VERZOEK | Loop.VERZOEK_GEWEIGERD:
            return _asked_to_change(started, wens, venster, kans)
    return started


def _refused(zaak: Zaak, kans: Kans) -> Zaak:
    """A request that is refused; the care is never ordered."""
    op = zaak.toegewezen_op - timedelta(days=kans.geheel(4, 12))
    reden = WOONPLAATSBEGINSEL if is_each(zaak.index, WOONPLAATS_ELKE) else REDEN_BUDGET
    referenties = _referenties(zaak, len(zaak.toewijzingen))
    afgewezen_op = op + timedelta(days=kans.geheel(1, 5))
    return replace(
        zaak, loop=Loop.NOOIT_TOEGEWEZEN, aanvraag=Verzoekloop(op=op, referenties=referenties, afgewezen_op=afgewezen_op, reden=reden)
    )


def _referenties(zaak: Zaak, aantal: int) -> tuple[str, ...]:
    return tuple(f"VR{zaak.index:06d}{letter}" for letter in "ABC"[:aantal])


def _with_aanvraag(zaak: Zaak, kans: Kans) -> Zaak:
    """The zaak with the 315 that it began with, if it did."""
    if zaak.loop in (Loop.NOOIT_TOEGEWEZEN, Loop.VERWIJDERD, Loop.GEWEIGERD) or not is_each(zaak.index, AANVRAAG_ELKE):
        return zaak
    op = zaak.toegewezen_op - timedelta(days=kans.geheel(4, 20))
    onderzoek_op = op + timedelta(days=2) if zaak.index % 2 == 0 else None
    return replace(zaak, aanvraag=Verzoekloop(op=op, referenties=_referenties(zaak, len(zaak.toewijzingen)), onderzoek_op=onderzoek_op))


def _asked_to_change(zaak: Zaak, wens: Loop, venster: tuple[date, date], kans: Kans) -> Zaak:
    """A later Einddatum is asked for in the months; the gemeente grants it with a 301, or refuses."""
    first, *rest = zaak.toewijzingen
    op = max(first.ingangsdatum, zaak.toegewezen_op, venster[0]) + timedelta(days=kans.geheel(10, 25))
    if first.einddatum is None or op + timedelta(days=10) > venster[1]:
        return zaak
    besluit = op + timedelta(days=kans.geheel(2, 6))
    asked = replace(first, einddatum_nu=laatste_dag(first.einddatum + timedelta(days=kans.geheel(40, 150))))
    wijziging = Verzoekloop(op=op, referenties=(f"VW{zaak.index:06d}",))
    if wens is Loop.VERZOEK_GEWEIGERD:
        return replace(zaak, loop=wens, wijziging=replace(wijziging, afgewezen_op=besluit, reden=REDEN_INHOUD))
    return replace(zaak, loop=wens, toewijzingen=(asked, *rest), gewijzigd_op=besluit, wijziging=wijziging)


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


def numbered(zaken: Iterable[Zaak]) -> Iterator[Zaak]:
    """The zaken with ToewijzingNummers, counted per gemeente over both domains."""
    nummers: dict[str, int] = {}
    for zaak in zaken:
        begin = nummers.get(zaak.plaats.code, EERSTE_NUMMER)
        nummers[zaak.plaats.code] = begin + len(zaak.toewijzingen)
        yield replace(zaak, toewijzingen=tuple(replace(each, nummer=begin + index) for index, each in enumerate(zaak.toewijzingen)))
