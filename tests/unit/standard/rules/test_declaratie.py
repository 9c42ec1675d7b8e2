"""The rules about Declaratie and the Client in it."""

from __future__ import annotations

from datetime import date

from app.domain.bedrag import TotaalBedragMetDC
from app.domain.declaratie import Declaratie, DeclaratieClient
from app.domain.periode import GeslotenPeriode
from app.domain.snapshot import Kijk
from app.standard.rules.binnen import find_repetitions
from tests.builders import (
    ANDERE_BSN,
    ANDERE_CLIENT_ID,
    BSN,
    GEMEENTE,
    MEI,
    VANDAAG,
    days,
    make_323,
    make_declaratie,
    make_kijk,
    make_month,
    make_prestatie,
    make_snapshot,
    make_toewijzing,
    next_day,
)
from tests.unit.standard.rules.gevallen import assert_fails, assert_holds


def declared(periode: GeslotenPeriode = MEI, **changes: object) -> Declaratie:
    """A Declaratie of the default client."""
    clienten = (DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(),)),)
    return make_declaratie(clienten, declaratie_periode=periode, **changes)


def kijk_on(declaratie: Declaratie, **changes: object) -> Kijk:
    """The Kijk on a 323 with this Declaratie."""
    bericht = make_323(declaratie=declaratie)
    return make_kijk(bericht, **{"binnen": find_repetitions(bericht), **changes})


def test_tr134_refuses_signing_after_dagtekening() -> None:
    """Signed on the day of sending is allowed."""
    for dag, check in ((VANDAAG, assert_holds), (next_day(VANDAAG), assert_fails)):
        declaratie = declared(declaratie_dagtekening=dag)
        check("TR134", declaratie, kijk_on(declaratie))


def test_tr137_refuses_a_month_that_is_not_over() -> None:
    """The period ends on or before Dagtekening, and not before it begins."""
    over, running, reversed_ = declared(), declared(make_month(2026, 6)), declared(days(date(2026, 5, 31), date(2026, 5, 1)))
    last_day = declared(days(date(2026, 6, 1), VANDAAG))

    assert_holds("TR137", over, kijk_on(over))
    assert_holds("TR137", last_day, kijk_on(last_day))
    assert_fails("TR137", running, kijk_on(running))
    assert_fails("TR137", reversed_, kijk_on(reversed_))


def test_tr335_refuses_more_than_five_years() -> None:
    """Five years to the day is allowed."""
    edge = declared(days(date(2021, 6, 1), date(2021, 6, 3)))
    old = declared(days(date(2021, 6, 1), date(2021, 6, 2)))

    assert_holds("TR335", edge, kijk_on(edge))
    assert_fails("TR335", old, kijk_on(old))


def test_tr358_refuses_a_wrong_total() -> None:
    """Debits are added, credits taken away; the sign of the total counts."""
    clienten = (
        DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(bedrag=100), make_prestatie("R2", vorig="R0", debet_credit="C", bedrag=300))),
    )
    right = make_declaratie(clienten, totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=200, debet_credit="C"))
    wrong_sign = make_declaratie(clienten, totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=200, debet_credit="D"))
    one_cent = make_declaratie(clienten, totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=201, debet_credit="C"))

    assert_holds("TR358", right, kijk_on(right))
    assert_fails("TR358", wrong_sign, kijk_on(wrong_sign))
    assert assert_fails("TR358", one_cent, kijk_on(one_cent)).waarde == "201 C"


def test_cs100_refuses_before_2021() -> None:
    """January 2021 is the first month."""
    first, before = declared(make_month(2021, 1)), declared(make_month(2020, 12))

    assert_holds("CS100", first, kijk_on(first))
    assert_fails("CS100", before, kijk_on(before))


def test_cs340_asks_a_whole_month() -> None:
    """A day less, or two months, is refused; February of a leap year has 29 days."""
    for month in (MEI, make_month(2024, 2)):
        assert_holds("CS340", declared(month), kijk_on(declared(month)))
    for wrong in (
        days(date(2026, 5, 1), date(2026, 5, 30)),
        days(date(2026, 4, 1), date(2026, 5, 31)),
        days(date(2026, 5, 2), date(2026, 5, 31)),
    ):
        assert_fails("CS340", declared(wrong), kijk_on(declared(wrong)))


def test_cs325_asks_d_for_a_zero_total() -> None:
    """Zero is a debit."""
    zero_d = declared(totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=0, debet_credit="D"))
    zero_c = declared(totaal_ingediend_bedrag=TotaalBedragMetDC(totaal_bedrag=0, debet_credit="C"))

    assert_holds("CS325", zero_d, kijk_on(zero_d))
    assert_fails("CS325", zero_c, kijk_on(zero_c))


def test_tr333_refuses_a_number_used_before() -> None:
    """Counted per gemeente."""
    declaratie = declared()
    here, elsewhere = frozenset({(GEMEENTE, "D1")}), frozenset({("0687", "D1"), (GEMEENTE, "D2")})

    assert_holds("TR333", declaratie, kijk_on(declaratie, snapshot=make_snapshot(declaratie_nummers=elsewhere)))
    assert_fails("TR333", declaratie, kijk_on(declaratie, snapshot=make_snapshot(declaratie_nummers=here)))


def test_tr318_refuses_going_back() -> None:
    """IV090: the last month again and gaps are allowed, an earlier month is not."""
    declaratie = declared()
    for last, check in ((date(2026, 5, 1), assert_holds), (date(2026, 1, 1), assert_holds), (date(2026, 6, 1), assert_fails)):
        check("TR318", declaratie, kijk_on(declaratie, snapshot=make_snapshot(laatste_declaratieperiode={GEMEENTE: last})))
    assert_holds("TR318", declaratie, kijk_on(declaratie))


def test_cs002_refuses_a_bsn_that_fails_the_11_proef() -> None:
    """Masked in the finding."""
    good, bad = DeclaratieClient(bsn=BSN), DeclaratieClient(bsn="999900007")

    assert_holds("CS002", good, make_kijk())
    assert assert_fails("CS002", bad, make_kijk()).waarde == "***"


def test_tr101_refuses_a_client_twice() -> None:
    """Bsn is the key of a Client."""
    one, other = (
        DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(),)),
        DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie("R2"),)),
    )
    different, same = make_323(clienten=(one, other)), make_323(clienten=(one, one))

    assert_holds("TR101", one, make_kijk(different, binnen=find_repetitions(different)))
    assert_fails("TR101", one, make_kijk(same, binnen=find_repetitions(same)))


def test_tr304_refuses_an_unknown_client() -> None:
    """A Bsn for which the aanbieder has no toewijzing at all."""
    client = DeclaratieClient(bsn=BSN, prestaties=(make_prestatie(),))

    assert_holds("TR304", client, make_kijk())
    assert_fails("TR304", client, make_kijk(client_id=None))


def test_tr304_refuses_a_client_whose_toewijzingen_are_all_of_another() -> None:
    """One line of its own is enough for the Client to hold; what is not seen takes no part."""
    wrong = DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie(),))
    mixed = DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie(), make_prestatie("R2", toewijzing_nummer=2)))
    unknown_number = DeclaratieClient(bsn=ANDERE_BSN, prestaties=(make_prestatie(toewijzing_nummer=77),))
    own = make_toewijzing(toewijzing_nummer=2, client_id=ANDERE_CLIENT_ID)
    of_other_aanbieder = make_snapshot(make_toewijzing(agb="42420002"))

    assert_fails("TR304", wrong, make_kijk(client_id=ANDERE_CLIENT_ID))
    assert_holds("TR304", mixed, make_kijk(client_id=ANDERE_CLIENT_ID, snapshot=make_snapshot(make_toewijzing(), own)))
    assert_holds("TR304", unknown_number, make_kijk(client_id=ANDERE_CLIENT_ID))
    assert_holds("TR304", wrong, make_kijk(client_id=ANDERE_CLIENT_ID, snapshot=of_other_aanbieder))
