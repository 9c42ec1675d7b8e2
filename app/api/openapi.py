"""The OpenAPI document: what FastAPI knows of the routes, with the answers, headers and problems that the NLGov API Design Rules ask for."""

from __future__ import annotations

from itertools import count
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.edge import API_PREFIX, API_VERSION
from app.api.problems import MEDIA_TYPE, Probleem

TITLE = "Solidair"
DESCRIPTION = (
    "Berichten van iJw en iWmo 3.2 tussen gemeenten en aanbieders: indienen, controleren, ophalen; en het grootboek dat eruit volgt. "
    "Fouten zijn problem+json (RFC 9457). Lijsten hebben een cursor. Bedragen zijn hele centen."
)
CONTACT = {"name": "Beheer van deze installatie", "email": "beheer@solidair.example", "url": "https://solidair.example"}
LICENSE = {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"}
VERSION_HEADER = {"API-Version": {"description": "Versie van deze API.", "schema": {"type": "string"}}}
EVERY = {400: "Het verzoek is niet goed ingevuld.", 401: "Geen geldig token.", 500: "Een fout van ons.", 503: "Nu niet bereikbaar."}
WITH_PATH = {404: "Bestaat niet, of niet voor u."}
WITH_XML = {403: "Niet namens deze partij.", 408: "Te langzaam.", 413: "Te groot.", 415: "Geen XML."}
WITH_JSON = {403: "U mag dit niet.", 413: "Te groot."}


def openapi_of(app: FastAPI) -> dict[str, Any]:
    """The document of the interface under /v1."""
    document = get_openapi(
        title=TITLE,
        version=API_VERSION,
        description=DESCRIPTION,
        routes=app.routes,
        servers=[{"url": API_PREFIX}],
        tags=[
            {"name": "berichten", "description": "Indienen, controleren, volgen."},
            {"name": "postvakken", "description": "Ophalen wat voor een partij klaarligt."},
            {"name": "termijnen", "description": "Wie tot wanneer moet antwoorden of besluiten, en de verzoeken van aanbieders."},
            {"name": "toewijzingen", "description": "Hulp toewijzen zonder XML te schrijven, en volgen wat erop volgt."},
            {
                "name": "regio",
                "description": "Gemeenten, aanbieders, producten, contracten: lezen, wijzigen, en wie dat deed.",
            },
            {"name": "plafonds", "description": "Hoe ver de budgetplafonds van contracten zijn gebruikt."},
            {"name": "grootboek", "description": "Saldi en boekingen."},
        ],
    )
    # Not by get_openapi: that wants a package to check the address.
    document["info"].update(contact=CONTACT, license=LICENSE)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete(operation, path)
    document["components"]["responses"] = _share_problems(document)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem_schema = Probleem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem_schema.pop("$defs", {}))
    schemas["Probleem"] = problem_schema
    return document


def _share_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The problems of all operations, each said once and referred to; two of one status that differ are numbered in order of the paths."""
    shared: dict[str, Any] = {}
    for operation in (each for operations in document["paths"].values() for each in operations.values()):
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                name = _name_of(f"Probleem{status}", response, shared)
                shared[name] = response
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def _name_of(stem: str, response: dict[str, Any], shared: dict[str, Any]) -> str:
    names = (stem if index == 1 else f"{stem}-{index}" for index in count(1))
    return next(name for name in names if shared.get(name, response) == response)


def _with_body(operation: dict[str, Any]) -> dict[int, str]:
    """The problems that a body brings."""
    if "requestBody" not in operation:
        return {}
    return WITH_JSON if "application/json" in operation["requestBody"]["content"] else WITH_XML


def _complete(operation: dict[str, Any], path: str) -> None:
    responses = operation["responses"]
    # What FastAPI says of input that is wrong; here that is 400. A route that has a 422 of its own keeps it.
    if "application/json" in responses.get("422", {}).get("content", {}):
        del responses["422"]
    for response in responses.values():
        response["headers"] = {**response.get("headers", {}), **VERSION_HEADER}
    problems = {**EVERY, **(WITH_PATH if "{" in path else {}), **_with_body(operation)}
    for code, description in problems.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}}
        responses.setdefault(str(code), {"description": description, "headers": VERSION_HEADER, "content": content})
    operation["responses"] = dict(sorted(responses.items()))
