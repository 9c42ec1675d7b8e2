"""The key of a row as text: one text for each key, safe in an address, and an etag that changes with the row."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parties.region import Contract, Contractoptie, Financiering, Rij, Tarief, Voorschot
from app.parties.sleutel import GeenSleutel, etag_van, lees_sleutel, sleuteltekst

TARIEF = Tarief(contract="J1", categorie="45", code="45A04", eenheid="04", tarief_cent=6000, geldig_van=date(2026, 1, 1))
NAMEN = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda text: text.strip() == text
)


@pytest.mark.parametrize(
    ("rij", "tekst"),
    [
        (TARIEF, "J1,45,45A04,04,2026-01-01"),
        (Financiering(contract="J 1/2", jaar=2026, vorm="pxq"), "J~201~2F2,,2026"),
        (Voorschot(agb="42420001", gemeente="0664", maand=date(2026, 2, 1), bedrag_cent=1), "42420001,0664,2026-02"),
        (Contractoptie(contract="é,~", tot=date(2027, 1, 1)), "~C3~A9~2C~7E,2027-01-01"),
        (Contractoptie(contract="..", tot=date(2027, 1, 1)), "~2E.,2027-01-01"),
    ],
)
def test_a_key_is_written_as_agreed(rij: Rij, tekst: str) -> None:
    """Ordinary keys are as they stand in the file; the rest is written in bytes."""
    assert sleuteltekst(rij) == tekst
    assert tuple(lees_sleutel(type(rij), tekst).values()) == tuple(getattr(rij, kolom) for kolom in rij.sleutel)


@given(NAMEN)
def test_any_contract_number_survives_an_address(nummer: str) -> None:
    """What is written is read back, has nothing that an address treats otherwise, and is no way up the tree."""
    rij = Contractoptie(contract=nummer, tot=date(2027, 1, 1))

    tekst = sleuteltekst(rij)

    assert lees_sleutel(Contractoptie, tekst) == {"contract": nummer, "tot": rij.tot}
    assert re.fullmatch(r"[A-Za-z0-9._:~,-]+", tekst)
    assert tekst.partition(",")[0] not in (".", "..")


@pytest.mark.parametrize(
    "tekst",
    [
        "",
        "J1",
        "J1,45,45A04,04,2026-01-01,x",
        "J1,45,45A04,04,2026-1-1",
        "J1,45,45A04,99999,2026-01-01",
        "~4A1,45,45A04,04,2026-01-01",
        "J~2f1,45,45A04,04,2026-01-01",
        "J~FF,45,45A04,04,2026-01-01",
        "J 1,45,45A04,04,2026-01-01",
        "J~001,45,45A04,04,2026-01-01",
        f"{'J' * 1000},45,45A04,04,2026-01-01",
    ],
)
def test_what_is_no_key_is_refused(tekst: str) -> None:
    """Too few or too many parts, values no such row has, and a second way to write a key."""
    with pytest.raises(GeenSleutel):
        lees_sleutel(Tarief, tekst)


def test_an_etag_changes_with_the_values_and_with_the_stored_row() -> None:
    """The same row under another id is another version: it was changed and changed back."""
    contract = Contract(contract="J1", agb="42420001", domein="ijw", gemeenten=("0664",), geldig_van=date(2026, 1, 1))
    etags = {
        etag_van(TARIEF, 1),
        etag_van(TARIEF, 2),
        etag_van(replace(TARIEF, tarief_cent=6001), 1),
        etag_van(contract, 1),
        etag_van(replace(contract, plafond_cent=5), 1),
    }

    assert len(etags) == 5
    assert etag_van(TARIEF, 1) == etag_van(replace(TARIEF), 1)
