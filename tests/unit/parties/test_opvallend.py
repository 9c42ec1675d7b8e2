"""What is possible but seldom meant gives a warning at its place, stops nothing, and an ordinary folder gives none."""

from __future__ import annotations

import pytest

from app.parties.checking import keur_folder
from app.parties.folder import RegioFout
from tests.unit.parties.mappen import GOED, als_bytes, map_met, map_met_rij, map_met_wijziging


def warnings(bestanden: dict[str, bytes]) -> list[RegioFout]:
    """The warnings about a folder that has no faults."""
    keuring = keur_folder(bestanden)
    assert keuring.fouten == ()
    return list(keuring.waarschuwingen)


def places(bestanden: dict[str, bytes]) -> list[tuple[str, int | None, str | None]]:
    """Where they are."""
    return [(each.bestand, each.rij, each.kolom) for each in warnings(bestanden)]


def test_ordinary_folder_gives_none() -> None:
    assert warnings(als_bytes(GOED)) == []


def test_folder_with_faults_is_not_warned_about() -> None:
    """First what must be mended: a warning about rows that contradict each other would be about the wrong thing."""
    keuring = keur_folder(map_met_rij("tarieven.csv", "J9,45,45A04,04,1,2025-01-01,"))

    assert keuring.fouten
    assert keuring.waarschuwingen == ()


def test_gap_between_tariffs() -> None:
    """A prestatie in the gap has no tariff, and none is guessed."""
    [found] = warnings(map_met_wijziging("tarieven.csv", "04,9000,2025-01-01,2025-12-31", "04,9000,2025-01-01,2025-11-30"))

    assert (found.bestand, found.rij, found.kolom) == ("tarieven.csv", 3, "geldig_van")
    assert "Van 2025-12-01 tot en met 2025-12-31" in found.melding
    assert "rij 2" in found.melding


def test_gemeente_that_ends_without_successor() -> None:
    """Another first day of the herindeling is no successor either."""
    bestanden = map_met(herindelingen="datum,van,naar,fractie\n2027-02-01,0718,0687,1\n")

    [found] = warnings(bestanden)

    assert (found.bestand, found.rij, found.kolom) == ("gemeenten.csv", 4, "geldig_tot")
    assert "zonder herindeling op 2027-01-01" in found.melding


def test_gemeente_that_goes_on_after_its_herindeling() -> None:
    """The whole of 0687 goes over into 0664, but its row has no last day."""
    [found] = warnings(map_met_rij("herindelingen.csv", "2028-01-01,0687,0664,1"))

    assert (found.bestand, found.rij, found.kolom) == ("gemeenten.csv", 3, "geldig_tot")
    assert "2027-12-31" in found.melding


def test_part_that_goes_over_leaves_the_rest_where_it_is() -> None:
    """A split in which the gemeente keeps a part is no end of it."""
    assert warnings(map_met_rij("herindelingen.csv", "2028-01-01,0687,0687,2/3\n2028-01-01,0687,0664,1/3")) == []


MAATSTAVEN = "maatstaf,gemeente,zorgvorm,jaar,waarde\ninwoners,0718,,2026,40000\ninwoners,0664,,2026,10000\ninwoners,0687,,2026,50000\n"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        pytest.param("inwoners,0664,,2027,20000\ninwoners,0687,,2027,80000\n", [], id="all there"),
        pytest.param("inwoners,0664,,2027,20300\ninwoners,0687,,2027,78500\n", [], id="within two percent"),
        pytest.param("inwoners,0664,,2027,20000\ninwoners,0687,,2027,50000\n", [(2, "80000", "50000")], id="a part is lost"),
        pytest.param("inwoners,0664,,2027,25000\ninwoners,0687,,2027,80000\n", [(3, "20000", "25000")], id="too many"),
        pytest.param("inwoners,0687,,2027,50000\n", [(2, "80000", "50000")], id="no figure, nothing said"),
    ],
)
def test_merger_that_loses_inhabitants(after: str, found: list[tuple[int, str, str]]) -> None:
    """Three quarters of 0718 go to 0687 and one to 0664, on 1 January 2027: the years 2026 and 2027 are compared, both figures named."""
    warned = warnings(map_met(maatstaven=MAATSTAVEN + after))

    assert [(each.bestand, each.rij, each.kolom) for each in warned] == [("herindelingen.csv", rij, "naar") for rij, _, _ in found]
    for each, (_, before, whole) in zip(warned, found, strict=True):
        assert f"2026 samen {before} inwoners" in each.melding
        assert f"in 2027 {whole};" in each.melding


def test_merger_in_mid_year_is_compared_with_the_next_year() -> None:
    """The figures of the year of a merger on 1 July are those of the old gemeenten."""
    bestanden = map_met(
        gemeenten=GOED["gemeenten.csv"].replace("2026-12-31", "2026-06-30"),
        herindelingen="datum,van,naar,fractie\n2026-07-01,0718,0687,1\n",
        maatstaven=MAATSTAVEN + "inwoners,0687,,2027,50000\n",
    )

    [found] = warnings(bestanden)

    assert "2026 samen 90000 inwoners" in found.melding


def test_contract_for_all_in_which_nobody_takes_part() -> None:
    """W1 is for `*` and has tariffs in wmo_begeleiding; without a row for that it counts for no gemeente."""
    bestanden = map_met(deelname="gemeente,zorgvorm,geldig_van,geldig_tot\n0664,jeugd_ambulant,2025-01-01,\n")

    assert places(bestanden) == [("contracten.csv", 3, "gemeenten")]
    assert places(map_met(deelname="gemeente,zorgvorm,geldig_van,geldig_tot\n")) == []


def test_subcontractor_that_claims_already() -> None:
    """99000002 names 99000001 as its contractpartner, on every day."""
    assert places(map_met_rij("onderaannemers.csv", "99000001,99000002,,eigen,2026-01-01,")) == [
        ("onderaannemers.csv", 3, "onderaannemer_agb")
    ]
