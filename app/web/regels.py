"""The page of the rulebook: every rule of the standard, what is done about it, and when it last fired for the gemeenten of who looks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.partij import Rol
from app.reports import KEREN_MAX, read_afgegaan
from app.standard.catalogue import NUMMERS
from app.standard.codelists import retourcode
from app.standard.rulebook import SOORTEN, Regelgroep, RegelVraag, Staat, per_code, regelboek, tel_staten, zoek
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import PaginaRoute

BLAD_MAX = 25
"""Codes on one page."""

router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


class RegelsVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    zoek: str = Field(default="", max_length=60)
    domein: Literal["ijw", "iwmo"] | None = None
    soort: str | None = Field(default=None, pattern="^(" + "|".join(SOORTEN) + ")$")
    staat: Staat | None = None
    bericht: str | None = Field(default=None, pattern="^(" + "|".join(NUMMERS) + ")$")
    blad: int = Field(default=1, ge=1, le=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if isinstance(data, dict):
            stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
            return {name: value for name, value in stripped.items() if value not in ("", None)}
        return data

    def as_vraag(self) -> RegelVraag:
        """The question for the rulebook."""
        return RegelVraag(tekst=self.zoek, domein=self.domein, soort=self.soort, staat=self.staat, bericht=self.bericht)

    def as_query(self) -> dict[str, Any]:
        """The filter for a link, without what is the default and without the page."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude={"blad"})


Iedereen = Annotated[Bezoeker, Depends(bezoeker_met(*Rol))]


@router.get("/regels")
async def regels(bezoeker: Iedereen, vraag: Annotated[RegelsVraag, Query()]) -> Response:
    """The rules that answer the filter, per code."""
    rijen = zoek(regelboek(), vraag.as_vraag())
    groepen = _by_code_first(per_code(rijen), vraag.zoek)
    bladen = max(1, -(-len(groepen) // BLAD_MAX))
    blad = min(vraag.blad, bladen)
    shown = groepen[(blad - 1) * BLAD_MAX : blad * BLAD_MAX]
    values = {
        "vraag": vraag,
        "waarden": vraag.as_query(),
        "groepen": shown,
        "betekenissen": _betekenissen(shown),
        "afgegaan": await read_afgegaan(bezoeker.wereld, bezoeker.actor, {groep.code for groep in shown}),
        "codes": len(groepen),
        "rijen": len(rijen),
        "blad": blad,
        "bladen": bladen,
        "tellingen": tel_staten(zoek(regelboek(), vraag.as_vraag().zonder_staat())),
        "soorten": SOORTEN,
        "nummers": NUMMERS,
        "keren_max": KEREN_MAX,
        "mag_berichten": bezoeker.actor.heeft(*rechten.BERICHTEN),
    }
    return bezoeker.pagina("regels.html", **values)


def _by_code_first(groepen: tuple[Regelgroep, ...], tekst: str) -> tuple[Regelgroep, ...]:
    """The rules whose code begins with what was typed before those that only mention it."""
    typed = tekst.casefold()
    return tuple(sorted(groepen, key=lambda groep: not groep.code.casefold().startswith(typed)))


def _betekenissen(groepen: tuple[Regelgroep, ...]) -> dict[str, str]:
    """What the retourcodes of these rules mean."""
    found = {groep.retourcode: retourcode(groep.retourcode) for groep in groepen if groep.retourcode}
    return {code: row.betekenis for code, row in found.items() if row is not None}
