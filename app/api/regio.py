"""`/gemeenten`, `/aanbieders`, `/contracten`, `/producten`, `/budgetten`: what is agreed in the region and counts now; read only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.shapes import AGB_PATTERN, GEMEENTE_PATTERN, Cursor, Domein, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep
from app.domain.partij import Actor
from app.mailbox import make_cursor, read_cursor
from app.parties import Region, toon_regio
from app.parties.region import Contract

router = APIRouter(tags=["regio"])

R = TypeVar("R")
L = TypeVar("L", bound=Lijst[Any])

AgbFilter = Annotated[str | None, Query(pattern=AGB_PATTERN)]
GemeenteFilter = Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)]


class GemeenteShape(Shape):
    """A gemeente that takes part; `geldig_tot` is the last day, null when open."""

    code: str
    naam: str
    geldig_van: date
    geldig_tot: date | None


class AanbiederShape(Shape):
    """A provider, and the main contractor whose contracts it delivers under."""

    agb: str
    naam: str
    contractpartner_agb: str | None


class ProductShape(Shape):
    """A product that the region buys, and its zorgvorm in a period."""

    domein: Domein
    categorie: str
    code: str
    omschrijving: str
    eenheid: str
    zorgvorm: str
    geldig_van: date
    geldig_tot: date | None


class TariefShape(Shape):
    """What a contract pays for one eenheid of a product; null for eenheid 83."""

    categorie: str
    code: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None


class ContractShape(Shape):
    """A contract with its tariffs."""

    contract: str
    agb: str
    domein: Domein
    gemeenten: list[str] = Field(description="`*`: alle gemeenten van de regio")
    geldig_van: date
    geldig_tot: date | None
    uitvoeringsvariant: str
    bekostiging: str
    plafond_cent: int | None = Field(description="alleen zichtbaar voor gemeenten")
    tarieven: list[TariefShape]


class BudgetShape(Shape):
    """What a gemeente set aside for a year; an empty zorgvorm is all of them together."""

    gemeente: str
    jaar: int
    zorgvorm: str
    bedrag_cent: int
    bron: str


class GemeenteLijst(Lijst[GemeenteShape]):
    """A page of gemeenten."""


class AanbiederLijst(Lijst[AanbiederShape]):
    """A page of aanbieders."""


class ProductLijst(Lijst[ProductShape]):
    """A page of products."""


class ContractLijst(Lijst[ContractShape]):
    """A page of contracts."""


class BudgetLijst(Lijst[BudgetShape]):
    """A page of budgets."""


@router.get("/gemeenten", summary="Gemeenten die meedoen")
async def gemeenten(wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 200) -> GemeenteLijst:
    """Ook die zijn opgegaan in een andere gemeente."""
    region = await toon_regio(wereld.pool, actor)
    return _page(GemeenteLijst, region.gemeenten, GemeenteShape.model_validate, cursor, limit)


@router.get("/aanbieders", summary="Aanbieders")
async def aanbieders(wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 200) -> AanbiederLijst:
    """Met hun hoofdaannemer."""
    region = await toon_regio(wereld.pool, actor)
    return _page(AanbiederLijst, region.aanbieders, AanbiederShape.model_validate, cursor, limit)


@router.get("/producten", summary="Producten en hun zorgvorm")
async def producten(
    wereld: WereldDep, actor: ActorDep, domein: Domein | None = None, cursor: Cursor = None, limit: Limit = 200
) -> ProductLijst:
    """Met de periode waarin dat geldt."""
    region = await toon_regio(wereld.pool, actor)
    rows = [each for each in region.producten if domein in (None, each.domein)]
    return _page(ProductLijst, rows, ProductShape.model_validate, cursor, limit)


@router.get("/contracten", summary="Contracten met hun tarieven")
async def contracten(
    wereld: WereldDep, actor: ActorDep, aanbieder: AgbFilter = None, cursor: Cursor = None, limit: Limit = 50
) -> ContractLijst:
    """Van een aanbieder de eigen contracten, van een gemeente die voor haar gelden."""
    region = await toon_regio(wereld.pool, actor)
    rows = [each for each in region.contracten if aanbieder in (None, each.agb)]
    shape = _contract_shaper(region, actor)
    return _page(ContractLijst, rows, shape, cursor, limit)


@router.get("/budgetten", summary="Budgetten per gemeente, jaar en zorgvorm")
async def budgetten(
    wereld: WereldDep, actor: ActorDep, gemeente: GemeenteFilter = None, cursor: Cursor = None, limit: Limit = 200
) -> BudgetLijst:
    """Van een gemeente het eigen budget."""
    region = await toon_regio(wereld.pool, actor)
    rows = [each for each in region.budgetten if gemeente in (None, each.gemeente)]
    return _page(BudgetLijst, rows, BudgetShape.model_validate, cursor, limit)


def _page(lijst: type[L], rows: Sequence[R], shape: Callable[[R], Shape], cursor: str | None, limit: int) -> L:
    """A page of rows that are in memory: the cursor counts those that went before."""
    skipped = 0 if cursor is None else read_cursor(cursor)
    volgende = make_cursor(skipped + limit) if len(rows) > skipped + limit else None
    return lijst(items=[shape(row) for row in rows[skipped : skipped + limit]], volgende=volgende)


def _contract_shaper(region: Region, actor: Actor) -> Callable[[Contract], ContractShape]:
    """Contracts with their tariffs; the plafond is for the gemeenten it is about, never for an aanbieder."""
    tarieven: dict[str, list[TariefShape]] = {}
    for tarief in region.tarieven:
        tarieven.setdefault(tarief.contract, []).append(TariefShape.model_validate(tarief))

    def shape(contract: Contract) -> ContractShape:
        names = ("contract", "agb", "domein", "geldig_van", "geldig_tot", "uitvoeringsvariant", "bekostiging")
        return ContractShape(
            gemeenten=list(contract.gemeenten),
            plafond_cent=contract.plafond_cent if _mag_plafond_zien(contract, actor) else None,
            tarieven=tarieven.get(contract.contract, []),
            **{name: getattr(contract, name) for name in names},
        )

    return shape


def _mag_plafond_zien(contract: Contract, actor: Actor) -> bool:
    if actor.gemeenten is None:
        return True
    if contract.alle_gemeenten:
        return bool(actor.gemeenten)
    return not actor.gemeenten.isdisjoint(contract.gemeenten)
