"""What stays of rows that a folder leaves out, case by case (decision 0010); any folder after any other is in `property`."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.parties.checking import check_folder
from app.parties.region import TABELLEN, Region
from app.parties.verschil import RegioVerschil, verschil
from tests.unit.parties.mappen import GOED, als_bytes

VANDAAG = date(2026, 7, 3)


def region(**changed: str) -> Region:
    """The good folder with other files."""
    found, fouten = check_folder(als_bytes(GOED | {f"{naam}.csv": text for naam, text in changed.items()}))
    assert fouten == ()
    return found


def without(bestand: str, *begins: str) -> str:
    """A file of the good folder without the rows that begin like this."""
    lines = GOED[f"{bestand}.csv"].splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(begins)]
    assert len(kept) == len(lines) - len(begins)
    return "".join(kept)


def load(map_: Region, huidig: Region | None = None, vandaag: date = VANDAAG) -> RegioVerschil:
    """What loading does on the region of the good folder."""
    before = huidig or region()
    ids = {soort: {rij: nummer for nummer, rij in enumerate(before.rijen(soort), start=1)} for soort in TABELLEN}
    return verschil(ids, map_, vandaag)


def periods(rijen: tuple[Any, ...]) -> list[tuple[date, date | None]]:
    """First and last days."""
    return [(rij.geldig_van, rij.geldig_tot) for rij in rijen]


def test_folder_names_days_in_the_middle() -> None:
    """A line from 1 February to 31 March in the place of an open one: what was before it and what was after it, until yesterday, stay."""
    tarieven = without("tarieven", "W1,") + "W1,02,02A01,16,5200,2026-02-01,2026-03-31\n"

    after = load(region(tarieven=tarieven))

    [(_, stays)] = after.per_bestand["tarieven.csv"].beeindigd
    assert periods(stays) == [(date(2025, 1, 1), date(2026, 1, 31)), (date(2026, 4, 1), date(2026, 7, 2))]
    assert {rij.tarief_cent for rij in stays} == {5100}


def test_line_that_begins_today_never_counted() -> None:
    """Its last day would be before its first: it is void, as what is still to come."""
    today = region(tarieven=GOED["tarieven.csv"] + "W1,02,02A01,01,100,2026-07-03,\n")

    change = load(region(), today).per_bestand["tarieven.csv"]

    assert (len(change.vervallen), change.beeindigd, change.blijft) == (1, (), 4)


def test_aanbieder_stays_while_a_contract_of_it_stays() -> None:
    """Its ended contract and tariffs name it; an aanbieder that nothing names is void."""
    files = {
        "aanbieders": "agb,naam,contractpartner_agb\n99000003,De Horst,\n",
        "contracten": GOED["contracten.csv"].partition("\n")[0] + "\nH1,99000003,ijw,*,2026-01-01,,,,\n",
        "tarieven": GOED["tarieven.csv"].partition("\n")[0] + "\nH1,45,45A04,04,9000,2026-01-01,\n",
        "contractopties": "contract,tot,uitgeoefend_op\n",
        "onderaannemers": GOED["onderaannemers.csv"].partition("\n")[0] + "\n",
        "bekostigingen": GOED["bekostigingen.csv"].partition("\n")[0] + "\n",
        "plafonds": "contract,zorgvorm,jaar,bedrag_cent\n",
        "voorschotten": "agb,gemeente,maand,bedrag_cent\n",
        "partijen": "partij,kanaal,adres,kopie,antwoordt\n",
        "bankrekeningen": "partij,iban,tenaamstelling\n",
    }

    after = load(region(**files))

    assert [each.agb for each in after.na.aanbieders] == ["99000001", "99000003"]
    assert [each.agb for each in after.per_bestand["aanbieders.csv"].vervallen] == ["99000002"]
    assert {each.contract: each.geldig_tot for each in after.na.contracten} == {
        "H1": None,
        "J1": date(2026, 7, 2),
        "W1": date(2026, 7, 2),
    }
    assert after.na.contractopties == ()


def test_option_keeps_the_days_by_which_the_contract_was_longer() -> None:
    """J1 ran into 2028 by its option; taken back in June of that year, it has run until the day before."""
    files = {"contractopties": "contract,tot,uitgeoefend_op\n"}

    in_june = load(region(**files), vandaag=date(2028, 6, 10))
    before_it_began = load(region(**files), vandaag=VANDAAG)

    assert [(each.contract, each.tot) for each in in_june.na.contractopties] == [("J1", date(2028, 6, 9))]
    assert before_it_began.na.contractopties == ()


def test_no_joint_purchase_at_all_is_about_every_day() -> None:
    """An ended row would mean that nobody takes part from today on; the folder says that all take part in all."""
    after = load(region(deelname="gemeente,zorgvorm,geldig_van,geldig_tot\n"))

    assert after.na.deelname == ()
    assert len(after.per_bestand["deelname.csv"].vervallen) == 4


def test_herindeling_stays_once_its_day_has_come() -> None:
    """A folder of later years need not tell it again; one that is still to come can be called off, with the end of the gemeente corrected."""
    files = {"herindelingen": "datum,van,naar,fractie\n"}
    called_off = {**files, "gemeenten": GOED["gemeenten.csv"].replace("2026-12-31", "")}

    later = load(region(**files), vandaag=date(2027, 1, 1))
    earlier = load(region(**called_off), vandaag=VANDAAG)

    assert later.na.herindelingen == region().herindelingen
    assert earlier.na.herindelingen == ()
    assert [old.geldig_tot for old, _ in earlier.per_bestand["gemeenten.csv"].gewijzigd] == [date(2026, 12, 31)]
