"""The list of the contracts, and one of them with its prices: what was agreed, for whom and how long, and what each price line came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.reports import (
    CONTRACTEN_MAX,
    PRIJZEN_MAX,
    ContractBlad,
    ContractItem,
    ContractVraag,
    list_contracten,
    read_contract,
)
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.CONTRACTEN))]

BEKOSTIGING = {
    "": "Per prestatie",
    "pxq": "Per prestatie (prijs × aantal)",
    "lumpsum": "Lumpsum",
    "subsidie": "Subsidie",
    "budget": "Budget",
}
"""How a contract is paid, in words."""
UITVOERINGSVARIANT = {"": "Niet vastgelegd", "inspanning": "Inspanningsgericht", "output": "Outputgericht", "taak": "Taakgericht"}
"""What is agreed on, in words."""


class LijstVraag(BaseModel):
    """The filter of the list as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    zoek: str | None = Field(default=None, max_length=100)
    domein: Literal["ijw", "iwmo"] | None = None
    product: str | None = Field(default=None, max_length=100)
    alle: Literal["ja"] | None = None
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
        return {name: value for name, value in trimmed.items() if value not in ("", None)}

    def as_filter(self, vandaag: date) -> ContractVraag:
        """The question for `reports`: those that run today, unless all are asked for."""
        dag = None if self.alle else vandaag
        return ContractVraag(dag=dag, domein=self.domein, product=self.product, zoek=self.zoek)

    def as_query(self) -> dict[str, Any]:
        """The filter for a link."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"na"})


class BladVraag(BaseModel):
    """Which contract, and which of its price lines: those of today or (`alle`) of all time."""

    model_config = ConfigDict(frozen=True)

    contract: str = Field(min_length=1, max_length=100)
    alle: Literal["", "ja"] = ""


@router.get("/contracten/lijst")
async def lijst(bezoeker: Lezer, vraag: Annotated[LijstVraag, Query()]) -> Response:
    """The contracts that run today, by name of the aanbieder, in pages."""
    gevonden = await list_contracten(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag), vraag.na)
    return bezoeker.pagina("contracten_lijst.html", lijst=gevonden, vraag=vraag, waarden=vraag.as_query())


@router.get("/contracten/lijst.{vorm}")
async def lijst_bestand(bezoeker: Lezer, vorm: Vorm, vraag: Annotated[LijstVraag, Query()]) -> Response:
    """The same contracts as a file, all of them."""
    gevonden = await list_contracten(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag), limit=CONTRACTEN_MAX)
    return await tabel_bestand("contracten", vorm, _LIJST_KOP, (rij for item in gevonden.items for rij in _lijst_rijen(item)))


@router.get("/contracten/lijst/contract")
async def contract(bezoeker: Lezer, vraag: Annotated[BladVraag, Query()]) -> Response:
    """One contract: what was agreed, and what it pays for which product."""
    blad = await _lees(bezoeker, vraag)
    return bezoeker.pagina(
        "contract.html",
        blad=blad,
        alle=bool(vraag.alle),
        bekostiging=BEKOSTIGING,
        varianten=UITVOERINGSVARIANT,
        prijzen_max=PRIJZEN_MAX,
        mag_openen=partial(rechten.mag_openen, bezoeker.actor),
    )


@router.get("/contracten/lijst/contract.{vorm}")
async def contract_bestand(bezoeker: Lezer, vorm: Vorm, vraag: Annotated[BladVraag, Query()]) -> Response:
    """The price lines of the page as a file."""
    blad = await _lees(bezoeker, vraag)
    rijen = (
        (
            blad.contract, blad.agb, blad.aanbieder_naam, each.categorie, each.code, each.omschrijving, each.zorgvorm_naam, each.eenheid,
            euro_cel(each.tarief_cent), each.geldig_van, each.geldig_tot, euro_cel(each.toegekend_cent),
        )
        for each in blad.prijzen
    )  # fmt: skip
    return await tabel_bestand("prijzen-van-contract", vorm, _PRIJZEN_KOP, rijen)


async def _lees(bezoeker: Bezoeker, vraag: BladVraag) -> ContractBlad:
    vandaag = bezoeker.wereld.vandaag
    dag = None if vraag.alle else vandaag
    return await read_contract(bezoeker.wereld, bezoeker.actor, vraag.contract, dag=dag, jaar=vandaag.year)


_LIJST_KOP = ("contract", "agb", "aanbieder", "domein", "gemeenten", "van", "tot", "prijzen", "product", "prijs", "eenheid")
_PRIJZEN_KOP = (
    "contract", "agb", "aanbieder", "categorie", "product", "omschrijving", "zorgvorm", "eenheid", "tarief", "van", "tot", "toegekend_dit_jaar",
)  # fmt: skip


def _lijst_rijen(item: ContractItem) -> Iterator[tuple[object, ...]]:
    """A contract as a row; of the products that were asked about a row for each price."""
    gemeenten = "*" if item.alle_gemeenten else ", ".join(item.gemeenten)
    for code, cent, eenheid in item.prijs or (("", None, ""),):
        yield (
            item.contract, item.agb, item.aanbieder_naam, item.domein, gemeenten, item.van, item.tot, item.prijzen, code, euro_cel(cent),
            eenheid,
        )  # fmt: skip
