"""`/afrekeningen`: the final settlement per aanbieder and year of care. An aanbieder sees and answers its own, a gemeente its part."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import Field

from app.api.shapes import AGB_PATTERN, GEMEENTE_PATTERN, Cursor, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep
from app.settlement import (
    TELT,
    Afrekening,
    AfrekeningInBeeld,
    AfrekeningStatus,
    Maat,
    Oorzaak,
    Verschil,
    bied_afrekening_aan,
    geef_akkoord,
    lijst_afrekeningen,
    maak_afrekening,
    maak_bezwaar,
    maak_csv,
    maak_staat_pdf,
    maak_xlsx,
    ontvang_terugbetaling,
    stel_afrekening_vast,
    toon_afrekening,
    toon_staat,
    trek_afrekening_in,
    vernieuw_afrekening,
)

router = APIRouter(prefix="/afrekeningen", tags=["afrekeningen"])

Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Jaar = Annotated[int, Field(ge=2000, le=2100)]
Agb = Annotated[str, Field(pattern=AGB_PATTERN)]
Gemeente = Annotated[str, Field(pattern=GEMEENTE_PATTERN, examples=["0664"])]
Reden = Annotated[str, Field(min_length=1, max_length=500, description="voor wie het later leest; noem geen personen")]
Partij = Annotated[str, Field(pattern="^(aanbieder:[0-9]{8}|gemeente:[0-9]{4})$", examples=["aanbieder:42420001"])]
SOORTEN = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
BESTANDEN: dict[int | str, dict[str, Any]] = {200: {"content": {each: {} for each in SOORTEN.values()}, "description": "de staat"}}


class AfgesprokenVerschil(Shape):
    """A difference that both sides agree on beside the claims."""

    gemeente: Gemeente
    domein: Literal["ijw", "iwmo"]
    zorgvorm: Annotated[str, Field(min_length=1, max_length=100)]
    bedrag_cent: int = Field(description="negatief: de aanbieder krijgt minder", ge=-(10**13), le=10**13)


class AfrekeningVraag(Shape):
    """What an afrekening is made by."""

    agb: Agb
    jaar: Jaar
    reden: Reden
    verschillen: list[AfgesprokenVerschil] = Field(default_factory=list, max_length=500)


class AfrekeningVersieVraag(Shape):
    """What a new version is made by."""

    reden: Reden
    verschillen: list[AfgesprokenVerschil] | None = Field(default=None, max_length=500, description="null: die van de versie hiervoor")


class AkkoordVraag(Shape):
    """Who agrees, with which version."""

    partij: Partij
    versie: int = Field(ge=1, le=2**31 - 1)


class BezwaarVraag(AkkoordVraag):
    """Who objects, and why."""

    toelichting: Annotated[str, Field(min_length=1, max_length=1000, description="noem geen personen")]


class IntrekkingVraag(Shape):
    """Why."""

    reden: Reden


class TerugbetalingVraag(IntrekkingVraag):
    """What came back."""

    gemeente: Gemeente
    bedrag_cent: int = Field(ge=1, le=10**13)


class AfrekeningRegel(Shape):
    """An afrekening in a list; cents of what the asker sees of it."""

    afrekening: str
    agb: str
    naam: str
    jaar: int
    volgnr: int = Field(description="2 en hoger: alleen wat sinds de vorige veranderde")
    vorige: str | None
    status: AfrekeningStatus
    versie: int
    gemaakt_op: datetime
    gemaakt_door: str
    vastgesteld_op: datetime | None
    vastgesteld_door: str | None
    open_cent: int
    te_betalen_cent: int
    te_ontvangen_cent: int


class AfrekeningOorzaak(Shape):
    """A cause in a gemeente."""

    gemeente: str
    oorzaak: Oorzaak
    detail: str = Field(description="retourcode, of domein en zorgvorm")
    aantal: int
    bedrag_cent: int
    telt: bool = Field(description="samen met de andere die tellen: toegewezen min toegekend")


class AfrekeningBoeking(Shape):
    """What fixing it books."""

    gemeente: str
    soort: str
    domein: str
    zorgvorm: str
    bedrag_cent: int


class AfrekeningStem(Shape):
    """What a party said about a version."""

    versie: int
    partij: str
    is_akkoord: bool
    op: datetime
    door: str
    toelichting: str


class AfrekeningVersie(Shape):
    """A version and the hash of what is agreed on."""

    versie: int
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    inhoud_sha256: str


class AfrekeningShape(AfrekeningRegel):
    """An afrekening with its amounts, causes and versions."""

    gemeenten: dict[str, dict[Maat, int]]
    vorige_gemeenten: dict[str, dict[Maat, int]] = Field(description="van de versie of afrekening hiervoor")
    oorzaken: list[AfrekeningOorzaak]
    boekplan: list[AfrekeningBoeking]
    versies: list[AfrekeningVersie]
    stemmen: list[AfrekeningStem]
    wacht_op: list[str]
    terug_cent: dict[str, int]


class AfrekeningLijst(Lijst[AfrekeningRegel]):
    """A page of afrekeningen."""


@router.get("", summary="Afrekeningen, nieuwste eerst")
async def toon_lijst(
    wereld: WereldDep,
    actor: ActorDep,
    jaar: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> AfrekeningLijst:
    """Van de eigen aanbieder, of het deel van de eigen gemeenten."""
    page = await lijst_afrekeningen(wereld, actor, jaar=jaar, cursor=cursor, limit=limit)
    return AfrekeningLijst(items=[AfrekeningRegel(**_regel(each)) for each in page.items], volgende=page.volgende)


@router.post("", status_code=201, summary="Bereken de afrekening van een aanbieder over een zorgjaar")
async def maak(wereld: WereldDep, actor: ActorDep, vraag: AfrekeningVraag) -> AfrekeningShape:
    """Een concept; na een vastgestelde afrekening van dat jaar alleen het verschil. Alleen een controller van de regio."""
    nr = await maak_afrekening(wereld, actor, vraag.agb, vraag.jaar, reden=vraag.reden, verschillen=_verschillen(vraag.verschillen))
    return _as_afrekening(await toon_afrekening(wereld, actor, nr))


@router.get("/{afrekening}", summary="Eén afrekening")
async def toon(afrekening: Nummer, wereld: WereldDep, actor: ActorDep) -> AfrekeningShape:
    """Bedragen per gemeente, oorzaken, versies en wie akkoord is."""
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.get("/{afrekening}/staat", summary="De staat voor de accountant", response_class=Response, responses=BESTANDEN)
async def geef_staat(
    afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vorm: Annotated[Literal["csv", "xlsx", "pdf"], Query()] = "csv"
) -> Response:
    """Per gemeente, per oorzaak, per client onder pseudoniem, en wat het grootboek zegt."""
    found = await toon_staat(wereld, actor, afrekening)
    match vorm:
        case "csv":
            data: str | bytes = await asyncio.to_thread(maak_csv, found)
        case "xlsx":
            data = await asyncio.to_thread(maak_xlsx, found)
        case "pdf":
            data = await asyncio.to_thread(maak_staat_pdf, found, gemaakt_op=wereld.nu)
    headers = {"Content-Disposition": f'attachment; filename="afrekening-{afrekening}.{vorm}"'}
    return Response(data, media_type=SOORTEN[vorm], headers=headers)


@router.post("/{afrekening}/versies", summary="Bereken opnieuw als volgende versie")
async def vernieuw(afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vraag: AfrekeningVersieVraag) -> AfrekeningShape:
    """Daarna is zij weer een concept."""
    agreed = None if vraag.verschillen is None else _verschillen(vraag.verschillen)
    await vernieuw_afrekening(wereld, actor, afrekening, reden=vraag.reden, verschillen=agreed)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/aanbod", summary="Bied een concept aan de aanbieder en de gemeenten aan")
async def bied_aan(afrekening: Nummer, wereld: WereldDep, actor: ActorDep) -> AfrekeningShape:
    """Geweigerd als er sinds de berekening iets veranderde."""
    await bied_afrekening_aan(wereld, actor, afrekening)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/akkoord", summary="Ga akkoord met de aangeboden versie")
async def ga_akkoord(afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vraag: AkkoordVraag) -> AfrekeningShape:
    """De aanbieder met zijn token, een gemeente door haar controller."""
    await geef_akkoord(wereld, actor, afrekening, vraag.partij, vraag.versie)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/bezwaar", summary="Maak bezwaar tegen de aangeboden versie")
async def maak_een_bezwaar(afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vraag: BezwaarVraag) -> AfrekeningShape:
    """Er komt een volgende versie, als concept."""
    await maak_bezwaar(wereld, actor, afrekening, vraag.partij, vraag.versie, toelichting=vraag.toelichting)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/vaststelling", summary="Stel vast waarmee iedereen akkoord is, als tweede")
async def stel_vast(afrekening: Nummer, wereld: WereldDep, actor: ActorDep) -> AfrekeningShape:
    """Boekt garantie, verschillen en verrekening met het voorschot."""
    await stel_afrekening_vast(wereld, actor, afrekening)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/intrekking", summary="Trek een afrekening in die niet is vastgesteld")
async def trek_in(afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vraag: IntrekkingVraag) -> AfrekeningShape:
    """Er is niets van geboekt."""
    await trek_afrekening_in(wereld, actor, afrekening, reden=vraag.reden)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


@router.post("/{afrekening}/terugbetalingen", status_code=201, summary="Boek wat de aanbieder terugbetaalde")
async def ontvang(afrekening: Nummer, wereld: WereldDep, actor: ActorDep, vraag: TerugbetalingVraag) -> AfrekeningShape:
    """In delen mag; niet meer dan er terug moet."""
    await ontvang_terugbetaling(wereld, actor, afrekening, vraag.gemeente, vraag.bedrag_cent, reden=vraag.reden)
    return _as_afrekening(await toon_afrekening(wereld, actor, afrekening))


def _verschillen(shapes: list[AfgesprokenVerschil]) -> list[Verschil]:
    return [Verschil(each.gemeente, each.domein, each.zorgvorm, each.bedrag_cent) for each in shapes]


def _regel(each: Afrekening) -> dict[str, Any]:
    return {
        "afrekening": str(each.afrekening_nr),
        "vorige": None if each.vorige_nr is None else str(each.vorige_nr),
        "vastgesteld_op": each.goedgekeurd_op,
        "vastgesteld_door": each.goedgekeurd_door,
        **{
            name: getattr(each, name)
            for name in (
                "agb", "naam", "jaar", "volgnr", "status", "versie", "gemaakt_op", "gemaakt_door", "open_cent", "te_betalen_cent",
                "te_ontvangen_cent",
            )
        },
    }  # fmt: skip


def _as_afrekening(beeld: AfrekeningInBeeld) -> AfrekeningShape:
    causes = [
        AfrekeningOorzaak(
            gemeente=row.gemeente,
            oorzaak=row.oorzaak,
            detail=row.detail,
            aantal=row.aantal,
            bedrag_cent=row.bedrag_cent,
            telt=row.oorzaak in TELT,
        )
        for row in beeld.oorzaken
    ]
    return AfrekeningShape(
        **_regel(beeld.afrekening),
        gemeenten={code: dict(maten) for code, maten in beeld.gemeenten.items()},
        vorige_gemeenten={code: dict(maten) for code, maten in beeld.vorige.items()},
        oorzaken=causes,
        boekplan=[AfrekeningBoeking(**row._asdict()) for row in beeld.boekplan],
        versies=[AfrekeningVersie(**{**row._asdict(), "inhoud_sha256": row.inhoud_sha256.hex()}) for row in beeld.versies],
        stemmen=[AfrekeningStem(**row._asdict()) for row in beeld.stemmen],
        wacht_op=list(beeld.wacht_op),
        terug_cent=dict(beeld.terug_cent),
    )
