"""The sentence about the day on which a plafond is used up."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.prognose import PlafondStand, Prognose, Uitputting
from app.reports import Plafond, PlafondRij, Wachtend
from app.web.contracten import dag_zin

VANDAAG = date(2026, 10, 14)
VAN, TOT = date(2026, 1, 1), date(2026, 12, 31)


def make_plafond(uitputting: Uitputting, op: date | None = None, jaar: int | None = 2026) -> Plafond:
    """A plafond about which only the day matters."""
    return Plafond(
        rij=PlafondRij(
            contract="J1",
            agb="42420001",
            aanbieder_naam="De Veste",
            domein="ijw",
            zorgvorm="",
            zorgvorm_naam="",
            jaar=jaar,
            plafond_cent=1,
            van=VAN,
            tot=TOT,
        ),
        stand=PlafondStand(plafond_cent=1, van=VAN, tot=TOT, per_maand={}),
        prognose=Prognose(laag_cent=0, midden_cent=0, hoog_cent=0, uitputting=uitputting, op=op),
        wachtend=Wachtend(),
        onbekend=0,
    )


@pytest.mark.parametrize(
    ("plafond", "zin"),
    [
        (make_plafond(Uitputting.BEREIKT), "Bereikt"),
        (make_plafond(Uitputting.VERWACHT, date(2026, 10, 14)), "Naar verwachting op rond 14 oktober 2026"),
        (make_plafond(Uitputting.VERWACHT, date(2026, 10, 13)), "Naar verwachting al op sinds 13 oktober 2026"),
        (make_plafond(Uitputting.NIET), "Niet dit jaar"),
        (make_plafond(Uitputting.NIET, jaar=None), "Niet in deze periode"),
        (make_plafond(Uitputting.ONBEKEND), "Nog geen twee volle maanden bekend"),
    ],
)
def test_the_day_is_said_in_a_sentence(plafond: Plafond, zin: str) -> None:
    assert dag_zin(plafond, VANDAAG) == zin
