"""A stored run of the verevening made again from its input: the agreement, the facts, and every step of the calculation. Pure.

`verevening_run.invoer` holds all that a run was made from as plain data (`service.run_input`). Here it becomes values again, so that a run can be
explained, and so that anybody can see that it still gives what was stored, whatever was booked or recorded since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from app.solidarity.agreement import Agreement, Arrangement, KeyTerm, Layer, Membership, NoClaim, Years, of_year
from app.solidarity.calculator import PoolSettlement, settle_pools
from app.solidarity.costs import ClientYearCost, MonthCost, costs_from_months
from app.solidarity.document import Overeenkomst, joined
from app.solidarity.errors import refuse
from app.solidarity.history import History, Merger
from app.solidarity.measures import Facts, Measures, MeasureValue
from app.solidarity.tomlform import read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Hermaakt:
    """A run made again; `document` is None when it was made by a model without a document."""

    agreement: Agreement
    facts: Facts
    document: Overeenkomst | None
    pools: tuple[PoolSettlement, ...]


def maak_opnieuw(invoer: Mapping[str, Any], jaar: int) -> Hermaakt:
    """Compute a stored run again.

    Args:
        invoer: As it was stored.
        jaar: The year of the run.
    Raises:
        RegelingOngeldig: The input is not one that a run stores, or no longer computes.
    """
    try:
        document = read_document(invoer["overeenkomst"]) if "overeenkomst" in invoer else None
        agreement = of_year(document.agreement, jaar) if document else agreement_of(invoer["regeling"])
        facts = _facts(invoer, agreement, document, jaar)
    except (KeyError, TypeError, ValueError) as error:
        raise refuse("opgeslagen invoer", "deze berekening is niet volledig bewaard en kan niet worden overgedaan.") from error
    pools = settle_pools(agreement, facts.costs, facts.measures, facts.history)
    return Hermaakt(agreement=agreement, facts=facts, document=document, pools=tuple(pools))


def history_in(document: Overeenkomst, agreement: Agreement, mergers: Iterable[Merger], jaar: int) -> History:
    """Mergers of region and document, and what the document keeps apart in this year."""
    history = joined(document.history, History(mergers=tuple(mergers)))
    codes = {arrangement.code for arrangement in agreement.arrangements}
    return replace(history, kept=tuple(kept for kept in history.kept if kept.year == jaar and kept.arrangement in codes))


def has_client_layers(agreement: Agreement, jaar: int) -> bool:
    """Whether a layer of this year looks at the cost of each client."""
    return any(layer.basis == "client" for arrangement in agreement.arrangements for layer in arrangement.layers_in(jaar))


def agreement_of(plain: Mapping[str, Any]) -> Agreement:
    """An agreement from plain data, as a run by a model stores it: days and fractions as text.

    Raises:
        KeyError, TypeError, ValueError: It is not such data.
    """
    return Agreement(name=plain["name"], arrangements=tuple(map(_arrangement, plain["arrangements"])))


def _facts(invoer: Mapping[str, Any], agreement: Agreement, document: Overeenkomst | None, jaar: int) -> Facts:
    clients = [
        ClientYearCost(client=client, gemeente=code, zorgvorm=vorm, zorgjaar=year, bedrag_cent=cents)
        for client, code, vorm, year, cents in invoer["clienten"]
    ]
    months = [
        MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=date.fromisoformat(maand), bedrag_cent=cents)
        for code, vorm, maand, cents in invoer["kosten"]
    ]
    values = [
        MeasureValue(measure=measure, municipality=code, category=vorm or None, year=year, value=Fraction(value))
        for measure, code, vorm, year, value in invoer["maatstaven"]
    ]
    mergers = tuple(
        Merger(date=date.fromisoformat(day), predecessor=van, successor=naar, fraction=Fraction(part))
        for day, van, naar, part in invoer["herindelingen"]
    )
    return Facts(
        costs=costs_from_months(months, clients if has_client_layers(agreement, jaar) else None),
        measures=Measures(document.measure_values(values) if document else values),
        history=history_in(document, agreement, mergers, jaar) if document else History(mergers=mergers),
    )


def _arrangement(plain: Mapping[str, Any]) -> Arrangement:
    no_claim = plain["no_claim"]
    return Arrangement(
        **{name: plain[name] for name in ("code", "pool_by", "inleg", "budget_measure", "reserve", "fallback_measure")},
        since=date.fromisoformat(plain["since"]),
        until=date.fromisoformat(plain["until"]),
        categories=tuple(plain["categories"]),
        members=tuple(map(_membership, plain["members"])),
        key_terms=tuple(_key_term(term) for term in plain["key_terms"]),
        layers=tuple(_layer(layer) for layer in plain["layers"]),
        local_share=Fraction(plain["local_share"]),
        no_claim=None if no_claim is None else NoClaim(**_with_fractions(no_claim, ("threshold", "rate"))),
        cap=None if plain["cap"] is None else Fraction(plain["cap"]),
        spread=tuple(map(Fraction, plain["spread"])),
    )


def _membership(plain: Mapping[str, Any]) -> Membership:
    since, until = (None if plain[name] is None else date.fromisoformat(plain[name]) for name in ("since", "until"))
    return Membership(municipality=plain["municipality"], since=since, until=until)


def _key_term(plain: Mapping[str, Any]) -> KeyTerm:
    return KeyTerm(**{**_with_fractions(plain, ("weight",)), "years": Years(**plain["years"])})


def _layer(plain: Mapping[str, Any]) -> Layer:
    return Layer(**{**_with_fractions(plain, ("lower", "upper", "share")), "years": Years(**plain["years"])})


def _with_fractions(plain: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The same with exact numbers under these names; None stays None."""
    return {name: Fraction(value) if name in names and value is not None else value for name, value in plain.items()}
