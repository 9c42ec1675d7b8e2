"""A list, one row, a change, an end and the history of every kind of row of the region: one set of routes, made for each kind.

Rows have the columns of their file (`docs/region-folder.md`). Who changes one says which version it is based on; what that does is checked as
a whole, like a folder, and kept as a load. What waits for a contract is woken after it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from app.adapters.wereld import Wereld
from app.api.problems import probleem_antwoord
from app.api.regio_kop import ALLEEN_REGIO, ANTWOORDEN, ETAG_HEADER, KENMERK_NODIG, LOCATION_HEADER, IfMatch, IfNoneMatch, versies_van
from app.api.regio_namen import PAD
from app.api.regio_vormen import WOORDEN, Vormen, als_cellen, als_json, vormen_van
from app.api.toegang import IedereActorDep, WereldDep
from app.domain.partij import Actor
from app.judging import wek_wachtenden
from app.parties import RijInBeeld, RijVraag, Rijwijziging, Uitkomst, historie_van_rij, lijst_rijen, toon_rij, wijzig_rijen
from app.parties.region import Rij

router = APIRouter(tags=["regio"])

Sleutel = Annotated[
    str,
    Path(
        description="de kolommen van de sleutel met komma's ertussen, zoals `sleutel` in een lijst; andere tekens dan letters, cijfers en . - _ :"
        " staan er als ~ en twee hexadecimale cijfers per byte",
        examples=["J1,45,45A04,04,2026-01-01"],
    ),
]
GEEN_FILTER = {"op", "cursor", "limit"}
BLIJFT = probleem_antwoord("De rij blijft: zij is al afgelopen, of andere rijen noemen haar.")


async def voer_door(wereld: Wereld, actor: Actor, wijzigingen: list[Rijwijziging]) -> Uitkomst:
    """Change rows, and judge again what waited for a contract."""
    done = await wijzig_rijen(wereld.pool, wijzigingen, nu=wereld.nu, actor=actor)
    if done.lading_nr is not None:
        await wek_wachtenden(wereld, alle=True)
    return done


def rijvorm(rij: RijInBeeld) -> dict[str, Any]:
    """A row with its key and version, as it goes over the wire."""
    return {"sleutel": rij.sleutel, "etag": rij.etag, **als_json(rij.rij)}


def _getypeerd(route: Callable[..., Any], **types: Any) -> Callable[..., Any]:
    """The route with the shapes of its kind as types of these parameters."""
    route.__annotations__.update(types)
    return route


def _lees_routes(soort: type[Rij], vormen: Vormen) -> None:
    woord, titel, zin = WOORDEN[soort]
    pad = PAD[soort]

    async def lijst(wereld: WereldDep, actor: IedereActorDep, vraag: Any) -> dict[str, Any]:
        filters = als_cellen({naam: waarde for naam, waarde in vraag.model_dump(exclude=GEEN_FILTER).items() if waarde is not None})
        wanted = RijVraag(filters=filters, op=getattr(vraag, "op", None))
        page = await lijst_rijen(wereld.pool, actor, soort, wanted, vraag.cursor, vraag.limit)
        return {"items": [rijvorm(each) for each in page.items], "volgende": page.volgende}

    async def een(sleutel: Sleutel, wereld: WereldDep, actor: IedereActorDep, response: Response) -> dict[str, Any]:
        rij = await toon_rij(wereld.pool, actor, soort, sleutel)
        response.headers["ETag"] = f'"{rij.etag}"'
        return rijvorm(rij)

    async def historie(sleutel: Sleutel, wereld: WereldDep, actor: IedereActorDep) -> dict[str, Any]:
        moments = await historie_van_rij(wereld.pool, actor, soort, sleutel)
        return {
            "items": [
                {
                    "lading": None if each.lading_nr is None else str(each.lading_nr),
                    "op": each.op,
                    "door": each.door,
                    "van": None if each.van is None else als_json(each.van),
                    "naar": None if each.naar is None else als_json(each.naar),
                }
                for each in moments
            ]
        }

    router.add_api_route(
        f"/{pad}",
        _getypeerd(lijst, vraag=Annotated[vormen.vraag, Query()]),
        methods=["GET"],
        name=f"lijst_{pad}",
        summary=titel,
        description=zin,
        response_model=vormen.lijst,
    )
    router.add_api_route(
        f"/{pad}/{{sleutel}}",
        een,
        methods=["GET"],
        name=f"toon_{woord}",
        summary=f"Eén {woord}",
        description="De rij met deze sleutel die nu telt.",
        response_model=vormen.getoond,
        responses={200: {"headers": ETAG_HEADER}},
    )
    router.add_api_route(
        f"/{pad}/{{sleutel}}/historie",
        historie,
        methods=["GET"],
        name=f"historie_{woord}",
        summary=f"Wie deze {woord} wanneer wijzigde, van wat in wat",
        description="Oudste eerst; ook van een rij die niet meer telt.",
        response_model=vormen.historie,
        responses=ALLEEN_REGIO,
    )


def _schrijf_routes(soort: type[Rij], vormen: Vormen) -> None:
    woord = WOORDEN[soort][0]
    pad = PAD[soort]

    async def zet(
        sleutel: Sleutel,
        waarden: Any,
        request: Request,
        response: Response,
        wereld: WereldDep,
        actor: IedereActorDep,
        if_match: IfMatch = None,
        if_none_match: IfNoneMatch = None,
    ) -> dict[str, Any]:
        cells = als_cellen(kolommen_van(waarden))
        change = Rijwijziging(soort=soort, sleutel=sleutel, cellen=cells, etags=versies_van(if_match, if_none_match))
        done = await voer_door(wereld, actor, [change])
        (rij,) = done.rijen
        assert rij is not None  # What was put counts.
        response.headers["ETag"] = f'"{rij.etag}"'
        if done.is_nieuw[0]:
            response.status_code = 201
            response.headers["Location"] = f"{request.scope.get('root_path', '')}/{pad}/{rij.sleutel}"
        return rijvorm(rij)

    async def beeindig(
        sleutel: Sleutel, request: Request, response: Response, wereld: WereldDep, actor: IedereActorDep, if_match: IfMatch = None
    ) -> Any:
        etags = versies_van(if_match)
        await toon_rij(wereld.pool, actor, soort, sleutel)
        (rij,) = (await voer_door(wereld, actor, [Rijwijziging(soort=soort, sleutel=sleutel, cellen=None, etags=etags)])).rijen
        if rij is None:
            return Response(status_code=204)
        response.headers["ETag"] = f'"{rij.etag}"'
        response.headers["Content-Location"] = f"{request.scope.get('root_path', '')}/{pad}/{rij.sleutel}"
        return rijvorm(rij)

    router.add_api_route(
        f"/{pad}/{{sleutel}}",
        _getypeerd(zet, waarden=vormen.waarden),
        methods=["PUT"],
        name=f"zet_{woord}",
        summary=f"Maak of vervang een {woord}",
        description="Een rij die er al was wordt verbeterd vanaf haar eerste dag. De regio wordt als geheel gecontroleerd.",
        response_model=vormen.getoond,
        responses={
            200: {"description": "Vervangen, of al zo.", "headers": ETAG_HEADER},
            201: {"description": "Gemaakt.", "model": vormen.getoond, "headers": ETAG_HEADER | LOCATION_HEADER},
            **ANTWOORDEN,
            **KENMERK_NODIG,
        },
    )
    router.add_api_route(
        f"/{pad}/{{sleutel}}",
        beeindig,
        methods=["DELETE"],
        name=f"beeindig_{woord}",
        summary=f"Beëindig een {woord}",
        description="Wat loopt eindigt gisteren, wat nog moet komen of geen periode heeft vervalt; wat al is afgelopen blijft (409).",
        response_model=vormen.getoond,
        responses={
            200: {"description": "Beëindigd: de rij zoals zij nu telt.", "headers": ETAG_HEADER},
            204: {"description": "Vervallen: er is geen rij meer."},
            409: BLIJFT,
            **ANTWOORDEN,
            **KENMERK_NODIG,
        },
    )


def kolommen_van(waarden: BaseModel) -> dict[str, Any]:
    """The columns in what was sent to put a row."""
    return waarden.model_dump(exclude={"sleutel", "etag"})


VORMEN = {soort: vormen_van(soort) for soort in PAD}
"""The shapes of every kind, made once."""

for _soort, _vormen in VORMEN.items():
    _lees_routes(_soort, _vormen)
    _schrijf_routes(_soort, _vormen)
