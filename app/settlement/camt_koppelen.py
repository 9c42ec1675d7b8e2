"""Which line of a statement confirms or returns which order; every line ends in exactly one state. Pure.

A line is taken for ours by our own references only, never by an amount that happens to be equal. What does not fit exactly is left to a person:
nothing is confirmed beyond what was ordered, and nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.settlement.betalingen import RegelStatus
from app.settlement.camt053 import Afschriftregel


class BankregelStatus(StrEnum):
    """What became of a line of a statement."""

    VERWERKT = "verwerkt"
    DUBBEL = "dubbel"
    NIET_GEBOEKT = "niet_geboekt"
    ONGEKOPPELD = "ongekoppeld"
    OPGELOST = "opgelost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opdracht:
    """A line of a run as the bank may speak of it; amounts in cents."""

    run_nr: int
    regel: int
    agb: str
    status: RegelStatus
    end_to_end_id: str
    batch_kenmerk: str
    bedrag_cent: int
    betaald_cent: int

    @property
    def rest_cent(self) -> int:
        """What the bank still has to confirm."""
        return self.bedrag_cent - self.betaald_cent if self.status is RegelStatus.ONDERWEG else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Uitkomst:
    """What a line does: amounts it confirms of orders, orders it returns; or why it does nothing."""

    status: BankregelStatus
    reden: str = ""
    bevestigd: tuple[tuple[Opdracht, int], ...] = ()
    retour: tuple[Opdracht, ...] = ()


class Koppelaar:
    """Matches the lines of one statement after another; what a line did counts for those after it."""

    def __init__(self, opdrachten: Iterable[Opdracht], bekend: Collection[bytes]) -> None:
        """Begin with the orders that the lines name, and the fingerprints of lines that were read before."""
        self._per_kenmerk = {each.end_to_end_id: each for each in opdrachten}
        self._bekend = set(bekend)

    def koppel(self, regels: Sequence[Afschriftregel]) -> list[Uitkomst]:
        """The outcome of each line, in their order; what leaves the account is matched before what comes back."""
        found: dict[int, Uitkomst] = {}
        for index in sorted(range(len(regels)), key=lambda index: not regels[index].is_debet):
            found[index] = self._koppel(regels[index])
        return [found[index] for index in range(len(regels))]

    def _koppel(self, regel: Afschriftregel) -> Uitkomst:
        if not regel.is_geboekt:
            return Uitkomst(
                status=BankregelStatus.NIET_GEBOEKT, reden="De bank kondigt deze regel aan; geboekt staat zij op een later afschrift."
            )
        if regel.vingerafdruk in self._bekend:
            return Uitkomst(status=BankregelStatus.DUBBEL, reden="Deze regel stond al op een eerder gelezen afschrift.")
        self._bekend.add(regel.vingerafdruk)
        orders = self._genoemd(regel)
        if not orders:
            return _open("Deze regel noemt geen betaalopdracht van Solidair.")
        return self._retour(regel, orders) if regel.is_retour else self._bevestig(regel, orders)

    def _genoemd(self, regel: Afschriftregel) -> list[Opdracht]:
        """The orders that a line is about: the one it names, else those of its batch."""
        if regel.end_to_end_id:
            one = self._per_kenmerk.get(regel.end_to_end_id)
            return [one] if one else []
        if not regel.batch_kenmerk:
            return []
        return [each for each in self._per_kenmerk.values() if each.batch_kenmerk == regel.batch_kenmerk]

    def _bevestig(self, regel: Afschriftregel, orders: list[Opdracht]) -> Uitkomst:
        if not regel.is_debet:
            return _open("Een bijschrijving met het kenmerk van een betaalopdracht, zonder dat de bank haar een retour noemt.")
        under_way = [each for each in orders if each.rest_cent]
        rest = sum(each.rest_cent for each in under_way)
        if not under_way:
            return _open(f"De opdracht wacht niet op een bevestiging: {_standen(orders)}.")
        if regel.bedrag_cent > rest or (len(orders) > 1 and regel.bedrag_cent != rest):
            return _open("Het bedrag past niet bij wat van de opdracht nog onderweg is.")
        single = len(under_way) == 1
        confirmed = tuple((each, regel.bedrag_cent if single else each.rest_cent) for each in under_way)
        for order, cents in confirmed:
            paid = order.betaald_cent + cents
            status = RegelStatus.BETAALD if paid == order.bedrag_cent else RegelStatus.ONDERWEG
            self._per_kenmerk[order.end_to_end_id] = replace(order, betaald_cent=paid, status=status)
        return Uitkomst(status=BankregelStatus.VERWERKT, bevestigd=confirmed)

    def _retour(self, regel: Afschriftregel, orders: list[Opdracht]) -> Uitkomst:
        if regel.is_debet:
            return _open("Een afschrijving die de bank een retour noemt.")
        paid = [each for each in orders if each.status is RegelStatus.BETAALD]
        if not paid:
            return _open(f"Een retour van een opdracht die niet als betaald geboekt staat: {_standen(orders)}.")
        if regel.bedrag_cent != sum(each.bedrag_cent for each in paid):
            return _open("Het bedrag van de retour is niet dat van de betaling.")
        for order in paid:
            self._per_kenmerk[order.end_to_end_id] = replace(order, betaald_cent=0, status=RegelStatus.TERUGGEKOMEN)
        return Uitkomst(status=BankregelStatus.VERWERKT, retour=tuple(paid))


def _open(reden: str) -> Uitkomst:
    return Uitkomst(status=BankregelStatus.ONGEKOPPELD, reden=reden)


def _standen(orders: list[Opdracht]) -> str:
    return ", ".join(sorted({each.status.value for each in orders}))
