"""Rules asked about many parts of one bericht: the outcome is that of asking them one part at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.bedrag import BedragMetDC
from app.domain.declaratie import Prestatie
from app.domain.errors import Parkeren
from app.domain.snapshot import Binnen, Kijk
from app.standard.rules import Regel, Toetsing, failed_rules, registered_rules, rules_for
from tests.builders import days, make_323, make_kijk, make_prestatie, make_toewijzing

VAN_HET_BERICHT = frozenset({"vandaag", "van", "gemeente", "bericht", "snapshot", "binnen", "zonder_contract_afwijzen"})
"""Fields of a Kijk that are the same for every prestatie of a bericht."""
DAYS = [date(2020, 12, 31), date(2021, 1, 1), date(2021, 5, 3), date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 30)]

DELEND = [regel for regel in registered_rules() if regel.volgt_uit]

PRESTATIES = st.builds(
    make_prestatie,
    st.sampled_from(["R1", "R2"]),
    vorig=st.sampled_from([None, "R1", "R8"]),
    debet_credit=st.sampled_from(["D", "C"]),
    periode=st.builds(days, st.sampled_from(DAYS), st.sampled_from(DAYS)),
    geleverd_volume=st.sampled_from([0, 8, 60]),
    eenheid=st.sampled_from(["01", "04", "83"]),
    product_tarief=st.sampled_from([None, 100, 6000]),
    toewijzing_nummer=st.sampled_from([1001, 1002]),
)


class OnlyThese:
    """A value of which only the named paths can be read; reading anything else fails."""

    def __init__(self, value: object, paths: frozenset[str]) -> None:
        self._value, self._paths = value, paths

    def __getattr__(self, name: str) -> Any:
        below = frozenset(path.removeprefix(f"{name}.") for path in self._paths if path.startswith(f"{name}."))
        if name not in self._paths and not below:
            raise AssertionError(f"{name} was read")
        found = getattr(self._value, name)
        return OnlyThese(found, below) if below else found


def kijk_with_repetitions() -> Kijk:
    """The Kijk on a line of a bericht in which numbers repeat."""
    return make_kijk(make_323(), binnen=Binnen(referentie_nummers=frozenset({"R1"}), dubbele_vorige=frozenset({"R8"})))


def test_rules_that_several_lines_share_exist() -> None:
    """Otherwise the tests below would say nothing."""
    assert {regel.code for regel in DELEND} >= {"TR137", "CS337", "CD060", "CD087", "TR315", "TR316"}


@pytest.mark.parametrize("regel", DELEND, ids=lambda regel: regel.functie.__name__)
@given(prestatie=PRESTATIES)
def test_a_rule_reads_no_more_than_it_says_it_follows_from(regel: Regel, prestatie: Prestatie) -> None:
    """Of the part the named fields, of the Kijk what is the same for the whole bericht; the outcome is that of the whole part."""
    kijk = kijk_with_repetitions()
    limited: Any = OnlyThese(kijk, VAN_HET_BERICHT)

    shown = regel.functie(OnlyThese(prestatie, frozenset(regel.volgt_uit)), limited)

    assert shown == regel.functie(prestatie, kijk)


@given(prestaties=st.lists(PRESTATIES, max_size=12), inhoud=st.booleans(), variant=st.sampled_from("DC"), closed=st.booleans())
def test_a_toetsing_says_what_the_rules_say_one_part_at_a_time(
    prestaties: list[Prestatie], inhoud: bool, variant: str, closed: bool
) -> None:
    """Whatever was asked before, with rules of both levels and both variants."""
    regels = rules_for("ijw", "323", Prestatie, inhoud=inhoud, variant=variant)
    toetsing = Toetsing(regels)
    kijk = replace(kijk_with_repetitions(), toewijzing=make_toewijzing(einddatum=date(2026, 4, 30)) if closed else make_toewijzing())

    for prestatie in prestaties:
        assert list(toetsing.failed(prestatie, kijk)) == list(failed_rules(regels, prestatie, kijk))


def test_a_rule_that_raises_parks_with_its_code() -> None:
    """Also when another rule fails on the same line, and every time it is asked."""

    def tr999_raises(prestatie: Prestatie, kijk: Kijk) -> bool:
        raise ZeroDivisionError

    regels = rules_for("ijw", "323", Prestatie, inhoud=True, variant="D")
    for volgt_uit in ((), ("eenheid",)):
        toetsing = Toetsing((*regels, replace(regels[0], code="TR999", functie=tr999_raises, volgt_uit=volgt_uit)))
        for bedrag in (48_000, 0):
            prestatie = replace(make_prestatie(), ingediend_bedrag=BedragMetDC(bedrag=bedrag, debet_credit="C"))
            with pytest.raises(Parkeren, match="TR999"):
                toetsing.failed(prestatie, make_kijk())


def test_a_rule_that_says_one_thing_and_then_another_parks() -> None:
    """It raised, and does not when it is asked again to be named: that judges nothing."""
    answers = iter([ZeroDivisionError()])

    def tr998_changes(prestatie: Prestatie, kijk: Kijk) -> bool:
        for fout in answers:
            raise fout
        return True

    regels = (replace(DELEND[0], code="TR998", functie=tr998_changes, volgt_uit=()),)

    with pytest.raises(Parkeren, match="niet eenduidig"):
        Toetsing(regels).failed(make_prestatie(), make_kijk())
