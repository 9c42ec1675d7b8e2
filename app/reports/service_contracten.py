"""What readers ask about contracts: the list of them, and one with its prices; for gemeenten and the region."""

from __future__ import annotations

from datetime import date

from app.adapters.wereld import Wereld
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.mailbox.bladzijde import make_cursor, read_cursor
from app.reports import store_contracten as store
from app.reports.contracten import CONTRACTEN_MAX, PAGINA_MAX, PRIJZEN_MAX, ContractBlad, ContractLijst, ContractVraag
from app.reports.lezen import lezen
from app.reports.service_plafonds import check_is_gemeente


async def list_contracten(
    wereld: Wereld, actor: Actor, vraag: ContractVraag, cursor: str | None = None, limit: int = PAGINA_MAX
) -> ContractLijst:
    """The contracts that count for one of the reader's gemeenten, by name of the aanbieder.

    Raises:
        NietToegestaan: An aanbieder asks, or somebody without a gemeente.
        CursorOngeldig: The cursor is not one of ours.
    """
    check_is_gemeente(actor)
    skipped = 0 if cursor is None else read_cursor(cursor)
    size = min(limit, CONTRACTEN_MAX)
    async with lezen(wereld) as connection:
        found = await store.list_contracten(connection, actor, vraag, skip=skipped, limit=size + 1)
    volgende = make_cursor(skipped + size) if len(found) > size else None
    return ContractLijst(stand_van=wereld.nu, items=tuple(found[:size]), volgende=volgende)


async def read_contract(wereld: Wereld, actor: Actor, contract: str, *, dag: date | None, jaar: int) -> ContractBlad:
    """One contract with what was agreed, and its price lines on a day (None: all of them).

    Args:
        jaar: Of care, for what was granted on each line.

    Raises:
        NietToegestaan: An aanbieder asks, or somebody without a gemeente.
        NietGevonden: There is no such contract, or it counts for none of the reader's gemeenten.
    """
    check_is_gemeente(actor)
    async with lezen(wereld) as connection:
        kop = await store.find_contract(connection, actor, contract)
        if kop is None:
            raise NietGevonden("Dit contract bestaat niet, of niet voor u.")
        afspraken = await store.load_afspraken(connection, contract, kop["agb"])
        prijzen = await store.load_prijzen(connection, contract, kop["domein"], dag=dag, jaar=jaar, limit=PRIJZEN_MAX + 1)
    return ContractBlad(
        **kop, **afspraken, stand_van=wereld.nu, dag=dag, jaar=jaar, prijzen=tuple(prijzen[:PRIJZEN_MAX]), meer=len(prijzen) > PRIJZEN_MAX
    )
