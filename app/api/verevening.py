"""`/verevening`: runs of the settlement between gemeenten with their life, why one differs from the one before, and agreements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field

from app.api.shapes import NAAM_PATTERN, Cursor, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.domain.errors import NietGevonden
from app.domain.partij import Actor
from app.mailbox import make_cursor, read_cursor
from app.settlement import boek_run, stel_verevening_vast, trek_verevening_in, verklaar_verschil
from app.solidarity.service import (
    Keuze,
    Model,
    OpgeslagenRun,
    RunKop,
    herhaal_run,
    lijst_runs,
    overeenkomsten,
    read_run,
    vereven,
    vereven_overeenkomst,
)
from app.solidarity.sjablonen import template_text, templates
from app.solidarity.tomlform import read_document

router = APIRouter(prefix="/verevening", tags=["verevening"])

Jaar = Annotated[int | None, Query(ge=2000, le=2100)]
RunId = Annotated[str, Path(max_length=18, description="het nummer van de berekening")]


class RunShape(Shape):
    """A run without its rows; amounts in cents."""

    id: str
    jaar: int
    naam: str = Field(description="de overeenkomst en haar versie, of het model")
    status: Literal["concept", "vastgesteld", "geboekt", "ingetrokken"]
    gemaakt_op: datetime
    gemaakt_door: str
    vastgesteld_op: datetime | None
    vastgesteld_door: str | None
    geboekt_op: datetime | None
    geboekt_door: str | None
    handeling: str | None = Field(description="de handeling die boekte; null: niet geboekt, of er was niets te boeken")
    ingetrokken_op: datetime | None
    ingetrokken_door: str | None
    reserve_cent: int = Field(description="wat de reserves erbij krijgen; 0 zonder reserve")
    overeenkomst_sha256: str | None
    invoer_sha256: str | None
    uitkomst_sha256: str | None


class RunLijst(Lijst[RunShape]):
    """A page of runs, newest first."""


class RunRegelShape(Shape):
    """One gemeente in one pool and period; `vereveningCent` is what it pays, minus is what it receives."""

    regeling: str
    van: str
    tot: str = Field(description="eerste dag die niet meer telt")
    pool: str
    gemeente: str
    eigen_kosten_cent: int
    bijdrage_cent: int
    verevening_cent: int
    bijdrage_exact_cent: str = Field(description="voor de afronding, als breuk")


class RunDetailShape(RunShape):
    """A run with the rows of the gemeenten that the asker sees; the agreement is whole."""

    overeenkomst: str | None = Field(description="het document; null bij een berekening van voor het werd bewaard")
    te_boeken: dict[str, int] = Field(description="per gemeente wat zij betaalt, min is wat zij krijgt")
    regels: list[RunRegelShape]
    bestanden: list[str]


class RunVraag(Shape):
    """What to settle by: the text of an agreement, or a model with the measure of its key."""

    jaar: int = Field(ge=2000, le=2100)
    overeenkomst: str | None = Field(default=None, max_length=1_000_000, description="het document (TOML); zonder: een model")
    model: Literal["profijt", "waarborg", "vlaktaks"] = "waarborg"
    maatstaf: str = Field(default="inwoners", pattern=r"^[a-z][a-z0-9_]{0,39}$")
    jaren_terug: int = Field(default=3, ge=1, le=20)


class BoekVraag(Shape):
    """Why it is booked."""

    reden: str = Field(min_length=1, max_length=500)


class RedenShape(Shape):
    """What one changed input adds to the difference."""

    wat: str
    toelichting: list[str]
    per_gemeente: dict[str, int]


class VerschilShape(Shape):
    """A run beside the one that was booked before it for its year; amounts in cents per gemeente."""

    id: str
    vorige: str | None = Field(description="null: de eerste van dit jaar")
    oud: dict[str, int]
    nieuw: dict[str, int]
    verschil: dict[str, int]
    redenen: list[RedenShape]


class HerhalingShape(Shape):
    """A run made again from its stored input."""

    id: str
    gelijk: bool = Field(description="elke byte van de uitkomst is dezelfde")
    opgeslagen_sha256: str
    herhaald_sha256: str
    code_toen: str
    code_nu: str


class OvereenkomstShape(Shape):
    """An agreement to settle or compare by."""

    naam: str
    titel: str
    herkomst: Literal["sjabloon", "berekening"]
    tekst: str


class OvereenkomstLijst(Shape):
    """Templates and the agreements that runs were made by."""

    items: list[OvereenkomstShape]


@router.get("/overeenkomsten", summary="Sjablonen en overeenkomsten waarmee is gerekend")
async def toon_overeenkomsten(wereld: WereldDep, actor: ActorDep) -> OvereenkomstLijst:
    """De tekst van elke overeenkomst is een document dat `overeenkomst` van een berekening kan zijn."""
    ready = [OvereenkomstShape(naam=n, titel=t, herkomst="sjabloon", tekst=template_text(n)) for n, t in templates().items()]
    used = [OvereenkomstShape(naam=n, titel=n, herkomst="berekening", tekst=text) for n, text in await overeenkomsten(wereld, actor)]
    return OvereenkomstLijst(items=[*used, *ready])


@router.get("/runs", summary="Berekeningen van de verevening, de nieuwste eerst")
async def toon_runs(wereld: WereldDep, actor: ActorDep, jaar: Jaar = None, cursor: Cursor = None, limit: Limit = 50) -> RunLijst:
    """Voor wie het geld van een of meer gemeenten ziet."""
    before = None if cursor is None else read_cursor(cursor)
    found = await lijst_runs(wereld, actor, jaar=jaar, voor=before, limit=limit)
    return RunLijst(items=list(map(_kop, found)), volgende=make_cursor(found[-1].run_nr) if len(found) == limit else None)


@router.post("/runs", status_code=201, summary="Bereken de verevening van een jaar uit het grootboek")
async def maak_run(wereld: WereldDep, actor: ActorDep, vraag: RunVraag, response: Response) -> RunDetailShape:
    """Alleen een controller van de regio. De berekening is een concept; er wordt niets geboekt."""
    if vraag.overeenkomst is not None:
        run = await vereven_overeenkomst(wereld, actor, read_document(vraag.overeenkomst), vraag.jaar, tekst=vraag.overeenkomst)
    else:
        keuze = Keuze(jaar=vraag.jaar, model=Model(vraag.model), maatstaf=vraag.maatstaf, jaren_terug=vraag.jaren_terug)
        run = await vereven(wereld, actor, keuze)
    response.headers["Location"] = f"/v1/verevening/runs/{run.run_nr}"
    return _detail(await read_run(wereld, actor, run.run_nr), actor)


@router.get("/runs/{run_id}", summary="Een berekening met haar regels")
async def toon_run(wereld: WereldDep, actor: ActorDep, run_id: RunId) -> RunDetailShape:
    """De regels zijn die van de gemeenten die u ziet."""
    return _detail(await read_run(wereld, actor, nr_van(run_id)), actor)


@router.get("/runs/{run_id}/bestanden/{naam}", summary="Een uitkomst als CSV, voor wie de hele regio ziet", response_class=Response)
async def toon_bestand(
    wereld: WereldDep, actor: ActorDep, run_id: RunId, naam: Annotated[str, Path(pattern=NAAM_PATTERN, max_length=40)]
) -> Response:
    """Byte voor byte zoals het bij de berekening is bewaard."""
    run = await read_run(wereld, actor, nr_van(run_id))
    if actor.gemeenten is not None or naam not in run.bestanden:
        raise NietGevonden(f"Verevening {run.run_nr} heeft voor u geen bestand {naam}.")
    return Response(run.bestanden[naam], media_type="text/csv; charset=utf-8")


@router.get("/runs/{run_id}/verschil", summary="Wat anders is dan de vorige geboekte berekening van dat jaar, en waardoor")
async def toon_verschil(wereld: WereldDep, actor: ActorDep, run_id: RunId) -> VerschilShape:
    """De bijdragen van de redenen tellen per gemeente op tot het verschil."""
    found = await verklaar_verschil(wereld, actor, nr_van(run_id))
    return VerschilShape(
        id=str(found.run.run_nr),
        vorige=None if found.vorige is None else str(found.vorige.run_nr),
        oud=_eigen(found.verschil.oud, actor),
        nieuw=_eigen(found.verschil.nieuw, actor),
        verschil=_eigen(found.verschil.per_gemeente, actor),
        redenen=[
            RedenShape(wat=each.wat, toelichting=_eigen_zinnen(each.toelichting, actor), per_gemeente=_eigen(each.per_gemeente, actor))
            for each in found.verschil.redenen
        ],
    )


@router.post("/runs/{run_id}/herhaling", summary="Reken een berekening over uit haar bewaarde invoer")
async def herhaal(wereld: WereldDep, actor: ActorDep, run_id: RunId) -> HerhalingShape:
    """Er wordt niets bewaard."""
    found = await herhaal_run(wereld, actor, nr_van(run_id))
    names = ("gelijk", "opgeslagen_sha256", "herhaald_sha256", "code_toen", "code_nu")
    return HerhalingShape.model_validate({"id": str(found.run_nr)} | {name: getattr(found, name) for name in names})


@router.post("/runs/{run_id}/vaststellen", summary="Stel een concept vast")
async def stel_run_vast(wereld: WereldDep, actor: ActorDep, run_id: RunId) -> RunShape:
    """Een andere controller van de regio dan wie haar berekende."""
    await stel_verevening_vast(wereld, actor, nr_van(run_id))
    return _kop((await read_run(wereld, actor, nr_van(run_id))).kop)


@router.post("/runs/{run_id}/boeken", summary="Boek een vastgestelde berekening")
async def boek_verevening(wereld: WereldDep, actor: ActorDep, run_id: RunId, vraag: Annotated[BoekVraag, Body()]) -> RunShape:
    """Geboekt wordt het verschil met wat eerdere berekeningen van dat jaar boekten; nogmaals boekt niets."""
    await boek_run(wereld, actor, nr_van(run_id), reden=vraag.reden)
    return _kop((await read_run(wereld, actor, nr_van(run_id))).kop)


@router.post("/runs/{run_id}/intrekken", summary="Trek een concept in")
async def trek_run_in(wereld: WereldDep, actor: ActorDep, run_id: RunId) -> RunShape:
    """Zij blijft te lezen."""
    await trek_verevening_in(wereld, actor, nr_van(run_id))
    return _kop((await read_run(wereld, actor, nr_van(run_id))).kop)


def _kop(kop: RunKop) -> RunShape:
    return RunShape.model_validate(_kop_values(kop))


def _kop_values(kop: RunKop) -> dict[str, object]:
    names = [name for name in RunShape.model_fields if name not in ("id", "handeling")]
    act = None if kop.geboekt_nr is None else str(kop.geboekt_nr)
    return {"id": str(kop.run_nr), "handeling": act} | {name: getattr(kop, name) for name in names}


def _detail(run: OpgeslagenRun, actor: Actor) -> RunDetailShape:
    """A run as far as the actor sees it."""
    return RunDetailShape.model_validate(
        _kop_values(run.kop)
        | {
            "overeenkomst": run.document,
            "te_boeken": _eigen(run.te_boeken, actor),
            "bestanden": sorted(run.bestanden) if actor.gemeenten is None else [],
            "regels": [
                RunRegelShape(
                    regeling=row.get("arrangement", ""),
                    van=row.get("period_from", ""),
                    tot=row.get("period_to", ""),
                    pool=row.get("pool", ""),
                    gemeente=row["municipality"],
                    eigen_kosten_cent=row.get("own_cost_cent", 0),
                    bijdrage_cent=row.get("contribution_cent", 0),
                    verevening_cent=row["settlement_cent"],
                    bijdrage_exact_cent=row.get("contribution_exact_cents", ""),
                )
                for row in run.regels
                if actor.gemeenten is None or row["municipality"] in actor.gemeenten
            ],
        }
    )


def _eigen(amounts: Mapping[str, int], actor: Actor) -> dict[str, int]:
    return {code: cents for code, cents in amounts.items() if actor.gemeenten is None or code in actor.gemeenten}


def _eigen_zinnen(lines: tuple[str, ...], actor: Actor) -> list[str]:
    """Lines about a gemeente begin with its code; others are for everybody."""
    return [line for line in lines if actor.gemeenten is None or not line[:4].isdigit() or line[:4] in actor.gemeenten]
