"""The chart of accounts and the events hang together, and docs/ledger.md says what they are."""

from __future__ import annotations

from pathlib import Path

from app.ledger import rekeningschema
from app.ledger.gebeurtenissen import GEBEURTENISSEN, Bron, paren
from app.ledger.rekeningschema import REKENINGSOORTEN, Eigenaar

PAGE = Path(__file__).resolve().parents[3] / "docs" / "ledger.md"


def rekening_rows() -> list[list[str]]:
    """The table of accounts as the page has it."""
    owner = {Eigenaar.GEMEENTE: "gemeente", Eigenaar.AANBIEDER: "aanbieder, gemeente", Eigenaar.REGIO: "regio"}
    return [[f"`{each.soort}`", owner[each.eigenaar], str(each.normaal), each.betekenis] for each in REKENINGSOORTEN]


def gebeurtenis_rows() -> list[list[str]]:
    """The table of events as the page has it."""
    source = {Bron.BERICHT: "bericht", Bron.HANDELING: "handeling", Bron.BEIDE: "bericht, handeling"}
    return [
        [
            f"`{each.soort}`",
            ", ".join(f"{debet} → {credit}" for debet, credit in each.paren),
            source[each.bron],
            str(each.client),
            str(each.omkering),
            each.betekenis,
        ]
        for each in GEBEURTENISSEN
    ]


def table(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the page, without its header."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_the_page_has_every_account_and_every_event_as_they_are() -> None:
    """In their order, word for word."""
    assert table("Accounts") == rekening_rows()
    assert table("Events") == gebeurtenis_rows()


def test_every_account_is_moved_by_an_event_and_no_event_by_another() -> None:
    """Names of accounts are those of the chart; no pair of a soort stands twice."""
    named = {side for each in GEBEURTENISSEN for pair in each.paren for side in pair}
    keys = [(each.soort, each.debet, each.credit) for each in paren()]

    assert named == {each.soort for each in REKENINGSOORTEN}
    assert len(set(keys)) == len(keys)


def test_money_reaches_the_region_only_through_its_kas() -> None:
    """So no event moves money between two gemeenten: both sides are of one, or one of them is the kas."""
    of_region = {each.soort for each in REKENINGSOORTEN if each.eigenaar is Eigenaar.REGIO}

    assert of_region == {rekeningschema.KAS}
    assert not [each.soort for each in paren() if {each.debet, each.credit} <= of_region]
