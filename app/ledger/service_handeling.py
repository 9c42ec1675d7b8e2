"""Booking without a bericht: terms, advances, contributions, pgb, ouderbijdrage, cost of the organisation, and a verevening that was fixed.

Every function brings the books to a plan (`handeling_plan`): doing it twice books nothing the second time and returns None, doing it after the plan
changed books the difference. Only a controller of the region may.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import structlog

from app.adapters.database import Connection, transaction
from app.adapters.wereld import Wereld
from app.domain.errors import Conflict, NietGevonden, OngeldigVerzoek
from app.domain.partij import Actor
from app.ledger import gebeurtenissen as soorten
from app.ledger import store_handeling as rows
from app.ledger.boeking import Rekening
from app.ledger.handeling import lock_plan, must_be_controller, open_handeling
from app.ledger.handeling_plan import Post, boekingen_naar, termijn_cent, termijn_in, verdeel
from app.ledger.rekeningschema import (
    BANK,
    CREDITEUR,
    INLEG,
    KAS,
    KOSTEN,
    KOSTEN_LOKAAL,
    ORGANISATIEKOSTEN,
    VEREVENING,
    VOORSCHOT,
    VOORSCHOT_SVB,
)
from app.ledger.store import Boekstuk, book
from app.ledger.store_handeling import Bekostigd
from app.ledger.verplichting import ONBEKEND

log = structlog.get_logger(__name__)

TERMIJN_VAN_VORM = {
    "lumpsum": (soorten.LUMPSUM_TERMIJN, KOSTEN),
    "subsidie": (soorten.SUBSIDIE_TERMIJN, KOSTEN),
    "budget": (soorten.GARANTIE_TERMIJN, VOORSCHOT),
}
"""Per vorm of bekostiging the soort of its terms and the account they are debited to."""
BEDRAG_CENT_MAX = 10**13
"""A hundred billion euros: more is a mistake."""


async def boek_termijnen(wereld: Wereld, actor: Actor, maand: date, *, maatstaf: str, reden: str) -> list[int]:
    """Book the terms of lumpsums, subsidies and guaranteed budgets that are due in a month; returns the acts that booked something.

    Args:
        wereld, actor: The world, and who asks.
        maand: First day of the month.
        maatstaf: The measure by which a contract of several gemeenten is divided over them.
        reden: Why.
    Raises:
        NietToegestaan: The actor is no controller of the region.
        OngeldigVerzoek: The measure has no value for a gemeente of such a contract.
    """
    must_be_controller(actor)
    _check_maand(maand)
    made: list[int] = []
    async with transaction(wereld.pool) as connection:
        due = await rows.bekostigingen(connection, maand.year)
        weights = await rows.gewichten(connection, maatstaf, maand.year)
        for vorm, (soort, _) in TERMIJN_VAN_VORM.items():
            plan: dict[Post, int] = defaultdict(int)
            for each in (each for each in due if each.vorm == vorm):
                _add_term(plan, each, maand, weights, maatstaf)
            nr = await _boek(connection, wereld, actor, soort, _as_sleutel(maand), plan, reden, {"maatstaf": maatstaf})
            made += [] if nr is None else [nr]
    return made


def _add_term(plan: dict[Post, int], each: Bekostigd, maand: date, weights: Mapping[str, Fraction], maatstaf: str) -> None:
    """The term of one contract in a month, divided over its gemeenten."""
    nummer = termijn_in(maand, each.termijnen)
    if nummer is None or not each.gemeenten:
        return
    _, account = TERMIJN_VAN_VORM[each.vorm]
    missing = [code for code in each.gemeenten if code not in weights]
    if len(each.gemeenten) > 1 and missing:
        raise OngeldigVerzoek(
            f"Maatstaf {maatstaf} heeft in {maand.year} geen waarde voor gemeente {missing[0]} van contract {each.contract}."
        )
    # The year is divided first, so that each gemeente pays exactly its part of it over the terms.
    shares = {each.gemeenten[0]: each.gegarandeerd_cent}
    if len(each.gemeenten) > 1:
        shares = _verdeel(each.gegarandeerd_cent, {code: weights[code] for code in each.gemeenten}, maatstaf)
    for code, cents in shares.items():
        debet = Rekening(KOSTEN, code) if account == KOSTEN else Rekening(account, code, each.agb)
        post = Post(debet, Rekening(CREDITEUR, code, each.agb), each.domein, each.zorgvorm or ONBEKEND, maand)
        plan[post] += termijn_cent(cents, each.termijnen, nummer)


def _verdeel(cents: int, weights: Mapping[str, Fraction], maatstaf: str) -> dict[str, int]:
    try:
        return verdeel(cents, weights)
    except ValueError as error:
        raise OngeldigVerzoek(f"Naar maatstaf {maatstaf} is niet te verdelen: geen waarde boven nul, of een onder nul.") from error


async def boek_voorschotten(wereld: Wereld, actor: Actor, maand: date, *, reden: str) -> int | None:
    """Book the advances of the plan for a month as paid."""
    must_be_controller(actor)
    _check_maand(maand)
    async with transaction(wereld.pool) as connection:
        plan = {
            Post(Rekening(VOORSCHOT, code, agb), Rekening(BANK, code), "", "", maand): cents
            for (agb, code), cents in (await rows.voorschotten(connection, maand)).items()
        }
        return await _boek(connection, wereld, actor, soorten.VOORSCHOT_SOORT, _as_sleutel(maand), plan, reden)


async def boek_bijdragen(wereld: Wereld, actor: Actor, maand: date, *, reden: str) -> int | None:
    """Book the contributions of the gemeenten to the region for a month, by the plan."""
    must_be_controller(actor)
    _check_maand(maand)
    async with transaction(wereld.pool) as connection:
        plan = {_naar_kas(INLEG, code, maand): cents for code, cents in (await rows.bijdragen(connection, maand)).items()}
        return await _boek(connection, wereld, actor, soorten.BIJDRAGE, _as_sleutel(maand), plan, reden)


async def boek_organisatiekosten(wereld: Wereld, actor: Actor, maand: date, *, bedrag_cent: int, maatstaf: str, reden: str) -> int | None:
    """Share the cost of the organisation in a month over the gemeenten by a measure of that year; `bedrag_cent` is what the month costs."""
    must_be_controller(actor)
    _check_maand(maand)
    _check_bedrag(bedrag_cent)
    async with transaction(wereld.pool) as connection:
        weights = await rows.gewichten(connection, maatstaf, maand.year)
        if not weights:
            raise OngeldigVerzoek(f"Maatstaf {maatstaf} heeft in {maand.year} geen waarden.")
        plan = {_naar_kas(ORGANISATIEKOSTEN, code, maand): cents for code, cents in _verdeel(bedrag_cent, weights, maatstaf).items()}
        given = {"bedrag_cent": bedrag_cent, "maatstaf": maatstaf}
        return await _boek(connection, wereld, actor, soorten.ORGANISATIE, _as_sleutel(maand), plan, reden, given)


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
        plan = {_naar_kas(VEREVENING, code, date(jaar, 12, 1)): cents for code, cents in run.per_gemeente.items()}
        nr = await _boek(connection, wereld, actor, soorten.VEREVENING_SOORT, sleutel, plan, reden, {"run_nr": run_nr})
        await rows.mark_geboekt(connection, run_nr, nr=nr, door=actor.naam, op=wereld.nu)
        return nr


async def boek_pgb_voorschot(wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, bedrag_cent: int, reden: str) -> int | None:
    """Book what a gemeente paid the SVB in advance for a month, in total; a later call with another total books the difference."""
    post = Post(Rekening(VOORSCHOT_SVB, gemeente), Rekening(BANK, gemeente), "", "", maand)
    return await _boek_stand(wereld, actor, soorten.PGB_VOORSCHOT, post, bedrag_cent, reden)


async def boek_pgb_besteding(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book what the SVB says was spent on pgb's in a month of care, in total; the final figure replaces the provisional one."""
    post = Post(Rekening(KOSTEN, gemeente), Rekening(VOORSCHOT_SVB, gemeente), domein, zorgvorm, maand)
    return await _boek_stand(wereld, actor, soorten.PGB_BESTEDING, post, bedrag_cent, reden)


async def boek_ouderbijdrage(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book the ouderbijdragen received for a month of care, in total: they lower the cost of the zorgvorm."""
    post = Post(Rekening(BANK, gemeente), Rekening(KOSTEN, gemeente), domein, zorgvorm, maand)
    return await _boek_stand(wereld, actor, soorten.OUDERBIJDRAGE, post, bedrag_cent, reden)


async def boek_lokaal(
    wereld: Wereld, actor: Actor, gemeente: str, maand: date, *, domein: str, zorgvorm: str, bedrag_cent: int, reden: str
) -> int | None:
    """Book local cost that stays outside the pool, in total for a month of care (requirement C02)."""
    post = Post(Rekening(KOSTEN_LOKAAL, gemeente), Rekening(BANK, gemeente), domein, zorgvorm, maand)
    return await _boek_stand(wereld, actor, soorten.LOKAAL, post, bedrag_cent, reden)


async def _boek_stand(wereld: Wereld, actor: Actor, soort: str, post: Post, bedrag_cent: int, reden: str) -> int | None:
    """Bring one post of one gemeente and month to an amount.

    Raises:
        OngeldigVerzoek: The region does not know the gemeente or the zorgvorm, or the amount or the month is none.
    """
    must_be_controller(actor)
    _check_maand(post.zorgmaand)
    _check_bedrag(bedrag_cent)
    gemeente = post.debet.gemeente
    async with transaction(wereld.pool) as connection:
        if gemeente not in await rows.known_gemeenten(connection, [gemeente]):
            raise OngeldigVerzoek(f"De regio heeft geen gemeente {gemeente}.")
        if post.zorgvorm and post.zorgvorm not in await rows.known_zorgvormen(connection, post.domein):
            raise OngeldigVerzoek(f"De regio kent zorgvorm {post.zorgvorm} niet in {post.domein}.")
        sleutel = ":".join((_as_sleutel(post.zorgmaand), gemeente, post.domein, post.zorgvorm))
        return await _boek(connection, wereld, actor, soort, sleutel, {post: bedrag_cent}, reden, {"bedrag_cent": bedrag_cent})


async def _boek(
    connection: Connection,
    wereld: Wereld,
    actor: Actor,
    soort: str,
    sleutel: str,
    plan: Mapping[Post, int],
    reden: str,
    gegevens: Mapping[str, object] | None = None,
) -> int | None:
    """Bring the books to a plan by an act; None when they are there already."""
    await lock_plan(connection, soort, sleutel)
    before = await rows.geboekt(connection, soort, sleutel, frozenset(soorten.PER_SOORT[soort].paren))
    if not boekingen_naar(plan, before, soort=soort, nr=0, boekdatum=wereld.vandaag):
        return None
    nr = await open_handeling(connection, soort=soort, sleutel=sleutel, door=actor.naam, op=wereld.nu, reden=reden, gegevens=gegevens)
    boekingen = boekingen_naar(plan, before, soort=soort, nr=nr, boekdatum=wereld.vandaag)
    await book(connection, Boekstuk.van(boekingen))
    log.info("handeling_booked", handeling=nr, soort=soort, sleutel=sleutel, boekingen=len(boekingen), by=actor.naam)
    return nr


def _naar_kas(soort: str, gemeente: str, maand: date) -> Post:
    return Post(Rekening(soort, gemeente), Rekening(KAS), "", "", maand)


def _as_sleutel(maand: date) -> str:
    return f"{maand:%Y-%m}"


def _check_maand(maand: date) -> None:
    if maand.day != 1:
        raise OngeldigVerzoek("Een maand heet naar haar eerste dag.")


def _check_bedrag(bedrag_cent: int) -> None:
    if abs(bedrag_cent) > BEDRAG_CENT_MAX:
        raise OngeldigVerzoek("Dit bedrag is te groot.")
