"""The explanation of every worked example adds up to its figures, for every gemeente."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.solidarity import Costs, Measures
from app.solidarity.calculator import settle_pools
from app.solidarity.csvform import read_inputs
from app.solidarity.document import document_of
from app.solidarity.folder import read_folder
from app.solidarity.measures import Facts
from app.solidarity.payment import final_settlement, installments
from app.solidarity.uitleg import Bron, leg_uit
from tests.conformance.test_solidarity_examples import SETTLEMENTS
from tests.unit.solidarity.test_uitleg import adds_up


@pytest.mark.parametrize("folder", SETTLEMENTS, ids=lambda folder: folder.name)
def test_explanation_of_example_adds_up(folder: Path) -> None:
    """Own cost, contribution, advances, balance due and steps are those of the calculator."""
    given = read_inputs(read_folder(folder), name=folder.name)
    facts = Facts(costs=Costs(given.lines), measures=Measures(given.measures), history=given.history)
    settled = settle_pools(given.agreement, facts.costs, facts.measures, facts.history)
    rows = [row for pool in settled for row in pool.rows]
    bron = Bron(document=document_of(given, region="regio", version="1"))
    final = final_settlement(rows, given.advances) if given.advances else []
    spread = {arrangement.code for arrangement in given.agreement.arrangements if arrangement.spread}
    steps = installments([row for row in rows if row.arrangement in spread], given.agreement)

    for gemeente in sorted({row.municipality for row in rows}):
        uitleg = leg_uit(settled, facts, gemeente, bron=bron, agreement=given.agreement, voorschotten=given.advances)

        adds_up(uitleg, settled)
        if given.advances:
            assert uitleg.saldo_cent == sum(row.balance_due_cent for row in final if row.municipality == gemeente)
        else:
            assert uitleg.saldo_cent == uitleg.verevening_cent
        assert [regel.bedrag_cent for regel in uitleg.termijnen] == [each.bedrag_cent for each in steps if each.municipality == gemeente]
