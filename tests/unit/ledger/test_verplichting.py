"""What a toewijzing is expected to cost per month, and what of it is still committed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.snapshot import Overgang, Toewijzing
from app.domain.toewijzing import VERWIJDERD, Omvang
from app.ledger.verplichting import ONBEKEND, Plek, Sleutel, Verwachting, horizon, standen, verwachtingen
from app.ledger.verplichtingen import Verplichtingenstand, boek
from tests.builders import GEMEENTE, make_snapshot, make_tariefregel, make_toewijzing

REGIO = make_snapshot()
"""60 euro an hour for the default product."""


def order(frequentie: str = "4", volume: int = 10, eenheid: str = "04", **changes: Any) -> Toewijzing:
    """An order of the default product for the first half of 2026, ten hours a month."""
    fields: dict[str, Any] = {
        "ingangsdatum": date(2026, 1, 1),
        "einddatum": date(2026, 6, 30),
        "omvang": Omvang(volume=volume, eenheid=eenheid, frequentie=frequentie),
        "budget": None,
        "reden_wijziging": None,
    }
    return make_toewijzing(**{**fields, **changes})


def per_maand(versie: Toewijzing | None, **changes: Any) -> dict[int, int]:
    """Cents per month of 2026, in the region with these changes."""
    found = verwachtingen(versie, make_snapshot(**changes))
    return {each.plek.zorgmaand.month: each.cent for each in found}


def test_per_month_is_the_volume_times_the_tariff() -> None:
    """A broken month counts whole (IV078)."""
    assert per_maand(order(einddatum=date(2026, 3, 10))) == {1: 60_000, 2: 60_000, 3: 60_000}


def test_each_month_has_the_tariff_of_its_first_day_of_care() -> None:
    """Indexed per 15 March: March still at the old one, unless the order begins after it."""
    tarieven = (
        make_tariefregel(tarief_cent=6000, geldig_tot=date(2026, 3, 14)),
        make_tariefregel(tarief_id=12, tarief_cent=6600, geldig_van=date(2026, 3, 15)),
    )

    assert per_maand(order(), tarieven=tarieven)[3] == 60_000
    assert per_maand(order(), tarieven=tarieven)[4] == 66_000
    late = order(ingangsdatum=date(2026, 3, 20))
    assert per_maand(late, tarieven=tarieven)[3] == 66_000


def test_per_week_effort_counts_days_so_that_a_shared_week_is_committed_once() -> None:
    """28 days of February are four weeks; whole cents add up over the order."""
    found = per_maand(order("2", volume=7, einddatum=date(2026, 2, 28)))

    assert found == {1: 31 * 6000, 2: 28 * 6000}


def test_per_week_output_counts_sundays() -> None:
    """As they are claimed (IV077): four Sundays in January 2026, and the order ends on one."""
    tarieven = [make_tariefregel(eenheid="82")]
    versie = order("2", volume=1, eenheid="82", einddatum=date(2026, 2, 1))

    assert per_maand(versie, tarieven=tarieven) == {1: 4 * 6000, 2: 6000}


def test_hours_are_priced_by_a_line_in_minutes_when_there_is_no_other() -> None:
    """Hours may be claimed in minutes (TR341)."""
    tarieven = [make_tariefregel(eenheid="01", tarief_cent=100)]

    assert per_maand(order(volume=1, einddatum=date(2026, 1, 31)), tarieven=tarieven) == {1: 6000}


def test_an_order_in_euros_needs_no_tariff() -> None:
    """The volume of eenheid 83 is an amount in cents (CS339)."""
    assert per_maand(order(volume=12_345, eenheid="83", einddatum=date(2026, 1, 31)), tarieven=()) == {1: 12_345}


def test_a_total_is_a_pot_spread_over_the_days() -> None:
    """To the cent: 59 days, 31 of them in January."""
    found = verwachtingen(order("6", volume=1, einddatum=date(2026, 2, 28)), REGIO)

    assert [(each.wijze, each.cent) for each in found] == [("pot", 3153), ("pot", 2847)]
    assert sum(each.cent for each in found) == 6000


def test_a_budget_is_a_ceiling_and_without_omvang_the_expectation() -> None:
    """Of an order without product it is committed under zorgvorm onbekend; without Budget nothing is."""
    assert sum(per_maand(order(budget=100_000)).values()) == 100_000
    open_order = order(omvang=None, categorie=None, code=None, budget=30_000, einddatum=date(2026, 3, 31))
    found = verwachtingen(open_order, REGIO)
    assert sum(each.cent for each in found) == 30_000
    assert {(each.plek.zorgvorm, each.wijze) for each in found} == {(ONBEKEND, "pot")}
    assert verwachtingen(order(omvang=None, categorie=None, code=None), REGIO) == ()


@pytest.mark.parametrize(
    "versie",
    [None, order(reden_wijziging=VERWIJDERD, einddatum=date(2026, 1, 1)), order(omvang=None)],
    ids=["withdrawn", "deleted", "neither omvang nor budget"],
)
def test_what_does_not_count_or_has_no_size_commits_nothing(versie: Toewijzing | None) -> None:
    """There is nothing to pay."""
    assert verwachtingen(versie, REGIO) == ()


def test_without_tariff_nothing_is_committed() -> None:
    """No price is known on our side; the load that brings one is followed by working out again."""
    assert per_maand(order(), tarieven=()) == {}


def test_an_order_without_end_commits_to_the_end_of_its_year_and_further_when_asked() -> None:
    """A controller moves the year on."""
    versie = order(einddatum=None, ingangsdatum=date(2026, 11, 5), toewijzingsdatum=date(2026, 10, 1))

    assert horizon(versie) == date(2026, 12, 31)
    assert len(verwachtingen(versie, REGIO)) == 2
    assert len(verwachtingen(versie, REGIO, tot_en_met=date(2027, 12, 31))) == 14
    assert horizon(order(einddatum=date(9999, 12, 31), toewijzingsdatum=date(2026, 1, 1))) == date(2036, 12, 31)


def test_after_a_herindeling_the_other_gemeente_bears_the_later_months() -> None:
    """As prestaties are booked: on who bears the first day."""
    tarieven = [make_tariefregel(gemeente=code) for code in (GEMEENTE, "0687")]
    region = make_snapshot(tarieven=tarieven, overgangen=(Overgang(datum=date(2026, 3, 1), van=GEMEENTE, naar="0687"),))

    assert [each.plek.drager for each in verwachtingen(order(), region)] == [GEMEENTE] * 2 + ["0687"] * 4


def make_verwacht(*cents: int, wijze: str = "maand") -> tuple[Verwachting, ...]:
    """Expectations from January on."""
    return tuple(Verwachting(Plek(GEMEENTE, "ambulant", date(2026, maand, 1)), wijze, each) for maand, each in enumerate(cents, 1))


def test_prestaties_use_up_their_own_month_or_the_pot_from_its_first_month_on() -> None:
    """More than expected leaves nothing, never less; a pot is used in any month."""
    used = {date(2026, 2, 1): 150}

    assert [*standen(make_verwacht(100, 100, 100), used).values()] == [100, 100]
    assert [*standen(make_verwacht(100, 100, 100, wijze="pot"), used).values()] == [50, 100]
    assert standen(make_verwacht(100), {date(2026, 1, 1): 100}) == {}


def test_what_was_released_stays_released() -> None:
    """Whatever is credited later."""
    released = tuple(each._replace(vrijgevallen=9) for each in make_verwacht(100, 100))

    assert standen(released, {date(2026, 1, 1): -50}) == {}


SLEUTEL = Sleutel(GEMEENTE, 1001)
GEBRUIK = st.lists(st.tuples(st.sampled_from([1, 2, 3, 4]), st.integers(-400, 400)), max_size=12)


@given(GEBRUIK, st.sampled_from(["maand", "pot"]))
def test_booked_deltas_always_add_up_to_what_is_committed(gebruik: list[tuple[int, int]], wijze: str) -> None:
    """One by one or all at once; and a commitment is never negative nor above what was expected."""
    verwacht = make_verwacht(100, 250, 30, wijze=wijze)
    single, whole = (Verplichtingenstand(verwacht={SLEUTEL: verwacht}) for _ in range(2))
    lines = [(SLEUTEL, date(2026, maand, 1), cents) for maand, cents in gebruik]
    booked = single.standen_van([SLEUTEL])

    for line in lines:
        for plek, cents in single.gebruik([line]).items():
            booked[plek] = booked.get(plek, 0) + cents
    whole.gebruik(lines)

    assert {plek: cents for plek, cents in booked.items() if cents} == single.standen_van([SLEUTEL]) == whole.standen_van([SLEUTEL])
    assert all(0 < cents <= 250 for cents in single.standen_van([SLEUTEL]).values())


def test_another_version_books_the_difference_only() -> None:
    """Shortened to March: April, May and June are given back; then deleted: the rest too."""
    stand = Verplichtingenstand()
    stand.herzie({SLEUTEL: order()}, REGIO)

    shorter = stand.herzie({SLEUTEL: order(einddatum=date(2026, 3, 31))}, REGIO)
    stand.gebruik([(SLEUTEL, date(2026, 1, 1), 48_000)])
    gone = stand.herzie({SLEUTEL: None}, REGIO)

    assert {plek.zorgmaand.month: cents for plek, cents in shorter.items()} == {4: -60_000, 5: -60_000, 6: -60_000}
    assert {plek.zorgmaand.month: cents for plek, cents in gone.items()} == {1: -12_000, 2: -60_000, 3: -60_000}
    assert stand.standen_van([SLEUTEL]) == {}


def test_a_transfer_raises_or_is_the_reverse_and_lines_are_numbered() -> None:
    """Two accounts of the same gemeente, one positive amount."""
    mei, juni = (Plek(GEMEENTE, "ambulant", date(2026, maand, 1)) for maand in (5, 6))

    first, second = boek({juni: -5, mei: 7}, nr=30, domein="ijw", boekdatum=date(2026, 6, 3), client_id=1)

    assert (first.debet.soort, first.credit.soort, first.bedrag_cent, first.zorgmaand) == (
        "verplichting",
        "verplichting_tegen",
        7,
        mei.zorgmaand,
    )
    assert (second.debet.soort, second.credit.soort, second.bedrag_cent) == ("verplichting_tegen", "verplichting", 5)
    assert (first.sleutel, second.sleutel) == ("30:1:verplichting:0", "30:2:verplichting:0")
