"""Showing acts: the list, one of them, what the plans of the region still ask for, and what a form lets choose.

Only for a controller of the region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.adapters.database import Connection
from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.ledger import store_handeling as rows
from app.ledger import store_voorstel
from app.ledger.gebeurtenissen import VEREVENING_SOORT
from app.ledger.handeling import must_be_controller
from app.ledger.handeling_plan import Bekostigd, boekingen_naar
from app.ledger.opdracht import Deelplan, OpdrachtSoort, bewogen_cent
from app.ledger.opdracht_plan import SOORTEN_VAN, bijdrageplan, termijnplannen, voorschotplan
from app.ledger.store_voorstel import HandelingFilter, HandelingRegel, Keuzes

HANDELINGEN_MAX = 200
MAANDEN_TERUG = 12
"""How far back the routine looks for what was forgotten."""
MAATSTAF = "inwoners"
"""What terms are divided by as long as nobody chose another measure."""
SOORTEN = (*(soort for soorten in SOORTEN_VAN.values() for soort in soorten), VEREVENING_SOORT)
"""The soorten of boeking of what is booked without a bericht here; payments and final settlements have pages of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maandtaak:
    """What a plan of the region asks for a month and the books do not say yet.

    Attributes:
        soort, maand: Which plan, and of which month.
        bedrag_cent: How much would move.
        is_verschil: Whether a part was booked before; the plan changed since.
        maand_gesloten: Whether the month is closed: it is booked in the open month and keeps its own.
        wacht_nr: The act that waits for a second person; None: none does.
        belet: Why it cannot be worked out.
    """

    soort: OpdrachtSoort
    maand: date
    bedrag_cent: int
    is_verschil: bool
    maand_gesloten: bool
    wacht_nr: int | None
    belet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maandlijst:
    """The routine of the month: what is left to book, oldest first; terms are divided by `maatstaf`."""

    maatstaf: str
    taken: tuple[Maandtaak, ...]


async def lijst_handelingen(
    wereld: Wereld,
    actor: Actor,
    *,
    soort: OpdrachtSoort | None = None,
    maand: date | None = None,
    door: str | None = None,
    status: str | None = None,
    voor: int | None = None,
    limit: int = 50,
) -> tuple[HandelingRegel, ...]:
    """Acts, newest first; `voor` is the number of the last one seen.

    Raises:
        NietToegestaan: The actor is no controller of the region.
    """
    must_be_controller(actor)
    soorten = SOORTEN if soort is None else SOORTEN_VAN[soort]
    wanted = HandelingFilter(soorten=soorten, maand=maand, door=door or None, status=status)
    async with wereld.pool.acquire() as connection:
        found = await store_voorstel.list_handelingen(connection, wanted, voor=voor, limit=max(1, min(limit, HANDELINGEN_MAX + 1)))
    return tuple(found)


async def toon_handeling(wereld: Wereld, actor: Actor, nr: int) -> HandelingRegel:
    """One act.

    Raises:
        NietToegestaan: The actor is no controller of the region.
        NietGevonden: There is no such act here.
    """
    must_be_controller(actor)
    async with wereld.pool.acquire() as connection:
        found = await store_voorstel.get_handeling(connection, nr, SOORTEN)
    if found is None:
        raise NietGevonden(f"Handeling {nr} is er niet.")
    return found


async def toon_keuzes(wereld: Wereld, actor: Actor) -> Keuzes:
    """The gemeenten, zorgvormen and measures that an act can be about."""
    must_be_controller(actor)
    async with wereld.pool.acquire() as connection:
        return await store_voorstel.load_keuzes(connection, wereld.vandaag.year)


async def maandlijst(wereld: Wereld, actor: Actor, *, maatstaf: str | None = None) -> Maandlijst:
    """What the plans of the region ask for this month and the twelve before it, and the books do not say yet.

    Args:
        wereld, actor: The world, and who asks.
        maatstaf: What terms are divided by; without it the measure of the last time.
    Raises:
        NietToegestaan: The actor is no controller of the region.
    """
    must_be_controller(actor)
    months = _months_until(wereld.vandaag)
    async with wereld.pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        chosen = maatstaf or await store_voorstel.laatste_maatstaf(connection, SOORTEN_VAN[OpdrachtSoort.TERMIJNEN]) or MAATSTAF
        plannen = await _read_plannen(connection, months, chosen)
        keys = [(deel.soort, deel.sleutel) for _, _, found, _ in plannen for deel in found]
        before = await rows.geboekt(connection, keys)
        waits = await store_voorstel.wachtend(connection, keys)
        closed = await store_voorstel.gesloten_maanden(connection, months[0])
    taken = (_taak(*each, before=before, waits=waits, closed=each[1] in closed) for each in plannen)
    return Maandlijst(maatstaf=chosen, taken=tuple(taak for taak in taken if taak is not None))


_Plan = tuple[OpdrachtSoort, date, Sequence[Deelplan], str | None]
"""Which plan, of which month, its parts, and why they cannot be worked out."""


async def _read_plannen(connection: Connection, months: Sequence[date], maatstaf: str) -> list[_Plan]:
    """Every plan of these months; the queries are per year, of which there are two."""
    years = range(months[0].year, months[-1].year + 1)
    due = {year: await rows.bekostigingen(connection, year) for year in years}
    weights = {year: await rows.gewichten(connection, maatstaf, year) for year in years}
    voorschotten = await rows.voorschotten(connection, months[0], months[-1])
    bijdragen = await rows.bijdragen(connection, months[0], months[-1])
    found: list[_Plan] = []
    for maand in months:
        found.append(_termijnen(maand, due[maand.year], weights[maand.year], maatstaf))
        found.append((OpdrachtSoort.VOORSCHOTTEN, maand, [voorschotplan(maand, voorschotten.get(maand, {}))], None))
        found.append((OpdrachtSoort.BIJDRAGEN, maand, [bijdrageplan(maand, bijdragen.get(maand, {}))], None))
    return found


def _termijnen(maand: date, due: Sequence[Bekostigd], weights: Mapping[str, Fraction], maatstaf: str) -> _Plan:
    try:
        return OpdrachtSoort.TERMIJNEN, maand, termijnplannen(maand, due, weights, maatstaf), None
    except OngeldigVerzoek as error:
        return OpdrachtSoort.TERMIJNEN, maand, [], error.melding


def _taak(
    soort: OpdrachtSoort,
    maand: date,
    plannen: Sequence[Deelplan],
    belet: str | None,
    *,
    before: Mapping[tuple[str, str], rows.Geboekt],
    waits: Mapping[tuple[str, str], int],
    closed: bool,
) -> Maandtaak | None:
    """What is left of one plan; None when the books say what it asks."""
    moved, booked = 0, False
    for deel in plannen:
        done = before[deel.soort, deel.sleutel]
        cents = bewogen_cent(deel.soort, boekingen_naar(deel.plan, done, soort=deel.soort, nr=0, boekdatum=maand))
        moved, booked = moved + cents, booked or bool(cents and done)
    if not moved and belet is None:
        return None
    wacht = next((waits[deel.soort, deel.sleutel] for deel in plannen if (deel.soort, deel.sleutel) in waits), None)
    return Maandtaak(soort=soort, maand=maand, bedrag_cent=moved, is_verschil=booked, maand_gesloten=closed, wacht_nr=wacht, belet=belet)


def _months_until(vandaag: date) -> list[date]:
    """This month and those before it that the routine looks at, oldest first."""

    def back() -> Iterator[date]:
        year, month = vandaag.year, vandaag.month
        for _ in range(MAANDEN_TERUG + 1):
            yield date(year, month, 1)
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)

    return sorted(back())
