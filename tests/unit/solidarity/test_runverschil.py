"""Input of a run survives being stored, and the reasons of a difference add up to the cent, also where half-replaced input cannot be settled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.solidarity.costs import ClientYearCost, MonthCost
from app.solidarity.history import Merger
from app.solidarity.measures import MeasureValue
from app.solidarity.modellen import Gebied, model_document
from app.solidarity.runinvoer import Budgetregel, Invoer, Lid, Stand, as_data, canonical, from_data
from app.solidarity.runuitkomst import bereken
from app.solidarity.runverschil import verklaar
from app.solidarity.tomlwriting import write_document

CODES = ("0001", "0002", "0003")
VORMEN = ("ambulant", "verblijf")
LEDEN = tuple(Lid(code=code, geldig_van=date(2000, 1, 1), geldig_tot=None) for code in CODES)


def make(
    model: str = "waarborg",
    kosten: dict[tuple[str, str], int] | None = None,
    inwoners: tuple[int, ...] = (1, 2, 3),
    measure: str = "inwoners",
    clienten: tuple[ClientYearCost, ...] | None = None,
) -> Invoer:
    """A run of 2026 over three gemeenten and two zorgvormen."""
    found = kosten if kosten is not None else {("0001", "ambulant"): 60_000}
    return Invoer(
        jaar=2026,
        rekendag=date(2026, 12, 1),
        tekst=write_document(model_document(model, Gebied(leden=LEDEN, zorgvormen=VORMEN, jaren=range(2026, 2027)))),
        kosten=tuple(
            MonthCost(gemeente=code, zorgvorm=vorm, zorgmaand=date(2026, 1, 1), bedrag_cent=cents) for (code, vorm), cents in found.items()
        ),
        clienten=clienten,
        maatstaven=tuple(
            MeasureValue(measure=measure, municipality=code, year=2026, value=Fraction(value))
            for code, value in zip(CODES, inwoners, strict=True)
        ),
        herindelingen=(),
        leden=LEDEN,
        budgetten=(Budgetregel(gemeente="0001", zorgvorm="", bedrag_cent=5),),
        voorschotten={"0001": 7},
        stand=Stand(boeking_nr=12, kosten_clienten_cent=0),
        code="x",
    )


def test_input_survives_being_stored() -> None:
    """Through JSON, with clients, mergers and an open membership."""
    client = ClientYearCost(client="7", gemeente="0001", zorgvorm="ambulant", zorgjaar=2026, bedrag_cent=9)
    merger = Merger(date=date(2027, 1, 1), predecessor="0001", successor="0002", fraction=Fraction(1, 3))
    for given_now in (make(), make(clienten=()), replace(make(clienten=(client,)), herindelingen=(merger,))):
        again = from_data(json.loads(canonical(as_data(given_now))))

        assert again == given_now
        assert canonical(as_data(again)) == canonical(as_data(given_now))


def test_what_cannot_be_settled_halfway_counts_together() -> None:
    """The old agreement asks inhabitants, which are gone; the new one asks youths: one reason for all three."""
    old, new = make(), make("waarborg:jeugdigen", inwoners=(3, 2, 1), measure="jeugdigen")

    found = verklaar(old, bereken(old).te_boeken, new, bereken(new).te_boeken)

    (reden,) = found.redenen
    assert reden.wat == "maatstaf inwoners en maatstaf jeugdigen en de overeenkomst"
    assert dict(reden.per_gemeente) == {"0001": 20_000, "0003": -20_000}


def test_equal_runs_have_no_reasons_and_years_do_not_mix() -> None:
    same = make()

    assert verklaar(same, bereken(same).te_boeken, same, bereken(same).te_boeken).redenen == ()
    with pytest.raises(ValueError, match="2026 and 2025"):
        verklaar(same, {}, replace(same, jaar=2025), {})


def test_a_stored_outcome_that_is_no_longer_computed_is_a_reason_of_its_own() -> None:
    """A cent that the input does not explain is shown, not hidden in another reason."""
    run = make()
    computed = bereken(run).te_boeken

    found = verklaar(run, computed, run, {**computed, "0001": computed["0001"] + 1})

    assert [(reden.wat, dict(reden.per_gemeente)) for reden in found.redenen] == [("opgeslagen uitkomst", {"0001": 1})]


costs = st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(VORMEN)), st.integers(-10_000, 1_000_000))
runs = st.builds(
    make,
    model=st.sampled_from(["waarborg", "profijt", "quotum:1/3", "vlaktaks:1"]),
    kosten=costs,
    inwoners=st.tuples(*[st.integers(1, 99)] * 3),
)


@given(runs, runs)
def test_reasons_add_up_to_the_difference(old: Invoer, new: Invoer) -> None:
    """Per gemeente and to the cent, whatever changed."""
    found = verklaar(old, bereken(old).te_boeken, new, bereken(new).te_boeken)

    for code, cents in found.per_gemeente.items():
        assert sum(reden.per_gemeente.get(code, 0) for reden in found.redenen) == cents
    assert sum(found.per_gemeente.values()) == 0
    assert all(reden.wat != "opgeslagen uitkomst" for reden in found.redenen)
