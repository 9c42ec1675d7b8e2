"""The shift towards what is shared: before and after, per gemeente, in order of size."""

from __future__ import annotations

from datetime import date

from app.solidarity.agreement import Agreement, Arrangement, Layer, Membership
from app.solidarity.costs import ClientYearCost, MonthCost
from app.solidarity.grenzen import Deel, verschuivingen

BEGIN = date(2025, 1, 1)
TOT = date(2026, 1, 1)


def regeling(code: str = "R", share: int = 1, begin: date = BEGIN, leden: tuple[str, ...] = ("A", "B"), vorm: str = "ZWAAR") -> Arrangement:
    return Arrangement(
        code=code,
        since=begin,
        until=date(2030, 1, 1),
        categories=(vorm,),
        members=tuple(Membership(municipality=each) for each in leden),
        layers=(Layer(basis="cost", share=share),),  # type: ignore[arg-type]
    )


def maand(gemeente: str, dag: date, zwaar: int, licht: int) -> list[MonthCost]:
    return [
        MonthCost(gemeente=gemeente, zorgvorm=vorm, zorgmaand=dag, bedrag_cent=cent) for vorm, cent in (("ZWAAR", zwaar), ("LICHT", licht))
    ]


KOSTEN = [
    *maand("A", date(2024, 5, 1), 20, 80),
    *maand("A", date(2024, 6, 1), 20, 80),
    *maand("A", date(2025, 2, 1), 60, 40),
    *maand("B", date(2024, 5, 1), 50, 50),
    *maand("B", date(2025, 2, 1), 40, 60),
]


def test_shift_is_the_part_after_minus_the_part_before() -> None:
    """A moved from 20% to 60% and is first; B moved away; a gemeente of which one side is empty has no rank."""
    agreement = Agreement(name="proef", arrangements=(regeling(leden=("A", "B", "C")),))

    first, second, third = verschuivingen(agreement, KOSTEN, [], TOT)

    assert (first.gemeente, first.voor, first.na, first.verschil_promille, first.rang) == (
        "A", Deel(deel=40, geheel=200), Deel(deel=60, geheel=100), 400, 1,
    )  # fmt: skip
    assert (second.gemeente, second.verschil_promille, second.rang) == ("B", -100, 2)
    assert (third.gemeente, third.verschil_promille, third.rang) == ("C", None, None)
    assert [each.naam for each in first.kwartalen] == ["2024 kw 2", "2025 kw 1"]
    assert first.zorgvormen == ("ZWAAR",)


def test_arrangement_that_shares_nothing_makes_no_boundary() -> None:
    """Profijtbeginsel is an arrangement too."""
    assert verschuivingen(Agreement(name="proef", arrangements=(regeling(share=0),)), KOSTEN, [], TOT) == ()


def test_quarter_that_still_fills_does_not_count() -> None:
    """The month before it may."""
    agreement = Agreement(name="proef", arrangements=(regeling(leden=("A",)),))

    (found,) = verschuivingen(agreement, [*KOSTEN, *maand("A", date(2025, 4, 1), 0, 999)], [], date(2025, 5, 20))

    assert found.na == Deel(deel=60, geheel=100)


def test_no_more_than_two_years_on_each_side() -> None:
    """Ten quarters before: the oldest two are left out."""
    agreement = Agreement(name="proef", arrangements=(regeling(leden=("A",)),))
    months = [month for year, first in ((2022, 7), (2023, 1), (2024, 1)) for number in range(first, 13, 3)
              for month in maand("A", date(year, number, 1), 1000 if year == 2022 else 10, 90)]  # fmt: skip

    (found,) = verschuivingen(agreement, months, [], TOT)

    assert (len(found.kwartalen), found.voor) == (8, Deel(deel=80, geheel=800))


def test_clients_count_once_a_year_whatever_they_use() -> None:
    """One client with both kinds of care in a year is one, and a shared one."""
    agreement = Agreement(name="proef", arrangements=(regeling(leden=("A",)),))
    rows = [(1, "ZWAAR", 2024), (1, "LICHT", 2024), (2, "LICHT", 2024), (1, "ZWAAR", 2025), (2, "ZWAAR", 2025)]
    clients = [ClientYearCost(client=str(c), gemeente="A", zorgvorm=v, zorgjaar=y, bedrag_cent=5) for c, v, y in rows]

    (found,) = verschuivingen(agreement, KOSTEN, clients, TOT)

    assert (found.clienten_voor, found.clienten_na) == (Deel(deel=1, geheel=2), Deel(deel=2, geheel=2))
    assert found.clienten_verschil_promille == 500


def test_gemeente_that_joined_later_has_its_own_beginning() -> None:
    """And the earliest of its arrangements counts."""
    late = Arrangement(
        code="L", since=date(2023, 1, 1), until=date(2030, 1, 1), categories=("LICHT",),
        members=(Membership(municipality="A", since=date(2024, 6, 1)),),
    )  # fmt: skip
    agreement = Agreement(name="proef", arrangements=(late, regeling(leden=("A",))))

    (found,) = verschuivingen(agreement, KOSTEN, [], TOT)

    assert (found.begin, found.zorgvormen) == (date(2024, 6, 1), ("LICHT", "ZWAAR"))
    assert found.voor == Deel()  # The second quarter of 2024 is that of the beginning, so it counts as after.


def test_net_credit_has_no_part() -> None:
    assert Deel(deel=1, geheel=-5).promille is None
    assert Deel(deel=1, geheel=3).promille == 333
