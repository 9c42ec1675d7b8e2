"""The page of the contracts: how far each plafond is used, when it will be used up, and which contracts end while an option is open."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.prognose import Sein, Uitputting
from app.reports import PLAFONDS_MAX, Plafond, PlafondVraag, read_plafonds
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import euro_cel
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.woorden import datum

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.CONTRACTEN))]

SEINEN: dict[Sein, tuple[str, str]] = {
    Sein.BEREIKT: ("Bereikt", "fout"),
    Sein.BIJNA: ("Vanaf 95%", "let-op"),
    Sein.LET_OP: ("Vanaf 80%", "let-op"),
    Sein.GEEN: ("Onder 80%", "goed"),
}
"""Word and tone of each warning, the most urgent first."""


class ContractenVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    jaar: int | None = Field(default=None, ge=2000, le=2100)
    sein: Sein | None = None
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_filter(self) -> PlafondVraag:
        """The question for `reports`."""
        return PlafondVraag(jaar=self.jaar, sein=self.sein)

    def as_query(self) -> dict[str, Any]:
        """The filter for a link; the warning as its percentage, also when that is nothing."""
        return {name: str(value) for name, value in self.model_dump(mode="json", exclude_none=True, exclude={"na"}).items()}


@router.get("/contracten")
async def contracten(bezoeker: Lezer, vraag: Annotated[ContractenVraag, Query()]) -> Response:
    """The plafonds of a year, the most urgent first, in pages."""
    gevonden = await read_plafonds(bezoeker.wereld, bezoeker.actor, vraag.as_filter(), vraag.na)
    return bezoeker.pagina(
        "contracten.html",
        pagina=gevonden,
        vraag=vraag,
        waarden=vraag.as_query(),
        seinen=SEINEN,
        dag_zin=dag_zin,
        plafonds_max=PLAFONDS_MAX,
    )


@router.get("/contracten.{vorm}")
async def contracten_bestand(bezoeker: Lezer, vorm: Vorm, vraag: Annotated[ContractenVraag, Query()]) -> Response:
    """The same plafonds as a file, all of them."""
    gevonden = await read_plafonds(bezoeker.wereld, bezoeker.actor, vraag.as_filter(), limit=PLAFONDS_MAX)
    return await tabel_bestand(f"plafonds-{gevonden.jaar}", vorm, _KOP, (_rij(item) for item in gevonden.items))


def dag_zin(plafond: Plafond, vandaag: date) -> str:
    """When the plafond is used up, as a sentence; a day that has passed is one whose claims still have to come."""
    prognose = plafond.prognose
    match prognose.uitputting:
        case Uitputting.BEREIKT:
            return "Bereikt"
        case Uitputting.VERWACHT:
            over = prognose.op is not None and prognose.op < vandaag
            return f"Naar verwachting {'al op sinds' if over else 'op rond'} {datum(prognose.op)}"
        case Uitputting.NIET:
            return "Niet dit jaar" if plafond.rij.jaar else "Niet in deze periode"
        case Uitputting.ONBEKEND:
            return "Nog geen twee volle maanden bekend"


_KOP = (
    "contract", "agb", "aanbieder", "domein", "zorgvorm", "zorgvorm_naam", "jaar", "van", "tot", "plafond", "toegekend", "promille", "sein",
    "wacht_declaraties", "wacht", "verplicht", "toewijzingen_zonder_bedrag", "prognose_laag", "prognose", "prognose_hoog", "uitputting",
    "uitgeput_op",
)  # fmt: skip


def _rij(item: Plafond) -> tuple[object, ...]:
    rij, stand, prognose = item.rij, item.stand, item.prognose
    return (
        rij.contract, rij.agb, rij.aanbieder_naam, rij.domein, rij.zorgvorm, rij.zorgvorm_naam, rij.jaar, rij.van,
        rij.tot, euro_cel(rij.plafond_cent), euro_cel(stand.toegekend_cent), stand.promille, int(item.sein),
        item.wachtend.aantal, euro_cel(stand.wacht_cent), euro_cel(stand.verplicht_cent), item.onbekend, euro_cel(prognose.laag_cent),
        euro_cel(prognose.midden_cent), euro_cel(prognose.hoog_cent), prognose.uitputting.value,
        prognose.op,
    )  # fmt: skip
