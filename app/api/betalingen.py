"""`/betalingen`: payment runs of a gemeente, statements of its bank, and what an aanbieder was paid for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from app.api.lichaam import read_xml
from app.api.shapes import AGB_PATTERN, GEMEENTE_PATTERN, Cursor, Lijst, Limit, Shape
from app.api.toegang import ActorDep, WereldDep
from app.settlement import (
    BLOKKADE_ZIN,
    AfschriftInBeeld,
    BankregelInBeeld,
    BankregelStatus,
    Betaalregel,
    Betaalrun,
    BetalingAanAanbieder,
    RegelStatus,
    RunInBeeld,
    RunStatus,
    Specificatieregel,
    Verrekening,
    exporteer_betaalrun,
    keur_betaalrun_goed,
    lees_afschrift,
    lijst_afschriften,
    lijst_bankregels,
    lijst_betaalruns,
    lijst_betalingen,
    los_bankregel_op,
    meld_geweigerd,
    stel_betalingen_voor,
    toon_betaalrun,
    toon_specificatie,
    trek_betaalrun_in,
)

router = APIRouter(prefix="/betalingen", tags=["betalingen"])

Nummer = Annotated[int, Path(ge=1, le=2**63 - 1)]
Regel = Annotated[int, Path(ge=1, le=2**31 - 1)]
Reden = Annotated[str, Field(min_length=1, max_length=500, description="voor wie het later leest; noem geen personen")]
Gemeente = Annotated[str, Field(pattern=GEMEENTE_PATTERN, examples=["0664"])]
Agb = Annotated[str, Field(pattern=AGB_PATTERN)]
XML: dict[int | str, dict[str, Any]] = {200: {"content": {"application/xml": {}}, "description": "pain.001.001.09"}}


class VerrekeningShape(Shape):
    """How much of the advances is set off."""

    procent: int = Field(default=100, ge=0, le=100, description="hoogstens dit deel van wat openstaat; 100: alles, 0: niets")
    maximum_cent: dict[Agb, Annotated[int, Field(ge=0)]] = Field(
        default_factory=dict, max_length=1000, description="per AGB-code hoogstens dit"
    )


class VoorstelVraag(Shape):
    """What a run is proposed by."""

    gemeente: Gemeente
    reden: Reden
    uitvoeren_op: date | None = Field(default=None, description="null: de eerstvolgende dag dat banken betalen")
    verrekening: VerrekeningShape = Field(default_factory=VerrekeningShape)


class GoedkeuringVraag(Shape):
    """What an approval says."""

    ibans_gecontroleerd: bool = Field(default=False, description="de gewijzigde rekeningen zijn bij de aanbieder zelf nagevraagd")


class RedenVraag(Shape):
    """Why."""

    reden: Reden


class OplossingVraag(Shape):
    """What a line of a statement was."""

    reden: Reden
    end_to_end_id: str | None = Field(default=None, max_length=35, description="de opdracht die de regel bevestigt; null: geen van ons")


class BetaalrunShape(Shape):
    """A run: where it is and its totals in cents."""

    run: str
    gemeente: str
    status: RunStatus
    peildatum: date
    uitvoeren_op: date
    reden: str
    gemaakt_op: datetime
    gemaakt_door: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None
    verzonden_op: datetime | None
    aantal: int = Field(description="aanbieders die worden betaald of verrekend")
    geblokkeerd: int = Field(description="aanbieders die niet worden betaald; de regels zeggen waarom")
    bedrag_cent: int
    verrekend_cent: int
    betaald_cent: int


class BetaalregelShape(Shape):
    """What one aanbieder gets in a run, in cents."""

    regel: int
    agb: str
    naam: str
    status: RegelStatus
    open_cent: int = Field(description="negatief: de aanbieder is geld schuldig")
    verrekend_cent: int
    bedrag_cent: int
    betaald_cent: int
    blokkade: str = Field(description="waarom niet wordt betaald; leeg: er wordt betaald")
    iban: str | None
    iban_gewijzigd: bool = Field(description="een andere rekening dan die van de vorige betaling")
    end_to_end_id: str | None
    posten: int


class RunShape(BetaalrunShape):
    """A run with its lines."""

    regels: list[BetaalregelShape]


class RunGemaakt(Shape):
    """The number of a new run."""

    run: str


class AfschriftShape(Shape):
    """A statement of the bank that was read."""

    afschrift: str
    gemeente: str
    kenmerk: str
    volgnummer: str
    van: date
    tot: date
    begin_cent: int
    eind_cent: int
    waarschuwing: str = Field(description="leeg, of dat er een afschrift lijkt te ontbreken")
    gelezen_op: datetime
    stand: dict[BankregelStatus, int] = Field(description="regels per uitkomst")


class AfschriftenGelezen(Shape):
    """What came of a file."""

    is_nieuw: bool = Field(description="onwaar: hetzelfde bestand was al gelezen; er is niets geboekt")
    afschriften: list[AfschriftShape]


class BankregelShape(Shape):
    """A line of a statement; amount in cents."""

    afschrift: str
    volgnr: int
    gemeente: str
    status: BankregelStatus
    boekdatum: date
    bedrag_cent: int
    is_debet: bool
    is_retour: bool
    retour_code: str
    end_to_end_id: str
    batch_kenmerk: str
    bankreferentie: str
    reden: str


class BetalingShape(Shape):
    """A payment to an aanbieder, in cents."""

    run: str
    regel: int
    gemeente: str
    agb: str
    status: Literal["onderweg", "verrekend", "betaald", "teruggekomen"]
    uitvoeren_op: date
    end_to_end_id: str | None = Field(description="staat bij de bijschrijving op de bank")
    open_cent: int = Field(description="wat de posten samen waard zijn")
    verrekend_cent: int = Field(description="daarvan verrekend met een voorschot")
    bedrag_cent: int = Field(description="daarvan overgemaakt")
    betaald_cent: int = Field(description="daarvan door de bank bevestigd")


class PostShape(Shape):
    """What a declaratie, or something else that was owed, adds to a payment; cents."""

    soort: str = Field(examples=["declaratie"])
    bericht: str = Field(description="id van het 323, of nummer van de handeling")
    domein: str
    declaratie_nummer: str
    van: date | None
    tot: date | None
    toegekend_cent: int
    gecrediteerd_cent: int
    bedrag_cent: int


class SpecificatieShape(Shape):
    """A payment and a page of what it is made of."""

    betaling: BetalingShape
    items: list[PostShape]
    volgende: str | None


class BetaalrunLijst(Lijst[BetaalrunShape]):
    """A page of runs."""


class AfschriftLijst(Lijst[AfschriftShape]):
    """A page of statements."""


class BankregelLijst(Lijst[BankregelShape]):
    """A page of lines."""


class BetalingLijst(Lijst[BetalingShape]):
    """A page of payments."""


@router.post("/runs", status_code=201, summary="Stel voor wat een gemeente haar aanbieders betaalt")
async def maak_run(wereld: WereldDep, actor: ActorDep, vraag: VoorstelVraag) -> RunGemaakt:
    """Een concept: er is nog niets geboekt. Een ander keurt het goed."""
    choice = Verrekening(procent=vraag.verrekening.procent, maximum_cent=vraag.verrekening.maximum_cent)
    nr = await stel_betalingen_voor(wereld, actor, vraag.gemeente, verrekening=choice, reden=vraag.reden, uitvoeren_op=vraag.uitvoeren_op)
    return RunGemaakt(run=str(nr))


@router.get("/runs", summary="Betaalruns, nieuwste eerst")
async def toon_runs(
    wereld: WereldDep,
    actor: ActorDep,
    gemeente: Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BetaalrunLijst:
    """Van de eigen gemeenten."""
    page = await lijst_betaalruns(wereld, actor, gemeente=gemeente, cursor=cursor, limit=limit)
    return BetaalrunLijst(items=[BetaalrunShape(**_run(each)) for each in page.items], volgende=page.volgende)


@router.get("/runs/{run}", summary="Eén betaalrun met haar regels, ook die zijn geblokkeerd")
async def toon_run(run: Nummer, wereld: WereldDep, actor: ActorDep) -> RunShape:
    """Met bij elke regel of de rekening een andere is dan de vorige keer."""
    return _as_run(await toon_betaalrun(wereld, actor, run))


@router.post("/runs/{run}/goedkeuring", summary="Keur een voorstel goed, als tweede")
async def keur_run_goed(run: Nummer, wereld: WereldDep, actor: ActorDep, vraag: GoedkeuringVraag) -> RunShape:
    """Boekt de opdrachten en wat met voorschotten wordt verrekend. Alleen een controller die het voorstel niet maakte."""
    await keur_betaalrun_goed(wereld, actor, run, ibans_gecontroleerd=vraag.ibans_gecontroleerd)
    return _as_run(await toon_betaalrun(wereld, actor, run))


@router.post("/runs/{run}/intrekking", summary="Trek een betaalrun in die de bank nog niet heeft")
async def trek_run_in(run: Nummer, wereld: WereldDep, actor: ActorDep, vraag: RedenVraag) -> RunShape:
    """Wat erin zat staat weer open."""
    await trek_betaalrun_in(wereld, actor, run, reden=vraag.reden)
    return _as_run(await toon_betaalrun(wereld, actor, run))


@router.post("/runs/{run}/bestand", summary="Het betaalbestand (pain.001) van een goedgekeurde run", response_class=Response, responses=XML)
async def geef_bestand(run: Nummer, wereld: WereldDep, actor: ActorDep) -> Response:
    """De eerste keer geldt de run als verzonden; elke volgende keer komen dezelfde bytes."""
    bestand = await exporteer_betaalrun(wereld, actor, run)
    headers = {"Content-Disposition": f'attachment; filename="{bestand.naam}"', "Cache-Control": "no-store"}
    return Response(bestand.inhoud, media_type="application/xml", headers=headers)


@router.post("/runs/{run}/regels/{regel}/weigering", summary="De bank voert een opdracht niet uit")
async def weiger_regel(run: Nummer, regel: Regel, wereld: WereldDep, actor: ActorDep, vraag: RedenVraag) -> RunShape:
    """Wat erin zat staat weer open. Voor een weigering die niet op een afschrift komt."""
    await meld_geweigerd(wereld, actor, run, regel, reden=vraag.reden)
    return _as_run(await toon_betaalrun(wereld, actor, run))


@router.post(
    "/afschriften",
    summary="Lees een bankafschrift (camt.053.001.02 of .08)",
    openapi_extra={"requestBody": {"required": True, "content": {"application/xml": {"schema": {"type": "string"}}}}},
)
async def lees(request: Request, wereld: WereldDep, actor: ActorDep) -> AfschriftenGelezen:
    """Boekt wat het bevestigt of terugbrengt; hetzelfde bestand nog eens boekt niets."""
    found = await lees_afschrift(wereld, actor, await read_xml(request))
    return AfschriftenGelezen(is_nieuw=found.is_nieuw, afschriften=[_as_afschrift(each) for each in found.afschriften])


@router.get("/afschriften", summary="Gelezen bankafschriften, nieuwste eerst")
async def toon_afschriften(wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 50) -> AfschriftLijst:
    """Van de eigen gemeenten."""
    page = await lijst_afschriften(wereld, actor, cursor=cursor, limit=limit)
    return AfschriftLijst(items=[_as_afschrift(each) for each in page.items], volgende=page.volgende)


@router.get("/bankregels", summary="Regels van bankafschriften, oudste eerst")
async def toon_bankregels(
    wereld: WereldDep,
    actor: ActorDep,
    status: BankregelStatus = BankregelStatus.ONGEKOPPELD,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> BankregelLijst:
    """Zonder keuze wat op een mens wacht."""
    page = await lijst_bankregels(wereld, actor, status=status, cursor=cursor, limit=limit)
    return BankregelLijst(items=[_as_bankregel(each) for each in page.items], volgende=page.volgende)


@router.post("/bankregels/{afschrift}/{volgnr}/oplossing", status_code=204, summary="Zeg wat een regel was die nergens bij hoorde")
async def los_op(afschrift: Nummer, volgnr: Regel, wereld: WereldDep, actor: ActorDep, vraag: OplossingVraag) -> None:
    """Met een opdracht erbij wordt geboekt alsof de bank haar had genoemd."""
    await los_bankregel_op(wereld, actor, afschrift, volgnr, reden=vraag.reden, end_to_end_id=vraag.end_to_end_id)


@router.get("", summary="Betalingen aan de eigen aanbieder, nieuwste eerst")
async def toon_betalingen(wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 50) -> BetalingLijst:
    """Zodra het betaalbestand is gemaakt."""
    page = await lijst_betalingen(wereld, actor, cursor=cursor, limit=limit)
    return BetalingLijst(items=[_as_betaling(each) for each in page.items], volgende=page.volgende)


@router.get("/{run}/{regel}/specificatie", summary="Waar een betaling uit bestaat, per declaratie")
async def toon_posten(
    run: Nummer, regel: Regel, wereld: WereldDep, actor: ActorDep, cursor: Cursor = None, limit: Limit = 200
) -> SpecificatieShape:
    """Voor de aanbieder die is betaald en de gemeente die betaalde."""
    found = await toon_specificatie(wereld, actor, run, regel, cursor=cursor, limit=limit)
    return SpecificatieShape(
        betaling=_as_betaling(found.betaling), items=[_as_post(each) for each in found.regels.items], volgende=found.regels.volgende
    )


def _velden(vorm: type[Shape], bron: object, **anders: Any) -> dict[str, Any]:
    """The fields of a shape from a value of the room, but for those given."""
    return {name: anders[name] if name in anders else getattr(bron, name) for name in vorm.model_fields}


def _run(run: Betaalrun) -> dict[str, Any]:
    return _velden(BetaalrunShape, run, run=str(run.run_nr))


def _as_run(found: RunInBeeld) -> RunShape:
    return RunShape(**_run(found.run), regels=[_as_regel(each) for each in found.regels])


def _as_regel(regel: Betaalregel) -> BetaalregelShape:
    return BetaalregelShape(**_velden(BetaalregelShape, regel, blokkade=BLOKKADE_ZIN[regel.blokkade], iban_gewijzigd=regel.is_iban_nieuw))


def _as_afschrift(afschrift: AfschriftInBeeld) -> AfschriftShape:
    stand = {BankregelStatus(status): count for status, count in afschrift.stand.items()}
    return AfschriftShape(**_velden(AfschriftShape, afschrift, afschrift=str(afschrift.afschrift_nr), stand=stand))


def _as_bankregel(regel: BankregelInBeeld) -> BankregelShape:
    return BankregelShape(**_velden(BankregelShape, regel, afschrift=str(regel.afschrift_nr)))


def _as_betaling(betaling: BetalingAanAanbieder) -> BetalingShape:
    return BetalingShape(**_velden(BetalingShape, betaling, run=str(betaling.run_nr), status=betaling.status.value))


def _as_post(post: Specificatieregel) -> PostShape:
    return PostShape(**_velden(PostShape, post, bericht=str(post.bericht_nr)))
