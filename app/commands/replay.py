"""`solidair replay NR`: a parked bericht is judged again."""

from __future__ import annotations

import argparse

from app.adapters.wereld import Wereld
from app.commands.wereld import read_settings, with_wereld
from app.domain.partij import SYSTEEM
from app.judging import opnieuw
from workers.local import judge_all


def run(arguments: argparse.Namespace) -> int:
    """Without a broker it is judged at once, otherwise by the workers."""
    settings = read_settings()

    async def work(wereld: Wereld) -> None:
        await opnieuw(wereld, SYSTEEM, arguments.bericht_nr)
        if settings.amqp_url is None:
            await judge_all(wereld, lot_size_max=settings.lot_size_max)

    with_wereld(work)
    print(f"bericht {arguments.bericht_nr} wordt opnieuw beoordeeld")
    return 0
