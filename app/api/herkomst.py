"""`/herkomst`: from a total to its transfers, prestaties, berichten, rules and contracts; and from a prestatie to where its money ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field

from app.api.shapes import (
    AGB_PATTERN,
    GEMEENTE_PATTERN,
    MAAND_PATTERN,
    NAAM_PATTERN,
    Cursor,
    Domein,
    Lijst,
    Limit,
    RekeningShape,
    Shape,
    as_maand,
    first_day_of,
)
from app.api.toegang import ActorDep, WereldDep, nr_van
from app.reports import (
    Doel,
    HerkomstFilter,
    HerkomstRegel,
    PotInRun,
    PrestatieBron,
    Stap,
    StapSoort,
    ToewijzingVersie,
    Verwijzing,
    list_herkomst,
    read_spoor,
    read_toewijzing,
    read_totaal,
    read_verevening_spoor,
    stappen_van,
    vraag_van,
)

router = APIRouter(prefix="/herkomst", tags=["herkomst"])

Naam = Annotated[str | None, Query(pattern=NAAM_PATTERN)]
Maand = Annotated[str | None, Query(pattern=MAAND_PATTERN, examples=["2026-06"])]
Jaar = Annotated[int | None, Query(ge=2000, le=2100)]
GemeenteCode = Annotated[str, Path(pattern=GEMEENTE_PATTERN, examples=["0664"])]


def _selectie(
    rekening: Annotated[str, Query(pattern=NAAM_PATTERN, description="soort rekening; debet telt positief")] = "kosten",
    gemeente: Annotated[str | None, Query(pattern=GEMEENTE_PATTERN)] = None,
    aanbieder: Annotated[str | None, Query(pattern=AGB_PATTERN)] = None,
    domein: Domein | None = None,
    zorgvorm: Naam = None,
    zorgmaand: Maand = None,
    zorgjaar: Jaar = None,
    boekmaand: Maand = None,
    boekjaar: Jaar = None,
    tot_en_met: Annotated[str | None, Query(alias="totEnMet", pattern=MAAND_PATTERN, description="laatste boekmaand")] = None,
    tot_en_met_: Annotated[str | None, Query(alias="tot_en_met", pattern=MAAND_PATTERN, include_in_schema=False)] = None,
    geboekt_vanaf: Annotated[date | None, Query(alias="geboektVanaf", description="eerste dag van boeken")] = None,
    geboekt_vanaf_: Annotated[date | None, Query(alias="geboekt_vanaf", include_in_schema=False)] = None,
    soort: Annotated[str | None, Query(pattern=NAAM_PATTERN, description="gebeurtenis, zoals prestatie")] = None,
) -> HerkomstFilter:
    until = tot_en_met or tot_en_met_
    return HerkomstFilter(
        rekening=rekening,
        gemeente=gemeente,
        aanbieder=aanbieder,
        domein=domein,
        zorgvorm=zorgvorm,
        zorgmaand=first_day_of(zorgmaand) if zorgmaand else None,
        zorgjaar=zorgjaar,
        boekmaand=first_day_of(boekmaand) if boekmaand else None,
        boekjaar=boekjaar,
        tot_en_met=first_day_of(until) if until else None,
        geboekt_vanaf=geboekt_vanaf or geboekt_vanaf_,
        soort=soort,
    )


Selectie = Annotated[HerkomstFilter, Depends(_selectie)]


class OpbouwShape(Shape):
    """The transfers of one event in one boekmaand."""

    soort: str
    boekmaand: str
    aantal: int
    bedrag_cent: int


class HerkomstTotaalShape(Shape):
    """A total from the transfers, beside what the balances say."""

    stand_van: datetime
    totaal_cent: int
    saldo_cent: int | None = Field(description="hetzelfde uit de saldi; null als saldi dit niet kunnen zeggen")
    sluit: bool
    aantal: int
    opbouw: list[OpbouwShape]


class BronShape(Shape):
    """The bericht that a transfer comes from."""

    bericht: str
    soort: str | None
    van: str
    aan: str | None
    identificatie: str | None
    ontvangen_op: datetime
    beoordeeld_op: datetime | None
    status: str
    sha256: str = Field(description="van de bytes zoals ze zijn ontvangen")


class HandelingBronShape(Shape):
    """The act that a transfer comes from."""

    handeling: int
    soort: str
    gemaakt_op: datetime
    gemaakt_door: str
    reden: str
    goedgekeurd_op: datetime | None
    goedgekeurd_door: str | None


class HerkomstPrestatieShape(Shape):
    """The line of a declaratie, as it was judged last."""

    bericht: str
    regel: int
    referentie_nummer: str
    is_credit: bool
    toewijzing_nummer: int
    categorie: str
    code: str
    begindatum: date
    einddatum: date
    volume: int
    eenheid: str
    tarief_cent: int | None
    bedrag_cent: int
    toegekend: bool
    retour_codes: list[str]
    naar: str


class HerkomstTariefShape(Shape):
    """The line of the contract by which was judged."""

    contract: str
    eenheid: str
    tarief_cent: int | None
    geldig_van: date
    geldig_tot: date | None
    lading: int | None = Field(description="de regiolading die deze regel bracht")
    verwacht_cent: int | None = Field(description="volume maal tarief; null als de eenheden verschillen")


class ToewijzingVersieShape(Shape):
    """A version of a toewijzing."""

    toewijzing_nummer: int
    bericht: str
    toewijzingsdatum: date
    toewijzingstijd: str
    ingangsdatum: date
    einddatum: date | None
    volume: int | None
    eenheid: str | None
    frequentie: str | None
    budget_cent: int | None
    ingetrokken: bool


class HerkomstBoekingShape(Shape):
    """One transfer with everything that it rests on."""

    sleutel: str
    soort: str
    debet: RekeningShape
    credit: RekeningShape
    bedrag_cent: int
    telt_cent: int = Field(description="wat zij aan het totaal toevoegt: debet positief")
    domein: str
    zorgvorm: str
    zorgmaand: str
    boekdatum: date
    regelset: str
    client: str | None = Field(description="schuilnaam; null als er geen is of als u haar niet mag zien")
    draait_terug: str | None
    teruggedraaid_door: list[str]
    bericht: BronShape | None
    handeling: HandelingBronShape | None
    prestatie: HerkomstPrestatieShape | None
    toewijzing: ToewijzingVersieShape | None
    tarief: HerkomstTariefShape | None


class HerkomstBoekingLijst(Lijst[HerkomstBoekingShape]):
    """A page of the transfers of a total, by boekmaand and key."""


class StapShape(Shape):
    """One step of the way of money."""

    soort: StapSoort
    zin: str
    bedrag_cent: int | None
    op: datetime | date | None
    gegevens: dict[str, str | int | bool | None]
    naar: str | None = Field(description="waar verder te lezen")


class PrestatieSpoorShape(Shape):
    """The way of one prestatie, from the file to the verevening."""

    stand_van: datetime
    prestatie: HerkomstPrestatieShape
    client: str | None
    stappen: list[StapShape]


class VerplichtingMaandShape(Shape):
    """What a toewijzing was expected to cost in a month, and what was used."""

    zorgmaand: str
    zorgvorm: str
    verwacht_cent: int
    gebruikt_cent: int
    vrijgevallen: bool


class ToewijzingSpoorShape(Shape):
    """A toewijzing: versions, commitment, and a page of its granted prestaties."""

    stand_van: datetime
    domein: str
    gemeente: str
    toewijzing_nummer: int
    aanbieder: str
    client: str | None
    versies: list[ToewijzingVersieShape]
    maanden: list[VerplichtingMaandShape]
    prestaties: list[HerkomstPrestatieShape]
    volgende: str | None


class SaldoInRunShape(Shape):
    """A balance that went into a run, beside what it is now."""

    gemeente: str
    zorgvorm: str
    zorgmaand: str
    in_run_cent: int
    nu_cent: int
    verschil_cent: int
    naar: str
    later: str | None = Field(description="de boekingen vanaf de dag van de berekening; null als het saldo niet veranderde")


class PotInRunShape(Shape):
    """One pool of a run for one gemeente."""

    regeling: str
    pot: str
    zorgvormen: list[str]
    van: date
    tot_en_met: date
    artikel: str | None
    eigen_kosten_cent: int
    bijdrage_cent: int
    verevening_cent: int
    saldi: list[SaldoInRunShape]


class VereveningSpoorShape(Shape):
    """The share of a gemeente in a run, down to its balances; positive pays."""

    stand_van: datetime
    run: int
    jaar: int
    model: str
    status: str
    gemaakt_op: datetime
    gemaakt_door: str
    gemeente: str
    eigen_kosten_cent: int
    bijdrage_cent: int
    verevening_cent: int
    later_cent: int
    potten: list[PotInRunShape]
    stappen: list[StapShape]


@router.get("/totaal", summary="Een totaal en waaruit het bestaat")
async def toon_totaal(wereld: WereldDep, actor: ActorDep, vraag: Selectie) -> HerkomstTotaalShape:
    """Per boekmaand en soort, uit de boekingen zelf, naast wat de saldi zeggen."""
    found = await read_totaal(wereld, actor, vraag)
    return HerkomstTotaalShape(
        **{name: getattr(found, name) for name in ("stand_van", "totaal_cent", "saldo_cent", "sluit", "aantal")},
        opbouw=[OpbouwShape(**{**asdict(row), "boekmaand": as_maand(row.boekmaand)}) for row in found.opbouw],
    )


@router.get("/boekingen", summary="De boekingen van een totaal, met alles waarop ze rusten")
async def toon_boekingen(
    request: Request, wereld: WereldDep, actor: ActorDep, vraag: Selectie, cursor: Cursor = None, limit: Limit = 50
) -> HerkomstBoekingLijst:
    """Op volgorde van boekmaand en sleutel; alle bladzijden samen zijn op de cent het totaal."""
    page = await list_herkomst(wereld, actor, vraag, cursor, limit)
    root = request.scope.get("root_path", "")
    return HerkomstBoekingLijst(items=[_as_boeking(row, root) for row in page.items], volgende=page.volgende)


@router.get("/prestaties/{bericht}/{regel}", summary="Waar het geld van een prestatie bleef")
async def toon_prestatie(
    request: Request, wereld: WereldDep, actor: ActorDep, bericht: str, regel: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> PrestatieSpoorShape:
    """Van het bestand via oordeel, toewijzing, tarief en boekingen tot de verevening."""
    found = await read_spoor(wereld, actor, nr_van(bericht), regel)
    root = request.scope.get("root_path", "")
    return PrestatieSpoorShape(
        stand_van=found.stand_van,
        prestatie=_as_prestatie(found.prestatie, root),
        client=found.client,
        stappen=_as_stappen(found.stappen, root),
    )


@router.get("/toewijzingen/{domein}/{gemeente}/{nummer}", summary="Wat een toewijzing vastlegde en wat ervan gebruikt is")
async def toon_toewijzing(
    request: Request,
    wereld: WereldDep,
    actor: ActorDep,
    domein: Domein,
    gemeente: GemeenteCode,
    nummer: Annotated[int, Path(ge=1, le=2**63 - 1)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ToewijzingSpoorShape:
    """Versies, verplichting per maand, en de toegekende prestaties."""
    found = await read_toewijzing(wereld, actor, domein, gemeente, nummer, cursor, limit)
    root = request.scope.get("root_path", "")
    return ToewijzingSpoorShape(
        **{name: getattr(found, name) for name in ("stand_van", "domein", "gemeente", "toewijzing_nummer", "client", "volgende")},
        aanbieder=found.agb,
        versies=[_as_versie(each) for each in found.versies],
        maanden=[VerplichtingMaandShape(**{**asdict(each), "zorgmaand": as_maand(each.zorgmaand)}) for each in found.maanden],
        prestaties=[_as_prestatie(each, root) for each in found.prestaties],
    )


@router.get("/verevening/{run}/{gemeente}", summary="Het aandeel van een gemeente in een verevening, tot op de saldi")
async def toon_verevening(
    request: Request, wereld: WereldDep, actor: ActorDep, run: Annotated[int, Path(ge=1, le=2**63 - 1)], gemeente: GemeenteCode
) -> VereveningSpoorShape:
    """Wat erin ging naast wat dezelfde saldi nu zijn."""
    found = await read_verevening_spoor(wereld, actor, run, gemeente)
    root = request.scope.get("root_path", "")

    def as_saldo(pot: PotInRun) -> list[SaldoInRunShape]:
        return [
            SaldoInRunShape(
                **{**asdict(saldo), "zorgmaand": as_maand(saldo.zorgmaand)},
                verschil_cent=saldo.verschil_cent,
                naar=_boekingen(vraag_van(saldo), root),
                later=_boekingen(vraag_van(saldo, found), root) if saldo.verschil_cent else None,
            )
            for saldo in pot.saldi
        ]

    same = ("stand_van", "jaar", "model", "status", "gemaakt_op", "gemaakt_door", "gemeente")
    sums = ("eigen_kosten_cent", "bijdrage_cent", "verevening_cent")
    return VereveningSpoorShape(
        **{name: getattr(found, name) for name in (*same, *sums, "later_cent")},
        run=found.run_nr,
        potten=[
            PotInRunShape(
                **{name: getattr(pot, name) for name in ("regeling", "pot", "van", "tot_en_met", "artikel", *sums)},
                zorgvormen=list(pot.zorgvormen),
                saldi=as_saldo(pot),
            )
            for pot in found.potten
        ],
        stappen=_as_stappen(stappen_van(found), root),
    )


def _as_boeking(row: HerkomstRegel, root: str) -> HerkomstBoekingShape:
    same = ("sleutel", "soort", "bedrag_cent", "telt_cent", "domein", "zorgvorm", "boekdatum", "regelset", "client", "draait_terug")
    tarief = row.tarief
    return HerkomstBoekingShape(
        **{name: getattr(row, name) for name in same},
        debet=RekeningShape(rekening=row.debet.soort, gemeente=row.debet.gemeente, aanbieder=row.debet.agb),
        credit=RekeningShape(rekening=row.credit.soort, gemeente=row.credit.gemeente, aanbieder=row.credit.agb),
        zorgmaand=as_maand(row.zorgmaand),
        teruggedraaid_door=list(row.teruggedraaid_door),
        bericht=None if row.bericht is None else BronShape(bericht=str(row.bericht.bericht_nr), **_some(asdict(row.bericht), BronShape)),
        handeling=None
        if row.handeling is None
        else HandelingBronShape(handeling=row.handeling.bericht_nr, **_some(asdict(row.handeling), HandelingBronShape)),
        prestatie=None if row.prestatie is None else _as_prestatie(row.prestatie, root),
        toewijzing=None if row.toewijzing is None else _as_versie(row.toewijzing),
        tarief=None
        if tarief is None
        else HerkomstTariefShape(lading=tarief.lading_nr, verwacht_cent=row.verwacht_cent, **_some(asdict(tarief), HerkomstTariefShape)),
    )


def _some(values: Mapping[str, Any], shape: type[Shape]) -> dict[str, Any]:
    """The values that a shape has under the same name."""
    return {name: value for name, value in values.items() if name in shape.model_fields}


def _as_prestatie(each: PrestatieBron, root: str) -> HerkomstPrestatieShape:
    values = _some(asdict(each), HerkomstPrestatieShape) | {"retour_codes": list(each.retour_codes)}
    return HerkomstPrestatieShape(**values, bericht=str(each.bericht_nr), naar=f"{root}/herkomst/prestaties/{each.bericht_nr}/{each.regel}")


def _as_versie(each: ToewijzingVersie) -> ToewijzingVersieShape:
    return ToewijzingVersieShape(
        **_some(asdict(each), ToewijzingVersieShape), bericht=str(each.bericht_nr), ingetrokken=each.ingetrokken_door is not None
    )


def _as_stappen(stappen: Iterable[Stap], root: str) -> list[StapShape]:
    return [
        StapShape(
            soort=each.soort,
            zin=each.zin,
            bedrag_cent=each.bedrag_cent,
            op=each.op,
            gegevens=dict(each.gegevens),
            naar=None if each.naar is None else _adres(each.naar, root),
        )
        for each in stappen
    ]


_PADEN = {
    Doel.BERICHT: "/berichten/{}",
    Doel.REGEL: "/berichten/{}/prestaties/{}/matching",
    Doel.PRESTATIE: "/herkomst/prestaties/{}/{}",
    Doel.TOEWIJZING: "/herkomst/toewijzingen/{}/{}/{}",
    Doel.BETAALRUN: "/betalingen/runs/{}",
    Doel.VEREVENING: "/herkomst/verevening/{}/{}",
}


def _adres(naar: Verwijzing, root: str) -> str:
    if naar.vraag is not None:
        return _boekingen(naar.vraag, root)
    return root + _PADEN[naar.doel].format(*(quote(part, safe="") for part in naar.sleutel))


def _boekingen(vraag: HerkomstFilter, root: str) -> str:
    return f"{root}/herkomst/boekingen?{urlencode(vraag.as_query())}"
