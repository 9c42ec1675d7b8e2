"""When a month may be closed, and that its hash says all there is to say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Conflict, OngeldigVerzoek
from app.ledger.afsluiten import KOLOMMEN, Boekstand, Bron, Maandhash, belet, bron_hash, check_sluitbaar, maanden_van_jaar, regel_van
from app.ledger.boeking import Boeking

APRIL, MEI, JUNI = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
VANDAAG = date(2026, 6, 3)
NOOIT = Boekstand(gesloten_tot=None, hash=None, open_maanden=(APRIL, MEI, JUNI))
TOT_APRIL = Boekstand(gesloten_tot=APRIL, hash=b"a", open_maanden=(MEI, JUNI))
WAARDEN = st.lists(st.one_of(st.none(), st.integers(), st.text(), st.dates()), min_size=2, max_size=5)


def test_the_line_holds_every_column_of_a_transfer() -> None:
    """A column that is added is hashed too, or this fails; both accounts are written out."""
    assert set(Boeking._fields) - set(KOLOMMEN) == {"debet", "credit"}
    assert len(KOLOMMEN) == len(set(KOLOMMEN)) == len(Boeking._fields) - 2 + 8


@given(WAARDEN, WAARDEN)
def test_other_values_have_another_line(one: list[object], other: list[object]) -> None:
    """Whatever is in the text: a line says where a value ends and what kind it is."""
    as_text = [[each.isoformat() if isinstance(each, date) else each for each in values] for values in (one, other)]

    assert (regel_van(one) == regel_van(other)) == (as_text[0] == as_text[1])
    assert json.loads(regel_van(one)) == as_text[0]
    assert regel_van(one).count(b"\n") == 1


def made(bronnen: list[Bron], **changes: object) -> bytes:
    """The hash of a month of these sources."""
    given_: dict[str, object] = {
        "vorige": b"v" * 32,
        "gesloten_op": datetime(2026, 6, 3, 7, tzinfo=UTC),
        "gesloten_door": "contr",
        **changes,
    }
    boekmaand = given_.pop("boekmaand", MEI)
    month = Maandhash(boekmaand, **given_)  # type: ignore[arg-type]
    month.add(bronnen)
    return month.digest()


BRON = Bron(bericht_nr=7, aantal=2, bedrag_cent=300, hash=bron_hash([b"een\n", b"twee\n"]))
ANDER = Bron(bericht_nr=8, aantal=1, bedrag_cent=300, hash=bron_hash([b"een\n"]))


@pytest.mark.parametrize(
    "other",
    [
        made([ANDER, BRON]),
        made([BRON]),
        made([BRON, Bron(bericht_nr=8, aantal=1, bedrag_cent=301, hash=ANDER.hash)]),
        made([BRON, Bron(bericht_nr=8, aantal=1, bedrag_cent=300, hash=BRON.hash)]),
        made([BRON, ANDER], vorige=None),
        made([BRON, ANDER], vorige=b"w" * 32),
        made([BRON, ANDER], gesloten_door="ander"),
        made([BRON, ANDER], gesloten_op=datetime(2026, 6, 4, 7, tzinfo=UTC)),
        made([BRON, ANDER], boekmaand=JUNI),
    ],
)
def test_the_hash_of_a_month_changes_with_everything_in_it(other: bytes) -> None:
    """Order, sources, their sums and hashes, who closed it and when, and the month before."""
    assert made([BRON, ANDER]) == made([BRON, ANDER])
    assert made([BRON, ANDER]) != other


def test_the_sums_of_a_month_are_those_of_its_sources() -> None:
    """Whatever the portions they come in."""
    month = Maandhash(MEI, vorige=None, gesloten_op=datetime(2026, 6, 3, tzinfo=UTC), gesloten_door="contr")

    month.add([BRON])
    month.add([])
    month.add([ANDER])

    assert (month.aantal, month.bedrag_cent) == (3, 600)


@pytest.mark.parametrize(
    ("maand", "stand", "reden"),
    [
        (APRIL, NOOIT, None),
        (MEI, TOT_APRIL, None),
        (MEI, NOOIT, "Sluit eerst 2026-04"),
        (APRIL, TOT_APRIL, "al afgesloten"),
        (date(2025, 1, 1), TOT_APRIL, "al afgesloten"),
        (JUNI, TOT_APRIL, "nog niet voorbij"),
        (date(2026, 7, 1), TOT_APRIL, "nog niet voorbij"),
        (date(2025, 1, 1), NOOIT, None),
    ],
)
def test_months_close_in_order_and_when_they_are_over(maand: date, stand: Boekstand, reden: str | None) -> None:
    """The current and a future month never, a month before the last closed one neither."""
    found = belet(maand, stand, vandaag=VANDAAG)

    if reden is None:
        assert found is None
        check_sluitbaar(maand, stand, vandaag=VANDAAG)
    else:
        assert found is not None
        assert reden in found
        with pytest.raises(Conflict):
            check_sluitbaar(maand, stand, vandaag=VANDAAG)


def test_on_the_first_day_of_a_month_the_month_before_is_over() -> None:
    """And on its last day it is not."""
    assert belet(MEI, TOT_APRIL, vandaag=date(2026, 5, 31)) is not None
    assert belet(MEI, TOT_APRIL, vandaag=date(2026, 6, 1)) is None


def test_a_month_is_named_by_its_first_day() -> None:
    """Another day is a mistake of who asks."""
    with pytest.raises(OngeldigVerzoek):
        check_sluitbaar(date(2026, 5, 2), TOT_APRIL, vandaag=VANDAAG)


def test_a_year_closes_from_its_first_open_month_with_transfers() -> None:
    """To December; a year that holds nothing by December alone; a closed one by nothing."""
    assert maanden_van_jaar(2026, NOOIT) == tuple(date(2026, nr, 1) for nr in range(4, 13))
    assert maanden_van_jaar(2026, TOT_APRIL)[0] == MEI
    assert maanden_van_jaar(2025, NOOIT) == (date(2025, 12, 1),)
    assert maanden_van_jaar(2025, TOT_APRIL) == ()
