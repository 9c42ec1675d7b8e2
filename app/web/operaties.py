"""Pages of operations: the start page, berichten, and one bericht."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.errors import DomainError, NietGevonden, OngeldigVerzoek
from app.domain.partij import Rol
from app.judging import opnieuw
from app.notices import stand_van_afkeuringen
from app.reports import (
    CSV_MAX,
    BerichtFilter,
    BerichtRegel,
    list_berichten,
    list_partijen,
    read_bericht,
    read_overzicht,
    read_vandaag,
    read_xml,
    zoek_client,
)
from app.standard.catalogue import NUMMERS, soort
from app.web import rechten
from app.web.bezoeker import Bezoeker, bezoeker_met
from app.web.csvbestand import csv_tekst, euro_cel
from app.web.matching import plek_van
from app.web.mijn import start_van_aanbieder
from app.web.pagina import HEADERS, PaginaRoute, query
from app.web.termijnwoorden import TERMIJN_WOORDEN
from app.web.vasthouden import blik_of_niets
from app.web.woorden import STATUSSEN, datum_kort, partij_woord, status_woord, tijdstip

BERICHT_NR_MAX = 2**63 - 1

BerichtNr = Annotated[int, Path(ge=1, le=BERICHT_NR_MAX)]
router = APIRouter(route_class=PaginaRoute, include_in_schema=False)


class BerichtenVraag(BaseModel):
    """The filter as it stands in the address; an empty field of the form is no filter."""

    model_config = ConfigDict(frozen=True)

    richting: Literal["in", "uit", "alle"] = "in"
    status: str | None = Field(default=None, pattern="^(" + "|".join(STATUSSEN) + ")$")
    domein: Literal["ijw", "iwmo"] | None = None
    soort: str | None = Field(default=None, pattern="^(" + "|".join(NUMMERS) + ")$")
    partij: str | None = Field(default=None, pattern="^(gemeente:[0-9]{4}|aanbieder:[0-9]{8})$")
    van: date | None = None
    tot: date | None = None
    retourcode: str | None = Field(default=None, pattern="^[A-Z0-9]{4}$")
    regel: str | None = Field(default=None, pattern="^[A-Za-z0-9]{1,12}$")
    afzender: Literal["gemeente", "aanbieder"] | None = None
    identificatie: str | None = Field(default=None, max_length=40)
    gemeente: str | None = Field(default=None, pattern="^[0-9]{4}$")
    toewijzing: int | None = Field(default=None, ge=1, le=999_999_999)
    client: int | None = Field(default=None, ge=1, le=BERICHT_NR_MAX)
    termijn: Literal["open", "te_laat"] | None = None
    voor: int | None = Field(default=None, ge=1, le=BERICHT_NR_MAX)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if isinstance(data, dict):
            stripped = {name: value.strip() if isinstance(value, str) else value for name, value in data.items()}
            return {name: value for name, value in stripped.items() if value not in ("", None)}
        return data

    def as_filter(self, vandaag: date) -> BerichtFilter:
        """The question for `reports`; `vandaag` decides what is late."""
        values = self.model_dump(exclude={"richting", "termijn"})
        return BerichtFilter(
            **values,
            richting=None if self.richting == "alle" else self.richting,
            open_termijn=self.termijn == "open",
            termijn_voor=vandaag if self.termijn == "te_laat" else None,
        )

    def as_query(self) -> dict[str, Any]:
        """The filter for a link, without what is the default."""
        return self.model_dump(exclude_defaults=True, exclude={"voor"})


Iedereen = Annotated[Bezoeker, Depends(bezoeker_met(*Rol))]
Lezer = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.BERICHTEN))]
Uitvaller = Annotated[Bezoeker, Depends(bezoeker_met(*rechten.UITVAL))]


@router.get("/")
async def start(bezoeker: Iedereen) -> Response:
    """What needs this person today by role, and how it goes in general."""
    if rechten.is_van_aanbieder(bezoeker.actor):
        return await start_van_aanbieder(bezoeker)
    mag = _mag(bezoeker)
    live_sinds = await stand_van_afkeuringen(bezoeker.wereld) if mag["uitval"] else None
    werk, overzicht = await asyncio.gather(read_vandaag(bezoeker.wereld, bezoeker.actor), read_overzicht(bezoeker.wereld, bezoeker.actor))
    volgorde = {status: plaats for plaats, status in enumerate(STATUSSEN)}
    tellingen = sorted(overzicht.statussen, key=lambda telling: volgorde[telling.status])
    return bezoeker.pagina(
        "start.html",
        werk=werk,
        overzicht=overzicht,
        tellingen=tellingen,
        mag=mag,
        mag_openen=partial(rechten.mag_openen, bezoeker.actor),
        live_sinds=live_sinds,
        **TERMIJN_WOORDEN,
    )


def _mag(bezoeker: Bezoeker) -> dict[str, bool]:
    return {
        "uitval": bezoeker.actor.heeft(*rechten.UITVAL),
        "geld": bezoeker.actor.heeft(*rechten.GELD),
        "boeken": bezoeker.actor.heeft(*rechten.GELD, *rechten.CONTROLES),
        "controles": bezoeker.actor.heeft(*rechten.CONTROLES) and bezoeker.actor.gemeenten is None,
    }


@router.get("/berichten")
async def berichten(bezoeker: Lezer, vraag: Annotated[BerichtenVraag, Query()]) -> Response:
    """What came in or went out, filtered, newest first."""
    return await _berichten(bezoeker, vraag)


@router.post("/berichten/client")
async def zoek_op_bsn(
    bezoeker: Lezer, bsn: Annotated[str, Form(max_length=40)] = "", csrf: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """From a BSN, which stays out of every address, to the berichten about that client."""
    bezoeker.check_csrf(csrf)
    try:
        client = await zoek_client(bezoeker.wereld, bezoeker.actor, bsn)
    except (NietGevonden, OngeldigVerzoek) as error:
        return await _berichten(bezoeker, BerichtenVraag(), fout=error, bsn=bsn)
    return RedirectResponse(f"/berichten{query({'client': client, 'richting': 'alle'})}", status_code=303, headers=HEADERS)


async def _berichten(bezoeker: Bezoeker, vraag: BerichtenVraag, *, fout: DomainError | None = None, bsn: str = "") -> Response:
    lijst = await list_berichten(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag))
    keuzen = await list_partijen(bezoeker.wereld, bezoeker.actor)
    response = bezoeker.pagina(
        "berichten.html",
        lijst=lijst,
        vraag=vraag,
        waarden=vraag.as_query(),
        csv_max=CSV_MAX,
        partijen_keuze=[(partij, partij_woord(partij, naam)) for partij, naam in keuzen],
        gemeenten_keuze=[(partij.partition(":")[2], naam) for partij, naam in keuzen if partij.startswith("gemeente:")],
        soorten_keuze=[(nummer, f"{nummer} {soort('ijw', nummer).naam}") for nummer in NUMMERS],
        statussen_keuze=[(status, woord) for status, (woord, _) in STATUSSEN.items()],
        mag_bsn=bezoeker.actor.heeft(Rol.UITVAL, Rol.TOEGANG),
        fout=fout,
        bsn=bsn,
    )
    response.status_code = 200 if fout is None else fout.status
    return response


@router.get("/berichten.csv")
async def berichten_csv(bezoeker: Lezer, vraag: Annotated[BerichtenVraag, Query()]) -> Response:
    """The same list as a file, at most `CSV_MAX` rows."""
    lijst = await list_berichten(bezoeker.wereld, bezoeker.actor, vraag.as_filter(bezoeker.wereld.vandaag), CSV_MAX)
    return csv_bestand("berichten.csv", _BERICHTEN_KOP, (_csv_rij(item) for item in lijst.items))


_BERICHTEN_KOP = (
    "nummer",
    "bericht",
    "domein",
    "van",
    "van_naam",
    "aan",
    "aan_naam",
    "identificatie",
    "ontvangen",
    "status",
    "termijn",
    "ingediend",
    "toegekend",
    "oorzaken",
)


def _csv_rij(item: BerichtRegel) -> tuple[object, ...]:
    return (
        item.bericht_nr,
        item.code,
        item.domein,
        item.van,
        item.van_naam,
        item.aan,
        item.aan_naam,
        item.identificatie,
        tijdstip(item.ontvangen_op),
        status_woord(item.status),
        datum_kort(item.termijn) if item.termijn else None,
        euro_cel(item.ingediend_cent),
        euro_cel(item.toegekend_cent),
        " ".join(f"{regel}={retourcode}" if retourcode else regel for regel, retourcode in item.oorzaken),
    )


def csv_bestand(naam: str, kop: tuple[str, ...], rijen: Any) -> Response:
    """A table as a download."""
    headers = {"Content-Disposition": f'attachment; filename="{naam}"'}
    return Response(csv_tekst(kop, rijen), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/berichten/{bericht_nr}")
async def bericht(bezoeker: Lezer, bericht_nr: BerichtNr, na: Annotated[int, Query(ge=0, le=10**9)] = 0) -> Response:
    """One bericht: its course, what was found and where, and its answer."""
    gevonden = await read_bericht(bezoeker.wereld, bezoeker.actor, bericht_nr, na=na)
    item = gevonden.bericht
    is_declaratie = item.soort == "323" and item.richting == "in" and item.status != "geweigerd"
    return bezoeker.pagina(
        "bericht.html",
        p=gevonden,
        item=item,
        na=na,
        mag_opnieuw=bezoeker.actor.heeft(Rol.UITVAL) and item.status == "geparkeerd",
        houd=await blik_of_niets(bezoeker, bericht_nr) if is_declaratie else None,
        mag_vasthouden=bezoeker.actor.heeft(*rechten.VASTHOUDEN),
        plek=plek_van,
        **TERMIJN_WOORDEN,
    )


@router.post("/berichten/{bericht_nr}/opnieuw")
async def beoordeel_opnieuw(bezoeker: Uitvaller, bericht_nr: BerichtNr, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Let a parked bericht be judged again, and show it."""
    bezoeker.check_csrf(csrf)
    await opnieuw(bezoeker.wereld, bezoeker.actor, bericht_nr)
    return RedirectResponse(f"/berichten/{bericht_nr}", status_code=303, headers=HEADERS)


@router.get("/berichten/{bericht_nr}/xml")
async def bericht_xml(bezoeker: Lezer, bericht_nr: BerichtNr) -> Response:
    """The bytes as they were sent."""
    naam, inhoud = await read_xml(bezoeker.wereld, bezoeker.actor, bericht_nr)
    return Response(inhoud, media_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{naam}"'})
