"""`/toewijzingen`: issuing a toewijzing without writing XML, and following what was issued; for the software of a gemeente."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from app.api.problems import VeldFout, probleem_antwoord, problem, trace_id_of
from app.api.shapes import AGB_PATTERN, GEMEENTE_PATTERN, BevindingShape, Cursor, Domein, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep
from app.composing import (
    NietVerzendbaar,
    Opstelling,
    Productkeuze,
    ToewijzingFilter,
    ToewijzingRegel,
    controleer_toewijzing,
    geef_toewijzing_uit,
    lijst_toewijzingen,
    toon_toewijzing,
)

router = APIRouter(prefix="/toewijzingen", tags=["toewijzingen"])

Status = Literal["verstuurd", "opgehaald", "aanvaard", "gestart", "gestopt", "afgelopen", "geweigerd", "ingetrokken"]
Gemeentecode = Annotated[str, Field(pattern=GEMEENTE_PATTERN, examples=["0664"])]
Tekst = Annotated[str, Field(max_length=200)]
EURO = "83"


class AdresVerzoek(Shape):
    """The address of the client."""

    straat: Annotated[str, Field(max_length=24)]
    huisnummer: Annotated[int, Field(ge=1, le=99_999)]
    huisletter: Annotated[str, Field(max_length=1)] = ""
    toevoeging: Annotated[str, Field(max_length=4)] = ""
    postcode: Annotated[str, Field(pattern="^[1-9][0-9]{3} ?[A-Za-z]{2}$", examples=["4461 AB"])]
    plaats: Annotated[str, Field(max_length=80)]


class ClientVerzoek(Shape):
    """Who it is about; of a client of whom the gemeente sent a 301 before, the bsn is enough."""

    bsn: Annotated[str, Field(pattern="^[0-9]{9}$", description="doorstaat de elfproef")]
    voornamen: Tekst = ""
    voorletters: Annotated[str, Field(max_length=6)] = ""
    voorvoegsel: Annotated[str, Field(max_length=10)] = ""
    achternaam: Tekst = ""
    geboortedatum: date | None = None
    geslacht: Literal["0", "1", "2"] | None = None
    adres: AdresVerzoek | None = None


class ProductVerzoek(Shape):
    """What is ordered; without code a whole categorie, for a budget."""

    categorie: Annotated[str, Field(pattern="^[0-9A-Z]{2}$", examples=["45"])]
    code: Annotated[str, Field(pattern="^[0-9A-Za-z]{5}$", examples=["45A04"])] | None = None


class OmvangVerzoek(Shape):
    """How much; of eenheid 83 (euro) `volume` is in cents."""

    volume: Annotated[int, Field(ge=1, le=99_999_999)]
    eenheid: Literal["01", "04", "14", "16", "82", "83", "84"]
    frequentie: Literal["1", "2", "4", "6"] = Field(description="1 dag, 2 week, 4 maand, 6 in totaal")


class ToewijzingVerzoek(Shape):
    """A toewijzing to issue."""

    gemeente: Gemeentecode
    domein: Domein
    aanbieder: Annotated[str, Field(pattern=AGB_PATTERN, examples=["42420001"])]
    client: ClientVerzoek
    product: ProductVerzoek
    ingangsdatum: date
    einddatum: date | None = None
    omvang: OmvangVerzoek | None = Field(default=None, description="bij een product")
    budget_cent: Annotated[int, Field(ge=1, le=99_999_999)] | None = Field(default=None, description="bij een hele categorie")
    commentaar: Annotated[str, Field(max_length=1000)] = ""
    referentie_aanbieder: Annotated[str, Field(max_length=36)] = ""


class WaarschuwingShape(Shape):
    """Something to look at; it stops nothing."""

    soort: str
    melding: str


class UitgifteShape(Shape):
    """What was sent, or (with `controle`) would be."""

    bericht: str | None = Field(description="id van het bericht; null bij alleen controleren")
    toewijzing_nummer: int | None
    betekenis: str = Field(examples=["5 uur per week, 26 weken, hoogstens 130 uur, naar schatting € 7.800,00"])
    verwacht_cent: int
    waarschuwingen: list[WaarschuwingShape]


class ToewijzingShape(Shape):
    """A toewijzing in its version that counts; the person is not named."""

    domein: Domein
    gemeente: str
    toewijzing_nummer: int
    aanbieder: str
    client: str = Field(description="ons nummer van de client")
    categorie: str | None
    code: str | None
    ingangsdatum: date
    einddatum: date | None
    omvang: str = Field(description="in woorden")
    status: Status
    gestart_op: date | None
    gestopt_op: date | None
    verwacht_cent: int
    toegekend_cent: int
    bericht: str = Field(description="id van de 301 met deze versie")


class ToewijzingLijst(Lijst[ToewijzingShape]):
    """A page of toewijzingen, the last sent first."""


class GebeurtenisShape(Shape):
    """Something that happened."""

    op: date
    wat: str
    toelichting: str


class MaandShape(Shape):
    """Expected and granted in a month of care."""

    maand: date
    verwacht_cent: int
    toegekend_cent: int
    prestaties: int


class ToewijzingDetail(ToewijzingShape):
    """One toewijzing with what followed."""

    verloop: list[GebeurtenisShape]
    maanden: list[MaandShape]
    gebruikt: str | None
    hoogstens: str | None


@router.post(
    "",
    status_code=202,
    response_model=UitgifteShape,
    summary="Geef een toewijzing uit",
    responses={
        200: {"description": "Alleen gecontroleerd.", "model": UitgifteShape},
        422: probleem_antwoord("Kan zo niet worden verstuurd."),
    },
)
async def geef_uit(
    request: Request,
    wereld: WereldDep,
    actor: ActorDep,
    verzoek: ToewijzingVerzoek,
    controle: Annotated[bool, Query(description="alleen controleren; er wordt niets verstuurd")] = False,
) -> Response:
    """Maakt het 301-bericht, controleert het tot en met niveau 4 en verstuurt het; wat er loopt bij de aanbieder gaat mee (OP087)."""
    answers = _as_antwoorden(verzoek)
    checked = await controleer_toewijzing(wereld, actor, answers)
    if not checked.verzendbaar:
        return _unsendable(request, NietVerzendbaar(checked))
    if controle:
        return JSONResponse(_uitgifte(checked).model_dump(mode="json"))
    try:
        bericht_nr, nummer = await geef_toewijzing_uit(wereld, actor, answers)
    except NietVerzendbaar as error:
        return _unsendable(request, error)
    location = f"{request.scope.get('root_path', '')}/berichten/{bericht_nr}"
    content = _uitgifte(checked, bericht_nr, nummer).model_dump(mode="json")
    return JSONResponse(content, status_code=202, headers={"Location": location})


@router.get("", summary="Toewijzingen van uw gemeenten, de laatst verstuurde eerst")
async def lijst(
    wereld: WereldDep,
    actor: ActorDep,
    gemeente: Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)] = None,
    domein: Domein | None = None,
    aanbieder: Annotated[str | None, Query(pattern=AGB_PATTERN)] = None,
    status: Status | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ToewijzingLijst:
    """De versie die telt, met waar zij staat en wat er is verwacht en toegekend."""
    vraag = ToewijzingFilter(gemeente=gemeente, domein=domein, agb=aanbieder, status=status)
    page = await lijst_toewijzingen(wereld, actor, vraag, cursor, limit)
    return ToewijzingLijst(items=[_as_toewijzing(each) for each in page.items], volgende=page.volgende)


@router.get("/{domein}/{gemeente}/{nummer}", summary="Een toewijzing met wat erop volgde")
async def toon(
    domein: Domein,
    gemeente: Annotated[str, Path(pattern=GEMEENTE_PATTERN)],
    nummer: Annotated[int, Path(ge=0, le=999_999_999)],
    wereld: WereldDep,
    actor: ActorDep,
) -> ToewijzingDetail:
    """Versies, antwoorden, start en stop, en het gebruik per zorgmaand."""
    beeld = await toon_toewijzing(wereld, actor, domein, gemeente, nummer)
    return ToewijzingDetail(
        **_as_toewijzing(beeld.regel).model_dump(),
        verloop=[GebeurtenisShape.model_validate(each) for each in beeld.verloop],
        maanden=[MaandShape.model_validate(each) for each in beeld.maanden],
        gebruikt=beeld.gebruikt,
        hoogstens=beeld.hoogstens,
    )


def _as_antwoorden(verzoek: ToewijzingVerzoek) -> dict[str, str]:
    """The request as the answers of the form, so that both go one way; what is empty is left to what is known."""
    client, omvang = verzoek.client, verzoek.omvang
    keuze = Productkeuze(
        categorie=verzoek.product.categorie,
        code=verzoek.product.code,
        eenheid=None if omvang is None or not verzoek.product.code else omvang.eenheid,
    )
    answers: dict[str, object] = {
        "gemeente": verzoek.gemeente,
        "domein": verzoek.domein,
        "agb": verzoek.aanbieder,
        "ingangsdatum": verzoek.ingangsdatum,
        "einddatum": verzoek.einddatum,
        "product": keuze.waarde,
        "commentaar": verzoek.commentaar,
        "referentie": verzoek.referentie_aanbieder,
        **client.model_dump(exclude={"adres"}),
        **(client.adres.model_dump() if client.adres else {}),
    }
    if omvang is not None:
        answers |= {"volume": _euros(omvang.volume) if omvang.eenheid == EURO else omvang.volume, "frequentie": omvang.frequentie}
    if verzoek.budget_cent is not None:
        answers["budget"] = _euros(verzoek.budget_cent)
    return {name: str(value) for name, value in answers.items() if value not in (None, "")}


def _euros(cent: int) -> str:
    return f"{cent // 100},{cent % 100:02d}"


def _unsendable(request: Request, error: NietVerzendbaar) -> Response:
    """What is missing or wrong, as one problem: fields that are not right, and findings of judging."""
    fouten = [VeldFout(veld=each.veld, melding=each.melding) for found in error.opstelling.fouten.values() for each in found]
    bevindingen = [BevindingShape.model_validate(each.bevinding) for each in error.opstelling.bevindingen or ()]
    return problem(error.status, error.melding, trace_id=trace_id_of(request), fouten=fouten or None, bevindingen=bevindingen or None)


def _uitgifte(found: Opstelling, bericht_nr: int | None = None, nummer: int | None = None) -> UitgifteShape:
    assert found.betekenis is not None
    return UitgifteShape(
        bericht=None if bericht_nr is None else str(bericht_nr),
        toewijzing_nummer=nummer,
        betekenis=found.betekenis.zin,
        verwacht_cent=found.betekenis.verwacht_cent,
        waarschuwingen=[WaarschuwingShape(soort=each.soort, melding=each.melding) for each in found.waarschuwingen],
    )


def _as_toewijzing(regel: ToewijzingRegel) -> ToewijzingShape:
    names = ("domein", "gemeente", "toewijzing_nummer", "categorie", "code", "ingangsdatum", "einddatum")
    own = ("omvang", "status", "gestart_op", "gestopt_op", "verwacht_cent", "toegekend_cent")
    return ToewijzingShape.model_validate(
        {name: getattr(regel.versie, name) for name in names}
        | {name: getattr(regel, name) for name in own}
        | {"aanbieder": regel.versie.agb, "client": str(regel.versie.client_id), "bericht": str(regel.versie.bericht_nr)}
    )
