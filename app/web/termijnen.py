"""The page of the legal clock: what is owed, by whom, until when; and the same list as a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.reports import CSV_MAX, Telling, Termijn, TermijnFilter, TermijnStand, Wie, list_partijen, list_termijnen, read_termijnen
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import PaginaRoute
from app.web.tabelbestand import Vorm, tabel_bestand
from app.web.termijnwoorden import LEEG, TERMIJN_WOORDEN, UITLEG, koppen, wie_namen

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.BERICHTEN))]


class TermijnenVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    wie: Wie | None = None
    stand: TermijnStand | None = None
    domein: Literal["ijw", "iwmo"] | None = None
    gemeente: str | None = Field(default=None, pattern="^[0-9]{4}$")
    na: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value not in ("", None)} if isinstance(data, dict) else data

    def as_filter(self) -> TermijnFilter:
        """The question for `reports`."""
        return TermijnFilter(**self.model_dump(exclude={"na"}))

    def as_query(self) -> dict[str, Any]:
        """The filter for a link."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"na"})


@router.get("/termijnen")
async def termijnen(bezoeker: Lezer, vraag: Annotated[TermijnenVraag, Query()]) -> Response:
    """What is owed: the first of each group, or all of one group in pages."""
    # The next page is of one group, because the groups go on at different places.
    na = vraag.na if vraag.wie else None
    gevonden = await read_termijnen(bezoeker.wereld, bezoeker.actor, vraag.as_filter(), na)
    partijen = await list_partijen(bezoeker.wereld, bezoeker.actor)
    samen = sum((gevonden.tellingen[wie] for wie in ([vraag.wie] if vraag.wie else Wie)), Telling())
    values = {
        "pagina": gevonden,
        "vraag": vraag,
        "waarden": vraag.as_query(),
        "koppen": koppen(bezoeker.actor),
        "wie_namen": wie_namen(bezoeker.actor),
        "uitleg": UITLEG,
        "leegte": LEEG,
        "samen": samen,
        "csv_max": CSV_MAX,
        "mag_besluiten": bezoeker.actor.heeft(*rechten.TOEGANG),
        "gemeenten_keuze": [(partij.partition(":")[2], naam) for partij, naam in partijen if partij.startswith("gemeente:")],
    }
    return bezoeker.pagina("termijnen.html", **values, **TERMIJN_WOORDEN)


@router.get("/termijnen.{vorm}")
async def termijnen_bestand(bezoeker: Lezer, vorm: Vorm, vraag: Annotated[TermijnenVraag, Query()]) -> Response:
    """The same list as a file, all groups in one order, at most `CSV_MAX` rows."""
    lijst = await list_termijnen(bezoeker.wereld, bezoeker.actor, vraag.as_filter(), limit=CSV_MAX)
    return await tabel_bestand("termijnen", vorm, _KOP, (_rij(item) for item in lijst.items))


_KOP = (
    "eindigt_op", "stand", "werkdagen", "wie", "wat", "bericht", "nummer", "verzoek", "kenmerk", "domein", "gemeente", "gemeente_naam",
    "agb", "aanbieder_naam", "status", "woonplaats_tot",
)  # fmt: skip


def _rij(item: Termijn) -> tuple[object, ...]:
    return (
        item.eindigt_op, item.stand.value, item.werkdagen, item.wie.value, item.wat.value, item.code, item.bericht_nr,
        item.volgnr, item.kenmerk, item.domein, item.gemeente, item.gemeente_naam, item.agb, item.aanbieder_naam, item.status,
        item.woonplaats_tot,
    )  # fmt: skip
