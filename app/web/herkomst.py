"""Pages that follow money: a total and its transfers, the way of one prestatie, a toewijzing, and a share in the verevening."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.reports import (
    Doel,
    HerkomstFilter,
    Verwijzing,
    list_herkomst,
    list_partijen,
    read_spoor,
    read_toewijzing,
    read_totaal,
    read_verevening_spoor,
    read_zorgvormnamen,
    vraag_van,
)
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.pagina import HEADERS, PaginaRoute, query
from app.web.woorden import maandnaam

NR_MAX = 2**63 - 1
BESTAND_MAX = 2_000
"""Transfers in a file."""
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.GELD))]
Nummer = Annotated[int, Path(ge=1, le=NR_MAX)]
GemeenteCode = Annotated[str, Path(pattern=r"^[0-9]{4}$")]
CursorVraag = Annotated[str | None, Query(max_length=100)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)

REKENINGEN = {
    "kosten": "Kosten",
    "kosten_lokaal": "Lokale kosten",
    "crediteur": "Schuld aan aanbieders",
    "verplichting": "Verplichtingen",
    "voorschot": "Voorschotten",
    "voorschot_svb": "Voorschotten aan de SVB",
    "onderweg": "Betalingen onderweg",
    "bank": "Bank",
    "inleg": "Bijdragen aan de regio",
    "verevening": "Verevening",
    "organisatiekosten": "Organisatiekosten",
}
"""Kinds of account of which a total can be followed, in words."""
_MAAND = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class HerkomstVraag(BaseModel):
    """The selection as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    rekening: str = Field(default="kosten", pattern="^(" + "|".join(REKENINGEN) + ")$")
    gemeente: str | None = Field(default=None, pattern=r"^[0-9]{4}$")
    aanbieder: str | None = Field(default=None, pattern=r"^[0-9]{8}$")
    domein: Literal["ijw", "iwmo"] | None = None
    zorgvorm: str | None = Field(default=None, max_length=100)
    zorgmaand: str | None = Field(default=None, pattern=_MAAND)
    zorgjaar: int | None = Field(default=None, ge=2000, le=2100)
    boekmaand: str | None = Field(default=None, pattern=_MAAND)
    boekjaar: int | None = Field(default=None, ge=2000, le=2100)
    tot_en_met: str | None = Field(default=None, pattern=_MAAND)
    geboekt_vanaf: date | None = None
    soort: str | None = Field(default=None, pattern=r"^[a-z_]{1,40}$")
    cursor: str | None = Field(default=None, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value not in ("", None)}
        return data

    def as_filter(self) -> HerkomstFilter:
        """The question for `reports`."""
        months = {name: _eerste_dag(getattr(self, name)) for name in ("zorgmaand", "boekmaand", "tot_en_met")}
        return HerkomstFilter(**{**self.model_dump(exclude={"cursor"}), **months})


def _eerste_dag(maand: str | None) -> date | None:
    return None if maand is None else date.fromisoformat(f"{maand}-01")


@router.get("/herkomst")
async def verwijs(request: Request, bezoeker: Lezer) -> Response:
    """The short address leads to the part about money."""
    return RedirectResponse(f"/geld/herkomst{f'?{request.url.query}' if request.url.query else ''}", status_code=303, headers=HEADERS)


@router.get("/geld/herkomst")
async def herkomst(bezoeker: Lezer, vraag: Annotated[HerkomstVraag, Query()]) -> Response:
    """A total: how it is made up, and its transfers."""
    gezocht = vraag.as_filter()
    totaal = await read_totaal(bezoeker.wereld, bezoeker.actor, gezocht)
    lijst = await list_herkomst(bezoeker.wereld, bezoeker.actor, gezocht, vraag.cursor)
    partijen = dict(await list_partijen(bezoeker.wereld, bezoeker.actor))
    zorgvormen = await read_zorgvormnamen(bezoeker.wereld)
    return bezoeker.pagina(
        "herkomst.html",
        totaal=totaal,
        lijst=lijst,
        waarden=gezocht.as_query(),
        titel=titel_van(gezocht, partijen, zorgvormen),
        bladert=vraag.cursor is not None,
        rekeningen=REKENINGEN,
        gemeenten_keuze=_codes(partijen, "gemeente"),
        zorgvormen=zorgvormen,
        partijen=partijen,
        maandnaam=maandnaam,
        csv_max=BESTAND_MAX,
    )


def _codes(partijen: dict[str, str], kind: str) -> list[tuple[str, str]]:
    return [(partij.partition(":")[2], naam) for partij, naam in partijen.items() if partij.startswith(f"{kind}:")]


def titel_van(vraag: HerkomstFilter, partijen: dict[str, str], zorgvormen: dict[str, str]) -> str:
    """A selection in words: `Kosten Verblijf van Goes in zorgjaar 2026`."""
    words = [REKENINGEN[vraag.rekening]]
    if vraag.zorgvorm is not None:
        words.append(zorgvormen.get(vraag.zorgvorm, vraag.zorgvorm))
    if vraag.aanbieder is not None:
        words.append(f"bij {partijen.get(f'aanbieder:{vraag.aanbieder}', vraag.aanbieder)}")
    if vraag.gemeente is not None:
        words.append(f"van {partijen.get(f'gemeente:{vraag.gemeente}', vraag.gemeente)}")
    if vraag.zorgmaand is not None:
        words.append(f"in {maandnaam(vraag.zorgmaand)}")
    elif vraag.zorgjaar is not None:
        words.append(f"in zorgjaar {vraag.zorgjaar}")
    if vraag.boekmaand is not None:
        words.append(f"geboekt in {maandnaam(vraag.boekmaand)}")
    elif vraag.boekjaar is not None:
        words.append(f"geboekt in {vraag.boekjaar}")
    return " ".join(words)


@router.get("/geld/herkomst/prestaties/{bericht_nr}/{regel}")
async def prestatie(bezoeker: Lezer, bericht_nr: Nummer, regel: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> Response:
    """Where the money of a prestatie ended."""
    spoor = await read_spoor(bezoeker.wereld, bezoeker.actor, bericht_nr, regel)
    bestand = dict(spoor.stappen[0].gegevens)
    return bezoeker.pagina("herkomst_prestatie.html", spoor=spoor, p=spoor.prestatie, bestand=bestand, adres=_adres_voor(bezoeker))


@router.get("/geld/herkomst/toewijzingen/{domein}/{gemeente}/{nummer}")
async def toewijzing(
    bezoeker: Lezer, domein: Literal["ijw", "iwmo"], gemeente: GemeenteCode, nummer: Nummer, cursor: CursorVraag = None
) -> Response:
    """What a toewijzing committed, and what was declared on it."""
    spoor = await read_toewijzing(bezoeker.wereld, bezoeker.actor, domein, gemeente, nummer, cursor)
    return bezoeker.pagina("herkomst_toewijzing.html", spoor=spoor, maandnaam=maandnaam)


@router.get("/geld/herkomst/verevening/{run}/{gemeente}")
async def verevening(bezoeker: Lezer, run: Nummer, gemeente: GemeenteCode) -> Response:
    """The share of a gemeente in a run, down to the balances that went in."""
    spoor = await read_verevening_spoor(bezoeker.wereld, bezoeker.actor, run, gemeente)
    zorgvormen = await read_zorgvormnamen(bezoeker.wereld)

    def boekingen(saldo: Any, *, later: bool = False) -> str:
        return "/geld/herkomst" + query(vraag_van(saldo, spoor if later else None).as_query())

    return bezoeker.pagina("herkomst_verevening.html", spoor=spoor, zorgvormen=zorgvormen, boekingen=boekingen, maandnaam=maandnaam)


_PADEN = {
    Doel.BERICHT: "/berichten/{}",
    Doel.REGEL: "/berichten/{}/regels/{}",
    Doel.PRESTATIE: "/geld/herkomst/prestaties/{}/{}",
    Doel.TOEWIJZING: "/geld/herkomst/toewijzingen/{}/{}/{}",
    Doel.BETAALRUN: "/geld/betalingen/{}",
    Doel.VEREVENING: "/geld/herkomst/verevening/{}/{}",
}
_BERICHTEN = frozenset({Doel.BERICHT, Doel.REGEL})


def _adres_voor(bezoeker: Bezoeker) -> Any:
    """Gives the page behind a step, or None when this person may not open it."""
    may_read = bezoeker.actor.heeft(*rechten.BERICHTEN)

    def adres(naar: Verwijzing | None) -> str | None:
        if naar is None or (naar.doel in _BERICHTEN and not may_read):
            return None
        if naar.vraag is not None:
            return "/geld/herkomst" + query(naar.vraag.as_query())
        return _PADEN[naar.doel].format(*naar.sleutel)

    return adres
