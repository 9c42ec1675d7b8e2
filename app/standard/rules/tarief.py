"""What a contract says a prestatie costs: the line that applies, and hour tariffs claimed in minutes (TR346, TR418, IV081).

Tariffs and amounts are whole eurocents. Which lines belong to an aanbieder is decided in `parties`; here they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from app.domain.bedrag import round_half_up
from app.domain.declaratie import Prestatie
from app.domain.snapshot import Tariefregel
from app.standard.rules.volume import EURO, MINUTEN_PER_UUR, MINUUT, UUR, passende_eenheid


def minuuttarief(uurtarief_cent: int) -> int:
    """An hour tariff as the tariff per minute that stands in ProductTarief, rounded half up (IV081)."""
    return round_half_up(Fraction(uurtarief_cent, MINUTEN_PER_UUR))


def bedrag_van_minuten(uurtarief_cent: int, minuten: int) -> int:
    """The amount of minutes at an hour tariff: multiplied first, then divided and rounded half up (IV081).

    The rounded tariff per minute is not used.
    """
    return round_half_up(Fraction(uurtarief_cent * minuten, MINUTEN_PER_UUR))


def is_uurtarief_in_minuten(regel: Tariefregel, eenheid: str) -> bool:
    """Whether the contract line is per hour while the prestatie counts minutes."""
    return regel.eenheid == UUR and eenheid == MINUUT


def product_tarief(regel: Tariefregel, eenheid: str) -> int | None:
    """What ProductTarief should be under this line, for a prestatie in `eenheid`; None for euros (CD087)."""
    if regel.eenheid == eenheid:
        return None if eenheid == EURO else regel.tarief_cent
    if regel.tarief_cent is None or not is_uurtarief_in_minuten(regel, eenheid):
        return regel.tarief_cent
    return minuuttarief(regel.tarief_cent)


def geldige_regels(regels: Iterable[Tariefregel], eenheid: str, dag: date) -> list[Tariefregel]:
    """The contract lines that are valid on `dag` and whose eenheid fits that of the prestatie."""
    return [regel for regel in regels if passende_eenheid(regel.eenheid, eenheid) and regel.geldt_op(dag)]


class Tarieflijst(tuple[Tariefregel, ...]):
    """The contract lines of a product, which remember what `passende_regel` asked: of 28 000 prestaties thousands ask the same of the same lines.

    `passend`: per eenheid, day and ProductTarief the lines that fit.
    """

    def __init__(self, _: Iterable[Tariefregel] = ()) -> None:
        self.passend: dict[tuple[str, date, int | None], tuple[Tariefregel, ...]] = {}


def passende_regels(regels: Iterable[Tariefregel], eenheid: str, dag: date, tarief_cent: int | None) -> tuple[Tariefregel, ...]:
    """The contract lines that are valid on `dag` and give this ProductTarief for a prestatie in `eenheid`, the lowest id first."""
    found = [regel for regel in geldige_regels(regels, eenheid, dag) if product_tarief(regel, eenheid) == tarief_cent]
    return tuple(sorted(found, key=lambda regel: regel.tarief_id))


def passende_regel(prestatie: Prestatie, regels: Sequence[Tariefregel]) -> Tariefregel | None:
    """The contract line that the prestatie is in accordance with on the first day of its ProductPeriode; the lowest id when there are more.

    Two lines that give the same ProductTarief may differ in the amount they give (a line per minute, a line per hour); the one that also
    explains IngediendBedrag goes first.
    """
    lijst = regels if isinstance(regels, Tarieflijst) else Tarieflijst(regels)
    key = (prestatie.eenheid, prestatie.product_periode.begindatum, prestatie.product_tarief)
    found = lijst.passend.get(key)
    if found is None:
        found = lijst.passend[key] = passende_regels(lijst, *key)
    if len(found) < 2:
        return found[0] if found else None
    bedrag = prestatie.ingediend_bedrag.bedrag
    return next((regel for regel in found if verwacht_bedrag(prestatie, regel) == bedrag), found[0])


def verwacht_bedrag(prestatie: Prestatie, regel: Tariefregel | None) -> int:
    """IngediendBedrag as it should be: volume times ProductTarief, or by the hour tariff of the contract line (TR346)."""
    if regel is not None and regel.tarief_cent is not None and is_uurtarief_in_minuten(regel, prestatie.eenheid):
        return bedrag_van_minuten(regel.tarief_cent, prestatie.geleverd_volume)
    return prestatie.geleverd_volume * (prestatie.product_tarief or 0)
