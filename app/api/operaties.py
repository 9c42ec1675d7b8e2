"""`/healthz`, `/readyz` and `/metrics`, for who runs the installation; outside /v1, without token, and without anything about a person."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.api.problems import problem, trace_id_of
from app.api.toegang import WereldDep
from app.api.verkeer import MEDIA_TYPE, metrics_text
from app.mailbox import is_bereikbaar, lees_stand

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process runs and its event loop answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, wereld: WereldDep) -> Response:
    """The database answers and has our tables, so requests can be sent here."""
    if not await is_bereikbaar(wereld):
        return problem(503, "De database antwoordt niet.", trace_id=trace_id_of(request))
    return Response('{"status":"ok"}', media_type="application/json")


@router.get("/metrics")
async def metrics(request: Request, wereld: WereldDep) -> Response:
    """Counts and ages in the text format of Prometheus."""
    return Response(metrics_text(await lees_stand(wereld), request.app.state.verkeer), media_type=MEDIA_TYPE)
