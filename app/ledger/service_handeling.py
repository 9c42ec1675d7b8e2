"""Booking without a bericht, one function for each kind of act; and booking a verevening that was fixed.

Every function brings the books to a plan: doing it twice books nothing the second time, doing it after the plan changed books the difference. Only a
controller of the region may. What it returns is the act, or None when there was nothing to book; an act that moves more than
`Wereld.vier_ogen_cent` waits for a second person before it books (`service_opdracht`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden
from app.domain.partij import Actor
from app.ledger import gebeurtenissen as soorten
from app.ledger import store_handeling as rows
from app.ledger.handeling import lock_plan, must_be_controller, open_handeling
from app.ledger.handeling_plan import Post, boekingen_naar
from app.ledger.opdracht import Opdracht, OpdrachtSoort
from app.ledger.opdracht_plan import naar_kas
from app.ledger.rekeningschema import VEREVENING
from app.ledger.service_opdracht import boek_opdracht
from app.ledger.store import Boekstuk, book

log = structlog.get_logger(__name__)


async def boek_termijnen(wereld: Wereld, actor: Actor, maand: date, *, maatstaf: str, reden: str) -> list[int]:
    """Book the terms of lumpsums, subsidies and guaranteed budgets that are due in a month; returns its acts, one per vorm.

    Args:
        wereld, actor: The world, and who asks.
        maand: First day of the month.
        maatstaf: The measure by which a contract of several gemeenten is divided over them.
        reden: Why.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: The measure has no value for a gemeente of such a contract.
    """
    made = await boek_opdracht(wereld, actor, Opdracht(soort=OpdrachtSoort.TERMIJNEN, maand=maand, maatstaf=maatstaf), reden=reden)
    return [stuk.nr for stuk in made.stukken]


async def boek_voorschotten(wereld: Wereld, actor: Actor, maand: date, *, reden: str) -> int | None:
    """Book the advances of the plan for a month as paid."""
    return await _boek_een(wereld, actor, Opdracht(soort=OpdrachtSoort.VOORSCHOTTEN, maand=maand), reden)


async def boek_bijdragen(wereld: Wereld, actor: Actor, maand: date, *, reden: str) -> int | None:
    """Book the contributions of the gemeenten to the region for a month, by the plan."""
    return await _boek_een(wereld, actor, Opdracht(soort=OpdrachtSoort.BIJDRAGEN, maand=maand), reden)


async def boek_organisatiekosten(wereld: Wereld, actor: Actor, maand: date, *, bedrag_cent: int, maatstaf: str, reden: str) -> int | None:
    """Share the cost of the organisation in a month over the gemeenten by a measure of that year; `bedrag_cent` is what the month costs."""
    opdracht = Opdracht(soort=OpdrachtSoort.ORGANISATIEKOSTEN, maand=maand, maatstaf=maatstaf, bedrag_cent=bedrag_cent)
    return await _boek_een(wereld, actor, opdracht, reden)


async def boek_pgb_voorschot(wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, bedrag_cent: int, reden: str) -> int | None:
    """Book what a gemeente paid the SVB in advance for a month, in total; a later call with another total books the difference."""
    opdracht = Opdracht(soort=OpdrachtSoort.PGB_VOORSCHOT, maand=maand, gemeente=gemeente, bedrag_cent=bedrag_cent)
    return await _boek_een(wereld, actor, opdracht, reden)


async def boek_pgb_besteding(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book what the SVB says was spent on pgb's in a month of care, in total; the final figure replaces the provisional one."""
    return await _boek_een(wereld, actor, _zorg(OpdrachtSoort.PGB_BESTEDING, gemeente, maand, domein, zorgvorm, bedrag_cent), reden)


async def boek_ouderbijdrage(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book the ouderbijdragen received for a month of care, in total: they lower the cost of the zorgvorm."""
    return await _boek_een(wereld, actor, _zorg(OpdrachtSoort.OUDERBIJDRAGE, gemeente, maand, domein, zorgvorm, bedrag_cent), reden)


async def boek_lokaal(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book local cost that stays outside the pool, in total for a month of care (requirement C02)."""
    return await _boek_een(wereld, actor, _zorg(OpdrachtSoort.LOKAAL, gemeente, maand, domein, zorgvorm, bedrag_cent), reden)


async def boek_woonplaats(
    wereld: Wereld,
    actor: Actor,
    van: str,
    naar: str,
    maand: date,
    *,
    domein: str,
    zorgvorm: str,
    bedrag_cent: int,
    toewijzing_nummer: int | None = None,
    reden: str,
) -> int | None:
    """Let another gemeente bear cost of a month of care, because the client has his woonplaats there; in total, through the kas of the region.

    Args:
        wereld, actor: The world, and who asks.
        van, naar: The gemeente that bore the cost, and the one that bears it from now on.
        maand: First day of the month of care.
        domein, zorgvorm: Of what care.
        bedrag_cent: How much goes over in total; 0 takes back what went before.
        toewijzing_nummer: A toewijzing by `van` of the client it is about: cost per client goes over too. None: of no one client.
        reden: Why.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: The region does not know a gemeente, the zorgvorm or the toewijzing, or `van` does not bear that much.
    """
    opdracht = Opdracht(
        soort=OpdrachtSoort.WOONPLAATS,
        maand=maand,
        gemeente=van,
        naar=naar,
        domein=domein,
        zorgvorm=zorgvorm,
        bedrag_cent=bedrag_cent,
        toewijzing_nummer=toewijzing_nummer,
    )
    return await _boek_een(wereld, actor, opdracht, reden)


def _zorg(soort: OpdrachtSoort, gemeente: str, maand: date, domein: str, zorgvorm: str, bedrag_cent: int) -> Opdracht:
    return Opdracht(soort=soort, maand=maand, gemeente=gemeente, domein=domein, zorgvorm=zorgvorm, bedrag_cent=bedrag_cent)


async def _boek_een(wereld: Wereld, actor: Actor, opdracht: Opdracht, reden: str) -> int | None:
    """The one act of an order that is never more than one."""
    made = await boek_opdracht(wereld, actor, opdracht, reden=reden)
    return made.stukken[0].nr if made.stukken else None


async def boek_verevening(wereld: Wereld, actor: Actor, run_nr: int, *, reden: str) -> int | None:
    """Bring the books of a year to a verevening that was fixed: only the difference with what earlier runs of that year booked.

    The run is `geboekt` then. None when it was booked before, or when the books say the same already.

    Raises:
        NietGevonden: There is no such run.
        Conflict: It is a concept, it was withdrawn, or a later run of the year was booked.
    """
    must_be_controller(actor)
    async with transaction(wereld.pool) as connection:
        jaar = await rows.verevening_jaar(connection, run_nr)
        if jaar is None:
            raise NietGevonden(f"Verevening {run_nr} is er niet.")
        sleutel = f"jaar:{jaar}"
        await lock_plan(connection, soorten.VEREVENING_SOORT, sleutel)
        run = await rows.verevening(connection, run_nr)
        if run.status == "geboekt":
            return None
        if run.status != "vastgesteld":
            raise Conflict(f"Verevening {run_nr} is {run.status}; alleen een vastgestelde verevening wordt geboekt.")
        if run.later_geboekt is not None:
            raise Conflict(f"Voor {jaar} is intussen verevening {run.later_geboekt} geboekt; bereken een nieuwe.")
        plan = {naar_kas(VEREVENING, code, date(jaar, 12, 1)): cents for code, cents in run.per_gemeente.items()}
        nr = await _boek(connection, wereld, actor, sleutel, plan, reden, run_nr)
        await rows.mark_geboekt(connection, run_nr, nr=nr, door=actor.naam, op=wereld.nu)
        return nr


async def _boek(
    connection: Connection, wereld: Wereld, actor: Actor, sleutel: str, plan: Mapping[Post, int], reden: str, run_nr: int
) -> int | None:
    """Bring the verevening of a year to a run; None when the books are there already. A second person fixed the run, so this waits for nobody."""
    soort = soorten.VEREVENING_SOORT
    before = (await rows.geboekt(connection, [(soort, sleutel)]))[soort, sleutel]
    if not boekingen_naar(plan, before, soort=soort, nr=0, boekdatum=wereld.vandaag):
        return None
    gegevens = {"run_nr": run_nr}
    nr = await open_handeling(connection, soort=soort, sleutel=sleutel, door=actor.naam, op=wereld.nu, reden=reden, gegevens=gegevens)
    boekingen = boekingen_naar(plan, before, soort=soort, nr=nr, boekdatum=wereld.vandaag)
    await book(connection, Boekstuk.van(boekingen))
    log.info("handeling_booked", handeling=nr, soort=soort, sleutel=sleutel, boekingen=len(boekingen), by=actor.naam)
    return nr
