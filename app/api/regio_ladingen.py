"""`/regio`: several changes of the region at once, and who changed what when."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field, ValidationError

from app.api.regio import BLIJFT, VORMEN, kolommen_van, rijvorm, voer_door
from app.api.regio_kop import ALLEEN_REGIO, ANTWOORDEN
from app.api.regio_namen import PAD, SOORT, soort_van_bestand
from app.api.regio_vormen import als_cellen, als_json
from app.api.shapes import Cursor, Lijst, Limit, Shape
from app.api.toegang import ID_LENGTE_MAX, IedereActorDep, WereldDep
from app.domain.errors import NietGevonden, RegioOngeldig
from app.parties import Lading, Rijfout, Rijwijziging, lijst_ladingen, lijst_overgangen, toon_lading
from app.parties.region import Rij

router = APIRouter(prefix="/regio", tags=["regio"])

WIJZIGINGEN_MAX = 500

Rijsoort = Literal[
    "gemeenten", "herindelingen", "aanbieders", "zorgvormen", "productgroepen", "producten", "contracten", "contractopties", "onderaannemers",
    "tarieven", "bekostigingen", "contractplafonds", "deelname", "budgetten", "maatstaven", "voorschotten", "bijdragen", "partijen",
    "bankrekeningen",
]  # fmt: skip
"""A kind of row, by its address."""


class WijzigingShape(Shape):
    """One row to be put or ended."""

    actie: Literal["put", "delete"]
    soort: Rijsoort
    sleutel: str = Field(max_length=1_000, examples=["J1,45,45A04,04,2026-01-01"])
    etag: str | None = Field(description="de versie die u wijzigt, of `*` voor elke; null: de rij is nieuw", max_length=100)
    waarden: dict[str, Any] | None = Field(default=None, description="bij put: alle kolommen, zoals bij PUT op het adres van de rij")


class WijzigingenShape(Shape):
    """Changes that are made together, or not at all."""

    wijzigingen: list[WijzigingShape] = Field(min_length=1, max_length=WIJZIGINGEN_MAX)


class GewijzigdShape(Shape):
    """What became of one change."""

    soort: str
    sleutel: str
    is_nieuw: bool
    rij: dict[str, Any] | None = Field(description="zoals zij nu telt, met sleutel en etag; null: zij telt op geen dag meer")


class UitkomstShape(Shape):
    """What became of the changes, in their order."""

    lading: str | None = Field(description="het nummer waaronder dit bewaard is; null: de regio was al zo")
    items: list[GewijzigdShape]


class AantallenShape(Shape):
    """How many rows of one kind a load changed."""

    nieuw: int
    gewijzigd: int
    beeindigd: int = Field(description="houden de dagen voor de lading")
    vervallen: int
    blijft: int


class LadingShape(Shape):
    """One change of the region: a folder that was loaded, or some rows."""

    id: str
    op: datetime
    door: str
    verschil: dict[str, AantallenShape] = Field(description="per soort rij die veranderde")


class LadingLijst(Lijst[LadingShape]):
    """A page of loads."""


class OvergangShape(Shape):
    """What a load did to one row."""

    soort: str
    sleutel: str
    van: dict[str, Any] | None = Field(description="null: de rij is nieuw")
    naar: dict[str, Any] | None = Field(description="null: de rij telt niet meer")


class OvergangLijst(Lijst[OvergangShape]):
    """A page of rows that a load changed."""


@router.patch("", summary="Wijzig een aantal rijen tegelijk", responses={**ANTWOORDEN, 409: BLIJFT})
async def wijzig(wijzigingen: WijzigingenShape, wereld: WereldDep, actor: IedereActorDep) -> UitkomstShape:
    """Alles of niets, als één lading: zo komen rijen die elkaar nodig hebben er samen in, en sluit een nieuw tarief aan op het oude."""
    asked = wijzigingen.wijzigingen
    done = await voer_door(wereld, actor, _als_wijzigingen(asked))
    items = [
        GewijzigdShape(soort=each.soort, sleutel=each.sleutel, is_nieuw=is_new, rij=None if rij is None else rijvorm(rij))
        for each, rij, is_new in zip(asked, done.rijen, done.is_nieuw, strict=True)
    ]
    return UitkomstShape(lading=None if done.lading_nr is None else str(done.lading_nr), items=items)


@router.get("/ladingen", summary="Wie de regio wanneer wijzigde, nieuwste eerst", responses=ALLEEN_REGIO)
async def ladingen(wereld: WereldDep, actor: IedereActorDep, cursor: Cursor = None, limit: Limit = 50) -> LadingLijst:
    """Mappen die zijn geladen en wijzigingen van rijen, met hun aantallen."""
    page = await lijst_ladingen(wereld.pool, actor, cursor, limit)
    return LadingLijst(items=[_as_lading(each) for each in page.items], volgende=page.volgende)


@router.get("/ladingen/{lading_id}", summary="Eén wijziging van de regio", responses=ALLEEN_REGIO)
async def lading(lading_id: str, wereld: WereldDep, actor: IedereActorDep) -> LadingShape:
    """Wat er rij voor rij veranderde staat op /regio/ladingen/{lading_id}/wijzigingen."""
    return _as_lading(await toon_lading(wereld.pool, actor, _lading_nr(lading_id)))


@router.get("/ladingen/{lading_id}/wijzigingen", summary="Wat een lading veranderde, rij voor rij", responses=ALLEEN_REGIO)
async def overgangen(
    lading_id: str,
    wereld: WereldDep,
    actor: IedereActorDep,
    soort: Annotated[Rijsoort | None, Query(description="alleen rijen van deze soort")] = None,
    cursor: Cursor = None,
    limit: Limit = 200,
) -> OvergangLijst:
    """Per soort in volgorde van de sleutels: van wat in wat."""
    wanted = None if soort is None else SOORT[soort]
    page = await lijst_overgangen(wereld.pool, actor, _lading_nr(lading_id), wanted, cursor, limit)
    items = [
        OvergangShape(soort=PAD[each.soort], sleutel=each.sleutel, van=_columns(each.van), naar=_columns(each.naar)) for each in page.items
    ]
    return OvergangLijst(items=items, volgende=page.volgende)


def _als_wijzigingen(asked: list[WijzigingShape]) -> list[Rijwijziging]:
    """The changes as the room knows them.

    Raises:
        RegioOngeldig: Values are missing, or do not have the shape of their kind; all of them are named.
    """
    fouten = list[Rijfout]()
    changes = [
        Rijwijziging(
            soort=SOORT[each.soort],
            sleutel=each.sleutel,
            cellen=_cellen(each, fouten) if each.actie == "put" else None,
            etags=frozenset() if each.etag is None else frozenset({each.etag}),
        )
        for each in asked
    ]
    if fouten:
        raise RegioOngeldig(f"Er is niets gewijzigd. {fouten[0].melding}", fouten=[each.as_dict() for each in fouten])
    return changes


def _cellen(asked: WijzigingShape, fouten: list[Rijfout]) -> dict[str, str]:
    soort = SOORT[asked.soort]
    try:
        return als_cellen(kolommen_van(VORMEN[soort].waarden.model_validate(asked.waarden)))
    except ValidationError as error:
        for each in error.errors():
            kolom = ".".join(str(part) for part in each["loc"]) or None
            zin = f"Kolom {kolom} heeft niet de vorm die bij {asked.soort} hoort." if kolom else "Bij put horen waarden."
            fouten.append(Rijfout(soort=soort, sleutel=asked.sleutel, kolom=kolom, melding=zin))
        return {}


def _lading_nr(lading_id: str) -> int:
    if not lading_id.isascii() or not lading_id.isdecimal() or len(lading_id) > ID_LENGTE_MAX or lading_id.startswith("0"):
        raise NietGevonden
    return int(lading_id)


def _as_lading(each: Lading) -> LadingShape:
    changed = {bestand: counts for bestand, counts in each.verschil.items() if any(counts[naam] for naam in counts if naam != "blijft")}
    return LadingShape(
        id=str(each.lading_nr),
        op=each.geladen_op,
        door=each.geladen_door,
        verschil={soort_van_bestand(bestand): _as_aantallen(counts) for bestand, counts in changed.items()},
    )


def _as_aantallen(counts: Any) -> AantallenShape:
    """Counts of a load; one of long ago knows fewer words."""
    return AantallenShape(**{naam: counts.get(naam, 0) for naam in AantallenShape.model_fields})


def _columns(rij: Rij | None) -> dict[str, Any] | None:
    return None if rij is None else als_json(rij)
