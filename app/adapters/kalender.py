"""The days that are no working days in the Netherlands (article 3 Algemene termijnenwet, with Good Friday and 5 May of every year)."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def vrije_dagen() -> Container[date]:
    """All free days of the Netherlands, of any year (made year by year as they are asked)."""
    import holidays

    days: Container[date] = holidays.country_holidays("NL", categories=("public", "optional"))
    return days


@cache
def target_sluitingsdagen() -> Container[date]:
    """The days on which the payment system of the euro (T2) is closed besides Saturday and Sunday: no bank carries out a SEPA payment then."""
    import holidays

    days: Container[date] = holidays.financial_holidays("XECB")
    return days
