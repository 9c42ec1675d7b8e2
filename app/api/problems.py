"""Every error as problem+json (RFC 9457): which status, and what the reader is told. Never anything from inside."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.api.regio_namen import soort_van_bestand
from app.api.shapes import BevindingShape
from app.domain.errors import DomainError, NietAangemeld, RegioOngeldig, Unavailable, Verouderd
from app.intake import Geweigerd

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
VELDEN_MAX = 20

ZINNEN: Mapping[int, str] = {
    404: "Dit adres bestaat niet.",
    405: "Deze methode kan hier niet; de header Allow noemt wat wel kan.",
    413: "De inhoud is te groot.",
    500: "Er ging bij ons iets mis. Noem trace_id als u het meldt.",
    503: "De dienst is nu even niet bereikbaar; probeer het zo dadelijk weer.",
}


class VeldFout(BaseModel):
    """One part of a request that is not right."""

    veld: str = Field(description="naam van de parameter")
    melding: str


class RijFout(BaseModel):
    """One row of the region that is not right, or that is another than was thought."""

    soort: str = Field(description="het adres van zulke rijen", examples=["tarieven"])
    sleutel: str | None = Field(examples=["J1,45,45A04,04,2026-01-01"])
    kolom: str | None
    waarde: str | None = Field(description="bij 422 wat er staat, bij 412 de etag van de rij die nu telt")
    melding: str


class Probleem(BaseModel):
    """A problem (RFC 9457). `detail` is one Dutch sentence that says what to change."""

    type: str = "about:blank"
    title: str = Field(description="de naam van de HTTP-status")
    status: int
    detail: str
    trace_id: str | None = Field(default=None, description="noem dit als u het probleem meldt")
    fouten: list[VeldFout] | None = Field(default=None, description="bij 400: welke parameters niet goed zijn")
    rijen: list[RijFout] | None = Field(default=None, description="bij 412 en 422 van de regio: alle rijen waar iets mee is")
    bericht: str | None = Field(default=None, description="bij een geweigerd bericht: onder welk id de weigering bewaard is")
    bevindingen: list[BevindingShape] | None = Field(default=None, description="bij een geweigerd bericht: alles wat er niet goed aan is")


def problem(
    status: int, detail: str | None = None, *, trace_id: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer for a problem; `more` are the other members of `Probleem`."""
    title = HTTPStatus(status).phrase
    shape = Probleem(title=title, status=status, detail=detail or ZINNEN.get(status, title), trace_id=trace_id, **more)
    content = json.dumps(shape.model_dump(mode="json", exclude_none=True), ensure_ascii=False)
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def probleem_antwoord(description: str) -> dict[str, Any]:
    """A problem among the answers of a route, for the document."""
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}}}


def add_handlers(app: FastAPI) -> None:
    """Let every error of this app end as a problem."""
    app.add_exception_handler(DomainError, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, http_problem)
    app.add_exception_handler(Exception, _bug)


def trace_id_of(request: Request) -> str | None:
    """The id of this request, given by `Edge`."""
    found = request.scope.get("trace_id")
    return found if isinstance(found, str) else None


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    more: dict[str, Any] = {}
    if isinstance(error, Geweigerd):
        more["bericht"] = None if error.bericht_nr is None else str(error.bericht_nr)
        more["bevindingen"] = [BevindingShape.model_validate(each) for each in error.bevindingen]
    if isinstance(error, RegioOngeldig | Verouderd):
        more["rijen"] = [_rijfout(each) for each in error.fouten]
    headers = {"WWW-Authenticate": 'Bearer realm="solidair"'} if isinstance(error, NietAangemeld) else _etag_of(error)
    return problem(error.status, error.melding, trace_id=trace_id_of(request), headers=headers, **more)


def _rijfout(fout: Mapping[str, Any]) -> RijFout:
    return RijFout(soort=soort_van_bestand(fout["bestand"]), **{name: fout.get(name) for name in ("sleutel", "kolom", "waarde", "melding")})


def _etag_of(error: DomainError) -> dict[str, str] | None:
    """The version that counts now, when the request was about one row."""
    fouten = error.fouten if isinstance(error, Verouderd) else []
    etag = fouten[0]["waarde"] if len(fouten) == 1 else None
    return {"ETag": f'"{etag}"'} if etag else None


async def _unavailable(request: Request, _error: Exception) -> Response:
    return problem(503, trace_id=trace_id_of(request), headers={"Retry-After": str(RETRY_AFTER_S)})


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fouten = [VeldFout(veld=_veld(each["loc"]), melding=_melding(each)) for each in error.errors()[:VELDEN_MAX]]
    names = ", ".join(dict.fromkeys(fout.veld for fout in fouten))
    return problem(400, f"Niet goed ingevuld: {names}.", trace_id=trace_id_of(request), fouten=fouten)


async def http_problem(request: Request, error: Exception) -> Response:
    """What the framework refused: no such address, no such method, too much."""
    assert isinstance(error, HTTPException)
    said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    return problem(error.status_code, said, trace_id=trace_id_of(request), headers=error.headers)


async def _bug(request: Request, _error: Exception) -> Response:
    """Our own bug; `Edge` logs it, the reader gets the id under which it is found."""
    return problem(500, trace_id=trace_id_of(request))


def _veld(loc: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])


def _melding(error: Mapping[str, Any]) -> str:
    """What was expected, without the value that was sent."""
    expected = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "Dit is verplicht."
        case "enum" | "literal_error":
            return f"Verwacht: {expected.get('expected')}."
        case "date_from_datetime_parsing" | "date_parsing":
            return "Verwacht een datum als 2026-06-30."
        case "int_parsing":
            return "Verwacht een geheel getal."
        case "greater_than_equal":
            return f"Ten minste {expected.get('ge')}."
        case "less_than_equal":
            return f"Ten hoogste {expected.get('le')}."
        case "string_pattern_mismatch":
            return f"Verwacht de vorm {expected.get('pattern')}."
        case _:
            return "Dit heeft niet de verwachte vorm."
